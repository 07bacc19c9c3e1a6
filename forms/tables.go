package forms

import (
	"fmt"
	"slices"
	"strconv"

	"xuncha/inventory"
	"xuncha/rules"
)

// The topics of the forms, by the classes and names of columns.
var (
	interpretations = topic{classes: []inventory.Class{inventory.ClassInterpret}}
	interviews      = topic{names: []string{"访谈"}}
	surveys         = topic{names: []string{"征集", "调查"}}
	specials        = topic{names: []string{"专题", "专栏"}}
	dialogue        = topic{names: []string{"互动", "访谈", "征集", "调查", "信箱", "留言", "咨询", "投诉"}}
	profile         = topic{names: []string{"概况", "机构职能", "机构设置", "机构简介", "联系方式"}, classes: []inventory.Class{inventory.ClassLeaders}}
	news            = topic{classes: []inventory.Class{inventory.ClassNews, inventory.ClassNotice, inventory.ClassMeeting}}
	statistics      = topic{classes: []inventory.Class{inventory.ClassStatistics}}
	disclosure      = topic{classes: []inventory.Class{
		inventory.ClassPolicy, inventory.ClassInterpret, inventory.ClassPersonnel, inventory.ClassPlan,
		inventory.ClassProposals, inventory.ClassLeaders, inventory.ClassBudget, inventory.ClassKeyArea,
	}}
	directory = topic{platform: true, classes: []inventory.Class{
		inventory.ClassPolicy, inventory.ClassPersonnel, inventory.ClassPlan, inventory.ClassProposals,
		inventory.ClassBudget, inventory.ClassStatistics, inventory.ClassKeyArea,
	}}
	anything = topic{names: []string{""}} // every name holds it
)

// blocks are the parts of a form.
func (k Kind) blocks() []block {
	switch k {
	case Monthly:
		return monthlyForm
	case SelfCheck:
		return selfCheckForm
	case Annual:
		return annualForm
	}
	return supervisionForm
}

// signOff ends every form.
var signOff = block{name: "填报", fields: hand("", "单位负责人", "审核人", "填报人", "联系电话", "填报日期")}

var monthlyForm = []block{
	{name: "基本情况", fields: []field{
		{"网站数量", "个", func(s scope) value { return value{strconv.Itoa(len(s.sites)), registered} }},
		{"政务新媒体账号数量", "个", func(s scope) value { return value{strconv.Itoa(len(s.accounts)), registered} }},
	}, each: siteFields},
	{name: "信息发布", fields: append([]field{
		{"总数", "条", everything},
		{"动态要闻类", "条", items(news, specials, dialogue)},
		{"政务公开类", "条", items(disclosure, specials, dialogue)},
		{"数据公开类", "条", items(statistics, specials, dialogue)},
		{"专题专栏类", "条", items(specials)},
		{"政民互动类", "条", items(dialogue, specials)},
	}, hand("条", "经济社会类", "转载党中央决策部署、国务院政策措施数量")...)},
	{name: "栏目", fields: []field{
		{"维护栏目数量", "个", kept(anything)},
		{"新开设栏目数量", "个", begun(anything)},
	}},
	{name: "解读回应", fields: append([]field{{"政策解读数量", "条", items(interpretations)}}, hand("次", "回应公众关注热点或重大舆情数量")...)},
	{name: "互动交流", fields: append([]field{
		{"在线访谈期数", "期", items(interviews)},
		{"征集调查期数", "期", items(surveys)},
	}, hand("条", "收到留言数量", "办结留言数量")...)},
	messagesBlock,
	{name: "政务新媒体信息发布", fields: []field{{"总数", "条", allPosts}}, each: accountFields},
	signOff,
}

var messagesBlock = block{name: "“我为政府网站找错”网民留言办理", fields: append([]field{
	{"收到留言数量", "条", message(func(m Messages) int { return m.Received })},
	{"办结留言数量", "条", message(func(m Messages) int { return m.Closed })},
	{"按期办结数量", "条", message(func(m Messages) int { return m.OnTime })},
}, hand("条", "属实留言数量")...)}

// message is a figure of the office's register, which is the whole city's.
func message(figure func(Messages) int) func(scope) value {
	return func(s scope) value {
		if s.in.Messages == nil || s.id != "" {
			return open("")
		}
		return value{strconv.Itoa(figure(*s.in.Messages)), fromList}
	}
}

var selfCheckForm = []block{
	{name: "网站", fields: []field{
		{"网站数量", "个", func(s scope) value { return value{strconv.Itoa(len(s.sites)), registered} }},
	}, each: verdictFields},
	{name: "栏目", fields: []field{
		{"巡查栏目数量", "个", kept(anything)},
		{"正常", "个", columnsIn(rules.Fresh, rules.Due)},
		{"超期未更新", "个", columnsIn(rules.Stale)},
		{"空白栏目", "个", columnsIn(rules.Blank)},
		{"未能监测", "个", columnsIn(rules.Unknown)},
		{"信息发布数量", "条", everything},
	}},
	{name: "政务新媒体", fields: []field{
		{"账号数量", "个", func(s scope) value { return value{strconv.Itoa(len(s.accounts)), registered} }},
		{"合格", "个", accountsThat(rules.Pass)},
		{"不合格", "个", accountsThat(rules.Fail)},
		{"待核实、未能监测", "个", accountsThat(rules.Pending, rules.NotMonitored)},
		{"信息发布数量", "条", allPosts},
	}},
	{name: "自查", fields: hand("", "首页、栏目和链接可用性", "错别字和严重表述错误", "个人信息保护", "领导信息准确性",
		"互动留言答复", "转载党中央决策部署、国务院政策措施", "网页底部标识", "网络安全")},
	messagesBlock,
	{name: "整改", fields: hand("", "上期问题整改情况", "本期自查发现问题", "整改措施和完成时限")},
	signOff,
}

var annualForm = []block{
	{name: "基本信息", each: func(s scope) []field {
		out := siteFields(s)
		return append(out, hand("", "ICP备案号", "公安机关备案号")...)
	}},
	{name: "访问量", fields: append(hand("个", "独立用户访问总量"), hand("次", "网站总访问量")...)},
	{name: "信息发布", fields: []field{
		{"总数", "条", everything},
		{"概况类信息更新量", "条", items(profile, interpretations)},
		{"政务动态信息更新量", "条", items(news, interpretations, profile, directory)},
		{"信息公开目录信息更新量", "条", items(directory, interpretations, profile)},
	}},
	{name: "专栏专题", fields: []field{{"维护数量", "个", kept(specials)}, {"新开设数量", "个", begun(specials)}}},
	{name: "解读回应", fields: slices.Concat(
		[]field{{"解读信息发布总数", "条", items(interpretations)}},
		hand("条", "解读材料数量"), hand("个", "解读产品数量"), hand("篇", "媒体评论文章数量"), hand("次", "回应公众关注热点或重大舆情数量"),
	)},
	{name: "办事服务", fields: slices.Concat(
		hand("", "是否发布服务事项目录"), hand("个", "注册用户数"), hand("项", "政务服务事项数量", "可全程在线办理政务服务事项数量"),
		hand("件", "办件量总数", "自然人办件量", "法人办件量"),
	)},
	{name: "互动交流", fields: slices.Concat(
		hand("", "是否使用统一平台"), hand("条", "收到留言数量", "办结留言数量"), hand("天", "平均办理时间"), hand("条", "公开答复数量"),
		[]field{{"征集调查期数", "期", items(surveys)}}, hand("条", "征集调查收到意见数量"), hand("期", "公布调查结果期数"),
		[]field{{"在线访谈期数", "期", items(interviews)}}, hand("条", "在线访谈网民留言数量", "答复网民提问数量"), hand("", "是否提供智能问答"),
	)},
	{name: "安全防护", fields: slices.Concat(
		hand("次", "安全检测评估次数"), hand("个", "发现问题数量", "问题整改数量"),
		hand("", "是否建立安全监测预警机制", "是否开展应急演练", "是否明确网站安全责任人"),
	)},
	{name: "移动新媒体", fields: []field{{"是否有移动新媒体", "", func(s scope) value {
		if len(s.accounts) == 0 {
			return open("登记信息中没有账号")
		}
		return value{"是", registered}
	}}}, each: accountFields},
	{name: "创新发展", fields: hand("", "搜索即服务", "多语言版本", "无障碍浏览", "千人千网", "其他")},
	signOff,
}

var supervisionForm = []block{
	{name: "网站开设整合", fields: append([]field{
		{"年末网站数量", "个", func(s scope) value { return value{strconv.Itoa(len(s.sites)), registered} }},
		{"新开设网站数量", "个", changed(func(s scope) (now, before *inventory.City) { return s.in.City, s.in.First })},
		{"关停整合网站数量", "个", changed(func(s scope) (now, before *inventory.City) { return s.in.First, s.in.City })},
		{"年末政务新媒体账号数量", "个", func(s scope) value { return value{strconv.Itoa(len(s.accounts)), registered} }},
	}, hand("个", "迁移至集约化平台网站数量")...)},
	{name: "网站抽查", each: quarterFields, fields: append(hand("次", "抽查次数"), hand("个", "全年不合格网站数量")...)},
	{name: "问责", fields: hand("人次", "约谈", "书面检查", "诫勉", "调离", "其他")},
	{name: "安全检查", fields: slices.Concat(hand("次", "安全检查次数"), hand("个", "检查网站数量", "发现问题数量", "整改问题数量"))},
	messagesBlock,
	{name: "假冒政府网站处置", fields: hand("个", "发现数量", "处置数量")},
	{name: "人员培训", fields: append(hand("次", "培训次数"), hand("人次", "培训人次")...)},
	signOff,
}

// said makes a field of a value that is known.
func said(name, unit string, v value) field {
	return field{name, unit, func(scope) value { return v }}
}

// label tells fields of several apart.
func label(several bool, of, name string) string {
	if several {
		return of + "：" + name
	}
	return name
}

// siteFields are what is registered of each site.
func siteFields(s scope) (out []field) {
	if s.id == "" {
		return nil // the city's form counts them
	}
	for _, c := range s.sites {
		several := len(s.sites) > 1
		out = append(out,
			said(label(several, c.Name, "网站名称"), "", text(c.Name)),
			said(label(several, c.Name, "首页网址"), "", text(c.Home)),
			said(label(several, c.Name, "主办单位"), "", text(s.name)),
			said(label(several, c.Name, "网站类型"), "", siteType(c)),
			said(label(several, c.Name, "政府网站标识码"), "", text(c.Code)))
	}
	return out
}

func siteType(c inventory.Carrier) value {
	if c.Portal {
		return value{"政府门户网站", registered}
	}
	return open("部门网站或专项网站")
}

// verdictFields are how each site of a unit was judged; for a city, how many.
func verdictFields(s scope) (out []field) {
	if s.id == "" {
		return countedSites(s.in.Result, "")
	}
	for _, c := range s.sites {
		r := s.site(c.ID)
		if r == nil {
			out = append(out, said(c.Name+"：检查情况", "", open("本期没有巡查")))
			continue
		}
		out = append(out,
			said(c.Name+"：检查情况", "", value{string(r.Verdict), preliminary}),
			said(c.Name+"：首页", "", value{state(r.Home.State), preliminary}))
	}
	return out
}

// countedSites counts sites by verdict.
func countedSites(r *rules.Result, of string) []field {
	if r == nil {
		return []field{{name: of + "合格网站数量", unit: "个"}, {name: of + "不合格网站数量", unit: "个"}}
	}
	n := map[rules.Verdict]int{}
	for _, s := range r.Sites {
		n[s.Verdict]++
	}
	count := func(name string, n int) field {
		return said(of+name, "个", value{strconv.Itoa(n), preliminary})
	}
	return []field{
		count("合格网站数量", n[rules.Pass]), count("不合格网站数量", n[rules.Fail]),
		count("待核实、未能监测网站数量", n[rules.Pending]+n[rules.NotMonitored]),
	}
}

// quarterFields are the year's checks, quarter by quarter.
func quarterFields(s scope) (out []field) {
	for q := 1; q <= 4; q++ {
		of := fmt.Sprintf("第%s季度", quarterInChinese(q))
		var r *rules.Result
		for i := range s.in.Quarters {
			if s.in.Quarters[i].Number == q {
				r = &s.in.Quarters[i].Result
			}
		}
		out = append(out, countedSites(r, of)...)
	}
	return out
}

// changed counts the sites that one inventory has and another has not.
func changed(pair func(scope) (now, before *inventory.City)) func(scope) value {
	return func(s scope) value {
		now, before := pair(s)
		if now == nil || before == nil {
			return open("本期只有一批巡查，无从比较")
		}
		n := 0
		for _, c := range now.Sites() {
			if _, ok := before.Carrier(c.ID); !ok {
				n++
			}
		}
		if n == 0 {
			return open("巡查清单没有变动")
		}
		return value{strconv.Itoa(n), listedNew}
	}
}

// columnsIn counts the columns in some states.
func columnsIn(states ...rules.State) func(scope) value {
	return func(s scope) value {
		n := map[rules.State]int{}
		for _, c := range s.columns {
			if r := s.column(c.ID); r != nil {
				n[r.State]++
			}
		}
		return judgedAs(n, states, rules.Unknown)
	}
}

// accountsThat counts the accounts with some verdicts.
func accountsThat(verdicts ...rules.Verdict) func(scope) value {
	return func(s scope) value {
		n := map[rules.Verdict]int{}
		for _, a := range s.accounts {
			if r := s.account(a.Code); r != nil {
				n[r.Verdict]++
			}
		}
		return judgedAs(n, verdicts, rules.NotMonitored)
	}
}

// judgedAs words how many are what is asked for. Where nothing could be read,
// none of it is zero.
func judgedAs[S ~string](n map[S]int, asked []S, unread S) value {
	all, sum := 0, 0
	for _, k := range n {
		all += k
	}
	for _, want := range asked {
		sum += n[want]
	}
	switch {
	case all == 0:
		return open("")
	case all == n[unread] && sum == 0:
		return open("未能监测")
	}
	return value{strconv.Itoa(sum), preliminary}
}

// allPosts counts the posts of all accounts.
func allPosts(s scope) value {
	if len(s.accounts) == 0 {
		return open("登记信息中没有账号")
	}
	return atLeast(s.in.Seen.count(s.posts()))
}

// accountFields are the posts and followers of each account of a unit.
func accountFields(s scope) (out []field) {
	if s.id == "" {
		return nil // a table of their own
	}
	for _, a := range s.accounts {
		of := s.accountName(a)
		out = append(out, field{of + "：信息发布量", "条", func(s scope) value { return s.postsOf(a) }})
		if s.in.Kind == Annual {
			out = append(out, field{name: of + "：关注量、订阅数", unit: "个"})
		}
	}
	return out
}

// postsOf counts an account's posts. What a guest is shown is never known to be
// all.
func (s scope) postsOf(a inventory.Account) value {
	return atLeast(s.in.Seen.count([]source{{a.ID(), a.ID()}}))
}

func (s scope) accountName(a inventory.Account) string {
	if p, ok := s.in.City.Platform(a.Platform); ok {
		return a.Name + "（" + p.Name + "）"
	}
	return a.Name
}

// state is the word for a state.
func state(st rules.State) string {
	switch st {
	case rules.Fresh, rules.Due:
		return "正常"
	case rules.Stale:
		return "疑似超期未更新"
	case rules.Blank:
		return "疑似空白"
	case rules.Missing:
		return "疑似未开设"
	}
	return "未能监测"
}

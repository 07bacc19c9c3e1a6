package registers

// cellKind is what a cell holds.
type cellKind int

const (
	text cellKind = iota
	day
	moment // a day, with a time or without
	month
	period
	number
	yesNo
	address
	code // of a site
	unit
	indicator
	choice
	subject // ID of a subject, or a code or a name that one has
	helping // says of which subject the row is, and is kept no further
)

// A column of a form. The first of its names is what exports call it.
type column struct {
	field string
	kind  cellKind
	need  bool
	names []string

	past      bool              // a day on which something happened
	choices   map[string]string // what is written → what is kept
	otherwise string            // what is kept where nothing is written
}

// A form is what a register consists of.
type form struct {
	chinese string
	columns []column
	keys    []string // fields that tell a row from others; the first, if there, is enough where first is set
	first   bool
	pairs   [][2]string // fields of days, of which the first must not be later
}

// same makes choices that are kept as they are written.
func same(words ...string) map[string]string {
	m := map[string]string{}
	for _, w := range words {
		m[w] = w
	}
	return m
}

// with adds other spellings to choices.
func with(m map[string]string, kept string, words ...string) map[string]string {
	for _, w := range words {
		m[w] = kept
	}
	return m
}

// about are the columns that say of what subject a row is.
var about = []column{
	{field: "subject", kind: subject, names: []string{"对象", "对象编号", "问题对象", "检查对象", "subject"}},
	{field: "code", kind: helping, names: []string{"标识码", "网站标识码", "新媒体标识码", "政务新媒体标识码", "网站或新媒体标识码"}},
	{field: "name", kind: helping, names: []string{"名称", "网站名称", "账号名称", "新媒体名称", "政务新媒体名称", "网站或新媒体名称"}},
	{field: "column", kind: helping, names: []string{"栏目名称", "栏目", "栏目路径"}},
}

// forms are the registers, spelt as headText leaves the heads of lists; the table
// is never written to.
var forms = map[Kind]form{
	Superior: {
		chinese: "其他单位发现的问题", keys: []string{"subject", "indicator", "body", "date"},
		columns: append(append([]column{}, about...),
			column{field: "indicator", kind: indicator, need: true, names: []string{"检查指标", "指标", "指标编号", "判定依据"}},
			column{field: "source", kind: choice, otherwise: "上级通报", names: []string{"问题来源", "来源"}, choices: with(same("上级通报", "人工核查", "网民反映"), "上级通报", "省通报", "国办通报", "省政府通报", "国办", "省")},
			column{field: "body", need: true, names: []string{"通报单位", "发现主体", "发文单位", "检查单位", "来源单位"}},
			column{field: "date", kind: day, past: true, need: true, names: []string{"通报日期", "发文日期", "通报时间", "日期", "发现日期"}},
			column{field: "document", names: []string{"文号", "通报文号"}},
			column{field: "text", need: true, names: []string{"问题描述", "存在问题", "问题", "主要问题", "不合格原因", "问题情况"}},
			column{field: "inferred", kind: yesNo, names: []string{"是否推定", "推定"}},
			column{field: "period", kind: period, names: []string{"检查期", "所属季度", "检查季度"}},
		),
	},
	Messages: {
		chinese: "找错留言", keys: []string{"number", "received", "page", "text"}, first: true,
		pairs: [][2]string{{"received", "forwarded"}, {"received", "answered"}, {"received", "closed"}, {"forwarded", "closed"}},
		columns: []column{
			{field: "number", names: []string{"留言编号", "编号", "受理编号", "问题编号", "留言id"}},
			{field: "received", kind: moment, past: true, need: true, names: []string{"收到时间", "留言时间", "提交时间", "转来时间", "接收时间", "反映时间", "收到日期"}},
			{field: "unit", kind: unit, need: true, names: []string{"责任单位", "办理单位", "承办单位", "主办单位", "单位"}},
			{field: "site", kind: code, names: []string{"网站标识码", "标识码"}},
			{field: "page", kind: address, names: []string{"问题网址", "问题页面", "网页地址", "页面地址", "网址", "问题地址"}},
			{field: "type", names: []string{"问题类型", "类型", "留言类型"}},
			{field: "text", names: []string{"留言内容", "问题描述", "内容", "反映问题"}},
			{field: "forwarded", kind: moment, past: true, names: []string{"转办时间", "转办日期", "交办时间"}},
			{field: "answered", kind: moment, past: true, names: []string{"答复时间", "回复时间", "反馈时间", "答复日期"}},
			{field: "closed", kind: moment, past: true, names: []string{"办结时间", "办结日期", "完成时间"}},
			{field: "state", kind: choice, names: []string{"办理状态", "状态", "处理状态"}, choices: with(with(same("未处理", "受理", "已转办", "已处理待审核", "初审驳回", "终审待审核", "退回重新处理", "线下受理", "已办结", "不予受理", "不再受理"), "已办结", "办结"), "受理", "已受理", "办理中")},
			{field: "valid", kind: yesNo, names: []string{"是否属实", "属实"}},
		},
	},
	Reports: {
		chinese: "整改报告", keys: []string{"period", "unit", "document"},
		columns: []column{
			{field: "period", kind: period, need: true, names: []string{"检查期", "期次", "季度", "通报期次", "通报季度"}},
			{field: "unit", kind: unit, need: true, names: []string{"单位", "单位名称", "责任单位", "报送单位"}},
			{field: "document", names: []string{"通报文号", "文号"}},
			{field: "due", kind: day, need: true, names: []string{"报送期限", "整改期限", "截止日期", "期限", "应报日期"}},
			{field: "received", kind: day, past: true, names: []string{"收到日期", "报送日期", "报送时间", "收到时间"}},
			{field: "signed", names: []string{"签字人", "主要负责人", "签字负责人", "负责人"}},
			{field: "note", names: []string{"备注", "说明"}},
		},
	},
	Monthly: {
		chinese: "月度报表和自查报告", keys: []string{"month", "unit", "form"},
		columns: []column{
			{field: "month", kind: month, need: true, names: []string{"月份", "报表月份", "所属月份", "报告月份"}},
			{field: "unit", kind: unit, need: true, names: []string{"单位", "单位名称", "填报单位", "报送单位"}},
			{field: "form", kind: choice, need: true, names: []string{"报表名称", "报表", "材料名称", "类型"}, choices: with(with(same(MonthlyForm, SelfCheck), MonthlyForm, "政府网站工作月度报表", "月报"), SelfCheck, "自查报告", "月度自查", "自查", "月度自查情况报告")},
			{field: "received", kind: day, past: true, names: []string{"报送日期", "收到日期", "报送时间", "收到时间"}},
			{field: "urged", kind: day, past: true, names: []string{"催报日期", "催报时间"}},
			{field: "returned", kind: day, past: true, names: []string{"退回日期", "退回时间"}},
			{field: "reason", names: []string{"退回原因", "退回理由"}},
			{field: "published", kind: number, names: []string{"信息发布数", "信息发布量", "网站信息发布数", "发布信息数"}},
			{field: "posts", kind: number, names: []string{"新媒体发布数", "新媒体信息发布数", "政务新媒体发布数"}},
			{field: "messages", kind: number, names: []string{"找错留言数", "留言数"}},
			{field: "found", kind: number, names: []string{"发现问题数", "自查问题数"}},
			{field: "fixed", kind: number, names: []string{"已整改数", "整改问题数"}},
		},
	},
	Filings: {
		chinese: "报备", keys: []string{"subject", "type", "from"}, pairs: [][2]string{{"from", "until"}},
		columns: append(append([]column{}, about...),
			column{field: "type", kind: choice, need: true, names: []string{"报备类型", "报备事项", "类型", "报备原因"}, choices: with(with(with(same(Redesign, Pause, NoContent, Closing), Redesign, "网站改版", "升级改版"), Pause, "停更", "暂停更新"), NoContent, "无更新", "无更新内容", "近期无应发布内容")},
			column{field: "from", kind: day, need: true, names: []string{"开始日期", "起始日期", "报备日期", "开始时间"}},
			column{field: "until", kind: day, names: []string{"结束日期", "截止日期", "终止日期", "结束时间"}},
			column{field: "note", need: true, names: []string{"情况说明", "说明", "事由", "原因"}},
			column{field: "document", names: []string{"文号", "报备文号", "报备材料"}},
			column{field: "approved", names: []string{"审批人", "批准人", "审核人"}},
		),
	},
	Words: {
		chinese: "错敏词", keys: []string{"page", "word", "context"},
		columns: []column{
			{field: "word", need: true, names: []string{"错敏词", "错误表述", "敏感词", "错别字"}},
			{field: "better", names: []string{"推荐修改", "修改建议", "建议修改"}},
			{field: "why", names: []string{"修改说明", "说明"}},
			{field: "context", need: true, names: []string{"所在上下文", "上下文"}},
			{field: "page", kind: address, need: true, names: []string{"所在文章链接", "文章链接", "链接", "网址"}},
			{field: "title", names: []string{"所在文章标题", "文章标题", "标题"}},
			{field: "snapshot", names: []string{"快照", "快照地址"}},
			{field: "name", names: []string{"网站名称", "站点名称"}},
			{field: "site", kind: code, names: []string{"网站标识码", "标识码"}},
			{field: "published", kind: moment, past: true, names: []string{"发布时间", "发布日期"}},
			{field: "type", names: []string{"问题类型", "错误类型"}},
			{field: "level", names: []string{"问题级别", "级别", "严重程度"}},
			{field: "content", names: []string{"内容类型"}},
			{field: "parent", kind: address, names: []string{"父页面地址", "父页面"}},
			{field: "unit", kind: unit, names: []string{"责任单位", "单位"}},
			{field: "fixed", kind: choice, names: []string{"整改情况", "复核结果"}, choices: with(with(same(string(FixedYes), string(FixedNo), string(FixedUnsure)), string(FixedYes), "已整改", "已修改"), string(FixedNo), "未整改", "未修改")},
			{field: "checked", kind: moment, past: true, names: []string{"复核时间", "复核日期"}},
			{field: "seen", names: []string{"复核说明", "复核所见"}},
		},
	},
}

// What the monthly register is about.
const (
	MonthlyForm = "月度报表"
	SelfCheck   = "月度自查报告"
)

// The types of filings. All but Closing are the reasons of an exemption.
const (
	Redesign  = "改版"
	Pause     = "临时停更"
	NoContent = "无应公开内容"
	Closing   = "关停"
)

// remarks is the head that many lists end with. Where another column says the
// same already, it is passed over.
const remarks = "备注"

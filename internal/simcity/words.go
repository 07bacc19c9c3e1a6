package simcity

import (
	"strconv"
	"strings"

	"xuncha/inventory"
)

// A writer makes up titles and texts: plausible ones, without a person's name.
type writer struct {
	unit string // 市财政局
	city string // 阳泉市
	says string // every title, as it stands in a page; "" for plausible ones
}

// saying is a writer of one title.
func (w writer) saying(title string) writer {
	w.says = title
	return w
}

// pick takes one of the words by a number.
func pick(n uint64, words []string) string { return words[n%uint64(len(words))] }

// title makes up the title of the item that a number stands for, published on
// a day.
func (w writer) title(class inventory.Class, n uint64, on day) string {
	if w.says != "" {
		return w.says + itoa(int(n%10000)) // no two are the same
	}
	return w.fill(pick(n, patterns(class)), n, on)
}

// patterns returns the shapes of titles of a class. Days, years and document
// numbers stand in many of them, as they do in real ones.
func patterns(class inventory.Class) []string {
	switch class {
	case inventory.ClassNews, inventory.ClassLeaders:
		return []string{
			"{unit}召开{topic}{event}", "{unit}深入{place}开展{topic}督导检查", "{unit}扎实推进{topic}工作",
			"{city}{topic}{event}召开", "{unit}组织开展{topic}专题培训", "{unit}赴{place}调研{topic}工作",
			"{unit}多措并举抓好{topic}", "{month}月{unit}{topic}工作进展顺利", "{unit}传达学习全市{topic}{event}精神",
			"{place}：{topic}见实效", "{unit}举办{year}年{topic}宣传活动",
		}
	case inventory.ClassNotice:
		return []string{
			"关于{date}至{end}{topic}有关情况的公示", "{unit}关于做好{year}年{topic}工作的通知", "{unit}关于{topic}项目的公告",
			"关于印发《{city}{topic}工作方案》的通知（阳政办发〔{year}〕{no}号）", "{unit}{year}年第{no}号公告",
			"关于举办{date}{topic}活动的通知", "{unit}关于公开征求《{topic}管理办法（征求意见稿）》意见的公告", "{topic}拟入选名单公示",
		}
	case inventory.ClassPolicy:
		return []string{
			"{unit}关于印发{topic}实施方案的通知", "关于进一步加强{topic}工作的意见（阳政发〔{year}〕{no}号）", "{unit}关于{topic}的实施细则",
			"关于修订《{topic}管理办法》的通知 阳政办发〔{year}〕{no}号", "{year}年{topic}工作要点", "关于废止〔{last}〕{no}号文件的决定",
		}
	case inventory.ClassInterpret:
		return []string{"《{topic}实施方案》政策解读", "一图读懂：{year}年{topic}", "关于《{topic}管理办法》的解读", "{unit}解读{topic}有关政策"}
	case inventory.ClassPersonnel:
		return []string{"{unit}{year}年公开招聘工作人员公告", "{year}年{place}事业单位招聘面试公告", "关于工作人员任免职的通知（阳政任〔{year}〕{no}号）", "{unit}公开招聘{topic}专业人员第{no}号公告", "{unit}{year}年度考核结果公示"}
	case inventory.ClassPlan:
		return []string{"{city}{topic}“十四五”规划", "{unit}{year}年{topic}工作计划", "{unit}{last}年工作总结和{year}年工作安排", "{topic}三年行动计划"}
	case inventory.ClassMeeting:
		return []string{"{unit}召开第{no}次会议 研究{topic}工作", "{unit}召开{month}月份{topic}{event}", "{unit}召开{topic}专题会议", "{unit}党组会议研究{topic}等事项"}
	case inventory.ClassProposals:
		return []string{"对{city}人大第{no}号建议的答复（{topic}）", "关于政协第{no}号提案的答复 阳函〔{year}〕{no}号", "关于“加强{topic}”建议的答复", "对“推进{place}{topic}”提案的答复"}
	case inventory.ClassBudget:
		return []string{"{unit}{year}年部门预算公开", "{unit}{last}年部门决算公开", "{unit}{year}年{topic}资金分配情况", "{year}年第{no}批{topic}专项资金公示", "{unit}政府采购意向公开（{year}年{month}月）"}
	case inventory.ClassStatistics:
		return []string{"{year}年1-{month}月{topic}统计数据", "{city}{last}年{topic}统计公报", "{month}月份{topic}运行情况"}
	case inventory.ClassKeyArea:
		return []string{"{unit}{year}年第{no}期{topic}信息公示", "{month}月{topic}抽检信息", "{place}{topic}发放情况公示", "{year}年{topic}补助名单公示"}
	}
	return []string{"{unit}{topic}信息公示（{year}年第{no}期）", "{topic}情况通报", "{unit}{topic}办理结果公开"}
}

func topics() []string {
	return []string{
		"安全生产", "优化营商环境", "乡村振兴", "污染防治", "稳岗就业", "义务教育", "食品药品监管", "社会救助", "项目建设", "防汛抗旱",
		"森林防灭火", "基层治理", "数字政府建设", "政务公开", "老旧小区改造", "涉农补贴", "公共文化服务", "医疗保障", "科技创新", "节能降碳",
		"法治政府建设", "信访工作", "民营经济发展", "文明城市创建", "消防安全", "养老服务", "道路交通安全", "耕地保护", "招商引资", "国有企业改革",
		"退役军人优抚", "全民健身", "文旅融合", "审计整改", "金融风险防范", "河湖长制", "冬季清洁取暖", "质量强市", "政府采购", "食品安全",
	}
}

func places() []string {
	return []string{"平定县", "盂县", "城区", "郊区", "矿区", "高新区", "娘子关镇", "冶西镇", "河底镇", "荫营镇", "义井镇", "西烟镇"}
}

func events() []string {
	return []string{"推进会", "工作会议", "调度会", "动员部署会", "现场会", "座谈会", "专题会", "电视电话会议", "联席会议", "讲评会"}
}

// paragraphs makes up the text of an article.
func (w writer) paragraphs(n uint64, on day) []string {
	out := make([]string, 0, 8)
	for i := range 4 + n%4 {
		m := mix(n, i)
		out = append(out, w.sentence(m, on)+w.sentence(mix(m), on)+w.sentence(mix(m, 1), on))
	}
	return out
}

func (w writer) sentence(n uint64, on day) string {
	pattern := pick(n, []string{
		"{unit}高度重视{topic}工作，成立工作专班，细化责任分工，确保各项任务落到实处。",
		"会议指出，{topic}事关全市发展大局，要提高认识，压实责任，形成工作合力。",
		"截至{date}，{place}已完成年度任务的八成以上，进度位居全市前列。",
		"下一步，将继续围绕{topic}，加强部门联动，推动工作取得新成效。",
		"根据阳政办发〔{year}〕{no}号文件要求，现将{topic}有关事项通知如下。",
		"检查组先后来到{place}，实地查看{topic}情况，听取有关负责同志汇报。",
	})
	return w.fill(pattern, n, on)
}

// fill puts words into a pattern.
func (w writer) fill(pattern string, n uint64, on day) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(pattern, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(w.word(name, n, on))
		pattern = after
	}
}

// word returns what stands for a name in a pattern.
func (w writer) word(name string, n uint64, on day) string {
	t := on.time()
	start := t.AddDate(0, 0, int((n>>16)%20)-3)
	switch name {
	case "unit":
		return w.unit
	case "city":
		return w.city
	case "topic":
		return pick(n>>8, topics())
	case "place":
		return pick(n>>24, places())
	case "event":
		return pick(n>>32, events())
	case "year":
		return strconv.Itoa(t.Year())
	case "last":
		return strconv.Itoa(t.Year() - 1)
	case "month":
		return strconv.Itoa(int(t.Month()))
	case "no":
		return strconv.Itoa(int(1 + (n>>40)%90))
	case "date":
		return start.Format("2006年1月2日")
	}
	return start.AddDate(0, 0, 7).Format("1月2日")
}

package console

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"xuncha/registers"
)

// terms are the trade's words that are kept, printed and sent in Chinese whatever
// language a page has, and what they mean to who reads English. Only what a page
// shows is put into words: forms send what is kept.
var terms = map[string]string{
	// answers, results, marks, reasons
	"属实": "true", "不属实": "not true", "已整改": "put right", "未整改": "not put right",
	"通过": "passed", "未通过": "not passed", "未能监测": "not monitored",
	"正常": "in order", "有问题": "at fault", "无法判断": "cannot tell",
	"改版": "redesign", "临时停更": "pause", "无应公开内容": "nothing to publish", "关停": "closed",

	// publicity, sources, roles
	"点名": "named", "概述不点名": "outlined without a name", "仅内部": "internal only",
	"巡查": "patrol", "人工核查": "check by hand", "上级通报": "notice of a superior", "网民反映": "citizens",
	"经办": "handler", "审核": "reviewer", "签发": "signer", "单位": "unit", "系统": "program",

	// states of findings, verdicts, states of accounts
	"疑似": "suspected", "核实": "being verified", "核实中": "being verified", "认定": "confirmed", "交办": "sent", "整改中": "being fixed", "已报整改": "fix reported",
	"复核": "re-checked", "销号": "cleared", "退回重改": "returned", "核实不属实": "not true", "报备不计": "exempt",
	"合格": "pass", "不合格": "fail", "待核实": "to be checked", "待审核": "to be reviewed",
	"待备案": "to be registered", "变更中": "being changed", "迁移": "moved", "冻结": "frozen", "临时停更（报备）": "pause (filed)",
	"已发关停公告": "closing was announced", "注销": "cancelled", "永久下线": "offline for good",
	"按配置由一人办理": "done by one person, as configured",

	// registers
	"序号": "No.", "对象": "Subject", "标识码": "Code", "名称": "Name", "栏目名称": "Column", "检查指标": "Indicator", "问题来源": "Source", "通报单位": "By whom",
	"通报日期": "Day of the notice", "文号": "Document", "问题描述": "What was found", "是否推定": "Inferred", "检查期": "Period",
	"留言编号": "No. of the message", "收到时间": "Received", "责任单位": "Unit", "网站标识码": "Site's code", "问题网址": "Address", "问题类型": "Type",
	"留言内容": "Message", "转办时间": "Forwarded", "答复时间": "Answered", "办结时间": "Closed", "办理状态": "State", "是否属实": "True",
	"通报文号": "Document", "报送期限": "Due", "收到日期": "Received", "签字人": "Signed by", "备注": "Remark",
	"月份": "Month", "报表名称": "Paper", "报送日期": "Sent in", "催报日期": "Urged", "退回日期": "Returned", "退回原因": "Why returned",
	"信息发布数": "Published", "新媒体发布数": "Posts", "找错留言数": "Messages", "发现问题数": "Found", "已整改数": "Put right",
	"报备类型": "Type", "开始日期": "From", "结束日期": "Until", "情况说明": "Explanation", "审批人": "Approved by",
	"错敏词": "Word", "推荐修改": "Better", "修改说明": "Why", "所在上下文": "Context", "所在文章链接": "Page", "所在文章标题": "Title", "快照": "Snapshot",
	"网站名称": "Site", "发布时间": "Published", "问题级别": "Level", "内容类型": "Content", "父页面地址": "Parent page", "整改情况": "Fixed", "复核时间": "Checked", "复核说明": "What was seen",
	"项目": "Figure", "数": "Number", "期次": "Period", "报送情况": "How it was sent in", "说明": "Note", "找错留言统计": "Messages counted",
	"应办留言": "to be handled", "转办逾期": "forwarded late", "已答复": "answered", "按期答复": "answered in time", "按期办结": "closed in time", "超过1个月办结": "closed after more than a month",
	"未办结": "not closed", "逾期未答复": "overdue without an answer", "办结率（%）": "closed (%)", "按期办结率（%）": "closed in time (%)", "按期答复率（%）": "answered in time (%)",
	"按期报送": "in time", "逾期报送": "late", "待报送": "awaited", "未报送": "not sent in", "退回待重报": "returned, awaited anew", "退回后未重报": "returned, not sent anew",
	"月度报表": "monthly form", "月度自查报告": "monthly report", "是": "yes", "否": "no",
	"未处理": "open", "受理": "taken up", "已转办": "forwarded", "已处理待审核": "handled, to be reviewed", "初审驳回": "turned back", "终审待审核": "last review awaited",
	"退回重新处理": "returned", "线下受理": "taken up offline", "已办结": "closed", "不予受理": "not taken up", "不再受理": "taken up no more",
}

// termWord is one of the trade's words in a language; what is none of them is
// data, and stays as it is.
func termWord(word any, lang string) string {
	zh := fmt.Sprint(word)
	if en := terms[zh]; lang != "zh" && en != "" {
		return en
	}
	return zh
}

// contentLabels stand before what a line of a history says.
var contentLabels = map[string]string{
	"来源": "source", "答复": "answer", "复核结果": "result", "巡查": "patrol", "最近更新时间": "newest item", "原因": "reason", "截止": "until",
	"公开方式": "publicity", "文号": "document", "签字人": "signed by", "期限": "due", "发生日期": "on",
}

// contentWord is what a line of a history says, in a language: its labels and the
// trade's words; what people wrote stays as they wrote it.
func contentWord(content, lang string) string {
	if lang == "zh" || content == "" {
		return content
	}
	parts := strings.Split(content, "；")
	for i, part := range parts {
		label, text, found := strings.Cut(part, "：")
		en := contentLabels[label]
		if !found || en == "" {
			parts[i] = termWord(part, lang)
			continue
		}
		values := strings.Split(text, "、")
		for j := range values {
			values[j] = termWord(values[j], lang)
		}
		parts[i] = en + ": " + strings.Join(values, ", ")
	}
	return strings.Join(parts, "; ")
}

// stateAfter is how a finding stood after a line of its history: 核实（认定待审核）.
func stateAfter(state, lang string) string {
	before, pending, found := strings.Cut(strings.TrimSuffix(state, "待审核）"), "（")
	if lang == "zh" || !found {
		return termWord(state, lang)
	}
	return termWord(before, lang) + " (" + termWord(pending, lang) + " to be reviewed)"
}

// totalsWord is the line on a notice's totals in a language.
func totalsWord(text, lang string) string {
	var sites, failing, accounts, unfit, problems int
	if n, _ := fmt.Sscanf(text, "网站 %d 家，不合格 %d 家；账号 %d 个，不合格 %d 个；问题 %d 个", &sites, &failing, &accounts, &unfit, &problems); lang == "zh" || n < 5 {
		return text
	}
	return fmt.Sprintf("%d sites, %d fail; %d accounts, %d fail; %d findings", sites, failing, accounts, unfit, problems)
}

// hints are what a judgement leaves people to look at.
var hints = []struct {
	zh *regexp.Regexp
	en string
}{
	{regexp.MustCompile(`^有(\d+)处信息页面显示的日期与页面标记的日期不一致（如显示(\S+)，(\S+)为(\S+)），请核实是否改过日期$`),
		"$1 items show another date than their pages state (shown $2, $3 says $4): check whether the date was changed"},
	{regexp.MustCompile(`^(\S+)巡查时，列表中已没有日期为(\S+)的信息，请核实是否撤下或改期$`), "at the look of $1 the list no longer had the item of $2: check whether it was withdrawn or dated anew"},
}

// hintWord is a hint in a language.
func hintWord(note, lang string) string {
	if lang != "zh" {
		for _, h := range hints {
			if h.zh.MatchString(note) {
				return h.zh.ReplaceAllString(note, h.en)
			}
		}
	}
	return note
}

// longDate is a day in running text, in Beijing time.
func longDate(t time.Time, lang string) string {
	return stamp(t, sayer(lang)("2006年1月2日", "2 January 2006"))
}

// Register is what a register is called.
func (v view) Register(k registers.Kind) string { return registerWord(k, v.Lang) }

// termOptions are options that send what is kept and show what it means.
func termOptions[T ~string](lang string, list ...T) []option {
	out := make([]option, len(list))
	for i, w := range list {
		out[i] = option{string(w), termWord(w, lang)}
	}
	return out
}

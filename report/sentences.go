package report

import (
	"fmt"
	"strings"

	"xuncha/rules"
)

// standing says in one sentence how things stand.
func (c Check) standing(t tongue) string {
	s, a, col := c.Totals.Sites, c.Totals.Accounts, c.Totals.Columns
	if t == english {
		return fmt.Sprintf("As of %s: %d of %d sites pass%s, %d of %d accounts pass%s (preliminary). "+
			"Columns: %d stale, %d due, %d blank, %d unknown; %d mandated sections suspected missing.",
			c.PointDay, s.Pass, s.Total, inBrackets(s.settledRate()), a.Pass, a.Total, inBrackets(a.settledRate()),
			col.Stale, col.Due, col.Blank, col.Unknown, col.Missing)
	}
	parts := []string{
		fmt.Sprintf("%d个栏目超期未更新", col.Stale), fmt.Sprintf("%d个临期", col.Due),
	}
	if col.Blank > 0 {
		parts = append(parts, fmt.Sprintf("%d个空白栏目", col.Blank))
	}
	parts = append(parts, fmt.Sprintf("%d个未能监测", col.Unknown))
	if col.Missing > 0 {
		parts = append(parts, fmt.Sprintf("%d个应设栏目疑似未开设", col.Missing))
	}
	return fmt.Sprintf("监测时间点%s：%d家网站%d家合格%s，%d个账号%d个合格%s（初判）。%s。", c.PointDay,
		s.Total, s.Pass, bracketed(s.settledRate()), a.Total, a.Pass, bracketed(a.settledRate()), strings.Join(parts, "，"))
}

// settledRate is the pass rate where every verdict is settled, else "": beside
// the number of those that pass, a rate that counts the unsettled in would
// contradict it.
func (v Verdicts) settledRate() Null {
	if v.Pending+v.NotMonitored > 0 {
		return ""
	}
	return v.Rate
}

func inBrackets(rate Null) string {
	if rate == "" {
		return ""
	}
	return " (" + string(rate) + "%)"
}

func bracketed(rate Null) string {
	if rate == "" {
		return ""
	}
	return "（" + string(rate) + "%）"
}

// rates is the sentence of the pass rates as a notice prints it.
func (c Check) rates() string {
	return c.Totals.Sites.words("家", "网站") + "；" + c.Totals.Accounts.words("个", "账号") + "（初判）"
}

// words says one kind's verdicts. What is not settled is named, so that a rate
// never hides it.
func (v Verdicts) words(measure, noun string) string {
	out := fmt.Sprintf("%d%s%s，%d%s不合格", v.Total, measure, noun, v.Fail, measure)
	if v.Rate != "" {
		out += "，合格率" + string(v.Rate) + "%"
	}
	if v.Pending > 0 {
		out += fmt.Sprintf("，%d%s待核实", v.Pending, measure)
	}
	if v.NotMonitored > 0 {
		out += fmt.Sprintf("，%d%s未能监测", v.NotMonitored, measure)
	}
	if v.Rate != "" && v.settledRate() == "" {
		out += "（尚无结论的未计为不合格）"
	}
	return out
}

// coverage is the statement of what was monitored and what could not be:
// 监测范围及未能监测情况说明.
func (c Check) coverage(t tongue) string {
	parts := []string{c.Coverage.Columns.words(t, t.say("栏目", "columns"))}
	if c.Coverage.Sections.Planned > 0 {
		parts = append(parts, c.Coverage.Sections.words(t, t.say("应设栏目", "mandated sections")))
	}
	parts = append(parts, c.Coverage.Accounts.words(t, t.say("账号", "accounts")))
	return t.say("监测范围及未能监测情况说明：", "Coverage: ") + strings.Join(parts, t.say("；", "; ")) +
		t.say("。未能监测的不作为问题。", ". What could not be monitored is no fault of anybody.")
}

// words says how much of one kind was monitored.
func (c Covered) words(t tongue, noun string) string {
	if t == english {
		out := fmt.Sprintf("%d %s planned, %d monitored, %d not", c.Planned, noun, c.Conclusive, c.Unknown)
		if c.Unknown > 0 {
			out += " (" + c.UnknownByReason.words(t) + ")"
		}
		return out
	}
	out := fmt.Sprintf("计划监测%s%d个，监测到%d个，未能监测%d个", noun, c.Planned, c.Conclusive, c.Unknown)
	if c.Unknown > 0 {
		out += "（" + c.UnknownByReason.words(t) + "）"
	}
	return out
}

// notFound are the mandated sections that were not found.
func (c Check) notFound() []Section {
	var found []Section
	for _, s := range c.Sections {
		if s.State == string(rules.Missing) {
			found = append(found, s)
		}
	}
	return found
}

// missingWords names mandated sections that were not found, "" if there are none.
func missingWords(sections []Section) string {
	var names []string
	for _, s := range sections {
		names = append(names, clean(s.Unit)+"（"+clean(s.Name)+s.lacks()+"）")
	}
	if len(names) == 0 {
		return ""
	}
	return "疑似未开设：" + strings.Join(names, "、")
}

// lacks says what is missing of a section, "" where all is.
func (s Section) lacks() string {
	absent := missingOf(s.Parts)
	parts := clean(strings.Join(absent, "、"))
	switch {
	case s.Gap == Null(rules.GapScattered):
		return "：未集中公开"
	case s.Gap == Null(rules.GapPart):
		return "：已开设但无" + parts
	case len(absent) == 0, len(absent) == len(s.Parts):
		return ""
	}
	return "：" + parts
}

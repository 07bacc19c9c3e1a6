package notice

import (
	"fmt"
	"strconv"
	"strings"

	"xuncha/extract"
	"xuncha/internal/gongwen"
	"xuncha/report"
	"xuncha/rules"
)

const coverageTitle = "监测范围及未能监测情况说明"

// coverage is the statement that stands in every notice: what was looked at, what
// could not be read and why, which recipes nobody has confirmed since their page
// was redesigned, and where the dates of accounts came from.
func (n Notice) coverage() []gongwen.Block {
	c := n.Draft.Check
	out := []gongwen.Block{
		gongwen.Heading{Level: 1, Text: "监测范围"},
		gongwen.Text(n.scope()),
		gongwen.Heading{Level: 1, Text: "未能监测情况"},
		gongwen.Text("未能监测的不作为问题，也不作为合格的依据；各类对象的监测情况如下。"),
		table(coveredHeader(), [][]string{
			covered("栏目", c.Coverage.Columns), covered("应设栏目", c.Coverage.Sections), covered("政务新媒体账号", c.Coverage.Accounts),
		}),
	}
	if rows := n.unread(); len(rows) > 0 {
		out = append(out, gongwen.Caption{Text: "未能监测的对象"}, grouped([]string{"序号", "单位", "对象", "未能监测的原因"}, rows))
	}
	out = append(out, gongwen.Heading{Level: 1, Text: "改版后尚未确认的采集规则"})
	if rows := n.proposals(); len(rows) > 0 {
		out = append(out, gongwen.Text("以下栏目页面改版，新的采集规则由程序提出，尚未经人工确认。"),
			grouped([]string{"序号", "单位", "栏目", "读数"}, rows))
	} else {
		out = append(out, gongwen.Text(nothing))
	}
	out = append(out, gongwen.Heading{Level: 1, Text: "政务新媒体更新时间的来源"}, gongwen.Text(n.sources()))
	if rows := n.platformRows(); len(rows) > 0 {
		out = append(out, table([]string{"平台", "账号", "本批尝试", "读到", "被拦截", "其他未读", "另由其他来源读到"}, rows))
	}
	return out
}

// scope says what was looked at, when and by which rules.
func (n Notice) scope() string {
	c, f := n.Draft.Check, n.fields()
	text := fmt.Sprintf("监测时间点为%s24时，判定依据为《%s》。", f.Point, n.in.RuleSet.Name)
	text += fmt.Sprintf("监测对象为普查范围内政府网站%d家、栏目%d个、应设栏目%d个，政务新媒体账号%d个", c.Totals.Sites.Total,
		c.Coverage.Columns.Planned, c.Coverage.Sections.Planned, c.Coverage.Accounts.Planned)
	if n.in.Visits != (Visits{}) {
		text += fmt.Sprintf("；本季度巡查政府网站%d家次、政务新媒体%d个次", n.in.Visits.Sites, n.in.Visits.Accounts)
	}
	text += "。"
	if c.Round != nil {
		text += "据以判定的最近一批巡查编号为" + c.Round.ID
		if n.in.Seal != "" {
			text += "，该批网页快照的封存值为" + n.in.Seal
		}
		text += "。"
	}
	return text
}

func coveredHeader() []string {
	return []string{"类别", "计划监测", "监测到", "未能监测", "原因"}
}

func covered(what string, c report.Covered) []string {
	return []string{what, strconv.Itoa(c.Planned), strconv.Itoa(c.Conclusive), strconv.Itoa(c.Unknown), c.UnknownByReason.Words()}
}

// unread are the subjects that could not be monitored, by name: unit, subject,
// reason.
func (n Notice) unread() [][]string {
	var rows [][]string
	c := n.Draft.Check
	add := func(unit, name, state string, reason report.Null) {
		if state == string(rules.Unknown) || state == "" {
			rows = append(rows, []string{unit, name, report.ReasonWord(extract.Reason(reason), "zh")})
		}
	}
	for _, s := range c.Sites {
		if s.Verdict == string(rules.NotMonitored) || s.Verdict == string(rules.Pending) {
			rows = append(rows, []string{s.Unit, s.Name + "（网站）", s.Verdict})
		}
	}
	for _, x := range c.Columns {
		add(x.Unit, x.Name, x.State, x.Reason)
	}
	for _, x := range c.Sections {
		add(x.Unit, x.Name+"（应设栏目）", x.State, x.Reason)
	}
	for _, x := range c.Accounts {
		add(x.Unit, x.Name+"（"+x.PlatformName+"）", x.State, x.Reason)
	}
	return rows
}

// proposals are the columns whose recipe the program made up and nobody has
// confirmed.
func (n Notice) proposals() [][]string {
	var rows [][]string
	for _, x := range n.Draft.Check.Columns {
		if x.Proposal == nil {
			continue
		}
		reading := "未采用，按未能监测处理"
		if x.Proposal.Accepted {
			reading = "暂按新规则读取"
			if x.Newest != "" {
				reading += "，最近更新" + string(x.Newest)
			}
		}
		rows = append(rows, []string{x.Unit, x.Name, reading})
	}
	return rows
}

// sources counts the accounts by the source that gave their newest date.
func (n Notice) sources() string {
	counts, order, none := map[string]int{}, []string{}, 0
	for _, a := range n.Draft.Check.Accounts {
		switch {
		case a.Source == "":
			none++
			continue
		case counts[string(a.Source)] == 0:
			order = append(order, string(a.Source))
		}
		counts[string(a.Source)]++
	}
	var parts []string
	for _, s := range order {
		parts = append(parts, fmt.Sprintf("%s%d个", report.SourceWord(extract.SourceKind(s), "zh"), counts[s]))
	}
	if none > 0 {
		parts = append(parts, fmt.Sprintf("未取得更新时间%d个", none))
	}
	if len(parts) == 0 {
		return nothing
	}
	return "账号最近更新时间取自：" + strings.Join(parts, "、") + "。平台对访客显示的内容可能不全，只据以认定已更新；据以认定未更新的，均见到完整的最新内容。"
}

func (n Notice) platformRows() [][]string {
	var rows [][]string
	for _, p := range n.Draft.Check.Platforms {
		if p.Tried == 0 {
			continue
		}
		row := []string{p.Name}
		for _, i := range []int{p.Accounts, p.Tried, p.Read, p.Blocked, p.Other, p.Elsewhere} {
			row = append(row, strconv.Itoa(i))
		}
		rows = append(rows, row)
	}
	return rows
}

// grouped is a table whose rows begin with a unit, numbered by unit in the order
// in which each first stands.
func grouped(header []string, rows [][]string) gongwen.Block {
	var order []string
	by := map[string][][]string{}
	for _, row := range rows {
		if by[row[0]] == nil {
			order = append(order, row[0])
		}
		by[row[0]] = append(by[row[0]], row[1:])
	}
	t := gongwen.Table{}
	for _, h := range header {
		t.Columns = append(t.Columns, gongwen.Column{Title: h})
	}
	for i, unit := range order {
		t.AddGroup([]string{strconv.Itoa(i + 1), unit}, by[unit])
	}
	return t
}

package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/rules"
)

// widest is how many terminal cells one cell of a table may take.
const widest = 44

// WriteTable prints a check for a terminal: how things stand in one sentence,
// then only what is not in order, then what could not be monitored and why.
// lang is "zh" or "en".
func WriteTable(w io.Writer, c Check, lang string) error {
	t := tongue(lang)
	var b strings.Builder
	if c.Simulated {
		b.WriteString(t.say(SimulatedMark, "Simulated data, not an official notice") + "\n")
	}
	b.WriteString(c.standing(t) + "\n")
	for _, part := range []struct {
		title  string
		header []string
		rows   [][]string
	}{
		{t.say("栏目", "Columns"), columnHeader(t), c.columnRows(t)},
		{t.say("应设栏目", "Mandated sections"), sectionHeader(t), c.sectionRows(t)},
		{t.say("网站（初判）", "Sites (preliminary)"), verdictHeader(t), c.siteRows(t)},
		{t.say("政务新媒体账号（初判）", "Accounts (preliminary)"), accountHeader(t), c.accountRows(t)},
		{t.say("账号提示（疑似，供核实）", "Hints on accounts (suspected, to be looked at)"), hintHeader(t), c.accountHints()},
		{t.say("未能监测", "Not monitored"), unknownHeader(t), c.unknownRows(t)},
		{t.say("平台读取情况", "Platforms"), platformHeader(t), c.platformRows(t)},
	} {
		if len(part.rows) > 0 {
			fmt.Fprintf(&b, "\n%s\n", part.title)
			grid(&b, part.header, part.rows, widest)
		}
	}
	b.WriteString("\n" + c.coverage(t) + "\n")
	if waiting := c.proposals(t); waiting != "" {
		b.WriteString(waiting + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func columnHeader(t tongue) []string {
	if t == english {
		return []string{"unit", "column", "state", "newest", "days", "window", "subject"}
	}
	return []string{"单位", "栏目", "状态", "最近更新", "距今天数", "更新时限", "对象"}
}

func sectionHeader(t tongue) []string {
	if t == english {
		return []string{"unit", "section", "state", "parts not found", "subject"}
	}
	return []string{"单位", "应设栏目", "状态", "未找到的部分", "对象"}
}

func verdictHeader(t tongue) []string {
	if t == english {
		return []string{"unit", "name", "verdict", "reasons", "newest", "subject"}
	}
	return []string{"单位", "名称", "结论", "原因", "最近更新", "对象"}
}

func accountHeader(t tongue) []string {
	if t == english {
		return []string{"unit", "name", "verdict", "reasons", "newest", "days out", "longest gap", "subject"}
	}
	return []string{"单位", "名称", "结论", "原因", "最近更新", "本季度超期天数", "最长连续未更新天数", "对象"}
}

func hintHeader(t tongue) []string {
	if t == english {
		return []string{"unit", "what was seen", "subject"}
	}
	return []string{"单位", "所见", "对象"}
}

func unknownHeader(t tongue) []string {
	if t == english {
		return []string{"unit", "subject of monitoring", "why", "subject"}
	}
	return []string{"单位", "对象名称", "原因", "对象"}
}

// columnRows are the columns in doubt or fault, grouped by unit, the unit named
// once.
func (c Check) columnRows(t tongue) [][]string {
	groups := newGroups()
	for _, col := range c.Columns {
		state := rules.State(col.State)
		if state == rules.Fresh || unknown(col.State) {
			continue
		}
		by, days := col.decisive(), ""
		if n, ok := daysBetween(string(col.Newest), c.PointDay); ok {
			days = strconv.Itoa(n)
		}
		groups.add(col.Unit, col.Name, sign(state)+" "+t.stateWithDay(by, c.PointDay), string(col.Newest), days,
			t.window(string(by.Window)), col.ID)
	}
	return groups.rows()
}

func (c Check) sectionRows(t tongue) [][]string {
	groups := newGroups()
	for _, s := range c.Sections {
		state := rules.State(s.State)
		if state == rules.Fresh || unknown(s.State) {
			continue
		}
		parts := missingOf(s.Parts)
		groups.add(s.Unit, s.Name, sign(state)+" "+t.gap(rules.Gap(s.Gap), parts), strings.Join(parts, t.say("、", ", ")), s.ID)
	}
	return groups.rows()
}

// missingOf names the parts that were not found.
func missingOf(parts []sectionPart) []string {
	var names []string
	for _, p := range parts {
		if p.State == string(rules.Missing) {
			names = append(names, p.Name)
		}
	}
	return names
}

func (c Check) siteRows(t tongue) [][]string {
	groups := newGroups()
	for _, s := range c.Sites {
		if s.Verdict != string(rules.Pass) {
			groups.add(s.Unit, s.Name, t.verdict(rules.Verdict(s.Verdict)), strings.Join(s.Reasons, "；"), "", s.ID)
		}
	}
	return groups.rows()
}

func (c Check) accountRows(t tongue) [][]string {
	groups := newGroups()
	for _, a := range c.Accounts {
		if a.Verdict != string(rules.Pass) && a.Verdict != string(rules.NotMonitored) {
			groups.add(a.Unit, a.shown(), t.verdict(rules.Verdict(a.Verdict)), strings.Join(a.Reasons, "；"),
				cutDay(a.Newest), counted(a.DaysOut), counted(a.LongestGap), "account:"+a.Code)
		}
	}
	return groups.rows()
}

// counted is a number, "" where it is not known.
func counted(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// accountHints are what people should look at of accounts although it comes to no
// verdict.
func (c Check) accountHints() [][]string {
	groups := newGroups()
	for _, f := range c.Findings {
		of := strings.HasPrefix(f.Subject, "account:") || strings.HasPrefix(f.Subject, "unit:")
		if of && f.Effect != string(rules.EffectVeto) && f.Effect != string(rules.EffectDeduct) {
			groups.add(f.Unit, f.Text, f.Subject)
		}
	}
	return groups.rows()
}

// unknownRows are all subjects that could not be monitored, each with why; the
// accounts of a platform that turned most of them away have one cause, and one
// row.
func (c Check) unknownRows(t tongue) [][]string {
	groups := newGroups()
	add := func(unit, name string, state string, reason Null, id string) {
		if unknown(state) {
			groups.add(unit, name, sign(rules.Unknown)+" "+t.reason(extract.Reason(reason))+c.hinted(t, id), id)
		}
	}
	for _, col := range c.Columns {
		add(col.Unit, col.Name, col.State, col.Reason, col.ID)
	}
	for _, s := range c.Sections {
		add(s.Unit, s.Name, s.State, s.Reason, s.ID)
	}
	for _, a := range c.Accounts {
		if !c.explained(a) {
			add(a.Unit, a.shown(), a.State, a.Reason, "account:"+a.Code)
		}
	}
	return append(groups.rows(), c.platformCauses(t)...)
}

// hinted says that something is suspected of a subject although it could not be
// monitored.
func (c Check) hinted(t tongue, id string) string {
	for _, f := range c.Findings {
		if f.Subject == id && f.Effect == string(rules.EffectHint) {
			return t.say("（疑似：见 show）", " (suspected: see show)")
		}
	}
	return ""
}

// unknown reports whether a state says nothing about its subject. A state this
// program does not know is one.
func unknown(state string) bool {
	switch rules.State(state) {
	case rules.Fresh, rules.Due, rules.Stale, rules.Blank, rules.Missing:
		return false
	}
	return true
}

// decisive is the indicator that decided a column's state: of those with that
// state, the one by which the column became, or becomes, stale first.
func (c Column) decisive() byRule {
	best, found := byRule{State: c.State}, false
	for _, s := range c.States {
		if s.State == c.State && (!found || s.turns() < best.turns()) {
			best, found = s, true
		}
	}
	return best
}

// turns is the day on which a state became or becomes stale, and after every
// day where there is none.
func (r byRule) turns() string {
	for _, day := range []string{r.StaleSince, r.StaleOn} {
		if day != "" {
			return day
		}
	}
	return "9999"
}

// shown is an account as notices name it: 阳泉市场监管（微博）.
func (a Account) shown() string { return accountName(a.Name, a.PlatformName) }

// cutDay is the day of a moment in RFC 3339.
func cutDay(moment Null) string {
	if len(moment) < len(time.DateOnly) {
		return ""
	}
	return string(moment)[:len(time.DateOnly)]
}

// stateWithDay is a state's word with the day that matters: since when it is
// stale, or from when it will be.
func (t tongue) stateWithDay(by byRule, pointDay string) string {
	word := t.state(rules.State(by.State))
	switch rules.State(by.State) {
	case rules.Stale:
		if n, ok := daysBetween(by.StaleSince, pointDay); ok && n >= 0 {
			return word + t.say(fmt.Sprintf("（已超期%d天）", n+1), fmt.Sprintf(" (for %s)", t.count(n+1, "天", "day")))
		}
	case rules.Due:
		if d, err := time.ParseInLocation(time.DateOnly, by.StaleOn, extract.Beijing); err == nil {
			return word + t.say("（"+t.dayInWords(d)+"起超期）", " (stale from "+t.dayInWords(d)+")")
		}
	}
	return word
}

// groups gathers rows by unit, units in the order in which they first appear.
type groups struct {
	units  []string
	byUnit map[string][][]string
}

func newGroups() *groups { return &groups{byUnit: map[string][][]string{}} }

func (g *groups) add(unit string, cells ...string) {
	label := ""
	if _, ok := g.byUnit[unit]; !ok {
		g.units = append(g.units, unit)
		label = unit
	}
	g.byUnit[unit] = append(g.byUnit[unit], append([]string{label}, cells...))
}

func (g *groups) rows() [][]string {
	var out [][]string
	for _, unit := range g.units {
		out = append(out, g.byUnit[unit]...)
	}
	return out
}

package console

import (
	"slices"
	"strings"

	"xuncha/cases"
)

// A findingSieve is the filters of the list of findings.
type findingSieve struct {
	fields []field
	tests  map[string]func(findingRow) bool
}

func (s *findingSieve) add(f field, err error, test func(r findingRow) bool) error {
	if err != nil {
		return err
	}
	s.fields = append(s.fields, f)
	if f.Value != "" {
		s.tests[f.Name] = test
	}
	return nil
}

// pick returns the rows that pass every filter but one.
func (s *findingSieve) pick(rows []findingRow, but string) []findingRow {
	var out []findingRow
next:
	for _, r := range rows {
		for name, test := range s.tests {
			if name != but && !test(r) {
				continue next
			}
		}
		out = append(out, r)
	}
	return out
}

// findingSieve reads the filters. Those that a sentence links to and nobody sets
// by hand are shown only where they are set.
func (q *request) findingSieve(rows []findingRow) (*findingSieve, error) {
	s := &findingSieve{tests: map[string]func(findingRow) bool{}}
	state := q.URL.Query().Get
	choice := func(name, label string, options []option, has func(r findingRow, value string) bool) error {
		f, err := q.choose(name, label, options)
		return s.add(f, err, func(r findingRow) bool { return has(r, f.Value) })
	}
	var states []option
	for _, st := range caseStates {
		states = append(states, option{string(st), termWord(st, q.lang)})
	}
	var periods []option
	for _, p := range q.periods() {
		periods = append(periods, option{p, p})
	}
	errs := []error{
		choice("period", q.say("检查期", "Period"), periods, func(r findingRow, v string) bool { return r.Period == v }),
		choice("state", q.say("状态", "State"), states, func(r findingRow, v string) bool { return string(r.O.State) == v }),
		choice("unit", q.say("单位", "Unit"), q.findingUnits(rows), func(r findingRow, v string) bool { return r.O.Facts.Unit == v }),
		choice("indicator", q.say("检查指标", "Indicator"), q.findingIndicators(rows), func(r findingRow, v string) bool { return r.O.Facts.Indicator == v }),
		choice("source", q.say("来源", "Source"), termOptions(q.lang, cases.ByPatrol, cases.ByHand, cases.BySuperior, cases.ByCitizens), func(r findingRow, v string) bool {
			return slices.Contains(r.O.Facts.Sources, v)
		}),
	}
	if q.user.Everywhere() || state("publicity") != "" {
		errs = append(errs, choice("publicity", q.say("公开方式", "Publicity"), termOptions(q.lang, cases.Named, cases.Outlined, cases.Internal), func(r findingRow, v string) bool { return r.O.Publicity == v }))
	}
	for _, flag := range []struct {
		name, zh, en string
		has          func(findingRow) bool
	}{
		{"overdue", "逾期", "Overdue", func(r findingRow) bool { return r.Overdue }},
		{"pending", "待审核", "To review", func(r findingRow) bool { return r.O.Pending != nil }},
		{"objection", "异议待答复", "Objection", func(r findingRow) bool { return objected(r.O) }},
		{"reask", "须重新询问报备", "To ask about anew", func(r findingRow) bool { return q.book().AsksAnew(r.O) }},
		{"lapsed", "报备已到期", "Exemption ended", func(r findingRow) bool { return r.Lapsed }},
		{"open", "待整改", "To put right", func(r findingRow) bool { return toPutRight(r.O) }},
		{"counted", "计入通报", "Counted", func(r findingRow) bool { return r.O.Counted() }},
		{"asked", "已发核实单", "Put to its unit", func(r findingRow) bool { return !r.O.Asked.IsZero() }},
		{"unanswered", "待单位答复", "Not answered yet", func(r findingRow) bool { return !r.O.Asked.IsZero() && r.O.Answer == nil }},
		{"answered", "单位已答复", "Answered", func(r findingRow) bool { return !r.O.Asked.IsZero() && r.O.Answer != nil }},
	} {
		if state(flag.name) != "" {
			errs = append(errs, choice(flag.name, q.say(flag.zh, flag.en), []option{{"1", q.say("是", "yes")}}, func(r findingRow, _ string) bool { return flag.has(r) }))
		}
	}
	if state("answer") != "" {
		errs = append(errs, choice("answer", q.say("答复", "Answer"), termOptions(q.lang, cases.Admitted, cases.Denied, cases.Fixed), func(r findingRow, v string) bool { return r.O.Answer != nil && string(r.O.Answer.Answer) == v }))
	}
	for _, about := range []struct {
		name, zh, en string
		has          func(r findingRow, v string) bool
	}{
		{"case", "问题编号", "Finding", func(r findingRow, v string) bool { return r.Case == v }},
		{"before", "早于", "Before", func(r findingRow, v string) bool { return r.Period < v }},
	} {
		if state(about.name) != "" {
			f, err := q.search(about.name, q.say(about.zh, about.en))
			errs = append(errs, s.add(f, err, func(r findingRow) bool { return about.has(r, f.Value) }))
		}
	}
	f, err := q.search("q", q.say("查找", "Search"))
	want := strings.ToLower(f.Value)
	errs = append(errs, s.add(f, err, func(r findingRow) bool {
		for _, text := range []string{r.Case, r.O.Facts.Subject, subjectName(q.board, r.O.Facts.Subject, q.lang), unitName(q.board, r.O.Facts.Unit, q.lang), r.Text} {
			if strings.Contains(strings.ToLower(text), want) {
				return true
			}
		}
		return false
	}))
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (q *request) findingUnits(rows []findingRow) []option {
	has := map[string]bool{}
	for _, r := range rows {
		has[r.O.Facts.Unit] = true
	}
	return q.optionsAmong(has)
}

func (q *request) findingIndicators(rows []findingRow) []option {
	var out []option
	seen := map[string]bool{}
	for _, r := range rows {
		id := r.O.Facts.Indicator
		if seen[id] {
			continue
		}
		seen[id] = true
		out = append(out, option{id, q.indicatorName(id)})
	}
	slices.SortFunc(out, func(a, b option) int { return strings.Compare(a.Word, b.Word) })
	return out
}

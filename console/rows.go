package console

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
)

// rows are the subjects of some kinds that the user may see, in the order of the
// inventory. Lists, counts and exports all begin here, so that a number and the
// rows behind it cannot differ by who looks.
func (q *request) rows(kinds ...inventory.SubjectKind) []board.Row {
	if q.board == nil {
		return nil
	}
	sees, all := q.seesOnce(), q.board.Told
	if q.user.Everywhere() {
		all = q.board.Rows
	}
	var out []board.Row
	for _, r := range all {
		if slices.Contains(kinds, r.Kind) && sees(r.Unit) {
			out = append(out, r)
		}
	}
	return out
}

// seesOnce is [request.sees], which walks up the superiors of a unit, asked once for
// each unit.
func (q *request) seesOnce() func(unit string) bool {
	known := map[string]bool{}
	return func(unit string) bool {
		in, asked := known[unit]
		if !asked {
			in = q.sees(unit)
			known[unit] = in
		}
		return in
	}
}

// A sieve is the filters of a list of subjects with what they let through.
type sieve struct {
	Fields []field
	tests  []sieveTest
}

// A sieveTest is one filter that is set.
type sieveTest struct {
	name string
	lets func(board.Row) bool
}

func (s *sieve) test(name string, lets func(board.Row) bool) {
	s.tests = append(s.tests, sieveTest{name, lets})
}

// choose adds a choice among values of a row.
func (s *sieve) choose(q *request, name, label string, options []option, has func(r board.Row, value string) bool) error {
	f, err := q.choose(name, label, options)
	if err != nil {
		return err
	}
	s.Fields = append(s.Fields, f)
	if f.Value != "" {
		s.test(name, func(r board.Row) bool { return has(r, f.Value) })
	}
	return nil
}

// search adds a text that stands anywhere in what is known of a row.
func (s *sieve) search(q *request) error {
	f, err := q.search("q", q.say("查找", "Search"))
	if err != nil {
		return err
	}
	s.Fields = append(s.Fields, f)
	if f.Value != "" {
		want := strings.ToLower(f.Value)
		s.test("q", func(r board.Row) bool {
			for _, text := range []string{r.Name, r.ID, r.Title, unitName(q.board, r.Unit, q.lang), carrierName(q.board, r.Carrier)} {
				if strings.Contains(strings.ToLower(text), want) {
					return true
				}
			}
			return false
		})
	}
	return nil
}

// flag adds a filter that a number links to and nobody sets by hand: it is shown only
// where it is set.
func (s *sieve) flag(q *request, name, label string, has func(board.Row) bool) error {
	if q.URL.Query().Get(name) == "" {
		return nil
	}
	return s.choose(q, name, label, []option{{"1", q.say("是", "yes")}}, func(r board.Row, _ string) bool { return has(r) })
}

// past adds a state of a night that is gone, to which the numbers of that night link.
func (s *sieve) past(q *request, d *digest) error {
	if q.URL.Query().Get("on") == "" || d == nil {
		return nil
	}
	var nights []option
	for _, n := range d.nights {
		nights = append(nights, option{n.Round, stamp(n.Day(), time.DateOnly)})
	}
	on, err := q.choose("on", q.say("那一夜", "Night"), nights)
	if err != nil {
		return err
	}
	s.Fields = append(s.Fields, on)
	was := map[string]rules.State{}
	for _, n := range d.nights {
		if n.Round == on.Value {
			for id, c := range n.Cells() {
				was[id] = c.State
			}
		}
	}
	return s.choose(q, "was", q.say("那夜的状态", "State then"), q.stateOptions(allStates...), func(r board.Row, v string) bool { return string(was[r.ID]) == v })
}

// chosen lets only the rows through that were marked, where some were.
func (s *sieve) chosen(q *request) error {
	ids, err := q.chosen()
	if err == nil && len(ids) > 0 {
		s.test("id", func(r board.Row) bool { return slices.Contains(ids, r.ID) })
	}
	return err
}

// pick returns the rows that pass every filter but those that are named.
func (s *sieve) pick(rows []board.Row, but ...string) []board.Row {
	return slices.DeleteFunc(slices.Clone(rows), func(r board.Row) bool {
		return slices.ContainsFunc(s.tests, func(t sieveTest) bool { return !slices.Contains(but, t.name) && !t.lets(r) })
	})
}

// unitOptions are the units of some rows, in the order of the inventory.
func (q *request) unitOptions(rows []board.Row) []option {
	has := map[string]bool{}
	for _, r := range rows {
		has[r.Unit] = true
	}
	return q.optionsAmong(has)
}

// optionsAmong are those of the city's units that are named.
func (q *request) optionsAmong(has map[string]bool) []option {
	var out []option
	for _, u := range q.units() {
		if has[u.ID] {
			out = append(out, option{u.ID, u.Name})
		}
	}
	return out
}

func (q *request) units() []inventory.Unit {
	if q.board == nil || q.board.City == nil {
		return nil
	}
	return q.board.City.Units
}

// optionsOf are the values that occur in some rows, in the order given, else in
// that of their first row.
func optionsOf[T ~string](rows []board.Row, value func(board.Row) T, word func(T) string, order ...T) []option {
	var found []T
	for _, r := range rows {
		if v := value(r); v != "" && !slices.Contains(found, v) {
			found = append(found, v)
		}
	}
	rank := func(v T) int {
		if i := slices.Index(order, v); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(found, func(a, b T) int { return rank(a) - rank(b) })
	var out []option
	for _, v := range found {
		out = append(out, option{string(v), word(v)})
	}
	return out
}

// stateOptions are all states that subjects of a kind can have: a filter that
// finds nothing is an answer as well.
func (q *request) stateOptions(states ...rules.State) []option {
	var out []option
	for _, s := range states {
		out = append(out, option{string(s), report.StateWord(s, q.lang)})
	}
	return out
}

func (q *request) reasonOptions() []option {
	var out []option
	for _, r := range reasons {
		out = append(out, option{string(r), report.ReasonWord(r, q.lang)})
	}
	return out
}

// reasons are why something may be unknown, in the order of reports.
var reasons = []extract.Reason{
	extract.ReasonDown, extract.ReasonBlocked, extract.ReasonGone, extract.ReasonLost, extract.ReasonScript,
	extract.ReasonUndated, extract.ReasonPartial, extract.ReasonRobots, extract.ReasonNotLooked,
}

func (q *request) verdictOptions() []option {
	var out []option
	for _, v := range []rules.Verdict{rules.Pass, rules.Fail, rules.Pending, rules.NotMonitored} {
		out = append(out, option{string(v), newVerdict(v, q.lang).Word})
	}
	return out
}

// sort orders rows as a listing says. What is equal stays in the order of the
// inventory.
func (q *request) sort(rows []board.Row, l listing) {
	compare := q.comparison(l.Sort)
	slices.SortStableFunc(rows, func(a, b board.Row) int {
		if l.Desc {
			a, b = b, a
		}
		return compare(a, b)
	})
}

// comparison compares rows by one of the sorts of lists.
func (q *request) comparison(by string) func(a, b board.Row) int {
	switch by {
	case "name":
		return func(a, b board.Row) int { return strings.Compare(a.Name, b.Name) }
	case "unit":
		place := map[string]int{}
		for i, u := range q.units() {
			place[u.ID] = i
		}
		return func(a, b board.Row) int { return place[a.Unit] - place[b.Unit] }
	case "class":
		order := inventory.Classes()
		return func(a, b board.Row) int { return slices.Index(order, a.Class) - slices.Index(order, b.Class) }
	case "platform":
		return func(a, b board.Row) int { return strings.Compare(string(a.Platform), string(b.Platform)) }
	case "newest":
		return func(a, b board.Row) int { return a.Newest.Time.Compare(b.Newest.Time) }
	case "days":
		return func(a, b board.Row) int { return q.board.Past(a) - q.board.Past(b) }
	case "verdict":
		return func(a, b board.Row) int { return verdictRank(a.Verdict) - verdictRank(b.Verdict) }
	}
	return func(a, b board.Row) int {
		return cmp.Or(stateRank(a.State)-stateRank(b.State), q.board.Past(b)-q.board.Past(a), a.StaleOn.Compare(b.StaleOn))
	}
}

// stateRank puts what is wrong first, then what could not be read, then what will
// be wrong soon.
func stateRank(s rules.State) int {
	return slices.Index([]rules.State{rules.Missing, rules.Stale, rules.Blank, rules.Due, rules.Unknown, rules.Fresh}, cmp.Or(s, rules.Unknown))
}

func verdictRank(v rules.Verdict) int {
	return slices.Index([]rules.Verdict{rules.Fail, rules.Pending, rules.NotMonitored, rules.Pass}, v)
}

// Past is how many days a row is past its window.
func (v view) Past(r board.Row) int { return v.Board.Past(r) }

// Clause is the clause by which a row has its state, for a tooltip.
func (v view) Clause(r board.Row) string {
	if v.Board != nil && v.Board.Set != nil {
		if ind := v.Board.Set.Indicator(r.Indicator); ind != nil {
			return ind.Basis
		}
	}
	return ""
}

// Standing says of a row how many days it is past its window, or when it will be.
func (v view) Standing(r board.Row) string { return standing(v.Board, r, v.Lang) }

func standing(b *board.Board, r board.Row, lang string) string {
	say := sayer(lang)
	age, dated := b.Age(r)
	switch {
	case r.State == rules.Stale && dated:
		text := fmt.Sprintf(say("距最近更新 %d 天", "%d days old"), age)
		if r.Window != "" {
			text += say("，时限 ", ", window ") + report.WindowWord(r.Window, lang)
		}
		if past := b.Past(r); past > 0 {
			text += fmt.Sprintf(say("，已超期 %d 天", ", %d overdue"), past)
		}
		return text
	case r.State == rules.Due && !r.StaleOn.IsZero():
		return dayWord(r.StaleOn, b.Result.PointDay, lang) + say("起超期", " on it is stale")
	case r.State == rules.Unknown || r.State == "":
		return ""
	case dated:
		return fmt.Sprintf(say("距最近更新 %d 天", "newest %d days ago"), age)
	}
	return ""
}

// dayWord is a day as running text says it: with its year only where that is not
// the point's.
func dayWord(d, point time.Time, lang string) string {
	if d.Year() != point.Year() {
		return longDate(d, lang)
	}
	return stamp(d, sayer(lang)("1月2日", "2 January"))
}

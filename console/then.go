package console

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
)

// A thenPage is how the city stood at the end of an older round, by what is kept of
// that night: states, and no verdicts, which the notice of that point has.
type thenPage struct {
	Night  board.Night
	Asked  string // the point, as the address has it
	Points []point
	Period string
	Answer answer
	States []stateThen
	Units  []unitThen
	Fields []field
	List   listing
	Rows   []board.Row
}

// A stateThen is how many of one kind were in a state, and are.
type stateThen struct {
	count
	Kind inventory.SubjectKind
	Now  int
}

// A unitThen is how many of a unit's columns and sections were in which state.
type unitThen struct {
	ID string
	N  states
}

// Of is how many were in a state.
func (u unitThen) Of(state string) int { return u.N.of(rules.State(state)) }

// At is the moment of the point as addresses of looks name it.
func (p *thenPage) At() string { return stamp(p.Night.Finished, momentForm) }

// nightAt is the night that an address asks for by its point: the newest that had
// ended by then, -1 for that of the board itself.
func (q *request) nightAt() (int, error) {
	at, err := pointOf(q.URL.Query().Get("point"))
	if err != nil || at.IsZero() || q.board == nil {
		return -1, err
	}
	nights := q.board.Nights
	for i, n := range slices.Backward(nights) {
		if n.Finished.Truncate(time.Second).After(at) {
			continue
		}
		if n.Round == q.board.Round.ID {
			return -1, nil
		}
		return i, nil
	}
	return -1, refuse(http.StatusNotFound, "这个监测时间点之前没有留存的巡查；请从列表中选择", "no round is kept that had ended by this monitoring point; choose one of the list")
}

// rowsAt are the subjects that the user sees as they were in a night. Those that have
// left the inventory since are not among them.
func (q *request) rowsAt(n board.Night) []board.Row {
	var rows []board.Row
	for _, r := range q.rows(inventory.KindSite, inventory.KindColumn, inventory.KindSection, inventory.KindAccount) {
		c := n.Cell(r.ID)
		if c.State == "" {
			continue
		}
		then := board.Row{ID: r.ID, Kind: r.Kind, Name: r.Name, Unit: r.Unit, Carrier: r.Carrier, Class: r.Class, Platform: r.Platform, State: c.State, Reason: c.Reason}
		if !c.Newest.IsZero() {
			then.Newest = extract.Date{Time: c.Newest}
		}
		rows = append(rows, then)
	}
	return rows
}

// then shows how the city stood at an older monitoring point.
func (c *Console) then(w http.ResponseWriter, q *request, n board.Night) error {
	p := &thenPage{Night: n, Asked: q.URL.Query().Get("point"), Points: q.points(), Period: report.PeriodOf(extract.DayOf(n.Finished.Add(-time.Nanosecond))).String()}
	if chosen := n.Finished.Format(time.RFC3339); slices.ContainsFunc(p.Points, func(x point) bool { return x.Value == chosen }) {
		p.Asked = chosen
	}
	all := q.rowsAt(n)
	p.count(q, all)
	s, err := q.thenSieve(all)
	if err != nil {
		return err
	}
	if p.List, err = q.listing("state", "name", "unit", "newest"); err != nil {
		return err
	}
	p.Fields = s.Fields
	rows := s.pick(all)
	q.sort(rows, p.List)
	p.Rows = cut(&p.List, rows)
	return c.render(w, q, http.StatusOK, "then", p)
}

func (q *request) thenSieve(all []board.Row) (s sieve, err error) {
	kinds := []option{
		{string(inventory.KindSite), q.say("网站首页", "home pages")}, {string(inventory.KindColumn), q.say("栏目", "columns")},
		{string(inventory.KindSection), q.say("应设栏目", "mandated sections")}, {string(inventory.KindAccount), q.say("账号", "accounts")},
	}
	return s, firstError(
		func() error {
			return s.choose(q, "unit", q.say("单位", "Unit"), q.unitOptions(all), func(r board.Row, v string) bool { return r.Unit == v })
		},
		func() error {
			return s.choose(q, "kind", q.say("种类", "Kind"), kinds, func(r board.Row, v string) bool { return string(r.Kind) == v })
		},
		func() error {
			return s.choose(q, "state", q.say("状态", "State"), q.stateOptions(allStates...), hasState)
		},
		func() error { return s.search(q) },
	)
}

// count fills in the numbers, each with the way to its rows.
func (p *thenPage) count(q *request, all []board.Row) {
	now := q.rows(inventory.KindColumn, inventory.KindSection, inventory.KindAccount)
	kinds := []struct {
		kind   inventory.SubjectKind
		zh, en string
	}{{inventory.KindColumn, "个栏目", " columns"}, {inventory.KindSection, "个应设栏目", " mandated sections"}, {inventory.KindAccount, "个账号", " accounts"}}
	for _, k := range kinds {
		then, today := countStates(all, k.kind), countStates(now, k.kind)
		to := func(state rules.State) string {
			return listURL("/", "point", p.Asked, "kind", string(k.kind), "state", string(state)) + "#list"
		}
		total, first := 0, true
		for i, s := range allStates {
			if total += then[i]; then[i]+today[i] > 0 {
				p.States = append(p.States, stateThen{count{s, then[i], to(s)}, k.kind, today[i]})
			}
		}
		if total == 0 {
			continue
		}
		if len(p.Answer) > 0 {
			p.Answer.words(q.say("；", "; "))
		}
		p.Answer.number(total, strconv.Itoa(total)+" "+q.say(k.zh, k.en), to(""))
		for i, s := range allStates {
			if then[i] == 0 {
				continue
			}
			comma := q.say("，", ", ")
			if first {
				comma, first = q.say("：", ": "), false
			}
			p.Answer.words(comma)
			p.Answer.number(then[i], strconv.Itoa(then[i])+" "+q.say("个", "")+report.StateWord(s, q.lang), to(s))
		}
	}
	p.Answer.words(q.say("。", "."))
	at := map[string]int{}
	for _, r := range all {
		if r.Kind != inventory.KindColumn && r.Kind != inventory.KindSection {
			continue
		}
		i, ok := at[r.Unit]
		if !ok {
			i = len(p.Units)
			at[r.Unit], p.Units = i, append(p.Units, unitThen{ID: r.Unit})
		}
		p.Units[i].N.add(r.State)
	}
	trouble := func(u unitThen) int { return 100*(u.N[2]+u.N[3]+u.N[4]) + u.N[1] } // as of board.Unit
	p.Units = slices.DeleteFunc(p.Units, func(u unitThen) bool { return trouble(u)+u.N.of(rules.Unknown) == 0 })
	slices.SortStableFunc(p.Units, func(a, b unitThen) int { return trouble(b) - trouble(a) })
}

package console

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/report"
	"xuncha/rules"
)

var overviewRoutes = []Route{
	{"GET", "/{$}", people.See, ofBoardAnd((*Console).alerting, (*Console).overview)},
	{"GET", "/overview/nights", people.See, ofBoard((*Console).overviewNights)},
}

// An overviewPage is how things stand: the answer, what needs somebody, and where
// it comes from.
type overviewPage struct {
	Point           time.Time
	Points          []point // that one may look back to
	Answer          answer
	Sites, Accounts verdicts
	Columns         []count // in the order of allStates
	Missing         count   // sections
	Todo            []todo

	Changes   []change
	Then      time.Time // the night of the week before, zero for none
	ThenRound string
	Nights    []nightLine

	Units []unitLine
	Quiet []unitLine // nothing is wrong with them

	Coverage []coverage
	Holidays []string // windows that holidays fill
}

// A count is a number with the rows that it counts.
type count struct {
	State rules.State
	N     int
	URL   string
}

// verdicts counts what sites or accounts come to.
type verdicts struct {
	Total, Pass, Fail, Pending, NotMonitored int

	// Confirmed are those 不合格 that people have confirmed, Open all that are not
	// 合格 and that people have not settled.
	Confirmed, Open int

	// Rate is the pass rate as a notice has it: all that are not 不合格, of all.
	Rate string
}

// Undecided are those that come to no verdict, which the rate does not count as 不合格.
func (v verdicts) Undecided() int { return v.Pending + v.NotMonitored }

// A change is a number now and a week before.
type change struct {
	count
	Kind inventory.SubjectKind
	Then int
}

// ThenURL are the rows of the number of the night before.
func (c change) ThenURL(round string) string { return thenURL(c.Kind, c.State, round) }

// thenURL is the list of what was in a state in a night.
func thenURL(kind inventory.SubjectKind, state rules.State, round string) string {
	return columnsURL("kind", string(kind), "was", string(state), "on", round)
}

// URL are the columns that were in a state that night.
func (n nightLine) URL(state rules.State) string {
	return thenURL(inventory.KindColumn, state, n.Round)
}

// Delta is how many more there are.
func (c change) Delta() int { return c.N - c.Then }

// A nightLine is one night of the trend.
type nightLine struct {
	Day   time.Time
	Round string
	N     states // columns
}

// A unitLine is how one unit stands, each number with its rows.
type unitLine struct {
	ID                                      string
	Sites, Accounts                         int // 不合格
	Stale, Blank, Missing, Due, UnknownCols int
	Strip                                   []board.Cell
}

func (q *request) unitsSheet(lines []unitLine) sheet.Table {
	t := sheet.Table{Name: q.say("单位", "units"), Head: []string{
		q.say("单位", "Unit"), q.say("不合格网站", "Sites failing"), q.say("不合格账号", "Accounts failing"), report.StateWord(rules.Stale, q.lang), report.StateWord(rules.Blank, q.lang),
		report.StateWord(rules.Missing, q.lang), report.StateWord(rules.Due, q.lang), report.StateWord(rules.Unknown, q.lang),
	}}
	for _, u := range lines {
		row := []string{unitName(q.board, u.ID, q.lang)}
		for _, n := range []int{u.Sites, u.Accounts, u.Stale, u.Blank, u.Missing, u.Due, u.UnknownCols} {
			row = append(row, strconv.Itoa(n))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// wrong reports whether anything at all is to be said about the unit.
func (u unitLine) wrong() bool {
	return u.Sites+u.Accounts+u.Stale+u.Blank+u.Missing+u.Due+u.UnknownCols > 0
}

// URL is the list of what was planned of the sort; with parameters, of some of it.
func (c coverage) URL(pairs ...string) string {
	if c.Kind == inventory.KindAccount {
		return listURL("/accounts", pairs...)
	}
	return columnsURL(append(pairs, "kind", string(c.Kind))...)
}

// A coverage is how much of one sort was seen.
type coverage struct {
	Kind          inventory.SubjectKind
	Planned, Seen int
	Unknown       int
}

// columnsURL is the list of columns and sections with some filters.
func columnsURL(pairs ...string) string { return listURL("/columns", pairs...) }

func listURL(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// overview is the first page: how things stand in one sentence, and what needs
// somebody today.
func (c *Console) overview(w http.ResponseWriter, q *request) error {
	format, err := q.wants()
	if err != nil {
		return err
	}
	if q.board == nil {
		return c.render(w, q, http.StatusOK, "overview", (*overviewPage)(nil))
	}
	switch n, err := q.nightAt(); {
	case err != nil:
		return err
	case n >= 0:
		return c.then(w, q, q.board.Nights[n])
	}
	d := c.memo.digestOf(q.board)
	rows := q.rows(inventory.KindSite, inventory.KindColumn, inventory.KindSection, inventory.KindAccount)
	p := &overviewPage{Point: q.board.Result.PointDay, Points: q.points()}
	decimals := q.board.City.Report.Decimals
	p.Sites, p.Accounts = countVerdicts(rows, inventory.KindSite, decimals), countVerdicts(rows, inventory.KindAccount, decimals)
	now := countStates(rows, inventory.KindColumn)
	for i, s := range allStates {
		p.Columns = append(p.Columns, count{s, now[i], columnsURL("kind", string(inventory.KindColumn), "state", string(s))})
	}
	sections := countStates(rows, inventory.KindSection)
	p.Missing = count{rules.Missing, sections.of(rules.Missing), columnsURL("kind", string(inventory.KindSection), "state", string(rules.Missing))}
	p.trend(q, d)
	p.units(q, d, rows)
	if format != "" {
		return c.exportBoard(w, q, format, q.unitsSheet(append(p.Units, p.Quiet...)))
	}
	for _, kind := range []inventory.SubjectKind{inventory.KindColumn, inventory.KindSection, inventory.KindAccount} {
		n, total := countStates(rows, kind), 0
		for _, k := range n {
			total += k
		}
		if total > 0 {
			p.Coverage = append(p.Coverage, coverage{kind, total, total - n.of(rules.Unknown), n.of(rules.Unknown)})
		}
	}
	p.Todo = append(c.alertTodos(q), q.todos(d, rows)...)
	p.Holidays = q.holidayHints()
	p.Answer = q.answer(p)
	return c.render(w, q, http.StatusOK, "overview", p)
}

func countVerdicts(rows []board.Row, kind inventory.SubjectKind, decimals int) (v verdicts) {
	for _, r := range rows {
		if r.Kind != kind {
			continue
		}
		v.Total++
		switch r.Verdict {
		case rules.Pass:
			v.Pass++
		case rules.Fail:
			v.Fail++
		case rules.Pending:
			v.Pending++
		default:
			v.NotMonitored++
		}
		switch {
		case r.Verdict == rules.Fail && r.Settled == cases.Confirmed:
			v.Confirmed++
		case r.Verdict != rules.Pass && r.Settled == "":
			v.Open++
		}
	}
	v.Rate = rules.Rate(v.Total, v.Fail, decimals)
	return v
}

func countStates(rows []board.Row, kind inventory.SubjectKind) (n states) {
	for _, r := range rows {
		if r.Kind == kind {
			n.add(r.State)
		}
	}
	return n
}

// trend fills in the nights, and what changed against the week before.
func (p *overviewPage) trend(q *request, d *digest) {
	sees := q.seesOnce()
	for i := len(d.nights) - 1; i >= 0; i-- {
		p.Nights = append(p.Nights, nightLine{d.nights[i].Day(), d.nights[i].Round, d.in(i, inventory.KindColumn, sees)})
	}
	at := d.weekBefore()
	if at >= 0 {
		p.Then, p.ThenRound = d.nights[at].Day(), d.nights[at].Round
	}
	add := func(kind inventory.SubjectKind, now count) {
		c := change{count: now, Kind: kind}
		if at >= 0 {
			c.Then = d.in(at, kind, sees).of(now.State)
		}
		p.Changes = append(p.Changes, c)
	}
	for _, now := range p.Columns {
		if now.State != rules.Missing {
			add(inventory.KindColumn, now)
		}
	}
	add(inventory.KindSection, p.Missing)
}

// units fills in the units, the one with most trouble first.
func (p *overviewPage) units(q *request, d *digest, rows []board.Row) {
	at := map[string]*unitLine{}
	for _, r := range rows {
		u := at[r.Unit]
		if u == nil {
			u = &unitLine{ID: r.Unit, Strip: d.strips[r.Unit]}
			at[r.Unit] = u
		}
		u.add(r)
	}
	for _, u := range q.board.Units {
		switch line := at[u.ID]; {
		case line == nil:
		case line.wrong():
			p.Units = append(p.Units, *line)
		default:
			p.Quiet = append(p.Quiet, *line)
		}
	}
}

func (u *unitLine) add(r board.Row) {
	fails := r.Verdict == rules.Fail
	switch {
	case r.Kind == inventory.KindSite && fails:
		u.Sites++
	case r.Kind == inventory.KindAccount && fails:
		u.Accounts++
	case r.Kind == inventory.KindSection && r.State == rules.Missing:
		u.Missing++
	case r.Kind != inventory.KindColumn:
	case r.State == rules.Stale:
		u.Stale++
	case r.State == rules.Blank:
		u.Blank++
	case r.State == rules.Due:
		u.Due++
	case r.State == rules.Unknown:
		u.UnknownCols++
	}
}

// overviewNights are the numbers of the overview's chart.
func (c *Console) overviewNights(w http.ResponseWriter, q *request) error {
	type series struct {
		Name   string `json:"name"`
		State  string `json:"state"`
		Values []int  `json:"values"`
	}
	out := struct {
		Days   []string `json:"days"`
		Series []series `json:"series"`
	}{Days: []string{}, Series: []series{
		{q.say("超期未更新的栏目", "stale columns"), string(rules.Stale), []int{}},
		{q.say("未能监测的栏目", "columns not monitored"), string(rules.Unknown), []int{}},
	}}
	if d := c.memo.digestOf(q.board); d != nil {
		sees := q.seesOnce()
		for i, night := range d.nights {
			n := d.in(i, inventory.KindColumn, sees)
			out.Days = append(out.Days, night.Day().Format(time.DateOnly))
			out.Series[0].Values = append(out.Series[0].Values, n.of(rules.Stale))
			out.Series[1].Values = append(out.Series[1].Values, n.of(rules.Unknown))
		}
	}
	return sendJSON(w, q, out)
}

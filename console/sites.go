package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/report"
	"xuncha/rules"
)

var siteRoutes = []Route{
	{"GET", "/sites", people.See, ofBoard((*Console).sites)},
	{"GET", "/sites/{id}", people.See, ofBoard((*Console).site)},
	{"GET", "/columns", people.See, ofBoard((*Console).columns)},
}

// A sitesPage is the list of the sites.
type sitesPage struct {
	Fields  []field
	List    listing
	Lines   []siteLine
	Any     bool     // there are sites at all
	Verdict verdicts // of what the filters but that by verdict let through
}

// A siteLine is a site with the columns and sections on it or counted to it, as
// far as the user sees them.
type siteLine struct {
	board.Row
	Code    string
	Home    string
	Columns int
	N       states
}

// sites lists the sites.
func (c *Console) sites(w http.ResponseWriter, q *request) error {
	format, err := q.wants()
	if err != nil {
		return err
	}
	all := q.rows(inventory.KindSite)
	p := sitesPage{Any: len(all) > 0}
	s, err := q.siteSieve(all)
	if err != nil {
		return err
	}
	if p.List, err = q.listing("verdict", "name", "unit", "newest", "stale", "unknown"); err != nil {
		return err
	}
	p.Fields = s.Fields
	rows := s.pick(all)
	p.Verdict = countVerdicts(s.pick(all, "verdict"), inventory.KindSite, q.decimals())
	lines := q.siteLines(c.memo.digestOf(q.board), rows)
	sortSites(q, lines, p.List)
	if format != "" {
		return c.exportBoard(w, q, format, q.sitesSheet(lines))
	}
	p.Lines = cut(&p.List, lines)
	return c.render(w, q, http.StatusOK, "sites", p)
}

// siteSieve reads the filters of the list of sites.
func (q *request) siteSieve(all []board.Row) (s sieve, err error) {
	return s, firstError(
		func() error {
			return s.choose(q, "unit", q.say("单位", "Unit"), q.unitOptions(all), func(r board.Row, v string) bool { return r.Unit == v })
		},
		func() error {
			return s.choose(q, "verdict", q.say("结论", "Verdict"), q.verdictOptions(), func(r board.Row, v string) bool { return string(r.Verdict) == v })
		},
		func() error {
			return s.choose(q, "state", q.say("首页", "Home page"), q.stateOptions(rules.Fresh, rules.Due, rules.Stale, rules.Unknown), hasState)
		},
		func() error { return s.search(q) },
		func() error { return s.chosen(q) },
	)
}

// firstError runs steps until one fails.
func firstError(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// isSeen reports whether enough was seen of a subject to say how it stands.
func isSeen(r board.Row) bool { return !hasState(r, string(rules.Unknown)) }

func hasState(r board.Row, v string) bool { return string(cmp.Or(r.State, rules.Unknown)) == v }

func (q *request) decimals() int {
	if q.board == nil {
		return 0
	}
	return q.board.City.Report.Decimals
}

// siteLines counts the columns of sites.
func (q *request) siteLines(d *digest, rows []board.Row) []siteLine {
	lines := make([]siteLine, len(rows))
	at := map[string]int{}
	for i, r := range rows {
		lines[i].Row = r
		at[r.Carrier] = i
		if s := d.sites[r.ID]; s != nil {
			lines[i].Code, lines[i].Home = s.Carrier.Code, s.Carrier.Home
		}
	}
	for _, r := range q.rows(inventory.KindColumn, inventory.KindSection) {
		for _, site := range slices.Compact([]string{r.Carrier, d.countsTo(r.ID)}) {
			if i, ok := at[site]; ok {
				lines[i].Columns++
				lines[i].N.add(r.State)
			}
		}
	}
	return lines
}

func sortSites(q *request, lines []siteLine, l listing) {
	compare := q.comparison(l.Sort)
	slices.SortStableFunc(lines, func(a, b siteLine) int {
		if l.Desc {
			a, b = b, a
		}
		switch l.Sort {
		case "stale":
			return a.N.of(rules.Stale) - b.N.of(rules.Stale)
		case "unknown":
			return a.N.of(rules.Unknown) - b.N.of(rules.Unknown)
		}
		return compare(a.Row, b.Row)
	})
}

// Of is how many of its columns are in a state.
func (s siteLine) Of(state string) int { return s.N.of(rules.State(state)) }

func (q *request) sitesSheet(lines []siteLine) sheet.Table {
	t := sheet.Table{Name: q.say("网站", "sites"), Head: []string{
		q.say("网站名称", "Site"), q.say("网站标识码", "Code"), q.say("单位", "Unit"), q.say("首页地址", "Home page"), q.say("结论", "Verdict"), q.say("认定", "Settled"),
		q.say("不合格原因", "Reasons"), q.say("首页", "Home page is"), q.say("首页最近更新", "Newest on it"), q.say("栏目", "Columns"),
	}}
	for _, s := range allStates {
		t.Head = append(t.Head, report.StateWord(s, q.lang))
	}
	for _, l := range lines {
		row := []string{
			l.Name, l.Code, unitName(q.board, l.Unit, q.lang), l.Home, q.verdictWord(l.Verdict), settledWord(l.Row, q.lang), strings.Join(l.Reasons, "；"),
			q.stateWord(l.Row), stamp(l.Newest.Time, time.DateOnly), strconv.Itoa(l.Columns),
		}
		for _, n := range l.N {
			row = append(row, strconv.Itoa(n))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (q *request) verdictWord(v rules.Verdict) string {
	if x := newVerdict(v, q.lang); x != nil {
		return x.Word
	}
	return ""
}

// stateWord is a state with why it is unknown, for a cell.
func (q *request) stateWord(r board.Row) string {
	word := report.StateWord(r.State, q.lang)
	if b := newBadge(r.State, r.Reason); b.State == rules.Unknown {
		word += q.say("：", ": ") + report.ReasonWord(r.Reason, q.lang)
	}
	return word
}

// A columnsPage is the list of columns and mandated sections.
type columnsPage struct {
	Fields []field
	List   listing
	Rows   []board.Row
	Counts []count // of what the filters but that by state let through
	All    int
	Any    bool
}

// columns lists the columns and mandated sections.
func (c *Console) columns(w http.ResponseWriter, q *request) error {
	format, err := q.wants()
	if err != nil {
		return err
	}
	all := q.rows(inventory.KindColumn, inventory.KindSection)
	p := columnsPage{Any: len(all) > 0}
	s, err := c.columnSieve(q, all)
	if err != nil {
		return err
	}
	if p.List, err = q.listing("state", "name", "unit", "class", "newest", "days"); err != nil {
		return err
	}
	p.Fields = s.Fields
	rows := s.pick(all)
	q.sort(rows, p.List)
	if format != "" {
		return c.exportBoard(w, q, format, q.columnsSheet(rows))
	}
	others := s.pick(all, "state")
	p.All, p.Counts = len(others), q.stateCounts(others)
	p.Rows = cut(&p.List, rows)
	return c.render(w, q, http.StatusOK, "columns", p)
}

// columnSieve reads the filters of the list of columns.
func (c *Console) columnSieve(q *request, all []board.Row) (s sieve, err error) {
	d := c.memo.digestOf(q.board)
	carriers := optionsOf(all, func(r board.Row) string { return r.Carrier }, func(id string) string { return carrierName(q.board, id) })
	classes := optionsOf(all, func(r board.Row) inventory.Class { return r.Class }, func(x inventory.Class) string { return string(x) }, inventory.Classes()...)
	kinds := []option{{string(inventory.KindColumn), q.say("栏目", "columns")}, {string(inventory.KindSection), q.say("应设栏目", "mandated sections")}}
	return s, firstError(
		func() error {
			return s.choose(q, "unit", q.say("单位", "Unit"), q.unitOptions(all), func(r board.Row, v string) bool { return r.Unit == v })
		},
		func() error {
			return s.choose(q, "state", q.say("状态", "State"), q.stateOptions(allStates...), hasState)
		},
		func() error {
			return s.choose(q, "reason", q.say("未能监测的原因", "Why unknown"), q.reasonOptions(), func(r board.Row, v string) bool {
				return hasState(r, string(rules.Unknown)) && string(r.Reason) == v
			})
		},
		func() error {
			return s.choose(q, "class", q.say("类别", "Class"), classes, func(r board.Row, v string) bool { return string(r.Class) == v })
		},
		func() error {
			return s.choose(q, "carrier", q.say("网站或平台", "Site or platform"), carriers, func(r board.Row, v string) bool { return r.Carrier == v || d.countsTo(r.ID) == v })
		},
		func() error {
			return s.choose(q, "kind", q.say("种类", "Kind"), kinds, func(r board.Row, v string) bool { return string(r.Kind) == v })
		},
		func() error { return s.flag(q, "seen", q.say("监测到", "Monitored"), isSeen) },
		func() error { return s.past(q, d) },
		func() error { return q.chooseHoliday(&s) },
		func() error { return s.search(q) },
		func() error { return s.chosen(q) },
	)
}

// stateCounts are the states among rows, each with the way to just those.
func (q *request) stateCounts(rows []board.Row) []count {
	var n states
	for _, r := range rows {
		n.add(cmp.Or(r.State, rules.Unknown))
	}
	var out []count
	for i, s := range allStates {
		if n[i] > 0 {
			out = append(out, count{State: s, N: n[i]})
		}
	}
	return out
}

func (q *request) columnsSheet(rows []board.Row) sheet.Table {
	t := sheet.Table{Name: q.say("栏目", "columns"), Head: []string{
		q.say("单位", "Unit"), q.say("网站或平台", "Site or platform"), q.say("栏目", "Column"), q.say("类别", "Class"), q.say("状态", "State"),
		q.say("最近更新", "Newest"), q.say("标题", "Title"), q.say("更新时限", "Window"), q.say("已超期天数", "Days overdue"), q.say("起超期", "Stale on"), q.say("编号", "ID"),
	}}
	for _, r := range rows {
		past := ""
		if n := q.board.Past(r); n > 0 {
			past = strconv.Itoa(n)
		}
		t.Rows = append(t.Rows, []string{
			unitName(q.board, r.Unit, q.lang), carrierName(q.board, r.Carrier), r.Name, string(r.Class), q.stateWord(r),
			stamp(r.Newest.Time, time.DateOnly), r.Title, windowWord(r.Window, q.lang), past, stamp(r.StaleOn, time.DateOnly), r.ID,
		})
	}
	return t
}

func windowWord(iso, lang string) string {
	if iso == "" {
		return ""
	}
	return report.WindowWord(iso, lang)
}

// A sitePage is one site: its verdict and why, and all that is looked at on it.
type sitePage struct {
	Row      board.Row
	Carrier  inventory.Carrier
	Columns  []board.Row // on it
	Counted  []board.Row // elsewhere, counted to it
	Sections []board.Row
	Findings []foundLine
}

// site shows one site.
func (c *Console) site(w http.ResponseWriter, q *request) error {
	row, err := q.row(q.PathValue("id"))
	if err == nil && row.Kind != inventory.KindSite {
		err = refuse(http.StatusNotFound, "没有这个网站；它可能已改名", "there is no such site; it may have been renamed")
	}
	if err != nil {
		return err
	}
	d := c.memo.digestOf(q.board)
	p := sitePage{Row: row}
	p.Carrier, _ = q.board.City.Carrier(row.ID)
	for _, r := range q.rows(inventory.KindColumn, inventory.KindSection) {
		switch on, counted := r.Carrier == row.ID, d.countsTo(r.ID) == row.ID; {
		case on && r.Kind == inventory.KindSection:
			p.Sections = append(p.Sections, r)
		case on:
			p.Columns = append(p.Columns, r)
		case counted:
			p.Counted = append(p.Counted, r)
		}
	}
	for _, rows := range [][]board.Row{p.Columns, p.Counted, p.Sections} {
		q.sort(rows, listing{Sort: "state"})
	}
	p.Findings = q.findingsOf(row.ID)
	return c.render(w, q, http.StatusOK, "site", p)
}

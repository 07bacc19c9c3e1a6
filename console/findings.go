package console

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/cases"
	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/report"
	"xuncha/rules"
)

var findingRoutes = append([]Route{
	{"GET", "/findings", people.See, (*Console).findings},
	{"GET", "/findings/{id}", people.See, (*Console).newestFinding},
	{"GET", "/findings/{id}/{period}", people.See, (*Console).finding},
	{"GET", "/findings/{id}/{period}/history", people.See, (*Console).findingHistory},
	{"POST", "/findings/{id}/{period}/history", people.Propose, (*Console).wholeHistory},
	{"POST", "/findings/{id}/{period}/papers/{sha256}", people.See, (*Console).findingPaper},
	{"POST", "/findings/{id}/{period}/reveal", people.Propose, (*Console).revealFinding},
	{"POST", "/findings/{id}/{period}/sheet", people.Reply, (*Console).findingSheet},
	{"POST", "/findings/{id}/{period}/pack", people.Propose, (*Console).findingPack},
	{"POST", "/findings/sync", people.Propose, (*Console).syncFindings},
	{"POST", "/findings/enter/{id}", people.Propose, (*Console).enterSuspicion},
	{"GET", "/findings/new", people.Propose, (*Console).newFinding},
	{"POST", "/findings/new", people.Propose, (*Console).enterFinding},
	{"GET", "/findings/draw", people.Propose, (*Console).draw},
	{"GET", "/findings/check", people.Propose, (*Console).checkList},
	{"POST", "/findings/check", people.Propose, (*Console).enterCheckList},
	{"POST", "/findings/sheet", people.Propose, (*Console).enterSheet},
}, deedRoutes()...)

// A findingRow is one finding in a list.
type findingRow struct {
	Ref
	O       *cases.Occurrence
	Text    string // masked
	Due     time.Time
	Overdue bool
	Lapsed  bool // its exemption has ended
	Repeats int
}

// A findingsPage is the list with its filters.
type findingsPage struct {
	Fields  []field
	List    listing
	Rows    []findingRow
	Counts  []stateCount // of what the filters but that of the state let through
	All     int
	Todo    []todo
	Periods []string
	Points  []point
	Many    []deedForm // what may be done to those that are ticked

	Sent    sent // what was typed before it was refused
	Refused string
}

// Ticked reports whether a finding was ticked in what was refused.
func (p findingsPage) Ticked(r Ref) bool { return slices.Contains(p.Sent.Values["of"], r.String()) }

// Typed is what was typed into a field before it was refused.
func (p findingsPage) Typed(name string) string { return p.Sent.Get(name) }

// A stateCount is how many findings are in a state.
type stateCount struct {
	State cases.State
	N     int
}

// caseStates are the states of findings in the order of their life.
var caseStates = []cases.State{
	cases.Suspected, cases.Verifying, cases.Confirmed, cases.Sent, cases.Fixing, cases.Reported, cases.Rechecked, cases.Returned,
	cases.Cleared, cases.Unfounded, cases.Exempted,
}

// findings lists findings.
func (c *Console) findings(w http.ResponseWriter, q *request) error {
	return c.renderFindings(w, q, nil, sent{})
}

// renderFindings lists findings, with why what was sent about some was refused.
func (c *Console) renderFindings(w http.ResponseWriter, q *request, refused *refusal, s sent) error {
	p := &findingsPage{Periods: q.periods(), Points: q.points(), Sent: s}
	status := http.StatusOK
	if refused != nil {
		status, p.Refused = refused.status, q.say(refused.chinese, refused.english)
	}
	all := c.findingRows(q)
	sieve, rows, err := q.findingsAsked(all, &p.List)
	if err != nil {
		return err
	}
	p.Fields = sieve.fields
	p.count(sieve, all)
	format, err := q.wants()
	if err != nil {
		return err
	}
	if format != "" {
		return c.export(w, q, format, q.findingsTable(rows))
	}
	p.Rows = cut(&p.List, rows)
	if q.board != nil {
		p.Todo = q.caseTodos()
	}
	for _, d := range deeds {
		if d.many && q.user.May(d.need) && len(q.persons()) > 0 && slices.ContainsFunc(p.Rows, func(r findingRow) bool { return q.mayDo(d, r.O) }) {
			p.Many = append(p.Many, d)
		}
	}
	return c.render(w, q, status, "findings", p)
}

// findingsAsked are the findings that an address asks for, in its order.
func (q *request) findingsAsked(all []findingRow, l *listing) (*findingSieve, []findingRow, error) {
	sieve, err := q.findingSieve(all)
	if err != nil {
		return nil, nil, err
	}
	rows := sieve.pick(all, "")
	if *l, err = q.listing("state", "unit", "name", "due", "period", "repeats"); err != nil {
		return nil, nil, err
	}
	q.sortFindings(rows, *l)
	return sieve, rows, nil
}

// findingRows are all findings that the user may see, the newest period first.
func (c *Console) findingRows(q *request) []findingRow {
	now := c.Now()
	var rows []findingRow
	for _, x := range q.book().Cases() {
		for _, o := range x.Occurrences {
			if !q.shown(o) {
				continue
			}
			rows = append(rows, findingRow{
				Ref: Ref{o.Case, o.Period}, O: o, Text: q.masked(o.Facts.Text), Due: o.Owed(), Overdue: o.Overdue(now), Lapsed: o.Lapsed(now), Repeats: x.Repeats(o.Period),
			})
		}
	}
	return rows
}

// indicatorName is an indicator by its name.
func (q *request) indicatorName(id string) string {
	if q.board != nil && q.board.Set != nil {
		if ind := q.board.Set.Indicator(id); ind != nil && ind.Name != "" {
			return ind.Name
		}
	}
	return id
}

// count counts the findings by state.
func (p *findingsPage) count(s *findingSieve, rows []findingRow) {
	n := map[cases.State]int{}
	others := s.pick(rows, "state")
	for _, r := range others {
		n[r.O.State]++
	}
	p.All = len(others)
	for _, st := range caseStates {
		if n[st] > 0 {
			p.Counts = append(p.Counts, stateCount{State: st, N: n[st]})
		}
	}
}

// sortFindings orders rows as a listing says; what is equal stands by period, the
// newest first, then as the book has it.
func (q *request) sortFindings(rows []findingRow, l listing) {
	place := map[string]int{}
	for i, u := range q.units() {
		place[u.ID] = i
	}
	by := map[string]func(a, b findingRow) int{
		"state": func(a, b findingRow) int {
			return slices.Index(caseStates, a.O.State) - slices.Index(caseStates, b.O.State)
		},
		"unit":    func(a, b findingRow) int { return place[a.O.Facts.Unit] - place[b.O.Facts.Unit] },
		"name":    func(a, b findingRow) int { return strings.Compare(a.O.Facts.Subject, b.O.Facts.Subject) },
		"period":  func(a, b findingRow) int { return strings.Compare(a.Period, b.Period) },
		"repeats": func(a, b findingRow) int { return a.Repeats - b.Repeats },
		"due": func(a, b findingRow) int {
			switch {
			case a.Due.IsZero() && b.Due.IsZero():
				return 0
			case a.Due.IsZero():
				return 1
			case b.Due.IsZero():
				return -1
			}
			return a.Due.Compare(b.Due)
		},
	}[l.Sort]
	slices.SortStableFunc(rows, func(a, b findingRow) int {
		x, y := a, b
		if l.Desc {
			x, y = b, a
		}
		return cmp.Or(by(x, y), strings.Compare(b.Period, a.Period))
	})
}

// findingsTable is a list as a file.
func (q *request) findingsTable(rows []findingRow) sheet.Table {
	t := sheet.Table{Name: q.say("问题", "findings"), Head: []string{
		q.say("编号", "No."), q.say("检查期", "Period"), q.say("状态", "State"), q.say("待审核", "To be reviewed"), q.say("期限", "Due"), q.say("逾期", "Overdue"), q.say("单位", "Unit"),
		q.say("对象名称", "Subject"), q.say("问题", "What was seen"), q.say("检查指标", "Indicator"), q.say("来源", "Sources"), q.say("公开方式", "Publicity"), q.say("计入", "Counted"),
		q.say("此前次数", "Times before"), q.say("对象", "Subject's ID"), q.say("指标编号", "Indicator's ID"),
	}}
	for _, r := range rows {
		pending := ""
		if r.O.Pending != nil {
			pending = kindWord(r.O.Pending.Kind, q.lang)
		}
		var sources []string
		for _, s := range r.O.Facts.Sources {
			sources = append(sources, termWord(s, q.lang))
		}
		t.Rows = append(t.Rows, []string{
			r.Case, r.Period, termWord(r.O.State, q.lang), pending, stamp(r.Due, time.DateOnly), q.yes(r.Overdue), unitName(q.board, r.O.Facts.Unit, q.lang),
			subjectName(q.board, r.O.Facts.Subject, q.lang), r.Text, q.indicatorName(r.O.Facts.Indicator), strings.Join(sources, q.say("、", ", ")), termWord(r.O.Publicity, q.lang),
			q.yes(r.O.Counted()), strconv.Itoa(r.Repeats), r.O.Facts.Subject, r.O.Facts.Indicator,
		})
	}
	return t
}

// yes is a yes or no, for a cell.
func (q *request) yes(b bool) string {
	if b {
		return q.say("是", "yes")
	}
	return q.say("否", "no")
}

// A point is a monitoring point that one may choose: the end of a round.
type point struct {
	Value string // RFC 3339
	Word  string
}

// maxPoints bounds how many nights one may choose among.
const maxPoints = 120

// points are the ends of the last rounds, the newest first.
func (q *request) points() []point {
	if q.board == nil {
		return nil
	}
	var all []point
	seen := map[string]bool{}
	add := func(t time.Time) {
		p := point{t.Format(time.RFC3339), stamp(t, "2006-01-02 15:04")}
		if !seen[p.Value] {
			seen[p.Value] = true
			all = append(all, p)
		}
	}
	add(q.board.Round.Finished)
	for _, n := range slices.Backward(q.board.Nights) {
		if len(all) == maxPoints {
			break
		}
		add(n.Finished)
	}
	return all
}

// pointOf reads a point that was chosen, zero for none.
func pointOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || t.Year() < 2000 || t.Year() > 2100 {
		return time.Time{}, refuse(http.StatusBadRequest, "监测时间点无法识别；请从列表中选择", "the monitoring point cannot be read; choose one of the list")
	}
	return t, nil
}

// periodIn reads a period that was chosen.
func periodIn(text string) (report.Period, error) {
	p, err := report.ParsePeriod(text)
	if err != nil {
		return p, refuse(http.StatusBadRequest, "检查期请写成 2023Q3", "write the period as 2023Q3")
	}
	return p, nil
}

// syncFindings enters the suspicions of the program for a period.
func (c *Console) syncFindings(w http.ResponseWriter, q *request) error {
	if c.Findings == nil {
		return notThere()
	}
	s, err := c.form(q)
	if err != nil {
		return err
	}
	period, raised, withdrawn, err := c.synced(s)
	if err != nil {
		return err
	}
	return c.done(w, q, listURL("/findings", "period", period.String()),
		fmt.Sprintf("%s：登记疑似问题 %d 条，撤回 %d 条", period, raised, withdrawn), fmt.Sprintf("%s: %d suspicions entered, %d withdrawn", period, raised, withdrawn))
}

// synced enters the suspicions of the program as a form asks.
func (c *Console) synced(s sent) (period report.Period, raised, withdrawn int, err error) {
	if period, err = periodIn(s.text("period")); err != nil {
		return
	}
	at, err := pointOf(s.text("point"))
	if err != nil {
		return
	}
	raised, withdrawn, err = c.Findings.Sync(period, at, c.Now())
	return period, raised, withdrawn, told(err)
}

// enterSuspicion enters one suspicion of the program and opens it where it is dealt
// with, so that whoever looks at a column can decide about it there and then.
func (c *Console) enterSuspicion(w http.ResponseWriter, q *request) error {
	ref, err := c.suspected(q, q.PathValue("id"))
	if err != nil {
		return err
	}
	return c.done(w, q, ref.path()+"#do", "已登记为疑似问题，请办理", "Entered as a suspicion; deal with it here")
}

// suspected enters one suspicion of the program that the user may be told of.
func (c *Console) suspected(q *request, id string) (Ref, error) {
	switch {
	case c.Findings == nil:
		return Ref{}, notThere()
	case q.board == nil:
		return Ref{}, noRound()
	}
	ref := Ref{id, q.board.Period()}
	if !slices.ContainsFunc(q.board.Result.Findings, func(f rules.Finding) bool { return f.ID == id && q.told(f) }) {
		return ref, errNoFinding()
	}
	if err := c.Findings.Suspect(ref, c.Now()); err != nil {
		return ref, told(err)
	}
	c.did(q, didEnter, ref.String(), "")
	return ref, nil
}

// told reports whether the user may be told of a finding of the program: what is
// 仅内部, and hints, are for those who see the whole city. What the office made of it
// in the board's period counts before what the program says.
func (q *request) told(f rules.Finding) bool {
	publicity := f.Publicity
	if o := q.book().Occurrence(f.ID, q.board.Period()); o != nil {
		publicity = o.Publicity
	}
	return q.sees(f.Unit) && (q.user.Everywhere() || publicity != cases.Internal && f.Effect != rules.EffectHint)
}

// A caseBadge is a state of a finding by colour, sign and word.
type caseBadge struct{ Class, Sign, Word string }

func newCaseBadge(s cases.State, lang string) caseBadge {
	look := map[cases.State][2]string{
		cases.Suspected: {"missing", "▲"}, cases.Verifying: {"due", "?"}, cases.Confirmed: {"stale", "■"}, cases.Sent: {"stale", "→"}, cases.Fixing: {"due", "◐"},
		cases.Reported: {"due", "◑"}, cases.Rechecked: {"due", "◕"}, cases.Returned: {"stale", "↺"}, cases.Cleared: {"fresh", "✓"},
		cases.Unfounded: {"plain-state", "○"}, cases.Exempted: {"plain-state", "○"},
	}[s]
	return caseBadge{look[0], look[1], termWord(s, lang)}
}

// subjectKind is what a subject is, "" for what is none.
func (v view) subjectKind(id string) inventory.SubjectKind {
	if v.Board == nil {
		return ""
	}
	r, ok := v.Board.Row(id)
	if !ok {
		return ""
	}
	return r.Kind
}

// EvidenceURL is the page of the first look that a finding cites, "" where there is
// none.
func (v view) EvidenceURL(o *cases.Occurrence) string {
	if len(o.Facts.Snapshots) == 0 {
		return ""
	}
	return v.SnapshotURL(o, o.Facts.Snapshots[0])
}

// SnapshotURL is the page of the very look that a finding cites, "" where there is
// none.
func (v view) SnapshotURL(o *cases.Occurrence, digest string) string {
	page := v.SubjectURL(o.Facts.Subject)
	if page == "" {
		return ""
	}
	return listURL(page, "snapshot", digest[:min(len(digest), digestForm)])
}

// SubjectURL is the page of a subject's proof, "" where there is none.
func (v view) SubjectURL(id string) string {
	if v.subjectKind(id) == "" || !v.Can("GET", "/columns/{id...}") {
		return ""
	}
	return "/columns/" + pathOf(id)
}

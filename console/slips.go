package console

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"time"

	"xuncha/cases"
	"xuncha/internal/sheet"
	"xuncha/people"
)

var slipRoutes = []Route{
	{"GET", "/slips", people.See, (*Console).slips},
	{"GET", "/slips/{unit}", people.See, (*Console).slip},
	{"GET", "/slips/{unit}/{file}", people.See, (*Console).slipFile},
	{"POST", "/slips/{unit}", people.Reply, (*Console).answerSlip},
}

// A slipsPage is the 核实单 of a period.
type slipsPage struct {
	Period  string
	Periods []string
	List    listing
	Slips   []slipLine // of the page
	Units   int
	Rows    int
	Open    int // rows without an answer
	Overdue int
}

// A slipLine is one unit's 核实单.
type slipLine struct {
	cases.Slip
	Answered, Denied, Fixed, Overdue, Admitted int
}

// slipPeriod is the period that is asked for, else the newest that has slips.
func (q *request) slipPeriod() (string, error) {
	if text := q.URL.Query().Get("period"); text != "" {
		p, err := periodIn(text)
		return p.String(), err
	}
	periods := q.book().Periods()
	for _, p := range slices.Backward(periods) {
		if len(q.book().Slips(p, time.Time{})) > 0 {
			return p, nil
		}
	}
	if len(periods) > 0 {
		return periods[len(periods)-1], nil
	}
	return "", nil
}

// slipsOf are the 核实单 of a period that the user may see.
func (c *Console) slipsOf(q *request, period string) []slipLine {
	var lines []slipLine
	for _, s := range q.book().Slips(period, c.Now()) {
		if !q.sees(s.Unit) {
			continue
		}
		line := slipLine{Slip: s}
		line.Rows = nil
		for _, r := range s.Rows {
			if o := q.book().Occurrence(r.Case, period); o == nil || !q.shown(o) {
				continue
			}
			r.Text, r.AtPoint, r.BeforeNotice, r.AnswerNote = q.masked(r.Text), q.masked(r.AtPoint), q.masked(r.BeforeNotice), q.masked(r.AnswerNote)
			line.Rows = append(line.Rows, r)
			line.count(r)
		}
		if len(line.Rows) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

func (l *slipLine) count(r cases.SlipRow) {
	if r.Answer != "" {
		l.Answered++
	}
	switch r.Answer {
	case cases.Admitted:
		l.Admitted++
	case cases.Denied:
		l.Denied++
	case cases.Fixed:
		l.Fixed++
	}
	if r.Overdue {
		l.Overdue++
	}
}

// slipSorts are the ways to sort 核实单, the usual one first.
var slipSorts = []string{"unit", "rows", "answered", "admitted", "denied", "fixed", "due"}

// slips lists the 核实单 of a period.
func (c *Console) slips(w http.ResponseWriter, q *request) error {
	format, err := q.wants()
	if err != nil {
		return err
	}
	period, err := q.slipPeriod()
	if err != nil {
		return err
	}
	p := &slipsPage{Period: period, Periods: q.periods()}
	if p.List, err = q.listing(slipSorts...); err != nil {
		return err
	}
	slips := c.slipsOf(q, period)
	q.sortSlips(slips, p.List)
	if format != "" {
		return c.export(w, q, format, q.slipsSheet(period, slips))
	}
	p.Units, p.Slips = len(slips), cut(&p.List, slips)
	for _, s := range slips {
		p.Rows += len(s.Rows)
		p.Open += len(s.Rows) - s.Answered
		p.Overdue += s.Overdue
	}
	if len(slips) == 1 && !q.user.Everywhere() && q.URL.Query().Get("period") == "" {
		http.Redirect(w, q.Request, slipURL(slips[0].Unit, period), http.StatusSeeOther)
		return nil
	}
	return c.render(w, q, http.StatusOK, "slips", p)
}

func (q *request) sortSlips(slips []slipLine, l listing) {
	place := map[string]int{}
	for i, u := range q.units() {
		place[u.ID] = i
	}
	by := map[string]func(a, b slipLine) int{
		"unit":     func(a, b slipLine) int { return place[a.Unit] - place[b.Unit] },
		"rows":     func(a, b slipLine) int { return len(a.Rows) - len(b.Rows) },
		"answered": func(a, b slipLine) int { return a.Answered - b.Answered },
		"admitted": func(a, b slipLine) int { return a.Admitted - b.Admitted },
		"denied":   func(a, b slipLine) int { return a.Denied - b.Denied },
		"fixed":    func(a, b slipLine) int { return a.Fixed - b.Fixed },
		"due":      func(a, b slipLine) int { return a.Due.Compare(b.Due) },
	}[l.Sort]
	slices.SortStableFunc(slips, func(a, b slipLine) int {
		if l.Desc {
			a, b = b, a
		}
		return by(a, b)
	})
}

func (q *request) slipsSheet(period string, slips []slipLine) sheet.Table {
	t := sheet.Table{Name: q.say("核实单", "slips"), Head: []string{
		q.say("检查期", "Period"), q.say("单位", "Unit"), q.say("疑似问题", "Suspicions"), q.say("已答复", "Answered"), q.say("属实", "Admitted"), q.say("不属实", "Denied"), q.say("已整改", "Fixed"),
		q.say("逾期", "Overdue"), q.say("答复期限", "Due"),
	}}
	for _, s := range slips {
		row := []string{period, unitName(q.board, s.Unit, q.lang)}
		for _, n := range []int{len(s.Rows), s.Answered, s.Admitted, s.Denied, s.Fixed, s.Overdue} {
			row = append(row, strconv.Itoa(n))
		}
		t.Rows = append(t.Rows, append(row, stamp(s.Due, time.DateOnly)))
	}
	return t
}

func slipURL(unit, period string) string { return listURL("/slips/"+unit, "period", period) }

// A slipPage is one unit's 核实单, to be printed or to be answered.
type slipPage struct {
	slipLine
	Period  string
	Rows    []slipRow
	Basis   []string // each clause once
	May     bool     // something on it may be answered by the user
	Values  sent
	Refused string
}

// A slipRow is one suspicion of it.
type slipRow struct {
	cases.SlipRow
	Period string
	Clause int // place in Basis, from 1
	May    bool
	Answer cases.Answer // as given, or as typed before it was refused
	Note   string
}

// oneSlip is the 核实单 of the unit that is asked for.
func (c *Console) oneSlip(q *request) (slipLine, string, error) {
	unit := q.PathValue("unit")
	period, err := q.slipPeriod()
	if err != nil {
		return slipLine{}, "", err
	}
	for _, s := range c.slipsOf(q, period) {
		if s.Unit == unit {
			return s, period, nil
		}
	}
	return slipLine{}, "", refuse(http.StatusNotFound, "该单位没有核实单；它可能不在您的范围内，或尚未发出", "the unit has no 核实单; it may not be yours to see, or was not sent yet")
}

// slip shows a 核实单.
func (c *Console) slip(w http.ResponseWriter, q *request) error {
	return c.renderSlip(w, q, sent{}, nil)
}

func (c *Console) renderSlip(w http.ResponseWriter, q *request, s sent, refused *refusal) error {
	p, err := c.slipOf(q, s)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if refused != nil {
		status, p.Refused = refused.status, q.say(refused.chinese, refused.english)
	}
	return c.render(w, q, status, "slip", p)
}

// slipOf is the 核实单 that is asked for, with what was typed into its form.
func (c *Console) slipOf(q *request, s sent) (*slipPage, error) {
	line, period, err := c.oneSlip(q)
	if err != nil {
		return nil, err
	}
	p := &slipPage{slipLine: line, Period: period, Values: s}
	reply := deedOf(cases.Reply)
	for _, r := range line.Rows {
		i := slices.Index(p.Basis, r.Basis)
		if i < 0 {
			i, p.Basis = len(p.Basis), append(p.Basis, r.Basis)
		}
		row := slipRow{SlipRow: r, Period: period, Clause: i + 1, Answer: r.Answer, Note: r.AnswerNote}
		row.May = c.offers(q, reply, q.book().Occurrence(r.Case, period))
		p.May = p.May || row.May
		if s.Values != nil {
			row.Answer, row.Note = cases.Answer(s.text("answer-"+r.Case)), s.text("note-"+r.Case)
		}
		p.Rows = append(p.Rows, row)
	}
	return p, nil
}

// deedOf is how a kind of thing is done.
func deedOf(kind cases.Kind) deedForm {
	i := slices.IndexFunc(deeds, func(d deedForm) bool { return d.kind == kind })
	return deeds[i]
}

// slipFile is a 核实单 as a file.
func (c *Console) slipFile(w http.ResponseWriter, q *request) error {
	if c.Papers == nil {
		return notThere()
	}
	line, period, err := c.oneSlip(q)
	if err != nil {
		return err
	}
	files, err := c.Papers.Slip(line.Slip)
	if err != nil {
		return told(err)
	}
	for _, f := range files {
		if path.Ext(f.Name) == path.Ext(q.PathValue("file")) {
			download(w, q, fmt.Sprintf("核实单-%s-%s%s", period, line.Unit, path.Ext(f.Name)), f.Data)
			return nil
		}
	}
	return refuse(http.StatusNotFound, "没有这种格式；可选 docx 或 xlsx", "there is no such format; choose docx or xlsx")
}

// answerSlip takes the answers to a 核实单, all of them or none.
func (c *Console) answerSlip(w http.ResponseWriter, q *request) error {
	if c.Findings == nil {
		return notThere()
	}
	s, err := c.form(q)
	if err != nil {
		return err
	}
	line, period, err := c.oneSlip(q)
	if err != nil {
		return err
	}
	n, err := c.answered(q, s, line, period)
	if refused, ok := err.(*refusal); ok {
		return c.renderSlip(w, q, s, refused)
	}
	if err != nil {
		return err
	}
	return c.done(w, q, slipURL(line.Unit, period), fmt.Sprintf("已登记 %d 条答复", n), fmt.Sprintf("%d answers entered", n))
}

// answered enters the answers of a form and returns how many there were.
func (c *Console) answered(q *request, s sent, line slipLine, period string) (n int, err error) {
	answers, err := c.answers(q, s, line, period)
	if err == nil {
		_, err = c.Findings.Do(answers...)
	}
	return len(answers), told(err)
}

// answers are those of a form that say something new.
func (c *Console) answers(q *request, s sent, line slipLine, period string) ([]Deed, error) {
	by, err := q.acting(cases.Reply)
	if err != nil {
		return nil, err
	}
	var all []Deed
	for _, r := range line.Rows {
		answer, note := cases.Answer(s.text("answer-"+r.Case)), s.text("note-"+r.Case)
		files, err := s.papers("files-" + r.Case)
		if err != nil {
			return nil, err
		}
		if answer == "" || answer == r.Answer && note == r.AnswerNote && len(files) == 0 {
			continue
		}
		d := Deed{Event: cases.Event{Kind: cases.Reply, At: c.Now(), By: by, Answer: answer, Note: note}, Of: []Ref{{r.Case, period}}}
		for _, f := range files {
			d.Attachments, d.Papers = append(d.Attachments, cases.Attach(f.name, f.data)), append(d.Papers, f.data)
		}
		all = append(all, d)
	}
	if len(all) == 0 {
		return nil, refuse(http.StatusBadRequest, "没有新的答复；请选择属实、不属实或已整改", "there is no new answer; choose 属实, 不属实 or 已整改")
	}
	return all, nil
}

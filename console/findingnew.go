package console

import (
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
)

// A newPage is the form by which a person enters a finding.
type newPage struct {
	Subjects   template.HTML // of a datalist
	Indicators []indicatorGroup
	Periods    []string
	Chosen     string // of the subject
	Values     sent
	Refused    string
}

// Value is what was typed before it was refused.
func (p newPage) Value(name string) string { return p.Values.Get(name) }

// An indicatorGroup is the indicators of one effect.
type indicatorGroup struct {
	Word       string
	Indicators []rules.Indicator
}

// indicators are those that make findings, by effect.
func (q *request) indicators() []indicatorGroup {
	if q.board == nil || q.board.Set == nil {
		return nil
	}
	groups := []indicatorGroup{{Word: q.say("单项否决", "vetoes")}, {Word: q.say("扣分", "deductions")}, {Word: q.say("通报", "notices")}}
	for _, ind := range q.board.Set.Indicators {
		if i := slices.Index([]rules.Effect{rules.EffectVeto, rules.EffectDeduct, rules.EffectNotice}, ind.Effect); i >= 0 {
			groups[i].Indicators = append(groups[i].Indicators, ind)
		}
	}
	return slices.DeleteFunc(groups, func(g indicatorGroup) bool { return len(g.Indicators) == 0 })
}

// newFinding is the form by which a person enters a finding.
func (c *Console) newFinding(w http.ResponseWriter, q *request) error {
	return c.renderNew(w, q, sent{Values: q.URL.Query()}, nil)
}

func (c *Console) renderNew(w http.ResponseWriter, q *request, s sent, refused *refusal) error {
	if q.board == nil {
		return noRound()
	}
	p := &newPage{Indicators: q.indicators(), Periods: q.periods(), Chosen: s.Get("subject"), Values: s}
	p.Subjects = c.subjects.of(q.board)
	status := http.StatusOK
	if refused != nil {
		status, p.Refused = refused.status, q.say(refused.chinese, refused.english)
	}
	return c.render(w, q, status, "finding-new", p)
}

// A subjectList is the options of all subjects and units of a board, made once:
// there are a thousand, and whoever enters findings sees the whole city.
type subjectList struct {
	mu    sync.Mutex
	board *board.Board
	list  template.HTML
}

// of returns the options of a board. Names come from the inventory and are escaped.
func (s *subjectList) of(b *board.Board) template.HTML {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.board == b {
		return s.list
	}
	var out strings.Builder
	add := func(id, name string) {
		out.WriteString(`<option value="` + template.HTMLEscapeString(id) + `">` + template.HTMLEscapeString(name) + "</option>\n")
	}
	for _, r := range b.Rows {
		add(r.ID, subjectName(b, r.ID, "zh"))
	}
	for _, u := range b.City.Units {
		add("unit:"+u.ID, u.Name)
	}
	s.board, s.list = b, template.HTML(out.String())
	return s.list
}

// enterFinding enters what a person found.
func (c *Console) enterFinding(w http.ResponseWriter, q *request) error {
	if c.Findings == nil {
		return notThere()
	}
	s, err := c.form(q)
	if err != nil {
		return err
	}
	refs, err := c.entered(q, s)
	if refused, ok := err.(*refusal); ok {
		return c.renderNew(w, q, s, refused)
	}
	if err != nil {
		return err
	}
	return c.done(w, q, refs[0].path(), "已登记为疑似问题", "Entered as a suspicion")
}

// entered enters the finding of a form.
func (c *Console) entered(q *request, s sent) ([]Ref, error) {
	period, err := periodIn(s.text("period"))
	if err != nil {
		return nil, err
	}
	e, papers, err := c.deedOfPerson(q, s, cases.Raise)
	if err != nil {
		return nil, err
	}
	source := s.text("source")
	if source == cases.ByPatrol || source == "" {
		return nil, refuse(http.StatusBadRequest, "问题来源须为人工核查、上级通报、网民反映之一", "the source must be one of 人工核查, 上级通报, 网民反映")
	}
	subject := s.text("subject")
	if !isSubject(q.board, subject) || !q.sees(subjectUnit(q.board, subject)) {
		return nil, refuse(http.StatusNotFound, "没有这个对象；请从列表中选择", "there is no such subject; choose one of the list")
	}
	refs, err := c.Findings.Enter(e, papers, Seen{
		Subject: subject, Indicator: s.text("indicator"), Period: period.String(), Text: s.text("text"), Source: source, Publicity: s.text("publicity"),
	})
	return refs, told(err)
}

// deedOfPerson is who does something of a kind, when, and with which papers.
func (c *Console) deedOfPerson(q *request, s sent, kind cases.Kind) (e cases.Event, papers [][]byte, err error) {
	by, err := q.acting(kind)
	if err != nil {
		return e, nil, err
	}
	d := Deed{Event: cases.Event{Kind: kind, At: c.Now(), By: by, Note: s.text("note")}}
	for _, ask := range []string{askOn, askFiles} {
		if err := d.take(s, ask); err != nil {
			return e, nil, err
		}
	}
	return d.Event, d.Papers, nil
}

// A drawPage is a draw with its check lists.
type drawPage struct {
	Of, Seed, Share, Period string
	Periods                 []string
	Asked                   bool
	Draw                    cases.Draw
	Drawn                   []drawnRow
	Indicators              []rules.Indicator
}

// A drawnRow is one subject that was drawn.
type drawnRow struct {
	ID, Number string
	Done       int // findings by hand that it has in the period
}

// draw draws subjects for people to check. Whoever has the address draws the same.
func (c *Console) draw(w http.ResponseWriter, q *request) error {
	if q.board == nil {
		return noRound()
	}
	if of := q.URL.Query().Get("of"); of != "" && of != ofSites && of != ofAccounts && of != ofColumns {
		return refuse(http.StatusBadRequest, "抽查范围请选网站、账号或栏目", "choose sites, accounts or columns to draw from")
	}
	get := func(name string) string { return strings.TrimSpace(q.URL.Query().Get(name)) }
	p := &drawPage{Of: get("of"), Seed: get("seed"), Share: get("share"), Period: get("period"), Periods: q.periods()}
	if p.Of == "" && p.Seed == "" && p.Share == "" {
		p.Of, p.Share = ofSites, "30"
		return c.render(w, q, http.StatusOK, "draw", p)
	}
	period, list, err := c.drawn(q, p)
	if err != nil {
		return err
	}
	switch format := get("format"); format {
	case "":
	case "txt":
		download(w, q, "抽查记录-"+period.String()+".txt", []byte(p.Draw.Log()))
		return nil
	case "xlsx", "csv":
		return c.export(w, q, format, list)
	default:
		_, err := q.wants()
		return err
	}
	return c.render(w, q, http.StatusOK, "draw", p)
}

// drawn draws as a page asks, with the check list of what was drawn.
func (c *Console) drawn(q *request, p *drawPage) (period report.Period, list sheet.Table, err error) {
	share, err := strconv.ParseFloat(p.Share, 64)
	if err != nil || !(share > 0 && share <= 100) {
		return period, list, refuse(http.StatusBadRequest, "抽查比例请写大于 0、不超过 100 的数，如 30", "write the share as a number above 0 and up to 100, such as 30")
	}
	if period, err = periodIn(p.Period); err != nil {
		return period, list, err
	}
	if p.Seed == "" || len(p.Seed) > maxText {
		return period, list, refuse(http.StatusBadRequest, "请写一个种子（任一词或数，200 字以内），以便重复抽取", "give a seed, any word or number of up to 200 characters, so that the draw can be repeated")
	}
	if c.Findings == nil {
		return period, list, notThere()
	}
	if p.Draw, list, err = c.Findings.Draw(p.Of, share/100, p.Seed, period); err != nil {
		return period, list, told(err)
	}
	p.Asked, p.Indicators = true, c.Findings.ByHand(p.Of)
	by := map[string]int{}
	for _, o := range q.book().In(period.String()) {
		if slices.Contains(o.Facts.Sources, cases.ByHand) {
			by[o.Facts.Subject]++
		}
	}
	for _, e := range p.Draw.Entries {
		if e.Drawn {
			p.Drawn = append(p.Drawn, drawnRow{e.Subject, e.Number, by[e.Subject]})
		}
	}
	return period, list, nil
}

// What one may draw from.
const (
	ofSites    = "sites"
	ofAccounts = "accounts"
	ofColumns  = "columns"
)

// A checkPage is the check list of one subject.
type checkPage struct {
	Subject, Period string
	Row             board.Row
	Indicators      []rules.Indicator
	Values          sent
	Refused         string
	Back            string
}

// Value is what was filled in before it was refused.
func (p checkPage) Value(name string) string { return p.Values.Get(name) }

// checkList is the check list of one subject, to be filled in.
func (c *Console) checkList(w http.ResponseWriter, q *request) error {
	return c.renderCheck(w, q, q.URL.Query().Get("subject"), q.URL.Query().Get("period"), sent{Values: q.URL.Query()}, nil)
}

func (c *Console) renderCheck(w http.ResponseWriter, q *request, subject, period string, s sent, refused *refusal) error {
	if q.board == nil {
		return noRound()
	}
	row, err := q.row(subject)
	if err != nil {
		return err
	}
	p, err := periodIn(period)
	if err != nil {
		return err
	}
	page := &checkPage{Subject: subject, Period: p.String(), Row: row, Indicators: c.byHand(row), Values: s, Back: localPath(s.Get("back"))}
	status := http.StatusOK
	if refused != nil {
		status, page.Refused = refused.status, q.say(refused.chinese, refused.english)
	}
	return c.render(w, q, status, "check", page)
}

// byHand are the indicators that people judge on a subject.
func (c *Console) byHand(r board.Row) []rules.Indicator {
	switch {
	case c.Findings == nil:
		return nil
	case r.Kind == inventory.KindAccount:
		return c.Findings.ByHand(ofAccounts)
	}
	return c.Findings.ByHand(ofSites)
}

// enterCheckList enters what a person marked on one subject: all of it or nothing.
func (c *Console) enterCheckList(w http.ResponseWriter, q *request) error {
	if c.Findings == nil {
		return notThere()
	}
	s, err := c.form(q)
	if err != nil {
		return err
	}
	if q.board == nil {
		return noRound()
	}
	subject := s.text("subject")
	row, err := q.row(subject)
	if err != nil {
		return err
	}
	period, err := periodIn(s.text("period"))
	if err != nil {
		return err
	}
	n, problems, err := c.marked(q, s, row, period)
	if refused, ok := err.(*refusal); ok {
		return c.renderCheck(w, q, subject, period.String(), s, refused)
	}
	if err != nil {
		return err
	}
	if problems == 0 { // a history is kept of findings, and there is none
		return c.done(w, q, s.text("back"), fmt.Sprintf("检查单 %d 项均未发现问题，没有需要登记的", n), fmt.Sprintf("None of the %d items is a problem, so there is nothing to enter", n))
	}
	return c.done(w, q, s.text("back"), fmt.Sprintf("已登记检查单：%d 项，其中有问题 %d 项", n, problems), fmt.Sprintf("Check list entered: %d items, %d problems", n, problems))
}

// marked enters the marks of a form.
func (c *Console) marked(q *request, s sent, row board.Row, period report.Period) (n, problems int, err error) {
	e, papers, err := c.deedOfPerson(q, s, cases.Raise)
	if err != nil {
		return 0, 0, err
	}
	var found []Seen
	for _, ind := range c.byHand(row) {
		mark := cases.Mark(s.text("mark-" + ind.ID))
		if mark == "" {
			continue
		}
		if !slices.Contains([]cases.Mark{cases.Fine, cases.Problem, cases.Unsure}, mark) {
			return 0, 0, refuse(http.StatusBadRequest, "检查结果须为正常、有问题、无法判断之一；请重新选择", "each item is marked 正常, 有问题 or 无法判断, and nothing else; choose again")
		}
		if n++; mark == cases.Problem {
			problems++
		}
		found = append(found, Seen{Subject: row.ID, Indicator: ind.ID, Period: period.String(), Text: s.text("text-" + ind.ID), Mark: mark})
	}
	if n == 0 {
		return 0, 0, refuse(http.StatusBadRequest, "还没有填写检查结果；请至少填写一项", "nothing is marked yet; mark at least one item")
	}
	if problems == 0 {
		return n, 0, nil
	}
	_, err = c.Findings.Enter(e, papers, found...)
	return n, problems, told(err)
}

// sheetEntered enters the sheet of a form.
func (c *Console) sheetEntered(q *request, s sent, kind cases.Kind) (n int, err error) {
	f, err := s.one("file")
	if err != nil {
		return 0, err
	}
	e, _, err := c.deedOfPerson(q, s, kind)
	if err != nil {
		return 0, err
	}
	n, err = c.Findings.EnterSheet(e, f.name, f.data)
	return n, told(err)
}

// enterSheet enters a sheet that people filled in: a check list or a 核实单.
func (c *Console) enterSheet(w http.ResponseWriter, q *request) error {
	if c.Findings == nil {
		return notThere()
	}
	s, err := c.form(q)
	if err != nil {
		return err
	}
	kind := cases.Kind(cmp.Or(s.text("kind"), string(cases.Raise)))
	if kind != cases.Raise && kind != cases.Reply {
		return refuse(http.StatusBadRequest, "请说明上传的是检查单还是核实单；请从页面上重新操作", "say whether the sheet is a check list or a 核实单; do it again on the page")
	}
	n, err := c.sheetEntered(q, s, kind)
	if err != nil {
		return err
	}
	back := s.text("back")
	if back == "" {
		back = "/findings"
	}
	return c.done(w, q, back, fmt.Sprintf("已登记 %d 条", n), fmt.Sprintf("%d entered", n))
}

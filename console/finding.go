package console

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"xuncha/cases"
	"xuncha/internal/sheet"
	"xuncha/registers"
	"xuncha/rules"
)

// A findingPage is one finding with its whole history and what may be done now.
type findingPage struct {
	Ref
	O         *cases.Occurrence
	Text      string
	AtPoint   string
	Before    string // 发文前状态
	Reply     string // what the unit said beside its answer
	Objection string
	Clause    string // the indicator's name
	Due       time.Time
	Overdue   bool
	Repeats   int
	Reask     bool   // it was exempt when it was last found
	Lapsed    bool   // its exemption has ended
	Filed     string // what the unit filed of the subject for the day of the point
	Others    []*cases.Occurrence
	Events    []eventLine
	Deeds     []deedView
	Pending   *pendingView
	Masked    bool
	Bare      bool

	Hindered string // why what comes next cannot be done yet
	Refused  string
}

// A pendingView is a decision that waits for its second person.
type pendingView struct {
	Kind cases.Kind
	By   cases.Person
	At   time.Time
	Note string
	Mine bool // the user proposed it
}

// An eventLine is one line of the history.
type eventLine struct {
	Period  string
	At      time.Time
	By      cases.Person
	Kind    cases.Kind
	Content string
	State   string
	Papers  []paperLink
	Digest  string
}

// A paperLink is an attachment.
type paperLink struct {
	Name, URL, SHA256 string
	Size              int64
}

// A deedView is a form of something that may be done.
type deedView struct {
	Kind   cases.Kind
	Word   string
	Hint   string
	Note   bool // must say why
	Due    bool // must set a day
	Asks   map[string]bool
	Ref    Ref
	Open   bool // was sent and refused
	Values sent
	Leads  bool // is what comes next
}

// newestFinding leads to a finding in its newest period.
func (c *Console) newestFinding(w http.ResponseWriter, q *request) error {
	x := q.book().Case(q.PathValue("id"))
	if x != nil {
		for _, o := range slices.Backward(x.Occurrences) {
			if q.shown(o) {
				http.Redirect(w, q.Request, Ref{o.Case, o.Period}.path(), http.StatusSeeOther)
				return nil
			}
		}
	}
	if q.board != nil {
		for _, f := range q.board.Result.Findings {
			if f.ID == q.PathValue("id") && q.told(f) {
				to := "/findings"
				if _, err := q.row(f.Subject); err == nil {
					to = "/columns/" + pathOf(f.Subject)
				}
				return c.done(w, q, to, "这是程序最近的判定，还没有登记入册；办公室在本页点“认定 / 不属实 / 报备不计”即登记并办理", "The program found this last and nobody has entered it yet; the office enters it on this page by “Confirm, reject, exempt”")
			}
		}
	}
	return errNoFinding()
}

func (q *request) ref() Ref { return Ref{q.PathValue("id"), q.PathValue("period")} }

// finding shows one finding.
func (c *Console) finding(w http.ResponseWriter, q *request) error {
	return c.renderFinding(w, q, q.ref(), nil, sent{}, "")
}

// revealFinding shows a finding without masks, once that is noted.
func (c *Console) revealFinding(w http.ResponseWriter, q *request) error {
	if err := c.bareFinding(q, q.ref()); err != nil {
		return err
	}
	return c.renderFinding(w, q, q.ref(), nil, sent{}, "")
}

// bareFinding notes that somebody sees a finding without masks, and takes them off.
func (c *Console) bareFinding(q *request, ref Ref) error {
	o, err := q.finding(ref)
	if err == nil {
		err = c.log(q, didReveal, o.Case, o.Period)
	}
	q.bare = err == nil
	return err
}

// renderFinding shows a finding, with why what was sent about it was refused.
func (c *Console) renderFinding(w http.ResponseWriter, q *request, ref Ref, refused *refusal, s sent, kind cases.Kind) error {
	p, err := c.findingOf(q, ref, s, kind)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if refused != nil {
		status, p.Refused = refused.status, q.say(refused.chinese, refused.english)
	}
	return c.render(w, q, status, "finding", p)
}

// findingOf is a finding as the user sees it, with what was typed into the form of
// a kind.
func (c *Console) findingOf(q *request, ref Ref, s sent, kind cases.Kind) (*findingPage, error) {
	o, err := q.finding(ref)
	if err != nil {
		return nil, err
	}
	now := c.Now()
	x := q.book().Case(o.Case)
	p := &findingPage{
		Ref: ref, O: o, Text: q.masked(o.Facts.Text), AtPoint: q.masked(o.Facts.AtPoint), Clause: q.indicatorName(o.Facts.Indicator),
		Due: o.Owed(), Overdue: o.Overdue(now), Repeats: x.Repeats(o.Period), Reask: q.book().AsksAnew(o), Lapsed: o.Lapsed(now), Bare: q.bare,
	}
	if p.Filed, err = c.filed(q, o); err != nil {
		return nil, err
	}
	p.Masked = p.Text != o.Facts.Text || p.AtPoint != o.Facts.AtPoint
	if b := o.BeforeNotice; b != nil {
		p.Before = q.masked(b.Text)
	}
	if a := o.Answer; a != nil {
		p.Reply = q.masked(a.Note)
	}
	if a := o.Objection; a != nil {
		p.Objection = q.masked(a.Note)
	}
	for _, other := range x.Occurrences {
		if other != o && q.shown(other) {
			p.Others = append(p.Others, other)
		}
	}
	p.events(c, q, x)
	p.deeds(c, q, o, s, kind)
	if pending := o.Pending; pending != nil {
		p.Pending = &pendingView{Kind: pending.Kind, By: pending.By, At: pending.At, Note: q.masked(pending.Note)}
		p.Pending.Mine = slices.ContainsFunc(q.persons(), pending.By.Same)
		if !q.user.Everywhere() {
			p.Pending.Note = ""
		}
	}
	return p, nil
}

// filed is what a unit filed of a finding's subject for the day of its point. It
// exempts nothing by itself.
func (c *Console) filed(q *request, o *cases.Occurrence) (string, error) {
	if c.Registers == nil {
		return "", nil
	}
	rows, err := c.Registers.Rows(registers.Filings)
	var texts []string
	for _, f := range registers.FilingsFor(rows, o.Facts.Subject, o.Facts.Point) {
		text := termWord(f.Type, q.lang)
		if !f.Until.IsZero() {
			text += q.say("（至", " (until ") + stamp(f.Until, time.DateOnly) + q.say("）", ")")
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, q.say("、", ", ")), err
}

// events fills in the history of a case, as far as the user may see it: units do
// not see what the office remarks among itself.
func (p *findingPage) events(c *Console, q *request, x *cases.Case) {
	hidden := map[string]bool{}
	for _, o := range x.Occurrences {
		hidden[o.Period] = !q.shown(o)
	}
	rows := q.book().History(x.ID)
	for i, e := range q.book().EventsOf(x.ID) {
		if hidden[e.Period] || !q.user.Everywhere() && private(e) {
			continue
		}
		line := eventLine{Period: e.Period, At: e.At, By: e.By, Kind: e.Kind, Content: q.masked(rows[i][9]), State: rows[i][10], Digest: e.Digest}
		p.Masked = p.Masked || line.Content != rows[i][9]
		for _, a := range e.Attachments {
			line.Papers = append(line.Papers, paperLink{a.Name, Ref{e.Case, e.Period}.path() + "/papers/" + a.SHA256, a.SHA256, a.Size})
		}
		p.Events = append(p.Events, line)
	}
	slices.Reverse(p.Events)
}

// private reports whether an event is the office's own affair.
func private(e cases.Event) bool {
	return (e.Kind == cases.Note || e.Kind == cases.Decline) && e.By.Role != cases.Unit
}

// deeds fills in what the user may do now.
func (p *findingPage) deeds(c *Console, q *request, o *cases.Occurrence, s sent, kind cases.Kind) {
	moves := map[cases.Kind]cases.Move{}
	for _, m := range cases.Moves() {
		moves[m.Kind] = m
	}
	for _, d := range deeds {
		if !c.offers(q, d, o) && d.kind != kind {
			if refused, ok := told(c.hindrance(q, d, o)).(*refusal); ok {
				p.Hindered = q.say(refused.chinese, refused.english)
			}
			continue
		}
		m := moves[d.kind]
		v := deedView{
			Kind: d.kind, Word: d.word(q.lang), Hint: q.say(d.hint[0], d.hint[1]), Note: m.Note, Due: m.Due, Asks: map[string]bool{}, Ref: p.Ref,
			Leads: slices.Contains(nextOf(o), d.kind),
		}
		for _, ask := range d.asks {
			v.Asks[ask] = true
		}
		if d.kind == kind {
			v.Open, v.Values = true, s
		}
		p.Deeds = append(p.Deeds, v)
	}
}

// hindrance is why what comes next cannot be done yet by somebody who may do it.
func (c *Console) hindrance(q *request, d deedForm, o *cases.Occurrence) error {
	if c.Findings == nil || !slices.Contains(nextOf(o), d.kind) || !q.mayDo(d, o) {
		return nil
	}
	return c.hinders(q, d, o)
}

// nextOf are the kinds of what usually comes next.
func nextOf(o *cases.Occurrence) []cases.Kind {
	if o.Pending != nil {
		return []cases.Kind{cases.Approve}
	}
	return map[cases.State][]cases.Kind{
		cases.Suspected: {cases.Verify}, cases.Verifying: {cases.Confirm}, cases.Confirmed: {cases.Send}, cases.Sent: {cases.Accept},
		cases.Fixing: {cases.Report}, cases.Reported: {cases.Recheck}, cases.Rechecked: {cases.Clear}, cases.Returned: {cases.Report},
	}[o.State]
}

// Value is what was typed into a field before it was refused.
func (d deedView) Value(name string) string { return d.Values.Get(name) }

// findingHistory exports what was done about a case.
func (c *Console) findingHistory(w http.ResponseWriter, q *request) error {
	o, err := q.finding(q.ref())
	if err != nil {
		return err
	}
	x := q.book().Case(o.Case)
	format, err := q.wants()
	if err != nil {
		return err
	}
	if format == "" {
		format = "xlsx"
	}
	p := findingPage{}
	p.events(c, q, x)
	t := sheet.Table{Name: q.say("办理记录", "history"), Head: []string{
		q.say("检查期", "Period"), q.say("时间", "When"), q.say("办理人", "By"), q.say("角色", "Role"), q.say("办理", "What was done"), q.say("内容", "Content"),
		q.say("办理后状态", "State afterwards"), q.say("附件", "Attachments"), q.say("校验值", "Digest"),
	}}
	for _, e := range slices.Backward(p.Events) {
		var names []string
		for _, a := range e.Papers {
			names = append(names, a.Name)
		}
		t.Rows = append(t.Rows, []string{
			e.Period, stamp(e.At, time.DateTime), e.By.Name, termWord(e.By.Role, q.lang), kindWord(e.Kind, q.lang), contentWord(e.Content, q.lang), stateAfter(e.State, q.lang),
			strings.Join(names, q.say("、", ", ")), e.Digest,
		})
	}
	return c.export(w, q, format, t)
}

// wholeHistory hands out the history of a case as it is kept, by which its seals can
// be checked. Nothing in it is masked, so it is noted.
func (c *Console) wholeHistory(w http.ResponseWriter, q *request) error {
	o, err := q.finding(q.ref())
	if err != nil {
		return err
	}
	if !q.user.Everywhere() {
		return refuse(http.StatusForbidden, "办理记录原文未遮盖，只供市办公室下载；您可以导出本页的办理记录（XLSX、CSV）", "the history as it is kept is unmasked and for the city's office; export the history of this page instead (XLSX, CSV)")
	}
	if err := c.log(q, didReveal, o.Case, "history"); err != nil {
		return err
	}
	data, err := json.MarshalIndent(q.book().EventsOf(o.Case), "", "  ")
	if err != nil {
		return err
	}
	download(w, q, "办理记录-"+o.Case+".json", append(data, '\n'))
	return nil
}

// findingPaper hands out an attachment of a finding.
func (c *Console) findingPaper(w http.ResponseWriter, q *request) error {
	if c.Papers == nil {
		return notThere()
	}
	o, err := q.finding(q.ref())
	if err != nil {
		return err
	}
	for _, e := range q.book().EventsOf(o.Case) {
		if e.Period != o.Period || !q.user.Everywhere() && private(e) {
			continue
		}
		for _, a := range e.Attachments {
			if a.SHA256 != q.PathValue("sha256") {
				continue
			}
			if err := c.log(q, didDownload, o.Case, a.SHA256); err != nil {
				return err
			}
			data, err := c.Papers.Body(a.SHA256)
			if err != nil {
				return err
			}
			download(w, q, fileName(a.Name), data)
			return nil
		}
	}
	return refuse(http.StatusNotFound, "该问题没有这个附件；请从办理记录中列出的附件里选择", "the finding has no such attachment; choose one of those in its history")
}

// findingSheet shows the sheet that goes to the unit: what was seen, by which
// clause, and how to object.
func (c *Console) findingSheet(w http.ResponseWriter, q *request) error {
	o, err := q.provable()
	if err != nil {
		return err
	}
	if c.Papers == nil {
		return notThere()
	}
	if err := c.log(q, didSheet, o.Case, o.Period); err != nil {
		return err
	}
	_, page, err := c.Papers.Pack(q.Context(), q.user, o.Facts)
	if err != nil {
		return told(err)
	}
	sandboxed(w, q, page)
	return nil
}

// findingPack hands out the pack of evidence.
func (c *Console) findingPack(w http.ResponseWriter, q *request) error {
	o, err := q.provable()
	if err != nil {
		return err
	}
	if c.Papers == nil {
		return notThere()
	}
	if err := c.log(q, didPack, o.Case, o.Period); err != nil {
		return err
	}
	pack, _, err := c.Papers.Pack(q.Context(), q.user, o.Facts)
	if err != nil {
		return told(err)
	}
	download(w, q, "证据包-"+o.Case+"-"+o.Period+".zip", pack)
	return nil
}

// provable is a finding that the program saw.
func (q *request) provable() (*cases.Occurrence, error) {
	o, err := q.finding(q.ref())
	if err != nil {
		return nil, err
	}
	if len(o.Facts.Snapshots) == 0 {
		return nil, refuse(http.StatusConflict, "该问题由人员登记，没有网页快照可作证据包；证据请用办理记录中的附件", "a person entered this finding, so there is no snapshot for a pack; its evidence is attached in the history")
	}
	return o, nil
}

// sandboxed shows a page of ours that is a document: it has its own styles, runs
// nothing and asks for nothing.
func sandboxed(w http.ResponseWriter, q *request, page []byte) {
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'")
	send(w, q.Request, http.StatusOK, "text/html; charset=utf-8", page)
}

// Veto reports whether a finding makes its site or account 不合格.
func (p findingPage) Veto() bool { return p.O.Facts.Effect == rules.EffectVeto }

package console

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"xuncha/cases"
	"xuncha/people"
)

// A deedForm is how one kind of thing is done on a page: which right it takes, and
// what its form asks for. Who may do it in which state is the table of package
// cases; see [cases.Moves].
type deedForm struct {
	kind    cases.Kind
	need    people.Right
	english string
	hint    [2]string // what it does, zh and en

	asks []string // fields of the form, beside the note
	many bool     // may be done to several findings at once
}

// The fields that forms ask for.
const (
	askDue       = "due"
	askInside    = "inside"
	askAnswer    = "answer"
	askReason    = "reason"
	askSigned    = "signed_by"
	askDocument  = "document"
	askPublicity = "publicity"
	askResult    = "result"
	askStanding  = "standing"
	askFiles     = "files"
	askOn        = "on"
)

// deeds are all that can be done to a finding, the happy path first.
var deeds = []deedForm{
	{cases.Verify, people.Propose, "ask the unit", [2]string{"发核实单给单位，按工作日定答复期限；或自行核实。", "Puts it to the unit with a day to answer by, or looks into it without."}, []string{askDue, askInside}, true},
	{cases.Reply, people.Reply, "answer", [2]string{"单位对核实单的答复。不属实须附证明或说明。", "The unit's answer. One that denies it needs proof or a note."}, []string{askAnswer, askOn, askFiles}, false},
	{cases.Standing, people.Propose, "standing before the notice", [2]string{"登记发文前状态：由程序按最近巡查登记，或人工登记所见。", "How it stands before the notice: by the newest look, or as a person saw it."}, []string{askStanding, askFiles}, true},
	{cases.Confirm, people.Propose, "confirm", [2]string{"认定问题。单项否决的问题须另一人同意。", "Confirms it. A veto takes a second person."}, []string{askFiles}, true},
	{cases.Approve, people.Review, "agree", [2]string{"作为第二人同意。", "Agrees as the second person."}, nil, true},
	{cases.Decline, people.Propose, "do not agree", [2]string{"不同意，或由提出人撤回。", "Does not agree, or takes it back."}, nil, true},
	{cases.Send, people.Sign, "send", [2]string{"交办单位整改，写明期限。", "Sends it to the unit, with a day to report by."}, []string{askDue, askDocument}, true},
	{cases.Accept, people.Reply, "accept", [2]string{"单位签收。", "The unit has it."}, nil, true},
	{cases.Report, people.Reply, "report the fix", [2]string{"报送整改报告，须写明签字的单位主要负责人。", "Reports the fix, signed by the head of the unit."}, []string{askSigned, askOn, askFiles}, false},
	{cases.Recheck, people.Propose, "re-check", [2]string{"复核：由程序按最近巡查复核，或登记人工复核所见。", "Re-checks by the newest look, or as a person saw it."}, []string{askResult, askFiles}, true},
	{cases.Clear, people.Propose, "clear", [2]string{"销号，须另一人同意。", "Clears it; takes a second person."}, nil, true},
	{cases.Return, people.Propose, "return", [2]string{"退回重改，写明理由和新期限。", "Returns it with a reason and a new day."}, []string{askDue, askFiles}, false},
	{cases.Reject, people.Propose, "not true", [2]string{"核实不属实：不再作为问题，须写明理由。", "Drops it, with a reason."}, []string{askFiles}, false},
	{cases.Exempt, people.Propose, "exempt", [2]string{"报备不计：须附报备材料，写明截止日期；须另一人同意，每季度重新核对。", "Files it and does not count it: needs the filing and an end, takes a second person, and is asked anew each quarter."}, []string{askReason, askFiles}, false},
	{cases.Object, people.Reply, "object", [2]string{"提出异议（情况说明）。", "Objects, with an explanation."}, []string{askOn, askFiles}, false},
	{cases.Uphold, people.Review, "uphold", [2]string{"答复异议，维持认定，须写明理由。", "Upholds it over the objection, with a reason."}, []string{askFiles}, false},
	{cases.Urge, people.Propose, "urge", [2]string{"催办。", "Urges the unit."}, nil, true},
	{cases.Extend, people.Review, "extend", [2]string{"延期，写明理由和新期限。", "Gives a later day, with a reason."}, []string{askDue}, true},
	{cases.Publish, people.Propose, "publicity", [2]string{"改变公开方式，写明理由。", "Changes how it is told of, with a reason."}, []string{askPublicity}, false},
	{cases.Reopen, people.Review, "reopen", [2]string{"恢复已了结的问题，写明理由。", "Takes an end back, with a reason."}, []string{askDue, askFiles}, false},
	{cases.Note, people.Reply, "remark", [2]string{"备注。办公室的备注单位看不到。", "A remark. Units do not see the office's."}, []string{askFiles}, false},
}

// deedRoutes are the routes of all deeds.
func deedRoutes() []Route {
	var all []Route
	for _, d := range deeds {
		all = append(all, Route{"POST", "/findings/do/" + string(d.kind), d.need, func(c *Console, w http.ResponseWriter, q *request) error {
			return c.do(w, q, d)
		}})
	}
	return all
}

// Kind is what is done.
func (d deedForm) Kind() cases.Kind { return d.kind }

// Word is what a deed is called.
func (d deedForm) Word(lang string) string { return d.word(lang) }

// Hint says what a deed does.
func (d deedForm) Hint(lang string) string { return sayer(lang)(d.hint[0], d.hint[1]) }

func (d deedForm) word(lang string) string { return sayer(lang)(d.kind.Chinese(), d.english) }

// kindWord is what a kind of event is called.
func kindWord(k cases.Kind, lang string) string {
	for _, d := range deeds {
		if d.kind == k {
			return d.word(lang)
		}
	}
	return sayer(lang)(k.Chinese(), string(k))
}

// mayDo reports whether the user may do something of a kind to a finding now: the
// table of cases says so for one of their roles, and they have the right. The
// second person is another than the first.
func (q *request) mayDo(d deedForm, o *cases.Occurrence) bool {
	if !q.user.May(d.need) {
		return false
	}
	for _, p := range q.persons() {
		if d.kind == cases.Approve && o.Pending != nil && o.Pending.By.Same(p) {
			return false
		}
		if slices.Contains(o.Allowed(p.Role), d.kind) {
			return true
		}
	}
	return false
}

// offers reports whether the user may do something of a kind to a finding now, once
// they fill in its form: nothing is offered that would be refused whatever is
// written.
func (c *Console) offers(q *request, d deedForm, o *cases.Occurrence) bool {
	return c.Findings != nil && q.mayDo(d, o) && c.hinders(q, d, o) == nil
}

// hinders returns why something may not be done to a finding now, whatever is
// written.
func (c *Console) hinders(q *request, d deedForm, o *cases.Occurrence) error {
	by, err := q.acting(d.kind)
	if err != nil {
		return err
	}
	at := c.Now()
	later := at.AddDate(100, 0, 0)
	_, err = q.book().Seal(c.Findings.Policy(), cases.Event{
		Case: o.Case, Period: o.Period, Kind: d.kind, At: at, By: by, Note: "—", Due: later, Answer: cases.Admitted, SignedBy: "—", Publicity: cases.Named,
		Exemption: &cases.Exemption{Reason: cases.Pause, Until: later}, Result: cases.Passed, Attachments: []cases.Attachment{cases.Attach("—", nil)},
	})
	return err
}

// maxSigned is how long the name of who signed may be.
const maxSigned = 100

// maxDone bounds to how many findings a thing is done at once.
const maxDone = 500

// do does what a form asks for, to one finding or to several.
func (c *Console) do(w http.ResponseWriter, q *request, d deedForm) error {
	if c.Findings == nil {
		return notThere()
	}
	s, err := c.form(q)
	if err != nil {
		return err
	}
	refs, said, err := c.perform(q, s, d)
	back := s.text("back")
	if refused, ok := err.(*refusal); ok {
		if len(refs) == 1 && back == refs[0].path() {
			return c.renderFinding(w, q, refs[0], refused, s, d.kind)
		}
		if list := q.behind(back); list.URL.Path == "/findings" && c.renderFindings(w, list, refused, s) == nil {
			return nil
		}
	}
	if err != nil {
		return err
	}
	zh := fmt.Sprintf("已办理：%s", d.kind.Chinese())
	en := "Done: " + d.english
	if len(refs) > 1 {
		zh, en = fmt.Sprintf("已办理：%s，%d 个问题", d.kind.Chinese(), len(refs)), fmt.Sprintf("Done: %s, %d findings", d.english, len(refs))
	}
	if len(said) > 0 {
		text := strings.Join(said[:min(len(said), shownSaid)], "；")
		if len(said) > shownSaid {
			text += " …"
		}
		zh, en = zh+"。"+text, en+". "+text
	}
	if back == "" {
		back = "/findings"
	}
	return c.done(w, q, back, zh, en)
}

// perform does what a form asks for, and returns to which findings and what was
// said. The findings are returned as well where it was refused after they had been
// found.
func (c *Console) perform(q *request, s sent, d deedForm) (refs []Ref, said []string, err error) {
	if c.Findings == nil {
		return nil, nil, notThere()
	}
	if refs, err = q.refs(s, d); err != nil {
		return nil, nil, err
	}
	deed, err := c.deed(q, s, d)
	if err != nil {
		return refs, nil, err
	}
	deed.Of = refs
	if said, err = c.Findings.Do(deed); err != nil {
		return refs, nil, told(err)
	}
	c.did(q, "finding."+string(d.kind), strings.Join(named(refs), " "), "")
	return refs, said, nil
}

// shownNamed is how many findings one line of the log names.
const shownNamed = 20

func named(refs []Ref) []string {
	var names []string
	for _, r := range refs[:min(len(refs), shownNamed)] {
		names = append(names, r.String())
	}
	return names
}

// shownSaid is how many sentences of what was seen one message holds.
const shownSaid = 5

// Path is the address of a finding.
func (r Ref) Path() string { return r.path() }

func (r Ref) path() string { return "/findings/" + r.Case + "/" + r.Period }

// String is a finding as forms name it.
func (r Ref) String() string { return r.Case + "/" + r.Period }

// refs are the findings that a form is about, each of which the user may see.
func (q *request) refs(s sent, d deedForm) ([]Ref, error) {
	var refs []Ref
	for _, text := range s.Values["of"] {
		id, period, _ := strings.Cut(text, "/")
		ref := Ref{id, period}
		if _, err := q.finding(ref); err != nil {
			return nil, err
		}
		if !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	switch {
	case len(refs) == 0:
		return nil, refuse(http.StatusBadRequest, "没有选择问题；请先勾选", "no finding is chosen; tick some first")
	case len(refs) > 1 && !d.many:
		return nil, refuse(http.StatusBadRequest, "“"+d.kind.Chinese()+"”须逐个办理；请打开问题办理", "this is done to one finding at a time; open it")
	case len(refs) > maxDone:
		return nil, refuse(http.StatusBadRequest, fmt.Sprintf("一次最多办理 %d 个；请分几次", maxDone), fmt.Sprintf("at most %d at a time; do it in parts", maxDone))
	}
	return refs, nil
}

// deed reads a form into what is to be done.
func (c *Console) deed(q *request, s sent, d deedForm) (Deed, error) {
	by, err := q.acting(d.kind)
	if err != nil {
		return Deed{}, err
	}
	deed := Deed{Event: cases.Event{Kind: d.kind, At: c.Now(), By: by, Note: s.text("note")}}
	for _, ask := range d.asks {
		if err := deed.take(s, ask); err != nil {
			return deed, err
		}
	}
	return deed, nil
}

// take reads one field of a form.
func (d *Deed) take(s sent, ask string) (err error) {
	switch ask {
	case askDue:
		d.Due, err = s.day("due", "期限", "the due day")
	case askOn:
		d.On, err = s.day("on", "发生日期", "the day")
	case askInside:
		d.Inside, err = s.ticked("inside")
	case askAnswer:
		d.Answer = cases.Answer(s.text("answer"))
	case askReason:
		x := cases.Exemption{Reason: cases.Reason(s.text("reason"))}
		x.Until, err = s.day("until", "截止日期", "the end")
		d.Exemption = &x
	case askSigned:
		d.SignedBy, err = s.line("signed_by", maxSigned, "签字人", "who signed")
	case askDocument:
		d.Document, err = s.line("document", maxText, "文号", "the document")
	case askPublicity:
		d.Publicity = s.text("publicity")
	case askResult, askStanding:
		d.Result = cases.Result(s.text("result"))
		d.ByLook = d.Result == ""
	case askFiles:
		var files []file
		if files, err = s.papers("files"); err != nil {
			return err
		}
		for _, f := range files {
			d.Attachments, d.Papers = append(d.Attachments, cases.Attach(f.name, f.data)), append(d.Papers, f.data)
		}
	}
	return err
}

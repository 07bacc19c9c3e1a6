package cases

import (
	"cmp"
	"regexp"
	"slices"
	"time"

	"xuncha/rules"
)

// fold changes an occurrence by an event that was admitted. It must never ask
// about anything but the event and the occurrence.
func (o *Occurrence) fold(e Event) {
	m, _ := moveOf(e.Kind)
	switch {
	case e.Kind == Approve:
		proposed := *o.Pending
		o.Pending = nil
		second := e.By
		d := decision(proposed)
		d.Second, d.At = &second, e.At
		if e.Note != "" {
			d.Note = joined(d.Note, e.Note)
		}
		o.become(proposed, d)
	case e.Kind == Decline:
		o.Pending = nil
	case o.takesTwo(m) && !e.Alone:
		o.Pending = &e
	default:
		o.become(e, decision(e))
	}
}

func decision(e Event) Decision {
	return Decision{At: e.At, By: e.By, Alone: e.Alone, Note: e.Note}
}

func joined(first, second string) string {
	if first == "" {
		return second
	}
	return first + "；" + second
}

// become is what an event does once everybody who must agree has.
func (o *Occurrence) become(e Event, d Decision) {
	m, _ := moveOf(e.Kind)
	switch e.Kind {
	case Raise:
		o.raise(e)
	case Verify:
		o.ask(e)
	case Reply:
		o.answer(e)
	case Standing:
		o.BeforeNotice = &NoticeStanding{On: e.happened(), By: e.By, Fixed: e.Result == Passed, Text: e.Note, Look: e.Look}
	case Confirm:
		o.Confirmed = &d
	case Reject:
		o.Rejected = &d
		o.closeObjection(nil)
	case Exempt:
		o.Exemption = &GrantedExemption{Exemption: *e.Exemption, Decision: d, Attachments: e.Attachments}
	case Reopen:
		o.reopen(e)
		return
	case Clear:
		o.Cleared = &d
	case Publish:
		o.Publicity = e.Publicity
	case Object:
		o.Objection = &Objection{On: e.happened(), By: e.By, Note: e.Note, Attachments: e.Attachments, Open: true}
	case Uphold:
		o.closeObjection(&d)
	default:
		o.fix(e)
	}
	if m.To != "" {
		o.State = m.To
	}
}

// fix is what happens between 交办 and 销号.
func (o *Occurrence) fix(e Event) {
	switch e.Kind {
	case Send:
		o.SentAt, o.Document, o.Due = e.At, e.Document, e.Due
	case Report:
		o.Reports = append(o.Reports, FixReport{
			On: e.happened(), SignedBy: e.SignedBy, Note: e.Note, Attachments: e.Attachments, Late: e.happened().After(o.Due),
		})
		o.lastReport = e.At
	case Recheck:
		o.Checks = append(o.Checks, Check{At: e.At, By: e.By, Result: e.Result, Note: e.Note, Look: e.Look})
	case Return:
		o.Returns++
		o.Due = e.Due
	case Extend:
		if o.State == Verifying {
			o.AnswerDue = e.Due
			return
		}
		o.Due = e.Due
	case Urge:
		o.Urged++
	}
}

// raise begins an occurrence, or brings another source of it: one fact with two
// sources counts once. While nobody has looked into it, a later judgement
// replaces the words of an earlier one.
func (o *Occurrence) raise(e Event) {
	sources := append(slices.Clone(o.Facts.Sources), e.Facts.Sources...)
	switch {
	case o.State == "", o.Withdrawn():
		o.Facts, o.Publicity, o.State, o.Rejected = *e.Facts, publicityOf(e), Suspected, nil
	case o.State == Suspected && o.Pending == nil && slices.Equal(e.Facts.Sources, []string{ByPatrol}):
		effect := stricter(o.Facts.Effect, e.Facts.Effect)
		o.Facts = *e.Facts
		o.Facts.Effect = effect
	}
	o.Facts.Sources = sorted(sources)
}

func (o *Occurrence) answer(e Event) {
	due := o.AnswerDue
	o.Answer = &UnitAnswer{
		Answer: e.Answer, On: e.happened(), By: e.By, Note: e.Note, Attachments: e.Attachments,
		Late: !due.IsZero() && e.happened().After(due),
	}
	o.answered, o.denied = e.Seq, e.Answer == Denied
}

func (o *Occurrence) closeObjection(upheld *Decision) {
	if o.Objection == nil || !o.Objection.Open {
		return
	}
	closed := *o.Objection
	closed.Open, closed.Upheld = false, upheld
	o.Objection = &closed
}

// reopen takes an end back. What was cleared is to be put right again; what was
// dropped or exempt is looked into anew, and whoever confirmed it must again.
func (o *Occurrence) reopen(e Event) {
	if o.State == Cleared {
		o.State, o.Cleared, o.Due = Returned, nil, e.Due
		o.Returns++
		return
	}
	o.State = Verifying
	o.Confirmed, o.Rejected, o.Exemption, o.Objection = nil, nil, nil, nil
	o.SentAt, o.Document, o.Due = time.Time{}, "", time.Time{}
	o.ask(e)
}

// ask puts the finding to the unit, where a day is set for its answer. What the
// unit denied before stays denied until it says otherwise.
func (o *Occurrence) ask(e Event) {
	if e.Due.IsZero() {
		return
	}
	o.AnswerDue, o.Asked, o.Answer, o.answered = e.Due, e.At, nil, 0
}

// Withdrawn reports whether the program took back what nobody had looked into: no
// person has decided anything about it.
func (o *Occurrence) Withdrawn() bool {
	return o.State == Unfounded && o.Rejected != nil && o.Rejected.By.Role == System
}

// delicate is what a notice tells of in general and not by name: saying who let
// personal data or wrong words out would spread them.
var delicate = regexp.MustCompile(`个人信息|隐私|表述错误|错敏|泄密|国家秘密|身份证|手机号|银行卡|住址|\d{17}[\dXx]|\b1[3-9]\d{9}\b`)

// publicityOf is how a new finding is told of until a person says otherwise.
func publicityOf(e Event) string {
	if e.Facts.Publicity == Named && delicate.MatchString(e.Facts.Text) {
		return Outlined
	}
	return e.Facts.Publicity
}

// stricter returns the graver of two effects.
func stricter(a, b rules.Effect) rules.Effect {
	order := []rules.Effect{rules.EffectNotice, rules.EffectDeduct, rules.EffectVeto}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// sorted puts sources in their order, each once.
func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b string) int { return cmp.Compare(slices.Index(sources, a), slices.Index(sources, b)) })
	return slices.Compact(list)
}

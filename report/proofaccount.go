package report

import (
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// A proofAccount is what only an account has.
type proofAccount struct {
	Name       string     `json:"registered_name"`
	NameSince  Null       `json:"observed_since"`
	UID        Null       `json:"uid"`
	Registered Null       `json:"registered_state"`
	Counted    bool       `json:"counted"`
	Owner      Null       `json:"registered_owner"`
	ShownOwner Null       `json:"observed_owner"`
	Source     Null       `json:"source"`
	Complete   bool       `json:"complete"`
	Hindrance  Null       `json:"hindrance"`
	Tries      []SourceOf `json:"tries"`
	Attested   *proofWord `json:"attested"`
	pace
	NoteEN Null `json:"note_en"`
}

// A proofWord is a person's word that the office has checked.
type proofWord struct {
	By        string `json:"by"`
	Date      Null   `json:"date"`
	Posted    Null   `json:"posted"`
	Works     *bool  `json:"works"`
	Picture   Null   `json:"picture"`
	SHA256    Null   `json:"sha256"`
	CheckedBy string `json:"checked_by"`
	CheckedOn Null   `json:"checked_on"`
}

func newProofAccount(r rules.AccountResult) *proofAccount {
	a, reading := r.Account, readingOf(r.Look)
	p := &proofAccount{
		Name: a.Name, NameSince: Null(day(r.NamedSince)), UID: Null(a.UID), Registered: Null(r.Registered),
		Counted: r.Registered != inventory.StateOffline, Owner: Null(a.Owner), ShownOwner: Null(reading.Owner),
		Source: sourceOfAccount(r), Complete: r.Whole, Hindrance: Null(reading.Hindrance), Tries: newTries(reading.Tries),
		pace: newPace(r.Pace), NoteEN: Null(r.NoteEN),
	}
	if s := r.Attested; s != nil {
		p.Attested = &proofWord{
			By: s.By, Date: Null(day(s.Date)), Posted: Null(day(s.Posted)), Works: s.Works, Picture: Null(s.Picture), SHA256: Null(s.SHA256),
			CheckedBy: s.CheckedBy, CheckedOn: Null(day(s.CheckedOn)),
		}
	}
	return p
}

// note is the hint in the language of people, as far as there is one.
func (p Proof) note(t tongue) string {
	if p.Account != nil && p.Account.NoteEN != "" {
		return t.say(string(p.Note), string(p.Account.NoteEN))
	}
	return string(p.Note)
}

// account prints what only accounts have: both names, the registration, where the
// date comes from, and how it posted in the quarter.
func (s *showing) account(p Proof) {
	a := p.Account
	if a == nil {
		return
	}
	s.line("%s %s", s.t.say("登记名称", "registered name"), a.Name)
	if p.ObservedName != "" {
		since := ""
		if a.NameSince != "" {
			since = s.t.say("（首次见于"+string(a.NameSince)+"）", " (first seen on "+string(a.NameSince)+")")
		}
		s.line("%s %s%s", s.t.say("页面显示名称", "name shown"), p.ObservedName, since)
	}
	if a.ShownOwner != "" {
		s.line("%s %s", s.t.say("显示的认证主体", "owner shown"), a.ShownOwner)
	}
	if a.Registered != "" {
		counted := ""
		if !a.Counted {
			counted = s.t.say("，不计入总数", ", not counted")
		}
		s.line("%s %s%s", s.t.say("登记状态", "registered state"), a.Registered, counted)
	}
	if a.UID != "" {
		s.line("%s %s", s.t.say("唯一标识", "uid"), a.UID)
	}
	if a.Source != "" {
		s.line("%s %s", s.t.say("日期来源", "date from"), s.t.source(extract.SourceKind(a.Source))+a.bound(s.t))
	}
	if a.DaysOut != nil {
		s.line(s.t.say("本季度自%s起：超期 %d 天，最长连续 %d 天未更新", "this quarter from %s on: %d days out of standard, at most %d in a row without a post"),
			a.GapFrom, *a.DaysOut, *a.LongestGap)
	}
	s.word(a.Attested)
}

// bound says how far a source's newest post is the account's.
func (a *proofAccount) bound(t tongue) string {
	switch {
	case a.Attested != nil:
		return ""
	case a.Complete:
		return t.say("（已见最新）", " (the newest was seen)")
	}
	return t.say("（所见不全，只作正面依据）", " (a lower bound: it may clear and accuses nobody)")
}

// word prints a person's word with its picture.
func (s *showing) word(w *proofWord) {
	if w == nil {
		return
	}
	says := s.t.say("称"+string(w.Posted)+"有发布", "says that it posted on "+string(w.Posted))
	if w.Works != nil {
		says = s.t.say("称可以下载使用", "says that it can be got and used")
		if !*w.Works {
			says = s.t.say("称无法下载或使用", "says that it cannot be got or used")
		}
	}
	s.line(s.t.say("人工核验 %s %s%s，%s %s核验", "attested %s on %s %s; checked by %s on %s"), w.By, w.Date, says, w.CheckedBy, w.CheckedOn)
	if w.Picture != "" {
		s.whole("  "+s.t.say("截图 ", "screenshot "), string(w.Picture)+"  sha256:"+string(w.SHA256))
	}
}

// sources prints each source of posts that was asked and what it said.
func (s *showing) sources(a *proofAccount) {
	if a == nil || len(a.Tries) == 0 {
		return
	}
	s.title("各来源", "Sources")
	for _, t := range a.Tries {
		s.line("  %s", joined("  ", s.t.source(extract.SourceKind(t.Source)), clean(string(t.Host)), s.t.said(t), clean(string(t.Detail))))
	}
}

// said is what a source came to, in words.
func (t tongue) said(x SourceOf) string {
	if x.Outcome != string(extract.Unread) {
		out := t.outcome(proofLook{Outcome: x.Outcome, Reason: x.Reason})
		if x.Newest != "" {
			out += " " + cutDay(x.Newest)
		}
		if x.AtLeast {
			out += t.say("（至少）", " (at least)")
		}
		if x.Hindrance != "" {
			out += t.say("，", ", ") + t.hindrance(extract.Hindrance(x.Hindrance))
		}
		return out
	}
	if x.Hindrance != "" {
		return t.stateAndReason(rules.Unknown, extract.Reason(x.Reason)) + t.say("（", " (") + t.hindrance(extract.Hindrance(x.Hindrance)) + t.say("）", ")")
	}
	return t.stateAndReason(rules.Unknown, extract.Reason(x.Reason))
}

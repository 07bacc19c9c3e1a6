package cases

import (
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/rules"
)

// A Case is a subject that fails an indicator, through all periods. It is not to
// be changed by whoever is handed one.
type Case struct {
	ID        string `json:"id"` // as rules.Finding.ID
	Subject   string `json:"subject"`
	Indicator string `json:"indicator"`

	// Occurrences stand in the order of their monitoring points.
	Occurrences []*Occurrence `json:"occurrences"`

	events []int // index in the book
}

// An Occurrence is a case in one period.
type Occurrence struct {
	Case   string `json:"case"`
	Period string `json:"period"`
	Facts  Facts  `json:"facts"`
	State  State  `json:"state"`

	// Publicity is how it is told of: the finding's, or as a person changed it.
	Publicity string `json:"publicity"`

	// Pending is a decision that waits for its second person, nil for none.
	Pending *Event `json:"pending,omitempty"`

	// Before publication. AnswerDue is the last day of a 核实单, zero where
	// nothing was asked of the unit; BeforeNotice is 发文前状态.
	AnswerDue    time.Time         `json:"answer_due,omitzero"`
	Asked        time.Time         `json:"asked,omitzero"`
	Answer       *UnitAnswer       `json:"answer,omitempty"`
	BeforeNotice *NoticeStanding   `json:"before_notice,omitempty"`
	Confirmed    *Decision         `json:"confirmed,omitempty"`
	Rejected     *Decision         `json:"rejected,omitempty"`
	Exemption    *GrantedExemption `json:"exemption,omitempty"`

	// After it. Due is the day by which the unit is to report, in force now.
	SentAt    time.Time   `json:"sent_at,omitzero"`
	Document  string      `json:"document,omitempty"`
	Due       time.Time   `json:"due,omitzero"`
	Reports   []FixReport `json:"reports,omitempty"`
	Checks    []Check     `json:"checks,omitempty"`
	Returns   int         `json:"returns,omitempty"`
	Urged     int         `json:"urged,omitempty"`
	Objection *Objection  `json:"objection,omitempty"`
	Cleared   *Decision   `json:"cleared,omitempty"`

	lastReport time.Time // moment of the newest report
	answered   int       // Seq of the answer
	denied     bool      // the unit's last word is 不属实
}

// A Decision is what was decided, by whom and why. Second is who agreed, nil
// where one person decided.
type Decision struct {
	At     time.Time `json:"at"`
	By     Person    `json:"by"`
	Second *Person   `json:"second,omitempty"`
	Alone  bool      `json:"alone,omitempty"` // took two people but for the city's policy
	Note   string    `json:"note,omitempty"`
}

// A UnitAnswer is what the unit said to a 核实单.
type UnitAnswer struct {
	Answer      Answer       `json:"answer"`
	On          time.Time    `json:"on"` // the day it came
	By          Person       `json:"by"`
	Note        string       `json:"note,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Late        bool         `json:"late,omitempty"`
}

// A NoticeStanding is how things stood shortly before the notice was issued.
// What was fixed by then stays counted and is annotated.
type NoticeStanding struct {
	On    time.Time    `json:"on"`
	By    Person       `json:"by"`
	Fixed bool         `json:"fixed"`
	Text  string       `json:"text"`
	Look  *Observation `json:"look,omitempty"`
}

// A GrantedExemption is an exemption in force.
type GrantedExemption struct {
	Exemption
	Decision
	Attachments []Attachment `json:"attachments,omitempty"`
}

// A FixReport is a 整改报告.
type FixReport struct {
	On          time.Time    `json:"on"` // the day it came
	SignedBy    string       `json:"signed_by"`
	Note        string       `json:"note,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Late        bool         `json:"late,omitempty"` // came after the day that was due
}

// A Check is one re-check.
type Check struct {
	At     time.Time    `json:"at"`
	By     Person       `json:"by"`
	Result Result       `json:"result"`
	Note   string       `json:"note,omitempty"`
	Look   *Observation `json:"look,omitempty"` // nil where a person looked
}

// An Objection is a unit's 异议.
type Objection struct {
	On          time.Time    `json:"on"`
	By          Person       `json:"by"`
	Note        string       `json:"note"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Open        bool         `json:"open"`
	Upheld      *Decision    `json:"upheld,omitempty"` // 维持认定
}

// Counted reports whether the occurrence counts in its period's notice: people
// have confirmed it, and neither was it found untrue later nor is it exempt.
// What was fixed before publication counts.
func (o *Occurrence) Counted() bool {
	return o.Confirmed != nil && o.State != Unfounded && o.State != Exempted
}

// Settled reports whether people have said what the occurrence is. A final
// notice waits for the others.
func (o *Occurrence) Settled() bool {
	return o.State != Suspected && o.State != Verifying && o.Pending == nil
}

// Open reports whether something is still to be done.
func (o *Occurrence) Open() bool { return !o.State.ends() }

// Overdue reports whether a unit has let a due day pass by the day of at: the
// answer to a 核实单, or the report of a fix.
func (o *Occurrence) Overdue(at time.Time) bool {
	due := o.Owed()
	return !due.IsZero() && extract.DayOf(at).After(due)
}

// Owed is the last day of what the unit owes, the answer to a 核实单 or the report
// of a fix; zero if it owes nothing.
func (o *Occurrence) Owed() time.Time {
	switch {
	case o.State == Verifying && o.Answer == nil:
		return o.AnswerDue
	case slices.Contains(underway, o.State):
		return o.Due
	}
	return time.Time{}
}

// Lapsed reports whether the exemption has ended by the day of at.
func (o *Occurrence) Lapsed(at time.Time) bool {
	return o.State == Exempted && extract.DayOf(at).After(o.Exemption.Until)
}

// Annotation is what a notice says beside an occurrence that counts and was put
// right before it was issued, "" for others.
func (o *Occurrence) Annotation() string {
	if !o.Counted() || o.BeforeNotice == nil || !o.BeforeNotice.Fixed {
		return ""
	}
	return "发文前已整改（" + dayText(o.BeforeNotice.On) + "）"
}

func (o *Occurrence) veto() bool { return o.Facts.Effect == rules.EffectVeto }

// lastCheck is the newest re-check since the newest report, nil for none.
func (o *Occurrence) lastCheck() *Check {
	if o.State != Rechecked || len(o.Checks) == 0 {
		return nil
	}
	return &o.Checks[len(o.Checks)-1]
}

// currentDue is the due day that the state has.
func (o *Occurrence) currentDue() time.Time {
	if o.State == Verifying {
		return o.AnswerDue
	}
	return o.Due
}

// takesTwo reports whether a move takes two people.
func (o *Occurrence) takesTwo(m Move) bool {
	switch m.people {
	case two:
		return true
	case twoForVeto:
		return o.veto()
	case twoOnceIssued:
		return o.veto() && o.Confirmed != nil
	}
	return false
}

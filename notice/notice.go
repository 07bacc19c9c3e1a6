// Package notice turns a judgement and what people decided about it into the
// official documents of a period: the 通报 with its attachments, the papers that
// follow it, and comparisons over periods.
//
// A [Notice] is a pure function of its [Input]. Nothing is read from a clock, a
// disk or a network, and the same input gives the same bytes in every format.
// What a notice was made from it carries with it, as [Made]: the parameters to
// make it again, and the digest of everything it rests on, so that what differs
// can be named.
//
// Wording is data: a [Template] that an office edits. Every number and every
// name in it is filled in from the input; a sentence about problems that are not
// there vanishes with its heading. Values never become markup or headings,
// whatever they hold.
//
// A draft shows what the program suspects and says so. A final notice takes what
// people have confirmed and nothing else, and is refused, with a [Refusal] that
// names them, while subjects are unsettled.
package notice

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/cases"
	"xuncha/extract"
	"xuncha/internal/gongwen"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

// ErrSimulated marks a final notice asked for of invented pages.
var ErrSimulated error = &sentence{"模拟数据不能出定稿", "this inventory is simulated: a final notice of it is refused"}

// A sentence is an error in both languages.
type sentence struct{ chinese, english string }

// Chinese is what to tell a user who reads Chinese.
func (s *sentence) Chinese() string { return s.chinese }
func (s *sentence) Error() string   { return s.english }

// An Input is all that a notice rests on.
type Input struct {
	City    *inventory.City
	RuleSet *rules.RuleSet
	Round   store.Round
	Result  rules.Result
	Period  report.Period

	// Book holds what people did about findings; nil or empty is nothing.
	Book *cases.Book

	// Registers are the figures of the office's registers; nil where none are kept.
	Registers *Registers

	// Owed are the monthly forms and self-checks of the period that units let pass;
	// for the paper that asks for them.
	Owed []Owed

	// Last is how the period before stood, nil where it was not kept.
	Last *Standing

	// Visits says how often sites and accounts were looked at in the period.
	Visits Visits

	Template *Template
	Final    bool

	Date   time.Time // 成文日期; zero leaves it open
	Due    time.Time // until when units report; zero is the template's days after Date
	Number string    // 发文字号, "" for none

	// Seal is the seal of the round's night, "" where it has none; Imports is how
	// many imports of registers were made by then.
	Seal    string
	Imports int

	// At is the point as it was asked for, and Config the digest of the
	// configuration in force; both for [Made].
	At, Config string
}

// Registers are the figures of the office's registers in a period.
type Registers struct {
	// Messages are those of 我为政府网站找错, nil where the office keeps no list of
	// them that speaks of the period: of messages that nobody listed a notice does
	// not say that there were none.
	Messages *Messages

	// Unreported names the units that did not send their 整改报告 of the period
	// before in time, and Deliveries are those of the period itself.
	Unreported []string
	Deliveries []Delivery
}

// Messages are the figures of 我为政府网站找错 in a period: received, closed, closed in
// time, and open past their day.
type Messages struct{ Received, Closed, OnTime, Overdue int }

// Visits counts looks at home pages and accounts in a period: 家次.
type Visits struct{ Sites, Accounts int }

// A Notice is a notice made, before it has a format.
type Notice struct {
	Draft    report.Draft
	Made     Made
	Problems Problems

	document  gongwen.Document
	in        Input
	result    rules.Result // under what people decided
	platforms []report.PlatformTally
}

// A Refusal says why there is no final notice.
type Refusal struct {
	// Unsettled names the subjects that people have not settled, with what is
	// open about each.
	Unsettled []string

	// Open are the same, for pages that lead to them.
	Open []Open
}

// An Open is what keeps a final notice from being made.
type Open struct {
	Subject string
	Finding string // ID of the case, "" where it is a verdict that nobody settled
	Name    string
	State   string // where it stands, or the verdict
}

func (o Open) String() string { return o.Name + "（" + o.State + "）" }

func (r *Refusal) Error() string {
	return "a final notice takes what people have settled, and these are not: " + named(r.Unsettled)
}

// Chinese is what to tell a user who reads Chinese.
func (r *Refusal) Chinese() string {
	return "定稿只收经人工认定的问题，以下对象尚未核定：" + named(r.Unsettled)
}

// shownUnsettled is how many names a refusal spells out in its sentence.
const shownUnsettled = 20

func named(names []string) string {
	if len(names) <= shownUnsettled {
		return strings.Join(names, "、")
	}
	return strings.Join(names[:shownUnsettled], "、") + " …"
}

// New makes a notice. It returns a [Refusal] or [ErrSimulated] for a final one
// that may not be, and an error that names the template's file and place where
// that cannot be filled in.
func New(in Input) (Notice, error) {
	in = in.withBook()
	if in.Final {
		if err := in.admit(); err != nil {
			return Notice{}, err
		}
	}
	city := *in.City // the template's tables and decimals, for this notice alone
	in.City = &city
	if err := in.Template.apply(&city); err != nil {
		return Notice{}, err
	}
	if in.Due.IsZero() && !in.Date.IsZero() && in.Template.DueDays > 0 {
		in.Due = in.Date.AddDate(0, 0, in.Template.DueDays)
	}
	s := settle(in)
	draft, err := s.by.Draft(in.City, in.RuleSet, in.Round, s.result, in.Period)
	if err != nil {
		return Notice{}, err
	}
	n := Notice{Draft: draft, Problems: problems(in, s), Made: made(in), in: in, result: s.result}
	n.platforms = report.PlatformTallies(in.City, s.result)
	anywhere := n.Made
	anywhere.Seal = ""
	n.Draft.Final, n.Draft.MadeFrom = in.Final, anywhere
	if n.document, err = n.write(); err != nil {
		return Notice{}, err
	}
	return n, nil
}

// withBook is the input with a book, if only an empty one.
func (in Input) withBook() Input {
	if in.Book == nil {
		in.Book = &cases.Book{}
	}
	return in
}

// admit refuses a final notice that may not be.
func (in Input) admit() error {
	if in.City.Simulated || in.Round.Simulated {
		return ErrSimulated
	}
	open := in.Unsettled()
	if len(open) == 0 {
		return nil
	}
	r := &Refusal{Open: open}
	for _, o := range open {
		r.Unsettled = append(r.Unsettled, o.String())
	}
	r.Unsettled = slices.Compact(r.Unsettled)
	return r
}

// Unsettled lists what keeps a final notice from being made: what people have not
// decided about, what the program found since, and verdicts that nobody settled.
func (in Input) Unsettled() []Open {
	in = in.withBook()
	var open []Open
	period := in.Period.String()
	subject := subjects(in.City)
	for _, o := range in.Book.Unsettled(period) {
		open = append(open, Open{o.Facts.Subject, o.Case, subject(o.Facts.Subject).said(), string(o.State)})
	}
	settled := map[string]bool{}
	for _, o := range in.Book.In(period) {
		settled[o.Facts.Subject] = settled[o.Facts.Subject] || o.Settled()
	}
	for _, f := range in.Result.Findings {
		if f.Effect != rules.EffectHint && in.Book.Occurrence(f.ID, period) == nil {
			open = append(open, Open{f.Subject, f.ID, subject(f.Subject).said(), "疑似，尚未列入核实"})
		}
	}
	open = append(open, in.short(subject)...)
	unsure := func(id string, v rules.Verdict) {
		if (v == rules.Pending || v == rules.NotMonitored) && !settled[id] {
			open = append(open, Open{id, "", subject(id).said(), string(v)})
		}
	}
	for _, r := range in.Result.Sites {
		unsure(r.Carrier.ID, r.Verdict)
	}
	for _, r := range in.Result.Accounts {
		unsure(r.Account.ID(), r.Verdict)
	}
	return open
}

// short names the sites that people confirmed for the number of their columns and
// that have fewer since people dropped some of them.
func (in Input) short(subject func(string) naming) (open []Open) {
	site := map[string]string{}
	for _, c := range in.City.Carriers {
		for _, col := range c.Columns {
			site[col.ID] = col.CountsTo
		}
	}
	for _, f := range in.Result.Findings {
		ind := in.RuleSet.Indicator(f.Indicator)
		if ind == nil || ind.Kind != rules.KindCount || !slices.Equal(f.Sources, []string{cases.ByPatrol}) || !counts(in.occurrence(f), true) {
			continue
		}
		left, dropped := map[string]bool{}, false
		for _, col := range in.Result.Findings {
			if site[col.Subject] != f.Subject || !slices.Contains(ind.Of, col.Indicator) {
				continue
			}
			if counts(in.occurrence(col), false) {
				left[col.Subject] = true
			} else {
				dropped = true
			}
		}
		if dropped && len(left) < ind.AtLeast {
			open = append(open, Open{f.Subject, f.ID, subject(f.Subject).said(), fmt.Sprintf("所计栏目经核实只余%d个，不足%d个，请重新核定", len(left), ind.AtLeast)})
		}
	}
	return open
}

// occurrence is what people did about a finding in the period, nil for nothing.
func (in Input) occurrence(f rules.Finding) *cases.Occurrence {
	return in.Book.Occurrence(f.ID, in.Period.String())
}

// Document is the notice as an official document.
func (n Notice) Document() gongwen.Document { return n.document }

// dayWords is a day as an official document writes it, "" for none.
func dayWords(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(extract.Beijing).Format("2006年1月2日")
}

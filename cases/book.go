package cases

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A Book is every case of a city: its events, folded. The zero Book is empty and
// ready. It is not safe for concurrent use.
//
// To add to it, [Book.Seal] an event, keep what it returns, then [Book.Apply]
// that. An event that could not be kept was never in the book.
type Book struct {
	events []Event
	cases  map[string]*Case
}

// A Head names the last event of a book.
type Head struct {
	Seq    int    `json:"seq"`
	Digest string `json:"digest"`
}

// A TamperError is an event that is not what was recorded, or not where.
type TamperError struct {
	Seq int // the place in the book, from 1
	refusal
}

type refusal = Refusal

func tampered(seq int, chinese, english string) *TamperError {
	return &TamperError{Seq: seq, refusal: *refuse(
		fmt.Sprintf("办理记录第%d条%s；请用备份核对", seq, chinese),
		fmt.Sprintf("event %d of the history %s; compare it with a backup", seq, english))}
}

// changed is an event whose content is not what its digest says.
func changed(seq int) *TamperError {
	return tampered(seq, "的内容与其校验值不符，可能被改动", "does not match its digest and may have been changed")
}

// moved is an event that does not stand where it was sealed.
func moved(seq int) *TamperError {
	return tampered(seq, "与前一条不衔接，可能有记录被删改或调换", "does not follow the one before: events may have been removed, added or moved")
}

// Open folds the events of a whole history. It returns a [TamperError] for the
// first that is not the one that was recorded.
func Open(events []Event) (*Book, error) {
	b := &Book{}
	for _, e := range events {
		if err := b.Apply(e); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Head names the last event, zero for an empty book.
func (b *Book) Head() Head {
	if len(b.events) == 0 {
		return Head{}
	}
	last := b.events[len(b.events)-1]
	return Head{last.Seq, last.Digest}
}

// Continues reports with a [TamperError] that the book does not hold the history
// up to a head that was kept elsewhere, as that of the night before.
func (b *Book) Continues(h Head) error {
	switch {
	case h.Seq == 0:
		return nil
	case h.Seq > len(b.events) || h.Seq < 0:
		return tampered(len(b.events)+1, "至第"+fmt.Sprint(h.Seq)+"条缺失", fmt.Sprintf("up to %d is missing", h.Seq))
	case b.events[h.Seq-1].Digest != h.Digest:
		return tampered(h.Seq, "与另存的校验值不符", "differs from the digest kept elsewhere")
	}
	return nil
}

// Seal checks an event against the table and the policy and returns it as it is
// to be kept. What may not be done is a [Refusal]. The book does not change.
func (b *Book) Seal(p Policy, e Event) (Event, error) {
	e, err := e.tidy()
	if err != nil {
		return Event{}, err
	}
	if e.Case == "" && e.Facts != nil {
		e.Case = caseID(*e.Facts)
	}
	if err := p.admits(e.By); err != nil {
		return Event{}, err
	}
	o := b.Occurrence(e.Case, e.Period)
	if e.Kind == Approve && o != nil && o.Pending != nil && p.likely(o.Pending.By, e.By) {
		return Event{}, o.Pending.byAnother()
	}
	e.Alone = false
	if m, known := moveOf(e.Kind); known && p.Alone {
		e.Alone = o != nil && o.takesTwo(m)
	}
	if err := b.admit(e); err != nil {
		return Event{}, err
	}
	b.link(&e)
	digest, err := e.seal()
	e.Digest = digest
	return e, err
}

// link sets an event behind the last of the book and of its case.
func (b *Book) link(e *Event) {
	e.Seq, e.OfCase = len(b.events)+1, 1
	e.Prior, e.PriorOfCase = b.Head().Digest, ""
	if c := b.cases[e.Case]; c != nil {
		last := b.events[c.events[len(c.events)-1]]
		e.OfCase, e.PriorOfCase = last.OfCase+1, last.Digest
	}
}

// Apply adds a sealed event to the book. One that was not sealed by this book in
// this state is a [TamperError], and the book does not change.
func (b *Book) Apply(e Event) error {
	seq := len(b.events) + 1
	digest, err := e.seal()
	if err != nil {
		return err
	}
	linked := e
	b.link(&linked)
	switch {
	case e.Digest != digest:
		return changed(seq)
	case e.Seq != linked.Seq || e.OfCase != linked.OfCase || e.Prior != linked.Prior || e.PriorOfCase != linked.PriorOfCase:
		return moved(seq)
	}
	if err := b.admit(e); err != nil {
		english := err.Error()
		chinese := english
		if r := (*Refusal)(nil); errors.As(err, &r) {
			chinese = r.Chinese()
		}
		return tampered(seq, "不合规定（"+chinese+"）", "is one that may not be ("+english+")")
	}
	b.add(e)
	return nil
}

// add folds one event that is known to be in order.
func (b *Book) add(e Event) {
	if b.cases == nil {
		b.cases = map[string]*Case{}
	}
	c := b.cases[e.Case]
	if c == nil {
		c = &Case{ID: e.Case, Subject: e.Facts.Subject, Indicator: e.Facts.Indicator}
		b.cases[e.Case] = c
	}
	c.events = append(c.events, len(b.events))
	b.events = append(b.events, e)
	o := c.in(e.Period)
	if o == nil {
		o = &Occurrence{Case: c.ID, Period: e.Period}
		c.Occurrences = append(c.Occurrences, o)
	}
	o.fold(e)
	slices.SortStableFunc(c.Occurrences, func(a, b *Occurrence) int { return comparePeriods(a.Period, a.Facts.Point, b.Period, b.Facts.Point) })
}

// comparePeriods orders periods. Quarters stand in their own order: what people
// found in the third may be entered when the fourth was judged already. Beside one
// of another name, points tell.
func comparePeriods(x string, pointX time.Time, y string, pointY time.Time) int {
	if aQuarter.MatchString(x) && aQuarter.MatchString(y) {
		return strings.Compare(x, y)
	}
	return pointX.Compare(pointY)
}

// aQuarter is a period that is a quarter: 2023Q3.
var aQuarter = regexp.MustCompile(`^\d{4}Q[1-4]$`)

// in returns a case's occurrence in a period, nil for none.
func (c *Case) in(period string) *Occurrence {
	if c == nil {
		return nil
	}
	for _, o := range c.Occurrences {
		if o.Period == period {
			return o
		}
	}
	return nil
}

// Repeats counts the earlier periods in which the case counted.
func (c *Case) Repeats(period string) int {
	n := 0
	for _, o := range c.Occurrences {
		if o.Period == period {
			return n
		}
		if o.Counted() {
			n++
		}
	}
	return 0
}

// Case returns a case, nil if there is none.
func (b *Book) Case(id string) *Case { return b.cases[id] }

// Occurrence returns a case in a period, nil if there is none.
func (b *Book) Occurrence(id, period string) *Occurrence { return b.cases[id].in(period) }

// Cases returns every case, by subject and indicator.
func (b *Book) Cases() []*Case {
	all := make([]*Case, 0, len(b.cases))
	for _, c := range b.cases {
		all = append(all, c)
	}
	slices.SortFunc(all, func(x, y *Case) int {
		return cmp.Or(cmp.Compare(x.Subject, y.Subject), cmp.Compare(x.Indicator, y.Indicator), cmp.Compare(x.ID, y.ID))
	})
	return all
}

// In returns what was found in a period, by subject and indicator.
func (b *Book) In(period string) []*Occurrence {
	var found []*Occurrence
	for _, c := range b.Cases() {
		if o := c.in(period); o != nil {
			found = append(found, o)
		}
	}
	return found
}

// Periods returns the periods of the book in the order of their points.
func (b *Book) Periods() []string {
	latest := map[string]time.Time{}
	var names []string
	for _, c := range b.cases {
		for _, o := range c.Occurrences {
			at, seen := latest[o.Period]
			if !seen {
				names = append(names, o.Period)
			}
			if !seen || o.Facts.Point.After(at) {
				latest[o.Period] = o.Facts.Point
			}
		}
	}
	slices.SortFunc(names, func(x, y string) int {
		return cmp.Or(comparePeriods(x, latest[x], y, latest[y]), cmp.Compare(x, y))
	})
	return names
}

// Unsettled returns what people have not decided about in a period: what keeps a
// final notice from being issued.
func (b *Book) Unsettled(period string) []*Occurrence {
	return slices.DeleteFunc(b.In(period), (*Occurrence).Settled)
}

// Overdue returns, of all periods, what a unit owes and has not done by the day
// of at.
func (b *Book) Overdue(at time.Time) []*Occurrence {
	return b.where(func(o *Occurrence) bool { return o.Overdue(at) })
}

// Reask returns the findings of a period that nobody has decided about and whose
// case was exempt when it was last found: each quarter asks anew.
func (b *Book) Reask(period string) []*Occurrence {
	return slices.DeleteFunc(b.In(period), func(o *Occurrence) bool { return !b.AsksAnew(o) })
}

// AsksAnew reports whether nobody has decided about a finding whose case was
// exempt when it was last found.
func (b *Book) AsksAnew(o *Occurrence) bool {
	before := b.cases[o.Case].before(o)
	return !o.Settled() && before != nil && before.State == Exempted
}

// Exemptions returns the exemptions in force on the day of at.
func (b *Book) Exemptions(at time.Time) []*Occurrence {
	return b.where(func(o *Occurrence) bool { return o.State == Exempted && !o.Lapsed(at) })
}

// before returns the occurrence before another, nil for the first.
func (c *Case) before(o *Occurrence) *Occurrence {
	if i := slices.Index(c.Occurrences, o); i > 0 {
		return c.Occurrences[i-1]
	}
	return nil
}

func (b *Book) where(holds func(*Occurrence) bool) []*Occurrence {
	var found []*Occurrence
	for _, c := range b.Cases() {
		for _, o := range c.Occurrences {
			if holds(o) {
				found = append(found, o)
			}
		}
	}
	return found
}

// Events returns the whole history, to be kept or sent elsewhere.
func (b *Book) Events() []Event { return slices.Clone(b.events) }

// EventsOf returns the history of one case.
func (b *Book) EventsOf(id string) []Event {
	c := b.cases[id]
	if c == nil {
		return nil
	}
	events := make([]Event, 0, len(c.events))
	for _, i := range c.events {
		events = append(events, b.events[i])
	}
	return events
}

// VerifyCase checks the history of one case that stands alone, as in a folder of
// proof. That events at its end are missing, it cannot see.
func VerifyCase(events []Event) error {
	prior := ""
	for i, e := range events {
		digest, err := e.seal()
		switch {
		case err != nil:
			return err
		case e.Digest != digest:
			return changed(i + 1)
		case e.OfCase != i+1 || e.PriorOfCase != prior || e.Case != events[0].Case:
			return moved(i + 1)
		}
		prior = e.Digest
	}
	return nil
}

package office

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"xuncha/cases"
	"xuncha/extract"
	"xuncha/store"
)

// A Desk is the book of all cases, what the city says of the people who act, and
// what has been done since the book was opened. Nothing of that is kept before it
// is filed. A desk is for one thing to be done at; it is not safe for concurrent
// use.
type Desk struct {
	Setup
	Store  *store.Store
	policy cases.Policy

	// Book holds what is kept, and what was done since.
	Book *cases.Book

	head   cases.Head // of what is kept
	events []cases.Event
	papers [][]byte
}

// Open is a desk over an open store under a configuration.
func Open(st *store.Store, s Setup) (*Desk, error) {
	book, err := st.Book()
	if err != nil {
		return nil, err
	}
	return &Desk{Setup: s, Store: st, policy: s.Policy(), Book: book, head: book.Head()}, nil
}

// Policy is what the city decides about the life of findings.
func (s Setup) Policy() cases.Policy {
	p := s.City.People
	policy := cases.Policy{Alone: p.Alone, AnswerDays: p.AnswerDays, Formerly: s.Formerly}
	for _, who := range p.List {
		for _, role := range who.Roles {
			policy.People = append(policy.People, cases.Person{Name: who.Name, Role: cases.Role(role)})
		}
	}
	policy.People = append(policy.People, s.Users...)
	return policy
}

// Do seals an event and adds it to the book.
func (d *Desk) Do(e cases.Event) error {
	sealed, err := d.Book.Seal(d.policy, e)
	if err != nil {
		return d.about(e, err)
	}
	if err := d.Book.Apply(sealed); err != nil {
		return d.about(e, err)
	}
	d.events = append(d.events, sealed)
	return nil
}

// Done returns what was done and not yet filed.
func (d *Desk) Done() []cases.Event { return d.events }

// about says of which finding a refusal is.
func (d *Desk) about(e cases.Event, err error) error {
	var refusal *cases.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	of := e.Case
	if o := d.Book.Occurrence(e.Case, e.Period); o != nil {
		of = fmt.Sprintf("%s（%s，%s）", SubjectName(d.City, o.Facts.Subject), e.Case, e.Period)
	}
	if of != "" {
		of += "："
	}
	return &Saying{
		Text: of + refusal.Chinese(),
		Err:  fmt.Errorf("%s%w", strings.NewReplacer("（", " (", "，", ", ", "）", ")", "：", ": ").Replace(of), err),
	}
}

// Attach remembers a paper for filing.
func (d *Desk) Attach(name string, data []byte) cases.Attachment {
	d.papers = append(d.papers, data)
	return cases.Attach(name, data)
}

// File keeps what was done, all of it or nothing. Where others have filed since
// the desk was opened it is [store.ErrMoved].
func (d *Desk) File() error {
	err := d.Store.AppendEvents(d.head, d.events, d.papers...)
	if err == nil {
		d.head, d.events, d.papers = d.Book.Head(), nil, nil
	}
	return err
}

// Clock is the moment of what is done, by the clock that the caller has. Of a
// simulated store it stands at its newest round, or at what was done since.
func (d *Desk) Clock(now time.Time) (at time.Time, simulated bool, err error) {
	rounds, err := d.Store.Rounds()
	if err != nil {
		return time.Time{}, false, err
	}
	newest := time.Time{}
	for _, r := range rounds {
		simulated = simulated || r.Simulated
		for _, t := range []time.Time{r.Started, r.Finished} {
			if t.After(newest) {
				newest = t
			}
		}
	}
	if !simulated {
		return now.In(extract.Beijing), false, nil
	}
	if events := d.Book.Events(); len(events) > 0 && events[len(events)-1].At.After(newest) {
		newest = events[len(events)-1].At
	}
	return newest, true, nil
}

// shortestID is how many characters of a finding's number tell it from others.
const shortestID = 4

// Find returns the finding that a person means, in a period, or in its newest:
// by number, the beginning of it, or its subject where that has but one.
func (d *Desk) Find(ref, period string) (*cases.Occurrence, error) {
	var found []*cases.Occurrence
	period = strings.ToUpper(period)
	for _, c := range d.Book.Cases() {
		if c.ID != ref && c.Subject != ref && !(len(ref) >= shortestID && strings.HasPrefix(c.ID, ref)) {
			continue
		}
		o := c.Occurrences[len(c.Occurrences)-1]
		if period != "" {
			o = d.Book.Occurrence(c.ID, period)
		}
		if o != nil {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, Say("没有问题“%s”；请用 xuncha finding list 查看编号", "no finding %s; xuncha finding list shows their numbers", strings.TrimSpace(ref+" "+period))
	}
	var ids []string
	for _, o := range found {
		ids = append(ids, o.Case)
	}
	return nil, Say("“%s”有多个问题：%s；请写编号", "%s has several findings: %s; name one by its number", ref, strings.Join(ids, ", "))
}

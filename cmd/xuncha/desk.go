package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"xuncha/cases"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/store"
)

// A desk is where findings are dealt with: the book of all cases, what the city
// says of the people who act, and what has been done since the book was opened.
// Nothing of that is kept before it is filed.
type desk struct {
	app    *app
	store  *store.Store
	setup  setup
	policy cases.Policy

	book   *cases.Book
	head   cases.Head // of what is kept
	events []cases.Event
	papers [][]byte
}

// openDesk opens the book in a data folder under a configuration; create says
// that a folder without a store gets one.
func (a *app) openDesk(data, config string, create bool) (*desk, error) {
	s, err := loadSetup(config)
	if err != nil {
		return nil, err
	}
	st, err := openStore(data, store.Options{Create: create})
	if err != nil {
		return nil, err
	}
	d, err := a.deskOf(st, s)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return d, nil
}

// deskOf is a desk over an open store.
func (a *app) deskOf(st *store.Store, s setup) (*desk, error) {
	book, err := st.Book()
	if err != nil {
		return nil, err
	}
	return &desk{app: a, store: st, setup: s, policy: policyOf(s.city.People), book: book, head: book.Head()}, nil
}

// policyOf is what a city decides about the life of findings.
func policyOf(p inventory.People) cases.Policy {
	policy := cases.Policy{Alone: p.Alone, AnswerDays: p.AnswerDays}
	for _, who := range p.List {
		for _, role := range who.Roles {
			policy.People = append(policy.People, cases.Person{Name: who.Name, Role: cases.Role(role)})
		}
	}
	return policy
}

// do seals an event and adds it to the book.
func (d *desk) do(e cases.Event) error {
	sealed, err := d.book.Seal(d.policy, e)
	if err != nil {
		return d.about(e, err)
	}
	if err := d.book.Apply(sealed); err != nil {
		return d.about(e, err)
	}
	d.events = append(d.events, sealed)
	return nil
}

// about says of which finding a refusal is.
func (d *desk) about(e cases.Event, err error) error {
	var refusal *cases.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	of := e.Case
	if o := d.book.Occurrence(e.Case, e.Period); o != nil {
		of = fmt.Sprintf("%s（%s，%s）", e.Case, o.Facts.Subject, e.Period)
	}
	if of != "" {
		of += "："
	}
	return &saying{
		chinese: of + refusal.Chinese(),
		err:     fmt.Errorf("%s%w", strings.NewReplacer("（", " (", "，", ", ", "）", ")", "：", ": ").Replace(of), err),
	}
}

// file keeps what was done, all of it or nothing.
func (d *desk) file() error {
	err := d.store.AppendEvents(d.head, d.events, d.papers...)
	if err == nil {
		d.head, d.events, d.papers = d.book.Head(), nil, nil
	}
	return err
}

// close ends the use of the store.
func (d *desk) close() error { return d.store.Close() }

// now is the moment of what is done: as given, else the clock's. The clock of a
// simulated store stands at its newest round, or at what was done since.
func (d *desk) now(given string) (time.Time, error) {
	rounds, err := d.store.Rounds()
	if err != nil {
		return time.Time{}, err
	}
	simulated, newest := false, time.Time{}
	for _, r := range rounds {
		simulated = simulated || r.Simulated
		for _, t := range []time.Time{r.Started, r.Finished} {
			if t.After(newest) {
				newest = t
			}
		}
	}
	if given == "" && !simulated {
		return time.Now().In(extract.Beijing), nil
	}
	if given == "" {
		if events := d.book.Events(); len(events) > 0 && events[len(events)-1].At.After(newest) {
			newest = events[len(events)-1].At
		}
		return newest, nil
	}
	at, err := parseDeed(given)
	if err != nil {
		return time.Time{}, usage("--at: %w", err)
	}
	clock := time.Now().In(extract.Beijing)
	switch {
	case simulated || !at.After(clock):
		return at, nil
	case len(given) == len(time.DateOnly) && extract.DayOf(at).Equal(extract.DayOf(clock)):
		return clock, nil // today, as far as it has come
	}
	return time.Time{}, misuse("--at %s 还没有到；办理之后再登记", "--at %s lies in the future: what will be done is not recorded before", given)
}

// parseDeed reads when something was done: RFC 3339, or a date, which means the
// last second of that day.
func parseDeed(text string) (time.Time, error) {
	t, err := parseMoment(text)
	if err == nil && len(text) == len(time.DateOnly) {
		t = t.Add(-time.Second)
	}
	return t, err
}

// parseDate reads a day.
func parseDate(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, extract.Beijing)
	if err != nil {
		return time.Time{}, misuse("%s %q 不是日期：请写成 2023-10-20", "%s %q is no date: write it as 2023-10-20", flag, text)
	}
	return day, nil
}

// attach reads papers and remembers them for filing.
func (d *desk) attach(names []string) ([]cases.Attachment, error) {
	var list []cases.Attachment
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("attachment: %w", err)
		}
		sum := sha256.Sum256(data)
		list = append(list, cases.Attachment{Name: filepath.Base(name), SHA256: hex.EncodeToString(sum[:]), Size: int64(len(data))})
		d.papers = append(d.papers, data)
	}
	return list, nil
}

// shortestID is how many characters of a finding's number tell it from others.
const shortestID = 4

// find returns the finding that a person means, in a period, or in its newest:
// by number, the beginning of it, or its subject where that has but one.
func (d *desk) find(ref, period string) (*cases.Occurrence, error) {
	var found []*cases.Occurrence
	period = strings.ToUpper(period)
	for _, c := range d.book.Cases() {
		if c.ID != ref && c.Subject != ref && !(len(ref) >= shortestID && strings.HasPrefix(c.ID, ref)) {
			continue
		}
		o := c.Occurrences[len(c.Occurrences)-1]
		if period != "" {
			o = d.book.Occurrence(c.ID, period)
		}
		if o != nil {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, say("没有问题“%s”；请用 xuncha finding list 查看编号", "no finding %s; xuncha finding list shows their numbers", strings.TrimSpace(ref+" "+period))
	}
	var ids []string
	for _, o := range found {
		ids = append(ids, o.Case)
	}
	return nil, say("“%s”有多个问题：%s；请写编号", "%s has several findings: %s; name one by its number", ref, strings.Join(ids, ", "))
}

// unitName is a unit's name in notices.
func (d *desk) unitName(id string) string { return nameOfUnit(d.setup.city, id) }

func nameOfUnit(city *inventory.City, id string) string {
	if u, ok := city.Unit(id); ok {
		return u.Name
	}
	return id
}

// unitID finds a unit by any of its names.
func unitID(city *inventory.City, name string) (string, error) {
	for _, u := range city.Units {
		if u.ID == name || u.Name == name || u.FullName == name || slices.Contains(u.Aliases, name) {
			return u.ID, nil
		}
	}
	return "", say("没有单位“%s”；请写 units.yaml 中的编号或名称", "no unit %s; write its ID or name as in units.yaml", name)
}

// A named subject is one of the inventory: what people call it, and the unit that
// answers for it.
type named struct{ name, unit string }

// subjectOf finds a subject in the inventory.
func subjectOf(city *inventory.City, id string) (named, bool) {
	for _, c := range city.Carriers {
		if c.ID == id {
			return named{c.Name, c.Unit}, true
		}
		for _, col := range c.Columns {
			if col.ID == id {
				return named{c.Name + "：" + col.Name, col.Unit}, true
			}
		}
		for _, s := range c.Sections {
			if s.ID == id {
				return named{c.Name + "：" + s.Spec.Name, s.Unit}, true
			}
		}
	}
	if code, is := strings.CutPrefix(id, "account:"); is {
		acc, known := city.Account(code)
		return named{acc.Name + "（" + report.PlatformName(city, acc.Platform) + "）", acc.Unit}, known
	}
	if unit, is := strings.CutPrefix(id, "unit:"); is {
		unit, _, _ = strings.Cut(unit, "/")
		_, known := city.Unit(unit)
		return named{nameOfUnit(city, unit), unit}, known
	}
	return named{}, false
}

// subjectName is what people call a subject; of one that is not in the inventory
// it is the ID.
func subjectName(city *inventory.City, id string) string {
	if s, known := subjectOf(city, id); known {
		return s.name
	}
	return id
}

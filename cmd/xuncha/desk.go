package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"xuncha/cases"
	"xuncha/extract"
	bureau "xuncha/office"
	"xuncha/people"
	"xuncha/store"
)

// A desk is where findings are dealt with, as commands use it.
type desk struct{ *bureau.Desk }

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

// deskOf is a desk over an open store. Who decides are the people of the configuration
// and the users of the console.
func (a *app) deskOf(st *store.Store, s setup) (*desk, error) {
	gate, err := people.Open(people.Config{Store: st, Log: a.log})
	if err != nil {
		return nil, err
	}
	o := s.office()
	if o.Users, o.Formerly, err = decidersOf(gate); err != nil {
		return nil, err
	}
	d, err := bureau.Open(st, o)
	if err != nil {
		return nil, err
	}
	return &desk{d}, nil
}

// close ends the use of the store.
func (d *desk) close() error { return d.Store.Close() }

// now is the moment of what is done: as given, else the clock's. The clock of a
// simulated store stands at its newest round, or at what was done since.
func (d *desk) now(given string) (time.Time, error) {
	clock, simulated, err := d.Clock(time.Now())
	if err != nil || given == "" {
		return clock, err
	}
	at, err := parseDeed(given)
	if err != nil {
		return time.Time{}, usage("--at: %w", err)
	}
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
		list = append(list, d.Attach(filepath.Base(name), data))
	}
	return list, nil
}

// unitName is a unit's name in notices.
func (d *desk) unitName(id string) string { return bureau.UnitName(d.City, id) }

// subjectName is what people call a subject.
func (d *desk) subjectName(id string) string { return bureau.SubjectName(d.City, id) }

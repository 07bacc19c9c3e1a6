package office

import (
	"time"

	"xuncha/cases"
)

// A Deed is one thing that somebody does to findings: who, when, why and what the
// kind asks for. Case and Period are those of each finding. Attachments are those
// of [Desk.Attach].
type Deed struct {
	cases.Event

	// Inside looks into findings without asking their units, of verify.
	Inside bool
}

// Move does one thing to all findings that are meant. On an error nothing of it is
// to be filed. A day that is not given follows from the city's working days: that
// by which a unit answers, and that by which it reports.
func (d *Desk) Move(deed Deed, found []*cases.Occurrence) error {
	e := deed.Event
	if e.Due.IsZero() {
		var err error
		if e.Due, err = d.dueOf(deed); err != nil {
			return err
		}
	}
	for _, o := range found {
		one := e
		one.Case, one.Period = o.Case, o.Period
		if one.By.Role == cases.Unit && one.By.Unit == "" {
			one.By.Unit = o.Facts.Unit
		}
		if err := d.Do(one); err != nil {
			return err
		}
	}
	return nil
}

// dueOf is the day that a deed has where nobody gave one, zero for none.
func (d *Desk) dueOf(deed Deed) (due time.Time, err error) {
	switch days := d.City.People.ReportDays; {
	case deed.Kind == cases.Verify && !deed.Inside:
		return d.policy.AnswerBy(d.City.Workdays(), deed.At)
	case deed.Kind == cases.Send && days > 0:
		return d.City.Workdays().Add(deed.At, days)
	}
	return due, nil
}

// ByUnits reports whether units' clerks do something, so that nobody need say so.
func ByUnits(kind cases.Kind) bool {
	return kind == cases.Reply || kind == cases.Accept || kind == cases.Report || kind == cases.Object
}

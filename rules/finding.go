package rules

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"xuncha/extract"
	"xuncha/inventory"
)

// What a finding says of itself.
const (
	patrolled = "巡查"
	suspected = "疑似"
	confirmed = "认定"
)

// findings collects findings, one per subject and indicator.
type findings struct {
	all []Finding
}

// add notes what the machine found.
func (fs *findings) add(ind Indicator, f Finding) {
	f.Indicator, f.Effect, f.Publicity, f.Basis = ind.ID, ind.Effect, ind.Publicity, ind.Basis
	f.ID = FindingID(f.Subject, f.Indicator)
	f.Sources, f.Status, f.Preliminary = []string{patrolled}, suspected, true
	fs.all = append(fs.all, f)
}

// of returns the finding of a subject by an indicator, or nil.
func (fs *findings) of(subject, indicator string) *Finding {
	for i := len(fs.all) - 1; i >= 0; i-- {
		if f := &fs.all[i]; f.Subject == subject && f.Indicator == indicator {
			return f
		}
	}
	return nil
}

func (fs *findings) sorted() []Finding {
	slices.SortFunc(fs.all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Indicator, b.Indicator))
	})
	return fs.all
}

// FindingID names what a subject fails by an indicator for ever: the same over
// rounds and quarters, and for whoever finds it.
func FindingID(subject, indicator string) string {
	sum := sha256.Sum256([]byte(subject + "\n" + indicator))
	return hex.EncodeToString(sum[:8])
}

// registered takes the registers' entries on a subject over, after the machine's
// own findings. A fact with two sources stays one finding: the machine's words,
// which hold a date, and the other body's authority.
func (j *judge) registered(subject, unit string) {
	for _, e := range j.entries[subject] {
		f := j.findings.of(subject, e.Indicator)
		if f == nil {
			ind := *j.set.Indicator(e.Indicator)
			j.findings.add(ind, Finding{Subject: subject, Unit: unit, Since: extract.DayOf(e.Date), Text: e.Text})
			f = &j.findings.all[len(j.findings.all)-1]
			f.Sources = nil
		}
		if !slices.Contains(f.Sources, e.Source) {
			f.Sources = append(f.Sources, e.Source)
		}
		// What the body itself printed is settled, whatever else is inferred.
		f.Preliminary = f.Preliminary && e.Inferred
		f.Status = confirmed
	}
}

// entered reports whether a register holds the fact.
func (j *judge) entered(subject, indicator string) bool {
	return slices.ContainsFunc(j.entries[subject], func(e inventory.Entry) bool { return e.Indicator == indicator })
}

// A failure is a veto that the machine found, as printed.
type failure struct {
	indicator, text string
}

// vetoes returns the reasons for which a subject fails: the machine's own, then
// those of the registers that it did not find itself.
func (j *judge) vetoes(subject string, own []failure) []string {
	var reasons []string
	for _, f := range own {
		reasons = append(reasons, f.text)
	}
	for _, e := range j.entries[subject] {
		found := slices.ContainsFunc(own, func(f failure) bool { return f.indicator == e.Indicator })
		if !found && j.set.Indicator(e.Indicator).Effect == EffectVeto {
			own = append(own, failure{e.Indicator, e.Text})
			reasons = append(reasons, e.Text)
		}
	}
	return reasons
}

// say fills in an indicator's text.
func (j *judge) say(ind Indicator, count int) string {
	return strings.NewReplacer("{year}", strconv.Itoa(j.day.Year()), "{count}", strconv.Itoa(count)).Replace(ind.Text)
}

// CheckRegisters reports every entry that speaks of a subject that is not in the
// inventory or of an indicator that is not in the rule set, or that has no date.
// [Judge] passes them over.
func CheckRegisters(city *inventory.City, set *RuleSet) error {
	known := map[string]bool{}
	for _, c := range city.Carriers {
		known[c.ID] = true
		for _, col := range c.Columns {
			known[col.ID] = true
		}
		for _, sec := range c.Sections {
			known[sec.ID] = true
		}
	}
	for _, a := range city.Accounts {
		known[a.ID()] = true
	}
	var errs []error
	for i, e := range city.Registers {
		if !known[e.Subject] {
			errs = append(errs, fmt.Errorf("registers: entry %d: %q is no site, column, section or account; mend the subject", i+1, e.Subject))
		}
		if e.Date.IsZero() {
			errs = append(errs, fmt.Errorf("registers: entry %d: no date; add the day of the body's notice", i+1))
		}
		if set.Indicator(e.Indicator) == nil {
			errs = append(errs, fmt.Errorf("registers: entry %d: %q is no indicator of %s; mend the indicator", i+1, e.Indicator, set.ID))
		}
	}
	return errors.Join(errs...)
}

package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// Judge judges a whole city at a point. Columns, sections and sites stand in
// the order of the carriers, accounts in their own; those that are 永久下线 stand
// apart, because they are no longer counted. Findings are sorted by subject and
// indicator.
//
// An entry of a register counts where it is dated from the first day of the
// point's quarter up to 31 days after the point, because a superior's notice
// often comes later than its look. One that speaks of an unknown subject or
// indicator is passed over; see [CheckRegisters].
func Judge(in Input) Result {
	j := newJudge(in)
	r := Result{Point: in.Point, PointDay: j.day}
	for _, c := range in.City.Carriers {
		for _, col := range c.Columns {
			r.Columns = append(r.Columns, j.column(c, col))
		}
		for _, sec := range c.Sections {
			r.Sections = append(r.Sections, j.section(c, sec))
		}
	}
	for _, a := range in.City.Accounts {
		if j.stateOf(a) == inventory.StateOffline {
			r.Uncounted = append(r.Uncounted, j.uncounted(a))
			continue
		}
		r.Accounts = append(r.Accounts, j.account(a))
	}
	j.single()
	r.Platforms = j.health()
	for _, c := range in.City.Carriers {
		if c.Kind == inventory.Site {
			r.Sites = append(r.Sites, j.site(c, r.Columns))
		}
	}
	r.Findings = j.findings.sorted()
	return r
}

// A judge holds what every judgement needs.
type judge struct {
	in       Input
	set      *RuleSet
	day      time.Time // the point's
	quarter  time.Time // first day of the quarter that holds it
	from, to time.Time // the interval of looks that may accuse
	levels   map[string]inventory.Level
	entries  map[string][]inventory.Entry // in force, by subject
	findings findings
	doubts   map[string]map[int]doubt // of looks that are not their subject's own

	knocks []knock // all that tell something, in order of time; nil until asked for

	platforms map[string]inventory.Platform // of accounts, by subject
	answered  map[string]bool               // accounts for whose feed somebody answers
	shaken    map[passing]extract.Reason    // rounds in which a platform was hardly read, and why
}

func newJudge(in Input) *judge {
	j := &judge{
		in: in, set: in.RuleSet,
		day:     extract.DayOf(in.Point.Add(-time.Nanosecond)),
		from:    in.Point.Add(-in.RuleSet.Before),
		to:      in.Point.Add(in.RuleSet.After),
		levels:  map[string]inventory.Level{},
		entries: map[string][]inventory.Entry{}, platforms: map[string]inventory.Platform{}, answered: map[string]bool{},
	}
	j.quarter = quarterOf(j.day)
	for _, a := range in.City.Accounts {
		j.platforms[a.ID()], j.answered[a.ID()] = a.Platform, a.FeedWhole
	}
	for _, u := range in.City.Units {
		j.levels[u.ID] = u.Level
	}
	for _, e := range in.Registers {
		if in.RuleSet.Indicator(e.Indicator) != nil && InForce(e, j.day) {
			j.entries[e.Subject] = append(j.entries[e.Subject], e)
		}
	}
	j.doubts = j.shared()
	j.shaken = j.passings()
	return j
}

// later is how long after the point another body's finding may still be dated.
const later = 31

// InForce reports whether an entry of a register bears on a point, by the point's
// day; see [Judge]. One that names its quarter bears on no other.
func InForce(e inventory.Entry, pointDay time.Time) bool {
	day := extract.DayOf(e.Date)
	if e.Period != "" {
		return e.Period == fmt.Sprintf("%dQ%d", pointDay.Year(), (int(pointDay.Month())+2)/3)
	}
	return !day.Before(quarterOf(pointDay)) && !day.After(pointDay.AddDate(0, 0, later))
}

// quarterOf is the first day of the quarter that holds a day.
func quarterOf(day time.Time) time.Time {
	return time.Date(day.Year(), (day.Month()-1)/3*3+1, 1, 0, 0, 0, 0, extract.Beijing)
}

// A target is what an indicator may or may not apply to.
type target struct {
	unit     string
	level    inventory.Level
	carrier  inventory.CarrierKind
	class    inventory.Class
	platform inventory.Platform
	name     string
}

func (j *judge) targetOf(c inventory.Carrier, col inventory.Column) target {
	return target{unit: col.Unit, level: j.levels[col.Unit], carrier: c.Kind, class: col.Class, name: col.Name}
}

// applicable returns the indicators of some kinds that apply to a target, in the
// order of the rule set, those replaced by another left out.
func (j *judge) applicable(t target, kinds ...Kind) []Indicator {
	var found []Indicator
	for _, ind := range j.set.Indicators {
		if slices.Contains(kinds, ind.Kind) && ind.appliesTo(t) {
			found = append(found, ind)
		}
	}
	replaced := map[string]bool{}
	for _, ind := range found {
		for _, id := range ind.Replaces {
			replaced[id] = ind.Confirmed
		}
	}
	return slices.DeleteFunc(found, func(ind Indicator) bool { return replaced[ind.ID] })
}

func (i Indicator) appliesTo(t target) bool {
	admits := func(list []string, s string) bool { return len(list) == 0 || slices.Contains(list, s) }
	return admits(i.Classes, string(t.class)) && admits(i.Carriers, string(t.carrier)) &&
		admits(i.Levels, string(t.level)) && admits(i.Platforms, string(t.platform)) &&
		!slices.Contains(i.Except, string(t.platform)) &&
		(len(i.Names) == 0 || slices.ContainsFunc(i.Names, func(glob string) bool { return matches(glob, t.name) }))
}

// counts reports whether a column that fails the indicator enters a site's
// count.
func (i Indicator) counts(col inventory.Column) bool {
	return col.CountsTo != "" && !(i.FirstLevel && strings.Contains(col.Name, "--"))
}

// gravity orders the states of one subject: whatever is known to be wrong
// outweighs what is not known, and that outweighs what is right.
func (s State) gravity() int {
	return slices.Index([]State{Fresh, Due, Unknown, Stale, Blank, Missing}, s)
}

// fails reports whether a state fails an indicator of a kind. A blank list is
// counted as blank and not as stale besides.
func (k Kind) fails(s State) bool {
	switch k {
	case KindBlank:
		return s == Blank
	case KindSection:
		return s == Missing
	}
	return s == Stale
}

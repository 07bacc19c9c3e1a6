package cases

import (
	"slices"
	"time"

	"xuncha/rules"
)

// machine is the program as a person.
var machine = Person{Name: "巡查系统", Role: System}

// Machine is the program itself, as who raised and re-checked what people did
// not.
func Machine() Person { return machine }

// FactsOf are the claims of a finding of a judgement.
func FactsOf(res rules.Result, set *rules.RuleSet, f rules.Finding) Facts {
	facts := Facts{
		Subject: f.Subject, Unit: f.Unit, Indicator: f.Indicator, Effect: f.Effect, Sources: slices.Clone(f.Sources),
		Publicity: f.Publicity, Text: f.Text, Basis: f.Basis, Since: f.Since, Newest: f.Newest,
		Point: res.Point, AtPoint: f.Text, RuleSet: set.Digest,
	}
	for _, look := range citedFor(res, f.Subject) {
		if !slices.Contains(facts.Snapshots, look.Digest) {
			facts.Snapshots = append(facts.Snapshots, look.Digest)
		}
	}
	return facts
}

// citedFor returns the looks that a finding about a subject rests on.
func citedFor(res rules.Result, subject string) []rules.Look {
	return slices.DeleteFunc(res.Cited(), func(l rules.Look) bool { return l.Subject != subject || l.Digest == "" })
}

// Sync returns the events that bring a period of the book up to a judgement, yet
// to be sealed: findings and sources that it lacks, and suspicions of the program
// that the judgement does not share and nobody has looked into. It is idempotent:
// once its events are in the book it returns none.
func (b *Book) Sync(period string, res rules.Result, set *rules.RuleSet, at time.Time) []Event {
	var events []Event
	found := map[string]bool{}
	for _, f := range res.Findings {
		if f.Effect == rules.EffectHint {
			continue
		}
		found[f.ID] = true
		facts := FactsOf(res, set, f)
		if o := b.Occurrence(f.ID, period); o != nil && !o.learns(facts) {
			continue
		}
		events = append(events, Event{Case: f.ID, Period: period, Kind: Raise, At: at, By: machine, Facts: &facts})
	}
	for _, o := range b.In(period) {
		if !found[o.Case] && o.State == Suspected && o.Pending == nil && slices.Equal(o.Facts.Sources, []string{ByPatrol}) {
			events = append(events, Event{
				Case: o.Case, Period: period, Kind: Reject, At: at, By: machine, Note: "重新判定后不再成立，或未能监测",
			})
		}
	}
	return events
}

// learns reports whether facts say something new to an occurrence.
func (o *Occurrence) learns(f Facts) bool {
	if slices.ContainsFunc(f.Sources, func(s string) bool { return !slices.Contains(o.Facts.Sources, s) }) || o.Withdrawn() {
		return true
	}
	if o.State != Suspected || o.Pending != nil || !slices.Equal(f.Sources, []string{ByPatrol}) {
		return false
	}
	return o.Facts.Text != f.Text || !o.Facts.Point.Equal(f.Point) || o.Facts.RuleSet != f.RuleSet ||
		!o.Facts.Newest.Time.Equal(f.Newest.Time) || !slices.Equal(o.Facts.Snapshots, f.Snapshots)
}

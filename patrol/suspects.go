package patrol

import (
	"fmt"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// suspects are the subjects that would be accused as things stand, and have not
// been looked at a second time in this round. They are looked at again before
// anybody is told: a page that was cut or half published must not accuse. What is
// only a hint on an account accuses nobody, and platforms are asked sparingly.
func (p *planned) suspects() ([]inventory.Subject, error) {
	accused, err := accused(p.Keeper, p.City, p.RuleSet, p.Clock.Now())
	if err != nil {
		return nil, err
	}
	var again []inventory.Subject
	for _, s := range p.all {
		if !accused[s.ID] || len(s.Task.URLs) == 0 { // by a person's word alone
			continue
		}
		twice, err := p.lookedTwice(s.ID)
		if err != nil {
			return nil, err
		}
		if !twice {
			again = append(again, s)
		}
	}
	return again, nil
}

// lookedTwice reports whether this round already holds a second look at a
// subject, as after a resumption.
func (p *planned) lookedTwice(subject string) (bool, error) {
	for sum, err := range p.Keeper.History(subject, p.Clock.Now()) {
		if err != nil {
			return false, fmt.Errorf("look up %s: %w", subject, err)
		}
		return sum.Round == p.round.ID && sum.Look > 1, nil
	}
	return false, nil
}

// accused returns the subjects that [Judge] finds fault with. Nearly all of a
// city is in order, and summaries show that: whole snapshots are loaded only of
// what the summaries accuse, and then judged.
func accused(h History, city *inventory.City, set *rules.RuleSet, point time.Time) (map[string]bool, error) {
	in := rules.Input{City: city, RuleSet: set, Looks: map[string][]rules.Look{}, Point: point}
	kinds, whole := map[string]inventory.SubjectKind{}, map[string]bool{}
	for _, s := range city.Subjects(point) {
		looks, outlined, err := outlines(h, s, set, point)
		if err != nil {
			return nil, err
		}
		in.Looks[s.ID], kinds[s.ID], whole[s.ID] = looks, s.Kind, !outlined
	}
	found := faults(in, kinds)
	judged := true
	for id := range found {
		if whole[id] {
			continue
		}
		looks, err := Looks(h, id, set, point)
		if err != nil {
			return nil, err
		}
		in.Looks[id], judged = looks, false
	}
	if !judged {
		found = faults(in, kinds)
	}
	return found, nil
}

// faults returns the subjects that findings are about. Left out are hints on
// accounts, and what is found of several accounts together: to look again at any
// of them would tell nothing new.
func faults(in rules.Input, kinds map[string]inventory.SubjectKind) map[string]bool {
	found := map[string]bool{}
	for _, f := range rules.Judge(in).Findings {
		kind, looked := kinds[f.Subject]
		if looked && !(kind == inventory.KindAccount && f.Effect == rules.EffectHint) {
			found[f.Subject] = true
		}
	}
	return found
}

// outlines collects the looks at a subject as their summaries show them, or
// whole where more is asked of them than that.
func outlines(h History, s inventory.Subject, set *rules.RuleSet, point time.Time) (looks []rules.Look, outlined bool, err error) {
	if s.Kind != inventory.KindColumn && s.Kind != inventory.KindSite {
		looks, err = Looks(h, s.ID, set, point) // parts of a section, names of an account
		return looks, false, err
	}
	chosen, err := bearing(h, s.ID, set, point)
	if err != nil {
		return nil, false, err
	}
	day := extract.DayOf(point.Add(-time.Nanosecond))
	for _, sum := range chosen {
		if !sum.Newest.IsZero() && sum.Newest.Day().After(day) {
			looks, err = Looks(h, s.ID, set, point) // the items tell what was newest by then
			return looks, false, err
		}
		looks = append(looks, outline(sum))
	}
	return looks, true, nil
}

// outline is a look without its items and evidence. It accuses at least where
// the whole look does: items can only keep a list from being counted.
func outline(sum store.Summary) rules.Look {
	return rules.Look{Subject: sum.Subject, At: sum.At, Round: sum.Round, Digest: sum.Digest, Reading: extract.Reading{
		Outcome: sum.Outcome, Reason: sum.Reason, Newest: sum.Newest,
		AtLeast: sum.AtLeast, Complete: sum.Complete, Older: sum.Older,
	}}
}

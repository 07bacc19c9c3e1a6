package patrol

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"xuncha/crawler"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// snapshot turns a visit into what is kept of it.
func (p *planned) snapshot(v crawler.Visit, look int) store.Snapshot {
	return store.Snapshot{
		Subject: v.Subject, Round: p.round.ID, At: v.At, Look: look,
		Reading: v.Reading, Pages: v.Pages, Task: v.Task, Reader: v.Reader, TakenOver: v.TakenOver,
	}
}

// Archive is what a Recall looks things up in.
type Archive interface {
	// Prior returns the newest snapshot of a subject, without bodies, or
	// store.ErrNotFound.
	Prior(subject string) (store.Snapshot, error)

	// Body returns the bytes with a digest.
	Body(sha256 string) ([]byte, error)
}

// Recall is what a crawler remembers: the snapshots of an archive as visits.
type Recall struct{ Archive }

// Prior returns the newest kept visit of a subject; ok is false if there is
// none.
func (r Recall) Prior(subject string) (v crawler.Visit, ok bool, err error) {
	s, err := r.Archive.Prior(subject)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return crawler.Visit{}, false, nil
	case err != nil:
		return crawler.Visit{}, false, err
	}
	return crawler.Visit{
		Subject: s.Subject, At: s.At, Pages: s.Pages, Reading: s.Reading, Task: s.Task, Reader: s.Reader, TakenOver: s.TakenOver,
	}, true, nil
}

// LookOf turns a snapshot into what rules judge.
func LookOf(s store.Snapshot) rules.Look {
	l := rules.Look{Subject: s.Subject, At: s.At, Round: s.Round, Digest: s.Digest, Reading: s.Reading}
	for _, page := range s.Pages {
		l.Evidence = append(l.Evidence, rules.Evidence{
			URL: page.URL, FetchedAt: page.FetchedAt, Status: page.Status, SHA256: page.SHA256,
			Outcome: s.Reading.Outcome, Method: s.Reading.Method,
		})
	}
	return l
}

// earlier is how many conclusive looks from before the rule set's interval are
// handed to the judge: a column may rest on the last good one, and one more
// shows a date that moved backwards.
const earlier = 2

// Looks collects what bears on a subject at a point: every look from the
// interval in which the rule set allows an accusation, and the last few good
// ones before it, in order of time.
func Looks(h History, subject string, set *rules.RuleSet, point time.Time) ([]rules.Look, error) {
	var looks []rules.Look
	from, good := point.Add(-set.Before), 0
	for sum, err := range h.History(subject, point.Add(set.After)) {
		if err != nil {
			return nil, fmt.Errorf("looks at %s: %w", subject, err)
		}
		before := sum.At.Before(from)
		if before && !sum.Conclusive() && len(looks) > 0 {
			continue // says nothing that a later look does not
		}
		snap, err := h.Load(sum)
		if err != nil {
			return nil, fmt.Errorf("looks at %s: %w", subject, err)
		}
		looks = append(looks, LookOf(snap))
		if before && sum.Conclusive() {
			if good++; good == earlier {
				break
			}
		}
	}
	slices.Reverse(looks)
	return looks, nil
}

// Judge judges a city at a point by what was kept.
func Judge(h History, city *inventory.City, set *rules.RuleSet, registers []inventory.Entry, point time.Time) (rules.Result, error) {
	in := rules.Input{City: city, RuleSet: set, Registers: registers, Looks: map[string][]rules.Look{}, Point: point}
	for _, s := range city.Subjects(point) {
		looks, err := Looks(h, s.ID, set, point)
		if err != nil {
			return rules.Result{}, err
		}
		in.Looks[s.ID] = looks
	}
	return rules.Judge(in), nil
}

package patrol

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// snapshot turns a visit into what is kept of it.
func (p *planned) snapshot(v crawler.Visit, look int) store.Snapshot {
	return store.Snapshot{
		Subject: v.Subject, Round: p.round.ID, At: v.At, Look: look,
		Reading: v.Reading, ReadingSHA256: v.ReadingSHA256, Pages: v.Pages, Task: v.Task, Reader: v.Reader, TakenOver: v.TakenOver,
	}
}

// Archive is what a Recall looks things up in.
type Archive interface {
	// Prior returns the newest snapshot of a subject, without bodies and with
	// the gist of its reading, or store.ErrNotFound.
	Prior(subject string) (store.Snapshot, error)

	// Reading returns a reading by its digest.
	Reading(sha256 string) (extract.Reading, error)

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
	pages := slices.DeleteFunc(slices.Clone(s.Pages), isPicture) // nobody asked a host for it
	return crawler.Visit{
		Subject: s.Subject, At: s.At, Pages: pages, Reading: s.Reading, ReadingSHA256: s.ReadingSHA256,
		Task: s.Task, Reader: s.Reader, TakenOver: s.TakenOver,
	}, true, nil
}

func isPicture(p extract.Page) bool { return p.Why == extract.WhyPicture }

// Looks collects what bears on a subject at a point, in order of time: every
// look from the interval in which the rule set allows an accusation, and of
// those before it the last good one and the one that saw the greatest date,
// whatever its outcome: an item inside the window clears whenever it was seen.
func Looks(h History, subject string, set *rules.RuleSet, point time.Time) ([]rules.Look, error) {
	chosen, err := bearing(h, subject, set, point)
	if err != nil {
		return nil, err
	}
	looks := make([]rules.Look, 0, len(chosen))
	for _, sum := range chosen {
		snap, err := h.Load(sum)
		if err != nil {
			return nil, fmt.Errorf("looks at %s: %w", subject, err)
		}
		looks = append(looks, snap.AsLook())
	}
	return looks, nil
}

// ahead is how far a date may lie after the moment of the look that saw it: a
// date after its fetch is not believed, and days end later than their moments.
const ahead = 48 * time.Hour

// bearing finds the looks that [Looks] collects.
func bearing(h History, subject string, set *rules.RuleSet, point time.Time) ([]store.Summary, error) {
	from := point.Add(-set.Before)
	var chosen []store.Summary
	var good, greatest store.Summary
	for sum, err := range h.History(subject, point.Add(set.After)) {
		if err != nil {
			return nil, fmt.Errorf("looks at %s: %w", subject, err)
		}
		if !sum.At.Before(from) || len(chosen) == 0 {
			chosen = append(chosen, sum)
			continue
		}
		if good.Digest != "" && greatest.Newest.Time.After(sum.At.Add(ahead)) {
			break // nothing that was seen before can be newer than that, and years need not be walked
		}
		if good.Digest == "" && sum.Conclusive() {
			good = sum
		}
		if !sum.Newest.IsZero() && sum.Newest.Time.After(greatest.Newest.Time) {
			greatest = sum
		}
	}
	for _, sum := range []store.Summary{good, greatest} {
		if sum.Digest != "" && !slices.ContainsFunc(chosen, func(c store.Summary) bool { return c.Digest == sum.Digest }) {
			chosen = append(chosen, sum)
		}
	}
	slices.SortStableFunc(chosen, func(a, b store.Summary) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Look, b.Look))
	})
	return chosen, nil
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
	var err error
	if in.Probes, err = probesAt(h, set, point); err != nil {
		return rules.Result{}, err
	}
	return rules.Judge(in), nil
}

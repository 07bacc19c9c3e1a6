package office

import (
	"fmt"
	"slices"
	"time"

	"xuncha/cases"
	"xuncha/rules"
	"xuncha/store"
)

// observe looks at how one finding stands by a judgement, and at what was dated
// back since its point.
func (d *Desk) observe(j Judged, o *cases.Occurrence) (cases.Observation, error) {
	look := cases.Observe(j.Result, j.Set, o.Facts)
	after, ok, err := snapshotOf(d.Store, o.Facts.Subject, look.Snapshot)
	if err != nil || !ok {
		return look, err
	}
	for _, digest := range slices.Backward(o.Facts.Snapshots) {
		before, ok, err := snapshotOf(d.Store, o.Facts.Subject, digest)
		if err != nil {
			return look, err
		}
		if ok && before.Reading.Conclusive() {
			look.Backfilled = cases.Backfilled(o.Facts.Point, before.Reading, after.Reading)
			break
		}
	}
	return look, nil
}

// snapshotOf finds a snapshot of a subject by its digest.
func snapshotOf(st *store.Store, subject, digest string) (store.Snapshot, bool, error) {
	if digest == "" {
		return store.Snapshot{}, false, nil
	}
	for sum, err := range st.History(subject, time.Time{}) {
		if err != nil {
			return store.Snapshot{}, false, fmt.Errorf("looks at %s: %w", subject, err)
		}
		if sum.Digest == digest {
			snap, err := st.Load(sum)
			return snap, err == nil, err
		}
	}
	return store.Snapshot{}, false, nil
}

// Recheck re-checks findings by the looks that a judgement rests on, and returns
// what they suggest about each. A look that is older than the report is refused, or
// with patient only told, so that the others do not wait for it.
func (d *Desk) Recheck(j Judged, found []*cases.Occurrence, at time.Time, patient bool) ([]cases.Proposal, error) {
	proposals := make([]cases.Proposal, len(found))
	for i, o := range found {
		look, err := d.observe(j, o)
		if err != nil {
			return nil, err
		}
		proposals[i] = o.Propose(look)
		if patient && o.Outdated(look) {
			continue
		}
		err = d.Do(cases.Event{
			Case: o.Case, Period: o.Period, Kind: cases.Recheck, At: at, By: cases.Machine(),
			Result: proposals[i].Result, Look: &look, Note: proposals[i].Chinese,
		})
		if err != nil {
			return nil, err
		}
	}
	return proposals, nil
}

// Standing records how findings stand before the notice, by the looks that a
// judgement rests on. It returns what was recorded of each, "" for one that could
// not be read, of which nothing is.
func (d *Desk) Standing(j Judged, found []*cases.Occurrence, at time.Time) ([]string, error) {
	texts := make([]string, len(found))
	for i, o := range found {
		look, err := d.observe(j, o)
		if err != nil {
			return nil, err
		}
		if look.State == rules.Unknown {
			continue
		}
		result, text := cases.Failed, "发文前仍未整改"
		if look.State == rules.Fresh || look.State == rules.Due {
			result, text = cases.Passed, "发文前已整改"
		}
		if !look.Newest.IsZero() {
			text += "，最近更新时间" + dayOrNone(look.Newest.Day())
		}
		if len(look.Backfilled) > 0 {
			text += "；" + cases.BackfillNote(look.Backfilled)
		}
		err = d.Do(cases.Event{
			Case: o.Case, Period: o.Period, Kind: cases.Standing, At: at, By: cases.Machine(), Result: result, Look: &look, Note: text,
		})
		if err != nil {
			return nil, err
		}
		texts[i] = text
	}
	return texts, nil
}

// dayOrNone writes a day for people.
func dayOrNone(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

package rules

import (
	"time"

	"xuncha/extract"
)

// A judged is a state with the view it rests on, nil for unknown, and the test
// by which another look agrees with it.
type judged struct {
	IndicatorState
	view *view
	same func(view) bool
}

// basis returns the look a judgement rests on, which is the newest where nothing
// can be said, how many independent looks agree with it, and a hint for people.
func (s sighting) basis(on judged) (look *Look, looks int, note string) {
	if on.view == nil {
		return s.latest(), 0, ""
	}
	if on.State == Fresh || on.State == Due {
		note = s.withdrawn(on.view)
	}
	return on.view.Look, s.agree(on.same), note
}

// inWindow judges a list by a window: it is fresh by any date inside the window
// that was ever seen, and stale or blank only by a look inside the interval.
func (s sighting) inWindow(w Window) judged {
	start := w.Start(s.day)
	st := judged{IndicatorState: IndicatorState{Window: w.String(), WindowStart: start}}
	if v := s.clearing(start); v != nil {
		st.State, st.view, st.StaleOn = Fresh, v, w.StaleOn(v.newest.Day())
		st.same = func(v view) bool { return v.clears() && !v.newest.Day().Before(start) }
		if !st.StaleOn.After(s.day.AddDate(0, 0, s.margin)) {
			st.State = Due
		}
		return st
	}
	if v := s.accusing(); v != nil {
		st.State, st.view, st.StaleSince = Stale, v, w.StaleOn(v.newest.Day())
		st.same = func(v view) bool { return v.accuses() }
		return st
	}
	return s.blankOr(st)
}

// notBlank judges whether a list holds anything, by the looks inside the
// interval.
func (s sighting) notBlank() judged {
	if v := s.dated(); v != nil {
		return judged{
			IndicatorState: IndicatorState{State: Fresh}, view: v,
			same: func(v view) bool { return v.within && v.clears() },
		}
	}
	return s.blankOr(judged{})
}

// blankOr ends a judgement for which no date was of use.
func (s sighting) blankOr(st judged) judged {
	if v := s.blank(); v != nil {
		st.State, st.view, st.same = Blank, v, view.empty
		return st
	}
	st.State, st.Reason = Unknown, s.reason()
	return st
}

// A yearly is a judgement by calendar year, with the count.
type yearly struct {
	judged
	inYear   *int
	onlyYear bool
}

// inYear judges a list by the calendar year of the point's day. Any item of the
// year clears it; that there is none, and how many there are, is said only of a
// list that was read whole inside the interval. A list that is really empty has
// none.
func (s sighting) inYear() yearly {
	first := firstOfYear(s.day)
	y := yearly{judged: judged{IndicatorState: IndicatorState{WindowStart: first}}}
	whole, n := s.whole(first)
	seen := s.clearing(first)
	switch {
	case seen != nil:
		y.State, y.view, y.StaleOn = Fresh, seen, firstOfYear(seen.newest.Day()).AddDate(1, 0, 0)
		y.same = func(v view) bool { return v.clears() && !v.newest.Day().Before(first) }
		if n > 0 {
			y.view, y.inYear, y.onlyYear = whole, &n, whole.onlySince(first)
		}
	case whole != nil:
		y.State, y.view, y.inYear, y.StaleSince = Stale, whole, &n, first
		if !whole.newest.IsZero() {
			y.StaleSince = firstOfYear(whole.newest.Day()).AddDate(1, 0, 0)
		}
		y.same = func(v view) bool { _, ok := v.countSince(first, s.day); return ok }
	default:
		y.State, y.Reason = Unknown, s.reason()
	}
	return y
}

func firstOfYear(day time.Time) time.Time {
	return time.Date(day.Year(), 1, 1, 0, 0, 0, 0, extract.Beijing)
}

// whole returns the view inside the interval that counts the most items from a
// day on, nil if no list was read whole or if a later one leaves doubt.
func (s sighting) whole(first time.Time) (best *view, most int) {
	doubt := false
	for i := range s.views {
		v := &s.views[i]
		n, ok := v.countSince(first, s.day)
		doubt = doubt && !ok || v.doubtful()
		if ok && (best == nil || n > most || n == most && v.Reading.Outcome == extract.Dated) {
			best, most = v, n
		}
	}
	if doubt {
		return nil, 0
	}
	return best, most
}

// countSince counts the items from a day up to the point's day; ok is false
// where the list was not read whole inside the interval, or a row has no date.
func (v view) countSince(first, day time.Time) (n int, ok bool) {
	if v.empty() {
		return 0, true
	}
	r := v.Reading
	if !v.within || r.Outcome != extract.Dated || !r.Complete || r.AtLeast {
		return 0, false
	}
	for _, item := range r.Items {
		d := item.Date
		switch {
		case d.IsZero():
			return 0, false
		case d.Day().Before(first), d.Day().After(day), d.Time.After(r.Newest.Time):
		default:
			n++
		}
	}
	return n, true
}

// onlySince reports whether the list holds nothing older than a day.
func (v view) onlySince(first time.Time) bool {
	for _, item := range v.Reading.Items {
		if item.Date.Day().Before(first) {
			return false
		}
	}
	return v.Reading.Complete && !v.Reading.Older
}

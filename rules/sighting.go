package rules

import (
	"slices"
	"time"

	"xuncha/extract"
)

// A view is a look as it bears on the monitoring point: items dated after the
// point's day are left out.
type view struct {
	*Look

	// newest is the newest date up to the point's day, zero if the look shows
	// none, and title its item's.
	newest extract.Date
	title  string

	// bound says that items dated after the point's day were left out and that
	// the list was not read past them: the newest date is a lower bound.
	bound bool

	// within says that the look lies in the interval that may accuse.
	within bool

	// shaken says why a look that its platform's own answer gave accuses nobody:
	// most accounts of the platform could not be read in that round.
	shaken extract.Reason

	// fed says that a feed was read for which nobody answers: the name may be one
	// that its maker gave it.
	fed bool
}

// viewOf leaves out of a look what is dated after the point's day. What the
// reader did not believe when it read (later than its newest date) stays out.
func viewOf(l Look, day time.Time) view {
	v, r := view{Look: &l}, l.Reading
	switch {
	case r.Newest.IsZero():
	case !r.Newest.Day().After(day):
		v.newest, v.title = r.Newest, r.NewestTitle()
	default:
		v.bound = !r.Complete
		behind := v.mingled() // a row of a source that leaves some out says nothing of how far the others reach
		for _, item := range r.Items {
			if d := item.Date; !d.IsZero() {
				v.bound = !r.Complete && (behind || d.Day().After(day)) // of the last dated row
			}
			if d := item.Date; !d.IsZero() && !d.Day().After(day) && d.Time.After(v.newest.Time) {
				v.newest, v.title = d, item.Title
			}
		}
	}
	return v
}

// clears reports whether the view's date may clear a subject. A lower bound
// may, and so may the dated rows of a list that was not dated or read whole.
func (v view) clears() bool {
	r := v.Reading
	if v.newest.IsZero() {
		return false
	}
	return r.Outcome == extract.Dated ||
		r.Outcome == extract.Unread && (r.Reason == extract.ReasonUndated || r.Reason == extract.ReasonPartial)
}

// accuses reports whether the view's date may make a subject stale.
func (v view) accuses() bool {
	return v.within && v.Reading.Outcome == extract.Dated && !v.Reading.AtLeast && !v.bound && !v.newest.IsZero()
}

func (v view) empty() bool { return v.within && v.Reading.Outcome == extract.Empty }

// doubtful reports a list that was there, with items whose dates we cannot
// vouch for: it takes the word from an earlier look that would accuse.
func (v view) doubtful() bool {
	return v.within && v.Reading.Outcome == extract.Dated && !v.accuses()
}

// A sighting is every look at one subject up to the end of the interval, in
// order of time.
type sighting struct {
	views  []view
	point  time.Time
	day    time.Time // the point's
	apart  time.Duration
	margin int
	guest  bool // the subject is an account, of which a guest is shown what the platform likes

	// attested is a person's word about an account that the office checked. It
	// clears, and is no look.
	attested *view
}

// sight gathers the looks at a subject that bear on the point.
func (j *judge) sight(subject string) sighting {
	s := sighting{point: j.in.Point, day: j.day, apart: j.set.Apart, margin: j.set.Margin}
	_, s.guest = j.platforms[subject]
	for i, l := range j.in.Looks[subject] {
		if l.At.After(j.to) {
			continue
		}
		if d, ok := j.doubts[subject][i]; ok {
			l = l.doubted(d)
		}
		shaken := j.shakes(subject, l)
		if shaken != "" {
			l = l.shaken(shaken)
		}
		v := viewOf(l, j.day)
		v.shaken, v.fed = shaken, !j.answered[subject] && l.fed()
		v.within = !l.At.Before(j.from)
		s.views = append(s.views, v)
	}
	slices.SortStableFunc(s.views, func(a, b view) int { return a.At.Compare(b.At) })
	return s
}

// clearing returns the view with the greatest date from a day on, whenever it
// was seen: an item inside the window stays one when its list goes down or
// loses it. Among equals the latest conclusive view stands.
func (s sighting) clearing(start time.Time) *view {
	var best *view
	for i := range s.views {
		v := &s.views[i]
		if !v.clears() || v.newest.Day().Before(start) {
			continue
		}
		if best == nil || v.newest.Day().After(best.newest.Day()) ||
			v.newest.Day().Equal(best.newest.Day()) && (v.Reading.Conclusive() || !best.Reading.Conclusive()) {
			best = v
		}
	}
	if a := s.attested; a != nil && !a.newest.Day().Before(start) && (best == nil || a.newest.Day().After(best.newest.Day())) {
		best = a
	}
	return best
}

// accusing returns the view that shows the newest date of a list that was read
// and dated inside the interval, nil if none was or if a later one leaves doubt.
func (s sighting) accusing() *view {
	var best *view
	doubt := false
	for i := range s.views {
		v := &s.views[i]
		doubt = doubt && !v.accuses() || v.doubtful()
		if v.accuses() && (best == nil || !v.newest.Day().Before(best.newest.Day())) {
			best = v
		}
	}
	if doubt || best != nil && (s.overtaken(best) || s.belied(best)) {
		return nil
	}
	return best
}

// belied reports whether a list of an account that is said to hold its newest post
// lacks a later one that another source showed inside the interval, or that
// somebody attested.
func (s sighting) belied(v *view) bool {
	if !s.guest {
		return false
	}
	later := func(w *view) bool { return w.newest.Day().After(v.newest.Day()) }
	return s.attested != nil && later(s.attested) ||
		slices.ContainsFunc(s.views, func(w view) bool { return w.within && w.clears() && later(&w) })
}

// overtaken reports whether a look on a later day, up to the point, could not
// read the list: what was published between is then not known.
func (s sighting) overtaken(v *view) bool {
	return slices.ContainsFunc(s.views, func(later view) bool {
		return later.Reading.Outcome == extract.Unread && !later.At.After(s.point) && extract.DayOf(later.At).After(extract.DayOf(v.At))
	})
}

// blank returns the latest view of a list that was empty at every conclusive
// look inside the interval.
func (s sighting) blank() *view {
	var found *view
	for i := range s.views {
		switch v := &s.views[i]; {
		case v.empty():
			found = v
		case v.within && v.Reading.Conclusive():
			return nil
		}
	}
	return found
}

// dated returns the view inside the interval with the newest date, even a lower
// bound.
func (s sighting) dated() *view {
	var best *view
	for i := range s.views {
		v := &s.views[i]
		if v.within && v.clears() && (best == nil || !v.newest.Day().Before(best.newest.Day())) {
			best = v
		}
	}
	return best
}

// latest and lastGood are what is shown where nothing can be said.
func (s sighting) latest() *Look {
	if len(s.views) == 0 {
		return nil
	}
	return s.views[len(s.views)-1].Look
}

func (s sighting) lastGood() *Look {
	for _, v := range slices.Backward(s.views) {
		if v.Reading.Conclusive() {
			return v.Look
		}
	}
	return nil
}

// reason says why nothing can be said, by the newest look.
func (s sighting) reason() extract.Reason {
	if len(s.views) == 0 {
		return extract.ReasonNotLooked
	}
	switch v := s.views[len(s.views)-1]; {
	case !v.Reading.Conclusive() && v.Reading.Reason != "":
		return v.Reading.Reason
	case !v.Reading.Conclusive():
		return extract.ReasonDown
	case !v.within:
		return extract.ReasonNotLooked
	case v.Reading.AtLeast:
		return extract.ReasonUndated
	}
	return extract.ReasonPartial
}

// agree counts the independent looks that show the same: those at least so far
// apart as the rule set asks.
func (s sighting) agree(same func(view) bool) int {
	n := 0
	var last time.Time
	for _, v := range s.views {
		if same(v) && (n == 0 || v.At.Sub(last) >= s.apart) {
			n, last = n+1, v.At
		}
	}
	return n
}

// withdrawn says for people that a date which clears a subject is no longer in
// its list: the item may have been withdrawn or dated anew.
func (s sighting) withdrawn(v *view) string {
	if v == nil {
		return ""
	}
	for _, later := range slices.Backward(s.views) {
		if !later.At.After(v.At) {
			return ""
		}
		gone := later.accuses() && later.newest.Day().Before(v.newest.Day()) || later.empty()
		if gone {
			return later.At.In(extract.Beijing).Format(time.DateOnly) + "巡查时，列表中已没有日期为" +
				v.newest.Day().Format(time.DateOnly) + "的信息，请核实是否撤下或改期"
		}
	}
	return ""
}

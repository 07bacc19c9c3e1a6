package rules

import (
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// A Pace says how an account posted in the quarter of the point's day, as far as
// looks that were whole reach back. It is shown and accuses nobody.
type Pace struct {
	// From is the first day of the quarter from which on every post is known, zero
	// where none is: the rest then says nothing.
	From time.Time

	// DaysOut counts the days on which the newest post lay outside the window, and
	// LongestGap the most days in a row without a post, both from From on.
	DaysOut, LongestGap int
}

// Known reports whether anything is known.
func (p Pace) Known() bool { return !p.From.IsZero() }

// pace reckons how an account posted, by the shortest window that binds it.
func (j *judge) pace(a inventory.Account, t target, s sighting) Pace {
	window := j.shortest(t)
	p := Pace{From: j.quarter}
	from, to, posts := s.record()
	if from.After(j.quarter) {
		p.From = from
	}
	if window.IsZero() || len(posts) == 0 || p.From.After(to) {
		return Pace{}
	}
	newest, quiet, next := posts[0], 0, 0
	for day := p.From; !day.After(to); day = day.AddDate(0, 0, 1) {
		for ; next < len(posts) && !posts[next].After(day); next++ {
			newest = posts[next]
		}
		if quiet++; newest.Equal(day) {
			quiet = 0
		}
		p.LongestGap = max(p.LongestGap, quiet)
		if state, _ := a.StateOn(day); newest.Before(window.Start(day)) && !silent(state) {
			p.DaysOut++
		}
	}
	return p
}

// shortest is the shortest window of the indicators that bind an account, zero
// without one. A hint binds nobody.
func (j *judge) shortest(t target) (window Window) {
	for _, ind := range j.applicable(t, KindPosts) {
		if ind.Effect != EffectHint && (window.IsZero() || ind.Window.Start(j.day).After(window.Start(j.day))) {
			window = ind.Window
		}
	}
	return window
}

// record puts together what whole looks say of an account: the days of its posts
// in order of time, and the days from which and up to which none is missing. The
// newest such look must lie inside the interval; older ones count as far back as
// they meet.
func (s sighting) record() (from, to time.Time, posts []time.Time) {
	for _, v := range slices.Backward(s.views) {
		reach, ok := v.reach(s.day)
		met := to.IsZero() && v.within || !to.IsZero() && !extract.DayOf(v.At).Before(from)
		if !ok || !met {
			continue
		}
		if to.IsZero() {
			from, to = reach, earlier(extract.DayOf(v.At), s.day)
		}
		from = earlier(from, reach) // an older look may reach less far back
		for _, item := range v.Reading.Items {
			if d := item.Date.Day(); !d.After(s.day) && !d.After(extract.DayOf(v.At)) {
				posts = append(posts, d)
			}
		}
	}
	slices.SortFunc(posts, time.Time.Compare)
	return from, to, posts
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// reach is the day from which on a view shows every post; ok is false where that
// is not known. Rows that are pinned to the top may be of any day, so the last row
// tells, as long as those above it grow newer.
func (v view) reach(day time.Time) (from time.Time, ok bool) {
	if v.Reading.Outcome != extract.Dated || v.Reading.AtLeast || v.bound || v.shaken != "" || v.mingled() {
		return time.Time{}, false
	}
	rows, dated := once(v.Reading.Items)
	if !dated || len(rows) == 0 {
		return time.Time{}, false
	}
	if v.Reading.Complete {
		from = slices.MinFunc(rows, time.Time.Compare)
		return from, !from.After(day)
	}
	top := len(rows) - 1
	for top > 0 && !rows[top-1].Before(rows[top]) {
		top--
	}
	from = rows[len(rows)-1]
	return from, top <= extract.MaxPinned && len(rows)-top >= 2 && !from.After(day)
}

// mingled reports whether posts of a source that leaves some out stand among the
// rows: how far back the others reach cannot be told then.
func (v view) mingled() bool {
	return slices.ContainsFunc(v.Reading.Tries, func(t extract.Try) bool { return t.Outcome == extract.Dated && t.AtLeast })
}

// once returns the days of rows, those that two sources show alike once; dated is
// false where one bears no date.
func once(items []extract.Item) (rows []time.Time, dated bool) {
	type post struct {
		title string
		at    int64
	}
	seen := map[post]bool{}
	for _, item := range items {
		p := post{item.Title, item.Date.Time.Unix()}
		switch {
		case item.Date.IsZero():
			return nil, false
		case !seen[p]:
			rows = append(rows, item.Date.Day())
		}
		seen[p] = true
	}
	return rows, true
}

// original notes an account all of whose posts inside the window pass on somebody
// else's. It takes a whole look that reaches back to the window's first day; where
// a platform never tells, no post is known to be passed on.
func (j *judge) original(r *AccountResult, t target, s sighting) {
	if silent(r.Registered) {
		return
	}
	for _, ind := range j.applicable(t, KindOriginal) {
		start := ind.Window.Start(j.day)
		from, to, _ := s.record()
		reposts, others := s.reposts(start)
		if to.IsZero() || from.After(start) || others > 0 || reposts == 0 {
			continue
		}
		j.findings.add(ind, Finding{
			Subject: r.Account.ID(), Unit: r.Account.Unit, Since: start, Newest: r.Newest, Text: j.say(ind, reposts),
		})
	}
}

// reposts counts the rows from a day on that pass on a post of others, and those
// that are not known to.
func (s sighting) reposts(start time.Time) (reposts, others int) {
	for _, v := range s.views {
		if !v.clears() {
			continue
		}
		for _, item := range v.Reading.Items {
			switch d := item.Date; {
			case d.IsZero():
				others++
			case d.Day().Before(start), d.Day().After(s.day):
			case item.Repost:
				reposts++
			default:
				others++
			}
		}
	}
	return reposts, others
}

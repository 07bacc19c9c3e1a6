package rules

import (
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// site judges one site by its home page, by the counts over the columns that
// count to it, and by what other bodies found.
//
// A site that shows an update neither on a home page we could read nor in any
// column is 待核实, and so is one whose count could reach the limit with the
// columns we could not read. An unknown home page alone does not hold a site
// up, as long as a column shows an update inside the home page's window: what a
// column publishes is what a home page lists, and a failed fetch of ours is no
// fault of the site.
func (j *judge) site(c inventory.Carrier, columns []ColumnResult) SiteResult {
	r := SiteResult{Carrier: c}
	var own []failure
	home := j.home(c, columns)
	r.Home, r.Look = home.IndicatorState, home.look
	if home.State == Stale && home.open {
		own = append(own, j.homeFinding(c, home)...)
	}
	// A home page that looks stale on a site that publishes is for people to
	// see: our recipe may read one block of it.
	open := home.open && (home.State == Unknown || home.State == Blank) || !home.open && home.State == Stale
	t := target{unit: c.Unit, level: j.levels[c.Unit], carrier: c.Kind}
	var unreached string
	if r.Access = j.access(c, t); r.Access != nil && r.Access.Fails {
		if text := j.accessFinding(c, *r.Access); r.Access.Effect == EffectVeto {
			unreached = text
		}
	}
	for _, ind := range j.applicable(t, KindCount) {
		failed, unknown := j.tally(c.ID, ind, columns)
		switch {
		case failed >= ind.AtLeast:
			text := j.say(ind, failed)
			j.findings.add(ind, Finding{Subject: c.ID, Unit: c.Unit, Since: j.day, Text: text})
			own = append(own, vetoed(ind, text)...)
		case failed+unknown >= ind.AtLeast && ind.Effect == EffectVeto:
			open = true
		}
	}
	j.registered(c.ID, c.Unit)
	r.Reasons = j.vetoes(c.ID, own)
	r.Verdict = Pass
	switch {
	case len(r.Reasons) > 0:
		r.Verdict = Fail
	case home.State == Unknown && !anyKnown(c.ID, columns):
		r.Verdict = NotMonitored
	case open:
		r.Verdict = Pending
	}
	if r.Besides = r.Verdict; unreached != "" && r.Verdict == Pass {
		r.Verdict = Pending
	}
	if unreached != "" && !slices.Contains(r.Reasons, unreached) {
		r.Reasons = append(r.Reasons, unreached)
	}
	return r
}

// tally counts the columns of a site that fail one of the indicators counted,
// by a look or by a register, and those for which that is not known. A column
// counts once.
func (j *judge) tally(site string, count Indicator, columns []ColumnResult) (failed, unknown int) {
	for _, col := range columns {
		if col.Column.CountsTo != site {
			continue
		}
		fails, open := false, false
		for _, id := range count.Of {
			ind := j.set.Indicator(id)
			if !ind.counts(col.Column) {
				continue
			}
			fails = fails || j.entered(col.Column.ID, id)
			for _, st := range col.States {
				if st.Indicator == id && st.Effect != EffectHint {
					fails = fails || ind.Kind.fails(st.State)
					open = open || st.State == Unknown
				}
			}
		}
		switch {
		case fails:
			failed++
		case open:
			unknown++
		}
	}
	return failed, unknown
}

func anyKnown(site string, columns []ColumnResult) bool {
	return slices.ContainsFunc(columns, func(r ColumnResult) bool { return belongs(r.Column, site) && r.State != Unknown })
}

// belongs reports whether a column shows that a site is alive: it is on it, or
// counts to it.
func belongs(col inventory.Column, site string) bool {
	return col.Carrier == site || col.CountsTo == site
}

// A homeState is what a home page comes to.
type homeState struct {
	judged
	look *Look
	ind  Indicator
	open bool // no column shows an update inside the home page's window
}

// home judges a home page. One that shows no dates, by its nature or to our
// reader, is judged by the site's columns: fresh if any is, and stale only if
// all are known to be stale, which only a 导航 page is accused of.
func (j *judge) home(c inventory.Carrier, columns []ColumnResult) homeState {
	s := j.sight(c.ID)
	t := target{unit: c.Unit, level: j.levels[c.Unit], carrier: c.Kind}
	found := j.applicable(t, KindHome)
	if len(found) == 0 {
		return homeState{judged: s.notBlank(), look: s.latest()}
	}
	h := homeState{ind: found[0], judged: s.inWindow(found[0].Window), look: s.latest()}
	if h.view != nil {
		h.look = h.view.Look
	}
	alive, all := j.alive(c.ID, columns, h.ind.Window)
	switch {
	case c.Navigation && alive != nil, h.State == Unknown && h.Reason == extract.ReasonUndated && alive != nil:
		h.State, h.Reason, h.view = Fresh, "", alive
		h.StaleSince, h.StaleOn = time.Time{}, h.ind.Window.StaleOn(alive.newest.Day())
	case c.Navigation && all != nil:
		h.State, h.Reason, h.view = Stale, "", all
		h.StaleOn, h.StaleSince = time.Time{}, h.ind.Window.StaleOn(all.newest.Day())
	case c.Navigation:
		h.State, h.Reason, h.view = Unknown, extract.ReasonPartial, nil
		h.StaleOn, h.StaleSince = time.Time{}, time.Time{}
	}
	h.Indicator, h.Effect = h.ind.ID, h.ind.Effect
	h.open = alive == nil
	return h
}

// alive returns a view of a site's column that shows an update inside a window;
// or else, if every column is known to show none, the one with the newest date.
func (j *judge) alive(site string, columns []ColumnResult, w Window) (fresh, stale *view) {
	start, all := w.Start(j.day), true
	for _, r := range columns {
		if !belongs(r.Column, site) {
			continue
		}
		s := j.sight(r.Column.ID)
		if v := s.clearing(start); v != nil && (fresh == nil || v.newest.Day().After(fresh.newest.Day())) {
			fresh = v
		}
		v := s.accusing()
		all = all && (v != nil || s.blank() != nil)
		if v != nil && (stale == nil || v.newest.Day().After(stale.newest.Day())) {
			stale = v
		}
	}
	if fresh != nil || !all {
		return fresh, nil
	}
	return nil, stale
}

func (j *judge) homeFinding(c inventory.Carrier, h homeState) []failure {
	text := j.say(h.ind, 0)
	j.findings.add(h.ind, Finding{
		Subject: c.ID, Unit: c.Unit, Since: h.StaleSince, Newest: h.view.newest, Text: text + lastUpdate(h.view.newest),
	})
	return vetoed(h.ind, text)
}

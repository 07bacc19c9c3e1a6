package rules

import (
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// column judges one column by every indicator that applies to it. The column's
// own state is the strictest. Of a column 按需更新 the states are shown like any
// other's, but as hints: nothing to publish is possible, so no finding comes of
// it and no count rises. A column no indicator applies to is judged by what it
// shows.
func (j *judge) column(c inventory.Carrier, col inventory.Column) ColumnResult {
	r := ColumnResult{Column: col}
	s := j.sight(col.ID)
	t := j.targetOf(c, col)
	var all []judged
	var by []Indicator
	for _, ind := range j.applicable(t, KindColumn, KindBlank, KindYear) {
		st := r.judge(ind, s)
		st.Indicator, st.Effect = ind.ID, ind.Effect
		if col.OnDemand {
			st.Effect = EffectHint
		}
		all, by = append(all, st), append(by, ind)
	}
	if len(all) == 0 {
		all = append(all, s.notBlank())
	}
	spared(all)
	for i := range by {
		r.States = append(r.States, all[i].IndicatorState)
	}
	on := strictest(all)
	r.State, r.Reason = on.State, on.Reason
	r.Look, r.Looks, r.Note = s.basis(on)
	if r.Note == "" {
		r.Note = moved(r.Look)
	}
	if newest := s.latest(); newest != nil {
		r.Proposal = newest.Reading.Proposal
	}
	if on.view == nil {
		r.LastGood = s.lastGood()
	} else {
		r.Newest, r.NewestTitle = on.view.newest, on.view.title
	}
	if !col.OnDemand {
		j.columnFindings(r, all, by)
		j.unlabelled(r, t, s)
	}
	j.registered(col.ID, col.Unit)
	return r
}

// judge judges the column by one indicator.
func (r *ColumnResult) judge(ind Indicator, s sighting) judged {
	switch ind.Kind {
	case KindYear:
		y := s.inYear()
		r.InYear, r.OnlyYear = y.inYear, y.onlyYear
		return y.judged
	case KindBlank:
		return s.notBlank()
	}
	return s.inWindow(ind.Window)
}

// spared clears a list of being blank, or of not being known to hold anything,
// where a date inside a window already shows that it was not.
func spared(all []judged) {
	for _, with := range all {
		if with.WindowStart.IsZero() || with.State != Fresh && with.State != Due {
			continue
		}
		for i := range all {
			if without := &all[i]; without.WindowStart.IsZero() && without.State != Fresh {
				without.State, without.Reason, without.view, without.same = Fresh, "", with.view, with.same
			}
		}
		return
	}
}

// strictest returns the gravest of at least one judgement, the first among
// equals.
func strictest(all []judged) judged {
	worst := all[0]
	for _, st := range all[1:] {
		if st.State.gravity() > worst.State.gravity() {
			worst = st
		}
	}
	return worst
}

// columnFindings notes what a column fails. A veto that enters no site's count,
// because the column's carrier is no site or its name is not of the first level,
// says nothing by itself: it is a hint, and left out where another indicator
// finds fault with the column already.
func (j *judge) columnFindings(r ColumnResult, all []judged, by []Indicator) {
	col, enforced := r.Column, false
	fault := func(i int) bool { return by[i].Kind.fails(all[i].State) }
	idle := func(i int) bool { return by[i].Effect == EffectVeto && !by[i].counts(col) }
	for i := range by {
		enforced = enforced || fault(i) && !idle(i) && by[i].Effect != EffectHint
	}
	for i, ind := range by {
		if !fault(i) || idle(i) && enforced {
			continue
		}
		if idle(i) {
			ind.Effect = EffectHint
		}
		v := all[i].view
		f := Finding{Subject: col.ID, Unit: col.Unit, Since: all[i].StaleSince, Newest: v.newest}
		if f.Since.IsZero() {
			f.Since = extract.DayOf(v.At)
		}
		f.Text = j.say(ind, 0) + lastUpdate(v.newest)
		j.findings.add(ind, f)
	}
}

// lastUpdate ends a sentence with the newest date, if there is one.
func lastUpdate(d extract.Date) string {
	if d.IsZero() {
		return ""
	}
	return "，最近更新时间" + d.Day().Format(time.DateOnly)
}

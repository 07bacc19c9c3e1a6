package rules

import (
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// A workable is what people say of a program: whether it can be got and opened.
type workable struct {
	states []judged
	said   *inventory.Submission // the latest that counts, nil if there is none
	text   string                // of the first indicator, where it does not work
}

// works judges a 移动客户端 or 小程序 by the latest word that the office has checked
// and that lies inside the indicator's window. That it does not work is 待核实
// until somebody has settled it, whatever the effect is.
func (j *judge) works(a inventory.Account, t target) (w workable) {
	for _, ind := range j.applicable(t, KindWorks) {
		st := judged{IndicatorState: IndicatorState{
			Indicator: ind.ID, Effect: ind.Effect, State: Unknown, Reason: extract.ReasonNotLooked,
			Window: ind.Window.String(), WindowStart: ind.Window.Start(j.day),
		}}
		said := j.tested(a, st.WindowStart)
		switch {
		case said == nil:
		case *said.Works:
			st.State, st.Reason = Fresh, ""
		default:
			st.Reason = extract.ReasonDown
			w.text = j.say(ind, 0)
			j.findings.add(ind, Finding{
				Subject: a.ID(), Unit: a.Unit, Since: extract.DayOf(said.Date),
				Text: w.text + "，" + said.Date.In(extract.Beijing).Format(time.DateOnly) + "经" + said.CheckedBy + "核验",
			})
		}
		w.said, w.states = said, append(w.states, st)
	}
	return w
}

func (w workable) indicatorStates() []IndicatorState {
	var states []IndicatorState
	for _, st := range w.states {
		states = append(states, st.IndicatorState)
	}
	return states
}

// settle gives an account its verdict where people have said how it works.
func (w workable) settle(r *AccountResult) {
	if w.said == nil {
		return
	}
	r.Attested = w.said
	if w.text != "" && !slices.Contains(r.Reasons, w.text) {
		r.Reasons = append(r.Reasons, w.text)
		if r.Verdict != Fail {
			r.Verdict = Pending
		}
	}
}

// tested finds the latest checked word on whether a program works, not older than
// a day; of two on one day the later in the file.
func (j *judge) tested(a inventory.Account, from time.Time) (latest *inventory.Submission) {
	for i := range j.in.City.Submissions {
		s := &j.in.City.Submissions[i]
		day := extract.DayOf(s.Date)
		if s.Account != a.Code || s.Works == nil || !s.Checked(j.day) || day.Before(from) || day.After(j.day) {
			continue
		}
		if latest == nil || !s.Date.Before(latest.Date) {
			latest = s
		}
	}
	return latest
}

package rules

import (
	"slices"

	"xuncha/extract"
	"xuncha/inventory"
)

// account judges one account by its newest post and by its name. An account
// whose registered state explains its silence (冻结, 临时停更（报备）, 已发关停公告,
// 注销) is shown and not accused of it; one whose registration is being changed
// is not accused of its name. An account without any posts to be seen is left
// to people, 待核实: bridges to a platform give an empty list when they fail.
//
// A feed holds an account's latest posts and is never complete; its newest post
// is believed to be the account's. Once platforms are asked themselves, what a
// feed says will be a lower bound.
func (j *judge) account(a inventory.Account) AccountResult {
	r := AccountResult{Account: a}
	s := j.sight(a.ID())
	t := target{unit: a.Unit, level: j.levels[a.Unit], platform: a.Platform, name: a.Name}
	var all []judged
	var own []failure
	for _, ind := range j.applicable(t, KindPosts) {
		st := s.inWindow(ind.Window)
		st.Indicator, st.Effect = ind.ID, ind.Effect
		if silent(j.stateOf(a)) {
			st.Effect = EffectHint
		}
		all, r.States = append(all, st), append(r.States, st.IndicatorState)
		own = append(own, j.postsFinding(a, ind, st)...)
	}
	if len(all) == 0 {
		all = append(all, s.notBlank())
	}
	on := strictest(all)
	r.State, r.Reason = on.State, on.Reason
	r.Look, r.Looks, r.Note = s.basis(on)
	if on.view != nil {
		r.Newest, r.NewestTitle = on.view.newest, on.view.title
	}
	own = append(own, j.names(&r, t, s)...)
	j.registered(a.ID(), a.Unit)
	r.Reasons = j.vetoes(a.ID(), own)
	r.Verdict = r.verdict()
	return r
}

// stateOf returns an account's registered state on the point's day.
func (j *judge) stateOf(a inventory.Account) inventory.AccountState {
	state, _ := a.StateOn(j.day)
	return state
}

func silent(s inventory.AccountState) bool {
	return slices.Contains([]inventory.AccountState{
		inventory.StateFrozen, inventory.StatePaused, inventory.StateClosing, inventory.StateCancelled,
	}, s)
}

// postsFinding notes an account that has not posted, and returns the failure if
// it is a veto.
func (j *judge) postsFinding(a inventory.Account, ind Indicator, st judged) []failure {
	if st.State != Stale || silent(j.stateOf(a)) {
		return nil
	}
	text := j.say(ind, 0)
	j.findings.add(ind, Finding{
		Subject: a.ID(), Unit: a.Unit, Since: st.StaleSince, Newest: st.view.newest, Text: text + lastUpdate(st.view.newest),
	})
	return vetoed(ind, text)
}

func vetoed(ind Indicator, text string) []failure {
	if ind.Effect != EffectVeto {
		return nil
	}
	return []failure{{ind.ID, text}}
}

func (r *AccountResult) verdict() Verdict {
	switch {
	case len(r.Reasons) > 0:
		return Fail
	case r.State == Unknown:
		return NotMonitored
	case r.State == Blank:
		return Pending
	}
	return Pass
}

// names compares the names seen inside the interval with the registered one. It
// accuses only where a name was seen and none seen was the registered one.
func (j *judge) names(r *AccountResult, t target, s sighting) []failure {
	a := r.Account
	var shown *view
	same := false
	for i := range s.views {
		if v := &s.views[i]; v.within && v.Reading.Conclusive() && foldName(v.Reading.Name) != "" {
			shown = v
			same = same || foldName(v.Reading.Name) == foldName(a.Name)
		}
	}
	if shown == nil {
		return nil
	}
	r.Observed = shown.Reading.Name
	if same || slices.Contains([]inventory.AccountState{inventory.StateChanging, inventory.StateMoved}, j.stateOf(a)) {
		return nil
	}
	var own []failure
	for _, ind := range j.applicable(t, KindName) {
		text := j.say(ind, 0)
		j.findings.add(ind, Finding{
			Subject: a.ID(), Unit: a.Unit, Since: extract.DayOf(shown.At), Newest: shown.newest,
			Text: text + "，登记名称“" + a.Name + "”，显示名称“" + r.Observed + "”",
		})
		own = append(own, vetoed(ind, text)...)
	}
	return own
}

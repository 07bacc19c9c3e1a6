package rules

import (
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// account judges one account by its newest post and by its name, or, where it is
// a program and no channel, by whether it works.
//
// What a guest is shown is a lower bound unless its source answers for it:
// whatever was seen inside the window clears, from whichever source and whenever,
// and only a look that was whole accuses. The rest is unknown, and the note says
// how to supply what is missing; a person's word that the office checked clears
// and never accuses.
//
// An account whose registered state explains its silence on any day of the window
// (迁移, 冻结, 临时停更（报备）, 已发关停公告, 注销) is shown and not accused of it;
// one whose registration is being changed is not accused of its name. An account that truly has no posts is
// left to people, 待核实.
func (j *judge) account(a inventory.Account) AccountResult {
	r := AccountResult{Account: a, Registered: j.stateOf(a)}
	s := j.sight(a.ID())
	word := j.attestation(a)
	s.attested = word.view()
	t := j.targetOfAccount(a)
	var all []judged
	var own []failure
	for _, ind := range hintsLast(j.applicable(t, KindPosts)) {
		st := s.inWindow(ind.Window)
		if st.State == Unknown {
			st.Reason = s.unseen()
		}
		st.Indicator, st.Effect = ind.ID, ind.Effect
		if j.excused(a, st.WindowStart) {
			st.Effect = EffectHint
		} else {
			own = append(own, j.postsFinding(a, ind, st)...)
		}
		all, r.States = append(all, st), append(r.States, st.IndicatorState)
	}
	works := j.works(a, t)
	all, r.States = append(all, works.states...), append(r.States, works.indicatorStates()...)
	if len(all) == 0 {
		all = append(all, s.notBlank())
	}
	r.rest(s, strictest(all), word)
	own = append(own, j.names(&r, t, s)...)
	j.told(&r, t, s)
	r.Pace = j.pace(a, t, s)
	j.registered(a.ID(), a.Unit)
	r.Reasons = j.vetoes(a.ID(), own)
	r.Verdict = r.verdict()
	works.settle(&r)
	j.supply(&r, s, len(works.states) > 0)
	return r
}

// uncounted shows an account that is 永久下线. It is judged by nothing, and told
// of if it still posts.
func (j *judge) uncounted(a inventory.Account) AccountResult {
	r := AccountResult{Account: a, Registered: inventory.StateOffline}
	s := j.sight(a.ID())
	on := s.notBlank()
	if on.State == Unknown {
		on.Reason = s.unseen()
	}
	r.rest(s, on, attested{})
	j.reopened(&r, j.targetOfAccount(a), s)
	return r
}

// hintsLast puts what is only a hint behind what decides.
func hintsLast(all []Indicator) []Indicator {
	slices.SortStableFunc(all, func(a, b Indicator) int {
		switch hint := a.Effect == EffectHint; {
		case hint == (b.Effect == EffectHint):
			return 0
		case hint:
			return 1
		}
		return -1
	})
	return all
}

func (j *judge) targetOfAccount(a inventory.Account) target {
	return target{unit: a.Unit, level: j.levels[a.Unit], platform: a.Platform, name: a.Name}
}

// rest fills in what a state rests on.
func (r *AccountResult) rest(s sighting, on judged, word attested) {
	r.State, r.Reason = on.State, on.Reason
	r.Look, r.Looks, r.Note = s.basis(on)
	switch v := on.view; {
	case v == nil:
	case v == s.attested:
		r.Look, r.Newest, r.Attested = s.latest(), v.newest, word.said
	default:
		r.Newest, r.NewestTitle = v.newest, v.title
		r.Whole = v.whole()
	}
}

// whole reports whether a look saw all there was to see of an account.
func (v view) whole() bool {
	return v.Reading.Outcome == extract.Empty || v.Reading.Outcome == extract.Dated && !v.Reading.AtLeast && !v.bound
}

// unseen says why nothing can be said of an account, by the newest look: what it
// saw was a lower bound, or the platform was hardly read at all.
func (s sighting) unseen() extract.Reason {
	if len(s.views) == 0 {
		return extract.ReasonNotLooked
	}
	switch v := s.views[len(s.views)-1]; {
	case !v.Reading.Conclusive(), !v.within:
		return s.reason()
	case v.shaken != "":
		return v.shaken
	case v.Reading.AtLeast && v.Reading.Hindrance != "":
		return v.Reading.Hindrance.Reason()
	}
	return extract.ReasonPartial
}

// stateOf returns an account's registered state on the point's day.
func (j *judge) stateOf(a inventory.Account) inventory.AccountState {
	state, _ := a.StateOn(j.day)
	return state
}

// silent reports whether a registered state explains that an account does not post.
func silent(s inventory.AccountState) bool {
	return slices.Contains([]inventory.AccountState{
		inventory.StateMoved, inventory.StateFrozen, inventory.StatePaused, inventory.StateClosing, inventory.StateCancelled,
	}, s)
}

// excused reports whether an account had such a state on any day of a window: one
// that may post again since yesterday has not been silent for two weeks.
func (j *judge) excused(a inventory.Account, start time.Time) bool {
	if silent(j.stateOf(a)) {
		return true
	}
	for day := start; !day.After(j.day) && !start.IsZero(); day = day.AddDate(0, 0, 1) {
		if state, _ := a.StateOn(day); silent(state) {
			return true
		}
	}
	return false
}

// postsFinding notes an account that has not posted, and returns the failure if
// it is a veto.
func (j *judge) postsFinding(a inventory.Account, ind Indicator, st judged) []failure {
	if st.State != Stale {
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

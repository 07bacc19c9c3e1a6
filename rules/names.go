package rules

import (
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// names compares the names seen inside the interval with the registered one, by
// folding width and blanks and nothing else: another suffix is another name. It
// accuses only where a name was seen and none seen was the registered one.
func (j *judge) names(r *AccountResult, t target, s sighting) []failure {
	a := r.Account
	var shown *view
	same := false
	for i := range s.views {
		v := &s.views[i]
		if !v.within || !v.Reading.Conclusive() || extract.FoldName(v.Reading.Name) == "" {
			continue
		}
		r.Observed = v.Reading.Name
		if v.namesIt() {
			shown = v
		}
		same = same || extract.FoldName(v.Reading.Name) == extract.FoldName(a.Name)
	}
	if shown == nil {
		if r.Observed != "" && !same {
			r.hint("订阅源显示的名称为“"+r.Observed+"”，与登记名称不同，请核实", "a feed shows the name \""+r.Observed+"\", which is not the registered one: look at the account")
		}
		return nil
	}
	r.Observed, r.Named, r.NamedSince = shown.Reading.Name, shown.Look, s.firstNamed(shown.Reading.Name)
	if same || slices.Contains([]inventory.AccountState{inventory.StateChanging, inventory.StateMoved, inventory.StateCancelled}, r.Registered) {
		return nil
	}
	var own []failure
	for _, ind := range j.applicable(t, KindName) {
		text := j.say(ind, 0)
		j.findings.add(ind, Finding{
			Subject: a.ID(), Unit: a.Unit, Since: r.NamedSince, Newest: shown.newest,
			Text: text + "，登记名称“" + a.Name + "”，显示名称“" + r.Observed + "”，首次见于" + r.NamedSince.Format(time.DateOnly),
		})
		own = append(own, vetoed(ind, text)...)
	}
	return own
}

// namesIt reports whether a view shows the name as the platform does. A feed has a
// title that its maker chose, unless somebody answers for it, and what came of a
// platform that was hardly read may be anybody's.
func (v view) namesIt() bool { return v.shaken == "" && !v.fed && v.Reading.Conclusive() }

// fed reports whether any feed was read in a look: the name may then be the feed's.
func (l Look) fed() bool {
	return l.Reading.From == extract.FromFeed || slices.ContainsFunc(l.Reading.Tries, func(t extract.Try) bool {
		return t.Kind == extract.FromFeed && t.Outcome != extract.Unread
	})
}

// firstNamed is the first day on which a look at hand showed a name.
func (s sighting) firstNamed(name string) time.Time {
	for _, v := range s.views {
		if v.namesIt() && extract.FoldName(v.Reading.Name) == extract.FoldName(name) {
			return extract.DayOf(v.At)
		}
	}
	return time.Time{}
}

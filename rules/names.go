package rules

import (
	"slices"
	"strings"
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
		same = same || sameName(a.Name, v.Reading.Name)
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
	if !s.renamed(a.Name, r.Observed) {
		r.hint("显示名称为“"+r.Observed+"”，此前为登记名称，尚待复核", "the name \""+r.Observed+"\" is shown, and the registered one was before it: nights to come must bear it out")
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

// On how many days another name must be seen where the registered one was seen
// before it: an old answer that nothing gives away may come for a night, and one
// with a name of old for some.
const (
	renamedAfter = 2
	revertsAfter = 4
)

// renamed reports whether another name than the registered one is more than an old
// answer.
func (s sighting) renamed(registered, other string) bool {
	need, days := 1, map[time.Time]bool{}
	for _, v := range s.views {
		switch {
		case !v.namesIt() || v.Reading.Name == "":
		case sameName(registered, v.Reading.Name):
			if need = max(need, renamedAfter); len(days) > 0 {
				need = revertsAfter
			}
			clear(days)
		case extract.FoldName(v.Reading.Name) == extract.FoldName(other):
			days[extract.DayOf(v.At)] = true
		}
	}
	return len(days) >= need
}

// sameName reports whether a name is shown as it is registered, or as much of it as
// there is room for.
func sameName(registered, shown string) bool {
	registered, shown = extract.FoldName(registered), extract.FoldName(shown)
	head, cut := strings.CutSuffix(strings.TrimSuffix(shown, "…"), "...")
	cut = cut || strings.HasSuffix(shown, "…")
	return registered == shown || cut && len(head) >= shortName && strings.HasPrefix(registered, head)
}

// shortName is how many bytes of a name must be shown for it to be known: four
// Chinese characters.
const shortName = 12

// namesIt reports whether a view shows the name as the platform does now. A feed
// has a title that its maker chose, unless somebody answers for it; what came of a
// platform that was hardly read may be anybody's; and an old answer shows the name
// of its own day.
func (v view) namesIt() bool {
	old := func(t extract.Try) bool { return t.Hindrance == extract.HindOldList }
	return v.shaken == "" && !v.fed && v.Reading.Conclusive() && !slices.ContainsFunc(v.Reading.Tries, old)
}

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

package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"xuncha/extract"
	"xuncha/rules"
)

func newCoverage(c rules.Coverage) Coverage {
	return Coverage{Columns: newCovered(c.Columns), Sections: newCovered(c.Sections), Accounts: newCovered(c.Accounts)}
}

func newCovered(c rules.Covered) Covered {
	out := Covered{Planned: c.Planned, Conclusive: c.Conclusive, Unknown: c.Unknown, UnknownByReason: Reasons{}}
	maps.Copy(out.UnknownByReason, c.UnknownByReason)
	return out
}

func newTotals(t rules.Totals, decimals int) Totals {
	c := t.Columns
	return Totals{
		Sites:    newVerdicts(t.Sites, decimals),
		Accounts: newVerdicts(t.Accounts, decimals),
		Columns: States{
			Fresh: c[rules.Fresh], Due: c[rules.Due], Stale: c[rules.Stale], Blank: c[rules.Blank],
			Missing: t.Sections[rules.Missing], Unknown: c[rules.Unknown],
		},
	}
}

// newVerdicts counts verdicts; one that is none of the settled ones could not be
// monitored.
func newVerdicts(by map[rules.Verdict]int, decimals int) Verdicts {
	v := Verdicts{Pass: by[rules.Pass], Fail: by[rules.Fail], Pending: by[rules.Pending]}
	for _, n := range by {
		v.Total += n
	}
	v.NotMonitored = v.Total - v.Pass - v.Fail - v.Pending
	v.Rate = Null(rules.Rate(v.Total, v.Fail, decimals))
	return v
}

// sorted lists the reasons in the order in which lists show them; those this
// program does not know stand last, by name.
func (r Reasons) sorted() []extract.Reason {
	order := []extract.Reason{
		extract.ReasonDown, extract.ReasonBlocked, extract.ReasonGone, extract.ReasonLost, extract.ReasonScript,
		extract.ReasonUndated, extract.ReasonPartial, extract.ReasonRobots, extract.ReasonNotLooked,
	}
	rank := func(x extract.Reason) int {
		if i := slices.Index(order, x); i >= 0 {
			return i
		}
		return len(order)
	}
	keys := make([]extract.Reason, 0, len(r))
	for k := range r {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b extract.Reason) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(string(a), string(b))
	})
	return keys
}

// words says the reasons with their numbers: 无法访问3个、访问被拦截2个.
func (r Reasons) words(t tongue) string {
	parts := make([]string, 0, len(r))
	for _, reason := range r.sorted() {
		parts = append(parts, t.say(
			fmt.Sprintf("%s%d个", t.reason(reason), r[reason]),
			fmt.Sprintf("%s: %d", t.reason(reason), r[reason])))
	}
	return strings.Join(parts, t.say("、", "; "))
}

// Words says the reasons with their numbers, in Chinese: 无法访问3个、访问被拦截2个.
func (r Reasons) Words() string { return r.words(chinese) }

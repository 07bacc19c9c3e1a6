package report

import (
	"fmt"
	"slices"
	"strings"

	"xuncha/extract"
	"xuncha/rules"
)

func newCoverage(res rules.Result) Coverage {
	columns, accounts := newCovered(), newCovered()
	for _, r := range res.Columns {
		columns.add(r.State, r.Reason)
	}
	for _, r := range res.Accounts {
		accounts.add(r.State, r.Reason)
	}
	return Coverage{Columns: columns, Accounts: accounts}
}

func newCovered() Covered { return Covered{UnknownByReason: Reasons{}} }

// add counts one subject. A state that is not known to this program is unknown.
func (c *Covered) add(s rules.State, reason extract.Reason) {
	c.Planned++
	switch s {
	case rules.Fresh, rules.Due, rules.Stale, rules.Blank, rules.Missing:
		c.Conclusive++
	default:
		c.Unknown++
		c.UnknownByReason[reason]++
	}
}

func newTotals(res rules.Result, decimals int) Totals {
	var t Totals
	for _, r := range res.Sites {
		t.Sites.add(r.Verdict)
	}
	for _, r := range res.Accounts {
		t.Accounts.add(r.Verdict)
	}
	t.Sites.Rate = Null(rate(t.Sites.Total, t.Sites.Fail, decimals))
	t.Accounts.Rate = Null(rate(t.Accounts.Total, t.Accounts.Fail, decimals))
	for _, r := range res.Columns {
		t.Columns.add(r.State)
	}
	for _, r := range res.Sections {
		if r.State == rules.Missing {
			t.Columns.Missing++
		}
	}
	return t
}

func (v *Verdicts) add(verdict rules.Verdict) {
	v.Total++
	switch verdict {
	case rules.Pass:
		v.Pass++
	case rules.Fail:
		v.Fail++
	case rules.Pending:
		v.Pending++
	default:
		v.NotMonitored++
	}
}

func (s *States) add(state rules.State) {
	switch state {
	case rules.Fresh:
		s.Fresh++
	case rules.Due:
		s.Due++
	case rules.Stale:
		s.Stale++
	case rules.Blank:
		s.Blank++
	case rules.Missing:
		s.Missing++
	default:
		s.Unknown++
	}
}

// rate is the share of total that did not fail, in percent, rounded half up on
// its decimals; "" of nothing.
func rate(total, failed, decimals int) string {
	if total <= 0 {
		return ""
	}
	scale := 1
	for range decimals {
		scale *= 10
	}
	scaled := (2*(total-failed)*100*scale + total) / (2 * total)
	if decimals == 0 {
		return fmt.Sprint(scaled)
	}
	return fmt.Sprintf("%d.%0*d", scaled/scale, decimals, scaled%scale)
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

package rules

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"xuncha/extract"
	"xuncha/inventory"
)

func TestRate(t *testing.T) {
	tests := []struct {
		total, failed, decimals int
		want                    string
	}{
		{33, 2, 1, "93.9"}, {91, 5, 1, "94.5"}, {91, 5, 2, "94.51"}, {33, 2, 2, "93.94"}, {33, 2, 0, "94"},
		{33, 0, 1, "100.0"}, {33, 33, 1, "0.0"}, {0, 0, 1, ""},
		{1000, 999, 1, "0.1"}, {2000, 1, 1, "100.0"}, {2000, 1999, 1, "0.1"}, {8, 1, 1, "87.5"}, {16, 1, 1, "93.8"}, {16, 1, 2, "93.75"},
		{10000, 9995, 1, "0.1"}, {3, 1, 9, "66.666667"}, {3, 1, -1, "67"},
	}
	for _, tt := range tests {
		if got := Rate(tt.total, tt.failed, tt.decimals); got != tt.want {
			t.Errorf("%d of %d failed, %d decimals: got %q, want %q", tt.failed, tt.total, tt.decimals, got, tt.want)
		}
	}
}

func TestCoverageAndTotals(t *testing.T) {
	w := newTown(t)
	w.column("fgw", "动态", inventory.ClassNews, look(night, listed("2023-09-26")))
	w.column("fgw", "动态", inventory.ClassNews, look(night, unread(extract.ReasonDown)))
	w.column("xxgk", "通知公告", inventory.ClassNotice, look(night, listed("2023-08-23")))
	w.section(look(night, extract.Reading{Outcome: extract.Absent}))
	w.account(inventory.Weibo, "一", look(night, listed("2023-09-01")))
	w.account(inventory.Weibo, "二")
	res := w.judge()
	c, n := res.Coverage(), res.Totals()
	if c.Columns.Planned != 3 || c.Columns.Conclusive != 2 || c.Columns.UnknownByReason[extract.ReasonDown] != 1 ||
		c.Sections.Conclusive != 1 || c.Accounts.Unknown != 1 || c.Accounts.UnknownByReason[extract.ReasonNotLooked] != 1 {
		t.Errorf("coverage %+v", c)
	}
	if fmt.Sprint(n.Sites, n.Accounts, n.Columns, n.Sections) != "map[合格:2] map[不合格:1 未能监测:1] map[fresh:1 stale:1 unknown:1] map[missing:1]" {
		t.Errorf("totals %v", n)
	}
}

// anyReading draws a reading of any kind around the edges of the windows.
func anyReading(t *rapid.T, label string) extract.Reading {
	reasons := []extract.Reason{extract.ReasonDown, extract.ReasonLost, extract.ReasonUndated, extract.ReasonPartial}
	switch rapid.IntRange(0, 4).Draw(t, label+" kind") {
	case 0:
		return unread(rapid.SampledFrom(reasons).Draw(t, label+" reason"))
	case 1:
		return emptyList
	}
	var days []string
	for range rapid.IntRange(1, 3).Draw(t, label+" items") {
		days = append(days, shown(day("2023-09-29").AddDate(0, 0, -rapid.SampledFrom([]int{0, 1, 2, 15, 16, 17, 200, 300, 500}).Draw(t, label+" age"))))
	}
	r := listed(days...)
	r.Complete, r.AtLeast = rapid.Bool().Draw(t, label+" complete"), rapid.Bool().Draw(t, label+" at least")
	return r
}

func anyLooks(t *rapid.T) []Look {
	var looks []Look
	for i := range rapid.IntRange(0, 4).Draw(t, "looks") {
		hours := rapid.SampledFrom([]int{-200, -49, -48, -30, -22, -3, 0, 5, 24, 25}).Draw(t, "hours")
		l := look(point.Add(minutes(60*hours+i)), anyReading(t, fmt.Sprint("look ", i)))
		looks = append(looks, l)
	}
	return looks
}

// townOf is a town in which one column of each sort was looked at alike.
func townOf(t testing.TB, looks []Look) *town {
	w := newTown(t)
	w.column("fgw", "动态", inventory.ClassNews, looks...)
	w.column("fgw", "其他", inventory.ClassOther, looks...)
	w.column("pd", "建议提案", inventory.ClassProposals, looks...)
	w.column("xxgk", "通知公告", inventory.ClassNotice, looks...)
	w.account(inventory.Weibo, "一", looks...)
	w.Looks["fgw"] = looks
	return w
}

// states lists every state of a result by subject and indicator.
func states(r Result) map[string]State {
	all := map[string]State{}
	for _, c := range r.Columns {
		all[c.Column.ID] = c.State
		for _, s := range c.States {
			all[c.Column.ID+" "+s.Indicator] = s.State
		}
	}
	for _, a := range r.Accounts {
		all[a.Account.ID()] = a.State
	}
	for _, s := range r.Sites {
		all[s.Carrier.ID+" home"] = s.Home.State
	}
	return all
}

func accuses(s State) bool { return s == Stale || s == Blank || s == Missing }

func TestAnUnreadableLookNeverAccuses(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		looks := anyLooks(rt)
		before := states(townOf(t, looks).judge())
		hours := rapid.IntRange(-60, 30).Draw(rt, "hours of the unreadable look")
		reason := rapid.SampledFrom([]extract.Reason{extract.ReasonDown, extract.ReasonLost, extract.ReasonUndated, ""}).Draw(rt, "reason")
		more := append(append([]Look{}, looks...), look(point.Add(minutes(60*hours)), unread(reason)))
		for id, s := range states(townOf(t, more).judge()) {
			if accuses(s) && s != before[id] {
				rt.Errorf("%s was %s and is %s", id, before[id], s)
			}
		}
	})
}

func TestANewerItemNeverMakesItWorse(t *testing.T) {
	worse := map[State]int{Fresh: 0, Due: 1, Unknown: 2, Stale: 3, Blank: 4}
	rapid.Check(t, func(rt *rapid.T) {
		age, newer := rapid.IntRange(0, 500).Draw(rt, "age"), rapid.IntRange(0, 500).Draw(rt, "newer by")
		at := func(age int) map[string]State {
			r := whole(shown(day("2023-09-27").AddDate(0, 0, -age)))
			return states(townOf(t, []Look{look(night, r)}).judge())
		}
		old := at(age)
		for id, s := range at(max(0, age-newer)) {
			if worse[s] > worse[old[id]] {
				rt.Errorf("%s was %s and is %s with a newer item", id, old[id], s)
			}
		}
	})
}

func TestUnknownIsNeverAFinding(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		res := townOf(t, anyLooks(rt)).judge()
		known := states(res)
		for _, f := range res.Findings {
			own, ok := known[f.Subject+" "+f.Indicator]
			if s := known[f.Subject]; ok && !accuses(own) || !ok && known[f.Subject+" home"] == "" && !accuses(s) {
				rt.Errorf("%s fails %s and is %s, %s", f.Subject, f.Indicator, s, own)
			}
		}
		for _, s := range known {
			if s == "" {
				rt.Errorf("a subject without a state: %v", known)
			}
		}
	})
}

func TestJudgeIsDeterministicAndLeavesItsInputAlone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		looks := anyLooks(rt)
		given := fmt.Sprintf("%+v", looks)
		w := townOf(t, looks)
		if a, b := plain(w.judge()), plain(w.judge()); a != b {
			rt.Errorf("two judgements of the same differ:\n%s\n%s", a, b)
		}
		if now := fmt.Sprintf("%+v", looks); now != given {
			rt.Errorf("the looks were %s and are %s", given, now)
		}
	})
}

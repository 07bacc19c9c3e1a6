package rules

import (
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
)

// A list without any dates is a hint for people and makes no state.
func TestUnlabelledIsAHint(t *testing.T) {
	bare := unread(extract.ReasonUndated)
	bare.Unlabelled = true
	tests := []struct {
		name     string
		looks    []Look
		onDemand bool
		want     bool
	}{
		{"list and articles without dates", []Look{look(night, bare)}, false, true},
		{"dates that we cannot read", []Look{look(night, unread(extract.ReasonUndated))}, false, false},
		{"a look too early", []Look{look(at("2023-09-20 01:30"), bare)}, false, false},
		{"a newer look that saw something else", []Look{look(night, bare), look(at("2023-09-27 03:00"), unread(extract.ReasonDown))}, false, false},
		{"a column that was seen fresh", []Look{look(at("2023-09-20 01:30"), listed("2023-09-20")), look(night, bare)}, false, false},
		{"nothing to publish is possible", []Look{look(night, bare)}, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			w.column("fgw", "动态", inventory.ClassNews, tt.looks...)
			w.City.Carriers[0].Columns[0].OnDemand = tt.onDemand
			res := w.judge()
			found := false
			for _, f := range res.Findings {
				if f.Indicator == "national.V4.unlabelled" {
					found = true
					if f.Effect != EffectHint || f.Status != suspected || f.Text == "" || f.Basis == "" {
						t.Errorf("got %+v, want a suspected hint with its clause", f)
					}
				}
			}
			if found != tt.want || len(res.Findings) != 0 && !tt.want {
				t.Errorf("got findings %+v, want one: %t", res.Findings, tt.want)
			}
			if c := res.Columns[0]; tt.want && (c.State != Unknown || c.Reason != extract.ReasonUndated || len(res.Cited()) != 1) {
				t.Errorf("got %s %s, cited %d; want unknown: undated, and the look kept", c.State, c.Reason, len(res.Cited()))
			}
			if res.Sites[0].Verdict == Fail {
				t.Error("a hint fails a site")
			}
		})
	}
}

// A date that may have been changed is a hint and changes no state.
func TestMovedDateIsANote(t *testing.T) {
	r := listed("2023-06-20")
	r.Moved = []extract.Moved{{Shown: extract.Date{Time: day("2009-06-01")}, Claimed: extract.Date{Time: day("2023-08-23")}, By: "meta PubDate"}}
	w := newTown(t)
	w.column("fgw", "动态", inventory.ClassNews, look(night, r))
	w.column("fgw", "要闻", inventory.ClassNews, look(night, listed("2023-06-20")))
	res := w.judge()
	with, without := res.Columns[0], res.Columns[1]
	if with.State != Stale || with.Note != "有1处信息页面显示的日期与页面标记的日期不一致（如显示2009-06-01，meta PubDate为2023-08-23），请核实是否改过日期" {
		t.Errorf("got %s, note %q", with.State, with.Note)
	}
	if without.Note != "" {
		t.Errorf("note %q without a date that was moved", without.Note)
	}
}

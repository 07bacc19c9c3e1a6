package rules

import (
	"slices"
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
)

func TestOriginalPosts(t *testing.T) {
	reposted := func(all bool, days ...string) extract.Reading {
		r := listed(days...)
		for i := range r.Items {
			r.Items[i].Repost = all || i == 0
		}
		return from(extract.FromPlatform, r)
	}
	bound := reposted(true, "2023-09-26", "2023-08-01", "2023-06-01")
	bound.AtLeast = true
	tests := []struct {
		name string
		r    extract.Reading
		want bool
	}{
		{"all are passed on", reposted(true, "2023-09-26", "2023-08-01", "2023-06-01"), true},
		{"one is not", reposted(false, "2023-09-26", "2023-08-01", "2023-06-01"), false},
		{"a platform that never tells", from(extract.FromPlatform, listed("2023-09-26", "2023-08-01", "2023-06-01")), false},
		{"the list does not reach back", reposted(true, "2023-09-26", "2023-08-01", "2023-07-01"), false},
		{"only a pinned row does", reposted(true, "2021-01-01", "2023-09-26", "2023-09-25", "2023-09-24"), false},
		{"a lower bound", bound, false},
	}
	for _, tt := range tests {
		w := newTown(t)
		w.account(inventory.Weibo, "阳泉网警", look(night, tt.r))
		res := w.judge()
		if got := slices.Contains(findingsOf(res), "account:140300M010XL0000 national.M2.original"); got != tt.want || res.Accounts[0].Verdict != Pass {
			t.Errorf("%s: got %v %s, want %v", tt.name, got, res.Accounts[0].Verdict, tt.want)
		}
	}
}

func TestPace(t *testing.T) {
	platform := func(days ...string) extract.Reading { return from(extract.FromPlatform, listed(days...)) }
	bound := platform("2023-09-26", "2023-06-01")
	bound.AtLeast = true
	tests := []struct {
		name  string
		looks []Look
		from  string
		out   int
		gap   int
	}{
		{"the whole quarter", []Look{look(night, platform("2023-09-26", "2023-09-20", "2023-08-20", "2023-08-01", "2023-06-30"))}, "2023-07-01", 58, 31},
		{"what is shown does not reach back", []Look{look(night, platform("2023-09-26", "2023-09-20", "2023-09-18"))}, "2023-09-18", 0, 5},
		{"a pinned row reaches nowhere", []Look{look(night, platform("2021-01-01", "2023-09-26", "2023-09-18"))}, "2023-09-18", 0, 7},
		{"an earlier look that meets it", []Look{look(at("2023-09-19 01:30"), platform("2023-09-18", "2023-09-10")), look(night, platform("2023-09-26", "2023-09-18"))}, "2023-09-10", 0, 7},
		{"an earlier look that does not", []Look{look(at("2023-09-17 01:30"), platform("2023-09-16", "2023-09-10")), look(night, platform("2023-09-26", "2023-09-18"))}, "2023-09-18", 0, 7},
		{"silent to the end", []Look{look(night, platform("2023-09-10", "2023-09-09"))}, "2023-09-09", 10, 17},
		{"two sources show one post", []Look{look(night, from(extract.FromFeed, platform("2023-09-26", "2023-09-18", "2023-09-26", "2023-09-10")))}, "2023-09-10", 0, 7},
		{"a source that leaves posts out", []Look{look(night, func() extract.Reading {
			r := platform("2023-09-26", "2023-09-18", "2023-06-01")
			r.Tries = append(r.Tries, extract.Try{Kind: extract.FromFeed, Outcome: extract.Dated, AtLeast: true})
			return r
		}())}, "", 0, 0},
		{"a lower bound", []Look{look(night, bound)}, "", 0, 0},
		{"not looked at lately", []Look{look(at("2023-09-17 01:30"), platform("2023-09-16", "2023-09-10"))}, "", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			w.account(inventory.Weibo, "阳泉网警", tt.looks...)
			if got := w.judge().Accounts[0].Pace; shown(got.From) != tt.from || got.DaysOut != tt.out || got.LongestGap != tt.gap {
				t.Errorf("got %s %d %d, want %s %d %d", shown(got.From), got.DaysOut, got.LongestGap, tt.from, tt.out, tt.gap)
			}
		})
	}
}

package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/internal/simcity"
	"xuncha/inventory"
	"xuncha/rules"
)

// fewHosts selects the subjects of five sites, so that three nights take no
// longer than a test may. On them a firewall answers, a site is redesigned, a
// column is silent, rows are pinned.
func fewHosts(id string) bool {
	site, _, _ := strings.Cut(id, "/")
	switch site {
	case "fgw", "jyj", "gaj", "scjgj", "pd":
		return true
	}
	return strings.HasPrefix(id, "account:140300M01")
}

// No night may accuse falsely or take a wrong date for the newest.
func TestThreeNightsAccuseNobodyFalsely(t *testing.T) {
	s, err := nightsRun{nights: 3, from: "2023-10-05", approve: true, only: fewHosts}.play(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range slices.Concat(s.accused.lines(), s.wrong.lines(), s.unshown.lines()) {
		t.Error(l)
	}
	if s.nights != 3 || s.columns < 3*60 || s.conclusive == 0 || s.conclusive > s.readable || s.readable >= s.columns {
		t.Errorf("%d nights, %d column-nights, %d of %d readable ones conclusive; want 3 nights on which most columns are read", s.nights, s.columns, s.conclusive, s.readable)
	}
	if s.hindered["waf"] != 22 {
		t.Errorf("%d column-nights behind a firewall, want two nights of eleven columns", s.hindered["waf"])
	}
	if len(*s.redesigns["markup jyj.yq.gov.cn 2023-10-06"]) != 11 {
		t.Errorf("redesigns %v, want eleven columns of the site that was redesigned", s.redesigns)
	}
	if s.found[0] == 0 {
		t.Error("no account or column that is really stale was found at once")
	}
	var out strings.Builder
	s.print(&out)
	for _, want := range []string{"column-nights judged", "false accusations", "of those conclusive", "redesign "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table does not say %q:\n%s", want, out.String())
		}
	}
}

// oneColumn is a night on which one column was read and judged.
func oneColumn(said, real rules.State, read, truth string, readable bool) *nightSeen {
	result := func(s rules.State, l *rules.Look) rules.Result {
		return rules.Result{Columns: []rules.ColumnResult{{
			Column: inventory.Column{ID: "a/b"}, State: s, Look: l, States: []rules.IndicatorState{{Indicator: "dynamic", State: s}},
		}}}
	}
	day := func(s string) time.Time {
		d, err := time.ParseInLocation(time.DateOnly, s, extract.Beijing)
		if err != nil {
			return time.Time{}
		}
		return d
	}
	at := time.Date(2023, 10, 5, 1, 30, 0, 0, extract.Beijing)
	r := extract.Reading{Outcome: extract.Dated, Newest: extract.Date{Time: day(read)}}
	if read == "" {
		r = extract.Reading{Outcome: extract.Unread, Reason: extract.ReasonLost}
	}
	t := simcity.Truth{Newest: day(truth), Readable: readable}
	return &nightSeen{
		at: at, read: map[string]extract.Reading{"a/b": r}, truth: map[string]simcity.Truth{"a/b": t},
		truthAt: func(string, time.Time) simcity.Truth { return t },
		said:    result(said, &rules.Look{Subject: "a/b", At: at, Reading: r}), real: result(real, nil),
	}
}

func TestScoreTellsErrorsApart(t *testing.T) {
	tests := []struct {
		name                                string
		night                               *nightSeen
		accused, wrong, cleared, conclusive int
	}{
		{"right", oneColumn(rules.Fresh, rules.Fresh, "2023-10-04", "2023-10-04", true), 0, 0, 0, 1},
		{"rightly stale", oneColumn(rules.Stale, rules.Stale, "2023-08-04", "2023-08-04", true), 0, 0, 0, 1},
		{"falsely stale", oneColumn(rules.Stale, rules.Fresh, "2023-08-04", "2023-10-04", true), 1, 1, 0, 1},
		{"falsely blank", oneColumn(rules.Blank, rules.Stale, "", "2023-08-04", true), 1, 0, 0, 1},
		{"falsely fresh", oneColumn(rules.Fresh, rules.Stale, "2023-10-05", "2023-08-04", false), 0, 1, 1, 0},
		{"unread", oneColumn(rules.Unknown, rules.Fresh, "", "2023-10-04", true), 0, 0, 0, 0},
		{"unread, and nobody could", oneColumn(rules.Unknown, rules.Stale, "", "2023-08-04", false), 0, 0, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newScore()
			s.count(tt.night)
			got := []int{s.accused.total(), s.wrong.total(), s.cleared.total(), s.conclusive}
			want := []int{tt.accused, tt.wrong, tt.cleared, tt.conclusive}
			for i := range got {
				if got[i] != want[i] {
					t.Fatalf("accused, wrong, cleared, conclusive: %v, want %v", got, want)
				}
			}
		})
	}
}

// What was true when a column was last read is told apart from an error: on a
// night without an answer nobody can know what was published since.
func TestScoreTellsWhatWasOvertaken(t *testing.T) {
	n := oneColumn(rules.Stale, rules.Fresh, "2023-08-04", "2023-08-04", true)
	n.said.Columns[0].Look.At = n.at.AddDate(0, 0, -1)
	n.read["a/b"] = extract.Reading{Outcome: extract.Unread, Reason: extract.ReasonBlocked}
	n.truth["a/b"] = simcity.Truth{Newest: n.at.AddDate(0, 0, -1)}
	s := newScore()
	s.count(n)
	if s.accused.total() != 0 || s.overtaken.total() != 1 {
		t.Errorf("accused %v, overtaken %v; want the second", s.accused, s.overtaken)
	}
}

// A real staleness is found, found late, or missed; nights on which nobody
// could read do not count against us.
func TestScoreFollowsRealStaleness(t *testing.T) {
	s := newScore()
	for _, n := range []*nightSeen{
		oneColumn(rules.Unknown, rules.Stale, "", "2023-08-04", true),
		oneColumn(rules.Unknown, rules.Stale, "", "2023-08-04", false),
		oneColumn(rules.Stale, rules.Stale, "2023-08-04", "2023-08-04", true),
		oneColumn(rules.Stale, rules.Stale, "2023-08-04", "2023-08-04", true),
		oneColumn(rules.Fresh, rules.Fresh, "2023-10-04", "2023-10-04", true),
		oneColumn(rules.Unknown, rules.Stale, "", "2023-08-04", true),
		oneColumn(rules.Fresh, rules.Fresh, "2023-10-04", "2023-10-04", true),
	} {
		s.count(n)
	}
	if s.found[1] != 1 || len(s.found) != 1 || len(s.missed) != 1 {
		t.Errorf("found %v, missed %v; want one found after one readable night and one missed", s.found, s.missed)
	}
}

// A person approves of a proposal that reads what is true, and of no other.
func TestApprovalNeedsTheTruth(t *testing.T) {
	n := oneColumn(rules.Unknown, rules.Fresh, "", "2023-10-04", true)
	propose := func(day string) *inventory.City {
		at, err := time.ParseInLocation(time.DateOnly, day, extract.Beijing)
		if err != nil {
			t.Fatal(err)
		}
		n.read["a/b"] = extract.Reading{Outcome: extract.Unread, Reason: extract.ReasonLost, Proposal: &extract.Proposal{
			Recipe: extract.Recipe{List: "div.new"}, Items: []extract.Item{{Title: "a", Date: extract.Date{Time: at}}},
		}}
		city := &inventory.City{Carriers: []inventory.Carrier{{ID: "a", Columns: []inventory.Column{{ID: "a/b", Recipe: extract.Recipe{List: "div.old"}, URLs: []string{"http://a.gov.cn/b/"}}}}}}
		approve(city, n)
		return city
	}
	if got := propose("2023-10-04").Carriers[0].Columns[0].Recipe.List; got != "div.new" {
		t.Errorf("a right proposal left %q", got)
	}
	if got := propose("2023-10-03").Carriers[0].Columns[0].Recipe.List; got != "div.old" {
		t.Errorf("a wrong proposal became %q", got)
	}
	n.truth["a/b"] = simcity.Truth{Newest: n.truth["a/b"].Newest, Why: simcity.Moved, Redesign: "addresses a.gov.cn 2023-10-05", URLs: []string{"http://a.gov.cn/new/b/"}}
	if got := propose("2023-10-04").Carriers[0].Columns[0].URLs[0]; got != "http://a.gov.cn/new/b/" {
		t.Errorf("after a move the column is asked at %q", got)
	}
}

package rules

import (
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// aged is a reading of a list that is older than it should be.
func aged(r extract.Reading) extract.Reading {
	r = from(extract.FromPlatform, r)
	r.AtLeast, r.Hindrance = true, extract.HindOldList
	r.Tries[0].AtLeast, r.Tries[0].Hindrance = true, extract.HindOldList
	return r
}

// A look that is said to be whole is believed to hold the newest post only as
// long as nobody has seen a later one.
func TestALaterPostBeliesAWholeList(t *testing.T) {
	early := at("2023-09-27 00:30")
	whole := from(extract.FromPlatform, listed("2023-09-12", "2023-09-01"))
	tests := []struct {
		name  string
		looks []Look
		said  []inventory.Submission
		state State
	}{
		{"nobody has", []Look{look(early, whole), look(night, whole)}, nil, Stale},
		{"a feed showed one before it", []Look{look(early, behind(extract.HindCaptcha, extract.FromFeed, atLeast("2023-09-15"))), look(night, whole)}, nil, Unknown},
		{"a link showed one after it", []Look{look(early, whole), look(night, behind(extract.HindLogin, extract.FromLink, atLeast("2023-09-15")))}, nil, Unknown},
		{"a link showed it long ago, and it may have been deleted", []Look{look(at("2023-09-16 01:00"), from(extract.FromLink, atLeast("2023-09-15"))), look(night, whole)}, nil, Stale},
		{"somebody attested one", []Look{look(night, whole)}, []inventory.Submission{submitted("2023-09-15", "2023-09-16", "2023-09-17")}, Unknown},
		{"somebody attested one, unchecked", []Look{look(night, whole)}, []inventory.Submission{submitted("2023-09-15", "2023-09-16", "")}, Stale},
		{"somebody attested one after the point", []Look{look(night, whole)}, []inventory.Submission{submitted("2023-09-15", "2023-09-28", "2023-09-29")}, Stale},
		{"somebody attested one of another account", []Look{look(night, whole)}, []inventory.Submission{func() inventory.Submission {
			s := submitted("2023-09-25", "2023-09-26", "2023-09-27")
			s.Account = "140300M010XL0007"
			return s
		}()}, Stale},
		{"an old list after it", []Look{look(early, whole), look(night, aged(listed("2023-08-01")))}, nil, Unknown},
		{"an old list before it", []Look{look(early, aged(listed("2023-08-01"))), look(night, whole)}, nil, Stale},
		{"refused on the point's day", []Look{look(at("2023-09-26 01:00"), whole), look(night, hindered(extract.HindVisitor))}, nil, Unknown},
		{"posts after the point alone, and a link of long ago", []Look{look(at("2023-09-28 10:00"), func() extract.Reading {
			r := from(extract.FromFeed, listed("2023-09-28", "2023-09-28", "2023-07-01"))
			r.Tries = append(r.Tries, extract.Try{Kind: extract.FromLink, Outcome: extract.Dated, AtLeast: true})
			return r
		}())}, nil, Unknown},
	}
	for _, tt := range tests {
		w := newTown(t)
		w.account(inventory.Weibo, "阳泉网警", tt.looks...)
		w.City.Submissions = tt.said
		res := w.judge()
		if got := res.Accounts[0]; got.State != tt.state || (got.Verdict == Fail) != (tt.state == Stale) || len(notable(res)) > 0 != (tt.state == Stale) {
			t.Errorf("%s: got %s %s, findings %v, want %s", tt.name, got.State, got.Verdict, findingsOf(res), tt.state)
		}
	}
}

// An account whose registered state explained its silence until yesterday has not
// been silent for the length of a window.
func TestAStateThatEndedInsideTheWindowExcuses(t *testing.T) {
	old := look(night, from(extract.FromPlatform, listed("2023-05-01")))
	tests := []struct {
		name  string
		state []inventory.AccountSpell
		fails bool
	}{
		{"normal for ever", nil, true},
		{"paused until the day before the point", []inventory.AccountSpell{{State: inventory.StatePaused, From: day("2023-05-02")}, {State: inventory.StateNormal, From: day("2023-09-27")}}, false},
		{"paused until the window's first day", []inventory.AccountSpell{{State: inventory.StatePaused, From: day("2023-05-02")}, {State: inventory.StateNormal, From: day("2023-09-21")}}, false},
		{"paused until the window began", []inventory.AccountSpell{{State: inventory.StatePaused, From: day("2023-05-02")}, {State: inventory.StateNormal, From: day("2023-09-20")}}, true},
		{"paused for a day of the window", []inventory.AccountSpell{{State: inventory.StateNormal}, {State: inventory.StatePaused, From: day("2023-09-22")}, {State: inventory.StateNormal, From: day("2023-09-23")}}, false},
		{"cancelled on the point's day", []inventory.AccountSpell{{State: inventory.StateNormal}, {State: inventory.StateCancelled, From: day("2023-09-27")}}, false},
		{"cancelled the day after", []inventory.AccountSpell{{State: inventory.StateNormal}, {State: inventory.StateCancelled, From: day("2023-09-28")}}, true},
		{"moving to another uid", []inventory.AccountSpell{{State: inventory.StateMoved, From: day("2023-08-01")}}, false},
	}
	for _, tt := range tests {
		w := newTown(t)
		w.account(inventory.Weibo, "阳泉网警", old)
		w.City.Accounts[0].States = tt.state
		if got := w.judge().Accounts[0]; (got.Verdict == Fail) != tt.fails {
			t.Errorf("%s: got %s %s %v", tt.name, got.State, got.Verdict, got.Reasons)
		}
	}
}

// What is shown of a name is not always the name.
func TestNamesThatAreNoRename(t *testing.T) {
	fresh := from(extract.FromPlatform, listed("2023-09-26"))
	tests := []struct {
		name, registered string
		looks            []Look
		fails            bool
	}{
		{"a heart with and without its colour", "阳泉网警\u2764", []Look{look(night, showing("阳泉网警\u2764\ufe0f", fresh))}, false},
		{"no heart", "阳泉网警", []Look{look(night, showing("阳泉网警\u2764\ufe0f", fresh))}, true},
		{"brackets of another width", "阳泉网警（官方）", []Look{look(night, showing("阳泉网警(官方)", fresh))}, false},
		{"cut", "阳泉网警巡查执法", []Look{look(night, showing("阳泉网警巡…", fresh))}, false},
		{"cut with dots", "阳泉网警巡查执法", []Look{look(night, showing("阳泉网警...", fresh))}, false},
		{"cut to nothing", "阳泉网警巡查执法", []Look{look(night, showing("…", fresh))}, true},
		{"cut, and another", "阳泉网警巡查执法", []Look{look(night, showing("阳泉网安…", fresh))}, true},
		{"shorter, and not cut", "阳泉网警巡查执法", []Look{look(night, showing("阳泉网警", fresh))}, true},
		{"the name of an old answer", "阳泉网警", []Look{look(night, showing("阳泉网安", aged(listed("2023-08-01"))))}, false},
		{"a new name before an old answer", "阳泉网警", []Look{look(at("2023-09-27 00:30"), showing("阳泉网警", fresh)), look(night, showing("阳泉网安", aged(listed("2023-08-01"))))}, false},
		{"another for one night, after the registered one", "阳泉网警", []Look{look(at("2023-09-24 01:00"), showing("阳泉网警", fresh)), look(night, showing("阳泉网安", fresh))}, false},
		{"another for two nights, after the registered one", "阳泉网警", []Look{look(at("2023-09-24 01:00"), showing("阳泉网警", fresh)), look(at("2023-09-26 01:00"), showing("阳泉网安", fresh)), look(night, showing("阳泉网安", fresh))}, true},
		{"another twice in one night, after the registered one", "阳泉网警", []Look{look(at("2023-09-24 01:00"), showing("阳泉网警", fresh)), look(at("2023-09-27 00:10"), showing("阳泉网安", fresh)), look(night, showing("阳泉网安", fresh))}, false},
		{"its former name again for two nights", "阳泉网警", []Look{look(at("2023-09-20 01:00"), showing("阳泉网安", fresh)), look(at("2023-09-24 01:00"), showing("阳泉网警", fresh)), look(at("2023-09-26 01:00"), showing("阳泉网安", fresh)), look(night, showing("阳泉网安", fresh))}, false},
		{"of a feed", "阳泉网警", []Look{look(night, showing("阳泉网警的最新消息", from(extract.FromFeed, listed("2023-09-26"))))}, false},
		{"of the platform, beside a feed", "阳泉网警", []Look{look(night, showing("阳泉网安", func() extract.Reading {
			r := from(extract.FromPlatform, listed("2023-09-20"))
			return from(extract.FromFeed, r)
		}()))}, false},
		{"registered anew on the point's day", "阳泉网警", []Look{look(at("2023-09-26 01:00"), showing("阳泉网安", fresh)), look(night, showing("阳泉网警", fresh))}, false},
		{"after the interval", "阳泉网警", []Look{look(night, showing("阳泉网警", fresh)), look(point.Add(48*time.Hour), showing("阳泉网安", fresh))}, false},
	}
	for _, tt := range tests {
		w := newTown(t)
		w.account(inventory.Weibo, tt.registered, tt.looks...)
		got := w.judge().Accounts[0]
		if renamed := strings.Contains(strings.Join(got.Reasons, ";"), "名称"); renamed != tt.fails || (got.Verdict == Fail) != tt.fails {
			t.Errorf("%s: got %s %v, shown %q", tt.name, got.Verdict, got.Reasons, got.Observed)
		}
	}
}

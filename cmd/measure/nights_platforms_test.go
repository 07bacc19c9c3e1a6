package main

import (
	"errors"
	"slices"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/internal/simcity"
	"xuncha/inventory"
	"xuncha/rules"
)

// asAsked makes a round of all accounts, with the same manner for every platform,
// and returns how the platforms saw it.
func asAsked(t *testing.T) map[inventory.Platform]simcity.PlatformTraffic {
	t.Helper()
	r, err := newRounds()
	if err != nil {
		t.Fatal(err)
	}
	r.city.Crawl.Delay = 0
	for i := range r.city.Platforms {
		p := &r.city.Platforms[i]
		p.Manner.Delay, p.Manner.Jitter, p.Manner.CoolDown, p.Manner.Deadline = politeDelay, 0, time.Millisecond, time.Minute
	}
	city, err := r.simulate(0)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.open(t.TempDir(), city); err != nil {
		t.Fatal(err)
	}
	round, err := r.night(t.Context(), inventory.Match("account:*"), nil)
	if err != nil || len(round.Planned) == 0 {
		t.Fatalf("%d planned, %v", len(round.Planned), err)
	}
	seen := city.Platforms()
	if err := errors.Join(r.close(), city.Close()); err != nil {
		t.Error(err)
	}
	return seen
}

const politeDelay = 15 * time.Millisecond

// The platforms themselves count: over all hosts of one there is one request at
// a time, never sooner than its delay, and its accounts are asked about in their
// order. None is come back to, but for a second look at who seems silent.
func TestPlatformsAreAskedInTheirManner(t *testing.T) {
	r, err := newRounds()
	if err != nil {
		t.Fatal(err)
	}
	seen := asAsked(t)
	for p, c := range seen {
		if c.AtOnce != 1 || c.Requests > 1 && c.MinGap < politeDelay {
			t.Errorf("%s: %d requests, %d at once, %v apart; want one at a time, %v apart", p, c.Requests, c.AtOnce, c.MinGap, politeDelay)
		}
		var order []string
		for _, a := range r.city.Accounts {
			if slices.Contains(c.Accounts, a.Code) {
				order = append(order, a.Code)
			}
		}
		if !slices.Equal(c.Accounts[:len(order)], order) {
			t.Errorf("%s: asked about %v, want the order of the inventory", p, c.Accounts)
		}
	}
	if n := len(seen[inventory.Wechat].Accounts); n != 36 {
		t.Errorf("微信 was asked about %d accounts, want 36", n)
	}
}

// A guest who is shown a lower bound can tell that an account posts, and never
// that it is silent.
func TestScoreCountsAccounts(t *testing.T) {
	account := inventory.Account{Code: "140300M010WX0001", Platform: inventory.Wechat}
	at := time.Date(2023, 10, 5, 1, 30, 0, 0, extract.Beijing)
	night := func(said, real rules.State, truth simcity.Truth) *nightSeen {
		result := func(s rules.State) rules.Result {
			return rules.Result{Accounts: []rules.AccountResult{{Account: account, State: s, States: []rules.IndicatorState{{Indicator: "posts", State: s}}}}}
		}
		return &nightSeen{
			at: at, read: map[string]extract.Reading{account.ID(): {Outcome: extract.Unread, Reason: extract.ReasonPartial}},
			truth:   map[string]simcity.Truth{account.ID(): truth},
			truthAt: func(string, time.Time) simcity.Truth { return truth }, said: result(said), real: result(real),
		}
	}
	whole, bound, hidden := simcity.Truth{Readable: true}, simcity.Truth{Readable: true, Bound: true}, simcity.Truth{Why: "captcha"}
	tests := []struct {
		name                 string
		night                *nightSeen
		readable, conclusive int
	}{
		{"read", night(rules.Fresh, rules.Fresh, whole), 1, 1},
		{"silent and found", night(rules.Stale, rules.Stale, whole), 1, 1},
		{"not read", night(rules.Unknown, rules.Fresh, whole), 1, 0},
		{"a lower bound that clears", night(rules.Fresh, rules.Fresh, bound), 1, 1},
		{"a lower bound that cannot accuse", night(rules.Unknown, rules.Stale, bound), 0, 0},
		{"hidden", night(rules.Unknown, rules.Fresh, hidden), 0, 0},
	}
	for _, tt := range tests {
		s := newScore()
		s.count(tt.night)
		if got := s.accounts; got.judged != 1 || got.readable != tt.readable || got.conclusive != tt.conclusive || got.readable+len(got.hindered) != 1 {
			t.Errorf("%s: %+v; want %d readable, %d conclusive", tt.name, got, tt.readable, tt.conclusive)
		}
	}
	s := newScore()
	s.count(night(rules.Stale, rules.Fresh, bound))
	if s.accused.total() != 1 {
		t.Errorf("accused %v, want the account that is not silent", s.accused)
	}
}

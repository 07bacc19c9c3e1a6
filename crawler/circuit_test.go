package crawler

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/extract"
)

func TestCircuitCountsOnlyWhatTellsOfTheHost(t *testing.T) {
	tests := []struct {
		name     string
		attempts []error
		want     bool // open
	}{
		{"three in a row", []error{errNoAnswer, errNoAnswer, errNoAnswer}, true},
		{"two are not enough", []error{errNoAnswer, errNoAnswer}, false},
		{"an answer between", []error{errNoAnswer, errNoAnswer, nil, errNoAnswer, errNoAnswer}, false},
		{"what says nothing does not count", []error{errNoAnswer, errUncounted, errNoAnswer, errUncounted}, false},
		{"nor does it break the row", []error{errNoAnswer, errUncounted, errNoAnswer, errNoAnswer}, true},
	}
	for _, tt := range tests {
		c := newCircuit(DefaultConfig())
		for _, err := range tt.attempts {
			if done, why := c.allow(); !why.failed() {
				done(err)
			}
		}
		if got := c.open().failed(); got != tt.want {
			t.Errorf("%s: open %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestCircuitLetsOneThroughAfterItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCircuit(DefaultConfig())
		c.note(failure{extract.ClassRefused, "connection refused"})
		for range 3 {
			done, _ := c.allow()
			done(errNoAnswer)
		}
		if why := c.open(); why.class != extract.ClassCircuit || !contains(why.detail, "connection refused") {
			t.Errorf("open: %+v, want the last failure told", why)
		}
		time.Sleep(DefaultConfig().CircuitFor + time.Second)
		done, why := c.allow()
		if why.failed() {
			t.Fatalf("after its time: %+v", why)
		}
		if _, second := c.allow(); second.class != extract.ClassCircuit {
			t.Errorf("a second attempt beside the first: %+v, want %s", second, extract.ClassCircuit)
		}
		done(nil)
		if why := c.open(); why.failed() {
			t.Errorf("after an answer: %+v", why)
		}
	})
}

func TestHostThatWantsToBeLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCircuit(DefaultConfig())
		c.leaveAlone(time.Hour, failure{extract.ClassTooMany, "status 429"})
		if why := c.open(); why.class != extract.ClassTooMany || !contains(why.detail, "status 429") {
			t.Errorf("got %+v, want %s with its cause", why, extract.ClassTooMany)
		}
		time.Sleep(time.Hour)
		if why := c.open(); why.failed() {
			t.Errorf("after an hour: %+v", why)
		}
	})
}

func TestTurnsAreGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, err := parseURL("http://a.gov.cn/")
		if err != nil {
			t.Fatal(err)
		}
		all := &hosts{cfg: Config{Delay: time.Second}, byKey: map[string]*host{}}
		h := all.of(u)
		if _, err := h.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := h.enter(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("entered twice: %v", err)
		}
		h.leave(40 * time.Millisecond)
		h.hold(10 * time.Second)
		h.slow(3 * time.Second)
		h.slow(time.Millisecond)
		short, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if _, err := h.enter(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("entered a host that is held: %v", err)
		}
		waited, err := h.enter(t.Context())
		if err != nil || waited != 9*time.Second {
			t.Errorf("waited %v (%v), want the 9s left of 10s", waited, err)
		}
		h.pass()
		if all.of(u) != h || h.pause() != 3*time.Second || all.longest() != 1040*time.Millisecond {
			t.Errorf("pause %v, longest %v", h.pause(), all.longest())
		}
	})
}

func TestAddressSlotsAreGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newAddressGate(1)
		leave, err := g.enter(t.Context(), "61.1.1.1")
		if err != nil {
			t.Fatal(err)
		}
		other, err := g.enter(t.Context(), "61.1.1.2")
		if err != nil {
			t.Fatalf("another address: %v", err)
		}
		other()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		none, err := g.enter(ctx, "61.1.1.1")
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a full address was entered: %v", err)
		}
		none() // gives nothing back that was not had
		leave()
		if again, err := g.enter(t.Context(), "61.1.1.1"); err != nil {
			t.Errorf("after a slot came back: %v", err)
		} else {
			again()
		}
	})
}

package main

import (
	"context"
	"errors"
	"testing"
	"time"
)

// What has failed is told although something else does not end: who starts the program
// again goes by its status.
func TestACrewThatDoesNotEndTellsWhatFailed(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := crew{end: cancel}
	hangs := make(chan struct{})
	broken := errors.New("the store is broken")
	c.start(func() error { <-hangs; return nil })
	c.start(func() error { return broken })
	<-ctx.Done() // with one all end
	if c.waited(10*time.Millisecond) || !errors.Is(c.failure(), broken) {
		t.Errorf("failure %v, want that of what ended", c.failure())
	}
	close(hangs)
	if !c.waited(time.Minute) {
		t.Error("all has ended and is waited for")
	}
}

// Who is told where the console is can open it.
func TestAnAddressThatStandsForAllIsNoneToOpen(t *testing.T) {
	for addr, want := range map[string]string{
		"0.0.0.0:8080": "127.0.0.1:8080", "[::]:443": "127.0.0.1:443", "127.0.0.1:80": "127.0.0.1:80", "[2001:db8::1]:80": "[2001:db8::1]:80",
	} {
		if got := reachable(addr); got != want {
			t.Errorf("%s is opened at %s, want %s", addr, got, want)
		}
	}
}

package people

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"xuncha/store"
)

// fill lets the disk be full, and empty again.
func (h *house) fill(full bool) {
	write := h.shelf.Update
	if full {
		write = func(func(store.ShelfTx) error) error { return fmt.Errorf("put: %w", store.ErrFull) }
	}
	h.Gate.write, h.guard.write = write, write
}

// On a full disk those who must make room come in, stay in, are still kept out with a
// wrong password, and leave; nothing of it is lost when there is room again.
func TestHostile_G01_PeopleComeInOnAFullDisk(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Admin)
	inside := h.browser()
	check(t, inside.logIn("zhang", secretSentence))
	h.fill(true)
	b := h.browser()
	var refused *Refusal
	for n := range nameFailures {
		if err := b.logIn("zhang", "wrong"); !errors.As(err, &refused) || refused.Cause != Denied {
			t.Fatalf("attempt %d with a wrong password: %v", n, err)
		}
	}
	if err := b.logIn("zhang", secretSentence); !errors.As(err, &refused) || refused.Cause != Locked {
		t.Errorf("after many failures: %v, want a wait", err)
	}
	h.later(longestWait + time.Minute)
	check(t, b.logIn("zhang", secretSentence))
	for range 4 { // two hours of work
		if b.user().Name != "zhang" || inside.user().Name != "zhang" {
			t.Fatalf("who came in is %q, who was in is %q", b.user().Name, inside.user().Name)
		}
		h.later(idleTime - 2*time.Minute)
	}
	inside.user()
	b.user()
	left := h.browser()
	check(t, left.logIn("zhang", secretSentence))
	stolen := *left
	stolen.cookies = map[string]string{}
	for k, v := range left.cookies {
		stolen.cookies[k] = v
	}
	left.logOut()
	if stolen.user().Name != "" {
		t.Error("a session that ended on a full disk goes on")
	}
	h.fill(false)
	h.later(2 * seenEvery)
	if b.user().Name != "zhang" || inside.user().Name != "zhang" {
		t.Fatal("with room again, who was in is out")
	}
	h.restart()
	if b.user().Name != "zhang" || inside.user().Name != "zhang" {
		t.Error("after a restart, who was in is out: the session was not kept when there was room")
	}
}

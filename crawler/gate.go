package crawler

import (
	"context"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"time"
)

// A host is what is owed to one host and known of it, over all jobs.
type host struct {
	key     string
	turn    chan struct{} // holds one token; whoever has it may ask
	circuit *circuit

	mu    sync.Mutex
	next  time.Time     // guarded by mu; not asked before
	delay time.Duration // guarded by mu; crawl delay
	owed  time.Duration // guarded by mu; answers and delays so far
}

// hostKey returns the politeness key of an address: its host, with its port if
// it is not the scheme's.
func hostKey(u *url.URL) string {
	name := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	port := u.Port()
	if port == "" || u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		return name
	}
	return name + ":" + port
}

// enter waits for the host's turn and for the delay that is owed to it. It
// returns how long that took. After a nil error the caller must call leave.
func (h *host) enter(ctx context.Context) (time.Duration, error) {
	start := time.Now()
	select {
	case <-h.turn:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	h.mu.Lock()
	next := h.next
	h.mu.Unlock()
	if err := wait(ctx, time.Until(next)); err != nil {
		h.pass()
		return 0, err
	}
	return time.Since(start), nil
}

// follow waits for the host's turn alone: the delay was waited for with the
// request before, of the same page. After a nil error the caller must call leave.
func (h *host) follow(ctx context.Context) error {
	select {
	case <-h.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// leave ends a turn whose answer took so long; the next may begin after the
// crawl delay.
func (h *host) leave(took, jitter time.Duration) {
	h.mu.Lock()
	pause := h.delay
	if jitter > 0 {
		pause += rand.N(jitter)
	}
	if next := time.Now().Add(pause); next.After(h.next) {
		h.next = next
	}
	h.owed += took + pause
	h.mu.Unlock()
	h.pass()
}

// pass gives a turn back that was not used.
func (h *host) pass() { h.turn <- struct{}{} }

// hold keeps everybody from asking the host for d.
func (h *host) hold(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if next := time.Now().Add(d); next.After(h.next) {
		h.next = next
	}
}

// slow raises the crawl delay to d. It never lowers it.
func (h *host) slow(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.delay = max(h.delay, d)
}

// pause returns the crawl delay.
func (h *host) pause() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.delay
}

// total returns the time that the host's answers and delays have taken.
func (h *host) total() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.owed
}

// An addressGate bounds the requests in flight to each address.
type addressGate struct {
	width int
	mu    sync.Mutex
	slots map[string]chan struct{} // guarded by mu
}

func newAddressGate(width int) *addressGate {
	return &addressGate{width: width, slots: map[string]chan struct{}{}}
}

// enter waits for a slot and returns how to give it back.
func (g *addressGate) enter(ctx context.Context, addr string) (leave func(), err error) {
	g.mu.Lock()
	slots := g.slots[addr]
	if slots == nil {
		slots = make(chan struct{}, g.width)
		g.slots[addr] = slots
	}
	g.mu.Unlock()
	select {
	case slots <- struct{}{}:
		return func() { <-slots }, nil
	case <-ctx.Done():
		return func() {}, ctx.Err()
	}
}

// wait blocks for d or until ctx is done.
func wait(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// hosts finds or makes hosts by their key.
type hosts struct {
	cfg Config

	mu    sync.Mutex
	byKey map[string]*host // guarded by mu
}

// of returns the host that an address is on.
func (s *hosts) of(u *url.URL) *host {
	key := hostKey(u)
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.byKey[key]
	if h == nil {
		h = &host{key: key, turn: make(chan struct{}, 1), delay: s.cfg.Delay, circuit: newCircuit(s.cfg)}
		h.turn <- struct{}{}
		s.byKey[key] = h
	}
	return h
}

// longest returns the most time that any one host's answers and delays have
// taken.
func (s *hosts) longest() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var most time.Duration
	for _, h := range s.byKey {
		most = max(most, h.total())
	}
	return most
}

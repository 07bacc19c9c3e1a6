package crawler

import (
	"context"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"time"
)

// A host is what is known of one host, over all jobs, and the pace that is owed
// to it.
type host struct {
	key      string
	circuit  *circuit
	platform *platform // nil for a host that is no platform's
	*pace
	before time.Duration // what other crawlers had of the pace
}

// A pace is what is owed to a host, or to all hosts of a platform together.
type pace struct {
	turn   chan struct{} // holds one token; whoever has it may ask
	jitter time.Duration

	mu    sync.Mutex
	next  time.Time     // guarded by mu; not asked before
	delay time.Duration // guarded by mu; crawl delay
	owed  time.Duration // guarded by mu; answers and delays so far
}

func newPace(delay, jitter time.Duration) *pace {
	p := &pace{turn: make(chan struct{}, 1), delay: delay, jitter: jitter}
	p.turn <- struct{}{}
	return p
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

// enter waits for a turn and for the delay that is owed. It returns how long that
// took. After a nil error the caller must call leave.
func (p *pace) enter(ctx context.Context) (time.Duration, error) {
	start := time.Now()
	select {
	case <-p.turn:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	if err := p.rest(ctx); err != nil {
		p.pass()
		return 0, err
	}
	return time.Since(start), nil
}

// rest waits for the delay that is owed, without a turn.
func (p *pace) rest(ctx context.Context) error { return wait(ctx, time.Until(p.notBefore())) }

// notBefore returns when the next request may begin.
func (p *pace) notBefore() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.next
}

// follow waits for a turn alone: the delay was waited for with the request before,
// of the same page. After a nil error the caller must call leave.
func (p *pace) follow(ctx context.Context) error {
	select {
	case <-p.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// leave ends a turn whose answer took so long; the next may begin after the
// crawl delay.
func (p *pace) leave(took time.Duration) {
	p.mu.Lock()
	pause := p.delay
	if p.jitter > 0 {
		pause += rand.N(p.jitter)
	}
	if next := time.Now().Add(pause); next.After(p.next) {
		p.next = next
	}
	p.owed += took + pause
	p.mu.Unlock()
	p.pass()
}

// pass gives a turn back that was not used.
func (p *pace) pass() { p.turn <- struct{}{} }

// hold keeps everybody from asking for d.
func (p *pace) hold(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if next := time.Now().Add(d); next.After(p.next) {
		p.next = next
	}
}

// slow raises the crawl delay to d. It never lowers it.
func (p *pace) slow(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = max(p.delay, d)
}

// pause returns the crawl delay.
func (p *pace) pause() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.delay
}

// total returns the time that answers and delays have taken.
func (p *pace) total() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.owed
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
	cfg       Config
	platforms platforms

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
		h = &host{key: key, circuit: newCircuit(s.cfg), platform: s.platforms.of(u)}
		if h.platform != nil {
			h.pace = h.platform.pace
		} else {
			h.pace = s.cfg.Paces.of(key, s.cfg)
		}
		h.before = h.pace.total()
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
		most = max(most, h.total()-h.before)
	}
	return most
}

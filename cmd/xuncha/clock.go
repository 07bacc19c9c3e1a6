package main

import (
	"context"
	"sync"
	"time"

	"xuncha/extract"
)

// A played clock begins at a moment and goes on, faster than the real one while
// nobody holds it.
type played struct {
	mu    sync.Mutex
	at    time.Time // guarded by mu; what it showed when since was
	since time.Time // guarded by mu; on the real clock
	holds int       // guarded by mu
	rate  float64
}

// newPlayed begins at a moment. A rate of 1 is that of the real clock.
func newPlayed(at time.Time, rate float64) *played {
	return &played{at: at, since: time.Now(), rate: rate}
}

// Now is the moment that is played.
func (c *played) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *played) now() time.Time {
	return c.at.Add(time.Duration(float64(time.Since(c.since)) * c.pace())).In(extract.Beijing)
}

func (c *played) pace() float64 {
	if c.holds > 0 {
		return 1
	}
	return c.rate
}

// Hold has it go as the real clock does until it is released: what takes time,
// takes that time.
func (c *played) Hold() (release func()) {
	c.turn(+1)
	return func() { c.turn(-1) }
}

// Rest lets it go on while somebody who holds it waits for something.
func (c *played) Rest() (end func()) {
	c.turn(-1)
	return func() { c.turn(+1) }
}

func (c *played) turn(by int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.since = c.now(), time.Now()
	c.holds += by
}

// Sleep waits for a moment, a while at most.
func (c *played) Sleep(ctx context.Context, until time.Time) {
	c.mu.Lock()
	pause := time.Duration(float64(until.Sub(c.now())) / c.pace())
	c.mu.Unlock()
	longest := time.Minute
	if c.rate > 1 {
		longest = 20 * time.Millisecond // the pace may change
	}
	timer := time.NewTimer(max(0, min(pause, longest)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

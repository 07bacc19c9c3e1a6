package daemon

import (
	"context"
	"time"
)

// What a clock may do without being suspected. One that has gone ahead by more
// than a day while the program ran, or by months since it ran last, keeps rounds
// from being made until it is back or somebody asks for a round; one that stands
// behind what is kept does until it does not. Smaller jumps are only told.
const (
	jumpTold   = 5 * time.Minute
	jumpHeld   = 25 * time.Hour
	restHeld   = 90 * 24 * time.Hour
	behindMost = 10 * time.Minute
	toldFor    = 24 * time.Hour
)

// noClock is before any moment at which this program can have run.
func noClock() time.Time { return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) }

// A clockWatch compares the clock of the wall with the one that only runs on.
type clockWatch struct {
	wall, steady time.Time // of the last look; wall without a monotonic part
	floor        time.Time // the newest moment that is known to have been

	ahead   time.Duration // by how much it has gone ahead, 0 if it is believed
	jumped  time.Duration // the last jump
	jumpAt  time.Time     // on the steady clock
	quarrel bool          // the wall stands behind floor
}

// keyAhead is where a clock that has gone ahead is kept.
const keyAhead = "ahead"

// A keptAhead is a clock that has gone ahead, as the next process finds it.
type keptAhead struct {
	By time.Duration `json:"by"`
	At time.Time     `json:"at"` // by that clock
}

// beginClock remembers the newest moment that is kept, and whether the clock had gone
// ahead when the last process looked: a restart makes it no better.
func (d *Daemon) beginClock() error {
	var seen time.Time
	if _, err := get(d.Store.Shelf(shelfDaemon), "seen", &seen); err != nil {
		return err
	}
	floor, err := newestRound(d.Store)
	if err != nil {
		return err
	}
	if floor.Before(noClock()) {
		floor = noClock()
	}
	wall := d.Clock.Now().Round(0)
	d.clock = clockWatch{wall: wall, steady: time.Now(), floor: floor}
	if !d.Simulated && !seen.IsZero() && wall.Sub(seen) > restHeld {
		d.clock.ahead = wall.Sub(seen)
	}
	if _, err := get(d.Store.Shelf(shelfDaemon), keyAhead, &d.ahead); err != nil {
		return err
	}
	if by := d.ahead.By; !d.Simulated && by > 0 && wall.After(d.ahead.At.Add(-by/2)) { // else it is back
		d.clock.ahead = max(d.clock.ahead, by)
	}
	d.clock.look(wall, time.Now(), d.Simulated)
	return nil
}

// keepAhead keeps by how much the clock has gone ahead, where that has changed.
func (d *Daemon) keepAhead() {
	d.mu.Lock()
	now, kept := keptAhead{d.clock.ahead, d.clock.wall}, d.ahead.By
	d.mu.Unlock()
	if now.By == kept {
		return
	}
	if err := put(d.Store.Shelf(shelfDaemon), keyAhead, now); err != nil {
		d.Log.Warn("that the clock has gone ahead was not kept", "error", d.noted(err))
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ahead = now
}

// look compares the clocks once more.
func (c *clockWatch) look(wall, steady time.Time, played bool) {
	jump := wall.Sub(c.wall) - steady.Sub(c.steady)
	wasBehind := c.quarrel
	c.quarrel = wall.Before(c.floor.Add(-behindMost))
	c.wall, c.steady = wall, steady
	if played || jump.Abs() <= jumpTold {
		return
	}
	switch {
	case c.ahead > 0 && jump < 0 && jump.Abs() >= c.ahead/2: // it is back
		c.ahead = 0
	case jump > jumpHeld && !wasBehind: // from 1970 to today is no jump ahead
		c.ahead += jump
	}
	c.jumped, c.jumpAt = jump, steady
}

// held reports whether a clock keeps rounds from being made.
func (d *Daemon) held() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clock.look(d.Clock.Now().Round(0), time.Now(), d.Simulated)
	return d.clock.quarrel || d.clock.ahead > 0
}

// believed reports whether anything can be asked for by the clock. With vouched it
// takes a person's word that the clock is right.
func (d *Daemon) believed(vouched bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clock.look(d.Clock.Now().Round(0), time.Now(), d.Simulated)
	if d.clock.quarrel {
		return ErrClock
	}
	if vouched {
		d.clock.ahead = 0
	}
	return nil
}

// seenEvery is how often it is kept that a moment was seen.
const seenEvery = time.Hour

// watch looks at the clock, at the disk and at all that may be amiss.
func (d *Daemon) watch(ctx context.Context) {
	var seen time.Time
	for ctx.Err() == nil {
		_ = d.noted(d.Store.Broken()) // whoever else writes may have met it first
		believed := !d.held()
		d.keepAhead()
		if _, under := d.Progress(); !under && d.isFull() {
			d.tryRoom() // a round under way does that itself
		}
		d.look()
		if now := d.Clock.Now(); believed && now.Sub(seen).Abs() >= seenEvery {
			seen = now
			if err := put(d.Store.Shelf(shelfDaemon), "seen", now.Round(0)); err != nil {
				d.Log.Warn("the time was not kept", "error", d.noted(err))
			}
		}
		d.Clock.Sleep(ctx, d.Clock.Now().Add(time.Minute))
	}
}

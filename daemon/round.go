package daemon

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"xuncha/patrol"
	"xuncha/store"
)

// errCancelled is why a round ends that somebody cancelled.
var errCancelled = errors.New("cancelled")

// nightly makes the round of one time of the schedule, unless there has been one.
func (d *Daemon) nightly(ctx context.Context, slot time.Time) error {
	if late, err := d.keepNewestNight(); err != nil {
		return d.noted(err)
	} else if late {
		if err := d.Refresh(); err != nil {
			return err
		}
	}
	if b := d.Board(); b != nil {
		for _, n := range b.Nights {
			if !n.Started.Before(slot) && !n.Started.After(d.Clock.Now()) {
				return nil
			}
		}
	}
	return d.round(ctx, order{})
}

// round makes one round. It returns nil where somebody cancelled it, and where ctx
// is done: the round is then left for the next process.
func (d *Daemon) round(ctx context.Context, o order) error {
	if o.left != "" {
		if left, err := d.Store.Unfinished(); err != nil || left.ID != o.left {
			return nil // the schedule went on with it
		}
	}
	defer d.hold()()
	defer debug.FreeOSMemory() // a night's pages are behind us, and a day without any comes
	setup := d.Setup()
	visitor, hangUp, err := d.Visitor(setup)
	if err != nil {
		return fmt.Errorf("prepare a round: %w", err)
	}
	defer hangUp()
	own, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	d.begin(o, cancel, visitor)
	defer d.end()
	cfg := patrol.Config{
		City: setup.City, RuleSet: setup.Set, Visitor: &timed{Visitor: visitor, d: d}, Keeper: d.Store, Clock: d.Clock, Log: d.Log,
		Simulated: d.Simulated, Picture: true, Tell: d.tell,
	}
	if o.only != nil {
		cfg.Only = func(id string) bool { return o.only[id] }
	}
	round, err := d.withRoom(own, cfg)
	switch {
	case err != nil:
		return d.noted(err)
	case round.State == store.Finished:
		return d.conclude(round)
	case round.ID == "":
		return nil
	}
	d.keepHosts(round.ID)
	if ctx.Err() == nil { // cancelled
		return d.noted(d.Store.Finish(round.ID, d.Clock.Now(), store.Abandoned))
	}
	return nil
}

// withRoom makes a round, and waits where the disk is full until it is not.
func (d *Daemon) withRoom(ctx context.Context, cfg patrol.Config) (round store.Round, err error) {
	for {
		round, err = patrol.Run(ctx, cfg)
		if !errors.Is(err, store.ErrFull) {
			return round, err
		}
		d.Log.Warn("the disk is full: the round waits for room", "error", err)
		if d.awaitRoom(ctx); ctx.Err() != nil {
			left, err := d.Store.Unfinished()
			if errors.Is(err, store.ErrNotFound) {
				err = nil
			}
			return left, err
		}
	}
}

// roomEvery is how often it is tried whether there is room.
const roomEvery = time.Minute

// awaitRoom returns once something can be written, or ctx is done.
func (d *Daemon) awaitRoom(ctx context.Context) {
	if c, ok := d.Clock.(interface{ Rest() func() }); ok {
		defer c.Rest()()
	}
	d.setFull(d.Clock.Now())
	for ctx.Err() == nil {
		d.sleep(ctx, roomEvery)
		if d.tryRoom() {
			return
		}
	}
}

// roomTried is how much is written to see whether there is room.
const roomTried = 256 << 10

// tryRoom tries to write, and reports whether there is room again.
func (d *Daemon) tryRoom() bool {
	shelf := d.Store.Shelf(shelfDaemon)
	filler := make([]byte, roomTried)
	err := shelf.Update(func(tx store.ShelfTx) error { return tx.Put("room", filler) })
	if err == nil {
		err = drop(shelf, []string{"room"})
	}
	if err != nil {
		_ = d.noted(err) // that it is full has been told
		return false
	}
	d.setFull(time.Time{})
	return true
}

func (d *Daemon) isFull() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.full.IsZero()
}

func (d *Daemon) setFull(since time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.full = since; d.under != nil {
		d.moved()
	}
}

// sleep waits by the clock.
func (d *Daemon) sleep(ctx context.Context, pause time.Duration) {
	until := d.Clock.Now().Add(pause)
	for ctx.Err() == nil && d.Clock.Now().Before(until) {
		d.Clock.Sleep(ctx, until)
	}
}

// conclude keeps what a round came to and shows it.
func (d *Daemon) conclude(r store.Round) error {
	d.keepHosts(r.ID)
	if err := d.keepNight(r); err != nil {
		return d.noted(err)
	}
	if d.Concluded != nil {
		if err := d.Concluded(r); err != nil { // the round stands all the same
			d.Log.Error("the findings of a round were not entered", "round", r.ID, "error", d.noted(err))
		}
	}
	return d.Refresh()
}

// hold keeps a clock that is played from going on while something is done.
func (d *Daemon) hold() (release func()) {
	if c, ok := d.Clock.(interface{ Hold() func() }); ok {
		return c.Hold()
	}
	return func() {}
}

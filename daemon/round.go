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
	late, keeping := d.keepNewestNight()
	if keeping != nil {
		d.Log.Error("what the newest round came to was not kept", "error", d.noted(keeping))
	} else if late {
		if err := d.Refresh(); err != nil {
			return err
		}
	}
	if made, err := d.madeFor(slot); err != nil || made {
		return errors.Join(keeping, err) // it is tried again
	}
	return d.round(ctx, order{})
}

// madeFor reports whether a whole round has been made since a moment, or somebody
// cancelled one.
func (d *Daemon) madeFor(slot time.Time) (bool, error) {
	rounds, err := d.Store.Rounds()
	if err != nil {
		return false, err
	}
	asked, err := d.AskedFor()
	if err != nil {
		return false, err
	}
	for _, r := range rounds {
		if r.Started.Before(slot) || r.Started.After(d.Clock.Now()) {
			continue
		}
		if a := asked[r.ID]; r.State != store.Finished {
			if a.Cancelled && !a.Chosen {
				return true, nil
			}
			continue
		}
		whole, err := d.Store.Round(r.ID)
		if err != nil || len(whole.Planned) >= len(d.Setup().City.Subjects(r.Started)) {
			return true, err
		}
	}
	return false, nil
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
		if err = d.conclude(ctx, round); err == nil || o.key == "" {
			return err
		}
		d.Log.Error("what a round came to was not kept or shown", "round", round.ID, "error", err)
		return nil // it stands, and is not made again
	case round.ID == "":
		return nil
	}
	if ctx.Err() == nil { // cancelled
		err = d.whenRoom(ctx, func() error { return d.abandon(round.ID, Asked{o.by, o.only != nil, true}) })
	}
	d.keepHosts(round.ID)
	return d.noted(err)
}

// abandon ends a round that somebody cancelled. Why is kept first: the schedule does
// not begin it again.
func (d *Daemon) abandon(id string, asked Asked) error {
	if err := put(d.Store.Shelf(shelfRounds), id, asked); err != nil {
		return err
	}
	return d.Store.Finish(id, d.Clock.Now(), store.Abandoned)
}

// whenRoom does what writes, and once more whenever the disk was full and no longer is.
func (d *Daemon) whenRoom(ctx context.Context, do func() error) error {
	for {
		err := do()
		if !errors.Is(err, store.ErrFull) {
			return err
		}
		d.Log.Warn("the disk is full: what waits for room is tried again", "error", err)
		if d.awaitRoom(ctx); ctx.Err() != nil {
			return err
		}
	}
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
func (d *Daemon) conclude(ctx context.Context, r store.Round) error {
	d.keepHosts(r.ID)
	if err := d.whenRoom(ctx, func() error { return d.keepNew(r) }); err != nil {
		return d.noted(err)
	}
	return d.Refresh()
}

// keepNew enters the findings of the newest round and then keeps what it came to: a
// process that dies in between leaves both to the next.
func (d *Daemon) keepNew(r store.Round) error {
	d.keeping.Lock()
	defer d.keeping.Unlock()
	return d.enter(r)
}

// enter is keepNew for who holds keeping.
func (d *Daemon) enter(r store.Round) error {
	if d.Concluded != nil {
		err := d.Concluded(r)
		if errors.Is(err, store.ErrFull) || errors.Is(err, store.ErrCutOff) {
			return err
		}
		if err != nil { // the round stands all the same
			d.Log.Error("the findings of a round were not entered", "round", r.ID, "error", err)
		}
	}
	return d.keepNight(r)
}

// hold keeps a clock that is played from going on while something is done.
func (d *Daemon) hold() (release func()) {
	if c, ok := d.Clock.(interface{ Hold() func() }); ok {
		return c.Hold()
	}
	return func() {}
}

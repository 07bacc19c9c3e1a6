package daemon

import (
	"context"
	"errors"
	"slices"
	"time"

	"xuncha/inventory"
	"xuncha/patrol"
)

// Why a round is not begun.
var (
	// ErrBusy says that a round is under way and the city has another refused
	// meanwhile, or that a backup is being made or read.
	ErrBusy = errors.New("a round or a backup is under way")

	// ErrClock says that the clock stands behind what is kept.
	ErrClock = errors.New("the clock is behind")

	// ErrMany says that more is asked for than is good.
	ErrMany = errors.New("too many rounds wait")

	// ErrNobody says that no subject of the configuration is asked for.
	ErrNobody = errors.New("no such subject")
)

// An order is a round that somebody asked for.
type order struct {
	key    string          // it is kept under, "" if it is not
	by     string          // who; "" for the schedule
	only   map[string]bool // subjects, nil for all
	at     time.Time       // it was asked for
	left   string          // ID of a round that was cut off and is to be gone on with, or ""
	before bool            // it was asked of a process before
	line   bool            // it stands in line while it is made
	taken  bool            // it is being made
	fails  int             // times that it could not be
}

// maxOrders bounds the orders that wait.
const maxOrders = 16

// RunNow asks for a round over everything, or over the subjects that match any of
// some globs. A person who asks vouches for a clock that has gone far ahead.
// [Daemon.LookAgain] vouches for nothing, and waits for one who does.
func (d *Daemon) RunNow(by string, globs []string) error {
	only, err := d.chosen(globs)
	if err != nil {
		return err
	}
	if d.busy() && d.Setup().City.Schedule.Second == inventory.SecondRefused {
		return ErrBusy
	}
	return d.order(order{by: by, only: only}, true)
}

// LookAgain asks for another look at subjects. It waits for the round under way.
func (d *Daemon) LookAgain(by string, ids []string) error {
	only, err := d.chosen(ids)
	if err != nil {
		return err
	}
	if only == nil {
		return ErrNobody
	}
	return d.order(order{by: by, only: only}, false)
}

// chosen are the subjects that globs match, nil for all where there are no globs.
func (d *Daemon) chosen(globs []string) (map[string]bool, error) {
	if len(globs) == 0 {
		return nil, nil
	}
	only := map[string]bool{}
	subjects := d.Setup().City.Subjects(d.Clock.Now())
	for _, g := range globs {
		match := inventory.Match(g)
		for _, s := range subjects {
			if match(s.ID) {
				only[s.ID] = true
			}
		}
	}
	if len(only) == 0 {
		return nil, ErrNobody
	}
	return only, nil
}

// busy reports whether a round is under way or waits.
func (d *Daemon) busy() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.under != nil || len(d.orders) > 0
}

// order takes an order once it is kept: who is told that a round will be made is told
// so of the next process too.
func (d *Daemon) order(o order, vouched bool) error {
	if err := d.believed(vouched); err != nil {
		return err
	}
	d.ordering.Lock()
	defer d.ordering.Unlock()
	d.mu.Lock()
	many := len(d.orders) >= maxOrders
	d.mu.Unlock()
	if many {
		return ErrMany
	}
	o.line, o.at = true, d.Clock.Now().Round(0)
	var err error
	if o.key, err = d.nextKey(); err == nil {
		err = d.keepOrder(o, "")
	}
	if err != nil {
		return d.noted(err)
	}
	d.keepAhead() // the next process takes a person's word too
	d.mu.Lock()
	defer d.mu.Unlock()
	d.orders = append(d.orders, o)
	d.moved()
	select {
	case d.ordered <- struct{}{}:
	default:
	}
	return nil
}

// Cancel ends the round under way, which is not taken up again, and returns
// whether there was one.
func (d *Daemon) Cancel() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.under == nil {
		return false
	}
	d.under.Stopping = true
	d.under.cancel(errCancelled)
	d.moved()
	return true
}

// obey makes the rounds that were ordered, one after the other.
func (d *Daemon) obey(ctx context.Context) {
	for {
		o, ok := d.next()
		if !ok {
			select {
			case <-d.ordered:
				continue
			case <-ctx.Done():
				return
			}
		}
		if d.held() { // who asked saw another clock, or vouched for none
			d.Clock.Sleep(ctx, d.Clock.Now().Add(time.Minute))
			if ctx.Err() != nil {
				return
			}
			continue
		}
		if o.before && d.Clock.Now().Sub(o.at) > orderLasts {
			d.Log.Warn("a round that was asked for long ago is not made", "by", o.by, "asked", o.at)
			d.done(o)
			continue
		}
		made := false
		err := d.runner.Do(ctx, groupStore, func(ctx context.Context) error {
			if o, made = d.take(o); !made {
				return nil // it was withdrawn while it waited
			}
			return d.round(ctx, o)
		})
		if ctx.Err() != nil {
			return // what is under way is gone on with by the next process
		}
		if !made && err == nil {
			continue
		}
		if err != nil && d.failed(o, err) {
			d.sleep(ctx, min(roomEvery<<o.fails, slowestOrder))
			continue
		}
		d.done(o)
	}
}

// An order that fails is made again after longer and longer pauses, so many times in
// all: what keeps it from being made may pass, and others wait behind it.
const (
	orderTries   = 6
	slowestOrder = 15 * time.Minute
)

// failed puts the first order back, and reports whether it is to be made again.
func (d *Daemon) failed(o order, why error) (again bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if o.fails++; o.fails >= orderTries || errors.Is(why, patrol.ErrNothingPlanned) || len(d.orders) == 0 || d.orders[0].key != o.key {
		d.Log.Error("a round that was asked for failed and is not made", "by", o.by, "asked", o.at, "tries", o.fails, "error", why)
		return false
	}
	d.Log.Error("a round that was asked for failed and will be made again", "by", o.by, "asked", o.at, "error", why)
	d.orders[0].fails, d.orders[0].taken = o.fails, false
	d.moved()
	return true
}

// next is the first order. It stands in line until it is done.
func (d *Daemon) next() (order, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.orders) == 0 {
		return order{}, false
	}
	return d.orders[0], true
}

// done takes the first order out of the line. What cannot be forgotten, as on a full
// disk, is known as done by its round.
func (d *Daemon) done(o order) {
	d.ordering.Lock()
	defer d.ordering.Unlock()
	if o.key != "" {
		if err := drop(d.Store.Shelf(shelfDaemon), []string{o.key}); err != nil {
			d.Log.Warn("an order that is done was not forgotten", "error", d.noted(err))
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.orders) > 0 && d.orders[0].key == o.key {
		d.orders = d.orders[1:]
	}
	d.moved()
}

// take takes the first order to be made; false says that it was withdrawn. Its key may
// be that of another since.
func (d *Daemon) take(o order) (order, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.orders) == 0 || d.orders[0].key != o.key {
		return o, false
	}
	d.orders[0].taken = true
	return d.orders[0], true
}

// A Waiting is a round that was asked for and is not begun.
type Waiting struct {
	ID     string
	By     string // who asked, "" for the schedule
	At     time.Time
	Chosen int // subjects, 0 for everything
}

// Waiting are the rounds that wait, in the order in which they will be made.
func (d *Daemon) Waiting() []Waiting {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []Waiting
	for _, o := range d.orders {
		if !o.taken {
			all = append(all, Waiting{o.key, o.by, o.at, len(o.only)})
		}
	}
	return all
}

// Withdraw takes back a round that waits, and returns whether it still did.
func (d *Daemon) Withdraw(id string) (bool, error) {
	d.ordering.Lock()
	defer d.ordering.Unlock()
	d.mu.Lock()
	i := slices.IndexFunc(d.orders, func(o order) bool { return o.key == id && !o.taken })
	d.mu.Unlock()
	if id == "" || i < 0 {
		return false, nil
	}
	if err := drop(d.Store.Shelf(shelfDaemon), []string{id}); err != nil {
		return false, d.noted(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	waiting := len(d.orders)
	d.orders = slices.DeleteFunc(d.orders, func(o order) bool { return o.key == id && !o.taken })
	d.moved()
	return len(d.orders) < waiting, nil
}

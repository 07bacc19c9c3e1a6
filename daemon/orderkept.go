package daemon

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/patrol"
	"xuncha/store"
)

// A keptOrder is an order as the next process finds it.
type keptOrder struct {
	By    string    `json:"by,omitempty"`
	At    time.Time `json:"at"`
	Only  []string  `json:"only,omitempty"`  // none for everything
	Round string    `json:"round,omitempty"` // that it became, once something of it is kept
}

const (
	orderPrefix = "order " // of its key; a number follows, in the order of the line

	// orderLasts is how old an order of a process before may be to be made at all: days
	// later nobody waits for it, and the schedule has looked.
	orderLasts = 7 * 24 * time.Hour
)

// nextKey is the key of an order at the end of the line. The caller holds ordering.
func (d *Daemon) nextKey() (string, error) {
	keys, _, err := d.keptOrders()
	last := 0
	if n := len(keys); n > 0 {
		last, _ = strconv.Atoi(strings.TrimPrefix(keys[n-1], orderPrefix)) // all keys are made here
	}
	return fmt.Sprintf("%s%08d", orderPrefix, last+1), err
}

// keepOrder keeps an order with the round that it became, "" for none yet.
func (d *Daemon) keepOrder(o order, round string) error {
	return put(d.Store.Shelf(shelfDaemon), o.key, keptOrder{By: o.by, At: o.at, Only: slices.Sorted(maps.Keys(o.only)), Round: round})
}

// keptOrders are the orders that the last process left, in their order, by key.
func (d *Daemon) keptOrders() (keys []string, kept []keptOrder, err error) {
	for r, err := range d.Store.Shelf(shelfDaemon).Walk(orderPrefix, "") {
		if err != nil {
			return nil, nil, err
		}
		var k keptOrder
		if err := json.Unmarshal(r.Value, &k); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", r.Key, err)
		}
		keys, kept = append(keys, r.Key), append(kept, k)
	}
	return keys, kept, nil
}

// resume takes up what the last process left: the round that was under way, and the
// orders that waited. Whoever has asked meanwhile is among them.
func (d *Daemon) resume() error {
	d.ordering.Lock()
	defer d.ordering.Unlock()
	asked, err := d.AskedFor()
	if err != nil {
		return err
	}
	left, err := d.leftBehind(asked)
	if err != nil {
		return err
	}
	orders, ended, err := d.waiting(left, asked)
	if err != nil {
		return err
	}
	if left.ID != "" && !slices.ContainsFunc(orders, func(o order) bool { return o.left == left.ID }) {
		first := order{at: left.Started, left: left.ID, by: asked[left.ID].By, before: true, line: true}
		if len(left.Planned) != len(d.Setup().City.Subjects(d.Clock.Now())) {
			first.only = setOf(left.Planned)
		}
		orders = slices.Insert(orders, 0, first)
	}
	if err := drop(d.Store.Shelf(shelfDaemon), ended); err != nil {
		d.Log.Warn("orders that are done were not forgotten", "error", d.noted(err))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.orders = orders
	d.moved()
	return nil
}

// leftBehind is the round that was cut off, if it is to be gone on with; the zero
// Round if the next one abandons it, or there is none.
func (d *Daemon) leftBehind(asked map[string]Asked) (store.Round, error) {
	left, err := d.Store.Unfinished()
	if errors.Is(err, store.ErrNotFound) {
		return store.Round{}, nil
	}
	if err == nil && asked[left.ID].Cancelled { // the process ended before the round did
		if err := d.Store.Finish(left.ID, d.Clock.Now(), store.Abandoned); err != nil {
			d.Log.Warn("a round that was cancelled was not ended", "round", left.ID, "error", d.noted(err))
		}
		return store.Round{}, nil
	}
	age := d.Clock.Now().Sub(left.Started)
	if err != nil || left.Config != d.Setup().City.Digest || age < 0 || age >= patrol.Resumable {
		return store.Round{}, err
	}
	return left, nil
}

// waiting are the orders that are to be made yet, and the keys of those whose round
// has ended. That which the round left behind belongs to goes on with it.
func (d *Daemon) waiting(left store.Round, asked map[string]Asked) (orders []order, ended []string, err error) {
	keys, kept, err := d.keptOrders()
	if err != nil {
		return nil, nil, err
	}
	for i, k := range kept {
		o := order{key: keys[i], by: k.By, at: k.At, before: true, line: true}
		if len(k.Only) > 0 {
			o.only = setOf(k.Only)
		}
		switch {
		case k.Round != "" && k.Round == left.ID, k.Round == "" && len(orders) == 0 && d.begunFor(k, left, asked):
			o.left = left.ID
		case k.Round != "":
			r, err := d.Store.Round(k.Round)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, nil, err
			}
			if err != nil || r.State != store.Running || asked[k.Round].Cancelled {
				ended = append(ended, keys[i])
				continue
			}
		}
		orders = append(orders, o)
	}
	return orders, ended, nil
}

// begunFor reports whether a round that was cut off before anything of it was kept is
// that of an order.
func (d *Daemon) begunFor(k keptOrder, left store.Round, asked map[string]Asked) bool {
	who, known := asked[left.ID]
	if left.ID == "" || known && who.By != k.By || left.Started.Before(k.At) {
		return false
	}
	if len(k.Only) == 0 {
		return len(left.Planned) == len(d.Setup().City.Subjects(d.Clock.Now()))
	}
	return slices.Equal(k.Only, slices.Sorted(slices.Values(left.Planned)))
}

func setOf(ids []string) map[string]bool {
	all := make(map[string]bool, len(ids))
	for _, id := range ids {
		all[id] = true
	}
	return all
}

package daemon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"xuncha/board"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// nightsShown is how far back the board's nights reach.
const nightsShown = 400 * 24 * time.Hour

// Refresh makes a new board of what is kept now, as after a round, an import or an
// edited configuration. A board shows the newest round that looked at everything;
// it is judged by all that was seen up to the end of the newest of any kind.
func (d *Daemon) Refresh() error {
	d.making.Lock()
	defer d.making.Unlock()
	rounds, err := d.finished()
	if err != nil || len(rounds) == 0 {
		return err
	}
	newest, err := d.Store.Round(rounds[0].ID)
	if err != nil {
		return err
	}
	now := d.Setup()
	in, err := d.Judge(&now, newest, newest.Finished)
	if err != nil {
		return fmt.Errorf("judge round %s: %w", newest.ID, err)
	}
	if in.Book, err = d.Store.Book(); err != nil {
		return err
	}
	if in.Nights, err = board.Nights(d.Store.Shelf(board.ShelfNights), newest.Started.Add(-nightsShown)); err != nil {
		return err
	}
	if n := len(in.Nights); n > 0 && in.Nights[n-1].Round != newest.ID {
		if in.Round, err = d.Store.Round(in.Nights[n-1].Round); err != nil {
			return err
		}
	}
	d.board.Store(board.New(in))
	return nil
}

// Decided makes a new board of the findings as people have decided since, which
// is all that changes.
func (d *Daemon) Decided() error {
	d.making.Lock()
	defer d.making.Unlock()
	b := d.Board()
	if b == nil {
		return nil
	}
	book, err := d.Store.Book()
	if err != nil {
		return err
	}
	d.board.Store(b.WithBook(book))
	return nil
}

// finished are the rounds that have come to their end, the one that began last
// first, without plans.
func (d *Daemon) finished() ([]store.Round, error) {
	rounds, err := d.Store.Rounds()
	return slices.DeleteFunc(rounds, func(r store.Round) bool { return r.State != store.Finished }), err
}

// keepNewestNight keeps what the newest round came to, where the process was
// killed before that or the disk was full, and reports whether it had to. Its findings
// may not have been entered either. Those of older rounds are not made up for: they
// are entered as everything stands by now.
func (d *Daemon) keepNewestNight() (bool, error) {
	d.keeping.Lock()
	defer d.keeping.Unlock()
	rounds, err := d.finished()
	if err != nil || len(rounds) == 0 {
		return false, err
	}
	lacking, err := d.lacking(rounds[:1])
	if err != nil || len(lacking) == 0 {
		return false, err
	}
	return true, d.enter(lacking[0])
}

// lacking are the rounds of which it is not kept what they came to.
func (d *Daemon) lacking(rounds []store.Round) ([]store.Round, error) {
	known := map[string]bool{}
	for r, err := range d.Store.Shelf(shelfCited).Walk("", "") {
		if err != nil {
			return nil, err
		}
		known[r.Key] = true
	}
	return slices.DeleteFunc(slices.Clone(rounds), func(r store.Round) bool { return known[r.ID] }), nil
}

// keepNight judges a round by what it was made with, and keeps what that came to.
func (d *Daemon) keepNight(r store.Round) error {
	round, err := d.Store.Round(r.ID)
	if err != nil {
		return err
	}
	in, err := d.Judge(nil, round, round.Finished)
	if err != nil {
		return fmt.Errorf("judge round %s: %w", r.ID, err)
	}
	return KeepNight(d.Store, round, in.City, in.Result)
}

// KeepNight keeps which snapshots the findings of a round rest on and, if it looked
// at everything, what became of each subject. A daemon keeps both of its own rounds,
// and makes up for those of which nobody did; whoever makes many rounds for one to
// show spares it that.
func KeepNight(st *store.Store, round store.Round, city *inventory.City, result rules.Result) error {
	if len(round.Planned) >= len(city.Subjects(round.Started)) {
		if err := board.Keep(st.Shelf(board.ShelfNights), board.NightOf(round, result)); err != nil {
			return err
		}
	}
	digests := []string{}
	for _, look := range result.Cited() {
		digests = append(digests, look.Digest)
	}
	slices.Sort(digests)
	return put(st.Shelf(shelfCited), round.ID, slices.Compact(digests))
}

// fillEvery is after how many nights that were made up for the board shows them.
const fillEvery = 20

// fillNights keeps what older rounds came to, as of a store that only commands
// have written to. It is done when all are, or ctx is. It rests as long as it works:
// it may take minutes, and the console is looked at meanwhile.
func (d *Daemon) fillNights(ctx context.Context) {
	err := d.fillNewest(ctx)
	var rounds []store.Round
	if err == nil {
		rounds, err = d.finished()
	}
	if err == nil {
		rounds, err = d.lacking(rounds)
	}
	for n, r := range rounds {
		if err != nil || ctx.Err() != nil {
			break
		}
		began := time.Now()
		err = d.fill(ctx, func() error { return d.keepNight(r) })
		if n+1 < len(rounds) {
			rest(ctx, time.Since(began))
		}
		if err == nil && (n+1 == len(rounds) || n%fillEvery == fillEvery-1) {
			err = d.Refresh()
		}
	}
	if err != nil && ctx.Err() == nil {
		d.Log.Error("older nights were not made up for", "error", d.noted(err))
	}
}

// fill makes up for a night once there is room.
func (d *Daemon) fill(ctx context.Context, do func() error) error {
	defer d.hold()()
	return d.whenRoom(ctx, do)
}

// fillNewest keeps and shows what the newest round came to, where that is lacking.
func (d *Daemon) fillNewest(ctx context.Context) error {
	late := false
	err := d.fill(ctx, func() (err error) {
		late, err = d.keepNewestNight()
		return err
	})
	if err != nil || !late {
		return err
	}
	return d.Refresh()
}

// rest waits, by the time that passes for everybody.
func rest(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// cited are the digests of all snapshots that a finding of any round rests on.
func (d *Daemon) cited() (map[string]bool, error) {
	if _, err := d.keepNewestNight(); err != nil {
		return nil, err
	}
	rounds, err := d.finished()
	if err != nil {
		return nil, err
	}
	lacking, err := d.lacking(rounds)
	if err != nil {
		return nil, err
	}
	for _, r := range lacking {
		if err := d.keepNight(r); err != nil {
			return nil, err
		}
	}
	all := map[string]bool{}
	for _, r := range rounds {
		var digests []string
		if ok, err := get(d.Store.Shelf(shelfCited), r.ID, &digests); err != nil || !ok {
			return nil, errors.Join(err, fmt.Errorf("what round %s rests on is not kept", r.ID))
		}
		for _, digest := range digests {
			all[digest] = true
		}
	}
	return all, nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"time"

	"xuncha/daemon"
	"xuncha/office"
	"xuncha/patrol"
	"xuncha/store"
)

// The year that the console is measured with: a round each night up to that of the
// notice's point, each crawled like those of the demonstration.
const yearNights = 365

// year crawls a year of nights into a data folder, without any pause, enters
// what they suspect into the history of findings, and prints how it went. It goes on where it was stopped.
func year(ctx context.Context, dir string, w io.Writer) (err error) {
	r, err := newRounds()
	if err != nil {
		return err
	}
	r.hurry()
	city, err := r.simulateNights(0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, city.Close()) }()
	if err := r.open(dir, city); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	kept, err := r.store.Rounds()
	if err != nil {
		return err
	}
	finished := map[int64]bool{}
	for _, k := range kept {
		finished[k.Started.Unix()] = k.State == store.Finished
	}
	start, last := time.Now(), r.now
	for i := range yearNights {
		if r.now = last.AddDate(0, 0, i-yearNights+1); finished[r.now.Unix()] {
			continue
		}
		if err := r.keepOne(ctx); err != nil {
			return fmt.Errorf("night of %s: %w", r.now.Format(time.DateOnly), err)
		}
		if i%10 == 0 {
			fmt.Fprintf(w, "%s: %d of %d, %.0f s\n", r.now.Format(time.DateOnly), i+1, yearNights, time.Since(start).Seconds())
		}
	}
	if err := r.enter(ctx, w); err != nil {
		return err
	}
	stats, err := r.store.Stats()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%d nights in %s, %d MB\n", yearNights, filepath.Join(dir, "xuncha.db"), stats.FileBytes>>20)
	return err
}

// enter enters the suspicions of every night into the history of findings, as a
// daemon does after each. It goes on after what is in there.
func (r *rounds) enter(ctx context.Context, w io.Writer) error {
	desk, err := office.Open(r.store, office.Setup{City: r.city, Set: r.set})
	if err != nil {
		return err
	}
	var done time.Time
	if events := desk.Book.Events(); len(events) > 0 {
		done = events[len(events)-1].At
	}
	kept, err := r.store.Rounds()
	if err != nil {
		return err
	}
	start := time.Now()
	for _, round := range slices.Backward(kept) {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case round.State != store.Finished || !round.Finished.After(done):
			continue
		}
		j, err := office.JudgeRound(r.store, nil, round, round.Finished, 0)
		if err != nil {
			return err
		}
		if _, _, err := desk.Sync(office.Quarter(round), j, round.Finished); err != nil {
			return err
		}
		if err := desk.File(); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(w, "%d events of findings, %.0f s\n", len(desk.Book.Events()), time.Since(start).Seconds())
	return err
}

// keepOne makes one round and keeps what it came to.
func (r *rounds) keepOne(ctx context.Context) error {
	round, err := r.night(ctx, nil, nil)
	if err != nil {
		return err
	}
	if round.State != store.Finished {
		return errors.Join(ctx.Err(), errors.New("the round was stopped"))
	}
	result, err := patrol.Judge(r.store, r.city, r.set, r.city.Registers, round.Finished)
	if err != nil {
		return err
	}
	return daemon.KeepNight(r.store, round, r.city, result)
}

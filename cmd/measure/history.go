package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"xuncha/store"
)

// history puts years of nights before the newest round of a data folder, each
// with that round's looks: a notice out of a long history is then made by
// xuncha report and timed.
func history(ctx context.Context, args []string, w io.Writer) (err error) {
	if len(args) != 2 {
		return fmt.Errorf("usage: measure history DIR YEARS")
	}
	years, err := strconv.Atoi(args[1])
	if err != nil || years < 1 {
		return fmt.Errorf("years %q: want a number", args[1])
	}
	st, err := store.Open(filepath.Join(args[0], "xuncha.db"), store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = closing(err, st.Close()) }()
	round, snaps, err := newestRound(st)
	if err != nil {
		return err
	}
	start := time.Now()
	nights := 0
	for at := round.Started.AddDate(0, 0, -1); at.After(round.Started.AddDate(-years, 0, 0)); at = at.AddDate(0, 0, -1) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := keepNight(st, round, snaps, at); err != nil {
			return err
		}
		nights++
	}
	_, err = fmt.Fprintf(w, "%d nights of %d looks put before %s in %.0f s\n", nights, len(snaps), round.ID, time.Since(start).Seconds())
	return err
}

func closing(err, closed error) error {
	if err == nil {
		return closed
	}
	return err
}

// newestRound returns the newest round with its configuration, plan and looks.
func newestRound(st *store.Store) (store.Round, []store.Snapshot, error) {
	rounds, err := st.Rounds()
	if err != nil || len(rounds) == 0 {
		return store.Round{}, nil, closing(err, fmt.Errorf("no round"))
	}
	round, err := st.Round(rounds[0].ID)
	if err != nil {
		return store.Round{}, nil, err
	}
	if round.Files, err = st.Files(round.ID); err != nil {
		return store.Round{}, nil, err
	}
	var snaps []store.Snapshot
	for snap, err := range st.Snapshots(round.Started, time.Time{}) {
		if err != nil {
			return store.Round{}, nil, err
		}
		if snap.Round == round.ID && snap.Look == 1 {
			snaps = append(snaps, snap)
		}
	}
	return round, snaps, nil
}

// keepNight keeps a night like another one, at another time.
func keepNight(st *store.Store, like store.Round, snaps []store.Snapshot, at time.Time) error {
	night := like
	var err error
	if night.ID, err = st.NewRoundID(at); err != nil {
		return err
	}
	night.Started = at
	if err := st.Begin(night); err != nil {
		return err
	}
	batch := slices.Clone(snaps)
	for i := range batch {
		s := &batch[i]
		s.Round, s.At, s.Digest = night.ID, at, ""
		s.Pages = slices.Clone(s.Pages)
		for j := range s.Pages {
			s.Pages[j].FetchedAt = at
		}
	}
	if _, err := st.Keep(batch); err != nil {
		return err
	}
	return st.Finish(night.ID, at, store.Finished)
}

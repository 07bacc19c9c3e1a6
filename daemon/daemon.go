// Package daemon keeps a city patrolled by itself: it holds the configuration in
// force, makes rounds on schedule, knocks at home pages through the day, looks
// after the store, and watches itself.
//
// What it knows is read by others: the console, the metrics and the messages ask
// for the [board.Board] of the moment, for the state of a round under way and for
// the alerts, and none of them waits for anything.
//
// It may be killed at any moment. What it has to remember, which job has run for
// which hour, which round was cut off, since when something is amiss, stands in
// the store; it takes up where it stopped.
package daemon

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"xuncha/board"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// A Setup is a configuration as loaded: the city and the rule set it names.
type Setup struct {
	City *inventory.City
	Set  *rules.RuleSet
}

// ErrNoRound says that nothing has been patrolled to its end, so that there is
// nothing to judge.
var ErrNoRound = errors.New("no finished round")

// Config is what a daemon is made of.
type Config struct {
	Store *store.Store

	// Load reads the configuration as it stands in its folder now.
	Load func() (Setup, error)

	// Judge judges a round at a point. With now it is judged by the rules in
	// force, without by those it was made with. Of what it returns the city, the
	// rule set, the round and the result are read.
	Judge func(now *Setup, round store.Round, point time.Time) (board.Input, error)

	// Clock is the time: the simulated city has its own.
	Clock Clock

	Log *slog.Logger
}

// A Clock tells the time, in Beijing.
type Clock interface {
	Now() time.Time
}

// A Daemon patrols one city. Its methods may be called from any goroutine.
type Daemon struct {
	Config

	board atomic.Pointer[board.Board]

	making sync.Mutex // held while a board is made: the newest must win

	mu    sync.Mutex // guards setup
	setup Setup
}

// New loads the configuration and judges what is kept. It starts nothing.
func New(cfg Config) (*Daemon, error) {
	d := &Daemon{Config: cfg}
	s, err := cfg.Load()
	if err != nil {
		return nil, err
	}
	d.setup = s
	if err := d.Refresh(); err != nil {
		return nil, err
	}
	return d, nil
}

// Board is how the city stands, nil before the first round has ended.
func (d *Daemon) Board() *board.Board { return d.board.Load() }

// Setup is the configuration in force.
func (d *Daemon) Setup() Setup {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.setup
}

// shelfNights is where the states of every night stand.
const shelfNights = "nights"

// nightsShown is how far back the board's nights reach.
const nightsShown = 400 * 24 * time.Hour

// Refresh makes a new board of what is kept now, as after a round, a decision, an
// import or an edited configuration.
func (d *Daemon) Refresh() error {
	d.making.Lock()
	defer d.making.Unlock()
	round, err := newest(d.Store)
	if errors.Is(err, ErrNoRound) {
		return nil
	}
	if err != nil {
		return err
	}
	now := d.Setup()
	in, err := d.Judge(&now, round, round.Finished)
	if err != nil {
		return fmt.Errorf("judge round %s: %w", round.ID, err)
	}
	if in.Book, err = d.Store.Book(); err != nil {
		return err
	}
	if in.Nights, err = board.Nights(d.Store.Shelf(shelfNights), round.Started.Add(-nightsShown)); err != nil {
		return err
	}
	d.board.Store(board.New(in))
	return nil
}

// newest is the finished round that began last, with its plan.
func newest(st *store.Store) (store.Round, error) {
	rounds, err := st.Rounds()
	if err != nil {
		return store.Round{}, err
	}
	for _, r := range rounds {
		if r.State == store.Finished {
			return st.Round(r.ID)
		}
	}
	return store.Round{}, ErrNoRound
}

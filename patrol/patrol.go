// Package patrol runs rounds: it plans what to look at, has every host crawled,
// keeps each snapshot, looks a second time at whatever would be accused, and
// closes the books.
//
// A round accounts for everything it planned: at its end planned = read +
// failed, exactly. It may be killed at any moment; the next run with the same
// configuration takes up where it stopped, because a subject is done when its
// snapshot is kept and not before.
//
// An [Explorer] looks at a site that nobody has configured yet for its columns: it
// visits and reads as a round does, and keeps nothing.
//
// Visiting, keeping and judging have not met before this package: a dozen lines
// turn a visit into a snapshot and a snapshot into a look.
package patrol

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// A Visitor visits the subjects of one host and delivers each exactly once.
type Visitor interface {
	Crawl(ctx context.Context, job crawler.Job, deliver func(crawler.Visit) error) error
}

// A Keeper keeps rounds and snapshots. What Keep has returned survives the
// process.
type Keeper interface {
	// NewRoundID names a round that starts at a moment, as no other round is.
	NewRoundID(start time.Time) (string, error)
	Begin(r store.Round) error
	Keep(snaps []store.Snapshot) ([]string, error)
	Finish(id string, at time.Time, state store.RoundState) error
	Round(id string) (store.Round, error)

	// Unfinished returns the running round that began last, with its plan, or
	// store.ErrNotFound.
	Unfinished() (store.Round, error)

	// Done returns the planned subjects of a round that have been kept.
	Done(round string) (map[string]bool, error)

	History
}

// A History gives back what was kept.
type History interface {
	// History walks a subject's snapshots, newest first, from a moment back.
	History(subject string, until time.Time) iter.Seq2[store.Summary, error]

	// Load returns the snapshot behind a summary, without bodies.
	Load(sum store.Summary) (store.Snapshot, error)
}

// A Clock stamps rounds; the simulated city has its own.
type Clock interface {
	Now() time.Time
}

// Config is what a round is made of.
type Config struct {
	City    *inventory.City
	RuleSet *rules.RuleSet
	Visitor Visitor
	Keeper  Keeper
	Clock   Clock
	Log     *slog.Logger

	// Only selects subjects by ID; nil selects all.
	Only func(id string) bool

	// Picture has a picture taken of whatever is looked at a second time, because
	// it would be accused.
	Picture bool

	// Simulated marks the round: its pages come from the simulated city.
	Simulated bool

	// Tell, if set, is called after each commit, from one goroutine.
	Tell func(Event)
}

// An Event is one kept snapshot, and how far the round is.
type Event struct {
	Round   string
	Subject string
	Digest  string // of the snapshot
	Look    int
	Outcome extract.Outcome
	Reason  extract.Reason

	Done, Planned int
	Waiting       int // hosts that no worker has taken yet
}

// ErrNothingPlanned says that no subject was selected.
var ErrNothingPlanned = errors.New("nothing to look at")

// Run makes one round and returns it finished, or resumes the one a killed
// process left. Told to stop, it leaves the round to be resumed and returns it
// running, with no error; only our own storage can fail a round.
func Run(ctx context.Context, cfg Config) (store.Round, error) {
	p, err := plan(cfg)
	if err != nil {
		return store.Round{}, err
	}
	if err := p.look(ctx, p.pending, 1); err != nil {
		return store.Round{}, err
	}
	if ctx.Err() != nil {
		return p.round, nil
	}
	again, err := p.suspects()
	if err != nil {
		return store.Round{}, err
	}
	if err := p.look(ctx, again, 2); err != nil {
		return store.Round{}, err
	}
	if ctx.Err() != nil {
		return p.round, nil
	}
	if err := cfg.Keeper.Finish(p.round.ID, cfg.Clock.Now(), store.Finished); err != nil {
		return store.Round{}, fmt.Errorf("finish round %s: %w", p.round.ID, err)
	}
	return cfg.Keeper.Round(p.round.ID)
}

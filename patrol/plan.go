package patrol

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/store"
)

// Resumable is the age at which a round is no longer taken up: yesterday's night
// is not completed with today's pages.
const Resumable = 12 * time.Hour

// A planned round, under way.
type planned struct {
	Config
	round   store.Round
	done    int // subjects kept at their first look
	pending []inventory.Subject
	all     []inventory.Subject
	waiting func() int // hosts nobody has taken yet
}

// plan begins a round or takes up the one that was left, if it is the same:
// same configuration, same subjects, same network, and not a day old.
func plan(cfg Config) (*planned, error) {
	now := cfg.Clock.Now()
	p := &planned{Config: cfg}
	var ids []string
	for _, s := range cfg.City.Subjects(now) {
		if cfg.Only == nil || cfg.Only(s.ID) {
			p.all = append(p.all, s)
			ids = append(ids, s.ID)
		}
	}
	if len(ids) == 0 {
		return nil, ErrNothingPlanned
	}
	p.round = store.Round{
		State: store.Running, Started: now, Simulated: cfg.Simulated,
		Files: cfg.City.Files, Config: cfg.City.Digest, RuleSet: cfg.RuleSet.ID, Reader: extract.Version,
		Planned: ids,
	}
	if err := p.takeUp(); err != nil {
		return nil, err
	}
	return p, p.begin()
}

// takeUp finds the round to resume, if there is one, and abandons every other
// that was left running.
func (p *planned) takeUp() error {
	for {
		left, err := p.Keeper.Unfinished()
		switch {
		case errors.Is(err, store.ErrNotFound):
			return nil
		case err != nil:
			return fmt.Errorf("find unfinished rounds: %w", err)
		case p.same(left):
			p.round = left
			return nil
		}
		if err := p.Keeper.Finish(left.ID, p.round.Started, store.Abandoned); err != nil {
			return fmt.Errorf("abandon round %s: %w", left.ID, err)
		}
	}
}

// same reports whether r, left running, is the round that would begin now.
func (p *planned) same(r store.Round) bool {
	age := p.round.Started.Sub(r.Started)
	return r.Config == p.round.Config && r.RuleSet == p.round.RuleSet && r.Reader == p.round.Reader &&
		r.Simulated == p.round.Simulated && slices.Equal(r.Planned, p.round.Planned) &&
		age >= 0 && age < Resumable
}

// begin records a new round, or finds what an old one has still to look at.
func (p *planned) begin() error {
	if p.round.ID == "" {
		p.pending = p.all
		id, err := p.Keeper.NewRoundID(p.round.Started)
		if err != nil {
			return fmt.Errorf("name the round: %w", err)
		}
		p.round.ID = id
		if err := p.Keeper.Begin(p.round); err != nil {
			return fmt.Errorf("begin round %s: %w", id, err)
		}
		return nil
	}
	done, err := p.Keeper.Done(p.round.ID)
	if err != nil {
		return fmt.Errorf("resume round %s: %w", p.round.ID, err)
	}
	for _, s := range p.all {
		if !done[s.ID] {
			p.pending = append(p.pending, s)
		}
	}
	p.done = len(p.all) - len(p.pending)
	p.Log.Info("round resumed", "round", p.round.ID, "done", p.done, "planned", len(p.all))
	return nil
}

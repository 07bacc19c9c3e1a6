package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"xuncha/configs"
	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/internal/simcity"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/rules"
	"xuncha/store"
)

// A nightsRun plays nights of the simulated city through the real crawler,
// rounds and rules, and holds what they say against what is true.
type nightsRun struct {
	nights  int
	from    string // the first night's day
	approve bool   // a person looks at proposals and moved columns each morning
	browser bool   // pages are shown in the Chromium that is installed

	seed     uint64               // of the city's titles, phases and addresses
	only     func(id string) bool // subjects, nil for all
	progress io.Writer
}

// Rounds begin at 01:30. Retention runs every few nights, so that the store
// stays small; the looks that states rest on stay.
const (
	nightStart  = "T01:30:00+08:00"
	retainEvery = 5
	retainFor   = 21 * 24 * time.Hour
)

// play plays all nights and returns what came of them.
func (n nightsRun) play(ctx context.Context) (*score, error) {
	r, err := newRounds()
	if err != nil {
		return nil, err
	}
	if r.now, err = time.Parse(time.RFC3339, n.from+nightStart); err != nil {
		return nil, fmt.Errorf("--from %q: write a day as 2023-09-28", n.from)
	}
	r.hurry()
	city, err := r.simulateNights(n.seed)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "xuncha-nights-*")
	if err != nil {
		return nil, errors.Join(err, city.Close())
	}
	if err := r.open(dir, city); err != nil {
		return nil, errors.Join(err, city.Close(), os.RemoveAll(dir))
	}
	var browser *crawler.Browser
	if n.browser {
		cfg := crawler.DefaultBrowserConfig()
		cfg.UserAgent, cfg.NoSandbox = r.city.Crawl.UserAgent, os.Geteuid() == 0 // it shows the city's own pages
		browser = crawler.NewBrowser(cfg, slog.New(slog.DiscardHandler))
	}
	s, err := n.all(ctx, r, city, browser)
	if browser != nil {
		err = errors.Join(err, browser.Close())
	}
	return s, errors.Join(err, r.close(), city.Close(), os.RemoveAll(dir))
}

// all plays night after night.
func (n nightsRun) all(ctx context.Context, r *rounds, city *simcity.City, browser *crawler.Browser) (*score, error) {
	s := newScore()
	for i := range n.nights {
		start := time.Now()
		if err := n.one(ctx, r, city, browser, s); err != nil {
			return nil, fmt.Errorf("night of %s: %w", r.now.Format(time.DateOnly), err)
		}
		if n.progress != nil {
			fmt.Fprintf(n.progress, "night %d of %d, %s: %.1f s\n", i+1, n.nights, r.now.Format(time.DateOnly), time.Since(start).Seconds())
		}
		if i%retainEvery == retainEvery-1 {
			if _, err := r.store.Retain(store.Policy{Keep: retainFor, Cited: s.rests}, r.now); err != nil {
				return nil, err
			}
		}
		r.now = r.now.AddDate(0, 0, 1)
	}
	return s, nil
}

// one plays one night: a round, its judgement, the morning after.
func (n nightsRun) one(ctx context.Context, r *rounds, city *simcity.City, browser *crawler.Browser, s *score) error {
	round, err := r.night(ctx, n.only, browser)
	if err != nil {
		return err
	}
	if round.State != store.Finished {
		return errors.Join(ctx.Err(), errors.New("the round was stopped"))
	}
	said, err := patrol.Judge(r.store, r.city, r.set, nil, r.now)
	if err != nil {
		return err
	}
	night, err := n.see(r, city, round)
	if err != nil {
		return err
	}
	night.said = said
	night.real = rules.Judge(rules.Input{City: r.city, RuleSet: r.set, Looks: s.real(night), Point: r.now})
	s.count(night)
	if n.approve {
		approve(r.city, night)
	}
	return nil
}

// see gathers what was read that night and what was true.
func (n nightsRun) see(r *rounds, city *simcity.City, round store.Round) (*nightSeen, error) {
	night := &nightSeen{
		at: r.now, truthAt: city.Truth, truth: map[string]simcity.Truth{}, read: map[string]extract.Reading{}, sections: map[string]inventory.Section{}, asked: map[string][]string{},
	}
	for _, id := range round.Planned {
		night.truth[id] = city.Truth(id, r.now)
		for sum, err := range r.store.History(id, r.now) {
			if err != nil {
				return nil, err
			}
			if sum.Round != round.ID {
				break
			}
			if sum.Look != 1 {
				continue
			}
			snap, err := r.store.Load(sum)
			if err != nil {
				return nil, err
			}
			night.read[id] = snap.Reading
		}
	}
	for _, s := range r.city.Subjects(r.now) {
		night.asked[s.ID] = s.Task.URLs
	}
	for _, c := range r.city.Carriers {
		for _, sec := range c.Sections {
			night.sections[sec.ID] = sec
		}
	}
	return night, nil
}

// simulateNights makes the city's hosts with the demonstration's events.
func (r *rounds) simulateNights(seed uint64) (*simcity.City, error) {
	facts, err := fs.ReadFile(configs.FS, benchCity+"/facts.yaml")
	if err != nil {
		return nil, err
	}
	events, err := fs.ReadFile(configs.FS, benchCity+"/nights.yaml")
	if err != nil {
		return nil, err
	}
	return simcity.New(r.city, facts, simcity.Options{Now: r.Now, Events: events, Seed: seed})
}

// night makes one round in which failures are tried again at once: the city
// fails for whole days.
func (r *rounds) night(ctx context.Context, only func(string) bool, browser *crawler.Browser) (store.Round, error) {
	cfg := crawler.DefaultConfig()
	cfg.UserAgent, cfg.Delay, cfg.Jitter, cfg.Backoff = r.city.Crawl.UserAgent, 0, 0, time.Millisecond
	cfg.Manners, cfg.Browser = crawler.MannersOf(r.city), browser
	log := slog.New(slog.DiscardHandler)
	c, err := crawler.New(cfg, r.transport, r, patrol.Recall{Archive: r.store}, log)
	if err != nil {
		return store.Round{}, err
	}
	return patrol.Run(ctx, patrol.Config{
		City: r.city, RuleSet: r.set, Visitor: c, Keeper: r.store, Clock: r, Log: log, Only: only, Simulated: true,
	})
}

// nights plays the nights without and with a person's approval, and prints
// both. A false accusation or a wrong date is an error.
func nights(ctx context.Context, n nightsRun, approvals []bool, w io.Writer) error {
	wrong := 0
	for _, approve := range approvals {
		n.approve = approve
		start := time.Now()
		s, err := n.play(ctx)
		if err != nil {
			return err
		}
		with := "without"
		if approve {
			with = "with"
		}
		fmt.Fprintf(w, "%d nights from %s, %s a person's approval (%.0f s)\n", n.nights, n.from, with, time.Since(start).Seconds())
		s.print(w)
		wrong += s.accused.total() + s.wrong.total()
	}
	if wrong > 0 {
		return fmt.Errorf("%d false accusations and wrong dates", wrong)
	}
	return nil
}

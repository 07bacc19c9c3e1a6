package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"xuncha/crawler"
	"xuncha/daemon"
	"xuncha/extract"
	"xuncha/internal/egress"
	"xuncha/internal/simcity"
	"xuncha/inventory"
	bureau "xuncha/office"
	"xuncha/patrol"
	"xuncha/store"
)

// The nights that the demonstration's console shows: ninety, the last of them the
// one before the notice's point.
const (
	demoNights    = 90
	demoLastNight = "2023-09-27T01:30:00+08:00"
	demoEvents    = "nights.yaml"
)

// A nightClock stands still during a round and is set between two.
type nightClock struct{ now atomic.Pointer[time.Time] }

func (c *nightClock) Now() time.Time   { return *c.now.Load() }
func (c *nightClock) set(at time.Time) { c.now.Store(&at) }

// demoNight is when a night's round begins, counted from 0.
func demoNight(i int) (time.Time, error) {
	last, err := time.Parse(time.RFC3339, demoLastNight)
	if err != nil {
		return time.Time{}, err
	}
	return last.In(extract.Beijing).AddDate(0, 0, i-demoNights+1), nil
}

// lastNights are the numbers of so many nights, the last of all.
func lastNights(n int) []int {
	nights := make([]int, n)
	for i := range nights {
		nights[i] = demoNights - n + i
	}
	return nights
}

// spreadNights are the numbers of so many nights, the first, the last, and others
// between them.
func spreadNights(n int) []int {
	nights := make([]int, n)
	for i := range nights {
		nights[i] = (demoNights - 1) * (i + 1) / n
	}
	nights[0] = 0
	return nights
}

// playNights crawls those nights that a store lacks, each by a round like
// any other, but for the pauses: the hosts are in this process, and nobody has to be spared.
// No browser shows pages and none takes pictures; what needs one is read from
// weaker sources or not at all, as on any machine without.
//
// What each came to is shown to concluded, if that is set.
func (a *app) playNights(ctx context.Context, s setup, st *store.Store, nights []int, concluded func(bureau.Judged) error) (err error) {
	rounds, err := st.Rounds()
	if err != nil {
		return err
	}
	finished := map[int64]bool{}
	for _, r := range rounds {
		if r.State == store.Finished {
			finished[r.Started.Unix()] = true
		}
	}
	clock := &nightClock{}
	transport, shut, err := a.openNights(s, clock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, shut()) }()
	quiet := slog.New(slog.DiscardHandler) // what a platform refused ninety nights ago is in the rounds
	for _, i := range nights {
		at, err := demoNight(i)
		if err != nil {
			return err
		}
		if finished[at.Unix()] {
			continue
		}
		clock.set(at)
		cfg := unhurriedBy(s.city)
		visitor, err := crawler.New(cfg, transport, clock, patrol.Recall{Archive: st}, quiet)
		if err != nil {
			return err
		}
		round, err := patrol.Run(ctx, patrol.Config{
			City: s.city, RuleSet: s.set, Visitor: visitor, Keeper: st, Clock: clock, Log: quiet, Simulated: true,
		})
		if err != nil || round.State == store.Running {
			return errors.Join(err, ctx.Err())
		}
		result, err := patrol.Judge(st, s.city, s.set, s.city.Registers, round.Finished)
		if err != nil {
			return err
		}
		if err := daemon.KeepNight(st, round, s.city, result); err != nil {
			return err
		}
		if concluded != nil {
			if err := concluded(bureau.Judged{Setup: s.office(), Found: s.city.Registers, Round: round, Result: result}); err != nil {
				return err
			}
		}
		a.tellNight(i+1, at)
	}
	return nil
}

// openNights makes the city's hosts with what happens in those nights, and the way to
// them; shut ends both.
func (a *app) openNights(s setup, clock *nightClock) (transport *http.Transport, shut func() error, err error) {
	first, err := demoNight(0)
	if err != nil {
		return nil, nil, err
	}
	clock.set(first)
	facts, err := readFacts(s, "")
	if err != nil {
		return nil, nil, err
	}
	events, err := fs.ReadFile(s.dir, demoEvents)
	if err != nil {
		return nil, nil, fmt.Errorf("events of the demonstration: %w", err)
	}
	city, err := simcity.New(s.city, facts, simcity.Options{Now: clock.Now, Events: events, EventsFile: demoEvents})
	if err != nil {
		return nil, nil, err
	}
	transport, err = egress.NewTransport(egress.Config{Network: city, ExtraCA: city.CA(), Ports: egress.PortsOf(addresses(s.city)...)})
	if err != nil {
		return nil, nil, errors.Join(err, city.Close())
	}
	return transport, func() error {
		transport.CloseIdleConnections()
		return city.Close()
	}, nil
}

// unhurriedBy is a crawler's configuration without any pause.
func unhurriedBy(city *inventory.City) crawler.Config {
	cfg := crawler.DefaultConfig()
	cfg.UserAgent, cfg.Delay, cfg.Jitter, cfg.Backoff = city.Crawl.UserAgent, 0, 0, time.Millisecond
	cfg.Manners = crawler.MannersOf(city)
	for i := range cfg.Manners {
		m := &cfg.Manners[i]
		m.Delay, m.Jitter, m.CoolDown = 0, 0, time.Millisecond
	}
	return cfg
}

// playKnocks knocks at the home page of every site in so many hours before a morning,
// as a daemon does through the day.
func (a *app) playKnocks(ctx context.Context, s setup, st *store.Store, morning time.Time, hours int) (err error) {
	clock := &nightClock{}
	transport, shut, err := a.openNights(s, clock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, shut()) }()
	cfg := unhurriedBy(s.city)
	cfg.Retries, cfg.Manners = 0, nil
	for hour := range hours {
		clock.set(morning.Add(time.Duration(hour-hours) * time.Hour))
		knocker, err := crawler.New(cfg, transport, clock, nil, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		for _, home := range patrol.Homes(s.city, clock.Now()) {
			page, err := knocker.Knock(ctx, home)
			if err != nil {
				return err
			}
			if err := patrol.ProbesOf(st).Keep(home.ID, patrol.ProbeOf(page, clock.Now())); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellNight shows how far the nights are.
func (a *app) tellNight(n int, at time.Time) {
	switch {
	case a.terminal:
		fmt.Fprintf(a.stderr, "\r"+a.say("已巡查 %d/%d 夜（%s）", "patrolled night %d of %d (%s)")+"\x1b[K", n, demoNights, at.Format(time.DateOnly))
		if n == demoNights {
			fmt.Fprint(a.stderr, "\r\x1b[K")
		}
	case n%10 == 0:
		fmt.Fprintf(a.stderr, a.say("已巡查 %d/%d 夜（%s）\n", "patrolled night %d of %d (%s)\n"), n, demoNights, at.Format(time.DateOnly))
	}
}

package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"xuncha/extract"
)

// A Clock stamps pages. Waits and durations do not depend on it.
type Clock interface {
	Now() time.Time
}

// A Crawler visits hosts. What it owes to a host and knows of it holds over all
// its jobs, so one round uses one Crawler. It is safe for concurrent use and
// keeps no goroutine of its own.
type Crawler struct {
	cfg       Config
	transport http.RoundTripper
	clock     Clock
	memory    Memory // nil remembers nothing
	log       *slog.Logger

	hosts     *hosts
	permits   *permits
	addresses *addressGate
	jar       *jar
	bodies    *bodyReader
	counters  *counters
	readers   chan struct{} // holds a token for each that reads; nil bounds nothing

	// read is extract.Read, except in tests.
	read func(extract.Task, []extract.Page) (extract.Reading, []extract.Want)
}

// New makes a crawler. The transport must not follow redirects, remove content
// codings or keep cookies, as one of package egress. A nil memory remembers
// nothing, a nil log says nothing.
func New(cfg Config, transport http.RoundTripper, clock Clock, memory Memory, log *slog.Logger) (*Crawler, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("crawler: %w", err)
	}
	if transport == nil || clock == nil {
		return nil, errors.New("crawler: a transport and a clock are needed")
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	known := newPlatforms(cfg.Manners, clock, log)
	var readers chan struct{}
	if cfg.Readers > 0 {
		readers = make(chan struct{}, cfg.Readers)
	}
	return &Crawler{
		cfg: cfg, transport: transport, clock: clock, memory: memory, log: log,
		hosts:     &hosts{cfg: cfg, platforms: known, byKey: map[string]*host{}},
		permits:   &permits{byOrigin: map[string]*permit{}},
		addresses: newAddressGate(cfg.PerAddress),
		jar:       newJar(known),
		bodies:    &bodyReader{cfg: cfg},
		counters:  &counters{stats: Stats{Pages: map[extract.Class]int64{}}},
		readers:   readers,
		read:      extract.Read,
	}, nil
}

// Crawl visits the subjects of a job in order, one request at a time, and hands
// each visit to deliver, which it waits for. Every subject is delivered exactly
// once unless ctx is done or deliver fails; the subject under way is then not
// delivered, and the error is that of ctx or of deliver.
func (c *Crawler) Crawl(ctx context.Context, job Job, deliver func(Visit) error) error {
	c.counters.add(func(s *Stats) { s.Visiting++ })
	defer c.counters.add(func(s *Stats) { s.Visiting-- })
	sh := newShell(c)
	for _, s := range job.Subjects {
		v, err := c.visit(ctx, sh, s, job)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("visit %s: %w", s.ID, err)
		}
		if err := deliver(v); err != nil {
			return fmt.Errorf("deliver %s: %w", s.ID, err)
		}
	}
	return nil
}

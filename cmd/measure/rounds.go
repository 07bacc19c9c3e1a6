package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"text/tabwriter"
	"time"

	"xuncha/configs"
	"xuncha/crawler"
	"xuncha/internal/egress"
	"xuncha/internal/simcity"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/rules"
	"xuncha/store"
)

// rounds makes rounds of the simulated city in this process, as the program
// does.
type rounds struct {
	city      *inventory.City
	set       *rules.RuleSet
	transport *http.Transport
	store     *store.Store
	now       time.Time
}

// Now is the rounds' clock: each is a day after the one before.
func (r *rounds) Now() time.Time { return r.now }

// newRounds reads the demonstration's city.
func newRounds() (*rounds, error) {
	own, err := fs.Sub(configs.FS, benchCity)
	if err != nil {
		return nil, err
	}
	files, err := inventory.ReadFiles(own, configs.FS)
	if err != nil {
		return nil, err
	}
	r := &rounds{}
	if r.now, err = time.Parse(time.RFC3339, benchPoint+"T01:30:00+08:00"); err != nil {
		return nil, err
	}
	if r.city, err = inventory.Parse(files); err != nil {
		return nil, err
	}
	r.set, err = rules.Parse(files, r.city.RuleSet)
	return r, err
}

// simulate makes the city's hosts.
func (r *rounds) simulate(latency time.Duration) (*simcity.City, error) {
	facts, err := fs.ReadFile(configs.FS, benchCity+"/facts.yaml")
	if err != nil {
		return nil, err
	}
	return simcity.New(r.city, facts, simcity.Options{Now: r.Now, MinLatency: latency / 4, MaxLatency: latency})
}

// A simulated network is a city, or one lent by another process, with the
// authority that signs for its hosts.
type simulated interface {
	egress.Network
	CA() []byte
}

// open opens a store in a folder, to crawl over a network.
func (r *rounds) open(dir string, network simulated) (err error) {
	if r.transport, err = egress.NewTransport(egress.Config{Network: network, ExtraCA: network.CA()}); err != nil {
		return err
	}
	r.store, err = store.Open(filepath.Join(dir, "xuncha.db"), store.Options{Create: true})
	return err
}

// hurry takes away every pause: the hosts are our own.
func (r *rounds) hurry() {
	r.city.Crawl.Delay = 0
	for i := range r.city.Platforms {
		m := &r.city.Platforms[i].Manner
		m.Delay, m.Jitter, m.CoolDown = 0, 0, time.Millisecond
	}
}

// make makes one round.
func (r *rounds) make(ctx context.Context) (store.Round, error) {
	cfg := crawler.DefaultConfig()
	cfg.UserAgent, cfg.Delay, cfg.Jitter, cfg.Manners = r.city.Crawl.UserAgent, r.city.Crawl.Delay, 0, crawler.MannersOf(r.city)
	log := slog.New(slog.DiscardHandler)
	c, err := crawler.New(cfg, r.transport, r, patrol.Recall{Archive: r.store}, log)
	if err != nil {
		return store.Round{}, err
	}
	return patrol.Run(ctx, patrol.Config{
		City: r.city, RuleSet: r.set, Visitor: c, Keeper: r.store, Clock: r, Log: log, Simulated: true,
	})
}

func (r *rounds) close() error {
	r.transport.CloseIdleConnections()
	return r.store.Close()
}

// soak makes rounds in one process, a night after the other, and prints what is
// in use after each fifth; what is still there at the end is an error.
func soak(ctx context.Context, n int, w io.Writer) error {
	dir, err := os.MkdirTemp("", "xuncha-soak-*")
	if err != nil {
		return err
	}
	before := inUse()
	r, err := newRounds()
	if err != nil {
		return err
	}
	r.hurry()
	city, err := r.simulate(0)
	if err != nil {
		return err
	}
	if err := r.open(dir, city); err != nil {
		return errors.Join(err, city.Close())
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "night\tplanned\tread\tfailed\theap MB\tgoroutines\topen files\tstore MB\t")
	for night := 1; night <= n; night++ {
		round, err := r.make(ctx)
		if err != nil {
			return errors.Join(err, r.close(), city.Close())
		}
		if night%5 == 0 || night == 1 {
			u := inUse()
			stats, err := r.store.Stats()
			if err != nil {
				return errors.Join(err, r.close(), city.Close())
			}
			fmt.Fprintf(tw, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", night, len(round.Planned), round.Read, round.Failed,
				u.heap>>20, u.goroutines, u.files, stats.FileBytes>>20)
		}
		r.now = r.now.AddDate(0, 0, 1)
	}
	if err := errors.Join(tw.Flush(), r.close(), city.Close(), os.RemoveAll(dir)); err != nil {
		return err
	}
	after := inUse()
	fmt.Fprintf(w, "left behind: %d goroutines, %d open files\n", after.goroutines-before.goroutines, after.files-before.files)
	if after.goroutines > before.goroutines || after.files > before.files {
		return errors.New("the rounds left something behind")
	}
	return nil
}

// usage is what the process has in use.
type usage struct {
	heap              uint64
	goroutines, files int
}

func inUse() usage {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		files = nil // no such folder on this system: files are not counted
	}
	return usage{heap: m.HeapAlloc, goroutines: runtime.NumGoroutine(), files: len(files)}
}

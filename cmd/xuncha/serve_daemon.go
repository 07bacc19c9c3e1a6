package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"xuncha/board"
	"xuncha/crawler"
	"xuncha/daemon"
	"xuncha/internal/schedule"
	bureau "xuncha/office"
	"xuncha/patrol"
	"xuncha/store"
)

// A web is the way to the sites, real or played, for as long as the program runs.
type web struct {
	app      *app
	read     func() (setup, error) // the configuration, as it stands now
	simulate simulateFlag
	facts    string // of the simulated city
	events   []byte // likewise
	clock    schedule.Clock
	begin    func() // has a played clock go
	memory   crawler.Memory

	mu    sync.Mutex
	setup setup           // guarded by mu; the newest that was loaded
	paces *crawler.Paces  // guarded by mu; of that configuration
	open  map[int]network // guarded by mu; played cities in use
	next  int             // guarded by mu
}

// newWeb opens nothing yet.
func (s *service) newWeb(first setup) (*web, error) {
	w := &web{
		app: s.app, read: s.configured, simulate: s.simulateFlag, clock: wall{}, begin: func() {}, memory: patrol.Recall{Archive: s.store}, setup: first,
		paces: crawler.NewPaces(), open: map[int]network{},
	}
	if s.Simulate == "" {
		return w, nil
	}
	at, facts, err := parseSimulate(s.Simulate)
	if err != nil {
		return nil, usageError{err}
	}
	if w.facts = facts; s.SimulateEvents != "none" {
		if w.events, err = readEvents(first, s.SimulateEvents); err != nil {
			return nil, err
		}
	}
	if at, err = goingOn(s.store, at); err != nil {
		return nil, err
	}
	c := newPlayed(at, s.SimulateRate)
	w.clock, w.begin = c, c.Hold()                            // nothing happens before there is somebody to see it
	n, err := playNetwork(first, facts, w.events, w.clock, 0) // mistakes are told at once
	if err != nil {
		return nil, err
	}
	return w, n.close()
}

// readEvents reads what happens in the simulated city: the file named, or the
// configuration's own where there is one.
func readEvents(s setup, name string) ([]byte, error) {
	if name != "" {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("events: %w; name a file like configs/demo/nights.yaml, or none", err)
		}
		return data, checkFacts(name, data)
	}
	data, err := fs.ReadFile(s.dir, "nights.yaml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// goingOn is the moment at which a simulated clock goes on: that of the command
// line, or after all that was kept before.
func goingOn(st *store.Store, at time.Time) (time.Time, error) {
	seen, err := daemon.LastSeen(st)
	if seen.After(at) {
		at = seen
	}
	if err != nil {
		return at, err
	}
	events, err := st.Events()
	for _, e := range events {
		if e.At.After(at) {
			at = e.At // nothing is decided before what was decided
		}
	}
	return at, err
}

// load loads the configuration.
func (w *web) load() (daemon.Setup, error) {
	s, err := w.read()
	if err != nil {
		return daemon.Setup{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if s.city.Digest != w.setup.city.Digest {
		w.paces = crawler.NewPaces() // its delays may be others
	}
	w.setup = s
	return daemon.Setup{City: s.city, Set: s.set}, nil
}

// loaded is the newest setup that was loaded.
func (w *web) loaded() setup {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.setup
}

// network opens the network for one crawler.
func (w *web) network(d daemon.Setup) (network, error) {
	if w.simulate.Simulate == "" {
		return network{clock: w.clock, close: func() error { return nil }}, nil
	}
	s := w.loaded()
	s.city = d.City
	n, err := playNetwork(s, w.facts, w.events, w.clock, w.simulate.SimulateLatency)
	if err != nil {
		return network{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	id := w.next
	w.next++
	w.open[id] = n
	shut := n.close
	n.close = func() error {
		w.mu.Lock()
		delete(w.open, id)
		w.mu.Unlock()
		return shut()
	}
	return n, nil
}

// close closes what crawlers have left open.
func (w *web) close() {
	w.mu.Lock()
	left := w.open
	w.open = map[int]network{}
	w.mu.Unlock()
	for _, n := range left {
		if err := n.close(); err != nil {
			w.app.log.Warn("the network did not end well", "error", err)
		}
	}
}

// crawler makes a crawler with a manner of its own.
func (w *web) crawler(d daemon.Setup, memory crawler.Memory, own func(*crawler.Config)) (*crawler.Crawler, func(), error) {
	n, err := w.network(d)
	if err != nil {
		return nil, nil, err
	}
	w.mu.Lock()
	paces := w.paces
	w.mu.Unlock()
	v, hangUp, err := w.app.crawlerBy(d.City, n, memory, nil, func(cfg *crawler.Config) {
		cfg.Paces = paces
		own(cfg)
	})
	if err != nil {
		return nil, nil, errors.Join(err, n.close())
	}
	return v, func() {
		hangUp()
		if err := n.close(); err != nil {
			w.app.log.Warn("the network did not end well", "error", err)
		}
	}, nil
}

// visitor makes the crawler of a round.
func (w *web) visitor(d daemon.Setup) (patrol.Visitor, func(), error) {
	return w.crawler(d, w.memory, func(cfg *crawler.Config) { cfg.Readers = max(1, runtime.GOMAXPROCS(0)-1) }) // whoever looks at the console needs one as well
}

// knocker makes the crawler that knocks.
func (w *web) knocker(d daemon.Setup, within time.Duration) (daemon.Knocker, func(), error) {
	return w.crawler(d, nil, func(cfg *crawler.Config) {
		cfg.Retries, cfg.PageTimeout, cfg.Browser, cfg.Manners = 0, within, nil, nil
		cfg.RateWindow = within
	})
}

// folders are those that the configuration is read from; none where it is built in.
func folders(s setup) []string {
	if s.folder == "" {
		return nil
	}
	all := []string{s.folder}
	parent := filepath.Join(s.folder, "..")
	if info, err := os.Stat(filepath.Join(parent, "rulesets")); err != nil || !info.IsDir() {
		return all
	}
	for _, name := range []string{"rulesets", "cms", "platforms", "templates"} {
		if info, err := os.Stat(filepath.Join(parent, name)); err == nil && info.IsDir() {
			all = append(all, filepath.Join(parent, name))
		}
	}
	return all
}

// newDaemon makes the daemon.
func (s *service) newDaemon() (*daemon.Daemon, error) {
	before := func() (daemon.Setup, string, error) {
		in := s.web.loaded()
		return daemon.Setup{City: in.city, Set: in.set}, s.instead, nil
	}
	return daemon.New(daemon.Config{
		Store: s.store, Data: s.Data, Load: s.web.load, Before: before, Folders: folders(s.web.setup), Judge: judgeFor(s.store), Concluded: s.enter,
		Visitor: s.web.visitor, Knocker: s.web.knocker, Clock: s.web.clock, Simulated: s.Simulate != "", Log: s.log,
	})
}

// lastInForce is the configuration that the newest round was made with, and that round, for a start at
// which that of the folder has mistakes: a night is not missed for them, and the
// console is there that shows them. What was edited since is not in it, and what a round
// does not keep, templates and samples, is the folder's. It is ErrNotFound before the
// first round.
func lastInForce(st *store.Store, name string) (s setup, round string, err error) {
	rounds, err := st.Rounds()
	if err != nil {
		return setup{}, "", err
	}
	if len(rounds) == 0 {
		return setup{}, "", store.ErrNotFound
	}
	round = rounds[0].ID
	files, err := st.Files(round)
	if err != nil {
		return setup{}, "", err
	}
	if s, err = parseSetup(files); err != nil {
		return setup{}, "", fmt.Errorf("the configuration of round %s, which would be in force:\n%w", round, err)
	}
	if s.dir, s.shared, err = openConfig(name); onDisk(name) {
		s.folder = name
	}
	return s, round, err
}

// enter enters the suspicions that a round brings into the history of findings of
// its quarter, and takes those back that nobody took up and it does not share.
func (s *service) enter(r store.Round) error {
	_, _, err := s.desk.Sync(bureau.Quarter(r), time.Time{}, s.web.clock.Now())
	return err
}

// judgeFor judges for a daemon.
func judgeFor(st *store.Store) func(*daemon.Setup, store.Round, time.Time) (board.Input, error) {
	return func(now *daemon.Setup, round store.Round, point time.Time) (board.Input, error) {
		var by *setup
		if now != nil {
			by = &setup{city: now.City, set: now.Set}
		}
		j, err := judgeRound(st, by, round, point)
		return board.Input{City: j.city, Set: j.set, Round: j.round, Result: j.result}, err
	}
}

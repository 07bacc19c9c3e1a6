// Package daemon keeps a city patrolled by itself: it holds the configuration in
// force, makes rounds on schedule, knocks at home pages through the day, looks
// after the store, and watches itself.
//
// What it knows is read by others: the console, the metrics and the messages ask
// for the [board.Board] of the moment, for the round under way and for the alerts,
// and none of them waits for anything.
//
// It may be killed at any moment. What it has to remember, which job has run for
// which hour, which round was cut off, which were asked for, since when something
// is amiss, stands in the store; it takes up where it stopped. A disk that is full pauses the round
// and nothing else, and the round goes on by itself once there is room. A clock
// that cannot be right keeps rounds from being made: their evidence would bear a
// wrong day.
package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"xuncha/board"
	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/internal/schedule"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/rules"
	"xuncha/store"
)

// A Setup is a configuration as loaded: the city and the rule set it names.
type Setup struct {
	City *inventory.City
	Set  *rules.RuleSet
}

// A Knocker asks for the first page of a subject, once and politely.
type Knocker interface {
	Knock(ctx context.Context, s inventory.Subject) (extract.Page, error)
}

// Config is what a daemon is made of.
type Config struct {
	Store *store.Store
	Data  string // the data folder

	// Load reads the configuration as it stands in its folder now. Folders are
	// those it is read from, whose changes have it read again; none where it is
	// built in.
	Load    func() (Setup, error)
	Folders []string

	// Before, if set, is the configuration that a round was made with, and that
	// round, for a start at which that of the folder has mistakes.
	Before func() (s Setup, round string, err error)

	// Judge judges a round at a point. With now it is judged by the rules in
	// force, without by those it was made with. Of what it returns the city, the
	// rule set, the round and the result are read.
	Judge func(now *Setup, round store.Round, point time.Time) (board.Input, error)

	// Concluded, if set, is told of each round that has ended, before it is kept what
	// that came to and before the board shows it: what it enters into the history of
	// findings is on the board. It may be told of one twice.
	Concluded func(r store.Round) error

	// Visitor makes the crawler of one round, and Knocker one that gives a page so
	// long; hangUp ends what they have open.
	Visitor func(Setup) (v patrol.Visitor, hangUp func(), err error)
	Knocker func(s Setup, within time.Duration) (k Knocker, hangUp func(), err error)

	// Clock is the time: the simulated city has its own, and Simulated says so.
	Clock     schedule.Clock
	Simulated bool

	Log *slog.Logger
}

// A Daemon patrols one city. Its methods may be called from any goroutine.
type Daemon struct {
	Config
	runner *schedule.Runner
	board  atomic.Pointer[board.Board]
	asking chan struct{} // holds a token where asked is set and not begun
	loaded string        // how the folders stood when the configuration was read

	making    sync.Mutex // held while a board is made: the newest must win
	looking   sync.Mutex // held while it is looked what is amiss; guards unkept
	keeping   sync.Mutex // held while it is kept what the newest round came to
	reloading sync.Mutex // held while the configuration is read and taken over

	ordering sync.Mutex // held while what is kept of orders changes

	unkept map[alertKey]bool // alerts that are not on the shelf as they stand here

	mu       sync.Mutex // guards what follows
	setup    Setup
	reloaded time.Time
	refused  error  // why the last reading of the configuration is not in force
	instead  string // the round whose configuration is, where the program began so
	under    *under
	orders   []order
	ordered  chan struct{} // holds a token where orders wait
	changed  chan struct{} // closed and replaced when a round moves on
	spent    crawler.Stats // by rounds that have ended
	full     time.Time     // since when the disk is; zero if it is not
	knocked  []knocked     // the last knocks
	alerts   map[alertKey]Alert
	clock    clockWatch
	ahead    keptAhead // as kept
	fatal    error
	asked    func(context.Context) // what care is to do, nil for nothing
	readings map[string]Reading    // of backups
	started  time.Time
	stop     context.CancelCauseFunc
}

// Names of jobs, and the group of those that have the store to themselves.
const (
	JobRound  = "round"
	JobBackup = "backup"
	JobTidy   = "tidy"

	groupStore = "store"
)

// New loads the configuration and judges what is kept. It starts nothing and writes
// nothing: a disk that is full keeps nobody from being told so.
func New(cfg Config) (*Daemon, error) {
	loaded := stampOf(cfg.Folders) // before it is read: what is edited meanwhile is read again
	instead := ""
	s, refused := cfg.Load()
	if refused != nil {
		if cfg.Before == nil {
			return nil, refused
		}
		var err error
		if s, instead, err = cfg.Before(); err != nil {
			return nil, errors.Join(refused, err)
		}
		cfg.Log.Error("the configuration has mistakes; that of a round is in force, without what was edited since", "round", instead, "error", refused)
	}
	d := &Daemon{
		Config: cfg, setup: s, refused: refused, instead: instead, ordered: make(chan struct{}, 1), changed: make(chan struct{}), alerts: map[alertKey]Alert{}, unkept: map[alertKey]bool{},
		started: cfg.Clock.Now(), loaded: loaded, asking: make(chan struct{}, 1), readings: map[string]Reading{},
	}
	d.reloaded = d.started
	line := func(pick func(inventory.Schedule) schedule.Spec) func() schedule.Spec {
		return func() schedule.Spec { return pick(d.Setup().City.Schedule) }
	}
	var err error
	d.runner, err = schedule.NewRunner(cfg.Clock, marks{cfg.Store.Shelf(shelfDaemon)}, cfg.Log,
		schedule.Job{
			Name: JobRound, Group: groupStore, Held: d.held, Run: d.nightly,
			When: line(func(s inventory.Schedule) schedule.Spec { return s.Round }),
		},
		schedule.Job{
			Name: JobBackup, Group: groupStore, Run: d.backUp,
			When: line(func(s inventory.Schedule) schedule.Spec { return s.Backup }),
		},
		schedule.Job{
			Name: JobTidy, Group: groupStore, Run: d.tidy,
			When: line(func(s inventory.Schedule) schedule.Spec { return s.Tidy }),
		})
	if err != nil {
		return nil, err
	}
	if err := d.loadAlerts(); err != nil {
		return nil, err
	}
	if err := d.loadReadings(); err != nil {
		return nil, err
	}
	if err := d.beginClock(); err != nil {
		return nil, err
	}
	return d, d.Refresh()
}

// Run patrols until ctx is done, and returns once everything it began has stopped.
// A round that is cut off goes on with the next Run. The error says that nothing
// more can be written, so that the process had better begin anew.
func (d *Daemon) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	d.mu.Lock()
	d.stop = cancel
	d.mu.Unlock()
	if err := d.resume(); err != nil {
		return err
	}
	var running sync.WaitGroup
	for _, work := range []func(context.Context){
		d.runner.Run, d.obey, d.care, d.probe, d.watch, d.watchFolders, d.fillNights,
	} {
		running.Go(func() { work(ctx) })
	}
	running.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.fatal
}

// die ends Run because the store can be written to no more by this process.
func (d *Daemon) die(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fatal == nil {
		d.fatal = err
	}
	if d.stop != nil {
		d.stop(err)
	}
}

// Board is how the city stands, nil before the first round has ended.
func (d *Daemon) Board() *board.Board { return d.board.Load() }

// Setup is the configuration in force.
func (d *Daemon) Setup() Setup {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.setup
}

// Jobs are how the scheduled jobs stand.
func (d *Daemon) Jobs() []schedule.Status { return d.runner.Status() }

// Shelves of the store that are the daemon's.
const (
	shelfDaemon = "daemon" // marks of jobs, the clock, orders, what backups were read as
	shelfRounds = "rounds" // how each round went
	shelfAlerts = "alerts"
	shelfCited  = "cited" // what the findings of each round rest on
)

// marks keep the marks of jobs.
type marks struct{ shelf store.Shelf }

func (m marks) Load(job string) (mark schedule.Mark, err error) {
	_, err = get(m.shelf, "job "+job, &mark)
	return mark, err
}

func (m marks) Store(job string, mark schedule.Mark) error { return put(m.shelf, "job "+job, mark) }

// Started is when the daemon was made.
func (d *Daemon) Started() time.Time { return d.started }

// BackupFolder is where backups go.
func (d *Daemon) BackupFolder() string {
	if dir := d.Setup().City.Schedule.BackupDir; dir != "" {
		return dir
	}
	return filepath.Join(d.Data, "backups")
}

// cutOff turns an error of the store that ends this process into the end of Run.
func (d *Daemon) cutOff(err error) error {
	if errors.Is(err, store.ErrCutOff) {
		d.die(fmt.Errorf("the daemon stops: %w", err))
	}
	return err
}

// noted turns an error of the store that ends this process into the end of Run, and
// takes note that the disk of the store is full.
func (d *Daemon) noted(err error) error {
	if errors.Is(err, store.ErrFull) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.full.IsZero() {
			d.full = d.Clock.Now()
		}
		return err
	}
	return d.cutOff(err)
}

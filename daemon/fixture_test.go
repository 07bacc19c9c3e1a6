package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xuncha/board"
	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/internal/schedule"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/rules"
	"xuncha/store"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(fullEnv); path != "" {
		if err := fullChild(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// town is a small city: what its daemon is made of, in the hands of a test.
type town struct {
	t     testing.TB
	dir   string
	clock schedule.Clock

	mu     sync.Mutex // guards below
	city   *inventory.City
	loads  error            // what the configuration is refused for
	shut   map[string]bool  // sites that do not open
	visits map[string]int   // by subject
	knocks map[string][]int // hours since the epoch, by site
	pause  time.Duration    // of each visit
	fails  int              // rounds that cannot be prepared

	concluded func(store.Round) error // as in Config
}

func spec(line string) schedule.Spec {
	s, err := schedule.Parse(line)
	if err != nil {
		panic(err)
	}
	return s
}

// newTown has sites of two columns, a round at 01:30 and a backup at 04:00.
func newTown(t testing.TB, sites int) *town {
	w := &town{t: t, dir: t.TempDir(), clock: schedule.Wall{}, shut: map[string]bool{}, visits: map[string]int{}, knocks: map[string][]int{}}
	w.city = &inventory.City{
		Name: "某市", Digest: "d1", Crawl: inventory.Crawl{Workers: 4},
		Schedule: inventory.Schedule{
			Round: spec("30 1 * * *"), Second: inventory.SecondRefused, Backup: spec("0 4 * * *"), Backups: 2, Tidy: spec("0 5 * * *"),
		},
	}
	for i := range sites {
		id := fmt.Sprint("s", i)
		w.city.Units = append(w.city.Units, inventory.Unit{ID: id, Name: id, Level: inventory.LevelDepartment})
		column := func(name string) inventory.Column {
			return inventory.Column{
				ID: id + "/" + name, Unit: id, Carrier: id, CountsTo: id, Name: "动态", Class: inventory.ClassNews, URLs: []string{"http://" + id + ".example/" + name + "/"},
			}
		}
		w.city.Carriers = append(w.city.Carriers, inventory.Carrier{
			ID: id, Kind: inventory.Site, Unit: id, Name: id, Home: "http://" + id + ".example/", Columns: []inventory.Column{column("a"), column("b")},
		})
	}
	return w
}

// edit changes the configuration as an operator would: the daemon is given another.
func (w *town) edit(digest string, change func(*inventory.City)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	city := *w.city
	city.Digest = digest
	change(&city)
	w.city = &city
}

func set() *rules.RuleSet {
	return &rules.RuleSet{
		ID: "test", Before: 48 * time.Hour, After: 24 * time.Hour, Looks: 2, Apart: time.Hour,
		Indicators: []rules.Indicator{
			{ID: "t.dynamic", Kind: rules.KindColumn, Classes: []string{"动态要闻"}, Effect: rules.EffectVeto, Text: "超期", Window: rules.Window{Days: 14}},
			{ID: "t.access", Kind: rules.KindAccess, Effect: rules.EffectVeto, Text: "网站无法访问", Window: rules.Window{Days: 7}, Visits: 20, Seconds: 15, Share: 5},
		},
	}
}

func (w *town) load() (Setup, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return Setup{City: w.city, Set: set()}, w.loads
}

// open opens the town's store. A store is closed before it is opened again.
func (w *town) open() *store.Store {
	st, err := store.Open(filepath.Join(w.dir, "xuncha.db"), store.Options{Create: true, NoSync: true})
	if err != nil {
		w.t.Fatal(err)
	}
	return st
}

// daemon makes a daemon over an open store.
func (w *town) daemon(st *store.Store) *Daemon {
	d, err := New(w.config(st))
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func (w *town) config(st *store.Store) Config {
	return Config{
		Store: st, Data: w.dir, Load: w.load, Clock: w.clock, Log: slog.New(slog.DiscardHandler),
		Judge: func(now *Setup, round store.Round, point time.Time) (board.Input, error) {
			s, err := w.load()
			if now != nil {
				s, err = *now, nil
			}
			if err != nil {
				return board.Input{}, err
			}
			result, err := patrol.Judge(st, s.City, s.Set, nil, point)
			return board.Input{City: s.City, Set: s.Set, Round: round, Result: result}, err
		},
		Concluded: w.concluded,
		Visitor: func(Setup) (patrol.Visitor, func(), error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.fails > 0 {
				w.fails--
				return nil, nil, errors.New("no browser")
			}
			return w, func() {}, nil
		},
		Knocker: func(Setup, time.Duration) (Knocker, func(), error) { return w, func() {}, nil },
	}
}

// Crawl finds in every column one item of the day before.
func (w *town) Crawl(ctx context.Context, job crawler.Job, deliver func(crawler.Visit) error) error {
	for _, s := range job.Subjects {
		w.mu.Lock()
		w.visits[s.ID]++
		pause := w.pause
		w.mu.Unlock()
		if pause > 0 {
			select {
			case <-time.After(pause):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		now := w.clock.Now()
		day := extract.Date{Time: extract.DayOf(now).AddDate(0, 0, -1)}
		v := crawler.Visit{Subject: s.ID, At: now, Reading: extract.Reading{
			Outcome: extract.Dated, Newest: day, Items: []extract.Item{{Title: "标题 " + s.ID, Date: day}},
		}}
		if err := deliver(v); err != nil {
			return err
		}
	}
	return nil
}

// Knock opens every door but those that are shut.
func (w *town) Knock(_ context.Context, s inventory.Subject) (extract.Page, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock.Now()
	w.knocks[s.ID] = append(w.knocks[s.ID], int(now.Unix()/3600))
	p := extract.Page{Asked: s.Task.URLs[0], URL: s.Task.URLs[0], Status: 200, Took: 50 * time.Millisecond}
	if w.shut[s.ID] || w.shut["all"] {
		p.Status, p.Class, p.Detail, p.Took = 0, extract.ClassTimeout, "the page was not complete in time", 15*time.Second
	}
	return p, nil
}

// during runs a daemon as one process for a while, and play meanwhile; then the
// process is stopped.
func (w *town) during(length time.Duration, play func(*Daemon)) *Daemon {
	w.t.Helper()
	st := w.open()
	d := w.daemon(st)
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	if play != nil {
		play(d)
	}
	time.Sleep(length)
	cancel()
	if err := <-ended; err != nil {
		w.t.Errorf("the daemon ended with %v", err)
	}
	if err := st.Close(); err != nil {
		w.t.Error(err)
	}
	return d
}

// rounds are what the store holds, the oldest first: their beginnings and states.
func (w *town) rounds() []string {
	st := w.open()
	defer st.Close()
	rounds, err := st.Rounds()
	if err != nil {
		w.t.Fatal(err)
	}
	var all []string
	for _, r := range rounds {
		all = append([]string{fmt.Sprintf("%s %s %d", r.Started.In(extract.Beijing).Format("02 15:04"), r.State, r.Read+r.Failed)}, all...)
	}
	return all
}

// spec0 is the line that is never.
func spec0() schedule.Spec { return schedule.Spec{} }

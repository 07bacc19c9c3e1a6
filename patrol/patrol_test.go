package patrol

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fixed is a clock that stands still.
type fixed time.Time

func (c fixed) Now() time.Time { return time.Time(c) }

// memory is a Keeper that keeps in memory.
type memory struct {
	mu     sync.Mutex // guards all below
	rounds []store.Round
	snaps  []store.Snapshot
	fail   error // returned by Keep
}

func (m *memory) NewRoundID(start time.Time) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return fmt.Sprintf("%s-%d", start.Format("20060102-1504"), len(m.rounds)), nil
}

func (m *memory) Begin(r store.Round) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rounds = append(m.rounds, r)
	return nil
}

func (m *memory) Keep(snaps []store.Snapshot) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return nil, m.fail
	}
	var digests []string
	for _, s := range snaps {
		digests = append(digests, fmt.Sprintf("%s/%s/%d", s.Round, s.Subject, s.Look))
	}
	m.snaps = append(m.snaps, snaps...)
	return digests, nil
}

func (m *memory) Finish(id string, at time.Time, state store.RoundState) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.rounds {
		if m.rounds[i].ID == id {
			m.rounds[i].State, m.rounds[i].Finished = state, at
			return nil
		}
	}
	return store.ErrNotFound
}

func (m *memory) Round(id string) (store.Round, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.rounds {
		if r.ID == id {
			return r, nil
		}
	}
	return store.Round{}, store.ErrNotFound
}

func (m *memory) Unfinished() (store.Round, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range slices.Backward(m.rounds) {
		if r.State == store.Running {
			return r, nil
		}
	}
	return store.Round{}, store.ErrNotFound
}

func (m *memory) Done(round string) (map[string]bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	done := map[string]bool{}
	for _, s := range m.snaps {
		if s.Round == round && s.Look == 1 {
			done[s.Subject] = true
		}
	}
	return done, nil
}

func (m *memory) History(subject string, until time.Time) iter.Seq2[store.Summary, error] {
	m.mu.Lock()
	snaps := slices.Clone(m.snaps)
	m.mu.Unlock()
	return func(yield func(store.Summary, error) bool) {
		for i, s := range slices.Backward(snaps) {
			sum := store.Summary{
				Subject: s.Subject, Round: s.Round, At: s.At, Look: s.Look, Digest: strconv.Itoa(i), Outcome: s.Reading.Outcome, Newest: s.Reading.Newest,
				Reason: s.Reading.Reason, AtLeast: s.Reading.AtLeast, Complete: s.Reading.Complete, Older: s.Reading.Older,
			}
			if s.Subject == subject && !s.At.After(until) && !yield(sum, nil) {
				return
			}
		}
	}
}

func (m *memory) Load(sum store.Summary) (store.Snapshot, error) {
	i, err := strconv.Atoi(sum.Digest)
	if err != nil {
		return store.Snapshot{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.snaps[i], nil
}

// city is a Visitor in which every column shows one item of a day.
type city struct {
	clock  fixed
	newest map[string]string // by subject; absent is unread

	mu     sync.Mutex // guards below
	visits map[string]int
	fresh  map[string]bool
	stop   func(subject string) bool // true ends the job, as a cancelled context would
}

func (c *city) Crawl(ctx context.Context, job crawler.Job, deliver func(crawler.Visit) error) error {
	for _, s := range job.Subjects {
		if ctx.Err() != nil || c.stop != nil && c.stop(s.ID) {
			return ctx.Err()
		}
		c.mu.Lock()
		c.visits[s.ID]++
		c.fresh[s.ID] = job.Fresh
		c.mu.Unlock()
		if err := deliver(crawler.Visit{Subject: s.ID, At: c.clock.Now(), Reading: c.reading(s.ID)}); err != nil {
			return err
		}
	}
	return nil
}

func (c *city) reading(id string) extract.Reading {
	day, ok := c.newest[id]
	if !ok {
		return extract.Reading{Outcome: extract.Unread, Reason: extract.ReasonDown}
	}
	t, err := time.ParseInLocation(time.DateOnly, day, extract.Beijing)
	if err != nil {
		return extract.Reading{Outcome: extract.Unread, Reason: extract.ReasonUndated}
	}
	d := extract.Date{Time: t}
	return extract.Reading{Outcome: extract.Dated, Newest: d, Items: []extract.Item{{Title: "标题", Date: d}}}
}

// night is the moment of every round here.
var night = fixed(time.Date(2023, 9, 27, 1, 30, 0, 0, extract.Beijing))

// smallCity has one site of two columns and a third on another host.
func smallCity() *inventory.City {
	column := func(id, url string) inventory.Column {
		return inventory.Column{ID: id, Unit: "fgw", Carrier: "fgw", CountsTo: "fgw", Name: "动态", Class: inventory.ClassNews, URLs: []string{url}}
	}
	return &inventory.City{
		Name: "阳泉市", Digest: "d1",
		Units: []inventory.Unit{{ID: "fgw", Name: "市发展和改革委员会", Level: inventory.LevelDepartment}},
		Crawl: inventory.Crawl{Workers: 4},
		Carriers: []inventory.Carrier{{
			ID: "fgw", Kind: inventory.Site, Unit: "fgw", Name: "市发展和改革委员会", Home: "http://fgw.example/",
			Columns: []inventory.Column{
				column("fgw/a", "http://fgw.example/a/"), column("fgw/b", "http://fgw.example/b/"), column("fgw/c", "http://other.example/c/"),
			},
		}},
	}
}

func smallSet() *rules.RuleSet {
	return &rules.RuleSet{
		ID: "test", Before: 48 * time.Hour, After: 24 * time.Hour, Looks: 2, Apart: time.Hour,
		Indicators: []rules.Indicator{{
			ID: "dynamic", Kind: rules.KindColumn, Classes: []string{"动态要闻"}, Effect: rules.EffectVeto,
			Text: "超期", Window: rules.Window{Days: 14},
		}},
	}
}

func newCity() *city {
	return &city{clock: night, visits: map[string]int{}, fresh: map[string]bool{}, newest: map[string]string{
		"fgw": "2023-09-26", "fgw/a": "2023-09-25", "fgw/b": "2023-06-20",
	}}
}

func config(c *city, k *memory) Config {
	return Config{City: smallCity(), RuleSet: smallSet(), Visitor: c, Keeper: k, Clock: night, Log: slog.New(slog.DiscardHandler)}
}

func TestRoundLooksTwiceOnlyAtWhatItWouldAccuse(t *testing.T) {
	c, k := newCity(), &memory{}
	round, err := Run(t.Context(), config(c, k))
	if err != nil {
		t.Fatal(err)
	}
	if round.State != store.Finished {
		t.Errorf("state %s, want finished", round.State)
	}
	want := map[string]int{"fgw": 1, "fgw/a": 1, "fgw/b": 2, "fgw/c": 1}
	for id, n := range want {
		if c.visits[id] != n {
			t.Errorf("%s was visited %d times, want %d", id, c.visits[id], n)
		}
	}
	if !c.fresh["fgw/b"] {
		t.Error("the second look took answers over; want whole ones")
	}
}

func TestStoppedRoundIsTakenUpAndNothingIsVisitedTwice(t *testing.T) {
	c, k := newCity(), &memory{}
	ctx, cancel := context.WithCancel(t.Context())
	c.stop = func(id string) bool {
		if id != "fgw/b" {
			return false
		}
		cancel()
		return true
	}
	round, err := Run(ctx, config(c, k))
	if err != nil || round.State != store.Running {
		t.Fatalf("stopped round: got %s, %v; want running, no error", round.State, err)
	}
	c.stop = nil
	again, err := Run(t.Context(), config(c, k))
	if err != nil {
		t.Fatal(err)
	}
	if again.ID != round.ID || again.State != store.Finished {
		t.Errorf("got round %s %s, want %s finished", again.ID, again.State, round.ID)
	}
	for _, id := range []string{"fgw", "fgw/a", "fgw/c"} {
		if c.visits[id] != 1 {
			t.Errorf("%s was visited %d times, want once", id, c.visits[id])
		}
	}
}

func TestRoundOfAnotherConfigurationIsAbandoned(t *testing.T) {
	c, k := newCity(), &memory{}
	if err := k.Begin(store.Round{ID: "old", State: store.Running, Started: night.Now(), Config: "other"}); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), config(c, k)); err != nil {
		t.Fatal(err)
	}
	if k.rounds[0].State != store.Abandoned {
		t.Errorf("round old is %s, want abandoned", k.rounds[0].State)
	}
}

func TestStorageFailureEndsTheRoundWithItsError(t *testing.T) {
	c, k := newCity(), &memory{fail: errors.New("disk full")}
	_, err := Run(t.Context(), config(c, k))
	if !errors.Is(err, k.fail) {
		t.Errorf("got %v, want the storage's error", err)
	}
}

func TestNothingSelected(t *testing.T) {
	cfg := config(newCity(), &memory{})
	cfg.Only = func(string) bool { return false }
	if _, err := Run(t.Context(), cfg); !errors.Is(err, ErrNothingPlanned) {
		t.Errorf("got %v, want ErrNothingPlanned", err)
	}
}

func TestEventsCountFirstLooksOnly(t *testing.T) {
	c, k := newCity(), &memory{}
	cfg := config(c, k)
	var last Event
	n := 0
	cfg.Tell = func(e Event) { last = e; n++ }
	if _, err := Run(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if n != 5 || last.Done != 4 || last.Planned != 4 || last.Look != 2 || last.Waiting != 0 {
		t.Errorf("%d events, the last %+v; want 5, ending with a second look at 4 of 4", n, last)
	}
}

func TestLooksReachBackToTheLastGoodOneAndTheGreatestDate(t *testing.T) {
	k := &memory{}
	add := func(daysAgo int, outcome extract.Outcome, newest string) {
		s := store.Snapshot{Subject: "fgw/a", Look: 1, At: night.Now().AddDate(0, 0, -daysAgo), Reading: extract.Reading{Outcome: outcome}}
		if day, err := time.ParseInLocation(time.DateOnly, newest, extract.Beijing); err == nil {
			s.Reading.Newest = extract.Date{Time: day}
		}
		k.snaps = append(k.snaps, s)
	}
	add(30, extract.Dated, "2023-08-01")
	add(20, extract.Unread, "2023-09-01") // cut short, and newer than all that is left
	add(10, extract.Dated, "2023-08-01")
	add(5, extract.Unread, "")
	add(1, extract.Unread, "")
	add(0, extract.Dated, "2023-08-01")
	looks, err := Looks(k, "fgw/a", smallSet(), night.Now())
	if err != nil {
		t.Fatal(err)
	}
	var ages []int
	for _, l := range looks {
		ages = append(ages, int(night.Now().Sub(l.At).Hours()/24))
	}
	if want := []int{20, 10, 1, 0}; !slices.Equal(ages, want) {
		t.Errorf("looks of %v days ago, want %v", ages, want)
	}
}

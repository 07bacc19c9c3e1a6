package schedule

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// memory keeps marks for as long as a test.
type memory struct {
	mu    sync.Mutex
	marks map[string]Mark
	fails bool
}

func (m *memory) Load(job string) (Mark, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.marks[job], nil
}

func (m *memory) Store(job string, mark Mark) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fails {
		return errors.New("disk full")
	}
	m.marks[job] = mark
	return nil
}

// A jumping clock is the wall's with an error that can be set.
type jumping struct {
	Wall
	mu  sync.Mutex
	off time.Duration
}

func (c *jumping) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.Wall.Now().Add(c.off)
}

func (c *jumping) Sleep(ctx context.Context, until time.Time) {
	c.mu.Lock()
	off := c.off
	c.mu.Unlock()
	c.Wall.Sleep(ctx, until.Add(-off))
}

func (c *jumping) jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off += d
}

// A diary notes which times a job ran for.
type diary struct {
	mu    sync.Mutex
	slots []string
}

func (d *diary) note(_ context.Context, slot time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.slots = append(d.slots, slot.Format("01-02 15:04"))
	return nil
}

func (d *diary) all() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.slots)
}

func spec(t *testing.T, line string) func() Spec {
	t.Helper()
	s, err := Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	return func() Spec { return s }
}

// during runs a runner for a while, as one process.
func during(t *testing.T, clock Clock, marks Marks, d time.Duration, jobs ...Job) *Runner {
	t.Helper()
	r, err := NewRunner(clock, marks, slog.New(slog.DiscardHandler), jobs...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	r.Run(ctx)
	return r
}

// In a bubble of synctest it is 08:00 in Beijing on 1 January 2000.
func TestEveryNightOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ran diary
		marks := &memory{marks: map[string]Mark{}}
		job := Job{Name: "round", When: spec(t, "30 1 * * *"), Run: ran.note}
		during(t, Wall{}, marks, 3*24*time.Hour, job)
		if got, want := ran.all(), []string{"01-02 01:30", "01-03 01:30", "01-04 01:30"}; !slices.Equal(got, want) {
			t.Errorf("ran for %q, want %q", got, want)
		}
	})
}

func TestMissedNightsAreMadeUpForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ran diary
		marks := &memory{marks: map[string]Mark{}}
		job := Job{Name: "round", When: spec(t, "30 1 * * *"), Run: ran.note}
		during(t, Wall{}, marks, 24*time.Hour, job)
		time.Sleep(5 * 24 * time.Hour) // the machine is off
		during(t, Wall{}, marks, time.Hour, job)
		during(t, Wall{}, marks, time.Hour, job)
		if got, want := ran.all(), []string{"01-02 01:30", "01-07 01:30"}; !slices.Equal(got, want) {
			t.Errorf("ran for %q, want %q", got, want)
		}
	})
}

// A round that was cut off with the process has not run.
func TestAJobThatWasCutOffRunsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ran diary
		marks := &memory{marks: map[string]Mark{}}
		job := Job{Name: "round", When: spec(t, "30 1 * * *"), Run: func(ctx context.Context, slot time.Time) error {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(2 * time.Hour):
			}
			return ran.note(ctx, slot)
		}}
		during(t, Wall{}, marks, 18*time.Hour, job) // until 02:00
		during(t, Wall{}, marks, 8*time.Hour, job)
		if got, want := ran.all(), []string{"01-02 01:30"}; !slices.Equal(got, want) {
			t.Errorf("ran for %q, want %q", got, want)
		}
	})
}

func TestJobsOfAGroupNeverRunAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		running, most, runs := 0, 0, 0
		slow := func(ctx context.Context, _ time.Time) error {
			mu.Lock()
			running, runs = running+1, runs+1
			most = max(most, running)
			mu.Unlock()
			time.Sleep(3 * time.Hour)
			mu.Lock()
			running--
			mu.Unlock()
			return nil
		}
		marks := &memory{marks: map[string]Mark{}}
		r, err := NewRunner(Wall{}, marks, slog.New(slog.DiscardHandler),
			Job{Name: "round", Group: "store", When: spec(t, "30 1 * * *"), Run: slow},
			Job{Name: "backup", Group: "store", When: spec(t, "0 2 * * *"), Run: slow})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*24*time.Hour)
		defer cancel()
		go r.Run(ctx)
		time.Sleep(17*time.Hour + 40*time.Minute) // 01:40
		now := func(ctx context.Context) error { return slow(ctx, time.Time{}) }
		if err := r.Do(ctx, "store", now); err != nil {
			t.Errorf("queued: %v", err)
		}
		<-ctx.Done()
		synctest.Wait()
		if most != 1 || runs < 4 {
			t.Errorf("%d at once in %d runs, want 1 in 4 or more", most, runs)
		}
	})
}

func TestFailuresAreTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ran diary
		tries := 0
		marks := &memory{marks: map[string]Mark{}}
		job := Job{Name: "backup", When: spec(t, "0 12 * * *"), Run: func(ctx context.Context, slot time.Time) error {
			if tries++; tries < 4 {
				return errors.New("no room")
			}
			return ran.note(ctx, slot)
		}}
		r := during(t, Wall{}, marks, 20*time.Hour, job)
		if got, want := ran.all(), []string{"01-01 12:00"}; !slices.Equal(got, want) || tries != 4 {
			t.Errorf("ran for %q in %d tries, want %q in 4", got, tries, want)
		}
		if s := r.Status()[0]; s.Error != "" || s.Good.IsZero() || s.Running {
			t.Errorf("status %+v: want good", s)
		}
	})
}

// Whatever the clock does, no time is run for twice, and once the clock is right
// again the next night is patrolled.
func TestTheClockJumps(t *testing.T) {
	for _, tt := range []struct {
		name string
		play func(c *jumping)
		want []string
	}{
		{"an hour back after the night's run", func(c *jumping) {
			time.Sleep(18 * time.Hour) // 02:00
			c.jump(-time.Hour)
			time.Sleep(24 * time.Hour)
		}, []string{"01-02 01:30"}},
		{"an hour ahead over the night's time", func(c *jumping) {
			time.Sleep(17 * time.Hour) // 01:00
			c.jump(time.Hour)
			time.Sleep(time.Hour)
			c.jump(-time.Hour)
			time.Sleep(24 * time.Hour)
		}, []string{"01-02 01:30", "01-03 01:30"}},
		{"to 1970 and home", func(c *jumping) {
			time.Sleep(18 * time.Hour)
			c.jump(-30 * 365 * 24 * time.Hour)
			time.Sleep(10 * time.Hour)
			c.jump(30 * 365 * 24 * time.Hour)
			time.Sleep(24 * time.Hour)
		}, []string{"01-02 01:30", "01-03 01:30"}},
		{"to 2038 and home", func(c *jumping) {
			time.Sleep(18 * time.Hour)
			c.jump(38 * 365 * 24 * time.Hour)
			time.Sleep(time.Hour)
			c.jump(-38 * 365 * 24 * time.Hour)
			time.Sleep(24 * time.Hour)
		}, []string{"01-02 01:30", "12-23 01:30", "01-03 01:30"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var ran diary
				clock := &jumping{}
				r, err := NewRunner(clock, &memory{marks: map[string]Mark{}}, slog.New(slog.DiscardHandler),
					Job{Name: "round", When: spec(t, "30 1 * * *"), Run: ran.note})
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				go r.Run(ctx)
				tt.play(clock)
				cancel()
				synctest.Wait()
				if got := ran.all(); !slices.Equal(got, tt.want) {
					t.Errorf("ran for %q, want %q", got, tt.want)
				}
			})
		})
	}
}

// A line that is edited in the morning does not start a round for the time that
// it would have had in the night.
func TestAnEditedLineWaitsForItsNextTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ran diary
		line := "30 1 * * *"
		when := func() Spec { s, _ := Parse(line); return s }
		var mu sync.Mutex
		r, err := NewRunner(Wall{}, &memory{marks: map[string]Mark{}}, slog.New(slog.DiscardHandler),
			Job{Name: "round", When: func() Spec { mu.Lock(); defer mu.Unlock(); return when() }, Run: ran.note})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go r.Run(ctx)
		time.Sleep(26 * time.Hour) // 10:00 on the second
		mu.Lock()
		line = "0 3 * * *"
		mu.Unlock()
		r.Wake()
		time.Sleep(24 * time.Hour)
		cancel()
		synctest.Wait()
		if got, want := ran.all(), []string{"01-02 01:30", "01-03 03:00"}; !slices.Equal(got, want) {
			t.Errorf("ran for %q, want %q", got, want)
		}
	})
}

func TestMarksThatCannotBeKeptStopNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ran diary
		marks := &memory{marks: map[string]Mark{}, fails: true}
		during(t, Wall{}, marks, 2*24*time.Hour, Job{Name: "round", When: spec(t, "30 1 * * *"), Run: ran.note})
		if got, want := ran.all(), []string{"01-02 01:30", "01-03 01:30"}; !slices.Equal(got, want) {
			t.Errorf("ran for %q, want %q", got, want)
		}
	})
}

func TestAHeldJobWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ran diary
		start := time.Now()
		held := func() bool { return time.Since(start) < 20*time.Hour }
		during(t, Wall{}, &memory{marks: map[string]Mark{}}, 24*time.Hour,
			Job{Name: "round", When: spec(t, "30 1 * * *"), Held: held, Run: func(ctx context.Context, slot time.Time) error {
				if held() {
					t.Error("it ran while it was held")
				}
				return ran.note(ctx, slot)
			}})
		if got, want := ran.all(), []string{"01-02 01:30"}; !slices.Equal(got, want) {
			t.Errorf("ran for %q, want %q", got, want)
		}
	})
}

// asking are marks whose keeping asks how the jobs stand, as a scrape does meanwhile.
type asking struct {
	memory
	runner *Runner
}

func (m *asking) Store(job string, mark Mark) error {
	m.runner.Status()
	return m.memory.Store(job, mark)
}

// Whoever asks how the jobs stand never waits for a mark to be written.
func TestTheStatusWaitsForNoWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		marks := &asking{memory: memory{marks: map[string]Mark{}}}
		var d diary
		r, err := NewRunner(Wall{}, marks, slog.New(slog.DiscardHandler), Job{Name: "round", When: spec(t, "30 1 * * *"), Run: d.note})
		if err != nil {
			t.Fatal(err)
		}
		marks.runner = r
		ctx, cancel := context.WithTimeout(t.Context(), 48*time.Hour)
		defer cancel()
		r.Run(ctx)
		if got := d.all(); len(got) != 2 || len(marks.marks["round"].Ran) != 2 {
			t.Errorf("it ran for %q, and of %d it is kept", got, len(marks.marks["round"].Ran))
		}
	})
}

package daemon

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// In a bubble of synctest it is 08:00 in Beijing on 1 January 2000, before any
// moment that is believed; a clock of 2023 runs beside it.
type later struct{}

const ahead2023 = 24 * 365 * 24 * time.Hour

func (later) Now() time.Time { return time.Now().Add(ahead2023).In(extract.Beijing) }

func (later) Sleep(ctx context.Context, until time.Time) {
	timer := time.NewTimer(max(0, min(until.Sub(later{}.Now()), time.Minute)))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// laterTown is a town in the year 2023, when it begins at 08:00.
func laterTown(t *testing.T, sites int) *town {
	w := newTown(t, sites)
	w.clock = later{}
	w.edit("d1", func(c *inventory.City) { c.Schedule.Probes = 0 })
	return w
}

func TestEveryNightARoundABackupAndABoard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 2)
		d := w.during(3*24*time.Hour, nil)
		if got := w.rounds(); len(got) != 3 || !strings.HasSuffix(got[0], "01:30 finished 6") {
			t.Errorf("rounds %q, want three of six subjects at 01:30", got)
		}
		b := d.Board()
		if len(b.Nights) != 3 || b.Nights[2].Read != 6 || len(b.Rows) != 6 {
			t.Errorf("the board has %d nights and %d rows, want 3 and 6", len(b.Nights), len(b.Rows))
		}
		backups, err := d.Backups()
		if err != nil || len(backups) != 2 || backups[0].At.Hour() != 4 {
			t.Errorf("backups %+v, %v; want the last two of 04:00", backups, err)
		}
		if err := d.VerifyBackup(t.Context(), backups[0].Name); err != nil {
			t.Errorf("verify: %v", err)
		}
		if a := d.Alerts(); len(a) != 0 {
			t.Errorf("alerts %+v, want none", a)
		}
		for _, j := range d.Jobs() {
			if j.Good.IsZero() || j.Error != "" || j.Next.IsZero() {
				t.Errorf("job %+v: want a good run and a next one", j)
			}
		}
	})
}

// A process that is ended in the middle of a round leaves it to the next, and no
// subject is visited twice for it.
func TestARoundGoesOnInTheNextProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 3)
		w.pause = 10 * time.Minute
		w.during(17*time.Hour+40*time.Minute, func(d *Daemon) { // until 01:40, after the first visit of each host
			time.Sleep(5 * time.Minute) // of which the process knows nothing
		})
		time.Sleep(2 * time.Hour)
		w.during(10*time.Hour, nil)
		if got := w.rounds(); len(got) != 1 || !strings.HasSuffix(got[0], "01:30 finished 9") {
			t.Errorf("rounds %q, want one of nine subjects", got)
		}
		for id, n := range w.visits {
			if n > 2 {
				t.Errorf("%s was visited %d times", id, n)
			}
		}
	})
}

func TestAMissedNightIsMadeUpForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 1)
		w.during(20*time.Hour, nil)
		time.Sleep(4 * 24 * time.Hour)
		d := w.during(time.Hour, nil)
		w.during(time.Hour, nil)
		if got := w.rounds(); len(got) != 2 || !strings.Contains(got[1], "finished") {
			t.Errorf("rounds %q, want two", got)
		}
		if slices.ContainsFunc(d.Alerts(), func(a Alert) bool { return a.Until.IsZero() }) {
			t.Errorf("alerts %+v, want all over", d.Alerts())
		}
	})
}

func TestRunNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 2)
		w.pause = time.Minute
		w.during(time.Hour, func(d *Daemon) {
			if err := d.RunNow("王敏", nil); err != nil {
				t.Fatal(err)
			}
			if err := d.RunNow("李强", nil); !errors.Is(err, ErrBusy) {
				t.Errorf("a second round: %v, want ErrBusy", err)
			}
			time.Sleep(90 * time.Second)
			p, ok := d.Progress()
			if !ok || p.By != "王敏" || p.Planned != 6 || p.Done == 0 || p.Done == 6 || len(p.Hosts) != 2 || p.Round == "" {
				t.Errorf("under way: %v %+v", ok, p)
			}
			if err := d.LookAgain("李强", []string{"s1/a"}); err != nil { // it waits
				t.Errorf("look again: %v", err)
			}
			if err := d.LookAgain("李强", []string{"nowhere"}); !errors.Is(err, ErrNobody) {
				t.Errorf("look again at nobody: %v, want ErrNobody", err)
			}
			time.Sleep(10 * time.Minute)
			b := d.Board()
			if len(b.Nights) != 1 || len(b.Round.Planned) != 6 {
				t.Errorf("the board has %d nights and shows a round of %d, want the whole one", len(b.Nights), len(b.Round.Planned))
			}
			hosts, err := d.Hosts(b.Round.ID)
			if err != nil || len(hosts) != 2 || hosts[0].Ended.Sub(hosts[0].Began) != 3*time.Minute {
				t.Errorf("hosts of the round: %+v, %v", hosts, err)
			}
			asked, err := d.AskedFor()
			if err != nil || len(asked) != 2 || asked[b.Round.ID] != (Asked{By: "王敏"}) {
				t.Errorf("asked for: %+v, %v", asked, err)
			}
		})
		if got := w.rounds(); len(got) != 2 || !strings.HasSuffix(got[1], "finished 1") {
			t.Errorf("rounds %q, want one of all and one of one", got)
		}
	})
}

func TestASecondRoundMayWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 1)
		w.pause = time.Minute
		w.edit("d1", func(c *inventory.City) { c.Schedule.Second = inventory.SecondQueued })
		w.during(time.Hour, func(d *Daemon) {
			for i := range maxOrders {
				if err := d.RunNow("王敏", []string{"s0/*"}); err != nil {
					t.Fatalf("round %d: %v", i, err)
				}
			}
			if err := d.RunNow("王敏", nil); !errors.Is(err, ErrMany) {
				t.Errorf("one more: %v, want ErrMany", err)
			}
		})
		if got := w.rounds(); len(got) != maxOrders {
			t.Errorf("%d rounds, want %d", len(got), maxOrders)
		}
	})
}

func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 2)
		w.pause = time.Minute
		w.during(40*time.Hour, func(d *Daemon) {
			if d.Cancel() {
				t.Error("nothing was under way")
			}
			if err := d.RunNow("王敏", nil); err != nil {
				t.Fatal(err)
			}
			time.Sleep(90 * time.Second)
			if !d.Cancel() {
				t.Error("a round was under way")
			}
			synctest.Wait()
			if _, ok := d.Progress(); ok {
				t.Error("the round is still under way")
			}
		})
		if got := w.rounds(); len(got) != 2 || !strings.Contains(got[0], "abandoned") || !strings.Contains(got[1], "finished 6") {
			t.Errorf("rounds %q, want one abandoned and that of the night", got)
		}
	})
}

func TestStopsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 2)
		w.pause = time.Hour
		st := w.open()
		defer st.Close()
		d := w.daemon(st)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- d.Run(ctx) }()
		if err := d.RunNow("王敏", nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		start := time.Now()
		cancel()
		if err := <-ended; err != nil || time.Since(start) > 20*time.Second {
			t.Errorf("ended after %s with %v", time.Since(start), err)
		}
	})
}

// Each site is knocked at 24 times a day, with half an hour at least in between,
// restarts or not.
func TestKnocksAreSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 5)
		w.edit("d1", func(c *inventory.City) { c.Schedule.Probes = 24 })
		w.during(30*time.Minute, nil)
		w.during(23*time.Hour+10*time.Minute, nil)
		w.during(48*time.Hour+20*time.Minute, nil)
		st := w.open()
		defer st.Close()
		d := &Daemon{Config: Config{Store: st}, setup: Setup{City: w.city}}
		day := extract.DayOf(later{}.Now()).AddDate(0, 0, -1)
		for i := range w.city.Carriers {
			probes, err := d.Knocks(w.city.Carriers[i].ID, day, day.AddDate(0, 0, 1))
			if err != nil || len(probes) != 24 {
				t.Errorf("%d knocks on a whole day, %v; want 24", len(probes), err)
			}
			for k := 1; k < len(probes); k++ {
				if gap := probes[k].At.Sub(probes[k-1].At); gap < 30*time.Minute {
					t.Errorf("a pause of %s between two knocks", gap)
				}
			}
		}
	})
}

// After a week a site that did not open is suspected, with the count; a night of
// our own fault accuses nobody and is told.
func TestASiteThatDoesNotOpenIsFoundByKnocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 6)
		w.edit("d1", func(c *inventory.City) { c.Schedule.Probes = 24 })
		set := func(site string, shut bool) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.shut[site] = shut
		}
		w.during(9*24*time.Hour, func(d *Daemon) {
			time.Sleep(24 * time.Hour)
			set("s3", true)
			time.Sleep(15 * time.Hour)
			set("s3", false)
			set("all", true) // our own network
			time.Sleep(2 * time.Hour)
			if !slices.ContainsFunc(d.Alerts(), func(a Alert) bool { return a.Kind == AlertNetwork && a.Until.IsZero() }) {
				t.Errorf("alerts %+v, want one of the network", d.Alerts())
			}
			set("all", false)
			time.Sleep(6*24*time.Hour + 7*time.Hour)
			var failing []string
			for _, s := range d.Board().Result.Sites {
				if s.Access.Fails {
					failing = append(failing, s.Carrier.ID)
				}
				if s.Access.Fails != (s.Verdict == rules.Pending) {
					t.Errorf("%s is %s", s.Carrier.ID, s.Verdict)
				}
			}
			if !slices.Equal(failing, []string{"s3"}) {
				t.Errorf("failing are %q, want s3", failing)
			}
		})
	})
}

// The clock decides what a page is dated by: while it cannot be right no round is
// made.
func TestAClockThatCannotBeRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 1)
		clock := &jumping{}
		w.clock = clock
		lasting := func(d *Daemon) bool {
			return slices.ContainsFunc(d.Alerts(), func(a Alert) bool { return a.Kind == AlertClock && a.Until.IsZero() })
		}
		w.during(0, func(d *Daemon) {
			time.Sleep(20 * time.Hour) // a night
			clock.jump(-24 * 30 * 365 * time.Hour)
			time.Sleep(30 * time.Hour)
			if err := d.RunNow("王敏", nil); !errors.Is(err, ErrClock) || !lasting(d) {
				t.Errorf("in 1993: %v, alerts %+v", err, d.Alerts())
			}
			clock.jump(24 * 30 * 365 * time.Hour)
			time.Sleep(24 * time.Hour) // another night
			clock.jump(24 * 15 * 365 * time.Hour)
			time.Sleep(30 * time.Hour)
			if !lasting(d) {
				t.Errorf("in 2038: alerts %+v", d.Alerts())
			}
			clock.jump(-24 * 15 * 365 * time.Hour)
			time.Sleep(30 * time.Hour) // another
			if err := d.RunNow("王敏", nil); err != nil {
				t.Errorf("once the clock is right: %v", err)
			}
			clock.jump(24 * 15 * 365 * time.Hour)
			time.Sleep(time.Minute)
			if err := d.RunNow("王敏", nil); err != nil { // a person vouches for it
				t.Errorf("asked for by a person: %v", err)
			}
			time.Sleep(2 * time.Minute)
		})
		want := []string{
			"27 01:30", "28 10:01", // made up for, once the clock was right again
			"29 01:30", "30 16:01", "31 01:30", "31 22:00",
			"27 22:01", // a person's, or what the schedule finds missing; both, or one for both
		}
		got := w.rounds()
		for i, r := range got {
			got[i] = strings.TrimSuffix(r, " finished 3")
		}
		if !slices.Equal(slices.Compact(got), want) {
			t.Errorf("rounds %q, want %q", got, want)
		}
	})
}

type jumping struct{ off atomic.Int64 }

func (c *jumping) Now() time.Time { return later{}.Now().Add(time.Duration(c.off.Load())) }

func (c *jumping) Sleep(ctx context.Context, until time.Time) {
	later{}.Sleep(ctx, until.Add(-time.Duration(c.off.Load())))
}

func (c *jumping) jump(d time.Duration) {
	synctest.Wait()
	c.off.Add(int64(d))
	synctest.Wait()
}

// Old snapshots go, the newest of each subject stays, and so does the history of
// nights.
func TestTidy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 1)
		w.edit("d1", func(c *inventory.City) { c.Schedule.KeepDays, c.Schedule.Backup = 31, spec("0 4 1 * *") })
		w.during(4*24*time.Hour, nil)
		time.Sleep(35 * 24 * time.Hour) // the machine is off
		d := w.during(2*24*time.Hour, nil)
		st := w.open()
		defer st.Close()
		n := 0
		for _, err := range st.Snapshots(time.Time{}, time.Time{}, "s0/a") {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 3 {
			t.Errorf("%d snapshots, want those of the last three rounds", n)
		}
		if n := len(d.Board().Nights); n != 7 {
			t.Errorf("%d nights, want all seven", n)
		}
	})
}

// Nights of rounds that commands made are made up for, and shown.
func TestOlderNightsAreMadeUpFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 2)
		w.during(5*24*time.Hour, nil)
		st := w.open()
		for _, shelf := range []string{board.ShelfNights, shelfCited} {
			var keys []string
			for r, err := range st.Shelf(shelf).Walk("", "") {
				if err != nil {
					t.Fatal(err)
				}
				keys = append(keys, r.Key)
			}
			if err := drop(st.Shelf(shelf), keys); err != nil {
				t.Fatal(err)
			}
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		d := w.during(time.Minute, nil)
		if n := len(d.Board().Nights); n != 5 {
			t.Errorf("%d nights, want 5", n)
		}
	})
}

// Halves of backups that were being made when the process was killed go.
func TestHalfBackupsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 1)
		dir := filepath.Join(w.dir, "backups")
		half := filepath.Join(dir, "xuncha-20230101-040000.db.backup-123")
		other := filepath.Join(dir, "notes.txt")
		if err := os.MkdirAll(dir, 0o750); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{half, other} {
			if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		w.during(time.Minute, func(d *Daemon) {
			if err := d.AskBackup(); err != nil {
				t.Fatal(err)
			}
			if err := d.AskBackup(); !errors.Is(err, ErrBusy) {
				t.Errorf("a second one meanwhile: %v, want ErrBusy", err)
			}
			for d.Caring() {
				time.Sleep(time.Millisecond)
			}
			all, err := d.Backups()
			if err != nil || len(all) != 1 {
				t.Fatalf("backups %v, %v; want one", all, err)
			}
			if err := d.AskReading(all[0].Name); err != nil {
				t.Fatal(err)
			}
			for d.Caring() {
				time.Sleep(time.Millisecond)
			}
			if r, ok := d.Readings()[all[0].Name]; !ok || r.Err != nil {
				t.Errorf("the backup was read: %v, %v; want it sound", ok, r.Err)
			}
		})
		if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the half is still there: %v", err)
		}
		if _, err := os.Stat(other); err != nil {
			t.Errorf("what is not ours went: %v", err)
		}
	})
}

// A round that a process left goes on with its counts and with who asked for it,
// and what is being made does not wait.
func TestARoundThatGoesOnCountsWhatWasSeenBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 3)
		w.pause = time.Minute
		w.during(130*time.Second, func(d *Daemon) {
			if err := d.RunNow("王敏", nil); err != nil {
				t.Fatal(err)
			}
		})
		w.during(time.Hour, func(d *Daemon) {
			time.Sleep(time.Second)
			p, ok := d.Progress()
			if !ok || p.By != "王敏" || p.Done == 0 || p.Read+p.Unread != p.Done || p.Waiting != 0 {
				t.Errorf("gone on with: %v %+v", ok, p)
			}
			time.Sleep(70 * time.Second)
			if p, ok := d.Progress(); ok && p.Read+p.Unread != p.Done {
				t.Errorf("%d read and %d not, of %d", p.Read, p.Unread, p.Done)
			}
			time.Sleep(20 * time.Minute)
			asked, err := d.AskedFor()
			if err != nil || len(asked) != 1 || asked[d.Board().Round.ID].By != "王敏" {
				t.Errorf("asked for: %+v, %v", asked, err)
			}
		})
	})
}

package daemon

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/inventory"
	"xuncha/store"
)

// A process that dies before a round's findings are entered leaves that to the next,
// which does it before it is kept what the round came to.
func TestTheFindingsOfARoundAreEnteredByTheNextProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 1)
		w.during(48*time.Hour, nil)
		st := w.open()
		rounds, err := st.Rounds()
		if err != nil || len(rounds) != 2 {
			t.Fatalf("%d rounds, %v", len(rounds), err)
		}
		if err := drop(st.Shelf(shelfCited), []string{rounds[0].ID, rounds[1].ID}); err != nil {
			t.Fatal(err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		var entered []string
		w.concluded = func(r store.Round) error {
			entered = append(entered, r.ID)
			return nil
		}
		w.during(time.Minute, nil)
		w.during(time.Minute, nil)
		if !slices.Equal(entered, []string{rounds[0].ID}) { // that before it is overtaken
			t.Errorf("the findings of %q were entered, want those of %s", entered, rounds[0].ID)
		}
	})
}

// A round of the schedule that a process left, and that is cancelled when the next goes
// on with it, is not begun again for the same night.
func TestACancelledRoundOfTheScheduleIsNotBegunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 3)
		w.pause = 10 * time.Minute
		w.during(17*time.Hour+45*time.Minute, nil) // until 01:45
		w.during(5*time.Hour, func(d *Daemon) {
			time.Sleep(time.Minute)
			if !d.Cancel() {
				t.Error("the round was not gone on with")
			}
		})
		w.during(5*time.Hour, nil)
		if got := w.rounds(); len(got) != 1 || !strings.Contains(got[0], "abandoned") {
			t.Errorf("rounds %q, want the one that was cancelled", got)
		}
		w.during(24*time.Hour, nil)
		if got := w.rounds(); len(got) != 2 || !strings.Contains(got[1], "finished") {
			t.Errorf("rounds %q, want one of the next night as well", got)
		}
	})
}

// A restart makes a clock that has gone ahead no better; the right time does.
func TestAClockThatWentAheadIsKnownToTheNextProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 1)
		clock := &jumping{}
		w.clock = clock
		w.during(0, func(*Daemon) {
			time.Sleep(20 * time.Hour)
			clock.jump(40 * 24 * time.Hour)
			time.Sleep(10 * time.Minute)
		})
		lasting := func(d *Daemon) bool {
			return slices.ContainsFunc(d.Alerts(), func(a Alert) bool { return a.Kind == AlertClock && a.Until.IsZero() })
		}
		w.during(26*time.Hour, func(d *Daemon) {
			time.Sleep(time.Minute)
			if !lasting(d) {
				t.Error("the next process believes the clock")
			}
			if err := d.LookAgain("王敏", []string{"s0/a"}); err != nil { // which vouches for nothing
				t.Fatal(err)
			}
		})
		if got := w.rounds(); len(got) != 1 {
			t.Errorf("rounds %q, want none by that clock", got)
		}
		clock.jump(-40 * 24 * time.Hour)
		w.during(26*time.Hour, func(d *Daemon) {
			time.Sleep(2 * time.Minute)
			if lasting(d) {
				t.Error("the right time is not believed")
			}
		})
		if got := w.rounds(); len(got) < 2 {
			t.Errorf("rounds %q, want some by the right time", got)
		}
	})
}

// What keeps a round from being made may pass: who asked for it finds it made.
func TestARoundThatFailsIsMadeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 1)
		w.edit("d1", func(c *inventory.City) { c.Schedule.Round = spec0() })
		for _, tt := range []struct{ fails, want int }{{orderTries, 0}, {orderTries - 1, 1}} { // the first is given up
			w.fails = tt.fails
			w.during(2*time.Hour, func(d *Daemon) {
				if err := d.RunNow("王敏", nil); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if len(d.Waiting()) != 1 {
					t.Error("it does not wait for another try")
				}
			})
			if got := w.rounds(); len(got) != tt.want {
				t.Errorf("after %d failures there are rounds %q", tt.fails, got)
			}
		}
	})
}

// A backup by hand counts, and one that turned out to be broken does not.
func TestTheNewestGoodBackup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 1)
		w.during(0, func(d *Daemon) {
			if !d.LastGood().IsZero() {
				t.Error("there is none yet")
			}
			for range 2 {
				time.Sleep(time.Hour)
				if err := d.AskBackup(); err != nil {
					t.Fatal(err)
				}
				for d.Caring() {
					time.Sleep(time.Second)
				}
			}
			all, err := d.Backups()
			if err != nil || len(all) != 2 || !d.LastGood().Equal(all[0].At) {
				t.Fatalf("%v, %v: the newest good one is of %v", all, err, d.LastGood())
			}
			if err := d.keepReading(all[0].Name, Reading{At: d.Clock.Now(), Err: store.ErrDamaged}); err != nil {
				t.Fatal(err)
			}
			if !d.LastGood().Equal(all[1].At) {
				t.Errorf("the newest is broken, and the newest good one of %v", d.LastGood())
			}
			w.edit("d2", func(c *inventory.City) { c.Schedule.Backups = 1 })
			if err := errors.Join(d.Reload(), d.rotate()); err != nil {
				t.Fatal(err)
			}
			if left, err := d.Backups(); err != nil || len(left) != 2 {
				t.Errorf("%v, %v: the good one went for a broken one", left, err)
			}
		})
	})
}

package daemon

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/inventory"
)

// Who was told that a round will be made finds it made, whatever became of the
// process that said so; once.
func TestWhatWasAskedForIsMadeByTheNextProcess(t *testing.T) {
	for _, tt := range []struct {
		name  string
		after time.Duration // of the first process
	}{
		{"before anything was looked at", 30 * time.Second},
		{"in the middle of the first", 90 * time.Second},
		{"in the middle of the second", 2*time.Minute + 30*time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := laterTown(t, 2)
				w.pause = time.Minute
				w.edit("d1", func(c *inventory.City) { c.Schedule.Second = inventory.SecondQueued })
				w.during(tt.after, func(d *Daemon) {
					for _, err := range []error{
						d.RunNow("王敏", []string{"s0/*"}), d.LookAgain("李强", []string{"s1/a"}), d.LookAgain("李强", []string{"s1/b"}), d.RunNow("王敏", nil),
					} {
						if err != nil {
							t.Fatal(err)
						}
					}
				})
				w.during(time.Hour, func(d *Daemon) {
					synctest.Wait()
					if p, _ := d.Progress(); p.Waiting == 0 {
						t.Error("nothing waits after the restart")
					}
					if err := d.LookAgain("赵静", []string{"s0/a"}); err != nil { // behind those before
						t.Fatal(err)
					}
				})
				d := w.during(time.Hour, nil) // which has nothing to do
				if p, under := d.Progress(); under || p.Waiting != 0 {
					t.Errorf("%d rounds wait yet", p.Waiting)
				}
				got := w.rounds()
				want := []string{"finished 2", "finished 1", "finished 1", "finished 6", "finished 1"}
				if len(got) != len(want) {
					t.Fatalf("rounds %q, want %q", got, want)
				}
				for i := range want {
					if !strings.HasSuffix(got[i], want[i]) {
						t.Errorf("round %q, want it %s", got[i], want[i])
					}
				}
				st := w.open()
				defer st.Close()
				asked, err := w.daemon(st).AskedFor()
				by := map[string]int{}
				for _, a := range asked {
					by[a.By]++
				}
				if err != nil || by["王敏"] != 2 || by["李强"] != 2 || by["赵静"] != 1 {
					t.Errorf("asked for: %+v, %v", by, err)
				}
			})
		})
	}
}

// A round that was cancelled is not made after all by the next process.
func TestACancelledRoundIsNotTakenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 1)
		w.pause = time.Minute
		w.during(0, func(d *Daemon) {
			if err := d.RunNow("王敏", nil); err != nil {
				t.Fatal(err)
			}
			time.Sleep(90 * time.Second)
			d.Cancel()
			synctest.Wait()
		})
		w.during(time.Hour, nil)
		if got := w.rounds(); len(got) != 1 || !strings.Contains(got[0], "abandoned") {
			t.Errorf("rounds %q, want the one that was cancelled", got)
		}
	})
}

// What nobody waits for any more is not made, and makes room.
func TestAnOrderOfLongAgoIsNotMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 1)
		w.pause = time.Minute
		w.edit("d1", func(c *inventory.City) { c.Schedule.Round = spec0() })
		w.during(0, func(d *Daemon) {
			for range maxOrders {
				if err := d.LookAgain("王敏", []string{"s0/a"}); err != nil {
					t.Fatal(err)
				}
			}
			if err := d.LookAgain("王敏", []string{"s0/a"}); !errors.Is(err, ErrMany) {
				t.Errorf("one more: %v, want ErrMany", err)
			}
		})
		time.Sleep(8 * 24 * time.Hour)
		w.during(time.Hour, func(d *Daemon) {
			synctest.Wait()
			if p, _ := d.Progress(); p.Waiting != 0 {
				t.Errorf("%d rounds of last week wait", p.Waiting)
			}
			if err := d.LookAgain("王敏", []string{"s0/b"}); err != nil {
				t.Errorf("look again: %v", err)
			}
		})
		if got := w.rounds(); !strings.HasSuffix(got[len(got)-1], "finished 1") || len(got) > 2 {
			t.Errorf("rounds %q", got)
		}
	})
}

// What reading a backup came to is known to the next process, as long as the backup
// is there.
func TestReadingsOfBackupsSurviveARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 1)
		idle := func(d *Daemon) {
			for d.Caring() {
				time.Sleep(time.Second)
			}
		}
		read := func(d *Daemon, name string) {
			if err := d.AskReading(name); err != nil {
				t.Fatal(err)
			}
			idle(d)
		}
		var sound, broken Backup
		w.during(0, func(d *Daemon) {
			for range 2 {
				time.Sleep(time.Minute)
				if err := d.AskBackup(); err != nil {
					t.Fatal(err)
				}
				idle(d)
			}
			all, err := d.Backups()
			if err != nil || len(all) != 2 {
				t.Fatalf("backups %v, %v", all, err)
			}
			sound, broken = all[0], all[1]
			if err := os.WriteFile(broken.Path, []byte("no store"), 0o600); err != nil {
				t.Fatal(err)
			}
			read(d, sound.Name)
			read(d, broken.Name)
		})
		w.during(0, func(d *Daemon) {
			all := d.Readings()
			if r, ok := all[sound.Name]; !ok || r.Err != nil || r.At.IsZero() {
				t.Errorf("the sound one: %v %+v", ok, r)
			}
			if r := all[broken.Name]; r.Err == nil {
				t.Errorf("the broken one: %+v", r)
			}
			if err := os.Remove(broken.Path); err != nil {
				t.Fatal(err)
			}
			read(d, sound.Name)
			if all := d.Readings(); len(all) != 1 {
				t.Errorf("of one backup there are %d readings", len(all))
			}
		})
	})
}

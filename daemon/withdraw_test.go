package daemon

import (
	"testing"
	"testing/synctest"
	"time"

	"xuncha/inventory"
)

// Rounds that wait are told of, and one that is taken back is not made, by this
// process or the next; that under way is not among them.
func TestARoundThatWaitsIsTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := laterTown(t, 1)
		w.pause = time.Minute
		w.edit("d1", func(c *inventory.City) { c.Schedule.Second = inventory.SecondQueued })
		w.during(30*time.Second, func(d *Daemon) {
			if err := d.RunNow("王敏", []string{"s0/*"}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			for _, err := range []error{d.RunNow("李强", nil), d.LookAgain("赵静", []string{"s0/a"})} {
				if err != nil {
					t.Fatal(err)
				}
			}
			all := d.Waiting()
			if len(all) != 2 || all[0].By != "李强" || all[0].Chosen != 0 || all[1].By != "赵静" || all[1].Chosen != 1 {
				t.Fatalf("waiting: %+v", all)
			}
			if ok, err := d.Withdraw(all[0].ID); !ok || err != nil {
				t.Fatalf("it was not taken back: %v", err)
			}
			if ok, err := d.Withdraw(all[0].ID); ok || err != nil {
				t.Fatalf("it was taken back twice: %v", err)
			}
			if ok, _ := d.Withdraw(""); ok {
				t.Fatal("nothing was taken back")
			}
		})
		d := w.during(time.Hour, nil)
		if p, under := d.Progress(); under || p.Waiting != 0 || len(d.Waiting()) != 0 {
			t.Errorf("%d rounds wait yet", p.Waiting)
		}
		st := w.open()
		defer st.Close()
		asked, err := w.daemon(st).AskedFor()
		if err != nil {
			t.Fatal(err)
		}
		for id, a := range asked {
			if a.By == "李强" {
				t.Errorf("round %s was made after all", id)
			}
		}
		if len(asked) < 2 {
			t.Errorf("only %d rounds were made", len(asked))
		}
	})
}

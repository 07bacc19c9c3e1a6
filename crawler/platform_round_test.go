package crawler

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/inventory"
)

// TestARoundOfAccountsHoldsItsOrderAndItsRates has seven platforms of two hosts
// asked for 91 accounts, one of them dead, and reads the platforms' own logs.
func TestARoundOfAccountsHoldsItsOrderAndItsRates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		slowly := func(rw http.ResponseWriter, r *http.Request) {
			time.Sleep(200 * time.Millisecond)
			text(list)(rw, r)
		}
		var manners []Manner
		jobs := make([]Job, 7)
		sites := make([][]*site, 7)
		for i := range jobs {
			one, two := fmt.Sprintf("m.p%d.cn", i), fmt.Sprintf("www.p%d.cn", i)
			sites[i] = []*site{w.site(one, slowly), w.site(two, slowly)}
			manners = append(manners, Manner{Name: fmt.Sprint("p", i), Manner: inventory.Manner{
				Hosts: []string{one, two}, Delay: time.Duration(i+2) * time.Second, Jitter: time.Second, After: 3, CoolDown: time.Minute, Deadline: 10 * time.Minute,
			}})
			for n := range 13 {
				jobs[i].Subjects = append(jobs[i].Subjects, column(fmt.Sprintf("%d/%02d", i, n), fmt.Sprintf("http://%s/%02d", one, n), fmt.Sprintf("http://%s/%02d", two, n)))
			}
		}
		sites[6][0].dial, sites[6][1].dial = hang, hang
		start := time.Now()
		crawlAll(t, w.crawler(nil, func(cfg *Config) { cfg.Manners, cfg.CircuitAfter = manners, 1000 }), jobs)
		if took := time.Since(start); took > 10*time.Minute {
			t.Errorf("took %s, want no more than the dead platform's 10m", took)
		}
		for i, hosts := range sites[:6] {
			log := append(hosts[0].all(), hosts[1].all()...)
			slices.SortFunc(log, func(a, b logLine) int { return a.start.Compare(b.start) })
			last := ""
			for n, r := range log {
				if n > 0 && r.start.Sub(log[n-1].end) < manners[i].Delay {
					t.Errorf("platform %d: %s came %s after the one before, want %s at least", i, r.uri, r.start.Sub(log[n-1].end), manners[i].Delay)
				}
				if r.uri != "/robots.txt" {
					if r.uri < last {
						t.Errorf("platform %d: %s came after %s", i, r.uri, last)
					}
					last = r.uri
				}
			}
			if len(log) != 28 {
				t.Errorf("platform %d was asked %d times, want 26 pages and a robots.txt of each host", i, len(log))
			}
		}
	})
}

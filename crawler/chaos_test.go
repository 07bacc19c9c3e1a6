package crawler

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// misbehave answers one request in a way of its own choosing.
func misbehave(choose func(n int) int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Duration(choose(80)) * time.Millisecond)
		switch choose(12) {
		case 0:
			w.WriteHeader(500)
		case 1:
			http.NotFound(w, r)
		case 2:
			w.WriteHeader(412)
		case 3:
			panic(http.ErrAbortHandler)
		case 4:
			<-r.Context().Done()
		case 5:
			w.Header().Set("Content-Length", "9999")
			w.Write([]byte("cut"))
		case 6:
			w.Header().Set("Content-Encoding", "gzip")
			w.Write([]byte("no gzip"))
		case 7:
			w.Header().Set("Location", fmt.Sprintf("/%d", choose(3)))
			w.WriteHeader(302)
		case 8:
			w.Header().Set("Retry-After", fmt.Sprint(choose(60)))
			w.WriteHeader(429)
		default:
			w.Write([]byte(list))
		}
	}
}

// TestNothingIsDroppedWhateverHostsDo crawls hosts that misbehave at random:
// every subject comes back once, read or with a class, and no host is asked
// twice at once.
func TestNothingIsDroppedWhateverHostsDo(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			random := rand.New(rand.NewPCG(seed, 1))
			choose := func(n int) int {
				mu.Lock()
				defer mu.Unlock()
				return random.IntN(n)
			}
			w := newWorld(t)
			var jobs []Job
			var sites []*site
			planned := 0
			for i := range 6 {
				name := fmt.Sprintf("%d.gov.cn", i)
				s := w.site(name, misbehave(choose))
				s.srv.ErrorLog = quiet()
				if choose(4) == 0 {
					s.dial = func(context.Context) (net.Conn, error) { return nil, syscall.ECONNREFUSED }
				}
				sites = append(sites, s)
				job := Job{Host: name}
				for k := range 10 {
					job.Subjects = append(job.Subjects, column(fmt.Sprint(i, "/", k), fmt.Sprintf("http://%s/%d", name, k)))
					planned++
				}
				jobs = append(jobs, job)
			}
			visits := crawlJobs(t, w.crawler(nil), jobs)
			read, failed := 0, 0
			for _, v := range visits {
				switch {
				case v.Reading.Conclusive():
					read++
				case v.Reading.Reason != "" && v.Pages[0].Class != "":
					failed++
				default:
					t.Errorf("seed %d: %s is neither read nor failed with a class: %+v", seed, v.Subject, v)
				}
			}
			if read+failed != planned {
				t.Errorf("seed %d: %d read, %d failed, %d planned", seed, read, failed, planned)
			}
			for _, s := range sites {
				neverOverlapping(t, s)
			}
		})
	}
}

// crawlJobs runs jobs at once and returns their visits, each subject once.
func crawlJobs(t *testing.T, c *Crawler, jobs []Job) map[string]Visit {
	t.Helper()
	var mu sync.Mutex
	visits := map[string]Visit{}
	var wg sync.WaitGroup
	for _, j := range jobs {
		wg.Go(func() {
			err := c.Crawl(t.Context(), j, func(v Visit) error {
				mu.Lock()
				defer mu.Unlock()
				if _, twice := visits[v.Subject]; twice {
					t.Errorf("%s was delivered twice", v.Subject)
				}
				visits[v.Subject] = v
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	return visits
}

func neverOverlapping(t *testing.T, s *site) {
	t.Helper()
	log := s.all()
	for i := 1; i < len(log); i++ {
		// A server notices only later that a request was given up.
		if gap := log[i].start.Sub(log[i-1].start); gap < 100*time.Millisecond {
			t.Errorf("%s: requests %d and %d began %v apart", s.name, i-1, i, gap)
		}
	}
}

// TestManyRoundsLeaveNothingBehind runs rounds over one transport; goleak and the
// bubble see what stays.
func TestManyRoundsLeaveNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.site("a.gov.cn", text(list))
		transport := w.crawler(nil).transport
		for range 30 {
			c := w.crawler(nil)
			c.transport = transport
			v := crawl(t, c, column("a", "http://a.gov.cn/1"), column("b", "http://a.gov.cn/2"))
			if v["b"].Reading.Outcome != extract.Dated {
				t.Fatalf("got %+v", v["b"].Reading)
			}
		}
	})
}

func TestSubjectsOfManyHostsEndTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var jobs []Job
		for i := range 33 {
			name := fmt.Sprintf("%d.gov.cn", i)
			w.site(name, func(rw http.ResponseWriter, r *http.Request) {
				time.Sleep(50 * time.Millisecond)
				text(list)(rw, r)
			})
			job := Job{Host: name}
			for k := range 20 {
				job.Subjects = append(job.Subjects, inventory.Subject{
					ID: fmt.Sprint(i, "/", k), Task: extract.Task{URLs: []string{fmt.Sprintf("http://%s/%d", name, k)}},
				})
			}
			jobs = append(jobs, job)
		}
		c := w.crawler(nil, func(c *Config) { c.Delay = 50 * time.Millisecond })
		start := time.Now()
		crawlJobs(t, c, jobs)
		took, ideal := time.Since(start), c.Stats().Longest
		if ideal != 21*100*time.Millisecond || took > ideal {
			t.Errorf("took %v, the slowest host alone %v, want 2.1s", took, ideal)
		}
	})
}

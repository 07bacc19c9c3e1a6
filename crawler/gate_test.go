package crawler

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/inventory"
)

// crawlAll runs jobs at once and waits for them.
func crawlAll(t *testing.T, c *Crawler, jobs []Job) {
	var wg sync.WaitGroup
	for _, j := range jobs {
		wg.Go(func() {
			if err := c.Crawl(t.Context(), j, func(Visit) error { return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// TestOneRequestAtATimeWithPauses has fifty jobs ask the same hosts at once and
// reads the servers' own logs.
func TestOneRequestAtATimeWithPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		slowly := func(rw http.ResponseWriter, r *http.Request) {
			time.Sleep(30 * time.Millisecond)
			text(list)(rw, r)
		}
		sites := []*site{w.site("a.gov.cn", slowly), w.site("b.gov.cn", slowly)}
		var jobs []Job
		for i := range 50 {
			s := column(fmt.Sprint(i), "http://a.gov.cn/x", "http://b.gov.cn/y", "http://A.gov.cn:80/z")
			jobs = append(jobs, Job{Host: "a.gov.cn", Subjects: []inventory.Subject{s}})
		}
		start := time.Now()
		crawlAll(t, w.crawler(nil), jobs)
		for _, s := range sites {
			log := s.all()
			for i := 1; i < len(log); i++ {
				if gap := log[i].start.Sub(log[i-1].end); gap < 100*time.Millisecond {
					t.Fatalf("%s: request %d began %v after the one before had ended, want at least 100ms", s.name, i, gap)
				}
			}
		}
		if n := len(sites[0].pages()); n != 100 {
			t.Errorf("%d pages asked of a.gov.cn, want 100", n)
		}
		// 101 requests of the busier host at 130 ms each, and nothing besides.
		if took, ideal := time.Since(start), 101*130*time.Millisecond; took > ideal*11/10 {
			t.Errorf("took %v, want at most a tenth more than %v", took, ideal)
		}
	})
}

func TestJitterIsAdded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.site("a.gov.cn", text(list))
		c := w.crawler(nil, func(c *Config) { c.Jitter = 50 * time.Millisecond })
		urls := make([]string, 20)
		for i := range urls {
			urls[i] = fmt.Sprintf("http://a.gov.cn/%d", i)
		}
		crawl(t, c, column("a", urls...))
		log, differ := s.all(), false
		for i := 1; i < len(log); i++ {
			gap := log[i].start.Sub(log[i-1].end)
			if gap < 100*time.Millisecond || gap > 150*time.Millisecond {
				t.Errorf("gap %v, want 100ms to 150ms", gap)
			}
			differ = differ || i > 1 && gap != log[1].start.Sub(log[0].end)
		}
		if !differ {
			t.Error("every gap is the same")
		}
	})
}

func TestHostsAtOneAddressShareIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var now, most atomic.Int32
		handler := func(rw http.ResponseWriter, r *http.Request) {
			n := now.Add(1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
			time.Sleep(50 * time.Millisecond)
			now.Add(-1)
			text(list)(rw, r)
		}
		var jobs []Job
		shared := w.site("0.gov.cn", handler)
		for i := range 12 {
			name := fmt.Sprintf("%d.gov.cn", i)
			if i > 0 {
				w.alias(name, shared)
			}
			jobs = append(jobs, Job{Host: name, Subjects: []inventory.Subject{column(name, "http://"+name+"/")}})
		}
		crawlAll(t, w.crawler(nil), jobs)
		if got := most.Load(); got != 4 {
			t.Errorf("%d requests at once at one address, want 4", got)
		}
	})
}

// alias gives a site another name.
func (w *world) alias(name string, s *site) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sites[name] = s
}

func TestDeadHostDelaysNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.site("ok.gov.cn", text(list))
		w.site("dead.gov.cn", nil).dial = hang
		c := w.crawler(nil)
		dead := Job{Host: "dead.gov.cn"}
		for i := range 20 {
			dead.Subjects = append(dead.Subjects, column(fmt.Sprint(i), fmt.Sprintf("http://dead.gov.cn/%d", i)))
		}
		start := time.Now()
		var fine time.Duration
		var wg sync.WaitGroup
		wg.Go(func() { crawlAll(t, c, []Job{dead}) })
		crawl(t, c, column("ok", "http://ok.gov.cn/"))
		fine = time.Since(start)
		wg.Wait()
		if fine > 200*time.Millisecond {
			t.Errorf("the healthy host took %v beside a dead one", fine)
		}
		if all := time.Since(start); all > 32*time.Second {
			t.Errorf("the dead host took %v, want its three deadlines of 10s", all)
		}
		if n := w.dialled("dead.gov.cn"); n != 3 {
			t.Errorf("the dead host was dialled %d times, want 3", n)
		}
	})
}

func TestHostKey(t *testing.T) {
	tests := []struct{ url, want string }{
		{"http://A.gov.cn/", "a.gov.cn"}, {"http://a.gov.cn:80/x", "a.gov.cn"}, {"https://a.gov.cn:443", "a.gov.cn"},
		{"http://a.gov.cn:8080/", "a.gov.cn:8080"}, {"http://a.gov.cn.", "a.gov.cn"}, {"http://[2408::1]:80/", "2408::1"},
	}
	for _, tt := range tests {
		u, err := parseURL(tt.url)
		if err != nil {
			t.Fatal(err)
		}
		if got := hostKey(u); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.url, got, tt.want)
		}
	}
}

// hang is a dial that gets no answer.
func hang(ctx context.Context) (net.Conn, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

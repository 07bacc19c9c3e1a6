package crawler

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// Knocks go out beside a round: the host must not notice that two crawlers ask it.
func TestKnocksKeepTheHostsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
			time.Sleep(30 * time.Millisecond)
			text(list)(rw, r)
		})
		paces := NewPaces()
		share := func(c *Config) { c.Paces = paces }
		round, knocker := w.crawler(nil, share), w.crawler(nil, share)
		urls := make([]string, 20)
		for i := range urls {
			urls[i] = "http://a.gov.cn/" + string(rune('a'+i))
		}
		var both sync.WaitGroup
		both.Go(func() { crawl(t, round, column("a", urls...)) })
		both.Go(func() {
			for range 5 {
				p, err := knocker.Knock(t.Context(), column("home", "http://a.gov.cn/"))
				if err != nil || p.Class != "" || p.Status != 200 || p.Body != nil || p.Took != 30*time.Millisecond {
					t.Errorf("knock: %+v, %v; want a page of 30ms without its body", p, err)
				}
				time.Sleep(250 * time.Millisecond)
			}
		})
		both.Wait()
		log := s.all()
		for i := 1; i < len(log); i++ {
			if gap := log[i].start.Sub(log[i-1].end); gap < 100*time.Millisecond {
				t.Errorf("request %d began %v after the one before had ended, want at least 100ms", i, gap)
			}
		}
		if a, b := round.Stats().Longest, knocker.Stats().Longest; a == 0 || b == 0 {
			t.Errorf("longest %v and %v, want both", a, b)
		}
	})
}

func TestKnockAsksOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.site("slow.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/robots.txt" {
				select {
				case <-time.After(time.Minute):
				case <-r.Context().Done():
				}
			}
			http.NotFound(rw, r)
		})
		failing := w.site("failing.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				http.NotFound(rw, r)
				return
			}
			rw.WriteHeader(http.StatusBadGateway)
		})
		c := w.crawler(nil, func(c *Config) { c.Retries, c.PageTimeout = 0, 15*time.Second })
		for _, tt := range []struct {
			url    string
			class  extract.Class
			status int
		}{
			{"http://slow.gov.cn/", extract.ClassTimeout, 0},
			{"http://failing.gov.cn/", extract.ClassStatus5xx, 502},
			{"http://nowhere.gov.cn/", extract.ClassDNSNotFound, 0},
		} {
			p, err := c.Knock(t.Context(), column("home", tt.url))
			if err != nil || p.Class != tt.class || p.Status != tt.status {
				t.Errorf("%s: class %q, status %d, %v; want %q, %d", tt.url, p.Class, p.Status, err, tt.class, tt.status)
			}
		}
		if n := failing.count(); n != 1 {
			t.Errorf("a page that fails was asked %d times, want once", n)
		}
		if p, err := c.Knock(t.Context(), inventory.Subject{ID: "home"}); err != nil || p.Class != extract.ClassURLInvalid {
			t.Errorf("without an address: %q, %v", p.Class, err)
		}
	})
}

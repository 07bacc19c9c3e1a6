package crawler

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/extract"
)

// failing answers the first n requests of a page by fail, and the others with a
// list.
func failing(n int, fail http.HandlerFunc) http.HandlerFunc {
	var asked atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" && int(asked.Add(1)) <= n {
			fail(w, r)
			return
		}
		text(list)(w, r)
	}
}

func TestFailuresThatMayPassAreTriedAgain(t *testing.T) {
	status := func(n int) http.HandlerFunc { return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(n) } }
	abort := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "500")
		w.Write([]byte("half"))
	}
	tests := []struct {
		name  string
		fail  http.HandlerFunc
		times int
		want  extract.Class
		asked int
	}{
		{"two 500s, then the page", status(500), 2, "", 3},
		{"500 for ever", status(500), 99, extract.ClassStatus5xx, 3},
		{"501 is an answer", status(501), 99, extract.ClassStatus5xx, 1},
		{"404 is an answer", status(404), 99, extract.ClassNotFound, 1},
		{"403 is an answer", status(403), 99, extract.ClassForbidden, 1},
		{"412 is not tried in a loop", status(412), 99, extract.ClassChallenge, 1},
		{"T03 a reset, then the page", abort, 1, "", 2},
		{"T06 a cut body, then the page", cut, 1, "", 2},
		{"429 without a word", status(429), 1, "", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				s := w.site("a.gov.cn", failing(tt.times, tt.fail))
				s.srv.ErrorLog = quiet()
				p := one(t, w.crawler(nil), "http://a.gov.cn/")
				if p.Class != tt.want || s.count() != tt.asked {
					t.Errorf("got %q (%s) after %d requests, want %q after %d", p.Class, p.Detail, s.count(), tt.want, tt.asked)
				}
			})
		})
	}
}

func TestBackoffGrows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.site("a.gov.cn", failing(99, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }))
		one(t, w.crawler(nil, func(c *Config) { c.Backoff, c.Delay = 2*time.Second, 0 }), "http://a.gov.cn/")
		log := s.pages()
		for i, span := range [][2]time.Duration{{time.Second, 3 * time.Second}, {2 * time.Second, 6 * time.Second}} {
			if gap := log[i+1].start.Sub(log[i].end); gap < span[0] || gap > span[1] {
				t.Errorf("pause %d was %v, want %v to %v", i+1, gap, span[0], span[1])
			}
		}
	})
}

func TestRetryAfter(t *testing.T) {
	soon := func(c *Crawler) string { return c.clock.Now().Add(20 * time.Second).UTC().Format(http.TimeFormat) }
	tests := []struct {
		name, header string
		status       int
		least, most  time.Duration // until the page is there
		want         extract.Class
	}{
		{"seconds", "7", 503, 7 * time.Second, 8 * time.Second, ""},
		{"seconds of 429", "20", 429, 20 * time.Second, 21 * time.Second, ""},
		{"a date", "soon", 503, 20 * time.Second, 21 * time.Second, ""},
		{"a date long past", "Thu, 01 Jan 1970 00:00:00 GMT", 503, 0, 2 * time.Second, ""},
		{"abc", "abc", 503, 0, 2 * time.Second, ""},
		{"negative", "-5", 503, 0, 2 * time.Second, ""},
		{"H13 a day", "86400", 503, 0, time.Second, extract.ClassStatus5xx},
		{"a day of 429", "86400", 429, 0, time.Second, extract.ClassTooMany},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				var c *Crawler
				s := w.site("a.gov.cn", failing(1, func(rw http.ResponseWriter, _ *http.Request) {
					header := tt.header
					if header == "soon" {
						header = soon(c)
					}
					rw.Header().Set("Retry-After", header)
					rw.WriteHeader(tt.status)
				}))
				c = w.crawler(nil)
				start := time.Now()
				v := crawl(t, c, column("a", "http://a.gov.cn/1"), column("b", "http://a.gov.cn/2"))
				p, took := v["a"].Pages[0], v["a"].At.Sub(start)
				if p.Class != tt.want || took < tt.least || took > tt.most {
					t.Errorf("got %q (%s) after %v, want %q after %v to %v", p.Class, p.Detail, took, tt.want, tt.least, tt.most)
				}
				if next := v["b"].Pages[0]; next.Class != tt.want || tt.want != "" && len(s.pages()) != 1 {
					t.Errorf("the next page: %q (%s), %d requests; the host wants to be left alone", next.Class, next.Detail, len(s.pages()))
				}
			})
		})
	}
}

func TestCircuitOpensAndClosesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		up := false
		s := w.site("a.gov.cn", text(list))
		s.dial = func(ctx context.Context) (net.Conn, error) {
			if !up {
				return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
			}
			client, server := net.Pipe()
			s.open <- server
			return client, nil
		}
		c := w.crawler(nil)
		first := one(t, c, "http://a.gov.cn/1")
		if first.Class != extract.ClassRefused {
			t.Errorf("first page: %q (%s), want %q", first.Class, first.Detail, extract.ClassRefused)
		}
		start := time.Now()
		second := one(t, c, "http://a.gov.cn/2")
		if second.Class != extract.ClassCircuit || second.Class.Reason() != extract.ReasonDown || time.Since(start) != 0 {
			t.Errorf("second page: %q (%s) after %v, want %q at once", second.Class, second.Detail, time.Since(start), extract.ClassCircuit)
		}
		if want := "conn_refused"; len(second.Detail) == 0 || !contains(second.Detail, want) {
			t.Errorf("detail %q does not tell the last failure, %s", second.Detail, want)
		}
		up = true
		time.Sleep(11 * time.Minute)
		if p := one(t, c, "http://a.gov.cn/3"); p.Class != "" {
			t.Errorf("after ten minutes: %q (%s), want the page", p.Class, p.Detail)
		}
	})
}

// TestOnePageThatHangsIsNotADeadHost asks for pages that never answer between
// others that do, and then for nothing but such pages.
func TestOnePageThatHangsIsNotADeadHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/hang" {
				<-r.Context().Done()
				return
			}
			text(list)(rw, r)
		})
		c := w.crawler(nil)
		for i := range 4 {
			if p := one(t, c, fmt.Sprintf("http://a.gov.cn/hang?%d", i)); p.Class != extract.ClassTimeout {
				t.Errorf("hanging page %d: %q (%s), want %q", i, p.Class, p.Detail, extract.ClassTimeout)
			}
			if p := one(t, c, fmt.Sprintf("http://a.gov.cn/%d", i)); p.Class != "" {
				t.Errorf("page %d: %q (%s), want whole", i, p.Class, p.Detail)
			}
		}
		before := len(s.pages())
		var last extract.Page
		for i := range 10 {
			last = one(t, c, fmt.Sprintf("http://a.gov.cn/hang?%d", i))
		}
		if n := len(s.pages()) - before; last.Class != extract.ClassCircuit || n > 6 {
			t.Errorf("after %d requests that hung: %q (%s), want %q after 6", n, last.Class, last.Detail, extract.ClassCircuit)
		}
	})
}

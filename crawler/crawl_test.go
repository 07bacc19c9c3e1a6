package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

func TestEverySubjectIsDeliveredOnceInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/ok" {
				rw.Write([]byte(list))
				return
			}
			http.NotFound(rw, r)
		})
		subjects := []inventory.Subject{
			column("whole", "http://a.gov.cn/ok"), column("none"), column("gone", "http://a.gov.cn/x"),
			column("bad", "http://a.gov.cn/%zz"), column("two", "http://a.gov.cn/ok", "http://b.gov.cn/"),
		}
		var got []string
		err := w.crawler(nil).Crawl(t.Context(), Job{Subjects: subjects}, func(v Visit) error {
			got = append(got, fmt.Sprintf("%s %s %s %d", v.Subject, v.Reading.Outcome, v.Reading.Reason, len(v.Pages)))
			return nil
		})
		want := "whole dated  1, none unread not-looked 0, gone unread gone 1, bad unread lost 1, two unread down 2"
		if err != nil || strings.Join(got, ", ") != want {
			t.Errorf("got %q, %v, want %q", strings.Join(got, ", "), err, want)
		}
	})
}

func TestCancelledCrawlReturnsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		hang := make(chan struct{})
		defer close(hang)
		w.site("a.gov.cn", func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-hang:
			case <-r.Context().Done():
			}
		})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		err := w.crawler(nil).Crawl(ctx, Job{Subjects: []inventory.Subject{column("a", "http://a.gov.cn/")}}, func(v Visit) error {
			t.Errorf("delivered %+v although interrupted", v)
			return nil
		})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 3*time.Second {
			t.Errorf("got %v after %v, want %v after 3s", err, time.Since(start), context.DeadlineExceeded)
		}
	})
}

func TestErrorOfDeliverEndsTheJob(t *testing.T) {
	full := errors.New("disk full")
	w := newWorld(t)
	err := w.crawler(nil).Crawl(t.Context(), Job{Subjects: []inventory.Subject{column("a"), column("b")}}, func(Visit) error { return full })
	if !errors.Is(err, full) || !strings.Contains(err.Error(), "deliver a") {
		t.Errorf("got %v, want %v at a", err, full)
	}
}

// TestBytesGoThroughUntouched holds what colly would spoil against what arrives.
func TestBytesGoThroughUntouched(t *testing.T) {
	gbk := "<a href=/>\xcd\xa8\xd6\xaa</a>"
	tests := []struct {
		name, uri, contentType, body string
	}{
		{"GBK declared in the header", "/gbk", "text/html; charset=gb2312", gbk},
		{"a query encoded from GBK", "/s?q=%CD%A8%d6%AA&b=a+b", "text/html", list},
		{"raw bytes in a query", "/s?q=\xcd\xa8", "text/html", list},
		{"a path with encoded slashes", "/a%2Fb/%e9%80%9a", "text/html", list},
		{"what is named .xml.gz", "/bomb.xml.gz", "application/x-gzip", "\x1f\x8b no gzip at all"},
		{"an unknown charset", "/x", "text/html; charset=klingon", list},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			s := w.site("a.gov.cn", func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("Content-Type", tt.contentType)
				rw.Write([]byte(tt.body))
			})
			c := w.crawler(nil, func(c *Config) { c.Delay = 0 })
			p := one(t, c, "http://a.gov.cn"+tt.uri)
			if p.Class != "" || !bytes.Equal(p.Body, []byte(tt.body)) {
				t.Errorf("got %q (%s %s), want %q", p.Body, p.Class, p.Detail, tt.body)
			}
			if asked := s.pages(); len(asked) != 1 || asked[0].uri != tt.uri {
				t.Errorf("asked %+v, want %s", asked, tt.uri)
			}
			if p.URL != p.Asked {
				t.Errorf("no redirect, but URL %q differs from %q", p.URL, p.Asked)
			}
		})
	}
}

func TestBudgetAndBrowser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.site("a.gov.cn", text(list))
		c := w.crawler(nil, func(c *Config) { c.PagesPerSubject = 3 })
		c.read = func(_ extract.Task, pages []extract.Page) (extract.Reading, []extract.Want) {
			n := len(pages)
			return extract.Reading{}, []extract.Want{
				{URL: fmt.Sprintf("http://a.gov.cn/%d", n), Why: extract.WhyNext},
				{URL: fmt.Sprintf("http://a.gov.cn/%d", n), Why: extract.WhyNext, Render: true},
			}
		}
		v := crawl(t, c, column("a", "http://a.gov.cn/"))["a"]
		var classes []string
		for _, p := range v.Pages {
			classes = append(classes, string(p.Class))
		}
		want := []string{"", "no_browser", "", "budget", "budget", "budget"}
		if fmt.Sprint(classes) != fmt.Sprint(want) || v.Reading.Reason != extract.ReasonPartial {
			t.Errorf("got %q, %s, want %q, %s", classes, v.Reading.Reason, want, extract.ReasonPartial)
		}
		if n := len(s.pages()); n != 2 {
			t.Errorf("%d requests, want 2", n)
		}
	})
}

func TestReaderThatFailsIsOneUnreadSubject(t *testing.T) {
	w := newWorld(t)
	w.site("a.gov.cn", text(list))
	c := w.crawler(nil)
	c.read = func(extract.Task, []extract.Page) (extract.Reading, []extract.Want) {
		var none []string
		return extract.Reading{Detail: none[0]}, nil
	}
	v := crawl(t, c, column("a", "http://a.gov.cn/"))["a"]
	if v.Reading.Outcome != extract.Unread || v.Reading.Reason != extract.ReasonLost {
		t.Errorf("got %+v, want unread, lost", v.Reading)
	}
}

func TestPageTellsWhatWasSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var c *Crawler
		visiting := 0
		w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
			visiting = c.Stats().Visiting
			time.Sleep(40 * time.Millisecond)
			rw.Header().Set("X-Powered-By", "TRS")
			rw.Header().Set("Set-Cookie", "secret=1")
			text(list)(rw, r)
		})
		c = w.crawler(nil)
		p := one(t, c, "http://a.gov.cn/")
		if p.Took != 40*time.Millisecond || !p.FetchedAt.Equal(time.Now()) || !p.BodyAt.Equal(p.FetchedAt) {
			t.Errorf("took %v at %v, body at %v", p.Took, p.FetchedAt, p.BodyAt)
		}
		if p.HeaderValue("X-Powered-By") != "TRS" || p.HeaderValue("Set-Cookie") != "" || len(p.SHA256) != 64 {
			t.Errorf("headers %v, digest %q", p.Header, p.SHA256)
		}
		s := c.Stats()
		if s.Requests != 2 || s.Pages[""] != 1 || s.Longest != 280*time.Millisecond || s.Waited != 100*time.Millisecond {
			t.Errorf("stats %+v", s)
		}
		if visiting != 1 || s.Visiting != 0 {
			t.Errorf("%d jobs under way while the page was asked for, and %d afterwards", visiting, s.Visiting)
		}
	})
}

// Where people are served beside a crawl, pages are read one after the other,
// however many hosts are asked at once, and nobody who waits keeps a round from
// stopping.
func TestReadersAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.crawler(nil, func(c *Config) { c.Readers = 1 })
		var reading, most, reads atomic.Int64
		c.read = func(task extract.Task, pages []extract.Page) (extract.Reading, []extract.Want) {
			most.Store(max(most.Load(), reading.Add(1)))
			defer reading.Add(-1)
			reads.Add(1)
			time.Sleep(time.Second)
			return readAll(task, pages)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var crawls sync.WaitGroup
		for i := range 5 {
			host := fmt.Sprintf("%c.gov.cn", 'a'+i)
			w.site(host, text(list))
			crawls.Go(func() {
				_ = c.Crawl(ctx, Job{Host: host, Subjects: []inventory.Subject{column(host, "http://"+host+"/")}}, func(Visit) error { return nil })
			})
		}
		time.Sleep(4500 * time.Millisecond)
		cancel()
		start := time.Now()
		crawls.Wait()
		if most.Load() != 1 || reads.Load() < 4 || time.Since(start) > time.Second {
			t.Errorf("%d read at once, %d in all; stopped after %s", most.Load(), reads.Load(), time.Since(start))
		}
	})
}

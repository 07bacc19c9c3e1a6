package crawler

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/extract"
)

// TestQueueAnswersEveryErrandInItsPlace mixes what colly takes with what it
// would not.
func TestQueueAnswersEveryErrandInItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/gone" {
				http.NotFound(rw, r)
				return
			}
			text(list+r.URL.RequestURI())(rw, r)
		})
		w.site("dead.gov.cn", nil).dial = hang
		errands := []errand{
			{want: extract.Want{URL: "http://a.gov.cn/1"}},
			{want: extract.Want{URL: "no address"}},
			{want: extract.Want{URL: "http://dead.gov.cn/"}},
			{want: extract.Want{URL: "http://a.gov.cn/1", Render: true}},
			{want: extract.Want{URL: "http://a.gov.cn/gone"}},
			{want: extract.Want{URL: "http://a.gov.cn/1"}},
			{want: extract.Want{URL: "http://a.gov.cn/%CD%A8?x=%u4e2d"}},
		}
		want := []extract.Class{"", extract.ClassURLInvalid, extract.ClassTimeout, extract.ClassNoBrowser, extract.ClassNotFound, "", ""}
		pages, err := newShell(w.crawler(nil)).fetch(t.Context(), errands)
		if err != nil || len(pages) != len(errands) {
			t.Fatalf("%d pages, %v", len(pages), err)
		}
		for i, p := range pages {
			if p.Class != want[i] || p.Asked != errands[i].want.URL {
				t.Errorf("errand %d: %s is %q (%s), want %q", i, p.Asked, p.Class, p.Detail, want[i])
			}
		}
		if got := string(pages[6].Body); got != list+"/%CD%A8?x=%u4e2d" {
			t.Errorf("colly respelt an address: %q", got)
		}
	})
}

func TestQueueStopsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.site("dead.gov.cn", nil).dial = hang
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		errands := make([]errand, 5)
		for i := range errands {
			errands[i].want.URL = "http://dead.gov.cn/"
		}
		start := time.Now()
		pages, err := newShell(w.crawler(nil)).fetch(ctx, errands)
		if !errors.Is(err, context.DeadlineExceeded) || pages != nil || time.Since(start) != time.Second {
			t.Errorf("got %d pages, %v after %v; want none after 1s", len(pages), err, time.Since(start))
		}
	})
}

// TestEnvironmentDoesNotConfigureColly sets what colly would read from it.
func TestEnvironmentDoesNotConfigureColly(t *testing.T) {
	t.Setenv("COLLY_MAX_REQUESTS", "1")
	t.Setenv("COLLY_DISALLOWED_DOMAINS", "a.gov.cn")
	w := newWorld(t)
	w.site("a.gov.cn", text(list))
	c := w.crawler(nil, func(c *Config) { c.Delay = 0 })
	for range 3 {
		if p := one(t, c, "http://a.gov.cn/"); p.Class != "" {
			t.Fatalf("got %q (%s)", p.Class, p.Detail)
		}
	}
}

// Many columns of a host look for their name on its home page.
func TestHomePageIsSearchedOnceInAJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		asked := 0
		w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				asked++
			}
			rw.Write([]byte(list))
		})
		c := w.crawler(nil)
		c.read = func(_ extract.Task, pages []extract.Page) (extract.Reading, []extract.Want) {
			if len(pages) == 0 {
				return extract.Reading{}, []extract.Want{{URL: "http://a.gov.cn/", Why: extract.WhySearch}}
			}
			return extract.Reading{Outcome: extract.Dated}, nil
		}
		visits := crawl(t, c, column("a", "http://a.gov.cn/x"), column("b", "http://a.gov.cn/y"))
		if asked != 1 {
			t.Errorf("the home page was asked for %d times, want once", asked)
		}
		for id, v := range visits {
			if len(v.Pages) != 1 || string(v.Pages[0].Body) != list {
				t.Errorf("%s keeps %d pages; want the home page with its bytes", id, len(v.Pages))
			}
		}
	})
}

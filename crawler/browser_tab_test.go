package crawler

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/extract"
)

// A lenient policy lets everything pass and answers after a while.
type lenient struct{ takes time.Duration }

func (lenient) open(context.Context, *url.URL) failure { return failure{} }

func (l lenient) ask(ctx context.Context, _ *http.Request, u *url.URL, _ []byte) answer {
	if err := wait(ctx, l.takes); err != nil {
		return answer{failure: classify(context.Cause(ctx))}
	}
	return answer{status: http.StatusOK, body: []byte("{}")}
}

// asks has a tab ask for an address.
func asks(t *testing.T, tab *tab, address string) answer {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tab.answer(r, u, nil)
}

func TestWhenAPageHasSettled(t *testing.T) {
	cfg := DefaultBrowserConfig()
	tests := []struct {
		name string
		play func(*testing.T, *tab)
		want time.Duration // after which it has settled; 0 for not within a minute
	}{
		{"complete at once", func(_ *testing.T, tab *tab) { tab.shows("http://a.gov.cn/"); tab.isLoaded() }, cfg.Quiet},
		{"the blank page before the first", func(_ *testing.T, tab *tab) { tab.isLoaded() }, 0},
		{"never complete", func(_ *testing.T, tab *tab) { tab.shows("http://a.gov.cn/") }, cfg.SettleWithin},
		{"asks once more", func(t *testing.T, tab *tab) {
			tab.shows("http://a.gov.cn/")
			tab.isLoaded()
			asks(t, tab, "http://a.gov.cn/d.json")
		}, 2*time.Second + cfg.Quiet},
		{"leads on", func(_ *testing.T, tab *tab) {
			tab.shows("http://a.gov.cn/")
			tab.isLoaded()
			time.Sleep(300 * time.Millisecond)
			tab.shows("http://a.gov.cn/2")
			tab.isLoaded()
		}, 300*time.Millisecond + cfg.Quiet},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				tab := newTab("x", lenient{takes: 2 * time.Second}, start.Add(time.Minute))
				tt.play(t, tab)
				for range 600 {
					if done, why := tab.settled(cfg); done {
						if took := time.Since(start); why.failed() || tt.want == 0 || took < tt.want || took > tt.want+200*time.Millisecond {
							t.Errorf("settled after %s (%s), want %s", took, why.detail, tt.want)
						}
						return
					}
					time.Sleep(100 * time.Millisecond)
				}
				if tt.want != 0 {
					t.Error("it never settles")
				}
			})
		})
	}
}

// What a page asks for has an end of its own, and ends at once when the page is
// given up.
func TestWhatAPageAsksForEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		tab := newTab("x", lenient{takes: time.Hour}, start.Add(time.Minute))
		if a := asks(t, tab, "http://a.gov.cn/"); a.class != extract.ClassTimeout || time.Since(start) != askWithin {
			t.Errorf("class %q after %s", a.class, time.Since(start))
		}
		go func() {
			time.Sleep(time.Second)
			tab.finish()
			tab.finish() // as often as one likes
		}()
		before := time.Now()
		if a := asks(t, tab, "http://a.gov.cn/"); !a.failed() || time.Since(before) != time.Second {
			t.Errorf("class %q after %s", a.class, time.Since(before))
		}
		if a := asks(t, tab, "http://a.gov.cn/"); a.class != extract.ClassBudget {
			t.Errorf("asked after the end: class %q", a.class)
		}
	})
}

func TestAPageAsksForSoMuch(t *testing.T) {
	tab := newTab("x", lenient{}, time.Now().Add(time.Minute))
	for i := range maxAsked + 5 {
		a := asks(t, tab, "http://a.gov.cn/")
		if over := i >= maxAsked; (a.class == extract.ClassBudget) != over {
			t.Fatalf("request %d: class %q", i, a.class)
		}
	}
	for i := range maxOpened + 2 {
		if why := tab.opens(&url.URL{Scheme: "http", Host: "a.gov.cn"}); why.failed() != (i >= maxOpened) {
			t.Errorf("document %d: %q", i, why.class)
		}
	}
}

// Profiles of programs that were killed are removed by the next; those in use,
// and folders that are not ours, are left alone.
func TestProfilesAreSwept(t *testing.T) {
	in := t.TempDir()
	used, err := newProfile(in)
	if err != nil {
		t.Fatal(err)
	}
	killed, err := newProfile(in)
	if err != nil {
		t.Fatal(err)
	}
	killed.lock.Close() // as the kernel does
	strange := filepath.Join(in, "xuncha-browser-strange")
	if err := os.Mkdir(strange, 0o700); err != nil {
		t.Fatal(err)
	}
	third, err := newProfile(in)
	if err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]bool{used.dir: true, killed.dir: false, strange: true, third.dir: true} {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", dir, err == nil, want)
		}
	}
	for _, p := range []profile{used, third} {
		if err := p.remove(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(p.dir); !os.IsNotExist(err) {
			t.Errorf("%s is left", p.dir)
		}
	}
}

package crawler

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// A mint is a platform that shows its posts to visitors it knows: a page whose
// script has a visitor made known, and data that want the visitor's cookie.
type mint struct {
	mu   sync.Mutex
	made int // guarded by mu; visitors made known
	good int // guarded by mu; the oldest that is still known

	phone, passport, stranger *site
}

// newMint adds the platform to a world; script is what its page runs.
func newMint(w *world, script string) *mint {
	m := &mint{}
	m.phone = w.site(phone, func(rw http.ResponseWriter, r *http.Request) {
		<-time.After(20 * time.Millisecond) // so that requests overlap if they may
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(rw, r)
		case r.URL.Path == "/data" && !m.knows(r):
			turnsAway(432)(rw, r)
		case r.URL.Path == "/data":
			rw.Header().Set("Content-Type", "application/json")
			io.WriteString(rw, rows)
		default:
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(rw, `<!DOCTYPE html><title>t</title><p id="list"></p><script>(async () => {%s})();</script>`, script)
		}
	})
	m.passport = w.site(passport, m.makeKnown)
	m.stranger = w.site("s.weiba.cn", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Access-Control-Allow-Origin", "*")
		io.WriteString(rw, "{}")
	})
	return m
}

// makeKnown hands out a visitor's cookie for the domain.
func (m *mint) makeKnown(rw http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/robots.txt" {
		http.NotFound(rw, r)
		return
	}
	m.mu.Lock()
	m.made++
	token := fmt.Sprint(m.made)
	m.mu.Unlock()
	rw.Header().Set("Access-Control-Allow-Origin", "http://"+phone)
	rw.Header().Set("Access-Control-Allow-Credentials", "true")
	switch r.URL.Path {
	case "/script": // whose own script sets the cookie and leads back
		rw.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(rw, `<script>document.cookie = "SUB=%s; domain=.weiba.cn; path=/"; location.href = "http://%s/u/1?known";</script>`, token, phone)
	default:
		http.SetCookie(rw, &http.Cookie{Name: "SUB", Value: token, Domain: "weiba.cn", Path: "/", HttpOnly: true})
		io.WriteString(rw, "{}")
	}
}

// knows reports whether a request comes from a visitor who is still known.
func (m *mint) knows(r *http.Request) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, err := r.Cookie("SUB")
	n := 0
	if err == nil {
		fmt.Sscan(c.Value, &n)
	}
	return n > 0 && n >= m.good
}

// expire has every visitor so far be known no more.
func (m *mint) expire() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.good = m.made + 1
}

// The ways in which pages make a visitor known.
const (
	fill     = `document.getElementById("list").textContent = await (await fetch("/data")).text();`
	byAsking = `await fetch("/data"); await fetch("http://` + passport + `/visitor", {credentials: "include"}); await fetch("http://s.weiba.cn/x").catch(() => 0);` + fill
	byWay    = `if (!location.search) { location.href = "http://` + passport + `/script"; return; }` + fill
)

// platformShows makes a crawler that has a browser and knows the platform.
func (w *world) platformShows(m inventory.Manner) *Crawler {
	return w.crawler(nil, asking(m), func(cfg *Config) { cfg.Browser = shared() })
}

// showPosting shows a page of the platform.
func showPosting(t *testing.T, c *Crawler, url string) []extract.Page {
	t.Helper()
	return show(t, c, url, func(e *errand) { e.hosts = []string{phone, desk, passport} })
}

// A visitor's cookie that a browser was given serves plain requests, is renewed
// once it serves no more, and goes nowhere else.
func TestAVisitorIsMadeKnownByTheBrowser(t *testing.T) {
	needChromium(t)
	for name, script := range map[string]string{"by a request": byAsking, "on the way, by a script": byWay} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			m := newMint(w, script)
			w.site("a.gov.cn", text(list))
			c := w.platformShows(inventory.Manner{Delay: 10 * time.Millisecond, After: 5})
			data := "http://" + phone + "/data"
			for night := range 2 {
				if p := one(t, c, data); p.Status != 432 || p.Class == "" {
					t.Fatalf("night %d: an unknown visitor got status %d", night, p.Status)
				}
				pages := showPosting(t, c, "http://"+phone+"/u/1")
				if pages[0].Class != "" || !contains(string(pages[0].Body), "关于通知") || !strings.HasPrefix(pages[0].URL, "http://"+phone+"/u/1") {
					t.Fatalf("night %d: shown %q (%s) at %s: %s", night, pages[0].Class, pages[0].Detail, pages[0].URL, pages[0].Body)
				}
				if i := slices.IndexFunc(pages, func(p extract.Page) bool { return p.Asked == data }); i < 0 || string(pages[i].Body) != rows || pages[i].Class != "" || pages[i].Why != extract.WhyData {
					t.Errorf("night %d: %d pages, none with the data: %+v", night, len(pages), pages)
				}
				for range 2 {
					if p := one(t, c, data); p.Class != "" || string(p.Body) != rows {
						t.Errorf("night %d: after the browser %q (%s)", night, p.Class, p.Detail)
					}
				}
				one(t, c, "http://s.weiba.cn/y")
				one(t, c, "http://a.gov.cn/")
				m.expire()
			}
			for _, r := range m.stranger.all() {
				if got := r.header.Get("Cookie"); got != "" && !strings.HasPrefix(r.uri, "/x") || r.uri == "/y" && got != "" {
					t.Errorf("a host that is not the platform's was asked for %s with %q", r.uri, got)
				}
			}
			for _, r := range w.sites["a.gov.cn"].all() {
				if got := r.header.Get("Cookie"); got != "" {
					t.Errorf("a stranger was sent %q", got)
				}
			}
			if m.made != 2 {
				t.Errorf("%d visitors were made known, want one a night", m.made)
			}
		})
	}
}

// A visitor who is known is known to the next page that is shown: its first
// request has the cookie, and strangers do not get it.
func TestAKnownVisitorIsShownMore(t *testing.T) {
	needChromium(t)
	w := newWorld(t)
	m := newMint(w, `await fetch("http://s.weiba.cn/x").catch(() => 0);`+fill)
	c := w.platformShows(inventory.Manner{})
	one(t, c, "http://"+passport+"/visitor")
	pages := showPosting(t, c, "http://"+phone+"/u/1")
	if pages[0].Class != "" || !contains(string(pages[0].Body), "关于通知") || m.made != 1 {
		t.Errorf("%q (%s), %d visitors: %s", pages[0].Class, pages[0].Detail, m.made, pages[0].Body)
	}
	for _, r := range m.stranger.pages() {
		if got := r.header.Get("Cookie"); got != "" {
			t.Errorf("a host that is not the platform's got %q", got)
		}
	}
	for _, p := range pages {
		for name := range p.Header {
			if contains(name, "Cookie") {
				t.Errorf("%s is kept with the evidence", name)
			}
		}
	}
	only := newWorld(t)
	newMint(only, `await fetch("http://`+passport+`/visitor", {credentials: "include"});`)
	c = only.platformShows(inventory.Manner{})
	showPosting(t, c, "http://"+phone+"/u/1")
	if p := one(t, c, "http://"+phone+"/data"); p.Class != "" {
		t.Errorf("a cookie that the browser has not used does not serve: status %d", p.Status)
	}
	other := w.crawler(nil, asking(inventory.Manner{}))
	if p := one(t, other, "http://"+phone+"/data"); p.Status != 432 {
		t.Error("another crawler has the cookie")
	}
}

// While a page of a platform is shown, its hosts are asked one at a time, and
// robots.txt of another of them is asked within the turn.
func TestAPageOfAPlatformIsOneToIt(t *testing.T) {
	needChromium(t)
	w := newWorld(t)
	m := newMint(w, `fetch("/data?1"); fetch("/data?2"); fetch("http://`+passport+`/visitor", {credentials: "include"}); fetch("/data?3");`)
	c := w.platformShows(inventory.Manner{Delay: 50 * time.Millisecond})
	done := make(chan error)
	go func() {
		done <- c.Crawl(t.Context(), Job{Subjects: []inventory.Subject{column("b", "http://"+passport+"/visitor?b")}}, func(Visit) error { return nil })
	}()
	showPosting(t, c, "http://"+phone+"/u/1")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	all := append(m.phone.all(), m.passport.all()...)
	slices.SortFunc(all, func(a, b logLine) int { return a.start.Compare(b.start) })
	for i := 1; i < len(all); i++ {
		if all[i].start.Before(all[i-1].end) {
			t.Errorf("%s was asked while %s was under way", all[i].uri, all[i-1].uri)
		}
	}
	if len(all) < 8 {
		t.Errorf("%d requests", len(all))
	}
}

// What a platform says to a script in the place of posts is kept, and so are posts
// that are asked for by POST.
func TestAnswersOfAPlatformToScriptsAreKept(t *testing.T) {
	needChromium(t)
	w := newWorld(t)
	w.site(phone, paths(map[string]string{"/u/1": `<p>x</p><script>fetch("http://` + desk + `/refused"); fetch("http://` + desk + `/feed", {method: "POST", body: "{}"}); fetch("http://s.weiba.cn/x");</script>`}))
	w.site(desk, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Access-Control-Allow-Origin", "*")
		if r.URL.Path == "/refused" {
			turnsAway(412)(rw, r)
			return
		}
		io.WriteString(rw, `{"feeds":[]}`)
	})
	w.site("s.weiba.cn", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Access-Control-Allow-Origin", "*")
		turnsAway(412)(rw, r)
	})
	got := map[string]string{}
	for _, p := range showPosting(t, w.platformShows(inventory.Manner{}), "http://"+phone+"/u/1")[1:] {
		got[p.Asked] = fmt.Sprint(p.Why, " ", p.Status, " ", p.Class, " ", string(p.Body))
	}
	want := map[string]string{"http://" + desk + "/refused": `data 412 anti_bot {"code":-412}`, "http://" + desk + "/feed": `data 200  {"feeds":[]}`}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("kept %v, want %v", got, want)
	}
}

// A page that is being shown is cut where the platform has had its time, and none
// is shown afterwards.
func TestADeadlineCutsWhatIsShown(t *testing.T) {
	needChromium(t)
	w := newWorld(t)
	site := w.site(phone, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(rw, r)
			return
		}
		<-r.Context().Done()
	})
	b := ownBrowser(t, func(*BrowserConfig) {})
	l, err := b.borrow(context.Background()) // so that it runs
	if err != nil {
		t.Fatal(err)
	}
	defer b.giveBack(l, false)
	c := w.crawler(nil, asking(inventory.Manner{Deadline: time.Second}), func(cfg *Config) { cfg.Browser, cfg.Delay = b, 0 })
	start := time.Now()
	for range 3 {
		p := showPosting(t, c, "http://"+phone+"/u/1")[0]
		if p.Class != extract.ClassDeadline || !p.Rendered || !contains(p.Detail, "has had the 1s") {
			t.Errorf("%q (%s)", p.Class, p.Detail)
		}
	}
	if took := time.Since(start); took > 4*time.Second || site.count() > 1 {
		t.Errorf("took %s and asked %d times", took, site.count())
	}
}

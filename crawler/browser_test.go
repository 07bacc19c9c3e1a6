package crawler

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"xuncha/extract"
)

// quick is a browser for tests: it runs as root, where tests do, and waits less.
func quick() BrowserConfig {
	cfg := DefaultBrowserConfig()
	cfg.NoSandbox = os.Geteuid() == 0
	cfg.Timeout, cfg.Quiet, cfg.SettleWithin = 15*time.Second, 150*time.Millisecond, 3*time.Second
	return cfg
}

// shared is the one browser of the tests that do it no harm; TestMain closes it.
var shared = sync.OnceValue(func() *Browser { return NewBrowser(quick(), nil) })

// needChromium fails a test where there is no Chromium, rather than to pass it by.
func needChromium(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Fatal("these tests need Chromium: run scripts/need")
	}
}

// ownBrowser is a browser that a test may break.
func ownBrowser(t *testing.T, change func(*BrowserConfig)) *Browser {
	t.Helper()
	needChromium(t)
	cfg := quick()
	change(&cfg)
	b := NewBrowser(cfg, nil)
	t.Cleanup(func() { b.Close() })
	return b
}

// shows makes a crawler that has a browser.
func (w *world) shows(b *Browser) *Crawler {
	return w.crawler(nil, func(cfg *Config) { cfg.Browser = b })
}

// show asks for one address as a browser shows it.
func show(t testing.TB, c *Crawler, url string, change ...func(*errand)) []extract.Page {
	t.Helper()
	e := errand{want: extract.Want{URL: url, Why: extract.WhyList, Render: true}}
	for _, f := range change {
		f(&e)
	}
	pages, err := c.render(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// paths answers each path with its body, and others with 404. A body that is
// data says so.
func paths(bodies map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, ok := bodies[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		kind := "text/html; charset=utf-8"
		switch {
		case strings.HasPrefix(body, "{"), strings.HasPrefix(body, "["):
			kind = "application/json"
		case strings.HasSuffix(r.URL.Path, ".js"):
			kind = "text/javascript"
		}
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, body)
	}
}

// filled is a page whose list a script fills from its own host.
const filled = `<!DOCTYPE html><html><head><meta charset="gb2312"><title>t</title></head><body><ul id="list"></ul>
<script>fetch("/data.json").then(r => r.json()).then(rows => {
	document.getElementById("list").innerHTML = rows.map(r => '<li><a href="' + r.url + '">' + r.title + '</a><span>' + r.date + '</span></li>').join("");
});</script></body></html>`

const rows = `[{"url":"/1.html","title":"关于通知","date":"2023-09-01"}]`

func TestABrowserShowsWhatAScriptFills(t *testing.T) {
	needChromium(t)
	w := newWorld(t)
	site := w.site("a.gov.cn", paths(map[string]string{"/": filled, "/data.json": rows}))
	pages := show(t, w.shows(shared()), "http://a.gov.cn/")
	if len(pages) != 2 {
		t.Fatalf("%d pages, want the one shown and what its script was given", len(pages))
	}
	p, data := pages[0], pages[1]
	if !p.Rendered || p.Status != 200 || p.Class != "" || p.Why != extract.WhyList || p.SHA256 == "" {
		t.Errorf("page %+v", p)
	}
	if !contains(string(p.Body), `<a href="/1.html">关于通知</a>`) || !strings.HasPrefix(string(p.Body), "<!DOCTYPE html>\n<html>") {
		t.Errorf("body %s", p.Body)
	}
	if _, charset, _ := extract.Decode(p.Body, p.HeaderValue("Content-Type")); charset != "utf-8" {
		t.Errorf("read as %s, although it is UTF-8", charset)
	}
	if data.Why != extract.WhyData || data.Asked != "http://a.gov.cn/data.json" || string(data.Body) != rows || data.Rendered || data.SHA256 == "" {
		t.Errorf("data %+v %s", data, data.Body)
	}
	for _, r := range site.all() {
		if ua := r.header.Get("User-Agent"); ua != DefaultConfig().UserAgent {
			t.Errorf("%s was asked by %q", r.uri, ua)
		}
	}
}

// The pages of a visit are evidence: what a browser showed stands beside what
// came over the wire, and the crawler asks for it when the reader wants it.
func TestAVisitHoldsBothFacesOfAPage(t *testing.T) {
	needChromium(t)
	w := newWorld(t)
	w.site("a.gov.cn", paths(map[string]string{"/": filled, "/data.json": rows}))
	c := w.shows(shared())
	c.read = extract.Read
	subject := column("a", "http://a.gov.cn/")
	subject.Task.Recipe = extract.Recipe{List: "#list", Item: "li", Date: "span"}
	v := crawl(t, c, subject)["a"]
	if v.Reading.Outcome != extract.Dated || v.Reading.Newest.Time.Format(time.DateOnly) != "2023-09-01" || v.Reading.Items[0].Title != "关于通知" {
		t.Errorf("reading %+v", v.Reading)
	}
	if len(v.Pages) != 3 || v.Pages[0].Rendered || !v.Pages[1].Rendered || v.Pages[2].Why != extract.WhyData {
		t.Errorf("%d pages", len(v.Pages))
	}
	if retakable(v, v.Task) {
		t.Error("a reading of a page shown by a browser may be taken over")
	}
}

func TestWithoutABrowserTheRoundGoesOn(t *testing.T) {
	w := newWorld(t)
	site := w.site("a.gov.cn", text(filled))
	deaf, sandboxed := quick(), quick()
	deaf.Path = "/bin/false"
	sandboxed.NoSandbox, sandboxed.Path = false, filepath.Join(t.TempDir(), "chromium")
	for name, cfg := range map[string]BrowserConfig{"one that does not start": deaf, "none there": sandboxed} {
		t.Run(name, func(t *testing.T) {
			log := &lines{}
			b := NewBrowser(cfg, slog.New(slog.NewTextHandler(log, nil)))
			defer b.Close()
			for range 3 {
				pages := show(t, w.shows(b), "http://a.gov.cn/")
				if len(pages) != 1 || pages[0].Class != extract.ClassNoBrowser || pages[0].Detail == "" || pages[0].Rendered {
					t.Errorf("pages %+v", pages)
				}
			}
			if n := strings.Count(log.String(), "\n"); n != 1 {
				t.Errorf("said %d times:\n%s", n, log)
			}
		})
	}
	if n := site.count(); n != 0 {
		t.Errorf("the site was asked %d times without a browser", n)
	}
}

// lines is a log that tests read.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestNothingIsShownAsRootWithASandbox(t *testing.T) {
	cfg := DefaultBrowserConfig()
	cfg.Path = "/bin/true"
	_, err := cfg.find()
	if root := os.Geteuid() == 0; (err != nil) != root {
		t.Errorf("as root %v: %v", root, err)
	}
	cfg.NoSandbox = true
	if path, err := cfg.find(); path != "/bin/true" || err != nil {
		t.Errorf("%q, %v", path, err)
	}
	if args := strings.Join(cfg.arguments(&proxy{listener: nothing{}}), " "); !contains(args, "--no-sandbox") {
		t.Errorf("arguments %s", args)
	}
	cfg.NoSandbox = false
	if args := strings.Join(cfg.arguments(&proxy{listener: nothing{}}), " "); contains(args, "--no-sandbox") {
		t.Errorf("arguments %s", args)
	}
}

func TestABrowserLeavesNothingBehind(t *testing.T) {
	w := newWorld(t)
	w.site("a.gov.cn", paths(map[string]string{"/": filled, "/data.json": rows}))
	b := ownBrowser(t, func(cfg *BrowserConfig) { cfg.Pages = 2 })
	c := w.shows(b)
	var used []*lent
	for range 3 {
		if p := show(t, c, "http://a.gov.cn/")[0]; p.Class != "" {
			t.Fatalf("%s: %s", p.Class, p.Detail)
		}
		b.mu.Lock()
		used = append(used, b.now)
		b.mu.Unlock()
	}
	if used[0] != used[1] || used[1] == used[2] {
		t.Error("after two pages the same Chromium goes on")
	}
	if s := c.Stats(); s.Tabs != b.cfg.Tabs || s.TabsBusy != 0 {
		t.Errorf("%d of %d tabs show a page, want none of %d", s.TabsBusy, s.Tabs, b.cfg.Tabs)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if s := c.Stats(); s.Tabs != 0 || s.TabsBusy != 0 {
		t.Errorf("a closed browser has %d tabs, %d of them busy", s.Tabs, s.TabsBusy)
	}
	if err := b.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	for _, l := range used {
		if alive(l.group, l.profile.dir) {
			t.Errorf("processes of group %d are left", l.group)
		}
		if _, err := os.Stat(l.profile.dir); !os.IsNotExist(err) {
			t.Errorf("profile %s is left: %v", l.profile.dir, err)
		}
	}
	if p := show(t, c, "http://a.gov.cn/")[0]; p.Class != extract.ClassNoBrowser {
		t.Errorf("a closed browser shows pages: %s", p.Class)
	}
}

func TestAnEndedRoundEndsTheShowing(t *testing.T) {
	needChromium(t)
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(rw, r)
			return
		}
		cancel()
		<-r.Context().Done()
	})
	c := w.shows(shared())
	e := errand{want: extract.Want{URL: "http://a.gov.cn/", Render: true}}
	if pages, err := c.render(ctx, e); err == nil {
		t.Errorf("pages %+v of a round that was ended", pages)
	}
}

// What a browser showed is no page that its host could confirm.
func TestWhatABrowserShowedIsNotConfirmed(t *testing.T) {
	c := newWorld(t).crawler(nil)
	shown := extract.Page{
		Asked: "http://a.gov.cn/", URL: "http://a.gov.cn/", Status: 200, SHA256: "x", BodyAt: time.Now(), Rendered: true,
		Header: map[string][]string{"Etag": {`"1"`}},
	}
	want := extract.Want{URL: "http://a.gov.cn/", Why: extract.WhyList}
	if c.kept(answered(Visit{Pages: []extract.Page{shown}}, want)) != nil {
		t.Error("the page shown is taken for the one that was sent")
	}
	shown.Rendered = false
	if c.kept(answered(Visit{Pages: []extract.Page{shown}}, want)) == nil {
		t.Error("the page sent is not to be confirmed")
	}
}

package crawler

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/internal/egress"
)

// nothing is a listener that stands for an address.
type nothing struct{ net.Listener }

func (nothing) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func TestTheProxyServesOnlyTheBrowser(t *testing.T) {
	p, err := newProxy()
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	defer p.admit(newTab("known", nil, time.Now()))()
	for _, who := range []*url.Userinfo{nil, url.UserPassword("known", "guess"), url.UserPassword("stranger", p.secret)} {
		through := &url.URL{Scheme: "http", Host: p.listener.Addr().String(), User: who}
		transport := &http.Transport{Proxy: http.ProxyURL(through), DisableKeepAlives: true}
		resp, err := (&http.Client{Transport: transport}).Get("http://a.gov.cn/")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusProxyAuthRequired {
			t.Errorf("%v: status %d", who, resp.StatusCode)
		}
		if resp, err := (&http.Client{Transport: transport}).Get("https://a.gov.cn/"); err == nil {
			resp.Body.Close()
			t.Errorf("%v: a tunnel was dug", who)
		}
	}
	resp, err := http.Get("http://" + p.listener.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if resp.StatusCode != http.StatusProxyAuthRequired {
		t.Errorf("asked as a host: status %d", resp.StatusCode)
	}
}

// A page over https is asked by our transport, with the authorities that it
// trusts: a browser of its own mind would refuse this certificate.
func TestABrowserSpeaksTLSThroughUs(t *testing.T) {
	needChromium(t)
	lender := httptest.NewUnstartedServer(nil)
	lender.StartTLS()
	defer lender.Close()
	config := &tls.Config{Certificates: lender.TLS.Certificates}
	w := newWorld(t)
	site := w.site("example.com", paths(map[string]string{"/": filled, "/data.json": rows}))
	site.dial = func(ctx context.Context) (net.Conn, error) {
		client, server := net.Pipe()
		select {
		case site.open <- tls.Server(server, config):
			return client, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: lender.Certificate().Raw})
	transport, err := egress.NewTransport(egress.Config{Network: w, ExtraCA: ca})
	if err != nil {
		t.Fatal(err)
	}
	defer transport.CloseIdleConnections()
	c := w.shows(shared())
	c.transport = transport
	pages := show(t, c, "https://example.com/")
	if len(pages) != 2 || pages[0].Class != "" || !contains(string(pages[0].Body), "关于通知") || pages[1].Asked != "https://example.com/data.json" {
		t.Errorf("pages %+v", pages)
	}
}

// A browser is as polite as we are: nothing of the page's host is asked by others
// meanwhile, two requests are out at most, and the delay stands before and after.
func TestABrowserIsPolite(t *testing.T) {
	needChromium(t)
	w := newWorld(t)
	var mu sync.Mutex
	out, most := 0, 0
	bodies := map[string]string{"/": "<p>x</p>", "/2": "<p>y</p>"}
	for i := range 6 {
		bodies["/"] += fmt.Sprintf(`<script src="/%d.js"></script>`, i)
		bodies[fmt.Sprintf("/%d.js", i)] = "1;"
	}
	bodies["/"] += `<img src="/a.png"><link rel="icon" href="/b.ico"><video src="/c.mp4"></video><style>@font-face{font-family:f;src:url(/d.woff)} p{font-family:f;background:url(/e.png)}</style>`
	serve := paths(bodies)
	site := w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
		mu.Lock()
		out++
		most = max(most, out)
		mu.Unlock()
		<-time.After(20 * time.Millisecond) // an answer takes its time, so that requests overlap if they may
		mu.Lock()
		out--
		mu.Unlock()
		serve(rw, r)
	})
	c := w.shows(shared())
	var others sync.WaitGroup
	p := show(t, c, "http://a.gov.cn/")[0]
	others.Go(func() { one(t, c, "http://a.gov.cn/2") })
	others.Wait()
	if p.Class != "" || most > showingWidth {
		t.Errorf("class %q (%s), %d requests at a time", p.Class, p.Detail, most)
	}
	all := site.all()
	var uris []string
	for _, r := range all {
		uris = append(uris, r.uri)
	}
	if want := []string{"/robots.txt", "/", "/0.js", "/1.js", "/2.js", "/3.js", "/4.js", "/5.js", "/2"}; !slices.Equal(sorted(uris), sorted(want)) {
		t.Errorf("asked %q, want %q", uris, want)
	}
	if pause := all[1].start.Sub(all[0].end); pause < 95*time.Millisecond {
		t.Errorf("shown %s after robots.txt", pause)
	}
	if pause := all[len(all)-1].start.Sub(all[len(all)-2].end); pause < 95*time.Millisecond {
		t.Errorf("the next page was asked %s after the one shown", pause)
	}
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}

func TestRobotsForbidABrowserToo(t *testing.T) {
	needChromium(t)
	w := newWorld(t)
	site := w.site("a.gov.cn", paths(map[string]string{"/": filled, "/robots.txt": "User-agent: *\nDisallow: /\n"}))
	c := w.shows(shared())
	if p := show(t, c, "http://a.gov.cn/")[0]; p.Class != extract.ClassRobots || site.count() != 0 {
		t.Errorf("class %q, asked %d times", p.Class, site.count())
	}
	p := show(t, c, "http://a.gov.cn/", func(e *errand) { e.authority, e.home = "阳政办函〔2023〕1号", "a.gov.cn" })[0]
	if p.Class != "" || p.Authority == "" {
		t.Errorf("overridden: class %q, authority %q", p.Class, p.Authority)
	}
}

// What scripts were given is kept as it came, if it may hold the list.
func TestWhatScriptsWereGiven(t *testing.T) {
	needChromium(t)
	w := newWorld(t)
	page := `<p>x</p><script>(async () => {
		for (const at of ["/rows.json", "/rows.xml", "/part.html", "/plain.txt", "/gone.json", "/big.json", "http://cdn.example/rows.json", "/rows.json"]) await fetch(at, {mode: "no-cors"}).catch(() => {});
		await fetch("/post.json", {method: "POST", body: "page=1"});
		for (let i = 0; i < 6; i++) await fetch("/more.json?" + i);
	})()</script>`
	site := w.site("a.gov.cn", paths(map[string]string{
		"/": page, "/rows.json": "[1]", "/rows.xml": "<?xml version='1.0'?><r/>", "/part.html": "\n<li>x</li>", "/plain.txt": "plain",
		"/big.json": "[" + strings.Repeat("1,", maxDatum) + "1]", "/post.json": `{"a":1}`, "/more.json": "{}",
	}))
	cdn := w.site("cdn.example", paths(map[string]string{"/rows.json": "[2]"}))
	c := w.crawler(nil, func(cfg *Config) { cfg.Browser, cfg.Delay = shared(), 0 })
	var got []string
	for _, p := range show(t, c, "http://a.gov.cn/")[1:] {
		got = append(got, strings.TrimPrefix(p.Asked, "http://a.gov.cn"))
	}
	want := []string{"/rows.json", "/rows.xml", "/part.html", "/more.json?0", "/more.json?1", "/more.json?2", "/more.json?3", "/more.json?4"}
	if !slices.Equal(got, want) {
		t.Errorf("kept %q, want %q", got, want)
	}
	if cdn.count() != 1 {
		t.Errorf("another host was asked %d times", cdn.count())
	}
	posted := slices.ContainsFunc(site.all(), func(r logLine) bool { return r.uri == "/post.json" })
	if !posted {
		t.Error("a script could not post")
	}
}

// A script may solve what a plain request cannot: its cookie goes back with it.
func TestABrowserKeepsItsCookies(t *testing.T) {
	needChromium(t)
	w := newWorld(t)
	w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(rw, r)
			return
		}
		if c, err := r.Cookie("pass"); err == nil && c.Value == "1" {
			io.WriteString(rw, `<ul><li><a href="/1.html">x</a></li></ul>`)
			return
		}
		http.SetCookie(rw, &http.Cookie{Name: "seen", Value: strings.Repeat("s", 3000)})
		rw.WriteHeader(521)
		io.WriteString(rw, `<script>if (document.cookie.includes("seen=sss")) { document.cookie = "pass=1"; location.reload(); }</script>`)
	})
	p := show(t, w.shows(shared()), "http://a.gov.cn/")[0]
	if p.Class != "" || p.Status != 200 || !contains(string(p.Body), "/1.html") {
		t.Errorf("class %q (%s), status %d, body %s", p.Class, p.Detail, p.Status, p.Body)
	}
	if again := one(t, w.shows(shared()), "http://a.gov.cn/"); again.Status != 521 {
		t.Errorf("the browser's cookie has left it: status %d", again.Status)
	}
}

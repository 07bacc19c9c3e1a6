package crawler

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"xuncha/extract"
)

// hostilePages are pages that do what no page should, and what is to come of each.
var hostilePages = []struct {
	name, path, body string
	class            extract.Class
	shows            string // part of what is shown
}{
	{"leads on for ever", "/loop", `<script>location = "/loop?" + Math.random()</script>`, extract.ClassRedirectLoop, ""},
	{"reloads itself for ever", "/reload", `<p>x</p><script>location.reload()</script>`, extract.ClassRedirectLoop, ""},
	{"opens dialogs", "/dialogs", `<script>alert(1); confirm(2); prompt(3); onbeforeunload = () => "stay"; alert(4); document.write("<p>after</p>")</script>`, "", "<p>after</p>"},
	{"asks for ever", "/endless", `<p>list</p><script>(async () => { for (;;) await fetch("/poll?" + Math.random()).catch(() => {}) })()</script>`, "", "<p>list</p>"},
	{"grows to 9 MB", "/huge", `<script>document.write("<p hidden>" + "x".repeat(9e6) + "</p>")</script>`, extract.ClassBodyTooLarge, ""},
	{"opens windows", "/windows", `<p>list</p><script>for (let i = 0; i < 50; i++) { try { open("/w" + i) } catch (e) {} 
		const a = document.createElement("a"); a.href = "/w" + i; a.target = "_blank"; a.click() }</script>`, "", "<p>list</p>"},
	{"is a download", "/file", "", extract.ClassUnexpected, ""},
	{"starts downloads", "/downloads", `<p>list</p><script>const a = document.createElement("a"); a.href = "/file"; a.download = "x.doc"; for (let i = 0; i < 9; i++) a.click()</script>`, "", "<p>list</p>"},
	{"leads to another site", "/away", `<script>location = "http://other.example/"</script>`, extract.ClassForeign, ""},
	{"leads to where robots may not go", "/sneak", `<script>location = "/admin/"</script>`, extract.ClassRobots, ""},
	{"leads to a file of ours", "/local", `<p>list</p><script>location = "file:///etc/passwd"</script>`, "", "<p>list</p>"},
	{"changes what things mean", "/liar", `<p>list</p><script>Object.defineProperty(Element.prototype, "outerHTML", {get: () => "<p>2099-01-01</p>"}); String.prototype.toWellFormed = () => "lie"</script>`, "", "<p>list</p>"},
	{"leads on once", "/once", `<script>location.replace("/here")</script>`, "", "<p>here</p>"},
	{"waits for a style sheet, and never ends", "/styled", `<script>const l = document.createElement("link"); l.rel = "stylesheet"; l.href = "/x.css"; l.onload = () => document.write("<p>styled</p>"); document.head.append(l)</script>`, "", "<p>styled</p>"},
	{"is a challenge that stays one", "/challenge", `<script>$_ts={};</script>`, extract.ClassChallenge, ""},
}

func TestHostilePagesInABrowser(t *testing.T) {
	needChromium(t)
	w := newWorld(t)
	bodies := map[string]string{"/robots.txt": "User-agent: *\nDisallow: /admin/\n", "/here": "<p>here</p>", "/poll": "{}"}
	for _, tt := range hostilePages {
		bodies[tt.path] = "<!DOCTYPE html><html><head></head><body>" + tt.body
	}
	serve := paths(bodies)
	site := w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/file" {
			rw.Header().Set("Content-Type", "application/msword")
			rw.Header().Set("Content-Disposition", "attachment")
		}
		if r.URL.Path == "/challenge" {
			rw.WriteHeader(http.StatusPreconditionFailed)
		}
		serve(rw, r)
	})
	c := w.crawler(nil, func(cfg *Config) { cfg.Browser, cfg.Delay = shared(), 0 })
	for _, tt := range hostilePages {
		t.Run(tt.name, func(t *testing.T) {
			before := site.count()
			p := show(t, c, "http://a.gov.cn"+tt.path)[0]
			if p.Class != tt.class || !contains(string(p.Body), tt.shows) {
				t.Errorf("class %q (%s), want %q; body %.300s", p.Class, p.Detail, tt.class, p.Body)
			}
			if asked := site.count() - before; asked > maxAsked {
				t.Errorf("it asked %d times", asked)
			}
		})
	}
	for _, r := range site.all() {
		if r.uri == "/x.css" || r.uri == "/admin/" {
			t.Errorf("%s was asked for", r.uri)
		}
	}
}

func TestPagesThatNeverComeToAnEnd(t *testing.T) {
	w := newWorld(t)
	w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hang":
			<-r.Context().Done()
		case "/spin":
			fmt.Fprint(rw, "<p>x</p><script>for (;;) {}</script>")
		default:
			text("<p>x</p>")(rw, r)
		}
	})
	c := w.shows(ownBrowser(t, func(cfg *BrowserConfig) { cfg.Timeout = 2 * time.Second }))
	for _, path := range []string{"/hang", "/spin"} {
		start := time.Now()
		p := show(t, c, "http://a.gov.cn"+path)[0]
		if p.Class != extract.ClassTimeout || len(p.Body) > 0 {
			t.Errorf("%s: class %q (%s)", path, p.Class, p.Detail)
		}
		if took := time.Since(start); took > 12*time.Second {
			t.Errorf("%s: took %s", path, took)
		}
	}
}

// killing ends processes of the browser that shows the page: all that have a word
// in their command line.
func killing(b *Browser, word string) {
	b.mu.Lock()
	group := b.now.group
	b.mu.Unlock()
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		stat, _ := os.ReadFile(name)
		line, _ := os.ReadFile(filepath.Dir(name) + "/cmdline")
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		if len(fields) > 2 && fields[2] == strconv.Itoa(group) && strings.Contains(string(line), word) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

func TestABrowserThatDiesFailsOnePage(t *testing.T) {
	w := newWorld(t)
	b := ownBrowser(t, func(*BrowserConfig) {})
	w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/page-dies":
			killing(b, "--type=renderer")
		case "/browser-dies":
			killing(b, "--user-data-dir")
		}
		paths(map[string]string{"/page-dies": filled, "/browser-dies": filled, "/": filled, "/data.json": rows})(rw, r)
	})
	c := w.shows(b)
	for _, path := range []string{"/page-dies", "/browser-dies"} {
		if p := show(t, c, "http://a.gov.cn"+path)[0]; p.Class != extract.ClassRender || p.Class.Reason() != extract.ReasonScript {
			t.Errorf("%s: class %q (%s)", path, p.Class, p.Detail)
		}
		if p := show(t, c, "http://a.gov.cn/")[0]; p.Class != "" || !contains(string(p.Body), "关于通知") {
			t.Errorf("after %s: class %q (%s)", path, p.Class, p.Detail)
		}
	}
}

// A page must reach nothing inside, whatever way it tries.
func TestAPageReachesNothingInside(t *testing.T) {
	needChromium(t)
	inside, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var reached atomic.Int32
	accepted := make(chan struct{})
	go func() {
		defer close(accepted)
		for {
			conn, err := inside.Accept()
			if err != nil {
				return
			}
			reached.Add(1)
			conn.Close()
		}
	}()
	defer func() { inside.Close(); <-accepted }()
	port := strconv.Itoa(inside.Addr().(*net.TCPAddr).Port)
	w := newWorld(t)
	page := `<!DOCTYPE html><html><body><ul id="out"></ul><script>
		const say = (what) => { document.getElementById("out").innerHTML += "<li>" + what + "</li>"; };
		const hosts = ["127.0.0.1:PORT", "localhost:PORT", "[::1]:PORT", "0.0.0.0:PORT", "169.254.169.254", "10.0.0.1"];
		for (const h of hosts) {
			for (const scheme of ["http", "https", "ws"]) {
				const at = scheme + "://" + h + "/";
				if (scheme === "ws") { try { const s = new WebSocket(at); s.onopen = () => say("open " + at); } catch (e) {} continue; }
				fetch(at, {mode: "no-cors"}).then(r => r.text()).then(x => say("got " + x)).catch(() => say("refused"));
				const s = document.createElement("script"); s.src = at; document.body.append(s);
				const f = document.createElement("iframe"); f.src = at; document.body.append(f);
			}
		}
		try { new RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.1:PORT"}]}); say("open rtc"); } catch (e) {}
	</script>`
	w.site("a.gov.cn", text(strings.ReplaceAll(page, "PORT", port)))
	p := show(t, w.shows(shared()), "http://a.gov.cn/")[0]
	if n := reached.Load(); n != 0 {
		t.Errorf("something inside was reached %d times", n)
	}
	if p.Class != "" || contains(string(p.Body), "<li>open") {
		t.Errorf("class %q (%s), body %s", p.Class, p.Detail, p.Body)
	}
	if strings.Count(string(p.Body), "<li>") == 0 {
		t.Errorf("the page tried nothing: %s", p.Body)
	}
}

package crawler

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/extract"
)

// TestRobotsRules are the cases of RFC 9309 and the spellings seen in the wild.
func TestRobotsRules(t *testing.T) {
	tests := []struct {
		name, robots, path string
		want               bool
	}{
		{"nothing", "", "/x", true},
		{"all forbidden", "User-agent: *\nDisallow: /", "/x", false},
		{"robots.txt itself", "User-agent: *\nDisallow: /", "/robots.txt", true},
		{"an empty disallow", "User-agent: *\nDisallow:", "/x", true},
		{"another path", "User-agent: *\nDisallow: /admin/", "/x", true},
		{"the path", "User-agent: *\nDisallow: /admin/", "/admin/x", false},
		{"our group instead of everybody's", "User-agent: *\nDisallow: /\n\nUser-agent: Xuncha\nDisallow: /y", "/x", true},
		{"our group with a version", "User-agent: XUNCHA/1.0\nDisallow: /x", "/x", false},
		{"a name that ours begins with", "User-agent: xun\nDisallow: /", "/x", true},
		{"two groups of ours are one", "User-agent: xuncha\nDisallow: /a\n\nUser-agent: xuncha\nDisallow: /b", "/b", false},
		{"several agents of one group", "User-agent: baidu\nUser-agent: xuncha\nDisallow: /x", "/x", false},
		{"the longest wins", "User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true},
		{"the longest wins, order reversed", "User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/b/c", true},
		{"a tie is an allowance", "User-agent: *\nDisallow: /a\nAllow: /a", "/a", true},
		{"a wildcard", "User-agent: *\nDisallow: /*.pdf", "/x/y.pdf?z", false},
		{"an end", "User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", true},
		{"B07 both", "User-agent: *\nDisallow: /a*b$", "/axxb", false},
		{"B07 both, not at the end", "User-agent: *\nDisallow: /a*b$", "/axxbx", true},
		{"B07 an end without a wildcard", "User-agent: *\nDisallow: /a$", "/ab", true},
		{"B07 an encoded slash is no slash", "User-agent: *\nDisallow: /a%2Fb", "/a/b", true},
		{"B07 an encoded slash", "User-agent: *\nDisallow: /a%2fb", "/a%2Fb", false},
		{"B07 Chinese, raw in the file", "User-agent: *\nDisallow: /通知", "/%e9%80%9a%E7%9F%A5/x", false},
		{"B07 Chinese, encoded in the file", "User-agent: *\nDisallow: /%e9%80%9a", "/通知", false},
		{"an encoded letter", "User-agent: *\nDisallow: /%61", "/a", false},
		{"a query", "User-agent: *\nDisallow: /*?", "/x?y=1", false},
		{"B06 a byte order mark", "\xef\xbb\xbfUser-agent: *\nDisallow: /x", "/x", false},
		{"B06 CRLF", "User-agent: *\r\nDisallow: /x\r\n", "/x", false},
		{"B06 CR only", "User-agent: *\rDisallow: /x\r", "/x", false},
		{"B06 UTF-16", "\xff\xfe" + wide("User-agent: *\nDisallow: /x"), "/x", false},
		{"comments and blanks", "# hello\n User-Agent : * # all\n  Disallow : /x # no", "/x", false},
		{"a rule before any agent does not void the file", "Disallow: /\nUser-agent: *\nDisallow: /x", "/x", false},
		{"a broken delay does not void the file", "User-agent: *\nCrawl-delay: abc\nDisallow: /x", "/x", false},
		{"a sitemap between", "User-agent: *\nSitemap: http://a/s.xml\nDisallow: /x", "/x", false},
		{"B03 a page of HTML", "<html><body>页面不存在: User-agent</body></html>", "/x", true},
	}
	for _, tt := range tests {
		u, err := url.Parse("http://a.gov.cn" + tt.path)
		if err != nil {
			t.Fatal(err)
		}
		if got := parseRobots([]byte(tt.robots), "xuncha").allows(u); got != tt.want {
			t.Errorf("%s: %q of %q: got %v, want %v", tt.name, tt.path, tt.robots, got, tt.want)
		}
	}
}

func wide(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

func TestCrawlDelayIsClamped(t *testing.T) {
	tests := []struct {
		text string
		want time.Duration
	}{
		{"2", 2 * time.Second}, {"0.2", time.Second}, {"86400", 30 * time.Second}, {"-1", 0}, {"abc", 0}, {"0", 0}, {"NaN", 0}, {"1e999", 0},
	}
	for _, tt := range tests {
		if got := parseRobots([]byte("User-agent: *\nCrawl-delay: "+tt.text), "xuncha").delay; got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.text, got, tt.want)
		}
	}
}

// TestRobotsOutOfReach holds what a robots.txt answers against what becomes of
// the page.
func TestRobotsOutOfReach(t *testing.T) {
	rules := "User-agent: *\nDisallow: /secret"
	status := func(n int) http.HandlerFunc { return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(n) } }
	body := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(s)) }
	}
	tests := []struct {
		name   string
		robots http.HandlerFunc
		want   extract.Class // of /secret
	}{
		{"rules", body(rules), extract.ClassRobots},
		{"B01 404", status(404), ""},
		{"B01 410", status(410), ""},
		{"403", status(403), ""},
		{"204", status(204), ""},
		{"empty", body(""), ""},
		{"B02 500", status(500), extract.ClassStatus5xx},
		{"B02 503", status(503), extract.ClassStatus5xx},
		{"B10 429", status(429), extract.ClassTooMany},
		{"a body that cannot be decoded", miscoded("br"), extract.ClassNoSuchEncoding},
		{"corrupt gzip", miscoded("gzip"), extract.ClassBadEncoding},
		{"a redirect to nowhere", status(302), ""},
		{"B03 a soft 404", body("<html>没有找到</html>"), ""},
		{"B04 more than 512 KiB", body(rules + "\n" + strings.Repeat("Disallow: /x\n", 100_000)), extract.ClassRobots},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				s := w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/robots.txt" {
						tt.robots(rw, r)
						return
					}
					rw.Write([]byte(list))
				})
				v := crawl(t, w.crawler(nil), column("a", "http://a.gov.cn/secret"), column("b", "http://a.gov.cn/secret?2"))
				if p := v["a"].Pages[0]; p.Class != tt.want || (tt.want != "") != (p.Status == 0) {
					t.Errorf("got %q (%s), status %d, want %q", p.Class, p.Detail, p.Status, tt.want)
				}
				if n := len(s.pages()); tt.want != "" && n > 0 {
					t.Errorf("%d pages were asked although robots.txt forbids it", n)
				}
			})
		})
	}
}

// miscoded answers everything with bytes that are not what they are called.
func miscoded(coding string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", coding)
		w.Write([]byte("User-agent: *"))
	}
}

func TestHostile_B05RobotsRedirects(t *testing.T) {
	for hops, want := range map[int]extract.Class{1: extract.ClassRobots, 5: extract.ClassRobots, 6: ""} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
				var n int
				fmt.Sscanf(r.URL.RawQuery, "hop=%d", &n)
				switch {
				case r.URL.Path == "/secret":
					rw.Write([]byte(list))
				case n < hops-1:
					http.Redirect(rw, r, fmt.Sprintf("/robots.txt?hop=%d", n+1), http.StatusFound)
				default:
					http.Redirect(rw, r, "http://b.gov.cn/robots.txt", http.StatusMovedPermanently)
				}
			})
			w.site("b.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
				rw.Write([]byte("User-agent: *\nDisallow: /secret\n" + strings.Repeat("#\n", 1<<20)))
			})
			if p := one(t, w.crawler(nil), "http://a.gov.cn/secret"); p.Class != want {
				t.Errorf("%d redirects: got %q (%s), want %q", hops, p.Class, p.Detail, want)
			}
		})
	}
}

func TestOverrideNamesItsAuthority(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const authority = "阳政办函〔2023〕1号"
		w := newWorld(t)
		forbidden := func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				rw.Write([]byte("User-agent: *\nDisallow: /"))
				return
			}
			rw.Write([]byte(list))
		}
		own, other := w.site("a.gov.cn", forbidden), w.site("b.gov.cn", forbidden)
		s := column("a", "http://a.gov.cn/x", "http://b.gov.cn/x")
		s.RobotsOverride = authority
		pages := crawl(t, w.crawler(nil), s)["a"].Pages
		if pages[0].Class != "" || pages[0].Authority != authority || len(own.pages()) != 1 {
			t.Errorf("own host: %q (%s), authority %q", pages[0].Class, pages[0].Detail, pages[0].Authority)
		}
		if pages[1].Class != extract.ClassRobots || pages[1].Authority != "" || len(other.pages()) != 0 {
			t.Errorf("foreign host: %q (%s), authority %q", pages[1].Class, pages[1].Detail, pages[1].Authority)
		}
	})
}

func TestRobotsIsAskedOncePerRoundAndSlowsUs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				rw.Write([]byte("User-agent: *\nCrawl-delay: 3"))
				return
			}
			rw.Write([]byte(list))
		})
		crawl(t, w.crawler(nil), column("a", "http://a.gov.cn/1"), column("b", "http://a.gov.cn/2"))
		log := s.all()
		if len(log) != 3 || log[2].start.Sub(log[1].end) != 3*time.Second {
			t.Errorf("%d requests, want robots.txt once and two pages 3s apart: %+v", len(log), log)
		}
	})
}

func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /a*b$\nAllow: /%e9"), "/a?x")
	f.Add([]byte("\xff\xfeU\x00"), "/")
	f.Add([]byte("Disallow: /\n\nUser-agent: xuncha\nCrawl-delay: 1e9"), "/x%")
	f.Fuzz(func(t *testing.T, robots []byte, path string) {
		u := &url.URL{Scheme: "http", Host: "a", Path: path}
		r := parseRobots(robots, "xuncha")
		r.allows(u)
		if r.delay != 0 && (r.delay < minCrawlDelay || r.delay > maxCrawlDelay) {
			t.Errorf("%q: delay %v", robots, r.delay)
		}
		if again := canonicalPath(canonicalPath(path)); again != canonicalPath(path) && !strings.Contains(path, "%25") && !strings.Contains(path, "%") {
			t.Errorf("%q is spelt %q, then %q", path, canonicalPath(path), again)
		}
	})
}

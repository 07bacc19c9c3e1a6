package crawler

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"xuncha/extract"
)

// sending answers every path but robots.txt with the Location that to gives.
func sending(to func(r *http.Request) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		where := to(r)
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case where == "page":
			w.Write([]byte(list))
		default:
			w.Header()["Location"] = []string{where}
			w.WriteHeader(http.StatusFound)
		}
	}
}

func TestRedirects(t *testing.T) {
	to := func(where string) func(*http.Request) string {
		return func(r *http.Request) string {
			if r.URL.Path == "/" && r.Host == "a.gov.cn" {
				return where
			}
			return "page"
		}
	}
	tests := []struct {
		name string
		to   func(*http.Request) string
		want extract.Class
		url  string // of the page
		most int    // requests
	}{
		{"another path", to("/x?q=%CD%A8"), "", "http://a.gov.cn/x?q=%CD%A8", 2},
		{"to www", to("http://www.a.gov.cn/"), "", "http://www.a.gov.cn/", 2},
		{"to a registered host", to("http://zt.gov.cn/y"), "", "http://zt.gov.cn/y", 2},
		{"credentials are left out", to("http://u:p@a.gov.cn/x"), "", "http://a.gov.cn/x", 2},
		{"raw bytes", to("/\xe9\x80\x9a"), "", "http://a.gov.cn/%E9%80%9A", 2},
		{"R01 to itself", to("/"), extract.ClassRedirectLoop, "", 1},
		{"R02 back and forth", func(r *http.Request) string { return map[string]string{"/": "/b", "/b": "/"}[r.URL.Path] }, extract.ClassRedirectLoop, "", 2},
		{"R03 a new query each time", func(r *http.Request) string { return "/?" + r.URL.RawQuery + "x" }, extract.ClassRedirectLoop, "", 11},
		{"R04 file", to("file:///etc/passwd"), extract.ClassEgress, "", 1},
		{"R04 script", to("javascript:alert(1)"), extract.ClassEgress, "", 1},
		{"R04 data", to("data:text/html,x"), extract.ClassEgress, "", 1},
		{"R05 loopback", to("http://127.0.0.1/"), extract.ClassEgress, "", 1},
		{"R05 mapped metadata", to("http://[::ffff:169.254.169.254]/"), extract.ClassEgress, "", 1},
		{"R05 hexadecimal", to("http://0xa9fea9fe/"), extract.ClassEgress, "", 1},
		{"R05 decimal", to("http://2130706433/"), extract.ClassEgress, "", 1},
		{"R05 octal", to("http://0177.0.0.1/"), extract.ClassEgress, "", 1},
		{"R06 a foreign host", to("http://ad.example.com/"), extract.ClassForeign, "", 1},
		{"R06 a longer name", to("http://a.gov.cn.example.com/"), extract.ClassForeign, "", 1},
		{"R07 empty", to(""), extract.ClassRedirectInvalid, "", 1},
		{"R07 backslash", to(`/\evil.example`), extract.ClassRedirectInvalid, "", 1},
		{"R07 space", to("/a b"), extract.ClassRedirectInvalid, "", 1},
		{"R07 64 KiB", to("/" + strings.Repeat("a", 64<<10)), extract.ClassRedirectInvalid, "", 1},
		{"R07 no address", to("http://[/"), extract.ClassRedirectInvalid, "", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				s := w.site("a.gov.cn", sending(tt.to))
				www, zt := w.site("www.a.gov.cn", sending(tt.to)), w.site("zt.gov.cn", sending(tt.to))
				foreign := w.site("ad.example.com", text(list))
				sub := column("a", "http://a.gov.cn/")
				sub.Task.Hosts = []string{"zt.gov.cn"}
				p := crawl(t, w.crawler(nil), sub)["a"].Pages[0]
				if p.Class != tt.want || tt.want == "" && p.URL != tt.url || p.Asked != "http://a.gov.cn/" {
					t.Errorf("got %q (%s) at %s, want %q at %s", p.Class, p.Detail, p.URL, tt.want, tt.url)
				}
				if n := len(s.pages()) + len(www.pages()) + len(zt.pages()); n > tt.most {
					t.Errorf("%d requests, want at most %d", n, tt.most)
				}
				if len(foreign.all()) > 0 {
					t.Error("a foreign host was asked")
				}
			})
		})
	}
}

func TestRedirectToItselfWithACookie(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
			if c, err := r.Cookie("seen"); err == nil && c.Value == "1" {
				rw.Write([]byte(list))
				return
			}
			http.SetCookie(rw, &http.Cookie{Name: "seen", Value: "1"})
			http.Redirect(rw, r, "/", http.StatusFound)
		})
		if p := one(t, w.crawler(nil), "http://a.gov.cn/"); p.Class != "" || len(s.pages()) > 2 {
			t.Errorf("got %q (%s) after %d requests, want a page after 2", p.Class, p.Detail, len(s.pages()))
		}
	})
}

func TestHostile_H02CookiesAreBounded(t *testing.T) {
	j := newJar(nil)
	u := &url.URL{Scheme: "http", Host: "a.gov.cn"}
	many := http.Header{"Set-Cookie": nil}
	for i := range 100_000 {
		many["Set-Cookie"] = append(many["Set-Cookie"], fmt.Sprintf("c%d=v", i))
	}
	j.keep(u, many)
	j.keep(u, http.Header{"Set-Cookie": {"big=" + strings.Repeat("x", 5000), "late=1"}})
	if n := len(j.byHost["a.gov.cn"]); n > maxCookies {
		t.Errorf("%d cookies kept, want at most %d", n, maxCookies)
	}
	if h := j.header(u); len(h) > maxCookieBytes+2*maxCookies || strings.Contains(h, "big=") {
		t.Errorf("a Cookie header of %d bytes", len(h))
	}
	j.keep(u, http.Header{"Set-Cookie": {"c0=; Max-Age=0", "c1=new"}})
	if h := j.header(u); strings.Contains(h, "c0=") || !strings.Contains(h, "c1=new") {
		t.Errorf("cookies after one ended and one changed: %q", h)
	}
	if h := j.header(&url.URL{Scheme: "http", Host: "b.gov.cn"}); h != "" {
		t.Errorf("another host got %q", h)
	}
	safe := &url.URL{Scheme: "https", Host: "s.gov.cn"}
	j.keep(safe, http.Header{"Set-Cookie": {"k=1; Secure"}})
	if h := j.header(&url.URL{Scheme: "http", Host: "s.gov.cn"}); h != "" {
		t.Errorf("a secure cookie went out in clear: %q", h)
	}
}

func FuzzLocation(f *testing.F) {
	for _, s := range []string{"/x", "http://a.gov.cn/", "//b/", "\\\\b", "", "?q=1", "http://[::1%25eth0]/", "javascript:1", "http://a@b:99999/"} {
		f.Add(s)
	}
	from := &url.URL{Scheme: "http", Host: "a.gov.cn", Path: "/"}
	f.Fuzz(func(t *testing.T, text string) {
		way := trail{hosts: allowed(from, nil), most: 10, seen: map[string]bool{}}
		to, why := way.next(from, answer{location: text})
		if why.failed() {
			return
		}
		if bareHost(to.Host) != "a.gov.cn" || to.User != nil || to.Scheme != "http" && to.Scheme != "https" {
			t.Errorf("%q led to %s", text, to)
		}
	})
}

package crawler

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/extract"
)

// TestHostile_H holds what servers do with headers and frames beside what
// TestHostile_Framing speaks.
func TestHostile_H(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	page := func(headers string) string {
		return head + headers + "Content-Length: 5\r\n\r\nhello"
	}
	tests := []struct {
		name, answer string
		want         extract.Class
	}{
		{"H06 chunks of a byte with long extensions", head + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1;x="+strings.Repeat("a", 4000)+"\r\nz\r\n", 200) + "0\r\n\r\n", extract.ClassMalformed},
		{"H06 10,000 trailers", head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n" + strings.Repeat("X: y\r\n", 10000) + "\r\n", extract.ClassMalformed},
		{"H08 early hints without end", strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 100000), extract.ClassHeaderTooLarge},
		{"H09 nothing", head + "Content-Length: 0\r\n\r\n", extract.ClassEmptyBody},
		{"H10 a 304 nobody asked for", "HTTP/1.1 304 Not Modified\r\n\r\n", extract.ClassUnexpected},
		{"H12 瑞数 with status 202", "HTTP/1.1 202 Accepted\r\nContent-Length: 24\r\n\r\n<script>$_ts={}</script>", extract.ClassChallenge},
		{"H12 加速乐", "HTTP/1.1 521 x\r\nContent-Length: 5\r\n\r\nhello", extract.ClassChallenge},
		{"H12 加速乐, noted once", "HTTP/1.1 512 x\r\nContent-Length: 5\r\n\r\nhello", extract.ClassChallenge},
		{"H14 a page called a picture", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 5\r\n\r\nhello", ""},
		{"H14 a page without a type", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", ""},
		{"H15 a page to be saved", page("Content-Disposition: attachment; filename=index.html\r\n"), ""},
		{"H17 bytes that split an answer", page("X-A: b\x00c\r\n"), extract.ClassMalformed},
		{"H17 a bare line feed", page("X-A: b\nX-B: c\r\n"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.rawSite("a.gov.cn", func(c net.Conn) { io.WriteString(c, tt.answer) })
				start := time.Now()
				p := one(t, w.crawler(nil, func(c *Config) { c.Retries = 0 }), "http://a.gov.cn/")
				if p.Class != tt.want {
					t.Errorf("got %q (%s), want %q", p.Class, p.Detail, tt.want)
				}
				if p.Class == "" && string(p.Body) != "hello" {
					t.Errorf("body %q, want hello", p.Body)
				}
				for name, values := range p.Header {
					if strings.ContainsAny(name+strings.Join(values, ""), "\r\n\x00") {
						t.Errorf("header %q: %q splits", name, values)
					}
				}
				if took := time.Since(start); took > time.Minute {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

// A challenge is not answered in a loop.
func TestHostile_H12ChallengesAreAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.site("a.gov.cn", answering(521, "<script>go({})</script>"))
		one(t, w.crawler(nil), "http://a.gov.cn/")
		if n := len(s.pages()); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
	})
}

func TestHostile_H19OnlyGET(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet {
				t.Errorf("asked with %s", r.Method)
			}
			text(list)(rw, r)
		})
		one(t, w.crawler(nil), "http://a.gov.cn/")
	})
}

// TestHostile_R10LogInOnAnotherHost is a wall, not a page that is gone.
func TestHostile_R10LogInOnAnotherHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.site("a.gov.cn", sending(func(*http.Request) string { return "https://sso.b.gov.cn/login?to=a" }))
		foreign := w.site("sso.b.gov.cn", text(list))
		p := one(t, w.crawler(nil), "http://a.gov.cn/")
		if p.Class != extract.ClassLogin || p.Class.Reason() != extract.ReasonBlocked {
			t.Errorf("got %q (%s), want %q", p.Class, p.Detail, extract.ClassLogin)
		}
		if len(foreign.all()) > 0 {
			t.Error("the foreign host was asked")
		}
	})
}

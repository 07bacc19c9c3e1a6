package crawler

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/extract"
	"xuncha/internal/egress"
)

func TestErrorsHaveAClass(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	tests := []struct {
		err  error
		want extract.Class
	}{
		{&net.DNSError{IsNotFound: true}, extract.ClassDNSNotFound},
		{&net.DNSError{IsTimeout: true, IsTemporary: true}, extract.ClassDNSTimeout},
		{&net.DNSError{Err: "server misbehaving", IsTemporary: true}, extract.ClassDNSTemporary},
		{dial(syscall.ECONNREFUSED), extract.ClassRefused},
		{dial(syscall.ECONNRESET), extract.ClassReset},
		{dial(syscall.EPIPE), extract.ClassReset},
		{dial(syscall.ETIMEDOUT), extract.ClassTimeout},
		{dial(context.DeadlineExceeded), extract.ClassTimeout},
		{dial(syscall.ENETUNREACH), extract.ClassUnreachable},
		{dial(syscall.EHOSTUNREACH), extract.ClassUnreachable},
		{dial(syscall.EMFILE), extract.ClassOurs},
		{dial(syscall.EADDRNOTAVAIL), extract.ClassOurs},
		{fmt.Errorf("dial: %w", egress.ErrDenied), extract.ClassEgress},
		{errPageTimeout, extract.ClassTimeout},
		{errTooSlow, extract.ClassTooSlow},
		{io.EOF, extract.ClassReset},
		{io.ErrUnexpectedEOF, extract.ClassCutBody},
		{x509.CertificateInvalidError{Reason: x509.Expired}, extract.ClassTLSExpired},
		{x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}, extract.ClassTLS},
		{x509.UnknownAuthorityError{}, extract.ClassTLSUnknown},
		{errors.New("remote error: tls: handshake failure"), extract.ClassTLS},
		{errors.New("net/http: server response headers exceeded 262144 bytes; aborted"), extract.ClassHeaderTooLarge},
		{errors.New("malformed HTTP response"), extract.ClassMalformed},
	}
	for _, tt := range tests {
		if got := classify(fmt.Errorf("fetch: %w", tt.err)); got.class != tt.want || got.detail == "" {
			t.Errorf("%v: got %s (%q), want %s", tt.err, got.class, got.detail, tt.want)
		}
	}
}

func TestStatusesHaveAClass(t *testing.T) {
	tests := []struct {
		status int
		body   string
		want   extract.Class
	}{
		{200, list, ""}, {203, list, ""}, {200, "", extract.ClassEmptyBody}, {200, " \r\n", extract.ClassEmptyBody},
		{202, list, extract.ClassUnexpected}, {204, "", extract.ClassUnexpected}, {206, list, extract.ClassUnexpected}, {304, "", extract.ClassUnexpected},
		{300, list, extract.ClassUnexpected}, {301, "", extract.ClassRedirectInvalid},
		{400, "bad", extract.ClassStatus4xx}, {401, "", extract.ClassForbidden}, {403, "no", extract.ClassForbidden},
		{404, "no", extract.ClassNotFound}, {405, "", extract.ClassForbidden}, {408, "", extract.ClassTimeout}, {410, "", extract.ClassNotFound},
		{412, "", extract.ClassChallenge}, {418, "", extract.ClassStatus4xx}, {429, "", extract.ClassTooMany}, {451, "", extract.ClassForbidden},
		{500, "oops", extract.ClassStatus5xx}, {501, "", extract.ClassStatus5xx}, {503, "", extract.ClassStatus5xx}, {521, "", extract.ClassChallenge},
		{202, "<script>$_ts=window['$_ts']</script>", extract.ClassChallenge},
		{403, "<script>acw_sc__v2</script>", extract.ClassChallenge},
		{200, "<script>document.cookie='__jsl_clearance_s=1'</script>", extract.ClassChallenge},
		{200, "<script>$_ts=1</script>" + list, ""},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.status, " ", len(tt.body)), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.site("a.gov.cn", answering(tt.status, tt.body))
				p := one(t, w.crawler(nil), "http://a.gov.cn/")
				if p.Class != tt.want || p.Status != tt.status {
					t.Errorf("status %d, body %q: got %q (%s), want %q", tt.status, tt.body, p.Class, p.Detail, tt.want)
				}
				if kept := len(p.Body) > 0 && p.SHA256 != ""; kept != (tt.body != "") {
					t.Errorf("status %d: body kept %v", tt.status, kept)
				}
			})
		})
	}
}

// answering answers pages with a status and a body, and robots.txt with none.
func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// TestHostile_Framing speaks HTTP that no server should.
func TestHostile_Framing(t *testing.T) {
	tests := []struct {
		name, answer string
		want         extract.Class
	}{
		{"H01 headers of 300 KiB", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("a", 300<<10) + "\r\n\r\n", extract.ClassHeaderTooLarge},
		{"H03 body shorter than announced", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", extract.ClassCutBody},
		{"H03 body longer than announced", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and more", ""},
		{"H04 two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", extract.ClassMalformed},
		{"H05 chunk beyond any size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx", extract.ClassMalformed},
		{"H05 negative chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx", extract.ClassMalformed},
		{"T06 chunks without an end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", extract.ClassCutBody},
		{"H07 no status line", "<html>HTTP/0.9</html>", extract.ClassMalformed},
		{"an empty reply", "", extract.ClassReset},
		{"half a header", "HTTP/1.1 200 OK\r\nConte", extract.ClassMalformed},
		{"H10 a 204", "HTTP/1.1 204 No Content\r\n\r\n", extract.ClassUnexpected},
		{"H20 two answers to one request", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.rawSite("a.gov.cn", func(c net.Conn) { io.WriteString(c, tt.answer) })
				p := one(t, w.crawler(nil, func(c *Config) { c.Retries = 0 }), "http://a.gov.cn/")
				if p.Class != tt.want {
					t.Errorf("got %q (%s), want %q", p.Class, p.Detail, tt.want)
				}
				if p.Class == "" && string(p.Body) != "hello" {
					t.Errorf("body %q, want hello", p.Body)
				}
				if p.Class != "" && p.Body != nil {
					t.Errorf("kept %d bytes of a broken body", len(p.Body))
				}
			})
		})
	}
}

// TestHostile_Slowness gives every way of being slow its class and its bound.
func TestHostile_Slowness(t *testing.T) {
	tests := []struct {
		name  string
		speak func(net.Conn)
		want  extract.Class
		most  time.Duration
	}{
		{"T04 never answers", func(c net.Conn) { io.Copy(io.Discard, c) }, extract.ClassTimeout, 21 * time.Second},
		{"T05 a byte a second", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")
			drip(c, 1, time.Second)
		}, extract.ClassTooSlow, 16 * time.Second},
		{"fast enough, but for ever", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
			drip(c, 2048, time.Second)
		}, extract.ClassTimeout, 61 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.rawSite("a.gov.cn", tt.speak)
				start := time.Now()
				p := one(t, w.crawler(nil, func(c *Config) { c.Retries = 0 }), "http://a.gov.cn/")
				if p.Class != tt.want || time.Since(start) > tt.most {
					t.Errorf("got %q (%s) after %v, want %q within %v", p.Class, p.Detail, time.Since(start), tt.want, tt.most)
				}
			})
		})
	}
}

// drip writes n bytes per step until the other side is gone.
func drip(c net.Conn, n int, step time.Duration) {
	tick := time.NewTicker(step)
	defer tick.Stop()
	for range tick.C {
		if _, err := c.Write(make([]byte, n)); err != nil {
			return
		}
	}
}

func TestHostile_Connections(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want extract.Class
	}{
		{"T01 refused", syscall.ECONNREFUSED, extract.ClassRefused},
		{"D05 no route", syscall.ENETUNREACH, extract.ClassUnreachable},
		{"T10 no descriptors", syscall.EMFILE, extract.ClassOurs},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.site("a.gov.cn", nil).dial = func(context.Context) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Err: tt.err}
			}
			if p := one(t, w.crawler(nil), "http://a.gov.cn/"); p.Class != tt.want || p.Status != 0 {
				t.Errorf("%s: got %q (%s), want %q", tt.name, p.Class, p.Detail, tt.want)
			}
		})
	}
	w := newWorld(t)
	for url, want := range map[string]extract.Class{
		"http://nowhere.gov.cn/": extract.ClassDNSNotFound,
		"http://127.0.0.1/":      extract.ClassEgress,
		"http://a.gov.cn:22/":    extract.ClassEgress,
		"ftp://a.gov.cn/":        extract.ClassURLInvalid,
		"http:///x":              extract.ClassURLInvalid,
		"http://a.gov.cn/%":      extract.ClassURLInvalid,
		"http://a.gov.cn/" + strings.Repeat("a", 5000): extract.ClassURLInvalid,
	} {
		if p := one(t, w.crawler(nil), url); p.Class != want {
			t.Errorf("%.40s: got %q (%s), want %q", url, p.Class, p.Detail, want)
		}
	}
}

func TestHostile_TLS(t *testing.T) {
	server := httptest.NewUnstartedServer(text(list))
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	defer server.Close()
	plain := httptest.NewServer(text(list))
	defer plain.Close()
	transport, err := egress.NewTransport(egress.Config{
		Ports: egress.PortsOf(server.URL, plain.URL), AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer transport.CloseIdleConnections()
	for url, want := range map[string]extract.Class{
		server.URL: extract.ClassTLSUnknown,
		strings.Replace(plain.URL, "http:", "https:", 1): extract.ClassTLS,
		plain.URL: "",
	} {
		c, err := New(DefaultConfig(), transport, wallClock{}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		c.read, c.cfg.Delay = readAll, 0
		c.hosts.cfg.Delay = 0
		if p := one(t, c, url+"/"); p.Class != want {
			t.Errorf("%s: got %q (%s), want %q", url, p.Class, p.Detail, want)
		}
	}
}

func TestDetailsAreShort(t *testing.T) {
	for _, s := range []string{strings.Repeat("长", 400), strings.Repeat("a", 600), "two\nlines\x00", "\xff\xfe"} {
		got := clip(s)
		if len(got) > 500 || strings.Contains(got, "\n") || strconv.Quote(got) == "" {
			t.Errorf("%d bytes became %d: %q", len(s), len(got), got)
		}
	}
}

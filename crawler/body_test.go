package crawler

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"xuncha/extract"
)

func zipped(data []byte) []byte {
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	z.Write(data)
	z.Close()
	return buf.Bytes()
}

// encoded answers pages with bytes under a content coding.
func encoded(coding string, data []byte, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		if coding != "" {
			w.Header().Set("Content-Encoding", coding)
		}
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.Write(data)
	}
}

func TestHostile_Compression(t *testing.T) {
	page := bytes.Repeat([]byte(list), 40)
	whole := zipped(page)
	damaged := bytes.Clone(whole)
	damaged[len(damaged)-5] ^= 0xff
	const limit = 64 << 10
	tests := []struct {
		name, coding string
		data         []byte
		want         extract.Class
	}{
		{"no coding", "", page, ""},
		{"gzip", "gzip", whole, ""},
		{"x-gzip in capitals", "X-GZIP", whole, ""},
		{"identity said aloud", "identity", page, ""},
		{"two members", "gzip", append(zipped(page[:100]), zipped(page[100:])...), ""},
		{"C01 a bomb", "gzip", bytes.Repeat(zipped(make([]byte, 1<<20)), 32), extract.ClassBodyTooLarge},
		{"C02 gzip in gzip", "gzip, gzip", zipped(whole), extract.ClassNoSuchEncoding},
		{"C03 cut gzip", "gzip", whole[:len(whole)-9], extract.ClassBadEncoding},
		{"C03 bad sum", "gzip", damaged, extract.ClassBadEncoding},
		{"gzip that is none", "gzip", page, extract.ClassBadEncoding},
		{"C05 br", "br", page, extract.ClassNoSuchEncoding},
		{"C05 zstd", "zstd", page, extract.ClassNoSuchEncoding},
		{"C07 one byte over the limit", "", bytes.Repeat([]byte("a"), limit+1), extract.ClassBodyTooLarge},
		{"just at the limit", "", bytes.Repeat([]byte("a"), limit), ""},
		{"gzip of a page at the limit", "gzip", zipped(bytes.Repeat([]byte("a"), limit)), ""},
		{"gzip of a page over the limit", "gzip", zipped(bytes.Repeat([]byte("a"), limit+1)), extract.ClassBodyTooLarge},
		{"gzip of nothing", "gzip", zipped(nil), extract.ClassEmptyBody},
		{"nothing called gzip", "gzip", nil, extract.ClassEmptyBody},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.site("a.gov.cn", encoded(tt.coding, tt.data))
			c := w.crawler(nil, func(c *Config) { c.Delay, c.MaxBody, c.Retries = 0, limit, 0 })
			p := one(t, c, "http://a.gov.cn/x.xml.gz")
			if p.Class != tt.want {
				t.Fatalf("got %q (%s), want %q", p.Class, p.Detail, tt.want)
			}
			if p.Class != "" && p.Body != nil {
				t.Errorf("kept %d bytes of a body that is not whole", len(p.Body))
			}
			if p.Class == "" && len(p.Body) != len(page) && len(p.Body) != limit {
				t.Errorf("body of %d bytes", len(p.Body))
			}
		})
	}
}

func TestHostile_C04EndlessEmptyMembers(t *testing.T) {
	w := newWorld(t)
	w.site("a.gov.cn", encoded("gzip", bytes.Repeat(zipped(nil), 100_000)))
	c := w.crawler(nil, func(c *Config) { c.Delay, c.MaxBody = 0, 1<<20 })
	if p := one(t, c, "http://a.gov.cn/"); p.Class != extract.ClassBodyTooLarge {
		t.Errorf("got %q (%s), want %q", p.Class, p.Detail, extract.ClassBodyTooLarge)
	}
}

func TestHostile_C01MemoryStaysBounded(t *testing.T) {
	bomb := bytes.Repeat(zipped(make([]byte, 1<<20)), 256) // 256 KiB that become 256 MiB
	w := newWorld(t)
	w.site("a.gov.cn", encoded("gzip", bomb))
	c := w.crawler(nil, func(c *Config) { c.Delay = 0 })
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p := one(t, c, "http://a.gov.cn/bomb.xml.gz")
	runtime.ReadMemStats(&after)
	if p.Class != extract.ClassBodyTooLarge {
		t.Errorf("got %q (%s), want %q", p.Class, p.Detail, extract.ClassBodyTooLarge)
	}
	if got := (after.TotalAlloc - before.TotalAlloc) >> 20; got > 64 {
		t.Errorf("%d MiB allocated for a bomb, want at most 64", got)
	}
}

func TestHostile_C08StoppedByItsHeaders(t *testing.T) {
	for _, header := range [][]string{
		{"Content-Type", "application/octet-stream", "Content-Length", strconv.FormatInt(50<<30, 10)},
		{"Content-Type", "video/mp4"},
	} {
		w := newWorld(t)
		s := w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				http.NotFound(rw, r)
				return
			}
			encoded("", []byte(list), header...)(rw, r)
			rw.(http.Flusher).Flush()
		})
		p := one(t, w.crawler(nil, func(c *Config) { c.Delay = 0 }), "http://a.gov.cn/big.iso")
		if p.Class != extract.ClassBodyTooLarge || len(s.name) == 0 {
			t.Errorf("%v: got %q (%s), want %q", header, p.Class, p.Detail, extract.ClassBodyTooLarge)
		}
	}
}

func TestHostile_HeadersKeptAreBounded(t *testing.T) {
	w := newWorld(t)
	w.site("a.gov.cn", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/html; charset="+strings.Repeat("x", 100<<10))
		for i := range 100 {
			rw.Header().Add("X-Many", fmt.Sprint(i))
		}
		rw.Write([]byte(list))
	})
	p := one(t, w.crawler(nil, func(c *Config) { c.Delay = 0 }), "http://a.gov.cn/")
	if n := len(p.HeaderValue("Content-Type")); p.Class != "" || n != maxValueBytes || len(p.Header["X-Many"]) != maxValues {
		t.Errorf("class %q, Content-Type of %d bytes, %d values of X-Many", p.Class, n, len(p.Header["X-Many"]))
	}
}

func TestAcceptsOnlyWhatItDecodes(t *testing.T) {
	w := newWorld(t)
	s := w.site("a.gov.cn", text(list))
	one(t, w.crawler(nil, func(c *Config) { c.Delay = 0; c.UserAgent = "Xuncha/9 (+https://www.yq.gov.cn/)" }), "http://a.gov.cn/")
	h := s.pages()[0].header
	if h.Get("Accept-Encoding") != "gzip" || h.Get("User-Agent") != "Xuncha/9 (+https://www.yq.gov.cn/)" || h.Get("Referer") != "" {
		t.Errorf("headers sent: %v", h)
	}
}

package crawler

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/klauspost/compress/gzip"

	"xuncha/extract"
	"xuncha/internal/egress"
)

// listPage is a page of about 66 KB, as large as a real one.
func listPage() []byte {
	row := `<li class="item"><a href="/art/2023/9/1/art_1234_56789.html" target="_blank" title="关于印发通知">关于印发《阳泉市政务公开工作要点》的通知</a><span class="date">2023-09-01</span></li>` + "\n"
	return []byte("<html><head><meta charset=utf-8></head><body><ul class=list>" + strings.Repeat(row, 300) + "</ul></body></html>")
}

// loop is a network that leads to one server on loopback.
type loop struct{ to string }

func (loop) Lookup(context.Context, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.AddrFrom4([4]byte{61, 1, 1, 1})}, nil
}

func (l loop) Dial(ctx context.Context, _ netip.AddrPort) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, "tcp", l.to)
}

// serve serves a gzipped page on loopback.
func serve(b *testing.B) loop {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(listPage())
	z.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(packed.Bytes())
	})}
	done := make(chan struct{})
	go func() { defer close(done); srv.Serve(l) }()
	b.Cleanup(func() { srv.Close(); <-done })
	return loop{l.Addr().String()}
}

// parse is what any reader of a page has to do.
func parse(b *testing.B, body io.Reader) {
	doc, err := goquery.NewDocumentFromReader(body)
	if err != nil || doc.Find("ul.list li").Length() != 300 {
		b.Fatal("not the page that was served", err)
	}
}

// BenchmarkCrawl fetches and parses one page by the crawler.
func BenchmarkCrawl(b *testing.B) {
	transport, err := egress.NewTransport(egress.Config{Network: serve(b)})
	if err != nil {
		b.Fatal(err)
	}
	defer transport.CloseIdleConnections()
	cfg := DefaultConfig()
	cfg.Delay, cfg.Jitter = 0, 0
	c, err := New(cfg, transport, wallClock{}, nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	c.read = func(t extract.Task, pages []extract.Page) (extract.Reading, []extract.Want) {
		if len(pages) == 0 {
			return extract.Reading{}, []extract.Want{{URL: t.URLs[0], Why: extract.WhyList}}
		}
		parse(b, bytes.NewReader(pages[0].Body))
		return extract.Reading{Outcome: extract.Dated}, nil
	}
	job := Job{}
	job.Subjects = append(job.Subjects, column("a", "http://a.gov.cn/"))
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Crawl(b.Context(), job, func(Visit) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPlain does the same by net/http and goquery alone.
func BenchmarkPlain(b *testing.B) {
	l := serve(b)
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return l.Dial(ctx, netip.AddrPort{})
	}}
	defer transport.CloseIdleConnections()
	client := http.Client{Transport: transport}
	b.ReportAllocs()
	for b.Loop() {
		resp, err := client.Get("http://a.gov.cn/")
		if err != nil {
			b.Fatal(err)
		}
		parse(b, resp.Body)
		resp.Body.Close()
	}
}

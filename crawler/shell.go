package crawler

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/gocolly/colly/v2"
	"github.com/gocolly/colly/v2/queue"

	"xuncha/extract"
)

// A shell is colly around fetch: colly's queue holds the wants of one subject,
// its callbacks bring the pages back. What colly would do to an answer itself is
// kept from it, because it cuts long bodies in silence, counts its limit before
// gunzipping, decodes charsets and loses parse errors: it sees a status, and the
// page passes it by. A shell serves one subject at a time.
type shell struct {
	c         *Crawler
	collector *colly.Collector

	// searched holds the pages that this job has searched for names, by address:
	// many subjects of a host search its home page, which is asked for once.
	searched map[string]extract.Page

	errands []errand
	current int             // index of the errand that colly is at
	got     *fetched        // what came of it, until a callback takes it
	answers map[int]fetched // by index
}

// fetched is what came of one errand.
type fetched struct {
	page extract.Page
	err  error // of the context
}

// errNoPage tells colly that there is no response; the page says why.
var errNoPage = errors.New("no response")

// wantKey holds the index of an errand in colly's context.
const wantKey = "want"

func newShell(c *Crawler) *shell {
	s := &shell{c: c, collector: &colly.Collector{}, searched: map[string]extract.Page{}}
	s.collector.Init() // not NewCollector, which lets the environment decide
	s.collector.MaxBodySize = 0
	s.collector.AllowURLRevisit = true
	s.collector.IgnoreRobotsTxt = true
	s.collector.ParseHTTPErrorResponse = true
	s.collector.DetectCharset = false
	s.collector.UserAgent = c.cfg.UserAgent
	s.collector.DisableCookies()
	s.collector.SetRequestTimeout(0)
	s.collector.SetRedirectHandler(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse })
	s.collector.WithTransport(s)
	s.collector.OnRequest(func(r *colly.Request) { s.current = index(r.Ctx) })
	s.collector.OnResponse(func(r *colly.Response) { s.take(r.Ctx) })
	s.collector.OnError(func(r *colly.Response, _ error) { s.take(r.Ctx) })
	return s
}

// fetch answers errands in order, each with a page and one to be shown also with
// what its scripts were given. The error is only ever that of ctx.
func (s *shell) fetch(ctx context.Context, errands []errand) ([]extract.Page, error) {
	s.errands, s.answers, s.collector.Context = errands, map[int]fetched{}, ctx
	if err := s.run(); err != nil {
		s.c.log.Warn("queue failed; pages are fetched without it", "error", err)
	}
	pages := make([]extract.Page, 0, len(errands))
	for i, e := range errands {
		got, err := s.answer(ctx, i, e)
		if err != nil {
			return nil, err
		}
		pages = append(pages, got...)
	}
	return pages, ctx.Err()
}

// answer returns what came of an errand: the page, and behind one that a browser
// showed the data it asked for.
func (s *shell) answer(ctx context.Context, i int, e errand) ([]extract.Page, error) {
	if e.want.Render {
		return s.c.render(ctx, e)
	}
	searching := e.want.Why == extract.WhySearch
	if p, again := s.searched[e.want.URL]; again && searching {
		return []extract.Page{p}, nil
	}
	f, ok := s.answers[i]
	if !ok { // no request at all, or one that colly would not make
		f.page, f.err = s.c.fetch(ctx, e)
	}
	if f.err != nil {
		return nil, f.err
	}
	if searching && f.page.Body != nil {
		s.searched[e.want.URL] = f.page
	}
	return []extract.Page{f.page}, nil
}

// run has colly work the errands off. One alone needs no queue, which would turn
// it into JSON and back and start a goroutine for it.
func (s *shell) run() error {
	if len(s.errands) == 1 {
		if r, ok := s.request(0); ok {
			_ = s.collector.Request(r.Method, r.URL.String(), nil, r.Ctx, nil) // a callback has taken what came of it
		}
		return nil
	}
	q, err := queue.New(1, nil)
	if err != nil {
		return err
	}
	for i := range s.errands {
		r, ok := s.request(i)
		if !ok {
			continue
		}
		if err := q.AddRequest(r); err != nil {
			return err
		}
	}
	return q.Run(s.collector)
}

// request makes a colly request for an errand; ok is false for one that is no
// request at all, or was answered before.
func (s *shell) request(i int) (r *colly.Request, ok bool) {
	w := s.errands[i].want
	if _, again := s.searched[w.URL]; again && w.Why == extract.WhySearch {
		return nil, false
	}
	u, err := parseURL(w.URL)
	if err != nil || w.Render {
		return nil, false
	}
	ctx := colly.NewContext()
	ctx.Put(wantKey, strconv.Itoa(i))
	return &colly.Request{URL: u, Method: http.MethodGet, Ctx: ctx}, true
}

// RoundTrip fetches the page of the errand under way and shows colly its status.
// The request itself is not looked at: colly respells addresses.
func (s *shell) RoundTrip(r *http.Request) (*http.Response, error) {
	var f fetched
	f.page, f.err = s.c.fetch(r.Context(), s.errands[s.current])
	s.got = &f
	switch {
	case f.err != nil:
		return nil, f.err
	case f.page.Status == 0:
		return nil, errNoPage
	}
	return &http.Response{
		Status:     http.StatusText(f.page.Status),
		StatusCode: f.page.Status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:       http.Header{},
		Body:         http.NoBody,
		Uncompressed: true, // keeps colly from gunzipping what is named .xml.gz
		Request:      r,
	}, nil
}

// take takes over what came of the errand of a callback, if it was made.
func (s *shell) take(ctx *colly.Context) {
	if s.got != nil {
		s.answers[index(ctx)], s.got = *s.got, nil
	}
}

func index(ctx *colly.Context) int {
	i, err := strconv.Atoi(ctx.Get(wantKey))
	if err != nil {
		return 0
	}
	return i
}

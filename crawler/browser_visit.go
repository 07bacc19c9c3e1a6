package crawler

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"xuncha/extract"
)

// render answers a want for a page as a browser shows it, whatever comes of it:
// with that page, and with what its scripts were given. The error is only ever
// that of ctx.
func (c *Crawler) render(ctx context.Context, e errand) ([]extract.Page, error) {
	p := extract.Page{Asked: e.want.URL, URL: e.want.URL, Why: e.want.Why}
	u, err := parseURL(e.want.URL)
	switch {
	case err != nil:
		return []extract.Page{c.failed(p, failure{extract.ClassURLInvalid, clip(err.Error())})}, nil
	case c.cfg.Browser == nil:
		return []extract.Page{c.failed(p, failure{extract.ClassNoBrowser, "the page has to be shown by a browser, and none is at hand"})}, nil
	}
	h := c.hosts.of(u)
	why := h.closed()
	if p.Authority = c.authority(e, u); p.Authority == "" && !why.failed() {
		if why, err = c.permitted(ctx, u, nil); err != nil {
			return nil, err
		}
	}
	if why.failed() {
		p.Rendered = true // no request of ours answers for it, see retakable
		return []extract.Page{c.failed(p, why)}, nil
	}
	s, took, err := c.show(ctx, newShowing(c, e, u, h))
	switch {
	case err == nil:
	case errors.Is(err, errNoBrowser):
		return []extract.Page{c.failed(p, failure{extract.ClassNoBrowser, clip(err.Error())})}, nil
	default:
		return nil, err
	}
	if e.picture {
		return c.pictured(p, s, took), nil
	}
	return c.shown(p, s, e, took), nil
}

// show shows a page while it is the host's turn. An error that is not of ctx is
// errNoBrowser, wrapped.
func (c *Crawler) show(ctx context.Context, s *showing) (seen sight, took time.Duration, err error) {
	timed, cancel := s.host.platform.begin(ctx)
	defer cancel()
	start := time.Now()
	if err := s.host.rest(timed); err != nil { // nobody else's page waits for a tab meanwhile
		return sight{failure: s.host.closed()}, 0, ctx.Err()
	}
	rested := time.Since(start)
	l, err := c.cfg.Browser.borrow(timed)
	switch {
	case errors.Is(err, errNoBrowser):
		return sight{}, 0, err
	case err != nil:
		return sight{failure: s.host.closed()}, 0, ctx.Err()
	}
	worn := false
	defer func() { c.cfg.Browser.giveBack(l, worn) }()
	waited, err := s.host.enter(timed)
	if err != nil {
		return sight{failure: s.host.closed()}, 0, ctx.Err()
	}
	if why := s.host.closed(); why.failed() { // anything may have happened while this waited
		s.host.pass()
		return sight{failure: why}, 0, ctx.Err()
	}
	c.counters.add(func(st *Stats) {
		st.Waited += rested + waited
		st.Rendered++
	})
	start = time.Now()
	seen, worn = c.cfg.Browser.show(timed, l, s.at, s, s.e.picture)
	if took = time.Since(start); seen.class == extract.ClassDeadline {
		seen.failure = s.host.closed()
	}
	s.host.leave(took)
	return seen, took, ctx.Err()
}

// shown writes down what a browser showed.
func (c *Crawler) shown(p extract.Page, s sight, e errand, took time.Duration) []extract.Page {
	now := c.clock.Now()
	p.FetchedAt, p.Took, p.Rendered = now, took, true
	p.Status, p.Header = s.answer.status, withUTF8(s.answer.header)
	p.Class, p.Detail = s.class, s.detail
	if s.url != "" {
		p.URL = s.url
	}
	if !s.failed() {
		why := judgeStatus(p.Status, s.body)
		p.Class, p.Detail = why.class, why.detail
		p = withBody(p, s.body, now)
	}
	c.heed(p)
	pages := []extract.Page{c.count(p)}
	names := allowed(baseOf(p.URL), e.hosts)
	for _, d := range s.data {
		if len(pages) <= maxData && (worthKeeping(d, names) || c.tells(d)) {
			pages = append(pages, c.count(withBody(extract.Page{
				Asked: d.url, URL: d.url, Why: extract.WhyData, Status: d.got.status, Header: d.got.header, FetchedAt: now, Took: d.got.took,
				Class: d.got.class, Detail: d.got.detail,
			}, d.got.body, now)))
		}
	}
	return pages
}

// worthKeeping reports whether an answer to a script may hold the page's list:
// JSON, XML or HTML from the site's own hosts.
func worthKeeping(d datum, hosts []string) bool {
	u, err := url.Parse(d.url)
	return err == nil && d.method == http.MethodGet && d.got.status == http.StatusOK && !d.got.failed() && isData(d.got.body) && slices.Contains(hosts, bareHost(u.Host))
}

// tells reports whether an answer to a script holds what a platform shows a guest,
// or its refusal. Some platforms want their lists posted for.
func (c *Crawler) tells(d datum) bool {
	if c.hosts.platforms.at(d.url) == nil || len(d.got.body) > maxDatum {
		return false
	}
	return d.got.status >= 400 && !d.got.broken || d.got.status == http.StatusOK && !d.got.failed() && isData(d.got.body)
}

// isData reports whether a body begins as JSON, XML or HTML does.
func isData(body []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(body) <= maxDatum && len(text) > 0 && strings.ContainsRune("{[<", rune(text[0]))
}

// withBody gives a page its body.
func withBody(p extract.Page, body []byte, now time.Time) extract.Page {
	if len(body) > 0 {
		sum := sha256.Sum256(body)
		p.Body, p.SHA256, p.BodyAt = body, hex.EncodeToString(sum[:]), now
	}
	return p
}

// withUTF8 returns headers that say what a document from a browser is encoded as,
// whatever its host sent.
func withUTF8(h http.Header) http.Header {
	out := h.Clone()
	if out != nil {
		out.Set("Content-Type", "text/html; charset=utf-8")
	}
	return out
}

// baseOf parses an address that was parsed before.
func baseOf(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil {
		return &url.URL{}
	}
	return u
}

// showingWidth is how many requests a page that is shown may have out to its own
// host at a time. To any other it has one, and so it has to a platform.
const showingWidth = 2

// A showing is the policy of one page that is shown. It holds the turn of its
// host, or of its platform: nothing else asks there, and the delay is owed before
// and after. To other hosts it waits for the turn with each request, and for the
// delay with the first.
type showing struct {
	c     *Crawler
	e     errand
	at    *url.URL
	host  *host
	slots chan struct{}

	mu  sync.Mutex
	met map[*pace]bool // guarded by mu; those of other hosts that were asked
}

func newShowing(c *Crawler, e errand, at *url.URL, h *host) *showing {
	width := showingWidth
	if h.platform != nil {
		width = 1
	}
	return &showing{c: c, e: e, at: at, host: h, slots: make(chan struct{}, width), met: map[*pace]bool{}}
}

// open returns why the page's own frame may not show a document: it would have
// come from another site, or robots.txt forbids it.
func (s *showing) open(ctx context.Context, u *url.URL) failure {
	switch {
	case u.String() == s.at.String(), s.c.authority(s.e, u) != "":
		return failure{}
	case !slices.Contains(allowed(s.at, s.e.hosts), bareHost(u.Host)):
		return failure{extract.ClassForeign, clip("led by script to " + u.Redacted())}
	}
	why, err := s.permitted(ctx, u)
	if err != nil {
		return failure{extract.ClassTimeout, clip(err.Error())}
	}
	return why
}

// permitted returns why robots.txt forbids a document. Where the turn is ours
// already, it is asked for within that.
func (s *showing) permitted(ctx context.Context, u *url.URL) (failure, error) {
	switch h := s.c.hosts.of(u); {
	case h == s.host: // the page itself was permitted by its own
		own := *u
		own.Scheme, own.Host = s.at.Scheme, s.at.Host
		return s.c.permitted(ctx, &own, nil)
	case h.pace == s.host.pace:
		leave, err := s.enter(ctx, h)
		if err != nil {
			return failure{}, err
		}
		defer leave(0)
		return s.c.permitted(ctx, u, h.pace)
	}
	return s.c.permitted(ctx, u, nil)
}

// ask makes one request of the page.
func (s *showing) ask(ctx context.Context, r *http.Request, u *url.URL, body []byte) answer {
	if !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions}, r.Method) {
		return answer{failure: failure{extract.ClassUnexpected, "the page may not " + r.Method}}
	}
	h := s.c.hosts.of(u)
	if why := h.closed(); why.failed() {
		return answer{failure: why}
	}
	leave, err := s.enter(ctx, h)
	if err != nil {
		return answer{failure: classify(context.Cause(ctx))}
	}
	out := s.request(r, u, body)
	kin := h.platform != nil && h.platform == s.host.platform
	if kin {
		s.c.jar.lend(u, out.Header)
	}
	a := s.c.roundTrip(ctx, question{url: u, limit: s.c.cfg.MaxBody, asked: out})
	if kin {
		s.c.jar.keep(u, a.whole)
	}
	leave(a.took)
	return a
}

// enter waits until a host may be asked.
func (s *showing) enter(ctx context.Context, h *host) (leave func(took time.Duration), err error) {
	if h.pace == s.host.pace {
		select {
		case s.slots <- struct{}{}:
			return func(time.Duration) { <-s.slots }, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	s.mu.Lock()
	met := s.met[h.pace]
	s.met[h.pace] = true
	s.mu.Unlock()
	if met {
		err = h.follow(ctx)
	} else {
		_, err = h.enter(ctx)
	}
	return h.leave, err
}

// request is what the page asks, in our own name and without what concerns the
// browser and its proxy alone.
func (s *showing) request(r *http.Request, u *url.URL, body []byte) *http.Request {
	h := r.Header.Clone()
	for name := range h {
		if ofConnection[name] || strings.HasPrefix(name, "Sec-Ch-") {
			delete(h, name)
		}
	}
	h.Set("User-Agent", s.c.cfg.UserAgent)
	h.Set("Accept-Encoding", "gzip")
	out := &http.Request{Method: r.Method, URL: u, Host: u.Host, Header: h, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	if len(body) > 0 {
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	return out
}

package crawler

import (
	"context"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"

	"xuncha/extract"
)

// A question is one request to be made.
type question struct {
	url     *url.URL
	header  http.Header // besides what every request carries
	limit   int64       // on the body
	cut     bool        // a longer body is cut instead of refused
	settled bool        // the 304 that header may bring is welcome
	known   string      // digest of the packed body of a whole page; it need not be unpacked

	// turn is held already by whoever asks; nil for none.
	turn *pace

	// asked is the request of a page that a browser shows, which goes out as it
	// is; nil asks as the crawler does.
	asked *http.Request
}

// An answer is one response whole, or the stated lack of one.
type answer struct {
	status int
	header http.Header
	body   []byte
	failure

	packed       []byte // body as it came, if it came gzipped
	packedSHA256 string
	known        bool        // the body is the one that was known, and is not here
	whole        http.Header // as sent, where header is bounded
	broken       bool        // the body could not be read

	took      time.Duration // without any wait of ours
	connected bool          // a connection was had
	refused   bool          // the host was not asked at all
	cookies   bool          // it sets cookies
	location  string        // where it redirects to, not bounded as the headers are
}

// closed returns why a host is not to be asked now; the failure is zero if it may
// be.
func (h *host) closed() failure {
	if why := h.platform.closed(); why.failed() {
		return why
	}
	return h.circuit.open()
}

// exchange asks a host once, when it is the host's turn. The error is only ever
// that of ctx.
func (c *Crawler) exchange(ctx context.Context, q question) (answer, error) {
	h := c.hosts.of(q.url)
	if why := h.closed(); why.failed() {
		return answer{failure: why, refused: true}, ctx.Err()
	}
	timed, cancel := h.platform.begin(ctx)
	defer cancel()
	if q.turn != h.pace {
		waited, err := h.enter(timed)
		if err != nil {
			return answer{failure: h.platform.closed(), refused: true}, ctx.Err()
		}
		c.counters.add(func(s *Stats) { s.Waited += waited })
	}
	a := c.inTurn(timed, q, h)
	if q.turn != h.pace {
		h.giveUp(a)
	}
	return a, ctx.Err()
}

// giveUp ends the turn in which an answer came.
func (h *host) giveUp(a answer) {
	if a.refused {
		h.pass()
		return
	}
	h.leave(a.took)
}

// inTurn asks a host whose turn it is.
func (c *Crawler) inTurn(ctx context.Context, q question, h *host) answer {
	why := h.platform.closed() // anything may have happened while this waited
	var done func(error)
	if !why.failed() {
		done, why = h.circuit.allow()
	}
	if why.failed() {
		return answer{failure: why, refused: true}
	}
	a := c.roundTrip(ctx, q)
	switch {
	case a.class == extract.ClassDeadline:
		a.failure = h.platform.closed()
	case ctx.Err() == nil && a.status == 0:
		h.circuit.note(a.failure)
	}
	if ctx.Err() != nil {
		done(errUncounted)
	} else {
		done(a.bearing())
	}
	return a
}

// bearing tells what an answer says of its host: nil that it lives.
func (a answer) bearing() error {
	switch {
	case a.status != 0:
		return nil
	case a.class == extract.ClassEgress, a.class == extract.ClassOurs, a.class == extract.ClassDeadline:
		return errUncounted
	case !a.connected:
		return errNoAnswer
	case a.class == extract.ClassMalformed, a.class == extract.ClassHeaderTooLarge:
		return nil
	}
	return errUncounted // one page may hang or break; see Crawler.ask
}

// An attempt is what happens around one request on the wire.
type attempt struct {
	c        *Crawler
	host     *host
	giveUp   context.CancelCauseFunc
	deadline *time.Timer
	leave    func() // gives the address's slot back; nil without one
	held     time.Duration
	had      bool
}

// roundTrip asks once and reads the whole answer.
func (c *Crawler) roundTrip(parent context.Context, q question) answer {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	t := &attempt{c: c, host: c.hosts.of(q.url), giveUp: cancel}
	t.deadline = time.AfterFunc(c.cfg.PageTimeout, func() { cancel(errPageTimeout) })
	defer t.end()
	trace := &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) { t.gotConn(ctx, i) }}
	c.counters.add(func(s *Stats) { s.Requests++ })
	t.host.platform.asked()
	start := time.Now()
	resp, err := c.transport.RoundTrip(c.request(httptrace.WithClientTrace(ctx, trace), q))
	a := answer{connected: t.had}
	if err != nil {
		a.failure = classify(reason(ctx, err))
	} else {
		a.connected = true
		c.receive(ctx, q, t, resp, &a)
	}
	a.took = time.Since(start) - t.held
	return a
}

// receive reads a response into a.
func (c *Crawler) receive(ctx context.Context, q question, t *attempt, resp *http.Response, a *answer) {
	defer resp.Body.Close()
	a.status, a.header, a.location = resp.StatusCode, bounded(resp.Header), resp.Header.Get("Location")
	a.whole = resp.Header
	if q.asked == nil {
		if of := t.host.platform; of != nil && !q.cut && outOfStandard(a.status) {
			c.jar.forget(of) // they came to nothing: a browser is to begin as a visitor does
		}
		c.jar.keep(q.url, resp.Header)
	}
	a.cookies = len(resp.Header["Set-Cookie"]) > 0
	if a.status != http.StatusOK {
		q.known = ""
	}
	r := c.bodies.read(resp, q, t.giveUp)
	c.counters.add(func(s *Stats) {
		s.WireBytes += r.wire
		s.BodyBytes += int64(len(r.body))
	})
	if r.err != nil {
		r.failure = classify(reason(ctx, r.err))
	}
	if r.class == extract.ClassBodyTooLarge && q.cut {
		r.failure = failure{}
	}
	if a.broken = r.failed(); a.broken {
		r.body, r.packed = nil, nil
	}
	a.body, a.packed, a.packedSHA256, a.known = r.body, r.packed, r.packedSHA256, r.known
	a.failure = judge(q, resp.StatusCode, r)
}

// judge weighs a status against a body: what is wrong with the status is told
// first, because a body is expected of whole pages only.
func judge(q question, status int, r read) failure {
	switch {
	case redirects(status), r.known, q.settled && status == http.StatusNotModified:
		return failure{}
	case r.failed() && statusClass(status) == "":
		return r.failure
	}
	return judgeStatus(status, r.body)
}

// request builds the request. Its URL goes out byte for byte.
func (c *Crawler) request(ctx context.Context, q question) *http.Request {
	if q.asked != nil {
		return q.asked.WithContext(ctx)
	}
	h := http.Header{
		"User-Agent":      {c.cfg.UserAgent},
		"Accept":          {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
		"Accept-Language": {"zh-CN,zh;q=0.9"},
		"Accept-Encoding": {"gzip"},
	}
	for name, values := range q.header {
		h[name] = values
	}
	if cookie := c.jar.header(q.url); cookie != "" {
		h["Cookie"] = []string{cookie}
	}
	r := &http.Request{Method: http.MethodGet, URL: q.url, Host: q.url.Host, Header: h, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	return r.WithContext(ctx)
}

// gotConn waits until the address may be asked by one more. The page's time
// begins after that. A second connection means that the transport asks again by
// itself, because the host dropped the first; the delay is owed then too.
func (t *attempt) gotConn(ctx context.Context, info httptrace.GotConnInfo) {
	t.deadline.Stop()
	start := time.Now()
	t.release()
	var err error
	if t.had {
		err = wait(ctx, t.host.pause())
	}
	t.had = true
	addr, ok := info.Conn.RemoteAddr().(*net.TCPAddr)
	if ok && err == nil { // not a proxy, nor a network without addresses
		if leave, err := t.c.addresses.enter(ctx, addr.IP.String()); err == nil {
			t.leave = leave
		}
	}
	t.held += time.Since(start)
	t.deadline.Reset(t.c.cfg.PageTimeout)
}

func (t *attempt) end() {
	t.deadline.Stop()
	t.release()
}

func (t *attempt) release() {
	if t.leave != nil {
		t.leave()
		t.leave = nil
	}
}

// reason returns why we gave a request up, if we did, instead of the cancelled
// context it shows.
func reason(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// Bounds of the headers kept with a page.
const (
	maxValues     = 8
	maxValueBytes = 2 << 10
)

// bounded returns the headers worth keeping. Cookies are no proof of anything
// and nobody's business later.
func bounded(h http.Header) http.Header {
	kept := make(http.Header, len(h))
	for name, values := range h {
		if name == "Set-Cookie" || len(name) > maxValueBytes {
			continue
		}
		for _, v := range values[:min(len(values), maxValues)] {
			kept[name] = append(kept[name], v[:min(len(v), maxValueBytes)])
		}
	}
	return kept
}

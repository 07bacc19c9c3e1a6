package crawler

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"xuncha/extract"
)

// ask asks until there is an answer that trying again would not better, within
// a small budget. The error is only ever that of ctx.
func (c *Crawler) ask(ctx context.Context, q question) (answer, error) {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.Multiplier, pauses.MaxInterval = c.cfg.Backoff, 2, max(c.cfg.MaxWait, c.cfg.Backoff)
	pauses.Reset()
	var took time.Duration
	for try := 0; ; try++ {
		a, err := c.exchange(ctx, q)
		if err != nil {
			return answer{}, err
		}
		took += a.took
		a.took = took
		pause, again := c.again(q, a, try)
		if !again {
			c.settle(q, a)
			return a, nil
		}
		pause = max(pause, pauses.NextBackOff())
		if !c.hosts.of(q.url).platform.within(pause) {
			c.settle(q, a)
			return a, nil
		}
		if err := wait(ctx, pause); err != nil {
			return answer{}, err
		}
	}
}

// again decides whether a failure is tried once more, and after how long at
// least.
func (c *Crawler) again(q question, a answer, try int) (time.Duration, bool) {
	if a.refused || try >= c.budget(a) || c.hosts.of(q.url).platform != nil && refused(a.status, a.class) {
		return 0, false // a platform that refuses is not pressed, see platform.refuses
	}
	after, ok := c.retryAfter(a)
	if !ok {
		return 0, true
	}
	if after > c.cfg.MaxWait {
		return 0, false
	}
	c.hosts.of(q.url).hold(after)
	return after, true
}

// budget returns how often an answer like this is tried again.
func (c *Crawler) budget(a answer) int {
	switch a.class {
	case extract.ClassDNSTemporary, extract.ClassDNSTimeout, extract.ClassRefused, extract.ClassReset,
		extract.ClassCutBody, extract.ClassTooMany:
		return c.cfg.Retries
	case extract.ClassTimeout:
		if a.connected {
			return min(c.cfg.Retries, 1) // a page that hangs is dear
		}
		return c.cfg.Retries
	case extract.ClassStatus5xx:
		if a.status != http.StatusNotImplemented {
			return c.cfg.Retries
		}
	}
	return 0
}

// settle draws the host's consequences from an answer that stays: it wants to be
// left alone, or a page of it gave no answer at all.
func (c *Crawler) settle(q question, a answer) {
	if a.refused || a.class == extract.ClassDeadline {
		return
	}
	h := c.hosts.of(q.url)
	after, named := c.retryAfter(a)
	switch {
	case h.platform != nil && a.class == extract.ClassTooMany:
		h.hold(after) // whoever comes next waits for that, or for its cool-down
		return
	case named && after > c.cfg.MaxWait:
		h.circuit.leaveAlone(after, a.failure)
	case a.class == extract.ClassTooMany:
		h.circuit.leaveAlone(c.cfg.CircuitFor, a.failure)
	case a.connected && a.status == 0 && a.bearing() != nil:
		if done, why := h.circuit.allow(); !why.failed() {
			done(errNoAnswer)
		}
	default:
		return
	}
	if why := h.circuit.open(); why.failed() {
		c.log.Info("host is not asked further", "host", h.key, "class", string(a.class), "detail", a.detail)
	}
}

// retryAfter returns what an answer asks for by Retry-After. What cannot be read
// or lies in the past asks for nothing.
func (c *Crawler) retryAfter(a answer) (time.Duration, bool) {
	if a.class != extract.ClassTooMany && a.class != extract.ClassStatus5xx {
		return 0, false
	}
	text := strings.TrimSpace(a.header.Get("Retry-After"))
	if text == "" {
		return 0, false
	}
	var d time.Duration
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		d = time.Duration(n) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		d = at.Sub(c.clock.Now())
	}
	return min(d, c.cfg.MaxRetryAfter), d > 0
}

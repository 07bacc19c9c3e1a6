package crawler

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"xuncha/extract"
)

// Bounds of asking for a robots.txt.
const (
	maxRobotsRedirects = 5
	robotsAgainAfter   = 10 * time.Minute // one that was out of reach
)

// permits remember the robots.txt of every origin for the life of a crawler.
type permits struct {
	mu       sync.Mutex
	byOrigin map[string]*permit // guarded by mu
}

// A permit is the robots.txt of one origin, or why it could not be had.
type permit struct {
	turn chan struct{} // holds one token; whoever has it may use the rest

	asked   time.Time // zero if never
	rules   rules
	failure failure
}

func newPermit() *permit {
	p := &permit{turn: make(chan struct{}, 1)}
	p.turn <- struct{}{}
	return p
}

// free takes a permit if nobody uses it.
func (p *permit) free() bool {
	select {
	case <-p.turn:
		return true
	default:
		return false
	}
}

// of returns the permit of the origin of an address.
func (p *permits) of(u *url.URL) *permit {
	origin := u.Scheme + "://" + hostKey(u)
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.byOrigin[origin]
	if known == nil {
		known = newPermit()
		p.byOrigin[origin] = known
	}
	return known
}

// permitted returns why an address is not to be asked; the failure is zero if it
// may be. A robots.txt that is out of reach forbids everything, and what is told
// then is what kept it out of reach. Turn is what the caller holds, nil for none.
// The error is only ever that of ctx.
func (c *Crawler) permitted(ctx context.Context, u *url.URL, turn *pace) (failure, error) {
	p := c.permits.of(u)
	if turn != nil && !p.free() {
		p = newPermit() // whoever uses it may be waiting for the turn that we hold
		<-p.turn
	} else if turn == nil {
		select {
		case <-p.turn:
		case <-ctx.Done():
			return failure{}, ctx.Err()
		}
	}
	defer func() { p.turn <- struct{}{} }()
	if p.asked.IsZero() || p.failure.failed() && time.Since(p.asked) > robotsAgainAfter {
		if err := c.askRobots(ctx, u, p, turn); err != nil {
			return failure{}, err
		}
	}
	return p.verdict(u, c.cfg.product()), nil
}

// verdict returns why a robots.txt that was asked for forbids an address.
func (p *permit) verdict(u *url.URL, product string) failure {
	switch {
	case p.failure.failed():
		return p.failure
	case !p.rules.allows(u):
		return failure{extract.ClassRobots, "robots.txt forbids this address to " + product}
	}
	return failure{}
}

// askRobots fetches a robots.txt into p.
func (c *Crawler) askRobots(ctx context.Context, u *url.URL, p *permit, turn *pace) error {
	at := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	way := trail{most: maxRobotsRedirects, seen: map[string]bool{at.String(): true}}
	for {
		a, err := c.ask(ctx, question{url: at, limit: maxRobots, cut: true, turn: turn})
		if err != nil {
			return err
		}
		if redirects(a.status) {
			to, why := way.next(at, a)
			if !why.failed() {
				at = to
				continue
			}
			a = answer{status: a.status} // led astray: as good as none
		}
		if !a.refused { // who was turned away has not asked
			p.asked = time.Now()
		}
		p.rules, p.failure = c.weigh(a)
		if p.rules.delay > 0 {
			c.hosts.of(u).slow(p.rules.delay)
		}
		return nil
	}
}

// weigh turns the answer to a request for robots.txt into rules, by RFC 9309: a
// whole answer is read, one that says there is none allows everything, and
// anything else forbids everything.
func (c *Crawler) weigh(a answer) (rules, failure) {
	switch {
	case a.status == http.StatusTooManyRequests, a.status == 0, a.status >= 500:
		return rules{}, failure{a.class, clip("robots.txt: " + a.detail)}
	case a.status >= 400, redirects(a.status), a.class == extract.ClassEmptyBody, a.class == "" && len(a.body) == 0:
		return rules{}, failure{}
	case a.class != "" && a.class != extract.ClassUnexpected && a.class != extract.ClassChallenge:
		return rules{}, failure{a.class, clip("robots.txt: " + a.detail)}
	case a.status != http.StatusOK && a.status != http.StatusNonAuthoritativeInfo:
		return rules{}, failure{}
	}
	return parseRobots(a.body, c.cfg.product()), failure{}
}

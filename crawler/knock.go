package crawler

import (
	"context"
	"sync"

	"xuncha/extract"
	"xuncha/inventory"
)

// Knock asks for the first page of a subject as a visit does, and reads nothing
// of it: whether it opens is all that is asked. The page comes without its body.
// The error is only ever that of ctx.
func (c *Crawler) Knock(ctx context.Context, s inventory.Subject) (extract.Page, error) {
	if len(s.Task.URLs) == 0 {
		return c.failed(extract.Page{Why: extract.WhyList}, failure{extract.ClassURLInvalid, "no address is configured for it"}), ctx.Err()
	}
	v := &visit{c: c, subject: s}
	p, err := c.fetch(ctx, v.errands([]extract.Want{{URL: s.Task.URLs[0], Why: extract.WhyList}})[0])
	p.Body, p.Packed = nil, nil
	return p, err
}

// Paces are what is owed to hosts by crawlers that run beside each other: no two
// of them ask one host at once, nor sooner than its delay after the other. The
// pace of a platform is each crawler's own.
type Paces struct {
	mu    sync.Mutex
	byKey map[string]*pace // guarded by mu
}

// NewPaces returns paces that owe nothing yet.
func NewPaces() *Paces { return &Paces{byKey: map[string]*pace{}} }

// of returns the pace of a host by its key, one of its own where p is nil.
func (p *Paces) of(key string, cfg Config) *pace {
	if p == nil {
		return newPace(cfg.Delay, cfg.Jitter)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.byKey[key]
	if known == nil {
		known = newPace(cfg.Delay, cfg.Jitter)
		p.byKey[key] = known
	}
	return known
}

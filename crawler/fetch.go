package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"time"

	"xuncha/extract"
)

// An errand is one want of one subject, with what is needed to answer it.
type errand struct {
	want  extract.Want
	hosts []string // registered hosts of the carrier
	home  string   // host of the subject's first page

	// authority overrides robots.txt on the carrier's own hosts.
	authority string

	// kept may be confirmed by its host instead of being sent again; nil if
	// there is no such page.
	kept *extract.Page

	// known may come in the same bytes again, which are then not unpacked; nil
	// if there is no such page.
	known *extract.Page

	// picture asks for how a page to be rendered looks, and not for its document.
	picture bool
}

// fetch answers a want with a page, whatever comes of it. The error is only ever
// that of ctx.
func (c *Crawler) fetch(ctx context.Context, e errand) (extract.Page, error) {
	p := extract.Page{Asked: e.want.URL, URL: e.want.URL, Why: e.want.Why}
	u, err := parseURL(e.want.URL)
	if err != nil {
		return c.failed(p, failure{extract.ClassURLInvalid, clip(err.Error())}), nil
	}
	way := trail{hosts: allowed(u, e.hosts), most: c.cfg.MaxRedirects, seen: map[string]bool{u.String(): true}}
	var took time.Duration
	for {
		a, err := c.step(ctx, u, e, &p)
		if err != nil {
			return p, err
		}
		took += a.took
		if !redirects(a.status) {
			return c.page(p, e, a, took), nil
		}
		to, why := way.next(u, a)
		if why.failed() {
			a.failure = why
			return c.page(p, e, a, took), nil
		}
		u, p.URL = to, to.String()
	}
}

// step asks for one address on the way of a page, if that is allowed.
func (c *Crawler) step(ctx context.Context, u *url.URL, e errand, p *extract.Page) (answer, error) {
	if why := c.hosts.of(u).closed(); why.failed() {
		return answer{failure: why, refused: true}, ctx.Err()
	}
	if by := c.authority(e, u); by != "" {
		p.Authority = by
	} else if why, err := c.permitted(ctx, u, nil); err != nil || why.failed() {
		return answer{failure: why, refused: true}, err
	}
	q := question{url: u, limit: c.cfg.MaxBody}
	if e.kept != nil && e.kept.URL == p.URL {
		q.header, q.settled = validators(e.kept), true
	}
	if e.known != nil && e.known.URL == p.URL {
		q.known = e.known.PackedSHA256
	}
	return c.ask(ctx, q)
}

// authority returns who allowed robots.txt to be overridden for an address, "" if
// it is to be followed.
func (c *Crawler) authority(e errand, u *url.URL) string {
	if e.authority != "" && (bareHost(u.Host) == e.home || slices.Contains(allowed(u, e.hosts)[1:], bareHost(u.Host))) {
		return e.authority
	}
	return c.hosts.of(u).platform.authority()
}

// page writes an answer down.
func (c *Crawler) page(p extract.Page, e errand, a answer, took time.Duration) extract.Page {
	now := c.clock.Now()
	if a.status == http.StatusNotModified && !a.failed() {
		return c.count(withAuthority(confirm(*e.kept, e.want.Why, now, took), p.Authority))
	}
	p.Status, p.Header, p.FetchedAt, p.Took = a.status, a.header, now, took
	p.Class, p.Detail = a.class, a.detail
	if !a.refused {
		c.heed(p)
	}
	switch {
	case a.known:
		p.SHA256, p.PackedSHA256, p.BodyAt = e.known.SHA256, e.known.PackedSHA256, now
	case len(a.body) > 0:
		sum := sha256.Sum256(a.body)
		p.Body, p.SHA256, p.BodyAt = a.body, hex.EncodeToString(sum[:]), now
		p.Packed, p.PackedSHA256 = a.packed, a.packedSHA256
	}
	return c.count(p)
}

func withAuthority(p extract.Page, authority string) extract.Page {
	p.Authority = authority
	return p
}

// failed is a page that was not asked for.
func (c *Crawler) failed(p extract.Page, why failure) extract.Page {
	p.Class, p.Detail, p.FetchedAt = why.class, why.detail, c.clock.Now()
	return c.count(p)
}

// count counts a page.
func (c *Crawler) count(p extract.Page) extract.Page {
	c.counters.add(func(s *Stats) {
		s.Pages[p.Class]++
		if p.NotModified {
			s.NotModified++
		}
	})
	return p
}

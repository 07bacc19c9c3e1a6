package crawler

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"xuncha/extract"
)

// Config says how to crawl. Start from DefaultConfig; the zero value is invalid.
type Config struct {
	// UserAgent names us to site owners. It must hold a contact address.
	UserAgent string

	// Delay is the pause between the end of one answer of a host and the next
	// request to it; Jitter is added to it, at most.
	Delay, Jitter time.Duration

	// MaxBody bounds a body in bytes, its content coding removed.
	MaxBody int64

	// PageTimeout bounds one request from its connection to the last byte.
	PageTimeout time.Duration

	// MinRate is the least number of bytes per second, over RateWindow.
	MinRate    int64
	RateWindow time.Duration

	// MaxRedirects bounds the redirects of one page.
	MaxRedirects int

	// PagesPerSubject bounds the pages one subject may ask for.
	PagesPerSubject int

	// Retries is how often a failure that may pass is tried again, the first
	// time after about Backoff, then after twice that and so on.
	Retries int
	Backoff time.Duration

	// MaxRetryAfter bounds what a host may ask for by Retry-After. Up to MaxWait
	// is waited for; a longer one closes the host for that time.
	MaxRetryAfter, MaxWait time.Duration

	// PerAddress bounds the requests in flight to one address, on which several
	// hosts may live.
	PerAddress int

	// CircuitAfter is how many times in a row a host may fail to answer before
	// nothing more is asked of it for CircuitFor.
	CircuitAfter int
	CircuitFor   time.Duration

	// FullEvery is the age at which a body is fetched anew whatever its
	// validators say.
	FullEvery time.Duration

	// Manners are how platforms want to be asked: their hosts share one pace, which
	// stands in the place of Delay and Jitter, and no two of a platform's hosts are
	// asked at once.
	Manners []Manner

	// Readers bounds how many subjects' pages are read at once, which takes a
	// processor each: where people are served beside the crawl, one has to be left for
	// them. 0 bounds nothing.
	Readers int

	// Paces are shared with other crawlers that run beside this one; nil shares
	// none.
	Paces *Paces

	// Browser shows pages that scripts fill; nil shows none. Whoever made it
	// closes it, after the crawler's last job.
	Browser *Browser
}

// DefaultConfig returns the configuration for real networks.
func DefaultConfig() Config {
	return Config{
		UserAgent:       "Xuncha/1.0 (+https://example.invalid/xuncha)",
		Delay:           time.Second,
		Jitter:          500 * time.Millisecond,
		MaxBody:         8 << 20,
		PageTimeout:     time.Minute,
		MinRate:         1 << 10,
		RateWindow:      15 * time.Second,
		MaxRedirects:    10,
		PagesPerSubject: extract.MaxPages,
		Retries:         2,
		Backoff:         time.Second,
		MaxRetryAfter:   time.Hour,
		MaxWait:         30 * time.Second,
		PerAddress:      4,
		CircuitAfter:    3,
		CircuitFor:      10 * time.Minute,
		FullEvery:       7 * 24 * time.Hour,
	}
}

// Validate reports everything that is wrong with c at once.
func (c Config) Validate() error {
	var errs []error
	if !contact.MatchString(c.UserAgent) {
		errs = append(errs, fmt.Errorf("user_agent %q: no contact address; add one, as in %q", c.UserAgent, "Xuncha/1.0 (+https://www.example.gov.cn/xuncha)"))
	}
	if strings.ContainsFunc(c.UserAgent, func(r rune) bool { return r < ' ' || r > '~' }) {
		errs = append(errs, fmt.Errorf("user_agent %q: only printable ASCII can be sent", c.UserAgent))
	}
	for _, n := range []struct {
		name  string
		value int64
		least int64
	}{
		{"delay", int64(c.Delay), 0},
		{"jitter", int64(c.Jitter), 0},
		{"max body", c.MaxBody, 1},
		{"page timeout", int64(c.PageTimeout), 1},
		{"least rate", c.MinRate, 0},
		{"rate window", int64(c.RateWindow), 1},
		{"redirects", int64(c.MaxRedirects), 0},
		{"pages per subject", int64(c.PagesPerSubject), 1},
		{"retries", int64(c.Retries), 0},
		{"backoff", int64(c.Backoff), 1},
		{"longest Retry-After", int64(c.MaxRetryAfter), 0},
		{"longest wait", int64(c.MaxWait), 0},
		{"requests per address", int64(c.PerAddress), 1},
		{"circuit after", int64(c.CircuitAfter), 1},
		{"circuit for", int64(c.CircuitFor), 1},
		{"readers", int64(c.Readers), 0},
		{"full every", int64(c.FullEvery), 1},
	} {
		if n.value < n.least {
			errs = append(errs, fmt.Errorf("%s %d: want at least %d", n.name, n.value, n.least))
		}
	}
	return errors.Join(append(errs, validateManners(c.Manners)...)...)
}

// validateManners reports everything that is wrong with manners.
func validateManners(all []Manner) []error {
	var errs []error
	of := map[string]string{}
	for _, m := range all {
		for _, h := range m.Hosts {
			if other, taken := of[bareHost(h)]; taken && other != m.Name {
				errs = append(errs, fmt.Errorf("host %s belongs to %s and to %s", h, other, m.Name))
			}
			of[bareHost(h)] = m.Name
		}
		if m.Delay < 0 || m.Jitter < 0 || m.After < 0 || m.CoolDown < 0 || m.Deadline < 0 {
			errs = append(errs, fmt.Errorf("manner of %s: a delay, a count or a time is below zero", m.Name))
		}
	}
	return errs
}

// contact is a web or mail address in a User-Agent; it is never written to.
var contact = regexp.MustCompile(`https?://[^\s/)]+|mailto:|[^\s@(+]+@[^\s@)]+\.[^\s@)]+`)

// product returns the token by which robots.txt names us.
func (c Config) product() string {
	token, _, _ := strings.Cut(strings.TrimSpace(c.UserAgent), "/")
	token, _, _ = strings.Cut(token, " ")
	return strings.ToLower(token)
}

// maxURL bounds an address in bytes.
const maxURL = 4 << 10

// parseURL checks an address that is to be asked. Its path and query are kept
// byte for byte; userinfo and fragment are not sent.
func parseURL(raw string) (*url.URL, error) {
	if len(raw) > maxURL {
		return nil, fmt.Errorf("an address of %d bytes; the most is %d", len(raw), maxURL)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("no address: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("scheme %q is not http or https", u.Scheme)
	}
	if u.Hostname() == "" || u.Opaque != "" {
		return nil, fmt.Errorf("no host in %q", clip(raw))
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	u.RawQuery = strings.ReplaceAll(u.RawQuery, " ", "%20") // a space would end the request line
	return u, nil
}

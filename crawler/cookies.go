package crawler

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Bounds of the cookies kept.
const (
	maxCookies     = 64 // per host
	maxCookieBytes = 4 << 10
)

// A jar keeps the cookies of each host for the life of a crawler. They go back
// to the host that set them and to no other; path is not looked at, because the
// widest reading of it only sends a host its own cookies. A cookie for a domain is
// shared by those of its hosts that are one platform's, and by no other: a
// visitor's cookie that one of them gives is asked for by the next.
type jar struct {
	known platforms

	mu     sync.Mutex
	byHost map[string][]*http.Cookie // guarded by mu
}

func newJar(known platforms) *jar { return &jar{known: known, byHost: map[string][]*http.Cookie{}} }

// keep takes over what an answer sets.
func (j *jar) keep(u *url.URL, header http.Header) {
	if len(header["Set-Cookie"]) == 0 {
		return
	}
	// More lines than a host may have cookies are not worth parsing.
	lines := header["Set-Cookie"][:min(len(header["Set-Cookie"]), maxCookies)]
	resp := http.Response{Header: http.Header{"Set-Cookie": lines}}
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range resp.Cookies() {
		if len(c.Name)+len(c.Value) > maxCookieBytes {
			continue
		}
		for _, host := range j.reach(u, c.Domain) {
			j.byHost[host] = with(j.byHost[host], c)
		}
	}
}

// reach returns the hosts that a cookie goes to: the one that set it and, if it
// set it for a domain that it is in, the others of its platform there.
func (j *jar) reach(u *url.URL, domain string) []string {
	own := strings.ToLower(u.Hostname())
	all := []string{own}
	domain = strings.ToLower(strings.TrimPrefix(domain, "."))
	of := j.known.of(u)
	if of == nil || domain == "" || !inDomain(own, domain) {
		return all
	}
	for _, h := range of.manner.Hosts {
		name := strings.ToLower((&url.URL{Host: h}).Hostname())
		if name != own && inDomain(name, domain) {
			all = append(all, name)
		}
	}
	return all
}

// inDomain reports whether a host is in a domain.
func inDomain(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain)
}

// lend adds to a request of a page that a browser shows the cookies that the
// browser does not have itself, and takes over those that it has: a script may have
// set them.
func (j *jar) lend(u *url.URL, header http.Header) {
	own := (&http.Request{Header: header}).Cookies()
	key := strings.ToLower(u.Hostname())
	j.mu.Lock()
	has := map[string]bool{}
	for _, c := range own[:min(len(own), maxCookies)] {
		has[c.Name] = true
		same := func(old *http.Cookie) bool { return old.Name == c.Name && old.Value == c.Value }
		if len(c.Name)+len(c.Value) <= maxCookieBytes && !slices.ContainsFunc(j.byHost[key], same) {
			c.Secure = u.Scheme == "https" // nothing says that it may be read on the way
			j.byHost[key] = with(j.byHost[key], c)
		}
	}
	j.mu.Unlock()
	more := j.pairs(u, has)
	if line := header.Get("Cookie"); line != "" {
		more = append([]string{line}, more...)
	}
	if len(more) > 0 {
		header.Set("Cookie", strings.Join(more, "; "))
	}
}

// forget gives up the cookies of a platform.
func (j *jar) forget(of *platform) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for host := range j.byHost {
		if of.manner.Owns(host) {
			delete(j.byHost, host)
		}
	}
}

// with returns the cookies with c in the place of its namesake, or without it if
// c ends it.
func with(list []*http.Cookie, c *http.Cookie) []*http.Cookie {
	kept := make([]*http.Cookie, 0, len(list)+1)
	for _, old := range list {
		if old.Name != c.Name {
			kept = append(kept, old)
		}
	}
	ended := c.MaxAge < 0 || !c.Expires.IsZero() && c.Expires.Year() <= 1970 // the two spellings of that
	if ended || len(kept) >= maxCookies {
		return kept
	}
	return append(kept, c)
}

// header returns the Cookie header for a request, "" if there is none.
func (j *jar) header(u *url.URL) string { return strings.Join(j.pairs(u, nil), "; ") }

// pairs returns the cookies for a request as they are sent, without those named.
func (j *jar) pairs(u *url.URL, without map[string]bool) []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var parts []string
	size := 0
	for _, c := range j.byHost[strings.ToLower(u.Hostname())] {
		pair := c.Name + "=" + c.Value
		if without[c.Name] || c.Secure && u.Scheme != "https" || size+len(pair) > maxCookieBytes {
			continue
		}
		size += len(pair)
		parts = append(parts, pair)
	}
	return parts
}

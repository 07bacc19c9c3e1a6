package crawler

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// Bounds of the cookies kept.
const (
	maxCookies     = 64 // per host
	maxCookieBytes = 4 << 10
)

// A jar keeps the cookies of each host for the life of a crawler. They go back
// to the host that set them and to no other; path and domain are not looked at,
// because the widest reading of them only sends a host its own cookies.
type jar struct {
	mu     sync.Mutex
	byHost map[string][]*http.Cookie // guarded by mu
}

func newJar() *jar { return &jar{byHost: map[string][]*http.Cookie{}} }

// keep takes over what an answer sets.
func (j *jar) keep(u *url.URL, header http.Header) {
	if len(header["Set-Cookie"]) == 0 {
		return
	}
	// More lines than a host may have cookies are not worth parsing.
	lines := header["Set-Cookie"][:min(len(header["Set-Cookie"]), maxCookies)]
	resp := http.Response{Header: http.Header{"Set-Cookie": lines}}
	key := strings.ToLower(u.Hostname())
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range resp.Cookies() {
		if len(c.Name)+len(c.Value) <= maxCookieBytes {
			j.byHost[key] = with(j.byHost[key], c)
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
	if c.MaxAge < 0 || len(kept) >= maxCookies {
		return kept
	}
	return append(kept, c)
}

// header returns the Cookie header for a request, "" if there is none.
func (j *jar) header(u *url.URL) string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var parts []string
	size := 0
	for _, c := range j.byHost[strings.ToLower(u.Hostname())] {
		pair := c.Name + "=" + c.Value
		if c.Secure && u.Scheme != "https" || size+len(pair) > maxCookieBytes {
			continue
		}
		size += len(pair)
		parts = append(parts, pair)
	}
	return strings.Join(parts, "; ")
}

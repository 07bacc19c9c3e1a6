package crawler

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"xuncha/extract"
	"xuncha/internal/egress"
)

// redirects reports whether a status sends us elsewhere.
func redirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// A trail is the way of one page through its redirects.
type trail struct {
	hosts []string // names the page may come from; nil allows any
	most  int
	seen  map[string]bool
}

// next returns where a redirect leads, or why it is not followed.
func (t *trail) next(from *url.URL, a answer) (*url.URL, failure) {
	to, err := location(from, a.location)
	if err != nil {
		return nil, failure{extract.ClassRedirectInvalid, clip(err.Error())}
	}
	switch {
	case to.Scheme != "http" && to.Scheme != "https":
		return nil, failure{extract.ClassEgress, clip("redirected to " + to.Redacted())}
	case to.Hostname() == "":
		return nil, failure{extract.ClassRedirectInvalid, clip("redirected to " + to.Redacted())}
	case t.hosts != nil && !slices.Contains(t.hosts, bareHost(to.Host)):
		class := extract.ClassForeign
		switch {
		case egress.Inward(to.Hostname()):
			class = extract.ClassEgress
		case extract.LoginAddress(to):
			class = extract.ClassLogin
		}
		return nil, failure{class, clip("redirected to " + to.Redacted())}
	}
	to.User, to.Fragment, to.RawFragment = nil, "", ""
	to.RawQuery = strings.ReplaceAll(to.RawQuery, " ", "%20")
	if why := t.step(to.String(), a); why.failed() {
		return nil, why
	}
	return to, failure{}
}

// step counts a redirect. Coming back to an address is a loop, unless a cookie
// may have changed what it answers.
func (t *trail) step(to string, a answer) failure {
	if t.seen[to] && !a.cookies {
		return failure{extract.ClassRedirectLoop, clip("redirected again to " + to)}
	}
	t.seen[to] = true
	if t.most--; t.most < 0 {
		return failure{extract.ClassRedirectLoop, clip("too many redirects, the last to " + to)}
	}
	return failure{}
}

// location resolves a Location header as far as it can be trusted to mean one
// thing.
func location(from *url.URL, text string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil, fmt.Errorf("a redirect without a location")
	case len(text) > maxURL:
		return nil, fmt.Errorf("a location of %d bytes; the most is %d", len(text), maxURL)
	case strings.ContainsAny(text, " \\\t"):
		return nil, fmt.Errorf("a location that browsers read differently: %q", text)
	}
	to, err := from.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("location: %w", err)
	}
	return to, nil
}

// allowed returns the names that an answer to asked may come from.
func allowed(asked *url.URL, registered []string) []string {
	names := []string{bareHost(asked.Host)}
	for _, h := range registered {
		names = append(names, bareHost(h))
	}
	return names
}

// bareHost returns the name of a host without port, "www." and the root's dot:
// what makes two hosts the same site.
func bareHost(h string) string {
	u := url.URL{Host: strings.ToLower(h)}
	return strings.TrimPrefix(strings.TrimSuffix(u.Hostname(), "."), "www.")
}

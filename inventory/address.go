package inventory

import (
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// maxAddress bounds an address in bytes.
const maxAddress = 4096

// absolute resolves an address against a base, which may be nil, or says what is
// wrong with it.
func absolute(base *url.URL, text string) (u *url.URL, message, hint string) {
	if len(text) > maxAddress {
		return nil, "is longer than 4096 bytes", "use the plain address of the page"
	}
	u, err := url.Parse(text)
	if err != nil || strings.ContainsAny(text, " \\") {
		return nil, quoted(text) + " is no address", "write it as http://www.example.gov.cn/path/"
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, quoted(text) + " is not http or https", "begin it with http:// or https://, or with / where the carrier has a home"
	case u.User != nil:
		return nil, "holds a user name", "take away what stands before the @: pages are read as any guest reads them"
	case !validHost(u.Host):
		return nil, quoted(text) + " has no valid host", hostHint
	}
	u.Host, u.Fragment, u.RawFragment = strings.ToLower(u.Host), "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return u, "", ""
}

// hostHint says what a host looks like.
const hostHint = "write it as www.example.gov.cn, with :8080 behind it if the port is another; Chinese names as xn--…"

// validHost reports whether s is a host name or an address, with or without a
// port.
func validHost(s string) bool {
	u := url.URL{Host: s}
	name := u.Hostname()
	if port := u.Port(); port != "" || strings.HasSuffix(s, ":") {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return false
		}
		s = strings.TrimSuffix(s, ":"+port)
	}
	if strings.HasPrefix(s, "[") {
		a, err := netip.ParseAddr(name)
		return err == nil && a.Is6() && a.Zone() == "" && strings.HasSuffix(s, "]")
	}
	if s == "" || len(s) > 253 {
		return false
	}
	return !slices.ContainsFunc(strings.Split(strings.TrimSuffix(s, "."), "."), func(label string) bool {
		return !validLabel(label)
	})
}

// validLabel reports whether s may stand between the dots of a host name.
func validLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// hostKey returns the politeness key of an address: its host in lower case,
// with its port if that is not the scheme's own.
func hostKey(u *url.URL) string {
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	switch port := u.Port(); {
	case port == "", u.Scheme == "http" && port == "80", u.Scheme == "https" && port == "443":
		return name
	default:
		return name + ":" + port
	}
}

// hostOf is hostKey for an address in words; "" for what is none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return hostKey(u)
}

// Canonical returns the one spelling of an address of a page that has several:
// without its scheme, "www.", the name of an index page, the last slash, and what
// stands behind "#".
func Canonical(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	p := u.Path
	if name, _, found := strings.Cut(strings.ToLower(path.Base(p)), "."); found && (name == "index" || name == "default") {
		p = path.Dir(p)
	}
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimSuffix(p, "/") + "?" + u.RawQuery
}

// LocalID makes the ID of a column from its address: its path without slashes at
// the ends and without the name of an index page.
func LocalID(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	p := u.Path
	if file := path.Base(p); strings.HasPrefix(strings.ToLower(file), "index.") {
		p = strings.TrimSuffix(p, file)
	}
	return strings.Trim(p, "/")
}

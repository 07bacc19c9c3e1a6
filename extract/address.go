package extract

import (
	"net/url"
	"path"
	"strings"
)

// key returns the one spelling under which an address is asked once.
func key(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Fragment, u.RawFragment = "", ""
	u.Scheme, u.Host = strings.ToLower(u.Scheme), hostOf(u)
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String()
}

// hostOf returns the host in lower case, with its port unless that is the
// scheme's own.
func hostOf(u *url.URL) string {
	h := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if p := u.Port(); p != "" && !(u.Scheme == "http" && p == "80") && !(u.Scheme == "https" && p == "443") {
		return h + ":" + p
	}
	return h
}

// sameHost reports whether two addresses are of one host; "www." makes none
// another.
func sameHost(a, b *url.URL) bool {
	return strings.TrimPrefix(hostOf(a), "www.") == strings.TrimPrefix(hostOf(b), "www.")
}

// place returns an address without its scheme and without a default file name,
// so that / and /index.html are one place.
func place(u *url.URL) string {
	p := u.Path
	if file := path.Base(p); isIndex(file) {
		p = strings.TrimSuffix(p, file)
	}
	if p == "" {
		p = "/"
	}
	s := strings.TrimPrefix(hostOf(u), "www.") + p
	if u.RawQuery != "" {
		s += "?" + u.RawQuery
	}
	return s
}

func isIndex(file string) bool {
	name, ext, found := strings.Cut(strings.ToLower(file), ".")
	if !found || name != "index" && name != "default" {
		return false
	}
	switch ext {
	case "html", "htm", "shtml", "shtm", "jhtml", "jsp", "asp", "aspx", "php":
		return true
	}
	return false
}

// folder returns the host and directory of an address.
func folder(u *url.URL) string { return strings.TrimPrefix(hostOf(u), "www.") + directory(u) }

// directory is the path of an address without its last part.
func directory(u *url.URL) string { return u.Path[:strings.LastIndexByte(u.Path, '/')+1] }

// allowed reports whether a host may answer for the task: one of its hosts, or
// the host that was asked. An entry without a port allows every port.
func (t Task) allowed(final, asked *url.URL) bool {
	if sameHost(final, asked) {
		return true
	}
	for _, h := range t.Hosts {
		h = strings.TrimPrefix(strings.ToLower(h), "www.")
		if h == strings.TrimPrefix(hostOf(final), "www.") || h == strings.TrimPrefix(strings.ToLower(final.Hostname()), "www.") {
			return true
		}
	}
	return false
}

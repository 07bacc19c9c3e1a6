package intake

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// maxAddress bounds an address.
const maxAddress = 4096

// address reads a field as the absolute address of a page, resolved against a
// base that may be nil; "" where there is none or it is wrong.
func (r *row) address(f field, base *url.URL) string {
	text := r.raw(f)
	if text == "" {
		return ""
	}
	return r.checkAddress(f, text, base)
}

// addresses are several addresses in one cell.
func (r *row) addresses(f field, base *url.URL) []string {
	var all []string
	for _, part := range splitAddresses(r.raw(f)) {
		if u := r.checkAddress(f, part, base); u != "" {
			all = append(all, u)
		}
	}
	return all
}

// splitAddresses takes a cell with several addresses apart.
func splitAddresses(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune("\n\r\t ；;，、", c) })
}

// The slips that addresses are written with; none is ever written to.
var (
	fileForm = regexp.MustCompile(`^([A-Za-z]:[\\/]|\\\\|file:)`)
	mailForm = regexp.MustCompile(`^(mailto:)?[\w.+-]+@[\w-]+(\.[\w-]+)+$`)
	slipForm = regexp.MustCompile(`(?i)^(https?)[:;]*[/\\]+|^(https?)[:;]+|^h?t?tps?[:;]+[/\\]*`)
	hostForm = regexp.MustCompile(`^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9](:\d{1,5})?(/|$)`)
)

// checkAddress checks one address and returns its one spelling, "" where it is
// wrong.
func (r *row) checkAddress(f field, raw string, base *url.URL) string {
	u, rule, more := spelling(narrow(raw))
	if rule == "" {
		if base != nil {
			u = base.ResolveReference(u)
		}
		rule = unreachable(u)
	}
	if rule != "" {
		r.mistake(rule, f, raw, more...)
		return ""
	}
	u.Host, u.Scheme = strings.ToLower(u.Host), strings.ToLower(u.Scheme)
	if !categoryForm.MatchString(u.Fragment) {
		u.Fragment, u.RawFragment = "", ""
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String()
}

// spelling reads an address as people write it, or names the rule by which it is
// wrong and, of a slip, what it should be.
func spelling(text string) (u *url.URL, rule string, more []string) {
	switch {
	case len(text) > maxAddress:
		return nil, "url.long", nil
	case fileForm.MatchString(text):
		return nil, "url.file", nil
	case mailForm.MatchString(text):
		return nil, "url.mail", nil
	}
	text = strings.TrimSpace(text)
	if strings.Count(strings.ToLower(text), "://") > 1 && len(splitAddresses(text)) > 1 {
		return nil, "url.two", nil
	}
	text = strings.ReplaceAll(text, " ", "")
	if hostForm.MatchString(strings.ToLower(text)) {
		text = "http://" + text // as people write it, and as browsers take it
	}
	if mended := mendedAddress(text); mended != text {
		return nil, "url.typo", []string{mended}
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, "url.bad", nil
	}
	return u, "", nil
}

// unreachable names the rule by which an address can be nobody's public page, ""
// for none.
func unreachable(u *url.URL) string {
	switch {
	case u.Scheme == "" && u.Host == "":
		return "url.bad"
	case u.Scheme != "http" && u.Scheme != "https":
		return "url.scheme"
	case u.User != nil:
		return "url.user"
	case !validHost(u):
		return "url.host"
	case private(strings.ToLower(u.Hostname())):
		return "url.private"
	}
	return ""
}

// categoryForm is what some platforms tell columns apart by, behind the #.
var categoryForm = regexp.MustCompile(`^\d{1,12}$`)

// mendedAddress is an address with its beginning put right, else without the signs
// that people type in the place of others.
func mendedAddress(text string) string {
	lower := strings.ToLower(text)
	slip := slipForm.FindString(text)
	if slip == "" || strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") {
		return strings.NewReplacer("。", ".", "，", ",", "\\", "/", "“", "", "”", "", "、", "", "；", "", "《", "", "》", "").Replace(text)
	}
	scheme := "http://"
	if strings.Contains(strings.ToLower(slip), "s") {
		scheme = "https://"
	}
	return scheme + strings.TrimLeft(text[len(slip):], "/\\:;")
}

// validHost reports whether the host of an address is a name or an IP address.
func validHost(u *url.URL) bool {
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return true
	}
	return hostForm.MatchString(strings.ToLower(u.Host)) && len(u.Host) <= 253
}

// private reports whether a host is one that no guest reaches.
func private(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".lan") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && (a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified())
}

// hostOf is the host of an address, "" for none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// parsed is an address that is known to be one; nil for "".
func parsed(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return nil
	}
	return u
}

// relative is an address as a person writes it in the file of a carrier: without
// the carrier's own host.
func relative(home, address string) string {
	h, u := parsed(home), parsed(address)
	if h == nil || u == nil || h.Scheme != u.Scheme || h.Host != u.Host {
		return address
	}
	return strings.TrimPrefix(address, u.Scheme+"://"+u.Host)
}

// hostStem makes an ID of the host of an address: fgw of fgw.example.gov.cn, and
// of www.fgw.gov.cn.
func hostStem(address string) string {
	u := parsed(address)
	if u == nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if _, err := netip.ParseAddr(host); err == nil {
		return "ip" + strings.NewReplacer(".", "-", ":", "-").Replace(host)
	}
	labels := strings.Split(strings.TrimPrefix(host, "www."), ".")
	return idOf(labels[0])
}

// idOf makes an ID of a text, "" where nothing of it may stand in one.
func idOf(text string) string {
	id := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r == '.' || r == '/' || r == '=' || r == '&':
			return '-'
		}
		return -1
	}, text)
	if id = strings.Trim(id, "-_"); len(id) > 60 {
		id = id[:60]
	}
	if id == "none" || id == "account" {
		return id + "-1"
	}
	return id
}

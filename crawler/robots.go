package crawler

import (
	"bytes"
	"encoding/binary"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// maxRobots is how much of a robots.txt is read; RFC 9309 asks for 500 KiB.
const maxRobots = 512 << 10

// Bounds of a stated crawl delay.
const (
	minCrawlDelay = time.Second
	maxCrawlDelay = 30 * time.Second
)

// Rules are what a robots.txt says to us. The zero value allows everything.
//
// The matcher is our own: RFC 9309 wants one stray line not to void the file,
// the longest path to win by its own length, and an allowance to win a tie.
type rules struct {
	rules []rule
	delay time.Duration // zero if none is stated
}

// A rule allows or forbids paths. Its pattern is in canonical form.
type rule struct {
	pattern string
	allow   bool
}

// A group is the rules for some agents, while reading.
type group struct {
	agents []string
	rules  rules
}

// parseRobots reads a robots.txt for the agent named by a product token in lower
// case. It never fails: a line that means nothing is passed over, and so is a
// whole page of HTML.
func parseRobots(text []byte, product string) rules {
	var groups []group
	naming := false // the lines before were agents of the newest group
	for line := range strings.FieldsFuncSeq(plainText(text), func(r rune) bool { return r == '\r' || r == '\n' }) {
		line, _, _ = strings.Cut(line, "#")
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		if key == "user-agent" {
			if !naming {
				groups = append(groups, group{})
			}
			g := &groups[len(groups)-1]
			g.agents = append(g.agents, agentToken(value))
			naming = true
			continue
		}
		if len(groups) > 0 && groups[len(groups)-1].rules.add(key, value) {
			naming = false
		}
	}
	return chosen(groups, product)
}

// agentToken returns the product token of a User-agent line.
func agentToken(value string) string {
	if i := strings.IndexAny(value, "/ \t"); i >= 0 {
		value = value[:i]
	}
	return strings.ToLower(value)
}

// add takes a line over and reports whether it belongs to a group.
func (r *rules) add(key, value string) bool {
	switch key {
	case "allow", "disallow":
		if value != "" {
			r.rules = append(r.rules, rule{pattern: canonicalPath(value), allow: key == "allow"})
		}
	case "crawl-delay":
		if s, err := strconv.ParseFloat(value, 64); err == nil && s > 0 {
			r.delay = time.Duration(min(max(s, minCrawlDelay.Seconds()), maxCrawlDelay.Seconds()) * float64(time.Second))
		}
	default:
		return false
	}
	return true
}

// chosen joins the groups that name us or, if none does, those for everybody.
func chosen(groups []group, product string) rules {
	for _, agent := range []string{product, "*"} {
		var all rules
		found := false
		for _, g := range groups {
			for _, a := range g.agents {
				if a != agent {
					continue
				}
				found = true
				all.rules = append(all.rules, g.rules.rules...)
				all.delay = max(all.delay, g.rules.delay)
				break
			}
		}
		if found {
			return all
		}
	}
	return rules{}
}

// allows reports whether an address may be asked.
func (r rules) allows(u *url.URL) bool {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	path = canonicalPath(path)
	if path == "/robots.txt" {
		return true
	}
	longest, verdict := -1, true
	for _, rule := range r.rules {
		n := len(rule.pattern)
		if n < longest || n == longest && !rule.allow || !matches(rule.pattern, path) {
			continue
		}
		longest, verdict = n, rule.allow
	}
	return verdict
}

// matches reports whether a pattern with * and a final $ matches the beginning
// of a path. It takes time in proportion to both.
func matches(pattern, path string) bool {
	pattern, anchored := strings.CutSuffix(pattern, "$")
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	rest := path[len(parts[0]):]
	for i, part := range parts[1:] {
		if anchored && i == len(parts)-2 {
			return strings.HasSuffix(rest, part)
		}
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return !anchored || rest == ""
}

// canonicalPath spells a path one way: bytes outside ASCII are encoded,
// unreserved characters are not, hexadecimal digits are upper case.
func canonicalPath(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) {
			n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
			if err == nil {
				if c = byte(n); unreserved(c) {
					b.WriteByte(c)
				} else {
					b.WriteString(strings.ToUpper(s[i : i+3]))
				}
				i += 2
				continue
			}
		}
		if c < utf8.RuneSelf {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// plainText takes a byte order mark away and turns UTF-16 into UTF-8.
func plainText(text []byte) string {
	text = text[:min(len(text), maxRobots)]
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		return string(text[3:])
	case bytes.HasPrefix(text, []byte("\xff\xfe")):
		order = binary.LittleEndian
	case bytes.HasPrefix(text, []byte("\xfe\xff")):
		order = binary.BigEndian
	default:
		return string(text)
	}
	units := make([]uint16, 0, len(text)/2)
	for i := 2; i+1 < len(text); i += 2 {
		units = append(units, order.Uint16(text[i:]))
	}
	return string(utf16.Decode(units))
}

package extract

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A claim is a date that a page states where its reader does not see it.
type claim struct {
	date Date
	text string
	by   string // "meta PubDate", "script ct", "address"
}

// metaName returns what a <meta> is about, in letters only.
func metaName(n *html.Node) string {
	for _, key := range []string{"name", "property", "itemprop", "http-equiv"} {
		if v := attr(n, key); v != "" {
			return letters(cut(v, 100))
		}
	}
	return ""
}

var (
	// issuedName is the name of a tag or variable that holds a publication.
	issuedName = regexp.MustCompile(`(?i)(?:publi|pubd|pubt|pub_|release|issue|docrel|ucapdate|fbsj|fbrq)\w*`)
	timeName   = regexp.MustCompile(`(?i)date|time|data|issued|fbsj|fbrq`)

	// otherNames are the kin that have neither word.
	otherNames = regexp.MustCompile(`(?i)^(?:dcdate|dcdatecreated|dctermscreated|dctermsdate|articlecreateat|weiboarticlecreateat|createdate|createtime|create_time|createtimestamp)$`)

	// dateName is what elements around the date of an article are called.
	dateName = regexp.MustCompile(`(?i)(?:pub|publish|release|create|post|art|news|info|fb)[-_]?(?:time|date|sj|rq)|^\s*(?:date|time|ct)\b`)
)

// issues reports whether a name is one of a publication.
func issues(name string) bool {
	return len(name) < 100 && len(name) > 3 && issuedName.MatchString(name) && timeName.MatchString(name) || otherNames.MatchString(name)
}

// claims returns every date a page states unseen, the surest first.
func (d *document) claims(s scripts, k clues) []claim {
	out := d.metaClaims(k)
	if c, ok := d.timeClaim(k); ok {
		out = append(out, c)
	}
	for _, name := range s.order {
		value := s.values[name]
		epoch := name == "ct" && len(value) == 10
		if (!epoch && !issues(name)) || s.changing[name] {
			continue
		}
		if date, text, ok := k.stated(value); ok {
			out = append(out, claim{date, text, "script " + cut(name, 40)})
		}
	}
	if u := addressOf(d.page.URL); u != nil {
		if day, text, ok := addressDay(u.EscapedPath()); ok {
			out = append(out, claim{Date{Time: day}, text, "address"})
		}
	}
	today := DayOf(k.seen)
	return slices.DeleteFunc(out, func(c claim) bool { return c.date.Day().After(today) })
}

// maxClaims bounds the tags of one page that are read for a date.
const maxClaims = 20

func (d *document) metaClaims(k clues) []claim {
	var out []claim
	for n := range d.root.Descendants() {
		if n.DataAtom != atom.Meta || len(out) == maxClaims {
			continue
		}
		name := metaName(n)
		if !issues(name) {
			continue
		}
		if date, text, ok := k.stated(attr(n, "content")); ok {
			label := attr(n, "name") + attr(n, "property") + attr(n, "itemprop")
			out = append(out, claim{date, text, "meta " + cut(label, 40)})
		}
	}
	return out
}

// timeClaim reads <time datetime>, if all of them on the page are of one day.
func (d *document) timeClaim(k clues) (found claim, ok bool) {
	for n := range d.root.Descendants() {
		if n.DataAtom != atom.Time {
			continue
		}
		date, text, good := k.stated(attr(n, "datetime"))
		switch {
		case !good:
		case ok && !date.Day().Equal(found.date.Day()):
			return claim{}, false
		case !ok:
			found, ok = claim{date, text, "time"}, true
		}
	}
	return found, ok
}

// builtWithin is how close to the fetch a claim is taken for the moment at which
// the page was made.
const builtWithin = 10 * time.Minute

var compact = regexp.MustCompile(`^(?:19|20)\d{12}$`)

// stated reads a value that is nothing but a date. The moment of the fetch and
// what lies after it are not believed.
func (k clues) stated(value string) (Date, string, bool) {
	if len(value) > 100 {
		return Date{}, "", false
	}
	value = strings.TrimSpace(value)
	if compact.MatchString(value) {
		value = value[:8]
	}
	best, ok, refuse := settle(k.find(value, named))
	switch {
	case !ok || refuse || best.early || best.momentary:
		return Date{}, "", false
	case best.date.Minute && best.date.Time.Sub(k.seen).Abs() < builtWithin, best.date.Day().After(DayOf(k.seen)):
		return Date{}, "", false
	}
	return best.date, best.text, true
}

// addressDay returns the day an address holds, with the part that holds it. A
// month is no day.
func addressDay(path string) (day time.Time, text string, ok bool) {
	m := linkDay.FindStringSubmatch(path)
	if m == nil {
		return time.Time{}, "", false
	}
	day, ok = date(m[1]+m[4]+m[7], m[2]+m[5]+m[8], m[3]+m[6]+m[9])
	text, _, _ = strings.Cut(strings.Trim(m[0], "/"), "_")
	return day, text, ok
}

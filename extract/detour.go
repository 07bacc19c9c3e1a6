package extract

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A page that a reader never sees, because it leads on at once, is not the list:
// a parent column is not judged by its child. Only another name of the same
// page, in the same folder, is followed.

var (
	refreshShape = regexp.MustCompile(`(?i)^\s*(\d*)(?:\.\d*)?\s*[;,]?\s*(?:url\s*=\s*)?['"]?([^'"]*)`)
	scriptJump   = regexp.MustCompile(`(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\()\s*["']([^"']{1,500})["']`)
)

// jump returns where a page without any rows sends its reader by script, "" if
// it keeps them.
func (d *document) jump(s sketch) string {
	if s.runes > 100 || s.links > 2 {
		return ""
	}
	if m := scriptJump.FindSubmatch(d.text); m != nil {
		return d.elsewhere(string(m[1]))
	}
	return ""
}

// refresh returns the target of a <meta> refresh within a few seconds.
func (d *document) refresh() string {
	for n := range d.root.Descendants() {
		if n.DataAtom != atom.Meta || !strings.EqualFold(attr(n, "http-equiv"), "refresh") {
			continue
		}
		m := refreshShape.FindStringSubmatch(attr(n, "content"))
		if m == nil {
			continue
		}
		if wait, _ := strconv.Atoi(m[1]); wait <= 10 {
			if to := d.elsewhere(m[2]); to != "" {
				return to
			}
		}
	}
	return ""
}

// elsewhere resolves a target, "" if it is the page itself.
func (d *document) elsewhere(ref string) string {
	to := d.resolve(ref)
	if to == "" || key(to) == key(d.page.URL) {
		return ""
	}
	return to
}

// detour judges a target: follow is its address if it is the same page under
// another name, and the obstacle says why the page itself is not read.
func (t Task) detour(d *document, to string) (follow string, o *obstacle) {
	target, err := url.Parse(to)
	here, err2 := url.Parse(d.page.URL)
	if err != nil || err2 != nil {
		return "", hindered(ReasonLost, "the page leads on to %q", to)
	}
	if o := t.astray(target, here); o != nil {
		return "", o
	}
	if folder(target) == folder(here) {
		return to, hindered(ReasonLost, "the page leads on to %s", to)
	}
	return "", hindered(ReasonLost, "the page leads on to %s, another column; name that address if it is meant", to)
}

// frameNames are what the frame with the content is called, and otherFrames what
// frames without it are.
var (
	frameNames  = regexp.MustCompile(`(?i)main|content|list|right|body|center`)
	otherFrames = regexp.MustCompile(`(?i)visit|count|login|tree\.jsp|share|foot|head|top\b|banner|weather|tianqi|menu|left|nav|stat|advert|search|map`)
)

// maxFrames bounds the frames of a page that are looked at.
const maxFrames = 100

// frame returns the address of the one frame that may hold the list, "" if there
// is none.
func (d *document) frame() string {
	best, score, seen := "", -1, 0
	for n := range d.root.Descendants() {
		if n.Type != html.ElementNode || n.DataAtom != atom.Frame && n.DataAtom != atom.Iframe {
			continue
		}
		if seen++; seen > maxFrames {
			break
		}
		to := d.elsewhere(attr(n, "src"))
		u, err := url.Parse(to)
		here, err2 := url.Parse(d.page.URL)
		label := attr(n, "name") + " " + attr(n, "id")
		if to == "" || err != nil || err2 != nil || !sameHost(u, here) || otherFrames.MatchString(label+" "+u.Path) {
			continue
		}
		points := 0
		if frameNames.MatchString(label + " " + u.Path) {
			points++
		}
		if folder(u) == folder(here) {
			points++
		}
		if points > score {
			best, score = to, points
		}
	}
	return best
}

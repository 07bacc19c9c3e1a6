package extract

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A label is a text on a page that may name a column: a link, a heading, a tab.
type label struct {
	text string // as shown
	norm string
	url  string // absolute, "" without a link
	link bool
}

// letters returns s without anything but letters and digits, in lower case: the
// form in which names are compared.
func letters(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if han(r) || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, ascii(s)))
}

// maxTab is the longest text, in runes, of a heading or tab.
const maxTab = 24

// labels gathers the names on a page. Menus hidden until they are pointed at
// count as well: what is absent must be absent everywhere.
func (d *document) labels() []label {
	var out []label
	for n := range d.root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.DataAtom {
		case atom.A, atom.Area:
			if text := shownName(n); text != "" {
				out = append(out, label{text: text, norm: letters(text), url: d.resolve(attr(n, "href")), link: true})
			}
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Dt, atom.Th, atom.Li, atom.Span, atom.Div, atom.P, atom.Td, atom.B, atom.Strong, atom.Button, atom.Label:
			if text := ownText(n); text != "" && len([]rune(text)) <= maxTab {
				out = append(out, label{text: text, norm: letters(text)})
			}
		}
	}
	return out
}

// shownName returns what a link is called: its text, or all that its title or its
// picture says.
func shownName(n *html.Node) string {
	text := titleOf(n)
	if full := attr(n, "title"); text == "" || full != "" && strings.HasPrefix(full, strings.TrimRight(text, ".…")) {
		text = full
	}
	if text == "" {
		text = attr(n, "alt")
	}
	if img := firstElement(n, atom.Img); text == "" && img != nil {
		text = attr(img, "title")
	}
	return title(text)
}

// ownText returns the text that stands directly in n.
func ownText(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(cut(c.Data, 200))
		}
	}
	return title(b.String())
}

// A naming is what a section or part may be called, in comparable form.
type naming []string

func names(name string, synonyms []string) naming {
	var out naming
	for _, s := range append([]string{name}, synonyms...) {
		if s = letters(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// is reports whether a text is one of the names.
func (n naming) is(norm string) bool { return slices.Contains(n, norm) }

// in reports whether a text holds one of the names.
func (n naming) in(norm string) bool {
	return slices.ContainsFunc(n, func(s string) bool { return strings.Contains(norm, s) })
}

// newsWords are in titles of news and in no name of a column.
var newsWords = regexp.MustCompile(`召开|举行|主持|强调|精神|审议|研究|传达|部署|学习|出席|讲话|通过|开展|组织|培训|\d`)

// articleLink is the address of an article, not of a column.
var articleLink = regexp.MustCompile(`/t\d{8}_\d+\.|/art/\d{4}/|/art_\d+_\d+|content_\d+|/(?:m?post)_\d+|/\d{4}-?\d{2}/.*\.s?html?$`)

// likeColumn reports whether a label names a column and holds one of the names:
// the name itself, or little more than it.
func (n naming) likeColumn(l label) bool {
	if n.is(l.norm) {
		return true
	}
	if newsWords.MatchString(l.norm) || articleLink.MatchString(l.url) {
		return false
	}
	return slices.ContainsFunc(n, func(s string) bool {
		return strings.Contains(l.norm, s) && len([]rune(l.norm)) <= len([]rune(s))+6
	})
}

// onlyInScript reports whether a name stands in a script of the page, as in a
// menu that is built there.
func (n naming) onlyInScript(d *document) bool {
	for s := range d.root.Descendants() {
		if s.DataAtom == atom.Script && s.FirstChild != nil && n.in(letters(s.FirstChild.Data)) {
			return true
		}
	}
	return false
}

// maxNear is more pairs than a text can share with a name.
const maxNear = 1000

// maxNearest bounds the link texts shown for a section that was not found.
const maxNearest = 5

// nearest returns the link texts that come closest to any of the names, closest
// first; titles of articles stand behind all names of columns.
func nearest(labels []label, all naming) []string {
	type near struct {
		text          string
		shared, place int
	}
	var found []near
	seen := make(map[string]bool)
	for i, l := range labels {
		if !l.link || seen[l.norm] {
			continue
		}
		seen[l.norm] = true
		if n := sharedPairs(l.norm, all); n > 0 {
			runes := len([]rune(l.norm))
			if runes > maxColumnName || articleLink.MatchString(l.url) {
				n -= maxNear
			}
			found = append(found, near{cut(l.text, 120), n*100 - runes, i})
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].shared > found[j].shared })
	var out []string
	for _, f := range found[:min(len(found), maxNearest)] {
		out = append(out, f.text)
	}
	return out
}

// sharedPairs returns the most pairs of neighbouring runes that a text shares
// with one of the names.
func sharedPairs(text string, all naming) int {
	best := 0
	for _, name := range all {
		runes := []rune(name)
		n := 0
		for i := 0; i+2 <= len(runes); i++ {
			if strings.Contains(text, string(runes[i:i+2])) {
				n++
			}
		}
		best = max(best, n)
	}
	return best
}

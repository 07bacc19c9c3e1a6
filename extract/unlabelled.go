package extract

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Whether a list bears no dates at all is a fact about its body, 未标注发布时间,
// and no failure of ours. It is only said where nothing is left that could be a
// date we cannot read.

// barren reports whether neither the rows of a list nor the articles opened can
// hold a date of any kind.
func barren(rows []row, all []opened) bool {
	if len(all) == 0 || slices.ContainsFunc(all, func(o opened) bool { return !o.bare }) {
		return false
	}
	return !slices.ContainsFunc(rows, row.hidesDate)
}

// hidesDate reports whether a row may show a date that we do not read: a
// picture, a script, an empty element, numbers beside its title.
func (r row) hidesDate() bool {
	if r.scope == nil || r.dated() || r.ahead > 0 || r.item.Source != "" {
		return true
	}
	if _, _, ok := dayIn(r.item.Link); ok {
		return true
	}
	for n := range r.scope.Descendants() {
		if n.Type == html.ElementNode && hidesWords(n) {
			return true
		}
	}
	beside := strings.Join(pieces(r.scope, func(n *html.Node) bool { return n == r.link }), " ")
	return strings.ContainsAny(ascii(beside), "0123456789")
}

// hidesWords reports whether an element may show words that are not in the page.
func hidesWords(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Br, atom.Hr, atom.Wbr:
		return false
	case atom.Img, atom.Svg, atom.Canvas, atom.Script, atom.Object, atom.Iframe:
		return true
	}
	return n.FirstChild == nil || slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key != "href" && a.Key != "title" && fullDate.MatchString(cut(a.Val, 200))
	})
}

// anyDateLabel is a label that promises a date.
var anyDateLabel = regexp.MustCompile(`(?i)(?:日\s*期|时\s*间|release|publish\w*|posted|updated?|\bdate)\s*(?:time|date|on)?\s*:`)

// unlabelled reports whether an article that shows no date promises none and
// holds nothing that may be one.
func (a article) unlabelled(d *document) bool {
	if a.title < 0 || a.seen || a.ahead > 0 || len(a.claims) > 0 || a.body == len(a.lines) || a.statesTime(d) {
		return false
	}
	for i, l := range a.lines {
		switch {
		case imprint.MatchString(l.text):
		case anyDateLabel.MatchString(l.text):
			return false
		case i >= a.title-1 && i < a.body && l.hides:
			return false
		case i > a.title && l.links == 0 && l.runes <= 40 && fullDate.MatchString(l.text):
			return false
		}
	}
	return true
}

// statesTime reports whether tags or scripts hold a publication that could not
// be read or was not believed.
func (a article) statesTime(d *document) bool {
	for n := range d.root.Descendants() {
		if n.DataAtom == atom.Meta && issues(metaName(n)) && attr(n, "content") != "" || n.DataAtom == atom.Time {
			return true
		}
	}
	return slices.ContainsFunc(a.scripts.order, func(name string) bool {
		return issues(name) || name == "ct" || fullDate.MatchString(a.scripts.values[name])
	})
}

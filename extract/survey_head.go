package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// heading notes the links of a heading and returns its head, nil for what is
// none.
func (s *surveyor) heading(n *html.Node, sc scope) *head {
	level := headingLevel(n)
	if level == 0 {
		return nil
	}
	text, links, ok := brief(n)
	if !ok || links > 1 {
		return nil
	}
	h := &head{name: cleanName(text), level: level, nth: len(s.found)}
	if plain := letters(h.name); !groupName(h.name) || len([]rune(plain)) > maxPlainHead && newsWords.MatchString(plain) {
		return nil // a headline
	}
	h.parent = sc.head
	s.heads = append(s.heads, h)
	own, inner := sc, sc
	inner.head = h
	for c := range n.Descendants() {
		if c.Type != html.ElementNode || c.DataAtom != atom.A {
			continue
		}
		if moreLink(c, nameOf(c)) {
			s.link(c, inner, false)
			continue
		}
		h.linked = h.linked || s.doc.resolve(attr(c, "href")) != ""
		s.link(c, own, true)
	}
	return h
}

// maxPlainHead is the longest heading, in runes, that may hold a word of the
// news.
const maxPlainHead = 10

// headingLevel returns how high a heading n is, 0 if it is none.
func headingLevel(n *html.Node) int {
	if l := tagLevel(n); l > 0 {
		return l
	}
	switch n.DataAtom {
	case atom.Dt, atom.Th, atom.Legend, atom.Caption, atom.Summary:
		return levelCell
	case atom.Td:
		if !hasLink(n) && previousElement(n) == nil {
			return levelCell
		}
		return 0
	case atom.Div, atom.P, atom.Span, atom.Strong, atom.B, atom.Header, atom.Label:
	default:
		return 0
	}
	if _, _, ok := brief(n); !ok {
		return 0
	}
	for c := range n.Descendants() {
		if l := tagLevel(c); l > 0 {
			return l
		}
	}
	if heads(n) {
		return levelTitle
	}
	return 0
}

// heads reports whether a few words that are no heading by their element are
// one by what they are called or stand in front of.
func heads(n *html.Node) bool {
	next := nextElement(n)
	switch {
	case next == nil:
		return false
	case next.DataAtom == atom.A && moreLink(next, nameOf(next)):
		return !hasLink(n)
	case titleClass.MatchString(attr(n, "class") + " " + attr(n, "id")):
		return n.DataAtom == atom.Div || n.DataAtom == atom.P || container(next)
	}
	return !hasLink(n) && container(next) && hasLink(next)
}

func tagLevel(n *html.Node) int {
	for i, name := range []atom.Atom{atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6} {
		if n.DataAtom == name {
			return i + 1
		}
	}
	return 0
}

// briefNodes bounds what is looked at to tell whether an element holds but a
// few words.
const briefNodes = 40

// brief returns the text of an element that holds a name and little else, with
// the number of its links; 更多 is not counted to either.
func brief(n *html.Node) (text string, links int, ok bool) {
	var parts []string
	nodes, runes := 0, 0
	var walk func(n *html.Node) bool
	walk = func(n *html.Node) bool {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if nodes++; nodes > briefNodes {
				return false
			}
			switch {
			case c.Type == html.TextNode:
				t := title(cut(c.Data, 400))
				if runes += len([]rune(t)); runes > maxTab {
					return false
				}
				if t != "" {
					parts = append(parts, t)
				}
			case c.Type != html.ElementNode || silent(c):
			case c.DataAtom == atom.A && moreLink(c, nameOf(c)):
			default:
				if c.DataAtom == atom.A {
					links++
				}
				if !walk(c) {
					return false
				}
			}
		}
		return true
	}
	ok = walk(n)
	return strings.Join(parts, ""), links, ok && (len(parts) > 0)
}

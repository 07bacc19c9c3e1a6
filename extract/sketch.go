package extract

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A sketch is what a page looks like from afar.
type sketch struct {
	runes  int    // visible, counted up to shortPage
	links  int    // with an address
	plain  string // visible text outside of links and rows, squeezed
	linked string // the rest of what was counted
}

// shortPage is the visible text, in runes, from which on a page is a page and
// not a message.
const shortPage = 2000

// titleRunes is how long the text of a link must be to be the title of an item
// and not the way back.
const titleRunes = 8

// A sketcher draws a sketch.
type sketcher struct {
	sketch
	plain, linked []byte
}

// sketch looks at what is visible.
func (d *document) sketch() sketch {
	var s sketcher
	s.walk(d.root, false)
	s.sketch.plain, s.sketch.linked = string(s.plain), string(s.linked)
	return s.sketch
}

// walk draws what is below n and reports whether a link among it names an item:
// the text beside such a link in one row is its summary, which may speak of
// anything as its title may.
func (s *sketcher) walk(n *html.Node, inLink bool) (titled bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && s.runes < shortPage:
			text := squeeze(cut(c.Data, maxTextNode))
			s.runes += len([]rune(text))
			if inLink {
				s.linked = append(s.linked, text...)
			} else {
				s.plain = append(s.plain, text...)
			}
		case c.Type == html.ElementNode && !unseen(c):
			titled = s.element(c, inLink) || titled
		}
	}
	return titled
}

func (s *sketcher) element(n *html.Node, inLink bool) (titled bool) {
	link := n.DataAtom == atom.A && attr(n, "href") != ""
	if link {
		s.links++
	}
	runes, plain := s.runes, len(s.plain)
	titled = s.walk(n, inLink || link)
	if link && s.runes-runes >= titleRunes {
		return true
	}
	if titled && rowLike(n) {
		s.linked = append(s.linked, s.plain[plain:]...)
		s.plain = s.plain[:plain]
		return false
	}
	return titled
}

// rowLike reports whether an element may be one of several rows.
func rowLike(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Li, atom.Tr, atom.Dl, atom.Dd, atom.Dt, atom.Article:
		return true
	case atom.Div, atom.P, atom.Section:
		return alike(n, nextElement(n)) || alike(n, previousElement(n))
	}
	return false
}

// alike reports whether two elements are of one name and class.
func alike(a, b *html.Node) bool {
	return b != nil && a.DataAtom == b.DataAtom && attr(a, "class") == attr(b, "class")
}

package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A found link, with what it stands below.
type found struct {
	node    *html.Node
	name    string
	url     string // "" where a script holds it
	head    *head
	box     *html.Node // the list it stands in, nil without one
	row     *html.Node // the row of that list
	scope   scope
	heading bool // it is a heading itself
	more    bool // 更多
	article bool // it, or its list, is one of articles
	number  int  // its place on the page
}

// A head is a text that links stand below: a heading, a tab, an item of a menu.
type head struct {
	name   string
	level  int // of h1 to h6; more is lower
	parent *head
	linked bool  // a column was found for it
	nth    int   // number of the link it stands before
	items  []int // the links below it, by number
}

// Levels of heads that are no h1 to h6.
const (
	levelTitle = 7 // an element that is called title, or stands before a list
	levelCell  = 8 // dt, th, the first cell of a row
	levelItem  = 9 // an item of a menu
)

// A scope is what all links below a node share.
type scope struct {
	head             *head
	box, row         *html.Node
	nav, foot, trail bool
}

// walk gathers the links below n in page order.
func (s *surveyor) walk(n *html.Node, sc scope) {
	base := sc.head
	var item *head // the label of a menu's item
	for c := n.FirstChild; c != nil && !s.more; c = c.NextSibling {
		if c.Type == html.TextNode && n.DataAtom == atom.Li && item == nil {
			item = s.itemHead(cleanName(title(cut(c.Data, 200))), sc.head)
		}
		if c.Type != html.ElementNode || silent(c) {
			continue
		}
		if s.seen++; s.seen > maxElements {
			s.more = true
			return
		}
		inner := sc.inside(c)
		if h := s.panels[c]; h != nil {
			inner.head = h
		}
		switch {
		case c.DataAtom == atom.A || c.DataAtom == atom.Area:
			s.link(c, inner, false)
			if item == nil && holdsMenu(n) {
				item = s.itemHead(nameOf(c), sc.head)
			}
		case s.tabs(c, inner):
		default:
			if h := s.heading(c, inner); h != nil {
				sc.head = below(base, sc.head, h)
				continue
			}
			if item == nil && n.DataAtom == atom.Li {
				item = s.briefHead(c, sc.head)
			} else if item != nil && container(c) {
				inner.head = item
			}
			s.walk(c, inner)
		}
	}
}

// below puts a heading under the last one of a higher level, but not outside of
// what all of its siblings stand below.
func below(base, last, h *head) *head {
	for last != base && last != nil && last.level >= h.level {
		last = last.parent
	}
	h.parent = last
	return h
}

// inside returns the scope of what stands below a node.
func (sc scope) inside(n *html.Node) scope {
	switch n.DataAtom {
	case atom.Nav:
		sc.nav = true
	case atom.Footer:
		sc.foot = true
	case atom.Ul, atom.Ol, atom.Dl, atom.Table:
		sc.box, sc.row = n, nil
	case atom.Li, atom.Dd, atom.Tr:
		sc.row = n
	}
	if called := attr(n, "class") + " " + attr(n, "id"); called != " " {
		sc.nav = sc.nav || navClass.MatchString(called)
		sc.foot = sc.foot || footClass.MatchString(called)
		sc.trail = sc.trail || trailClass.MatchString(called)
	}
	if !sc.trail && n.FirstChild != nil && n.FirstChild.Type == html.TextNode {
		sc.trail = trailText.MatchString(cut(strings.TrimSpace(n.FirstChild.Data), 60))
	}
	return sc
}

// container reports whether an element may hold the second level of a menu.
func container(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Ul, atom.Ol, atom.Dl, atom.Div, atom.Table, atom.Section, atom.Nav:
		return true
	}
	return false
}

// holdsMenu reports whether n is an item of a menu: its first element is what
// it is called, and all that follows are containers.
func holdsMenu(n *html.Node) bool {
	if n.DataAtom == atom.Li {
		return true
	}
	count := 0
	for c := n.FirstChild; c != nil && count < 4; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		if count++; count > 1 && !container(c) {
			return false
		}
	}
	return n.DataAtom == atom.Div && count > 1
}

// itemHead makes the head of a menu's item, nil for what is no name of one.
func (s *surveyor) itemHead(name string, parent *head) *head {
	if !groupName(name) {
		return nil
	}
	return &head{name: name, level: levelItem, parent: parent, linked: true}
}

// briefHead makes the head of a menu's item whose label stands in an element of
// its own, nil for what is more than a label.
func (s *surveyor) briefHead(n *html.Node, parent *head) *head {
	if text, links, ok := brief(n); ok && links <= 1 {
		return s.itemHead(cleanName(text), parent)
	}
	return nil
}

// link notes one link.
func (s *surveyor) link(n *html.Node, sc scope, heading bool) {
	if len(s.found) >= maxSurveyed {
		s.more = true
		return
	}
	f := found{node: n, name: nameOf(n), url: s.doc.resolve(attr(n, "href")), head: sc.head, box: sc.box, row: sc.row, scope: sc, heading: heading}
	f.more = moreLink(n, f.name)
	if h := sc.head; h != nil && len(h.items) < maxItemsOfHead {
		h.items = append(h.items, len(s.found))
	}
	s.found = append(s.found, f)
}

// maxItemsOfHead bounds the links from which the address of a heading without a
// link is derived.
const maxItemsOfHead = 60

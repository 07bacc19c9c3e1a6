package extract

import (
	"net/url"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// leastPictures is how many links without a text make a list of them a menu,
// wherever it stands.
const leastPictures = 3

// nameless returns the address of a link in the page's navigation that has no
// text at all, as of a picture without an alternative text: what it is called
// only a reader sees. It is "" if there is none. A list that consists of such
// links is navigation whatever it is called; an address that another link names
// is known.
func (d *document) nameless() string {
	var bare []*html.Node
	named := map[string]bool{}
	for n := range d.root.Descendants() {
		if n.Type != html.ElementNode || n.DataAtom != atom.A && n.DataAtom != atom.Area {
			continue
		}
		to := d.resolve(attr(n, "href"))
		switch {
		case to == "":
		case shownName(n) != "":
			named[key(to)] = true
		case d.mayBeColumn(to):
			bare = append(bare, n)
		}
	}
	lists := map[*html.Node]int{}
	for _, n := range bare {
		to := d.resolve(attr(n, "href"))
		if named[key(to)] {
			continue
		}
		if box := boxOf(n); box != nil {
			if lists[box]++; lists[box] >= leastPictures {
				return cut(to, maxDetail/2)
			}
		}
		if inNavigation(n) {
			return cut(to, maxDetail/2)
		}
	}
	return ""
}

// mayBeColumn reports whether an address of the page's host may be that of a
// column: not the home page, no article, no file.
func (d *document) mayBeColumn(to string) bool {
	u, err := url.Parse(to)
	if err != nil || !sameHost(u, d.base) || fileName.MatchString(u.Path) || articleLink.MatchString(to) || serial(to) {
		return false
	}
	top := *u
	top.Path, top.RawPath, top.RawQuery = "/", "", ""
	return place(u) != place(&top) && key(to) != key(d.page.URL)
}

// maxClimb bounds how far up a page a link's surroundings are looked at.
const maxClimb = 8

// boxOf returns the list that a link stands in: two levels up at most, so that
// the links of a whole page are not taken for one.
func boxOf(n *html.Node) *html.Node {
	p := n.Parent
	for range 3 {
		if p == nil || p.DataAtom == atom.Body {
			return nil
		}
		switch p.DataAtom {
		case atom.Ul, atom.Ol, atom.Dl, atom.Tr, atom.Div, atom.Nav, atom.Map:
			return p
		}
		p = p.Parent
	}
	return nil
}

// inNavigation reports whether a link stands in what is called navigation and
// not in the page's foot.
func inNavigation(n *html.Node) bool {
	found := false
	for p, i := n.Parent, 0; p != nil && i < maxClimb; p, i = p.Parent, i+1 {
		called := attr(p, "class") + " " + attr(p, "id")
		if p.DataAtom == atom.Footer || footClass.MatchString(called) {
			return false
		}
		found = found || p.DataAtom == atom.Nav || navClass.MatchString(called)
	}
	return found
}

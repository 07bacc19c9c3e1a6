package extract

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A spot is a row on the page: its node, where its date is looked for, and its
// link and title, which may be absent.
type spot struct {
	node  *html.Node
	scope *html.Node // node, or its parent where the node is the link itself
	link  *html.Node
	title *html.Node
}

// place finds the parts of a row.
func (c recipe) place(d *document, n *html.Node, rows map[*html.Node]bool) spot {
	p := spot{node: n, scope: n}
	if n.DataAtom == atom.A {
		p.link = n
		if n.Parent != nil && loneRow(n, rows) {
			p.scope = n.Parent
		}
	} else {
		p.link = firstLink(n)
	}
	if c.link != nil && c.link.plain() {
		if found := c.link.nodes(n); len(found) > 0 {
			p.link = found[0]
		}
	}
	p.title = p.link
	if h := heading(p.link); h != nil {
		p.title = h
	}
	if c.title != nil {
		if found := c.title.nodes(n); len(found) > 0 {
			p.title = found[0]
		}
	}
	return p
}

// heading returns the one heading inside a link, nil if there is none: links
// around a whole row hold a summary as well.
func heading(link *html.Node) *html.Node {
	if link == nil {
		return nil
	}
	for _, name := range []atom.Atom{atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6} {
		if h := firstElement(link, name); h != nil && titleOf(h) != "" {
			return h
		}
	}
	return nil
}

// loneRow reports whether n is the only row of its parent, so that the parent's
// text is the row's. A parent of several is remembered in rows as no row.
func loneRow(n *html.Node, rows map[*html.Node]bool) bool {
	if isRow, asked := rows[n.Parent]; asked && !isRow {
		return false
	}
	switch n.Parent.DataAtom {
	case atom.Body, atom.Html, atom.Ul, atom.Table, atom.Tbody:
		return false
	}
	links := 0
	for c := range n.Parent.Descendants() {
		if rows[c] || c.DataAtom == atom.A {
			links++
		}
		if links > 1 {
			rows[n.Parent] = false // asked again for each of them
			return false
		}
	}
	return links == 1
}

// firstLink returns the first link of a row that shows a title, else the first.
func firstLink(n *html.Node) *html.Node {
	var first *html.Node
	for c := range n.Descendants() {
		if c.DataAtom != atom.A {
			continue
		}
		if first == nil {
			first = c
		}
		if titleOf(c) != "" {
			return c
		}
	}
	return first
}

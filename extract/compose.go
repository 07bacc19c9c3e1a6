package extract

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxRungs is how many levels a composed selector of a list may have.
const maxRungs = 8

// compose writes a cluster down as a recipe that a person can read. The recipe
// finds the cluster's rows and no other rows with links; ok is false where no
// selector tells them apart.
func (cl *cluster) compose(d *document, rows []*html.Node) (r Recipe, ok bool) {
	r.List, r.Item, ok = cl.selectors(d, rows)
	if !ok {
		return Recipe{}, false
	}
	if link := mainLink(rows); link != "" {
		r.Title, r.Link = link, link
	}
	column := ""
	if len(cl.rows) > 0 {
		column, cl.event = dateColumn(cl.rows)
	}
	switch {
	case cl.beside != "":
		r.Date = cl.beside
	case column != "" && 2*cl.many >= len(cl.rows):
		r.Date = column
	case len(cl.rows) > 0 && 2*cl.many < len(cl.rows):
		r.Date = dateField(d, cl.rows, cl.dates)
	}
	return r, true
}

// selector is one selector of a composed recipe's rows.
func (r Recipe) selector() string {
	if r.List == "" {
		return r.Item
	}
	return r.List + " > " + strings.TrimPrefix(r.Item, "./")
}

// selectors finds the shortest selector of the containers under which only the
// cluster's rows are found. Places among siblings are counted only where nothing
// else tells them apart.
func (cl *cluster) selectors(d *document, rows []*html.Node) (list, item string, ok bool) {
	known := make(map[*html.Node]bool, len(cl.rows)+len(cl.bare))
	for _, n := range slices.Concat(cl.rows, cl.bare) {
		known[n] = true
	}
	if list, item, ok = cl.climb(d, rows, known, rungSelector); ok {
		return list, item, ok
	}
	return cl.climb(d, rows, known, nthRung)
}

// climb tries one level after the other, named by rung.
func (cl *cluster) climb(d *document, rows []*html.Node, known map[*html.Node]bool, rung func([]*html.Node) string) (list, item string, ok bool) {
	items := itemSelectors(rows)
	level := parents(rows)
	chain := ""
	for range maxRungs {
		if len(level) == 0 || level[0].DataAtom == atom.Html || level[0].Type != html.ElementNode {
			return "", "", false
		}
		own := rung(level)
		if chain == "" {
			chain = own
		} else {
			chain = own + " > " + chain
		}
		if len(chain) > maxSelector {
			return "", "", false
		}
		if own != level[0].Data || level[0].DataAtom == atom.Body || level[0].DataAtom == 0 {
			for _, item := range items {
				if cl.only(d, chain, item, known) {
					return chain, item, true
				}
			}
		}
		level = parents(level)
	}
	return "", "", false
}

// nthRung names the one element of a level by its place as well.
func nthRung(level []*html.Node) string {
	own := rungSelector(level)
	if len(level) != 1 || strings.Contains(own, "#") || ofType(level[0]) == 1 && !moreOfType(level[0]) {
		return own
	}
	return fmt.Sprintf("%s:nth-of-type(%d)", own, ofType(level[0]))
}

// moreOfType reports whether siblings with its tag follow an element.
func moreOfType(n *html.Node) bool {
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		if s.Type == html.ElementNode && s.DataAtom == n.DataAtom {
			return true
		}
	}
	return false
}

// rungSelector names the elements of one level.
func rungSelector(level []*html.Node) string {
	own := level[0].Data + common(level)
	if w := attr(level[0], "width"); own == "table" && w != "" && identifier("w"+w) && len(level) == 1 {
		own += fmt.Sprintf("[width=%q]", w)
	}
	return own
}

// itemSelectors are the ways to select rows in their container, the plainest
// first. Elements that often stand in each other are named by class, or as
// children.
func itemSelectors(rows []*html.Node) []string {
	tag := rows[0].Data
	if prefix := commonID(rows); prefix != "" {
		return []string{tag + prefix}
	}
	class := common(rows)
	if strings.HasPrefix(class, "#") {
		class = ""
	}
	switch rows[0].DataAtom {
	case atom.Li, atom.Tr, atom.Dd, atom.Dt, atom.A, atom.P:
		if class == "" {
			return []string{tag, "./" + tag}
		}
		return []string{tag, tag + class}
	}
	if class == "" {
		return []string{"./" + tag}
	}
	return []string{tag + class}
}

// only reports whether a recipe finds rows of the cluster and no others that
// have links.
func (cl *cluster) only(d *document, list, item string, known map[*html.Node]bool) bool {
	c, err := compile(Recipe{List: list, Item: item})
	if err != nil {
		return false
	}
	found := 0
	for _, n := range c.leaves(c.items(c.list.find(d.root))) {
		if known[n] {
			found++
			continue
		}
		if n.Parent == nil || !insideKnown(n, known) {
			return false
		}
	}
	return found >= len(cl.rows)
}

// insideKnown reports whether a node stands in a row of the cluster, or beside
// rows of it as one without a link of its own.
func insideKnown(n *html.Node, known map[*html.Node]bool) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if known[p] {
			return true
		}
	}
	for s := n.Parent.FirstChild; s != nil; s = s.NextSibling {
		if known[s] {
			return true
		}
	}
	return false
}

// parents returns the distinct parents of nodes, in page order.
func parents(nodes []*html.Node) []*html.Node {
	var out []*html.Node
	for _, n := range nodes {
		if p := n.Parent; p != nil && (len(out) == 0 || out[len(out)-1] != p) && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// common returns the selector of the id and classes that all nodes share, at
// most two classes.
func common(nodes []*html.Node) string {
	if id := attr(nodes[0], "id"); id != "" && len(nodes) == 1 && identifier(id) {
		return "#" + id
	}
	var out strings.Builder
	n := 0
	for class := range strings.FieldsSeq(attr(nodes[0], "class")) {
		if n == 2 || passing(class) || !identifier(class) {
			continue
		}
		if !slices.ContainsFunc(nodes[1:], func(n *html.Node) bool { return !slices.Contains(strings.Fields(attr(n, "class")), class) }) {
			out.WriteString("." + class)
			n++
		}
	}
	return out.String()
}

// commonID selects nodes whose ids differ in their numbers only: line_u5_0,
// line_u5_1.
func commonID(nodes []*html.Node) string {
	head := strings.TrimRight(attr(nodes[0], "id"), "0123456789")
	if len(nodes) < 2 || len(head) < 4 || !identifier(head) {
		return ""
	}
	for _, n := range nodes {
		if strings.TrimRight(attr(n, "id"), "0123456789") != head {
			return ""
		}
	}
	return fmt.Sprintf("[id^=%q]", head)
}

// identifier reports whether a name can stand in a selector without escapes.
func identifier(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
		if !letter && (i == 0 || r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != "" && len(s) <= 40
}

// mainLink returns the selector of the link with the title, "" where that is the
// first link of a row anyway.
func mainLink(rows []*html.Node) string {
	votes := make(map[string]int)
	later, best := 0, ""
	for _, n := range rows[:min(len(rows), 12)] {
		first, longest := firstLink(n), firstLink(n)
		for a := range n.Descendants() {
			if a.DataAtom == atom.A && len(titleOf(a)) > len(titleOf(longest)) {
				longest = a
			}
		}
		if first == nil || longest == first || attr(longest, "href") == attr(first, "href") {
			continue
		}
		later++
		sel := nthSelector(longest, n)
		if votes[sel]++; votes[sel] > votes[best] {
			best = sel
		}
	}
	if later*2 <= min(len(rows), 12) {
		return ""
	}
	return best
}

// nthSelector names an element of a row by its class, or else by its place.
func nthSelector(n, row *html.Node) string {
	if class := common([]*html.Node{n}); strings.HasPrefix(class, ".") {
		return n.Data + class
	}
	if p := n.Parent; p != nil && p != row {
		return fmt.Sprintf("%s:nth-child(%d) %s", p.Data, place1(p), n.Data)
	}
	return fmt.Sprintf("%s:nth-of-type(%d)", n.Data, ofType(n))
}

// place1 is the place of an element among its siblings, from one.
func place1(n *html.Node) int {
	at := 1
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if s.Type == html.ElementNode {
			at++
		}
	}
	return at
}

// ofType is the place of an element among siblings with its tag, from one.
func ofType(n *html.Node) int {
	at := 1
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if s.Type == html.ElementNode && s.DataAtom == n.DataAtom {
			at++
		}
	}
	return at
}

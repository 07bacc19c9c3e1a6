package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A whereabouts is where an item stands in a document; what was not found is nil.
type whereabouts struct{ row, title, date *html.Node }

// locate finds the items of a reading in the document they were read from, by
// what they say themselves and not by a recipe: that may have changed since.
// Each element stands for one item at most.
func (d *document) locate(items []Item) []whereabouts {
	at := make([]whereabouts, len(items))
	links, titles := d.linksByAddress()
	taken := make(map[*html.Node]bool)
	for i, item := range items {
		candidates := links[item.Link]
		if item.Link == "" || len(candidates) == 0 {
			candidates = titles[letters(cut(item.Title, cutTitle))]
		}
		if n := likeliestLink(candidates, item, taken); n != nil {
			taken[n] = true
			at[i].title = n
		}
	}
	inside := make(map[*html.Node]int) // how many items stand in an element
	for _, w := range at {
		for n := w.title; n != nil; n = n.Parent {
			inside[n]++
		}
	}
	for i, w := range at {
		if w.title != nil {
			at[i].row = rowAround(w.title, inside)
			at[i].date = dateIn(at[i].row, w.title, items[i].Source)
		}
	}
	return at
}

// linksByAddress gathers the links of a document by where they lead, and by the
// beginning of what they are called.
func (d *document) linksByAddress() (byAddress, byTitle map[string][]*html.Node) {
	byAddress, byTitle = make(map[string][]*html.Node), make(map[string][]*html.Node)
	for n := range d.root.Descendants() {
		if n.DataAtom != atom.A && n.DataAtom != atom.Area {
			continue
		}
		if to := d.resolve(attr(n, "href")); to != "" {
			byAddress[to] = append(byAddress[to], n)
		}
		if t := letters(cut(title(titleOf(n)), cutTitle)); t != "" {
			byTitle[t] = append(byTitle[t], n)
		}
	}
	return byAddress, byTitle
}

// likeliestLink is the link of an item: of several the one that shows its title,
// and beside it the text of its date.
func likeliestLink(candidates []*html.Node, item Item, taken map[*html.Node]bool) *html.Node {
	var best *html.Node
	most := -1
	for _, n := range candidates[:min(len(candidates), maxSameLinks)] {
		if taken[n] {
			continue
		}
		score := 0
		shown := title(titleOf(n))
		if shown != "" && (strings.Contains(shown, cut(item.Title, cutTitle)) || strings.Contains(item.Title, shown)) {
			score += 2
		}
		if item.Source != "" {
			up := n
			for range 3 {
				if up = up.Parent; up == nil || up.DataAtom == atom.Body {
					break
				}
				if from, to := spanOf(cut(textOf(up), maxRowText), item.Source); from < to {
					score++
					break
				}
			}
		}
		if score > most {
			best, most = n, score
		}
	}
	return best
}

// maxSameLinks bounds the links with one address that are told apart.
const maxSameLinks = 20

// rowAround is the largest element around the title of an item that no other item
// stands in, and that may be a row: a list of one item is no row.
func rowAround(n *html.Node, inside map[*html.Node]int) *html.Node {
	for n.Parent != nil && inside[n.Parent] == inside[n] {
		switch n.Parent.DataAtom {
		case atom.Body, atom.Html, atom.Ul, atom.Ol, atom.Dl, atom.Table, atom.Tbody:
			return n
		}
		if rowOf(n) || len(textOf(n.Parent)) > maxRowText {
			return n
		}
		n = n.Parent
	}
	return n
}

// dateIn is the smallest element of a row, or next to it, that shows the text of
// a date; one outside of the title before one inside.
func dateIn(row, title *html.Node, source string) *html.Node {
	if source == "" {
		return nil
	}
	for _, within := range []*html.Node{row, nextElement(row), previousElement(row)} {
		if within == nil {
			continue
		}
		if n := smallest(within, title, source); n != nil {
			return n
		}
		if n := smallest(within, nil, source); n != nil {
			return n
		}
	}
	return nil
}

// smallest is the smallest element at or below n that shows a text, leaving one
// element out of the search.
func smallest(n, leave *html.Node, source string) *html.Node {
	if from, to := spanOf(strings.Join(pieces(n, func(x *html.Node) bool { return x == leave }), " "), source); from == to {
		return nil
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c == leave || unseen(c) {
			continue
		}
		if found := smallest(c, leave, source); found != nil {
			return found
		}
	}
	return n
}

// Locate finds the items of a reading on a page, one Place each: the same as
// [CopyOf] marks. It has none for a page without elements.
func Locate(p Page, r Reading) []Place {
	places := make([]Place, len(r.Items))
	d, o := parse(p)
	if o != nil || d.data != nil {
		return places
	}
	numbers := d.numbers()
	for i, w := range d.locate(r.Items) {
		places[i] = Place{numbers[w.row], numbers[w.title], numbers[w.date]}
	}
	return places
}

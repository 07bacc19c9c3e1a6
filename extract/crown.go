package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Many pages set the newest item of a list apart: as a head story, with a
// picture, above it. A list without it would be read as older than it is.

// crownRows is how many items are set apart at most.
const crownRows = 3

// crown adds to a list the newer items that stand right above it and lead to
// where its own items lead. Where it cannot be written down with them, the list
// holds more than was read.
func (r *reader) crown(d *document, best crop, all []candidate, s *scene) crop {
	if len(best.rows) == 0 || !best.dated || best.nodes == nil {
		return best
	}
	folders := make(map[string]bool)
	for _, n := range best.nodes {
		folders[s.columnFolder(n)] = true
	}
	for _, a := range all {
		if len(a.cl.rows) == 0 || len(a.cl.rows) > crownRows || len(a.cl.rows) >= len(best.rows) || a.stand.heading >= headForeign ||
			!standsAbove(a.cl.rows[0], best.nodes[0]) || a.stand.aside > best.stand.aside {
			continue
		}
		if a.stand.deep < 1 || a.stand.titles < longTitles {
			continue // a link beside the day of the calendar
		}
		if f := s.columnFolder(a.cl.rows[0]); f == "" || !folders[f] {
			continue
		}
		head, ok := r.crop(d, a)
		if !ok || !head.newest().Day().After(best.newest().Day()) {
			continue
		}
		best = r.joined(d, head, best)
	}
	return best
}

// joined is a list with its head.
func (r *reader) joined(d *document, head, list crop) crop {
	var items []string
	for _, c := range []crop{head, list} {
		items = append(items, c.recipe.selector())
	}
	raw := Recipe{Item: strings.Join(items, ", "), Title: list.recipe.Title, Link: list.recipe.Link}
	c, err := compile(raw)
	if err == nil && len(raw.Item) <= maxSelector {
		if h := c.harvest(d); newestOf(h.rows).Day().Equal(head.newest().Day()) && undated(h.rows) == nil {
			list.recipe, list.rows, list.more = raw, h.rows, h.more
			return list
		}
	}
	list.more = true
	return list
}

// standsAbove reports whether a row stands before a list, under an element not far
// above it.
func standsAbove(row, list *html.Node) bool {
	top := list.Parent
	for range 3 {
		if top == nil || top.Parent == nil {
			return false
		}
		top = top.Parent
		if within(row, top) {
			break
		}
	}
	if !within(row, top) {
		return false
	}
	for n := range top.Descendants() {
		switch n {
		case row:
			return true
		case list:
			return false
		}
	}
	return false
}

// hidesNewer reports whether newer items of the column stand in a part of the
// page that is shown only when it is asked for: a tab for each year. So do any
// that lie below the page's own folder, where what is shown does not.
func (s *scene) hidesNewer(best crop) bool {
	c, err := compile(best.recipe)
	if err != nil || len(best.nodes) == 0 {
		return false
	}
	box := best.nodes[0].Parent
	for range 2 {
		if box == nil || box.Parent == nil || box.DataAtom == atom.Body {
			return false
		}
		for other := range box.Parent.ChildNodes() {
			if other.DataAtom == box.DataAtom && other != box && unseen(other) && s.holdsNewer(other, best, c) {
				return true
			}
		}
		box = box.Parent
	}
	return false
}

// holdsNewer reports whether a hidden part of the page holds what the list
// should have shown.
func (s *scene) holdsNewer(hidden *html.Node, best crop, c recipe) bool {
	astray := best.stand.prefix < 0.5 && strings.Count(s.folder, "/") >= 2
	shown, newest := s.columnFolder(best.nodes[0]), best.newest().Day()
	for n := range hidden.Descendants() {
		if n.DataAtom != best.nodes[0].DataAtom || firstElement(n, atom.A) == nil {
			continue
		}
		leads := s.columnFolder(n)
		nearer := astray && leads != "" && strings.HasPrefix(leads, s.folder)
		if leads != shown && !nearer {
			continue
		}
		row, ok := c.read(s.d, c.place(s.d, n, make(map[*html.Node]bool)))
		if ok && row.dated() && (nearer || row.item.Date.Day().After(newest)) {
			return true
		}
	}
	return false
}

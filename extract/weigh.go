package extract

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Lists of a page are held against each other and against what the page says:
// what is called as the page is may be called so only because nothing else is.

// saysNothing reports whether a page says somewhere that there is nothing.
func saysNothing(root *html.Node) bool {
	for n := range root.Descendants() {
		if n.Type == html.TextNode && len(n.Data) <= maxDateElement && nothingHere.MatchString(squeeze(n.Data)) && n.Parent != nil && !hidden(n.Parent) {
			return true
		}
	}
	return false
}

// hidden reports whether an element stands in one that is not seen.
func hidden(n *html.Node) bool {
	for ; n != nil && n.Type == html.ElementNode; n = n.Parent {
		if n.DataAtom != atom.Body && unseen(n) {
			return true
		}
	}
	return false
}

// weighShared doubts lists that stand with another one under the same words: a
// way at the head of a page names none of them.
func weighShared(all []candidate) {
	under := make(map[*html.Node][]int)
	for i, a := range all {
		long := len(a.cl.rows) > 1 || len(a.cl.rows) == 0 && a.stand.titles >= longTitles && a.stand.deep > 0.5
		if long && a.stand.heading == headColumn && a.stand.aside < 2 {
			under[a.stand.box] = append(under[a.stand.box], i)
		}
	}
	for _, group := range under {
		for _, i := range group {
			a := &all[i].stand
			other := slices.ContainsFunc(group, func(j int) bool { return j != i && !all[j].repeats(all[i]) })
			a.beside = a.beside || other && a.prefix < 0.5 && len(all[i].cl.rows) > 0
		}
	}
}

// repeats reports whether a list shows items of another.
func (a candidate) repeats(o candidate) bool {
	titles := make(map[string]bool)
	for _, n := range a.rows {
		titles[headOf(titleOf(linkOf(n)), cutRunes)] = true
	}
	shared := 0
	for _, n := range o.rows {
		if titles[headOf(titleOf(linkOf(n)), cutRunes)] {
			shared++
		}
	}
	return 2*shared > min(len(a.rows), len(o.rows))
}

// weighPlain holds dated lists against lists without dates.
func weighPlain(all []candidate) {
	for _, plain := range all {
		if !plain.plainList() {
			continue
		}
		for i, a := range all {
			if len(a.cl.rows) > 0 {
				all[i].stand.repeats = a.stand.repeats || plain.repeats(a)
				all[i].stand.beside = a.stand.prefix < 0.5
			}
		}
	}
}

// near reports whether rows are articles below the page's own folder, where no
// menu stands.
func (s stand) near() bool {
	return s.prefix > 0.5 && s.deep > 0.5 && s.aside < 2 && s.titles >= longTitles && s.heading < headForeign
}

// weighNear doubts dated lists that lead elsewhere, where others lead below the
// page's own folder or nothing but dates speaks for them: a list that is longer
// than the column's, or dated as that is not, is not the column's for that.
func (s *scene) weighNear(all []candidate, near bool) {
	near = near || s.awaitsRows()
	for i := range all {
		a := &all[i]
		if len(a.cl.rows) == 0 || a.stand.prefix >= 0.5 || a.stand.beside {
			continue
		}
		a.stand.beside = near || slices.ContainsFunc(all, func(o candidate) bool { return a.doubtedBy(o) })
	}
}

// doubtedBy reports whether another list of the page may as well be the column's,
// by all that is known of it but its dates.
func (a candidate) doubtedBy(o candidate) bool {
	if o.cl == a.cl || o.stand.deep <= 0.5 || o.stand.aside > 1 || o.stand.titles < longTitles || o.stand.heading >= headForeign {
		return false
	}
	if a.stand.heading == headColumn && (len(o.cl.rows) > 0 || len(a.rows) >= crownRows) {
		return false
	}
	return len(o.cl.rows) == 0 || len(o.rows) >= crownRows && !o.repeats(a)
}

// awaitsRows reports whether the page shows a list or a table, where no menu
// stands, that a script has still to fill.
func (s *scene) awaitsRows() bool {
	for n := range s.d.root.Descendants() {
		switch n.DataAtom {
		case atom.Ul, atom.Ol, atom.Dl, atom.Tbody:
		default:
			continue
		}
		named := n.DataAtom == atom.Tbody || waiting(n)
		if named && nothingIn(n) && !pagerPlace.MatchString(attr(n, "id")+" "+attr(n, "class")) && !hidden(n) && s.aside(n) < 2 {
			return true
		}
	}
	return false
}

// nothingIn reports whether an element holds no other and no text.
func nothingIn(n *html.Node) bool {
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode || c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
			return false
		}
	}
	return true
}

// pagerPlace names the lists of links to further pages.
var pagerPlace = regexp.MustCompile(`(?i)pag`)

package extract

import (
	"slices"

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

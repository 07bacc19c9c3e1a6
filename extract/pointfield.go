package extract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// nameTitle names the element of the title, and its link where it is or holds
// one. The row's first link needs no name.
func (q *pointer) nameTitle(raw *Recipe, p pointed) error {
	row := rowHolding(p.rows, q.title)
	if row == nil {
		return ErrApart
	}
	link := linkAround(q.title, row)
	if link == nil {
		link = firstElement(q.title, atom.A)
	}
	if link != nil && link == linkOf(row) && (q.title == link || len(textOf(q.title)) == len(textOf(link)) || q.title.DataAtom != atom.A && within(link, q.title)) {
		raw.Title, raw.Link = "", ""
		return nil
	}
	target := q.title
	if link != nil && len(textOf(q.title)) == len(textOf(link)) {
		target = link
	}
	sel, ok := q.field(p.rows, row, target, func(f *field, row *html.Node) bool { return f.first(row) != "" })
	if !ok {
		return ErrUnnamed
	}
	raw.Title = sel
	if link == nil || link == linkOf(row) {
		raw.Link = ""
		return nil
	}
	if raw.Link = sel; link != target {
		if raw.Link, ok = q.field(p.rows, row, link, func(f *field, row *html.Node) bool { return len(f.nodes(row)) > 0 }); !ok {
			return ErrUnnamed
		}
	}
	return nil
}

// linkAround is the link of a row that an element is or stands in.
func linkAround(n, row *html.Node) *html.Node {
	for ; n != nil; n = n.Parent {
		if n.DataAtom == atom.A {
			return n
		}
		if n == row {
			break
		}
	}
	return nil
}

// nameDate names the element of the date: as its text, as the attribute that holds
// it, or with what stands around it where it is but half of the date.
func (q *pointer) nameDate(raw *Recipe, p pointed) error {
	row := rowHolding(p.rows, q.date)
	if row == nil {
		if row, sel := q.neighbour(p); row != nil {
			raw.Date = sel
			return nil
		}
		return ErrApart
	}
	reads := q.dated(*raw)
	for n := q.date; n != nil && n != row && within(n, row); n = n.Parent {
		if sel, ok := q.field(p.rows, row, n, reads); ok {
			raw.Date = sel
			return nil
		}
	}
	if row == q.date || len((clues{seen: q.d.page.seen()}).find(textOf(row), free)) > 0 || likeDate(textOf(q.date)) {
		raw.Date = "" // the row's own text, as where nobody says it
		return nil
	}
	return fmt.Errorf("%w: the element shows no date", ErrUnnamed)
}

// neighbour names a date that stands next to its row and not in it.
func (q *pointer) neighbour(p pointed) (row *html.Node, sel string) {
	for _, r := range p.rows {
		for _, x := range []struct {
			n    *html.Node
			axis string
		}{{nextElement(r), "following"}, {previousElement(r), "preceding"}} {
			if x.n != nil && within(q.date, x.n) && rowHolding(p.rows, x.n) == nil {
				return r, fmt.Sprintf("./%s-sibling::%s[1]", x.axis, x.n.Data)
			}
		}
	}
	return nil, ""
}

// dated reports of a field whether it gives a row a date.
func (q *pointer) dated(raw Recipe) func(*field, *html.Node) bool {
	raw.Date = ""
	c, err := compile(raw)
	k := clues{seen: q.d.page.seen()}
	return func(f *field, row *html.Node) bool {
		if err != nil {
			return false
		}
		c.date = f
		return c.dateOf(c.place(q.d, row, map[*html.Node]bool{row: true}), k).found()
	}
}

// fieldShare is the least share of rows, in percent, in which a field of one row
// must be found to be that of all.
const fieldShare = 50

// field is the plainest selector by which an element is found first in its own
// row, and what holds of it holds in the most rows.
func (q *pointer) field(rows []*html.Node, row, n *html.Node, holds func(*field, *html.Node) bool) (string, bool) {
	best, most := "", 0
	sample := sampleOf(rows, row)
	for _, sel := range q.fieldSelectors(n, row) {
		f, err := parseField(sel)
		if err != nil || len(sel) > maxSelector {
			continue
		}
		if found := f.nodes(row); len(found) == 0 || found[0] != n || !holds(f, row) {
			continue
		}
		count := 0
		for _, r := range sample {
			if len(f.nodes(r)) == 1 && holds(f, r) {
				count += 2
			} else if holds(f, r) {
				count++ // finds more than is meant
			}
		}
		if count > most {
			best, most = sel, count
		}
	}
	return best, most*100 >= fieldShare*len(sample) && best != ""
}

// sampledRows is how many rows a field is tried on.
const sampledRows = 40

func sampleOf(rows []*html.Node, own *html.Node) []*html.Node {
	sample := slices.Clone(rows[:min(len(rows), sampledRows)])
	if !slices.Contains(sample, own) {
		sample = append(sample, own)
	}
	return sample
}

// fieldSelectors are the ways to name an element of a row, the plainest first: by
// class, by name, by place, by the way down to it.
func (q *pointer) fieldSelectors(n, row *html.Node) []string {
	class := common([]*html.Node{n})
	if strings.HasPrefix(class, "#") {
		class = ""
	}
	var plain []string
	if class != "" {
		plain = append(plain, n.Data+class)
	}
	if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
		plain = append(plain, fmt.Sprintf("%s:nth-child(%d)", n.Data, place1(n)))
	} else {
		plain = append(plain, n.Data)
	}
	if n.Parent != row && n.Parent != nil {
		up := n.Parent.Data + cmp.Or(classOnly(n.Parent), fmt.Sprintf(":nth-child(%d)", place1(n.Parent)))
		plain = append(plain, up+" > "+n.Data, up+" > "+fmt.Sprintf("%s:nth-of-type(%d)", n.Data, ofType(n)))
	}
	plain = append(plain, fmt.Sprintf("%s:nth-of-type(%d)", n.Data, ofType(n)), wayDown(n, row))
	if key := dateAttribute(n); key != "" && !likeDate(textOf(n)) {
		if field := attributeField([]*html.Node{n}); field != "" {
			plain = append([]string{field}, plain...)
		}
	}
	return plain
}

func classOnly(n *html.Node) string {
	if class := common([]*html.Node{n}); strings.HasPrefix(class, ".") {
		return class
	}
	return ""
}

// wayDown is the path from a row to an element in it.
func wayDown(n, row *html.Node) string {
	path := ""
	for ; n != nil && n != row; n = n.Parent {
		path = fmt.Sprintf("/%s[%d]", n.Data, ofType(n)) + path
	}
	return "." + path
}

package extract

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxDateElement bounds the text of an element that a recipe may name for its
// date: in a longer one a date may be part of a sentence.
const maxDateElement = 60

// dateField returns the selector of the element that holds each row's date, ""
// where the row's own text does or the rows differ.
func dateField(d *document, rows, dates []*html.Node) string {
	var plain, attrs []*html.Node
	dates = wholeDates(d, rows, dates)
	for i, n := range dates {
		switch {
		case n == nil:
			return ""
		case n.DataAtom == atom.A && dateAttribute(n) != "":
			attrs = append(attrs, n)
			continue
		case n == rows[i]:
			return ""
		case len(squeeze(textOf(n))) > maxDateElement || strings.ContainsAny(textOf(n), "，。；") || firstElement(n, atom.A) != nil:
			return ""
		case !likeDate(textOf(n)):
			attrs = append(attrs, n)
		default:
			plain = append(plain, n)
		}
	}
	switch {
	case len(attrs) == len(dates):
		return attributeField(attrs)
	case len(plain) != len(dates):
		return ""
	}
	sel := dates[0].Data + common(dates)
	if dates[0].DataAtom == atom.Td && !strings.Contains(sel, ".") {
		sel = fmt.Sprintf("td:nth-child(%d)", place1(dates[0]))
	}
	f, err := parseField(sel)
	if err != nil || len((clues{seen: d.page.seen()}).find(strings.Join(pieces(dates[0], nil), " "), named)) == 0 {
		return "" // half of a date: the other half stands beside it
	}
	for i, row := range rows {
		if got := f.nodes(row); len(got) != 1 || got[0] != dates[i] {
			return ""
		}
	}
	return sel
}

// wholeDates takes each row's date element, or the one around it where it holds
// but half of the date.
func wholeDates(d *document, rows, dates []*html.Node) []*html.Node {
	k := clues{seen: d.page.seen()}
	out := slices.Clone(dates)
	for i, n := range out {
		if n == nil || n.Parent == nil || n.Parent == rows[i] || n == rows[i] || len(k.find(textOf(n), named)) > 0 {
			continue
		}
		up := n.Parent
		if firstElement(up, atom.A) == nil && len(k.find(strings.Join(pieces(up, nil), " "), whole)) > 0 {
			out[i] = up
		}
	}
	return out
}

// attributeField names the attribute that holds a date.
func attributeField(nodes []*html.Node) string {
	key := dateAttribute(nodes[0])
	field := nodes[0].Data + common(nodes) + "@" + key
	switch {
	case key == "":
		return ""
	case nodes[0].DataAtom == atom.A:
		return field + " " + reMark + " " + titleDatePattern
	}
	return field
}

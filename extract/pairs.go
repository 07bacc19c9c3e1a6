package extract

import (
	"fmt"

	"golang.org/x/net/html"
)

// leastPairs is how many rows must stand beside their dates before an element
// is taken for a list of pairs.
const leastPairs = 3

// pairs gathers rows whose dates stand beside them: <dt> and <dd>, or one line
// of a table below the other. Path is the place of the element's children.
func (c *census) pairs(n *html.Node, sum count, path uint64) {
	if sum.dates < leastPairs || sum.dates > 2*sum.links {
		return
	}
	var rows, dates []*html.Node // in turn; the last date may be that of no row
	runes := 0
	before := 0 // pairs in which the date comes first
	var waiting *html.Node
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if child.Type != html.ElementNode || unseen(child) {
			continue
		}
		switch links, date, size := contents(child); {
		case links == 1 && date == nil:
			if waiting != nil && waiting.Data != "" && isDate(waiting) {
				rows, dates, waiting = append(rows, child), append(dates, waiting), nil
				before++
			} else {
				waiting = child
			}
			runes += size
		case links == 0 && date != nil:
			if waiting != nil && !isDate(waiting) {
				rows, dates, waiting = append(rows, waiting), append(dates, child), nil
			} else {
				waiting = child
			}
		}
	}
	if len(rows) < leastPairs || before != 0 && before != len(rows) {
		return
	}
	axis := "following"
	if before > 0 {
		axis = "preceding"
	}
	cl := c.at(path, rows[0].DataAtom)
	cl.rows, cl.dates, cl.runes = append(cl.rows, rows...), append(cl.dates, dates...), cl.runes+runes
	cl.beside = fmt.Sprintf("./%s-sibling::%s[1]", axis, dates[0].Data)
}

// isDate reports whether an element of a pair is the date.
func isDate(n *html.Node) bool {
	links, date, _ := contents(n)
	return links == 0 && date != nil
}

// contents counts the links below an element and finds the first date.
func contents(n *html.Node) (links int, date *html.Node, runes int) {
	c := &census{clusters: make(map[uint64]*cluster)}
	sum := c.close(n, c.walk(n, nil, 0), 0)
	return sum.links, sum.date, sum.runes
}

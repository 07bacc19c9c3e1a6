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
	var rows, dates []*html.Node
	runes, before := 0, 0 // before counts pairs in which the date comes first
	var waiting *html.Node
	waits := false // for its row: it is a date
	for child := range n.ChildNodes() {
		if child.Type != html.ElementNode || unseen(child) {
			continue
		}
		links, date, size := contents(child)
		isRow, isDate := links == 1 && date == nil, links == 0 && date != nil
		switch {
		case isRow && waiting != nil && waits:
			rows, dates, waiting = append(rows, child), append(dates, waiting), nil
			before++
		case isDate && waiting != nil && !waits:
			rows, dates, waiting = append(rows, waiting), append(dates, child), nil
		case isRow || isDate:
			waiting, waits = child, isDate
		}
		if isRow {
			runes += size
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

// contents counts the links below an element and finds the first date.
func contents(n *html.Node) (links int, date *html.Node, runes int) {
	c := &census{clusters: make(map[uint64]*cluster)}
	sum := c.close(n, c.walk(n, nil, 0), 0)
	return sum.links, sum.date, sum.runes
}

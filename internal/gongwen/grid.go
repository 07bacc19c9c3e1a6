package gongwen

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// A grid is a table of which every place is known.
type grid struct {
	shares []float64 // of the width, by column; their sum is 1
	head   int       // rows of the head
	rows   [][]slot
	points float64 // size of the text
}

// A slot is one place of a grid: where a cell begins, or what it reaches into.
type slot struct {
	cover            cover
	text             string
	rowSpan, colSpan int
	align            Align
	bold             bool
}

// A cover says how a slot belongs to its cell.
type cover uint8

const (
	open   cover = iota // to none yet
	origin              // the cell begins here
	above               // it begins in a row above, in this column
	beside              // it begins further to the left
)

// maxPlaces bounds what spans can claim. A table for people has far fewer.
const maxPlaces = 1 << 21

// resolve finds the place of every cell of t, in a type area of a width in
// millimetres.
func resolve(t Table, width float64) (*grid, error) {
	columns := len(t.Columns)
	if columns == 0 {
		return nil, errors.New("no columns")
	}
	head := t.Head
	if head == nil {
		head = [][]Cell{nil}
		for _, c := range t.Columns {
			head[0] = append(head[0], Cell{Text: c.Title})
		}
	}
	if (len(head)+len(t.Rows))*columns > maxPlaces {
		return nil, fmt.Errorf("%d rows of %d columns are too many", len(head)+len(t.Rows), columns)
	}
	g := &grid{head: len(head)}
	top, err := place(head, t.Columns, true)
	if err != nil {
		return nil, fmt.Errorf("head: %w", err)
	}
	rest, err := place(t.Rows, t.Columns, false)
	if err != nil {
		return nil, err
	}
	g.rows = append(top, rest...)
	g.measureColumns(t.Columns, width)
	return g, nil
}

// place puts cells into the rows of a grid, from the left into what those above
// have left open.
func place(rows [][]Cell, columns []Column, head bool) ([][]slot, error) {
	slots := make([][]slot, len(rows))
	for r := range slots {
		slots[r] = make([]slot, len(columns))
	}
	for r, row := range rows {
		at := 0
		for i, cell := range row {
			for at < len(columns) && slots[r][at].cover != open {
				at++
			}
			s := slot{text: clean(cell.Text), rowSpan: max(cell.RowSpan, 1), colSpan: max(cell.ColSpan, 1), align: cell.Align, bold: cell.Bold}
			if s.rowSpan > len(rows)-r || s.colSpan > len(columns)-at {
				return nil, fmt.Errorf("row %d, cell %d: reaches out of the table", r+1, i+1)
			}
			if s.align == AlignAuto && !head {
				s.align = columns[at].Align
			}
			if !claim(slots[r:], at, s) {
				return nil, fmt.Errorf("row %d, cell %d: reaches into another cell", r+1, i+1)
			}
		}
		for c := range slots[r] {
			if slots[r][c].cover == open {
				return nil, fmt.Errorf("row %d: no cell in column %d of %d", r+1, c+1, len(columns))
			}
		}
	}
	return slots, nil
}

// claim marks what the cell reaches into, from the first row on.
func claim(rows [][]slot, at int, cell slot) bool {
	for r := range cell.rowSpan {
		for c := range cell.colSpan {
			s := &rows[r][at+c]
			if s.cover != open {
				return false
			}
			*s = cell
			switch {
			case c > 0:
				s.cover = beside
			case r > 0:
				s.cover = above
			default:
				s.cover = origin
			}
		}
	}
	return true
}

// measureColumns divides the width among the columns and chooses the size of the
// text: as the columns ask, or so that as much as possible stands in one line.
func (g *grid) measureColumns(columns []Column, width float64) {
	g.points = styles[kindCell].points
	wanted := make([]float64, len(columns))
	for c, column := range columns {
		if column.Width > 0 && !math.IsInf(column.Width, 0) {
			wanted[c] = column.Width
		}
	}
	if sum(wanted) > 0 {
		for c := range wanted {
			// A column that asks for nothing among others that do is still seen.
			wanted[c] = max(wanted[c], sum(wanted)/100)
		}
		g.shares = parts(wanted)
		if len(columns) > 6 {
			g.points = smaller
		}
		return
	}
	least := make([]float64, len(columns))
	for c := range columns {
		least[c], wanted[c] = g.wants(c)
	}
	const padding = 8.0 // points at both sides, with the line
	room := func() float64 {
		return (width*pointsPerMM - padding*float64(len(columns))) / g.points
	}
	if sum(wanted) > room() {
		g.points = smaller
	}
	switch spare := room() - sum(least); {
	case sum(wanted) > room() && spare > 0:
		over := sum(wanted) - sum(least)
		for c := range wanted {
			wanted[c] = least[c] + (wanted[c]-least[c])*spare/over
		}
	case spare <= 0:
		wanted = least
	}
	for c := range wanted {
		wanted[c] += padding / g.points
	}
	g.shares = parts(wanted)
}

// smaller is the size of the text where 小四 has no room: 五号.
const smaller = 10.5

// wants returns how many characters column c needs at least, lest figures and
// codes are broken, and how many it would like, for its longest line.
func (g *grid) wants(c int) (least, wanted float64) {
	least, wanted = 2, 2
	for _, row := range g.rows {
		s := row[c]
		if s.cover != origin || s.colSpan > 1 {
			continue
		}
		for text := range strings.SplitSeq(s.text, "\n") {
			wanted = max(wanted, printed(text))
			for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x80 }) {
				least = max(least, printed(word))
			}
		}
	}
	least = max(min(least, 12), min(wanted, 4))
	return least, max(min(wanted, 20), least)
}

// printed returns the width of text in characters as it is printed, where
// capitals are wider than figures.
func printed(text string) float64 {
	n := characters(text)
	for _, r := range text {
		switch {
		case r == 'M' || r == 'W':
			n += 0.45
		case r >= 'A' && r <= 'Z':
			n += 0.25
		}
	}
	return n
}

func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}

// parts scales values so that their sum is 1.
func parts(values []float64) []float64 {
	total, shares := sum(values), make([]float64, len(values))
	for i, v := range values {
		shares[i] = v / total
	}
	return shares
}

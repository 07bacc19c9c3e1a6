package gongwen

import (
	"errors"
	"fmt"
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

// fits is the number of columns from which on the text of a table is smaller.
const fits = 6

// maxPlaces bounds what spans can claim. A table for people has far fewer.
const maxPlaces = 1 << 21

// resolve finds the place of every cell of t.
func resolve(t Table) (*grid, error) {
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
	g := &grid{head: len(head), points: styles[kindCell].points}
	if columns > fits {
		g.points = 10.5
	}
	top, err := place(head, t.Columns, true)
	if err != nil {
		return nil, fmt.Errorf("head: %w", err)
	}
	rest, err := place(t.Rows, t.Columns, false)
	if err != nil {
		return nil, err
	}
	g.rows = append(top, rest...)
	g.shares = shares(t.Columns, g.rows)
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

// shares divides the width among the columns: as they ask, or by the longest
// line in each, within the width of 2 and 14 characters.
func shares(columns []Column, rows [][]slot) []float64 {
	weights, sum := make([]float64, len(columns)), 0.0
	for c, column := range columns {
		weights[c] = max(column.Width, 0)
		sum += weights[c]
	}
	if sum == 0 {
		for c := range weights {
			weights[c] = longest(rows, c) + 1
			sum += weights[c]
		}
	}
	for c := range weights {
		// A column that asks for nothing among others that do is still seen.
		weights[c] = max(weights[c], sum/100)
	}
	total := 0.0
	for _, w := range weights {
		total += w
	}
	for c := range weights {
		weights[c] /= total
	}
	return weights
}

// longest returns how many characters the lines of column c want.
func longest(rows [][]slot, c int) float64 {
	most := 2.0
	for _, row := range rows {
		if s := row[c]; s.cover == origin && s.colSpan == 1 {
			most = max(most, characters(s.text))
		}
	}
	return min(most, 14)
}

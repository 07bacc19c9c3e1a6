// Package sheet reads and writes tables as offices keep them: XLSX, XLS, CSV and
// the web pages that old systems save under the name of a spreadsheet.
//
// What a file is, its content decides and never its name. Every cell comes as
// text with the place a person finds it at, C7, and with what a program did to
// it: a number that is shown as 1.403E+09, a date that is kept as a count of
// days, a formula, a value that a merged cell lends it. Nothing is judged here.
//
// A file from outside may be anything. Its bytes, its cells and what it unpacks
// to are bounded; what cannot be read is an [*Error] that names the file and says
// what to do. Formulas and macros are never run. What is written holds texts
// alone, so that no program takes a name for a formula.
package sheet

import (
	"strconv"
	"strings"
)

// The bounds of one file.
const (
	MaxBytes = 20 << 20
	MaxRows  = 200_000
	MaxCells = 2_000_000

	maxSheets   = 200
	maxColumns  = 16_384
	maxText     = 32_767 // runes of one cell, as in Excel
	maxUnpacked = 400 << 20
)

// A Book is one file.
type Book struct {
	File   string // as given
	Format Format
	Sheets []Sheet
}

// Format is what a file is.
type Format string

// The formats.
const (
	XLSX Format = "XLSX"
	XLS  Format = "XLS"
	CSV  Format = "CSV"
	HTML Format = "HTML" // a table of a web page, whatever the file is called
)

// A Sheet is one table of a book. A CSV file has one, without a name.
type Sheet struct {
	Name   string
	Hidden bool

	// Rows are the rows that hold something, in order.
	Rows []Row
}

// A Row is one row with its cells that hold something, in order.
type Row struct {
	Number int // from 1, as a spreadsheet program shows it
	Cells  []Cell
}

// A Cell is one cell. The zero Cell is empty.
type Cell struct {
	Row, Col int // from 1

	// Text is what the cell holds: a number in full digits, a date as 2006-01-02
	// or 2006-01-02 15:04:05, an error as #N/A.
	Text string

	// Shown is what a program shows where that is another text, as 1.403E+09;
	// else "".
	Shown string

	Kind    Kind
	Formula bool // Text is what a formula came to when the file was saved
	Merged  bool // the value is that of the merged cell it lies in
}

// Kind is what a cell holds.
type Kind uint8

// The kinds.
const (
	Empty Kind = iota
	Text
	Number
	Date
	Bool
	Failed // an error, #REF!
)

// Ref returns the cell's place as a spreadsheet program writes it, C7.
func (c Cell) Ref() string { return ColumnName(c.Col) + strconv.Itoa(c.Row) }

// At returns the cell of a column, the zero Cell where it is empty.
func (r Row) At(col int) Cell {
	lo, hi := 0, len(r.Cells)
	for lo < hi {
		if mid := (lo + hi) / 2; r.Cells[mid].Col < col {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(r.Cells) && r.Cells[lo].Col == col {
		return r.Cells[lo]
	}
	return Cell{Row: r.Number, Col: col}
}

// ColumnName returns the letters of a column, counted from 1: AA is 27.
func ColumnName(n int) string {
	name := ""
	for ; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// columnNumber reads the letters of a reference, B of "B12", and its row; zeros
// for what is no reference.
func columnNumber(ref string) (row, col int) {
	ref = strings.ReplaceAll(ref, "$", "")
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z'; i++ {
		if col = col*26 + int(ref[i]-'A') + 1; col > maxColumns {
			return 0, 0
		}
	}
	n, err := strconv.Atoi(ref[i:])
	if err != nil || n < 1 || i == 0 {
		return 0, 0
	}
	return n, col
}

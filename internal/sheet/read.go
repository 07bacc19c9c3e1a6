package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Open reads a file.
func Open(name string) (*Book, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file", name)
	}
	return Read(filepath.Base(name), f)
}

// Read reads a file with a name, which its errors bear. Errors of the file are
// of type [*Error].
func Read(name string, r io.Reader) (*Book, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	b, err := parse(data)
	var e *Error
	if errors.As(err, &e) {
		e.File = name
		return nil, e
	}
	if err != nil {
		return nil, &Error{File: name, Fault: Damaged, Detail: err.Error()}
	}
	b.File = name
	return b, nil
}

// The first bytes of what has some.
const (
	magicZip = "PK\x03\x04"
	magicCFB = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
	magicOld = "\x09\x00\x04\x00" // BIFF2 to 4 have no container; the second byte tells which
)

// parse finds out what a file is and reads it.
func parse(data []byte) (*Book, error) {
	has := func(magic string) bool { return bytes.HasPrefix(data, []byte(magic)) }
	switch {
	case len(data) > MaxBytes:
		return nil, fault(TooLarge, "")
	case len(bytes.TrimSpace(data)) == 0:
		return nil, fault(Nothing, "")
	case has(magicZip):
		return readXLSX(data)
	case has(magicCFB):
		return readXLS(data)
	case len(data) > 4 && data[0] == magicOld[0] && data[1] <= 8 && data[2] <= 8 && data[3] == 0:
		return nil, fault(TooOld, "")
	}
	for _, p := range []struct{ magic, what string }{
		{"%PDF", "PDF"}, {"\x89PNG", "PNG"}, {"\xFF\xD8\xFF", "JPEG"}, {"GIF8", "GIF"}, {"Rar!", "RAR"}, {"7z\xBC\xAF", "7z"}, {"\x1F\x8B", "gzip"}, {"{\\rtf", "RTF"},
	} {
		if has(p.magic) {
			return nil, fault(NoTable, "%s", p.what)
		}
	}
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	if isMarkup(text) {
		return readHTML(text)
	}
	return readCSV(text)
}

// A builder collects the cells of one sheet within the bounds that its book
// shares.
type builder struct {
	sheet  Sheet
	shared *int // cells of the whole book so far
	rows   *int // likewise
	merges []area
	looked int // cells of merged ranges that were looked at
}

// An area is a merged range; all ends are inside.
type area struct{ top, left, bottom, right int }

// newBuilders returns a maker of builders that count together.
func newBuilders() func(name string) *builder {
	cells, rows := new(int), new(int)
	return func(name string) *builder { return &builder{sheet: Sheet{Name: name}, shared: cells, rows: rows} }
}

// add takes one cell that holds something. Rows come in order; what comes out of
// it is damage.
func (b *builder) add(c Cell) error {
	if c.Kind == Empty && !c.Formula {
		return nil
	}
	if c.Row < 1 || c.Col < 1 || c.Col > maxColumns {
		return fault(Damaged, "cell in row %d, column %d", c.Row, c.Col)
	}
	if len(c.Text) > maxText && len([]rune(c.Text)) > maxText {
		return fault(LongCell, "%s", c.Ref())
	}
	if *b.shared++; *b.shared > MaxCells {
		return fault(TooManyRow, "")
	}
	if n := len(b.sheet.Rows); n == 0 || b.sheet.Rows[n-1].Number != c.Row {
		if n > 0 && b.sheet.Rows[n-1].Number > c.Row {
			return fault(Damaged, "row %d after row %d", c.Row, b.sheet.Rows[n-1].Number)
		}
		if *b.rows++; *b.rows > MaxRows {
			return fault(TooManyRow, "")
		}
		b.sheet.Rows = append(b.sheet.Rows, Row{Number: c.Row})
	}
	row := &b.sheet.Rows[len(b.sheet.Rows)-1]
	if n := len(row.Cells); n > 0 && row.Cells[n-1].Col >= c.Col {
		return fault(Damaged, "cell %s after %s", c.Ref(), row.Cells[n-1].Ref())
	}
	row.Cells = append(row.Cells, c)
	return nil
}

// done fills merged cells and returns the sheet.
func (b *builder) done() (Sheet, error) {
	for _, m := range b.merges {
		if err := b.fill(m); err != nil {
			return Sheet{}, err
		}
	}
	return b.sheet, nil
}

// fill gives the empty cells of a merged range its first cell's value, in rows
// that hold anything.
func (b *builder) fill(m area) error {
	rows := b.sheet.Rows
	i := b.rowAt(m.top)
	if i == len(rows) || rows[i].Number != m.top {
		return nil
	}
	from := rows[i].At(m.left)
	if from.Kind == Empty {
		return nil
	}
	for ; i < len(rows) && rows[i].Number <= m.bottom; i++ {
		row := &rows[i]
		right := min(m.right, m.left+maxMerged)
		for col := m.left; col <= right; col++ {
			if b.looked++; b.looked > 4*MaxCells {
				return fault(TooManyRow, "merged cells")
			}
			if row.At(col).Kind != Empty || row.Number == m.top && col == m.left {
				continue
			}
			if *b.shared++; *b.shared > MaxCells {
				return fault(TooManyRow, "merged cells")
			}
			c := from
			c.Row, c.Col, c.Merged = row.Number, col, true
			row.insert(c)
		}
	}
	return nil
}

// maxMerged bounds the columns that a merged cell fills: a title over a whole
// sheet says nothing more often.
const maxMerged = 64

// rowAt returns the index of the first row from a number on.
func (b *builder) rowAt(number int) int {
	lo, hi := 0, len(b.sheet.Rows)
	for lo < hi {
		if mid := (lo + hi) / 2; b.sheet.Rows[mid].Number < number {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// insert puts a cell into its place.
func (r *Row) insert(c Cell) {
	i := len(r.Cells)
	for i > 0 && r.Cells[i-1].Col >= c.Col {
		i--
	}
	if i < len(r.Cells) && r.Cells[i].Col == c.Col {
		r.Cells[i] = c // a formula without a value
		return
	}
	r.Cells = append(r.Cells, Cell{})
	copy(r.Cells[i+1:], r.Cells[i:])
	r.Cells[i] = c
}

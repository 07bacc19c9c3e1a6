package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// A Table is what is written: a head and rows of texts.
type Table struct {
	Name string // of the sheet
	Head []string
	Rows [][]string
}

// WriteXLSX writes tables as sheets of one file. Every cell is a text, and cells
// below the head keep what is typed into them as text, so that no code becomes a
// number.
func WriteXLSX(w io.Writer, tables ...Table) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49})
	if err != nil {
		return fmt.Errorf("style of the head: %w", err)
	}
	plain, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return fmt.Errorf("style of the cells: %w", err)
	}
	for i, t := range tables {
		if i == 0 {
			err = f.SetSheetName(f.GetSheetName(0), t.Name)
		} else {
			_, err = f.NewSheet(t.Name)
		}
		if err != nil {
			return fmt.Errorf("sheet %s: %w", t.Name, err)
		}
		if err := writeTable(f, t, bold, plain); err != nil {
			return fmt.Errorf("sheet %s: %w", t.Name, err)
		}
	}
	if _, err := f.WriteTo(w); err != nil {
		return fmt.Errorf("write the spreadsheet: %w", err)
	}
	return nil
}

// writeTable writes one sheet, its head frozen.
func writeTable(f *excelize.File, t Table, bold, plain int) error {
	s, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	for i := range t.Head {
		if err := s.SetColWidth(i+1, i+1, columnWidth(t, i)); err != nil {
			return err
		}
		if err := s.SetColStyle(i+1, i+1, plain); err != nil {
			return err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, row := range append([][]string{t.Head}, t.Rows...) {
		style := plain
		if i == 0 {
			style = bold
		}
		cells := make([]any, len(row))
		for j, text := range row {
			cells[j] = excelize.Cell{StyleID: style, Value: clean(text)}
		}
		if err := s.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			return err
		}
	}
	return s.Flush()
}

// columnWidth is how wide a column is shown: as its texts need, within reason.
func columnWidth(t Table, i int) float64 {
	most := 0
	for _, row := range append([][]string{t.Head}, t.Rows[:min(len(t.Rows), 200)]...) {
		if i >= len(row) {
			continue
		}
		n := 2
		for _, r := range row[i] {
			n++
			if r > unicode.MaxLatin1 {
				n++
			}
		}
		most = max(most, n)
	}
	return float64(min(max(most, 8), 60))
}

// WriteCSV writes a table as UTF-8 with a byte order mark, by which spreadsheet
// programs know it. A cell that one might take for a formula gets an apostrophe
// in front, which [Plain] takes away.
func WriteCSV(w io.Writer, t Table) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range append([][]string{t.Head}, t.Rows...) {
		cells := make([]string, len(row))
		for i, text := range row {
			cells[i] = guard(clean(text))
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// formulaSigns are what a formula begins with, in half and full width.
const formulaSigns = "=+-@＝＋－＠\t"

// guard puts an apostrophe in front of what looks like a formula.
func guard(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune(formulaSigns, first) {
		return "'" + s
	}
	return s
}

// Plain returns the text of a cell without what is written around it so that a
// spreadsheet program leaves it alone: an apostrophe in front, and ="…".
func Plain(s string) string {
	if rest, ok := strings.CutPrefix(s, `="`); ok && strings.HasSuffix(rest, `"`) && !strings.Contains(rest[:len(rest)-1], `"`) {
		return rest[:len(rest)-1]
	}
	if rest, ok := strings.CutPrefix(s, "'"); ok && !strings.HasSuffix(rest, "'") {
		return rest
	}
	return s
}

// clean leaves out what XML cannot hold and bounds a cell's length.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > maxText {
		return string(r[:maxText])
	}
	return s
}

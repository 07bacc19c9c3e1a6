package registers

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"xuncha/internal/sheet"
)

// headRows bounds how far down a sheet its head is looked for.
const headRows = 30

// Read reads a list into the rows of a register. Where there are mistakes the
// rows are not to be used: a list is taken whole or not at all.
func Read(kind Kind, book *sheet.Book, known *Known) ([]Row, []Mistake) {
	f, ok := forms[kind]
	if !ok {
		return nil, []Mistake{{File: book.File, chinese: "没有“" + string(kind) + "”这种登记表", english: "there is no register " + string(kind)}}
	}
	r := &reading{kind: kind, form: f, known: known, file: book.File, seen: map[string]string{}}
	read := false
	for _, s := range book.Sheets {
		if s.Hidden || len(s.Rows) == 0 {
			continue
		}
		read = r.sheet(s) || read
	}
	if !read && len(r.mistakes) == 0 {
		r.mistakes = append(r.mistakes, Mistake{
			File:    book.File,
			chinese: fmt.Sprintf("没有找到%s的表头：应有%s", f.chinese, strings.Join(f.needed(), "、")),
			english: fmt.Sprintf("no head of a list of %s found; it should hold %s", kind, strings.Join(f.needed(), ", ")),
		})
	}
	return r.rows, r.mistakes
}

// needed lists the columns a list must have.
func (f form) needed() []string {
	var names []string
	for _, c := range f.columns {
		if c.need {
			names = append(names, c.names[0])
		}
	}
	return names
}

// A reading is one run over a list.
type reading struct {
	kind     Kind
	form     form
	known    *Known
	file     string
	rows     []Row
	mistakes []Mistake
	seen     map[string]string // key → where it stood
}

// A head says which column of a sheet holds what.
type head struct {
	row   int
	cols  map[string]int    // field → column
	names map[string]string // field → as it is written
	twice []sheet.Cell
}

// sheet reads one sheet; false where it has no head.
func (r *reading) sheet(s sheet.Sheet) bool {
	h, ok := r.head(s)
	if !ok {
		return false
	}
	at := func(row int, cell, column, zh, en string) {
		r.mistakes = append(r.mistakes, Mistake{File: r.file, Sheet: s.Name, Row: row, Cell: cell, Column: column, chinese: zh, english: en})
	}
	for _, c := range h.twice {
		at(h.row, c.Ref(), plain(c.Text), "与另一列说的是同一项：删去一列", "another column says the same; take one away")
	}
	for _, c := range r.form.columns {
		if _, there := h.cols[c.field]; c.need && !there && c.otherwise == "" {
			at(h.row, "", "", "缺少“"+c.names[0]+"”列：补上这一列，或把表头改为这个名称", "the column "+c.names[0]+" is missing; add it, or give its head that name")
		}
	}
	for _, row := range s.Rows {
		if row.Number > h.row && !r.idle(row, h) {
			r.row(s.Name, row, h)
		}
	}
	return true
}

// head finds the row that names most columns of the form, at least two of them.
func (r *reading) head(s sheet.Sheet) (head, bool) {
	var best head
	for _, row := range s.Rows[:min(len(s.Rows), headRows)] {
		h := head{row: row.Number, cols: map[string]int{}, names: map[string]string{}}
		for _, cell := range row.Cells {
			name := headText(cell.Text)
			field := r.form.fieldNamed(name)
			switch _, taken := h.cols[field]; {
			case field == "" || name == remarks && taken:
			case taken:
				h.twice = append(h.twice, cell)
			default:
				h.cols[field], h.names[field] = cell.Col, plain(cell.Text)
			}
		}
		if len(h.cols) > len(best.cols) {
			best = h
		}
	}
	return best, len(best.cols) >= 2
}

// fieldNamed returns the field that a head stands for, "" for none.
func (f form) fieldNamed(name string) string {
	for _, c := range f.columns {
		if slices.Contains(c.names, name) {
			return c.field
		}
	}
	return ""
}

// idle reports whether a row holds nothing of the form, or only adds up.
func (r *reading) idle(row sheet.Row, h head) bool {
	for _, cell := range row.Cells {
		if s := squeezed(cell.Text); s == "合计" || s == "总计" || strings.HasPrefix(s, "填表人") {
			return true
		}
	}
	for _, col := range h.cols {
		if plain(row.At(col).Text) != "" {
			return false
		}
	}
	return true
}

// row reads one row.
func (r *reading) row(sheetName string, row sheet.Row, h head) {
	before := len(r.mistakes)
	complainAt := func(field string, c *complaint) {
		m := Mistake{File: r.file, Sheet: sheetName, Row: row.Number, chinese: c.chinese, english: c.english}
		if col, there := h.cols[field]; there {
			m.Cell, m.Column = sheet.Cell{Row: row.Number, Col: col}.Ref(), h.names[field]
		}
		r.mistakes = append(r.mistakes, m)
	}
	values := map[string]string{}
	for _, c := range r.form.columns {
		col, there := h.cols[c.field]
		if !there {
			if c.otherwise != "" {
				values[c.field] = c.otherwise
			}
			continue
		}
		v, wrong := r.known.value(c, row.At(col))
		switch {
		case wrong != nil:
			complainAt(c.field, wrong)
		case v == "" && c.otherwise != "":
			values[c.field] = c.otherwise
		case v == "" && c.need:
			complainAt(c.field, complain("“%s”为空：必须填写", "%s is empty; it must be filled in", h.names[c.field]))
		case v != "":
			values[c.field] = v
		}
	}
	if len(r.mistakes) == before {
		for field, c := range r.check(values) {
			complainAt(field, c)
		}
	}
	if len(r.mistakes) > before {
		return
	}
	key := r.form.key(values)
	place := fmt.Sprintf("%d", row.Number)
	if sheetName != "" {
		place = sheetName + " " + place
	}
	if first, again := r.seen[key]; again {
		complainAt("", complain("与第 %s 行是同一条：删去一行", "the same as row %s; take one away", first))
		return
	}
	r.seen[key] = place
	r.rows = append(r.rows, Row{Key: key, Values: values})
}

// key tells a row from others.
func (f form) key(values map[string]string) string {
	if f.first && values[f.keys[0]] != "" {
		return values[f.keys[0]]
	}
	parts, long := make([]string, 0, len(f.keys)), 0
	for _, field := range f.keys {
		parts = append(parts, values[field])
		long += len(values[field])
	}
	key := strings.Join(parts, "|")
	if long > 120 {
		sum := sha256.Sum256([]byte(key))
		key = parts[0] + "|" + hex.EncodeToString(sum[:8])
	}
	return key
}

package intake

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"xuncha/internal/sheet"
)

// A table is a sheet that was found to be a list.
type table struct {
	kind  Kind
	file  string
	sheet string
	cols  map[field]int // column of each field
	heads map[int]string
	rows  []sheet.Row // below the head, without blank ones, sums and repeated heads
}

// A row is one row of a table while it is read.
type row struct {
	t     *table
	r     sheet.Row
	wrong bool
	sink  *sink
}

// A sink gathers mistakes and hints.
type sink struct {
	mistakes []Mistake
	hints    []Mistake
}

// maxMistakes bounds what is kept of a hopeless file.
const maxMistakes = 100_000

// mistake notes what is wrong with a cell of the row, or with the row for "".
func (r *row) mistake(rule string, f field, value string, more ...string) {
	r.wrong = true
	m := r.at(rule, f, value, more)
	for i := len(r.sink.mistakes) - 1; i >= 0 && r.sink.mistakes[i].Row == m.Row; i-- {
		if r.sink.mistakes[i] == m {
			return // a cell that is read twice
		}
	}
	if len(r.sink.mistakes) < maxMistakes {
		r.sink.mistakes = append(r.sink.mistakes, m)
	}
}

// hint notes what a person should know.
func (r *row) hint(rule string, f field, value string, more ...string) {
	if len(r.sink.hints) < maxMistakes {
		r.sink.hints = append(r.sink.hints, r.at(rule, f, value, more))
	}
}

// at makes a mistake of a place.
func (r *row) at(rule string, f field, value string, more []string) Mistake {
	m := Mistake{Rule: rule, File: r.t.file, Sheet: r.t.sheet, Row: r.r.Number, Value: value}
	if col, ok := r.t.cols[f]; ok {
		m.Cell, m.Column = r.r.At(col).Ref(), r.t.heads[col]
	}
	copy(m.more[:], more)
	return m
}

// has reports whether the list has a column for a field.
func (r *row) has(f field) bool {
	_, ok := r.t.cols[f]
	return ok
}

// cell returns the cell of a field, the zero Cell where the list has none.
func (r *row) cell(f field) sheet.Cell {
	if col, ok := r.t.cols[f]; ok {
		return r.r.At(col)
	}
	return sheet.Cell{}
}

// placeholders are what people write where there is nothing to say.
var placeholders = []string{"", "无", "/", "-", "—", "——", "--", "暂无", "空", "null", "n/a", "none", "nil", "\\", "没有", "未填"}

// raw returns the text of a field without blanks around it, "" where the cell
// says nothing. What a program left there is a mistake.
func (r *row) raw(f field) string {
	c := r.cell(f)
	if c.Kind == sheet.Empty {
		if c.Formula {
			r.mistake("cell.formula", f, "")
		}
		return ""
	}
	text := strings.TrimSpace(c.Text)
	switch {
	case c.Kind == sheet.Failed || strings.HasPrefix(text, "#") && slices.Contains([]string{"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}, text):
		r.mistake("cell.error", f, text)
		return ""
	case garbled(text):
		r.mistake("cell.garbled", f, text)
		return ""
	case slices.Contains(placeholders, strings.ToLower(compact(text))):
		return ""
	case isLeftover(text):
		r.mistake("cell.leftover", f, text)
		return ""
	}
	return text
}

// isLeftover tells what a form says before it is filled in.
func isLeftover(text string) bool {
	text = strings.ToLower(compact(text))
	for _, sign := range []string{"请填写", "请输入", "请选择", "此处填", "填写说明"} {
		if strings.HasPrefix(text, sign) {
			return true
		}
	}
	return len([]rune(text)) > 1 && strings.Trim(text, "x×*") == "" || slices.Contains([]string{"待填", "待填写", "待补充", "待定", "待核实", "同上", "略"}, text)
}

// text returns a field as a word is compared by; see [compact].
func (r *row) text(f field) string { return compact(r.raw(f)) }

// maxName bounds a name.
const maxName = 200

// name returns a field as a name is written; see [nameText].
func (r *row) name(f field) string {
	text := nameText(r.raw(f))
	if len([]rune(text)) > maxName {
		r.mistake("cell.long", f, text, strconv.Itoa(maxName))
		return ""
	}
	return text
}

// findTable finds the list in a sheet; nil if there is none. Kind is "" to find
// out. The head is the row, among the first ones, that names the most.
func findTable(file string, s sheet.Sheet, kind Kind) *table {
	best, score := (*table)(nil), 0
	for _, k := range Kinds() {
		if kind != "" && k != kind {
			continue
		}
		names := headNames(k)
		for i := range s.Rows[:min(len(s.Rows), maxHead)] {
			if t, n := headAt(k, names, s.Rows[i:]); n > score {
				best, score = t, n
			}
		}
	}
	if best == nil {
		return nil
	}
	best.file, best.sheet = file, s.Name
	return best
}

// headAt reads the first of some rows as a head, or the first two where they name
// more together than each alone; the others are the list.
func headAt(k Kind, names map[string]field, rows []sheet.Row) (*table, int) {
	t, n := readHead(k, names, rows[0], nil)
	t.rows = rows[1:]
	if len(rows) < 2 || rows[1].Number != rows[0].Number+1 {
		return t, n
	}
	two, both := readHead(k, names, rows[1], &rows[0])
	if _, alone := readHead(k, names, rows[1], nil); both > n && both > alone {
		two.rows = rows[2:]
		return two, both
	}
	return t, n
}

// maxHead is how many rows may stand above a list's head, and the head.
const maxHead = 40

// headNames turns the columns of a kind round.
func headNames(k Kind) map[string]field {
	names := map[string]field{}
	for _, word := range ignored {
		names[word] = fIgnored
	}
	for _, h := range heads[k] {
		for _, name := range h.names {
			names[name] = h.field
		}
	}
	return names
}

// readHead reads a row as a head, with the row above it where its cells name
// nothing, and says how well it fits the kind, 0 for not at all.
func readHead(k Kind, names map[string]field, r sheet.Row, above *sheet.Row) (*table, int) {
	t := &table{kind: k, cols: map[field]int{}, heads: map[int]string{}}
	tells, score := 0, 0
	take := func(c sheet.Cell) {
		word := headText(c.Text)
		f, known := names[word]
		if t.heads[c.Col] != "" {
			return
		}
		if !known {
			if above == nil && word != "" && c.Kind == sheet.Text && !c.Merged {
				t.heads[c.Col] = nameText(c.Text)
			}
			return
		}
		t.heads[c.Col] = nameText(c.Text)
		if _, twice := t.cols[f]; twice || f == fIgnored {
			return
		}
		t.cols[f] = c.Col
		score += 2
		if slices.Contains(telling[k], word) {
			tells++
			score += 3
		}
	}
	for _, c := range r.Cells {
		take(c)
	}
	if above != nil {
		for _, c := range above.Cells {
			if _, known := names[headText(c.Text)]; known {
				take(c)
			}
		}
	}
	if len(t.cols) < 2 || tells == 0 && (len(t.cols) < 3 || len(t.lacking()) > 0) {
		return t, 0
	}
	return t, score
}

// lacking are the columns without which the list cannot be read.
func (t *table) lacking() []string {
	var all []string
	for _, any := range needed[t.kind] {
		if !slices.ContainsFunc(any, func(f field) bool { _, ok := t.cols[f]; return ok }) {
			all = append(all, titleOf(t.kind, any[0]))
		}
	}
	return all
}

// titleOf is what an export calls a field.
func titleOf(k Kind, f field) string {
	for _, h := range heads[k] {
		if h.field == f {
			return h.names[0]
		}
	}
	return string(f)
}

// checkHead notes columns that say the same and those that are not read.
func (t *table) checkHead(s *sink) {
	names := headNames(t.kind)
	var cols []int
	for col := range t.heads {
		cols = append(cols, col)
	}
	slices.Sort(cols)
	head := sheet.Row{}
	r := &row{t: t, r: head, sink: s}
	for _, col := range cols {
		word := headText(t.heads[col])
		f, known := names[word]
		m := r.at("", "", t.heads[col], nil)
		m.Cell, m.Column, m.Row = sheet.ColumnName(col), t.heads[col], 0
		switch {
		case !known:
			m.Rule = "head.unread-far"
			var all []string
			for name := range names {
				all = append(all, name)
			}
			slices.Sort(all)
			if near := nearest(word, all); near != "" {
				m.Rule, m.more[0] = "head.unread", near
			}
			s.hints = append(s.hints, m)
		case f != fIgnored && t.cols[f] != col:
			m.Rule, m.more[0] = "head.twice", sheet.ColumnName(t.cols[f])
			s.mistakes = append(s.mistakes, m)
		}
	}
}

// footWords begin rows that are no entries.
var footWords = []string{"合计", "总计", "小计", "共计", "总数", "填表人", "填表单位", "填表日期", "填报人", "制表", "审核人", "审核:", "单位负责人", "负责人:", "注:", "注：", "备注:", "说明:", "填表说明", "填写说明", "联系人:", "联系电话:", "以上", "打印时间", "导出时间", "第1页"}

// trim leaves out rows that are blank, sums, remarks or the head once more.
func (t *table) trim() {
	names := headNames(t.kind)
	kept := t.rows[:0:0]
	for _, r := range t.rows {
		filled, first, again := 0, "", 0
		for _, c := range r.Cells {
			text := compact(c.Text)
			if text == "" {
				continue
			}
			if first == "" {
				first = text
			}
			f, read := t.fieldAt(c.Col)
			if read && f != fIgnored && !c.Merged {
				filled++
			}
			if g, known := names[headText(c.Text)]; known && (g == fIgnored || t.cols[g] == c.Col) && c.Kind == sheet.Text && headText(t.heads[c.Col]) == headText(c.Text) {
				again++
			}
		}
		foot := slices.ContainsFunc(footWords, func(w string) bool { return strings.HasPrefix(first, narrow(w)) }) && filled <= 2
		if filled > 0 && again < 2 && !foot {
			kept = append(kept, r)
		}
	}
	t.rows = kept
}

// fieldAt is the field of a column.
func (t *table) fieldAt(col int) (field, bool) {
	for f, c := range t.cols {
		if c == col {
			return f, true
		}
	}
	return "", false
}

// findTables finds the lists of books. What is none is a hint as long as a file
// has one list.
func findTables(books []*sheet.Book, opts Options, s *sink) []*table {
	var all []*table
	for _, b := range books {
		found, visible, wanted := 0, 0, 0
		for _, one := range b.Sheets {
			m := Mistake{File: b.File, Sheet: one.Name}
			switch {
			case opts.Sheet != "" && compact(one.Name) != compact(opts.Sheet):
				continue
			case opts.Sheet == "" && one.Hidden:
				m.Rule = "sheet.hidden"
				s.hints = append(s.hints, m)
				continue
			case len(one.Rows) == 0:
				m.Rule = "sheet.empty"
				s.hints = append(s.hints, m)
				wanted++
				continue
			}
			visible, wanted = visible+1, wanted+1
			t := findTable(b.File, one, opts.Kind)
			if t == nil {
				m.Rule = "sheet.skipped"
				s.hints = append(s.hints, m)
				continue
			}
			found++
			t.checkHead(s)
			for _, title := range t.lacking() {
				s.mistakes = append(s.mistakes, Mistake{Rule: "head.missing", File: b.File, Sheet: one.Name, more: [2]string{title}})
			}
			if t.trim(); len(t.rows) == 0 {
				s.mistakes = append(s.mistakes, Mistake{Rule: "sheet.no-rows", File: b.File, Sheet: one.Name})
			}
			if len(t.lacking()) == 0 {
				all = append(all, t)
			}
		}
		switch {
		case wanted == 0 && opts.Sheet != "":
			var names []string
			for _, one := range b.Sheets {
				names = append(names, one.Name)
			}
			s.mistakes = append(s.mistakes, Mistake{Rule: "sheet.unknown", File: b.File, Value: opts.Sheet, more: [2]string{strings.Join(names, "、")}})
		case found == 0:
			s.mistakes = append(s.mistakes, Mistake{Rule: "sheet.none", File: b.File})
		}
	}
	order := Kinds()
	slices.SortStableFunc(all, func(a, b *table) int { return cmp.Compare(slices.Index(order, a.kind), slices.Index(order, b.kind)) })
	return all
}

package sheet

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"unicode/utf16"
)

// The records of a BIFF8 stream that are read.
const (
	recEOF       = 0x000A
	recFormula   = 0x0006
	recDate1904  = 0x0022
	recFilePass  = 0x002F
	recContinue  = 0x003C
	recSheet     = 0x0085
	recMulRK     = 0x00BD
	recXF        = 0x00E0
	recMerged    = 0x00E5
	recSST       = 0x00FC
	recLabelSST  = 0x00FD
	recNumber    = 0x0203
	recLabel     = 0x0204
	recBoolErr   = 0x0205
	recString    = 0x0207
	recRK        = 0x027E
	recFormat    = 0x041E
	recBOF       = 0x0809
	biff8        = 0x0600
	maxWorkbooks = 16 // streams within streams
)

// A record is one record of a stream, with the records that continue it.
type record struct {
	kind  int
	data  []byte
	parts [][]byte // data and what continues it
}

// A biff is a stream of records.
type biff struct {
	data []byte
	at   int
}

// next returns the next record; ok is false at the end of the stream.
func (b *biff) next() (r record, ok bool, err error) {
	if b.at+4 > len(b.data) {
		return record{}, false, nil
	}
	r.kind, r.data, err = b.one()
	if err != nil {
		return record{}, false, err
	}
	r.parts = [][]byte{r.data}
	for b.at+4 <= len(b.data) && int(binary.LittleEndian.Uint16(b.data[b.at:])) == recContinue {
		_, more, err := b.one()
		if err != nil {
			return record{}, false, err
		}
		r.parts = append(r.parts, more)
	}
	return r, true, nil
}

// one cuts one record off.
func (b *biff) one() (kind int, data []byte, err error) {
	kind, n := int(binary.LittleEndian.Uint16(b.data[b.at:])), int(binary.LittleEndian.Uint16(b.data[b.at+2:]))
	if b.at+4+n > len(b.data) {
		return 0, nil, fault(Damaged, "a record breaks off")
	}
	data = b.data[b.at+4 : b.at+4+n]
	b.at += 4 + n
	return kind, data, nil
}

// An xlsBook is what the records of an XLS file say together.
type xlsBook struct {
	biff
	strings  []string
	codes    map[int]string
	styles   []int // style → number of its format
	sheets   []xlsSheet
	from1904 bool
}

// An xlsSheet is a sheet as the book lists it.
type xlsSheet struct {
	name   string
	at     int
	hidden bool
	table  bool
}

// readXLS reads an XLS file of Excel 97 to 2003.
func readXLS(data []byte) (*Book, error) {
	c, err := openCompound(data)
	if err != nil {
		return nil, err
	}
	switch {
	case c.has("EncryptedPackage"):
		return nil, fault(Encrypted, "")
	case !c.has("Workbook") && c.has("Book"):
		return nil, fault(TooOld, "")
	case !c.has("Workbook"):
		return nil, fault(NoTable, "")
	}
	stream, err := c.stream("Workbook")
	if err != nil {
		return nil, err
	}
	w := &xlsBook{biff: biff{data: stream}, codes: map[int]string{}}
	if err := w.globals(); err != nil {
		return nil, err
	}
	book, builder := &Book{Format: XLS}, newBuilders()
	for _, s := range w.sheets {
		if !s.table {
			continue
		}
		b := builder(s.name)
		b.sheet.Hidden = s.hidden
		if err := w.sheet(s, b); err != nil {
			return nil, err
		}
		done, err := b.done()
		if err != nil {
			return nil, err
		}
		book.Sheets = append(book.Sheets, done)
	}
	if len(book.Sheets) == 0 {
		return nil, fault(Damaged, "no sheet")
	}
	return book, nil
}

// globals reads what is the whole book's.
func (w *xlsBook) globals() error {
	for first := true; ; first = false {
		r, ok, err := w.next()
		switch {
		case err != nil:
			return err
		case !ok:
			return fault(Damaged, "unexpected end")
		case first && (r.kind != recBOF || len(r.data) < 4):
			return fault(Damaged, "no beginning of a book")
		case first && binary.LittleEndian.Uint16(r.data) != biff8:
			return fault(TooOld, "")
		}
		switch r.kind {
		case recEOF:
			return nil
		case recFilePass:
			return fault(Encrypted, "")
		case recDate1904:
			w.from1904 = len(r.data) > 0 && r.data[0] == 1
		case recSST:
			if err := w.sharedStrings(r); err != nil {
				return err
			}
		case recFormat:
			if t := (&text{parts: [][]byte{r.data}}); len(r.data) > 5 {
				id := t.u16()
				w.codes[id] = t.chars(t.u16())
			}
		case recXF:
			if len(r.data) >= 4 {
				w.styles = append(w.styles, int(binary.LittleEndian.Uint16(r.data[2:])))
			}
		case recSheet:
			if err := w.bound(r); err != nil {
				return err
			}
		}
	}
}

// bound reads the entry of a sheet.
func (w *xlsBook) bound(r record) error {
	if len(r.data) < 8 || len(w.sheets) >= maxSheets {
		return fault(Damaged, "list of sheets")
	}
	t := &text{parts: [][]byte{r.data[6:]}}
	n := t.u8()
	w.sheets = append(w.sheets, xlsSheet{
		at: int(binary.LittleEndian.Uint32(r.data)), hidden: r.data[4]&3 != 0, table: r.data[5] == 0, name: t.chars(n),
	})
	return nil
}

// sharedStrings reads the texts that cells share.
func (w *xlsBook) sharedStrings(r record) error {
	if len(r.data) < 8 {
		return fault(Damaged, "table of texts")
	}
	n := int(binary.LittleEndian.Uint32(r.data[4:]))
	t := &text{parts: r.parts, at: 8}
	for i := 0; i < n; i++ {
		s := t.rich()
		if t.over || i > MaxCells {
			return fault(Damaged, "table of texts")
		}
		w.strings = append(w.strings, s)
	}
	return nil
}

// A text reads texts out of records that continue each other. What it reads
// beyond their end is zeros, and over.
type text struct {
	parts [][]byte
	at    int
	over  bool
}

// take returns the next bytes, which may lie in several records.
func (t *text) take(n int) []byte {
	var out []byte
	for n > 0 {
		if len(t.parts) == 0 {
			t.over = true
			return append(out, make([]byte, min(n, 16))...)
		}
		if t.at >= len(t.parts[0]) {
			t.parts, t.at = t.parts[1:], 0
			continue
		}
		m := min(n, len(t.parts[0])-t.at)
		out = append(out, t.parts[0][t.at:t.at+m]...)
		t.at, n = t.at+m, n-m
	}
	return out
}

func (t *text) u8() int {
	if len(t.parts) > 0 && t.at < len(t.parts[0]) {
		t.at++
		return int(t.parts[0][t.at-1])
	}
	return int(t.take(1)[0])
}

func (t *text) u16() int { return t.u8() | t.u8()<<8 }
func (t *text) u32() int { return t.u16() | t.u16()<<16 }

// chars reads a number of characters behind their flags, as plain texts have
// them.
func (t *text) chars(n int) string { return t.run(n, t.u8()) }

// run reads characters. Where they go on in another record, that begins with
// flags of its own.
func (t *text) run(n, flags int) string {
	var out []uint16
	for n > 0 && !t.over {
		if len(t.parts) > 0 && t.at >= len(t.parts[0]) {
			t.parts, t.at = t.parts[1:], 0
			if flags = t.u8(); t.over {
				break
			}
			continue
		}
		if flags&1 != 0 {
			out = append(out, uint16(t.u16()))
		} else {
			out = append(out, uint16(t.u8()))
		}
		n--
	}
	return string(utf16.Decode(out))
}

// rich reads a text of the shared table with its formats and how it is read
// aloud, both of which are dropped.
func (t *text) rich() string {
	n, flags := t.u16(), t.u8()
	runs, aloud := 0, 0
	if flags&8 != 0 {
		runs = t.u16()
	}
	if flags&4 != 0 {
		aloud = t.u32()
	}
	s := t.run(n, flags)
	if size := 4*runs + aloud; size > MaxBytes {
		t.over = true
	} else {
		t.take(size)
	}
	return s
}

// sheet reads the cells of one sheet.
func (w *xlsBook) sheet(s xlsSheet, b *builder) error {
	if s.at >= len(w.data) {
		return fault(Damaged, "sheet %s is missing", s.name)
	}
	w.biff.at = s.at
	r := &xlsCells{w: w, b: b}
	for depth := 0; ; {
		rec, ok, err := w.next()
		if err != nil {
			return err
		}
		if !ok {
			return fault(Damaged, "sheet %s ends early", s.name)
		}
		switch rec.kind {
		case recBOF:
			if depth++; depth > maxWorkbooks {
				return fault(Damaged, "sheet %s", s.name)
			}
		case recEOF:
			if depth--; depth <= 0 {
				return r.done()
			}
		default:
			if depth == 0 {
				return fault(Damaged, "sheet %s has no beginning", s.name)
			}
			if depth > 1 {
				continue // a chart on the sheet
			}
			if err := r.take(rec); err != nil {
				return err
			}
		}
	}
}

// xlsCells gathers the cells of a sheet, whose records need not be in order.
type xlsCells struct {
	w     *xlsBook
	b     *builder
	cells []Cell
}

// put adds a cell.
func (r *xlsCells) put(c Cell) error {
	if len(r.cells) >= MaxCells {
		return fault(TooManyRow, "")
	}
	if c.Kind == Text && strings.TrimSpace(c.Text) == "" {
		c.Kind = Empty
	}
	r.cells = append(r.cells, c)
	return nil
}

// done hands the cells over.
func (r *xlsCells) done() error {
	slices.SortStableFunc(r.cells, func(a, b Cell) int { return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col)) })
	for i, c := range r.cells {
		if i+1 < len(r.cells) && r.cells[i+1].Row == c.Row && r.cells[i+1].Col == c.Col {
			continue // the later record counts
		}
		if err := r.b.add(c); err != nil {
			return err
		}
	}
	return nil
}

// take looks at one record.
func (r *xlsCells) take(rec record) error {
	d := rec.data
	if rec.kind == recMerged {
		return r.merged(d)
	}
	if rec.kind == recString && len(r.cells) > 0 && len(d) >= 3 {
		t := &text{parts: rec.parts}
		last := &r.cells[len(r.cells)-1]
		if n := t.u16(); last.Formula && last.Kind == Empty {
			if last.Text = t.chars(n); strings.TrimSpace(last.Text) != "" {
				last.Kind = Text
			}
		}
		return nil
	}
	if len(d) < 6 {
		return nil
	}
	c := Cell{Row: int(binary.LittleEndian.Uint16(d)) + 1, Col: int(binary.LittleEndian.Uint16(d[2:])) + 1}
	style, rest := int(binary.LittleEndian.Uint16(d[4:])), d[6:]
	switch {
	case rec.kind == recLabelSST && len(rest) >= 4:
		i := binary.LittleEndian.Uint32(rest)
		if uint64(i) >= uint64(len(r.w.strings)) {
			return fault(Damaged, "cell %s", c.Ref())
		}
		c.Kind, c.Text = Text, r.w.strings[i]
	case rec.kind == recLabel && len(rest) >= 3:
		t := &text{parts: append([][]byte{rest}, rec.parts[1:]...)}
		c.Kind, c.Text = Text, t.chars(t.u16())
	case rec.kind == recNumber && len(rest) >= 8:
		r.number(&c, math.Float64frombits(binary.LittleEndian.Uint64(rest)), style)
	case rec.kind == recRK && len(rest) >= 4:
		r.number(&c, packed(binary.LittleEndian.Uint32(rest)), style)
	case rec.kind == recMulRK:
		return r.several(c, d[4:])
	case rec.kind == recBoolErr && len(rest) >= 2:
		boolOrError(&c, rest[0], rest[1] == 1)
	case rec.kind == recFormula && len(rest) >= 8:
		r.formula(&c, rest[:8], style)
	default:
		return nil
	}
	return r.put(c)
}

// number fills a cell with a number.
func (r *xlsCells) number(c *Cell, v float64, style int) {
	f := numberFormat{general: true}
	if style < len(r.w.styles) {
		id := r.w.styles[style]
		f = formatOf(id, r.w.codes[id])
	}
	numberCell(c, v, f, r.w.from1904)
}

// several reads a run of packed numbers.
func (r *xlsCells) several(c Cell, d []byte) error {
	for ; len(d) >= 8; d = d[6:] { // the last two bytes are the last column
		r.number(&c, packed(binary.LittleEndian.Uint32(d[2:])), int(binary.LittleEndian.Uint16(d)))
		if err := r.put(c); err != nil {
			return err
		}
		c = Cell{Row: c.Row, Col: c.Col + 1}
	}
	return nil
}

// packed unpacks a number of 30 bits.
func packed(n uint32) float64 {
	var v float64
	if n&2 != 0 {
		v = float64(int32(n) >> 2)
	} else {
		v = math.Float64frombits(uint64(n&^3) << 32)
	}
	if n&1 != 0 {
		v /= 100
	}
	return v
}

// formula fills a cell with what a formula came to.
func (r *xlsCells) formula(c *Cell, result []byte, style int) {
	c.Formula = true
	if result[6] != 0xFF || result[7] != 0xFF {
		r.number(c, math.Float64frombits(binary.LittleEndian.Uint64(result)), style)
		return
	}
	if result[0] == 1 || result[0] == 2 {
		boolOrError(c, result[2], result[0] == 2)
	} // else a text follows in a record of its own, or it is empty
}

// boolOrError fills a cell with a truth value or an error.
func boolOrError(c *Cell, v byte, failed bool) {
	switch {
	case failed:
		c.Kind, c.Text = Failed, "#ERROR"
		if name, ok := errorNames[v]; ok {
			c.Text = name
		}
	case v == 1:
		c.Kind, c.Text = Bool, "TRUE"
	default:
		c.Kind, c.Text = Bool, "FALSE"
	}
}

// errorNames are how errors are shown; it is never written to.
var errorNames = map[byte]string{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}

// merged reads a list of merged ranges.
func (r *xlsCells) merged(d []byte) error {
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(d[at:])) }
	for at := 2; at+8 <= len(d); at += 8 {
		a := area{top: u16(at) + 1, bottom: u16(at+2) + 1, left: u16(at+4) + 1, right: u16(at+6) + 1}
		if a.bottom < a.top || a.right < a.left || len(r.b.merges) >= maxMerges {
			return fault(Damaged, "merged cells")
		}
		r.b.merges = append(r.b.merges, a)
	}
	return nil
}

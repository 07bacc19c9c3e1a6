package sheet

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// isMarkup reports whether a text is a page rather than separated values.
func isMarkup(text string) bool {
	head := strings.ToLower(strings.TrimSpace(text[:min(len(text), 4096)]))
	return strings.HasPrefix(head, "<") && (strings.Contains(head, "<table") || strings.Contains(head, "<html") ||
		strings.Contains(head, "<?xml") || strings.HasPrefix(head, "<!doctype"))
}

// A tableReader follows the tags of a page and fills a sheet for each table that
// lies in no other.
type tableReader struct {
	book   *Book
	make   func(name string) *builder
	b      *builder
	depth  int // tables that are open
	row    int
	col    int
	taken  map[int]int // column → last row that a cell above reaches
	cell   *Cell
	spans  area
	text   strings.Builder
	hidden int // inside of style or script
}

// readHTML reads the tables of a page: what many systems call XLS.
func readHTML(text string) (*Book, error) {
	r := &tableReader{book: &Book{Format: HTML}, make: newBuilders()}
	z := html.NewTokenizer(strings.NewReader(text))
	z.SetMaxBuf(1 << 20)
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if err := r.take(kind, z); err != nil {
			return nil, err
		}
	}
	if err := r.close(); err != nil {
		return nil, err
	}
	if len(r.book.Sheets) == 0 {
		return nil, fault(NoTable, "a web page without a table")
	}
	return r.book, nil
}

// take looks at one token.
func (r *tableReader) take(kind html.TokenType, z *html.Tokenizer) error {
	switch kind {
	case html.TextToken:
		if r.cell != nil && r.hidden == 0 {
			r.text.WriteString(strings.Join(strings.FieldsFunc(string(z.Text()), func(c rune) bool { return c == '\n' || c == '\r' || c == '\t' }), " "))
			if r.text.Len() > 4*maxText {
				return fault(LongCell, "%s", r.cell.Ref())
			}
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		name, more := z.TagName()
		return r.start(atom.Lookup(name), kind == html.SelfClosingTagToken, attributes(z, more))
	case html.EndTagToken:
		name, _ := z.TagName()
		return r.end(atom.Lookup(name))
	}
	return nil
}

// attributes reads the spans of a tag.
func attributes(z *html.Tokenizer, more bool) map[string]int {
	spans := map[string]int{}
	for i := 0; more && i < 100; i++ {
		var key, value []byte
		key, value, more = z.TagAttr()
		if n, err := strconv.Atoi(strings.TrimSpace(string(value))); err == nil && n > 1 && (string(key) == "colspan" || string(key) == "rowspan") {
			spans[string(key)] = min(n, 10_000)
		}
	}
	return spans
}

// start meets a tag that opens.
func (r *tableReader) start(tag atom.Atom, closed bool, spans map[string]int) error {
	switch {
	case tag == atom.Style || tag == atom.Script:
		if !closed {
			r.hidden++
		}
	case tag == atom.Br && r.cell != nil:
		r.text.WriteByte('\n')
	case tag == atom.Table:
		if r.depth++; r.depth == 1 {
			if len(r.book.Sheets) >= maxSheets {
				return fault(TooManyRow, "more than %d tables", maxSheets)
			}
			r.b, r.row, r.taken = r.make(""), 0, map[int]int{}
		}
	case r.depth != 1:
	case tag == atom.Tr:
		if err := r.close(); err != nil {
			return err
		}
		r.row, r.col = r.row+1, 0
	case tag == atom.Td || tag == atom.Th:
		if err := r.close(); err != nil {
			return err
		}
		for r.col++; r.taken[r.col] >= r.row; {
			r.col++
		}
		wide, high := max(1, spans["colspan"]), max(1, spans["rowspan"])
		if r.row == 0 || r.col+wide > maxColumns {
			return fault(Damaged, "row %d, column %d", r.row, r.col)
		}
		r.cell = &Cell{Row: r.row, Col: r.col, Kind: Text}
		r.spans = area{top: r.row, left: r.col, bottom: r.row + high - 1, right: r.col + wide - 1}
		for col := r.col; high > 1 && col <= r.spans.right; col++ {
			r.taken[col] = r.spans.bottom
		}
		r.col = r.spans.right
	}
	return nil
}

// end meets a tag that closes.
func (r *tableReader) end(tag atom.Atom) error {
	switch {
	case tag == atom.Style || tag == atom.Script:
		r.hidden = max(0, r.hidden-1)
	case r.depth == 0:
	case tag == atom.Table:
		if r.depth--; r.depth > 0 {
			return nil
		}
		if err := r.close(); err != nil {
			return err
		}
		s, err := r.b.done()
		if err != nil {
			return err
		}
		if len(s.Rows) > 0 {
			r.book.Sheets = append(r.book.Sheets, s)
		}
		r.b = nil
	case r.depth == 1 && (tag == atom.Td || tag == atom.Th || tag == atom.Tr):
		return r.close()
	}
	return nil
}

// close ends the cell that is open.
func (r *tableReader) close() error {
	if r.cell == nil {
		return nil
	}
	c := *r.cell
	r.cell = nil
	c.Text = strings.TrimSpace(strings.ReplaceAll(r.text.String(), "\u00a0", " "))
	r.text.Reset()
	if c.Text == "" {
		c.Kind = Empty
	}
	if r.spans.bottom > r.spans.top || r.spans.right > r.spans.left {
		if len(r.b.merges) >= maxMerges {
			return fault(Damaged, "merged cells")
		}
		r.b.merges = append(r.b.merges, r.spans)
	}
	return r.b.add(c)
}

package sheet

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// A sheetReader follows the tokens of one sheet.
type sheetReader struct {
	w    *workbook
	b    *builder
	cell Cell
	kind string // t of the cell
	at   string // its style
	text strings.Builder
	in   bool // inside of <v> or <t>
	row  int
	col  int
}

// sheet reads the cells and merged ranges of a sheet.
func (w *workbook) sheet(name string, b *builder) error {
	r := &sheetReader{w: w, b: b}
	return w.walk(name, func(_ *xml.Decoder, tok xml.Token) error {
		switch e := tok.(type) {
		case xml.StartElement:
			return r.start(e)
		case xml.EndElement:
			return r.end(e)
		case xml.CharData:
			if r.in {
				r.text.Write(e)
			}
			if r.text.Len() > 4*maxText {
				return fault(LongCell, "%s", r.cell.Ref())
			}
		}
		return nil
	})
}

// start meets the beginning of an element.
func (r *sheetReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		r.row, r.col = r.row+1, 0
		if n, err := strconv.Atoi(attr(e, "r")); err == nil {
			r.row = n
		}
	case "c":
		r.col++
		if ref := attr(e, "r"); ref != "" {
			row, col := columnNumber(ref)
			if row == 0 {
				return fault(Damaged, "cell %.20s", ref)
			}
			r.row, r.col = row, col
		}
		r.cell, r.kind, r.at = Cell{Row: r.row, Col: r.col}, attr(e, "t"), attr(e, "s")
		r.text.Reset()
	case "f":
		r.cell.Formula = true
	case "v", "t":
		r.in = true
	case "rPh": // how a text is read aloud
		r.in = false
	case "mergeCell":
		return r.merge(attr(e, "ref"))
	}
	return nil
}

// end meets the end of an element.
func (r *sheetReader) end(e xml.EndElement) error {
	switch e.Name.Local {
	case "v", "t":
		r.in = false
	case "c":
		if err := r.value(); err != nil {
			return err
		}
		return r.b.add(r.cell)
	}
	return nil
}

// value turns what a cell says into what it holds.
func (r *sheetReader) value() error {
	text := r.text.String()
	if text == "" && r.kind != "inlineStr" {
		return nil
	}
	c := &r.cell
	switch r.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || i < 0 || i >= len(r.w.strings) {
			return fault(Damaged, "cell %s", c.Ref())
		}
		c.Text = r.w.strings[i]
	case "str", "inlineStr":
		c.Text = unescape(text)
	case "b":
		c.Kind, c.Text = Bool, "FALSE"
		if text == "1" {
			c.Text = "TRUE"
		}
		return nil
	case "e":
		c.Kind, c.Text = Failed, text
		return nil
	case "d":
		c.Kind, c.Text = Date, strings.Replace(strings.TrimSuffix(text, "Z"), "T", " ", 1)
		return nil
	default:
		v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return fault(Damaged, "cell %s", c.Ref())
		}
		numberCell(c, v, r.format(), r.w.from1904)
		return nil
	}
	if strings.TrimSpace(c.Text) != "" {
		c.Kind = Text
	}
	return nil
}

// format is the number format of the cell's style.
func (r *sheetReader) format() numberFormat {
	i, err := strconv.Atoi(r.at)
	if err != nil || i < 0 || i >= len(r.w.formats) {
		return numberFormat{general: true}
	}
	return r.w.formats[i]
}

// maxMerges bounds the merged ranges of a sheet.
const maxMerges = 200_000

// merge notes a merged range.
func (r *sheetReader) merge(ref string) error {
	from, to, _ := strings.Cut(ref, ":")
	top, left := columnNumber(from)
	bottom, right := columnNumber(to)
	if top == 0 || bottom < top || right < left || len(r.b.merges) >= maxMerges {
		return fault(Damaged, "merged cells %.40s", ref)
	}
	r.b.merges = append(r.b.merges, area{top, left, bottom, right})
	return nil
}

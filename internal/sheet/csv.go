package sheet

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// decode turns the bytes of a text file into UTF-8: by its byte order mark, else
// by what they can be, UTF-8 before GB18030.
func decode(data []byte) (string, error) {
	enc := encoding.Encoding(nil)
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xFF\xFE")) || bytes.HasPrefix(data, []byte("\xFE\xFF")):
		enc = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	default:
		if order, ok := wide(data); ok {
			enc = unicode.UTF16(order, unicode.IgnoreBOM)
		}
	}
	switch {
	case enc != nil && len(data)%2 != 0:
		return "", fault(Damaged, "UTF-16 with an odd number of bytes")
	case enc == nil && bytes.IndexByte(data, 0) >= 0:
		return "", fault(NoText, "byte %d", bytes.IndexByte(data, 0)+1)
	case enc == nil && utf8.Valid(data):
		return string(data), nil
	case enc == nil:
		enc = simplifiedchinese.GB18030
	}
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return "", fault(Encoding, "")
	}
	if i := bytes.IndexRune(out, utf8.RuneError); i >= 0 {
		return "", fault(Encoding, "line %d", 1+bytes.Count(out[:i], []byte("\n")))
	}
	if bytes.IndexByte(out, 0) >= 0 {
		return "", fault(NoText, "")
	}
	return string(out), nil
}

// wide reports whether data look like UTF-16 without a mark: every second byte of
// what is Latin, as separators and line ends are, is 0.
func wide(data []byte) (unicode.Endianness, bool) {
	head := data[:min(len(data), 4096)]
	even, odd := 0, 0
	for i, c := range head {
		if c == 0 && i%2 == 0 {
			even++
		} else if c == 0 {
			odd++
		}
	}
	enough := max(3, len(head)/40)
	switch {
	case odd >= enough && even == 0:
		return unicode.LittleEndian, true
	case even >= enough && odd == 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// readCSV reads separated values. A record is a row, as in a spreadsheet program,
// whatever lines it takes.
func readCSV(text string) (*Book, error) {
	r := csvReader{text: text}
	r.comma = r.separator()
	b := newBuilders()("")
	for row := 1; r.at < len(r.text); row++ {
		fields, err := r.record()
		if err != nil {
			return nil, err
		}
		for i, f := range fields {
			kind := Text
			if strings.TrimSpace(f) == "" {
				kind = Empty
			}
			f = strings.ReplaceAll(f, "\r\n", "\n")
			if err := b.add(Cell{Row: row, Col: i + 1, Text: f, Kind: kind}); err != nil {
				return nil, err
			}
		}
		if row > 5*MaxRows {
			return nil, fault(TooManyRow, "")
		}
	}
	s, err := b.done()
	return &Book{Format: CSV, Sheets: []Sheet{s}}, err
}

// A csvReader reads separated values as spreadsheet programs write them: a field
// in quotes may hold anything, "" is a quote, and any line end ends a record.
type csvReader struct {
	text  string
	at    int
	line  int // line breaks passed
	comma byte
	buf   []string
}

// separator finds what separates the fields: what a first line sep=; says, else
// what stands in the most of the first lines in the same number.
func (r *csvReader) separator() byte {
	if rest, ok := strings.CutPrefix(r.text, "sep="); ok && len(rest) > 0 {
		if end := strings.IndexAny(rest, "\r\n"); end == 1 {
			r.at = len("sep=") + 1
			if _, err := r.record(); err == nil { // the rest of that line
				return rest[0]
			}
		}
	}
	best, most := byte(','), 0
	for _, c := range []byte{',', '\t', ';'} {
		if n := r.weight(c); n > most {
			best, most = c, n
		}
	}
	return best
}

// weight counts how often a separator stands outside of quotes in the first
// lines, in lines that agree with the one before twice.
func (r *csvReader) weight(c byte) int {
	quoted, total, here, before, lines := false, 0, 0, -1, 0
	for i := 0; i < len(r.text) && lines < 50; i++ {
		switch ch := r.text[i]; {
		case ch == '"':
			quoted = !quoted
		case ch == '\n' && !quoted:
			total += here
			if here == before {
				total += here
			}
			before, here, lines = here, 0, lines+1
		case ch == c && !quoted:
			here++
		}
	}
	return total + here
}

// record reads one record.
func (r *csvReader) record() ([]string, error) {
	r.buf = r.buf[:0]
	for {
		field, more, err := r.field()
		if err != nil {
			return nil, err
		}
		if r.buf = append(r.buf, field); len(r.buf) > maxColumns {
			return nil, fault(Damaged, "line %d has more than %d fields", r.line, maxColumns)
		}
		if !more {
			return r.buf, nil
		}
	}
}

// field reads one field and what ends it; more says that another follows.
func (r *csvReader) field() (field string, more bool, err error) {
	if r.at < len(r.text) && r.text[r.at] == '"' {
		if field, err = r.quoted(); err != nil {
			return "", false, err
		}
	}
	start := r.at
	for r.at < len(r.text) && r.text[r.at] != r.comma && r.text[r.at] != '\n' && r.text[r.at] != '\r' {
		r.at++
	}
	field += r.text[start:r.at]
	if r.at == len(r.text) {
		return field, false, nil
	}
	if r.text[r.at] == r.comma {
		r.at++
		return field, true, nil
	}
	if strings.HasPrefix(r.text[r.at:], "\r\n") {
		r.at++
	}
	r.at++
	r.line++
	return field, false, nil
}

// quoted reads what stands in quotes.
func (r *csvReader) quoted() (string, error) {
	opened := r.line + 1
	var b strings.Builder
	for r.at++; ; {
		end := strings.IndexByte(r.text[r.at:], '"')
		if end < 0 {
			return "", fault(OpenQuote, "line %d", opened)
		}
		part := r.text[r.at : r.at+end]
		b.WriteString(part)
		r.line += strings.Count(part, "\n")
		if b.Len() > 4*maxText {
			return "", fault(LongCell, "line %d", opened)
		}
		r.at += end + 1
		if r.at == len(r.text) || r.text[r.at] != '"' {
			return b.String(), nil
		}
		b.WriteByte('"')
		r.at++
	}
}

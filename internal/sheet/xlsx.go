package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// A parts file is an opened XLSX: its parts by name, and what may still be
// unpacked of them.
type parts struct {
	files map[string]*zip.File // by name in small letters
	left  int64
}

// maxParts bounds the parts of a file.
const maxParts = 10_000

// openParts opens a ZIP file. Names are compared without regard to case, as
// writers differ.
func openParts(data []byte) (*parts, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fault(Damaged, "%v", err)
	}
	if len(z.File) > maxParts {
		return nil, fault(Bomb, "%d parts", len(z.File))
	}
	p := &parts{files: map[string]*zip.File{}, left: maxUnpacked}
	for _, f := range z.File {
		p.files[partName(f.Name)] = f
	}
	return p, nil
}

// partName is the one spelling of a part's name.
func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(s, `\`, "/")), "/"))
}

// errLimit says that a file unpacks to too much.
var errLimit = errors.New("unpacks to too much")

// A metered reader reads a part on its file's allowance. No token of it may take
// much: the parser keeps one whole.
type metered struct {
	from  io.Reader
	left  *int64
	token int // bytes of the token so far
}

// maxToken bounds the bytes of one token.
const maxToken = 4 << 20

func (m *metered) Read(p []byte) (int, error) {
	if *m.left <= 0 || m.token > maxToken {
		return 0, errLimit
	}
	n, err := m.from.Read(p[:min(int64(len(p)), *m.left)])
	*m.left -= int64(n)
	m.token += n
	return n, err
}

// walk calls a function for each token of an XML part, with the depth it stands
// at. A part that is not there has none.
func (p *parts) walk(name string, visit func(d *xml.Decoder, tok xml.Token) error) error {
	f, ok := p.files[partName(name)]
	if !ok {
		return nil
	}
	if f.UncompressedSize64 > uint64(p.left) { // archive/zip holds it to that
		return fault(Bomb, "%s", name)
	}
	r, err := f.Open()
	if err != nil {
		return fault(Damaged, "%s: %v", name, err)
	}
	defer r.Close()
	m := &metered{from: r, left: &p.left}
	d := xml.NewDecoder(m)
	d.CharsetReader = func(label string, _ io.Reader) (io.Reader, error) { return nil, fmt.Errorf("charset %s", label) }
	for depth := 0; ; {
		m.token = 0
		tok, err := d.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			if depth > 0 {
				return fault(Damaged, "%s: unexpected end", name)
			}
			return nil
		case errors.Is(err, errLimit):
			return fault(Bomb, "%s", name)
		case err != nil:
			return fault(Damaged, "%s: %v", name, err)
		}
		switch tok.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if depth > maxDepth {
			return fault(Damaged, "%s: nested too deep", name)
		}
		if err := visit(d, tok); err != nil {
			return err
		}
	}
}

// maxDepth bounds how deep a part nests.
const maxDepth = 64

// attr returns an attribute by its local name.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// A workbook is what the parts of an XLSX file say together.
type workbook struct {
	*parts
	strings  []string
	formats  []numberFormat // by style
	from1904 bool
}

// readXLSX reads an XLSX file. Macros, pictures and links in it are not looked
// at.
func readXLSX(data []byte) (*Book, error) {
	p, err := openParts(data)
	if err != nil {
		return nil, err
	}
	main, err := p.mainPart()
	if err != nil {
		return nil, err
	}
	w := &workbook{parts: p}
	rels, err := w.relations(main)
	if err != nil {
		return nil, err
	}
	sheets, err := w.workbook(main)
	if err != nil {
		return nil, err
	}
	for _, r := range rels {
		switch path.Base(r.kind) {
		case "sharedStrings":
			err = w.sharedStrings(r.target)
		case "styles":
			err = w.styles(r.target)
		}
		if err != nil {
			return nil, err
		}
	}
	book, builder := &Book{Format: XLSX}, newBuilders()
	for _, s := range sheets {
		r, ok := rels[s.id]
		if !ok || path.Base(r.kind) != "worksheet" {
			continue // a chart
		}
		if _, ok := p.files[partName(r.target)]; !ok {
			return nil, fault(Damaged, "sheet %s is missing", s.name)
		}
		b := builder(s.name)
		b.sheet.Hidden = s.hidden
		if err := w.sheet(r.target, b); err != nil {
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

// mainPart finds the workbook.
func (p *parts) mainPart() (string, error) {
	main := "xl/workbook.xml"
	err := p.walk("_rels/.rels", func(_ *xml.Decoder, tok xml.Token) error {
		if e, ok := tok.(xml.StartElement); ok && e.Name.Local == "Relationship" && path.Base(attr(e, "Type")) == "officeDocument" {
			main = attr(e, "Target")
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	_, ok := p.files[partName(main)]
	for _, o := range []struct {
		name  string
		fault Fault
	}{{"xl/workbook.bin", Binary}, {"word/document.xml", NoTable}, {"ppt/presentation.xml", NoTable}, {"content.xml", OpenSheet}} {
		if _, there := p.files[o.name]; there && (!ok || o.name == partName(main)) {
			return "", fault(o.fault, "")
		}
	}
	if !ok {
		return "", fault(NoTable, "ZIP")
	}
	return main, nil
}

// A relation leads from one part to another.
type relation struct{ kind, target string }

// relations reads where a part leads to.
func (p *parts) relations(of string) (map[string]relation, error) {
	of = partName(of)
	found := map[string]relation{}
	err := p.walk(path.Dir(of)+"/_rels/"+path.Base(of)+".rels", func(_ *xml.Decoder, tok xml.Token) error {
		if e, ok := tok.(xml.StartElement); ok && e.Name.Local == "Relationship" && len(found) < maxParts {
			target := attr(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join(path.Dir(of), target)
			}
			found[attr(e, "Id")] = relation{attr(e, "Type"), target}
		}
		return nil
	})
	return found, err
}

// A sheetEntry is a sheet as the workbook lists it.
type sheetEntry struct {
	name, id string
	hidden   bool
}

// workbook reads the list of sheets.
func (w *workbook) workbook(name string) ([]sheetEntry, error) {
	var all []sheetEntry
	err := w.walk(name, func(_ *xml.Decoder, tok xml.Token) error {
		e, ok := tok.(xml.StartElement)
		switch {
		case ok && e.Name.Local == "workbookPr":
			w.from1904 = attr(e, "date1904") == "1" || attr(e, "date1904") == "true"
		case ok && e.Name.Local == "sheet":
			state := attr(e, "state")
			all = append(all, sheetEntry{name: attr(e, "name"), id: relationID(e), hidden: state == "hidden" || state == "veryHidden"})
			if len(all) > maxSheets {
				return fault(TooManyRow, "more than %d sheets", maxSheets)
			}
		}
		return nil
	})
	return all, err
}

// relationID is the id of a relation, which is told from a sheet's own number by
// its prefix.
func relationID(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// sharedStrings reads the texts that cells share.
func (w *workbook) sharedStrings(name string) error {
	var text strings.Builder
	in, phonetic := false, 0
	return w.walk(name, func(_ *xml.Decoder, tok xml.Token) error {
		switch e := tok.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "si":
				text.Reset()
			case "t":
				in = phonetic == 0
			case "rPh":
				phonetic++
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "si":
				if len(w.strings) >= MaxCells {
					return fault(TooManyRow, "")
				}
				w.strings = append(w.strings, unescape(text.String()))
			case "t":
				in = false
			case "rPh":
				phonetic--
			}
		case xml.CharData:
			if in {
				text.Write(e)
			}
			if text.Len() > 4*maxText {
				return fault(LongCell, "")
			}
		}
		return nil
	})
}

// styles reads by which format each style shows numbers.
func (w *workbook) styles(name string) error {
	codes := map[int]string{}
	in := false
	return w.walk(name, func(_ *xml.Decoder, tok xml.Token) error {
		switch e := tok.(type) {
		case xml.StartElement:
			id, _ := strconv.Atoi(attr(e, "numFmtId")) // 0 is General
			switch {
			case e.Name.Local == "numFmt" && len(codes) < maxParts:
				codes[id] = attr(e, "formatCode")
			case e.Name.Local == "cellXfs":
				in = true
			case e.Name.Local == "xf" && in && len(w.formats) < 1<<16:
				w.formats = append(w.formats, formatOf(id, codes[id]))
			}
		case xml.EndElement:
			if e.Name.Local == "cellXfs" {
				in = false
			}
		}
		return nil
	})
}

// unescape undoes _x000D_, by which characters are written that XML cannot hold.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.HasPrefix(s[i:], "_x") && len(s) >= i+7 && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				b.WriteRune(rune(n))
				i += 6
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"xuncha/internal/sheet"
)

// archive makes a ZIP file of names and texts.
func archive(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(w, parts[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb makes an XLSX file whose sheet unpacks to some megabytes.
func bomb(t *testing.T, megabytes int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	piece := strings.Repeat("<row/>      ", 1<<20/12)
	for _, p := range []struct {
		name, text string
		times      int
	}{{"xl/workbook.xml", wbXML, 1}, {"xl/_rels/workbook.xml.rels", wbRels, 1}, {"xl/worksheets/sheet1.xml", piece, megabytes}} {
		w, err := z.Create(p.name)
		for range p.times {
			if err == nil {
				_, err = io.WriteString(w, p.text)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The parts of a workbook with one sheet.
const (
	wbXML  = `<workbook xmlns:r="r"><sheets><sheet name="一" sheetId="1" r:id="rId1"/></sheets></workbook>`
	wbRels = `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`
)

// sheetOf makes an XLSX file with one sheet.
func sheetOf(t *testing.T, xml string) []byte {
	t.Helper()
	return archive(t, "xl/workbook.xml", wbXML, "xl/_rels/workbook.xml.rels", wbRels, "xl/worksheets/sheet1.xml", xml)
}

func TestHostileFiles(t *testing.T) {
	file := func(name string) []byte {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	good := workbook(t, func(f *excelize.File) { set(t, f, "Sheet1", "A1", "甲") })
	locked := workbook(t, func(f *excelize.File) { set(t, f, "Sheet1", "A1", "甲") }, excelize.Options{Password: "secret"})
	xls := file("list.xls")
	const bom = "\ufeff"
	tests := []struct {
		name string
		data []byte
		want sheet.Fault
	}{
		{"nothing", nil, sheet.Nothing},
		{"blanks", []byte(" \r\n\n"), sheet.Nothing},
		{"more than 20 MB", make([]byte, sheet.MaxBytes+1), sheet.TooLarge},
		{"a password", locked, sheet.Encrypted},
		{"an old Excel", file("excel95.xls"), sheet.TooOld},
		{"XLSX cut off", good[:len(good)/2], sheet.Damaged},
		{"XLS cut off", xls[:1500], sheet.Damaged},
		{"XLS of a header", xls[:512], sheet.Damaged},
		{"XLS of ten bytes", xls[:10], sheet.Damaged},
		{"a picture", []byte("\x89PNG\r\n\x1a\n"), sheet.NoTable},
		{"PDF", []byte("%PDF-1.7"), sheet.NoTable},
		{"a ZIP of something", archive(t, "readme.txt", "x"), sheet.NoTable},
		{"a Word document", archive(t, "word/document.xml", "<a/>"), sheet.NoTable},
		{"an OpenDocument", archive(t, "content.xml", "<a/>"), sheet.OpenSheet},
		{"XLSB", archive(t, "xl/workbook.bin", "x"), sheet.Binary},
		{"a page without a table", []byte("<html><body>请登录</body></html>"), sheet.NoTable},
		{"NUL in CSV", []byte("标识码,名称\n1403\x00,甲\n"), sheet.NoText},
		{"no encoding", []byte("\xff\xff\xff\x80\x80,\xfe\xfe\n"), sheet.Encoding},
		{"UTF-16 cut off", []byte("\xff\xfea\x00b"), sheet.Damaged},
		{"a quote without end", []byte(bom + "甲,\"乙\n丙,丁\n"), sheet.OpenQuote},
		{"a cell of 1 MB in CSV", []byte("甲,\"" + strings.Repeat("x", 1<<20) + "\"\n"), sheet.LongCell},
		{"a bare cell of 1 MB in CSV", []byte("甲," + strings.Repeat("x", 1<<20) + "\n"), sheet.LongCell},
		{"a cell of 1 MB", sheetOf(t, `<sheetData><row><c t="inlineStr"><is><t>`+strings.Repeat("x", 1<<20)+`</t></is></c></row></sheetData>`), sheet.LongCell},
		{"a bomb of one text", sheetOf(t, "<sheetData>"+strings.Repeat(" ", 16<<20)+"</sheetData>"), sheet.Bomb},
		{"a bomb", bomb(t, 401), sheet.Bomb},
		{"rows without end", sheetOf(t, "<sheetData>"+strings.Repeat(`<row><c><v>1</v></c></row>`, sheet.MaxRows+1)+"</sheetData>"), sheet.TooManyRow},
		{"a merged cell over all", sheetOf(t, "<sheetData>"+strings.Repeat(`<row><c><v>1</v></c></row>`, 150_000)+`</sheetData><mergeCell ref="A1:XFD1048576"/>`), sheet.TooManyRow},
		{"elements without end", sheetOf(t, strings.Repeat("<a>", 1000)), sheet.Damaged},
		{"an element that does not end", sheetOf(t, "<sheetData><row>"), sheet.Damaged},
		{"a cell beyond the sheet", sheetOf(t, `<sheetData><row><c r="ZZZZZ1"><v>1</v></c></row></sheetData>`), sheet.Damaged},
		{"a text that is not there", sheetOf(t, `<sheetData><row><c t="s"><v>7</v></c></row></sheetData>`), sheet.Damaged},
		{"a number that is none", sheetOf(t, `<sheetData><row><c><v>x</v></c></row></sheetData>`), sheet.Damaged},
		{"rows backwards", sheetOf(t, `<sheetData><row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row></sheetData>`), sheet.Damaged},
		{"an entity of its own", sheetOf(t, `<!DOCTYPE a [<!ENTITY x "y">]><sheetData><row><c t="str"><v>&x;</v></c></row></sheetData>`), sheet.Damaged},
		{"another encoding", sheetOf(t, `<?xml version="1.0" encoding="UTF-7"?><a/>`), sheet.Damaged},
		{"a sheet that is missing", archive(t, "xl/workbook.xml", wbXML, "xl/_rels/workbook.xml.rels", wbRels), sheet.Damaged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if e := refused(t, "名单.xlsx", tt.data); e.Fault != tt.want {
				t.Errorf("fault %s (%v), want %s", e.Fault, e, tt.want)
			}
		})
	}
}

// Macros are neither run nor a reason not to read the cells beside them.
func TestMacrosAreLeftAlone(t *testing.T) {
	data := archive(t, "xl/workbook.xml", wbXML, "xl/_rels/workbook.xml.rels", wbRels,
		"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row><c t="inlineStr"><is><t>甲</t></is></c></row></sheetData></worksheet>`,
		"xl/vbaProject.bin", "\xD0\xCF\x11\xE0", "../../evil.xml", "<a/>")
	if got := written(read(t, "名单.xlsm", data).Sheets[0]); got != "A1=甲\n" {
		t.Errorf("got %q", got)
	}
}

// XLS files built record by record: what programs write that no longer run.

// rec is one record.
func rec(kind int, data ...byte) []byte {
	b := binary.LittleEndian.AppendUint16(nil, uint16(kind))
	return append(binary.LittleEndian.AppendUint16(b, uint16(len(data))), data...)
}

// container puts a stream into a compound file.
func container(stream []byte) []byte {
	for len(stream) < 4096 {
		stream = append(stream, 0)
	}
	n := (len(stream) + 511) / 512
	stream = append(stream, make([]byte, n*512-len(stream))...)
	head := make([]byte, 512)
	copy(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	put := func(b []byte, at int, v uint32) { binary.LittleEndian.PutUint32(b[at:], v) }
	binary.LittleEndian.PutUint16(head[30:], 9)
	put(head, 44, 1)
	put(head, 48, 1) // directory
	put(head, 56, 4096)
	put(head, 60, 0xFFFFFFFE)
	put(head, 68, 0xFFFFFFFE)
	for at := 76; at < 512; at += 4 {
		put(head, at, 0xFFFFFFFF)
	}
	put(head, 76, 0)
	fat := make([]byte, 512)
	for i := range 128 {
		put(fat, 4*i, 0xFFFFFFFF)
	}
	put(fat, 0, 0xFFFFFFFD)
	put(fat, 4, 0xFFFFFFFE)
	for i := range n {
		put(fat, 8+4*i, uint32(3+i))
	}
	put(fat, 8+4*(n-1), 0xFFFFFFFE)
	dir := make([]byte, 512)
	for i, c := range "Workbook" {
		dir[128+2*i] = byte(c)
	}
	dir[128+64], dir[128+66] = 18, 2
	put(dir, 128+116, 2)
	put(dir, 128+120, uint32(len(stream)))
	return append(append(append(head, fat...), dir...), stream...)
}

// xlsOf makes an XLS file of a sheet's records and further ones of the book.
func xlsOf(sheetRecords []byte, global ...byte) []byte {
	bof := rec(0x0809, 0, 6, 5, 0, 0, 0, 0, 0)
	entry := []byte{0, 0, 0, 0, 0, 0, 1, 0, 'S'}
	at := len(bof) + len(global) + len(rec(0x85, entry...)) + 4
	binary.LittleEndian.PutUint32(entry, uint32(at))
	book := append(append(append(append([]byte{}, bof...), global...), rec(0x85, entry...)...), rec(0x0A)...)
	return container(append(append(append(book, bof...), sheetRecords...), rec(0x0A)...))
}

func TestRecordsOfOldPrograms(t *testing.T) {
	cells := bytes.Join([][]byte{
		rec(0x0203, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F),                                  // A2: 1
		rec(0x00BD, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 1, 0, 0xF0, 0x3F, 1, 0),                      // A1: 1, B1: 0.01
		rec(0x0006, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0),                // C1: a formula with a text
		rec(0x0207, 2, 0, 1, 'x', 0, 0x32, 0x75),                                                     // "x甲"
		rec(0x0006, 0, 0, 3, 0, 0, 0, 2, 0, 0x17, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0),             // D1: #REF!
		rec(0x0204, 0, 0, 4, 0, 0, 0, 1, 0, 0, 'L'),                                                  // E1
		rec(0x00FD, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0),                                                    // F1: shared
		rec(0x00FD, 1, 0, 5, 0, 0, 0, 1, 0, 0, 0),                                                    // F2: shared
		rec(0x00E5, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0),                                                    // B1:B2
		rec(0x0809, 0, 6, 0x20, 0), rec(0x0203, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), rec(0x0A), // a chart
	}, nil)
	// "ab甲c" goes on in a second record with wide characters; the second text has
	// formats and a way to read it.
	sst := append(rec(0x00FC, 2, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 'a', 'b'),
		rec(0x003C, 1, 0x32, 0x75, 'c', 0, 1, 0, 0x0C, 1, 0, 2, 0, 0, 0, 'z', 0, 0, 0, 0, 9, 9)...)
	b := read(t, "old.xls", xlsOf(cells, sst...))
	const want = "A1=1 n | B1=0.01 n | C1=x甲f | D1=#REF! ef | E1=L | F1=ab甲c\nA2=1 n | B2=0.01 n m | F2=z\n"
	if got := written(b.Sheets[0]); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestHostileRecords(t *testing.T) {
	circle := container([]byte("x"))
	binary.LittleEndian.PutUint32(circle[512+8:], 2) // the stream's first sector leads to itself
	tests := []struct {
		name string
		data []byte
		want sheet.Fault
	}{
		{"a password", xlsOf(nil, rec(0x2F, 0, 0)...), sheet.Encrypted},
		{"Excel 95 in a new container", container(rec(0x0809, 0, 5, 5, 0)), sheet.TooOld},
		{"no beginning", container(rec(0x0A)), sheet.Damaged},
		{"a chain in a circle", circle, sheet.Damaged},
		{"more texts than there are", xlsOf(nil, rec(0xFC, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 1, 0, 0, 'a')...), sheet.Damaged},
		{"a text that is not there", xlsOf(rec(0xFD, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0)), sheet.Damaged},
		{"merged backwards", xlsOf(rec(0xE5, 1, 0, 5, 0, 1, 0, 0, 0, 0, 0)), sheet.Damaged},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if e := refused(t, "名单.xls", tt.data); e.Fault != tt.want {
				t.Errorf("fault %s (%v), want %s", e.Fault, e, tt.want)
			}
		})
	}
}

// sound checks what holds of every book that is read.
func sound(t *testing.T, b *sheet.Book) {
	t.Helper()
	for _, s := range b.Sheets {
		last := 0
		for _, row := range s.Rows {
			if row.Number <= last {
				t.Fatalf("row %d after %d", row.Number, last)
			}
			last = row.Number
			for i, c := range row.Cells {
				if c.Row != row.Number || i > 0 && row.Cells[i-1].Col >= c.Col || row.At(c.Col).Text != c.Text {
					t.Fatalf("cell %s in row %d", c.Ref(), row.Number)
				}
			}
		}
	}
}

func FuzzXLS(f *testing.F) {
	for _, name := range []string{"list.xls", "excel95.xls"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add(xlsOf(rec(0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), rec(0xFC, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 'a')...))
	f.Fuzz(func(t *testing.T, data []byte) {
		if b, err := sheet.Read("a.xls", bytes.NewReader(append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), data[min(len(data), 8):]...))); err == nil {
			sound(t, b)
		}
	})
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"a,b\n\"c\"\"\n,d\",e", "sep=;\n1;2", "\xFF\xFEa\x00", "\xD6\xD0,1", "<table><tr><td rowspan=2>a<td>b<tr><td>c</table>", "a\t\"b"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if b, err := sheet.Read("a.csv", bytes.NewReader(data)); err == nil {
			sound(t, b)
		}
	})
}

func FuzzSheetXML(f *testing.F) {
	f.Add(`<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c><f>1</f><v>1E9</v></c></row></sheetData><mergeCell ref="A1:B9"/>`)
	f.Fuzz(func(t *testing.T, xml string) {
		if b, err := sheet.Read("a.xlsx", bytes.NewReader(sheetOf(t, xml))); err == nil {
			sound(t, b)
		}
	})
}

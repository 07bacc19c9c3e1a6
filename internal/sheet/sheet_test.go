package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"xuncha/internal/sheet"
)

// written is a sheet as a test compares it: a line for each row, the cells as
// A1=text, with ~shown behind, f for formulas and m for merged ones.
func written(s sheet.Sheet) string {
	var b strings.Builder
	for _, row := range s.Rows {
		for i, c := range row.Cells {
			if i > 0 {
				b.WriteString(" | ")
			}
			b.WriteString(c.Ref() + "=" + c.Text)
			if c.Shown != "" {
				b.WriteString("~" + c.Shown)
			}
			b.WriteString(map[sheet.Kind]string{sheet.Text: "", sheet.Number: " n", sheet.Date: " d", sheet.Bool: " b", sheet.Failed: " e", sheet.Empty: " -"}[c.Kind])
			if c.Formula {
				b.WriteString("f")
			}
			if c.Merged {
				b.WriteString(" m")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// read reads bytes that must be readable.
func read(t *testing.T, name string, data []byte) *sheet.Book {
	t.Helper()
	b, err := sheet.Read(name, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// refused reads bytes that must not be, and returns the fault.
func refused(t *testing.T, name string, data []byte) *sheet.Error {
	t.Helper()
	b, err := sheet.Read(name, bytes.NewReader(data))
	var e *sheet.Error
	if !errors.As(err, &e) {
		t.Fatalf("%s: %v, read %v; want a fault", name, err, b != nil)
	}
	for _, lang := range []string{"zh", "en"} {
		if text := e.In(lang); !strings.HasPrefix(text, name) || len(text) < len(name)+10 {
			t.Errorf("%s: the sentence is %q", name, text)
		}
	}
	return e
}

// The same list, written by another program in three forms.
func TestOneListInThreeForms(t *testing.T) {
	const list = `A1=某市政府网站名单 | B1=某市政府网站名单 m | C1=某市政府网站名单 m | D1=某市政府网站名单 m | E1=某市政府网站名单 m | F1=某市政府网站名单 m
A3=标识码 | B3=名称 | C3=主办单位 | D3=日期 | E3=公式 | F3=真假
A4=1403000012 | B4=某市发展和改革委员会 | C4=市发改委 | D4=2023-09-27 d | E4=42 nf | F4=TRUE b
A5=1403000013 n | B5=某市教育局 | C5=市教育局 | D5=2023-09-27 12:00:00 d | E5=甲乙f | F5=FALSE b
A6=1403000000~1.403E+09 n | B6=某市民政局 | C6=市教育局 m | D6=3.25 n | E6=#N/A ef
A7=14030000001234560000~1.403E+19 n | B7=Ж漢字é | C7=x
`
	tests := []struct {
		file   string
		format sheet.Format
		want   string
	}{
		{"sheetjs.xlsx", sheet.XLSX, list},
		{"list.xls", sheet.XLS, strings.NewReplacer(" nf", " n", "甲乙f", "甲乙", " ef", " e").Replace(list)},
		{"page.xls", sheet.HTML, strings.NewReplacer(" nf", "", "甲乙f", "甲乙", " | E6=#N/A ef", "", " d", "", " b", "", " n", "", "2023-09-27 12:00:00", "2023/9/27 12:00",
			"1403000013 n", "1403000013", "1403000000~1.403E+09", "1.403E+09", "14030000001234560000~1.403E+19", "1.403E+19").Replace(list)},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			b, err := sheet.Open("testdata/" + tt.file)
			if err != nil {
				t.Fatal(err)
			}
			if b.Format != tt.format || len(b.Sheets) != 1 {
				t.Fatalf("%s with %d sheets, want %s with one", b.Format, len(b.Sheets), tt.format)
			}
			if got := written(b.Sheets[0]); got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
		})
	}
}

func TestTextsOverSeveralRecords(t *testing.T) {
	b, err := sheet.Open("testdata/long.xls")
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Sheets) != 2 || len(b.Sheets[0].Rows) != 701 || b.Sheets[1].Name != "说明" {
		t.Fatalf("%d sheets", len(b.Sheets))
	}
	for i, row := range b.Sheets[0].Rows[1:] {
		want := fmt.Sprintf("通知公告第%d号栏目，属于某市信息公开平台", i)
		if i%3 == 0 {
			want = fmt.Sprintf("Column number %d of a list", i)
		}
		if got := row.At(1).Text; got != want || row.At(2).Text != fmt.Sprintf("http://a.example.gov.cn/lm/%d/", i) {
			t.Fatalf("row %d: %q", row.Number, got)
		}
	}
}

func TestSeparatedValues(t *testing.T) {
	const text = "标识码,名称\r\n1403000012,\"发改委, \"\"本部\"\"\n第二行\"\r\n\r\n=1+1,末\r\n"
	const want = "A1=标识码 | B1=名称\nA2=1403000012 | B2=发改委, \"本部\"\n第二行\nA4==1+1 | B4=末\n"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide := func(e unicode.Endianness, bom unicode.BOMPolicy) string {
		s, err := unicode.UTF16(e, bom).NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	swap := func(sep string) string {
		return strings.Replace(strings.Replace(strings.Replace(text, "码,名", "码"+sep+"名", 1), "12,", "12"+sep, 1), "1,末", "1"+sep+"末", 1)
	}
	tests := []struct{ name, data string }{
		{"UTF-8", text},
		{"UTF-8 with a mark", "\ufeff" + text},
		{"GBK", gbk},
		{"UTF-16 with a mark", wide(unicode.LittleEndian, unicode.UseBOM)},
		{"UTF-16, the other order", wide(unicode.BigEndian, unicode.UseBOM)},
		{"UTF-16 without a mark", wide(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"tabs", swap("\t")},
		{"semicolons", swap(";")},
		{"old line ends", strings.ReplaceAll(text, "\r\n", "\r")},
		{"plain line ends and none at the end", strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := read(t, "list.csv", []byte(tt.data))
			if got := written(b.Sheets[0]); got != want || b.Format != sheet.CSV {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// As in a spreadsheet program, a first line may say what separates.
func TestSeparatorLine(t *testing.T) {
	b := read(t, "list.csv", []byte("sep=;\n甲;乙,丙\n"))
	if got := written(b.Sheets[0]); got != "A1=甲 | B1=乙,丙\n" {
		t.Errorf("got %q", got)
	}
}

// workbook makes an XLSX file.
func workbook(t *testing.T, fill func(f *excelize.File), opts ...excelize.Options) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	if _, err := f.WriteTo(&b, opts...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// set fills cells: reference, value, …
func set(t *testing.T, f *excelize.File, sheetName string, cells ...any) {
	t.Helper()
	for i := 0; i < len(cells); i += 2 {
		if err := f.SetCellValue(sheetName, cells[i].(string), cells[i+1]); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatAProgramDidToCells(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		set(t, f, "Sheet1", "A1", "文字", "B1", 1403000012, "C1", 1.403e11, "D1", true, "A3", "行\n二", "B3", " ")
		for cell, formula := range map[string]string{"E1": "1+1"} {
			if err := f.SetCellFormula("Sheet1", cell, formula); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.SetCellRichText("Sheet1", "F1", []excelize.RichTextRun{{Text: "甲"}, {Text: "乙", Font: &excelize.Font{Bold: true}}}); err != nil {
			t.Fatal(err)
		}
		for _, m := range [][2]string{{"A3", "A5"}} {
			if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
				t.Fatal(err)
			}
		}
		set(t, f, "Sheet1", "C4", "四", "C5", "五")
		if _, err := f.NewSheet("第二"); err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetVisible("第二", false); err != nil {
			t.Fatal(err)
		}
	})
	b := read(t, "list.xlsx", data)
	const want = "A1=文字 | B1=1403000012 n | C1=140300000000~1.403E+11 n | D1=TRUE b | E1= -f | F1=甲乙\nA3=行\n二\nA4=行\n二 m | C4=四\nA5=行\n二 m | C5=五\n"
	if got := written(b.Sheets[0]); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if len(b.Sheets) != 2 || !b.Sheets[1].Hidden || len(b.Sheets[1].Rows) != 0 {
		t.Errorf("the second sheet: %+v", b.Sheets[1:])
	}
}

// What is in a file is told by its content.
func TestTheNameDoesNotDecide(t *testing.T) {
	data := workbook(t, func(f *excelize.File) { set(t, f, "Sheet1", "A1", "甲") })
	if b := read(t, "list.csv", data); b.Format != sheet.XLSX || b.File != "list.csv" {
		t.Errorf("%s as %s", b.File, b.Format)
	}
	if b := read(t, "list.xlsx", []byte("甲,乙\n")); b.Format != sheet.CSV {
		t.Errorf("%s as %s", b.File, b.Format)
	}
}

func TestWrittenFilesAreReadBack(t *testing.T) {
	table := sheet.Table{Name: "账号", Head: []string{"标识码", "名称"}, Rows: [][]string{
		{"1403000012", "=HYPERLINK(\"http://a\")"}, {"0012", "甲\x00\x1f乙\n丙"}, {"@a", "-1"}, {"", "'引'"},
	}}
	var x, c bytes.Buffer
	if err := sheet.WriteXLSX(&x, table, sheet.Table{Name: "二", Head: []string{"一"}}); err != nil {
		t.Fatal(err)
	}
	if err := sheet.WriteCSV(&c, table); err != nil {
		t.Fatal(err)
	}
	const want = "A1=标识码 | B1=名称\nA2=1403000012 | B2==HYPERLINK(\"http://a\")\nA3=0012 | B3=甲乙\n丙\nA4=@a | B4=-1\nB5='引'\n"
	if got := written(read(t, "a.xlsx", x.Bytes()).Sheets[0]); got != want {
		t.Errorf("XLSX: got\n%swant\n%s", got, want)
	}
	guarded := read(t, "a.csv", c.Bytes()).Sheets[0]
	for i := range guarded.Rows {
		for j := range guarded.Rows[i].Cells {
			cell := &guarded.Rows[i].Cells[j]
			if strings.ContainsAny(cell.Text[:1], "=+-@") {
				t.Errorf("%s begins a formula: %q", cell.Ref(), cell.Text)
			}
			cell.Text = sheet.Plain(cell.Text)
		}
	}
	if got := written(guarded); got != want {
		t.Errorf("CSV: got\n%swant\n%s", got, want)
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{`="0012"`: "0012", "'0012": "0012", "'引'": "'引'", "甲": "甲", `="a"&"b"`: `="a"&"b"`, "": ""} {
		if got := sheet.Plain(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

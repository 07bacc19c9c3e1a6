package gongwen

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"testing"
)

// A node is an element of XML with the local names alone.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Nodes   []node     `xml:",any"`
	Text    string     `xml:",chardata"`
}

func (n node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// find returns the first element on a path of local names, or an empty one.
func (n node) find(names ...string) node {
	for _, name := range names {
		i := slices.IndexFunc(n.Nodes, func(c node) bool { return c.XMLName.Local == name })
		if i < 0 {
			return node{}
		}
		n = n.Nodes[i]
	}
	return n
}

func (n node) each(do func(node)) {
	do(n)
	for _, c := range n.Nodes {
		c.each(do)
	}
}

// says returns the text of n, with \t and \n for tabs and breaks.
func (n node) says() string {
	var b strings.Builder
	n.each(func(c node) {
		switch c.XMLName.Local {
		case "t":
			b.WriteString(c.Text)
		case "tab":
			if c.attr("pos") == "" {
				b.WriteString("\t")
			}
		case "br":
			b.WriteString("\n")
		}
	})
	return b.String()
}

func parseXML(t testing.TB, name, text string) node {
	t.Helper()
	// Unmarshal reads one element; a decoder sees what comes after it.
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	var n node
	if err := xml.Unmarshal([]byte(text), &n); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// unpack returns the files of a DOCX by name.
func unpack(t testing.TB, docx string) (names []string, files map[string]string) {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		names, files[f.Name] = append(names, f.Name), string(content)
	}
	return names, files
}

func document(t testing.TB, d Document) node {
	t.Helper()
	_, files := unpack(t, written(t, d, Document.DOCX))
	return parseXML(t, "document.xml", files["word/document.xml"]).find("body")
}

func TestDOCXHasTheParagraphsInTheirStyles(t *testing.T) {
	d := issued()
	d.Body = []Block{
		Text("一段。"), Heading{Level: 1, Text: "甲"}, Heading{Level: 2, Text: "乙"}, Heading{Level: 3, Text: "丙"}, Heading{Level: 4, Text: "丁"},
		Heading{Level: 2, Text: "戊。", Body: "接着的正文。"}, Caption{Text: "表1"},
	}
	var got []string
	for _, n := range document(t, d).Nodes {
		switch n.XMLName.Local {
		case "p":
			got = append(got, n.find("pPr", "pStyle").attr("val")+" "+n.says())
		case "tbl":
			got = append(got, fmt.Sprintf("table of %d", len(n.Nodes)-2))
		}
	}
	want := []string{
		"Issuer 阳泉市人民政府办公室文件", "Number 阳政办函〔2023〕15号",
		"Title 阳泉市人民政府办公室\n关于2023年第三季度全市政府网站\n和政务新媒体检查情况的通报",
		"To 各县（区）人民政府，市直各单位：",
		"Body 一段。", "Heading1 一、甲", "Heading2 （一）乙", "Heading3 1.丙", "Heading4 （1）丁", "Body （二）戊。接着的正文。", "Caption 表1",
		"List 附件：1.\t2023年第三季度不合格政务新媒体问题情况", "Listed 2.\t2023年各县区建议提案栏目更新情况", "Listed 3.\t2023年信息公开动态类栏目更新情况",
		"Signer 阳泉市人民政府办公室", "Date 2023年10月11日", "Note （此件公开发布）",
		"Mark 附件1", "AnnexTitle 2023年第三季度不合格政务新媒体问题情况", "table of 6",
		"Mark 附件2", "AnnexTitle 2023年各县区建议提案栏目更新情况", "table of 6",
		"Mark 附件3", "AnnexTitle 2023年信息公开动态类栏目更新情况", "table of 17",
		"Table ", "table of 2", "Table ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// cells shows a table of WordprocessingML, a row a line, with ^ for what a cell
// above reaches into and ×n for n columns.
func cells(table node) []string {
	var rows []string
	for _, tr := range table.Nodes {
		if tr.XMLName.Local != "tr" {
			continue
		}
		var row []string
		for _, tc := range tr.Nodes {
			if tc.XMLName.Local != "tc" {
				continue
			}
			text := tc.says()
			for _, p := range tc.find("tcPr").Nodes {
				switch {
				case p.XMLName.Local == "vMerge" && p.attr("val") == "":
					text += "^"
				case p.XMLName.Local == "gridSpan":
					text += "×" + p.attr("val")
				}
			}
			row = append(row, text)
		}
		rows = append(rows, strings.Join(row, "|"))
	}
	return rows
}

func TestDOCXTablesAreMerged(t *testing.T) {
	var got [][]string
	document(t, everything()).each(func(n node) {
		if n.XMLName.Local == "tbl" {
			got = append(got, cells(n))
		}
	})
	wide := []string{"序号|单位|不合格×2", "^|^|网站|账号", "1|市公安局|0\n（无）|4", "^|^|合并的两列×2", "2|整块×3", "3|×3^"}
	accounts := []string{
		"序号|单位名称|政务新媒体名称|新媒体标识码|不合格原因",
		"1|市市场监督管理局|阳泉市场监管（微博）|140300M019XL0001|1周无更新",
		"2|市公安局|阳泉交警二大队（微博）|140300M010XL0004|1周无更新",
		"^|^|阳泉网警（抖音）|140300M010DY0004|1周无更新",
		"^|^|阳泉网警（西瓜视频）|140300M010XG0002|1周无更新",
		"^|^|阳泉网警巡查执法（微博）|140300M010XL0009|账号名称变更未在系统同步",
	}
	for i, want := range [][]string{wide, wide, accounts} {
		if !slices.Equal(got[i], want) {
			t.Errorf("table %d: got:\n%s\nwant:\n%s", i+1, strings.Join(got[i], "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestDOCXHasThePageOfTheStandard(t *testing.T) {
	_, files := unpack(t, written(t, everything(), Document.DOCX))
	section := parseXML(t, "document.xml", files["word/document.xml"]).find("body", "sectPr")
	// Twentieths of a point: 210 by 297 mm; 37, 26, 35 and 28 mm.
	for path, want := range map[string]string{
		"pgSz w": "11906", "pgSz h": "16838", "pgMar top": "2098", "pgMar right": "1474", "pgMar bottom": "1984", "pgMar left": "1587", "docGrid linePitch": "560",
	} {
		element, attr, _ := strings.Cut(path, " ")
		if got := section.find(element).attr(attr); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	if parseXML(t, "settings.xml", files["word/settings.xml"]).find("evenAndOddHeaders").XMLName.Local == "" {
		t.Error("odd and even pages have the same foot")
	}
	styles := map[string]node{}
	for _, n := range parseXML(t, "styles.xml", files["word/styles.xml"]).Nodes {
		styles[n.attr("styleId")] = n
	}
	for _, want := range []struct{ style, face, halfPoints, line, place string }{
		{"Title", "方正小标宋简体", "44", "700", "center"},
		{"Body", "仿宋_GB2312", "32", "560", "both"},
		{"Heading1", "黑体", "32", "560", "both"},
		{"Heading2", "楷体_GB2312", "32", "560", "both"},
		{"Heading3", "仿宋_GB2312", "32", "560", "both"},
		{"CopyTo", "仿宋_GB2312", "28", "560", "both"},
	} {
		s := styles[want.style]
		got := []string{s.find("rPr", "rFonts").attr("eastAsia"), s.find("rPr", "sz").attr("val"), s.find("pPr", "spacing").attr("line"), s.find("pPr", "jc").attr("val")}
		if !slices.Equal(got, []string{want.face, want.halfPoints, want.line, want.place}) {
			t.Errorf("style %s: got %q, want %q", want.style, got, want)
		}
	}
	for file, place := range map[string]string{"word/footer1.xml": "right", "word/footer2.xml": "left"} {
		foot := parseXML(t, file, files[file])
		if got := foot.find("p", "pPr", "jc").attr("val"); got != place || foot.says() != "— 1 —" {
			t.Errorf("%s: %q at the %s, want — 1 — at the %s", file, foot.says(), got, place)
		}
	}
	for _, file := range []string{"word/header1.xml", "word/header2.xml"} {
		if got := parseXML(t, file, files[file]).says(); got != "模拟数据，非正式通报" {
			t.Errorf("%s: got %q", file, got)
		}
	}
}

// Word refuses a file whose elements do not stand in the order of the schema.
func TestDOCXElementsStandInTheOrderOfTheSchema(t *testing.T) {
	order := map[string][]string{
		"pPr":      {"pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "pBdr", "shd", "tabs", "overflowPunct", "autoSpaceDE", "autoSpaceDN", "snapToGrid", "spacing", "ind", "jc", "outlineLvl", "rPr"},
		"rPr":      {"rFonts", "b", "bCs", "color", "spacing", "sz", "szCs", "lang"},
		"tblPr":    {"tblpPr", "tblOverlap", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar"},
		"tcPr":     {"tcW", "gridSpan", "vMerge", "vAlign"},
		"sectPr":   {"headerReference", "footerReference", "pgSz", "pgMar", "cols", "docGrid"},
		"style":    {"name", "basedOn", "qFormat", "pPr", "rPr", "tblPr"},
		"tbl":      {"tblPr", "tblGrid", "tr"},
		"tc":       {"tcPr", "p"},
		"inline":   {"extent", "docPr", "graphic"},
		"font":     {"altName", "panose1", "charset", "family", "pitch"},
		"settings": {"zoom", "bordersDoNotSurroundHeader", "bordersDoNotSurroundFooter", "defaultTabStop", "evenAndOddHeaders", "drawingGridVerticalSpacing", "characterSpacingControl", "compat", "themeFontLang", "decimalSymbol", "listSeparator"},
	}
	names, files := unpack(t, written(t, everything(), Document.DOCX))
	for _, name := range names {
		if path.Ext(name) != ".xml" {
			continue
		}
		parseXML(t, name, files[name]).each(func(n node) {
			want, known := order[n.XMLName.Local]
			last := 0
			for _, c := range n.Nodes {
				at := slices.Index(want, c.XMLName.Local)
				if known && at < last {
					t.Errorf("%s: %s: %s is out of order or unknown", name, n.XMLName.Local, c.XMLName.Local)
				}
				last = max(last, at)
			}
		})
	}
}

func TestDOCXIsAPackage(t *testing.T) {
	docx := written(t, everything(), Document.DOCX)
	names, files := unpack(t, docx)
	if names[0] != "[Content_Types].xml" {
		t.Errorf("first is %s", names[0])
	}
	types := map[string]bool{}
	for _, n := range parseXML(t, "types", files["[Content_Types].xml"]).Nodes {
		types[n.attr("PartName")+n.attr("Extension")] = true
	}
	for _, name := range names[1:] {
		if !types["/"+name] && !types[strings.TrimPrefix(path.Ext(name), ".")] {
			t.Errorf("%s: no content type", name)
		}
		if path.Ext(name) != ".rels" {
			continue
		}
		for _, n := range parseXML(t, name, files[name]).Nodes {
			target := path.Join(path.Dir(path.Dir(name)), n.attr("Target"))
			if _, there := files[target]; !there || n.attr("TargetMode") != "" {
				t.Errorf("%s: %s leads to %s, which is not in the file", name, n.attr("Id"), target)
			}
		}
	}
	z, err := zip.NewReader(strings.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		// Bit 3 says that sizes follow the bytes, which some readers refuse here.
		if f.Method != zip.Store || f.Flags&8 != 0 || f.Modified.Year() > 1980 || len(f.Extra) > 0 {
			t.Errorf("%s: method %d, flags %x, %v, %d extra bytes", f.Name, f.Method, f.Flags, f.Modified, len(f.Extra))
		}
	}
	core := parseXML(t, "core.xml", files["docProps/core.xml"])
	if got := core.find("created").Text; got != "2023-10-11T00:00:00Z" {
		t.Errorf("created %s, want the day of the document", got)
	}
	custom := parseXML(t, "custom.xml", files["docProps/custom.xml"])
	if got := custom.Nodes[0].attr("name") + "=" + custom.Nodes[0].find("lpwstr").Text; got != "round=sha256:5f0c" {
		t.Errorf("first property %s", got)
	}
}

func BenchmarkDOCX(b *testing.B) {
	d := notice()
	table := columnsOfUnits()
	for len(table.Rows) < 10_000 {
		table.Rows = append(table.Rows, columnsOfUnits().Rows...)
	}
	d.Attachments = append(d.Attachments, Attachment{Title: "全部栏目", Body: []Block{table}})
	for b.Loop() {
		if err := d.DOCX(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// A list of many columns lies on its side, with margins that are those of the
// upright page turned.
func TestAWideDocumentLiesOnItsSide(t *testing.T) {
	d := Document{Title: []string{"台账"}, Wide: true, Body: []Block{Table{Columns: []Column{{Title: "甲"}, {Title: "乙"}}}}}
	body := document(t, d)
	size, margins := body.find("sectPr", "pgSz"), body.find("sectPr", "pgMar")
	got := []string{size.attr("w"), size.attr("h"), size.attr("orient"), margins.attr("top"), margins.attr("left"), body.find("tbl", "tblPr", "tblW").attr("w")}
	if want := []string{"16838", "11906", "landscape", "1587", "1984", "12756"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if page := written(t, d, Document.HTML); !strings.Contains(page, "size: A4 landscape; margin: 28mm 37mm 26mm 35mm") {
		t.Error("the page of HTML stands upright")
	}
}

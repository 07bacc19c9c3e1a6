package gongwen

import (
	"archive/zip"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
	"strings"
	"time"
)

// DOCX writes d as an Office Open XML document (ECMA-376, transitional), for
// Word, WPS and LibreOffice. Styles bear the names of the standard's elements,
// headings an outline, tables real merged cells.
func (d Document) DOCX(w io.Writer) error {
	s, err := lay(d)
	if err != nil {
		return err
	}
	b := &body{paper: s.paper}
	b.write(s)
	files := []file{
		{"[Content_Types].xml", contentTypes(b.media)},
		{"_rels/.rels", packageRelations},
		{"docProps/core.xml", coreProperties(s)},
		{"docProps/custom.xml", customProperties(s.properties)},
		{"word/document.xml", b.String()},
		{"word/_rels/document.xml.rels", documentRelations(b.media)},
		{"word/styles.xml", stylesXML()},
		{"word/settings.xml", settingsXML},
		{"word/fontTable.xml", fontsXML()},
		{"word/header1.xml", header(s.banner)},
		{"word/header2.xml", header(s.banner)},
		{"word/footer1.xml", footer(AlignRight)},
		{"word/footer2.xml", footer(AlignLeft)},
	}
	for i, p := range b.media {
		files = append(files, file{"word/" + mediaName(i, p), string(p.data)})
	}
	return pack(w, files)
}

// A file is one part of the package.
type file struct{ name, text string }

// pack writes files as a ZIP archive in their order, without a time and without
// compression: what deflate makes of the same bytes is for each version of a
// library to decide, and a notice must come out the same in years.
func pack(w io.Writer, files []file) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		h := &zip.FileHeader{
			Name: f.name, Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(f.text)),
			CompressedSize64: uint64(len(f.text)), UncompressedSize64: uint64(len(f.text)),
			// Sizes stand before the bytes: some readers refuse a stored entry
			// whose sizes follow it, as they do unless CreateRaw is told.
			CreatorVersion: 20, ReaderVersion: 20,
		}
		//lint:ignore SA1019 Modified is not looked at by CreateRaw; this is 1 January 1980, the first day there is
		h.ModifiedDate = 1<<5 | 1
		entry, err := z.CreateRaw(h)
		if err != nil {
			return fmt.Errorf("docx: %s: %w", f.name, err)
		}
		if _, err := io.WriteString(entry, f.text); err != nil {
			return fmt.Errorf("docx: %s: %w", f.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("docx: %w", err)
	}
	return nil
}

const (
	declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordSpace   = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	drawSpace   = ` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"`

	relationTypes = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

	packageRelations = declaration + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + relationTypes + `officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>` +
		`<Relationship Id="rId3" Type="` + relationTypes + `custom-properties" Target="docProps/custom.xml"/>` +
		`</Relationships>`

	// Odd and even pages differ, a line that is broken on purpose is not stretched,
	// and Word lays out as it has since 2013.
	settingsXML = declaration + `<w:settings` + wordSpace + `><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/>` +
		`<w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/><w:drawingGridVerticalSpacing w:val="280"/>` +
		`<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:doNotExpandShiftReturn/>` +
		`<w:adjustLineHeightInTable/><w:useFELayout/><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
		`<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>`
)

func contentTypes(media []*picture) string {
	const word = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	var b strings.Builder
	b.WriteString(declaration + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`)
	if len(media) > 0 {
		b.WriteString(`<Default Extension="png" ContentType="image/png"/><Default Extension="jpeg" ContentType="image/jpeg"/>`)
	}
	for _, p := range [][2]string{
		{"/word/document.xml", word + "document.main+xml"},
		{"/word/styles.xml", word + "styles+xml"},
		{"/word/settings.xml", word + "settings+xml"},
		{"/word/fontTable.xml", word + "fontTable+xml"},
		{"/word/header1.xml", word + "header+xml"},
		{"/word/header2.xml", word + "header+xml"},
		{"/word/footer1.xml", word + "footer+xml"},
		{"/word/footer2.xml", word + "footer+xml"},
		{"/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"},
		{"/docProps/custom.xml", "application/vnd.openxmlformats-officedocument.custom-properties+xml"},
	} {
		fmt.Fprintf(&b, `<Override PartName="%s" ContentType="%s"/>`, p[0], p[1])
	}
	b.WriteString(`</Types>`)
	return b.String()
}

// The relations of the document by their identifiers; pictures come after.
const (
	relHeaderOdd = iota + 1
	relHeaderEven
	relFooterOdd
	relFooterEven
	relStyles
	relSettings
	relFonts
	relMedia
)

func documentRelations(media []*picture) string {
	var b strings.Builder
	b.WriteString(declaration + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	relation := func(id int, kind, target string) {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s%s" Target="%s"/>`, id, relationTypes, kind, target)
	}
	relation(relHeaderOdd, "header", "header1.xml")
	relation(relHeaderEven, "header", "header2.xml")
	relation(relFooterOdd, "footer", "footer1.xml")
	relation(relFooterEven, "footer", "footer2.xml")
	relation(relStyles, "styles", "styles.xml")
	relation(relSettings, "settings", "settings.xml")
	relation(relFonts, "fontTable", "fontTable.xml")
	for i, p := range media {
		relation(relMedia+i, "image", mediaName(i, p))
	}
	b.WriteString(`</Relationships>`)
	return b.String()
}

func mediaName(i int, p *picture) string { return "media/image" + strconv.Itoa(i+1) + "." + p.kind }

// coreProperties names the document and its issuer. The day is that of the
// document: when the file was made is nobody's concern and would change it.
func coreProperties(s sheet) string {
	var b strings.Builder
	b.WriteString(declaration + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	b.WriteString(`<dc:title>` + escape(s.title) + `</dc:title>`)
	if s.issuer != "" {
		b.WriteString(`<dc:creator>` + escape(s.issuer) + `</dc:creator>`)
	}
	b.WriteString(`<dc:language>zh-CN</dc:language>`)
	if !s.day.IsZero() {
		b.WriteString(`<dcterms:created xsi:type="dcterms:W3CDTF">` + s.day.Format(time.DateOnly) + `T00:00:00Z</dcterms:created>`)
	}
	b.WriteString(`</cp:coreProperties>`)
	return b.String()
}

func customProperties(properties []Property) string {
	var b strings.Builder
	b.WriteString(declaration + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">`)
	for i, p := range properties {
		// The format identifier is the one that Office gives to all of these.
		fmt.Fprintf(&b, `<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="%d" name="%s"><vt:lpwstr>%s</vt:lpwstr></property>`, i+2, escape(p.Name), escape(p.Value))
	}
	b.WriteString(`</Properties>`)
	return b.String()
}

// header shows the banner; a page without one has an empty line there.
func header(banner string) string {
	p := &body{}
	p.paragraph(plain(kindBanner, banner))
	return declaration + `<w:hdr` + wordSpace + `>` + p.xml.String() + `</w:hdr>`
}

// footer shows the page number, — 1 —, at the outer side (7.5).
func footer(align Align) string {
	p := &body{}
	number := part{kind: kindPage, align: align}
	p.open(number)
	p.run(Span{Text: "— "}, number)
	for _, field := range []string{`<w:fldChar w:fldCharType="begin"/>`, `<w:instrText xml:space="preserve"> PAGE </w:instrText>`,
		`<w:fldChar w:fldCharType="separate"/>`, `<w:t>1</w:t>`, `<w:fldChar w:fldCharType="end"/>`} {
		p.xml.WriteString(`<w:r>` + field + `</w:r>`)
	}
	p.run(Span{Text: " —"}, number)
	p.xml.WriteString(`</w:p>`)
	return declaration + `<w:ftr` + wordSpace + `>` + p.xml.String() + `</w:ftr>`
}

// escape writes text for XML, as content and as the value of an attribute.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace

// twips returns points in twentieths, the unit of most lengths.
func twips(points float64) int { return int(points*20 + 0.5) }

// mm returns millimetres in twentieths of a point.
func mm(v float64) int { return twips(v * pointsPerMM) }

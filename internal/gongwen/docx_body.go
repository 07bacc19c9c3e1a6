package gongwen

import (
	"fmt"
	"strings"
)

// A body is the text of a document in WordprocessingML as it is being written,
// with the pictures met on the way.
type body struct {
	paper paper
	xml   strings.Builder
	media []*picture
}

// String returns the body as a part of its own.
func (b *body) String() string {
	return declaration + `<w:document` + wordSpace + drawSpace + `><w:body>` + b.xml.String() + `</w:body></w:document>`
}

func (b *body) write(s sheet) {
	for i, p := range s.parts {
		if p.grid == nil {
			b.paragraph(p)
			continue
		}
		b.table(p.grid)
		// Tables that touch are one to Word, and none may be last.
		if i+1 == len(s.parts) || s.parts[i+1].grid != nil {
			b.paragraph(part{kind: kindTable})
		}
	}
	if len(s.imprint) > 0 {
		b.imprint(s.imprint)
		b.paragraph(part{kind: kindTable})
	}
	b.section()
}

// section closes the body with the page (5.1, 5.2, 7.5).
func (b *body) section() {
	fmt.Fprintf(&b.xml, `<w:sectPr><w:headerReference w:type="default" r:id="rId%d"/><w:headerReference w:type="even" r:id="rId%d"/>`+
		`<w:footerReference w:type="default" r:id="rId%d"/><w:footerReference w:type="even" r:id="rId%d"/>`,
		relHeaderOdd, relHeaderEven, relFooterOdd, relFooterEven)
	p, turned := b.paper, ""
	if p.wide() {
		turned = ` w:orient="landscape"`
	}
	// The dashes of the page number stand 7 mm below the type area.
	foot := (p.bottom-7)*pointsPerMM - styles[kindPage].height()/2
	fmt.Fprintf(&b.xml, `<w:pgSz w:w="%d" w:h="%d"%s/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/>`,
		mm(p.width), mm(p.height), turned, mm(p.top), mm(p.right), mm(p.bottom), mm(p.left), mm(20), twips(foot))
	fmt.Fprintf(&b.xml, `<w:cols w:space="425"/><w:docGrid w:type="lines" w:linePitch="%d"/></w:sectPr>`, twips(lineHeight))
}

func (b *body) paragraph(p part) {
	b.open(p)
	switch {
	case p.picture != nil:
		b.picture(p.picture)
	case p.label != "":
		b.run(Span{Text: p.label}, p)
		b.xml.WriteString(`<w:r><w:tab/></w:r>`)
	}
	for _, span := range p.spans {
		b.run(span, p)
	}
	for i, span := range p.far {
		if i == 0 {
			b.xml.WriteString(`<w:r><w:tab/></w:r>`)
		}
		b.run(span, p)
	}
	b.xml.WriteString(`</w:p>`)
}

// open begins a paragraph with what it has beyond its style.
func (b *body) open(p part) {
	s := p.style()
	b.xml.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + s.id + `"/>`)
	em := zi
	if s.size() != textSize {
		em = s.size()
	}
	if len(p.far) > 0 {
		fmt.Fprintf(&b.xml, `<w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs>`, mm(b.paper.areaWidth())-twips((p.right+s.sides)*em))
	}
	if p.points != 0 {
		b.xml.WriteString(spacingXML(s))
	}
	if p.left != 0 || p.right != 0 || p.hang != 0 {
		b.xml.WriteString(indentXML((p.left+s.sides)*em, (p.right+s.sides)*em, -p.hang*em, 0))
	} else if p.flush && styles[p.kind].indent != 0 {
		b.xml.WriteString(`<w:ind w:firstLineChars="0" w:firstLine="0"/>`)
	}
	if p.align != AlignAuto {
		b.xml.WriteString(alignXML(p.align))
	}
	b.xml.WriteString(`</w:pPr>`)
}

// run writes a span in what it has beyond the style of its paragraph.
func (b *body) run(span Span, p part) {
	if span.Text == "" {
		return
	}
	b.xml.WriteString(`<w:r><w:rPr>`)
	if span.Face == FaceAuto {
		b.xml.WriteString(`<w:rFonts w:hint="eastAsia"/>`)
	} else {
		b.xml.WriteString(fontXML(span.Face))
	}
	if span.Bold {
		b.xml.WriteString(`<w:b/><w:bCs/>`)
	}
	if p.points != 0 {
		b.xml.WriteString(sizeXML(p.points))
	}
	b.xml.WriteString(`</w:rPr>`)
	for i, text := range strings.Split(span.Text, "\n") {
		if i > 0 {
			b.xml.WriteString(`<w:br/>`)
		}
		b.xml.WriteString(`<w:t xml:space="preserve">` + escape(text) + `</w:t>`)
	}
	b.xml.WriteString(`</w:r>`)
}

// table writes a table of the width of the type area.
func (b *body) table(g *grid) {
	b.xml.WriteString(`<w:tbl><w:tblPr>`)
	fmt.Fprintf(&b.xml, `<w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>`, mm(b.paper.areaWidth()))
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(&b.xml, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="000000"/>`, side)
	}
	b.xml.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/>` + cellMargins(57) + `</w:tblPr>`)
	widths := b.columns(g.shares)
	for r, row := range g.rows {
		b.xml.WriteString(`<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="454" w:hRule="atLeast"/>`)
		if r < g.head {
			b.xml.WriteString(`<w:tblHeader/>`)
		}
		b.xml.WriteString(`</w:trPr>`)
		for c, s := range row {
			if s.cover != beside {
				b.cell(s, widths[c:c+s.colSpan], r < g.head, g.points)
			}
		}
		b.xml.WriteString(`</w:tr>`)
	}
	b.xml.WriteString(`</w:tbl>`)
}

// cellMargins sets the room at both sides of the text in cells, in twips.
func cellMargins(twips int) string {
	return fmt.Sprintf(`<w:tblCellMar><w:left w:w="%d" w:type="dxa"/><w:right w:w="%d" w:type="dxa"/></w:tblCellMar>`, twips, twips)
}

// columns writes the columns of a table and returns their widths, which add up
// to that of the type area.
func (b *body) columns(shares []float64) []int {
	b.xml.WriteString(`<w:tblGrid>`)
	widths, used, sum := make([]int, len(shares)), 0, 0.0
	for c, share := range shares {
		sum += share
		widths[c] = int(sum*float64(mm(b.paper.areaWidth()))+0.5) - used
		used += widths[c]
		fmt.Fprintf(&b.xml, `<w:gridCol w:w="%d"/>`, widths[c])
	}
	b.xml.WriteString(`</w:tblGrid>`)
	return widths
}

// cell writes a cell, or the part of one that began in a row above.
func (b *body) cell(s slot, widths []int, head bool, points float64) {
	sum := 0
	for _, w := range widths {
		sum += w
	}
	fmt.Fprintf(&b.xml, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, sum)
	if s.colSpan > 1 {
		fmt.Fprintf(&b.xml, `<w:gridSpan w:val="%d"/>`, s.colSpan)
	}
	switch {
	case s.cover == above:
		b.xml.WriteString(`<w:vMerge/>`)
		s.text = ""
	case s.rowSpan > 1:
		b.xml.WriteString(`<w:vMerge w:val="restart"/>`)
	}
	b.xml.WriteString(`<w:vAlign w:val="center"/></w:tcPr>`)
	p := part{kind: kindCell, spans: []Span{{Text: s.text, Bold: s.bold}}, align: s.align}
	if head {
		p.kind = kindCellHead
	}
	if points != styles[p.kind].points {
		p.points = points
	}
	b.paragraph(p)
	b.xml.WriteString(`</w:tc>`)
}

// imprint writes the foot of the last page as a table that lies on the lower
// edge of the type area: strong lines outside, fine ones between (7.4.1). A
// word processor that floats no table of this width leaves it below the text.
func (b *body) imprint(parts []part) {
	fmt.Fprintf(&b.xml, `<w:tbl><w:tblPr><w:tblpPr w:topFromText="280" w:vertAnchor="margin" w:horzAnchor="margin" w:tblpXSpec="center" w:tblpYSpec="bottom"/>`+
		`<w:tblOverlap w:val="never"/><w:tblW w:w="%d" w:type="dxa"/><w:tblBorders>`+
		`<w:top w:val="single" w:sz="8" w:space="0" w:color="000000"/><w:bottom w:val="single" w:sz="8" w:space="0" w:color="000000"/>`+
		`<w:insideH w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:tblBorders><w:tblLayout w:type="fixed"/>`+
		cellMargins(0)+`</w:tblPr>`, mm(b.paper.areaWidth()))
	widths := b.columns([]float64{1})
	for _, p := range parts {
		fmt.Fprintf(&b.xml, `<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, widths[0])
		b.paragraph(p)
		b.xml.WriteString(`</w:tc></w:tr>`)
	}
	b.xml.WriteString(`</w:tbl>`)
}

// picture writes an inline picture.
func (b *body) picture(p *picture) {
	b.media = append(b.media, p)
	n := len(b.media)
	const emu = 36000 // to the millimetre
	size := fmt.Sprintf(`cx="%d" cy="%d"`, max(int(p.width*emu), 1), max(int(p.height*emu), 1))
	alt := escape(strings.ReplaceAll(p.alt, "\n", " "))
	fmt.Fprintf(&b.xml, `<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent %s/><wp:docPr id="%d" name="图%d" descr="%s"/>`+
		`<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>`+
		`<pic:nvPicPr><pic:cNvPr id="%d" name="图%d"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rId%d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`+
		`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext %s/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
		size, n, n, alt, n, n, relMedia+n-1, size)
}

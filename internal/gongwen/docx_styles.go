package gongwen

import (
	"fmt"
	"math"
	"strings"
)

// stylesXML writes the table of styles for a word processor.
func stylesXML() string {
	var b strings.Builder
	b.WriteString(declaration + `<w:styles` + wordSpace + `><w:docDefaults><w:rPrDefault><w:rPr>` + fontXML(FaceAuto) +
		`<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>`)
	// A mark that has no room stands in the margin, as Word has it anyway: where
	// it is not said, LibreOffice 7 loses some.
	b.WriteString(`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl w:val="0"/>` +
		`<w:overflowPunct w:val="1"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>` + spacingXML(style{}) + `<w:jc w:val="both"/></w:pPr></w:style>`)
	b.WriteString(`<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style>`)
	b.WriteString(`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>` +
		cellMargins(57) + `</w:tblPr></w:style>`)
	for _, s := range styles {
		custom := ` w:customStyle="1"`
		if s.outline > 0 {
			custom = ""
		}
		fmt.Fprintf(&b, `<w:style w:type="paragraph"%s w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>%s</w:pPr><w:rPr>%s</w:rPr></w:style>`,
			custom, s.id, s.name, paragraphProperties(s), runProperties(s))
	}
	b.WriteString(`</w:styles>`)
	return b.String()
}

// paragraphProperties follow the order of the schema, as Word insists.
func paragraphProperties(s style) string {
	var b strings.Builder
	if s.keep {
		b.WriteString(`<w:keepNext/>`)
	}
	if s.newPage {
		b.WriteString(`<w:pageBreakBefore/>`)
	}
	if s.rule {
		// 7.2.7: 4 mm below the number, which stands in the middle of its line.
		space := int(math.Round(4*pointsPerMM - (s.height()-s.size())/2))
		fmt.Fprintf(&b, `<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="%d" w:color="FF0000"/></w:pBdr>`, space)
	}
	b.WriteString(spacingXML(s))
	b.WriteString(indentXML(s.sides*s.size(), s.sides*s.size(), s.indent*zi, s.indent))
	b.WriteString(alignXML(s.align))
	if s.outline > 0 {
		fmt.Fprintf(&b, `<w:outlineLvl w:val="%d"/>`, s.outline-1)
	}
	return b.String()
}

func spacingXML(s style) string {
	rule, height := "exact", s.height()
	if height == 0 {
		rule, height = "auto", 12 // of 240 parts: one line of whatever is in it
	}
	return fmt.Sprintf(`<w:spacing w:before="%d" w:after="%d" w:line="%d" w:lineRule="%s"/>`,
		twips(s.before*lineHeight), twips(s.after*lineHeight), twips(height), rule)
}

// indentXML writes indents in points. first is that of the first line, less
// than zero if it hangs; characters says the same in characters, for Word to
// follow when the size of the text is changed.
func indentXML(left, right, first, characters float64) string {
	if left == 0 && right == 0 && first == 0 {
		return ""
	}
	sides := fmt.Sprintf(`<w:ind w:left="%d" w:right="%d"`, twips(left), twips(right))
	switch {
	case first < 0:
		return sides + fmt.Sprintf(` w:hanging="%d"/>`, twips(-first))
	case characters > 0:
		return sides + fmt.Sprintf(` w:firstLineChars="%d" w:firstLine="%d"/>`, int(characters*100), twips(first))
	}
	return sides + fmt.Sprintf(` w:firstLine="%d"/>`, twips(first))
}

func alignXML(a Align) string {
	switch a {
	case AlignLeft:
		return `<w:jc w:val="left"/>`
	case AlignCenter:
		return `<w:jc w:val="center"/>`
	case AlignRight:
		return `<w:jc w:val="right"/>`
	case justified:
		return `<w:jc w:val="both"/>`
	}
	return ""
}

func runProperties(s style) string {
	var b strings.Builder
	b.WriteString(fontXML(s.face))
	if s.bold {
		b.WriteString(`<w:b/><w:bCs/>`)
	}
	if s.red {
		b.WriteString(`<w:color w:val="FF0000"/>`)
	}
	if s.size() == textSize {
		// 28 characters to the line, in every word processor: their grids of
		// characters differ. Twentieths of a point, rounded towards the narrower;
		// justifying a line takes up what is left.
		fmt.Fprintf(&b, `<w:spacing w:val="%d"/>`, int(math.Floor((zi-textSize)*20)))
	}
	b.WriteString(sizeXML(s.size()))
	return b.String()
}

func sizeXML(points float64) string {
	half := int(points * 2)
	return fmt.Sprintf(`<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, half, half)
}

// fontXML names a face. The hint has marks that Latin and Chinese share, such
// as quotation marks, come from the Chinese face. Page numbers are set in 宋体
// throughout (7.5).
func fontXML(f Face) string {
	letters := latin
	if f == Songti {
		letters = faces[f].name
	}
	return fmt.Sprintf(`<w:rFonts w:hint="eastAsia" w:ascii="%s" w:hAnsi="%s" w:eastAsia="%s" w:cs="%s"/>`, letters, letters, faces[f].name, letters)
}

// fontsXML tells a word processor what may stand in for a missing face.
func fontsXML() string {
	var b strings.Builder
	b.WriteString(declaration + `<w:fonts` + wordSpace + `>`)
	for _, f := range faces[Fangsong:] {
		family := "roman"
		if f.generic != "serif" {
			family = "auto"
		}
		fmt.Fprintf(&b, `<w:font w:name="%s"><w:altName w:val="%s"/><w:panose1 w:val="%s"/><w:charset w:val="86"/><w:family w:val="%s"/><w:pitch w:val="auto"/></w:font>`,
			f.name, strings.Join(f.fallback, ","), f.panose, family)
	}
	b.WriteString(`<w:font w:name="` + latin + `"><w:panose1 w:val="02020603050405020304"/><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>`)
	b.WriteString(`</w:fonts>`)
	return b.String()
}

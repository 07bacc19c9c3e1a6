package gongwen

import (
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
)

// HTML writes d as one page that refers to nothing outside of itself and runs
// no script. Printed by a browser that knows page margin boxes (Chromium from
// version 131 on) it has the pages of the document; on a screen it is one long
// sheet.
func (d Document) HTML(w io.Writer) error {
	s, err := lay(d)
	if err != nil {
		return err
	}
	v := view{Title: s.title, Banner: s.banner, Wide: s.paper.wide(), Properties: s.properties, BannerText: cssString(s.banner)}
	for _, p := range s.parts {
		v.add(p)
	}
	for _, p := range s.imprint {
		v.Imprint = append(v.Imprint, newElement(p))
	}
	if err := page.Execute(w, v); err != nil {
		return fmt.Errorf("html: %w", err)
	}
	return nil
}

//go:embed page.html
var pageHTML string

// The rules of the styles are ours, so they are put in before the template is
// parsed: what is parsed is trusted, what is executed is not.
var page = template.Must(template.New("page").Parse(strings.Replace(pageHTML, "/* styles */", cssStyles(), 1)))

// A view is a sheet as the template sees it.
type view struct {
	Title, Banner string
	Wide          bool
	BannerText    template.CSS
	Properties    []Property
	Pages         [][]element // the document, then each attachment
	Imprint       []element
}

// Last returns the index of the last page, on which the imprint stands.
func (v view) Last() int { return len(v.Pages) - 1 }

func (v *view) add(p part) {
	if len(v.Pages) == 0 || p.kind == kindMark {
		v.Pages = append(v.Pages, nil)
	}
	last := &v.Pages[len(v.Pages)-1]
	*last = append(*last, newElement(p))
}

// An element is a part as the template sees it.
type element struct {
	Tag, Class, Label string
	Spans, Far        []spanView
	Left, Hang, Right string // in characters; empty for none
	Place             string // left, center, right, justify; empty for the style's
	Flush             bool
	Points, Line      string
	Shares            []string // of a table
	Head, Rows        [][]cellView
	Source            template.URL // of a picture
	Alt, Width        string
}

type spanView struct {
	Lines []string
	Class string
}

type cellView struct {
	Lines            []string
	RowSpan, ColSpan int
	Class            string
}

func newElement(p part) element {
	s := styles[p.kind]
	e := element{Tag: tag(s), Class: s.id, Label: p.label, Flush: p.flush, Place: places[p.align]}
	e.Spans, e.Far = spanViews(p.spans), spanViews(p.far)
	for _, length := range []struct {
		to    *string
		value float64
	}{{&e.Left, p.left}, {&e.Hang, p.hang}, {&e.Right, p.right}, {&e.Points, p.points}} {
		if length.value != 0 {
			*length.to = decimal(length.value)
		}
	}
	if p.points != 0 {
		e.Line = decimal(p.style().height())
	}
	if p.picture != nil {
		e.Tag, e.Alt, e.Width = "img", p.picture.alt, decimal(p.picture.width)
		// Bytes whose header has been read as PNG or JPEG, in base 64: nothing of
		// theirs can leave the attribute.
		e.Source = template.URL("data:image/" + p.picture.kind + ";base64," + base64.StdEncoding.EncodeToString(p.picture.data))
	}
	if p.grid != nil {
		e.table(p.grid)
	}
	return e
}

func (e *element) table(g *grid) {
	e.Tag, e.Points = "table", decimal(g.points)
	for _, share := range g.shares {
		e.Shares = append(e.Shares, decimal(share*100))
	}
	for r, row := range g.rows {
		var cells []cellView
		for _, s := range row {
			if s.cover != origin {
				continue
			}
			class := places[s.align]
			if s.bold {
				class = strings.TrimSpace(class + " bold")
			}
			cells = append(cells, cellView{strings.Split(s.text, "\n"), s.rowSpan, s.colSpan, class})
		}
		if r < g.head {
			e.Head = append(e.Head, cells)
		} else {
			e.Rows = append(e.Rows, cells)
		}
	}
}

func spanViews(spans []Span) []spanView {
	var views []spanView
	for _, span := range spans {
		views = append(views, spanView{strings.Split(span.Text, "\n"), spanClass(span)})
	}
	return views
}

var places = [...]string{AlignAuto: "", AlignLeft: "left", AlignCenter: "center", AlignRight: "right", justified: "justify"}

var faceClasses = [...]string{FaceAuto: "", Fangsong: "fangsong", Heiti: "heiti", Kaiti: "kaiti", Biaosong: "biaosong", Songti: "songti"}

func spanClass(s Span) string {
	class := faceClasses[s.Face]
	if s.Bold {
		class = strings.TrimSpace(class + " bold")
	}
	return class
}

// tag names the HTML element of a style: headings below the title are those of
// the second to fifth level.
func tag(s style) string {
	switch {
	case s.outline > 0:
		return fmt.Sprintf("h%d", s.outline+1)
	case s.id == styles[kindTitle].id || s.id == styles[kindTitleAlone].id:
		return "h1"
	case s.id == styles[kindAnnexTitle].id:
		return "h2"
	}
	return "p"
}

// cssStyles writes the table of styles as rules.
func cssStyles() string {
	var b strings.Builder
	for f, class := range faceClasses {
		if class != "" {
			fmt.Fprintf(&b, ".%s { font-family: %s }\n", class, cssFamily(Face(f)))
		}
	}
	// What else cells need, and the page around all, is in page.html.
	fmt.Fprintf(&b, "td { font-family: %s }\nth { font-family: %s }\n", cssFamily(styles[kindCell].face), cssFamily(styles[kindCellHead].face))
	for k, s := range styles {
		if k := kind(k); k == kindTable || k >= kindCell {
			continue
		}
		b.WriteString("." + s.id + " { ")
		fmt.Fprintf(&b, "font: %s %spt/%s %s; ", cssWeight(s.bold), decimal(s.size()), cssHeight(s), cssFamily(s.face))
		fmt.Fprintf(&b, "margin: %spt %spt %spt; ", decimal(s.before*lineHeight), decimal(s.sides*s.size()), decimal(s.after*lineHeight))
		fmt.Fprintf(&b, "text-indent: calc(%s * var(--zi)); text-align: %s; ", decimal(s.indent), places[s.align])
		if s.red {
			b.WriteString("color: red; ")
		}
		if s.keep {
			b.WriteString("break-after: avoid; ")
		}
		if s.rule {
			fmt.Fprintf(&b, "border-bottom: 1.5pt solid red; padding-bottom: %spt; ", decimal(4*pointsPerMM-(s.height()-s.size())/2))
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func cssWeight(bold bool) string {
	if bold {
		return "bold"
	}
	return "normal"
}

func cssHeight(s style) string {
	if s.height() == 0 {
		return "normal"
	}
	return decimal(s.height()) + "pt"
}

// cssFamily names a face and its stand-ins. Figures and Latin letters come from
// a family that holds nothing else, so that quotation marks and dashes, which
// Latin faces have too, are those of the Chinese face.
func cssFamily(f Face) string {
	var names []string
	if f != Songti {
		names = append(names, `"figures"`)
	}
	for _, name := range append([]string{faces[f].name}, faces[f].fallback...) {
		names = append(names, `"`+name+`"`)
	}
	return strings.Join(append(names, faces[f].generic), ", ")
}

// cssString writes text as a string of CSS: every character that is no letter
// and no figure as its number, so that nothing can end the string or the
// element around it.
func cssString(text string) template.CSS {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0xA0 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\%06x`, r)
		}
	}
	b.WriteByte('"')
	return template.CSS(b.String())
}

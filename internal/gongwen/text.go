package gongwen

import (
	"io"
	"strings"
)

// textWidth is the width of a line of plain text in half characters: that of
// the page (5.2.3).
const textWidth = 2 * lineCharacters

// Text writes d as plain text in UTF-8. Paragraphs are one line each, for the
// reader's window to wrap; what is centred is wrapped at the width of the page,
// and so are the cells of tables, whose lines are drawn.
func (d Document) Text(w io.Writer) error {
	s, err := lay(d)
	if err != nil {
		return err
	}
	var b strings.Builder
	if s.banner != "" {
		b.WriteString(placed("【"+s.banner+"】", AlignCenter) + "\n")
	}
	for _, p := range s.parts {
		text(&b, p)
	}
	for i, p := range s.imprint {
		if i == 0 {
			b.WriteString("\n" + strings.Repeat("─", textWidth/2) + "\n")
		}
		text(&b, p)
	}
	for i, p := range s.properties {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString(p.Name + "：" + p.Value + "\n")
	}
	_, err = io.WriteString(w, strings.TrimLeft(b.String(), "\n"))
	return err
}

func text(b *strings.Builder, p part) {
	s := p.style()
	switch {
	case p.grid != nil:
		textTable(b, p.grid)
		return
	case p.picture != nil:
		b.WriteString(placed("〔图："+p.picture.alt+"〕", AlignCenter) + "\n")
		return
	case s.newPage:
		b.WriteString("\n\n")
	case s.before >= 1:
		b.WriteString("\n")
	}
	said := p.labelled()
	if far := joined(p.far); far != "" {
		said += strings.Repeat(" ", max(textWidth-columns(said)-columns(far)-4, 2)) + far
	}
	indent := s.indent + p.left - p.hang + s.sides
	switch s.align {
	case AlignCenter:
		b.WriteString(placed(said, AlignCenter))
	case AlignRight:
		room := max(textWidth-int(2*p.right)-columns(said), 0)
		b.WriteString(strings.Repeat(" ", room) + said)
	default:
		b.WriteString(strings.Repeat(" ", int(2*indent)) + strings.ReplaceAll(said, "\n", "\n"+strings.Repeat(" ", int(2*(p.left+s.sides)))))
	}
	b.WriteString("\n")
	if s.after >= 1 {
		b.WriteString("\n")
	}
}

// placed wraps and places text in the width of the page.
func placed(text string, align Align) string {
	lines := wrap(text, textWidth)
	for i := range lines {
		lines[i] = strings.TrimRight(pad(lines[i], textWidth, align), " ")
	}
	return strings.Join(lines, "\n")
}

// textTable draws a table. A cell's text begins in its first row and may use
// the rows that it reaches into; columns that a cell reaches into are its own.
func textTable(b *strings.Builder, g *grid) {
	widths := textWidths(g.shares)
	for r, row := range g.rows {
		b.WriteString(rule(g.rows, r, widths))
		var cells [][]string
		height := 1
		for c := 0; c < len(row); c += row[c].colSpan {
			lines := []string{""}
			if row[c].cover == origin {
				lines = wrap(row[c].text, spanned(widths, c, row[c].colSpan))
			}
			cells = append(cells, lines)
			height = max(height, len(lines))
		}
		for l := range height {
			b.WriteString("|")
			c := 0
			for _, lines := range cells {
				text := ""
				if l < len(lines) {
					text = lines[l]
				}
				align := row[c].align
				if align != AlignRight {
					align = AlignLeft
				}
				b.WriteString(" " + pad(text, spanned(widths, c, row[c].colSpan), align) + " |")
				c += row[c].colSpan
			}
			b.WriteString("\n")
		}
	}
	b.WriteString(rule(nil, 0, widths))
}

// textWidths returns the columns of a table in half characters, even so that
// Chinese fills them, and none narrower than two characters.
func textWidths(shares []float64) []int {
	widths := make([]int, len(shares))
	room := max(textWidth+16-3*len(shares)-1, 0)
	for c, share := range shares {
		widths[c] = max(int(share*float64(room)/2)*2, 4)
	}
	return widths
}

// spanned returns the width of n columns from c on, with the lines between.
func spanned(widths []int, c, n int) int {
	sum := 3 * (n - 1)
	for _, w := range widths[c : c+n] {
		sum += w
	}
	return sum
}

// rule draws the line above row r: none where a cell goes on from above.
func rule(rows [][]slot, r int, widths []int) string {
	var b strings.Builder
	b.WriteByte('+')
	inside := false
	for c, w := range widths {
		if rows != nil && rows[r][c].cover != beside {
			inside = rows[r][c].cover == above
		}
		mark := "-"
		if inside {
			mark = " "
		}
		b.WriteString(strings.Repeat(mark, w+2) + "+")
	}
	return b.String() + "\n"
}

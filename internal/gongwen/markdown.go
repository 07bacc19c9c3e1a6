package gongwen

import (
	"io"
	"strings"
)

// Markdown writes d as CommonMark with the tables of GitHub. Those know no
// merged cells: what a cell reaches into is left empty, as in print. Pictures
// are named, not shown.
func (d Document) Markdown(w io.Writer) error {
	s, err := lay(d)
	if err != nil {
		return err
	}
	var b strings.Builder
	if s.banner != "" {
		b.WriteString("> " + literal(s.banner) + "\n\n")
	}
	for _, p := range append(s.parts, s.imprint...) {
		b.WriteString(markdown(p))
	}
	for i, p := range s.properties {
		if i == 0 {
			b.WriteString("---\n\n")
		}
		b.WriteString("- " + literal(p.Name) + "：" + literal(p.Value) + "\n")
	}
	_, err = io.WriteString(w, strings.TrimRight(b.String(), "\n")+"\n")
	return err
}

func markdown(p part) string {
	text := p.labelled()
	if len(p.far) > 0 {
		text += "　　" + joined(p.far)
	}
	s := styles[p.kind]
	switch {
	case p.grid != nil:
		return markdownTable(p.grid)
	case p.picture != nil:
		return "〔图：" + literal(p.picture.alt) + "〕\n\n"
	case text == "":
		return ""
	case p.kind == kindTitle || p.kind == kindTitleAlone:
		return "# " + literal(join(strings.Split(text, "\n"))) + "\n\n"
	case p.kind == kindAnnexTitle:
		return "## " + literal(text) + "\n\n"
	case s.outline > 0:
		return strings.Repeat("#", s.outline+1) + " " + literal(text) + "\n\n"
	}
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = literal(lines[i])
	}
	return strings.Join(lines, "  \n") + "\n\n"
}

func markdownTable(g *grid) string {
	var b strings.Builder
	for r, row := range g.rows {
		b.WriteString("|")
		for _, s := range row {
			text := ""
			if s.cover == origin {
				text = strings.ReplaceAll(literal(strings.ReplaceAll(s.text, "\n", "\x00")), "\x00", "<br>")
			}
			b.WriteString(" " + text + " |")
		}
		b.WriteString("\n")
		if r == 0 {
			b.WriteString(strings.Repeat("| --- ", len(row)) + "|\n")
		}
	}
	return b.String() + "\n"
}

// literal writes text so that Markdown shows it as it is. Every mark of ASCII
// that could begin something has a backslash before it; in the middle of a word
// a full stop, a hyphen or a plus begins nothing.
func literal(text string) string {
	var b strings.Builder
	text = strings.TrimSpace(text)
	digits := true // nothing but figures so far, as before the mark of a list
	for i, r := range text {
		switch {
		case strings.ContainsRune("\\`*_[]<>|~&#!$^{}", r),
			i == 0 && strings.ContainsRune("-+=:", r),
			digits && i > 0 && (r == '.' || r == ')'):
			b.WriteByte('\\')
		}
		digits = digits && r >= '0' && r <= '9'
		b.WriteRune(r)
	}
	return b.String()
}

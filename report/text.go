package report

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes text from outside fit for one line: control characters, line
// breaks and invalid bytes become spaces, marks that turn the direction of
// writing or take no room are left out.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == utf8.RuneError:
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// runeWidth is how many terminal cells r takes: 2 for East Asian wide, 0 for
// what combines with the rune before it or is no character, else 1.
func runeWidth(r rune) int {
	if ' ' <= r && r <= '~' {
		return 1
	}
	if unicode.IsControl(r) || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	for _, w := range [...][2]rune{ // the wide and full-width ranges, ascending
		{0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0x4DBF}, {0x4E00, 0xA4CF}, {0xA960, 0xA97F},
		{0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6},
		{0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
	} {
		if w[0] <= r && r <= w[1] {
			return 2
		}
	}
	return 1
}

// width is how many terminal cells s takes.
func width(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

// cut shortens s to at most cells terminal cells, the last of them "…" where
// something was left out. It is for display only.
func cut(s string, cells int) string {
	if width(s) <= cells {
		return s
	}
	n := 1 // the "…"
	for i, r := range s {
		if n += runeWidth(r); n > cells {
			return s[:i] + "…"
		}
	}
	return s
}

// pad fills s with spaces to a number of terminal cells.
func pad(s string, cells int) string {
	return s + strings.Repeat(" ", max(0, cells-width(s)))
}

// guard returns a cell that no spreadsheet takes for a formula: one that begins
// with = + - @, in half or full width, gets a leading apostrophe.
func guard(s string) string {
	s = clean(s)
	if s != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// joined joins the texts that are there.
func joined(separator string, texts ...string) string {
	texts = slices.DeleteFunc(texts, func(s string) bool { return s == "" })
	return strings.Join(texts, separator)
}

// grid prints rows under a header in aligned columns of at most most cells. The
// last column is never padded.
func grid(b *strings.Builder, header []string, rows [][]string, most int) {
	lines := append([][]string{header}, rows...)
	widths := make([]int, len(header))
	for i, line := range lines {
		cells := make([]string, len(line))
		for j, cell := range line {
			cells[j] = cut(clean(cell), most)
			widths[j] = max(widths[j], width(cells[j]))
		}
		lines[i] = cells
	}
	for _, line := range lines {
		var out strings.Builder
		for j, cell := range line {
			out.WriteString(pad(cell, widths[j]) + "  ")
		}
		b.WriteString(strings.TrimRight(out.String(), " ") + "\n")
	}
}

package gongwen

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean returns text that is safe in every format: without control characters,
// without what XML 1.0 forbids, and without the invisible marks that turn the
// direction of writing or hide letters. Line feeds stay, tabs become blanks.
func clean(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.TrimRight(strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\u2028', r == '\u2029', r == '\u0085':
			return '\n'
		case r == '\t', r == '\v', r == '\f':
			return ' '
		case r == utf8.RuneError, unicode.Is(unicode.Noncharacter_Code_Point, r), unicode.Is(invisible, r), unicode.IsControl(r):
			return -1
		}
		return r
	}, text), " \n")
}

// line is clean for what has no second line.
func line(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(clean(text), "\n", " "))
}

// invisible are the characters that show nothing and change what others show.
// Joiners and variation selectors are not among them: letters and names of
// persons are written with them.
var invisible = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00AD, Hi: 0x00AD, Stride: 1}, // soft hyphen
		{Lo: 0x061C, Hi: 0x061C, Stride: 1}, // Arabic letter mark
		{Lo: 0x180E, Hi: 0x180E, Stride: 1}, // Mongolian vowel separator
		{Lo: 0x200B, Hi: 0x200B, Stride: 1}, // zero width space
		{Lo: 0x200E, Hi: 0x200F, Stride: 1}, // left-to-right, right-to-left mark
		{Lo: 0x202A, Hi: 0x202E, Stride: 1}, // embeddings and overrides of direction
		{Lo: 0x2060, Hi: 0x206F, Stride: 1}, // word joiner, isolates, deprecated controls
		{Lo: 0xFEFF, Hi: 0xFEFF, Stride: 1}, // byte order mark
		{Lo: 0xFFF9, Hi: 0xFFFB, Stride: 1}, // interlinear annotation
	},
	R32:         []unicode.Range32{{Lo: 0xE0000, Hi: 0xE007F, Stride: 1}}, // tags
	LatinOffset: 1,
}

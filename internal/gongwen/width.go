package gongwen

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// columns returns the width of text in half characters: a Chinese character or
// mark takes two, a Latin letter or figure one. Marks that are narrow in Latin
// and wide in Chinese faces, as quotation marks are, count as Chinese.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if r < 0x80 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianAmbiguous:
		return 2
	}
	return 1
}

// characters returns the width of text in characters (字, 3.1).
func characters(text string) float64 { return float64(columns(text)) / 2 }

// wrap breaks text into lines of at most most half characters, anywhere: so
// does Chinese. It returns at least one line.
func wrap(text string, most int) []string {
	var lines []string
	for part := range strings.SplitSeq(text, "\n") {
		start, used := 0, 0
		for i, r := range part {
			n := runeColumns(r)
			if used+n > most && i > start {
				lines = append(lines, part[start:i])
				start, used = i, 0
			}
			used += n
		}
		lines = append(lines, part[start:])
	}
	return lines
}

// pad fills text up to n half characters with blanks, by where it stands.
func pad(text string, n int, align Align) string {
	room := max(n-columns(text), 0)
	before := 0
	switch align {
	case AlignCenter:
		before = room / 2
	case AlignRight:
		before = room
	}
	return strings.Repeat(" ", before) + text + strings.Repeat(" ", room-before)
}

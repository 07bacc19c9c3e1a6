package registers

import (
	"fmt"
	"strings"
)

// A Mistake is what is wrong with one cell, one row or one sheet of a list.
type Mistake struct {
	File, Sheet string
	Row         int    // 0 where it is the sheet's or the file's
	Cell        string // C7, "" where it is the row's
	Column      string // the column's head as it is written, "" likewise

	chinese, english string
}

// Chinese is the sentence in Chinese: where, what, and what to do.
func (m Mistake) Chinese() string {
	place := []string{m.File}
	if m.Sheet != "" {
		place = append(place, "工作表“"+m.Sheet+"”")
	}
	if m.Row > 0 {
		place = append(place, fmt.Sprintf("第%d行", m.Row))
	}
	if m.Cell != "" {
		place = append(place, m.Cell+"（"+m.Column+"）")
	}
	return strings.Join(place, "，") + "：" + m.chinese
}

// Error is the sentence in English.
func (m Mistake) Error() string {
	place := []string{m.File}
	if m.Sheet != "" {
		place = append(place, "sheet "+m.Sheet)
	}
	if m.Row > 0 {
		place = append(place, fmt.Sprintf("row %d", m.Row))
	}
	if m.Cell != "" {
		place = append(place, m.Cell+" ("+m.Column+")")
	}
	return strings.Join(place, ", ") + ": " + m.english
}

// Says is what is wrong and what to do, without its place, for a table that shows
// places in columns of their own.
func (m Mistake) Says(lang string) string {
	if lang == "zh" {
		return m.chinese
	}
	return m.english
}

// maxQuoted bounds what a sentence repeats of a cell.
const maxQuoted = 60

// short cuts a text for a sentence and keeps it on one line.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxQuoted {
		return string(r[:maxQuoted]) + "…"
	}
	return s
}

// A complaint is what is wrong, in both languages, before its place is known.
type complaint struct{ chinese, english string }

func complain(chinese, english string, args ...any) *complaint {
	return &complaint{fmt.Sprintf(chinese, args...), fmt.Sprintf(english, args...)}
}

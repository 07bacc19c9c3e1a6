package report

import "xuncha/extract"

// Plain returns text from outside fit for one line of a terminal, cut to a
// number of its cells: no control characters, nothing that turns the direction
// of writing, East Asian characters counted as two cells.
func Plain(s string, cells int) string { return cut(clean(s), cells) }

// maxCell is how many characters a spreadsheet's cell takes, with room to say
// that some are missing.
const maxCell = 32_000

// Row is texts from outside as cells of a spreadsheet: one line each, no control
// characters, nothing that turns the direction of writing, and no longer than a
// cell takes.
func Row(texts ...string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = clean(text)
		if r := []rune(out[i]); len(r) > maxCell {
			out[i] = string(r[:maxCell]) + "…"
		}
	}
	return out
}

// Padded is [Plain], filled with spaces to that many cells.
func Padded(s string, cells int) string { return pad(Plain(s, cells), cells) }

// Cells is how many cells of a terminal a text takes.
func Cells(s string) int { return width(s) }

// ReasonWord says in words why something is unknown. It says what we could not
// do, never what a unit left undone. lang is "zh" or "en".
func ReasonWord(r extract.Reason, lang string) string { return tongue(lang).reason(r) }

// WhyWord is the word for what a page was asked for.
func WhyWord(w extract.Why, lang string) string { return tongue(lang).why(w) }

// SourceWord is the word for a source of an account's posts.
func SourceWord(k extract.SourceKind, lang string) string { return tongue(lang).source(k) }

// HindranceWord says what kept an account's posts from being seen.
func HindranceWord(h extract.Hindrance, lang string) string { return tongue(lang).hindrance(h) }

// TryWord says what a source of an account's posts came to.
func TryWord(x extract.Try, lang string) string {
	return tongue(lang).said(newTries([]extract.Try{x})[0])
}

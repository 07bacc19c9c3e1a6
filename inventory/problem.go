package inventory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Problem is one mistake in one configuration file.
type Problem struct {
	File string

	// Line and Column count from 1, columns in characters; 0 where the mistake
	// is the whole file's, as when it is missing.
	Line, Column int

	Message string
	Hint    string // what to do, or ""
}

// String returns the problem as one line, "sites/fgw.yaml:12:5: message; hint".
func (p Problem) String() string { return p.line("; ") }

// line is the problem as one line, with what to do after a sign.
func (p Problem) line(sign string) string {
	var b strings.Builder
	b.WriteString(p.place())
	if p.File != "" {
		b.WriteString(": ")
	}
	b.WriteString(p.Message)
	if p.Hint != "" {
		b.WriteString(sign)
		b.WriteString(p.Hint)
	}
	return b.String()
}

// place returns where the mistake is, "sites/fgw.yaml:12:5".
func (p Problem) place() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Errors are all mistakes of a configuration, by file and place.
type Errors []Problem

// Error returns one line per problem.
func (e Errors) Error() string { return e.lines(Problem.String) }

func (e Errors) lines(line func(Problem) string) string {
	lines := make([]string, len(e))
	for i, p := range e {
		lines[i] = line(p)
	}
	return strings.Join(lines, "\n")
}

// sort brings problems into the order in which a person mends them. Problems of
// one place stay in the order they were found.
func (e Errors) sort() {
	slices.SortStableFunc(e, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// maxQuoted bounds what a message repeats of a file.
const maxQuoted = 60

// quoted returns s as messages show it, cut where it is long.
func quoted(s string) string {
	if r := []rune(s); len(r) > maxQuoted {
		s = string(r[:maxQuoted]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// didYouMean returns a hint naming the known word nearest to an unknown one, or
// "" if none is near.
func didYouMean(word string, known []string) string {
	if near := nearest(word, known); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

// oneOf returns a hint with the nearest word, if any, and all that are known.
func oneOf(word string, known []string) string {
	list := "known: " + strings.Join(known, ", ")
	if hint := didYouMean(word, known); hint != "" {
		return hint + " " + list
	}
	return list
}

// nearest returns the known word with the least edit distance, or "" if even
// that differs in more than a third of its characters, and in more than one.
func nearest(word string, known []string) string {
	const longest, most = 64, 5000 // longer words are no slips of the pen, longer lists take too long
	w := []rune(strings.ToLower(word))
	if len(w) > longest || len(known) > most {
		return ""
	}
	best, least := "", longest
	for _, k := range known {
		r := []rune(strings.ToLower(k))
		allowed := max(1, max(len(w), len(r))/3)
		if len(r) > longest || max(len(w)-len(r), len(r)-len(w)) > allowed {
			continue
		}
		if d := distance(w, r); d < least && d <= allowed && d < len(r) {
			best, least = k, d
		}
	}
	return best
}

// distance returns the edit distance of two words; two neighbours exchanged
// count as one edit.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+change)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

package workshop

import (
	"slices"
	"strings"
)

// diffContext is how many lines around a change are shown.
const diffContext = 2

// A DiffLine is one line of a difference.
type DiffLine struct {
	Mark byte // '-', '+' or ' '
	Text string
}

// Diff shows the lines that differ between two texts, and from which line on.
// Changes of a recipe lie close together, so one hunk shows them.
func Diff(before, after []byte) (from int, out []DiffLine) {
	old, now := lines(before), lines(after)
	head, tail := 0, 0
	for head < min(len(old), len(now)) && old[head] == now[head] {
		head++
	}
	for tail < min(len(old), len(now))-head && old[len(old)-1-tail] == now[len(now)-1-tail] {
		tail++
	}
	add := func(mark byte, all ...string) {
		for _, line := range all {
			out = append(out, DiffLine{mark, line})
		}
	}
	from = max(0, head-diffContext)
	add(' ', old[from:head]...)
	now = now[head : len(now)-tail]
	for _, line := range old[head : len(old)-tail] {
		i := slices.Index(now, line)
		if i < 0 {
			add('-', line)
			continue
		}
		add('+', now[:i]...)
		add(' ', line)
		now = now[i+1:]
	}
	add('+', now...)
	add(' ', old[len(old)-tail:min(len(old), len(old)-tail+diffContext)]...)
	return from + 1, out
}

// lines splits a text without the ends of its lines.
func lines(text []byte) []string {
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"), "\n")
}

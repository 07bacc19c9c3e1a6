package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// maxLines bounds each list of cases.
const maxLines = 60

// print prints the score.
func (s *score) print(w io.Writer) {
	missed := slices.Clone(s.missed)
	for key, c := range s.stale {
		if !c.found {
			missed = append(missed, c.String(key))
		}
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tw, "column-nights judged\t%d\n", s.columns)
	fmt.Fprintf(tw, "false accusations\t%d\n", s.accused.total())
	fmt.Fprintf(tw, "accusations true at the look they rest on, overtaken since\t%d\n", s.overtaken.total())
	fmt.Fprintf(tw, "wrong newest dates of conclusive readings\t%d\n", s.wrong.total())
	fmt.Fprintf(tw, "wrong newest dates on which no state rests\t%d\n", s.unshown.total())
	fmt.Fprintf(tw, "a careful person could read\t%d\n", s.readable)
	fmt.Fprintf(tw, "of those conclusive\t%d, %s\n", s.conclusive, percent(s.conclusive, s.readable))
	fmt.Fprintf(tw, "false fresh\t%d\n", s.cleared.total())
	fmt.Fprintf(tw, "real stalenesses found, by readable nights after the first\t%s\n", counts(s.found))
	fmt.Fprintf(tw, "missed while they held\t%d\n", len(missed))
	fmt.Fprintf(tw, "unknown by reason\t%s\n", counts(s.unknown))
	fmt.Fprintf(tw, "nobody could read, by why\t%s\n", counts(s.hindered))
	s.accounts.print(tw)
	_ = tw.Flush() // to standard output
	s.printRedesigns(w)
	printLines(w, "false accusations", s.accused.lines())
	printLines(w, "overtaken accusations", s.overtaken.lines())
	printLines(w, "wrong newest dates", s.wrong.lines())
	printLines(w, "wrong newest dates on which no state rests", s.unshown.lines())
	printLines(w, "found late", slices.Sorted(slices.Values(s.late)))
	printLines(w, "missed", slices.Sorted(slices.Values(missed)))
	printLines(w, "false fresh", s.cleared.lines())
	printLines(w, "readable and not read, by what was said", byCount(s.lost))
	printLines(w, "accounts readable and not read, by what was said", byCount(s.accounts.lost))
}

// print prints the account-nights.
func (t accountTally) print(w io.Writer) {
	fmt.Fprintf(w, "account-nights judged\t%d\n", t.judged)
	fmt.Fprintf(w, "a guest could tell\t%d\n", t.readable)
	fmt.Fprintf(w, "of those conclusive\t%d, %s\n", t.conclusive, percent(t.conclusive, t.readable))
	fmt.Fprintf(w, "accounts unknown by reason\t%s\n", counts(t.unknown))
	fmt.Fprintf(w, "no guest could tell, by why\t%s\n", counts(t.hindered))
}

// lines describes cases, those of most nights first.
func (c cases) lines() []string {
	var lines []string
	for _, key := range slices.SortedFunc(maps.Keys(c), func(a, b string) int { return cmp.Or(cmp.Compare(c[b].nights, c[a].nights), cmp.Compare(a, b)) }) {
		lines = append(lines, fmt.Sprintf("%d nights, %s, from %s", c[key].nights, key, c[key].first))
	}
	return lines
}

// byCount describes counts, the greatest first.
func byCount(m map[string]int) []string {
	var lines []string
	for _, k := range slices.SortedFunc(maps.Keys(m), func(a, b string) int { return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b)) }) {
		lines = append(lines, fmt.Sprintf("%d\t%s", m[k], k))
	}
	return lines
}

func printLines(w io.Writer, what string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(w, "%s:\n", what)
	for _, l := range lines[:min(maxLines, len(lines))] {
		fmt.Fprintf(w, "  %s\n", l)
	}
	if more := len(lines) - maxLines; more > 0 {
		fmt.Fprintf(w, "  and %d more\n", more)
	}
}

func percent(n, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f %%", 100*float64(n)/float64(of))
}

// counts prints a map of counts, in order of its keys.
func counts[K cmp.Ordered](m map[K]int) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%v: %d", k, m[k]))
	}
	return strings.Join(parts, ", ")
}

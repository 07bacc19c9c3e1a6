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
const maxLines = 40

// print prints the score.
func (s *score) print(w io.Writer) {
	for key, c := range s.stale {
		if !c.found {
			s.never = append(s.never, missedLine(key, c))
		}
	}
	slices.Sort(s.never)
	denied := 0
	for _, c := range s.falseFresh {
		denied += c.nights
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tw, "column-nights judged\t%d\n", s.columns)
	fmt.Fprintf(tw, "false accusations\t%d\n", len(s.accusations))
	fmt.Fprintf(tw, "wrong newest dates, conclusive\t%d\n", len(s.wrongDates))
	fmt.Fprintf(tw, "a careful person could read\t%d\n", s.readable)
	fmt.Fprintf(tw, "of those conclusive\t%d, %s\n", s.conclusive, percent(s.conclusive, s.readable))
	fmt.Fprintf(tw, "false fresh, subject-nights\t%d of %d subjects and indicators\n", denied, len(s.falseFresh))
	fmt.Fprintf(tw, "real stalenesses found, by readable nights they took\t%s\n", counts(s.found))
	fmt.Fprintf(tw, "missed while they held\t%d\n", len(s.never))
	fmt.Fprintf(tw, "unknown by reason\t%s\n", counts(s.unknown))
	fmt.Fprintf(tw, "nobody could read, by why\t%s\n", counts(s.hindered))
	_ = tw.Flush() // to standard output
	s.printRedesigns(w)
	list(w, "false accusations", s.accusations)
	list(w, "wrong newest dates", s.wrongDates)
	list(w, "missed", s.never)
	var denials []string
	for key, c := range s.falseFresh {
		denials = append(denials, fmt.Sprintf("%s: from %s, %d nights", key, c.since.Format("2006-01-02"), c.nights))
	}
	slices.Sort(denials)
	list(w, "false fresh", denials)
	fmt.Fprintln(w, "readable and not read, by what was said:")
	for _, why := range slices.SortedFunc(maps.Keys(s.lost), func(a, b string) int { return cmp.Compare(s.lost[b], s.lost[a]) })[:min(maxLines, len(s.lost))] {
		fmt.Fprintf(w, "  %d\t%s\n", s.lost[why], why)
	}
}

// printRedesigns prints for each redesign how many nights its columns took to be
// read again.
func (s *score) printRedesigns(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "redesign\tcolumns\tread the same night\tthe next\tlater\tnever")
	all := [5]int{}
	for _, name := range slices.SortedFunc(maps.Keys(s.redesigns), func(a, b string) int { return cmp.Compare(a[len(a)-10:], b[len(b)-10:]) }) {
		one := [5]int{}
		for _, nights := range s.redesigns[name].columns {
			one[0]++
			switch {
			case nights < 0:
				one[4]++
			case nights <= 1:
				one[1+nights]++
			default:
				one[3]++
			}
		}
		for i, n := range one {
			all[i] += n
		}
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%d\n", name, one[0], one[1], one[2], one[3], one[4])
	}
	fmt.Fprintf(tw, "all\t%d\t%d, %s\t%d\t%d\t%d\n", all[0], all[1], percent(all[1], all[0]), all[2], all[3], all[4])
	_ = tw.Flush() // to standard output
}

func list(w io.Writer, what string, lines []string) {
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

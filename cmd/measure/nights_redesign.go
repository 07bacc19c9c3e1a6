package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"xuncha/extract"
	"xuncha/internal/simcity"
)

// redesigned follows a column after a redesign of its host until it is read.
// Nights on which nobody could read it for another reason do not count, nor do
// redesigns from before the first night.
func (s *score) redesigned(n *nightSeen, id string) {
	name := n.truth[id].Redesign
	if name == "" || name[len(name)-len(time.DateOnly):] < s.first.Format(time.DateOnly) || !n.readable(id) && n.truth[id].Why != simcity.Moved {
		return
	}
	if s.redesigns[name] == nil {
		s.redesigns[name] = &redesign{}
	}
	r := *s.redesigns[name]
	if s.last[id] != name {
		s.last[id] = name
		r[id] = -1
	}
	switch nights := r[id]; {
	case nights >= 0:
	case n.right(id):
		r[id] = -nights - 1
	default:
		r[id]--
	}
}

// right reports whether the night's first look read the true newest date.
func (n *nightSeen) right(id string) bool {
	r := n.read[id]
	switch {
	case r.Outcome == extract.Empty:
		return n.truth[id].Newest.IsZero()
	case r.Outcome == extract.Dated && !r.AtLeast && !r.Newest.IsZero():
		return r.Newest.Day().Equal(n.truth[id].Newest)
	}
	return false
}

// printRedesigns prints for each redesign how many nights its columns took to be
// read again.
func (s *score) printRedesigns(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "redesign\tcolumns\tread the same night\tthe next\tlater\tnever")
	all := [5]int{}
	for _, name := range slices.SortedFunc(maps.Keys(s.redesigns), func(a, b string) int {
		return cmp.Or(cmp.Compare(a[len(a)-len("2006-01-02"):], b[len(b)-len("2006-01-02"):]), cmp.Compare(a, b))
	}) {
		one := s.redesigns[name].tally()
		for i, n := range one {
			all[i] += n
		}
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t%d\n", name, one[0], one[1], one[2], one[3], one[4])
	}
	fmt.Fprintf(tw, "all\t%d\t%d, %s\t%d\t%d\t%d\n", all[0], all[1], percent(all[1], all[0]), all[2], all[3], all[4])
	_ = tw.Flush() // to standard output
}

// tally counts columns: all, read the same night, the next, later, never.
func (r redesign) tally() (n [5]int) {
	for _, nights := range r {
		n[0]++
		switch {
		case nights < 0:
			n[4]++
		case nights <= 1:
			n[1+nights]++
		default:
			n[3]++
		}
	}
	return n
}

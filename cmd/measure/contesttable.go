package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// print prints the tables of a contest.
func (f field) print(w io.Writer, repeats int) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	const pages = farmHosts * farmLists
	line := func(e, base *entrant, wanted string) {
		mine := median(e.costs)
		fmt.Fprintf(tw, "%s\t%d\t%d MB\t%d of %d\t%.3f\t%s\n", e.name, mine.cpu.Microseconds()/pages, mine.rss>>10,
			e.right, pages, ratio(mine.cpu, median(base.costs).cpu), wanted)
	}
	fmt.Fprintf(tw, "%d pages, medians of %d\tCPU us/page\tpeak memory\tread right\tratio\twanted\n", pages, repeats)
	line(f.plain, f.plain, "")
	line(f.colly, f.plain, "")
	if f.scrapy == nil {
		fmt.Fprintln(tw, "Scrapy\tnot installed\t\t\t\t")
	} else {
		line(f.scrapy, f.plain, "")
	}
	line(f.first, f.plain, "1.25 of net/http + goquery")
	line(f.first, f.colly, "0.65 of colly")
	if f.scrapy != nil {
		line(f.first, f.scrapy, "0.30 of Scrapy")
	}
	line(f.same, f.first, "0.25 of a first round")
	line(f.unmodified, f.tagged, "0.10 of a first round")
	if f.induced.right == 0 {
		fmt.Fprintln(tw, "xuncha, without a recipe\tnot available\t\t\t\t")
	} else {
		line(f.induced, f.first, "1.60 of the same with recipes")
	}
	return tw.Flush()
}

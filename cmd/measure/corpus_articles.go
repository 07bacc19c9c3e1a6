package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"xuncha/extract"
)

// wrongArticles is how many articles may be dated wrong before the measurement
// fails.
const wrongArticles = 1

// An articleTally counts articles by what became of their dates.
type articleTally struct{ articles, right, wrong, missed int }

// compareArticles reads articles without any recipe and compares the dates with
// those that a person saw on them.
func compareArticles(ctx context.Context, site string, labels []label, w io.Writer) error {
	visits, err := crawlCorpus(ctx, site, labels, noRecipe)
	if err != nil {
		return err
	}
	bySource := map[string]*articleTally{}
	var all articleTally
	for _, l := range labels {
		source := strings.Split(l.File, "/")[1]
		if bySource[source] == nil {
			bySource[source] = &articleTally{}
		}
		got := articleDate(visits[l.File].Reading)
		bySource[source].count(got, l.Newest)
		all.count(got, l.Newest)
		if l.Newest == nil || got != *l.Newest {
			fmt.Fprintf(w, "%s: got %q %s\n", l.File, got, visits[l.File].Reading.Detail)
		}
	}
	printArticles(w, bySource, all)
	if all.wrong > wrongArticles {
		return fmt.Errorf("%d articles were dated wrong; at most %d may be", all.wrong, wrongArticles)
	}
	return nil
}

// articleDate is the day of a page that was taken for an article, or "".
func articleDate(r extract.Reading) string {
	if r.Outcome != extract.Article || r.Newest.IsZero() {
		return ""
	}
	return r.Newest.Time.Format(time.DateOnly)
}

func (t *articleTally) count(got string, want *string) {
	t.articles++
	switch {
	case want != nil && got == *want, want == nil && got == "":
		t.right++
	case got == "":
		t.missed++
	default:
		t.wrong++
	}
}

func printArticles(w io.Writer, bySource map[string]*articleTally, all articleTally) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "source\tarticles\tright\twrong\tmissed\t")
	eachSource(bySource, all, func(name string, t articleTally) {
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%d\t\n", name, t.articles, t.right, t.wrong, t.missed)
	})
	_ = tw.Flush() // to standard output
}

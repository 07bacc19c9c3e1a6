package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"xuncha/extract"
)

// compareClicks points at every list of the corpus as a person would who sees its
// newest item, and prints in how many clicks a recipe comes of it that reads the
// newest date: one on the title, a second on the date.
func compareClicks(ctx context.Context, site string, labels []label, w io.Writer) error {
	visits, err := crawlCorpus(ctx, site, labels, label.recipe)
	if err != nil {
		return err
	}
	var byClicks [3]int // 0: by none
	total := 0
	for _, l := range labels {
		v := visits[l.File]
		if l.Newest == nil || l.records() || newest(v.Reading) != *l.Newest || len(v.Pages) == 0 {
			continue // the person's own recipe must read it for us to know the item
		}
		total++
		n, said := clicksFor(v.Pages, v.Reading, *l.Newest)
		byClicks[n]++
		if n != 1 {
			fmt.Fprintf(w, "%s: %d clicks: %s\n", l.File, n, said)
		}
	}
	fmt.Fprintf(w, "%d lists: %d by one click, %d by two, %d not\n", total, byClicks[1], byClicks[2], byClicks[0])
	return nil
}

// clicksFor is in how many clicks the newest date is read, 0 for not at all.
func clicksFor(pages []extract.Page, known extract.Reading, want string) (n int, said string) {
	place := extract.Locate(pages[0], known)[known.NewestItem]
	if place.Row == 0 {
		return 0, "the item is not found on the page"
	}
	t := extract.Task{Question: extract.AskNewest, URLs: []string{pages[0].Asked}}
	at := extract.Pointing{Rows: []int{place.Title}}
	for n = 1; n <= 2; n++ {
		made, err := extract.Point(t, pages[0], at, extract.Recipe{})
		if err == nil {
			t.Recipe = made.Recipe
			r, _ := extract.Read(t, pages)
			if newest(r) == want {
				return n, said
			}
			said = strings.TrimSpace(fmt.Sprintf("%+v reads %s %s %s", made.Recipe, newest(r), r.Reason, r.Detail))
			t.Recipe = extract.Recipe{}
		} else {
			said = err.Error()
		}
		at.Date = place.Date
	}
	return 0, said
}

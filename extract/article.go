package extract

import (
	"fmt"
)

// A Moved is a date that was shown beside another that the page states unseen.
type Moved struct {
	Link    string `json:"link,omitempty"` // the article
	Shown   Date   `json:"shown"`
	Claimed Date   `json:"claimed"`

	// By names what states the other: "meta PubDate", "script ct", "address".
	By string `json:"by"`
}

// An article is the page of one item and what it says of its date.
type article struct {
	anatomy
	lines   []line
	scripts scripts

	shown  shown
	seen   bool // shown holds a date
	claims []claim

	date   Date
	source string
	by     string // where the date stands unseen, "" where it is shown
	ahead  int    // days by which the date shown lies in the future
	doubt  bool   // the page states several days and shows none
}

// readArticle reads the date of an article. What is shown rules; without it the
// tags, then the scripts and last the address are believed. Titles are what the
// article is known to be called.
func readArticle(d *document, titles ...string) article {
	var a article
	a.lines, a.scripts = linesOf(d)
	a.anatomy = anatomyOf(d, a.lines, titles)
	k := clues{seen: d.page.seen(), link: d.page.URL}
	a.shown, a.seen = a.anatomy.date(a.lines, k)
	a.claims = d.claims(a.scripts, k)
	if a.seen && a.shown.early {
		a.seen, a.ahead = false, 1
	}
	if days := int(a.shown.date.Day().Sub(DayOf(k.seen)).Hours() / 24); a.seen && days > 0 {
		a.seen, a.ahead = false, days
	}
	switch {
	case a.seen:
		a.date, a.source = a.shown.date, a.shown.text
	case len(a.claims) > 0:
		a.believe()
	}
	return a
}

// believe takes the first claim, or the latest one where tags and scripts name
// several days: that clears, and never accuses.
func (a *article) believe() {
	best := a.claims[0]
	for _, c := range a.claims[1:] {
		if c.by == "address" || c.date.Day().Equal(best.date.Day()) {
			continue
		}
		a.doubt = true
		if c.date.Time.After(best.date.Time) {
			best = c
		}
	}
	a.date, a.source, a.by = best.date, best.text, best.by
	a.doubt = a.doubt || a.ahead > 0
}

// moved returns the claims that name another day than the one that is shown.
func (a article) moved(link string) []Moved {
	if !a.seen {
		return nil
	}
	var out []Moved
	for _, c := range a.claims {
		if len(out) < maxNotes && !c.date.Day().Equal(a.shown.date.Day()) {
			out = append(out, Moved{Link: link, Shown: a.shown.date, Claimed: c.date, By: c.by})
		}
	}
	return out
}

// notes are what people should know of the date.
func (a article) notes() []string {
	var out []string
	for _, c := range a.claims {
		if a.seen && len(out) < maxNotes && !c.date.Day().Equal(a.shown.date.Day()) {
			out = append(out, fmt.Sprintf("the page shows %q, and its %s says %q", clean(a.shown.text), c.by, clean(c.text)))
		}
	}
	switch {
	case a.ahead > 0:
		out = append(out, fmt.Sprintf("a date after the day of the fetch was not believed: %q", clean(a.shown.text)))
	case a.by != "":
		out = append(out, "the date is not shown; it stands in the "+a.by)
	}
	return out
}

package extract

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// How many articles of a list without dates are opened: of one whose addresses
// all hold a day only as many as confirm that.
const (
	openedArticles    = 5
	confirmedArticles = 3
)

// nearAddress is how far the day in an address may lie from the date its article
// shows.
const nearAddress = 3 * 24 * time.Hour

// A sample is what a few articles of a list say of its dates. Where they leave
// room for a newer item the list stays undated: what is known clears its column
// and never accuses it.
type sample struct {
	opened     bool
	left       *obstacle // why the list is undated still; nil if the sample dates it
	unlabelled bool      // all were read and none shows a date of any kind
	notes      []string
	moved      []Moved
}

// An opened is an article of a list as it was read.
type opened struct {
	row      int // its index
	article  article
	obstacle *obstacle // why it says nothing
	fetched  time.Time
	bare     bool // no date of any kind
}

// undated returns what keeps the dates of a list from being known.
func (c chain) undated() *obstacle {
	if c.opened {
		return c.left
	}
	return undated(c.rows)
}

// openArticles dates the rows of a list that shows too few dates by its newest
// articles. It reports false while one is awaited.
func (r *reader) openArticles(c *chain) bool {
	if !r.lacksDates(c) {
		return true
	}
	c.rows = slices.Clone(c.rows) // what is read again must find them as they were
	byAddress, most := r.task.Question == AskNewest && addressed(c.rows), openedArticles
	if byAddress {
		most = confirmedArticles
	}
	chosen, skipped := r.choose(c, most)
	all := make([]opened, 0, len(chosen))
	for _, i := range chosen {
		p, ok := r.take(Want{URL: c.rows[i].item.Link, Why: WhyArticle})
		if ok {
			all = append(all, r.openArticle(p, c.rows[i], i))
		}
	}
	if len(r.wants) > 0 {
		return false
	}
	c.opened, c.left = true, undated(c.rows)
	c.left.detail += fmt.Sprintf("; %d articles were opened", len(all))
	if byAddress && len(all) > 0 {
		r.dateByAddress(c, all)
	} else {
		r.dateByArticles(c, all)
		c.unlabelled = !skipped && len(all) == min(openedArticles, len(c.rows)) && barren(c.rows, all)
	}
	return true
}

// lacksDates reports whether a list was read that shows too few dates. Dates that
// are shown and not believed lack nothing.
func (r *reader) lacksDates(c *chain) bool {
	read := c.obstacle == nil && !c.empty && c.first.article == nil && r.recipe.source != SourceFeed
	return read && undated(c.rows) != nil && !slices.ContainsFunc(c.rows, func(r row) bool { return r.ahead > 0 })
}

// choose returns the first rows without a date whose articles may be opened, and
// whether others stand before the last of them.
func (r *reader) choose(c *chain, most int) (chosen []int, skipped bool) {
	seen := make(map[string]bool)
	for i, row := range c.rows {
		switch {
		case len(chosen) == most || i == 3*openedArticles:
			return chosen, skipped
		case row.dated(), seen[key(row.item.Link)]:
		case r.openable(row.item.Link, c.url):
			chosen, seen[key(row.item.Link)] = append(chosen, i), true
		default:
			skipped = true
		}
	}
	return chosen, skipped
}

// openable reports whether a link leads to a page of the task's hosts that can
// be an article.
func (r *reader) openable(link, list string) bool {
	u, asked := addressOf(link), addressOf(list)
	return link != "" && u != nil && asked != nil && r.task.allowed(u, asked) && key(link) != key(list) && !fileName.MatchString(u.Path)
}

// openArticle reads the page of a row. A page that is not surely the row's says
// nothing.
func (r *reader) openArticle(p Page, of row, i int) opened {
	out := opened{row: i, fetched: p.FetchedAt}
	if out.obstacle = r.task.refuse(p); out.obstacle != nil {
		return out
	}
	d, o := parse(p)
	if o != nil {
		out.obstacle = o
		return out
	}
	look := d.sketch()
	if out.obstacle = d.unfit(look); out.obstacle != nil {
		return out
	}
	if to := d.refresh() + d.jump(look); to != "" {
		out.obstacle = hindered(ReasonLost, "the page leads on to %s", to)
		return out
	}
	out.article = readArticle(d, of.item.Title)
	about := out.article.about(of.item.Title)
	switch {
	case !about && out.article.isArticle(d) < sureArticle:
		out.obstacle = hindered(ReasonLost, "the page is not surely the article %q", cut(of.item.Title, 60))
	case out.article.date.IsZero():
		if out.obstacle = d.doubtful(look, 0); out.obstacle == nil {
			out.bare = about && d.shell(look) == "" && out.article.unlabelled(d)
		}
	}
	return out
}

// about reports whether an article bears the title of its row, which may be cut.
func (a article) about(row string) bool {
	if a.title < 0 {
		return false
	}
	own, linked := letters(a.lines[a.title].text), letters(strings.TrimRight(row, ".…"))
	return len(linked) >= 12 && (strings.HasPrefix(own, linked) || strings.HasPrefix(linked, own) && len(own) >= 12) || own == linked
}

// date puts the date of an article into its row.
func (o opened) date(rows []row) {
	found := o.article.shown.sight
	if !o.article.seen {
		found = sight{}
	}
	found.date, found.text = o.article.date, o.article.source
	rows[o.row].take(dating{sight: found}, o.fetched)
	rows[o.row].momentary = rows[o.row].momentary || o.article.ahead > 0
}

// sure reports whether an article leaves no doubt about its date.
func (o opened) sure() bool {
	return o.obstacle == nil && !o.article.date.IsZero() && !o.article.doubt && o.article.by != "address" && o.article.ahead == 0
}

// dateByArticles dates the rows that were opened. They date the list only where
// nothing leaves room for a newer item that was not opened; a count asks for
// every row.
func (r *reader) dateByArticles(c *chain, all []opened) {
	dated, sure := r.putDates(c, all)
	c.notes = append(c.notes, fmt.Sprintf("dates from articles: %d of %d opened show one", dated, len(all)))
	enough := r.newestFirst(c.rows)
	if r.task.Question == AskSince {
		enough = !slices.ContainsFunc(c.rows, row.bare)
	}
	if sure && enough {
		c.left = nil
	}
}

// putDates puts the dates of articles into their rows.
func (r *reader) putDates(c *chain, all []opened) (dated int, sure bool) {
	sure = len(all) > 0
	for _, o := range all {
		sure = sure && o.sure()
		if o.obstacle != nil || o.article.date.IsZero() {
			continue
		}
		dated++
		o.date(c.rows)
		c.moved = append(c.moved, o.article.moved(c.rows[o.row].item.Link)...)
	}
	for _, m := range c.moved[:min(len(c.moved), maxNotes)] {
		c.notes = append(c.notes, fmt.Sprintf("%s shows the date %s, and its %s says %s", m.Link, m.Shown.Day().Format(time.DateOnly), m.By, m.Claimed.Day().Format(time.DateOnly)))
	}
	return dated, sure
}

// addressed reports whether the address of every row holds a day.
func addressed(rows []row) bool {
	return len(rows) >= confirmedArticles && !slices.ContainsFunc(rows, func(r row) bool {
		_, _, ok := dayIn(r.item.Link)
		return !ok
	})
}

// dayIn returns the day in the path of a link.
func dayIn(link string) (time.Time, string, bool) {
	u, err := url.Parse(link)
	if err != nil {
		return time.Time{}, "", false
	}
	return addressDay(u.EscapedPath())
}

// dateByAddress dates every row by its address, and by what it shows where it
// was opened. The list is dated only where the two agree.
func (r *reader) dateByAddress(c *chain, all []opened) {
	near := len(all) == confirmedArticles
	for _, o := range all {
		day, _, _ := dayIn(c.rows[o.row].item.Link)
		near = near && o.sure() && o.article.date.Day().Sub(day).Abs() <= nearAddress
	}
	for i := range c.rows {
		if row := &c.rows[i]; !row.dated() {
			day, text, _ := dayIn(row.item.Link)
			row.take(dating{sight: sight{date: Date{Time: day}, text: "address " + text}}, all[0].fetched)
		}
	}
	dated, _ := r.putDates(c, all)
	c.notes = append(c.notes, fmt.Sprintf("dates from addresses; of %d articles opened %d show one", len(all), dated))
	if near && r.newestFirst(c.rows) {
		c.left = nil
	}
}

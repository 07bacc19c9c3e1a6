package extract

import (
	"strings"
	"time"

	"golang.org/x/net/html/atom"
)

// Some lists show their oldest items first. Their newest stand on the last page,
// and nobody has looked at the list before looking there.

// readLast reads the last page of a list whose dates rise. What cannot be read
// leaves the newest date a lower bound. It reports false while the page is
// awaited.
func (r *reader) readLast(c *chain) bool {
	s := c.first
	if r.task.Question == AskSince || s.doc == nil || c.obstacle != nil || !rises(s.rows) {
		return true
	}
	next, _ := s.doc.nextLink()
	if next == "" && r.total(s.doc) < 2 {
		return true
	}
	to := r.lastPage(s.doc)
	if to == "" {
		c.more = true
		return true
	}
	p, ok := r.take(Want{URL: to, Why: WhyNext})
	if !ok {
		return false
	}
	last := r.read(p)
	if last.obstacle != nil || last.doc == nil || !rises(last.rows) {
		c.more = true
		return true
	}
	further, _ := last.doc.nextLink()
	c.more = c.more || last.more || further != ""
	seen := make(map[string]bool)
	c.rows = unseenRows(c.rows, seen)
	c.rows = append(c.rows, unseenRows(last.rows, seen)...)
	return true
}

// rises reports whether the dates of rows rise, but for a row that is pinned to
// the top.
func rises(rows []row) bool {
	ups, downs := 0, 0
	var last time.Time
	for _, row := range rows {
		if !row.dated() {
			continue
		}
		day := row.item.Date.Day()
		switch {
		case last.IsZero():
		case day.After(last):
			ups++
		case day.Before(last):
			downs++
		}
		last = day
	}
	return downs == 0 && ups > 0 || downs == 1 && ups >= 5
}

// lastPage returns the address of the last page of a list, "" where neither a
// link nor the recipe leads there.
func (r *reader) lastPage(first *document) string {
	for n := range first.root.Descendants() {
		if n.DataAtom != atom.A {
			continue
		}
		switch strings.Trim(squeeze(cut(textOf(n), 60)), "<>《》[]»›") {
		case "尾页", "末页", "最后一页", "最后页", "末尾页":
			if to := r.onSite(first.resolve(attr(n, "href")), first); to.url != "" && key(to.url) != key(first.page.URL) {
				return to.url
			}
		}
	}
	if total := r.total(first); total > 1 && r.recipe.next.pattern != "" {
		return r.onSite(first.resolvePage(r.recipe.next, total), first).url
	}
	return ""
}

package extract

import (
	"fmt"
	"slices"
	"time"
)

// A chain is one list: its pages in order, as far as the question needs them.
type chain struct {
	url      string
	first    sheet
	rows     []row // in page order, over all pages, each once
	empty    bool
	complete bool // all rows there are, or all that were asked for
	more     bool // rows that were not read may be newer than all that were
	obstacle *obstacle
	sample   // of its articles, where it shows too few dates
}

// lists reads every list of the task and merges them. Pages that are wanted are
// wanted of all lists at once.
func (r *reader) lists() (Reading, []Want) {
	if len(r.task.URLs) == 0 {
		return r.unread(hindered(ReasonNotLooked, "the task names no address")), nil
	}
	var chains []chain
	for _, u := range r.task.URLs {
		if c, ok := r.chain(u); ok {
			chains = append(chains, c)
		}
	}
	if len(r.wants) > 0 {
		return Reading{}, r.wants
	}
	if article := chains[0].first.article; article != nil && len(chains) == 1 {
		return *article, nil
	}
	return r.conclude(chains), nil
}

// chain reads one list; ok is false while a page is awaited.
func (r *reader) chain(address string) (chain, bool) {
	r.recipe = r.given
	s, ok := r.open(address, WhyList)
	if !ok {
		return chain{}, false
	}
	if s.method == methodInduced && s.found != nil {
		r.adopt(s.found.Recipe)
	} else if s.by != nil {
		r.recipe = *s.by
	}
	c := chain{url: address, first: s, rows: s.rows, empty: s.empty, obstacle: s.obstacle, more: s.more || r.endsNewest(s)}
	if s.empty {
		c.complete = true
	}
	if !r.openArticles(&c) {
		return chain{}, false
	}
	if s.obstacle != nil || s.empty || s.article != nil || r.task.Question != AskSince || s.doc == nil || c.undated() != nil {
		return c, true
	}
	if s.more {
		c.obstacle = hindered(ReasonPartial, "the page holds more than %d items", MaxItems)
		return c, true
	}
	ok = r.walk(&c)
	return c, ok
}

// endsNewest reports whether a page's dates rise and a next page exists: then
// the newest items stand on the last page, and nobody looked there.
func (r *reader) endsNewest(s sheet) bool {
	if s.doc == nil || r.task.Question == AskSince {
		return false
	}
	var days []time.Time
	for _, row := range s.rows {
		if row.dated() {
			days = append(days, row.item.Date.Day())
		}
	}
	if len(days) < 2 || !days[len(days)-1].After(days[0]) || !slices.IsSortedFunc(days, time.Time.Compare) {
		return false
	}
	link, _ := s.doc.nextLink()
	return link != "" || r.total(s.doc) > 1
}

// walk follows a list page by page until one goes back behind the day asked
// for, the list ends, or a page cannot be read: then the chain is partial and
// keeps what it has. It returns false while a page is awaited.
func (r *reader) walk(c *chain) bool {
	seen := make(map[string]bool)
	c.rows = unseenRows(c.rows, seen)
	total := r.total(c.first.doc)
	last, rows := c.first.doc, c.rows
	for n := 1; ; n++ {
		to := r.next(c.first.doc, last, n, total)
		if r.reaches(rows) && (n > 1 || to.end || !r.pinnedOnly(rows)) {
			c.complete = true
			return true
		}
		if to.end {
			c.complete = true
			return true
		}
		if to.lost != "" {
			c.obstacle = hindered(ReasonPartial, "read %d pages: %s", n, to.lost)
			return true
		}
		p, ok := r.take(Want{URL: to.url, Why: WhyNext})
		if !ok {
			return false
		}
		s := r.read(p)
		rows = unseenRows(s.rows, seen)
		if done := c.accept(s, rows, n, max(total, promised(to, n))); done {
			return true
		}
		last = s.doc
	}
}

// promised is the number of pages that a link announces.
func promised(to step, n int) int {
	if to.told {
		return n + 1
	}
	return 0
}

// pinnedRows is how many rows, in good order, are taken for more than the items
// that are pinned to the top of a list.
const pinnedRows = 10

// pinnedOnly reports whether a first page that shows nothing since the day asked
// for may hold nothing but pinned items, so that the list begins on the next.
func (r *reader) pinnedOnly(rows []row) bool {
	since := DayOf(r.task.Since)
	counted := slices.ContainsFunc(rows, func(r row) bool { return r.dated() && !r.item.Date.Day().Before(since) })
	return !counted && (len(rows) < pinnedRows || !downwards(rows))
}

// accept adds a later page to the chain and reports whether it was the last: a
// page that is gone, empty or holds nothing new ends a list that does not say
// how many pages it has.
func (c *chain) accept(s sheet, rows []row, n, total int) (done bool) {
	beyond := s.empty || s.noItems || s.obstacle == nil && len(rows) == 0
	if o := s.obstacle; o != nil && o.reason == ReasonGone && o.class != ClassForeign {
		beyond = true
	}
	switch {
	case beyond && total > n:
		c.obstacle = hindered(ReasonPartial, "page %d of %d holds no further items", n+1, total)
		return true
	case beyond:
		c.complete = true
		return true
	case s.obstacle != nil:
		c.obstacle = hindered(ReasonPartial, "page %d: %s: %s", n+1, s.obstacle.reason, s.obstacle.detail)
		return true
	}
	c.rows = append(c.rows, rows...)
	if s.more || len(c.rows) > MaxItems {
		c.obstacle = hindered(ReasonPartial, "the list holds more than %d items", MaxItems)
		return true
	}
	return false
}

// unseenRows returns the rows whose keys are new.
func unseenRows(rows []row, seen map[string]bool) []row {
	var out []row
	for _, r := range rows {
		if !seen[r.key] {
			seen[r.key] = true
			out = append(out, r)
		}
	}
	return out
}

// reaches reports whether a page goes back behind the day asked for, so that no
// later page can hold an item that counts. Pinned old rows stand on top, so the
// page's last dated row decides. A page that is not sorted downwards promises
// nothing about the next.
func (r *reader) reaches(rows []row) bool {
	since := DayOf(r.task.Since)
	ups := 0
	var days []time.Time
	for _, row := range rows {
		if !row.dated() {
			continue
		}
		day := row.item.Date.Day()
		if len(days) > 0 && day.After(days[len(days)-1]) {
			ups++
		}
		days = append(days, day)
	}
	if len(days) == 0 || ups*4 > len(days)-1 && ups > 1 || len(days) < 3 && ups > 0 {
		return false
	}
	return days[len(days)-1].Before(since)
}

// where names a list in a message about several.
func (r *reader) where(c chain) string {
	if len(r.task.URLs) == 1 {
		return ""
	}
	return fmt.Sprintf("%s: ", c.url)
}

package extract

import (
	"fmt"
	"net/url"
)

// maxHeirs bounds the pages that are looked at for a column whose address is no
// longer its own.
const maxHeirs = 3

// pursue looks for a column that moved: where its address now leads, or where
// the home page links its name. A page found so is the column's only if it shows
// the items of the nights before; without such a history nothing is looked for.
// It reports false while a page is awaited.
func (r *reader) pursue(s sheet, address string) (sheet, bool) {
	if s.obstacle == nil || r.past == nil || r.past.several || len(r.past.Links) < 3 || r.task.Column == "" {
		return s, true
	}
	switch {
	case s.obstacle.moved:
		p, _ := r.take(Want{URL: address, Why: WhyList})
		return r.heir(s, p), true
	case s.obstacle.reason == ReasonGone && s.obstacle.class != ClassForeign && r.task.Home != "":
		return r.searchHome(s, address)
	}
	return s, true
}

// searchHome looks for the column among the links of the home page.
func (r *reader) searchHome(s sheet, address string) (sheet, bool) {
	home, ok := r.take(Want{URL: r.task.Home, Why: WhySearch})
	if !ok {
		return s, false
	}
	if r.task.refuse(home) != nil {
		return s, true
	}
	d, o := parse(home)
	if o != nil {
		return s, true
	}
	for _, to := range r.heirs(d, address) {
		p, ok := r.take(Want{URL: to, Why: WhyList})
		if !ok {
			continue
		}
		if r.task.refuse(p) != nil {
			continue
		}
		if got := r.heir(s, p); got.obstacle == nil {
			return got, true
		}
	}
	return s, len(r.wants) == 0
}

// heirs are the addresses on the task's hosts that a page links by the column's
// name.
func (r *reader) heirs(d *document, address string) []string {
	name := naming{letters(r.task.Column)}
	var out []string
	for _, l := range d.labels() {
		to, err := url.Parse(l.url)
		if !l.link || l.url == "" || err != nil || !name.is(l.norm) || key(l.url) == key(address) || !r.task.allowed(to, d.address()) {
			continue
		}
		if out = appendNew(out, l.url); len(out) == maxHeirs {
			break
		}
	}
	return out
}

// heir reads a page as the column's, if it shows what the column showed before,
// and else leaves the sheet as it is.
func (r *reader) heir(s sheet, p Page) sheet {
	d, o := parse(p)
	if o != nil {
		return s
	}
	got := r.readDocument(d)
	got.doc, got.charset = d, d.charset
	settled := r.settled(got)
	if settled.obstacle != nil || settled.article != nil || !r.past.continues(settled.rows) {
		return s
	}
	if settled.found == nil {
		settled.found = crop{recipe: r.recipe.raw, rows: settled.rows, confidence: 1}.proposal()
	}
	settled.found.URL, settled.found.Accepted = p.URL, true
	settled.found.Why = cut(fmt.Sprintf("the column's items now stand at %s; put that address into the configuration", p.URL), maxDetail)
	return settled
}

package extract

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// proposeData finds, among the answers that a page's own scripts were given, the
// one that holds the list which the browser showed, and proposes the recipe that
// asks for it without a browser. An answer is that list if its newest item is the
// same, title and day. It returns nil where no answer is, or where its address
// would not serve tomorrow.
func proposeData(list []row, pages []Page) *Proposal {
	home := firstOf(pages, WhyList)
	newest, ok := newestRow(list)
	if home == nil || !ok {
		return nil
	}
	r := &reader{}
	for _, p := range pages {
		if p.Why != WhyData || byStatus(p) != nil {
			continue
		}
		found, ok := r.sameList(p, newest)
		if !ok {
			continue
		}
		if found.recipe.Data, ok = relativeTo(home.URL, p.Asked); !ok {
			continue
		}
		found.confidence *= share(list, found.rows)
		made := found.proposal()
		made.Why = "the page's own script asked for it: " + made.Why
		return made
	}
	return nil
}

func firstOf(pages []Page, why Why) *Page {
	for i := range pages {
		if pages[i].Why == why {
			return &pages[i]
		}
	}
	return nil
}

// newestRow returns the first of the newest rows.
func newestRow(rows []row) (best row, ok bool) {
	for _, r := range rows {
		if r.dated() && (!ok || r.item.Date.Day().After(best.item.Date.Day())) {
			best, ok = r, true
		}
	}
	return best, ok
}

// sameList reads the list in an answer whose newest item is the one given.
func (r *reader) sameList(p Page, newest row) (dataList, bool) {
	text, encoding, o := decode(p)
	if o != nil {
		return dataList{}, false
	}
	d := dataDocument(p, text, encoding)
	if d.base != nil && d.hold(text) {
		for _, found := range r.jsonLists(d) {
			if sameNewest(found.rows, newest) {
				return found, true
			}
		}
	}
	if d, o := parse(p); o == nil && d.from != nil {
		return r.markupList(d, newest)
	}
	return dataList{}, false
}

// markupList reads the rows of the HTML that an answer holds.
func (r *reader) markupList(d *document, newest row) (dataList, bool) {
	for _, item := range defaultItems {
		made := *d.from
		made.Item = item
		c, err := compile(made)
		if err != nil {
			return dataList{}, false
		}
		if h := c.harvest(d); sameNewest(h.rows, newest) && undated(h.rows) == nil {
			return dataList{recipe: made, rows: h.rows, confidence: 0.9}, true
		}
	}
	return dataList{}, false
}

// sameNewest reports whether the newest of rows is the item given.
func sameNewest(rows []row, want row) bool {
	got, ok := newestRow(rows)
	if !ok || !got.item.Date.Day().Equal(want.item.Date.Day()) {
		return false
	}
	for _, r := range rows {
		if r.dated() && r.item.Date.Day().Equal(want.item.Date.Day()) && sameTitle(r.item.Title, want.item.Title) {
			return true
		}
	}
	return false
}

// sameTitle compares titles one of which may be cut short.
func sameTitle(a, b string) bool {
	a, b = strings.TrimRight(squeeze(a), ".…"), strings.TrimRight(squeeze(b), ".…")
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len(a) >= 12 && strings.HasPrefix(b, a)
}

// share is how many of the rows shown an answer holds.
func share(shown, rows []row) float64 {
	shown = shown[:min(len(shown), 50)]
	n := 0
	for _, s := range shown {
		if slices.ContainsFunc(rows, func(r row) bool { return sameTitle(s.item.Title, r.item.Title) }) {
			n++
		}
	}
	return float64(n) / float64(len(shown))
}

// newestItems returns the newest of the dated items, for a person to look at.
func newestItems(rows []row) []Item {
	var dated []Item
	for _, r := range rows {
		if r.dated() {
			dated = append(dated, r.item)
		}
	}
	return NewestItems(dated, provenItems)
}

var (
	// passingName are parameters that only keep caches out, or name a callback.
	passingName = regexp.MustCompile(`(?i)^(?:_|t|ts|r|rand|random|rnd|time|timestamp|nocache|v|callback|jsonp\w*|cb)$`)
	momentValue = regexp.MustCompile(`^(?:\d{10}|\d{13}|0\.\d{5,}|jQuery\w+|\w*callback\w*)$`)

	// signed are parameters that hold for one session or one moment.
	signedName = regexp.MustCompile(`(?i)sign|token|nonce|ticket|session|csrf|bogus|captcha|secret|auth`)
)

// relativeTo returns an address as a recipe for a page writes it, ok is false
// where it was made for one visit.
func relativeTo(page, address string) (string, bool) {
	from, err := url.Parse(page)
	to, err2 := url.Parse(address)
	if err != nil || err2 != nil || len(address) > maxSelector || strings.ContainsAny(address, "{}") {
		return "", false
	}
	var kept []string
	for _, pair := range strings.Split(to.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		switch {
		case signedName.MatchString(name):
			return "", false
		case pair == "", passingName.MatchString(name) && momentValue.MatchString(value):
		default:
			kept = append(kept, pair)
		}
	}
	out := to.EscapedPath()
	if out == "" {
		out = "/"
	}
	if !sameHost(from, to) || strings.HasPrefix(out, "//") {
		out = to.Scheme + "://" + to.Host + out
	}
	if len(kept) > 0 {
		out += "?" + strings.Join(kept, "&")
	}
	return out, true
}

package extract

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html/atom"
)

// How a page says how many pages its list has, by the habits of the common
// systems.
var pagesShown = regexp.MustCompile(`createPageHTML\(\s*['"]?(\d{1,5})|countPage\s*=\s*['"]?(\d{1,5})|共\s*(?:<[^>]{1,80}>\s*)*(\d{1,5})\s*(?:</[^>]{1,20}>\s*)*页|\d{1,5}\s*/\s*(\d{1,5})\s*页|totalpage\s*[:=]\s*['"]?(\d{1,5})|pageCount\s*[:=]\s*['"]?(\d{1,5})`)

// total returns the number of pages a list says it has, 0 if it does not say.
func (r *reader) total(d *document) int {
	if r.recipe.total != nil {
		if d.data == nil {
			return 0
		}
		n, _ := r.recipe.total.pages(d.data)
		return n
	}
	if r.recipe.last != nil {
		if r.recipe.last.sel == nil && r.recipe.last.attr == "" {
			v, _ := r.recipe.last.keep(string(d.text))
			return number(v)
		}
		return number(r.recipe.last.first(d.root))
	}
	best := 0
	for _, part := range ends(d.text, pagerBytes) {
		for _, m := range pagesShown.FindAllSubmatch(part, 8) {
			for _, g := range m[1:] {
				best = max(best, number(string(g)))
			}
		}
	}
	return best
}

// pagerBytes is how much of a page's two ends is searched for its pager: no list
// of ours is as long, and a line of megabytes must not be searched slowly.
const pagerBytes = 256 << 10

// ends returns a text, or its two ends where it is longer than both.
func ends(text []byte, size int) [][]byte {
	if len(text) <= 2*size {
		return [][]byte{text}
	}
	return [][]byte{text[:size], text[len(text)-size:]}
}

// A step leads from one page of a list to the next.
type step struct {
	url  string // the next page
	told bool   // a link on the page leads there: it is no guess
	end  bool   // there is none
	lost string // there seems to be one that cannot be reached
}

// next returns the step after page n of a list. The link on the page shown last
// or the recipe's pattern leads there; without either the usual words do.
func (r *reader) next(first, last *document, n, total int) step {
	switch {
	case total > 0 && n >= total:
		return step{end: true}
	case r.recipe.next.pattern != "":
		to := r.onSite(first.resolvePage(r.recipe.next, n+1), first)
		link, _ := last.nextLink()
		to.told = link != ""
		return to
	case r.recipe.next.link != nil:
		to := last.resolve(r.recipe.next.link.first(last.root))
		if to == "" || key(to) == key(last.page.Asked) || key(to) == key(first.page.URL) {
			return ended(n, total, "the next page has no link")
		}
		return told(r.onSite(to, first))
	}
	to, shown := last.nextLink()
	switch {
	case to != "":
		return told(r.onSite(to, first))
	case shown || total > n:
		return step{lost: "there are more pages, and the recipe does not say how to reach them; set next"}
	}
	return step{end: true}
}

// told marks a step that a link on the page announces.
func told(s step) step {
	s.told = true
	return s
}

// ended is the end of a list that says nothing else.
func ended(n, total int, why string) step {
	if total > n {
		return step{lost: why + ", though the list says it has more"}
	}
	return step{end: true}
}

// onSite keeps a step on the hosts of the task.
func (r *reader) onSite(to string, first *document) step {
	u, err := url.Parse(to)
	if to == "" || err != nil || !r.task.allowed(u, first.address()) {
		return step{lost: "the next page leads off the site"}
	}
	return step{url: to}
}

func (d *document) address() *url.URL {
	if u := addressOf(d.page.URL); u != nil {
		return u
	}
	return &url.URL{}
}

// resolvePage fills a pattern and resolves it against the address of the first
// page, whatever its <base> says. One that begins with "&" sets parameters of
// that address.
func (d *document) resolvePage(rule nextRule, n int) string {
	to, ok := fill(pageAddress(rule.pattern, n), rule.re, d.text)
	if !ok {
		return ""
	}
	if parameters, found := strings.CutPrefix(to, "&"); found {
		return withParameters(d.address(), parameters)
	}
	u, err := d.address().Parse(to)
	if err != nil || !web(u) {
		return ""
	}
	return u.String()
}

// withParameters returns an address with some of its parameters set anew.
func withParameters(address *url.URL, parameters string) string {
	set, err := url.ParseQuery(parameters)
	if err != nil {
		return ""
	}
	u, query := *address, address.Query()
	for name, values := range set {
		query[name] = values
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// nextLink finds the link that is called next page. Shown says that such words
// stand on the page, whether or not an address does.
func (d *document) nextLink() (to string, shown bool) {
	for n := range d.root.Descendants() {
		if n.DataAtom != atom.A {
			continue
		}
		text := squeeze(textOf(n))
		if len(text) > 24 {
			continue
		}
		switch strings.Trim(text, "<>《》[]»›") {
		case "下一页", "下页", "后一页", "后页":
			shown = true
			if to = d.resolve(attr(n, "href")); to != "" && key(to) != key(d.page.URL) {
				return to, true
			}
		}
	}
	return "", shown
}

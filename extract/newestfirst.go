package extract

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// newestFirst reports whether all that is seen of a list speaks for its newest
// item standing first, so that what was not opened is older: the page is a
// column's, no row is pinned, and neither dates nor numbers in addresses rise.
func (r *reader) newestFirst(rows []row) bool {
	return r.task.Column != "" && downwards(rows) && !slices.ContainsFunc(rows, row.pinned) && falling(rows)
}

var (
	pinWords = regexp.MustCompile(`置顶|固顶|\[顶\]|【顶】|^顶$`)
	pinSigns = regexp.MustCompile(`(?i)top|zhiding|\bzd\b|pin|stick`)
)

// pinned reports whether a row bears a mark of being held on top.
func (r row) pinned() bool {
	if pinWords.MatchString(r.item.Title) || r.scope == nil {
		return true
	}
	for n := range r.scope.Descendants() {
		switch {
		case n.Type == html.TextNode:
			if pinWords.MatchString(strings.TrimSpace(cut(n.Data, 200))) {
				return true
			}
		case n.DataAtom == atom.Img:
			if pinSigns.MatchString(attr(n, "src") + attr(n, "alt")) {
				return true
			}
		case pinSigns.MatchString(attr(n, "class")):
			return true
		}
	}
	return pinSigns.MatchString(attr(r.scope, "class"))
}

var lastNumber = regexp.MustCompile(`(\d+)\D*$`)

// falling reports whether the numbers in the addresses of rows, of those that
// are made alike, fall down the list.
func falling(rows []row) bool {
	last := make(map[string]string)
	for _, r := range rows {
		day, _, dated := dayIn(r.item.Link)
		shape, number := "day", day.Format("20060102")
		if !dated {
			m := lastNumber.FindStringSubmatchIndex(r.item.Link)
			if m == nil {
				continue
			}
			number = strings.TrimLeft(r.item.Link[m[2]:m[3]], "0")
			shape = digits.ReplaceAllString(r.item.Link[:m[2]], "0") + r.item.Link[m[3]:]
		}
		if before, known := last[shape]; known && less(before, number) {
			return false
		}
		last[shape] = number
	}
	return true
}

// less compares numbers of any length.
func less(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

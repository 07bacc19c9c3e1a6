package extract

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A crop is a cluster as read: the recipe it came to and its rows.
type crop struct {
	recipe     Recipe
	rows       []row
	more       bool
	shape      string
	confidence float64
	stand      stand
	dated      bool
	block      bool // it is no column's list, whatever it shows
	nodes      []*html.Node
}

// rivals reports whether another list of the page may be the column's as well.
func (c crop) rivals(o crop) bool {
	return c.confidence-o.confidence < margin
}

// agrees reports whether two lists say the same of the newest date: one then
// repeats the other, or it does not matter which is meant.
func (c crop) agrees(o crop) bool {
	return c.dated == o.dated && c.newest().Day().Equal(o.newest().Day())
}

func (c crop) newest() Date { return newestOf(c.rows) }

// shown says in a word what a list shows.
func (c crop) shown() string {
	if d := c.newest(); !d.IsZero() {
		return d.Time.Format("2006-01-02")
	}
	return "no date"
}

// proposal writes the crop down for a person.
func (c crop) proposal() *Proposal {
	items := make([]Item, len(c.rows))
	for i, r := range c.rows {
		items[i] = r.item
	}
	return &Proposal{
		Recipe: c.recipe, Confidence: c.confidence, Why: c.stand.String(), Items: NewestItems(items, provenItems),
	}
}

// String says what speaks for a list.
func (s stand) String() string {
	var why []string
	if s.heading == headColumn {
		why = append(why, "the column's name stands above it")
	}
	if s.pager {
		why = append(why, "links to further pages stand below it")
	}
	if s.prefix >= 0.5 {
		why = append(why, "its links lead below the page's own folder")
	}
	if s.share >= 0.5 {
		why = append(why, fmt.Sprintf("it holds %.0f%% of the dated text", 100*s.share))
	}
	if len(why) == 0 {
		return "it is the likeliest list of the page"
	}
	return strings.Join(why, "; ")
}

// crop reads one cluster by the recipe composed of it.
func (r *reader) crop(d *document, a candidate) (crop, bool) {
	raw, ok := a.cl.compose(d, a.rows)
	if !ok {
		return crop{}, false
	}
	c, err := compile(raw)
	if err != nil {
		return crop{}, false
	}
	h := c.harvest(d)
	if len(h.rows) == 0 {
		return crop{}, false
	}
	out := crop{recipe: raw, rows: h.rows, more: h.more, shape: h.shape, stand: a.stand}
	out.dated = anyDated(h.rows) && undated(h.rows) == nil
	out.confidence = a.stand.points() + dateWeight(h.rows, len(a.cl.rows) > 0)
	out.nodes = a.rows
	if out.block = a.stand.block() || a.cl.event != "" || mostAhead(h.rows) || holdsSeveral(a.rows); out.block {
		out.confidence = min(out.confidence, sure-0.05)
	}
	out.confidence = math.Round(100*max(0, min(out.confidence, 1))) / 100
	return out, true
}

// holdsSeveral reports whether a list of one row holds the titles of several
// articles: it is a list itself, and a date in it belongs to none of them surely.
func holdsSeveral(rows []*html.Node) bool {
	if len(rows) != 1 {
		return false
	}
	titles := make(map[string]bool)
	for n := range rows[0].Descendants() {
		if n.DataAtom != atom.A {
			continue
		}
		if utf8.RuneCountInString(titleOf(n)) >= longTitles {
			titles[attr(n, "href")] = true
		}
	}
	return len(titles) > 1
}

// mostAhead reports whether as many rows lie in the future as do not: what they
// show is when something is to happen.
func mostAhead(rows []row) bool {
	ahead := 0
	for _, r := range rows {
		if r.ahead > 1 {
			ahead++
		}
	}
	return 2*ahead > len(rows)
}

// What dates may add to a stand, and what a list without any gets.
const (
	maxDateWeight = 0.24
	bareWeight    = -0.1
)

// dateWeight is what the dates of a list speak for it.
func dateWeight(rows []row, expected bool) float64 {
	dated, ahead, ups, downs := 0, 0, 0, 0
	var last Date
	for _, r := range rows {
		if r.ahead > 0 {
			ahead++
		}
		if !r.dated() {
			continue
		}
		if dated++; dated > 1 {
			switch r.item.Date.Day().Compare(last.Day()) {
			case 1:
				ups++
			case -1:
				downs++
			}
		}
		last = r.item.Date
	}
	w := 0.0
	switch share := float64(dated) / float64(len(rows)); {
	case dated == 0 && expected:
		return -0.3
	case dated == 0:
		return bareWeight
	default:
		w += 0.16 * share
	}
	if ups == 0 && downs > 0 || downs > 4*ups {
		w += 0.08
	}
	if len(rows) < 3 {
		w -= 0.06 * float64(3-len(rows))
	}
	return w - 0.2*float64(ahead)/float64(len(rows))
}

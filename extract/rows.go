package extract

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A row is an item as found on one page, with what its date rests on.
type row struct {
	item      Item
	key       string // two rows with one key are one item
	momentary bool   // the date depends on when the page was seen
	ahead     int    // days by which a date that is not believed lies in the future
	shortYear bool   // a two-digit year
	odd       bool   // looks like a two-digit year in another order

	scope *html.Node // where the date was looked for; nil where that is no HTML
	link  *html.Node
}

func (r row) dated() bool { return !r.item.Date.IsZero() }

// A harvest is what a recipe finds on one page.
type harvest struct {
	boxes   []*html.Node // the containers; the whole document without a list selector
	matched int          // nodes the item selector found in them
	rows    []row
	shape   string // of the first row's place
	more    bool   // there were more than are read
}

// text is what the containers show, squeezed.
func (h harvest) text() string {
	text := ""
	for _, box := range h.boxes {
		text += squeeze(strings.Join(pieces(box, nil), ""))
	}
	return text
}

// maxNodes bounds the elements of one page that are looked at as rows.
const maxNodes = 5 * MaxItems

// defaultItems are the elements lists are made of, where a recipe names a
// container and no item.
var defaultItems = []string{"li", "tr", "dd", "p", "a"}

// harvest finds the rows of a document.
func (c recipe) harvest(d *document) harvest {
	h := harvest{boxes: []*html.Node{d.root}}
	if c.list != nil {
		h.boxes = c.list.find(d.root)
	}
	nodes := c.items(h.boxes)
	h.matched = len(nodes)
	if h.more = len(nodes) > maxNodes; h.more {
		nodes = nodes[:maxNodes]
	}
	at := make(map[string]int)
	matched := make(map[*html.Node]bool, len(nodes))
	for _, n := range nodes {
		matched[n] = true
	}
	for _, n := range c.leaves(nodes) {
		p := c.place(d, n, matched)
		r, ok := c.read(d, p)
		if !ok {
			h.more = h.more || r.dated() // a row that we cannot name may be the newest
			continue
		}
		if i, twice := at[r.key]; twice {
			h.rows[i] = newer(h.rows[i], r)
			continue
		}
		if len(h.rows) == 0 {
			h.shape = shapeOf(n)
		}
		at[r.key] = len(h.rows)
		if h.more = h.more || len(h.rows) == MaxItems; len(h.rows) == MaxItems {
			break
		}
		h.rows = append(h.rows, r)
	}
	agreeOnShortYears(h.rows)
	agreeOnYears(h.rows)
	return h
}

// items returns what the item selector finds in the boxes, in page order and
// each once.
func (c recipe) items(boxes []*html.Node) []*html.Node {
	if c.item != nil {
		return collect(c.item, boxes)
	}
	if c.list == nil {
		return nil
	}
	for _, name := range defaultItems {
		sel, err := parseSelector(name)
		if err != nil {
			continue
		}
		if nodes := collect(sel, boxes); slices.ContainsFunc(nodes, hasLink) {
			return nodes
		}
	}
	return nil
}

// collect gathers over boxes, some of which may stand inside others.
func collect(sel *selector, boxes []*html.Node) []*html.Node {
	if len(boxes) == 1 {
		return sel.find(boxes[0])
	}
	var out []*html.Node
	seen := make(map[*html.Node]bool)
	for _, box := range boxes {
		for _, n := range sel.find(box) {
			if !seen[n] {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	return out
}

func hasLink(n *html.Node) bool {
	return n.DataAtom == atom.A || firstElement(n, atom.A) != nil
}

// leaves drops nodes that are no row (without a link) and those that hold other
// rows: a group is not an item.
func (c recipe) leaves(nodes []*html.Node) []*html.Node {
	named := c.link != nil && !c.link.plain()
	rows := slices.DeleteFunc(slices.Clone(nodes), func(n *html.Node) bool {
		return !hasLink(n) && !(named && c.link.first(n) != "")
	})
	row := make(map[*html.Node]bool, len(rows))
	for _, n := range rows {
		row[n] = true
	}
	group := make(map[*html.Node]bool)
	for _, n := range rows {
		for p := n.Parent; p != nil && !group[p]; p = p.Parent {
			if row[p] {
				group[p] = true
			}
		}
	}
	return slices.DeleteFunc(rows, func(n *html.Node) bool { return group[n] })
}

// read makes an item of a row; ok is false for a separator.
func (c recipe) read(d *document, p spot) (row, bool) {
	r := row{item: Item{Link: c.linkOf(d, p), Title: c.titleOf(p)}, scope: p.scope, link: p.link}
	clues := clues{seen: d.page.seen(), link: r.item.Link, format: c.format}
	found := c.dateOf(p, clues)
	r.item.Title = title(withoutDate(r.item.Title, found))
	if p.link == nil && r.item.Link == "" || r.item.Title == "" {
		r.take(found, d.page.FetchedAt)
		return r, false
	}
	r.take(found, d.page.FetchedAt)
	r.key = r.item.Link + route(p.link)
	if r.key == "" { // a script holds the address
		r.key = attr(p.link, "onclick") + "\x00" + r.item.Title + "\x00" + found.text
	}
	return r, true
}

// route is the part of a link's address by which a script tells pages apart
// that have one address.
func route(link *html.Node) string {
	if link == nil {
		return ""
	}
	_, fragment, _ := strings.Cut(attr(link, "href"), "#")
	if strings.HasPrefix(fragment, "/") || strings.HasPrefix(fragment, "!") {
		return "#" + fragment
	}
	return ""
}

// newer returns the row with the later date of two that repeat one link: the
// copy for phones may be older than the list.
func newer(a, b row) row {
	if b.dated() && (!a.dated() || b.item.Date.Time.After(a.item.Date.Time)) {
		return b
	}
	return a
}

// seen returns the moment the page's words were written for: a body confirmed
// by 304 still says what it said when it came.
func (p Page) seen() time.Time {
	if p.NotModified && !p.BodyAt.IsZero() {
		return p.BodyAt
	}
	return p.FetchedAt
}

// take gives the row its date, unless that lies after the day of the fetch.
func (r *row) take(found dating, fetched time.Time) {
	r.item.Source = clean(found.text)
	r.momentary, r.shortYear, r.odd = found.momentary, found.shortYear, found.odd
	switch today := DayOf(fetched); {
	case found.early:
		r.ahead, r.momentary = 1, true
	case found.date.IsZero():
	case found.date.Day().After(today):
		r.ahead, r.momentary = int(found.date.Day().Sub(today).Hours()/24), true
	default:
		r.item.Date = found.date
	}
}

// agreeOnShortYears takes two-digit years back where one row shows that another
// order is meant.
func agreeOnShortYears(rows []row) {
	if !slices.ContainsFunc(rows, func(r row) bool { return r.odd }) {
		return
	}
	for i := range rows {
		if rows[i].shortYear {
			rows[i].item.Date, rows[i].ahead = Date{}, 0
		}
	}
}

// linkOf returns the address of a row, "" where a script holds it.
func (c recipe) linkOf(d *document, p spot) string {
	if c.link != nil && !c.link.plain() {
		return d.resolve(c.link.first(p.node))
	}
	if p.link == nil {
		return ""
	}
	return d.resolve(attr(p.link, "href"))
}

// titleOf returns the title of a row before its date is taken out.
func (c recipe) titleOf(p spot) string {
	switch {
	case p.title == nil:
		return ""
	case c.title != nil && !c.title.plain():
		v, _ := c.title.value(p.title)
		return v
	}
	return titleOf(p.title)
}

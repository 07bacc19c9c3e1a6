package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A census is what one walk over a page counts: elements that may be rows of a
// list, gathered into clusters of like rows.
type census struct {
	clusters map[uint64]*cluster
	order    []*cluster   // as they begin on the page
	pagers   []*html.Node // elements that lead to further pages
}

// A cluster is rows that stand in like places: their parents have one path of
// tags, classes and ids, and they have one tag.
type cluster struct {
	parent uint64 // path of the rows' parents
	tag    atom.Atom
	rows   []*html.Node // smallest elements with a link and a date
	dates  []*html.Node // beside each row, the element around its first date
	many   int          // rows with more than one text like a date
	bare   []*html.Node // elements with one link and no date
	runes  int          // of the rows' titles

	// beside is the path from a row to the element with its date, where that
	// stands next to the row and not in it; "" elsewhere.
	beside string

	// event is the head of the table's column that holds the dates, where that
	// is no publication: 开标时间.
	event string
}

// A count is what the walk knows of one element.
type count struct {
	links int
	href  string     // of the first link
	runes int        // of text inside links
	dates int        // texts that look like dates
	date  *html.Node // element around the first of them
	rows  int        // rows inside
	bytes int        // visible text
}

// maxRowLinks is the most links that a row of a list holds: its title, a
// picture of it, the name of its group.
const maxRowLinks = 4

// maxRowText is the most visible text, in bytes, of one row.
const maxRowText = 6 << 10

// takeCensus walks the page once.
func takeCensus(d *document) *census {
	c := &census{clusters: make(map[uint64]*cluster)}
	c.walk(d.root, nil, 0)
	return c
}

// walk counts below n. Path is the hash of n's place.
func (c *census) walk(n, link *html.Node, path uint64) count {
	var sum count
	var single []*html.Node // children with one link
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		switch child.Type {
		case html.TextNode:
			sum.text(child, link)
		case html.ElementNode:
			if unseen(child) && child.DataAtom != atom.Head {
				continue
			}
			within := link
			if child.DataAtom == atom.A {
				within = child
			}
			got := c.walk(child, within, rung(path, child))
			got = c.close(child, got, path)
			if got.links == 1 && got.rows == 0 {
				single = append(single, child)
			}
			sum.add(got)
		}
	}
	if sum.links > 1 && (sum.dates == 0 || sum.rows > 0) {
		for _, s := range single {
			cl := c.at(path, s.DataAtom)
			cl.bare = append(cl.bare, s)
		}
	}
	return sum
}

// close ends the count of one element: it may be a link, and it may be a row.
func (c *census) close(n *html.Node, sum count, parent uint64) count {
	if n.DataAtom == atom.A {
		sum.links, sum.href = 1, attr(n, "href")
		if sum.runes == 0 && firstElement(n, atom.Img) == nil && attr(n, "title") == "" {
			sum.links = 0 // nothing to read or to click
		}
		if sum.bytes > 0 && sum.bytes <= 24 && isPagerText(n) {
			c.pagers = append(c.pagers, n)
		}
	}
	if sum.dates == 0 {
		sum.attribute(n)
	}
	if sum.links == 0 || sum.dates == 0 || sum.rows > 0 {
		return sum
	}
	sum.rows = 1
	if sum.links > maxRowLinks || sum.bytes > maxRowText || n.DataAtom == atom.Body {
		c.pairs(n, sum, rung(parent, n))
		return sum // text around links, and no row
	}
	cl := c.at(parent, n.DataAtom)
	cl.rows = append(cl.rows, n)
	cl.dates = append(cl.dates, sum.date)
	cl.runes += sum.runes
	if sum.dates > 1 {
		cl.many++
	}
	return sum
}

// at returns the cluster of a place, made if it is new.
func (c *census) at(parent uint64, tag atom.Atom) *cluster {
	key := mixHash(parent, uint64(tag))
	cl := c.clusters[key]
	if cl == nil {
		cl = &cluster{parent: parent, tag: tag}
		c.clusters[key] = cl
		c.order = append(c.order, cl)
	}
	return cl
}

// text counts one text.
func (k *count) text(n, link *html.Node) {
	s := strings.TrimSpace(cut(n.Data, maxDateText))
	if s == "" {
		return
	}
	k.bytes += len(s)
	switch {
	case link == nil && likeDate(s), link != nil && len(s) <= maxWholeDate && likeDate(s) && n.Parent != link:
		k.dates++
		if k.date == nil {
			k.date = n.Parent
		}
	case link != nil:
		k.runes += len(s) / 3
	}
}

// maxWholeDate bounds a text inside a link that is nothing but a date.
const maxWholeDate = 32

// attribute counts a date that an element holds in an attribute made for it.
func (k *count) attribute(n *html.Node) {
	if dateAttribute(n) != "" {
		k.dates, k.date = 1, n
	}
}

// dateAttribute names the attribute of an element that holds a date, "" if none
// does.
func dateAttribute(n *html.Node) string {
	for _, a := range n.Attr {
		short := len(a.Val) <= maxWholeDate && likeDate(a.Val)
		switch a.Key {
		case "title":
			if n.DataAtom == atom.A {
				short = datedTitle(a.Val)
			}
		case "datetime", "data-time", "data-date", "date", "time", "readlabel":
		default:
			short = false
		}
		if short {
			return a.Key
		}
	}
	return ""
}

// datedTitle reports whether the title of a link names the time of its
// publication, as tips that systems make do.
func datedTitle(s string) bool {
	return (strings.Contains(s, "时间") || strings.Contains(s, "日期")) && titleDate.MatchString(s)
}

// titleDate finds the labelled date in the title of a link.
var titleDate = regexp.MustCompile(titleDatePattern)

const titleDatePattern = `(?:时间|日期)[：:]?\s*(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2})`

// add takes in the count of a child. A link that stands twice, as a picture and
// as a title, is one.
func (k *count) add(o count) {
	if o.links > 0 {
		if k.links == 1 && o.links == 1 && k.href == o.href && k.href != "" {
			k.links = 0
		}
		if k.href == "" {
			k.href = o.href
		}
		k.links += o.links
	}
	k.runes += o.runes
	k.dates += o.dates
	if k.date == nil {
		k.date = o.date
	}
	k.rows += o.rows
	k.bytes += o.bytes
}

// rung hashes the place of a child: its tag, its id and its classes, without
// what differs from row to row.
func rung(path uint64, n *html.Node) uint64 {
	h := mixHash(path, uint64(n.DataAtom))
	if n.DataAtom == 0 {
		h = hashText(h, n.Data)
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "class":
			for f := range strings.FieldsSeq(a.Val) {
				if !passing(f) {
					h = hashText(h, f)
				}
			}
		case "id":
			h = hashText(h^0x1d, a.Val)
		case "width":
			if n.DataAtom == atom.Td || n.DataAtom == atom.Table {
				h = hashText(h^0x77, a.Val)
			}
		}
	}
	return h
}

// passing reports whether a class says how a row looks at the moment, or which
// of its siblings it is, rather than what it is.
func passing(class string) bool {
	switch strings.TrimRight(strings.ToLower(class), "0123456789") {
	case "odd", "even", "first", "last", "cur", "current", "on", "active", "hover", "new", "top", "line", "bg", "":
		return true
	}
	return false
}

// hashText adds a text to a hash, digits left out: con_1 and con_2 are like
// places.
func hashText(h uint64, s string) uint64 {
	for i := range len(s) {
		if c := s[i]; c < '0' || c > '9' {
			h = (h ^ uint64(c)) * 1099511628211
		}
	}
	return h * 31
}

func mixHash(a, b uint64) uint64 { return (a ^ b*0x9e3779b97f4a7c15) * 1099511628211 }

// isPagerText reports whether a link leads to a further page of a list.
func isPagerText(a *html.Node) bool {
	switch strings.Trim(squeeze(textOf(a)), "<>《》[]»›") {
	case "下一页", "下页", "后一页", "后页", "尾页", "末页", "最后一页", "末尾页":
		return true
	}
	return false
}

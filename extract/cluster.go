package extract

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A stand is what speaks for and against a cluster being the list a page is
// there for, before any date is read. Each part is a sum of weights; the weights
// are in [stand.points].
type stand struct {
	size    float64 // how many rows, of ten
	share   float64 // of all rows' text
	prefix  float64 // of links that lead below the page's own folder
	deep    float64 // of links that look like those of articles
	heading caption // what the words above it say
	pager   bool    // it is the list that the links to further pages belong to
	aside   int     // 2: in a menu, a footer, a slide show; 1: in a side column
	titles  float64 // mean length of the titles, in runes
	beside  bool    // a list without dates lies nearer to the page's address
	repeats bool    // it shows the items of that list

	box *html.Node // holds the list and the words above it
}

// points weighs a stand, from about -1 to 1.
func (s stand) points() float64 {
	p := 0.30 + 0.14*s.size + 0.12*s.share + 0.14*s.prefix + 0.06*s.deep
	switch s.heading {
	case headColumn:
		p += 0.20
	case headForeign:
		if !s.pager {
			p -= 0.20
		}
	case headBlock:
		p -= 0.40
	}
	if s.pager {
		p += 0.18
	}
	p -= 0.08 * float64(min(s.aside, 1))
	if s.aside > 1 {
		p -= 0.22
	}
	if s.titles < 5 {
		p -= 0.25
	}
	return p
}

// block reports whether a list is one block of several: it neither holds most of
// what is dated on the page, nor bears the column's name, nor has further pages.
//
// So is one that bears a name of its own, unless the pages go on in its box.
func (s stand) block() bool {
	if s.repeats {
		return s.heading == headBlock
	}
	switch s.heading {
	case headColumn:
		return (s.beside || s.aside > 1 && s.prefix < 0.5) && !s.pager
	case headAkin, headFar:
		return !s.pager && s.prefix < 0.5
	case headForeign, headBlock:
		return !s.pager
	}
	return (s.share < 0.5 || s.beside) && !s.pager
}

// grow makes rows of the elements around them, as long as each holds one row:
// a cell becomes its line.
func (cl *cluster) grow() {
	for len(cl.rows) > 0 && len(cl.bare) == 0 && cl.beside == "" {
		up := parents(cl.rows)
		if len(up) != len(cl.rows) {
			return
		}
		switch up[0].DataAtom {
		case atom.Body, atom.Html, atom.Tbody, atom.Table, atom.Ul, atom.Ol:
			return
		case atom.Li, atom.Tr, atom.Dd:
		default:
			if len(up) == 1 {
				return
			}
		}
		cl.rows, cl.tag = up, up[0].DataAtom
	}
}

// severalBlocks is how many blocks of one shape make a page of blocks.
const severalBlocks = 3

// A scene knows what a page says of itself.
type scene struct {
	d      *document
	c      *census
	names  naming             // what the column is called
	folder string             // of the page
	runes  int                // of all dated rows
	places map[*html.Node]int // what aside says of elements, once it was asked
}

func newScene(d *document, c *census, column string) *scene {
	s := &scene{d: d, c: c, names: d.columnNames(column), places: make(map[*html.Node]int)}
	if u, err := url.Parse(d.page.URL); err == nil {
		s.folder = folder(u)
	}
	for _, cl := range c.order {
		s.runes += cl.runes
	}
	return s
}

// columnNames gathers what the column of a page is called: by the configuration,
// by the page's tags, by its title.
func (d *document) columnNames(column string) naming {
	all := []string{column, d.lastCrumb()}
	for n := range d.root.Descendants() {
		if n.DataAtom == atom.Body {
			break
		}
		if n.DataAtom == atom.Meta && strings.EqualFold(attr(n, "name"), "ColumnName") {
			all = append(all, attr(n, "content"))
		}
	}
	for _, s := range titleParts.Split(d.title(), -1) {
		if !siteWords.MatchString(s) {
			all = append(all, s)
		}
	}
	var out naming
	for _, s := range all {
		if s = letters(s); len(s) >= 6 && len(s) <= 60 {
			out = append(out, s)
		}
	}
	return out
}

// siteWords end the name of a site or of a body, which stands above everything
// on its pages.
var siteWords = regexp.MustCompile(`(?:网|网站|政府|门户|平台|局|厅|委|委员会|办公室|中心|大学|学院|学校|法院|检察院|总站|首页)$`)

// titleParts separates the column's name from the site's in a <title>.
var titleParts = regexp.MustCompile(`[-_|—–>»·/:：\s]+`)

// stand judges one cluster by its rows.
func (s *scene) stand(cl *cluster, rows []*html.Node) stand {
	st := stand{size: float64(min(len(rows), 10)) / 10, aside: s.aside(rows[0].Parent)}
	if st.aside == 2 && len(cl.rows) == 0 {
		return st // a menu, as most are that show no dates
	}
	if s.runes > 0 && len(cl.rows) > 0 {
		st.share = float64(cl.runes) / float64(s.runes)
	}
	sample := rows[:min(len(rows), 12)]
	near, deep, runes := 0, 0, 0
	for _, n := range sample {
		a := linkOf(n)
		runes += len([]rune(titleOf(a)))
		to := s.d.resolve(attr(a, "href"))
		if u, err := url.Parse(to); err == nil && to != "" && strings.HasPrefix(folder(u), s.folder) {
			near++
		}
		if articleAddress(to) {
			deep++
		}
	}
	n := float64(len(sample))
	st.prefix, st.deep, st.titles = float64(near)/n, float64(deep)/n, float64(runes)/n
	if strings.Count(s.folder, "/") < 2 {
		st.prefix = 0 // everything is below the root
	}
	if st.heading, st.box = s.heading(rows[0]); st.heading > headFar && len(parents(rows)) >= severalBlocks {
		st.heading = headNone // of one block of many
	}
	return st
}

// linkOf returns the link of a row, which may be the row itself.
func linkOf(row *html.Node) *html.Node {
	if row.DataAtom == atom.A {
		return row
	}
	return firstLink(row)
}

// articleAddress reports whether an address looks like that of an article: it
// holds a number of several digits, and names a file.
func articleAddress(to string) bool {
	if !strings.ContainsAny(to, "0123456789?") {
		return false
	}
	return articleLink.MatchString(to) || articleFile.MatchString(to)
}

var articleFile = regexp.MustCompile(`(?i)(?:\d{3,}|[0-9a-f]{16,})[^/]*\.(?:s?html?|jhtml|aspx?|jsp|php)|[?&](?:id|aid|articleid|infoid|newsid)=\w+`)

// The words of blocks that are not the column's list.
var otherBlock = regexp.MustCompile(`热点|热门|热文|热搜|排行|点击榜|推荐|相关|最新|近期|今日|一周|友情链接|快速(?:导航|通道)|上一[篇页条]|下一[篇页条]|猜你喜欢|大家都在看|图片新闻|专题|轮播|滚动|延伸阅读`)

var (
	otherPlace = regexp.MustCompile(`(?i)foot|\bnav|menu|hot|rank|relat|recommend|friend|link-?list|yqlj|weather|calendar|slid|swiper|focus|banner|carousel|lunbo|scroll|marquee|crumb|float|topbar|copyright`)
	sidePlace  = regexp.MustCompile(`(?i)side|aside|\bleft|\bright|tuijian|xgwz|phb`)
)

// aside tells by the names of an element and of those around it whether it stands where
// no column's list does.
func (s *scene) aside(n *html.Node) int {
	if n == nil || n.DataAtom == atom.Body {
		return 0
	}
	found, known := s.places[n]
	if !known {
		if found = ownPlace(n); found < 2 {
			found = max(found, s.aside(n.Parent))
		}
		s.places[n] = found
	}
	return found
}

// ownPlace is what an element's own name says of where it stands.
func ownPlace(n *html.Node) int {
	found := 0
	switch n.DataAtom {
	case atom.Nav, atom.Footer, atom.Header, atom.Marquee:
		return 2
	case atom.Aside:
		found = 1
	}
	for _, a := range n.Attr {
		switch {
		case a.Key != "class" && a.Key != "id":
		case otherPlace.MatchString(a.Val):
			return 2
		case sidePlace.MatchString(a.Val):
			found = 1
		}
	}
	return found
}

// paged returns the cluster that the links to further pages belong to: of those
// that end before the links, the one that shares the closest ancestor. A list
// without dates may be the one.
func (c *census) paged() *cluster {
	if len(c.pagers) == 0 {
		return nil
	}
	last := c.pagers[len(c.pagers)-1]
	above := make(map[*html.Node]rungUp)
	up := 0
	for n, child := last, (*html.Node)(nil); n != nil; n, child = n.Parent, n {
		above[n] = rungUp{up, child}
		up++
	}
	var best *cluster
	closest := 7 // further up stands the whole page
	for _, cl := range c.order {
		rows := cl.listed()
		if len(rows) == 0 {
			continue
		}
		at, ok := rungsUp(rows[len(rows)-1], above)
		if ok && (at < closest || at == closest && best != nil && len(rows) > len(best.listed())) {
			best, closest = cl, at
		}
	}
	return best
}

// A rungUp is an element above the links to further pages: how far up it stands,
// and its child that leads to them.
type rungUp struct {
	up    int
	child *html.Node
}

// rungsUp returns how far up from the links stands what they share with a row,
// if the row stands before them.
func rungsUp(row *html.Node, above map[*html.Node]rungUp) (up int, ok bool) {
	for n, child := row, (*html.Node)(nil); n != nil; n, child = n.Parent, n {
		r, shared := above[n]
		if !shared {
			continue
		}
		for s := child; s != nil; s = s.NextSibling {
			if s == r.child {
				return r.up, child != r.child
			}
		}
		return 0, false
	}
	return 0, false
}

// listed returns the rows of a cluster if they may be a list's: dated ones, or
// some with titles longer than those of menus and pagers.
func (cl *cluster) listed() []*html.Node {
	if len(cl.rows) > 0 || len(cl.bare) < leastBare {
		return cl.rows
	}
	runes := 0
	for _, n := range cl.bare {
		runes += utf8.RuneCountInString(squeeze(textOf(n)))
	}
	if runes < longTitles*len(cl.bare) {
		return nil
	}
	return cl.bare
}

// What a list without dates must have: so many rows, and titles so long on the
// average, in runes.
const (
	leastBare  = 4
	longTitles = 6
)

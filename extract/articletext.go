package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A line is what a reader of a page sees as one line: the text of a block, with
// what scripts write into it.
type line struct {
	text  string     // cut at maxLineText
	runes int        // of the whole line
	links int        // runes inside links
	node  *html.Node // the block it stands in

	// hides says that something in the line may show words that we cannot read:
	// a picture, a script, an element named for a date and empty.
	hides bool
}

// Bounds of the lines of one page. A line that is longer is a paragraph, and its
// end holds nothing that dates the page.
const (
	maxLineText = 2 << 10
	maxLines    = 5000
)

// A liner gathers the lines of a document in page order.
type liner struct {
	lines   []line
	now     line
	text    strings.Builder
	scripts scripts
}

// linesOf returns the lines of a document and what its scripts hold.
func linesOf(d *document) ([]line, scripts) {
	l := &liner{scripts: scripts{values: make(map[string]string), changing: make(map[string]bool)}}
	l.now.node = d.root
	l.walk(d.root, false)
	l.end(nil)
	return l.lines, l.scripts
}

func (l *liner) walk(n *html.Node, inLink bool) {
	for c := n.FirstChild; c != nil && len(l.lines) < maxLines; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			l.add(c.Data, inLink)
		case html.ElementNode:
			l.element(c, inLink)
		}
	}
}

func (l *liner) element(n *html.Node, inLink bool) {
	switch n.DataAtom {
	case atom.Head:
		l.head(n)
		return
	case atom.Script:
		l.script(n)
		return
	case atom.Img, atom.Svg, atom.Canvas, atom.Object, atom.Embed, atom.Iframe:
		l.now.hides = true
		return
	case atom.Br:
		l.end(l.now.node)
		return
	}
	if unseen(n) {
		return
	}
	if n.FirstChild == nil && dateName.MatchString(attr(n, "id")+" "+attr(n, "class")) {
		l.now.hides = true
	}
	inLink = inLink || n.DataAtom == atom.A
	l.labels(n)
	if inline(n) {
		l.walk(n, inLink)
		return
	}
	outer := l.now.node
	l.end(n)
	l.walk(n, inLink)
	l.end(outer)
}

// labels writes a label in front of an element whose name says that it holds the
// date of publication, as systems name it that print none.
func (l *liner) labels(n *html.Node) {
	if n.FirstChild == nil || !inline(n) || len(n.Attr) == 0 && n.DataAtom != 0 {
		return
	}
	if n.DataAtom == 0 && issues(n.Data) || issues(attr(n, "id")) || issues(attr(n, "class")) || strings.Contains(attr(n, "itemprop"), "datePublished") {
		if !strings.HasSuffix(strings.TrimRight(ascii(cut(l.text.String(), maxLineText)), " "), ":") {
			l.text.WriteString("发布时间: ")
		}
	}
}

// head reads the scripts of a page's head, which shows nothing.
func (l *liner) head(n *html.Node) {
	for c := range n.Descendants() {
		if c.DataAtom == atom.Script {
			l.scripts.run(c)
		}
	}
}

func (l *liner) script(n *html.Node) {
	written, known := l.scripts.run(n)
	if !known {
		l.now.hides = true
	}
	l.add(written, false)
}

// inline reports whether an element stands within a line. Names that HTML does
// not know are marks of content management systems within a text.
func inline(n *html.Node) bool {
	switch n.DataAtom {
	case atom.A, atom.Span, atom.B, atom.I, atom.Em, atom.Strong, atom.Font, atom.Small, atom.Big, atom.Label, atom.U, atom.Time,
		atom.Sub, atom.Sup, atom.Abbr, atom.Code, atom.Input, atom.Ins, atom.Mark, atom.Q, atom.S, atom.Cite, 0:
		return true
	}
	return false
}

// toolLink is a link that does something with the page at hand.
var toolLink = regexp.MustCompile(`(?i)^[^\p{L}\d]{0,2}(?:(?:打印|关闭|收藏|加入收藏|分享|返回|评论|纠错|下载|字号|print|close).*|(?:特?大|中|小|默认)[^\p{L}\d]{0,2})$`)

// add puts a text into the line at hand.
func (l *liner) add(s string, inLink bool) {
	s = cut(s, maxTextNode)
	if s = strings.TrimSpace(s); s == "" {
		return
	}
	n := utf8.RuneCountInString(s)
	l.now.runes += n
	if inLink && !(n <= 10 && toolLink.MatchString(s)) {
		l.now.links += n
	}
	if l.text.Len() < maxLineText {
		l.text.WriteString(cut(s, maxLineText))
		l.text.WriteByte(' ')
	}
}

// end closes the line at hand; the next one stands in n.
func (l *liner) end(n *html.Node) {
	if l.now.runes > 0 || l.now.hides {
		l.now.text = strings.Join(strings.Fields(ascii(l.text.String())), " ")
		l.lines = append(l.lines, l.now)
	}
	l.text.Reset()
	l.now = line{node: n}
}

// cell returns the table cell a line stands in, nil if there is none.
func (l line) cell() *html.Node { return closest(l.node, atom.Td, atom.Th) }

// closest returns n or the nearest element above it with one of the names.
func closest(n *html.Node, names ...atom.Atom) *html.Node {
	for ; n != nil; n = n.Parent {
		for _, name := range names {
			if n.DataAtom == name {
				return n
			}
		}
	}
	return nil
}

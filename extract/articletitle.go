package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// An anatomy is where on its page an article stands, by the numbers of lines.
type anatomy struct {
	title int // -1 if it was not found
	body  int // the first paragraph; the number of lines if there is none
}

// bodyNames are what the common systems call the element around the text of an
// article and nothing else.
var bodyNames = regexp.MustCompile(`(?i)TRS_?(?:Editor|UEDITOR|PreAppend|paper)|v_news_content|UCAP-?CONTENT|ucapcontent|(?:article|art|news|detail|info)[-_]?(?:content|con|text|body|main|cont)\b|ewb-article|NewsContent|\bzoom\b|js_content|view_content|wenzhang|\bcontent_?(?:text|body|txt)\b|dede-content`)

// titleNames are what the element around a title is called.
var titleNames = regexp.MustCompile(`(?i)title|\btit\b|\bbt\b|biaoti|headline|rich_media_title|activity-name`)

// crumb is a path of links to the page, which names its title as well.
var crumb = regexp.MustCompile(`当前位置|您的位置|所在位置|您现在的位置|>`)

// anatomyOf finds the title of an article and where its text begins.
func anatomyOf(d *document, lines []line, known []string) anatomy {
	var names []string
	for _, name := range known {
		names = append(names, letters(strings.TrimRight(name, ".…")))
	}
	names = append(names, d.titles()...)
	a := anatomy{title: -1, body: len(lines)}
	best := 2
	for i, l := range lines {
		if score := l.titleScore(names); score > best {
			a.title, best = i, score
		}
	}
	for i := a.title + 1; i < len(lines); i++ {
		if lines[i].paragraph() || a.inBody(lines, i) {
			a.body = i
			break
		}
	}
	return a
}

// titles returns what the head of a page calls it, the surest first, in
// comparable form.
func (d *document) titles() []string {
	page := letters(d.title())
	var sure []string
	for n := range d.root.Descendants() {
		switch {
		case n.DataAtom == atom.Meta && titleMeta(n):
			sure = append(sure, letters(cut(attr(n, "content"), 2000)))
		case n.DataAtom == atom.Body:
			return append(sure, page)
		}
	}
	return append(sure, page)
}

func titleMeta(n *html.Node) bool {
	switch metaName(n) {
	case "articletitle", "ogtitle", "twittertitle", "headline":
		return true
	}
	return false
}

// titleScore says how much a line looks like the title of the page: words that
// the head of the page repeats, and a heading.
func (l line) titleScore(names []string) int {
	if l.runes < 2 || l.runes > 200 || 2*l.links > l.runes || crumb.MatchString(l.text) {
		return 0
	}
	score := headingScore(l.node)
	own := letters(l.text)
	for _, name := range names {
		switch {
		case own == "" || name == "":
		case own == name:
			return score + 8
		case len(own) >= 12 && strings.HasPrefix(name, own):
			return score + 6
		case len(own) >= 30 && strings.Contains(name, own), len(name) >= 30 && strings.HasPrefix(own, name):
			return score + 5
		}
	}
	if utf8.RuneCountInString(own) < 4 {
		return 0
	}
	return score
}

// headingScore weighs the element of a line and the one around it.
func headingScore(n *html.Node) int {
	score := 0
	for range 2 {
		if n == nil {
			break
		}
		switch n.DataAtom {
		case atom.H1:
			score = max(score, 4)
		case atom.H2, atom.H3, atom.H4:
			score = max(score, 3)
		}
		if titleNames.MatchString(attr(n, "class") + " " + attr(n, "id")) {
			score = max(score, 3)
		}
		n = n.Parent
	}
	return score
}

// paragraphRunes is how long a line of running text is at least.
const paragraphRunes = 50

// paragraph reports whether a line is running text.
func (l line) paragraph() bool {
	return l.runes >= paragraphRunes && 3*l.links < l.runes && strings.ContainsAny(l.text, "，。；！？,.;") && !imprint.MatchString(l.text)
}

// imprint is what stands at the end of every page.
var imprint = regexp.MustCompile(`(?i)版权所有|ICP备|ICP证|公网安备|copyright|网站标识码|主办单位|承办单位|技术支持|分辨率`)

// inBody reports whether a line stands in an element that systems keep for the
// text of an article, and the title does not.
func (a anatomy) inBody(lines []line, i int) bool {
	for n := lines[i].node; n != nil && n.DataAtom != atom.Body; n = n.Parent {
		if bodyNames.MatchString(attr(n, "class") + " " + attr(n, "id")) {
			return a.title < 0 || !within(lines[a.title].node, n)
		}
	}
	return false
}

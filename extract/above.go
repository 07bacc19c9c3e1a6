package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A head is what the words above a list say of it.
type caption int

const (
	headNone    caption = iota
	headColumn          // the column's name
	headOwn             // a name, where nobody knows what the column is called
	headFar             // nothing, and something else stands nearer to the page's name
	headAkin            // another name that has a word of it
	headForeign         // a name that has nothing of it
	headBlock           // words of a block that is no column's list: 热点, 相关
)

// heading looks for the words above a list, the nearest first: a list that bears
// a name of its own is not called what the whole page is. Box is the element in
// which name and list stand.
func (s *scene) heading(row *html.Node) (found caption, box *html.Node) {
	for p, looked := row.PrevSibling, 0; p != nil && looked < 3; p = p.PrevSibling {
		if p.Type != html.ElementNode || unseen(p) {
			continue
		}
		looked++
		if h := s.says(p, oneCell(p)); h == headColumn || h == headBlock || h == headForeign && oneCell(p) {
			return h, row.Parent
		}
	}
	n := row.Parent
	for up := 0; n != nil && up < 4 && n.DataAtom != atom.Body; up++ {
		looked := 0
		for p := n.PrevSibling; p != nil && looked < 3; p = p.PrevSibling {
			if p.Type != html.ElementNode || unseen(p) {
				continue
			}
			looked++
			switch h := s.says(p, up == 0 && looked == 1); {
			case h != headNone:
				return h, n.Parent
			case s.fills(p):
				return headFar, nil
			}
		}
		n = n.Parent
	}
	return headNone, nil
}

// fills reports whether an element may be what a page is there for: text, a
// frame, the place that a script fills. Menus and counts are not.
func (s *scene) fills(p *html.Node) bool {
	text := squeeze(textOf(p))
	if s.holdsRows(p) {
		return false // a list that may as well be meant
	}
	if text == "" {
		return p.DataAtom == atom.Iframe || firstElement(p, atom.Iframe) != nil || waiting(p)
	}
	links, inside := 0, 0
	for n := range p.Descendants() {
		switch n.DataAtom {
		case atom.A:
			links++
			inside += utf8.RuneCountInString(squeeze(textOf(n)))
		case atom.Form, atom.Input, atom.Select:
			return false
		}
	}
	switch runes := utf8.RuneCountInString(text); {
	case nothingHere.MatchString(text), strings.Contains(text, "{{"), strings.Contains(text, "加载"):
		return true
	case links == 0:
		return runes > 60
	case links < leastBare || inside < longTitles*links:
		return false
	}
	return s.aside(p) < 2
}

// waiting reports whether an empty element is one that a script fills, unless
// the data for it stand behind it.
func waiting(p *html.Node) bool {
	for s := p.NextSibling; s != nil; s = s.NextSibling {
		if s.Data == recordset {
			return false
		}
	}
	return attr(p, "id") != "" && isBox(p) && firstElement(p, atom.Img) == nil
}

// holdsRows reports whether dated rows stand in an element.
func (s *scene) holdsRows(p *html.Node) bool {
	return slices.ContainsFunc(s.c.order, func(cl *cluster) bool {
		return slices.ContainsFunc(cl.rows[:min(len(cl.rows), 3)], func(n *html.Node) bool { return within(n, p) })
	})
}

// oneCell reports whether a line of a table is one cell.
func oneCell(p *html.Node) bool { return p.DataAtom == atom.Tr && len(cells(p)) == 1 }

// says tells what an element above a list makes of it. Right above it a short
// line is a caption whatever it is made of.
func (s *scene) says(p *html.Node, near bool) caption {
	text := squeeze(textOf(p))
	if img := p; text == "" {
		if img.DataAtom != atom.Img {
			img = firstElement(p, atom.Img)
		}
		if img != nil {
			text = attr(img, "alt")
		}
	}
	if text == "" || len(text) > 180 {
		return headNone
	}
	norm := letters(text)
	switch {
	case s.names.headed(norm) || s.names.is(lastCrumb(text)):
		return headColumn
	case utf8.RuneCountInString(norm) <= 16 && otherBlock.MatchString(norm):
		return headBlock
	case !isCaption(p, norm, near):
		return headNone
	case len(s.names) == 0:
		return headOwn
	}
	if slices.ContainsFunc(s.names, func(name string) bool { return sharesWord(name, strings.TrimSuffix(norm, "更多")) }) {
		return headAkin
	}
	return headForeign
}

var (
	headPlace = regexp.MustCompile(`(?i)tit|head|\bhd\b|\bbt\b|caption|lanmu|\bname\b`)

	// headWords are in lines above lists that name nothing: column heads of a
	// table, forms, counts, ways.
	headWords = regexp.MustCompile(`\d|日期|时间|标题|序号|文号|搜索|查询|检索|首页|位置|排序|全部|列表|目录|字号|关键[词字]|共.*[条页]|more$`)
)

// isCaption reports whether an element is the heading of a block: an element made
// for that, with a name in it and no more than a link to the whole.
func isCaption(p *html.Node, norm string, near bool) bool {
	name := strings.TrimSuffix(strings.TrimSuffix(norm, "more"), "更多")
	if n := utf8.RuneCountInString(name); n < 2 || n > 12 || headWords.MatchString(name) {
		return false
	}
	links := 0
	marked := near && firstElement(p, atom.A) == nil && utf8.RuneCountInString(name) <= 8 && len(name) >= 3*utf8.RuneCountInString(name) || name != norm || isHeadTag(p) || headPlace.MatchString(attr(p, "class")+" "+attr(p, "id"))
	for n := range p.Descendants() {
		if n.DataAtom == atom.A {
			links++
		}
		marked = marked || isHeadTag(n)
	}
	return marked && links <= 2
}

func isHeadTag(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Caption, atom.Legend, atom.B, atom.Strong, atom.Img:
		return true
	}
	return false
}

// headed reports whether a text is one of the names and little more.
func (n naming) headed(norm string) bool {
	return slices.ContainsFunc(n, func(s string) bool {
		return strings.Contains(norm, s) && len([]rune(norm)) <= len([]rune(s))+6
	})
}

// lastCrumb returns the last level of a line like 当前位置：首页 > 政务公开.
func lastCrumb(text string) string {
	if i := strings.LastIndexAny(text, ">＞»/"); i >= 0 {
		return letters(strings.TrimLeft(text[i:], ">＞»/"))
	}
	return ""
}

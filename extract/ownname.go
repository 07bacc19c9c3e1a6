package extract

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// crumbs is what stands before the way to a page, and crumbSplit between its
// steps.
var (
	crumbs     = regexp.MustCompile(`(?:您?(?:当前|现在|目前|所在)的?(?:位置|栏目)|您的位置)(?:是|为)?[:：]?`)
	crumbSplit = regexp.MustCompile(`[>＞»›→/|]+|--+|-&gt;`)
)

// maxCrumbs bounds the text of a way, in runes: what is longer is the page. No
// more than maxWays are looked at.
const (
	maxCrumbs = 120
	maxWays   = 5
)

// columnName returns the name that the page says its column has: its ColumnName,
// else the last step of the way that leads to it, "" if it says neither.
func (d *document) columnName() string {
	if name := d.meta("ColumnName"); name != "" {
		return name
	}
	return d.lastCrumb()
}

// meta returns the content of a <meta> by its name, in whatever case.
func (d *document) meta(name string) string {
	for n := range d.root.Descendants() {
		if n.DataAtom == atom.Meta && strings.EqualFold(attr(n, "name"), name) {
			if v := title(attr(n, "content")); v != "" {
				return v
			}
		}
	}
	return ""
}

// lastCrumb returns the last step of the first way on the page that has one.
func (d *document) lastCrumb() string {
	ways := 0
	for n := range d.root.Descendants() {
		if n.Type != html.TextNode || len(n.Data) > maxTextNode || !strings.Contains(n.Data, "位") && !strings.Contains(n.Data, "栏") || !crumbs.MatchString(squeeze(n.Data)) {
			continue
		}
		if ways++; ways > maxWays {
			break
		}
		box := n.Parent
		for range 2 { // the words may stand in an element of their own
			way := wayIn(box)
			if steps := crumbSplit.Split(way, -1); way != "" && len(steps) > 1 {
				return lastName(steps)
			}
			if box.Parent == nil {
				break
			}
			box = box.Parent
		}
	}
	return ""
}

// lastName returns the last step that is a name: some systems end a way with
// what kind of page it leads to.
func lastName(steps []string) string {
	for _, step := range slices.Backward(steps) {
		switch name := title(step); name {
		case "", "列表", "列表页", "正文", "详情", "内容":
		default:
			return name
		}
	}
	return ""
}

// wayIn returns the text behind the words that announce a way, "" if there is
// none or too much.
func wayIn(box *html.Node) string {
	text := textOf(box)
	at := crumbs.FindStringIndex(text)
	if at == nil || utf8.RuneCountInString(text[at[1]:]) > maxCrumbs {
		return ""
	}
	return strings.Trim(text[at[1]:], " >＞»›→/|-")
}

// oddities are notes for people on a page that was read: it says that it is
// another column's, or its title sells what no public body does. They are no
// more than notes: the names on pages are often those of a parent, or old.
func (t Task) oddities(d *document) []string {
	var notes []string
	if name := d.meta("ColumnName"); t.Column != "" && name != "" && !sharesWord(name, t.Column) {
		notes = append(notes, fmt.Sprintf("the page calls itself %q, not %q", cut(name, 60), cut(t.Column, 60)))
	}
	shown := strings.ToLower(squeeze(d.title()))
	if word := firstIn([]byte(shown), hijackWords); word != "" && firstIn([]byte(shown), officialWords) == "" {
		notes = append(notes, fmt.Sprintf("the page's title says %q: somebody may have tampered with it", word))
	}
	return notes
}

// sharesWord reports whether two names have a word of two characters in common;
// one that is shorter must be part of the other.
func sharesWord(a, b string) bool {
	x, y := []rune(letters(a)), []rune(letters(b))
	if len(x) < 2 || len(y) < 2 {
		return strings.Contains(string(x), string(y)) || strings.Contains(string(y), string(x))
	}
	words := make(map[string]bool, len(x))
	for i := range len(x) - 1 {
		words[string(x[i:i+2])] = true
	}
	for i := range len(y) - 1 {
		if words[string(y[i:i+2])] {
			return true
		}
	}
	return false
}

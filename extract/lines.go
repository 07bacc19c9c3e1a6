package extract

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Line is one line of a page as a visitor sees it, with what a reading made of
// it. Its text is fit for a terminal: one line, no control characters, nothing
// that turns the direction of writing.
type Line struct {
	Text string

	// Item is the number, from 1, of the item of the reading that the line was
	// read as; 0 where nothing was read from it.
	Item int

	// From and To are where in Text, in bytes, the text stands that became the
	// item's date; equal where it does not stand there, as a date taken from an
	// attribute or an address.
	From, To int

	// Passed says that the line shows a full date and nothing was read from it.
	Passed bool
}

// Limits of what is shown of one page.
const (
	maxPageLines = 4000
	maxLineBytes = 400 // bytes
)

// Lines returns the visible text of a page, line by line, and marks what the
// reading took from it, so that a person sees what was left out. Data and feeds
// come as their source text. A page that is no text has no lines.
func Lines(p Page, r Reading) []Line {
	text, _, o := decode(p)
	if o != nil {
		return nil
	}
	t := typesetter{page: p}
	if d, o := parse(p); o == nil {
		t.doc = d
		t.block(d.root, false)
		t.end()
	} else {
		t.source(string(text))
	}
	for i, item := range r.Items {
		t.mark(i+1, item)
	}
	return t.finish()
}

// Text returns all that a page shows as text, uncut, "" for a page that is no text.
// What stands in one line of the page may be spread over lines here.
func Text(p Page) string {
	text, _, o := decode(p)
	if o != nil {
		return ""
	}
	d, o := parse(p)
	if o != nil {
		return string(text)
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				b.WriteString(c.Data)
			case c.Type == html.ElementNode && !unseen(c):
				walk(c)
				if !inlines[c.DataAtom] {
					b.WriteByte('\n')
				}
			}
		}
	}
	walk(d.root)
	return b.String()
}

// A typesetter breaks a page into lines as a browser would, roughly: a row of a
// list or a table is one line where it holds no other rows.
type typesetter struct {
	page  Page
	doc   *document
	lines []Line
	links [][]string // the addresses that each line leads to

	text strings.Builder // of the line being set
	to   []string
	open string // the address of the link that is open
}

// block sets what is below n. Inside a row nothing but another row breaks the
// line.
func (t *typesetter) block(n *html.Node, row bool) {
	for c := n.FirstChild; c != nil && len(t.lines) < maxPageLines; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			t.text.WriteString(cut(c.Data, maxTextNode))
			t.text.WriteByte(' ')
		case c.Type != html.ElementNode || unseen(c):
		case c.DataAtom == atom.Br && !row:
			t.end()
		case inlines[c.DataAtom], row && !rowOf(c):
			t.inline(c, row)
		default:
			t.end()
			t.block(c, row || leafRow(c))
			t.end()
		}
	}
}

// inline sets an element that breaks no line.
func (t *typesetter) inline(n *html.Node, row bool) {
	if n.DataAtom == atom.A {
		if t.open = t.doc.resolve(attr(n, "href")); t.open != "" {
			t.to = append(t.to, t.open)
		}
	}
	t.block(n, row)
	if n.DataAtom == atom.A {
		t.open = ""
	}
}

// inlines are the elements that stand in a line of text; they never change.
var inlines = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Big: true, atom.Cite: true, atom.Code: true, atom.Del: true, atom.Em: true,
	atom.Font: true, atom.I: true, atom.Img: true, atom.Input: true, atom.Ins: true, atom.Label: true, atom.Mark: true, atom.S: true,
	atom.Small: true, atom.Span: true, atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.Td: true, atom.Th: true,
	atom.Time: true, atom.U: true,
}

// rowOf reports whether an element is a row of a list or a table.
func rowOf(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Li, atom.Tr, atom.Dt, atom.Dd:
		return true
	}
	return false
}

// leafRow reports whether an element is a row that holds no other rows.
func leafRow(n *html.Node) bool {
	if !rowOf(n) {
		return false
	}
	for c := range n.Descendants() {
		if rowOf(c) {
			return false
		}
	}
	return true
}

// end ends the line being set; an empty one is left out.
func (t *typesetter) end() {
	t.add(t.text.String(), t.to)
	t.text.Reset()
	if t.to = nil; t.open != "" { // a link around whole blocks leads on
		t.to = []string{t.open}
	}
}

// add adds a line.
func (t *typesetter) add(text string, links []string) {
	if text = oneLine(text); text != "" && len(t.lines) < maxPageLines {
		t.lines = append(t.lines, Line{Text: text})
		t.links = append(t.links, links)
	}
}

// oneLine makes a text fit for one line of a terminal.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), r == unicode.ReplacementChar:
			return ' '
		case unicode.Is(unicode.Cf, r), unicode.In(r, unicode.Zl, unicode.Zp):
			return -1
		}
		return r
	}, cut(s, 4*maxLineBytes))
	return cut(strings.Join(strings.Fields(s), " "), maxLineBytes)
}

// dataBreaks is where data without line ends are broken.
var dataBreaks = strings.NewReplacer("{", "\n{", "<item", "\n<item", "<entry", "\n<entry", "<record", "\n<record")

// source sets data and feeds by their own text.
func (t *typesetter) source(text string) {
	for line := range strings.SplitSeq(dataBreaks.Replace(text), "\n") {
		if t.add(line, nil); len(t.lines) == maxPageLines {
			return
		}
	}
}

// mark finds the line that an item was read from: the one with its address or
// title that also shows its date, else the first.
func (t *typesetter) mark(n int, item Item) {
	best, most := -1, 0
	for i, line := range t.lines {
		if score := t.score(i, line, item); line.Item == 0 && score > most {
			best, most = i, score
		}
	}
	if best < 0 {
		return
	}
	dated := false
	titleApart := item.Link != "" && !strings.Contains(t.lines[best].Text, cut(item.Title, cutTitle))
	for _, i := range []int{best, best + 1, best - 1, best + 2, best - 2} {
		if i < 0 || i >= len(t.lines) || t.lines[i].Item != 0 {
			continue
		}
		from, to := spanOf(t.lines[i].Text, item.Source)
		switch {
		case from < to && !dated:
			t.lines[i].Item, t.lines[i].From, t.lines[i].To, dated = n, from, to, true
		case i == best, from == to && titleApart && slices.Contains(t.links[i], item.Link):
			t.lines[i].Item = n
		}
	}
}

// cutTitle is how much of a title, in bytes, tells it from others: ten signs.
const cutTitle = 30

// score says how well a line answers to an item; 0 is not at all.
func (t *typesetter) score(i int, line Line, item Item) int {
	score := 0
	if item.Link != "" && slices.Contains(t.links[i], item.Link) {
		score = 1
	}
	switch {
	case item.Title == "":
	case strings.Contains(line.Text, item.Title):
		score += 2
	case strings.Contains(line.Text, cut(item.Title, cutTitle)):
		score++ // the page shows the beginning, an attribute the whole
	}
	if score == 0 {
		return 0
	}
	if from, to := spanOf(line.Text, item.Source); from < to {
		score += 4
	}
	return score
}

// spanOf finds the text of a date in a line: as it is or, where it was brought
// to another form, by its numbers.
func spanOf(line, source string) (from, to int) {
	if source == "" {
		return 0, 0
	}
	if i := strings.Index(line, source); i >= 0 {
		return i, i + len(source)
	}
	numbers := digits.FindAllString(source, 6)
	if len(numbers) < 2 {
		return 0, 0
	}
	re, err := regexp.Compile(`\b` + strings.Join(numbers, `[^0-9]{1,6}`) + `\b`)
	if err != nil {
		return 0, 0
	}
	if m := re.FindStringIndex(line); m != nil {
		return m[0], m[1]
	}
	return 0, 0
}

// finish marks the lines that show a date of which nothing was read.
func (t *typesetter) finish() []Line {
	today := DayOf(t.page.seen())
	for i := range t.lines {
		line := &t.lines[i]
		line.Passed = line.Item == 0 && showsOther(line.Text, today)
	}
	return t.lines
}

// showsOther reports whether a text shows a date besides a day: the heads of
// pages show that of the fetch.
func showsOther(text string, day time.Time) bool {
	return slices.ContainsFunc(fullDates(normal(text), named), func(s sight) bool { return !s.date.Day().Equal(day) })
}

package extract

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A dating is what a row's date came to, and from which text.
type dating struct {
	sight
	odd    bool // looks like a short year in another order
	inLink bool // the date stands inside the link, so the title holds it too
}

// dateOf finds the date of a row: in the element the recipe names, else in the
// row's text without its title. A title is never searched.
func (c recipe) dateOf(p spot, k clues) dating {
	if c.date == nil {
		return k.fromRow(p)
	}
	if !c.date.plain() {
		return k.fromValues(c.date, p)
	}
	nodes := c.date.nodes(p.node)
	if len(nodes) == 0 && p.scope != p.node {
		nodes = c.date.nodes(p.scope)
	}
	return k.fromNodes(nodes, p)
}

// fromValues reads attributes and what regexps kept: the recipe's own words.
func (k clues) fromValues(f *field, p spot) dating {
	var all []sight
	var texts []string
	for _, n := range f.nodes(p.scope) {
		if v, ok := f.value(n); ok {
			all = append(all, k.find(v, named)...)
			texts = append(texts, v)
		}
	}
	if len(all) == 0 && len(texts) > 1 {
		all = k.find(strings.Join(texts, " "), named)
	}
	return decide(all, texts)
}

// fromNodes reads the elements a date selector matched. One inside the title
// must be nothing but a date, and of one that holds the title the rest is read.
func (k clues) fromNodes(nodes []*html.Node, p spot) dating {
	var all []sight
	var texts []string
	inLink := false
	for _, n := range nodes {
		m, leave := named, p.isTitle
		if p.inTitle(n) {
			m, leave, inLink = whole, nil, true
		}
		text := strings.TrimSpace(strings.ReplaceAll(strings.Join(pieces(n, leave), " "), gap, " "))
		if text == "" {
			continue
		}
		all = append(all, k.find(text, m)...)
		texts = append(texts, text)
	}
	if len(all) == 0 && len(texts) > 1 {
		all = k.find(strings.Join(texts, " "), whole)
	}
	d := decide(all, texts)
	d.inLink = inLink
	return d
}

func (p spot) isTitle(n *html.Node) bool {
	return n == p.link || n == p.title
}

// inTitle reports whether n is the link or title, or stands inside it.
func (p spot) inTitle(n *html.Node) bool {
	return p.link != nil && within(n, p.link) || p.title != nil && within(n, p.title)
}

// oddShape is a short date that is not year, month and day.
var oddShape = regexp.MustCompile(`^\d{2}[-./]\d{2}[-./]\d{2}$`)

// decide settles on one date, or says which texts could not be told apart.
func decide(all []sight, texts []string) dating {
	chosen, ok, refuse := settle(all)
	switch {
	case refuse:
		return dating{sight: sight{text: "several dates: " + clean(strings.Join(texts, " | "))}}
	case ok:
		return dating{sight: chosen}
	}
	d := dating{}
	for _, t := range texts {
		d.odd = d.odd || oddShape.MatchString(strings.Trim(normal(t), " []()"))
	}
	return d
}

// fromRow searches the row's text: first the pieces outside the title, then the
// elements inside the link that are nothing but a date.
func (k clues) fromRow(p spot) dating {
	outside := labelled(pieces(p.scope, func(n *html.Node) bool { return p.isTitle(n) }))
	if p.scope == p.link || p.scope == p.title {
		outside = nil
	}
	if d := k.fromPieces(outside, free); d.found() || d.text != "" {
		return d
	}
	d := k.fromPieces(labelled(nested(p.link)), whole)
	d.inLink = true
	return d
}

func (d dating) found() bool { return !d.date.IsZero() || d.early }

// maxPiece is the longest piece of a row that can be a date with its label.
const maxPiece = 200

// fromPieces reads each piece by itself, and neighbours together where no piece
// is a date.
func (k clues) fromPieces(texts []string, m manner) dating {
	var all []sight
	var short []string
	for _, t := range texts {
		if len(t) > maxPiece {
			t = gap
		}
		if t != gap {
			all = append(all, k.find(t, m)...)
		}
		short = append(short, t)
	}
	if len(all) == 0 && len(short) > 1 && len(short) <= 12 {
		all = k.fromNeighbours(short, m)
	}
	return decide(all, slices.DeleteFunc(short, func(s string) bool { return s == gap }))
}

// fromNeighbours reads pieces in a row as one date, the longest first: pages
// print day and month apart, and numbers in elements of their own. The title
// between two pieces keeps a row's number from becoming a day.
func (k clues) fromNeighbours(texts []string, m manner) []sight {
	var all []sight
	for size := min(6, len(texts)); size >= 2 && len(all) == 0; size-- {
		for i := 0; i+size <= len(texts); i++ {
			joined := strings.Join(texts[i:i+size], " ")
			if len(joined) <= 40 && !strings.Contains(joined, gap) {
				all = append(all, k.find(joined, m)...)
			}
		}
	}
	return all
}

// labelled joins a piece that ends in a colon with the one behind it.
func labelled(texts []string) []string {
	var out []string
	label := ""
	for i, t := range texts {
		if i > 0 && i+1 < len(texts) && isSpan(t) && len(out) > 0 { // from one day to another
			out[len(out)-1] += t
			label = out[len(out)-1]
			out = out[:len(out)-1]
			continue
		}
		t, label = label+t, ""
		if len(t) <= 60 && (strings.HasSuffix(t, ":") || strings.HasSuffix(t, "：")) {
			label = t
			continue
		}
		out = append(out, t)
	}
	return out
}

// isSpan reports whether a text stands between the two days of a period.
func isSpan(s string) bool {
	switch strings.TrimSpace(s) {
	case "至", "到", "~", "～", "-", "--", "—", "——":
		return true
	}
	return false
}

// nested returns the texts of a link that stand in elements of their own, and
// none of those in a link that is one plain text.
func nested(link *html.Node) []string {
	if link == nil {
		return nil
	}
	var out []string
	for c := link.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && !unseen(c) {
			out = append(out, pieces(c, nil)...)
		}
	}
	return out
}

// titleOf returns the title a link or element shows. A title cut short by the
// page is completed from its attribute, and a picture is named by its own.
func titleOf(n *html.Node) string {
	text := strings.Join(pieces(n, nil), " ")
	full := attr(n, "title")
	switch {
	case text == "" && full == "":
		if img := firstElement(n, atom.Img); img != nil {
			return attr(img, "alt")
		}
		return ""
	case text == "", full != "" && (strings.HasSuffix(text, "...") || strings.HasSuffix(text, "…")):
		return full
	}
	return text
}

// withoutDate takes the date that stood inside the link out of the title.
func withoutDate(s string, d dating) string {
	if !d.inLink || !d.found() || d.text == "" {
		return s
	}
	s = strings.Join(strings.Fields(s), " ")
	for _, t := range []string{"[" + d.text + "]", "(" + d.text + ")", "【" + d.text + "】", d.text} {
		if head, tail, found := strings.Cut(s, t); found {
			return head + tail
		}
	}
	return s
}

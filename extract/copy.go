package extract

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Copy is a page made fit to be shown in a frame beside what was read from it:
// its elements and texts as they came, decoded and parsed as the reader does,
// without anything that runs, asks for something, leads away or takes input.
//
// It is markup from outside all the same. Whoever shows it gives it a frame of
// its own whose policy forbids scripts and requests: what was left out here is
// the first of two locks.
type Copy struct {
	Title string
	Style []byte // of the page itself, for a style element
	Body  []byte // what stands inside of <body>

	// Numbered says that each element carries its number, data-n: a person may
	// point at it, see [Point]. It is false for data and feeds, which are shown
	// as their text, line by line.
	Numbered bool

	// Places says where the items of the reading stand, one each; the zero
	// Place for one that is not on this page.
	Places []Place

	// Cut says that the page was too large to be shown whole.
	Cut bool
}

// A Place is where an item stands on a page, by numbers of elements. 0 is none.
type Place struct {
	Row   int `json:"row"`
	Title int `json:"title"` // the link, or what shows the title
	Date  int `json:"date"`  // the element that shows the text of its date
}

// Limits of what is shown of one page.
const (
	maxCopied    = 40_000  // elements
	maxCopyBytes = 6 << 20 // of markup
)

// CopyOf makes the copy of a page and finds the items of a reading in it. Newest
// is marked by the class xc-newest, every item by xc-item, the texts of dates by
// xc-date. ok is false for a page that is no text: it can only be taken as a
// file.
func CopyOf(p Page, r Reading) (c Copy, ok bool) {
	text, _, o := decode(p)
	if o != nil && binary(p.Body) != "" || len(bytes.TrimSpace(p.Body)) == 0 {
		return Copy{}, false
	}
	if o != nil {
		text, _, _ = Decode(p.Body, p.HeaderValue("Content-Type"))
	}
	d, o := parse(p)
	if o != nil && o.class == ClassCutBody {
		d, o = parseTorn(p, text)
	}
	if o != nil || d.root == nil || d.data != nil {
		return textCopy(p, r), true
	}
	return d.copy(r), true
}

// parseTorn parses what there is of a page that is cut short.
func parseTorn(p Page, text []byte) (*document, *obstacle) {
	root, err := html.Parse(bytes.NewReader(oneRoot(text)))
	if err != nil {
		return nil, hindered(ReasonLost, "the page cannot be parsed: %v", err)
	}
	d := &document{page: p, text: text, root: root, base: baseOf(root, p.URL)}
	d.expand()
	return d, nil
}

// textCopy shows data line by line.
func textCopy(p Page, r Reading) Copy {
	c := Copy{Places: make([]Place, len(r.Items))}
	var b bytes.Buffer
	for _, line := range Lines(p, r) {
		class := "xc-line"
		switch {
		case line.Item > 0 && line.Item-1 == r.NewestItem && !r.Newest.IsZero():
			class += " xc-item xc-newest"
		case line.Item > 0:
			class += " xc-item"
		}
		b.WriteString(`<div class="` + class + `">`)
		if line.From < line.To {
			b.WriteString(html.EscapeString(line.Text[:line.From]) + `<span class="xc-date">` + html.EscapeString(line.Text[line.From:line.To]) +
				`</span>` + html.EscapeString(line.Text[line.To:]))
		} else {
			b.WriteString(html.EscapeString(line.Text))
		}
		b.WriteString("</div>\n")
	}
	c.Body = b.Bytes()
	return c
}

// copy makes the copy of a document.
func (d *document) copy(r Reading) Copy {
	numbers := d.numbers()
	found := d.locate(r.Items)
	w := copier{d: d, numbers: numbers, classes: map[*html.Node]string{}}
	c := Copy{Title: d.title(), Numbered: true, Places: make([]Place, len(r.Items))}
	for i, f := range found {
		c.Places[i] = Place{numbers[f.row], numbers[f.title], numbers[f.date]}
		w.mark(f.row, "xc-item")
		w.mark(f.date, "xc-date")
		if i == r.NewestItem && !r.Newest.IsZero() {
			w.mark(f.row, "xc-newest")
			w.newest = f.row
		}
	}
	if body := firstElement(d.root, atom.Body); body != nil {
		w.children(body)
	} else {
		w.children(d.root) // a set of frames
	}
	c.Style, c.Body, c.Cut = w.style(), w.out.Bytes(), w.cut
	return c
}

// numbers counts the elements of a document in its order, from 1.
func (d *document) numbers() map[*html.Node]int {
	all := make(map[*html.Node]int)
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode {
			all[n] = len(all) + 1
		}
	}
	return all
}

// A copier writes the markup of a copy.
type copier struct {
	d       *document
	numbers map[*html.Node]int
	classes map[*html.Node]string
	newest  *html.Node
	out     bytes.Buffer
	count   int
	cut     bool
}

func (w *copier) mark(n *html.Node, class string) {
	if n != nil {
		w.classes[n] = strings.TrimSpace(w.classes[n] + " " + class)
	}
}

// children writes what stands below an element.
func (w *copier) children(n *html.Node) {
	for c := n.FirstChild; c != nil && !w.cut; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			w.out.WriteString(html.EscapeString(c.Data))
		case html.ElementNode:
			w.element(c)
		}
		w.cut = w.count > maxCopied || w.out.Len() > maxCopyBytes
	}
}

// copied are the elements that a copy has as they are. All others are left out
// with what they hold, or give way to what they hold.
var copied = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.Address: true, atom.Article: true, atom.Aside: true, atom.B: true, atom.Big: true,
	atom.Blockquote: true, atom.Br: true, atom.Caption: true, atom.Center: true, atom.Cite: true, atom.Code: true, atom.Col: true,
	atom.Colgroup: true, atom.Dd: true, atom.Del: true, atom.Dfn: true, atom.Div: true, atom.Dl: true, atom.Dt: true, atom.Em: true,
	atom.Figcaption: true, atom.Figure: true, atom.Font: true, atom.Footer: true, atom.H1: true, atom.H2: true, atom.H3: true,
	atom.H4: true, atom.H5: true, atom.H6: true, atom.Header: true, atom.Hgroup: true, atom.Hr: true, atom.I: true, atom.Img: true,
	atom.Ins: true, atom.Kbd: true, atom.Label: true, atom.Legend: true, atom.Li: true, atom.Main: true, atom.Mark: true,
	atom.Nav: true, atom.Ol: true, atom.P: true, atom.Pre: true, atom.Q: true, atom.S: true, atom.Samp: true, atom.Section: true,
	atom.Small: true, atom.Span: true, atom.Strike: true, atom.Strong: true, atom.Sub: true, atom.Summary: true, atom.Sup: true,
	atom.Table: true, atom.Tbody: true, atom.Td: true, atom.Tfoot: true, atom.Th: true, atom.Thead: true, atom.Time: true,
	atom.Tr: true, atom.Tt: true, atom.U: true, atom.Ul: true, atom.Var: true, atom.Wbr: true,
}

// leftOut are the elements of which nothing is shown.
var leftOut = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Noscript: true, atom.Head: true, atom.Title: true, atom.Base: true,
	atom.Link: true, atom.Meta: true, atom.Object: true, atom.Embed: true, atom.Applet: true, atom.Param: true, atom.Audio: true,
	atom.Video: true, atom.Source: true, atom.Track: true, atom.Canvas: true, atom.Map: true, atom.Svg: true, atom.Math: true,
	atom.Textarea: true, atom.Select: true, atom.Datalist: true, atom.Dialog: true, atom.Noembed: true,
	atom.Noframes: true, atom.Plaintext: true, atom.Xmp: true, atom.Listing: true,
}

// voids hold nothing and have no end.
var voids = map[atom.Atom]bool{atom.Br: true, atom.Hr: true, atom.Img: true, atom.Col: true, atom.Wbr: true}

// element writes one element. What another name space holds, a form that could be
// sent, a frame that would be fetched, do not come with it.
func (w *copier) element(n *html.Node) {
	w.count++
	switch {
	case n.Namespace != "", leftOut[n.DataAtom], n.Data == "xml":
		return
	case n.DataAtom == atom.Iframe, n.DataAtom == atom.Frame:
		w.placeholder(n, "frame", attr(n, "src"))
		return
	case n.DataAtom == atom.Input:
		if kind := strings.ToLower(attr(n, "type")); kind != "hidden" {
			w.placeholder(n, "input", attr(n, "value"))
		}
		return
	}
	name := "div"
	switch {
	case copied[n.DataAtom]:
		name = n.Data
	case inlines[n.DataAtom] || n.DataAtom == atom.Button:
		name = "span"
	}
	w.out.WriteString("<" + name)
	w.attributes(n)
	w.out.WriteByte('>')
	if voids[n.DataAtom] {
		return
	}
	w.children(n)
	w.out.WriteString("</" + name + ">")
}

// placeholder says what stood in the place of an element that is not shown.
func (w *copier) placeholder(n *html.Node, class, says string) {
	w.out.WriteString(`<span class="xc-` + class + `"`)
	w.number(n)
	w.out.WriteString(">" + html.EscapeString(cut(oneLine(says), 200)) + "</span>")
}

func (w *copier) number(n *html.Node) {
	w.out.WriteString(` data-n="` + strconv.Itoa(w.numbers[n]) + `"`)
}

// plainAttributes may stand in a copy with whatever value they have: they set
// words and sizes and nothing else.
var plainAttributes = []string{
	"title", "alt", "align", "valign", "width", "height", "colspan", "rowspan", "border", "cellpadding", "cellspacing", "bgcolor",
	"color", "face", "size", "dir", "lang", "hidden", "start", "type", "nowrap", "span",
}

// attributes writes those attributes of an element that only say how it looks,
// and its number.
func (w *copier) attributes(n *html.Node) {
	w.number(n)
	class := strings.Join(slices.DeleteFunc(strings.Fields(attr(n, "class")), ours), " ")
	if class = strings.TrimSpace(class + " " + w.classes[n]); class != "" {
		w.attribute("class", class)
	}
	if n == w.newest {
		w.attribute("id", "xc-newest")
	} else if id := attr(n, "id"); id != "" && !ours(id) {
		w.attribute("id", id)
	}
	seen := map[string]bool{}
	for _, a := range n.Attr {
		if a.Namespace != "" || seen[a.Key] {
			continue
		}
		seen[a.Key] = true
		switch {
		case a.Key == "style":
			if style := harmlessStyle(a.Val); style != "" {
				w.attribute("style", style)
			}
		case a.Key == "src" && n.DataAtom == atom.Img && pictureData(a.Val):
			w.attribute("src", a.Val)
		case slices.Contains(plainAttributes, a.Key):
			w.attribute(a.Key, cut(a.Val, maxTextNode))
		}
	}
}

func (w *copier) attribute(key, value string) {
	w.out.WriteString(" " + key + `="` + html.EscapeString(value) + `"`)
}

// ours reports whether a name is one that marks items: a page that uses it could
// mark what was not read.
func ours(name string) bool { return strings.HasPrefix(strings.ToLower(name), "xc-") }

// pictureData reports whether an address holds a picture itself, of a kind that
// is nothing but pixels.
func pictureData(src string) bool {
	for _, kind := range []string{"png", "jpeg", "gif", "webp"} {
		if strings.HasPrefix(src, "data:image/"+kind+";base64,") {
			return true
		}
	}
	return false
}

// style gathers what the page's own style elements say, harmless.
func (w *copier) style() []byte {
	var b bytes.Buffer
	for n := range w.d.root.Descendants() {
		if n.DataAtom == atom.Style && n.Namespace == "" && n.FirstChild != nil && b.Len() < maxStyle {
			b.WriteString(harmlessStyle(n.FirstChild.Data) + "\n")
		}
	}
	return b.Bytes()
}

package extract

import (
	"bytes"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// An island is data inside a page that a script turns into rows: a browser shows
// them, a query of the document finds nothing. Islands are expanded in place, so
// that their rows stand where the page shows them.

// recordset and record are what 大汉's list interface calls its rows, in islands
// and in answers; each record holds the HTML of one row.
const (
	recordset = "recordset"
	record    = "record"
)

// expand puts the rows of a page's islands behind them, in an element named
// recordset.
func (d *document) expand() {
	lower := bytes.Contains(d.text, []byte("<"+record))
	arrays := bytes.Contains(d.text, []byte("headers["))
	if !lower && !arrays {
		return
	}
	for _, n := range islands(d.root) {
		source := rawText(n)
		switch {
		case lower && strings.Contains(source, "<"+record):
			putBehind(n, fromRecords(elements(source, record)))
		case arrays && n.DataAtom == atom.Script && strings.Contains(source, "headers["):
			putBehind(n, fromArrays(source))
		}
	}
	if lower {
		d.expandXML()
	}
}

// islands returns the elements whose text is data.
func islands(root *html.Node) []*html.Node {
	var out []*html.Node
	for n := range root.Descendants() {
		if n.DataAtom == atom.Script || n.DataAtom == atom.Textarea {
			out = append(out, n)
		}
	}
	return out
}

// rawText is the text of an element that can hold nothing else.
func rawText(n *html.Node) string {
	if n.FirstChild == nil {
		return ""
	}
	return n.FirstChild.Data
}

// xmlIsland finds what an <xml> element holds in the source: its CDATA means
// nothing to HTML and is lost in the document.
var xmlIsland = regexp.MustCompile(`(?is)<xml\b[^>]{0,200}>(.*?)</xml\s*>`)

// expandXML expands <xml> elements, in place of what HTML made of them.
func (d *document) expandXML() {
	var holders []*html.Node
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "xml" {
			holders = append(holders, n)
		}
	}
	if len(holders) == 0 {
		return
	}
	for i, m := range xmlIsland.FindAllSubmatch(d.text, len(holders)) {
		rows := fromRecords(elements(string(m[1]), record))
		if rows == nil {
			continue
		}
		for c := holders[i].FirstChild; c != nil; c = holders[i].FirstChild {
			holders[i].RemoveChild(c)
		}
		putBehind(holders[i], rows)
	}
}

// putBehind inserts rows after a node, unless there are none.
func putBehind(n, rows *html.Node) {
	if rows != nil && n.Parent != nil {
		n.Parent.InsertBefore(rows, n.NextSibling)
	}
}

// fromRecords makes one element of the HTML of many rows, nil if there is none.
// Rows that are cells of a table get one.
func fromRecords(texts []string) *html.Node {
	set := &html.Node{Type: html.ElementNode, Data: recordset}
	into := map[atom.Atom]*html.Node{atom.Body: set}
	for _, text := range texts {
		context := contextOf(text)
		box := into[context]
		if box == nil {
			box = table(set)
			into[context] = box
		}
		nodes, err := html.ParseFragment(strings.NewReader(text), element(context, ""))
		if err != nil {
			continue // nested too deep for a row
		}
		addRow(box, nodes)
	}
	if set.FirstChild == nil {
		return nil
	}
	return set
}

// tableParts is HTML that only a table can hold.
var tableParts = regexp.MustCompile(`(?i)^\s*<t[rd]\b`)

func contextOf(text string) atom.Atom {
	if tableParts.MatchString(text) {
		return atom.Tbody
	}
	return atom.Body
}

// table adds an empty table and returns its body.
func table(to *html.Node) *html.Node {
	t, body := element(atom.Table, ""), element(atom.Tbody, "")
	t.AppendChild(body)
	to.AppendChild(t)
	return body
}

// addRow appends a row: its one element as it is, so that rows are siblings, or
// several together in a <div>.
func addRow(box *html.Node, nodes []*html.Node) {
	var elements int
	for _, n := range nodes {
		if n.Type == html.ElementNode || strings.TrimSpace(n.Data) != "" {
			elements++
		}
	}
	if elements > 1 && box.DataAtom != atom.Tbody {
		div := element(atom.Div, "")
		box.AppendChild(div)
		box = div
	}
	for _, n := range nodes {
		box.AppendChild(n)
	}
}

// arrayEntry is one assignment of the older form, in which a page holds its
// addresses, titles and dates in arrays.
var arrayEntry = regexp.MustCompile(`\b(urls|headers|year|month|day)\[\s*\w{1,10}\s*\]\s*=\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|(\d{1,4}))`)

// fromArrays makes rows of arrays of addresses, titles, years, months and days.
// A name that comes again begins the next row.
func fromArrays(source string) *html.Node {
	set := &html.Node{Type: html.ElementNode, Data: recordset}
	row := map[string]string{}
	for _, m := range arrayEntry.FindAllStringSubmatch(source, 5*MaxItems) {
		if _, again := row[m[1]]; again {
			addArrayRow(set, row)
			row = map[string]string{}
		}
		row[m[1]] = unescaped.Replace(m[2] + m[3] + m[4])
	}
	addArrayRow(set, row)
	if set.FirstChild == nil {
		return nil
	}
	return set
}

// unescaped turns the escapes of a script's strings into what they mean.
var unescaped = strings.NewReplacer(`\'`, `'`, `\"`, `"`, `\/`, `/`, `\\`, `\`)

// addArrayRow appends one row, if it has an address and a title.
func addArrayRow(set *html.Node, row map[string]string) {
	if row["urls"] == "" || row["headers"] == "" {
		return
	}
	li := element(atom.Li, "")
	a := element(atom.A, plainText(row["headers"]))
	a.Attr = []html.Attribute{{Key: "href", Val: row["urls"]}}
	li.AppendChild(a)
	if row["year"] != "" && row["month"] != "" && row["day"] != "" {
		li.AppendChild(element(atom.Span, row["year"]+"-"+row["month"]+"-"+row["day"]))
	}
	set.AppendChild(li)
}

// element makes an element with a text.
func element(name atom.Atom, text string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: name.String(), DataAtom: name}
	if text != "" {
		n.AppendChild(&html.Node{Type: html.TextNode, Data: text})
	}
	return n
}

// plainText returns the text of a value that may be HTML.
func plainText(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	nodes, err := html.ParseFragment(strings.NewReader(cut(s, maxTextNode)), element(atom.Body, ""))
	if err != nil {
		return s
	}
	box := element(atom.Body, "")
	for _, n := range nodes {
		box.AppendChild(n)
	}
	return strings.Join(pieces(box, nil), " ")
}

package extract

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// A reply is a page of a source made ready to be read by forms: decoded once,
// and parsed once for each way of parsing that a form asks for.
type reply struct {
	page     Page
	text     []byte
	charset  string
	obstacle *obstacle // why it cannot be decoded

	doc     *document // as a web page
	docWhy  *obstacle
	data    *datum // as JSON, or JSON line by line
	dataErr error
	said    []string // see words
	parsed  struct{ doc, data, said bool }
}

// newReply decodes a page.
func newReply(p Page) *reply {
	a := &reply{page: p}
	if len(p.Body) == 0 {
		a.obstacle = &obstacle{reason: ClassEmptyBody.Reason(), class: ClassEmptyBody, detail: "the answer is empty"}
		return a
	}
	a.text, a.charset, a.obstacle = decode(p)
	return a
}

// sound reports whether the answer is one that may be read: whole and no error.
func (a *reply) sound() bool {
	return a.obstacle == nil && a.page.Class == "" && (a.page.Status == 0 || a.page.Status >= 200 && a.page.Status < 300)
}

// document returns the answer as a web page.
func (a *reply) document() (*document, *obstacle) {
	if !a.parsed.doc {
		a.parsed.doc = true
		a.doc, a.docWhy = parse(a.page)
	}
	return a.doc, a.docWhy
}

// json returns the data that the answer is.
func (a *reply) json() (*datum, error) {
	if !a.parsed.data {
		a.parsed.data = true
		a.data, a.dataErr = parseJSON(a.text)
		if a.dataErr != nil {
			if lines, ok := parseLines(a.text); ok {
				a.data, a.dataErr = lines, nil
			}
		}
		if a.dataErr == nil {
			enter(a.data, maxWraps, new(int))
		}
	}
	return a.data, a.dataErr
}

// island returns the data that a page's script holds behind a text of the form.
// Of several such places the first that holds data counts.
func (a *reply) island(f *postForm) (*datum, error) {
	err := errNoValue
	for rest, tries := a.text, 0; tries < maxIslands; tries++ {
		at := f.island.FindIndex(rest)
		if at == nil {
			break
		}
		rest = rest[at[1]:]
		var d *datum
		if d, err = scriptValue(rest); err == nil {
			enter(d, maxWraps, new(int))
			return d, nil
		}
	}
	return nil, err
}

// maxIslands is how often the text in front of an island is looked for.
const maxIslands = 8

// parseLines reads a text of one object a line as an array of them. Half a line
// at the end, as of an export that was cut, makes it none.
func parseLines(text []byte) (*datum, bool) {
	if len(text) > maxData {
		return nil, false
	}
	root := &datum{form: array}
	count := 0
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\ufeff"))) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if line[0] != '{' {
			return nil, false
		}
		d, err := parseJSON(line)
		if err != nil {
			return nil, false
		}
		if count += d.size(); count > maxDatums {
			return nil, false
		}
		root.kids = append(root.kids, *d)
	}
	return root, len(root.kids) > 0
}

// size counts the values in d.
func (d *datum) size() int {
	n := 1
	for i := range d.kids {
		n += d.kids[i].size()
	}
	return n
}

// enter makes texts that hold JSON the objects they hold, so that paths lead
// into them: some platforms wrap an answer in a text of another.
func enter(d *datum, depth int, entered *int) {
	if d.form == scalar && depth > 0 && len(d.text) > 1 && *entered < maxEntered {
		s := strings.TrimSpace(d.text)
		if s != "" && (s[0] == '{' && s[len(s)-1] == '}' || s[0] == '[' && s[len(s)-1] == ']') {
			*entered++
			if strings.Contains(s[:min(len(s), 64)], "&quot;") {
				s = string(unwrapped(s))
			}
			if inner, err := parseJSON([]byte(s)); err == nil {
				d.form, d.kids = inner.form, inner.kids
				depth--
			}
		}
	}
	for i := range d.kids {
		enter(&d.kids[i], depth, entered)
	}
}

// maxEntered bounds the texts of one answer that are entered.
const maxEntered = 500

// rowsIn returns the rows that the list of a form leads to. Found says that a
// list is there although it may hold nothing, refused that null stands in its
// place.
func (f *postForm) rowsIn(root *datum) (items []*datum, found, refused bool) {
	for _, p := range f.list {
		got, list := itemsOf(p.find(root))
		items, found = append(items, got...), found || list
		for n := len(p); n > 0 && len(got) == 0; n-- {
			for _, d := range p[:n].find(root) {
				found = found || d.form == array && len(d.kids) == 0
				refused = refused || d.form == nothing
			}
		}
	}
	return items, found, refused && len(items) == 0
}

// value returns the first text that a fact leads to in d.
func (f *fact) value(d *datum) string {
	if f == nil || d == nil {
		return ""
	}
	for _, w := range f.ways {
		if w.cell == nil {
			continue
		}
		if s := w.cell.value(d); s != "" {
			return s
		}
	}
	return ""
}

// values returns a text for every way that leads to one.
func (f *fact) values(d *datum) []string {
	var out []string
	if f == nil || d == nil {
		return nil
	}
	for _, w := range f.ways {
		if w.cell == nil {
			continue
		}
		if s := w.cell.value(d); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// within returns the part of a fact that is about a row: paths that are spelt
// from the root lose the path of the list they pass through.
func (f *fact) within(lists []trail) *fact {
	if f == nil {
		return nil
	}
	out := &fact{}
	for _, w := range f.ways {
		if w.cell == nil {
			out.ways = append(out.ways, w)
			continue
		}
		c := *w.cell
		for _, l := range lists {
			if len(l) > 0 && len(c.path) > len(l) && equalTrail(c.path[:len(l)], l) {
				c.path = c.path[len(l):]
				break
			}
		}
		out.ways = append(out.ways, way{cell: &c})
	}
	return out
}

func equalTrail(a, b trail) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

// onPage returns the first value that a fact has on a page. A field that names
// no element is matched against the source.
func (f *fact) onPage(d *document) string {
	if f == nil || d == nil {
		return ""
	}
	for _, w := range f.ways {
		if w.page == nil {
			continue
		}
		if w.page.sel == nil && w.page.attr == "" && w.page.re != nil {
			if m := inSource(w.page.re, d.text); m != nil {
				return asRead(string(m[min(1, len(m)-1)]))
			}
			continue
		}
		if s := w.page.first(d.root); s != "" {
			return s
		}
	}
	return ""
}

// How much of a page's source is searched: all of it for a plain beginning, and
// there so many bytes as often as it is found; for an expression without one, what
// the largest articles hold.
const (
	maxSought = 3 << 20
	foundText = 1 << 10
	maxFound  = 2000
)

// inSource finds the first match of an expression in a page's source, nil without
// one.
func inSource(re *regexp.Regexp, text []byte) [][]byte {
	begins, _ := re.LiteralPrefix()
	if len(begins) < 3 {
		return re.FindSubmatch(text[:min(len(text), maxSought)])
	}
	for range maxFound {
		at := bytes.Index(text, []byte(begins))
		if at < 0 {
			return nil
		}
		text = text[at:]
		if m := re.FindSubmatch(text[:min(len(text), foundText)]); m != nil {
			return m
		}
		text = text[min(len(text), foundText/2):]
	}
	return nil
}

// asRead is what a text of a page's source stands for: scripts and HTML escape
// some of it.
func asRead(s string) string {
	if strings.ContainsRune(s, '\\') && !strings.ContainsRune(s, '"') {
		if plain, _, ok := scriptText([]byte(`"` + s + `"`)); ok {
			s = plain
		}
	}
	return html.UnescapeString(s)
}

// moment reads a time at which an answer says it was made.
func moment(s string, p Page) time.Time {
	if s == "" {
		return time.Time{}
	}
	chosen, ok, _ := settle(clues{seen: p.seen()}.find(postDate(s), named))
	if !ok || chosen.momentary || !chosen.date.Minute {
		return time.Time{}
	}
	return chosen.date.Time
}

// baseFor returns what links of an answer are relative to.
func (a *reply) baseFor() *document {
	d := dataDocument(a.page, a.text, a.charset)
	if d.base == nil {
		d.base = &url.URL{}
	}
	return d
}

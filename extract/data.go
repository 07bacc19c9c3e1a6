package extract

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// lead reads a page that holds no list itself but says where its data are.
func (r *reader) lead(p Page) sheet {
	d, o := parse(p)
	if o != nil {
		return sheet{obstacle: o}
	}
	s := sheet{doc: d, charset: d.charset}
	look := d.sketch()
	if s.obstacle = d.unfit(look); s.obstacle != nil {
		return s
	}
	to, ok := r.dataAddress(r.recipe.data, d)
	if !ok {
		if s.obstacle = d.doubtful(look, 0); s.obstacle == nil {
			s.obstacle = hindered(ReasonLost, "data %q finds no address in the page", r.recipe.raw.Data)
		}
		return s
	}
	return r.leadTo(s, to, r.recipe)
}

// leadTo has a sheet's rows read from an address by a recipe, if the address is
// one of the task's.
func (r *reader) leadTo(s sheet, to string, by recipe) sheet {
	u, err := url.Parse(to)
	if err != nil || !r.task.allowed(u, s.doc.address()) {
		s.obstacle = hindered(ReasonLost, "the data address leads to another host, %s; add it to hosts if it is meant", cut(to, 200))
		return s
	}
	s.data, s.by = to, &by
	s.obstacle = hindered(ReasonLost, "the data at %s have not been read", cut(to, 200))
	return s
}

// openData reads the data that a page led to; ok is false while they are awaited.
func (r *reader) openData(page sheet) (s sheet, ok bool) {
	p, ok := r.take(Want{URL: page.data, Why: WhyData})
	if !ok {
		return sheet{}, false
	}
	defer r.using(*page.by)()
	s = r.readFirst(p)
	s.by = page.by
	if page.method != "" {
		s.method = page.method
		if s.empty { // nobody has said that these are the column's data
			s.empty, s.obstacle = false, hindered(ReasonLost, "the data at %s state that there is nothing; put the recipe into the configuration if they are the column's", cut(page.data, 200))
		}
	}
	return s, true
}

// carried makes a recipe that was induced in the HTML of an answer one for the
// answer.
func (d *document) carried(p *Proposal, by Recipe) *Proposal {
	if p == nil || d.from == nil || p.Recipe.Source.listed() {
		return p
	}
	out := *p
	out.Recipe.Source, out.Recipe.Markup, out.Recipe.Data = d.from.Source, d.from.Markup, by.Data
	return &out
}

// using has the reader read by another recipe until the function it returns is
// called.
func (r *reader) using(by recipe) (back func()) {
	before := r.recipe
	r.recipe = by
	return func() { r.recipe = before }
}

// answer reads the answer of a list interface.
func (r *reader) answer(p Page) sheet {
	text, encoding, o := decode(p)
	if o != nil {
		return sheet{obstacle: o}
	}
	d := dataDocument(p, text, encoding)
	if d.base == nil {
		d.base = &url.URL{}
	}
	s := sheet{charset: encoding}
	if len(bytes.TrimSpace(text)) == 0 {
		s.obstacle = &obstacle{reason: ClassEmptyBody.Reason(), class: ClassEmptyBody, detail: "the answer is empty"}
		return s
	}
	if s.obstacle = r.parseAnswer(d); s.obstacle != nil {
		return s
	}
	s.doc = d
	switch {
	case r.recipe.raw.Markup != "":
		return r.fromMarkup(s)
	case r.recipe.rows == nil:
		return r.findRows(s)
	}
	return r.fromRows(s)
}

// dataDocument makes a document of what is no page: it has a text and no elements.
// Its base is nil where its address is none.
func dataDocument(p Page, text []byte, encoding string) *document {
	return &document{page: p, text: text, root: &html.Node{Type: html.DocumentNode}, base: addressOf(p.URL), charset: encoding}
}

// parseAnswer gives a document its data, or says what came in their place. XML
// whose records are HTML need not be well-formed.
func (r *reader) parseAnswer(d *document) *obstacle {
	var err error
	kind := "JSON"
	if r.recipe.source == SourceXML {
		kind = "XML"
		d.data, err = parseXML(d.text)
		if err != nil && r.recipe.raw.Markup != "" && bytes.Contains(d.text, []byte("<"+r.recipe.raw.Markup)) {
			return nil
		}
	} else {
		d.data, err = parseJSON(d.text)
	}
	if err == nil && !(kind == "XML" && strings.EqualFold(d.data.name, "html")) {
		return nil
	}
	if o := r.pageInstead(d.page); o != nil {
		return o
	}
	if err == nil {
		err = errors.New("it is a web page")
	}
	return hindered(ReasonLost, "the answer cannot be read as %s: %v", kind, err)
}

// maxMessage is the longest answer, in bytes, that may be a message in words.
const maxMessage = 64 << 10

// pageInstead says what web page came in the place of data, nil if none did.
func (r *reader) pageInstead(p Page) *obstacle {
	if head := bytes.TrimSpace(p.Body[:min(len(p.Body), prescan)]); len(p.Body) > maxMessage && !bytes.HasPrefix(head, []byte("<")) {
		return nil
	}
	d, o := parse(p)
	if o != nil || d.from != nil {
		return nil
	}
	return d.insteadOf("data")
}

// insteadOf says what a page is that came in the place of something else, nil if
// it is no web page.
func (d *document) insteadOf(what string) *obstacle {
	look := d.sketch()
	if o := d.unfit(look); o != nil {
		return o
	}
	if o := d.doubtful(look, 0); o != nil {
		return o
	}
	if firstIn(bytes.ToLower(d.text[:min(len(d.text), prescan)]), []string{"<html", "<!doctype html"}) != "" {
		return hindered(ReasonLost, "the address answers with a web page, not with %s", what)
	}
	return nil
}

// fromMarkup reads rows from the HTML that an answer holds.
func (r *reader) fromMarkup(s sheet) sheet {
	d, found := s.doc, false
	if r.recipe.source == SourceXML {
		texts := elements(string(d.text), r.recipe.raw.Markup)
		found = len(texts) > 0
		d.holdRecords(texts)
	} else {
		var b strings.Builder
		for _, f := range r.recipe.markup.find(d.data) {
			b.WriteString(f.text)
			found = found || f.form == scalar
		}
		if err := d.holdHTML(b.String()); err != nil {
			s.obstacle = hindered(ReasonLost, "nested too deep: the HTML in the answer cannot be parsed (%v)", err)
			return s
		}
	}
	d.from = &Recipe{Source: r.recipe.source, Markup: r.recipe.raw.Markup}
	if r.unguided() && found {
		in := r.induce(d)
		in.doc, in.charset = d, s.charset
		return in
	}
	h := r.recipe.harvest(d)
	s.rows, s.more, s.shape = h.rows, h.more, r.recipe.raw.Markup+": "+h.shape
	if len(s.rows) > 0 {
		return s
	}
	if s.empty = r.recipe.saysNothing(h); s.empty {
		return s
	}
	missing := fmt.Sprintf("markup %q: %s", r.recipe.raw.Markup, r.missing(h))
	if !found {
		missing = fmt.Sprintf("markup %q is not in the answer", r.recipe.raw.Markup)
	}
	return r.withoutData(s, missing, found)
}

// saysNothing reports whether the list says in words that it is empty: those of
// the recipe, or the usual ones in a list found by its own selector.
func (c recipe) saysNothing(h harvest) bool {
	text := h.text()
	return c.empty.text != "" && strings.Contains(text, c.empty.text) || c.list != nil && nothingHere.MatchString(text)
}

// holdHTML makes HTML the document, in place of what carried it.
func (d *document) holdHTML(text string) error {
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return err
	}
	d.root, d.text = root, []byte(text)
	return nil
}

// holdRecords makes the HTML of records the document.
func (d *document) holdRecords(texts []string) {
	page, body := element(atom.Html, ""), element(atom.Body, "")
	page.AppendChild(body)
	d.root = &html.Node{Type: html.DocumentNode}
	d.root.AppendChild(page)
	if set := fromRecords(texts); set != nil {
		body.AppendChild(set)
	}
	d.text = []byte(strings.Join(texts, "\n"))
}

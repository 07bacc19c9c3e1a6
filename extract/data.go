package extract

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// A dataRule is Recipe.Data made ready: an address with groups to fill in, and
// the regexp that finds them in the page.
type dataRule struct {
	pattern string
	re      *regexp.Regexp // nil for a constant address
}

var dataGroup = regexp.MustCompile(`\{(\d)\}`)

// parseDataRule reads "/api/{1} =~ id: (\d+)".
func parseDataRule(s string) (*dataRule, error) {
	d := &dataRule{}
	head, pattern, found := strings.Cut(s, " "+reMark)
	d.pattern = strings.TrimSpace(head)
	groups := 0
	if found {
		var err error
		if d.re, err = compileRegexp(strings.TrimSpace(pattern)); err != nil {
			return nil, err
		}
		groups = d.re.NumSubexp()
	}
	if len(d.pattern) > maxSelector {
		return nil, fmt.Errorf("is %d bytes long; at most %d are allowed", len(d.pattern), maxSelector)
	}
	return d, checkGroups(d.pattern, groups)
}

// checkGroups checks that an address uses no group its regexp does not have and
// leads to the web.
func checkGroups(pattern string, groups int) error {
	for _, m := range dataGroup.FindAllStringSubmatch(pattern, -1) {
		if n := int(m[1][0] - '0'); n < 1 || n > groups {
			return fmt.Errorf("uses {%d}, and its regexp has %d groups", n, groups)
		}
	}
	plain := dataGroup.ReplaceAllString(pattern, "1")
	if strings.ContainsAny(plain, "{}") {
		return errors.New(`has braces that hold no number of a group; write {1} and a regexp behind " =~ "`)
	}
	u, err := url.Parse(plain)
	switch {
	case err != nil:
		return fmt.Errorf("is no address: %w", err)
	case plain == "":
		return errors.New("is no address")
	case u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("has the scheme %q; only http and https can be fetched", u.Scheme)
	}
	return nil
}

// dataAddress fills in what the page says; ok is false if the regexp finds
// nothing. It is matched against the page's address as the task spells it, with
// what stands behind a "#", a line break, and the page.
func (r *reader) dataAddress(rule *dataRule, d *document) (to string, ok bool) {
	text := d.text
	if rule.re != nil {
		text = append([]byte(r.spelling(d.page.Asked)+"\n"), text...)
	}
	filling, ok := fill(rule.pattern, rule.re, text)
	if !ok {
		return "", false
	}
	u, err := d.address().Parse(filling)
	if err != nil || !web(u) || len(filling) > maxLink {
		return "", false
	}
	return u.String(), true
}

// spelling returns an address as the task spells it.
func (r *reader) spelling(asked string) string {
	for _, u := range r.task.URLs {
		if key(u) == key(asked) {
			return u
		}
	}
	return asked
}

// fill puts the groups that a regexp finds in a text into a pattern.
func fill(pattern string, re *regexp.Regexp, text []byte) (string, bool) {
	if re == nil {
		return pattern, true
	}
	m := re.FindSubmatch(text)
	if m == nil {
		return "", false
	}
	return dataGroup.ReplaceAllStringFunc(pattern, func(s string) string {
		if n := int(s[1] - '0'); n < len(m) {
			return filled(html.UnescapeString(strings.TrimSpace(string(m[n]))))
		}
		return ""
	}), true
}

// safeInAddress is what stands in an address as it is.
var safeInAddress = regexp.MustCompile(`^[\w.~:/,;@=&?%+-]*$`)

// filled returns a value as it can stand in an address. An object, as tags hold
// for their scripts, becomes parameters.
func filled(v string) string {
	if strings.HasPrefix(v, "{") && len(v) <= maxLink {
		return parameters(v)
	}
	v = cut(v, maxSelector)
	if safeInAddress.MatchString(v) {
		return v
	}
	return url.QueryEscape(v)
}

// parameters writes an object as the parameters of an address, "" for what is
// none. Its texts may stand in single quotes.
func parameters(object string) string {
	if !strings.Contains(object, `"`) {
		object = strings.ReplaceAll(object, "'", `"`)
	}
	d, err := parseJSON([]byte(object))
	if err != nil {
		return ""
	}
	var pairs []string
	for _, k := range d.kids {
		if k.form == scalar {
			pairs = append(pairs, url.QueryEscape(k.name)+"="+url.QueryEscape(k.text))
		}
	}
	return strings.Join(pairs, "&")
}

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
	s = r.read(p)
	s.by = page.by
	if page.method != "" {
		s.method = page.method
	}
	return s, true
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
	d := &document{page: p, text: text, root: &html.Node{Type: html.DocumentNode}, base: baseURL(p.URL), charset: encoding}
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

// pageInstead says what web page came in the place of data, nil if none did.
func (r *reader) pageInstead(p Page) *obstacle {
	d, o := parse(p)
	if o != nil || d.from != nil {
		return nil
	}
	look := d.sketch()
	if o := d.unfit(look); o != nil {
		return o
	}
	if o := d.doubtful(look, 0); o != nil {
		return o
	}
	if firstIn(bytes.ToLower(d.text[:min(len(d.text), prescan)]), []string{"<html", "<!doctype html"}) != "" {
		return hindered(ReasonLost, "the address answers with a web page, not with data")
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
	h := r.recipe.harvest(d)
	s.rows, s.more = h.rows, h.more
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
	text := ""
	for _, box := range h.boxes {
		text += squeeze(strings.Join(pieces(box, nil), ""))
	}
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
	d.root = &html.Node{Type: html.DocumentNode}
	if set := fromRecords(texts); set != nil {
		d.root.AppendChild(set)
	}
	d.text = []byte(strings.Join(texts, "\n"))
}

// withoutData tells an empty list from one that is not there. Only an answer in
// good order that states a total of 0 is an empty list.
func (r *reader) withoutData(s sheet, missing string, found bool) sheet {
	root := s.doc.data
	switch {
	case root == nil:
	case failed(root) != "":
		s.obstacle = hindered(ReasonLost, "%s: the answer says %s", missing, failed(root))
		return s
	case r.none(root):
		s.empty = true
		return s
	}
	s.obstacle, s.noItems = hindered(ReasonLost, "%s", missing), found
	return s
}

// none reports whether an answer states that there are no rows at all.
func (r *reader) none(root *datum) bool {
	if r.recipe.total != nil {
		if _, none := r.recipe.total.pages(root); none {
			return true
		}
	}
	return root.states(func(k *datum) bool { return totalName.MatchString(k.name) && k.text == "0" }, 4)
}

// totalName is what lists call the number of their rows.
var totalName = regexp.MustCompile(`(?i)^@?(?:total|totals|total_?(?:count|num|number|size|rows?|records?|elements|results?|hits)|record_?(?:count|total|s)|records?Total|row_?count|rows_?total|numFound)$`)

// states reports whether a member near the top of the answer, outside of arrays,
// is as asked.
func (d *datum) states(is func(*datum) bool, depth int) bool {
	if depth == 0 || d.form != object {
		return false
	}
	for i := range d.kids {
		if k := &d.kids[i]; is(k) || k.states(is, depth-1) {
			return true
		}
	}
	return false
}

var (
	codeName    = regexp.MustCompile(`(?i)^(?:code|status|state|err_?code|err_?no|ret|ret_?code|result_?code|success|flag)$`)
	messageName = regexp.MustCompile(`(?i)^(?:msg|message|errmsg|err_?msg|error|info)$`)
	goodCode    = regexp.MustCompile(`(?i)^(?:0+|1|200|true|ok|success|y|)$`)
)

// failed returns what an answer says went wrong, "" if it says nothing.
func failed(root *datum) string {
	code, message := "", ""
	for _, k := range root.kids {
		switch {
		case k.form != scalar && k.form != object:
		case codeName.MatchString(k.name) && !goodCode.MatchString(strings.TrimSpace(k.text)):
			code = k.name + " " + cut(k.text, 40)
		case messageName.MatchString(k.name):
			message = cut(k.text, 100)
		}
	}
	if code == "" {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%s %q", code, message))
}

// listed reports whether a source is a list interface.
func (s Source) listed() bool { return s == SourceJSON || s == SourceXML }

// compileData makes the paths of a recipe for JSON or XML ready. With markup the
// other fields select in the HTML; only the total is still in the data.
func (c *recipe) compileData(r Recipe, wrong func(name, value string, err error)) {
	var err error
	if r.Last != "" && !strings.HasPrefix(strings.TrimSpace(r.Last), reMark) {
		c.total, err = parseTotal(r.Last)
		wrong("last", r.Last, err)
	}
	switch {
	case r.Markup != "":
		c.markup, err = parsePath(r.Markup)
		if err == nil && r.Source == SourceXML && len(c.markup) != 1 {
			err = errors.New(`is no name of an element; write "record"`)
		}
		wrong("markup", r.Markup, err)
	case r.List != "":
		c.compileRows(r, wrong)
	default:
		for _, f := range []struct{ name, value string }{{"title", r.Title}, {"link", r.Link}, {"date", r.Date}} {
			if f.value != "" {
				wrong(f.name, f.value, errors.New("stands without list; name the path of the rows too"))
			}
		}
	}
	if r.Markup == "" && r.Item != "" {
		wrong("item", r.Item, errors.New("is not used here; list is the path of the rows"))
	}
	if r.Markup == "" && r.Empty != "" {
		wrong("empty", r.Empty, errors.New("is not used here; a list interface states a total of 0"))
	}
}

// compileRows makes the paths of rows ready.
func (c *recipe) compileRows(r Recipe, wrong func(name, value string, err error)) {
	c.rows = &rowRule{}
	var err error
	c.rows.list, err = parsePath(r.List)
	wrong("list", r.List, err)
	if r.Title == "" {
		wrong("list", r.List, errors.New("stands without title; name the path of the title within a row"))
	} else {
		c.rows.title, err = parseCell(r.Title)
		wrong("title", r.Title, err)
	}
	if r.Date != "" {
		c.rows.date, err = parseCell(r.Date)
		wrong("date", r.Date, err)
	}
	if r.Link != "" {
		c.rows.link, err = parseLinkCell(r.Link)
		wrong("link", r.Link, err)
	}
}

// withoutPaths returns what of a recipe for JSON or XML is compiled as that of a
// page: all but the paths.
func (r Recipe) withoutPaths() Recipe {
	if r.Markup == "" {
		r.List, r.Item, r.Title, r.Link, r.Date, r.Empty = "", "", "", "", "", ""
	}
	if !strings.HasPrefix(strings.TrimSpace(r.Last), reMark) {
		r.Last = ""
	}
	return r
}

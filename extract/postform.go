package extract

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A postForm is a PostForm made ready to read with.
type postForm struct {
	raw    PostForm
	at     *regexp.Regexp // nil fits any address
	part   *regexp.Regexp // nil fits none
	island *regexp.Regexp // nil where the answer itself holds the data
	page   recipe         // of HTML: the rows

	list        []trail // of data: where the rows are
	title, date *fact
	link        []*linkCell
	repost      *fact
	aside       *fact
	pinned      *fact

	name, uid, owner, avatar, posts, more, made *fact
}

// A fact is a value that an answer may state in several places.
type fact struct{ ways []way }

// A way is one of these places: in data, or on a page.
type way struct {
	cell *cell
	page *field
}

// either parts alternatives; onPage marks one, in a form for an island of data,
// that is on the page around it.
const (
	either = " | "
	onPage = "html "
)

// Validate reports everything that is wrong with f at once, each mistake as a
// [RecipeError] that names the field.
func (f PostForm) Validate() error {
	_, err := compileForm(f)
	return err
}

// data reports whether a form reads data rather than elements of a page.
func (f PostForm) data() bool { return f.Source == SourceJSON || f.Island != "" }

// compileForm makes a form ready and joins all its mistakes.
func compileForm(f PostForm) (*postForm, error) {
	c := &postForm{raw: f}
	var errs []error
	wrong := func(name, value string, err error) {
		if err != nil {
			errs = append(errs, &RecipeError{name, value, err})
		}
	}
	var err error
	if f.At != "" {
		c.at, err = compileRegexp(f.At)
		wrong("at", f.At, err)
	}
	if f.Part != "" {
		c.part, err = compileRegexp(f.Part)
		wrong("part", f.Part, err)
	}
	for _, s := range f.Signs {
		if len(s) < 3 {
			wrong("signs", s, errors.New("is shorter than three bytes; name a text that only such an answer holds"))
		}
	}
	switch {
	case f.Source == SourceXML:
		wrong("source", string(f.Source), errors.New(`is not used for posts; write "json", "html" or "feed"`))
	case f.Island != "" && f.Source != "" && f.Source != SourceJSON:
		wrong("island", f.Island, errors.New("holds data; write source: json"))
	case f.data():
		c.compileRows(wrong)
	default:
		c.compilePage(wrong)
	}
	if f.Island != "" {
		c.island, err = compileIsland(f.Island)
		wrong("island", f.Island, err)
	}
	c.compileFacts(wrong)
	return c, errors.Join(errs...)
}

// compilePage makes what selects rows in HTML ready; a feed needs nothing.
func (c *postForm) compilePage(wrong func(name, value string, err error)) {
	rows := c.raw.Recipe
	rows.Name = ""
	var err error
	if c.page, err = compile(rows); err == nil {
		return
	}
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		wrong("source", string(rows.Source), err)
		return
	}
	for _, e := range joined.Unwrap() {
		var one *RecipeError
		if errors.As(e, &one) {
			wrong(one.Field, one.Value, one.Err)
		}
	}
}

// compileRows makes the paths of rows of data ready.
func (c *postForm) compileRows(wrong func(name, value string, err error)) {
	f := c.raw
	for _, unused := range []struct{ name, value string }{
		{"data", f.Data}, {"markup", f.Markup}, {"item", f.Item}, {"empty", f.Empty}, {"next", f.Next}, {"last", f.Last},
	} {
		if unused.value != "" {
			wrong(unused.name, unused.value, errors.New("is not used for posts in data; list is the path of the rows"))
		}
	}
	var err error
	c.page.source = SourceJSON
	if f.DateFormat != "" {
		c.page.format, err = parseLayout(f.DateFormat)
		wrong("date_format", f.DateFormat, err)
	}
	if f.List == "" {
		for _, part := range []struct{ name, value string }{{"title", f.Title}, {"link", f.Link}, {"date", f.Date}} {
			if part.value != "" {
				wrong(part.name, part.value, errors.New("stands without list; name the path of the rows too"))
			}
		}
		return
	}
	for _, s := range alternatives(f.List) {
		p, err := parsePath(s)
		wrong("list", s, err)
		c.list = append(c.list, p)
	}
	for _, s := range alternatives(f.Link) {
		l, err := parseLinkCell(s)
		wrong("link", s, err)
		if err == nil {
			c.link = append(c.link, l)
		}
	}
	c.title, err = parseFact(f.Title, true)
	wrong("title", f.Title, err)
	c.date, err = parseFact(f.Date, true)
	wrong("date", f.Date, err)
}

// compileFacts makes ready where the answer speaks of the account and of itself.
func (c *postForm) compileFacts(wrong func(name, value string, err error)) {
	f := c.raw
	for _, p := range []struct {
		name, value string
		to          **fact
	}{
		{"name", f.Name, &c.name}, {"uid", f.UID, &c.uid}, {"owner", f.Owner, &c.owner}, {"avatar", f.Avatar, &c.avatar},
		{"posts", f.Posts, &c.posts}, {"more", f.More, &c.more}, {"made", f.Made, &c.made}, {"repost", f.Repost, &c.repost},
		{"aside", f.Aside, &c.aside}, {"pinned", f.Pinned, &c.pinned},
	} {
		var err error
		*p.to, err = parseFact(p.value, f.data())
		wrong(p.name, p.value, err)
	}
}

// alternatives parts a value, none of "".
func alternatives(s string) []string {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	return strings.Split(s, either)
}

// parseFact reads the places of a value, nil without any.
func parseFact(s string, data bool) (*fact, error) {
	var f *fact
	for _, one := range alternatives(s) {
		if f == nil {
			f = &fact{}
		}
		w, err := way{}, error(nil)
		if page, marked := strings.CutPrefix(strings.TrimSpace(one), onPage); marked || !data {
			w.page, err = parseField(page)
		} else {
			w.cell, err = parseCell(one)
		}
		if err != nil {
			return nil, err
		}
		f.ways = append(f.ways, w)
	}
	return f, nil
}

// compileIsland makes ready what stands in front of data in a page: blanks
// around it may differ from page to page.
func compileIsland(s string) (*regexp.Regexp, error) {
	if len(s) > maxSelector {
		return nil, fmt.Errorf("is %d bytes long; at most %d are allowed", len(s), maxSelector)
	}
	if len(squeeze(s)) < 3 {
		return nil, errors.New("is shorter than three characters; write the text in front of the data, \"window.__DATA__=\"")
	}
	parts := strings.Fields(strings.ReplaceAll(s, "=", " = "))
	for i, p := range parts {
		parts[i] = regexp.QuoteMeta(p)
	}
	return regexp.Compile(strings.Join(parts, `\s*`) + `\s*`)
}

// Shows reports whether a page holds an answer of this form, whatever its
// address: all signs of the form and, where it has one, its island. A form that
// has neither is recognised nowhere.
func (f PostForm) Shows(p Page) bool {
	if len(f.Signs) == 0 && f.Island == "" || len(p.Body) == 0 {
		return false
	}
	text := p.Body
	for _, s := range f.Signs {
		if !bytes.Contains(text, []byte(s)) {
			return false
		}
	}
	if f.Island == "" {
		return true
	}
	at, err := compileIsland(f.Island)
	return err == nil && at.Match(text)
}

// asked reports whether an answer came from where answers of the form come from.
func (c *postForm) asked(p Page) bool {
	return c.at != nil && (c.at.MatchString(p.URL) || c.at.MatchString(p.Asked))
}

// anywhere reports whether a form says nothing of what its answers look like.
func (c *postForm) anywhere() bool {
	return c.at == nil && len(c.raw.Signs) == 0 && c.raw.Island == ""
}

// compileForms makes the forms of a source ready, leaving out those that are
// wrong and joining what is wrong with them.
func compileForms(forms []PostForm) ([]*postForm, error) {
	var out []*postForm
	var errs []error
	for _, f := range forms {
		c, err := compileForm(f)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, c)
	}
	return out, errors.Join(errs...)
}

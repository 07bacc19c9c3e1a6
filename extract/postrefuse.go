package extract

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A postRefusal is a Refusal made ready.
type postRefusal struct {
	Refusal
	at, text *regexp.Regexp
	field    *fact
}

// Validate reports everything that is wrong with f at once, each mistake as a
// [RecipeError] that names the field.
func (f Refusal) Validate() error {
	_, err := compileRefusal(f)
	return err
}

func compileRefusal(f Refusal) (postRefusal, error) {
	c := postRefusal{Refusal: f}
	var errs []error
	wrong := func(name, value string, err error) {
		if err != nil {
			errs = append(errs, &RecipeError{name, value, err})
		}
	}
	if !slices.Contains(Hindrances(), f.Hindrance) {
		wrong("hindrance", string(f.Hindrance), errors.New("is unknown"))
	}
	if f.Status != 0 && (f.Status < 100 || f.Status > 599) {
		wrong("status", fmt.Sprint(f.Status), errors.New("is no HTTP status"))
	}
	if f.Status == 0 && f.At == "" && f.Field == "" && f.Text == "" {
		wrong("hindrance", string(f.Hindrance), errors.New("is told by nothing; give status, at, field or text"))
	}
	for _, p := range []struct {
		name, value string
		to          **regexp.Regexp
	}{{"at", f.At, &c.at}, {"text", f.Text, &c.text}} {
		if p.value != "" {
			var err error
			*p.to, err = compileRegexp(p.value)
			wrong(p.name, p.value, err)
		}
	}
	var err error
	c.field, err = parseFact(f.Field, true)
	wrong("field", f.Field, err)
	return c, errors.Join(errs...)
}

// OfAccount reports whether a hindrance tells of the account rather than of the
// look.
func (h Hindrance) OfAccount() bool {
	switch h {
	case HindNoUser, HindCancelled, HindBanned, HindRecycled, HindMoved:
		return true
	}
	return false
}

// hindrance says what answers without posts say in their place: by what is known
// of the platform, then by what such answers say anywhere. An empty list tells
// less than anything else. Both are zero where nothing is known.
func (r *reader) hindrance(src PostSource, forms []*postForm, all []*reply) (Hindrance, *obstacle) {
	about := slices.DeleteFunc(slices.Clone(all), func(a *reply) bool { return a != all[0] && !concerned(src, forms, a.page) })
	empty := Hindrance("")
	for _, a := range about {
		h, o := refusedBy(src.Refusals, a)
		if h != "" && h != HindEmpty {
			return h, o
		}
		if h != "" {
			empty = h
		}
	}
	var first *obstacle
	for i, a := range about {
		h, o := r.guard(a)
		if h != "" {
			return h, o
		}
		if i == 0 {
			first = o
		}
	}
	if empty != "" {
		return empty, nil
	}
	return "", first
}

// refusedBy returns the first refusal that an answer is, an empty list only where
// it is no other.
func refusedBy(refusals []Refusal, a *reply) (Hindrance, *obstacle) {
	empty := Hindrance("")
	for _, f := range refusals {
		c, err := compileRefusal(f)
		switch {
		case err != nil || !c.fits(a):
		case f.Status == 0 && f.Hindrance.OfAccount() && guards[a.page.Status] != "":
		case f.Hindrance == HindEmpty:
			empty = HindEmpty
		default:
			return f.Hindrance, &obstacle{reason: f.Hindrance.Reason(), detail: c.says(a)}
		}
	}
	return empty, nil
}

// concerned reports whether an answer to a page's script is one of those that
// bring posts or say why not.
func concerned(src PostSource, forms []*postForm, p Page) bool {
	for _, f := range forms {
		if f.asked(p) {
			return true
		}
	}
	for _, f := range src.Refusals {
		if c, err := compileRefusal(f); err == nil && c.at != nil && c.at.MatchString(p.URL) {
			return true
		}
	}
	return false
}

// fits reports whether all that a refusal names is so.
func (c postRefusal) fits(a *reply) bool {
	switch {
	case c.Status != 0 && a.page.Status != c.Status:
	case c.at != nil && !c.at.MatchString(a.page.URL):
	case c.field != nil && c.found(a) == "":
	case c.text != nil && c.quoted(a) == "":
	default:
		return true
	}
	return false
}

// found returns what the field of a refusal holds in data, "" where it does not
// fit. There null, [] and {} are texts too.
func (c postRefusal) found(a *reply) string {
	root, err := a.json()
	if err != nil || a.obstacle != nil {
		return ""
	}
	for _, w := range c.field.ways {
		for _, d := range w.cell.path.find(root) {
			s := d.spelt()
			if s != "" && (w.cell.keep == nil || w.cell.keep.re.MatchString(s)) {
				return strings.Join(w.cell.path, ".") + " " + cut(s, 80)
			}
		}
	}
	return ""
}

// spelt writes a value as a text.
func (d *datum) spelt() string {
	switch {
	case d.form == nothing:
		return "null"
	case d.form == array && len(d.kids) == 0:
		return "[]"
	case d.form == object && len(d.kids) == 0:
		return "{}"
	}
	return strings.TrimSpace(cut(d.text, maxTextNode))
}

// quoted returns the text of an answer that a refusal names, "" where there is
// none.
func (c postRefusal) quoted(a *reply) string {
	words := a.words()
	if d, o := a.document(); c.Hindrance.OfAccount() && o == nil && d.from == nil && d.sketch().runes >= shortPage {
		words = words[:min(len(words), 2)] // a page of that length may speak of any account
	}
	for _, s := range words {
		if found := c.text.FindString(s); found != "" {
			return found
		}
	}
	return ""
}

// says says what gave a refusal away.
func (c postRefusal) says(a *reply) string {
	switch {
	case c.text != nil:
		return fmt.Sprintf("it says %q", cut(c.quoted(a), 80))
	case c.field != nil:
		return "it says " + c.found(a)
	case c.at != nil:
		return "led to " + cut(a.page.URL, 160)
	}
	return fmt.Sprintf("status %d", a.page.Status)
}

// words returns what a reader sees of a page, its title first, with and without
// blanks, or the source of what is no page.
func (a *reply) words() []string {
	if !a.parsed.said && a.obstacle == nil {
		a.parsed.said, a.said = true, a.sayings()
	}
	return a.said
}

func (a *reply) sayings() []string {
	source := string(a.text[:min(len(a.text), maxMessage)])
	if root, err := a.json(); err == nil {
		return append([]string{source}, messages(root)...)
	}
	d, o := a.document()
	if o != nil {
		return []string{source}
	}
	title, shown := d.title(), cut(strings.Join(pieces(d.root, nil), " "), 4*maxMessage)
	return []string{title, squeeze(title), shown, squeeze(shown)}
}

// messages returns the words of an answer's own message, as they are decoded.
func messages(root *datum) []string {
	var out []string
	root.states(func(k *datum) bool {
		if k.form == scalar && messageNames.MatchString(k.name) {
			out = append(out, cut(k.text, maxTextNode))
		}
		return false
	}, 3)
	return out
}

var messageNames = regexp.MustCompile(`(?i)^(?:msg|message|errmsg|err_?msg|error|error_?msg|errtext|info|toast|tips?|prompts?|reason|desc|description|status_?msg|ret_?msg)$`)

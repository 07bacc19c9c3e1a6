package extract

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A RecipeError is one mistake in a recipe. Field is its key as configuration
// spells it, so that a loader can point at the line.
type RecipeError struct {
	Field string
	Value string
	Err   error
}

func (e *RecipeError) Error() string {
	return fmt.Sprintf("%s %q %v", e.Field, cut(e.Value, 80), e.Err)
}

// Unwrap returns what is wrong with the value.
func (e *RecipeError) Unwrap() error { return e.Err }

// Validate reports everything that is wrong with r at once, each mistake as a
// [RecipeError]. A recipe without any field is valid: what it lacks is said by
// the reading that needed it.
func (r Recipe) Validate() error {
	_, err := compile(r)
	return err
}

// A recipe is a Recipe made ready to run. A nil part is absent.
type recipe struct {
	source            Source
	list, item        *selector
	title, link, date *field
	format            *layout
	empty             emptyMark
	next              nextRule
	last, name        *field

	data   *dataRule // where the list's data are, if not on the page
	markup trail     // of the HTML in JSON
	rows   *rowRule  // of JSON and XML that hold no HTML
	total  *total    // of JSON and XML

	raw Recipe // for messages
}

// An emptyMark is what a truly empty list shows: a text, or a field.
type emptyMark struct {
	text  string
	field *field
}

// A nextRule leads to later pages: a pattern of addresses, or a link.
type nextRule struct {
	pattern string
	re      *regexp.Regexp // finds in the first page what {1} and so on stand for
	link    *field
}

// compile makes a recipe ready and joins all its mistakes.
func compile(r Recipe) (recipe, error) {
	c := recipe{source: r.Source, raw: r}
	var errs []error
	wrong := func(name, value string, err error) {
		if err != nil {
			errs = append(errs, &RecipeError{name, value, err})
		}
	}
	switch r.Source {
	case "":
		c.source = SourceHTML
	case SourceHTML, SourceFeed:
	case SourceJSON, SourceXML:
		c.compileData(r, wrong)
		r = r.withoutPaths()
	default:
		wrong("source", string(r.Source), errors.New(`is unknown; write "html", "feed", "json" or "xml"`))
	}
	if r.Data != "" {
		var err error
		c.data, err = parseDataRule(r.Data)
		wrong("data", r.Data, err)
	}
	if r.Markup != "" && !r.Source.listed() {
		wrong("markup", r.Markup, errors.New("is only for source: json and source: xml"))
	}
	for _, f := range []struct {
		name, value string
		to          **selector
	}{{"list", r.List, &c.list}, {"item", r.Item, &c.item}} {
		if f.value != "" {
			var err error
			*f.to, err = parseSelector(f.value)
			wrong(f.name, f.value, err)
		}
	}
	for _, f := range []struct {
		name, value string
		to          **field
	}{
		{"title", r.Title, &c.title}, {"link", r.Link, &c.link}, {"date", r.Date, &c.date},
		{"last", r.Last, &c.last}, {"name", r.Name, &c.name},
	} {
		if f.value != "" {
			var err error
			*f.to, err = parseField(f.value)
			wrong(f.name, f.value, err)
		}
	}
	var err error
	if r.DateFormat != "" {
		c.format, err = parseLayout(r.DateFormat)
		wrong("date_format", r.DateFormat, err)
	}
	c.empty, err = parseEmpty(r.Empty)
	wrong("empty", r.Empty, err)
	c.next, err = parseNext(r.Next)
	wrong("next", r.Next, err)
	return c, errors.Join(errs...)
}

// parseEmpty reads a plain text, or a field where it holds a regexp.
func parseEmpty(s string) (emptyMark, error) {
	switch {
	case s == "":
		return emptyMark{}, nil
	case len(s) > 2*maxSelector:
		return emptyMark{}, fmt.Errorf("is longer than %d bytes", 2*maxSelector)
	case strings.Contains(s, " "+reMark) || strings.HasPrefix(s, reMark):
		f, err := parseField(s)
		return emptyMark{field: f}, err
	case strings.TrimSpace(s) == "":
		return emptyMark{}, errors.New("is blank; write the text that the empty list shows")
	}
	return emptyMark{text: squeeze(s)}, nil
}

// parseNext reads a pattern with a page number, or else a selector.
func parseNext(s string) (nextRule, error) {
	if s == "" {
		return nextRule{}, nil
	}
	pattern, tail, found := strings.Cut(s, " "+reMark)
	if !strings.Contains(pattern, "{") {
		f, err := parseField(s)
		if err != nil {
			return nextRule{}, fmt.Errorf("%w; or write a pattern of the address, \"index_{n}.html\"", err)
		}
		if f.attr == "" && f.re == nil {
			f.attr = "href"
		}
		return nextRule{link: f}, nil
	}
	if len(pattern) > maxSelector {
		return nextRule{}, fmt.Errorf("is %d bytes long; at most %d are allowed", len(pattern), maxSelector)
	}
	rule, groups := nextRule{pattern: pattern}, 0
	if found {
		var err error
		if rule.re, err = compileRegexp(strings.TrimSpace(tail)); err != nil {
			return nextRule{}, err
		}
		groups = rule.re.NumSubexp()
	}
	filling := pageAddress(pattern, 2)
	if strings.Count(pattern, "{n}")+strings.Count(pattern, "{n-1}") != 1 || !found && strings.Contains(filling, "{") {
		return nextRule{}, errors.New("must hold {n} or {n-1} exactly once, and no other braces")
	}
	return rule, checkGroups(filling, groups)
}

// pageAddress fills the number of a page, counted from one, into a pattern.
func pageAddress(pattern string, n int) string {
	return strings.NewReplacer("{n}", fmt.Sprint(n), "{n-1}", fmt.Sprint(n-1)).Replace(pattern)
}

// squeeze returns s without any white space.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

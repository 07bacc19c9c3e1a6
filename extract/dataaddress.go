package extract

import (
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

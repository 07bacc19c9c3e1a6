package extract

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"github.com/antchfx/htmlquery"
	"github.com/antchfx/xpath"
	"golang.org/x/net/html"
)

// maxSelector bounds a selector and a regexp of a recipe, in bytes.
const maxSelector = 512

// A selector finds nodes below a node, by CSS or by XPath.
type selector struct {
	css   cascadia.Selector
	xpath *xpath.Expr
}

// parseSelector compiles CSS, or XPath where s begins like a path.
func parseSelector(s string) (*selector, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return nil, errors.New("is empty")
	case len(s) > maxSelector:
		return nil, fmt.Errorf("is %d bytes long; at most %d are allowed", len(s), maxSelector)
	case strings.HasPrefix(s, "/"), strings.HasPrefix(s, "./"), strings.HasPrefix(s, "("):
		return parseXPath(s)
	}
	if strings.Count(s, ":has(")+strings.Count(s, ":haschild(") > 3 {
		return nil, errors.New("nests :has() more than three deep; name a class instead")
	}
	css, err := cascadia.Compile(s)
	if err != nil {
		return nil, fmt.Errorf("is no CSS selector: %w", err)
	}
	return &selector{css: css}, nil
}

// parseXPath compiles a path and tries it once, because the library panics on
// some expressions only when they run.
func parseXPath(s string) (*selector, error) {
	if err := onlyDataFree(s); err != nil {
		return nil, err
	}
	expr, err := compileXPath(s)
	if err != nil {
		return nil, fmt.Errorf("is no XPath: %w", err)
	}
	sel := &selector{xpath: expr}
	trial := &html.Node{Type: html.DocumentNode}
	trial.AppendChild(&html.Node{Type: html.ElementNode, Data: "html"})
	if _, err := sel.findXPath(trial); err != nil {
		return nil, fmt.Errorf("is an XPath that does not select nodes: %w", err)
	}
	return sel, nil
}

// dataFree are the XPath functions a recipe may use: those that look at nothing
// but the node at hand. What is not listed is refused, so that a newer library
// cannot open a file for a recipe.
const dataFree = " text node comment position last count contains starts-with ends-with normalize-space " +
	"string-length not name local-name string number concat substring substring-before substring-after " +
	"translate lower-case true false boolean round floor ceiling and or "

var (
	xpathLiteral = regexp.MustCompile(`"[^"]*"|'[^']*'`)
	xpathCall    = regexp.MustCompile(`([\w:.-]+)\s*\(`)
)

func onlyDataFree(s string) error {
	bare := xpathLiteral.ReplaceAllString(s, `""`)
	if strings.Contains(bare, "$") {
		return errors.New("uses a variable; a path cannot")
	}
	for _, m := range xpathCall.FindAllStringSubmatch(bare, -1) {
		name := m[1]
		if i := strings.LastIndex(name, "::"); i >= 0 {
			name = name[i+2:]
		}
		if !strings.Contains(dataFree, " "+name+" ") {
			return fmt.Errorf("uses the function %s(), which is not allowed; allowed are:%s", name, dataFree)
		}
	}
	return nil
}

func compileXPath(s string) (expr *xpath.Expr, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	return xpath.Compile(s)
}

// find returns the nodes below n in page order, none where an expression cannot
// be evaluated on this page.
func (s *selector) find(n *html.Node) []*html.Node {
	if s.xpath == nil {
		return goquery.NewDocumentFromNode(n).FindMatcher(s.css).Nodes
	}
	nodes, err := s.findXPath(n)
	if err != nil {
		return nil
	}
	return nodes
}

func (s *selector) findXPath(n *html.Node) (nodes []*html.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			nodes, err = nil, fmt.Errorf("%v", r)
		}
	}()
	if _, ok := s.xpath.Evaluate(htmlquery.CreateXPathNavigator(n)).(*xpath.NodeIterator); !ok {
		return nil, errors.New("it yields a value")
	}
	return htmlquery.QuerySelectorAll(n, s.xpath), nil
}

// A field is a selector with what to take from the nodes it finds: the text, an
// attribute, or the part of either that a regexp keeps.
type field struct {
	sel  *selector // nil: the node itself
	attr string
	re   *regexp.Regexp
}

var (
	attrSuffix = regexp.MustCompile(`^(.*[^\s/\[(:=,"'])?@([A-Za-z_:][-\w:.]*)$`)
	reMark     = "=~"
)

// parseField reads "selector@name =~ regexp", each part of which may be absent.
func parseField(s string) (*field, error) {
	f := &field{}
	s = strings.TrimSpace(s)
	head, pattern, found := strings.Cut(s, " "+reMark)
	if !found && strings.HasPrefix(s, reMark) {
		head, pattern, found = "", s[len(reMark):], true
	}
	if found {
		var err error
		if f.re, err = compileRegexp(strings.TrimSpace(pattern)); err != nil {
			return nil, err
		}
	}
	if m := attrSuffix.FindStringSubmatch(head); m != nil {
		head, f.attr = m[1], m[2]
	}
	if strings.TrimSpace(head) == "" {
		if !found && f.attr == "" {
			return nil, errors.New("is empty")
		}
		return f, nil
	}
	sel, err := parseSelector(head)
	if err != nil {
		return nil, err
	}
	f.sel = sel
	return f, nil
}

func compileRegexp(s string) (*regexp.Regexp, error) {
	if s == "" {
		return nil, errors.New("has no regexp after \"=~\"")
	}
	if len(s) > maxSelector {
		return nil, fmt.Errorf("has a regexp of %d bytes; at most %d are allowed", len(s), maxSelector)
	}
	re, err := regexp.Compile(s)
	if err != nil {
		return nil, fmt.Errorf("has no RE2 regexp after \"=~\": %w", err)
	}
	return re, nil
}

// nodes returns what the field selects below n.
func (f *field) nodes(n *html.Node) []*html.Node {
	if f.sel == nil {
		return []*html.Node{n}
	}
	return f.sel.find(n)
}

// plain reports whether the field takes the text as it is shown.
func (f *field) plain() bool { return f.attr == "" && f.re == nil }

// value takes from one node what the field asks for; ok is false if the regexp
// does not match or the attribute is empty.
func (f *field) value(n *html.Node) (string, bool) {
	s := ""
	if f.attr != "" {
		s = attr(n, f.attr)
	} else {
		s = textOf(n)
	}
	return f.keep(s)
}

// keep applies the regexp to a text.
func (f *field) keep(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if f.re == nil {
		return s, s != ""
	}
	m := f.re.FindStringSubmatch(s)
	switch {
	case m == nil:
		return "", false
	case len(m) > 1:
		return m[1], m[1] != ""
	}
	return m[0], m[0] != ""
}

// first returns the first value below n, or "".
func (f *field) first(n *html.Node) string {
	for _, m := range f.nodes(n) {
		if v, ok := f.value(m); ok {
			return v
		}
	}
	return ""
}

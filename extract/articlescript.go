package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// Scripts holds what the inline scripts of a page say in plain words: texts and
// numbers given to variables. Nothing is run.
type scripts struct {
	values   map[string]string
	changing map[string]bool // names that were given several values
	order    []string        // names, as they came
	size     int             // bytes looked at
}

// maxScripts bounds the bytes of scripts that are looked at on one page.
const maxScripts = 1 << 20

var (
	// scriptStep is a value given to a name, or something written into the page.
	scriptStep = regexp.MustCompile(`document\.write(?:ln)?\(([^;\n{}]{0,400}?)\)\s*(?:[;}\n]|$)|` +
		`(?:^|[^\w$.'"])["']?([A-Za-z_$][\w$.]{0,60})["']?\s*[=:]\s*(?:"([^"\\\n]{0,120})"|'([^'\\\n]{0,120})'|(\d{10}|\d{13})\b)`)
	scriptPart = regexp.MustCompile(`"([^"]*)"|'([^']*)'|([A-Za-z_$][\w$]*)(?:\.\w+\([^)]*\))?`)
	someTag    = regexp.MustCompile(`<[^>]*>`)
	rowTag     = regexp.MustCompile(`(?i)<(?:a|li|tr|td|div|img|iframe)\b`)
)

// run follows one inline script and returns the text it writes in its place, up
// to a date: what else it may write instead of that is not shown. Known is false
// where a reader may see something else.
func (s *scripts) run(n *html.Node) (written string, known bool) {
	if n.FirstChild == nil || s.size > maxScripts {
		return "", false
	}
	source := cut(n.FirstChild.Data, maxTextNode)
	s.size += len(source)
	for _, m := range scriptStep.FindAllStringSubmatch(source, 1000) {
		if m[2] != "" {
			s.set(m[2], m[3]+m[4]+m[5])
			continue
		}
		if fullDate.MatchString(ascii(written)) {
			continue
		}
		text, ok := s.written(m[1])
		known = ok && (known || written == "")
		written = strings.TrimSpace(cut(written+" "+text, maxLineText))
	}
	return written, known
}

// maxValues bounds the variables that are remembered.
const maxValues = 2000

func (s *scripts) set(name, value string) {
	if old, again := s.values[name]; again {
		s.changing[name] = s.changing[name] || old != value
	} else {
		if len(s.order) == maxValues {
			return
		}
		s.order = append(s.order, name)
	}
	s.values[name] = value
}

// written returns what an expression writes; ok is false where it depends on
// more than texts and variables. Rows and pictures are not read.
func (s *scripts) written(expr string) (text string, ok bool) {
	var b strings.Builder
	ok = true
	for _, m := range scriptPart.FindAllStringSubmatch(expr, 20) {
		value, have := m[1]+m[2], true
		if m[3] != "" {
			value, have = s.values[m[3]]
		}
		ok = ok && have
		b.WriteString(value)
	}
	if rowTag.MatchString(b.String()) {
		return "", false
	}
	return strings.TrimSpace(someTag.ReplaceAllString(b.String(), " ")), ok
}

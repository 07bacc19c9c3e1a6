package inventory

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// In returns the problem with its words in a language, "zh" or "en". What a file
// or a library says stands in the sentence as it is.
func (p Problem) In(lang string) Problem {
	if lang == "zh" {
		p.Message, p.Hint = inChinese(p.Message, 0), inChinese(p.Hint, 0)
	}
	return p
}

// Chinese returns the problem as one line, "sites/fgw.yaml:12:5: 错误；怎么办".
func (p Problem) Chinese() string { return p.In("zh").line("；") }

// Chinese returns one line per problem.
func (e Errors) Chinese() string { return e.lines(Problem.Chinese) }

// A wording is a sentence in both languages. Each %s stands for what a mistake
// fills in; the Chinese may take them in another order, as %[2]s.
type wording struct{ english, chinese string }

// A phrase is a wording taken apart.
type phrase struct {
	parts   []string // of the English, around what is filled in
	chinese string
	plain   int // bytes of all parts
}

// phrases are the wordings, those that say most first: the others would fit their
// sentences too.
var phrases = sync.OnceValue(func() []phrase {
	all := make([]phrase, len(wordings))
	for i, w := range wordings {
		all[i] = phrase{parts: strings.Split(w.english, "%s"), chinese: w.chinese}
		for _, part := range all[i].parts {
			all[i].plain += len(part)
		}
	}
	slices.SortStableFunc(all, func(a, b phrase) int { return cmp.Compare(b.plain, a.plain) })
	return all
})

// mostNested bounds sentences within sentences.
const mostNested = 4

// inChinese returns an English sentence of this package in Chinese, or as it is
// where it is none of them. What is filled in may be such a sentence itself.
func inChinese(s string, nested int) string {
	if s == "" || nested > mostNested || isQuoted(s) {
		return s
	}
	for _, p := range phrases() {
		holes, ok := p.fit(s)
		if !ok {
			continue
		}
		args := make([]any, len(holes))
		for i, hole := range holes {
			args[i] = inChinese(hole, nested+1)
		}
		return fmt.Sprintf(p.chinese, args...)
	}
	return s
}

// isQuoted reports whether s is a text of a file as messages show it.
func isQuoted(s string) bool {
	if len(s) < 2 || s[0] != '"' {
		return false
	}
	_, err := strconv.Unquote(s)
	return err == nil
}

// fit returns what s fills into the phrase.
func (p phrase) fit(s string) (holes []string, ok bool) {
	first, last := p.parts[0], p.parts[len(p.parts)-1]
	if len(p.parts) == 1 {
		return nil, s == first
	}
	if len(s) < p.plain || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return nil, false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, part := range p.parts[1 : len(p.parts)-1] {
		hole, rest, found := strings.Cut(s, part)
		if !found {
			return nil, false
		}
		holes, s = append(holes, hole), rest
	}
	return append(holes, s), true
}

package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// labelValue is a label of publication and the words behind it.
var labelValue = regexp.MustCompile(`(?i)((?:发布|发文|公布|发表|发稿|刊登|公开|更新)?(?:日期|时间)|\b(?:release|publish(?:ed)?|posted|updated?)(?: time| date| on)?|\bdate)\s?:?\s?(\S{1,20}(?: \S{1,12}){0,4})`)

// unusual reads forms that are believed only behind a label, or alone in a line:
// a day without its year, "3天前", English words, a day and a month apart.
func unusual(s string, k clues) []shown {
	if f, ok := foreign(s); ok {
		return []shown{{sight: f}}
	}
	if f, ok := splitDate(strings.Trim(s, " []()|")); ok {
		f.text, f.rank = s, plain
		return []shown{{sight: f}}
	}
	m := labelValue.FindStringSubmatch(s)
	if m == nil {
		return nil
	}
	label, value := labelOf(before(s, m[0])+m[1]), m[2]
	parts := strings.Fields(value)
	for n := len(parts); n > 0; n-- {
		for _, f := range k.find(strings.Join(parts[:n], " "), whole) {
			f.rank = rankOf(label, "")
			return []shown{{sight: f, label: label}}
		}
	}
	return nil
}

// labelOf returns the word or words right before a date. Labels are printed with
// blanks between their characters.
func labelOf(head string) string {
	head = strings.TrimRight(head, " :[(|")
	if i := strings.LastIndexAny(head, ":|;,，；。、)]"); i >= 0 {
		_, size := utf8.DecodeRuneInString(head[i:])
		head = head[i+size:]
	}
	parts := strings.Fields(head)
	if len(parts) == 0 {
		return ""
	}
	n := len(parts) - 1
	for n > 0 && (single(parts[n]) || english(parts[n])) && (single(parts[n-1]) || english(parts[n-1])) {
		n--
	}
	sep := " "
	if single(parts[n]) {
		sep = ""
	}
	return strings.TrimLeft(strings.Join(parts[n:], sep), "[(")
}

// single reports whether a word is one character.
func single(s string) bool { return utf8.RuneCountInString(s) == 1 }

// english reports whether a word is an English one.
func english(s string) bool { return s[0] < utf8.RuneSelf }

// labelBefore returns the label of a value that stands in a cell or line of its
// own: the line in front, or the head of its column.
func labelBefore(lines []line, i int) string {
	if i > 0 && isLabel(lines[i-1].text) {
		return strings.TrimRight(lines[i-1].text, ": ") + ":"
	}
	cell := lines[i].cell()
	if cell == nil || cell.Parent == nil {
		return ""
	}
	above := previousElement(cell.Parent)
	if above == nil || above.DataAtom != atom.Tr {
		return ""
	}
	column := 0
	for n := previousElement(cell); n != nil; n = previousElement(n) {
		column++
	}
	for n := above.FirstChild; n != nil; n = n.NextSibling {
		if n.Type != html.ElementNode {
			continue
		}
		if column == 0 {
			if text := normal(textOf(n)); isLabel(text) {
				return strings.TrimRight(text, ": ") + ":"
			}
			return ""
		}
		column--
	}
	return ""
}

// dateLabel is a text that is nothing but the label of a date.
var dateLabel = regexp.MustCompile(`(?i)^\[?\s*[\p{Han} a-z]{0,12}(?:日\s*期|时\s*间|期\s*限|date|time|on)\s*\]?\s*:?\s*$`)

// isLabel reports whether a line is the label of a date and nothing else.
func isLabel(text string) bool { return len(text) <= 60 && dateLabel.MatchString(text) }

package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// A standing is how much its place on the page and its label make of a date; 0
// is nothing. The greatest decides.
type standing int

const (
	changedBelow standing = iota + 1 // 更新时间 and its like, below the text
	issuedBelow                      // 发布时间 and its like, below the text
	changed                          // 更新时间 between title and text
	bareDate                         // no label, a short line between title and text
	issuedAbove                      // a label of publication above the title
	infoDate                         // 时间, 日期, or a line with 来源, 浏览 or a time of day
	issued                           // 发布时间 between title and text
)

// A shown is a date as the page shows it to its reader.
type shown struct {
	sight
	standing standing
	line     int
	label    string
	tight    bool // letters stand right beside it
	brackets bool // it stands in round brackets, as in a subtitle
}

var (
	// issuedLabel is a label that can only mean the publication.
	issuedLabel = regexp.MustCompile(`(?i)发布|发文|公布|发表|发稿|刊登|登载|公开|上网|信息提供|release|publish|post`)

	// otherLabel is a time of the reader, of the site or of a letter, not of the
	// article.
	otherLabel = regexp.MustCompile(`(?i)当前|现在|今天|今日|系统|访问|浏览|打印|北京|本站|服务|办公|工作|上班|农历|版权|copyright|建站|开通|答复|回复|来信|办结|受理|提问|有效|解读|会期`)

	// infoWords stand in the line below a title.
	infoWords = regexp.MustCompile(`(?i)来源|出处|作者|编辑|供稿|浏览|阅读|点击|访问|人气|字号|字体|打印|发布人|发布者|发布机构|责任编辑|分享|source|views?\b|author|editor`)
)

// Bounds of where a date is looked for, in lines.
const (
	infoLines = 30 // below a title
	nearTitle = 3  // above it
)

// date returns the date that a page shows as its article's.
func (a anatomy) date(lines []line, k clues) (best shown, ok bool) {
	listed := a.listed(lines)
	for i := range lines {
		if !a.mayDate(lines, i) || listed[i] {
			continue
		}
		for _, s := range lines[i].sights(labelBefore(lines, i), k) {
			s.line, s.standing = i, a.weigh(lines, i, s, k)
			if s.standing > best.standing || s.standing > 0 && s.standing == best.standing && s.preferred(best) {
				best, ok = s, true
			}
		}
	}
	return best, ok
}

// preferred chooses among dates of one standing: of one line the later, because
// of two publications the second was the last; of several lines the one nearer
// to the title.
func (s shown) preferred(before shown) bool {
	if s.line == before.line {
		return s.date.Time.After(before.date.Time)
	}
	return s.standing == issuedAbove
}

// fewRows is how many dated rows below a title make a list of them.
const fewRows = 3

// listed returns the lines that date the rows of a list below the title: links
// with dates, or dates beside lines that are links. Two or less are none.
func (a anatomy) listed(lines []line) map[int]bool {
	out := make(map[int]bool)
	for i := a.title + 1; i < a.body && i < len(lines); i++ {
		l := lines[i]
		beside := l.links == 0 && !infoWords.MatchString(l.text) && (lines[i-min(i, 1)].row() || i+1 < len(lines) && lines[i+1].row())
		if (l.links > 1 || beside) && l.runes <= 400 && fullDate.MatchString(l.text) {
			out[i] = true
		}
	}
	if len(out) < fewRows {
		return nil
	}
	return out
}

// mayDate reports whether a line can hold the date of the article.
func (a anatomy) mayDate(lines []line, i int) bool {
	l := lines[i]
	return i != a.title && l.runes > 0 && l.runes <= 400 && !crumb.MatchString(cut(l.text, 60)) && l.node != nil &&
		!imprint.MatchString(l.text) && !(a.title >= 0 && i < a.body && i > a.title+infoLines)
}

// weigh says what a date is worth in its place.
func (a anatomy) weigh(lines []line, i int, s shown, k clues) standing {
	l := lines[i]
	between := i > a.title && i < a.body
	if s.rank == refused || otherLabel.MatchString(s.label) || !(between && infoWords.MatchString(l.text)) && l.inRow() {
		return 0
	}
	isIssued := s.rank == published && issuedLabel.MatchString(s.label)
	switch {
	case between:
		return s.belowTitle(l, isIssued, a.title >= 0, follows(lines, i, "地点"))
	case i < a.title:
		return s.aboveTitle(l, isIssued, i >= a.title-nearTitle, s.date.Day().Equal(DayOf(k.seen)))
	case l.runes > 80 || l.links > 12:
		return 0
	case isIssued:
		return issuedBelow
	case s.rank == updated:
		return changedBelow
	}
	return 0
}

// aboveTitle weighs a date above the title, where pages show that of today.
func (s shown) aboveTitle(l line, isIssued, near, today bool) standing {
	switch {
	case l.links > 12:
		return 0
	case isIssued:
		return issuedAbove
	case today || !near:
		return 0
	case s.rank == published:
		return issuedAbove
	case s.rank == plain && l.bare(s):
		return bareDate
	}
	return 0
}

// belowTitle weighs a date between title and text.
func (s shown) belowTitle(l line, isIssued, titled, event bool) standing {
	switch {
	case isIssued:
		return issued
	case s.rank == updated:
		return changed
	case l.links > 12 || event:
		return 0
	case s.rank == published && l.runes <= 200:
		return infoDate
	case s.rank != plain || !titled || !l.bare(s):
		return 0
	case s.date.Minute || infoWords.MatchString(l.text):
		return infoDate
	}
	return bareDate
}

// bare reports whether a line without a label is about its date and not a
// sentence or a subtitle.
func (l line) bare(s shown) bool {
	return l.runes <= 100 && !strings.ContainsAny(strings.Replace(l.text, s.text, "", 1), sentence) && (s.date.Minute || !s.tight && !s.brackets)
}

// follows reports whether a line or the next one begins with a word.
func follows(lines []line, i int, word string) bool {
	return strings.Contains(lines[i].text, word) || i+1 < len(lines) && strings.HasPrefix(lines[i+1].text, word)
}

// maxRow bounds the nodes of a list row.
const maxRow = 120

// inRow reports whether a line belongs to a row of a list, whose link it dates.
func (l line) inRow() bool {
	top := closest(l.node, atom.Li, atom.Dd, atom.Dt, atom.Tr)
	if top == nil {
		return false
	}
	count, links := 0, 0
	for n := range top.Descendants() {
		if count++; count > maxRow {
			return false
		}
		if n.DataAtom == atom.A && attr(n, "href") != "" {
			links = max(links, utf8.RuneCountInString(squeeze(titleOf(n))))
		}
	}
	return links >= 8
}

// sights finds the dates of a line, each with its label. Before is the label
// that stands in the cell or line in front.
func (l line) sights(before string, k clues) []shown {
	if !strings.ContainsAny(l.text, "0123456789〇○零前天刚") {
		return nil
	}
	s := normal(l.text)
	if lunar.MatchString(s) {
		return nil
	}
	if strings.ContainsAny(s, "至到~-") {
		s = strings.TrimSpace(dateRange.ReplaceAllString(s, " "))
	}
	var out []shown
	last := 0
	for _, f := range fullDates(s, named) {
		at := last + strings.Index(s[last:], f.text)
		head, tail := s[last:at], s[at+len(f.text):]
		if words(head) == 0 && last == 0 {
			head = before + head
		}
		label := labelOf(head)
		f.rank = rankOf(label, tail)
		out = append(out, shown{
			sight: f, label: label, brackets: strings.HasSuffix(strings.TrimSpace(head), "("),
			tight: letterAt(head, false) && !strings.HasSuffix(head, before) || letterAt(tail, true) || strings.HasSuffix(head, "-"),
		})
		last = at + len(f.text)
	}
	if len(out) == 0 {
		out = unusual(before+s, k)
	}
	return out
}

// letterAt reports whether a text begins, or ends, with a letter.
func letterAt(s string, begins bool) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	if begins {
		r, _ = utf8.DecodeRuneInString(s)
	}
	return unicode.IsLetter(r)
}

package extract

import (
	"regexp"
	"strings"
	"unicode"
)

// Labels beside dates. What is a publication, what only a change, and what
// neither: a deadline or an event says nothing about when a page was published,
// and the day of a document lies before it.
var (
	publishLabel = regexp.MustCompile(`(?i)(?:(?:发布|公布|发表|发稿|发文|刊登|登载|release|publish(?:ed)?|post(?:ed)?)\s*(?:日期|时间|日|于|on|time|date)?|` +
		`(?:公开|信息提供|信息|加入|添加|录入|上传|上线|创建|编辑|推送)(?:日期|时间|于)|日期|时间|\bdate)\s*:?\s*[\[(]?\s*$`)
	updateLabel  = regexp.MustCompile(`(?i)(?:最后|最近)?(?:更新|修改|修订|updated?)\s*(?:日期|时间|于|on)?\s*:?\s*[\[(]?\s*$`)
	refusedLabel = regexp.MustCompile(`(?i)截止|截至|截稿|起止|公示期|有效期|定于|成文|生成|印发|签发|施行|实施|生效|失效|废止|出生|成立|deadline|` +
		`(?:来信|来件|来访|写信|咨询|提问|留言|受理|公示|报名|考试|笔试|面试|召开|举办|举行|会议|开标|听证|活动|征集|征求|反馈|开始|结束|预计)(?:意见)?(?:日期|时间|期|日|于|为|自|从)|(?:起|至|到|自|从)$`)
	refusedAfter = regexp.MustCompile(`^\s*(?:前|之前|以前|起|起施行|后|之后|以后|截止|止|施行|实施|召开|举行|开标|报名)`)
)

// labelWindow is how far before a date its label is looked for, in runes.
const labelWindow = 14

// rankOf reads the words around a date.
func rankOf(before, after string) rank {
	runes := []rune(before)
	if len(runes) > labelWindow {
		runes = runes[len(runes)-labelWindow:]
	}
	label := string(runes)
	switch {
	case refusedAfter.MatchString(after):
		return refused
	case refusedLabel.MatchString(label):
		return refused
	case updateLabel.MatchString(label):
		return updated
	case publishLabel.MatchString(label):
		return published
	}
	return plain
}

// furniture is what lists print beside a date without making it a sentence.
var furniture = regexp.MustCompile(`(?:来源|出处|作者|编辑|供稿|浏览|阅读|点击|访问|人气|字号|发布者|发布人|发布机构|发布单位|责任编辑|评论|查看)\s*:?\s*[^ |\])]*|(?:星期|周)[一二三四五六日天]|\d+次?`)

// sentence marks running text.
const sentence = ",，。;；!！?？、“”《》…"

// fits reports whether the text around a date leaves it a date of the row
// rather than a day that somebody writes about.
func fits(before, after string, m manner) bool {
	switch m {
	case named:
		return true
	case whole:
		return words(unlabel(before)) == 0 && words(after) == 0
	}
	if strings.ContainsAny(before, sentence) || strings.ContainsAny(after, sentence) {
		return false
	}
	before, after = furniture.ReplaceAllString(before, ""), furniture.ReplaceAllString(after, "")
	return words(unlabel(before)) <= 15 && words(after) <= 4
}

// words counts the letters and digits of s.
func words(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// unlabel cuts a date's label off the end of s.
func unlabel(s string) string {
	for _, re := range []*regexp.Regexp{updateLabel, publishLabel} {
		if at := re.FindStringIndex(s); at != nil {
			return s[:at[0]]
		}
	}
	return s
}

// behindLabel returns the text behind a label, without brackets, and what the
// label makes of it. Text without a label is its own text.
func behindLabel(s string) (string, rank) {
	label, text, found := strings.Cut(s, ":")
	if !found || words(label) > labelWindow || digitAt(label, len(label)-1) {
		return strings.Trim(s, " []()|·•"), plain
	}
	return strings.Trim(text, " []()|·•"), rankOf(label+":", "")
}

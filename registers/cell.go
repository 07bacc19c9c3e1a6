package registers

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"xuncha/internal/sheet"
)

// maxCell bounds the characters of one cell.
const maxCell = 5000

// plain is a cell's text in one line, without what spreadsheets wrap around it.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u00ad' || unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		}
		return r
	}, sheet.Plain(strings.TrimSpace(s)))
	return strings.Join(strings.Fields(s), " ")
}

// headText is what is compared of a head: small letters, no blanks, no signs,
// nothing in brackets.
func headText(s string) string {
	s = strings.ToLower(strings.NewReplacer("（", "(", "）", ")", " ", "").Replace(plain(s)))
	for {
		from := strings.IndexByte(s, '(')
		end := strings.IndexByte(s, ')')
		if from < 0 || end < from {
			break
		}
		s = s[:from] + s[end+1:]
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("*:：、，,。★/", r) {
			return -1
		}
		return r
	}, s)
}

// nothing is what people write into a cell that holds nothing.
var nothing = []string{"", "-", "—", "/", "无"}

// value brings a cell of a column into the spelling in which it is kept.
func (k *Known) value(c column, cell sheet.Cell) (string, *complaint) {
	s := plain(cell.Text)
	switch {
	case cell.Kind == sheet.Failed:
		return "", complain("公式出错“%s”：改为实际内容", "the formula failed with %s; write what it should say", short(s))
	case strings.ContainsRune(s, utf8.RuneError):
		return "", complain("“%s”是乱码：重新导出，保存为 CSV UTF-8 或 XLSX", "%s is garbled; export again, as CSV UTF-8 or XLSX", short(s))
	case utf8.RuneCountInString(s) > maxCell:
		return "", complain("文字超过%d个字：核对后缩短", "more than %d characters; check and shorten it", maxCell)
	case c.kind == text && s == "无":
		return s, nil
	case slices.Contains(nothing, s):
		return "", nil
	}
	switch c.kind {
	case day, moment:
		v, wrong := parseDay(s, c.kind == moment)
		if wrong == nil && c.past && k.today != "" && v[:len(time.DateOnly)] > k.today {
			return "", complain("“%s”晚于导入日期%s：核对年份", "%s lies after the day of the import, %s; check the year", short(s), k.today)
		}
		return v, wrong
	case month:
		return parseMonth(s)
	case period:
		return parsePeriod(s)
	case number:
		return parseNumber(s)
	case yesNo:
		return parseYes(s)
	case address:
		return parseAddress(s)
	case code:
		return parseCode(s, cell)
	case choice:
		return parseChoice(c, s)
	case unit:
		return k.unit(s)
	case indicator:
		return k.indicator(s)
	}
	return s, nil
}

var (
	dayShape    = regexp.MustCompile(`^(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?(?:[ T]?(\d{1,2})[:：时](\d{1,2})分?(?:[:：](\d{1,2})(?:\.\d+)?)?)?$`)
	tightDay    = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	monthShape  = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})(?:月|月份)?$`)
	monthInDay  = regexp.MustCompile(`^(\d{4})-(\d{2})-01(?: 00:00:00)?$`)
	periodShape = regexp.MustCompile(`^(\d{4})(?:[Qq]|年?第?)([1-4一二三四])(?:季度)?$`)
	siteCode    = regexp.MustCompile(`^(\d{10}|bm\d{8})$`)
)

// The years that a list can speak of.
const (
	firstYear = 1990
	lastYear  = 2100
)

// parseDay reads a day in the forms that lists have.
func parseDay(s string, withTime bool) (string, *complaint) {
	m := dayShape.FindStringSubmatch(s)
	if m == nil {
		if m = tightDay.FindStringSubmatch(s); m != nil {
			m = append(m, "", "", "")
		}
	}
	if m == nil {
		return "", complain("“%s”不是日期：写成 2023-09-27", "%s is no date; write it as 2023-09-27", short(s))
	}
	var n [6]int
	for i := range n {
		n[i], _ = strconv.Atoi(m[i+1]) // digits, or nothing, which is 0
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, time.UTC)
	switch {
	case t.Year() != n[0] || int(t.Month()) != n[1] || t.Day() != n[2] || n[3] > 23 || n[4] > 59 || n[5] > 59:
		return "", complain("没有“%s”这一天或这一时刻：核对", "there is no day or time %s; check it", short(s))
	case n[0] < firstYear || n[0] > lastYear:
		return "", complain("日期“%s”不在1990年到2100年之间：核对年份", "%s lies before 1990 or after 2100; check the year", short(s))
	case withTime && m[4] != "":
		return t.Format(time.DateTime), nil
	}
	return t.Format(time.DateOnly), nil
}

func parseMonth(s string) (string, *complaint) {
	m := monthShape.FindStringSubmatch(s)
	if m == nil {
		m = monthInDay.FindStringSubmatch(s) // how a spreadsheet keeps 2023年9月
	}
	if m != nil {
		if n, _ := strconv.Atoi(m[2]); n >= 1 && n <= 12 {
			return fmt.Sprintf("%s-%02d", m[1], n), nil
		}
	}
	return "", complain("“%s”不是月份：写成 2023-09", "%s is no month; write it as 2023-09", short(s))
}

func parsePeriod(s string) (string, *complaint) {
	if m := periodShape.FindStringSubmatch(s); m != nil {
		quarter := m[2]
		if i := strings.Index("一二三四", quarter); i >= 0 {
			quarter = strconv.Itoa(i/len("一") + 1)
		}
		return m[1] + "Q" + quarter, nil
	}
	return "", complain("“%s”不是检查期：写成 2023Q3 或 2023年第三季度", "%s is no period; write it as 2023Q3", short(s))
}

func parseNumber(s string) (string, *complaint) {
	n, err := strconv.Atoi(strings.NewReplacer(",", "", "，", "", "条", "", "个", "", ".0", "").Replace(s))
	if err != nil || n < 0 {
		return "", complain("“%s”不是数量：填写0或正整数", "%s is no count; write 0 or a whole number", short(s))
	}
	return strconv.Itoa(n), nil
}

func parseYes(s string) (string, *complaint) {
	switch s {
	case "是", "属实", "有", "y", "Y", "yes", "true", "TRUE", "√":
		return "是", nil
	case "否", "不属实", "没有", "n", "N", "no", "false", "FALSE", "×":
		return "否", nil
	}
	return "", complain("“%s”不是“是”或“否”：改为是或否", "%s is neither 是 nor 否; write one of them", short(s))
}

func parseAddress(s string) (string, *complaint) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.ContainsAny(s, " <>\"") {
		return "", complain("“%s”不是网址：写完整网址，以 http:// 或 https:// 开头", "%s is no address; write it whole, from http:// or https:// on", short(s))
	}
	return s, nil
}

func parseCode(s string, cell sheet.Cell) (string, *complaint) {
	switch {
	case siteCode.MatchString(s):
		return s, nil
	case strings.ContainsAny(cell.Shown, "Ee") || cell.Kind == sheet.Number:
		return "", complain("“%s”被当作数字保存，可能已丢失数字：把这一列设为“文本”后重新填写", "%s is kept as a number and may have lost digits; make the column text and write it again", short(s))
	}
	return "", complain("“%s”不是网站标识码：应为10位数字", "%s is no 网站标识码; it has ten digits", short(s))
}

func parseChoice(c column, s string) (string, *complaint) {
	if kept, ok := c.choices[s]; ok {
		return kept, nil
	}
	kept := slices.Compact(slices.Sorted(maps.Values(c.choices)))
	return "", complain("“%s”不是可填的内容：填写%s之一", "%s is none of what may stand here: %s", short(s), strings.Join(kept, "、"))
}

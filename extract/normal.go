package extract

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// maxDateText bounds the text that is searched for a date: one line of a page.
const maxDateText = 1 << 10

// normal returns s with every way of printing a date brought to one: ASCII
// digits and signs, single blanks, Arabic numbers, years of our era, and without
// document numbers.
func normal(s string) string {
	s = strings.Join(strings.Fields(ascii(cut(s, maxDateText))), " ")
	if strings.Contains(s, "民国") {
		s = republic.ReplaceAllStringFunc(s, fromRepublic)
	}
	if numeralYear.MatchString(s) {
		s = numeralYear.ReplaceAllStringFunc(s, numeralDigits)
		s = numeralPart.ReplaceAllStringFunc(s, numeralValue)
	}
	if strings.Contains(s, "号") {
		s = strings.Join(strings.Fields(documentNumber.ReplaceAllString(s, " ")), " ")
	}
	return s
}

// ascii brings full-width and typographic characters to ASCII and leaves out
// those that are not seen.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x80, han(r):
			return r
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		}
		switch r {
		case '\u00a0', '\u3000':
			return ' '
		case '—', '–', '−', '‐', '‑', '―', '﹣', '─':
			return '-'
		case '∶', '﹕':
			return ':'
		case '【', '〖', '「', '『':
			return '['
		case '】', '〗', '」', '』':
			return ']'
		}
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}

// han reports whether r is an ordinary Chinese character: most of what is asked,
// and dear to look up in Unicode's tables.
func han(r rune) bool { return r >= '\u4e00' && r <= '\u9fff' }

var (
	// documentNumber is 〔2023〕12号 in all its brackets: the year of a file, not
	// of its publication.
	documentNumber = regexp.MustCompile(`[〔\[(［]\s*(?:19|20)\d{2}\s*[〕\])］]\s*第?\s*\d+(?:-\d+)?\s*号`)

	republic    = regexp.MustCompile(`民国\s*(\d{1,3}|[元一二三四五六七八九十百零〇]{1,5})\s*年`)
	numeralYear = regexp.MustCompile(`[一二][〇○零Ｏ一二三四五六七八九]{3}年`)
	numeralPart = regexp.MustCompile(`[一二三四五六七八九十〇○零廿]{1,3}[月日号]`)
)

// fromRepublic converts a year of the Republic, as Taiwan's pages show it.
func fromRepublic(s string) string {
	m := republic.FindStringSubmatch(s)
	n, err := strconv.Atoi(m[1])
	if err != nil {
		n = numeral(m[1])
	}
	if n <= 0 {
		return s
	}
	return strconv.Itoa(1911+n) + "年"
}

// numeralDigits turns 二〇二三年 into 2023年, sign by sign.
func numeralDigits(s string) string {
	var b strings.Builder
	for _, r := range strings.TrimSuffix(s, "年") {
		b.WriteString(strconv.Itoa(max(strings.IndexRune(digitSigns, r)/3, 0)))
	}
	return b.String() + "年"
}

// numeralValue turns 十一月 into 11月.
func numeralValue(s string) string {
	runes := []rune(s)
	n := numeral(string(runes[:len(runes)-1]))
	if n <= 0 {
		return s
	}
	return strconv.Itoa(n) + string(runes[len(runes)-1])
}

// digitSigns holds the Chinese digits in order, three bytes each.
const digitSigns = "〇一二三四五六七八九"

// numeral returns the value of a Chinese number below 1000, or -1.
func numeral(s string) int {
	total, digit := 0, 0
	for _, r := range s {
		switch r {
		case '百':
			total, digit = total+max(digit, 1)*100, 0
		case '十':
			total, digit = total+max(digit, 1)*10, 0
		case '廿':
			total += 20
		case '元':
			digit = 1
		case '两', '兩':
			digit = 2
		case '零', '○', '〇':
			digit = 0
		default:
			i := strings.IndexRune(digitSigns, r)
			if i < 0 {
				return -1
			}
			digit = i / 3
		}
	}
	return total + digit
}

var (
	dateShape  = `(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?`
	shortShape = `\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?`

	// dateRange is a period, which is never the day of a publication.
	dateRange = regexp.MustCompile(dateShape + `(?:\s*\d{1,2}:\d{2})?\s*(?:至|到|~|-{1,2}|起至)\s*(?:` + dateShape + `|` + shortShape + `|\d{1,2}\s*日)`)

	// lunar marks a date of the lunar calendar.
	lunar = regexp.MustCompile(`农历|阴历|正月|腊月|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年`)
)

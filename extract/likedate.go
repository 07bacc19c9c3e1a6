package extract

import "strings"

// likeDate reports whether a text may hold a date of any form that
// [clues.find] reads. It looks at few bytes and errs on the side of yes: what it
// passes is read with care later.
func likeDate(s string) bool {
	if len(s) <= 48 && relativeWord(s) {
		return true
	}
	run, at := 0, -1 // digits in a row, and where the last run ended
	wide := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if run == 0 && at >= 0 && i-at <= 4 && separates(s[at:i]) && (len(s) <= 40 || yearBefore(s, at)) {
				return true
			}
			run++
			continue
		case c == 0xEF && i+2 < len(s) && s[i+1] == 0xBC && s[i+2] >= 0x90 && s[i+2] <= 0x99: // full-width digit
			wide = true
		}
		if run > 0 {
			if run == 8 && len(s) <= 12 || run >= 10 && run <= 13 && len(s) <= 16 {
				return true // 20230823, or seconds since 1970
			}
			at = i
		}
		run = 0
	}
	if wide && len(s) <= 80 {
		return likeDate(ascii(s))
	}
	if run == 8 && run == len(s) && (strings.HasPrefix(s, "20") || strings.HasPrefix(s, "19")) || (run == 10 || run == 13) && run == len(s) && s[0] == '1' {
		return true
	}
	return numeralDate(s)
}

// yearBefore reports whether the digits that end at i are a year.
func yearBefore(s string, i int) bool {
	return i >= 4 && (s[i-4:i-2] == "20" || s[i-4:i-2] == "19") && (i == 4 || s[i-5] < '0' || s[i-5] > '9')
}

// separates reports whether what stands between two numbers may separate the
// parts of a date.
func separates(s string) bool {
	switch strings.TrimSpace(s) {
	case "-", "/", ".", "年", "月", "--", "－", "／", "．", "—", "–":
		return true
	}
	return false
}

// relativeWord reports whether a short text names a day by its distance.
func relativeWord(s string) bool {
	for _, w := range []string{"天前", "小时前", "分钟前", "今天", "昨天", "前天", "刚刚", "昨日", "今日"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// numeralDate reports whether a short text is a date in Chinese numbers, or of
// the Republic.
func numeralDate(s string) bool {
	return len(s) <= 60 && strings.Contains(s, "月") && (strings.Contains(s, "年") || strings.Contains(s, "十"))
}

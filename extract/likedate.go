package extract

import "strings"

// likeDate reports whether a text may hold a date of any form that
// [clues.find] reads. It looks at few bytes and errs on the side of yes: what it
// passes is read with care later.
func likeDate(s string) bool {
	if wasCut(s) {
		return false // the beginning of a summary
	}
	if len(s) <= 48 && relativeWord(s) {
		return true
	}
	run, at := 0, -1 // digits in a row, and where the last run ended
	wide := false
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= '0' && c <= '9' {
			if run == 0 && joined(s, at, i) {
				return true
			}
			run++
			continue
		}
		wide = wide || wideDigit(s, i)
		if run > 0 {
			if numberDate(run, len(s)) {
				return true
			}
			at = i
		}
		run = 0
	}
	if wide && len(s) <= 80 {
		return likeDate(ascii(s))
	}
	return run == len(s) && wholeNumber(s) || numeralDate(s)
}

// joined reports whether the digits that end at one place and those that begin
// at another may be parts of one date.
func joined(s string, end, begin int) bool {
	return end >= 0 && begin-end <= 4 && separates(s[end:begin]) && (len(s) <= 40 || yearBefore(s, end))
}

// wideDigit reports whether a full-width digit stands at i.
func wideDigit(s string, i int) bool {
	return s[i] == 0xEF && i+2 < len(s) && s[i+1] == 0xBC && s[i+2] >= 0x90 && s[i+2] <= 0x99
}

// numberDate reports whether digits in a row, in a text of some size, may be
// 20230823 or seconds since 1970.
func numberDate(digits, size int) bool {
	return digits == 8 && size <= 12 || digits >= 10 && digits <= 13 && size <= 16
}

// wholeNumber reports whether a text that is nothing but digits may be a date.
func wholeNumber(s string) bool {
	switch len(s) {
	case 8:
		return strings.HasPrefix(s, "20") || strings.HasPrefix(s, "19")
	case 10, 13:
		return s[0] == '1'
	}
	return false
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
	for _, sign := range []string{"前", "今", "昨", "刚"} {
		if strings.Contains(s, sign) {
			return agoShape.MatchString(normal(s)) || dayShape.MatchString(normal(s)) || strings.HasPrefix(s, "刚")
		}
	}
	return strings.Contains(s, "20") && englishMonth.MatchString(s)
}

// numeralDate reports whether a short text is a date in Chinese numbers, or of
// the Republic.
func numeralDate(s string) bool {
	return len(s) <= 60 && strings.Contains(s, "月") && (strings.Contains(s, "年") || strings.Contains(s, "十") || len(s) <= 16 && strings.ContainsAny(s, "0123456789"))
}

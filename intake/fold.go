package intake

import (
	"strings"
	"unicode"

	"xuncha/internal/sheet"
)

// narrow turns full-width letters, digits and signs into plain ones, leaves out
// what takes no room, and makes every blank a space.
func narrow(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' && (r < 0x4E00 || r > 0x9FFF) }) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case r == '\u00ad' || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
			return -1
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
}

// compact is narrow without any blank: for codes, words and what they are
// compared by.
func compact(s string) string {
	return strings.ReplaceAll(narrow(sheet.Plain(strings.TrimSpace(s))), " ", "")
}

// nameText is a name as it is written down: full-width letters and digits made
// plain, signs left as they are, blanks only between words of letters.
func nameText(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ':
			return r - '！' + '!'
		case r == '\u00ad' || unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		}
		return r
	}, sheet.Plain(strings.TrimSpace(s)))
	words := strings.Fields(s)
	var b strings.Builder
	for i, w := range words {
		if i > 0 && latin(words[i-1], true) && latin(w, false) {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

// latin reports whether a word ends or begins with a letter or digit of ASCII.
func latin(word string, end bool) bool {
	c := word[0]
	if end {
		c = word[len(word)-1]
	}
	return c < 0x80
}

// headText is what is compared of a column's head: no blanks, no signs, nothing
// in brackets, small letters.
func headText(s string) string {
	s = compact(s)
	for _, pair := range [][2]string{{"(", ")"}, {"【", "】"}, {"[", "]"}} {
		for {
			from := strings.Index(s, pair[0])
			if from < 0 {
				break
			}
			end := strings.Index(s[from:], pair[1])
			if end < 0 {
				break
			}
			s = s[:from] + s[from+end+len(pair[1]):]
		}
	}
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("*:：、，,。★#·/", r) {
			return -1
		}
		return r
	}, s)
	return strings.ToLower(s)
}

// garbled reports whether a text was read in the wrong encoding somewhere.
func garbled(s string) bool {
	for _, sign := range []string{"\ufffd", "锟斤拷", "烫烫", "屯屯", "???", "Ã¤", "Ã¥", "å¸", "ä¸"} {
		if strings.Contains(s, sign) {
			return true
		}
	}
	return false
}

// nearest returns the known word that a word is a slip of the pen of, "" for
// none: one that differs in at most a third of its characters, and in one at
// least.
func nearest(word string, known []string) string {
	const longest = 40
	w := []rune(word)
	if len(w) == 0 || len(w) > longest {
		return ""
	}
	best, least := "", longest
	for _, k := range known {
		r := []rune(k)
		allowed := max(1, max(len(w), len(r))/3)
		if len(r) > longest || max(len(w)-len(r), len(r)-len(w)) > allowed {
			continue
		}
		if d := distance(w, r, allowed); d <= allowed && d < least && d < len(r) {
			best, least = k, d
		}
	}
	return best
}

// distance returns the edit distance of two words, or more than most.
func distance(a, b []rune, most int) int {
	last, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		least := row[0]
		for j := range b {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+change)
			least = min(least, row[j+1])
		}
		if least > most {
			return most + 1
		}
		last, row = row, last
	}
	return last[len(b)]
}

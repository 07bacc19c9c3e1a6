package proof

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A masker hides what must not stand in a sheet: numbers of identity cards,
// mobile telephones and bank cards, and phrases that the city's configuration
// names. What was kept is never masked.
type masker struct {
	phrases []string
}

// tidy makes text from outside fit for one line: control characters and invalid
// bytes become spaces, marks that turn the direction of writing or take no room
// are left out, so that they cannot hide what is to be masked.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.IsSpace(r), r == '\u2028', r == '\u2029', r == utf8.RuneError:
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// hide returns the text, tidied, with what is to be masked masked.
func (m masker) hide(text string) string {
	runes := []rune(tidy(text))
	m.hidePhrases(runes)
	for _, is := range []func([]int) bool{identity, mobile, card} { // whatever is surest first
		for _, run := range digitRuns(runes) {
			hideNumbers(runes, run, is)
		}
	}
	return string(runes)
}

// finds reports whether a text holds anything to be masked.
func (m masker) finds(text string) bool { return m.hide(text) != tidy(text) }

// hidePhrases covers every phrase, in whatever case.
func (m masker) hidePhrases(runes []rune) {
	for _, phrase := range m.phrases {
		want := lower([]rune(tidy(phrase)))
		if len(want) == 0 {
			continue
		}
		have := lower(runes)
		for i := 0; i+len(want) <= len(have); i++ {
			if slices.Equal(have[i:i+len(want)], want) {
				for j := range want {
					runes[i+j] = '■'
				}
			}
		}
	}
}

func lower(runes []rune) []rune {
	out := make([]rune, len(runes))
	for i, r := range runes {
		out[i] = unicode.ToLower(r)
	}
	return out
}

// A span is a piece of digits without anything between them, as indexes.
type span struct{ from, to int }

// digitRuns finds the pieces of digits that stand one character apart at most, as
// numbers are written: 6222 0212 3456, 138-1234-5678.
func digitRuns(runes []rune) [][]span {
	var runs [][]span
	for i := 0; i < len(runes); {
		if digit(runes[i]) < 0 {
			i++
			continue
		}
		from := i
		for i < len(runes) && digit(runes[i]) >= 0 {
			i++
		}
		s := span{from, i}
		if n := len(runs); n > 0 {
			last := runs[n-1][len(runs[n-1])-1]
			if from == last.to+1 && strings.ContainsRune(" -—–－.·　", runes[last.to]) {
				runs[n-1] = append(runs[n-1], s)
				continue
			}
		}
		runs = append(runs, []span{s})
	}
	return runs
}

// digit is the value of a digit in half or full width, -1 for any other rune.
func digit(r rune) int {
	switch {
	case '0' <= r && r <= '9':
		return int(r - '0')
	case '０' <= r && r <= '９':
		return int(r - '０')
	}
	return -1
}

// longest is the most digits of anything to be masked, with the prefix of a
// country.
const longest = 19

// hideNumbers masks the numbers of one kind that some pieces in a row make up, the
// longest first.
func hideNumbers(runes []rune, run []span, is func([]int) bool) {
	for i := 0; i < len(run); i++ {
		for j := min(len(run), i+longest); j > i; j-- {
			var at []int
			for _, s := range run[i:j] {
				for k := s.from; k < s.to; k++ {
					at = append(at, k)
				}
				if len(at) > longest {
					break
				}
			}
			if len(at) > longest || !hideNumber(runes, at, is) {
				continue
			}
			i = j - 1
			break
		}
	}
}

// hideNumber masks digits at some indexes if they are a number to be masked.
func hideNumber(runes []rune, at []int, is func([]int) bool) bool {
	digits := make([]int, len(at))
	for i, k := range at {
		digits[i] = digit(runes[k])
	}
	last := at[len(at)-1]
	if len(digits) == 17 && last+1 < len(runes) && strings.ContainsRune("xXｘＸ", runes[last+1]) {
		digits, at = append(digits, 10), append(at, last+1)
	}
	if !is(digits) {
		return false
	}
	for _, k := range at[3 : len(at)-2] {
		runes[k] = '*'
	}
	return true
}

// identity reports whether digits are a 公民身份号码: 18 of them, with a day of
// birth that may be one and the check digit of GB 11643, 10 standing for X.
func identity(d []int) bool {
	if len(d) != 18 {
		return false
	}
	sum := 0
	for i, w := range [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += w * d[i]
	}
	return [...]int{1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2}[sum%11] == d[17]
}

// mobile reports whether digits are the number of a mobile telephone, with the
// country's or without.
func mobile(d []int) bool {
	if len(d) == 13 && d[0] == 8 && d[1] == 6 {
		d = d[2:]
	}
	if len(d) == 15 && d[0] == 0 && d[1] == 0 && d[2] == 8 && d[3] == 6 {
		d = d[4:]
	}
	return len(d) == 11 && d[0] == 1 && d[1] >= 3
}

// card reports whether digits are the number of a bank card, by its length and
// the check digit of Luhn.
func card(d []int) bool {
	if len(d) < 16 || len(d) > 19 || d[len(d)-1] == 10 {
		return false
	}
	sum, some := 0, false
	for i := range d {
		n := d[len(d)-1-i]
		some = some || n != 0
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return some && sum%10 == 0
}

// Mask hides in a text what must not stand in a sheet: numbers of persons, and
// phrases of a configuration. A text that holds none of it is returned as it is.
func Mask(phrases []string, text string) string {
	m := masker{phrases: phrases}
	if !m.finds(text) {
		return text
	}
	return m.hide(text)
}

package extract

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// A layout is a recipe's own date format: a Go layout, and a regexp that finds
// what looks like it in a longer text.
type layout struct {
	layout  string
	re      *regexp.Regexp
	hasYear bool
	minute  bool
}

// parseLayout accepts a layout that tells days and months apart.
func parseLayout(s string) (*layout, error) {
	if len(s) > 64 {
		return nil, errors.New("is longer than 64 bytes")
	}
	ref := time.Date(2019, 11, 23, 14, 56, 0, 0, Beijing)
	write := func(y, m, d int) string { return ref.AddDate(y, m, d).Format(s) }
	if write(0, 0, 0) == write(0, 0, 1) || write(0, 0, 0) == write(0, -1, 0) {
		return nil, errors.New(`does not show month and day; write the day 2 January 2006 the way the page would, "2006-01-02" or "01-02"`)
	}
	got, err := time.ParseInLocation(s, ref.Format(s), Beijing)
	if err != nil || got.Month() != ref.Month() || got.Day() != ref.Day() {
		return nil, fmt.Errorf("cannot be read back; write the day 2 January 2006 the way the page would, %q", "2006-01-02")
	}
	re, err := regexp.Compile(layoutPattern.Replace(regexp.QuoteMeta(s)))
	if err != nil {
		return nil, err
	}
	return &layout{
		layout:  s,
		re:      re,
		hasYear: write(0, 0, 0) != write(1, 0, 0),
		minute:  strings.Contains(s, "15") || strings.Contains(s, "03") || strings.Contains(s, "3:"),
	}, nil
}

// layoutPattern turns the words of a Go layout into what may stand for them.
var layoutPattern = strings.NewReplacer(
	"2006", `\d{4}`, "January", `[A-Za-z]{3,9}`, "Jan", `[A-Za-z]{3}`, "Monday", `[A-Za-z]{6,9}`, "Mon", `[A-Za-z]{3}`,
	"MST", `[A-Z]{3,4}`, "-0700", `[-+]\d{4}`, "-07:00", `[-+]\d{2}:\d{2}`, "01", `\d{2}`, "02", `\d{2}`, "03", `\d{2}`,
	"04", `\d{2}`, "05", `\d{2}`, "06", `\d{2}`, "15", `\d{2}`, "PM", `[AP]M`, "_2", `[ \d]\d`,
	"1", `\d{1,2}`, "2", `\d{1,2}`, "3", `\d{1,2}`, "4", `\d{1,2}`, "5", `\d{1,2}`,
)

// find returns the date in text that the layout describes; the year is 0 where
// the layout has none.
func (l *layout) find(text string) (t time.Time, found string, ok bool) {
	at := l.re.FindStringIndex(text)
	if at == nil {
		return time.Time{}, "", false
	}
	found = text[at[0]:at[1]]
	if digitAt(text, at[0]-1) && digitAt(found, 0) || digitAt(text, at[1]) && digitAt(found, len(found)-1) {
		return time.Time{}, "", false // part of a longer number
	}
	t, err := time.ParseInLocation(l.layout, found, Beijing)
	return t, found, err == nil
}

func digitAt(s string, i int) bool {
	return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9'
}

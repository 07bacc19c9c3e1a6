package rules

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// A Window is a 更新时限: so many days, calendar months or years back from the
// point's day, both ends inclusive. The zero Window is none.
type Window struct {
	Days, Months, Years int
}

// isoWindow is the part of ISO 8601 durations that speaks of days and more.
// Four digits bound every figure, so that no window overflows a calendar.
var isoWindow = regexp.MustCompile(`^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?$`)

// parseWindow reads an ISO 8601 duration of years, months, weeks and days, such
// as P14D, P2W, P6M or P1Y. A week is seven days. A window of nothing is an
// error.
func parseWindow(s string) (Window, error) {
	m := isoWindow.FindStringSubmatch(s)
	if m == nil {
		return Window{}, fmt.Errorf("%q is no window; write P14D, P2W, P6M or P1Y", s)
	}
	w := Window{Years: number(m[1]), Months: number(m[2]), Days: 7*number(m[3]) + number(m[4])}
	if w.IsZero() {
		return Window{}, errors.New("a window must hold at least one day; write P1D or more")
	}
	return w, nil
}

// number reads up to four digits; nothing is 0.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// IsZero reports whether there is no window.
func (w Window) IsZero() bool { return w == Window{} }

// String is the window in ISO 8601, "P14D", and "" for none.
func (w Window) String() string {
	if w.IsZero() {
		return ""
	}
	s := "P"
	for _, part := range []struct {
		n    int
		unit string
	}{{w.Years, "Y"}, {w.Months, "M"}, {w.Days, "D"}} {
		if part.n != 0 {
			s += strconv.Itoa(part.n) + part.unit
		}
	}
	return s
}

// Start returns the first day inside the window of a point's day, a Beijing
// midnight. Calendar months end where a month is too short: six months before
// 31 August is the last day of February.
func (w Window) Start(day time.Time) time.Time {
	return addMonths(day, -12*w.Years-w.Months).AddDate(0, 0, -w.Days)
}

// StaleOn returns the first point's day for which an item of the given day lies
// outside the window.
func (w Window) StaleOn(newest time.Time) time.Time {
	day := addMonths(newest, 12*w.Years+w.Months).AddDate(0, 0, w.Days+1)
	for !w.Start(day).After(newest) {
		day = day.AddDate(0, 0, 1)
	}
	for before := day.AddDate(0, 0, -1); w.Start(before).After(newest); before = day.AddDate(0, 0, -1) {
		day = before
	}
	return day
}

// addMonths moves a day by calendar months and stays inside the month it
// arrives in.
func addMonths(day time.Time, months int) time.Time {
	y, m, d := day.Date()
	first := time.Date(y, m+time.Month(months), 1, 0, 0, 0, 0, day.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(d, last)-1)
}

// isoSpan is an ISO 8601 duration of days, hours and minutes.
var isoSpan = regexp.MustCompile(`^P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?)?$`)

// parseSpan reads a duration by the clock: PT48H, PT1H, PT30M, P2D.
func parseSpan(s string) (time.Duration, error) {
	m := isoSpan.FindStringSubmatch(s)
	if m == nil || s == "P" || s[len(s)-1] == 'T' {
		return 0, fmt.Errorf("%q is no duration; write PT48H, PT30M or P2D", s)
	}
	hours := 24*number(m[1]) + number(m[2])
	return time.Duration(hours)*time.Hour + time.Duration(number(m[3]))*time.Minute, nil
}

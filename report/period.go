package report

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"xuncha/extract"
)

// A Period is the quarter a notice is about.
type Period struct {
	Year    int
	Quarter int // 1 to 4
}

// ParsePeriod reads a period such as 2023Q3.
func ParsePeriod(s string) (Period, error) {
	m := regexp.MustCompile(`^([1-9]\d{3})[Qq]([1-4])$`).FindStringSubmatch(s)
	if m == nil {
		return Period{}, fmt.Errorf("period %q: write a year and a quarter from 1 to 4, as in 2023Q3", s)
	}
	year, err := strconv.Atoi(m[1])
	if err != nil {
		return Period{}, fmt.Errorf("period %q: %w", s, err)
	}
	return Period{Year: year, Quarter: int(m[2][0] - '0')}, nil
}

// PeriodOf is the period in which a day lies.
func PeriodOf(day time.Time) Period {
	return Period{Year: day.Year(), Quarter: (int(day.Month()) + 2) / 3}
}

// String prints the period as ParsePeriod reads it.
func (p Period) String() string { return fmt.Sprintf("%04dQ%d", p.Year, p.Quarter) }

// Start is the first day of the period, in Beijing.
func (p Period) Start() time.Time {
	return time.Date(p.Year, time.Month(3*p.Quarter-2), 1, 0, 0, 0, 0, extract.Beijing)
}

// End is the last day of the period, in Beijing.
func (p Period) End() time.Time { return p.Start().AddDate(0, 3, -1) }

// fill puts the period into a title: {year} and {quarter}, the latter as
// notices write it, 第三季度.
func (p Period) fill(title string) string {
	return strings.NewReplacer("{year}", strconv.Itoa(p.Year), "{quarter}", p.InChinese()).Replace(title)
}

// InChinese is the number of the quarter as notices write it: 三.
func (p Period) InChinese() string {
	if p.Quarter < 1 || p.Quarter > 4 {
		return strconv.Itoa(p.Quarter)
	}
	return string([]rune("一二三四")[p.Quarter-1])
}

// Before is the period before one.
func (p Period) Before() Period {
	if p.Quarter == 1 {
		return Period{Year: p.Year - 1, Quarter: 4}
	}
	return Period{Year: p.Year, Quarter: p.Quarter - 1}
}

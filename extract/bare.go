package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// bare reads a text that is nothing but a date in a form too weak to be looked
// for inside other text.
func (c clues) bare(s string, m manner) (sight, bool) {
	for _, read := range []func(string) (sight, bool){c.relative, c.monthDay, splitDate, c.splitMonthDay, shortYear} {
		if found, ok := read(s); ok {
			found.text = s
			return found, true
		}
	}
	if m == named {
		if found, ok := numberOnly(s); ok {
			found.text = s
			return found, true
		}
	}
	return sight{}, false
}

var (
	agoShape = regexp.MustCompile(`^(?:(\d{1,4})|(半)|(几|[一二两三四五六七八九十廿]{1,3}))\s*个?\s*(秒|秒钟|分|分钟|分鐘|小时|小時|钟头|天|日)\s*[之以]?前$`)
	dayShape = regexp.MustCompile(`^(今天|今日|昨天|昨日|前天|前日)\s*(?:(上午|下午|晚上|中午|凌晨)?\s*(\d{1,2}):(\d{2})(?::\d{2})?)?$`)
)

// relative reads 刚刚, 3小时前, 昨天 12:30. Weeks and months are not read: they
// name no day.
func (c clues) relative(s string) (sight, bool) {
	now := c.seen.In(Beijing)
	if s == "刚刚" || s == "刚才" {
		return sight{date: Date{Time: DayOf(now)}, momentary: true}, true
	}
	if m := agoShape.FindStringSubmatch(s); m != nil {
		return sight{date: Date{Time: DayOf(now.Add(-ago(m)))}, momentary: true}, true
	}
	m := dayShape.FindStringSubmatch(s)
	if m == nil {
		return sight{}, false
	}
	back := map[string]int{"昨": -1, "前": -2}[m[1][:3]]
	day := DayOf(now).AddDate(0, 0, back)
	if m[3] == "" {
		return sight{date: Date{Time: day}, momentary: true}, true
	}
	clock := readClock(strings.TrimPrefix(s, m[1]))
	if !clock.found || clock.wrong {
		return sight{}, false
	}
	return sight{date: Date{Time: clock.on(day), Minute: true}, momentary: true}, true
}

// ago returns how long before the fetch a match of agoShape lies; 几 is taken as
// one, because it never names more than some.
func ago(m []string) time.Duration {
	unit := 24 * time.Hour
	switch {
	case strings.HasPrefix(m[4], "秒"):
		unit = time.Second
	case strings.HasPrefix(m[4], "分"):
		unit = time.Minute
	case strings.HasPrefix(m[4], "小"), strings.HasPrefix(m[4], "钟"):
		unit = time.Hour
	}
	switch {
	case m[2] != "":
		return unit / 2
	case m[1] != "":
		n, _ := strconv.Atoi(m[1])
		return time.Duration(n) * unit
	}
	return time.Duration(max(numeral(m[3]), 1)) * unit
}

var (
	monthDayShape = regexp.MustCompile(`^(1[0-2]|0?[1-9])(?:\s*[-/]\s*|\s*月\s*)(3[01]|[12]\d|0?[1-9])\s*[日号]?(?:\s+(\d{1,2}:\d{2}(?::\d{2})?))?$`)
	dottedShape   = regexp.MustCompile(`^(1[0-2]|0[1-9])\.(3[01]|[12]\d|0[1-9])$`)
)

// monthDay reads [08-23] and infers the year.
func (c clues) monthDay(s string) (sight, bool) {
	m := monthDayShape.FindStringSubmatch(s)
	if m == nil {
		if m = dottedShape.FindStringSubmatch(s); m == nil {
			return sight{}, false
		}
		m = append(m, "")
	}
	month, _ := strconv.Atoi(m[1])
	day, _ := strconv.Atoi(m[2])
	if day <= 12 && strings.Contains(s, " /") {
		return sight{}, false // two elements, and either may be the month
	}
	found, ok := c.infer(month, day)
	if !ok || m[3] == "" || found.early {
		return found, ok
	}
	clock := readClock(m[3])
	if clock.wrong {
		return sight{}, false
	}
	found.date.Time, found.date.Minute = clock.on(found.date.Time), true
	return found, true
}

var (
	dayThenMonth = regexp.MustCompile(`^(3[01]|[12]\d|0?[1-9])\s*日?\s*[/ ]\s*((?:19|20)\d{2})\s*[-/.年]\s*(1[0-2]|0?[1-9])\s*月?$`)
	monthThenDay = regexp.MustCompile(`^((?:19|20)\d{2})\s*[-/.年]\s*(1[0-2]|0?[1-9])(?:\s*月\s*|\s+)(3[01]|[12]\d|0?[1-9])\s*日?$`)
	yearLast     = regexp.MustCompile(`^(1[0-2]|0?[1-9])\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])\s*日?\s+((?:19|20)\d{2})\s*年?$`)
	yearFirst    = regexp.MustCompile(`^((?:19|20)\d{2})\s*年?\s+(1[0-2]|0?[1-9])\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])\s*日?$`)
)

// splitDate reads a date whose day and month a page prints in two elements.
func splitDate(s string) (sight, bool) {
	for _, form := range []struct {
		re      *regexp.Regexp
		y, m, d int
	}{{dayThenMonth, 2, 3, 1}, {monthThenDay, 1, 2, 3}, {yearLast, 3, 1, 2}, {yearFirst, 1, 2, 3}} {
		if m := form.re.FindStringSubmatch(s); m != nil {
			t, ok := date(m[form.y], m[form.m], m[form.d])
			return sight{date: Date{Time: t}}, ok
		}
	}
	return sight{}, false
}

var (
	dayMonthApart = regexp.MustCompile(`^(3[01]|[12]\d|0?[1-9])\s*日?\s*[/ ]\s*(1[0-2]|0?[1-9])\s*(月?)$`)
	chineseMonth  = regexp.MustCompile(`^(十[一二]?|[一二三四五六七八九])月\s*(3[01]|[12]\d|0?[1-9])\s*日?$`)
)

// splitMonthDay reads "23 /08", "23 8月" and "十月 22".
func (c clues) splitMonthDay(s string) (sight, bool) {
	if m := chineseMonth.FindStringSubmatch(s); m != nil {
		day, _ := strconv.Atoi(m[2])
		return c.infer(numeral(m[1]), day)
	}
	m := dayMonthApart.FindStringSubmatch(s)
	if m == nil {
		return sight{}, false
	}
	day, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	if day <= 12 && m[3] == "" {
		return sight{}, false // either number may be the month
	}
	return c.infer(month, day)
}

var shortYearShape = regexp.MustCompile(`^(\d{2})[-.](1[0-2]|0[1-9])[-.](3[01]|[12]\d|0[1-9])$`)

// shortYear reads 23-08-23 as year, month and day, the order of Chinese pages.
func shortYear(s string) (sight, bool) {
	m := shortYearShape.FindStringSubmatch(s)
	if m == nil {
		return sight{}, false
	}
	t, ok := date("20"+m[1], m[2], m[3])
	return sight{date: Date{Time: t}, shortYear: true}, ok
}

// numberOnly reads 20230823 and the seconds or milliseconds since 1970, which
// only an element or attribute named for its date can mean.
func numberOnly(s string) (sight, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || s[0] == '+' || s[0] == '-' {
		return sight{}, false
	}
	var t time.Time
	switch len(s) {
	case 8:
		t, ok := date(s[:4], s[4:6], s[6:])
		return sight{date: Date{Time: t}}, ok
	case 10:
		t = time.Unix(n, 0).In(Beijing)
	case 13:
		t = time.UnixMilli(n).In(Beijing)
	default:
		return sight{}, false
	}
	if t.Year() < 2000 || t.Year() > 2100 {
		return sight{}, false
	}
	return sight{date: Date{Time: t, Minute: true}}, true
}

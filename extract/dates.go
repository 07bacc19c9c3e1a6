package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A manner is how much a text must be about a date before the date is believed.
type manner int

const (
	named manner = iota // the recipe names the element: a date anywhere in it
	free                // some text of a row: it must hold little besides the date
	whole               // part of a title: it must be nothing but the date
)

// Clues are what a date rests on besides its text.
type clues struct {
	seen   time.Time // when the page was seen
	link   string    // the item's link, which may hold the year
	format *layout   // the recipe's own format, or nil
}

// A sight is a date as found in a text.
type sight struct {
	date      Date
	text      string // what became the date
	rank      rank
	momentary bool // it depends on when the page was seen
	early     bool // a month and day just after the fetch: not believed at all
	shortYear bool // two digits of a year: believed only where all rows agree
}

// A rank says what a label makes of a date.
type rank int

const (
	refused   rank = iota // a deadline, a period, the day of a document or an event
	updated               // 更新时间: weaker than the others
	plain                 // no label
	published             // 发布时间 and its like
)

// find returns the dates in text, none of them refused.
func (c clues) find(text string, m manner) []sight {
	s := normal(text)
	if s == "" || lunar.MatchString(s) {
		return nil
	}
	if strings.ContainsAny(s, "至到~-") {
		s = strings.TrimSpace(dateRange.ReplaceAllString(s, " "))
	}
	if c.format != nil {
		if found := c.byFormat(s); len(found) > 0 {
			return found
		}
	}
	if found := fullDates(s, m); len(found) > 0 {
		return kept(found)
	}
	if found, ok := foreign(s); ok {
		return []sight{found}
	}
	bare, r := behindLabel(s)
	if r == refused {
		return nil
	}
	found, ok := c.bare(bare, m)
	if !ok {
		return nil
	}
	found.rank = r
	return []sight{found}
}

// kept returns the sights that were not refused.
func kept(all []sight) []sight {
	out := all[:0]
	for _, s := range all {
		if s.rank != refused {
			out = append(out, s)
		}
	}
	return out
}

// settle chooses the one date that several sights agree on: the days of the
// highest rank must be one day. Where they differ, refuse says so and nothing is
// chosen: a deadline beside a publication is not ours to tell apart.
func settle(all []sight) (chosen sight, ok, refuse bool) {
	for _, s := range all {
		switch {
		case !ok || s.rank > chosen.rank:
			chosen, ok, refuse = s, true, false
		case s.rank == chosen.rank && !s.date.Day().Equal(chosen.date.Day()):
			refuse = true
		case s.rank == chosen.rank && s.date.Minute && !chosen.date.Minute:
			chosen = s
		}
	}
	return chosen, ok && !refuse, refuse
}

// fullDate matches a year, a month and a day with one kind of separator.
var fullDate = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)\d{2})\s*(?:年\s*(1[0-2]|0?[1-9])\s*月|[-/.]{1,2}\s*(1[0-2]|0?[1-9])\s*[-/.]{1,2})\s*(3[01]|[12]\d|0?[1-9])(?:[^0-9]|$)`)

// fullDates finds every date with its year.
func fullDates(s string, m manner) []sight {
	var out []sight
	last := 0 // end of the date before
	for at := 0; at < len(s); {
		loc := fullDate.FindStringSubmatchIndex(s[at:])
		if loc == nil {
			return out
		}
		start, end := at+loc[2], at+loc[9]
		month := group(s[at:], loc, 2) + group(s[at:], loc, 3)
		day, ok := date(group(s[at:], loc, 1), month, group(s[at:], loc, 4))
		clock := readClock(s[end:])
		if ok && !clock.wrong {
			stop := end + clock.size
			before, after := s[last:start], s[stop:]
			if fits(before, after, m) {
				out = append(out, sight{
					date: Date{Time: clock.on(day), Minute: clock.found},
					text: s[start:stop], rank: rankOf(before, after),
				})
			}
			end = stop
		}
		last, at = end, end
	}
	return out
}

func group(s string, loc []int, n int) string {
	if loc[2*n] < 0 {
		return ""
	}
	return s[loc[2*n]:loc[2*n+1]]
}

// date builds a day and refuses one that no calendar has or that no website can
// mean: 1970-01-01 and its like stand for "unknown".
func date(year, month, day string) (time.Time, bool) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	return dayOf(y, m, d)
}

// firstYear is the first year in which a Chinese website published anything.
const firstYear = 1990

// plausible reports whether a website can mean a year at all.
func plausible(t time.Time) bool { return t.Year() >= firstYear && t.Year() <= 2100 }

func dayOf(y, m, d int) (time.Time, bool) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, Beijing)
	if !plausible(t) || int(t.Month()) != m || t.Day() != d {
		return time.Time{}, false
	}
	return t, true
}

// A clock is the time of day behind a date.
type clock struct {
	found, wrong bool
	size         int // bytes read
	hour, minute int
	second       int
	zone         string
}

var clockShape = regexp.MustCompile(`^\s*[日号]?\s*(?:\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?\s*[T,-]?\s*(上午|下午|晚上|中午|凌晨|早上)?\s*(\d{1,2})\s*(?::\s*(\d{1,2})(?:\s*:\s*(\d{1,2})(?:\.\d{1,9})?)?|[时点]\s*(\d{1,2})\s*分?|时(整)?)\s*(Z\b|[+-]\d{2}:?\d{2}\b)?`)

// dayMark is what may close a date without a time.
var dayMark = regexp.MustCompile(`^\s*[日号]`)

// readClock reads the time at the start of s, which follows a day.
func readClock(s string) clock {
	m := clockShape.FindStringSubmatch(s)
	if m == nil {
		return clock{size: len(dayMark.FindString(s))}
	}
	c := clock{found: true, size: len(m[0]), zone: m[7]}
	c.hour, _ = strconv.Atoi(m[2])
	c.minute, _ = strconv.Atoi(m[3] + m[5])
	c.second, _ = strconv.Atoi(m[4])
	if (m[1] == "下午" || m[1] == "晚上") && c.hour < 12 {
		c.hour += 12
	}
	midnight := c.hour == 24 && c.minute == 0 && c.second == 0
	c.wrong = c.hour > 23 && !midnight || c.minute > 59 || c.second > 60
	return c
}

// on returns the moment on a day, in Beijing.
func (c clock) on(day time.Time) time.Time {
	y, m, d := day.Date()
	t := time.Date(y, m, d, c.hour, c.minute, min(c.second, 59), 0, Beijing)
	if c.zone == "" {
		return t
	}
	offset := 0
	if c.zone != "Z" {
		z := strings.Replace(c.zone, ":", "", 1)
		n, _ := strconv.Atoi(z[1:])
		offset = (n/100*60 + n%100) * 60
		if z[0] == '-' {
			offset = -offset
		}
	}
	return time.Date(y, m, d, c.hour, c.minute, min(c.second, 59), 0, time.FixedZone("", offset)).In(Beijing)
}

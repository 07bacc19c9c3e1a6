package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// infer finds the year of a month and day. The item's own address goes first;
// else it is the latest year that is not in the future. A day just ahead of the
// fetch is not believed at all: moved to last year it would be a wrong old date.
func (c clues) infer(month, day int) (sight, bool) {
	if _, ok := dayOf(2000, month, day); !ok {
		return sight{}, false
	}
	if t, ok := yearFromLink(c.link, month, day); ok {
		return sight{date: Date{Time: t}, rank: plain}, true
	}
	today := DayOf(c.seen)
	for _, back := range []int{1, 0, -1, -2, -3, -4} {
		t, ok := dayOf(today.Year()+back, month, day)
		switch {
		case !ok: // 29 February
			continue
		case t.Equal(today.AddDate(0, 0, 1)):
			return sight{early: true, momentary: true}, true
		case !t.After(today):
			return sight{date: Date{Time: t, Inferred: true}, momentary: true}, true
		}
	}
	return sight{}, false
}

// jitter is how far the days of a list may rise and it still falls.
const jitter = 31 * 24 * time.Hour

// agreeOnYears holds the inferred years of a list against its order: a list that
// falls over New Year goes on falling in the year before. Where days rise before
// any New Year, the first rows may be held on top or the others a year old: then
// none of the years is known.
func agreeOnYears(rows []row) {
	var at []int
	for i, r := range rows {
		switch {
		case r.dated() && !r.item.Date.Inferred:
			return
		case r.dated() && !r.pinned():
			at = append(at, i)
		}
	}
	crossed := false
	for k := 1; k < len(at); k++ {
		before, date := rows[at[k-1]].item.Date.Day(), &rows[at[k]].item.Date
		crossed = crossed || date.Day().Year() < before.Year()
		if date.Day().Sub(before) <= jitter {
			continue
		}
		if !crossed {
			for _, i := range at {
				rows[i].item.Date = Date{}
			}
			return
		}
		for date.Day().After(before) {
			date.Time = date.Time.AddDate(-1, 0, 0)
		}
	}
}

// Dates in addresses, by the habits of the common systems: a document's file
// (拓尔思), a folder of the day, and a folder of the year with month and day in
// the next (大汉; PHPCMS, behind the column's name).
var (
	linkDay = regexp.MustCompile(`/t((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])_\d` +
		`|/((?:19|20)\d{2})[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])/` +
		`|/((?:19|20)\d{2})/(1[0-2]|[1-9])/(3[01]|[12]\d|[1-9])/` +
		`|/((?:19|20)\d{2})/[a-z]+_(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])/`)
	linkMonth = regexp.MustCompile(`/((?:19|20)\d{2})[-/]?(0[1-9]|1[0-2])/`)
)

// nearYear is how far a shown day may lie from the day in its address before
// the address is taken to say nothing about it.
const nearYear = 62 * 24 * time.Hour

// yearFromLink completes a month and day from the address of the item.
func yearFromLink(link string, month, day int) (time.Time, bool) {
	near, ok := linkDate(link)
	if !ok {
		return time.Time{}, false
	}
	for _, y := range []int{near.Year(), near.Year() - 1, near.Year() + 1} {
		t, ok := dayOf(y, month, day)
		if ok && t.Sub(near).Abs() <= nearYear {
			return t, true
		}
	}
	return time.Time{}, false
}

// linkDate returns the day an address holds, the middle of the month where it
// holds only that.
func linkDate(link string) (time.Time, bool) {
	if m := linkDay.FindStringSubmatch(link); m != nil {
		return date(m[1]+m[4]+m[7]+m[10], m[2]+m[5]+m[8]+m[11], m[3]+m[6]+m[9]+m[12])
	}
	if m := linkMonth.FindStringSubmatch(link); m != nil {
		return date(m[1], m[2], "15")
	}
	return time.Time{}, false
}

// byFormat reads a date by the recipe's own format.
func (c clues) byFormat(s string) []sight {
	t, text, ok := c.format.find(s)
	if !ok {
		return nil
	}
	r := rankOf(before(s, text), "")
	if r == refused {
		return nil
	}
	if t.Year() != 0 {
		if _, ok := dayOf(t.Year(), int(t.Month()), t.Day()); !ok {
			return nil
		}
		return []sight{{date: Date{Time: t.In(Beijing), Minute: c.format.minute}, text: text, rank: r}}
	}
	found, ok := c.infer(int(t.Month()), t.Day())
	if !ok {
		return nil
	}
	found.text, found.rank = text, r
	if c.format.minute && !found.early {
		found.date.Time = found.date.Time.Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute)
		found.date.Minute = true
	}
	return []sight{found}
}

// before returns the part of s in front of sub.
func before(s, sub string) string {
	head, _, _ := strings.Cut(s, sub)
	return head
}

// Months in English words stand in feeds and in what platforms answer.
var englishMonth = regexp.MustCompile(`\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)`)

// foreign reads the forms of feeds and of programs: RFC 1123, RFC 822 and
// "Sat Jul 30 11:11:45 +0800 2022". CST means China here.
func foreign(s string) (sight, bool) {
	if len(s) > 64 || !englishMonth.MatchString(s) {
		return sight{}, false
	}
	zoned := strings.NewReplacer(" CST", " +0800", " GMT+8", " +0800", " GMT", " +0000", " UTC", " +0000", " Z", " +0000").Replace(s)
	for _, form := range []string{
		"Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04 -0700", "2 Jan 2006 15:04:05 -0700", "2 Jan 06 15:04 -0700",
		"Mon Jan 2 15:04:05 -0700 2006", "Monday, 02-Jan-06 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05", "Mon Jan 2 15:04:05 2006",
	} {
		t, err := time.ParseInLocation(form, zoned, Beijing)
		if err == nil && plausible(t) {
			return sight{date: Date{Time: t.In(Beijing), Minute: true}, text: s, rank: plain}, true
		}
	}
	for _, form := range []string{"Jan 2, 2006", "2 Jan 2006", "January 2, 2006", "2 January 2006"} {
		if t, err := time.ParseInLocation(form, s, Beijing); err == nil && plausible(t) {
			return sight{date: Date{Time: t}, text: s, rank: plain}, true
		}
	}
	return sight{}, false
}

// clean returns a date text as the trace keeps it.
func clean(s string) string { return cut(strings.Join(strings.Fields(s), " "), maxSource) }

// maxSource bounds Item.Source.
const maxSource = 100

// number reads the greatest whole number in s, 0 without one.
func number(s string) int {
	best := 0
	for _, d := range digits.FindAllString(s, 32) {
		if n, err := strconv.Atoi(d); err == nil && n > best {
			best = n
		}
	}
	return best
}

var digits = regexp.MustCompile(`\d{1,9}`)

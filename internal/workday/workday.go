// Package workday knows on which days people in mainland China work: weekends,
// public holidays and the Saturdays and Sundays worked to make up for them.
//
// No rule gives these days; the State Council announces them for one year at a
// time. They are therefore data, calendar.txt, with a first and a last year.
// A question about any other year is a [RangeError], never a guess: a deadline
// that is a day wrong makes somebody late who was not.
//
// A day is midnight in Beijing; of any other moment the day in Beijing that
// holds it is meant.
package workday

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"sync"
	"time"
)

// beijing has had no other offset since 1991.
var beijing = time.FixedZone("CST", 8*60*60)

//go:embed calendar.txt
var calendar []byte

// mainland reads the calendar that comes with the program, once.
var mainland = sync.OnceValues(func() (*Calendar, error) { return Parse(calendar) })

// File is what a city calls the file of its own years, in its folder: those that
// the program came too early for.
const File = "calendar.txt"

// A Calendar is the announced years. It never changes; [Mainland] has the one
// that comes with the program.
type Calendar struct {
	years    map[int]string    // the notice of each
	holidays []Holiday         // by their first day
	rest     map[time.Time]int // index of holidays
	work     map[time.Time]int // the year whose notice says so

	broken error // what every question is answered with
}

// A Holiday is a public holiday with the weekend it is joined to.
type Holiday struct {
	Name     string // 中秋节、国庆节
	From, To time.Time
}

// Days is how long the holiday is.
func (h Holiday) Days() int { return daysBetween(h.From, h.To) + 1 }

// Mainland is the calendar of the years that come with the program.
func Mainland() *Calendar {
	c, err := mainland()
	if err != nil {
		return &Calendar{broken: fmt.Errorf("calendar.txt: %w", err)}
	}
	return c
}

// With is c with the years of another calendar, such as the next year's that a
// city keeps beside its configuration. A year of both is the other's.
func (c *Calendar) With(other *Calendar) *Calendar {
	both := newCalendar()
	both.broken = cmp.Or(c.broken, other.broken)
	both.take(c, func(year int) bool { return other.years[year] == "" })
	both.take(other, func(int) bool { return true })
	both.sort()
	return both
}

// take copies the chosen years. What a year's notice says of the December before
// belongs to that year.
func (c *Calendar) take(from *Calendar, chosen func(year int) bool) {
	for year, notice := range from.years {
		if chosen(year) {
			c.years[year] = notice
		}
	}
	for _, h := range from.holidays {
		if chosen(h.To.Year()) {
			c.holidays = append(c.holidays, h)
		}
	}
	for day, year := range from.work {
		if chosen(year) {
			c.work[day] = year
		}
	}
}

func (c *Calendar) sort() {
	slices.SortFunc(c.holidays, func(a, b Holiday) int { return a.From.Compare(b.From) })
	clear(c.rest)
	for i, h := range c.holidays {
		for day := h.From; !day.After(h.To); day = day.AddDate(0, 0, 1) {
			c.rest[day] = i
		}
	}
}

// Years returns the first and the last year of the calendar.
func (c *Calendar) Years() (first, last int) {
	for year := range c.years {
		if first == 0 || year < first {
			first = year
		}
		last = max(last, year)
	}
	return first, last
}

// IsWorkday reports whether people work on a day.
func (c *Calendar) IsWorkday(day time.Time) (bool, error) {
	day = dayOf(day)
	if err := c.knows(day); err != nil {
		return false, err
	}
	return c.works(day), nil
}

func (c *Calendar) works(day time.Time) bool {
	if _, on := c.work[day]; on {
		return true
	}
	_, off := c.rest[day]
	return !off && day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

// Add returns the n-th working day after a day, or before it where n is
// negative: two working days after a Friday is the Tuesday. The day itself does
// not count, and need not be worked. Of n = 0 it is the day itself.
func (c *Calendar) Add(day time.Time, n int) (time.Time, error) {
	day = dayOf(day)
	if err := c.knows(day); err != nil {
		return time.Time{}, err
	}
	step := 1
	if n < 0 {
		step = -1
	}
	for n != 0 {
		day = day.AddDate(0, 0, step)
		if err := c.knows(day); err != nil {
			return time.Time{}, err
		}
		if c.works(day) {
			n -= step
		}
	}
	return day, nil
}

// A Share is how much of a span of days public holidays take.
type Share struct {
	Days     int      // of the span
	Holidays int      // of them inside a public holiday
	Names    []string // which holidays
}

// Heavy reports whether holidays take more than a third of the span. A window
// that short of work says little about who lets a column rest.
func (s Share) Heavy() bool { return 3*s.Holidays > s.Days }

// HolidayShare says how many of the days from one to another, both included, lie
// in a public holiday. Weekends that are joined to one count, others do not.
func (c *Calendar) HolidayShare(from, to time.Time) (Share, error) {
	from, to = dayOf(from), dayOf(to)
	if err := cmp.Or(c.knows(from), c.knows(to)); err != nil {
		return Share{}, err
	}
	var s Share
	for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
		s.Days++
		if i, off := c.rest[day]; off {
			s.Holidays++
			if name := c.holidays[i].Name; !slices.Contains(s.Names, name) {
				s.Names = append(s.Names, name)
			}
		}
	}
	return s, nil
}

// NextLongHoliday returns the first holiday of at least so many days that begins
// on a day or later. Where the announced years hold none it is a [RangeError].
func (c *Calendar) NextLongHoliday(day time.Time, atLeast int) (Holiday, error) {
	day = dayOf(day)
	if err := c.knows(day); err != nil {
		return Holiday{}, err
	}
	for _, h := range c.holidays {
		if !h.From.Before(day) && h.Days() >= atLeast {
			return h, nil
		}
	}
	_, last := c.Years()
	return Holiday{}, c.outside(time.Date(last+1, 1, 1, 0, 0, 0, 0, beijing))
}

// knows returns an error for a day of a year that was not announced.
func (c *Calendar) knows(day time.Time) error {
	if c.broken != nil {
		return c.broken
	}
	if c.years[day.Year()] == "" {
		return c.outside(day)
	}
	return nil
}

func (c *Calendar) outside(day time.Time) error {
	first, last := c.Years()
	return &RangeError{Day: day, First: first, Last: last}
}

// A RangeError is a question about a day of a year that the calendar lacks.
type RangeError struct {
	Day         time.Time
	First, Last int // years that the calendar has; 0 for none
}

// Chinese is what to tell a user who reads Chinese.
func (e *RangeError) Chinese() string {
	return fmt.Sprintf("工作日历只有%d年至%d年，没有%s；请按国务院办公厅当年的节假日安排通知，在城市配置目录的 "+File+" 中补充",
		e.First, e.Last, e.Day.Format("2006年1月2日"))
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("the calendar of working days has %d to %d and not %s; add the year from the State Council's notice to "+File+" in the city's folder",
		e.First, e.Last, e.Day.Format(time.DateOnly))
}

func dayOf(t time.Time) time.Time {
	y, m, d := t.In(beijing).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, beijing)
}

func daysBetween(from, to time.Time) int { return int(to.Sub(from).Hours() / 24) }

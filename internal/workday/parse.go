package workday

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// worked stands before the weekend days that are worked for a holiday.
const worked = "上班"

// longest bounds a holiday: none was ever longer than ten days, and a slip of
// the pen must not make a year of rest.
const longest = 16

func newCalendar() *Calendar {
	return &Calendar{years: map[int]string{}, rest: map[time.Time]int{}, work: map[time.Time]int{}}
}

// Parse reads a calendar as calendar.txt is written: a line "2026 notice" begins
// a year, and each line below it is a holiday, "春节 02-15..02-23 上班 02-14 02-28".
// It reports every faulty line at once.
func Parse(data []byte) (*Calendar, error) {
	c := newCalendar()
	var errs []error
	year := 0
	for i, line := range strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n") {
		if err := c.line(line, &year); err != nil {
			errs = append(errs, &LineError{i + 1, err})
		}
	}
	if len(errs) == 0 && len(c.years) == 0 {
		errs = append(errs, errors.New("no year; begin one with a line such as 2026 国办发明电〔2025〕7号"))
	}
	c.sort()
	for day := range c.work {
		if i, off := c.rest[day]; off {
			errs = append(errs, fmt.Errorf("%s is worked and lies in %s; correct it", day.Format(time.DateOnly), c.holidays[i].Name))
		}
	}
	return c, errors.Join(errs...)
}

// line reads one line; year is the one it belongs to.
func (c *Calendar) line(line string, year *int) error {
	line, _, _ = strings.Cut(line, "#")
	fields := strings.Fields(line)
	switch {
	case !utf8.ValidString(line) || strings.ContainsFunc(line, unprintable):
		return errors.New("is not plain text; save the file as UTF-8")
	case len(fields) == 0:
		return nil
	}
	if y, err := strconv.Atoi(fields[0]); err == nil {
		*year = y
		return c.begin(y, fields[1:])
	}
	return c.holiday(*year, fields)
}

// unprintable reports characters that a list of days does not hold and a terminal
// may obey.
func unprintable(r rune) bool {
	return !unicode.IsSpace(r) && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r))
}

// A LineError is a mistake on one line of a calendar.
type LineError struct {
	Line int // from 1
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }
func (e *LineError) Unwrap() error { return e.Err }

func (c *Calendar) begin(year int, notice []string) error {
	switch {
	case year < 1949 || year > 2200:
		return fmt.Errorf("%d is no year; write one like 2026", year)
	case len(notice) == 0:
		return fmt.Errorf("%d has no notice; write the document's number behind the year", year)
	case c.years[year] != "":
		return fmt.Errorf("%d stands twice; remove one", year)
	}
	c.years[year] = strings.Join(notice, " ")
	return nil
}

func (c *Calendar) holiday(year int, fields []string) error {
	if year == 0 {
		return errors.New("a holiday before any year; put a line with the year above it")
	}
	if len(fields) < 2 {
		return fmt.Errorf("%s has no days; write 02-15..02-23 behind it", fields[0])
	}
	first, last, span := strings.Cut(fields[1], "..")
	if !span {
		last = first
	}
	from, err := parseDay(year, first)
	if err != nil {
		return err
	}
	to, err := parseDay(year, last)
	if err != nil {
		return err
	}
	h := Holiday{Name: fields[0], From: from, To: to}
	if n := h.Days(); n < 1 || n > longest || to.Year() != year {
		return fmt.Errorf("%s from %s to %s lasts %d days; correct its days", h.Name, first, last, n)
	}
	for _, other := range c.holidays {
		if !other.From.After(to) && !other.To.Before(from) {
			return fmt.Errorf("%s and %s share a day; correct their days", other.Name, h.Name)
		}
	}
	c.holidays = append(c.holidays, h)
	return c.madeUp(year, fields[2:])
}

// madeUp notes the weekend days that are worked.
func (c *Calendar) madeUp(year int, fields []string) error {
	if len(fields) == 0 {
		return nil
	}
	if fields[0] != worked || len(fields) == 1 {
		return fmt.Errorf("%q is not understood; write %s and the days that are worked", strings.Join(fields, " "), worked)
	}
	for _, text := range fields[1:] {
		day, err := parseDay(year, text)
		if err != nil {
			return err
		}
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			return fmt.Errorf("%s is no Saturday or Sunday and is worked anyway; correct it", text)
		}
		c.work[day] = year
	}
	return nil
}

// parseDay reads 02-15 of a year, or 2018-12-29.
func parseDay(year int, text string) (time.Time, error) {
	full := text
	if len(text) == len("02-15") {
		full = fmt.Sprintf("%04d-%s", year, text)
	}
	day, err := time.ParseInLocation(time.DateOnly, full, beijing)
	if err != nil || day.Year() != year && day.Year() != year-1 {
		return time.Time{}, fmt.Errorf("%q is no day of %d; write 02-15", text, year)
	}
	return day, nil
}

// Package schedule runs jobs at the times of a line of cron, in Beijing time.
//
// A [Spec] is when: a line of five fields. A [Job] is what: it runs once for the
// newest of its times that has come, whether the program was there at that time or
// not, so that a missed night is made up for once and ten missed nights are too.
// Which time a job has run for is kept by its [Marks]; a job that was killed has
// not run. Two jobs of one group never run at once.
//
// The clock of the wall decides when a job is due, and may jump: what has run for
// a time does not run for it again when the clock goes back. Waits are never
// longer than a minute, so that a jump is seen soon.
package schedule

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// beijing is where the times of a Spec are. It has no summer time.
var beijing = time.FixedZone("Asia/Shanghai", 8*3600)

// Least is the shortest time between two runs that a line may ask for.
const Least = 10 * time.Minute

// A Spec is a line of cron: minute, hour, day of the month, month, day of the
// week. Where both days are restricted either will do, as in cron. The zero Spec
// is never.
type Spec struct {
	text                             string
	minutes, hours, days, months, on uint64 // bits; on is the day of the week, Sunday 0
	either                           bool   // both days are restricted
}

// A Mistake is what is wrong with a line, and what to do.
type Mistake struct{ Message, Hint string }

func (m *Mistake) Error() string { return m.Message + "; " + m.Hint }

// spelled returns the line that a word stands for, or the text itself.
func spelled(text string) string {
	switch strings.ToLower(text) {
	case "@hourly":
		return "0 * * * *"
	case "@daily", "@midnight":
		return "0 0 * * *"
	case "@weekly":
		return "0 0 * * 0"
	case "@monthly":
		return "0 0 1 * *"
	}
	return text
}

// A part is one of the five fields.
type part struct {
	name        string
	least, most int
	words       []string // for least, least+1 …
}

func parts() [5]part {
	return [5]part{
		{"minute", 0, 59, nil},
		{"hour", 0, 23, nil},
		{"day of the month", 1, 31, nil},
		{"month", 1, 12, strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec")},
		{"day of the week", 0, 7, strings.Fields("sun mon tue wed thu fri sat")},
	}
}

// example is what hints show.
const example = `write five fields: minute, hour, day of the month, month, day of the week, as "30 1 * * *" for 01:30 every night in Beijing`

// Parse reads a line. It refuses one that never comes true, as on 30 February,
// and one that asks for more than a run in [Least]. The error is a *Mistake.
func Parse(line string) (Spec, error) {
	text := spelled(strings.TrimSpace(line))
	fields := strings.Fields(text)
	if len(text) > 200 || len(fields) != 5 {
		return Spec{}, &Mistake{fmt.Sprintf("%.60q is no line of cron", line), example}
	}
	s := Spec{text: strings.Join(strings.Fields(line), " ")}
	for i, into := range []*uint64{&s.minutes, &s.hours, &s.days, &s.months, &s.on} {
		p := parts()[i]
		bits, err := p.parse(fields[i])
		if err != nil {
			return Spec{}, err
		}
		*into = bits
	}
	if s.on&(1<<7) != 0 { // Sunday is 0 and 7
		s.on |= 1
	}
	s.either = fields[2][0] != '*' && fields[4][0] != '*'
	return s, s.check()
}

// check refuses a line that never comes true or comes true too often.
func (s Spec) check() error {
	first := s.Next(time.Date(2023, 1, 1, 0, 0, 0, 0, beijing)) // eight years from here have two leap days
	if first.IsZero() {
		return &Mistake{fmt.Sprintf("%q never comes true", s.text), "name a day that its month has"}
	}
	if s.dense() {
		return &Mistake{fmt.Sprintf("%q runs more than once in %d minutes", s.text, int(Least.Minutes())), "leave ten minutes or more between two runs, as */10"}
	}
	return nil
}

// dense reports whether two minutes of an hour, or the last of one hour and the
// first of the next, lie closer than Least.
func (s Spec) dense() bool {
	first, last := -1, -1
	for m := range 60 {
		if s.minutes&(1<<m) == 0 {
			continue
		}
		if last >= 0 && m-last < int(Least.Minutes()) {
			return true
		}
		if first < 0 {
			first = m
		}
		last = m
	}
	if first+60-last >= int(Least.Minutes()) {
		return false
	}
	for h := range 24 {
		if s.hours&(1<<h) != 0 && s.hours&(1<<((h+1)%24)) != 0 {
			return true
		}
	}
	return false
}

// parse reads one field: a list of *, N, N-M, each with a step behind it.
func (p part) parse(field string) (bits uint64, err error) {
	wrong := func() (uint64, error) {
		return 0, &Mistake{
			fmt.Sprintf("%.40q is no %s", field, p.name),
			fmt.Sprintf("write *, or numbers from %d to %d, as %d, %d-%d, */%d or a list with commas", p.least, p.most, p.least+1, p.least+1, p.least+3, 2),
		}
	}
	for _, item := range strings.Split(field, ",") {
		span, every, stepped := strings.Cut(item, "/")
		step := 1
		if stepped {
			if step, err = strconv.Atoi(every); err != nil || step < 1 || step > p.most {
				return wrong()
			}
		}
		from, to, ok := p.span(span, stepped)
		if !ok {
			return wrong()
		}
		for n := from; n <= to; n += step {
			bits |= 1 << n
		}
	}
	return bits, nil
}

// span reads *, N or N-M; N with a step goes on to the end.
func (p part) span(text string, stepped bool) (from, to int, ok bool) {
	if text == "*" {
		return p.least, p.most - boolean(p.most == 7), true // Sunday once
	}
	first, last, ranged := strings.Cut(text, "-")
	from, ok = p.number(first)
	switch {
	case !ok:
		return 0, 0, false
	case ranged:
		to, ok = p.number(last)
		return from, to, ok && from <= to
	case stepped:
		return from, p.most - boolean(p.most == 7), true
	}
	return from, from, true
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// number reads a number or a word of the field.
func (p part) number(text string) (int, bool) {
	for i, word := range p.words {
		if strings.EqualFold(text, word) {
			return p.least + i, true
		}
	}
	if text == "" || len(text) > 2 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= p.least && n <= p.most
}

// String is the line as it was written, "" for the zero Spec.
func (s Spec) String() string { return s.text }

// IsZero reports whether it is never.
func (s Spec) IsZero() bool { return s.text == "" }

// horizon is how far a time may lie: 29 February on a given weekday is rare, but
// comes within eight years, or twelve around 2100.
const horizon = 12 * 366

// Next returns the first time after a moment, the zero time for never.
func (s Spec) Next(after time.Time) time.Time {
	t := after.In(beijing).Truncate(time.Minute).Add(time.Minute)
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, beijing)
	least := t.Hour()*60 + t.Minute()
	for range horizon {
		if s.onDay(day) {
			for m := least; m < 24*60; m++ {
				switch {
				case !s.inHour(m):
					m += 59 - m%60
				case s.minutes&(1<<(m%60)) != 0:
					return day.Add(time.Duration(m) * time.Minute)
				}
			}
		}
		day, least = day.AddDate(0, 0, 1), 0
	}
	return time.Time{}
}

// Last returns the newest time at or before a moment, the zero time for none.
func (s Spec) Last(at time.Time) time.Time {
	t := at.In(beijing)
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, beijing)
	most := t.Hour()*60 + t.Minute()
	for range horizon {
		if s.onDay(day) {
			for m := most; m >= 0; m-- {
				switch {
				case !s.inHour(m):
					m -= m % 60
				case s.minutes&(1<<(m%60)) != 0:
					return day.Add(time.Duration(m) * time.Minute)
				}
			}
		}
		day, most = day.AddDate(0, 0, -1), 24*60-1
	}
	return time.Time{}
}

// inHour reports whether a minute of the day lies in one of its hours.
func (s Spec) inHour(m int) bool { return s.hours&(1<<(m/60)) != 0 }

func (s Spec) onDay(day time.Time) bool {
	if s.months&(1<<int(day.Month())) == 0 {
		return false
	}
	month, week := s.days&(1<<day.Day()) != 0, s.on&(1<<int(day.Weekday())) != 0
	if s.either {
		return month || week
	}
	return month && week
}

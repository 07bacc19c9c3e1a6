package inventory

import (
	"errors"

	"xuncha/internal/workday"
)

// Workdays is the calendar by which the city counts: the years that come with the
// program, and in their place or beside them those of its own file.
func (c *City) Workdays() *workday.Calendar {
	if c.Calendar == nil {
		return workday.Mainland()
	}
	return workday.Mainland().With(c.Calendar)
}

// calendarText reads calendar.txt; a city may have none.
func (a *assembly) calendarText() {
	f, ok := a.file(workday.File)
	if !ok {
		return
	}
	calendar, err := workday.Parse(f.Data)
	if err == nil {
		a.city.Calendar = calendar
		return
	}
	mistakes := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		mistakes = joined.Unwrap()
	}
	for _, err := range mistakes {
		p := Problem{File: f.Name, Message: err.Error()}
		if at := (*workday.LineError)(nil); errors.As(err, &at) {
			p.Line, p.Column, p.Message = at.Line, 1, at.Err.Error()
		}
		a.problems = append(a.problems, p)
	}
}

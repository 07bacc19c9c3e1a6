package main

import (
	"errors"
	"fmt"
	"strings"

	"xuncha/internal/workday"
	"xuncha/report"
)

// holidays are the windows of a judgement that public holidays fill by more than
// a third. Where the calendar lacks a year of one, it is the error that says so.
func (j judged) holidays() ([]report.Holiday, error) {
	return report.HolidaysIn(j.city, j.set, j.result.PointDay)
}

// warnOfHolidays tells of such windows on stderr: who let a column rest in one
// did not let it rest for long.
func (a *app) warnOfHolidays(j judged) []report.Holiday {
	found, err := j.holidays()
	if outside := (*workday.RangeError)(nil); errors.As(err, &outside) {
		fmt.Fprintln(a.stderr, a.say("提示："+outside.Chinese(), "note: "+outside.Error()))
		return found
	}
	day := dayOrNone(j.result.PointDay)
	for _, h := range found {
		fmt.Fprintln(a.stderr, a.say(
			fmt.Sprintf("提示：%s（%s）的更新时限 %s 至 %s 共%d天，其中%d天是节假日（%s），超过三分之一；认定前请斟酌",
				h.Indicator, h.Name, h.WindowStart, day, h.Days, h.Holidays, strings.Join(h.Names, "、")),
			fmt.Sprintf("note: of the window of %s, %s to %s, holidays (%s) take %d of %d days, more than a third; consider that before confirming",
				h.Indicator, h.WindowStart, day, strings.Join(h.Names, ", "), h.Holidays, h.Days)))
	}
	return found
}

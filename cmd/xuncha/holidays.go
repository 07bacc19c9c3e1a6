package main

import (
	"errors"
	"fmt"
	"strings"

	"xuncha/internal/workday"
)

// warnOfHolidays tells on stderr of windows that holidays fill by more than a
// third: who let a column rest in such a window did not let it rest for long.
func (a *app) warnOfHolidays(j judged) {
	calendar, day := workday.Mainland(), j.result.PointDay
	var spans []string
	for _, ind := range j.set.Indicators {
		if ind.Window.IsZero() {
			continue
		}
		from := ind.Window.Start(day)
		share, err := calendar.HolidayShare(from, day)
		if outside := (*workday.RangeError)(nil); errors.As(err, &outside) {
			if ind.Window.Years > 0 || ind.Window.Months > 0 {
				continue // no holiday fills a third of it
			}
			fmt.Fprintln(a.stderr, a.say("提示："+outside.Chinese(), "note: "+outside.Error()))
			return
		}
		if err != nil || !share.Heavy() {
			continue
		}
		spans = append(spans, a.say(
			fmt.Sprintf("提示：%s（%s）的更新时限 %s 至 %s 共%d天，其中%d天是节假日（%s），超过三分之一；认定前请斟酌",
				ind.ID, ind.Name, dayOrNone(from), dayOrNone(day), share.Days, share.Holidays, strings.Join(share.Names, "、")),
			fmt.Sprintf("note: of the window of %s, %s to %s, holidays (%s) take %d of %d days, more than a third; consider that before confirming",
				ind.ID, dayOrNone(from), dayOrNone(day), strings.Join(share.Names, ", "), share.Holidays, share.Days)))
	}
	for _, line := range spans {
		fmt.Fprintln(a.stderr, line)
	}
}

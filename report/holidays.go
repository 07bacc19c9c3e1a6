package report

import (
	"time"

	"xuncha/inventory"
	"xuncha/rules"
)

// HolidaysIn are the windows, up to a point's day, that public holidays fill by more
// than a third. Where the calendar lacks a year of one, it is the error that says so.
func HolidaysIn(city *inventory.City, set *rules.RuleSet, pointDay time.Time) ([]Holiday, error) {
	calendar, found := city.Workdays(), []Holiday{}
	for _, ind := range set.Indicators {
		if ind.Window.IsZero() {
			continue
		}
		from := ind.Window.Start(pointDay)
		share, err := calendar.HolidayShare(from, pointDay)
		switch {
		case err != nil && (ind.Window.Years > 0 || ind.Window.Months > 0):
			// No holiday fills a third of it.
		case err != nil:
			return found, err
		case share.Heavy():
			found = append(found, Holiday{
				Indicator: ind.ID, Name: ind.Name, WindowStart: from.Format(time.DateOnly), Days: share.Days, Holidays: share.Holidays, Names: share.Names,
			})
		}
	}
	return found, nil
}

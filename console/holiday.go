package console

import (
	"fmt"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/internal/notify"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
)

// holidayNotice is how many days before a long holiday the overview begins to warn of
// it.
const holidayNotice = 14

// A comingHoliday is a long holiday that begins soon.
type comingHoliday struct {
	Name     string
	From, To time.Time
}

// comingHoliday is the next long holiday; ok is false where none is near, or the
// calendar lacks the year.
func (q *request) comingHoliday() (h comingHoliday, ok bool) {
	if q.board == nil || q.board.City == nil {
		return h, false
	}
	today := extract.DayOf(q.board.Result.Point)
	next, err := q.board.City.Workdays().NextLongHoliday(today, notify.LongHoliday)
	if err != nil || next.From.After(today.AddDate(0, 0, holidayNotice)) {
		return h, false
	}
	return comingHoliday{next.Name, next.From, next.To}, true
}

// in reports whether a subject falls stale in the holiday, or on the day after, unless
// it is updated before.
func (h comingHoliday) in(r board.Row) bool {
	on := r.StaleOn
	return (r.State == rules.Fresh || r.State == rules.Due) && !on.IsZero() && !on.Before(h.From) && !on.After(h.To.AddDate(0, 0, 1))
}

// chooseHoliday lets a list be asked for what falls stale in the coming holiday; nobody sets
// that by hand.
func (q *request) chooseHoliday(s *sieve) error {
	if q.URL.Query().Get("holiday") == "" {
		return nil
	}
	h, ok := q.comingHoliday()
	return s.choose(q, "holiday", q.say("假期内超期", "Stale in the holiday"), []option{{"1", q.say("是", "yes")}}, func(r board.Row, _ string) bool { return ok && h.in(r) })
}

// holidayTodos are what falls stale in a long holiday that is near.
func (q *request) holidayTodos(rows []board.Row) []todo {
	h, ok := q.comingHoliday()
	if !ok {
		return nil
	}
	point := q.board.Result.PointDay
	var list []todo
	for _, of := range []struct {
		kinds  []inventory.SubjectKind
		zh, en string
		path   string
	}{
		{[]inventory.SubjectKind{inventory.KindColumn, inventory.KindSection}, "个栏目", "columns", "/columns"},
		{[]inventory.SubjectKind{inventory.KindAccount}, "个账号", "accounts", "/accounts"},
	} {
		n := 0
		for _, r := range rows {
			for _, k := range of.kinds {
				if r.Kind == k && h.in(r) {
					n++
				}
			}
		}
		if n > 0 {
			text := fmt.Sprintf(q.say("%d %s将在%s假期（%s至%s）内超期，请节前更新", "%d %s fall stale during %s (%s to %s) unless updated before"),
				n, q.say(of.zh, of.en), h.Name, dayWord(h.From, point, q.lang), dayWord(h.To, point, q.lang))
			list = append(list, todo{rules.Due, text, q.say("查看", "see"), listURL(of.path, "holiday", "1")})
		}
	}
	return list
}

// holidayHints say of which windows holidays fill more than a third, as the command
// check does: who let a column rest in one did not let it rest for long.
func (q *request) holidayHints() []string {
	found, err := report.HolidaysIn(q.board.City, q.board.Set, q.board.Result.PointDay)
	if err != nil {
		return nil // the calendar lacks the year: nothing is known
	}
	var hints []string
	for _, h := range found {
		hints = append(hints, fmt.Sprintf(q.say("%s的更新时限自 %s 起共 %d 天，其中 %d 天是节假日（%s），超过三分之一；认定前请斟酌",
			"the window of %s, from %s on, has %d days, %d of them holidays (%s), more than a third; consider that before confirming"),
			h.Name, h.WindowStart, h.Days, h.Holidays, strings.Join(h.Names, q.say("、", ", "))))
	}
	return hints
}

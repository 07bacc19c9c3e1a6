package console

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"xuncha/cases"
)

// order reads which notice is asked for. Left out, the period is that of the board
// and the point that of the period's findings.
func (c *Console) order(q *request, values url.Values) (o NoticeOrder, err error) {
	if q.board == nil {
		return o, noRound()
	}
	s := sent{Values: values}
	if err := s.check(); err != nil {
		return o, err
	}
	text := s.text("period")
	if text == "" {
		text = q.board.Period()
	}
	if o.Period, err = periodIn(text); err != nil {
		return o, err
	}
	if o.Point, err = pointOf(s.text("point")); err != nil {
		return o, err
	}
	if o.Point.IsZero() {
		o.Point = q.pointOfBook(o.Period.String())
	}
	o.Template, o.Number = s.text("template"), s.text("number")
	known, err := c.templates(q)
	if err != nil {
		return o, err
	}
	if o.Template != "" && !slices.ContainsFunc(known, func(t option) bool { return t.Value == o.Template }) {
		return o, refuse(http.StatusBadRequest, "没有这个模板；请从列表中选择", "there is no such template; choose one of the list")
	}
	if len([]rune(o.Number)) > 60 {
		return o, refuse(http.StatusBadRequest, "文号超过 60 字；请核对", "the number has more than 60 characters; check it")
	}
	if o.Date, err = s.day("date", "成文日期", "the day of the notice"); err != nil {
		return o, err
	}
	o.Due, err = s.day("due", "整改时限", "the due day")
	return o, err
}

// pointOfBook is the point as of which the program's findings of a period were
// entered, zero where there are none: what people decided about one day says
// nothing about another.
func (q *request) pointOfBook(period string) (at time.Time) {
	for _, o := range q.book().In(period) {
		if slices.Contains(o.Facts.Sources, cases.ByPatrol) && len(o.Facts.Snapshots) > 0 && o.Facts.Point.After(at) {
			at = o.Facts.Point
		}
	}
	return at
}

// templates are the wordings one may choose, the city's own first.
func (c *Console) templates(q *request) ([]option, error) {
	all, err := c.Notices.Wordings()
	var list []option
	for _, w := range all {
		list = append(list, option{w.ID, q.say(w.Name, w.ID)})
	}
	return list, err
}

// values is an order as an address.
func (o NoticeOrder) values() url.Values {
	v := url.Values{"period": {o.Period.String()}}
	set := func(name, text string) {
		if text != "" {
			v.Set(name, text)
		}
	}
	if !o.Point.IsZero() {
		set("point", o.Point.Format(time.RFC3339))
	}
	set("template", o.Template)
	set("date", stamp(o.Date, time.DateOnly))
	set("due", stamp(o.Due, time.DateOnly))
	set("number", o.Number)
	return v
}

package registers

import (
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/internal/workday"
	"xuncha/rules"
)

// Working days in which a message of 我为政府网站找错 is to be forwarded and to be
// answered (国办发〔2017〕47号).
const (
	ForwardDays = 1
	AnswerDays  = 3
)

// MessageFigures are what notices and assessments say of messages.
type MessageFigures struct {
	Received  int `json:"received"` // that are to be dealt with
	Declined  int `json:"declined"` // 不予受理, 不再受理; not among those received
	Valid     int `json:"valid"`    // 属实
	Forwarded int `json:"forwarded"`
	LateOn    int `json:"late_on"` // forwarded late
	Answered  int `json:"answered"`
	InTime    int `json:"in_time"` // answered within three working days
	Closed    int `json:"closed"`
	ByTheDay  int `json:"by_the_day"` // closed within three working days
	Slow      int `json:"slow"`       // closed after more than a month
	Open      int `json:"open"`
	Overdue   int `json:"overdue"` // open, and not answered in time

	Rate     string `json:"rate"`      // 办结率, in percent; "" of nothing
	OnTime   string `json:"on_time"`   // 按期办结率: of those closed or overdue
	AnswerOn string `json:"answer_on"` // 按期答复率: of those answered or overdue
}

// declined are the states of messages that are not dealt with.
var declined = []string{"不予受理", "不再受理"}

// CountMessages counts the messages received from one day to another, both
// included, as they stand on a day. A day of a year that the calendar lacks is a
// workday.RangeError.
func CountMessages(rows []Row, from, to, on time.Time, calendar *workday.Calendar, decimals int) (MessageFigures, error) {
	var f MessageFigures
	from, to, on = extract.DayOf(from), extract.DayOf(to), extract.DayOf(on)
	for _, r := range rows {
		received := r.Day("received")
		switch {
		case received.Before(from) || received.After(to):
		case slices.Contains(declined, r.Values["state"]):
			f.Declined++
		default:
			if err := f.count(r, on, calendar); err != nil {
				return MessageFigures{}, err
			}
		}
	}
	f.Rate = rules.Rate(f.Received, f.Received-f.Closed, decimals)
	late := f.Closed - f.ByTheDay
	f.OnTime = rules.Rate(f.Closed+f.Overdue, late+f.Overdue, decimals)
	f.AnswerOn = rules.Rate(f.Answered+f.Overdue, f.Answered-f.InTime+f.Overdue, decimals)
	return f, nil
}

// count adds one message.
func (f *MessageFigures) count(r Row, on time.Time, calendar *workday.Calendar) error {
	received := r.Day("received")
	forwardBy, err := calendar.Add(received, ForwardDays)
	if err != nil {
		return err
	}
	answerBy, err := calendar.Add(received, AnswerDays)
	if err != nil {
		return err
	}
	by := func(field string) (time.Time, bool) {
		day := r.Day(field)
		return day, !day.IsZero() && !day.After(on)
	}
	f.Received++
	if r.Values["valid"] == "是" {
		f.Valid++
	}
	if day, done := by("forwarded"); done {
		f.Forwarded++
		f.LateOn += one(day.After(forwardBy))
	}
	closed, isClosed := by("closed")
	answered, isAnswered := by("answered")
	if isClosed && !isAnswered {
		answered, isAnswered = closed, true
	}
	if isAnswered {
		f.Answered++
		f.InTime += one(!answered.After(answerBy))
	}
	if isClosed {
		f.Closed++
		f.ByTheDay += one(!closed.After(answerBy))
		f.Slow += one(closed.After(received.AddDate(0, 1, 0)))
		return nil
	}
	f.Open++
	f.Overdue += one(!isAnswered && on.After(answerBy))
	return nil
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

package cases

import (
	"slices"
	"time"
)

// A Slip is 《疑似问题核实单》: what one unit is asked to answer about a period.
type Slip struct {
	Unit   string    `json:"unit"`
	Period string    `json:"period"`
	Due    time.Time `json:"due"` // the latest of its rows
	Rows   []SlipRow `json:"rows"`
}

// A SlipRow is one suspicion with what became of it. It keeps both standings:
// what is fixed before the notice still counts and says so.
type SlipRow struct {
	Case      string `json:"case"`
	Subject   string `json:"subject"`
	Indicator string `json:"indicator"`
	Text      string `json:"text"`
	Basis     string `json:"basis"`

	AtPoint      string    `json:"at_point"`      // 监测时间点状态
	BeforeNotice string    `json:"before_notice"` // 发文前状态, "" where nobody looked
	FixedBefore  bool      `json:"fixed_before"`
	Due          time.Time `json:"due"`
	Answer       Answer    `json:"answer,omitempty"`
	AnswerNote   string    `json:"answer_note,omitempty"`
	AnsweredOn   time.Time `json:"answered_on,omitzero"`
	Late         bool      `json:"late,omitempty"`
	Overdue      bool      `json:"overdue,omitempty"`
	State        State     `json:"state"`
}

// Slips returns the 核实单 of a period, one a unit, as they stand on the day of
// at. What was never put to a unit is in none.
func (b *Book) Slips(period string, at time.Time) []Slip {
	byUnit := map[string]*Slip{}
	var units []string
	for _, o := range b.In(period) {
		if o.Asked.IsZero() {
			continue
		}
		s := byUnit[o.Facts.Unit]
		if s == nil {
			s = &Slip{Unit: o.Facts.Unit, Period: period}
			byUnit[o.Facts.Unit] = s
			units = append(units, o.Facts.Unit)
		}
		if o.AnswerDue.After(s.Due) {
			s.Due = o.AnswerDue
		}
		s.Rows = append(s.Rows, o.slipRow(at))
	}
	slices.Sort(units)
	slips := make([]Slip, 0, len(units))
	for _, unit := range units {
		slips = append(slips, *byUnit[unit])
	}
	return slips
}

func (o *Occurrence) slipRow(at time.Time) SlipRow {
	r := SlipRow{
		Case: o.Case, Subject: o.Facts.Subject, Indicator: o.Facts.Indicator, Text: o.Facts.Text, Basis: o.Facts.Basis,
		AtPoint: o.Facts.AtPoint, Due: o.AnswerDue, State: o.State, Overdue: o.State == Verifying && o.Overdue(at),
	}
	if r.AtPoint == "" {
		r.AtPoint = o.Facts.Text
	}
	if s := o.BeforeNotice; s != nil {
		r.BeforeNotice, r.FixedBefore = s.Text, s.Fixed
	}
	if a := o.Answer; a != nil {
		r.Answer, r.AnswerNote, r.AnsweredOn, r.Late = a.Answer, a.Note, a.On, a.Late
	}
	return r
}

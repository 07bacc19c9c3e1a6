package cases

import (
	"fmt"
	"slices"
	"time"

	"xuncha/rules"
)

// A CheckList is what a person looks at by hand on one subject.
type CheckList struct {
	Subject string      `json:"subject"`
	Unit    string      `json:"unit"`
	Period  string      `json:"period"`
	Items   []CheckItem `json:"items"`
}

// A CheckItem is one indicator of a check list, with what the person saw.
type CheckItem struct {
	Indicator string `json:"indicator"`
	Name      string `json:"name"`
	Basis     string `json:"basis"`

	Mark        Mark         `json:"mark,omitempty"` // "" until it was looked at
	Text        string       `json:"text,omitempty"` // what was seen; "" takes the indicator's words
	Attachments []Attachment `json:"attachments,omitempty"`

	// As of the indicator.
	Effect    rules.Effect `json:"effect"`
	Publicity string       `json:"publicity"`
	Says      string       `json:"says"`
}

// A Mark is what a person found.
type Mark string

// The marks.
const (
	Fine    Mark = "正常"
	Problem Mark = "有问题"
	Unsure  Mark = "无法判断"
)

// NewCheckList makes the list of a subject from the indicators that people judge
// there. Those that only hint are left out.
func NewCheckList(subject, unit, period string, indicators []rules.Indicator) CheckList {
	l := CheckList{Subject: subject, Unit: unit, Period: period}
	for _, ind := range indicators {
		if ind.Effect == rules.EffectHint {
			continue
		}
		l.Items = append(l.Items, CheckItem{
			Indicator: ind.ID, Name: ind.Name, Basis: ind.Basis,
			Effect: ind.Effect, Publicity: ind.Publicity, Says: ind.Text,
		})
	}
	return l
}

// Mark notes what a person found by an indicator.
func (l *CheckList) Mark(indicator string, mark Mark, text string, attachments ...Attachment) error {
	if !slices.Contains([]Mark{Fine, Problem, Unsure}, mark) {
		return refuse("检查结果须为正常、有问题、无法判断之一", "the mark must be one of 正常, 有问题, 无法判断")
	}
	for i := range l.Items {
		if item := &l.Items[i]; item.Indicator == indicator {
			item.Mark, item.Text, item.Attachments = mark, text, attachments
			return nil
		}
	}
	return refuse(
		fmt.Sprintf("检查单中没有指标%s；请核对指标编号", indicator),
		fmt.Sprintf("the list has no indicator %s; check its name", indicator))
}

// Findings returns the events, yet to be sealed, that raise what is marked as a
// problem. What a person could not judge raises nothing.
func (l *CheckList) Findings(by Person, at time.Time) []Event {
	var events []Event
	for _, item := range l.Items {
		if item.Mark != Problem {
			continue
		}
		text := item.Text
		if text == "" {
			text = item.Says
		}
		events = append(events, Event{
			Period: l.Period, Kind: Raise, At: at, By: by, Attachments: item.Attachments,
			Facts: &Facts{
				Subject: l.Subject, Unit: l.Unit, Indicator: item.Indicator, Effect: item.Effect, Sources: []string{ByHand},
				Publicity: item.Publicity, Text: text, Basis: item.Basis, AtPoint: text, Point: at,
			},
		})
	}
	return events
}

// Package forms fills in the forms that units and offices hand in: the monthly
// form and self-check of a unit and of the whole city, the yearly form of a site,
// and the yearly form of those who supervise sites.
//
// A form is data: blocks of fields, each with its unit and the way it is filled.
// What a patrol can know is filled in and says how it is known; everything else
// is left open and marked, because a number that nobody counted is worse than
// none. A count of items is of distinct ones that were seen in the period, by
// their link or by title and day. Lists show the newest of what there is and a
// site has more columns than are watched, so that such a count is a lower bound
// and says so. Nothing seen is not zero: it is left open for a person.
//
// A form is a pure function of what it is given: the same input gives the same
// bytes.
package forms

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// A Kind is one form.
type Kind string

// The forms.
const (
	Monthly     Kind = "monthly"     // 政府网站工作月度报表
	SelfCheck   Kind = "selfcheck"   // 自查情况报告
	Annual      Kind = "annual"      // 政府网站工作年度报表
	Supervision Kind = "supervision" // 政府网站监管年度报表
)

// title is what the form is called.
func (k Kind) title() string {
	switch k {
	case Monthly:
		return "政府网站工作月度报表"
	case SelfCheck:
		return "政府网站和政务新媒体自查情况报告"
	case Annual:
		return "政府网站工作年度报表"
	case Supervision:
		return "政府网站监管年度报表"
	}
	return ""
}

// A Period is what a form is about, from its first day to its last, both in
// Beijing.
type Period struct {
	Start, End time.Time
	Name       string // 2023年9月
	ID         string // 2023-09
}

var (
	monthly   = regexp.MustCompile(`^([1-9]\d{3})-(0[1-9]|1[0-2])$`)
	quarterly = regexp.MustCompile(`^([1-9]\d{3})[Qq]([1-4])$`)
	yearly    = regexp.MustCompile(`^([1-9]\d{3})$`)
)

// ParsePeriod reads the period of a form: a month as 2023-09; for a self-check
// also a quarter as 2023Q3; for the yearly forms a year as 2023.
func ParsePeriod(k Kind, s string) (Period, error) {
	switch {
	case k.title() == "":
		return Period{}, fmt.Errorf("form %q is unknown: use monthly, selfcheck, annual or supervision", k)
	case k == Annual || k == Supervision:
		if m := yearly.FindStringSubmatch(s); m != nil {
			y := number(m[1])
			return span(y, 1, 12, fmt.Sprintf("%d年度", y), s), nil
		}
		return Period{}, fmt.Errorf("period %q: the form %s is about a year, as 2023", s, k)
	}
	if m := monthly.FindStringSubmatch(s); m != nil {
		y, month := number(m[1]), number(m[2])
		return span(y, month, 1, fmt.Sprintf("%d年%d月", y, month), s), nil
	}
	if m := quarterly.FindStringSubmatch(s); m != nil && k == SelfCheck {
		y, q := number(m[1]), number(m[2])
		return span(y, 3*q-2, 3, fmt.Sprintf("%d年第%s季度", y, quarterInChinese(q)), fmt.Sprintf("%dQ%d", y, q)), nil
	}
	if k == SelfCheck {
		return Period{}, fmt.Errorf("period %q: the form %s is about a month or a quarter, as 2023-09 or 2023Q3", s, k)
	}
	return Period{}, fmt.Errorf("period %q: the form %s is about a month, as 2023-09", s, k)
}

// number reads digits that an expression has found.
func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// quarterInChinese is the number of a quarter, 1 to 4, as forms write it: 三.
func quarterInChinese(q int) string { return string([]rune("一二三四")[q-1]) }

func span(year, month, months int, name, id string) Period {
	start := time.Date(year, time.Month(month), 1, 0, 0, 0, 0, extract.Beijing)
	return Period{Start: start, End: start.AddDate(0, months, -1), Name: name, ID: id}
}

// Over is the first moment after the period.
func (p Period) Over() time.Time { return p.End.AddDate(0, 0, 1) }

// holds reports whether a date lies in the period.
func (p Period) holds(d extract.Date) bool {
	return !d.IsZero() && !d.Time.Before(p.Start) && d.Time.Before(p.Over())
}

// An Input is all that forms rest on.
type Input struct {
	Kind   Kind
	Period Period

	// City is the inventory of the period's last round, and First that of its
	// first one; nil where the period has no more than one.
	City, First *inventory.City

	// Seen counts what the period's looks saw.
	Seen *Counter

	// Result is the judgement at the period's end, nil where there is none.
	Result *rules.Result

	// Quarters are the judgements at the ends of a year's quarters, for the form
	// of those who supervise; those without a round are left out.
	Quarters []Quarter

	// Messages are the figures of 我为政府网站找错, nil where the office keeps no
	// register of them.
	Messages *Messages
}

// A Quarter is how the city stood at the end of a quarter.
type Quarter struct {
	Number int // 1 to 4
	Result rules.Result
}

// Messages are the figures of 我为政府网站找错 in a period.
type Messages struct{ Received, Closed, OnTime int }

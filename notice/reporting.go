package notice

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"xuncha/cases"
	"xuncha/extract"
)

// A Delivery is the 整改 report of a unit as the office's register has it.
type Delivery struct {
	Unit     string    `json:"unit"`
	Due      time.Time `json:"due"`
	Received time.Time `json:"received,omitzero"` // zero where it did not come
}

// A Reported says how a unit is with the 整改 report of a period, by what was
// recorded of its findings and by the register: one fact, written down twice.
// Where the two do not agree it says the better of the unit, and is to be looked
// into.
type Reported struct {
	Unit string
	Owes bool      // the day has passed and nothing came
	Late bool      // it came, after its day
	Open int       // findings of the unit whose day has passed
	Due  time.Time // the earliest day that has passed, zero for none

	// ByFindings and ByRegister are what each says, "" where it says nothing.
	ByFindings, ByRegister string
}

// What is said of a report.
const (
	reportInTime  = "按期报送"
	reportLate    = "逾期报送"
	reportOwed    = "未报送"
	reportAwaited = "待报送"
)

// Tardy reports whether the unit let the day pass.
func (r Reported) Tardy() bool { return r.Owes || r.Late }

// Disagrees reports whether findings and register say different things.
func (r Reported) Disagrees() bool {
	return r.ByFindings != "" && r.ByRegister != "" && r.ByFindings != r.ByRegister
}

// Hint is what to tell people of a disagreement about a unit that they call name.
func (r Reported) Hint(name string) (chinese, english string) {
	return fmt.Sprintf("%s的整改报告：问题册记为%s，登记表记为%s；请核对并补登，核对前按对单位有利的计", name, r.ByFindings, r.ByRegister),
		fmt.Sprintf("the 整改 report of %s: its findings say %s, the register says %s; mend one of them, until then the better counts", name, r.ByFindings, r.ByRegister)
}

// Reporting holds what was recorded of a period's findings against the register,
// as of a day, by unit. Who was asked for nothing by either is left out.
func Reporting(book *cases.Book, period string, register []Delivery, day time.Time) []Reported {
	day = extract.DayOf(day)
	units := map[string]*Reported{}
	of := func(unit string) *Reported {
		if units[unit] == nil {
			units[unit] = &Reported{Unit: unit}
		}
		return units[unit]
	}
	again := map[string]bool{} // units that owe what was returned to them
	if book == nil {
		book = &cases.Book{}
	}
	for _, o := range book.In(period) {
		if !o.Counted() || o.SentAt.IsZero() {
			continue
		}
		r, says := of(o.Facts.Unit), saysOf(o, day)
		if says == reportOwed {
			r.Open++
			r.passed(o.Due)
			again[r.Unit] = again[r.Unit] || o.Returns > 0
		}
		r.ByFindings = worse(r.ByFindings, says)
	}
	for _, d := range register {
		r, says := of(d.Unit), reportAwaited
		switch came := !d.Received.IsZero() && !d.Received.After(day); {
		case came && d.Received.After(d.Due):
			says = reportLate
		case came:
			says = reportInTime
		case day.After(d.Due):
			says = reportOwed
			r.passed(d.Due)
		}
		r.ByRegister = worse(r.ByRegister, says)
	}
	var all []Reported
	for _, unit := range slices.Sorted(maps.Keys(units)) {
		r := units[unit]
		if again[unit] && r.ByRegister != "" {
			r.ByRegister = r.ByFindings // the register has the first report, and a second is owed
		}
		r.settle()
		all = append(all, *r)
	}
	return all
}

// settle concludes from both.
func (r *Reported) settle() {
	a, b := r.ByFindings, r.ByRegister
	if a == "" {
		a = b
	}
	if b == "" {
		b = a
	}
	tardy := func(s string) bool { return s == reportOwed || s == reportLate }
	r.Owes = a == reportOwed && b == reportOwed
	r.Late = tardy(a) && tardy(b) && !r.Owes
}

// passed notes a day that has passed.
func (r *Reported) passed(due time.Time) {
	if r.Due.IsZero() || due.Before(r.Due) {
		r.Due = due
	}
}

// saysOf is what a finding says of its unit's report, as of a day.
func saysOf(o *cases.Occurrence, day time.Time) string {
	says := reportAwaited
	for _, r := range o.Reports {
		if extract.DayOf(r.On).After(day) {
			continue
		}
		if says = reportInTime; r.Late {
			says = reportLate
		}
	}
	if o.Overdue(day) || says == reportAwaited && !o.Due.IsZero() && day.After(o.Due) {
		return reportOwed
	}
	return says
}

// worse is what counts of two papers of one unit: what is owed, then what came
// late, then what is awaited.
func worse(a, b string) string {
	order := []string{"", reportInTime, reportAwaited, reportLate, reportOwed}
	if slices.Index(order, a) > slices.Index(order, b) {
		return a
	}
	return b
}

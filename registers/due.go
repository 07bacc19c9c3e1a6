package registers

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// Standing is how far a unit is with what it owes.
type Standing string

// The standings.
const (
	InTime    Standing = "按期报送"
	Late      Standing = "逾期报送"
	Awaited   Standing = "待报送" // the day has not passed
	Missing   Standing = "未报送"
	SentBack  Standing = "退回待重报"
	PastAgain Standing = "退回后未重报" // and the day has passed
)

// Owed reports whether the unit has let the day pass and not delivered.
func (s Standing) Owed() bool { return s == Missing || s == PastAgain }

// A Delivery is a paper that a unit owes.
type Delivery struct {
	Unit     string    `json:"unit"`
	Period   string    `json:"period"`         // 2023Q3, or the month 2023-09
	Form     string    `json:"form,omitempty"` // of the monthly register
	Due      time.Time `json:"due"`
	Received time.Time `json:"received,omitzero"` // zero where it did not come
	SignedBy string    `json:"signed_by,omitempty"`
	Urged    time.Time `json:"urged,omitzero"`
	Note     string    `json:"note,omitempty"`
	Standing Standing  `json:"standing"`
}

// ReportsOf returns the 整改 reports of a period as they stand on a day, by unit;
// those of all periods for "".
func ReportsOf(rows []Row, period string, on time.Time) []Delivery {
	on = extract.DayOf(on)
	var all []Delivery
	for _, r := range rows {
		if period != "" && r.Values["period"] != period {
			continue
		}
		d := Delivery{
			Unit: r.Values["unit"], Period: r.Values["period"], Due: r.Day("due"), Received: r.Day("received"),
			SignedBy: r.Values["signed"], Note: r.Values["note"],
		}
		d.stand(on)
		all = append(all, d)
	}
	return all
}

func (d *Delivery) stand(on time.Time) {
	came := !d.Received.IsZero() && !d.Received.After(on)
	switch {
	case came && d.Received.After(d.Due):
		d.Standing = Late
	case came:
		d.Standing = InTime
	case on.After(d.Due):
		d.Standing = Missing
	default:
		d.Standing = Awaited
	}
}

// MonthlyDay is the day of the following month by which a month's papers are due.
// The day itself still counts.
const MonthlyDay = 2

// MonthlyDue returns the last day for the papers of a month, 2023-09; ok is false
// for what is no month.
func MonthlyDue(month string) (due time.Time, ok bool) {
	first, err := time.ParseInLocation("2006-01", month, extract.Beijing)
	if err != nil {
		return time.Time{}, false
	}
	return first.AddDate(0, 1, MonthlyDay-1), true
}

// MonthlyOf returns, for each of the units, the papers of a month as they stand on
// a day. What no row tells of has not come.
func MonthlyOf(rows []Row, month string, units []inventory.Unit, papers []string, on time.Time) []Delivery {
	due, ok := MonthlyDue(month)
	if !ok {
		return nil
	}
	on = extract.DayOf(on)
	var all []Delivery
	for _, u := range units {
		for _, paper := range papers {
			d := Delivery{Unit: u.ID, Period: month, Form: paper, Due: due}
			i := slices.IndexFunc(rows, func(r Row) bool {
				return r.Values["month"] == month && r.Values["unit"] == u.ID && r.Values["form"] == paper
			})
			if i >= 0 {
				d.Received, d.Urged, d.Note = rows[i].Day("received"), rows[i].Day("urged"), rows[i].Values["reason"]
			}
			d.stand(on)
			if i >= 0 && sentBack(rows[i]) && !rows[i].Day("returned").After(on) {
				d.Standing = SentBack
				if on.After(due) {
					d.Standing = PastAgain
				}
			}
			all = append(all, d)
		}
	}
	return all
}

// A Sum is a month's papers put together.
type Sum struct {
	Month     string   `json:"month"`
	Units     int      `json:"units"` // that reported
	Published int      `json:"published"`
	Posts     int      `json:"posts"`
	Messages  int      `json:"messages"`
	Found     int      `json:"found"`
	Fixed     int      `json:"fixed"`
	Silent    []string `json:"silent,omitempty"` // units that published nothing
}

// MonthlySum puts a month's papers together: 汇总. A figure that a unit gives in two
// papers counts once. What was returned and has not come again is left out.
func MonthlySum(rows []Row, month string) Sum {
	s := Sum{Month: month}
	given := map[string]map[string]int{} // unit → field → figure
	for _, r := range rows {
		v := r.Values
		if v["month"] != month || v["received"] == "" || sentBack(r) {
			continue
		}
		of := given[v["unit"]]
		if of == nil {
			of = map[string]int{}
			given[v["unit"]] = of
		}
		for _, field := range []string{"published", "posts", "messages", "found", "fixed"} {
			if n, err := strconv.Atoi(v[field]); err == nil {
				of[field] = max(of[field], n)
			}
		}
	}
	for _, unit := range slices.Sorted(maps.Keys(given)) {
		of := given[unit]
		s.Units++
		s.Published += of["published"]
		s.Posts += of["posts"]
		s.Messages += of["messages"]
		s.Found += of["found"]
		s.Fixed += of["fixed"]
		if n, said := of["published"]; said && n == 0 {
			s.Silent = append(s.Silent, unit)
		}
	}
	return s
}

// sentBack reports whether a paper was returned and has not come again.
func sentBack(r Row) bool {
	returned := r.Day("returned")
	return !returned.IsZero() && !r.Day("received").After(returned)
}

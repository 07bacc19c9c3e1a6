package office

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"xuncha/cases"
	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/notice"
	"xuncha/registers"
	"xuncha/store"
)

// deliveriesOf are the 整改 reports of a period in the register.
func deliveriesOf(rows []registers.Row, period string, on time.Time) []notice.Delivery {
	var all []notice.Delivery
	for _, d := range registers.ReportsOf(rows, period, on) {
		all = append(all, notice.Delivery{Unit: d.Unit, Due: d.Due, Received: d.Received})
	}
	return all
}

// reporting is how units are with the 整改 reports of a period by the register and
// by what was recorded of findings. Where no report at all was recorded of
// findings, that is not where the office writes them down, and the register alone
// counts.
func reporting(book *cases.Book, rows []registers.Row, period string, on time.Time) []notice.Reported {
	for _, o := range book.In(period) {
		if len(o.Reports) > 0 {
			return notice.Reporting(book, period, deliveriesOf(rows, period, on), on)
		}
	}
	return notice.Reporting(nil, period, deliveriesOf(rows, period, on), on)
}

// Disagreements says of which units' reports the register and the findings of a
// period say different things.
func (d *Desk) Disagreements(period string, on time.Time) ([]Saying, error) {
	return disagreements(d.Store, d.City, d.Book, period, on)
}

func disagreements(st *store.Store, city *inventory.City, book *cases.Book, period string, on time.Time) ([]Saying, error) {
	rows, err := st.Register(registers.Reports, 0)
	if err != nil {
		return nil, err
	}
	var all []Saying
	for _, r := range notice.Reporting(book, period, deliveriesOf(rows, period, on), on) {
		if r.Disagrees() {
			zh, en := r.Hint(UnitName(city, r.Unit))
			all = append(all, Saying{period + " " + zh, errors.New(period + ": " + en)})
		}
	}
	return all, nil
}

// addFindings adds to the register's reports what was recorded of findings: beside
// each row, and rows of units that only findings know of.
func (d *Desk) addFindings(t *sheet.Table, list []registers.Delivery, all []notice.Reported) {
	by, listed := map[string]notice.Reported{}, map[string]bool{}
	for _, r := range all {
		by[r.Unit] = r
	}
	t.Head = append(t.Head, "问题册")
	for i, x := range list {
		listed[x.Unit] = true
		t.Rows[i] = append(t.Rows[i], by[x.Unit].ByFindings)
	}
	for _, r := range all {
		if listed[r.Unit] {
			continue
		}
		row := make([]string, len(t.Head))
		row[0], row[1], row[4], row[len(row)-1] = fmt.Sprint(len(t.Rows)+1), UnitName(d.City, r.Unit), dayOrNone(r.Due), r.ByFindings
		t.Rows = append(t.Rows, row)
	}
}

// owed are the monthly forms and self-checks of the period that units owe on the
// day of the document. A month of which the register has nothing says nothing, and
// who runs neither a site nor an account is not asked.
func (w *Writer) owed(city *inventory.City) ([]notice.Owed, error) {
	rows, err := w.st.Register(registers.Monthly, w.imports)
	if err != nil {
		return nil, err
	}
	var asked []inventory.Unit
	for _, u := range city.Units {
		site := slices.ContainsFunc(city.Carriers, func(c inventory.Carrier) bool { return c.Kind == inventory.Site && c.Unit == u.ID })
		if site || slices.ContainsFunc(city.Accounts, func(a inventory.Account) bool { return a.Unit == u.ID }) {
			asked = append(asked, u)
		}
	}
	var all []notice.Owed
	for m := range 3 {
		month := w.order.Period.Start().AddDate(0, m, 0).Format("2006-01")
		for _, form := range []string{registers.MonthlyForm, registers.SelfCheck} {
			if !slices.ContainsFunc(rows, func(r registers.Row) bool { return r.Values["month"] == month && r.Values["form"] == form }) {
				continue
			}
			for _, d := range registers.MonthlyOf(rows, month, asked, []string{form}, w.Day()) {
				if !d.Standing.Owed() {
					continue
				}
				how := string(d.Standing)
				if d.Note != "" {
					how += "：" + d.Note
				}
				if !d.Urged.IsZero() {
					how += "（已于" + dayOrNone(d.Urged) + "催报）"
				}
				all = append(all, notice.Owed{Unit: d.Unit, Month: month, Form: form, Due: d.Due, How: how})
			}
		}
	}
	return all, nil
}

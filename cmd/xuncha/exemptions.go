package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"xuncha/cases"
	tables "xuncha/internal/sheet"
	"xuncha/store"
)

// exempt reports whether a finding is exempt on a day.
func exempt(o *cases.Occurrence, on time.Time) bool {
	return o.State == cases.Exempted && !o.Lapsed(on)
}

// exemptTable is what people ask of exemptions: why, until when, and what to ask
// about anew.
func exemptTable(rows []findingRow) tables.Table {
	t := tables.Table{Name: "报备不计", Head: []string{"编号", "检查期", "状态", "报备不计原因", "截止", "须重新询问", "单位", "对象名称", "问题"}}
	for _, r := range rows {
		t.Rows = append(t.Rows, []string{r.ID, r.Period, r.State, r.ExemptFor, r.ExemptUntil, yesNo(r.Reask), r.UnitName, r.Name, r.Text})
	}
	return t
}

// remindOfExemptions tells on stderr how many exemptions are in force on a day,
// and what was exempt when it was last found and is there again in a period, by
// default the newest. An exemption is for one quarter's finding: the next asks
// anew.
func (a *app) remindOfExemptions(book *cases.Book, period string, on time.Time) {
	if periods := book.Periods(); period == "" && len(periods) > 0 {
		period = periods[len(periods)-1]
	}
	var first time.Time
	inForce := book.Exemptions(on)
	for _, o := range inForce {
		if until := o.Exemption.Until; first.IsZero() || until.Before(first) {
			first = until
		}
	}
	if len(inForce) > 0 {
		fmt.Fprintf(a.stderr, a.say("提示：报备不计有效 %d 个，最早 %s 到期；用 xuncha finding list --exempt 查看\n",
			"note: exemptions in force: %d, the first ends on %s; see xuncha finding list --exempt\n"), len(inForce), dayOrNone(first))
	}
	if n := len(book.Reask(strings.ToUpper(period))); n > 0 {
		fmt.Fprintf(a.stderr, a.say("提示：%s 有 %d 个问题上次报备不计，本期再次出现，须重新询问单位；用 xuncha finding list --period %s --exempt 查看\n",
			"note: in %s %d findings are there again that were exempt last time: ask the units anew; see xuncha finding list --period %s --exempt\n"),
			strings.ToUpper(period), n, strings.ToUpper(period))
	}
}

// remindIn is remindOfExemptions for the book in a data folder.
func (a *app) remindIn(data string, s setup, period, at string) error {
	st, err := openStore(data, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	d, err := a.deskOf(st, s)
	if err == nil {
		var on time.Time
		if on, err = d.now(at); err == nil {
			a.remindOfExemptions(d.Book, period, on)
		}
	}
	return errors.Join(err, st.Close())
}

package office

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/notice"
	"xuncha/registers"
	"xuncha/report"
	"xuncha/store"
)

// ReadList reads a file as a list for a register, by the names of a city, as of the
// day on which it is taken in. Where there are mistakes the rows are not to be used.
func ReadList(s Setup, kind registers.Kind, file string, source []byte, on time.Time) ([]registers.Row, []registers.Mistake, error) {
	book, err := sheet.Read(file, bytes.NewReader(source))
	if err != nil {
		return nil, nil, SheetError(err)
	}
	rows, mistakes := registers.Read(kind, book, registers.Know(s.City, s.Set).AsOf(on))
	return rows, mistakes, nil
}

// Import takes rows into a register, or with dry says what that would do. Of wrong
// words it keeps whether they were seen to be corrected.
func Import(st *store.Store, i store.Import, rows []registers.Row, source []byte, dry bool) (store.Import, error) {
	have, err := st.Register(i.Kind, 0)
	if err != nil {
		return i, err
	}
	if i.Kind == registers.Words {
		rows = registers.KeepChecks(have, rows)
	}
	if !dry {
		return st.AddImport(i, rows, source)
	}
	_, sum := registers.Merge(have, rows, i.Whole)
	i.Added, i.Changed, i.Same, i.Gone = sum.Added, sum.Changed, sum.Same, sum.Gone
	return i, nil
}

// ImportsTable is what was taken into registers.
func ImportsTable(imports []store.Import) sheet.Table {
	t := sheet.Table{Name: "导入记录", Head: []string{"序号", "登记表", "时间", "导入人", "文件", "新增", "变更", "相同", "删去"}}
	for _, i := range imports {
		t.Rows = append(t.Rows, []string{
			fmt.Sprint(i.Seq), i.Kind.Chinese(), i.At.Format(time.DateTime), i.By, i.File, fmt.Sprint(i.Added), fmt.Sprint(i.Changed), fmt.Sprint(i.Same), fmt.Sprint(i.Gone),
		})
	}
	return t
}

// Figures are what a register comes to on a day: of a period or a month the
// figures of it, without either, or where the register has none, its rows. value is
// the same for programs.
func (d *Desk) Figures(kind registers.Kind, period, month string, on time.Time) (t sheet.Table, value any, err error) {
	rows, err := d.Store.Register(kind, 0)
	if err != nil {
		return t, nil, err
	}
	city := d.City
	switch {
	case kind == registers.Messages && period != "":
		p, err := report.ParsePeriod(period)
		if err != nil {
			return t, nil, Mistake{err}
		}
		f, err := CountMessages(d.Store, city, p.Start(), p.End(), on, 0)
		if err == nil && f == nil {
			err = Say("%s没有登记找错留言；请导入该季度的留言，确无留言的导入只有表头的空表：xuncha register import messages",
				"no list of messages speaks of %s: import it with xuncha register import messages, one with nothing but its head where there were none", p)
		}
		if err != nil {
			return t, nil, err
		}
		return messagesTable(*f), *f, nil
	case kind == registers.Reports && period != "":
		list := registers.ReportsOf(rows, period, on)
		t := deliveries(city, list)
		d.addFindings(&t, list, notice.Reporting(d.Book, period, deliveriesOf(rows, period, on), on))
		return t, list, nil
	case kind == registers.Monthly && month != "":
		list := registers.MonthlyOf(rows, month, city.Units, []string{registers.MonthlyForm, registers.SelfCheck}, on)
		sum := registers.MonthlySum(rows, month)
		t := deliveries(city, list)
		t.Rows = append(t.Rows, []string{"", "合计", month, fmt.Sprintf("%d 家已报", sum.Units), "", "", "", "",
			fmt.Sprintf("发布 %d，新媒体 %d，找错 %d，发现问题 %d，已整改 %d", sum.Published, sum.Posts, sum.Messages, sum.Found, sum.Fixed)})
		return t, struct {
			Papers []registers.Delivery `json:"papers"`
			Sum    registers.Sum        `json:"sum"`
		}{list, sum}, nil
	}
	return registers.Table(kind, rows, city), rows, nil
}

func messagesTable(f registers.MessageFigures) sheet.Table {
	t := sheet.Table{Name: "找错留言统计", Head: []string{"项目", "数"}}
	for _, row := range []struct {
		name string
		n    int
	}{
		{"应办留言", f.Received}, {"不予受理", f.Declined}, {"属实", f.Valid}, {"已转办", f.Forwarded}, {"转办逾期", f.LateOn}, {"已答复", f.Answered},
		{"按期答复", f.InTime}, {"已办结", f.Closed}, {"按期办结", f.ByTheDay}, {"超过1个月办结", f.Slow}, {"未办结", f.Open}, {"逾期未答复", f.Overdue},
	} {
		t.Rows = append(t.Rows, []string{row.name, fmt.Sprint(row.n)})
	}
	for _, row := range [][2]string{{"办结率（%）", f.Rate}, {"按期办结率（%）", f.OnTime}, {"按期答复率（%）", f.AnswerOn}} {
		t.Rows = append(t.Rows, []string{row[0], row[1]})
	}
	return t
}

// deliveries is a list of what units owe.
func deliveries(city *inventory.City, list []registers.Delivery) sheet.Table {
	t := sheet.Table{Name: "报送情况", Head: []string{"序号", "单位", "期次", "报送情况", "报送期限", "收到日期", "签字人", "催报日期", "说明"}}
	for i, x := range list {
		note := strings.TrimSpace(x.Form + " " + x.Note)
		t.Rows = append(t.Rows, []string{
			fmt.Sprint(i + 1), UnitName(city, x.Unit), x.Period, string(x.Standing), dayOrNone(x.Due.In(extract.Beijing)), dayOrNone(x.Received), x.SignedBy, dayOrNone(x.Urged), note,
		})
	}
	return t
}

package office

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"xuncha/cases"
	"xuncha/internal/sheet"
	"xuncha/report"
)

// A FilledRow is a row of a sheet that people have filled in, by the heads of its
// columns.
type FilledRow struct {
	Number int
	Cells  map[string]string
}

// The columns by which the sheets that come back are known.
const (
	SlipColumn  = "问题编号"
	CheckColumn = "检查结果"
)

// Filled reads the rows of the sheet whose head has a column.
func Filled(book *sheet.Book, column string) ([]FilledRow, error) {
	for _, s := range book.Sheets {
		var heads map[int]string
		var rows []FilledRow
		for _, r := range s.Rows {
			if heads == nil {
				heads = headsOf(r, column)
				continue
			}
			cells := map[string]string{}
			for _, c := range r.Cells {
				cells[heads[c.Col]] = strings.TrimSpace(sheet.Plain(c.Text))
			}
			rows = append(rows, FilledRow{r.Number, cells})
		}
		if heads != nil {
			return rows, nil
		}
	}
	return nil, Say("%s没有“%s”列；请用系统生成的表填写", "%s has no column %s; fill in the sheet that the program wrote", book.File, column)
}

// SheetError gives an error of reading a sheet its Chinese sentence.
func SheetError(err error) error {
	if fault := (*sheet.Error)(nil); errors.As(err, &fault) {
		return &Saying{fault.In("zh"), err}
	}
	return err
}

// headsOf reads the heads of a row, without what stands in brackets; nil where
// none of them is the column.
func headsOf(r sheet.Row, column string) map[int]string {
	heads, found := map[int]string{}, false
	for _, c := range r.Cells {
		heads[c.Col], _, _ = strings.Cut(strings.TrimSpace(c.Text), "（")
		found = found || heads[c.Col] == column
	}
	if !found {
		return nil
	}
	return heads
}

// inRow says in which row an error is.
func inRow(n int, err error) error {
	return &Saying{fmt.Sprintf("第%d行：%s", n, InChinese(err)), fmt.Errorf("row %d: %w", n, err)}
}

// enter has the rows of a sheet dealt with one by one. A sheet in which nothing is
// filled in is an error.
func (d *Desk) enter(file string, rows []FilledRow, row func(FilledRow) error) error {
	for _, r := range rows {
		if err := row(r); err != nil {
			return inRow(r.Number, err)
		}
	}
	if len(d.events) == 0 {
		return Say("%s没有填写内容", "nothing is filled in in %s", file)
	}
	return nil
}

// Answers enters the answers of a 核实单 that was filled in. The event says who
// enters it and when; slip is the paper that the sheet itself is. Without a period
// it is that of each row, or else the newest of its finding.
func (d *Desk) Answers(file string, rows []FilledRow, period string, e cases.Event, slip cases.Attachment) error {
	own := len(e.Attachments) > 0
	e.Kind, e.Attachments = cases.Reply, append(e.Attachments, slip)
	return d.enter(file, rows, func(r FilledRow) error {
		if r.Cells["答复"] == "" {
			return nil
		}
		o, err := d.Find(r.Cells[SlipColumn], cmp.Or(period, r.Cells["检查期"]))
		if err != nil {
			return err
		}
		e := e
		e.Case, e.Period, e.Answer, e.Note = o.Case, o.Period, cases.Answer(r.Cells["答复"]), r.Cells["说明"]
		if e.By.Role == cases.Unit {
			e.By.Unit = o.Facts.Unit
		}
		if e.Answer == cases.Denied && e.Note == "" && !own {
			e.Attachments = nil // the slip itself is no proof
		}
		return d.Do(e)
	})
}

// Checks enters what people found by a check list that was filled in.
func (d *Desk) Checks(file string, rows []FilledRow, e cases.Event, list cases.Attachment) error {
	e.Attachments = append(e.Attachments, list)
	return d.enter(file, rows, func(r FilledRow) error {
		mark := cases.Mark(r.Cells[CheckColumn])
		if mark == "" {
			return nil
		}
		period, err := report.ParsePeriod(r.Cells["检查期"])
		if err != nil {
			return Say("检查期“%s”：写成 2023Q3", "%s is no period: write it as 2023Q3", r.Cells["检查期"])
		}
		return d.Check(Marked{
			Subject: r.Cells["对象"], Indicator: r.Cells["检查指标"], Period: period.String(), Mark: mark, Text: r.Cells["所见情况"],
		}, e)
	})
}

package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"xuncha/cases"
	tables "xuncha/internal/sheet"
	"xuncha/report"
	"xuncha/rules"
)

// filledFlags are those of commands that read a sheet people have filled in.
type filledFlags struct {
	File string `arg:"" help:"The sheet, filled in." zh:"填好的表。"`
	actFlags
}

// A filledRow is a row of such a sheet by the heads of its columns.
type filledRow struct {
	number int
	cells  map[string]string
}

// filled reads the rows of a sheet whose head has a column.
func filled(name, column string) ([]filledRow, error) {
	book, err := tables.Open(name)
	if fault := (*tables.Error)(nil); errors.As(err, &fault) {
		return nil, &saying{fault.In("zh"), err}
	}
	if err != nil {
		return nil, err
	}
	for _, s := range book.Sheets {
		var heads map[int]string
		var rows []filledRow
		for _, r := range s.Rows {
			if heads == nil {
				heads = headsOf(r, column)
				continue
			}
			cells := map[string]string{}
			for _, c := range r.Cells {
				cells[heads[c.Col]] = strings.TrimSpace(tables.Plain(c.Text))
			}
			rows = append(rows, filledRow{r.Number, cells})
		}
		if heads != nil {
			return rows, nil
		}
	}
	return nil, say("%s没有“%s”列；请用系统生成的表填写", "%s has no column %s; fill in the sheet that the program wrote", filepath.Base(name), column)
}

// headsOf reads the heads of a row, without what stands in brackets; nil where
// none of them is the column.
func headsOf(r tables.Row, column string) map[int]string {
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

// enter opens the desk, has the rows of a sheet dealt with one by one, and files
// what came of them, all or nothing.
func (f filledFlags) enter(a *app, column string, kind cases.Kind, row func(*desk, cases.Event, filledRow) error) (err error) {
	rows, err := filled(f.File, column)
	if err != nil {
		return err
	}
	d, err := a.openDesk(f.Data, f.Config, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	e, err := f.fill(d, cases.Event{Kind: kind})
	if err != nil {
		return err
	}
	paper, err := d.attach([]string{f.File})
	if err != nil {
		return err
	}
	e.Attachments = append(e.Attachments, paper...)
	for _, r := range rows {
		if err := row(d, e, r); err != nil {
			return inRow(r.number, err)
		}
	}
	if len(d.events) == 0 {
		return say("%s没有填写内容", "nothing is filled in in %s", filepath.Base(f.File))
	}
	done := d.events
	if err := d.file(); err != nil {
		return err
	}
	for _, e := range done {
		a.tell(d, d.book.Occurrence(e.Case, e.Period), e.Kind)
	}
	return nil
}

// inRow says in which row an error is.
func inRow(n int, err error) error {
	return &saying{fmt.Sprintf("第%d行：%s", n, inChinese(err)), fmt.Errorf("row %d: %w", n, err)}
}

// findingAnswersCmd records the answers of a 核实单.
type findingAnswersCmd struct {
	filledFlags
	Period string `help:"The period; by default the newest of each finding." zh:"检查期；默认各问题最近的一期。" placeholder:"2023Q3"`
}

// Run runs the command.
func (c findingAnswersCmd) Run(a *app) error {
	return c.enter(a, "问题编号", cases.Reply, func(d *desk, e cases.Event, r filledRow) error {
		if r.cells["答复"] == "" {
			return nil
		}
		o, err := d.find(r.cells["问题编号"], cmp.Or(c.Period, r.cells["检查期"]))
		if err != nil {
			return err
		}
		e.Case, e.Period, e.Answer, e.Note = o.Case, o.Period, cases.Answer(r.cells["答复"]), r.cells["说明"]
		if e.By.Role == cases.Unit {
			e.By.Unit = o.Facts.Unit
		}
		if e.Answer == cases.Denied && e.Note == "" && len(c.Attach) == 0 {
			e.Attachments = nil // the slip itself is no proof
		}
		return d.do(e)
	})
}

// findingCheckedCmd enters what people found by a check list.
type findingCheckedCmd struct{ filledFlags }

// Run runs the command.
func (c findingCheckedCmd) Run(a *app) error {
	return c.enter(a, "检查结果", cases.Raise, func(d *desk, e cases.Event, r filledRow) error {
		mark := cases.Mark(r.cells["检查结果"])
		if mark == "" {
			return nil
		}
		subject, known := subjectOf(d.setup.city, r.cells["对象"])
		ind := d.setup.set.Indicator(r.cells["检查指标"])
		if !known || ind == nil {
			return say("没有对象“%s”或检查指标“%s”；请按检查单原样填写", "no subject %s, or no indicator %s; leave them as the check list has them", r.cells["对象"], r.cells["检查指标"])
		}
		period, err := report.ParsePeriod(r.cells["检查期"])
		if err != nil {
			return say("检查期“%s”：写成 2023Q3", "%s is no period: write it as 2023Q3", r.cells["检查期"])
		}
		list := cases.NewCheckList(r.cells["对象"], subject.unit, period.String(), []rules.Indicator{*ind})
		if err := list.Mark(ind.ID, mark, r.cells["所见情况"], e.Attachments...); err != nil {
			return err
		}
		for _, found := range list.Findings(e.By, e.At) {
			found.Facts.RuleSet = d.setup.set.Digest
			if err := d.do(found); err != nil {
				return err
			}
		}
		return nil
	})
}

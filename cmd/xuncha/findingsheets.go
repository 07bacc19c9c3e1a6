package main

import (
	"errors"
	"path/filepath"

	"xuncha/cases"
	tables "xuncha/internal/sheet"
	bureau "xuncha/office"
)

// filledFlags are those of commands that read a sheet people have filled in.
type filledFlags struct {
	File string `arg:"" help:"The sheet, filled in." zh:"填好的表。"`
	actFlags
}

// enter opens the desk, has the rows of a sheet dealt with, and files what came of
// them, all or nothing. The paper is the sheet itself.
func (f filledFlags) enter(a *app, column string, kind cases.Kind, rows func(*desk, []bureau.FilledRow, cases.Event, cases.Attachment) error) (err error) {
	book, err := tables.Open(f.File)
	if err != nil {
		return bureau.SheetError(err)
	}
	filled, err := bureau.Filled(book, column)
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
	if err := rows(d, filled, e, paper[0]); err != nil {
		return err
	}
	done := d.Done()
	if err := d.File(); err != nil {
		return err
	}
	for _, e := range done {
		a.tell(d, d.Book.Occurrence(e.Case, e.Period), e.Kind)
	}
	return nil
}

// findingAnswersCmd records the answers of a 核实单.
type findingAnswersCmd struct {
	filledFlags
	Period string `help:"The period; by default the newest of each finding." zh:"检查期；默认各问题最近的一期。" placeholder:"2023Q3"`
}

// Run runs the command.
func (c findingAnswersCmd) Run(a *app) error {
	return c.enter(a, bureau.SlipColumn, cases.Reply, func(d *desk, rows []bureau.FilledRow, e cases.Event, slip cases.Attachment) error {
		return d.Answers(filepath.Base(c.File), rows, c.Period, e, slip)
	})
}

// findingCheckedCmd enters what people found by a check list.
type findingCheckedCmd struct{ filledFlags }

// Run runs the command.
func (c findingCheckedCmd) Run(a *app) error {
	return c.enter(a, bureau.CheckColumn, cases.Raise, func(d *desk, rows []bureau.FilledRow, e cases.Event, list cases.Attachment) error {
		return d.Checks(filepath.Base(c.File), rows, e, list)
	})
}

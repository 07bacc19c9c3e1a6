package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"xuncha/cases"
	tables "xuncha/internal/sheet"
	bureau "xuncha/office"
	"xuncha/report"
	"xuncha/store"
)

// findingSyncCmd enters the program's findings.
type findingSyncCmd struct {
	configFlag
	dataFlag
	Period string `help:"The period." zh:"检查期。" required:"" placeholder:"2023Q3"`
	Point  string `help:"Monitoring point; by default the end of the newest finished round." zh:"监测时间点；默认最近一批的完成时间。" placeholder:"T"`
	At     string `help:"When it is entered; now by default." zh:"登记时间；默认现在。" placeholder:"T"`
}

// Run runs the command.
func (c findingSyncCmd) Run(a *app) error {
	period, err := report.ParsePeriod(c.Period)
	if err != nil {
		return usageError{err}
	}
	st, err := openStore(c.Data, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	j, err := judge(st, c.Config, c.Point)
	if err := errors.Join(err, st.Close()); err != nil {
		return err
	}
	raised, withdrawn, err := a.raise(c.Data, j, period, c.At)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("%s：登记疑似问题 %d 条，撤回 %d 条\n", "%s: %d suspicions entered, %d withdrawn\n"), period, raised, withdrawn)
	return a.remindIn(c.Data, j.setup, period.String(), c.At)
}

// raise brings the book in a data folder up to a judgement of a period. The store
// is written to only where there is something new.
func (a *app) raise(data string, j judged, period report.Period, at string) (raised, withdrawn int, err error) {
	for _, options := range []store.Options{{ReadOnly: true}, {}} {
		st, err := openStore(data, options)
		if err != nil {
			return 0, 0, err
		}
		raised, withdrawn, err = a.raiseIn(st, j, period, at, !options.ReadOnly)
		if err := errors.Join(err, st.Close()); err != nil {
			return 0, 0, err
		}
		if raised+withdrawn == 0 {
			break
		}
	}
	return raised, withdrawn, nil
}

// raiseIn is raise in an open store; without write it only counts.
func (a *app) raiseIn(st *store.Store, j judged, period report.Period, at string, write bool) (raised, withdrawn int, err error) {
	d, err := a.deskOf(st, j.setup)
	if err != nil {
		return 0, 0, err
	}
	now, err := d.now(at)
	if err != nil {
		return 0, 0, err
	}
	raised, withdrawn, err = d.Sync(period, j.office, now)
	if err != nil || !write {
		return raised, withdrawn, err
	}
	return raised, withdrawn, d.File()
}

// findingAddCmd enters a finding of people.
type findingAddCmd struct {
	Subject   string `arg:"" help:"A subject: fgw, fgw/tzgg, account:140300M019XL0001, unit:fgw." zh:"对象：fgw、fgw/tzgg、account:140300M019XL0001、unit:fgw。"`
	Indicator string `arg:"" help:"An indicator of the rule set, by ID." zh:"检查指标编号。"`
	Period    string `help:"The period." zh:"检查期。" required:"" placeholder:"2023Q3"`
	Text      string `help:"What was seen; by default as the indicator says it." zh:"问题描述；默认按检查指标的表述。" placeholder:"TEXT"`
	Source    string `help:"人工核查, 上级通报 or 网民反映." zh:"问题来源：人工核查、上级通报、网民反映。" default:"人工核查" placeholder:"SOURCE"`
	As        string `help:"点名, 概述不点名 or 仅内部; by default as the indicator says." zh:"公开方式：点名、概述不点名、仅内部；默认按检查指标。" placeholder:"HOW"`
	actFlags
}

// Run runs the command.
func (c findingAddCmd) Run(a *app) (err error) {
	if _, err := report.ParsePeriod(c.Period); err != nil {
		return usageError{err}
	}
	d, err := a.openDesk(c.Data, c.Config, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	e, err := c.fill(d, cases.Event{Kind: cases.Raise, Period: strings.ToUpper(c.Period)})
	if err != nil {
		return err
	}
	o, err := d.Raise(bureau.Seen{Subject: c.Subject, Indicator: c.Indicator, Text: c.Text, Source: c.Source, Publicity: c.As}, e)
	if err != nil {
		return err
	}
	if err := d.File(); err != nil {
		return err
	}
	a.tell(d, d.Book.Occurrence(o.Case, o.Period), cases.Raise)
	return nil
}

// findingDrawCmd draws subjects for people to check.
type findingDrawCmd struct {
	configFlag
	Of        string   `help:"sites, accounts or columns." zh:"抽查范围：sites（网站）、accounts（账号）、columns（栏目）。" enum:"sites,accounts,columns" default:"sites"`
	Share     float64  `help:"The share to draw, such as 0.3." zh:"抽查比例，如 0.3。" required:"" placeholder:"SHARE"`
	Seed      string   `help:"Any word or number; whoever has it draws the same again." zh:"种子：任一词或数；同一种子抽取结果相同。" required:"" placeholder:"SEED"`
	Period    string   `help:"The period." zh:"检查期。" required:"" placeholder:"2023Q3"`
	Indicator []string `help:"Indicators of the check list; by default those that people judge." zh:"检查单的指标；默认须人工判定的指标。" placeholder:"ID"`
	On        string   `help:"Day on which an account must be 正常; the period's last by default." zh:"以哪一天的账号状态为准；默认检查期最后一天。" placeholder:"DAY"`
	Out       string   `help:"Folder to write into." zh:"输出目录。" required:"" placeholder:"DIR"`
}

// Run runs the command.
func (c findingDrawCmd) Run(a *app) error {
	period, err := report.ParsePeriod(c.Period)
	if err != nil {
		return usageError{err}
	}
	s, err := loadSetup(c.Config)
	if err != nil {
		return err
	}
	on, err := parseDate("--on", c.On)
	if err != nil {
		return err
	}
	if on.IsZero() {
		on = period.End()
	}
	indicators, err := bureau.Checked(s.set, c.Of, c.Indicator)
	if err != nil {
		return err
	}
	draw, err := cases.DrawFrom(bureau.Population(s.city, c.Of, on), c.Share, c.Seed)
	if err != nil {
		return usageError{err}
	}
	if err := os.MkdirAll(c.Out, 0o750); err != nil {
		return fmt.Errorf("output folder: %w", err)
	}
	data, err := json.MarshalIndent(draw, "", "  ")
	if err != nil {
		return fmt.Errorf("draw: %w", err)
	}
	for name, content := range map[string][]byte{"draw.json": append(data, '\n'), "draw.txt": []byte(draw.Log())} {
		if err := os.WriteFile(filepath.Join(c.Out, name), content, 0o600); err != nil {
			return fmt.Errorf("write the draw: %w", err)
		}
	}
	if err := writeSheets(filepath.Join(c.Out, "checklist.xlsx"), bureau.CheckListTable(s.city, draw.Drawn(), period.String(), indicators)); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("%d 个对象中抽取 %d 个，抽查记录和检查单已写入 %s\n", "Of %d subjects %d were drawn; the log and the check list are in %s\n"), draw.Population, len(draw.Drawn()), c.Out)
	return nil
}

// writeSheets writes tables as XLSX, or the first as CSV, by the file's name.
func writeSheets(name string, list ...tables.Table) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if strings.EqualFold(filepath.Ext(name), ".csv") {
		return tables.WriteCSV(f, list[0])
	}
	return tables.WriteXLSX(f, list...)
}

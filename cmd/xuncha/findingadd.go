package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"xuncha/cases"
	"xuncha/extract"
	tables "xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
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
	if err := period.Admits(j.result.PointDay); err != nil {
		return usageError{err}
	}
	raised, withdrawn, err := a.raise(c.Data, j, period.String(), c.At)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("%s：登记疑似问题 %d 条，撤回 %d 条\n", "%s: %d suspicions entered, %d withdrawn\n"), period, raised, withdrawn)
	return a.remindIn(c.Data, j.setup, period.String(), c.At)
}

// raise brings the book in a data folder up to a judgement of a period. The store
// is written to only where there is something new.
func (a *app) raise(data string, j judged, period, at string) (raised, withdrawn int, err error) {
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
func (a *app) raiseIn(st *store.Store, j judged, period, at string, write bool) (raised, withdrawn int, err error) {
	d, err := a.deskOf(st, j.setup)
	if err != nil {
		return 0, 0, err
	}
	now, err := d.now(at)
	if err != nil {
		return 0, 0, err
	}
	for _, e := range d.book.Sync(period, j.result, j.set, now) {
		if err := d.do(e); err != nil {
			return 0, 0, err
		}
		if e.Kind == cases.Raise {
			raised++
		} else {
			withdrawn++
		}
	}
	if !write {
		return raised, withdrawn, nil
	}
	return raised, withdrawn, d.file()
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
	subject, known := subjectOf(d.setup.city, c.Subject)
	if !known {
		return say("没有对象“%s”；请写 fgw、fgw/tzgg、account:标识码 或 unit:单位编号", "no subject %s; write fgw, fgw/tzgg, account:CODE or unit:ID", c.Subject)
	}
	ind := d.setup.set.Indicator(c.Indicator)
	if ind == nil {
		return noIndicator(c.Indicator)
	}
	e, err := c.fill(d, cases.Event{Kind: cases.Raise, Period: strings.ToUpper(c.Period)})
	if err != nil {
		return err
	}
	found := e.At
	if !e.On.IsZero() {
		found = e.On.AddDate(0, 0, 1)
	}
	text, publicity := c.Text, c.As
	if text == "" {
		text = ind.Text
	}
	if publicity == "" {
		publicity = ind.Publicity
	}
	e.Facts = &cases.Facts{
		Subject: c.Subject, Unit: subject.unit, Indicator: ind.ID, Effect: ind.Effect, Sources: []string{c.Source}, Publicity: publicity,
		Text: text, Basis: ind.Basis, AtPoint: text, Point: found, RuleSet: d.setup.set.Digest,
	}
	if err := d.do(e); err != nil {
		return err
	}
	last := d.events[len(d.events)-1]
	if err := d.file(); err != nil {
		return err
	}
	a.tell(d, d.book.Occurrence(last.Case, last.Period), cases.Raise)
	return nil
}

// noIndicator says that the rule set does not know one.
func noIndicator(id string) error {
	return say("检查指标中没有“%s”；请写检查指标文件中的编号", "the rule set has no indicator %s; write its ID as in the rule set", id)
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
	indicators, err := c.indicators(s.set)
	if err != nil {
		return err
	}
	draw, err := cases.DrawFrom(population(s.city, c.Of, on), c.Share, c.Seed)
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
	if err := writeSheets(filepath.Join(c.Out, "checklist.xlsx"), checkListTable(s.city, draw.Drawn(), period.String(), indicators)); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("%d 个对象中抽取 %d 个，抽查记录和检查单已写入 %s\n", "Of %d subjects %d were drawn; the log and the check list are in %s\n"), draw.Population, len(draw.Drawn()), c.Out)
	return nil
}

// indicators are those of the check list.
func (c findingDrawCmd) indicators(set *rules.RuleSet) ([]rules.Indicator, error) {
	var list []rules.Indicator
	for _, id := range c.Indicator {
		ind := set.Indicator(id)
		if ind == nil {
			return nil, noIndicator(id)
		}
		list = append(list, *ind)
	}
	if len(list) > 0 {
		return list, nil
	}
	for _, ind := range set.Indicators {
		ofAccounts := len(ind.Platforms) > 0 || strings.Contains(ind.Name, "新媒体")
		if ind.Kind == rules.KindHand && ofAccounts == (c.Of == "accounts") {
			list = append(list, ind)
		}
	}
	return list, nil
}

// population are the subjects that one draws from.
func population(city *inventory.City, of string, on time.Time) []string {
	var ids []string
	switch of {
	case "sites":
		for _, c := range city.Sites() {
			ids = append(ids, c.ID)
		}
	case "columns":
		for _, c := range city.Carriers {
			for _, col := range c.Columns {
				ids = append(ids, col.ID)
			}
		}
	case "accounts":
		for _, acc := range city.Accounts {
			if state, _ := acc.StateOn(extract.DayOf(on)); state == inventory.StateNormal {
				ids = append(ids, acc.ID())
			}
		}
	}
	return ids
}

// checkListTable is the form that people fill in.
func checkListTable(city *inventory.City, subjects []string, period string, indicators []rules.Indicator) tables.Table {
	t := tables.Table{Name: "检查单", Head: []string{"序号", "检查期", "对象", "名称", "单位", "检查指标", "指标名称", "判定依据", "检查结果（正常、有问题、无法判断）", "所见情况", "检查人", "检查日期"}}
	for _, id := range subjects {
		subject, _ := subjectOf(city, id)
		list := cases.NewCheckList(id, subject.unit, period, indicators)
		for _, item := range list.Items {
			t.Rows = append(t.Rows, []string{
				fmt.Sprint(len(t.Rows) + 1), period, id, subject.name, nameOfUnit(city, subject.unit), item.Indicator, item.Name, item.Basis, "", "", "", "",
			})
		}
	}
	return t
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

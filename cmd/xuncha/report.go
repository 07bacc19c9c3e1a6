package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"xuncha/notice"
	bureau "xuncha/office"
	"xuncha/report"
	"xuncha/store"
)

// reportCmd writes the notice of a period, and the papers that follow it.
type reportCmd struct {
	configFlag
	dataFlag
	Period string `help:"The quarter: 2023Q3." zh:"季度：2023Q3。" placeholder:"2023Q3"`
	At     string `help:"Monitoring point; by default the end of the newest finished round." zh:"监测时间点；默认最近一批的完成时间。" placeholder:"T"`
	Final  bool   `help:"Write the final notice, of confirmed findings only, instead of a draft." zh:"出定稿，只收已认定的问题（默认初稿）。"`
	Out    string `help:"Folder to write into." zh:"输出目录。" placeholder:"DIR"`

	Template string `help:"Template: a file stem in the city's templates/, or yangquan, province, county; by default that of city.yaml." zh:"模板：配置目录 templates/ 下的文件名，或内置的 yangquan、province、county；默认按 city.yaml。" placeholder:"NAME"`
	RuleSet  string `help:"Judge by another rule set; nothing is crawled." zh:"改用另一套检查指标判定，不重新抓取。" placeholder:"ID"`
	Date     string `help:"Day of the notice; left open without it." zh:"成文日期；不写则留空。" placeholder:"2023-10-11"`
	Due      string `help:"Until when units report; by default the template's days after the notice." zh:"整改时限；默认按模板从成文日期起算。" placeholder:"2023-10-20"`
	Number   string `help:"Document number; with it the notice has a red head." zh:"发文字号；写了才有红头。" placeholder:"阳政办函〔2023〕15号"`

	Periods int      `help:"How many periods compare.html holds against each other." zh:"compare.html 对比多少个季度。" default:"5"`
	With    []string `help:"Further cities for compare.html: their summary.json." zh:"compare.html 一并对比的其他城市的 summary.json。" placeholder:"FILE"`
	Pdf     string   `help:"auto prints notice.pdf where there is Chromium; off." zh:"auto：有 Chromium 时打印 notice.pdf；off：不打印。" enum:"auto,off" default:"auto"`

	Paper  string `help:"Write a paper instead: order, reminder, ledger, recheck, missing, brief or urge." zh:"改为生成文书：order 交办单、reminder 催办单、ledger 整改台账、recheck 复核报告、missing 未报送名单、brief 领导一页纸、urge 催报单（月报自查）。" placeholder:"KIND"`
	Verify string `help:"Say whether a file of a notice can be made again, and what differs." zh:"核对一份通报文件能否重新生成，并指出差异。" placeholder:"FILE"`
}

// Run runs the command.
func (c reportCmd) Run(ctx context.Context, a *app) (err error) {
	if c.Verify != "" {
		return c.verify(a)
	}
	switch {
	case c.Period == "":
		return misuse("没有写季度；请写 --period，如 --period 2023Q3", "name the quarter with --period, as in --period 2023Q3")
	case c.Out == "":
		return misuse("没有写输出目录；请写 --out", "name the folder to write into with --out")
	}
	if !c.Final && c.Paper == "" && c.RuleSet == "" {
		if err := c.enter(a); err != nil {
			return err
		}
	}
	st, err := openStore(c.Data, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	s, err := loadSetup(c.Config)
	if err != nil {
		return err
	}
	o, err := c.order(s)
	if err != nil {
		return err
	}
	w, err := bureau.NewWriter(st, s.office(), o)
	if err != nil {
		return err
	}
	n, err := w.Notice(c.periods())
	if err != nil {
		return atPoint(st, c.At, err)
	}
	if w.Remark() != nil {
		fmt.Fprintln(a.stderr, a.say("提示：", "note: ")+a.sentence(w.Remark()))
	}
	if err := a.warnOfReports(w.Remarks()); err != nil {
		return err
	}
	if c.Paper != "" {
		return c.paper(a, w, n)
	}
	a.remindOfExemptions(w.Book(), c.Period, w.Day())
	return c.write(ctx, a, s, w, n)
}

// write writes the notice in every format, and what it is held against.
func (c reportCmd) write(ctx context.Context, a *app, s setup, w *bureau.Writer, n notice.Notice) error {
	files, err := n.Files()
	if err != nil {
		return err
	}
	others, err := c.others()
	if err != nil {
		return err
	}
	compare, err := w.Compare(others)
	if err != nil {
		return err
	}
	files = append(files, compare)
	if pdf := a.pdf(ctx, c.Pdf, s, files); pdf != nil {
		files = append(files, report.File{Name: notice.FilePDF, Data: pdf})
	}
	if err := report.WriteFiles(c.Out, files); err != nil {
		return err
	}
	if c.Final {
		fmt.Fprintf(a.stdout, a.say("定稿已写入 %s\n", "Final notice written to %s\n"), c.Out)
		return nil
	}
	fmt.Fprintf(a.stdout, a.say("初稿已写入 %s\n", "Draft written to %s\n"), c.Out)
	return nil
}

// enter enters what the program suspects into the book, so that people can deal
// with what a draft shows. A period that was entered as of another day stays as it
// is: that is for people to change, by finding sync.
func (c reportCmd) enter(a *app) error {
	period, err := report.ParsePeriod(c.Period)
	if err != nil {
		return usageError{err}
	}
	st, err := openStore(c.Data, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	j, judgeErr := judge(st, c.Config, c.At)
	book, err := st.Book()
	if err := errors.Join(judgeErr, err, st.Close()); err != nil {
		return err
	}
	if err := period.Admits(j.result.PointDay); err != nil {
		return err
	}
	if bureau.SamePoint(book, period, j.result.PointDay) != nil {
		return nil
	}
	_, _, err = a.raise(c.Data, j, period, "")
	return err
}

// paper writes one of the papers that follow a notice.
func (c reportCmd) paper(a *app, w *bureau.Writer, n notice.Notice) error {
	files, err := w.Paper(n, notice.Paper(c.Paper), time.Time{})
	if err != nil {
		return err
	}
	if err := report.WriteFiles(c.Out, files); err != nil {
		return err
	}
	for _, f := range files {
		fmt.Fprintln(a.stdout, filepath.Join(c.Out, f.Name))
	}
	return nil
}

// periods is how many periods are looked at: a notice speaks of the one before.
func (c reportCmd) periods() int {
	if c.Paper != "" || c.Verify != "" {
		return 2
	}
	return max(2, min(c.Periods, maxPeriods))
}

// maxPeriods bounds what is held against each other: ten years.
const maxPeriods = 40

// order is the notice that the flags ask for.
func (c reportCmd) order(s setup) (o bureau.Order, err error) {
	o = bureau.Order{Final: c.Final, Template: c.Template, RuleSet: c.RuleSet, Number: c.Number, Now: time.Now()}
	if o.Period, err = report.ParsePeriod(c.Period); err != nil {
		return o, usageError{err}
	}
	if o.Point, err = parsePoint(c.At); err != nil {
		return o, err
	}
	if o.Date, err = parseDate("--date", c.Date); err != nil {
		return o, err
	}
	if o.Due, err = parseDate("--due", c.Due); err != nil {
		return o, err
	}
	if o.Final && o.Date.IsZero() && !s.city.Simulated {
		return o, misuse("定稿须有成文日期；请写 --date", "a final notice needs its day: name it with --date")
	}
	return o, nil
}

// others reads how other cities stood.
func (c reportCmd) others() ([]notice.Standing, error) {
	var others []notice.Standing
	for _, name := range c.With {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("--with: %w", err)
		}
		s, err := notice.StandingOfSummary(data)
		if err != nil {
			return nil, fmt.Errorf("--with %s: %w", name, err)
		}
		others = append(others, s)
	}
	return others, nil
}

package main

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"xuncha/intake"
	bureau "xuncha/office"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

// configCompareCmd makes 报送系统核对表.
type configCompareCmd struct {
	Files []string `arg:"" name:"file" help:"The reporting system's export of sites or accounts: XLSX, XLS or CSV." zh:"报送系统导出的网站或账号名单：XLSX、XLS 或 CSV。"`
	configFlag
	dataFlag
	listFlags
	At     string `help:"Point as of which sites and platforms were seen; by default the end of the newest finished round." zh:"实际显示取自哪个时间点；默认最近一批的完成时间。" placeholder:"T"`
	All    bool   `help:"Show what agrees as well." zh:"一致的也列出。"`
	Out    string `help:"Write the table into a file, .xlsx or .csv." zh:"写入文件，.xlsx 或 .csv。" placeholder:"FILE"`
	Format string `help:"table or json." zh:"输出格式：table 或 json。" enum:"table,json" default:"table"`
}

// Run runs the command.
func (c configCompareCmd) Run(a *app) error {
	s, err := loadSetup(c.Config)
	if err != nil {
		return err
	}
	books, err := a.books(c.Files)
	if err != nil {
		return err
	}
	opts, err := c.options(s)
	if err != nil {
		return err
	}
	seen, err := c.seen(a)
	if err != nil {
		return err
	}
	list, err := intake.Compare(s.city.Files, books, opts, seen)
	if err != nil {
		return err
	}
	table := list.Table(c.All)
	if c.Out != "" {
		if err := writeSheet(c.Out, table); err != nil {
			return err
		}
	}
	if c.Format == "json" {
		if !c.All {
			list.Lines = list.Differing()
		}
		return errors.Join(report.WriteJSON(a.stdout, list), c.unread(a, list))
	}
	for _, m := range list.Mistakes {
		fmt.Fprintln(a.stdout, a.paint(bad, a.say("错误 ", "wrong "))+report.Plain(m.In(a.lang), 400))
	}
	if c.Out == "" {
		w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
		for _, row := range append([][]string{table.Head}, table.Rows...) {
			for _, cell := range row {
				fmt.Fprint(w, report.Plain(cell, 60)+"\t")
			}
			fmt.Fprintln(w)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	for _, v := range []intake.Verdict{intake.Agrees, intake.Registered, intake.Shown, intake.NotInSystem, intake.NotInList, intake.NotSeen} {
		fmt.Fprintf(a.stdout, "%s %d  ", v, list.Counts[v])
	}
	fmt.Fprintln(a.stdout)
	if c.Out != "" {
		fmt.Fprintf(a.stdout, a.say("已写入 %s：%d 行\n", "written to %s: %d rows\n"), c.Out, len(table.Rows))
	}
	return c.unread(a, list)
}

// unread is the error of cells that could not be read, nil if all could.
func (c configCompareCmd) unread(a *app, list *intake.Checklist) error {
	if len(list.Mistakes) == 0 {
		return nil
	}
	return fmt.Errorf(a.say("名单中有 %d 处错误，这些格没有核对", "%d cells of the list are wrong and were not compared"), len(list.Mistakes))
}

// seen is what the newest round saw; nil, with a word about it, where there is
// none.
func (c configCompareCmd) seen(a *app) (*rules.Result, error) {
	j, err := judgeFolder(c.Data, c.Config, c.At)
	if c.At == "" && (errors.Is(err, store.ErrNoStore) || errors.Is(err, bureau.ErrNoRound)) {
		fmt.Fprintln(a.stderr, a.say("没有巡查批次，“实际显示”均为未能监测", "no round yet: what is shown is 未能监测 throughout"))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &j.result, nil
}

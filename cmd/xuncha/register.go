package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	tables "xuncha/internal/sheet"
	"xuncha/inventory"
	bureau "xuncha/office"
	"xuncha/registers"
	"xuncha/report"
	"xuncha/store"
)

// registerCmd keeps the lists of the office.
type registerCmd struct {
	Import  registerImportCmd  `cmd:"" help:"Take a list into a register; nothing is written while a row is wrong." zh:"导入登记表；有一行有误即全部不写入。"`
	Export  registerExportCmd  `cmd:"" help:"Write a register as XLSX or CSV, in the columns it is imported by; --empty for a form to fill in." zh:"按导入的列导出登记表（XLSX 或 CSV）；--empty 输出空表。"`
	Recheck registerRecheckCmd `cmd:"" help:"Look again at the pages of the wrong words and say which are still there." zh:"复核错敏词：重新查看所列网页，登记是否已改正。"`
	List    registerListCmd    `cmd:"" help:"Show what registers hold, what was imported, and the figures." zh:"查看登记内容、导入记录和统计数字。"`
}

// kindArg is which register.
type kindArg struct {
	Kind string `arg:"" help:"superior, messages, reports, monthly, filings or words." zh:"登记表：superior（上级通报）、messages（找错留言）、reports（整改报告）、monthly（月报自查）、filings（报备）、words（错敏词）。"`
}

func (k kindArg) kind() (registers.Kind, error) {
	kind := registers.Kind(k.Kind)
	if kind.Chinese() == "" {
		return "", misuse("没有登记表“%s”；请写 superior、messages、reports、monthly、filings 或 words", "no register %s: want superior, messages, reports, monthly, filings or words", k.Kind)
	}
	return kind, nil
}

// registerImportCmd takes a list in.
type registerImportCmd struct {
	kindArg
	File string `arg:"" help:"An XLSX, XLS or CSV file." zh:"XLSX、XLS 或 CSV 文件。"`
	configFlag
	dataFlag
	By     string `help:"Who takes it in." zh:"导入人姓名。" required:"" placeholder:"NAME"`
	At     string `help:"When; now by default." zh:"导入时间；默认现在。" placeholder:"T"`
	Whole  bool   `help:"The list is the whole register: rows it lacks are taken away." zh:"该表为全量：表中没有的行即删去。"`
	DryRun bool   `help:"Say what would come of it, and write nothing." zh:"只检查并说明结果，不写入。"`
}

// Run runs the command.
func (c registerImportCmd) Run(a *app) (err error) {
	kind, err := c.kind()
	if err != nil {
		return err
	}
	s, err := loadSetup(c.Config)
	if err != nil {
		return err
	}
	source, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("list: %w", err)
	}
	on := time.Now()
	if c.At != "" {
		if on, err = parseDeed(c.At); err != nil {
			return usage("--at: %w", err)
		}
	}
	rows, mistakes, err := bureau.ReadList(s.office(), kind, filepath.Base(c.File), source, on)
	if err != nil {
		return err
	}
	for _, m := range mistakes {
		fmt.Fprintln(a.stderr, a.say(m.Chinese(), m.Error()))
	}
	if len(mistakes) > 0 {
		return say("%s有 %d 处错误，没有写入；请改正后重新导入", "%s has mistakes, %d; nothing was written: mend them and import it again", filepath.Base(c.File), len(mistakes))
	}
	return c.take(a, s, kind, rows, source)
}

// take writes the rows, or says what they would change.
func (c registerImportCmd) take(a *app, s setup, kind registers.Kind, rows []registers.Row, source []byte) (err error) {
	st, err := openStore(c.Data, store.Options{Create: !c.DryRun, ReadOnly: c.DryRun})
	if c.DryRun && errors.Is(err, store.ErrNoStore) {
		a.tellImport(store.Import{Kind: kind, Added: len(rows)}, true)
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	d, err := a.deskOf(st, s)
	if err != nil {
		return err
	}
	at, err := d.now(c.At)
	if err != nil {
		return err
	}
	i := store.Import{Kind: kind, At: at, By: c.By, File: filepath.Base(c.File), Whole: c.Whole}
	if i, err = bureau.Import(st, i, rows, source, c.DryRun); err != nil {
		return err
	}
	a.tellImport(i, c.DryRun)
	if n := registers.Ambiguous(rows); kind == registers.Superior && n > 0 {
		fmt.Fprintf(a.stdout, a.say("%d 行的通报日期在季度首月，又没有写“检查期”，会在前后两个季度都计入：请补填检查期（如 2023Q3）后重新导入\n",
			"%d rows are dated in the first month of a quarter and name no 检查期: they count in that quarter and the one before. Fill it in, as 2023Q3, and import them again.\n"), n)
	}
	if kind == registers.Filings {
		fmt.Fprintln(a.stdout, a.say("报备登记不会自动免除问题：xuncha finding list 会提示有报备的问题，核对后用 xuncha finding exempt 办理",
			"A filing exempts nothing by itself: xuncha finding list shows which findings have one; exempt them with xuncha finding exempt."))
	}
	return nil
}

func (a *app) tellImport(i store.Import, dry bool) {
	text := fmt.Sprintf(a.say("%s：新增 %d 行，变更 %d 行，相同 %d 行，删去 %d 行", "%s: added %d, changed %d, same %d, taken away %d"),
		a.say(i.Kind.Chinese(), string(i.Kind)), i.Added, i.Changed, i.Same, i.Gone)
	if dry {
		text += a.say("（未写入）", " (nothing was written)")
	}
	fmt.Fprintln(a.stdout, text)
}

// registerExportCmd writes a register out.
type registerExportCmd struct {
	kindArg
	File string `arg:"" help:"File to write, .xlsx or .csv." zh:"写入的文件，.xlsx 或 .csv。"`
	readFlags
	Empty bool `help:"Without rows: a form to fill in." zh:"只要表头，供填写。"`
}

// Run runs the command.
func (c registerExportCmd) Run(a *app) (err error) {
	kind, err := c.kind()
	if err != nil {
		return err
	}
	if ext := strings.ToLower(filepath.Ext(c.File)); ext != ".xlsx" && ext != ".csv" {
		return misuse("%s：文件名须以 .xlsx 或 .csv 结尾", "%s: name the file .xlsx or .csv", c.File)
	}
	if c.Empty {
		return writeSheets(c.File, registers.Table(kind, nil, &inventory.City{}))
	}
	st, err := openStore(c.Data, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	s, err := c.setup(st)
	if err != nil {
		return err
	}
	rows, err := st.Register(kind, 0)
	if err != nil {
		return err
	}
	return writeSheets(c.File, registers.Table(kind, rows, s.city))
}

// registerListCmd shows registers.
type registerListCmd struct {
	Kind string `arg:"" optional:"" help:"A register; the imports of all without it." zh:"登记表；不写则列出全部导入记录。"`
	readFlags
	Period string `help:"Of messages and reports: a quarter." zh:"找错留言、整改报告：季度。" placeholder:"2023Q3"`
	Month  string `help:"Of monthly papers: a month." zh:"月报自查：月份。" placeholder:"2023-09"`
	Format string `help:"table, json, csv or xlsx." zh:"输出格式：table、json、csv 或 xlsx。" enum:"table,json,csv,xlsx" default:"table"`
	Out    string `help:"File to write instead of printing." zh:"写入文件（默认打印）。" placeholder:"FILE"`
}

// Run runs the command.
func (c registerListCmd) Run(a *app) (err error) {
	d, err := c.open(a)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	on, err := d.now(c.At)
	if err != nil {
		return err
	}
	if c.Kind == "" {
		imports, err := d.Store.Imports()
		if err != nil {
			return err
		}
		return c.print(a, bureau.ImportsTable(imports), imports)
	}
	kind, err := kindArg{c.Kind}.kind()
	if err != nil {
		return err
	}
	t, value, err := c.figures(a, d, kind, on)
	if err != nil {
		return err
	}
	return c.print(a, t, value)
}

func (c registerListCmd) print(a *app, t tables.Table, value any) error {
	return a.output(c.Out, func(w io.Writer) error {
		switch c.Format {
		case "json":
			return report.WriteJSON(w, value)
		case "table":
			return printTable(w, t)
		}
		return writeTable(w, c.Format, t)
	})
}

// figures are what a register comes to: with a period or a month the figures of
// it, else its rows.
func (c registerListCmd) figures(a *app, d *desk, kind registers.Kind, on time.Time) (tables.Table, any, error) {
	period := strings.ToUpper(c.Period)
	switch {
	case c.Period != "" && kind == registers.Reports:
		if err := a.warnOfReports(d.Disagreements(period, on)); err != nil {
			return tables.Table{}, nil, err
		}
	case c.Month != "" && kind == registers.Monthly:
		if _, ok := registers.MonthlyDue(c.Month); !ok {
			return tables.Table{}, nil, misuse("--month %s：请写成 2023-09", "--month %s: write it as 2023-09", c.Month)
		}
	}
	return d.Figures(kind, period, c.Month, on)
}

// warnOfReports tells on stderr of which units' reports the register and the
// findings of a period say different things.
func (a *app) warnOfReports(all []saying, err error) error {
	for _, s := range all {
		fmt.Fprintln(a.stderr, a.say("提示："+s.Chinese(), "note: "+s.Error()))
	}
	return err
}

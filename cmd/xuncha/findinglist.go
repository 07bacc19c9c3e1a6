package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"xuncha/cases"
	tables "xuncha/internal/sheet"
	bureau "xuncha/office"
	"xuncha/registers"
	"xuncha/report"
	"xuncha/store"
)

// readFlags are those of commands that only read.
type readFlags struct {
	dataFlag
	Config string `help:"Folder of the city's configuration, or the name of a built-in one; by default that of the newest round." zh:"配置目录或内置配置名；默认最近一批的配置。" placeholder:"DIR"`
	At     string `help:"The day as of which; now by default." zh:"以哪一天为准；默认现在。" placeholder:"T"`
}

// open opens the book for reading.
func (f readFlags) open(a *app) (*desk, error) {
	st, err := openStore(f.Data, store.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	s, err := f.setup(st)
	if err == nil {
		var d *desk
		if d, err = a.deskOf(st, s); err == nil {
			return d, nil
		}
	}
	return nil, errors.Join(err, st.Close())
}

// setup is the configuration that names come from.
func (f readFlags) setup(st *store.Store) (setup, error) {
	if f.Config != "" {
		return loadSetup(f.Config)
	}
	rounds, err := st.Rounds()
	if err != nil {
		return setup{}, err
	}
	if len(rounds) == 0 {
		return setup{}, say("没有巡查批次；请用 --config 指定配置", "there is no round; name the configuration with --config")
	}
	files, err := st.Files(rounds[0].ID)
	if err != nil {
		return setup{}, fmt.Errorf("configuration of round %s: %w", rounds[0].ID, err)
	}
	return parseSetup(files)
}

// A findingRow is one finding in a list.
type findingRow struct {
	ID        string   `json:"id"`
	Period    string   `json:"period"`
	Subject   string   `json:"subject"`
	Name      string   `json:"name"`
	Unit      string   `json:"unit"`
	UnitName  string   `json:"unit_name"`
	Indicator string   `json:"indicator"`
	Effect    string   `json:"effect"`
	Text      string   `json:"text"`
	State     string   `json:"state"`
	Pending   string   `json:"pending,omitempty"`
	Due       string   `json:"due,omitempty"`
	Overdue   bool     `json:"overdue"`
	Counted   bool     `json:"counted"`
	Repeats   int      `json:"repeats"`
	Sources   []string `json:"sources"`
	Publicity string   `json:"publicity"`

	// ExemptFor and ExemptUntil are why and up to when it is exempt, and Reask says
	// that it was exempt when it was last found and has to be asked about anew.
	ExemptFor   string `json:"exempt_for,omitempty"`
	ExemptUntil string `json:"exempt_until,omitempty"`
	Reask       bool   `json:"reask,omitempty"`

	// Filed is what the unit has filed of the subject for the day of the point. It
	// exempts nothing by itself.
	Filed string `json:"filed,omitempty"`
}

// findingListCmd lists findings.
type findingListCmd struct {
	filterFlags
	readFlags
	Exempt bool   `help:"Only exemptions in force, and what was exempt last time and has to be asked about anew." zh:"只列有效的报备不计，以及上期报备不计、本期须重新询问的问题。"`
	Format string `help:"table, json, csv or xlsx." zh:"输出格式：table、json、csv 或 xlsx。" enum:"table,json,csv,xlsx" default:"table"`
	Out    string `help:"File to write instead of printing." zh:"写入文件（默认打印）。" placeholder:"FILE"`
}

// Run runs the command.
func (c findingListCmd) Run(a *app) (err error) {
	d, err := c.open(a)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	on, err := d.now(c.At)
	if err != nil {
		return err
	}
	found, err := c.among(d.Book, d.City, on)
	if err != nil {
		return err
	}
	filings, err := d.Store.Register(registers.Filings, 0)
	if err != nil {
		return err
	}
	if c.Exempt {
		found = slices.DeleteFunc(found, func(o *cases.Occurrence) bool { return !exempt(o, on) && !d.Book.AsksAnew(o) })
	}
	rows, filed := make([]findingRow, 0, len(found)), 0
	for _, o := range found {
		row := findingRow{
			ID: o.Case, Period: o.Period, Subject: o.Facts.Subject, Name: d.subjectName(o.Facts.Subject), Unit: o.Facts.Unit,
			UnitName: d.unitName(o.Facts.Unit), Indicator: o.Facts.Indicator, Effect: string(o.Facts.Effect), Text: o.Facts.Text, State: string(o.State),
			Due: dueOf(o), Overdue: o.Overdue(on), Counted: o.Counted(), Repeats: d.Book.Case(o.Case).Repeats(o.Period), Sources: o.Facts.Sources, Publicity: o.Publicity,
		}
		if o.Pending != nil {
			row.Pending = o.Pending.Kind.Chinese()
		}
		if o.State == cases.Exempted {
			row.ExemptFor, row.ExemptUntil = string(o.Exemption.Reason), dayOrNone(o.Exemption.Until)
		}
		row.Reask = d.Book.AsksAnew(o)
		row.Filed = registers.FiledFor(filings, o.Facts.Subject, o.Facts.Point)
		if row.Filed != "" && o.Open() && o.State != cases.Exempted {
			filed++
		}
		rows = append(rows, row)
	}
	if filed > 0 {
		fmt.Fprintf(a.stderr, a.say("提示：%d 个问题的对象在监测时间点有报备。报备登记不会自动免除问题：核对后用 xuncha finding exempt 办理“报备不计”（附报备材料，两人）\n",
			"note: of %d findings the subject was filed at the point. A filing exempts nothing by itself: look at it, and use xuncha finding exempt\n"), filed)
	}
	if c.Format == "json" {
		return a.output(c.Out, func(w io.Writer) error { return report.WriteJSON(w, rows) })
	}
	table := listTable(rows)
	switch {
	case c.Format == "table" && c.Exempt:
		return a.output(c.Out, func(w io.Writer) error { return printTable(w, exemptTable(rows)) })
	case c.Format == "table":
		a.remindOfExemptions(d.Book, c.Period, on)
		return a.output(c.Out, func(w io.Writer) error { return printTable(w, shorter(table)) })
	}
	return a.output(c.Out, func(w io.Writer) error { return writeTable(w, c.Format, table) })
}

// listTable is a list as a table for people.
func listTable(rows []findingRow) tables.Table {
	t := tables.Table{Name: "问题", Head: []string{
		"编号", "检查期", "状态", "待审核", "期限", "逾期", "单位", "对象名称", "问题", "检查指标", "来源", "公开方式", "计入", "此前次数", "对象", "报备", "报备不计原因", "报备不计截止", "须重新询问",
	}}
	for _, r := range rows {
		t.Rows = append(t.Rows, []string{
			r.ID, r.Period, r.State, r.Pending, r.Due, yesNo(r.Overdue), r.UnitName, r.Name, r.Text, r.Indicator,
			strings.Join(r.Sources, "、"), r.Publicity, yesNo(r.Counted), fmt.Sprint(r.Repeats), r.Subject, r.Filed, r.ExemptFor, r.ExemptUntil, yesNo(r.Reask),
		})
	}
	return t
}

// shorter leaves out of a list what a screen has no room for.
func shorter(t tables.Table) tables.Table {
	short := tables.Table{Head: t.Head[:9]}
	for _, row := range t.Rows {
		short.Rows = append(short.Rows, row[:9])
	}
	return short
}

// output writes to a file, or prints.
func (a *app) output(name string, write func(io.Writer) error) (err error) {
	if name == "" {
		return write(a.stdout)
	}
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return write(f)
}

// writeTable writes a table in a format.
func writeTable(w io.Writer, format string, t tables.Table) error {
	if format == "xlsx" {
		return tables.WriteXLSX(w, t)
	}
	return tables.WriteCSV(w, t)
}

// widestCell is how many terminal cells one cell of a printed table may take.
const widestCell = 40

// printTable prints a table in columns.
func printTable(w io.Writer, t tables.Table) error {
	rows := append([][]string{t.Head}, t.Rows...)
	widths := make([]int, len(t.Head))
	for _, row := range rows {
		for i, text := range row {
			widths[i] = max(widths[i], report.Cells(report.Plain(text, widestCell)))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, text := range row {
			b.WriteString(report.Padded(text, widths[i]) + "  ")
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(b.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// findingShowCmd shows one finding.
type findingShowCmd struct {
	ID     string `arg:"" help:"Number of the finding, the beginning of it, or its subject." zh:"问题编号（可只写开头）或对象。"`
	Period string `help:"The period; by default the newest." zh:"检查期；默认最近一期。" placeholder:"2023Q3"`
	readFlags
	Format string `help:"text or json." zh:"输出格式：text 或 json。" enum:"text,json" default:"text"`
}

// Run runs the command.
func (c findingShowCmd) Run(a *app) (err error) {
	d, err := c.open(a)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	o, err := d.Find(c.ID, c.Period)
	if err != nil {
		return err
	}
	if c.Format == "json" {
		return report.WriteJSON(a.stdout, struct {
			*cases.Case
			Events []cases.Event `json:"events"`
		}{d.Book.Case(o.Case), d.Book.EventsOf(o.Case)})
	}
	on, err := d.now(c.At)
	if err != nil {
		return err
	}
	a.showFinding(d, o, on)
	fmt.Fprintln(a.stdout)
	for _, row := range d.Book.History(o.Case) {
		// Period, time, person, role, what, content, state.
		fmt.Fprintf(a.stdout, "%s %s %s（%s）%s → %s", row[4], row[5], row[6], row[7], row[8], row[10])
		if row[9] != "" {
			fmt.Fprintf(a.stdout, "：%s", row[9])
		}
		fmt.Fprintln(a.stdout)
	}
	return nil
}

// showFinding prints where a finding stands, and who may do what about it.
func (a *app) showFinding(d *desk, o *cases.Occurrence, on time.Time) {
	line := func(zh, en, text string) {
		if text != "" {
			fmt.Fprintf(a.stdout, "%s: %s\n", a.say(zh, en), text)
		}
	}
	line("编号", "number", o.Case)
	line("检查期", "period", o.Period)
	line("对象", "subject", d.subjectName(o.Facts.Subject)+" "+o.Facts.Subject)
	line("单位", "unit", d.unitName(o.Facts.Unit))
	line("问题", "finding", o.Facts.Text)
	line("依据", "basis", o.Facts.Basis)
	line("来源", "sources", strings.Join(o.Facts.Sources, "、"))
	line("监测时间点", "monitoring point", o.Facts.Point.Format("2006-01-02 15:04"))
	line("公开方式", "publicity", o.Publicity)
	state := string(o.State)
	if o.Pending != nil {
		state += "（" + o.Pending.Kind.Chinese() + "待审核，提出人" + o.Pending.By.Name + "）"
	}
	if o.Overdue(on) {
		state += "，" + overdue
	}
	line("状态", "state", state)
	line("期限", "due", dueOf(o))
	line("注", "note", o.Annotation())
	line("此前次数", "earlier times", fmt.Sprint(d.Book.Case(o.Case).Repeats(o.Period)))
	for _, role := range []cases.Role{cases.Handler, cases.Reviewer, cases.Signer, cases.Unit} {
		var can []string
		for _, kind := range o.Allowed(role) {
			can = append(can, a.say(kind.Chinese(), string(kind)))
		}
		line(string(role)+"可办理", string(role)+" may", strings.Join(can, a.say("、", ", ")))
	}
}

func historyTable(b *cases.Book, id string) tables.Table {
	return tables.Table{Name: "办理记录", Head: cases.HistoryHeader(), Rows: b.History(id)}
}

// findingHistoryCmd exports what was done.
type findingHistoryCmd struct {
	ID string `arg:"" optional:"" help:"Number of a finding; all without it." zh:"问题编号；不写则为全部。"`
	readFlags
	Format string `help:"json, which holds everything and can be checked; csv or xlsx." zh:"输出格式：json（完整，可核对）、csv 或 xlsx。" enum:"json,csv,xlsx" default:"json"`
	Out    string `help:"File to write instead of printing." zh:"写入文件（默认打印）。" placeholder:"FILE"`
}

// Run runs the command.
func (c findingHistoryCmd) Run(a *app) (err error) {
	d, err := c.open(a)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	id := ""
	if c.ID != "" {
		o, err := d.Find(c.ID, "")
		if err != nil {
			return err
		}
		id = o.Case
	}
	switch {
	case c.Format != "json":
		return a.output(c.Out, func(w io.Writer) error { return writeTable(w, c.Format, historyTable(d.Book, id)) })
	case id != "":
		return a.output(c.Out, func(w io.Writer) error { return report.WriteJSON(w, d.Book.EventsOf(id)) })
	}
	return a.output(c.Out, func(w io.Writer) error { return report.WriteJSON(w, d.Book.Export()) })
}

// findingSlipCmd writes what units are asked.
type findingSlipCmd struct {
	readFlags
	Period string `help:"The period." zh:"检查期。" required:"" placeholder:"2023Q3"`
	Unit   string `help:"Only that of a unit." zh:"只生成该单位的。" placeholder:"UNIT"`
	Out    string `help:"Folder to write into." zh:"输出目录。" required:"" placeholder:"DIR"`
}

// Run runs the command.
func (c findingSlipCmd) Run(a *app) (err error) {
	d, err := c.open(a)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	on, err := d.now(c.At)
	if err != nil {
		return err
	}
	only := ""
	if c.Unit != "" {
		if only, err = bureau.UnitID(d.City, c.Unit); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(c.Out, 0o750); err != nil {
		return fmt.Errorf("output folder: %w", err)
	}
	written := 0
	for _, slip := range d.Book.Slips(strings.ToUpper(c.Period), on) {
		if only != "" && slip.Unit != only {
			continue
		}
		name := filepath.Join(c.Out, fmt.Sprintf("核实单-%s-%s.xlsx", slip.Period, slip.Unit))
		if err := writeSheets(name, d.SlipTable(slip)); err != nil {
			return err
		}
		written++
	}
	if written == 0 {
		return say("%s没有发给单位的核实单；请先办理核实：xuncha finding verify", "nothing was put to a unit in %s; run xuncha finding verify first", c.Period)
	}
	fmt.Fprintf(a.stdout, a.say("核实单 %d 份已写入 %s\n", "%d slips written to %s\n"), written, c.Out)
	return nil
}

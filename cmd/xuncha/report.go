package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"xuncha/cases"
	"xuncha/configs"
	"xuncha/extract"
	"xuncha/internal/workday"
	"xuncha/notice"
	"xuncha/registers"
	"xuncha/report"
	"xuncha/rules"
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
	w, err := c.writer(st)
	if err != nil {
		return err
	}
	n, err := w.notice(c.periods())
	if err != nil {
		return err
	}
	if w.remark != nil {
		fmt.Fprintln(a.stderr, a.say("提示：", "note: ")+a.sentence(w.remark))
	}
	for _, p := range []report.Period{w.period, w.period.Before()} {
		if err := a.warnOfReports(st, w.city, w.book, p.String(), w.day()); err != nil {
			return err
		}
	}
	if c.Paper != "" {
		return c.paper(a, w, n)
	}
	a.remindOfExemptions(w.book, c.Period, w.day())
	files, err := n.Files()
	if err != nil {
		return err
	}
	compare, err := w.compare(c.With)
	if err != nil {
		return err
	}
	files = append(files, compare)
	if pdf := a.pdf(ctx, c.Pdf, w.setup, files); pdf != nil {
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
	if samePoint(book, period, j.result.PointDay) != nil {
		return nil
	}
	_, _, err = a.raise(c.Data, j, period.String(), "")
	return err
}

// day is that of the document or, before it has one, the last of the period.
func (w *writer) day() time.Time {
	if w.input.Date.IsZero() {
		return w.period.End()
	}
	return w.input.Date
}

// paper writes one of the papers that follow a notice.
func (c reportCmd) paper(a *app, w *writer, n notice.Notice) error {
	if !slices.Contains(notice.Papers(), notice.Paper(c.Paper)) {
		return misuse("没有文书 %q；请写 order、reminder、ledger、recheck、missing、brief 或 urge", "paper %q is unknown: use order, reminder, ledger, recheck, missing, brief or urge", c.Paper)
	}
	t, err := w.loadTemplate(c.Paper, "")
	if err != nil {
		return err
	}
	files, err := n.Paper(notice.Paper(c.Paper), t, w.day())
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

// A writer makes notices out of a store and a configuration in force.
type writer struct {
	setup
	st       *store.Store
	book     *cases.Book
	period   report.Period
	template *notice.Template
	input    notice.Input // what the flags say
	at       string

	// imports is the import up to which registers count, as [store.Store.Register]
	// has it.
	imports int

	// remark is what people should know of a draft, nil for nothing.
	remark error

	// stood is how the city stood in the period and, as far as is kept, in those
	// before it, newest first.
	stood []notice.Standing
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

// writer gathers what all documents of the period rest on.
func (c reportCmd) writer(st *store.Store) (*writer, error) {
	w := &writer{st: st, at: c.At}
	var err error
	if w.period, err = report.ParsePeriod(c.Period); err != nil {
		return nil, usageError{err}
	}
	if w.setup, err = loadSetup(c.Config); err != nil {
		return nil, err
	}
	if c.RuleSet != "" {
		if w.set, err = rules.Parse(w.city.Files, c.RuleSet); err != nil {
			return nil, fmt.Errorf("rule set %s: %w", c.RuleSet, err)
		}
	}
	name := c.Template
	if name == "" {
		name = w.city.Report.Template
	}
	if w.template, err = w.loadTemplate(name, defaultTemplate); err != nil {
		return nil, err
	}
	w.input = notice.Input{Period: w.period, Final: c.Final, Number: c.Number}
	if w.input.Date, err = parseDate("--date", c.Date); err != nil {
		return nil, err
	}
	if w.input.Due, err = parseDate("--due", c.Due); err != nil {
		return nil, err
	}
	switch {
	case c.Final && w.city.Simulated:
		return nil, notice.ErrSimulated
	case c.Final && w.input.Date.IsZero():
		return nil, misuse("定稿须有成文日期；请写 --date", "a final notice needs its day: name it with --date")
	}
	if w.input.Due.IsZero() && !w.input.Date.IsZero() && w.template.DueDays > 0 {
		w.input.Due = worked(w.city.Workdays(), w.input.Date.AddDate(0, 0, w.template.DueDays))
	}
	w.book, err = st.Book()
	return w, err
}

// worked is a day, or the next one on which people work: nothing is due on a
// holiday. Where the calendar lacks the year it is the day.
func worked(calendar *workday.Calendar, day time.Time) time.Time {
	if works, err := calendar.IsWorkday(day); err != nil || works {
		return day
	}
	if next, err := calendar.Add(day, 1); err == nil {
		return next
	}
	return day
}

// loadTemplate reads a template by its name: the city's own, one beside the city,
// or a built-in one. Where there is no name it is the one that is otherwise meant.
func (s setup) loadTemplate(name, otherwise string) (*notice.Template, error) {
	if name == "" {
		name = otherwise
	}
	file := "templates/" + name + ".yaml"
	if !fs.ValidPath(file) || strings.ContainsAny(name, `/\`) {
		return nil, misuse("模板 %q：请写 templates/ 下的文件名，不带 .yaml", "template %q: name the stem of a file in templates/", name)
	}
	for _, dir := range []fs.FS{s.dir, s.shared, configs.FS} {
		data, err := fs.ReadFile(dir, file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		return notice.ParseTemplate(name, data)
	}
	return nil, say("没有模板 %s：配置目录中没有 %s，也没有内置（内置的有 yangquan、province、county）", "template %s: no %s in the configuration, and none is built in (built in: yangquan, province, county)", name, file)
}

// checkTemplates reports every template of the city that cannot be read, and the
// one it names if there is none such.
func (s setup) checkTemplates() error {
	fits := func(name, otherwise string) error {
		t, err := s.loadTemplate(name, otherwise)
		if err != nil {
			return err
		}
		return t.Fits(s.city)
	}
	err := fits(s.city.Report.Template, defaultTemplate)
	names, globErr := fs.Glob(s.dir, "templates/*.yaml")
	errs := []error{err, globErr}
	for _, name := range names {
		id := strings.TrimSuffix(path.Base(name), ".yaml")
		if id == s.city.Report.Template {
			continue // read above
		}
		errs = append(errs, fits(id, ""))
	}
	return errors.Join(errs...)
}

// defaultTemplate words the notice of a city that names no template.
const defaultTemplate = "province"

// notice makes the notice of the period and looks at the periods before it.
func (w *writer) notice(periods int) (notice.Notice, error) {
	rounds, err := w.st.Rounds()
	if err != nil {
		return notice.Notice{}, err
	}
	var in notice.Input
	stood, errs := make([]notice.Standing, periods), make([]error, periods)
	free := make(chan struct{}, runtime.GOMAXPROCS(0)) // a judgement holds a city's looks in memory
	var all sync.WaitGroup
	for i, p := 0, w.period; i < periods; i, p = i+1, p.Before() {
		all.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			if i == 0 {
				if in, errs[i] = w.judged(p, w.at); errs[i] == nil {
					stood[i] = notice.StandingOf(in)
				}
				return
			}
			stood[i], errs[i] = w.standing(p, rounds)
		})
	}
	all.Wait()
	for i, err := range errs {
		if i > 0 && errors.Is(err, errNoRound) {
			break
		}
		if err != nil {
			return notice.Notice{}, err
		}
		w.stood = append(w.stood, stood[i])
	}
	in.Date, in.Due, in.Number, in.Final = w.input.Date, w.input.Due, w.input.Number, w.input.Final
	in.Template = w.template
	if in.Owed, err = w.owed(in.City); err != nil {
		return notice.Notice{}, err
	}
	if len(w.stood) > 1 {
		in.Last = &w.stood[1]
	}
	if err := samePoint(w.book, in.Period, in.Result.PointDay); err != nil {
		if in.Final {
			return notice.Notice{}, err
		}
		w.remark = err
	}
	if in.Visits, err = w.visits(in); err != nil {
		return notice.Notice{}, err
	}
	if in.Seal, err = w.seal(in.Round.ID); err != nil {
		return notice.Notice{}, err
	}
	if in.Imports, err = w.imported(); err != nil {
		return notice.Notice{}, err
	}
	return notice.New(in)
}

// samePoint complains of a point that is not that of the findings which the program
// entered for the period: what people decided about one day says nothing about
// another.
func samePoint(book *cases.Book, period report.Period, pointDay time.Time) error {
	var entered time.Time
	for _, o := range book.In(period.String()) {
		if len(o.Facts.Snapshots) > 0 && o.Facts.Point.After(entered) {
			entered = o.Facts.Point
		}
	}
	day := extract.DayOf(entered.Add(-time.Nanosecond))
	if entered.IsZero() || day.Equal(pointDay) {
		return nil
	}
	return say("%s的问题是按监测时间点%s登记的，本次按%s判定；请用 --at %s，或先运行 xuncha finding sync 重新登记",
		"the findings of %s were entered as of %s and this is judged as of %s: give --at %s, or enter them anew with xuncha finding sync",
		period, dayOrNone(day), dayOrNone(pointDay), dayOrNone(day))
}

// seal is the seal of a round's night, "" where it has none.
func (w *writer) seal(round string) (string, error) {
	nights, err := w.st.Nights()
	if err != nil {
		return "", err
	}
	for _, n := range nights {
		if n.Round == round {
			return n.Seal, nil
		}
	}
	return "", nil
}

// imported is how many imports of registers the notice rests on.
func (w *writer) imported() (int, error) {
	imports, err := w.st.Imports()
	switch {
	case err != nil:
		return 0, err
	case w.imports > len(imports):
		return 0, fmt.Errorf("the notice rests on %d imports of registers, and %d are kept", w.imports, len(imports))
	case w.imports != 0:
		return max(w.imports, 0), nil
	}
	return len(imports), nil
}

// standing is how the city stood in a period, by its last finished round; it is
// errNoRound where there is none.
func (w *writer) standing(period report.Period, rounds []store.Round) (notice.Standing, error) {
	for _, r := range rounds {
		if r.State != store.Finished || r.Finished.After(period.End().AddDate(0, 0, 1)) || r.Started.Before(period.Start()) {
			continue
		}
		in, err := w.judged(period, r.Finished.Format(time.RFC3339))
		if err != nil {
			return notice.Standing{}, err
		}
		return notice.StandingOf(in), nil
	}
	return notice.Standing{}, errNoRound
}

// judged is what a period's documents rest on.
func (w *writer) judged(period report.Period, at string) (notice.Input, error) {
	j, err := judgeAsOf(w.st, &w.setup, at, w.imports)
	if err != nil {
		return notice.Input{}, err
	}
	j.city.Registers = j.found
	figures, err := w.figures(period, j)
	return notice.Input{
		City: j.city, RuleSet: j.set, Round: j.round, Result: j.result, Period: period, Book: w.book, Registers: figures,
		At: j.result.Point.Format(time.RFC3339), Config: j.config,
	}, err
}

// figures are those of the office's registers in a period, nil where nothing was
// ever imported. They stand as of the day of the notice or, before it has one, of
// the period's end.
func (w *writer) figures(period report.Period, j judged) (*notice.Registers, error) {
	on := w.input.Date
	if on.IsZero() {
		on = period.End()
	}
	counted, err := countMessages(w.st, j.city, period.Start(), period.End(), on, w.imports)
	if err != nil {
		return nil, fmt.Errorf("count the messages of %s: %w", period, err)
	}
	reports, err := w.st.Register(registers.Reports, w.imports)
	if err != nil {
		return nil, err
	}
	f := &notice.Registers{Deliveries: deliveriesOf(reports, period.String(), on)}
	if counted != nil {
		f.Messages = &notice.Messages{Received: counted.Received, Closed: counted.Closed, OnTime: counted.ByTheDay, Overdue: counted.Overdue}
	}
	all := reporting(w.book, reports, period.Before().String(), on)
	for _, u := range j.city.Units {
		if slices.ContainsFunc(all, func(r notice.Reported) bool { return r.Unit == u.ID && r.Tardy() }) {
			f.Unreported = append(f.Unreported, u.Name)
		}
	}
	if f.Messages == nil && len(f.Unreported)+len(reports) == 0 {
		return nil, nil
	}
	return f, nil
}

// visits counts the looks at sites and accounts in the period up to the point.
func (w *writer) visits(in notice.Input) (v notice.Visits, err error) {
	count := func(subject string, n *int) error {
		for sum, err := range w.st.History(subject, in.Result.Point) {
			switch {
			case err != nil:
				return fmt.Errorf("looks at %s: %w", subject, err)
			case sum.At.Before(in.Period.Start()):
				return nil
			case sum.Look <= 1: // a second look of the same night is no visit of its own
				*n++
			}
		}
		return nil
	}
	for _, c := range in.City.Sites() {
		if err := count(c.ID, &v.Sites); err != nil {
			return v, err
		}
	}
	for _, a := range in.City.Accounts {
		if err := count(a.ID(), &v.Accounts); err != nil {
			return v, err
		}
	}
	return v, nil
}

// compare makes the annex that holds the period against those before it and
// against other cities.
func (w *writer) compare(with []string) (report.File, error) {
	all := slices.Clone(w.stood)
	slices.Reverse(all)
	var others []notice.Standing
	for _, name := range with {
		data, err := os.ReadFile(name)
		if err != nil {
			return report.File{}, fmt.Errorf("--with: %w", err)
		}
		s, err := notice.StandingOfSummary(data)
		if err != nil {
			return report.File{}, fmt.Errorf("--with %s: %w", name, err)
		}
		others = append(others, s)
	}
	return notice.Compare(all, others, w.city.Report.Decimals, w.city.Simulated)
}

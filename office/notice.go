package office

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"xuncha/cases"
	"xuncha/extract"
	"xuncha/internal/workday"
	"xuncha/notice"
	"xuncha/registers"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

// An Order says which notice to make.
type Order struct {
	Period report.Period
	Point  time.Time // monitoring point; zero is the end of the newest finished round
	Final  bool

	Template string // "" is that of the city
	RuleSet  string // ID of another rule set to judge by, "" for the city's

	Date   time.Time // 成文日期, zero leaves it open
	Due    time.Time // 整改时限, zero as the template has it
	Number string    // 发文字号

	// Now is the moment up to which points may have been seen.
	Now time.Time
}

// A Writer makes notices out of a store and a configuration in force.
type Writer struct {
	Setup
	order    Order
	st       *store.Store
	book     *cases.Book
	template *notice.Template

	// imports is the import up to which registers count, as [store.Store.Register]
	// has it.
	imports int

	// remark is what people should know of a draft, nil for nothing.
	remark error

	// stood is how the city stood in the period and, as far as is kept, in those
	// before it, newest first.
	stood []notice.Standing
}

// NewWriter gathers what all documents of a period rest on.
func NewWriter(st *store.Store, s Setup, o Order) (*Writer, error) {
	w := &Writer{Setup: s, order: o, st: st}
	var err error
	if o.RuleSet != "" {
		if w.Set, err = rules.Parse(w.City.Files, o.RuleSet); err != nil {
			return nil, fmt.Errorf("rule set %s: %w", o.RuleSet, err)
		}
	}
	name := o.Template
	if name == "" {
		name = w.City.Report.Template
	}
	if w.template, err = w.Template(name, DefaultTemplate); err != nil {
		return nil, err
	}
	switch {
	case o.Final && w.City.Simulated:
		return nil, notice.ErrSimulated
	case o.Final && o.Date.IsZero():
		return nil, mistake("定稿须有成文日期；请填写", "a final notice needs its day: name it")
	}
	if w.order.Due.IsZero() && !o.Date.IsZero() && w.template.DueDays > 0 {
		w.order.Due = worked(w.City.Workdays(), o.Date.AddDate(0, 0, w.template.DueDays))
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

// Remark is what people should know of the draft that [Writer.Notice] made, nil for
// nothing.
func (w *Writer) Remark() error { return w.remark }

// on has the notice made from the book and the registers as they stood when another
// was made.
func (w *Writer) on(was notice.Made) (err error) {
	if w.book, err = notice.BookAt(w.book, was.Events); err != nil {
		return err
	}
	n, err := strconv.Atoi(cmp.Or(was.Imports, "0"))
	switch {
	case err != nil:
		return fmt.Errorf("number of imports %q: %w", was.Imports, err)
	case n <= 0:
		n = -1
	}
	w.imports = n
	return nil
}

// DefaultTemplate words the notice of a city that names no template.
const DefaultTemplate = "province"

// Template reads a template by its name: the city's own, one beside the city, or a
// built-in one. Where there is no name it is the one that is otherwise meant.
func (s Setup) Template(name, otherwise string) (*notice.Template, error) {
	if name == "" {
		name = otherwise
	}
	file := "templates/" + name + ".yaml"
	if !fs.ValidPath(file) || strings.ContainsAny(name, `/\`) {
		return nil, mistake("模板 %q：请写 templates/ 下的文件名，不带 .yaml", "template %q: name the stem of a file in templates/", name)
	}
	for _, dir := range s.Folders {
		data, err := fs.ReadFile(dir, file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		return notice.ParseTemplate(name, data)
	}
	return nil, Say("没有模板 %s：配置目录中没有 %s，也没有内置（内置的有 yangquan、province、county）", "template %s: no %s in the configuration, and none is built in (built in: yangquan, province, county)", name, file)
}

// A Wording names a template by which a notice may be worded.
type Wording struct{ ID, Name string }

// Wordings are the templates of notices, those of the city first, and of all the one
// that it names. One that cannot be read is none of them; see [Setup.CheckTemplates].
func (s Setup) Wordings() ([]Wording, error) {
	var all []Wording
	for _, dir := range s.Folders {
		names, err := fs.Glob(dir, "templates/*.yaml")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			id := strings.TrimSuffix(path.Base(name), ".yaml")
			if slices.ContainsFunc(all, func(w Wording) bool { return w.ID == id }) {
				continue
			}
			if t, err := s.Template(id, ""); err == nil && t.Paper == "" {
				all = append(all, Wording{id, cmp.Or(t.Name, id)})
			}
		}
	}
	first := cmp.Or(s.City.Report.Template, DefaultTemplate)
	slices.SortStableFunc(all, func(a, b Wording) int {
		switch first {
		case a.ID:
			return -1
		case b.ID:
			return 1
		}
		return 0
	})
	return all, nil
}

// CheckTemplates reports every template of the city that cannot be read, and the
// one it names if there is none such.
func (s Setup) CheckTemplates() error {
	fits := func(name, otherwise string) error {
		t, err := s.Template(name, otherwise)
		if err != nil {
			return err
		}
		return t.Fits(s.City)
	}
	err := fits(s.City.Report.Template, DefaultTemplate)
	names, globErr := fs.Glob(s.Folders[0], "templates/*.yaml")
	errs := []error{err, globErr}
	for _, name := range names {
		id := strings.TrimSuffix(path.Base(name), ".yaml")
		if id == s.City.Report.Template {
			continue // read above
		}
		errs = append(errs, fits(id, ""))
	}
	return errors.Join(errs...)
}

// Input is what the notice of the period rests on, but for the periods before it.
func (w *Writer) Input() (notice.Input, error) {
	in, err := w.judged(w.order.Period, w.order.Point)
	return w.ordered(in), err
}

// ordered is an input with what the order says of the document.
func (w *Writer) ordered(in notice.Input) notice.Input {
	in.Date, in.Due, in.Number, in.Final = w.order.Date, w.order.Due, w.order.Number, w.order.Final
	in.Template = w.template
	return in
}

// Notice makes the notice of the period and looks at so many periods, of which it
// is the first.
func (w *Writer) Notice(periods int) (notice.Notice, error) {
	rounds, err := w.st.Rounds()
	if err != nil {
		return notice.Notice{}, err
	}
	var in notice.Input
	stood, errs := make([]notice.Standing, periods), make([]error, periods)
	free := make(chan struct{}, runtime.GOMAXPROCS(0)) // a judgement holds a city's looks in memory
	var all sync.WaitGroup
	for i, p := 0, w.order.Period; i < periods; i, p = i+1, p.Before() {
		all.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			if i == 0 {
				if in, errs[i] = w.judged(p, w.order.Point); errs[i] == nil {
					stood[i] = notice.StandingOf(in)
				}
				return
			}
			stood[i], errs[i] = w.standing(p, rounds)
		})
	}
	all.Wait()
	w.stood = nil
	for i, err := range errs {
		if i > 0 && errors.Is(err, ErrNoRound) {
			break
		}
		if err != nil {
			return notice.Notice{}, err
		}
		w.stood = append(w.stood, stood[i])
	}
	in = w.ordered(in)
	if in.Owed, err = w.owed(in.City); err != nil {
		return notice.Notice{}, err
	}
	if len(w.stood) > 1 {
		in.Last = &w.stood[1]
	}
	if err := SamePoint(w.book, in.Period, in.Result.PointDay); err != nil {
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

// SamePoint complains of a point that is not that of the findings which the program
// entered for the period: what people decided about one day says nothing about
// another.
func SamePoint(book *cases.Book, period report.Period, pointDay time.Time) error {
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
	return Say("%s的问题是按监测时间点%s登记的，本次按%s判定；请用 --at %s，或先运行 xuncha finding sync 重新登记",
		"the findings of %s were entered as of %s and this is judged as of %s: give --at %s, or enter them anew with xuncha finding sync",
		period, dayOrNone(day), dayOrNone(pointDay), dayOrNone(day))
}

// seal is the seal of a round's night, "" where it has none.
func (w *Writer) seal(round string) (string, error) {
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
func (w *Writer) imported() (int, error) {
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
// ErrNoRound where there is none.
func (w *Writer) standing(period report.Period, rounds []store.Round) (notice.Standing, error) {
	for _, r := range rounds {
		if r.State != store.Finished || r.Finished.After(period.End().AddDate(0, 0, 1)) || r.Started.Before(period.Start()) {
			continue
		}
		in, err := w.judged(period, r.Finished.In(extract.Beijing).Truncate(time.Second))
		if err != nil {
			return notice.Standing{}, err
		}
		return notice.StandingOf(in), nil
	}
	return notice.Standing{}, ErrNoRound
}

// judged is what a period's documents rest on.
func (w *Writer) judged(period report.Period, point time.Time) (notice.Input, error) {
	round, point, err := RoundAt(w.st, point, w.order.Now)
	if err != nil {
		return notice.Input{}, err
	}
	j, err := JudgeRound(w.st, &w.Setup, round, point, w.imports)
	if err != nil {
		return notice.Input{}, err
	}
	j.City.Registers = j.Found
	figures, err := w.figures(period, j)
	return notice.Input{
		City: j.City, RuleSet: j.Set, Round: j.Round, Result: j.Result, Period: period, Book: w.book, Registers: figures,
		At: j.Result.Point.Format(time.RFC3339), Config: j.Config,
	}, err
}

// figures are those of the office's registers in a period, nil where nothing was
// ever imported. They stand as of the day of the notice or, before it has one, of
// the period's end.
func (w *Writer) figures(period report.Period, j Judged) (*notice.Registers, error) {
	on := w.order.Date
	if on.IsZero() {
		on = period.End()
	}
	counted, err := CountMessages(w.st, j.City, period.Start(), period.End(), on, w.imports)
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
	for _, u := range j.City.Units {
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
func (w *Writer) visits(in notice.Input) (v notice.Visits, err error) {
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

// Compare makes the annex that holds the period against those before it, as far as
// [Writer.Notice] looked at them, and against other cities.
func (w *Writer) Compare(others []notice.Standing) (report.File, error) {
	all := slices.Clone(w.stood)
	slices.Reverse(all)
	return notice.Compare(all, others, w.City.Report.Decimals, w.City.Simulated)
}

// Day is that of the document or, before it has one, the last of the period.
func (w *Writer) Day() time.Time {
	if w.order.Date.IsZero() {
		return w.order.Period.End()
	}
	return w.order.Date
}

// Remarks are what people should know of the reports of the period and of the one
// before: where the register and the findings say different things.
func (w *Writer) Remarks() ([]Saying, error) {
	var all []Saying
	for _, p := range []report.Period{w.order.Period, w.order.Period.Before()} {
		found, err := disagreements(w.st, w.City, w.book, p.String(), w.Day())
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// Book is the history that the notice is made from.
func (w *Writer) Book() *cases.Book { return w.book }

// Paper makes one of the papers that follow a notice, as of a day; zero is
// [Writer.Day].
func (w *Writer) Paper(n notice.Notice, kind notice.Paper, day time.Time) ([]report.File, error) {
	if !slices.Contains(notice.Papers(), kind) {
		return nil, mistake("没有文书 %q；请写 order、reminder、ledger、recheck、missing、brief 或 urge", "paper %q is unknown: use order, reminder, ledger, recheck, missing, brief or urge", string(kind))
	}
	t, err := w.Template(string(kind), "")
	if err != nil {
		return nil, err
	}
	if day.IsZero() {
		day = w.Day()
	}
	return n.Paper(kind, t, day)
}

package notice

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/cases"
	"xuncha/extract"
	"xuncha/internal/gongwen"
	"xuncha/internal/sheet"
	"xuncha/report"
)

// A Paper is a paper that follows a notice.
type Paper string

// The papers.
const (
	Order    Paper = "order"    // 交办单, one a unit
	Reminder Paper = "reminder" // 催办单, one a unit
	Ledger   Paper = "ledger"   // 整改台账
	Recheck  Paper = "recheck"  // 复核报告
	Missing  Paper = "missing"  // 未报送名单
	Brief    Paper = "brief"    // 领导一页纸
	Urge     Paper = "urge"     // 催报单, of monthly forms and self-checks, one a unit
)

// Papers are all papers.
func Papers() []Paper { return []Paper{Order, Reminder, Ledger, Recheck, Missing, Brief, Urge} }

// ErrNothing says that there is nothing a paper could be about.
var ErrNothing error = &sentence{"没有可列入这种文书的问题：本期没有相应的已认定问题", "there is nothing for this paper: no confirmed finding of the period asks for it"}

// Paper makes a paper as of a day: a document, for 交办单 and 催办单 one a unit, and
// of what is a list a spreadsheet too. It is [ErrNothing] where no unit is to be
// sent one.
func (n Notice) Paper(kind Paper, t *Template, day time.Time) ([]report.File, error) {
	p := paper{Notice: n, kind: kind, template: t, day: extract.DayOf(day), subject: subjects(n.in.City), units: map[string]string{}}
	for _, u := range n.in.City.Units {
		p.units[u.ID], p.order = u.Name, append(p.order, u.ID)
	}
	for _, o := range n.in.Book.In(n.in.Period.String()) {
		if o.Counted() {
			p.cases = append(p.cases, o)
		}
	}
	slices.SortStableFunc(p.cases, func(a, b *cases.Occurrence) int {
		return slices.Index(p.order, a.Facts.Unit) - slices.Index(p.order, b.Facts.Unit)
	})
	switch kind {
	case Order, Reminder:
		return p.toUnits()
	case Urge:
		return p.urge()
	case Ledger, Recheck, Missing, Brief:
		return p.whole()
	}
	return nil, fmt.Errorf("paper %q is unknown: use order, reminder, ledger, recheck, missing, brief or urge", string(kind))
}

// A paper is one being made.
type paper struct {
	Notice
	kind     Paper
	template *Template
	day      time.Time
	cases    []*cases.Occurrence // counted, by unit
	subject  func(string) naming
	units    map[string]string
	order    []string
}

// toUnits makes one document for each unit that is owed one.
func (p paper) toUnits() ([]report.File, error) {
	var files []report.File
	owes := map[string]bool{}
	for _, r := range p.reporting() {
		owes[r.Unit] = r.Owes
	}
	for i := 0; i < len(p.cases); {
		j := i
		for j < len(p.cases) && p.cases[j].Facts.Unit == p.cases[i].Facts.Unit {
			j++
		}
		unit, due := p.cases[i].Facts.Unit, p.cases[i:j]
		i = j
		if p.kind == Reminder {
			due = slices.DeleteFunc(slices.Clone(due), func(o *cases.Occurrence) bool { return !o.Overdue(p.day) || !owes[unit] })
		}
		if len(due) == 0 {
			continue
		}
		header, rows := p.asked(due)
		made, err := p.document(p.units[unit], due, header, rows)
		if err != nil {
			return nil, err
		}
		files = append(files, report.File{Name: string(p.kind) + "-" + unit + ".docx", Data: made})
	}
	if len(files) == 0 {
		return nil, ErrNothing
	}
	return files, nil
}

// whole makes one document, and a spreadsheet of what is a list.
func (p paper) whole() ([]report.File, error) {
	header, rows := p.rows()
	made, err := p.document("", p.cases, header, rows)
	if err != nil {
		return nil, err
	}
	files := []report.File{{Name: string(p.kind) + ".docx", Data: made}}
	if p.kind == Brief {
		return files, nil
	}
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, cells(map[Paper]string{Ledger: "整改台账", Recheck: "复核报告", Missing: "未报送名单"}[p.kind], header, rows)); err != nil {
		return nil, fmt.Errorf("%s.xlsx: %w", p.kind, err)
	}
	return append(files, report.File{Name: string(p.kind) + ".xlsx", Data: b.Bytes()}), nil
}

// document fills the template in with a table.
func (p paper) document(unit string, about []*cases.Occurrence, header []string, rows [][]string) ([]byte, error) {
	in := p.in
	in.Template, in.Date = p.template, p.day
	f := &filler{fields: p.fields(), file: "templates/" + p.template.id + ".yaml"}
	f.fields.Unit, f.fields.Rows, f.fields.Date = unit, len(rows), dayWords(p.day)
	f.fields.Set = p.template.Settings
	if f.fields.Set == nil {
		f.fields.Set = map[string]string{}
	}
	if due := latestDue(about); !due.IsZero() {
		f.fields.Due = dayWords(due)
	}
	d := f.document(p.template, in)
	d.Body = f.blocks(p.template.Body, []gongwen.Block{table(header, rows, p.widths()...)})
	if p.Draft.Check.Simulated {
		d.Banner = simulatedBanner
	}
	d.Properties = p.Made.properties()
	if err := errors.Join(f.errs...); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := d.DOCX(&b); err != nil {
		return nil, fmt.Errorf("%s: %w", p.kind, err)
	}
	return b.Bytes(), nil
}

// rows is the table of a paper about everybody.
func (p paper) rows() (header []string, rows [][]string) {
	switch p.kind {
	case Recheck:
		return p.rechecked()
	case Missing:
		return p.missing()
	case Brief:
		return p.heaviest()
	}
	header = []string{"序号", "单位", "问题", "判定依据", "问题来源", "时限", "责任人", "整改情况", "复核", "销号"}
	for i, o := range p.cases {
		rows = append(rows, []string{
			strconv.Itoa(i + 1), p.units[o.Facts.Unit], p.says(o), o.Facts.Basis, strings.Join(o.Facts.Sources, "、"), digits(o.Due),
			p.template.Responsible[o.Facts.Unit], p.progress(o), checkWords(o), clearedWords(o),
		})
	}
	return header, rows
}

// widths are those of the ledger's ten columns; other tables find their own.
func (p paper) widths() []float64 {
	if p.kind != Ledger {
		return nil
	}
	return []float64{1.6, 4, 9, 16, 2.4, 5.4, 2.4, 5, 5, 5}
}

// asked is what a unit is asked to put right.
func (p paper) asked(due []*cases.Occurrence) (header []string, rows [][]string) {
	header = []string{"序号", "问题", "判定依据", "整改时限"}
	for i, o := range due {
		rows = append(rows, []string{strconv.Itoa(i + 1), p.says(o), o.Facts.Basis, digits(o.Due)})
	}
	return header, rows
}

func (p paper) rechecked() (header []string, rows [][]string) {
	header = []string{"序号", "单位", "问题", "报送整改", "复核时间", "复核结果", "结论"}
	for _, o := range p.cases {
		if len(o.Checks) == 0 {
			continue
		}
		last := o.Checks[len(o.Checks)-1]
		reported := ""
		if n := len(o.Reports); n > 0 {
			reported = digits(o.Reports[n-1].On)
		}
		rows = append(rows, []string{
			strconv.Itoa(len(rows) + 1), p.units[o.Facts.Unit], p.says(o), reported, digits(last.At), resultWords(last), string(o.State),
		})
	}
	return header, rows
}

// missing are the units that did not report in time, with what they owe.
func (p paper) missing() (header []string, rows [][]string) {
	header = []string{"序号", "单位", "未报送的问题数", "最早的时限", "逾期天数"}
	owing := slices.DeleteFunc(p.reporting(), func(r Reported) bool { return !r.Owes })
	slices.SortStableFunc(owing, func(a, b Reported) int {
		return slices.Index(p.order, a.Unit) - slices.Index(p.order, b.Unit)
	})
	for i, r := range owing {
		open := "—" // only the register asks for it
		if r.Open > 0 {
			open = strconv.Itoa(r.Open)
		}
		days := int(p.day.Sub(extract.DayOf(r.Due)).Hours() / 24)
		rows = append(rows, []string{strconv.Itoa(i + 1), p.units[r.Unit], open, digits(r.Due), strconv.Itoa(days)})
	}
	return header, rows
}

// reporting is how units are with their 整改 reports by the paper's day.
func (p paper) reporting() []Reported {
	var register []Delivery
	if p.in.Registers != nil {
		register = p.in.Registers.Deliveries
	}
	return Reporting(p.in.Book, p.in.Period.String(), register, p.day)
}

// maxHeaviest is how many problems one page has room for.
const maxHeaviest = 8

// heaviest are the problems that one page for the leader shows: those that make a
// site or an account fail first, then those that came back.
func (p paper) heaviest() (header []string, rows [][]string) {
	header = []string{"序号", "单位", "问题", "办理状态"}
	shown := slices.Concat(p.Problems.Vetoes(), p.Problems.Again())
	for _, x := range slices.Concat(shown, p.Problems).Named() {
		if len(rows) == maxHeaviest {
			break
		}
		if slices.ContainsFunc(rows, func(row []string) bool { return row[2] == inBrief(x) && row[1] == x.Unit }) {
			continue
		}
		rows = append(rows, []string{strconv.Itoa(len(rows) + 1), x.Unit, inBrief(x), x.Status})
	}
	return header, rows
}

// inBrief is a problem in a line of the page for the leader.
func inBrief(x Problem) string {
	text := x.Said() + "：" + x.Short
	if x.Kind == "site" {
		text = x.Short // beside its unit
	}
	if r := []rune(text); len(r) > 40 {
		text = string(r[:40]) + "…"
	}
	return text
}

// says is what an occurrence is about.
func (p paper) says(o *cases.Occurrence) string {
	w := p.subject(o.Facts.Subject)
	text := w.name + "：" + o.Facts.Text
	if w.kind == "account" {
		text = w.name + "（" + w.platform + "）：" + o.Facts.Text
	}
	if note := o.Annotation(); note != "" {
		text += "（" + note + "）"
	}
	return text
}

// progress is what a unit has done by the paper's day.
func (p paper) progress(o *cases.Occurrence) string {
	if n := len(o.Reports); n > 0 {
		r := o.Reports[n-1]
		text := digits(r.On) + "已报送，" + r.SignedBy + "签字"
		if r.Late {
			text += "（逾期）"
		}
		return joinNote(text, r.Note)
	}
	if o.Overdue(p.day) {
		return "逾期未报"
	}
	return string(o.State)
}

func checkWords(o *cases.Occurrence) string {
	if len(o.Checks) == 0 {
		return ""
	}
	last := o.Checks[len(o.Checks)-1]
	return digits(last.At) + resultWords(last)
}

// resultWords says a re-check's result. What could not be looked at is said as
// such and is no failure.
func resultWords(c cases.Check) string { return joinNote(string(c.Result), c.Note) }

func joinNote(text, note string) string {
	if note == "" {
		return text
	}
	return text + "：" + note
}

func clearedWords(o *cases.Occurrence) string {
	if o.State != cases.Cleared || o.Cleared == nil {
		return ""
	}
	text := digits(o.Cleared.At) + " " + o.Cleared.By.Name
	if o.Cleared.Second != nil {
		text += "、" + o.Cleared.Second.Name
	}
	return text
}

func latestDue(all []*cases.Occurrence) (due time.Time) {
	for _, o := range all {
		if o.Due.After(due) {
			due = o.Due
		}
	}
	return due
}

// digits is a day as tables print it, "" for none.
func digits(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return extract.DayOf(t).Format(time.DateOnly)
}

package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/registers"
	"xuncha/store"
)

var registerRoutes = []Route{
	{"GET", "/registers", people.See, (*Console).registers},
	{"GET", "/registers/{kind}", people.See, (*Console).register},
	{"POST", "/registers/{kind}/reveal", people.Propose, (*Console).revealRegister},
	{"GET", "/registers/{kind}/form", people.See, (*Console).registerForm},
	{"GET", "/registers/{kind}/import", people.Propose, (*Console).importPage},
	{"POST", "/registers/{kind}/check", people.Propose, (*Console).checkImport},
	{"POST", "/registers/{kind}/import", people.Propose, (*Console).takeImport},
}

// A registersPage is all registers.
type registersPage struct {
	Kinds   []registerLine
	Imports []store.Import // the newest first
	Rows    int
	Last    *store.Import

	all []store.Import // the oldest first, as far as the user sees them
}

func (q *request) importsSheet(all []store.Import) sheet.Table {
	t := sheet.Table{Name: q.say("导入记录", "imports"), Head: []string{
		q.say("编号", "No."), q.say("时间", "When"), q.say("登记表", "Register"), q.say("文件", "File"), q.say("导入人", "By"), q.say("新增", "Added"), q.say("变更", "Changed"), q.say("相同", "Same"), q.say("删去", "Gone"),
		q.say("文件校验值", "Digest of the file"),
	}}
	for _, i := range slices.Backward(all) {
		t.Rows = append(t.Rows, []string{
			strconv.Itoa(i.Seq), stamp(i.At, time.DateTime), registerWord(i.Kind, q.lang), i.File, i.By, strconv.Itoa(i.Added), strconv.Itoa(i.Changed), strconv.Itoa(i.Same), strconv.Itoa(i.Gone), i.Source,
		})
	}
	return t
}

// A registerLine is one register in the list of all.
type registerLine struct {
	Kind registers.Kind
	Word string
	Rows int
	Last *store.Import
}

// shownImports is how many imports the page of all registers lists.
const shownImports = 30

// registers shows all registers.
func (c *Console) registers(w http.ResponseWriter, q *request) error {
	if c.Registers == nil {
		return notThere()
	}
	format, err := q.wants()
	if err != nil {
		return err
	}
	p, err := c.registersOf(q)
	if err != nil {
		return err
	}
	if format != "" {
		return c.export(w, q, format, q.importsSheet(p.all))
	}
	return c.render(w, q, http.StatusOK, "registers", p)
}

// registersOf are all registers, as far as the user sees them.
func (c *Console) registersOf(q *request) (*registersPage, error) {
	imports, err := c.Registers.Imports()
	if err != nil {
		return nil, err
	}
	p := &registersPage{}
	for _, kind := range registers.Kinds() {
		rows, err := c.registerRows(q, kind)
		if err != nil {
			return nil, err
		}
		line := registerLine{Kind: kind, Word: registerWord(kind, q.lang), Rows: len(rows)}
		for i := range imports {
			if imports[i].Kind == kind {
				line.Last = &imports[i]
			}
		}
		p.Rows += line.Rows
		p.Kinds = append(p.Kinds, line)
	}
	if n := len(imports); n > 0 {
		p.Last = &imports[n-1]
	}
	if q.user.Everywhere() {
		p.all = imports
		for _, i := range slices.Backward(imports) {
			if len(p.Imports) == shownImports {
				break
			}
			p.Imports = append(p.Imports, i)
		}
	}
	return p, nil
}

func registerWord(k registers.Kind, lang string) string {
	if lang == "zh" {
		return k.Chinese()
	}
	return map[registers.Kind]string{
		registers.Superior: "findings of other bodies", registers.Messages: "messages of citizens", registers.Reports: "reports on what was put right",
		registers.Monthly: "monthly papers", registers.Filings: "filings", registers.Words: "wrong words",
	}[k]
}

// registerKind is the register that is asked for.
func (q *request) registerKind() (registers.Kind, error) {
	kind := registers.Kind(q.PathValue("kind"))
	if kind.Chinese() == "" {
		return "", refuse(http.StatusNotFound, "没有这种登记表；请从“登记表”的列表中选择", "there is no such register; choose one from the list of registers")
	}
	return kind, nil
}

// registerRows are the rows of a register that the user may see: those of units in
// scope. What names no unit is for those who see the whole city.
func (c *Console) registerRows(q *request, kind registers.Kind) ([]registers.Row, error) {
	rows, err := c.Registers.Rows(kind)
	if err != nil || q.user.Everywhere() {
		return rows, err
	}
	var mine []registers.Row
	for _, r := range rows {
		unit := r.Values["unit"]
		if unit == "" {
			unit = subjectUnit(q.board, r.Values["subject"])
		}
		if unit != "" && q.sees(unit) {
			mine = append(mine, r)
		}
	}
	return mine, nil
}

// A registerPage is one register.
type registerPage struct {
	Kind    registers.Kind
	Word    string
	Fields  []field
	List    listing
	Head    []string
	Rows    [][]string
	Figures *sheet.Table
	By      string // period or month, where the register has figures
	Periods []string
	Masked  bool
	Bare    bool

	RevealURL string
}

// register shows a register.
func (c *Console) register(w http.ResponseWriter, q *request) error {
	kind, err := q.registerKind()
	if err != nil {
		return err
	}
	return c.renderRegister(w, q, kind)
}

// revealRegister shows a register without masks, once that is noted.
func (c *Console) revealRegister(w http.ResponseWriter, q *request) error {
	kind, err := q.registerKind()
	if err != nil {
		return err
	}
	if _, _, err := q.registerAsked(len(registers.Table(kind, nil, q.city()).Head)); err != nil {
		return err // nothing is shown, and nothing noted
	}
	if err := c.bareRegister(q, kind); err != nil {
		return err
	}
	return c.renderRegister(w, q, kind)
}

// registerAsked is which rows of a register with so many columns an address asks for,
// in the register's own order or by a column, counted from 1.
func (q *request) registerAsked(columns int) (l listing, f field, err error) {
	sorts := []string{"key"}
	for i := range columns {
		sorts = append(sorts, strconv.Itoa(i+1))
	}
	if l, err = q.listing(sorts...); err == nil {
		f, err = q.search("q", q.say("查找", "Search"))
	}
	return l, f, err
}

// bareRegister notes that somebody sees a register without masks, and takes them
// off.
func (c *Console) bareRegister(q *request, kind registers.Kind) error {
	err := c.log(q, didRows, string(kind), q.URL.RawQuery)
	q.bare = err == nil
	return err
}

func (c *Console) renderRegister(w http.ResponseWriter, q *request, kind registers.Kind) error {
	if c.Registers == nil {
		return notThere()
	}
	rows, err := c.registerRows(q, kind)
	if err != nil {
		return err
	}
	p := &registerPage{Kind: kind, Word: registerWord(kind, q.lang), Bare: q.bare, Periods: q.periods(), RevealURL: "/registers/" + string(kind) + "/reveal?" + q.URL.Query().Encode()}
	table := registers.Table(kind, rows, q.city())
	var f field
	if p.List, f, err = q.registerAsked(len(table.Head)); err != nil {
		return err
	}
	p.Fields = append(p.Fields, f)
	p.Head = table.Head
	lines := searched(table.Rows, f.Value)
	sortLines(lines, p.List)
	if p.Figures, err = c.figures(q, kind); err != nil {
		return err
	}
	p.By = figuresBy(q, kind)
	format, err := q.wants()
	if err != nil {
		return err
	}
	if format != "" {
		if q.URL.Query().Get("figures") != "" && p.Figures != nil {
			return c.export(w, q, format, *p.Figures)
		}
		masked := make([][]string, len(lines))
		for i, line := range lines {
			masked[i], _ = c.maskedRow(q, line)
		}
		return c.export(w, q, format, sheet.Table{Name: kind.Chinese(), Head: table.Head, Rows: masked})
	}
	for _, line := range cut(&p.List, lines) {
		cells, hidden := c.maskedRow(q, line)
		p.Rows, p.Masked = append(p.Rows, cells), p.Masked || hidden
	}
	return c.render(w, q, http.StatusOK, "register", p)
}

// city is the city whose names are shown.
func (q *request) city() *inventory.City {
	if q.board == nil || q.board.City == nil {
		return &inventory.City{}
	}
	return q.board.City
}

// searched are the rows that hold a text.
func searched(rows [][]string, text string) [][]string {
	if text == "" {
		return rows
	}
	want := strings.ToLower(text)
	return slices.DeleteFunc(slices.Clone(rows), func(row []string) bool {
		return !slices.ContainsFunc(row, func(cell string) bool { return strings.Contains(strings.ToLower(cell), want) })
	})
}

// sortLines orders rows by one of their columns; numbers stand by their size.
func sortLines(lines [][]string, l listing) {
	column, err := strconv.Atoi(l.Sort)
	if err != nil {
		if l.Desc {
			slices.Reverse(lines)
		}
		return
	}
	slices.SortStableFunc(lines, func(a, b []string) int {
		if l.Desc {
			a, b = b, a
		}
		x, y := a[column-1], b[column-1]
		m, errM := strconv.ParseFloat(x, 64)
		n, errN := strconv.ParseFloat(y, 64)
		if errM == nil && errN == nil {
			return cmp.Compare(m, n)
		}
		return strings.Compare(x, y)
	})
}

// maskedRow is a row as it may be shown, and whether something of it is covered.
func (c *Console) maskedRow(q *request, row []string) ([]string, bool) {
	out, hidden := make([]string, len(row)), false
	for i, cell := range row {
		out[i] = q.masked(cell)
		hidden = hidden || out[i] != cell
	}
	return out, hidden
}

// figuresBy is what the figures of a register are asked by, period or month: "" for
// one without, and for those who do not see the whole city.
func figuresBy(q *request, kind registers.Kind) string {
	switch {
	case !q.user.Everywhere():
		return ""
	case kind == registers.Messages || kind == registers.Reports:
		return "period"
	case kind == registers.Monthly:
		return "month"
	}
	return ""
}

// figures are what a register comes to, nil where they were not asked for.
func (c *Console) figures(q *request, kind registers.Kind) (*sheet.Table, error) {
	by := figuresBy(q, kind)
	text := q.URL.Query().Get(by)
	if by == "" || text == "" {
		return nil, nil
	}
	month := ""
	period := ""
	if by == "period" {
		x, err := periodIn(text)
		if err != nil {
			return nil, err
		}
		period = x.String()
	} else if month = text; month != "" {
		if _, ok := registers.MonthlyDue(month); !ok {
			return nil, refuse(http.StatusBadRequest, "月份请写成 2023-09", "write the month as 2023-09")
		}
	}
	t, err := c.Registers.Figures(kind, period, month, c.Now())
	return &t, told(err)
}

// registerForm is the empty form of a register, to be filled in.
func (c *Console) registerForm(w http.ResponseWriter, q *request) error {
	kind, err := q.registerKind()
	if err != nil {
		return err
	}
	format, err := q.wants()
	if err != nil {
		return err
	}
	if format == "" {
		format = "xlsx"
	}
	t := registers.Table(kind, nil, &inventory.City{})
	t.Name += "-空表"
	return c.export(w, q, format, t)
}

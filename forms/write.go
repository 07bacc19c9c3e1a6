package forms

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"time"

	"xuncha/internal/gongwen"
	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/report"
)

// ErrNobody says that the unit asked for has nothing to report.
var ErrNobody = errors.New("no unit or site of that name has this form")

// Files are the forms of everybody, or of one unit or site by its ID, as DOCX and
// XLSX. Beside the monthly forms and self-checks of units stands one for the
// city, of the same name without an ID.
func Files(in Input, only string) ([]report.File, error) {
	var files []report.File
	for _, s := range in.scopes() {
		if only != "" && s.id != only && (s.id == "" || len(s.sites) == 0 || s.sites[0].Unit != only) {
			continue
		}
		made, err := s.files()
		if err != nil {
			return nil, err
		}
		files = append(files, made...)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s %q: %w", in.Kind, only, ErrNobody)
	}
	return files, nil
}

// scopes are whom the forms are about.
func (in Input) scopes() []scope {
	switch in.Kind {
	case Annual:
		return bySite(in)
	case Supervision:
		return []scope{whole(in)}
	}
	return append([]scope{whole(in)}, units(in)...)
}

// files are one form in both formats.
func (s scope) files() ([]report.File, error) {
	stem := string(s.in.Kind) + "-" + s.in.Period.ID
	if s.id != "" {
		stem += "-" + s.id
	}
	var docx, xlsx bytes.Buffer
	if err := s.document().DOCX(&docx); err != nil {
		return nil, fmt.Errorf("%s.docx: %w", stem, err)
	}
	if err := sheet.WriteXLSX(&xlsx, s.sheets()...); err != nil {
		return nil, fmt.Errorf("%s.xlsx: %w", stem, err)
	}
	return []report.File{{Name: stem + ".docx", Data: docx.Bytes()}, {Name: stem + ".xlsx", Data: xlsx.Bytes()}}, nil
}

// A line is a field as it is printed.
type line struct{ number, name, unit, text, from string }

// A part is a block as it is printed.
type part struct {
	number int
	name   string
	lines  []line
}

// parts are the form, filled in and numbered.
func (s scope) parts() []part {
	var out []part
	for i, b := range s.in.Kind.blocks() {
		p := part{number: i + 1, name: b.name}
		fields := b.fields
		if b.each != nil {
			fields = append(fields[:len(fields):len(fields)], b.each(s)...)
		}
		for j, f := range fields {
			v := open("")
			if f.fill != nil {
				v = f.fill(s)
			}
			p.lines = append(p.lines, line{fmt.Sprintf("%d.%d", i+1, j+1), f.name, f.unit, v.text, v.from})
		}
		out = append(out, p)
	}
	return out
}

// An annex is a list that goes with a form.
type annex struct {
	title  string
	head   []string
	widths []float64
	rows   [][]string
}

// annexes are the lists that go with a form; those without a row are left out.
func (s scope) annexes() []annex {
	var all, out []annex
	switch {
	case s.in.Kind == Annual || s.in.Kind == Supervision:
	case s.id == "":
		all = []annex{s.byUnit(), s.byAccount()}
	case s.in.Kind == SelfCheck:
		all = []annex{s.byColumn(), s.byAccount()}
	}
	for _, a := range all {
		if len(a.rows) > 0 {
			out = append(out, a)
		}
	}
	return out
}

// byUnit is what each unit published.
func (s scope) byUnit() annex {
	a := annex{title: "各单位信息发布情况", head: []string{"序号", "单位", "网站（个）", "网站信息（条）", "账号（个）", "账号信息（条）"}, widths: []float64{1, 4, 1.5, 3, 1.5, 3}}
	for i, u := range units(s.in) {
		items, posts := "—", "—"
		if len(u.columns) > 0 {
			items = worded(everything(u))
		}
		if len(u.accounts) > 0 {
			posts = worded(allPosts(u))
		}
		a.rows = append(a.rows, []string{strconv.Itoa(i + 1), u.name, strconv.Itoa(len(u.sites)), items, strconv.Itoa(len(u.accounts)), posts})
	}
	return a
}

// byColumn is how each column stands.
func (s scope) byColumn() annex {
	a := annex{title: "栏目更新情况", head: []string{"序号", "栏目", "类别", "最近更新", "状态（初判）", "本期信息（条）"}, widths: []float64{1, 4, 2, 2.2, 2.2, 2.6}}
	for i, c := range s.columns {
		newest, st := "", "本期没有巡查"
		if r := s.column(c.ID); r != nil {
			newest, st = day(r.Newest.Time), state(r.State)
		}
		count := one(s.in.Seen.count([]source{sourceOf(c)}))
		a.rows = append(a.rows, []string{strconv.Itoa(i + 1), c.Name, string(c.Class), newest, st, worded(count)})
	}
	return a
}

// byAccount is how each account stands.
func (s scope) byAccount() annex {
	a := annex{title: "政务新媒体情况", head: []string{"序号", "主办单位", "账号", "标识码", "最近更新", "判定（初判）", "本期信息（条）"}, widths: []float64{0.9, 3, 2.8, 3.9, 2.3, 1.9, 2.2}}
	for i, acc := range s.accounts {
		newest, verdict := "", "本期没有巡查"
		if r := s.account(acc.Code); r != nil {
			newest, verdict = day(r.Newest.Time), string(r.Verdict)
			if verdict == "" {
				verdict = string(r.Registered)
			}
		}
		a.rows = append(a.rows, []string{strconv.Itoa(i + 1), unitName(s.in.City, acc.Unit), s.accountName(acc), acc.Code, newest, verdict, worded(s.postsOf(acc))})
	}
	return a
}

func unitName(c *inventory.City, id string) string {
	if u, ok := c.Unit(id); ok {
		return u.Name
	}
	return id
}

// worded is a value in a cell of its own.
func worded(v value) string {
	if v.from == seenAtLeast {
		return "不少于" + v.text
	}
	return v.text
}

// day prints a day, "" for none.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// notes say how a form was filled in.
func (s scope) notes() []string {
	out := []string{
		"填报内容由巡查数据预填。标注“巡查所见，不少于”的，是本期历次巡查看到的、日期在本期内的条目，按链接或标题加日期去重；列表只显示较新的内容，网站另有未列入巡查清单的栏目，实际数量可能更多。",
		"标注“（待填）”的由填报单位填写；巡查未见不等于没有，不得填零代替核实。",
		"标注“初判”的是程序判断，以人工核实和签发的通报为准。",
	}
	if s.in.Kind != Supervision {
		out = append(out, "信息分类按栏目名称和类别归并，与填报单位分类不一致的，以填报单位为准。")
	}
	return out
}

// banner says what a form must not be taken for.
func (s scope) banner() string {
	if s.in.City.Simulated {
		return "模拟数据，非正式报表　预填稿，须经填报单位核实"
	}
	return "预填稿，须经填报单位核实"
}

// document is the form as a document.
func (s scope) document() gongwen.Document {
	d := gongwen.Document{
		Title:  []string{s.in.Kind.title(), "（" + s.in.Period.Name + "）"},
		Banner: s.banner(),
		Body:   []gongwen.Block{gongwen.Paragraph{Flush: true, Spans: []gongwen.Span{{Text: "填报单位：" + s.name}}}},
		Properties: []gongwen.Property{
			{Name: "form", Value: string(s.in.Kind)}, {Name: "period", Value: s.in.Period.ID}, {Name: "sha256_config", Value: s.in.City.Digest},
		},
	}
	t := gongwen.Table{Columns: []gongwen.Column{
		{Title: "序号", Width: 1}, {Title: "项目", Width: 4.2, Align: gongwen.AlignLeft}, {Title: "单位", Width: 1},
		{Title: "填报内容", Width: 3.1}, {Title: "来源", Width: 4.2, Align: gongwen.AlignLeft},
	}}
	for _, p := range s.parts() {
		t.Rows = append(t.Rows, []gongwen.Cell{{Text: fmt.Sprintf("%d　%s", p.number, p.name), ColSpan: 5, Align: gongwen.AlignLeft, Bold: true}})
		for _, l := range p.lines {
			t.Add(l.number, l.name, l.unit, l.text, l.from)
		}
	}
	d.Body = append(d.Body, t, gongwen.Paragraph{Flush: true, Spans: []gongwen.Span{{Text: "填报说明", Face: gongwen.Heiti}}})
	for i, n := range s.notes() {
		d.Body = append(d.Body, gongwen.Text(fmt.Sprintf("%d．%s", i+1, n)))
	}
	for _, a := range s.annexes() {
		list := gongwen.Table{}
		for i, h := range a.head {
			list.Columns = append(list.Columns, gongwen.Column{Title: h, Width: a.widths[i]})
		}
		for _, row := range a.rows {
			list.Add(row...)
		}
		d.Attachments = append(d.Attachments, gongwen.Attachment{Title: a.title, Body: []gongwen.Block{list}})
	}
	return d
}

// sheets are the form as a spreadsheet.
func (s scope) sheets() []sheet.Table {
	form := sheet.Table{Name: "报表", Head: []string{"序号", "类别", "项目", "单位", "填报内容", "来源"}}
	for _, p := range s.parts() {
		for _, l := range p.lines {
			form.Rows = append(form.Rows, report.Row(l.number, p.name, l.name, l.unit, l.text, l.from))
		}
	}
	out := []sheet.Table{form}
	for _, a := range s.annexes() {
		t := sheet.Table{Name: a.title, Head: a.head}
		for _, row := range a.rows {
			t.Rows = append(t.Rows, report.Row(row...))
		}
		out = append(out, t)
	}
	says := sheet.Table{Name: "说明", Head: []string{"项目", "内容"}, Rows: [][]string{
		report.Row("报表", s.in.Kind.title()), report.Row("所属期", s.in.Period.Name), report.Row("填报单位", s.name), report.Row("注意", s.banner()),
	}}
	for _, n := range s.notes() {
		says.Rows = append(says.Rows, report.Row("填报说明", n))
	}
	return append(out, says)
}

package notice

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"xuncha/cases"
	"xuncha/internal/gongwen"
	"xuncha/internal/sheet"
	"xuncha/report"
)

// Names of the files of a notice.
const (
	FileDOCX    = "notice.docx"
	FileHTML    = "notice.html"
	FilePDF     = "notice.pdf" // printed from the HTML by a browser, elsewhere
	FileXLSX    = "notice.xlsx"
	FileSummary = "summary.json"
)

// Files are the notice in every format, the same bytes for the same notice.
func (n Notice) Files() ([]report.File, error) {
	files, err := n.Draft.Files()
	if err != nil {
		return nil, err
	}
	documents, err := formats("notice", n.document)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, n.Sheets()...); err != nil {
		return nil, fmt.Errorf("%s: %w", FileXLSX, err)
	}
	return append(append(files, documents...), report.File{Name: FileXLSX, Data: b.Bytes()}), nil
}

// formats are a document in every format that is written here.
func formats(stem string, d gongwen.Document) ([]report.File, error) {
	var files []report.File
	for _, f := range []struct {
		ext   string
		write func(io.Writer) error
	}{{"docx", d.DOCX}, {"html", d.HTML}, {"md", d.Markdown}, {"txt", d.Text}} {
		var b bytes.Buffer
		if err := f.write(&b); err != nil {
			return nil, fmt.Errorf("%s.%s: %w", stem, f.ext, err)
		}
		files = append(files, report.File{Name: stem + "." + f.ext, Data: b.Bytes()})
	}
	return files, nil
}

// Sheets are the tables of the spreadsheet: one for each attachment, then all
// findings, what they rest on, and what could not be monitored.
func (n Notice) Sheets() []sheet.Table {
	var out []sheet.Table
	for _, t := range n.Draft.Tables {
		out = append(out, cells("附件"+t.Name, t.Header, t.Rows))
	}
	findings := cells("全部问题", []string{"编号", "单位", "对象", "名称", "检查指标", "问题", "判定依据", "效力", "问题来源", "办理状态", "公开方式", "最近更新时间", "此前各季度次数", "备注"}, nil)
	evidence := cells("依据", []string{"编号", "单位", "对象", "网址", "获取时间", "状态码", "SHA-256", "读数", "方法"}, nil)
	pages := n.evidence()
	for _, p := range n.Problems {
		if p.Publicity == cases.Outlined {
			p.ID = "" // it follows from the subject
		}
		findings.Rows = append(findings.Rows, report.Row(p.ID, p.Unit, p.Subject, p.Said(), p.Indicator, p.Text, p.Basis, p.Effect,
			strings.Join(p.Sources, "、"), p.Status, p.Publicity, p.Newest, strconv.Itoa(p.Repeats), p.Note))
		for _, e := range pages[p.Subject] {
			evidence.Rows = append(evidence.Rows, report.Row(p.ID, p.Unit, p.Subject, e.URL, string(e.FetchedAt), strconv.Itoa(e.Status), string(e.SHA256), e.Outcome, string(e.Method)))
		}
	}
	unread := cells("未能监测", []string{"单位", "对象", "原因"}, n.unread())
	return append(out, findings, evidence, unread, n.says())
}

// says is the sheet that says what the others are.
func (n Notice) says() sheet.Table {
	t := cells("说明", []string{"项目", "内容"}, nil)
	if mark := n.banner(); mark != "" {
		t.Rows = append(t.Rows, []string{"注意", mark})
	}
	n.Made.each(func(name string, value *string) {
		t.Rows = append(t.Rows, []string{Difference{Name: name}.Chinese(), *value})
	})
	return t
}

// evidence are the pages by what they are about.
func (n Notice) evidence() map[string][]report.Evidence {
	out := map[string][]report.Evidence{}
	c := n.Draft.Check
	for _, x := range c.Columns {
		out[x.ID] = x.Evidence
	}
	for _, x := range c.Sections {
		out[x.ID] = x.Evidence
	}
	for _, x := range c.Accounts {
		out["account:"+x.Code] = x.Evidence
	}
	return out
}

func cells(name string, header []string, rows [][]string) sheet.Table {
	t := sheet.Table{Name: name, Head: header}
	for _, row := range rows {
		t.Rows = append(t.Rows, report.Row(row...))
	}
	return t
}

package notice

import (
	"errors"
	"slices"

	"xuncha/internal/gongwen"
	"xuncha/report"
)

// Marks at the head of every page.
const (
	simulatedBanner = "模拟数据，非正式通报"
	draftBanner     = "初稿，未经人工核实"
)

// write makes the official document.
func (n Notice) write() (gongwen.Document, error) {
	f := &filler{fields: n.fields(), file: "templates/" + n.in.Template.id + ".yaml"}
	d := f.document(n.in.Template, n.in)
	d.Body = f.blocks(n.in.Template.Body, nil)
	for _, t := range n.Draft.Tables {
		d.Attachments = append(d.Attachments, gongwen.Attachment{Title: t.Title, Body: []gongwen.Block{block(t)}})
	}
	d.Attachments = append(d.Attachments, gongwen.Attachment{Title: coverageTitle, Body: n.coverage()})
	d.Banner = n.banner()
	d.Properties = n.Made.properties()
	return d, errors.Join(f.errs...)
}

// banner says what a page must not be taken for.
func (n Notice) banner() string {
	switch {
	case n.in.Final:
		return ""
	case n.Draft.Check.Simulated:
		return simulatedBanner + "　" + draftBanner
	}
	return draftBanner
}

// nothing stands in the place of a table without rows.
const nothing = "无。"

// block is a table of the notice as the document has it: the number and the unit
// of a unit's rows are one cell each.
func block(t report.Table) gongwen.Block {
	if len(t.Rows) == 0 {
		return gongwen.Text(nothing)
	}
	out := gongwen.Table{}
	for _, h := range t.Header {
		out.Columns = append(out.Columns, gongwen.Column{Title: h})
	}
	for i := 0; i < len(t.Rows); {
		j := i + 1
		for j < len(t.Rows) && t.Rows[j][0] == t.Rows[i][0] {
			j++
		}
		var rest [][]string
		for _, row := range t.Rows[i:j] {
			rest = append(rest, row[2:])
		}
		out.AddGroup(t.Rows[i][:2], rest)
		i = j
	}
	return out
}

// running are the columns that hold sentences: they begin at the left.
var running = []string{"问题", "判定依据", "整改情况"}

// table is a table of texts, without what is shared; of the widths that are given
// or as its texts need.
func table(header []string, rows [][]string, widths ...float64) gongwen.Block {
	if len(rows) == 0 {
		return gongwen.Text(nothing)
	}
	t := gongwen.Table{}
	for i, h := range header {
		c := gongwen.Column{Title: h}
		if slices.Contains(running, h) {
			c.Align = gongwen.AlignLeft
		}
		if i < len(widths) {
			c.Width = widths[i]
		}
		t.Columns = append(t.Columns, c)
	}
	for _, row := range rows {
		t.Add(row...)
	}
	return t
}

package gongwen

import (
	"strings"
	"testing"
)

func TestMarkdownShowsTextAsItIs(t *testing.T) {
	for text, want := range map[string]string{
		"平常的话，2023年。":     "平常的话，2023年。",
		"1. 甲":            `1\. 甲`,
		"12) 甲":           `12\) 甲`,
		"- 甲-乙":           `\- 甲-乙`,
		"+ 甲":             `\+ 甲`,
		"# 甲":             `\# 甲`,
		"===":             `\===`,
		"    缩进":          "缩进",
		"a_b*c`d":         "a\\_b\\*c\\`d",
		`\`:               `\\`,
		"<br>":            `\<br\>`,
		"[a](b)":          `\[a\](b)`,
		"93.9%":           `93\.9%`,
		"工作动态--通知公告":      "工作动态--通知公告",
		"&nbsp;":          `\&nbsp;`,
		"https://a.b/c?d": "https://a.b/c?d",
	} {
		if got := literal(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestMarkdownTables(t *testing.T) {
	d := Document{Title: []string{"题"}, Body: everything().Body}
	got := written(t, d, Document.Markdown)
	want := `| 序号 | 单位 | 不合格 |  |
| --- | --- | --- | --- |
|  |  | 网站 | 账号 |
| 1 | 市公安局 | 0<br>（无） | 4 |
|  |  | 合并的两列 |  |
| 2 | 整块 |  |  |
| 3 |  |  |  |
`
	if !strings.Contains(got, want) {
		t.Errorf("got:\n%s\nwant in it:\n%s", got, want)
	}
}

func TestTextTables(t *testing.T) {
	table := Table{Columns: []Column{{Title: "序号", Width: 1}, {Title: "单位", Width: 2}, {Title: "数", Width: 1, Align: AlignRight}}}
	table.AddGroup([]string{"1", "市公安局"}, [][]string{{"4"}, {"12"}})
	table.Rows = append(table.Rows, []Cell{{Text: "合计", ColSpan: 2}, {Text: "16"}})
	got := written(t, Document{Title: []string{"题"}, Body: []Block{table}}, Document.Text)
	want := `+----------------+--------------------------------+----------------+
| 序号           | 单位                           | 数             |
+----------------+--------------------------------+----------------+
| 1              | 市公安局                       |              4 |
+                +                                +----------------+
|                |                                |             12 |
+----------------+--------------------------------+----------------+
| 合计                                            |             16 |
+----------------+--------------------------------+----------------+
`
	if !strings.Contains(got, want) {
		t.Errorf("got:\n%s\nwant in it:\n%s", got, want)
	}
}

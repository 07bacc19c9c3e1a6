//go:build !race

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tables "xuncha/internal/sheet"
)

// sheetText is what a spreadsheet holds, a row a line.
func sheetText(t *testing.T, name string) string {
	t.Helper()
	book, err := tables.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, s := range book.Sheets {
		for _, row := range s.Rows {
			for _, c := range row.Cells {
				b.WriteString(c.Text + "|")
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// Two nights of a few subjects fill in the forms of September and of the year,
// and leave open what nobody saw.
func TestFormsComeOutOfThePages(t *testing.T) {
	city, data, out := cityFolder(t), t.TempDir(), filepath.Join(t.TempDir(), "out")
	for _, day := range []string{"2023-09-20", "2023-09-27"} {
		xuncha(t, 0, "crawl", "--config", city, "--data", data, "--simulate", day, "--simulate-latency", "0s", "--only", "fgw*")
	}
	form := func(out, kind, period string, more ...string) {
		t.Helper()
		xuncha(t, 0, append([]string{"form", kind, "--config", city, "--data", data, "--period", period, "--out", out}, more...)...)
	}
	form(out, "monthly", "2023-09")
	form(out, "selfcheck", "2023Q3", "--unit", "fgw")
	form(out, "annual", "2023", "--unit", "fgw")
	form(out, "supervision", "2023")
	for name, want := range map[string][]string{
		"monthly-2023-09-fgw.xlsx": {"|巡查所见，不少于|", "政府网站标识码|", "（待填）|待填|", "阳泉市发展和改革委员会|"},
		"monthly-2023-09-kjj.xlsx": {"信息发布|总数|条|（待填）|待填：本期没有巡查|"},
		"monthly-2023-09.xlsx":     {"不少于", "市公安局|"},
		"selfcheck-2023Q3-fgw.xlsx": {
			"检查情况|合格|巡查初判，以核实为准|", "|正常|不少于",
		},
		"annual-2023-fgw.xlsx":  {"独立用户访问总量|个|（待填）|待填|", "解读信息发布总数|条|"},
		"supervision-2023.xlsx": {"年末网站数量|个|33|登记信息|", "第一季度合格网站数量|个|（待填）|待填|", "第三季度不合格网站数量|个|2|"},
	} {
		got := sheetText(t, filepath.Join(out, name))
		for _, w := range append(want, "模拟数据") {
			if !strings.Contains(got, w) {
				t.Errorf("%s does not say %q:\n%s", name, w, got)
			}
		}
	}
	again := filepath.Join(t.TempDir(), "again")
	form(again, "monthly", "2023-09", "--unit", "fgw")
	for _, name := range []string{"monthly-2023-09-fgw.docx", "monthly-2023-09-fgw.xlsx"} {
		a, errA := os.ReadFile(filepath.Join(out, name))
		b, errB := os.ReadFile(filepath.Join(again, name))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs between two runs (%v, %v)", name, errA, errB)
		}
	}
	if text := officeText(t, filepath.Join(out, "annual-2023-fgw.docx")); !strings.Contains(text, "政府网站工作年度报表\n（2023年度）") || !strings.Contains(text, "填报说明") {
		t.Errorf("a word processor reads\n%s", text)
	}
}

func TestFormsRefuse(t *testing.T) {
	city, data := cityFolder(t), t.TempDir()
	xuncha(t, 0, "crawl", "--config", city, "--data", data, "--simulate", "2023-09-27", "--simulate-latency", "0s", "--only", "fgw")
	for _, c := range []struct {
		status             int
		kind, period, unit string
		want               string
	}{
		{2, "weekly", "2023-09", "fgw", "use monthly"},
		{2, "monthly", "2023Q3", "fgw", "about a month"},
		{2, "annual", "2023", "nobody", "--unit"},
		{1, "monthly", "2023-08", "fgw", "2023-08"},
	} {
		_, errs := xuncha(t, c.status, "form", c.kind, "--config", city, "--data", data, "--period", c.period, "--unit", c.unit, "--out", t.TempDir())
		if !strings.Contains(errs, c.want) {
			t.Errorf("%s %s: %q does not say %q", c.kind, c.period, errs, c.want)
		}
	}
}

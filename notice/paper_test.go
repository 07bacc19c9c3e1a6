package notice

import (
	"bytes"
	"strings"
	"testing"

	"xuncha/cases"
	"xuncha/internal/sheet"
	"xuncha/rules"
)

// sheetText is a spreadsheet's cells, a line a row.
func sheetText(t *testing.T, data []byte) string {
	t.Helper()
	book, err := sheet.Read("paper.xlsx", bytes.NewReader(data))
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

// Findings are sent, one is reported and re-checked, one is overdue: each paper
// says so.
func TestPapersFollowTheFindings(t *testing.T) {
	in := input(t)
	o := newOffice(t, in)
	in.Book = o.book
	o.confirmAll()
	for _, x := range o.book.In("2023Q3") {
		o.do(cases.Event{Case: x.Case, Kind: cases.Send, By: signer, Due: on("2023-10-20"), Document: "阳政办函〔2023〕15号"})
	}
	fixed := rules.FindingID("xxgk/czj/tzgg", dynamic)
	o.do(cases.Event{Case: fixed, Kind: cases.Report, By: handler, SignedBy: "刘强", Note: "已补充更新"})
	o.do(cases.Event{Case: fixed, Kind: cases.Recheck, By: handler, Result: cases.Passed, Note: "已更新至2023-10-08"})
	o.do(cases.Event{Case: fixed, Kind: cases.Clear, By: signer})

	n, _ := make1(t, in)
	made := func(kind Paper) map[string][]byte {
		t.Helper()
		files, err := n.Paper(kind, shipped(t, string(kind)), on("2023-10-25"))
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		out := map[string][]byte{}
		for _, f := range files {
			out[f.Name] = f.Data
		}
		return out
	}
	ledger := sheetText(t, made(Ledger)["ledger.xlsx"])
	contains(t, ledger, "序号|单位|问题|判定依据|问题来源|时限|责任人|整改情况|复核|销号|", "市财政局|工作动态--通知公告：动态类栏目超过2周未更新",
		"2023-10-20|", "已报送，刘强签字：已补充更新|", "通过：已更新至2023-10-08|", "王芳", "逾期未报")
	contains(t, sheetText(t, made(Missing)["missing.xlsx"]), "市公安局|2|2023-10-20|5|", "平定县人民政府|1|2023-10-20|5|")
	without(t, sheetText(t, made(Missing)["missing.xlsx"]), "市财政局")
	contains(t, sheetText(t, made(Recheck)["recheck.xlsx"]), "市财政局|", "通过：已更新至2023-10-08|销号|")
	orders := made(Order)
	if len(orders) != 3 {
		t.Errorf("%d orders, want one for each of three units", len(orders))
	}
	contains(t, string(orders["order-gaj.docx"]), "市公安局", "阳泉交警（微博）：1周无更新", "2023年10月20日")
	without(t, string(orders["order-gaj.docx"]), "市财政局")
	reminders := made(Reminder)
	if reminders["reminder-czj.docx"] != nil || reminders["reminder-gaj.docx"] == nil || reminders["reminder-pd.docx"] == nil {
		t.Errorf("%d reminders, want those of the two units that are late", len(reminders))
	}
	contains(t, string(made(Brief)["brief.docx"]), "合格率50.0%", "“阳泉交警”")

	// In the next quarter's notice it is told what became of them.
	in.Period.Quarter, in.Result.Point, in.Result.PointDay = 4, on("2023-12-21"), on("2023-12-20")
	_, files := make1(t, in)
	contains(t, files["notice.txt"], "第三季度通报的4个问题，经复核已销号1个，尚在整改3个。")
}

package notice

import (
	"errors"
	"testing"
)

// Each unit that owes monthly papers is sent one document with all of them, and
// nobody else is.
func TestUnitsAreUrgedForTheirMonthlyPapers(t *testing.T) {
	in := input(t)
	n, _ := make1(t, in)
	if _, err := n.Paper(Urge, shipped(t, "urge"), on("2023-10-10")); !errors.Is(err, ErrNothingOwed) {
		t.Errorf("nothing is owed: got %v", err)
	}
	in.Owed = []Owed{
		{"gaj", "2023-08", "月度报表", on("2023-09-02"), "未报送"},
		{"gaj", "2023-09", "月度自查报告", on("2023-10-02"), "退回后未重报：数字不符（已于2023-10-08催报）"},
		{"czj", "2023-09", "月度报表", on("2023-10-02"), "=HYPERLINK(\"http://x.example\")"},
	}
	n, _ = make1(t, in)
	files, err := n.Paper(Urge, shipped(t, "urge"), on("2023-10-10"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%d files, %v, want one for each of two units", len(files), err)
	}
	for _, f := range files {
		if f.Name == "urge-gaj.docx" {
			contains(t, string(f.Data), "市公安局", "以下2份材料", "2023年10月10日", "2023-08", "2023-10-02", "退回后未重报：数字不符（已于2023-10-08催报）")
			without(t, string(f.Data), "市财政局", "2023-11")
		}
	}
}

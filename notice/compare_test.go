package notice

import (
	"strings"
	"testing"

	"xuncha/report"
)

func TestPeriodsAreHeldAgainstEachOther(t *testing.T) {
	now := StandingOf(input(t))
	if now.Accounts.Fail != 1 || len(now.Districts) != 2 || now.Districts[0].Stale != 2 {
		t.Errorf("standing %+v; want one account failing and two stale columns in the first district", now)
	}
	last := now
	last.Period, last.Accounts = "2023Q2", report.Verdicts{Total: 2}
	last.Units = []Share{{ID: "czj", Name: "市财政局<b>", Columns: 1}}
	other, err := StandingOfSummary([]byte(`{"city": "邻市", "period": {"id": "2023Q3"}, "totals": {"sites": {"total": 40, "不合格": 1, "rate": "97.5"}, "accounts": {"total": 0, "rate": null}}}`))
	if err != nil {
		t.Fatal(err)
	}
	f, err := Compare([]Standing{last, now}, []Standing{other}, 1, true)
	if err != nil {
		t.Fatal(err)
	}
	page := string(f.Data)
	contains(t, page, "模拟数据，非正式通报", "2023Q2", "2023Q3", "100.0%（共2，不合格0）", "50.0%（共2，不合格1）", "平定县人民政府", "<polyline", "邻市", "97.5%", "通知公告")
	without(t, page, "<b>", "NaN", "ZgotmplZ", "http://", "<script")
	if empty, err := Compare(nil, nil, 1, false); err != nil || strings.Contains(string(empty.Data), "NaN") {
		t.Errorf("without a period: %v", err)
	}
	for _, bad := range []string{"", "[]", `{"city": "邻市"}`} {
		if _, err := StandingOfSummary([]byte(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

// Each part has a small chart of each figure that it has in two periods, with its
// numbers on it; a period in which nothing was read breaks the line and a lower
// bound is drawn open.
func TestPartsHaveChartsOfTheirOwn(t *testing.T) {
	standing := func(period string, stale, unknown, failed int) Standing {
		return Standing{City: "阳泉市", Period: period, Units: []Share{
			{ID: "czj", Name: "市财政局<script>", Bodies: 4, Failed: failed, Columns: 9, Stale: stale, Unknown: unknown}, {ID: "new" + period, Name: "新单位", Columns: 3},
		}}
	}
	f, err := Compare([]Standing{standing("2023Q1", 1, 0, 1), standing("2023Q2", 0, 9, 0), standing("2023Q3", 4, 0, 2), standing("2023Q4", 2, 3, 0)}, nil, 1, false)
	if err != nil {
		t.Fatal(err)
	}
	page := string(f.Data)
	contains(t, page, "超期栏目（个），各图同一尺度：0至4", "合格率（%），各图同一尺度：40至100",
		`aria-label="市财政局&lt;script&gt;：2023Q1 1，2023Q3 4，2023Q4 2"`, `：2023Q1 75.0，2023Q2 100.0，2023Q3 50.0，2023Q4 100.0"`, `class="open"`)
	without(t, page, "<script", "NaN", "ZgotmplZ", "aria-label=\"新单位")
	if n := strings.Count(page, "<figure>"); n != 2 {
		t.Errorf("%d small charts, want two of the one unit that there was in more than one period", n)
	}
	one, err := Compare([]Standing{standing("2023Q1", 1, 0, 1)}, nil, 1, false)
	if err != nil || strings.Contains(string(one.Data), "<figure>") {
		t.Errorf("one period has no course: %v", err)
	}
}

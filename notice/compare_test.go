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

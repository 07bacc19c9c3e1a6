package metrics

import (
	"testing"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/extract"
	"xuncha/rules"
	"xuncha/store"
)

// A finding counts once, where people have brought it, and what nobody has filed yet
// as it was judged. One whose unit has let the day pass is overdue from the day
// after.
func TestFindingsCountWhereTheyStand(t *testing.T) {
	city, set := demo(t)
	res := rules.Judge(rules.Input{City: city, RuleSet: set, Point: point})
	res.Findings = nil
	for _, c := range res.Columns[:3] {
		res.Findings = append(res.Findings, rules.Finding{
			ID: rules.FindingID(c.Column.ID, set.Indicators[0].ID), Subject: c.Column.ID, Unit: c.Column.Unit, Indicator: set.Indicators[0].ID,
			Effect: rules.EffectNotice, Sources: []string{cases.ByPatrol}, Status: "疑似", Publicity: cases.Named, Text: "未更新", Basis: "更新时限",
		})
	}
	book := &cases.Book{}
	add := func(e cases.Event) {
		t.Helper()
		sealed, err := book.Seal(cases.Policy{}, e)
		if err != nil {
			t.Fatal(err)
		}
		if err := book.Apply(sealed); err != nil {
			t.Fatal(err)
		}
	}
	filed := res
	filed.Findings = res.Findings[:2]
	for _, e := range book.Sync("2023Q3", filed, set, point) {
		add(e)
	}
	due := time.Date(2023, 10, 9, 0, 0, 0, 0, extract.Beijing)
	add(cases.Event{
		Case: res.Findings[0].ID, Period: "2023Q3", Kind: cases.Verify, At: point.Add(time.Hour),
		By: cases.Person{Name: "张三", Role: cases.Handler}, Due: due,
	})
	b := board.New(board.Input{City: city, Set: set, Round: store.Round{}, Result: res, Book: book})
	for _, tt := range []struct {
		day     time.Time
		overdue float64
	}{{due, 0}, {due.Add(23 * time.Hour), 0}, {due.AddDate(0, 0, 1), 1}} {
		cfg := configOf(b)
		cfg.Now = func() time.Time { return tt.day }
		own := gather(t, cfg)
		indicator := "indicator=" + set.Indicators[0].ID
		for status, want := range map[string]float64{"疑似": 2, "核实": 1, "认定": 0} {
			if got := total(own["xuncha_findings"], indicator, "status="+status); got != want {
				t.Errorf("%s findings: %v, want %v", status, got, want)
			}
		}
		if got := total(own["xuncha_findings_overdue"]); got != tt.overdue {
			t.Errorf("on %s: %v overdue, want %v", tt.day.Format(time.DateTime), got, tt.overdue)
		}
	}
}

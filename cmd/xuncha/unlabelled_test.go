//go:build !race

package main

import (
	"encoding/json"
	"strings"
	"testing"

	"xuncha/report"
)

// A column whose pages bear no dates of any kind is unknown, as one whose dates
// are pictures; but people are told to look at it.
func TestUnlabelledColumnIsAHint(t *testing.T) {
	const column = "nyncj/ghjh"
	for _, tt := range []struct {
		fault string
		hints int
	}{{"undated", 0}, {"unlabelled", 1}} {
		city := cityFolder(t, [3]string{"facts.yaml", column + ": {unreadable: undated}", column + ": {unreadable: " + tt.fault + "}"})
		data := t.TempDir()
		xuncha(t, 0, "crawl", "--config", city, "--data", data, "--only", column, "--simulate", "2023-09-27", "--simulate-latency", "0s")
		stdout, _ := xuncha(t, 0, "check", "--config", city, "--data", data, "--format", "json")
		var check report.Check
		if err := json.Unmarshal([]byte(stdout), &check); err != nil {
			t.Fatal(err)
		}
		hints := 0
		for _, f := range check.Findings {
			if f.Subject == column {
				hints++
				if f.Effect != "hint" || f.Status != "疑似" || !strings.Contains(f.Text, "未标注发布时间") {
					t.Errorf("%s: got %+v", tt.fault, f)
				}
			}
		}
		if hints != tt.hints {
			t.Errorf("%s: %d findings, want %d", tt.fault, hints, tt.hints)
		}
		for _, c := range check.Columns {
			if c.ID == column && (c.State != "unknown" || c.Reason != "undated" || len(c.Evidence) != 6) {
				t.Errorf("%s: got %s %s on %d pages, want unknown: undated on the list and five articles", tt.fault, c.State, c.Reason, len(c.Evidence))
			}
		}
		shown, _ := xuncha(t, 0, "show", column, "--data", data)
		if strings.Contains(shown, "未标注发布时间") != (tt.hints > 0) || !strings.Contains(shown, "no date recognised") {
			t.Errorf("%s: show prints\n%s", tt.fault, shown)
		}
	}
}

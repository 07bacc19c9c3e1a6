package main

import (
	"testing"

	"xuncha/internal/workday"
)

// What a template makes due on a holiday is due on the next day that is worked.
func TestNothingIsDueOnAHoliday(t *testing.T) {
	for day, want := range map[string]string{
		"2023-10-20": "2023-10-20", "2023-10-06": "2023-10-07", "2023-10-21": "2023-10-23", "2026-02-20": "2026-02-24", "2023-12-31": "2024-01-02", "2031-10-04": "2031-10-04",
	} {
		at, err := parseDate("--date", day)
		if err != nil {
			t.Fatal(err)
		}
		if got := dayOrNone(worked(workday.Mainland(), at)); got != want {
			t.Errorf("%s: got %s, want %s", day, got, want)
		}
	}
}

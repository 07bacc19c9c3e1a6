package office

import (
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/internal/workday"
)

// day is a day of the tests.
func day(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateOnly, text, extract.Beijing)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// What a template makes due on a holiday is due on the next day that is worked.
func TestNothingIsDueOnAHoliday(t *testing.T) {
	for given, want := range map[string]string{
		"2023-10-20": "2023-10-20", "2023-10-06": "2023-10-07", "2023-10-21": "2023-10-23", "2026-02-20": "2026-02-24", "2023-12-31": "2024-01-02", "2031-10-04": "2031-10-04",
	} {
		if got := dayOrNone(worked(workday.Mainland(), day(t, given))); got != want {
			t.Errorf("%s: got %s, want %s", given, got, want)
		}
	}
}

package rules

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"xuncha/extract"
)

func TestWindowStart(t *testing.T) {
	tests := []struct {
		name, window, point, want string
	}{
		{"the official example: point 3月1日, 前2个月", "P2M", "2023-03-01", "2023-01-01"},
		{"two weeks, both ends inside", "P14D", "2023-09-27", "2023-09-13"},
		{"weeks are seven days", "P2W", "2023-09-27", "2023-09-13"},
		{"six months", "P6M", "2023-09-27", "2023-03-27"},
		{"six months before 31 August end with February", "P6M", "2023-08-31", "2023-02-28"},
		{"and with its leap day", "P6M", "2024-08-31", "2024-02-29"},
		{"a year before a leap day", "P1Y", "2024-02-29", "2023-02-28"},
		{"a year after a leap day", "P1Y", "2025-02-28", "2024-02-28"},
		{"across New Year", "P14D", "2024-01-05", "2023-12-22"},
		{"a month before 31 March", "P1M", "2023-03-31", "2023-02-28"},
		{"months before days", "P1M1D", "2023-03-31", "2023-02-27"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, err := parseWindow(tt.window)
			if err != nil {
				t.Fatal(err)
			}
			if got := shown(w.Start(day(tt.point))); got != tt.want {
				t.Errorf("%s before %s: got %s, want %s", tt.window, tt.point, got, tt.want)
			}
		})
	}
}

func TestWindowStaleOn(t *testing.T) {
	tests := []struct {
		name, window, newest, want string
	}{
		{"two weeks", "P14D", "2023-06-20", "2023-07-05"},
		{"six months", "P6M", "2023-06-20", "2023-12-21"},
		{"six months from the last of August end in March", "P6M", "2023-08-31", "2024-03-01"},
		{"into February", "P6M", "2023-08-29", "2024-03-01"},
		{"from the end of February", "P6M", "2023-02-28", "2023-09-01"},
		{"a year from a leap day", "P1Y", "2024-02-29", "2025-03-01"},
		{"a year over a leap day", "P1Y", "2023-02-28", "2024-03-01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, err := parseWindow(tt.window)
			if err != nil {
				t.Fatal(err)
			}
			if got := shown(w.StaleOn(day(tt.newest))); got != tt.want {
				t.Errorf("newest %s, window %s: got %s, want %s", tt.newest, tt.window, got, tt.want)
			}
		})
	}
}

func TestStaleOnIsTheFirstDayOutside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := Window{
			Days: rapid.IntRange(0, 40).Draw(t, "days"), Months: rapid.IntRange(0, 30).Draw(t, "months"),
			Years: rapid.IntRange(0, 3).Draw(t, "years"),
		}
		newest := day("2015-01-01").AddDate(0, 0, rapid.IntRange(0, 5000).Draw(t, "newest"))
		on := w.StaleOn(newest)
		if !w.Start(on).After(newest) || w.Start(on.AddDate(0, 0, -1)).After(newest) {
			t.Errorf("newest %s, window %v: stale on %s, window then from %s, the day before from %s",
				shown(newest), w, shown(on), shown(w.Start(on)), shown(w.Start(on.AddDate(0, 0, -1))))
		}
		if !w.IsZero() {
			if back, err := parseWindow(w.String()); err != nil || back != w {
				t.Errorf("%v written %q reads %v, %v", w, w.String(), back, err)
			}
		}
	})
}

func TestBadWindows(t *testing.T) {
	for _, s := range []string{"", "P", "14D", "P14", "P0D", "P-1D", "P14d", "PT48H", "P1.5M", "P99999D", "P1D2W", "p14D", "P１４D"} {
		if w, err := parseWindow(s); err == nil {
			t.Errorf("window %q: got %v, want an error", s, w)
		}
	}
}

func TestSpans(t *testing.T) {
	tests := map[string]time.Duration{"PT48H": 48 * time.Hour, "P2D": 48 * time.Hour, "PT30M": 30 * time.Minute, "P1DT2H3M": 26*time.Hour + 3*time.Minute}
	for s, want := range tests {
		if got, err := parseSpan(s); err != nil || got != want {
			t.Errorf("%q: got %v, %v, want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "P", "PT", "P1DT", "48h", "P6M", "PT48"} {
		if got, err := parseSpan(s); err == nil {
			t.Errorf("%q: got %v, want an error", s, got)
		}
	}
}

// Beijing has had no summer time since 1991; a zone of a fixed offset keeps a
// machine's zone data out of the arithmetic.
func TestDaysAreBeijingDaysWhereverThePointIsGiven(t *testing.T) {
	tests := []struct{ name, point, want string }{
		{"midnight belongs to the day before", "2023-09-28T00:00:00+08:00", "2023-09-27"},
		{"an instant later does not", "2023-09-28T00:00:01+08:00", "2023-09-28"},
		{"noon belongs to its day", "2023-09-28T12:00:00+08:00", "2023-09-28"},
		{"midnight in Beijing said in UTC", "2023-09-27T16:00:00Z", "2023-09-27"},
		{"the evening in New York", "2023-11-05T19:00:00-05:00", "2023-11-06"},
		{"New Year", "2024-01-01T00:00:00+08:00", "2023-12-31"},
		{"a leap day", "2024-03-01T00:00:00+08:00", "2024-02-29"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			p, err := time.Parse(time.RFC3339, tt.point)
			if err != nil {
				t.Fatal(err)
			}
			w.Point = p
			got := w.judge().PointDay
			if shown(got) != tt.want || !got.Equal(extract.DayOf(got)) {
				t.Errorf("point %s: got day %v, want %s", tt.point, got, tt.want)
			}
		})
	}
}

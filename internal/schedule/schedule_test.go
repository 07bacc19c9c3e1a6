package schedule

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", text, beijing)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func TestNextAndLast(t *testing.T) {
	tests := []struct{ line, now, last, next string }{
		{"30 1 * * *", "2023-09-27 01:30", "2023-09-27 01:30", "2023-09-28 01:30"},
		{"30 1 * * *", "2023-09-27 01:29", "2023-09-26 01:30", "2023-09-27 01:30"},
		{"0 * * * *", "2023-12-31 23:59", "2023-12-31 23:00", "2024-01-01 00:00"},
		{"*/20 6-8 * * *", "2023-09-27 08:41", "2023-09-27 08:40", "2023-09-28 06:00"},
		{"0 4 29 2 *", "2023-09-27 00:00", "2020-02-29 04:00", "2024-02-29 04:00"},
		{"0 4 * * sun", "2023-09-27 00:00", "2023-09-24 04:00", "2023-10-01 04:00"},
		{"0 4 * * 7", "2023-09-27 00:00", "2023-09-24 04:00", "2023-10-01 04:00"},
		{"0 4 1 * mon", "2023-09-27 00:00", "2023-09-25 04:00", "2023-10-01 04:00"}, // either, as in cron
		{"15 2,14 * jan-mar *", "2023-09-27 00:00", "2023-03-31 14:15", "2024-01-01 02:15"},
		{"@weekly", "2023-09-27 00:00", "2023-09-24 00:00", "2023-10-01 00:00"},
		{"5/30 * * * *", "2023-09-27 00:06", "2023-09-27 00:05", "2023-09-27 00:35"},
	}
	for _, tt := range tests {
		s, err := Parse(tt.line)
		if err != nil {
			t.Errorf("%s: %v", tt.line, err)
			continue
		}
		now := at(t, tt.now)
		if got := s.Last(now); !got.Equal(at(t, tt.last)) {
			t.Errorf("%s at %s: last %s, want %s", tt.line, tt.now, got, tt.last)
		}
		if got := s.Next(now); !got.Equal(at(t, tt.next)) {
			t.Errorf("%s at %s: next %s, want %s", tt.line, tt.now, got, tt.next)
		}
		if s.String() != tt.line {
			t.Errorf("%s is shown as %s", tt.line, s)
		}
	}
}

// Times are Beijing's, whatever zone a moment is told in.
func TestTimesAreInBeijing(t *testing.T) {
	s, err := Parse("30 1 * * *")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2023, 9, 26, 17, 0, 0, 0, time.UTC) // 01:00 on the 27th
	if got, want := s.Next(now), at(t, "2023-09-27 01:30"); !got.Equal(want) {
		t.Errorf("after %s: %s, want %s", now, got, want)
	}
}

func TestMistakes(t *testing.T) {
	tests := []struct{ line, says, hint string }{
		{"", "no line of cron", "five fields"},
		{"1:30", "no line of cron", "five fields"},
		{"* * * * * *", "no line of cron", "five fields"},
		{"* * * * *", "more than once in 10 minutes", "*/10"},
		{"0,5 1 * * *", "more than once in 10 minutes", "*/10"},
		{"5,55 * * * *", "", ""},
		{"2,55 * * * *", "more than once in 10 minutes", "*/10"},
		{"2,55 1 * * *", "", ""},
		{"0 4 30 2 *", "never comes true", "day that its month has"},
		{"0 4 31 2,4,6,9,11 *", "never comes true", "day"},
		{"60 1 * * *", "no minute", "0 to 59"},
		{"0 24 * * *", "no hour", "0 to 23"},
		{"0 1 0 * *", "no day of the month", "1 to 31"},
		{"0 1 * 13 *", "no month", "1 to 12"},
		{"0 1 * * 8", "no day of the week", "0 to 7"},
		{"0 1 * * mo", "no day of the week", ""},
		{"5-1 1 * * *", "no minute", ""},
		{"*/0 1 * * *", "no minute", ""},
		{"1/99 1 * * *", "no minute", ""},
		{"-1 1 * * *", "no minute", ""},
		{"1,,2 1 * * *", "no minute", ""},
		{"TZ=UTC 1 2 * *", "no minute", ""},
		{"１ 1 * * *", "no minute", ""},
		{strings.Repeat("1,", 500) + "1 1 * * *", "no line of cron", ""},
	}
	for _, tt := range tests {
		_, err := Parse(tt.line)
		if tt.says == "" {
			if err != nil {
				t.Errorf("%s: %v", tt.line, err)
			}
			continue
		}
		var m *Mistake
		if !errors.As(err, &m) || !strings.Contains(m.Message, tt.says) || !strings.Contains(m.Hint, tt.hint) {
			t.Errorf("%q: %v; want a message with %q and a hint with %q", tt.line, err, tt.says, tt.hint)
		}
	}
}

// What Next and Last say of each other holds for every line: no time lies between
// a moment and the next one, and the last before a time is no later than it.
func TestNextAndLastAgree(t *testing.T) {
	lines := []string{"30 1 * * *", "*/10 * * * *", "0 4 1 * mon", "7 3 29 2 *", "0 0 31 * *", "20 5 * 2 sat"}
	rapid.Check(t, func(r *rapid.T) {
		s, err := Parse(rapid.SampledFrom(lines).Draw(r, "line"))
		if err != nil {
			r.Fatal(err)
		}
		now := time.Unix(rapid.Int64Range(0, 4e9).Draw(r, "now"), 0)
		next, last := s.Next(now), s.Last(now)
		if !next.After(now) || last.After(now) {
			r.Fatalf("%s at %s: last %s, next %s", s, now, last, next)
		}
		if got := s.Next(last); !got.Equal(next) {
			r.Fatalf("%s at %s: after the last %s comes %s, not %s", s, now, last, got, next)
		}
		if got := s.Last(next); !got.Equal(next) {
			r.Fatalf("%s: %s is a time of it, and Last says %s", s, next, got)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{"30 1 * * *", "@daily", "*/10 1-5,7 1,15 jan-dec mon", "0 4 30 2 *", "１ 1 * * *"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		s, err := Parse(line)
		if err != nil {
			return
		}
		now := time.Date(2023, 9, 27, 0, 0, 0, 0, beijing)
		first := s.Next(now)
		if second := s.Next(first); first.IsZero() || second.Sub(first) < Least {
			t.Errorf("%q: %s, then %s", line, first, second)
		}
	})
}

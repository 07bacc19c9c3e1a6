package workday

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func day(t interface{ Fatal(...any) }, s string) time.Time {
	d, err := time.ParseInLocation(time.DateOnly, s, beijing)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestIsWorkday(t *testing.T) {
	tests := []struct {
		name, day string
		want      bool
	}{
		{"a plain Wednesday", "2023-09-27", true},
		{"a plain Sunday", "2023-09-24", false},
		{"中秋 on a Friday", "2023-09-29", false},
		{"the last day of 国庆", "2023-10-06", false},
		{"a Saturday worked for 国庆", "2023-10-07", true},
		{"a Sunday worked for 国庆", "2023-10-08", true},
		{"the Sunday after 劳动节 2019, made up by the notice that lengthened it", "2019-05-05", true},
		{"the day that the second notice gave in 2019", "2019-05-03", false},
		{"the Friday that 2020 gave when 春节 was lengthened", "2020-01-31", false},
		{"the Saturday that was to be worked in 2020 and was not", "2020-02-01", false},
		{"the first day of work in 2020", "2020-02-03", true},
		{"除夕 of 2024, which the notice left to paid leave", "2024-02-09", true},
		{"除夕 of 2025", "2025-01-28", false},
		{"the third day of 2026", "2026-01-03", false},
		{"the Sunday after it", "2026-01-04", true},
		{"the last day of the longest 春节", "2026-02-23", false},
		{"the last day of the calendar", "2026-12-31", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Mainland().IsWorkday(day(t, tt.day))
			if err != nil || got != tt.want {
				t.Errorf("%s: got %v, %v; want %v", tt.day, got, err, tt.want)
			}
		})
	}
}

// How many days of work a year has is a sum over everything its notice says: one
// wrong day shows. A year is its Mondays to Fridays less the statutory holidays
// that it paid with days off.
func TestDaysOfWorkInAYear(t *testing.T) {
	want := map[int]int{2019: 250, 2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248}
	for year, days := range want {
		n := 0
		for d := day(t, "2019-01-01").AddDate(year-2019, 0, 0); d.Year() == year; d = d.AddDate(0, 0, 1) {
			if on, err := Mainland().IsWorkday(d); err != nil {
				t.Fatal(err)
			} else if on {
				n++
			}
		}
		if n != days {
			t.Errorf("%d: got %d days of work, want %d", year, n, days)
		}
	}
}

func TestAdd(t *testing.T) {
	tests := []struct {
		name, day string
		n         int
		want      string
	}{
		{"over a weekend", "2023-09-22", 2, "2023-09-26"},
		{"over 国庆, into the weekend that is worked", "2023-09-28", 2, "2023-10-08"},
		{"sent on a holiday", "2023-10-01", 1, "2023-10-07"},
		{"three days to answer a message before 春节", "2026-02-13", 3, "2026-02-25"},
		{"none", "2023-10-01", 0, "2023-10-01"},
		{"backwards", "2023-10-08", -2, "2023-09-28"},
		{"over the turn of the year", "2022-12-30", 1, "2023-01-03"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Mainland().Add(day(t, tt.day), tt.n)
			if err != nil || !got.Equal(day(t, tt.want)) {
				t.Errorf("%s and %d working days: got %s, %v; want %s", tt.day, tt.n, got.Format(time.DateOnly), err, tt.want)
			}
		})
	}
}

// An hour late at night in Greenwich is already the next day in Beijing.
func TestADayIsBeijings(t *testing.T) {
	late := time.Date(2023, 10, 6, 20, 0, 0, 0, time.UTC)
	if on, err := Mainland().IsWorkday(late); err != nil || !on {
		t.Errorf("%s is 2023-10-07 in Beijing, which is worked: got %v, %v", late, on, err)
	}
}

func TestAddEndsOnWorkingDays(t *testing.T) {
	c := Mainland()
	rapid.Check(t, func(t *rapid.T) {
		from := day(t, "2019-06-01").AddDate(0, 0, rapid.IntRange(0, 2500).Draw(t, "days"))
		n := rapid.IntRange(-60, 60).Draw(t, "n")
		to, err := c.Add(from, n)
		if err != nil {
			t.Fatal(err)
		}
		if on, err := c.IsWorkday(to); n != 0 && (err != nil || !on) {
			t.Fatalf("%s and %d working days is %s, which is not worked (%v)", from, n, to, err)
		}
		got, step := 0, 1
		if n < 0 {
			step = -1
		}
		for d := from; !d.Equal(to); {
			d = d.AddDate(0, 0, step)
			if on, err := c.IsWorkday(d); err != nil {
				t.Fatal(err)
			} else if on {
				got += step
			}
		}
		if got != n {
			t.Fatalf("from %s to %s: %d days are worked, want %d", from, to, got, n)
		}
	})
}

func TestHolidayShare(t *testing.T) {
	tests := []struct {
		name, from, to string
		days, holidays int
		names          string
		heavy          bool
	}{
		{"two weeks in September", "2023-09-11", "2023-09-24", 14, 0, "", false},
		{"two weeks with 国庆", "2023-09-26", "2023-10-09", 14, 8, "中秋节、国庆节", true},
		{"one day", "2023-04-05", "2023-04-05", 1, 1, "清明节", true},
		{"a week with 端午 and its weekend", "2024-06-05", "2024-06-11", 7, 3, "端午节", true},
		{"two weeks with 清明 of one day", "2023-04-01", "2023-04-14", 14, 1, "清明节", false},
		{"a third is not more than a third", "2024-06-08", "2024-06-16", 9, 3, "端午节", false},
		{"nothing", "2023-04-05", "2023-04-04", 0, 0, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Mainland().HolidayShare(day(t, tt.from), day(t, tt.to))
			if err != nil || s.Days != tt.days || s.Holidays != tt.holidays || strings.Join(s.Names, " ") != tt.names || s.Heavy() != tt.heavy {
				t.Errorf("%s to %s: got %+v, heavy %v, %v", tt.from, tt.to, s, s.Heavy(), err)
			}
		})
	}
}

func TestNextLongHoliday(t *testing.T) {
	tests := []struct {
		day     string
		atLeast int
		want    string
	}{
		{"2023-06-23", 5, "中秋节、国庆节 2023-09-29 2023-10-06"},
		{"2023-09-29", 5, "中秋节、国庆节 2023-09-29 2023-10-06"},
		{"2023-09-30", 3, "元旦 2023-12-30 2024-01-01"},
		{"2022-10-08", 7, "春节 2023-01-21 2023-01-27"},
	}
	for _, tt := range tests {
		h, err := Mainland().NextLongHoliday(day(t, tt.day), tt.atLeast)
		if got := h.Name + " " + h.From.Format(time.DateOnly) + " " + h.To.Format(time.DateOnly); err != nil || got != tt.want {
			t.Errorf("from %s, %d days: got %s, %v; want %s", tt.day, tt.atLeast, got, err, tt.want)
		}
	}
}

// A day outside the announced years is never guessed, and the error says what
// to do, in both languages.
func TestOutsideTheCalendar(t *testing.T) {
	c := Mainland()
	last := day(t, "2026-12-30")
	asked := map[string]error{}
	_, asked["IsWorkday"] = c.IsWorkday(day(t, "2018-12-31"))
	_, asked["Add"] = c.Add(last, 2)
	_, asked["Add backwards"] = c.Add(day(t, "2019-01-02"), -2)
	_, asked["HolidayShare"] = c.HolidayShare(day(t, "2018-12-20"), day(t, "2019-01-05"))
	_, asked["NextLongHoliday"] = c.NextLongHoliday(day(t, "2026-10-08"), 3)
	for name, err := range asked {
		var outside *RangeError
		if !errors.As(err, &outside) || outside.First != 2019 || outside.Last != 2026 {
			t.Errorf("%s: got %v", name, err)
		}
	}
	const want = "工作日历只有2019年至2026年，没有2027年1月1日；请按国务院办公厅当年的节假日安排通知，在城市配置目录的 calendar.txt 中补充"
	if err := asked["Add"].(*RangeError); err.Chinese() != want {
		t.Errorf("got %s, want %s", err.Chinese(), want)
	}
}

// A city may bring the next year, or correct one, without a new program.
func TestWithAnotherYear(t *testing.T) {
	next, err := Parse([]byte("2027 某号\n元旦 2026-12-31..01-03 上班 2026-12-27\n春节 02-05..02-11\n"))
	if err != nil {
		t.Fatal(err)
	}
	c := Mainland().With(next)
	for d, want := range map[string]bool{"2026-12-27": true, "2026-12-31": false, "2027-02-08": false, "2027-02-12": true, "2026-10-10": true} {
		if got, err := c.IsWorkday(day(t, d)); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", d, got, err, want)
		}
	}
	if on, err := Mainland().IsWorkday(day(t, "2026-12-31")); err != nil || !on {
		t.Errorf("the calendar that was added to has changed: %v, %v", on, err)
	}
	corrected, err := Parse([]byte("2026 更正\n元旦 01-01\n"))
	if err != nil {
		t.Fatal(err)
	}
	c = Mainland().With(corrected)
	for d, want := range map[string]bool{"2026-01-02": true, "2026-01-04": false, "2026-02-16": true, "2025-10-11": true} {
		if got, err := c.IsWorkday(day(t, d)); err != nil || got != want {
			t.Errorf("corrected, %s: got %v, %v; want %v", d, got, err, want)
		}
	}
}

func TestParseNamesEveryFault(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "no year; begin one with a line such as 2026 国办发明电〔2025〕7号"},
		{"元旦 01-01", "line 1: a holiday before any year; put a line with the year above it"},
		{"2026", "line 1: 2026 has no notice; write the document's number behind the year"},
		{"99 某号", "line 1: 99 is no year; write one like 2026"},
		{"2026 a\n2026 b", "line 2: 2026 stands twice; remove one"},
		{"2026 a\n元旦", "line 2: 元旦 has no days; write 02-15..02-23 behind it"},
		{"2026 a\n元旦 1月1日", `line 2: "1月1日" is no day of 2026; write 02-15`},
		{"2026 a\n元旦 02-30", `line 2: "02-30" is no day of 2026; write 02-15`},
		{"2026 a\n元旦 2020-01-01", `line 2: "2020-01-01" is no day of 2026; write 02-15`},
		{"2026 a\n春节 02-23..02-15", "line 2: 春节 from 02-23 to 02-15 lasts -7 days; correct its days"},
		{"2026 a\n春节 01-15..10-15", "line 2: 春节 from 01-15 to 10-15 lasts 274 days; correct its days"},
		{"2026 a\n元旦 01-01..01-03\n春节 01-03", "line 3: 元旦 and 春节 share a day; correct their days"},
		{"2026 a\n元旦 01-01 休 01-02", `line 2: "休 01-02" is not understood; write 上班 and the days that are worked`},
		{"2026 a\n元旦 01-01..01-03 上班 01-03", "2026-01-03 is worked and lies in 元旦; correct it"},
		{"2026 a\n元旦 01-01 上班 01-05", "line 2: 01-05 is no Saturday or Sunday and is worked anyway; correct it"},
	}
	for _, tt := range tests {
		if _, err := Parse([]byte(tt.text)); err == nil || err.Error() != tt.want {
			t.Errorf("%q: got %v, want %s", tt.text, err, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(calendar)
	f.Add([]byte("2026 a\n元旦 01-01..01-03 上班 01-04 # 说明\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse(data)
		if err != nil {
			return
		}
		first, last := c.Years()
		if first == 0 || last < first || c.years[last] == "" {
			t.Errorf("%q: years %d to %d", data, first, last)
		}
	})
}

// What a terminal would obey, or no editor shows, is no calendar.
func TestWhatIsNoPlainText(t *testing.T) {
	for _, text := range []string{"2027 \x1b[2J\n", "2027 x\n元\u202e旦 01-01\n", "2027 \xb9\xfa\n"} {
		_, err := Parse([]byte(text))
		if at := (*LineError)(nil); !errors.As(err, &at) || !strings.Contains(err.Error(), "UTF-8") {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

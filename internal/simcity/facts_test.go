package simcity

import (
	"strings"
	"testing"
)

func TestFactsErrorsNameTheirLine(t *testing.T) {
	tests := []struct {
		name, facts, want string
	}{
		{"unknown subject", "subjects:\n  trs/tzgg: {newest: 2022-08-29}\n  trs/nothing: {empty: true}\n", `facts.yaml:3:3: unknown subject "trs/nothing"`},
		{"unknown key of a subject", "subjects:\n  trs/tzgg:\n    newst: 2022-08-29\n", `facts.yaml:3:5: unknown field "newst"`},
		{"unknown key of the file", "posts: 2\nsubject: {}\n", `facts.yaml:2:1: unknown key "subject"`},
		{"unknown host", "hosts:\n  no.example: {down: true}\n", `facts.yaml:2:3: unknown host "no.example"`},
		{"unknown class", "cadence:\n  动态: 3\n", `facts.yaml:2:3: unknown class "动态"`},
		{"no day", "subjects:\n  trs/tzgg: {newest: 2022-02-30}\n", "facts.yaml:2:13: trs/tzgg: \"2022-02-30\" is no day"},
		{"unknown fault", "subjects:\n  trs/tzgg: {unreadable: broken}\n", "unknown kind of unreadable"},
		{"empty with items", "subjects:\n  trs/tzgg: {empty: true, newest: 2022-08-29}\n", "empty, and yet with items"},
		{"revived before it stopped", "subjects:\n  trs/tzgg: {newest: 2022-08-29, from: 2022-08-01}\n", "from is not after newest"},
		{"older items newer than listed ones", "subjects:\n  trs/tzgg: {items: [2022-08-29], before: 2022-09-01}\n", "is not between"},
		{"renamed column", "subjects:\n  trs/tzgg: {renamed: x}\n", "only an account can be renamed"},
		{"linked account", "subjects:\n  account:140300M019XL0001: {linked: x}\n", "only a column's items can be linked otherwise"},
		{"titled home page", "subjects:\n  trs: {titled: x}\n", "a home page can have a newest day"},
		{"absent column", "subjects:\n  trs/tzgg: {absent: true}\n", "only a section can be absent"},
		{"a home page without items", "subjects:\n  trs: {empty: true}\n", "a home page can have a newest day"},
		{"cadence of no days", "cadence:\n  人事: 0\n", "facts.yaml:2:7: want at least 1 day"},
		{"wrong type", "subjects:\n  trs/tzgg: {every: often}\n", "facts.yaml:2:"},
		{"a list", "- a\n", "facts.yaml:1:1: want a mapping"},
		{"broken YAML", "subjects: {\n", "facts.yaml: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := New(town(), []byte(tt.facts), Options{At: point})
			if err == nil {
				c.Close()
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("facts %q: error %v, want %q", tt.facts, err, tt.want)
			}
		})
	}
}

func TestAllFactErrorsAtOnce(t *testing.T) {
	_, err := New(town(), []byte("subjects:\n  a: {}\n  b: {}\n"), Options{At: point, FactsFile: "copy.yaml"})
	if err == nil || !strings.Contains(err.Error(), "copy.yaml:2:3:") || !strings.Contains(err.Error(), "copy.yaml:3:3:") {
		t.Errorf("two unknown subjects: %v; want both, with the file's name", err)
	}
}

func TestNoFactsIsACityThatPublishes(t *testing.T) {
	hc := client(t, start(t, town(), "", Options{}))
	if got := get(t, hc, "http://trs.test.gov.cn/tzgg/").status; got != 200 {
		t.Errorf("status %d, want 200", got)
	}
}

// A title stands in pages as the facts write it, markup and all.
func TestTitlesAndLinksOfFacts(t *testing.T) {
	hc := client(t, start(t, town(), "subjects:\n  trs/tzgg: {titled: '<b>甲', linked: 'javascript:1'}\n", Options{}))
	page := string(get(t, hc, "http://trs.test.gov.cn/tzgg/").body)
	if strings.Count(page, "<b>甲") < 10 || strings.Count(page, `href="javascript:1"`) < 10 {
		t.Errorf("the list is %s", page)
	}
}

func TestUnknownFamilyIsAnError(t *testing.T) {
	city := town()
	city.Carriers[0].CMS = "wordpress"
	if _, err := New(city, nil, Options{At: point}); err == nil || !strings.Contains(err.Error(), `no family "wordpress"`) {
		t.Errorf("error %v, want the family named", err)
	}
}

func TestTimeline(t *testing.T) {
	d := func(s string) factDay { return factDay(s) }
	tests := []struct {
		name   string
		fact   fact
		at     string
		newest string // "" for none
	}{
		{"stopped", fact{Newest: d("2022-08-29")}, "2023-09-27", "2022-08-29"},
		{"stopped, seen the day before", fact{Newest: d("2022-08-29"), Every: 1}, "2022-08-28", "2022-08-28"},
		{"revived", fact{Newest: d("2022-08-29"), From: d("2023-09-27")}, "2023-09-27", "2023-09-27"},
		{"not yet revived", fact{Newest: d("2022-08-29"), From: d("2023-09-27")}, "2023-09-26", "2022-08-29"},
		{"began", fact{From: d("2023-09-20"), Every: 30}, "2023-09-20", "2023-09-20"},
		{"before it began", fact{From: d("2023-09-20")}, "2023-09-19", ""},
		{"empty", fact{Empty: true}, "2023-09-27", ""},
		{"listed", fact{Items: []factDay{d("2023-01-29"), d("2023-01-05")}}, "2023-09-27", "2023-01-29"},
		{"listed, seen between", fact{Items: []factDay{d("2023-01-29"), d("2023-01-05")}}, "2023-01-28", "2023-01-05"},
		{"older than listed", fact{Items: []factDay{d("2023-01-29")}, Before: d("2022-12-22")}, "2023-01-28", "2022-12-22"},
		{"long before the epoch", fact{Newest: d("2012-03-01")}, "2023-09-27", "2012-03-01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := builder{}
			line := b.timeline(7, tt.fact, max(1, tt.fact.Every))
			n := line.count(endOf(d(tt.at).day()))
			got := ""
			if n > 0 {
				got = line.at(n - 1).day.time().Format("2006-01-02")
			}
			if got != tt.newest {
				t.Errorf("%+v at %s: newest %q, want %q", tt.fact, tt.at, got, tt.newest)
			}
			for k := 1; k < n; k++ {
				if line.at(k).before(line.at(k - 1)) {
					t.Fatalf("item %d at %v is older than the one before", k, line.at(k))
				}
			}
		})
	}
}

package inventory_test

import (
	"slices"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

func TestSubjectsInOrder(t *testing.T) {
	city := good(t, nil)
	var got []string
	for _, s := range city.Subjects(time.Date(2023, 9, 27, 1, 30, 0, 0, extract.Beijing)) {
		got = append(got, string(s.Kind)+" "+s.ID+" @"+s.Host)
	}
	want := []string{
		"site mx @www.mx.example.gov.cn:8443",
		"site mz @mz.example.gov.cn",
		"column mx/jyta @www.mx.example.gov.cn:8443",
		"column mx/ldhd @www.mx.example.gov.cn:8443",
		"column mx/rss.xml @www.mx.example.gov.cn:8443",
		"column mz/mzdt @mz.example.gov.cn",
		"column mz/tzgg @mz.example.gov.cn",
		"column xxgk/mx/zcwj @xxgk.example.gov.cn",
		"column xxgk/mz/gzdt/tzgggs @xxgk.example.gov.cn",
		"section mx/zdhy @www.mx.example.gov.cn:8443",
		"account account:140300M019XL0001 @rss.example",
		"account account:140300M019ZZ0001 @",
	}
	slices.Sort(got[7:9])
	if !slices.Equal(got, want) {
		t.Errorf("subjects\n got %q\nwant %q", got, want)
	}
}

func subject(t *testing.T, city *inventory.City, now time.Time, id string) inventory.Subject {
	t.Helper()
	for _, s := range city.Subjects(now) {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("no subject %s", id)
	return inventory.Subject{}
}

func TestTasks(t *testing.T) {
	city := good(t, nil)
	now := time.Date(2023, 9, 27, 1, 30, 0, 0, extract.Beijing)
	home := subject(t, city, now, "mz").Task
	if home.Question != extract.AskNewest || home.Method != "cms:trs" || home.Recipe.Item != "div.news li" || home.Home != "" {
		t.Errorf("home page: %+v; its home must be empty, or it would be taken for a column that fell back to it", home)
	}
	if want := []string{"mz.example.gov.cn", "zt.mz.example.gov.cn"}; !slices.Equal(home.Hosts, want) {
		t.Errorf("hosts %q, want %q", home.Hosts, want)
	}
	if c := subject(t, city, now, "mz/mzdt").Task; c.Home != "http://mz.example.gov.cn/" || !c.Since.IsZero() || c.Question != extract.AskNewest {
		t.Errorf("column: %+v", c)
	}
	if s := subject(t, city, now, "mx/zdhy").Task; s.Question != extract.AskSection || s.Section == nil || len(s.URLs) != 3 {
		t.Errorf("section: %+v", s)
	}
	for _, id := range []string{"mx/ldhd", "account:140300M019ZZ0001"} {
		if s := subject(t, city, now, id).Task; len(s.URLs) != 0 {
			t.Errorf("%s: urls %q, want none: no address is known, so it is planned and not looked at", id, s.URLs)
		}
	}
}

// A point in the first days of January belongs to the year before, and so
// proposals are read back to that year's beginning.
func TestProposalsAreReadSinceNewYear(t *testing.T) {
	city := good(t, nil)
	for now, want := range map[string]string{
		"2023-09-27T01:30:00+08:00": "2023-01-01",
		"2024-01-31T12:00:00+08:00": "2023-01-01",
		"2024-02-01T00:00:00+08:00": "2024-01-01",
		"2024-01-31T16:30:00Z":      "2024-01-01", // February already in Beijing
	} {
		moment, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		task := subject(t, city, moment, "mx/jyta").Task
		day, err := time.ParseInLocation(time.DateOnly, want, extract.Beijing)
		if err != nil {
			t.Fatal(err)
		}
		if task.Question != extract.AskSince || !task.Since.Equal(day) {
			t.Errorf("at %s: %s %v, want since %s", now, task.Question, task.Since, want)
		}
	}
}

func TestMatch(t *testing.T) {
	tests := []struct {
		glob, id string
		want     bool
	}{
		{"fgw", "fgw", true},
		{"fgw", "fgw/tzgg", false},
		{"xxgk/*", "xxgk/czj/gzdt/tzgggs", true},
		{"*/tzgggs", "xxgk/czj/gzdt/tzgggs", true},
		{"account:*XL*", "account:140300M019XL0001", true},
		{"fg?", "fgw", true},
		{"fg?", "fg", false},
		{"*", "", true},
		{"", "", true},
		{"a.c", "abc", false},
		{"[a-z]", "b", false},
		{"\xff*", "x", false},
		{"*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
	}
	for _, tt := range tests {
		if got := inventory.Match(tt.glob)(tt.id); got != tt.want {
			t.Errorf("%q on %q: got %t, want %t", tt.glob, tt.id, got, tt.want)
		}
	}
}

func TestLookups(t *testing.T) {
	city := good(t, nil)
	if u, ok := city.Unit("mz"); !ok || u.FullName != "某市民政局" {
		t.Errorf("unit mz: %+v, %t", u, ok)
	}
	if u, ok := city.Unit("mx"); !ok || u.FullName != "某县人民政府" {
		t.Errorf("unit mx: %+v, %t; without a full name its name stands in", u, ok)
	}
	if _, ok := city.Unit("none"); ok {
		t.Error("found a unit that is not there")
	}
	if _, ok := city.Carrier("none"); ok {
		t.Error("found a carrier that is not there")
	}
	if n := len(city.Sites()); n != 2 {
		t.Errorf("%d sites, want 2: a platform is none", n)
	}
}

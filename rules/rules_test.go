package rules

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// shipped reads the rule sets that come with the program.
func shipped(t testing.TB) []inventory.File {
	t.Helper()
	names, err := filepath.Glob("../configs/rulesets/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("rule sets: %v %v", names, err)
	}
	var files []inventory.File
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, inventory.File{Name: "rulesets/" + filepath.Base(name), Data: data})
	}
	return files
}

func ruleSet(t testing.TB, id string) *RuleSet {
	t.Helper()
	set, err := Parse(shipped(t), id)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// point is 24:00 of 2023-09-27 in Beijing, and night a look in the night before.
var (
	point = at("2023-09-28 00:00")
	night = at("2023-09-27 01:30")
)

// at reads a minute, and day a day, in Beijing.
func at(s string) time.Time { return when("2006-01-02 15:04", s) }

func day(s string) time.Time { return when(time.DateOnly, s) }

func when(layout, s string) time.Time {
	t, err := time.ParseInLocation(layout, s, extract.Beijing)
	if err != nil {
		return time.Time{}
	}
	return t
}

func shown(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// listed is a reading of a list with items of these days.
func listed(days ...string) extract.Reading {
	r := extract.Reading{Outcome: extract.Dated}
	for i, d := range days {
		date := extract.Date{Time: day(d)}
		r.Items = append(r.Items, extract.Item{Title: "第" + d + "条", Date: date})
		if date.Time.After(r.Newest.Time) {
			r.Newest, r.NewestItem = date, i
		}
	}
	return r
}

func atLeast(days ...string) extract.Reading {
	r := listed(days...)
	r.AtLeast = true
	return r
}

// whole is a reading of a list to its end.
func whole(days ...string) extract.Reading {
	r := listed(days...)
	r.Complete = true
	return r
}

func unread(reason extract.Reason) extract.Reading {
	return extract.Reading{Outcome: extract.Unread, Reason: reason}
}

var emptyList = extract.Reading{Outcome: extract.Empty, Complete: true}

func look(t time.Time, r extract.Reading) Look {
	return Look{At: t, Round: t.Format("20060102-1504"), Reading: r}
}

// A town is a small city under the rule set of 阳泉: a department's site, a
// county's portal and the disclosure platform.
type town struct {
	Input
}

func newTown(t testing.TB) *town {
	t.Helper()
	return &town{Input{
		City: &inventory.City{
			Units: []inventory.Unit{
				{ID: "fgw", Level: inventory.LevelDepartment},
				{ID: "pd", Level: inventory.LevelCounty},
				{ID: "yq", Level: inventory.LevelCity},
			},
			Carriers: []inventory.Carrier{
				{ID: "fgw", Kind: inventory.Site, Unit: "fgw"},
				{ID: "pd", Kind: inventory.Site, Unit: "pd"},
				{ID: "xxgk", Kind: inventory.DisclosurePlatform, Unit: "yq"},
			},
		},
		RuleSet: ruleSet(t, "yangquan-2023"),
		Looks:   map[string][]Look{"fgw": {look(night, listed("2023-09-26"))}, "pd": {look(night, listed("2023-09-26"))}},
		Point:   point,
	}}
}

// column adds a column to a carrier, of a class and read by one look tonight.
func (w *town) column(carrier, name string, class inventory.Class, looks ...Look) string {
	for i := range w.City.Carriers {
		c := &w.City.Carriers[i]
		if c.ID != carrier {
			continue
		}
		col := inventory.Column{
			ID: fmt.Sprintf("%s/%d", carrier, len(c.Columns)), Unit: c.Unit, Carrier: carrier, Name: name, Class: class,
		}
		if c.Kind == inventory.Site {
			col.CountsTo = carrier
		}
		c.Columns = append(c.Columns, col)
		w.Looks[col.ID] = looks
		return col.ID
	}
	return ""
}

func (w *town) account(platform inventory.Platform, name string, looks ...Look) string {
	a := inventory.Account{Code: fmt.Sprintf("140300M010XL%04d", len(w.City.Accounts)), Platform: platform, Name: name, Unit: "fgw"}
	w.City.Accounts = append(w.City.Accounts, a)
	w.Looks[a.ID()] = looks
	return a.ID()
}

func (w *town) section(looks ...Look) {
	c := &w.City.Carriers[1]
	c.Sections = append(c.Sections, inventory.Section{
		ID: "pd/zdhy", Unit: "pd", Carrier: "pd",
		Spec: extract.SectionSpec{Name: "重大会议信息", Parts: []extract.PartSpec{{Name: "政府全体会议"}, {Name: "常务会议"}}},
	})
	w.Looks["pd/zdhy"] = looks
}

func (w *town) judgeOf() *judge { return newJudge(w.Input) }

func (w *town) judge() Result { return Judge(w.Input) }

// state returns the state of a column by one indicator.
func state(t *testing.T, r ColumnResult, indicator string) IndicatorState {
	t.Helper()
	for _, s := range r.States {
		if s.Indicator == indicator {
			return s
		}
	}
	t.Fatalf("column %s has no state by %s: %+v", r.Column.ID, indicator, r.States)
	return IndicatorState{}
}

func findingsOf(r Result) []string {
	var ids []string
	for _, f := range r.Findings {
		ids = append(ids, f.Subject+" "+f.Indicator)
	}
	return ids
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// plain writes a result out with the looks it points to.
func plain(r Result) string {
	data, err := json.Marshal(r)
	return fmt.Sprint(string(data), err)
}

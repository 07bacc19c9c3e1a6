package inventory_test

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"xuncha/configs"
	"xuncha/extract"
	"xuncha/inventory"
)

// date returns a Beijing day.
func date(t *testing.T, text string) time.Time {
	t.Helper()
	day, err := time.ParseInLocation(time.DateOnly, text, extract.Beijing)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func TestEntriesAreWrittenAsAPersonWould(t *testing.T) {
	works := false
	tests := []struct{ name, got, want string }{
		{"a unit that says no more than it must", inventory.UnitYAML(inventory.Unit{ID: "fgw", Name: "市发改委", FullName: "市发改委", Level: inventory.LevelDepartment}),
			"- id: fgw\n  name: 市发改委\n  level: department\n"},
		{"a unit with everything", inventory.UnitYAML(inventory.Unit{
			ID: "fgw", Name: "市发改委", FullName: "某市发改委", Aliases: []string{"发改委", "计委: 旧"}, Superior: "sz", District: "140300",
			Level: inventory.LevelDepartment, From: date(t, "2019-01-01"), To: date(t, "2029-12-31"),
		}),
			"- id: fgw\n  name: 市发改委\n  full_name: 某市发改委\n  aliases: [发改委, \"计委: 旧\"]\n  superior: sz\n  district: \"140300\"\n  level: department\n  from: 2019-01-01\n  to: 2029-12-31\n"},
		{"an account in order", inventory.AccountYAML(inventory.Account{
			Code: "140300M019XL0001", Platform: inventory.Weibo, Name: "某市民政", Unit: "mz", UID: "1000000001",
			States: []inventory.AccountSpell{{State: inventory.StateNormal}},
		}),
			"- code: \"140300M019XL0001\"\n  platform: weibo\n  name: 某市民政\n  unit: mz\n  uid: \"1000000001\"\n"},
		{"an account since a day", inventory.AccountYAML(inventory.Account{
			Code: "140300M019XL0001", Platform: inventory.Weibo, Name: "某市民政", Unit: "mz",
			States: []inventory.AccountSpell{{State: inventory.StateFrozen, From: date(t, "2023-08-01")}},
		}),
			"- code: \"140300M019XL0001\"\n  platform: weibo\n  name: 某市民政\n  unit: mz\n  state: 冻结\n  since: 2023-08-01\n"},
		{"an account with everything", inventory.AccountYAML(inventory.Account{
			Code: "140300M019WX0001", Platform: inventory.Wechat, Name: "某市民政", Unit: "mz", Supervisor: "sz", Owner: "某市民政局", UID: "MzA=", Album: "1",
			States: []inventory.AccountSpell{{State: inventory.StateNormal}, {State: inventory.StateCancelled, From: date(t, "2023-08-01")}},
			Home:   "https://a.example/", Feed: "http://b.example/f", FeedWhole: true, Kinds: []extract.SourceKind{extract.FromFeed, extract.FromLink},
		}),
			"- code: \"140300M019WX0001\"\n  platform: wechat\n  name: 某市民政\n  unit: mz\n  supervisor: sz\n  owner: 某市民政局\n  uid: \"MzA=\"\n  album: \"1\"\n" +
				"  states:\n    - {state: 正常}\n    - {state: 注销, from: 2023-08-01}\n  home: https://a.example/\n  feed: http://b.example/f\n  feed_whole: true\n  sources: [feed, link]\n"},
		{"a column", inventory.ColumnYAML(inventory.Column{ID: "mz/tzgg", Name: "通知公告", Class: inventory.ClassNotice, URLs: []string{"/tzgg/"}}),
			"  - name: 通知公告\n    class: 通知公告\n    url: /tzgg/\n"},
		{"a column with everything", inventory.ColumnYAML(inventory.Column{
			ID: "mz/jyta", Unit: "mz", Name: "工作--建议", Class: inventory.ClassProposals, URLs: []string{"/a/", "/b/"}, OnDemand: true, CountsTo: "none",
			Recipe: extract.Recipe{Item: "li"},
		}),
			"  - unit: mz\n    name: 工作--建议\n    class: 建议提案\n    url: [/a/, /b/]\n    id: jyta\n    on_demand: true\n    counts_to: none\n    item: li\n"},
		{"a column whose address nobody knows", inventory.ColumnYAML(inventory.Column{ID: "mz/x", Name: "通知", Class: inventory.ClassNotice}),
			"  - name: 通知\n    class: 通知公告\n    id: x\n    confirmed: false\n"},
		{"a person's word", inventory.SubmissionYAML(inventory.Submission{
			Account: "140300M019WX0001", By: "民政局 张某", Date: date(t, "2023-09-20"), Posted: date(t, "2023-09-19"), Picture: "shots/1.png",
			CheckedBy: "督查科", CheckedOn: date(t, "2023-09-21"),
		}),
			"- account: \"140300M019WX0001\"\n  by: 民政局 张某\n  date: 2023-09-20\n  posted: 2023-09-19\n  screenshot: shots/1.png\n  checked: {by: 督查科, date: 2023-09-21}\n"},
		{"an app that does not open", inventory.SubmissionYAML(inventory.Submission{Account: "1", By: "某", Date: date(t, "2023-09-20"), Works: &works}),
			"- account: \"1\"\n  by: 某\n  date: 2023-09-20\n  works: false\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", tt.got, tt.want)
			}
		})
	}
}

// What is written is read as it was.
func TestWrittenCarriersAreRead(t *testing.T) {
	c := inventory.Carrier{
		Kind: inventory.DisclosurePlatform, Unit: "mz", Name: "平台 #1", Home: "http://p.example.gov.cn/", Hosts: []string{"a.example.gov.cn:8080"}, CMS: "trs",
		RobotsOverride: "某办 1号", Columns: []inventory.Column{{ID: "p/tz/gg", Unit: "民政局", Name: "通知: 公告", Class: inventory.ClassNotice, URLs: []string{"/tz/gg/"}}},
	}
	text := inventory.CarrierYAML(c)
	got, ok := good(t, map[string]string{"sites/p.yaml": text}).Carrier("p")
	if !ok || got.Name != c.Name || got.Kind != c.Kind || got.CMS != "trs" || got.Hosts[0] != c.Hosts[0] || got.RobotsOverride != c.RobotsOverride {
		t.Errorf("%+v from\n%s", got, text)
	}
	if len(got.Columns) != 1 || got.Columns[0].ID != "p/tz/gg" || got.Columns[0].Unit != "mz" {
		t.Errorf("columns %+v from\n%s", got.Columns, text)
	}
	site := inventory.CarrierYAML(inventory.Carrier{Kind: inventory.Site, Unit: "mz", Name: "站", Code: "1403000099", Portal: true, Navigation: true})
	if want := "unit: mz\nname: 站\ncode: \"1403000099\"\nconfirmed: false\nportal: true\nnavigation: true\n"; strings.TrimSpace(site) != strings.TrimSpace(want) {
		t.Errorf("got\n%swant\n%s", site, want)
	}
}

// What is exported and taken in again is the same registry.
func TestWrittenRegistryIsReadAsItWas(t *testing.T) {
	demo := shipped(t, "demo")
	var units, registered strings.Builder
	for _, u := range demo.Units {
		units.WriteString(inventory.UnitYAML(u))
	}
	for _, a := range demo.Accounts {
		registered.WriteString(inventory.AccountYAML(a))
	}
	merged := overlay(t, "testdata/good")
	for name := range merged {
		if strings.HasPrefix(name, "sites/") || strings.HasPrefix(name, "registers/") || strings.HasPrefix(name, "platforms/") {
			delete(merged, name)
		}
	}
	merged["units.yaml"] = &fstest.MapFile{Data: []byte(units.String())}
	merged["accounts.yaml"] = &fstest.MapFile{Data: []byte(registered.String())}
	merged["city.yaml"] = &fstest.MapFile{Data: []byte("name: 某市\noffice: 某办\nrule_set: local\ncrawl: {user_agent: \"X (+https://a.example/)\"}\n")}
	files, err := inventory.ReadFiles(merged, configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	city, err := inventory.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(city.Units, demo.Units) {
		t.Errorf("units %+v, want %+v", city.Units, demo.Units)
	}
	for i := range demo.Accounts {
		was := demo.Accounts[i]
		was.Sources, city.Accounts[i].Sources = nil, nil // of the city around it
		if !reflect.DeepEqual(city.Accounts[i], was) {
			t.Errorf("account %+v, want %+v", city.Accounts[i], was)
		}
	}
}

package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

func TestCensus(t *testing.T) {
	w := newTown(t)
	w.RuleSet = ruleSet(t, "census-2015")
	for range 4 {
		w.column("fgw", "动态", inventory.ClassNews, look(night, listed("2023-09-12")))
	}
	w.column("fgw", "公告--公示", inventory.ClassNotice, look(night, listed("2023-03-26")))
	w.column("fgw", "人事", inventory.ClassPersonnel, look(night, listed("2022-09-26")))
	w.column("fgw", "规划", inventory.ClassPlan, look(night, listed("2022-09-27")))
	w.account(inventory.Weibo, "一", look(night, listed("2020-01-01")))
	res := w.judge()
	if got := res.Sites[0]; got.Verdict != Fail || got.Reasons[0] != "动态、要闻类栏目超过2周和通知公告、政策文件类栏目超过6个月未更新，累计5个" {
		t.Errorf("in 2015 columns of every level were counted: %s %v", got.Verdict, got.Reasons)
	}
	points := 0
	for _, f := range res.Findings {
		if f.Effect == EffectDeduct {
			points += w.RuleSet.Indicator(f.Indicator).Points
		}
	}
	if points != 4*3+4+5 {
		t.Errorf("%d points off: %v", points, findingsOf(res))
	}
	if got := res.Accounts[0]; got.Verdict != Pass || got.State != Fresh {
		t.Errorf("the census asked nothing of accounts: %s %s", got.State, got.Verdict)
	}
}

// The figures of the rule of truth are the rule set's, not the code's.
func TestLookRulesAndMarginAreTheRuleSets(t *testing.T) {
	tests := []struct {
		name   string
		change func(*RuleSet)
		looks  []Look
		want   State
		agree  int
	}{
		{"a longer interval before", func(s *RuleSet) { s.Before = 96 * time.Hour }, []Look{look(at("2023-09-24 00:00"), listed("2023-06-20"))}, Stale, 1},
		{"a shorter one", func(s *RuleSet) { s.Before = time.Hour }, []Look{look(night, listed("2023-06-20"))}, Unknown, 0},
		{"a longer interval after", func(s *RuleSet) { s.After = 48 * time.Hour }, []Look{look(at("2023-09-29 23:00"), listed("2023-06-20"))}, Stale, 1},
		{"looks further apart", func(s *RuleSet) { s.Apart = 24 * time.Hour }, []Look{
			look(at("2023-09-26 01:30"), listed("2023-06-20")), look(at("2023-09-26 23:30"), listed("2023-06-20")), look(night, listed("2023-06-20")),
		}, Stale, 2},
		{"no margin", func(s *RuleSet) { s.Margin = 0 }, []Look{look(night, listed("2023-09-13"))}, Fresh, 1},
		{"a wide margin", func(s *RuleSet) { s.Margin = 14 }, []Look{look(night, listed("2023-09-26"))}, Due, 1},
		{"another window", func(s *RuleSet) { s.Indicator("national.V4.dynamic").Window = Window{Days: 1} }, []Look{look(night, listed("2023-09-25"))}, Stale, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			tt.change(w.RuleSet)
			w.column("fgw", "动态", inventory.ClassNews, tt.looks...)
			if got := w.judge().Columns[0]; got.State != tt.want || got.Looks != tt.agree {
				t.Errorf("got %s, %d looks; want %s, %d", got.State, got.Looks, tt.want, tt.agree)
			}
		})
	}
}

func TestWhatIsNotConfirmedIsShownAndNotEnforced(t *testing.T) {
	w := newTown(t)
	for _, id := range []string{"national.V4.dynamic", "yangquan.posts.week"} {
		w.RuleSet.Indicator(id).Confirmed, w.RuleSet.Indicator(id).Effect = false, EffectHint
	}
	for range 5 {
		w.column("fgw", "动态", inventory.ClassNews, look(night, listed("2023-06-20")))
	}
	w.account(inventory.Weibo, "一", look(night, listed("2023-09-19")))
	res := w.judge()
	if res.Sites[0].Verdict != Pass || res.Columns[0].State != Stale {
		t.Errorf("got %s, column %s", res.Sites[0].Verdict, res.Columns[0].State)
	}
	if a := res.Accounts[0]; a.Verdict != Pass || len(a.States) != 3 {
		t.Errorf("an unconfirmed week replaces nothing: %s %+v", a.Verdict, a.States)
	}
	for _, f := range res.Findings {
		if f.Effect != EffectHint {
			t.Errorf("%s fails %s with effect %s", f.Subject, f.Indicator, f.Effect)
		}
	}
	if len(res.Findings) != 6 {
		t.Errorf("hints %v", findingsOf(res))
	}
}

func TestResultsStandInTheOrderOfTheInventory(t *testing.T) {
	w := newTown(t)
	w.column("xxgk", "通知公告", inventory.ClassNotice, look(night, listed("2023-08-23")))
	w.column("fgw", "乙", inventory.ClassNews, look(night, listed("2023-08-23")))
	w.column("fgw", "甲", inventory.ClassNews, look(night, listed("2023-08-23")))
	w.section(look(night, extract.Reading{Outcome: extract.Absent}))
	w.account(inventory.Weibo, "二", look(night, listed("2023-08-23")))
	w.account(inventory.Weibo, "一", look(night, listed("2023-08-23")))
	res := w.judge()
	var order []string
	for _, c := range res.Columns {
		order = append(order, c.Column.ID)
	}
	for _, s := range res.Sites {
		order = append(order, s.Carrier.ID)
	}
	for _, a := range res.Accounts {
		order = append(order, a.Account.Name)
	}
	if got := strings.Join(order, " "); got != "fgw/0 fgw/1 xxgk/0 fgw pd 二 一" {
		t.Errorf("got %s", got)
	}
	if found := findingsOf(res); !slices.IsSorted(found) || len(found) != 7 {
		t.Errorf("findings %v", found)
	}
}

func TestFindingsKeepTheirNames(t *testing.T) {
	w := newTown(t)
	w.column("fgw", "动态", inventory.ClassNews, look(night, listed("2023-06-20")))
	first := w.judge().Findings[0]
	w.Looks["fgw/0"] = []Look{look(at("2023-12-27 01:30"), listed("2023-06-21"))}
	w.Point = at("2023-12-28 00:00")
	again := w.judge().Findings[0]
	if first.ID != again.ID || first.ID != findingID("fgw/0", "national.V4.dynamic") || first.ID == findingID("fgw/1", "national.V4.dynamic") {
		t.Errorf("in one quarter %s, in the next %s", first.ID, again.ID)
	}
}

func TestPublicityIsTheIndicators(t *testing.T) {
	w := newTown(t)
	w.Registers = []inventory.Entry{
		province("fgw", "national.V1.safety", "2023-09-15", "严重表述错误"),
		province("pd", "national.V5.interaction", "2023-09-15", "留言未答复"),
	}
	want := map[string]string{"fgw": "概述不点名", "pd": "点名"}
	for _, f := range w.judge().Findings {
		if f.Publicity != want[f.Subject] {
			t.Errorf("%s: %s", f.Subject, f.Publicity)
		}
	}
}

func TestSectionsAndColumnsTakeRegisterEntries(t *testing.T) {
	w := newTown(t)
	w.section(look(night, extract.Reading{Outcome: extract.Absent}))
	w.column("pd", "建议提案", inventory.ClassProposals, look(night, unread(extract.ReasonDown)))
	w.Registers = []inventory.Entry{
		province("pd/zdhy", "yangquan.section.meetings", "2023-09-15", "未开设"),
		province("pd/0", "yangquan.proposals.year", "2023-09-15", "未更新"),
	}
	var got []string
	for _, f := range w.judge().Findings {
		got = append(got, fmt.Sprint(f.Subject, " ", f.Sources, " ", f.Status, " ", f.Text))
	}
	want := []string{"pd/0 [上级通报] 认定 未更新", "pd/zdhy [巡查 上级通报] 认定 疑似未开设重大会议信息栏目"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func ExampleRate() {
	fmt.Println(Rate(33, 2, 1), Rate(91, 5, 1), Rate(91, 5, 2))
	// Output: 93.9 94.5 94.51
}

func ExampleWindow_Start() {
	day := time.Date(2023, 9, 27, 0, 0, 0, 0, extract.Beijing)
	for _, w := range []Window{{Days: 14}, {Months: 6}, {Years: 1}} {
		fmt.Println(w, w.Start(day).Format(time.DateOnly))
	}
	// Output:
	// P14D 2023-09-13
	// P6M 2023-03-27
	// P1Y 2022-09-27
}

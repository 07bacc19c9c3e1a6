package rules

import (
	"strings"
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
)

// The rule of truth for one column of 动态要闻 (two weeks, so from 2023-09-13
// on) at the point 2023-09-28 00:00.
func TestWhichLooksCount(t *testing.T) {
	tests := []struct {
		name   string
		looks  []Look
		state  State
		reason extract.Reason
		newest string
		agree  int
	}{
		{"never looked at", nil, Unknown, extract.ReasonNotLooked, "", 0},
		{"an item today", []Look{look(night, listed("2023-09-27"))}, Fresh, "", "2023-09-27", 1},
		{"the first day of the window is inside, and 临期", []Look{look(night, listed("2023-09-13"))}, Due, "", "2023-09-13", 1},
		{"the day before is outside", []Look{look(night, listed("2023-09-12"))}, Stale, "", "2023-09-12", 1},
		{"临期 ends with the margin", []Look{look(night, listed("2023-09-16"))}, Fresh, "", "2023-09-16", 1},
		{"临期 within the margin", []Look{look(night, listed("2023-09-15"))}, Due, "", "2023-09-15", 1},
		{"pinned item first", []Look{look(night, listed("2020-01-01", "2023-09-26", "2023-09-20"))}, Fresh, "", "2023-09-26", 1},
		{"an empty list", []Look{look(night, emptyList)}, Blank, "", "", 1},
		{"a lost list is not an empty one", []Look{look(night, unread(extract.ReasonLost))}, Unknown, extract.ReasonLost, "", 0},
		{"down without a word", []Look{look(night, extract.Reading{Outcome: extract.Unread})}, Unknown, extract.ReasonDown, "", 0},

		{"a lower bound clears", []Look{look(night, atLeast("2023-09-20"))}, Fresh, "", "2023-09-20", 1},
		{"a lower bound never accuses", []Look{look(night, atLeast("2023-06-20"))}, Unknown, extract.ReasonUndated, "", 0},
		{"undated with one date clears", []Look{look(night, extract.Reading{
			Outcome: extract.Unread, Reason: extract.ReasonUndated, Newest: extract.Date{Time: day("2023-09-20")},
		})}, Fresh, "", "2023-09-20", 1},
		{"undated with one old date says nothing", []Look{look(night, extract.Reading{
			Outcome: extract.Unread, Reason: extract.ReasonUndated, Newest: extract.Date{Time: day("2023-06-20")},
		})}, Unknown, extract.ReasonUndated, "", 0},
		{"another column's list clears nothing", []Look{look(night, extract.Reading{
			Outcome: extract.Unread, Reason: extract.ReasonLost, Newest: extract.Date{Time: day("2023-09-20")},
		})}, Unknown, extract.ReasonLost, "", 0},
		{"stale, then a lower bound leaves doubt", []Look{
			look(night, listed("2023-06-20")), look(at("2023-09-27 03:00"), atLeast("2023-06-20")),
		}, Unknown, extract.ReasonUndated, "", 0},
		{"a lower bound, then stale", []Look{
			look(night, atLeast("2023-06-20")), look(at("2023-09-27 03:00"), listed("2023-06-20")),
		}, Stale, "", "2023-06-20", 1},

		{"48 hours before still accuses", []Look{look(at("2023-09-26 00:00"), listed("2023-06-20"))}, Stale, "", "2023-06-20", 1},
		{"a minute earlier does not", []Look{look(at("2023-09-25 23:59"), listed("2023-06-20"))}, Unknown, extract.ReasonNotLooked, "", 0},
		{"24 hours after still accuses", []Look{look(at("2023-09-29 00:00"), listed("2023-06-20"))}, Stale, "", "2023-06-20", 1},
		{"a minute later does not count at all", []Look{look(at("2023-09-29 00:01"), listed("2023-06-20"))}, Unknown, extract.ReasonNotLooked, "", 0},
		{"fresh rests on a look two weeks old", []Look{look(at("2023-09-14 01:30"), listed("2023-09-14"))}, Due, "", "2023-09-14", 1},
		{"and stays so while the list is down", []Look{
			look(at("2023-09-18 01:30"), listed("2023-09-17")), look(night, unread(extract.ReasonDown)),
		}, Fresh, "", "2023-09-17", 1},
		{"an old good look accuses nobody while the list is down", []Look{
			look(at("2023-09-18 01:30"), listed("2023-06-20")), look(night, unread(extract.ReasonDown)),
		}, Unknown, extract.ReasonDown, "", 0},
		{"a good look inside the interval accuses though a later one failed", []Look{
			look(night, listed("2023-06-20")), look(at("2023-09-27 03:00"), unread(extract.ReasonDown)),
		}, Stale, "", "2023-06-20", 1},

		{"published after the point: left out", []Look{look(at("2023-09-28 01:30"), listed("2023-09-28", "2023-06-20"))}, Stale, "", "2023-06-20", 1},
		{"only items after the point: not known what stood there", []Look{look(at("2023-09-28 01:30"), listed("2023-09-28"))}, Unknown, extract.ReasonPartial, "", 0},
		{"a later look that is fresher clears", []Look{
			look(night, listed("2023-06-20")), look(at("2023-09-27 23:00"), listed("2023-09-27", "2023-06-20")),
		}, Fresh, "", "2023-09-27", 1},
		{"the greatest date among the looks", []Look{
			look(night, listed("2023-06-20")), look(at("2023-09-27 23:00"), listed("2023-07-01")),
		}, Stale, "", "2023-07-01", 2},
		{"an item withdrawn since still clears", []Look{
			look(at("2023-09-20 01:30"), listed("2023-09-18")), look(night, listed("2023-06-20")),
		}, Fresh, "", "2023-09-18", 1},
		{"one withdrawn that was old changes nothing", []Look{
			look(at("2023-09-20 01:30"), listed("2023-08-18")), look(night, listed("2023-06-20")),
		}, Stale, "", "2023-06-20", 1},
		{"items once, an empty list twice", []Look{look(night, listed("2023-06-20")), look(at("2023-09-27 03:00"), emptyList)}, Stale, "", "2023-06-20", 1},

		{"two nights agree", []Look{look(at("2023-09-26 01:30"), listed("2023-06-20")), look(night, listed("2023-06-20"))}, Stale, "", "2023-06-20", 2},
		{"under an hour apart is one look", []Look{look(night, listed("2023-06-20")), look(at("2023-09-27 02:29"), listed("2023-06-20"))}, Stale, "", "2023-06-20", 1},
		{"an hour apart is two", []Look{look(night, listed("2023-06-20")), look(at("2023-09-27 02:30"), listed("2023-06-20"))}, Stale, "", "2023-06-20", 2},
		{"two empty looks agree", []Look{look(night, emptyList), look(at("2023-09-27 02:30"), emptyList)}, Blank, "", "", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			w.column("fgw", "发改动态", inventory.ClassNews, tt.looks...)
			res := w.judge()
			got := res.Columns[0]
			if got.State != tt.state || got.Reason != tt.reason || shown(got.Newest.Time) != tt.newest || got.Looks != tt.agree {
				t.Errorf("got %s %s newest %s, %d looks agree; want %s %s newest %s, %d",
					got.State, got.Reason, shown(got.Newest.Time), got.Looks, tt.state, tt.reason, tt.newest, tt.agree)
			}
			if accused := len(res.Findings) > 0; accused != (tt.state == Stale || tt.state == Blank) {
				t.Errorf("state %s with findings %v", got.State, findingsOf(res))
			}
		})
	}
}

// The column of the contract's sample: one list, two windows, no site.
func TestColumnOfTheDisclosurePlatform(t *testing.T) {
	w := newTown(t)
	w.column("xxgk", "工作动态--通知公告公示", inventory.ClassNotice,
		look(at("2023-09-26 01:37"), listed("2023-06-20")), look(at("2023-09-27 01:37"), listed("2023-06-20")))
	res := w.judge()
	col := res.Columns[0]
	local := state(t, col, "yangquan.disclosure.dynamic")
	if local.State != Stale || local.Window != "P14D" || shown(local.WindowStart) != "2023-09-13" || shown(local.StaleSince) != "2023-07-05" || local.Effect != EffectNotice {
		t.Errorf("by the city: %+v", local)
	}
	national := state(t, col, "national.V4.notice")
	if national.State != Fresh || national.Window != "P6M" || shown(national.WindowStart) != "2023-03-27" || shown(national.StaleOn) != "2023-12-21" || national.Effect != EffectVeto {
		t.Errorf("by the nation: %+v", national)
	}
	if col.State != Stale || col.Looks != 2 || col.NewestTitle != "第2023-06-20条" {
		t.Errorf("the strictest: %+v", col)
	}
	if len(res.Findings) != 1 {
		t.Fatalf("findings %v", findingsOf(res))
	}
	f := res.Findings[0]
	if f.Text != "动态类栏目超过2周未更新，最近更新时间2023-06-20" || f.Effect != EffectNotice || f.Status != "疑似" || f.Publicity != "点名" ||
		!f.Preliminary || shown(f.Since) != "2023-07-05" || strings.Join(f.Sources, "") != "巡查" || len(f.ID) != 16 ||
		!strings.Contains(f.Basis, "要保证监测时间点前2周内要有更新") {
		t.Errorf("finding %+v", f)
	}
}

func TestWhichColumnsTheCityAsksTwoWeeksOf(t *testing.T) {
	tests := []struct {
		carrier, name string
		class         inventory.Class
		want          bool
	}{
		{"xxgk", "工作动态--双公示", inventory.ClassOther, true},
		{"xxgk", "领导动态--领导活动", inventory.ClassLeaders, true},
		{"xxgk", "通知公告", inventory.ClassNotice, true},
		{"xxgk", "政策文件", inventory.ClassPolicy, false},
		{"xxgk", "工作动态", inventory.ClassNews, false},
		{"fgw", "工作动态--双公示", inventory.ClassOther, false},
	}
	for _, tt := range tests {
		w := newTown(t)
		w.column(tt.carrier, tt.name, tt.class, look(night, listed("2023-09-12")))
		got := false
		for _, f := range w.judge().Findings {
			got = got || f.Indicator == "yangquan.disclosure.dynamic"
		}
		if got != tt.want {
			t.Errorf("%s on %s: named %v, want %v", tt.name, tt.carrier, got, tt.want)
		}
	}
}

func TestVetoThatCountsToNoSiteIsAHint(t *testing.T) {
	w := newTown(t)
	w.column("xxgk", "工作动态--日常工作动态", inventory.ClassNews, look(night, listed("2023-01-03")))
	w.column("xxgk", "政策文件", inventory.ClassPolicy, look(night, listed("2022-01-03")))
	w.column("fgw", "公告--公示", inventory.ClassNotice, look(night, listed("2022-01-03")))
	w.column("fgw", "公告", inventory.ClassNotice, look(night, listed("2022-01-03")))
	var got []string
	for _, f := range w.judge().Findings {
		got = append(got, f.Subject+" "+f.Indicator+" "+string(f.Effect))
	}
	want := "fgw/0 national.V4.notice hint\nfgw/1 national.V4.notice veto\n" +
		"xxgk/0 yangquan.disclosure.dynamic notice\nxxgk/1 national.V4.notice hint"
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

func TestColumnOnDemandIsShownAndNotAccused(t *testing.T) {
	w := newTown(t)
	for range 6 {
		w.column("fgw", "动态", inventory.ClassNews, look(night, listed("2023-06-20")))
	}
	for i := range w.City.Carriers[0].Columns {
		w.City.Carriers[0].Columns[i].OnDemand = true
	}
	res := w.judge()
	if s := state(t, res.Columns[0], "national.V4.dynamic"); s.State != Stale || s.Effect != EffectHint {
		t.Errorf("state %+v", s)
	}
	if len(res.Findings) != 0 || res.Sites[0].Verdict != Pass {
		t.Errorf("verdict %s, findings %v", res.Sites[0].Verdict, findingsOf(res))
	}
}

func TestWithdrawnItemIsToldToPeople(t *testing.T) {
	w := newTown(t)
	w.column("fgw", "发改动态", inventory.ClassNews, look(at("2023-09-20 01:30"), listed("2023-09-18")), look(night, listed("2023-06-20")))
	got := w.judge().Columns[0].Note
	if got != "2023-09-27巡查时，列表中已没有日期为2023-09-18的信息，请核实是否撤下或改期" {
		t.Errorf("note %q", got)
	}
}

func TestUnknownShowsTheNewestLookAndTheLastGoodOne(t *testing.T) {
	w := newTown(t)
	w.column("fgw", "发改动态", inventory.ClassNews,
		look(at("2023-09-18 01:30"), listed("2023-06-20")), look(at("2023-09-26 01:30"), unread(extract.ReasonDown)), look(night, unread(extract.ReasonBlocked)))
	got := w.judge().Columns[0]
	if got.State != Unknown || got.Reason != extract.ReasonBlocked || got.Look.Round != "20230927-0130" || got.LastGood.Round != "20230918-0130" {
		t.Errorf("got %+v", got)
	}
}

func TestColumnNoIndicatorAppliesToIsJudgedByWhatItShows(t *testing.T) {
	bare, err := Parse([]inventory.File{{Name: "rulesets/a.yaml", Data: []byte(strings.Replace(base, "effect:", "classes: 人事, effect:", 1))}}, "a")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		reading extract.Reading
		want    State
	}{
		{listed("2019-01-01"), Fresh}, {emptyList, Blank}, {unread(extract.ReasonScript), Unknown},
	}
	for _, tt := range tests {
		w := newTown(t)
		w.RuleSet = bare
		w.column("fgw", "其他", inventory.ClassOther, look(night, tt.reading))
		res := w.judge()
		if got := res.Columns[0]; got.State != tt.want || len(got.States) != 0 || len(res.Findings) != 0 {
			t.Errorf("%s: got %s with %v", tt.reading.Outcome, got.State, got.States)
		}
	}
}

func TestYear(t *testing.T) {
	older := whole("2023-01-29", "2023-01-18", "2022-12-30")
	older.Older = true
	cut := listed("2022-12-27")
	undatedRow := whole("2022-12-27")
	undatedRow.Items = append(undatedRow.Items, extract.Item{Title: "无日期"})
	tests := []struct {
		name   string
		looks  []Look
		state  State
		reason extract.Reason
		count  int // -1 where it is not known
		only   bool
		newest string
		since  string
	}{
		{"items of the year and older ones", []Look{look(night, older)}, Fresh, "", 2, false, "2023-01-29", ""},
		{"all of the year", []Look{look(night, whole("2023-01-18", "2023-01-17"))}, Fresh, "", 2, true, "2023-01-18", ""},
		{"none of the year", []Look{look(night, whole("2022-12-27"))}, Stale, "", 0, false, "2022-12-27", "2023-01-01"},
		{"none for two years", []Look{look(night, whole("2021-12-27"))}, Stale, "", 0, false, "2021-12-27", "2022-01-01"},
		{"New Year's Day is of the year", []Look{look(night, whole("2023-01-01"))}, Fresh, "", 1, true, "2023-01-01", ""},
		{"cut off without one of the year", []Look{look(night, cut)}, Unknown, extract.ReasonPartial, -1, false, "", ""},
		{"cut off with one of the year", []Look{look(night, listed("2023-01-18"))}, Fresh, "", -1, false, "2023-01-18", ""},
		{"a lower bound", []Look{look(night, atLeast("2022-12-27"))}, Unknown, extract.ReasonUndated, -1, false, "", ""},
		{"a row without a date might be of the year", []Look{look(night, undatedRow)}, Unknown, extract.ReasonPartial, -1, false, "", ""},
		{"down", []Look{look(night, unread(extract.ReasonDown))}, Unknown, extract.ReasonDown, -1, false, "", ""},
		{"whole ten days ago: no count", []Look{look(at("2023-09-17 01:30"), whole("2023-01-18")), look(night, unread(extract.ReasonDown))}, Fresh, "", -1, false, "2023-01-18", ""},
		{"items after the point are not counted", []Look{look(at("2023-09-28 01:30"), whole("2023-09-28", "2023-01-18"))}, Fresh, "", 1, true, "2023-01-18", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			w.column("pd", "建议提案", inventory.ClassProposals, tt.looks...)
			res := w.judge()
			got := res.Columns[0]
			count := -1
			if got.InYear != nil {
				count = *got.InYear
			}
			st := state(t, got, "yangquan.proposals.year")
			if st.State != tt.state || st.Reason != tt.reason || count != tt.count || got.OnlyYear != tt.only || shown(st.StaleSince) != tt.since {
				t.Errorf("got %s %s, %d items, only %v, since %s", st.State, st.Reason, count, got.OnlyYear, shown(st.StaleSince))
			}
			if tt.newest != "" && shown(got.Newest.Time) != tt.newest {
				t.Errorf("newest %s, want %s", shown(got.Newest.Time), tt.newest)
			}
			if named := len(res.Findings) > 0; named != (tt.state == Stale) {
				t.Errorf("findings %v", findingsOf(res))
			}
		})
	}
}

func TestYearOfABlankListAndOfADepartment(t *testing.T) {
	w := newTown(t)
	w.column("pd", "建议提案", inventory.ClassProposals, look(night, emptyList))
	w.column("fgw", "建议提案", inventory.ClassProposals, look(night, whole("2022-12-27")))
	res := w.judge()
	county, department := res.Columns[1], res.Columns[0]
	if s := state(t, county, "yangquan.proposals.year"); s.State != Stale || county.State != Blank || *county.InYear != 0 {
		t.Errorf("an empty list has no item of the year and is blank: %+v", county)
	}
	if department.InYear != nil || department.State != Fresh {
		t.Errorf("only counties are asked: %+v", department)
	}
}

func TestYearChanges(t *testing.T) {
	w := newTown(t)
	w.column("pd", "建议提案", inventory.ClassProposals, look(at("2023-12-31 23:30"), whole("2023-01-18")), look(at("2024-01-01 12:00"), whole("2024-01-01", "2023-01-18")))
	tests := []struct {
		point string
		want  State
		count int
		text  string
	}{
		{"2024-01-01 00:00", Fresh, 1, ""},
		{"2024-01-01 12:00", Fresh, 1, ""},
		{"2024-01-01 00:01", Fresh, 1, ""},
	}
	for _, tt := range tests {
		w.Point = at(tt.point)
		got := w.judge().Columns[0]
		if s := state(t, got, "yangquan.proposals.year"); s.State != tt.want || *got.InYear != tt.count {
			t.Errorf("point %s: %s with %d items", tt.point, s.State, *got.InYear)
		}
	}
	w.Looks["pd/0"] = w.Looks["pd/0"][:1]
	w.Point = at("2024-01-01 12:00")
	res := w.judge()
	if f := res.Findings; len(f) != 1 || f[0].Text != "建议提案栏目2024年未更新，最近更新时间2023-01-18" || shown(f[0].Since) != "2024-01-01" {
		t.Errorf("findings %+v", f)
	}
}

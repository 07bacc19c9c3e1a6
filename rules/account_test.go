package rules

import (
	"strings"
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
)

func showing(name string, r extract.Reading) extract.Reading {
	r.Name = name
	return r
}

func TestAccountPosts(t *testing.T) {
	tests := []struct {
		name     string
		platform inventory.Platform
		looks    []Look
		state    State
		verdict  Verdict
		reasons  string
	}{
		{"the last day of the week", inventory.Douyin, []Look{look(night, listed("2023-09-20"))}, Due, Pass, ""},
		{"a day past the week", inventory.Douyin, []Look{look(night, listed("2023-09-19"))}, Stale, Fail, "1周无更新"},
		{"Weibo has a week", inventory.Weibo, []Look{look(night, listed("2023-09-19"))}, Stale, Fail, "1周无更新"},
		{"Xigua has a week", inventory.Xigua, []Look{look(night, listed("2023-09-19"))}, Stale, Fail, "1周无更新"},
		{"WeChat has two", inventory.Wechat, []Look{look(night, listed("2023-09-19"))}, Fresh, Pass, ""},
		{"WeChat on the last day", inventory.Wechat, []Look{look(night, listed("2023-09-13"))}, Due, Pass, ""},
		{"WeChat past two weeks", inventory.Wechat, []Look{look(night, listed("2023-09-12"))}, Stale, Fail, "2周内无更新"},
		{"a platform nobody has heard of", "mastodon", []Look{look(night, listed("2023-09-12"))}, Stale, Fail, "2周内无更新"},
		{"no post says whether an app works", inventory.App, []Look{look(night, listed("2023-09-26"))}, Unknown, NotMonitored, ""},
		{"nor a 小程序", inventory.MiniApp, []Look{look(night, listed("2023-09-26"))}, Unknown, NotMonitored, ""},
		{"an app nobody could look at", inventory.App, nil, Unknown, NotMonitored, ""},
		{"unread", inventory.Weibo, []Look{look(night, unread(extract.ReasonBlocked))}, Unknown, NotMonitored, ""},
		{"no posts at all are for people to look at", inventory.Weibo, []Look{look(night, emptyList)}, Blank, Pending, ""},
		{"a lower bound", inventory.Weibo, []Look{look(night, atLeast("2022-09-12"))}, Unknown, NotMonitored, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			w.account(tt.platform, "阳泉网警", tt.looks...)
			res := w.judge()
			got := res.Accounts[0]
			if got.State != tt.state || got.Verdict != tt.verdict || strings.Join(got.Reasons, ";") != tt.reasons {
				t.Errorf("got %s %s %v", got.State, got.Verdict, got.Reasons)
			}
			if len(res.Findings) > 0 != (tt.verdict == Fail) {
				t.Errorf("findings %v", findingsOf(res))
			}
		})
	}
}

func TestAccountName(t *testing.T) {
	fresh := listed("2023-09-26")
	tests := []struct {
		name  string
		looks []Look
		fails bool
	}{
		{"the registered name", []Look{look(night, showing("阳泉网警巡查执法", fresh))}, false},
		{"another name", []Look{look(night, showing("阳泉网警", fresh))}, true},
		{"no name seen", []Look{look(night, fresh)}, false},
		{"blanks only", []Look{look(night, showing(" \u200b ", fresh))}, false},
		{"blanks around and between", []Look{look(night, showing("\u3000阳泉网警 巡查执法\n", fresh))}, false},
		{"another name on an unread page", []Look{look(night, showing("请登录", unread(extract.ReasonBlocked)))}, false},
		{"another name long ago", []Look{look(at("2023-09-20 01:30"), showing("阳泉网警", fresh)), look(night, fresh)}, false},
		{"either name inside the interval", []Look{look(night, showing("阳泉网警", fresh)), look(at("2023-09-27 03:00"), showing("阳泉网警巡查执法", fresh))}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			w.account(inventory.Weibo, "阳泉网警巡查执法", tt.looks...)
			res := w.judge()
			got := res.Accounts[0]
			if failed := got.Verdict == Fail; failed != tt.fails {
				t.Errorf("got %s %s %v", got.State, got.Verdict, got.Reasons)
			}
			if tt.fails && (got.Reasons[0] != "账号名称变更未在系统同步" || got.Observed != "阳泉网警" ||
				res.Findings[0].Text != "账号名称变更未在系统同步，登记名称“阳泉网警巡查执法”，显示名称“阳泉网警”，首次见于2023-09-27") {
				t.Errorf("got %v, %+v", got.Reasons, res.Findings)
			}
		})
	}
	for shown, same := range map[string]bool{"Ｙａｎｇｑｕａｎ（发布）": true, "yangquan(发布)": false} {
		if extract.FoldName("Yangquan(发布)") == extract.FoldName(shown) != same {
			t.Errorf("%s is Yangquan(发布): want %v", shown, same)
		}
	}
}

func TestRegisteredStateExplainsSilence(t *testing.T) {
	old := look(night, showing("旧名", listed("2022-01-01")))
	tests := []struct {
		state   inventory.AccountState
		verdict Verdict
		reasons string
	}{
		{inventory.StateNormal, Fail, "1周无更新;账号名称变更未在系统同步"},
		{inventory.StatePending, Fail, "1周无更新;账号名称变更未在系统同步"},
		{inventory.StateChanging, Fail, "1周无更新"},
		{inventory.StateFrozen, Fail, "账号名称变更未在系统同步"},
		{inventory.StatePaused, Fail, "账号名称变更未在系统同步"},
	}
	for _, tt := range tests {
		w := newTown(t)
		w.account(inventory.Weibo, "阳泉网警", old)
		w.City.Accounts[0].States = []inventory.AccountSpell{{State: tt.state}}
		if got := w.judge().Accounts[0]; got.Verdict != tt.verdict || strings.Join(got.Reasons, ";") != tt.reasons || got.State != Stale {
			t.Errorf("%s: got %s %s %v", tt.state, got.State, got.Verdict, got.Reasons)
		}
	}
	for _, s := range []inventory.AccountState{inventory.StateFrozen, inventory.StatePaused, inventory.StateClosing, inventory.StateCancelled} {
		w := newTown(t)
		w.account(inventory.Weibo, "旧名", old)
		w.City.Accounts[0].States = []inventory.AccountSpell{{State: s}}
		res := w.judge()
		if got := res.Accounts[0]; got.Verdict != Pass || got.States[0].Effect != EffectHint || len(res.Findings) != 0 {
			t.Errorf("%s: got %s %+v %v", s, got.Verdict, got.States, findingsOf(res))
		}
	}
}

func TestAccountOfflineIsNoLongerCounted(t *testing.T) {
	w := newTown(t)
	w.account(inventory.Weibo, "一", look(night, listed("2023-09-26")))
	w.account(inventory.Weibo, "二", look(night, listed("2022-09-26")))
	w.City.Accounts[1].States = []inventory.AccountSpell{{State: inventory.StateOffline}}
	res := w.judge()
	if len(res.Accounts) != 1 || len(res.Findings) != 0 || res.Totals().Accounts[Pass] != 1 {
		t.Errorf("got %+v", res.Accounts)
	}
}

func TestSection(t *testing.T) {
	part := func(name string, o extract.Outcome) extract.Part { return extract.Part{Name: name, Outcome: o} }
	all := extract.Reading{Outcome: extract.Found, Parts: []extract.Part{part("政府全体会议", extract.Found), part("常务会议", extract.Found)}}
	half := extract.Reading{Outcome: extract.Found, Parts: []extract.Part{part("政府全体会议", extract.Found), part("常务会议", extract.Absent)}}
	other := extract.Reading{Outcome: extract.Found, Parts: []extract.Part{part("政府全体会议", extract.Absent), part("常务会议", extract.Found)}}
	unsure := extract.Reading{Outcome: extract.Found, Parts: []extract.Part{
		part("政府全体会议", extract.Found), {Name: "常务会议", Outcome: extract.Unread, Reason: extract.ReasonScript},
	}}
	silent := extract.Reading{Outcome: extract.Found, Parts: []extract.Part{part("政府全体会议", extract.Found)}}
	neither := extract.Reading{Outcome: extract.Found, Parts: []extract.Part{part("政府全体会议", extract.Absent), part("常务会议", extract.Absent)}}
	scattered := func(r extract.Reading) extract.Reading { r.Scattered = true; return r }
	absent := extract.Reading{Outcome: extract.Absent, Searched: []string{"http://www.pd.gov.cn/"}}
	second := at("2023-09-27 03:00")
	tests := []struct {
		name   string
		looks  []Look
		state  State
		reason extract.Reason
		parts  string
		agree  int
		text   string
	}{
		{"with all its parts", []Look{look(night, all)}, Fresh, "", "fresh fresh", 1, ""},
		{"not found", []Look{look(night, absent), look(second, absent)}, Missing, "", "missing missing", 2, "疑似未开设重大会议信息栏目"},
		{"found without one part", []Look{look(night, half)}, Missing, "", "fresh missing", 1, "重大会议信息栏目已开设，但疑似无常务会议信息"},
		{"found without any part", []Look{look(night, neither)}, Missing, "", "missing missing", 1, "重大会议信息栏目已开设，但疑似无政府全体会议、常务会议信息"},
		{"its parts in no one place", []Look{look(night, scattered(all)), look(second, scattered(all))}, Missing, "", "fresh fresh", 2, "疑似未开设重大会议信息栏目，会议信息已公开但未集中"},
		{"one part somewhere", []Look{look(night, scattered(half))}, Missing, "", "fresh missing", 1, "疑似未开设重大会议信息栏目，会议信息已公开但未集中，未见常务会议"},
		{"one look found them in one place", []Look{look(night, scattered(all)), look(second, all)}, Fresh, "", "fresh fresh", 1, ""},
		{"scattered, and a part that could not be read", []Look{look(night, scattered(unsure))}, Unknown, extract.ReasonScript, "fresh unknown", 0, ""},
		{"a part that could not be read", []Look{look(night, unsure)}, Unknown, extract.ReasonScript, "fresh unknown", 0, ""},
		{"a part that nothing is said of", []Look{look(night, silent)}, Unknown, extract.ReasonPartial, "fresh unknown", 0, ""},
		{"not read", []Look{look(night, unread(extract.ReasonDown))}, Unknown, extract.ReasonDown, "unknown unknown", 0, ""},
		{"never looked for", nil, Unknown, extract.ReasonNotLooked, "unknown unknown", 0, ""},
		{"one look found it", []Look{look(night, absent), look(second, all)}, Fresh, "", "fresh fresh", 1, ""},
		{"one look found it and a later one did not", []Look{look(night, all), look(second, absent)}, Fresh, "", "fresh fresh", 1, ""},
		{"each look found another part", []Look{look(night, half), look(second, other)}, Fresh, "", "fresh fresh", 0, ""},
		{"not found last week", []Look{look(at("2023-09-20 01:30"), absent)}, Unknown, extract.ReasonNotLooked, "unknown unknown", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			w.section(tt.looks...)
			res := w.judge()
			got := res.Sections[0]
			var parts []string
			for _, p := range got.Parts {
				parts = append(parts, string(p.State))
			}
			if (got.Gap != "") != (got.State == Missing) {
				t.Errorf("state %s, gap %q", got.State, got.Gap)
			}
			if got.State != tt.state || got.Reason != tt.reason || strings.Join(parts, " ") != tt.parts {
				t.Errorf("got %s %s, parts %v", got.State, got.Reason, got.Parts)
			}
			if tt.state != Unknown && got.Looks != tt.agree {
				t.Errorf("%d looks agree, want %d", got.Looks, tt.agree)
			}
			text := ""
			for _, f := range res.Findings {
				text += f.Text
			}
			if text != tt.text {
				t.Errorf("findings %q, want %q", text, tt.text)
			}
		})
	}
}

func TestSectionTellsGapsApart(t *testing.T) {
	part := func(name string, o extract.Outcome) extract.Part { return extract.Part{Name: name, Outcome: o} }
	found := func(first, second extract.Outcome, scattered bool) extract.Reading {
		return extract.Reading{Outcome: extract.Found, Scattered: scattered, Parts: []extract.Part{part("政府全体会议", first), part("常务会议", second)}}
	}
	tests := []struct {
		name    string
		reading extract.Reading
		want    Gap
	}{
		{"未开设", extract.Reading{Outcome: extract.Absent}, GapAbsent},
		{"已开设但无全体会议", found(extract.Absent, extract.Found, false), GapPart},
		{"已开设但无常务会议", found(extract.Found, extract.Absent, false), GapPart},
		{"未集中公开", found(extract.Found, extract.Found, true), GapScattered},
		{"in order", found(extract.Found, extract.Found, false), ""},
	}
	for _, tt := range tests {
		w := newTown(t)
		w.section(look(night, tt.reading))
		if got := w.judge().Sections[0].Gap; got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A rule set that says nothing of gaps has its one text completed.
func TestGapsWithoutTextsOfTheirOwn(t *testing.T) {
	ind := Indicator{Text: "疑似未开设重大会议信息栏目"}
	parts := []PartState{{Name: "政府全体会议", State: Fresh}, {Name: "常务会议", State: Missing}}
	for gap, want := range map[Gap]string{
		GapAbsent: "疑似未开设重大会议信息栏目", GapPart: "疑似未开设重大会议信息栏目，栏目内未见常务会议", GapScattered: "疑似未开设重大会议信息栏目，已公开的部分不在一个栏目内",
	} {
		if got := newTown(t).judgeOf().sayGap(ind, SectionResult{Gap: gap, Parts: parts}); got != want {
			t.Errorf("%s: got %s, want %s", gap, got, want)
		}
	}
}

func TestSectionIsAskedOfCitiesAndCountiesOnly(t *testing.T) {
	w := newTown(t)
	w.section(look(night, extract.Reading{Outcome: extract.Absent}))
	w.City.Carriers[1].Sections[0].Unit = "fgw"
	if res := w.judge(); res.Sections[0].State != Missing || len(res.Findings) != 0 {
		t.Errorf("got %s, %v", res.Sections[0].State, findingsOf(res))
	}
}

package rules

import (
	"strings"
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
)

func TestCountsOfASite(t *testing.T) {
	stale, fresh, down := listed("2022-01-01"), listed("2023-09-26"), unread(extract.ReasonDown)
	type group struct {
		n     int
		class inventory.Class
		name  string
		r     extract.Reading
	}
	tests := []struct {
		name    string
		groups  []group
		verdict Verdict
		reasons string
	}{
		{"four stale columns", []group{{4, inventory.ClassNews, "动态", stale}}, Pass, ""},
		{"five", []group{{5, inventory.ClassNews, "动态", stale}}, Fail, "动态、要闻类栏目超过2周和通知公告、政策文件类一级栏目超过6个月未更新，累计5个"},
		{"three and two make five", []group{{3, inventory.ClassNews, "动态", stale}, {2, inventory.ClassPolicy, "文件", stale}}, Fail, "动态、要闻类栏目超过2周和通知公告、政策文件类一级栏目超过6个月未更新，累计5个"},
		{"a column of the second level counts for 动态", []group{{5, inventory.ClassNews, "动态--工作", stale}}, Fail, "动态、要闻类栏目超过2周和通知公告、政策文件类一级栏目超过6个月未更新，累计5个"},
		{"but not for 通知公告", []group{{4, inventory.ClassNews, "动态", stale}, {3, inventory.ClassNotice, "公告--公示", stale}}, Pass, ""},
		{"four stale and one unread", []group{{4, inventory.ClassNews, "动态", stale}, {1, inventory.ClassNews, "动态", down}}, Pending, ""},
		{"three stale and one unread", []group{{3, inventory.ClassNews, "动态", stale}, {1, inventory.ClassNews, "动态", down}}, Pass, ""},
		{"five stale and one unread", []group{{5, inventory.ClassNews, "动态", stale}, {1, inventory.ClassNews, "动态", down}}, Fail, "动态、要闻类栏目超过2周和通知公告、政策文件类一级栏目超过6个月未更新，累计5个"},
		{"a stale column that does not enter the count", []group{{4, inventory.ClassNews, "动态", stale}, {1, inventory.ClassPersonnel, "人事", down}}, Pass, ""},
		{"nine overdue", []group{{9, inventory.ClassPlan, "规划", stale}}, Pass, ""},
		{"ten overdue", []group{{6, inventory.ClassPlan, "规划", stale}, {4, inventory.ClassPersonnel, "人事", stale}}, Fail, "应更新未更新栏目10个"},
		{"four blank", []group{{4, inventory.ClassOther, "其他", emptyList}}, Pass, ""},
		{"five blank", []group{{5, inventory.ClassOther, "其他", emptyList}}, Fail, "空白栏目5个"},
		{"five lost are not blank", []group{{5, inventory.ClassOther, "其他", unread(extract.ReasonLost)}, {1, inventory.ClassNews, "动态", fresh}}, Pending, ""},
		{"blank columns are counted as blank and not as stale besides", []group{{3, inventory.ClassNews, "动态", stale}, {2, inventory.ClassNews, "动态", emptyList}}, Pass, ""},
		{"all fresh", []group{{9, inventory.ClassNews, "动态", fresh}}, Pass, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			for _, g := range tt.groups {
				for range g.n {
					w.column("fgw", g.name, g.class, look(night, g.r))
				}
			}
			got := w.judge().Sites[0]
			if got.Verdict != tt.verdict || strings.Join(got.Reasons, ";") != tt.reasons {
				t.Errorf("got %s %v, want %s %s", got.Verdict, got.Reasons, tt.verdict, tt.reasons)
			}
		})
	}
}

func TestColumnsThatCountElsewhere(t *testing.T) {
	w := newTown(t)
	for i := range 5 {
		w.column("xxgk", "工作动态--日常工作动态", inventory.ClassNews, look(night, listed("2022-01-01")))
		if i == 4 {
			w.City.Carriers[2].Columns[i].CountsTo = "" // five on the platform, four of them the department's
		} else {
			w.City.Carriers[2].Columns[i].CountsTo = "fgw"
		}
	}
	if got := w.judge().Sites[0]; got.Verdict != Pass {
		t.Errorf("four count: got %s %v", got.Verdict, got.Reasons)
	}
	w.City.Carriers[2].Columns[4].CountsTo = "fgw"
	if got := w.judge().Sites[0]; got.Verdict != Fail {
		t.Errorf("five count: got %s %v", got.Verdict, got.Reasons)
	}
}

func TestHomePage(t *testing.T) {
	fresh, stale := listed("2023-09-26"), listed("2023-06-20")
	tests := []struct {
		name       string
		home       []Look
		navigation bool
		columns    []extract.Reading
		state      State
		verdict    Verdict
	}{
		{"updated", []Look{look(night, fresh)}, false, []extract.Reading{stale}, Fresh, Pass},
		{"the first day of the window", []Look{look(night, listed("2023-09-13"))}, false, []extract.Reading{stale}, Due, Pass},
		{"not updated, nor any column", []Look{look(night, stale)}, false, []extract.Reading{stale}, Stale, Fail},
		{"not updated by what we read of it, but a column is", []Look{look(night, stale)}, false, []extract.Reading{fresh}, Stale, Pending},
		{"down, but a column is fresh", []Look{look(night, unread(extract.ReasonDown))}, false, []extract.Reading{stale, fresh}, Unknown, Pass},
		{"down, and no column is fresh", []Look{look(night, unread(extract.ReasonDown))}, false, []extract.Reading{stale, stale}, Unknown, Pending},
		{"everything down", []Look{look(night, unread(extract.ReasonDown))}, false, []extract.Reading{unread(extract.ReasonDown)}, Unknown, NotMonitored},
		{"never looked at, no columns", nil, false, nil, Unknown, NotMonitored},
		{"shows no dates, but a column is fresh", []Look{look(night, unread(extract.ReasonUndated))}, false, []extract.Reading{fresh}, Fresh, Pass},
		{"shows no dates, and no column is fresh", []Look{look(night, unread(extract.ReasonUndated))}, false, []extract.Reading{stale}, Unknown, Pending},
		{"a lower bound outside the window", []Look{look(night, atLeast("2023-06-20"))}, false, []extract.Reading{stale}, Unknown, Pending},
		{"an empty list on it is for people", []Look{look(night, emptyList)}, false, []extract.Reading{stale}, Blank, Pending},
		{"导航, a column is fresh", nil, true, []extract.Reading{stale, fresh}, Fresh, Pass},
		{"导航, all columns stale", nil, true, []extract.Reading{stale, stale}, Stale, Fail},
		{"导航, one column unread", nil, true, []extract.Reading{stale, unread(extract.ReasonLost)}, Unknown, Pending},
		{"导航 without columns", nil, true, nil, Unknown, NotMonitored},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			w.Looks["fgw"], w.City.Carriers[0].Navigation = tt.home, tt.navigation
			for _, r := range tt.columns {
				w.column("fgw", "动态", inventory.ClassNews, look(night, r))
			}
			res := w.judge()
			got := res.Sites[0]
			if got.Home.State != tt.state || got.Verdict != tt.verdict {
				t.Errorf("got home %s, %s %v", got.Home.State, got.Verdict, got.Reasons)
			}
			if tt.verdict == Fail && (got.Reasons[0] != "首页超过2周未更新" || res.Findings[0].Text != "首页超过2周未更新，最近更新时间2023-06-20" || shown(got.Home.StaleSince) != "2023-07-05") {
				t.Errorf("got %v, %+v", got.Reasons, res.Findings)
			}
		})
	}
}

func province(subject, indicator, date, text string) inventory.Entry {
	return inventory.Entry{Subject: subject, Indicator: indicator, Source: "上级通报", Body: "山西省人民政府办公厅", Date: day(date), Text: text}
}

func TestOwnRulesAloneLeaveTheSitePassingAndTheRegisterDoesNot(t *testing.T) {
	w := newTown(t)
	w.column("fgw", "动态", inventory.ClassNews, look(night, listed("2023-06-28")))
	if got := w.judge().Sites[0]; got.Verdict != Pass {
		t.Fatalf("own rules alone: %s %v", got.Verdict, got.Reasons)
	}
	e := province("fgw", "national.V4.count-a", "2023-09-15", "动态栏目更新不及时")
	e.Inferred = true
	w.Registers = []inventory.Entry{e}
	res := w.judge()
	if got := res.Sites[0]; got.Verdict != Fail || strings.Join(got.Reasons, ";") != "动态栏目更新不及时" {
		t.Errorf("with the register: %s %v", got.Verdict, got.Reasons)
	}
	for _, f := range res.Findings {
		if f.Subject == "fgw" && (f.Status != "认定" || !f.Preliminary || strings.Join(f.Sources, ";") != "上级通报" || shown(f.Since) != "2023-09-15" || f.Unit != "fgw") {
			t.Errorf("finding %+v", f)
		}
	}
}

func TestOneFactWithTwoSourcesIsOneFinding(t *testing.T) {
	w := newTown(t)
	id := w.account(inventory.Weibo, "阳泉网警巡查执法", look(night, showing("阳泉网警", listed("2023-09-26"))))
	w.Registers = []inventory.Entry{
		province(id, "yangquan.account.name", "2023-09-15", "微博名称变更未同步"),
		province(id, "yangquan.account.name", "2023-09-16", "微博名称变更未同步"),
	}
	res := w.judge()
	got := res.Accounts[0]
	if got.Verdict != Fail || strings.Join(got.Reasons, ";") != "账号名称变更未在系统同步" {
		t.Errorf("got %s %v", got.Verdict, got.Reasons)
	}
	if len(res.Findings) != 1 {
		t.Fatalf("findings %v", findingsOf(res))
	}
	if f := res.Findings[0]; strings.Join(f.Sources, ";") != "巡查;上级通报" || f.Status != "认定" || f.Preliminary {
		t.Errorf("finding %+v", f)
	}
	w.Looks[id] = nil
	if got := w.judge().Accounts[0]; got.Verdict != Fail || strings.Join(got.Reasons, ";") != "微博名称变更未同步" {
		t.Errorf("the register alone: %s %v", got.Verdict, got.Reasons)
	}
}

func TestRegisterEntryAtAColumnEntersTheCount(t *testing.T) {
	w := newTown(t)
	for range 5 {
		w.column("fgw", "动态", inventory.ClassNews, look(night, listed("2023-06-28")))
	}
	w.Looks["fgw/4"] = []Look{look(night, unread(extract.ReasonDown))}
	if got := w.judge().Sites[0]; got.Verdict != Pending {
		t.Fatalf("four and one unread: %s", got.Verdict)
	}
	w.Registers = []inventory.Entry{
		province("fgw/4", "national.V4.dynamic", "2023-09-15", "动态栏目更新不及时"),
		province("fgw/0", "national.V4.dynamic", "2023-09-15", "动态栏目更新不及时"),
	}
	if got := w.judge().Sites[0]; got.Verdict != Fail || !strings.HasSuffix(got.Reasons[0], "累计5个") {
		t.Errorf("the fifth by the province, the first by both: %s %v", got.Verdict, got.Reasons)
	}
}

func TestWhichEntriesAreInForce(t *testing.T) {
	tests := []struct {
		name, subject, indicator, date string
		want                           Verdict
	}{
		{"in the quarter", "fgw", "national.V1.safety", "2023-09-15", Fail},
		{"on its first day", "fgw", "national.V5.interaction", "2023-07-01", Fail},
		{"in the quarter before", "fgw", "national.V1.safety", "2023-06-30", Pass},
		{"31 days after the point", "fgw", "national.V3.home", "2023-10-28", Fail},
		{"32 days after", "fgw", "national.V1.safety", "2023-10-29", Pass},
		{"no veto", "fgw", "yangquan.section.meetings", "2023-09-15", Pass},
		{"not enforced", "fgw", "national.M2.app", "2023-09-15", Pass},
		{"no such indicator", "fgw", "national.V9", "2023-09-15", Pass},
		{"no such subject", "gone", "national.V1.safety", "2023-09-15", Pass},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown(t)
			w.Registers = []inventory.Entry{province(tt.subject, tt.indicator, tt.date, "省通报")}
			if got := w.judge().Sites[0]; got.Verdict != tt.want {
				t.Errorf("got %s %v, want %s", got.Verdict, got.Reasons, tt.want)
			}
		})
	}
}

func TestCheckRegisters(t *testing.T) {
	w := newTown(t)
	w.column("fgw", "动态", inventory.ClassNews)
	w.section()
	id := w.account(inventory.Weibo, "一")
	for _, subject := range []string{"fgw", "fgw/0", "pd/zdhy", id} {
		w.City.Registers = append(w.City.Registers, province(subject, "national.V1.safety", "2023-09-15", "文"))
	}
	if err := CheckRegisters(w.City, w.RuleSet); err != nil {
		t.Errorf("good entries: %v", err)
	}
	w.City.Registers = append(w.City.Registers, province("gone", "national.V9", "2023-09-15", "文"), province("fgw", "national.V1.safety", "", "文"))
	err := CheckRegisters(w.City, w.RuleSet)
	if err == nil || !strings.Contains(err.Error(), `entry 5: "gone" is no site`) || !strings.Contains(err.Error(), `entry 5: "national.V9" is no indicator of yangquan-2023`) ||
		!strings.Contains(err.Error(), "entry 6: no date") {
		t.Errorf("got %v", err)
	}
}

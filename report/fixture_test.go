package report

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
	}
}

// on is a day in Beijing.
func on(text string) time.Time {
	d, err := time.ParseInLocation(time.DateOnly, text, extract.Beijing)
	if err != nil {
		return time.Time{}
	}
	return d
}

// date is a day as a page shows it, zero for "".
func date(text string) extract.Date { return extract.Date{Time: on(text)} }

const (
	dynamic   = "yangquan.disclosure.dynamic"
	proposals = "yangquan.proposals.year"
)

func ruleSet() *rules.RuleSet {
	return &rules.RuleSet{
		ID: "yangquan-2023", Extends: []string{"national-2019"}, Digest: "ab12",
		Indicators: []rules.Indicator{
			{ID: dynamic, Name: "信息公开动态类栏目", Basis: "尤其动态、要闻类栏目，要保证监测时间点前2周内要有更新。"},
			{ID: proposals, Name: "建议提案", Basis: "人大代表建议、政协提案栏目当年应当更新。"},
		},
	}
}

func round() store.Round {
	started := on("2023-09-27").Add(90 * time.Minute)
	return store.Round{ID: "20230927-0130", Started: started, Finished: started.Add(22*time.Minute + 10*time.Second)}
}

// look is a look at a subject in the night before the point, with one page.
func look(subject string, r extract.Reading) *rules.Look {
	at := on("2023-09-27").Add(97 * time.Minute)
	return &rules.Look{
		Subject: subject, At: at, Round: "20230927-0130", Digest: "d1" + strings.Repeat("0", 62), Reading: r,
		Evidence: []rules.Evidence{{
			URL: "http://xxgk.yq.gov.cn/" + subject + "/?a=1&b=2", FetchedAt: at.UTC(), Status: 200, SHA256: "5a5a",
			Outcome: r.Outcome, Method: "cms:trs",
		}},
	}
}

// unit is a unit whose ID is its name, so that tests read as the notice does.
func unit(name string) inventory.Unit { return inventory.Unit{ID: name, Name: name} }

// staleColumn is a column whose newest item lies before the two weeks.
func staleColumn(id, unit, name, newest string) rules.ColumnResult {
	since := on(newest).AddDate(0, 0, 15)
	return rules.ColumnResult{
		Column: inventory.Column{ID: id, Unit: unit, Carrier: "xxgk", Name: name, Class: inventory.ClassNotice},
		State:  rules.Stale, Looks: 2, Newest: date(newest), NewestTitle: "关于……的公示",
		States: []rules.IndicatorState{
			{Indicator: dynamic, State: rules.Stale, Window: "P14D", WindowStart: on("2023-09-13"), StaleSince: since, Effect: rules.EffectNotice},
			{Indicator: "national.V4.notice", State: rules.Fresh, Window: "P6M", WindowStart: on("2023-03-27"), StaleOn: on("2023-12-21"), Effect: rules.EffectVeto},
		},
		Look: look(id, extract.Reading{
			Outcome: extract.Dated, Method: "cms:trs", Newest: date(newest), Charset: "utf-8 header",
			Items: []extract.Item{{Title: "关于……的公示", Link: "http://xxgk.yq.gov.cn/1.shtml", Date: date(newest), Source: "[" + newest[5:] + "]"}},
		}),
	}
}

// proposalColumn is a county's column judged by calendar year.
func proposalColumn(unit, newest string, state rules.State, inYear *int, only bool) rules.ColumnResult {
	return rules.ColumnResult{
		Column: inventory.Column{ID: unit + "/jyta", Unit: unit, Carrier: unit, Name: "建议提案", Class: inventory.ClassProposals},
		State:  state, Looks: 2, Newest: date(newest), InYear: inYear, OnlyYear: only,
		States: []rules.IndicatorState{{Indicator: proposals, State: state, WindowStart: on("2023-01-01"), Effect: rules.EffectNotice}},
		Look:   look(unit+"/jyta", extract.Reading{Outcome: extract.Dated, Complete: true}),
	}
}

// unreadColumn is a column that could not be monitored, read two weeks before.
func unreadColumn(id, unit, name string, reason extract.Reason) rules.ColumnResult {
	earlier := look(id, extract.Reading{Outcome: extract.Dated, Newest: date("2022-01-04")})
	earlier.At = on("2023-09-13")
	return rules.ColumnResult{
		Column: inventory.Column{ID: id, Unit: unit, Carrier: "xxgk", Name: name, Class: inventory.ClassNews},
		State:  rules.Unknown, Reason: reason,
		States:   []rules.IndicatorState{{Indicator: dynamic, State: rules.Unknown, Reason: reason, Window: "P14D", WindowStart: on("2023-09-13"), Effect: rules.EffectNotice}},
		Look:     look(id, extract.Reading{Outcome: extract.Unread, Reason: reason, Detail: "dial tcp: i/o timeout"}),
		LastGood: earlier,
	}
}

func failedAccount(unit, name string, platform inventory.Platform, code, reason string) rules.AccountResult {
	return rules.AccountResult{
		Account: inventory.Account{Code: code, Platform: platform, Name: name, Unit: unit},
		State:   rules.Stale, Verdict: rules.Fail, Reasons: []string{reason}, Looks: 2,
		Newest: extract.Date{Time: on("2023-09-11").Add(10*time.Hour + 12*time.Minute), Minute: true}, Observed: name,
		Registered: inventory.StateNormal, Whole: true, NamedSince: on("2023-09-20"), Pace: rules.Pace{From: on("2023-07-01"), DaysOut: 12, LongestGap: 16},
		Look: look("account:"+code, extract.Reading{Outcome: extract.Dated, Method: "feed", From: extract.FromPlatform, Name: name, Tries: []extract.Try{
			{Kind: extract.FromPlatform, Host: "m.weibo.example", Outcome: extract.Dated, Newest: date("2023-09-11")},
		}}),
	}
}

// noticeCity is the city whose third quarter of 2023 was published, and its
// judgement: 33 sites, 91 accounts.
func noticeCity() (*inventory.City, rules.Result) {
	city := &inventory.City{
		Name: "阳泉市（演示）", Office: "阳泉市人民政府办公室", Simulated: true, Digest: "c0ffee",
		Report: inventory.Report{Decimals: 1, Attachments: []inventory.Attachment{
			{Name: "1", Table: inventory.TableAccounts, Title: "{year}年第{quarter}季度不合格政务新媒体问题情况", Order: []string{"市市场监督管理局", "市公安局"}},
			{Name: "2", Table: inventory.TableYear, Title: "{year}年各县区建议提案栏目更新情况", Indicator: proposals, DateStyle: "2006年1月2日",
				Order: []string{"平定县人民政府", "盂县人民政府", "城区人民政府", "郊区人民政府", "矿区人民政府"}},
			{Name: "3", Table: inventory.TableColumns, Title: "{year}年信息公开动态类栏目更新情况", Indicator: dynamic, DateStyle: "2006-01-02",
				Order: []string{"市发展和改革委员会", "市公安局", "市财政局", "市住房和城乡建设局", "市审计局", "市体育局", "市信访局", "市政府金融工作办公室"}},
		}},
	}
	for _, name := range []string{
		"矿区人民政府", "平定县人民政府", "盂县人民政府", "城区人民政府", "郊区人民政府", "市公安局", "市市场监督管理局",
		"市财政局", "市发展和改革委员会", "市住房和城乡建设局", "市审计局", "市体育局", "市信访局", "市政府金融工作办公室",
		"市司法局", "市退役军人事务局", "市卫生健康委员会",
	} {
		city.Units = append(city.Units, unit(name))
	}
	res := rules.Result{Point: on("2023-09-28"), PointDay: on("2023-09-27")}
	res.Columns = noticeColumns()
	res.Accounts = noticeAccounts()
	for i := range 33 {
		verdict := rules.Pass
		if i < 2 {
			verdict = rules.Fail
		}
		res.Sites = append(res.Sites, rules.SiteResult{Carrier: inventory.Carrier{ID: fmt.Sprintf("s%02d", i)}, Verdict: verdict})
	}
	for _, id := range []string{"平定县人民政府", "盂县人民政府"} {
		res.Sections = append(res.Sections, missingSection(id))
	}
	adopt(city, res)
	return city, res
}

// adopt gives the city the columns and accounts of a judgement, in its order.
func adopt(city *inventory.City, res rules.Result) {
	var carrier inventory.Carrier
	for _, c := range res.Columns {
		carrier.Columns = append(carrier.Columns, c.Column)
	}
	city.Carriers = []inventory.Carrier{carrier}
	for _, a := range res.Accounts {
		city.Accounts = append(city.Accounts, a.Account)
	}
}

func noticeColumns() []rules.ColumnResult {
	ten, three, zero := 10, 3, 0
	out := []rules.ColumnResult{
		proposalColumn("矿区人民政府", "2022-12-28", rules.Stale, &zero, false),
		proposalColumn("郊区人民政府", "2023-01-18", rules.Fresh, &three, true),
		proposalColumn("城区人民政府", "2023-01-29", rules.Fresh, &ten, false),
		proposalColumn("盂县人民政府", "2022-12-05", rules.Stale, &zero, false),
		proposalColumn("平定县人民政府", "2022-12-27", rules.Stale, &zero, false),
	}
	for i, row := range [][3]string{
		{"市司法局", "工作动态--部门会议信息", "2023-04-03"},
		{"市退役军人事务局", "工作动态--通知公告公示", "2021-09-01"},
		{"市退役军人事务局", "工作动态--日常工作动态", "2021-12-15"},
		{"市退役军人事务局", "工作动态--部门会议信息", "2021-07-12"},
		{"市卫生健康委员会", "工作动态--日常工作动态", "2023-06-03"},
		{"市卫生健康委员会", "工作动态--工作简报", "2021-03-06"},
		{"市发展和改革委员会", "领导动态--领导活动", "2022-08-29"},
		{"市公安局", "工作动态--通知公告公示", "2023-07-20"},
		{"市发展和改革委员会", "通知公告", "2023-08-23"},
		{"市财政局", "工作动态--通知公告公示", "2023-06-20"},
		{"市住房和城乡建设局", "工作动态--双公示", "2023-06-28"},
		{"市审计局", "工作动态--日常工作动态", "2023-01-03"},
		{"市体育局", "工作动态--通知公告公示", "2023-07-14"},
		{"市信访局", "工作动态--日常工作动态", "2023-03-12"},
		{"市政府金融工作办公室", "工作动态--通知公告公示", "2023-01-31"},
		{"市政府金融工作办公室", "工作动态--日常工作动态", "2023-08-16"},
	} {
		out = append(out, staleColumn(fmt.Sprintf("xxgk/%02d", i), row[0], row[1], row[2]))
	}
	return append(out,
		unreadColumn("xxgk/u1", "市财政局", "工作动态--日常工作动态", extract.ReasonDown),
		unreadColumn("xxgk/u2", "市审计局", "工作动态--通知公告公示", extract.ReasonLost))
}

func noticeAccounts() []rules.AccountResult {
	out := []rules.AccountResult{
		failedAccount("市公安局", "阳泉交警二大队", inventory.Weibo, "140300M010XL0004", "1周无更新"),
		failedAccount("市公安局", "阳泉网警", inventory.Douyin, "140300M010DY0004", "1周无更新"),
		failedAccount("市公安局", "阳泉网警", inventory.Xigua, "140300M010XG0002", "1周无更新"),
		failedAccount("市公安局", "阳泉网警巡查执法", inventory.Weibo, "140300M010XL0009", "账号名称变更未在系统同步"),
		failedAccount("市市场监督管理局", "阳泉市场监管", inventory.Weibo, "140300M019XL0001", "1周无更新"),
	}
	for i := range 86 {
		out = append(out, rules.AccountResult{
			Account: inventory.Account{Code: fmt.Sprintf("140300M001WX%04d", i), Platform: inventory.Wechat, Unit: "市财政局"},
			State:   rules.Fresh, Verdict: rules.Pass,
		})
	}
	return out
}

// hiddenAccount is an account that a guest is not shown.
func hiddenAccount(code, name string) rules.AccountResult {
	l := look("account:"+code, extract.Reading{
		Outcome: extract.Dated, AtLeast: true, Newest: date("2023-09-01"), From: extract.FromLink, Hindrance: extract.HindCaptcha, Method: "article",
		Tries: []extract.Try{
			{Kind: extract.FromBrowser, Host: "c.kuaishou.example", Outcome: extract.Unread, Reason: extract.ReasonBlocked, Hindrance: extract.HindCaptcha, Detail: "请完成验证\x1b[2J"},
			{Kind: extract.FromLink, Host: "www.kuaishou.example", Outcome: extract.Dated, Newest: date("2023-09-01"), AtLeast: true},
		},
	})
	return rules.AccountResult{
		Account: inventory.Account{Code: code, Platform: inventory.Kuaishou, Name: name, Unit: "市公安局", UID: "3x" + code}, Registered: inventory.StateNormal,
		State: rules.Unknown, Reason: extract.ReasonBlocked, Verdict: rules.NotMonitored, Look: l,
		Note: "未见晚于2023-09-01的内容；请提供最新作品的链接", NoteEN: "nothing newer than 2023-09-01 was seen; hand in a link",
	}
}

// attestedAccount is one that a checked screenshot clears.
func attestedAccount() rules.AccountResult {
	r := hiddenAccount("140300M010KS0003", "快手三号")
	r.State, r.Reason, r.Verdict, r.Note, r.NoteEN = rules.Fresh, "", rules.Pass, "", ""
	r.Newest = date("2023-09-25")
	r.Attested = &inventory.Submission{
		By: "市公安局", Date: on("2023-09-26"), Posted: on("2023-09-25"), Picture: "kuaishou-0926.png", SHA256: "77aa", CheckedBy: "政务公开科", CheckedOn: on("2023-09-27"),
	}
	return r
}

func missingSection(unit string) rules.SectionResult {
	return rules.SectionResult{
		Section: inventory.Section{ID: unit + "/zdhy", Unit: unit, Carrier: unit, Spec: extract.SectionSpec{Name: "重大会议信息"}},
		State:   rules.Missing, Gap: rules.GapAbsent, Looks: 2,
		Parts: []rules.PartState{{Name: "政府全体会议", State: rules.Missing}, {Name: "常务会议", State: rules.Missing}},
		Look: look(unit+"/zdhy", extract.Reading{
			Outcome: extract.Absent, Searched: []string{"http://www.pd.gov.cn/", "http://www.pd.gov.cn/zwgk/"}, Nearest: []string{"会议公开"},
		}),
	}
}

// smallCity has one of everything that can go wrong, few enough to read.
func smallCity() (*inventory.City, rules.Result) {
	city, whole := noticeCity()
	due := staleColumn("fgw/fgdt", "市发展和改革委员会", "发改动态", "2023-09-15")
	due.Note = "曾见2023-09-20的条目，现已不在列表中"
	due.State, due.Column.CountsTo, due.Column.Carrier = rules.Due, "fgw", "fgw"
	due.States = []rules.IndicatorState{{Indicator: "national.V4.dynamic", State: rules.Due, Window: "P14D",
		WindowStart: on("2023-09-13"), StaleOn: on("2023-09-30"), Effect: rules.EffectVeto}}
	blank := staleColumn("fgw/rsxx", "市发展和改革委员会", "人事信息", "2023-01-01")
	blank.State, blank.Newest, blank.NewestTitle, blank.Look.Reading = rules.Blank, extract.Date{}, "", extract.Reading{Outcome: extract.Empty}
	blank.States = []rules.IndicatorState{{Indicator: "national.V4.blank", State: rules.Blank, Effect: rules.EffectVeto}}
	fresh := proposalColumn("城区人民政府", "2023-01-29", rules.Fresh, new(10), false)
	res := rules.Result{
		Point: whole.Point.UTC(), PointDay: whole.PointDay,
		Columns: []rules.ColumnResult{
			staleColumn("xxgk/czj/gzdt/tzgggs", "市财政局", "工作动态--通知公告公示", "2023-06-20"), due,
			unreadColumn("xxgk/czj/gzdt/rcgz", "市财政局", "工作动态--日常工作动态", extract.ReasonDown), blank, fresh,
			unreadColumn("xxgk/sjj/gzdt/tzgggs", "市审计局", "工作动态--通知公告公示", extract.ReasonBlocked),
		},
		Sections: []rules.SectionResult{missingSection("平定县人民政府")},
		Accounts: []rules.AccountResult{noticeAccounts()[3], {
			Account: inventory.Account{Code: "140300M010WX0001", Platform: inventory.Wechat, Name: "平安阳泉", Unit: "市公安局"},
			State:   rules.Unknown, Reason: extract.ReasonNotLooked, Verdict: rules.NotMonitored,
		}, hiddenAccount("140300M010KS0001", "快手一号"), hiddenAccount("140300M010KS0002", "快手二号"), attestedAccount()},
		Platforms: []rules.PlatformHealth{
			{Platform: inventory.Kuaishou, Accounts: 3, Round: "20230927-0130", Tried: 3, Blocked: 2, Other: 1, Elsewhere: 1,
				Reasons:   map[extract.Reason]int{extract.ReasonBlocked: 2, extract.ReasonDown: 1},
				Hindrance: extract.HindCaptcha, Since: on("2023-09-25").Add(90 * time.Minute)},
			{Platform: inventory.Weibo, Accounts: 1, Round: "20230927-0130", Tried: 1, Read: 1},
			{Platform: inventory.App, Accounts: 1},
		},
		Sites: []rules.SiteResult{
			{Carrier: inventory.Carrier{ID: "fgw", Code: "1403000012", Name: "阳泉市发展和改革委员会", Unit: "市发展和改革委员会", Home: "http://fgw.yq.gov.cn/"}, Verdict: rules.Pass,
				Home: rules.IndicatorState{Indicator: "national.V3", State: rules.Fresh, Window: "P14D", WindowStart: on("2023-09-13")}},
			{Carrier: inventory.Carrier{ID: "sjj", Name: "阳泉市审计局", Unit: "市审计局", Home: "http://sjj.yq.gov.cn/"}, Verdict: rules.Fail, Reasons: []string{"上级通报：动态栏目更新不及时"}},
		},
		Findings: []rules.Finding{{
			ID: "f-1", Subject: "xxgk/czj/gzdt/tzgggs", Unit: "市财政局", Indicator: dynamic, Effect: rules.EffectNotice,
			Sources: []string{"巡查", "上级通报"}, Status: "疑似", Publicity: "点名", Since: on("2023-07-05"), Newest: date("2023-06-20"),
			Text: "动态类栏目超过2周未更新，最近更新时间2023-06-20", Basis: "监测时间点前2周内要有更新",
		}, {
			ID: "f-2", Subject: rules.GroupID("市公安局", inventory.Kuaishou), Unit: "市公安局", Indicator: "national.M4.single", Effect: rules.EffectHint,
			Sources: []string{"巡查"}, Status: "疑似", Publicity: "点名", Since: on("2023-09-27"),
			Text: "同一单位在同一平台开设多个账号：快手一号、快手二号、快手三号（共3个）", Basis: "一个单位原则上在同一第三方平台只开设一个账号",
		}},
	}
	city.Carriers, city.Accounts = nil, nil
	adopt(city, res)
	return city, res
}

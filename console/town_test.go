package console

import (
	"fmt"
	"testing"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/rules"
	"xuncha/store"
)

// The town of these tests: a city, two of its offices, a county and an office of
// the county, with something in every state. Two titles and a name come from pages
// that mean harm.
const (
	hostileTitle = `<script>alert(1)</script>`
	hostileName  = `"><img src=x onerror=alert(2)>`
)

var (
	viewer     = people.User{Name: "v", FullName: "王某", Roles: []people.Role{people.Viewer}}
	signer     = people.User{Name: "s", FullName: "赵某", Roles: []people.Role{people.Signer}}
	operator   = people.User{Name: "o", FullName: "钱某", Roles: []people.Role{people.Operator}}
	czjClerk   = people.User{Name: "c", FullName: "孙某", Roles: []people.Role{people.Clerk}, Unit: "czj"}
	supervisor = people.User{Name: "p", FullName: "李某", Roles: []people.Role{people.Supervisor}, Unit: "pd"}
)

func townDay(month time.Month, d int) time.Time {
	return time.Date(2023, month, d, 0, 0, 0, 0, extract.Beijing)
}

func onDay(month time.Month, d int) extract.Date { return extract.Date{Time: townDay(month, d)} }

// town is its board as of 2023-09-27, with nights before.
func town(t testing.TB) *board.Board {
	t.Helper()
	city := &inventory.City{
		Name: "某市", Office: "某市人民政府办公室", Report: inventory.Report{Decimals: 1},
		Units: []inventory.Unit{
			{ID: "zf", Name: "市政府办公室"}, {ID: "czj", Name: "市财政局"}, {ID: "wjw", Name: "市卫生健康委员会"},
			{ID: "pd", Name: "平定县人民政府"}, {ID: "pdcz", Name: "平定县财政局", Superior: "pd"},
		},
		Carriers: []inventory.Carrier{
			{ID: "czj", Kind: inventory.Site, Unit: "czj", Name: "市财政局网站", Code: "1403000012", Home: "http://czj.example.gov.cn/"},
			{ID: "pd", Kind: inventory.Site, Unit: "pd", Name: "平定县门户网站", Code: "1403210001", Home: "http://pd.example.gov.cn/"},
			{ID: "xxgk", Kind: inventory.DisclosurePlatform, Unit: "zf", Name: "政府信息公开平台"},
			{ID: "zf", Kind: inventory.Site, Unit: "zf", Name: "某市政府门户网站", Home: "javascript:alert(3)", Portal: true},
		},
		Accounts: []inventory.Account{
			{Code: "140300M001XL0001", Platform: inventory.Weibo, Name: "某市发布", Unit: "zf", Home: "https://weibo.com/u/1"},
			{Code: "140300M002XL0001", Platform: inventory.Weibo, Name: hostileName, Unit: "czj", Home: "javascript:alert(4)"},
			{Code: "140300M003AP0001", Platform: inventory.App, Name: "健康通", Unit: "wjw"},
		},
		Platforms: []inventory.PlatformProfile{{ID: inventory.Weibo, Name: "微博", Hand: "交一个链接", HandEN: "hand in a link", Manner: inventory.Manner{Hosts: []string{"weibo.com"}}}},
	}
	b := board.New(board.Input{
		City: city, Set: &rules.RuleSet{ID: "s", Name: "检查指标"}, Round: townRound(27), Result: townResult(city, 27), Book: townBook(t, city), Nights: townNights(city),
	})
	return b
}

func townRound(d int) store.Round {
	start := townDay(9, d).Add(90 * time.Minute)
	return store.Round{ID: start.Format("20060102-1504"), Started: start, Finished: start.Add(20 * time.Minute), State: store.Finished, Planned: make([]string, 15), Read: 12, Failed: 3}
}

// townResult is how the town is judged on a day of September 2023.
func townResult(city *inventory.City, d int) rules.Result {
	res := rules.Result{Point: townDay(9, d).Add(12 * time.Hour), PointDay: townDay(9, d)}
	column := func(id, unit, carrier, name string, class inventory.Class, s rules.IndicatorState, newest extract.Date, title string) {
		look := &rules.Look{Subject: id, At: townDay(9, d).Add(100 * time.Minute), Round: "r", Reading: extract.Reading{Newest: newest}}
		if s.Reason == extract.ReasonLost {
			look.Reading.Proposal = &extract.Proposal{}
		}
		s.Indicator, s.Window = "fresh", "P14D"
		counts := ""
		if carrier == "xxgk" && unit == "czj" {
			counts = "czj"
		}
		res.Columns = append(res.Columns, rules.ColumnResult{
			Column: inventory.Column{ID: id, Unit: unit, Carrier: carrier, CountsTo: counts, Name: name, Class: class},
			State:  s.State, Reason: s.Reason, States: []rules.IndicatorState{s}, Newest: newest, NewestTitle: title, Look: look, Proposal: look.Reading.Proposal,
		})
	}
	fresh := rules.IndicatorState{State: rules.Fresh, StaleOn: townDay(10, 9)}
	lost := rules.IndicatorState{State: rules.Unknown, Reason: extract.ReasonLost}
	if d <= 20 {
		lost = fresh
	}
	column("zf/yw", "zf", "zf", "要闻", inventory.ClassNews, fresh, onDay(9, 26), "市长调研")
	column("xxgk/czj/tzgg", "czj", "xxgk", "通知公告", inventory.ClassNotice, rules.IndicatorState{State: rules.Stale, StaleSince: townDay(7, 5)}, onDay(6, 20), hostileTitle)
	column("czj/gzdt", "czj", "czj", "工作动态", inventory.ClassNews, fresh, onDay(9, 25), "预算公开")
	column("czj/zcwj", "czj", "czj", "政策文件", inventory.ClassPolicy, rules.IndicatorState{State: rules.Due, StaleOn: townDay(9, 30)}, onDay(9, 15), "办法")
	column("xxgk/wjw/tzgg", "wjw", "xxgk", "通知公告", inventory.ClassNotice, lost, onDay(9, 1), "体检通知")
	column("xxgk/wjw/gzdt", "wjw", "xxgk", "工作动态", inventory.ClassNews, rules.IndicatorState{State: rules.Unknown, Reason: extract.ReasonBlocked}, extract.Date{}, "")
	column("pd/yw", "pd", "pd", "要闻", inventory.ClassNews, rules.IndicatorState{State: rules.Blank}, extract.Date{}, "")
	column("pd/cz", "pdcz", "pd", "财政信息", inventory.ClassBudget, rules.IndicatorState{State: rules.Stale, StaleSince: townDay(9, 20)}, onDay(9, 5), "决算")
	res.Sections = []rules.SectionResult{
		{Section: inventory.Section{ID: "pd/zdhy", Unit: "pd", Carrier: "pd", Spec: extract.SectionSpec{Name: "重大会议"}}, State: rules.Missing},
		{Section: inventory.Section{ID: "zf/ldxx", Unit: "zf", Carrier: "zf", Spec: extract.SectionSpec{Name: "领导信息"}}, State: rules.Unknown, Reason: extract.ReasonDown},
	}
	home := rules.IndicatorState{State: rules.Fresh}
	for i, v := range []rules.Verdict{rules.Pass, rules.Fail, rules.NotMonitored} {
		c := city.Sites()[i]
		s := rules.SiteResult{Carrier: c, Home: home, Verdict: v, Look: &rules.Look{Subject: c.ID, At: townDay(9, d), Reading: extract.Reading{Newest: onDay(9, 26)}}}
		if v == rules.Fail {
			s.Reasons = []string{"动态栏目更新不及时"}
		}
		res.Sites = append(res.Sites, s)
	}
	res.Accounts = []rules.AccountResult{
		{Account: city.Accounts[0], Registered: inventory.StateNormal, State: rules.Fresh, Verdict: rules.Pass, Newest: onDay(9, 27), NewestTitle: "早安",
			States: []rules.IndicatorState{{State: rules.Fresh}}, Look: &rules.Look{Reading: extract.Reading{Outcome: extract.Dated, From: extract.FromPlatform, Newest: onDay(9, 27)}}},
		{Account: city.Accounts[1], Registered: inventory.StateNormal, State: rules.Stale, Verdict: rules.Fail, Reasons: []string{"1周无更新"}, Newest: onDay(9, 10), NewestTitle: hostileTitle,
			States: []rules.IndicatorState{{State: rules.Stale, Window: "P1W", StaleSince: townDay(9, 18)}},
			Look: &rules.Look{At: townDay(9, d), Reading: extract.Reading{
				Outcome: extract.Dated, From: extract.FromFeed, Newest: onDay(9, 10),
				Items: []extract.Item{{Title: hostileTitle, Link: "javascript:alert(5)", Date: onDay(9, 10), Source: hostileTitle}},
				Tries: []extract.Try{{Kind: extract.FromFeed, Host: hostileName, Outcome: extract.Dated, Newest: onDay(9, 10)}},
			}}},
		{Account: city.Accounts[2], Registered: inventory.StateNormal, State: rules.Unknown, Reason: extract.ReasonNotLooked, Verdict: rules.NotMonitored},
	}
	res.Platforms = []rules.PlatformHealth{
		{Platform: inventory.Weibo, Name: "微博", Accounts: 2, Tried: 4, Read: 1, Blocked: 3, Reasons: map[extract.Reason]int{extract.ReasonBlocked: 3}, Since: townDay(9, 20)},
	}
	res.Findings = []rules.Finding{
		{ID: rules.FindingID("xxgk/czj/tzgg", "fresh"), Subject: "xxgk/czj/tzgg", Unit: "czj", Indicator: "fresh", Effect: rules.EffectVeto, Sources: []string{"巡查"}, Publicity: "点名", Status: "疑似", Text: "通知公告超期", Basis: "两周内要有更新", Preliminary: true},
		{ID: rules.FindingID("pd", "fresh"), Subject: "pd", Unit: "pd", Indicator: "fresh", Effect: rules.EffectVeto, Sources: []string{"巡查"}, Publicity: "点名", Status: "疑似", Text: "栏目不更新", Basis: "监测时间点前两周", Preliminary: true},
	}
	return res
}

func townNights(city *inventory.City) []board.Night {
	var nights []board.Night
	for d := 10; d <= 27; d++ {
		nights = append(nights, board.NightOf(townRound(d), townResult(city, d)))
	}
	return nights
}

// townBook has a suspicion of each finding.
func townBook(t testing.TB, city *inventory.City) *cases.Book {
	t.Helper()
	book, res := &cases.Book{}, townResult(city, 27)
	set := &rules.RuleSet{ID: "s", Indicators: []rules.Indicator{{ID: "fresh", Name: "更新", Basis: "两周"}}}
	for _, e := range book.Sync("2023Q3", res, set, townDay(9, 27)) {
		sealed, err := book.Seal(cases.Policy{}, e)
		if err == nil {
			err = book.Apply(sealed)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return book
}

// bigTown has many columns of one office.
func bigTown(t testing.TB, n int) *board.Board {
	t.Helper()
	b := town(t)
	in := b.Input
	for i := range n {
		in.Result.Columns = append(in.Result.Columns, rules.ColumnResult{
			Column: inventory.Column{ID: fmt.Sprintf("czj/more%03d", i), Unit: "czj", Carrier: "czj", Name: fmt.Sprintf("栏目%03d", i), Class: inventory.ClassOther},
			State:  rules.Fresh, States: []rules.IndicatorState{{State: rules.Fresh}}, Newest: onDay(9, 1+i%25), NewestTitle: "标题",
		})
	}
	return board.New(in)
}

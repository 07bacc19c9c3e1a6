package intake_test

import (
	"fmt"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/intake"
	"xuncha/inventory"
	"xuncha/rules"
)

// The three sources of every line, and what the line comes to.
func TestChecklist(t *testing.T) {
	sites := csv(t, "系统网站.csv", "网站标识码|网站名称|首页网址|主办单位|运行状态", "1403000012|示例市发改委|http://fgw.example.gov.cn/|市发展和改革委员会|正常", "1403000077|示例市水利局|http://slj.example.gov.cn/|市教育局|正常")
	accounts := csv(t, "系统账号.csv", "新媒体标识码|账号名称|主办单位|账号类型|账号状态|主页地址", "140300M019XL0001|示例　发改|市发展和改革委员会|微博|正常|https://weibo.com/u/1234567890", "140300M077DY0001|示例水利|市教育局|抖音|正常|")
	look := func(r extract.Reading) *rules.Look { return &rules.Look{At: time.Now(), Reading: r} }
	dated := look(extract.Reading{Outcome: extract.Dated, From: extract.FromPlatform})
	feed := look(extract.Reading{Outcome: extract.Dated, From: extract.FromFeed})
	seen := func(name string, named *rules.Look, l *rules.Look, home *rules.Look) *rules.Result {
		return &rules.Result{
			Sites:    []rules.SiteResult{{Carrier: inventory.Carrier{ID: "fgw"}, Look: home}},
			Accounts: []rules.AccountResult{{Account: inventory.Account{Code: "140300M019XL0001"}, Observed: name, Named: named, Look: l}},
		}
	}
	page := func(status int, url string) *rules.Look {
		return &rules.Look{Evidence: []rules.Evidence{{URL: url, Status: status}}}
	}
	tests := []struct {
		name string
		seen *rules.Result
		want map[string]intake.Verdict // subject and item
	}{
		{"nothing was seen", nil, map[string]intake.Verdict{
			"fgw 网站名称": intake.Registered, "fgw 首页网址": intake.NotSeen, "fgw 运行状态": intake.NotSeen, "1403000077 网站标识码": intake.NotInList,
			"account:140300M019XL0001 账号名称": intake.NotSeen, "account:140300M019XL0001 账号状态": intake.NotSeen,
			"account:140300M077DY0001 新媒体标识码": intake.NotInList, "account:140300M020WX0001 新媒体标识码": intake.NotInSystem,
		}},
		{"all as it should be", seen("示例发改", dated, dated, page(200, "https://www.fgw.example.gov.cn/")), map[string]intake.Verdict{
			"account:140300M019XL0001 账号名称": "", "account:140300M019XL0001 账号状态": "", "fgw 首页网址": "", "fgw 运行状态": "",
		}},
		{"another name, another site", seen("示例发展改革", dated, dated, page(200, "http://ads.example.com/")), map[string]intake.Verdict{
			"account:140300M019XL0001 账号名称": intake.Shown, "fgw 首页网址": intake.Shown,
		}},
		{"a feed's title is no name", seen("示例发改的微博", feed, feed, page(502, "http://fgw.example.gov.cn/")), map[string]intake.Verdict{
			"account:140300M019XL0001 账号名称": intake.NotSeen, "fgw 首页网址": intake.NotSeen, "fgw 运行状态": intake.NotSeen,
		}},
		{"gone, and registered as 正常", seen("", nil, look(extract.Reading{Hindrance: extract.HindCancelled}), nil), map[string]intake.Verdict{
			"account:140300M019XL0001 账号状态": intake.Shown,
		}},
		{"a captcha says nothing", seen("", nil, look(extract.Reading{Hindrance: extract.HindCaptcha}), nil), map[string]intake.Verdict{
			"account:140300M019XL0001 账号状态": intake.NotSeen,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list, err := intake.Compare(files(t, city), append(one(sites), accounts), intake.Options{Classes: classes(t)}, tt.seen)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]intake.Verdict{}
			for _, l := range list.Differing() {
				got[l.Subject+" "+l.Item] = l.Verdict
			}
			for at, want := range tt.want {
				if got[at] != want {
					t.Errorf("%s: %q, want %q", at, got[at], want)
				}
			}
			if tt.seen == nil && len(got) != len(tt.want) {
				t.Errorf("lines %v", got)
			}
			if n := len(list.Table(true).Rows); n != len(list.Lines) || list.Counts[intake.Agrees] != n-len(list.Differing()) {
				t.Errorf("%d rows of %d lines: %v", n, len(list.Lines), fmt.Sprint(list.Counts))
			}
		})
	}
}

// A site that the system says is gone and that is still watched.
func TestClosedSites(t *testing.T) {
	sites := csv(t, "系统网站.csv", "网站标识码|网站名称|首页网址|主办单位|运行状态", "1403000012|示例市发展和改革委员会|http://fgw.example.gov.cn/|市发展和改革委员会|关停")
	list, err := intake.Compare(files(t, city), one(sites), intake.Options{Classes: classes(t)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range list.Lines {
		if l.Item == "运行状态" && (l.Verdict != intake.Registered || l.System != "关停") {
			t.Errorf("%+v", l)
		}
	}
}

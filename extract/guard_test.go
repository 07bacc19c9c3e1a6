package extract

import (
	"strings"
	"testing"
)

// What is no list says so, with the words that gave it away, and is never
// empty and never old.
func TestGuards(t *testing.T) {
	good := listOf("关于启用验证码登录的通知 | 2023-08-23", "系统维护公告 | 2023-08-01")
	long := "<p>" + strings.Repeat("阳泉市人民政府办公室", 300) + "</p>"
	tests := []struct {
		name   string
		answer answer
		reason Reason // "" for a good reading
		detail string
	}{
		{"a good page", answer{body: good}, "", ""},
		{"words of walls in titles are titles", answer{body: listOf("您的访问被拦截怎么办 | 2023-08-23", "页面不存在的处理 | 2023-08-20")}, "", ""},
		{"a long page may speak of anything", answer{body: good + long + "<p>访问过于频繁</p>"}, "", ""},
		{"a log-in box beside a good list", answer{body: good + `<form>验证码<input type="password"></form>`}, "", ""},

		{"time-out", answer{class: ClassTimeout}, ReasonDown, "timeout"},
		{"server error without a class", answer{status: 503, body: "x"}, ReasonDown, "503"},
		{"forbidden without a class", answer{status: 403, body: "x"}, ReasonBlocked, "403"},
		{"a challenge's status", answer{status: 412, body: "x"}, ReasonBlocked, "412"},
		{"too many requests", answer{status: 429, body: "x"}, ReasonBlocked, "429"},
		{"gone for good", answer{status: 410, body: "x"}, ReasonGone, "410"},
		{"another client error", answer{status: 400, body: "x"}, ReasonGone, "400"},
		{"robots", answer{class: ClassRobots}, ReasonRobots, "robots"},
		{"our own policy", answer{class: ClassEgress}, ReasonNotLooked, "egress"},

		{"redirect within the host", answer{body: good, url: host + "/tzgg/index.html"}, "", ""},
		{"redirect to www.", answer{body: good, url: "https://www.fgw.example.gov.cn/tzgg/"}, "", ""},
		{"redirect to a further host of the site", answer{body: good, url: "http://zt.fgw.example.gov.cn/tzgg/"}, "", ""},
		{"redirect to a foreign host", answer{body: good, url: "http://ads.example.com/tzgg/"}, ReasonGone, "ads.example.com"},
		{"redirect to a port of a registered host", answer{body: good, url: host + ":8080/tzgg/"}, "", ""},
		{"redirect to the home page", answer{body: good, url: host + "/index.shtml"}, ReasonGone, "home page"},
		{"redirect to the root of a further host", answer{body: good, url: "http://zt.fgw.example.gov.cn/"}, ReasonGone, "root"},
		{"redirect to a log-in page", answer{body: good, url: host + "/sso/login?to=tzgg"}, ReasonBlocked, "log-in"},

		{"rate limit with status 200", answer{body: "<html><body>您的访问过于频繁，请稍后再试</body></html>"}, ReasonBlocked, "访问过于频繁"},
		{"odd behaviour", answer{body: "<h1>访问行为异常</h1>"}, ReasonBlocked, "访问行为异常"},
		{"words broken by markup", answer{body: "<b>请完成</b> <i>安全验证</i>"}, ReasonBlocked, "请完成安全验证"},
		{"slider", answer{body: "<p>请拖动滑块完成拼图</p>"}, ReasonBlocked, "拖动滑块"},
		{"intercepted", answer{body: "<p>很抱歉，您的访问被拦截</p>"}, ReasonBlocked, "被拦截"},
		{"cloud shield", answer{body: "<p>电信云防护</p>"}, ReasonBlocked, "云防护"},
		{"captcha", answer{body: "<p>验证码 <input name=c></p>"}, ReasonBlocked, "验证码"},
		{"block page by its title", answer{body: "<title>网站防火墙</title>" + good + long}, ReasonBlocked, "网站防火墙"},
		{"script challenge", answer{body: `<html><head><script>$_ts=window['$_ts'];</script></head><body></body></html>`}, ReasonBlocked, "$_ts"},
		{"cookie challenge", answer{body: `<script>document.cookie=('_')+('_jsl_clearance');location.href=location.pathname</script>`}, ReasonBlocked, "document.cookie="},
		{"arg challenge", answer{body: `<script>var arg1='X';function acw_sc__v2(){}</script>`}, ReasonBlocked, "acw_sc__v2"},
		{"log-in wall", answer{body: "<p>请先登录</p>"}, ReasonBlocked, "请先登录"},
		{"log-in form", answer{body: `<form><input type="password"></form>`}, ReasonBlocked, "password"},

		{"soft 404", answer{body: "<p>抱歉，您访问的页面不存在</p>" + menu}, ReasonGone, "页面不存在"},
		{"soft 404 in English", answer{body: "<h1>404 Not Found</h1>"}, ReasonGone, "404NotFound"},
		{"soft 404 by number", answer{body: "<h1>404</h1><a href='/'>返回</a>"}, ReasonGone, "404"},
		{"soft 404 by its title, with news below", answer{body: "<title>404-页面不存在</title>" + good + long}, ReasonGone, "404"},
		{"parked host", answer{body: "<p>该域名出售</p>"}, ReasonGone, "域名出售"},
		{"unset server", answer{body: "<h1>Welcome to nginx!</h1>"}, ReasonGone, "Welcometonginx"},
		{"unset virtual host", answer{body: "<p>没有找到站点</p>"}, ReasonGone, "没有找到站点"},
		{"maintenance", answer{body: "<p>系统升级维护，暂停服务</p>" + menu}, ReasonDown, "升级维护"},
		{"error page with status 200", answer{body: "<p>系统繁忙，请稍后再试</p>"}, ReasonDown, "系统繁忙"},

		{"nothing", answer{body: " \n "}, ReasonDown, "empty"},
		{"PDF", answer{body: "%PDF-1.4 ..."}, ReasonLost, "a PDF document"},
		{"picture", answer{body: "\x89PNG\x0D\x0A\x1A\x0A"}, ReasonLost, "a picture"},
		{"Word", answer{body: "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00\x00"}, ReasonLost, "Office"},
		{"picture's type, but a page", answer{body: good, header: "image/png"}, "", ""},
		{"JSON", answer{body: `{"code":500,"msg":"x"}`}, ReasonLost, "JSON"},
		{"feed", answer{body: `<?xml version="1.0"?><rss version="2.0"></rss>`}, ReasonLost, "source: feed"},
		{"data island's answer", answer{body: `<?xml version="1.0"?><datastore><recordset></recordset></datastore>`}, ReasonLost, "XML data"},
		{"XHTML is a page", answer{body: `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html><html>` + good}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			task := Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: usual, Home: host + "/", Hosts: []string{"fgw.example.gov.cn", "zt.fgw.example.gov.cn"}}
			got, _ := ask(t, task, site{"/tzgg/": tt.answer})
			if tt.reason == "" {
				if got.Outcome != Dated || show(got.Newest) != "2023-08-23" {
					t.Errorf("got %s %s %q, want dated 2023-08-23", got.Outcome, got.Reason, got.Detail)
				}
				return
			}
			if got.Outcome != Unread || got.Reason != tt.reason || !strings.Contains(got.Detail, tt.detail) {
				t.Errorf("got %s %s %q, want unread %s with %q", got.Outcome, got.Reason, got.Detail, tt.reason, tt.detail)
			}
			if !got.Newest.IsZero() || len(got.Detail) > maxDetail {
				t.Errorf("got newest %s and a detail of %d bytes", show(got.Newest), len(got.Detail))
			}
		})
	}
}

func TestHomePageItself(t *testing.T) {
	task := Task{Question: AskNewest, URLs: []string{host + "/"}, Recipe: usual, Home: host + "/"}
	got, _ := ask(t, task, site{"/": {body: listOf("a | 2023-08-23"), url: host + "/index.html"}})
	if got.Outcome != Dated {
		t.Errorf("got %s %s, want dated: the home page was asked for", got.Outcome, got.Detail)
	}
}

// Without registered hosts only the host that was asked may answer.
func TestHostsDefaultToTheOneAsked(t *testing.T) {
	task := Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: usual}
	got, _ := ask(t, task, site{"/tzgg/": {body: listOf("a | 2023-08-23"), url: "http://other.example.gov.cn/tzgg/"}})
	if got.Reason != ReasonGone {
		t.Errorf("got %s %s, want gone", got.Outcome, got.Reason)
	}
}

func TestUnchangedPageWithoutItsBytes(t *testing.T) {
	task := Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: usual}
	page := Page{Asked: host + "/tzgg/", URL: host + "/tzgg/", Why: WhyList, Status: 200, NotModified: true, FetchedAt: fetched}
	if got, wants := Read(task, []Page{page}); got.Reason != ReasonNotLooked || wants != nil {
		t.Errorf("got %s %s, want not-looked", got.Outcome, got.Reason)
	}
}

func TestDetours(t *testing.T) {
	good := listOf("a | 2023-08-23")
	tests := []struct {
		name   string
		page   string
		site   site
		reason Reason
		wants  int
	}{
		{"refresh to the page's own index", `<META http-equiv="Refresh" content="0; URL=index_2023.html">`, site{"/tzgg/index_2023.html": {body: good}}, "", 2},
		{"refresh without quotes or blanks", `<meta http-equiv=refresh content=0;url=./index.html>`, site{"/tzgg/index.html": {body: good}}, "", 2},
		{"refresh to a child column", `<meta http-equiv="refresh" content="0;url=child/">`, nil, ReasonLost, 1},
		{"refresh to a foreign host", `<meta http-equiv="refresh" content="0;url=http://x.example.com/tzgg/">`, nil, ReasonGone, 1},
		{"refresh to the home page", `<meta http-equiv="refresh" content="0;url=/">`, nil, ReasonGone, 1},
		{"refresh of itself", `<meta http-equiv="refresh" content="600">` + good, nil, "", 1},
		{"refresh after minutes", `<meta http-equiv="refresh" content="600;url=/child/">` + good, nil, "", 1},
		{"refresh to a page that is gone", `<meta http-equiv="refresh" content="0;url=a.html">`, nil, ReasonGone, 2},
		{"refresh to another refresh", `<meta http-equiv="refresh" content="0;url=a.html">`, site{"/tzgg/a.html": {body: `<meta http-equiv="refresh" content="0;url=b.html">`}}, ReasonLost, 2},
		{"jump by script", `<script>window.location.href="child/"</script>`, nil, ReasonLost, 1},
		{"jump by script to the own index", `<script>location.replace('index_1.html')</script>`, site{"/tzgg/index_1.html": {body: good}}, "", 2},
		{"frame with the list", `<iframe src="/visitcount.jsp"></iframe><iframe src="list.html"></iframe>`, site{"/tzgg/list.html": {body: good}}, "", 2},
		{"frameset", `<frameset><frame name="top" src="top.html"><frame name="mainFrame" src="m.html"></frameset>`, site{"/tzgg/m.html": {body: good}}, "", 2},
		{"frame of another host", `<iframe src="http://x.example.com/list.html"></iframe>`, nil, ReasonLost, 1},
		{"frame in a frame", `<iframe src="list.html"></iframe>`, site{"/tzgg/list.html": {body: `<iframe src="list2.html"></iframe>`}}, ReasonLost, 2},
		{"frame that is down", `<iframe src="list.html"></iframe>`, site{"/tzgg/list.html": {class: ClassReset}}, ReasonDown, 2},
		{"an empty list in a frame page", `<iframe src="list.html"></iframe><ul class="list"></ul>`, site{"/tzgg/list.html": {body: good}}, "", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := site{"/tzgg/": {body: tt.page}}
			for k, v := range tt.site {
				s[k] = v
			}
			task := Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: usual, Home: host + "/"}
			got, asked := ask(t, task, s)
			want := Outcome(Unread)
			if tt.reason == "" {
				want = Dated
			}
			if got.Outcome != want || got.Reason != tt.reason || len(asked) != tt.wants {
				t.Errorf("%s\ngot %s %s %q after %d pages, want %s %s after %d", tt.page, got.Outcome, got.Reason, got.Detail, len(asked), want, tt.reason, tt.wants)
			}
			if len(asked) == 2 && asked[1].Why != WhyFrame {
				t.Errorf("got want %+v, want a frame", asked[1])
			}
		})
	}
}

package extract

import (
	"net/url"
	"strings"
	"testing"
)

// Every obstacle is told by what the smallest page of its kind shows, and says
// what gave it away.
func TestObstacles(t *testing.T) {
	news := listOf("关于开展春季植树的通知 | 2023-08-23", "关于调整作息时间的公告 | 2023-08-20", "关于公布考试成绩的公告 | 2023-08-18")
	ruishu := `<!DOCTYPE html><html><head><meta charset="utf-8"><meta content="` + strings.Repeat("qX3f_", 60) + `" id="kP2x" r="m"><script src="/a1B2.js" r="m"></script><script r="m">%s</script></head><body></body></html>`
	tests := []struct {
		name, body string
		reason     Reason
		detail     string
	}{
		{"瑞数", strings.Replace(ruishu, "%s", "$_ts=window['$_ts'];if(!$_ts)$_ts={};", 1), ReasonBlocked, `"$_ts" (瑞数)`},
		{"瑞数 under made-up names", strings.Replace(ruishu, "%s", "zq=window['zq'];", 1), ReasonBlocked, "made-up names (瑞数)"},
		{"瑞数 by its cookie", `<script>var c="FSSBBIl1UgzbN7N80S";</script>`, ReasonBlocked, "瑞数"},
		{"加速乐, first answer", `<script>document.cookie=('_')+('_')+('jsl_clearance=1');location.href=location.pathname+location.search</script>`, ReasonBlocked, "document.cookie="},
		{"加速乐, second answer", `<script>function go(a){};go({"bts":["16","x"],"ha":"sha1","tn":"__jsl_clearance_s","wt":"1500"})</script>`, ReasonBlocked, "加速乐"},
		{"网防G01", `<script>var wzwschallenge="RANDOMSTR1";</script>`, ReasonBlocked, "网防G01"},
		{"网防G01 with words", `<p>网防G01 检测到您的操作有风险</p>`, ReasonBlocked, "网防G01"},
		{"华为云 WAF", `<script>var s="HWWAFSESID";location.reload()</script>`, ReasonBlocked, "华为云"},
		{"阿里云 WAF, script", `<script>var arg1='0A';var _0x=['acw_sc__v2'];</script>`, ReasonBlocked, "阿里云"},
		{"阿里云 WAF, words", `<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p>`, ReasonBlocked, "您的访问被阻断"},
		{"a sliding captcha", `<div>请按住滑块，拖动到最右边</div>`, ReasonBlocked, "按住滑块"},
		{"a captcha tool", `<p>访问验证</p><script src="https://static.geetest.com/v4/gt4.js"></script>`, ReasonBlocked, "geetest"},
		{"a captcha's picture", `<form><img src="/captcha.jpg?1"><input name=c></form>`, ReasonBlocked, "captcha"},
		{"雷池", `<title>访问被拦截</title><p>请求存在威胁，已被拦截</p>`, ReasonBlocked, "访问被拦截"},
		{"D盾", `<title>D盾_拦截提示</title><p>您的请求带有不合法参数</p>`, ReasonBlocked, "D盾"},
		{"Cloudflare", `<title>Just a moment...</title><script src="/cdn-cgi/challenge-platform/x.js"></script>`, ReasonBlocked, "Just a moment"},

		{"a log-in page by its title", `<title>统一身份认证平台</title><form><input name=u><input TYPE=PASSWORD></form>`, ReasonBlocked, "身份认证"},
		{"a log-in form without quotes", `<form>用户名<input name=u>密码<input type=password></form>`, ReasonBlocked, "password"},
		{"a session that has ended", `<p>登录超时，请重新登录</p>`, ReasonBlocked, "登录超时"},

		{"soft 404 over the site's news", `<p>抱歉，您访问的页面不存在或已被删除</p>` + news, ReasonGone, "页面不存在"},
		{"soft 404 by one part of its title", `<title>阳泉市人民政府-404页面</title>` + menu, ReasonGone, "404"},
		{"a column that was taken down", `<title>栏目不存在_市发展改革委</title>` + menu, ReasonGone, "栏目不存在"},
		{"a parked host", `<title>fgw.gov.cn domain is for sale</title><p>Buy this domain</p>`, ReasonGone, "for sale"},
		{"an account that was not paid", `<h1>Account Suspended</h1>`, ReasonGone, "AccountSuspended"},
		{"a folder", `<title>Index of /tzgg</title><a href="a.html">a.html</a> 2023-08-23`, ReasonGone, "Index of"},
		{"hijacked by a casino", `<title>澳门葡京娱乐城官网_真人百家乐</title>` + news[strings.Index(news, "<ul class=\"list\""):strings.Index(news, "</ul></div>"+footer)], ReasonGone, "hijacked"},
		{"hijacked in another language", `<html><head><title>SLOT GACOR: situs judi online</title></head><body><ul class="list"><li><a href="/x">Daftar sekarang juga</a><span>2023-08-23</span></li></ul>`, ReasonGone, "hijacked"},
		{"a site that moved", `<p>本网站已整合迁移至市政府门户网站</p>`, ReasonGone, "整合迁移"},

		{"maintenance by its title", `<title>网站维护中</title>` + menu, ReasonDown, "网站维护中"},
		{"maintenance in its text", `<p>尊敬的用户：网站正在升级，请稍后访问</p>`, ReasonDown, "正在升级"},
		{"a day of mourning", `<h1>深切哀悼</h1><p>全国性哀悼活动期间本网站停止更新</p>`, ReasonDown, "深切哀悼"},

		{"cut in a tag", news[:strings.Index(news, "</ul>")] + `<li><a href="b.ht`, ReasonDown, "middle of a tag"},
		{"cut in a character", news[:strings.Index(news, "</ul>")] + "<p>公\xe5\xbc", ReasonDown, "middle of a character"},
		{"cut in a title", news[:strings.Index(news, "</ul>")] + `<li><a href="b.html">关于`, ReasonDown, "inside of <a>"},
		{"cut in a script", news[:strings.Index(news, "</ul>")] + `<script>var a = 1;`, ReasonDown, "inside of <script>"},
		{"cut in a comment", news[:strings.Index(news, "</ul>")] + `<!-- 页尾`, ReasonDown, "comment"},

		{"an empty shell that scripts fill", `<div class="wrap"></div><script src="/js/chunk.js"></script>`, ReasonScript, "nothing to see"},
		{"an empty shell", `<div class="wrap"></div>`, ReasonLost, "matches nothing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readList(t, usual, tt.body)
			if got.Outcome != Unread || got.Reason != tt.reason || !strings.Contains(got.Detail, tt.detail) {
				t.Errorf("%.300s\ngot %s %s %q, want unread %s with %q", tt.body, got.Outcome, got.Reason, got.Detail, tt.reason, tt.detail)
			}
			if !got.Newest.IsZero() {
				t.Errorf("got newest %s of a page that is no list", show(got.Newest))
			}
		})
	}
}

// Good lists speak of all of that and are read.
func TestGoodListsThatSpeakOfObstacles(t *testing.T) {
	rows := func(texts ...string) string {
		for i := range texts {
			texts[i] += " | 2023-08-23"
		}
		return listOf(texts...)
	}
	named := func(name, page string) string {
		return strings.Replace(page, "<title>通知公告</title>", "<title>"+name+"</title>", 1)
	}
	summary := func(text string) string {
		return menu + `<ul class="list"><li><a href="/a.html">关于网站安全的提示信息</a><span>2023-08-23</span><p>` + text + `</p></li><li><a href="/b.html">关于假期安排的通知公告</a><span>2023-08-20</span></li></ul>`
	}
	for name, page := range map[string]string{
		"maintenance in a title":               rows("关于网站系统升级维护的公告", "关于暂停服务的公告"),
		"captchas in a title":                  rows("验证码诈骗提醒", "警惕“请输入验证码”短信"),
		"404 in a title":                       rows("404医院开展义诊", "第404号公告"),
		"a column named 404":                   named("404医院动态-市卫生健康委", rows("义诊活动")),
		"a column on food safety":              named("食品安全验证公示_市场监督管理局", rows("第一批名单公示")),
		"a column on safety checks":            named("安全验证类公告", rows("第一批名单公示")),
		"a column on lottery money":            named("福利彩票公益金", rows("2022年彩票公益金使用情况")),
		"gambling in titles":                   rows("严厉打击网络赌博", "关闭百家乐网站的通告", "彩票销售网点公示"),
		"mourning in a title, the page grey":   `<style>html{filter:grayscale(100%)}</style>` + rows("深切哀悼逝世同志"),
		"the words of a wall in a summary":     summary("您的访问被拦截怎么办？页面不存在的处理办法，请完成安全验证。"),
		"a log-in box":                         rows("通知") + `<form>请先登录 <input type=password> 请输入验证码 <img src=/captcha.jpg></form>`,
		"a guard's badge":                      rows("通知") + `<p>本站由创宇盾提供防护，网防G01</p>`,
		"the scripts that a wall leaves":       `<script>$_ts=window['$_ts'];var a="acw_sc__v2 __jsl_clearance";document.cookie="a=1";location.hash</script>` + rows("通知"),
		"no last tags":                         strings.TrimSuffix(rows("通知"), footer+"</body></html>"),
		"text behind the last tag":             strings.TrimSuffix(rows("通知"), "</body></html>") + "</html>\n阅读",
		"a last tag that is cut":               strings.TrimSuffix(rows("通知"), ">"),
		"a mark of less than at its end":       strings.TrimSuffix(rows("通知"), "</body></html>") + "1 < 2",
		"pages put together of pages":          strings.Repeat(`<html lang=zh><body class=a>`, 30) + rows("通知"),
		"a meta of many words, and a list":     `<meta name="description" content="` + strings.Repeat("政务公开", 100) + `">` + rows("通知"),
		"an article on a site that was closed": rows("关于网站关停公告", "本网站已整合迁移至新址"),
	} {
		t.Run(name, func(t *testing.T) {
			got := readList(t, usual, page)
			if got.Outcome != Dated || show(got.Newest) != "2023-08-23" || got.AtLeast {
				t.Errorf("%.400s\ngot %s %s %q, newest %s, at least %t; want dated 2023-08-23", page, got.Outcome, got.Reason, got.Detail, show(got.Newest), got.AtLeast)
			}
		})
	}
}

// Words that stand beside lists without dates say nothing of them either.
func TestUndatedListBesideALogInBox(t *testing.T) {
	got := readList(t, usual, listOf("关于甲的通知", "关于乙的通知", "关于丙的通知")+`<form>请输入验证码<input type=password></form>`)
	if got.Reason == ReasonBlocked {
		t.Errorf("got %s %q, want nothing said of a wall", got.Reason, got.Detail)
	}
}

// A wall may answer with any status.
func TestWallsBehindAStatus(t *testing.T) {
	tests := []struct {
		status int
		body   string
		reason Reason
		detail string
	}{
		{405, "<p>您的访问已被电信云防护拦截</p>", ReasonBlocked, "云防护"},
		{412, `<script>$_ts={}</script>`, ReasonBlocked, "瑞数"},
		{521, `<script>go({"bts":[]})</script>`, ReasonBlocked, "加速乐"},
		{512, `<script>x()</script>`, ReasonBlocked, "anti_bot"},
		{503, "<title>x</title><p>检测到异常流量</p>", ReasonBlocked, "http_5xx: status 503; a block page"},
		{404, "<p>请求存在威胁，已被拦截</p>", ReasonBlocked, "请求存在威胁"},
		{404, "<p>页面不存在</p>", ReasonGone, "http_404"},
		{503, "<p>系统升级</p>", ReasonDown, "http_5xx"},
		{202, `<script>$_ts={}</script>`, ReasonBlocked, "瑞数"},
	}
	for _, tt := range tests {
		task := Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: usual}
		got, _ := ask(t, task, site{"/tzgg/": {status: tt.status, body: tt.body}})
		if got.Reason != tt.reason || !strings.Contains(got.Detail, tt.detail) {
			t.Errorf("%d %s\ngot %s %q, want %s with %q", tt.status, tt.body, got.Reason, got.Detail, tt.reason, tt.detail)
		}
	}
}

func TestLoginAddress(t *testing.T) {
	for address, want := range map[string]bool{
		"https://sso.example.gov.cn/":              true,
		"https://tysfrz.example.gov.cn/x?goto=a":   true,
		"http://a.gov.cn/sso/login?to=b":           true,
		"http://a.gov.cn/userLogin.jsp":            true,
		"http://a.gov.cn/cas/":                     true,
		"http://a.gov.cn/tzgg/":                    false,
		"http://a.gov.cn/casedb/loginstatistics.x": false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := LoginAddress(u); got != want {
			t.Errorf("%s: got %t, want %t", address, got, want)
		}
	}
	task := Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: usual}
	got, _ := ask(t, task, site{"/tzgg/": {body: listOf("a | 2023-08-23"), url: "https://sso.example.gov.cn/login"}})
	if got.Reason != ReasonBlocked || !strings.Contains(got.Detail, "log-in") {
		t.Errorf("log-in on another host: got %s %q, want blocked", got.Reason, got.Detail)
	}
}

// A page that says it is another column's is read, with a note.
func TestPageOfAnotherColumn(t *testing.T) {
	crumb := `<div class="wz"><b>您当前的位置：</b><a href="/">首页</a> &gt; <a href="/zw/">政务公开</a> &gt; %s</div>`
	tests := []struct {
		name, head, column string
		says, note         string
	}{
		{"the meta is another column's", `<meta name="columnname" content="人事信息">`, "通知公告", "人事信息", `"人事信息", not "通知公告"`},
		{"the meta is its own", `<meta name="ColumnName" content="市政府通知">`, "通知公告", "市政府通知", ""},
		{"the way names another", strings.Replace(crumb, "%s", "人事信息", 1), "通知公告", "人事信息", ""},
		{"the way ends in what kind of page it is", strings.Replace(crumb, "%s", "工作动态 > 列表", 1), "工作动态", "工作动态", ""},
		{"neither", "", "通知公告", "", ""},
		{"a tampered title", `<title>六合彩开奖</title>`, "", "", "六合彩"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := tt.head + listOf("市政府通知 | 2023-08-23")
			d, o := parse(Page{URL: host, Body: []byte(page)})
			if o != nil {
				t.Fatal(o.detail)
			}
			if got := d.columnName(); got != tt.says {
				t.Errorf("the page calls itself %q, want %q", got, tt.says)
			}
			task := Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: usual, Column: tt.column}
			got, _ := ask(t, task, site{"/tzgg/": {body: page}})
			notes := strings.Join(got.Notes, "\n")
			if got.Outcome != Dated || tt.note == "" && notes != "" || !strings.Contains(notes, tt.note) {
				t.Errorf("got %s %s with notes %q, want dated with %q", got.Outcome, got.Detail, notes, tt.note)
			}
		})
	}
}

package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// pathOf is a column's name below what it stands under: 工作动态--通知公告.
func pathOf(c Candidate) string { return strings.Join(append(slices.Clone(c.Groups), c.Name), "--") }

// surveyed looks at a body as the home page of the usual host and returns the
// paths and addresses of its columns, "工作动态--通知公告 /tzgg/".
func surveyed(t *testing.T, body string) (columns []string, o Offer) {
	t.Helper()
	o = Survey(Page{URL: host + "/", Asked: host + "/", Status: 200, Body: []byte(body), FetchedAt: fetched}, SurveyTask{Words: []string{"公告", "动态"}})
	for _, c := range o.Columns {
		if c.Confidence <= 0 || c.Confidence > maxSure {
			t.Errorf("%s: confidence %v", pathOf(c), c.Confidence)
		}
		columns = append(columns, pathOf(c)+" "+strings.TrimPrefix(c.URL, host))
	}
	return columns, o
}

// news are rows as home pages show them.
func news(dir string, titles ...string) string {
	var b strings.Builder
	for i, title := range titles {
		fmt.Fprintf(&b, `<li><a href="%s202308/t2023082%d_%d.html">%s</a></li>`, dir, i, 5090+i, title)
	}
	return b.String()
}

func TestSurvey(t *testing.T) {
	three := []string{"市政府召开第三次会议", "全市防汛工作部署", "关于开展检查的通知"}
	tests := []struct {
		name, body string
		want       []string
	}{
		{"a menu", `<ul class="nav"><li><a href="/">首页</a></li><li><a href="/tzgg/">通知公告</a></li><li><a href="gzdt/index.html">工作动态</a></li></ul>`,
			[]string{"通知公告 /tzgg/", "工作动态 /gzdt/index.html"}},
		{"a menu of two levels", `<ul><li><a href="/zwgk/">政务公开</a><ul><li><a href="/zwgk/zcwj/">政策文件</a></li><li><a href="/zwgk/rsxx/">人事信息</a></li></ul></li><li><a href="/bsfw/">办事服务</a></li></ul>`,
			[]string{"政务公开 /zwgk/", "政务公开--政策文件 /zwgk/zcwj/", "政务公开--人事信息 /zwgk/rsxx/", "办事服务 /bsfw/"}},
		{"a menu of divs", `<div class="menu"><div class="item"><a href="/zwgk/">政务公开</a><div class="sub"><a href="/zwgk/zcwj/">政策文件</a><a href="/zwgk/ghjh/">规划计划</a></div></div></div>`,
			[]string{"政务公开 /zwgk/", "政务公开--政策文件 /zwgk/zcwj/", "政务公开--规划计划 /zwgk/ghjh/"}},
		{"a menu whose first level is no link", `<ul><li><a href="javascript:;">工作动态</a><ul><li><a href="/gzdt/tzgg/">通知公告</a></li></ul></li><li><span>领导动态</span><dl><dd><a href="/lddt/ldhd/">领导活动</a></dd></dl></li><li>资料<div><a href="/zl/">下载中心</a></div></li></ul>`,
			[]string{"工作动态--通知公告 /gzdt/tzgg/", "领导动态--领导活动 /lddt/ldhd/", "资料--下载中心 /zl/"}},
		{"units of a platform", `<div class="nav"><ul><li><a href="/">首页</a></li></ul><h4>市财政局</h4><ul><li><a href="/czj/tzgg/">通知公告</a></li></ul><h4>市审计局</h4><ul><li><a href="/sjj/tzgg/">通知公告</a></li></ul></div>`,
			[]string{"市财政局--通知公告 /czj/tzgg/", "市审计局--通知公告 /sjj/tzgg/"}},
		{"a table of units", `<table><tr><td>市财政局</td><td><a href="/czj/tzgg/">通知公告</a> <a href="/czj/gzdt/">工作动态</a></td></tr></table>`,
			[]string{"市财政局--通知公告 /czj/tzgg/", "市财政局--工作动态 /czj/gzdt/"}},
		{"dt and dd", `<dl><dt>工作动态</dt><dd><a href="/a/">通知公告</a></dd><dt>领导动态</dt><dd><a href="/b/">领导活动</a></dd></dl>`,
			[]string{"工作动态--通知公告 /a/", "领导动态--领导活动 /b/"}},
		{"headings of two ranks", `<div><h2>法定主动公开内容</h2><h3>政策</h3><ul><li><a href="/a/">规范性文件</a></li></ul><h3>财政</h3><ul><li><a href="/b/">预决算</a></li></ul><h2>公开指南</h2><p><a href="/c/">指南正文页</a></p></div>`,
			[]string{"法定主动公开内容--政策--规范性文件 /a/", "法定主动公开内容--财政--预决算 /b/", "公开指南--指南正文页 /c/"}},
		{"a heading that is a link", `<div class="block"><h3><a href="/tzgg/">通知公告</a></h3><ul>` + news("/tzgg/", three...) + `</ul></div>`,
			[]string{"通知公告 /tzgg/"}},
		{"a heading with 更多", `<div class="block"><div class="title"><h3>通知公告</h3><a href="/tzgg/" class="more">更多&gt;&gt;</a></div><ul>` + news("/tzgg/", three...) + `</ul></div>`,
			[]string{"通知公告 /tzgg/"}},
		{"更多 in front of the heading", `<div class="hd"><a href="/tzgg/">[更多]</a><span>通知公告</span></div><ul>` + news("/tzgg/", three...) + `</ul>`,
			[]string{"通知公告 /tzgg/"}},
		{"更多 below the list", `<div><h3>通知公告</h3><ul>` + news("/tzgg/", three...) + `</ul><p><a href="/tzgg/">MORE +</a></p></div>`,
			[]string{"通知公告 /tzgg/"}},
		{"更多 as a picture", `<div><h3>通知公告</h3><a class="more" href="/tzgg/"><img src="more.gif"></a><ul>` + news("/tzgg/", three...) + `</ul></div>`,
			[]string{"通知公告 /tzgg/"}},
		{"更多 as the picture's text", `<div><div class="tit"><b>通知公告</b></div><a href="/tzgg/"><img src="m.gif" alt="更多"></a><ul>` + news("/tzgg/", three...) + `</ul></div>`,
			[]string{"通知公告 /tzgg/"}},
		{"a heading without a link, by its items' addresses", `<div><h3>通知公告</h3><ul>` + news("/zwgk/tzgg/", three...) + `</ul></div>`,
			[]string{"通知公告 /zwgk/tzgg/"}},
		{"a heading above items of several lists", `<div><h3>热门文章</h3><ul>` + news("/a/", three[0]) + news("/b/", three[1]) + news("/c/", three[2]) + `</ul></div>`, nil},
		{"tabs without links", `<div class="tab"><ul class="hd"><li>通知公告</li><li>工作动态</li></ul><div class="bd"><ul>` + news("/tzgg/", three...) + `</ul><ul>` + news("/gzdt/", three...) + `</ul></div></div>`,
			[]string{"通知公告 /tzgg/", "工作动态 /gzdt/"}},
		{"tabs with 更多 in their panels", `<div class="hd"><span>通知公告</span><span>工作动态</span></div><div><ul>` + news("/x/", three...) + `</ul><a href="/tzgg/">更多</a></div><div><ul>` + news("/y/", three...) + `</ul><a href="/gzdt/">更多</a></div>`,
			[]string{"通知公告 /tzgg/", "工作动态 /gzdt/"}},
		{"tabs that are links", `<div class="hd"><a href="/tzgg/">通知公告</a>|<a href="/gzdt/">工作动态</a></div><ul>` + news("/tzgg/", three...) + `</ul>`,
			[]string{"通知公告 /tzgg/", "工作动态 /gzdt/"}},
		{"a picture with areas", `<img usemap="#m"><map name="m"><area href="/tzgg/" alt="通知公告"><area href="/x/"></map>`, []string{"通知公告 /tzgg/"}},
		{"a picture with a text", `<ul><li><a href="/tzgg/"><img src="a.png" alt="通知公告"></a></li></ul>`, []string{"通知公告 /tzgg/"}},
		{"one address twice, the longer path stays", `<div class="block"><h3><a href="/zwgk/tzgg/">公告</a></h3><ul>` + news("/zwgk/tzgg/", three...) + `</ul></div><ul><li><a href="/zwgk/">政务公开</a><ul><li><a href="/zwgk/tzgg/index.html">通知公告</a></li></ul></li></ul>`,
			[]string{"政务公开--通知公告 /zwgk/tzgg/index.html", "政务公开 /zwgk/"}},
		{"names in brackets, with arrows and blanks", `<p><a href="/a/">【通知 公告】</a> <a href="/b/">· 工作动态 &gt;&gt;</a> <a href="/c/">政策文件 更多</a></p>`,
			[]string{"通知公告 /a/", "工作动态 /b/", "政策文件 /c/"}},
		{"a menu hidden until it is pointed at", `<ul><li><a href="/zwgk/">政务公开</a><ul style="display:none"><li><a href="/zwgk/zcwj/">政策文件</a></li></ul></li></ul>`,
			[]string{"政务公开 /zwgk/", "政务公开--政策文件 /zwgk/zcwj/"}},
		{"columns by number", `<ul><li><a href="/col/col1234/index.html">通知公告</a></li><li><a href="list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1012">工作动态</a></li><li><a href="/site/c100123/list.shtml">政策文件</a></li><li><a href="/xwzx/tzgg.htm">公示公告</a></li></ul>`,
			[]string{"通知公告 /col/col1234/index.html", "工作动态 /list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1012", "政策文件 /site/c100123/list.shtml", "公示公告 /xwzx/tzgg.htm"}},
		{"the site's name is no group", `<title>市财政局</title><h1>市财政局</h1><ul><li><a href="/tzgg/">通知公告</a></li></ul>`, []string{"通知公告 /tzgg/"}},

		{"articles by their address", `<ul><li><a href="/tzgg/202308/t20230823_1.html">停水通知</a></li><li><a href="/art/2023/8/2/art_1_2.html">公示</a></li></ul>`, nil},
		{"articles by a date beside", `<ul><li><a href="/show.aspx?id=1">停水通知</a><span>2023-08-23</span></li><li><a href="/b/">停电通知</a>[08-23]</li></ul>`, nil},
		{"articles by their length", `<ul><li><a href="/a/">关于进一步加强全市安全生产监督管理工作的若干意见</a></li></ul>`, nil},
		{"articles by their list", `<ul>` + news("/tzgg/", three...) + `<li><a href="/x/y/">停水通知</a></li></ul>`, nil},
		{"services", `<p><a href="/login/">登录</a><a href="/en/">English</a><a href="/wza/">无障碍阅读</a><a href="/rss/">RSS</a><a href="/lxwm/">联系我们</a><a href="/x/">晋公网安备14030002000000号</a></p>`, nil},
		{"paging", `<p><a href="/a/index_1.html">下一页</a><a href="/a/index_9.html">尾页</a><a href="/a/index_2.html">3</a></p>`, nil},
		{"another host", `<ul><li><a href="http://www.gov.cn/zhengce/">国务院文件</a></li></ul>`, nil},
		{"other homes and the page itself", `<p><a href="index.html">工作动态</a><a href="#top">通知公告</a></p>`, nil},
		{"a script", `<p><a href="javascript:go('tzgg')">通知公告</a></p>`, nil},
		{"files", `<p><a href="/a/zn.pdf">公开指南</a><a href="b.doc">申请表公告</a></p>`, nil},
		{"the trail", `<div>您当前的位置：<a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/zcwj/">政策文件</a></div>`, nil},
		{"the foot", `<div class="footer"><a href="/gywm/">机构动态</a></div>`, nil},
		{"pictures without a text", `<ul class="nav"><li><a href="/tzgg/"><img src="a.png"></a></li></ul>`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, o := surveyed(t, tt.body)
			if !slices.Equal(got, tt.want) || o.Reason != "" {
				t.Errorf("got  %q\nwant %q\n%s %s, left out %+v", got, tt.want, o.Reason, o.Detail, o.Skipped)
			}
		})
	}
}

func TestSurveySaysWhatItLeftOut(t *testing.T) {
	_, o := surveyed(t, `<title>市财政局</title><p><a href="/wzdt/">网站地图</a><a href="/login/">登录</a><a href="http://a.gov.cn/x/">省政府</a><a href="javascript:x()">公示</a></p>`)
	if o.Title != "市财政局" || o.SiteMap != host+"/wzdt/" {
		t.Errorf("got title %q and site map %q", o.Title, o.SiteMap)
	}
	want := []Skip{{SkipElsewhere, 1, []string{"省政府"}}, {SkipService, 2, []string{"网站地图", "登录"}}, {SkipScript, 1, []string{"公示"}}}
	if fmt.Sprint(o.Skipped) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", o.Skipped, want)
	}
}

func TestSurveyOfHosts(t *testing.T) {
	p := Page{URL: host + "/", Status: 200, Body: []byte(`<ul><li><a href="http://xxgk.example.gov.cn/tzgg/">通知公告</a></li></ul>`)}
	if o := Survey(p, SurveyTask{Hosts: []string{"xxgk.example.gov.cn"}}); len(o.Columns) != 1 {
		t.Errorf("got %+v, want the column on a host of the carrier", o)
	}
}

// A page that cannot be read offers nothing and says why.
func TestSurveyOfWhatIsNoPage(t *testing.T) {
	tests := []struct {
		name string
		page Page
		want Reason
	}{
		{"no answer", Page{Class: ClassTimeout}, ReasonDown},
		{"a block page", Page{Status: 200, Body: []byte("<p>访问行为异常</p>")}, ReasonBlocked},
		{"a document", Page{Status: 200, Body: []byte("%PDF-1.4")}, ReasonLost},
		{"nothing", Page{Status: 200}, ClassEmptyBody.Reason()},
		{"nested 5,000 deep", Page{Status: 200, Body: []byte(strings.Repeat("<ul><li>", 5000) + `<a href="/a/">通知公告</a>`)}, ReasonLost},
	}
	for _, tt := range tests {
		tt.page.URL = host + "/"
		if o := Survey(tt.page, SurveyTask{}); o.Reason != tt.want || len(o.Columns) != 0 {
			t.Errorf("%s: got %s %s and %d columns, want %s", tt.name, o.Reason, o.Detail, len(o.Columns), tt.want)
		}
	}
}

// A platform's home page links hundreds of columns, all of which must be found.
func TestSurveyOfAPlatform(t *testing.T) {
	var b strings.Builder
	for unit := range 40 {
		fmt.Fprintf(&b, "<h4>市第%d局</h4><ul>", unit)
		for col := range 15 {
			fmt.Fprintf(&b, `<li><a href="/u%d/c%d/">第%d类公告</a></li>`, unit, col, col)
		}
		b.WriteString("</ul>")
	}
	if got, _ := surveyed(t, b.String()); len(got) != 600 || got[599] != "市第39局--第14类公告 /u39/c14/" {
		t.Errorf("got %d columns, want 600", len(got))
	}
}

func TestSurveyOfHostilePages(t *testing.T) {
	link := func(i int) string {
		return fmt.Sprintf(`<a href="/c%d/">公告%c%c</a>`, i, '一'+rune(i/100), '一'+rune(i%100))
	}
	var flat, items strings.Builder
	for i := range 100000 {
		flat.WriteString(link(i))
		if i%4 == 0 {
			items.WriteString("<li>" + link(i) + "<div>" + link(i) + "</div></li>")
		}
	}
	deep := strings.Repeat("<ul><li><a href=/a/>公告</a>", 120)
	tests := []struct{ name, body string }{
		{"100,000 links in one element", "<p>" + flat.String()},
		{"50,000 links in one list", "<ul>" + items.String()},
		{"menus of 120 levels", strings.Repeat(deep+strings.Repeat("</li></ul>", 120), 50)},
		{"100,000 headings", strings.Repeat("<h3>公告</h3><div></div>", 100000) + "<ul><li><a href=/a/>公告</a></li></ul>"},
		{"100,000 tabs", strings.Repeat("<ul><li>公告</li><li>动态</li></ul>", 50000)},
		{"100,000 cells", "<table><tr>" + strings.Repeat("<td>公告</td>", 100000)},
		{"100,000 spans before nothing", strings.Repeat("<span>公告</span>", 100000)},
		{"a name of 8 MiB", `<a href="/a/">` + strings.Repeat("公告", 8<<20/6) + `</a>`},
		{"a class of 1 MiB", `<ul class="` + strings.Repeat("nav ", 1<<18) + `"><li><a href="/a/">公告</a></li></ul>`},
		{"an address of 1 MiB", `<a href="/` + strings.Repeat("a/", 1<<19) + `">公告</a>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			o := Survey(Page{URL: host + "/", Status: 200, Body: []byte(tt.body)}, SurveyTask{Words: []string{"公告"}})
			if took := time.Since(start); took > limit {
				t.Errorf("took %v, want at most %v", took, limit)
			}
			checkOffer(t, o)
			t.Logf("%v: %d columns, more %v", time.Since(start), len(o.Columns), o.More)
		})
	}
}

// Names are shown to people and pasted into files: nothing may hide in them.
func TestSurveyNamesHoldNothingHidden(t *testing.T) {
	got, o := surveyed(t, "<ul><li><a href='/a/'>通知\u202e公告\u200b\x07\x1b[31m</a></li><li><a href='/b/'>工作\n\r\t动态\ufeff</a></li></ul>")
	if len(got) != 2 || got[1] != "工作动态 /b/" {
		t.Errorf("got %q", got)
	}
	checkOffer(t, o)
}

// checkOffer holds for every offer, whatever the page.
func checkOffer(t *testing.T, o Offer) {
	t.Helper()
	if len(o.Columns) > maxOffered {
		t.Fatalf("%d columns, want at most %d", len(o.Columns), maxOffered)
	}
	seen := map[string]bool{}
	for _, c := range o.Columns {
		u := addressOf(c.URL)
		switch {
		case c.Name == "" || letters(c.Name) == "" || u == nil || !web(u):
			t.Fatalf("offered %+v", c)
		case seen[placeOf(c.URL)]:
			t.Fatalf("offered %s twice", c.URL)
		case len(c.Groups) > maxGroups+1 || len(pathOf(c)) > 1000:
			t.Fatalf("a path of %d levels, %d bytes", len(c.Groups), len(pathOf(c)))
		case title(pathOf(c)) != pathOf(c) || strings.ContainsAny(pathOf(c), "\n\r\t\u202e\u200b"):
			t.Fatalf("something hides in %q", pathOf(c))
		}
		seen[placeOf(c.URL)] = true
	}
}

func FuzzSurvey(f *testing.F) {
	f.Add([]byte(`<ul class="nav"><li><a href="/zwgk/">政务公开</a><ul><li><a href="/tzgg/">通知公告</a></li></ul></li></ul>`))
	f.Add([]byte(`<div class="hd"><span>通知公告</span><span>动态</span></div><div><ul>` + news("/x/", "一", "二", "三") + `</ul></div><div><a href="/b/">更多</a></div>`))
	f.Add([]byte(`<map><area href="/a/" alt="公告"></map><dl><dt>a</dt><dd><a href="?id=1">b</a></dd></dl>`))
	f.Add([]byte(`<table><tr><td>市财政局<td><a href="//x/y">公告</a><th><a href=":">动态</a></table><base href="http://[::1/">`))
	f.Fuzz(func(t *testing.T, body []byte) {
		checkOffer(t, Survey(Page{URL: host + "/", Status: 200, Body: body}, SurveyTask{Words: []string{"公告"}}))
	})
}

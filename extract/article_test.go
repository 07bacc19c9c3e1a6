package extract

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// prose is a paragraph of a body: it speaks of days that are not the article's.
const prose = `<p>　　2022年3月5日，全市政务公开工作会议召开，会议要求各单位在2021年12月31日前完成整改，切实做好信息发布、解读回应和政民互动等各项工作，不断提升群众满意度。</p>`

// articleOf returns a page with a title, what stands below it, and a body.
func articleOf(name, info, more string) string {
	return `<!doctype html><html><head><title>` + name + ` - 阳泉市某局</title></head><body>` + menu +
		`<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/tzgg/">通知公告</a> &gt; 正文</div>` +
		`<div class="main"><h1>` + name + `</h1>` + info + `<div class="text">` + prose + prose + `</div>` + more + `</div>` + footer + `</body></html>`
}

func articleAt(t *testing.T, address, body string) article {
	t.Helper()
	d, o := parse(Page{Asked: address, URL: address, Why: WhyArticle, Status: 200, FetchedAt: fetched, Body: []byte(body)})
	if o != nil {
		t.Fatalf("parse: %s", o.detail)
	}
	return readArticle(d)
}

// The date below the title is the article's, whatever label it has, and nothing
// else on the page is.
func TestShownDateOfArticle(t *testing.T) {
	side := `<div class="side"><ul><li><a href="/a/1.html">关于做好全市防汛工作的紧急通知</a><span>2023-09-20</span></li></ul></div>`
	tests := []struct{ name, info, more, want string }{
		{"publication", `<div>发布时间：2023-08-23 10:05　来源：市政府办</div>`, side, "2023-08-23 10:05"},
		{"issue of a document", `<div>发文日期：2023年8月23日</div>`, side, "2023-08-23"},
		{"a label with blanks", `<p>发 布 时 间： 2023-08-23</p>`, "", "2023-08-23"},
		{"a day", `<div>日期：2023/8/23 浏览：12次</div>`, side, "2023-08-23"},
		{"English", `<div>Release time：2023-08-23  page views：12</div>`, "", "2023-08-23"},
		{"English words", `<div>Published: Aug 23, 2023</div>`, "", "2023-08-23"},
		{"no label, with a time", `<div>2023-08-23 10:05:11　　市政府办公室</div>`, side, "2023-08-23 10:05"},
		{"no label, with the source", `<span>2023-08-23 &nbsp; 阳泉市教育局</span>`, side, "2023-08-23"},
		{"label and value in cells", `<table><tr><td>索引号</td><td>0001-2023-01</td><td>发布日期</td><td>2023-08-23</td></tr></table>`, "", "2023-08-23"},
		{"label above the value", `<table><tr><th>索引号</th><th>成文日期</th><th>发布日期</th></tr><tr><td>0001</td><td>2023-08-01</td><td>2023-08-23</td></tr></table>`, "", "2023-08-23"},
		{"label and value in lines", `<dl><dt>发布日期：</dt><dd>2023-08-23</dd></dl>`, "", "2023-08-23"},
		{"a table of a document library", `<table class="bd1"><tr><td><b>索 引 号：</b></td><td>000014349/2023-00040</td><td><b>主题分类：</b></td><td>综合政务</td></tr><tr><td><b>发文机关：</b></td><td>市政府</td><td><b>成文日期：</b></td><td>2023年08月01日</td></tr><tr><td><b>发文字号：</b></td><td>阳政发〔2023〕12号</td><td><b>发 布 日 期：</b></td><td>2023年08月23日</td></tr></table>`, "", "2023-08-23"},
		{"a list of facts", `<ul><li><b>索引号：</b>0001</li><li><b>生成日期：</b>2023-08-01</li><li><b>公开日期：</b>2023-08-23</li></ul>`, "", "2023-08-23"},
		{"the system's own element", `<div><publishtime>2023-08-23 10:05</publishtime> 来源：市政府办</div>`, "", "2023-08-23 10:05"},
		{"a linked source", `<div>2023-08-23 10:05 来源：<a href="http://www.example.com/">新华社客户端</a></div>`, side, "2023-08-23 10:05"},
		{"a validity beside it", `<div>有效期：长期有效　发布时间：2023-08-23</div>`, "", "2023-08-23"},
		{"written by a script in its place", `<div>发布时间：<script>var pubdata='2023年08月23日';if(pubdata!=''){document.write(pubdata);}else{document.write('2023-01-01');}</script></div>`, "", "2023-08-23"},
		{"brackets and a counter", `<p>【信息时间：2023/8/23 阅读次数：<script>counter()</script>】【<a href="javascript:print()">我要打印</a>】</p>`, side, "2023-08-23"},
		{"a cell with its source linked", `<table><tr><td>发布日期：2023-08-23 &nbsp; 来源：<a href="/x/">阳泉市人民政府办公室</a> 点击：[<script>_showDynClicks()</script>]</td></tr></table>`, "", "2023-08-23"},
		{"day and month apart", `<div class="rq"><b>23</b><span>2023-08</span></div>`, "", "2023-08-23"},
		{"English words alone", `<div>Aug 23, 2023</div>`, "", "2023-08-23"},
		{"small print", `<div class="info"><small>时间:</small>2023-08-23 10:05<small>来源:</small>本站 <small>作者:</small>admin</div>`, side, "2023-08-23 10:05"},
		{"an element named for it", `<div><span class="pub-time">2023-08-23</span></div>`, "", "2023-08-23"},
		{"publication beats update", `<div>更新时间：2023-09-01 发布时间：2023-08-23</div>`, "", "2023-08-23"},
		{"only an update", `<div>更新时间：2023-08-23</div>`, side, "2023-08-23"},
		{"below the text", ``, `<div>（责任编辑：张三　发布时间：2023-08-23）</div>`, "2023-08-23"},
		{"without its year", `<div>发布时间：08-23 10:05</div>`, "", "2023-08-23 10:05?"},
		{"some days before", `<div>发布时间：3天前</div>`, "", "2023-09-24"},
		{"today, in the line of an article", `<div>发布时间：2023-09-27</div>`, "", "2023-09-27"},

		{"days in the text", ``, "", ""},
		{"the day of a document", `<div>成文日期：2023-08-01</div>`, "", ""},
		{"the day a page was made", `<div>生成日期：2023-08-01</div>`, "", ""},
		{"a period of publicity", `<p>公示时间：2023年8月1日至2023年8月7日</p>`, "", ""},
		{"a deadline", `<p>报名截止时间：2023-08-30 17:00</p>`, "", ""},
		{"the day of a speech", `<p>（2023年1月15日）</p>`, "", ""},
		{"the occasion of a speech", `<p>——2023年1月15日在阳泉市第十六届人民代表大会第三次会议上</p>`, "", ""},
		{"the hours of an office", `<p>工作时间：2023年9月9日 8:30</p>`, "", ""},
		{"the answer to a letter", `<p>来信时间：2023-08-01</p><p>答复时间：2023-08-03</p>`, "", ""},
		{"the time of an event", `<p>时间：2023年9月9日</p><p>地点：市政府会议室</p>`, "", ""},
		{"a list beside it", ``, side, ""},
		{"the signature", ``, `<p style="text-align:right">2023年8月20日</p>`, ""},
		{"a day after the fetch", `<div>发布时间：2031-08-23</div>`, "", ""},
		{"hidden words", `<div style="display:none">发布时间：2023-08-23</div>`, "", ""},
		{"a lunar day", `<div>日期：农历2023年8月15日</div>`, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := articleAt(t, host+"/tzgg/content_1.html", articleOf("关于开展2023年政务公开工作检查的通知", tt.info, tt.more))
			if show(got.date) != tt.want {
				t.Errorf("%s %s: got %q (%q), want %q", tt.info, tt.more, show(got.date), got.source, tt.want)
			}
		})
	}
}

// Without a date that is shown the page's tags are believed, then its scripts,
// then its address.
func TestClaimedDateOfArticle(t *testing.T) {
	tests := []struct{ name, head, address, want, by string }{
		{"PubDate", `<meta name="PubDate" content="2023-08-23 10:05">`, "a.html", "2023-08-23 10:05", "meta PubDate"},
		{"lower case", `<meta name="pubdate" content="2023-08-23">`, "a.html", "2023-08-23", "meta pubdate"},
		{"publishdate", `<meta name="publishdate" content="2023/8/23">`, "a.html", "2023-08-23", "meta publishdate"},
		{"the State Council's", `<meta name="firstpublishedtime" content="2023-08-23-10:11:12">`, "a.html", "2023-08-23 10:11", "meta firstpublishedtime"},
		{"Open Graph", `<meta property="og:published_time" content="2023-08-22T20:05:00Z">`, "a.html", "2023-08-23 04:05", "meta og:published_time"},
		{"article", `<meta property="article:published_time" content="2023-08-23T10:05:00+08:00">`, "a.html", "2023-08-23 10:05", "meta article:published_time"},
		{"JSON-LD", `<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2023-08-23T10:05:00+08:00"}</script>`, "a.html", "2023-08-23 10:05", "script datePublished"},
		{"a moment in a script", `<script>var ct = "1692756000";</script>`, "a.html", "2023-08-23 10:00", "script ct"},
		{"a name in a script", `<script>var info={publishTime:"2023-08-23 10:05:00"};</script>`, "a.html", "2023-08-23 10:05", "script publishTime"},
		{"a day in the address", "", "202308/t20230823_9.html", "2023-08-23", "address"},
		{"folders in the address", "", "art/2023/8/23/art_1_2.html", "2023-08-23", "address"},
		{"tags before the address", `<meta name="PubDate" content="2023-08-23">`, "t20230901_9.html", "2023-08-23", "meta PubDate"},

		{"a month in the address", "", "202308/9.html", "", ""},
		{"the moment of the fetch", `<meta name="PubDate" content="2023-09-27 ` + fetched.Format("15:04") + `">`, "a.html", "", ""},
		{"a day to come", `<meta name="PubDate" content="2031-08-23">`, "a.html", "", ""},
		{"the day the page was made", `<meta name="others" content="页面生成时间 2023-08-23">`, "a.html", "", ""},
		{"many moments in a script", `<script>[{publishTime:"2023-08-23"},{publishTime:"2023-08-22"}]</script>`, "a.html", "", ""},
		{"a default", `<meta name="PubDate" content="1970-01-01">`, "a.html", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := strings.Replace(articleOf("关于开展政务公开工作检查的通知", "", ""), "<head>", "<head>"+tt.head, 1)
			got := articleAt(t, host+"/tzgg/"+tt.address, body)
			if show(got.date) != tt.want || got.by != tt.by {
				t.Errorf("%s %s: got %q by %q, want %q by %q", tt.head, tt.address, show(got.date), got.by, tt.want, tt.by)
			}
		})
	}
}

// An article whose shown date is old and whose tags are new was moved, or its
// date was changed: the shown date rules and the other is kept.
func TestMovedDate(t *testing.T) {
	body := strings.Replace(articleOf("公务员回避制度规定", `<div>发布时间：2009-06-01</div>`, ""), "<head>", `<head><meta name="PubDate" content="2023-08-23">`, 1)
	a := articleAt(t, host+"/tzgg/t20230824_1.html", body)
	got := a.moved("x")
	if show(a.date) != "2009-06-01" || len(got) != 2 || got[0].By != "meta PubDate" || show(got[0].Claimed) != "2023-08-23" || show(got[0].Shown) != "2009-06-01" {
		t.Errorf("got %s, moved %+v; want the shown date, and both others kept", show(a.date), got)
	}
	if notes := strings.Join(a.notes(), "\n"); !strings.Contains(notes, "2009-06-01") || !strings.Contains(notes, "2023-08-23") || !strings.Contains(notes, "t20230824") {
		t.Errorf("notes %q, want all three texts", notes)
	}
}

// Tags that contradict each other, with nothing shown, leave the later date and
// a doubt.
func TestContradictoryTags(t *testing.T) {
	head := `<head><meta name="PubDate" content="2023-01-02"><meta name="publishdate" content="2023-08-23"><meta name="PubDate" content="2022-01-01">`
	a := articleAt(t, host+"/a.html", strings.Replace(articleOf("关于开展检查的通知", "", ""), "<head>", head, 1))
	if show(a.date) != "2023-08-23" || !a.doubt {
		t.Errorf("got %s, doubt %t; want the latest and a doubt", show(a.date), a.doubt)
	}
}

// Whoever looks at the page of one item gets its date, and a list gets none.
func TestArticleOrList(t *testing.T) {
	info := `<div>发布时间：2023-08-23　来源：市政府办</div>`
	rows := listOf("关于开展2023年政务公开检查的通知 | 2023-08-23", "关于做好防汛工作的紧急通知的通知 | 2023-08-22", "关于表彰先进集体和先进个人的决定 | 2023-08-21", "关于调整部分市领导工作分工的通知 | 2023-08-20")
	tests := []struct {
		name, address, body string
		want                bool
	}{
		{"an article", "/tzgg/content_1.html", articleOf("关于开展政务公开检查的通知", info, ""), true},
		{"an article beside a list", "/tzgg/1234567.html", articleOf("关于开展政务公开检查的通知", info, rows), true},
		{"an article of the platform for messages", "/s/abc", `<html><head><meta property="og:type" content="article"><meta property="og:title" content="阳泉市召开政务公开工作会议"><script>var ct = "1692756000";</script></head><body><h1 id="activity-name">阳泉市召开政务公开工作会议</h1><em id="publish_time"></em><div id="js_content">` + prose + prose + `</div></body></html>`, true},
		{"a list", "/tzgg/", rows, false},
		{"a list at an odd address", "/show.jsp", rows, false},
		{"a list without dates", "/tzgg/", listOf("关于开展2023年政务公开检查的通知 | ", "关于做好防汛工作的紧急通知的通知 | "), false},
		{"nothing", "/a.html", "<p>系统提示</p>", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			address := host + tt.address
			d, o := parse(Page{Asked: address, URL: address, Status: 200, FetchedAt: fetched, Body: []byte(tt.body)})
			if o != nil {
				t.Fatal(o.detail)
			}
			got, ok := (&reader{}).articleSheet(d)
			if ok != tt.want {
				t.Fatalf("got %t (%.2f), want %t", ok, readArticle(d).isArticle(d), tt.want)
			}
			if ok && (got.Outcome != Article || show(got.Newest)[:10] != "2023-08-23" || len(got.Items) != 1 || got.Items[0].Link != address || got.Name != "" || got.Conclusive()) {
				t.Errorf("got %+v, want one item dated 2023-08-23 and no state of a list", got)
			}
		})
	}
}

// An article in GBK, as its own tag says, is read like any other.
func TestArticleInGBK(t *testing.T) {
	body := strings.Replace(articleOf("关于开展政务公开检查的通知", `<div>发布时间：2023年8月23日</div>`, ""), "<head>", `<head><meta charset="gb2312">`, 1)
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(body)
	if err != nil {
		t.Fatal(err)
	}
	if got := articleAt(t, host+"/a.html", gbk); show(got.date) != "2023-08-23" || !strings.HasPrefix(got.lines[got.title].text, "关于") {
		t.Errorf("got %s of %q", show(got.date), got.lines[got.title].text)
	}
}

// An article without any date says so.
func TestArticleWithoutDate(t *testing.T) {
	d, _ := parse(Page{URL: host + "/tzgg/content_1.html", Status: 200, FetchedAt: fetched, Body: []byte(articleOf("关于开展政务公开检查的通知", "", "<a>上一篇</a>"))})
	got, ok := (&reader{}).articleSheet(d)
	if !ok || got.Outcome != Unread || got.Reason != ReasonUndated {
		t.Errorf("got %t %s %s, want an article that is undated", ok, got.Outcome, got.Reason)
	}
}

// No page takes long, and none makes a date of its own.
func TestHostileArticles(t *testing.T) {
	info := `<div>发布时间：2023-08-23</div>`
	tests := []struct{ name, head, info, more, want string }{
		{"200,000 spans", "", strings.Repeat("<span>x</span>", 200000), "", ""},
		{"200,000 spans with classes", "", strings.Repeat(`<span class="pub-time">1</span>`, 200000), "", ""},
		{"200,000 spans after the date", "", info, strings.Repeat("<span>2023-01-01</span>", 200000), "2023-08-23"},
		{"100,000 lines", "", info, strings.Repeat("<p>2023-01-01</p>", 100000), "2023-08-23"},
		{"50,000 dated rows", "", info, "<ul>" + strings.Repeat("<li><a href=a>关于开展检查的通知</a>2023-09-01</li>", 50000) + "</ul>", "2023-08-23"},
		{"a script of 8 MB in one line", "<script>" + strings.Repeat("a='2023-01-01';", 8<<20/15) + "</script>", info, "", "2023-08-23"},
		{"many scripts", strings.Repeat("<script>var a='2023-01-01';document.write(a);</script>", 50000), info, "", "2023-08-23"},
		{"a tag of 1 MB", `<meta name="PubDate" content="` + strings.Repeat("2023-01-01 ", 1<<20/11) + `">`, info, "", "2023-08-23"},
		{"100,000 tags", strings.Repeat(`<meta name="PubDate" content="2023-01-01">`, 100000), info, "", "2023-08-23"},
		{"a title of 1 MB", "", info, "<h1>" + strings.Repeat("题", 1<<20/3) + "</h1>", "2023-08-23"},
		{"200,000 attributes", "", "<div " + manyAttributes(200000) + ">" + info + "</div>", "", "2023-08-23"},
		{"a line of 8 MB", "", info, strings.Repeat("2023-", 8<<20/5), "2023-08-23"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			a := articleAt(t, host+"/a.html", strings.Replace(articleOf("关于开展政务公开检查的通知", tt.info, tt.more), "<head>", "<head>"+tt.head, 1))
			if show(a.date) != tt.want && tt.want != "" {
				t.Errorf("got %q of %q, want %q", show(a.date), a.source, tt.want)
			}
			if took := time.Since(start); took > limit {
				t.Errorf("took %v", took)
			} else {
				t.Log(took)
			}
		})
	}
}

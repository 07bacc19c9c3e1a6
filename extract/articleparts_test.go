package extract

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What a script writes is followed as far as texts and variables go; what it
// would take running it for is not known.
func TestScriptsAreReadAndNotRun(t *testing.T) {
	tests := []struct {
		name, script, written string
		known                 bool
	}{
		{"a variable", `var pubdata='2023年8月23日'; document.write(pubdata);`, "2023年8月23日", true},
		{"a text", `document.write("2023-08-23")`, "2023-08-23", true},
		{"a text in tags", `document.write("<span>2023-08-23</span>");`, "2023-08-23", true},
		{"texts and a variable", `var d = "2023-08-23";
document.write("发布时间：" + d);`, "发布时间：2023-08-23", true},
		{"what stands in place of an empty date", `var d="2023-08-23"; if(d!=""){document.write(d)}else{document.write("2020-01-01")}`, "2023-08-23", true},
		{"a value that is not there", `document.write(docReadTime)`, "", false},
		{"today", `var d = new Date(); document.write(d.getFullYear() + "年")`, "年", false},
		{"a call", `show("pubtime")`, "", false},
		{"nothing written", `var d = "2023-08-23";`, "", false},
		{"a row of a list", `var t='2023-08-23'; document.write('<li><a href="a.html">'+t+'</a></li>')`, "", false},
		{"a picture", `document.write('<img src="date.png">')`, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := &html.Node{Type: html.ElementNode, DataAtom: atom.Script, Data: "script"}
			n.AppendChild(&html.Node{Type: html.TextNode, Data: tt.script})
			s := scripts{values: map[string]string{}, changing: map[string]bool{}}
			written, known := s.run(n)
			if written != tt.written || known != tt.known {
				t.Errorf("%s: got %q, known %t; want %q, %t", tt.script, written, known, tt.written, tt.known)
			}
		})
	}
}

// A variable of one script is known in the next, as on the page.
func TestScriptsShareVariables(t *testing.T) {
	body := articleOf("关于开展检查的通知", `<script>var pubdata = "2023-08-23";</script><div>发布时间：<script>document.write(pubdata)</script></div>`, "")
	if a := articleAt(t, host+"/a.html", body); show(a.date) != "2023-08-23" || a.by != "" {
		t.Errorf("got %s by %q, want the date as it is shown", show(a.date), a.by)
	}
}

func TestLabelRightBeforeADate(t *testing.T) {
	tests := []struct{ before, want string }{
		{"发布时间:", "发布时间"},
		{"来源:市政府办 发布时间: ", "发布时间"},
		{"有效期:长期有效 发 布 时 间 : ", "发布时间"},
		{"[时间:", "时间"},
		{"成文日期:2023-08-01 公开日期:", "公开日期"},
		{"Release time:", "Release time"},
		{"责任编辑:张三)发布日期", "发布日期"},
		{"", ""},
		{" : ", ""},
	}
	for _, tt := range tests {
		if got := labelOf(tt.before); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.before, got, tt.want)
		}
	}
}

// The title is found by what the head of the page repeats, by its element, or by
// what the list called it; a path of links and a site's name are none.
func TestTitleOfArticle(t *testing.T) {
	const name = "关于开展政务公开检查工作的通知"
	crumb := `<div>当前位置：首页 &gt; 通知公告 &gt; ` + name + `</div>`
	tests := []struct {
		title, page, head, body, row string
	}{
		{"by the page's title", name + "_阳泉市某局", "", crumb + `<div><font>` + name + `</font></div>`, ""},
		{"by its tag", "阳泉市某局", `<meta name="ArticleTitle" content="` + name + `">`, crumb + `<td>` + name + `</td>`, ""},
		{"by its heading", "阳泉市某局", "", crumb + `<h1>` + name + `</h1>`, ""},
		{"by its class", "阳泉市某局", "", crumb + `<div class="art-title">` + name + `</div>`, ""},
		{"by its row", "阳泉市某局", "", crumb + `<div>` + name + `</div>`, name},
		{"by a row cut short", "阳泉市某局", "", crumb + `<div>` + name + `</div>`, "关于开展政务公开检查工作…"},
		{"beside a site's name", name, "", `<h1 class="logo"><a href="/">阳泉市某局门户网站</a></h1>` + crumb + `<h2>` + name + `</h2>`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.title, func(t *testing.T) {
			body := `<html><head><title>` + tt.page + `</title>` + tt.head + `</head><body>` + tt.body + `<div>2023-08-23 来源：市政府办</div>` + prose + footer + `</body></html>`
			d, o := parse(Page{URL: host + "/a.html", Status: 200, FetchedAt: fetched, Body: []byte(body)})
			if o != nil {
				t.Fatal(o.detail)
			}
			a := readArticle(d, tt.row)
			if a.title < 0 || a.lines[a.title].text != name || show(a.date) != "2023-08-23" {
				t.Errorf("got line %d, date %s; want the title %q and its date", a.title, show(a.date), name)
			}
		})
	}
}

// Numbers in the addresses of rows say in which order their items were made.
func TestFallingAddresses(t *testing.T) {
	tests := []struct {
		name  string
		links []string
		want  bool
	}{
		{"numbers that fall", []string{"/a/c_9.html", "/a/c_8.html", "/a/c_2.html"}, true},
		{"a number that rises", []string{"/a/c_9.html", "/a/c_2.html", "/a/c_8.html"}, false},
		{"longer is greater", []string{"/a/c_1000.html", "/a/c_999.html"}, true},
		{"shorter is not", []string{"/a/c_999.html", "/a/c_1000.html"}, false},
		{"leading zeros", []string{"/a/010.html", "/a/009.html"}, true},
		{"a million digits", []string{"/a/" + strings.Repeat("9", 1000) + ".html", "/a/1.html"}, true},
		{"days that fall", []string{"/a/t20230823_1.html", "/a/t20230822_9.html"}, true},
		{"a day that rises", []string{"/a/t20230822_9.html", "/b/t20230823_1.html"}, false},
		{"two kinds of address", []string{"/a/c_9.html", "/b/d_99.html", "/a/c_8.html"}, true},
		{"no numbers", []string{"/a/x.html", "/a/y.html"}, true},
		{"in the query", []string{"/show.aspx?id=9", "/show.aspx?id=10"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var rows []row
			for _, l := range tt.links {
				rows = append(rows, row{item: Item{Link: host + l}})
			}
			if got := falling(rows); got != tt.want {
				t.Errorf("%q: got %t, want %t", tt.links, got, tt.want)
			}
		})
	}
}

// Only pages of the task's hosts that can be articles are opened.
func TestOpenable(t *testing.T) {
	r := &reader{task: Task{Hosts: []string{"xxgk.example.gov.cn"}}}
	list := host + "/tzgg/"
	for link, want := range map[string]bool{
		host + "/tzgg/1.html":                 true,
		host + "/tzgg/1.HTM":                  true,
		host + "/show.jsp?id=1":               true,
		"http://xxgk.example.gov.cn/1.html":   true,
		"https://mp.weixin.qq.com/s/x":        false,
		host + "/files/1.pdf":                 false,
		host + "/files/1.DOCX":                false,
		host + "/tzgg/":                       false,
		host + "/tzgg/#top":                   false,
		"":                                    false,
		"http://another.example.gov.cn/1.htm": false,
	} {
		if got := r.openable(link, list); got != want {
			t.Errorf("%q: got %t, want %t", link, got, want)
		}
	}
}

// A page of the messages' platform is opened where its host is the task's, and
// shows its date by a script alone.
func TestMessagesAsArticles(t *testing.T) {
	page := func(name, epoch string) string {
		return `<html><head><meta property="og:title" content="` + name + `"><script>var ct = "` + epoch + `";</script></head><body><h1 id="activity-name">` + name +
			`</h1><em id="publish_time"></em><div id="js_content">` + prose + `</div></body></html>`
	}
	u := undatedList{articles: map[string]string{}}
	for i, epoch := range []string{"1692756000", "1692410400"} {
		name := fmt.Sprintf("阳泉市召开第%d次政务公开工作推进会议", 9-i)
		address := "/s/" + strings.Repeat("x", i+1)
		u.rows, u.articles[address] = append(u.rows, name+" | "+address), page(name, epoch)
	}
	got, _ := u.ask(t, nil)
	if got.Outcome != Dated || show(got.Newest) != "2023-08-23 10:00" || got.AtLeast {
		t.Errorf("got %s %s %s (%s), want dated 2023-08-23", got.Outcome, got.Reason, show(got.Newest), got.Detail)
	}
}

// What stands in a row decides whether it is held on top.
func TestPinnedRows(t *testing.T) {
	for mark, want := range map[string]bool{
		"": false, "<span>[置顶]</span>": true, "<b>【顶】</b>": true, "<i>顶</i>": true, `<img src="/images/top.gif">`: true,
		`<img src="/images/new.gif">`: false, `<em class="zd"></em>`: true, "<span>市政府办</span>": false,
	} {
		body := `<ul class="list"><li><a href="a.html">关于开展检查的通知</a>` + mark + `</li></ul>`
		d, o := parse(fuzzPage(body))
		if o != nil {
			t.Fatal(o.detail)
		}
		c, err := compile(usual)
		if err != nil {
			t.Fatal(err)
		}
		rows := c.harvest(d).rows
		if len(rows) != 1 || rows[0].pinned() != want {
			t.Errorf("%q: got %t of %d rows, want %t", mark, rows[0].pinned(), len(rows), want)
		}
	}
	if !(row{}).pinned() {
		t.Error("a row of which nothing is known is taken for one that is not pinned")
	}
}

package extract

import (
	"strings"
	"testing"
)

// A list is called empty only where it can be nothing else: an empty list is an
// accusation.
func TestEmptyOrNot(t *testing.T) {
	list := Recipe{List: "ul.list", Item: "li"}
	marked := Recipe{List: "ul.list", Item: "li", Empty: "暂无信息"}
	items := Recipe{Item: "ul.list li", Empty: "暂无信息"}
	tests := []struct {
		name   string
		recipe Recipe
		body   string
		want   string // "empty", or the reason and a part of the detail
	}{
		{"an empty container", list, `<ul class="list"></ul>`, "empty"},
		{"an empty container with blanks and separators", list, "<ul class='list'> \u00a0<li class=line></li>\n</ul>", "empty"},
		{"a container that says so", list, `<ul class="list"><li>暂无相关信息！</li></ul>`, "empty"},
		{"a container that says so at length", list, `<ul class="list"><p>抱歉，该栏目下暂无数据</p></ul>`, "empty"},
		{"the recipe's words", marked, `<ul class="list"><li>本栏目 暂无信息</li></ul>`, "empty"},
		{"the recipe's words without a list selector", items, `<ul class="list"><li>暂无信息</li></ul>`, "empty"},
		{"the recipe's element", Recipe{List: "ul.list", Item: "li", Empty: "div.none =~ 暂无"}, `<div class="none">暂无数据</div>`, "empty"},

		{"no container", list, `<div class="new-list"></div>`, `lost: list selector "ul.list" matches nothing`},
		{"no container, though elsewhere there is nothing", marked, `<div class="weather">暂无信息</div>`, `lost: list selector "ul.list" matches nothing`},
		{"no item and no list selector", Recipe{Item: "ul.list li"}, `<p>x</p>`, `lost: item selector "ul.list li" matches nothing`},
		{"neither list nor item in the recipe", Recipe{Date: "span"}, `<p>x</p>`, `lost: no list was found`},
		{"links that are no items", list, `<ul class="list"><p><a href="/a">通知</a></p></ul>`, `lost: item selector "li" matches nothing`},
		{"a pager alone", list, `<ul class="list"></ul><a href="?p=1">上一页</a>`, "empty"},
		{"rows without links", list, `<ul class="list"><li>关于没有通过年审的公告 2023-08-23</li></ul>`, `lost: none of the 1 elements`},
		{"a title that speaks of nothing", list, `<ul class="list"><li>关于没有通过年审的公告</li></ul>`, `lost: none of the 1 elements`},
		{"pictures in the place of rows", list, `<ul class="list"><li><img src="1.png"></li></ul>`, `lost: none of the 1 elements`},
		{"hidden words of emptiness", marked, `<ul class="list"><li style="display:none">暂无信息</li><p>abc</p></ul>`, `lost`},
		{"rows beside words of emptiness", marked, `<ul class="list"><li><a href="/a">通知</a> 2023-08-23</li></ul><p>暂无信息</p>`, "dated"},

		{"a build unit", list, `<script src="unitbuild.js" queryData="{'webId':1}"></script><ul class="list"></ul>`, "script: "},
		{"a build unit that says nothing is there", marked, `<script src="unitbuild.js"></script><ul class="list"><li>暂无信息</li></ul>`, "script: "},
		{"an XML island with rows", list, `<ul class="list"><script type="text/xml"><datastore><recordset><record><![CDATA[<li><a href="/1">x</a> 2023-08-23</li>]]></record></recordset></datastore></script></ul>`, "dated"},
		{"an XML island without rows", list, `<ul class="list"><script type="text/xml"><datastore><recordset></recordset></datastore></script></ul>`, "script: "},
		{"an XML island without a container", list, `<div><script type="text/xml"><datastore></datastore></script></div>`, "script: "},
		{"an application", list, `<div id="app"></div>`, "script: "},
		{"an application around the list", list, `<div id="app"><ul class="list"></ul></div>`, "script: "},
		{"template marks", list, `<ul class="list"></ul><script type="text/html">{{each data}}</script>`, "script: "},
		{"template marks as items", Recipe{Item: "div.row a"}, `<ul><li v-for="x in xs">{{x.title}}</li></ul>` + menu, "script: "},
		{"a data proxy", list, `<ul class="list"></ul><script src="/module/web/jpage/jpage.js"></script>`, "script: "},
		{"a script beside the list", list, `<div><ul class="list"></ul><script>$.ajax({url:"/api"})</script></div>`, "script: "},
		{"a script that names the list", list, `<div><div><div><ul class="list" id="box"></ul></div></div></div><p></p><script>fill("box");document.getElementById("box").innerHTML=x</script>`, "script: "},
		{"words of loading", list, `<ul class="list"><li>正在加载...</li></ul>`, "script: "},
		{"a script that only moves the list", list, `<ul class="list"></ul><div><script>$(".list li").hover(f)</script></div>`, "script"},
		{"a counter's script far away", list, `<div><div><ul class="list"></ul></div></div><div><script>$.ajax("/count")</script></div>`, "script"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readList(t, tt.recipe, `<html><body>`+menu+tt.body+footer+`</body></html>`)
			s := string(got.Outcome)
			if got.Outcome == Unread {
				s = string(got.Reason) + ": " + got.Detail
			}
			if !strings.HasPrefix(s, tt.want) {
				t.Errorf("%s\ngot  %s\nwant %s", tt.body, s, tt.want)
			}
			if got.Outcome == Empty && (!got.Complete || !got.Conclusive()) {
				t.Errorf("an empty list is complete and conclusive; got %+v", got)
			}
		})
	}
}

func TestRendering(t *testing.T) {
	shell := `<div id="app"></div>`
	tests := []struct {
		name   string
		answer answer
		want   Outcome
		reason Reason
		wants  int
	}{
		{"no browser", answer{body: shell}, Unread, ReasonScript, 2},
		{"a browser shows the list", answer{body: shell, render: listOf("a | 2023-08-23")}, Dated, "", 2},
		{"a browser shows an empty list", answer{body: shell, render: menu + `<div id="app"><ul class="list"></ul></div>`}, Empty, "", 2},
		{"a browser shows something else", answer{body: shell, render: menu}, Unread, ReasonLost, 2},
		{"static pages are not rendered", answer{body: listOf("a | 2023-08-23"), render: "x"}, Dated, "", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			task := Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: usual}
			got, asked := ask(t, task, site{"/tzgg/": tt.answer})
			if got.Outcome != tt.want || got.Reason != tt.reason || len(asked) != tt.wants {
				t.Errorf("got %s %s %q after %d pages, want %s %s after %d", got.Outcome, got.Reason, got.Detail, len(asked), tt.want, tt.reason, tt.wants)
			}
			if tt.wants == 2 && (!asked[1].Render || asked[1].Why != WhyList) {
				t.Errorf("got want %+v, want the page rendered", asked[1])
			}
		})
	}
}

// A page that comes rendered at once is read as it is.
func TestRenderedAtOnce(t *testing.T) {
	p := Page{Asked: host + "/tzgg/", URL: host + "/tzgg/", Why: WhyList, Status: 200, FetchedAt: fetched, Rendered: true, Body: []byte(listOf("a | 2023-08-23"))}
	got, wants := Read(Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: usual}, []Page{p})
	if got.Outcome != Dated || wants != nil {
		t.Errorf("got %s and %d wants, want dated and none", got.Outcome, len(wants))
	}
}

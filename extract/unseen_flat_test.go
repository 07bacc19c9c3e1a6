package extract_test

import "strings"

// flatLists are pages of sites whose addresses tell columns apart no better than
// articles.
func flatLists() []unseen {
	rows := func(items []entry) string {
		return each(`<li><a href="/article/{n}.html">{t}</a><span>{d}</span></li>`, items)
	}
	ul := func(class string, items []entry) string {
		return `<div class="` + class + `"><ul>` + rows(items) + `</ul></div>`
	}
	headed := func(class, head string, items []entry) string {
		return `<div class="` + class + `"><p class="t">` + head + `</p><ul>` + rows(items) + `</ul></div>`
	}
	at := unseenHost + "/category/12"
	long := entries(newsTitles, daysBack("2023-09-26", 20)...)
	text := strings.Repeat(`<p>　　各县（市、区）发展改革局：现将第三批项目计划下达给你们，请认真组织实施，按月报送进展情况，确保如期完成。</p>`, 4)
	return []unseen{
		{name: "flat: side list behind, no head", at: at, want: "~2023-08-23", body: framed(ul("a", notices) + ul("b", news))},
		{name: "flat: side list before, no head", at: at, want: "~2023-08-23", body: framed(ul("b", news) + ul("a", notices))},
		{name: "flat: a longer side list behind, no head", at: at, want: "~2023-08-23", body: framed(ul("a", notices[:3]) + ul("b", long))},
		{name: "flat: a longer side list before, no head", at: at, want: "~2023-08-23", body: framed(ul("b", long) + ul("a", notices[:3]))},
		{name: "flat: a longer side list in front, headed in a paragraph", at: at, want: "~2023-08-23", body: framed(headed("b", "部门动态", long) + ul("a", notices[:3]))},
		{name: "flat: the side list is headed by a span", at: at, want: "~2023-08-23", body: framed(`<div class="b"><span>部门动态</span><ul>` + rows(long) + `</ul></div>` + ul("a", notices[:3]))},
		{name: "flat: the side list before is in its own table", at: at, want: "~2023-08-23", body: framed(`<table><tr><td>部门动态</td></tr>` + each(`<tr><td><a href="/article/{n}.html">{t}</a></td><td>{d}</td></tr>`, long) + `</table>` + ul("a", notices[:3]))},
		{name: "flat: undated and a side list in front, no head", at: at, want: "none", body: framed(ul("b", long) + `<div class="a"><ul>` + each(`<li><a href="/article/{n}.html">{t}</a></li>`, notices) + `</ul></div>`)},
		{name: "flat: undated and a side list behind, no head", at: at, want: "none", body: framed(`<div class="a"><ul>` + each(`<li><a href="/article/{n}.html">{t}</a></li>`, notices) + `</ul></div>` + ul("b", long))},
		{name: "flat: undated, side list in front headed by a span", at: at, want: "none", body: framed(`<div class="b"><span>部门动态</span><ul>` + rows(long) + `</ul></div><div class="a"><ul>` + each(`<li><a href="/article/{n}.html">{t}</a></li>`, notices) + `</ul></div>`)},
		{name: "flat: by script, and a side list in front headed by a span", at: at, want: "unsure", body: framed(`<div class="b"><span>部门动态</span><ul>` + rows(long) + `</ul></div><div class="a" id="box"></div><script>load("#box","/api/list")</script>`)},
		{name: "flat: empty, and a side list in front without a head", at: at, want: "empty", body: framed(ul("b", long) + `<div class="a">暂无数据</div>`)},
		{name: "flat: article with a side list in front", at: unseenHost + "/article/30123.html", want: "article 2023-08-23", body: doc(noticeTitles[0], unseenMenu+ul("b", long)+`<h1>`+noticeTitles[0]+`</h1><p>发布时间：2023-08-23</p>`+text)},
		{name: "flat: article with a short title and a side list", at: unseenHost + "/article/30123.html", want: "article 2023-08-23", body: doc("停水通知", unseenMenu+`<h1>停水通知</h1><p>发布时间：2023-08-23 来源：水务局</p>`+text+ul("b", long))},
		{name: "flat: article whose date is not shown, with a side list", at: unseenHost + "/article/30123.html", want: "unsure", body: doc(noticeTitles[0], unseenMenu+`<h1>`+noticeTitles[0]+`</h1>`+text+ul("b", long))},
		{name: "flat: article titled by the site only", at: unseenHost + "/article/30123.html", want: "article 2023-08-23", body: doc("清水市人民政府", unseenMenu+`<h1>`+noticeTitles[0]+`</h1><p>发布时间：2023-08-23 来源：水务局</p>`+text+headed("b", "热门", long))},
	}
}

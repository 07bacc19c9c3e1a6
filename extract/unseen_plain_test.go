package extract_test

// plainLists are ordinary pages, whose lists a reader must not lose by doubting
// too much.
func plainLists() []unseen {
	menu := `<div class="left fl"><div class="lm">政务公开</div><ul><li><a href="../zcwj/">政策文件</a></li><li><a href="../tzgg/">通知公告</a></li><li><a href="../ghjh/">规划计划</a></li><li><a href="../rsxx/">人事信息</a></li></ul></div>`
	vsb := func(items []entry) string {
		return `<ul>` + each(`<li id="line_u7_{i}"><a href="info/1021/{n}.htm">{t}</a><span>{d}</span></li>`, items) + `</ul>`
	}
	ids := func(items []entry) string {
		return `<div class="cont"><ul>` + each(`<li><a href="/show.php?id={n}">{t}</a><span>{d}</span></li>`, items) + `</ul></div>`
	}
	return []unseen{
		{name: "plain: a menu at the left, articles in another folder", at: unseenHost + "/tzgg.htm", want: "2023-08-23", body: framed(menu + `<div class="right fr">` + vsb(notices) + `</div>`)},
		{name: "plain: a menu at the left, a pager", at: unseenHost + "/list.php?c=2", want: "2023-08-23", body: framed(menu + ids(notices) + `<div class="p"><a href="?p=2">下一页</a></div>`)},
		{name: "plain: a menu at the left, no pager, ids", at: unseenHost + "/list.php?c=2", want: "2023-08-23", body: framed(menu + ids(notices))},
		{name: "plain: the menu's head is the parent's name, the list's is the column's", want: "2023-08-23", body: framed(menu + `<div class="right"><div class="title"><h2>通知公告</h2></div>` + ids(notices) + `</div>`)},
		{name: "plain: the list's head is the parent's name", at: unseenHost + "/list.php?c=2", want: "~2023-08-23", body: framed(menu + `<div class="right"><div class="title"><h2>政务公开</h2></div>` + ids(notices) + `</div>`)},
		{name: "plain: a banner and an introduction above", at: unseenHost + "/list.php?c=2", want: "2023-08-23", body: framed(`<div class="intro"><p>本栏目发布清水市发展和改革委员会面向社会公开的通知和公告。</p></div>` + ids(notices))},
		{name: "plain: a long introduction above", at: unseenHost + "/list.php?c=2", want: "~2023-08-23", body: framed(`<div class="intro"><p>本栏目发布清水市发展和改革委员会面向社会公开的通知和公告，内容包括项目申报、价格管理、节能监察、行政审批等各个方面，欢迎广大市民和企业查阅并提出意见，来信请寄市民中心办公室收。</p></div>` + ids(notices))},
		{name: "plain: a search form and a count above", at: unseenHost + "/list.php?c=2", want: "2023-08-23", body: framed(`<form><input name="k"><button>搜索</button></form><div>共有132条记录</div>` + ids(notices))},
		{name: "plain: one entry only, with a head", want: "2023-08-23", body: framed(`<h2>通知公告</h2>` + ids(notices[:1]))},
		{name: "plain: a title with the department", want: "2023-08-23", body: doc("清水市发展和改革委员会 通知公告", unseenMenu+`<div class="main"><div class="tit">通知公告</div>`+ids(notices)+`</div>`+unseenFoot)},
		{name: "plain: no title at all", want: "2023-08-23", body: `<html><body>` + unseenMenu + ids(notices) + unseenFoot + `</body></html>`},
		{name: "plain: a table with a head line of its own", want: "2023-08-23", body: framed(menu + `<table class="h"><tr><td>信息名称</td><td>发布日期</td></tr></table><table class="b">` + each(`<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td></tr>`, notices) + `</table>`)},
		{name: "plain: a picture as head", at: unseenHost + "/list.php?c=2", want: "2023-08-23", body: framed(menu + `<div class="r"><img src="/img/tzgg.png" alt="通知公告">` + ids(notices) + `</div>`)},
		{name: "plain: a slide of pictures before the list", at: unseenHost + "/list.php?c=2", want: "~2023-08-23", body: framed(`<div class="swiper">` + each(`<a href="/show.php?id={n}"><img src="{n}.jpg"><p>{t}</p></a>`, news) + `</div>` + ids(notices))},
		{name: "plain: the site's newest below", at: unseenHost + "/list.php?c=2", want: "~2023-08-23", body: framed(ids(notices) + sideBlock("最新发布", "zx", news))},
	}
}

package extract_test

import "strings"

// moreLists are a second gathering, made after the first was read well: the
// parts of pages in other orders, and blocks that are called otherwise.
func moreLists() []unseen {
	list := func(items []entry) string {
		return `<ul class="list">` + each(`<li><a href="./{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, items) + `</ul>`
	}
	pager := `<div class="fy"><a href="index_1.html">下一页</a><a href="index_9.html">末页</a></div>`
	bare := func(title, body string) string { return doc(title, body) }
	block := func(head string, items []entry) string {
		return `<div class="blk"><h2>` + head + `</h2><ul>` + each(`<li><a href="/xwzx/{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, items) + `</ul></div>`
	}
	plain := `<ul class="list">` + each(`<li><a href="{n}.html">{t}</a></li>`, entries([]string{"办公室主要职责", "综合规划科主要职责", "价格监测科主要职责", "行政审批科主要职责"}, "", "", "", "")) + `</ul>`
	divHead := func(head string, items []entry) string {
		return `<div class="r"><div class="bar"><b>` + head + `</b><a href="/m/">更多&gt;&gt;</a></div><ul>` + each(`<li><a href="/xwzx/{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, items) + `</ul></div>`
	}
	noHead := `<div class="r"><ul>` + each(`<li><a href="/xwzx/{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, news) + `</ul></div>`
	site := "清水市人民政府"
	return []unseen{
		{name: "the title names only the site, a head names the column", want: "2023-08-23", body: bare(site, unseenMenu+`<div class="m"><h2>通知公告</h2>`+list(notices)+`</div>`+block("要闻", news))},
		{name: "the title names only the site, no head", want: "~2023-08-23", body: bare(site, unseenMenu+`<div class="m">`+list(notices)+pager+`</div>`+block("清水要闻", news))},
		{name: "the page is called otherwise than its list", want: "~2023-08-23", column: "公示公告", body: bare("信息列表-"+site, unseenMenu+`<div class="m"><h2>通知公告</h2>`+list(notices)+pager+`</div>`)},
		{name: "the page is called otherwise, and no pager", want: "~2023-08-23", column: "公示公告", body: bare("信息公开-"+site, unseenMenu+`<div class="m"><h2>通知公告</h2>`+list(notices)+`</div>`)},
		{name: "three side blocks beside a list without dates", want: "none", body: framed(`<div class="m">` + plain + `</div>` + block("要闻", news) + block("部门动态", notices) + block("县区动态", ancient))},
		{name: "a side block with a bold head beside a list without dates", want: "none", body: framed(`<div class="m">` + plain + `</div>` + divHead("清水要闻", news))},
		{name: "a side list without a head beside a list without dates", want: "none", body: framed(`<div class="m">` + plain + `</div>` + noHead)},
		{name: "a side list without a head, and nothing else", want: "~2023-09-26", body: framed(noHead)},
		{name: "nothing here, and a side list without a head", want: "empty", body: framed(`<div class="m"><div class="wsj">暂无内容</div></div>` + noHead)},
		{name: "a frame, and a side list without a head", want: "~2023-08-23", pages: map[string]string{"/zwgk/tzgg/list.html": doc("", list(notices))}, body: framed(`<div class="m"><iframe id="lst" src="list.html" width="760" height="800"></iframe></div>` + noHead)},
		{name: "filled by script, and a side list without a head", want: "unsure", body: framed(`<div class="m" id="listBox"></div>` + noHead + `<script>$.ajax({url:"/api/queryList",success:function(r){$("#listBox").html(r.html)}})</script>`)},
		{name: "a template, and a side list without a head", want: "unsure", body: framed(`<div class="m"><ul><li v-for="item in list"><a :href="item.url">{{item.title}}</a><span>{{item.pubDate}}</span></li></ul></div>` + noHead)},
		{name: "a big loading sign, and a bold headed side list", want: "unsure", body: framed(`<div class="m" id="listBox"><p>正在加载，请稍候…</p></div>` + divHead("最近更新", news))},
		{name: "side head is a picture", want: "~2023-08-23", body: framed(`<div class="m">` + list(notices[:4]) + `</div><div class="r"><img src="/img/zxfb.png" alt="最新发布"><ul>` + each(`<li><a href="/xwzx/{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, news) + `</ul></div>`)},
		{name: "undated main, side head is a picture", want: "none", body: framed(`<div class="m">` + plain + `</div><div class="r"><img src="/img/zxfb.png" alt="最新发布"><ul>` + each(`<li><a href="/xwzx/{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, news) + `</ul></div>`)},
		{name: "a table list and a side table with newer rows", want: "~2023-08-23", body: framed(`<table class="main"><tr><th>标题</th><th>日期</th></tr>` + each(`<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td></tr>`, notices) + `</table><table class="side"><tr><th colspan="2">要闻速递</th></tr>` + each(`<tr><td><a href="/xwzx/{n}.html">{t}</a></td><td>{d}</td></tr>`, news) + `</table>`)},
		{name: "breadcrumb with the column twice", want: "2023-08-23", body: bare("通知公告", unseenMenu+`<p class="wz">首页 / 政务公开 / <b>通知公告</b></p><div class="t"><h3>通知公告</h3></div>`+list(notices)+block("通知公告排行", news))},
		{name: "child columns as tabs, all shown", want: "~2023-08-23", column: "公示公告", body: bare("公示公告-"+site, unseenMenu+`<div class="a"><h3>公示</h3>`+list(notices)+`</div><div class="a"><h3>公告</h3>`+list(ancient)+`</div>`)},
		{name: "a ticker of divs", want: "2023-08-23", body: framed(`<div class="news-ticker"><div><a href="/x/t20230926_11.html">全市项目建设推进会召开通知</a><i>09-26</i></div><div><a href="/x/t20230925_12.html">市领导调研产业园区建设</a><i>09-25</i></div></div>` + list(notices))},
		{name: "a notice bar with a date above the list", want: "2023-08-23", body: framed(`<div class="notice">公告：<a href="/x/202309/t20230926_22.html">关于网站升级维护的公告说明</a> 2023-09-26</div>` + list(notices))},
		{name: "rows with two links, department and title", want: "2023-08-23", body: framed(`<ul>` + each(`<li><a href="/bm/fgw/">[市发改委]</a><a href="{n}.html">{t}</a><span>{d}</span></li>`, notices) + `</ul>`)},
		{name: "titles of four runes", want: "~2023-08-23", column: "政府公报", body: bare("政府公报", unseenMenu+`<ul class="gb">`+each(`<li><a href="{n}.html">第{i}期</a><span>{d}</span></li>`, notices)+`</ul>`)},
		{name: "spans for rows", want: "2023-08-23", body: framed(`<div class="l">` + each(`<span class="row"><a href="{n}.html">{t}</a><em>{d}</em></span><br>`, notices) + `</div>`)},
		{name: "dates in front, loose in a cell", want: "~2023-08-23", body: framed(`<table><tr><td>` + each(`{d} <a href="{n}.html">{t}</a><br>`, notices) + `</td></tr></table>`)},
		{name: "dates in front, loose, and a side list", want: "~2023-08-23", body: framed(`<table><tr><td>` + each(`{d} <a href="{n}.html">{t}</a><br>`, notices) + `</td></tr></table>` + divHead("清水要闻", news))},
		{name: "dates behind, loose, and a side list without a head", want: "~2023-08-23", body: framed(`<div class="m">` + each(`<a href="{n}.html">{t}</a> {d}<br>`, notices) + `</div>` + noHead)},
		{name: "labels for two days in every row", want: "2023-08-23", body: framed(`<ul>` + each(`<li><a href="{n}.html">{t}</a><p>成文日期：2023-09-0{i}</p><p>发布日期：{d}</p></li>`, notices) + `</ul>`)},
		{name: "labels for a document's day alone", want: "unsure", body: framed(`<ul>` + each(`<li><a href="{n}.html">{t}</a><p>成文日期：{d}</p></li>`, notices) + `</ul>`)},
		{name: "labels of letters", want: "unsure", column: "市长信箱", body: bare("市长信箱", unseenMenu+`<ul>`+each(`<li><a href="{n}.html">{t}</a><p>来信时间：{d}</p></li>`, notices)+`</ul>`)},
		{name: "a header of dl", want: "2023-08-23", body: framed(`<dl class="th"><dt>标题</dt><dd>发布日期</dd></dl>` + each(`<dl class="tr"><dt><a href="{n}.html">{t}</a></dt><dd>{d}</dd></dl>`, notices))},
		{name: "a header of divs over a deadline", want: "unsure", body: framed(`<div class="th"><div class="c1">征集主题</div><div class="c2">截止时间</div></div>` + each(`<div class="tr"><div class="c1"><a href="{n}.html">{t}</a></div><div class="c2">{d}</div></div>`, notices))},
		{name: "a header in a table of its own", want: "unsure", body: framed(`<table class="h"><tr><td>项目名称</td><td>开标时间</td></tr></table><table class="b">` + each(`<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td></tr>`, notices) + `</table>`)},
		{name: "a header of list items", want: "unsure", body: framed(`<ul><li class="h"><span>会议名称</span><span>会议日期</span></li>` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, notices) + `</ul>`)},
		{name: "status words beside a deadline", want: "unsure", body: framed(`<ul>` + each(`<li><a href="{n}.html">{t}</a><span>（截止 {d}）</span></li>`, notices) + `</ul>`)},
		{name: "from and to without labels", want: "unsure", body: framed(`<ul>` + each(`<li><a href="{n}.html">{t}</a><span>2023-01-0{i} ~ {d}</span></li>`, notices) + `</ul>`)},
		{name: "months with a day in another list", want: "unsure", body: framed(`<ul>` + each(`<li><a href="{n}.html">{t}</a><span>{y}-{m}</span></li>`, notices) + `</ul>` + divHead("清水要闻", news))},
		{name: "pinned month and day above the list", want: "~2023-08-23", body: framed(`<ul>` + each(`<li><a href="{n}.html">{t}</a><span>{m}-{day}</span></li>`, append(entries([]string{"关于长期公开征集意见的公告"}, "2023-03-02"), notices...)) + `</ul>`)},
		{name: "last year's list of months and days", want: "~2022-12-20", body: framed(`<ul>` + each(`<li><a href="{n}.html">{t}</a><span>{m}-{day}</span></li>`, entries(noticeTitles, "2022-12-20", "2022-12-11", "2022-11-30", "2022-10-12")) + `</ul>`)},
		{name: "a footer list with dates", want: "2023-08-23", body: framed(list(notices) + `<div class="footer">` + each(`<p><a href="/gg/{n}.html">{t}</a> {d}</p>`, news[:3]) + `</div>`)},
		{name: "a huge menu of links with dates in titles", want: "2023-08-23", body: framed(`<ul class="sub">` + each(`<li><a href="/zt/{n}/">2023年{i}月专题</a></li>`, news) + `</ul>` + list(notices))},
		{name: "two equal columns under one name", want: "2023-08-23", body: framed(`<h3>通知公告</h3><table><tr><td><ul>` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, notices[:4]) + `</ul></td><td><ul>` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, notices[4:]) + `</ul></td></tr></table>`)},
		{name: "years as tabs, the old one first", want: "~2023-08-23", body: framed(`<div class="tabs"><a>2022</a><a>2023</a></div><ul class="y">` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, entries(newsTitles, "2022-12-23", "2022-11-23", "2022-10-23", "2022-09-02")) + `</ul><ul class="y" style="display:none">` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, notices) + `</ul>`)},
		{name: "article: a form page of a service with no list", at: unseenHost + "/zwfw/show_3012.html", want: "unsure", body: bare("企业投资项目备案-办事指南", unseenMenu+`<h1>企业投资项目备案</h1><table><tr><td>事项类型</td><td>行政许可</td></tr><tr><td>法定时限</td><td>20个工作日</td></tr><tr><td>实施日期</td><td>2022-05-01</td></tr></table>`+divHead("最新公告", news))},
		{name: "article: with pages of its own", at: unseenHost + "/zwgk/tzgg/202308/t20230823_31.html", want: "article 2023-08-23", body: bare(noticeTitles[0]+"-"+site, unseenMenu+`<h1>`+noticeTitles[0]+`</h1><p>发布时间：2023-08-23 来源：市发改委</p><div class="zw">`+strings.Repeat(`<p>　　各县（市、区）发展改革局：现将第三批项目计划下达给你们，请认真组织实施，按月报送进展情况。</p>`, 6)+`</div><div><a href="t20230823_31_1.html">下一页</a></div>`+divHead("最新公告", news))},
		{name: "article: the column's list below", at: unseenHost + "/zwgk/tzgg/202308/t20230823_31.html", want: "article 2023-08-23", body: bare(noticeTitles[0]+"-"+site, unseenMenu+`<p>当前位置：首页 &gt; 通知公告 &gt; 正文</p><h1>`+noticeTitles[0]+`</h1><p>发布时间：2023-08-23 来源：市发改委</p><div class="zw">`+strings.Repeat(`<p>　　各县（市、区）发展改革局：现将第三批项目计划下达给你们，请认真组织实施，按月报送进展情况。</p>`, 6)+`</div><div class="b"><h3>通知公告</h3>`+list(entries(newsTitles, daysBack("2023-09-26", 15)...))+pager+`</div>`)},
	}
}

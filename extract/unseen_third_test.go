package extract_test

import (
	"slices"
	"strings"
)

// stale is a list of other items than the notices, and old.
var stale = entries(hotTitles, "2020-11-09", "2020-09-21", "2020-06-02", "2020-03-16", "2019-12-27", "2019-10-08")

// thirdLists are lists whose dates or rows are written in a harder way.
func thirdLists() []unseen {
	in := func(before, format, after string) string { return county(before + each(format, offices) + after) }
	inHot := func(before, format, after string) string {
		return county(before + each(format, offices) + after + mostRead("阅读排行"))
	}
	return []unseen{
		{name: "date at the end of the link's own text", want: "~2023-07-18", body: in(`<ul class="a">`, `<li><a href="{n}.html">{t} {d}</a></li>`, `</ul>`)},
		{name: "date in brackets at the end of the link's own text, hot beside", want: "~2023-07-18", body: inHot(`<ul class="a">`, `<li><a href="{n}.html">{t}（{d}）</a></li>`, `</ul>`)},
		{name: "date at the head of the link's own text, hot beside", want: "~2023-07-18", body: inHot(`<ul class="a">`, `<li><a href="{n}.html">{d} {t}</a></li>`, `</ul>`)},
		{name: "two-digit years", want: "~2023-07-18", body: county(`<ul class="a">` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, entries(officeTitles, "23-07-18", "23-07-03", "23-06-21", "23-05-30", "23-02-14")) + `</ul>`)},
		{name: "single digits with slashes", want: "2023-07-08", body: county(`<ul class="a">` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, entries(officeTitles, "2023/7/8", "2023/7/3", "2023/6/21", "2023/5/3", "2023/2/4")) + `</ul>`)},
		{name: "weekday behind", want: "2023-07-18", body: in(`<ul class="a">`, `<li><a href="{n}.html">{t}</a><p>{y}年{m}月{day}日 星期二</p></li>`, `</ul>`)},
		{name: "month and day, full dates at the side", want: "~2023-07-18", body: inHot(`<ul class="a">`, `<li><a href="{n}.html">{t}</a><span>{m}-{day}</span></li>`, `</ul>`)},
		{name: "month and day, a side list whose head is the column's", want: "~2023-07-18", body: county(`<ul class="a">` + each(`<li><a href="{n}.html">{t}</a><span>{m}-{day}</span></li>`, offices) + `</ul><div class="r"><h3>最新通知公告</h3><ul>` + each(`<li><a href="/x/{n}.html">{t}</a><span>{d}</span></li>`, hot) + `</ul></div>`)},
		{name: "a day's words: yesterday and hours ago", want: "~2023-09-27", body: county(`<ul class="a"><li><a href="1.html">关于举办就业招聘会的公告</a><span>3小时前</span></li><li><a href="2.html">关于停水检修的通知</a><span>昨天</span></li><li><a href="3.html">关于征兵体检的通知</a><span>3天前</span></li>` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, offices[:4]) + `</ul>`)},
		{name: "terms and definitions, date first", want: "2023-07-18", body: in(`<dl class="a">`, `<dt>{d}</dt><dd><a href="{n}.html">{t}</a></dd>`, `</dl>`)},
		{name: "terms and definitions, date first, hot beside", want: "~2023-07-18", body: inHot(`<dl class="a">`, `<dt>{d}</dt><dd><a href="{n}.html">{t}</a></dd>`, `</dl>`)},
		{name: "paragraphs of an editor", want: "2023-07-18", body: in(`<div class="wzcon">`, `<p style="text-indent:2em"><span>{i}、</span><a href="{n}.html"><span>{t}</span></a>&nbsp;&nbsp;&nbsp;<span>{d}</span></p>`, `</div>`)},
		{name: "date in the first column, numbers before", want: "2023-07-18", body: in(`<table class="a">`, `<tr><td>{i}</td><td>{d}</td><td>县民政局</td><td><a href="{n}.html">{t}</a></td></tr>`, `</table>`)},
		{name: "cards", want: "2023-07-18", body: in(`<div class="grid">`, `<a class="card" href="{n}.html"><img src="{n}.jpg"><h5>{t}</h5><div class="b"><span class="eye">1{i}3</span><span class="time">{d}</span></div></a>`, `</div>`)},
		{name: "official accounts' articles", want: "2023-07-18", body: in(`<ul class="a">`, `<li><a href="https://mp.weixin.qq.com/s/aB{n}xYz">{t}</a><span>{d}</span></li>`, `</ul>`)},
		{name: "official accounts' articles, hot beside", want: "~2023-07-18", body: inHot(`<ul class="a">`, `<li><a href="https://mp.weixin.qq.com/s/aB{n}xYz">{t}</a><span>{d}</span></li>`, `</ul>`)},
		{name: "downloads with sizes", want: "2023-07-18", column: "下载中心", body: called("下载中心", `<table class="xz"><tr><th>文件名</th><th>大小</th><th>上传时间</th><th>下载次数</th></tr>`+each(`<tr><td><a href="/down/{n}.doc">{t}表格</a></td><td>{i}3.5KB</td><td>{d}</td><td>{i}20</td></tr>`, offices)+`</table>`)},
		{name: "a hidden second date", want: "~2023-07-18", body: in(`<ul class="a">`, `<li><a href="{n}.html">{t}</a><span style="display:none">2023-09-27</span><span>{d}</span></li>`, `</ul>`)},
		{name: "first item large, in the same list", want: "2023-09-12", body: county(`<ul class="a"><li class="big"><dl><dt><a href="99.html"><img src="1.jpg"></a></dt><dd><h3><a href="99.html">关于举办农民丰收节活动的通告</a></h3><p>届时将有多项活动。</p><span>2023-09-12</span></dd></dl></li>` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, offices) + `</ul>`)},
		{name: "letters with come and answered", want: "~2023-07-18", column: "县长信箱", body: called("县长信箱", `<table><tr><th>标题</th><th>来信时间</th><th>答复时间</th><th>状态</th></tr>`+each(`<tr><td><a href="/xz/{n}.html">{t}</a></td><td>{y}-{m}-01</td><td>{d}</td><td>已答复</td></tr>`, offices)+`</table>`)},
		{name: "air of every day, links say look", want: "~2023-09-26", column: "空气质量日报", body: called("空气质量日报", `<table><tr><th>日期</th><th>AQI</th><th>等级</th><th>操作</th></tr>`+each(`<tr><td>{d}</td><td>4{i}</td><td>优</td><td><a href="/kq/{n}.html">查看</a></td></tr>`, entries([]string{"a"}, daysBack("2023-09-26", 12)...))+`</table>`)},
		{name: "interviews with their day", want: "~2023-07-18", column: "在线访谈", body: called("在线访谈", `<div>`+each(`<div class="ft"><a href="/ft/{n}.html"><img src="{n}.jpg"></a><h4><a href="/ft/{n}.html">{t}</a></h4><p>访谈嘉宾：县民政局局长</p><p>访谈时间：{d} 10:00</p></div>`, offices)+`</div>`)},
		{name: "events to come and past", want: "unsure", column: "活动预告", body: called("活动预告", `<ul>`+each(`<li><a href="/hd/{n}.html">{t}</a><span>活动时间：{d} 9:00</span></li>`, entries(officeTitles, "2023-10-12", "2023-10-06", "2023-09-20", "2023-09-10", "2023-08-30"))+`</ul>`)},
		{name: "deputies with their births", want: "unsure", column: "代表名单", body: called("代表名单", `<table><tr><th>姓名</th><th>性别</th><th>出生日期</th></tr>`+each(`<tr><td><a href="/db/{n}.html">代表甲某某</a></td><td>女</td><td>{d}</td></tr>`, entries([]string{"a"}, "1975-03-12", "1968-11-02", "1980-05-06", "1971-01-20", "1966-12-01"))+`</table>`)},
		{name: "deputies with their births, and news", want: "unsure", column: "代表名单", body: called("代表名单", `<table><tr><th>姓名</th><th>性别</th><th>出生日期</th></tr>`+each(`<tr><td><a href="/db/{n}.html">代表甲某某</a></td><td>女</td><td>{d}</td></tr>`, entries([]string{"a"}, "1975-03-12", "1968-11-02", "1980-05-06", "1971-01-20", "1966-12-01"))+`</table>`+mostRead("代表风采"))},
		{name: "English days before months", at: unseenHost + "/en/notices/", column: "Notices", want: "~2023-07-18", body: doc("Notices - Yunxi County", `<nav><a href="/en/">Home</a></nav><h1>Notices</h1><ul>`+each(`<li><a href="/en/notices/{n}.html">Notice on the application of county programmes, {i}</a><span>{day}/{m}/{y}</span></li>`, offices)+`</ul>`)},
		{name: "English months with a comma", at: unseenHost + "/en/notices/", column: "Notices", want: "~2023-07-18", body: doc("Notices - Yunxi County", `<nav><a href="/en/">Home</a></nav><h1>Notices</h1><ul>`+each(`<li><a href="/en/notices/{i}.html">{t}</a><span>{d}</span></li>`, entries([]string{"Notice on public holidays of the county", "Notice on water supply works", "Notice on road closures"}, "July 18, 2023", "July 3, 2023", "June 21, 2023"))+`</ul>`)},
		{name: "a summary that names a later day", want: "2023-07-18", body: in(`<ul class="a">`, `<li><h3><a href="{n}.html">{t}</a></h3><p>请于2023年9月25日前报送。联系电话：0730-1234567。</p><span>发布时间：{d}</span></li>`, `</ul>`)},
		{name: "a line of time, source and hits in one text", want: "2023-07-18", body: in(`<div class="a">`, `<div class="i"><h4><a href="{n}.html">{t}</a></h4><div>来源：县民政局 | 时间：{d} 08:30:12 | 浏览：{i}23 次</div></div>`, `</div>`)},
		{name: "a box for each month of three items", want: "~2023-07-18", body: county(`<div class="y">` + each(`<div class="m"><h4>2023年{m}月</h4><p><a href="{n}a.html">{t}</a></p><p><a href="{n}b.html">{t}补充</a></p><p><a href="{n}c.html">{t}解读</a></p></div>`, []entry{offices[0], offices[2], offices[5], offices[7]}) + `</div>`)},
		{name: "a box for each day of two items", want: "2023-07-18", body: county(`<div class="y">` + each(`<div class="m"><h4>{d}</h4><p><a href="{n}a.html">{t}</a></p><p><a href="{n}b.html">{t}补充</a></p></div>`, offices[:5]) + `</div>`)},
		{name: "attachments with days in every row", want: "~2023-07-18", body: in(`<ul class="a">`, `<li><a href="{n}.html">{t}</a><span>{d}</span><ul><li><a href="{n}.pdf">附件：申请表格下载</a></li></ul></li>`, `</ul>`)},
		{name: "two tables, this year's and before, dates apart", want: "2023-07-18", body: county(`<h4>2023年</h4><table class="a">` + each(`<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td></tr>`, offices[:4]) + `</table><h4>2020年</h4><table class="a">` + each(`<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td></tr>`, dormant) + `</table>`)},
		{name: "this year's list after the old one", want: "~2023-07-18", body: county(`<h4>2020年</h4><ul class="a">` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, dormant) + `</ul><h4>2023年</h4><ul class="b">` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, offices[:3]) + `</ul>`)},
		{name: "old list in one form, new in another, side by side", want: "~2023-07-18", body: county(`<table class="old">` + each(`<tr><td><a href="{n}.html">{t}</a></td><td>{d}</td></tr>`, append(dormant, dormant...)) + `</table><ul class="new">` + each(`<li><a href="./{n}.html">{t}</a><span>{d}</span></li>`, offices[:2]) + `</ul>`)},
	}
}

// thirdTraps are pages on which what is easily read is not the column.
func thirdTraps() []unseen {
	rows := func(items []entry) string {
		return `<ul class="ls">` + each(`<li><a href="./{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, items) + `</ul>`
	}
	far := func(items []entry) string {
		return `<ul class="ls">` + each(`<li><a href="/other/{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, items) + `</ul>`
	}
	box := func(class, head, inner string) string {
		return `<div class="` + class + `"><div class="hd"><h3>` + head + `</h3></div><div class="bd">` + inner + `</div></div>`
	}
	return []unseen{
		{name: "script fills the list, an old block of rules", want: "unsure", body: county(`<ul id="newslist"></ul><script src="/js/list.js"></script>` + box("r", "政策法规", far(stale)))},
		{name: "script fills the list, an old block without a head", want: "unsure", body: county(`<ul id="newslist"></ul><script>$.getJSON("/api/list?cid=3",function(d){render(d)})</script><div class="r">` + far(stale) + `</div>`)},
		{name: "script fills the table, a pager, an old block", want: "unsure", body: county(`<table id="t"><thead><tr><th>标题</th><th>日期</th></tr></thead><tbody></tbody></table>` + nextPages + box("r", "规章制度", far(stale)))},
		{name: "not found, said with status 200, hot list", want: "unsure", body: doc("页面不存在-云溪县人民政府", bureauTop+`<div class="err"><h2>抱歉，您访问的页面不存在或已删除</h2><p>5秒后返回首页</p></div>`+mostRead("大家都在看")+bureauEnd)},
		{name: "moved elsewhere, the old list left", want: "~2020-11-09", body: county(`<p class="tip">本栏目已迁移至<a href="http://new.qs.gov.cn/tzgg/">新版网站</a>，此处不再更新。</p>` + rows(dormant))},
		{name: "bureau's front page with blocks", at: unseenHost + "/jyj/", want: "~2023-07-18", body: doc("云溪县教育局", bureauTop+box("l", "教育要闻", `<ul>`+each(`<li><a href="/jyj/jyyw/{n}.html">{t}</a><span>{d}</span></li>`, hot)+`</ul>`)+box("m", "通知公告", `<ul>`+each(`<li><a href="/jyj/tzgg/{n}.html">{t}</a><span>{d}</span></li>`, offices)+`</ul>`)+bureauEnd)},
		{name: "only a breadcrumb, two lists, the older first", want: "~2020-11-09", body: county(rows(dormant) + `<div class="b">` + far(hot) + `</div>`)},
		{name: "only a breadcrumb, undated in another folder, dated in another", want: "unsure", body: county(`<ul>` + each(`<li><a href="/art/{n}.html">{t}</a></li>`, undatedO) + `</ul><ul class="r">` + each(`<li><a href="/other/{n}.html">{t}</a><span>{d}</span></li>`, hot) + `</ul>`)},
		{name: "undated list by ids, dated list by ids behind", want: "none", at: unseenHost + "/list.php?cid=3", body: county(`<ul>` + each(`<li><a href="/show.php?id={n}">{t}</a></li>`, undatedO) + `</ul>` + nextPages + `<div class="r"><h4>新闻动态</h4><ul>` + each(`<li><a href="/show.php?id={n}">{t}</a><span>{d}</span></li>`, hot) + `</ul></div>`)},
		{name: "undated list by ids, dated list first, bold head", want: "none", at: unseenHost + "/list.php?cid=3", body: county(`<div class="l"><b>新闻动态</b><ul>` + each(`<li><a href="/show.php?id={n}">{t}</a><span>{d}</span></li>`, hot) + `</ul></div><div class="m"><b>通知公告</b><ul>` + each(`<li><a href="/show.php?id={n}">{t}</a></li>`, undatedO) + `</ul></div>`)},
		{name: "undated list by ids, dated list first, no heads, no pager", want: "none", at: unseenHost + "/list.php?cid=3", body: county(`<div class="l"><ul>` + each(`<li><a href="/show.php?id={n}">{t}</a><span>{d}</span></li>`, hot) + `</ul></div><div class="m"><ul>` + each(`<li><a href="/show.php?id={n}">{t}</a></li>`, undatedO) + `</ul></div>`)},
		{name: "undated list, old dated side list first", want: "none", at: unseenHost + "/list.php?cid=3", body: county(`<div class="l"><ul>` + each(`<li><a href="/show.php?id={n}">{t}</a><span>{d}</span></li>`, stale) + `</ul></div><div class="m"><ul>` + each(`<li><a href="/show.php?id={n}">{t}</a></li>`, undatedO) + `</ul></div>`)},
		{name: "undated titles without links by script, old side list", want: "unsure", body: county(`<ul class="m">` + each(`<li onclick="show({n})">{t}</li>`, undatedO) + `</ul><div class="r"><ul>` + each(`<li><a href="/show/{n}.html">{t}</a><span>{d}</span></li>`, stale) + `</ul></div>`)},
		{name: "dated titles without links, old side list", want: "~2023-07-18", body: county(`<ul class="m">` + each(`<li onclick="show({n})"><b>{t}</b><i>{d}</i></li>`, offices) + `</ul><div class="r"><ul>` + each(`<li><a href="/show/{n}.html">{t}</a><span>{d}</span></li>`, stale) + `</ul></div>`)},
		{name: "dated titles without links, living side list", want: "~2020-11-09", body: county(`<ul class="m">` + each(`<li onclick="show({n})"><b>{t}</b><i>{d}</i></li>`, dormant) + `</ul><div class="r"><ul>` + each(`<li><a href="/show/{n}.html">{t}</a><span>{d}</span></li>`, hot) + `</ul></div>`)},
		{name: "a document viewer in a frame, and the old block", want: "unsure", body: county(`<iframe src="/pdf/viewer.html?file=1.pdf" width="100%" height="800"></iframe>` + box("r", "往期回顾", far(stale)))},
		{name: "search without hits, hot words", want: "empty", body: county(`<div class="res">共找到 0 条结果，没有找到相关信息</div><div class="r"><h3>热门信息</h3>` + far(hot) + `</div>`)},
		{name: "guide of the column as an article, side list", want: "unsure", column: "政府信息公开指南", body: called("政府信息公开指南", `<div class="txt"><h1>政府信息公开指南</h1>`+strings.Repeat(`<p>为了方便公民、法人和其他组织获取本机关的政府信息，根据《中华人民共和国政府信息公开条例》，编制本指南。</p>`, 5)+`</div>`+mostRead("最新公开"))},
		{name: "a collapsed list of the column before, side open", want: "~2023-07-18", body: county(`<div style="visibility:hidden" class="l">`+rows(offices)+`</div>`) + mostRead("阅读排行")},
		{name: "column's name heads a side block, the list elsewhere undated", want: "none", column: "工作动态", at: unseenHost + "/gzdt/", body: doc("工作动态-云溪县民政局", bureauTop+`<div class="l"><h3>工作动态</h3><ul>`+each(`<li><a href="/gzdt/{n}.html">{t}</a></li>`, undatedO)+`</ul></div><div class="r"><h3>各地工作动态</h3><ul>`+each(`<li><a href="/gd/{n}.html">{t}</a><span>{d}</span></li>`, hot)+`</ul></div>`+bureauEnd)},
		{name: "tabs of three columns, the asked one second", want: "~2023-07-18", body: doc("云溪县统计局", bureauTop+`<div class="tabs"><span class="on">统计新闻</span><span>通知公告</span><span>统计数据</span></div><div class="pane">`+far(hot)+`</div><div class="pane" style="display:none">`+rows(offices)+`</div><div class="pane" style="display:none">`+far(stale)+`</div>`+bureauEnd)},
		{name: "list, then the same shape of the neighbour column, one parent", want: "~2023-07-18", body: county(`<div class="c"><h3>通知公告</h3>` + rows(offices) + `<h3>工作动态</h3>` + far(hot) + `</div>`)},
		{name: "neighbour column first, one parent, one shape", want: "~2023-07-18", body: county(`<div class="c"><h3>工作动态</h3>` + far(hot) + `<h3>通知公告</h3>` + rows(offices) + `</div>`)},
		{name: "neighbour column in the same table", want: "~2023-07-18", body: county(`<table><tr><td colspan="2"><b>工作动态</b></td></tr>` + each(`<tr><td><a href="/gzdt/{n}.html">{t}</a></td><td>{d}</td></tr>`, hot) + `<tr><td colspan="2"><b>通知公告</b></td></tr>` + each(`<tr><td><a href="/zwgk/tzgg/{n}.html">{t}</a></td><td>{d}</td></tr>`, offices) + `</table>`)},
		{name: "sponsored rows of other columns within the list", want: "2023-07-18", body: county(`<ul class="ls">` + each(`<li><a href="./{n}.html">{t}</a><span>{d}</span></li>`, offices) + `</ul><p class="ad"><a href="/zt/2023/">学习贯彻主题教育专题</a> 2023-09-01</p>`)},
		{name: "one row of the column, the rest of the page's lists foreign", want: "~2020-11-09", body: county(rows(dormant[:1]) + box("r", "部门动态", far(hot)) + box("r", "乡镇信息", far(offices)))},
		{name: "archive notice with a date and nothing more", want: "unsure", body: county(`<div class="con"><p>本栏目内容已于2021-03-01归档，查阅请联系<a href="/dag/">县档案馆</a>。</p></div>`)},
		{name: "login for the list, public hot list", want: "unsure", body: county(`<div class="lg"><p>该栏目内容需登录后查看</p><a href="/login">登录</a></div>` + mostRead("阅读排行"))},
		{name: "list of sites' columns with the day each changed", want: "~2023-07-18", column: "信息公开目录", body: called("信息公开目录", `<table><tr><th>栏目</th><th>信息数</th><th>最后更新</th></tr>`+each(`<tr><td><a href="/ml/{n}/">{t}</a></td><td>1{i}</td><td>{d}</td></tr>`, offices)+`</table>`)},
		{name: "an old calendar month with links to days", want: "unsure", body: county(`<table class="cal"><caption>2023年8月</caption><tr>` + each(`<td><a href="/day/{ymd}">{day}</a></td>`, entries([]string{"a"}, daysBack("2023-08-31", 14)...)) + `</tr></table><div id="list">加载中</div>`)},
		{name: "three new items of the column, fourteen old ones from elsewhere, no head", want: "~2023-07-18", body: county(rows(offices[:3]) + `<div class="k">` + far(slices.Concat(stale, stale)) + `</div>`)},
		{name: "two undated items of the column, old ones from elsewhere, no head", want: "none", body: county(`<div class="g">` + each(`<div class="i"><a href="./t{ymd}_{n}.html">{t}</a></div>`, undatedO[:2]) + `</div><div class="k">` + far(stale) + `</div>`)},
		{name: "undated items in another folder, old ones behind, nothing named", want: "none", body: doc("", bureauTop+`<div class="g"><ul>`+each(`<li><a href="/art/2023/art_12_{n}.html">{t}</a></li>`, undatedO)+`</ul></div><div class="k">`+far(stale)+`</div>`+bureauEnd)},
		{name: "new items in another folder, more old ones behind, nothing named", want: "~2023-07-18", body: doc("", bureauTop+`<div class="g">`+each(`<p><a href="/art/{y}/{m}/{day}/art_12_{n}.html">{t}</a><i>{d}</i></p>`, offices)+`</div><div class="k">`+far(slices.Concat(stale, stale))+`</div>`+bureauEnd)},
		{name: "an empty table that a script fills, an old list without a head", want: "unsure", body: county(`<table class="t"><thead><tr><th>标题</th><th>日期</th></tr></thead><tbody id="rows"></tbody></table><div class="k">` + far(stale) + `</div>`)},
	}
}

package extract_test

import (
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// The parts of pages around a list.
const (
	unseenMenu = `<div class="top"><span>今天是2023年9月27日 星期三 农历八月十三</span><a href="/">设为首页</a></div><ul id="menu"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/zwfw/">政务服务</a></li><li><a href="/hdjl/">互动交流</a></li><li><a href="/zjqs/">走进清水</a></li></ul>`
	unseenWay  = `<div class="dqwz">您现在的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/tzgg/">通知公告</a></div>`
	unseenFoot = `<div class="bottom"><p>主办：清水市人民政府办公室　承办：清水市大数据中心</p><p>网站标识码：1403000001　晋ICP备05000001号　最后更新：2023-09-26</p><a href="/wzdt/">网站地图</a><a href="/lxwm/">联系我们</a></div>`
)

// framed puts a list into an ordinary page.
func framed(main string) string {
	return doc("通知公告-清水市人民政府", unseenMenu+`<div class="wrap">`+unseenWay+main+`</div>`+unseenFoot)
}

// sideBlock is a list beside the column's, with newer items.
func sideBlock(head, class string, items []entry) string {
	return `<div class="` + class + `"><h3>` + head + `</h3><ul>` + each(`<li><a href="/xwzx/qsyw/{y}{m}/t{ymd}_{n}.html" title="{t}">{t}</a><span>{d}</span></li>`, items) + `</ul></div>`
}

// oldLists are pages of tables, as they were made until about 2012.
func oldLists() []unseen {
	left := `<table width="200" border="0" cellpadding="0"><tr><td height="28" background="images/bt.gif"><b>最新更新</b></td></tr>` +
		each(`<tr><td><img src="images/dot.gif"><a href="show.asp?id={n}" target="_blank">{t}</a> [{m}-{day}]</td></tr>`, news) + `</table>`
	old := func(main string) string {
		return doc("清水市发改委--通知公告", `<table width="980" align="center"><tr><td colspan="2"><img src="images/top.jpg"></td></tr><tr><td colspan="2"><a href="index.asp">首页</a> | <a href="list.asp?c=1">委内动态</a> | <a href="list.asp?c=2">通知公告</a> | <a href="list.asp?c=3">政策法规</a></td></tr><tr><td width="210" valign="top">`+
			left+`</td><td valign="top"><table width="100%"><tr><td>当前位置：首页 &gt;&gt; 通知公告</td></tr></table>`+main+`</td></tr><tr><td colspan="2" align="center">清水市发展和改革委员会 版权所有 2006-2023 您是第102334位访客</td></tr></table>`)
	}
	pager := `<table width="100%"><tr><td align="center">共 132 条 第1/14页 <a href="list.asp?c=2&page=1">首页</a> 上一页 <a href="list.asp?c=2&page=2">下一页</a> <a href="list.asp?c=2&page=14">尾页</a></td></tr></table>`
	at := unseenHost + "/list.asp?c=2"
	return []unseen{
		{name: "asp tables of 2008", at: at, want: "2023-08-23", body: old(`<table width="100%">` + each(`<tr><td width="20"><img src="images/arrow.gif"></td><td><a href="show.asp?id={n}" target="_blank">{t}</a></td><td width="100">{d}</td></tr><tr><td colspan="3" background="images/line.gif" height="1"></td></tr>`, notices) + `</table>` + pager)},
		{name: "asp, dates in brackets after the title", at: at, want: "2023-08-23", body: old(`<table width="100%">` + each(`<tr><td>·<a href="show.asp?id={n}">{t}</a>（{y}/{m}/{day}）</td></tr>`, notices) + `</table>` + pager)},
		{name: "asp, no pager and few rows", at: at, want: "~2023-08-23", body: old(`<table width="100%">` + each(`<tr><td>·<a href="show.asp?id={n}">{t}</a></td><td>{d}</td></tr>`, notices[:3]) + `</table>`)},
		{name: "asp, the column is old and the side is new", at: at, want: "~2019-03-11", body: old(`<table width="100%">` + each(`<tr><td>·<a href="show.asp?id={n}">{t}</a></td><td>{d}</td></tr>`, ancient) + `</table>`)},
		{name: "font tags and br", at: at, want: "~2023-08-23", body: old(`<font size="2">` + each(`<img src="dot.gif"><a href="show.asp?id={n}">{t}</a> <font color="#999">{d}</font><br>`, notices) + `</font>` + pager)},
		{name: "one table for every row", at: at, want: "~2023-08-23", body: old(each(`<table width="98%" border="0"><tr><td width="80%"><a href="show.asp?id={n}">{t}</a></td><td align="right">[{d}]</td></tr></table>`, notices) + pager)},
		{name: "aspx grid with postback links", at: unseenHost + "/NewsList.aspx?CategoryId=12", want: "2023-08-23", body: framed(`<form id="form1" action="NewsList.aspx"><input type="hidden" name="__VIEWSTATE" value="/wEPDwUK"><table id="GridView1" cellspacing="0">` + each(`<tr><td><a id="GridView1_ctl0{i}_HyperLink1" href="NewsShow.aspx?NewsId={n}">{t}</a></td><td><span id="GridView1_ctl0{i}_lbl">{y}-{m}-{day} 0:00:00</span></td></tr>`, notices) + `<tr><td colspan="2"><table><tr><td><span>1</span></td><td><a href="javascript:__doPostBack('GridView1','Page$2')">2</a></td><td><a href="javascript:__doPostBack('GridView1','Page$3')">3</a></td></tr></table></td></tr></table></form>`)},
		{name: "two items in a table row", at: at, want: "~2023-08-23", body: old(`<table width="100%">` + each(`<tr><td><a href="show.asp?id={n}">{t}</a> {d}</td><td><a href="show.asp?id=9{n}">{t}补充</a> {y}-{m}-01</td></tr>`, notices) + `</table>` + pager)},
		{name: "the date stands in the next table row", at: at, want: "2023-08-23", body: old(`<table width="100%">` + each(`<tr><td><a href="show.asp?id={n}">{t}</a></td></tr><tr><td>发布时间：{d}　点击：23</td></tr>`, notices) + `</table>` + pager)},
		{name: "rows without a table's end", at: at, want: "2023-08-23", body: old(`<table width=100%>` + each(`<tr><td><a href=show.asp?id={n}>{t}</a><td>{d}`, notices) + `</table>` + pager)},
		{name: "gbk undeclared", want: "2023-08-23", body: gbk(strings.Replace(framed(`<ul class="lb">`+each(`<li><a href="t{ymd}_{n}.htm">{t}</a><span>{y}年{m}月{day}日</span></li>`, notices)+`</ul>`), `<meta charset="utf-8">`, "", 1))},
		{name: "gbk that says utf-8", want: "2023-08-23", body: gbk(framed(`<ul class="lb">` + each(`<li><a href="t{ymd}_{n}.htm">{t}</a><span>{y}年{m}月{day}日</span></li>`, notices) + `</ul>`))},
	}
}

func gbk(s string) string {
	out, _ := simplifiedchinese.GB18030.NewEncoder().String(s)
	return out
}

// systemLists are lists as well-known systems print them.
func systemLists() []unseen {
	return []unseen{
		{name: "trs with a marquee above", want: "2023-08-23", body: framed(`<div class="gun"><marquee onmouseover="this.stop()">` + each(`<a href="/xwzx/t{ymd}_{n}.html">{t}</a> {d}`, news) + `</marquee></div><div class="gl_list"><ul>` + each(`<li><a href="./{y}{m}/t{ymd}_{n}.html" target="_blank">{t}</a><span>{d}</span></li>`, notices) + `</ul><div class="page"><script>createPageHTML(8, 0, "index", "html");</script></div></div>`)},
		{name: "hanweb island", at: unseenHost + "/col/col1229/index.html", want: "2023-08-23", body: framed(`<div id="2001" class="default_pgContainer"></div><script type="text/xml"><datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&columnid=1229"></a>]]></nextgroup><recordset>` + each(`<record><![CDATA[<li><a target="_blank" title="{t}" href="/art/{y}/{m}/{day}/art_1229_{n}.html">{t}</a><span>{d}</span></li>]]></record>`, notices) + `</recordset></datastore></script>` + sideBlock("最新发布", "zxfb", news))},
		{name: "vsb with ids", want: "2023-08-23", at: unseenHost + "/zwgk/tzgg.htm", body: framed(`<div class="list"><ul>` + each(`<li id="line_u9_{i}"><a href="../info/1021/{n}.htm" target="_blank">{t}</a><span>{y}/{m}/{day}</span></li>`, notices) + `</ul><div class="pb_sys_common"><span class="p_t">共120条</span><span class="p_no_d">1</span><span class="p_no"><a href="tzgg/14.htm">2</a></span><span class="p_next"><a href="tzgg/14.htm">下页</a></span><span class="p_last"><a href="tzgg/1.htm">尾页</a></span></div></div>`)},
		{name: "ucap", want: "2023-08-23", at: unseenHost + "/qs/c100012/zfxxgk_list.shtml", column: "政策文件", body: doc("政策文件", unseenMenu+`<div class="main clearfix"><div class="left-nav"><ul><li><a href="/qs/c100011/zfxxgk_list.shtml">规章</a></li><li class="on"><a href="/qs/c100012/zfxxgk_list.shtml">政策文件</a></li></ul></div><div class="right-list"><ul class="pagelist">`+each(`<li><a href="/qs/c100012/{y}{m}/3f2a9c7d4e5b4a0f9d8e7c6b5a{i}.shtml">{t}</a><em>{d}</em></li>`, notices)+`</ul><div class="page_num">1 2 3 ... 12 下一页</div></div></div>`+unseenFoot)},
		{name: "nfcms", want: "2023-08-23", body: framed(`<div class="pageList infoList listContent"><ul>` + each(`<li><i></i><a href="`+unseenHost+`/zwgk/tzgg/content/post_{n}.html" target="_blank" title="{t}">{t}</a><span class="time">{d}</span></li>`, notices) + `</ul></div><div class="page"><a href="javascript:;" class="prev disabled">上一页</a><a class="current">1</a><a href="index_2.html">2</a><a class="next" href="index_2.html">下一页</a></div>`)},
		{name: "epoint", at: unseenHost + "/zwgk/004/004001/secondpage.html", want: "2023-08-23", body: framed(`<div class="ewb-right r"><ul class="ewb-nbd-items">` + each(`<li class="ewb-nbd-item clearfix"><a href="/zwgk/004/004001/{ymd}/d41f7c0a-4a5b-4d1e-9a1f-0c9b8d7e6f{i}.html" class="l">{t}</a><span class="ewb-date r">{d}</span></li>`, notices) + `</ul><div class="pager"><ul class="m-pagination-page"><li class="active"><a>1</a></li><li><a>2</a></li></ul></div></div><div class="ewb-left l"><h2>热点关注</h2><ul>` + each(`<li><a href="/xwzx/001/{ymd}/aa{n}.html">{t}</a><span>{m}-{day}</span></li>`, news) + `</ul></div>`)},
		{name: "empire", at: unseenHost + "/e/action/ListInfo/?classid=12", want: "2023-08-23", body: framed(`<table width="100%" class="box"><tr><td><ul>` + each(`<li><span>{d}</span><a href="/e/action/ShowInfo.php?classid=12&id={n}">{t}</a></li>`, notices) + `</ul></td></tr></table><div class="epages"><a title="Total record">&nbsp;<b>45</b> </a>&nbsp;<b>1</b>&nbsp;<a href="?page=1">2</a>&nbsp;<a href="?page=1">下一页</a></div>`)},
		{name: "bootstrap list group", want: "2023-08-23", body: framed(`<div class="row"><div class="col-md-9"><div class="panel"><div class="list-group">` + each(`<a class="list-group-item list-group-item-action d-flex justify-content-between" href="/article/{n}"><span class="text-truncate">{t}</span><span class="badge">{d}</span></a>`, notices) + `</div><ul class="pagination"><li class="page-item"><a class="page-link" href="?page=2">2</a></li><li class="page-item"><a href="?page=2">&raquo;</a></li></ul></div></div><div class="col-md-3"><div class="card"><div class="card-header">最新资讯</div><div class="list-group">` + each(`<a class="list-group-item" href="/article/9{n}"><span>{t}</span><span class="badge">{d}</span></a>`, news) + `</div></div></div></div>`)},
		{name: "layui timeline", want: "2023-08-23", body: framed(`<ul class="layui-timeline">` + each(`<li class="layui-timeline-item"><i class="layui-icon layui-timeline-axis"></i><div class="layui-timeline-content layui-text"><h3 class="layui-timeline-title">{y}年{m}月{day}日</h3><p><a href="/detail?id={n}">{t}</a></p></div></li>`, notices) + `</ul><div id="page" class="layui-laypage"><a class="layui-laypage-next" data-page="2">下一页</a></div>`)},
		{name: "vue and element table, no links", want: "~2023-08-23", body: framed(`<div id="app" data-v-1a2b><div class="el-table__body-wrapper"><table class="el-table__body"><tbody>` + each(`<tr class="el-table__row"><td class="el-table_1_column_1"><div class="cell">{i}</div></td><td class="el-table_1_column_2"><div class="cell"><span class="lnk">{t}</span></div></td><td class="el-table_1_column_3"><div class="cell">{d}</div></td></tr>`, notices) + `</tbody></table></div></div>` + sideBlock("最新发布", "r", news))},
		{name: "vue router links", want: "2023-08-23", body: framed(`<div id="app"><div data-v-7c class="news-list">` + each(`<div data-v-7c class="news-item"><a data-v-7c href="#/detail/{n}" class="ttl">{t}</a><div data-v-7c class="tm">{d}</div></div>`, notices) + `</div></div>`)},
		{name: "intensive platform, disclosure table", want: "2023-08-23", body: framed(`<table class="xxgk-table"><thead><tr><th>序号</th><th>索引号</th><th>信息名称</th><th>发布机构</th><th>发布日期</th></tr></thead><tbody>` + each(`<tr><td>{i}</td><td>01403000/2023-0{i}12</td><td><a href="/xxgk/show?id={n}">{t}</a></td><td>市发改委</td><td>{d}</td></tr>`, notices) + `</tbody></table>`)},
		{name: "phone version", at: "http://m.qs.gov.cn/zwgk/tzgg/", want: "2023-08-23", body: doc("通知公告", `<header class="hd"><a href="javascript:history.go(-1)">返回</a><h1>通知公告</h1></header><section class="lst">`+each(`<a class="it" href="/zwgk/tzgg/{n}.html"><div class="tt">{t}</div><div class="ft"><span>市发改委</span><span>{d}</span></div></a>`, notices)+`</section><div class="more" onclick="load()">点击加载更多</div><footer>清水市人民政府办公室主办</footer>`)},
		{name: "wordpress", want: "2023-08-23", body: framed(`<main id="main">` + each(`<article id="post-{n}" class="post type-post"><header class="entry-header"><h2 class="entry-title"><a href="/archives/{n}" rel="bookmark">{t}</a></h2></header><div class="entry-summary"><p>各县（市、区）有关单位，请于2023年9月30日前将材料报送至我局……</p></div><footer class="entry-footer"><span class="posted-on"><time class="entry-date published" datetime="{d}T08:30:00+08:00">{y}年{m}月{day}日</time></span></footer></article>`, notices) + `</main><aside id="secondary"><h2>近期文章</h2><ul>` + each(`<li><a href="/archives/9{n}">{t}</a> <span class="post-date">{y}年{m}月{day}日</span></li>`, news) + `</ul></aside>`)},
		{name: "phpcms", at: unseenHost + "/index.php?m=content&c=index&a=lists&catid=12", want: "2023-08-23", body: framed(`<div class="col-left"><div class="crumbs"><a href="/">首页</a><span> &gt; </span><a href="?catid=12">通知公告</a> &gt; 列表</div><ul class="list lh24 f14">` + each(`<li><span class="rt">{d} 09:1{i}:22</span>·<a href="/index.php?m=content&c=index&a=show&catid=12&id={n}" target="_blank">{t}</a></li>`, notices) + `</ul><div id="pages"><a class="a1">132条</a> <a href="?page=0" class="a1">上一页</a> <span>1</span> <a href="?page=2">2</a> <a href="?page=2" class="a1">下一页</a></div></div><div class="col-auto"><div class="box"><h5 class="title-2">频道总排行</h5><ul class="content digg">` + each(`<li><a href="?m=content&id=9{n}">{t}</a><span>{d}</span></li>`, news) + `</ul></div></div>`)},
	}
}

// besideLists are pages on which another list is newer, or stands in the way.
func besideLists() []unseen {
	list := `<ul class="list">` + each(`<li><a href="./{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, notices) + `</ul>`
	short := `<ul class="list">` + each(`<li><a href="./{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, notices[:1]) + `</ul>`
	two := `<ul class="list">` + each(`<li><a href="./{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, notices[:2]) + `</ul>`
	pager := `<div class="fy"><a href="index_1.html">下一页</a><a href="index_9.html">末页</a></div>`
	tab := func(id, class string, items []entry, style string) string {
		return `<div class="` + class + `" id="` + id + `"` + style + `><ul class="list">` + each(`<li><a href="/zwgk/`+id+`/{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, items) + `</ul></div>`
	}
	calendar := `<table class="rili"><tr><th>日</th><th>一</th><th>二</th></tr>` + each(`<tr><td><a href="/rl/?d={d}">{day}</a></td><td><a href="/rl/?d={d}">{m}-{day}</a></td><td><a title="{d}" href="/rl/?d={d}">{d}</a></td></tr>`, news) + `</table>`
	rank := `<div class="phb"><h3>点击排行</h3><ol>` + each(`<li><i>{i}</i><a href="/xwzx/t{ymd}_{n}.html">{t}</a><em>{d}</em></li>`, news) + `</ol></div>`
	pictures := `<div class="flash"><ul class="pic">` + each(`<li><a href="/xwzx/t{ymd}_{n}.html"><img src="/u/{n}.jpg" alt="{t}"></a><p><a href="/xwzx/t{ymd}_{n}.html">{t}</a></p><span>{d}</span></li>`, news) + `</ul></div>`
	return []unseen{
		{name: "newest of the site at the right", want: "2023-08-23", body: framed(list + pager + sideBlock("最新发布", "xright", news))},
		{name: "newest of the site, before the list", want: "2023-08-23", body: framed(sideBlock("要闻", "zuo", news) + list + pager)},
		{name: "side without a telling head, list with a pager", want: "2023-08-23", body: framed(sideBlock("清水要闻", "box1", news) + `<div class="box2">` + list + pager + `</div>`)},
		{name: "side without any head, list without a pager", want: "~2023-08-23", body: framed(`<div class="box1"><ul>` + each(`<li><a href="/xwzx/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, news) + `</ul></div><div class="box2">` + list + `</div>`)},
		{name: "one item and a long side list", want: "~2023-08-23", body: framed(`<div class="box2"><h2>通知公告</h2>` + short + `</div>` + sideBlock("要闻动态", "box1", news))},
		{name: "one item without a head and a long side list", want: "~2023-08-23", body: framed(`<div class="box2">` + short + `</div>` + sideBlock("要闻动态", "box1", news))},
		{name: "two items and a long side list", want: "~2023-08-23", body: framed(`<div class="box2">` + two + `</div>` + sideBlock("热门文章", "box1", news))},
		{name: "three tabs, the others hidden by style", want: "2023-08-23", body: framed(`<div class="tabs"><a class="on">通知公告</a><a>工作动态</a><a>政策解读</a></div>` + tab("tzgg", "con", notices, "") + tab("gzdt", "con", news, ` style="display:none"`) + tab("zcjd", "con", ancient, ` style="display: none;"`))},
		{name: "three tabs, hidden by class alone", want: "~2023-08-23", body: framed(`<ul class="nav nav-tabs"><li class="active"><a href="#tzgg" data-toggle="tab">通知公告</a></li><li><a href="#gzdt" data-toggle="tab">工作动态</a></li></ul><div class="tab-content">` + tab("tzgg", "tab-pane active", notices, "") + tab("gzdt", "tab-pane", news, "") + `</div>`)},
		{name: "layui tabs", want: "~2023-08-23", body: framed(`<div class="layui-tab"><ul class="layui-tab-title"><li class="layui-this">通知公告</li><li>工作动态</li></ul><div class="layui-tab-content"><div class="layui-tab-item layui-show">` + list + `</div><div class="layui-tab-item"><ul class="list">` + each(`<li><a href="./{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, news) + `</ul></div></div></div>`)},
		{name: "tabs by script, nothing says which is seen", want: "~2023-08-23", body: framed(`<div class="hd"><span class="cur">通知公告</span><span>工作动态</span></div><div class="bd"><ul>` + each(`<li><a href="./{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, notices) + `</ul><ul>` + each(`<li><a href="../gzdt/{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, news) + `</ul></div>`)},
		{name: "a calendar", want: "2023-08-23", body: framed(`<div class="l">` + calendar + `</div><div class="r">` + list + `</div>`)},
		{name: "a rank with numbers", want: "2023-08-23", body: framed(rank + list)},
		{name: "a picture show with dates", want: "2023-08-23", body: framed(pictures + list + pager)},
		{name: "a search form with dates", want: "2023-08-23", body: framed(`<form action="/search"><input name="q" value="请输入"><input name="start" value="2023-09-01"><input name="end" value="2023-09-27">开始时间：2023-09-01 结束时间：2023-09-27 <a href="/search">高级搜索</a></form>` + list)},
		{name: "weather", want: "2023-08-23", body: framed(`<div class="tq"><a href="/tq/">清水 9月27日 晴 12~25℃</a><a href="/tq/2">9月28日 多云</a><a href="/tq/3">9月29日 小雨</a></div>` + list)},
		{name: "before and after", want: "2023-08-23", body: framed(list + `<div class="xg"><p>上一篇：<a href="/xwzx/t20230926_1.html">全市项目建设推进会召开</a> 2023-09-26</p><p>下一篇：<a href="/xwzx/t20230925_1.html">市领导调研产业园区</a> 2023-09-25</p></div>`)},
		{name: "related links of the same shape", want: "2023-08-23", body: framed(list + pager + `<h4>相关信息</h4><ul class="list">` + each(`<li><a href="/xwzx/{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, news) + `</ul>`)},
		{name: "a newer list of the same shape, no head", want: "~2023-08-23", body: framed(list + `<ul class="list">` + each(`<li><a href="/xwzx/{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, news) + `</ul>`)},
		{name: "a head story above the list", want: "2023-08-23", body: framed(`<div class="tt"><h2><a href="./202308/t20230823_1.html">关于下达第三批技术改造项目计划的通知</a></h2><p>各县区发改局：现将有关计划下达给你们。</p><span>2023-08-23</span></div><ul class="list">` + each(`<li><a href="./{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, notices[1:]) + `</ul>`)},
		{name: "two head stories with pictures", want: "2023-08-23", body: framed(`<div class="pics">` + each(`<dl><dt><a href="./{y}{m}/t{ymd}_{n}.html"><img src="{n}.jpg"></a></dt><dd><a href="./{y}{m}/t{ymd}_{n}.html">{t}</a></dd><dd>{d}</dd></dl>`, notices[:2]) + `</div><ul class="list">` + each(`<li><a href="./{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, notices[2:]) + `</ul>` + pager)},
		{name: "a stale column beside a living side list", want: "~2019-03-11", body: framed(`<div class="m">` + `<ul>` + each(`<li><a href="./{y}{m}/t{ymd}_{n}.html">{t}</a><span>{d}</span></li>`, ancient) + `</ul></div>` + sideBlock("工作动态", "s", news))},
		{name: "a living column beside a stale side list", want: "~2023-08-23", body: framed(`<div class="m"><ul>` + each(`<li><a href="/a/{n}.html">{t}</a><span>{d}</span></li>`, notices[:3]) + `</ul></div><div class="s"><h3>政策文件</h3><ul>` + each(`<li><a href="/zwgk/tzgg/{n}.html">{t}</a><span>{d}</span></li>`, ancient) + `</ul></div>`)},
		{name: "a section of several columns", want: "~2023-08-23", at: unseenHost + "/zwgk/", column: "政务公开", body: doc("政务公开", unseenMenu+sideBlock("通知公告", "b", notices)+sideBlock("人事信息", "b", ancient)+sideBlock("规划计划", "b", entries(newsTitles, "2022-04-01", "2022-03-01", "2022-02-01"))+unseenFoot)},
		{name: "a pinned item first", want: "2023-08-23", body: framed(`<ul class="list"><li class="top"><a href="./201901/t20190110_1.html"><b>[置顶]</b>关于长期公开征集意见的公告</a><span>2019-01-10</span></li>` + strings.TrimPrefix(list, `<ul class="list">`))},
		{name: "three pinned items of different years", want: "2023-08-23", body: framed(`<ul class="list">` + each(`<li><a href="./{n}.html">{t}<img src="/img/zd.gif"></a><span>{d}</span></li>`, entries([]string{"办事指南汇总", "长期征集意见公告", "公开电话公告"}, "2021-04-01", "2022-09-01", "2020-01-01")) + strings.TrimPrefix(list, `<ul class="list">`))},
		{name: "two hundred rows", want: "2023-08-23", body: framed(`<ul class="list">` + each(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, entries(noticeTitles, daysBack("2023-08-23", 200)...)) + `</ul>` + sideBlock("最新更新", "r", news))},
		{name: "a frame with the list, and a side list", want: "~2023-08-23", pages: map[string]string{"/zwgk/tzgg/list.html": doc("", list)}, body: framed(sideBlock("工作动态", "s", news) + `<iframe src="list.html" width="700" height="600" frameborder="0"></iframe>`)},
		{name: "a frame with the list, and nothing else", want: "2023-08-23", pages: map[string]string{"/zwgk/tzgg/list.html": doc("", list)}, body: framed(`<iframe src="list.html" width="700" height="600" frameborder="0"></iframe>`)},
		{name: "a list by script, and a side list", want: "unsure", body: framed(`<div id="list"></div><script>$.getJSON('/api/list?cid=12',function(d){$('#list').html(render(d));});</script>` + sideBlock("工作动态", "s", news))},
		{name: "a template that is not filled, and a side list", want: "unsure", body: framed(`<ul class="list" v-for="x in list"><li><a :href="x.url">{{x.title}}</a><span>{{x.date}}</span></li></ul>` + sideBlock("要闻", "s", news))},
	}
}

func daysBack(from string, n int) []string {
	day, _ := time.Parse(time.DateOnly, from)
	var out []string
	for i := range n {
		out = append(out, day.AddDate(0, 0, -2*i).Format(time.DateOnly))
	}
	return out
}

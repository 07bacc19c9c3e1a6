package extract

import (
	"fmt"
	"strings"
	"testing"
)

// rowsOf writes a row for each title and date; an item keeps its number.
func rowsOf(format string, rows ...string) string {
	var b strings.Builder
	for _, r := range rows {
		title, date, _ := strings.Cut(r, " | ")
		number := 10000
		for _, c := range title {
			number += int(c) % 997
		}
		b.WriteString(strings.NewReplacer("{t}", title, "{d}", date, "{n}", fmt.Sprint(number)).Replace(format) + "\n")
	}
	return b.String()
}

// sidePage is a page of a department with everything that is no list around the
// list: a menu, side lists with newer dates, a calendar, tags, a footer.
func sidePage(main string) string {
	return `<!doctype html><html><head><meta charset="utf-8"><title>通知公告_阳泉市发展和改革委员会</title></head><body>
<div class="header"><div class="logo"><a href="/">阳泉市发展和改革委员会</a></div><div class="date">今天是2023年9月27日 星期三</div>
<ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/fgdt/">发改动态</a></li><li><a href="/tzgg/">通知公告</a></li><li><a href="/zwfw/">政务服务</a></li><li><a href="/hdjl/">互动交流</a></li></ul></div>
<div class="location">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 通知公告</div>
<div class="left"><h3>栏目导航</h3><ul><li><a href="/fgdt/">发改动态</a></li><li><a href="/tzgg/">通知公告</a></li><li><a href="/zcfg/">政策法规</a></li><li><a href="/ghjh/">规划计划</a></li></ul></div>
<div class="content">` + main + `</div>
<div class="hotnews"><h3>热点信息</h3><ul><li><a href="/fgdt/202309/t20230926_1.shtml">我市召开重点项目建设推进会议</a><span>2023-09-26</span></li><li><a href="/fgdt/202309/t20230925_2.shtml">市发改委组织学习培训活动</a><span>2023-09-25</span></li><li><a href="/fgdt/202309/t20230924_3.shtml">全市经济形势分析会召开</a><span>2023-09-24</span></li></ul></div>
<table class="calendar"><tr><td><a href="/rl/2023-09-01">1</a></td><td><a href="/rl/2023-09-02">2</a></td><td><a href="/rl/2023-09-03">3</a></td></tr></table>
<div class="tags"><a href="/s?k=1">营商环境</a><a href="/s?k=2">项目审批</a><a href="/s?k=3">能耗双控</a></div>
<div class="footer">主办：阳泉市发展和改革委员会　版权所有 2015-2023　更新时间：2023-09-26　晋ICP备05000000号<a href="/wzdt/">网站地图</a></div></body></html>`
}

var sixRows = []string{
	"关于下达二〇二三年第三批项目计划的通知 | 2023-08-23", "关于公布行政事业性收费目录清单的公告 | 2023-07-30", "关于征集价格监测定点单位的公告 | 2023-06-12",
	"关于开展节能监察工作的通知 | 2023-05-04", "2023年8月新闻发布会预告 | 2023-03-15", "关于印发工作要点的通知 | 2023-02-01",
}

func TestInduction(t *testing.T) {
	pinned := append([]string{"关于政务公开工作的长期公告 | 2019-01-10"}, sixRows...)
	undated := []string{"办公室主要职责 | ", "综合规划科主要职责 | ", "固定资产投资科主要职责 | ", "价格监测科主要职责 | ", "行政审批科主要职责 | ", "信用建设科主要职责 | "}
	tests := []struct {
		name string
		main string
		want string // the newest date, or what the detail must say
	}{
		{"li and span", `<ul>` + rowsOf(`<li><a href="./202308/t20230823_{n}.shtml">{t}</a><span>{d}</span></li>`, sixRows...) + `</ul>`, "2023-08-23"},
		{"date before the link", `<ul>` + rowsOf(`<li><em>[{d}]</em><a href="{n}.html">{t}</a></li>`, sixRows...) + `</ul>`, "2023-08-23"},
		{"date as bare text", `<div class="lb">` + rowsOf(`<p>· <a href="{n}.html">{t}</a>（{d}）</p>`, sixRows...) + `</div>`, "2023-08-23"},
		{"date inside the link", `<ul>` + rowsOf(`<li><a href="{n}.html"><i>{d}</i>{t}</a></li>`, sixRows...) + `</ul>`, "2023-08-23"},
		{"the link around the row", `<div>` + rowsOf(`<a class="row" href="{n}.html"><h4>{t}</h4><p>按照要求，现将有关事项通知如下，请认真贯彻落实。</p><time>{d}</time></a>`, sixRows...) + `</div>`, "2023-08-23"},
		{"table with header", `<table class="t1"><tr><th>序号</th><th>标题</th><th>发布日期</th></tr>` + rowsOf(`<tr><td>{n}</td><td><a href="/art/{n}.html">{t}</a></td><td>{d}</td></tr>`, sixRows...) + `</table>`, "2023-08-23"},
		{"nested tables without classes", `<table width="700"><tr><td>` + rowsOf(`<table width="100%"><tr><td width="20">·</td><td><a href="/art/{n}.html">{t}</a></td><td width="90">{d}</td></tr></table>`, sixRows...) + `</td></tr></table>`, "2023-08-23"},
		{"dl, one for each item", rowsOf(`<dl class="i"><dt><a href="{n}.html">{t}</a></dt><dd>摘要：请各单位认真贯彻落实</dd><dd>发布时间：{d}</dd></dl>`, sixRows...), "2023-08-23"},
		{"dl, one dd for each item", `<dl><dt>通知公告</dt>` + rowsOf(`<dd><a href="{n}.html">{t}</a><span>{d}</span></dd>`, sixRows...) + `</dl>`, "2023-08-23"},
		{"day and month apart", `<ul class="two">` + rowsOf(`<li><div class="d"><b>{d}</b></div><div class="x"><a href="{n}.html">{t}</a></div></li>`,
			"关于下达项目计划的通知 | 23</b><i>2023-08</i><b>", "关于公布收费目录的公告 | 30</b><i>2023-07</i><b>", "关于征集定点单位的公告 | 12</b><i>2023-06</i><b>") + `</ul>`, "2023-08-23"},
		{"day and month apart, and a summary that names a day", `<div class="two">` + rowsOf(`<div class="r"><div class="rq"><b>{d}</b></div><div class="bt"><h4><a href="{n}.html">{t}</a></h4><p>{t}…<a href="{n}.html">[详细]</a></p></div></div>`,
			"关于2023年9月6日至9月13日经济运行有关情况的公示 | 23</b><i>2023-08</i><b>", "关于公布收费目录的公告 | 30</b><i>2023-07</i><b>", "关于征集定点单位的公告 | 12</b><i>2023-06</i><b>", "关于开展检查的通知 | 10</b><i>2023-06</i><b>") + `</div>`, "2023-08-23"},
		{"pinned item first", `<ul>` + rowsOf(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, pinned...) + `</ul>`, "2023-08-23"},
		{"separators between rows", `<ul>` + rowsOf(`<li><a href="{n}.html">{t}</a><span>{d}</span></li><li class="line"></li>`, sixRows...) + `</ul>`, "2023-08-23"},
		{"rows doubled for phones", `<ul class="pc">` + rowsOf(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, sixRows...) + `</ul><ul class="phone">` + rowsOf(`<li><a href="{n}.html">{t}</a><i>{d}</i></li>`, sixRows...) + `</ul>`, "2023-08-23"},
		{"odd and even rows", `<ul>` + rowsOf(`<li class="odd"><a href="{n}.html">{t}</a><span>{d}</span></li>`, sixRows[:3]...) + rowsOf(`<li class="even"><a href="9{n}.html">{t}</a><span>{d}</span></li>`, sixRows[3:]...) + `</ul>`, "2023-08-23"},
		{"a group's link before the title", `<ul>` + rowsOf(`<li>[<a href="/fgdt/">通知</a>] <a href="{n}.html">{t}</a><span>{d}</span></li>`, sixRows...) + `</ul>`, "2023-08-23"},
		{"picture and title lead to one place", `<div class="pics">` + rowsOf(`<div class="card"><a href="{n}.html"><img src="{n}.jpg"></a><div><a href="{n}.html">{t}</a><p>{d}</p></div></div>`, sixRows...) + `</div>`, "2023-08-23"},
		{"date in an attribute", `<ul>` + rowsOf(`<li><a href="{n}.html">{t}</a><span title="{d}"></span></li>`, sixRows...) + `</ul>`, "2023-08-23"},
		{"date with a label", `<ul>` + rowsOf(`<li><a href="{n}.html">{t}</a><p>来源：市发改委　发布时间：{d}　浏览：102次</p></li>`, sixRows...) + `</ul>`, "2023-08-23"},
		{"one row", `<h2>通知公告</h2><ul>` + rowsOf(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, sixRows[0]) + `</ul>`, "2023-08-23"},
		{"several blocks of one kind", rowsOf(`<ul class="b"><li><a href="{n}.html">{t}</a><span>{d}</span></li></ul>`, sixRows...), "2023-08-23"},
		{"three blocks, the newest in the second", `<ul class="b">` + rowsOf(`<li><a href="1{n}.html">{t}</a><span>{d}</span></li>`, sixRows[2:]...) + `</ul><ul class="b">` + rowsOf(`<li><a href="2{n}.html">{t}</a><span>{d}</span></li>`, sixRows[:2]...) + `</ul>`, "2023-08-23"},
		{"no href, a script holds the address", `<ul>` + rowsOf(`<li><a href="javascript:;" onclick="go('{n}')">{t}</a><span>{d}</span></li>`, sixRows...) + `</ul>`, "2023-08-23"},
		{"slashes and one digit", `<ul>` + rowsOf(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, "关于下达项目计划的通知 | 2023/8/23", "关于公布收费目录的公告 | 2023/7/3", "关于征集定点单位的公告 | 2023/6/1") + `</ul>`, "2023-08-23"},
		{"two dates, of which one is the document's", `<ul>` + rowsOf(`<li><a href="{n}.html">{t}</a><p>成文日期：2023-01-01</p><p>发布日期：{d}</p></li>`, sixRows...) + `</ul>`, "2023-08-23"},
		{"rows of divs without a class", `<div class="box"><div>` + rowsOf(`<div><div><a href="{n}.html">{t}</a></div><div>{d}</div></div>`, sixRows...) + `</div></div>`, "2023-08-23"},
		{"date in the next element", `<dl>` + rowsOf(`<dt><a href="{n}.html">{t}</a></dt><dd>{d}</dd>`, sixRows...) + `</dl>`, "2023-08-23"},
		{"date in the element before", `<dl>` + rowsOf(`<dt>{d}</dt><dd><a href="{n}.html">{t}</a></dd>`, sixRows...) + `</dl>`, "2023-08-23"},
		{"title and date on two lines of a table", `<table class="two">` + rowsOf(`<tr><td><a href="{n}.html">{t}</a></td></tr><tr><td class="g">发布日期：{d}</td></tr>`, sixRows...) + `</table>`, "2023-08-23"},
		{"date in the title of the link", `<div class="grid">` + rowsOf(`<div class="cell"><a href="{n}.html" title="标题：{t}&#10;发布时间：{d}">{t}</a></div>`, sixRows...) + `</div>`, "2023-08-23"},
		{"a pager inside the container", `<ul>` + rowsOf(`<li><a href="{n}.html">{t}</a><span>{d}</span></li>`, sixRows...) + `<li class="page"><a href="index_1.html">下一页</a><a href="index_9.html">尾页</a></li></ul>`, "2023-08-23"},

		{"a list without dates beside a dated side list", `<h2>通知公告</h2><ul>` + rowsOf(`<li><a href="{n}.html">{t}</a></li>`, undated...) + `</ul>`, "undated"},
		{"nothing but the side list", `<p>本栏目内容正在整理。</p>`, "no list was found"},
		{"two lists, and nothing says which", `<div class="laws"><ul>` + rowsOf(`<li><a href="1{n}.html">{t}</a><span>{d}</span></li>`, sixRows...) + `</ul></div><div class="news"><ul>` +
			rowsOf(`<li><a href="2{n}.html">{t}</a><span>{d}</span></li>`, strings.Split(strings.ReplaceAll(strings.Join(sixRows, "\n"), "2023-", "2022-"), "\n")...) + `</ul></div>`, "not sure"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := induced(t, sidePage(tt.main), "通知公告")
			shown := show(got.Newest)
			if got.Outcome != Dated {
				shown = string(got.Reason) + ": " + got.Detail
			}
			if got.Outcome == Dated && shown != tt.want || got.Outcome != Dated && !strings.Contains(shown, tt.want) {
				t.Errorf("got %s, want %s; read by %+v", shown, tt.want, got.Proposal)
			}
			if got.Outcome == Dated && (got.Confidence < sure || got.Proposal == nil || got.Method != methodInduced) {
				t.Errorf("confidence %.2f, method %s, proposal %v; want all three", got.Confidence, got.Method, got.Proposal)
			}
		})
	}
}

// induced reads a page without a recipe.
func induced(t *testing.T, body, column string) Reading {
	t.Helper()
	const address = "http://fgw.yq.gov.cn/zwgk/tzgg/"
	p := Page{Asked: address, URL: address, Why: WhyList, Status: 200, FetchedAt: fetched, Body: []byte(body)}
	got, wants := Read(Task{Question: AskNewest, URLs: []string{address}, Column: column}, []Page{p})
	if len(wants) > 0 {
		return Reading{Outcome: Unread, Reason: ReasonUndated, Detail: fmt.Sprintf("%d articles are asked for", len(wants))}
	}
	return got
}

// What was induced is written down as a recipe that reads the same.
func TestInducedRecipeReadsTheSame(t *testing.T) {
	for _, main := range []string{
		`<ul>` + rowsOf(`<li><a href="{n}.html">{t}</a><span class="d">{d}</span></li>`, sixRows...) + `</ul>`,
		`<table class="t1">` + rowsOf(`<tr><td>{n}</td><td><a href="/art/{n}.html">{t}</a></td><td>{d}</td></tr>`, sixRows...) + `</table>`,
		rowsOf(`<dl class="i"><dt><a href="{n}.html">{t}</a></dt><dd>{d}</dd></dl>`, sixRows...),
	} {
		body := sidePage(main)
		got := induced(t, body, "通知公告")
		if got.Proposal == nil {
			t.Fatalf("%s: nothing proposed: %s", main[:40], got.Detail)
		}
		again := readList(t, got.Proposal.Recipe, body)
		if len(again.Items) != len(got.Items) || show(again.Newest) != show(got.Newest) {
			t.Errorf("%+v reads %d items, newest %s; induction read %d, %s", got.Proposal.Recipe, len(again.Items), show(again.Newest), len(got.Items), show(got.Newest))
		}
	}
}

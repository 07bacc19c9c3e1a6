package simcity

// A newFrame is how lists look after a redesign.
type newFrame struct {
	frame
	size int
}

// newFrames returns the looks that a redesign may take, by name.
func newFrames() map[string]newFrame {
	return map[string]newFrame{
		"cards": cards(), "table": newTable(), "dl": definitions(), "split": split(), "summary": summaries(), "plain": plain(), "titled": titled(),
	}
}

// cards shows each item in a box of its own, its date in dots.
func cards() newFrame {
	return newFrame{size: 12, frame: frame{
		open: `<section class="cards"><div class="cards-in">`, close: "</div></section>\n", empty: `<p class="nothing">暂无数据</p>`,
		row: func(p *page, r row) {
			p.add(`<article class="card"><a class="cover" href="`, r.href, `"><h5>`, pinMark(r, "<i>置顶</i>"), r.title, `</h5></a><time>`, r.when("2006.01.02"), "</time></article>\n")
		},
	}}
}

// newTable shows rows of a table with a number and a source.
func newTable() newFrame {
	return newFrame{size: 15, frame: frame{
		open:  `<div class="tbl-wrap"><table class="xx-table"><thead><tr><th>序号</th><th>名称</th><th>发布日期</th></tr></thead><tbody>`,
		close: "</tbody></table></div>\n", empty: `<tr><td colspan="3">暂无数据</td></tr>`,
		row: func(p *page, r row) {
			p.add(`<tr><td class="n">`, itoa(r.nth+1), `</td><td class="t">`, pinMark(r, "<em>顶</em>"), link(r), `</td><td class="d">`, r.when("2006-01-02"), "</td></tr>\n")
		},
	}}
}

// definitions shows dates as terms and titles as their definitions.
func definitions() newFrame {
	return newFrame{size: 20, frame: frame{
		open: `<div class="xxlb"><dl class="xx">`, close: "</dl></div>\n", empty: `<dd class="none">暂无信息</dd>`,
		row: func(p *page, r row) {
			p.add("<dt>", r.when("2006-01-02"), "</dt><dd>", pinMark(r, "<b>[顶]</b>"), link(r), "</dd>\n")
		},
	}}
}

// split shows the day in large figures and the month below it.
func split() newFrame {
	return newFrame{size: 10, frame: frame{
		open: `<div class="news-rows">`, close: "</div>\n", empty: `<div class="news-none">暂无内容</div>`,
		row: func(p *page, r row) {
			p.add(`<div class="news-row"><div class="rq"><b>`, r.when("02"), `</b><i>`, r.when("2006-01"), `</i></div><div class="bt"><h4>`, link(r),
				`</h4><p>`, pinMark(r, "（置顶）"), cut(r.title, 12), `……<a class="more" href="`, r.href, `">[详细]</a></p></div></div>`, "\n")
		},
	}}
}

// summaries shows a heading, a summary, and a line with date and counter.
func summaries() newFrame {
	return newFrame{size: 12, frame: frame{
		open: `<div class="box"><ul class="art-ul">`, close: "</ul></div>\n", empty: `<li class="no">暂无信息</li>`,
		row: func(p *page, r row) {
			p.add(`<li class="art"><h3>`, pinMark(r, "[置顶] "), link(r), `</h3><p class="zy">`, cut(r.title, 20), `，按照市委、市政府部署，有关单位抓好落实。</p><p class="xx"><span>来源：本站</span><span>发布时间：`,
				r.when("2006-01-02 15:04"), `</span><span>浏览：`, itoa(200+r.nth*13), "</span></p></li>\n")
		},
	}}
}

// plain shows paragraphs with the date in brackets behind the title.
func plain() newFrame {
	return newFrame{size: 18, frame: frame{
		open: `<div class="text-list">`, close: "</div>\n", empty: `<p>暂无信息</p>`,
		row: func(p *page, r row) {
			p.add(`<p class="line">· `, link(r), pinMark(r, "（顶）"), ` <font color="#999">(`, r.when("2006年1月2日"), ")</font></p>\n")
		},
	}}
}

// titled keeps the date in the link's title attribute alone.
func titled() newFrame {
	return newFrame{size: 16, frame: frame{
		open: `<div class="w1200"><div class="grid">`, close: "</div></div>\n", empty: `<div class="cell-none">暂无信息</div>`,
		row: func(p *page, r row) {
			p.add(`<div class="cell"><a href="`, r.href, `" title="标题：`, r.title, `&#10;发布时间：`, r.when("2006-01-02"), `">`, pinMark(r, "<i></i>"), r.title, "</a></div>\n")
		},
	}}
}

package simcity

// jeecms plays JEECMS: pages end in .jhtml, index_2 is the second one, the day
// stands before the link.
func jeecms() *skin {
	line := func(p *page, r row) {
		p.add(`<li><span class="date">`, r.when("2006-01-02"), `</span>`, pinMark(r, `<em class="top">顶</em>`), link(r), "</li>\n")
	}
	return &skin{
		name: "jeecms", size: 20, charsets: []charset{utf8Both, utf8Meta},
		first: inside("index.jhtml"), dir: outside("index.jhtml"),
		later: func(l *list, n, _ int) string { return l.dir + "index_" + itoa(n) + ".jhtml" },
		article: func(dir string, at moment, number string) string {
			return dir + at.time().Format("20060102/") + number + ".jhtml"
		},
		head:    "<script src=\"/r/cms/www/js/front.js\"></script>\n",
		list:    frame{open: `<ul class="jee-list">`, close: "</ul>\n", row: line, empty: `<li class="none">暂无数据</li>`},
		home:    frame{open: `<div class="jee-index"><ul>`, close: "</ul></div>\n", row: line},
		content: "jee-content",
		pager: func(p *page, l *list, n, of int) {
			p.add(`<div class="jee-page">共 `, itoa(l.size(p.now)), " 条记录 ", itoa(n), "/", itoa(of), "页</div>\n")
		},
	}
}

// empirecms plays 帝国: the day in brackets behind the link and in the folder of
// an article.
func empirecms() *skin {
	line := func(p *page, r row) {
		p.add(`<li>`, pinMark(r, `<b>[置顶]</b>`), link(r), `<span>(`, r.when("2006-01-02"), ")</span></li>\n")
	}
	later := func(l *list, n, _ int) string { return l.dir + "index_" + itoa(n) + ".html" }
	return &skin{
		name: "empirecms", size: 25, charsets: []charset{gbkMeta, utf8Meta},
		first: directory, dir: directory, later: later,
		article: func(dir string, at moment, number string) string {
			return dir + at.time().Format("2006-01-02/") + number + ".html"
		},
		head:    "<script src=\"/e/data/js/ajax.js\"></script>\n",
		list:    frame{open: `<table class="box"><tr><td><ul>`, close: "</ul></td></tr></table>\n", row: line, empty: "<li>暂无信息</li>"},
		home:    frame{open: `<div class="index_box"><ul>`, close: "</ul></div>\n", row: line},
		content: "ecms-text",
		pager: func(p *page, l *list, n, of int) {
			p.add(`<div class="list_page"><a title="总数">&nbsp;<b>`, itoa(of), `</b>&nbsp;页</a>`)
			if n < of {
				p.add(`<a href="`, later(l, n+1, of), `">下一页</a>`)
			}
			p.add("</div>\n")
		},
	}
}

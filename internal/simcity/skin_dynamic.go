package simcity

import "strings"

// epoint plays 新点: 2.html is the second page, dates in Chinese.
func epoint() *skin {
	line := func(p *page, r row) {
		p.add(`<li class="ewb-list-node clearfix">`, link(r), r.dated(`<span class="ewb-list-date">`, "2006年1月2日", "</span>"), "</li>\n")
	}
	return &skin{
		name: "epoint", size: 15, charsets: []charset{utf8Both, utf8Header},
		first: inside("subpage.html"), dir: outside("subpage.html"),
		later: func(l *list, n, _ int) string { return l.dir + itoa(n) + ".html" },
		article: func(dir string, at moment, number string) string {
			return dir + at.time().Format("20060102/") + number + ".html"
		},
		head:    "<link rel=\"stylesheet\" href=\"/ewb/css/ewb.css\">\n",
		list:    frame{open: `<ul class="ewb-list">`, close: "</ul>\n", row: line, empty: `<li class="ewb-none">暂无记录</li>`},
		home:    frame{open: `<div class="ewb-index"><ul>`, close: "</ul></div>\n", row: line},
		content: "ewb-article",
		pager: func(p *page, l *list, n, of int) {
			p.add(`<div class="ewb-page">`)
			for i := max(2, n-2); i <= min(of, n+3); i++ {
				p.add(`<a class="ewb-page-num" href="`, l.dir, itoa(i), `.html">`, itoa(i), "</a>")
			}
			p.add("</div>\n")
		},
	}
}

// dedecms plays 织梦: the date among other numbers; many small sites at one
// hosting company.
func dedecms() *skin {
	line := func(p *page, r row) {
		p.add(`<li class="e2"><a href="`, r.href, `" class="title">`, pinMark(r, "<b>【置顶】</b>"), r.title, `</a><span class="info"><small>日期：</small>`,
			r.when("2006-01-02 15:04"), ` <small>点击：</small>`, itoa(100+r.nth*37), "</span></li>\n")
	}
	later := func(l *list, n, _ int) string {
		return l.dir + "list_" + itoa(10+l.index) + "_" + itoa(n) + ".html"
	}
	return &skin{
		name: "dedecms", shared: true, size: 15, charsets: []charset{gbkMeta, gbkHeader, utf8Meta},
		first: directory, dir: directory, later: later,
		article: func(_ string, at moment, number string) string {
			return at.time().Format("/a/20060102/") + number + ".html"
		},
		head:    "<script src=\"/include/dedeajax2.js\"></script>\n",
		list:    frame{open: `<div class="listbox"><ul>`, close: "</ul></div>\n", row: line, empty: "该栏目暂无文章"},
		home:    frame{open: `<div class="index_list"><ul>`, close: "</ul></div>\n", row: line},
		content: "dede-content",
		pager: func(p *page, l *list, n, of int) {
			p.add(`<div class="dede_pages"><a href="`, l.path, `">首页</a>`)
			if n < of {
				p.add(`<a class="next" href="`, strings.TrimPrefix(later(l, n+1, of), l.dir), `">下一页</a>`)
			}
			p.add("<span>共 <strong>", itoa(of), "</strong>页</span></div>\n")
		},
	}
}

// aspx plays ASP.NET grids: a table with a document number beside the date.
func aspx() *skin {
	line := func(p *page, r row) {
		p.add("<tr><td>", itoa(r.nth+1), "</td><td>", link(r), "</td><td>阳办发〔", r.when("2006"), "〕", itoa(1+r.nth*3), "号</td><td>",
			r.when("2006-1-2"), "</td><td>", itoa(12+r.nth*11), "</td></tr>\n")
	}
	return &skin{
		name: "aspx", size: 20, charsets: []charset{gbkUnsaid, gbkHeader, gbkUnsaid},
		first: file(".aspx"), dir: stem(".aspx"),
		later:   func(l *list, n, _ int) string { return l.path + "?page=" + itoa(n) },
		article: func(_ string, _ moment, number string) string { return "/show.aspx?id=" + number },
		head:    "<meta name=\"GENERATOR\" content=\"Microsoft Visual Studio 8.0\">\n",
		list: frame{
			open:  `<table id="GridView1" cellspacing="0"><tr><th>序号</th><th>标题</th><th>文号</th><th>发布日期</th><th>点击</th></tr>`,
			close: "</table>\n", row: line, empty: `<tr><td colspan="5">没有符合条件的记录</td></tr>`,
		},
		home: frame{open: `<table class="index_news">`, close: "</table>\n", row: func(p *page, r row) {
			p.add("<tr><td>", link(r), "</td><td>", r.when("2006-1-2"), "</td></tr>\n")
		}},
		content: "content",
		pager: func(p *page, _ *list, n, of int) {
			p.add(`<div id="AspNetPager1">第`, itoa(n), "页 共", itoa(of), "页</div>\n")
		},
	}
}

// rss plays a service that publishes columns as feeds.
func rss() *skin {
	s := nfcms()
	s.name = "rss"
	s.charsets = []charset{utf8Both}
	s.first, s.dir = file(".xml"), stem(".xml")
	s.article = func(_ string, _ moment, number string) string { return "/item/" + number + ".html" }
	return s
}

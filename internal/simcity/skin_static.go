package simcity

// trs plays TRS WCM: static pages, index_1 is the second one.
func trs() *skin {
	line := func(p *page, r row) {
		tag := "span"
		if p.host.platform {
			tag = "em"
		}
		p.add("<li>", pinMark(r, `<b class="zd">[置顶]</b>`), link(r), r.dated("<"+tag+">", "2006-01-02", "</"+tag+">"), "</li>\n")
	}
	return &skin{
		name: "trs", size: 20, charsets: []charset{utf8Both, utf8Meta, utf8Header},
		first: directory, dir: directory,
		later: func(l *list, n, _ int) string { return l.dir + "index_" + itoa(n-1) + ".shtml" },
		article: func(dir string, at moment, number string) string {
			return dir + at.time().Format("200601/t20060102_") + number + ".shtml"
		},
		head:    "<!-- TRS WCM --><script src=\"/images/trs_uv.js\"></script>\n",
		list:    frame{open: `<ul class="list">`, close: "</ul>\n", row: line, empty: "<li>暂无信息</li>"},
		home:    frame{open: `<div class="news"><ul>`, close: "</ul></div>\n", row: line},
		content: "TRS_Editor",
		pager: func(p *page, _ *list, n, of int) {
			p.add(`<div class="page"><script>createPageHTML(`, itoa(of), ", ", itoa(n-1), `, "index", "shtml");</script></div>`, "\n")
		},
	}
}

// trsOld plays an older TRS skin: month and day only, in brackets.
func trsOld() *skin {
	line := func(p *page, r row) {
		p.add("<dd>", link(r), pinMark(r, `<img src="/images/top.gif" alt="置顶">`), r.dated("<span>[", "01-02", "]</span>"), "</dd>\n")
	}
	return &skin{
		name: "trs-old", size: 18, charsets: []charset{gbkMeta, gbkHeader},
		first: directory, dir: directory,
		later: func(l *list, n, _ int) string { return l.dir + "index_" + itoa(n-1) + ".htm" },
		article: func(dir string, at moment, number string) string {
			return dir + at.time().Format("200601/t20060102_") + number + ".htm"
		},
		head:    "<meta name=\"Generator\" content=\"TRS WCM 6.5\">\n",
		list:    frame{open: `<div class="lb"><dl>`, close: "</dl></div>\n", row: line, empty: "<dt>暂无内容</dt>"},
		home:    frame{open: `<div class="yw"><dl>`, close: "</dl></div>\n", row: line},
		content: "TRS_PreAppend",
		pager: func(p *page, _ *list, n, of int) {
			p.add(`<div class="fy"><script>createPageHTML(`, itoa(of), ", ", itoa(n-1), `, "index", "htm");</script></div>`, "\n")
		},
	}
}

// ucap plays 开普云: cut titles, list_2 is the second page.
func ucap() *skin {
	line := func(p *page, r row) {
		p.add(`<li><a href="`, r.href, `" title="`, r.title, `">`, cut(r.title, 18), `</a>`, r.dated(`<i class="time">`, "2006-01-02", "</i>"), "</li>\n")
	}
	return &skin{
		name: "ucap", size: 15, charsets: []charset{utf8Both, utf8Header},
		first: inside("list.shtml"), dir: outside("list.shtml"),
		later: func(l *list, n, _ int) string { return l.dir + "list_" + itoa(n) + ".shtml" },
		article: func(dir string, at moment, number string) string {
			return dir + at.time().Format("200601/") + number + ".shtml"
		},
		head:    "<meta name=\"channelid\" content=\"c100\"><script src=\"/ucap/js/ucap.js\"></script>\n",
		list:    frame{open: `<ul class="common-list">`, close: "</ul>\n", row: line, empty: `<li class="none">暂无相关信息</li>`},
		home:    frame{open: `<div class="tab-news"><ul>`, close: "</ul></div>\n", row: line},
		content: "ucap-content",
		pager: func(p *page, _ *list, n, of int) {
			p.add(`<div class="page">第`, itoa(n), `页/共<span class="total-page">`, itoa(of), "</span>页</div>\n")
		},
	}
}

// vsb plays 博达: day and month apart, older pages numbered downwards.
func vsb() *skin {
	line := func(p *page, r row) {
		p.add(`<li id="line_u5_`, itoa(r.nth), `"><div class="date"><span class="d">`, r.when("02"), `</span><span class="m">`, r.when("2006-01"),
			`</span></div><div class="txt"><a href="`, r.href, `" title="`, r.title, `">`, pinMark(r, `<font color="red">[置顶]</font>`), cut(r.title, 24), "</a></div></li>\n")
	}
	later := func(l *list, n, of int) string { return l.dir + itoa(of-n+1) + ".htm" }
	return &skin{
		name: "vsb", size: 16, charsets: []charset{utf8Both, utf8Meta},
		first: file(".htm"), dir: stem(".htm"), later: later,
		article: func(_ string, _ moment, number string) string { return "/info/1001/" + number + ".htm" },
		head:    "<!--Announced by Visual SiteBuilder 9--><script src=\"/system/resource/js/counter.js\"></script>\n",
		list:    frame{open: `<div class="list_con"><ul>`, close: "</ul></div>\n", row: line, empty: `<div class="none">没有找到相关内容</div>`},
		home:    frame{open: `<div class="index_news"><ul>`, close: "</ul></div>\n", row: line},
		content: "v_news_content",
		pager: func(p *page, l *list, n, of int) {
			p.add(`<div class="pb_sys_common"><span class="p_t">共`, itoa(of), `页</span>`)
			if n < of {
				p.add(`<span class="p_next p_fun"><a href="`, later(l, n+1, of), `">下页</a></span>`)
			}
			p.add("</div>\n")
		},
	}
}

// nfcms plays the platform of 广东: slashes in dates, none in addresses.
func nfcms() *skin {
	line := func(p *page, r row) {
		p.add("<li>", pinMark(r, `<i class="top">顶</i>`), link(r), r.dated(`<span class="time">`, "2006/1/2", "</span>"), "</li>\n")
	}
	return &skin{
		name: "nfcms", size: 20, charsets: []charset{utf8Meta, utf8Both},
		first: directory, dir: directory,
		later:   func(l *list, n, _ int) string { return l.dir + "index_" + itoa(n) + ".html" },
		article: func(_ string, _ moment, number string) string { return "/content/post_" + number + ".html" },
		head:    "<script>var NFCMS_SITE_ID = '140300';</script>\n",
		list:    frame{open: `<ul class="news_list">`, close: "</ul>\n", row: line, empty: `<li class="none">暂无数据</li>`},
		home:    frame{open: `<div class="news_box"><ul>`, close: "</ul></div>\n", row: line},
		content: "article-content",
		pager: func(p *page, _ *list, n, of int) {
			p.add(`<div class="page_num" data-total="`, itoa(of), `" data-now="`, itoa(n), `"></div>`, "\n")
		},
	}
}

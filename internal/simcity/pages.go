package simcity

import "strings"

// listPage writes page n of a list.
func (p *page) listPage(l *list, n int) {
	s := p.host.skin
	of := l.pages(s.size, p.now)
	p.shell(l.name+" - "+p.host.title, p.columnTags(l), func() {
		p.nav(l.unit, 14)
		p.add(`<div class="location">当前位置：<a href="`, p.host.homePath, `">首页</a> &gt; `, l.name, "</div>\n")
		if p.host.look.hot {
			p.hot(l)
		}
		p.add(`<div class="main"><h2>`, l.name, "</h2>\n")
		if l.quirks.banner {
			p.banner()
		}
		p.subnav(l)
		p.listBody(l, n, of)
		p.add("</div>\n")
		p.aside()
	})
}

// columnTags writes the tags of a column's page.
func (p *page) columnTags(l *list) func() {
	return func() {
		p.add(`<meta name="ColumnName" content="`, l.name, `">`, "\n", `<meta name="ColumnType" content="`, string(l.class), `">`, "\n")
	}
}

// listBody writes the rows of page n and the links to other pages.
func (p *page) listBody(l *list, n, of int) {
	s := p.host.skin
	if s.body != nil {
		s.body(p, l, n, of)
		return
	}
	if l.filled {
		p.filledBody(l, n)
		s.pager(p, l, n, of)
		return
	}
	p.add(s.list.open)
	total := l.size(p.now)
	if total == 0 {
		p.add(s.list.empty)
	}
	p.listRows(l, n)
	p.add(s.list.close)
	if l.quirks.doubled {
		p.again(l, n)
	}
	s.pager(p, l, n, of)
}

// pages is the number of pages of a list; an empty one has one.
func (l *list) pages(size int, now moment) int {
	return max(1, (l.size(now)+size-1)/size)
}

// subnav links the parts of a section from each other.
func (p *page) subnav(l *list) {
	s := p.host.section
	if s == nil || len(s.parts) == 0 || l.id != s.parts[0].id {
		return
	}
	p.add(`<ul class="subnav">`)
	for _, part := range s.parts {
		p.add(`<li><a href="`, part.path, `">`, part.name, "</a></li>")
	}
	p.add("</ul>\n")
}

// sectionPage writes the page of a mandated section: its parts, and the newest
// of the first.
func (p *page) sectionPage(s *section) {
	p.shell(s.name+" - "+p.host.title, func() {}, func() {
		p.nav(p.host.writer.unit, 14)
		p.add(`<div class="location">当前位置：首页 &gt; `, s.name, `</div><div class="main"><h2>`, s.name, "</h2>\n")
		if len(s.parts) > 0 {
			p.subnav(s.parts[0])
			p.add(p.host.skin.list.open)
			p.rows(p.host.skin.list, s.parts[0], 0, p.host.skin.size, p.now)
			p.add(p.host.skin.list.close)
		}
		p.add("</div>\n")
	})
}

// homePage writes news and notices and links to everything.
func (p *page) homePage() {
	h := p.host
	at := p.now
	if h.homeAs.given() && endOf(h.homeAs.day()).before(at) {
		at = endOf(h.homeAs.day())
	}
	p.shell(h.title, func() {}, func() {
		p.index(h.homePath)
		p.add(`<div class="main">`, "\n")
		for _, l := range h.news() {
			p.add(`<div class="block"><h3><a href="`, l.path, `">`, l.name, "</a></h3>\n", h.skin.home.open)
			p.rows(h.skin.home, l, 0, 8, at)
			p.add(h.skin.home.close, "</div>\n")
		}
		p.add("</div>\n")
	})
}

// news returns the lists whose items a home page shows.
func (h *host) news() []*list {
	var out []*list
	for _, l := range h.lists {
		shown := l.class == "动态要闻" || l.class == "通知公告"
		if shown && !l.fault.dateless() && len(out) < 5 {
			out = append(out, l)
		}
	}
	return out
}

// indexPage writes a page of links to all columns.
func (p *page) indexPage() {
	p.shell("政务公开 - "+p.host.title, func() {}, func() {
		p.add(`<div class="main"><h2>政务公开</h2>`, "\n")
		p.index(p.host.index)
		p.add("</div>\n")
	})
}

// index writes links to every column, by unit where several share the host,
// and to the section if its link stands on this page.
func (p *page) index(path string) {
	h := p.host
	p.add(`<div class="nav"><ul>`, `<li><a href="`, h.homePath, `">首页</a></li>`)
	unit := ""
	for _, l := range h.lists {
		if h.section != nil && len(h.section.parts) > 0 && l.id == h.section.parts[0].id {
			continue
		}
		if h.platform && l.unit != unit {
			unit = l.unit
			p.add(`</ul><h4>`, l.writer.unit, `</h4><ul>`)
		}
		p.add(`<li><a href="`, l.path, `">`, l.name, "</a></li>\n")
	}
	if h.index != "" && path != h.index {
		p.add(`<li><a href="`, h.index, `">政务公开</a></li>`)
	}
	if h.section != nil && h.section.on == path {
		p.add(`<li><a href="`, h.section.path, `">`, h.section.name, "</a></li>")
	}
	p.add("</ul></div>\n")
}

// articlePage writes one item.
func (p *page) articlePage(l *list, it item) {
	shown := l.quirks.kept(it.at).time().Format("2006-01-02 15:04")
	p.seen(it.at)
	p.shell(it.title+" - "+p.host.title, func() {
		p.columnTags(l)()
		p.add(`<meta name="ArticleTitle" content="`, it.title, `">`, "\n")
		if !l.fault.dateless() {
			p.add(`<meta name="PubDate" content="`, shown, `">`, "\n")
		}
		p.add(`<meta name="ContentSource" content="`, l.writer.unit, `">`, "\n")
	}, func() {
		p.nav(l.unit, 14)
		if l.fault == faultUndated {
			shown = `<img src="/images/rq.ashx?id=` + itoa(l.number(it)) + `" alt="">`
		}
		info := `发布时间：<span>` + shown + `</span>　`
		if l.fault == faultUnlabelled {
			info = ""
		}
		p.add(`<div class="main"><h1>`, it.title, `</h1><div class="info">`, info, `来源：`, l.writer.unit, `　【字体：大 中 小】</div><div class="`, p.host.skin.content, `">`, "\n")
		for _, text := range l.writer.paragraphs(mix(l.line.key, uint64(it.k), 2), it.at.day) {
			p.add("<p>　　", p.undate(l, text), "</p>\n")
		}
		p.add("</div></div>\n")
	})
}

// undate takes the days out of a text where no date is to be read.
func (p *page) undate(l *list, text string) string {
	if !l.fault.dateless() {
		return text
	}
	return strings.NewReplacer("0", "○", "1", "一", "2", "二", "3", "三", "4", "四", "5", "五", "6", "六", "7", "七", "8", "八", "9", "九").Replace(text)
}

// notFound writes the page for an address that is not there.
func (p *page) notFound() {
	p.shell("404 - "+p.host.title, func() {}, func() {
		p.add(`<div class="error"><h2>404</h2><p>您访问的页面不存在或已被删除。</p></div>`, "\n")
	})
}

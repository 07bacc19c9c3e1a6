package simcity

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// dataPage answers an interface with page n of a list, or with the list's fault.
func (h *host) dataPage(p *page, l *list, n int, kind string, write func(p *page, l *list, n, of int)) (response, bool) {
	of := l.pages(h.skin.size, p.now)
	res := p.faulty(l.fault, func(p *page) { write(p, l, n, of) })
	if res.status == http.StatusOK && (l.fault == "" || l.fault == faultUndated || l.fault == faultCut) {
		res.kind = kind
	}
	return res, true
}

// rowsOfPage writes the rows of page n of a list that exist.
func (p *page) rowsOfPage(f frame, l *list, n int) {
	size := p.host.skin.size
	p.rows(f, l, (n-1)*size, size, p.now)
}

// listNumbered returns the list that an interface knows by a number, nil for
// none.
func (h *host) listNumbered(text string) *list {
	n, err := strconv.Atoi(text)
	if err != nil || n < firstChannel || n >= firstChannel+len(h.lists) {
		return nil
	}
	return h.lists[n-firstChannel]
}

// firstChannel is the number of a host's first list.
const firstChannel = 101

// channel is the number by which interfaces know a list.
func channel(l *list) string { return itoa(firstChannel + l.index) }

// pageAsked is the page that an interface is asked for, 1 where it is not said.
func pageAsked(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// quote writes a text as JSON.
func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(text)
}

// comma separates the rows of a page.
func comma(p *page, r row) string {
	if r.nth%p.host.skin.size == 0 {
		return ""
	}
	return ","
}

// jsonDay is the member of a day, null where there is no readable one.
func jsonDay(r row, text string) string {
	if r.undated {
		return "null"
	}
	return text
}

// hanweb plays 大汉 JCMS: the rows of a page are data in a script, older ones
// come from dataproxy.jsp as XML.
func hanweb() *skin {
	const proxy = "/module/web/jpage/dataproxy.jsp"
	line := frame{row: func(p *page, r row) {
		p.add(`<record><![CDATA[<li>`, pinMark(r, `<img src="/images/top.gif">`), link(r), `<span class="bt-data-time">[`, r.when("2006-01-02"), "]</span></li>]]></record>\n")
	}}
	store := func(p *page, l *list, n, of int) {
		p.add("<datastore>\n<nextgroup><![CDATA[<a href=\"", proxy, "?page=", itoa(n+1), "&webid=1&path=/&columnid=", channel(l), "&unitid=9", channel(l),
			"&webname=x&permissiontype=0\"></a>]]></nextgroup>\n<totalrecord>", itoa(l.size(p.now)), "</totalrecord><totalpage>", itoa(of), "</totalpage>\n<recordset>\n")
		p.rowsOfPage(line, l, n)
		p.add("</recordset></datastore>\n")
	}
	return &skin{
		name: "hanweb", size: 15, charsets: []charset{utf8Both, utf8Header},
		first: inside("index.html"), dir: outside("index.html"),
		later: func(l *list, n, _ int) string { return l.path + "?uid=9" + channel(l) + "&pageNum=" + itoa(n) },
		article: func(_ string, at moment, number string) string {
			return at.time().Format("/art/2006/1/2/art_1_") + number + ".html"
		},
		head:    "<script src=\"/script/jpage_comm.js\"></script>\n",
		home:    frame{open: `<div class="zy_news"><ul>`, close: "</ul></div>\n", row: func(p *page, r row) { p.add("<li>", link(r), "<b>", r.when("2006-01-02"), "</b></li>\n") }},
		content: "zoom",
		body: func(p *page, l *list, n, of int) {
			p.add(`<div id="9`, channel(l), `" class="default_pgContainer"><script type="text/xml">`)
			store(p, l, n, of)
			p.add("</script></div>\n")
		},
		answer: func(h *host, p *page, u *url.URL) (response, bool) {
			l := h.listNumbered(u.Query().Get("columnid"))
			if u.Path != proxy || l == nil {
				return response{}, false
			}
			return h.dataPage(p, l, pageAsked(u.Query().Get("page")), "text/xml", store)
		},
	}
}

// jpaas plays 大汉 JPaaS: an empty box, and a script that asks for its HTML with
// what its own tag says.
func jpaas() *skin {
	const unit = "/api-gateway/jpaas-publish-server/front/page/build/unit"
	line := frame{row: func(p *page, r row) {
		p.add(`<li class="clearfix">`, link(r), `<span class="bt-right">`, r.when("2006-01-02"), "</span></li>\n")
	}}
	return &skin{
		name: "jpaas", size: 15, charsets: []charset{utf8Both, utf8Meta},
		first: inside("index.html"), dir: outside("index.html"),
		later: func(l *list, n, _ int) string { return l.path + "?pageNo=" + itoa(n) },
		article: func(dir string, at moment, number string) string {
			return dir + "art/" + at.time().Format("2006/") + "art_" + number + ".html"
		},
		home:    frame{open: `<div class="jp_news"><ul>`, close: "</ul></div>\n", row: line.row},
		content: "con_text",
		body: func(p *page, l *list, _, _ int) {
			p.add(`<div class="page-content"></div>`, "\n", `<script src="/images/unitbuild.js" url="`, unit, `" queryData="{'webId':'140300','pageId':'`, channel(l),
				`','parseType':'bulidstatic','pageType':'column','tagId':'右侧列表','tplSetId':'7f3a'}"></script>`, "\n")
		},
		answer: func(h *host, p *page, u *url.URL) (response, bool) {
			l := h.listNumbered(u.Query().Get("pageId"))
			if u.Path != unit || l == nil {
				return response{}, false
			}
			var asked struct{ PageNo int }
			_ = json.Unmarshal([]byte(u.Query().Get("paramJson")), &asked) // absent on the first page
			return h.dataPage(p, l, max(asked.PageNo, 1), "application/json", func(p *page, l *list, n, of int) { p.unit(line, l, n, of) })
		},
	}
}

// unit writes a page of a list as HTML inside JSON.
func (p *page) unit(line frame, l *list, n, of int) {
	inner := &page{host: p.host, now: p.now}
	inner.add(`<div class="page-content"><ul>`, "\n")
	if l.size(p.now) == 0 {
		inner.add("<li>暂无信息</li>\n")
	}
	inner.rowsOfPage(line, l, n)
	inner.add(`</ul></div><div class="pagination" rows="`, itoa(p.host.skin.size), `" count="`, itoa(of), `"></div>`)
	p.seen(inner.last)
	p.add(`{"success":true,"code":"200","message":null,"data":{"html":`, quote(inner.body.String()), "}}\n")
}

// gkmlpt plays the disclosure platform of 广东: categories behind the # of one
// address, rows as JSON.
func gkmlpt() *skin {
	line := frame{row: func(p *page, r row) {
		day := strconv.FormatInt(r.at.time().Unix(), 10)
		p.add(comma(p, r), `{"id":`, r.number, `,"title":`, quote(r.title), `,"url":"http://`, p.host.name, r.href, `","date":`, jsonDay(r, day),
			`,"created_at":`, jsonDay(r, r.at.time().Format(`"2006-01-02 15:04:05"`)), "}\n")
	}}
	return &skin{
		name: "gkmlpt", size: 100, charsets: []charset{utf8Both},
		first:   func(dir string) string { return "/gkmlpt" + dir + "index" },
		dir:     func(first string) string { return strings.TrimSuffix(first, "index") },
		later:   func(l *list, n, _ int) string { return l.path + "?page=" + itoa(n) },
		article: func(dir string, _ moment, number string) string { return dir + "content/post_" + number + ".html" },
		home:    frame{open: `<div class="gkml_news"><ul>`, close: "</ul></div>\n", row: func(p *page, r row) { p.add("<li>", link(r), "<span>", r.when("2006-01-02"), "</span></li>\n") }},
		content: "article-content",
		body: func(p *page, _ *list, _, _ int) {
			p.add(`<div id="app"></div><script src="/gkmlpt/static/app.js"></script><script>window._CONFIG = {SID: '140300', LANG: 'zh'}</script>`, "\n")
		},
		answer: func(h *host, p *page, u *url.URL) (response, bool) {
			id, found := strings.CutPrefix(u.Path, "/gkmlpt/api/all/")
			l := h.listNumbered(id)
			if !found || l == nil || u.Query().Get("sid") != "140300" {
				return response{}, false
			}
			return h.dataPage(p, l, pageAsked(u.Query().Get("page")), "application/json", func(p *page, l *list, n, _ int) {
				p.add(`{"articles":[`, "\n")
				p.rowsOfPage(line, l, n)
				p.add(`],"total":`, itoa(l.size(p.now)), "}\n")
			})
		},
	}
}

// ucapSearch plays 开普云 where the list is fetched from searchList.
func ucapSearch() *skin {
	line := frame{row: func(p *page, r row) {
		p.add(comma(p, r), `{"title":`, quote(r.title), `,"url":"`, r.href, `","publishedTime":`, jsonDay(r, strconv.FormatInt(r.at.time().UnixMilli(), 10)),
			`,"publishedTimeStr":`, jsonDay(r, r.at.time().Format(`"2006-01-02 15:04:05"`)), "}\n")
	}}
	s := ucap()
	s.name, s.size = "ucap-search", 15
	s.head = "<script src=\"/ucap/js/ucap.js\"></script>\n"
	s.home.open = `<div class="tab-news"><ul>`
	s.body = func(p *page, l *list, _, _ int) {
		p.add(`<meta name="channelId" content="`, channel(l), `"><ul class="news-box"></ul><script>$.getJSON("/searchList/`, channel(l), `",fill)</script>`, "\n")
	}
	s.answer = func(h *host, p *page, u *url.URL) (response, bool) {
		id, found := strings.CutPrefix(u.Path, "/searchList/")
		l := h.listNumbered(id)
		if !found || l == nil {
			return response{}, false
		}
		return h.dataPage(p, l, pageAsked(u.Query().Get("page")), "application/json", func(p *page, l *list, n, of int) {
			p.add(`{"data":{"page":`, itoa(n), `,"pageCount":`, itoa(of), `,"results":[`, "\n")
			p.rowsOfPage(line, l, n)
			p.add(`],"total":`, itoa(l.size(p.now)), "}}\n")
		})
	}
	return s
}

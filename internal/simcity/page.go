package simcity

import (
	"bytes"
	"strconv"
	"strings"
)

// A page is an answer being written, in UTF-8.
type page struct {
	host *host
	now  moment
	body bytes.Buffer
	last moment // of the newest item shown
}

func (p *page) add(parts ...string) {
	for _, s := range parts {
		p.body.WriteString(s)
	}
}

// shell writes a whole page around what main writes.
func (p *page) shell(title string, meta func(), main func()) {
	h := p.host
	p.add("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n")
	if said := h.look.said(); said.meta() {
		p.add(`<meta http-equiv="Content-Type" content="text/html; charset=`, said.name(), `">`, "\n")
	}
	p.add("<title>", title, "</title>\n", `<meta name="SiteName" content="`, h.title, `">`, "\n",
		`<meta name="SiteDomain" content="`, h.name, `">`, "\n", `<meta name="SiteIDCode" content="`, h.code, `">`, "\n")
	meta()
	p.add(h.skin.head, "<style>\n", h.style, "</style>\n</head>\n<body>\n")
	p.top()
	main()
	p.foot()
}

// top writes the page head: some show today's date, as furniture.
func (p *page) top() {
	h := p.host
	p.add(`<div class="header"><div class="logo"><a href="`, h.homePath, `">`, h.title, `</a></div><div class="date">`)
	if h.look.today {
		t := p.now.day.time()
		week := []string{"日", "一", "二", "三", "四", "五", "六"}
		p.add("今天是", t.Format("2006年1月2日"), " 星期", week[t.Weekday()])
	}
	p.add("</div></div>\n")
}

// foot writes the page's end.
func (p *page) foot() {
	h := p.host
	year := strconv.Itoa(p.now.day.time().Year())
	p.add(`<div class="footer"><p>主办：`, h.writer.unit, `　承办：`, h.title, `</p><p>版权所有 &copy; 2015-`, year,
		` 晋ICP备05000000号-1　晋公网安备14030002000000号　网站标识码：`, h.code, `</p><p>`,
		`<a href="/wzdt/">网站地图</a> <a href="/lxwm/">联系我们</a> <a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html">我为政府网站找错</a></p></div>`,
		"\n</body>\n</html>\n")
}

// nav writes links to lists of the host: to those of a unit where units share
// the host, and else to the first ones.
func (p *page) nav(unit string, most int) {
	h := p.host
	p.add(`<div class="nav"><ul>`, `<li><a href="`, h.homePath, `">首页</a></li>`)
	n := 0
	for _, l := range h.lists {
		if n == most || h.platform && l.unit != unit {
			continue
		}
		p.add(`<li><a href="`, l.path, `">`, l.name, "</a></li>")
		n++
	}
	if h.index != "" {
		p.add(`<li><a href="`, h.index, `">政务公开</a></li>`)
	}
	p.add("</ul></div>\n")
}

// rows writes the newest rows of a list from the i-th on.
func (p *page) rows(f frame, l *list, from, n int, now moment) {
	total := l.size(now)
	for i := from; i < min(from+n, total); i++ {
		p.row(f, l, l.item(total-1-i), i, false)
	}
}

// row writes one row.
func (p *page) row(f frame, l *list, it item, nth int, pinned bool) {
	p.seen(it.at)
	number := itoa(l.number(it))
	r := row{
		title: it.title, href: p.host.hrefFrom(l, it, number), number: number, at: it.shown, nth: nth,
		pinned: pinned, undated: l.fault == faultUndated, unlabelled: l.fault == faultUnlabelled,
	}
	if l.linked != "" {
		r.href = l.linked
	}
	if l.quirks.relative {
		r.ago = ago(p.now.day - it.shown.day)
	}
	f.row(p, r)
}

// seen remembers the newest moment shown.
func (p *page) seen(at moment) {
	if p.last.before(at) {
		p.last = at
	}
}

// hrefFrom returns the address of an article. One without a readable date has
// none in its address either.
func (h *host) hrefFrom(l *list, it item, number string) string {
	if l.fault.dateless() || l.quirks.numbered {
		return l.dir + "content_" + number + ".html"
	}
	return h.skin.article(l.dir, it.at, number)
}

// aside writes the list 热点: items of other lists, newer than the column's own
// may be, as of the week's beginning.
func (p *page) aside() {
	if !p.host.look.side {
		return
	}
	monday := p.now.day - (p.now.day+3)%7
	p.add(`<div class="side"><h3>热点信息</h3><ul class="hot">`)
	shown := 0
	for i := 0; i < len(p.host.lists) && shown < 8; i++ {
		l := p.host.lists[(i*7)%len(p.host.lists)]
		size := l.size(endOf(monday - 1))
		if size == 0 || l.fault != "" {
			continue
		}
		shown++
		it := l.item(size - 1)
		p.seen(it.at)
		p.add(`<li><a href="`, p.host.hrefFrom(l, it, itoa(l.number(it))), `">`, cut(it.title, 16), "</a><span>", it.shown.time().Format("2006-01-02"), "</span></li>")
	}
	p.add("</ul></div>\n")
}

// styleSheet makes up a style sheet of a real one's weight.
func styleSheet(key uint64) string {
	var b strings.Builder
	names := []string{"header", "logo", "nav", "main", "side", "footer", "list", "title", "content", "page", "banner", "box", "tab", "link", "search"}
	for i := range 90 {
		n := mix(key, uint64(i))
		b.WriteString("." + pick(n, names) + " ." + pick(n>>8, names) + itoa(i) + "{width:" + itoa(int((n>>16)%1200)) + "px;margin:" +
			itoa(int((n>>24)%30)) + "px auto;padding:0 " + itoa(int((n>>32)%20)) + "px;color:#" + strconv.FormatUint(0x100000+(n>>40)%0xeffff, 16) +
			";font:14px/2 \"Microsoft YaHei\",SimSun,sans-serif;overflow:hidden}\n")
	}
	return b.String()
}

package simcity

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// respond answers a request as of a moment.
func (h *host) respond(r *http.Request, now moment) response {
	p, u := &page{host: h, now: now}, r.URL
	switch {
	case h.medium != nil:
		return h.respondAs(h.medium, p, r)
	case h.feeds[u.RequestURI()] != nil && h.everywhere == "":
		return h.respondAs(feedHost(), p, r)
	case u.Path == "/login.html":
		return p.loginPage()
	case h.everywhere != "" && (u.Path != "/robots.txt" || h.everywhere == faultDown):
		return p.faulty(h.everywhere, nil)
	case h.moved[u.Path] != "" && h.oldStatus != http.StatusNotFound:
		return response{status: h.oldStatus, kind: "text/html", location: h.moved[u.Path], plain: "<html><body>Object moved</body></html>\n"}
	case u.Path == "/robots.txt":
		return h.robotsTxt()
	case u.Path == h.homePath || u.Path == h.homePath+"index.html":
		return p.faulty(h.fault, (*page).homePage)
	case h.section != nil && u.Path == h.section.path:
		return p.faulty("", func(p *page) { p.sectionPage(h.section) })
	case h.index != "" && u.Path == h.index:
		return p.faulty("", (*page).indexPage)
	}
	return h.respondByList(p, u, now)
}

// respondByList answers for the addresses that lists and their items have.
func (h *host) respondByList(p *page, u *url.URL, now moment) response {
	if l, n := h.dataAt(u); l != nil {
		return p.dataRows(l, n)
	}
	if h.skin.answer != nil {
		if res, ok := h.skin.answer(h, p, u); ok {
			return res
		}
	}
	if l, n := h.listAt(u, now); l != nil {
		return h.listResponse(p, l, n)
	}
	if l, it, ok := h.articleAt(u, now); ok {
		return p.faulty("", func(p *page) { p.articlePage(l, it) })
	}
	p.notFound()
	return response{status: http.StatusNotFound, kind: "text/html", page: p}
}

// listAt returns the list and the number of the page at an address.
func (h *host) listAt(u *url.URL, now moment) (*list, int) {
	l := h.byPath[u.Path]
	if l == nil {
		dir, _ := path.Split(u.Path)
		l = h.byDir[dir]
	}
	if l == nil {
		return nil, 0
	}
	asked := u.Path
	if u.RawQuery != "" {
		asked += "?" + u.RawQuery
	}
	if asked == l.path {
		return l, 1
	}
	of := l.pages(h.skin.size, now)
	for _, n := range numbers(asked) {
		// A name holds page numbers shifted by one, or counted from the end.
		for _, guess := range []int{n, n + 1, of - n + 1} {
			if guess >= 2 && guess <= of && h.skin.later(l, guess, of) == asked {
				return l, guess
			}
		}
	}
	return nil, 0
}

// articleAt returns the item at an address.
func (h *host) articleAt(u *url.URL, now moment) (*list, item, bool) {
	asked := u.Path
	if u.RawQuery != "" {
		asked += "?" + u.RawQuery
	}
	ns := numbers(asked)
	if len(ns) == 0 {
		return nil, item{}, false
	}
	number := ns[len(ns)-1]
	l, it, ok := h.find(number, now)
	if !ok || h.hrefFrom(l, it, strconv.Itoa(number)) != asked {
		return nil, item{}, false
	}
	return l, it, true
}

// numbers returns the numbers in the last part of an address.
func numbers(asked string) []int {
	name := asked[strings.LastIndex(asked, "/")+1:]
	var out []int
	for _, s := range strings.FieldsFunc(name, func(c rune) bool { return c < '0' || c > '9' }) {
		if n, err := strconv.Atoi(s); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// listResponse answers with page n of a list.
func (h *host) listResponse(p *page, l *list, n int) response {
	f := l.fault
	if f == faultPartial {
		f = ""
		if n > 1 {
			f = faultDown
		}
	}
	if h.skin.name == "rss" {
		res := p.faulty(f, func(p *page) { p.columnFeed(l) })
		if res.status == http.StatusOK && f != faultBlocked && f != faultSoft404 && f != faultLost && f != faultScript {
			res.kind = "application/rss+xml"
		}
		return res
	}
	if f == faultLost {
		p.redesigned(l)
		return response{status: http.StatusOK, kind: "text/html", page: p}
	}
	if f == faultRendered {
		p.renderedPage(l)
		return response{status: http.StatusOK, kind: "text/html", page: p}
	}
	res := p.faulty(f, func(p *page) { p.listPage(l, n) })
	if f == faultHalf && l.size(p.now) > 4 {
		p.half(l)
	}
	return res
}

// robotsTxt answers with the host's robots.txt, which some have not.
func (h *host) robotsTxt() response {
	var b strings.Builder
	b.WriteString("User-agent: *\nDisallow: /admin/\nDisallow: /search/\n")
	forbidden := false
	for _, l := range h.lists {
		if l.fault == faultRobots {
			b.WriteString("Disallow: " + l.dir + "\n")
			if l.path != l.dir {
				b.WriteString("Disallow: " + l.path + "\n")
			}
			forbidden = true
		}
	}
	for _, at := range h.forbidden() {
		b.WriteString("Disallow: " + at + "\n")
		forbidden = true
	}
	if !h.look.robots && !forbidden {
		return response{status: http.StatusNotFound, kind: "text/plain", plain: "404 page not found\n"}
	}
	return response{status: http.StatusOK, kind: "text/plain", plain: b.String()}
}

// forbidden lists the paths at which robots.txt forbids to see accounts.
func (h *host) forbidden() []string {
	var paths []string
	for at, a := range h.feeds {
		if a.fault == faultRobots {
			paths = append(paths, at)
		}
	}
	for _, a := range h.accounts {
		for _, s := range a.Sources {
			if a.fault == faultRobots && hostOf(s.URL) == h.name {
				paths = append(paths, requestPath(s.URL))
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

package simcity

import (
	"html"
	"net/http"
	"strings"
	"time"

	"xuncha/inventory"
)

// feedSize is how many posts a feed shows.
const feedSize = 20

// feedHost is a host of nothing but feeds of accounts.
func feedHost() *medium { return &medium{answer: (*asking).feed} }

// feed answers with the posts of an account as RSS 2.0. An RSSHub says 503 where
// the platform gave it nothing.
func (q *asking) feed() response {
	at := q.r.URL.RequestURI()
	a := q.host.feeds[at]
	if a == nil {
		return q.nowhere()
	}
	q.concerns(a)
	if q.fault.denies() || q.fault == faultEmpty && q.host.hub() {
		return response{status: http.StatusServiceUnavailable, kind: "text/html", plain: "<html><head><title>Welcome to RSSHub!</title></head><body><h1>Looks like something went wrong</h1><p>Error Message:<br><code>Error: " +
			q.fault.says() + "</code></p></body></html>\n"}
	}
	q.openFeed(a.channel(q.host.hub()), a.Home)
	q.add("<lastBuildDate>", a.made(q.fault, q.now).time().Format(time.RFC1123Z), "</lastBuildDate>\n")
	undated := q.fault.dateless() || a.timeless(q.host)
	for _, p := range a.posts(q.fault, q.now, feedSize) {
		q.entry(p.title, "https://"+q.host.name+"/post/"+a.Code+"/"+itoa(p.k), p.at, undated)
	}
	q.add("</channel>\n</rss>\n")
	return response{status: http.StatusOK, kind: "application/rss+xml", page: q.page}
}

// hub reports whether the host is an RSSHub.
func (h *host) hub() bool { return strings.HasPrefix(h.name, "rsshub.") }

// timeless reports whether the account's posts bear no time on a host: an RSSHub
// finds none where it looks.
func (a *account) timeless(h *host) bool { return a.Platform == inventory.Kuaishou && h.hub() }

// channel is what a feed is called: an RSSHub says the platform's name with the
// account's.
func (a *account) channel(hub bool) string {
	if !hub {
		return a.shown
	}
	switch a.Platform {
	case inventory.Weibo:
		return a.shown + "的微博"
	case inventory.Toutiao:
		return a.shown + "的头条主页 - 今日头条(www.toutiao.com)"
	case inventory.Xigua:
		return a.shown + " 的西瓜视频"
	case inventory.Bilibili:
		return a.shown + " 的 bilibili 动态"
	}
	return a.shown
}

// columnFeed writes a column as RSS 2.0.
func (p *page) columnFeed(l *list) {
	p.openFeed(l.name, "http://"+p.host.name+p.host.homePath)
	total := l.size(p.now)
	for i := total - 1; i >= max(0, total-feedSize); i-- {
		it := l.item(i)
		p.entry(it.title, "http://"+p.host.name+p.host.hrefFrom(l, it, itoa(l.number(it))), it.at, l.fault.dateless())
	}
	p.add("</channel>\n</rss>\n")
}

func (p *page) openFeed(title, link string) {
	p.add(`<?xml version="1.0" encoding="UTF-8"?>`, "\n", `<rss version="2.0">`, "\n<channel>\n<title>", html.EscapeString(title), "</title>\n<link>",
		html.EscapeString(link), "</link>\n<description>", html.EscapeString(title), "</description>\n<language>zh-cn</language>\n")
}

func (p *page) entry(title, link string, at moment, undated bool) {
	p.seen(at)
	p.add("<item>\n<title>", html.EscapeString(title), "</title>\n<link>", link, `</link>`, "\n", `<guid isPermaLink="true">`, link, "</guid>\n")
	if !undated {
		p.add("<pubDate>", at.time().Format(time.RFC1123Z), "</pubDate>\n")
	}
	p.add("</item>\n")
}

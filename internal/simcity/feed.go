package simcity

import (
	"html"
	"time"
)

// feedSize is how many posts a feed shows.
const feedSize = 20

// accountFeed writes the posts of an account as RSS 2.0; the channel's title is
// the name the account shows.
func (p *page) accountFeed(f *feed) {
	p.openFeed(f.name, f.account.Home)
	total := f.line.count(p.now)
	for i := total - 1; i >= max(0, total-feedSize); i-- {
		at := f.line.at(i)
		title := f.writer.title("动态要闻", mix(f.line.key, uint64(i)), at.day)
		link := "http://" + p.host.name + "/post/" + f.account.Code + "/" + itoa(i)
		p.entry(title, link, at, f.fault.dateless())
	}
	p.add("</channel>\n</rss>\n")
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

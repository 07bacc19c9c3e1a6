package simcity

import "net/http"

// dateless reports whether no date of an item can be read: there is a picture
// of it, or none at all.
func (f fault) dateless() bool { return f == faultUndated || f == faultUnlabelled }

// faulty answers with what write writes, or with the fault of the page.
func (p *page) faulty(f fault, write func(*page)) response {
	if res, ok := p.trouble(f); ok {
		return res
	}
	res := response{status: http.StatusOK, kind: "text/html", page: p, fault: f}
	switch f {
	case faultDown:
		return response{status: http.StatusServiceUnavailable, kind: "text/html", plain: "<html><head><title>503 Service Temporarily Unavailable</title></head><body><center><h1>503 Service Temporarily Unavailable</h1></center><hr><center>nginx</center></body></html>\n"}
	case faultForbidden:
		return response{status: http.StatusForbidden, kind: "text/html", plain: "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center></body></html>\n"}
	case faultChallenge:
		return response{status: http.StatusPreconditionFailed, kind: "text/html", plain: challenge}
	case faultBlocked:
		p.add(firewall)
	case faultGone:
		p.notFound()
		res.status = http.StatusNotFound
	case faultSoft404:
		p.add(`<html><head><title>提示信息</title></head><body><div class="tip">您访问的页面不存在，可能已被删除或移动。<a href="/">返回首页</a></div></body></html>`)
	case faultScript:
		p.add(shellApp)
	case faultLost:
		p.redesigned(nil)
	default:
		if write != nil && !f.mute() {
			write(p)
		}
	}
	return res
}

const firewall = `<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>访问被拦截</title></head>
<body><div class="waf"><h1>您的访问被拦截</h1><p>由于您的访问行为异常，本次请求已被网站应用防火墙拦截，请完成安全验证后继续访问。</p>
<p>事件编号：140300-waf</p></div></body></html>
`

const challenge = `<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><meta id="9DhefwqGPrzGxEp9hPaoag" content="{qqq"><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=80;</script><script src="/4QbVtADbnLVIc/c.FxJzG50F.js" r='m'></script></head><body></body></html>`

const shellApp = `<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>政府信息公开</title><link href="/static/css/app.7c3c2b1f.css" rel="stylesheet"></head>
<body><noscript>请启用 JavaScript 后访问本网站。</noscript><div id="app"></div>
<script src="/static/js/manifest.2ae2e69a.js"></script><script src="/static/js/vendor.d3f1a0c4.js"></script><script src="/static/js/app.98b1f0de.js"></script></body></html>
`

// redesigned writes a list as no recipe knows it: cards instead of rows.
func (p *page) redesigned(l *list) {
	p.shell("新版 - "+p.host.title, func() {}, func() {
		p.add(`<section class="cards">`, "\n")
		if l != nil {
			total := l.size(p.now)
			for i := total - 1; i >= max(0, total-12); i-- {
				it := l.item(i)
				p.seen(it.at)
				p.add(`<article class="card"><a class="cover" href="`, p.host.hrefFrom(l, it, itoa(l.number(it))), `"><h5>`, it.title, `</h5></a><time>`,
					it.shown.time().Format("2006.01.02"), "</time></article>\n")
			}
		}
		p.add("</section>\n")
	})
}

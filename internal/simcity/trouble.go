package simcity

import (
	"bytes"
	"net/http"
)

// The faults that events bring, beside those of facts.
const (
	faultWAF      fault = "waf"     // a firewall's page, with 200
	faultJSL      fault = "jsl"     // 521 and a script
	faultCaptcha  fault = "captcha" // a picture to type from
	faultLogin    fault = "login"   // a redirect to a log-in form
	faultRefused  fault = "refused" // no connection
	faultReset    fault = "reset"   // a connection without an answer
	faultNetwork  fault = "network" // our own network is down
	faultNotice   fault = "notice"  // one notice for every page of a site
	faultPortal   fault = "portal"  // the home page for every column
	faultHalf     fault = "half"    // a page published to its middle
	faultRendered fault = "rendered"
)

// nightFaultNames lists what an event can say that fails.
func nightFaultNames() []string {
	var names []string
	for _, f := range []fault{
		faultWAF, faultChallenge, faultJSL, faultCaptcha, faultLogin, faultForbidden, faultDown, faultRefused, faultReset, faultNetwork,
		faultNotice, faultPortal, faultSoft404, faultGone, faultHalf,
		faultVisitor, faultFrequency, faultOldList, faultEmpty, faultNoUser, faultExpired, faultUndated,
	} {
		names = append(names, string(f))
	}
	return names
}

// onlyMedia reports whether only an account or a platform is hindered so at
// night.
func onlyMedia(f fault) bool {
	switch f {
	case faultVisitor, faultFrequency, faultOldList, faultEmpty, faultNoUser, faultExpired, faultUndated:
		return true
	}
	return false
}

// wide reports whether a fault of a host is one of every page of it.
func wide(f fault) bool {
	return f != faultPortal && f != faultHalf && f != faultSoft404 && f != faultGone
}

// mute reports whether a fault leaves no answer at all.
func (f fault) mute() bool { return f == faultRefused || f == faultReset || f == faultNetwork }

// trouble answers with a fault that events bring; ok is false for any other.
func (p *page) trouble(f fault) (res response, ok bool) {
	res = response{status: http.StatusOK, kind: "text/html", page: p, fault: f}
	switch f {
	case faultWAF:
		p.add(firewall)
	case faultCaptcha:
		p.add(captchaPage)
	case faultNotice:
		p.shell(p.host.title, func() {}, func() { p.add(notice) })
	case faultPortal:
		p.homePage()
	case faultJSL:
		return response{status: 521, kind: "text/html", plain: jslPage}, true
	case faultLogin:
		return response{status: http.StatusFound, kind: "text/html", location: "/login.html", plain: "<html><body>Object moved</body></html>\n"}, true
	default:
		return response{}, false
	}
	return res, true
}

// loginPage is where a log-in wall leads.
func (p *page) loginPage() response {
	p.shell("用户登录", func() {}, func() {
		p.add(`<div class="login"><h2>请先登录</h2><form method="post" action="/login.html"><input name="user"><input type="password" name="word"><button>登录</button></form></div>`, "\n")
	})
	return response{status: http.StatusOK, kind: "text/html", page: p}
}

// half cuts a page in the middle of its list, as a template does that was
// published before it was done.
func (p *page) half(l *list) {
	whole, open := p.body.Bytes(), []byte(p.host.skin.list.open)
	at := bytes.Index(whole, open) + len(open)
	for range 1 + l.line.key%4 {
		at += bytes.Index(whole[at:], []byte("<a ")) + len("<a ")
	}
	p.body.Truncate(at)
}

const captchaPage = `<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>安全验证</title></head>
<body><div class="verify"><h3>请输入验证码</h3><img src="/captcha.jpg" alt="验证码"><form action="/verify"><input name="code"><button>提交</button></form></div></body></html>
`

const notice = `<div class="main"><h2>系统升级公告</h2><p>　　因系统升级改造，本网站定于今日起暂停服务，升级期间页面不能正常显示，给您带来不便，敬请谅解。</p></div>
`

const jslPage = `<script>document.cookie=('_')+('_jsl_clearance_s=1696100000.123|0|abc%2Bdef%3D;max-age=3600;path=/');location.href=location.pathname+location.search</script>`

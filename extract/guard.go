package extract

import (
	"bytes"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// A mark is a text that gives a page away as something else than a list.
type mark struct {
	reason Reason
	what   string
	texts  []string
}

// strongMarks make a short page unreadable whatever else it holds. They count
// only outside of links: a title may speak of anything.
var strongMarks = []mark{
	{ReasonBlocked, "a block page", []string{
		"访问行为异常", "访问过于频繁", "请完成安全验证", "拖动滑块", "拖动下方滑块", "您的访问被拦截", "访问被拦截", "请求被拦截", "已被拦截",
		"云防护", "创宇盾", "安全狗", "网防G01", "您的访问可能对网站造成危险", "您的请求可能存在威胁", "访问被拒绝", "请输入验证码",
		"验证码中间页", "安全验证", "检测到异常流量", "AccessDenied", "Checkingyourbrowser", "请开启JavaScript并刷新",
	}},
	{ReasonBlocked, "a log-in wall", []string{"请先登录", "请登录后", "您还没有登录", "您尚未登录", "登录后查看"}},
	{ReasonGone, "a page that is not there", []string{
		"页面不存在", "找不到页面", "页面找不到", "页面没有找到", "找不到该页", "无法找到该页", "您访问的页面", "您要访问的页面", "您所访问的页面", "您要查看的页",
		"页面已删除", "页面已被删除", "内容已被删除", "文件不存在", "404NotFound", "PageNotFound", "404错误", "错误404", "栏目不存在", "信息不存在", "页面走丢",
	}},
	{ReasonGone, "a parked or unset host", []string{
		"域名出售", "域名转让", "该域名", "此域名", "域名已过期", "域名已到期", "domainisforsale", "Welcometonginx", "没有找到站点", "站点创建成功",
		"ApacheDefaultPage", "ApacheHTTPServerTestPage", "IISWindowsServer", "网站未备案", "站点不存在", "sedoparking",
	}},
}

// weakMarks stand on good pages too, in a log-in box or a footer: they count
// only on a short page without a dated row.
//
// A page under maintenance is down, not lost: the site itself says that it is
// out of service, and no recipe would help.
var weakMarks = []mark{
	{ReasonBlocked, "a captcha", []string{"验证码"}},
	{ReasonDown, "a maintenance page", []string{
		"系统维护中", "网站维护中", "正在维护", "维护升级", "升级维护", "正在升级", "系统升级中", "网站升级中", "升级改造中", "进行升级", "进行维护",
		"系统维护期间", "系统维护,", "系统维护，", "网站改版中", "暂停服务", "暂停访问", "网站建设中", "网站正在建设",
	}},
	{ReasonGone, "a page that is not there", []string{"错误页面", "NotFound", "找不到"}},
	{ReasonDown, "an error page", []string{"服务器内部错误", "InternalServerError", "BadGateway", "ServiceUnavailable", "数据库连接", "系统异常", "系统繁忙", "系统错误", "HTTPStatus500"}},
}

// titleMarks give a page away by its <title>, however long it is.
var titleMarks = []mark{
	{ReasonGone, "a page that is not there", []string{"404", "页面不存在", "找不到页面", "页面找不到", "错误页面", "NotFound"}},
	{ReasonBlocked, "a block page", []string{"访问被拦截", "安全验证", "验证码中间页", "网站防火墙", "WAF"}},
	{ReasonDown, "an error page", []string{"502BadGateway", "503Service", "500Internal", "504Gateway"}},
}

// look returns the first mark that text holds.
func look(marks []mark, text string) *obstacle {
	for _, m := range marks {
		for _, t := range m.texts {
			if strings.Contains(text, t) {
				return hindered(m.reason, "%s: it says %q", m.what, t)
			}
		}
	}
	return nil
}

// challengeScripts are parts of the scripts that bot walls send in place of a
// page. Pages that passed the wall may keep some of them, so they count only
// where next to nothing is visible.
var challengeScripts = []string{"$_ts", "acw_sc__v2", "__jsl", "FSSBBIl1UgzbN7N", "_cofing1", "/_guard/", "HWWAFSESID", "wzws_", "slider_captcha", "__cf_chl", "document.cookie="}

// refuse tells by the answer alone why a page must not be read, nil if it may.
func (t Task) refuse(p Page) *obstacle {
	if o := byStatus(p); o != nil {
		return o
	}
	final, err1 := url.Parse(p.URL)
	asked, err2 := url.Parse(p.Asked)
	if err1 != nil || err2 != nil {
		return hindered(ReasonLost, "the address %q cannot be read", p.URL)
	}
	if p.URL == "" {
		final = asked
	}
	if o := t.astray(final, asked); o != nil {
		return o
	}
	if p.Body == nil && p.NotModified {
		return hindered(ReasonNotLooked, "the page is unchanged and its bytes are not at hand")
	}
	return nil
}

// byStatus reports what the fetch itself says went wrong.
func byStatus(p Page) *obstacle {
	class := p.Class
	switch {
	case class != "":
	case p.Status == 404 || p.Status == 410:
		class = ClassNotFound
	case p.Status == 401 || p.Status == 403 || p.Status == 405:
		class = ClassForbidden
	case p.Status == 412 || p.Status == 521:
		class = ClassChallenge
	case p.Status == 429:
		class = ClassTooMany
	case p.Status >= 500:
		class = ClassStatus5xx
	case p.Status >= 400:
		class = ClassStatus4xx
	default:
		return nil
	}
	detail := string(class)
	if p.Detail != "" {
		detail += ": " + p.Detail
	} else if p.Status != 0 {
		detail += fmt.Sprintf(": status %d", p.Status)
	}
	return &obstacle{reason: class.Reason(), class: class, detail: detail}
}

// loginPath marks the address of a log-in wall.
var loginPath = regexp.MustCompile(`(?i)/(?:[a-z]*login|sso|cas|passport|oauth2?|signin|unauth)(?:[/.?]|$)`)

// astray tells whether the answer comes from where no answer was asked of.
func (t Task) astray(final, asked *url.URL) *obstacle {
	if place(final) == place(asked) {
		return nil
	}
	switch home, err := url.Parse(t.Home); {
	case !t.allowed(final, asked):
		return hindered(ReasonGone, "redirected to another host, %s", hostOf(final))
	case t.Home != "" && err == nil && place(final) == place(home):
		return hindered(ReasonGone, "redirected to the home page, %s", final)
	case place(final) == place(&url.URL{Scheme: final.Scheme, Host: final.Host}):
		return hindered(ReasonGone, "redirected to the root of the site, %s", final)
	case loginPath.MatchString(final.Path) && !loginPath.MatchString(asked.Path):
		return hindered(ReasonBlocked, "redirected to a log-in page, %s", final)
	case asked.Path != "/" && asked.Path != "" && directory(final) != directory(asked) && !strings.HasPrefix(final.Path, directory(asked)):
		return hindered(ReasonLost, "redirected to another folder, %s, which may be another column's; put the new address into the configuration", final)
	}
	return nil
}

// unfit tells by the document why it is no list, whatever the recipe finds.
func (d *document) unfit(s sketch) *obstacle {
	if o := look(titleMarks, squeeze(d.title())); o != nil {
		return o
	}
	if s.runes >= shortPage {
		return nil
	}
	return look(strongMarks, s.plain)
}

// bare404 finds the number that is no part of another.
var bare404 = regexp.MustCompile(`(?:^|\D)404(?:\D|$)`)

// doubtful tells why a page without a dated row is no list.
func (d *document) doubtful(s sketch) *obstacle {
	if s.runes >= shortPage {
		return nil
	}
	if o := look(weakMarks, s.plain); o != nil {
		return o
	}
	if s.runes < 200 && s.links < 3 {
		for _, c := range challengeScripts {
			if bytes.Contains(d.text, []byte(c)) {
				return hindered(ReasonBlocked, "a script challenge: the page holds %q and next to no text", c)
			}
		}
	}
	if s.runes < 300 && bare404.MatchString(s.plain) {
		return hindered(ReasonGone, "a page that is not there: it says %q", "404")
	}
	if bytes.Contains(d.text, []byte(`type="password"`)) {
		return hindered(ReasonBlocked, "a log-in wall: the page asks for a password")
	}
	return nil
}

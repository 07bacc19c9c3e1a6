package extract

import (
	"net/url"
	"regexp"
	"strings"
)

// guards are the statuses by which platforms send guests away. What the body of
// such an answer says of the account was never looked up.
var guards = map[int]Hindrance{
	401: HindLogin, 403: HindVisitor, 412: HindCaptcha, 418: HindFrequency, 429: HindFrequency, 432: HindVisitor,
}

// captchaAddress is where platforms send guests to prove that they are people.
var captchaAddress = regexp.MustCompile(`(?i)captcha|/verif(?:y|ication)(?:[/.?]|$)|security-?check|/antispider|/punish`)

// guard tells by what answers without posts say on any platform. Without a
// hindrance it may still be an obstacle of the fetch.
func (r *reader) guard(a *reply) (Hindrance, *obstacle) {
	p := a.page
	final, asked := addressOf(p.URL), addressOf(p.Asked)
	known := byStatus(p)
	switch {
	case p.URL != "" && captchaAddress.MatchString(p.URL) && !captchaAddress.MatchString(p.Asked):
		return HindCaptcha, hindered(ReasonBlocked, "led to a verification page, %s", cut(p.URL, 160))
	case p.Class == ClassLogin, final != nil && asked != nil && p.URL != "" && LoginAddress(final) && !LoginAddress(asked):
		return HindLogin, hindered(ReasonBlocked, "led to a log-in page, %s", cut(p.URL, 160))
	case p.Class == ClassRobots, p.Class == ClassBudget, p.Class == ClassNoBrowser, p.Class == ClassCircuit, p.Class == ClassOurs:
		return "", known
	}
	if h, o := a.speaks(); h != "" && !(h.OfAccount() && (guards[p.Status] != "" || p.Status >= 500)) {
		return h, o
	}
	if h := guards[p.Status]; h != "" {
		return h, hindered(h.Reason(), "status %d", p.Status)
	}
	switch {
	case known != nil:
		return "", known
	case r.strays(p):
		return "", hindered(ReasonGone, "led to another host, %s", cut(p.URL, 160))
	case a.obstacle != nil:
		return "", a.obstacle
	}
	return a.walled()
}

// loginCodes are codes by which an answer asks for a log-in, whatever it says.
var loginCodes = regexp.MustCompile(`^ok -100$`)

// speaks looks in an answer's own message for the words that tell hindrances
// apart.
func (a *reply) speaks() (Hindrance, *obstacle) {
	if a.obstacle != nil {
		return "", nil
	}
	if root, err := a.json(); err == nil {
		for _, k := range root.kids {
			u, err := url.Parse(k.text)
			if loginCodes.MatchString(k.name+" "+k.text) || k.name == "url" && err == nil && u.Host != "" && LoginAddress(u) {
				return HindLogin, hindered(ReasonBlocked, "it says %s %s", k.name, cut(k.text, 100))
			}
		}
		return inWords(messages(root))
	}
	d, o := a.document()
	if o != nil {
		return "", nil
	}
	look := d.sketch()
	texts := []string{squeeze(d.title())}
	if look.runes < messageRunes {
		texts = append(texts, look.plain+look.linked)
	}
	return inWords(texts)
}

// messageRunes is the visible text, in runes, below which a page may be nothing
// but a message.
const messageRunes = 600

// walled tells by what a page is made of that it is a wall.
func (a *reply) walled() (Hindrance, *obstacle) {
	if _, err := a.json(); err == nil {
		return "", nil
	}
	d, o := a.document()
	if o != nil {
		return "", nil
	}
	look := d.sketch()
	if o = d.unfit(look); o == nil {
		o = d.doubtful(look, 0)
	}
	switch {
	case o == nil:
		return "", nil
	case strings.HasPrefix(o.detail, "a log-in wall"):
		return HindLogin, o
	case o.reason == ReasonBlocked:
		return HindCaptcha, o
	}
	return "", o
}

// hindWords are words of messages in the place of posts, the surest first. 帐 is
// written 账 in what they are compared with, and blanks are left out.
var hindWords = []struct {
	hindrance Hindrance
	words     *regexp.Regexp
}{
	{HindCaptcha, regexp.MustCompile(`验证码中间页|环境异常|风控校验失败|完成(?:安全|人机|滑块|以下)?验证|人机验证|请输入验证码|滑块验证|安全验证|captcha`)},
	{HindFrequency, regexp.MustCompile(`(?:访问|操作|请求|查询|调用)(?:过于|太过?|太|次数过于)?频繁|请求过快|访问太快|频次(?:超限|限制)|freq(?:uency)?control|toomanyrequests|ratelimit`)},
	{HindMoved, regexp.MustCompile(`(?:公众号|账号|用户)已迁移`)},
	{HindRecycled, regexp.MustCompile(`账号已被(?:系统)?回收`)},
	{HindCancelled, regexp.MustCompile(`(?:账号|用户|公众号)(?:已经?|已被)?(?:自主|系统|主动)?注销`)},
	{HindBanned, regexp.MustCompile(`(?:账号|用户|公众号)(?:已经?|已被|被|因违规被?)+(?:屏蔽|封禁|封停|封号|冻结|停用)|(?:账号|用户)因违反.{0,30}(?:屏蔽|封禁|封停|无法查看|暂时无法)`)},
	{HindExpired, regexp.MustCompile(`链接已(?:过期|失效)`)},
	{HindDeleted, regexp.MustCompile(`(?:内容|文章|作品|视频|微博)(?:已经?|已被|被)+(?:发布者|作者|用户)?删除|此内容因违规无法查看|此内容被投诉|微博不存在|作品不存在|视频不见了`)},
	{HindNoUser, regexp.MustCompile(`(?:用户|账号|公众号)不存在|没有找到该用户|usernotexist|usernotfound|userdoesnotexist`)},
	{HindLogin, regexp.MustCompile(`请先?登[录陆]|需要?登[录陆]|未登[录陆]|登[录陆]后(?:查看|继续|访问|使用)|重新登[录陆]|登[录陆](?:已|态)?(?:过期|失效|超时)|在微信客户端打开|needlogin|notlogin|pleaselogin|loginrequired`)},
	{HindVisitor, regexp.MustCompile(`sinavisitorsystem|参数错误|访客(?:凭证|身份|cookie)?已?(?:失效|过期)`)},
}

// inWords finds the first hindrance that texts name.
func inWords(texts []string) (Hindrance, *obstacle) {
	for _, s := range texts {
		s = strings.ToLower(strings.ReplaceAll(squeeze(cut(s, maxMessage)), "帐", "账"))
		for _, w := range hindWords {
			if found := w.words.FindString(s); found != "" {
				return w.hindrance, hindered(w.hindrance.Reason(), "it says %q", cut(found, 80))
			}
		}
	}
	return "", nil
}

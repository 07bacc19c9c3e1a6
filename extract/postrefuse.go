package extract

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A postRefusal is a Refusal made ready.
type postRefusal struct {
	Refusal
	at, text *regexp.Regexp
	field    *fact
}

// Validate reports everything that is wrong with f at once, each mistake as a
// [RecipeError] that names the field.
func (f Refusal) Validate() error {
	_, err := compileRefusal(f)
	return err
}

func compileRefusal(f Refusal) (postRefusal, error) {
	c := postRefusal{Refusal: f}
	var errs []error
	wrong := func(name, value string, err error) {
		if err != nil {
			errs = append(errs, &RecipeError{name, value, err})
		}
	}
	if !slices.Contains(Hindrances(), f.Hindrance) {
		wrong("hindrance", string(f.Hindrance), errors.New("is unknown"))
	}
	if f.Status != 0 && (f.Status < 100 || f.Status > 599) {
		wrong("status", fmt.Sprint(f.Status), errors.New("is no HTTP status"))
	}
	if f.Status == 0 && f.At == "" && f.Field == "" && f.Text == "" {
		wrong("hindrance", string(f.Hindrance), errors.New("is told by nothing; give status, at, field or text"))
	}
	for _, p := range []struct {
		name, value string
		to          **regexp.Regexp
	}{{"at", f.At, &c.at}, {"text", f.Text, &c.text}} {
		if p.value != "" {
			var err error
			*p.to, err = compileRegexp(p.value)
			wrong(p.name, p.value, err)
		}
	}
	var err error
	c.field, err = parseFact(f.Field, true)
	wrong("field", f.Field, err)
	return c, errors.Join(errs...)
}

// OfAccount reports whether a hindrance tells of the account rather than of the
// look.
func (h Hindrance) OfAccount() bool {
	switch h {
	case HindNoUser, HindCancelled, HindBanned, HindRecycled, HindMoved:
		return true
	}
	return false
}

// guards are the statuses by which platforms send guests away. What the body of
// such an answer says of the account was never looked up.
var guards = map[int]Hindrance{
	401: HindLogin, 403: HindVisitor, 412: HindCaptcha, 418: HindFrequency, 429: HindFrequency, 432: HindVisitor,
}

// hindrance says what answers without posts say in their place: by what is known
// of the platform, then by what such answers say anywhere. An empty list tells
// less than anything else. Both are zero where nothing is known.
func (r *reader) hindrance(src PostSource, forms []*postForm, all []*reply) (Hindrance, *obstacle) {
	empty := Hindrance("")
	for i, a := range all {
		if i > 0 && !concerned(src, forms, a.page) {
			continue
		}
		for _, f := range src.Refusals {
			c, err := compileRefusal(f)
			if err != nil || !c.fits(a) || f.Status == 0 && f.Hindrance.OfAccount() && guards[a.page.Status] != "" {
				continue
			}
			if f.Hindrance == HindEmpty {
				empty = HindEmpty
				continue
			}
			return f.Hindrance, &obstacle{reason: f.Hindrance.Reason(), detail: c.says(a)}
		}
	}
	var first *obstacle
	for i, a := range all {
		if i > 0 && !concerned(src, forms, a.page) {
			continue
		}
		h, o := r.guard(a)
		if h != "" {
			return h, o
		}
		if first == nil && i == 0 {
			first = o
		}
	}
	if empty != "" {
		return empty, nil
	}
	return "", first
}

// concerned reports whether an answer to a page's script is one of those that
// bring posts or say why not.
func concerned(src PostSource, forms []*postForm, p Page) bool {
	for _, f := range forms {
		if f.asked(p) {
			return true
		}
	}
	for _, f := range src.Refusals {
		if c, err := compileRefusal(f); err == nil && c.at != nil && c.at.MatchString(p.URL) {
			return true
		}
	}
	return false
}

// fits reports whether all that a refusal names is so.
func (c postRefusal) fits(a *reply) bool {
	switch {
	case c.Status != 0 && a.page.Status != c.Status:
	case c.at != nil && !c.at.MatchString(a.page.URL):
	case c.field != nil && c.found(a) == "":
	case c.text != nil && c.quoted(a) == "":
	default:
		return true
	}
	return false
}

// found returns what the field of a refusal holds in data, "" where it does not
// fit. There null, [] and {} are texts too.
func (c postRefusal) found(a *reply) string {
	root, err := a.json()
	if err != nil || a.obstacle != nil {
		return ""
	}
	for _, w := range c.field.ways {
		for _, d := range w.cell.path.find(root) {
			s := d.spelt()
			if s != "" && (w.cell.keep == nil || w.cell.keep.re.MatchString(s)) {
				return strings.Join(w.cell.path, ".") + " " + cut(s, 80)
			}
		}
	}
	return ""
}

// spelt writes a value as a text.
func (d *datum) spelt() string {
	switch {
	case d.form == nothing:
		return "null"
	case d.form == array && len(d.kids) == 0:
		return "[]"
	case d.form == object && len(d.kids) == 0:
		return "{}"
	}
	return strings.TrimSpace(cut(d.text, maxTextNode))
}

// quoted returns the text of an answer that a refusal names, "" where there is
// none.
func (c postRefusal) quoted(a *reply) string {
	words := a.words()
	if d, o := a.document(); c.Hindrance.OfAccount() && o == nil && d.from == nil && d.sketch().runes >= shortPage {
		words = words[:min(len(words), 2)] // a page of that length may speak of any account
	}
	for _, s := range words {
		if found := c.text.FindString(s); found != "" {
			return found
		}
	}
	return ""
}

// says says what gave a refusal away.
func (c postRefusal) says(a *reply) string {
	switch {
	case c.text != nil:
		return fmt.Sprintf("it says %q", cut(c.quoted(a), 80))
	case c.field != nil:
		return "it says " + c.found(a)
	case c.at != nil:
		return "led to " + cut(a.page.URL, 160)
	}
	return fmt.Sprintf("status %d", a.page.Status)
}

// words returns what a reader sees of a page, its title first, with and without
// blanks, or the source of what is no page.
func (a *reply) words() []string {
	if a.obstacle != nil {
		return nil
	}
	if root, err := a.json(); err == nil {
		out := []string{string(a.text[:min(len(a.text), maxMessage)])}
		return append(out, messages(root)...)
	}
	d, o := a.document()
	if o != nil {
		return []string{string(a.text[:min(len(a.text), maxMessage)])}
	}
	shown := strings.Join(pieces(d.root, nil), " ")
	return []string{d.title(), squeeze(d.title()), shown, squeeze(shown)}
}

// messages returns the words of an answer's own message, as they are decoded.
func messages(root *datum) []string {
	var out []string
	root.states(func(k *datum) bool {
		if k.form == scalar && messageNames.MatchString(k.name) {
			out = append(out, cut(k.text, maxTextNode))
		}
		return false
	}, 3)
	return out
}

var messageNames = regexp.MustCompile(`(?i)^(?:msg|message|errmsg|err_?msg|error|error_?msg|errtext|info|toast|tips?|prompts?|reason|desc|description|status_?msg|ret_?msg)$`)

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

package console

import (
	"cmp"
	"errors"

	"xuncha/extract"
)

// What the reader and the crawler say of their work is written for whoever mends
// them, in English. Pages say in the user's language what it means and what to do
// next; the words themselves are folded away.

// spoken is one thing in both languages.
type spoken struct{ zh, en string }

func (s spoken) in(lang string) string { return sayer(lang)(s.zh, s.en) }

// nextSteps say what to do about a subject that was not read, by why.
var nextSteps = map[extract.Reason]spoken{
	extract.ReasonDown: {
		"网站没有正常答复。请用浏览器打开网址核对：能打开，就再看一次；打不开，请告知主办单位。",
		"The site did not answer as it should. Open the address in a browser: if it opens, look again; if not, tell the unit.",
	},
	extract.ReasonBlocked: {
		"网站拦住了巡查程序。请主办单位或其运维放行巡查程序的地址，再看一次；在此之前不作判定。",
		"The site turned the patrol away. Ask the unit to let its address through, then look again; until then nothing is judged.",
	},
	extract.ReasonGone: {
		"原网址已失效。请到网站上找到栏目的新网址，改写配置文件中的 url；确已撤销的，从配置中删去。",
		"The address is no longer valid. Find where the column stands now and change its url in the configuration; take the column out if it was closed.",
	},
	extract.ReasonLost: {
		"页面变了，按现有规则读不出列表。请运维人员在“采集规则维护”中点选一条信息，或采用建议的规则。",
		"The page has changed and its list is not found. An operator points at an item in the tuner, or accepts the proposed recipe.",
	},
	extract.ReasonScript: {
		"列表由脚本生成，需要浏览器才能看到。请管理员在服务器上启用浏览器（crawl.browser），再看一次。",
		"Scripts make the list, so a browser is needed to see it. An administrator turns the browser on (crawl.browser); then look again.",
	},
	extract.ReasonUndated: {
		"读到了条目，但认不出日期。请在“采集规则维护”中点选日期；页面确实没有日期的，请人工核查。",
		"Items were read, and no date of them. Point at a date in the tuner; where the page shows none, check it by hand.",
	},
	extract.ReasonPartial: {
		"没有读全，缺的部分可能更新，因此不作判定。请再看一次；仍读不全，请运维人员查看采集规则。",
		"Not all of it was read, and what is missing may be newer, so nothing is judged. Look again; if it stays so, an operator sees to the recipe.",
	},
	extract.ReasonRobots: {
		"网站的 robots.txt 不允许访问。请主办单位允许巡查，或由授权单位写入配置的授权。",
		"The site's robots.txt does not allow it. Ask the unit to allow the patrol, or write the authority that overrides it into the configuration.",
	},
	extract.ReasonNotLooked: {
		"这一批没有看到它。可以再看一次，或等下一批巡查。",
		"This round did not look at it. Look again, or wait for the next round.",
	},
}

// nextStep says what to do about a subject that was not read.
func nextStep(r extract.Reason, lang string) string {
	return nextSteps[cmp.Or(r, extract.ReasonNotLooked)].in(lang)
}

// classWords say how a page failed to come.
var classWords = map[extract.Class]spoken{
	extract.ClassTimeout:         {"超时", "timed out"},
	extract.ClassTooSlow:         {"超时", "timed out"},
	extract.ClassRefused:         {"拒绝连接", "connection refused"},
	extract.ClassReset:           {"连接中断", "connection cut"},
	extract.ClassCutBody:         {"连接中断", "connection cut"},
	extract.ClassUnreachable:     {"网络不可达", "unreachable"},
	extract.ClassDNSNotFound:     {"域名无法解析", "name not resolved"},
	extract.ClassDNSTemporary:    {"域名无法解析", "name not resolved"},
	extract.ClassDNSTimeout:      {"域名无法解析", "name not resolved"},
	extract.ClassEgress:          {"本机的访问限制不允许这个地址", "our own policy forbids the address"},
	extract.ClassOurs:            {"本机资源不足，没有访问", "not asked for: our machine was short of resources"},
	extract.ClassTLS:             {"加密连接失败", "TLS failed"},
	extract.ClassTLSExpired:      {"网站证书已过期", "certificate expired"},
	extract.ClassTLSName:         {"网站证书与域名不符", "certificate is for another name"},
	extract.ClassTLSUnknown:      {"网站证书不受信任", "certificate is not trusted"},
	extract.ClassStatus5xx:       {"服务器错误", "server error"},
	extract.ClassStatus4xx:       {"服务器不接受请求", "request not accepted"},
	extract.ClassNotFound:        {"页面不存在", "page not found"},
	extract.ClassForbidden:       {"服务器拒绝访问", "access refused"},
	extract.ClassTooMany:         {"服务器嫌访问太频繁", "asked too often"},
	extract.ClassUnexpected:      {"服务器答复反常", "unexpected answer"},
	extract.ClassMalformed:       {"服务器答复不合规范", "malformed answer"},
	extract.ClassHeaderTooLarge:  {"响应头过大", "headers too large"},
	extract.ClassBodyTooLarge:    {"页面过大", "page too large"},
	extract.ClassEmptyBody:       {"页面是空的", "page is empty"},
	extract.ClassBadEncoding:     {"内容损坏，无法解码", "content cannot be decoded"},
	extract.ClassNoSuchEncoding:  {"压缩方式无法识别", "unknown content encoding"},
	extract.ClassRedirectLoop:    {"反复跳转", "redirects in a loop"},
	extract.ClassRedirectInvalid: {"跳转地址无效", "redirected to no valid address"},
	extract.ClassForeign:         {"跳转到了其他网站", "redirected to another site"},
	extract.ClassURLInvalid:      {"网址无效", "address is not valid"},
	extract.ClassChallenge:       {"要求人机验证", "verification wanted"},
	extract.ClassRobots:          {"robots.txt 不允许", "robots.txt forbids it"},
	extract.ClassCircuit:         {"该主机本批失败太多，暂停访问", "the host failed too often in this round"},
	extract.ClassBudget:          {"要看的页面太多", "too many pages were wanted"},
	extract.ClassNoBrowser:       {"需要浏览器，没有启用", "needs a browser, and none is at hand"},
	extract.ClassRender:          {"浏览器没能显示页面", "the browser could not show it"},
	extract.ClassLogin:           {"跳转到登录页", "redirected to a log-in page"},
	extract.ClassTooDeep:         {"页面结构过深，无法解析", "nested too deep to be parsed"},
	extract.ClassDeadline:        {"该平台本批的时间已用完", "the time for this platform is spent"},
	extract.ClassNotNow:          {"不在该平台可访问的时段", "outside of the platform's hours"},
}

// cameWord says how a page failed to come; a class that is not in the table, as from
// a newer store, stands there as it is.
func cameWord(class extract.Class, lang string) string {
	if w, ok := classWords[class]; ok {
		return w.in(lang)
	}
	return string(class)
}

// A detailed is a refusal with the technical words behind it, which pages fold away.
type detailed struct {
	error
	words string
}

func (d *detailed) Unwrap() error { return d.error }

// withDetail adds the technical words to a refusal.
func withDetail(err error, words string) error { return &detailed{err, words} }

// detailOf are the technical words of a refusal, "" for none.
func detailOf(err error) string {
	if d := (*detailed)(nil); errors.As(err, &d) {
		return d.words
	}
	return ""
}

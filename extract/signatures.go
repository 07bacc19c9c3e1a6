package extract

import "regexp"

// What gives a page away as something else than a list, as data. The texts are
// compared with what a reader sees, without white space and in lower case, and
// the first that fits is quoted to people.
//
// Three tables serve three strengths of evidence. A title that is nothing but
// such words decides alone. A sentence that stands on no good page decides on a
// short page, whatever else that holds. Words that good pages print too, in a
// log-in box or a footer, decide only where no dated row was found.

// A signature is one kind of page that is no list.
type signature struct {
	reason Reason
	what   string // for people
	texts  []string
}

// wallSentences make a short page unreadable even if rows are found on it: such
// pages like to show the site's news below. They count only outside of links
// and rows, because a title may speak of anything.
var wallSentences = []signature{
	{ReasonBlocked, "a block page", []string{
		"访问行为异常", "访问过于频繁", "访问太过频繁", "操作过于频繁", "请完成安全验证", "拖动滑块", "拖动下方滑块", "按住滑块", "滑动滑块", "向右滑动完成验证",
		"访问被拦截", "您的访问被阻断", "您的访问被限制", "请求被拦截", "请求已被拦截", "访问已被拦截", "您的请求已被", "您的ip已被", "您的访问可能对网站造成危险",
		"url有可能对网站造成安全威胁", "您的请求可能存在威胁", "请求存在威胁", "请求疑似攻击行为", "您的请求带有不合法参数", "您所提交的请求含有不合法的参数",
		"访问被拒绝", "请求被拒绝", "验证码中间页", "检测到异常流量", "请开启javascript并刷新", "正在进行人机识别", "正在验证您是否是真人",
		"checkingyourbrowser", "attentionrequired!", "requestunsuccessful.incapsula", "therequestedurlwasrejected",
	}},
	{ReasonGone, "a page that is not there", []string{
		"页面不存在", "网页不存在", "找不到页面", "页面找不到", "页面没有找到", "页面未找到", "找不到该页", "无法找到该页", "您访问的页面", "您要访问的页面", "您所访问的页面", "您要查看的页", "您查找的页面",
		"页面已删除", "页面已被删除", "内容已被删除", "信息已被删除", "文件不存在", "404notfound", "pagenotfound", "404错误", "错误404", "栏目不存在", "信息不存在", "文章不存在", "页面走丢",
	}},
	{ReasonGone, "a parked or unset host", []string{
		"域名出售", "域名转让", "域名停放", "该域名", "此域名", "域名已过期", "域名已到期", "domainisforsale", "buythisdomain", "domainisparked", "domainparking", "sedoparking",
		"welcometonginx", "apachedefaultpage", "apache2defaultpage", "apache2ubuntudefaultpage", "apachehttpservertestpage", "iiswindowsserver", "thisisthedefaultwelcomepage",
		"没有找到站点", "站点创建成功", "网站未备案", "站点不存在", "该网站暂时无法进行访问", "accounthasbeensuspended", "accountsuspended",
	}},
}

// wallWords count only on a short page on which no row is dated.
//
// A page under maintenance is down, not lost: the site itself says that it is
// out of service, and no recipe would help. So is a site that shows one notice
// in place of itself, as on a day of mourning.
var wallWords = []signature{
	{ReasonBlocked, "a block page", []string{
		"云防护", "创宇盾", "加速乐", "安全狗", "网防g01", "网站防火墙", "玄武盾", "网站卫士", "云锁", "d盾", "护卫神", "长亭", "雷池", "safeline", "安全验证", "人机验证", "滑动验证",
		"已被拦截", "禁止访问", "访问受限", "accessdenied", "403forbidden",
	}},
	{ReasonBlocked, "a captcha", []string{"验证码", "看不清,换一张", "看不清？换一张", "captcha"}},
	{ReasonBlocked, "a log-in wall", []string{"请先登录", "请登录后", "您还没有登录", "您尚未登录", "登录后查看", "登录已过期", "登录超时", "请重新登录"}},
	{ReasonDown, "a maintenance page", []string{
		"系统维护中", "网站维护中", "正在维护", "维护升级", "升级维护", "正在升级", "系统升级中", "网站升级中", "升级改造中", "进行升级", "进行维护",
		"系统维护期间", "系统维护,", "系统维护，", "网站改版中", "暂停服务", "暂停访问", "暂停对外服务", "网站建设中", "网站正在建设", "undermaintenance", "underconstruction",
	}},
	{ReasonDown, "a notice in place of the site", []string{"深切哀悼", "深切悼念", "哀悼活动", "哀悼日"}},
	{ReasonGone, "a site that was closed or moved", []string{
		"网站已关停", "关停公告", "网站已关闭", "网站已下线", "已永久下线", "网站已停止", "停止更新", "停止运行", "停止运维", "已停用", "已整合至", "已整合到", "整合迁移", "已迁移至", "已迁移到", "迁移公告", "域名变更", "域名已变更",
	}},
	{ReasonGone, "a page that is not there", []string{"错误页面", "notfound", "找不到"}},
	{ReasonDown, "an error page", []string{
		"服务器内部错误", "internalservererror", "badgateway", "serviceunavailable", "gatewaytime-out", "数据库连接", "系统异常", "系统繁忙", "系统错误", "httpstatus500", "服务器错误", "fatalerror",
	}},
}

// A titleSign is a form of one segment of a <title>, in lower case and without
// white space, that no column's name has.
type titleSign struct {
	reason Reason
	what   string
	needs  []string // one of which every title of the form holds: looked for first, because it costs next to nothing
	form   *regexp.Regexp
}

var titleSigns = []titleSign{
	{ReasonGone, "a page that is not there", []string{"404"}, regexp.MustCompile(`^(?:http|status|错误|error|提示)*404(?:错误|页面?|error|notfound|未找到|找不到|提示|[!！])*$|[^\d]404(?:错误|页面?|error|notfound)+$`)},
	{ReasonGone, "a page that is not there", []string{"不存在", "找不到", "未找到", "没有找到", "删除", "走丢", "丢失"}, regexp.MustCompile(`^(?:很?抱歉|对不起|sorry)?[,，]?[您你]?[要所]?(?:访问|查看|请求|浏览|查找)?的?(?:页面|网页|文件|栏目|文章)(?:已?不存在|找不到|未找到|没有找到|已?被?删除|走丢|丢失)了?[!！]?$`)},
	{ReasonGone, "a page that is not there", []string{"找不到", "未找到", "无法找到", "没有找到", "notfound", "错误"}, regexp.MustCompile(`^(?:找不到|未找到|无法找到|没有找到)[该此]?(?:页面?|网页|文件|资源)$|^(?:page|file|object)?notfound$|^错误页面?$|^错误提示$`)},
	{ReasonBlocked, "a block page", []string{"拦截", "拒绝", "阻断", "禁止", "受限", "异常", "防火墙", "waf"}, regexp.MustCompile(`^[您你]?的?(?:访问|请求)(?:已?被)?(?:拦截|拒绝|阻断|禁止|受限|异常)(?:提示|页面)?$|^(?:网站|web|应用)*防火墙$|^d盾.*拦截.*$|^拦截提示$|^web?应用防火墙$|^waf(?:拦截|提示)?$`)},
	{ReasonBlocked, "a block page", []string{"验证", "attention", "moment", "denied", "403", "rejected"}, regexp.MustCompile(`^(?:安全|人机|滑动|滑块|访问|浏览器)(?:安全)?验证(?:码|中|页面|中心)?$|^验证码(?:中间页)?$|^(?:attentionrequired!?|justamoment\.*|accessdenied|403forbidden|requestrejected)$`)},
	{ReasonBlocked, "a log-in wall", []string{"认证", "登录", "登陆", "login", "signin"}, regexp.MustCompile(`^(?:统一|用户|单点|系统|后台|管理员|会员)*(?:身份认证|登录|登陆)(?:页面?|平台|系统|中心)?$|^(?:login|signin)$`)},
	{ReasonDown, "an error page", []string{"50", "错误"}, regexp.MustCompile(`^(?:http|status|错误|error)*50[0234](?:badgateway|servicetemporarilyunavailable|serviceunavailable|gatewaytime-?out|internalservererror|错误|error)*$|^服务器(?:内部)?错误$|^应用程序中的服务器错误$`)},
	{ReasonDown, "a maintenance page", []string{"中", "maintenance", "construction", "soon"}, regexp.MustCompile(`^(?:本?网站|系统|平台|站点)?(?:正在)?(?:系统)?(?:维护|升级|建设|改版|改造)+中[.…!！]*$|^(?:sitemaintenance|undermaintenance|underconstruction|comingsoon)$`)},
	{ReasonGone, "a parked or unset host", []string{"welcome", "apache", "iis", "站点", "域名", "domain", "index", "suspended"}, regexp.MustCompile(`^welcometo(?:nginx|openresty|centos|tengine).*$|^apache.*(?:defaultpage|testpage).*$|^iis(?:windows)?(?:server)?[\d.]*$|^没有找到站点$|域名(?:出售|转让|停放)|domain.*forsale|^indexof/|^accountsuspended$`)},
}

// Words of the pages that are put on hosts which were given up or broken into.
// They stand in a title; what a body publishes about them stands in its items.
var (
	hijackWords = []string{
		"博彩", "棋牌", "娱乐城", "娱乐场", "百家乐", "时时彩", "六合彩", "快三", "老虎机", "葡京", "威尼斯人", "真人娱乐", "真人视讯", "赌场", "赌博网", "线上娱乐", "投注", "体育平台", "彩票平台", "彩票网", "彩票app", "购彩", "彩票",
		"成人视频", "成人电影", "无码", "casino", "slotgacor", "slotonline", "judi", "togel", "poker", "sportsbook", "คาสิโน", "สล็อต", "카지노", "토토", "カジノ",
	}
	// officialWords say that a page is a public body's own, whatever it writes of.
	officialWords = []string{"政府", "政务", "人民", "委员会", "信息公开", "局", "厅", "网站标识码", "福利彩票", "体育彩票"}
)

// challengeMarks are parts of the scripts that bot walls send in place of a
// page, with their maker. Pages that passed the wall may keep some of them, so
// they count only where next to nothing is visible.
var challengeMarks = []struct{ maker, text string }{
	{"瑞数", "$_ts"}, {"瑞数", "FSSBBIl1UgzbN7N"}, {"瑞数", "9DhefwqGPrzGxEp9hPaoag"},
	{"加速乐", "__jsl_clearance"}, {"加速乐", "__jsluid"}, {"加速乐", `go({"bts"`},
	{"阿里云 WAF", "acw_sc__v2"}, {"阿里云 WAF", "acw_sc__v3"}, {"阿里云 WAF", "aliyun_waf"},
	{"华为云 WAF", "HWWAFSES"},
	{"网防G01", "wzws_"}, {"网防G01", "wzwschallenge"}, {"网防G01", "wzwsmethod"},
	{"a bot wall", "/_guard/"}, {"a bot wall", "_cofing1"}, {"a bot wall", "slider_captcha"},
	{"Cloudflare", "__cf_chl"}, {"Cloudflare", "/cdn-cgi/challenge-platform/"},
}

// longMeta is the fingerprint of 瑞数 where every name in it is made up for the
// site: a <meta> of some hundred characters without the name of anything.
var longMeta = regexp.MustCompile(`(?i)<meta\s+(?:id=["']?[\w-]+["']?\s+)?content=["'][^"'<>\s]{150,}["'](?:\s+(?:id|r)=["']?[\w-]+["']?)*\s*/?>`)

// cookieWall is the plain form of a wall: a script that sets a cookie and asks
// for the page again. captchaTools are what pages load to show a captcha, and
// captchaImage is the picture of one.
var (
	cookieWall   = regexp.MustCompile(`document\.cookie\s*=[\s\S]*location|location[\s\S]*document\.cookie\s*=`)
	captchaTools = regexp.MustCompile(`(?i)geetest|initAliyunCaptcha|AWSC/|nc_1_n1z|TencentCaptcha|TCaptcha|h-captcha|g-recaptcha|cf-turnstile`)
	captchaImage = regexp.MustCompile(`(?i)<img[^>]{1,300}(?:captcha|verifycode|verify_code|checkcode|validatecode|randcode|yzm)`)
)

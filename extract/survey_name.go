package extract

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxColumnName is the longest name of a column, in runes.
const maxColumnName = 18

// What the elements of pages are called that are no list of columns, and what
// the elements with columns are.
var (
	navClass   = regexp.MustCompile(`(?i)nav|menu|daohang|lanmu`)
	footClass  = regexp.MustCompile(`(?i)foot|copyright|friend|yqlj|flink|beian|banquan`)
	trailClass = regexp.MustCompile(`(?i)crumb|dqwz|curpos|nowpos`)
	trailText  = regexp.MustCompile(`^(?:您?(?:当前|现在)?所?在?的?位置|当前位置|您现在的位置)`)
	titleClass = regexp.MustCompile(`(?i)title|tit\b|\bbt\b|\bhd\b|heading|column|lanmu|caption`)
)

// Names of links that are no columns. Services act on the reader's behalf or
// say who runs the site; none of them is a list that must stay fresh.
var (
	serviceName = regexp.MustCompile(`^(?:首页|网站首页|返回首页|主页|登录|登陆|注册|用户中心|个人中心|退出|english|en|简体中文?|繁体中文?|繁體中文?|简|繁|` +
		`网站?地图|站点地图|sitemap|rss|rss订阅|收藏本站|加入收藏|设为首页|联系我们|联系方式|关于我们|关于本站|网站声明|免责声明|版权声明|隐私声明|隐私保护|隐私政策|` +
		`使用帮助|帮助中心|友情链接|相关链接|网站导航|打印|打印本页|关闭|关闭窗口|返回|返回顶部|top|分享|搜索|检索|高级搜索|高级检索|站内搜索|智能搜索|` +
		`微信|微博|官方微信|官方微博|政务微信|政务微博|微信公众号|抖音|客户端|app|移动客户端|手机版|移动版|电脑版|触屏版|小程序|二维码|扫一扫|智能问答|智能机器人|智能咨询|机器人|` +
		`oa|oa系统|办公系统|邮箱|邮箱登录|电子邮箱|举报电话|投诉电话|tag|tags|切换|展开|收起|详情|详细|查看|查看详情|阅读全文|全文|\d+)$`)
	serviceWord = regexp.MustCompile(`无障碍|适老|长者|老年|关怀版|读屏|备案|公网安备|查询$|登录$|登陆$|icp|网站标识码|找错|纠错|版权所有|技术支持|主办单位|承办单位|english|浏览器|设为首页|加入收藏`)
	siteMapName = regexp.MustCompile(`^(?:网站?地图|站点地图|sitemap)$`)
	pagingName  = regexp.MustCompile(`^(?:上一?页|下一?页|前一页|后一页|尾页|末页|最后一页|第一页|转到?|跳转|go|prev|next|previous|\d{1,4})$`)
	moreName    = regexp.MustCompile(`^(?:(?:查看|浏览|阅读|点击)?(?:更多|全部|所有)(?:信息|内容|新闻|文章|栏目)?(?:more)?|more|查看更多more|moreinfo|进入栏目)$`)
	moreBehind  = regexp.MustCompile(`(?i)[（(\[【]?(?:查看)?(?:更多|more)[)）\]】]?$`)
	moreClass   = regexp.MustCompile(`(?i)(?:^|[\s_-])more`)
	genericHead = regexp.MustCompile(`^(?:首页|导航|网站导航|栏目导航|栏目列表|本站导航|主导航|信息分类|快速通道|快捷通道|菜单|栏目|频道|更多|more|热点信息|热门信息|热点推荐|推荐阅读|今日热点|相关链接|友情链接|网站链接|当前位置|分享到?)$`)
)

// arrows stand around names of links and are no part of them.
const arrows = "·•●■◆▪○※»«›‹>＞<＜▶►→|｜/、，。:：-—+＋[]【】「」《》*#…. "

// cleanName returns the text of a link as the name of a column.
func cleanName(s string) string {
	s = strings.Trim(title(s), arrows)
	if !moreName.MatchString(letters(s)) {
		s = strings.TrimRight(moreBehind.ReplaceAllString(s, ""), arrows)
	}
	return strings.Join(strings.Fields(s), "")
}

// nameOf returns the name of a link: its text, that of its picture, or what it
// shows when it is pointed at. Menus that a browser does not show yet count.
func nameOf(n *html.Node) string {
	if n.DataAtom == atom.Area {
		return cleanName(firstText(attr(n, "alt"), attr(n, "title")))
	}
	text := linkText(n)
	if text == "" || strings.HasSuffix(text, "...") || strings.HasSuffix(text, "…") {
		text = firstText(attr(n, "title"), text)
	}
	if text == "" {
		if img := firstElement(n, atom.Img); img != nil {
			text = firstText(attr(img, "alt"), attr(img, "title"))
		}
	}
	if plain := cleanName(text); plain != "" {
		return plain
	}
	return title(text) // ">>" is all that some 更多 show
}

// firstText returns the first text that is not empty.
func firstText(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}

// linkNodes bounds what is looked at of one link.
const linkNodes = 60

// linkText returns the text of a link, of which no more than a name is needed.
func linkText(n *html.Node) string {
	var b strings.Builder
	nodes := 0
	for c := range n.Descendants() {
		if nodes++; nodes > linkNodes || b.Len() > 400 {
			break
		}
		if c.Type == html.TextNode && (c.Parent == nil || !silent(c.Parent)) {
			b.WriteString(" " + cut(c.Data, 400))
		}
	}
	return title(b.String())
}

// moreLink reports whether a link leads to the rest of a list.
func moreLink(n *html.Node, name string) bool {
	plain := letters(name)
	if moreName.MatchString(plain) {
		return true
	}
	return plain == "" && (moreClass.MatchString(attr(n, "class")) || strings.ContainsAny(name, ">＞»›+＋"))
}

// groupName reports whether columns may stand below a text of that name.
func groupName(name string) bool {
	plain := letters(name)
	n := len([]rune(plain))
	return n >= 2 && n <= maxColumnName && strings.IndexFunc(plain, unicode.IsLetter) >= 0 && !genericHead.MatchString(plain) && !serviceName.MatchString(plain) &&
		!moreName.MatchString(plain) && !pagingName.MatchString(plain) && !serviceWord.MatchString(plain) && !trailText.MatchString(plain)
}

// groups returns the names above a head and its own, outermost first, without
// those of the whole page.
func (s *surveyor) groups(h *head) []string {
	var out []string
	for ; h != nil && len(out) < maxGroups; h = h.parent {
		if h.level > 1 && !s.wholeSite(letters(h.name)) && (len(out) == 0 || out[0] != h.name) {
			out = append([]string{h.name}, out...)
		}
	}
	return out
}

// wholeSite reports whether a name is the site's own, or part of its title that
// ends like one.
func (s *surveyor) wholeSite(plain string) bool {
	if s.site == "" {
		return false
	}
	return plain == s.site || strings.Contains(s.site, plain) && (strings.HasSuffix(plain, "网") || strings.HasSuffix(plain, "网站"))
}

package simcity

import (
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"
	"time"

	"xuncha/inventory"
)

// weibo lists the hosts of 微博: the pages for phones and what their scripts ask,
// the pages for desks, those without scripts, and who hands out visitors'
// cookies.
func weibo() []medium {
	return []medium{
		{platform: inventory.Weibo, host: "m.weibo.cn", main: true, needs: "visitor.passport.weibo.cn", answer: (*asking).weiboMobile},
		{platform: inventory.Weibo, host: "weibo.com", answer: (*asking).weiboDesk},
		{platform: inventory.Weibo, host: "weibo.cn", answer: (*asking).weiboPlain},
		{platform: inventory.Weibo, host: "visitor.passport.weibo.cn", answer: (*asking).weiboVisitor},
		{platform: inventory.Weibo, host: "passport.weibo.cn", answer: (*asking).weiboPassport},
	}
}

// weiboSize is how many posts an answer holds.
const weiboSize = 10

// weiboVisitor hands out a visitor's cookie.
func (q *asking) weiboVisitor() response {
	if q.r.URL.Path != "/visitor/genvisitor2" {
		return q.nowhere()
	}
	res := asJSON(http.StatusOK, object{"retcode": 20000000, "msg": "succ", "data": object{"new_tid": true}})
	if q.fault == "" {
		token := q.host.visitors.mint(q.now.day)
		res.set("Set-Cookie", "SUB="+token+"; Domain=.weibo.cn; Path=/; Secure; HttpOnly")
		res.set("Set-Cookie", "SUBP=0033Wr"+token[len(token)-16:]+"; Domain=.weibo.cn; Path=/; Secure")
	}
	return res
}

// weiboPassport is where a log-in wall leads.
func (q *asking) weiboPassport() response {
	return q.asPage(http.StatusOK, "登录 - 微博", faultLogin.says())
}

// weiboMobile answers as m.weibo.cn.
func (q *asking) weiboMobile() response {
	if uid, ok := strings.CutPrefix(q.r.URL.Path, "/u/"); ok {
		q.about(uid)
		return q.weiboPage(uid)
	}
	if q.r.URL.Path != "/api/container/getIndex" {
		return q.nowhere()
	}
	known := q.about(q.form("value"))
	if q.fault == faultVisitor || !q.host.visitors.good(q.cookie("SUB"), q.now.day) {
		return response{status: 432, kind: "text/html", plain: "<html><body>432</body></html>\n"}
	}
	switch {
	case q.fault == faultLogin || q.fault == faultCaptcha:
		return asJSON(http.StatusOK, object{"ok": -100, "errno": "100005", "msg": q.fault.says(), "url": "https://passport.weibo.cn/signin/login"})
	case q.fault == faultFrequency:
		return asJSON(418, object{"ok": 0, "errno": "100005", "msg": q.fault.says()})
	case !known || q.fault.denies():
		return asJSON(http.StatusOK, object{"ok": 0, "errno": "20003", "msg": q.fault.says()})
	case q.form("containerid") == "":
		return asJSON(http.StatusOK, object{"ok": 1, "data": q.weiboProfile()})
	}
	return q.weiboPosts()
}

// weiboPage is the page of an account, whose script gets itself a visitor's
// cookie and asks for the posts.
func (q *asking) weiboPage(uid string) response {
	if q.fault == faultCaptcha {
		return q.asPage(http.StatusOK, "验证码 - 微博", q.fault.says())
	}
	at := "/api/container/getIndex?type=uid&value=" + uid
	return q.scripted("微博",
		"  await fetch('https://visitor.passport.weibo.cn/visitor/genvisitor2?cb=visitor_gray_callback&tid=', {credentials: 'include'});\n"+
			"  await fetch('"+at+"');\n",
		"'"+at+"&containerid=107603"+uid+"'",
		"((data.data || {}).cards || []).map(c => c.mblog.text)")
}

// weiboUser is an account as 微博 describes it.
func (q *asking) weiboUser() object {
	a := q.account
	id, _ := strconv.ParseInt(a.UID, 10, 64) // 0 for what is no number
	return object{
		"id": id, "screen_name": a.shown, "profile_image_url": a.avatar(), "profile_url": "https://m.weibo.cn/u/" + a.UID,
		"statuses_count": q.total(), "verified": true, "verified_type": 1, "verified_type_ext": 0, "verified_reason": a.owner,
		"close_blue_v": false, "description": a.owner, "gender": "m", "follow_me": false, "following": false,
		"followers_count": 1000 + a.line.key%90000, "follow_count": 100, "avatar_hd": a.avatar(),
	}
}

func (q *asking) weiboProfile() object {
	uid := q.account.UID
	return object{
		"avatar_guide": []any{}, "userInfo": q.weiboUser(), "scheme": "sinaweibo://userinfo?uid=" + uid, "showAppTips": 1,
		"tabsInfo": object{"selectedTab": 1, "tabs": []object{
			{"id": 1, "tabKey": "profile", "must_show": 1, "hidden": 0, "title": "主页", "tab_type": "profile", "containerid": "230283" + uid},
			{"id": 2, "tabKey": "weibo", "must_show": 1, "hidden": 0, "title": "微博", "tab_type": "weibo", "containerid": "107603" + uid},
		}},
	}
}

// weiboPosts are the posts of an account, in cards.
func (q *asking) weiboPosts() response {
	cards := []object{}
	for _, p := range q.posts(weiboSize) {
		cards = append(cards, q.weiboCard(p))
	}
	data := object{
		"cardlistInfo": object{"containerid": "107603" + q.account.UID, "v_p": 42, "show_style": 1, "total": q.total(), "page": 2},
		"cards":        cards, "scheme": "sinaweibo://cardlist?containerid=107603" + q.account.UID,
	}
	if len(cards) == 0 {
		return asJSON(http.StatusOK, object{"ok": 0, "msg": "这里还没有内容", "data": object{"cards": cards}})
	}
	return asJSON(http.StatusOK, object{"ok": 1, "data": data})
}

func (q *asking) weiboCard(p post) object {
	id := strconv.FormatUint(q.account.number(p), 10)
	blog := object{
		"created_at": q.weiboTime(p.at), "id": id, "idstr": id, "mid": id, "can_edit": false, "text": p.title, "textLength": 2 * len([]rune(p.title)),
		"source": "微博网页版", "user": q.weiboUser(), "reposts_count": 3, "comments_count": 1, "attitudes_count": 9, "isLongText": false,
		"visible": object{"type": 0, "list_id": 0}, "mblogtype": 0, "bid": "N" + id[len(id)-8:],
	}
	card := object{"card_type": 9, "itemid": "107603" + q.account.UID + "_-_" + id, "scheme": "https://m.weibo.cn/status/" + id, "mblog": blog, "show_type": 0}
	if p.pinned {
		blog["isTop"], blog["mblogtype"], blog["title"] = 1, 2, object{"text": "置顶", "base_color": 1}
		card["profile_type_id"] = "proweibotop_" + id
	}
	if p.repost {
		blog["retweeted_status"] = object{"id": "1", "text": "转发原文", "created_at": weiboLong(p.at.time().AddDate(-1, 0, 0))}
	}
	return card
}

// weiboTime is when a post was made as 微博 says it. Some answers still say it
// the old way, by what a reader counts from now.
func (q *asking) weiboTime(at moment) string {
	if q.fault == faultUndated {
		return ""
	}
	if q.account.line.key%4 != 0 || q.fault == faultOldList {
		return weiboLong(at.time())
	}
	t, ago := at.time(), (int(q.now.day-at.day)*24*60)+q.now.minute-at.minute
	switch {
	case ago < 1:
		return "刚刚"
	case ago < 60:
		return fmt.Sprintf("%d分钟前", ago)
	case at.day == q.now.day:
		return fmt.Sprintf("%d小时前", ago/60)
	case at.day == q.now.day-1:
		return t.Format("昨天 15:04")
	case t.Year() == q.now.day.time().Year():
		return t.Format("01-02")
	}
	return t.Format(time.DateOnly)
}

func weiboLong(t time.Time) string { return t.Format("Mon Jan 02 15:04:05 -0700 2006") }

// weiboDesk answers as weibo.com does to scripts. A guest is told to log in.
func (q *asking) weiboDesk() response {
	if q.r.URL.Path != "/ajax/statuses/mymblog" {
		return q.asPage(http.StatusOK, "微博", faultLogin.says())
	}
	known := q.about(q.form("uid"))
	switch {
	case !strings.HasPrefix(q.cookie("SUB"), "_2A25"), q.fault == faultLogin, q.fault == faultCaptcha, q.fault == faultVisitor:
		return asJSON(http.StatusOK, object{"ok": -100, "url": "https://weibo.com/login.php"})
	case !known || q.fault.denies():
		return asJSON(http.StatusOK, object{"ok": 0, "message": q.fault.says()})
	}
	list := []object{}
	for _, p := range q.posts(2 * weiboSize) {
		blog, _ := q.weiboCard(p)["mblog"].(object)
		blog["text_raw"], blog["mblogid"], blog["created_at"] = p.title, blog["bid"], weiboLong(p.at.time())
		list = append(list, blog)
	}
	return asJSON(http.StatusOK, object{"ok": 1, "data": object{"since_id": "", "list": list, "status_visible": 1, "total": q.total(), "topicList": []any{}}})
}

// weiboPlain answers as weibo.cn, whose pages need no script and a cookie.
func (q *asking) weiboPlain() response {
	uid, ok := strings.CutPrefix(q.r.URL.Path, "/u/")
	switch {
	case !ok:
		return q.nowhere()
	case !q.about(uid) || q.fault.denies() && q.fault != faultLogin && q.fault != faultVisitor:
		return q.asPage(http.StatusOK, "微博", q.fault.says())
	case q.fault != "" && q.fault.denies() || !q.host.visitors.good(q.cookie("SUB"), q.now.day):
		return response{status: http.StatusFound, kind: "text/html", location: "https://passport.weibo.cn/signin/login", plain: "<html><body>Found</body></html>\n"}
	}
	return q.asDocument(q.account.shown+"的微博", func() {
		q.add(`<div class="u"><div class="ut">`, html.EscapeString(q.account.shown), `</div><div class="tip2"><span class="tc">微博[`, itoa(q.total()), "]</span></div><a href=\"/", uid, "/info\">资料</a></div>\n")
		for _, p := range q.posts(weiboSize) {
			id := strconv.FormatUint(q.account.number(p), 36)
			q.add(`<div class="c" id="M_`, id, `"><div><span class="ctt">`, html.EscapeString(p.title), `</span>&nbsp;<a href="https://weibo.cn/comment/`, id, `" class="cc">评论[0]</a>&nbsp;<span class="ct">`, q.weiboShort(p.at), "&nbsp;来自微博网页版</span></div></div>\n")
		}
	})
}

func (q *asking) weiboShort(at moment) string {
	t := at.time()
	if t.Year() == q.now.day.time().Year() {
		return t.Format("01月02日 15:04")
	}
	return t.Format("2006-01-02 15:04:05")
}

package simcity

import (
	"html"
	"net/http"
	"strconv"
	"strings"

	"xuncha/inventory"
)

// wechat is the one host of 微信公众号. A guest sees single articles, and of an
// account's posts those that it gathers in an album.
func wechat() []medium {
	return []medium{{platform: inventory.Wechat, host: "mp.weixin.qq.com", main: true, bound: true, answer: (*asking).wechat}}
}

// wechatSize is how many articles an album shows at once.
const wechatSize = 10

func (q *asking) wechat() response {
	if token, ok := strings.CutPrefix(q.r.URL.Path, "/s/"); ok {
		return q.wechatArticle(token)
	}
	if q.r.URL.Path != "/mp/appmsgalbum" {
		return q.wechatTells("请在微信客户端打开链接。")
	}
	known := q.about(q.form("__biz"))
	if known && q.form("album_id") != q.account.Album {
		return q.wechatTells("参数错误")
	}
	if res, ok := q.wechatDenies(known); ok {
		return res
	}
	return q.asDocument("专辑", q.wechatAlbum)
}

// wechatDenies answers for what is not to be seen.
func (q *asking) wechatDenies(known bool) (response, bool) {
	switch {
	case q.fault == faultCaptcha, q.fault == faultVisitor:
		return q.asPage(http.StatusOK, "环境异常", "当前环境异常，完成验证后即可继续访问。</p><p><a href=\"javascript:;\">去验证</a>"), true
	case q.fault == faultLogin:
		return q.wechatTells("请在微信客户端打开链接。"), true
	case q.fault == closedMoved:
		return q.wechatTells(`该公众号已迁移</p><script>var transferTargetLink = "";</script><p>`), true
	case q.fault == closedCancelled:
		return q.wechatTells("该帐号已自主注销，内容无法查看"), true
	case q.fault == closedBanned:
		return q.wechatTells("此帐号已被屏蔽，内容无法查看"), true
	case q.fault == closedRecycled:
		return q.wechatTells("帐号已被系统回收，内容无法查看"), true
	case !known || q.fault.denies() && q.fault != faultExpired:
		return q.wechatTells(q.fault.says()), true
	}
	return response{}, false
}

// wechatTells answers with the page that stands for any that is not there.
func (q *asking) wechatTells(what string) response {
	return q.asDocument("微信公众平台", func() {
		q.add(`<div class="weui-msg"><div class="weui-msg__icon-area"><i class="weui-icon-warn weui-icon_msg"></i></div>`,
			`<div class="weui-msg__text-area"><div class="weui-msg__title warn"><p>`, what, "</p></div></div></div>\n")
	})
}

// wechatAlbum writes an album: every other post of the account.
func (q *asking) wechatAlbum() {
	a := q.account
	q.add(`<div class="album__header"><div class="album__author-name">`, html.EscapeString(a.shown), `</div><h2 class="album__label-title">工作动态</h2><span class="album__num">`,
		itoa(q.total()/2), "篇内容</span></div>\n", `<ul class="album__list js_album_list">`, "\n")
	shown := 0
	for _, p := range q.posts(2 * wechatSize) {
		if p.k%2 != 0 || p.k%97 == 1 || shown == wechatSize {
			continue
		}
		shown++
		at := strconv.FormatInt(p.at.time().Unix(), 10)
		if q.fault == faultUndated {
			at = ""
		}
		q.add(`<li class="album__list-item js_album_item js_wx_tap_highlight wx_tap_cell" data-msgid="`, itoa(2650000000+p.k), `" data-itemidx="1" data-link="https://mp.weixin.qq.com/s/`,
			a.token(p.k), `" data-title="`, html.EscapeString(p.title), `"><div class="album__item-content"><div class="album__item-title-wrp"><span class="album__item-title">`,
			html.EscapeString(p.title), `</span></div><div class="album__item-info"><span class="js_article_create_time album__item-info-item">`, at, "</span></div></div></li>\n")
	}
	q.add("</ul>\n<script>\nvar cgiData = {\n  biz: '", a.UID, "',\n  album_id: '", a.Album, "'\n};\n</script>\n")
}

// wechatArticle answers with one post.
func (q *asking) wechatArticle(token string) response {
	known := false
	p := post{}
	for _, a := range q.host.accounts {
		if found, ok := a.posted(token, q.now); ok {
			p, known = found, q.about(a.UID)
		}
	}
	if q.fault == faultExpired {
		return q.wechatTells("链接已过期")
	}
	if res, ok := q.wechatDenies(true); ok {
		return res
	}
	if !known || p.k%97 == 1 { // deleted since, and gone from the album
		return q.wechatTells("该内容已被发布者删除")
	}
	q.wechatBody(p)
	return response{status: http.StatusOK, kind: "text/html", page: q.page}
}

func (q *asking) wechatBody(p post) {
	a := q.account
	title, name := html.EscapeString(p.title), html.EscapeString(a.shown)
	ct := strconv.FormatInt(p.at.time().Unix(), 10)
	if q.fault == faultUndated {
		ct = ""
	}
	q.add("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title></title>\n", `<meta property="og:title" content="`, title, `">`, "\n",
		`<meta property="og:site_name" content="微信公众平台">`, "\n</head>\n<body id=\"activity-detail\">\n",
		`<div id="img-content" class="rich_media_wrp"><h1 class="rich_media_title" id="activity-name">`, title, "</h1>\n",
		`<div id="meta_content" class="rich_media_meta_list"><span class="rich_media_meta rich_media_meta_nickname" id="profileBt"><a href="javascript:void(0);" id="js_name">`, name,
		"</a></span><em id=\"publish_time\" class=\"rich_media_meta rich_media_meta_text\"></em></div>\n", `<div class="rich_media_content" id="js_content">`)
	for _, text := range a.writer.paragraphs(mix(a.line.key, uint64(p.k)), p.at.day) {
		q.add("<p>", text, "</p>")
	}
	q.add("</div></div>\n", `<div class="wx_follow_nickname">`, name, "</div>\n<script type=\"text/javascript\">\nvar biz = \"", a.UID, "\" || \"\";\nvar ct = \"", ct,
		"\";\nvar nickname = \"", name, "\";\nvar msg_title = '", title, "'.html(false);\nvar create_time = \"", ct, "\" * 1;\n</script>\n</body>\n</html>\n")
}

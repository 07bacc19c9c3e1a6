package inventory_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// The accounts of these answers are made up; the answers have the form of those
// that the platforms give or gave.
var uids = map[inventory.Platform]string{
	inventory.Weibo: "7000012345", inventory.Wechat: "MzA5MTIzNDU2Nw==", inventory.Douyin: "MS4wLjABAAAAq1w2e3r4t5y6u7i8o9p0a1s2d3f4",
	inventory.Toutiao: "MS4wLjABAAAAtt1w2e3r4t5y6u7i8o9p0a1s2d3f4", inventory.Kuaishou: "3xpsfb01", inventory.Bilibili: "700012345",
	inventory.Xiaohongshu: "5f00000000000000000000aa", inventory.Xigua: "70001234567",
}

// answered is what a platform's forms read of one answer to a source of a kind.
func answered(t *testing.T, p inventory.PlatformProfile, kind extract.SourceKind, body string) extract.Reading {
	t.Helper()
	now := time.Date(2026, 9, 18, 10, 0, 0, 0, extract.Beijing)
	src := extract.PostSource{Kind: kind, URL: "https://" + p.Manner.Hosts[0] + "/of/" + uids[p.ID], Forms: p.Forms, Refusals: p.Refusals, Whole: extract.WholeNewest}
	if kind == extract.FromLink {
		src.Forms = p.Links
	}
	task := extract.Task{Question: extract.AskPosts, Hosts: p.Manner.Hosts, Posting: &extract.Posting{UID: uids[p.ID], Name: "平山发布", Sources: []extract.PostSource{src}}}
	_, wants := extract.Read(task, nil)
	got, _ := extract.Read(task, []extract.Page{{Asked: src.URL, URL: src.URL, Why: wants[0].Why, Status: 200, FetchedAt: now, Body: []byte(body)}})
	return got
}

// article is a page of 微信 with what stands on it and in its script.
func article(shown, script string) string {
	return `<!DOCTYPE html><html><head><meta charset="utf-8"><meta property="og:title" content="秋收防火通告"><meta property="og:url" content="http://mp.weixin.qq.com/s?x=1"><title></title></head>` +
		`<body id="activity-detail"><h1 id="activity-name">秋收防火通告</h1>` + shown + `<div id="js_content"><p>现将有关事项通告如下。</p></div><script>` + script + `</script></body></html>`
}

func TestShippedFormsReadOldAndNewAnswers(t *testing.T) {
	const ct, js = "1788999960", `<a id="js_name"> 平山发布 </a>` // 2026-09-10 07:06
	biz := `var biz = "" || "MzA5MTIzNDU2Nw==";`
	card := func(day, more string) string {
		return `{"card_type":9,"mblog":{"created_at":"` + day + `","id":"` + day[8:10] + `","text":"一条","user":{"id":7000012345,"screen_name":"平山发布","statuses_count":90}` + more + `}}`
	}
	cards := func(all ...string) string {
		return `{"ok":1,"data":{"cardlistInfo":{"since_id":9},"cards":[` + strings.Join(all, ",") + `]}}`
	}
	old, recent := "Wed Sep 02 09:00:00 +0800 2026", "Thu Sep 17 09:00:00 +0800 2026"
	stranger := `,"user":{"id":7000099999,"screen_name":"矿区日报"}`
	other := func(more string) string {
		return `{"mblog":{"created_at":"` + recent + `","id":"5","text":"一条"` + stranger + more + `}}`
	}
	dynamic := func(ts, shown string) string {
		return `{"code":0,"data":{"has_more":true,"items":[{"id_str":"9","modules":{"module_author":{"mid":700012345,"name":"平山发布","pub_ts":` + ts + `,"pub_time":"` + shown + `"},"module_dynamic":{"desc":{"text":"一条"}}}}]}}`
	}
	headline := func(more string) string {
		return `{"data":[{"content":"一条","publish_time":1789200000,"user":{"user_id":71,"info":{"name":"平山发布"}}},` +
			`{"title":"二","behot_time":1789000000,"publish_time":1788900000,"user_info":{"name":"平山发布","user_id":71},"media_url":"/c/user/token/` + uids[inventory.Toutiao] + `/"` + more + `}],"has_more":true}`
	}
	render := func(key string) string {
		return `<script id="RENDER_DATA" type="application/json">` + url.PathEscape(`{"`+key+`":{"user":{"user":{"nickname":"平山发布","secUid":"`+uids[inventory.Douyin]+
			`"}},"post":{"hasMore":1,"data":[{"awemeId":"1","desc":"一条","createTime":1789000000}]}}}`) + `</script>`
	}
	const list, link = extract.FromPlatform, extract.FromLink
	tests := []struct {
		name     string
		platform inventory.Platform
		kind     extract.SourceKind
		body     string
		newest   string // and + where it is a lower bound, else what stood in the way
		shown    string
	}{
		{"an article by ct", inventory.Wechat, link, article(js, biz+`var ct = "`+ct+`";`), "2026-09-10+", "平山发布"},
		{"an article by oriCreateTime", inventory.Wechat, link, article(js, biz+`var oriCreateTime = '`+ct+`';`), "2026-09-10+", "平山发布"},
		{"an article by createTime", inventory.Wechat, link, article(js, biz+`var createTime = '2026-09-10 07:06';var oriCreateTime = '`+ct+`';`), "2026-09-10+", "平山发布"},
		{"an article that says its day", inventory.Wechat, link, article(js+`<em id="publish_time">2026年9月10日 07:06</em>`, biz), "2026-09-10+", "平山发布"},
		{"an article that names its account in a script", inventory.Wechat, link, article("", biz+`var nickname = htmlDecode("平山&amp;发布"); var ct = "`+ct+`";`), "2026-09-10+", "平山&发布"},
		{"an article of old", inventory.Wechat, link, article(`<a id="post-user">平山发布</a>`, biz+`var ct = "`+ct+`";`), "2026-09-10+", "平山发布"},
		{"pictures", inventory.Wechat, link, `<html><head><meta property="og:title" content="图集"></head><body><script>window.cgiDataNew = {bizuin: JsDecode('MzA5MTIzNDU2Nw\x3d\x3d'), nick_name: JsDecode('平山\x26amp;发布'), create_time: JsDecode('2026-09-10 07:06')};</script></body></html>`, "2026-09-10+", "平山&发布"},
		{"a film", inventory.Wechat, link, `<html><body><script>d.biz = xml ? getXmlValue('bizuin.DATA') : 'MzA5MTIzNDU2Nw=='; d.nick_name = xml ? getXmlValue('nick_name.DATA') : '平山发布'; d.create_time = xml ? getXmlValue('create_time.DATA') : '2026-09-10 07:06';</script></body></html>`, "2026-09-10+", "平山发布"},
		{"an article of another account of that name", inventory.Wechat, link, article(js, `var biz = "MzI5OTk5OTk5OQ=="; var oriCreateTime = '`+ct+`';`), "foreign", ""},
		{"an account that moves", inventory.Wechat, link, `<html><body><div class="weui-msg"><h2>此帐号已申请公众号帐号迁移流程，被冻结/回收，小主页暂无法访问。</h2></div></body></html>`, "moved", ""},

		{"what an account liked", inventory.Weibo, list, cards(other(`,"title":{"text":"平山发布 赞过的微博"}`), card(old, "")), "2026-09-02", "平山发布"},
		{"an advertisement", inventory.Weibo, list, cards(other(`,"ad_state":1`), card(old, "")), "2026-09-02", "平山发布"},
		{"what it passed on in one touch", inventory.Weibo, list, cards(other(`,"title":{"text":"平山发布 快转了"}`), card(old, "")), "2026-09-02+", "平山发布"},
		{"a list that counts nothing", inventory.Weibo, list, `{"ok":1,"data":{"cardlistInfo":{"total":0},"cards":[]}}`, "empty", ""},

		{"data of a page under a number", inventory.Douyin, list, render("C_14"), "2026-09-10", "平山发布"},
		{"data of a page", inventory.Douyin, list, render("app"), "2026-09-10", "平山发布"},
		{"an account that was cancelled", inventory.Douyin, list, `{"status_code":0,"user":{"nickname":"已重置","sec_uid":"` + uids[inventory.Douyin] + `","aweme_count":0,"user_canceled":true}}`, "cancelled", "已重置"},

		{"a short text beside an article", inventory.Toutiao, list, headline(""), "2026-09-12", "平山发布"},
		{"a time that is 0", inventory.Toutiao, list, strings.ReplaceAll(headline(""), `"publish_time":1789200000`, `"publish_time":0,"behot_time":1789200000`), "2026-09-12", "平山发布"},

		{"a check of the reader, in data", inventory.Kuaishou, list, `{"data":{"result":400002,"list":[]}}`, "captcha", ""},
		{"a check of the reader, in a graph", inventory.Kuaishou, list, `{"data":{"visionProfilePhotoList":{"result":400002,"feeds":[]}}}`, "captcha", ""},
		{"too many, in a graph", inventory.Kuaishou, list, `{"data":{"visionProfilePhotoList":{"result":2,"feeds":[]}}}`, "frequency", ""},

		{"a moment", inventory.Bilibili, list, dynamic("1789000000", "昨天"), "2026-09-10", "平山发布"},
		{"a moment that is 0", inventory.Bilibili, list, dynamic("0", "昨天 12:30"), "2026-09-17", "平山发布"},
		{"films that count nothing", inventory.Bilibili, list, `{"code":0,"data":{"list":{"vlist":[]},"page":{"count":0}}}`, "empty", ""},

		{"a note", inventory.Xiaohongshu, link, `<script>window.__INITIAL_STATE__={"note":{"noteDetailMap":{"6600aa":{"note":{"title":"秋收","time":1789000000000,"user":{"userId":"5f00000000000000000000aa","nickname":"平山发布"}}}}},"x":undefined}</script>`, "2026-09-10+", "平山发布"},
	}
	city := shipped(t, "yangquan")
	for _, tt := range tests {
		p, _ := city.Platform(tt.platform)
		r := answered(t, p, tt.kind, tt.body)
		got := string(r.Hindrance)
		if !r.Newest.IsZero() {
			got = r.Newest.Day().Format(time.DateOnly)
			if r.AtLeast {
				got += "+"
			}
		}
		if got != tt.newest || r.Name != tt.shown {
			t.Errorf("%s, %s: got %s of %q (%s; %q), want %s of %q", tt.platform, tt.name, got, r.Name, r.Detail, r.Notes, tt.newest, tt.shown)
		}
	}
}

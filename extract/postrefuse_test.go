package extract

import (
	"strings"
	"testing"
)

// What a platform says in the place of posts has outcomes of its own, none of
// which is an old date, and only the answer itself can say that an account is
// gone.
func TestPostsRefused(t *testing.T) {
	page := func(title, text string) string {
		return "<!doctype html><html><head><title>" + title + "</title></head><body><div>" + text + "</div><script>var x = 1;</script></body></html>"
	}
	tests := []struct {
		name string
		shot shot
		want string
	}{
		{"432 without a visitor's cookie", shot{status: 432, body: page("432", "432")}, "blocked, visitor"},
		{"432 that speaks of the account", shot{status: 432, body: `{"ok":0,"msg":"用户不存在"}`}, "blocked, visitor"},
		{"403", shot{status: 403, body: page("", "Forbidden")}, "blocked, visitor"},
		{"412", shot{status: 412, body: `{"code":-412,"message":"请求被拦截"}`}, "blocked, captcha"},
		{"418", shot{status: 418}, "blocked, frequency"},
		{"429", shot{status: 429, class: ClassTooMany}, "blocked, frequency"},
		{"a status and words of frequency", shot{status: 403, body: `{"msg":"访问过于频繁，请稍后再试"}`}, "blocked, frequency"},
		{"log in again", shot{body: `{"ok":-100,"errno":"100005","url":"https://passport.weipo.test/signin"}`}, "blocked, login"},
		{"risk control", shot{body: `{"code":-352,"message":"-352","ttl":1,"data":{"v_voucher":"voucher_1"}}`}, "blocked, captcha"},
		{"a code nobody knows", shot{body: `{"code":-777,"message":"-777"}`}, "lost"},
		{"null in the place of the list", shot{body: `{"message":"success","data":{"cards":null}}`}, "blocked, visitor"},
		{"an empty list that states nothing", shot{body: `{"ok":0,"msg":"这里还没有内容","data":{"cards":[]}}`}, "lost, empty"},
		{"an empty list of an account with posts", shot{body: `{"ok":1,"data":{"cards":[],"user":{"count":12}}}`}, "lost, empty"},
		{"an empty list of an account without", shot{body: `{"ok":1,"data":{"cards":[],"user":{"count":0}}}`}, "empty by platform"},
		{"a failure that states 0 posts", shot{body: `{"code":5,"data":{"cards":[],"user":{"count":0}}}`}, "lost, empty"},
		{"an empty list with a message", shot{body: `{"ok":0,"msg":"请先登录后查看","data":{"cards":[]}}`}, "blocked, login"},
		{"a profile without posts", shot{body: `{"data":{"user":{"id":70001,"name":"平山发布","count":3}}}`}, "lost"},

		{"a captcha page", shot{body: page("验证码中间页", "")}, "blocked, captcha"},
		{"led to a captcha", shot{url: "https://m.weipo.test/mp/wappoc_appmsgcaptcha?x=1", body: page("", "去验证")}, "blocked, captcha"},
		{"led to a log-in page", shot{url: "https://passport.weipo.test/login", body: page("登录", "")}, "blocked, login"},
		{"led to a log-in page, as the fetch says", shot{url: "https://passport.weipo.test/x", class: ClassLogin}, "blocked, login"},
		{"led elsewhere", shot{url: "https://ads.example.com/", body: answerOf("", "2023-09-26")}, "gone"},
		{"a visitor system", shot{body: page("Sina Visitor System", "")}, "blocked, visitor"},
		{"a page of something else", shot{body: page("平山发布", strings.Repeat("欢迎关注平山县的新媒体账号。", 200))}, "lost"},
		{"nothing at all", shot{}, "down"},
		{"a picture", shot{body: "\x89PNG\r\n"}, "lost"},

		{"no such user", shot{body: `{"ok":0,"errno":20003,"msg":"用户不存在"}`}, "gone, no-user"},
		{"no such user, on a page", shot{body: page("微博", "用户不存在")}, "gone, no-user"},
		{"words in escapes", shot{body: `{"ok":0,"msg":"\u7528\u6237\u4e0d\u5b58\u5728"}`}, "gone, no-user"},
		{"cancelled", shot{body: page("", "该帐号已自主注销，内容无法查看")}, "gone, cancelled"},
		{"banned", shot{body: page("", "此帐号已被屏蔽，内容无法查看")}, "gone, banned"},
		{"recycled", shot{body: page("", "帐号已被系统回收，内容无法查看")}, "gone, recycled"},
		{"moved", shot{body: page("", "该公众号已迁移，原帐号已被系统回收")}, "gone, moved"},
		{"a long page that speaks of other accounts", shot{body: page("热门", strings.Repeat("热门微博今天的话题很多。", 300)+"用户不存在")}, "lost"},
		{"a server's error that speaks of users", shot{status: 502, body: page("", "用户不存在")}, "down"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := stage{platformAt: tt.shot}.look(t, account(platform()), nil, fetched)
			if gist(got) != tt.want {
				t.Errorf("got %s (%s), want %s", gist(got), got.Detail, tt.want)
			}
		})
	}
}

// Words of a refusal in a post refuse nothing, and an account that had posts is
// not suddenly without.
func TestPostsNotRefused(t *testing.T) {
	src := platform()
	src.Refusals = append(src.Refusals, Refusal{Hindrance: HindNoUser, Text: "用户不存在"})
	body := strings.ReplaceAll(answerOf("", "2023-09-26_10:00"), "动态", "提示用户不存在怎么办，请先登录")
	if got, _ := (stage{platformAt: {body: body}}).look(t, account(src), nil, fetched); gist(got) != "dated 09-26 10:00 by platform" {
		t.Errorf("got %s, want the post", gist(got))
	}
	empty := stage{platformAt: {body: `{"ok":1,"data":{"cards":[],"user":{"count":0}}}`}}
	if got, _ := empty.look(t, account(platform()), &Fingerprint{Rows: 9, Links: []string{"a"}}, fetched); gist(got) != "lost, empty" {
		t.Errorf("got %s, want a list that was full to be a question", gist(got))
	}
	// what tells of the account outweighs what tells of the first look
	got, _ := stage{platformAt: {status: 432}, browserAt: {body: "<html><body>该账号已注销</body></html>"}}.look(t, account(platform(), browser()), nil, fetched)
	if gist(got) != "gone, cancelled" {
		t.Errorf("got %s, want the account's own state", gist(got))
	}
	// answers to other scripts of the page say nothing
	noise := [][2]string{{"https://m.weipo.test/api/notice", `{"msg":"请先登录"}`}, {platformAt, answerOf("", "2023-09-26_10:00")}}
	if got, _ := (stage{browserAt: {body: "<html></html>", data: noise}}).look(t, account(browser()), nil, fetched); gist(got) != "dated 09-26 10:00 by browser" {
		t.Errorf("got %s, want the posts among the answers", gist(got))
	}
	noise = noise[:1]
	if got, _ := (stage{browserAt: {body: "<html><body><p>平山发布</p></body></html>", data: noise}}).look(t, account(browser()), nil, fetched); gist(got) != "lost" {
		t.Errorf("got %s, want no log-in wall that nobody asked for", gist(got))
	}
}

// A post that was handed in counts only if it is the account's, and clears at
// most.
func TestPostLinks(t *testing.T) {
	article := func(biz, nick, ct string) string {
		s := `<!doctype html><html><head><meta charset="utf-8"><meta property="og:title" content="关于秋收的通知"><title></title></head><body id="activity-detail">
<h1 id="activity-name">关于秋收的通知</h1><a href="javascript:void(0);" id="js_name"> ` + nick + ` </a><em id="publish_time"></em><div id="js_content"><p>各乡镇：现将有关事项通知如下。</p></div><script>`
		if biz != "" {
			s += `var biz = "" || "` + biz + `";`
		}
		return s + `var ct = "` + ct + `";</script></body></html>`
	}
	const uid = "MzA5MTIzNDU2Nw=="
	news := `<html><head><title>关于秋收的通知</title><meta name="author" content="平山发布"></head><body><h1>关于秋收的通知</h1><p>发布时间：2023-09-20 10:00</p><p>` + strings.Repeat("现将有关事项通知如下。", 20) + `</p></body></html>`
	tests := []struct {
		name, uid string
		shot      shot
		want      string
	}{
		{"by its biz", uid, shot{body: article(uid, "平山融媒", "1695175200")}, "dated 09-20 10:00 at least by link"},
		{"of another biz under the same name", uid, shot{body: article("MzA5MTIzNDU2OA==", "平山发布", "1695175200")}, "lost, foreign"},
		{"by its address", uid, shot{url: "https://mp.weipo.test/s?__biz=MzA5MTIzNDU2Nw%3D%3D&mid=1", body: article("", "平山融媒", "1695175200")}, "dated 09-20 10:00 at least by link"},
		{"of another address", uid, shot{url: "https://mp.weipo.test/s?__biz=MzA5MTIzNDU2OA==&mid=1", body: article("", "平山发布", "1695175200")}, "lost, foreign"},
		{"by its name", "", shot{body: article(uid, "平山　发布", "1695175200")}, "dated 09-20 10:00 at least by link"},
		{"by a name with another suffix", "", shot{body: article(uid, "平山发布厅", "1695175200")}, "lost, foreign"},
		{"by what its script states", uid, shot{body: `<html><body><p>各乡镇：</p><script>var d = {bizuin: JsDecode('` + uid + `'), nick_name: JsDecode('平山发布'), ct: '1695175200'}</script></body></html>`}, "dated 09-20 10:00 at least by link"},
		{"any article, by its author", "", shot{body: news}, "dated 09-20 10:00 at least by link"},
		{"any article of nobody", "", shot{body: strings.ReplaceAll(news, "author", "source")}, "lost, foreign"},
		{"without a date", uid, shot{body: article(uid, "平山发布", "")}, "undated, undated"},
		{"expired", uid, shot{body: `<html><body id="activity-detail"><div class="weui-msg"><h2> 链接已过期 </h2></div><script>var biz = "";</script></body></html>`}, "gone, expired"},
		{"deleted by who posted it", uid, shot{body: `<html><body><p>该内容已被发布者删除</p></body></html>`}, "gone, deleted"},
		{"forbidden", uid, shot{body: `<html><body><p>此内容因违规无法查看</p></body></html>`}, "gone, deleted"},
		{"a check of the reader", uid, shot{body: `<html><body><p>环境异常</p><p>当前环境异常，完成验证后即可继续访问。</p></body></html>`}, "blocked, captcha"},
		{"wrong parameters", uid, shot{body: `<html><body><p>参数错误</p></body></html>`}, "blocked, visitor"},
		{"only in the client", uid, shot{body: `<html><body><p>请在微信客户端打开链接。</p></body></html>`}, "blocked, login"},
		{"404", uid, shot{status: 404, class: ClassNotFound}, "gone"},
	}
	form := PostForm{
		Recipe: Recipe{Source: SourceHTML, Title: "#activity-name", Date: `=~ var ct = "(\d{10})"`, Name: "#js_name"},
		Signs:  []string{"var ct ="}, UID: `=~ var biz = (?:"" \|\| )?"([^"]+)"`,
	}
	for _, forms := range [][]PostForm{nil, {form}} {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				src := link()
				src.Forms = forms
				about := Posting{UID: tt.uid, Name: "平山发布", Sources: []PostSource{src}}
				got, _ := stage{linkAt: tt.shot}.look(t, about, nil, fetched)
				if gist(got) != tt.want {
					t.Errorf("with %d forms: got %s (%s), want %s", len(forms), gist(got), got.Detail, tt.want)
				}
				if got.Hindrance == HindForeign && got.Name != "" {
					t.Errorf("got the name %q of another account", got.Name)
				}
			})
		}
	}
}

package simcity

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"xuncha/inventory"
)

// A guest sees accounts as a browser would show them: scripts are played by hand.
type guest struct {
	hc      *http.Client
	visitor string // cookie
}

// A sight is what a guest saw of an account.
type sight struct {
	name, owner string
	newest      time.Time // a day
	dates       []time.Time
	posts       int // as the platform counts them
	denied      string
}

// note adds a post.
func (s *sight) note(at time.Time) {
	s.dates = append(s.dates, at)
	if d := dayOf(at).time(); d.After(s.newest) {
		s.newest = d
	}
}

// sees asks for an account's posts.
func (g *guest) sees(t *testing.T, a inventory.Account) sight {
	t.Helper()
	switch a.Platform {
	case inventory.Weibo:
		return g.weibo(t, a)
	case inventory.Wechat:
		return wechatSight(get(t, g.hc, "https://mp.weixin.qq.com/mp/appmsgalbum?__biz="+a.UID+"&action=getalbum&album_id="+a.Album))
	case inventory.Douyin:
		return douyinSight(t, g.scripted(t, "https://www.douyin.com/user/"+a.UID, "a_bogus"))
	case inventory.Xigua:
		return xiguaSight(t, get(t, g.hc, "https://www.ixigua.com/home/"+a.UID))
	case inventory.Toutiao:
		return toutiaoSight(t, g.scripted(t, "https://www.toutiao.com/c/user/token/"+a.UID+"/", "a_bogus"))
	case inventory.Kuaishou:
		return kuaishouSight(t, send(t, g.hc, "https://c.kuaishou.com/rest/wd/feed/profile", `{"eid":"`+a.UID+`","count":24}`))
	case inventory.Bilibili:
		cookie, _, _ := strings.Cut(get(t, g.hc, "https://space.bilibili.com/"+a.UID+"/dynamic").header.Get("Set-Cookie"), ";")
		return bilibiliSight(t, get(t, g.hc, "https://api.bilibili.com/x/polymer/web-dynamic/v1/feed/space?host_mid="+a.UID, "Cookie", cookie))
	}
	return feedSight(t, get(t, g.hc, a.Feed))
}

// send sends a body.
func send(t testing.TB, hc *http.Client, url, body string) answer {
	t.Helper()
	res, err := hc.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(text)}
}

// scripted reads out of a page what its script would ask, signs and asks it.
func (g *guest) scripted(t *testing.T, page, name string) answer {
	t.Helper()
	a := get(t, g.hc, page)
	query := regexp.MustCompile(`query = '([^']+)'`).FindStringSubmatch(a.body)
	ask := regexp.MustCompile(`fetch\('([^']+)' \+ query \+ '&` + name + `=' \+ sign\(query \+ '([^']+)'\)`).FindStringSubmatch(a.body)
	if query == nil || ask == nil {
		return a
	}
	host := regexp.MustCompile(`^https://[^/]+`).FindString(page)
	return get(t, g.hc, host+ask[1]+query[1]+"&"+name+"="+sign(query[1]+ask[2]))
}

// weibo asks with a visitor's cookie, a new one where the last is refused.
func (g *guest) weibo(t *testing.T, a inventory.Account) sight {
	t.Helper()
	u := "https://m.weibo.cn/api/container/getIndex?type=uid&value=" + a.UID + "&containerid=107603" + a.UID
	got := get(t, g.hc, u, "Cookie", g.visitor)
	if got.status == 432 {
		g.visitor, _, _ = strings.Cut(get(t, g.hc, "https://visitor.passport.weibo.cn/visitor/genvisitor2").header.Get("Set-Cookie"), ";")
		got = get(t, g.hc, u, "Cookie", g.visitor)
	}
	var data struct {
		OK   int
		Msg  string
		Data struct {
			Cards []struct {
				Mblog struct {
					CreatedAt string `json:"created_at"`
					User      struct {
						Name   string `json:"screen_name"`
						Owner  string `json:"verified_reason"`
						Number int    `json:"statuses_count"`
					}
				}
			}
		}
	}
	if got.status != 200 {
		return sight{denied: "status " + strconv.Itoa(got.status)}
	}
	decode(t, got, &data)
	s := sight{denied: data.Msg}
	for _, c := range data.Data.Cards {
		s.name, s.owner, s.posts = c.Mblog.User.Name, c.Mblog.User.Owner, c.Mblog.User.Number
		if at, ok := weiboMoment(c.Mblog.CreatedAt, got); ok {
			s.note(at)
		}
	}
	return s
}

// weiboMoment reads a time of 微博, from the moment of its answer.
func weiboMoment(text string, a answer) (time.Time, bool) {
	now, err := http.ParseTime(a.header.Get("Date"))
	if err != nil {
		return time.Time{}, false
	}
	now = now.In(beijing)
	number, _ := strconv.Atoi(regexp.MustCompile(`^\d*`).FindString(text))
	switch {
	case text == "刚刚":
		return now, true
	case strings.HasSuffix(text, "分钟前"):
		return now.Add(-time.Duration(number) * time.Minute), true
	case strings.HasSuffix(text, "小时前"):
		return now.Add(-time.Duration(number) * time.Hour), true
	case strings.HasPrefix(text, "昨天"):
		return now.AddDate(0, 0, -1), true
	}
	for _, form := range []string{"Mon Jan 02 15:04:05 -0700 2006", time.DateOnly} {
		if at, err := time.ParseInLocation(form, text, beijing); err == nil {
			return at, true
		}
	}
	at, err := time.ParseInLocation("2006-01-02", now.Format("2006-")+text, beijing)
	return at, err == nil
}

func decode(t testing.TB, a answer, to any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), to); err != nil {
		t.Fatalf("%v: %.200s", err, a.body)
	}
}

func wechatSight(a answer) sight {
	s := sight{name: between(a.body, `album__author-name">`, "<"), denied: between(a.body, `warn"><p>`, "<")}
	if s.denied == "" {
		s.denied = between(a.body, "<title>环", "</title>")
	}
	for _, m := range regexp.MustCompile(`js_article_create_time[^>]*>(\d+)<`).FindAllStringSubmatch(a.body, -1) {
		at, _ := strconv.ParseInt(m[1], 10, 64)
		s.note(time.Unix(at, 0))
	}
	return s
}

// between returns what stands between two texts, "" if they are not there.
func between(s, before, after string) string {
	_, rest, ok := strings.Cut(s, before)
	what, _, closed := strings.Cut(rest, after)
	if !ok || !closed {
		return ""
	}
	return what
}

func douyinSight(t *testing.T, a answer) sight {
	if !strings.HasPrefix(a.body, "{") {
		return sight{denied: between(a.body, "<title>", "</title>") + between(a.body, "<p>", "</p>")}
	}
	var data struct {
		Status int `json:"status_code"`
		List   []struct {
			Time   int64 `json:"create_time"`
			Author struct {
				Nickname string
				Owner    string `json:"enterprise_verify_reason"`
				Number   int    `json:"aweme_count"`
			}
		} `json:"aweme_list"`
	}
	decode(t, a, &data)
	s := sight{}
	if data.Status != 0 {
		s.denied = "status_code " + strconv.Itoa(data.Status)
	}
	for _, p := range data.List {
		s.name, s.owner, s.posts = p.Author.Nickname, p.Author.Owner, p.Author.Number
		if p.Time > 0 {
			s.note(time.Unix(p.Time, 0))
		}
	}
	return s
}

func xiguaSight(t *testing.T, a answer) sight {
	island := between(a.body, "window._SSR_HYDRATED_DATA=", "</script>")
	if island == "" {
		return sight{denied: between(a.body, "<title>", "</title>") + between(a.body, "<p>", "</p>")}
	}
	var data struct {
		AuthorDetailInfo struct {
			Name, VerifiedContent string
			VideosCount           int
		}
		AuthorVideoList struct {
			VideoList []struct{ PublishTime int64 }
		}
	}
	decode(t, answer{body: strings.ReplaceAll(island, ":undefined", ":null")}, &data)
	s := sight{name: data.AuthorDetailInfo.Name, owner: data.AuthorDetailInfo.VerifiedContent, posts: data.AuthorDetailInfo.VideosCount}
	for _, v := range data.AuthorVideoList.VideoList {
		if v.PublishTime > 0 {
			s.note(time.Unix(v.PublishTime, 0))
		}
	}
	return s
}

func toutiaoSight(t *testing.T, a answer) sight {
	if !strings.HasPrefix(a.body, "{") {
		return sight{denied: between(a.body, "<title>", "</title>") + between(a.body, "<p>", "</p>")}
	}
	var data struct {
		Data []struct {
			Source string
			Time   int64 `json:"publish_time"`
			User   struct {
				Owner string `json:"verified_content"`
			} `json:"user_info"`
		}
	}
	decode(t, a, &data)
	s := sight{}
	if data.Data == nil {
		s.denied = "data null"
	}
	for _, p := range data.Data {
		s.name, s.owner = p.Source, p.User.Owner
		if p.Time > 0 {
			s.note(time.Unix(p.Time, 0))
		}
	}
	return s
}

func kuaishouSight(t *testing.T, a answer) sight {
	var data struct {
		Result int
		Error  string `json:"error_msg"`
		Feeds  []struct {
			UserName  string
			Timestamp int64
		}
	}
	decode(t, a, &data)
	s := sight{denied: data.Error}
	for _, p := range data.Feeds {
		s.name = p.UserName
		if p.Timestamp > 0 {
			s.note(time.UnixMilli(p.Timestamp))
		}
	}
	return s
}

func bilibiliSight(t *testing.T, a answer) sight {
	var data struct {
		Code int
		Data struct {
			Items []struct {
				Modules struct {
					Author struct {
						Name string
						At   int64 `json:"pub_ts"`
					} `json:"module_author"`
				}
			}
		}
	}
	decode(t, a, &data)
	s := sight{}
	if data.Code != 0 {
		s.denied = "code " + strconv.Itoa(data.Code)
	}
	for _, p := range data.Data.Items {
		s.name = p.Modules.Author.Name
		if p.Modules.Author.At > 0 {
			s.note(time.Unix(p.Modules.Author.At, 0))
		}
	}
	return s
}

func feedSight(t *testing.T, a answer) sight {
	var feed struct {
		Channel struct {
			Title string `xml:"title"`
			Items []struct {
				PubDate string `xml:"pubDate"`
			} `xml:"item"`
		} `xml:"channel"`
	}
	if a.status != 200 {
		return sight{denied: between(a.body, "Error: ", "<")}
	}
	if err := xml.Unmarshal([]byte(a.body), &feed); err != nil {
		t.Fatal(err)
	}
	s := sight{name: feed.Channel.Title}
	for _, p := range feed.Channel.Items {
		if at, err := time.Parse(time.RFC1123Z, p.PubDate); err == nil {
			s.note(at.In(beijing))
		}
	}
	return s
}

// square is a city of one account on each platform that shows any.
func square() *inventory.City {
	c := &inventory.City{Units: []inventory.Unit{{ID: "gaj", Name: "市公安局", FullName: "阳泉市公安局"}}}
	for _, a := range []inventory.Account{
		{Code: "140300M010XL0001", Platform: inventory.Weibo, UID: "2803301701"},
		{Code: "140300M010WX0001", Platform: inventory.Wechat, UID: "MzAxMjM0NTY3OA==", Album: "2412345678901234567"},
		{Code: "140300M010DY0001", Platform: inventory.Douyin, UID: "MS4wLjABAAAAinvented-0123456789"},
		{Code: "140300M010XG0001", Platform: inventory.Xigua, UID: "61234567890"},
		{Code: "140300M010TT0001", Platform: inventory.Toutiao, UID: "MS4wLjABAAAAinvented-9876543210"},
		{Code: "140300M010KS0001", Platform: inventory.Kuaishou, UID: "3xinvented12345"},
		{Code: "140300M010BL0001", Platform: inventory.Bilibili, UID: "312345678"},
		{Code: "140300M010BJ0001", Platform: inventory.Baijiahao, Feed: "https://feed.yq.example/bj.xml", FeedWhole: true},
	} {
		a.Name, a.Unit = "平安"+string(a.Platform), "gaj"
		c.Accounts = append(c.Accounts, a)
	}
	return c
}

// ofAll gives every account of square the same fact.
func ofAll(fact string) string {
	facts := "subjects:\n"
	for _, a := range square().Accounts {
		facts += "  " + a.ID() + ": " + fact + "\n"
	}
	return facts
}

// seen is what a guest sees of every account of square.
func seen(t *testing.T, facts string) map[inventory.Platform]sight {
	t.Helper()
	g := guest{hc: client(t, start(t, square(), facts, Options{}))}
	all := map[inventory.Platform]sight{}
	for _, a := range square().Accounts {
		all[a.Platform] = g.sees(t, a)
	}
	return all
}

func TestPlatformsShowNameOwnerAndNewest(t *testing.T) {
	for p, s := range seen(t, ofAll("{newest: 2023-09-18, renamed: 平安在线, verified: 阳泉市公安局网安支队, pinned: true}")) {
		behind := 0
		if p == inventory.Wechat {
			behind = 4 // an album holds every other post
		}
		if d := dayOf(time.Date(2023, 9, 18, 0, 0, 0, 0, beijing)) - dayOf(s.newest); s.name != "平安在线" || d < 0 || int(d) > behind || s.denied != "" {
			t.Errorf("%s: shows %s up to %v (%s)", p, s.name, s.newest, s.denied)
		}
		if counted := p == inventory.Weibo || p == inventory.Douyin || p == inventory.Xigua; counted && (s.owner != "阳泉市公安局网安支队" || s.posts <= len(s.dates)) {
			t.Errorf("%s: 认证主体 %q, %d posts of which %d are shown", p, s.owner, s.posts, len(s.dates))
		}
		if p != inventory.Wechat && !s.dates[0].Before(s.newest.AddDate(0, -1, 0)) {
			t.Errorf("%s: the first post is of %v, want an old one that is pinned", p, s.dates[0])
		}
	}
}

// What a platform hides, nobody sees; and each says so in its own way.
func TestPlatformsDeny(t *testing.T) {
	tests := map[string]map[inventory.Platform]string{
		"captcha":   {inventory.Weibo: "安全验证", inventory.Wechat: "境异常", inventory.Douyin: "验证码中间页", inventory.Xigua: "验证码中间页", inventory.Toutiao: "验证码中间页", inventory.Kuaishou: "验证", inventory.Bilibili: "code -352", inventory.Baijiahao: "验证"},
		"login":     {inventory.Weibo: "登录", inventory.Wechat: "微信客户端", inventory.Douyin: "status_code 8", inventory.Xigua: "登录", inventory.Toutiao: "登录", inventory.Kuaishou: "登录", inventory.Bilibili: "code -101", inventory.Baijiahao: "登录"},
		"visitor":   {inventory.Weibo: "status 432", inventory.Wechat: "境异常", inventory.Douyin: "status_code 5", inventory.Xigua: "访客", inventory.Toutiao: "data null", inventory.Kuaishou: "登录", inventory.Bilibili: "code -352", inventory.Baijiahao: "访客"},
		"frequency": {inventory.Weibo: "status 418", inventory.Wechat: "频繁", inventory.Douyin: "status_code 5", inventory.Xigua: "频繁", inventory.Toutiao: "频繁", inventory.Kuaishou: "频繁", inventory.Bilibili: "code -799", inventory.Baijiahao: "频繁"},
		"no-user":   {inventory.Weibo: "用户不存在", inventory.Wechat: "用户不存在", inventory.Douyin: "用户不存在", inventory.Xigua: "用户不存在", inventory.Toutiao: "用户不存在", inventory.Kuaishou: "用户不存在", inventory.Bilibili: "code -404", inventory.Baijiahao: "用户不存在"},
	}
	for kind, want := range tests {
		for p, s := range seen(t, ofAll("{unreadable: "+kind+"}")) {
			if len(s.dates) > 0 || want[p] == "" || !strings.Contains(s.denied, want[p]) {
				t.Errorf("%s: %s says %q and shows %d posts, want %q and none", kind, p, s.denied, len(s.dates), want[p])
			}
		}
	}
	for kind, text := range map[string]string{"cancelled": "注销", "banned": "账号已被封禁", "recycled": "回收", "moved": "迁移"} {
		for p, s := range seen(t, ofAll("{closed: "+kind+", closed_on: 2023-09-20}")) {
			if ok := strings.Contains(s.denied, text) || p == inventory.Bilibili && s.denied == "code -404" || p == inventory.Wechat && kind == "banned" && strings.Contains(s.denied, "屏蔽"); !ok || len(s.dates) > 0 {
				t.Errorf("closed: %s: %s says %q and shows %d posts", kind, p, s.denied, len(s.dates))
			}
		}
		for p, s := range seen(t, ofAll("{closed: "+kind+", closed_on: 2023-09-29}")) {
			if len(s.dates) == 0 {
				t.Errorf("closed: %s: %s shows nothing before the day", kind, p)
			}
		}
	}
}

// Lists that are empty, old or without times look like any other.
func TestPlatformsShowListsThatProveNothing(t *testing.T) {
	for p, s := range seen(t, ofAll("{unreadable: old-list}")) {
		if age := dayOf(point) - dayOf(s.newest); s.denied != "" || age < oldListDays || age > oldListDays+8 {
			t.Errorf("old list: %s shows posts up to %v (%s)", p, s.newest, s.denied)
		}
	}
	for p, s := range seen(t, ofAll("{unreadable: undated}")) {
		if s.name == "" || len(s.dates) > 0 {
			t.Errorf("undated: %s shows %q with %d times", p, s.name, len(s.dates))
		}
	}
	for p, s := range seen(t, ofAll("{unreadable: empty}")) {
		if len(s.dates) > 0 {
			t.Errorf("empty: %s shows %d posts", p, len(s.dates))
		}
	}
}

// A visitor's cookie ends within a round, and a script's question is asked by
// nobody else.
func TestPlatformsWantWhatOnlyABrowserHas(t *testing.T) {
	hc := client(t, start(t, square(), "", Options{}))
	u := "https://m.weibo.cn/api/container/getIndex?type=uid&value=2803301701&containerid=1076032803301701"
	mint := get(t, hc, "https://visitor.passport.weibo.cn/visitor/genvisitor2", "Origin", "https://m.weibo.cn")
	cookie, rest, _ := strings.Cut(mint.header.Get("Set-Cookie"), ";")
	if !strings.Contains(rest, "Domain=.weibo.cn") || mint.header.Get("Access-Control-Allow-Origin") != "https://m.weibo.cn" {
		t.Errorf("the cookie is %q, for %q; want one that the page's script gets", rest, mint.header.Get("Access-Control-Allow-Origin"))
	}
	for i := range visitorServes + 1 {
		want := 200
		if i == visitorServes {
			want = 432
		}
		if got := get(t, hc, u, "Cookie", cookie).status; got != want {
			t.Fatalf("request %d with one cookie: status %d, want %d", i+1, got, want)
		}
	}
	for _, tt := range []struct{ url, holds string }{
		{"https://weibo.com/ajax/statuses/mymblog?uid=2803301701&page=1&feature=0", `"ok":-100`},
		{"https://www.toutiao.com/api/pc/list/feed?category=profile_all&token=MS4wLjABAAAAinvented-9876543210", `"data":null`},
		{"https://api.bilibili.com/x/polymer/web-dynamic/v1/feed/space?host_mid=312345678", `"code":-352`},
		{"https://api.bilibili.com/x/space/wbi/arc/search?mid=312345678", `"code":-352`},
	} {
		if a := get(t, hc, tt.url); a.status != 200 || !strings.Contains(a.body, tt.holds) {
			t.Errorf("%s: status %d, %.80s; want %s", tt.url, a.status, a.body, tt.holds)
		}
	}
	if a := get(t, hc, "https://www.douyin.com/aweme/v1/web/aweme/post/?sec_user_id=MS4wLjABAAAAinvented-0123456789"); a.body != "" {
		t.Errorf("unsigned: %.80s, want nothing", a.body)
	}
	if a := get(t, hc, "https://weibo.cn/u/2803301701"); a.status != 302 || !strings.Contains(a.header.Get("Location"), "passport") {
		t.Errorf("weibo.cn without a cookie: status %d to %q", a.status, a.header.Get("Location"))
	}
}

// The other doors of a platform show the same posts.
func TestOtherDoors(t *testing.T) {
	g := guest{hc: client(t, start(t, square(), ofAll("{newest: 2023-09-18}"), Options{}))}
	g.weibo(t, square().Accounts[0])
	if a := get(t, g.hc, "https://weibo.cn/u/2803301701", "Cookie", g.visitor); !strings.Contains(a.body, `class="ct">09月18日`) {
		t.Errorf("weibo.cn: status %d, %.300s", a.status, a.body)
	}
	if a := get(t, g.hc, "https://weibo.com/ajax/statuses/mymblog?uid=2803301701&page=1&feature=0", "Cookie", "SUB=_2A25invented"); !strings.Contains(a.body, "Mon Sep 18") {
		t.Errorf("mymblog: %.300s", a.body)
	}
	if a := get(t, g.hc, "https://m.weibo.cn/api/container/getIndex?type=uid&value=2803301701", "Cookie", g.visitor); !strings.Contains(a.body, `"containerid":"1076032803301701"`) {
		t.Errorf("profile: %.300s", a.body)
	}
	if a := get(t, g.hc, "https://live.kuaishou.com/live_api/profile/public?principalId=3xinvented12345"); !strings.Contains(a.body, `"caption"`) || strings.Contains(a.body, "timestamp") {
		t.Errorf("live: %.300s", a.body)
	}
}

// An album leads to articles, which say when they were published.
func TestArticlesOfAnAlbum(t *testing.T) {
	hc := client(t, start(t, square(), "", Options{}))
	album := get(t, hc, "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzAxMjM0NTY3OA==&action=getalbum&album_id=2412345678901234567").body
	link, at := between(album, `data-link="`, `"`), between(album, `album__item-info-item">`, "<")
	a := get(t, hc, link)
	if a.status != 200 || between(a.body, `var ct = "`, `"`) != at || !strings.Contains(a.body, `var biz = "MzAxMjM0NTY3OA=="`) || !strings.Contains(a.body, `id="js_name">平安wechat<`) {
		t.Errorf("%s: status %d, of %q; want %q of its account", link, a.status, between(a.body, `var ct = "`, `"`), at)
	}
	expired := client(t, start(t, square(), ofAll("{unreadable: expired}"), Options{}))
	if a := get(t, expired, link); !strings.Contains(a.body, "链接已过期") || strings.Contains(a.body, "var ct") {
		t.Error("an article that has expired is there")
	}
	if a := get(t, hc, "https://mp.weixin.qq.com/s/AAAA"); !strings.Contains(a.body, "已被发布者删除") {
		t.Errorf("an article that never was: %.200s", a.body)
	}
}

// An RSSHub names its channels by platform, has no times of 快手, and refuses
// where the platform does.
func TestHubFeeds(t *testing.T) {
	hubbed := func() *inventory.City {
		c := square()
		for i := range c.Accounts {
			c.Accounts[i].Feed = "https://rsshub.yq.example/" + string(c.Accounts[i].Platform)
		}
		return c
	}
	titles := map[inventory.Platform]string{
		inventory.Weibo: "平安weibo的微博", inventory.Douyin: "平安douyin", inventory.Xigua: "平安xigua 的西瓜视频", inventory.Bilibili: "平安bilibili 的 bilibili 动态",
		inventory.Toutiao: "平安toutiao的头条主页 - 今日头条(www.toutiao.com)", inventory.Kuaishou: "平安kuaishou",
	}
	hc := client(t, start(t, hubbed(), ofAll("{newest: 2023-09-18}"), Options{}))
	for p, title := range titles {
		a := get(t, hc, "https://rsshub.yq.example/"+string(p))
		s := feedSight(t, a)
		if timed := p != inventory.Kuaishou; s.name != title || timed != (len(s.dates) > 0) || timed && s.newest.Day() != 18 {
			t.Errorf("%s: title %q with %d times up to %v", p, s.name, len(s.dates), s.newest)
		}
		if between(a.body, "<lastBuildDate>", "</") != point.Format(time.RFC1123Z) {
			t.Errorf("%s: built %q", p, between(a.body, "<lastBuildDate>", "</"))
		}
	}
	stuck := get(t, client(t, start(t, hubbed(), ofAll("{unreadable: old-list}"), Options{})), "https://rsshub.yq.example/weibo")
	if made, err := time.Parse(time.RFC1123Z, between(stuck.body, "<lastBuildDate>", "</")); err != nil || point.Sub(made) < (oldListDays-1)*24*time.Hour {
		t.Errorf("an old list was made %v", made)
	}
	c := start(t, hubbed(), "", Options{At: during, Events: happening(tonight+"hosts: [www.douyin.com], fails: captcha}", tonight+"subjects: ['account:*XL*'], fails: captcha}")})
	if s := feedSight(t, get(t, client(t, c), "https://rsshub.yq.example/douyin")); len(s.dates) == 0 {
		t.Error("a page that is guarded tonight took the feed with it")
	}
	if s := feedSight(t, get(t, client(t, c), "https://rsshub.yq.example/weibo")); !strings.Contains(s.denied, "验证") {
		t.Errorf("an account that nobody sees: the feed says %q", s.denied)
	}
}

// Names and closures are of the days that events say.
func TestAccountsChange(t *testing.T) {
	now := before
	c := start(t, square(), "", Options{Now: func() time.Time { return now }, Events: happening(
		"{from: 2023-10-10, subjects: ['account:140300M010DY0001'], renames: 平安官方}", "{from: 2023-10-10, subjects: ['account:140300M010XL0001'], closes: cancelled}")})
	g := guest{hc: client(t, c)}
	accounts := square().Accounts
	if s := g.sees(t, accounts[2]); s.name != "平安douyin" {
		t.Errorf("before: %q", s.name)
	}
	now = during
	if s := g.sees(t, accounts[2]); s.name != "平安官方" || c.Truth(accounts[2].ID(), now).Name != "平安官方" {
		t.Errorf("after: %q, truth %+v", s.name, c.Truth(accounts[2].ID(), now))
	}
	if truth, s := c.Truth(accounts[0].ID(), now), g.sees(t, accounts[0]); truth.Closed != "cancelled" || truth.Readable || !strings.Contains(s.denied, "注销") {
		t.Errorf("closed: %q, truth %+v", s.denied, truth)
	}
}

// Whatever hinders one door only, another shows; an album is a lower bound.
func TestTruthOfAccounts(t *testing.T) {
	city := square()
	city.Accounts[2].Feed, city.Accounts[2].FeedWhole = "https://rsshub.yq.example/douyin/user/1", true
	city.Accounts[3].Feed = "https://rsshub.yq.example/ixigua/user/video/1"
	tests := []struct {
		event           string
		account         int
		readable, bound bool
	}{
		{"all: true, fails: network", 0, false, false},
		{"hosts: [m.weibo.cn], fails: visitor", 0, false, false},
		{"hosts: [visitor.passport.weibo.cn], fails: down", 0, false, false},
		{"hosts: [weibo.com], fails: down", 0, true, false},
		{"hosts: [weibo.com], fails: down", 1, true, true},
		{"hosts: [www.douyin.com], fails: captcha", 2, true, false},
		{"hosts: [www.douyin.com, rsshub.yq.example], fails: old-list", 2, false, false},
		{"hosts: [www.ixigua.com], fails: captcha", 3, true, true},
		{"subjects: ['account:*'], fails: login", 6, false, false},
		{"subjects: ['account:*'], fails: expired", 1, true, true},
		{"subjects: ['account:*'], fails: undated", 5, false, false},
	}
	for _, tt := range tests {
		c := start(t, city, "", Options{At: during, Events: happening(tonight + tt.event + "}")})
		got := c.Truth(city.Accounts[tt.account].ID(), during)
		if got.Readable != tt.readable || got.Bound != tt.bound || got.Readable == (got.Why != "") || got.Newest.IsZero() {
			t.Errorf("%s: %s: %+v; want readable %v, bound %v", tt.event, city.Accounts[tt.account].ID(), got, tt.readable, tt.bound)
		}
	}
}

// Platforms count over all their hosts how they are asked.
func TestPlatformsCountRequests(t *testing.T) {
	city := square()
	c := start(t, city, "", Options{})
	g := guest{hc: client(t, c)}
	g.sees(t, city.Accounts[0])
	g.sees(t, city.Accounts[6])
	g.sees(t, city.Accounts[0])
	all := c.Platforms()
	if w := all[inventory.Weibo]; w.Requests != 4 || w.AtOnce != 1 || w.Overlaps != 0 || len(w.Accounts) != 1 || w.Accounts[0] != city.Accounts[0].Code {
		t.Errorf("微博: %+v, want four requests, one after the other, of one account", w)
	}
	if b := all[inventory.Bilibili]; b.Requests != 2 || b.MinGap <= 0 {
		t.Errorf("哔哩哔哩: %+v, want two requests", b)
	}
	if _, ok := all[inventory.Douyin]; ok {
		t.Error("抖音 was not asked")
	}
}

// Only the city's own authority signs, and only where hosts answer with TLS.
func TestTLS(t *testing.T) {
	c := start(t, square(), "", Options{})
	hc := client(t, c)
	if a := get(t, hc, "https://www.ixigua.com/robots.txt"); a.status != 200 && a.status != 404 {
		t.Errorf("status %d", a.status)
	}
	if _, err := client(t, start(t, square(), "", Options{})).Get("https://www.baidu.com/"); err == nil {
		t.Error("a host of nobody answers")
	}
	other := start(t, town(), "", Options{})
	if res, err := client(t, other).Get("https://trs.test.gov.cn/"); err == nil {
		res.Body.Close()
		t.Error("a site without TLS answers with it")
	}
}

func FuzzPlatforms(f *testing.F) {
	city := square()
	c, err := New(city, nil, Options{At: point})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = c.Close() })
	f.Add("/api/container/getIndex", "value=2803301701", "SUB=_2AkM0.", `{"eid":"x"}`)
	f.Add("/s/AAAA", "", "", "")
	f.Add("/rest/wd/feed/profile", "", "", `{"eid":1}`)
	f.Fuzz(func(t *testing.T, path, query, cookie, body string) {
		for name, h := range c.hosts {
			r, err := http.NewRequest(http.MethodPost, "https://"+name+"/", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.URL.Path, r.URL.RawQuery = path, query
			r.Header.Set("Cookie", cookie)
			if res := h.respond(r, momentOf(point)); res.status < 200 || res.status > 599 {
				t.Errorf("%s%s: status %d", name, path, res.status)
			}
		}
	})
}

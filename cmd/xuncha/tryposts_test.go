package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
)

// twoPlatforms is a city that knows two platforms and one account.
func twoPlatforms() *inventory.City {
	posts := extract.PostForm{Recipe: extract.Recipe{Source: extract.SourceJSON, List: "rows"}, Signs: []string{`"rows"`, `"posted_at"`}}
	page := extract.PostForm{Recipe: extract.Recipe{Source: extract.SourceJSON, List: "list"}, Island: "window.__POSTS__="}
	weibo := inventory.PlatformProfile{
		ID: inventory.Weibo, Name: "微博", Hand: "请提供最新一条的链接", HandEN: "hand in a link",
		Sources: []extract.PostSource{
			{Kind: extract.FromPlatform, URL: "https://m.weibo.example/api?type=uid&value={uid}&container=107{uid}", Forms: []extract.PostForm{posts}, Whole: extract.WholeNewest},
			{Kind: extract.FromBrowser, URL: "https://m.weibo.example/u/{uid}", Forms: []extract.PostForm{posts}, Whole: extract.WholeNewest},
		},
		Refusals: []extract.Refusal{{Hindrance: extract.HindVisitor, Status: 432}},
		Manner:   inventory.Manner{Hosts: []string{"m.weibo.example", "passport.weibo.example"}, RobotsOverride: "市政府办公室"},
	}
	wechat := inventory.PlatformProfile{
		ID: inventory.Wechat, Name: "微信公众号",
		Sources: []extract.PostSource{{
			Kind: extract.FromPlatform, URL: "https://mp.weixin.example/album?__biz={uid}&album_id={album}", Forms: []extract.PostForm{page},
		}},
		Manner: inventory.Manner{Hosts: []string{"mp.weixin.example"}},
	}
	return &inventory.City{
		Platforms: []inventory.PlatformProfile{weibo, wechat},
		Accounts:  []inventory.Account{{Code: "140300M010XL0001", Platform: inventory.Weibo}},
	}
}

func TestAnAddressOfAPlatformIsReadAsPosts(t *testing.T) {
	tests := []struct {
		name, address string
		platform      inventory.Platform
		kind          extract.SourceKind
		uid           string
		whole         extract.Whole
	}{
		{"its answer", "https://m.weibo.example/api?type=uid&value=1234567&container=1071234567", inventory.Weibo, extract.FromPlatform, "1234567", extract.WholeNewest},
		{"its page, which wants a browser", "https://m.weibo.example/u/1234567", inventory.Weibo, extract.FromBrowser, "1234567", extract.WholeNewest},
		{"with more behind it", "https://m.weibo.example/u/1234567?tab=posts", inventory.Weibo, extract.FromBrowser, "1234567", extract.WholeNewest},
		{"an identity that is escaped", "https://mp.weixin.example/album?__biz=MzA%3D%3D&album_id=9", inventory.Wechat, extract.FromPlatform, "MzA==", extract.WholeNever},
		{"any other page of it", "https://passport.weibo.example/visitor", inventory.Weibo, extract.FromPlatform, "", extract.WholeNever},
		{"a page of a site", "http://www.example.gov.cn/u/1234567", "", "", "", ""},
	}
	for _, tt := range tests {
		s, err := stranger(tt.address)
		if err != nil {
			t.Fatal(err)
		}
		got, p, ok := ofPlatform(twoPlatforms(), s)
		if p.ID != tt.platform || ok != (tt.platform != "") {
			t.Errorf("%s: got %q, want %q", tt.name, p.ID, tt.platform)
		}
		if !ok {
			if got.Task.Question != extract.AskNewest {
				t.Errorf("%s: it goes on as a column, got %s", tt.name, got.Task.Question)
			}
			continue
		}
		source := got.Task.Posting.Sources[0]
		if got.Task.Question != extract.AskPosts || source.Kind != tt.kind || got.Task.Posting.UID != tt.uid || source.Whole != tt.whole || source.URL != tt.address {
			t.Errorf("%s: got %s uid %q %+v", tt.name, got.Task.Question, got.Task.Posting.UID, source)
		}
		if len(source.Forms) == 0 || (tt.platform == inventory.Weibo) != (got.RobotsOverride != "") {
			t.Errorf("%s: got forms %v, override %q", tt.name, source.Forms, got.RobotsOverride)
		}
	}
}

func TestAnAnswerOfAPlatformIsKnownAtAnyAddress(t *testing.T) {
	tests := []struct {
		name, body string
		platform   inventory.Platform
	}{
		{"by its signs", `{"rows": [{"posted_at": 1}]}`, inventory.Weibo},
		{"by its island", `<script>window.__POSTS__={"list":[]}</script>`, inventory.Wechat},
		{"one sign is not enough", `{"rows": []}`, ""},
		{"a list of a site", `<ul class="list"><li><a href="1.html">通知</a> 2023-08-23</li></ul>`, ""},
		{"a feed whose items lie there", `<rss><channel><title>甲地</title><item><title>一</title><link>https://m.weibo.example/1</link><pubDate>Wed, 20 Sep 2023 02:00:00 GMT</pubDate></item></channel></rss>`, inventory.Weibo},
		{"a feed that says whose posts it holds", `<rss><channel><title>甲地</title><link>https://weibo.example/u/1</link><item><title>一</title><pubDate>Wed, 20 Sep 2023 02:00:00 GMT</pubDate></item></channel></rss>`, inventory.Weibo},
		{"a feed of a site, one item of which lies there", `<rss><channel><title>甲地</title><item><title>一</title><link>https://m.weibo.example/1</link></item><item><title>二</title><link>https://www.example.gov.cn/2</link></item></channel></rss>`, ""},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		s, v := tried(tt.body, extract.Recipe{})
		s.ID, s.Host = s.Task.URLs[0], "www.example.gov.cn"
		got, read, p, ok := recognised(twoPlatforms(), s, v)
		if p.ID != tt.platform || ok != (tt.platform != "") {
			t.Errorf("%s: got %q, want %q", tt.name, p.ID, tt.platform)
		}
		if ok && (got.Task.Question != extract.AskPosts || got.Task.Posting.Sources[0].URL != s.Task.URLs[0]) {
			t.Errorf("%s: got %+v", tt.name, got.Task)
		}
		if !ok && read.Reading.Outcome != v.Reading.Outcome {
			t.Errorf("%s: it is read anew", tt.name)
		}
	}
}

func TestOnlyDomainsOfAPlatformSpeakOfIt(t *testing.T) {
	p := twoPlatforms().Platforms[0]
	for body, want := range map[string]bool{`<script src="//res.weibo.example/a.js">`: true, `<a href="http://www.gov.example">`: false, "": false} {
		if got := speaksOf([]byte(body), p); got != want {
			t.Errorf("%q: got %v", body, got)
		}
	}
}

// What try says of an account: newest post, source, what stood in the way, and
// what to do.
func TestTrySaysWhereAPostComesFrom(t *testing.T) {
	city := twoPlatforms()
	s := inventory.Subject{ID: "account:140300M010XL0001", Kind: inventory.KindAccount, Task: extract.Task{Question: extract.AskPosts, Posting: &extract.Posting{}}}
	p, ok := profileOf(city, s)
	if !ok || p.ID != inventory.Weibo {
		t.Fatalf("got %+v", p)
	}
	newest := extract.Date{Time: time.Date(2023, 9, 26, 10, 12, 0, 0, extract.Beijing), Minute: true}
	v := crawler.Visit{Subject: s.ID, Reading: extract.Reading{
		Outcome: extract.Dated, AtLeast: true, Newest: newest, From: extract.FromFeed, Hindrance: extract.HindVisitor, Method: "posts",
		Name: "阳泉网警\x1b[2J", Items: []extract.Item{{Title: "一条", Date: newest}},
		Tries: []extract.Try{
			{Kind: extract.FromPlatform, Host: "m.weibo.example", Outcome: extract.Unread, Reason: extract.ReasonBlocked, Hindrance: extract.HindVisitor, Detail: "status 432\x1b[2J"},
			{Kind: extract.FromFeed, Host: "rsshub.example", Outcome: extract.Dated, Newest: newest, AtLeast: true},
		},
	}}
	for lang, wants := range map[string][]string{
		"zh": {"微博", "2023-09-26 10:12", "订阅源", "访客凭证失效", "请提供最新一条的链接", "status 432", "rsshub.example"},
		"en": {"a feed", "no valid visitor's cookie", "hand in a link"},
	} {
		var out bytes.Buffer
		a := &app{stdout: &out, lang: lang}
		if err := a.tellTrial("text", s, v, p); err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: no %q in\n%s", lang, want, out.String())
			}
		}
		if strings.Contains(out.String(), "\x1b") {
			t.Errorf("control characters reach the terminal: %q", out.String())
		}
	}
	var out bytes.Buffer
	a := &app{stdout: &out, lang: "zh"}
	if err := a.tellTrial("json", s, v, p); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"platform": "weibo"`, `"newest_at": "2023-09-26T10:12:00+08:00"`, `"source": "feed"`, `"hindrance": "visitor"`, `"hand": "请提供最新一条的链接"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in\n%s", want, out.String())
		}
	}
}

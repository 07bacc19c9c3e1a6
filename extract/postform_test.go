package extract

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// mended makes a form for one table.
func mended(change func(*PostForm)) []PostForm {
	f := cards
	f.Signs = slices.Clone(f.Signs)
	change(&f)
	return []PostForm{f}
}

// Posts come as JSON, line by line, in scripts of pages, in texts of other JSON,
// and as HTML.
func TestPostForms(t *testing.T) {
	inScript := PostForm{
		Recipe: Recipe{Source: SourceJSON, List: "videos.list", Title: "title", Date: "time", Link: "/v/{id}", Name: "author.name"},
		Island: "window.__DATA__=", UID: "author.id", Posts: "author.count", More: "videos.more",
	}
	page := func(script string) string {
		return "<!doctype html><html><head><title>主页</title></head><body><div id=\"app\"></div><script>" + script + "</script></body></html>"
	}
	plain := `{"author":{"id":"70001","name":"平山发布","count":2},"videos":{"more":false,"list":[{"id":"2","title":"秋收","time":1693620000},{"id":"1","title":"夏种","time":1690941600}]}}`
	loose := strings.NewReplacer(`"more":false`, `"more":undefined,cover:undefined,n:.5,t:!0,d:new Date(0)`, `"id":"2"`, `id:'2',x:void 0`, `1690941600}]`, `1690941600,},]`).Replace(plain)
	escaped := `'` + strings.NewReplacer(`"`, `\x22`, `秋`, `\u79cb`).Replace(plain) + `'`
	history := PostForm{
		Recipe: Recipe{List: "list", Title: "ext.title | msg.content", Date: "msg.datetime", Link: "ext.url", Name: "html .nickname"},
		Island: "var msgList = ", UID: `html =~ var biz = "([^"]+)"`,
	}
	list := `{"list":[{"ext":{"title":"秋收","url":"/s?a=1&amp;b=2"},"msg":{"datetime":1693620000}},{"msg":{"datetime":1690941600,"content":"一句话"}}]}`
	lines := PostForm{Recipe: Recipe{Source: SourceJSON, List: ".", Title: "title", Date: "create_time", Link: "link"}, Signs: []string{`"create_time"`}, UID: "link =~ uid=([^&#]+)"}
	lineA, lineB := `{"title":"夏种","create_time":1690941600,"link":"https://m.weipo.test/s?uid=70001&n=1"}`, `{"title":"秋收","create_time":1693620000,"link":"https://m.weipo.test/s?uid=70001&n=2"}`
	wrapped := PostForm{Recipe: Recipe{Source: SourceJSON, List: "page.list.info.msgs", Title: "title", Date: "create_time"}, Signs: []string{"create_time"}}
	old := PostForm{
		Recipe: Recipe{Source: SourceHTML, Item: "div.c[id]", Title: ".txt", Date: ".ct", Name: "title =~ ^(.+?)的微博"},
		Signs:  []string{`class="ct"`}, UID: `=~ href="/(\d+)/info"`, Posts: `=~ 微博\[(\d+)\]`, Repost: ".cmt",
	}
	album := PostForm{
		Recipe: Recipe{Source: SourceHTML, Item: "li[data-link]", Title: "@data-title", Link: "@data-link", Date: ".time", Name: ".author"}, Signs: []string{"data-link"},
	}
	wml := `<html><head><title>平山发布的微博</title></head><body><a href="/70001/info">资料</a> 微博[88]
<div class="c" id="M_1"><span class="txt">去年的置顶</span><a href="/a">赞</a><span class="ct">2022-06-17 18:12:00&nbsp;来自微博</span></div>
<div class="c" id="M_2"><span class="cmt">转发了</span><span class="txt">秋收</span><a href="/b">赞</a><span class="ct">09月02日 10:00&nbsp;来自网页</span></div>
<div class="c" id="M_3"><span class="txt">夏种</span><a href="/c">赞</a><span class="ct">08月02日 10:00 来自网页</span></div></body></html>`
	tests := []struct {
		name  string
		forms []PostForm
		body  string
		want  string
		shown string
	}{
		{"in a script", []PostForm{inScript}, page("window.__DATA__=" + plain + ";"), "dated 09-02 10:00 by platform", "平山发布"},
		{"in a script, as a program writes it", []PostForm{inScript}, page("window.__DATA__ = " + loose), "dated 09-02 10:00 by platform", "平山发布"},
		{"in a script, as an escaped text", []PostForm{inScript}, page("window.__DATA__ = JSON.parse(" + escaped + ");"), "dated 09-02 10:00 by platform", "平山发布"},
		{"in a script, as part of an address", []PostForm{inScript}, page("window.__DATA__ = " + strings.ReplaceAll(strings.ReplaceAll(plain, "{", "%7B"), `"`, "%22")), "dated 09-02 10:00 by platform", "平山发布"},
		{"in a script that breaks off", []PostForm{inScript}, page("window.__DATA__ = " + plain[:80]), "lost", ""},
		{"of another in a script", []PostForm{inScript}, page("window.__DATA__=" + strings.ReplaceAll(plain, "70001", "70002")), "lost, foreign", ""},
		{"beside a script that names it first", []PostForm{inScript}, page("if (window.__DATA__=x) {}; window.__DATA__=" + plain), "dated 09-02 10:00 by platform", "平山发布"},
		{"a history", []PostForm{history}, `<html><body><b class="nickname"> 平山发布 </b><script>var biz = "70001"; var msgList = ` + list + `;</script></body></html>`, "dated 09-02 10:00 by platform", "平山发布"},
		{"a history as a text", []PostForm{history}, `<html><body><b class="nickname">平山发布</b><script>var msgList = '` + strings.ReplaceAll(strings.ReplaceAll(list, "&", "&amp;"), `"`, "&quot;") + `';</script></body></html>`, "dated 09-02 10:00 by platform", "平山发布"},
		{"line by line", []PostForm{lines}, lineA + "\n" + lineB + "\r\n\n", "dated 09-02 10:00 by platform", ""},
		{"half a line", []PostForm{lines}, lineA + "\n" + lineB[:40], "lost", ""},
		{"texts of JSON in JSON", []PostForm{wrapped}, `{"page":"{\"list\":[{\"info\":\"{\\\"msgs\\\":[{\\\"title\\\":\\\"秋收\\\",\\\"create_time\\\":1693620000}]}\"}]}"}`, "dated 09-02 10:00 by platform", ""},
		{"old pages", []PostForm{old}, wml, "dated 09-02 10:00 by platform", "平山发布"},
		{"an album", []PostForm{album}, `<html><body><div class="author">平山发布</div><ul><li data-link="https://m.weipo.test/s/1" data-title="秋收"><i class="time">1693620000</i></li><li data-link="https://m.weipo.test/s/2" data-title="夏种"><i class="time">1690941600</i></li></ul></body></html>`,
			"dated 09-02 10:00 by platform", "平山发布"},
		{"recognised by its signs at another address", mended(func(f *PostForm) { f.At = "/elsewhere" }), answerOf("", "2023-09-02_10:00"), "dated 09-02 10:00 by platform", "平山发布"},
		{"of no form", mended(func(f *PostForm) { f.At = "/elsewhere" }), `{"posts":[{"created_at":"2023-09-02"}]}`, "lost", ""},
		{"the second form", append([]PostForm{inScript}, cards), answerOf("", "2023-09-02_10:00"), "dated 09-02 10:00 by platform", "平山发布"},
		{"paths from the root", mended(func(f *PostForm) { f.UID, f.Name = "data.cards.post.user.id", "data.cards.post.user.name" }),
			answerOf("", "2023-08-25_10:00 1 70002 路人", "2023-09-02_10:00"), "dated 09-02 10:00 by platform", "平山发布"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := platform()
			src.Forms = tt.forms
			got, _ := stage{platformAt: {body: tt.body}}.look(t, account(src), nil, fetched)
			if gist(got) != tt.want || got.Name != tt.shown {
				t.Errorf("got %s of %q (%s; %q), want %s of %q", gist(got), got.Name, got.Detail, got.Notes, tt.want, tt.shown)
			}
		})
	}
}

// Without a UID the rows of several accounts are nobody's: their dates are a
// lower bound, and no name is read.
func TestPostsOfSeveral(t *testing.T) {
	body := answerOf("", "2023-09-02_10:00 1 1 甲地", "2023-09-01_10:00 2 2 乙地", "2023-08-31_10:00 3 3 丙地")
	got, _ := stage{platformAt: {body: body}}.look(t, Posting{Sources: []PostSource{platform()}}, nil, fetched)
	if gist(got) != "dated 09-02 10:00 at least by platform" || got.Name != "" {
		t.Errorf("got %s of %q, want a lower bound of nobody", gist(got), got.Name)
	}
	got, _ = stage{platformAt: {body: body}}.look(t, Posting{Name: "乙 地", Sources: []PostSource{platform()}}, nil, fetched)
	if gist(got) != "dated 09-01 10:00 at least by platform" || got.Name != "乙地" {
		t.Errorf("got %s of %q, want those of the registered name", gist(got), got.Name)
	}
	got, _ = stage{platformAt: {body: body}}.look(t, Posting{Name: "丁地", Sources: []PostSource{platform()}}, nil, fetched)
	if gist(got) != "lost, foreign" || got.Name != "" {
		t.Errorf("got %s of %q, want nothing where none is the account's", gist(got), got.Name)
	}
	most := answerOf("", "2023-08-25_10:00 1 9 别处", "2023-09-02_10:00 2 1 甲地", "2023-09-01_10:00 3 1 甲地")
	got, _ = stage{platformAt: {body: most}}.look(t, Posting{Sources: []PostSource{platform()}}, nil, fetched)
	if gist(got) != "dated 09-02 10:00 by platform" || got.Name != "甲地" {
		t.Errorf("got %s of %q, want those of the account that most are of", gist(got), got.Name)
	}
}

// A token and a number may be of one account; two numbers are not.
func TestOwns(t *testing.T) {
	const token = "MS4wLjABAAAA0123456789abcdefghij"
	tests := []struct {
		stated []string
		uid    string
		want   ownership
	}{
		{[]string{"70001"}, "70001", own},
		{[]string{" 70001 "}, "70001", own},
		{[]string{"70002"}, "70001", another},
		{[]string{token, "61431"}, "61431", own},
		{[]string{"61431"}, token, unknownOwner},
		{[]string{"pingshan_fb"}, token, unknownOwner},
		{[]string{token + "k"}, token, another},
		{[]string{"MzA5MTIzNDU2Nw%3D%3D"}, "MzA5MTIzNDU2Nw==", own},
		{[]string{"0", ""}, "70001", unknownOwner},
		{nil, "70001", unknownOwner},
		{[]string{"70001"}, "", unknownOwner},
	}
	for _, tt := range tests {
		if got := owns(tt.stated, tt.uid); got != tt.want {
			t.Errorf("%q of %q: got %d, want %d", tt.stated, tt.uid, got, tt.want)
		}
	}
}

// Every mistake in a form names its field.
func TestPostFormMistakes(t *testing.T) {
	tests := []struct {
		name   string
		form   PostForm
		fields string
	}{
		{"a good one", cards, ""},
		{"a feed", PostForm{Recipe: Recipe{Source: SourceFeed, Name: "=~ ^(.+)的微博$"}}, ""},
		{"no RE2", PostForm{At: "(?=x)", Recipe: Recipe{Source: SourceJSON}}, "at"},
		{"short signs", PostForm{Signs: []string{"ab"}, Recipe: Recipe{Source: SourceJSON}}, "signs"},
		{"paths", PostForm{Recipe: Recipe{Source: SourceJSON, List: "a..b", Title: "x", Date: "d =~ ("}, UID: "a | "}, "list date uid"},
		{"a title without list", PostForm{Recipe: Recipe{Source: SourceJSON, Title: "x"}}, "title"},
		{"fields of pages", PostForm{Recipe: Recipe{Source: SourceJSON, List: "a", Title: "t", Item: "li", Next: "?p={n}"}}, "item next"},
		{"selectors", PostForm{Recipe: Recipe{Item: "li[", Date: "=~ ("}, Owner: "::"}, "item date owner"},
		{"an island of HTML", PostForm{Recipe: Recipe{Source: SourceHTML}, Island: "x = "}, "island island"},
		{"XML", PostForm{Recipe: Recipe{Source: SourceXML, List: "a", Title: "b"}}, "source"},
	}
	for _, tt := range tests {
		var fields []string
		if err := tt.form.Validate(); err != nil {
			for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
				var one *RecipeError
				if !errors.As(e, &one) {
					t.Fatalf("%s: %v is no RecipeError", tt.name, e)
				}
				fields = append(fields, one.Field)
			}
		}
		if got := strings.Join(fields, " "); got != tt.fields {
			t.Errorf("%s: got mistakes in %q, want %q", tt.name, got, tt.fields)
		}
	}
	for f, want := range map[Refusal]string{
		{Hindrance: HindLogin, Field: "ok =~ ^-100$"}:                       "",
		{Hindrance: "tired", Status: 403}:                                   "hindrance",
		{Hindrance: HindLogin}:                                              "hindrance",
		{Hindrance: HindLogin, Status: 7, At: "(", Field: "a b", Text: "("}: "status at text field",
	} {
		var fields []string
		if err := f.Validate(); err != nil {
			for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
				fields = append(fields, e.(*RecipeError).Field)
			}
		}
		if got := strings.Join(fields, " "); got != want {
			t.Errorf("%+v: got mistakes in %q, want %q", f, got, want)
		}
	}
}

// A form is recognised at any address by its signs, and one without never.
func TestPostFormShows(t *testing.T) {
	at := Page{URL: "https://elsewhere.test/x", Body: []byte(answerOf("", "2023-09-02"))}
	if !cards.Shows(at) {
		t.Error("the signs of a form were not seen")
	}
	at.Body = []byte(`{"cards":[]}`)
	if cards.Shows(at) || (PostForm{At: "elsewhere"}).Shows(at) || cards.Shows(Page{}) {
		t.Error("a form was seen that is not there")
	}
	island := PostForm{Island: "window.__DATA__="}
	if !island.Shows(Page{Body: []byte("<script>window.__DATA__ = {}</script>")}) || island.Shows(at) {
		t.Error("an island was not told from what is none")
	}
}

// Whatever an answer holds, reading it ends soon and accuses nobody.
func TestHostilePosts(t *testing.T) {
	deep := func(s string) string { return strings.Repeat(s, 100_000) }
	bodies := map[string]string{
		"deep arrays":               `{"data":{"cards":` + deep("[") + deep("]") + `}}`,
		"deep objects":              deep(`{"data":`) + "1" + deep("}"),
		"deep literal":              `<html><script>window.__DATA__=` + deep("[") + `</script></html>`,
		"a text without end":        `<html><script>window.__DATA__='` + deep(`\x5b`) + `</script></html>`,
		"many islands":              `<html><script>` + deep(`window.__DATA__={;`) + `</script></html>`,
		"texts in texts":            `{"data":{"cards":"` + deep(`{\"a\":`) + `"}}`,
		"many rows":                 answerOf("", slices.Repeat([]string{"2023-09-02"}, 5000)...),
		"many texts of JSON":        `{"data":{"cards":[` + strings.TrimSuffix(deep(`"[1]",`), ",") + `]}}`,
		"half of it":                answerOf("", "2023-09-02")[:100],
		"numbers":                   `{"data":{"cards":[` + strings.TrimSuffix(deep("1,"), ",") + `]}}`,
		"a count beyond numbers":    `{"data":{"user":{"count":99999999999999999999},"cards":[]}}`,
		"lines":                     deep("{}\n"),
		"a beginning over and over": "<html><script>" + deep(`var uid = ""||""||`) + "</script></html>",
		"names":                     `{"data":{"cards":{` + strings.TrimSuffix(deep(`"a":[{}],`), ",") + `}}}`,
	}
	island := PostForm{Recipe: Recipe{List: "list", Title: "t", Date: "d"}, Island: "window.__DATA__="}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			src := platform()
			src.Forms = append(src.Forms, island, PostForm{Recipe: Recipe{Source: SourceHTML, Date: `=~ \bct = "(\d{10})"`}, UID: `=~ var uid = (?:""\|\|)*"([^"]+)"`}, PostForm{Recipe: Recipe{Source: SourceJSON, List: "data.cards.*", Title: "a"}})
			start := time.Now()
			got, _ := stage{platformAt: {body: body}}.look(t, account(src), nil, fetched)
			if took := time.Since(start); took > limit {
				t.Errorf("took %v", took)
			}
			if got.Outcome == Empty || got.Outcome == Dated && len(got.Items) > MaxItems {
				t.Errorf("got %s with %d items", gist(got), len(got.Items))
			}
		})
	}
}

func FuzzPosts(f *testing.F) {
	f.Add([]byte(answerOf(`"now":1695740000,`, "刚刚", "2023-09-02_10:00 7 70001 平山发布 x")), 200)
	f.Add([]byte(`{"ok":-100,"url":"https://passport.weipo.test/login"}`), 200)
	f.Add([]byte("<html><script>window.__DATA__ = {list:[{t:'\\u79cb',d:1693620000,},],x:undefined}</script></html>"), 200)
	f.Add([]byte("{\"list\":\"[{\\\"t\\\":1}]\"}\n{}"), 200)
	f.Add([]byte("<rss><channel><title>甲的微博</title><lastBuildDate>x</lastBuildDate><item><title>a</title></item></channel></rss>"), 200)
	f.Add([]byte("<html><body>该帐号已自主注销</body></html>"), 403)
	island := PostForm{Recipe: Recipe{List: "list", Title: "t", Date: "d"}, Island: "window.__DATA__="}
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		src := platform()
		src.Forms = append(src.Forms, island)
		about := account(src, feed(), link())
		var pages []Page
		for range MaxPages {
			got, wants := Read(Task{Question: AskPosts, Posting: &about, Hosts: []string{"weipo.test"}}, pages)
			if len(wants) == 0 {
				if got.Newest.Time.After(fetched.AddDate(0, 0, 1)) || got.Outcome == Unread && got.Reason == "" || got.Outcome == "" {
					t.Errorf("got %+v", got)
				}
				return
			}
			for _, w := range wants {
				pages = append(pages, Page{Asked: w.URL, URL: w.URL, Why: w.Why, Status: status, FetchedAt: fetched, Body: body})
			}
		}
		t.Error("no end")
	})
}

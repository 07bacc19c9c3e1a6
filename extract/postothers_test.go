package extract

import (
	"strings"
	"testing"
)

// Lists hold what others posted, under other names and by other UIDs: it is no post
// of the account, and where it may be one the list is a lower bound.
func TestPostsOfOthers(t *testing.T) {
	form := PostForm{
		Recipe: Recipe{Source: SourceJSON, List: "data", Title: "title", Date: "time | seen", Name: "user.name"}, At: "/api/", Signs: []string{`"data"`},
		UID: "user.token | user.id", Aside: "mark =~ 赞过 | ad",
	}
	const token, other = "MS4wLjABAAAA0123456789abcdefghij", "MS4wLjABAAAAzzzzzzzzzzzzzzzzzzzzzz"
	row := func(day, user, more string) string {
		return `{"title":"一条` + day + `","time":"` + day + `"` + more + `,"user":{` + user + `}}`
	}
	own := func(day string) string { return row(day, `"name":"平山发布","id":70001,"token":"`+token+`"`, "") }
	numbered := func(day string) string { return row(day, `"name":"平山发布","id":70001`, "") }
	list := func(rows ...string) string { return `{"data":[` + strings.Join(rows, ",") + `]}` }
	stranger := `"name":"矿区日报","id":70009,"token":"` + other + `"`
	tests := []struct {
		name, body, want, shown string
	}{
		{"what it liked", list(row("2023-09-25", stranger, `,"mark":"赞过的微博"`), own("2023-09-02"), own("2023-09-01")), "dated 09-02 by browser", "平山发布"},
		{"an advertisement", list(row("2023-09-25", stranger, `,"ad":{"id":1}`), own("2023-09-02"), own("2023-09-01")), "dated 09-02 by browser", "平山发布"},
		{"what was made together, or passed on in one touch", list(row("2023-09-25", stranger, ""), own("2023-09-02"), own("2023-09-01")), "dated 09-02 at least by browser", "平山发布"},
		{"the same of long ago", list(own("2023-09-02"), own("2023-09-01"), row("2023-08-25", stranger, "")), "dated 09-02 by browser", "平山发布"},
		{"a row that states another of its UIDs", list(numbered("2023-09-20"), own("2023-09-02")), "dated 09-20 by browser", "平山发布"},
		{"a row that states its name alone", list(row("2023-09-20", `"name":"平山 发布"`, ""), own("2023-09-02")), "dated 09-20 by browser", "平山 发布"},
		{"a row that states nothing", list(row("2023-09-20", "", ""), own("2023-09-02")), "dated 09-20 by browser", "平山发布"},
		{"numbers alone, under the registered name", list(numbered("2023-09-20"), numbered("2023-09-02")), "dated 09-20 by browser", "平山发布"},
		{"numbers alone, under another name", list(row("2023-09-20", `"name":"矿区日报","id":70009`, "")), "lost, foreign", ""},
		{"numbers alone, of several", list(row("2023-09-20", `"name":"矿区日报","id":70009`, ""), row("2023-09-19", `"name":"路边社","id":70008`, "")), "lost, foreign", ""},
		{"no time in its first place", list(strings.Replace(own("2023-09-02"), `"time":"2023-09-02"`, `"time":0,"seen":1695200000`, 1)), "dated 09-20 16:53 by browser", "平山发布"},
		{"no time in either", list(strings.Replace(own("2023-09-02"), `"time":"2023-09-02"`, `"time":0,"seen":""`, 1)), "undated, undated", "平山发布"},
	}
	src := browser()
	src.Forms = []PostForm{form}
	about := Posting{UID: token, Name: "平山发布", Sources: []PostSource{src}}
	for _, tt := range tests {
		for at, sure := range map[string]bool{"https://m.weipo.test/api/feed": false, "https://m.weipo.test/api/feed?who=" + token: true} {
			want := tt.want
			if sure && strings.HasSuffix(want, "foreign") {
				continue // what was asked for by its UID is its own, whatever it is called
			}
			got, _ := stage{browserAt: {body: "<html></html>", data: [][2]string{{at, tt.body}}}}.look(t, about, nil, fetched)
			if gist(got) != want || got.Name != tt.shown {
				t.Errorf("%s, asked at %s: got %s of %q (%s; %q), want %s", tt.name, at, gist(got), got.Name, got.Detail, got.Notes, want)
			}
		}
	}
	renamed := list(row("2023-09-20", `"name":"平山融媒","id":70001`, ""))
	got, _ := stage{browserAt: {body: "<html></html>", data: [][2]string{{"https://m.weipo.test/api/feed?token=" + token, renamed}}}}.look(t, about, nil, fetched)
	if gist(got) != "dated 09-20 by browser" || got.Name != "平山融媒" {
		t.Errorf("asked for by its UID: got %s of %q, want it under its new name", gist(got), got.Name)
	}
}

// A page asks for much besides an account's posts, sooner or later than for them.
func TestPostsAmongOtherAnswers(t *testing.T) {
	own := [2]string{platformAt, answerOf("", "2023-09-02_10:00", "2023-09-01_10:00")}
	empty := [2]string{platformAt, `{"ok":1,"data":{"cards":[]}}`}
	refused := [2]string{platformAt, `{"ok":-100}`}
	others := [2]string{"https://m.weipo.test/api/hot", answerOf("", "2023-09-26_10:00 1 70009 路人甲", "2023-09-25_10:00 2 70008 路人乙")}
	nameless := [2]string{"https://m.weipo.test/api/hot", strings.NewReplacer(`"id":70009,`, "", `"id":70008,`, "").Replace(others[1])}
	tests := []struct {
		name  string
		data  [][2]string
		want  string
		shown string
	}{
		{"before", [][2]string{others, own}, "dated 09-02 10:00 by browser", "平山发布"},
		{"behind", [][2]string{own, others}, "dated 09-02 10:00 by browser", "平山发布"},
		{"before, without UIDs", [][2]string{nameless, own}, "dated 09-02 10:00 by browser", "平山发布"},
		{"behind, without UIDs", [][2]string{own, nameless}, "dated 09-02 10:00 by browser", "平山发布"},
		{"besides a list that is empty", [][2]string{empty, others}, "lost, empty", ""},
		{"besides a list that is empty, without UIDs", [][2]string{nameless, empty}, "lost, empty", ""},
		{"besides a refusal", [][2]string{refused, others}, "lost, foreign", ""},
		{"alone", [][2]string{others}, "lost, foreign", ""},
		{"alone, without UIDs", [][2]string{nameless}, "lost, foreign", ""},
	}
	for _, tt := range tests {
		src := browser()
		src.Refusals = platform().Refusals
		got, _ := stage{browserAt: {body: "<html></html>", data: tt.data}}.look(t, account(src), nil, fetched)
		if gist(got) != tt.want || got.Name != tt.shown {
			t.Errorf("%s: got %s of %q (%s), want %s", tt.name, gist(got), got.Name, got.Detail, tt.want)
		}
	}
}

// A feed may be of several accounts, and its maker decorates names.
func TestFeedsOfOthers(t *testing.T) {
	rss := func(channel string, items ...string) string {
		return `<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>` + channel + `</title>` + strings.Join(items, "") + `</channel></rss>`
	}
	item := func(day, by string) string {
		return `<item><title>` + day + by + `</title><link>https://m.weipo.test/` + day + `</link><pubDate>` + day + `T10:00:00+08:00</pubDate><dc:creator>` + by + `</dc:creator></item>`
	}
	a, b, c := item("2023-09-20", "矿区日报"), item("2023-09-15", "平山发布"), item("2023-09-12", "路边社")
	tests := []struct {
		name, body string
		whole      Whole
		want       string
		shown      string
	}{
		{"of all accounts of a reader", rss("全部订阅", a, b, c), WholeNever, "dated 09-15 10:00 at least by feed", "平山发布"},
		{"of others", rss("全部订阅", a, c), WholeNever, "lost, foreign", ""},
		{"of who speaks of it", rss("又有人提到平山发布了", a, c), WholeNever, "lost, foreign", ""},
		{"of its own, by several hands", rss("平山发布", a, c), WholeNever, "dated 09-20 10:00 at least by feed", "平山发布"},
		{"of its own, by several hands, for which somebody answers", rss("平山融媒", a, c), WholeNewest, "dated 09-20 10:00 by feed", "平山融媒"},
		{"of its maker's error", rss("平山发布", item("2023-09-26", ""), `<item><title>Bridge returned error 432! (19626)</title><pubDate>2023-09-26T10:00:00+08:00</pubDate></item>`), WholeNewest, "lost", ""},
		{"of one other name, which may be its new one", rss("平山融媒", a, a), WholeNever, "dated 09-20 10:00 at least by feed", "矿区日报"},
	}
	for _, tt := range tests {
		src := feed()
		src.Whole = tt.whole
		got, _ := stage{feedAt: {body: tt.body}}.look(t, account(src), nil, fetched)
		if gist(got) != tt.want || got.Name != tt.shown {
			t.Errorf("%s: got %s of %q (%s), want %s of %q", tt.name, gist(got), got.Name, got.Detail, tt.want, tt.shown)
		}
	}
	plain := `<item><title>一</title><link>https://m.weipo.test/1</link><pubDate>Wed, 20 Sep 2023 02:00:00 GMT</pubDate></item>`
	for channel, want := range map[string]string{
		"平山融媒的微博": "平山融媒", "平山融媒 的 bilibili 图文": "平山融媒", "平山融媒 - 微博": "平山融媒", "微博 - 平山融媒": "平山融媒", "平山融媒的头条主页 - 今日头条": "平山融媒",
		"平山融媒的头条主页 - 今日头条(www.toutiao.com)": "平山融媒", "平山融媒 - 笔记 • 小红书 / RED": "平山融媒", "平山融媒 - 搜狗微信": "平山融媒", "平山融媒 的西瓜视频": "平山融媒",
		"平山发布": "平山发布", " 平山　发布 ": "平山 发布", "平山发布厅": "平山发布厅", "平山动态": "平山动态", "平山的山": "平山的山", "微博": "微博",
	} {
		got, _ := stage{feedAt: {body: rss(channel, plain)}}.look(t, account(feed()), nil, fetched)
		if got.Name != want {
			t.Errorf("channel %q: got %q, want %q", channel, got.Name, want)
		}
	}
}

// The time of the newest item is not when a feed was made.
func TestWhenAFeedWasMade(t *testing.T) {
	for updated, want := range map[string]string{
		"2023-08-01T02:00:00Z": "dated 08-01 10:00 by feed", // of its newest item
		"2023-07-01T02:00:00Z": "dated 08-01 10:00 by feed",
		"2023-09-01T02:00:00Z": "dated 08-01 10:00 at least by feed, old-list",
		"2023-09-26T02:00:00Z": "dated 08-01 10:00 by feed",
	} {
		atom := `<feed xmlns="http://www.w3.org/2005/Atom"><title>平山发布</title><updated>` + updated + `</updated><entry><title>一</title><id>1</id><updated>2023-08-01T02:00:00Z</updated></entry></feed>`
		json := `{"version":"https://jsonfeed.org/version/1","title":"平山发布","items":[{"id":"1","title":"一","date_modified":"2023-08-01T02:00:00Z"}]}`
		for _, body := range []string{atom, json} {
			if body == json {
				want = "dated 08-01 10:00 by feed"
			}
			if got, _ := (stage{feedAt: {body: body}}).look(t, account(feed()), nil, fetched); gist(got) != want {
				t.Errorf("made on %s: got %s (%q), want %s", updated, gist(got), got.Notes, want)
			}
		}
	}
}

// A later page and a list of one kind of posts are parts, whatever their source
// promises; beside the whole they change nothing.
func TestPartsOfAnAccountsPosts(t *testing.T) {
	form := cards
	form.Part, form.Pinned = `page=[2-9]|kind=film`, "origin"
	src := browser()
	src.Forms = []PostForm{form}
	first := [2]string{platformAt, answerOf("", "2023-09-02_10:00 9", "2023-09-01_10:00 8")}
	second := [2]string{platformAt + "&page=2", answerOf("", "2023-08-02_10:00 7", "2023-08-01_10:00 6")}
	films := [2]string{platformAt + "&kind=film", answerOf("", "2023-07-02_10:00 5", "2023-07-01_10:00 4")}
	tests := []struct {
		name string
		data [][2]string
		want string
	}{
		{"the first page", [][2]string{first}, "dated 09-02 10:00 by browser"},
		{"a later page", [][2]string{second}, "dated 08-02 10:00 at least by browser"},
		{"films", [][2]string{films}, "dated 07-02 10:00 at least by browser"},
		{"nothing but what is held on top", [][2]string{{platformAt, answerOf("", "2023-07-02_10:00 5 70001 平山发布 x", "2023-07-01_10:00 4 70001 平山发布 x")}}, "dated 07-02 10:00 at least by browser"},
		{"two parts", [][2]string{second, films}, "dated 08-02 10:00 at least by browser"},
		{"all of it", [][2]string{first, second, films}, "dated 09-02 10:00 by browser"},
	}
	for _, tt := range tests {
		if got, _ := (stage{browserAt: {body: "<html></html>", data: tt.data}}).look(t, account(src), nil, fetched); gist(got) != tt.want {
			t.Errorf("%s: got %s (%q), want %s", tt.name, gist(got), got.Notes, tt.want)
		}
	}
	form.Part = "("
	if err := form.Validate(); err == nil || !strings.Contains(err.Error(), "part") {
		t.Errorf("got %v, want a wrong expression to be named", err)
	}
}

// What a cache on the way has kept for days is old.
func TestAnAnswerThatWasKept(t *testing.T) {
	task := Task{Question: AskPosts, Hosts: []string{"m.weipo.test"}, Posting: &Posting{UID: "70001", Name: "平山发布", Sources: []PostSource{platform()}}}
	for age, want := range map[string]string{
		"": "dated 09-02 10:00 by platform", "0": "dated 09-02 10:00 by platform", "3600": "dated 09-02 10:00 by platform", "x": "dated 09-02 10:00 by platform",
		"-1": "dated 09-02 10:00 by platform", "900000": "dated 09-02 10:00 at least by platform, old-list",
	} {
		p := Page{Asked: platformAt, URL: platformAt, Why: WhyList, Status: 200, FetchedAt: fetched, Body: []byte(answerOf("", "2023-09-02_10:00")), Header: map[string][]string{"Age": {age}}}
		if got, _ := Read(task, []Page{p}); gist(got) != want {
			t.Errorf("Age: %s: got %s, want %s", age, gist(got), want)
		}
	}
}

// Names that a path does not know are passed by *, and what a script escapes is
// read as it means.
func TestPostFormsOfUnknownNames(t *testing.T) {
	form := PostForm{
		Recipe: Recipe{List: "notes.*.note", Title: "title", Date: "time", Name: `html =~ \bnick\s*=\s*'([^']+)'`}, Island: "window.__DATA__=",
		UID: `html =~ uid = '([^']+)'`,
	}
	src := platform()
	src.Forms = []PostForm{form}
	body := `<html><script>var uid = '7\x30001', nick = '\u5e73山\x26amp;发布'; window.__DATA__={notes:{'66aa':{note:{title:'秋收',time:1693620000}},'66ab':{note:{title:'夏种',time:1690941600}}}}</script></html>`
	got, _ := stage{platformAt: {body: body}}.look(t, account(src), nil, fetched)
	if gist(got) != "dated 09-02 10:00 by platform" || got.Name != "平山&发布" || len(got.Items) != 2 {
		t.Errorf("got %s of %q with %d items (%s)", gist(got), got.Name, len(got.Items), got.Detail)
	}
	got, _ = stage{platformAt: {body: strings.Replace(body, "7\\x30001", "7\\x30002", 1)}}.look(t, account(src), nil, fetched)
	if gist(got) != "lost, foreign" {
		t.Errorf("got %s, want the UID as it is meant", gist(got))
	}
}

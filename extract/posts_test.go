package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// A stage answers what is asked for the posts of an account.
type stage map[string]shot

// A shot is one answer. Of one that a browser shows, data are the answers that
// its scripts were given, by address.
type shot struct {
	body   string
	status int
	class  Class
	url    string // after redirects
	data   [][2]string
}

// The accounts of these tests are made up, and so are their platforms: they have
// the structure of real ones.
const (
	platformAt = "https://m.weipo.test/api/list?uid=70001"
	otherAt    = "https://weipo.test/ajax/list?uid=70001"
	browserAt  = "https://m.weipo.test/u/70001"
	feedAt     = "https://rss.test/weipo/70001"
	linkAt     = "https://mp.weipo.test/s/abc"
)

// cards is the form of their lists.
var cards = PostForm{
	Recipe: Recipe{
		Source: SourceJSON, List: "data.cards.post | data.cards.group.post", Title: "text | raw", Link: "https://m.weipo.test/detail/{id}",
		Date: "created_at", Name: "user.name | data.user.name",
	},
	At: "/api/list", Signs: []string{`"cards"`, `"post"`},
	UID: "user.id | data.user.id", Owner: "user.reason", Avatar: "user.face", Posts: "user.count | data.user.count", More: "data.next", Made: "data.now", Repost: "origin",
}

// platform is their strongest source.
func platform() PostSource {
	return PostSource{Kind: FromPlatform, URL: platformAt, Forms: []PostForm{cards}, Whole: WholeNewest, Refusals: []Refusal{
		{Hindrance: HindVisitor, Status: 432}, {Hindrance: HindLogin, Field: "ok =~ ^-100$"}, {Hindrance: HindCaptcha, Field: "code =~ ^-352$"},
		{Hindrance: HindEmpty, Field: `data.cards =~ ^\[\]$`},
	}}
}

func browser() PostSource {
	return PostSource{Kind: FromBrowser, URL: browserAt, Forms: []PostForm{cards}, Whole: WholeNewest}
}

func feed() PostSource { return PostSource{Kind: FromFeed, URL: feedAt, Whole: WholeNewest} }
func link() PostSource { return PostSource{Kind: FromLink, URL: linkAt} }

// answerOf writes an answer of their list: each post is "date", "date id",
// "date id uid name" or "date id uid name origin"; with _ for a blank in a date.
func answerOf(extra string, posts ...string) string {
	var out []string
	for i, p := range posts {
		f := strings.Fields(p)
		for len(f) < 4 {
			f = append(f, []string{"", fmt.Sprint(900 - i), "70001", "平山发布"}[len(f)])
		}
		origin := ""
		if len(f) > 4 {
			origin = `,"origin":{"id":1}`
		}
		out = append(out, fmt.Sprintf(`{"type":9,"post":{"created_at":%q,"id":%q,"text":"<b>第%s条</b>动态&amp;消息","user":{"id":%s,"name":%q,"count":120}%s}}`,
			strings.ReplaceAll(f[0], "_", " "), f[1], f[1], f[2], f[3], origin))
	}
	return `{"ok":1,"data":{"next":2,` + extra + `"cards":[` + strings.Join(out, ",") + `]}}`
}

// look runs the loop of reading and fetching and returns what was asked.
func (s stage) look(t *testing.T, about Posting, before *Fingerprint, at time.Time) (Reading, []string) {
	t.Helper()
	task := Task{Question: AskPosts, Posting: &about, Before: before, Hosts: []string{"m.weipo.test", "weipo.test", "rss.test", "mp.weipo.test"}}
	var pages []Page
	var asked []string
	for range MaxPages {
		got, wants := Read(task, pages)
		if len(wants) == 0 {
			if got.Outcome == "" || got.Outcome == Unread && (got.Reason == "" || got.Detail == "") {
				t.Fatalf("a reading without a reason: %+v", got)
			}
			return got, asked
		}
		for _, w := range wants {
			asked = append(asked, w.URL)
			pages = append(pages, s.answer(w, at)...)
		}
	}
	t.Fatalf("no end after %q", asked)
	return Reading{}, nil
}

func (s stage) answer(w Want, at time.Time) []Page {
	c, ok := s[w.URL]
	p := Page{Asked: w.URL, URL: w.URL, Why: w.Why, Status: 200, FetchedAt: at, Rendered: w.Render, Body: []byte(c.body), Class: c.class}
	if !ok {
		p.Status, p.Class = 404, ClassNotFound
	}
	if c.status != 0 {
		p.Status = c.status
	}
	if c.url != "" {
		p.URL = c.url
	}
	if c.class == ClassNoBrowser {
		p.Rendered = false
	}
	pages := []Page{p}
	for _, d := range c.data {
		pages = append(pages, Page{Asked: d[0], URL: d[0], Why: WhyData, Status: 200, FetchedAt: at, Body: []byte(d[1])})
	}
	return pages
}

// account is whose posts are wanted.
func account(sources ...PostSource) Posting {
	return Posting{UID: "70001", Name: "平山发布", Sources: sources}
}

// gist is what a reading of posts comes to.
func gist(r Reading) string {
	s := string(r.Outcome)
	if r.Outcome == Unread {
		s = string(r.Reason)
	}
	if !r.Newest.IsZero() {
		s += " " + r.Newest.Time.Format("01-02 15:04")
		if !r.Newest.Minute {
			s = strings.TrimSuffix(s, " 00:00")
		}
	}
	if r.AtLeast {
		s += " at least"
	}
	if r.From != "" {
		s += " by " + string(r.From)
	}
	if r.Hindrance != "" {
		s += ", " + string(r.Hindrance)
	}
	return s
}

// Sources are asked in order until one shows a post of the last days; one that
// shows none leaves it to the next, and what kept the strongest stays known.
func TestPostSourcesInOrder(t *testing.T) {
	recent, old := answerOf("", "2023-09-26_10:00", "2023-09-20_10:00"), answerOf("", "2023-08-01_10:00", "2023-07-20_10:00")
	feedOf := func(day string) string {
		return `<rss><channel><title>平山发布的微博</title><lastBuildDate>Wed, 27 Sep 2023 01:00:00 GMT</lastBuildDate><item><title>第一条</title><link>https://m.weipo.test/detail/1</link><pubDate>` + day + `</pubDate></item></channel></rss>`
	}
	article := `<html><head><title>一篇</title></head><body><h1 id="activity-name">一篇</h1><a id="js_name">平山发布</a><script>var ct = "1695000000";</script></body></html>`
	shown := func(body string) shot {
		return shot{body: "<html><body>平山发布</body></html>", data: [][2]string{{"https://m.weipo.test/api/config", "{}"}, {platformAt, body}}}
	}
	tests := []struct {
		name    string
		sources []PostSource
		stage   stage
		want    string
		asked   int
	}{
		{"a recent post ends the search", []PostSource{platform(), browser(), feed(), link()}, stage{platformAt: {body: recent}}, "dated 09-26 10:00 by platform", 1},
		{"a browser shows what the platform denies", []PostSource{platform(), browser(), feed()}, stage{platformAt: {status: 432}, browserAt: shown(recent)},
			"dated 09-26 10:00 by browser, visitor", 2},
		{"an old list is asked for everywhere, and by no browser", []PostSource{platform(), browser(), feed(), link()},
			stage{platformAt: {body: old}, feedAt: {body: feedOf("Tue, 01 Aug 2023 02:00:00 GMT")}, linkAt: {status: 404}}, "dated 08-01 10:00 by platform", 3},
		{"a feed that shows more makes the list a lower bound", []PostSource{platform(), feed()},
			stage{platformAt: {body: old}, feedAt: {body: feedOf("Fri, 08 Sep 2023 02:00:00 GMT")}}, "dated 09-08 10:00 by feed", 2},
		{"a feed that ends where a doubted list ends", []PostSource{platform(), feed()},
			stage{platformAt: {body: answerOf(`"now":1695600000,`, "2023-08-01_10:00")}, feedAt: {body: feedOf("Tue, 01 Aug 2023 02:00:00 GMT")}}, "dated 08-01 10:00 at least by platform, old-list", 2},
		{"a link that shows more than any list", []PostSource{platform(), link()}, stage{platformAt: {body: old}, linkAt: {body: article}}, "dated 09-18 09:20 at least by link", 2},
		{"nothing shows anything", []PostSource{platform(), browser(), feed()},
			stage{platformAt: {status: 432}, browserAt: {class: ClassNoBrowser}, feedAt: {class: ClassTimeout}}, "blocked, visitor", 3},
		{"a platform that is down", []PostSource{platform()}, stage{platformAt: {class: ClassTimeout}}, "down", 1},
		{"a browser that robots.txt forbids", []PostSource{browser()}, stage{browserAt: {class: ClassRobots}}, "robots", 1},
		{"two addresses of one platform", []PostSource{platform(), {Kind: FromPlatform, URL: otherAt, Forms: []PostForm{cards}, Whole: WholeNewest}},
			stage{platformAt: {status: 432}, otherAt: {body: recent}}, "dated 09-26 10:00 by platform, visitor", 2},
		{"an attestation is judged and not read", []PostSource{{Kind: FromAttestation}}, nil, "not-looked", 0},
		{"no source", nil, nil, "not-looked", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, asked := tt.stage.look(t, account(tt.sources...), nil, fetched)
			if gist(got) != tt.want || len(asked) != tt.asked || len(got.Tries) != tt.asked {
				t.Errorf("got %s (%s) after %q and %d tries, want %s after %d", gist(got), got.Detail, asked, len(got.Tries), tt.want, tt.asked)
			}
			if got.Outcome == Unread && got.AtLeast {
				t.Error("an unread account has a lower bound")
			}
		})
	}
}

// Every try says what came of it, for the record and for the health of the way.
func TestPostTries(t *testing.T) {
	got, _ := stage{platformAt: {status: 432}, browserAt: {data: [][2]string{{platformAt, answerOf("", "2023-09-01_10:00")}}, body: "<html><body></body></html>"}}.
		look(t, account(platform(), browser()), nil, fetched)
	want := []Try{
		{Kind: FromPlatform, Host: "m.weipo.test", Outcome: Unread, Reason: ReasonBlocked, Hindrance: HindVisitor},
		{Kind: FromBrowser, Host: "m.weipo.test", Outcome: Dated, Newest: Date{Time: time.Date(2023, 9, 1, 10, 0, 0, 0, Beijing), Minute: true}},
	}
	for i := range got.Tries {
		if got.Tries[i].Detail == "" {
			t.Errorf("try %d has no detail", i)
		}
		got.Tries[i].Detail = ""
	}
	if !slices.Equal(got.Tries, want) {
		t.Errorf("got %+v, want %+v", got.Tries, want)
	}
	if got.Name != "平山发布" || got.Posts != 120 {
		t.Errorf("got %q with %d posts, want the account as the answer shows it", got.Name, got.Posts)
	}
}

// The newest post is the one with the greatest time; an account's list holds
// posts of others, and titles hold HTML.
func TestPostRows(t *testing.T) {
	tests := []struct {
		name, body string
		want       string
		shown      string
	}{
		{"a pinned post on top", answerOf("", "2022-05-26_00:41", "2023-09-02_10:00", "2023-09-01_10:00"), "dated 09-02 10:00 by platform", "平山发布"},
		{"a pinned post that is the newest", answerOf("", "2023-09-02_10:00", "2023-08-02_10:00"), "dated 09-02 10:00 by platform", "平山发布"},
		{"an older post of another", answerOf("", "2022-09-25_10:00 1 70002 矿区路人", "2023-09-02_10:00", "2023-09-01_10:00"), "dated 09-02 10:00 by platform", "平山发布"},
		{"a later post of another that it may have passed on", answerOf("", "2023-09-25_10:00 1 70002 矿区路人", "2023-09-02_10:00", "2023-09-01_10:00"), "dated 09-02 10:00 at least by platform", "平山发布"},
		{"all of another", answerOf("", "2023-09-25_10:00 1 70002 矿区路人"), "lost, foreign", ""},
		{"a new name", answerOf("", "2023-09-02_10:00 1 70001 平山融媒"), "dated 09-02 10:00 by platform", "平山融媒"},
		{"not sorted", answerOf("", "2023-09-02_10:00", "2023-08-01_10:00", "2023-08-15_10:00"), "dated 09-02 10:00 at least by platform", "平山发布"},
		{"the newest below many", answerOf("", "2023-08-01_10:00", "2023-07-31_10:00", "2023-07-30_10:00", "2023-07-29_10:00", "2023-07-28_10:00", "2023-07-27_10:00", "2023-09-02_10:00"),
			"dated 09-02 10:00 at least by platform", "平山发布"},
		{"in a group of cards", `{"data":{"cards":[{"group":[{"post":{"created_at":"2023-09-02","id":"1","raw":"一","user":{"id":70001,"name":"平山发布"}}}]}]}}`, "dated 09-02 by platform", "平山发布"},
		{"a post without a time above", answerOf("", "_ 5", "2023-09-02_10:00"), "dated 09-02 10:00 at least by platform", "平山发布"},
		{"a post of tomorrow", answerOf("", "2023-09-29_10:00", "2023-09-02_10:00"), "dated 09-02 10:00 by platform", "平山发布"},
		{"none bears a time", answerOf("", "_ 5", "_ 6"), "undated, undated", "平山发布"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := stage{platformAt: {body: tt.body}}.look(t, account(platform()), nil, fetched)
			if gist(got) != tt.want || got.Name != tt.shown {
				t.Errorf("got %s of %q (%s; %q), want %s of %q", gist(got), got.Name, got.Detail, got.Notes, tt.want, tt.shown)
			}
		})
	}
	got, _ := stage{platformAt: {body: answerOf("", "2023-09-02_10:00 7 70001 平山发布 x", "2023-09-01_10:00 6")}}.look(t, account(platform()), nil, fetched)
	first := got.Items[0]
	if first.Title != "第7条 动态&消息" || first.Link != "https://m.weipo.test/detail/7" || !first.Repost || got.Items[1].Repost || got.NewestTitle() != first.Title {
		t.Errorf("got %+v and %+v, want a repost without HTML in its title, and a post of its own", first, got.Items[1])
	}
}

// Short and relative times rest on the answer's own moment in Beijing.
func TestPostTimes(t *testing.T) {
	at := time.Date(2023, 1, 3, 0, 30, 0, 0, Beijing)
	tests := []struct{ name, extra, text, want string }{
		{"just now", "", "刚刚", "2023-01-03"},
		{"minutes, of the day before", "", "55分钟前", "2023-01-02"},
		{"today", "", "今天_00:12", "2023-01-03"},
		{"yesterday", "", "昨天_12:30", "2023-01-02"},
		{"month and day of last year", "", "12-30", "2022-12-30"},
		{"month and day of this year", "", "01-02", "2023-01-02"},
		{"in words, and the device behind it", "", "12月17日_18:12_来自_微博网页版", "2022-12-17"},
		{"what was done behind it", "", "2022年12月17日_·_投稿了视频", "2022-12-17"},
		{"as programs write it", "", "Fri_Dec_30_11:11:45_+0800_2022", "2022-12-30"},
		{"as mail writes it", "", "Fri,_30_Dec_2022_18:11:45_GMT", "2022-12-31"},
		{"seconds", "", "1672416000", "2022-12-31"},
		{"milliseconds", "", "1672416000000", "2022-12-31"},
		{"microseconds", "", "1672416000000000", "2022-12-31"},
		{"seconds with a fraction", "", "1672416000.25", "2022-12-31"},
		{"just now, in an answer of last week", `"now":1672070400000,`, "刚刚", "2022-12-27"},
		{"weeks name no day", "", "2周前", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := stage{platformAt: {body: answerOf(tt.extra, tt.text)}}.look(t, account(platform()), nil, at)
			day := ""
			if !got.Newest.IsZero() {
				day = got.Newest.Time.Format(time.DateOnly)
			}
			if day != tt.want || got.Newest.Time.After(at) {
				t.Errorf("%s: got %q (%s), want %q", tt.text, day, got.Detail, tt.want)
			}
		})
	}
}

// A list that falls over New Year goes on falling in the year before. A pinned
// post of any day on top changes nothing.
func TestPostYears(t *testing.T) {
	at := time.Date(2023, 3, 20, 10, 0, 0, 0, Beijing)
	tests := []struct {
		name  string
		posts []string
		want  string
		last  string
	}{
		{"falling", []string{"01-09", "01-08", "01-07", "01-06", "01-05", "01-04", "12-30", "02-27"}, "dated 01-09 by platform", "2022-02-27"},
		{"two pinned, of either year", []string{"01-02", "06-01", "01-10", "01-09", "01-08", "01-07", "12-30", "02-27"}, "dated 01-10 by platform", "2022-02-27"},
	}
	for _, tt := range tests {
		got, _ := stage{platformAt: {body: answerOf("", tt.posts...)}}.look(t, account(platform()), nil, at)
		if last := got.Items[len(got.Items)-1].Date.Time.Format(time.DateOnly); gist(got) != tt.want || last != tt.last {
			t.Errorf("%s: got %s, the last of %s, want %s and %s", tt.name, gist(got), last, tt.want, tt.last)
		}
	}
}

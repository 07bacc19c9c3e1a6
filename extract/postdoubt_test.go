package extract

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// A list is whole until something speaks against it: then it clears and accuses
// nobody.
func TestPostsNotWhole(t *testing.T) {
	old := []string{"2023-08-01_10:00 901", "2023-07-20_10:00 900"}
	none := answerOf("", old...)
	before := func(newest string, posts int, links ...string) *Fingerprint {
		day, _ := time.ParseInLocation(time.DateOnly, newest, Beijing)
		f := &Fingerprint{Rows: 2, Dated: 2, Posts: posts, Newest: Date{Time: day}, At: fetched.AddDate(0, 0, -1)}
		for _, l := range append(links, "https://m.weipo.test/detail/901", "https://m.weipo.test/detail/900") {
			f.Links = append(f.Links, digest(l))
		}
		return f
	}
	tests := []struct {
		name   string
		whole  Whole
		body   string
		before *Fingerprint
		want   string
	}{
		{"nothing speaks against it", WholeNewest, none, nil, "dated 08-01 10:00 by platform"},
		{"seen so before", WholeNewest, none, before("2023-08-01", 120), "dated 08-01 10:00 by platform"},
		{"a source that is never whole", WholeNever, none, nil, "dated 08-01 10:00 at least by platform"},
		{"counted, and fewer", WholeCounted, none, nil, "dated 08-01 10:00 at least by platform"},
		{"counted, and all", WholeCounted, `{"data":{"user":{"id":70001,"count":1},"cards":[{"post":{"created_at":"2023-08-01","id":"1","text":"一"}}]}}`, nil, "dated 08-01 by platform"},
		{"no more follow, and fewer than it has", WholeNewest, answerOf(`"next":0,`, old...), nil, "dated 08-01 10:00 by platform"}, // two statements: the one that more follow counts
		{"made long ago", WholeNewest, answerOf(`"now":1695600000,`, old...), nil, "dated 08-01 10:00 at least by platform, old-list"},
		{"made now", WholeNewest, answerOf(`"now":1695740000,`, old...), nil, "dated 08-01 10:00 by platform"},
		{"a later post was seen before", WholeNewest, none, before("2023-09-01", 0), "dated 08-01 10:00 at least by platform, old-list"},
		{"a later post was seen before, and was deleted or the answer is an old one", WholeNewest, none, before("2023-09-01", 121), "dated 08-01 10:00 at least by platform, old-list"},
		{"a later post was seen before, and an answer of this hour does without it", WholeNewest, answerOf(`"now":1695740000,`, old...), before("2023-09-01", 121), "dated 08-01 10:00 by platform"},
		{"more posts than before, none of them shown", WholeNewest, none, before("2023-08-01", 119), "dated 08-01 10:00 at least by platform, short"},
		{"more posts than before, and shown", WholeNewest, answerOf("", append([]string{"2023-08-01_12:00 902"}, old...)...), before("2023-08-01", 119), "dated 08-01 12:00 by platform"},
		{"fewer posts than before", WholeNewest, none, before("2023-08-01", 130), "dated 08-01 10:00 by platform"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := platform()
			src.Whole = tt.whole
			got, _ := stage{platformAt: {body: tt.body}}.look(t, account(src), tt.before, fetched)
			if gist(got) != tt.want {
				t.Errorf("got %s (%q), want %s", gist(got), got.Notes, tt.want)
			}
			if got.AtLeast && got.Tries[0].AtLeast != got.AtLeast {
				t.Errorf("got %+v, want the try to say so too", got.Tries[0])
			}
		})
	}
	short := `{"data":{"next":"","user":{"count":3},"cards":[{"post":{"created_at":"2023-08-01","id":"1","text":"一","user":{"id":70001}}}]}}`
	if got, _ := (stage{platformAt: {body: short}}).look(t, account(platform()), nil, fetched); gist(got) != "dated 08-01 at least by platform, short" {
		t.Errorf("got %s, want a list that is too short", gist(got))
	}
}

// A feed is as old as its maker says, and that is no post's date.
func TestPostFeeds(t *testing.T) {
	rss := func(channel string, items ...string) string {
		s := `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>` + channel
		for i, it := range items {
			s += `<item><title>第` + string(rune('a'+i)) + `条</title><link>https://m.weipo.test/detail/` + string(rune('a'+i)) + `</link><dc:creator>平山发布</dc:creator>` + it + `</item>`
		}
		return s + `</channel></rss>`
	}
	made := `<lastBuildDate>Tue, 26 Sep 2023 12:00:00 GMT</lastBuildDate>`
	aug, jul := `<pubDate>Tue, 01 Aug 2023 02:00:00 GMT</pubDate>`, `<pubDate>Sat, 01 Jul 2023 02:00:00 GMT</pubDate>`
	tests := []struct{ name, body, want, shown string }{
		{"made now", rss(`<title>平山发布的微博</title>`+made, aug, jul), "dated 08-01 10:00 by feed", "平山发布"},
		{"made long ago", rss(`<title>平山发布 的 bilibili 空间</title><lastBuildDate>Fri, 01 Sep 2023 12:00:00 GMT</lastBuildDate>`, aug, jul), "dated 08-01 10:00 at least by feed, old-list", "平山发布"},
		{"a channel that names nobody", rss(`<title>最新微博</title>`+made, aug), "dated 08-01 10:00 by feed", "平山发布"},
		{"a new name", rss(`<title>平山融媒的抖音</title>`+made, aug), "dated 08-01 10:00 by feed", "平山融媒"},
		{"a pinned item", rss(`<title>平山发布</title>`+made, jul, aug), "dated 08-01 10:00 by feed", "平山发布"},
		{"items without a time", rss(`<title>平山发布</title>`+made, "", ""), "undated, undated", "平山发布"},
		{"no items", rss(`<title>平山发布</title>` + made), "lost, empty", "平山发布"},
		{"a log-in page in its place", `<html><head><title>登录</title></head><body>请先登录后查看</body></html>`, "blocked, login", ""},
		{"a text in its place", `Looks like something went wrong`, "lost", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := stage{feedAt: {body: tt.body}}.look(t, account(feed()), nil, fetched)
			if gist(got) != tt.want || got.Name != tt.shown {
				t.Errorf("got %s of %q (%s), want %s of %q", gist(got), got.Name, got.Detail, tt.want, tt.shown)
			}
		})
	}
	refused, _ := stage{feedAt: {status: 503, body: "route error: 432"}}.look(t, account(feed()), nil, fetched)
	if gist(refused) != "down" {
		t.Errorf("got %s, want a feed whose maker was refused to be down", gist(refused))
	}
}

// What a look knows of an account it hands on; a look that read nothing hands on
// what it was given, and an older list does not replace a newer one.
func TestPostsAreRemembered(t *testing.T) {
	first, _ := stage{platformAt: {body: answerOf("", "2023-09-02_10:00 902", "2023-09-01_10:00 901")}}.look(t, account(platform()), nil, fetched)
	if first.List == nil || first.List.Posts != 120 || len(first.List.Links) != 2 || !first.List.Newest.Time.Equal(first.Newest.Time) {
		t.Fatalf("got %+v, want newest, links and count", first.List)
	}
	for name, body := range map[string]string{"refused": `{"ok":-100}`, "an old list": answerOf("", "2023-08-02_10:00 802")} {
		next, _ := stage{platformAt: {body: body}}.look(t, account(platform()), first.List, fetched.AddDate(0, 0, 1))
		if next.List == nil || !next.List.Newest.Time.Equal(first.Newest.Time) || !slices.Equal(next.List.Links, first.List.Links) {
			t.Errorf("%s: got %+v, want what was known", name, next.List)
		}
	}
	// a count that grew stays a question until a post explains it
	before := *first.List
	before.Posts = 119
	for range 3 {
		next, _ := stage{platformAt: {body: answerOf("", "2023-09-02_10:00 902", "2023-09-01_10:00 901")}}.look(t, account(platform()), &before, fetched)
		if !next.AtLeast || next.Hindrance != HindShort {
			t.Fatalf("got %s, want a list that lacks a post", gist(next))
		}
		before = *next.List
	}
}

// A post that was deleted and an answer of long ago look alike: the newest is gone,
// and the account has fewer. Only after some days is it taken to be deleted.
func TestPostsDeleted(t *testing.T) {
	full := answerOf("", "2023-09-20_10:00 903", "2023-08-01_10:00 902")
	fewer := strings.ReplaceAll(answerOf("", "2023-08-01_10:00 902"), `"count":120`, `"count":119`)
	night := func(n int) time.Time { return fetched.AddDate(0, 0, n) }
	tests := []struct {
		name   string
		nights []string // what is shown from night to night
		want   string   // of the last
	}{
		{"one night", []string{full, fewer}, "dated 08-01 10:00 at least by platform, old-list"},
		{"three nights", []string{full, fewer, fewer, fewer}, "dated 08-01 10:00 at least by platform, old-list"},
		{"four nights", []string{full, fewer, fewer, fewer, fewer}, "dated 08-01 10:00 by platform"},
		{"five nights", []string{full, fewer, fewer, fewer, fewer, fewer}, "dated 08-01 10:00 by platform"},
		{"and back again", []string{full, fewer, fewer, full, fewer, fewer}, "dated 08-01 10:00 at least by platform, old-list"},
		{"nights without an answer", []string{full, fewer, `{"ok":-100}`, "", fewer}, "dated 08-01 10:00 by platform"},
	}
	for _, tt := range tests {
		var got Reading
		var before *Fingerprint
		for i, body := range tt.nights {
			got, _ = stage{platformAt: {body: body}}.look(t, account(platform()), before, night(i))
			before = got.List
		}
		if gist(got) != tt.want {
			t.Errorf("%s: got %s (%q), want %s", tt.name, gist(got), got.Notes, tt.want)
		}
	}
}

package extract

import (
	"strconv"
	"testing"
)

// What a page leaves open may clear a column and never accuse it.
func TestDoubtNeverAccuses(t *testing.T) {
	tests := []struct {
		name string
		body string
		want string // newest, and + where it is a lower bound
	}{
		{"one link twice, the older copy first", `<ul><li><a href="/a/1.html">通知一</a><span>2021-01-01</span></li><li><a href="/a/1.html">通知一</a><span>2023-08-20</span></li></ul>`, "2023-08-20"},
		{"addresses that a script tells apart", `<ul><li><a href="/i.html#/d/1">通知一</a><span>2021-01-01</span></li><li><a href="/i.html#/d/2">通知二</a><span>2023-08-20</span></li></ul>`, "2023-08-20"},
		{"a dated row without a title", `<ul><li><a href="/a/1.html"><img src="x.png"></a><span>2023-08-20</span></li><li><a href="/a/2.html">通知二</a><span>2021-01-01</span></li></ul>`, "2021-01-01+"},
		{"most dates lie ahead, as of deadlines", `<ul><li><a href="/1">甲项目报名</a><span>2023-12-15</span></li><li><a href="/2">乙项目报名</a><span>2023-12-12</span></li><li><a href="/3">丙项目报名</a><span>2022-08-01</span></li></ul>`, "2022-08-01+"},
		{"oldest first, and a next page", `<ul><li><a href="/1">甲</a><span>2019-01-01</span></li><li><a href="/2">乙</a><span>2020-01-01</span></li></ul><a href="/l/2.html">下一页</a>`, "2020-01-01+"},
		{"oldest first, all on one page", `<ul><li><a href="/1">甲</a><span>2019-01-01</span></li><li><a href="/2">乙</a><span>2020-01-01</span></li></ul>`, "2020-01-01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := ask(t, Task{Question: AskNewest, URLs: []string{host + "/l/"}, Recipe: Recipe{List: "ul", Item: "li", Date: "span"}},
				site{"/l/": {body: "<html><body>" + tt.body + "</body></html>"}})
			shown := got.Newest.Time.Format("2006-01-02")
			if got.AtLeast {
				shown += "+"
			}
			if got.Outcome != Dated || shown != tt.want {
				t.Errorf("%s\ngot %s %s %s, want %s", tt.body, got.Outcome, shown, got.Detail, tt.want)
			}
		})
	}
}

// A year is only counted where the list was seen to end, or to go back behind it.
func TestCountNeedsTheEndOfTheList(t *testing.T) {
	next := `<a href="/l/2.html">下一页</a>`
	page := func(rows, foot string) answer {
		return answer{body: "<html><body><ul>" + rows + "</ul>" + foot + "</body></html>"}
	}
	old := `<li><a href="/1">甲</a><span>2022-05-01</span></li><li><a href="/2">乙</a><span>2021-05-01</span></li><li><a href="/3">丙</a><span>2020-01-01</span></li>`
	tests := []struct {
		name   string
		second answer
		want   string
	}{
		{"only pinned items on page one", page(`<li><a href="/4">丁</a><span>2023-05-01</span></li><li><a href="/5">戊</a><span>2022-04-01</span></li>`, ""), "dated 2023-05-01"},
		{"the announced page is gone", answer{class: ClassNotFound}, "unread 2022-05-01"},
		{"the announced page repeats the first", page(old, next), "unread 2022-05-01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := ask(t, Task{Question: AskSince, Since: newYear, URLs: []string{host + "/l/"}, Recipe: Recipe{List: "ul", Item: "li", Date: "span"}},
				site{"/l/": page(old, next), "/l/2.html": tt.second})
			if shown := string(got.Outcome) + " " + got.Newest.Time.Format("2006-01-02"); shown != tt.want {
				t.Errorf("got %s (%s), want %s", shown, got.Detail, tt.want)
			}
		})
	}
}

// A page that answers from another folder may be another column's.
func TestRedirectToAnotherFolderIsLost(t *testing.T) {
	body := listOf("通知 | 2019-01-01")
	for to, want := range map[string]Outcome{"/lsbk/2019/": Unread, "/l/index.html": Dated, "/l/new/": Dated} {
		got, _ := ask(t, Task{Question: AskNewest, URLs: []string{host + "/l/"}, Recipe: usual}, site{"/l/": {body: body, url: host + to}})
		if got.Outcome != want || want == Unread && got.Reason != ReasonLost {
			t.Errorf("redirected to %s: got %s %s (%s), want %s", to, got.Outcome, got.Reason, got.Detail, want)
		}
	}
}

// Of two feed items with one identity the later date counts, and a feed that is
// cut shows a lower bound.
func TestFeedsNeverHideTheNewest(t *testing.T) {
	item := func(guid, day string) string {
		return "<item><guid>" + guid + "</guid><title>帖子</title><pubDate>" + day + "</pubDate></item>"
	}
	read := func(items string) Reading {
		got, _ := ask(t, Task{Question: AskNewest, URLs: []string{host + "/f.xml"}, Recipe: Recipe{Source: SourceFeed}},
			site{"/f.xml": {body: `<?xml version="1.0"?><rss version="2.0"><channel><title>某号</title>` + items + "</channel></rss>", header: "application/rss+xml"}})
		return got
	}
	if got := read(item("1", "2019-01-01") + item("1", "2023-08-20")); got.Newest.Time.Format("2006-01-02") != "2023-08-20" {
		t.Errorf("one identity twice: got %s", got.Newest.Time)
	}
	long := ""
	for i := range maxFeedItems + 1 {
		long += item("g"+strconv.Itoa(i), "2019-01-01")
	}
	if got := read(long); !got.AtLeast {
		t.Error("a feed that was cut accuses")
	}
}

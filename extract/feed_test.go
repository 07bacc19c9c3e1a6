package extract

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func feedPage(body string) Page {
	return Page{Asked: host + "/rss", URL: host + "/rss", Why: WhyList, Status: 200, FetchedAt: fetched, Body: []byte(body)}
}

func readFeed(t *testing.T, r Recipe, body string) Reading {
	t.Helper()
	r.Source = SourceFeed
	got, wants := Read(Task{Question: AskNewest, URLs: []string{host + "/rss"}, Recipe: r, Method: "recipe"}, []Page{feedPage(body)})
	if len(wants) > 0 {
		t.Fatalf("a feed wants %+v", wants)
	}
	return got
}

func rss(items ...string) string {
	return `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>阳泉市场监管的微博</title><lastBuildDate>Wed, 27 Sep 2023 00:00:00 GMT</lastBuildDate>` +
		strings.Join(items, "") + `</channel></rss>`
}

func item(title, date string) string {
	return fmt.Sprintf(`<item><title>%s</title><link>https://weibo.com/1/%s</link><pubDate>%s</pubDate></item>`, title, title, date)
}

func TestFeedDates(t *testing.T) {
	tests := []struct {
		name, date, want string
	}{
		{"RFC 1123", "Wed, 20 Sep 2023 02:00:00 GMT", "2023-09-20 10:00"},
		{"late in the evening of another zone", "Tue, 19 Sep 2023 20:00:00 GMT", "2023-09-20 04:00"},
		{"no zone is Beijing's", "2023-09-20 20:30:00", "2023-09-20 20:30"},
		{"Chinese signs", "2023年9月20日", "2023-09-20"},
		{"a platform's own", "Wed Sep 20 10:00:00 +0800 2023", "2023-09-20 10:00"},
		{"yesterday", "昨天", "2023-09-26"},
		{"far future", "Wed, 20 Sep 2099 02:00:00 GMT", ""},
		{"the epoch", "Thu, 01 Jan 1970 00:00:00 GMT", ""},
		{"none", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readFeed(t, Recipe{}, rss(item("a", tt.date)))
			if show(got.Newest) != tt.want {
				t.Errorf("%q: got %q, want %q", tt.date, show(got.Newest), tt.want)
			}
			want, reason := Outcome(Dated), Reason("")
			if tt.want == "" {
				want, reason = Unread, ReasonUndated
			}
			if got.Outcome != want || got.Reason != reason || got.Complete {
				t.Errorf("%q: got %s %s, complete %t; want %s %s, never complete", tt.date, got.Outcome, got.Reason, got.Complete, want, reason)
			}
		})
	}
}

func TestFeedName(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"", "阳泉市场监管的微博"},
		{"=~ ^(.+?)的微博$", "阳泉市场监管"},
		{"h1 =~ ^(.+?)的微博$", "阳泉市场监管"},
		{"=~ ^x", ""},
	} {
		if got := readFeed(t, Recipe{Name: tt.name}, rss(item("a", "2023-09-20"))); got.Name != tt.want || got.Method != "feed" {
			t.Errorf("%q: got %q by %s, want %q by feed", tt.name, got.Name, got.Method, tt.want)
		}
	}
}

func TestFeedKinds(t *testing.T) {
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(strings.Replace(rss(item("通知", "2023-09-20")), "utf-8", "GB2312", 1))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, body, title string
	}{
		{"RSS", rss(item("通知", "2023-09-20")), "通知"},
		{"RSS in GBK", gbk, "通知"},
		{"Atom", `<feed xmlns="http://www.w3.org/2005/Atom"><title>阳泉</title><updated>2023-09-26T00:00:00Z</updated><entry><title>通知</title><link href="/1"/><updated>2023-09-20T01:00:00Z</updated></entry></feed>`, "通知"},
		{"JSON Feed", `{"version":"https://jsonfeed.org/version/1.1","title":"阳泉","items":[{"id":"1","title":"通知","url":"http://a/1","date_published":"2023-09-20T09:00:00+08:00"}]}`, "通知"},
		{"entities are not expanded", `<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>` + strings.TrimPrefix(rss(item("通知&b;", "2023-09-20")), `<?xml version="1.0" encoding="utf-8"?>`), "通知"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readFeed(t, Recipe{}, tt.body)
			if got.Outcome != Dated || got.Newest.Day().Format(time.DateOnly) != "2023-09-20" || !strings.HasPrefix(got.Items[0].Title, tt.title) {
				t.Errorf("got %s %q, newest %s, items %+v; want dated 2023-09-20 %s", got.Outcome, got.Detail, show(got.Newest), got.Items, tt.title)
			}
		})
	}
}

func TestNoFeed(t *testing.T) {
	tests := []struct {
		name, body string
		reason     Reason
	}{
		{"a web page", listOf("a | 2023-08-23"), ReasonLost},
		{"a block page", "<html><body>访问过于频繁</body></html>", ReasonBlocked},
		{"a captcha", "<html><body>验证码</body></html>", ReasonBlocked},
		{"a soft 404", "<html><body>页面不存在</body></html>", ReasonGone},
		{"no items: hidden and silent look alike", rss(), ReasonLost},
		{"cut XML", `<rss><channel><title>a</title><item>`, ReasonLost},
		{"nonsense", "hello", ReasonLost},
		{"nothing", "", ReasonLost},
		{"many open tags", `<rss version="2.0"><channel>` + strings.Repeat("<a>", 200000), ReasonLost},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := readFeed(t, Recipe{}, tt.body); got.Outcome != Unread || got.Reason != tt.reason {
				t.Errorf("got %s %s %q, want unread %s", got.Outcome, got.Reason, got.Detail, tt.reason)
			}
		})
	}
}

func TestFeedItems(t *testing.T) {
	many := make([]string, 3000)
	for i := range many {
		many[i] = item(fmt.Sprintf("n%d", i), "2023-09-20")
	}
	if got := readFeed(t, Recipe{}, rss(many...)); len(got.Items) != maxFeedItems {
		t.Errorf("got %d items, want the first %d", len(got.Items), maxFeedItems)
	}
	same := `<item><title>a</title><guid>7</guid><pubDate>2023-09-20</pubDate></item>`
	bad := `<item><title>b</title><link>javascript:alert(1)</link><pubDate>2023-09-19</pubDate></item>`
	got := readFeed(t, Recipe{}, rss(same, same, bad))
	if len(got.Items) != 2 || got.Items[1].Link != "" {
		t.Errorf("got %+v, want two items and no script for a link", got.Items)
	}
	if got := readFeed(t, Recipe{}, rss(`<item><guid>9</guid><description>正文</description><pubDate>2023-09-20</pubDate></item>`)); got.Items[0].Title != "正文" {
		t.Errorf("got title %q, want the text of a post without title", got.Items[0].Title)
	}
}

func TestFeedThatIsDown(t *testing.T) {
	p := feedPage("")
	p.Class, p.Status, p.Detail = ClassStatus5xx, 503, "the platform refused"
	got, _ := Read(Task{Question: AskNewest, URLs: []string{host + "/rss"}, Recipe: Recipe{Source: SourceFeed}}, []Page{p})
	if got.Reason != ReasonDown || !strings.Contains(got.Detail, "refused") {
		t.Errorf("got %s %q, want down", got.Reason, got.Detail)
	}
}

// A feed of more items than anybody reads is read as far as it is.
func TestAFeedOfManyItems(t *testing.T) {
	rss := strings.Repeat("<item><title>一</title><pubDate>Wed, 20 Sep 2023 02:00:00 GMT</pubDate></item>", 3*maxFeedItems)
	atom := strings.Repeat("<entry><title>一</title><updated>2023-09-20T02:00:00Z</updated></entry>", 3*maxFeedItems)
	for _, body := range []string{"<rss><channel><title>甲地</title>" + rss + "</channel></rss>", `<feed xmlns="http://www.w3.org/2005/Atom"><title>甲地</title>` + atom + "</feed>"} {
		parsed, _, o := parseFeed(newReply(Page{Body: []byte(body)}))
		if o != nil || parsed.Title != "甲地" || len(parsed.Items) != maxFeedItems+1 {
			t.Errorf("got %v, want one item more than are read of %.40s", o, body)
		}
	}
}

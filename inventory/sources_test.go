package inventory_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// shown returns the sources of the first account, one a line: kind, address, how
// whole.
func shown(city *inventory.City) string {
	var lines []string
	for _, s := range city.Accounts[0].Sources {
		lines = append(lines, strings.TrimSpace(string(s.Kind)+" "+s.URL+" "+string(s.Whole)))
	}
	return strings.Join(lines, "\n")
}

// withHub is city.yaml with an RSSHub.
func withHub(t *testing.T) string {
	t.Helper()
	return strings.Replace(string(overlay(t, "testdata/good")["city.yaml"].Data), "crawl:\n", "rsshub: http://hub.example:1200/rss/\ncrawl:\n", 1)
}

func TestSourcesOfAnAccount(t *testing.T) {
	const wechat = "- code: 140300M019WX0001\n  platform: wechat\n  name: 某市民政\n  unit: mz\n"
	const own = "platform https://m.weibo.example/posts?uid=1000000001&list=11000000001 newest\nbrowser https://m.weibo.example/u/1000000001 counted"
	const link = "- {account: 140300M019XL0001, by: 民政局, date: 2023-09-20, link: \"https://weibo.example/1\"}\n"
	tests := []struct {
		name, accounts, submissions string
		hub                         bool
		want                        string
	}{
		{"nothing is known", weibo, "", true, ""},
		{"a uid", weibo + "  uid: \"1000000001\"\n", "", false, own},
		{"a uid and an RSSHub", weibo + "  uid: \"1000000001\"\n", "", true, own + "\nfeed http://hub.example:1200/rss/weibo/user/1000000001"},
		{"its own feed comes before the RSSHub's", weibo + "  uid: \"1000000001\"\n  feed: http://rss.example/1\n", "", true, own + "\nfeed http://rss.example/1"},
		{"a feed that somebody answers for", weibo + "  feed: http://rss.example/1\n  feed_whole: true\n", "", false, "feed http://rss.example/1 newest"},
		{"a uid that makes no address", weibo + "  uid: mouren\n", "", true, ""},
		{"an album, and what it is of", wechat + "  uid: MzAxMjM0NTY3OA==\n  album: \"20 1\"\n", "", true, ""},
		{"an album", wechat + "  uid: MzAxMjM0NTY3OA==\n  album: \"2001\"\n", "", true, "platform https://wx.example/album?__biz=MzAxMjM0NTY3OA%3D%3D&album_id=2001"},
		{"no album", wechat + "  uid: MzAxMjM0NTY3OA==\n", "", true, ""},
		{"a link", weibo, link, false, "link https://weibo.example/1"},
		{"all kinds", weibo + "  uid: \"1000000001\"\n", link, true, own + "\nfeed http://hub.example:1200/rss/weibo/user/1000000001\nlink https://weibo.example/1"},
		{"only some kinds, in another order", weibo + "  uid: \"1000000001\"\n  sources: [link, browser]\n", link, true,
			"link https://weibo.example/1\nbrowser https://m.weibo.example/u/1000000001 counted"},
		{"a kind that it does not have", weibo + "  uid: \"1000000001\"\n  sources: [feed]\n", "", false, ""},
		{"an app", "- code: 140300M019AP0001\n  platform: app\n  name: 某市通\n  unit: mz\n  feed: http://rss.example/1\n", "", true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			more := map[string]string{}
			if tt.submissions != "" {
				more["submissions.yaml"] = tt.submissions
			}
			if tt.hub {
				more["city.yaml"] = withHub(t)
			}
			if tt.name == "an album, and what it is of" {
				tt.accounts = strings.Replace(tt.accounts, "20 1", "20%201&x=1", 1)
				tt.want = "platform https://wx.example/album?__biz=MzAxMjM0NTY3OA%3D%3D&album_id=20%25201%26x%3D1"
			}
			if got := shown(accounts(t, tt.accounts, more)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// The newest two links are opened: an older one says less, and asking for many is
// asking too much.
func TestNewestLinksAreOpened(t *testing.T) {
	city := accounts(t, weibo, map[string]string{"submissions.yaml": `- {account: 140300M019XL0001, by: 一, date: 2023-09-20, link: "https://weibo.example/20"}
- {account: 140300M019XL0001, by: 一, date: 2023-09-22, link: "https://weibo.example/22a"}
- {account: 140300M019XL0001, by: 一, date: 2023-09-01, link: "https://weibo.example/01"}
- {account: 140300M019XL0001, by: 一, date: 2023-09-22, link: "https://weibo.example/22b"}
- {account: 140300M019XL0001, by: 一, date: 2023-09-23, posted: 2023-09-23}
- {account: 140300M019XL0001, by: 一, date: 2023-09-22, link: "https://weibo.example/22b#comments"}
`})
	if got, want := shown(city), "link https://weibo.example/22b\nlink https://weibo.example/22a"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if n := len(city.Submissions); n != 6 {
		t.Errorf("%d submissions, want all 6", n)
	}
}

// What a platform says in the place of posts is told from posts on its own answers
// and on links, not on somebody's feed.
func TestSourcesKnowTheirFormsAndRefusals(t *testing.T) {
	city := accounts(t, weibo+"  uid: \"1000000001\"\n", map[string]string{
		"city.yaml":        withHub(t),
		"submissions.yaml": "- {account: 140300M019XL0001, by: 一, date: 2023-09-20, link: \"https://weibo.example/1\"}\n",
	})
	want := map[extract.SourceKind][2]int{extract.FromPlatform: {1, 2}, extract.FromBrowser: {1, 2}, extract.FromFeed: {0, 0}, extract.FromLink: {1, 2}}
	for _, s := range city.Accounts[0].Sources {
		if got := [2]int{len(s.Forms), len(s.Refusals)}; got != want[s.Kind] {
			t.Errorf("%s: %d forms and %d refusals, want %v", s.Kind, got[0], got[1], want[s.Kind])
		}
	}
	if link := city.Accounts[0].Sources[3]; link.Forms[0].Island != "var data = " {
		t.Errorf("a link is read by %+v, want the form of one post", link.Forms[0])
	}
	refusal := city.Accounts[0].Sources[0].Refusals[1]
	if want := (extract.Refusal{Hindrance: extract.HindLogin, At: "/posts", Field: "ok =~ ^-100$", Text: "登录"}); refusal != want {
		t.Errorf("refusal %+v, want %+v", refusal, want)
	}
}

func TestSubjectOfAnAccount(t *testing.T) {
	now := time.Date(2023, 9, 27, 1, 30, 0, 0, extract.Beijing)
	city := accounts(t, weibo+"  uid: \"1000000001\"\n"+strings.Replace(weibo, "0001", "0002", 1)+"  uid: mouren\n  feed: http://rss.example/1\n",
		map[string]string{"city.yaml": strings.Replace(withHub(t), "crawl:\n", "platforms: {weibo: {robots_override: 某办 1号}}\ncrawl:\n", 1)})
	s := subject(t, city, now, "account:140300M019XL0001")
	if s.Host != "m.weibo.example" || s.Task.Question != extract.AskPosts || s.Task.Method != "posts" || s.RobotsOverride != "某办 1号" {
		t.Errorf("got %+v", s)
	}
	if want := []string{"https://m.weibo.example/posts?uid=1000000001&list=11000000001"}; !slices.Equal(s.Task.URLs, want) {
		t.Errorf("urls %q, want the first source's: %q", s.Task.URLs, want)
	}
	if want := []string{"m.weibo.example", "hub.example:1200", "weibo.example"}; !slices.Equal(s.Task.Hosts, want) {
		t.Errorf("hosts %q, want those of the sources, then the platform's: %q", s.Task.Hosts, want)
	}
	if p := s.Task.Posting; p == nil || p.UID != "1000000001" || p.Name != "某市民政" || len(p.Sources) != 3 {
		t.Errorf("posting %+v", p)
	}

	s = subject(t, city, now, "account:140300M019XL0002")
	if s.Host != "rss.example" || s.RobotsOverride != "" || s.Task.Posting.UID != "" {
		t.Errorf("got %+v with %+v: a feed is its host's, and a uid that the platform does not use tells nobody apart", s, s.Task.Posting)
	}
}

// A round in which nothing changed asks the same: a task has one spelling.
func TestTasksOfAccountsHaveOneSpelling(t *testing.T) {
	spell := func(text string) string {
		city := accounts(t, text, map[string]string{"city.yaml": withHub(t)})
		data, err := json.Marshal(subject(t, city, time.Date(2023, 9, 27, 1, 30, 0, 0, extract.Beijing), "account:140300M019XL0001").Task)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	base := spell(weibo + "  uid: \"1000000001\"\n")
	if again := spell(weibo + "  uid: \"1000000001\"\n  state: 冻结\n"); again != base {
		t.Errorf("the registered state changed what is asked:\n%s\n%s", base, again)
	}
	for name, text := range map[string]string{
		"another uid":   weibo + "  uid: \"1000000002\"\n",
		"another name":  strings.Replace(weibo, "某市民政", "某市民政局", 1) + "  uid: \"1000000001\"\n",
		"fewer sources": weibo + "  uid: \"1000000001\"\n  sources: [platform]\n",
	} {
		if spell(text) == base {
			t.Errorf("%s asks the same: %s", name, base)
		}
	}
}

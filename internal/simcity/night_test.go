package simcity

import (
	"encoding/json"
	"errors"
	"net"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// The days around an event of one day in these tests, each at 01:30.
var (
	before = time.Date(2023, 10, 9, 1, 30, 0, 0, beijing)
	during = time.Date(2023, 10, 10, 1, 30, 0, 0, beijing)
	after  = time.Date(2023, 10, 11, 1, 30, 0, 0, beijing)
)

// tonight is the event's day, without the braces around it.
const tonight = "{from: 2023-10-10, to: 2023-10-10, "

// on asks the town on a day, with events.
func on(t *testing.T, at time.Time, events []byte, url string) answer {
	t.Helper()
	return get(t, client(t, start(t, town(), townFacts, Options{At: at, Events: events})), url)
}

// TestEventsHoldOnTheirDaysAlone proves for each kind of event that the page
// shows it, and that the days around it are as they were without.
func TestEventsHoldOnTheirDaysAlone(t *testing.T) {
	const list = "http://nfcms.test.gov.cn/dt/"
	tests := []struct {
		event  string
		status int
		holds  string // on the page, that day
		lacks  string
	}{
		{"hosts: [nfcms.test.gov.cn], redesign: markup, as: cards", 200, `<article class="card">`, "news_list"},
		{"hosts: [nfcms.test.gov.cn], redesign: cms, as: vsb", 200, `<div class="list_con">`, "news_list"},
		{"hosts: [nfcms.test.gov.cn], redesign: addresses, as: dl, old: 301", 301, "moved", "news_list"},
		{"hosts: [nfcms.test.gov.cn], redesign: addresses, as: dl, old: 404", 404, "不存在", "news_list"},
		{"subjects: [nfcms/dt], script: rendered", 200, "fetch('/data/list/0.json?page=1')", "news_list"},
		{"subjects: [nfcms/dt], script: never", 200, `<div id="app"></div>`, "news_list"},
		{"hosts: [nfcms.test.gov.cn], fails: waf", 200, "网站应用防火墙", "news_list"},
		{"hosts: [nfcms.test.gov.cn], fails: challenge", 412, "$_ts", "news_list"},
		{"hosts: [nfcms.test.gov.cn], fails: jsl", 521, "_jsl_clearance_s", "news_list"},
		{"hosts: [nfcms.test.gov.cn], fails: captcha", 200, "请输入验证码", "news_list"},
		{"hosts: [nfcms.test.gov.cn], fails: login", 302, "moved", "news_list"},
		{"hosts: [nfcms.test.gov.cn], fails: forbidden", 403, "Forbidden", "news_list"},
		{"all: true, fails: down", 503, "503", "news_list"},
		{"hosts: [nfcms.test.gov.cn], fails: notice", 200, "系统升级公告", "news_list"},
		{"hosts: [nfcms.test.gov.cn], fails: portal", 200, `<div class="news_box">`, `class="news_list"`},
		{"subjects: [nfcms/dt], fails: soft-404", 200, "页面不存在", "news_list"},
		{"subjects: [nfcms/dt], fails: gone", 404, "不存在", "news_list"},
		{"subjects: [nfcms/dt], fails: half", 200, "news_list", "</html>"},
		{"hosts: [nfcms.test.gov.cn], charset: gbk-as-utf-8", 200, "2023/10/", "工作动态"},
		{"hosts: [nfcms.test.gov.cn], charset: utf-8-as-gbk", 200, "charset=gb2312", "charset=utf-8"},
		{"subjects: [nfcms/dt], dates: one-day", 200, ">2023/10/10</span>", ">2023/10/9</span>"},
		{"subjects: [nfcms/dt], dates: head", 200, "今天是 2023-10-10", ">2023/10/10</span>"},
		{"subjects: [nfcms/dt], dates: every-row", 200, ">2023/10/10</span>", "2023/10/6"},
		{"subjects: [nfcms/dt], dates: relative", 200, "天前</span>", "2023/10/6"},
		{"subjects: [nfcms/dt], dates: far-ahead", 200, ">2032/", "nothing"},
		{"subjects: [nfcms/dt], dates: tomorrow", 200, ">2023/10/11</span>", ">2023/10/12</span>"},
		{"subjects: [nfcms/dt], rows: pinned", 200, `<i class="top">顶</i>`, "nothing"},
		{"subjects: [nfcms/dt], rows: upwards", 200, ">2016/", "2023/10/"},
		{"subjects: [nfcms/dt], rows: turned", 200, "2023/10/", "nothing"},
		{"subjects: [nfcms/dt], rows: doubled", 200, `<div class="show-phone"`, "nothing"},
		{"subjects: [nfcms/dt], rows: hot", 200, `<div class="recommend">`, "nothing"},
		{"subjects: [nfcms/dt], rows: gone", 200, "暂无数据", "</span></li>\n<li><a"},
	}
	plain := map[time.Time]string{before: on(t, before, nil, list).body, after: on(t, after, nil, list).body}
	for _, tt := range tests {
		t.Run(tt.event, func(t *testing.T) {
			now := during
			hc := client(t, start(t, town(), townFacts, Options{Now: func() time.Time { return now }, Events: happening(tonight + tt.event + "}")}))
			if a := get(t, hc, list); a.status != tt.status || !strings.Contains(a.body, tt.holds) || strings.Contains(a.body, tt.lacks) {
				t.Errorf("status %d, %q there: %v, %q there: %v; want %d, yes, no", a.status,
					tt.holds, strings.Contains(a.body, tt.holds), tt.lacks, strings.Contains(a.body, tt.lacks), tt.status)
			}
			for now = range plain {
				if get(t, hc, list).body != plain[now] {
					t.Errorf("on %v the page is not what it is without the event", now)
				}
			}
		})
	}
}

func TestOutagesGiveNoAnswer(t *testing.T) {
	ask := func(t *testing.T, event, name string) error {
		t.Helper()
		c := start(t, town(), townFacts, Options{At: during, Events: happening(tonight + event + "}")})
		addrs, err := c.Lookup(t.Context(), name)
		if err != nil {
			return err
		}
		conn, err := c.Dial(t.Context(), netip.AddrPortFrom(addrs[0], 80))
		if err != nil {
			return err
		}
		_ = conn.Close()
		res, err := client(t, c).Get("http://" + name + "/dt/")
		if err == nil {
			res.Body.Close()
		}
		return err
	}
	if err := ask(t, "hosts: [nfcms.test.gov.cn], fails: refused", "nfcms.test.gov.cn"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("refused: %v", err)
	}
	if err := ask(t, "hosts: [nfcms.test.gov.cn], fails: reset", "nfcms.test.gov.cn"); err == nil || errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("reset: %v, want a connection that ends without an answer", err)
	}
	var dns *net.DNSError
	if err := ask(t, "all: true, fails: network", "weibo.feed.example"); !errors.As(err, &dns) || !dns.IsTemporary || dns.IsNotFound {
		t.Errorf("network: %v, want a name that cannot be looked up now", err)
	}
	if err := ask(t, "hosts: [nfcms.test.gov.cn], fails: refused", "trs.test.gov.cn"); err != nil {
		t.Errorf("another host: %v, want it untouched", err)
	}
}

// A connection kept open from the night before must not reach a host that
// takes none tonight.
func TestOutagesEndKeptConnections(t *testing.T) {
	now := before
	hc := client(t, start(t, town(), townFacts, Options{Now: func() time.Time { return now }, Events: happening(tonight + "all: true, fails: network}")}))
	get(t, hc, "http://trs.test.gov.cn/dt/")
	now = during
	if res, err := hc.Get("http://trs.test.gov.cn/dt/"); err == nil {
		res.Body.Close()
		t.Error("an answer came over a connection of the night before")
	}
}

// TestRedesignsStayReadable proves that a careful person reads the newest day
// on every new look, and reaches the article behind it.
func TestRedesignsStayReadable(t *testing.T) {
	fullDay := regexp.MustCompile(`(20\d\d)[-.年](\d{1,2})[-.月](\d{1,2})`)
	for name := range newFrames() {
		t.Run(name, func(t *testing.T) {
			c := start(t, town(), townFacts, Options{At: during, Events: happening("{from: 2023-10-10, hosts: [trs.test.gov.cn], redesign: markup, as: " + name + "}")})
			hc := client(t, c)
			a := get(t, hc, "http://trs.test.gov.cn/dt/")
			main := document(t, a).Find(".main")
			html, err := main.Html()
			if err != nil {
				t.Fatal(err)
			}
			want := c.Truth("trs/dt", during)
			if name == "split" {
				if !strings.Contains(html, "<b>"+want.Newest.Format("02")+"</b><i>"+want.Newest.Format("2006-01")+"</i>") {
					t.Errorf("the page does not show %v", want.Newest)
				}
			} else if m := fullDay.FindStringSubmatch(html); m == nil || m[1]+"-"+pad(m[2])+"-"+pad(m[3]) != want.Newest.Format(time.DateOnly) {
				t.Errorf("the first day is %q, want %v", m, want.Newest)
			}
			link := main.Find(`a[href*="/t20"]`).First().AttrOr("href", "")
			if got := get(t, hc, "http://trs.test.gov.cn"+link).status; got != 200 {
				t.Errorf("article %q: status %d", link, got)
			}
			if !want.Readable || !strings.HasPrefix(want.Redesign, "markup trs.test.gov.cn 2023-10-10") {
				t.Errorf("truth %+v, want it readable and redesigned", want)
			}
		})
	}
}

func pad(s string) string { return strings.Repeat("0", 2-len(s)) + s }

// TestMovedListsAreLinkedFromTheHomePage proves that lists which moved are found
// where the home page links them, that old addresses lead there where they lead
// anywhere, and that later pages and articles go with them.
func TestMovedListsAreLinkedFromTheHomePage(t *testing.T) {
	for _, old := range []string{"302", "404"} {
		c := start(t, town(), townFacts, Options{At: during, Events: happening("{from: 2023-10-10, hosts: [ucap.test.gov.cn], redesign: addresses, as: table, old: " + old + "}")})
		hc := client(t, c)
		at := href(document(t, get(t, hc, "http://ucap.test.gov.cn/")), "工作动态")
		truth := c.Truth("ucap/dt", during)
		if at != "/channels/dt/list.shtml" || !slices.Equal(truth.URLs, []string{"http://ucap.test.gov.cn" + at}) {
			t.Errorf("the home page links %q, truth %v", at, truth.URLs)
		}
		if truth.Readable != (old == "302") || old == "404" && truth.Why != Moved {
			t.Errorf("old: %s: truth %+v", old, truth)
		}
		doc := document(t, get(t, hc, "http://ucap.test.gov.cn"+at))
		if doc.Find(".xx-table tbody tr").Length() != 15 {
			t.Errorf("%s shows %d rows", at, doc.Find(".xx-table tbody tr").Length())
		}
		article := doc.Find(".xx-table a").First().AttrOr("href", "")
		if !strings.HasPrefix(article, "/channels/dt/") || get(t, hc, "http://ucap.test.gov.cn"+article).status != 200 {
			t.Errorf("article %q is not there", article)
		}
		if got := get(t, hc, "http://ucap.test.gov.cn/channels/dt/list_2.shtml").status; got != 200 {
			t.Errorf("page two: status %d", got)
		}
		if a := get(t, hc, "http://ucap.test.gov.cn/dt/list.shtml"); old == "302" && a.header.Get("Location") != at || old == "404" && a.status != 404 {
			t.Errorf("old: %s: status %d, to %q", old, a.status, a.header.Get("Location"))
		}
	}
}

// TestFilledPagesHoldTheirRowsElsewhere proves that the address in the script
// answers with the rows that the list would show.
func TestFilledPagesHoldTheirRowsElsewhere(t *testing.T) {
	hc := client(t, start(t, town(), townFacts, Options{At: during, Events: happening("{from: 2023-10-10, subjects: [trs/tzgg], script: rendered}")}))
	page := get(t, hc, "http://trs.test.gov.cn/tzgg/").body
	at := regexp.MustCompile(`fetch\('([^']+)'`).FindStringSubmatch(page)
	if at == nil || strings.Contains(page, "2022-08-29") {
		t.Fatal("the page holds its rows, or no address of them")
	}
	a := get(t, hc, "http://trs.test.gov.cn"+at[1])
	var data struct {
		Data struct {
			Total int
			Rows  []dataRow
		}
	}
	if err := json.Unmarshal([]byte(a.body), &data); err != nil {
		t.Fatal(err)
	}
	if rows := data.Data.Rows; len(rows) != 20 || rows[0].Time != "2022-08-29" || get(t, hc, "http://trs.test.gov.cn"+rows[0].URL).status != 200 {
		t.Errorf("%d rows of %d, the first %+v; want 20, of 2022-08-29, with an article", len(rows), data.Data.Total, rows[0])
	}
	if !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		t.Errorf("content type %q", a.header.Get("Content-Type"))
	}
}

func TestSilenceAndRevival(t *testing.T) {
	c := start(t, town(), townFacts, Options{At: during, Events: happening(
		"{from: 2023-10-05, to: 2023-11-05, subjects: [trs/dt], publishes: nothing}",
		"{from: 2023-10-20, subjects: [trs/tzgg, 'account:140300M019XL0001'], publishes: again}",
	)})
	tests := []struct{ subject, day, want string }{
		{"trs/dt", "2023-10-06", "2023-10-04"},
		{"trs/dt", "2023-11-05", "2023-10-04"},
		{"trs/dt", "2023-11-07", "2023-11-06"},
		{"trs/tzgg", "2023-10-20", "2022-08-29"},
		{"trs/tzgg", "2023-10-21", "2023-10-20"},
		{"account:140300M019XL0001", "2023-10-19", "2023-09-20"},
		{"account:140300M019XL0001", "2023-10-21", "2023-10-20"},
	}
	for _, tt := range tests {
		at, err := time.ParseInLocation("2006-01-02 15:04", tt.day+" 01:30", beijing)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Truth(tt.subject, at).Newest.Format(time.DateOnly); got != tt.want {
			t.Errorf("%s on %s: newest %s, want %s", tt.subject, tt.day, got, tt.want)
		}
	}
}

// TestDemoNights proves that the hundred nights of the demonstration hold what
// they are to hold, and that a night is the same however it is come to.
func TestDemoNights(t *testing.T) {
	city, facts := demo(t)
	text, err := os.ReadFile("../../configs/demo/nights.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all, err := parseEvents(city, text, "nights.yaml")
	if err != nil {
		t.Fatal(err)
	}
	redesigned, said := map[string]bool{}, map[string]bool{}
	for _, e := range all {
		said[e.kind+" "+e.what] = true
		if e.kind == "redesign" {
			for h := range e.hosts {
				redesigned[h] = true
			}
		}
	}
	if len(redesigned) < 10 {
		t.Errorf("%d sites are redesigned, want at least ten", len(redesigned))
	}
	for kind, words := range eventKinds() {
		for _, word := range words {
			if !said[kind+" "+word] {
				t.Errorf("no night with %s: %s", kind, word)
			}
		}
	}
	night := time.Date(2023, 11, 16, 1, 30, 0, 0, beijing)
	now := night.AddDate(0, 0, -3)
	walked := client(t, start(t, city, facts, Options{Now: func() time.Time { return now }, Events: text}))
	urls := []string{"http://fgw.yq.gov.cn/gzdt/", "http://scjgj.yq.gov.cn/gzdt/", "http://xxgk.yq.gov.cn/jyj/tzgg/", "http://kjj.yq.gov.cn/tzgg.htm"}
	for ; now.Before(night); now = now.AddDate(0, 0, 1) {
		if now.Day() == 15 {
			continue // our own network is down
		}
		for _, u := range urls {
			get(t, walked, u)
		}
	}
	jumped := client(t, start(t, city, facts, Options{At: night, Events: text}))
	for _, u := range urls {
		if a, b := get(t, walked, u), get(t, jumped, u); a.body != b.body || a.status != 200 {
			t.Errorf("%s: status %d, the same: %v", u, a.status, a.body == b.body)
		}
	}
}

// A page cut in the middle of its list is whole by its length.
func TestHalfPageIsWholeByItsLength(t *testing.T) {
	a := on(t, during, happening(tonight+"subjects: [trs/dt], fails: half}"), "http://trs.test.gov.cn/dt/")
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	if n := doc.Find("ul.list li").Length(); n < 1 || n > 6 || strings.Contains(a.body, "</ul>\n<div class=\"page\">") {
		t.Errorf("%d rows on half a page", n)
	}
}

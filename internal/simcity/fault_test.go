package simcity

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func TestFaults(t *testing.T) {
	tests := []struct {
		fault  fault
		status int
		holds  string // text of the page
		lacks  string // selector that finds nothing
	}{
		{faultDown, 503, "503", "ul.news_list"},
		{faultBlocked, 200, "访问行为异常", "ul.news_list"},
		{faultForbidden, 403, "Forbidden", "ul.news_list"},
		{faultChallenge, 412, "", "ul.news_list"},
		{faultGone, 404, "页面不存在", "ul.news_list"},
		{faultSoft404, 200, "页面不存在", "ul.news_list"},
		{faultLost, 200, "2023.09", "ul.news_list"},
		{faultScript, 200, "JavaScript", "ul.news_list, li"},
		{faultPartial, 200, "工作动态", "div.none"},
		{faultRobots, 200, "工作动态", "div.none"},
	}
	for _, tt := range tests {
		t.Run(string(tt.fault), func(t *testing.T) {
			hc := client(t, start(t, town(), townFacts+"  nfcms/dt: {unreadable: "+string(tt.fault)+"}\n", Options{}))
			a := get(t, hc, "http://nfcms.test.gov.cn/dt/")
			doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
			if err != nil {
				t.Fatal(err)
			}
			if a.status != tt.status || !strings.Contains(doc.Text(), tt.holds) || doc.Find(tt.lacks).Length() > 0 {
				t.Errorf("status %d, %q there: %v, %q there: %v; want %d, yes, no", a.status, tt.holds,
					strings.Contains(doc.Text(), tt.holds), tt.lacks, doc.Find(tt.lacks).Length() > 0, tt.status)
			}
			if b := get(t, hc, "http://nfcms.test.gov.cn/tzgg/"); b.status != 200 || !strings.Contains(b.body, "news_list") {
				t.Errorf("the column beside it: status %d, want it untouched", b.status)
			}
		})
	}
}

func TestPartialEndsAfterPageOne(t *testing.T) {
	hc := client(t, start(t, town(), townFacts+"  nfcms/dt: {unreadable: partial}\n", Options{}))
	if got := get(t, hc, "http://nfcms.test.gov.cn/dt/index_2.html").status; got != 503 {
		t.Errorf("page two: status %d, want 503", got)
	}
}

func TestRobotsForbidTheColumn(t *testing.T) {
	hc := client(t, start(t, town(), townFacts+"  nfcms/dt: {unreadable: robots}\n", Options{}))
	a := get(t, hc, "http://nfcms.test.gov.cn/robots.txt")
	if a.status != 200 || !strings.Contains(a.body, "Disallow: /dt/\n") || strings.Contains(a.body, "/tzgg/") {
		t.Errorf("robots.txt: status %d, %q; want /dt/ and nothing else forbidden", a.status, a.body)
	}
}

func TestCutBodyEndsEarly(t *testing.T) {
	hc := client(t, start(t, town(), townFacts+"  nfcms/dt: {unreadable: cut}\n", Options{}))
	res, err := hc.Get("http://nfcms.test.gov.cn/dt/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("read %d bytes without an error, want the body cut", len(body))
	}
}

// TestUndated proves that nothing on the list or its articles can be read as
// the item's day.
func TestUndated(t *testing.T) {
	hc := client(t, start(t, town(), townFacts+"  trs/dt: {unreadable: undated}\n", Options{}))
	u := "http://trs.test.gov.cn/dt/"
	rows := read(t, document(t, get(t, hc, u)), u, "ul.list", "li", "em, span")
	if len(rows) == 0 {
		t.Fatal("no rows")
	}
	for _, r := range rows[:3] {
		if r.day != "" || strings.Contains(r.link, "/t20") {
			t.Errorf("row %+v shows a day", r)
		}
		a := get(t, hc, r.link)
		doc := document(t, a)
		if a.status != http.StatusOK || doc.Find(`meta[name="PubDate"]`).Length() > 0 || strings.ContainsAny(doc.Find("div.info").Text(), "0123456789") {
			t.Errorf("article %s: status %d, info %q; want 200 and no day", r.link, a.status, doc.Find("div.info").Text())
		}
	}
}

// TestUnlabelled proves that neither the list nor its articles hold a date, or
// the label of one.
func TestUnlabelled(t *testing.T) {
	hc := client(t, start(t, town(), townFacts+"  nfcms/dt: {unreadable: unlabelled}\n", Options{}))
	u := "http://nfcms.test.gov.cn/dt/"
	doc := document(t, get(t, hc, u))
	rows := read(t, doc, u, "ul.news_list", "li", "span")
	if len(rows) == 0 || doc.Find("ul.news_list span, ul.news_list img").Length() > 0 {
		t.Fatalf("%d rows, with %d elements beside their links; want rows and nothing else", len(rows), doc.Find("ul.news_list span, ul.news_list img").Length())
	}
	a := document(t, get(t, hc, rows[0].link))
	if info := a.Find("div.info").Text(); info == "" || strings.Contains(info, "时间") || a.Find(`meta[name="PubDate"]`).Length() > 0 {
		t.Errorf("the line below the title is %q, want a source and no date", info)
	}
}

func TestEmptyListIsThereAndEmpty(t *testing.T) {
	facts := townFacts
	for _, s := range skins()[:8] {
		facts += "  " + s.name + "/dt: {empty: true}\n"
	}
	hc := client(t, start(t, town(), facts, Options{}))
	for _, s := range skins()[:8] {
		p := profileOf(t, s.name)
		u := "http://" + s.name + ".test.gov.cn" + s.first("/dt/")
		doc := document(t, get(t, hc, u))
		if rows := read(t, doc, u, p.List.List, p.List.Item, p.List.Date); len(rows) != 0 || !strings.Contains(doc.Find(p.List.List).Text(), p.List.Empty) {
			t.Errorf("%s: %d rows, text %q; want none and %q", s.name, len(rows), doc.Find(p.List.List).Text(), p.List.Empty)
		}
	}
}

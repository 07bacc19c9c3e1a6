package simcity

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/goccy/go-yaml"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// profile is a file of configs/cms, as far as these tests read it.
type profile struct {
	List struct{ Source, List, Item, Title, Link, Date, Next, Last, Empty string }
	Home struct{ List, Item, Title, Link, Date string }
}

func profileOf(t *testing.T, name string) profile {
	t.Helper()
	data, err := os.ReadFile("../../configs/cms/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var p profile
	if err := yaml.Unmarshal(data, &p); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return p
}

// shown is a row as a reader sees it.
type shown struct{ title, link, day string }

// document decodes a page as its host said it is encoded; a host that does not
// say writes GBK.
func document(t *testing.T, a answer) *goquery.Document {
	t.Helper()
	body := []byte(a.body)
	_, params, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	charset := params["charset"]
	if m := regexp.MustCompile(`charset=([\w-]+)">`).FindSubmatch(body); m != nil {
		charset = string(m[1])
	}
	if charset == "gb2312" || charset == "" {
		var err error
		if body, err = simplifiedchinese.GBK.NewDecoder().Bytes(body); err != nil {
			t.Fatal(err)
		}
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// read reads the rows of a list with a profile's selectors.
func read(t *testing.T, doc *goquery.Document, page, list, item, date string) []shown {
	t.Helper()
	base, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	box := doc.Selection
	if list != "" {
		if box = doc.Find(list); box.Length() == 0 {
			t.Fatalf("%s: no %q", page, list)
		}
	}
	selector, pattern, _ := strings.Cut(date, " =~ ")
	var rows []shown
	box.Find(item).Each(func(_ int, s *goquery.Selection) {
		a := s.Find("a").First()
		href, ok := a.Attr("href")
		if !ok {
			return
		}
		link, err := base.Parse(href)
		if err != nil {
			t.Fatal(err)
		}
		var parts []string
		s.Find(selector).Each(func(_ int, d *goquery.Selection) { parts = append(parts, d.Text()) })
		text := strings.Join(parts, " ")
		if pattern != "" {
			text = strings.Join(regexp.MustCompile(pattern).FindStringSubmatch(text), " ")
		}
		rows = append(rows, shown{a.Text(), link.String(), dayText(text, link.Path)})
	})
	return rows
}

// The forms of date that the families print.
var (
	splitDay = regexp.MustCompile(`^(\d{2}) (\d{4})-(\d{2})$`)
	shortDay = regexp.MustCompile(`^\[(\d{2}-\d{2})\]$`)
	wholeDay = regexp.MustCompile(`(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})`)
	yearAt   = regexp.MustCompile(`t(\d{4})`)
)

// dayText reads the forms of date that the families print.
func dayText(text, path string) string {
	if m := splitDay.FindStringSubmatch(text); m != nil {
		return m[2] + "-" + m[3] + "-" + m[1]
	}
	if m := shortDay.FindStringSubmatch(text); m != nil {
		return yearAt.FindStringSubmatch(path)[1] + "-" + m[1]
	}
	m := wholeDay.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	month, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	return fmt.Sprintf("%s-%02d-%02d", m[1], month, day)
}

// newest is the greatest day of rows.
func newest(rows []shown) string {
	var out string
	for _, r := range rows {
		out = max(out, r.day)
	}
	return out
}

func TestListsShowWhatTheFactsSay(t *testing.T) {
	hc := client(t, start(t, town(), townFacts, Options{}))
	for _, s := range skins()[:8] {
		t.Run(s.name, func(t *testing.T) {
			p := profileOf(t, s.name)
			u := "http://" + s.name + ".test.gov.cn" + s.first("/tzgg/")
			rows := read(t, document(t, get(t, hc, u)), u, p.List.List, p.List.Item, p.List.Date)
			if len(rows) < s.size || newest(rows) != "2022-08-29" {
				t.Errorf("%s: %d rows, newest %s; want at least %d rows, newest 2022-08-29", u, len(rows), newest(rows), s.size)
			}
			u = "http://" + s.name + ".test.gov.cn" + s.first("/dt/")
			rows = read(t, document(t, get(t, hc, u)), u, p.List.List, p.List.Item, p.List.Date)
			if newest(rows) < "2023-09-22" || newest(rows) > "2023-09-27" {
				t.Errorf("%s: newest %s, want it at most five days before 2023-09-27", u, newest(rows))
			}
			u = "http://" + s.name + ".test.gov.cn/"
			rows = read(t, document(t, get(t, hc, u)), u, p.Home.List, p.Home.Item, p.Home.Date)
			if newest(rows) < "2023-09-22" || newest(rows) > "2023-09-27" {
				t.Errorf("%s: newest %s, want the home page fresh", u, newest(rows))
			}
		})
	}
}

func TestArticlesAreThere(t *testing.T) {
	hc := client(t, start(t, town(), townFacts, Options{}))
	for _, s := range skins()[:8] {
		p := profileOf(t, s.name)
		u := "http://" + s.name + ".test.gov.cn" + s.first("/tzgg/")
		for _, r := range read(t, document(t, get(t, hc, u)), u, p.List.List, p.List.Item, p.List.Date)[:3] {
			a := get(t, hc, r.link)
			doc := document(t, a)
			date, _ := doc.Find(`meta[name="PubDate"]`).Attr("content")
			if a.status != http.StatusOK || !strings.HasPrefix(date, r.day) {
				t.Errorf("%s: status %d, PubDate %q; want 200 and %s", r.link, a.status, date, r.day)
			}
			if got := doc.Find("h1").Text(); !strings.HasPrefix(got, strings.TrimSuffix(strings.TrimLeft(r.title, "【置顶】[]"), "…")) {
				t.Errorf("%s: heading %q, in the list %q", r.link, got, r.title)
			}
		}
		if got := get(t, hc, u+"no/such/t20230823_1.html").status; got != http.StatusNotFound {
			t.Errorf("%s: an address that is not there answers %d, want 404", s.name, got)
		}
	}
}

// TestPaging follows each family's way to the next page to the end of a list
// and finds every item once.
func TestPaging(t *testing.T) {
	facts := townFacts
	for _, s := range skins()[:8] {
		facts += "  " + s.name + "/dt: {newest: 2020-04-12, only_year: true, every: 1}\n"
	}
	hc := client(t, start(t, town(), facts, Options{}))
	for _, s := range skins()[:8] {
		t.Run(s.name, func(t *testing.T) {
			p := profileOf(t, s.name)
			first := "http://" + s.name + ".test.gov.cn" + s.first("/dt/")
			links := map[string]bool{}
			u := first
			for n := 1; u != "" && n < 20; n++ {
				a := get(t, hc, u)
				if a.status == http.StatusNotFound && n > 1 {
					break
				}
				doc := document(t, a)
				for _, r := range read(t, doc, u, p.List.List, p.List.Item, p.List.Date) {
					links[r.link] = true
				}
				u = nextPage(t, doc, first, u, p.List.Next, n+1)
			}
			// 1 January to 12 April 2020.
			if want := 31 + 29 + 31 + 12; len(links) != want {
				t.Errorf("%d items over all pages, want %d", len(links), want)
			}
		})
	}
}

func nextPage(t *testing.T, doc *goquery.Document, first, here, next string, n int) string {
	t.Helper()
	base, href := first, strings.NewReplacer("{n}", strconv.Itoa(n), "{n-1}", strconv.Itoa(n-1)).Replace(next)
	if href == next {
		base, href = here, doc.Find(next).AttrOr("href", "")
	}
	if href == "" {
		return ""
	}
	b, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	u, err := b.Parse(href)
	if err != nil {
		t.Fatal(err)
	}
	return u.String()
}

func TestColumnOfTwoLists(t *testing.T) {
	facts := townFacts + `
  nfcms/jyta: {newest: 2023-01-18, only_year: true, every: 1}
  ucap/jyta: {items: [2023-01-29, 2023-01-29, 2023-01-05], before: 2022-12-22}
`
	hc := client(t, start(t, town(), facts, Options{}))
	rows := func(s *skin) (all []shown) {
		p := profileOf(t, s.name)
		for _, d := range []string{"/jyta/rd/", "/jyta/zx/"} {
			u := "http://" + s.name + ".test.gov.cn" + s.first(d)
			all = append(all, read(t, document(t, get(t, hc, u)), u, p.List.List, p.List.Item, p.List.Date)...)
		}
		return all
	}
	var older, inYear int
	for _, r := range rows(ucap()) {
		if r.day < "2023" {
			older++
		} else {
			inYear++
		}
	}
	if inYear != 3 || older == 0 {
		t.Errorf("three items of 2023 and older ones: got %d of 2023, %d older", inYear, older)
	}
	all := rows(nfcms())
	for _, r := range all {
		if r.day < "2023-01-01" || r.day > "2023-01-18" {
			t.Errorf("only 2023: an item of %s", r.day)
		}
	}
	if len(all) != 18 || newest(all) != "2023-01-18" {
		t.Errorf("one a day up to 18 January: %d items, newest %s", len(all), newest(all))
	}
}

func TestEncodings(t *testing.T) {
	city := town()
	for _, cs := range []charset{utf8Both, utf8Meta, utf8Header, gbkHeader, gbkMeta, gbkUnsaid} {
		t.Run(string(cs), func(t *testing.T) {
			c := start(t, city, townFacts, Options{})
			c.hosts["trs.test.gov.cn"].look.charset = cs
			a := get(t, client(t, c), "http://trs.test.gov.cn/dt/")
			inHeader := strings.Contains(a.header.Get("Content-Type"), "charset="+cs.name())
			inMeta := strings.Contains(a.body, "text/html; charset="+cs.name())
			if inHeader != cs.header() || inMeta != cs.meta() {
				t.Errorf("said in header: %v, in meta: %v; want %v, %v", inHeader, inMeta, cs.header(), cs.meta())
			}
			name := "阳泉市发展和改革委员会"
			if cs.gbk() {
				name, _ = simplifiedchinese.GBK.NewEncoder().String(name)
			}
			if !strings.Contains(a.body, name) {
				t.Error("the site's name is not there in the encoding said")
			}
		})
	}
}

func TestNewItemsAppearWithTime(t *testing.T) {
	now := point
	c := start(t, town(), townFacts, Options{Now: func() time.Time { return now }})
	hc := client(t, c)
	p := profileOf(t, "trs")
	u := "http://trs.test.gov.cn/dt/"
	for range 40 {
		rows := read(t, document(t, get(t, hc, u)), u, p.List.List, p.List.Item, p.List.Date)
		today, oldest := now.Add(-time.Minute).In(beijing), now.AddDate(0, 0, -6).In(beijing)
		if n := newest(rows); n > today.Format(time.DateOnly) || n < oldest.Format(time.DateOnly) {
			t.Errorf("at %v the newest item is of %s", now, n)
		}
		now = now.AddDate(0, 0, 23).Add(5 * time.Hour)
	}
}

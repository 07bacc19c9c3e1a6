package console

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"xuncha/internal/sheet"
	"xuncha/people"
)

// page asks for a page and parses it.
func readPage(t testing.TB, h http.Handler, path string) *goquery.Document {
	t.Helper()
	w := get(t, h, path)
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s: %d\n%s", path, w.Code, mainOf(w))
	}
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// withQuery adds to an address.
func withQuery(address string, pairs ...string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	q := u.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// lookPages are the addresses of these screens that have rows.
var lookPages = []string{"/", "/sites", "/columns", "/accounts", "/sites/czj", "/accounts/140300M002XL0001"}

var firstNumber = regexp.MustCompile(`\d+`)

// Every number on the overview that is a link leads to as many rows, whoever
// looks and in either language.
func TestNumbersAreTheirRows(t *testing.T) {
	b := town(t)
	for _, u := range []people.User{viewer, signer, operator, czjClerk, supervisor} {
		h := newConsole(t, b, u)
		for _, lang := range []string{"zh", "en"} {
			checked := 0
			for _, from := range []string{"/", "/sites", "/accounts", "/columns"} {
				readPage(t, h, withQuery(from, "lang", lang)).Find("main a").Each(func(_ int, a *goquery.Selection) {
					href, _ := a.Attr("href")
					number := firstNumber.FindString(a.Text())
					list, _, _ := strings.Cut(href, "?")
					counts := a.ParentsFiltered(".answer, td.num").Length() > 0 || a.ParentsFiltered(".todo").Length() > 0 && strings.HasPrefix(href, "/columns")
					if number == "" || !counts || !slices.Contains([]string{"/sites", "/columns", "/accounts"}, list) {
						return
					}
					checked++
					rows := readPage(t, h, withQuery(href, "size", "500")).Find("#list tbody tr").Length()
					if strconv.Itoa(rows) != number {
						t.Errorf("%s in %s on %s: %q leads to %d rows of %s", u.Name, lang, from, strings.TrimSpace(a.Text()), rows, href)
					}
				})
			}
			if checked < 12 {
				t.Errorf("%s in %s: only %d numbers were checked", u.Name, lang, checked)
			}
		}
	}
}

// A clerk is told of their own unit and of nothing else: in lists, counts, options
// of filters, exports and charts.
func TestAClerkSeesTheirOwnUnit(t *testing.T) {
	h := newConsole(t, town(t), czjClerk)
	others := []string{"市卫生健康委员会", "平定县", "市政府办公室", "体检通知", "某市发布", "健康通"}
	for _, path := range []string{
		"/", "/sites", "/columns", "/accounts", "/sites/czj", "/accounts/140300M002XL0001", "/columns?format=csv", "/sites?format=csv", "/accounts?format=csv",
		"/columns?id=zf/yw&id=xxgk/wjw/tzgg", "/columns?format=csv&id=zf/yw&id=czj/gzdt",
	} {
		body := get(t, h, path).Body.String()
		for _, other := range others {
			if strings.Contains(body, other) {
				t.Errorf("GET %s tells the clerk of czj of %s", path, other)
			}
		}
	}
	for _, path := range []string{"/sites/pd", "/sites/zf", "/accounts/140300M001XL0001", "/accounts/140300M003AP0001", "/sites/nobody", "/sites/xxgk"} {
		if w := get(t, h, path); w.Code != http.StatusNotFound {
			t.Errorf("GET %s: %d, want 404", path, w.Code)
		}
	}
	if n := readPage(t, h, "/columns").Find("#list tbody tr").Length(); n != 3 {
		t.Errorf("the clerk sees %d columns, want 3", n)
	}
	var trend struct{ Series []struct{ Values []int } }
	if err := json.Unmarshal(get(t, h, "/overview/nights").Body.Bytes(), &trend); err != nil {
		t.Fatal(err)
	}
	if v := trend.Series[0].Values; len(v) != 18 || v[17] != 1 {
		t.Errorf("the clerk's chart counts %v stale columns, want 1 in the last night", v)
	}
	county := newConsole(t, town(t), supervisor)
	if n := readPage(t, county, "/columns").Find("#list tbody tr").Length(); n != 3 {
		t.Errorf("the county's supervisor sees %d rows, want those of the county and of its office", n)
	}
}

// What came from pages is text, wherever it stands.
func TestHostileTitlesStayText(t *testing.T) {
	h := newConsole(t, town(t), signer)
	for _, path := range append(slices.Clone(lookPages), "/columns?q="+url.QueryEscape(hostileTitle), "/accounts?q="+url.QueryEscape(hostileName)) {
		for _, lang := range []string{"zh", "en"} {
			address := withQuery(path, "lang", lang)
			raw := get(t, h, address).Body.String()
			doc := readPage(t, h, address)
			for _, bad := range []string{hostileTitle, hostileName, "<img", `href="javascript:`} {
				if strings.Contains(raw, bad) {
					t.Errorf("GET %s holds %s", path, bad)
				}
			}
			doc.Find("script").Each(func(_ int, s *goquery.Selection) {
				if src, ok := s.Attr("src"); !ok || !strings.HasPrefix(src, "/static/") || s.Text() != "" {
					t.Errorf("GET %s has a script that is not ours: %q", path, s.Text())
				}
			})
			doc.Find("*").Each(func(_ int, s *goquery.Selection) {
				for _, a := range s.Nodes[0].Attr {
					if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
						t.Errorf("GET %s: <%s %s=%q> would be blocked by the policy", path, s.Nodes[0].Data, a.Key, a.Val)
					}
					if a.Key == "href" && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "http") {
						t.Errorf("GET %s links to %s", path, a.Val)
					}
				}
			})
		}
	}
}

func TestBadQueryValuesAreRefusedWithASentence(t *testing.T) {
	h := newConsole(t, town(t), viewer)
	for _, query := range []string{
		"page=0", "page=-1", "page=x", "page=99999999999999999999", "size=0", "size=501", "size=1e3", "sort=secret", "sort=-", "state=bogus", "unit=nobody", "format=exe",
		"q=" + strings.Repeat("长", 201), "q=%ff%fe", "q=a%00b", "verdict=x&state=y", "state=%3Cscript%3E", "id=" + strings.Repeat("a&id=", 600) + "a",
	} {
		for _, path := range []string{"/sites", "/columns", "/accounts"} {
			if strings.HasPrefix(query, "verdict") && path == "/columns" {
				continue // there is no such filter
			}
			for lang, word := range map[string]string{"zh": "；", "en": "the "} {
				w := get(t, h, path+"?"+query+"&lang="+lang)
				tooFew := strings.HasPrefix(query, "id=")
				if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), word) && !tooFew && !strings.Contains(w.Body.String(), "–") {
					t.Errorf("GET %s?%.40s in %s: %d %s", path, query, lang, w.Code, w.Body)
				}
			}
		}
	}
	if w := get(t, h, "/nowhere"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "没有这个页面") {
		t.Errorf("an address at which nothing is answers %d", w.Code)
	}
	if w := get(t, newConsole(t, town(t), people.User{}), "/nowhere"); w.Code != http.StatusSeeOther {
		t.Errorf("nobody is told what there is not: %d", w.Code)
	}
}

func TestPagesBeforeTheFirstRoundTeach(t *testing.T) {
	h := newConsole(t, nil, signer)
	for _, lang := range []string{"zh", "en"} {
		for _, path := range []string{"/", "/sites", "/columns", "/accounts"} {
			if text := readPage(t, h, path+"?lang="+lang).Find(".empty").Text(); len(text) < 20 {
				t.Errorf("%s in %s says %q before the first round", path, lang, text)
			}
		}
	}
	if w := get(t, h, "/overview/nights"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"days":[]`) {
		t.Errorf("the chart before the first round: %d %s", w.Code, w.Body)
	}
	if w := get(t, h, "/sites/czj"); w.Code != http.StatusNotFound {
		t.Errorf("a site before the first round: %d", w.Code)
	}
}

// firstCells are the names of the rows of a list.
func firstCells(doc *goquery.Document) []string {
	return doc.Find("#list tbody th a").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
}

func TestListsSortFilterAndPage(t *testing.T) {
	h := newConsole(t, bigTown(t, 120), viewer)
	doc := readPage(t, h, "/columns?state=stale&sort=-days")
	if got := firstCells(doc); !slices.Equal(got, []string{"通知公告", "财政信息"}) {
		t.Errorf("by days overdue: %v", got)
	}
	if text := doc.Find("#list tbody tr").First().Text(); !strings.Contains(text, "距最近更新 99 天，时限 2周，已超期 85 天") {
		t.Errorf("the row says %s", text)
	}
	if text := readPage(t, h, "/columns?state=due").Find("#list tbody tr").Text(); !strings.Contains(text, "9月30日起超期") {
		t.Errorf("a column that is due says %s", text)
	}
	if got := firstCells(readPage(t, h, "/columns?q=体检")); !slices.Equal(got, []string{"通知公告"}) {
		t.Errorf("looked for a title: %v", got)
	}
	if got := firstCells(readPage(t, h, "/columns?carrier=czj&state=stale")); !slices.Equal(got, []string{"通知公告"}) {
		t.Errorf("a column elsewhere that counts to the site: %v", got)
	}
	first, last := readPage(t, h, "/columns?sort=name"), readPage(t, h, "/columns?sort=name&page=999")
	if n := first.Find("#list tbody tr").Length(); n != usualSize {
		t.Errorf("the first page has %d rows", n)
	}
	if n := last.Find("#list tbody tr").Length(); n != 130%usualSize {
		t.Errorf("behind the last page stand %d rows, want the last page's 30", n)
	}
	if href, _ := first.Find(`a[rel="next"]`).Attr("href"); href != "/columns?page=2&sort=name" {
		t.Errorf("the next page is %s", href)
	}
	if href, _ := first.Find(`th[aria-sort] a`).Attr("href"); href != "/columns?sort=-name" {
		t.Errorf("turning the order round asks for %s", href)
	}
}

func TestExportsHoldTheFilteredRows(t *testing.T) {
	h := newConsole(t, town(t), viewer)
	for path, want := range map[string]int{
		"/columns?format=%s": 10, "/columns?state=stale&size=1&format=%s": 2, "/columns?id=zf/yw&format=%s": 1,
		"/sites?format=%s": 3, "/accounts?verdict=不合格&format=%s": 1,
	} {
		for _, format := range []string{"csv", "xlsx"} {
			w := get(t, h, strings.Replace(path, "%s", format, 1))
			book, err := sheet.Read("x."+format, bytes.NewReader(w.Body.Bytes()))
			if err != nil {
				t.Fatalf("%s as %s: %v", path, format, err)
			}
			if got := len(book.Sheets[0].Rows) - 1; got != want {
				t.Errorf("%s as %s has %d rows, want %d", path, format, got, want)
			}
			if name := w.Header().Get("Content-Disposition"); !strings.Contains(name, "attachment") || !strings.Contains(name, "20230927") {
				t.Errorf("%s is saved as %s", path, name)
			}
		}
	}
}

func TestLanguageIsChosenByForm(t *testing.T) {
	h := newConsole(t, town(t), viewer)
	send := func(form string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "/language", strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	w := send("lang=en&to=/columns?state%3Dstale")
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/columns?state=stale" || !strings.Contains(w.Header().Get("Set-Cookie"), "lang=en") {
		t.Errorf("%d to %s with %s", w.Code, w.Header().Get("Location"), w.Header().Get("Set-Cookie"))
	}
	for _, to := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "javascript:alert(1)", ""} {
		if w := send("lang=zh&to=" + url.QueryEscape(to)); w.Header().Get("Location") != "/" {
			t.Errorf("to %q goes to %s", to, w.Header().Get("Location"))
		}
	}
	if w := send("lang=fr"); w.Code != http.StatusBadRequest {
		t.Errorf("French answers %d", w.Code)
	}
}

// What was done is said once, and is no part of the address.
func TestAFlashIsSaidOnce(t *testing.T) {
	c, err := New(Config{Board: nil2, Gate: as(viewer), Now: noonNow})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := c.done(w, c.request(httptest.NewRequest("POST", "/x?lang=zh", nil)), "/columns", "已排队 <b>3</b> 个", "3 are queued"); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", w.Header().Get("Location"), nil)
	r.AddCookie(w.Result().Cookies()[0])
	next := httptest.NewRecorder()
	c.Handler().ServeHTTP(next, r)
	if body := next.Body.String(); !strings.Contains(body, `role="status">已排队 &lt;b&gt;3&lt;/b&gt; 个</p>`) {
		t.Errorf("the page does not say it: %s", body)
	}
	if cookies := next.Result().Cookies(); len(cookies) != 1 || cookies[0].MaxAge >= 0 {
		t.Errorf("the sentence is kept: %v", cookies)
	}
	for _, junk := range []string{"%%%", strings.Repeat("A", 4000), "_w"} {
		r := httptest.NewRequest("GET", "/columns", nil)
		r.Header.Set("Cookie", flashCookie+"="+junk)
		w := httptest.NewRecorder()
		c.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), `role="status"`) {
			t.Errorf("a cookie of junk: %d", w.Code)
		}
	}
}

// A strip tells each night in words, and the whole in one sentence.
func TestNightStripIsReadable(t *testing.T) {
	doc := readPage(t, newConsole(t, town(t), viewer), "/columns?q=体检")
	strip := doc.Find("#list svg.strip")
	if label, _ := strip.Attr("aria-label"); label != "近 18 夜：正常 11 夜，未能监测 7 夜" {
		t.Errorf("the strip is called %q", label)
	}
	titles := strip.Find("title").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
	if len(titles) != 18 || titles[17] != "2023-09-27 未能监测：页面改版，采集规则待更新，最近更新 2023-09-01" || !strings.HasPrefix(titles[0], "2023-09-10 正常") {
		t.Errorf("the nights are %q", titles)
	}
}

// The navigation shows what there is and what the user may go to.
func TestNavigationFollowsRights(t *testing.T) {
	for _, u := range []people.User{viewer, operator, czjClerk} {
		h := newConsole(t, town(t), u)
		for _, href := range readPage(t, h, "/").Find(`header nav a`).Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("href", "") }) {
			if w := get(t, h, href); w.Code != http.StatusOK && w.Code != http.StatusConflict {
				t.Errorf("%s is shown %s, which answers %d", u.Name, href, w.Code)
			}
		}
	}
}

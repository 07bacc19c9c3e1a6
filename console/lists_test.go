package console

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"unicode"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/chromedp"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/internal/notify"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/registers"
	"xuncha/rules"
	"xuncha/store"
)

// A list whose session ran out leads to the log-in and back, and is not emptied by a
// piece of the log-in page.
func TestAListOfAnExpiredSessionLeadsToTheLogIn(t *testing.T) {
	h := newConsole(t, town(t), people.User{})
	for path, want := range map[string]string{
		"/columns?state=stale&unit=czj": "/login?to=" + url.QueryEscape("/columns?state=stale&unit=czj"),
		"/sites":                        "/login?to=%2Fsites",
	} {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("HX-Request", "true")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized || w.Header().Get("HX-Redirect") != want || w.Body.Len() > 0 {
			t.Errorf("GET %s by a script: %d to %q with %d bytes", path, w.Code, w.Header().Get("HX-Redirect"), w.Body.Len())
		}
		if w := get(t, h, path); w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
			t.Errorf("GET %s: %d to %s", path, w.Code, w.Header().Get("Location"))
		}
	}
}

// listHandlers are consoles with something in every list.
func listHandlers(t *testing.T) map[string]http.Handler {
	t.Helper()
	everybody := people.User{Name: "xx", FullName: "某人", Roles: []people.Role{people.Admin, people.Handler, people.Operator}}
	f := newFront(t, false)
	f.asks = everybody
	for _, u := range []people.User{{Name: "xx", FullName: "某人", Roles: everybody.Roles}, {Name: "zhang", FullName: "张某", Roles: []people.Role{people.Viewer}}} {
		_, err := f.people.Create(people.Actor{Name: "x"}, u)
		check(t, err)
	}
	d := newDesk(t)
	d.asks = aHandler
	d.rows[registers.Superior] = append(d.rows[registers.Superior], registers.Row{Key: "4", Values: map[string]string{"subject": "tyj", "indicator": "fresh", "text": "体育"}})
	_, err := d.Keep(t.Context(), NoticeOrder{}, "王敏", noon)
	check(t, err)
	p := newPatrolman()
	p.state = SystemState{Set: &rules.RuleSet{ID: "s", Name: "检查指标", Indicators: []rules.Indicator{{ID: "fresh", Name: "更新", Basis: "两周"}}}, Config: ConfigState{Unconfirmed: []inventory.Unsure{{File: "sites/fgw.yaml", Line: 3, What: "code"}}}}
	l := &letters{entries: []notify.Entry{
		{Message: notify.Message{ID: "1", Channel: "办公室", Title: "甲", Made: noon}, State: notify.Sent, Sent: noon},
		{Message: notify.Message{ID: "2", Channel: "财政局", Title: "乙", Made: noon}, State: notify.Waiting},
		{Message: notify.Message{ID: "3", Channel: "财政局", Title: "丙", Made: noon}, State: notify.Sending},
	}}
	return map[string]http.Handler{
		"town": newConsole(t, town(t), signer), "front": f, "desk": d.console.Handler(),
		"patrol": patrolled(t, p, operator), "atelier": newAtelier(t, tunerUser).Handler,
		"letters": newConsoleWith(t, town(t), everybody, func(c *Config) { c.Mailbox = l }),
	}
}

// Wherever a filter changes a list in place there is such a list, and what depends on
// the filter stands in it: a link outside would be that of the filter before.
func TestEveryFilterHasItsList(t *testing.T) {
	hs := listHandlers(t)
	for _, at := range []struct{ who, path string }{
		{"town", "/columns"}, {"town", "/sites"}, {"town", "/accounts"}, {"desk", "/findings"}, {"desk", "/registers/reports"},
		{"front", "/users"}, {"front", "/audit"}, {"letters", "/system/messages"}, {"letters", "/system/messages?state=given-up"}, {"atelier", "/tuner"}, {"atelier", "/tuner?q=nothing"},
	} {
		doc := readPage(t, hs[at.who], at.path)
		form := doc.Find("form.filter[hx-get]")
		if form.Length() != 1 || doc.Find("#list").Length() != 1 || doc.Find(form.AttrOr("hx-target", "")).Length() != 1 || doc.Find("#list").Find("form.filter").Length() > 0 {
			t.Errorf("%s has %d filters and %d lists", at.path, form.Length(), doc.Find("#list").Length())
		}
		if doc.Find("#answer").Length() > 1 || doc.Find("#list .answer a[href*='state=']").Length() > 0 {
			t.Errorf("%s: the sentence stands below its filter", at.path)
		}
		doc.Find("main a[href*='format='], main a[href*='verify=']").Each(func(_ int, a *goquery.Selection) {
			href := a.AttrOr("href", "")
			if a.ParentsFiltered("#list").Length() == 0 && !strings.Contains(href, "/form?") {
				t.Errorf("%s: %s stands outside of the list", at.path, href)
			}
		})
	}
}

// What is exported by the button of a list is what the list shows, with the boxes
// that were ticked and with none.
func TestTheChosenAreExportedAsFiltered(t *testing.T) {
	h := newConsole(t, town(t), viewer)
	for _, at := range []struct {
		path string
		tick int
		want int
	}{
		{"/columns", 0, 10}, {"/columns?state=stale", 0, 2}, {"/columns?state=stale&page=1&size=1", 0, 2}, {"/columns?unit=czj&q=公告", 0, 1}, {"/columns?unit=czj", 1, 1},
		{"/sites?verdict=合格", 0, 1}, {"/accounts?platform=weibo&state=stale", 0, 1}, {"/accounts?platform=weibo", 2, 2},
	} {
		form := readPage(t, h, at.path).Find("form#list")
		sent := url.Values{"format": {"csv"}}
		form.Find("input[type=hidden]").Each(func(_ int, in *goquery.Selection) { sent.Add(in.AttrOr("name", ""), in.AttrOr("value", "")) })
		form.Find("input[name=id]").Each(func(i int, in *goquery.Selection) {
			if i < at.tick {
				sent.Add("id", in.AttrOr("value", ""))
			}
		})
		list, _, _ := strings.Cut(at.path, "?")
		if rows := readCSV(t, get(t, h, list+"?"+sent.Encode())); len(rows)-1 != at.want {
			t.Errorf("%s with %d ticked exports %d rows, want %d", at.path, at.tick, len(rows)-1, at.want)
		}
	}
}

func readCSV(t testing.TB, w *httptest.ResponseRecorder) [][]string {
	t.Helper()
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") {
		t.Fatalf("no table: %d %.300s", w.Code, w.Body)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(w.Body.Bytes(), []byte("\ufeff")))).ReadAll()
	check(t, err)
	return rows
}

// The sentence above a list counts what there is beside the state that was chosen,
// each number with the rows it counts.
func TestAStateThatIsChosenHidesNoOther(t *testing.T) {
	hs := listHandlers(t)
	for _, at := range []struct {
		who, path string
		numbers   []string
	}{
		{"town", "/columns?state=stale", []string{"10", "2", "1", "2", "1", "1", "3"}},
		{"town", "/columns?state=stale&unit=czj", []string{"3", "1", "1", "1"}},
		{"town", "/sites?verdict=合格", []string{"3", "1", "1", "1"}},
		{"town", "/accounts?verdict=不合格", []string{"3", "1", "1", "1"}},
		{"letters", "/system/messages?state=sent", []string{"3", "1", "2"}},
		{"letters", "/system/messages?state=sent&channel=财政局", []string{"2", "2"}},
		{"front", "/users?state=ready", []string{"2", "2"}},
	} {
		var numbers []string
		readPage(t, hs[at.who], at.path).Find("#answer a").Each(func(_ int, a *goquery.Selection) {
			n := firstNumber.FindString(a.Text())
			numbers = append(numbers, n)
			href := a.AttrOr("href", "")
			if rows := readPage(t, hs[at.who], withQuery(href, "size", "500")).Find("#list tbody tr").Length(); strconv.Itoa(rows) != n {
				t.Errorf("%s: %s leads to %d rows of %s", at.path, a.Text(), rows, href)
			}
		})
		if strings.Join(numbers, " ") != strings.Join(at.numbers, " ") {
			t.Errorf("%s counts %v, want %v", at.path, numbers, at.numbers)
		}
	}
}

// How far past its window a column is can be sorted by, and its state says by which
// clause it is one.
func TestDaysAndClausesStandInLists(t *testing.T) {
	in := town(t).Input
	in.Set = &rules.RuleSet{ID: "s", Indicators: []rules.Indicator{{ID: "fresh", Basis: "两周内<要>更新"}}}
	h := newConsole(t, board.New(in), viewer)
	for path, days := range map[string]string{"/columns": "85", "/accounts": "10"} {
		doc := readPage(t, h, path+"?sort=-days")
		at := doc.Find("#list thead th[aria-sort=descending].num")
		if at.Length() != 1 || strings.TrimSpace(doc.Find("#list tbody tr").First().Find("td.num").Text()) != days {
			t.Errorf("%s by days: %q, first %q", path, at.Text(), doc.Find("#list tbody tr").First().Find("td.num").Text())
		}
		if doc.Find("#list thead a[href*='sort=unit']").Length() != 1 {
			t.Errorf("%s cannot be sorted by unit", path)
		}
	}
	if title := readPage(t, h, "/columns?state=stale").Find("#list tbody .state").First().AttrOr("title", ""); title != "判定依据：两周内<要>更新" {
		t.Errorf("the state's tooltip is %q", title)
	}
}

// What is to be done is called by what can be done where the line leads.
func TestTodosPromiseWhatThereIs(t *testing.T) {
	for _, tt := range []struct {
		user people.User
		want map[string]string // what is to be done, by the beginning of the address
	}{
		{viewer, map[string]string{"/columns?state=missing": "查看", "/columns?kind=column&state=due": "查看"}},
		{supervisor, map[string]string{"/columns?state=missing": "查看"}},
		{signer, map[string]string{"/columns?state=missing": "核实", "/columns?kind=column&state=due": "查看"}},
		{czjClerk, map[string]string{"/columns?state=stale": "更新", "/columns?kind=column&state=due": "更新"}},
	} {
		doc := readPage(t, newConsole(t, town(t), tt.user), "/")
		for begin, do := range tt.want {
			line := doc.Find(`.todo a[href^="` + begin + `"]`)
			if got := strings.TrimSpace(strings.TrimSuffix(line.Find(".do").Text(), "›")); line.Length() != 1 || got != do {
				t.Errorf("%s is told to %q at %s, want %q", tt.user.Name, got, begin, do)
			}
		}
	}
}

// A clerk is led to the 核实单 of the period in which something is asked, and an
// operator to the accounts that a platform did not show.
func TestTodosLeadToWhatTheyCount(t *testing.T) {
	d := newDesk(t)
	facts := cases.Facts{Subject: "czj", Unit: "czj", Indicator: "old", Effect: rules.EffectVeto, Sources: []string{cases.ByHand}, Publicity: cases.Named, Text: "旧问题", Basis: "依据", Point: noon}
	check(t, d.change([]cases.Event{
		{Period: "2023Q2", Kind: cases.Raise, At: noon, By: cases.Machine(), Facts: &facts},
		{Case: rules.FindingID("czj", "old"), Period: "2023Q2", Kind: cases.Verify, At: noon, By: cases.Person{Name: "王敏", Role: cases.Handler}, Due: noon.AddDate(0, 0, 2)},
	}, nil))
	asked := 0
	d.asks = aClerkOf("czj")
	readPage(t, d.console.Handler(), "/findings").Find(`.todo a[href^="/slips"]`).Each(func(_ int, a *goquery.Selection) {
		asked++
		n := firstNumber.FindString(a.Text())
		if text := readPage(t, d.console.Handler(), a.AttrOr("href", "")).Find(".answer").Text(); n != "1" || !strings.Contains(text, "1 个疑似问题，已答复 0") {
			t.Errorf("%s leads to %s", a.Text(), text)
		}
	})
	if asked != 2 {
		t.Errorf("asked in %d periods, want 2", asked)
	}

	in := town(t).Input
	in.Result.Platforms[0].Unread = []string{"account:140300M002XL0001"}
	h := newConsole(t, board.New(in), operator)
	href := readPage(t, h, "/").Find(`.todo a[href^="/accounts"]`).AttrOr("href", "")
	if rows := firstCells(readPage(t, h, href)); len(rows) != 1 || rows[0] != hostileName {
		t.Errorf("%s leads to %q", href, rows)
	}
}

// Numbers of the office's pages lead to the findings that they count.
func TestNumbersOfTheOfficeAreTheirFindings(t *testing.T) {
	d := newDesk(t)
	czj := aClerkOf("czj")
	wants(t, d.send(czj, "/slips/czj?period=2023Q3", "answer-"+rules.FindingID("czj/tzgg", "fresh"), "属实"), http.StatusSeeOther)
	enter := func(id string, period string) Ref {
		refs, err := d.Enter(cases.Event{At: d.now, By: cases.Person{Name: "王敏", Role: cases.Handler}}, nil, Seen{Subject: "tyj", Indicator: id, Period: period, Text: "没有更新", Source: cases.ByHand})
		check(t, err)
		wants(t, d.send(aHandler, "/findings/do/verify", "of", refs[0].String(), "inside", "1", "note", "自行核实"), http.StatusSeeOther)
		wants(t, d.send(aHandler, "/findings/do/confirm", "of", refs[0].String(), "note", "属实"), http.StatusSeeOther)
		return refs[0]
	}
	enter("own", "2023Q2")
	enter("own", "2023Q3")
	d.asks = aHandler
	h := d.console.Handler()
	for path, least := range map[string]int{"/slips?period=2023Q3": 3, "/findings": 3, "/notices?period=2023Q3": 1} {
		checked := 0
		readPage(t, h, path).Find(".answer a, td.num a").Each(func(_ int, a *goquery.Selection) {
			href, n := a.AttrOr("href", ""), firstNumber.FindString(strings.ReplaceAll(a.Text(), "2023Q3", ""))
			if !strings.HasPrefix(href, "/findings?") || n == "" {
				return
			}
			checked++
			if rows := readPage(t, h, withQuery(href, "size", "500")).Find("#list tbody tr").Length(); strconv.Itoa(rows) != n {
				t.Errorf("%s: %q leads to %d rows of %s", path, a.Text(), rows, href)
			}
		})
		if checked < least {
			t.Errorf("%s: only %d numbers lead somewhere", path, checked)
		}
	}
}

// Every table can be taken along, with heads in the language that was chosen.
func TestEveryTableIsExported(t *testing.T) {
	hs := listHandlers(t)
	for _, at := range []struct {
		who, path string
		least     int
	}{
		{"town", "/", 5}, {"town", "/columns", 10}, {"town", "/sites", 3}, {"town", "/accounts", 3}, {"desk", "/slips", 1}, {"desk", "/findings", 1}, {"desk", "/findings/" + secretRef() + "/history", 2},
		{"desk", "/notices", 1}, {"desk", "/registers", 0}, {"front", "/users", 1}, {"front", "/audit", 1}, {"letters", "/system/messages", 3}, {"patrol", "/rounds", 27},
		{"patrol", "/rounds/20230927-0130", 2}, {"patrol", "/rounds/20230927-0130?table=hosts", 3}, {"patrol", "/system/rules", 0}, {"patrol", "/system/unconfirmed", 1},
		{"patrol", "/sites/czj/visits", visitDays}, {"patrol", "/sites/czj/visits?table=shut", 1}, {"atelier", "/tuner", 1},
	} {
		for lang, name := range map[string]string{"zh": "Chinese", "en": "English"} {
			rows := readCSV(t, get(t, hs[at.who], withQuery(at.path, "format", "csv", "lang", lang)))
			if len(rows)-1 < at.least {
				t.Errorf("%s exports %d rows, want %d or more", at.path, len(rows)-1, at.least)
			}
			if han := strings.ContainsFunc(strings.Join(rows[0], ""), func(r rune) bool { return unicode.Is(unicode.Han, r) }); han != (lang == "zh") {
				t.Errorf("%s: the heads in %s are %q", at.path, name, rows[0])
			}
		}
		if strings.HasSuffix(at.path, "/history") {
			continue
		}
		if readPage(t, hs[at.who], at.path).Find(`a[href*="format=csv"]`).Length() == 0 && at.least > 0 {
			t.Errorf("%s does not offer its export", at.path)
		}
	}
}

// Every long table is sorted by what its heads offer, both ways, and cut into pages.
func TestEveryHeadSorts(t *testing.T) {
	hs := listHandlers(t)
	for _, at := range []struct {
		who, path string
		heads     int
	}{
		{"desk", "/slips?period=2023Q3", 7}, {"desk", "/registers/superior", 4}, {"desk", "/notices", 4}, {"letters", "/system/messages", 4},
		{"patrol", "/rounds/20230927-0130?size=1", 3}, {"atelier", "/tuner", 5},
	} {
		doc := readPage(t, hs[at.who], at.path)
		links := doc.Find("th a.sort")
		if links.Length() < at.heads || doc.Find(".pager").Length() == 0 {
			t.Errorf("%s has %d heads to sort by and %d pagers", at.path, links.Length(), doc.Find(".pager").Length())
		}
		links.Each(func(_ int, a *goquery.Selection) {
			sorted := readPage(t, hs[at.who], a.AttrOr("href", ""))
			if sorted.Find("th[aria-sort] a.here").Length() != 1 {
				t.Errorf("%s: %s does not say that it rules", at.path, a.Text())
			}
		})
	}
	first := func(path string) string {
		return readPage(t, hs["letters"], path).Find("#list tbody tr").First().Find("th").Text()
	}
	if a, z := first("/system/messages?sort=title"), first("/system/messages?sort=-title"); a == z {
		t.Errorf("both ways %s stands first", a)
	}
}

// What was ticked and typed is still there when it is refused.
func TestNothingTypedIsLostByARefusal(t *testing.T) {
	d := newDesk(t)
	w := d.send(aHandler, "/findings/do/confirm", "back", "/findings?period=2023Q3&sort=unit", "of", secretRef(), "of", "nothing/2023Q3", "note", "现场<看>过", "due", "2023-10-20")
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(w.Body.Bytes()))
	check(t, err)
	if w.Code < 400 || doc.Find(".refused").Length() != 1 || doc.Find("input[name=of][checked]").AttrOr("value", "") != secretRef() ||
		doc.Find("input[name=note]").AttrOr("value", "") != "现场<看>过" || doc.Find("input[name=due]").AttrOr("value", "") != "2023-10-20" ||
		doc.Find("input[name=back]").AttrOr("value", "") != "/findings?period=2023Q3&sort=unit" || doc.Find("select[name=period] option[selected]").Text() == "" {
		t.Errorf("many at once: %d %.1500s", w.Code, mainOf(w))
	}
	wants(t, d.send(aHandler, "/findings/do/confirm", "back", "//evil.example/findings", "note", "x"), http.StatusBadRequest, "没有选择问题")

	h, in := handConsole(t, town(t), czjClerk)
	w = sendParts(t, h, "/accounts/140300M002XL0001/handed", nil, "link", "https://other.example/1", "posted", "2023-09-26")
	wants(t, w, http.StatusBadRequest, "应在 weibo.com", `value="https://other.example/1"`, `value="2023-09-26"`, "市财政局")
	if len(in.got) > 0 {
		t.Errorf("taken: %v", in.got)
	}

	for _, w := range []*httptest.ResponseRecorder{
		d.get(aHandler, "/notices?period=2023Q3&date=27.9.2023&number=阳政办〔2023〕9号"),
		d.send(aHandler, "/notices/draft", "period", "2023Q3", "date", "27.9.2023", "number", "阳政办〔2023〕9号"),
	} {
		wants(t, w, http.StatusBadRequest, `class="refused"`, `value="27.9.2023"`, `value="阳政办〔2023〕9号"`)
	}
}

// On a phone what is done to chosen rows can be done: their boxes are there, and
// large enough for a finger.
func TestBoxesStandOnAPhone(t *testing.T) {
	css := string(assets()["console.css"].body)
	for _, part := range strings.Split(css, "@media ")[1:] {
		if !strings.HasPrefix(part, "(max-width: 720px)") {
			continue
		}
		if regexp.MustCompile(`\.pick[^{}]*\{[^}]*display: none`).MatchString(part) {
			t.Error("the boxes are hidden on a phone")
		}
	}
	if !strings.Contains(css, ".pick input { width: 24px; height: 24px;") {
		t.Error("the boxes are smaller than 24 px")
	}
}

// How things stand is the first that a page says.
func TestPagesBeginWithASentence(t *testing.T) {
	hs := listHandlers(t)
	for _, at := range []struct{ who, path string }{
		{"town", "/sites"}, {"town", "/columns"}, {"town", "/accounts"}, {"desk", "/findings"}, {"desk", "/notices"}, {"desk", "/registers"}, {"front", "/users"},
		{"letters", "/system/messages"}, {"patrol", "/rounds"}, {"patrol", "/system"}, {"atelier", "/tuner"},
	} {
		for _, lang := range []string{"zh", "en"} {
			doc := readPage(t, hs[at.who], withQuery(at.path, "lang", lang))
			next := doc.Find("main > .head").Next()
			if !next.Is("p.answer") || len(strings.TrimSpace(next.Text())) < 8 {
				t.Errorf("%s in %s begins with %.200s", at.path, lang, next.Text())
			}
		}
	}
}

// Imports are exported for those who see the whole city.
func TestImportsAreExported(t *testing.T) {
	q := &request{Request: httptest.NewRequest("GET", "/registers", nil), lang: "zh"}
	rows := q.importsSheet([]store.Import{{Seq: 1, Kind: registers.Reports, File: "一.xlsx"}, {Seq: 2, Kind: registers.Reports, File: "二.xlsx"}}).Rows
	if len(rows) != 2 || rows[0][3] != "二.xlsx" {
		t.Errorf("%q", rows)
	}
}

// A script shows a refusal, a log-in and the night under a finger as they are.
func TestListsInABrowser(t *testing.T) {
	var out atomic.Bool // nobody is logged in any more
	h := newConsoleWith(t, town(t), viewer, func(c *Config) {
		c.Gate = gateOf(func() people.User {
			if out.Load() {
				return people.User{}
			}
			return viewer
		})
	})
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	b := browse(t)
	b.do(chromedp.Navigate(server.URL + "/columns"))
	b.until(`window.htmx`)
	choose := func(name, value string) string {
		return `(() => { const s = document.querySelector('form.filter [name=` + name + `]'); if (s.options) { s.add(new Option('` + value + `', '` + value + `')); } s.value = '` + value + `'; s.dispatchEvent(new Event('change', {bubbles: true})); return 1; })()`
	}
	value[int](b, choose("state", "stale"))
	b.until(`location.search.includes('state=stale') && document.querySelectorAll('#list tbody tr').length === 2`)
	b.until(`document.querySelector('#answer')?.textContent.includes('10')`)
	value[int](b, `(() => { const r = [...document.querySelectorAll('.strip')][1].querySelectorAll('rect')[3].getBoundingClientRect(); [...document.querySelectorAll('.strip')][1].dispatchEvent(new PointerEvent('pointerdown', {bubbles: true, clientX: r.left + 4, clientY: r.top + 4, pointerType: 'touch'})); return 1; })()`)
	b.until(`document.querySelector('.tip') && document.querySelector('.tip').textContent.startsWith('2023-09-13')`)
	value[int](b, choose("state", "bogus"))
	b.until(`document.querySelector('main')?.textContent.includes('400') && location.search.includes('state=bogus')`)
	b.do(chromedp.Navigate(server.URL + "/columns"))
	b.until(`window.htmx`)
	out.Store(true)
	value[int](b, choose("state", "due"))
	b.until(`location.pathname === '/login' && location.search.includes('state%3Ddue')`)
}

package console

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"xuncha/cases"
	"xuncha/internal/notify"
	"xuncha/people"
	"xuncha/registers"
	"xuncha/rules"
)

// heard are pages with what they show, and what a page leads to is read as well.
var heard = []string{
	"/", "/sites", "/columns", "/accounts", "/findings", "/findings/new", "/findings/draw?of=sites&share=50&seed=1", "/slips", "/registers", "/registers/superior/import",
	"/registers/messages?period=2023Q3", "/notices", "/notices/verify", "/rounds", "/rounds/20230927-0130", "/sites/czj/visits", "/system", "/system/messages", "/system/unconfirmed", "/account", "/users", "/audit", "/nowhere",
}

// A hearing reads every page that others lead to, one or two of each kind.
type hearing struct {
	t     *testing.T
	desk  *desk
	lang  string
	kinds map[string]int
	asked map[string]bool
}

var (
	wildName = regexp.MustCompile(`[0-9a-f]{12,}|\d+(Q\d|[-A-Z0-9]+)?|=[^&]*`)
	fileLink = regexp.MustCompile(`format=|\.(docx|xlsx|csv|zip|pdf|json|html|txt)$|/(kept|static|shot)/|preview|/notices/(paper|draft|made)|/handed/`)
	perKind  = 2
)

// hear calls tell with each text that a page says or reads out, and whether it is
// code or what somebody else wrote.
func (h *hearing) hear(path string, tell func(path, text string)) {
	if h.asked[path] {
		return
	}
	h.asked[path] = true
	bare, _, _ := strings.Cut(path, "?")
	kind := wildName.ReplaceAllString(bare, "#")
	if h.kinds[kind]++; h.kinds[kind] > perKind {
		return
	}
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Language", h.lang)
	h.desk.asks = everybody
	w := httptest.NewRecorder()
	h.desk.console.Handler().ServeHTTP(w, r)
	if w.Code >= 500 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		h.t.Errorf("GET %s: %d %s", path, w.Code, w.Header().Get("Content-Type"))
		return
	}
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	doc.Find("script, style, svg, code, pre, .code, .brand span, footer, .simulated, .technical code, [lang=en]:not(html), [lang=zh-CN]:not(html), input, textarea, datalist").Remove()
	doc.Find("main, header nav, title").Find("*").AddBack().Each(func(_ int, s *goquery.Selection) {
		for _, name := range []string{"aria-label", "title", "placeholder", "data-label"} {
			if text, ok := s.Attr(name); ok {
				tell(path, text)
			}
		}
		s.Contents().Each(func(_ int, n *goquery.Selection) {
			if goquery.NodeName(n) == "#text" {
				if text := n.Text(); strings.Contains(text, "{{") || strings.Contains(text, "}}") {
					h.t.Errorf("%s shows a piece of its template: %q", path, strings.TrimSpace(text))
				}
				tell(path, n.Text())
			}
		})
	})
	doc.Find("main a[href]").Each(func(_ int, a *goquery.Selection) {
		to := a.AttrOr("href", "")
		if _, file := a.Attr("download"); strings.HasPrefix(to, "/") && !file && !fileLink.MatchString(to) {
			h.hear(to, tell)
		}
	})
}

func hearPages(t *testing.T, lang string, tell func(path, text string)) {
	t.Helper()
	s := newStand(t)
	h := &hearing{t: t, desk: s.desk, lang: lang, kinds: map[string]int{}, asked: map[string]bool{}}
	for _, path := range heard {
		h.hear(path, tell)
	}
	if len(h.kinds) < 25 {
		t.Errorf("%d kinds of pages were read: %v", len(h.kinds), h.kinds)
	}
}

// keptText is what people and pages have written: the program shows it as it is.
func keptText(t *testing.T) string {
	t.Helper()
	s := newStand(t)
	var b strings.Builder
	var events []cases.Event
	for _, x := range s.desk.b.Book.Cases() {
		events = append(events, s.desk.b.Book.EventsOf(x.ID)...)
	}
	for _, x := range []any{s.desk.b.City, s.desk.b.Result, s.desk.b.Set, events, s.desk.rows, s.letters.entries, s.letters.Settings(), townUsers()} {
		data, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(data)
	}
	return b.String() + "移动客户端 统计 " + secretName + "网：" + secretName + "通知" // a platform, and as the desk of these tests calls its figures and a column
}

func townUsers() []people.User {
	return []people.User{viewer, signer, operator, czjClerk, supervisor, everybody, tunerUser}
}

var hanRun = regexp.MustCompile(`[\p{Han}\x{3001}\x{3002}\x{ff01}-\x{ff5e}]+`)

// A page in English says nothing in Chinese but names, and what people and pages
// have written.
func TestEnglishPagesSayNothingInChinese(t *testing.T) {
	data := keptText(t)
	told := map[string]bool{}
	hearPages(t, "en", func(path, text string) {
		for _, run := range hanRun.FindAllString(text, -1) {
			if _, ours := terms[run]; !ours && (strings.Contains(data, run)) || told[run] {
				continue
			}
			told[run] = true
			t.Errorf("%s says %q in %q", path, run, strings.TrimSpace(text))
		}
	})
}

// latin is a run of English words.
var latin = regexp.MustCompile(`[A-Za-z]{2,}(?:[ ,;:]+[A-Za-z]{1,}){2,}`)

// A page in Chinese says no sentence in English: what a library or another program
// said stands behind a switch, as code.
func TestChinesePagesSayNothingInEnglish(t *testing.T) {
	data := keptText(t)
	told := map[string]bool{}
	hearPages(t, "zh-CN", func(path, text string) {
		for _, run := range latin.FindAllString(text, -1) {
			if strings.Contains(data, run) || strings.HasPrefix(run, "xuncha ") || told[run] {
				continue
			}
			told[run] = true
			t.Errorf("%s says %q in %q", path, run, strings.TrimSpace(text))
		}
	})
}

// exported are the rows of a file that a page gives, by the heads of its columns.
func exported(t *testing.T, body string) (rows []map[string]string) {
	t.Helper()
	cells, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil || len(cells) < 2 {
		t.Fatalf("%d rows, %v: %s", len(cells), err, body)
	}
	for _, line := range cells[1:] {
		row := map[string]string{}
		for i, head := range cells[0] {
			row[head] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// What is exported of findings in English has states, roles and the rest in English.
func TestExportsInEnglish(t *testing.T) {
	d := newDesk(t)
	for path, heads := range map[string][]string{
		"/findings": {"State", "To be reviewed", "Sources", "Publicity"}, "/findings/" + secretRef() + "/history": {"Role", "What was done", "State afterwards"},
	} {
		for _, row := range exported(t, d.get(aHandler, path+"?lang=en&format=csv").Body.String()) {
			for _, head := range heads {
				if cell, ok := row[head]; !ok || hanRun.MatchString(cell) {
					t.Errorf("%s: %s is %q", path, head, cell)
				}
			}
		}
	}
}

// What a unit filed is told in the language of the page.
func TestFilingsInEnglish(t *testing.T) {
	d := newDesk(t)
	d.rows[registers.Filings] = []registers.Row{{Key: "1", Values: map[string]string{"subject": "czj", "type": "改版", "from": "2023-01-01", "until": "2023-12-31"}}}
	path := "/findings/" + secretRef()
	wants(t, d.get(aHandler, path+"?lang=en"), http.StatusOK, "redesign (until 2023-12-31)")
	wants(t, d.get(aHandler, path), http.StatusOK, "改版（至2023-12-31）")
}

// What is exported in Chinese says what went wrong in Chinese, and what a library
// said of it in a column of its own.
func TestFaultsInExports(t *testing.T) {
	l := &letters{entries: []notify.Entry{{Message: notify.Message{ID: "1", Channel: "财政局", Title: "巡查", Made: noon}, State: notify.Waiting, Fault: "dial tcp: connection refused"}}}
	h := newConsoleWith(t, apiBoard(), people.User{Name: "a", Roles: []people.Role{people.Admin}}, func(c *Config) { c.Mailbox = l })
	row := exported(t, get(t, h, "/system/messages?format=csv").Body.String())[0]
	if row["未送达的原因"] != faultWord("connection refused", "zh") || row["技术详情"] != "dial tcp: connection refused" || row["状态"] != "待发" {
		t.Errorf("exported: %q", row)
	}
	p := newPatrolman()
	operator := people.User{Name: "a", Roles: []people.Role{people.Admin}}
	for _, row := range exported(t, get(t, patrolled(t, p, operator), "/rounds/20230927-0130?format=csv").Body.String()) {
		if latin.MatchString(row["怎么办"]) || row["怎么办"] == "" || row["技术详情"] == "" {
			t.Errorf("exported of a round: %q", row)
		}
	}
}

// An error says where one may go: back to the page before, where that is ours.
func TestErrorsLeadBack(t *testing.T) {
	s := newStand(t)
	for _, tt := range []struct{ referer, want string }{
		{"http://example.com/findings?state=认定", `href="/findings?state=`}, {"http://elsewhere.example/findings", ""}, {"", ""}, {"http://example.com//evil.example/", ""},
	} {
		r := httptest.NewRequest(http.MethodGet, "/registers/nothing", nil)
		r.Header.Set("Referer", tt.referer)
		body := s.desk.serve(everybody, r).Body.String()
		if !strings.Contains(body, "<title>没有找到") || strings.Contains(body, "返回上一页") != (tt.want != "") || !strings.Contains(body, tt.want) || strings.Contains(body, "evil") {
			t.Errorf("after %q: %s", tt.referer, body)
		}
	}
}

// What a library says is put into words that say what to do.
func TestFaultsSayWhatToDo(t *testing.T) {
	for text, want := range map[string]string{
		"backup: write /b/x.db: no space left on device": "腾出空间", "dial tcp: lookup smtp.x: no such host": "域名", "there is nothing at env:X: put the address": "env:",
		"Get https://x: context deadline exceeded": "超时", "egress denied: 10.0.0.1": "allow_private", "something new": "运维人员",
		"钉钉 answers 404 Not Found": "核对地址和密钥", "钉钉 answers 401 Unauthorized": "核对地址和密钥", "钉钉 answers 400 Bad Request": "核对地址和密钥", "403 Forbidden": "核对地址和密钥",
		"钉钉 answers 429 Too Many Requests": "频率", "钉钉 answers 504 Gateway Timeout": "对方服务器", "503 Service Unavailable": "对方服务器",
		"open /b/x.db: no such file or directory": "外接磁盘", "535 5.7.8 authentication failed": "用户名", "unexpected EOF": "连接中断", "the unit was reassigned": "运维人员",
	} {
		if got := faultWord(text, "zh"); !strings.Contains(got, want) {
			t.Errorf("%q is told as %q, want %q", text, got, want)
		}
		if got := faultWord(text, "en"); hanRun.MatchString(got) {
			t.Errorf("%q is told as %q in English", text, got)
		}
	}
}

// A line of a history keeps what people wrote, and says the rest in English.
func TestHistoryInEnglish(t *testing.T) {
	if got, want := contentWord("来源：巡查、上级通报；答复：不属实；已按期更新：见附件", "en"), "source: patrol, notice of a superior; answer: not true; 已按期更新：见附件"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for note, want := range map[string]string{
		"有2处信息页面显示的日期与页面标记的日期不一致（如显示2023-09-01，meta为2023-08-01），请核实是否改过日期": "2 items show another date than their pages state (shown 2023-09-01, meta says 2023-08-01): check whether the date was changed",
		"2023-09-02巡查时，列表中已没有日期为2023-09-01的信息，请核实是否撤下或改期":                  "at the look of 2023-09-02 the list no longer had the item of 2023-09-01: check whether it was withdrawn or dated anew",
	} {
		if got := hintWord(note, "en"); got != want || hintWord(note, "zh") != note {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got, want := stateAfter("核实（认定待审核）", "en"), "being verified (confirmed to be reviewed)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A window is said in words, and one that there is not is nothing.
func TestWindowsInWords(t *testing.T) {
	s := newStand(t)
	s.desk.b.Set.Indicators = append(s.desk.b.Set.Indicators, rules.Indicator{ID: "w", Name: "首页", Window: rules.Window{Days: 14}}, rules.Indicator{ID: "m", Name: "政策", Window: rules.Window{Months: 6}})
	body := s.desk.get(everybody, "/system/rules").Body.String()
	if !strings.Contains(body, "2周") || !strings.Contains(body, "6个月") || strings.Contains(body, "P14D") || strings.Contains(body, "P6M") {
		t.Error(body)
	}
}

// What the log says was done is said in words, on the pages and by the interface.
func TestEveryDoingHasWords(t *testing.T) {
	for _, r := range append(Routes(), apiRoutes()...) {
		if r.Method == http.MethodGet || r.Need == "" || r.Need == people.TryOut {
			continue
		}
		name := r.Method + " " + r.Path
		if zh, en := doing(name, "zh"), doing(name, "en"); strings.Contains(zh, r.Method) || strings.Contains(en, r.Method) || !hanRun.MatchString(zh) {
			t.Errorf("%s is logged as %q, %q", name, zh, en)
		}
	}
}

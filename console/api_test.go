package console

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/rules"
	"xuncha/store"
)

// apiBoard is a small city: two units, three columns, an account.
func apiBoard() *board.Board {
	day := time.Date(2023, 9, 27, 0, 0, 0, 0, extract.Beijing)
	column := func(id, unit, name string, s rules.State) rules.ColumnResult {
		carrier, _, _ := strings.Cut(id, "/")
		return rules.ColumnResult{Column: inventory.Column{ID: id, Unit: unit, Carrier: carrier, Name: name, Class: "通知公告"}, State: s}
	}
	lost := column("czj/gzdt/tz", "czj", "工作动态--通知", rules.Unknown)
	lost.Reason = extract.ReasonLost
	return board.New(board.Input{
		City: &inventory.City{
			Name: "某市", Digest: "c0ffee", Units: []inventory.Unit{{ID: "fgw", Name: "市发改委"}, {ID: "czj", Name: "市财政局"}},
			Carriers: []inventory.Carrier{{ID: "fgw", Name: "市发改委网站", Unit: "fgw"}, {ID: "czj", Name: "市财政局网站", Unit: "czj"}},
		},
		Set:   &rules.RuleSet{ID: "some", Digest: "d1", Indicators: []rules.Indicator{{ID: "v1", Name: "首页不更新", Basis: "…", Effect: rules.EffectVeto, Confirmed: true}}},
		Round: store.Round{ID: "20230927-0130", Started: day, Finished: day.Add(time.Hour)},
		Result: rules.Result{
			Point: day, PointDay: day,
			Columns: []rules.ColumnResult{
				column("fgw/tz", "fgw", "通知公告 <script>alert(1)</script>", rules.Stale), column("fgw/dt", "fgw", "动态要闻", rules.Fresh), lost,
			},
			Accounts: []rules.AccountResult{{Account: inventory.Account{Code: "140300M019XL0001", Unit: "fgw", Name: "发改发布", Platform: inventory.Weibo}, State: rules.Fresh, Verdict: rules.Pass}},
		},
	})
}

// inquire asks an operation and reads its answer.
func inquire(t testing.TB, h http.Handler, path string, into any) int {
	t.Helper()
	w := get(t, h, path)
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		t.Fatalf("%s: %v: %s", path, err, w.Body)
	}
	return w.Code
}

func TestListsOfTheInterfaceAreThoseOfThePages(t *testing.T) {
	h := newConsole(t, apiBoard(), viewer)
	var list apiList[APIRow]
	if code := inquire(t, h, "/api/v1/columns?state=stale", &list); code != 200 || list.Total != 1 || list.Items[0].ID != "fgw/tz" {
		t.Errorf("%d: %+v", code, list)
	}
	if code := inquire(t, h, "/api/v1/columns?size=2&page=2", &list); code != 200 || list.Total != 3 || len(list.Items) != 1 || list.Pages != 2 {
		t.Errorf("%d: %+v", code, list)
	}
	var one apiSubject
	for _, path := range []string{"/api/v1/columns/czj/gzdt/tz", "/api/v1/columns/czj%2Fgzdt%2Ftz"} {
		if code := inquire(t, h, path, &one); code != 200 || one.State != "unknown" || one.Reason != "lost" {
			t.Errorf("%s: %d: %+v", path, code, one)
		}
	}
	var stand apiStanding
	if code := inquire(t, h, "/api/v1/overview", &stand); code != 200 || stand.Columns["stale"] != 1 || stand.Unknown["lost"] != 1 || stand.Accounts["合格"] != 1 {
		t.Errorf("%d: %+v", code, stand)
	}
}

func TestAClerkGetsTheirOwnUnit(t *testing.T) {
	h := newConsole(t, apiBoard(), czjClerk)
	var list apiList[APIRow]
	if inquire(t, h, "/api/v1/columns", &list); list.Total != 1 || list.Items[0].Unit != "czj" {
		t.Errorf("%+v", list)
	}
	var f fault
	if code := inquire(t, h, "/api/v1/columns/fgw/tz", &f); code != 404 || f.Message == "" {
		t.Errorf("another unit's column: %d %+v", code, f)
	}
	var units apiList[apiUnit]
	if inquire(t, h, "/api/v1/units", &units); units.Total != 1 {
		t.Errorf("%+v", units)
	}
}

func TestWhatIsWrongWithAQuestionIsSaid(t *testing.T) {
	h := newConsole(t, apiBoard(), viewer)
	for _, path := range []string{
		"/api/v1/columns?size=1e9", "/api/v1/columns?size=501", "/api/v1/columns?page=0", "/api/v1/columns?state=rotten", "/api/v1/columns?sort=unit;drop",
		"/api/v1/columns?q=%00", "/api/v1/columns?q=" + strings.Repeat("x", 300), "/api/v1/columns?unit=nobody", "/api/v1/columns/nothing", "/api/v1/sites/fgw/tz",
		"/api/v1/accounts/fgw", "/api/v1/columns?kind=%F0%28",
	} {
		var f fault
		if code := inquire(t, h, path, &f); code < 400 || code > 499 || f.Message == "" {
			t.Errorf("%s: %d %+v", path, code, f)
		}
	}
	var f fault
	if code := inquire(t, newConsole(t, apiBoard(), people.User{}), "/api/v1/columns", &f); code != 401 || f.Message == "" {
		t.Errorf("nobody: %d %+v", code, f)
	}
	if code := inquire(t, newConsole(t, nil, viewer), "/api/v1/overview", &f); code != 404 || !strings.Contains(f.Message, "巡查") {
		t.Errorf("before the first round: %d %+v", code, f)
	}
}

func TestWhoHasTheAnswerGets304(t *testing.T) {
	b := apiBoard()
	h := newConsole(t, b, viewer)
	tag := get(t, h, "/api/v1/overview").Header().Get("ETag")
	again := func(h http.Handler) int {
		r := httptest.NewRequest("GET", "/api/v1/overview", nil)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	if code := again(h); tag == "" || code != 304 {
		t.Errorf("tag %q: %d", tag, code)
	}
	if code := again(newConsole(t, b, czjClerk)); code != 200 {
		t.Errorf("another user: %d", code)
	}
	other := *b
	other.Round.ID = "20230928-0130"
	if code := again(newConsole(t, &other, viewer)); code != 200 {
		t.Errorf("another night: %d", code)
	}
	// An error has no name by which it could be taken for an answer.
	for _, path := range []string{"/api/v1/columns/nothing", "/api/v1/columns?size=0", "/api/v1/rounds/x"} {
		if w := get(t, h, path); w.Code < 400 || w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d with ETag %q, %q", path, w.Code, w.Header().Get("ETag"), w.Header().Get("Cache-Control"))
		}
	}
}

// What is made of the board is made once, for whoever sees the same of it; and who has
// it is told so without its being made again.
func TestAnswersOfTheBoardAreMadeOnce(t *testing.T) {
	made := 0
	f := newOffice()
	cfg := Config{Now: noonNow, Log: slog.New(slog.DiscardHandler), Mask: func(s string) string { made++; return s }}
	f.into(&cfg)
	u := aViewer
	cfg.Gate = gateOf(func() people.User { return u })
	c, err := New(cfg)
	check(t, err)
	h := c.Handler()
	ask := func(path, tag string, gzip bool) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("If-None-Match", tag)
		if gzip {
			r.Header.Set("Accept-Encoding", "gzip")
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for _, path := range []string{"/api/v1/findings", "/api/v1/slips?period=2023Q3", "/api/v1/slips/czj", "/api/v1/columns/czj/tzgg"} {
		u = aViewer
		tag := ask(path, "", false).Header().Get("ETag")
		first := made
		if w := ask(path, tag, false); w.Code != http.StatusNotModified || w.Header().Get("ETag") != tag || w.Body.Len() > 0 {
			t.Errorf("%s: %d with ETag %s, want 304 with %s", path, w.Code, w.Header().Get("ETag"), tag)
		}
		if u.Name, u.FullName = "other", "另一位"; ask(path, "", false).Header().Get("ETag") != tag {
			t.Errorf("%s: who sees the same is answered otherwise", path)
		}
		if made != first {
			t.Errorf("%s: it was made again", path)
		}
		f.b = f.b.WithBook(f.b.Book) // somebody decided something
		if ask(path, tag, false); path != "/api/v1/columns/czj/tzgg" && made == first {
			t.Errorf("%s: an old answer is kept", path)
		}
	}
	// Other bytes have another name, by which the answer is known as well.
	plain := ask("/api/v1/openapi.json", "", false).Header().Get("ETag")
	zipped := ask("/api/v1/openapi.json", "", true)
	tag := zipped.Header().Get("ETag")
	if zipped.Header().Get("Content-Encoding") != "gzip" || tag == plain || strings.HasPrefix(tag, "W/") || strings.HasPrefix(plain, "W/") {
		t.Errorf("compressed it is named %s, and plain %s", tag, plain)
	}
	for _, gzip := range []bool{true, false} {
		if w := ask("/api/v1/openapi.json", tag, gzip); w.Code != http.StatusNotModified || w.Header().Get("ETag") != tag {
			t.Errorf("by the name of the compressed one: %d %s", w.Code, w.Header().Get("ETag"))
		}
	}
}

// An answer that is kept reaches nobody who may not see it, whoever asked first and
// whatever they say they have.
func TestHostile_KeptAnswersStayInTheirScope(t *testing.T) {
	s := newStand(t)
	scoped := people.User{Name: "x", Roles: []people.Role{people.Viewer}, Via: "t", Scope: []people.Right{people.See}}
	askers := []people.User{
		aViewer, aClerkOf("czj"), aClerkOf("tyj"), {Name: "x", Roles: []people.Role{people.Supervisor}, Unit: "pd"}, aHandler, scoped,
		{Name: "x", Roles: []people.Role{people.Clerk}}, {Name: "x", Roles: []people.Role{people.Clerk}, Unit: "pdx"},
	}
	sees := map[int]bool{0: true, 1: true, 4: true, 5: true}
	for _, c := range everyCall(s) {
		if c.call.method != http.MethodGet || ofAtelier.MatchString(c.call.path) || !strings.HasPrefix(c.call.path, "/api/v1/") {
			continue
		}
		s.reset(t)
		if c.before != nil {
			c.before()
		}
		for _, order := range [][]int{{0, 1, 2, 3, 4, 5, 6, 7}, {7, 6, 5, 4, 3, 2, 1, 0}} {
			tag := ""
			for _, i := range order {
				w := s.ask(t, call{askers[i], "GET", c.call.path, nil, map[string]string{"If-None-Match": tag}})
				if strings.Contains(w.Body.String(), secretName) && !sees[i] {
					t.Errorf("%s: %+v is told of 市财政局", c.op, askers[i])
				}
				if w.Code == http.StatusOK {
					tag = w.Header().Get("ETag")
					if !strings.Contains(strings.Join(w.Header().Values("Vary"), ","), "Authorization") || w.Header().Get("Cache-Control") != "private, no-cache" && w.Header().Get("Cache-Control") != "no-store" {
						t.Errorf("%s: others may keep it: %v", c.op, w.Header())
					}
				}
			}
		}
	}
}

// Answers are compressed for whoever takes that, and are the same ones.
func TestAnswersAreCompressed(t *testing.T) {
	h := newConsole(t, town(t), viewer)
	plain := get(t, h, "/api/v1/columns")
	r := httptest.NewRequest("GET", "/api/v1/columns", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	z, err := gzip.NewReader(w.Body)
	if err != nil || w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("%v %v", w.Header(), err)
	}
	body, err := io.ReadAll(z)
	if err != nil || string(body) != plain.Body.String() {
		t.Errorf("unpacked: %v %.300s", err, body)
	}
}

// An address at which nothing is leads to the document, and one that takes another
// method says which.
func TestWrongAddressesAndMethodsSaySo(t *testing.T) {
	h := newConsole(t, apiBoard(), viewer)
	for _, tt := range []struct {
		method, path  string
		status        int
		allow, zh, en string
	}{
		{"GET", "/api/v1/nothing", 404, "", "/api/v1/openapi.json", "/api/v1/openapi.json"},
		{"POST", "/api/v2/columns", 404, "", "没有这个接口", "there is no such operation"},
		{"POST", "/api/v1/columns", 405, "GET, HEAD", "不接受 POST", "takes no POST"},
		{"DELETE", "/api/v1/columns/fgw/tz", 405, "GET, HEAD", "不接受 DELETE", "takes no DELETE"},
		{"PATCH", "/api/v1/findings", 405, "GET, HEAD, POST", "可用：GET, HEAD, POST", "it takes GET, HEAD, POST"},
		{"GET", "/api/v1/recipes/try", 405, "POST", "可用：POST", "it takes POST"},
		{"<B>", "/api/v1/recipes/try", 405, "POST", "不接受 …", "takes no …"},
		{"POST", "/sites", 405, "GET, HEAD", "不接受 POST", "takes no POST"},
		{"GET", "/nothing", 404, "", "请从上方的导航进入", "begin with the words at the top"},
	} {
		for lang, says := range map[string]string{"zh": tt.zh, "en": tt.en} {
			r := httptest.NewRequest("GET", tt.path, nil)
			r.Method = tt.method
			r.Header.Set("Accept-Language", lang)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != tt.status || w.Header().Get("Allow") != tt.allow || !strings.Contains(w.Body.String(), says) {
				t.Errorf("%s %s: %d, allows %q: %.300s", tt.method, tt.path, w.Code, w.Header().Get("Allow"), w.Body)
			}
			if f := (fault{}); strings.HasPrefix(tt.path, "/api/") && (json.Unmarshal(w.Body.Bytes(), &f) != nil || f.Message == "") {
				t.Errorf("%s %s: no JSON: %s", tt.method, tt.path, w.Body)
			}
		}
	}
	nobody := newConsole(t, apiBoard(), people.User{})
	if w := get(t, nobody, "/api/v1/recipes/try"); w.Code != http.StatusUnauthorized || w.Header().Get("Allow") != "" {
		t.Errorf("nobody is told what there is: %d", w.Code)
	}
}

// The document names every operation, and nothing that there is not.
func TestTheDocumentIsOfWhatIsServed(t *testing.T) {
	h := newConsole(t, apiBoard(), viewer)
	var doc struct {
		OpenAPI string                               `json:"openapi"`
		Paths   map[string]map[string]map[string]any `json:"paths"`
	}
	if code := inquire(t, h, "/api/v1/openapi.json", &doc); code != 200 || !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Fatalf("%d, OpenAPI %s", code, doc.OpenAPI)
	}
	served := map[string]bool{}
	for _, r := range apiRoutes() {
		path := strings.Replace(r.Path, "...}", "}", 1)
		served[r.Method+" "+path] = true
		if path != "/api/v1/openapi.json" && doc.Paths[path][strings.ToLower(r.Method)] == nil {
			t.Errorf("%s %s is not described", r.Method, path)
		}
	}
	for path, methods := range doc.Paths {
		for m := range methods {
			if !served[strings.ToUpper(m)+" "+path] {
				t.Errorf("%s %s is described and not served", m, path)
			}
		}
	}
}

// A second look at one column makes another board of the same night, and a user may
// be given another unit: whoever asks again is not told that all is as it was.
func TestHostile_NobodyIsLeftWithAnOldAnswer(t *testing.T) {
	b, u := apiBoard(), czjClerk
	look := func(s rules.State) {
		in := b.Input
		in.Result.Columns = slices.Clone(in.Result.Columns)
		in.Result.Columns[2].State, in.Result.Columns[2].Reason = s, ""
		b = board.New(in)
	}
	c, err := New(Config{Board: func() *board.Board { return b }, Gate: gateOf(func() people.User { return u }), Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler)})
	check(t, err)
	h, tag, path := c.Handler(), "", "/api/v1/columns"
	ask := func() int {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		tag = w.Header().Get("ETag")
		return w.Code
	}
	for _, step := range []struct {
		what   string
		change func()
		want   int
	}{
		{"the first answer", func() {}, 200},
		{"the same again", func() {}, 304},
		{"after a look at one column", func() { look(rules.Fresh) }, 200},
		{"another board that says the same", func() { again := *b; b = &again }, 304},
		{"the findings", func() { path = "/api/v1/findings" }, 200},
		{"after a decision", func() { b = b.WithBook(findingsOfCzj(t)) }, 200},
		{"the same again", func() {}, 304},
		{"the columns", func() { path = "/api/v1/columns" }, 200},
		{"another unit", func() { u.Unit = "pd" }, 200},
		{"another role", func() { u.Roles = []people.Role{people.Viewer} }, 200},
		{"the same again", func() {}, 304},
	} {
		step.change()
		if code := ask(); code != step.want {
			t.Errorf("%s: %d, want %d", step.what, code, step.want)
		}
	}
}

// A gateOf is a gate at which somebody else may stand each time.
type gateOf func() people.User

func (g gateOf) User(*http.Request) people.User { return g() }

// findingsOfCzj is a book with one finding of 市财政局.
func findingsOfCzj(t testing.TB) *cases.Book {
	t.Helper()
	book := &cases.Book{}
	e, err := book.Seal(cases.Policy{}, cases.Event{Period: "2023Q3", Kind: cases.Raise, At: noon, By: cases.Machine(), Facts: &cases.Facts{
		Subject: "czj/gzdt/tz", Unit: "czj", Indicator: "v1", Effect: rules.EffectVeto, Sources: []string{cases.ByPatrol}, Publicity: cases.Named, Text: "不更新", Basis: "…", Point: noon,
	}})
	check(t, err)
	check(t, book.Apply(e))
	return book
}

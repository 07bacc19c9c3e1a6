package console

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/rules"
	"xuncha/store"
)

// routeTable is every route with the right it must take, kept apart from the code:
// a route that is added, or that takes another right, needs its row here. ask is an
// address of it that names something of 市财政局, "" for the path itself.
var routeTable = []struct {
	route string
	need  people.Right
	ask   string
}{
	{"POST /language", "", ""},

	{"GET /login", "", ""},
	{"POST /login", "", ""},
	{"POST /logout", "", ""},
	{"GET /login/issuer", "", ""},
	{"GET /login/return", "", ""},
	{"GET /setup", "", ""},
	{"POST /setup", "", ""},

	{"GET /{$}", people.See, ""},
	{"GET /overview/nights", people.See, ""},
	{"GET /sites", people.See, ""},
	{"GET /sites/{id}", people.See, "/sites/czj"},
	{"GET /columns", people.See, ""},
	{"GET /columns/{id...}", people.See, "/columns/czj/tzgg"},
	{"GET /kept/{look}/{page}/{id...}", people.See, ""},
	{"GET /accounts", people.See, ""},
	{"GET /accounts/{code}", people.See, "/accounts/140300M019XL0001"},
	{"GET /accounts/{code}/handed/{sha256}", people.See, ""},
	{"POST /accounts/{code}/handed", people.Reply, "/accounts/140300M019XL0001/handed"},
	{"POST /accounts/{code}/checked", people.Propose, "/accounts/140300M019XL0001/checked"},

	{"GET /tuner", people.TryOut, ""},
	{"GET /tuner/{id...}", people.TryOut, ""},
	{"GET /tuner-page/{source}/{page}/{id...}", people.TryOut, ""},
	{"POST /tuner/fetch", people.TryOut, ""},
	{"POST /tuner/try", people.TryOut, ""},
	{"POST /tuner/effects", people.TryOut, ""},
	{"POST /tuner/diff", people.TryOut, ""},
	{"POST /tuner/save", people.Tune, ""},
	{"POST /tuner/accept", people.Tune, ""},
	{"POST /tuner/undo", people.Tune, ""},

	{"GET /account", people.See, ""},
	{"POST /account/language", people.See, ""},
	{"POST /account/password", people.See, ""},
	{"POST /account/sessions", people.See, ""},
	{"POST /account/sessions/{id}", people.See, ""},
	{"POST /account/tokens", people.See, ""},
	{"POST /account/tokens/{id}", people.See, ""},

	{"GET /rounds", people.Oversee, ""},
	{"POST /rounds", people.Patrol, ""},
	{"GET /rounds/live", people.Oversee, ""},
	{"POST /rounds/again", people.Patrol, ""},
	{"POST /rounds/cancel", people.Patrol, ""},
	{"POST /rounds/withdraw", people.Patrol, ""},
	{"GET /rounds/{id}", people.Oversee, ""},
	{"GET /sites/{id}/visits", people.See, "/sites/czj/visits"},

	{"GET /system", people.Oversee, ""},
	{"GET /system/rules", people.See, ""},
	{"GET /system/unconfirmed", people.Oversee, ""},
	{"POST /system/backups", people.Administer, ""},
	{"POST /system/backups/verify", people.Administer, ""},

	{"GET /users", people.Administer, ""},
	{"POST /users", people.Administer, ""},
	{"GET /users/{name}", people.Administer, ""},
	{"POST /users/{name}", people.Administer, ""},
	{"POST /users/{name}/link", people.Administer, ""},
	{"POST /users/{name}/disable", people.Administer, ""},
	{"POST /users/{name}/enable", people.Administer, ""},
	{"POST /users/{name}/sessions", people.Administer, ""},
	{"POST /users/{name}/tokens/{id}", people.Administer, ""},
	{"GET /audit", people.Administer, ""},

	{"GET /system/messages", people.Oversee, ""},
	{"POST /system/messages/test", people.Administer, ""},

	{"GET /api/v1/overview", people.See, ""},
	{"GET /api/v1/todo", people.See, ""},
	{"GET /api/v1/units", people.See, ""},
	{"GET /api/v1/sites", people.See, ""},
	{"GET /api/v1/sites/{id...}", people.See, "/api/v1/sites/czj"},
	{"GET /api/v1/columns", people.See, ""},
	{"GET /api/v1/columns/{id...}", people.See, "/api/v1/columns/czj/tzgg"},
	{"GET /api/v1/accounts", people.See, ""},
	{"GET /api/v1/accounts/{id...}", people.See, "/api/v1/accounts/140300M019XL0001"},
	{"GET /api/v1/indicators", people.See, ""},
	{"GET /api/v1/openapi.json", people.See, ""},
	{"GET /api/v1/sites/{id}/visits", people.See, "/api/v1/sites/czj/visits"},
	{"GET /api/v1/accounts/{code}/handed", people.See, ""},
	{"POST /api/v1/accounts/{code}/handed", people.Reply, ""},
	{"POST /api/v1/accounts/{code}/checked", people.Propose, ""},
	{"GET /api/v1/accounts/{code}/handed/{sha256}", people.See, ""},
	{"GET /api/v1/nights", people.See, ""},
	{"GET /api/v1/platforms", people.See, ""},
	{"GET /api/v1/snapshots", people.See, ""},
	{"GET /api/v1/snapshots/{digest}", people.See, ""},
	{"GET /api/v1/snapshots/{digest}/pages/{page}", people.See, ""},
	{"GET /api/v1/findings", people.See, ""},
	{"GET /api/v1/findings/{id}/{period}", people.See, "/api/v1/findings/" + secretRef()},
	{"POST /api/v1/findings/{id}/{period}/reveal", people.Propose, "/api/v1/findings/" + secretRef() + "/reveal"},
	{"POST /api/v1/findings/{id}/{period}/papers/{sha256}", people.See, "/api/v1/findings/" + secretRef() + "/papers/" + strings.Repeat("a", 64)},
	{"POST /api/v1/findings/{id}/{period}/history", people.Propose, "/api/v1/findings/" + secretRef() + "/history"},
	{"POST /api/v1/findings/{id}/{period}/sheet", people.Reply, "/api/v1/findings/" + secretRef() + "/sheet"},
	{"POST /api/v1/findings/{id}/{period}/pack", people.Propose, "/api/v1/findings/" + secretRef() + "/pack"},
	{"GET /api/v1/draws", people.Propose, ""},
	{"POST /api/v1/findings/do/verify", people.Propose, ""},
	{"POST /api/v1/findings/do/reply", people.Reply, ""},
	{"POST /api/v1/findings/do/standing", people.Propose, ""},
	{"POST /api/v1/findings/do/confirm", people.Propose, ""},
	{"POST /api/v1/findings/do/approve", people.Review, ""},
	{"POST /api/v1/findings/do/decline", people.Propose, ""},
	{"POST /api/v1/findings/do/send", people.Sign, ""},
	{"POST /api/v1/findings/do/accept", people.Reply, ""},
	{"POST /api/v1/findings/do/report", people.Reply, ""},
	{"POST /api/v1/findings/do/recheck", people.Propose, ""},
	{"POST /api/v1/findings/do/clear", people.Propose, ""},
	{"POST /api/v1/findings/do/return", people.Propose, ""},
	{"POST /api/v1/findings/do/reject", people.Propose, ""},
	{"POST /api/v1/findings/do/exempt", people.Propose, ""},
	{"POST /api/v1/findings/do/object", people.Reply, ""},
	{"POST /api/v1/findings/do/uphold", people.Review, ""},
	{"POST /api/v1/findings/do/urge", people.Propose, ""},
	{"POST /api/v1/findings/do/extend", people.Review, ""},
	{"POST /api/v1/findings/do/publish", people.Propose, ""},
	{"POST /api/v1/findings/do/reopen", people.Review, ""},
	{"POST /api/v1/findings/do/note", people.Reply, ""},
	{"POST /api/v1/findings", people.Propose, ""},
	{"POST /api/v1/findings/sync", people.Propose, ""},
	{"POST /api/v1/findings/enter", people.Propose, ""},
	{"POST /api/v1/findings/check", people.Propose, ""},
	{"POST /api/v1/sheets", people.Propose, ""},
	{"GET /api/v1/slips", people.See, ""},
	{"GET /api/v1/slips/{unit}", people.See, "/api/v1/slips/czj?period=2023Q3"},
	{"POST /api/v1/slips/{unit}", people.Reply, ""},
	{"GET /api/v1/slips/{unit}/{file}", people.See, "/api/v1/slips/czj/slip.docx?period=2023Q3"},
	{"GET /api/v1/notices", people.See, ""},
	{"GET /api/v1/notices/blocking", people.See, ""},
	{"POST /api/v1/notices/draft", people.Propose, ""},
	{"POST /api/v1/notices/final", people.Sign, ""},
	{"GET /api/v1/notices/draft/{file}", people.See, ""},
	{"GET /api/v1/notices/papers/{kind}", people.Propose, ""},
	{"GET /api/v1/notices/made/{number}/{file}", people.See, ""},
	{"POST /api/v1/notices/verify", people.Propose, ""},
	{"GET /api/v1/registers", people.See, ""},
	{"GET /api/v1/imports", people.See, ""},
	{"GET /api/v1/registers/{kind}", people.See, ""},
	{"POST /api/v1/registers/{kind}/reveal", people.Propose, ""},
	{"GET /api/v1/registers/{kind}/figures", people.See, ""},
	{"POST /api/v1/registers/{kind}/import", people.Propose, ""},
	{"GET /api/v1/registers/{kind}/form", people.See, ""},
	{"GET /api/v1/rounds", people.Oversee, ""},
	{"GET /api/v1/rounds/waiting", people.Oversee, ""},
	{"GET /api/v1/rounds/{round}", people.Oversee, ""},
	{"GET /api/v1/progress", people.Oversee, ""},
	{"GET /api/v1/progress/stream", people.Oversee, ""},
	{"POST /api/v1/rounds", people.Patrol, ""},
	{"POST /api/v1/rounds/again", people.Patrol, ""},
	{"POST /api/v1/rounds/cancel", people.Patrol, ""},
	{"POST /api/v1/rounds/withdraw", people.Patrol, ""},
	{"POST /api/v1/recipes/fetch", people.TryOut, ""},
	{"POST /api/v1/recipes/try", people.TryOut, ""},
	{"POST /api/v1/recipes/effects", people.TryOut, ""},
	{"POST /api/v1/recipes/diff", people.TryOut, ""},
	{"POST /api/v1/recipes/save", people.Tune, ""},
	{"POST /api/v1/recipes/accept", people.Tune, ""},
	{"POST /api/v1/recipes/undo", people.Tune, ""},
	{"GET /api/v1/configuration", people.Oversee, ""},
	{"GET /api/v1/configuration/files/{name...}", people.Oversee, ""},
	{"PUT /api/v1/configuration/files/{name...}", people.Tune, ""},
	{"DELETE /api/v1/configuration/files/{name...}", people.Tune, ""},
	{"POST /api/v1/configuration/undo", people.Tune, ""},
	{"POST /api/v1/configuration/check", people.Tune, ""},
	{"GET /api/v1/configuration/changes", people.Oversee, ""},
	{"GET /api/v1/system", people.Oversee, ""},
	{"POST /api/v1/system/backups", people.Administer, ""},
	{"POST /api/v1/system/backups/verify", people.Administer, ""},
	{"GET /api/v1/messages", people.Oversee, ""},
	{"GET /api/v1/messages/channels", people.Oversee, ""},
	{"POST /api/v1/messages/test", people.Administer, ""},
	{"GET /api/v1/audit", people.Administer, ""},
	{"GET /api/v1/audit/verify", people.Administer, ""},
	{"GET /findings", people.See, ""},
	{"GET /findings/{id}", people.See, ""},
	{"GET /findings/{id}/{period}", people.See, "/findings/" + secretRef()},
	{"GET /findings/{id}/{period}/history", people.See, "/findings/" + secretRef() + "/history?format=csv"},
	{"POST /findings/{id}/{period}/history", people.Propose, "/findings/" + secretRef() + "/history"},
	{"POST /findings/{id}/{period}/papers/{sha256}", people.See, "/findings/" + secretRef() + "/papers/" + strings.Repeat("a", 64)},
	{"POST /findings/{id}/{period}/reveal", people.Propose, "/findings/" + secretRef() + "/reveal"},
	{"POST /findings/{id}/{period}/sheet", people.Reply, "/findings/" + secretRef() + "/sheet"},
	{"POST /findings/{id}/{period}/pack", people.Propose, "/findings/" + secretRef() + "/pack"},
	{"POST /findings/sync", people.Propose, ""},
	{"POST /findings/enter/{id}", people.Propose, "/findings/enter/" + rules.FindingID("czj/tzgg", "fresh")},
	{"GET /findings/new", people.Propose, ""},
	{"POST /findings/new", people.Propose, ""},
	{"GET /findings/draw", people.Propose, ""},
	{"GET /findings/check", people.Propose, ""},
	{"POST /findings/check", people.Propose, ""},
	{"POST /findings/sheet", people.Propose, ""},
	{"POST /findings/do/verify", people.Propose, ""},
	{"POST /findings/do/reply", people.Reply, ""},
	{"POST /findings/do/standing", people.Propose, ""},
	{"POST /findings/do/confirm", people.Propose, ""},
	{"POST /findings/do/approve", people.Review, ""},
	{"POST /findings/do/decline", people.Propose, ""},
	{"POST /findings/do/send", people.Sign, ""},
	{"POST /findings/do/accept", people.Reply, ""},
	{"POST /findings/do/report", people.Reply, ""},
	{"POST /findings/do/recheck", people.Propose, ""},
	{"POST /findings/do/clear", people.Propose, ""},
	{"POST /findings/do/return", people.Propose, ""},
	{"POST /findings/do/reject", people.Propose, ""},
	{"POST /findings/do/exempt", people.Propose, ""},
	{"POST /findings/do/object", people.Reply, ""},
	{"POST /findings/do/uphold", people.Review, ""},
	{"POST /findings/do/urge", people.Propose, ""},
	{"POST /findings/do/extend", people.Review, ""},
	{"POST /findings/do/publish", people.Propose, ""},
	{"POST /findings/do/reopen", people.Review, ""},
	{"POST /findings/do/note", people.Reply, ""},
	{"GET /slips", people.See, ""},
	{"GET /slips/{unit}", people.See, "/slips/czj?period=2023Q3"},
	{"GET /slips/{unit}/{file}", people.See, "/slips/czj/slip.docx?period=2023Q3"},
	{"POST /slips/{unit}", people.Reply, "/slips/czj?period=2023Q3"},
	{"GET /notices", people.See, ""},
	{"GET /notices/preview", people.See, ""},
	{"GET /notices/draft/{file}", people.See, ""},
	{"POST /notices/draft", people.Propose, ""},
	{"POST /notices/final", people.Sign, ""},
	{"GET /notices/paper/{kind}", people.Propose, ""},
	{"GET /notices/made/{number}/{file}", people.See, ""},
	{"GET /notices/verify", people.Propose, ""},
	{"POST /notices/verify", people.Propose, ""},
	{"GET /registers", people.See, ""},
	{"GET /registers/{kind}", people.See, ""},
	{"POST /registers/{kind}/reveal", people.Propose, "/registers/reports/reveal"},
	{"GET /registers/{kind}/form", people.See, ""},
	{"GET /registers/{kind}/import", people.Propose, ""},
	{"POST /registers/{kind}/check", people.Propose, ""},
	{"POST /registers/{kind}/import", people.Propose, ""},
}

// roleTable is what each role may do, kept apart from the code as well.
var roleTable = map[people.Role][]people.Right{
	people.Admin:      {people.See, people.Patrol, people.Administer, people.Oversee, people.TryOut},
	people.Handler:    {people.See, people.Reply, people.Propose, people.Patrol, people.TryOut, people.Oversee},
	people.Reviewer:   {people.See, people.Reply, people.Propose, people.Review, people.Patrol, people.TryOut, people.Oversee},
	people.Signer:     {people.See, people.Reply, people.Propose, people.Review, people.Sign, people.Patrol, people.TryOut, people.Oversee},
	people.Supervisor: {people.See, people.Reply},
	people.Operator:   {people.See, people.Patrol, people.TryOut, people.Tune, people.Oversee},
	people.Clerk:      {people.See, people.Reply},
	people.Viewer:     {people.See},
}

// secretName is in the name, title and unit of all that is 市财政局's, and in
// nothing else.
const secretName = "财政专名"

// twoUnits is a board of two departments and a county, of which 市财政局 has a site,
// a column, a section and an account.
func twoUnits() *board.Board {
	city := &inventory.City{
		Name: "某市", Office: "某市人民政府办公室",
		Units: []inventory.Unit{
			{ID: "czj", Name: "市" + secretName + "局"}, {ID: "tyj", Name: "市体育局"},
			{ID: "pd", Name: "平定县"}, {ID: "pdx", Name: "平定县教育局", Superior: "pd"},
		},
		Carriers: []inventory.Carrier{
			{ID: "czj", Kind: inventory.Site, Name: secretName + "网", Unit: "czj", Columns: []inventory.Column{{ID: "czj/tzgg", Unit: "czj", Carrier: "czj", CountsTo: "czj", Name: secretName + "通知"}}},
			{ID: "tyj", Kind: inventory.Site, Name: "体育网", Unit: "tyj"},
			{ID: "pdx", Kind: inventory.Site, Name: "县教育网", Unit: "pdx"},
		},
		Accounts: []inventory.Account{{Code: "140300M019XL0001", Unit: "czj", Platform: "weibo", Name: secretName + "微博"}},
	}
	sites := []rules.SiteResult{}
	for _, c := range city.Carriers {
		sites = append(sites, rules.SiteResult{Carrier: c, Home: rules.IndicatorState{State: rules.Fresh}, Verdict: rules.Pass})
	}
	return board.New(board.Input{City: city, Set: &rules.RuleSet{}, Result: rules.Result{
		PointDay: noon, Sites: sites,
		Columns:  []rules.ColumnResult{{Column: city.Carriers[0].Columns[0], State: rules.Stale, NewestTitle: secretName + "公告", Newest: extract.Date{Time: noon.AddDate(0, -3, 0)}}},
		Sections: []rules.SectionResult{{Section: inventory.Section{ID: "czj/#zdhy", Unit: "czj", Carrier: "czj", Spec: extract.SectionSpec{Name: secretName + "会议"}}, State: rules.Missing}},
		Accounts: []rules.AccountResult{{Account: city.Accounts[0], State: rules.Fresh, Verdict: rules.Pass}},
	}})
}

// A front is a console with users, and whoever the test says in front of it.
type front struct {
	http.Handler
	people *people.Gate
	asks   people.User // where inPerson is not set
	now    time.Time
}

// newFront opens a console over twoUnits. In person, users come with cookies and
// tokens; else the test says who asks.
func newFront(t testing.TB, inPerson bool) *front {
	t.Helper()
	f := &front{now: noon}
	s, err := store.Open(filepath.Join(t.TempDir(), "xuncha.db"), store.Options{Create: true, LockTimeout: -1, NoSync: true})
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	f.people, err = people.Open(people.Config{Store: s, Now: func() time.Time { return f.now }, Cost: people.Cost{MemoryKiB: 8, Passes: 1}})
	check(t, err)
	office := newOffice()
	cfg := Config{
		Gate: f, People: f.people, Now: func() time.Time { return noon },
		Log: slog.New(slog.DiscardHandler), Office: "某市人民政府办公室", Address: "https://xuncha.example",
	}
	office.into(&cfg)
	if inPerson {
		cfg.Gate = f.people
	}
	c, err := New(cfg)
	check(t, err)
	f.Handler = c.Handler()
	return f
}

func (f *front) User(*http.Request) people.User { return f.asks }

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ask asks for a route as somebody.
func (f *front) ask(u people.User, method, path string) *httptest.ResponseRecorder {
	f.asks = u
	w := httptest.NewRecorder()
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Accept-Language", "zh-CN")
	f.ServeHTTP(w, r)
	return w
}

func TestEveryRouteIsInTheTable(t *testing.T) {
	told := map[string]people.Right{}
	for _, row := range routeTable {
		told[row.route] = row.need
	}
	for _, r := range Routes() {
		name := r.Method + " " + r.Path
		need, ok := told[name]
		switch {
		case !ok:
			t.Errorf("%s is not in routeTable: say there which right it must take", name)
		case need != r.Need:
			t.Errorf("%s takes %q, and must take %q", name, r.Need, need)
		}
		delete(told, name)
	}
	for name := range told {
		t.Errorf("%s is in routeTable and is no route", name)
	}
}

// An asker is somebody who asks for every route, and what they may.
type asker struct {
	name string
	user people.User
	may  []people.Right
}

func askers() []asker {
	all := []asker{
		{"nobody", people.User{}, nil},
		{"somebody disabled", people.User{Name: "x", Roles: people.Roles(), Disabled: true}, nil},
		{"somebody without a role", people.User{Name: "x"}, nil},
		{"a signer's token that may only look", people.User{Name: "x", Roles: []people.Role{people.Signer}, Via: "t", Scope: []people.Right{people.See}}, []people.Right{people.See}},
		{"a signer's token that may all but look", people.User{Name: "x", Roles: []people.Role{people.Signer}, Via: "t", Scope: []people.Right{people.Sign, people.Review}}, []people.Right{people.Sign, people.Review}},
		{"a token without scope", people.User{Name: "x", Roles: []people.Role{people.Admin}, Via: "t", Scope: []people.Right{}}, nil},
		{"a viewer's token with every scope", people.User{Name: "x", Roles: []people.Role{people.Viewer}, Via: "t", Scope: people.Rights()}, []people.Right{people.See}},
		{"the demonstration's visitor", people.Visitors{}.User(nil), []people.Right{people.See, people.TryOut, people.Oversee}},
	}
	for _, role := range people.Roles() {
		u := people.User{Name: "x", FullName: "某人", Roles: []people.Role{role}}
		if role == people.Clerk || role == people.Supervisor {
			u.Unit = "tyj"
		}
		all = append(all, asker{string(role), u, roleTable[role]})
	}
	return all
}

// noRight is what is said to whoever may not.
const noRight = "您没有此项权限"

func TestHostile_W06_W07_EveryRouteForEveryRole(t *testing.T) {
	f := newFront(t, false)
	for _, a := range askers() {
		for _, row := range routeTable {
			method, path, _ := strings.Cut(row.route, " ")
			if path = strings.TrimSuffix(path, "{$}"); row.ask != "" {
				path = row.ask
			}
			w := f.ask(a.user, method, path)
			toLogIn := w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/login?to=")
			refused := toLogIn || w.Code == http.StatusUnauthorized && row.need != "" || strings.Contains(w.Body.String(), noRight)
			may := row.need == "" || slices.Contains(a.may, row.need)
			switch {
			case refused == may:
				t.Errorf("%s, %s: answered with %d; may: %t", row.route, a.name, w.Code, may)
			case w.Code >= 500:
				t.Errorf("%s, %s: answered with %d", row.route, a.name, w.Code)
			case !may && a.user.Name == "" && !strings.HasPrefix(path, "/api/") && !toLogIn:
				t.Errorf("%s, %s: answered with %d, want the way to the log-in", row.route, a.name, w.Code)
			case !may && strings.Contains(w.Body.String(), secretName):
				t.Errorf("%s, %s: the refusal tells what is there", row.route, a.name)
			}
		}
	}
}

// Whoever is bound to a unit sees nothing of another's on any page, and what is
// asked for by name is not there.
func TestHostile_W07_ScopesHoldOnEveryRoute(t *testing.T) {
	f := newFront(t, false)
	others := []asker{
		{"the clerk of another unit", people.User{Name: "x", Roles: []people.Role{people.Clerk}, Unit: "tyj"}, nil},
		{"the clerk of no unit", people.User{Name: "x", Roles: []people.Role{people.Clerk}}, nil},
		{"the supervisor of a county", people.User{Name: "x", Roles: []people.Role{people.Supervisor}, Unit: "pd"}, nil},
		{"the token of another unit's clerk", people.User{Name: "x", Roles: []people.Role{people.Clerk}, Unit: "tyj", Via: "t", Scope: people.Rights()}, nil},
	}
	for _, row := range routeTable {
		method, path, _ := strings.Cut(row.route, " ")
		if path = strings.TrimSuffix(path, "{$}"); row.ask != "" {
			path = row.ask
		}
		for _, a := range others {
			w := f.ask(a.user, method, path)
			if strings.Contains(w.Body.String(), secretName) {
				t.Errorf("%s tells %s about another unit", row.route, a.name)
			}
			if row.ask != "" && w.Code != http.StatusNotFound && w.Code != http.StatusForbidden {
				t.Errorf("%s answers %s with %d, want 404", row.route, a.name, w.Code)
			}
		}
		if row.ask == "" || method != http.MethodGet {
			continue
		}
		for _, u := range []people.User{{Name: "x", Roles: []people.Role{people.Clerk}, Unit: "czj"}, {Name: "x", Roles: []people.Role{people.Viewer}}} {
			if w := f.ask(u, method, path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), secretName) {
				t.Errorf("%s answers %v with %d, though it is theirs: the test above shows nothing", row.route, u.Roles, w.Code)
			}
		}
	}
}

// GET changes nothing: whatever pages are looked at, the log and the users stay as
// they were.
func TestHostile_W08_LookingChangesNothing(t *testing.T) {
	f := newFront(t, false)
	everything := people.User{Name: "x", FullName: "某人", Roles: []people.Role{people.Admin, people.Signer, people.Operator}}
	before, err := f.people.LogHead()
	check(t, err)
	for _, row := range routeTable {
		method, path, _ := strings.Cut(row.route, " ")
		if method != http.MethodGet {
			f.ask(everything, http.MethodGet, path) // a route that takes POST takes no GET
			f.ask(everything, http.MethodHead, path)
			continue
		}
		f.ask(everything, method, strings.TrimSuffix(path, "{$}"))
	}
	if after, err := f.people.LogHead(); err != nil || after != before {
		t.Errorf("the log went from %+v to %+v, %v", before, after, err)
	}
	if users, err := f.people.Users(); err != nil || len(users) != 0 {
		t.Errorf("there are users: %v, %v", users, err)
	}
}

// No form goes through from another site, whatever cookies come with it.
func TestHostile_W08_FormsOfOtherSites(t *testing.T) {
	f := newFront(t, false)
	f.asks = people.User{Name: "x", FullName: "某人", Roles: people.Roles()}
	const own, behind = "https://xuncha.example", "http://10.0.0.7:8080" // behind a proxy that does not keep the host
	headers := []struct {
		name   string
		host   string
		set    map[string]string
		passes bool
	}{
		{"another site", own, map[string]string{"Sec-Fetch-Site": "cross-site"}, false},
		{"a sibling", own, map[string]string{"Sec-Fetch-Site": "same-site"}, false},
		{"an old browser at another site", own, map[string]string{"Origin": "https://evil.example"}, false},
		{"an old browser at a sibling", own, map[string]string{"Origin": "https://other.xuncha.example"}, false},
		{"a sandboxed frame", own, map[string]string{"Origin": "null"}, false},
		{"our own page", own, map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "https://xuncha.example"}, true},
		{"our own page in an old browser", own, map[string]string{"Origin": "https://xuncha.example"}, true},
		{"the address bar", own, map[string]string{"Sec-Fetch-Site": "none"}, true},
		{"a program", own, nil, true},
		{"our own page behind a proxy", behind, map[string]string{"Origin": "https://xuncha.example"}, true},
		{"another site, behind a proxy", behind, map[string]string{"Origin": "https://evil.example"}, false},
	}
	for _, row := range routeTable {
		method, path, _ := strings.Cut(row.route, " ")
		if method == http.MethodGet {
			continue
		}
		for _, h := range headers {
			for _, token := range []string{"", "Bearer xuncha_x"} {
				r := httptest.NewRequest(method, h.host+path, strings.NewReader(""))
				for k, v := range h.set {
					r.Header.Set(k, v)
				}
				if token != "" {
					r.Header.Set("Authorization", token)
				}
				w := httptest.NewRecorder()
				f.ServeHTTP(w, r)
				if blocked := strings.Contains(w.Body.String(), "other") && w.Code == http.StatusForbidden || strings.Contains(w.Body.String(), "请求来自其他网站"); blocked == h.passes {
					t.Errorf("%s, from %s, token %q: answered with %d", row.route, h.name, token, w.Code)
				}
			}
		}
	}
}

// Whatever is sent, the answer is a sentence and never an error of ours.
func TestHostile_EveryRouteWithNonsense(t *testing.T) {
	f := newFront(t, false)
	f.asks = people.User{Name: "x", FullName: "某人", Roles: people.Roles()}
	queries := []string{
		"", "?page=0", "?page=1e9", "?size=1000000000", "?sort=%27", "?from=0001-01-01&to=9999-99-99", "?before=-1", "?q=%00", "?q=%ff", "?q=" + strings.Repeat("x", 5000),
		"?format=exe", "?lang=fr", "?to=//evil.example", "?link=%3Cscript%3E", "?code=x&state=y", "?%", "?a;b", "?state=<script>alert(1)</script>", "?unit=../../etc", "?verify=1",
	}
	paths := []string{"%00", "..%2f..%2fetc%2fpasswd", "%3Cscript%3E", strings.Repeat("x", 3000), "%ff%fe", "'%20or%201=1"}
	bodies := []struct{ kind, body string }{
		{"application/x-www-form-urlencoded", ""},
		{"application/x-www-form-urlencoded", "%"},
		{"application/x-www-form-urlencoded", "name=%00&password=%00&role=root&unit=%00&days=-1&id=%00&to=%0d%0aSet-Cookie:x=y"},
		{"application/x-www-form-urlencoded", "name=" + strings.Repeat("x", 2<<20)},
		{"application/x-www-form-urlencoded", strings.Repeat("role=%E7%AE%A1&", 50000)},
		{"multipart/form-data", "x"},
		{"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=name\r\n\r\n" + strings.Repeat("y", 2<<20)},
		{"application/json", `{"name":`},
		{"", "\x00\xff"},
	}
	ask := func(r *http.Request, what string) {
		w := httptest.NewRecorder()
		f.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s: answered with %d", what, w.Code)
		}
		if body := w.Body.String(); strings.Contains(body, "<script>") || strings.Contains(body, "alert(1)<") {
			t.Errorf("%s: the answer holds what was sent", what)
		}
		if to := w.Header().Get("Location"); strings.HasPrefix(to, "//") || strings.HasPrefix(to, "http") || w.Header().Get("X") != "" {
			t.Errorf("%s: leads to %q", what, to)
		}
	}
	for _, row := range routeTable {
		method, path, _ := strings.Cut(row.route, " ")
		path = strings.TrimSuffix(path, "{$}")
		for _, q := range queries {
			r := httptest.NewRequest(method, "/", nil)
			r.URL.Path, r.URL.RawQuery = strings.NewReplacer("{", "", "}", "").Replace(path), strings.TrimPrefix(q, "?")
			ask(r, row.route+q[:min(len(q), 60)])
		}
		for _, p := range paths {
			if head, _, named := strings.Cut(path, "{"); named {
				ask(httptest.NewRequest(method, head+p, nil), row.route+" "+p[:min(len(p), 60)])
			}
		}
		if method == http.MethodGet {
			continue
		}
		for _, b := range bodies {
			r := httptest.NewRequest(method, strings.NewReplacer("{", "", "}", "").Replace(path), strings.NewReader(b.body))
			r.Header.Set("Content-Type", b.kind)
			ask(r, fmt.Sprintf("%s %s %.30q", row.route, b.kind, b.body))
		}
	}
}

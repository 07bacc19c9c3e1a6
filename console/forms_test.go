package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/PuerkitoBio/goquery"

	"xuncha/cases"
	"xuncha/people"
	"xuncha/rules"
)

// A formField is one field of a form: its value when all is well, and what must be
// refused. What is huge or no text is refused of every field but one that only says
// where to go back to.
type formField struct {
	name string
	good string // of a file its text
	file string // its name, of a field that takes a file

	needed bool     // without it the form is refused
	wrong  []string // what it must not say
	back   bool     // it only says where to go back to, and leads nowhere else
	free   bool     // whatever is no more than a line of text is right
}

// A formCase is the form of one route.
type formCase struct {
	route  string // as in routeTable
	who    people.User
	path   string // the route's own where it is ""
	fields []formField
	before func()   // brings the stand to where the form would be accepted
	script bool     // it is sent as JSON, by a script
	paths  []string // addresses of the route that name nothing
	fails  bool     // even the good form is refused: it was sent too often
}

// everybody has all roles but no unit.
var everybody = people.User{Name: "everybody", FullName: "某人", Roles: people.Roles()}

// everyForm is the form of every route that takes one.
func everyForm(s *stand) []formCase {
	of := func() formField {
		return formField{name: "of", good: secretRef(), needed: true, wrong: []string{"x", "nothing/2023Q3", "../../etc"}}
	}
	note := formField{name: "note", good: "已核对", free: true}
	why := formField{name: "note", good: "已核对", free: true, needed: true}
	back := formField{name: "back", back: true}
	day := func(name string, needed bool) formField {
		return formField{name: name, good: "2023-10-20", needed: needed, wrong: []string{"yesterday", "2023-02-30", "9999-12-31", "20231020", "-1"}}
	}
	on := formField{name: "on", good: "2023-09-27", wrong: []string{"yesterday", "2023-02-30", "2023-09-28", "1999-01-01"}}
	files := func(name string, needed bool) formField {
		return formField{name: name, file: "report.pdf", good: "%PDF-1.4", needed: needed}
	}
	period := func(needed bool) formField {
		return formField{name: "period", good: "2023Q3", needed: needed, wrong: []string{"x", "2023Q5", "Q3", "0000Q1"}}
	}
	point := formField{name: "point", good: "2023-09-26T12:00:00+08:00", wrong: []string{"yesterday", "0001-01-01T00:00:00Z", "2023-09-26"}}
	days := formField{name: "days", good: "30", needed: true, wrong: []string{"0", "-1", "367", "1e3", "x"}}
	role := formField{name: "role", good: string(people.Viewer), needed: true, wrong: []string{"root", "Admin "}}
	fullNamed := func(name string) formField { return formField{name: "full_name", good: name, needed: true, free: true} }
	unit := formField{name: "unit", wrong: []string{"nobody"}}
	source, look := s.source("tyj/tzgg"), strings.TrimPrefix(s.source("tyj/tzgg"), lookMark)
	column := func(name string) formField {
		return formField{name: name, good: "tyj/tzgg", needed: true, wrong: []string{"nowhere", "tyj", "czj/#x"}}
	}
	pages := formField{name: "source", good: source, needed: true, wrong: []string{"x", "look-0000000000000000", "live-x"}}
	const recipe = `{"list":"div.news ul","item":"li.row","date":"em.t"}`
	recipes := formField{name: "recipe", good: recipe, needed: true, wrong: []string{"{", `{"item":"[[["}`, "1", `{"source":"exe"}`}}
	password := "correct horse battery staple"

	deedForm := func(who people.User, kind cases.Kind, before func(), fields ...formField) formCase {
		return formCase{route: "POST /findings/do/" + string(kind), who: who, fields: append([]formField{of(), back}, fields...), before: before}
	}
	steps := lifeOf(s)
	czj := aClerkOf("czj")
	secret := func(of func() (string, error)) string {
		link, err := of()
		check(s.t, err)
		return link
	}
	first := secret(s.people.FirstLink)
	ofUser := []formField{
		{name: "password", good: password + "2", needed: true, wrong: []string{"short"}}, {name: "again", good: password + "2", needed: true, wrong: []string{"other"}}, {name: "link", needed: true, wrong: []string{"x"}},
	}
	slip := rules.FindingID("czj/tzgg", "fresh")
	return []formCase{
		// The first of all, before there are users.
		{route: "POST /setup", who: people.User{}, fields: []formField{
			{name: "link", good: first, needed: true, wrong: []string{"x", strings.Repeat("a", 43)}}, {name: "name", good: "everybody", needed: true, wrong: []string{"x", "a b", "../x"}}, fullNamed("某人"),
			{name: "password", good: password, needed: true, wrong: []string{"short", "everybody1"}}, {name: "again", good: password, needed: true, wrong: []string{"other"}},
		}},
		{route: "POST /users", who: everybody, fields: []formField{{name: "name", good: "zhangsan", needed: true, wrong: []string{"x", "a b", "everybody"}}, fullNamed("李四"), unit, role}},
		{route: "POST /users/{name}", who: everybody, path: "/users/zhangsan", fields: []formField{fullNamed("王五"), unit, role}, paths: []string{"/users/nobody", "/users/%3Cscript%3E"}},
		{route: "POST /users/{name}/link", who: everybody, path: "/users/zhangsan/link", paths: []string{"/users/nobody/link", "/users/%00/link"}},
		{route: "POST /users/{name}/disable", who: everybody, path: "/users/zhangsan/disable", paths: []string{"/users/nobody/disable", "/users/%ff/disable"}},
		{route: "POST /users/{name}/enable", who: everybody, path: "/users/zhangsan/enable", paths: []string{"/users/nobody/enable", "/users/%ff/enable"}},
		{route: "POST /users/{name}/sessions", who: everybody, path: "/users/zhangsan/sessions", paths: []string{"/users/nobody/sessions"}},
		{route: "POST /users/{name}/tokens/{id}", who: everybody, paths: []string{"/users/zhangsan/tokens/x", "/users/nobody/tokens/x", "/users/zhangsan/tokens/" + strings.Repeat("a", 3000)}},
		{route: "POST /setup", who: people.User{}, before: func() {
			ofUser[2].good = secret(func() (string, error) { return s.people.Link(people.Actor{Name: "everybody"}, "zhangsan") })
		}, fields: ofUser},

		{route: "POST /account/password", who: everybody, fields: []formField{
			{name: "old", good: password, needed: true, wrong: []string{"x"}}, {name: "password", good: password + "3", needed: true, wrong: []string{"short", password}}, {name: "again", good: password + "3", needed: true, wrong: []string{"other"}},
		}, fails: true},
		{route: "POST /account/language", who: everybody, fields: []formField{{name: "lang", good: "zh", wrong: []string{"fr", "ZH"}}}},
		{route: "POST /account/tokens", who: everybody, fields: []formField{{name: "name", good: "脚本", needed: true, free: true}, {name: "right", good: string(people.See), needed: true, wrong: []string{"root", "See"}}, days}},
		{route: "POST /account/tokens/{id}", who: everybody, paths: []string{"/account/tokens/x", "/account/tokens/%00"}},
		{route: "POST /account/sessions", who: everybody},
		{route: "POST /account/sessions/{id}", who: everybody, paths: []string{"/account/sessions/x", "/account/sessions/%00"}},
		{route: "POST /language", who: everybody, fields: []formField{{name: "lang", good: "zh", needed: true, wrong: []string{"fr", "zh\r\nSet-Cookie: x=y"}}, {name: "to", back: true}}},
		{route: "POST /login", who: people.User{}, fields: []formField{{name: "name", good: "everybody", needed: true, wrong: []string{"nobody"}}, {name: "password", good: password, needed: true, wrong: []string{"x"}}, {name: "to", back: true}}, fails: true},
		{route: "POST /logout", who: everybody},

		{route: "POST /accounts/{code}/handed", who: czj, path: "/accounts/140300M019XL0001/handed", paths: []string{"/accounts/nobody/handed", "/accounts/czj/handed"}, fields: []formField{
			{name: "posted", good: "2023-09-20", needed: true, wrong: []string{"yesterday", "2023-09-28", "2023-02-30"}}, {name: "picture", file: "a.png", good: string(onePixel), needed: true},
			{name: "link", wrong: []string{"javascript:alert(1)", "x", "https://a@weibo.com/1"}},
		}},
		{route: "POST /accounts/{code}/handed", who: czj, path: "/accounts/140300M019AP0001/handed", fields: []formField{
			{name: "works", good: "yes", needed: true, wrong: []string{"perhaps"}}, {name: "picture", file: "a.png", good: string(onePixel), needed: true},
		}},
		{route: "POST /accounts/{code}/checked", who: aHandler, path: "/accounts/140300M019XL0001/checked", paths: []string{"/accounts/nobody/checked"}, fields: []formField{{name: "handed", good: handedKey(s.desk.b.City.Submissions[0]), needed: true, wrong: []string{"x"}}}},

		{route: "POST /tuner/fetch", who: tunerUser, before: func() { s.atelier.live = pagesOfTheSite() }, fields: []formField{column("id"), {name: "from", back: true}}},
		{route: "POST /tuner/try", who: tunerUser, script: true, fields: []formField{column("id"), pages, {name: "page", good: "1", wrong: []string{"0.5", `"x"`, "-1", "99"}}, recipes, {name: "before", good: "true", wrong: []string{`"yes"`}}}},
		{route: "POST /tuner/try", who: tunerUser, script: true, fields: []formField{column("id"), pages, {name: "suggest", good: "true", needed: true, wrong: []string{`"yes"`, "false"}}}},
		{route: "POST /tuner/try", who: tunerUser, script: true, fields: []formField{column("id"), pages, {name: "page", good: "1"}, {
			name: "point", good: fmt.Sprintf(`{"rows":[%d]}`, elementOf(s.t, s.atelier, "tyj/tzgg", "a", newsRow)), needed: true, wrong: []string{`{"rows":[]}`, `{"rows":[-1]}`, `{"rows":[99999999]}`, `{"rows":"x"}`, "[]", `{"nonsense":1}`},
		}}},
		{route: "POST /tuner/effects", who: tunerUser, script: true, fields: []formField{column("id"), pages, recipes}},
		{route: "POST /tuner/diff", who: tunerUser, script: true, fields: []formField{column("id"), pages, recipes}},
		{route: "POST /tuner/save", who: tunerUser, fields: []formField{
			column("id"), pages, {name: "was", good: digestOf([]byte(atelierFiles["sites/tyj.yaml"])), wrong: []string{"x"}}, recipes, {name: "newest", good: "2023-09-24", wrong: []string{"2023-09-23", "yesterday"}},
			{name: "also", good: "tyj/tyxw", wrong: []string{"nowhere"}}, {name: "replace", good: "1", wrong: []string{"perhaps"}},
		}},
		{route: "POST /tuner/accept", who: tunerUser, fields: []formField{column("id"), {name: "look", good: look, needed: true, wrong: []string{"x", strings.Repeat("0", 16)}}, {name: "replace", wrong: []string{"perhaps"}}}},
		{route: "POST /tuner/undo", who: tunerUser, before: func() {
			s.atelier.user = tunerUser
			wants(s.t, s.atelier.post("/tuner/save", url.Values{"id": {"tyj/tzgg"}, "source": {source}, "recipe": {recipe}, "newest": {"2023-09-24"}}), http.StatusSeeOther)
		}, fields: []formField{column("id"), {name: "change", good: "2023-09-27T12:00:00+08:00", needed: true, wrong: []string{"x", "2001-01-01T00:00:00+08:00"}}}},

		{route: "POST /rounds", who: operator, fields: []formField{{name: "id", good: "czj", wrong: []string{"nowhere"}}, {name: "only", good: "czj/* tyj", free: true}}},
		{route: "POST /rounds/again", who: operator, fields: []formField{{name: "id", good: "czj/tzgg", needed: true, wrong: []string{"nowhere"}}, {name: "to", back: true}}},
		{route: "POST /rounds/cancel", who: operator},
		{route: "POST /rounds/withdraw", who: operator, fields: []formField{{name: "id", good: "w1", needed: true, wrong: []string{"x", "../.."}}}},
		{route: "POST /system/backups", who: everybody},
		{route: "POST /system/backups/verify", who: everybody, fields: []formField{{name: "name", good: "b.db", needed: true, wrong: []string{"x", "../../etc/passwd"}}}},
		{route: "POST /system/messages/test", who: everybody, fields: []formField{{name: "channel", good: "财政局", needed: true, wrong: []string{"x"}}}},

		{route: "POST /findings/{id}/{period}/history", who: aHandler, path: "/findings/" + secretRef() + "/history", paths: []string{"/findings/x/2023Q3/history", "/findings/%00/%ff/history"}},
		{route: "POST /findings/{id}/{period}/papers/{sha256}", who: aHandler, paths: []string{"/findings/" + secretRef() + "/papers/x", "/findings/x/2023Q3/papers/x"}},
		{route: "POST /findings/{id}/{period}/reveal", who: aHandler, path: "/findings/" + secretRef() + "/reveal", paths: []string{"/findings/x/2023Q3/reveal"}},
		{route: "POST /findings/{id}/{period}/sheet", who: aHandler, path: "/findings/" + secretRef() + "/sheet", paths: []string{"/findings/x/2023Q3/sheet"}},
		{route: "POST /findings/{id}/{period}/pack", who: aHandler, path: "/findings/" + secretRef() + "/pack", paths: []string{"/findings/x/2023Q3/pack"}},
		{route: "POST /findings/enter/{id}", who: aHandler, path: "/findings/enter/" + rules.FindingID("tyj", "x"), before: s.suspect, paths: []string{"/findings/enter/nothing", "/findings/enter/%00"}},
		{route: "POST /findings/sync", who: aHandler, fields: []formField{period(true), point}},
		{route: "POST /findings/new", who: aHandler, fields: []formField{
			{name: "subject", good: "tyj", needed: true, wrong: []string{"nowhere", "unit:nobody"}}, {name: "indicator", good: "x", free: true}, period(true), {name: "source", good: cases.ByCitizens, needed: true, wrong: []string{"巡查", "x"}},
			{name: "text", good: "打不开", free: true}, {name: "publicity", good: cases.Named, wrong: []string{"x"}}, note, on, files("files", false),
		}},
		{route: "POST /findings/check", who: aHandler, fields: []formField{
			{name: "subject", good: "tyj", needed: true, wrong: []string{"nowhere"}}, period(true), {name: "mark-hand", good: string(cases.Problem), needed: true, wrong: []string{"x"}}, {name: "text-hand", good: "没有回应", free: true},
			note, on, files("files", false), back,
		}},
		{route: "POST /findings/sheet", who: aHandler, fails: true, fields: []formField{
			{name: "kind", good: "raise", wrong: []string{"x"}}, {name: "file", file: "a.xlsx", good: "x", needed: true}, on, note, back,
		}},
		deedForm(aHandler, cases.Verify, steps["suspected"], day("due", false), formField{name: "inside", wrong: []string{"perhaps"}}, note),
		deedForm(czj, cases.Reply, nil, formField{name: "answer", good: "属实", needed: true, wrong: []string{"x"}}, on, note, files("files", false)),
		deedForm(aHandler, cases.Standing, steps["agreed"], formField{name: "result", good: "通过", needed: true, wrong: []string{"x"}}, why, files("files", false)),
		deedForm(aHandler, cases.Confirm, steps["replied"], note, files("files", false)),
		deedForm(aReviewer, cases.Approve, steps["confirmed"], note),
		deedForm(aReviewer, cases.Decline, steps["confirmed"], why),
		deedForm(aSigner, cases.Send, steps["agreed"], day("due", true), formField{name: "document", good: "阳政办函〔2023〕1号", free: true}, note),
		deedForm(czj, cases.Accept, steps["sent"], note),
		deedForm(czj, cases.Report, steps["accepted"], formField{name: "signed_by", good: "赵局长", needed: true, free: true}, on, note, files("files", false)),
		deedForm(aHandler, cases.Recheck, steps["reported"], formField{name: "result", good: "通过", needed: true, wrong: []string{"x"}}, why, files("files", false)),
		deedForm(aHandler, cases.Clear, steps["rechecked"], note),
		deedForm(aHandler, cases.Return, steps["reported"], day("due", true), why, files("files", false)),
		deedForm(aHandler, cases.Reject, steps["replied"], why, files("files", false)),
		deedForm(aHandler, cases.Exempt, steps["replied"], formField{name: "reason", good: "改版", needed: true, wrong: []string{"x"}}, formField{name: "until", good: "2023-12-31", needed: true, wrong: []string{"yesterday", "2023-09-01", "2023-02-30"}}, why, files("files", true)),
		deedForm(czj, cases.Object, steps["sent"], on, why, files("files", false)),
		deedForm(aReviewer, cases.Uphold, steps["objected"], why, files("files", false)),
		deedForm(aHandler, cases.Urge, steps["sent"], note),
		deedForm(aReviewer, cases.Extend, steps["sent"], formField{name: "due", good: "2023-10-31", needed: true, wrong: []string{"yesterday", "2023-09-01"}}, why),
		deedForm(aHandler, cases.Publish, nil, formField{name: "publicity", good: cases.Outlined, needed: true, wrong: []string{"x"}}, why),
		deedForm(aReviewer, cases.Reopen, steps["rejected"], why, day("due", false), files("files", false)),
		deedForm(aHandler, cases.Note, nil, why, files("files", false)),

		{route: "POST /slips/{unit}", who: czj, path: "/slips/czj?period=2023Q3", paths: []string{"/slips/nobody", "/slips/czj?period=x", "/slips/czj?period=2020Q1"}, fields: []formField{
			{name: "answer-" + slip, good: "属实", needed: true, wrong: []string{"x"}}, {name: "note-" + slip, good: "已核对", free: true}, files("files-"+slip, false),
		}},
		{route: "POST /notices/draft", who: aHandler, fields: []formField{
			period(false), point, {name: "template", good: "province", wrong: []string{"x"}}, day("date", false), day("due", false), {name: "number", good: "阳政办函〔2023〕1号", free: true},
		}},
		{route: "POST /notices/final", who: aSigner, before: steps["agreed"], fields: []formField{
			period(false), point, {name: "template", good: "province", wrong: []string{"x"}}, day("date", true), day("due", false), {name: "number", good: "阳政办函〔2023〕1号", free: true},
		}},
		{route: "POST /notices/verify", who: aHandler, fields: []formField{{name: "file", file: "notice.html", good: "<html>", needed: true}, {name: "summary", file: "summary.json", good: "{}"}}},
		{route: "POST /registers/{kind}/reveal", who: aHandler, path: "/registers/reports/reveal", paths: []string{"/registers/x/reveal", "/registers/reports/reveal?page=0", "/registers/reports/reveal?q=%ff"}},
		{route: "POST /registers/{kind}/check", who: aHandler, path: "/registers/reports/check", paths: []string{"/registers/x/check"}, fields: []formField{
			{name: "file", file: "a.csv", good: "检查期,单位,报送期限\n2023Q3,平定县,2023-10-20\n", needed: true}, {name: "whole", wrong: []string{"perhaps"}},
		}},
		{route: "POST /registers/{kind}/import", who: aHandler, path: "/registers/reports/import", paths: []string{"/registers/x/import"}, before: func() {
			s.desk.send(aHandler, "/registers/reports/check", "@file", "a.csv", "检查期,单位,报送期限\n2023Q3,平定县,2023-10-20\n")
		}, fields: []formField{
			{name: "token", good: cases.Attach("a.csv", []byte("检查期,单位,报送期限\n2023Q3,平定县,2023-10-20\n")).SHA256, needed: true, wrong: []string{"x"}},
		}},
	}
}

// lifeOf brings the finding of 市财政局 to where something is done to it.
func lifeOf(s *stand) map[string]func() {
	czj := aClerkOf("czj")
	do := func(who people.User, kind cases.Kind, pairs ...string) func() {
		return func() {
			wants(s.t, s.desk.send(who, "/findings/do/"+string(kind), append([]string{"of", secretRef()}, pairs...)...), http.StatusSeeOther)
		}
	}
	m := map[string]func(){}
	then := func(name, after string, step func()) {
		m[name] = func() {
			if before := m[after]; before != nil {
				before()
			}
			step()
		}
	}
	then("replied", "", do(czj, cases.Reply, "answer", "属实"))
	then("confirmed", "replied", do(aHandler, cases.Confirm))
	then("agreed", "confirmed", do(aReviewer, cases.Approve))
	then("sent", "agreed", do(aSigner, cases.Send, "due", "2023-10-20"))
	then("accepted", "sent", do(czj, cases.Accept))
	then("reported", "accepted", do(czj, cases.Report, "signed_by", "赵局长", "@files", "报告.pdf", "%PDF-1.4"))
	then("rechecked", "reported", do(aHandler, cases.Recheck, "result", "通过", "note", "已更新"))
	then("objected", "sent", do(czj, cases.Object, "note", "情况说明", "@files", "说明.pdf", "%PDF-1.4"))
	then("rejected", "replied", do(aHandler, cases.Reject, "note", "x"))
	m["suspected"] = func() { // it was raised and nothing else
		book := &cases.Book{}
		e := s.desk.b.Book.Events()[0]
		check(s.t, book.Apply(e))
		s.desk.b = s.desk.b.WithBook(book)
	}
	return m
}

// What is sent of every field, whatever it is about.
var (
	hugeText = strings.Repeat("长", 40_000)
	noTexts  = []string{"a\x00b", "\xff\xfe", "x\x1b[31m"}
	canary   = "<script>alert(1)</script>"
)

// sendForm sends a form in a language.
func (s *stand) sendForm(c formCase, path, lang string, values map[string]string) *httptest.ResponseRecorder {
	s.t.Helper()
	var body bytes.Buffer
	kind := "application/x-www-form-urlencoded"
	hasFile := slices.ContainsFunc(c.fields, func(f formField) bool { return f.file != "" })
	switch {
	case c.script:
		kind = "application/json"
		comma := "{"
		for _, f := range c.fields {
			v, ok := values[f.name]
			if !ok {
				continue
			}
			if f.name == "id" || f.name == "source" || !json.Valid([]byte(v)) {
				quoted, err := json.Marshal(v)
				check(s.t, err)
				v = string(quoted)
			}
			fmt.Fprintf(&body, "%s%q:%s", comma, f.name, v)
			comma = ","
		}
		body.WriteString("}")
	case hasFile:
		form := multipart.NewWriter(&body)
		for _, f := range c.fields {
			v, ok := values[f.name]
			if !ok {
				continue
			}
			if f.file == "" {
				check(s.t, form.WriteField(f.name, v))
				continue
			}
			part, err := form.CreateFormFile(f.name, f.file)
			check(s.t, err)
			_, err = io.WriteString(part, v)
			check(s.t, err)
		}
		check(s.t, form.Close())
		kind = form.FormDataContentType()
	default:
		form := url.Values{}
		for k, v := range values {
			form.Set(k, v)
		}
		body.WriteString(form.Encode())
	}
	return s.post(c.who, path, lang, kind, &body)
}

func (s *stand) post(who people.User, path, lang, kind string, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, body)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Accept-Language", map[string]string{"zh": "zh-CN,zh;q=0.9", "en": "en-GB,en;q=0.9"}[lang])
	s.desk.asks, s.atelier.user = who, who
	var h http.Handler = s.desk.console.Handler()
	if strings.HasPrefix(path, "/tuner") {
		h = s.atelier.Handler
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// state is all that forms can change, in a text.
func (s *stand) state(withLog bool) string {
	users, err := s.people.Users()
	check(s.t, err)
	head, err := s.people.LogHead()
	check(s.t, err)
	if !withLog {
		head = people.LogHead{}
	}
	var tokens, files []string
	for _, u := range users {
		list, err := s.people.Tokens(u.Name)
		check(s.t, err)
		tokens = append(tokens, fmt.Sprint(u, list))
	}
	err = fs.WalkDir(os.DirFS(s.folder), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path+" "+fullDigest([]byte(s.atelier.read(s.t, path))))
		}
		return err
	})
	check(s.t, err)
	events := 0
	if s.desk.b.Book != nil {
		events = len(s.desk.b.Book.Events())
	}
	return fmt.Sprint(events, s.desk.writes, s.desk.rows, len(s.desk.kept), users, head, tokens, files, len(s.atelier.done), len(s.tray.got), s.tray.checked, s.letters.tested, s.patrols.asked, s.backups)
}

// tradeWords are the trade's own words, which stand in English sentences as they are.
var tradeWords = regexp.MustCompile(`` + secretName + `[^ ]*|核实单|核实|认定|交办|已报整改|正常|有问题|无法判断|巡查|属实|不属实|已整改|人工核查|上级通报|网民反映|点名|概述不点名|仅内部|通过|未通过|未能监测|改版|临时停更|无应公开内容|发核实单|整改|找错|“[^”]*”`)

// speaks reports what is wrong with a sentence as one of a language: it says
// something, it is of that language, and it is not what the status is called.
func speaks(sentence, lang string, status int) string {
	han, letters := 0, 0
	if lang == "en" {
		sentence = tradeWords.ReplaceAllString(sentence, "")
	}
	for _, r := range sentence {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.IsLetter(r):
			letters++
		}
	}
	switch {
	case strings.TrimSpace(sentence) == "":
		return "nothing is said"
	case strings.EqualFold(strings.Trim(sentence, ". "), http.StatusText(status)):
		return "it says what the status is called"
	case lang == "zh" && han < 4:
		return "it is not Chinese"
	case lang == "en" && (han > 0 || letters < 12 || strings.Count(sentence, " ") < 3):
		return "it is not English"
	}
	return ""
}

// sentenceOf is what a page, or the answer to a script, says is wrong.
func sentenceOf(t testing.TB, w *httptest.ResponseRecorder) string {
	t.Helper()
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		var f fault
		check(t, json.Unmarshal(w.Body.Bytes(), &f))
		return f.Message
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(w.Body.Bytes()))
	check(t, err)
	if alert := doc.Find(`main [role="alert"]`).First(); alert.Length() > 0 {
		return strings.TrimSpace(alert.Text())
	}
	return strings.TrimSpace(doc.Find("main h1").First().Text())
}

// Every form with something missing, wrong, huge or hostile in one of its fields is
// refused with a sentence in the language of who sent it, and nothing is changed by
// it; and with nothing wrong it is not refused.
func TestHostile_EveryFieldOfEveryForm(t *testing.T) {
	s := newStand(t)
	left := map[string]bool{}
	for _, row := range routeTable {
		if method, path, _ := strings.Cut(row.route, " "); method == "POST" && !strings.HasPrefix(path, apiRoot) {
			left[row.route] = true
		}
	}
	for _, c := range everyForm(s) {
		t.Run(strings.TrimPrefix(c.route, "POST "), func(t *testing.T) {
			delete(left, c.route)
			s.badForms(t, c)
		})
	}
	for route := range left {
		t.Errorf("%s has no form here", route)
	}
}

// badForms sends a form with whatever is bad in it, and then as it should be.
func (s *stand) badForms(t *testing.T, c formCase) {
	path := c.path
	if path == "" {
		_, path, _ = strings.Cut(c.route, " ")
	}
	withLog := c.route != "POST /login" // who is not let in stands in the log
	begin := func() string {
		s.reset(t)
		if c.before != nil {
			c.before()
		}
		return s.state(withLog)
	}
	was := begin()
	refused := func(what, lang string, w *httptest.ResponseRecorder) {
		t.Helper()
		if w.Code < 400 || w.Code > 499 {
			t.Errorf("%s: answered with %d %s", what, w.Code, w.Header().Get("Location"))
		} else if sentence := sentenceOf(t, w); speaks(sentence, lang, w.Code) != "" {
			t.Errorf("%s: %d in %s: %s: %q", what, w.Code, lang, speaks(sentence, lang, w.Code), sentence)
		}
		if body := w.Body.String(); strings.Contains(body, canary) {
			t.Errorf("%s: the answer holds what was sent", what)
		}
		if is := s.state(withLog); is != was {
			at := 0
			for at < min(len(is), len(was)) && is[at] == was[at] {
				at++
			}
			t.Errorf("%s: something was changed: %.200q, was %.200q", what, is[at:], was[at:])
			was = begin()
		}
	}
	good := map[string]string{}
	for _, f := range c.fields {
		if f.good != "" {
			good[f.name] = f.good
		}
	}
	for _, lang := range []string{"zh", "en"} {
		for _, f := range c.fields {
			for what, value := range f.bad() {
				values := map[string]string{}
				for k, v := range good {
					values[k] = v
				}
				if values[f.name] = value; what == "missing" {
					delete(values, f.name)
				}
				refused(f.name+" "+what, lang, s.sendForm(c, path, lang, values))
			}
		}
		for _, p := range c.paths {
			refused(p[:min(len(p), 60)], lang, s.sendForm(c, p, lang, good))
		}
		if len(c.fields) > 0 {
			kind := "application/x-www-form-urlencoded"
			if c.script {
				kind = "application/json"
			}
			if lang == "zh" {
				refused("a body without end", lang, s.post(c.who, path, lang, kind, strings.NewReader(`{"id":"`+strings.Repeat("x=y&", 1+int(Route{Path: path}.bodyLimit())/4))))
			}
			refused("no form", lang, s.post(c.who, path, lang, "multipart/form-data", strings.NewReader("x")))
			refused("half a form", lang, s.post(c.who, path, lang, kind, strings.NewReader("{%zz")))
		}
	}
	for _, f := range c.fields {
		if f.back { // it leads nowhere but to the console's own pages
			for _, to := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "/\r\nX: y"} {
				good[f.name] = to
			}
		}
	}
	if c.fails || c.path == "" && strings.Contains(c.route, "{") {
		return
	}
	w := s.sendForm(c, path, "zh", good)
	if w.Code >= 400 {
		t.Errorf("with nothing wrong: %d %s", w.Code, sentenceOf(t, w))
	}
	if to := w.Header().Get("Location"); strings.Contains(to, "evil.example") && !strings.HasPrefix(to, "/tuner/") || w.Header().Get("X") != "" {
		t.Errorf("it leads to %q", to)
	}
}

// bad is what a field must not say.
func (f formField) bad() map[string]string {
	bad := map[string]string{}
	if f.needed {
		bad["missing"] = ""
		bad["empty"] = ""
	}
	switch {
	case f.back:
		return bad
	case f.file != "":
		if strings.HasPrefix(f.name, "files") || f.name == "picture" {
			bad["a program"] = "MZ\x90\x00\x03"
			bad["a page"] = "<html>" + canary
		}
		return bad
	}
	bad["huge"] = hugeText
	for i, text := range noTexts {
		bad[fmt.Sprintf("no text %d", i)] = text
	}
	if !f.free {
		bad["hostile"] = canary
	}
	for _, text := range f.wrong {
		bad[fmt.Sprintf("wrong, %.40q", text)] = text
	}
	return bad
}

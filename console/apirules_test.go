package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/people"
	"xuncha/registers"
	"xuncha/rules"
)

// The second person is another than the first, by whatever way they come.
func TestTwoPeopleAreTwoForProgramsToo(t *testing.T) {
	s := newStand(t)
	both := people.User{Name: "li", FullName: "李强", Roles: []people.Role{people.Handler, people.Reviewer}, Via: "token", Scope: people.Rights()}
	of := []string{secretRef()}
	step := func(who people.User, kind cases.Kind, more j) (int, string) {
		body := j{"of": of}
		for k, v := range more {
			body[k] = v
		}
		w := s.ask(t, call{who, "POST", "/api/v1/findings/do/" + string(kind), body, nil})
		return w.Code, w.Body.String()
	}
	step(aClerkOf("czj"), cases.Reply, j{"answer": "属实"})
	if code, body := step(both, cases.Confirm, nil); code != 200 {
		t.Fatalf("%d %s", code, body)
	}
	var f wholeFinding
	check(t, json.Unmarshal(s.ask(t, call{both, "GET", secretFinding(), nil, nil}).Body.Bytes(), &f))
	if f.Waits == nil || !f.Waits.Mine || slices.ContainsFunc(f.May, func(m apiMay) bool { return m.Kind == "approve" }) {
		t.Errorf("it waits for %+v; may %+v", f.Waits, f.May)
	}
	if code, body := step(both, cases.Approve, nil); code != http.StatusConflict {
		t.Errorf("one person agreed with themselves: %d %s", code, body)
	}
	if code, body := step(aReviewer, cases.Approve, nil); code != http.StatusConflict {
		t.Errorf("somebody of the same name agreed: %d %s", code, body)
	}
	if code, body := step(aSigner, cases.Approve, nil); code != 200 {
		t.Errorf("%d %s", code, body)
	}
}

// Numbers of persons are covered in every answer but the one that is noted.
func TestProgramsGetTextsMasked(t *testing.T) {
	const number = "13812345678"
	s := newStand(t)
	refs, err := s.desk.Enter(cases.Event{At: noon, By: cases.Person{Name: "王敏", Role: cases.Handler}, Note: "电话" + number}, nil,
		Seen{Subject: "czj", Indicator: "privacy", Period: "2023Q3", Text: "公开了" + number, Source: cases.ByHand})
	check(t, err)
	s.desk.rows[registers.Messages] = []registers.Row{{Key: number, Values: map[string]string{"unit": "czj", "text": "联系" + number}}}
	one := "/api/v1/findings/" + refs[0].String()
	for _, path := range []string{"/api/v1/findings", one, "/api/v1/registers/messages", "/api/v1/registers/messages?q=联系"} {
		w := s.ask(t, call{aHandler, "GET", path, nil, nil})
		if strings.Contains(w.Body.String(), number) || !strings.Contains(w.Body.String(), "138******78") {
			t.Errorf("%s: %.500s", path, w.Body)
		}
	}
	for _, path := range []string{one + "/reveal", "/api/v1/registers/messages/reveal"} {
		if w := s.ask(t, call{aHandler, "POST", path, nil, nil}); !strings.Contains(w.Body.String(), number) {
			t.Errorf("%s: %d %.500s", path, w.Code, w.Body)
		}
	}
	log, _, err := s.people.Entries(people.Question{Who: "wang", Most: 10})
	check(t, err)
	if len(log) != 2 || log[0].What != didRows || log[1].What != didReveal {
		t.Errorf("the log: %+v", log)
	}
}

// A file is written whole, by whoever saw what stood there, and never a broken one.
func TestConfigurationIsWrittenByItsDigest(t *testing.T) {
	s := newStand(t)
	was := s.atelier.read(t, "sites/tyj.yaml")
	tag := s.ask(t, call{tunerUser, "GET", "/api/v1/configuration/files/sites/tyj.yaml", nil, nil}).Header().Get("ETag")
	put := func(name, text string, head map[string]string) (int, fault) {
		w := s.ask(t, call{tunerUser, "PUT", "/api/v1/configuration/files/" + name, j{"text": text}, head})
		var f fault
		_ = json.Unmarshal(w.Body.Bytes(), &f) // an answer is none
		return w.Code, f
	}
	now := strings.Replace(was, "体育新闻", "赛事新闻", 1)
	if code, _ := put("sites/tyj.yaml", now, nil); code != http.StatusPreconditionRequired {
		t.Errorf("without a digest: %d", code)
	}
	if code, _ := put("sites/tyj.yaml", now, map[string]string{"If-Match": `"0000"`}); code != http.StatusPreconditionFailed {
		t.Errorf("with another: %d", code)
	}
	if code, _ := put("sites/tyj.yaml", now, map[string]string{"If-None-Match": "*"}); code != http.StatusPreconditionFailed {
		t.Errorf("as a new one: %d", code)
	}
	code, f := put("sites/tyj.yaml", strings.Replace(was, "home:", "hom:", 1), map[string]string{"If-Match": tag})
	if code != http.StatusUnprocessableEntity || len(f.Problems) == 0 || f.Problems[0].File != "sites/tyj.yaml" || f.Problems[0].Line != 5 || !strings.Contains(fmt.Sprint(f.Problems), "是否应为 home？") || f.Problems[0].Text == "" {
		t.Errorf("a slip of the pen: %d %+v", code, f)
	}
	for _, name := range []string{"city.yaml", "rulesets/test.yaml", "submissions.yaml", "units.yaml", "sites/.hidden.yaml", "sites/..%2f..%2fx.yaml", "sites/a/b.yaml", "facts.yaml", "sites/x.yml", "etc/passwd", "samples/tyj/x.yaml"} {
		if code, _ := put(name, "a: b\n", map[string]string{"If-None-Match": "*"}); code < 400 || code > 499 {
			t.Errorf("%s: %d", name, code)
		}
	}
	if s.atelier.read(t, "sites/tyj.yaml") != was {
		t.Fatal("something was written")
	}
	if code, f := put("sites/tyj.yaml", now, map[string]string{"If-Match": tag}); code != 200 || s.atelier.read(t, "sites/tyj.yaml") != now {
		t.Errorf("%d %+v", code, f)
	}
	if code, f := put("sites/pdx.yaml", strings.ReplaceAll(strings.ReplaceAll(atelierFiles["sites/czj.yaml"], "1403000013", "1403000014"), "czj.yq", "pdx.yq"), map[string]string{"If-None-Match": "*"}); code != 200 {
		t.Errorf("a new site: %d %+v", code, f)
	}
	if len(s.atelier.done) != 2 || s.atelier.done[1].By != tunerUser.Name || string(s.atelier.done[1].Files[0].Before) != was {
		t.Errorf("remembered: %+v", s.atelier.done)
	}
	same := s.ask(t, call{tunerUser, "PUT", "/api/v1/configuration/files/sites/tyj.yaml", j{"text": now}, map[string]string{"If-Match": `"` + fullDigest([]byte(now)) + `"`}})
	if body := same.Body.String(); same.Code != 200 || !strings.Contains(body, "没有改动") || strings.Contains(body, `"change"`) {
		t.Errorf("what stands there already: %d %s", same.Code, body)
	}
	if code, _ := put("sites/tyj.yaml", was, map[string]string{"If-Match": tag}); code != http.StatusPreconditionFailed {
		t.Errorf("by the old digest: %d", code)
	}
}

// A new site comes with its new unit, and goes again by the changes' names, file by
// file; nothing goes that others need.
func TestANewSiteComesAndGoes(t *testing.T) {
	s := newStand(t)
	was := s.state(false)
	at := "/api/v1/configuration/files/"
	do := func(method, path string, body any, head map[string]string) (int, string, apiChanged) {
		t.Helper()
		w := s.ask(t, call{tunerUser, method, path, body, head})
		var x apiChanged
		_ = json.Unmarshal(w.Body.Bytes(), &x) // a refusal is none
		return w.Code, w.Body.String(), x
	}
	undo := func(change string) (int, string) {
		code, body, _ := do("POST", "/api/v1/configuration/undo", j{"change": change}, nil)
		return code, body
	}
	tag := func(name string) map[string]string {
		return map[string]string{"If-Match": s.ask(t, call{tunerUser, "GET", at + name, nil, nil}).Header().Get("ETag")}
	}
	site := strings.NewReplacer("unit: czj", "unit: new", "1403000013", "1403000014", "czj.yq", "new.yq").Replace(atelierFiles["sites/czj.yaml"])
	units := atelierFiles["units.yaml"] + "# 新设 (a comment that stays)\n- {id: new, name: 市新局, full_name: 某市新局, level: city}\n"
	isNew := map[string]string{"If-None-Match": "*"}

	if code, body, _ := do("PUT", at+"sites/new.yaml", j{"text": site}, isNew); code != 422 || !strings.Contains(body, "sites/new.yaml") {
		t.Fatalf("a site without its unit: %d %s", code, body)
	}
	if code, body, _ := do("PUT", at+"units.yaml", j{"text": strings.Replace(units, "id: tyj", "id: tyx", 1)}, tag("units.yaml")); code < 400 || code > 499 {
		t.Fatalf("a unit goes: %d %s", code, body)
	}
	code, body, unit := do("PUT", at+"units.yaml", j{"text": units}, tag("units.yaml"))
	if code != 200 || unit.Change == "" {
		t.Fatalf("a new unit: %d %s", code, body)
	}
	code, body, added := do("PUT", at+"sites/new.yaml", j{"text": site}, isNew)
	if code != 200 || added.Change == "" || added.Change == unit.Change {
		t.Fatalf("its site: %d %s", code, body)
	}
	if code, body, _ := do("PUT", at+"sites/new.yaml", j{"text": site}, tag("sites/new.yaml")); code != 200 || strings.Contains(body, `"change"`) {
		t.Errorf("what stands there already: %d %s", code, body)
	}
	if code, body := undo(unit.Change); code != 422 || !strings.Contains(body, "sites/new.yaml") {
		t.Errorf("a unit that has a site goes: %d %s", code, body)
	}
	if code, body, _ := do("DELETE", at+"sites/new.yaml", nil, nil); code != http.StatusPreconditionRequired {
		t.Errorf("without a digest: %d %s", code, body)
	}
	if code, body, _ := do("DELETE", at+"sites/new.yaml", nil, map[string]string{"If-Match": `"0000"`}); code != http.StatusPreconditionFailed {
		t.Errorf("by another digest: %d %s", code, body)
	}
	for _, name := range []string{"city.yaml", "units.yaml"} {
		if code, body, _ := do("DELETE", at+name, nil, tag(name)); code != http.StatusForbidden {
			t.Errorf("%s: %d %s", name, code, body)
		}
	}
	code, body, gone := do("DELETE", at+"sites/new.yaml", nil, tag("sites/new.yaml"))
	if code != 200 || gone.Change == "" || len(gone.Columns) != 1 {
		t.Fatalf("taken away: %d %s", code, body)
	}
	if code, body := undo(added.Change); code != http.StatusConflict {
		t.Errorf("what is gone already is taken back: %d %s", code, body)
	}
	if code, body := undo(gone.Change); code != 200 || s.atelier.read(t, "sites/new.yaml") != site {
		t.Errorf("it comes back: %d %s", code, body)
	}
	if code, body := undo(added.Change); code != 200 {
		t.Errorf("a new file is taken back: %d %s", code, body)
	}
	if code, body := undo(unit.Change); code != 200 {
		t.Errorf("and then its unit: %d %s", code, body)
	}
	if code, _ := undo("2001-01-01T00:00:00+08:00"); code != http.StatusNotFound {
		t.Errorf("a change that there never was: %d", code)
	}
	changes := len(s.atelier.done)
	s.atelier.done = nil
	if is := s.state(false); is != was || changes != 6 {
		t.Errorf("after %d changes the folder is\n%s\nwant\n%s", changes, is, was)
	}
}

// A site about which findings are open stays, and so does a unit that has users.
func TestWhatIsNeededIsNotTakenAway(t *testing.T) {
	s := newStand(t)
	book := findingsOfCzj(t)
	s.atelier.Board = func() *board.Board { return s.atelier.board().WithBook(book) }
	ask := func(method, path string, body any) (int, string) {
		w := s.ask(t, call{tunerUser, method, path, body, map[string]string{"If-Match": fullDigest([]byte(atelierFiles[strings.TrimPrefix(path, "/api/v1/configuration/files/")]))}})
		return w.Code, w.Body.String()
	}
	if code, body := ask("DELETE", "/api/v1/configuration/files/sites/czj.yaml", nil); code != http.StatusConflict || !strings.Contains(body, "1 个未了结的问题") {
		t.Errorf("a site with a finding: %d %s", code, body)
	}
	if code, body := ask("DELETE", "/api/v1/configuration/files/sites/tyj.yaml", nil); code != 200 {
		t.Errorf("one without: %d %s", code, body)
	}
	s.atelier.People = s.people
	if code, body := ask("PUT", "/api/v1/configuration/files/units.yaml", j{"text": atelierFiles["units.yaml"] + "- {id: new, name: 市新局, full_name: 某市新局, level: city}\n"}); code != 200 {
		t.Fatalf("%d %s", code, body)
	}
	_, err := s.people.Create(people.Actor{}, people.User{Name: "xin", FullName: "新来的", Unit: "new", Roles: []people.Role{people.Clerk}})
	check(t, err)
	if code, body := ask("POST", "/api/v1/configuration/undo", j{"change": changeID(s.atelier.done[0])}); code != http.StatusConflict || !strings.Contains(body, "已有用户") {
		t.Errorf("a unit with users: %d %s", code, body)
	}
}

// A configuration that is broken by hand is mended file by file.
func TestABrokenConfigurationIsMended(t *testing.T) {
	s := newStand(t)
	good := s.atelier.read(t, "sites/tyj.yaml")
	other := s.atelier.read(t, "sites/czj.yaml")
	for name, text := range map[string]string{"tyj": strings.Replace(good, "home:", "hom:", 1), "czj": strings.Replace(other, "unit:", "unti:", 1)} {
		check(t, os.WriteFile(s.folder+"/sites/"+name+".yaml", []byte(text), 0o644))
	}
	for _, x := range []struct{ name, text string }{{"sites/tyj.yaml", good}, {"sites/czj.yaml", other}} {
		at := "/api/v1/configuration/files/" + x.name
		tag := s.ask(t, call{tunerUser, "GET", at, nil, nil}).Header().Get("ETag")
		if w := s.ask(t, call{tunerUser, "PUT", at, j{"text": x.text + "nonsense: 1\n"}, map[string]string{"If-Match": tag}}); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s was made worse: %d", x.name, w.Code)
		}
		if w := s.ask(t, call{tunerUser, "PUT", at, j{"text": x.text}, map[string]string{"If-Match": tag}}); w.Code != 200 {
			t.Errorf("%s: %d %s", x.name, w.Code, w.Body)
		}
	}
	if _, err := s.Bench(); err != nil {
		t.Errorf("it is broken still: %v", err)
	}
}

// Programs are sent to no address at which nothing is.
func TestWhatHasNoOperationNamesNone(t *testing.T) {
	c := newStand(t).desk.console
	for page, want := range map[string]string{"/tuner": "", "/nowhere": "", "/system": "/api/v1/system", "/slips?period=2023Q3": "/api/v1/slips?period=2023Q3", "/sites/czj": "/api/v1/sites/czj"} {
		if got := c.operationAt(page); got != want {
			t.Errorf("for %s they are sent to %q, want %q", page, got, want)
		}
	}
}

// Whatever is answered as a list is given a page at a time, by the addresses of the
// document.
func TestEveryListIsPaged(t *testing.T) {
	s := newStand(t)
	lists := 0
	for _, c := range everyCall(s) {
		s.reset(t)
		if c.before != nil {
			c.before()
		}
		var l apiList[json.RawMessage]
		w := s.ask(t, c.call)
		if c.call.method != "GET" || json.Unmarshal(w.Body.Bytes(), &l) != nil || l.Pages == 0 {
			continue
		}
		lists++
		between := "?"
		if strings.Contains(c.call.path, "?") {
			between = "&"
		}
		first := l.Items
		if i := strings.Index(c.call.path, "&size="); i >= 0 {
			c.call.path = c.call.path[:i]
		}
		c.call.path += between + "size=1&page=2"
		var second apiList[json.RawMessage]
		w = s.ask(t, c.call)
		check(t, json.Unmarshal(w.Body.Bytes(), &second))
		if w.Code != 200 || second.Size != 1 || second.Total != l.Total || second.Page != min(2, second.Pages) || l.Total > 0 && len(second.Items) != 1 {
			t.Errorf("%s: %d %.300s", c.op, w.Code, w.Body)
		}
		if len(first) > 1 && string(second.Items[0]) != string(first[1]) {
			t.Errorf("%s: the second page is %s, want %s", c.op, second.Items[0], first[1])
		}
	}
	if lists < 14 {
		t.Errorf("only %d lists are paged", lists)
	}
}

// What a page shows of a site, an account, a finding, an indicator or a register, a
// program is told as well.
func TestTheInterfaceTellsWhatThePagesShow(t *testing.T) {
	s := newStand(t)
	tells := func(who people.User, path string, wants ...string) {
		t.Helper()
		w := s.ask(t, call{who, "GET", path, nil, nil})
		for _, want := range wants {
			if w.Code != 200 || !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s: %d, no %s: %.900s", path, w.Code, want, w.Body)
			}
		}
	}
	in := s.desk.b.Input
	in.Result.Sites = slices.Clone(in.Result.Sites)
	in.Result.Sites[0].Carrier.Code, in.Result.Sites[0].Carrier.Home = "1403000013", "http://czj.example.gov.cn/"
	in.Result.Accounts = slices.Clone(in.Result.Accounts)
	in.Result.Accounts[0].Attested = &in.City.Submissions[0]
	in.Set = &rules.RuleSet{Indicators: []rules.Indicator{{ID: "fresh", Text: "两周未更新", Effect: rules.EffectDeduct, Points: 5}}}
	book := in.Book
	s.desk.b = board.New(in).WithBook(book)
	for _, path := range []string{"/api/v1/sites", "/api/v1/sites?sort=-stale&q=czj", "/api/v1/sites/czj"} {
		tells(aViewer, path, `"code":"1403000013"`, `"home":"http://czj.example.gov.cn/"`, `"columns":{"missing":1,"stale":1}`)
	}
	tells(aViewer, "/api/v1/accounts", `"source":"attestation"`, `"code":"140300M019XL0001"`)
	tells(aViewer, "/api/v1/indicators", `"text":"两周未更新"`, `"points":5`)

	steps := lifeOf(s)
	steps["objected"]()
	wants(t, s.desk.send(aReviewer, "/findings/do/uphold", "of", secretRef(), "note", "维持"), http.StatusSeeOther)
	tells(aHandler, secretFinding(), `"objected_on":"2023-09-27"`, `"upheld":true`, `"since":`)
	s.reset(t)
	steps["agreed"]()
	wants(t, s.desk.send(aHandler, "/findings/do/standing", "of", secretRef(), "result", "通过", "note", "已更新"), http.StatusSeeOther)
	wants(t, s.desk.send(aSigner, "/findings/do/send", "of", secretRef(), "due", "2023-10-20", "document", "阳政办函〔2023〕1号"), http.StatusSeeOther)
	tells(aHandler, secretFinding(), `"fixed_before_notice":true`, `"document":"阳政办函〔2023〕1号"`)

	list := j{"file": aFile("a.csv", "检查期,单位,报送期限\n2023Q3,平定县,2023-10-20\n")}
	if w := s.ask(t, call{aHandler, "POST", "/api/v1/registers/reports/import", list, nil}); w.Code != 200 {
		t.Fatal(w.Body)
	}
	tells(aViewer, "/api/v1/imports", `"file":"a.csv"`, `"kind":"reports"`, `"by":"王敏"`)
	tells(aViewer, "/api/v1/imports?kind=filings", `"items":[]`)

	var waits apiList[apiWaits]
	check(t, json.Unmarshal(s.ask(t, call{everybody, "GET", "/api/v1/todo", nil, nil}).Body.Bytes(), &waits))
	if len(waits.Items) < 3 {
		t.Errorf("only %+v waits", waits.Items)
	}
	for _, x := range waits.Items {
		tells(everybody, x.Rows, `"`)
	}
}

// What is 仅内部, and hints, are told to no unit about its own subjects.
func TestUnitsAreToldNothingInternalOfTheirColumns(t *testing.T) {
	s := newStand(t)
	in := s.desk.b.Input
	in.Result.Findings = append(slices.Clone(in.Result.Findings),
		rules.Finding{ID: "i", Subject: "czj/tzgg", Unit: "czj", Indicator: "fresh", Effect: rules.EffectNotice, Text: "内部线索", Publicity: cases.Internal},
		rules.Finding{ID: "h", Subject: "czj/tzgg", Unit: "czj", Indicator: "fresh", Effect: rules.EffectHint, Text: "仅供参考", Publicity: cases.Named})
	s.desk.b = board.New(in)
	for _, path := range []string{"/api/v1/columns/czj/tzgg", "/columns/czj/tzgg"} {
		for who, want := range map[string]bool{"office": true, "unit": false} {
			u := aHandler
			if who == "unit" {
				u = aClerkOf("czj")
			}
			w := s.desk.get(u, path)
			if body := w.Body.String(); w.Code != 200 || !strings.Contains(body, "两周未更新") || strings.Contains(body, "内部线索") != want || strings.Contains(body, "仅供参考") != want {
				t.Errorf("%s, %s: %d, wants the internal ones: %t", path, who, w.Code, want)
			}
		}
	}
}

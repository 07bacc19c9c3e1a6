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
	if code, _ := put("sites/tyj.yaml", was, map[string]string{"If-Match": tag}); code != http.StatusPreconditionFailed {
		t.Errorf("by the old digest: %d", code)
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

package console

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/rules"
	"xuncha/store"
)

// What the reader says of its work is folded away: the page itself says in Chinese
// what it means, what to do, and when the column was last read.
func TestAColumnThatIsNotReadSaysWhatToDo(t *testing.T) {
	a := newAtelier(t, tunerUser)
	good := strings.Replace(strings.Replace(redesigned("通知公告", 4), `<div class="news"><ul>`, `<ul class="before-the-redesign">`, 1), `</ul></div><div class="hot">`, `</ul><div class="hot">`, 1)
	a.keep(t, "tyj/tzgg", noon.AddDate(0, 0, -3), "text/html; charset=utf-8", []byte(good))
	a.snaps = append(a.snaps[1:], a.snaps[0]) // it is the oldest
	bad := &a.snaps[slices.IndexFunc(a.snaps, func(s store.Snapshot) bool { return s.Subject == "tyj/tzgg" })]
	bad.Reading.Detail, bad.Reading.Notes = "no element matches ul.before-the-redesign", []string{"the list was found anew"}
	bad.Task = "0123456789abcdef0123"
	bad.Pages[0].Class, bad.Pages[0].Detail = extract.ClassTLSExpired, "x509: certificate has expired"
	body := get(t, a, "/columns/tyj/tzgg?lang=zh").Body.String()
	for _, want := range []string{
		"怎么办", "点选一条信息，或采用建议的规则", "上次监测到", `<span class="date">2023-09-24</span>`, `<a href="/columns/tyj/tzgg?at=2023-09-24T12%3A00%3A00">2023-09-24 12:00`,
		"网站证书已过期", "0123456789ab</code>", "现行规则",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q on the page", want)
		}
	}
	for _, english := range []string{"no element matches", "the list was found anew", "x509: certificate"} {
		before, _, found := strings.Cut(body, english)
		if !found || strings.LastIndex(before, `<details class="technical">`) < strings.LastIndex(before, `</details>`) {
			t.Errorf("%q is not folded away (there: %t)", english, found)
		}
	}
	if en := get(t, a, "/columns/tyj/tzgg?lang=en").Body.String(); !strings.Contains(en, "An operator points at an item") || !strings.Contains(en, "Last read") {
		t.Error("in English it does not say what to do")
	}
	if body := get(t, a, "/columns/czj/tzgg").Body.String(); strings.Contains(body, "上次监测到") {
		t.Error("a column that was never read has a last reading")
	}
}

// Every reason has a sentence that says what to do, and every failure words.
func TestEveryReasonSaysWhatToDo(t *testing.T) {
	for _, r := range reasons {
		for _, lang := range []string{"zh", "en"} {
			if nextSteps[r].in(lang) == "" {
				t.Errorf("nothing is said of %s in %s", r, lang)
			}
		}
	}
	for class, w := range classWords {
		if w.zh == "" || w.en == "" || w.zh == string(class) {
			t.Errorf("%s is called %+v", class, w)
		}
	}
	if nextStep("", "zh") == "" || cameWord("newer", "zh") != "newer" {
		t.Error("what is not known is not told of")
	}
}

// Dates that pages mark otherwise than they show stand there in words.
func TestMovedDatesAreSentences(t *testing.T) {
	a := newAtelier(t, tunerUser)
	for range detailMoved + 2 {
		a.snaps[0].Reading.Moved = append(a.snaps[0].Reading.Moved, extract.Moved{Link: "javascript:alert(1)", Shown: onDay(6, 1), Claimed: onDay(8, 23), By: "meta PubDate"})
	}
	body := get(t, a, "/columns/"+a.snaps[0].Subject).Body.String()
	text := strings.NewReplacer(`<span class="date">`, "", `</span>`, "", "<code>", "", "</code>", "", " ", "").Replace(body)
	if n := strings.Count(text, "显示2023-06-01，页面标记2023-08-23（来源metaPubDate）"); n != detailMoved || !strings.Contains(text, "另有2处日期不一致未列出") {
		t.Errorf("told of %d times", n)
	}
	if strings.Contains(body, "{javascript") || strings.Contains(body, `href="javascript`) {
		t.Error("a date stands there raw, or its link runs")
	}
}

// suspected is a desk at which the program has a suspicion of 市财政局 that is not
// entered, and one of its own kind that holds a number of a person.
func suspected(t testing.TB) (*desk, string) {
	t.Helper()
	d := newDesk(t)
	in := d.b.Input
	in.Result.Point = noon
	id := rules.FindingID("czj/tzgg", "blank")
	in.Result.Findings = []rules.Finding{
		{ID: id, Subject: "czj/tzgg", Unit: "czj", Indicator: "blank", Effect: rules.EffectVeto, Sources: []string{cases.ByPatrol}, Publicity: cases.Named, Status: "疑似", Text: secretName + "空白，电话13812345678", Basis: "依据"},
		{ID: rules.FindingID("czj/tzgg", "hint"), Subject: "czj/tzgg", Unit: "czj", Indicator: "hint", Effect: rules.EffectHint, Sources: []string{cases.ByPatrol}, Status: "疑似", Text: "提示"},
		{ID: rules.FindingID("czj", "hand"), Subject: "czj", Unit: "czj", Indicator: "hand", Effect: rules.EffectVeto, Status: "疑似", Text: "电话13812345678"},
		{ID: rules.FindingID("account:140300M019XL0001", "hand"), Subject: "account:140300M019XL0001", Unit: "czj", Indicator: "hand", Effect: rules.EffectVeto, Status: "疑似", Text: "电话13812345678"},
	}
	in.Book = d.b.Book
	d.b = board.New(in)
	return d, id
}

// From a column's page one decides about its suspicion, which is entered by that.
func TestASuspicionIsEnteredFromItsColumn(t *testing.T) {
	d, id := suspected(t)
	enter := "/findings/enter/" + id
	page := d.get(aHandler, "/columns/czj/tzgg").Body.String()
	if n := strings.Count(page, `action="/findings/enter/`); n != 1 || !strings.Contains(page, `action="`+enter+`"`) {
		t.Errorf("%d suspicions can be entered, want the one that is no hint", n)
	}
	if page := d.get(aClerkOf("czj"), "/columns/czj/tzgg").Body.String(); strings.Contains(page, "/findings/enter/") {
		t.Error("a unit is offered to enter it")
	}
	wants(t, d.send(aClerkOf("czj"), enter), http.StatusForbidden)
	wants(t, d.send(aHandler, "/findings/enter/nothing"), http.StatusNotFound)
	if d.writes != 0 {
		t.Fatal("something was entered")
	}
	d.console.People = newFront(t, false).people
	w := d.send(aHandler, enter)
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || to != "/findings/"+id+"/2023Q3#do" {
		t.Fatalf("%d to %s: %.300s", w.Code, to, w.Body)
	}
	wants(t, d.get(aHandler, strings.TrimSuffix(to, "#do")), http.StatusOK, `id="do"`, "空白")
	if x := d.board().Book.Case(id); x == nil || len(x.Occurrences) != 1 || x.Occurrences[0].State != cases.Suspected {
		t.Errorf("entered %+v", x)
	}
	if logged, _, err := d.console.People.Entries(people.Question{What: didEnter, Most: 10}); err != nil || len(logged) != 1 || logged[0].On != id+"/2023Q3" {
		t.Errorf("the log says %+v, %v", logged, err)
	}
	if page := d.get(aHandler, "/columns/czj/tzgg").Body.String(); strings.Contains(page, enter) || !strings.Contains(page, `href="`+to+`"`) {
		t.Error("the page does not lead to what was entered")
	}
	if w := d.get(aViewer, "/findings/"+rules.FindingID("czj", "hand")); w.Header().Get("Location") != "/columns/czj" {
		t.Errorf("a suspicion that is not entered leads to %q", w.Header().Get("Location"))
	}
}

// Numbers of persons are covered on the pages of subjects as on those of findings.
func TestSubjectsPagesAreMasked(t *testing.T) {
	d, _ := suspected(t)
	for _, path := range []string{"/columns/czj/tzgg", "/sites/czj", "/accounts/140300M019XL0001"} {
		if body := d.get(aHandler, path).Body.String(); strings.Contains(body, "13812345678") || !strings.Contains(body, "138******78") {
			t.Errorf("%s shows the number", path)
		}
	}
}

// A finding leads to the very look that it cites, also where another was made at the
// same time.
func TestFindingsLeadToTheLookThatTheyCite(t *testing.T) {
	d := newDesk(t)
	cited := "/columns/czj/tzgg?snapshot=" + strings.Repeat("a", digestForm)
	body := d.get(aHandler, "/findings/"+secretRef()).Body.String()
	if n := strings.Count(body, `href="`+cited+`"`); n != 2 {
		t.Errorf("%d links to the look, want the button and the digest", n)
	}
	wants(t, d.get(aHandler, cited), http.StatusNotFound, "没有留存")

	a := newAtelier(t, tunerUser)
	first := a.keep(t, "czj/tzgg", noon, "text/html", []byte(redesigned("通知公告", 5)))
	second := a.keep(t, "czj/tzgg", noon, "text/html", []byte(redesigned("通知公告", 8)))
	for _, digest := range []string{first, second} {
		body := get(t, a, "/columns/czj/tzgg?snapshot="+digest[:digestForm]).Body.String()
		if !strings.Contains(body, "sha256:"+digest) {
			t.Errorf("another look than %.8s is shown", digest)
		}
	}
	for _, bad := range []string{"a", strings.Repeat("0", 64), "../../etc", "%00"} {
		if w := get(t, a, "/columns/czj/tzgg?snapshot="+bad); w.Code != http.StatusNotFound {
			t.Errorf("the look %q is answered with %d", bad, w.Code)
		}
	}
}

// Another look at a site is one at its columns too, wherever they are.
func TestAnotherLookAtASiteTakesItsColumns(t *testing.T) {
	p := newPatrolman()
	h := patrolled(t, p, operator)
	if w := post(t, h, "/rounds/again", url.Values{"id": {"czj"}}); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	if want := []string{"czj", "xxgk/czj/tzgg", "czj/gzdt", "czj/zcwj"}; !slices.Equal(p.again, want) {
		t.Errorf("looked again at %q, want %q", p.again, want)
	}
}

// Subjects that were not read lead to their pages, and a reason to its subjects.
func TestSubjectsOfARoundAreLinks(t *testing.T) {
	p := newPatrolman()
	h, path := patrolled(t, p, operator), "/rounds/"+townRound(27).ID
	body := get(t, h, path).Body.String()
	seen, err := p.Round(townRound(27).ID)
	check(t, err)
	seen.Failures = slices.DeleteFunc(seen.Failures, func(f RoundFailure) bool { return strings.HasPrefix(f.Subject, "gone/") }) // no longer of the city
	for _, f := range seen.Failures {
		if !strings.Contains(body, `href="/columns/`+f.Subject+`"`) {
			t.Errorf("%s is no link", f.Subject)
		}
		if to := path + "?reason=" + string(f.Reason); !strings.Contains(body, `href="`+to+`#failed"`) {
			t.Errorf("no link to %s", to)
		}
		only := get(t, h, path+"?reason="+string(f.Reason)).Body.String()
		for _, other := range seen.Failures {
			if strings.Contains(only, `href="/columns/`+other.Subject+`"`) != (other.Reason == f.Reason) {
				t.Errorf("of %s is listed %s, which was %s", f.Reason, other.Subject, other.Reason)
			}
		}
	}
	if w := get(t, h, path+"?reason=x"); w.Code != http.StatusBadRequest {
		t.Errorf("a reason that is none: %d", w.Code)
	}
	d := newDesk(t)
	wants(t, d.get(aHandler, "/findings/draw?of=sites&share=100&seed=x&period=2023Q3"), http.StatusOK, `href="/columns/czj"`)
	wants(t, d.get(aHandler, "/findings/check?subject=czj&period=2023Q3"), http.StatusOK, `href="/columns/czj"`)
}

// What kept a page from coming is said in words in its frame; the crawler's own are
// folded away.
func TestAPageThatDidNotComeSaysWhy(t *testing.T) {
	a := newAtelier(t, tunerUser)
	s := &a.snaps[0]
	s.Pages[0].SHA256, s.Pages[0].Class, s.Pages[0].Detail = "", extract.ClassRefused, "dial tcp: <b>refused</b>"
	r := httptest.NewRequest("GET", keptURL(s.Subject, s.Digest, 1), nil)
	r.Header.Set("Accept-Language", "zh-CN")
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	wants(t, w, http.StatusOK, "（拒绝连接）", `<summary>技术详情</summary>dial tcp: &lt;b&gt;refused`)
}

// What the console cannot do itself is named by the command that does.
func TestEmptyPagesNameCommands(t *testing.T) {
	empty := newConsole(t, board.New(board.Input{City: &inventory.City{Name: "某市"}, Set: &rules.RuleSet{}}), operator)
	for _, path := range []string{"/sites", "/columns", "/accounts"} {
		if body := get(t, empty, path+"?lang=zh").Body.String(); !strings.Contains(body, "xuncha config import") {
			t.Errorf("%s does not name the command", path)
		}
	}
	if body := get(t, newConsole(t, twoUnits(), operator), "/sites/tyj?lang=zh").Body.String(); !strings.Contains(body, "xuncha suggest 网址") {
		t.Error("a site without columns does not name the command")
	}
}

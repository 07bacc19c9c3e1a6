package console

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/people"
	"xuncha/rules"
)

// A clerk who makes up the number of a finding learns nothing of what is 仅内部.
func TestHostile_InternalFindingsAreNotThereForUnits(t *testing.T) {
	b := apiBoard()
	b.Result.Findings = append(b.Result.Findings,
		rules.Finding{ID: "0123456789abcdef", Unit: "czj", Publicity: cases.Internal}, rules.Finding{ID: "00000000000000aa", Unit: "czj", Effect: rules.EffectHint, Publicity: cases.Named})
	for _, id := range []string{"0123456789abcdef", "00000000000000aa"} {
		if w := get(t, newConsole(t, b, czjClerk), "/findings/"+id); w.Code != http.StatusNotFound {
			t.Errorf("a clerk asks for %s: %d to %s", id, w.Code, w.Header().Get("Location"))
		}
		if w := get(t, newConsole(t, b, viewer), "/findings/"+id); w.Code != http.StatusSeeOther {
			t.Errorf("the office asks for %s: %d", id, w.Code)
		}
	}
}

// What the program would tell a unit of is not there either once the office made it
// 仅内部.
func TestHostile_WhatTheOfficeMadeInternalIsNotThereForUnits(t *testing.T) {
	id := rules.FindingID("czj/gzdt/tz", "v1")
	told := apiBoard()
	told.Result.Findings = append(told.Result.Findings, rules.Finding{ID: id, Subject: "czj/gzdt/tz", Unit: "czj", Indicator: "v1", Effect: rules.EffectVeto, Publicity: cases.Named})
	if w := get(t, newConsole(t, told, czjClerk), "/findings/"+id); w.Code != http.StatusSeeOther {
		t.Errorf("before that a clerk is told: %d", w.Code)
	}
	book := &cases.Book{}
	e, err := book.Seal(cases.Policy{}, cases.Event{Period: told.Period(), Kind: cases.Raise, At: noon, By: cases.Machine(), Facts: &cases.Facts{
		Subject: "czj/gzdt/tz", Unit: "czj", Indicator: "v1", Effect: rules.EffectVeto, Sources: []string{cases.ByPatrol}, Publicity: cases.Internal, Text: "不更新", Basis: "…", Point: noon,
	}})
	check(t, err)
	check(t, book.Apply(e))
	if w := get(t, newConsole(t, told.WithBook(book), czjClerk), "/findings/"+id); w.Code != http.StatusNotFound || strings.Contains(w.Header().Get("Location"), "columns") {
		t.Errorf("a clerk asks: %d to %s", w.Code, w.Header().Get("Location"))
	}
}

// What was done to many findings is said, however long it is.
func TestALongSentenceIsCutAndNotLost(t *testing.T) {
	c, err := New(Config{Board: func() *board.Board { return nil }, Now: func() time.Time { return noon }})
	check(t, err)
	w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil)
	check(t, c.done(w, c.request(r), "/", strings.Repeat("复核不通过；", 400), "x"))
	next := httptest.NewRequest("GET", "/", nil)
	for _, cookie := range w.Result().Cookies() {
		if len(cookie.String()) > 4000 {
			t.Errorf("the cookie has %d bytes, more than browsers keep", len(cookie.String()))
		}
		next.AddCookie(cookie)
	}
	if text := flashed(httptest.NewRecorder(), c.request(next)); !strings.HasPrefix(text, "复核不通过；") || !strings.HasSuffix(text, "…") {
		t.Errorf("said: %.60q", text)
	}
}

// Pages of refusals are pages too: that of a request from another site goes out
// with the same policy.
func TestHostile_RefusalsHaveThePolicy(t *testing.T) {
	r := httptest.NewRequest("POST", "/logout", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	newConsole(t, apiBoard(), viewer).ServeHTTP(w, r)
	if w.Code != http.StatusForbidden || w.Header().Get("Content-Security-Policy") != policy || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d with %v", w.Code, w.Header())
	}
}

// Who is let out while they look at live progress sees no more of it.
func TestHostile_LiveProgressEndsWithTheSession(t *testing.T) {
	for _, path := range []string{"/rounds/live", "/api/v1/progress/stream"} {
		synctest.Test(t, func(t *testing.T) { liveEndsWithTheSession(t, path) })
	}
}

func liveEndsWithTheSession(t *testing.T, path string) {
	p := newPatrolman()
	p.step(&Under{Planned: 10, Done: 1})
	asked, user := 0, operator
	c, err := New(Config{Board: func() *board.Board { return nil }, Now: func() time.Time { return noon }, Progress: p, Gate: gateOf(func() people.User {
		if asked++; asked > 2 {
			user.Disabled = true
		}
		p.step(&Under{Planned: 10, Done: asked})
		return user
	})})
	check(t, err)
	w := httptest.NewRecorder()
	c.Handler().ServeHTTP(w, httptest.NewRequest("GET", path, nil)) // it would go on for ever
	if n := strings.Count(w.Body.String(), "\n\n"); n != 1 {
		t.Errorf("%s: %d events, want one before the session ended", path, n)
	}
}

// While the program itself is in trouble its keepers are told on the first page,
// and nobody else is.
func TestTheOverviewTellsWhatIsAmissWithTheProgram(t *testing.T) {
	amiss := func(cfg *Config) {
		cfg.Alerts = func() []Alert {
			return []Alert{{Kind: "disk-low", Chinese: "磁盘已满，巡查暂停", English: "the disk is full"}}
		}
	}
	if page := get(t, newConsoleWith(t, town(t), operator, amiss), "/").Body.String(); !strings.Contains(page, "磁盘已满，巡查暂停") || !strings.Contains(page, `href="/system"`) {
		t.Error("the operator is not told")
	}
	if page := get(t, newConsoleWith(t, town(t), czjClerk, amiss), "/").Body.String(); strings.Contains(page, "磁盘已满") {
		t.Error("a clerk is told of the program's disk")
	}
}

// Nobody is told to do what is not theirs to do.
func TestEmptyPagesSpeakToWhoReadsThem(t *testing.T) {
	for _, path := range []string{"/findings?q=none", "/slips?period=2031Q1"} {
		page := get(t, newConsole(t, town(t), czjClerk), path).Body.String()
		for _, no := range []string{"登记入册", "人工登记", "没有问题", "选中疑似问题"} {
			if strings.Contains(page, no) {
				t.Errorf("%s tells a clerk: %s", path, no)
			}
		}
	}
}

// A list of the last round does not become one of today by being taken today.
func TestHostile_AnExportIsOfTheDayOfItsBoard(t *testing.T) {
	late := func(cfg *Config) { cfg.Now = func() time.Time { return noon.AddDate(0, 0, 9) } }
	for _, path := range []string{"/sites?format=csv", "/columns?format=xlsx", "/accounts?format=csv"} {
		if name := get(t, newConsoleWith(t, town(t), viewer, late), path).Header().Get("Content-Disposition"); !strings.Contains(name, "-20230927.") {
			t.Errorf("%s is called %s", path, name)
		}
	}
}

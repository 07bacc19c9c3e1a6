package console

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"xuncha/extract"
	"xuncha/people"
)

// elementOf is the number of the nth element of a copy whose tag begins so.
func elementOf(t testing.TB, a *atelier, id, tag string, nth int) int {
	t.Helper()
	page := get(t, a, "/tuner-page/"+a.source(id)+"/1/"+id).Body.String()
	found := regexp.MustCompile(`<`+tag+` data-n="(\d+)"`).FindAllStringSubmatch(page, -1)
	if len(found) < nth {
		t.Fatalf("%d elements <%s, want %d", len(found), tag, nth)
	}
	n, err := strconv.Atoi(found[nth-1][1])
	check(t, err)
	return n
}

// newsRow is the third link of the list in redesigned, behind three of the menu.
const newsRow = 6

func TestTunerMakesARecipeOfOneClick(t *testing.T) {
	a := newAtelier(t, tunerUser)
	var got tried
	code := a.script(t, "/tuner/try", map[string]any{
		"id": "tyj/tzgg", "source": a.source("tyj/tzgg"), "page": 1, "before": true,
		"point": extract.Pointing{Rows: []int{elementOf(t, a, "tyj/tzgg", "a", newsRow)}},
	}, &got)
	if code != http.StatusOK || got.Recipe.Item == "" || got.After.Count != 12 || got.After.Dated != 12 || got.After.Newest != "2023-09-24" || !got.After.OK {
		t.Errorf("%d %+v reads %+v", code, got.Recipe, got.After)
	}
	if got.Before == nil || got.Before.OK || got.Before.Count != 0 {
		t.Errorf("before: %+v", got.Before)
	}
	if got.Confidence == "" || !strings.Contains(got.YAML, "item: ") || got.After.Items[0].Place.Row == 0 || got.After.Items[0].Place.Date == 0 {
		t.Errorf("confidence %q, YAML %q, first %+v", got.Confidence, got.YAML, got.After.Items[0])
	}

	var suggested tried
	a.script(t, "/tuner/try", map[string]any{"id": "tyj/tzgg", "source": a.source("tyj/tzgg"), "page": 1, "suggest": true}, &suggested)
	if suggested.After.Count != 12 || len(suggested.Suggestions) == 0 {
		t.Errorf("suggested %+v of %d lists", suggested.Recipe, len(suggested.Suggestions))
	}

	var beside effects
	a.script(t, "/tuner/effects", map[string]any{"id": "tyj/tzgg", "source": a.source("tyj/tzgg"), "recipe": got.Recipe}, &beside)
	if len(beside.Lines) != 1 || beside.Lines[0].ID != "tyj/tyxw" || beside.Lines[0].Kind != "mended" || !strings.Contains(beside.Sentence, "1 可一并修复") {
		t.Errorf("beside: %+v", beside)
	}

	var diff drafted
	a.script(t, "/tuner/diff", map[string]any{"id": "tyj/tzgg", "source": a.source("tyj/tzgg"), "recipe": got.Recipe}, &diff)
	text := ""
	for _, l := range diff.Lines {
		text += l.Mark + l.Text + "\n"
	}
	if diff.File != "sites/tyj.yaml" || !strings.Contains(text, "-    list: ul.before-the-redesign # gone\n+    list: ") {
		t.Errorf("diff of %s:\n%s", diff.File, text)
	}
	if now, err := os.ReadFile(filepath.Join(a.folder, "sites", "tyj.yaml")); err != nil || string(now) != atelierFiles["sites/tyj.yaml"] {
		t.Error("trying has written something")
	}
}

// orderFor is the form that saves what one click made.
func orderFor(t testing.TB, a *atelier, id string) url.Values {
	t.Helper()
	var got tried
	a.script(t, "/tuner/try", map[string]any{"id": id, "source": a.source(id), "page": 1, "point": extract.Pointing{Rows: []int{elementOf(t, a, id, "a", newsRow)}}}, &got)
	recipe, err := json.Marshal(got.Recipe)
	check(t, err)
	bench, err := a.Bench()
	check(t, err)
	file, err := bench.File(id)
	check(t, err)
	return url.Values{"id": {id}, "source": {a.source(id)}, "was": {digestOf(file.Data)}, "recipe": {string(recipe)}, "newest": {got.After.Newest}}
}

func (a *atelier) read(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(a.folder, filepath.FromSlash(name)))
	check(t, err)
	return string(data)
}

func TestTunerSavesAndTakesBack(t *testing.T) {
	a := newAtelier(t, tunerUser)
	a.People = newFront(t, false).people
	form := orderFor(t, a, "tyj/tzgg")
	form.Add("also", "tyj/tyxw")
	w := a.post("/tuner/save", form)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/tuner/tyj/tzgg" {
		t.Fatalf("%d %s", w.Code, w.Body.String())
	}
	text := a.read(t, "sites/tyj.yaml")
	for _, want := range []string{"# 体育局 (a comment that stays)", "# the name, as printed", "# gone\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("the comment %q is gone:\n%s", want, text)
		}
	}
	if strings.Contains(text, "before-the-redesign") || strings.Count(text, "item: ") != 2 {
		t.Errorf("both columns are to be mended:\n%s", text)
	}
	if sample := a.read(t, "samples/tyj/tzgg/2023-09-27.yaml"); !strings.Contains(sample, "newest: 2023-09-24") {
		t.Errorf("the sample says\n%s", sample)
	}
	page := get(t, a, "/tuner/tyj/tzgg").Body.String()
	stampOf := regexp.MustCompile(`name="change" value="([^"]+)"`).FindStringSubmatch(page)
	if stampOf == nil {
		t.Fatal("the change cannot be taken back")
	}
	if w := a.post("/tuner/undo", url.Values{"id": {"tyj/tzgg"}, "change": {"2001-01-01T00:00:00+08:00"}}); w.Code != http.StatusConflict {
		t.Errorf("another change is taken back: %d", w.Code)
	}
	w = a.post("/tuner/undo", url.Values{"id": {"tyj/tzgg"}, "change": {strings.ReplaceAll(stampOf[1], "&#43;", "+")}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("undo: %d %s", w.Code, w.Body.String())
	}
	if text := a.read(t, "sites/tyj.yaml"); text != atelierFiles["sites/tyj.yaml"] {
		t.Errorf("taken back to\n%s", text)
	}
	if _, err := os.Stat(filepath.Join(a.folder, "samples", "tyj", "tzgg", "2023-09-27.yaml")); !os.IsNotExist(err) {
		t.Errorf("the sample is left: %v", err)
	}
	logged, _, err := a.People.Entries(people.Question{What: "recipe.", Most: 10})
	if err != nil || len(logged) != 2 || logged[1].What != "recipe.save" || !strings.Contains(logged[1].On, "tyj/tyxw") || logged[0].What != "recipe.undo" {
		t.Errorf("the log says %+v, %v; want the save with its columns, and the undo", logged, err)
	}
}

// The proposal of the reader is taken with one form.
func TestProposalIsTaken(t *testing.T) {
	a := newAtelier(t, tunerUser)
	page := get(t, a, "/columns/tyj/tzgg").Body.String()
	look := regexp.MustCompile(`name="look" value="([^"]+)"`).FindStringSubmatch(page)
	if look == nil {
		t.Fatal("no proposal is shown")
	}
	if w := a.post("/tuner/accept", url.Values{"id": {"tyj/tzgg"}, "look": {look[1]}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body.String())
	}
	if text := a.read(t, "sites/tyj.yaml"); strings.Count(text, "before-the-redesign") != 1 {
		t.Errorf("written:\n%s", text)
	}
}

// Samples of the page before its redesign are asked about, and others forbid.
func TestSamplesAreReplacedOnlyWhenAsked(t *testing.T) {
	a := newAtelier(t, tunerUser)
	check(t, os.MkdirAll(filepath.Join(a.folder, "samples", "tyj", "tzgg"), 0o755))
	old := "<ul class=\"before-the-redesign\"><li><a href=\"/1.html\">关于旧页面的通知全文</a><span>2023-05-01</span></li></ul>"
	check(t, os.WriteFile(filepath.Join(a.folder, "samples", "tyj", "tzgg", "old.1.html"), []byte(old), 0o644))
	check(t, os.WriteFile(filepath.Join(a.folder, "samples", "tyj", "tzgg", "old.yaml"), []byte("subject: tyj/tzgg\nfetched_at: 2023-05-02T01:00:00+08:00\npages:\n  - url: http://tyj.yq.gov.cn/tzgg/\n    content_type: text/html; charset=utf-8\n    file: old.1.html\nexpect:\n  outcome: dated\n  newest: 2023-05-01\n"), 0o644))
	form := orderFor(t, a, "tyj/tzgg")
	w := a.post("/tuner/save", form)
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "samples/tyj/tzgg/old.yaml") || !strings.Contains(w.Body.String(), "替换旧样本并保存") {
		t.Fatalf("%d %s", w.Code, w.Body.String())
	}
	if a.read(t, "sites/tyj.yaml") != atelierFiles["sites/tyj.yaml"] {
		t.Error("something was written")
	}
	form.Set("replace", "1")
	if w = a.post("/tuner/save", form); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body.String())
	}
	if _, err := os.Stat(filepath.Join(a.folder, "samples", "tyj", "tzgg", "old.yaml")); !os.IsNotExist(err) {
		t.Errorf("the old sample is left: %v", err)
	}
}

func TestNothingIsSavedThatShouldNotBe(t *testing.T) {
	tests := []struct {
		name   string
		change func(*testing.T, *atelier, url.Values)
		status int
		want   string
	}{
		{"the file has changed", func(t *testing.T, a *atelier, f url.Values) {
			check(t, os.WriteFile(filepath.Join(a.folder, "sites", "tyj.yaml"), []byte(atelierFiles["sites/tyj.yaml"]+"# 有人改过\n"), 0o644))
		}, 409, "已被他人修改"},
		{"another newest date was shown", func(_ *testing.T, _ *atelier, f url.Values) { f.Set("newest", "2023-01-01") }, 409, "而您看到的是 2023-01-01"},
		{"the recipe reads nothing", func(_ *testing.T, _ *atelier, f url.Values) { f.Set("recipe", `{"list":"ul.none","item":"li"}`) }, 422, "读不出列表"},
		{"no recipe", func(_ *testing.T, _ *atelier, f url.Values) { f.Set("recipe", "{}") }, 400, "没有可保存的规则"},
		{"nonsense for a recipe", func(_ *testing.T, _ *atelier, f url.Values) { f.Set("recipe", "[") }, 400, "没有可保存的规则"},
		{"a selector that is none", func(_ *testing.T, _ *atelier, f url.Values) { f.Set("recipe", `{"item":"li["}`) }, 422, "字段 item 的写法不对"},
		{"a path that opens files", func(_ *testing.T, _ *atelier, f url.Values) {
			f.Set("recipe", `{"item":"//li[document('/etc/passwd')]"}`)
		}, 422, "字段 item 的写法不对"},
		{"a column that is none", func(_ *testing.T, _ *atelier, f url.Values) { f.Set("id", "tyj/nowhere") }, 404, "没有这个对象"},
		{"another that is none", func(_ *testing.T, _ *atelier, f url.Values) { f.Set("also", "tyj/nowhere") }, 404, "没有这个对象"},
		{"pages that are not kept", func(_ *testing.T, _ *atelier, f url.Values) { f.Set("source", "look-0000000000000000") }, 404, "没有留存"},
		{"pages of another column", func(_ *testing.T, a *atelier, f url.Values) { f.Set("source", a.source("tyj/tyxw")) }, 404, "没有留存"},
		{"pages of nobody", func(_ *testing.T, _ *atelier, f url.Values) { f.Set("source", "live-x") }, 410, "重新点"},
		{"a configuration that is broken", func(t *testing.T, a *atelier, f url.Values) {
			check(t, os.WriteFile(filepath.Join(a.folder, "units.yaml"), []byte("- {id: [\n"), 0o644))
		}, 409, "配置文件有错误"},
		{"a link in the place of the file", func(t *testing.T, a *atelier, f url.Values) {
			file := filepath.Join(a.folder, "sites", "tyj.yaml")
			check(t, os.Rename(file, filepath.Join(a.folder, "sites", "elsewhere")))
			check(t, os.Symlink("elsewhere", file))
		}, 409, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newAtelier(t, tunerUser)
			form := orderFor(t, a, "tyj/tzgg")
			tt.change(t, a, form)
			w := a.post("/tuner/save", form)
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.want) {
				t.Errorf("%d, want %d with %q in\n%s", w.Code, tt.status, tt.want, w.Body.String())
			}
			if len(a.done) > 0 {
				t.Error("a change was kept")
			}
		})
	}
	a := newAtelier(t, tunerUser)
	form := orderFor(t, a, "tyj/tzgg")
	a.user = officeUser
	if w := a.post("/tuner/save", form); w.Code != http.StatusForbidden {
		t.Errorf("who may only try saves: %d", w.Code)
	}
}

func TestScriptsAreAnsweredWithSentences(t *testing.T) {
	a := newAtelier(t, tunerUser)
	source := a.source("tyj/tzgg")
	tests := []struct {
		name, path, body string
		status           int
		want             string
	}{
		{"no JSON", "/tuner/try", "x", 400, "无法识别"},
		{"an unknown key", "/tuner/try", `{"id":"tyj/tzgg","evil":1}`, 400, "无法识别"},
		{"nothing asked", "/tuner/try", `{"id":"tyj/tzgg","source":"` + source + `"}`, 400, "没有说明"},
		{"no such column", "/tuner/try", `{"id":"x","source":"` + source + `","suggest":true}`, 404, "没有这个对象"},
		{"no such element", "/tuner/try", `{"id":"tyj/tzgg","source":"` + source + `","point":{"rows":[999999]}}`, 422, "没有这个元素"},
		{"a negative element", "/tuner/try", `{"id":"tyj/tzgg","source":"` + source + `","point":{"rows":[-5]}}`, 422, "没有这个元素"},
		{"a million rows", "/tuner/try", `{"id":"tyj/tzgg","source":"` + source + `","point":{"rows":[` + strings.Repeat("1,", 200_000) + `1]}}`, 422, ""},
		{"no such page", "/tuner/try", `{"id":"tyj/tzgg","source":"` + source + `","page":7,"suggest":true}`, 404, "没有留存"},
		{"a hostile source", "/tuner/try", `{"id":"tyj/tzgg","source":"../../etc","suggest":true}`, 404, "没有留存"},
		{"a selector that is none", "/tuner/try", `{"id":"tyj/tzgg","source":"` + source + `","recipe":{"item":":::"}}`, 422, "字段 item"},
		{"effects of nothing", "/tuner/effects", `{"id":"tyj/tzgg","source":"` + source + `"}`, 400, "没有规则可试"},
		{"the change of nothing", "/tuner/diff", `{"id":"tyj/tzgg","source":"` + source + `"}`, 400, "没有规则可看"},
	}
	for _, tt := range tests {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", tt.path, strings.NewReader(tt.body))
		r.Header.Set("Accept-Language", "zh-CN")
		a.ServeHTTP(w, r)
		var got map[string]string
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != tt.status || !strings.Contains(got["error"], tt.want) {
			t.Errorf("%s: %d %.200s, want %d with %q", tt.name, w.Code, w.Body.String(), tt.status, tt.want)
		}
	}
}

// Everybody may fetch once in two seconds, and what was fetched is theirs alone.
func TestFetchingHasManners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAtelier(t, tunerUser)
		a.live = []extract.Page{{Body: []byte(redesigned("通知公告", 7)), Header: map[string][]string{"Content-Type": {"text/html; charset=utf-8"}}}}
		form := url.Values{"id": {"tyj/tzgg"}}
		w := a.post("/tuner/fetch", form)
		if w.Code != http.StatusSeeOther || a.visits != 1 {
			t.Fatalf("%d %s", w.Code, w.Body.String())
		}
		to := w.Header().Get("Location")
		if page := get(t, a, to); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "刚抓取的页面") {
			t.Errorf("%s: %d", to, page.Code)
		}
		if w := a.post("/tuner/fetch", form); w.Code != http.StatusTooManyRequests || a.visits != 1 {
			t.Errorf("at once again: %d after %d visits", w.Code, a.visits)
		}
		a.user = officeUser
		if page := get(t, a, to); page.Code != http.StatusGone {
			t.Errorf("somebody else sees what was fetched: %d", page.Code)
		}
		if w := a.post("/tuner/fetch", form); w.Code != http.StatusSeeOther {
			t.Errorf("somebody else has to wait: %d", w.Code)
		}
		a.user = tunerUser
		time.Sleep(fetchPause)
		if w := a.post("/tuner/fetch", form); w.Code != http.StatusSeeOther {
			t.Errorf("after two seconds: %d", w.Code)
		}
		time.Sleep(liveFor + time.Second)
		if page := get(t, a, to); page.Code != http.StatusGone {
			t.Errorf("after half an hour it is still held: %d", page.Code)
		}
		a.user = aClerkOf("tyj")
		if w := a.post("/tuner/fetch", form); w.Code != http.StatusForbidden {
			t.Errorf("a clerk fetches: %d", w.Code)
		}
	})
}

func TestTunerListsWhatWaits(t *testing.T) {
	a := newAtelier(t, tunerUser)
	body := get(t, a, "/tuner").Body.String()
	if !strings.Contains(body, `href="/tuner/tyj/tzgg"`) || strings.Contains(body, `href="/tuner/czj/tzgg"`) {
		t.Error("what cannot be read is to be listed, and nothing else")
	}
	if body := get(t, a, "/tuner?q="+url.QueryEscape("财政局")).Body.String(); !strings.Contains(body, `href="/tuner/czj/tzgg"`) {
		t.Error("a column is not found by its unit")
	}
}

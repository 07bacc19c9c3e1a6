package console

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/store"
	"xuncha/workshop"
)

// Who is refused a save is back at the tuner with what they picked, and may save it
// from there.
func TestARefusedSaveKeepsWhatWasPicked(t *testing.T) {
	a := newAtelier(t, tunerUser)
	form := orderFor(t, a, "tyj/tzgg")
	form.Set("also", "tyj/tyxw")
	was := form.Get("was")
	file := filepath.Join(a.folder, "sites", "tyj.yaml")
	check(t, os.WriteFile(file, []byte(atelierFiles["sites/tyj.yaml"]+"# 有人改过\n"), 0o644))
	w := a.post("/tuner/save", form)
	body := w.Body.String()
	item := regexp.MustCompile(`"item":"([^"]+)"`).FindStringSubmatch(form.Get("recipe"))
	for _, want := range []string{`id="tuner"`, `data-of="picks"`, `data-also="tyj/tyxw"`, "已被他人修改", "点选的规则仍在本页", `name="item" value="` + item[1] + `"`, `action="/tuner/tyj/tzgg"`} {
		if w.Code != http.StatusConflict || !strings.Contains(body, want) {
			t.Errorf("%d without %q", w.Code, want)
		}
	}
	now := regexp.MustCompile(`name="was" value="([^"]+)"`).FindStringSubmatch(body)
	if now == nil || now[1] == was {
		t.Fatalf("the page is of the file as it was: %q", now)
	}
	form.Set("was", now[1])
	if w := a.post("/tuner/save", form); w.Code != http.StatusSeeOther {
		t.Errorf("once more: %d", w.Code)
	}
	if text := a.read(t, "sites/tyj.yaml"); !strings.Contains(text, "# 有人改过") || strings.Contains(text, "before-the-redesign") {
		t.Errorf("written:\n%s", text)
	}
}

// The words of programs are folded away where something is refused.
func TestTechnicalWordsOfRefusalsAreFolded(t *testing.T) {
	a := newAtelier(t, tunerUser)
	form := orderFor(t, a, "tyj/tzgg")
	form.Set("recipe", `{"item":"li["}`)
	body := a.post("/tuner/save", form).Body.String()
	if said, folded, _ := strings.Cut(body, `<details class="technical">`); !strings.Contains(said, "字段 item 的写法不对") || strings.Contains(said, "li[") && !strings.Contains(said, `value="li["`) || !strings.Contains(folded, "item") {
		t.Errorf("refused with %.400s", body)
	}
	var got map[string]string
	a.script(t, "/tuner/try", map[string]any{"id": "tyj/tzgg", "source": a.source("tyj/tzgg"), "recipe": map[string]string{"item": "li["}}, &got)
	if got["detail"] == "" || strings.Contains(got["error"], got["detail"]) {
		t.Errorf("the script is told %q", got)
	}
	check(t, os.WriteFile(filepath.Join(a.folder, "units.yaml"), []byte("- {id: [\n"), 0o644))
	body = get(t, a, "/tuner/tyj/tzgg?lang=zh").Body.String()
	if said, _, folded := strings.Cut(body, `<details class="technical">`); !folded || !strings.Contains(said, "改正后才能维护采集规则：units.yaml，第 ") {
		t.Errorf("a broken file: %.600s", body)
	}
}

// Every column that a save changes keeps a sample, and what takes a change back is
// called so.
func TestColumnsSavedBesideGetSamples(t *testing.T) {
	a := newAtelier(t, tunerUser)
	form := orderFor(t, a, "tyj/tzgg")
	form.Add("also", "tyj/tyxw")
	w := a.post("/tuner/save", form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if said, err := base64.RawURLEncoding.DecodeString(w.Result().Cookies()[0].Value); err != nil || !strings.Contains(string(said), "2 个栏目；原有样本全部通过，另存了 2 份新样本") {
		t.Errorf("it says %s", said)
	}
	for _, id := range []string{"tyj/tzgg", "tyj/tyxw"} {
		if sample := a.read(t, "samples/"+id+"/2023-09-27.yaml"); !strings.Contains(sample, "newest: 2023-09-24") {
			t.Errorf("the sample of %s says\n%s", id, sample)
		}
	}
	bench, err := a.Bench()
	check(t, err)
	all, err := bench.Replay()
	check(t, err)
	if len(all) != 2 || slices.ContainsFunc(all, func(r inventory.Replayed) bool { return len(r.Broken) > 0 }) {
		t.Errorf("read again: %+v", all)
	}
	for i, want := range []string{"撤销上次改动", "恢复被撤销的改动", "撤销上次改动"} {
		page := get(t, a, "/tuner/tyj/tzgg?lang=zh").Body.String()
		if n := strings.Count(page, want); n != 1 {
			t.Fatalf("after %d undos it says %q %d times", i, want, n)
		}
		change := strings.ReplaceAll(regexp.MustCompile(`name="change" value="([^"]+)"`).FindStringSubmatch(page)[1], "&#43;", "+")
		if w := a.post("/tuner/undo", url.Values{"id": {"tyj/tzgg"}, "change": {change}}); w.Code != http.StatusSeeOther {
			t.Fatalf("undo %d: %d %s", i, w.Code, w.Body)
		}
	}
}

// What a preview counts is counted.
func TestTitlesAreCounted(t *testing.T) {
	q := &request{lang: "zh"}
	s := q.side(extract.Reading{Outcome: extract.Dated, Items: []extract.Item{{Title: "通知"}, {Title: " "}, {Title: "公告", Date: onDay(9, 1)}}}, nil, nil)
	if s.Count != 3 || s.Titled != 2 || s.Dated != 1 {
		t.Errorf("counted %d, %d titles, %d dates", s.Count, s.Titled, s.Dated)
	}
	lost := q.side(extract.Reading{Outcome: extract.Unread, Reason: extract.ReasonUndated, Detail: "no dates"}, nil, nil)
	if lost.Next != nextStep(extract.ReasonUndated, "zh") {
		t.Errorf("what to do: %q", lost.Next)
	}
}

// A search that finds more than a page holds goes on on the next.
func TestTunerPagesWhatItFinds(t *testing.T) {
	a := newAtelier(t, tunerUser)
	for i := range 53 {
		site := &a.city.Carriers[1]
		site.Columns = append(site.Columns, inventory.Column{ID: fmt.Sprintf("%s/more%d", site.ID, i), Unit: site.Unit, Carrier: site.ID, Name: "许多栏目"})
	}
	for page, want := range map[string]int{"1": 50, "2": 3} {
		body := get(t, a, "/tuner?lang=zh&q="+url.QueryEscape("许多栏目")+"&page="+page).Body.String()
		if n := strings.Count(body, `href="/tuner/`+a.city.Carriers[1].ID+`/more`); n != want || !strings.Contains(body, "53") {
			t.Errorf("page %s lists %d, want %d of 53", page, n, want)
		}
	}
}

// Whoever writes recipes is led from the overview to those that wait; nobody else is.
func TestRecipesThatWaitStandOnTheOverview(t *testing.T) {
	a := newAtelier(t, tunerUser)
	if body := get(t, a, "/?lang=zh").Body.String(); !strings.Contains(body, `href="/tuner"><span class="state`) || !strings.Contains(body, "2 个栏目的采集规则待维护") {
		t.Error("the overview does not lead an operator to the recipes")
	}
	a.user = officeUser
	if body := get(t, a, "/?lang=zh").Body.String(); strings.Contains(body, "采集规则待维护") {
		t.Error("who may not save recipes is told to")
	}
}

// Recipes are taken back under the same guard as whole files: a site stays about which
// a finding is open, whatever way one goes.
func TestTheTunerTakesNothingAwayThatIsNeeded(t *testing.T) {
	a := newAtelier(t, tunerUser)
	book := findingsOfCzj(t)
	a.Board = func() *board.Board { return a.board().WithBook(book) }
	a.done = []workshop.Change{{At: noon, Columns: []string{"tyj/tzgg"}, Files: []workshop.FileChange{{Name: "sites/czj.yaml", After: []byte(atelierFiles["sites/czj.yaml"])}}}}
	w := a.post("/tuner/undo", url.Values{"id": {"tyj/tzgg"}, "change": {changeID(a.done[0])}})
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "1 个未了结的问题") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	a.read(t, "sites/czj.yaml")
}

// A forgetful workshop writes and then has no room to remember it.
type forgetful struct{ *atelier }

func (forgetful) Keep(workshop.Change) error { return fmt.Errorf("keep: %w", store.ErrFull) }

// What was written and is not remembered is said to be written, and logged.
func TestWhatIsWrittenIsNotDenied(t *testing.T) {
	a := newAtelier(t, tunerUser)
	a.People = newFront(t, false).people
	form := orderFor(t, a, "tyj/tzgg")
	a.Workshop = forgetful{a}
	w := a.post("/tuner/save", form)
	if body := w.Body.String(); w.Code != http.StatusInternalServerError || !strings.Contains(body, "配置文件已写入，但改动没有记下") || strings.Contains(body, "没有保存") {
		t.Errorf("%d %s", w.Code, body)
	}
	if a.read(t, "sites/tyj.yaml") == atelierFiles["sites/tyj.yaml"] {
		t.Error("nothing was written")
	}
	logged, _, err := a.People.Entries(people.Question{What: "recipe.", Most: 10})
	if err != nil || len(logged) != 1 {
		t.Errorf("the log says %+v, %v", logged, err)
	}
}

// A slow site is one at whose visits the test looks.
type slowSite struct {
	*atelier
	visited func()
}

func (s slowSite) Visit(ctx context.Context, x inventory.Subject) (workshop.Seen, error) {
	s.visited()
	return s.atelier.Visit(ctx, x)
}

// Nobody waits while pages are fetched for a save, and what somebody else wrote
// meanwhile is not written over.
func TestSavesWaitForNoNetwork(t *testing.T) {
	a := newAtelier(t, tunerUser)
	form := orderFor(t, a, "tyj/tzgg")
	form.Set("recipe", `{"source":"json","data":"/data.json","list":"rows","title":"title","date":"date"}`)
	visits := 0
	a.Workshop = slowSite{a, func() {
		visits++
		if !a.saving.TryLock() {
			t.Fatal("a visit holds up all who save")
		}
		a.saving.Unlock()
		if len(a.copying) > 0 {
			t.Error("a visit takes a place from those who copy pages")
		}
		check(t, os.WriteFile(filepath.Join(a.folder, "sites", "tyj.yaml"), []byte(atelierFiles["sites/tyj.yaml"]+"# 有人改过\n"), 0o644))
	}}
	if w := a.post("/tuner/save", form); visits != 1 || w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "已被他人修改") {
		t.Errorf("after %d visits: %d %s", visits, w.Code, w.Body)
	}
}

// Who no longer waits takes no place.
func TestWaitsEndWithWhoWaits(t *testing.T) {
	a := newAtelier(t, tunerUser)
	for range maxCopies {
		leave, err := a.slot(t.Context())
		check(t, err)
		defer leave()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if leave, err := a.slot(ctx); err == nil {
		leave()
		t.Error("there are more places than there are")
	}
}

package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/rules"
	"xuncha/store"
	"xuncha/workshop"
)

// An atelier is a console over one small city on disk, with what was kept of it,
// for a user of any role.
type atelier struct {
	http.Handler
	*Console
	user   people.User
	folder string
	city   *inventory.City
	snaps  []store.Snapshot // the newest first
	bodies map[string][]byte
	live   []extract.Page // what a visit brings
	visits int
	done   []workshop.Change
}

var (
	tunerUser  = people.User{Name: "li", FullName: "李某", Roles: []people.Role{people.Operator}}
	officeUser = people.User{Name: "wang", FullName: "王某", Roles: []people.Role{people.Handler}}
)

// The city of these tests: one site with two columns whose recipe is gone, and one
// of another unit.
var atelierFiles = map[string]string{
	"city.yaml":  "name: 某市\noffice: 某市人民政府办公室\nrule_set: test\ncrawl: {user_agent: \"Xuncha/1.0 (+https://xuncha.example/bot)\"}\n",
	"units.yaml": "- {id: tyj, name: 市体育局, full_name: 某市体育局, level: city}\n- {id: czj, name: 市财政局, full_name: 某市财政局, level: city}\n",
	"sites/tyj.yaml": `# 体育局 (a comment that stays)
unit: tyj
name: 某市体育局
code: "1403000012"
home: http://tyj.yq.gov.cn/
columns:
  - name: 工作动态--通知公告   # the name, as printed
    class: 通知公告
    url: /tzgg/
    list: ul.before-the-redesign # gone
    item: li
  - name: 工作动态--体育新闻
    class: 动态要闻
    url: /tyxw/
    list: ul.before-the-redesign
    item: li
`,
	"sites/czj.yaml": "unit: czj\nname: 某市财政局\ncode: \"1403000013\"\nhome: http://czj.yq.gov.cn/\ncolumns:\n  - {name: 通知公告, class: 通知公告, url: /tzgg/}\n",
}

// redesigned is a page of the city after its redesign.
func redesigned(column string, n int) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html><head><meta charset="utf-8"><title>` + column + `_某市体育局</title></head><body><div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/bsfw/">办事服务</a></li></ul></div><h2>` + column + `</h2><div class="news"><ul>`)
	for i := range n {
		day := noon.AddDate(0, 0, -3-2*i)
		fmt.Fprintf(&b, `<li class="row"><a href="/tzgg/%d.html">关于举办第%d次%s活动的通知</a><em class="t">%s</em></li>`, 1000+i, n-i, column, day.Format(time.DateOnly))
	}
	b.WriteString(`</ul></div><div class="hot"><h3>热点信息</h3><ul><li><a href="/r/1.html">热点信息的一条标题</a><i>2023-09-26</i></li><li><a href="/r/2.html">热点信息的另一条标题</a><i>2023-09-25</i></li></ul></div></body></html>`)
	return b.String()
}

func newAtelier(t testing.TB, u people.User) *atelier {
	t.Helper()
	a := &atelier{user: u, folder: t.TempDir(), bodies: map[string][]byte{}}
	for name, text := range atelierFiles {
		file := filepath.Join(a.folder, filepath.FromSlash(name))
		check(t, os.MkdirAll(filepath.Dir(file), 0o755))
		check(t, os.WriteFile(file, []byte(text), 0o644))
	}
	bench, err := a.Bench()
	check(t, err)
	a.city = bench.City
	a.keep(t, "tyj/tzgg", noon.Add(-12*time.Hour), "text/html; charset=utf-8", []byte(redesigned("通知公告", 12)))
	a.keep(t, "tyj/tyxw", noon.Add(-12*time.Hour), "text/html; charset=utf-8", []byte(redesigned("体育新闻", 9)))
	cfg := Config{
		Board: a.board, Gate: a, Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler), Office: "某市人民政府办公室",
		Archive: a, Workshop: a,
	}
	a.Console, err = New(cfg)
	check(t, err)
	a.Handler = a.Console.Handler()
	return a
}

func (a *atelier) User(*http.Request) people.User { return a.user }

// board is how the city stands: each column by its newest look.
func (a *atelier) board() *board.Board {
	res := rules.Result{PointDay: extract.DayOf(noon), Point: noon}
	for _, carrier := range a.city.Carriers {
		for _, col := range carrier.Columns {
			r := rules.ColumnResult{Column: col, State: rules.Unknown, Reason: extract.ReasonNotLooked}
			for _, s := range a.snaps {
				if s.Subject == col.ID {
					r.State, r.Reason, r.Proposal = rules.Unknown, s.Reading.Reason, s.Reading.Proposal
					if s.Reading.Conclusive() {
						r.State, r.Newest, r.NewestTitle = rules.Fresh, s.Reading.Newest, s.Reading.NewestTitle()
					}
					r.Look = &rules.Look{Subject: s.Subject, At: s.At, Digest: s.Digest, Reading: s.Reading}
					break
				}
			}
			for _, s := range a.snaps {
				if s.Subject == col.ID && r.State == rules.Unknown && r.LastGood == nil && s.Reading.Conclusive() {
					r.LastGood = &rules.Look{Subject: s.Subject, At: s.At, Digest: s.Digest, Reading: s.Reading}
				}
			}
			res.Columns = append(res.Columns, r)
		}
	}
	return board.New(board.Input{City: a.city, Set: &rules.RuleSet{ID: "test"}, Result: res})
}

// keep keeps a page of a column, as a round would have.
func (a *atelier) keep(t testing.TB, id string, at time.Time, kind string, body []byte) string {
	t.Helper()
	bench, err := a.Bench()
	check(t, err)
	subject, ok := bench.Subject(id, at)
	if !ok {
		t.Fatalf("no subject %s", id)
	}
	sum := sha256.Sum256(body)
	digest := hex.EncodeToString(sum[:])
	page := extract.Page{
		Asked: subject.Task.URLs[0], URL: subject.Task.URLs[0], Why: extract.WhyList, Status: 200, FetchedAt: at, SHA256: digest,
		Header: map[string][]string{"Content-Type": {kind}, "X-Powered-By": {"<b>hostile</b>"}}, Body: body,
	}
	a.bodies[digest] = body
	task := subject.Task
	task.Book = nil
	reading, _ := extract.Read(task, []extract.Page{page})
	page.Body = nil
	snap := store.Snapshot{Subject: id, Round: "20230927-0000", At: at, Reading: reading, Pages: []extract.Page{page}, Reader: extract.Version, Look: 1}
	named := sha256.Sum256([]byte(id + at.String() + digest))
	snap.Digest = hex.EncodeToString(named[:])
	a.snaps = append([]store.Snapshot{snap}, a.snaps...)
	return snap.Digest
}

func (a *atelier) History(subject string, until time.Time) iter.Seq2[store.Summary, error] {
	return func(yield func(store.Summary, error) bool) {
		for _, s := range a.snaps {
			sum := store.Summary{Subject: s.Subject, Round: s.Round, At: s.At, Look: s.Look, Digest: s.Digest, Outcome: s.Reading.Outcome, Reason: s.Reading.Reason, Newest: s.Reading.Newest}
			if s.Subject == subject && (until.IsZero() || !s.At.After(until)) && !yield(sum, nil) {
				return
			}
		}
	}
}

func (a *atelier) Load(sum store.Summary) (store.Snapshot, error) {
	for _, s := range a.snaps {
		if s.Digest == sum.Digest {
			return s, nil
		}
	}
	return store.Snapshot{}, store.ErrNotFound
}

func (a *atelier) Body(sha256 string) ([]byte, error) {
	if body, ok := a.bodies[sha256]; ok {
		return body, nil
	}
	return nil, store.ErrNotFound
}

func (a *atelier) Bench() (*workshop.Bench, error) {
	b, err := a.Files()
	if err == nil {
		b.City, err = b.Parse(b.City.Files)
	}
	return b, err
}

func (a *atelier) Files() (*workshop.Bench, error) {
	dir := os.DirFS(a.folder)
	shared := fstest.MapFS{"rulesets/test.yaml": {Data: []byte("id: test\nname: 测试\nindicators: []\n")}}
	parse := func(files []inventory.File) (*inventory.City, error) { return inventory.Parse(files) }
	files, err := inventory.ReadFiles(dir, shared)
	return &workshop.Bench{City: &inventory.City{Files: files}, Dir: dir, Shared: shared, Folder: a.folder, Parse: parse}, err
}

func (a *atelier) Visit(_ context.Context, s inventory.Subject) (workshop.Seen, error) {
	a.visits++
	pages := slices.Clone(a.live)
	for i := range pages {
		pages[i].Asked, pages[i].URL, pages[i].Why, pages[i].Status, pages[i].FetchedAt = s.Task.URLs[0], s.Task.URLs[0], extract.WhyList, 200, noon
		sum := sha256.Sum256(pages[i].Body)
		pages[i].SHA256 = hex.EncodeToString(sum[:])
	}
	r, _ := extract.Read(s.Task, pages)
	return workshop.Seen{At: noon, Pages: pages, Reading: r}, nil
}

func (a *atelier) Keep(c workshop.Change) error {
	c.At = noon.Add(time.Duration(len(a.done)))
	a.done = append([]workshop.Change{c}, a.done...)
	return nil
}

func (a *atelier) Changes() ([]workshop.Change, error) { return a.done, nil }

// post sends a form.
func (a *atelier) post(path string, form url.Values) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept-Language", "zh-CN")
	a.ServeHTTP(w, r)
	return w
}

// script asks as the tuner's script does.
func (a *atelier) script(t testing.TB, path string, what any, answer any) int {
	t.Helper()
	body, err := json.Marshal(what)
	check(t, err)
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", path, strings.NewReader(string(body)))
	r.Header.Set("Accept-Language", "zh-CN")
	a.ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), answer); err != nil {
		t.Fatalf("%s answers %d %.300s: %v", path, w.Code, w.Body.String(), err)
	}
	return w.Code
}

func (a *atelier) source(id string) string {
	for _, s := range a.snaps {
		if s.Subject == id {
			return lookMark + s.Digest[:digestForm]
		}
	}
	return ""
}

func TestColumnShowsItsProof(t *testing.T) {
	a := newAtelier(t, tunerUser)
	body := get(t, a, "/columns/tyj/tzgg").Body.String()
	for _, want := range []string{
		"工作动态--通知公告", "页面改版，采集规则待更新", `<iframe class="kept"`, `sandbox=""`, "list: ul.before-the-redesign", "X-Powered-By", "&lt;b&gt;hostile&lt;/b&gt;",
		"采用", "关于举办第12次通知公告活动的通知", `href="/tuner/tyj/tzgg?from=proposal"`, "sha256:" + a.snaps[1].Digest,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q on the page", want)
		}
	}
	if strings.Contains(body, "<b>hostile</b>") {
		t.Error("a header is markup")
	}
	a.user = officeUser
	if body := get(t, a, "/columns/tyj/tzgg").Body.String(); strings.Contains(body, "/tuner/accept") {
		t.Error("who may not tune is shown the button")
	}
}

// A look has an address of its own, by its moment or its day.
func TestLooksHaveAddresses(t *testing.T) {
	a := newAtelier(t, tunerUser)
	old := a.keep(t, "czj/tzgg", noon.AddDate(0, 0, -2), "text/html", []byte(redesigned("通知公告", 5)))
	a.snaps = append(a.snaps[1:], a.snaps[0]) // it is the older
	a.keep(t, "czj/tzgg", noon.Add(-time.Hour), "text/html", []byte(redesigned("通知公告", 8)))
	for query, want := range map[string]string{
		"":                        "2023-09-27 11:00",
		"?at=2023-09-25":          "2023-09-25 12:00",
		"?at=2023-09-25T12:00:00": "2023-09-25 12:00",
		"?at=2023-09-26":          "2023-09-25 12:00",
		"?at=2023-10-01":          "2023-09-27 11:00",
	} {
		w := get(t, a, "/columns/czj/tzgg"+query)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want+" 抓取") {
			t.Errorf("%s: %d, want the look of %s", query, w.Code, want)
		}
		shows := strings.Contains(w.Body.String(), keptURL("czj/tzgg", old, 1))
		if shows != (want == "2023-09-25 12:00") {
			t.Errorf("%s: the old page is framed: %t", query, shows)
		}
	}
	for query, want := range map[string]int{"?at=2020-01-01": 404, "?at=x": 400, "?at=2023-09-25&look=x": 400, "?shown=0": 400, "?shown=99999999999999999999": 400, "?page=-1": 400} {
		if w := get(t, a, "/columns/czj/tzgg"+query); w.Code != want {
			t.Errorf("%s: %d, want %d", query, w.Code, want)
		}
	}
}

func TestKeptPagesStandBehindTwoLocks(t *testing.T) {
	a := newAtelier(t, tunerUser)
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(`<html><head><meta charset="gb2312"><title>通知</title></head><body><script>alert(1)</script><a href="javascript:alert(1)" onclick="alert(1)">关于检查的通知</a><img src="http://evil.example/a.png"></body></html>`)
	check(t, err)
	digest := a.keep(t, "czj/tzgg", noon, "text/html", []byte(gbk))
	w := get(t, a, keptURL("czj/tzgg", digest, 1))
	policy := w.Header().Get("Content-Security-Policy")
	if w.Code != http.StatusOK || !strings.HasPrefix(policy, "sandbox; default-src 'none'") || strings.Contains(policy, "script") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d with policy %q", w.Code, policy)
	}
	body := w.Body.String()
	for _, bad := range []string{"<script", "javascript:", "onclick", "evil.example", "alert"} {
		if strings.Contains(body, bad) {
			t.Errorf("the copy says %s", bad)
		}
	}
	if !strings.Contains(body, "关于检查的通知") {
		t.Error("the copy is not decoded as the reader did")
	}
	raw := get(t, a, keptURL("czj/tzgg", digest, 1)+"?as=raw")
	if raw.Body.String() != gbk || raw.Header().Get("Content-Type") != "text/plain" || !strings.HasPrefix(raw.Header().Get("Content-Disposition"), "attachment;") || !strings.HasPrefix(raw.Header().Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("as it came: %d %v", raw.Code, raw.Header())
	}
	pointed := get(t, a, "/tuner-page/"+lookMark+digest[:digestForm]+"/1/czj/tzgg")
	if p := pointed.Header().Get("Content-Security-Policy"); !strings.HasPrefix(p, "sandbox allow-same-origin; default-src 'none'") || strings.Contains(p, "script") {
		t.Errorf("the tuner's frame has policy %q", p)
	}
	for _, path := range []string{
		"/kept/" + digest[:8] + "/1/czj/tzgg", "/kept/" + strings.Repeat("0", 64) + "/1/czj/tzgg", keptURL("czj/tzgg", digest, 2), keptURL("czj/tzgg", digest, 0),
		"/kept/" + digest + "/x/czj/tzgg", keptURL("tyj/tzgg", digest, 1), "/kept/" + digest + "/1/nowhere", "/kept/" + digest + "/1/../../../etc/passwd",
	} {
		if w := get(t, a, path); w.Code != http.StatusNotFound && w.Code != http.StatusMovedPermanently && w.Code != http.StatusTemporaryRedirect {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
	a.user = aClerkOf("tyj")
	if w := get(t, a, keptURL("czj/tzgg", digest, 1)); w.Code != http.StatusNotFound {
		t.Errorf("the clerk of another unit gets the page: %d", w.Code)
	}
}

// A finding that is 仅内部, and a hint, are the office's own affair on a column's page
// as everywhere.
func TestAUnitIsNotToldOnItsColumnsPageWhatIsInternal(t *testing.T) {
	b := twoUnits()
	b.Result.Findings = []rules.Finding{
		{ID: "a", Subject: "czj/tzgg", Unit: "czj", Effect: rules.EffectDeduct, Text: "公开的一条"},
		{ID: "b", Subject: "czj/tzgg", Unit: "czj", Effect: rules.EffectDeduct, Publicity: cases.Internal, Text: "仅内部的一条"},
	}
	for role, sees := range map[people.Role]bool{people.Clerk: false, people.Handler: true} {
		u := people.User{Name: "x", Roles: []people.Role{role}}
		if role == people.Clerk {
			u.Unit = "czj"
		}
		page := get(t, newConsole(t, b, u), "/columns/czj/tzgg").Body.String()
		if !strings.Contains(page, "公开的一条") || strings.Contains(page, "仅内部的一条") != sees {
			t.Errorf("%s: told %v, want %v", role, strings.Contains(page, "仅内部的一条"), sees)
		}
	}
}

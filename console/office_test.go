package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/internal/sheet"
	"xuncha/people"
	"xuncha/registers"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

// A fakeOffice is an office whose history is in memory: what it refuses, package
// cases does.
type fakeOffice struct {
	mu     sync.Mutex
	b      *board.Board
	policy cases.Policy
	bodies map[string][]byte
	rows   map[registers.Kind][]registers.Row
	kept   []KeptNotice
	orders []NoticeOrder
	writes int

	imports []store.Import
}

// stuck is a refusal of this office's own.
type stuck struct{ zh, en string }

func (s stuck) Error() string   { return s.en }
func (s stuck) Chinese() string { return s.zh }

func (f *fakeOffice) board() *board.Board {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.b
}

func (f *fakeOffice) Policy() cases.Policy { return f.policy }

// change adds events, all of them or none.
func (f *fakeOffice) change(events []cases.Event, papers [][]byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	old := f.b.Book
	if old == nil {
		old = &cases.Book{}
	}
	book, err := cases.Open(old.Events())
	if err != nil {
		return err
	}
	for _, e := range events {
		if e, err = book.Seal(f.policy, e); err == nil {
			err = book.Apply(e)
		}
		if err != nil {
			return err
		}
	}
	for _, data := range papers {
		f.bodies[cases.Attach("x", data).SHA256] = data
	}
	f.b = f.b.WithBook(book)
	f.writes++
	return nil
}

func (f *fakeOffice) Do(deeds ...Deed) ([]string, error) {
	var events []cases.Event
	var papers [][]byte
	for _, d := range deeds {
		papers = append(papers, d.Papers...)
		for _, ref := range d.Of {
			e := d.Event
			e.Case, e.Period = ref.Case, ref.Period
			if d.ByLook {
				return nil, stuck{"没有新的巡查", "nothing was seen since"}
			}
			if e.Kind == cases.Verify && e.Due.IsZero() && !d.Inside {
				e.Due = e.At.AddDate(0, 0, 2)
			}
			events = append(events, e)
		}
	}
	return nil, f.change(events, papers)
}

func (f *fakeOffice) Enter(e cases.Event, papers [][]byte, found ...Seen) (refs []Ref, err error) {
	var events []cases.Event
	for _, s := range found {
		if s.Mark != "" && s.Mark != cases.Problem {
			continue
		}
		one := e
		one.Kind, one.Period = cases.Raise, s.Period
		one.Facts = &cases.Facts{
			Subject: s.Subject, Unit: subjectUnit(f.board(), s.Subject), Indicator: s.Indicator, Effect: rules.EffectNotice, Sources: []string{s.Source},
			Publicity: cases.Named, Text: s.Text, Basis: "依据", Point: e.At,
		}
		if s.Publicity != "" {
			one.Facts.Publicity = s.Publicity
		}
		if s.Source == "" {
			one.Facts.Sources = []string{cases.ByHand}
		}
		events = append(events, one)
		refs = append(refs, Ref{rules.FindingID(s.Subject, s.Indicator), s.Period})
	}
	return refs, f.change(events, papers)
}

func (f *fakeOffice) EnterSheet(cases.Event, string, []byte) (int, error) {
	return 0, stuck{"这不是检查单", "this is no check list"}
}

func (f *fakeOffice) Draw(_ string, share float64, seed string, _ report.Period) (cases.Draw, sheet.Table, error) {
	d, err := cases.DrawFrom([]string{"czj", "tyj", "pdx"}, share, seed)
	return d, sheet.Table{Name: "检查单", Head: []string{"对象"}}, err
}

func (f *fakeOffice) ByHand(string) []rules.Indicator {
	return []rules.Indicator{{ID: "hand", Name: "互动回应", Text: "互动回应差", Basis: "依据", Effect: rules.EffectVeto}}
}

func (f *fakeOffice) Suspect(ref Ref, at time.Time) error {
	for _, found := range f.b.Result.Findings {
		if found.ID == ref.Case {
			facts := cases.FactsOf(f.b.Result, f.b.Set, found)
			return f.change([]cases.Event{{Case: ref.Case, Period: ref.Period, Kind: cases.Raise, At: at, By: cases.Machine(), Facts: &facts}}, nil)
		}
	}
	return stuck{"没有这个疑似问题", "there is no such suspicion"}
}

func (f *fakeOffice) Sync(report.Period, time.Time, time.Time) (int, int, error) { return 0, 0, nil }

func (f *fakeOffice) Body(sha256 string) ([]byte, error) {
	if data, ok := f.bodies[sha256]; ok {
		return data, nil
	}
	return nil, store.ErrNotFound
}

func (f *fakeOffice) Slip(s cases.Slip) ([]report.File, error) {
	data, err := json.Marshal(s)
	return []report.File{{Name: "slip.docx", Data: data}, {Name: "slip.xlsx", Data: data}}, err
}

func (f *fakeOffice) Pack(context.Context, people.User, cases.Facts) ([]byte, []byte, error) {
	return []byte("PK"), []byte("<!DOCTYPE html><title>证据单</title>"), nil
}

func (f *fakeOffice) Rows(kind registers.Kind) ([]registers.Row, error) { return f.rows[kind], nil }
func (f *fakeOffice) Imports() ([]store.Import, error)                  { return slices.Clone(f.imports), nil }

func (f *fakeOffice) Import(i store.Import, source []byte, dry bool) (store.Import, []registers.Mistake, error) {
	book, err := sheet.Read(i.File, bytes.NewReader(source))
	if fault := (*sheet.Error)(nil); errors.As(err, &fault) {
		return i, nil, stuck{fault.In("zh"), fault.In("en")}
	}
	if err != nil {
		return i, nil, err
	}
	rows, mistakes := registers.Read(i.Kind, book, registers.Know(f.b.City, f.b.Set))
	if len(mistakes) > 0 {
		return i, mistakes, nil
	}
	merged, change := registers.Merge(f.rows[i.Kind], rows, i.Whole)
	i.Added, i.Changed, i.Same, i.Gone = change.Added, change.Changed, change.Same, change.Gone
	if !dry {
		f.rows[i.Kind] = merged
		i.Seq = len(f.imports) + 1
		f.imports = append(f.imports, i)
		f.writes++
	}
	return i, nil, nil
}

func (f *fakeOffice) Figures(registers.Kind, string, string, time.Time) (sheet.Table, error) {
	return sheet.Table{Name: "统计", Head: []string{"项目", "数"}}, nil
}

func (f *fakeOffice) Ready(o NoticeOrder) (bool, error) { return o.Number != "slow", nil }

func (f *fakeOffice) Make(_ context.Context, o NoticeOrder) (NoticeMade, error) {
	f.orders = append(f.orders, o)
	if o.Final && o.Date.IsZero() {
		return NoticeMade{}, stuck{"定稿须有成文日期", "a final notice needs its day"}
	}
	if list, _ := f.Blocking(context.Background(), o); o.Final && len(list) > 0 {
		return NoticeMade{}, stuck{"尚未核定：" + list[0].Name, "not settled: " + list[0].Name}
	}
	return NoticeMade{Files: []report.File{
		{Name: "notice.html", Data: []byte("<!DOCTYPE html><title>通报</title><p>" + secretName)}, {Name: "notice.docx", Data: []byte("PK")},
	}}, nil
}

func (f *fakeOffice) Keep(ctx context.Context, o NoticeOrder, by string, at time.Time) (KeptNotice, error) {
	m, err := f.Make(ctx, o)
	if err != nil {
		return KeptNotice{}, err
	}
	k := KeptNotice{Number: len(f.kept) + 1, At: at, By: by, Period: o.Period.String(), Final: o.Final}
	for _, x := range m.Files {
		k.Files = append(k.Files, KeptFile{x.Name, cases.Attach(x.Name, x.Data).SHA256, len(x.Data)})
		f.bodies[x.Name] = x.Data
	}
	f.kept = append(f.kept, k)
	f.writes++
	return k, nil
}

func (f *fakeOffice) Kept() ([]KeptNotice, error) { return slices.Clone(f.kept), nil }

func (f *fakeOffice) KeptFile(_ int, name string) ([]byte, error) { return f.bodies[name], nil }

func (f *fakeOffice) Wordings() ([]Wording, error) {
	return []Wording{{"yangquan", "阳泉市季度通报"}, {"province", "抽查通报（省级）"}}, nil
}

func (f *fakeOffice) Blocking(_ context.Context, o NoticeOrder) (list []Blocking, err error) {
	for _, x := range f.board().Book.Unsettled(o.Period.String()) {
		list = append(list, Blocking{x.Facts.Subject, x.Case, subjectName(f.b, x.Facts.Subject, "zh"), string(x.State)})
	}
	return list, nil
}

func (f *fakeOffice) Paper(_ context.Context, _ NoticeOrder, kind string, _ time.Time) ([]report.File, error) {
	if kind == "order" {
		return nil, stuck{"没有需要此文书的问题", "no finding asks for this paper"}
	}
	return []report.File{{Name: kind + ".docx", Data: []byte("PK")}}, nil
}

func (f *fakeOffice) Verify(_ context.Context, _ string, data, _ []byte) (NoticeCheck, error) {
	if len(data) < 3 {
		return NoticeCheck{}, stuck{"文件没有写明由什么生成", "the file does not say what it was made from"}
	}
	return NoticeCheck{Period: "2023Q3", Differences: [][3]string{{"现行配置", "a", "<b>b</b>"}}}, nil
}

// newOffice is an office over twoUnits, in which 市财政局 has a finding that was put
// to it, by the program.
func newOffice() *fakeOffice {
	f := &fakeOffice{b: twoUnits(), bodies: map[string][]byte{}, rows: map[registers.Kind][]registers.Row{}}
	facts := cases.Facts{
		Subject: "czj/tzgg", Unit: "czj", Indicator: "fresh", Effect: rules.EffectVeto, Sources: []string{cases.ByPatrol}, Publicity: cases.Named,
		Text: secretName + "两周未更新", Basis: "依据第一条", Point: noon.AddDate(0, 0, -1), Snapshots: []string{strings.Repeat("a", 64)}, Since: noon.AddDate(0, 0, -30),
	}
	machine := cases.Machine()
	err := f.change([]cases.Event{
		{Period: "2023Q3", Kind: cases.Raise, At: noon.AddDate(0, 0, -1), By: machine, Facts: &facts},
		{Case: rules.FindingID("czj/tzgg", "fresh"), Period: "2023Q3", Kind: cases.Verify, At: noon.AddDate(0, 0, -1), By: cases.Person{Name: "王敏", Role: cases.Handler}, Due: noon.AddDate(0, 0, 2)},
	}, nil)
	if err != nil {
		panic(err) // of a test's own making
	}
	f.rows[registers.Reports] = []registers.Row{
		{Key: "1", Values: map[string]string{"period": "2023Q3", "unit": "czj", "due": "2023-10-20", "note": secretName + "报告"}},
		{Key: "2", Values: map[string]string{"period": "2023Q3", "unit": "tyj", "due": "2023-10-20", "note": "体育报告"}},
	}
	f.rows[registers.Superior] = []registers.Row{{Key: "3", Values: map[string]string{"subject": "czj/tzgg", "indicator": "fresh", "text": secretName}}}
	f.writes = 0
	return f
}

// into gives a console the office.
func (f *fakeOffice) into(cfg *Config) {
	cfg.Board, cfg.Findings, cfg.Papers, cfg.Notices, cfg.Registers = f.board, f, f, f, f
}

// secretRef is the finding of 市财政局.
func secretRef() string { return rules.FindingID("czj/tzgg", "fresh") + "/2023Q3" }

// A desk is a console over a fake office, and somebody in front of it.
type desk struct {
	*fakeOffice
	t       testing.TB
	console *Console
	asks    people.User
	now     time.Time
	noted   []string
	full    bool // the log cannot be written to
}

func (d *desk) User(*http.Request) people.User { return d.asks }

func (d *desk) Note(by people.Actor, what, on, _ string) error {
	if d.full {
		return errors.New("no space left on device")
	}
	d.noted = append(d.noted, by.Name+" "+what+" "+on)
	return nil
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{fakeOffice: newOffice(), t: t, now: noon}
	cfg := Config{
		Gate: d, Audit: d, Now: func() time.Time { return d.now }, Log: slog.New(slog.DiscardHandler), Office: "某市人民政府办公室",
		Mask: func(s string) string { return strings.ReplaceAll(s, "13812345678", "138******78") },
	}
	d.into(&cfg)
	var err error
	d.console, err = New(cfg)
	check(t, err)
	return d
}

// The people of these tests.
var (
	aHandler  = people.User{Name: "wang", FullName: "王敏", Roles: []people.Role{people.Handler}}
	aReviewer = people.User{Name: "li", FullName: "李强", Roles: []people.Role{people.Reviewer}}
	aSigner   = people.User{Name: "zhou", FullName: "周涛", Roles: []people.Role{people.Signer}}
	aViewer   = people.User{Name: "wu", FullName: "吴主任", Roles: []people.Role{people.Viewer}}
	aClerkOf  = func(unit string) people.User {
		return people.User{Name: "clerk-" + unit, FullName: "联络员" + unit, Roles: []people.Role{people.Clerk}, Unit: unit}
	}
)

func (d *desk) get(u people.User, path string) *httptest.ResponseRecorder {
	return d.serve(u, httptest.NewRequest("GET", path, nil))
}

func (d *desk) serve(u people.User, r *http.Request) *httptest.ResponseRecorder {
	d.asks = u
	r.Header.Set("Accept-Language", "zh-CN")
	w := httptest.NewRecorder()
	d.console.Handler().ServeHTTP(w, r)
	return w
}

// send sends a form: name, value; @name, file name, bytes.
func (d *desk) send(u people.User, path string, pairs ...string) *httptest.ResponseRecorder {
	d.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(pairs); i += 2 {
		if field, ok := strings.CutPrefix(pairs[i], "@"); ok {
			part, err := form.CreateFormFile(field, pairs[i+1])
			check(d.t, err)
			_, err = io.WriteString(part, pairs[i+2])
			check(d.t, err)
			i++
			continue
		}
		check(d.t, form.WriteField(pairs[i], pairs[i+1]))
	}
	check(d.t, form.Close())
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return d.serve(u, r)
}

// wants holds an answer against a status and what it must say.
func wants(t testing.TB, w *httptest.ResponseRecorder, status int, says ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("answered with %d, want %d: %.600s", w.Code, status, mainOf(w))
	}
	for _, want := range says {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("does not say %q: %.2000s", want, mainOf(w))
		}
	}
}

// mainOf is what a page says below its navigation.
func mainOf(w *httptest.ResponseRecorder) string {
	_, text, found := strings.Cut(w.Body.String(), "<main")
	if !found {
		return w.Body.String()
	}
	return text
}

// What is 仅内部, and what is another unit's, is nowhere told to a unit or a county.
func TestUnitsSeeTheirOwnAndNothingInternal(t *testing.T) {
	d := newDesk(t)
	enter := func(subject, indicator, text, publicity string) {
		_, err := d.Enter(cases.Event{At: d.now, By: cases.Person{Name: "王敏", Role: cases.Handler}}, nil,
			Seen{Subject: subject, Indicator: indicator, Period: "2023Q3", Text: text, Source: cases.ByHand, Publicity: publicity})
		check(t, err)
	}
	enter("czj", "secret", "机密调查", cases.Internal)
	enter("tyj", "own", "体育问题", cases.Named)
	enter("pdx", "own", "县里问题", cases.Named)
	county := people.User{Name: "sup", FullName: "县主管", Roles: []people.Role{people.Supervisor}, Unit: "pd"}
	internal := "/findings/" + rules.FindingID("czj", "secret") + "/2023Q3"
	pages := []string{"/findings", "/findings?q=问题", "/findings?format=csv", "/slips?period=2023Q3", "/slips/czj?period=2023Q3", "/findings/" + secretRef(), internal, internal + "/history?format=csv", "/registers", "/registers/reports", "/registers/reports?format=csv", "/registers/superior", "/notices", "/notices/preview", "/notices/draft/notice.html"}
	for _, tt := range []struct {
		user  people.User
		never []string
		sees  string
	}{
		{aClerkOf("czj"), []string{"机密调查", "体育问题", "县里问题", "体育报告"}, secretName},
		{aClerkOf("tyj"), []string{"机密调查", secretName, "县里问题"}, "体育问题"},
		{county, []string{"机密调查", secretName, "体育问题", "体育报告"}, "县里问题"},
	} {
		saw := false
		for _, path := range pages {
			body := d.get(tt.user, path).Body.String()
			for _, never := range tt.never {
				if strings.Contains(body, never) {
					t.Errorf("%s tells %s %q", path, tt.user.Name, never)
				}
			}
			saw = saw || strings.Contains(body, tt.sees)
		}
		if !saw {
			t.Errorf("%s never sees %q, which is theirs", tt.user.Name, tt.sees)
		}
	}
	wants(t, d.get(aClerkOf("czj"), internal), http.StatusNotFound, "没有这个问题")
	wants(t, d.get(aViewer, internal), http.StatusOK, "机密调查")
	// Nor does it stand in a 核实单 of theirs.
	check(t, d.change([]cases.Event{{Case: rules.FindingID("czj", "secret"), Period: "2023Q3", Kind: cases.Verify, At: d.now, By: cases.Person{Name: "王敏", Role: cases.Handler}, Due: d.now.AddDate(0, 0, 2)}}, nil))
	for _, path := range []string{"/slips/czj?period=2023Q3", "/slips/czj/slip.docx?period=2023Q3"} {
		if body := d.get(aClerkOf("czj"), path).Body.String(); strings.Contains(body, "机密调查") || !strings.Contains(body, secretName) {
			t.Errorf("%s: %.300s", path, body)
		}
	}
}

// What the office remarks is not for units, nor are its papers; what units remark is
// for both.
func TestRemarksOfTheOfficeAreItsOwn(t *testing.T) {
	d := newDesk(t)
	path := "/findings/" + secretRef()
	wants(t, d.send(aHandler, "/findings/do/note", "of", secretRef(), "note", "内部研判意见", "@files", "内部.txt", "内部材料"), http.StatusSeeOther)
	wants(t, d.send(aClerkOf("czj"), "/findings/do/note", "of", secretRef(), "note", "我们的说明"), http.StatusSeeOther)
	wants(t, d.get(aViewer, path), http.StatusOK, "内部研判意见", "我们的说明")
	clerk := d.get(aClerkOf("czj"), path)
	wants(t, clerk, http.StatusOK, "我们的说明")
	if strings.Contains(clerk.Body.String(), "内部研判意见") || strings.Contains(clerk.Body.String(), "内部.txt") {
		t.Error("a unit sees a remark of the office")
	}
	paper := path + "/papers/" + cases.Attach("x", []byte("内部材料")).SHA256
	wants(t, d.send(aClerkOf("czj"), paper), http.StatusNotFound, "没有这个附件")
	if w := d.send(aViewer, paper); w.Body.String() != "内部材料" || w.Header().Get("Content-Type") != "application/octet-stream" || w.Header().Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment;") {
		t.Errorf("the paper: %v %s", w.Header(), w.Body)
	}
	if !slices.Contains(d.noted, "wu paper.download "+rules.FindingID("czj/tzgg", "fresh")) {
		t.Errorf("the log: %q", d.noted)
	}
}

// Numbers of persons are covered everywhere, and shown only to the office, once that
// is in the log.
func TestPersonalDataIsCovered(t *testing.T) {
	d := newDesk(t)
	const number = "13812345678"
	refs, err := d.Enter(cases.Event{At: d.now, By: cases.Person{Name: "王敏", Role: cases.Handler}, Note: "电话" + number}, nil,
		Seen{Subject: "czj", Indicator: "privacy", Period: "2023Q3", Text: "公开了" + number, Source: cases.ByHand})
	check(t, err)
	d.rows[registers.Messages] = []registers.Row{{Key: "1", Values: map[string]string{"unit": "czj", "received": "2023-09-01", "text": "联系" + number}}}
	path := refs[0].path()
	for _, u := range []people.User{aHandler, aViewer, aClerkOf("czj")} {
		for _, page := range []string{"/findings", "/findings?format=csv", path, path + "/history?format=csv", "/registers/messages", "/registers/messages?format=csv", "/?x"} {
			if strings.Contains(d.get(u, page).Body.String(), number) {
				t.Errorf("%s shows a number to %s", page, u.Name)
			}
		}
	}
	wants(t, d.get(aHandler, path), http.StatusOK, "138******78", "显示被遮盖的原文")
	wants(t, d.send(aClerkOf("czj"), path+"/reveal"), http.StatusForbidden)
	d.full = true
	if w := d.send(aHandler, path+"/reveal"); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), number) {
		t.Errorf("shown though it could not be logged: %d", w.Code)
	}
	d.full = false
	wants(t, d.send(aHandler, path+"/reveal"), http.StatusOK, number, "已记入日志")
	wants(t, d.send(aHandler, "/registers/messages/reveal"), http.StatusOK, number)
	if len(d.noted) != 2 {
		t.Errorf("the log: %q", d.noted)
	}
}

// Several findings are dealt with together, or none of them.
func TestSeveralAtOnceOrNone(t *testing.T) {
	d := newDesk(t)
	refs, err := d.Enter(cases.Event{At: d.now, By: cases.Person{Name: "王敏", Role: cases.Handler}}, nil,
		Seen{Subject: "tyj", Indicator: "a", Period: "2023Q3", Text: "一"}, Seen{Subject: "tyj", Indicator: "b", Period: "2023Q3", Text: "二"})
	check(t, err)
	state := func(r Ref) cases.State { return d.board().Book.Occurrence(r.Case, r.Period).State }
	w := d.send(aHandler, "/findings/do/confirm", "of", refs[0].String(), "of", refs[1].String(), "of", secretRef())
	wants(t, w, http.StatusConflict, "单位可在")
	if state(refs[0]) != cases.Suspected {
		t.Error("one of them was confirmed all the same")
	}
	wants(t, d.send(aHandler, "/findings/do/confirm", "of", refs[0].String(), "of", refs[1].String(), "of", refs[1].String()), http.StatusSeeOther)
	if state(refs[0]) != cases.Confirmed || state(refs[1]) != cases.Confirmed {
		t.Error("they were not confirmed")
	}
	wants(t, d.send(aHandler, "/findings/do/confirm"), http.StatusBadRequest, "没有选择问题")
	wants(t, d.send(aHandler, "/findings/do/reject", "of", refs[0].String(), "of", refs[1].String(), "note", "x"), http.StatusBadRequest, "须逐个办理")
	wants(t, d.send(aClerkOf("czj"), "/findings/do/accept", "of", refs[0].String()), http.StatusNotFound)
	wants(t, d.send(aHandler, "/findings/do/explode", "of", refs[0].String()), http.StatusMethodNotAllowed)
	if w := d.send(aHandler, "/findings/do/urge", "of", secretRef(), "back", "//evil.example/x"); w.Header().Get("Location") != "/" {
		t.Errorf("sent on to %s", w.Header().Get("Location"))
	}
}

// What is refused stays in the form, with the sentence above it.
func TestARefusedFormKeepsWhatWasTyped(t *testing.T) {
	d := newDesk(t)
	back := "/findings/" + secretRef()
	w := d.send(aClerkOf("czj"), "/findings/do/reply", "of", secretRef(), "back", back, "answer", "不属实", "note", " ")
	wants(t, w, http.StatusConflict, `role="alert">答复不属实须附证明材料或说明`, `<details name="deed" open>`)
	w = d.send(aHandler, "/findings/new", "subject", "tyj", "indicator", "x", "period", "第三季度", "text", "写了很久的<b>描述</b>", "source", "人工核查")
	wants(t, w, http.StatusBadRequest, "检查期请写成 2023Q3", "写了很久的&lt;b&gt;描述&lt;/b&gt;</textarea>")
	wants(t, d.send(aHandler, "/findings/new", "subject", "tyj", "indicator", "x", "period", "2023Q3", "text", "好", "source", "巡查"), http.StatusBadRequest, "问题来源须为")
	wants(t, d.send(aHandler, "/findings/new", "subject", "tyj", "indicator", "x", "period", "2023Q3", "text", "好", "source", "网民反映", "on", "2023-13-40"), http.StatusBadRequest, "不是日期")
}

// Uploads are bounded, must be papers, and are refused whole.
func TestHostile_UploadsAreBounded(t *testing.T) {
	d := newDesk(t)
	do := func(files ...string) *httptest.ResponseRecorder {
		return d.send(aClerkOf("czj"), "/findings/do/reply", append([]string{"of", secretRef(), "answer", "属实"}, files...)...)
	}
	big := strings.Repeat("x", maxPaper+1)
	var many []string
	for range maxPapers + 1 {
		many = append(many, "@files", "a.txt", "x")
	}
	for _, tt := range []struct {
		name   string
		files  []string
		status int
		says   string
	}{
		{"one too large", []string{"@files", "a.pdf", big}, 413, "超过 10 MB"},
		{"too large together", []string{"@files", "a.pdf", big[:maxPaper], "@files", "b.pdf", big[:maxPaper], "@files", "c.pdf", big[:maxPaper]}, 413, "超过 20 MB"},
		{"a program", []string{"@files", "a.pdf", "MZ\x90\x00"}, 415, "不是可收的文件"},
		{"a page that calls itself a picture", []string{"@files", "a.png", "<!DOCTYPE html><script>alert(1)</script>"}, 415, "不是可收的文件"},
		{"a script by its name", []string{"@files", "a.svg", "x"}, 415, "不是可收的文件"},
		{"an empty file", []string{"@files", "a.pdf", ""}, 400, "空文件"},
		{"too many", many, 400, "附件最多 10 个"},
		{"a text that is too long", []string{"note", strings.Repeat("x", maxValue+1)}, 413, "太长"},
		{"a text that is none", []string{"note", "a\x00b"}, 400, "无法识别的字符"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wants(t, do(tt.files...), tt.status, tt.says)
		})
	}
	if d.writes != 0 {
		t.Errorf("%d were taken all the same", d.writes)
	}
	for given, want := range map[string]string{
		`..\..\etc\报告.pdf`: "报告.pdf", "/etc/x.pdf": "x.pdf", "a\r\nSet-Cookie: x.pdf": "aSet-Cookie: x.pdf", "\u202efdp.exe.pdf": "fdp.exe.pdf",
		strings.Repeat("长", 300) + ".pdf": strings.Repeat("长", 96) + ".pdf", "..": "", "/": "",
	} {
		if got := fileName(given); got != want {
			t.Errorf("fileName(%q) = %q, want %q", given, got, want)
		}
	}
	wants(t, do("@files", "证明\"; x=\".pdf", "%PDF-1.4"), http.StatusSeeOther)
}

// Whatever stands in a finding or in a list is text on every page.
func TestHostile_TextsAreTexts(t *testing.T) {
	d := newDesk(t)
	const canary = `<script>alert(1)</script><img src=x onerror=alert(1)>"'`
	refs, err := d.Enter(cases.Event{At: d.now, By: cases.Person{Name: "王敏", Role: cases.Handler}, Note: canary, Attachments: []cases.Attachment{cases.Attach(canary, nil)}}, [][]byte{nil},
		Seen{Subject: "czj", Indicator: canary, Period: "2023Q3", Text: canary, Source: cases.ByHand})
	check(t, err)
	check(t, d.change([]cases.Event{{Case: refs[0].Case, Period: "2023Q3", Kind: cases.Verify, At: d.now, By: cases.Person{Name: canary, Role: cases.Handler}, Due: d.now.AddDate(0, 0, 2), Note: "javascript:alert(1)"}}, nil))
	d.rows[registers.Words] = []registers.Row{{Key: "1", Values: map[string]string{"unit": "czj", "word": canary, "page": "javascript:alert(1)"}}}
	d.kept = []KeptNotice{{Number: 1, By: canary, Totals: canary, Files: []KeptFile{{canary, canary, 1}}}}
	for _, page := range []string{"/findings", refs[0].path(), "/slips?period=2023Q3", "/slips/czj?period=2023Q3", "/registers", "/registers/words", "/notices", "/findings/new?subject=" + "%3Cscript%3Ealert(1)%3C/script%3E"} {
		for _, u := range []people.User{aHandler, aClerkOf("czj")} {
			body := d.get(u, page).Body.String()
			if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") || strings.Contains(body, `href="javascript:`) {
				t.Errorf("%s shows %s markup", page, u.Name)
			}
		}
	}
	w := d.send(aHandler, "/notices/verify", "@file", "a<script>alert(1)</script>.html", "<html>")
	wants(t, w, http.StatusOK, "&lt;b&gt;b&lt;/b&gt;")
	if strings.Contains(w.Body.String(), "<script>alert") {
		t.Error("the name of a file is markup")
	}
}

// A list is checked, then taken in by whoever had it checked; nothing is written
// before.
func TestListsAreCheckedBeforeTheyAreTakenIn(t *testing.T) {
	d := newDesk(t)
	csv := "检查期,单位,报送期限\n2023Q3,平定县,2023-10-20\n"
	wrong := "检查期,单位,报送期限\n第三季,市体育局,2023-10-20\n2023Q3,没有的局,昨天\n"
	token := func(w *httptest.ResponseRecorder) string {
		_, rest, _ := strings.Cut(w.Body.String(), `name="token" value="`)
		value, _, _ := strings.Cut(rest, `"`)
		return value
	}
	wants(t, d.send(aClerkOf("czj"), "/registers/reports/check", "@file", "a.csv", csv), http.StatusForbidden)
	w := d.send(aHandler, "/registers/reports/check", "@file", "a.csv", wrong)
	wants(t, w, http.StatusUnprocessableEntity, "没有写入任何内容", "A2", "B3", "没有的局")
	wants(t, d.send(aHandler, "/registers/reports/check", "@file", "a.xlsx", "PK\x03\x04 no"), http.StatusUnprocessableEntity, `role="alert"`)
	wants(t, d.send(aHandler, "/registers/reports/check"), http.StatusBadRequest, "请选择一个文件")
	wants(t, d.send(aHandler, "/registers/nonsense/check", "@file", "a.csv", csv), http.StatusNotFound)
	w = d.send(aHandler, "/registers/reports/check", "@file", "a.csv", csv)
	wants(t, w, http.StatusOK, "可以导入", "还没有写入")
	if d.writes != 0 || token(w) == "" {
		t.Fatalf("%d written, token %q", d.writes, token(w))
	}
	for _, other := range []people.User{aReviewer} {
		wants(t, d.send(other, "/registers/reports/import", "token", token(w)), http.StatusConflict, "请重新上传")
	}
	wants(t, d.send(aHandler, "/registers/messages/import", "token", token(w)), http.StatusConflict)
	wants(t, d.send(aHandler, "/registers/reports/import", "token", token(w)), http.StatusSeeOther)
	wants(t, d.send(aHandler, "/registers/reports/import", "token", token(w)), http.StatusConflict) // once
	if len(d.rows[registers.Reports]) != 3 || !slices.Contains(d.noted, "wang register.import reports") {
		t.Errorf("rows %v, log %q", d.rows[registers.Reports], d.noted)
	}
	w = d.send(aHandler, "/registers/reports/check", "@file", "b.csv", csv)
	d.now = d.now.Add(2 * waitsFor)
	wants(t, d.send(aHandler, "/registers/reports/import", "token", token(w)), http.StatusConflict)
	// What waits is bounded.
	for range 10 {
		d.console.waiting.put("wang", registers.Words, file{"x", make([]byte, waitSize/4)}, false, d.now)
		d.console.waiting.put("li", registers.Words, file{"x", make([]byte, waitSize/3)}, false, d.now)
	}
	size := 0
	for _, l := range d.console.waiting.lists {
		size += len(l.data)
	}
	if size > waitSize {
		t.Errorf("%d bytes wait", size)
	}
}

// Drafts are the office's, final notices the signers', and what keeps one from being
// made is said by name and leads there.
func TestNoticesAreMadeByWhoMay(t *testing.T) {
	d := newDesk(t)
	wants(t, d.get(aSigner, "/notices"), http.StatusOK, "定稿还差", `href="/findings/`+secretRef()+`"`, "财政专名", "disabled")
	wants(t, d.get(aClerkOf("czj"), "/notices"), http.StatusForbidden, "不在您的范围内")
	w := d.get(aViewer, "/notices/preview?period=2023Q3")
	wants(t, w, http.StatusOK)
	if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "sandbox;") || strings.Contains(csp, "script-src") {
		t.Errorf("the preview may do too much: %s", csp)
	}
	wants(t, d.get(aViewer, "/notices?period=2023Q3"), http.StatusOK, `<iframe src="/notices/preview?period=2023Q3`)
	slow := d.get(aViewer, "/notices?period=2023Q3&number=slow")
	wants(t, slow, http.StatusOK, "正在生成预览", `hx-get="/notices?period=2023Q3&amp;number=slow`, `hx-select="#draft"`, `<noscript><iframe`)
	wants(t, d.send(aViewer, "/notices/draft", "period", "2023Q3"), http.StatusForbidden)
	wants(t, d.send(aHandler, "/notices/draft", "period", "2023Q3"), http.StatusSeeOther)
	for _, u := range []people.User{aHandler, aReviewer} {
		wants(t, d.send(u, "/notices/final", "period", "2023Q3", "date", "2023-10-11"), http.StatusForbidden, noRight)
	}
	wants(t, d.send(aSigner, "/notices/final", "period", "2023Q3", "date", "2023-10-11"), http.StatusConflict, "尚未核定")
	check(t, d.change([]cases.Event{{Case: rules.FindingID("czj/tzgg", "fresh"), Period: "2023Q3", Kind: cases.Reject, At: d.now, By: cases.Person{Name: "王敏", Role: cases.Handler}, Note: "已更新"}}, nil))
	wants(t, d.send(aSigner, "/notices/final", "period", "2023Q3"), http.StatusConflict, "须有成文日期")
	wants(t, d.send(aSigner, "/notices/final", "period", "2023Q3", "date", "2023-10-11"), http.StatusSeeOther)
	page := d.get(aViewer, "/notices?period=2023Q3")
	wants(t, page, http.StatusOK, "定稿", "周涛（签发）", cases.Attach("x", []byte("PK")).SHA256)
	wants(t, d.get(aViewer, "/notices/made/2/all.zip"), http.StatusOK)
	wants(t, d.get(aViewer, "/notices/made/9/notice.docx"), http.StatusNotFound, "没有这个文件")
	wants(t, d.get(aClerkOf("czj"), "/notices/made/2/notice.docx"), http.StatusForbidden)
	wants(t, d.get(aHandler, "/notices/paper/order?period=2023Q3"), http.StatusConflict, "没有需要此文书的问题")
	wants(t, d.get(aHandler, "/notices/paper/brief?period=2023Q3"), http.StatusOK)
	wants(t, d.get(aHandler, "/notices/paper/letter"), http.StatusNotFound)
	for _, query := range []string{"period=x", "point=yesterday", "template=../x", "date=10.11.", "number=" + strings.Repeat("x", 100)} {
		if w := d.get(aHandler, "/notices?"+query); w.Code != http.StatusBadRequest {
			t.Errorf("%s: answered with %d", query, w.Code)
		}
	}
	// The point is that of the findings, unless another is asked for.
	if got := d.orders[0].Point; !got.Equal(noon.AddDate(0, 0, -1)) {
		t.Errorf("the point is %v", got)
	}
}

// Hand checks: a draw can be repeated, a list is filled in, and problems are entered.
func TestHandChecks(t *testing.T) {
	d := newDesk(t)
	address := "/findings/draw?of=sites&share=50&seed=1&period=2023Q3"
	first, second := d.get(aHandler, address), d.get(aHandler, address)
	wants(t, first, http.StatusOK, "3 个对象中抽取", "/findings/check?subject=")
	if first.Body.String() != second.Body.String() {
		t.Error("the same address draws another")
	}
	for _, bad := range []string{"of=people&share=5&seed=1&period=2023Q3", "of=sites&share=0&seed=1&period=2023Q3", "of=sites&share=NaN&seed=1&period=2023Q3", "of=sites&share=101&seed=1&period=2023Q3", "of=sites&share=5&seed=&period=2023Q3", "of=sites&share=5&seed=1&period="} {
		if w := d.get(aHandler, "/findings/draw?"+bad); w.Code != http.StatusBadRequest {
			t.Errorf("%s: answered with %d", bad, w.Code)
		}
	}
	wants(t, d.get(aHandler, address+"&format=txt"), http.StatusOK, "抽查记录")
	form := []string{"subject", "tyj", "period", "2023Q3", "back", address}
	wants(t, d.send(aHandler, "/findings/check", form...), http.StatusBadRequest, "还没有填写检查结果")
	wants(t, d.send(aHandler, "/findings/check", append(form, "mark-hand", "正常")...), http.StatusSeeOther)
	if d.writes != 0 {
		t.Error("what is fine was entered")
	}
	w := d.send(aHandler, "/findings/check", append(form, "mark-hand", "有问题", "text-hand", "留言三个月未答复")...)
	wants(t, w, http.StatusSeeOther)
	if w.Header().Get("Location") != address {
		t.Errorf("sent on to %s", w.Header().Get("Location"))
	}
	wants(t, d.get(aHandler, "/findings?source=人工核查"), http.StatusOK, "留言三个月未答复")
	wants(t, d.send(aHandler, "/findings/sheet", "@file", "a.csv", "x"), http.StatusConflict, "这不是检查单")
}

// Filters, sorts and flags of the list are in its address, and each number leads to
// as many rows.
func TestTheListOfFindings(t *testing.T) {
	d := newDesk(t)
	_, err := d.Enter(cases.Event{At: d.now, By: cases.Person{Name: "王敏", Role: cases.Handler}}, nil,
		Seen{Subject: "tyj", Indicator: "a", Period: "2023Q2", Text: "二季度", Source: cases.ByCitizens}, Seen{Subject: "pdx", Indicator: "a", Period: "2023Q3", Text: "三季度"})
	check(t, err)
	d.now = noon.AddDate(0, 0, 5)
	for query, want := range map[string]int{
		"": 3, "period=2023Q3": 2, "state=核实": 1, "state=疑似": 2, "unit=tyj": 1, "source=网民反映": 1, "overdue=1": 1, "pending=1": 0, "objection=1": 0, "open=1": 0,
		"q=三季度": 1, "q=体育": 1, "publicity=点名": 3, "indicator=a": 2, "unit=tyj&state=核实": 0, "sort=-period": 3, "sort=due": 3, "sort=-repeats": 3, "size=1&page=3": 1,
	} {
		doc := readPage(t, d.as(aHandler), "/findings?"+query)
		if got := doc.Find("#list tbody tr").Length(); got != want {
			t.Errorf("%s: %d rows, want %d", query, got, want)
		}
	}
	for _, bad := range []string{"state=x", "unit=nowhere", "period=1999Q9", "sort=secret", "format=exe", "overdue=yes", "page=0"} {
		if w := d.get(aHandler, "/findings?"+bad); w.Code != http.StatusBadRequest {
			t.Errorf("%s: answered with %d", bad, w.Code)
		}
	}
	if csv := d.get(aHandler, "/findings?period=2023Q3&format=csv").Body.String(); strings.Count(csv, "\n") != 3 || !strings.Contains(csv, "编号,检查期,状态") {
		t.Errorf("the export: %s", csv)
	}
	if w := d.get(aHandler, "/findings/"+rules.FindingID("czj/tzgg", "fresh")); w.Header().Get("Location") != "/findings/"+secretRef() {
		t.Errorf("a finding without its period leads to %s", w.Header().Get("Location"))
	}
}

// as is the console as somebody sees it.
func (d *desk) as(u people.User) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.asks = u
		r.Header.Set("Accept-Language", "zh-CN")
		d.console.Handler().ServeHTTP(w, r)
	})
}

// Looking changes nothing: no page that is asked for by GET does anything.
func TestHostile_LookingDoesNothing(t *testing.T) {
	d := newDesk(t)
	all := people.User{Name: "x", FullName: "某人", Roles: people.Roles()}
	before := d.board().Book.Head()
	for _, r := range Routes() {
		path := strings.NewReplacer("{id}", rules.FindingID("czj/tzgg", "fresh"), "{period}", "2023Q3", "{unit}", "czj", "{kind}", "reports", "{file}", "notice.docx", "{number}", "1", "{$}", "").Replace(r.Path)
		for _, query := range []string{"", "?of=" + secretRef() + "&note=x&answer=属实&period=2023Q3&date=2023-10-11&token=x"} {
			d.get(all, path+query)
		}
	}
	if d.board().Book.Head() != before || d.writes != 0 || len(d.noted) != 0 {
		t.Errorf("%d written, head %+v, log %q", d.writes, d.board().Book.Head(), d.noted)
	}
}

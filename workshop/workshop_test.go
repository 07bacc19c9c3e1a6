package workshop

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"xuncha/extract"
	"xuncha/inventory"
)

var seenAt = time.Date(2023, 9, 27, 1, 30, 0, 0, extract.Beijing)

// files are a city with a profile and three columns.
var files = map[string]string{
	"city.yaml":    "name: 某市\noffice: 某市人民政府办公室\nrule_set: test\ncrawl: {user_agent: \"Xuncha/1.0 (+https://xuncha.example/bot)\"}\n",
	"units.yaml":   "- {id: tyj, name: 市体育局, full_name: 某市体育局, level: city}\n",
	"cms/old.yaml": "name: 旧平台\nlist: {list: ul.old, item: li, date: em, next: \"index_{n-1}.html\"}\n",
	"sites/tyj.yaml": "# 体育局\nunit: tyj\nname: 某市体育局\ncode: \"1403000012\"\nhome: http://tyj.yq.gov.cn/\ncms: old\ncolumns:\n" +
		"  - name: 通知公告 # stays\n    class: 通知公告\n    url: /tzgg/\n  - name: 新闻\n    class: 动态要闻\n    url: /xw/\n    item: p # of its own\n",
	"sites/tyjc.yaml": "unit: tyj\nname: 又一\ncode: \"1403000013\"\nhome: http://c.yq.gov.cn/\ncms: old\ncolumns:\n  - name: 动态\n    class: 动态要闻\n    url: /dt/\n",
}

// bench opens a city of its own.
func bench(t testing.TB, folder string) *Bench {
	t.Helper()
	dir, shared := os.DirFS(folder), fstest.MapFS{"rulesets/test.yaml": {Data: []byte("id: test\nname: 测试\nindicators: []\n")}}
	read, err := inventory.ReadFiles(dir, shared)
	if err != nil {
		t.Fatal(err)
	}
	parse := func(f []inventory.File) (*inventory.City, error) { return inventory.Parse(f) }
	city, err := parse(read)
	if err != nil {
		t.Fatal(err)
	}
	return &Bench{City: city, Dir: dir, Shared: shared, Folder: folder, Parse: parse}
}

func newFolder(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		write(t, folder, name, text)
	}
	return folder
}

func write(t testing.TB, folder, name, text string) {
	t.Helper()
	file := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
}

// page is a list in new clothes.
func page(url string, rows int) []extract.Page {
	var b strings.Builder
	b.WriteString(`<html><body><div class="new"><ul>`)
	for i := range rows {
		fmt.Fprintf(&b, `<li class="r"><a href="/a/%d.html">关于第%d项工作的通知全文</a><i>2023-09-%02d</i></li>`, i, i, 20-i)
	}
	b.WriteString(`</ul></div></body></html>`)
	return []extract.Page{{Asked: url, URL: url, Why: extract.WhyList, Status: 200, FetchedAt: seenAt, Body: []byte(b.String())}}
}

var fresh = extract.Recipe{List: "div.new", Item: "li.r", Date: "i"}

func TestTryReadsWhatWouldBeInForce(t *testing.T) {
	b := bench(t, newFolder(t))
	s, ok := b.Subject("tyj/tzgg", seenAt)
	if !ok {
		t.Fatal("no subject")
	}
	r, wants, err := b.Try(s, fresh, page(s.Task.URLs[0], 8))
	if err != nil || len(wants) > 0 || len(r.Items) != 8 || r.Newest.Day().Day() != 20 {
		t.Errorf("%v %v, %d items, newest %s", err, wants, len(r.Items), r.Newest.Time)
	}
	if force, err := b.InForce("tyj/tzgg", fresh); err != nil || force.Next != "index_{n-1}.html" || force.Title != "" {
		t.Errorf("in force is %+v, %v", force, err)
	}
	if _, _, err := b.Try(s, extract.Recipe{Item: "li["}, nil); err == nil {
		t.Error("a selector that is none is tried")
	}
	if _, err := b.InForce("nowhere", fresh); err == nil {
		t.Error("a column that is none has a recipe")
	}
	if open := (extract.Recipe{List: "div.new", Item: "li"}); true {
		if _, err := b.InForce("tyj/tzgg", open); err == nil || !strings.Contains(err.Error(), "sets date") {
			t.Errorf("the profile's date stays in force unseen: %v", err)
		}
	}
}

func TestEffectsSayWhatARecipeWouldDo(t *testing.T) {
	b := bench(t, newFolder(t))
	var all []Neighbour
	for _, id := range []string{"tyj/tzgg", "tyj/xw", "tyjc/dt"} {
		s, _ := b.Subject(id, seenAt)
		all = append(all, Neighbour{Subject: s, Pages: page(s.Task.URLs[0], 8)})
	}
	all[1].Pages[0].Body = []byte(`<ul class="old"><p><a href="/1.html">关于某事的通知全文</a><em>2023-09-01</em></p></ul>`)
	all[2].Pages[0].Body = []byte(`<ul class="old"><li><a href="/1.html">关于某事的通知全文</a><em>2023-09-01</em></li></ul><div class="new"><li class="r"><a href="/2.html">关于别事的通知全文</a><i>2023-09-11</i></li></div>`)
	want := []EffectKind{Mended, Unfit, Differs}
	for i, e := range b.Effects(t.Context(), fresh, all) {
		if e.Kind != want[i] {
			t.Errorf("%s: %s, want %s (%s, %s)", e.ID, e.Kind, want[i], e.Before.Outcome, e.After.Outcome)
		}
	}
	s, _ := b.Subject("tyjc/dt", seenAt)
	same := []Neighbour{{Subject: s, Pages: page(s.Task.URLs[0], 3)}}
	same[0].Pages[0].Body = []byte(`<div class="new"><ul class="old"><li class="r"><a href="/1.html">关于某事的通知全文</a><em><i>2023-09-01</i></em></li></ul></div>`)
	if e := b.Effects(t.Context(), fresh, same); e[0].Kind != Same {
		t.Errorf("got %s, want the same", e[0].Kind)
	}
}

// tree is every file of a folder with its bytes.
func tree(t testing.TB, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		all[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// saved writes the recipe into columns with a sample, as the console does.
func saved(t testing.TB, b *Bench, ids ...string) Change {
	t.Helper()
	d, err := b.Draft(fresh, ids...)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := d.Subject(ids[0], seenAt)
	seen := Seen{At: seenAt, Pages: page(s.Task.URLs[0], 8)}
	seen.Reading, _ = extract.Read(s.Task, seen.Pages)
	if err := d.Agrees(seen.Reading, seen.Reading.Newest); err != nil {
		t.Fatal(err)
	}
	own, others, err := d.Obsolete()
	if err != nil || len(others) > 0 {
		t.Fatal(others, err)
	}
	var gone []inventory.Sample
	for _, r := range own {
		gone = append(gone, r.Sample)
	}
	samples, err := b.Capture(s, "", seen, gone)
	if err != nil {
		t.Fatal(err)
	}
	c, err := d.Write(gone, samples)
	if err != nil {
		t.Fatal(err)
	}
	return c.With(samples)
}

func TestWhatWasWrittenIsTakenBackWhole(t *testing.T) {
	folder := newFolder(t)
	write(t, folder, "samples/tyj/tzgg/old.1.html", `<ul class="old"><li><a href="/1.html">关于旧事的通知全文</a><em>2023-05-01</em></li></ul>`)
	write(t, folder, "samples/tyj/tzgg/old.yaml", "subject: tyj/tzgg\nfetched_at: 2023-05-02T01:00:00+08:00\npages:\n  - url: http://tyj.yq.gov.cn/tzgg/\n    content_type: text/html; charset=utf-8\n    file: old.1.html\nexpect:\n  outcome: dated\n  newest: 2023-05-01\n")
	before := tree(t, folder)
	c := saved(t, bench(t, folder), "tyj/tzgg", "tyj/xw", "tyjc/dt")
	after := tree(t, folder)
	text := after[filepath.Join(folder, "sites", "tyj.yaml")]
	if !strings.Contains(text, "# 体育局\n") || !strings.Contains(text, "# stays\n") || !strings.Contains(text, "# of its own\n") || strings.Count(text, "list: div.new") != 2 {
		t.Errorf("written:\n%s", text)
	}
	if _, ok := after[filepath.Join(folder, "samples", "tyj", "tzgg", "old.yaml")]; ok {
		t.Error("the sample of the page before is left")
	}
	if info, err := os.Stat(filepath.Join(folder, "sites", "tyj.yaml")); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the file's mode became %v, %v", info.Mode(), err)
	}
	back, err := bench(t, folder).Undo(c)
	if err != nil {
		t.Fatal(err)
	}
	if got := tree(t, folder); fmt.Sprint(got) != fmt.Sprint(before) {
		t.Errorf("taken back to\n%v\nwant\n%v", got, before)
	}
	if _, err := bench(t, folder).Undo(back); err != nil {
		t.Fatal(err)
	}
	if got := tree(t, folder); fmt.Sprint(got) != fmt.Sprint(after) {
		t.Errorf("and again to\n%v\nwant\n%v", got, after)
	}
}

func TestNothingIsWrittenOverWhatOthersWrote(t *testing.T) {
	folder := newFolder(t)
	b := bench(t, folder)
	d, err := b.Draft(fresh, "tyj/tzgg")
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, "sites/tyj.yaml", files["sites/tyj.yaml"]+"# changed\n")
	before := tree(t, folder)
	if _, err := d.Write(nil, nil); !errors.Is(err, ErrMoved) {
		t.Errorf("got %v", err)
	}
	if err := os.Remove(filepath.Join(folder, "sites", "tyj.yaml")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Write(nil, nil); !errors.Is(err, ErrMoved) {
		t.Errorf("of a file that is gone: %v", err)
	}
	write(t, folder, "sites/tyj.yaml", files["sites/tyj.yaml"])
	c := saved(t, bench(t, folder), "tyj/tzgg")
	write(t, folder, "sites/tyj.yaml", files["sites/tyj.yaml"]+"# changed\n")
	if _, err := bench(t, folder).Undo(c); !errors.Is(err, ErrMoved) {
		t.Errorf("undo: %v", err)
	}
	if got := tree(t, folder); got[filepath.Join(folder, "sites", "tyj.yaml")] != before[filepath.Join(folder, "sites", "tyj.yaml")] {
		t.Error("something was written")
	}
	built := bench(t, folder)
	built.Folder = ""
	if d, err = built.Draft(fresh, "tyj/tzgg"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Write(nil, nil); !errors.Is(err, ErrBuiltIn) {
		t.Errorf("built in: %v", err)
	}
	if _, err := b.Draft(fresh, "tyj"); err == nil {
		t.Error("a site takes a recipe of columns")
	}
}

// A change names files of the configuration's folder, and leads nowhere else.
func TestAChangeStaysInItsFolder(t *testing.T) {
	folder := newFolder(t)
	outside := filepath.Join(t.TempDir(), "x")
	b := bench(t, folder)
	for _, name := range []string{"../x", outside, "sites/../../x"} {
		if err := b.write(Change{Files: []FileChange{{Name: name, After: []byte("x")}}}, nil); err == nil {
			t.Errorf("%s was written", name)
		}
		if err := b.Keep([]inventory.File{{Name: name, Data: []byte("x")}}); err == nil {
			t.Errorf("a sample %s was written", name)
		}
	}
}

func TestDisagreementsAreTold(t *testing.T) {
	b := bench(t, newFolder(t))
	d, err := b.Draft(fresh, "tyj/tzgg")
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int) extract.Date {
		return extract.Date{Time: time.Date(2023, 9, n, 0, 0, 0, 0, extract.Beijing)}
	}
	read := extract.Reading{Outcome: extract.Dated, Newest: day(20)}
	for _, tt := range []struct {
		now    extract.Reading
		newest extract.Date
		want   string
	}{
		{read, day(20), ""}, {read, extract.Date{}, ""}, {read, day(21), "reads 2023-09-20 as the newest date, and 2023-09-21"},
		{extract.Reading{Outcome: extract.Unread, Reason: extract.ReasonLost, Detail: "x"}, day(20), "reads nothing: lost x"},
		{extract.Reading{Outcome: extract.Dated}, day(20), "reads 0001-01-01"},
	} {
		err := d.Agrees(tt.now, tt.newest)
		if (err == nil) != (tt.want == "") || err != nil && (!errors.Is(err, ErrDisagrees) || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("got %v, want %q", err, tt.want)
		}
	}
}

// A difference turns the text before into the text after.
func TestDiffIsWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"a", "b", "c", "d"})
		old, now := rapid.SliceOfN(line, 1, 12).Draw(t, "old"), rapid.SliceOfN(line, 1, 12).Draw(t, "now")
		from, diff := Diff([]byte(strings.Join(old, "\n")), []byte(strings.Join(now, "\n")))
		var before, after []string
		for _, l := range diff {
			if l.Mark != '+' {
				before = append(before, l.Text)
			}
			if l.Mark != '-' {
				after = append(after, l.Text)
			}
		}
		rest := old[from-1+len(before):]
		if strings.Join(old[from-1:from-1+len(before)], "\n") != strings.Join(before, "\n") || strings.Join(append(append(old[:from-1:from-1], after...), rest...), "\n") != strings.Join(now, "\n") {
			t.Fatalf("from %d: %v", from, diff)
		}
	})
}

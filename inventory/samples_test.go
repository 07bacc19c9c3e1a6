package inventory_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"xuncha/configs"
	"xuncha/extract"
	"xuncha/inventory"
)

// listPage is a page that the profile of the good configuration reads.
const listPage = `<html><head><meta charset="utf-8"></head><body><ul class="list">
<li><a href="/1.html">关于开展检查的通知</a><em>2023-08-23</em></li>
<li><a href="/2.html">关于放假的通知</a><em>2023-07-02</em></li></ul></body></html>`

// sampleText is a sample of it, with some lines replaced.
func sampleText(changes ...string) string {
	return strings.NewReplacer(changes...).Replace(`subject: mz/mzdt
fetched_at: 2023-09-27T02:00:00+08:00
pages:
  - url: http://mz.example.gov.cn/mzdt/
    file: one.1.html
expect:
  outcome: dated
  newest: 2023-08-23
  newest_title: 关于开展检查的通知
  items: 2
`)
}

// sampled is the good configuration with one sample.
func sampled(t *testing.T, yaml string) fstest.MapFS {
	t.Helper()
	city := overlay(t, "testdata/good")
	city["samples/mz/mzdt/one.yaml"] = text(yaml)
	city["samples/mz/mzdt/one.1.html"] = text(listPage)
	return city
}

// replay reads the samples of a city again.
func replay(t *testing.T, fsys fs.FS) ([]inventory.Replayed, error) {
	t.Helper()
	city, err := load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	samples, err := inventory.ReadSamples(fsys, nil)
	if err != nil {
		return nil, err
	}
	return city.Replay(samples)
}

func TestSampleThatReadsAsExpected(t *testing.T) {
	got, err := replay(t, sampled(t, sampleText()))
	if err != nil || len(got) != 1 || !got[0].OK() {
		t.Fatalf("got %+v, %v, want one sample that holds", got, err)
	}
}

// A change that breaks a sample says which, and where it stands.
func TestChangedRecipeBreaksExactlyItsSample(t *testing.T) {
	city := sampled(t, sampleText())
	city["samples/mz/tzgg/one.yaml"] = text(sampleText("mz/mzdt", "mz/tzgg", "/mzdt/", "/tzgg/index.shtml"))
	page := strings.NewReplacer("<em>", "<span>", "</em>", "</span>").Replace(listPage)
	city["samples/mz/tzgg/one.1.html"] = text(page)
	site := string(city["sites/mz.yaml"].Data)
	if !strings.Contains(site, `date: "span =~`) {
		t.Fatalf("the good configuration changed:\n%s", site)
	}
	city["sites/mz.yaml"] = text(strings.Replace(site, `date: "span =~`, `item: "li:nth-child(2)"`+"\n    "+`date: "span =~`, 1))
	got, err := replay(t, city)
	if err != nil || len(got) != 2 {
		t.Fatalf("got %d samples, %v, want 2", len(got), err)
	}
	if !got[0].OK() {
		t.Errorf("the column that was not touched is broken: %+v", got[0].Broken)
	}
	want := []inventory.Mismatch{
		{Place: "samples/mz/tzgg/one.yaml:8:11", Key: "newest", Want: "2023-08-23", Got: "2023-07-02"},
		{Place: "samples/mz/tzgg/one.yaml:9:17", Key: "newest_title", Want: "关于开展检查的通知", Got: "关于放假的通知"},
		{Place: "samples/mz/tzgg/one.yaml:10:10", Key: "items", Want: "2", Got: "1"},
	}
	if !slices.Equal(got[1].Broken, want) {
		t.Errorf("broken %+v,\nwant %+v", got[1].Broken, want)
	}
}

func TestSampleThatHoldsTooFewPages(t *testing.T) {
	city := sampled(t, sampleText("mz/mzdt", "mx/jyta", "http://mz.example.gov.cn/mzdt/", "https://www.mx.example.gov.cn:8443/jyta/rd/"))
	city["samples/mx/jyta/one.yaml"], city["samples/mx/jyta/one.1.html"] = city["samples/mz/mzdt/one.yaml"], text(listPage)
	delete(city, "samples/mz/mzdt/one.yaml")
	delete(city, "samples/mz/mzdt/one.1.html")
	got, err := replay(t, city)
	if err != nil || len(got) != 1 {
		t.Fatalf("got %+v, %v", got, err)
	}
	want := []extract.Want{{URL: "https://www.mx.example.gov.cn:8443/jyta/zx/", Why: extract.WhyList}}
	if got[0].OK() || !slices.Equal(got[0].Wants, want) {
		t.Errorf("wants %+v, want %+v: the column has a second list", got[0].Wants, want)
	}
}

// What a sample does not expect may change; it is no part of the city.
func TestSamplesAreNoPartOfTheCity(t *testing.T) {
	without, err := load(overlay(t, "testdata/good"))
	if err != nil {
		t.Fatal(err)
	}
	with, err := load(sampled(t, sampleText("  items: 2\n", "")))
	if err != nil {
		t.Fatal(err)
	}
	if without.Digest != with.Digest || len(without.Files) != len(with.Files) {
		t.Error("a sample changes the digest of the configuration")
	}
}

func TestBadSamples(t *testing.T) {
	const name = "samples/mz/mzdt/one.yaml"
	tests := []struct {
		name, yaml string
		want       string
	}{
		{"a misspelt key", sampleText("newest:", "newst:"), name + `:8:3: unknown key "newst"; did you mean newest?`},
		{"an outcome that is none", sampleText("outcome: dated", "outcome: datd"), name + `:7:12: outcome is unknown: "datd"; did you mean dated?`},
		{"a path out of the folder", sampleText("one.1.html", "../../../etc/passwd"), name + `:5:11: file "../../../etc/passwd" is not the name of a file beside the sample`},
		{"an absolute path", sampleText("one.1.html", "/etc/passwd"), name + `:5:11: file "/etc/passwd" is not the name of a file beside the sample`},
		{"a body that is not there", sampleText("one.1.html", "two.html"), name + `:5:11: there is no file "two.html" beside the sample`},
		{"a body that no sample names", sampleText("one.1.html", "two.html"), "samples/mz/mzdt/one.1.html: no sample names this file"},
		{"a page without a body", sampleText("    file: one.1.html\n", ""), name + ":4:10: a page needs the file with its body"},
		{"no pages", sampleText("  - url: http://mz.example.gov.cn/mzdt/\n    file: one.1.html\n", "", "pages:", "pages: []"), name + ":3:8: pages is an empty list"},
		{"a day for a moment", sampleText("2023-09-27T02:00:00+08:00", "2023-09-27"), name + `:2:13: fetched_at "2023-09-27" is not a moment; write it as 2023-09-27T02:00:00+08:00`},
		{"a moment that is none", sampleText("2023-09-27T02", "2023-13-27T02"), name + `:2:13: "2023-13-27T02:00:00+08:00" is no moment`},
		{"both a subject and a profile", sampleText("fetched_at", "profile: trs\nfetched_at"), name + ":1:10: a sample is of a subject or of a profile"},
		{"neither", sampleText("subject: mz/mzdt\n", ""), name + ":1:1: a sample is of a subject or of a profile"},
		{"another column's folder", sampleText("mz/mzdt", "mz/tzgg"), name + ":1:10: the sample stands in samples/mz/mzdt/; samples of it stand in samples/mz/tzgg/"},
		{"a binary file", "\x89PNG\x00", name + ": the file is not UTF-8"},
		{"a large file", strings.Repeat("#", 1<<17), name + ": cannot be read: larger than 65536 bytes"},
		{"an alias", "subject: &a mz/mzdt\n", name + ":1:10: anchors, aliases and merges are refused"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := replay(t, sampled(t, tt.yaml))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestSampleOfNothing(t *testing.T) {
	city := sampled(t, sampleText())
	city["samples/mz/gone/one.yaml"] = text(sampleText("mz/mzdt", "mz/gone"))
	city["samples/mz/gone/one.1.html"] = text(listPage)
	city["cms/samples/gone/one.yaml"] = text(sampleText("subject: mz/mzdt", "profile: gone"))
	city["cms/samples/gone/one.1.html"] = text(listPage)
	_, err := replay(t, city)
	var problems inventory.Errors
	if !errors.As(err, &problems) || len(problems) != 2 {
		t.Fatalf("got %v, want two problems", err)
	}
	for _, want := range []string{`samples/mz/gone/one.yaml:1:10: no subject "mz/gone"`, `cms/samples/gone/one.yaml:1:10: no CMS profile "gone"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// Samples come from outside: a link must not make us read what it leads to, and
// no size may fill the memory.
func TestHostileSampleFolders(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.MkdirAll(outside, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, link := range map[string]string{
		"a body that is a link":   "samples/mz/mzdt/one.1.html",
		"a sample that is a link": "samples/mz/mzdt/one.yaml",
		"a folder that is a link": "samples/mz",
		"samples that are a link": "samples",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, sampled(t, sampleText())); err != nil {
				t.Fatal(err)
			}
			place := filepath.Join(dir, filepath.FromSlash(link))
			if err := errors.Join(os.RemoveAll(place), os.Symlink(outside, place)); err != nil {
				t.Fatal(err)
			}
			_, err := inventory.ReadSamples(os.DirFS(dir), nil)
			if want := link + ": is a link, and links are not followed here"; err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
	t.Run("a body without end", func(t *testing.T) {
		city := sampled(t, sampleText())
		city["samples/mz/mzdt/one.1.html"] = &fstest.MapFile{Data: make([]byte, 5<<20)}
		if _, err := inventory.ReadSamples(city, nil); err == nil || !strings.Contains(err.Error(), "one.1.html: cannot be read: larger than 4194304 bytes") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("folders without end", func(t *testing.T) {
		city := sampled(t, sampleText())
		city["samples/"+strings.Repeat("a/", 40)+"one.yaml"] = text(sampleText())
		if _, err := inventory.ReadSamples(city, nil); err == nil || !strings.Contains(err.Error(), "nested too deep") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("samples without end", func(t *testing.T) {
		city := fstest.MapFS{"samples/mz/mzdt/one.1.html": text("")}
		for i := range 5001 {
			city[fmt.Sprintf("samples/mz/mzdt/%d.yaml", i)] = text(sampleText())
		}
		if _, err := inventory.ReadSamples(city, nil); err == nil || !strings.Contains(err.Error(), "more than 5000 samples") {
			t.Errorf("got %.200v", err)
		}
	})
}

// The shared samples of a profile hold for every city, but not for one that has
// a profile of that name itself.
func TestSharedSamplesOfProfiles(t *testing.T) {
	shared := fstest.MapFS{
		"cms/samples/trs/one.yaml":   text(sampleText("subject: mz/mzdt", "profile: trs")),
		"cms/samples/trs/one.1.html": text(listPage),
		"samples/mz/x/one.yaml":      text("never read"),
	}
	for own, want := range map[string]int{"cms/vsb.yaml": 1, "cms/trs.yaml": 0} {
		got, err := inventory.ReadSamples(fstest.MapFS{own: text("name: x")}, shared)
		if err != nil || len(got) != want {
			t.Errorf("a city with %s has %d shared samples, %v, want %d", own, len(got), err, want)
		}
	}
}

// A kept sample is read back as it was, whatever its bytes.
func TestSampleFilesAreReadBack(t *testing.T) {
	city, err := load(overlay(t, "testdata/good"))
	if err != nil {
		t.Fatal(err)
	}
	subjects := city.Subjects(time.Time{})
	subject := subjects[slices.IndexFunc(subjects, func(s inventory.Subject) bool { return s.ID == "mz/mzdt" })]
	at := time.Date(2023, 9, 27, 2, 0, 0, 12345, extract.Beijing)
	pages := []extract.Page{{
		Asked: "http://mz.example.gov.cn/mzdt/", URL: "http://mz.example.gov.cn/mzdt/index.html?a=1#\"x: y", Why: extract.WhyList, Status: 200,
		Header: map[string][]string{"Content-Type": {"text/html; charset=utf-8"}}, FetchedAt: at, Body: []byte(listPage), Rendered: true,
	}}
	reading, _ := extract.Read(subject.Task, pages)
	files, err := inventory.SampleFiles(subject, "2023-09-27", pages, reading)
	if err != nil {
		t.Fatal(err)
	}
	fsys := overlay(t, "testdata/good")
	for _, f := range files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	got, err := replay(t, fsys)
	if err != nil || len(got) != 1 || !got[0].OK() || len(got[0].Sample.Expect) != 5 {
		t.Fatalf("got %+v, %v from\n%s", got, err, files[0].Data)
	}
	if p := got[0].Sample.Pages[0]; p.URL != pages[0].URL || p.Asked != pages[0].Asked || !p.Rendered || string(p.Body) != listPage {
		t.Errorf("page %+v, want what was kept", p)
	}

	reading.Outcome = extract.Unread
	if _, err := inventory.SampleFiles(subject, "x", pages, reading); err == nil {
		t.Error("an unread page was kept as a sample")
	}
	reading, _ = extract.Read(subject.Task, pages)
	if _, err := inventory.SampleFiles(subject, "../x", pages, reading); err == nil {
		t.Error("a name led out of the folder")
	}
	reading.Items = reading.Items[:1]
	if _, err := inventory.SampleFiles(subject, "x", pages, reading); err == nil || !strings.Contains(err.Error(), `items is "2" and not "1"`) {
		t.Errorf("a sample that does not read as it says: got %v", err)
	}
}

// The CMS profiles that the program is shipped with have samples, and all hold.
func TestShippedSamplesHold(t *testing.T) {
	city := shipped(t, "demo")
	samples, err := inventory.ReadSamples(fstest.MapFS{}, configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	got, err := city.Replay(samples)
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, r := range got {
		have[r.Sample.Profile] = true
		if !r.OK() {
			t.Errorf("%s: wants %v, broken %+v", r.Sample.File, r.Wants, r.Broken)
		}
		for _, p := range r.Sample.Pages {
			if len(p.Body) > 20_000 {
				t.Errorf("%s holds a page of %d bytes, want no more than 20000", r.Sample.File, len(p.Body))
			}
		}
	}
	for _, id := range []string{"aspx", "dedecms", "empirecms", "epoint", "hanweb", "jeecms", "jpaas", "nfcms", "rss", "trs", "trs-old", "ucap", "vsb"} {
		if !have[id] {
			t.Errorf("profile %s has no sample", id)
		}
	}
}

// A change to a profile names each sample that it breaks.
func TestChangedProfileNamesItsSamples(t *testing.T) {
	dir, err := fs.Sub(configs.FS, "demo")
	if err != nil {
		t.Fatal(err)
	}
	files, err := inventory.ReadFiles(dir, configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	for i := range files {
		if files[i].Name == "cms/trs.yaml" {
			files[i].Data = []byte(strings.Replace(string(files[i].Data), "list: ul.list", "list: ul.liste", 1))
		}
	}
	city, err := inventory.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	samples, err := inventory.ReadSamples(dir, configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	got, err := city.Replay(samples)
	if err != nil {
		t.Fatal(err)
	}
	broken := 0
	for _, r := range got {
		trs := r.Sample.Profile == "trs"
		if trs {
			broken++
		}
		if r.OK() == trs {
			t.Errorf("%s: holds is %v, want %v", r.Sample.File, r.OK(), !trs)
		}
	}
	if broken == 0 {
		t.Error("the profile has no sample that could break")
	}
}

// A profile may know several forms of list pages; a sample of any of them is
// read by the form that fits it.
func TestSampleOfAFurtherForm(t *testing.T) {
	city := sampled(t, sampleText())
	city["cms/trs.yaml"] = text("name: x\nlist: {list: ul.list, item: li, date: em}\nlists:\n  - {list: div.other, item: p, date: i}\n")
	city["cms/samples/trs/two.yaml"] = text(sampleText("subject: mz/mzdt", "profile: trs"))
	page := strings.NewReplacer(`<ul class="list">`, `<div class="other">`, "</ul>", "</div>", "li>", "p>", "em>", "i>").Replace(listPage)
	city["cms/samples/trs/one.1.html"] = text(page)
	got, err := replay(t, city)
	if err != nil || len(got) != 2 {
		t.Fatalf("got %+v, %v, want two samples", got, err)
	}
	for _, r := range got {
		if !r.OK() {
			t.Errorf("%s: wants %v, broken %+v", r.Sample.File, r.Wants, r.Broken)
		}
	}
}

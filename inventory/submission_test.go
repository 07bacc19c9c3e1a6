package inventory_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"xuncha/inventory"
)

const (
	wechat = "- code: 140300M019WX0001\n  platform: wechat\n  name: 某市民政\n  unit: mz\n"
	app    = "- code: 140300M019AP0001\n  platform: app\n  name: 某市通\n  unit: mz\n"
	png    = "\x89PNG\r\n\x1a\nthe rest of a picture"
)

func TestSubmissionsHoldAllThatIsSaid(t *testing.T) {
	city := accounts(t, weibo+wechat+app, map[string]string{
		"shots/1.png": png,
		"submissions.yaml": `- account: 140300M019XL0001
  by: 民政局 张某
  date: 2023-09-20
  link: HTTPS://Weibo.example/post/1#comments
- account: 140300M019WX0001
  by: 民政局
  date: 2023-09-21
  posted: 2023-09-19
  screenshot: shots/1.png
  checked: {by: 督查科, date: 2023-09-22}
- {account: 140300M019AP0001, by: 民政局, date: 2023-09-21, works: false, screenshot: shots/1.png}
- {account: 140300M019AP0001, by: 民政局, date: 2023-09-21, works: true}
`})
	s := city.Submissions
	if len(s) != 4 {
		t.Fatalf("%d submissions, want 4", len(s))
	}
	if s[0].Link != "https://weibo.example/post/1" || s[0].By != "民政局 张某" || !s[0].Date.Equal(date(t, "2023-09-20")) || s[0].Works != nil || s[0].SHA256 != "" {
		t.Errorf("got %+v", s[0])
	}
	sum := sha256.Sum256([]byte(png))
	if s[1].SHA256 != hex.EncodeToString(sum[:]) || s[1].Picture != "shots/1.png" || !s[1].Posted.Equal(date(t, "2023-09-19")) || s[1].CheckedBy != "督查科" {
		t.Errorf("got %+v", s[1])
	}
	if s[1].Checked(date(t, "2023-09-21")) || !s[1].Checked(date(t, "2023-09-22")) || s[0].Checked(date(t, "2030-01-01")) {
		t.Error("what was checked on a day is checked from that day on, and nothing else is")
	}
	if s[2].Works == nil || *s[2].Works || s[3].Works == nil || !*s[3].Works {
		t.Errorf("works %v and %v, want false and true", s[2].Works, s[3].Works)
	}
	if got := names(city.Files); !strings.Contains(strings.Join(got, " "), "shots/1.png") {
		t.Errorf("files %q, want the picture among them: a round keeps all it rests on", got)
	}
}

// An export speaks of many posts; the newest is opened and verified like any other
// link. One that is dated later than it was handed in is none.
func TestExportsGiveTheLinkOfTheNewestPost(t *testing.T) {
	const item = `{"itemid": %d, "title": "某事项公告第%d号", "link": "http://wx.example/s?mid=%d&idx=1#rd", "create_time": %d}`
	line := func(id int, at int) string { return fmt.Sprintf(item, id, id, id, at) }
	lines := line(9, 1726000000) + "\n" + line(1, 1694000000) + "\n" + line(3, 1695000000) + "\n\n" + line(2, 1694500000) + "\n"
	list := "[" + line(1, 1694000000) + "," + line(3, 1695000000) + "]"
	quoted := func(s string) string { return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"` }
	folded := `{"page": ` + quoted(`{"list": [{"info": `+quoted("["+line(3, 1695000000)+"]")+`}, {"info": `+quoted("["+line(1, 1694000000)+"]")+`}]}`) + `}`
	for name, data := range map[string]string{"lines.jsonl": lines, "bom.jsonl": "\ufeff" + lines, "list.json": list, "folded.json": folded} {
		city := accounts(t, wechat, map[string]string{
			"exports/" + name:  data,
			"submissions.yaml": "- {account: 140300M019WX0001, by: 民政局, date: 2023-09-20, export: exports/" + name + "}\n",
		})
		s := city.Submissions[0]
		if s.Link != "http://wx.example/s?mid=3&idx=1" || s.Export != "exports/"+name {
			t.Errorf("%s: got %+v", name, s)
		}
		if got := shown(city); got != "link http://wx.example/s?mid=3&idx=1" {
			t.Errorf("%s: sources %s, want the link", name, got)
		}
	}
}

// submissionsError returns what is wrong with one submission about the WeChat
// account.
func submissionsError(t *testing.T, rest string, files map[string]string) string {
	t.Helper()
	merged := overlay(t, "testdata/good")
	merged["accounts.yaml"] = &fstest.MapFile{Data: []byte(weibo + wechat + app)}
	merged["submissions.yaml"] = &fstest.MapFile{Data: []byte("- account: 140300M019WX0001\n  by: 民政局\n  date: 2023-09-20\n  " + rest + "\n")}
	for name, data := range files {
		merged[name] = &fstest.MapFile{Data: []byte(data)}
	}
	_, err := load(merged)
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestFilesThatAreHandedInAreChecked(t *testing.T) {
	large := strings.Repeat("x", 2<<20)
	tests := []struct {
		name, rest string
		files      map[string]string
		want       string
	}{
		{"no such picture", "posted: 2023-09-19\n  screenshot: shots/2.png", nil, `submissions.yaml:5:15: screenshot: there is no file "shots/2.png"`},
		{"a picture out of the folder", "posted: 2023-09-19\n  screenshot: ../2.png", nil, `submissions.yaml:5:15: screenshot: "../2.png" is no file below this folder`},
		{"a whole path", "posted: 2023-09-19\n  screenshot: /etc/2.png", nil, `is no file below this folder`},
		{"a configuration file", "posted: 2023-09-19\n  screenshot: city.yaml", nil, `submissions.yaml:5:15: screenshot: "city.yaml" does not end as such a file does; known: .png`},
		{"text that is called a picture", "posted: 2023-09-19\n  screenshot: 1.png", map[string]string{"1.png": "<html>"}, `submissions.yaml:5:15: screenshot: "1.png" is no picture`},
		{"a large picture", "posted: 2023-09-19\n  screenshot: 1.png", map[string]string{"1.png": png + large}, `submissions.yaml:5:15: "1.png" cannot be read: larger than 2097152 bytes`},
		{"no such export", "export: a.json", nil, `submissions.yaml:4:11: export: there is no file "a.json"`},
		{"an export that is a table", "export: a.xlsx", nil, `submissions.yaml:4:11: export: "a.xlsx" does not end as such a file does`},
		{"an export that is a page", "export: a.json", map[string]string{"a.json": "<html>"}, `submissions.yaml:4:11: export: "a.json" is neither JSON nor lines of JSON`},
		{"an empty export", "export: a.json", map[string]string{"a.json": "[]"}, `submissions.yaml:4:11: export: "a.json" holds no post with a link and a date`},
		{"an export without times", "export: a.jsonl", map[string]string{"a.jsonl": `{"itemid": 1, "title": "某事项公告", "link": "http://wx.example/s?mid=1"}`}, `holds no post with a link and a date`},
		{"an export of somewhere else", "export: a.jsonl", map[string]string{"a.jsonl": `{"itemid": 1, "title": "某事项公告第一号", "link": "http://other.example/s?mid=1", "create_time": 1694000000}`},
			`submissions.yaml:4:11: the link leads to other.example, which is not 微信; its hosts: wx.example`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := submissionsError(t, tt.rest, tt.files); !strings.Contains(got, tt.want) || strings.Count(got, "\n") > 0 {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// An export of another account says nothing of this one.
func TestExportsOfOtherAccountsAreRefused(t *testing.T) {
	for biz, want := range map[string]string{
		"MzAxMjM0NTY3OA==": "",
		"MzAxMjM0NTY3OQ==": `submissions.yaml:4:11: export: "a.jsonl" is of another account than 140300M019WX0001`,
	} {
		got := submissionsError(t, "export: a.jsonl", map[string]string{
			"accounts.yaml":           wechat + "  uid: MzAxMjM0NTY3OA==\n",
			"a.jsonl":                 `{"itemid": 1, "title": "某事项公告第一号", "link": "http://wx.example/s?__biz=` + biz + `&mid=1", "create_time": 1694000000}`,
			"registers/province.yaml": "[]",
		})
		if !strings.HasPrefix(got, want) || (got == "") != (want == "") {
			t.Errorf("of %s: got %q, want %q", biz, got, want)
		}
	}
}

// All that is handed in has a bound: every round keeps it.
func TestFilesThatAreHandedInHaveABound(t *testing.T) {
	var b strings.Builder
	files := map[string]string{}
	for i := range 34 {
		name := fmt.Sprintf("shots/%d.png", i)
		fmt.Fprintf(&b, "- {account: 140300M019WX0001, by: 民政局, date: 2023-09-20, posted: 2023-09-19, screenshot: %s}\n", name)
		files[name] = png + strings.Repeat("x", 2<<20-100)
	}
	files["submissions.yaml"] = b.String()
	got := submissionsError(t, "", files)
	if !strings.HasPrefix(got, `submissions.yaml:33:90: with "shots/32.png" the files that were handed in hold more than 67108864 bytes`) {
		t.Errorf("got %s", got)
	}
}

// A picture that is a link could lead out of the folder.
func TestLinkedPicturesAreRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/good")); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "outside.png")
	for name, data := range map[string]string{
		outside:                                png,
		filepath.Join(dir, "submissions.yaml"): "- {account: 140300M019XL0001, by: 民政局, date: 2023-09-20, posted: 2023-09-19, screenshot: 1.png}\n",
	} {
		if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(dir, "1.png")); err != nil {
		t.Fatal(err)
	}
	if _, err := load(os.DirFS(dir)); err == nil || !strings.Contains(err.Error(), `"1.png" is a link`) {
		t.Errorf("got %v, want the link refused", err)
	}
}

// What is handed in is read where a submission names it, and as nothing else.
func TestOtherFilesBesideTheConfigurationAreNotRead(t *testing.T) {
	merged := overlay(t, "testdata/good")
	for _, name := range []string{"shots/1.png", "exports/a.json", "exports/b.yaml", "a.json"} {
		merged[name] = &fstest.MapFile{Data: []byte(png)}
	}
	files, err := inventory.ReadFiles(fs.FS(merged), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names(files) {
		if strings.Contains(name, "1.png") || strings.HasSuffix(name, ".json") || strings.HasPrefix(name, "exports/") {
			t.Errorf("%s was read, and no submission names it", name)
		}
	}
}

// FuzzExport: whatever a back office gives out, it is a link or a mistake with its
// place.
func FuzzExport(f *testing.F) {
	f.Add([]byte(`{"itemid": 1, "title": "某事项公告", "link": "http://wx.example/s?mid=1", "create_time": 1694000000}`))
	f.Add([]byte(`{"page": "{\"list\": [{\"info\": \"[]\"}]}"}`))
	f.Add([]byte(`[[[[`))
	good, err := inventory.ReadFiles(os.DirFS("testdata/good"), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		files := append([]inventory.File{
			{Name: "accounts.yaml", Data: []byte(wechat)}, {Name: "a.jsonl", Data: data},
			{Name: "submissions.yaml", Data: []byte("- {account: 140300M019WX0001, by: 一, date: 2023-09-20, export: a.jsonl}\n")},
		}, good...)
		files = append(files[:3], without(files[3:], "accounts.yaml", "registers/province.yaml")...)
		city, err := inventory.Parse(files)
		switch {
		case err == nil && !strings.HasPrefix(city.Submissions[0].Link, "http"):
			t.Errorf("%q gives the link %q", data, city.Submissions[0].Link)
		case err != nil && !strings.HasPrefix(err.Error(), "submissions.yaml:1:"):
			t.Errorf("%q: %v", data, err)
		}
	})
}

// without leaves files out.
func without(files []inventory.File, names ...string) []inventory.File {
	var kept []inventory.File
	for _, f := range files {
		if f.Name != names[0] && f.Name != names[1] {
			kept = append(kept, f)
		}
	}
	return kept
}

package inventory_test

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"xuncha/inventory"
)

// hostile are files that have brought YAML parsers down, or to a crawl.
func hostile() map[string]string {
	const n = 1 << 18
	deep, keys := &strings.Builder{}, &strings.Builder{}
	for i := range 1400 {
		fmt.Fprintf(deep, "%sa:\n", strings.Repeat(" ", i))
	}
	for i := range n / 8 {
		fmt.Fprintf(keys, "k%d: v\n", i)
	}
	return map[string]string{
		"brackets":        strings.Repeat("[", n),
		"braces":          strings.Repeat("{a: ", n/4),
		"brackets by row": strings.Repeat("[\n", n/2),
		"dashes":          strings.Repeat("- ", n/2),
		"question marks":  strings.Repeat("? ", n/2),
		"colons":          strings.Repeat("a: ", n/3),
		"quotes":          strings.Repeat(`"`, n),
		"bangs":           strings.Repeat("! ", n/2),
		"directives":      strings.Repeat("%a\n", n/3),
		"documents":       strings.Repeat("---\n", n/4),
		"tabs":            strings.Repeat("\t", n),
		"spaces":          strings.Repeat(" ", n),
		"comments":        strings.Repeat("#\n", n/2),
		"carriage return": strings.Repeat("\r", n),
		"deep":            deep.String(),
		"keys":            keys.String(),
		"keys in braces":  "{" + strings.ReplaceAll(keys.String(), "\n", ",\n") + "}",
		"alias bomb":      "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
		"self anchor":     "key1: &a {k: *a}\n",
		"merge":           "<<: {name: x}\n",
		"NUL":             "name: \x00\n",
		"not UTF-8":       "name: \xd1\xf4\n",
		"byte order mark": "\ufeffname: x\n",
		"long text":       "name: " + strings.Repeat("市", n/3),
		"number as key":   "1: a\n",
		"list as key":     "[a]: b\n",
		"empty key":       ": b\n",
		"null":            "~\n",
	}
}

// Each of them must be told as a mistake of its file, in reasonable time, in a
// line that a terminal can show.
func TestHostileFilesAreRefused(t *testing.T) {
	for name, data := range hostile() {
		t.Run(name, func(t *testing.T) {
			for _, file := range []string{"city.yaml", "units.yaml", "sites/mz.yaml", "submissions.yaml"} {
				merged := overlay(t, "testdata/good")
				merged[file] = &fstest.MapFile{Data: []byte(data)}
				_, err := load(merged)
				if err == nil {
					t.Fatalf("%s was accepted", file)
				}
				if !strings.Contains(err.Error(), file) {
					t.Errorf("%v: want a message that names %s", err, file)
				}
				for line := range strings.Lines(err.Error()) {
					if len(line) > 2000 || strings.ContainsAny(line, "\x00\x1b\t") {
						t.Errorf("message of %d bytes: %.200q", len(line), line)
					}
				}
			}
		})
	}
}

// A large inventory must load: a province has thousands of sites.
func TestLargeFilesLoad(t *testing.T) {
	var b strings.Builder
	for i := range 9000 {
		fmt.Fprintf(&b, "- code: 14%04dM019XL%04d\n  platform: weibo\n  name: 某市民政%d\n  unit: mz\n", i, i, i)
	}
	city := good(t, map[string]string{"accounts.yaml": b.String(), "registers/province.yaml": "[]"})
	if len(city.Accounts) != 9000 {
		t.Errorf("%d accounts, want 9000", len(city.Accounts))
	}
}

// FuzzParse breaks one file after another: whatever stands in it, Parse returns
// a city, or problems that say where they are.
func FuzzParse(f *testing.F) {
	root := os.DirFS("testdata/good")
	good, err := inventory.ReadFiles(root, nil)
	if err != nil {
		f.Fatal(err)
	}
	good = append(good, inventory.File{Name: "submissions.yaml", Data: []byte("- {account: 140300M019XL0001, by: 一, date: 2023-09-20, link: \"https://weibo.example/1\"}\n" +
		"- {account: 140300M019ZZ0001, by: 一, date: 2023-09-20, works: true, screenshot: 1.png, checked: {by: 二, date: 2023-09-21}}\n")},
		inventory.File{Name: "1.png", Data: []byte(png)})
	for i, file := range good {
		f.Add(uint8(i), file.Data)
	}
	bad, err := fs.Glob(os.DirFS("testdata/bad"), "*/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for i, name := range bad {
		data, err := os.ReadFile("testdata/bad/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), data)
	}
	f.Add(uint8(1), []byte("key1: &a {k: *a}"))
	f.Add(uint8(1), []byte("a: [\n{b: c, ? d}\n"))
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		if len(data) > 1<<14 {
			return
		}
		files := append([]inventory.File(nil), good...)
		files[int(which)%len(files)].Data = data
		city, err := inventory.Parse(files)
		if (city == nil) == (err == nil) {
			t.Fatalf("city %v with error %v", city, err)
		}
		if err == nil {
			city.Subjects(time.Date(2023, 9, 27, 0, 0, 0, 0, time.UTC))
			return
		}
		for _, p := range err.(inventory.Errors) {
			if p.File == "" || p.Message == "" || p.Line > 0 && p.Column < 1 {
				t.Errorf("%+v has no place or no message", p)
			}
		}
	})
}

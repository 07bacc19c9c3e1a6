package extract

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

var update = flag.Bool("update", false, "rewrite the golden readings in testdata")

// recipes of the golden pages, one per kind of system; all pages are made up.
var goldens = map[string]Recipe{
	"trs":     {List: "ul.list", Item: "li", Date: "span", Next: "index_{n-1}.shtml", Last: `script =~ createPageHTML\((\d+)`},
	"hanweb":  {List: "div.default_pgContainer", Item: "li", Date: "span.bt-data-time"},
	"ucap":    {List: "ul.common-list", Item: "li", Date: "em", Empty: "暂无数据"},
	"vsb":     {Item: "tr[id^=line_]", Date: "span.timestyle"},
	"dede":    {List: `//div[@class="listbox"]/ul`, Item: "./li", Title: "./a[@class='title']", Link: "./a[@class='title']", Date: "./span"},
	"split":   {List: "div.news", Item: "dl", Title: "dt a", Link: "dt a", Date: "b, i"},
	"jpage":   {List: "div.box", Item: "li", Date: "span"},
	"account": {Source: SourceFeed, Name: "=~ ^(.+?)的微博$"},
}

// TestGolden reads the pages of testdata. A page whose name ends in .gbk.html is
// sent in GBK, as its own <meta> says.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.*ml")
	if err != nil || len(files) < len(goldens) {
		t.Fatalf("found %d pages, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		kind, _, _ := strings.Cut(name, ".")
		kind, _, _ = strings.Cut(kind, "_")
		t.Run(name, func(t *testing.T) {
			r, ok := goldens[kind]
			if !ok {
				t.Fatalf("no recipe for %s", file)
			}
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(name, ".gbk") {
				if body, err = simplifiedchinese.GB18030.NewEncoder().Bytes(body); err != nil {
					t.Fatal(err)
				}
			}
			task := Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: r, Method: "cms:" + kind}
			got, _ := ask(t, task, site{"/tzgg/": {body: string(body)}})
			compareGolden(t, strings.TrimSuffix(file, filepath.Ext(file))+".json", got)
		})
	}
}

func compareGolden(t *testing.T, file string, got Reading) {
	t.Helper()
	text, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if *update {
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, text, want)
	}
}

// A reading survives being kept: stored as JSON and read back it is the same.
func TestReadingSurvivesJSON(t *testing.T) {
	want := readList(t, usual, listOf("a | 2023-08-23 10:05", "b | 08-01", "c | "))
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Reading
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if show(got.Newest) != show(want.Newest) || !got.Newest.Time.Equal(want.Newest.Time) || got.Items[1].Date.Day() != DayOf(time.Date(2023, 8, 1, 0, 0, 0, 0, Beijing)) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

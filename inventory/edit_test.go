package inventory_test

import (
	"strings"
	"testing"

	"xuncha/extract"
	"xuncha/inventory"
)

// proposed is a recipe as the reader proposes it.
var proposed = extract.Recipe{List: "div.new-list", Item: "li", Date: `span =~ (\d{4}-\d{2}-\d{2})`}

const head = `# 民政局的网站
unit: mz
name: 某市民政局   # 全称
home: http://mz.example.gov.cn/
cms: trs
columns:
`

func TestRecipeIsWrittenIntoItsColumn(t *testing.T) {
	const newLines = `    list: div.new-list
    item: li
    date: "span =~ (\\d{4}-\\d{2}-\\d{2})"
`
	tests := []struct{ name, before, after string }{
		{"a column of two lines, others around it", `  - name: 动态
    class: 动态要闻
    url: /a/
  # 通知公告在首页右侧
  - name: 通知
    class: 通知公告
    url: /b/   # 2023年改版

  # 下面的栏目由办公室维护
  - name: 政策
    class: 政策文件
    url: /c/
`, `  - name: 动态
    class: 动态要闻
    url: /a/
  # 通知公告在首页右侧
  - name: 通知
    class: 通知公告
    url: /b/   # 2023年改版
` + newLines + `
  # 下面的栏目由办公室维护
  - name: 政策
    class: 政策文件
    url: /c/
`},
		{"a recipe that is replaced, comments and keys about further pages kept", `  - name: 通知
    class: 通知公告
    list: ul.old      # 2022年的模板
    # 标题在属性里
    title: "a@title"
    date_format: "01-02"
    next: "index_{n}.html"   # 翻页没有变
    url: /b/
    counts_to: none
sections: []
`, `  - name: 通知
    class: 通知公告
    list: div.new-list # 2022年的模板
    # 标题在属性里
    next: "index_{n}.html"   # 翻页没有变
    item: li
    date: "span =~ (\\d{4}-\\d{2}-\\d{2})"
    url: /b/
    counts_to: none
sections: []
`},
		{"a first key that goes, and values of several lines", `  - title: >-
      a
      b
    name: 通知
    class: 通知公告
    url:
    - /b/
    - /bb/
    item: "li
      a"
`, `  - name: 通知
    class: 通知公告
    url:
    - /b/
    - /bb/
    item: li
    list: div.new-list
    date: "span =~ (\\d{4}-\\d{2}-\\d{2})"
`},
		{"a file without a last line end", `  - {name: 动态, class: 动态要闻, url: /a/}
  - name: 通知
    class: 通知公告
    url: /b/`, `  - {name: 动态, class: 动态要闻, url: /a/}
  - name: 通知
    class: 通知公告
    url: /b/
` + newLines},
		{"a column known by its id", `  - name: 通知
    class: 通知公告
    url: /else/
    id: b
`, `  - name: 通知
    class: 通知公告
    url: /else/
    id: b
` + newLines},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, end := range []string{"\n", "\r\n"} {
				file := inventory.File{Name: "sites/mz.yaml", Data: []byte(strings.ReplaceAll(head+tt.before, "\n", end))}
				got, err := inventory.SetRecipe(file, "mz/b", proposed)
				if err != nil {
					t.Fatalf("line ends %q: %v", end, err)
				}
				if want := strings.ReplaceAll(head+tt.after, "\n", end); string(got.Data) != want {
					t.Errorf("line ends %q: got\n%s\nwant\n%s", end, got.Data, want)
				}
			}
		})
	}
}

func TestRecipeThatCannotBeWritten(t *testing.T) {
	column := "  - name: 通知\n    class: 通知公告\n    url: /b/\n"
	for name, tt := range map[string]struct{ id, text, want string }{
		"a column that is not there": {"mz/c", head + column, "no column mz/c"},
		"two documents":              {"mz/b", head + column + "---\n" + head + column, "sites/mz.yaml:10:1: more than one document"},
		"a column in braces":         {"mz/b", head + "  - {name: 通知, class: 通知公告, url: /b/}\n", "sites/mz.yaml:7:5: the column stands in braces"},
		"no YAML":                    {"mz/b", head + "\t- x", "sites/mz.yaml:"},
	} {
		if _, err := inventory.SetRecipe(inventory.File{Name: "sites/mz.yaml", Data: []byte(tt.text)}, tt.id, proposed); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", name, err, tt.want)
		}
	}
}

// What is written can be loaded, and is then what reads the column: nothing of
// the profile may mix in.
func TestAdoptedRecipeIsTheOneInForce(t *testing.T) {
	fsys := overlay(t, "testdata/good")
	fsys["cms/trs.yaml"] = text("name: x\nlist: {list: ul.list, item: li, title: \"a@title\", date: em, next: \"index_{n}.html\"}\n")
	city, err := load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	own, err := city.Adopt("mz/mzdt", proposed)
	if err != nil {
		t.Fatal(err)
	}
	file, err := inventory.SetRecipe(inventory.File{Name: "sites/mz.yaml", Data: fsys["sites/mz.yaml"].Data}, "mz/mzdt", own)
	if err != nil {
		t.Fatal(err)
	}
	fsys["sites/mz.yaml"] = text(string(file.Data))
	if city, err = load(fsys); err != nil {
		t.Fatalf("%v in\n%s", err, file.Data)
	}
	want := proposed
	want.Title, want.Next = "a", "index_{n}.html"
	if got := column(t, city, "mz/mzdt"); got.Recipe != want || got.Method != "recipe" {
		t.Errorf("recipe %+v by %s, want %+v", got.Recipe, got.Method, want)
	}

	open := proposed
	open.Date = ""
	if _, err := city.Adopt("mz/mzdt", open); err == nil || !strings.Contains(err.Error(), "the profile trs sets date: em") {
		t.Errorf("a profile's date would mix in: got %v", err)
	}
	feed := extract.Recipe{Source: extract.SourceFeed}
	if own, err := city.Adopt("mz/mzdt", feed); err != nil || own != feed {
		t.Errorf("another kind of document: got %+v, %v, want %+v", own, err, feed)
	}
	if _, err := city.Adopt("mz", proposed); err == nil {
		t.Error("a site was taken for a column")
	}
}

func TestRecipeYAMLIsWhatAColumnMaySay(t *testing.T) {
	got := inventory.RecipeYAML(extract.Recipe{Item: "li a", Date: `.t@title =~ "(\d+)"`, DateFormat: "01-02", Empty: "yes", Next: "index_{n}.html"}, "  ")
	want := `  item: li a
  date: ".t@title =~ \"(\\d+)\""
  date_format: "01-02"
  empty: "yes"
  next: "index_{n}.html"
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

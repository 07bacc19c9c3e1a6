package inventory_test

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"xuncha/extract"
	"xuncha/inventory"
)

// written draws a column as people write it: keys in any order, values in any
// style, comments and empty lines anywhere.
func written(t *rapid.T, name, url, indent string) string {
	keys := rapid.Permutation([]string{
		rapid.SampledFrom([]string{"name: " + name, `name: "` + name + `"`, "name: '" + name + "'"}).Draw(t, "name"),
		"class: 通知公告",
		rapid.SampledFrom([]string{"url: " + url, "url:\n%- " + url, "url:\n%  - " + url + "\n%  # 旧址\n%  - /old" + url, "url: [" + url + "]"}).Draw(t, "url"),
		rapid.SampledFrom([]string{"", "list: ul.a", "list: \"ul #a\"", "list: >-\n%  ul.a\n%  li"}).Draw(t, "list"),
		rapid.SampledFrom([]string{"", "item: li", "item: \"li\n%  a\"", "item: |\n%  li\n%  a"}).Draw(t, "item"),
		rapid.SampledFrom([]string{"", `title: "a@title"`, "title: 'a@title' # 属性"}).Draw(t, "title"),
		rapid.SampledFrom([]string{"", `next: "index_{n}.html"`, "on_demand: true", "counts_to: none"}).Draw(t, "more"),
	}).Draw(t, "order")
	var b strings.Builder
	first := true
	for _, key := range keys {
		if key == "" {
			continue
		}
		lead := indent + "  "
		if first {
			lead, first = indent+"- ", false
		}
		key += rapid.SampledFrom([]string{"", "", "", "   # 说明"}).Draw(t, "comment")
		if i := strings.Index(key, "\n"); i >= 0 {
			key = strings.TrimSuffix(key, "   # 说明")
		}
		b.WriteString(lead + strings.ReplaceAll(key, "%", indent+"  ") + "\n")
		b.WriteString(rapid.SampledFrom([]string{"", "", "", "\n", indent + "  # 下一项\n", "# 顶格的说明\n"}).Draw(t, "gap"))
	}
	return b.String()
}

// Writing a recipe into a column changes that column's recipe and nothing else:
// no other column, no comment, no line end.
func TestEditTouchesNothingElse(t *testing.T) {
	base := overlay(t, "testdata/good")
	delete(base, "registers/province.yaml")
	rapid.Check(t, func(t *rapid.T) {
		indent := rapid.SampledFrom([]string{"", "  "}).Draw(t, "indent")
		body := head + written(t, "动态", "/a/", indent) + written(t, "通知", "/b/", indent) + written(t, "政策", "/c/", indent) +
			rapid.SampledFrom([]string{"", "hosts: [zt.example.gov.cn]\n", "# 完\n"}).Draw(t, "end")
		body = strings.ReplaceAll(body, "\n", rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end"))
		before, err := loadWith(base, body)
		if err != nil {
			t.Fatalf("drawn badly: %v\n%s", err, body)
		}
		recipe := extract.Recipe{Item: "div.row", Date: `span =~ "(\d+)" # x`, List: rapid.SampledFrom([]string{"", "div.new"}).Draw(t, "new list")}
		got, err := inventory.SetRecipe(inventory.File{Name: "sites/mz.yaml", Data: []byte(body)}, "mz/b", recipe)
		if err != nil {
			t.Fatalf("%v\n%s", err, body)
		}
		after, err := loadWith(base, string(got.Data))
		if err != nil {
			t.Fatalf("%v\nbefore\n%s\nafter\n%s", err, body, got.Data)
		}
		same(t, before, after, recipe, body, string(got.Data))
	})
}

// loadWith loads the good configuration with another carrier's file.
func loadWith(base fstest.MapFS, body string) (*inventory.City, error) {
	fsys := fstest.MapFS{}
	for name, f := range base {
		fsys[name] = f
	}
	fsys["sites/mz.yaml"] = text(body)
	return load(fsys)
}

// same checks that only one column's recipe differs, and no comment is lost that
// stood on a line of its own.
func same(t *rapid.T, before, after *inventory.City, recipe extract.Recipe, old, now string) {
	for i, carrier := range before.Carriers {
		for j, col := range carrier.Columns {
			other := after.Carriers[i].Columns[j]
			if col.ID == "mz/b" {
				want := recipe
				if want.List == "" {
					want.List = "ul.list" // the profile's
				}
				want.Next = col.Recipe.Next
				if other.Recipe != want {
					t.Fatalf("the recipe is %+v, want %+v\nbefore\n%s\nafter\n%s", other.Recipe, want, old, now)
				}
				other.Recipe, other.Method = col.Recipe, col.Method
			}
			if !reflect.DeepEqual(col, other) {
				t.Fatalf("%s was %+v and is %+v\nbefore\n%s\nafter\n%s", col.ID, col, other, old, now)
			}
		}
	}
	for _, note := range []string{"# 下一项", "# 顶格的说明", "# 完"} {
		if strings.Count(old, note) != strings.Count(now, note) {
			t.Fatalf("a comment %q is lost\nbefore\n%s\nafter\n%s", note, old, now)
		}
	}
	if ends := strings.Count(old, "\r\n"); ends > 0 && strings.Count(now, "\n") != strings.Count(now, "\r\n") {
		t.Fatalf("line ends are mixed\n%q", now)
	}
}

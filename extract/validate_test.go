package extract

import (
	"errors"
	"strings"
	"testing"
)

func TestValidRecipes(t *testing.T) {
	for _, r := range []Recipe{
		{},
		{Source: SourceFeed, Name: `=~ ^(.+?)的微博$`},
		{List: "ul.list", Item: "li:has(a)", Title: "a@title", Link: "a@href", Date: "span.date", DateFormat: "01-02", Empty: "暂无信息", Next: "index_{n-1}.shtml", Last: `script =~ createPageHTML\((\d+)`},
		{List: `//div[@id="list"]`, Item: "./ul/li[position()>1 and not(contains(@class, 'line'))]", Date: "./span[last()]", Title: "./a/@title"},
		{List: `[href*="@x"]`, Item: "(//li)", Empty: `div.none =~ 暂无`, Next: "a.next", Last: `=~ totalPage = (\d+)`},
		{Next: "?page={n}", DateFormat: "2006年1月2日"},
		{Next: "http://a.gov.cn/list/{n}.html", Date: `@data-time =~ \d+`},
		{Next: "//a[text()='下一页']/@href"},
	} {
		if err := r.Validate(); err != nil {
			t.Errorf("%+v: %v", r, err)
		}
	}
}

func TestInvalidRecipes(t *testing.T) {
	long := strings.Repeat("a", maxSelector+1)
	tests := []struct {
		name   string
		recipe Recipe
		field  string
		says   string
	}{
		{"unknown source", Recipe{Source: "yaml"}, "source", `write "html", "feed", "json" or "xml"`},
		{"a path with blanks", Recipe{Source: SourceJSON, List: "data list", Title: "t"}, "list", "is no path"},
		{"a path with an empty name", Recipe{Source: SourceJSON, List: "data..list", Title: "t"}, "list", "is no path"},
		{"rows without a title", Recipe{Source: SourceJSON, List: "data"}, "list", "stands without title"},
		{"a title without rows", Recipe{Source: SourceXML, Title: "t"}, "title", "without list"},
		{"an item beside paths", Recipe{Source: SourceJSON, List: "data", Title: "t", Item: "li"}, "item", "is not used here"},
		{"words of emptiness beside paths", Recipe{Source: SourceJSON, List: "data", Title: "t", Empty: "暂无"}, "empty", "total of 0"},
		{"an address with open braces", Recipe{Source: SourceJSON, List: "data", Title: "t", Link: "/d?id={id"}, "link", "paths in braces"},
		{"a total of pages without rows", Recipe{Source: SourceJSON, List: "data", Title: "t", Last: "total / 0"}, "last", "divides by 0"},
		{"a selector in the place of an element's name", Recipe{Source: SourceXML, Markup: "a.record"}, "markup", "no name of an element"},
		{"markup of a page", Recipe{Markup: "record"}, "markup", "only for source"},
		{"data with a group that is not there", Recipe{Source: SourceJSON, Data: `/api/{2} =~ id: (\d+)`}, "data", "uses {2}"},
		{"data with other braces", Recipe{Source: SourceJSON, Data: "/api/{id}"}, "data", "no number of a group"},
		{"data in a file", Recipe{Source: SourceJSON, Data: "file:///etc/passwd"}, "data", "only http"},
		{"data with a broken regexp", Recipe{Source: SourceJSON, Data: "/api/{1} =~ ("}, "data", "RE2"},
		{"next with a group that is not there", Recipe{Next: `p?c={1}&p={n} =~ \d+`}, "next", "uses {1}"},
		{"broken CSS", Recipe{List: "ul..x"}, "list", "is no CSS selector"},
		{"long selector", Recipe{Item: long}, "item", "at most 512"},
		{"deep :has()", Recipe{Item: strings.Repeat("p:has(", 5) + "a" + strings.Repeat(")", 5)}, "item", "more than three deep"},
		{"broken XPath", Recipe{Item: "//li["}, "item", "is no XPath"},
		{"XPath that counts", Recipe{List: "(count(//li))"}, "list", "does not select nodes"},
		{"XPath with a variable", Recipe{List: "//li[@id=$x]"}, "list", "variable"},
		{"XPath with a prefix nobody knows", Recipe{List: "//svg:a[svg:b(1)]"}, "list", "not allowed"},
		{"XPath that reads a document", Recipe{Date: "./a[doc('file:///etc/passwd')]"}, "date", "doc(), which is not allowed"},
		{"XPath that reads a text", Recipe{Date: "./a[unparsed-text('x')]"}, "date", "unparsed-text()"},
		{"XPath that reads JSON", Recipe{Title: "//a[json-doc( 'x' )]"}, "title", "json-doc()"},
		{"XPath with a namespace", Recipe{Title: "//a[fn:document('x')]"}, "title", "fn:document()"},
		{"XPath with its own regexp", Recipe{Link: "./a[matches(., '(')]"}, "link", "matches()"},
		{"regexp that is none", Recipe{Date: "span =~ (\\d"}, "date", "RE2"},
		{"regexp that is absent", Recipe{Date: "span =~ "}, "date", "no regexp"},
		{"long regexp", Recipe{Date: "span =~ " + long}, "date", "at most 512"},
		{"look-ahead", Recipe{Last: `script =~ (?=x)`}, "last", "RE2"},
		{"date format in other letters", Recipe{DateFormat: "YYYY-MM-DD"}, "date_format", "2006-01-02"},
		{"date format without a day", Recipe{DateFormat: "2006-01"}, "date_format", "month and day"},
		{"date format of 65 bytes", Recipe{DateFormat: strings.Repeat("2006", 17)}, "date_format", "64"},
		{"blank empty mark", Recipe{Empty: "  "}, "empty", "blank"},
		{"broken empty mark", Recipe{Empty: "div =~ ("}, "empty", "RE2"},
		{"long empty mark", Recipe{Empty: long + long}, "empty", "longer"},
		{"next with two numbers", Recipe{Next: "{n}/{n}.html"}, "next", "exactly once"},
		{"next with other braces", Recipe{Next: "index_{page}.html"}, "next", "{n}"},
		{"next to a file", Recipe{Next: "file:///{n}"}, "next", "only http"},
		{"next that is neither", Recipe{Next: "?page=2"}, "next", "write a pattern"},
		{"long next", Recipe{Next: "{n}" + long}, "next", "at most 512"},
		{"broken name", Recipe{Name: "h1["}, "name", "CSS"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.recipe.Validate()
			var got *RecipeError
			if !errors.As(err, &got) {
				t.Fatalf("%+v: got %v, want a RecipeError", tt.recipe, err)
			}
			if got.Field != tt.field || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got field %s: %v; want field %s saying %q", got.Field, err, tt.field, tt.says)
			}
			if len(err.Error()) > 1000 {
				t.Errorf("the message has %d bytes", len(err.Error()))
			}
		})
	}
}

func TestValidateReportsAllAtOnce(t *testing.T) {
	err := Recipe{List: "ul[", Item: "li[", Date: "span =~ (", DateFormat: "x", Next: "{x}"}.Validate()
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 5 {
		t.Fatalf("got %v, want five mistakes", err)
	}
	for _, e := range joined.Unwrap() {
		if _, ok := e.(*RecipeError); !ok {
			t.Errorf("got %T, want *RecipeError", e)
		}
	}
}

func TestUnvalidatedRecipeIsUnread(t *testing.T) {
	got, wants := Read(Task{Question: AskNewest, URLs: []string{host}, Recipe: Recipe{Item: "li["}}, nil)
	if got.Outcome != Unread || got.Reason != ReasonLost || !strings.Contains(got.Detail, "item") || wants != nil {
		t.Errorf("got %s %s %q and %d wants, want unread lost naming the field", got.Outcome, got.Reason, got.Detail, len(wants))
	}
}

func TestFieldForms(t *testing.T) {
	const row = `<div class="r" data-id="7"><a href="/1" title="全名">短名</a><span>发布：2023-08-23</span></div>`
	tests := []struct{ field, want string }{
		{"a", "短名"},
		{"a@title", "全名"},
		{"a@href", "/1"},
		{"span =~ (\\d+)-(\\d+)", "2023"},
		{"span =~ \\d+-\\d+", "2023-08"},
		{"=~ 全?名", "名"},
		{"div.r@data-id", "7"},
		{"a@rel", ""},
		{"em", ""},
		{"./div/a/@title", ""}, // the path starts at the document, whose child is <html>
		{"//a/@title", "全名"},
	}
	for _, tt := range tests {
		f, err := parseField(tt.field)
		if err != nil {
			t.Fatalf("%s: %v", tt.field, err)
		}
		d, o := parse(Page{Body: []byte(row), URL: host})
		if o != nil {
			t.Fatal(o.detail)
		}
		if got := f.first(d.root); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.field, got, tt.want)
		}
	}
}

package extract

import (
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Without an item selector a list is made of what lists are made of.
func TestDefaultItems(t *testing.T) {
	for name, body := range map[string]string{
		"li":    `<ul class="list"><li><a href="a.html">通知</a> 2023-08-23</li><li><a href="b.html">公告</a> 2023-08-22</li></ul>`,
		"tr":    `<table class="list"><tr><th>标题</th></tr><tr><td><a href="a.html">通知</a></td><td>2023-08-23</td></tr><tr><td><a href="b.html">公告</a></td><td>2023-08-22</td></tr></table>`,
		"dd":    `<dl class="list"><dd><a href="a.html">通知</a><i>2023-08-23</i></dd><dd><a href="b.html">公告</a><i>2023-08-22</i></dd></dl>`,
		"p":     `<div class="list"><p><a href="a.html">通知</a> [2023-08-23]</p><p><a href="b.html">公告</a> [2023-08-22]</p></div>`,
		"a":     `<div class="list"><a href="a.html"><i>2023-08-23</i><b>通知</b></a><a href="b.html"><i>2023-08-22</i><b>公告</b></a></div>`,
		"boxes": `<div class="list"><p><a href="a.html">通知</a> 2023-08-23</p></div><div class="list"><p><a href="b.html">公告</a> 2023-08-22</p></div>`,
	} {
		got := readList(t, Recipe{List: ".list"}, menu+body)
		if got.Outcome != Dated || len(got.Items) != 2 || show(got.Newest) != "2023-08-23" || got.Items[1].Title != "公告" {
			t.Errorf("%s: got %s %q, %+v", name, got.Outcome, got.Detail, got.Items)
		}
	}
	if got := readList(t, Recipe{List: ".list"}, menu+`<div class="list">公告</div>`); got.Reason != ReasonLost || !strings.Contains(got.Detail, "holds no items") {
		t.Errorf("got %s %s %q, want lost", got.Outcome, got.Reason, got.Detail)
	}
}

func TestTitleForms(t *testing.T) {
	tests := []struct{ title, row, want string }{
		{"a@title", `<a href="a.html" title="全名">短</a>`, "全名"},
		{`a =~ ^\[.+?\](.+)$`, `<a href="a.html">[公告]关于放假</a>`, "关于放假"},
		{"", `<a href="a.html"><img src="x" alt="图片新闻"></a>`, "图片新闻"},
		{"", `<a href="a.html" title="全名"></a>`, "全名"},
		{"", `<a href="a.html"><h3>标题</h3><p>摘要摘要</p></a>`, "标题"},
		{"", `<a href="a.html">短…</a>`, "短…"},
		{"h4", `<h4>标题</h4><a href="a.html">查看详情</a>`, "标题"},
		{"h4", `<a href="a.html">没有标题元素</a>`, "没有标题元素"},
	}
	for _, tt := range tests {
		got := readList(t, Recipe{List: "ul.list", Item: "li", Title: tt.title, Date: "i"}, `<ul class="list"><li>`+tt.row+`<i>2023-08-23</i></li></ul>`)
		if len(got.Items) != 1 || got.Items[0].Title != tt.want {
			t.Errorf("%s by %q: got %+v, want %q", tt.row, tt.title, got.Items, tt.want)
		}
	}
}

func TestNameOfAccountPage(t *testing.T) {
	r := usual
	r.Name = "div.nick =~ ^(.+)的主页$"
	if got := readList(t, r, `<div class="nick"> 阳泉网警的主页</div>`+listOf("a | 2023-08-23")); got.Name != "阳泉网警" {
		t.Errorf("got %q, want 阳泉网警", got.Name)
	}
	if got := readList(t, r, listOf("a | 2023-08-23")); got.Name != "" || got.Outcome != Dated {
		t.Errorf("got %q and %s; a name that is not shown is none, and the list is read", got.Name, got.Outcome)
	}
}

func TestFormatWithTimeAndWithoutYear(t *testing.T) {
	for text, want := range map[string]string{"08-23 10:05": "2023-08-23 10:05?", "09-28 10:05": ""} {
		l, err := parseLayout("01-02 15:04")
		if err != nil {
			t.Fatal(err)
		}
		found, _, _ := settle(clues{seen: fetched, format: l}.find(text, named))
		if got := show(found.date); got != want || found.early != (want == "") {
			t.Errorf("%q: got %q, early %t; want %q", text, got, found.early, want)
		}
	}
}

func TestOtherEncodings(t *testing.T) {
	be := encoded(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), chinese)
	if text, name, how := Decode(be, "text/html; charset=gbk"); string(text) != chinese || name != "utf-16be" || how != howBOM {
		t.Errorf("got %.40q as %s by %s, want UTF-16", text, name, how)
	}
	french := encoded(t, charmap.ISO8859_1, strings.Repeat("L'été dernier, les élèves étaient là où ça se passe à l'école. ", 10))
	if text, _, how := Decode(french, ""); len(text) == 0 || how != howStatistics {
		t.Errorf("got %d bytes by %s, want a guess", len(text), how)
	}
	// Declared as GBK, valid as both and too short to be Chinese UTF-8.
	if text, name, _ := Decode([]byte("<p>\xc2\xa0</p>"), "text/html; charset=gbk"); name != "gb18030" || len(text) == 0 {
		t.Errorf("got %q as %s", text, name)
	}
}

// Feeds in zones that only the library knows still have their moment.
func TestFeedInAnotherZone(t *testing.T) {
	got := readFeed(t, Recipe{}, rss(item("a", "Tue, 19 Sep 2023 20:00:00 EST")))
	if show(got.Newest) == "" {
		t.Errorf("got no date, want one")
	}
}

func TestPageWithMoreItemsThanAreRead(t *testing.T) {
	var rows []string
	for i := range MaxItems + 1 {
		rows = append(rows, "通知"+strings.Repeat("x", i%7)+string(rune('a'+i%26))+time.Duration(i).String()+" | 2023-08-23")
	}
	got, asked := ask(t, Task{Question: AskSince, URLs: []string{host + "/l/"}, Recipe: usual, Since: newYear}, site{"/l/": {body: listOf(rows...)}})
	if got.Outcome != Unread || got.Reason != ReasonPartial || len(asked) != 1 {
		t.Errorf("got %s %s %q, want unread partial: there is no count", got.Outcome, got.Reason, got.Detail)
	}
}

func TestSectionWhoseListBreaksOff(t *testing.T) {
	first := strings.Replace(listOf("市政府召开第38次常务会议 | 2023-08-23"), footer, `<a href="/hy/2.html">下一页</a>`, 1)
	for name, second := range map[string]answer{
		"down":    {class: ClassTimeout},
		"blocked": {body: "<p>访问过于频繁</p>"},
	} {
		got, _ := ask(t, Task{Question: AskSection, Section: &meetings, URLs: []string{host + "/"}, Recipe: usual},
			site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: first}, "/hy/2.html": second})
		if got.Outcome != Unread || got.Reason != ReasonPartial || got.Parts[0].Outcome != Unread || got.Parts[1].Outcome != Found {
			t.Errorf("%s: got %s %s, parts %+v; want unread partial, the part found kept", name, got.Outcome, got.Reason, got.Parts)
		}
	}
	// The same page again, or none, where a link announced a further one, is no
	// proof that the list ended.
	for name, second := range map[string]answer{"again": {body: first}, "gone": {class: ClassNotFound}} {
		got, _ := ask(t, Task{Question: AskSection, Section: &meetings, URLs: []string{host + "/"}, Recipe: usual},
			site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: first}, "/hy/2.html": second})
		if got.Outcome != Unread || got.Reason != ReasonPartial {
			t.Errorf("%s: got %s %s, parts %+v; want unread partial", name, got.Outcome, got.Reason, got.Parts)
		}
	}
}

func TestRecipeErrorNamesItsCause(t *testing.T) {
	cause := errors.New("cause")
	err := error(&RecipeError{Field: "item", Value: strings.Repeat("长", 200), Err: cause})
	if !errors.Is(err, cause) || len(err.Error()) > 300 {
		t.Errorf("got %v", err)
	}
}

// Date columns of tables: the label of the page decides, never the order.
func TestTwoDateColumns(t *testing.T) {
	row := func(cells string) string {
		return `<table class="list"><tr><td><a href="a.html">通知</a></td>` + cells + `</tr></table>`
	}
	tests := []struct{ cells, want string }{
		{`<td>2023-08-01</td><td>2023-08-23</td>`, ""},
		{`<td>2023-08-23</td><td>2023-08-23</td>`, "2023-08-23"},
		{`<td>成文日期：2023-08-01</td><td>发布日期：2023-08-23</td>`, "2023-08-23"},
		{`<td>发布日期：2023-08-23</td><td>2023-10-01</td>`, "2023-08-23"},
		{`<td>2023-08-23</td><td>截止日期：2023-10-01</td>`, "2023-08-23"},
		{`<td>公示期：2023-08-01至2023-08-07</td><td>2023-08-23</td>`, "2023-08-23"},
		{`<td>公示期：2023-08-01至2023-08-07</td>`, ""},
		{`<td>阳政发〔2023〕12号</td><td>2023-08-23</td>`, "2023-08-23"},
		{`<td>索引号：000014349/2023-00012</td><td>2023-08-23</td>`, "2023-08-23"},
	}
	for _, tt := range tests {
		for _, date := range []string{"", "td"} {
			got := readList(t, Recipe{List: "table.list", Item: "tr", Date: date}, row(tt.cells))
			if len(got.Items) != 1 || show(got.Items[0].Date) != tt.want {
				t.Errorf("%s by %q: got %+v, want %q", tt.cells, date, got.Items, tt.want)
			}
		}
	}
}

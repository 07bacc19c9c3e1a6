package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNewestOfList(t *testing.T) {
	tests := []struct {
		name string
		rows []string
		want string // the newest date, "at least" in front where it is a lower bound
	}{
		{"sorted", []string{"a | 2023-08-23", "b | 2023-08-01"}, "2023-08-23"},
		{"one row", []string{"a | 2019-07-10"}, "2019-07-10"},
		{"pinned rows first", []string{"a | 2017-10-12", "b | 2017-01-01", "c | 2023-08-29", "d | 2023-08-02"}, "2023-08-29"},
		{"not sorted", []string{"a | 2023-01-01", "b | 2023-08-29", "c | 2022-08-02"}, "2023-08-29"},
		{"a date long after the fetch is not believed", []string{"a | 2031-01-01", "b | 2023-08-23"}, "2023-08-23"},
		{"a row dated tomorrow is new, whatever its day", []string{"a | 2023-09-28", "b | 2023-08-23"}, "at least 2023-08-23"},
		{"the day of the fetch is believed", []string{"a | 2023-09-27", "b | 2023-08-23"}, "2023-09-27"},
		{"dates in titles do not count", []string{"2023年9月20日新闻发布会 | 2023-08-23", "〔2023〕12号 2023-09-01 | 2023-08-01"}, "2023-08-23"},
		{"a row above without a date", []string{"a | ", "b | 2023-08-23", "c | 2023-08-01", "d | 2023-07-01"}, "at least 2023-08-23"},
		{"a row below without a date, sorted", []string{"b | 2023-08-23", "c | 2023-08-01", "a | ", "d | 2023-07-01"}, "2023-08-23"},
		{"a row below without a date, not sorted", []string{"b | 2023-08-23", "c | 2023-06-01", "d | 2023-07-01", "a | "}, "at least 2023-08-23"},
		{"a row with two dates is undated", []string{"b | 2023-08-23", "c | 2023-08-01", "d | 2023-07-01 2023-09-01"}, "2023-08-23"},
		{"31 April is no date", []string{"b | 2023-08-23", "c | 2023-04-31", "d | 2023-04-01"}, "2023-08-23"},
		{"two-digit years", []string{"b | 23-08-23", "c | 23-08-01"}, "2023-08-23"},
		{"relative dates", []string{"b | 3天前", "c | 2023-08-01"}, "2023-09-24"},
		{"month and day", []string{"b | [09-20]", "c | [12-01]"}, "2023-09-20?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readList(t, usual, listOf(tt.rows...))
			newest := show(got.Newest)
			if got.AtLeast {
				newest = "at least " + newest
			}
			if newest != tt.want || got.Outcome != Dated {
				t.Errorf("rows %q: got %s %s (%s), want dated %s", tt.rows, got.Outcome, newest, got.Detail, tt.want)
			}
		})
	}
}

func TestUndatedList(t *testing.T) {
	tests := []struct {
		name   string
		rows   []string
		newest string
		detail string
	}{
		{"no dates", []string{"机关处室 | ", "直属单位 | "}, "", "0 of 2 rows"},
		{"fewer than three in five", []string{"a | 2023-08-23", "b | ", "c | "}, "2023-08-23", "1 of 3 rows"},
		{"all in the future", []string{"a | 2031-08-23", "b | 2032-01-01"}, "", "every date lies after"},
		{"two-digit years in two orders", []string{"a | 23-08-11", "b | 08-28-23"}, "", "0 of 2 rows"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readList(t, usual, listOf(tt.rows...))
			if got.Outcome != Unread || got.Reason != ReasonUndated || !strings.Contains(got.Detail, tt.detail) {
				t.Errorf("rows %q: got %s %s %q, want unread undated %q", tt.rows, got.Outcome, got.Reason, got.Detail, tt.detail)
			}
			if show(got.Newest) != tt.newest || got.AtLeast != (tt.newest != "") {
				t.Errorf("rows %q: got newest %q, at least %t; want %q as a lower bound", tt.rows, show(got.Newest), got.AtLeast, tt.newest)
			}
		})
	}
}

func TestThreeInFiveIsDated(t *testing.T) {
	got := readList(t, usual, listOf("a | 2023-08-23", "b | 2023-08-22", "c | 2023-08-21", "d | ", "e | "))
	if got.Outcome != Dated || len(got.Items) != 5 || got.AtLeast {
		t.Errorf("got %s with %d items, at least %t; want dated with 5, exactly", got.Outcome, len(got.Items), got.AtLeast)
	}
}

func TestMomentary(t *testing.T) {
	for text, want := range map[string]bool{
		"2023-08-23": false, "昨天": true, "08-23": true, "2031-01-01": true, "09-28": true,
	} {
		if got := readList(t, usual, listOf("a | "+text, "b | 2023-08-01")); got.Momentary != want {
			t.Errorf("%q: got momentary %t, want %t", text, got.Momentary, want)
		}
	}
}

// Rows are written the way pages write them; the recipe names only what it must.
func TestRow(t *testing.T) {
	li := Recipe{List: "ul.list", Item: "li"}
	tests := []struct {
		name   string
		recipe Recipe
		row    string
		want   string // "title | link | date"
	}{
		{"date in a span behind", li, `<li><a href="a.html">通知</a><span>2023-08-23</span></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"date in front", li, `<li><span>[2023-08-23]</span><a href="a.html">通知</a></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"bare text", li, `<li><a href="a.html">通知</a>(2023-08-23)</li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"date inside the link", li, `<li><a href="a.html"><p>通知</p><i>2023-08-23</i></a></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"title with a date, date outside", li, `<li><a href="a.html">2023年9月1日会议</a><b>2023-08-23</b></li>`, "2023年9月1日会议 | /tzgg/a.html | 2023-08-23"},
		{"title with a date, no other", li, `<li><a href="a.html">2023年9月1日会议</a></li>`, "2023年9月1日会议 | /tzgg/a.html | "},
		{"title in a heading with a date", li, `<li><a href="a.html"><h3>2023年9月1日会议</h3></a></li>`, "2023年9月1日会议 | /tzgg/a.html | "},
		{"summary with a date", li, `<li><a href="a.html">会议</a><p>2023年9月1日，市政府召开会议。</p><em>2023-08-23</em></li>`, "会议 | /tzgg/a.html | 2023-08-23"},
		{"summary with a date alone", li, `<li><a href="a.html">会议</a><p>2023年9月1日，市政府召开会议。</p></li>`, "会议 | /tzgg/a.html | "},
		{"day and month apart", li, `<li><div class="d"><b>23</b><i>2023-08</i></div><a href="a.html">通知</a></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"day and month apart inside the link", li, `<li><a href="a.html"><div><b>23</b><i>2023-08</i></div><h3>通知</h3></a></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"day and month apart, named together", Recipe{List: "ul.list", Item: "li", Date: "b, i"}, `<li><i>2023-08</i><b>23</b><a href="a.html">通知</a></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"a row's number is no day", li, `<li><span>12</span><a href="a.html">通知</a><span>2023-08</span></li>`, "通知 | /tzgg/a.html | "},
		{"parts in elements of their own", li, `<li><a href="a.html">通知</a><s>2023</s>年<s>8</s>月<s>23</s>日</li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"label in its own element", li, `<li><a href="a.html">通知</a><b>发布日期：</b><i>2023-08-23</i><b>截止日期：</b><i>2023-09-23</i></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"deadline alone", li, `<li><a href="a.html">通知</a><b>截止日期：</b><i>2023-09-23</i></li>`, "通知 | /tzgg/a.html | "},
		{"two dates without labels", li, `<li><a href="a.html">通知</a><i>2023-08-01</i><i>2023-08-23</i></li>`, "通知 | /tzgg/a.html | "},
		{"hidden date", li, `<li><a href="a.html">通知</a><i style="display: none">2023-08-01</i><i>2023-08-23</i></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"date in a script or comment", li, `<li><a href="a.html">通知</a><script>d="2023-08-01"</script><!-- 2023-08-02 --></li>`, "通知 | /tzgg/a.html | "},
		{"script link", li, `<li><a href="javascript:void(0)" onclick="go(1)">通知</a><i>2023-08-23</i></li>`, "通知 |  | 2023-08-23"},
		{"category in front of the title", Recipe{List: "ul.list", Item: "li", Title: "a.t", Link: "a.t"}, `<li><a href="/c/">[公告]</a><a class="t" href="a.html">通知</a><i>2023-08-23</i></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"picture link first", li, `<li><a href="p.html"><img src="x.png"></a><a href="a.html">通知</a><i>2023-08-23</i></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"title cut short", li, `<li><a href="a.html" title="关于做好工作的通知">关于做好...</a><i>2023-08-23</i></li>`, "关于做好工作的通知 | /tzgg/a.html | 2023-08-23"},
		{"bullet and blanks", li, "<li><a href='a.html'> •\u00a0 通知 \n 公告\u200b </a><i>2023-08-23</i></li>", "通知 公告 | /tzgg/a.html | 2023-08-23"},
		{"text turned around", li, "<li><a href='a.html'>通知\u202e公告</a><i>2023-08-23</i></li>", "通知公告 | /tzgg/a.html | 2023-08-23"},
		{"date of an attribute", Recipe{List: "ul.list", Item: "li", Date: `a@title =~ (\d{4}-\d{2}-\d{2})`}, `<li><a href="a.html" title="标题：通知 时间：2023-08-23">通知</a></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"date of the row's own attribute", Recipe{List: "ul.list", Item: "li", Date: "@data-time"}, `<li data-time="1692756000"><a href="a.html">通知</a></li>`, "通知 | /tzgg/a.html | 2023-08-23 10:00"},
		{"date of an address, by recipe", Recipe{List: "ul.list", Item: "li", Date: `a@href =~ t(\d{8})_`}, `<li><a href="./t20230823_12.html">通知</a></li>`, "通知 | /tzgg/t20230823_12.html | 2023-08-23"},
		{"an address alone dates nothing", li, `<li><a href="./t20230823_12.html">通知</a></li>`, "通知 | /tzgg/t20230823_12.html | "},
		{"link of an attribute", Recipe{List: "ul.list", Item: "li", Link: "@data-url", Title: "h3"}, `<li data-url="/x/1.html"><h3>通知</h3><i>2023-08-23</i></li>`, "通知 | /x/1.html | 2023-08-23"},
		{"a date selector that matches the title", Recipe{List: "ul.list", Item: "li", Date: "span"}, `<li><a href="a.html"><span>2023年9月1日会议</span></a><span>2023-08-23</span></li>`, "2023年9月1日会议 | /tzgg/a.html | 2023-08-23"},
		{"a date selector around the title", Recipe{List: "ul.list", Item: "li", Date: "div"}, `<li><div><a href="a.html">2023年9月1日会议</a> 2023-08-23</div></li>`, "2023年9月1日会议 | /tzgg/a.html | 2023-08-23"},
		{"a date selector that matches nothing", Recipe{List: "ul.list", Item: "li", Date: "em"}, `<li><a href="a.html">通知</a><i>2023-08-23</i></li>`, "通知 | /tzgg/a.html | "},
		{"XPath", Recipe{List: `//ul[@class="list"]`, Item: "./li", Title: "./a/@title", Date: "./i[last()]"}, `<li><a href="a.html" title="通知">…</a><i>x</i><i>2023-08-23</i></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"the link is the row", Recipe{List: "ul.list", Item: "a"}, `<li><a href="a.html">通知</a><i>2023-08-23</i></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"the link is the row, and the date selector beside it", Recipe{List: "ul.list", Item: "li > a", Date: "i"}, `<div><li><a href="a.html">通知</a><i>2023-08-23</i></li></div>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"no item selector", Recipe{List: "ul.list"}, `<li class="line"></li><li><a href="a.html">通知</a><i>2023-08-23</i></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"a group is no item", li, `<li>2023<ul><li><a href="a.html">通知</a><i>2023-08-23</i></li></ul></li>`, "通知 | /tzgg/a.html | 2023-08-23"},
		{"to the site above", li, `<li><a href="../../x\a.html#top">通知</a><i>2023-08-23</i></li>`, "通知 | /x/a.html | 2023-08-23"},
		{"year from the row's address", li, `<li><a href="t20220823_1.html">通知</a><i>[08-23]</i></li>`, "通知 | /tzgg/t20220823_1.html | 2022-08-23"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.recipe.Validate(); err != nil {
				t.Fatal(err)
			}
			got := readList(t, tt.recipe, menu+`<ul class="list">`+tt.row+`</ul>`)
			if len(got.Items) != 1 {
				t.Fatalf("%s\ngot %d items (%s), want 1", tt.row, len(got.Items), got.Detail)
			}
			it := got.Items[0]
			if s := it.Title + " | " + strings.TrimPrefix(it.Link, host) + " | " + show(it.Date); s != tt.want {
				t.Errorf("%s\ngot  %s\nwant %s", tt.row, s, tt.want)
			}
		})
	}
}

func TestSourceTracesTheDate(t *testing.T) {
	got := readList(t, usual, listOf("a | 发布时间：２０２３年８月２３日", "b | 3天前", "c | 2031-01-01", "d | 2023-01-01 2023-02-02"))
	want := []string{"2023年8月23日", "3天前", "2031-01-01", "several dates: 2023-01-01 2023-02-02"}
	for i, it := range got.Items {
		if it.Source != want[i] {
			t.Errorf("%s: got source %q, want %q", it.Title, it.Source, want[i])
		}
	}
}

func TestSeparatorsAndCopies(t *testing.T) {
	row := `<li><a href="a.html">通知</a><span>2023-08-23</span></li>`
	got := readList(t, Recipe{List: "ul.list, ul.phone", Item: "li", Date: "span"},
		`<ul class="list">`+row+`<li class="line"></li><li><a href="b.html"></a></li><li>2023-09-01</li>`+
			`<li><a href="javascript:;" onclick="go(1)">甲</a><span>2023-08-22</span></li><li><a href="javascript:;" onclick="go(2)">乙</a><span>2023-08-22</span></li></ul>`+
			`<ul class="phone">`+row+`</ul>`)
	var titles []string
	for _, it := range got.Items {
		titles = append(titles, it.Title)
	}
	if want := []string{"通知", "甲", "乙"}; !slices.Equal(titles, want) {
		t.Errorf("got %q, want %q", titles, want)
	}
}

func TestBaseOfLinks(t *testing.T) {
	tests := []struct{ base, want string }{
		{`<base href="/other/">`, host + "/other/a.html"},
		{`<base href="http://evil.example/">`, host + "/tzgg/a.html"},
		{`<base href="javascript:alert(1)">`, host + "/tzgg/a.html"},
	}
	for _, tt := range tests {
		got := readList(t, usual, tt.base+`<ul class="list"><li><a href="a.html">通知</a><span>2023-08-23</span></li></ul>`)
		if len(got.Items) != 1 || got.Items[0].Link != tt.want {
			t.Errorf("%s: got %+v, want the link %s", tt.base, got.Items, tt.want)
		}
	}
}

func TestSeveralLists(t *testing.T) {
	good, empty := listOf("a | 2023-08-23"), `<ul class="list"></ul>`+menu
	newer := listOf("b | 2023-09-01", "c | 2023-08-01")
	tests := []struct {
		name   string
		second answer
		want   Outcome
		reason Reason
		newest string
	}{
		{"both dated", answer{body: newer}, Dated, "", "2023-09-01"},
		{"one truly empty", answer{body: empty}, Dated, "", "2023-08-23"},
		{"one down", answer{class: ClassTimeout}, Unread, ReasonDown, "2023-08-23"},
		{"one undated", answer{body: listOf("x | ")}, Unread, ReasonUndated, "2023-08-23"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			task := Task{Question: AskNewest, URLs: []string{host + "/a/", host + "/b/"}, Recipe: usual}
			got, asked := ask(t, task, site{"/a/": {body: good}, "/b/": tt.second})
			if got.Outcome != tt.want || got.Reason != tt.reason || show(got.Newest) != tt.newest {
				t.Errorf("got %s %s %s (%s), want %s %s %s", got.Outcome, got.Reason, show(got.Newest), got.Detail, tt.want, tt.reason, tt.newest)
			}
			if tt.want == Unread && (!strings.Contains(got.Detail, host+"/b/") || !got.AtLeast) {
				t.Errorf("got detail %q, at least %t; want the list named and a lower bound", got.Detail, got.AtLeast)
			}
			if len(lists(asked)) != 2 {
				t.Errorf("asked for %d lists, want 2", len(lists(asked)))
			}
		})
	}
}

// lists returns the wants that are lists.
func lists(asked []Want) []Want {
	return slices.DeleteFunc(asked, func(w Want) bool { return w.Why != WhyList })
}

func TestTooManyItems(t *testing.T) {
	rows := make([]string, MaxItems+50)
	for i := range rows {
		rows[i] = fmt.Sprintf("通知%d | 2023-08-23", i)
	}
	got := readList(t, usual, listOf(rows...))
	if len(got.Items) != MaxItems || got.Complete || got.Outcome != Dated {
		t.Errorf("got %s with %d items, complete %t; want dated with %d", got.Outcome, len(got.Items), got.Complete, MaxItems)
	}
}

// Whatever the rows and their order, the newest date is the greatest of those
// shown up to the day of the fetch.
func TestNewestIsTheGreatest(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		days := rapid.SliceOfN(rapid.IntRange(-2000, 400), 1, 30).Draw(rt, "days")
		want, rows := time.Time{}, []string{}
		for i, n := range days {
			day := DayOf(fetched).AddDate(0, 0, n)
			rows = append(rows, fmt.Sprintf("row%d | %s", i, day.Format("2006-01-02")))
			if n <= 0 && day.After(want) {
				want = day
			}
		}
		got := readList(t, usual, listOf(rows...))
		if !got.Newest.Time.Equal(want) {
			rt.Errorf("rows %q: got %s, want %s", rows, got.Newest.Time, want)
		}
		if !want.IsZero() && !got.Items[got.NewestItem].Date.Time.Equal(want) {
			rt.Errorf("rows %q: item %d is not the newest", rows, got.NewestItem)
		}
	})
}

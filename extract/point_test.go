package extract

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// numberOf is the number of the nth element, from one, that a selector finds.
func numberOf(t testing.TB, p Page, css string, nth int) int {
	t.Helper()
	d, o := parse(p)
	if o != nil {
		t.Fatal(o.detail)
	}
	sel, err := parseSelector(css)
	if err != nil {
		t.Fatal(err)
	}
	found := sel.find(d.root)
	if len(found) < nth {
		t.Fatalf("%s finds %d elements, want %d", css, len(found), nth)
	}
	return d.numbers()[found[nth-1]]
}

// printed writes a list of n rows, each by a form with the number of the row as %d
// and its date as %s.
func printed(n int, form string) string {
	var b strings.Builder
	for i := range n {
		day := time.Date(2023, 8, 23-i, 0, 0, 0, 0, Beijing)
		text := strings.ReplaceAll(form, "%n", fmt.Sprint(i+1))
		text = strings.ReplaceAll(text, "%d", day.Format(time.DateOnly))
		text = strings.ReplaceAll(text, "%m", day.Format("2006-01"))
		b.WriteString(strings.ReplaceAll(text, "%y", day.Format("02")))
	}
	return b.String()
}

const (
	pointMenu = `<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/bsfw/">办事服务</a></li></ul></div>`
	pointSide = `<div class="side"><h3>热点新闻</h3><ul><li><a href="/rd/1.html">热点新闻的第一条标题</a><span>2023-08-25</span></li><li><a href="/rd/2.html">热点新闻的第二条标题</a><span>2023-08-24</span></li><li><a href="/rd/3.html">热点新闻的第三条标题</a><span>2023-08-22</span></li></ul></div>`
)

// The forms in which the systems of government sites print lists: from one row, or
// a row, its title and its date, to all of them.
func TestPointGoesFromOneRowToItsList(t *testing.T) {
	tests := []struct {
		name, list       string
		row, title, date string // selectors of what is pointed at, in the third row
		items            int
		newest           string
		recipe           Recipe // parts that must be as they are; "" is free
	}{
		{"TRS: a row by its link", `<ul class="list">` + printed(12, `<li><a href="./t%n.html">关于第%n批项目的公示</a><span class="time">%d</span></li>`) + `</ul>`,
			"ul.list li a", "", "", 12, "2023-08-23", Recipe{List: "ul.list", Item: "li"}},
		{"TRS: row, title and date", `<ul class="list">` + printed(12, `<li><a href="./t%n.html">关于第%n批项目的公示</a><span class="time">%d</span></li>`) + `</ul>`,
			"ul.list li", "ul.list li a", "ul.list li span.time", 12, "2023-08-23", Recipe{Date: "span.time"}},
		{"大汉: rows in a table", `<div class="bt"><table>` + printed(8, `<tr><td>·</td><td><a href="/art/2023/8/1/art_1_%n.html">关于开展第%n次检查的通知</a></td><td>%d</td></tr>`) + `</table></div>`,
			"div.bt tr", "div.bt td a", "div.bt td:nth-child(3)", 8, "2023-08-23", Recipe{Date: "td:nth-child(3)"}},
		{"大汉: rows in an island of the page", `<div class="page-content"><script type="text/xml"><datastore><nextgroup></nextgroup><recordset>` +
			printed(8, `<record><![CDATA[<li class="clearfix"><a href="/art/%n.html">关于开展第%n次检查的通知</a><span class="bt-right">%d</span></li>]]></record>`) + `</recordset></datastore></script></div>`,
			"li.clearfix", "li.clearfix a", "span.bt-right", 8, "2023-08-23", Recipe{}},
		{"VSB: split dates", `<div class="ny">` + printed(9, `<div class="row"><div class="rq"><b>%y</b><i>%m</i></div><a href="info/%n.htm">学校第%n次工作会议通知</a></div>`) + `</div>`,
			"div.row", "div.row a", "div.rq b", 9, "2023-08-23", Recipe{}},
		{"a link around the whole row", `<div class="news">` + printed(7, `<a class="it" href="/c/%n.html"><h4>第%n号公告全文发布</h4><p>摘要摘要摘要</p><em>%d</em></a>`) + `</div>`,
			"a.it em", "a.it h4", "a.it em", 7, "2023-08-23", Recipe{}},
		{"the date next to the link, no row around them", `<div class="l">` + printed(8, `<p><a href="/x%n.html">关于第%n批名单的公示</a>（%d）</p>`) + `</div>`,
			"div.l p a", "", "", 8, "2023-08-23", Recipe{}},
		{"<dt> and <dd>", `<dl class="d">` + printed(6, `<dt><a href="/d%n.html">第%n次新闻发布会实录</a></dt><dd>%d</dd>`) + `</dl>`,
			"dl.d dt", "dl.d dt a", "dl.d dd", 6, "2023-08-23", Recipe{}},
		{"the date in front", `<ul class="g">` + printed(10, `<li><i>[%d]</i><a href="/g%n.html" title="关于第%n项工作的全称">关于第%n项…</a></li>`) + `</ul>`,
			"ul.g li", "ul.g li a", "ul.g li i", 10, "2023-08-23", Recipe{}},
		{"a group in front of the title", `<ul class="g">` + printed(10, `<li><a class="lm" href="/lm/">[通知]</a><a class="bt" href="/g%n.html">关于第%n项工作的通知</a><span>%d</span></li>`) + `</ul>`,
			"ul.g li", "ul.g li a.bt", "ul.g li span", 10, "2023-08-23", Recipe{Title: "a.bt", Link: "a.bt"}},
		{"nothing but nested boxes", `<div id="c1"><div><div>` + printed(6, `<div><div><a href="/n%n.html">关于第%n项事项的通告</a></div><div>%d</div></div>`) + `</div></div></div>`,
			"#c1 a", "", "#c1 > div > div > div > div:nth-child(2)", 6, "2023-08-23", Recipe{}},
		{"rows without dates", `<ul class="nd">` + printed(9, `<li><a href="/nd/%n.html">关于第%n项制度的规定全文</a></li>`) + `</ul>`,
			"ul.nd li", "", "", 9, "", Recipe{}},
		{"the date in an attribute", `<ul class="at">` + printed(9, `<li><a href="/at/%n.html">关于第%n项制度的规定全文</a><time datetime="%d">更早</time></li>`) + `</ul>`,
			"ul.at li", "", "ul.at time", 9, "2023-08-23", Recipe{}},
		{"a list of two", `<ul class="two">` + printed(2, `<li><a href="/two/%n.html">关于第%n项制度的规定全文</a><span>%d</span></li>`) + `</ul>`,
			"ul.two li", "", "", 2, "2023-08-23", Recipe{}},
		{"the box around the list", `<ul class="bx">` + printed(9, `<li><a href="/bx/%n.html">关于第%n项制度的规定全文</a><span>%d</span></li>`) + `</ul>`,
			"ul.bx", "", "", 9, "2023-08-23", Recipe{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Page{
				Asked: host + "/tzgg/", URL: host + "/tzgg/", Why: WhyList, Status: 200, FetchedAt: time.Date(2023, 9, 27, 1, 30, 0, 0, Beijing),
				Body: []byte("<html><head><title>通知公告</title></head><body>" + pointMenu + tt.list + pointSide + "</body></html>"),
			}
			at := Pointing{}
			nth := min(3, tt.items)
			if tt.row == "ul.bx" {
				nth = 1
			}
			at.Rows = []int{numberOf(t, p, tt.row, nth)}
			if tt.title != "" {
				at.Title = numberOf(t, p, tt.title, nth)
			}
			if tt.date != "" {
				at.Date = numberOf(t, p, tt.date, nth)
			}
			task := Task{Question: AskNewest, URLs: []string{p.URL}, Column: "通知公告"}
			got, err := Point(task, p, at, Recipe{})
			if err != nil {
				t.Fatal(err)
			}
			task.Recipe = got.Recipe
			r, wants := Read(task, []Page{p})
			if tt.newest != "" && (len(r.Items) != tt.items || show(r.Newest) != tt.newest || len(wants) > 0) {
				t.Errorf("%+v reads %s %s with %d items, newest %s, and wants %v; want %d and %s", got.Recipe, r.Outcome, r.Detail, len(r.Items), show(r.Newest), wants, tt.items, tt.newest)
			}
			if len(got.Items) == 0 {
				t.Errorf("the proposal shows nothing of what it reads")
			}
			for _, part := range []struct{ name, got, want string }{
				{"list", got.Recipe.List, tt.recipe.List}, {"item", got.Recipe.Item, tt.recipe.Item},
				{"title", got.Recipe.Title, tt.recipe.Title}, {"link", got.Recipe.Link, tt.recipe.Link}, {"date", got.Recipe.Date, tt.recipe.Date},
			} {
				if part.want != "" && part.got != part.want {
					t.Errorf("%s is %q, want %q", part.name, part.got, part.want)
				}
			}
			t.Logf("%+v confidence %.2f", got.Recipe, got.Confidence)
		})
	}
}

// What a profile sets must be said by the recipe, or it would stay in force.
func TestPointSaysWhatTheProfileSays(t *testing.T) {
	p := Page{
		Asked: host + "/tzgg/", URL: host + "/tzgg/", Why: WhyList, Status: 200, FetchedAt: time.Date(2023, 9, 27, 1, 30, 0, 0, Beijing),
		Body: []byte(pointMenu + `<div class="l">` + printed(8, `<p><a href="/x%n.html">关于第%n批名单的公示</a>（%d）</p>`) + `</div>`),
	}
	base := Recipe{List: "ul.old", Item: "li", Date: "em.old"}
	got, err := Point(Task{Question: AskNewest, URLs: []string{p.URL}}, p, Pointing{Rows: []int{numberOf(t, p, "div.l p", 2)}}, base)
	if err != nil {
		t.Fatal(err)
	}
	task := Task{Question: AskNewest, URLs: []string{p.URL}, Recipe: got.Recipe.Over(base)}
	if r, _ := Read(task, []Page{p}); len(r.Items) != 8 || show(r.Newest) != "2023-08-23" {
		t.Errorf("%+v over the profile reads %s %s, %d items, newest %s", got.Recipe, r.Outcome, r.Detail, len(r.Items), show(r.Newest))
	}
}

func TestPointRefuses(t *testing.T) {
	seen := time.Date(2023, 9, 27, 1, 30, 0, 0, Beijing)
	page := Page{URL: host + "/", FetchedAt: seen, Body: []byte(pointMenu + `<p>没有链接的文字</p>` + pointSide + `<ul class="a"><li><a href="/1.html">关于某事的通知一</a>2023-01-01</li><li><a href="/2.html">关于某事的通知二</a>2023-01-02</li></ul>`)}
	tests := []struct {
		name string
		page Page
		at   Pointing
		want error
	}{
		{"nothing", page, Pointing{}, ErrNowhere},
		{"a number that no element has", page, Pointing{Rows: []int{9999}}, ErrNowhere},
		{"a negative number", page, Pointing{Rows: []int{-1}}, ErrNowhere},
		{"data", Page{URL: host, FetchedAt: seen, Body: []byte(`{"rows":[{"title":"a"}]}`)}, Pointing{Rows: []int{1}}, ErrNotMarkup},
		{"no page at all", Page{URL: host, FetchedAt: seen}, Pointing{Rows: []int{1}}, ErrNotMarkup},
		{"a date of another list", page, Pointing{Rows: []int{numberOf(t, page, "ul.a li", 1)}, Date: numberOf(t, page, ".side span", 2)}, ErrApart},
		{"a title of another list", page, Pointing{Rows: []int{numberOf(t, page, "ul.a li", 1)}, Title: numberOf(t, page, ".side a", 2)}, ErrApart},
	}
	for _, tt := range tests {
		if got, err := Point(Task{}, tt.page, tt.at, Recipe{}); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, %v; want %v", tt.name, got, err, tt.want)
		}
	}
}

// Whatever is pointed at, what comes back is a recipe that can be written down and
// that finds rows on the page.
func FuzzPoint(f *testing.F) {
	f.Add([]byte(pointMenu+pointSide), 3, 5, 7)
	f.Add([]byte(`<table><tr><td><a href=a>关于某事的通知</a><td>2023-01-01<tr><td><a href=b>关于某事的公告</a><td>2023-01-02</table>`), 6, 0, 9)
	f.Add([]byte(`<div><div><div><a href=a>x</a></div></div></div><frameset>`), 4, 4, 4)
	f.Fuzz(func(t *testing.T, body []byte, row, title, date int) {
		p := Page{URL: host + "/tzgg/", FetchedAt: time.Date(2023, 9, 27, 0, 0, 0, 0, Beijing), Body: body}
		got, err := Point(Task{URLs: []string{p.URL}}, p, Pointing{Rows: []int{row}, Title: title, Date: date}, Recipe{Date: "em"})
		if err != nil {
			return
		}
		if err := got.Recipe.Validate(); err != nil {
			t.Errorf("%+v is invalid: %v", got.Recipe, err)
		}
		if got.Recipe.Item == "" || got.Confidence < 0 || got.Confidence > 1 {
			t.Errorf("got %+v with confidence %f", got.Recipe, got.Confidence)
		}
	})
}

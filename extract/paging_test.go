package extract

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

var newYear = time.Date(2023, 1, 1, 0, 0, 0, 0, Beijing)

// numbered returns a page with one row per date, titled by prefix and place.
func numbered(prefix string, extra string, dates ...string) string {
	rows := make([]string, len(dates))
	for i, d := range dates {
		rows[i] = fmt.Sprintf("%s%d | %s", prefix, i, d)
	}
	return strings.Replace(listOf(rows...), footer, extra+footer, 1)
}

func TestReadingBackToADay(t *testing.T) {
	pattern := Recipe{List: "ul.list", Item: "li", Date: "span", Next: "index_{n-1}.html"}
	counted := Recipe{List: "ul.list", Item: "li", Date: "span", Next: "index_{n-1}.html", Last: `script =~ createPageHTML\((\d+)`}
	linked := Recipe{List: "ul.list", Item: "li", Date: "span", Next: "a.next"}
	plain := usual
	says := func(n int) string { return fmt.Sprintf(`<script>createPageHTML(%d, 0, "index", "html");</script>`, n) }
	link := func(to string) string { return `<a class="next" href="` + to + `">下一页</a>` }

	p1 := numbered("a", "", "2023-05-01", "2023-04-01", "2023-03-01")
	old := numbered("c", "", "2022-12-30", "2022-12-01", "2022-11-01")
	tests := []struct {
		name     string
		recipe   Recipe
		site     site
		want     string // "outcome reason, items, complete, older, pages"
		contains string // in the detail
	}{
		{"an older item on page one", pattern, site{"/l/": {body: numbered("a", "", "2023-05-01", "2023-02-01", "2022-12-01")}}, "dated , 3 items, complete true, older true, 1 pages", ""},
		{"an older item on page two", pattern, site{"/l/": {body: p1}, "/l/index_1.html": {body: old}, "/l/index_2.html": {body: "must not be asked"}}, "dated , 6 items, complete true, older true, 2 pages", ""},
		{"the end by 404", pattern, site{"/l/": {body: p1}}, "dated , 3 items, complete true, older false, 2 pages", ""},
		{"the end by an empty list", pattern, site{"/l/": {body: p1}, "/l/index_1.html": {body: numbered("b", "")}}, "dated , 3 items, complete true, older false, 2 pages", ""},
		{"the end by the same page again", pattern, site{"/l/": {body: p1}, "/l/index_1.html": {body: p1}}, "dated , 3 items, complete true, older false, 2 pages", ""},
		{"the end by a soft 404", pattern, site{"/l/": {body: p1}, "/l/index_1.html": {body: "<p>页面不存在</p>"}}, "dated , 3 items, complete true, older false, 2 pages", ""},
		{"the end by the home page", pattern, site{"/l/": {body: p1}, "/l/index_1.html": {body: old, url: host + "/"}}, "dated , 3 items, complete true, older false, 2 pages", ""},
		{"the number of pages reached", counted, site{"/l/": {body: numbered("a", says(2), "2023-05-01", "2023-04-01", "2023-03-01")}, "/l/index_1.html": {body: numbered("b", says(2), "2023-02-01")}, "/l/index_2.html": {body: "must not be asked"}}, "dated , 4 items, complete true, older false, 2 pages", ""},
		{"one page by its own word", pattern, site{"/l/": {body: numbered("a", says(1), "2023-05-01")}}, "dated , 1 items, complete true, older false, 1 pages", ""},
		{"next link to the end", linked, site{"/l/": {body: numbered("a", link("p2.html"), "2023-05-01")}, "/l/p2.html": {body: numbered("b", "", "2023-04-01")}}, "dated , 2 items, complete true, older false, 2 pages", ""},
		{"next link back to the start", linked, site{"/l/": {body: numbered("a", link("p2.html"), "2023-05-01")}, "/l/p2.html": {body: numbered("b", link("/l/"), "2023-04-01")}}, "dated , 2 items, complete true, older false, 2 pages", ""},
		{"next link to itself", linked, site{"/l/": {body: numbered("a", link("/l/"), "2023-05-01")}}, "dated , 1 items, complete true, older false, 1 pages", ""},
		{"no recipe for the next page, a usual link", plain, site{"/l/": {body: numbered("a", link("p2.html"), "2023-05-01")}, "/l/p2.html": {body: numbered("b", "", "2022-04-01")}}, "dated , 2 items, complete true, older true, 2 pages", ""},
		{"no recipe and no sign of more", plain, site{"/l/": {body: p1}}, "dated , 3 items, complete true, older false, 1 pages", ""},
		{"overlapping pages", pattern, site{"/l/": {body: numbered("a", "", "2023-05-01", "2023-04-01")}, "/l/index_1.html": {body: listOf("x | 2023-05-02", "b | 2022-12-01")}}, "dated , 4 items, complete true, older true, 2 pages", ""},
		{"pinned old rows on top", pattern, site{"/l/": {body: numbered("a", "", "2019-01-01", "2018-01-01", "2023-05-01", "2023-04-01", "2023-03-02", "2023-03-01")}, "/l/index_1.html": {body: old}}, "dated , 9 items, complete true, older true, 2 pages", ""},
		{"sorted upwards", pattern, site{"/l/": {body: numbered("a", "", "2020-01-01", "2021-01-01", "2022-01-01")}, "/l/index_1.html": {body: numbered("b", "", "2023-01-01", "2023-02-01")}}, "dated , 5 items, complete true, older true, 3 pages", ""},
		{"the first day itself counts", pattern, site{"/l/": {body: numbered("a", "", "2023-01-01", "2022-12-31")}}, "dated , 2 items, complete true, older true, 1 pages", ""},
		{"truly empty", pattern, site{"/l/": {body: numbered("a", "")}}, "empty , 0 items, complete true, older false, 1 pages", ""},
		{"a row without a date cannot be counted", pattern, site{"/l/": {body: numbered("a", "", "2023-05-01", "2023-04-01", "", "2022-12-01")}}, "dated , 4 items, complete false, older true, 1 pages", ""},

		{"page two is down", pattern, site{"/l/": {body: p1}, "/l/index_1.html": {class: ClassStatus5xx}}, "unread partial, 3 items, complete false, older false, 2 pages", "page 2: down"},
		{"page two is blocked", pattern, site{"/l/": {body: p1}, "/l/index_1.html": {body: "<p>访问过于频繁</p>"}}, "unread partial, 3 items, complete false, older false, 2 pages", "page 2: blocked"},
		{"page two is of a foreign host", pattern, site{"/l/": {body: p1}, "/l/index_1.html": {class: ClassForeign}}, "unread partial, 3 items, complete false, older false, 2 pages", "page 2: gone"},
		{"page two has no list", pattern, site{"/l/": {body: p1}, "/l/index_1.html": {body: menu}}, "unread partial, 3 items, complete false, older false, 2 pages", "matches nothing"},
		{"gone before the number of pages", counted, site{"/l/": {body: numbered("a", says(3), "2023-05-01")}}, "unread partial, 1 items, complete false, older false, 2 pages", "page 2 of 3"},
		{"the same again before the number of pages", counted, site{"/l/": {body: numbered("a", says(3), "2023-05-01")}, "/l/index_1.html": {body: numbered("a", says(3), "2023-05-01")}}, "unread partial, 1 items, complete false, older false, 2 pages", "page 2 of 3"},
		{"next link missing before the number of pages", linked, site{"/l/": {body: numbered("a", "<div>共 4 页</div>", "2023-05-01")}}, "unread partial, 1 items, complete false, older false, 1 pages", "has more"},
		{"a pager that the recipe cannot use", plain, site{"/l/": {body: numbered("a", `<a href="javascript:go(2)">下一页</a>`, "2023-05-01")}}, "unread partial, 1 items, complete false, older false, 1 pages", "set next"},
		{"next link off the site", linked, site{"/l/": {body: numbered("a", link("http://x.example.com/2"), "2023-05-01")}}, "unread partial, 1 items, complete false, older false, 1 pages", "off the site"},
		{"page one is down", pattern, site{"/l/": {class: ClassReset}}, "unread down, 0 items, complete false, older false, 1 pages", "reset"},
		{"page one is undated", pattern, site{"/l/": {body: numbered("a", "", "", "")}}, "unread undated, 2 items, complete false, older false, 3 pages", "0 of 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			task := Task{Question: AskSince, URLs: []string{host + "/l/"}, Recipe: tt.recipe, Since: newYear, Home: host + "/"}
			got, asked := ask(t, task, tt.site)
			s := fmt.Sprintf("%s %s, %d items, complete %t, older %t, %d pages", got.Outcome, got.Reason, len(got.Items), got.Complete, got.Older, len(asked))
			if s != tt.want || !strings.Contains(got.Detail, tt.contains) {
				t.Errorf("got  %s (%s)\nwant %s (%s)", s, got.Detail, tt.want, tt.contains)
			}
		})
	}
}

// A list without an end is cut off, and then there is no count.
func TestEndlessList(t *testing.T) {
	s := site{"/l/": {body: numbered("p1-", "", "2023-05-01")}}
	for n := 1; n < 2*MaxPages; n++ {
		s[fmt.Sprintf("/l/index_%d.html", n)] = answer{body: numbered(fmt.Sprintf("p%d-", n+1), "", "2023-05-01")}
	}
	task := Task{Question: AskSince, URLs: []string{host + "/l/"}, Recipe: Recipe{List: "ul.list", Item: "li", Date: "span", Next: "index_{n-1}.html"}, Since: newYear}
	got, asked := ask(t, task, s)
	if got.Outcome != Unread || got.Reason != ReasonPartial || got.Complete || len(asked) != MaxPages || len(got.Items) != MaxPages {
		t.Errorf("got %s %s with %d items after %d pages, want unread partial with %d after as many", got.Outcome, got.Reason, len(got.Items), len(asked), MaxPages)
	}
}

func TestSeveralListsBackToADay(t *testing.T) {
	r := Recipe{List: "ul.list", Item: "li", Date: "span", Next: "?page={n}"}
	s := site{
		"/a/":        {body: numbered("a", "", "2023-05-01", "2023-04-01")},
		"/a/?page=2": {body: numbered("b", "", "2022-05-01")},
		"/b/":        {body: numbered("c", "")},
	}
	got, _ := ask(t, Task{Question: AskSince, URLs: []string{host + "/a/", host + "/b/"}, Recipe: r, Since: newYear}, s)
	if got.Outcome != Dated || !got.Complete || !got.Older || len(got.Items) != 3 || show(got.Newest) != "2023-05-01" {
		t.Errorf("got %+v, want both lists read to their ends", got)
	}
}

func TestOnlyPageOneForTheNewest(t *testing.T) {
	_, asked := ask(t, Task{Question: AskNewest, URLs: []string{host + "/l/"}, Recipe: Recipe{List: "ul.list", Item: "li", Next: "index_{n}.html"}},
		site{"/l/": {body: numbered("a", `<a href="p2.html">下一页</a>`, "2023-05-01")}})
	if len(asked) != 1 {
		t.Errorf("asked for %d pages, want one", len(asked))
	}
}

func TestPagesShown(t *testing.T) {
	for text, want := range map[string]int{
		`<script>createPageHTML(15, 0, "index", "html");</script>`: 15,
		`var countPage = 7`:          7,
		`<span>共 12 页</span>`:        12,
		`共<b>9</b>页`:                 9,
		`第 1/8 页`:                    8,
		`totalpage="4"`:              4,
		`function createPageHTML(n)`: 0,
		`共 120 条`:                    0,
	} {
		d, _ := parse(Page{Body: []byte(menu + text), URL: host})
		r, _ := newReader(Task{}, nil)
		if got := r.total(d); got != want {
			t.Errorf("%s: got %d pages, want %d", text, got, want)
		}
	}
}

func TestLastPageByRecipe(t *testing.T) {
	for last, want := range map[string]int{
		"div.pager":               120, // the greatest number: too many is said, too few would be believed
		`div.pager =~ (\d+)\s*页`:  6,
		`=~ pages:(\d+)`:          8,
		`script =~ "pages":(\d+)`: 9,
		"div.pager@data-pages":    5,
		`div.none =~ (\d+)`:       0,
	} {
		r, err := newReader(Task{Recipe: Recipe{Last: last}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		d, _ := parse(Page{Body: []byte(`<div class="pager" data-pages="5">共120条 6 页</div><script>x={pages:8}</script><script>y={"pages":9}</script>`), URL: host})
		if got := r.total(d); got != want {
			t.Errorf("%s: got %d, want %d", last, got, want)
		}
	}
}

// The newest items of a list that begins with its oldest stand on its last page.
func TestListSortedUpwards(t *testing.T) {
	first := func(pager string) answer {
		return answer{body: numbered("a", pager, "2020-01-01", "2021-01-01", "2022-01-01")}
	}
	end := `<a href="index_1.html">下一页</a><a href="index_7.html">尾页</a>`
	newest := answer{body: numbered("b", `<a href="index_6.html">上一页</a>`, "2023-08-01", "2023-08-23")}
	tests := []struct {
		name   string
		recipe Recipe
		site   site
		want   string
	}{
		{"a link to the last page", usual, site{"/l/": first(end), "/l/index_7.html": newest}, "2023-08-23"},
		{"the number of pages and a pattern", Recipe{List: "ul.list", Item: "li", Date: "span", Next: "index_{n-1}.html"}, site{"/l/": first(`<script>createPageHTML(8, 0, "index", "html")</script>`), "/l/index_7.html": newest}, "2023-08-23"},
		{"nothing leads to the last page", usual, site{"/l/": first(`<a href="index_1.html">下一页</a>`)}, "at least 2022-01-01"},
		{"the last page is down", usual, site{"/l/": first(end), "/l/index_7.html": {class: ClassStatus5xx}}, "at least 2022-01-01"},
		{"it is not the last", usual, site{"/l/": first(end), "/l/index_7.html": {body: numbered("b", `<a href="index_8.html">下一页</a>`, "2023-08-01", "2023-08-23")}}, "at least 2023-08-23"},
		{"one page", usual, site{"/l/": first("")}, "2022-01-01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := ask(t, Task{Question: AskNewest, URLs: []string{host + "/l/"}, Recipe: tt.recipe}, tt.site)
			said := show(got.Newest)
			if got.AtLeast {
				said = "at least " + said
			}
			if said != tt.want || got.Outcome != Dated {
				t.Errorf("got %s %s %s, want %s", got.Outcome, said, got.Detail, tt.want)
			}
		})
	}
}

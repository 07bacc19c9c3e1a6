package patrol

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
)

// A web answers with bodies by address; what it does not hold is not found. It
// remembers what was asked.
type web struct {
	pages map[string]string
	asked []string
	err   error
}

func (w *web) Crawl(_ context.Context, job crawler.Job, deliver func(crawler.Visit) error) error {
	if w.err != nil {
		return w.err
	}
	for _, s := range job.Subjects {
		address := s.Task.URLs[0]
		w.asked = append(w.asked, address)
		p := extract.Page{Asked: address, URL: address, Why: extract.WhyList, Status: 200, FetchedAt: time.Date(2023, 9, 27, 1, 30, 0, 0, extract.Beijing)}
		if body, ok := w.pages[strings.TrimPrefix(address, "http://a.example.gov.cn")]; ok {
			p.Body = []byte(body)
		} else {
			p.Status, p.Class = 404, extract.ClassNotFound
		}
		v := crawler.Visit{Subject: s.ID, Pages: []extract.Page{p}}
		v.Reading, _ = extract.Read(s.Task, v.Pages)
		if err := deliver(v); err != nil {
			return err
		}
	}
	return nil
}

// listPage is a list of so many items of 2023.
func listPage(class string, items int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<ul class="%s">`, class)
	for i := range items {
		fmt.Fprintf(&b, `<li><a href="t2023082%d_%d.html">关于第%d项工作的通知</a><span>2023-08-2%d</span></li>`, i, i, i, i)
	}
	return b.String() + "</ul>"
}

const homeOfA = `<title>某市财政局</title><ul class="nav"><li><a href="/tzgg/">通知公告</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/gzdt/">财政动态</a></li></ul>` +
	`<p>欢迎访问某市财政局网站，本网站由某市财政局主办。</p><p><a href="/wzdt/">网站地图</a></p>`

func explorerOf(t *testing.T, w *web) Explorer {
	t.Helper()
	classes, err := inventory.ParseClasses(inventory.File{Name: inventory.ClassesFile, Data: []byte("- class: 通知公告\n  words: [公告]\n- class: 动态要闻\n  words: [动态]\n- class: 政策文件\n  words: [文件]\n")})
	if err != nil {
		t.Fatal(err)
	}
	return Explorer{Visitor: w, Classes: classes, Limit: 60, Profiles: []inventory.Profile{
		{ID: "one", List: extract.Recipe{List: "ul.one", Item: "li", Date: "span"}}, {ID: "two", List: extract.Recipe{List: "ul.two", Item: "li", Date: "span"}},
	}}
}

func TestExplore(t *testing.T) {
	w := &web{pages: map[string]string{
		"/": homeOfA, "/tzgg/": listPage("one", 7), "/gzdt/": listPage("two", 6), "/cwgk/": listPage("one", 8),
		"/zwgk/":      `<ul><li><a href="/zwgk/zcwj/">政策文件</a></li><li><a href="/zwgk/bmwj/">部门文件</a></li><li><a href="/tzgg/">通知公告</a></li></ul><p>政务公开各栏目</p>`,
		"/zwgk/zcwj/": listPage("one", 5), "/wzdt/": `<p><a href="/tzgg/">通知公告</a><a href="/cwgk/">财务公告</a></p>`,
	}}
	got, err := explorerOf(t, w).Explore(t.Context(), "http://a.example.gov.cn/")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, c := range got.Columns {
		recipe := "-"
		if c.Recipe != nil {
			recipe = c.Recipe.List
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %s %s %d", c.Name, c.Guess.Class, strings.TrimPrefix(c.URL, "http://a.example.gov.cn"), c.Reading.Outcome, recipe, c.Directory))
	}
	want := []string{
		"通知公告 通知公告 /tzgg/ dated - 0",
		"政务公开 其他 /zwgk/ unread - 2",
		"政务公开--政策文件 政策文件 /zwgk/zcwj/ dated - 0",
		"政务公开--部门文件 政策文件 /zwgk/bmwj/ unread - 0",
		"财政动态 动态要闻 /gzdt/ dated ul.two 0",
		"财务公告 通知公告 /cwgk/ dated - 0",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if got.CMS != "one" || got.NotRead != 0 || got.Title != "某市财政局" {
		t.Errorf("got CMS %q, %d not read, title %q", got.CMS, got.NotRead, got.Title)
	}
	if read, unread := got.Columns[0].Confidence, got.Columns[3].Confidence; read <= unread || read > 1 {
		t.Errorf("a column that was read is %.2f sure, one that was not %.2f", read, unread)
	}
	seen := slices.Sorted(slices.Values(w.asked))
	if len(slices.Compact(slices.Clone(seen))) != len(seen) {
		t.Errorf("asked twice: %q", seen)
	}
}

func TestExploreIsBounded(t *testing.T) {
	w := &web{pages: map[string]string{"/": homeOfA, "/tzgg/": listPage("one", 7)}}
	e := explorerOf(t, w)
	e.Limit = 1
	got, err := e.Explore(t.Context(), "http://a.example.gov.cn/")
	if err != nil || len(got.Columns) != 3 || got.NotRead != 2 {
		t.Errorf("got %d columns, %d not read, %v; want all three listed and one read", len(got.Columns), got.NotRead, err)
	}
	if want := []string{"http://a.example.gov.cn/", "http://a.example.gov.cn/wzdt/", "http://a.example.gov.cn/tzgg/"}; !slices.Equal(w.asked, want) {
		t.Errorf("asked %q, want %q", w.asked, want)
	}
}

func TestExploreKnowsTheConfiguration(t *testing.T) {
	w := &web{pages: map[string]string{"/": `<h4>市财政局</h4><ul><li><a href="/czj/tzgg/">通知公告</a></li></ul><h4>市审计局</h4><ul><li><a href="/sjj/gzdt/">工作动态</a></li></ul>`, "/sjj/gzdt/": listPage("two", 6)}}
	e := explorerOf(t, w)
	e.CMS = "two"
	e.Known = func(address string) (string, bool) { return "xxgk/czj/tzgg", strings.Contains(address, "/czj/") }
	e.Unit = func(name string) (string, bool) { return "czj", name == "市财政局" }
	got, err := e.Explore(t.Context(), "http://a.example.gov.cn/")
	if err != nil || len(got.Columns) != 2 {
		t.Fatalf("got %+v, %v", got.Columns, err)
	}
	if c := got.Columns[0]; c.Name != "通知公告" || c.Unit != "czj" || c.Known != "xxgk/czj/tzgg" {
		t.Errorf("got %s of %q, known as %q", c.Name, c.Unit, c.Known)
	}
	if c := got.Columns[1]; c.Name != "市审计局--工作动态" || c.Unit != "" || c.Known != "" || c.Recipe != nil || c.Reading.Method != "cms:two" {
		t.Errorf("got %s of %q, recipe %+v, read by %s", c.Name, c.Unit, c.Recipe, c.Reading.Method)
	}
}

// A site that misbehaves is an answer; what fails the exploration is our own.
func TestExploreOfASiteThatMisbehaves(t *testing.T) {
	got, err := explorerOf(t, &web{}).Explore(t.Context(), "http://a.example.gov.cn/")
	if err != nil || got.Reason != extract.ReasonGone || len(got.Columns) != 0 {
		t.Errorf("got %s, %d columns, %v; want gone", got.Reason, len(got.Columns), err)
	}
	got, err = explorerOf(t, &web{pages: map[string]string{"/": "<p>欢迎</p>"}}).Explore(t.Context(), "http://a.example.gov.cn/")
	if err != nil || got.Reason != extract.ReasonLost {
		t.Errorf("got %s %q, %v; want lost: nothing looks like a column", got.Reason, got.Detail, err)
	}
	broken := errors.New("disk")
	if _, err := explorerOf(t, &web{err: broken}).Explore(t.Context(), "http://a.example.gov.cn/"); !errors.Is(err, broken) {
		t.Errorf("got %v, want our own failure", err)
	}
}

// What the page itself showed is written down where no profile reads the same.
func TestRecipeOfAProposal(t *testing.T) {
	e := explorerOf(t, &web{})
	proposed := extract.Recipe{Item: "dd"}
	r := extract.Reading{Outcome: extract.Dated, Method: "induced", Proposal: &extract.Proposal{Recipe: proposed}}
	if got := e.recipe(SuggestedColumn{Reading: r}); got == nil || *got != proposed {
		t.Errorf("got %+v, want the proposal", got)
	}
	if got := e.recipe(SuggestedColumn{Reading: extract.Reading{Outcome: extract.Dated, Method: "recipe"}}); got != nil {
		t.Errorf("got %+v for what needs none", got)
	}
}

// A profile is named only where it reads what was read.
func TestProfileMustAgree(t *testing.T) {
	w := &web{pages: map[string]string{"/": homeOfA, "/tzgg/": listPage("one", 7), "/gzdt/": listPage("one", 6)}}
	e := explorerOf(t, w)
	e.Profiles[0].List.Item = "li:first-child"
	got, err := e.Explore(t.Context(), "http://a.example.gov.cn/")
	if err != nil || got.CMS != "" {
		t.Errorf("got CMS %q, %v; want none: the profile reads one row of seven", got.CMS, err)
	}
}

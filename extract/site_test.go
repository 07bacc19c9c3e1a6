package extract

import (
	"strings"
	"testing"
)

// A site answers wants from a map of addresses to bodies, like a crawler in
// front of a very small web. An address that is not there is 404.
type site map[string]answer

type answer struct {
	body    string
	class   Class
	url     string // after redirects
	header  string // Content-Type
	render  string // what a browser shows; "" for no browser
	fails   Class  // what comes of showing it, if anything goes wrong
	status  int
	fetched int // days after the usual fetch
}

const host = "http://fgw.example.gov.cn"

func (s site) get(w Want) Page {
	a, ok := s[strings.TrimPrefix(w.URL, host)]
	p := Page{Asked: w.URL, URL: w.URL, Why: w.Why, Status: 200, FetchedAt: fetched.AddDate(0, 0, a.fetched)}
	switch {
	case !ok:
		p.Status, p.Class = 404, ClassNotFound
		return p
	case a.url != "":
		p.URL = a.url
	}
	if a.status != 0 {
		p.Status = a.status
	}
	p.Header = map[string][]string{"Content-Type": {a.header}}
	switch {
	case w.Render && a.fails != "":
		p.Class, p.Status, p.Rendered = a.fails, 0, true
	case w.Render && a.render == "":
		p.Class, p.Status = ClassNoBrowser, 0
	case w.Render:
		p.Body, p.Rendered = []byte(a.render), true
	case a.class != "":
		p.Class, p.Status = a.class, 0
	default:
		p.Body = []byte(a.body)
	}
	return p
}

// ask runs the loop of reading and fetching to its end and fails the test if it
// asks for anything twice or has no end.
func ask(t *testing.T, task Task, s site) (Reading, []Want) {
	t.Helper()
	var pages []Page
	var asked []Want
	seen := make(map[Want]bool)
	for range MaxPages + 2 {
		got, wants := Read(task, pages)
		if len(wants) == 0 {
			if got.Outcome == "" {
				t.Fatalf("after %d pages: no outcome and no want", len(pages))
			}
			return got, asked
		}
		for _, w := range wants {
			if seen[w] {
				t.Fatalf("wants %+v twice", w)
			}
			seen[w] = true
			asked = append(asked, w)
			pages = append(pages, s.get(w))
		}
	}
	t.Fatalf("no end after %d pages", len(pages))
	return Reading{}, nil
}

// readList reads one page as the first of a list.
func readList(t *testing.T, r Recipe, body string) Reading {
	t.Helper()
	got, _ := ask(t, Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: r}, site{"/tzgg/": {body: body}})
	return got
}

// listOf returns a page with a list of rows, each "title | date".
func listOf(rows ...string) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html><head><title>通知公告</title></head><body>` + menu + `<div class="main"><ul class="list">`)
	for i, r := range rows {
		name, date, _ := strings.Cut(r, " | ")
		b.WriteString(`<li><a href="./t` + string(rune('a'+i%26)) + letters(name) + `.html">` + name + `</a><span>` + date + `</span></li>`)
	}
	b.WriteString(`</ul></div>` + footer + `</body></html>`)
	return b.String()
}

const (
	menu   = `<div class="head">今天是2023年9月27日 星期三<ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/zwfw/">政务服务</a></li><li><a href="/hdjl/">互动交流</a></li><li><a href="/zjyq/">走进阳泉</a></li></ul></div>`
	footer = `<div class="foot">版权所有 2023 页面生成时间：2023-09-26 23:59 更新于2023年9月26日</div>`
)

// usual is the recipe most tests read by.
var usual = Recipe{List: "ul.list", Item: "li", Date: "span"}

package extract

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// limit is far above what any hostile page takes, also under the race detector
// on a busy machine, and far below what one quadratic step would take.
const limit = 2 * time.Minute

// Hostile pages get an answer soon, and never an old date or an empty list.
func TestHostilePages(t *testing.T) {
	row := `<li><a href="a.html">通知</a><span>2023-08-23</span></li>`
	list := `<ul class="list">` + row + `</ul>`
	tests := []struct {
		name   string
		body   string
		want   Outcome
		detail string
	}{
		{"nested 513 deep", strings.Repeat("<div>", 513) + list, Unread, "nested too deep"},
		{"nested 400,000 deep", strings.Repeat("<div>", 400000), Unread, "nested too deep"},
		{"100,000 unclosed <b>", strings.Repeat("<b>", 100000) + list, Unread, "nested too deep"},
		{"100,000 unclosed <font>", strings.Repeat("<font a=i>", 100000) + list, Unread, "nested too deep"},
		{"a megabyte of stray table text", list + "<table>" + strings.Repeat("x<b></b>", 120000), Dated, ""},
		{"200,000 attributes", "<div " + strings.Repeat("a=b ", 200000) + ">" + list, Dated, ""},
		{"200,000 different attributes", "<div " + manyAttributes(200000) + ">" + list, Dated, ""},
		{"one line of 8 MiB", list + "<p>" + strings.Repeat("公开", 8<<20/6), Dated, ""},
		{"a title of 8 MiB", `<ul class="list"><li><a href="a.html">` + strings.Repeat("x", 8<<20) + `</a><span>2023-08-23</span></li></ul>`, Dated, ""},
		{"a date element of 8 MiB", `<ul class="list"><li><a href="a.html">通知</a><span>` + strings.Repeat("2023-", 8<<20/5) + `</span></li></ul>`, Unread, "0 of 1"},
		{"50,000 rows", `<ul class="list">` + strings.Repeat(row, 50000) + `</ul>`, Dated, ""},
		{"50,000 rows without dates", `<ul class="list">` + manyRows(50000) + `</ul>`, Unread, "0 of"},
		{"NUL bytes", strings.ReplaceAll(list, "通知", "通\x00知"), Dated, ""},
		{"100,000 comments", strings.Repeat("<!--", 100000) + list, Unread, ""},
		{"an address of 64 KiB", strings.Replace(list, "a.html", strings.Repeat("a", 64<<10), 1), Dated, ""},
		{"../ 10,000 times", strings.Replace(list, "a.html", strings.Repeat("../", 10000), 1), Dated, ""},
		{"foreign content", `<svg><style><ul class="list"></style></svg><math><mi>` + list, Dated, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			got := readList(t, usual, tt.body)
			if got.Outcome != tt.want || !strings.Contains(got.Detail, tt.detail) {
				t.Errorf("got %s %s %q, want %s %q", got.Outcome, got.Reason, got.Detail, tt.want, tt.detail)
			}
			if took := time.Since(start); took > limit {
				t.Errorf("took %v, want at most %v", took, limit)
			}
			for _, it := range got.Items {
				if len(it.Title) > 1000 || len(it.Source) > maxSource || len(it.Link) > 3*maxLink {
					t.Fatalf("an item of %d, %d and %d bytes", len(it.Title), len(it.Source), len(it.Link))
				}
			}
		})
	}
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d=b ", i)
	}
	return b.String()
}

func manyRows(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<li><a href="%d.html">通知%d</a><span>x</span></li>`, i, i)
	}
	return b.String()
}

// The other sources of text are as strange as the pages.
func TestHostileSelectors(t *testing.T) {
	body := `<ul class="list">` + manyRows(3000) + `</ul>`
	for _, r := range []Recipe{
		{Item: "li:has(a:has(*))", List: "ul.list"},
		{Item: "//li//a//ancestor::li", List: "ul.list"},
		{Item: "li", Date: `span =~ (a+)+$`},
		{Item: "li", Date: "//*"},
		{Item: "*", Date: "*", Title: "*"},
		{List: "*", Item: "*"},
	} {
		if err := r.Validate(); err != nil {
			t.Fatalf("%+v: %v", r, err)
		}
		start := time.Now()
		got := readList(t, r, body)
		if got.Outcome == Empty || got.Outcome == Dated {
			t.Errorf("%+v: got %s", r, got.Outcome)
		}
		if took := time.Since(start); took > limit {
			t.Errorf("%+v: took %v", r, took)
		}
	}
}

// However the tags are written, they are counted as the search counts them or
// more.
func TestRootsAreCounted(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "<": 0, "<htm": 0, "<html>": 1, "<HTML lang=zh><BoDy\n>": 2, "<bodyguard>": 1, "a<b<i><html x<body y>": 2,
		strings.Repeat("<body a=1>", 40): 40,
	} {
		if got := roots([]byte(text)); got != want || got < len(rootTag.FindAllString(text, -1)) {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}

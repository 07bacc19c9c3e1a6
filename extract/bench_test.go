package extract

import (
	"fmt"
	"strings"
	"testing"
)

// bigPage is a list page of the mean size of real ones, 66 KB.
func bigPage() string {
	rows := make([]string, 20)
	for i := range rows {
		rows[i] = fmt.Sprintf("关于做好2023年第%d批公共服务事项办理工作的通知（政办发〔2023〕%d号） | 2023-08-%02d", i, i, 28-i)
	}
	page := listOf(rows...)
	var filler strings.Builder
	for filler.Len() < 66<<10-len(page) {
		filler.WriteString(`<div class="block"><h3 class="title">政务公开</h3><ul class="links"><li><a href="/zwgk/a/b/c.html" target="_blank" title="政府信息公开指南">政府信息公开指南</a></li></ul></div>` + "\n")
	}
	return strings.Replace(page, footer, filler.String()+footer, 1)
}

func BenchmarkRead(b *testing.B) {
	page := []byte(bigPage())
	gbk := encodedPage(b, page)
	for _, bm := range []struct {
		name   string
		body   []byte
		header string
		recipe Recipe
	}{
		{"utf-8", page, "text/html; charset=utf-8", usual},
		{"gbk", gbk, "text/html; charset=gbk", usual},
		{"gbk undeclared", gbk, "text/html", usual},
		{"no date selector", page, "text/html; charset=utf-8", Recipe{List: "ul.list", Item: "li"}},
		{"xpath", page, "text/html; charset=utf-8", Recipe{List: `//ul[@class="list"]`, Item: "./li", Date: "./span"}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			p := fuzzPage("")
			p.Body, p.Header = bm.body, map[string][]string{"Content-Type": {bm.header}}
			task := Task{Question: AskNewest, URLs: []string{p.Asked}, Recipe: bm.recipe}
			b.SetBytes(int64(len(bm.body)))
			b.ReportAllocs()
			for b.Loop() {
				if got, _ := Read(task, []Page{p}); got.Outcome != Dated || len(got.Items) != 20 {
					b.Fatalf("got %s %s with %d items", got.Outcome, got.Detail, len(got.Items))
				}
			}
		})
	}
}

// BenchmarkParse is the floor: decode and parse, and nothing else.
func BenchmarkParse(b *testing.B) {
	p := fuzzPage(bigPage())
	b.SetBytes(int64(len(p.Body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, o := parse(p); o != nil {
			b.Fatal(o.detail)
		}
	}
}

// BenchmarkDecode shows what statistics cost a page that declares nothing.
func BenchmarkDecode(b *testing.B) {
	gbk := encodedPage(b, []byte(bigPage()))
	for name, header := range map[string]string{"declared": "text/html; charset=gb2312", "undeclared": "text/html"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(gbk)))
			for b.Loop() {
				Decode(gbk, header)
			}
		})
	}
}

//go:build !race

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/registers"
)

// The list of wrong words is looked at again: what is still there, what was
// corrected, and what nobody can tell because the page is not there, is blocked, or
// shows something else. The list as it came in stays, and a list that comes again
// does not take away what was seen.
func TestWrongWordsAreLookedAtAgain(t *testing.T) {
	city, data, dir := cityFolder(t), t.TempDir(), t.TempDir()
	const page = "http://fgw.yq.gov.cn/tzgg/202309/t20230924_1286211.shtml"
	list := filepath.Join(dir, "错敏词.csv")
	text := "错敏词,推荐修改,所在上下文,所在文章链接\n" +
		"事关,关乎,…会议指出，质量强市事关全市发展大局…," + page + "\n" +
		"下一部,下一步,下一部，将继续围绕项目建设," + page + "\n" +
		"部暑,部署,全面部暑工作," + page + "\n" +
		"部暑,部署,全面部暑工作,http://fgw.yq.gov.cn/tzgg/202309/nothing.shtml\n" +
		"部暑,部署,全面部暑工作,http://kjj.yq.gov.cn/gzdt/1.htm\n"
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := []string{"--config", city, "--data", data, "--by", "王敏"}
	xuncha(t, 0, append([]string{"register", "import", "words", list}, flags...)...)
	recheck := func(status int, more ...string) string {
		t.Helper()
		stdout, stderr := xuncha(t, status, append(append([]string{"register", "recheck", "--simulate", "2023-09-27", "--simulate-latency", "0s"}, flags...), more...)...)
		return stdout + stderr
	}
	if got := recheck(0, "--dry-run"); !strings.Contains(got, "corrected 1, not corrected 1, cannot tell 3") || !strings.Contains(got, "nothing was written") {
		t.Errorf("dry run: %s", got)
	}
	recheck(0)
	if got := recheck(0); !strings.Contains(got, "corrected 0, not corrected 1, cannot tell 3") {
		t.Errorf("what was corrected is looked at again: %s", got)
	}
	if got, _ := xuncha(t, 0, append([]string{"register", "import", "words", list}, flags...)...); !strings.Contains(got, "same 5") {
		t.Errorf("the same list changes what was seen: %s", got)
	}
	out := filepath.Join(dir, "out.csv")
	xuncha(t, 0, "register", "export", "words", out, "--config", city, "--data", data)
	kept, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"整改情况,复核时间,复核说明", "未改正,2023-09-28 ", "已改正,2023-09-28 ", "，http_404），请人工核对", "没有这处上下文"} {
		if !strings.Contains(string(kept), want) {
			t.Errorf("the export does not say %q:\n%s", want, kept)
		}
	}
	if n := strings.Count(string(kept), "已改正,2023"); n != 1 {
		t.Errorf("got %d corrected, want one:\n%s", n, kept)
	}
	if got, _ := xuncha(t, 0, append([]string{"register", "import", "words", out}, flags...)...); !strings.Contains(got, "same 5") {
		t.Errorf("what was exported is another: %s", got)
	}
	xuncha(t, 0, "data", "verify", "--data", data)
}

// Simulated pages say nothing about real ones.
func TestWordsAreNotLookedAtInTheOtherWorld(t *testing.T) {
	city, data := cityFolder(t), t.TempDir()
	if _, stderr := xuncha(t, 1, "register", "recheck", "--config", city, "--data", data, "--by", "王敏"); !strings.Contains(stderr, "store") {
		t.Errorf("got %q", stderr)
	}
	xuncha(t, 0, "crawl", "--config", city, "--data", data, "--simulate", "2023-09-27", "--simulate-latency", "0s", "--only", "fgw")
	if _, stderr := xuncha(t, 1, "register", "recheck", "--config", city, "--data", data, "--by", "王敏"); !strings.Contains(stderr, "never mixed") {
		t.Errorf("got %q", stderr)
	}
	if _, stderr := xuncha(t, 1, "register", "recheck", "--config", city, "--data", data, "--by", "王敏", "--simulate", "2023-09-27"); !strings.Contains(stderr, "register import words") {
		t.Errorf("got %q", stderr)
	}
}

// Nothing but the page that is listed, read whole, says that a word was corrected.
func TestOnlyThePageItselfSaysThatAWordIsGone(t *testing.T) {
	const asked, fixed, wrong = "http://a.example/1.html", "<p>全面部署工作</p>", "<p>全面部暑工作</p>"
	row := registers.Row{Values: map[string]string{"word": "部暑", "better": "部署", "context": "全面部暑工作", "page": asked}}
	page := func(url, body string, change func(*extract.Page)) extract.Page {
		p := extract.Page{Asked: asked, URL: url, Why: extract.WhyList, Status: 200, Body: []byte("<html><body>" + body + "</body></html>"), FetchedAt: time.Unix(0, 0)}
		if change != nil {
			change(&p)
		}
		return p
	}
	for _, tt := range []struct {
		name  string
		pages []extract.Page
		want  registers.Fixed
	}{
		{"corrected", []extract.Page{page(asked, fixed, nil)}, registers.FixedYes},
		{"by another scheme", []extract.Page{page("https://a.example/1.html", fixed, nil)}, registers.FixedYes},
		{"in a frame", []extract.Page{page(asked, "", nil), page("http://a.example/f.html", wrong, func(p *extract.Page) { p.Asked, p.Why = p.URL, extract.WhyFrame })}, registers.FixedNo},
		{"corrected above, still there below", []extract.Page{page(asked, fixed+wrong, nil)}, registers.FixedNo},
		{"broken by tags and lines", []extract.Page{page(asked, "<p>全面<b>部</b>署\n工作</p>", nil)}, registers.FixedYes},
		{"corrected in what nobody sees", []extract.Page{page(asked, "<div style='display:none'>"+fixed+"</div>", nil)}, registers.FixedUnsure},
		{"led elsewhere", []extract.Page{page("http://a.example/2.html", fixed, nil)}, registers.FixedUnsure},
		{"an article that the page leads to", []extract.Page{page(asked, "", nil), page("http://a.example/2.html", fixed, func(p *extract.Page) { p.Asked, p.Why = p.URL, extract.WhyArticle })}, registers.FixedUnsure},
		{"an error page that quotes", []extract.Page{page(asked, fixed, func(p *extract.Page) { p.Class, p.Status = extract.ClassNotFound, 404 })}, registers.FixedUnsure},
		{"not the page but a wall", []extract.Page{page(asked, fixed, nil)}, registers.FixedUnsure},
		{"nothing fetched", nil, registers.FixedUnsure},
	} {
		v := crawler.Visit{Pages: tt.pages}
		if strings.HasSuffix(tt.name, "wall") {
			v.Reading.Reason = extract.ReasonBlocked
		}
		if got := compareWord(row, v); got.Result != tt.want || (got.Note == "") != (tt.want != registers.FixedUnsure) {
			t.Errorf("%s: got %s (%s), want %s", tt.name, got.Result, got.Note, tt.want)
		}
	}
}

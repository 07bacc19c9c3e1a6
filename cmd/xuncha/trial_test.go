package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
)

var update = flag.Bool("update", false, "rewrite the golden files of try")

// golden compares a text with its file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

// tried is a page read by a recipe: what a visit and its subject look like.
func tried(body string, r extract.Recipe) (inventory.Subject, crawler.Visit) {
	const address = "http://www.example.gov.cn/tzgg/"
	at := time.Date(2023, 9, 27, 2, 0, 0, 0, extract.Beijing)
	s := inventory.Subject{ID: "fgw/tzgg", Task: extract.Task{Question: extract.AskNewest, URLs: []string{address}, Recipe: r, Method: "recipe"}}
	v := crawler.Visit{Subject: s.ID, At: at, Pages: []extract.Page{{
		Asked: address, URL: address + "index.html", Why: extract.WhyList, Status: 200, FetchedAt: at, Body: []byte(body),
	}}}
	v.Reading, _ = extract.Read(s.Task, v.Pages)
	return s, v
}

// told is what try prints of a visit.
func told(t *testing.T, lang string, colour bool, s inventory.Subject, v crawler.Visit) string {
	t.Helper()
	var out bytes.Buffer
	a := &app{stdout: &out, lang: lang, colour: colour}
	if err := a.tellTrial("text", s, v, inventory.PlatformProfile{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// hostilePage holds what must never reach a terminal, and a list besides.
const hostilePage = `<html><body><p>您好` + "\x1b[2J\x1b]0;owned\x07" + `</p><ul class="list">
<li><a href="1.html">关于开展` + "\x1b[31m" + `检查的通知` + "\u202e" + `</a><em>2023-08-23</em></li>
<li><a href="2.html">关于放假的通知（English words, half width）</a><em>2023-07-02</em></li>
<li><a href="3.html">没有日期的一条</a></li></ul>
<p>第一行</p><p>第二行</p><p>第三行</p><p>第四行</p><p>第五行</p><p>第六行</p><p>第七行</p><p>第八行</p>
<ul class="hot"><li><a href="9.html">热点文章</a> 2023-09-01</li></ul></body></html>`

func TestTryShowsWhatWasReadAndWhy(t *testing.T) {
	for _, lang := range []string{"zh", "en"} {
		s, v := tried(hostilePage, extract.Recipe{List: "ul.list", Item: "li", Date: "em"})
		v.Reading.Confidence, v.Reading.Charset, v.Reading.Notes = 0.875, "utf-8 meta", []string{"1 of 3 rows shows no date"}
		v.Reading.Proposal = &extract.Proposal{
			Recipe: extract.Recipe{List: "ul.list", Item: "li", Date: `em =~ (\d+-\d+-\d+)`}, Confidence: 0.875, Why: "20行中19行有日期\x1b[0m",
			Items: v.Reading.Items[:1],
		}
		v.Pages = append(v.Pages, extract.Page{Asked: "http://www.example.gov.cn/x", Why: extract.WhyArticle, Class: extract.ClassTimeout, Detail: "dial tcp: i/o timeout\x07"})
		got := told(t, lang, false, s, v)
		golden(t, "trial."+lang+".txt", got)

		blocked, w := tried("<html><body>请输入验证码</body></html>", extract.Recipe{Item: "li"})
		w.Reading = extract.Reading{Outcome: extract.Unread, Reason: extract.ReasonBlocked, Detail: "the page says 请输入验证码\x1b[2J", Method: "recipe"}
		blocked.Task.URLs = append(blocked.Task.URLs, "http://www.example.gov.cn/second/")
		golden(t, "trial-unread."+lang+".txt", told(t, lang, false, blocked, w))
	}
}

var ansi = regexp.MustCompile("\x1b\\[[0-9]*m")

// Nothing that a page holds moves a cursor, sets a title or turns the writing
// around; colours are ours alone.
func TestPagesCannotHarmATerminal(t *testing.T) {
	s, v := tried(hostilePage, extract.Recipe{List: "ul.list", Item: "li", Date: "em"})
	v.Reading.Notes = append(v.Reading.Notes, "\x1b[5m\u2067提示")
	v.Reading.Detail, v.Reading.Name, v.Reading.Charset = "\x1b]8;;http://evil\x07", "\x9b31m", "\x1bc"
	v.Pages[0].URL, v.Pages[0].Asked = "http://a/\x1b[2J", "http://a/\u202e"
	plain := told(t, "zh", false, s, v)
	if strings.ContainsAny(plain, "\x1b\x07\u202e\u2067\u009b") {
		t.Errorf("control characters reach the terminal:\n%q", plain)
	}
	coloured := told(t, "zh", true, s, v)
	if got := ansi.ReplaceAllString(coloured, ""); got != plain {
		t.Errorf("with colours the text differs:\n%q", got)
	}
	if !strings.Contains(coloured, "\x1b[32m2023-08-23\x1b[0m") {
		t.Errorf("the date is not highlighted:\n%q", coloured)
	}
}

func TestColoursAreForTerminalsOnly(t *testing.T) {
	none := func(string) string { return "" }
	if colourful(new(bytes.Buffer), none) {
		t.Error("a file gets colours")
	}
	if colourful(os.Stdout, func(name string) string { return map[string]string{"NO_COLOR": "1"}[name] }) {
		t.Error("NO_COLOR is not honoured")
	}
}

// Other programs read these keys.
func TestTryAsJSON(t *testing.T) {
	s, v := tried(hostilePage, extract.Recipe{List: "ul.list", Item: "li", Date: "em"})
	var out bytes.Buffer
	a := &app{stdout: &out, lang: "zh"}
	for _, tt := range []struct {
		proposal *extract.Proposal
		want     []string
	}{
		{nil, []string{`"outcome": "dated"`, `"newest": "2023-08-23"`, `"confidence": 0,`, `"proposal": null`}},
		{&extract.Proposal{Recipe: extract.Recipe{Item: "li"}, Confidence: 0.9}, []string{`"proposal": {`, `"item": "li"`}},
	} {
		out.Reset()
		v.Reading.Proposal = tt.proposal
		if err := a.tellTrial("json", s, v, inventory.PlatformProfile{}); err != nil {
			t.Fatal(err)
		}
		for _, want := range tt.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("got no %s in\n%s", want, out.String())
			}
		}
	}
}

// Where nothing is read, the page's text shows what the proposal would read.
func TestProposalIsMarkedInThePage(t *testing.T) {
	s, v := tried(hostilePage, extract.Recipe{List: "ul.gone", Item: "li"})
	v.Reading = extract.Reading{Outcome: extract.Unread, Reason: extract.ReasonLost, Proposal: &extract.Proposal{
		Items: []extract.Item{{Title: "热点文章", Link: "http://www.example.gov.cn/tzgg/9.html", Source: "2023-09-01"}},
	}}
	if got := told(t, "zh", false, s, v); !strings.Contains(got, "   1  热点文章 2023-09-01\n") {
		t.Errorf("got\n%s", got)
	}
}

// An article is no item of a list, so that its date has no title.
func TestAnArticleIsSaidToBeOne(t *testing.T) {
	s, v := tried("<html><body><h1>关于开展检查的通知</h1></body></html>", extract.Recipe{Item: "li"})
	day := time.Date(2023, 8, 23, 0, 0, 0, 0, extract.Beijing)
	v.Reading = extract.Reading{Outcome: extract.Article, Newest: extract.Date{Time: day}, Method: "article"}
	if got := newTrial(v, inventory.PlatformProfile{}); got.Newest != "2023-08-23" || got.NewestTitle != "" {
		t.Errorf("got newest %q of %q", got.Newest, got.NewestTitle)
	}
	if got := told(t, "zh", false, s, v); !strings.Contains(got, "这是一篇文章") || !strings.Contains(got, "2023-08-23") {
		t.Errorf("got\n%s", got)
	}
}

func TestDiffShowsOneHunk(t *testing.T) {
	var out bytes.Buffer
	a := &app{stdout: &out, lang: "zh"}
	a.diff([]byte("a\r\nb\r\nc\r\nd\r\ne\r\nf\r\ng"), []byte("a\r\nb\r\nc\r\nD\r\ne\r\nx\r\nf\r\ng"))
	if want := "@@ 2 @@\n b\n c\n-d\n+D\n e\n+x\n f\n g\n"; out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

package extract

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// marked prints lines as a person may compare them: the item's number, "?" for a
// date passed over, and the date in brackets.
func marked(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		mark := " "
		switch {
		case l.Item > 0:
			mark = fmt.Sprint(l.Item)
		case l.Passed:
			mark = "?"
		}
		text := l.Text
		if l.From < l.To {
			text = l.Text[:l.From] + "[" + l.Text[l.From:l.To] + "]" + l.Text[l.To:]
		}
		b.WriteString(mark + " " + text + "\n")
	}
	return b.String()
}

func pageOf(body string) Page {
	return Page{
		Asked: host + "/tzgg/", URL: host + "/tzgg/", Why: WhyList, Status: 200, Body: []byte(body),
		FetchedAt: time.Date(2023, 9, 27, 2, 0, 0, 0, Beijing),
	}
}

func TestLinesShowWhatWasReadAndWhatWasNot(t *testing.T) {
	tests := []struct {
		name, body string
		recipe     Recipe
		want       string
	}{
		{"a list beside another", `<body><div>今天是2023年9月27日</div><ul class="a">
			<li><a href="1.html">关于检查的通知</a><span>2023-08-23</span></li>
			<li><p><a href="2.html">关于放假的通知</a></p><div>2023-07-02</div></li></ul>
			<ul class="hot"><li><a href="9.html">热点</a> 2023-09-01</li></ul><script>x</script></body>`,
			Recipe{List: "ul.a", Item: "li", Date: "span, div"},
			"  今天是2023年9月27日\n1 关于检查的通知 [2023-08-23]\n2 关于放假的通知 [2023-07-02]\n? 热点 2023-09-01\n"},
		{"a table, and dates in words", `<body><table><tr><th>标题</th><th>日期</th></tr>
			<tr><td><a href="1.html">关于检查的通知</a></td><td>２０２３年８月２３日</td></tr></table></body>`,
			Recipe{Item: "tr", Date: "td:nth-child(2)"},
			"  标题 日期\n1 关于检查的通知 ２０２３年８月２３日\n"},
		{"a date on a line of its own", `<body><div class="r"><h3><a href="1.html">关于检查的通知</a></h3><div class="d">2023-08-23</div></div>
			<div class="r"><h3><a href="2.html">关于放假的通知</a></h3><div class="d">2023-07-02</div></div></body>`,
			Recipe{Item: "div.r", Date: ".d"},
			"1 关于检查的通知\n1 [2023-08-23]\n2 关于放假的通知\n2 [2023-07-02]\n"},
		{"a link around a whole row, its title cut", `<body><div><a href="1.html" title="关于开展检查的通知"><div>关于开展…</div><p>2023-08-23</p></a></div>
			<div><a href="2.html" title="关于放假的通知"><div>关于放假…</div><p>2023-07-02</p></a></div></body>`,
			Recipe{Item: "div > a", Title: "a@title", Date: "p"}, "1 关于开展…\n1 [2023-08-23]\n2 关于放假…\n2 [2023-07-02]\n"},
		{"a date in an attribute", `<body><ul><li><a href="1.html" title="2023-08-23">关于检查的通知</a></li></ul></body>`,
			Recipe{Item: "li", Date: "a@title"}, "1 关于检查的通知\n"},
		{"rows that were read twice over", `<body><ul class="pc"><li><a href="1.html">甲乙丙丁</a></li></ul><ul><li><a href="1.html">甲乙丙丁</a> 2023-08-23</li></ul></body>`,
			Recipe{Item: "li"}, "  甲乙丙丁\n1 甲乙丙丁 [2023-08-23]\n"},
		{"a feed", `<rss version="2.0"><channel><title>公告</title><item><title>关于检查的通知</title><link>http://www.example.gov.cn/1.html</link><pubDate>Wed, 23 Aug 2023 10:00:00 +0800</pubDate></item></channel></rss>`,
			Recipe{Source: SourceFeed},
			"  <rss version=\"2.0\"><channel><title>公告</title>\n1 <item><title>关于检查的通知</title><link>http://www.example.gov.cn/1.html</link><pubDate>[Wed, 23 Aug 2023 10:00:00 +0800]</pubDate></item></channel></rss>\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := pageOf(tt.body)
			reading, _ := Read(Task{Question: AskNewest, URLs: []string{page.Asked}, Recipe: tt.recipe}, []Page{page})
			if len(reading.Items) == 0 {
				t.Fatalf("nothing was read: %+v", reading)
			}
			if got := marked(Lines(page, reading)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// Whatever a page holds, its lines are text for a terminal, and not too many.
func TestLinesOfHostilePages(t *testing.T) {
	for name, body := range map[string]string{
		"escape sequences and bidi marks": "<body><p>\x1b[2J\x1b]0;x\x07甲\u202e乙\u2066\u200b丙\u0085\u2028丁</p></body>",
		"one endless line":                "<body>" + strings.Repeat("长", 1<<20) + "</body>",
		"many lines":                      "<body>" + strings.Repeat("<p>短</p>", 100_000) + "</body>",
		"JSON in one line":                strings.Repeat(`{"a":"b"},`, 100_000),
		"nested deep":                     "<body>" + strings.Repeat("<div>", 400) + "深",
		"no text":                         "%PDF-1.7",
		"nothing":                         "",
	} {
		lines := Lines(pageOf(body), Reading{Items: []Item{{Title: "甲"}, {}}})
		if len(lines) > maxPageLines {
			t.Errorf("%s: %d lines, want no more than %d", name, len(lines), maxPageLines)
		}
		for _, l := range lines {
			if strings.ContainsAny(l.Text, "\x1b\x07\u202e\u2066\u200b\u0085\u2028\n") || len(l.Text) > maxLineBytes {
				t.Errorf("%s: a line holds %.80q", name, l.Text)
			}
		}
	}
}

// Text is all that a reader sees, however long its paragraphs are, and nothing
// that is hidden.
func TestTextIsWholeAndSeen(t *testing.T) {
	long := strings.Repeat("全面部署工作。", 2000)
	p := Page{Body: []byte("<html><head><title>题</title></head><body><p>" + long + "<b>结</b>尾</p><div style='display: none'>藏</div><script>脚本</script><!-- 注 --></body></html>")}
	got := Text(p)
	if !strings.Contains(got, long+"结尾") || strings.ContainsAny(got, "题藏注") || strings.Contains(got, "脚本") {
		t.Errorf("got %d bytes, ending in %q", len(got), got[max(0, len(got)-60):])
	}
	if got := Text(Page{Body: []byte("\x89PNG\r\n\x1a\n全")}); got != "" {
		t.Errorf("a picture says %q", got)
	}
}

package extract

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// A hostile case is a page under a number of the catalogue of hostile inputs,
// with what a reader must make of it.
type hostile struct {
	name   string
	answer answer
	want   string // "dated DATE", or the outcome and the reason
	detail string // of an unread page
}

// run reads each page by the usual recipe and checks that it is answered soon.
func run(t *testing.T, tests []hostile) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			task := Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: usual, Home: host + "/"}
			got, _ := ask(t, task, site{"/tzgg/": tt.answer, "/tzgg/list.html": {body: listOf("通知 | 2023-08-23")}})
			said := strings.TrimSpace(fmt.Sprintf("%s %s%s", got.Outcome, got.Reason, show(got.Newest)))
			if said != tt.want || !strings.Contains(got.Detail, tt.detail) {
				t.Errorf("got %s (%s), want %s (%s)", said, got.Detail, tt.want, tt.detail)
			}
			if got.Outcome == Unread && (got.Reason == "" || got.Detail == "") {
				t.Errorf("unread in silence: %+v", got)
			}
			if took := time.Since(start); took > limit {
				t.Errorf("took %v, want at most %v", took, limit)
			}
		})
	}
}

func TestHostile_E(t *testing.T) {
	page := func(title string) string { return listOf(title+" | 2023-08-23", "公告 | 2023-08-20") }
	gbk := func(s string) string { return string(encoded(t, simplifiedchinese.GB18030, s)) }
	declared := func(s, charset string) string {
		return strings.Replace(s, "<head>", `<head><meta charset="`+charset+`">`, 1)
	}
	zh := page("朱镕基同志 陶喆 㐂 𠮷 关于通知")
	half := strings.Replace(declared(zh, "gb2312"), "</body>", "\xe4\xb8</body>", 1)
	utf16 := func(e unicode.Endianness, b unicode.BOMPolicy) string {
		return string(encoded(t, unicode.UTF16(e, b), zh))
	}
	const good = "dated 2023-08-23"
	tests := []hostile{
		{"E01 GBK that declares nothing", answer{body: gbk(zh)}, good, ""},
		{"E02 gb2312 in the header, utf-8 in the page and the bytes", answer{body: declared(zh, "utf-8"), header: "text/html; charset=gb2312"}, good, ""},
		{"E02 gb2312 declared, UTF-8 with half a character", answer{body: half, header: "text/html; charset=gb2312"}, good, ""},
		{"E03 utf-8 in the header, GBK bytes", answer{body: gbk(zh), header: "text/html; charset=utf-8"}, good, ""},
		{"E04 gb2312 declared, characters of GB18030", answer{body: gbk(declared(zh, "gb2312"))}, good, ""},
		{"E05 UTF-16 LE with its mark", answer{body: utf16(unicode.LittleEndian, unicode.UseBOM)}, good, ""},
		{"E05 UTF-16 BE with its mark", answer{body: utf16(unicode.BigEndian, unicode.UseBOM)}, good, ""},
		{"E05 UTF-16 LE without", answer{body: utf16(unicode.LittleEndian, unicode.IgnoreBOM)}, good, ""},
		{"E05 UTF-16 BE without", answer{body: utf16(unicode.BigEndian, unicode.IgnoreBOM)}, good, ""},
		{"E06 bytes of no encoding", answer{body: `<meta charset="utf-8">` + strings.Repeat("\x81\xff\xfe", 400)}, "unread lost", "cannot be decoded"},
		{"E07 two metas, the first counts", answer{body: gbk(declared(declared(zh, "utf-8"), "gbk"))}, good, ""},
		{"E07 a meta behind the first kilobyte", answer{body: gbk(declared(strings.Replace(zh, "<head>", "<head>"+strings.Repeat(" ", 1200), 1), "gbk"))}, good, ""},
		{"E09 cut in a character", answer{body: zh[:strings.Index(zh, "公告</a>")+1]}, "unread down", "middle of a character"},
		{"E10 NUL, controls, text turned around, nothing wide", answer{body: page("通\x00知\u202e公\u200b开\u0085")}, good, ""},
		{"E11 emoji and private use", answer{body: page("通知😀\ue000")}, good, ""},
	}
	run(t, tests)
	for _, tt := range tests[:9] {
		text, _, _ := Decode([]byte(tt.answer.body), tt.answer.header)
		if !strings.Contains(string(text), "朱镕基同志 陶喆 㐂 𠮷") {
			t.Errorf("%s: the names are not read", tt.name)
		}
	}
	big5 := encoded(t, traditionalchinese.Big5, `<meta charset="big5"><ul class="list"><li><a href="a.html">政府資訊公開</a><span>2023-08-23</span></li></ul>`)
	run(t, []hostile{{"E08 Big5 by its declaration", answer{body: string(big5)}, good, ""}})
	title := readList(t, usual, page("通\x00知\u202e公\u200b开\u0085")).Items[0].Title
	if strings.ContainsAny(title, "\x00\u202e\u200b\u0085") {
		t.Errorf("E10: the title %q holds what nobody sees", title)
	}
}

func TestHostile_A(t *testing.T) {
	one := func(date string) answer { return answer{body: listOf("关于通知的通知 | " + date)} }
	many := func(n int, date string) answer {
		rows := make([]string, n)
		for i := range rows {
			rows[i] = fmt.Sprintf("第%d号通知的公告 | %s", i, date)
		}
		return answer{body: listOf(rows...)}
	}
	run(t, []hostile{
		{"A01 30 February", one("2023-02-30"), "unread undated", ""},
		{"A01 month 13", one("2023-13-01"), "unread undated", ""},
		{"A01 zeros", one("0000-00-00"), "unread undated", ""},
		{"A02 month and day later in the year", one("11-03"), "dated 2022-11-03?", ""},
		{"A03 two digits of a year", one("23-08-23"), "dated 2023-08-23", ""},
		{"A03 slashes that could be either", one("03/11/2022"), "unread undated", ""},
		{"A04 Chinese numerals", one("二〇二二年十一月三日"), "dated 2022-11-03", ""},
		{"A04 full width", one("２０２２年１１月３日"), "dated 2022-11-03", ""},
		{"A04 three days ago", one("三天前"), "dated 2023-09-24", ""},
		{"A04 two days ago", one("两天前"), "dated 2023-09-25", ""},
		{"A04 yesterday", one("昨日"), "dated 2023-09-26", ""},
		{"A04 month and day in Chinese", one("8月3日"), "dated 2023-08-03?", ""},
		{"A04 with a label and a time", one("发布时间：2022-11-03 09:05"), "dated 2022-11-03 09:05", ""},
		{"A04 minutes ago in traditional characters", one("2分鐘前"), "dated 2023-09-27", ""},
		{"A05 half an hour ago", one("半小时前"), "dated 2023-09-27", ""},
		{"A05 yesterday at noon, asked after midnight", one("昨天 12:30"), "dated 2023-09-26 12:30", ""},
		{"A06 the year 2099", one("2099-01-01"), "unread undated", "after the day of the fetch"},
		{"A06 the year 1970", one("1970-01-01"), "unread undated", ""},
		{"A07 the Republic's year", one("民国112年8月23日"), "dated 2023-08-23", ""},
		{"A07 a lunar day", one("农历七月初八"), "unread undated", ""},
		{"A07 a weekday", one("星期三"), "unread undated", ""},
		{"A09 today's date on every row", many(5, "2023-09-27"), "dated 2023-09-27", ""}, // one night cannot tell; see Fingerprint
		{"A10 twenty-four o'clock", one("2023-08-22 24:00"), "dated 2023-08-23 00:00", ""},
		{"A10 minute 60", one("2023-08-23 12:60"), "unread undated", ""},
		{"A11 a deadline", one("截止日期：2023-08-23"), "unread undated", ""},
		{"A11 two days and no label", one("2023-08-01 2023-08-23"), "unread undated", ""},
		{"A11 a deadline beside a publication", one("截止日期：2023-09-01 发布日期：2023-08-23"), "dated 2023-08-23", ""},
	})
}

func TestHostile_H(t *testing.T) {
	good := listOf("通知 | 2023-08-23")
	run(t, []hostile{
		{"H09 status 200 and nothing", answer{body: ""}, "unread down", "empty"},
		{"H11 a soft 404", answer{body: "<p>404 页面不存在</p>" + menu}, "unread gone", "页面不存在"},
		{"H12 瑞数", answer{status: 412, body: "<script>$_ts={}</script>"}, "unread blocked", "瑞数"},
		{"H12 加速乐", answer{status: 521, body: "<script>document.cookie='__jsl_clearance=1'</script>"}, "unread blocked", "加速乐"},
		{"H13 too many requests", answer{status: 429, body: "x"}, "unread blocked", "http_429"},
		{"H14 HTML called a picture", answer{body: good, header: "image/png"}, "dated 2023-08-23", ""},
		{"H14 a picture called HTML", answer{body: "\x89PNG\r\n\x1a\n", header: "text/html"}, "unread lost", "a picture"},
		{"H14 no type at all", answer{body: good}, "dated 2023-08-23", ""},
		{"R06 a foreign host", answer{body: good, url: "http://ads.example.com/"}, "unread gone", "another host"},
		{"R08 refresh to another column", answer{body: `<meta http-equiv=refresh content="0;url=/rsxx/">`}, "unread lost", "another folder"},
		{"R08 a script that leads to a foreign host", answer{body: `<script>location.href="http://x.example.com/"</script>`}, "unread gone", "another host"},
		{"R10 a log-in page", answer{body: good, url: host + "/login.jsp"}, "unread blocked", "log-in"},
	})
}

func TestHostile_M(t *testing.T) {
	row := `<li><a href="a.html">通知</a><span>2023-08-23</span></li>`
	list := `<ul class="list">` + row + `</ul>`
	const good = "dated 2023-08-23"
	formatting := strings.Repeat("<a><b><i><font color=x><nobr>", 90)
	run(t, []hostile{
		{"M01 513 deep", answer{body: strings.Repeat("<div>", 513) + list}, "unread lost", "html_too_deep"},
		{"M01 400,000 deep", answer{body: strings.Repeat("<div>", 400000) + list}, "unread lost", "html_too_deep"},
		{"M02 100,000 unclosed <b>", answer{body: strings.Repeat("<b>", 100000) + list}, "unread lost", "html_too_deep"},
		{"M02 100,000 unclosed <p>", answer{body: strings.Repeat("<p>", 100000) + list}, good, ""},
		{"M03 a megabyte of stray table text", answer{body: list + "<table>" + strings.Repeat("x<b></b>", 120000)}, good, ""},
		{"M04 200,000 attributes", answer{body: "<div " + manyAttributes(200000) + ">" + list}, good, ""},
		{"M04 200,000 attributes of a link", answer{body: strings.Replace(list, "<a ", "<a "+manyAttributes(200000), 1)}, good, ""},
		{"M04 attributes of 20,000 <html>", answer{body: manyRoots("html", 20000) + list}, good, ""},
		{"M04 attributes of 20,000 <body>", answer{body: manyRoots("body", 20000) + list}, good, ""},
		{"M05 formatting that is begun again", answer{body: list + formatting + strings.Repeat("<p></a>", 20000)}, good, ""},
		{"M05 adoption", answer{body: list + strings.Repeat("<b><p></b>", 20000)}, good, ""},
		{"M05 tables in selects", answer{body: list + strings.Repeat("<table><select><table>", 20000)}, good, ""},
		{"M05 plain text to the end", answer{body: list + "<plaintext>" + strings.Repeat("<b>", 100000) + "x"}, good, ""},
		{"M06 nothing matches", answer{body: menu}, "unread lost", `list selector "ul.list" matches nothing`},
		{"M07 5,000 rows", answer{body: `<ul class="list">` + strings.Repeat(row, 5000) + `</ul>`}, good, ""},
		{"M08 a date in a comment", answer{body: `<ul class="list"><li><a href="a">通知</a><!-- 2023-08-23 --></li></ul>`}, "unread undated", ""},
		{"M08 a date that is hidden", answer{body: `<ul class="list"><li><a href="a">通知</a><i style="display: none">2023-08-23</i></li></ul>`}, "unread undated", ""},
		{"M08 a date in a script", answer{body: `<ul class="list"><li><a href="a">通知</a><script>var d="2023-08-23"</script></li></ul>`}, "unread undated", ""},
		{"M09 a frame", answer{body: `<iframe src="list.html"></iframe>`}, good, ""},
		{"M10 a base that is a script", answer{body: `<base href="javascript:alert(1)">` + list}, good, ""},
		{"M10 a foreign base", answer{body: `<base href="http://x.example.com/">` + list}, good, ""},
		{"M12 foreign content", answer{body: `<svg><style><ul class="list"></style></svg><math><mi>` + list}, good, ""},
		{"M13 cut in the list", answer{body: strings.TrimSuffix(list, "</ul>") + `<li><a href="b.html`}, "unread down", "cut short"},
		{"M14 grey", answer{body: `<style>html{filter:grayscale(1)}</style>` + list}, good, ""},
		{"M14 a notice in its place", answer{body: `<h1>沉痛悼念</h1><p>深切哀悼</p>`}, "unread down", "深切哀悼"},
		{"M15 only through a script", answer{body: `<div id="app"></div>`}, "unread script", "no browser"},
		{"C09 a line of 8 MiB", answer{body: list + "<p>" + strings.Repeat("公开", 8<<20/6)}, good, ""},
		{"C09 a script of 8 MiB", answer{body: list + "<script>" + strings.Repeat("location=1;", 8<<20/11) + "</script>"}, good, ""},
		{"50,000 boxes and scripts", answer{body: strings.Repeat(`<ul class="list"></ul><script>$.ajax(1)</script>`, 50000)}, "unread script", ""},
		{"50,000 frames", answer{body: strings.Repeat(`<iframe src="list.html"></iframe>`, 50000)}, good, ""},
		{"50,000 ways to the page", answer{body: list + strings.Repeat("<p>当前位置 > 首页", 50000)}, good, ""},
	})
}

func manyRoots(name string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<%s a%d=b>", name, i)
	}
	return b.String()
}

// Links of one parent are not counted again for each of them.
func TestManyLinksOfOneParent(t *testing.T) {
	start := time.Now()
	body := `<div class="list">` + strings.Repeat(`<b>x</b>`, 20000) + strings.Repeat(`<a href="a.html">关于通知</a>`, 20000) + `</div>`
	if got := readList(t, Recipe{Item: "div.list a"}, body); got.Reason != ReasonUndated || len(got.Items) != 1 {
		t.Errorf("got %s %s %q with %d items, want one undated", got.Outcome, got.Reason, got.Detail, len(got.Items))
	}
	if took := time.Since(start); took > limit {
		t.Errorf("took %v, want at most %v", took, limit)
	}
}

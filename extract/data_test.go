package extract

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// interfaceRows are rows of a list interface, as most of them are written.
const interfaceRows = `[{"id":3,"title":"关于开展安全检查的通知","url":"/zwgk/202308/3.shtml","publishTime":"2023-08-23 10:05:00"},` +
	`{"id":2,"title":"关于印发工作要点的通知","url":"/zwgk/202307/2.shtml","publishTime":"2023-07-01 09:00:00"},` +
	`{"id":1,"title":"关于公布收费目录的公告","url":"/zwgk/202306/1.shtml","publishTime":"2023-06-12 00:00:00"}]`

// ofRows reads them.
var ofRows = Recipe{Source: SourceJSON, List: "data.list", Title: "title", Link: "url", Date: "publishTime"}

// inShort is what a reading comes to, in a line.
func inShort(r Reading) string {
	s := string(r.Outcome)
	switch {
	case r.Outcome == Unread:
		s = string(r.Reason) + ": " + r.Detail
	case r.Outcome == Dated:
		s = show(r.Newest)
	}
	return s
}

// A list interface is read by paths, whatever is wrapped around its JSON.
func TestJSONAnswers(t *testing.T) {
	good := `{"code":200,"data":{"list":` + interfaceRows + `,"total":3}}`
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(good)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		body string
		want string
	}{
		{"plain", good, "2023-08-23"},
		{"behind a BOM", "\ufeff" + good, "2023-08-23"},
		{"in GBK", gbk, "2023-08-23"},
		{"JSONP", "/**/jQuery1_2(" + good + ");", "2023-08-23"},
		{"JSONP with a dotted name", "window.cb(" + good + ")\n", "2023-08-23"},
		{"JSONP without a name", "(" + good + ")", "2023-08-23"},
		{"in a variable", "var list = " + good + ";", "2023-08-23"},
		{"behind )]}'", ")]}',\n" + good, "2023-08-23"},
		{"behind an endless loop", "for(;;);" + good, "2023-08-23"},
		{"with line breaks in texts", strings.ReplaceAll(good, "安全", "安\n全"), "2023-08-23"},
		{"an error code beside rows", strings.Replace(good, "200", "500", 1), "2023-08-23"},
		{"rows whose date lies ahead", strings.ReplaceAll(good, "2023-08-23", "2033-08-23"), "2023-07-01"},

		{"no rows, and a total of 0", `{"code":0,"data":{"list":[],"total":0}}`, "empty"},
		{"no rows, and a total of 0 in a text", `{"success":true,"totalCount":"0","data":{"list":[]}}`, "empty"},
		{"no rows, and no total", `{"code":200,"data":{"list":[]}}`, `lost: list "data.list" holds no rows, and the answer does not state`},
		{"no rows, and another total", `{"data":{"list":[],"total":12}}`, `lost: list "data.list" holds no rows`},
		{"no rows, and a failure", `{"code":500,"msg":"系统繁忙","data":{"list":[],"total":0}}`, `lost: list "data.list" holds no rows, and the answer does not state a total of 0: the answer says code 500 "系统繁忙"`},
		{"null for rows", `{"data":{"list":null,"total":0}}`, `lost: list "data.list" is not in the answer`},
		{"a failure", `{"code":500,"msg":"参数错误"}`, `lost: list "data.list" is not in the answer: the answer says code 500 "参数错误"`},
		{"another list", `{"data":{"rows":` + interfaceRows + `}}`, `lost: list "data.list" is not in the answer`},
		{"rows without titles", `{"data":{"list":[{"id":1},{"id":2}],"total":2}}`, `lost: none of the 2 rows`},
		{"rows without dates", strings.ReplaceAll(good, "publishTime", "x"), `undated: 0 of 3 rows`},
		{"cut short", good[:len(good)/2], "lost: the answer cannot be read as JSON"},
		{"two answers", good + good, "lost: the answer cannot be read as JSON: goes on behind its end"},
		{"an empty body", " ", "down: the answer is empty"},
		{"a web page", `<!doctype html><html><body>` + menu + `</body></html>`, "lost: the address answers with a web page, not with data"},
		{"a wall", `<html><body><p>您的访问被拦截</p></body></html>`, "blocked: a block page"},
		{"a page that is gone", `<html><title>404</title><body>x</body></html>`, "gone: "},
		{"XML", `<?xml version="1.0"?><a><b/></a>`, "lost: the answer cannot be read as JSON"},
		{"words", `参数错误`, "lost: the answer cannot be read as JSON"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := inShort(readList(t, ofRows, tt.body)); !strings.HasPrefix(got, tt.want) {
				t.Errorf("%s\ngot  %s\nwant %s", cut(tt.body, 200), got, tt.want)
			}
		})
	}
}

// The values of rows come in many shapes.
func TestJSONRows(t *testing.T) {
	rule := func(title, link, date string) Recipe {
		return Recipe{Source: SourceJSON, List: ".", Title: title, Link: link, Date: date}
	}
	tests := []struct {
		name   string
		recipe Recipe
		row    string
		want   string // "title | link | date"
	}{
		{"milliseconds", rule("t", "u", "d"), `{"t":"通知","u":"a.html","d":1692756000000}`, "通知 | /tzgg/a.html | 2023-08-23 10:00"},
		{"seconds", rule("t", "u", "d"), `{"t":"通知","u":"/a.html","d":"1692756000"}`, "通知 | /a.html | 2023-08-23 10:00"},
		{"16:00 in Greenwich is the next day in Beijing", rule("t", "u", "d"), `{"t":"通知","u":"/a.html","d":"2023-08-23T16:00:00Z"}`, "通知 | /a.html | 2023-08-24 00:00"},
		{"with milliseconds and a zone", rule("t", "u", "d"), `{"t":"通知","u":"/a.html","d":"2023-08-23T16:00:00.000+0800"}`, "通知 | /a.html | 2023-08-23 16:00"},
		{"in words", rule("t", "u", "d"), `{"t":"通知","u":"/a.html","d":"2023年8月23日"}`, "通知 | /a.html | 2023-08-23"},
		{"a part of a text", rule("t", "u", `d =~ 发布于(\S+)`), `{"t":"通知","u":"/a.html","d":"成文于2023-01-02 发布于2023-08-23"}`, "通知 | /a.html | 2023-08-23"},
		{"a month and a day, the year in the address", rule("t", "u", "d"), `{"t":"通知","u":"/202208/t20220823_1.html","d":"08-23"}`, "通知 | /202208/t20220823_1.html | 2022-08-23"},
		{"values further down", rule("source.title", "source.urls.pc", "source.pubDate"), `{"source":{"title":"通知","urls":{"pc":"/a.html"},"pubDate":"2023-08-23"}}`, "通知 | /a.html | 2023-08-23"},
		{"an address made of values", rule("t", "/detail?id={id}&c={chan.id}", "d"), `{"t":"通知","id":7,"chan":{"id":"甲"},"d":"2023-08-23"}`, "通知 | /detail?id=7&c=%E7%94%B2 | 2023-08-23"},
		{"an address that lacks a value", rule("t", "/detail?id={id}", "d"), `{"t":"通知","d":"2023-08-23"}`, "通知 |  | 2023-08-23"},
		{"an address that is a script", rule("t", "u", "d"), `{"t":"通知","u":"javascript:alert(1)","d":"2023-08-23"}`, "通知 |  | 2023-08-23"},
		{"a title with marks", rule("t", "u", "d"), `{"t":"<font color=red>关于&amp;的<em>通知</em></font>","u":"/a.html","d":"2023-08-23"}`, "关于&的 通知 | /a.html | 2023-08-23"},
		{"a day that no calendar has", rule("t", "u", "d"), `{"t":"通知","u":"/a.html","d":"2023-02-30"}`, "通知 | /a.html | "},
		{"0 for no day", rule("t", "u", "d"), `{"t":"通知","u":"/a.html","d":0}`, "通知 | /a.html | "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readList(t, tt.recipe, "["+tt.row+"]")
			if len(got.Items) != 1 {
				t.Fatalf("got %d items, %s", len(got.Items), inShort(got))
			}
			it := got.Items[0]
			if line := fmt.Sprintf("%s | %s | %s", it.Title, strings.TrimPrefix(it.Link, host), show(it.Date)); line != tt.want {
				t.Errorf("%s\ngot  %s\nwant %s", tt.row, line, tt.want)
			}
		})
	}
}

// Groups of rows are one list, and a row that comes twice is one.
func TestJSONGroups(t *testing.T) {
	body := `{"years":[{"rows":[{"t":"甲","u":"/1","d":"2023-08-23"},{"t":"乙","u":"/2","d":"2023-08-01"}]},{"rows":[{"t":"乙","u":"/2","d":"2023-08-01"},{"t":"丙","u":"/3","d":"2022-08-01"}]}]}`
	got := readList(t, Recipe{Source: SourceJSON, List: "years.rows", Title: "t", Link: "u", Date: "d"}, body)
	if len(got.Items) != 3 || show(got.Newest) != "2023-08-23" {
		t.Errorf("got %d items, %s; want 3 and 2023-08-23", len(got.Items), inShort(got))
	}
}

// XML is read by the same paths, or by the HTML of its records.
func TestXMLAnswers(t *testing.T) {
	jpage := `<datastore><totalrecord>756</totalrecord><totalpage>31</totalpage><recordset>` +
		`<record><![CDATA[<li><a href="/art/2023/8/23/art_1_3.html" title="关于开展安全检查的通知">关于开展安全…</a><b>2023-08-23</b></li>]]></record>` +
		`<record><![CDATA[<li><a href="/art/2023/7/1/art_1_2.html">关于印发工作要点的通知</a><b>2023-07-01</b></li>]]></record></recordset></datastore>`
	plain := `<?xml version="1.0" encoding="gb2312"?><r xmlns:x="u"><total>2</total><x:item id="2"><x:t>甲 &amp; 乙</x:t><u>/2.html</u><d>2023-08-23</d></x:item><x:item id="1"><x:t><![CDATA[丙]]></x:t><u>/1.html</u><d>2023-08-01</d></x:item></r>`
	records := Recipe{Source: SourceXML, Markup: "record", Item: "li", Date: "b"}
	paths := Recipe{Source: SourceXML, List: "item", Title: "t", Link: "u", Date: "d"}
	tests := []struct {
		name   string
		recipe Recipe
		body   string
		want   string
	}{
		{"records of HTML", records, jpage, "2023-08-23"},
		{"records of table rows", Recipe{Source: SourceXML, Markup: "record", Item: "tr", Date: "td"}, `<recordset><record><![CDATA[<tr><td><a href="/1">甲</a></td><td>2023-08-23</td></tr>]]></record></recordset>`, "2023-08-23"},
		{"records without CDATA", records, `<recordset><record><li><a href="/1">甲</a><b>2023-08-23</b></li></record></recordset>`, "2023-08-23"},
		{"escaped records", records, `<recordset><record>&lt;li&gt;&lt;a href="/1"&gt;甲&lt;/a&gt;&lt;b&gt;2023-08-23&lt;/b&gt;&lt;/li&gt;</record></recordset>`, "2023-08-23"},
		{"records in XML that is broken elsewhere", records, `<datastore><br><nextgroup><a href=x&y></nextgroup>` + jpage[len("<datastore>"):], "2023-08-23"},
		{"elements", paths, plain, "2023-08-23"},
		{"an attribute", Recipe{Source: SourceXML, List: "item", Title: "t", Link: "/d?{@id}", Date: "d"}, plain, "2023-08-23"},
		{"no records, and a total of 0", records, `<datastore><totalrecord>0</totalrecord><totalpage>0</totalpage><recordset></recordset></datastore>`, "empty"},
		{"no records, and no total", records, `<datastore><recordset></recordset></datastore>`, `lost: markup "record" is not in the answer`},
		{"no elements, and a total of 0", paths, `<r><total>0</total></r>`, "empty"},
		{"no elements, and no total", paths, `<r><msg>x</msg></r>`, `lost: list "item" is not in the answer`},
		{"a web page", paths, `<html><body>` + menu + `</body></html>`, "lost: the address answers with a web page"},
		{"JSON", paths, `{"a":1}`, "lost: "},
		{"cut short", paths, plain[:len(plain)-30], "lost: the answer cannot be read as XML"},
		{"entities of its own", paths, `<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]><r><item><t>&b;</t><d>2023-08-23</d></item></r>`, "2023-08-23"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := inShort(readList(t, tt.recipe, tt.body)); !strings.HasPrefix(got, tt.want) {
				t.Errorf("%s\ngot  %s\nwant %s", cut(tt.body, 200), got, tt.want)
			}
		})
	}
}

// JSON may hold its rows as HTML.
func TestJSONMarkup(t *testing.T) {
	r := Recipe{Source: SourceJSON, Markup: "data.html", List: "ul.list", Item: "li", Date: "span", Empty: "暂无内容"}
	tests := []struct{ name, body, want string }{
		{"rows", `{"success":true,"data":{"html":"<ul class=\"list\"><li><a href=\"/art/1.html\">通知</a><span>2023-08-23</span></li></ul>"}}`, "2023-08-23"},
		{"words of emptiness", `{"data":{"html":"<ul class=\"list\"><li>暂无内容</li></ul>"}}`, "empty"},
		{"a container with nothing in it", `{"data":{"html":"<ul class=\"list\"></ul>"}}`, `lost: markup "data.html": item selector`},
		{"another container", `{"data":{"html":"<ol><li><a href=\"/1\">通知</a>2023-08-23</li></ol>"}}`, `lost: markup "data.html": list selector`},
		{"nothing, and a total of 0", `{"data":{"html":"","total":0}}`, "empty"},
		{"nothing", `{"data":{"html":""}}`, `lost: markup "data.html": list selector`},
		{"no such text", `{"data":{}}`, `lost: markup "data.html" is not in the answer`},
		{"a failure", `{"code":"403","message":"非法请求"}`, `lost: markup "data.html" is not in the answer: the answer says code 403 "非法请求"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := inShort(readList(t, r, tt.body)); !strings.HasPrefix(got, tt.want) {
				t.Errorf("%s\ngot  %s\nwant %s", tt.body, got, tt.want)
			}
		})
	}
}

// The page says where its data are.
func TestDataAddress(t *testing.T) {
	page := `<html><body>` + menu + `<div id="box" data-q="{&quot;id&quot;:&quot;A 1&quot;}"></div><script querydata="{'webId':'7','tag':'右 1'}">var cat: 77, SID: '140300'</script></body></html>`
	answerTo := `{"data":{"list":` + interfaceRows + `,"total":3}}`
	r := ofRows
	r.Data = `/api/all/{1}?sid={2} =~ cat: (\d+), SID: '(\d+)'`
	constant, absolute, elsewhere, escaped, object, fragment := ofRows, ofRows, ofRows, ofRows, ofRows, ofRows
	constant.Data = "list.json"
	absolute.Data = host + "/api/all/77?sid=140300"
	elsewhere.Data = "http://cdn.example.com/list.json"
	escaped.Data = `/api?id={1} =~ &quot;:&quot;(.*?)&quot;`
	object.Data = `/unit?{1} =~ querydata="(\{.*?\})"`
	fragment.Data = `/api?cat={1}&sid={2} =~ (?s)^\S+#(\d+)\n.*SID: '(\d+)'`
	tests := []struct {
		name   string
		recipe Recipe
		at     string
		want   string
	}{
		{"with an object in a tag as its parameters", object, "/unit?webId=7&tag=%E5%8F%B3+1", "2023-08-23"},
		{"with what stands behind the # of the page's address", fragment, "/api?cat=5567&sid=140300", "2023-08-23"},
		{"made of the page's own words", r, "/api/all/77?sid=140300", "2023-08-23"},
		{"beside the page", constant, "/tzgg/list.json", "2023-08-23"},
		{"whole", absolute, "/api/all/77?sid=140300", "2023-08-23"},
		{"with a blank", escaped, "/api?id=A+1", "2023-08-23"},
		{"not there", r, "/nothing", "gone: http_404"},
		{"on another host", elsewhere, "/", "lost: the data address leads to another host"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			task := Task{Question: AskNewest, URLs: []string{host + "/tzgg/#5567"}, Recipe: tt.recipe}
			got, asked := ask(t, task, site{"/tzgg/": {body: page}, tt.at: {body: answerTo}})
			if !strings.HasPrefix(inShort(got), tt.want) {
				t.Errorf("asked %+v\ngot  %s\nwant %s", asked, inShort(got), tt.want)
			}
			if len(asked) == 2 && asked[1].Why != WhyData {
				t.Errorf("got want %+v, want it for the data", asked[1])
			}
		})
	}
	t.Run("a page without it", func(t *testing.T) {
		got := readList(t, r, `<html><body>`+menu+`</body></html>`)
		if !strings.Contains(inShort(got), "finds no address in the page") {
			t.Errorf("got %s", inShort(got))
		}
	})
	t.Run("a page that is gone", func(t *testing.T) {
		if got := readList(t, constant, `<title>404</title>`); got.Reason != ReasonGone {
			t.Errorf("got %s, want gone", inShort(got))
		}
	})
}

// Counts need every page, and know by the total which is the last.
func TestDataPaging(t *testing.T) {
	page := func(from, to int) string {
		var rows []string
		for i := from; i < to; i++ {
			rows = append(rows, fmt.Sprintf(`{"t":"办理情况%d","u":"/%d.html","d":"2023-%02d-01"}`, i, i, 9-i))
		}
		return `{"total":5,"pages":3,"rows":[` + strings.Join(rows, ",") + `]}`
	}
	s := site{"/tzgg/": {body: `id=9;` + menu}, "/api?id=9&size=2": {body: page(1, 3)}, "/api?id=9&page=2&size=2": {body: page(3, 5)}, "/api?id=9&page=3&size=2": {body: page(5, 6)}}
	for _, last := range []string{"pages", "total / 2", ""} {
		r := Recipe{Source: SourceJSON, Data: `/api?id={1}&size=2 =~ id=(\d)`, List: "rows", Title: "t", Link: "u", Date: "d", Next: "&page={n}", Last: last}
		got, asked := ask(t, Task{Question: AskSince, Since: newYear, URLs: []string{host + "/tzgg/"}, Recipe: r}, s)
		if len(got.Items) != 5 || !got.Complete || got.Outcome != Dated {
			t.Errorf("last %q: got %d items, complete %t, %s after %+v", last, len(got.Items), got.Complete, inShort(got), asked)
		}
	}
	delete(s, "/api?id=9&page=3&size=2")
	r := Recipe{Source: SourceJSON, Data: `/api?id={1}&size=2 =~ id=(\d)`, List: "rows", Title: "t", Link: "u", Date: "d", Next: "&page={n}", Last: "pages"}
	if got, _ := ask(t, Task{Question: AskSince, Since: newYear, URLs: []string{host + "/tzgg/"}, Recipe: r}, s); got.Reason != ReasonPartial {
		t.Errorf("a page that is missing: got %s, want partial", inShort(got))
	}
}

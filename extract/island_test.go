package extract

import (
	"strings"
	"testing"
)

// Rows that a page holds as data stand, for a recipe, where the page shows them.
func TestIslands(t *testing.T) {
	const cdata = `<datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=2"></a>]]></nextgroup><recordset>` +
		`<record><![CDATA[<li><a href="/art/2023/8/23/art_1_3.html">关于开展安全检查的通知</a><span>2023-08-23</span></li>]]></record>` +
		`<record><![CDATA[<li><a href="/art/2023/7/1/art_1_2.html">关于印发工作要点的通知</a><span>2023-07-01</span></li>]]></record></recordset></datastore>`
	const arrays = `<script>var i=0;
urls[i]='/art/2023/8/23/art_1_3.html';headers[i]="关于\"安全检查\"的通知";year[i]='2023';month[i]='08';day[i]='23';i++;
urls[i]='/art/2023/7/1/art_1_2.html';headers[i]="关于印发工作要点的通知";year[i]=2023;month[i]=7;day[i]=1;i++;
</script>`
	list := Recipe{List: "div.box", Item: "li", Date: "span"}
	tests := []struct {
		name   string
		recipe Recipe
		body   string
		want   string // newest and number of rows
	}{
		{"in a script", list, `<div class="box"><div id="123"><script type="text/xml">` + cdata + `</script></div></div>`, "2023-08-23 of 2"},
		{"by the name of the data", Recipe{List: "recordset", Item: "li", Date: "span"}, `<script type="text/xml">` + cdata + `</script>`, "2023-08-23 of 2"},
		{"in a textarea", list, `<div class="box"><textarea style="display:none">` + cdata + `</textarea></div>`, "2023-08-23 of 2"},
		{"in an XML element", list, `<div class="box"><xml id="x">` + cdata + `</xml></div>`, "2023-08-23 of 2"},
		{"beside rows of the page", list, `<div class="box"><li><a href="/art/2023/9/1/art_1_4.html">新发布的通知</a><span>2023-09-01</span></li><script type="text/xml">` + cdata + `</script></div>`, "2023-09-01 of 3"},
		{"with broken XML around it", list, `<div class="box"><script type="text/xml"><br>&nbsp;<a b=c&d>` + cdata + `</script></div>`, "2023-08-23 of 2"},
		{"rows of a table", Recipe{List: "div.box", Item: "tr", Date: "td:last-child"}, `<div class="box"><script type="text/xml">` +
			strings.NewReplacer("<li>", "<tr><td>", "</a><span>", "</a></td><td>", "</span></li>", "</td></tr>").Replace(cdata) + `</script></div>`, "2023-08-23 of 2"},
		{"rows of several elements", Recipe{List: "div.box", Item: "recordset > div", Date: "i"}, `<div class="box"><script type="text/xml">` +
			strings.NewReplacer("<li>", "", "</li>", "", "span>", "i>").Replace(cdata) + `</script></div>`, "2023-08-23 of 2"},
		{"addresses, titles and dates in arrays", list, `<div class="box">` + arrays + `</div>`, "2023-08-23 of 2"},
		{"an answer in the place of the page", Recipe{Item: "li", Date: "span"}, cdata, "2023-08-23 of 2"},
		{"HTML in JSON in the place of the page", Recipe{Item: "li", Date: "span"}, `{"data":{"html":"<ul><li><a href=\"/1.html\">关于开展检查的通知</a><span>2023-08-23</span></li></ul>","more":"<a href='/'>x</a>"}}`, "2023-08-23 of 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readList(t, tt.recipe, tt.body)
			if s := show(got.Newest) + " of " + string(rune('0'+len(got.Items))); s != tt.want || got.Outcome != Dated {
				t.Errorf("got %s, %s; want %s", inShort(got), s, tt.want)
			}
		})
	}
}

// What a page does not hold as data is left alone, and what answers with nothing
// that could be rows is no page.
func TestNoIslands(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"a record that never ends", `<ul class="list"><script type="text/xml"><record><![CDATA[<li><a href="/1">x</a> 2023-08-23</li>`, "script: "},
		{"words about records", `<ul class="list"><li>暂无信息</li></ul><p>&lt;record&gt;</p>`, "empty"},
		{"JSON of values", `{"a":1}`, "lost: the address answers with JSON"},
		{"JSON of two pieces of HTML", `{"a":"<a href='/1'>x</a></p>","b":"<a href='/2'>y</a></p>"}`, "lost: the address answers with JSON"},
		{"broken JSON", `{"html":"<a href='/1'>x</a>`, "lost: the address answers with JSON"},
		{"XML of values", `<?xml version="1.0"?><datastore><record>1</record></datastore>`, "lost: the address answers with XML"},
		{"an empty data store", `<datastore><recordset></recordset></datastore>`, "lost: the address answers with XML"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := inShort(readList(t, usual, tt.body)); !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// The older pages of a list in an island are asked of the interface behind it,
// with what the page says of itself, and come as XML.
func TestIslandPaging(t *testing.T) {
	records := func(rows ...string) string {
		s := "<datastore><totalpage>2</totalpage><recordset>"
		for _, r := range rows {
			title, date, _ := strings.Cut(r, " | ")
			s += `<record><![CDATA[<li><a href="/art/` + title + `.html">` + title + `</a><span>` + date + `</span></li>]]></record>`
		}
		return s + "</recordset></datastore>"
	}
	r := Recipe{List: "recordset", Item: "li", Date: "span", Next: `/module/web/jpage/dataproxy.jsp?page={n}&columnid={1}&unitid={2} =~ columnid=(\d+)&unitid=(\d+)`}
	s := site{
		"/tzgg/": {body: `<div><script type="text/xml">` + records("a | 2023-08-23", "b | 2023-05-01") + `</script><script src="/jpage.js?columnid=12&unitid=34"></script></div>`},
		"/module/web/jpage/dataproxy.jsp?page=2&columnid=12&unitid=34": {body: records("c | 2023-02-01", "d | 2022-12-01", "e | 2022-11-01")},
	}
	got, asked := ask(t, Task{Question: AskSince, Since: newYear, URLs: []string{host + "/tzgg/"}, Recipe: r}, s)
	if len(got.Items) != 5 || !got.Complete || !got.Older {
		t.Errorf("got %d items, complete %t, older %t, %s after %+v", len(got.Items), got.Complete, got.Older, inShort(got), asked)
	}
}

package extract

import (
	"strings"
	"testing"
	"time"
)

// Answers that were made to take us down are answered soon, with a reason.
func TestHostileData(t *testing.T) {
	laughs := `<!DOCTYPE r [<!ENTITY a0 "ha">`
	for i := range 9 {
		n := string(rune('0' + i))
		laughs += `<!ENTITY a` + string(rune('1'+i)) + ` "` + strings.Repeat("&a"+n+";", 10) + `">`
	}
	rows := func(n int) string { return strings.Repeat(interfaceRows[1:len(interfaceRows)-1]+",", n) }
	island := func(s string) string { return `<div class="list"><script type="text/xml">` + s + `</script></div>` }
	tests := []struct {
		name string
		body string
		want string // of what some recipe makes of it
	}{
		{"200,000 open tags", strings.Repeat("<a>", 200000), "lost"},
		{"200,000 open tags of rows", "<datastore>" + strings.Repeat("<record>", 200000), "lost"},
		{"200,000 open CDATA", "<datastore><record>" + strings.Repeat("<![CDATA[", 200000), "lost"},
		{"200,000 CDATA in one row", "<datastore><record>" + strings.Repeat("<![CDATA[x]]>", 200000) + "</record></datastore>", "lost"},
		{"200,000 CDATA without an end", "<datastore><record>" + strings.Repeat("<![CDATA[x]]>", 200000), "lost"},
		{"200,000 rows of XML", "<r>" + strings.Repeat("<item><title>关于通知</title><d>2023-08-23</d></item>", 200000) + "</r>", "lost"},
		{"a billion laughs", laughs + `]><r><item><title>&a9;</title></item></r>`, ""},
		{"XML 100,000 deep", strings.Repeat("<item>", 100000) + strings.Repeat("</item>", 100000), "lost"},
		{"JSON 100,000 deep", strings.Repeat("[", 100000) + strings.Repeat("]", 100000), "lost"},
		{"JSON objects 100,000 deep", strings.Repeat(`{"list":`, 100000) + "1" + strings.Repeat("}", 100000), "lost"},
		{"8 MiB of rows in one line", `{"list":[` + rows(20000) + `{}]}`, "2023-08-23"},
		{"8 MiB in one text", `{"list":[{"title":"` + strings.Repeat("公开", 8<<20/6) + `","publishTime":"2023-08-23"}]}`, ""},
		{"8 MiB of numbers", `{"list":[` + strings.Repeat("1,", 4<<20) + `1]}`, "lost"},
		{"8 MiB of blanks", strings.Repeat(" ", 8<<20-2) + "{}", "lost"},
		{"100,000 members", `{"list":[{` + strings.Repeat(`"a":"b",`, 100000) + `"title":"关于检查的通知","publishTime":"2023-08-23"}]}`, ""},
		{"names with control characters", "{\"li\x00st\":[],\"\\u0000\":[{\"ti\\ntle\":\"关于检查的通知\",\"\x1b[31m\":\"2023-08-23\"}]}", "lost"},
		{"half a character", `{"list":[{"title":"\ud83d 关于检查的通知","publishTime":"2023-08-23"}]}`, ""},
		{"an island that never ends", island("<record>" + strings.Repeat("<record", 200000)), ""},
		{"an island of 50,000 rows", island(strings.Repeat(`<record><![CDATA[<li><a href="/1">通知</a>2023-08-23</li>]]></record>`, 50000)), ""},
		{"20,000 islands", strings.Repeat(`<script type="text/xml"><record>x</record></script>`, 20000), ""},
		{"arrays of 100,000 rows", `<script>` + strings.Repeat(`urls[i]='/1';headers[i]='x';`, 100000) + `</script>`, ""},
		{"a tag of 3 MiB in JSON", `{"html":"<a href='/1'>` + strings.Repeat("<b ", 1<<20) + `</a>"}`, ""},
		{"HTML 100,000 deep in JSON", `{"html":"<a href='/1'></a>` + strings.Repeat("<div>", 100000) + `"}`, "lost"},
	}
	asJSON := []Recipe{{}, {Source: SourceJSON, List: "list", Title: "title", Date: "publishTime"}, {Source: SourceJSON, Markup: "html", Item: "li"}}
	asXML := []Recipe{{}, {Source: SourceXML, List: "item", Title: "title", Date: "d"}, {Source: SourceXML, Markup: "record", Item: "li"}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			seen, recipes := "", asJSON
			if tt.body[0] == '<' {
				recipes = asXML
			}
			for _, r := range recipes {
				start := time.Now()
				got := readList(t, r, tt.body)
				if took := time.Since(start); took > limit {
					t.Errorf("%+v took %v", r, took)
				}
				if got.Outcome == Empty || got.Outcome == Unread && (got.Reason == "" || got.Detail == "") {
					t.Errorf("%+v: got %s %s %q", r, got.Outcome, got.Reason, got.Detail)
				}
				seen += inShort(got) + "\n"
			}
			if !strings.Contains(seen, tt.want) {
				t.Errorf("got %s, want %s among them", seen, tt.want)
			}
		})
	}
}

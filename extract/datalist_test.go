package extract

import (
	"math"
	"strings"
	"testing"
)

// made is a list of three rows whose members are those of a system's answers.
func made(row func(title, address, day string) string) string {
	return "[" + row("关于开展安全检查的通知", "/202308/3.shtml", "2023-08-23") + "," + row("关于印发工作要点的通知", "/202307/2.shtml", "2023-07-01") + "," +
		row("关于公布收费目录的公告", "/202306/1.shtml", "2023-06-12") + "]"
}

func answered(body string) Page {
	return Page{Asked: host + "/api", URL: host + "/api", Why: WhyData, Status: 200, FetchedAt: fetched, Body: []byte(body)}
}

// Lists are found by what their members are called and look like.
func TestDataSheet(t *testing.T) {
	tests := []struct {
		name string
		body string
		want string // "list: title, link, date", newest
		sure bool
	}{
		{"plain", `{"data":{"list":` + made(func(t, u, d string) string {
			return `{"id":1,"title":"` + t + `","url":"` + u + `","publishTime":"` + d + ` 10:00:00","createTime":"2023-09-01"}`
		}) + `,"total":3}}`, "data.list: title, url, publishTime 2023-08-23", true},
		{"of a search", `{"data":{"results":` + made(func(t, u, d string) string {
			return `{"source":{"showTitle":"` + t + `","title":"<em>` + t + `</em>","urls":"{}","url":"` + u + `","pubDate":"` + d + `","updateTime":"2023-09-02"}}`
		}) + `}}`, "data.results: source.showTitle, source.url, source.pubDate 2023-08-23", true},
		{"of TRS", `{"page":1,"docs":` + made(func(t, u, d string) string {
			return `{"doctitle":"` + t + `","docpuburl":"` + host + u + `","docreltime":"` + d + `","docpubtime":"` + d + ` 08:00:00"}`
		}) + `}`, "docs: doctitle, docpuburl, docreltime 2023-08-23", true},
		{"of gkmlpt", `{"total":3,"articles":` + made(func(t, u, d string) string {
			return `{"title":"` + t + `","url":"` + host + u + `","created_at":"` + d + ` 09:00:00","date":` + map[string]string{"2023-08-23": "1692756000", "2023-07-01": "1688174000", "2023-06-12": "1686500000"}[d] + `}`
		}) + `}`, "articles: title, url, date 2023-08-23", true},
		{"an array by itself, with lower names", made(func(t, u, d string) string {
			return `{"infotitle":"` + t + `","infourl":"` + u + `","infodate":"` + d + `"}`
		}), ".: infotitle, infourl, infodate 2023-08-23", true},
		{"XML", `<r>` + strings.NewReplacer("[", "", "]", "", ",", "").Replace(made(func(t, u, d string) string {
			return `<row><title>` + t + `</title><url>` + u + `</url><pubdate>` + d + `</pubdate></row>`
		})) + `</r>`, "row: title, url, pubdate 2023-08-23", true},

		{"a change is not the day of an item", `{"list":` + made(func(t, u, d string) string {
			return `{"title":"` + t + `","url":"` + u + `","updateTime":"` + d + `"}`
		}) + `}`, "list: title, url, updateTime 2023-08-23", false},
		{"two days of one rank that differ", `{"list":` + made(func(t, u, d string) string {
			return `{"title":"` + t + `","url":"` + u + `","pubDate":"` + d + `","releaseTime":"2023-09-01"}`
		}) + `}`, "list: title, url, pubDate 2023-08-23", false},
		{"two lists that differ", `{"a":` + made(func(t, u, d string) string {
			return `{"title":"` + t + `","url":"` + u + `","pubDate":"` + d + `"}`
		}) + `,"b":` + made(func(t, u, d string) string {
			return `{"title":"` + t + `","url":"/b` + u + `","pubDate":"2022` + d[4:] + `"}`
		}) + `}`, "a: title, url, pubDate 2023-08-23", false},
		{"a deadline is no day of an item", `{"list":` + made(func(t, u, d string) string {
			return `{"title":"` + t + `","url":"` + u + `","endTime":"` + d + `","expireDate":"` + d + `"}`
		}) + `}`, "", false},
		{"numbers are no days", `{"list":` + made(func(t, u, d string) string {
			return `{"title":"` + t + `","url":"` + u + `","hits":20230823}`
		}) + `}`, "", false},
		{"menus have no days", `{"list":[{"name":"政务公开","url":"/a/"},{"name":"政务服务","url":"/b/"},{"name":"互动交流","url":"/c/"}]}`, "", false},
		{"values alone", `{"a":[1,2,3],"b":"x"}`, "", false},
		{"a page", `<html><body>x</body></html>`, "", false},
		{"broken", `{"list":[`, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, found, ok := (&reader{}).dataSheet(answered(tt.body))
			got := ""
			if ok {
				got = found.recipe.List + ": " + found.recipe.Title + ", " + found.recipe.Link + ", " + found.recipe.Date + " " + newestOf(s.rows).Time.Format("2006-01-02")
			}
			if got != tt.want || ok && (found.confidence >= sureOfData) != tt.sure {
				t.Errorf("%s\ngot  %q, %.2f\nwant %q, sure %t", tt.body, got, found.confidence, tt.want, tt.sure)
			}
			if ok {
				checkMade(t, found.recipe, tt.body, s.rows)
			}
		})
	}
}

// checkMade reads an answer by the recipe that was made of it: the rows must be
// the same.
func checkMade(t *testing.T, made Recipe, body string, want []row) {
	t.Helper()
	if err := made.Validate(); err != nil {
		t.Fatalf("%+v: %v", made, err)
	}
	got := readList(t, made, body)
	if len(got.Items) != len(want) || show(got.Newest) != show(newestOf(want)) {
		t.Errorf("%+v reads %d items, %s; want %d, %s", made, len(got.Items), inShort(got), len(want), show(newestOf(want)))
	}
}

// A recipe that says no more than the kind of the answer finds the list, or says
// that it is not sure.
func TestFoundRows(t *testing.T) {
	sure := `{"list":` + made(func(t, u, d string) string {
		return `{"title":"` + t + `","url":"` + u + `","pubDate":"` + d + `"}`
	}) + `}`
	if got := readList(t, Recipe{Source: SourceJSON}, sure); got.Outcome != Dated || got.Method != "induced" {
		t.Errorf("got %s by %s, want dated by induction", inShort(got), got.Method)
	}
	doubtful := strings.ReplaceAll(sure, "pubDate", "lastModified")
	if got := readList(t, Recipe{Source: SourceJSON}, doubtful); !strings.HasPrefix(inShort(got), "lost: not sure of the list") {
		t.Errorf("got %s", inShort(got))
	}
	if got := readList(t, Recipe{Source: SourceJSON}, `{"code":500,"msg":"拒绝"}`); !strings.Contains(inShort(got), `it says code 500 "拒绝"`) {
		t.Errorf("got %s", inShort(got))
	}
}

// What a page's own script was answered becomes a recipe without a browser.
func TestProposeData(t *testing.T) {
	list := func(day string) string {
		return `{"list":` + made(func(t, u, d string) string {
			return `{"title":"` + t + `","url":"` + u + `","pubDate":"` + strings.ReplaceAll(d, "2023-08-23", day) + `"}`
		}) + `}`
	}
	markup := `{"data":{"html":"<ul><li><a href='/3'>关于开展安全检查的通知</a><b>2023-08-23</b></li><li><a href='/2'>关于印发工作要点的通知</a><b>2023-07-01</b></li></ul>"}}`
	var shown []row
	for _, s := range []string{"关于开展安全检查的通知 | 2023-08-23", "关于印发工作要点的通知 | 2023-07-01", "关于公布收费目录的公告 | 2023-06-12"} {
		title, day, _ := strings.Cut(s, " | ")
		at, _, _ := settle(clues{seen: fetched}.find(day, named))
		shown = append(shown, row{item: Item{Title: title, Date: at.date}, key: title})
	}
	tests := []struct {
		name string
		at   string
		body string
		want string // address, list or markup
		sure float64
	}{
		{"the list", "/api/list?cat=7&page=1", list("2023-08-23"), "/api/list?cat=7&page=1 list", 0.97},
		{"an address with a moment in it", "/api/list?cat=7&_=1692756000000&callback=jQuery12_3", list("2023-08-23"), "/api/list?cat=7 list", 0.97},
		{"HTML in JSON", "/unit?id=1", markup, "/unit?id=1 data.html", 0.6},
		{"XML of records", "/dataproxy.jsp?c=1", `<recordset><record><![CDATA[<li><a href="/3">关于开展安全检查的通知</a><b>2023-08-23</b></li>]]></record></recordset>`, "/dataproxy.jsp?c=1 record", 0.3},
		{"another list", "/api/hot", list("2023-09-20"), "", 0},
		{"a signed address", "/api/list?cat=7&sign=abc", list("2023-08-23"), "", 0},
		{"nothing like it", "/api/count", `{"visits":12}`, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pages := []Page{{Asked: host + "/tzgg/", URL: host + "/tzgg/", Why: WhyList, Status: 200, FetchedAt: fetched}, answered(`{"x":1}`), answered(tt.body)}
			pages[2].Asked, pages[2].URL = host+tt.at, host+tt.at
			p := proposeData(shown, pages)
			if p == nil {
				if tt.want != "" {
					t.Fatalf("nothing is proposed, want %s", tt.want)
				}
				return
			}
			if got := p.Recipe.Data + " " + p.Recipe.List + p.Recipe.Markup; got != tt.want || math.Abs(p.Confidence-tt.sure) > 0.01 {
				t.Errorf("got %s, %.2f; want %s, %.2f", got, p.Confidence, tt.want, tt.sure)
			}
			if len(p.Items) == 0 || p.Items[0].Title != shown[0].item.Title || p.Recipe.Validate() != nil {
				t.Errorf("got %+v, %v", p, p.Recipe.Validate())
			}
			got, _ := ask(t, Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: p.Recipe}, site{"/tzgg/": {body: menu}, p.Recipe.Data: {body: tt.body}})
			if show(got.Newest) != "2023-08-23" {
				t.Errorf("the recipe reads %s", inShort(got))
			}
		})
	}
	if proposeData(shown, nil) != nil || proposeData(nil, []Page{answered(list("2023-08-23"))}) != nil {
		t.Error("something is proposed of nothing")
	}
}

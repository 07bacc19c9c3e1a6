package extract

import (
	"encoding/json"
	"strings"
	"testing"
)

func bookOf(t *testing.T, profiles ...Profile) *Book {
	t.Helper()
	b, err := NewBook(profiles)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var staticProfile = Profile{
	ID: "static", Name: "静态", Any: []string{"<!-- STATIC CMS", `/t20\d{6}_\d+\.s?html`},
	Lists: []Recipe{{List: "ul.old", Item: "li", Date: "em"}, {List: "ul.list", Item: "li", Date: "span", Empty: "暂无信息"}},
	Homes: []Recipe{{Item: "div.news li", Date: "span"}},
}

var dataProfile = Profile{
	ID: "data", Name: "接口", All: []string{"querydata=", "unitbuild.js"},
	Lists: []Recipe{{Source: SourceJSON, Data: `/unit?id={1} =~ querydata="(\d+)"`, Markup: "data.html", Item: "li", Date: "span"}},
}

// A page is read by the first form of the system it shows the signs of.
func TestByBook(t *testing.T) {
	row := `<li><a href="./t20230823_1.html">关于开展安全检查的通知</a><span>2023-08-23</span></li>`
	list := `<ul class="list">` + row + strings.ReplaceAll(row, "_1", "_2") + `</ul>`
	tests := []struct {
		name string
		at   string
		body string
		want string // method, then what was found
	}{
		{"a list", "/tzgg/", list, "cms:static 2 rows"},
		{"by a mark in its head", "/tzgg/", "<!-- STATIC CMS 5 -->" + strings.ReplaceAll(list, "t2023", "x2023"), "cms:static 2 rows"},
		{"the older form", "/tzgg/", `<ul class="old">` + strings.ReplaceAll(row, "span", "em") + `</ul>`, "cms:static 1 rows"},
		{"the words of an empty list", "/tzgg/", `<!-- STATIC CMS --><ul class="list"><li>暂无信息</li></ul>`, "cms:static empty"},
		{"an empty container without words", "/tzgg/", `<!-- STATIC CMS --><ul class="list"></ul>`, ""},
		{"a home page", "/index.html", `<div class="news">` + row + strings.ReplaceAll(row, "_1", "_2") + strings.ReplaceAll(row, "_1", "_3") + `</div>` + list, "cms:static 3 rows"},
		{"an address of data", "/tzgg/", `<script src="unitbuild.js" querydata="12"></script>`, "cms:data data at /unit?id=12"},
		{"one of two signs that are both needed", "/tzgg/", `<script src="unitbuild.js"></script>`, ""},
		{"no sign", "/tzgg/", strings.ReplaceAll(list, "t2023", "x2023"), ""},
		{"a list without dates", "/tzgg/", strings.ReplaceAll(list, "2023-08-23", ""), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, o := parse(Page{Asked: host + tt.at, URL: host + tt.at, FetchedAt: fetched, Body: []byte(tt.body)})
			if o != nil {
				t.Fatal(o.detail)
			}
			r := &reader{task: Task{Book: bookOf(t, staticProfile, dataProfile)}}
			s, ok := r.byBook(d)
			got := ""
			switch {
			case !ok:
			case s.empty:
				got = s.method + " empty"
			case s.data != "":
				got = s.method + " data at " + strings.TrimPrefix(s.data, host)
			default:
				got = s.method + " " + string(rune('0'+len(s.rows))) + " rows"
			}
			if got != tt.want {
				t.Errorf("got %q by %+v, want %q", got, s.by, tt.want)
			}
		})
	}
	if _, ok := (&reader{}).byBook(&document{}); ok {
		t.Error("a task without a book is read by one")
	}
}

func TestRecognise(t *testing.T) {
	b := bookOf(t, Profile{ID: "one", Any: []string{"list.shtml"}}, Profile{ID: "two", Any: []string{"list.shtml", "channelid"}}, Profile{ID: "three", Any: []string{"gkmlpt"}})
	d := &document{page: Page{URL: host + "/list.shtml"}, text: []byte(`<meta name="channelid">`)}
	var got []string
	for _, p := range b.sighted(d) {
		got = append(got, p.ID)
	}
	if strings.Join(got, " ") != "two one" {
		t.Errorf("got %v, want two before one", got)
	}
}

// A task is the same as long as its book is, and costs next to nothing to digest.
func TestBookIsADigestInJSON(t *testing.T) {
	digest := func(b *Book) string {
		text, err := json.Marshal(Task{Book: b})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	changed := staticProfile
	changed.Lists = changed.Lists[:1]
	a, b := digest(bookOf(t, staticProfile)), digest(bookOf(t, changed))
	if a != digest(bookOf(t, staticProfile)) || a == b || len(a) > 400 {
		t.Errorf("got %s and %s", a, b)
	}
	if none := digest(nil); strings.Contains(none, "Book") {
		t.Errorf("a task without a book says %s", none)
	}
}

func TestInvalidProfiles(t *testing.T) {
	for _, tt := range []struct {
		p    Profile
		says string
	}{
		{Profile{ID: "a", Any: []string{`\d+`}}, "plain characters"},
		{Profile{ID: "a", All: []string{"abc("}}, "RE2"},
		{Profile{ID: "a", Lists: []Recipe{{Item: "li["}}}, "item"},
	} {
		if _, err := NewBook([]Profile{tt.p}); err == nil || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "profile a") {
			t.Errorf("%+v: got %v, want %q", tt.p, err, tt.says)
		}
	}
}

// Addresses hold the day of an item in the forms of the common systems.
func TestDaysInAddresses(t *testing.T) {
	for link, want := range map[string]string{
		"/zfbgt/fgwj/201712/t20171208_509292.shtml":    "2017-12-08", // 拓尔思
		"/yxrmzf/ldxx/202408/t20240805_1932967.html":   "2024-08-05",
		"/art/2025/8/14/art_80179_11623340.html":       "2025-08-14", // 大汉
		"/art/2025/10/29/art_80179_11664839.html":      "2025-10-29",
		"/c/2023-08/23/content_1.htm":                  "2023-08-23", // 新华, 人民
		"/a/20230823/123.html":                         "2023-08-23", // JEECMS, DedeCMS, Epoint
		"/n/2023/0823/c1001-4.html":                    "2023-08-23",
		"/news/2023/8/3/5.jhtml":                       "2023-08-03",
		"/html/2023/tzgg_0823/123.html":                "2023-08-23", // PHPCMS
		"/zhengce/content/202308/content_6899.htm":     "2023-08-15", // a month: its middle
		"/zhengce/2023-08/content_6899.htm":            "2023-08-15",
		"/c100001/202308/0a1b2c3d4e5f46.shtml":         "2023-08-15",
		"/content/post_4214539.html":                   "", // NFCMS
		"/info/1001/1234.htm":                          "", // 博达
		"/zwgk/20231345/1.html":                        "",
		"/tzgg/t20230231_1.shtml":                      "",
		"/001/001002/20230823/0a1b-2c3d.html":          "2023-08-23",
		"/jact/front/mailpubdetail.do?sysid=20230823/": "",
	} {
		got := ""
		if day, ok := linkDate(host + link); ok {
			got = day.Format("2006-01-02")
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", link, got, want)
		}
	}
}

// Looking for the signs of many systems must cost little beside parsing a page.
func BenchmarkRecognise(b *testing.B) {
	var profiles []Profile
	for i := range 15 {
		id := string(rune('a' + i))
		profiles = append(profiles, Profile{ID: id, Any: []string{"/" + id + "/jpage/", `/` + id + `20\d{6}_\d+\.s?html`, "<meta " + id, "content_" + id, `href="/` + id + `/\d+`}})
	}
	book, err := NewBook(profiles)
	if err != nil {
		b.Fatal(err)
	}
	d := &document{page: Page{URL: host + "/"}, text: []byte(strings.Repeat(`<li><a href="/zwgk/202308/t20230823_1.html">通知公告</a><span>2023-08-23</span></li>`, 700))}
	for b.Loop() {
		book.sighted(d)
	}
}

package extract

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func FuzzDate(f *testing.F) {
	for _, s := range []string{
		"2023年8月23日 上午9时5分", "[08-23]", "23 2023-08", "昨天 12:30", "二〇二六年十一月三日", "民国112年8月23日", "〔2023〕12号",
		"2023-08-01至2023-08-07", "Sat Jul 30 11:11:45 +0800 2022", "1692756000", "发布时间：2023-08-23 24:00", "半小时前", "23-08-23",
		"Sat Jul 20 11:11:45 +0800 3022",
	} {
		f.Add(s, "http://a.gov.cn/t20230823_1.html")
	}
	f.Fuzz(func(t *testing.T, text, link string) {
		for _, m := range []manner{named, free, whole} {
			all := clues{seen: fetched, link: link}.find(text, m)
			for _, s := range all {
				if s.early {
					continue
				}
				if y := s.date.Time.Year(); s.date.IsZero() || y < firstYear-1 || y > 2101 {
					t.Errorf("%q: got %s", text, s.date.Time)
				}
				if !s.date.Minute && !s.date.Time.Equal(DayOf(s.date.Time)) {
					t.Errorf("%q: got %s, want midnight", text, s.date.Time)
				}
				if s.date.Inferred && s.date.Time.After(fetched) {
					t.Errorf("%q: inferred %s, after the fetch", text, s.date.Time)
				}
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("<meta charset=gb2312>\xb8\xdf"), "text/html; charset=utf-8")
	f.Add([]byte("\xff\xfe<\x00p\x00"), "")
	f.Add([]byte(`<?xml version="1.0" encoding="big5"?>`), "text/xml")
	f.Add([]byte("~{<:Ky2;S{~}"), "text/html; charset=hz-gb-2312")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		text, name, how := Decode(body, contentType)
		if !utf8.Valid(text) || name == "" || how == "" {
			t.Errorf("%q as %q: got %q by %q, valid %t", body, contentType, name, how, utf8.Valid(text))
		}
		again, name2, how2 := Decode(body, contentType)
		if string(again) != string(text) || name2 != name || how2 != how {
			t.Errorf("%q as %q: two answers, %s by %s and %s by %s", body, contentType, name, how, name2, how2)
		}
	})
}

func FuzzRecipe(f *testing.F) {
	for _, s := range []string{
		"ul.list > li", "//li[@class='a']", "a@title =~ (\\d{4})", "./a/@href", "li:has(a:not(.x))", "=~ (a+)+$", "(//a)[1]",
		"//a[contains(., 'x')]", "//*[count(.//a) > 1]", "a:contains(\"x\")", "//a[substring(., 1, 2) = 'x']", "//a[sum(.) > 1]",
	} {
		f.Add(s, "2006-01-02")
	}
	page := `<ul class="list"><li class="a"><a href="/1" title="2023-08-23">x</a><span>2023-08-23</span></li></ul>`
	f.Fuzz(func(t *testing.T, s, format string) {
		r := Recipe{List: s, Item: s, Title: s, Link: s, Date: s, DateFormat: format, Empty: s, Next: s, Last: s, Name: s}
		if err := r.Validate(); err != nil {
			r = Recipe{Item: "li", Date: s}
			if r.Validate() != nil {
				return
			}
		}
		for _, q := range []Question{AskNewest, AskSince} {
			Read(Task{Question: q, URLs: []string{host + "/"}, Recipe: r, Since: newYear}, []Page{fuzzPage(page)})
		}
	})
}

func fuzzPage(body string) Page {
	return Page{Asked: host + "/", URL: host + "/", Why: WhyList, Status: 200, FetchedAt: fetched, Body: []byte(body)}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(listOf("a | 2023-08-23", "b | 08-01")), false)
	f.Add([]byte(rss(item("a", "Wed, 20 Sep 2023 02:00:00 GMT"))), true)
	f.Add([]byte(`<frameset><frame src="a.html"></frameset>`), false)
	f.Add([]byte(`<meta http-equiv=refresh content="0;url=a">`), false)
	f.Add([]byte(`<ul class="list"><li>暂无信息</li></ul><script>$.ajax()</script>`), false)
	f.Add([]byte(strings.Repeat("<div>", 600)), false)
	f.Fuzz(func(t *testing.T, body []byte, feed bool) {
		task := Task{Question: AskNewest, URLs: []string{host + "/"}, Recipe: usual}
		if feed {
			task.Recipe = Recipe{Source: SourceFeed}
		}
		s := site{"/": {body: string(body)}}
		got, _ := ask(t, task, s)
		believable(t, got)
		task = Task{Question: AskSection, Section: &meetings, URLs: []string{host + "/"}, Recipe: usual}
		ask(t, task, s)
	})
}

func FuzzArticle(f *testing.F) {
	f.Add([]byte(articleOf("关于开展检查的通知", "<div>发布时间：2023-08-23 10:05 来源：市政府办</div>", "")), "/tzgg/t20230823_1.html")
	f.Add([]byte(`<meta name="PubDate" content="2023-08-23"><h1>通知</h1><script>var pubdata='2023年08月23日';document.write(pubdata+x)</script>`), "/a")
	f.Add([]byte(`<table><tr><th>发布日期<th>成文日期<tr><td>2023-08-23<td>2023-08-01</table>`), "/art/2023/8/23/art_1_2.html")
	f.Add([]byte(`<h1 id="activity-name">x</h1><em id="publish_time"></em><script>var ct = "1692756000"; var a = {"datePublished":"2023-08-23"}</script>`), "/s/x")
	f.Add([]byte(`<p>发 布 时 间 ： 2023-08-01至2023-08-07 更新时间 3天前<time datetime="2023-08-23T00:00:00Z">`), "/")
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		p := fuzzPage(string(body))
		p.URL = host + "/" + strings.TrimLeft(path, "/")
		d, o := parse(p)
		if o != nil {
			return
		}
		a := readArticle(d)
		if a.date.Time.After(DayOf(fetched).AddDate(0, 0, 1)) || !a.date.IsZero() && a.date.Time.Year() < firstYear-1 {
			t.Errorf("got %s (%q)", a.date.Time, a.source)
		}
		if c := a.isArticle(d); c < 0 || c > 1 {
			t.Errorf("confidence %f", c)
		}
		a.unlabelled(d)
		got, ok := (&reader{}).articleSheet(d)
		if ok && (len(got.Items) != 1 || got.Outcome == Article && got.Newest.IsZero() || got.Conclusive()) {
			t.Errorf("got %+v", got)
		}
		u := undatedList{rows: []string{"关于开展检查的通知 | /a.html", "另一通知 | /b.html"}, articles: map[string]string{"/a.html": string(body), "/b.html": string(body)}}
		list, _ := u.ask(t, nil)
		if list.Outcome == Dated && list.Newest.IsZero() || list.Unlabelled && list.Outcome != Unread {
			t.Errorf("got %+v", list)
		}
	})
}

// believable checks what holds of every reading, whatever the page.
func believable(t *testing.T, got Reading) {
	t.Helper()
	if got.Newest.Time.After(DayOf(fetched).AddDate(0, 0, 1)) {
		t.Errorf("newest is %s, after the fetch", got.Newest.Time)
	}
	if got.Outcome == Unread && (got.Reason == "" || got.Detail == "") {
		t.Errorf("unread without a reason: %+v", got)
	}
	if got.Outcome == Empty && len(got.Items) > 0 {
		t.Errorf("empty with %d items", len(got.Items))
	}
	if !got.Newest.IsZero() && got.Items[got.NewestItem].Date != got.Newest {
		t.Errorf("item %d is not the newest", got.NewestItem)
	}
	for _, it := range got.Items {
		if it.Link != "" && !strings.HasPrefix(it.Link, "http") {
			t.Errorf("link %q", it.Link)
		}
		if !it.Date.IsZero() && it.Date.Time.After(fetched.Add(24*time.Hour)) {
			t.Errorf("date %s", it.Date.Time)
		}
	}
}

// FuzzSources reads what is no list of rows in HTML with a recipe: a page without
// one, data of both kinds, by paths and as markup.
func FuzzSources(f *testing.F) {
	recipes := []Recipe{
		{},
		{Source: SourceJSON},
		{Source: SourceJSON, List: "data.list", Title: "title", Link: "url", Date: "time"},
		{Source: SourceJSON, Markup: "data.html", Item: "li", Date: "span"},
		{Source: SourceXML, Markup: "record", Item: "li", Date: "span"},
		{Source: SourceXML, List: "item", Title: "t", Link: "/d?{@id}", Date: "d"},
	}
	f.Add([]byte(listOf("关于甲的通知 | 2023-08-23", "关于乙的通知 | 2023-08-20", "关于丙的通知 | 08-01")), uint8(0))
	f.Add([]byte(`{"rows":[{"title":"通知","url":"/1.html","date":"2023-08-23"},{"title":"公告","url":"/2.html","date":1692756000}]}`), uint8(1))
	f.Add([]byte(`cb({"data":{"list":[{"title":"通知","url":"/1","time":"2023-08-23"}]}})`), uint8(2))
	f.Add([]byte(`{"data":{"html":"<ul><li><a href='/1'>通知</a><span>2023-08-23</span></li></ul>"}}`), uint8(3))
	f.Add([]byte(`<datastore><recordset><record><![CDATA[<li><a href="/1">通知</a><span>2023-08-23</span></li>]]></record></recordset></datastore>`), uint8(4))
	f.Add([]byte(`<?xml version="1.0" encoding="GBK"?><list><item id="1"><t>x</t><d>2023-08-23</d></item></list>`), uint8(5))
	f.Add([]byte(strings.Repeat("[", 5000)), uint8(2))
	f.Add([]byte(`{"data":{"list":[{"time":1e400,"title":"\u0000","url":"javascript:1"}]}}`), uint8(2))
	f.Fuzz(func(t *testing.T, body []byte, kind uint8) {
		task := Task{Question: AskNewest, URLs: []string{host + "/"}, Recipe: recipes[int(kind)%len(recipes)], Column: "通知公告"}
		got, _ := ask(t, task, site{"/": {body: string(body)}})
		believable(t, got)
	})
}

package extract

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"
)

// Every day reads the same however it is printed.
func TestEveryDayInEveryForm(t *testing.T) {
	forms := []string{
		"2006-01-02", "2006-1-2", "2006/01/02", "2006.01.02", "2006年1月2日", "2006年01月02日", "[2006-01-02]", "（2006/1/2）", "发布时间：2006-01-02",
		"2006 - 01 - 02", "02 2006-01", "2006-01 02", "01-02 2006", "20060102", "Mon, 02 Jan 2006 08:00:00 +0800", "2006-01-02T08:00:00+08:00",
	}
	rapid.Check(t, func(rt *rapid.T) {
		day := DayOf(fetched).AddDate(0, 0, -rapid.IntRange(0, 10000).Draw(rt, "days ago"))
		form := rapid.SampledFrom(forms).Draw(rt, "form")
		text := day.Add(8 * time.Hour).Format(form)
		found, ok, _ := settle(clues{seen: fetched}.find(text, named))
		if !ok || !found.date.Day().Equal(day) || found.momentary {
			rt.Errorf("%q: got %s, want %s", text, show(found.date), day.Format(time.DateOnly))
		}
	})
}

// A month and day of the last twelve months, tomorrow's apart, gets its year.
func TestEveryMonthAndDay(t *testing.T) {
	for ago := range 364 {
		day := DayOf(fetched).AddDate(0, 0, -ago)
		found, ok, _ := settle(clues{seen: fetched}.find(day.Format("01-02"), free))
		if !ok || !found.date.Time.Equal(day) || !found.date.Inferred || !found.momentary {
			t.Errorf("%s: got %s, want %s, inferred", day.Format("01-02"), show(found.date), day.Format(time.DateOnly))
		}
	}
}

// Chinese text survives each way of being sent and declared.
func TestEveryEncodingKeepsTheText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune(chinese+"镕喆㐂")), 20, 200, -1).Draw(rt, "text")
		page := "<html><head>%s</head><body>" + text + "</body></html>"
		gbk := rapid.Bool().Draw(rt, "gbk")
		where := rapid.SampledFrom([]string{"header", "meta", "both", "neither"}).Draw(rt, "declared")
		label, header, meta := "utf-8", "text/html", ""
		if gbk {
			label = rapid.SampledFrom([]string{"gbk", "GB2312", "gb18030"}).Draw(rt, "label")
		}
		if where == "header" || where == "both" {
			header += "; charset=" + label
		}
		if where == "meta" || where == "both" {
			meta = `<meta charset="` + label + `">`
		}
		body := []byte(fmt.Sprintf(page, meta))
		if gbk {
			var err error
			if body, err = simplifiedchinese.GB18030.NewEncoder().Bytes(body); err != nil {
				rt.Fatal(err)
			}
		}
		got, name, how := Decode(body, header)
		if !strings.Contains(string(got), text) {
			rt.Errorf("%s in %s: got %.60q as %s by %s", label, where, got, name, how)
		}
		if how == howStatistics && (!gbk || where != "neither") {
			rt.Errorf("%s in %s: statistics were asked", label, where)
		}
	})
}

// What stands around a list does not change what it says: dates in headers,
// footers, titles and side lists are not its dates.
func TestSurroundingsDoNotMatter(t *testing.T) {
	list := `<ul class="list"><li><a href="a.html">关于2023年9月25日会议的通知</a><span>2023-08-23</span></li><li><a href="b.html">通知</a><span>2023-08-01</span></li></ul>`
	around := []string{
		menu, footer, `<div>今天是2023年9月27日</div>`, `<!-- 2023-09-26 -->`, `<script>var built="2023-09-26"</script>`, `<meta name="HtmlGenerateTime" content="2023-09-26">`,
		`<ul class="side"><li><a href="x.html">最新</a><span>2023-09-26</span></li></ul>`, `<p>版权所有 2023</p>`, `<span>2023-09-26</span>`,
		`<div style="display:none"><a href="y.html">旧版</a> 2023-09-26</div>`,
	}
	want := readList(t, usual, list)
	rapid.Check(t, func(rt *rapid.T) {
		before := rapid.SliceOfN(rapid.SampledFrom(around), 0, 5).Draw(rt, "before")
		after := rapid.SliceOfN(rapid.SampledFrom(around), 0, 5).Draw(rt, "after")
		got := readList(t, usual, strings.Join(before, "")+list+strings.Join(after, ""))
		if got.Outcome != want.Outcome || got.Newest != want.Newest || len(got.Items) != len(want.Items) {
			rt.Errorf("%q … %q: got %s %s, want %s %s", before, after, got.Outcome, show(got.Newest), want.Outcome, show(want.Newest))
		}
	})
}

// Whatever a site answers, the loop of wants ends, nothing is asked for twice
// (ask sees to both), and the reading keeps its promises.
func TestAnySite(t *testing.T) {
	bodies := []string{
		listOf("a | 2023-08-23", "b | 2022-12-01"), listOf("c | 2023-08-01"), listOf("d | "), listOf(), menu, "", `<div id="app"></div>`,
		`<p>页面不存在</p>`, `<p>访问过于频繁</p>`, `<iframe src="p1.html"></iframe>`, `<meta http-equiv="refresh" content="0;url=p2.html">`,
		`<frameset><frame src="p0.html"></frameset>`, links("重大会议信息 -> /p1.html", "常务会议 -> /p2.html"), rss(item("a", "2023-09-01")),
		listOf("e | 2023-07-01") + `<a href="/p1.html">下一页</a>`, listOf("f | 2023-06-01") + `<a href="/p2.html">下一页</a>`,
		listOf("g | 2023-05-01") + `<script>createPageHTML(3,0,"index","html")</script>`,
	}
	classes := []Class{"", "", "", "", ClassTimeout, ClassNotFound, ClassForeign, ClassChallenge, ClassBudget}
	rapid.Check(t, func(rt *rapid.T) {
		s := site{}
		for _, p := range []string{"/", "/p0.html", "/p1.html", "/p2.html", "/index_1.html", "/index_2.html"} {
			s[p] = answer{
				body:   rapid.SampledFrom(bodies).Draw(rt, p),
				class:  rapid.SampledFrom(classes).Draw(rt, p+" class"),
				render: rapid.SampledFrom([]string{"", bodies[0], menu}).Draw(rt, p+" rendered"),
			}
		}
		r := usual
		r.Next = rapid.SampledFrom([]string{"", "index_{n-1}.html", "a"}).Draw(rt, "next")
		task := Task{
			Question: rapid.SampledFrom([]Question{AskNewest, AskSince, AskSection}).Draw(rt, "question"),
			URLs:     []string{host + "/", host + "/p0.html"}, Recipe: r, Since: newYear, Section: &meetings,
		}
		got, asked := ask(t, task, s)
		checkPromises(rt, got)
		if len(asked) > MaxPages {
			rt.Errorf("asked for %d pages", len(asked))
		}
	})
}

func checkPromises(rt *rapid.T, got Reading) {
	switch got.Outcome {
	case Unread:
		if got.Reason == "" || got.Detail == "" || got.Complete || !got.Newest.IsZero() && len(got.Items) > 0 && !got.AtLeast {
			rt.Errorf("unread: %+v", got)
		}
	case Empty:
		if len(got.Items) > 0 || !got.Newest.IsZero() || got.Reason != "" {
			rt.Errorf("empty: %+v", got)
		}
	case Dated:
		if len(got.Items) == 0 || got.Newest.IsZero() || got.Items[got.NewestItem].Date != got.Newest || got.Reason != "" {
			rt.Errorf("dated: %+v", got)
		}
	case Found, Absent:
		if len(got.Searched) == 0 || len(got.Parts) != len(meetings.Parts) || got.Reason != "" {
			rt.Errorf("section: %+v", got)
		}
		for _, p := range got.Parts {
			if (p.Outcome == Unread) != (p.Reason != "") || got.Outcome == Absent && p.Outcome != Absent {
				rt.Errorf("part: %+v of %+v", p, got)
			}
		}
	default:
		rt.Errorf("outcome %q", got.Outcome)
	}
}

// The same pages give the same reading to the byte, in whatever order they are
// handed over.
func TestReadingIsAFunctionOfItsPages(t *testing.T) {
	task := Task{Question: AskSince, URLs: []string{host + "/a/", host + "/b/"}, Recipe: Recipe{List: "ul.list", Item: "li", Date: "span", Next: "?p={n}"}, Since: newYear}
	s := site{
		"/a/": {body: listOf("a | 2023-08-23", "b | 2023-08-01")}, "/a/?p=2": {body: listOf("c | 2022-08-01")},
		"/b/": {body: listOf("d | 08-11", "e | 昨天")}, "/b/?p=2": {body: listOf("f | 2022-08-01")},
	}
	want, asked := ask(t, task, s)
	first, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		var pages []Page
		for _, i := range random.Perm(len(asked)) {
			pages = append(pages, s.get(asked[i]))
		}
		got, wants := Read(task, pages)
		again, err := json.Marshal(got)
		if err != nil || len(wants) > 0 || string(again) != string(first) {
			t.Fatalf("got %s, %d wants, %v\nwant %s", again, len(wants), err, first)
		}
	}
}

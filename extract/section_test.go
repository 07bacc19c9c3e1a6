package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

var meetings = SectionSpec{
	Name:     "重大会议信息",
	Synonyms: []string{"政府会议", "会议公开"},
	Parts: []PartSpec{
		{Name: "政府全体会议", Synonyms: []string{"全体会议"}},
		{Name: "常务会议", Synonyms: []string{"政府常务会议"}},
	},
}

// links returns a page of links, "text" or "text -> address".
func links(texts ...string) string {
	var b strings.Builder
	for _, t := range texts {
		text, to, found := strings.Cut(t, " -> ")
		if !found {
			to = "/" + letters(text) + "/"
		}
		fmt.Fprintf(&b, `<a href="%s">%s</a> `, to, text)
	}
	return menu + b.String()
}

func TestSection(t *testing.T) {
	both := links("政府全体会议 -> /q/", "政府常务会议 -> /c/")
	tests := []struct {
		name   string
		site   site
		search []string
		want   string // outcome reason: each part's outcome and reason
		detail string
	}{
		{"linked, with both parts linked", site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: both}}, nil, "found : found , found ", ""},
		{"in brackets and blanks", site{"/": {body: links("【重大 会议信息】 -> /hy/")}, "/hy/": {body: both}}, nil, "found : found , found ", ""},
		{"under another name", site{"/": {body: links("会议公开 -> /hy/")}, "/hy/": {body: both}}, nil, "found : found , found ", ""},
		{"under a little more than the name", site{"/": {body: links("重大会议信息公开 -> /hy/")}, "/hy/": {body: both}}, nil, "found : found , found ", ""},
		{"on the second page searched", site{"/": {body: links("a")}, "/zwgk/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: both}}, []string{"/", "/zwgk/"}, "found : found , found ", ""},
		{"parts as headings", site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: menu + "<h3>政府全体会议</h3><h3>常务会议</h3>"}}, nil, "found : found , found ", ""},
		{"parts as tabs", site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: menu + "<ul><li>全体会议</li><li>常务会议</li></ul>"}}, nil, "found : found , found ", ""},
		{"parts named by items", site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: listOf("市政府召开第38次常务会议 | 2023-08-23", "市政府第5次全体会议召开 | 2023-03-01")}}, nil, "found : found , found ", ""},
		{"a part that only older items name", site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: strings.Replace(listOf("市政府召开第38次常务会议 | 2023-08-23"), footer, `<a href="/hy/2.html">下一页</a>`, 1)}, "/hy/2.html": {body: listOf("市政府第5次全体会议召开 | 2022-03-01")}}, nil, "found : found , found ", ""},
		{"one part missing on a list that was read to its end", site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: strings.Replace(listOf("市政府召开第38次常务会议 | 2023-08-23"), footer, `<a href="/hy/2.html">下一页</a>`, 1)}, "/hy/2.html": {body: listOf("市政府召开第37次常务会议 | 2022-03-01")}}, nil, "found : absent , found ", ""},
		{"one part missing on a list that was not", site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: strings.Replace(listOf("市政府召开第38次常务会议 | 2023-08-23"), footer, `<a href="javascript:go(2)">下一页</a>`, 1)}}, nil, "unread partial: unread partial, found ", "has more"},
		{"one part missing", site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: links("政府常务会议")}}, nil, "found : absent , found ", ""},
		{"both parts missing", site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: links("工作动态")}}, nil, "found : absent , absent ", ""},
		{"parts linked without the section", site{"/": {body: links("政府常务会议 -> /c/", "县政府全体会议 -> /q/")}}, nil, "found : found , found ", ""},
		{"one part linked without the section", site{"/": {body: links("政府常务会议 -> /c/")}}, nil, "found : absent , found ", ""},
		{"the page searched is the section", site{"/hy/": {body: links("重大会议信息 -> /hy/", "政府全体会议", "常务会议")}}, []string{"/hy/"}, "found : found , found ", ""},
		{"two links of the name, the second is it", site{"/": {body: links("重大会议信息 -> /x/", "重大会议信息 -> /hy/")}, "/x/": {body: links("工作动态")}, "/hy/": {body: both}}, nil, "found : found , found ", ""},

		{"nowhere", site{"/": {body: links("工作动态", "通知公告")}}, nil, "absent : absent , absent ", ""},
		{"nowhere, though news speak of it", site{"/": {body: links("县政府召开第38次常务会议 -> /t20230823_1.html", "县政府全体会议精神传达 -> /a/", "全县重大会议信息公开培训班开班 -> /b/", "政府全体会议公报 -> /202308/t20230823_2.html")}}, nil, "absent : absent , absent ", ""},
		{"nowhere on both pages", site{"/": {body: links("a")}, "/zwgk/": {body: links("b")}}, []string{"/", "/zwgk/"}, "absent : absent , absent ", ""},

		{"the menu is a picture without a text", site{"/": {body: links("工作动态") + `<div class="nav"><a href="/hy/"><img src="hy.png"></a></div>`}}, nil, "unread lost: unread lost, unread lost", "/hy/ by a picture without a text"},
		{"the menu is a background", site{"/": {body: links("工作动态") + `<ul id="menu"><li><a class="m3" href="/hy/"></a></li></ul>`}}, nil, "unread lost: unread lost, unread lost", "/hy/"},
		{"a list of pictures without a text", site{"/": {body: links("工作动态") + `<ul><li><a href="/a/"><img src="1.png"></a></li><li><a href="/b/"><img src="2.png"></a></li><li><a href="/c/"><img src="3.png"></a></li></ul>`}}, nil, "unread lost: unread lost, unread lost", "picture"},
		{"an area without a text", site{"/": {body: links("工作动态") + `<div class="nav"><map><area href="/hy/"></map></div>`}}, nil, "unread lost: unread lost, unread lost", "picture"},
		{"the section's name is the text of a picture", site{"/": {body: links("工作动态") + `<div class="nav"><a href="/hy/"><img src="hy.png" alt="重大会议信息"></a></div>`}, "/hy/": {body: both}}, nil, "found : found , found ", ""},
		{"the section's name is the title of a picture", site{"/": {body: links("工作动态") + `<div class="nav"><a href="/hy/"><img src="hy.png" title="重大会议信息"></a></div>`}, "/hy/": {body: both}}, nil, "found : found , found ", ""},
		{"the section's name is the text of an area", site{"/": {body: links("工作动态") + `<map><area href="/hy/" alt="重大会议信息"></map>`}, "/hy/": {body: both}}, nil, "found : found , found ", ""},
		{"a picture whose address another link names", site{"/": {body: links("工作动态 -> /gzdt/") + `<div class="nav"><a href="/gzdt/"><img src="a.png"></a></div>`}}, nil, "absent : absent , absent ", ""},
		{"pictures of the logo, of another host, of an article, of a banner", site{"/": {body: links("工作动态") + `<div class="nav"><a href="/"><img src="l.png"></a><a href="http://www.gov.cn/zt/"><img src="z.png"></a><a href="/gzdt/202308/t20230823_1.html"><img src="n.png"></a></div><p><a href="/zt/"><img src="b.png"></a></p>`}}, nil, "absent : absent , absent ", ""},
		{"the section's own menu is a picture", site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: links("常务会议") + `<div class="subnav"><a href="/hy/q/"><img src="q.png"></a></div>`}}, nil, "found : unread lost, found ", ""},

		{"a page searched is down", site{"/": {body: links("a")}, "/zwgk/": {class: ClassTimeout}}, []string{"/", "/zwgk/"}, "unread down: unread down, unread down", "/zwgk/"},
		{"a page searched is blocked", site{"/": {body: "<p>访问行为异常</p>"}}, nil, "unread blocked: unread blocked, unread blocked", "访问行为异常"},
		{"a page searched is gone", site{}, nil, "unread gone: unread gone, unread gone", "404"},
		{"a page searched answers with the home page", site{"/zwgk/": {body: links("a"), url: host + "/"}}, []string{"/zwgk/"}, "unread gone: unread gone, unread gone", "home page"},
		{"a page with next to no links", site{"/": {body: "<p>阳泉</p><a href='/x/'>进入</a>"}}, nil, "unread lost: unread lost, unread lost", "only 1 links"},
		{"an application", site{"/": {body: `<div id="app"></div>`}}, nil, "unread script: unread script, unread script", "script"},
		{"an application that a browser shows", site{"/": {body: `<div id="app"></div>`, render: links("重大会议信息 -> /hy/")}, "/hy/": {body: both}}, nil, "found : found , found ", ""},
		{"a menu built by script", site{"/": {body: links("a") + `<script>var menu=[{name:"重大会议信息",url:"/hy/"}]</script>`}}, nil, "unread script: unread script, unread script", "only in a script"},
		{"a frameset", site{"/": {body: `<frameset><frame name="main" src="/main.html"></frameset>`}, "/main.html": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: both}}, nil, "found : found , found ", ""},
		{"the section's page is down", site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {class: ClassReset}}, nil, "unread down: unread down, unread down", "/hy/"},
		{"the section's page is gone", site{"/": {body: links("重大会议信息 -> /hy/")}}, nil, "unread gone: unread gone, unread gone", "/hy/"},
		{"the section is on another host", site{"/": {body: links("重大会议信息 -> http://xxgk.example.gov.cn/hy/")}}, nil, "unread not-looked: unread not-looked, unread not-looked", "xxgk.example.gov.cn"},
		{"the section is linked by script", site{"/": {body: links("重大会议信息 -> javascript:go()")}}, nil, "unread script: unread script, unread script", "by script only"},
		{"one part found, another page searched is down", site{"/": {body: links("政府常务会议 -> /c/")}, "/zwgk/": {class: ClassReset}}, []string{"/", "/zwgk/"}, "found : unread down, found ", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.search == nil {
				tt.search = []string{"/"}
			}
			task := Task{Question: AskSection, Section: &meetings, Recipe: usual, Home: host + "/"}
			for _, p := range tt.search {
				task.URLs = append(task.URLs, host+p)
			}
			got, _ := ask(t, task, tt.site)
			var parts []string
			for _, p := range got.Parts {
				parts = append(parts, fmt.Sprintf("%s %s", p.Outcome, p.Reason))
			}
			if s := fmt.Sprintf("%s %s: %s", got.Outcome, got.Reason, strings.Join(parts, ", ")); s != tt.want || !strings.Contains(got.Detail, tt.detail) {
				t.Errorf("got  %s (%s)\nwant %s (%s)", s, got.Detail, tt.want, tt.detail)
			}
			if len(got.Searched) < len(tt.search) {
				t.Errorf("searched %q, want all of %q named", got.Searched, tt.search)
			}
		})
	}
}

// Parts that are published in no one place are told from those that are.
func TestSectionScattered(t *testing.T) {
	tests := []struct {
		name   string
		site   site
		search []string
		want   bool
	}{
		{"both, apart", site{"/": {body: links("政府常务会议 -> /c/", "县政府全体会议 -> /q/")}}, nil, true},
		{"both, in folders of different parents", site{"/": {body: links("政府常务会议 -> /zwgk/cwhy/", "县政府全体会议 -> /xwzx/qthy/")}}, nil, true},
		{"both, on two pages", site{"/": {body: links("政府常务会议 -> /c/")}, "/zwgk/": {body: links("政府全体会议 -> /q/")}}, []string{"/", "/zwgk/"}, true},
		{"one alone", site{"/": {body: links("政府常务会议 -> /c/")}}, nil, true},
		{"both below one directory", site{"/": {body: links("政府常务会议 -> /zfhy/c/", "县政府全体会议 -> /zfhy/q/")}}, nil, false},
		{"both at one address", site{"/": {body: links("政府常务会议 -> /hy/", "县政府全体会议 -> /hy/")}}, nil, false},
		{"both below a heading of the name", site{"/": {body: links("政府常务会议 -> /c/", "县政府全体会议 -> /q/") + "<h3>政府会议</h3>"}}, nil, false},
		{"a page searched is down", site{"/": {body: links("政府常务会议 -> /c/", "县政府全体会议 -> /q/")}, "/zwgk/": {class: ClassReset}}, []string{"/", "/zwgk/"}, false},
		{"a menu of pictures", site{"/": {body: links("政府常务会议 -> /c/", "县政府全体会议 -> /q/") + `<div class="nav"><a href="/hy/"><img src="hy.png"></a></div>`}}, nil, false},
		{"a menu built by script", site{"/": {body: links("政府常务会议 -> /c/", "县政府全体会议 -> /q/") + `<script>var menu=["重大会议信息"]</script>`}}, nil, false},
		{"the section is linked", site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: links("常务会议")}}, nil, false},
		{"nothing is there", site{"/": {body: links("通知公告")}}, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			task := Task{Question: AskSection, Section: &meetings, Recipe: usual}
			for _, p := range append(tt.search, "/")[:max(len(tt.search), 1)] {
				task.URLs = append(task.URLs, host+p)
			}
			if got, _ := ask(t, task, tt.site); got.Scattered != tt.want {
				t.Errorf("got %v for %s %+v (%q), want %v", got.Scattered, got.Outcome, got.Parts, got.Notes, tt.want)
			}
		})
	}
}

// Nobody need write a recipe for a section: its labels and items are read all
// the same.
func TestSectionWithoutRecipe(t *testing.T) {
	task := Task{Question: AskSection, Section: &meetings, URLs: []string{host + "/"}}
	got, _ := ask(t, task, site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: listOf("市政府召开第38次常务会议 | 2023-08-23", "市政府第5次全体会议召开 | 2023-03-01")}})
	if got.Outcome != Found || got.Parts[0].Outcome != Found || got.Parts[1].Outcome != Found {
		t.Errorf("got %s %s %+v, want both parts found", got.Outcome, got.Detail, got.Parts)
	}
	titles := []string{"市政府召开第38次常务会议 | 2023-08-23", "市政府召开第37次常务会议 | 2023-07-23", "市政府召开第36次常务会议 | 2023-06-23", "市政府召开第35次常务会议 | 2023-05-23", "市政府召开第34次常务会议 | 2023-04-23"}
	first := strings.Replace(listOf(titles...), footer, `<a href="/hy/2.html">下一页</a>`, 1)
	got, _ = ask(t, task, site{"/": {body: links("重大会议信息 -> /hy/")}, "/hy/": {body: first}, "/hy/2.html": {body: listOf("市政府第5次全体会议召开 | 2022-03-01", "市政府召开第20次常务会议 | 2022-02-23", "市政府召开第19次常务会议 | 2022-01-23", "市政府召开第18次常务会议 | 2022-01-03")}})
	if got.Outcome != Found || got.Parts[0].Outcome != Found || show(got.Parts[1].Newest) != "2023-08-23" {
		t.Errorf("got %s %s %+v, want the part that only an older item names, and the other's newest date", got.Outcome, got.Detail, got.Parts)
	}
}

func TestSectionProof(t *testing.T) {
	task := Task{Question: AskSection, Section: &meetings, Recipe: usual, URLs: []string{host + "/"}, Hosts: []string{"xxgk.example.gov.cn"}}
	got, asked := ask(t, task, site{"/": {body: links("通知公告", "会议", "部门会议信息", "重大决策", "会议室预约", "规划信息", "政府工作报告", "首长信箱")}})
	if want := []string{"部门会议信息", "会议"}; got.Outcome != Absent || !slices.Equal(got.Nearest[:2], want) || len(got.Nearest) > maxNearest {
		t.Errorf("got %s, nearest %q; want absent, %q first", got.Outcome, got.Nearest, want)
	}
	if len(asked) != 1 || asked[0].Why != WhySearch {
		t.Errorf("asked for %+v, want the page to search alone", asked)
	}

	got, asked = ask(t, task, site{
		"/":    {body: links("重大会议信息 -> /hy/")},
		"/hy/": {body: listOf("市政府召开第38次常务会议 | 2023-08-23", "市政府召开第37次常务会议 | 2023-07-01", "市政府第5次全体会议召开 | 2023-03-01")},
	})
	if len(asked) != 2 || asked[1] != (Want{URL: host + "/hy/", Why: WhyPart}) {
		t.Errorf("asked for %+v, want the section's page as a part", asked)
	}
	if got.Parts[0].URL != host+"/hy/" || show(got.Parts[0].Newest) != "2023-03-01" || show(got.Parts[1].Newest) != "2023-08-23" {
		t.Errorf("got %+v, want each part's newest date and page", got.Parts)
	}
	if !slices.Equal(got.Searched, []string{host + "/", host + "/hy/"}) {
		t.Errorf("searched %q, want both pages", got.Searched)
	}
}

func TestSectionWithoutParts(t *testing.T) {
	spec := SectionSpec{Name: "领导信息"}
	task := Task{Question: AskSection, Section: &spec, URLs: []string{host + "/"}}
	if got, _ := ask(t, task, site{"/": {body: links("领导信息 -> /ld/")}, "/ld/": {body: menu}}); got.Outcome != Found {
		t.Errorf("got %s %s, want found", got.Outcome, got.Detail)
	}
	if got, _ := ask(t, task, site{"/": {body: links("领导信息 -> /ld/")}}); got.Outcome != Unread || got.Reason != ReasonGone {
		t.Errorf("got %s %s, want unread gone: the link is dead", got.Outcome, got.Reason)
	}
}

func TestSectionTaskWithoutSection(t *testing.T) {
	if got, wants := Read(Task{Question: AskSection, URLs: []string{host}}, nil); got.Reason != ReasonNotLooked || wants != nil {
		t.Errorf("got %s %s and %d wants, want not-looked", got.Outcome, got.Reason, len(wants))
	}
	if got, _ := Read(Task{Question: AskNewest}, nil); got.Reason != ReasonNotLooked {
		t.Errorf("got %s %s, want not-looked", got.Outcome, got.Reason)
	}
}

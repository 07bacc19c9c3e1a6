package extract

import (
	"strings"
	"testing"
)

// A page whose list may look otherwise in a browser is shown there once, and what
// the browser does not show accuses nobody.
func TestALookInTheBrowser(t *testing.T) {
	const script = `<script src="/js/site.js"></script>`
	marked := Recipe{List: "ul.list", Item: "li", Date: "span", Empty: "暂无信息"}
	blank := menu + script + `<div><ul class="list"><li>暂无信息</li></ul></div>` + footer
	full := listOf("关于供水的通知 | 2023-08-23")
	hollow := menu + `<div class="main"><ul id="news"></ul></div><script>fetch("/d.json").then(x => fill("#news", x))</script>` + footer
	wall := `<html><script>$_ts={};</script></html>`
	tests := []struct {
		name   string
		page   answer
		shown  int    // times it is shown
		want   string // outcome, reason
		detail string
	}{
		{"blank, and no script", answer{body: strings.ReplaceAll(blank, script, "")}, 0, "empty ", ""},
		{"blank among scripts, and no browser", answer{body: blank}, 1, "empty ", ""},
		{"blank among scripts, and in the browser too", answer{body: blank, render: blank}, 1, "empty ", ""},
		{"blank until a script fills it", answer{body: blank, render: full}, 1, "dated ", ""},
		{"blank, and the browser cannot show it", answer{body: blank, fails: ClassRender}, 1, "unread script", "in the browser: render"},
		{"blank, and the browser waits for ever", answer{body: blank, fails: ClassTimeout}, 1, "unread script", "as long as no script runs; in the browser: timeout"},
		{"blank, and led away by script", answer{body: blank, fails: ClassForeign}, 1, "unread gone", "redirect_foreign"},
		{"blank, and another page in the browser", answer{body: blank, render: menu + "<p>欢迎</p>"}, 1, "unread lost", "matches nothing"},

		{"an empty box that a script names", answer{body: hollow}, 1, "unread script", `waits for a script; no browser is at hand`},
		{"an empty box that a script fills", answer{body: hollow, render: full}, 1, "dated ", ""},
		{"an empty box of a weather report", answer{body: strings.ReplaceAll(hollow, "news", "weather")}, 0, "unread lost", "matches nothing"},
		{"an empty box before its script", answer{body: strings.ReplaceAll(strings.ReplaceAll(hollow, "#news", "x"), "</ul></div><script>", "</ul><script>"), render: full}, 1, "dated ", ""},
		{"an application that never fills itself", answer{body: `<div id="app"></div>`, render: `<div id="app"></div>`}, 1, "unread script", "the browser shows no more"},
		{"a full list, and an empty box besides", answer{body: full + hollow}, 0, "dated ", ""},

		{"a wall's script, and no browser", answer{body: wall, class: ClassChallenge}, 1, "unread blocked", "no browser is at hand"},
		{"a wall's script that lets the browser through", answer{class: ClassChallenge, render: full}, 1, "dated ", ""},
		{"a wall's script that does not", answer{class: ClassChallenge, fails: ClassChallenge}, 1, "unread blocked", "in the browser: anti_bot"},
		{"a wall's script with status 200", answer{body: `<html><script>document.cookie="a=1";location.reload()</script></html>`, render: full}, 1, "dated ", ""},
		{"a wall that says no", answer{class: ClassForbidden, render: full}, 0, "unread blocked", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, asked := ask(t, Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: marked}, site{"/tzgg/": tt.page})
			shown := 0
			for _, w := range asked {
				if w.Render {
					shown++
				}
			}
			if s := string(got.Outcome) + " " + string(got.Reason); s != tt.want || !strings.Contains(got.Detail, tt.detail) || shown != tt.shown {
				t.Errorf("got %s (%s), shown %d times; want %s (%s), %d times", s, got.Detail, shown, tt.want, tt.detail, tt.shown)
			}
		})
	}
}

// A page that names neither list nor row is shown too, and the list is then found.
func TestALookWithoutARecipe(t *testing.T) {
	rows := strings.Repeat(`<li><a href="/tzgg/2023/a.html">关于做好某项工作的通知</a><span>2023-08-23</span></li>`, 1)
	for i := range 8 {
		rows += strings.ReplaceAll(`<li><a href="/tzgg/2023/N.html">关于做好第N项工作的通知</a><span>2023-08-1N</span></li>`, "N", string(rune('1'+i)))
	}
	body := menu + `<h2>通知公告</h2><ul class="list">` + "ROWS" + `</ul><script>fetch("/d.json")</script>` + footer
	s := site{"/tzgg/": {body: strings.Replace(body, "ROWS", "", 1), render: strings.Replace(body, "ROWS", rows, 1)}}
	got, asked := ask(t, Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Column: "通知公告"}, s)
	if got.Outcome != Dated || got.Newest.Time.Format("2006-01-02") != "2023-08-23" || len(asked) != 2 {
		t.Errorf("got %s %s (%s), newest %s, asked %+v", got.Outcome, got.Reason, got.Detail, show(got.Newest), asked)
	}
}

// The history of a list is held against what the browser shows, not against the
// page before its scripts.
func TestALookInTheBrowserComesBeforeTheHistory(t *testing.T) {
	blank := menu + `<script src="/a.js"></script><ul class="list"></ul>` + footer
	full := listOf("关于供水的通知 | 2023-08-23", "关于供热的通知 | 2023-08-20", "关于停电的通知 | 2023-08-18")
	task := Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: usual}
	before, _ := ask(t, task, site{"/tzgg/": {body: full}})
	task.Before = before.List
	got, _ := ask(t, task, site{"/tzgg/": {body: blank, render: full}})
	if got.Outcome != Dated || len(got.Items) != 3 {
		t.Errorf("got %s %s (%s)", got.Outcome, got.Reason, got.Detail)
	}
	got, _ = ask(t, task, site{"/tzgg/": {body: blank, render: blank}})
	if got.Outcome != Unread || got.Reason != ReasonLost {
		t.Errorf("emptied: got %s %s (%s)", got.Outcome, got.Reason, got.Detail)
	}
}

// The frame that a script fills is shown itself: its page is not part of the one
// around it.
func TestAFrameIsShownItself(t *testing.T) {
	frame := `<html><body>` + menu + `<ul class="list"></ul><script>$.ajax("/x")</script></body></html>`
	s := site{
		"/tzgg/":          {body: menu + `<iframe name="main" src="/tzgg/list.html"></iframe>` + footer},
		"/tzgg/list.html": {body: frame, render: listOf("关于供水的通知 | 2023-08-23")},
	}
	got, asked := ask(t, Task{Question: AskNewest, URLs: []string{host + "/tzgg/"}, Recipe: usual}, s)
	last := asked[len(asked)-1]
	if got.Outcome != Dated || last.URL != host+"/tzgg/list.html" || last.Why != WhyFrame || !last.Render {
		t.Errorf("got %s %s (%s), asked %+v", got.Outcome, got.Reason, got.Detail, asked)
	}
}

func TestASectionBehindAWallIsShownOnce(t *testing.T) {
	task := Task{Question: AskSection, URLs: []string{host + "/"}, Section: &meetings}
	open := site{
		"/":    {class: ClassChallenge, render: links("重大会议信息 -> /hy/")},
		"/hy/": {body: links("政府全体会议 -> /q/", "政府常务会议 -> /c/")},
	}
	if got, _ := ask(t, task, open); got.Outcome != Found {
		t.Errorf("got %s %s (%s)", got.Outcome, got.Reason, got.Detail)
	}
	if got, _ := ask(t, task, site{"/": {class: ClassChallenge, fails: ClassChallenge}}); got.Outcome != Unread || got.Reason != ReasonBlocked {
		t.Errorf("walled: got %s %s (%s)", got.Outcome, got.Reason, got.Detail)
	}
}

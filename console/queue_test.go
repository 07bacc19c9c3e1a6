package console

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// saidBy is the sentence that a page will say after a form was sent.
func saidBy(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	for _, c := range w.Result().Cookies() {
		if c.Name == flashCookie {
			text, err := base64.RawURLEncoding.DecodeString(c.Value)
			check(t, err)
			return string(text)
		}
	}
	return ""
}

// A round behind another is said to wait, is seen to, and can be taken back.
func TestARoundThatWaitsIsSeen(t *testing.T) {
	p := newPatrolman()
	h := patrolled(t, p, operator)
	if text := saidBy(t, post(t, h, "/rounds", nil)); !strings.Contains(text, "已开始巡查") {
		t.Errorf("with nothing under way it says %q", text)
	}
	p.step(&Under{Round: "20230928-0130", Began: noon})
	p.queue = []WaitingRound{{ID: "order 1", By: hostileName, At: noon}, {ID: "order 2", By: "李强", At: noon, Chosen: 3}}
	if text := saidBy(t, post(t, h, "/rounds", nil)); !strings.Contains(text, "已排队，前面还有 3 批") {
		t.Errorf("behind three it says %q", text)
	}
	page := get(t, h, "/rounds").Body.String()
	for _, want := range []string{"排队的批次", "选定的 3 个对象", "全部", `name="id" value="order 1"`, "李强"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if w := post(t, h, "/rounds/withdraw", url.Values{"id": {"order 1"}}); w.Code != http.StatusSeeOther || len(p.queue) != 1 {
		t.Errorf("taken back: %d, %d wait", w.Code, len(p.queue))
	}
	if w := post(t, h, "/rounds/withdraw", url.Values{"id": {"order 1"}}); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "已不在排队") {
		t.Errorf("taken back twice: %d", w.Code)
	}
}

// While a round runs its hosts are told with their state; once it has ended every one
// stands in a row with its bar.
func TestHostsOfARoundAreNamed(t *testing.T) {
	p := newPatrolman()
	h := patrolled(t, p, operator)
	p.step(&Under{Round: "20230928-0130", Began: noon.Add(-time.Hour), HostsWaiting: 9, Hosts: []HostSpan{
		{Host: "done.example.gov.cn", Began: noon.Add(-time.Hour), Ended: noon.Add(-50 * time.Minute), Subjects: 7, Failed: 2, Look: 1},
		{Host: "now.example.gov.cn", Began: noon.Add(-2 * time.Minute), Subjects: 3, Look: 1},
	}})
	page := get(t, h, "/rounds").Body.String()
	for _, want := range []string{"已访问 1，正在访问 1，未访问 9", "now.example.gov.cn", "done.example.gov.cn", "有未读出", "2 分 0 秒", "10 分 0 秒"} {
		if !strings.Contains(page, want) {
			t.Errorf("under way the page lacks %q", want)
		}
	}
	page = get(t, h, "/rounds/"+townRound(27).ID).Body.String()
	whole, _, _ := strings.Cut(page, "最慢的主机")
	if bars, names := strings.Count(whole, "<rect x="), strings.Count(whole, "czj.example.gov.cn"); bars != 3 || names != 2 {
		t.Errorf("the rows have %d bars, %d names", bars, names)
	}
}

// Where nothing more is told of the round, because the log-in has ended, the page says
// so and offers to load it again; it follows the round again once it may.
func TestProgressThatEndsIsSaidInABrowser(t *testing.T) {
	p := newPatrolman()
	var out atomic.Bool
	p.step(&Under{Round: "20230928-0130", Began: noon, Planned: 10, Done: 3})
	h := patrolled(t, p, operator)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if out.Load() && r.URL.Path == "/rounds/live" {
			http.Redirect(w, r, "/login", http.StatusSeeOther)
			return
		}
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	b := browse(t)
	b.do(chromedp.Navigate(server.URL + "/rounds"))
	b.until("document.querySelector('#live b').textContent === '3'")
	p.step(&Under{Round: "20230928-0130", Began: noon, Planned: 10, Done: 4})
	b.until("document.querySelector('#live b').textContent === '4' && document.getElementById('live-lost').hidden")
	out.Store(true)
	server.CloseClientConnections()
	b.until("!document.getElementById('live-lost').hidden && document.getElementById('live-lost').innerText.includes('重新载入')")
	b.until("document.getElementById('live-lost').innerText.includes('登录可能已失效')")
	out.Store(false)
	p.step(&Under{Round: "20230928-0130", Began: noon, Planned: 10, Done: 5})
	b.until("document.querySelector('#live b').textContent === '5' && document.getElementById('live-lost').hidden")
}

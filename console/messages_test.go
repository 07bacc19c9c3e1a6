package console

import (
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/internal/notify"
	"xuncha/inventory"
	"xuncha/people"
)

// A shelf of letters plays the outbox.
type letters struct {
	entries []notify.Entry
	tested  []string
}

func (l *letters) Settings() inventory.Messages {
	return inventory.Messages{From: 22 * time.Hour, To: 7 * time.Hour, Channels: []inventory.Channel{
		{Name: "办公室", Kind: inventory.WeCom, About: inventory.Topics()}, {Name: "财政局", Kind: inventory.Mail, Units: []string{"czj"}, About: []inventory.Topic{inventory.AboutWarnings}},
	}}
}
func (l *letters) Entries() ([]notify.Entry, error) { return slices.Clone(l.entries), nil }
func (l *letters) Test(channel string) error {
	l.tested = append(l.tested, channel)
	return nil
}

func TestMessagesShowWhatWaitsAndWhy(t *testing.T) {
	l := &letters{entries: []notify.Entry{
		{Message: notify.Message{ID: "1", Channel: "办公室", Title: "<script>alert(1)</script>", Made: noon, Parts: []notify.Part{
			{Heading: "临期", Lines: []notify.Line{{Text: "政策文件，9月30日起超期", Path: "/columns/czj/zcwj"}, {Text: "<b>标题</b>", Path: "javascript:alert(2)"}, {Text: "别处", Path: "//evil.example"}}},
		}}, State: notify.Sent, Sent: noon},
		{Message: notify.Message{ID: "2", Channel: "财政局", Title: "巡查", Made: noon}, State: notify.Waiting, Tries: 3, Fault: "服务器 503"},
	}}
	admin := people.User{Name: "a", Roles: []people.Role{people.Admin}}
	h := newConsoleWith(t, apiBoard(), admin, func(c *Config) { c.Mailbox = l })
	body := get(t, h, "/system/messages").Body.String()
	for _, want := range []string{"22:00–07:00", "服务器 503", "已试 3 次", "企业微信", "&lt;script&gt;", `<a href="/columns/czj/zcwj">政策文件，9月30日起超期</a>`, "<li>&lt;b&gt;标题&lt;/b&gt;</li>", "<li>别处</li>"} {
		if !strings.Contains(body, want) {
			t.Errorf("not shown: %s", want)
		}
	}
	if body := get(t, h, "/system/messages?state=waiting").Body.String(); strings.Contains(body, "&lt;script&gt;") {
		t.Error("the filter lets through what was sent")
	}
	for channel, want := range map[string]int{"财政局": 303, "nobody": 400} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/system/messages/test", strings.NewReader(url.Values{"channel": {channel}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("a test to %s answers %d, want %d", channel, w.Code, want)
		}
	}
	if !slices.Equal(l.tested, []string{"财政局"}) {
		t.Errorf("tested %v", l.tested)
	}
}

// The office's name and the mark of simulated data follow the configuration.
func TestTheFrameFollowsTheConfiguration(t *testing.T) {
	office, simulated := "甲市人民政府办公室", true
	h := newConsoleWith(t, nil, people.User{Name: "op", Roles: []people.Role{people.Operator}}, func(cfg *Config) {
		cfg.InForce = func() (string, bool) { return office, simulated }
	})
	for range 2 {
		page := get(t, h, "/system/messages").Body.String()
		if !strings.Contains(page, office) || strings.Contains(page, "模拟数据，非正式通报") != simulated {
			t.Errorf("%s, simulated %v: %.600s", office, simulated, page)
		}
		office, simulated = "乙市人民政府办公室", false
	}
}

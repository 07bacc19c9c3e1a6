package notify

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"xuncha/inventory"
)

// A network answers every request of the process and remembers it.
type network struct {
	asked  []*http.Request
	bodies []string
	answer string
	status int
}

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	n.asked, n.bodies = append(n.asked, r), append(n.bodies, string(body))
	w := httptest.NewRecorder()
	w.WriteHeader(n.status)
	w.WriteString(n.answer)
	return w.Result(), nil
}

// through has all that is sent go over a network.
func through(t *testing.T, n http.RoundTripper) Channels {
	before := http.DefaultTransport
	wire := NewWire(n)
	wire.Install()
	t.Cleanup(func() { http.DefaultTransport = before })
	return Channels{Wire: wire, Now: func() time.Time { return time.UnixMilli(1695772800000) }}
}

var hostile = Message{
	ID: "digest/1/甲", Channel: "甲", Title: "巡查 2023-09-27", Lang: "zh", Link: "https://xuncha.example",
	Parts: []Part{{Heading: "新发现", Lines: []Line{{Text: safe("公示 @all <at user_id=\"all\">所有人</at>\r\n# 标题 [链接](http://x) **粗** \u202e倒\x00")}}}},
}

func TestEachChannelIsSpokenToInItsOwnWay(t *testing.T) {
	t.Setenv("ADDRESS", "")
	for _, c := range []struct {
		kind            inventory.ChannelKind
		address, answer string
		host, path      string
	}{
		{inventory.WeCom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4", `{"errcode":0,"errmsg":"ok"}`, "qyapi.weixin.qq.com", "/cgi-bin/webhook/send"},
		{inventory.Feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/8f2c-hook-token", `{"code":0,"msg":"success"}`, "open.feishu.cn", "/open-apis/bot/v2/hook/8f2c-hook-token"},
		{inventory.DingTalk, "https://oapi.dingtalk.com/robot/send?access_token=abcdefgh12345", `{"errcode":0,"errmsg":"ok"}`, "oapi.dingtalk.com", "/robot/send"},
		{inventory.Webhook, "https://oa.example.gov.cn/hook?from=xuncha", `{}`, "oa.example.gov.cn", "/hook"},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			n := &network{answer: c.answer, status: http.StatusOK}
			s := through(t, n)
			t.Setenv("ADDRESS", c.address)
			to := inventory.Channel{Name: "甲", Kind: c.kind, Address: "env:ADDRESS"}
			if err := s.Send(t.Context(), to, hostile, false); err != nil {
				t.Fatal(err)
			}
			if r := n.asked[0]; r.URL.Host != c.host || r.URL.Path != c.path || r.Method != "POST" {
				t.Errorf("asked %s %s", r.Method, r.URL)
			}
			var body map[string]any
			if err := json.Unmarshal([]byte(n.bodies[0]), &body); err != nil {
				t.Fatalf("%v: %s", err, n.bodies[0])
			}
			if strings.Contains(n.bodies[0], "@") || strings.Contains(n.bodies[0], `<at`) || strings.Contains(n.bodies[0], `\u003cat`) {
				t.Errorf("somebody is mentioned: %s", n.bodies[0])
			}
			if c.kind == inventory.Webhook && body["id"] != hostile.ID {
				t.Errorf("the webhook's message has no id: %s", n.bodies[0])
			}
			if key := n.asked[0].Header.Get("Idempotency-Key"); c.kind == inventory.Webhook && key != hostile.number() {
				t.Errorf("the webhook's message has the key %q, want %q", key, hostile.number())
			}
			// What the other side refuses is an error, without the key in it.
			n.answer, n.status = `{"errcode":93000,"code":19001,"errmsg":"invalid"}`, http.StatusBadRequest
			err := s.Send(t.Context(), to, hostile, false)
			if err == nil || strings.Contains(err.Error(), "693a91f6") || strings.Contains(err.Error(), "abcdefgh") || strings.Contains(err.Error(), "hook-token") {
				t.Errorf("the error of a refusal is %v", err)
			}
		})
	}
}

func TestDingTalkIsSigned(t *testing.T) {
	n := &network{answer: `{"errcode":0}`, status: http.StatusOK}
	s := through(t, n)
	t.Setenv("ADDRESS", "https://oapi.dingtalk.com/robot/send?access_token=t")
	t.Setenv("KEY", "SEC0001")
	if err := s.Send(t.Context(), inventory.Channel{Kind: inventory.DingTalk, Address: "env:ADDRESS", Secret: "env:KEY"}, hostile, false); err != nil {
		t.Fatal(err)
	}
	q := n.asked[0].URL.Query()
	mac, err := base64.StdEncoding.DecodeString(q.Get("sign"))
	if err != nil || len(mac) != 32 || q.Get("timestamp") != "1695772800000" || q.Get("access_token") != "t" {
		t.Errorf("asked %v", n.asked[0].URL)
	}
	n.answer = `{"errcode":310000,"errmsg":"sign not match"}`
	if err := s.Send(t.Context(), inventory.Channel{Kind: inventory.DingTalk, Address: "env:ADDRESS", Secret: "env:KEY"}, hostile, false); err == nil {
		t.Error("a refused message counts as sent")
	}
}

func TestAChannelWithoutAddressSaysWhereItIsLookedFor(t *testing.T) {
	t.Setenv("NOTHING", "")
	err := Channels{Wire: NewWire(nil)}.Send(t.Context(), inventory.Channel{Kind: inventory.WeCom, Address: "env:NOTHING"}, hostile, false)
	if err == nil || !strings.Contains(err.Error(), "env:NOTHING") {
		t.Errorf("the error is %v", err)
	}
}

func TestLongMessagesCountWhatIsLeftOut(t *testing.T) {
	m := Message{Title: "巡查", Lang: "zh", Link: "https://xuncha.example"}
	for range 3 {
		p := Part{Heading: "新发现"}
		for range 60 {
			p.Lines = append(p.Lines, Line{Text: "某市财政局：工作动态--通知公告公示：超期未更新，最近更新 2023-06-20", Path: "/columns/czj/gzdt"})
		}
		m.Parts = append(m.Parts, p)
	}
	for _, kind := range []inventory.ChannelKind{inventory.WeCom, inventory.Feishu, inventory.DingTalk} {
		text := m.text(kind, true)
		if len(text) > sizeOf(kind) || !utf8.ValidString(text) || !strings.Contains(text, "……还有 1") || !strings.Contains(text, "（可能重复：") {
			t.Errorf("%s: %d bytes: …%s", kind, len(text), text[len(text)-120:])
		}
	}
}

func FuzzSafe(f *testing.F) {
	f.Add("<at user_id=\"all\">x</at>\n@all \u202e")
	f.Fuzz(func(t *testing.T, s string) {
		got := safe(s)
		if strings.ContainsAny(got, "@<>*_`\n\r\u2028\u202e[]") || !utf8.ValidString(got) {
			t.Errorf("%q becomes %q", s, got)
		}
	})
}

func TestErrorsHideSecrets(t *testing.T) {
	secrets := secretsOf("smtp://xuncha:pa55w0rd@mail.example:587/?from=a@b.example", "k3y")
	err := redact(errors.New("dial smtp://xuncha:pa55w0rd@mail.example: k3y"), secrets...)
	if strings.Contains(err.Error(), "pa55w0rd") || strings.Contains(err.Error(), "k3y") {
		t.Error(err)
	}
}

// A redirect delivers nothing: neither is a message sent on to where it points, nor
// is the page there taken for an answer.
func TestARedirectIsAFailure(t *testing.T) {
	for kind, address := range map[inventory.ChannelKind]string{
		inventory.WeCom:    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4",
		inventory.Feishu:   "https://open.feishu.cn/open-apis/bot/v2/hook/8f2c-hook-token",
		inventory.DingTalk: "https://oapi.dingtalk.com/robot/send?access_token=abcdefgh12345",
		inventory.Webhook:  "https://oa.example.gov.cn/hook",
	} {
		for _, status := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
			n := &moved{status: status}
			t.Setenv("ADDRESS", address)
			err := through(t, n).Send(t.Context(), inventory.Channel{Name: "甲", Kind: kind, Address: "env:ADDRESS"}, hostile, false)
			if err == nil || errors.Is(err, ErrDoubt) || n.asked != 1 {
				t.Errorf("%s, %d: %d requests, error %v; want one, and an error without doubt", kind, status, n.asked, err)
			}
		}
	}
}

// moved is a network in which everything has moved to a page of a log-in.
type moved struct{ status, asked int }

func (m *moved) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if m.asked++; m.asked == 1 {
		w.Header().Set("Location", "https://login.example.gov.cn/")
		w.WriteHeader(m.status)
	}
	w.WriteString(`{"errcode":0,"code":0,"errmsg":"ok"}`)
	return w.Result(), nil
}

// A server that took a message and whose answer was lost leaves a doubt; one that
// was never reached, or refused, leaves none.
func TestALostAnswerLeavesADoubt(t *testing.T) {
	cut := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			conn.Close()
		}
	}))
	defer cut.Close()
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	defer busy.Close()
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGatewayTimeout) }))
	defer gateway.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	own := &http.Transport{}
	defer own.CloseIdleConnections()
	s := through(t, own)
	for _, kind := range []inventory.ChannelKind{inventory.Webhook, inventory.DingTalk} {
		for address, doubt := range map[string]bool{cut.URL: true, gateway.URL: true, busy.URL: false, gone.URL: false} {
			t.Setenv("ADDRESS", address+"/hook")
			err := s.Send(t.Context(), inventory.Channel{Kind: kind, Address: "env:ADDRESS"}, hostile, false)
			if err == nil || errors.Is(err, ErrDoubt) != doubt {
				t.Errorf("%s: %v, want a doubt: %v", kind, err, doubt)
			}
		}
	}
}

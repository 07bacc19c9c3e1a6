package notify

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
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

// outside is what a page or a list may hold, in whatever it names.
const outside = "@all <at id=\"all\">人</at>\r\n# [a](http://x.example) **b** ![i](javascript:alert(1)) <script>c</script> www.evil.example \u202e\x00"

var hostile = hostileDigest()

// hostileDigest is a digest with every part, of a city in which every name, title and
// text came from outside.
func hostileDigest() Message {
	city := mediaCity()
	city.Name = outside
	for i := range city.Units {
		city.Units[i].Name = "u" + outside
	}
	for i := range city.Carriers {
		c := &city.Carriers[i]
		c.Name, c.Home, c.CMS = outside, "http://one.example/", outside
	}
	city.Accounts[0].Name, city.Accounts[0].Platform = outside, outside
	round, res := night(firstMorning, map[string]rules.State{"czj/a": rules.Stale, "czj/b": rules.Due, "czj/c": rules.Unknown, "pd/b": rules.Fresh})
	for i := range res.Columns {
		c := &res.Columns[i]
		c.Column.Name, c.NewestTitle, c.Proposal = outside, outside, &extract.Proposal{}
	}
	account(&res, true)
	res.Accounts[0].Account = city.Accounts[0]
	finds(&res, "account:1", "pd", "owner", outside)
	finds(&res, "unit:pd/x", "pd", "owner", outside)
	finds(&res, "pd/a", "pd", "labels", outside).Sources = []string{cases.BySuperior}
	book := &cases.Book{}
	sealed, err := book.Seal(cases.Policy{}, cases.Event{
		Period: "2023Q3", Kind: cases.Raise, At: firstMorning, By: cases.Person{Name: "张明", Role: cases.Handler},
		Facts: &cases.Facts{
			Subject: "pd/b", Unit: "pd", Indicator: "labels", Effect: rules.EffectNotice, Sources: []string{cases.ByHand}, Publicity: cases.Named,
			Text: outside, Basis: "x", Point: firstMorning,
		},
	})
	if err == nil {
		err = book.Apply(sealed)
	}
	if err != nil {
		panic(err)
	}
	told := Told{Round: "r0", Suspected: []Suspicion{
		{ID: "1", Subject: "pd/b", Indicator: "i", Text: outside, ByState: true}, {ID: "2", Subject: "pd/b", Indicator: "labels", Text: outside},
	}, Book: &cases.Head{}, Reminded: firstMorning.AddDate(0, 0, -9)}
	b := board.New(board.Input{City: city, Set: set, Round: round, Result: res, Book: book})
	m := office
	m.Channels[0].Name = "甲"
	return Digests(b, told, m, nil)[0]
}

// Every part is there, or the tests of what leaves show nothing.
func TestTheHostileDigestIsWhole(t *testing.T) {
	var headings []string
	for _, p := range hostile.Parts {
		heading, _, _ := strings.Cut(strings.TrimPrefix(p.Heading, "【"), "】")
		headings = append(headings, heading)
	}
	if want := strings.Fields("新发现 他方指出 临期 已恢复 不再发现 问题办理 未能监测 采集规则"); !slices.Equal(headings, want) {
		t.Errorf("it has %q, want %q", headings, want)
	}
}

// deadText wants nothing of a text to be alive but the links of the console.
func deadText(t *testing.T, what, text string) {
	t.Helper()
	for line := range strings.Lines(strings.ReplaceAll(text, office.Console, "CONSOLE")) {
		line = strings.TrimRight(line, "\r\n")
		if live := alive.FindString(line); live != "" {
			t.Errorf("%s: %q is alive in %q", what, live, line)
		}
		if strings.ContainsAny(line, "\u202e\x00\r") || line != "" && !slices.ContainsFunc([]string{"· ", "  CONSOLE/", "CONSOLE/", "【", "控制台：CONSOLE", "（", "……", hostile.Title}, func(p string) bool { return strings.HasPrefix(line, p) }) {
			t.Errorf("%s: a line of its own: %q", what, line)
		}
	}
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
			deadText(t, string(c.kind), textOf(body))
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

// textOf is the text of a message as a channel is sent it.
func textOf(body map[string]any) string {
	for _, key := range []string{"text", "content"} {
		if inner, ok := body[key].(map[string]any); ok {
			return textOf(inner)
		}
	}
	for _, key := range []string{"content", "text", "message"} {
		if text, ok := body[key].(string); ok {
			return text
		}
	}
	return ""
}

// An alert and a test are made of names of a configuration.
func TestAlertsAndTestsAreDeadToo(t *testing.T) {
	m := office
	all := Alerts([]Alert{{ID: "x", Chinese: outside + "；" + outside, English: outside}}, m, outside, morning)
	for _, message := range append(all, Test(m.Channels[0], outside, morning)) {
		text := message.text(inventory.WeCom, false)
		if live := alive.FindString(strings.ReplaceAll(text, office.Console, "")); live != "" || strings.Contains(text, "\r") {
			t.Errorf("%q is alive in %q", live, text)
		}
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

// alive is what a channel makes a link of, mentions or reads as markup.
var alive = regexp.MustCompile(`://|[A-Za-z0-9-]\.[A-Za-z]|@|<[a-zA-Z/!]|\]\(|\*\*|!\[`)

func FuzzSafe(f *testing.F) {
	f.Add("http:\u200b//evil.\u200bexample www.a.b")
	f.Add("<at user_id=\"all\">x</at>\n@all \u202e")
	f.Fuzz(func(t *testing.T, s string) {
		got := safe(s)
		if strings.ContainsAny(got, "@<>*_`\n\r\u2028\u202e[]") || !utf8.ValidString(got) || alive.MatchString(got) {
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

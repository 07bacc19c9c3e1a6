package console

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/people"
	"xuncha/rules"
	"xuncha/store"
)

// A patrolman is a daemon in the hands of a test.
type patrolman struct {
	mu     sync.Mutex
	begun  [][]string
	again  []string
	refuse error
	queue  []WaitingRound
	under  *Under
	moved  chan struct{}
	made   int
	told   int // rounds that were asked for
	state  SystemState
}

func (p *patrolman) Rounds() ([]Round, error) {
	var all []Round
	for d := 27; d > 0; d-- {
		r := townRound(d)
		r.Planned = nil
		all = append(all, Round{Round: r, Plan: 15})
	}
	all[1].By, all[1].Chosen = hostileName, true
	return all, nil
}

func (p *patrolman) Round(id string) (RoundSeen, error) {
	p.mu.Lock()
	p.told++
	p.mu.Unlock()
	r := townRound(27)
	if id != r.ID {
		return RoundSeen{}, store.ErrNotFound
	}
	return RoundSeen{
		Round: Round{Round: r, Plan: 15, By: hostileName}, Again: 2,
		Failures: []RoundFailure{
			{"xxgk/wjw/gzdt", extract.ReasonBlocked, hostileTitle}, {"xxgk/wjw/tzgg", extract.ReasonLost, "list selector matches nothing"},
			{"gone/column", extract.ReasonDown, ""},
		},
		Hosts: []HostSpan{
			{"xxgk.example.gov.cn", r.Started, r.Started.Add(10 * time.Minute), 7, 2, 1},
			{"czj.example.gov.cn", r.Started, r.Started.Add(20 * time.Minute), 3, 0, 1},
			{"czj.example.gov.cn", r.Started.Add(time.Minute), time.Time{}, 1, 0, 2},
		},
	}, nil
}

func (p *patrolman) Visits(site string, from, to time.Time) ([]rules.Probe, error) {
	at := townDay(9, 27).Add(8 * time.Hour)
	return []rules.Probe{
		{At: at.AddDate(0, 0, -1), Came: rules.Opened, Status: 200}, {At: at, Came: rules.Opened, Status: 200},
		{At: at.Add(time.Hour), Came: rules.Shut, Class: extract.ClassTimeout, Took: 15 * time.Second, Detail: hostileTitle},
		{At: at.Add(2 * time.Hour), Came: rules.Untold, Class: extract.ClassForbidden, Status: 403},
	}, nil
}

func (p *patrolman) Begin(_ string, globs []string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuse == nil {
		p.begun = append(p.begun, globs)
	}
	return p.refuse
}

func (p *patrolman) Again(_ string, ids []string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.again = append(p.again, ids...)
	return p.refuse
}

func (p *patrolman) Cancel(string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	was := p.under != nil
	p.under = nil
	return was
}

func (p *patrolman) Waiting() []WaitingRound {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.queue)
}

func (p *patrolman) Withdraw(_, id string) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.queue)
	p.queue = slices.DeleteFunc(p.queue, func(w WaitingRound) bool { return w.ID == id })
	return len(p.queue) < n, nil
}

func (p *patrolman) Under() (Under, bool, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.under == nil {
		return Under{}, false, p.moved
	}
	return *p.under, true, p.moved
}

// step moves the round on, nil to its end.
func (p *patrolman) step(u *Under) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.under = u
	close(p.moved)
	p.moved = make(chan struct{})
}

func (p *patrolman) System() (SystemState, error) { return p.state, nil }

func (p *patrolman) Make() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.made++
	return p.refuse
}

func (p *patrolman) Verify(name string) error {
	if name != "xuncha-20230927-040000.db" {
		return store.ErrNotFound
	}
	return p.refuse
}

func newPatrolman() *patrolman { return &patrolman{moved: make(chan struct{})} }

// patrolled is a console with a daemon behind it.
func patrolled(t testing.TB, p *patrolman, u people.User) http.Handler {
	t.Helper()
	b := town(t)
	c, err := New(Config{
		Board: func() *board.Board { return b }, Gate: as(u), Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler),
		Office: "某市人民政府办公室", Rounds: p, Patrols: p, Progress: p, System: p, Backups: p,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.Handler()
}

func post(t testing.TB, h http.Handler, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// refusedBoth is a refusal in both languages.
type refusedBoth struct{}

func (refusedBoth) Error() string   { return "a round is under way" }
func (refusedBoth) Chinese() string { return "已有巡查在进行" }

func TestRoundsPages(t *testing.T) {
	p := newPatrolman()
	for _, lang := range []string{"zh", "en"} {
		for path, wants := range map[string][]string{
			"/rounds":               {"20230927-0130", "2023-09-27 01:30", `href="/rounds/20230927-0130#failed"`, `action="/rounds"`},
			"/rounds?page=2&size=5": {"20230922-0130"},
			"/rounds/20230927-0130": {"czj.example.gov.cn", "list selector matches nothing", "<rect", `value="xxgk/wjw/gzdt"`},
			"/sites/czj/visits":     {"2023-09-27", "15.0 s"},
			"/system/rules":         {"检查指标"},
		} {
			w := get(t, patrolled(t, p, operator), path+map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]+"lang="+lang)
			body := w.Body.String()
			if w.Code != http.StatusOK {
				t.Errorf("%s: %d", path, w.Code)
			}
			for _, want := range wants {
				if !strings.Contains(body, want) {
					t.Errorf("%s in %s lacks %q", path, lang, want)
				}
			}
			for _, bad := range []string{hostileTitle, "<img src=x", "%!", "0xc", "map["} {
				if strings.Contains(body, bad) {
					t.Errorf("%s in %s holds %q", path, lang, bad)
				}
			}
		}
	}
	if w := get(t, patrolled(t, p, operator), "/rounds/20200101-0000"); w.Code != http.StatusNotFound {
		t.Errorf("a round that is not: %d, want 404", w.Code)
	}
	if body := get(t, patrolled(t, p, operator), "/rounds/20230927-0130").Body.String(); strings.Contains(body, "gone/column") {
		t.Error("a subject that the board does not know is shown")
	}
}

// The page of a round that is over is made once; that of one under way each time.
func TestTheRoundUnderWayIsNotKept(t *testing.T) {
	p := newPatrolman()
	h, path := patrolled(t, p, operator), "/rounds/"+townRound(27).ID
	for _, tt := range []struct {
		under *Under
		told  int
	}{{nil, 1}, {nil, 1}, {&Under{Round: "20230928-0130"}, 1}, {&Under{Round: townRound(27).ID}, 2}, {&Under{Round: townRound(27).ID}, 3}, {&Under{}, 4}, {nil, 4}} {
		p.step(tt.under)
		if w := get(t, h, path); w.Code != http.StatusOK || p.told != tt.told {
			t.Errorf("under way %+v: %d, asked for %d times, want %d", tt.under, w.Code, p.told, tt.told)
		}
	}
}

func TestRoundsAreAskedFor(t *testing.T) {
	p := newPatrolman()
	h := patrolled(t, p, operator)
	for _, tt := range []struct {
		path string
		form url.Values
		code int
	}{
		{"/rounds", nil, 303},
		{"/rounds", url.Values{"id": {"czj"}, "only": {"xxgk/czj/*， account:*"}}, 303},
		{"/rounds", url.Values{"only": {strings.Repeat("x", 300)}}, 400},
		{"/rounds/again", url.Values{"id": {"czj/gzdt", "xxgk/czj/tzgg"}, "to": {"/columns?state=stale"}}, 303},
		{"/rounds/again", url.Values{"id": {"nowhere"}}, 404},
		{"/rounds/again", nil, 400},
		{"/rounds/cancel", nil, 303},
	} {
		w := post(t, h, tt.path, tt.form)
		if w.Code != tt.code {
			t.Errorf("%s %v: %d, want %d", tt.path, tt.form, w.Code, tt.code)
		}
		if to := tt.form.Get("to"); to != "" && w.Header().Get("Location") != to {
			t.Errorf("%s goes to %s, want %s", tt.path, w.Header().Get("Location"), to)
		}
	}
	if len(p.begun) != 2 || len(p.begun[0]) != 0 || !slices.Equal(p.begun[1], []string{"czj", "czj/*", "xxgk/czj/*", "account:*"}) {
		t.Errorf("asked for %q", p.begun)
	}
	if !slices.Equal(p.again, []string{"czj/gzdt", "xxgk/czj/tzgg"}) {
		t.Errorf("looked again at %q", p.again)
	}
	p.refuse = refusedBoth{}
	w := post(t, h, "/rounds", nil)
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "已有巡查在进行") {
		t.Errorf("refused: %d %s", w.Code, w.Body)
	}
	if w := post(t, patrolled(t, p, viewer), "/rounds", nil); w.Code != http.StatusForbidden {
		t.Errorf("a viewer's round: %d, want 403", w.Code)
	}
}

// Progress comes as pieces of the page, to its end, and no user may open more than
// four streams.
func TestHostile_W25_LiveProgress(t *testing.T) {
	p := newPatrolman()
	p.under = &Under{Began: noon.Add(-time.Minute), Planned: 10, Done: 1, Read: 1, Hosts: []HostSpan{{Host: "<b>x", Began: noon}}}
	server := httptest.NewServer(patrolled(t, p, operator))
	defer server.Close()
	open := func() *http.Response {
		t.Helper()
		resp, err := http.Get(server.URL + "/rounds/live?lang=en")
		if err != nil {
			t.Fatal(err)
		}
		return resp
	}
	var all []*http.Response
	for range maxStreams {
		all = append(all, open())
	}
	if resp := open(); resp.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one more stream: %d, want 429", resp.StatusCode)
	} else {
		resp.Body.Close()
	}
	lines := bufio.NewScanner(all[0].Body)
	next := func(holds string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), holds) {
				return
			}
			if strings.Contains(lines.Text(), "<b>x") {
				t.Error("a host's name is markup")
			}
		}
		t.Fatalf("the stream ended without %q: %v", holds, lines.Err())
	}
	next("<b>1</b> / 10")
	next("&lt;b&gt;x")
	p.step(&Under{Began: noon, Planned: 10, Done: 7, Read: 6, Reasons: map[extract.Reason]int{extract.ReasonDown: 1}})
	next("<b>7</b> / 10")
	p.step(nil)
	next("event: end")
	for _, resp := range all {
		resp.Body.Close()
	}
	p.step(&Under{Planned: 1})
	for { // the places are free again
		resp := open()
		resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			break
		}
	}
}

// Programs follow a round as JSON, to its end.
func TestProgramsFollowARound(t *testing.T) {
	p := newPatrolman()
	p.under = &Under{Began: noon.Add(-time.Minute), Planned: 10, Done: 1, Read: 1}
	server := httptest.NewServer(patrolled(t, p, operator))
	defer server.Close()
	resp, err := http.Get(server.URL + "/api/v1/progress/stream")
	check(t, err)
	defer resp.Body.Close()
	if kind := resp.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatalf("%d %s", resp.StatusCode, kind)
	}
	lines := bufio.NewScanner(resp.Body)
	next := func() (u apiUnder) {
		t.Helper()
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				check(t, json.Unmarshal([]byte(data), &u))
				return u
			}
		}
		t.Fatal("the stream ended early")
		return u
	}
	if u := next(); !u.Running || u.Done != 1 {
		t.Errorf("at first %+v", u)
	}
	p.step(&Under{Began: noon, Planned: 10, Done: 7, Read: 6, Unread: 1, Reasons: map[extract.Reason]int{extract.ReasonDown: 1}})
	if u := next(); u.Done != 7 || u.Reasons["down"] != 1 {
		t.Errorf("then %+v", u)
	}
	p.step(nil)
	if u := next(); u.Running {
		t.Errorf("at last %+v", u)
	}
	for lines.Scan() {
		if lines.Text() != "" {
			t.Errorf("behind the end: %s", lines.Text())
		}
	}
}

func TestSystemPage(t *testing.T) {
	p := newPatrolman()
	at := townDay(9, 27).Add(4 * time.Hour)
	p.state = SystemState{
		Version: "v1", Started: at, Set: &rules.RuleSet{ID: "s", Name: "检查指标", Indicators: []rules.Indicator{{ID: "n.V1", Name: "首页不更新", Basis: "国办秘函〔2019〕19号：监测2周", Effect: rules.EffectVeto}}},
		Alerts: []Alert{{Kind: "storage-full", Since: at, Chinese: "磁盘已满", English: "the disk is full"}, {Kind: "clock", Since: at, Until: at.Add(time.Hour), Chinese: "跳变", English: "jumped"}},
		Jobs:   []Job{{Name: "round", Line: "30 1 * * *", Next: at, Error: "no room"}, {Name: "backup", Running: true}, {Name: "tidy"}},
		Config: ConfigState{
			Folder: "/etc/xuncha", Digest: strings.Repeat("a", 64), Since: at, Refused: "bad", Unconfirmed: []inventory.Unsure{
				{File: "sites/fgw.yaml", Line: 3, What: "code"}, {File: "sites/fgw.yaml", Line: 9, What: "code"},
				{File: "accounts.yaml", Line: 7, What: "140300M001 has the uid 5, as has 140300M002", Doubt: true},
			},
			Mistakes: []Mistake{{"sites/fgw.yaml", 12, 5, `unknown key "clas"`, "did you mean class?", "    clas: <script>"}},
		},
		Disks:   []Disk{{"/var/lib/xuncha", 3 << 30, 100 << 30}},
		Backups: []Backup{{Name: "xuncha-20230927-040000.db", At: at, Bytes: 5 << 20}, {Name: "xuncha-20230926-040000.db", At: at, Broken: "damaged"}},
		Store:   store.Stats{Rounds: 3},
	}
	admin := people.User{Name: "a", FullName: "管理员", Roles: []people.Role{people.Admin}}
	body := get(t, patrolled(t, p, admin), "/system?lang=en").Body.String()
	for _, want := range []string{
		"the disk is full", "sites/fgw.yaml:12:5", "did you mean class?", "clas: &lt;script&gt;", "30 1 * * *", "no room", "3.0 GB", "/system/unconfirmed", "Back up now", "damaged", "jumped",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, want := range []string{"没有 &#34;clas&#34; 这个键", "是否应为 class？", "技术详情", "磁盘已满：请腾出空间"} {
		if body := get(t, patrolled(t, p, admin), "/system").Body.String(); !strings.Contains(body, want) {
			t.Errorf("the page in Chinese lacks %q", want)
		}
	}
	if body := get(t, patrolled(t, p, operator), "/system").Body.String(); strings.Contains(body, `action="/system/backups"`) {
		t.Error("an operator is shown a button that refuses them")
	}
	if body := get(t, patrolled(t, p, admin), "/system/unconfirmed").Body.String(); !strings.Contains(body, `class="code">sites/fgw.yaml</th><td class="wrap">3、9</td><td class="wrap">code</td><td class="num">2</td><td class="wrap">配置注明`) ||
		!strings.Contains(body, "程序认为可能有误") || !strings.Contains(body, "140300M001 与 140300M002 的 uid（平台标识）相同，均为 5") {
		t.Error("what is unconfirmed is not shown by file and line with what to do")
	}
	h := patrolled(t, p, admin)
	if w := post(t, h, "/system/backups", nil); w.Code != http.StatusSeeOther || p.made != 1 {
		t.Errorf("a backup: %d, %d made", w.Code, p.made)
	}
	if w := post(t, h, "/system/backups/verify", url.Values{"name": {"../../etc/passwd"}}); w.Code != http.StatusNotFound {
		t.Errorf("a backup that is not: %d", w.Code)
	}
	if w := post(t, h, "/system/backups/verify", url.Values{"name": {"xuncha-20230927-040000.db"}}); w.Code != http.StatusSeeOther {
		t.Errorf("a backup that is: %d", w.Code)
	}
	p.refuse = errors.New("disk on fire")
	if w := post(t, h, "/system/backups", nil); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "fire") {
		t.Errorf("our own fault: %d", w.Code)
	}
}

func TestTimeline(t *testing.T) {
	from := noon
	var hosts []HostSpan
	for i := range 500 {
		hosts = append(hosts, HostSpan{Host: fmt.Sprint(i), Began: from.Add(time.Duration(i) * time.Second), Ended: from.Add(time.Duration(i+3) * time.Second)})
	}
	hosts[0].Ended = from.Add(-time.Hour) // a clock that went back
	hosts[1].Ended = time.Time{}
	tl := newTimeline(hosts, from, from.Add(500*time.Second))
	if len(tl.Bars) != maxBars {
		t.Errorf("%d bars, want %d", len(tl.Bars), maxBars)
	}
	for _, b := range tl.Bars {
		if b.X < 0 || b.Width < 1 || b.X > timelineWidth {
			t.Errorf("a bar from %d, %d wide", b.X, b.Width)
		}
	}
	if tl := newTimeline(hosts, from, from); len(tl.Bars) != 0 {
		t.Error("a round without a length has bars")
	}
}

package people

import (
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xuncha/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// morning is when these tests begin.
var morning = time.Date(2023, 9, 27, 8, 0, 0, 0, time.FixedZone("CST", 8*3600))

// A house is a gate with a clock that can be set, over a store that can be opened
// again.
type house struct {
	*Gate
	t     testing.TB
	path  string
	store *store.Store
	now   time.Time
	cfg   Config
}

// cheap is a cost that tests can afford.
var cheap = Cost{MemoryKiB: 8, Passes: 1}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, path: filepath.Join(t.TempDir(), "xuncha.db"), now: morning}
	h.cfg = Config{
		Now: func() time.Time { return h.now }, Cost: cheap, Random: rand.NewChaCha8([32]byte{1}),
		Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Log: slog.New(slog.DiscardHandler),
	}
	h.open()
	t.Cleanup(func() { check(t, h.store.Close()) })
	return h
}

func (h *house) open() {
	h.t.Helper()
	s, err := store.Open(h.path, store.Options{Create: true, LockTimeout: -1, NoSync: true})
	check(h.t, err)
	h.store, h.cfg.Store = s, s
	h.Gate, err = Open(h.cfg)
	check(h.t, err)
}

// restart closes the store and opens it again, as a new start of the program does.
func (h *house) restart() {
	h.t.Helper()
	check(h.t, h.store.Close())
	h.open()
}

func (h *house) later(d time.Duration) { h.now = h.now.Add(d) }

// A browser keeps cookies and comes from one address.
type browser struct {
	h       *house
	from    string
	cookies map[string]string
	header  http.Header
}

func (h *house) browser() *browser {
	return &browser{h: h, from: "192.0.2.7:5000", cookies: map[string]string{}, header: http.Header{}}
}

func (b *browser) request() *http.Request {
	r := httptest.NewRequest("POST", "/", nil)
	r.RemoteAddr = b.from
	for k, v := range b.header {
		r.Header[k] = v
	}
	for k, v := range b.cookies {
		r.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	return r
}

func (b *browser) keep(w *httptest.ResponseRecorder) {
	for _, c := range w.Result().Cookies() {
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
}

func (b *browser) logIn(name, password string) error {
	w := httptest.NewRecorder()
	_, err := b.h.LogIn(w, b.request(), name, password)
	b.keep(w)
	return err
}

func (b *browser) logOut() {
	w := httptest.NewRecorder()
	check(b.h.t, b.h.LogOut(w, b.request()))
	b.keep(w)
}

func (b *browser) user() User { return b.h.User(b.request()) }

const secretSentence = "柳絮飞过阳泉的春天 2023"

var root = Actor{Name: "root", From: "192.0.2.1"}

// addUser makes a user with a password.
func (h *house) addUser(name, full string, roles ...Role) {
	h.t.Helper()
	u := User{Name: name, FullName: full, Roles: roles}
	if slices.Contains(roles, Clerk) || slices.Contains(roles, Supervisor) {
		u.Unit = "czj"
	}
	secret, err := h.Create(root, u)
	check(h.t, err)
	_, err = h.UseLink(h.t.Context(), root, secret, secretSentence)
	check(h.t, err)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCause(t testing.TB, what string, err error, want Cause) {
	t.Helper()
	var r *Refusal
	if !errors.As(err, &r) || r.Cause != want {
		t.Errorf("%s: %v; want a refusal that is %s", what, err, want)
		return
	}
	if r.Chinese() == "" || r.Error() == "" {
		t.Errorf("%s: a refusal without a sentence", what)
	}
}

func TestSomebodyComesInAndGoes(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	b := h.browser()
	if b.user().Name != "" {
		t.Fatal("somebody is in before the log-in")
	}
	check(t, b.logIn(" Zhang ", secretSentence))
	u := b.user()
	if u.Name != "zhang" || u.FullName != "张三" || !u.May(Propose) || u.May(Administer) {
		t.Errorf("in is %+v", u)
	}
	stolen := h.browser()
	stolen.cookies = map[string]string{"xuncha": b.cookies["xuncha"]}
	b.logOut()
	if len(b.cookies) != 0 || stolen.user().Name != "" {
		t.Error("a session goes on after the log-out")
	}
}

func TestSessionsEnd(t *testing.T) {
	tests := []struct {
		name string
		do   func(*testing.T, *house, *browser)
		in   bool
	}{
		{"after half an hour of nothing", func(_ *testing.T, h *house, _ *browser) { h.later(idleTime) }, false},
		{"not while it is used", func(t *testing.T, h *house, b *browser) {
			for range 23 {
				if h.later(idleTime - time.Minute); b.user().Name == "" {
					t.Fatalf("out at %s", h.now.Format(time.TimeOnly))
				}
			}
		}, true},
		{"though something that goes on by itself asks", func(t *testing.T, h *house, b *browser) {
			h.later(idleTime - time.Minute)
			if u := h.StillUser(b.request()); u.Name != "zhang" {
				t.Fatalf("while it lasts it is the session of %q", u.Name)
			}
			if h.later(2 * time.Minute); h.StillUser(b.request()).Name != "" {
				t.Error("it is asked of still and has ended")
			}
		}, false},
		{"after twelve hours however much it is used", func(_ *testing.T, h *house, b *browser) {
			for range 60 {
				h.later(12 * time.Minute)
				b.user()
			}
		}, false},
		{"not at a restart", func(_ *testing.T, h *house, _ *browser) { h.restart() }, true},
		{"when the user is disabled", func(t *testing.T, h *house, _ *browser) { check(t, h.Disable(root, "zhang")) }, false},
		{"and stay ended when the user is enabled again", func(t *testing.T, h *house, _ *browser) {
			check(t, h.Disable(root, "zhang"))
			check(t, h.Enable(root, "zhang"))
		}, false},
		{"when the password is changed elsewhere", func(t *testing.T, h *house, _ *browser) {
			check(t, h.ChangePassword(t.Context(), Actor{Name: "zhang"}, secretSentence, secretSentence+"!"))
		}, false},
		{"when a link was used", func(t *testing.T, h *house, _ *browser) {
			secret, err := h.Link(root, "zhang")
			check(t, err)
			_, err = h.UseLink(t.Context(), root, secret, secretSentence)
			check(t, err)
		}, false},
		{"not when a link was only made", func(t *testing.T, h *house, _ *browser) {
			_, err := h.Link(root, "zhang")
			check(t, err)
		}, true},
		{"when all are ended", func(t *testing.T, h *house, _ *browser) { check(t, h.EndSessions(root, "zhang")) }, false},
		{"when it is ended by its ID", func(t *testing.T, h *house, b *browser) {
			list, err := h.Sessions(b.request(), "zhang")
			check(t, err)
			if len(list) != 1 || !list[0].Current || list[0].From != "192.0.2.7" {
				t.Fatalf("sessions are %+v", list)
			}
			check(t, h.EndSession(root, "zhang", list[0].ID))
		}, false},
		{"when somebody put a second cookie beside it", func(_ *testing.T, h *house, b *browser) {
			b.header.Set("Cookie", "xuncha="+b.cookies["xuncha"])
		}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.addUser("zhang", "张三", Handler)
			b := h.browser()
			check(t, b.logIn("zhang", secretSentence))
			tt.do(t, h, b)
			if in := b.user().Name == "zhang"; in != tt.in {
				t.Errorf("in: %t, want %t", in, tt.in)
			}
		})
	}
}

// What a session is known by before the log-in is of no use after it.
func TestHostile_W10_NobodyComesInByAnOldSession(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	h.addUser("eve", "李四", Viewer)
	evil := h.browser()
	check(t, evil.logIn("eve", secretSentence))
	victim := h.browser()
	victim.cookies["xuncha"] = evil.cookies["xuncha"] // planted
	check(t, victim.logIn("zhang", secretSentence))
	if victim.cookies["xuncha"] == evil.cookies["xuncha"] {
		t.Error("the session was not renewed at log-in")
	}
	if u := evil.user(); u.Name != "" {
		t.Errorf("the planted session is still %s's", u.Name)
	}
	if u := victim.user(); u.Name != "zhang" {
		t.Errorf("the victim is %q", u.Name)
	}
}

func TestHostile_W10_Cookies(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	tests := []struct {
		name, from, proto string
		want              string
	}{
		{"over plain HTTP", "192.0.2.7:1", "", "xuncha="},
		{"over plain HTTP, with a header that anybody can send", "192.0.2.7:1", "https", "xuncha="},
		{"behind a trusted proxy", "10.1.2.3:1", "", "__Host-xuncha="},
		{"behind a trusted proxy that says so", "10.1.2.3:1", "https", "__Host-xuncha="},
		{"behind a trusted proxy without TLS", "10.1.2.3:1", "http", "xuncha="},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := h.browser()
			if b.from = tt.from; tt.proto != "" {
				b.header.Set("X-Forwarded-Proto", tt.proto)
			}
			w := httptest.NewRecorder()
			_, err := h.LogIn(w, b.request(), "zhang", secretSentence)
			check(t, err)
			got := w.Header().Get("Set-Cookie")
			if !strings.HasPrefix(got, tt.want) || !strings.Contains(got, "; HttpOnly") || !strings.Contains(got, "; SameSite=Lax") || !strings.Contains(got, "; Path=/") ||
				strings.Contains(got, "; Secure") != strings.HasPrefix(tt.want, "__Host-") || strings.Contains(got, "Domain") {
				t.Errorf("cookie %s", got)
			}
		})
	}
	b := h.browser()
	check(t, b.logIn("zhang", secretSentence))
	b.from = "10.1.2.3:1"
	if b.user().Name != "" {
		t.Error("over an encrypted connection a cookie counts that any host could have set")
	}
}

// A request that only looks writes at most once a minute.
func TestLookingHardlyWrites(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	b := h.browser()
	check(t, b.logIn("zhang", secretSentence))
	seen := func() time.Time {
		list, err := h.Sessions(b.request(), "zhang")
		check(t, err)
		return list[0].Seen
	}
	for range 5 {
		h.later(11 * time.Second)
		b.user()
	}
	if !seen().Equal(morning) {
		t.Errorf("seen at %v, within a minute of %v", seen(), morning)
	}
	h.later(5 * time.Second)
	if b.user(); !seen().Equal(h.now) {
		t.Errorf("seen at %v, want %v", seen(), h.now)
	}
}

func TestAUserHasOnlySoManySessions(t *testing.T) {
	h := newHouse(t)
	h.addUser("zhang", "张三", Handler)
	first := h.browser()
	check(t, first.logIn("zhang", secretSentence))
	for range maxSessions {
		h.later(time.Minute)
		check(t, h.browser().logIn("zhang", secretSentence))
	}
	list, err := h.Sessions(first.request(), "zhang")
	check(t, err)
	if len(list) != maxSessions || first.user().Name != "" {
		t.Errorf("%d sessions, the first is in: %t", len(list), first.user().Name != "")
	}
	h.later(longestStay)
	check(t, h.browser().logIn("zhang", secretSentence))
	kept := 0
	for range h.shelf.Walk(keySession, "") {
		kept++
	}
	if kept != 1 {
		t.Errorf("%d sessions are kept; those that are over should be gone", kept)
	}
}

func TestAddresses(t *testing.T) {
	h := newHouse(t)
	tests := []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"of the connection", "192.0.2.7:80", nil, "192.0.2.7"},
		{"of a stranger, whatever it says", "192.0.2.7:80", []string{"203.0.113.9"}, "192.0.2.7"},
		{"behind a proxy", "10.0.0.1:80", []string{"203.0.113.9"}, "203.0.113.9"},
		{"behind two, with what the client made up in front", "10.0.0.1:80", []string{"198.51.100.1, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		{"in two headers", "10.0.0.1:80", []string{"198.51.100.1", "203.0.113.9"}, "203.0.113.9"},
		{"behind a proxy that says nothing", "10.0.0.1:80", nil, "10.0.0.1"},
		{"behind a proxy that says nonsense", "10.0.0.1:80", []string{"203.0.113.9, <script>"}, "10.0.0.1"},
		{"IPv4 in IPv6", "[::ffff:192.0.2.7]:80", nil, "192.0.2.7"},
		{"proxies without end", "10.0.0.1:80", []string{strings.Repeat("10.0.0.9,", 10000) + "10.0.0.3"}, "10.0.0.9"},
		{"no address", "@", nil, "invalid IP"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = tt.peer
			for _, f := range tt.forwarded {
				r.Header.Add("X-Forwarded-For", f)
			}
			if got := h.Address(r).String(); got != tt.want {
				t.Errorf("address %s, want %s", got, tt.want)
			}
		})
	}
}

package console

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/people"
)

// A visit is a browser at a console, as far as cookies and forms go.
type visit struct {
	t      testing.TB
	client *http.Client
	at     string // address of the console
	front  *front

	code int
	body string
	to   string // where the answer leads
}

func newVisit(t *testing.T) *visit {
	f := newFront(t, true)
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	v := &visit{t: t, at: server.URL, front: f}
	v.forget()
	return v
}

// forget is a browser without cookies.
func (v *visit) forget() {
	jar, err := cookiejar.New(nil)
	check(v.t, err)
	v.client = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (v *visit) do(method, path string, form url.Values, header ...string) {
	v.t.Helper()
	r, err := http.NewRequest(method, v.at+path, strings.NewReader(form.Encode()))
	check(v.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept-Language", "zh-CN")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := v.client.Do(r)
	check(v.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	check(v.t, err)
	v.code, v.body, v.to = resp.StatusCode, string(body), resp.Header.Get("Location")
}

func (v *visit) get(path string) { v.t.Helper(); v.do("GET", path, nil) }

// want checks the answer to the last request.
func (v *visit) want(code int, holds ...string) {
	v.t.Helper()
	if v.code != code {
		v.t.Fatalf("answered with %d, want %d: %.2000s", v.code, code, v.body)
	}
	for _, h := range holds {
		if !strings.Contains(v.body, h) {
			v.t.Fatalf("the page does not hold %q: %.3000s", h, v.body)
		}
	}
}

const sentence = "柳絮飞过阳泉的春天 2023"

func (v *visit) logIn(name, password string) {
	v.t.Helper()
	v.do("POST", "/login", url.Values{"name": {name}, "password": {password}, "to": {"/"}})
}

// setUp makes the first administrator as a person does.
func (v *visit) setUp() {
	v.t.Helper()
	secret, err := v.front.people.FirstLink()
	check(v.t, err)
	v.get(SetupPath(secret))
	v.want(http.StatusOK, "设立管理员")
	v.do("POST", "/setup", url.Values{"link": {secret}, "name": {"root"}, "full_name": {"王管理"}, "password": {sentence}, "again": {sentence}})
	v.want(http.StatusSeeOther)
	v.logIn("root", sentence)
	v.want(http.StatusSeeOther)
}

var onceLink = regexp.MustCompile(`https://xuncha\.example(/setup\?link=[\w-]+)`)

func TestFromTheFirstLinkToAColleague(t *testing.T) {
	v := newVisit(t)
	v.get("/columns?state=stale")
	v.want(http.StatusSeeOther)
	if v.to != "/login?to=%2Fcolumns%3Fstate%3Dstale" {
		t.Errorf("sent to %s", v.to)
	}
	v.setUp()
	v.get("/")
	v.want(http.StatusOK, "王管理", "退出")

	v.do("POST", "/users", url.Values{"name": {"ZHANG"}, "full_name": {"张三"}, "role": {"clerk"}, "unit": {"czj"}})
	v.want(http.StatusOK, "只显示这一次", "张三")
	link := onceLink.FindStringSubmatch(v.body)
	if link == nil {
		t.Fatalf("no link on %s", v.body)
	}
	v.get("/users/zhang")
	v.want(http.StatusOK, "待设密码")
	if onceLink.MatchString(v.body) {
		t.Error("the link is shown again")
	}

	admin := v.client
	v.forget()
	v.get(link[1])
	v.want(http.StatusOK, "设置密码", "张三")
	v.do("POST", "/setup", url.Values{"link": {strings.TrimPrefix(link[1], "/setup?link=")}, "password": {sentence}, "again": {sentence + "x"}})
	v.want(http.StatusUnprocessableEntity, "两次输入的新密码不一样")
	v.do("POST", "/setup", url.Values{"link": {strings.TrimPrefix(link[1], "/setup?link=")}, "password": {sentence}, "again": {sentence}})
	v.want(http.StatusSeeOther)
	v.get(link[1])
	v.want(http.StatusNotFound, "已用过")
	v.logIn("zhang", sentence)
	v.want(http.StatusSeeOther)
	v.get("/columns")
	v.want(http.StatusOK, secretName)
	v.get("/users")
	v.want(http.StatusForbidden, noRight)

	clerk := v.client
	v.client = admin
	v.do("POST", "/users/zhang/disable", nil)
	v.want(http.StatusSeeOther)
	v.client = clerk
	v.get("/columns")
	v.want(http.StatusSeeOther)

	v.client = admin
	v.do("POST", "/users/root/disable", nil)
	v.want(http.StatusUnprocessableEntity, "最后一个能登录的管理员")
	v.get("/audit?verify=1")
	v.want(http.StatusOK, "全部记录已校验", "设立首个管理员", "新增用户", "用一次性链接设密码", "停用用户", "登录")
	v.get("/audit?format=csv&what=user.")
	v.want(http.StatusOK, "停用用户,zhang", "新增用户,zhang")
	v.get("/audit?format=csv&what=setup")
	v.want(http.StatusOK, "设立首个管理员")
}

func TestHostile_W08_NobodyIsLedElsewhere(t *testing.T) {
	v := newVisit(t)
	v.setUp()
	for _, to := range []string{
		"https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", " //evil.example", "///evil.example",
		"evil", "", "http:evil.example", "/\x00", "//", "/\x7f/evil.example",
	} {
		v.do("POST", "/login", url.Values{"name": {"root"}, "password": {sentence}, "to": {to}})
		v.want(http.StatusSeeOther)
		u, err := url.Parse(v.at + "/login")
		check(t, err)
		if next, err := u.Parse(v.to); err != nil || next.Host != u.Host {
			t.Errorf("to %q leads to %q", to, v.to)
		}
	}
	v.get("/login?to=" + url.QueryEscape("/columns?state=stale"))
	if v.want(http.StatusSeeOther); v.to != "/columns?state=stale" {
		t.Errorf("somebody who is in is led to %s", v.to)
	}
}

// Wrong names and passwords are answered alike, and nothing typed comes back but
// the name.
func TestAFailedLogInTellsNothing(t *testing.T) {
	v := newVisit(t)
	v.setUp()
	v.forget()
	var pages []string
	for _, name := range []string{"root", "rool"} {
		v.logIn(name, "wrong-password-2023")
		v.want(http.StatusUnauthorized, "登录名或密码不对", `value="`+name+`"`)
		if strings.Contains(v.body, "wrong-password") {
			t.Error("the password comes back")
		}
		pages = append(pages, strings.ReplaceAll(v.body, name, "NAME"))
	}
	if pages[0] != pages[1] {
		t.Error("a name that exists is answered differently from one that does not")
	}
	for range 5 {
		v.logIn("root", "wrong-password-2023")
	}
	v.want(http.StatusTooManyRequests, "分钟后再试")
	v.logIn(`"><script>alert(1)</script>`, "x")
	if strings.Contains(v.body, "<script>alert") {
		t.Error("the name is markup")
	}
}

func TestOnesOwnAccount(t *testing.T) {
	v := newVisit(t)
	v.setUp()
	v.do("POST", "/account/tokens", url.Values{"name": {"报表"}, "right": {"see"}, "days": {"30"}})
	v.want(http.StatusOK, "只显示这一次")
	token := regexp.MustCompile(`xuncha_[\w-]+`).FindString(v.body)
	v.get("/account")
	v.want(http.StatusOK, "报表")
	if strings.Contains(v.body, token) {
		t.Error("the token is shown again")
	}
	for _, wrong := range []url.Values{
		{"name": {""}, "right": {"see"}, "days": {"30"}}, {"name": {"x"}, "days": {"30"}}, {"name": {"x"}, "right": {"sign"}, "days": {"30"}},
		{"name": {"x"}, "right": {"see"}, "days": {"9999999999999999999"}}, {"name": {"x"}, "right": {"see"}, "days": {""}},
	} {
		v.do("POST", "/account/tokens", wrong)
		v.want(http.StatusUnprocessableEntity, `role="alert"`)
	}

	inside := v.client
	v.forget()
	v.do("GET", "/columns", nil, "Authorization", "Bearer "+token)
	v.want(http.StatusOK)
	v.do("GET", "/users", nil, "Authorization", "Bearer "+token)
	v.want(http.StatusForbidden, noRight)
	for _, path := range []string{"/account/tokens", "/account/password", "/account/sessions", "/account/language"} { // it may look, and give itself nothing
		v.do("POST", path, url.Values{"name": {"x"}, "right": {"administer"}, "days": {"30"}, "lang": {"en"}}, "Authorization", "Bearer "+token)
		v.want(http.StatusForbidden, "令牌不能用来管理")
	}

	v.client = inside
	v.do("POST", "/account/password", url.Values{"old": {"wrong"}, "password": {sentence + "!"}, "again": {sentence + "!"}})
	v.want(http.StatusUnprocessableEntity, "原密码不对")
	v.do("POST", "/account/password", url.Values{"old": {sentence}, "password": {sentence + "!"}, "again": {sentence + "!"}})
	v.want(http.StatusSeeOther)
	v.get("/account")
	v.want(http.StatusOK, "密码已更改", "访问令牌不受影响") // one is still in, by a new session

	inside = v.client
	v.forget()
	v.do("GET", "/columns", nil, "Authorization", "Bearer "+token)
	v.want(http.StatusOK)
	v.client = inside
	v.do("POST", "/account/password", url.Values{"old": {sentence + "!"}, "password": {sentence + "?"}, "again": {sentence + "?"}, "tokens": {"1"}})
	v.want(http.StatusSeeOther)
	inside = v.client
	v.forget()
	v.do("GET", "/api/v1/columns", nil, "Authorization", "Bearer "+token)
	v.want(http.StatusUnauthorized)
	v.client = inside

	v.do("POST", "/account/language", url.Values{"lang": {"en"}})
	v.want(http.StatusSeeOther)
	v.get("/account")
	v.want(http.StatusOK, "The language is changed", "My account")

	v.do("POST", "/logout", nil)
	v.want(http.StatusSeeOther)
	v.get("/account")
	v.want(http.StatusSeeOther)
}

// An administrator's token with the right may read the log, and still make nobody.
func TestHostile_TokensDoNotMakeUsers(t *testing.T) {
	v := newVisit(t)
	v.setUp()
	secret, err := v.front.people.CreateToken(people.Actor{Name: "root"}, "备份", []people.Right{people.Administer}, time.Hour)
	check(t, err)
	v.forget()
	v.do("GET", "/audit", nil, "Authorization", "Bearer "+secret)
	v.want(http.StatusOK)
	for _, path := range []string{"/users", "/users/root", "/users/root/link", "/users/root/disable", "/users/root/sessions"} {
		v.do("POST", path, url.Values{"name": {"eve"}, "full_name": {"李四"}, "role": {"admin"}}, "Authorization", "Bearer "+secret)
		v.want(http.StatusForbidden, "令牌不能用来管理")
	}
}

func TestUsersAreListed(t *testing.T) {
	v := newVisit(t)
	v.setUp()
	for _, u := range []people.User{
		{Name: "aa", FullName: "甲乙", Roles: []people.Role{people.Handler}}, {Name: "bb", FullName: "丙丁", Roles: []people.Role{people.Clerk}, Unit: "tyj"},
	} {
		_, err := v.front.people.Create(people.Actor{}, u)
		check(t, err)
	}
	for query, want := range map[string]string{
		"":                             "aa bb root",
		"?role=clerk":                  "bb",
		"?state=waiting":               "bb aa",
		"?q=%E7%94%B2":                 "aa",
		"?q=zzz":                       "",
		"?sort=-name":                  "root bb aa",
		"?sort=name&size=1&page=2":     "bb",
		"?sort=-login&role=admin":      "root",
		"?sort=unit&state=waiting":     "aa bb",
		"?role=%E7%BB%8F%E5%8A%9E&q=a": "aa",
	} {
		v.get("/users" + query)
		v.want(http.StatusOK)
		var got []string
		for _, m := range regexp.MustCompile(`href="/users/(\w+)"`).FindAllStringSubmatch(v.body, -1) {
			got = append(got, m[1])
		}
		if query == "" {
			slices.Sort(got)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("/users%s lists %q, want %q", query, got, want)
		}
	}
	v.do("POST", "/users", url.Values{"name": {"cc"}, "full_name": {"戊己"}, "role": {"clerk"}, "unit": {"nowhere"}})
	v.want(http.StatusUnprocessableEntity, "没有这个单位", `value="cc"`)
	v.do("POST", "/users/bb", url.Values{"full_name": {"丙丁"}, "role": {"supervisor"}, "unit": {"pd"}})
	v.want(http.StatusSeeOther)
	v.do("POST", "/users/bb", url.Values{"full_name": {"甲 乙"}, "role": {"viewer"}})
	v.want(http.StatusUnprocessableEntity, "已有同名的用户")
	v.do("POST", "/users/nobody", url.Values{"full_name": {"庚辛"}, "role": {"viewer"}})
	v.want(http.StatusNotFound)
}

// What is changed anywhere in the console stands in the log by its route, unless
// the handler says it better; what was refused does not.
func TestChangesAreLogged(t *testing.T) {
	f := newFront(t, false)
	f.asks = people.User{Name: "x", FullName: "某人", Roles: []people.Role{people.Operator}}
	c := &Console{Config: Config{Gate: f, People: f.people, Now: func() time.Time { return noon }}}
	do := func(method, path, ask string, need people.Right, serve func(*Console, http.ResponseWriter, *request) error) {
		mux := http.NewServeMux()
		mux.HandleFunc(method+" "+path, func(w http.ResponseWriter, r *http.Request) {
			_ = c.serve(w, &request{Request: r, user: f.asks, lang: "zh"}, Route{method, path, need, serve})
		})
		mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, ask, nil))
	}
	ok := func(_ *Console, w http.ResponseWriter, _ *request) error {
		w.WriteHeader(http.StatusSeeOther)
		return nil
	}
	do("POST", "/columns/{id...}", "/columns/fgw/tzgg", people.Tune, ok)
	do("POST", "/rounds", "/rounds", people.Patrol, ok)
	do("GET", "/columns/{id...}", "/columns/fgw/tzgg", people.See, ok)
	do("POST", "/try", "/try", people.TryOut, ok)
	do("POST", "/refused", "/refused", people.Tune, func(*Console, http.ResponseWriter, *request) error {
		return refuse(http.StatusForbidden, "不行", "no")
	})
	do("POST", "/wrong", "/wrong", people.Tune, func(_ *Console, w http.ResponseWriter, _ *request) error {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return nil
	})
	do("POST", "/findings/{id}", "/findings/7", people.Propose, func(c *Console, w http.ResponseWriter, q *request) error {
		c.did(q, "finding.confirm", "fgw/tzgg", "第三季度")
		return ok(c, w, q)
	})
	list, _, err := f.people.Entries(people.Question{Most: 10})
	check(t, err)
	var got []string
	for _, e := range list {
		got = append(got, e.Who+" "+e.What+" "+e.On)
	}
	if want := []string{"x finding.confirm fgw/tzgg", "x POST /rounds ", "x POST /columns/{id...} fgw/tzgg"}; !slices.Equal(got, want) {
		t.Errorf("the log is %q, want %q", got, want)
	}
}

// In the demonstration nobody logs in, and the pages about users say so.
func TestTheDemonstrationHasNoUsers(t *testing.T) {
	h := newConsole(t, nil, people.Visitors{}.User(nil))
	for _, path := range []string{"/login", "/account", "/setup?link=x"} {
		if w := get(t, h, path); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "演示中不设用户") {
			t.Errorf("%s answers with %d", path, w.Code)
		}
	}
}

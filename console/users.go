package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/people"
)

var usersRoutes = []Route{
	{"GET", "/users", people.Administer, (*Console).users},
	{"POST", "/users", people.Administer, (*Console).userCreate},
	{"GET", "/users/{name}", people.Administer, (*Console).user},
	{"POST", "/users/{name}", people.Administer, (*Console).userEdit},
	{"POST", "/users/{name}/link", people.Administer, (*Console).userLink},
	{"POST", "/users/{name}/disable", people.Administer, (*Console).userDisable},
	{"POST", "/users/{name}/enable", people.Administer, (*Console).userEnable},
	{"POST", "/users/{name}/sessions", people.Administer, (*Console).userSessionsEnd},
	{"POST", "/users/{name}/tokens/{id}", people.Administer, (*Console).userTokenRevoke},
}

// A usersPage is the list of users, with the form to add one.
type usersPage struct {
	Users  []people.Account
	List   listing
	Fields []field
	Form   userForm

	Total  int // that the filters but that by state let through
	Counts []userCount
	all    []people.Account // of all pages
}

// A userCount is how many users stand so.
type userCount struct {
	State, Word string
	N           int
}

// A userForm is a user as typed.
type userForm struct {
	New     bool
	User    people.User
	Units   []inventory.Unit // to choose from, none where they are not known
	Problem string
}

// Has reports whether a role was chosen.
func (f userForm) Has(r people.Role) bool { return slices.Contains(f.User.Roles, r) }

// Roles are those to choose from.
func (f userForm) Roles() []people.Role { return people.Roles() }

// units are those to choose from.
func (c *Console) units(q *request) []inventory.Unit {
	if units := q.units(); units != nil || c.Units == nil {
		return units
	}
	return c.Units()
}

// How a user stands.
const (
	userReady    = "ready"
	userWaiting  = "waiting"
	userDisabled = "disabled"
)

func userState(a people.Account) string {
	switch {
	case a.Disabled:
		return userDisabled
	case !a.Ready:
		return userWaiting
	}
	return userReady
}

func userStateWord(state, lang string) string {
	say := sayer(lang)
	switch state {
	case userDisabled:
		return say("已停用", "disabled")
	case userWaiting:
		return say("待设密码", "no password yet")
	}
	return say("正常", "in use")
}

// usersOf is the list that was asked for.
func (c *Console) usersOf(q *request) (p usersPage, err error) {
	gate, _, err := c.person(q)
	if err != nil {
		return p, err
	}
	var roles []option
	for _, r := range people.Roles() {
		roles = append(roles, option{string(r), roleWord(r, q.lang)})
	}
	role, err := q.choose("role", q.say("角色", "Role"), roles)
	if err != nil {
		return p, err
	}
	var states []option
	for _, s := range []string{userReady, userWaiting, userDisabled} {
		states = append(states, option{s, userStateWord(s, q.lang)})
	}
	state, err := q.choose("state", q.say("状态", "State"), states)
	if err != nil {
		return p, err
	}
	text, err := q.search("q", q.say("姓名或登录名", "Name"))
	if err != nil {
		return p, err
	}
	p.Fields = []field{role, state, text}
	if p.List, err = q.listing("full", "name", "unit", "login"); err != nil {
		return p, err
	}
	all, err := gate.Users()
	if err != nil {
		return p, err
	}
	all = slices.DeleteFunc(all, func(a people.Account) bool {
		return role.Value != "" && !slices.Contains(a.Roles, people.Role(role.Value)) || !strings.Contains(a.FullName+" "+a.Name, text.Value)
	})
	p.Total = len(all)
	for _, s := range states {
		n := 0
		for _, a := range all {
			if userState(a) == s.Value {
				n++
			}
		}
		if n > 0 {
			p.Counts = append(p.Counts, userCount{s.Value, s.Word, n})
		}
	}
	all = slices.DeleteFunc(all, func(a people.Account) bool { return state.Value != "" && userState(a) != state.Value })
	sortUsers(all, p.List)
	p.all = all
	p.Users = cut(&p.List, all)
	p.Form = userForm{New: true, Units: c.units(q)}
	return p, nil
}

func sortUsers(all []people.Account, l listing) {
	slices.SortStableFunc(all, func(a, b people.Account) int {
		var n int
		switch l.Sort {
		case "full":
			n = cmp.Compare(a.FullName, b.FullName)
		case "name":
			n = cmp.Compare(a.Name, b.Name)
		case "unit":
			n = cmp.Compare(a.Unit, b.Unit)
		case "login":
			n = a.LastLogIn.Compare(b.LastLogIn)
		}
		if l.Desc {
			n = -n
		}
		return n
	})
}

func (c *Console) users(w http.ResponseWriter, q *request) error {
	format, err := q.wants()
	if err != nil {
		return err
	}
	p, err := c.usersOf(q)
	if err != nil {
		return err
	}
	if format != "" {
		return c.export(w, q, format, q.usersSheet(p.all))
	}
	return c.render(w, q, http.StatusOK, "users", p)
}

func (q *request) usersSheet(all []people.Account) sheet.Table {
	t := sheet.Table{Name: q.say("用户", "users"), Head: []string{
		q.say("姓名", "Full name"), q.say("登录名", "Log-in name"), q.say("角色", "Roles"), q.say("单位", "Unit"), q.say("状态", "State"), q.say("建于", "Added"), q.say("最近登录", "Last log-in"),
	}}
	for _, a := range all {
		var roles []string
		for _, r := range a.Roles {
			roles = append(roles, roleWord(r, q.lang))
		}
		unit := ""
		if a.Unit != "" {
			unit = unitName(q.board, a.Unit, q.lang)
		}
		t.Rows = append(t.Rows, []string{
			a.FullName, a.Name, strings.Join(roles, q.say("、", ", ")), unit, userStateWord(userState(a), q.lang), stamp(a.Created, time.DateOnly), stamp(a.LastLogIn, time.DateTime),
		})
	}
	return t
}

// userOf reads a user as typed. A unit that the city does not have is refused here:
// package people knows none.
func (c *Console) userOf(q *request, form sent) (people.User, error) {
	u := people.User{Name: form.Get("name"), FullName: form.Get("full_name"), Unit: form.Get("unit")}
	for _, r := range form.Values["role"] {
		u.Roles = append(u.Roles, people.Role(r))
	}
	units := c.units(q)
	if u.Unit != "" && units != nil && !slices.ContainsFunc(units, func(x inventory.Unit) bool { return x.ID == u.Unit }) {
		return u, people.Mistake("没有这个单位，请从列表中选择", "there is no such unit; choose from the list")
	}
	return u, nil
}

func (c *Console) userCreate(w http.ResponseWriter, q *request) error {
	gate, _, err := c.person(q)
	if err != nil {
		return err
	}
	form, err := q.form()
	if err != nil {
		return err
	}
	u, err := c.userOf(q, form)
	var secret string
	if err == nil {
		secret, err = gate.Create(c.actor(q), u)
	}
	if err == nil {
		q.noted = true
		return c.userPage(w, q, http.StatusOK, u.Name, secret, "")
	}
	sentence, status, err := refused(w, q, err)
	if err != nil {
		return err
	}
	p, err := c.usersOf(q)
	if err != nil {
		return err
	}
	p.Form.User, p.Form.Problem = short(u), sentence
	return c.render(w, q, status, "users", p)
}

// short cuts what was typed to what may come back on the page.
func short(u people.User) people.User {
	u.Name, u.FullName = u.Name[:min(len(u.Name), 128)], u.FullName[:min(len(u.FullName), 160)]
	return u
}

// A userPage is one user, with all that can be done about them.
type userPage struct {
	Account  people.Account
	Form     userForm
	Sessions []people.Session
	Tokens   []people.Token
	Link     string // a new one-time link's address, shown this once
}

// userPage shows one user, with a new link where one was made.
func (c *Console) userPage(w http.ResponseWriter, q *request, status int, name, secret, problem string) error {
	gate, _, err := c.person(q)
	if err != nil {
		return err
	}
	p := userPage{}
	if p.Account, err = gate.Account(name); err != nil {
		return err
	}
	p.Form = userForm{User: p.Account.User, Units: c.units(q), Problem: problem}
	if p.Sessions, err = gate.Sessions(q.Request, p.Account.Name); err != nil {
		return err
	}
	if p.Tokens, err = gate.Tokens(p.Account.Name); err != nil {
		return err
	}
	if secret != "" {
		p.Link = c.Address + SetupPath(secret)
	}
	return c.render(w, q, status, "user", p)
}

// SetupPath is where a one-time link leads.
func SetupPath(secret string) string { return "/setup?link=" + url.QueryEscape(secret) }

func (c *Console) user(w http.ResponseWriter, q *request) error {
	return c.userPage(w, q, http.StatusOK, q.PathValue("name"), "", "")
}

func (c *Console) userEdit(w http.ResponseWriter, q *request) error {
	gate, _, err := c.person(q)
	if err != nil {
		return err
	}
	form, err := q.form()
	if err != nil {
		return err
	}
	u, err := c.userOf(q, form)
	u.Name = q.PathValue("name")
	if err == nil {
		err = gate.Edit(c.actor(q), u)
	}
	if err == nil {
		q.noted = true
		return c.done(w, q, userPath(u.Name), "已保存", "Saved.")
	}
	sentence, status, err := refused(w, q, err)
	if err != nil {
		return err
	}
	return c.userPage(w, q, status, u.Name, "", sentence)
}

func userPath(name string) string { return "/users/" + url.PathEscape(name) }

// userLink makes a one-time link and shows it.
func (c *Console) userLink(w http.ResponseWriter, q *request) error {
	gate, _, err := c.person(q)
	if err != nil {
		return err
	}
	name := q.PathValue("name")
	secret, err := gate.Link(c.actor(q), name)
	if err != nil {
		return err
	}
	q.noted = true
	return c.userPage(w, q, http.StatusOK, name, secret, "")
}

// userDo does something to a user and goes back to the page.
func (c *Console) userDo(w http.ResponseWriter, q *request, do func(*people.Gate, people.Actor, string) error, zh, en string) error {
	gate, _, err := c.person(q)
	if err != nil {
		return err
	}
	name := q.PathValue("name")
	if err := do(gate, c.actor(q), name); err != nil {
		return err
	}
	q.noted = true
	return c.done(w, q, userPath(name), zh, en)
}

func (c *Console) userDisable(w http.ResponseWriter, q *request) error {
	return c.userDo(w, q, (*people.Gate).Disable, "已停用，该用户的登录和令牌立即失效", "Disabled: the user's sessions and tokens have ended.")
}

func (c *Console) userEnable(w http.ResponseWriter, q *request) error {
	return c.userDo(w, q, (*people.Gate).Enable, "已重新启用", "The user may log in again.")
}

func (c *Console) userSessionsEnd(w http.ResponseWriter, q *request) error {
	return c.userDo(w, q, (*people.Gate).EndSessions, "该用户的登录已全部退出", "All sessions of the user have ended.")
}

func (c *Console) userTokenRevoke(w http.ResponseWriter, q *request) error {
	return c.userDo(w, q, func(g *people.Gate, by people.Actor, name string) error {
		return g.RevokeToken(by, name, q.PathValue("id"))
	}, "令牌已停用", "The token is revoked.")
}

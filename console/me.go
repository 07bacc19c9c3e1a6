package console

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"xuncha/people"
)

var meRoutes = []Route{
	{"GET", "/account", people.See, (*Console).me},
	{"POST", "/account/language", people.See, (*Console).meLanguage},
	{"POST", "/account/password", people.See, (*Console).mePassword},
	{"POST", "/account/sessions", people.See, (*Console).meSessionsEnd},
	{"POST", "/account/sessions/{id}", people.See, (*Console).meSessionEnd},
	{"POST", "/account/tokens", people.See, (*Console).meToken},
	{"POST", "/account/tokens/{id}", people.See, (*Console).meTokenRevoke},
}

// A mePage is what a user sees of themselves.
type mePage struct {
	Account  people.Account
	Sessions []people.Session
	Tokens   []people.Token
	Rights   []people.Right // of the user, which a token may be given

	NewToken string // shown this once
	Problem  string // of the form that was sent
	Form     string // which one: "password", "token"
	Name     string // of a token, as typed
	Chosen   []people.Right
	Days     string
}

// Has reports whether a right was chosen.
func (p mePage) Has(r people.Right) bool { return slices.Contains(p.Chosen, r) }

// person is the gate and the account of who asks, in person: a program with a token
// may not give itself more than it was given.
func (c *Console) person(q *request) (*people.Gate, people.Account, error) {
	gate, err := c.gate()
	if err != nil {
		return nil, people.Account{}, err
	}
	if q.user.Via != "" {
		return nil, people.Account{}, refuse(http.StatusForbidden, "令牌不能用来管理用户、密码和令牌；请登录后操作", "users, passwords and tokens are not managed with a token; log in")
	}
	a, err := gate.Account(q.user.Name)
	return gate, a, err
}

func (c *Console) meOf(q *request) (gate *people.Gate, p mePage, err error) {
	if gate, p.Account, err = c.person(q); err != nil {
		return nil, p, err
	}
	if p.Sessions, err = gate.Sessions(q.Request, q.user.Name); err != nil {
		return nil, p, err
	}
	p.Tokens, err = gate.Tokens(q.user.Name)
	for _, r := range people.Rights() {
		if q.user.May(r) {
			p.Rights = append(p.Rights, r)
		}
	}
	p.Days = "90"
	return gate, p, err
}

func (c *Console) me(w http.ResponseWriter, q *request) error {
	_, p, err := c.meOf(q)
	if err != nil {
		return err
	}
	return c.render(w, q, http.StatusOK, "me", p)
}

// meProblem shows the page again with what was wrong with a form.
func (c *Console) meProblem(w http.ResponseWriter, q *request, p mePage, form string, err error) error {
	var status int
	if p.Problem, status, err = refused(w, q, err); err != nil {
		return err
	}
	if status == http.StatusUnauthorized {
		status = http.StatusUnprocessableEntity // who asks is known
	}
	p.Form = form
	return c.render(w, q, status, "me", p)
}

func (c *Console) meLanguage(w http.ResponseWriter, q *request) error {
	gate, _, err := c.person(q)
	if err != nil {
		return err
	}
	form, err := q.form()
	if err != nil {
		return err
	}
	lang := form.Get("lang")
	if err := gate.SetLang(c.actor(q), q.user.Name, lang); err != nil {
		return err
	}
	if lang != "" {
		q.lang = lang
	}
	http.SetCookie(w, &http.Cookie{Name: langCookie, Path: "/", MaxAge: -1}) // the account's counts from now on
	q.noted = true
	return c.done(w, q, "/account", "语言已更改", "The language is changed.")
}

func (c *Console) mePassword(w http.ResponseWriter, q *request) error {
	gate, p, err := c.meOf(q)
	if err != nil {
		return err
	}
	form, err := q.form()
	if err != nil {
		return err
	}
	if form.Get("password") == form.Get("again") {
		err = gate.ChangePassword(q.Context(), c.actor(q), form.Get("old"), form.Get("password"))
	} else {
		err = errTwice()
	}
	if err != nil {
		return c.meProblem(w, q, p, "password", err)
	}
	q.noted = true
	if form.Get("tokens") != "" {
		for _, t := range p.Tokens {
			if err := gate.RevokeToken(c.actor(q), q.user.Name, t.ID); err != nil {
				return err
			}
		}
	}
	if err := gate.Renew(w, q.Request, q.user.Name); err != nil {
		return err
	}
	return c.done(w, q, "/account", "密码已更改，其他登录已全部退出", "The password is changed, and all your other sessions have ended.")
}

func (c *Console) meSessionEnd(w http.ResponseWriter, q *request) error {
	gate, _, err := c.person(q)
	if err != nil {
		return err
	}
	if err := gate.EndSession(c.actor(q), q.user.Name, q.PathValue("id")); err != nil {
		return err
	}
	q.noted = true
	return c.done(w, q, "/account", "已退出该处登录", "That session has ended.")
}

func (c *Console) meSessionsEnd(w http.ResponseWriter, q *request) error {
	gate, _, err := c.person(q)
	if err != nil {
		return err
	}
	if err := gate.EndSessions(c.actor(q), q.user.Name); err != nil {
		return err
	}
	q.noted = true
	if err := gate.Renew(w, q.Request, q.user.Name); err != nil {
		return err
	}
	return c.done(w, q, "/account", "其他登录已全部退出", "All your other sessions have ended.")
}

func (c *Console) meToken(w http.ResponseWriter, q *request) error {
	gate, p, err := c.meOf(q)
	if err != nil {
		return err
	}
	form, err := q.form()
	if err != nil {
		return err
	}
	p.Name, p.Days = form.Get("name"), form.Get("days")
	for _, r := range form.Values["right"] {
		p.Chosen = append(p.Chosen, people.Right(r))
	}
	days, err := strconv.Atoi(p.Days)
	if err != nil || days < 1 || days > 366 {
		days = 0 // which is refused with a sentence
	}
	secret, err := gate.CreateToken(c.actor(q), p.Name, p.Chosen, time.Duration(days)*24*time.Hour)
	if err != nil {
		p.Name = p.Name[:min(len(p.Name), 160)]
		return c.meProblem(w, q, p, "token", err)
	}
	q.noted = true
	if _, p, err = c.meOf(q); err != nil {
		return err
	}
	p.NewToken = secret
	return c.render(w, q, http.StatusOK, "me", p)
}

func (c *Console) meTokenRevoke(w http.ResponseWriter, q *request) error {
	gate, _, err := c.person(q)
	if err != nil {
		return err
	}
	if err := gate.RevokeToken(c.actor(q), q.user.Name, q.PathValue("id")); err != nil {
		return err
	}
	q.noted = true
	return c.done(w, q, "/account", "令牌已停用", "The token is revoked.")
}

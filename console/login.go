package console

import (
	"errors"
	"mime"
	"net/http"
	"strconv"
	"time"

	"xuncha/people"
)

var loginRoutes = []Route{
	{"GET", "/login", "", (*Console).loginPage},
	{"POST", "/login", "", (*Console).login},
	{"POST", "/logout", "", (*Console).logout},
	{"GET", "/login/issuer", "", (*Console).loginSend},
	{"GET", "/login/return", "", (*Console).loginReturn},
	{"GET", "/setup", "", (*Console).setupPage},
	{"POST", "/setup", "", (*Console).setup},
}

// A loginForm is the page to log in on. What was typed comes back, but for the
// password.
type loginForm struct {
	To, Name string
	Issuer   bool   // there is another way to log in
	Problem  string // why it did not work, "" at first
}

// gate is where users log in, a refusal where nobody does, as in the demonstration.
func (c *Console) gate() (*people.Gate, error) {
	if c.People == nil {
		return nil, refuse(http.StatusNotFound, "演示中不设用户，无需登录", "there are no users in the demonstration, and nobody need log in")
	}
	return c.People, nil
}

// actor is who asks, for the log.
func (c *Console) actor(q *request) people.Actor { return c.People.Actor(q.Request, q.user) }

// form reads what was sent by a form without files.
func (q *request) form() (sent, error) {
	if kind, _, err := mime.ParseMediaType(q.Header.Get("Content-Type")); q.ContentLength != 0 && (err != nil || kind != "application/x-www-form-urlencoded") {
		return sent{}, unreadable(err)
	}
	if err := q.ParseForm(); err != nil {
		return sent{}, unreadable(err)
	}
	s := sent{Values: q.PostForm, files: map[string][]file{}}
	return s, s.check()
}

// statusOf is the answer to what package people refuses.
func statusOf(r *people.Refusal) int {
	switch r.Cause {
	case people.Denied:
		return http.StatusUnauthorized
	case people.Locked:
		return http.StatusTooManyRequests
	case people.Busy:
		return http.StatusServiceUnavailable
	case people.Gone:
		return http.StatusNotFound
	}
	return http.StatusUnprocessableEntity
}

// refused turns what package people refuses into a sentence above the form that was
// sent; what is our own fault, and a form that is too large, stays an error.
func refused(w http.ResponseWriter, q *request, err error) (sentence string, status int, rest error) {
	var r *people.Refusal
	if !errors.As(err, &r) {
		return "", 0, err
	}
	if r.After > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((r.After+time.Second-1)/time.Second)))
	}
	return q.say(r.Chinese(), r.Error()), statusOf(r), nil
}

func (c *Console) loginPage(w http.ResponseWriter, q *request) error {
	gate, err := c.gate()
	if err != nil {
		return err
	}
	to := localPath(q.URL.Query().Get("to"))
	if q.user.Name != "" {
		http.Redirect(w, q.Request, to, http.StatusSeeOther)
		return nil
	}
	return c.render(w, q, http.StatusOK, "login", loginForm{To: to, Issuer: gate.HasIssuer()})
}

func (c *Console) login(w http.ResponseWriter, q *request) error {
	gate, err := c.gate()
	if err != nil {
		return err
	}
	form, err := q.form()
	if err != nil {
		return err
	}
	to := localPath(form.Get("to"))
	_, err = gate.LogIn(w, q.Request, form.Get("name"), form.Get("password"))
	if err == nil {
		http.Redirect(w, q.Request, to, http.StatusSeeOther)
		return nil
	}
	sentence, status, err := refused(w, q, err)
	if err != nil {
		return err
	}
	name := form.Get("name")
	return c.render(w, q, status, "login", loginForm{To: to, Name: name[:min(len(name), 128)], Issuer: gate.HasIssuer(), Problem: sentence})
}

func (c *Console) logout(w http.ResponseWriter, q *request) error {
	gate, err := c.gate()
	if err != nil {
		return err
	}
	if err := gate.LogOut(w, q.Request); err != nil {
		return err
	}
	return c.done(w, q, "/login", "已退出", "You are logged out.")
}

// loginSend sends somebody to the issuer. It changes nothing but what the browser
// keeps.
func (c *Console) loginSend(w http.ResponseWriter, q *request) error {
	gate, err := c.gate()
	if err != nil {
		return err
	}
	address, err := gate.Send(w, q.Request, localPath(q.URL.Query().Get("to")))
	if err != nil {
		return err
	}
	http.Redirect(w, q.Request, address, http.StatusSeeOther)
	return nil
}

// loginReturn lets somebody in whom the issuer sent back. It is the one GET that
// begins something, as the protocol wants it: only the browser that was sent there
// comes back with what it kept.
func (c *Console) loginReturn(w http.ResponseWriter, q *request) error {
	gate, err := c.gate()
	if err != nil {
		return err
	}
	to, err := gate.Return(w, q.Request)
	if err == nil {
		http.Redirect(w, q.Request, localPath(to), http.StatusSeeOther)
		return nil
	}
	sentence, status, err := refused(w, q, err)
	if err != nil {
		return err
	}
	return c.render(w, q, status, "login", loginForm{To: "/", Issuer: gate.HasIssuer(), Problem: sentence})
}

// A setupForm is the page behind a one-time link: for the first administrator, or
// for a user who chooses a password.
type setupForm struct {
	Link           string
	First          bool
	Name, FullName string
	Problem        string
}

// setupOf reads whose link it is.
func (c *Console) setupOf(gate *people.Gate, link string) (setupForm, error) {
	a, err := gate.LinkFor(link)
	return setupForm{Link: link, First: a.Name == "", Name: a.Name, FullName: a.FullName}, err
}

func (c *Console) setupPage(w http.ResponseWriter, q *request) error {
	gate, err := c.gate()
	if err != nil {
		return err
	}
	f, err := c.setupOf(gate, q.URL.Query().Get("link"))
	if err != nil {
		return err
	}
	return c.render(w, q, http.StatusOK, "setup", f)
}

func (c *Console) setup(w http.ResponseWriter, q *request) error {
	gate, err := c.gate()
	if err != nil {
		return err
	}
	form, err := q.form()
	if err != nil {
		return err
	}
	f, err := c.setupOf(gate, form.Get("link"))
	if err != nil {
		return err
	}
	password, by := form.Get("password"), c.actor(q)
	switch {
	case password != form.Get("again"):
		err = errTwice()
	case f.First:
		f.Name, f.FullName = form.Get("name"), form.Get("full_name")
		err = gate.SetUp(q.Context(), by, f.Link, people.User{Name: f.Name, FullName: f.FullName, Lang: q.lang}, password)
	default:
		_, err = gate.UseLink(q.Context(), by, f.Link, password)
	}
	if err == nil {
		return c.done(w, q, "/login", "密码已设置，请登录", "The password is set. Log in.")
	}
	sentence, status, err := refused(w, q, err)
	if err != nil {
		return err
	}
	f.Name, f.FullName, f.Problem = f.Name[:min(len(f.Name), 128)], f.FullName[:min(len(f.FullName), 128)], sentence
	return c.render(w, q, status, "setup", f)
}

// errTwice is said of two new passwords that differ.
func errTwice() error {
	return people.Mistake("两次输入的新密码不一样，请重新输入", "the two new passwords differ; enter them again")
}

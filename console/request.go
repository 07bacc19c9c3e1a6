package console

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/people"
	"xuncha/store"
)

// A request is one request with who asks, in which language, and the board that
// all of its answer is made from.
type request struct {
	*http.Request
	user   people.User
	lang   string // "zh" or "en"
	board  *board.Board
	now    time.Time // by the console's clock
	bare   bool      // shows texts unmasked, which was noted
	noted  bool      // what it does is in the log
	secure bool      // the browser's connection is encrypted
	into   *made     // where a page goes that is framed later, nil for those sent at once

	mask func(text string) string // as of [Config], nil for none
}

// langCookie remembers the language of somebody who is not logged in.
const langCookie = "lang"

func (c *Console) request(r *http.Request) *request {
	q := &request{Request: r, board: c.Board(), now: c.Now(), mask: c.Mask}
	if c.Gate != nil {
		q.user = c.Gate.User(r)
	}
	q.secure = r.TLS != nil
	if g, ok := c.Gate.(interface{ Secure(*http.Request) bool }); ok { // which knows of proxies
		q.secure = g.Secure(r)
	}
	q.lang = language(r, q.user)
	return q
}

// language is what was chosen, else the user's, else the browser's, else Chinese.
func language(r *http.Request, u people.User) string {
	chosen := ""
	if cookie, err := r.Cookie(langCookie); err == nil {
		chosen = cookie.Value
	}
	for _, l := range []string{r.URL.Query().Get("lang"), chosen, u.Lang} {
		if l == "zh" || l == "en" {
			return l
		}
	}
	if first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ","); first != "" && !strings.HasPrefix(first, "zh") {
		return "en"
	}
	return "zh"
}

// say returns the sentence in the user's language.
func (q *request) say(zh, en string) string {
	if q.lang == "zh" {
		return zh
	}
	return en
}

// api reports whether a program asks, which gets JSON.
func (q *request) api() bool { return strings.HasPrefix(q.URL.Path, "/api/") }

// allowed refuses whoever lacks a right: nobody is sent to the log-in.
func (q *request) allowed(need people.Right) error {
	switch {
	case need == "" || q.user.May(need):
		return nil
	case q.user.Name == "" && q.api():
		return refuse(http.StatusUnauthorized, "请先登录，或附上访问令牌", "log in, or send a token")
	case q.user.Name == "":
		return errLogIn
	case q.user.Visitor:
		return refuse(http.StatusForbidden, "您没有此项权限：演示中只能浏览和试用，不能改动；要办理请用 xuncha serve 启动自己的控制台", "you may not do this: in the demonstration you look and try, and change nothing; start a console of your own with xuncha serve")
	}
	return refuse(http.StatusForbidden, "您没有此项权限；如有需要，请联系管理员", "you may not do this; ask an administrator")
}

// fullName is who asks, as histories show it.
func (q *request) fullName() string { return cmp.Or(strings.TrimSpace(q.user.FullName), q.user.Name) }

// sees reports whether a unit lies in the user's scope.
func (q *request) sees(unit string) bool {
	below := func(string, string) bool { return false }
	if q.board != nil {
		below = q.board.Below
	}
	return q.user.Sees(unit, below)
}

// row returns a subject that the user may see. One that is out of scope is not
// there, as far as they are told.
func (q *request) row(id string) (board.Row, error) {
	if q.board != nil {
		of := q.board.ToldRow
		if q.user.Everywhere() {
			of = q.board.Row
		}
		if r, ok := of(id); ok && q.sees(r.Unit) {
			return r, nil
		}
	}
	return board.Row{}, errNoSubject()
}

// errNoSubject refuses a subject that is not there, as far as the user is told.
func errNoSubject() error {
	return refuse(http.StatusNotFound, "没有这个对象；它可能已改名或不在您的范围内", "there is no such subject; it may have been renamed, or is not yours to see")
}

// behind is the request for the page that a form stands on, to show that again with
// why what was sent was refused.
func (q *request) behind(address string) *request {
	u, err := url.Parse(localPath(address))
	if err != nil {
		u = &url.URL{Path: "/"}
	}
	page := *q
	page.Request = q.Clone(q.Context())
	page.Method, page.URL, page.Body, page.Form, page.PostForm = http.MethodGet, u, http.NoBody, nil, nil
	return &page
}

// errLogIn sends the user to the log-in and back.
var errLogIn = errors.New("log in first")

// A refusal is an answer that is no success, with a sentence for the user.
type refusal struct {
	status           int
	chinese, english string
}

func refuse(status int, chinese, english string) error { return &refusal{status, chinese, english} }

func (r *refusal) Error() string   { return r.english }
func (r *refusal) Chinese() string { return r.chinese }

// fail answers with what went wrong: a sentence in the user's language, and what
// is our own fault in the log.
func (c *Console) fail(w http.ResponseWriter, q *request, err error) {
	if errors.Is(err, errLogIn) {
		back := q.URL.RequestURI()
		if q.Method != http.MethodGet {
			back = "/"
		}
		if q.Header.Get("HX-Request") != "" { // a script that waits for a piece of a page would find none in the log-in
			w.Header().Set("HX-Redirect", "/login?to="+url.QueryEscape(back))
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		http.Redirect(w, q.Request, "/login?to="+url.QueryEscape(back), http.StatusSeeOther)
		return
	}
	r := c.refusalOf(q, err)
	if q.api() {
		writeJSON(w, r.status, map[string]string{"error": q.say(r.chinese, r.english)})
		return
	}
	if err := c.render(w, q, r.status, "error", problem{r.status, q.say(r.chinese, r.english), q.before(), detailOf(err)}); err != nil {
		c.Log.Error("console", "path", q.URL.Path, "error", err)
	}
}

// refusalOf is what an error is for the user; our own fault goes to the log.
func (c *Console) refusalOf(q *request, err error) *refusal {
	var r *refusal
	var person *people.Refusal
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &r):
	case errors.As(err, &person):
		r = &refusal{statusOf(person), person.Chinese(), person.Error()}
	case errors.As(err, &tooLarge):
		r = &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("提交的内容超过 %d MB；请压缩图片，或分几次提交", tooLarge.Limit>>20), fmt.Sprintf("more than %d MB were sent; make pictures smaller, or send them in several goes", tooLarge.Limit>>20)}
	case errors.Is(err, store.ErrFull):
		r = &refusal{http.StatusInsufficientStorage, "磁盘已满，没有保存；请先在服务器上腾出空间，再提交一次", "the disk is full and nothing was saved: free some space on the server, then send this again"}
	default:
		c.Log.Error("console", "method", q.Method, "path", q.URL.Path, "error", err)
		r = &refusal{http.StatusInternalServerError, "程序出错，已记入日志；请稍后再试", "something went wrong and was logged; try again later"}
	}
	return r
}

// A problem is what an error page says.
type problem struct {
	Status   int
	Sentence string
	Back     string // the page before, "" where it is not known
	Detail   string // technical words, "" for none
}

// Word is what an answer that is no success is called.
func (p problem) Word(lang string) string {
	say := sayer(lang)
	switch {
	case p.Status == http.StatusNotFound:
		return say("没有找到", "Not found")
	case p.Status == http.StatusForbidden:
		return say("没有权限", "Not allowed")
	case p.Status == http.StatusTooManyRequests:
		return say("请稍后再试", "Try again later")
	case p.Status >= http.StatusInternalServerError:
		return say("程序出错", "Something went wrong")
	}
	return say("没有办成", "It was not done")
}

// before is the page of ours from which a request came, "" for another.
func (q *request) before() string {
	u, err := url.Parse(q.Referer())
	if err != nil || u.Host != q.Host || u.Path == q.URL.Path && q.Method == http.MethodGet {
		return ""
	}
	if back := localPath(u.RequestURI()); back != "/" {
		return back
	}
	return ""
}

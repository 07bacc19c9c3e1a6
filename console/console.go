// Package console is the web console: pages made on the server for the office,
// its operators, the counties' supervisors and the clerks of units, and the same
// as JSON under /api/v1.
//
// A page is a route, a question to the board or to what is kept, and a template.
// Every route says which right it takes, and nothing is served without: the table
// of [Console.Routes] is the whole of what can be asked. What a user may see of it
// is decided by unit, with [people.User.Sees], before anything is shown.
//
// Pages work without scripts but for live progress and the tuner; scripts, styles
// and fonts come from the program itself, and the policy in the headers forbids
// all else. Whatever came from a crawled page is text here and never markup.
//
// The console keeps nothing that matters: what it shows is the [board.Board] of the
// moment, and what it changes it hands to those who own it. It holds, each within a
// bound, answers made of one board, pages that the tuner fetched, and lists that were
// checked and not yet taken in; a restart loses no more than these.
package console

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"xuncha/board"
	"xuncha/inventory"
	"xuncha/people"
)

// A Config is what a console shows and whom it asks. Board, Now and Log must be
// there. Each interface may be nil where there is nothing behind it; its pages then
// say so.
type Config struct {
	// Office is whose console it is, 阳泉市人民政府办公室. Simulated puts
	// 「模拟数据，非正式通报」 on every page.
	Office    string
	Simulated bool

	// InForce, if set, says both as the configuration in force has them, and takes the
	// place of Office and Simulated.
	InForce func() (office string, simulated bool)

	// Address is where the console is reached, https://xuncha.example, for links
	// that are handed on; "" leaves them without a host. What a request says of its
	// host is not believed.
	Address string

	// Now is the clock, in Beijing time: the simulated city has its own.
	Now func() time.Time
	Log *slog.Logger

	// Board returns how things stand, nil before the first round has ended. Archive
	// gives back what was kept.
	Board   func() *board.Board
	Archive Archive

	// Gate tells who asks; nil lets nobody in. People is the same one where users log
	// in, whose pages are those of log-in, of users and of the log; nil in the
	// demonstration, where nobody does. Units are those of the configuration in force,
	// for users who are made before the first round; nil where only the board knows
	// them.
	Gate   Gate
	People *people.Gate
	Units  func() []inventory.Unit

	// Findings, Papers, Notices and Registers are the work of the office. Audit is
	// where it is noted who saw what of it, nil for the log of People. Mask covers
	// numbers of persons and wrong phrases in a text; nil shows texts as they are.
	Findings  Findings
	Papers    Papers
	Notices   Notices
	Registers Registers
	Audit     Audit
	Mask      func(text string) string

	// Submissions takes what units hand in about their accounts, and Workshop is
	// where recipes are changed; both write into the configuration.
	Submissions Submissions
	Workshop    Workshop

	// Rounds, Patrols and Progress are the daemon's rounds, System and Backups what
	// it does besides, Mailbox what it has told to whom.
	Rounds   Rounds
	Patrols  Patrols
	Progress Progress
	System   System
	Backups  Backups
	Mailbox  Mailbox

	// Alerts are what is amiss with the program itself and lasts, for the overview of
	// those who look after it; nil for none.
	Alerts func() []Alert
}

// A Gate tells who asks.
type Gate interface {
	// User returns the user behind a request, the zero User for nobody.
	User(*http.Request) people.User
}

// A Console serves the pages. It is safe for concurrent use.
type Console struct {
	Config
	*pageSet
	mux   *http.ServeMux
	guard *http.CrossOriginProtection
	needs map[string]people.Right // by method and path of every route
	memo  memo
	mades mades

	streams streams // of live progress

	subjects subjectList   // for those who enter findings
	waiting  waiting       // lists that were checked and not yet taken in
	reading  chan struct{} // holds a place for each form with files that is being read

	copying chan struct{} // held while a page is copied, by as many as may
	live    livePages
	saving  sync.Mutex // held while a configuration is changed: of two who save at once one must see the other's
}

// A Route is one thing that can be asked.
type Route struct {
	Method string
	Path   string // as of http.ServeMux

	// Need is the right that it takes; "" for what anybody may ask, which is the
	// log-in and what it needs.
	Need people.Right

	serve server
}

// New makes a console.
func New(cfg Config) (*Console, error) {
	pages, err := parsed()
	if err != nil {
		return nil, err
	}
	c := &Console{
		Config: cfg, pageSet: pages, mux: http.NewServeMux(), needs: routeNeeds(), guard: http.NewCrossOriginProtection(),
		reading: make(chan struct{}, maxAtATime), copying: make(chan struct{}, maxCopies),
	}
	if cfg.Address != "" { // its forms come from there, whatever host a proxy says they came to
		if err := c.guard.AddTrustedOrigin(cfg.Address); err != nil {
			return nil, fmt.Errorf("console: address: %w", err)
		}
	}
	for _, r := range Routes() {
		c.mux.HandleFunc(r.Method+" "+r.Path, c.handle(r))
	}
	c.mux.Handle("GET /static/", static())
	c.mux.HandleFunc("/", c.nowhere)
	return c, nil
}

// Routes are all that can be asked, but for the files under /static/.
func Routes() []Route {
	var all []Route
	for _, part := range [][]Route{
		loginRoutes, meRoutes, usersRoutes, auditRoutes, navRoutes,
		overviewRoutes, siteRoutes, accountRoutes, detailRoutes, keptRoutes,
		findingRoutes, slipRoutes, noticeRoutes, registerRoutes,
		tunerRoutes, roundRoutes, systemRoutes, messageRoutes, apiRoutes(),
	} {
		all = append(all, part...)
	}
	return all
}

// nowhere answers for addresses at which nothing is, or nothing that takes the
// method, to whoever is logged in.
func (c *Console) nowhere(w http.ResponseWriter, r *http.Request) {
	q := c.request(r)
	err := q.allowed(people.See)
	methods := c.methods(r)
	switch {
	case err != nil:
	case len(methods) > 0:
		allow := strings.Join(methods, ", ")
		w.Header().Set("Allow", allow)
		err = refuse(http.StatusMethodNotAllowed, "这个地址不接受 "+plainMethod(r.Method)+" 请求；可用："+allow, "this address takes no "+plainMethod(r.Method)+"; it takes "+allow)
	case q.api():
		err = refuse(http.StatusNotFound, "没有这个接口；全部接口见 /api/v1/openapi.json", "there is no such operation; /api/v1/openapi.json describes all there are")
	default:
		err = refuse(http.StatusNotFound, "没有这个页面；请从上方的导航进入", "there is no such page; begin with the words at the top")
	}
	c.fail(w, q, err)
}

// methods are those that some route of an address takes, none where nothing is.
func (c *Console) methods(r *http.Request) (all []string) {
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := c.mux.Handler(other); pattern != "" && pattern != "/" {
			all = append(all, m)
		}
	}
	return all
}

// plainMethod is a method as it may be said back.
func plainMethod(m string) string {
	if len(m) > 10 || strings.ContainsFunc(m, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		return "…"
	}
	return m
}

// Handler serves the console with the headers that keep it safe.
func (c *Console) Handler() http.Handler {
	c.guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.fail(w, c.request(r), refuse(http.StatusForbidden, "请求来自其他网站，已拒绝；请从控制台页面操作", "the request came from another site; use the console's own pages"))
	}))
	return headers(c.guard.Handler(c.mux)) // what is refused goes out with them too
}

// maxCopies is how many pages are copied, or recipes tried, at a time: one may take
// a second and much memory.
const maxCopies = 2

// maxBody is the most that a form may hold, but for those of uploads.
const maxBody = 1 << 20

// policy is what a page of ours may load and do: our own files, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// handle lets a request through to its route, or not.
func (c *Console) handle(route Route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, route.bodyLimit())
		q := c.request(r)
		err := q.allowed(route.Need)
		if err == nil {
			if route.bodyLimit() > maxBody && r.Method != http.MethodGet { // in a test there is no connection to be patient with
				_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadTime))
			}
			err = c.serve(w, q, route)
		}
		if err != nil {
			c.fail(w, q, err)
		}
	}
}

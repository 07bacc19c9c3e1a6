package people

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"xuncha/store"
)

// How long somebody stays in: at most a working day, and not after half an hour
// of doing nothing. That somebody was seen is written once a minute at most, so a
// session may end a minute early.
const (
	idleTime    = 30 * time.Minute
	longestStay = 12 * time.Hour
	seenEvery   = time.Minute
	maxSessions = 10 // of one user; the oldest ends
)

// A session is somebody's stay as kept, under the digest of its secret.
type session struct {
	User  string    `json:"user"`
	Epoch int       `json:"epoch"` // of the user when it began
	Began time.Time `json:"began"`
	Seen  time.Time `json:"seen"`
	From  string    `json:"from,omitempty"`
	Agent string    `json:"agent,omitempty"`
}

func (s session) over(now time.Time) bool {
	return now.Sub(s.Began) >= longestStay || now.Sub(s.Seen) >= idleTime
}

// A Session is one of a user's, as shown to them.
type Session struct {
	ID          string
	Began, Seen time.Time
	From, Agent string
	Current     bool // it is the one that asks
}

const keySession = "session/"

// cookieName is the session's cookie. With the prefix a browser takes it from this
// host alone, over an encrypted connection.
func cookieName(secure bool) string {
	if secure {
		return "__Host-xuncha"
	}
	return "xuncha"
}

// sessionOf returns the digest of the session that a request names. Two cookies of
// the name mean that somebody else put one there, and count as none.
func (g *Gate) sessionOf(r *http.Request) (digest string, ok bool) {
	cookies := r.CookiesNamed(cookieName(g.Secure(r)))
	if len(cookies) != 1 {
		return "", false
	}
	return parseSecret(cookies[0].Value)
}

// bySession returns whose session a request's cookie names.
func (g *Gate) bySession(r *http.Request) (User, error) {
	digest, ok := g.sessionOf(r)
	if !ok {
		return User{}, errNobody
	}
	u, s, err := g.whose(digest)
	if err != nil {
		return User{}, err
	}
	if now := g.now(); now.Sub(s.Seen) >= seenEvery {
		s.Seen = now
		if err := g.hold(digest, s, g.seen(digest, s)); err != nil {
			g.log.Warn("people: a session was not marked as used", "error", err) // it ends sooner
		}
	}
	return u, nil
}

// whose returns a session that has not ended, with its user.
func (g *Gate) whose(digest string) (User, session, error) {
	s, err := g.sessionBy(digest)
	if err != nil {
		return User{}, s, err
	}
	a, err := get[account](g, keyUser+s.User)
	if err != nil {
		return User{}, s, err
	}
	if s.over(g.now()) || s.Epoch != a.Epoch || a.Disabled {
		return User{}, s, errNobody
	}
	return a.user(), s, nil
}

// errUnchanged ends a transaction in which there is nothing to do.
var errUnchanged = errors.New("nothing to change")

// seen keeps when a session was last used.
func (g *Gate) seen(digest string, s session) error {
	_, held := g.held.get(digest)
	err := g.write(func(tx store.ShelfTx) error {
		kept, err := getIn[session](tx, keySession+digest)
		switch {
		case errors.Is(err, errNobody) && !held || err == nil && s.Seen.Sub(kept.Seen) < seenEvery:
			return errUnchanged // another request was here before, or ended it
		case err != nil && !errors.Is(err, errNobody):
			return err
		}
		return putIn(tx, keySession+digest, s)
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	if err == nil {
		g.held.drop(digest) // it is kept again
	}
	return err
}

// errDenied says the same of a wrong password, an unknown name and a disabled user.
func errDenied() error {
	return refuse(Denied, "登录名或密码不对", "the name or the password is wrong")
}

// LogIn lets somebody in who knows a password: it begins a session and sets its
// cookie. It takes as long for names that do not exist as for those that do.
func (g *Gate) LogIn(w http.ResponseWriter, r *http.Request, name, password string) (User, error) {
	name, known := logName(name)
	attempt := attemptOf(name, g.Address(r))
	by := Actor{Name: name, From: from(g.Address(r))}
	if err := g.guard.enter(attempt, g.now()); err != nil {
		return User{}, errors.Join(err, g.failed(by, refusedLogIn))
	}
	var a account
	var err error
	if known {
		if a, err = get[account](g, keyUser+name); err != nil && !errors.Is(err, errNobody) {
			return User{}, err
		}
	}
	right, renew, err := g.hasher.check(r.Context(), a.Password, password[:min(len(password), maxPasswordBytes+1)])
	if err != nil { // nothing was tried
		return User{}, errors.Join(err, g.guard.leave(attempt, false, g.now()))
	}
	if !right || a.Name == "" || a.Disabled {
		return User{}, errors.Join(errDenied(), g.failed(by, failedLogIn))
	}
	if renew {
		g.renewHash(r.Context(), a, password)
	}
	if err := g.guard.leave(attempt, true, g.now()); err != nil {
		return User{}, err
	}
	return a.user(), g.begin(w, r, a.Name, didLogIn, "")
}

// renewHash hashes a password that is known to be right at today's cost. It may
// fail: the old hash is as good as it was.
func (g *Gate) renewHash(ctx context.Context, a account, password string) {
	encoded, err := g.hasher.make(ctx, password)
	if err == nil {
		err = g.shelf.Update(func(tx store.ShelfTx) error {
			now, err := getIn[account](tx, keyUser+a.Name)
			if err != nil || now.Password != a.Password {
				return errors.Join(err, errUnchanged)
			}
			now.Password = encoded
			return putIn(tx, keyUser+a.Name, now)
		})
	}
	if err != nil {
		g.log.Warn("people: a password was not hashed anew", "error", err)
	}
}

// A flood bounds what failed log-ins can write into the log: so many a minute, and
// then one entry that counts the rest.
type flood struct {
	mu      sync.Mutex // guards all below
	minute  time.Time
	entries int
	left    int // not entered
}

const failedPerMinute = 30

// let reports whether an entry may be written, and how many were not before it.
func (f *flood) let(now time.Time) (ok bool, left int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if m := now.Truncate(time.Minute); m != f.minute {
		f.minute, f.entries = m, 0
	}
	if f.entries++; f.entries > failedPerMinute {
		f.left++
		return false, 0
	}
	left, f.left = f.left, 0
	return true, left
}

// failed logs a log-in that failed. Who typed a password in the place of a name
// does not find it in the log: names that do not exist are not entered.
func (g *Gate) failed(by Actor, what string) error {
	ok, left := g.flood.let(g.now())
	if !ok {
		return nil
	}
	on, note := by.Name, ""
	if _, err := get[account](g, keyUser+by.Name); err != nil {
		on = "?"
	}
	if left > 0 {
		note = "+" + strconv.Itoa(left)
	}
	by.Name = ""
	return g.Note(by, what, on, note)
}

// begin begins a new session in the place of the one that the request came with,
// so that nobody comes in by a session that was there before the log-in.
func (g *Gate) begin(w http.ResponseWriter, r *http.Request, name, what, note string) error {
	secret, digest, err := newSecret(g.random)
	if err != nil {
		return err
	}
	ended, err := g.ended(name)
	if err != nil {
		return err
	}
	if old, ok := g.sessionOf(r); ok {
		ended = append(ended, old)
	}
	addr, now := from(g.Address(r)), g.now()
	known, err := get[account](g, keyUser+name)
	if err != nil {
		return err
	}
	fresh := session{User: name, Epoch: known.Epoch, Began: now, Seen: now, From: addr, Agent: plain(r.UserAgent(), 120)}
	err = g.write(func(tx store.ShelfTx) error {
		a, err := getIn[account](tx, keyUser+name)
		if err != nil {
			return err
		}
		if a.Disabled {
			return errDenied()
		}
		a.LastLogIn = now
		errs := []error{putIn(tx, keyUser+name, a)}
		for _, d := range ended {
			errs = append(errs, tx.Delete(keySession+d))
		}
		fresh.Epoch = a.Epoch
		errs = append(errs, putIn(tx, keySession+digest, fresh))
		if what != "" {
			errs = append(errs, g.enter(tx, Actor{Name: name, From: addr}, what, name, note))
		}
		return errors.Join(errs...)
	})
	if err == nil {
		for _, d := range ended {
			g.held.drop(d)
		}
	}
	if err = g.hold(digest, fresh, err); err != nil {
		return err
	}
	g.setCookie(w, r, secret, longestStay)
	return nil
}

// Renew begins a new session for a user whose others have just ended.
func (g *Gate) Renew(w http.ResponseWriter, r *http.Request, name string) error {
	return g.begin(w, r, name, "", "")
}

func (g *Gate) setCookie(w http.ResponseWriter, r *http.Request, value string, life time.Duration) {
	secure := g.Secure(r)
	http.SetCookie(w, &http.Cookie{
		Name: cookieName(secure), Value: value, Path: "/", MaxAge: int(life / time.Second),
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	})
}

// ended returns the sessions that are over, and the oldest of a user who is about
// to have too many.
func (g *Gate) ended(name string) (gone []string, err error) {
	digests, all, err := g.sessions()
	if err != nil {
		return nil, err
	}
	_, users, err := list[account](g, keyUser)
	if err != nil {
		return nil, err
	}
	epoch := map[string]int{}
	for _, a := range users {
		epoch[a.Name] = a.Epoch
	}
	var own []int
	for i, s := range all {
		switch {
		case s.over(g.now()) || s.Epoch != epoch[s.User]:
			gone = append(gone, digests[i])
		case s.User == name:
			own = append(own, i)
		}
	}
	slices.SortFunc(own, func(a, b int) int { return all[a].Seen.Compare(all[b].Seen) })
	for _, i := range own[:max(0, len(own)-maxSessions+1)] {
		gone = append(gone, digests[i])
	}
	return gone, nil
}

// LogOut ends the session of a request and takes its cookie away.
func (g *Gate) LogOut(w http.ResponseWriter, r *http.Request) error {
	u, err := g.bySession(r)
	if err == nil {
		digest, _ := g.sessionOf(r)
		err = g.end(digest, func(tx store.ShelfTx) error { return g.enter(tx, g.Actor(r, u), didLogOut, u.Name, "") })
	}
	g.setCookie(w, r, "", -time.Second)
	if errors.Is(err, errNobody) {
		return nil
	}
	return err
}

// Sessions returns a user's sessions, the last used first.
func (g *Gate) Sessions(r *http.Request, name string) ([]Session, error) {
	digests, all, err := g.sessions()
	if err != nil {
		return nil, err
	}
	a, err := g.account(name)
	if err != nil {
		return nil, err
	}
	current, _ := g.sessionOf(r)
	var own []Session
	for i, s := range all {
		if s.User == name && s.Epoch == a.Epoch && !s.over(g.now()) {
			own = append(own, Session{shortID(digests[i]), s.Began, s.Seen, s.From, s.Agent, digests[i] == current})
		}
	}
	slices.SortFunc(own, func(a, b Session) int { return cmp.Or(b.Seen.Compare(a.Seen), cmp.Compare(a.ID, b.ID)) })
	return own, nil
}

// EndSession ends one session of a user, by the ID under which it is shown.
func (g *Gate) EndSession(by Actor, name, id string) error {
	digests, all, err := g.sessions()
	if err != nil {
		return err
	}
	for i, s := range all {
		if s.User == name && shortID(digests[i]) == id {
			return g.end(digests[i], func(tx store.ShelfTx) error { return g.enter(tx, by, endedSession, name, id) })
		}
	}
	return noSuch("这次登录已经结束", "this session has ended already")
}

// EndSessions ends all sessions of a user.
func (g *Gate) EndSessions(by Actor, name string) error {
	return g.change(by, name, endedSession, func(a *account) string {
		a.Epoch++
		return "*"
	})
}

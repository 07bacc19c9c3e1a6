package main

import (
	"fmt"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// A score counts over nights how what was said compares with what was true.
type score struct {
	nights     int
	first      time.Time              // night
	columns    int                    // column-nights judged
	readable   int                    // of them, those that a careful person could read
	conclusive int                    // of those, with a state other than unknown
	unknown    map[extract.Reason]int // column-nights, by reason
	hindered   map[string]int         // column-nights that nobody could read, by why
	lost       map[string]int         // those a person could have read, by what was said instead
	accounts   accountTally

	accused, overtaken, wrong, unshown, cleared cases

	stale     map[string]*claim // those that hold, by subject and indicator
	found     map[int]int       // real stalenesses, by the readable nights they took
	late      []string          // those that took more than two
	missed    []string          // those that were not found while they held
	redesigns map[string]*redesign
	last      map[string]string // newest redesign, by subject

	greatest map[string]rules.Look // true look with the greatest date, by subject
	cited    map[string]bool       // digests of looks that states rest on
}

// An accountTally counts account-nights. Those of 移动客户端 and 小程序 are none: there is
// nothing to read.
type accountTally struct {
	judged     int
	readable   int            // a guest could tell the state
	conclusive int            // of those, with a state other than unknown
	unknown    map[string]int // by reason and hindrance
	hindered   map[string]int // those of which no guest could tell, by why
	lost       map[string]int // those of which one could, by what was said instead
}

// cases are errors of one sort, by what is wrong with which subject.
type cases map[string]*lapse

// A lapse is one error over the nights on which it was made.
type lapse struct {
	nights int
	first  string // night and particulars
}

func (c cases) note(key string, at time.Time, format string, args ...any) {
	if c[key] == nil {
		c[key] = &lapse{first: at.Format(time.DateOnly) + ": " + fmt.Sprintf(format, args...)}
	}
	c[key].nights++
}

// total counts the nights of all cases.
func (c cases) total() int {
	n := 0
	for _, l := range c {
		n += l.nights
	}
	return n
}

// A claim is a staleness that holds since a night.
type claim struct {
	since  time.Time
	nights int // on which it was not said
	blind  int // of them, those on which nobody could read
	found  bool
}

// A redesign is what became of the columns of a redesigned host: nights until
// each was read, or -n-1 after n nights without that.
type redesign map[string]int

func newScore() *score {
	return &score{
		unknown: map[extract.Reason]int{}, hindered: map[string]int{}, lost: map[string]int{},
		accused: cases{}, overtaken: cases{}, wrong: cases{}, unshown: cases{}, cleared: cases{},
		stale: map[string]*claim{}, found: map[int]int{}, redesigns: map[string]*redesign{}, last: map[string]string{},
		greatest: map[string]rules.Look{},
		accounts: accountTally{unknown: map[string]int{}, hindered: map[string]int{}, lost: map[string]int{}},
	}
}

// rests reports whether a state of the last night rests on a look.
func (s *score) rests(digest string) bool { return s.cited[digest] }

// count adds one night.
func (s *score) count(n *nightSeen) {
	if s.nights++; s.nights == 1 {
		s.first = n.at
	}
	for _, c := range n.said.Columns {
		if _, looked := n.truth[c.Column.ID]; looked {
			s.column(n, c)
		}
	}
	real := map[string]rules.State{}
	silent := map[string]bool{} // accounts
	for _, st := range states(n.real) {
		real[st.key()] = st.state
		silent[st.subject] = silent[st.subject] || accuses(st.state)
	}
	for _, a := range n.said.Accounts {
		if t, looked := n.truth[a.Account.ID()]; looked && !unseen(a.Account.Platform) {
			s.accounts.count(n, a, t.Readable && !(t.Bound && silent[a.Account.ID()]))
		}
	}
	looks, shown := s.states(n, real)
	s.findings(n, looks)
	for id := range n.read {
		s.date(n, id, shown[id])
	}
}

// states counts the states of one night. It returns the looks that they rest on,
// and the subjects whose state rests on tonight's.
func (s *score) states(n *nightSeen, real map[string]rules.State) (looks map[string]*rules.Look, shown map[string]bool) {
	s.cited, looks, shown = map[string]bool{}, map[string]*rules.Look{}, map[string]bool{}
	for _, st := range states(n.said) {
		if st.look != nil {
			s.cited[st.look.Digest] = true
			looks[st.subject] = st.look
			shown[st.subject] = shown[st.subject] || st.state != rules.Unknown && st.look.At.Equal(n.at)
		}
		if _, looked := n.truth[st.subject]; looked {
			s.state(n, st, real[st.key()])
		}
	}
	return looks, shown
}

// column counts one column-night.
func (s *score) column(n *nightSeen, c rules.ColumnResult) {
	id := c.Column.ID
	s.columns++
	if c.State == rules.Unknown {
		s.unknown[c.Reason]++
	}
	switch {
	case !n.readable(id):
		s.hindered[n.truth[id].Why]++
	case c.State != rules.Unknown:
		s.readable++
		s.conclusive++
	default:
		s.readable++
		s.lost[string(c.Reason)+": "+cutLine(n.read[id].Detail)]++
	}
	s.redesigned(n, id)
}

// unseen reports whether a platform has no posts.
func unseen(p inventory.Platform) bool { return p == inventory.App || p == inventory.MiniApp }

// count counts one account-night. Where a guest is shown a lower bound, they can
// tell that an account is not silent, and never that it is.
func (t *accountTally) count(n *nightSeen, a rules.AccountResult, readable bool) {
	id := a.Account.ID()
	t.judged++
	r := n.read[id]
	if a.State == rules.Unknown {
		t.unknown[strings.TrimSpace(string(a.Reason)+" "+string(r.Hindrance))]++
	}
	switch {
	case !readable && n.truth[id].Readable:
		t.hindered["a lower bound outside the window"]++
	case !readable:
		t.hindered[n.truth[id].Why]++
	case a.State != rules.Unknown:
		t.readable++
		t.conclusive++
	default:
		t.readable++
		t.lost[fmt.Sprintf("%s %s: %s", a.Account.Platform, a.Reason, cutLine(r.Detail))]++
	}
}

// state compares one state with the true one.
func (s *score) state(n *nightSeen, st stated, real rules.State) {
	if accuses(st.state) && real != st.state {
		s.accusation(n, st.subject, st.look, fmt.Sprintf("%s %s; it is %s", st.indicator, st.state, real))
	}
	key := st.key()
	c := s.stale[key]
	if !accuses(real) {
		if c != nil && !c.found {
			s.missed = append(s.missed, c.String(key))
		}
		delete(s.stale, key)
		return
	}
	if st.state == rules.Fresh || st.state == rules.Due {
		s.cleared.note(key, n.at, "said %s; it is %s, newest %s", st.state, real, shortDay(n.truth[st.subject].Newest))
	}
	if c == nil {
		c = &claim{since: n.at}
		s.stale[key] = c
	}
	c.follow(n.readable(st.subject), accuses(st.state))
	if took := c.nights - c.blind; c.found && c.nights >= 0 {
		s.found[took]++
		if took > 2 {
			s.late = append(s.late, c.String(key))
		}
		c.nights = -1 // counted
	}
}

// follow adds a night to a staleness.
func (c *claim) follow(readable, said bool) {
	switch {
	case c.found:
	case said:
		c.found = true
	default:
		c.nights++
		if !readable {
			c.blind++
		}
	}
}

// String describes a staleness that was found late or never.
func (c *claim) String(key string) string {
	return fmt.Sprintf("%s: since %s, not said on %d nights, on %d of which nobody could read", key, c.since.Format(time.DateOnly), c.nights, c.blind)
}

// accusation notes what was said and is not so.
func (s *score) accusation(n *nightSeen, subject string, look *rules.Look, what string) {
	to := s.accused
	if n.overtaken(subject, look) {
		to = s.overtaken
	}
	seen := "nothing"
	if look != nil {
		seen = shortDay(look.Reading.Newest.Time) + " on " + look.At.Format(time.DateOnly) + " by " + look.Reading.Method
	}
	to.note(subject+" "+what, n.at, "rests on %s; the newest is %s", seen, shortDay(n.truth[subject].Newest))
}

// findings notes vetoes and notices for which there is no reason.
func (s *score) findings(n *nightSeen, looks map[string]*rules.Look) {
	real := map[string]bool{}
	for _, f := range n.real.Findings {
		real[f.ID] = true
	}
	for _, f := range n.said.Findings {
		if _, looked := n.truth[f.Subject]; looked && !real[f.ID] && (f.Effect == rules.EffectVeto || f.Effect == rules.EffectNotice) {
			s.accusation(n, f.Subject, looks[f.Subject], f.Indicator+" finding; it is not so")
		}
	}
}

// date compares the newest date of a conclusive reading with the true one. Where
// no state rests on the reading, because others that night took its word away,
// a wrong date is counted apart.
func (s *score) date(n *nightSeen, id string, shown bool) {
	r, t := n.read[id], n.truth[id]
	if r.Outcome != extract.Dated && r.Outcome != extract.Empty {
		return
	}
	got := time.Time{}
	if !r.Newest.IsZero() {
		got = r.Newest.Day()
	}
	if got.Equal(t.Newest) || r.AtLeast && !got.After(t.Newest) {
		return
	}
	why := ""
	if !t.Readable {
		why = " (" + t.Why + ")"
	}
	to := s.wrong
	if !shown {
		to = s.unshown
	}
	to.note(id+" by "+r.Method+why, n.at, "read %s, it is %s", shortDay(got), shortDay(t.Newest))
}

func shortDay(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return t.In(extract.Beijing).Format(time.DateOnly)
}

// cutLine shortens a detail so that like ones count together.
func cutLine(s string) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), 60)])
}

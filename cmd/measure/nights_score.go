package main

import (
	"fmt"
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/rules"
)

// A score counts over nights how what was said compares with what was true.
type score struct {
	nights      int
	columns     int // column-nights judged
	readable    int // of them, those that a careful person could read
	conclusive  int // of those, with a state other than unknown
	accusations []string
	wrongDates  []string
	falseFresh  map[string]*claim // by subject and indicator
	unknown     map[extract.Reason]int
	hindered    map[string]int // column-nights that nobody could read, by why
	lost        map[string]int // column-nights that a person could have read, by what was said instead

	stale     map[string]*claim // open ones, by subject and indicator
	found     map[int]int       // real stalenesses, by the nights they took
	never     []string          // real stalenesses that were not found while they held
	unread    int               // of those not found in time, while nobody could read
	redesigns map[string]*redesign
	last      map[string]string // newest redesign, by subject
}

// A claim is a staleness that holds or is denied since a night.
type claim struct {
	since  time.Time
	nights int // in which it was not said
	blind  int // of them, those in which nobody could read
	found  bool
}

// A redesign is what became of the columns of a redesigned host.
type redesign struct {
	name    string
	columns map[string]int // nights until read, by column; unread if below 0
}

func newScore() *score {
	return &score{
		falseFresh: map[string]*claim{}, unknown: map[extract.Reason]int{}, hindered: map[string]int{}, lost: map[string]int{},
		stale: map[string]*claim{}, found: map[int]int{}, redesigns: map[string]*redesign{}, last: map[string]string{},
	}
}

// count adds one night.
func (s *score) count(n *nightSeen) {
	s.nights++
	for _, c := range n.said.Columns {
		if _, looked := n.truth[c.Column.ID]; looked {
			s.column(n, c)
		}
	}
	real := map[string]rules.State{}
	for _, st := range states(n.real) {
		real[st.key()] = st.state
	}
	for _, st := range states(n.said) {
		if _, looked := n.truth[st.subject]; looked {
			s.state(n, st, real[st.key()])
		}
	}
	s.findings(n)
	for id := range n.read {
		s.date(n, id)
	}
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
	default:
		s.readable++
		if c.State != rules.Unknown {
			s.conclusive++
		} else {
			s.lost[string(c.Reason)+": "+cutLine(n.read[id].Detail)]++
		}
	}
	s.redesigned(n, id)
}

// state compares one state with the true one.
func (s *score) state(n *nightSeen, st stated, real rules.State) {
	if accuses(st.state) && real != st.state {
		s.accusations = append(s.accusations, fmt.Sprintf("%s %s %s: said %s, newest %s; it is %s, newest %s",
			n.at.Format(time.DateOnly), st.subject, st.indicator, st.state, shortDay(n.read[st.subject].Newest.Time), real, shortDay(n.truth[st.subject].Newest)))
	}
	key := st.key()
	c := s.stale[key]
	if !accuses(real) {
		if c != nil && !c.found {
			s.never = append(s.never, missedLine(key, c))
		}
		delete(s.stale, key)
		return
	}
	if c == nil {
		c = &claim{since: n.at}
		s.stale[key] = c
	}
	switch {
	case c.found:
	case accuses(st.state):
		c.found = true
		s.found[c.nights-c.blind]++
	default:
		c.nights++
		if !n.readable(st.subject) {
			c.blind++
		}
	}
	if st.state == rules.Fresh || st.state == rules.Due {
		f := s.falseFresh[key]
		if f == nil {
			f = &claim{since: n.at}
			s.falseFresh[key] = f
		}
		f.nights++
	}
}

func missedLine(key string, c *claim) string {
	return fmt.Sprintf("%s: since %s, not said in %d nights, in %d of which nobody could read", key, c.since.Format(time.DateOnly), c.nights, c.blind)
}

// findings notes vetoes and notices for which there is no reason.
func (s *score) findings(n *nightSeen) {
	for _, f := range n.said.Findings {
		if f.Effect != rules.EffectVeto && f.Effect != rules.EffectNotice {
			continue
		}
		if !slices.ContainsFunc(n.real.Findings, func(r rules.Finding) bool { return r.ID == f.ID }) {
			s.accusations = append(s.accusations, fmt.Sprintf("%s %s: found %s, %s; it is not so", n.at.Format(time.DateOnly), f.Subject, f.Indicator, f.Text))
		}
	}
}

// date compares the newest date of a conclusive reading with the true one.
func (s *score) date(n *nightSeen, id string) {
	r, t := n.read[id], n.truth[id]
	if !r.Conclusive() || r.Outcome != extract.Dated && r.Outcome != extract.Empty {
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
	s.wrongDates = append(s.wrongDates, fmt.Sprintf("%s %s: read %s by %s, it is %s%s", n.at.Format(time.DateOnly), id, shortDay(got), r.Method, shortDay(t.Newest), why))
}

// redesigned follows a column after a redesign of its host until it is read.
func (s *score) redesigned(n *nightSeen, id string) {
	name := n.truth[id].Redesign
	if name == "" {
		return
	}
	r := s.redesigns[name]
	if r == nil {
		r = &redesign{name: name, columns: map[string]int{}}
		s.redesigns[name] = r
	}
	if s.last[id] != name {
		s.last[id] = name
		r.columns[id] = -1
	}
	if nights := r.columns[id]; nights < 0 {
		if n.right(id) {
			r.columns[id] = -nights - 1
		} else {
			r.columns[id]--
		}
	}
}

// right reports whether the night's first look read the true newest date.
func (n *nightSeen) right(id string) bool {
	r := n.read[id]
	switch {
	case r.Outcome == extract.Empty:
		return n.truth[id].Newest.IsZero()
	case r.Outcome == extract.Dated && !r.AtLeast && !r.Newest.IsZero():
		return r.Newest.Day().Equal(n.truth[id].Newest)
	}
	return false
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

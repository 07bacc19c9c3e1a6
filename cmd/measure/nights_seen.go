package main

import (
	"slices"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/internal/simcity"
	"xuncha/inventory"
	"xuncha/rules"
)

// A nightSeen is one night: what was read, said, and true.
type nightSeen struct {
	at       time.Time
	read     map[string]extract.Reading // first looks, by subject
	truth    map[string]simcity.Truth
	asked    map[string][]string // addresses, by subject
	sections map[string]inventory.Section
	truthAt  func(subject string, at time.Time) simcity.Truth

	said rules.Result // by what was read
	real rules.Result // by what is true
}

// readable reports whether a careful person could read a subject at the
// addresses that the inventory names. Of an account whose newest post nobody is
// sure to be shown, they could not.
func (n *nightSeen) readable(id string) bool {
	t := n.truth[id]
	return t.Readable && !t.Bound || t.Why == simcity.Moved && slices.Equal(t.URLs, n.asked[id])
}

// real returns the looks of somebody who sees everything: tonight's at each
// subject, which reads what is true, and the one before that saw the greatest
// date, because an item clears a column though it is withdrawn later.
func (s *score) real(n *nightSeen) map[string][]rules.Look {
	looks := map[string][]rules.Look{}
	for id, t := range n.truth {
		r := extract.Reading{Outcome: extract.Empty, Complete: true, Older: true, Name: t.Name}
		sec, section := n.sections[id]
		switch {
		case section && t.Absent:
			r.Outcome = extract.Absent
		case section:
			r.Outcome = extract.Found
			for _, p := range sec.Spec.Parts {
				r.Parts = append(r.Parts, extract.Part{Name: p.Name, Outcome: extract.Found})
			}
		case !t.Newest.IsZero():
			r.Outcome, r.Newest = extract.Dated, extract.Date{Time: t.Newest}
			r.Items = []extract.Item{{Title: "真实", Date: r.Newest}}
		}
		tonight := rules.Look{Subject: id, At: n.at, Reading: r}
		if best := s.greatest[id]; best.Reading.Newest.Time.After(t.Newest) {
			looks[id] = append(looks[id], best)
		} else {
			s.greatest[id] = tonight
		}
		looks[id] = append(looks[id], tonight)
	}
	return looks
}

// A stated is one subject's state by one indicator, with the look that the
// subject's state rests on; the indicator is "" for a section's.
type stated struct {
	subject, indicator string
	state              rules.State
	look               *rules.Look
}

func (s stated) key() string { return s.subject + " " + s.indicator }

// accuses reports whether a state is one that a body may be blamed for.
func accuses(s rules.State) bool { return s == rules.Stale || s == rules.Blank || s == rules.Missing }

// states lists every state of a result, those of hints too.
func states(r rules.Result) []stated {
	var all []stated
	for _, c := range r.Columns {
		for _, st := range c.States {
			all = append(all, stated{c.Column.ID, st.Indicator, st.State, c.Look})
		}
	}
	for _, a := range r.Accounts {
		for _, st := range a.States {
			all = append(all, stated{a.Account.ID(), st.Indicator, st.State, a.Look})
		}
	}
	for _, s := range r.Sections {
		all = append(all, stated{s.Section.ID, "", s.State, s.Look})
	}
	for _, s := range r.Sites {
		all = append(all, stated{s.Carrier.ID, s.Home.Indicator, s.Home.State, s.Look})
	}
	return all
}

// overtaken reports whether an accusation was true when the subject was last
// read, on an earlier night, and something has been published since.
func (n *nightSeen) overtaken(subject string, look *rules.Look) bool {
	if look == nil || !look.At.Before(n.at) || look.Reading.Newest.IsZero() {
		return false
	}
	then := n.truthAt(subject, look.At).Newest
	return look.Reading.Newest.Day().Equal(then) && n.truth[subject].Newest.After(then)
}

// approve is what a person does in the morning: a proposal that reads what is
// true becomes the recipe, and a column that has moved gets its new address.
func approve(city *inventory.City, n *nightSeen) {
	for i := range city.Carriers {
		c := &city.Carriers[i]
		if p := n.proposal(c.ID); p != nil {
			c.HomeRecipe, c.HomeMethod = p.Recipe, "recipe"
		}
		for j := range c.Columns {
			col := &c.Columns[j]
			if p := n.proposal(col.ID); p != nil {
				col.Recipe, col.Method = p.Recipe, "recipe"
			}
			if t, ok := n.truth[col.ID]; ok && !slices.Equal(t.URLs, col.URLs) && t.Redesign != "" && strings.HasPrefix(t.Redesign, "addresses") {
				col.URLs = t.URLs
			}
		}
	}
}

// proposal returns the proposal of a subject's reading, nil if there is none or
// if a person sees that it reads something else than the page shows.
func (n *nightSeen) proposal(id string) *extract.Proposal {
	p := n.read[id].Proposal
	if p == nil || !n.readable(id) {
		return nil
	}
	if newest := p.Newest(); newest.IsZero() || !newest.Day().Equal(n.truth[id].Newest) {
		return nil
	}
	return p
}

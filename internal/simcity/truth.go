package simcity

import (
	"time"

	"xuncha/inventory"
)

// Truth is what the city really published and what of it can be seen. It is for
// measurements alone: see the package's comment.
type Truth struct {
	// Newest is the day of the newest item of a list, a home page or an account
	// that is published and shown, zero if there is none.
	Newest time.Time

	// Readable says that a careful person at a desk could tell Newest from the
	// pages that night; Why says why not.
	Readable bool
	Why      string

	// Absent says that a mandated section is not there.
	Absent bool

	// Bound says of an account that a guest sees no more than a lower bound of
	// Newest. Nobody at a desk could call it silent then.
	Bound bool

	// Name is the name an account shows, and Closed how its platform has closed
	// it: "cancelled", "banned", "recycled", "moved", "" while it has not.
	Name   string
	Closed string

	// URLs are where the lists of a column are, which a redesign may have moved.
	URLs []string

	// Redesign names the newest redesign of the subject's host, "" if there was
	// none: "markup fgw.yq.gov.cn 2023-10-02".
	Redesign string
}

// Truth returns what is true of a subject at a moment. A subject that the city
// does not know has none.
func (c *City) Truth(subject string, at time.Time) Truth {
	now := momentOf(at)
	if places := c.accounts[subject]; places != nil {
		return c.accountTruth(places, now)
	}
	t := Truth{Readable: true}
	known := false
	for _, name := range c.places[subject] {
		h := c.hosts[name].on(now.day)
		known = true
		h.tell(&t, subject, now)
		t.Redesign = h.redesigned
		switch {
		case h.down:
			t.hide("the host is down")
		case h.everywhere != "":
			t.hide(string(h.everywhere))
		}
	}
	if !known {
		return Truth{Why: "not in the city"}
	}
	return t
}

// hostsOf lists the hosts on which subjects are, by ID.
func hostsOf(city *inventory.City, hosts map[string]*host) map[string][]string {
	all := map[string][]string{}
	add := func(id string, addresses ...string) {
		seen := map[string]bool{}
		for _, address := range addresses {
			if name, _ := pathOf(address); hosts[name] != nil && !seen[name] {
				seen[name] = true
				all[id] = append(all[id], name)
			}
		}
	}
	for _, c := range city.Carriers {
		add(c.ID, c.Home)
		for _, col := range c.Columns {
			add(col.ID, col.URLs...)
		}
		for _, s := range c.Sections {
			add(s.ID, c.Home)
		}
	}
	return all
}

// hide notes why nobody can tell; the first reason stands.
func (t *Truth) hide(why string) {
	if t.Readable {
		t.Readable, t.Why = false, why
	}
}

// show notes an item that is there.
func (t *Truth) show(d day) {
	if day := d.time(); day.After(t.Newest) {
		t.Newest = day
	}
}

// tell notes what the host holds of a subject.
func (h *host) tell(t *Truth, subject string, now moment) {
	if subject == h.id {
		h.tellHome(t, now)
		return
	}
	found := false
	for _, l := range h.lists {
		if l.id == subject {
			found = true
			h.tellList(t, l, now)
		}
	}
	t.Absent = !found
}

// tellList notes what a list holds.
func (h *host) tellList(t *Truth, l *list, now moment) {
	t.URLs = append(t.URLs, "http://"+h.name+l.path)
	t.newest(l, now)
	if why := l.fault.hides(); why != "" {
		t.hide(why)
	}
	for was, is := range h.moved {
		if is == l.path && was != is && h.oldStatus == 404 {
			t.hide(Moved)
		}
	}
}

// newest notes the day of a list's newest item.
func (t *Truth) newest(l *list, now moment) {
	n := l.size(now)
	if n == 0 {
		return
	}
	day := l.item(n - 1).at.day
	t.show(day)
	if l.quirks.obscure(day) {
		t.hide("the rows do not bear the days of their publication")
	}
}

// Moved is why nobody reads a list at an address that is not there any more. At
// its new address anybody can.
const Moved = "moved"

// tellHome notes what a home page shows.
func (h *host) tellHome(t *Truth, now moment) {
	if h.homeAs.given() && endOf(h.homeAs.day()).before(now) {
		now = endOf(h.homeAs.day())
	}
	for _, l := range h.news() {
		t.newest(l, now)
	}
	if why := h.fault.hides(); why != "" {
		t.hide(why)
	}
}

// hides returns why a fault keeps a person from reading, "" if it does not: who
// sees a page need not know its markup, runs its scripts, and is not bound by
// robots.txt.
func (f fault) hides() string {
	switch f {
	case faultLost, faultRendered, faultPartial, faultRobots:
		return ""
	}
	return string(f)
}

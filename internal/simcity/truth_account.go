package simcity

// A place is where an account's posts are seen: on a host of its platform, or at
// the path of a feed.
type place struct {
	known *account
	host  string // "" for what nobody sees
	path  string // of a feed
	needs string // another host without which it shows nothing
	bound bool   // no more than some posts
}

// accountTruth returns what is true of an account, and whether any of its places
// shows it.
func (c *City) accountTruth(places []place, now moment) Truth {
	t := Truth{Why: "no guest sees it", Bound: true}
	for _, p := range places {
		a, why := p.seen(c, now.day)
		t.Name, t.Closed = a.shown, string(a.shut(now.day))
		if n := a.line.count(now); n > 0 {
			t.show(a.line.at(n - 1).day)
		}
		switch {
		case p.host == "":
		case why == "":
			t.Readable, t.Why = true, ""
			t.Bound = t.Bound && p.bound
		case !t.Readable:
			t.Why = why
		}
	}
	t.Bound = t.Bound && t.Readable
	return t
}

// seen returns the account as the place has it on a day, and why nobody sees its
// newest post there, "" if anybody does.
func (p place) seen(c *City, d day) (a *account, why string) {
	if p.host == "" {
		return p.known, ""
	}
	h := c.hosts[p.host].on(d)
	if a = h.accounts[p.known.UID]; p.path != "" {
		a = h.feeds[p.path]
	}
	if n := c.hosts[p.needs]; n != nil && n.on(d).everywhere != "" {
		return a, string(n.on(d).everywhere)
	}
	switch {
	case h.down:
		return a, "the host is down"
	case h.everywhere != "":
		return a, string(h.everywhere)
	case a.fault == faultExpired && p.path == "":
		return a, "" // single posts are gone, the list is there
	case a.fault.hides() != "":
		return a, a.fault.hides()
	}
	return a, string(a.shut(d))
}

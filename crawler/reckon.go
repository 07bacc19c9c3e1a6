package crawler

import "xuncha/extract"

// heed counts a page with which a platform refused us.
func (c *Crawler) heed(p extract.Page) {
	of := c.hosts.platforms.at(p.URL)
	if of == nil || !refused(p.Status, p.Class) {
		return
	}
	of.refuses(failure{p.Class, p.Detail})
}

// reckon tells the platforms that a visit met what came of it. Refusals that were
// answers have been counted; a reading also knows those that look like a page, and
// whether another way led to the posts.
func (v *visit) reckon(r extract.Reading) {
	met := map[*platform]bool{} // and whether it refused a page
	for _, p := range v.pages {
		switch of := v.c.hosts.platforms.at(p.URL); {
		case of == nil:
		case p.Class == extract.ClassNoBrowser:
			of.wantsBrowser()
		case p.Status != 0:
			met[of] = met[of] || p.Why != extract.WhyData && refused(p.Status, p.Class)
		}
	}
	for of, counted := range met {
		switch v.said(of, r, counted) {
		case showed:
			of.shows()
		case turnedAway:
			if visitor(of, r) {
				v.c.jar.forget(of)
			}
			if !counted {
				of.refuses(failure{extract.ClassChallenge, clip("read as a refusal: " + r.Detail)})
			}
		}
	}
}

// What a platform's answers amount to.
type treatment int

const (
	neither    treatment = iota // it says nothing of how it treats us
	showed                      // it shows a guest what it has
	turnedAway                  // it does not mean to
)

// said returns what the answers of a platform amount to, by what was made of them.
func (v *visit) said(of *platform, r extract.Reading, counted bool) treatment {
	all := neither
	for _, t := range r.Tries {
		if !of.manner.Owns(t.Host) {
			continue
		}
		switch s := treats(t.Outcome, t.Reason, t.Hindrance); s {
		case showed:
			return showed
		case turnedAway:
			all = turnedAway
		}
	}
	switch {
	case len(r.Tries) > 0:
		return all
	case counted: // and nothing tells that it was healed
		return turnedAway
	}
	return treats(r.Outcome, r.Reason, r.Hindrance)
}

// treats weighs what came of one source. A list that was not found may have been
// kept from us, so it counts for neither.
func treats(o extract.Outcome, why extract.Reason, h extract.Hindrance) treatment {
	if h != "" {
		why = h.Reason()
	}
	switch {
	case why == extract.ReasonBlocked:
		return turnedAway
	case o != extract.Unread && o != "", why == extract.ReasonGone, why == extract.ReasonUndated, why == extract.ReasonPartial:
		return showed
	}
	return neither
}

// visitor reports whether a platform wants another visitor's cookie than ours.
func visitor(of *platform, r extract.Reading) bool {
	for _, t := range r.Tries {
		if t.Hindrance == extract.HindVisitor && of.manner.Owns(t.Host) {
			return true
		}
	}
	return false
}

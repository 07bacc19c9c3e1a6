package rules

import (
	"cmp"
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// A PlatformHealth says how one platform let its accounts be read in the newest
// round inside the interval. A platform that turns everybody away is one cause
// with one message, and no fault of any account.
type PlatformHealth struct {
	Platform inventory.Platform
	Name     string // 微博; "" where no profile names it
	Accounts int    // that are counted
	Round    string // the newest that asked it, "" if none did

	// Tried counts the accounts that were asked for. Read are those whose posts
	// the platform itself showed, or, where only feeds and links were at hand,
	// those; Blocked are those it turned away, Other the rest.
	Tried, Read, Blocked, Other int

	// Unread are the accounts of Blocked and Other. Elsewhere counts those of them
	// that a weaker source showed.
	Unread    []string
	Elsewhere int

	// Reasons counts Blocked and Other by reason, and Hindrance is what stood most
	// often in the way.
	Reasons   map[extract.Reason]int
	Hindrance extract.Hindrance

	// Since is, where anything failed, the newest moment before the round at which
	// the platform was read, or else the first failure at hand; zero otherwise.
	Since time.Time
}

// fewest is how many accounts must have been asked for before most of them tell
// of their platform.
const fewest = 3

// Failing reports whether the platform was read for so few of its accounts that
// what it said of the others is in doubt.
func (h PlatformHealth) Failing() bool { return h.Tried >= fewest && 2*(h.Tried-h.Read) > h.Tried }

// A passing is one round over the accounts of one platform.
type passing struct {
	platform inventory.Platform
	round    string
}

// A probe is what a platform's own answer came to in one look.
type probe struct {
	tried, read bool
	reason      extract.Reason
	hindrance   extract.Hindrance
}

// adapter reports whether a source is the platform itself.
func adapter(k extract.SourceKind) bool { return k == extract.FromPlatform || k == extract.FromBrowser }

// showed reports whether a source was read as it should be.
func showed(t extract.Try) bool {
	return t.Hindrance == "" && (t.Outcome == extract.Dated || t.Outcome == extract.Empty)
}

// probed says what the sources of a kind came to in a look. Of several failures
// the strongest source's counts.
func probed(l Look, kind func(extract.SourceKind) bool) (p probe) {
	for _, t := range l.Reading.Tries {
		if !kind(t.Kind) || t.Reason == extract.ReasonNotLooked {
			continue
		}
		switch {
		case showed(t):
			return probe{tried: true, read: true}
		case !p.tried:
			p = probe{tried: true, reason: cmp.Or(t.Reason, t.Hindrance.Reason(), extract.ReasonDown), hindrance: t.Hindrance}
		}
	}
	return p
}

// own says what the platform itself came to in a look at an account, as far as
// the look is the account's own.
func (j *judge) own(subject string, at int) probe {
	p := probed(j.in.Looks[subject][at], adapter)
	if d, ok := j.doubts[subject][at]; ok && p.read {
		p = probe{tried: true, reason: d.reason}
	}
	return p
}

// passings finds the rounds in which most accounts of a platform could not be
// read from it, with the reason that was given most often.
func (j *judge) passings() map[passing]extract.Reason {
	tallies := map[passing]map[string]probe{} // by subject
	for _, a := range j.in.City.Accounts {
		for i, l := range j.in.Looks[a.ID()] {
			p := j.own(a.ID(), i)
			if !p.tried || l.At.After(j.to) {
				continue
			}
			in := passing{a.Platform, l.Round}
			if tallies[in] == nil {
				tallies[in] = map[string]probe{}
			}
			if before, ok := tallies[in][a.ID()]; !ok || !before.read {
				tallies[in][a.ID()] = p
			}
		}
	}
	shaken := map[passing]extract.Reason{}
	for in, probes := range tallies {
		var h PlatformHealth
		for _, p := range probes {
			h.count(p)
		}
		if h.Failing() {
			shaken[in] = h.reason()
		}
	}
	return shaken
}

func (h *PlatformHealth) count(p probe) {
	h.Tried++
	switch {
	case p.read:
		h.Read++
		return
	case p.reason == extract.ReasonBlocked:
		h.Blocked++
	default:
		h.Other++
	}
	if h.Reasons == nil {
		h.Reasons = map[extract.Reason]int{}
	}
	h.Reasons[p.reason]++
}

// reason is the one given most often, the first by name among equals.
func (h PlatformHealth) reason() extract.Reason { return most(h.Reasons) }

func most[T ~string](counts map[T]int) T {
	var best T
	for k, n := range counts {
		if n > counts[best] || n == counts[best] && k < best {
			best = k
		}
	}
	return best
}

// shakes says why a look accuses nobody although it was read: the platform's own
// answers failed most accounts in the same round, and no other source that is
// whole bears it out.
func (j *judge) shakes(subject string, l Look) extract.Reason {
	platform, ok := j.platforms[subject]
	if !ok || !adapter(l.Reading.From) && !probed(l, adapter).read {
		return ""
	}
	whole := func(t extract.Try) bool { return !adapter(t.Kind) && showed(t) && !t.AtLeast }
	if slices.ContainsFunc(l.Reading.Tries, whole) && !adapter(l.Reading.From) {
		return ""
	}
	return j.shaken[passing{platform, l.Round}]
}

// shaken returns a look that may clear and accuses nobody.
func (l Look) shaken(reason extract.Reason) Look {
	switch l.Reading.Outcome {
	case extract.Dated:
		l.Reading.AtLeast = true
	case extract.Empty:
		l.Reading.Outcome, l.Reading.Reason = extract.Unread, reason
	}
	return l
}

// health says how each platform that has accounts let itself be read.
func (j *judge) health() []PlatformHealth {
	var all []PlatformHealth
	accounts := map[inventory.Platform][]inventory.Account{}
	var order []inventory.Platform
	for _, a := range j.in.City.Accounts {
		if j.stateOf(a) == inventory.StateOffline {
			continue
		}
		if accounts[a.Platform] == nil {
			order = append(order, a.Platform)
		}
		accounts[a.Platform] = append(accounts[a.Platform], a)
	}
	for _, p := range order {
		all = append(all, j.healthOf(p, accounts[p]))
	}
	return all
}

// healthOf says how one platform let itself be read, by the last look of its
// newest round at each of its accounts.
func (j *judge) healthOf(of inventory.Platform, accounts []inventory.Account) PlatformHealth {
	profile, _ := j.in.City.Platform(of)
	h := PlatformHealth{Platform: of, Name: profile.Name, Accounts: len(accounts)}
	var began time.Time
	h.Round, began = j.newestRound(accounts)
	hindrances := map[extract.Hindrance]int{}
	for _, a := range accounts {
		p, l := j.probeIn(a, h.Round)
		if !p.tried {
			continue
		}
		h.count(p)
		if p.read {
			continue
		}
		h.Unread = append(h.Unread, a.ID())
		if l.Reading.Conclusive() {
			h.Elsewhere++
		}
		if p.hindrance != "" {
			hindrances[p.hindrance]++
		}
	}
	h.Hindrance = most(hindrances)
	if h.Tried > h.Read {
		h.Since = j.failingSince(accounts, began)
	}
	return h
}

// probeIn is what became of an account in a round: of several looks the one that
// read it, else the last. Where the platform itself was not asked, any source
// counts.
func (j *judge) probeIn(a inventory.Account, round string) (p probe, of Look) {
	for i, l := range j.in.Looks[a.ID()] {
		if l.Round != round || l.At.After(j.to) || p.read {
			continue
		}
		q := j.own(a.ID(), i)
		if !q.tried {
			q = anySource(l)
		}
		if _, doubted := j.doubts[a.ID()][i]; doubted {
			l.Reading = extract.Reading{}
		}
		if q.tried {
			p, of = q, l
		}
	}
	return p, of
}

// anySource is what a look at an account came to that the platform itself was not
// asked for.
func anySource(l Look) probe {
	r := l.Reading
	switch {
	case r.Conclusive():
		return probe{tried: true, read: true}
	case r.Outcome == "", r.Reason == extract.ReasonNotLooked:
		return probe{}
	}
	return probe{tried: true, reason: cmp.Or(r.Reason, r.Hindrance.Reason(), extract.ReasonDown), hindrance: r.Hindrance}
}

// newestRound is the round of the newest look inside the interval at any of some
// accounts, and the first moment of it.
func (j *judge) newestRound(accounts []inventory.Account) (round string, began time.Time) {
	var newest time.Time
	for _, a := range accounts {
		for _, l := range j.in.Looks[a.ID()] {
			switch {
			case l.At.Before(j.from), l.At.After(j.to), !asked(l):
			case l.Round == round && l.At.Before(began):
				began = l.At
			case l.At.After(newest) && l.Round != round:
				round, newest, began = l.Round, l.At, l.At
			}
			if l.Round == round && l.At.After(newest) {
				newest = l.At
			}
		}
	}
	return round, began
}

func asked(l Look) bool { return probed(l, adapter).tried || anySource(l).tried }

// failingSince is the newest moment before one at which any of some accounts was
// read, or else the first at which one was not.
func (j *judge) failingSince(accounts []inventory.Account, began time.Time) time.Time {
	var good, failed time.Time
	for _, a := range accounts {
		for i, l := range j.in.Looks[a.ID()] {
			p := j.own(a.ID(), i)
			if !p.tried {
				p = anySource(l)
			}
			switch {
			case !p.tried, l.At.After(j.to):
			case p.read && l.At.Before(began) && l.At.After(good):
				good = l.At
			case !p.read && (failed.IsZero() || l.At.Before(failed)):
				failed = l.At
			}
		}
	}
	if !good.IsZero() {
		return good
	}
	return failed
}

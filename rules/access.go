package rules

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// A Probe is one knock at a site's home page.
type Probe struct {
	At     time.Time     `json:"at"`
	URL    string        `json:"url"`
	Came   Came          `json:"came"`
	Status int           `json:"status,omitempty"`
	Class  extract.Class `json:"class,omitempty"` // of what went wrong
	Detail string        `json:"detail,omitempty"`
	Took   time.Duration `json:"took,omitempty"`
}

// Came is what came of a knock.
type Came string

// What may come of a knock.
const (
	Opened Came = "opened"
	Shut   Came = "shut" // it did not open in time

	// Untold is what says nothing of the site: it turned us away, or the fault was
	// ours. Such a knock counts as not made.
	Untold Came = "untold"
)

// Access says how a site could be reached in the days before a point.
type Access struct {
	Indicator string
	Effect    Effect
	Window    string

	// From and To bound the days, From included: whole days before the point.
	From, To time.Time

	// Visits counts the knocks that were made, Shut those of them after which the
	// site did not open in time, NotMade those that tell nothing of it. Fewest is
	// the least number of visits on any of the days.
	Visits, Shut, NotMade, Fewest int

	// Judged says that there were as many visits on each day as the clause asks
	// for, Fails that so many of them failed.
	Judged, Fails bool

	// Failed are the knocks that are counted as Shut.
	Failed []Probe
}

// Share is how many percent of the visits failed.
func (a Access) Share() float64 {
	if a.Visits == 0 {
		return 0
	}
	return 100 * float64(a.Shut) / float64(a.Visits)
}

// access judges whether a site could be reached, nil where no indicator asks for
// it. A site is accused only by as many visits on each day as the clause asks for,
// and never by a knock at a moment at which another site did not answer either:
// that may be our own network.
func (j *judge) access(c inventory.Carrier, t target) *Access {
	found := j.applicable(t, KindAccess)
	if len(found) == 0 {
		return nil
	}
	ind := found[0]
	a := &Access{Indicator: ind.ID, Effect: ind.Effect, Window: ind.Window.String(), To: extract.DayOf(j.in.Point)}
	a.From = a.To.AddDate(0, 0, -ind.Window.Days)
	perDay := make([]int, ind.Window.Days)
	for _, p := range j.in.Probes[c.ID] {
		day := days(extract.DayOf(p.At).Sub(a.From))
		if p.At.Before(a.From) || !p.At.Before(a.To) {
			continue
		}
		switch j.came(c, p, ind) {
		case Opened:
			perDay[day]++
		case Shut:
			perDay[day]++
			a.Shut++
			a.Failed = append(a.Failed, p)
		default:
			a.NotMade++
		}
	}
	for _, n := range perDay {
		a.Visits += n
	}
	a.Fewest = slices.Min(perDay)
	a.Judged = a.Fewest >= ind.Visits
	a.Fails = a.Judged && 100*a.Shut >= ind.Share*a.Visits
	return a
}

// days are the whole days of a duration. Beijing keeps no summer time.
func days(d time.Duration) int { return int(d / (24 * time.Hour)) }

// came is what a knock says of its site.
func (j *judge) came(c inventory.Carrier, p Probe, ind Indicator) Came {
	switch {
	case p.Came == Opened && p.Took < time.Duration(ind.Seconds)*time.Second:
		return Opened
	case p.Came == Untold:
		return Untold
	case !j.witnessed(c, p.At):
		return Untold
	}
	return Shut
}

// Settled are the knocks at a carrier as far as they say something of it: one that
// did not open at a moment at which others did not either is untold. probes are the
// knocks at all carriers, in order of time.
func Settled(city *inventory.City, probes map[string][]Probe, carrier string) []Probe {
	c, ok := city.Carrier(carrier)
	if !ok {
		return nil
	}
	j := &judge{in: Input{City: city, Probes: probes}}
	all := slices.Clone(probes[carrier])
	for i, p := range all {
		if p.Came == Shut && !j.witnessed(c, p.At) {
			all[i].Came = Untold
		}
	}
	return all
}

// Who bears witness for our own network: the knocks at other hosts just before a
// failure and just after it. Most of those on either side must have found an open
// door. That a whole hosting company is down is then told as a failure of ours as
// soon as it takes many sites with it; a person sees that anyway.
const (
	witnesses = 3                // on either side
	nearby    = 45 * time.Minute // how far away they may be
)

// A knock is a probe with whom it asked.
type knock struct {
	Probe
	host string
}

// witnessed reports whether others answered around a moment at which a carrier
// did not.
func (j *judge) witnessed(c inventory.Carrier, at time.Time) bool {
	if j.knocks == nil {
		j.knocks = j.timeline()
	}
	i, _ := slices.BinarySearchFunc(j.knocks, at, func(k knock, t time.Time) int { return k.At.Compare(t) })
	return j.open(hostOf(c), at, i-1, -1) && j.open(hostOf(c), at, i, +1)
}

// open reports whether most of the nearest knocks at other hosts opened, from a
// place in the timeline on in one direction.
func (j *judge) open(own string, at time.Time, i, step int) bool {
	asked, opened := 0, 0
	for ; i >= 0 && i < len(j.knocks) && asked < witnesses; i += step {
		k := j.knocks[i]
		if k.At.Sub(at).Abs() > nearby {
			break
		}
		if k.host == own {
			continue
		}
		asked++
		if k.Came == Opened {
			opened++
		}
	}
	return 2*opened > asked
}

// Witnessed reports whether a city has a site on another host than a carrier's. Where
// it has none, nothing tells a site that is down from a network of ours that is, and
// availability is judged by people alone.
func Witnessed(city *inventory.City, carrier string) bool {
	c, ok := city.Carrier(carrier)
	return ok && slices.ContainsFunc(city.Carriers, func(other inventory.Carrier) bool {
		host := hostOf(other)
		return host != "" && host != hostOf(c)
	})
}

// timeline are all knocks that tell something, in order of time.
func (j *judge) timeline() []knock {
	all := []knock{}
	for _, c := range j.in.City.Carriers {
		for _, p := range j.in.Probes[c.ID] {
			if p.Came != Untold {
				all = append(all, knock{p, hostOf(c)})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b knock) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.host, b.host)) })
	return all
}

// hostOf is the host of a carrier's home page.
func hostOf(c inventory.Carrier) string {
	u, err := url.Parse(c.Home)
	if err != nil {
		return ""
	}
	return u.Host
}

// accessFinding notes a site that could not be reached. It was looked at from one
// place alone, so people settle what it comes to.
func (j *judge) accessFinding(c inventory.Carrier, a Access) string {
	ind := *j.set.Indicator(a.Indicator)
	text := j.say(ind, 0)
	j.findings.add(ind, Finding{
		Subject: c.ID, Unit: c.Unit, Since: a.From,
		Text: fmt.Sprintf("%s，%s至%s访问%d次，其中%d次超过%d秒未能打开，占%.1f%%", text, a.From.Format(time.DateOnly), a.To.AddDate(0, 0, -1).Format(time.DateOnly),
			a.Visits, a.Shut, ind.Seconds, a.Share()),
	})
	return text
}

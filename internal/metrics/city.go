package metrics

import (
	"cmp"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// other stands for what a rule set no longer names.
const other = "other"

// The states a subject of each sort can have: a series that is 0 says that nothing
// is, which no series does not.
var (
	columnStates  = []rules.State{rules.Fresh, rules.Due, rules.Stale, rules.Blank, rules.Unknown}
	sectionStates = []rules.State{rules.Fresh, rules.Missing, rules.Unknown}
	accountStates = []rules.State{rules.Fresh, rules.Due, rules.Stale, rules.Blank, rules.Unknown}
	reasons       = []extract.Reason{
		extract.ReasonDown, extract.ReasonBlocked, extract.ReasonGone, extract.ReasonLost, extract.ReasonScript,
		extract.ReasonUndated, extract.ReasonPartial, extract.ReasonRobots, extract.ReasonNotLooked,
	}
	verdicts = []rules.Verdict{rules.Pass, rules.Fail, rules.Pending, rules.NotMonitored}
)

// A tally counts by labels. Their order is that in which they were first met.
type tally struct {
	instrument
	order [][]string
	at    map[[3]string]int
	count []float64
}

func (i instrument) tally() *tally { return &tally{instrument: i, at: map[[3]string]int{}} }

// add adds to a series, which 0 brings into being.
func (t *tally) add(n float64, labels ...string) {
	var key [3]string
	copy(key[:], labels)
	i, ok := t.at[key]
	if !ok {
		i = len(t.order)
		t.at[key] = i
		t.order, t.count = append(t.order, labels), append(t.count, 0)
	}
	t.count[i] += n
}

func (t *tally) series() []prometheus.Metric {
	all := make([]prometheus.Metric, len(t.order))
	for i, labels := range t.order {
		all[i] = t.of(t.count[i], labels...)
	}
	return all
}

// city are the series of a board.
func (c *collector) city(b *board.Board, day time.Time) []prometheus.Metric {
	all := []prometheus.Metric{
		c.judgement.of(1, b.City.Name, b.Set.ID, text(b.City.Simulated)),
		c.point.of(seconds(b.Result.Point)),
	}
	for _, u := range b.City.Units {
		all = append(all, c.units.of(1, u.ID, u.Name))
	}
	for _, carrier := range b.City.Carriers {
		all = append(all, c.sites.of(1, carrier.ID, carrier.Name))
	}
	return slices.Concat(all, c.subjects(b.Rows), c.covered(b.Result.Coverage()), c.unread(b.Rows), c.platforms(b.Result.Platforms), c.access(b.Result.Sites), c.found(b, day))
}

// subjects counts states and verdicts.
func (c *collector) subjects(rows []board.Row) []prometheus.Metric {
	columns, classes, sections, accounts := c.columns.tally(), c.columnsByClass.tally(), c.sections.tally(), c.accounts.tally()
	sites, judged := c.siteVerdicts.tally(), c.accountVerdicts.tally()
	for _, v := range verdicts {
		sites.add(0, string(v))
		judged.add(0, string(v))
	}
	for _, r := range rows {
		switch r.Kind {
		case inventory.KindSite:
			sites.add(1, string(r.Verdict))
		case inventory.KindColumn:
			for _, s := range columnStates {
				columns.add(number(s == r.State), r.Carrier, r.Unit, string(s))
				classes.add(number(s == r.State), string(r.Class), string(s))
			}
		case inventory.KindSection:
			for _, s := range sectionStates {
				sections.add(number(s == r.State), r.Unit, string(s))
			}
		case inventory.KindAccount:
			judged.add(1, string(r.Verdict))
			for _, s := range accountStates {
				accounts.add(number(s == r.State), string(r.Platform), string(s))
			}
		}
	}
	return slices.Concat(columns.series(), classes.series(), sections.series(), accounts.series(), sites.series(), judged.series())
}

// covered tells how much could be judged, and why the rest could not.
func (c *collector) covered(v rules.Coverage) []prometheus.Metric {
	ratio, unknown := c.coverage.tally(), c.unknown.tally()
	for _, of := range []struct {
		kind    inventory.SubjectKind
		covered rules.Covered
	}{{inventory.KindColumn, v.Columns}, {inventory.KindSection, v.Sections}, {inventory.KindAccount, v.Accounts}} {
		if of.covered.Planned == 0 {
			continue // of nothing there is no share
		}
		ratio.add(float64(of.covered.Conclusive)/float64(of.covered.Planned), string(of.kind))
		for _, reason := range reasons {
			unknown.add(float64(of.covered.UnknownByReason[reason]), string(of.kind), string(reason))
		}
	}
	return slices.Concat(ratio.series(), unknown.series())
}

// unread tells which sites could not be monitored, and why. A site without any trouble
// has no series: of most reasons there are none.
func (c *collector) unread(rows []board.Row) []prometheus.Metric {
	count := c.unknownBySite.tally()
	for _, r := range rows {
		if r.State != rules.Unknown || r.Kind != inventory.KindColumn && r.Kind != inventory.KindSection {
			continue
		}
		reason := string(r.Reason)
		if !slices.Contains(reasons, r.Reason) {
			reason = other
		}
		count.add(1, r.Carrier, reason)
	}
	return count.series()
}

// platforms tells how the platforms let themselves be read.
func (c *collector) platforms(health []rules.PlatformHealth) []prometheus.Metric {
	var all []prometheus.Metric
	for _, h := range health {
		name := string(h.Platform)
		all = append(all,
			c.platformFailing.of(number(h.Failing()), name),
			c.platformAccounts.of(float64(h.Read), name, "read"),
			c.platformAccounts.of(float64(h.Blocked), name, "blocked"),
			c.platformAccounts.of(float64(h.Other), name, "other"),
		)
	}
	return all
}

// access tells how the sites opened.
func (c *collector) access(sites []rules.SiteResult) []prometheus.Metric {
	var all []prometheus.Metric
	for _, s := range sites {
		a := s.Access
		if a == nil {
			continue
		}
		all = append(all,
			c.siteProbes.of(float64(a.Visits-a.Shut), s.Carrier.ID, string(rules.Opened)),
			c.siteProbes.of(float64(a.Shut), s.Carrier.ID, string(rules.Shut)),
			c.siteProbes.of(float64(a.NotMade), s.Carrier.ID, string(rules.Untold)),
		)
		if a.Judged {
			all = append(all, c.siteShut.of(number(a.Fails), s.Carrier.ID))
		}
	}
	return all
}

// found counts the findings by where they stand: a case by its newest occurrence,
// and what was judged and is in no book yet as it was judged.
func (c *collector) found(b *board.Board, day time.Time) []prometheus.Metric {
	findings, overdue := c.findings.tally(), 0.0
	indicator := func(id string) string {
		if b.Set.Indicator(id) == nil {
			return other
		}
		return id
	}
	for _, i := range b.Set.Indicators {
		findings.add(0, i.ID, string(cases.Suspected))
	}
	known := map[string]bool{}
	for _, held := range book(b) {
		if len(held.Occurrences) == 0 {
			continue
		}
		known[held.ID] = true
		o := held.Occurrences[len(held.Occurrences)-1]
		findings.add(1, indicator(held.Indicator), string(o.State))
		overdue += number(o.Overdue(day))
	}
	for _, f := range b.Result.Findings {
		if !known[f.ID] {
			findings.add(1, indicator(f.Indicator), cmp.Or(f.Status, string(cases.Suspected)))
		}
	}
	return append(findings.series(), c.findingsOverdue.of(overdue))
}

// book are the cases of a board.
func book(b *board.Board) []*cases.Case {
	if b.Book == nil {
		return nil
	}
	return b.Book.Cases()
}

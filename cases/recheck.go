package cases

import (
	"slices"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/rules"
)

// An Observation is a fresh look at what a finding is about.
type Observation struct {
	At       time.Time      `json:"at"` // of the look
	State    rules.State    `json:"state"`
	Reason   extract.Reason `json:"reason,omitempty"` // of unknown
	Newest   extract.Date   `json:"newest,omitzero"`
	Title    string         `json:"title,omitempty"` // of the newest item
	Snapshot string         `json:"snapshot,omitempty"`

	// Backfilled are the items put in later and dated as if they had stood there
	// at the monitoring point: 补录.
	Backfilled []Backfill `json:"backfilled,omitempty"`
}

// A Backfill is an item dated before the point and not there at the point.
type Backfill struct {
	Title string    `json:"title"`
	Link  string    `json:"link,omitempty"`
	Day   time.Time `json:"day"`
}

func (o *Observation) passes() bool { return o.State == rules.Fresh || o.State == rules.Due }

// onlyBackfilled reports whether what clears the subject is itself a 补录.
func (o *Observation) onlyBackfilled() bool {
	day := o.Newest.Day()
	return len(o.Backfilled) > 0 && !slices.ContainsFunc(o.Backfilled, func(b Backfill) bool { return b.Day.After(day) }) &&
		slices.ContainsFunc(o.Backfilled, func(b Backfill) bool { return b.Day.Equal(day) })
}

// A Proposal is what a fresh look suggests about a report of a fix. People
// decide.
type Proposal struct {
	Result Result `json:"result"`
	Then   Kind   `json:"then,omitempty"` // Clear or Return, "" where people must look themselves

	// Why is for people, in Chinese and English.
	Chinese string `json:"chinese"`
	English string `json:"english"`
}

// Propose says what a look means for an occurrence whose fix was reported. A
// list that could not be read proposes nothing; nor does a fix that consists of
// items dated back.
func (o *Occurrence) Propose(look Observation) Proposal {
	late := ""
	if n := len(look.Backfilled); n > 0 {
		late = "；" + BackfillNote(look.Backfilled)
	}
	switch {
	case o.State != Reported && o.State != Rechecked:
		return Proposal{Unclear, "", "尚未报送整改，不作复核", "no fix was reported, so there is nothing to re-check"}
	case o.Outdated(look):
		return Proposal{Unclear, "", "所据巡查早于整改报告，请重新巡查", "the look is older than the report; look again"}
	case look.State == rules.Unknown || look.State == "":
		return Proposal{Unclear, "", "未能监测，请人工复核" + late, "it could not be read; let a person re-check it"}
	case look.passes() && look.onlyBackfilled():
		return Proposal{Unclear, "", "最近更新为补录，请人工复核" + late, "the newest item was dated back; let a person re-check it"}
	case look.passes():
		return Proposal{Passed, Clear, "复核已达到要求" + newest(look) + late, "the fresh look passes"}
	}
	return Proposal{Failed, Return, "复核仍未达到要求" + newest(look) + late, "the fresh look fails still"}
}

// Outdated reports whether a look is no newer than the report of the fix, so that it
// can say nothing about it.
func (o *Occurrence) Outdated(look Observation) bool { return !look.At.After(o.lastReport) }

func newest(look Observation) string {
	if look.Newest.IsZero() {
		return ""
	}
	return "，最近更新时间" + dayText(look.Newest.Time)
}

// BackfillNote is the annotation of items that were dated back.
func BackfillNote(items []Backfill) string {
	var days []string
	for _, b := range items {
		if day := dayText(b.Day); !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	return "补录" + strings.Join(days, "、")
}

// Backfilled returns the items of a later list that were not in the one seen at
// the point, though they are dated up to the point's day. What is no newer than
// the oldest item of a list that was not read whole may only have been out of
// sight, and is left out: nobody is accused of what we did not see.
func Backfilled(point time.Time, before, after extract.Reading) []Backfill {
	if !before.Conclusive() || before.AtLeast {
		return nil
	}
	day := extract.DayOf(point.Add(-time.Nanosecond))
	var oldest time.Time
	seen := map[string]bool{}
	for _, item := range before.Items {
		seen[item.Link], seen[plainName(item.Title)] = true, true
		if item.Date.IsZero() {
			return nil
		}
		if d := item.Date.Day(); oldest.IsZero() || d.Before(oldest) {
			oldest = d
		}
	}
	whole := before.Complete || before.Outcome == extract.Empty
	var found []Backfill
	for _, item := range after.Items {
		d := item.Date.Day()
		switch {
		case item.Date.IsZero(), d.After(day), !whole && !d.After(oldest):
		case item.Link != "" && seen[item.Link], seen[plainName(item.Title)]:
		default:
			found = append(found, Backfill{Title: item.Title, Link: item.Link, Day: d})
		}
	}
	return found
}

// Observe reads out of a fresh judgement how what a finding claims stands now.
// What the judgement says nothing about is unknown.
func Observe(res rules.Result, set *rules.RuleSet, f Facts) Observation {
	o := Observation{At: res.Point, State: rules.Unknown}
	ind := set.Indicator(f.Indicator)
	if ind == nil {
		return o
	}
	if look := o.read(res, f, ind.Kind); look != nil {
		o.At, o.Snapshot = look.At, look.Digest
	}
	fails := slices.ContainsFunc(res.Findings, func(found rules.Finding) bool {
		return found.Subject == f.Subject && found.Indicator == f.Indicator && slices.Contains(found.Sources, ByPatrol)
	})
	switch {
	case fails && (o.State == rules.Unknown || o.passes()):
		o.State, o.Reason = rules.Stale, ""
	case o.State != rules.Unknown && !o.passes() && !fails:
		o.State = rules.Unknown
	}
	return o
}

// read takes the state of a finding's subject out of a judgement and returns the
// look that it rests on, nil for none.
func (o *Observation) read(res rules.Result, f Facts, kind rules.Kind) (look *rules.Look) {
	for _, r := range res.Columns {
		if r.Column.ID == f.Subject {
			look = r.Look
			o.Newest, o.Title = r.Newest, r.NewestTitle
			o.stands(r.States, f.Indicator)
		}
	}
	for _, r := range res.Sections {
		if r.Section.ID == f.Subject && kind == rules.KindSection {
			look, o.State, o.Reason = r.Look, r.State, r.Reason
		}
	}
	for _, r := range res.Accounts {
		if r.Account.ID() == f.Subject {
			look = r.Look
			o.Newest, o.Title = r.Newest, r.NewestTitle
			o.stands(r.States, f.Indicator)
			if kind == rules.KindName && r.Observed != "" && plainName(r.Observed) == plainName(r.Account.Name) {
				o.State = rules.Fresh
			}
		}
	}
	for _, r := range res.Sites {
		if r.Carrier.ID == f.Subject {
			look = r.Look
			o.site(r, kind)
		}
	}
	return look
}

// stands takes the state by one indicator.
func (o *Observation) stands(states []rules.IndicatorState, indicator string) {
	for _, st := range states {
		if st.Indicator == indicator {
			o.State, o.Reason = st.State, st.Reason
		}
	}
}

// site takes a site's state: of its home page, or of a count, which passes only
// where every column counted is known.
func (o *Observation) site(r rules.SiteResult, k rules.Kind) {
	switch {
	case k == rules.KindHome:
		o.State, o.Reason = r.Home.State, r.Home.Reason
	case k == rules.KindCount && r.Verdict == rules.Pass:
		o.State = rules.Fresh
	}
}

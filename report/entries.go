package report

import (
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/rules"
)

// A Site is a site's verdict.
type Site struct {
	ID          string   `json:"id"`
	Code        Null     `json:"code"`
	Name        string   `json:"name"`
	Unit        string   `json:"unit"`
	Home        string   `json:"home"`
	Verdict     string   `json:"verdict"`
	Preliminary bool     `json:"preliminary"`
	Reasons     []string `json:"reasons"`
}

// A Column is one column's state with what led to it.
type Column struct {
	ID            string     `json:"id"`
	Unit          string     `json:"unit"`
	Carrier       string     `json:"carrier"`
	CountsTo      Null       `json:"counts_to"`
	Name          string     `json:"name"`
	Class         string     `json:"class"`
	State         string     `json:"state"`
	Reason        Null       `json:"reason"`
	Looks         int        `json:"looks"`
	Newest        Null       `json:"newest"`
	NewestTitle   Null       `json:"newest_title"`
	ItemsRead     int        `json:"items_read"`
	ItemsComplete bool       `json:"items_complete"`
	ItemsInYear   *int       `json:"items_in_year"`
	States        []byRule   `json:"states"`
	Evidence      []Evidence `json:"evidence"`

	// Proposal is a recipe that waits for a person; nil if there is none.
	Proposal *Proposed `json:"proposal,omitempty"`
}

// byRule is a state by one indicator.
type byRule struct {
	Indicator   string `json:"indicator"`
	State       string `json:"state"`
	Window      Null   `json:"window"`
	WindowStart Null   `json:"window_start"`
	StaleSince  string `json:"stale_since,omitempty"`
	StaleOn     string `json:"stale_on,omitempty"`
	Effect      string `json:"effect"`
}

// Evidence is one page that a state rests on.
type Evidence struct {
	URL       string `json:"url"`
	FetchedAt Null   `json:"fetched_at"`
	Status    int    `json:"status"`
	SHA256    Null   `json:"sha256"`
	Outcome   string `json:"outcome"`
	Method    Null   `json:"method"`
}

// A Section is one mandated section's state.
type Section struct {
	ID       string        `json:"id"`
	Unit     string        `json:"unit"`
	Carrier  string        `json:"carrier"`
	Name     string        `json:"name"`
	State    string        `json:"state"`
	Gap      Null          `json:"gap"`
	Reason   Null          `json:"reason"`
	Parts    []sectionPart `json:"parts"`
	Searched []string      `json:"searched"`
	Nearest  []string      `json:"nearest"`
	Evidence []Evidence    `json:"evidence"`
}

// A sectionPart is the state of one part of a section.
type sectionPart struct {
	Name  string `json:"name"`
	State string `json:"state"`
}

// A Finding is an indicator that a subject fails.
type Finding struct {
	ID        string `json:"id"`
	Subject   string `json:"subject"`
	Unit      string `json:"unit"`
	Indicator string `json:"indicator"`
	Effect    string `json:"effect"`
	Source    string `json:"source"`
	Status    string `json:"status"`
	Publicity string `json:"publicity"`
	Since     Null   `json:"since"`
	Text      string `json:"text"`
	Basis     string `json:"basis"`
}

func newSites(unit func(string) string, results []rules.SiteResult) []Site {
	out := make([]Site, 0, len(results))
	for _, r := range results {
		c := r.Carrier
		out = append(out, Site{
			ID: c.ID, Code: Null(c.Code), Name: c.Name, Unit: unit(c.Unit), Home: c.Home,
			Verdict: string(r.Verdict), Preliminary: true, Reasons: list(r.Reasons),
		})
	}
	return out
}

func newColumns(unit func(string) string, results []rules.ColumnResult) []Column {
	out := make([]Column, 0, len(results))
	for _, r := range results {
		c, reading := r.Column, readingOf(r.Look)
		out = append(out, Column{
			ID: c.ID, Unit: unit(c.Unit), Carrier: c.Carrier, CountsTo: Null(c.CountsTo), Name: c.Name,
			Class: string(c.Class), State: string(r.State), Reason: Null(r.Reason), Looks: r.Looks,
			Newest: Null(day(r.Newest.Time)), NewestTitle: Null(r.NewestTitle),
			ItemsRead: len(reading.Items), ItemsComplete: reading.Complete, ItemsInYear: r.InYear,
			States: newStates(r.States), Evidence: newEvidence(r.Look), Proposal: newProposed(r),
		})
	}
	return out
}

func newStates(states []rules.IndicatorState) []byRule {
	out := make([]byRule, 0, len(states))
	for _, s := range states {
		out = append(out, byRule{
			Indicator: s.Indicator, State: string(s.State), Window: Null(s.Window),
			WindowStart: Null(day(s.WindowStart)), StaleSince: day(s.StaleSince), StaleOn: day(s.StaleOn),
			Effect: string(s.Effect),
		})
	}
	return out
}

func newSections(unit func(string) string, results []rules.SectionResult) []Section {
	out := make([]Section, 0, len(results))
	for _, r := range results {
		s := r.Section
		parts := make([]sectionPart, 0, len(r.Parts))
		for _, p := range r.Parts {
			parts = append(parts, sectionPart{Name: p.Name, State: string(p.State)})
		}
		out = append(out, Section{
			ID: s.ID, Unit: unit(s.Unit), Carrier: s.Carrier, Name: s.Spec.Name, State: string(r.State), Gap: Null(r.Gap),
			Reason: Null(r.Reason), Parts: parts, Searched: list(readingOf(r.Look).Searched), Nearest: list(readingOf(r.Look).Nearest),
			Evidence: newEvidence(r.Look),
		})
	}
	return out
}

func newFindings(unit func(string) string, findings []rules.Finding) []Finding {
	out := make([]Finding, 0, len(findings))
	for _, f := range findings {
		out = append(out, Finding{
			ID: f.ID, Subject: f.Subject, Unit: unit(f.Unit), Indicator: f.Indicator, Effect: string(f.Effect),
			Source: strings.Join(f.Sources, "、"), Status: f.Status, Publicity: f.Publicity,
			Since: Null(day(f.Since)), Text: f.Text, Basis: f.Basis,
		})
	}
	return out
}

func newEvidence(look *rules.Look) []Evidence {
	if look == nil {
		return []Evidence{}
	}
	out := make([]Evidence, 0, len(look.Evidence))
	for _, e := range look.Evidence {
		out = append(out, Evidence{
			URL: e.URL, FetchedAt: Null(moment(e.FetchedAt)), Status: e.Status, SHA256: Null(e.SHA256),
			Outcome: string(e.Outcome), Method: Null(e.Method),
		})
	}
	return out
}

// readingOf is a look's reading, the zero one without a look.
func readingOf(look *rules.Look) extract.Reading {
	if look == nil {
		return extract.Reading{}
	}
	return look.Reading
}

// daysBetween is how many days lie between two Beijing days as printed in JSON;
// ok is false where one of them is missing.
func daysBetween(from, to string) (n int, ok bool) {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil {
		return 0, false
	}
	return int(b.Sub(a).Hours() / 24), true
}

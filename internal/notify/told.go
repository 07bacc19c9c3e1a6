package notify

import (
	"slices"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// Told is what people know: all of a round, with what no night remembers.
type Told struct {
	Round string `json:"round"`

	// Suspected are the findings that they know of, nil where what was kept holds
	// none: then nights tell what is new.
	Suspected []Suspicion `json:"suspected,omitempty"`

	// Book is the last event of the history of findings that they know of, nil where
	// nothing says.
	Book *cases.Head `json:"book,omitempty"`

	// Proposed are the columns whose recipe waits for somebody, each with the day on
	// which they were told.
	Proposed map[string]time.Time `json:"waiting,omitempty"`

	// Reminded is the day on which they were told last of all that lasts.
	Reminded time.Time `json:"reminded,omitzero"`
}

// A Suspicion is a finding that people were told of.
type Suspicion struct {
	ID        string `json:"id"`
	Subject   string `json:"subject"`
	Unit      string `json:"unit,omitempty"`
	Indicator string `json:"indicator"`
	Text      string `json:"text"`

	// ByState says that the state of the subject told it, and Inside that it is for
	// those who see the whole city.
	ByState bool `json:"by_state,omitempty"`
	Inside  bool `json:"inside,omitempty"`
}

// ToldOf is what people know who were told of a board, and knew something before. A
// finding that is not there any more, of a subject that could not be read, is still
// known: it is no news when it is back.
func ToldOf(b *board.Board, before Told) Told {
	n := newNews(b, before, nil)
	t := Told{Round: b.Round.ID, Suspected: []Suspicion{}, Proposed: map[string]time.Time{}, Reminded: before.Reminded}
	for _, f := range b.Result.Findings {
		t.Suspected = append(t.Suspected, n.suspicion(f))
	}
	for _, s := range before.Suspected {
		if _, there := n.present[s.ID]; !there && n.still(s) {
			t.Suspected = append(t.Suspected, s)
		}
	}
	if b.Book != nil {
		head := b.Book.Head()
		t.Book = &head
	}
	for _, c := range b.Result.Columns {
		if c.Proposal == nil {
			continue
		}
		day, known := before.Proposed[c.Column.ID]
		if !known {
			day = n.today
		}
		t.Proposed[c.Column.ID] = day
	}
	if t.Reminded.IsZero() || n.weekly {
		t.Reminded = n.today
	}
	return t
}

// suspicion is a finding as it is remembered.
func (n *news) suspicion(f rules.Finding) Suspicion {
	return Suspicion{
		ID: f.ID, Subject: f.Subject, Unit: f.Unit, Indicator: f.Indicator, Text: f.Text, ByState: n.byState(f),
		Inside: f.Effect == rules.EffectHint || f.Publicity == cases.Internal,
	}
}

// byState reports whether the state of a finding's subject says the same.
func (n *news) byState(f rules.Finding) bool {
	if r, ok := n.board.Row(f.Subject); !ok || !accusing(r.State) {
		return false
	}
	return slices.ContainsFunc(n.states[f.Subject], func(s rules.IndicatorState) bool {
		return s.Indicator == "" || s.Indicator == f.Indicator && accusing(s.State)
	})
}

// statesOf are the states of all subjects, by subject. A section has one, by
// whatever indicator.
func statesOf(res rules.Result) map[string][]rules.IndicatorState {
	all := map[string][]rules.IndicatorState{}
	for _, c := range res.Columns {
		all[c.Column.ID] = c.States
	}
	for _, s := range res.Sections {
		all[s.Section.ID] = []rules.IndicatorState{{State: s.State}}
	}
	for _, a := range res.Accounts {
		all[a.Account.ID()] = a.States
	}
	for _, s := range res.Sites {
		all[s.Carrier.ID] = []rules.IndicatorState{s.Home}
	}
	return all
}

// still reports whether a finding that the judgement holds no more may only be out
// of sight: nothing of this night shows that it is over. What is in the inventory no
// more is gone.
func (n *news) still(s Suspicion) bool {
	r, ok := n.board.Row(s.Subject)
	if !ok {
		return false
	}
	if s.ByState {
		return r.State != rules.Fresh && r.State != rules.Due
	}
	for _, st := range n.states[s.Subject] {
		if st.Indicator != "" && st.Indicator == s.Indicator && r.Kind != inventory.KindSite {
			return st.State != rules.Fresh && st.State != rules.Due
		}
	}
	switch r.Kind {
	case inventory.KindSite:
		return n.siteStill(s)
	case inventory.KindAccount:
		return r.State == rules.Unknown || n.kind(s.Indicator) == rules.KindName && !n.named[s.Subject]
	}
	return r.State == rules.Unknown
}

// siteStill is still of a site: how it could be reached is known by enough visits
// alone, and a number of columns where every column could be read, or where the
// judgement itself says that those which could not do not matter.
func (n *news) siteStill(s Suspicion) bool {
	i := slices.IndexFunc(n.board.Result.Sites, func(r rules.SiteResult) bool { return r.Carrier.ID == s.Subject })
	if i < 0 {
		return true
	}
	site := n.board.Result.Sites[i]
	switch n.kind(s.Indicator) {
	case rules.KindAccess:
		return site.Access == nil || !site.Access.Judged
	case rules.KindCount:
		ind := n.board.Set.Indicator(s.Indicator)
		return (site.Verdict != rules.Pass || ind.Effect != rules.EffectVeto) && slices.ContainsFunc(n.board.Result.Columns, func(c rules.ColumnResult) bool {
			return c.Column.CountsTo == s.Subject && c.State == rules.Unknown
		})
	}
	return site.Verdict == rules.NotMonitored
}

// kind is the kind of an indicator, "" where the rule set does not know it.
func (n *news) kind(indicator string) rules.Kind {
	if n.board.Set == nil {
		return ""
	}
	if ind := n.board.Set.Indicator(indicator); ind != nil {
		return ind.Kind
	}
	return ""
}

// week is after how many days people are reminded of what lasts.
const week = 7

// reminds reports whether it is time to be reminded, by the days on which messages
// are read.
func reminds(told Told, today time.Time) bool {
	return !told.Reminded.IsZero() && !today.Before(extract.DayOf(told.Reminded).AddDate(0, 0, week))
}

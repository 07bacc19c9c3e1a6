// Package board says how a city stands: the judgement of the newest round, what
// people have decided about it, and what the state of every subject was in each
// night before, in a form that is made once and then only read. Whoever shows,
// counts or tells reads a [Board]: the console, the metrics, the messages.
//
// A board never changes. When something does, a round that ended, a decision, an
// edited configuration, a new board is made and takes the place of the old one;
// whoever holds the old one goes on with it.
//
// A board judges nothing itself: states are those of package rules, decisions those
// of package cases, and verdicts under these those of [notice.Decided]. A [Night] is
// what a judgement came to at the time and is kept for its history; it is no
// evidence, and the snapshots that it was made from are.
package board

import (
	"slices"
	"strings"
	"time"

	"xuncha/cases"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// An Input is what a board is made from. The board keeps what it is given, and
// nobody may change it afterwards.
type Input struct {
	City   *inventory.City // as judged
	Set    *rules.RuleSet
	Round  store.Round // the newest finished
	Result rules.Result
	Book   *cases.Book
	Nights []Night // oldest first
}

// A Board is how a city stands at the end of a round.
type Board struct {
	Input

	// Rows are all subjects: sites, columns, sections and accounts, each in the
	// order of the inventory. Verdicts are those under what people decided. Told are
	// the same for those who may not know of what is 仅内部.
	Rows, Told []Row

	// Units are those that answer for anything, the one with most trouble first.
	Units []Unit

	found  []Row          // as judged, whatever people decided
	byID   map[string]int // of any of them
	recent []Night        // the newest of each day
	judged *Board         // that this one is with another book, nil for itself
}

// A Row is one subject as it stands.
type Row struct {
	ID      string
	Kind    inventory.SubjectKind
	Name    string // a column's path without its carrier, an account's registered name
	Unit    string // ID of the unit that answers
	Carrier string // ID, "" for an account

	Class    inventory.Class    // of a column
	Platform inventory.Platform // of an account

	State   rules.State
	Reason  extract.Reason // of unknown
	Verdict rules.Verdict  // of a site or an account, else ""
	Reasons []string       // of the verdict, as printed
	Settled cases.State    // what people made of all that is found of it, see [Settled]
	Looks   int

	Newest extract.Date
	Title  string // of the newest item

	// Window is the ISO 8601 duration of the indicator that the state is by, ""
	// where none has one. StaleSince is the first day past it, of a stale subject,
	// and StaleOn the day on which a fresh one becomes stale; else zero.
	Window     string
	Indicator  string
	StaleSince time.Time
	StaleOn    time.Time

	// Look is what the state rests on, or the newest where it rests on none; nil
	// where nothing was seen.
	Look *rules.Look
}

// A Unit is how one unit stands.
type Unit struct {
	ID     string // "" for subjects of no unit
	States map[rules.State]int
	Failed int // sites and accounts that are 不合格
}

// Trouble is how much is wrong with a unit: what is accused counts before what is
// near it, and what could not be read is no fault of the unit.
func (u Unit) Trouble() int {
	return 100*(u.Failed+u.States[rules.Stale]+u.States[rules.Blank]+u.States[rules.Missing]) + u.States[rules.Due]
}

// New makes a board.
func New(in Input) *Board {
	b := &Board{Input: in, byID: map[string]int{}, recent: recentOf(in.Nights)}
	res := in.Result
	for _, s := range res.Sites {
		b.add(siteRow(s))
	}
	for _, c := range res.Columns {
		b.add(columnRow(c))
	}
	for _, s := range res.Sections {
		b.add(Row{
			ID: s.Section.ID, Kind: inventory.KindSection, Name: s.Section.Spec.Name, Unit: s.Section.Unit, Carrier: s.Section.Carrier,
			State: s.State, Reason: s.Reason, Looks: s.Looks, Look: s.Look,
		})
	}
	for _, a := range res.Accounts {
		b.add(accountRow(a))
	}
	b.decide()
	return b
}

// WithBook is the board with another book of findings.
func (b *Board) WithBook(book *cases.Book) *Board {
	other := *b
	other.Book, other.judged = book, b.Judged()
	other.decide()
	return &other
}

// Judged is the board as it was made of a judgement, the same whatever was decided
// since: what does not depend on decisions can be kept by it.
func (b *Board) Judged() *Board {
	if b.judged != nil {
		return b.judged
	}
	return b
}

// Row returns a subject's row.
func (b *Board) Row(id string) (Row, bool) { return b.row(b.Rows, id) }

// ToldRow returns a subject's row among [Board.Told].
func (b *Board) ToldRow(id string) (Row, bool) { return b.row(b.Told, id) }

func (b *Board) row(rows []Row, id string) (Row, bool) {
	i, ok := b.byID[id]
	if !ok {
		return Row{}, false
	}
	return rows[i], true
}

// Recent are the last n nights, oldest first: of several rounds that began on one
// day the newest. Somebody who asks for a round again and again does not push the
// nights before out of sight.
func (b *Board) Recent(n int) []Night { return b.recent[max(0, len(b.recent)-n):] }

// recentOf are the newest nights of each day.
func recentOf(nights []Night) []Night {
	var days []Night
	for i, n := range nights {
		if i+1 == len(nights) || !nights[i+1].Day().Equal(n.Day()) {
			days = append(days, n)
		}
	}
	return days
}

// Strip returns what a subject was in the last n nights, as of [Board.Recent]. A
// night in which it was not planned has the zero Cell.
func (b *Board) Strip(id string, n int) []Cell {
	nights := b.Recent(n)
	cells := make([]Cell, len(nights))
	for i, night := range nights {
		cells[i] = night.Cell(id)
	}
	return cells
}

// Below reports whether a unit is another or stands below it, at any depth.
func (b *Board) Below(unit, superior string) bool {
	for range len(b.City.Units) + 1 { // a ring of superiors ends too
		if unit == superior {
			return true
		}
		u, ok := b.City.Unit(unit)
		if !ok || u.Superior == "" {
			return false
		}
		unit = u.Superior
	}
	return false
}

// Past returns by how many days a subject is past its window on the point's day, 0
// if it is not.
func (b *Board) Past(r Row) int {
	if r.State != rules.Stale || r.StaleSince.IsZero() {
		return 0
	}
	return days(b.Result.PointDay.Sub(r.StaleSince)) + 1
}

// Age returns how many days before the point's day a subject's newest item is
// dated; ok is false where there is no date.
func (b *Board) Age(r Row) (n int, ok bool) {
	if r.Newest.IsZero() {
		return 0, false
	}
	return days(b.Result.PointDay.Sub(r.Newest.Day())), true
}

// days are the days of a difference of two midnights. Beijing keeps no summer time.
func days(d time.Duration) int { return int(d / (24 * time.Hour)) }

func (b *Board) add(r Row) {
	b.byID[r.ID] = len(b.found)
	b.found = append(b.found, r)
}

func (b *Board) countUnits() {
	at := map[string]int{}
	b.Units = nil
	for _, r := range b.Rows {
		i, ok := at[r.Unit]
		if !ok {
			i = len(b.Units)
			at[r.Unit] = i
			b.Units = append(b.Units, Unit{ID: r.Unit, States: map[rules.State]int{}})
		}
		b.Units[i].States[r.State]++
		if r.Verdict == rules.Fail {
			b.Units[i].Failed++
		}
	}
	slices.SortStableFunc(b.Units, func(x, y Unit) int {
		if d := y.Trouble() - x.Trouble(); d != 0 {
			return d
		}
		return strings.Compare(x.ID, y.ID)
	})
}

func siteRow(s rules.SiteResult) Row {
	r := Row{
		ID: s.Carrier.ID, Kind: inventory.KindSite, Name: s.Carrier.Name, Unit: s.Carrier.Unit, Carrier: s.Carrier.ID,
		Verdict: s.Verdict, Reasons: s.Reasons, Look: s.Look,
	}
	if s.Look != nil {
		r.Newest = s.Look.Reading.Newest
	}
	r.by(s.Home)
	return r
}

func columnRow(c rules.ColumnResult) Row {
	r := Row{
		ID: c.Column.ID, Kind: inventory.KindColumn, Name: c.Column.Name, Unit: c.Column.Unit, Carrier: c.Column.Carrier,
		Class: c.Column.Class, State: c.State, Reason: c.Reason, Looks: c.Looks, Newest: c.Newest, Title: c.NewestTitle, Look: c.Look,
	}
	r.strictest(c.States)
	return r
}

func accountRow(a rules.AccountResult) Row {
	r := Row{
		ID: a.Account.ID(), Kind: inventory.KindAccount, Name: a.Account.Name, Unit: a.Account.Unit, Platform: a.Account.Platform,
		State: a.State, Reason: a.Reason, Verdict: a.Verdict, Reasons: a.Reasons, Looks: a.Looks, Newest: a.Newest, Title: a.NewestTitle, Look: a.Look,
	}
	r.strictest(a.States)
	return r
}

// strictest takes window and days from the indicator that the row's state is by:
// of several that agree, the one that has been failed the longest, or will be
// failed first.
func (r *Row) strictest(states []rules.IndicatorState) {
	var best *rules.IndicatorState
	for i, s := range states {
		switch {
		case s.State != r.State:
		case best == nil, !s.StaleSince.IsZero() && s.StaleSince.Before(best.StaleSince),
			!s.StaleOn.IsZero() && (best.StaleOn.IsZero() || s.StaleOn.Before(best.StaleOn)):
			best = &states[i]
		}
	}
	if best != nil {
		r.by(*best)
	}
}

// by takes the state from one indicator.
func (r *Row) by(s rules.IndicatorState) {
	r.State, r.Reason, r.Window, r.Indicator, r.StaleSince, r.StaleOn = s.State, s.Reason, s.Window, s.Indicator, s.StaleSince, s.StaleOn
}

// Title is what people call a subject where it stands alone: a column with its
// carrier, an account with its platform.
func (b *Board) Title(r Row) string {
	switch r.Kind {
	case inventory.KindColumn, inventory.KindSection:
		return b.Place(r) + "：" + r.Name
	case inventory.KindAccount:
		return r.Name + "（" + b.Place(r) + "）"
	}
	return r.Name
}

// Place is where a subject is read: the name of its carrier, or of an account's
// platform.
func (b *Board) Place(r Row) string {
	if r.Kind == inventory.KindAccount {
		if p, ok := b.City.Platform(r.Platform); ok {
			return p.Name
		}
		return string(r.Platform)
	}
	if c, ok := b.City.Carrier(r.Carrier); ok {
		return c.Name
	}
	return r.Carrier
}

package console

import (
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"xuncha/board"
	"xuncha/inventory"
	"xuncha/rules"
)

// trendNights is how far back the overview looks.
const trendNights = 90

// unitNights is how long the strips of lists are.
const unitNights = 30

// A digest is what several pages work out of one board. It is made once for each
// board and then only read.
type digest struct {
	mark string // of this board and no other, whatever they have in common

	columns  map[string]*rules.ColumnResult
	sections map[string]*rules.SectionResult
	accounts map[string]*rules.AccountResult
	sites    map[string]*rules.SiteResult

	waiting map[string]bool // accounts with something handed in that nobody has checked

	nights []board.Night         // the last of the board's
	tally  []map[tallyKey]states // of each night
	strips map[string][]board.Cell
}

// A tallyKey is what nights are counted by: a user sees the sum over units.
type tallyKey struct {
	unit string
	kind inventory.SubjectKind
}

// states counts subjects by state, in the order of allStates.
type states [6]int

// allStates are the states from harmless to grave, with unknown apart.
var allStates = []rules.State{rules.Fresh, rules.Due, rules.Stale, rules.Blank, rules.Missing, rules.Unknown}

func (s *states) add(state rules.State) {
	if i := slices.Index(allStates, state); i >= 0 {
		s[i]++
	}
}

// of is how many are in a state.
func (s states) of(state rules.State) int { return s[max(0, slices.Index(allStates, state))] }

// A memo keeps the digest of the newest board that was asked about.
type memo struct {
	mu     sync.Mutex // guards the rest
	board  *board.Board
	digest *digest
}

// digestOf returns what is worked out of a board; nil for none.
func (m *memo) digestOf(b *board.Board) *digest {
	if b == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.board != b {
		m.board, m.digest = b, newDigest(b)
	}
	return m.digest
}

func newDigest(b *board.Board) *digest {
	d := &digest{
		mark:    rand.Text(),
		columns: map[string]*rules.ColumnResult{}, sections: map[string]*rules.SectionResult{},
		accounts: map[string]*rules.AccountResult{}, sites: map[string]*rules.SiteResult{},
		waiting: map[string]bool{},
		nights:  b.Nights[max(0, len(b.Nights)-trendNights):], strips: map[string][]board.Cell{},
	}
	for i, c := range b.Result.Columns {
		d.columns[c.Column.ID] = &b.Result.Columns[i]
	}
	for i, s := range b.Result.Sections {
		d.sections[s.Section.ID] = &b.Result.Sections[i]
	}
	for i, a := range b.Result.Accounts {
		d.accounts[a.Account.ID()] = &b.Result.Accounts[i]
	}
	for i, s := range b.Result.Sites {
		d.sites[s.Carrier.ID] = &b.Result.Sites[i]
	}
	for _, x := range b.City.Submissions {
		if x.CheckedBy == "" && x.Link == "" {
			d.waiting["account:"+x.Account] = true
		}
	}
	for range d.nights {
		d.tally = append(d.tally, map[tallyKey]states{})
	}
	for _, r := range b.Rows {
		d.count(r)
	}
	return d
}

// count adds what one subject was in each night.
func (d *digest) count(r board.Row) {
	key := tallyKey{r.Unit, r.Kind}
	strip := d.strips[r.Unit]
	if strip == nil {
		strip = make([]board.Cell, min(len(d.nights), unitNights))
		d.strips[r.Unit] = strip
	}
	for i, night := range d.nights {
		c := night.Cell(r.ID)
		n := d.tally[i][key]
		n.add(c.State)
		d.tally[i][key] = n
		if j := i - (len(d.nights) - len(strip)); j >= 0 && worse(c.State, strip[j].State) {
			strip[j] = board.Cell{State: c.State, Reason: c.Reason}
		}
	}
}

// worse reports whether a state of one subject says more about its unit than that
// of another. What could not be read says more than what is in order, and less
// than what is wrong.
func worse(s, than rules.State) bool {
	order := []rules.State{"", rules.Fresh, rules.Unknown, rules.Due, rules.Blank, rules.Stale, rules.Missing}
	return slices.Index(order, s) > slices.Index(order, than)
}

// in sums one night over the units that a user sees.
func (d *digest) in(night int, kind inventory.SubjectKind, sees func(unit string) bool) (sum states) {
	for key, n := range d.tally[night] {
		if key.kind != kind || !sees(key.unit) {
			continue
		}
		for i := range sum {
			sum[i] += n[i]
		}
	}
	return sum
}

// weekBefore is the newest night at least seven days before the last, -1 if there
// is none.
func (d *digest) weekBefore() int {
	if len(d.nights) == 0 {
		return -1
	}
	day := d.nights[len(d.nights)-1].Day().Add(-7 * 24 * time.Hour)
	for i := len(d.nights) - 1; i >= 0; i-- {
		if !d.nights[i].Day().After(day) {
			return i
		}
	}
	return -1
}

// countsTo is the site that a column is counted to, "" for none.
func (d *digest) countsTo(id string) string {
	if c := d.columns[id]; c != nil {
		return c.Column.CountsTo
	}
	return ""
}

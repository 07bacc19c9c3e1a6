package console

import (
	"slices"
	"sync"
	"time"

	"xuncha/board"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// trendNights is how far back the overview looks.
const trendNights = 90

// unitNights is how long the strips of lists are.
const unitNights = 30

// A digest is what several pages work out of one board, of its judgement and not of
// what people decided. It is made once and then only read.
type digest struct {
	columns  map[string]*rules.ColumnResult
	accounts map[string]*rules.AccountResult
	sites    map[string]*rules.SiteResult

	waiting map[string]bool // accounts with something handed in that nobody has checked

	nights []board.Night          // the last of the board's
	tally  []map[tallyKey]*states // of each night
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

// A memo keeps the digest of the newest board that was asked about, which decisions
// leave as it is.
type memo struct {
	mu     sync.Mutex // guards the rest
	of     *board.Board
	digest *digest
}

// digestOf returns what is worked out of a board; nil for none.
func (m *memo) digestOf(b *board.Board) *digest {
	if b == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if b = b.Judged(); m.of != b {
		m.of, m.digest = b, newDigest(b)
	}
	return m.digest
}

func newDigest(b *board.Board) *digest {
	d := &digest{
		columns:  map[string]*rules.ColumnResult{},
		accounts: map[string]*rules.AccountResult{}, sites: map[string]*rules.SiteResult{},
		waiting: map[string]bool{},
		nights:  b.Recent(trendNights), strips: map[string][]board.Cell{},
	}
	for i, c := range b.Result.Columns {
		d.columns[c.Column.ID] = &b.Result.Columns[i]
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
	d.count(b)
	return d
}

// count adds up what the subjects were in each night.
func (d *digest) count(b *board.Board) {
	keys := map[string]tallyKey{} // by subject
	for _, r := range b.Rows {
		keys[r.ID] = tallyKey{r.Unit, r.Kind}
		if d.strips[r.Unit] == nil {
			d.strips[r.Unit] = make([]board.Cell, min(len(d.nights), unitNights))
		}
	}
	for i, night := range d.nights {
		tally := map[tallyKey]*states{}
		for id, c := range night.Cells() {
			key, ok := keys[id]
			if !ok {
				continue // it has left the inventory
			}
			n := tally[key]
			if n == nil {
				n = &states{}
				tally[key] = n
			}
			n.add(c.State)
			strip := d.strips[key.unit]
			if j := i - (len(d.nights) - len(strip)); j >= 0 && worse(c.State, strip[j].State) {
				strip[j] = board.Cell{State: c.State, Reason: c.Reason}
			}
		}
		d.tally = append(d.tally, tally)
	}
}

// worse reports whether a state of one subject says more about its unit than that
// of another. What could not be read says more than what is in order, and less
// than what is wrong.
func worse(s, than rules.State) bool {
	return s != than && slices.Index(worseLast, s) > slices.Index(worseLast, than)
}

var worseLast = []rules.State{"", rules.Fresh, rules.Unknown, rules.Due, rules.Blank, rules.Stale, rules.Missing}

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

// proposedFor is the recipe that waits for a person to look at it: of a column whose
// own recipe is no longer the best, or of one without a recipe that is not read. It is
// nil for none, and for what is no column.
func proposedFor(r *rules.ColumnResult) *extract.Proposal {
	if r == nil {
		return nil
	}
	given := r.Column.Recipe.List != "" || r.Column.Recipe.Item != "" || r.Column.Recipe.Data != ""
	if !given && r.State != rules.Unknown {
		return nil
	}
	return r.Proposal
}

// proposed are the columns for which a recipe waits for a person, by ID.
func (q *request) proposed() map[string]bool {
	all := map[string]bool{}
	if q.board != nil {
		for i := range q.board.Result.Columns {
			if r := &q.board.Result.Columns[i]; proposedFor(r) != nil {
				all[r.Column.ID] = true
			}
		}
	}
	return all
}

// columnOf is how a column was judged, nil for what is none.
func (c *Console) columnOf(q *request, id string) *rules.ColumnResult {
	if q.board == nil {
		return nil
	}
	return c.memo.digestOf(q.board).columns[id]
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

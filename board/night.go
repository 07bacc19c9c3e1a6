package board

import (
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/rules"
	"xuncha/store"
)

// A Night is what a round's judgement came to: one state a subject, few enough
// bytes to hold a year of them in memory.
type Night struct {
	Round    string
	Started  time.Time
	Finished time.Time // the point it was judged at
	RuleSet  string

	Planned, Read, Failed int

	subjects []string         // sorted
	cells    []packed         // of each
	reasons  []extract.Reason // of unknown ones, each once, after "" for none
}

// A Cell is one subject in one night. The zero Cell says that it was not planned.
type Cell struct {
	State  rules.State
	Reason extract.Reason // of unknown
	Newest time.Time      // Beijing day, zero where none is known
}

// A packed Cell is one in few bytes: a year of nights is held.
type packed struct {
	newest int32  // as in nightForm
	reason uint16 // its place among the night's
	state  uint8  // its place among stateOf
}

// pack packs a cell of the night.
func (n *Night) pack(c Cell) packed {
	if n.reasons == nil {
		n.reasons = []extract.Reason{""}
	}
	reason := slices.Index(n.reasons, c.Reason)
	if reason < 0 && len(n.reasons) <= math.MaxUint16 {
		n.reasons, reason = append(n.reasons, c.Reason), len(n.reasons)
	}
	p := packed{reason: uint16(max(0, reason)), state: uint8(slices.Index(stateOf, rules.Unknown))}
	if k := slices.Index(stateOf, c.State); k >= 0 { // a state that a later program knows is nothing we could show
		p.state = uint8(k)
	}
	if !c.Newest.IsZero() {
		p.newest = int32((c.Newest.Unix() + beijingOffset) / daySeconds)
	}
	return p
}

// cell is the cell at a place.
func (n Night) cell(i int) Cell {
	p := n.cells[i]
	c := Cell{State: stateOf[p.state], Reason: n.reasons[p.reason]}
	if p.newest != 0 {
		c.Newest = time.Unix(int64(p.newest)*daySeconds-beijingOffset, 0).In(extract.Beijing)
	}
	return c
}

// NightOf tallies the judgement at the end of a round.
func NightOf(round store.Round, res rules.Result) Night {
	n := Night{
		Round: round.ID, Started: round.Started, Finished: round.Finished, RuleSet: round.RuleSet,
		Planned: len(round.Planned), Read: round.Read, Failed: round.Failed,
	}
	rows := New(Input{Result: res}).Rows
	slices.SortFunc(rows, func(a, b Row) int { return strings.Compare(a.ID, b.ID) })
	for _, r := range rows {
		c := Cell{State: r.State, Reason: r.Reason}
		if !r.Newest.IsZero() {
			c.Newest = r.Newest.Day()
		}
		n.subjects, n.cells = append(n.subjects, r.ID), append(n.cells, n.pack(c))
	}
	return n
}

// Day is the Beijing day on which the round began, at midnight: a night that
// crosses midnight belongs to the day of its start.
func (n Night) Day() time.Time { return extract.DayOf(n.Started) }

// Cell returns what a subject was.
func (n Night) Cell(id string) Cell {
	if i, ok := slices.BinarySearch(n.subjects, id); ok {
		return n.cell(i)
	}
	return Cell{}
}

// Cells are all subjects of the night with what they were, sorted by ID.
func (n Night) Cells() iter.Seq2[string, Cell] {
	return func(yield func(string, Cell) bool) {
		for i, id := range n.subjects {
			if !yield(id, n.cell(i)) {
				return
			}
		}
	}
}

// Count counts the subjects that a predicate picks, by state.
func (n Night) Count(pick func(id string) bool) map[rules.State]int {
	count := map[rules.State]int{}
	for i, id := range n.subjects {
		if pick(id) {
			count[stateOf[n.cells[i].state]]++
		}
	}
	return count
}

// ShelfNights is the shelf of a store on which its nights stand.
const ShelfNights = "nights"

// Nights reads the nights that are kept on a shelf from a moment on, oldest first.
func Nights(shelf store.Shelf, since time.Time) ([]Night, error) {
	var nights []Night
	for r, err := range shelf.Walk("", since.UTC().Format(nightKey)) {
		if err != nil {
			return nil, err
		}
		n, err := parseNight(r.Value)
		if err != nil {
			return nil, fmt.Errorf("night %s: %w", r.Key, err)
		}
		if i := len(nights) - 1; i >= 0 && slices.Equal(nights[i].subjects, n.subjects) {
			n.subjects = nights[i].subjects // a year of them is held
		}
		nights = append(nights, n)
	}
	return nights, nil
}

// nightKey orders nights by their start; the round tells two of one moment apart.
const nightKey = "20060102T150405"

// Keep puts a night on a shelf; one of the same round takes its place.
func Keep(shelf store.Shelf, n Night) error {
	value, err := json.Marshal(n.form())
	if err != nil {
		return err
	}
	return shelf.Update(func(tx store.ShelfTx) error {
		return tx.Put(n.Started.UTC().Format(nightKey)+" "+n.Round, value)
	})
}

// A nightForm is a night as kept. States has a letter for each subject, Newest the
// days since 1970 of its newest item, 0 for none; Reasons names the unknown ones'
// by place.
type nightForm struct {
	Round    string                 `json:"round"`
	Started  time.Time              `json:"started"`
	Finished time.Time              `json:"finished"`
	RuleSet  string                 `json:"rule_set"`
	Planned  int                    `json:"planned"`
	Read     int                    `json:"read"`
	Failed   int                    `json:"failed"`
	Subjects []string               `json:"subjects"`
	States   string                 `json:"states"`
	Newest   []int32                `json:"newest"`
	Reasons  map[int]extract.Reason `json:"reasons,omitempty"`
}

// letters are the states in a night's record.
const letters = "fdsbmu"

var stateOf = []rules.State{rules.Fresh, rules.Due, rules.Stale, rules.Blank, rules.Missing, rules.Unknown}

// beijingOffset is what midnight in Beijing lacks to midnight of the same date in
// UTC, in seconds.
const beijingOffset, daySeconds = 8 * 3600, 24 * 3600

func (n Night) form() nightForm {
	f := nightForm{
		Round: n.Round, Started: n.Started, Finished: n.Finished, RuleSet: n.RuleSet, Planned: n.Planned, Read: n.Read, Failed: n.Failed,
		Subjects: n.subjects, Newest: make([]int32, len(n.cells)), Reasons: map[int]extract.Reason{},
	}
	var states strings.Builder
	for i, p := range n.cells {
		states.WriteByte(letters[p.state])
		if reason := n.reasons[p.reason]; reason != "" {
			f.Reasons[i] = reason
		}
		f.Newest[i] = p.newest
	}
	f.States = states.String()
	return f
}

func parseNight(data []byte) (Night, error) {
	var f nightForm
	if err := json.Unmarshal(data, &f); err != nil {
		return Night{}, err
	}
	if len(f.States) != len(f.Subjects) || len(f.Newest) != len(f.Subjects) || !slices.IsSorted(f.Subjects) {
		return Night{}, fmt.Errorf("%d subjects, %d states and %d days, or out of order", len(f.Subjects), len(f.States), len(f.Newest))
	}
	n := Night{
		Round: f.Round, Started: f.Started.In(extract.Beijing), Finished: f.Finished.In(extract.Beijing), RuleSet: f.RuleSet,
		Planned: f.Planned, Read: f.Read, Failed: f.Failed, subjects: f.Subjects, cells: make([]packed, len(f.Subjects)),
	}
	for i := range n.cells {
		c := Cell{State: rules.Unknown, Reason: f.Reasons[i]}
		if k := strings.IndexByte(letters, f.States[i]); k >= 0 {
			c.State = stateOf[k]
		}
		n.cells[i] = n.pack(c)
		n.cells[i].newest = f.Newest[i]
	}
	return n, nil
}

package report

import (
	"fmt"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// A yearly is what one unit published in a year, over all its columns under the
// indicator.
type yearly struct {
	entry
	states  map[rules.State]int
	count   int  // items of the year, where counted
	counted bool // every column that has items of the year was counted
	only    bool // no column holds an older item
	must    bool // a stale column is not 按需更新
	newest  extract.Date
	dropped bool // people decided that a stale column is no problem
}

// years are all units that have a column under the attachment's indicator, in
// order or not: the table says how each stands.
func (b *tables) years(a inventory.Attachment) []entry {
	var units []*yearly
	byUnit := map[string]*yearly{}
	for _, r := range b.res.Columns {
		s, ok := stateBy(r, a.Indicator)
		if !ok {
			continue
		}
		id := r.Column.Unit
		if byUnit[id] == nil {
			byUnit[id] = &yearly{entry: entry{unit: id, place: b.places[r.Column.ID]},
				states: map[rules.State]int{}, counted: true, only: true}
			units = append(units, byUnit[id])
		}
		state := s.State
		if b.by.Dropped[Key{r.Column.ID, a.Indicator}] && (state == rules.Stale || state == rules.Blank) {
			byUnit[id].dropped = true
		}
		byUnit[id].add(r, state)
	}
	out := make([]entry, 0, len(units))
	for _, u := range units {
		u.cells = []string{u.words(b.period.Year), u.newestIn(a.DateStyle)}
		out = append(out, u.entry)
	}
	return out
}

// add takes one column of the unit in.
func (y *yearly) add(r rules.ColumnResult, state rules.State) {
	if unknown(string(state)) {
		state = rules.Unknown
	}
	y.states[state]++
	if state == rules.Unknown {
		return
	}
	if r.Newest.Time.After(y.newest.Time) {
		y.newest = r.Newest
	}
	if state == rules.Fresh || state == rules.Due {
		if r.InYear == nil {
			y.counted = false
		} else {
			y.count += *r.InYear
		}
	}
	y.only = y.only && r.OnlyYear
	y.must = y.must || state == rules.Stale && !r.Column.OnDemand
}

// words says how the unit stands. 未更新 is said only where every column was
// read and none has an item of the year; a number only where all were counted.
func (y *yearly) words(year int) string {
	updated := y.states[rules.Fresh]+y.states[rules.Due] > 0
	switch {
	case !updated && y.states[rules.Unknown] > 0:
		return chinese.state(rules.Unknown)
	case updated && (y.states[rules.Unknown] > 0 || !y.counted || y.count == 0):
		return "有更新，条数未能读全"
	case updated && y.only:
		return fmt.Sprintf("栏目内容均为%d年更新", year)
	case updated:
		return fmt.Sprintf("更新%d条", y.count)
	case y.dropped:
		return "经核实，不作为问题"
	case y.must:
		return "未更新"
	case y.states[rules.Stale] > 0:
		return "未更新（按需更新）" // there may have been nothing to publish
	}
	return chinese.state(rules.Blank)
}

// newestIn prints the newest date; none where the unit could not be monitored,
// since an old date beside 未能监测 reads as a reproach.
func (y *yearly) newestIn(style string) string {
	if y.states[rules.Unknown] > 0 || y.dropped && y.states[rules.Fresh]+y.states[rules.Due] == 0 {
		return ""
	}
	return dated(y.newest, style)
}

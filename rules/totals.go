package rules

import (
	"fmt"

	"xuncha/extract"
)

// A Coverage says how much of what was planned could be judged.
type Coverage struct {
	Columns, Sections, Accounts Covered
}

// Covered counts subjects of one sort: planned is conclusive and unknown, and
// unknown has a reason each.
type Covered struct {
	Planned, Conclusive, Unknown int
	UnknownByReason              map[extract.Reason]int
}

func (c *Covered) add(s State, reason extract.Reason) {
	if c.UnknownByReason == nil {
		c.UnknownByReason = map[extract.Reason]int{}
	}
	c.Planned++
	if s != Unknown {
		c.Conclusive++
		return
	}
	c.Unknown++
	c.UnknownByReason[reason]++
}

// Coverage counts what could be judged.
func (r Result) Coverage() Coverage {
	var c Coverage
	for _, x := range r.Columns {
		c.Columns.add(x.State, x.Reason)
	}
	for _, x := range r.Sections {
		c.Sections.add(x.State, x.Reason)
	}
	for _, x := range r.Accounts {
		c.Accounts.add(x.State, x.Reason)
	}
	return c
}

// Totals counts a result by verdict and by state.
type Totals struct {
	Sites, Accounts   map[Verdict]int
	Columns, Sections map[State]int
}

// Totals counts verdicts and states; what does not occur is not in the maps.
func (r Result) Totals() Totals {
	t := Totals{
		Sites: map[Verdict]int{}, Accounts: map[Verdict]int{},
		Columns: map[State]int{}, Sections: map[State]int{},
	}
	for _, x := range r.Sites {
		t.Sites[x.Verdict]++
	}
	for _, x := range r.Accounts {
		t.Accounts[x.Verdict]++
	}
	for _, x := range r.Columns {
		t.Columns[x.State]++
	}
	for _, x := range r.Sections {
		t.Sections[x.State]++
	}
	return t
}

// maxDecimals keeps a rate inside an int.
const maxDecimals = 6

// Rate returns the share of total that did not fail, in percent with so many
// decimals (six at most), rounded half up by whole numbers. Of nothing it is "".
func Rate(total, failed, decimals int) string {
	if total <= 0 {
		return ""
	}
	scale := 1
	decimals = max(0, min(decimals, maxDecimals))
	for range decimals {
		scale *= 10
	}
	passed := (2*(total-failed)*100*scale + total) / (2 * total)
	if decimals == 0 {
		return fmt.Sprint(passed)
	}
	return fmt.Sprintf("%d.%0*d", passed/scale, decimals, passed%scale)
}

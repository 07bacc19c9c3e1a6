package notify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/board"
	"xuncha/cases"
	"xuncha/inventory"
	"xuncha/proof"
	"xuncha/rules"
)

// found are what was found of a channel's subjects and not told of: the suspicions
// of the program, and what others have stated. A state that comes to no finding, as
// that of an account whose silence was filed, accuses nobody.
func (n *news) found(c inventory.Channel, v voice) (suspected, stated []item) {
	said := map[string]bool{} // subjects whose state is told
	for _, f := range n.board.Result.Findings {
		r := n.rowOf(f.Subject, f.Unit)
		s := n.suspicion(f)
		if n.toldOf(s) || n.settled(f.ID) || !n.concerns(c, r.Unit, s.Inside && !s.ByState) {
			continue
		}
		switch {
		case !slices.Contains(f.Sources, cases.ByPatrol):
			stated = append(stated, item{r, v.say("：", ": ") + strings.Join(f.Sources, v.say("、", ", ")) + v.say("：", ": ") + n.words(f.Text, f.Publicity, v)})
		case s.ByState && said[r.ID]:
		case s.ByState:
			said[r.ID] = true
			suspected = append(suspected, item{r, n.accusation(r, v)})
		default:
			suspected = append(suspected, item{r, v.say("：疑似：", ": suspected: ") + n.words(f.Text, f.Publicity, v)})
		}
	}
	return n.byUnit(suspected), n.byUnit(stated)
}

// toldOf reports whether people know of a finding, of a state whichever indicator it
// fails. Where nothing says which they
// know, nights do.
func (n *news) toldOf(s Suspicion) bool {
	switch {
	case n.told.Suspected != nil && s.ByState:
		return n.accused[s.Subject]
	case n.told.Suspected != nil:
		return n.known[s.ID]
	}
	return s.ByState && accusing(n.last(s.Subject).State)
}

// settled reports whether people have said that a finding is none, or is not to be
// counted, when it was found last.
func (n *news) settled(id string) bool {
	if n.board.Book == nil {
		return false
	}
	x := n.board.Book.Case(id)
	if x == nil || len(x.Occurrences) == 0 {
		return false
	}
	switch o := x.Occurrences[len(x.Occurrences)-1]; o.State {
	case cases.Unfounded:
		return !o.Withdrawn()
	case cases.Exempted:
		return !o.Lapsed(n.today)
	}
	return false
}

// concerns reports whether a channel is told of a unit's findings. What is inside is
// for those who see the whole city.
func (n *news) concerns(c inventory.Channel, unit string, inside bool) bool {
	return len(c.Units) == 0 || !inside && slices.ContainsFunc(c.Units, func(u string) bool { return n.board.Below(unit, u) })
}

// words is the text of a finding as it may be sent: none of what is not to be named,
// and no number of a person.
func (n *news) words(text, publicity string, v voice) string {
	if publicity == cases.Outlined || publicity == cases.Internal {
		return v.say("内容请到控制台查看", "see the console")
	}
	return safe(proof.Mask(n.board.City.Proof.Mask, text))
}

// rowOf is a subject's row; what is on no table, as an account that is offline or all
// accounts of a unit on a platform, has one of its name.
func (n *news) rowOf(id, unit string) board.Row {
	if r, ok := n.board.Row(id); ok {
		return r
	}
	r := board.Row{ID: id, Kind: inventory.KindSite, Name: id, Unit: unit}
	if a, ok := n.board.City.Account(strings.TrimPrefix(id, "account:")); ok {
		r.Kind, r.Name, r.Platform = inventory.KindAccount, a.Name, a.Platform
	} else if u, ok := n.board.City.Unit(unit); ok {
		r.Name = u.Name
	}
	return r
}

// cleared are those that people were told of as suspected and that are not now: what
// is in order again, and what only was not found again.
func (n *news) cleared(c inventory.Channel, v voice) (over, gone []item) {
	if n.told.Suspected == nil {
		return n.recovered(n.rowsFor(c), v), nil
	}
	said := map[string]bool{}
	for _, s := range n.told.Suspected {
		r, ok := n.board.Row(s.Subject)
		if _, there := n.present[s.ID]; there || !ok || n.still(s) || !n.concerns(c, r.Unit, s.Inside && !s.ByState) {
			continue
		}
		switch {
		case !s.ByState:
			publicity := ""
			if s.Inside {
				publicity = cases.Internal
			}
			gone = append(gone, item{r, v.say("：", ": ") + n.words(s.Text, publicity, v)})
		case !said[r.ID]:
			said[r.ID] = true
			over = append(over, item{r, newestOf(r, v)})
		}
	}
	return n.byUnit(over), n.byUnit(gone)
}

// recovered are those that would have been accused when last judged and are not now.
func (n *news) recovered(rows []board.Row, v voice) (all []item) {
	for _, r := range rows {
		if (r.State == rules.Fresh || r.State == rules.Due) && accusing(n.last(r.ID).State) {
			all = append(all, item{r, newestOf(r, v)})
		}
	}
	return n.byUnit(all)
}

func newestOf(r board.Row, v voice) string {
	if r.Newest.IsZero() {
		return ""
	}
	return v.say("：最近更新", ": newest ") + r.Newest.Day().Format(time.DateOnly)
}

// lasting are, once a week, the subjects that were accused before and are still, with
// since when.
func (n *news) lasting(rows []board.Row, v voice) (all []item) {
	if !n.weekly {
		return nil
	}
	accused := map[string]bool{} // and known to be
	for _, f := range n.present {
		if s := n.suspicion(f); s.ByState && n.toldOf(s) && !n.settled(f.ID) {
			accused[f.Subject] = true
		}
	}
	for _, r := range rows {
		if !accused[r.ID] {
			continue
		}
		nights := n.nights(r.ID, func(c board.Cell) bool { return accusing(c.State) }, func(c board.Cell) bool { return c.State == rules.Unknown })
		all = append(all, item{r, n.accusation(r, v) + lasts(nights, v)})
	}
	return n.byUnit(all)
}

// lasts says for how many nights something has been so.
func lasts(nights int, v voice) string {
	if nights < 2 {
		return ""
	}
	return fmt.Sprintf(v.say("，已%d夜", ", for %d nights"), nights)
}

// nights counts for how many nights up to this one a subject has been so; those in
// which nobody could tell are passed over.
func (n *news) nights(id string, so, untold func(board.Cell) bool) (count int) {
	for _, night := range slices.Backward(n.board.Recent(len(n.board.Nights))) {
		switch c := night.Cell(id); {
		case so(c):
			count++
		case !untold(c):
			return count
		}
	}
	return count
}

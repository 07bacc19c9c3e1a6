package extract

import (
	"fmt"
	"slices"
	"time"
)

// accepts is the least confidence with which an induced list may stand in for a
// recipe that no longer fits, and nobody has approved it. It must also show
// items that the column showed before.
const accepts = 0.70

// A recipe that no longer fits must neither silence a column nor accuse its
// unit. What earlier nights knew of the list decides:
//
//   - rows between the dates seen before that were not seen before are another
//     list's;
//   - an item that stood there before cannot be newer now than everything was
//     then: where many are, the dates are not those of publication;
//   - a newest date that moves backwards is a question;
//   - a list that was full is not simply blank.

// settle holds a sheet of a first page against what is known of the list, and
// lets an induced list stand in where the recipe found none or another one.
func (r *reader) settle(d *document, s sheet) sheet {
	p := r.past
	if r.unguided() {
		if s.obstacle == nil && p != nil && p.foreign(s.rows) {
			s.obstacle, s.rows = hindered(ReasonLost, "none of the items that stood here on %s are left, though older ones are: this is another list", p.when()), nil
		}
		return s
	}
	why := ""
	switch {
	case s.empty && p != nil && !p.several:
		return p.emptied(s)
	case s.obstacle != nil && s.obstacle.reason == ReasonLost:
		why = s.obstacle.detail
	case s.obstacle == nil && !s.empty && undated(s.rows) != nil:
		why = "the rows it finds show no dates"
	case s.obstacle == nil && !s.empty && p != nil && p.foreign(s.rows):
		why = fmt.Sprintf("none of the items that stood here on %s are left, though older ones are: it finds another list", p.when())
		s = sheet{doc: d, obstacle: hindered(ReasonLost, "%s", why)}
	default:
		return s
	}
	return r.standIn(d, s, why)
}

// emptyFor is how long a list that held items must stay empty before it is blank:
// a template that broke in the night is mended in the morning.
const emptyFor = 40 * time.Hour

// emptied judges a list that held items and is empty.
func (p *past) emptied(s sheet) sheet {
	now := s.doc.page.FetchedAt
	since := p.Emptied
	if since.IsZero() {
		since = now
	}
	s.emptied = since
	if now.Sub(since) >= emptyFor {
		s.notes = append(s.notes, fmt.Sprintf("%d items stood here on %s", p.Rows, p.when()))
		return s
	}
	s.empty, s.obstacle = false, hindered(ReasonLost, "the list is empty, and %d items stood there on %s: deleted or broken; blank if it stays so", p.Rows, p.when())
	return s
}

// standIn looks for the list by itself. What it finds is proposed, and read at
// once where it is certain and shows the items of the nights before.
func (r *reader) standIn(d *document, s sheet, why string) sheet {
	crops := r.crops(d, false)
	if len(crops) == 0 || crops[0].confidence < sure || !crops[0].dated {
		return s
	}
	best := crops[0]
	for _, c := range crops[1:] {
		if r.past.shared(c.rows) > r.past.shared(best.rows) && c.dated && c.confidence >= sure {
			best = c
		}
	}
	p := best.proposal()
	p.Why = cut(why+"; proposed because "+p.Why, maxDetail)
	s.found = p
	if best.confidence < accepts || !r.past.continues(best.rows) {
		return s
	}
	p.Accepted = true
	return sheet{rows: best.rows, more: best.more, shape: best.shape, method: methodInduced, found: p}
}

// shared counts the rows that stood on the list before.
func (p *past) shared(rows []row) int {
	n := 0
	if p != nil {
		for _, r := range rows {
			if p.saw(r) {
				n++
			}
		}
	}
	return n
}

// continues reports whether rows are the list that was seen before: they repeat
// enough of it, and do not end before it did.
func (p *past) continues(rows []row) bool {
	if p == nil {
		return false
	}
	shared := p.shared(rows)
	want := min(3, len(p.Links), len(rows))
	least := min(len(p.Links), len(rows)) * 2 / 5
	newest := newestOf(rows)
	between, missing := p.between(rows)
	return shared >= max(want, least, 1) && missing*4 <= between && (p.several || !newest.Day().Before(p.Newest.Day()))
}

// between counts the rows that lie between the dates seen before, and of those
// the ones that were not seen. Days at either end may have been cut by the page.
func (p *past) between(rows []row) (between, missing int) {
	for _, r := range rows {
		day := r.item.Date.Day()
		if !r.dated() || !day.After(p.Oldest.Day()) || !day.Before(p.Newest.Day()) {
			continue
		}
		between++
		if !p.saw(r) {
			missing++
		}
	}
	return between, missing
}

// foreign reports whether rows are another list's: of those that lie between the
// dates seen before, next to none were seen.
func (p *past) foreign(rows []row) bool {
	if p.several {
		return false
	}
	if between, missing := p.between(rows); between >= 3 && p.Rows <= keptRows {
		return missing*5 >= between*4
	}
	// No row can tell: then some item must have stayed, unless all are newer.
	return p.shared(rows) == 0 && len(p.Links) >= 3 && !newestOf(rows).Day().After(p.Newest.Day())
}

func (p *past) when() string { return p.At.In(Beijing).Format(time.DateOnly) }

// movedRows is how many items must show a later date than they can have had
// before a page is taken to print other days than those of publication.
const movedRows = 3

// review looks at the dates of a list that was read, as a whole: it may take the
// dates from rows, turn the reading into a lower bound, or refuse it.
func (p *past) review(rows []row) (bound string, o *obstacle) {
	if oneDay(rows) {
		bound = "every item shows one day, which may be that of a migration and not of publication"
	}
	if p == nil {
		return bound, nil
	}
	moved, known := p.moved(rows)
	if len(moved) >= movedRows {
		p.disbelieve(rows, moved)
		said := fmt.Sprintf("%d items that stood here on %s, when the newest date was %s, now show later dates: they are not those of publication", len(moved), p.when(), p.Newest.Time.In(Beijing).Format(time.DateOnly))
		if 2*len(moved) >= known {
			return "", hindered(ReasonUndated, "%s", said)
		}
		return said, nil
	}
	newest := newestOf(rows)
	switch {
	case len(moved) > 0:
		return "an item that stood here before shows a later date than it can have had", nil
	case newest.Day().Before(p.Newest.Day()):
		return fmt.Sprintf("the newest date moved backwards: on or before %s it was %s", p.when(), p.Newest.Time.In(Beijing).Format(time.DateOnly)), nil
	case p.Rows >= 6 && len(rows)*3 < p.Rows:
		return fmt.Sprintf("only %d of the %d items are left that stood here on %s", len(rows), p.Rows, p.when()), nil
	}
	return bound, nil
}

// moved returns the days of the items that stood there before and now show a
// later date than any item did then, and counts all that stood there before.
func (p *past) moved(rows []row) (days []time.Time, known int) {
	same := p.identity(rows)
	for _, r := range rows {
		if r.dated() && same(r) {
			known++
			if r.item.Date.Day().After(p.Newest.Day()) {
				days = append(days, r.item.Date.Day())
			}
		}
	}
	return days, known
}

// identity returns how an item of these rows is told to be one seen before: by
// address and title, or by title alone where every address has changed. Many
// columns give each new item the title of the last.
func (p *past) identity(rows []row) func(row) bool {
	titles := make(map[string]int)
	kept := false
	for _, r := range rows {
		kept = kept || p.known["l"+digest(r.key)]
		titles[titleKey(r.item.Title)]++
	}
	return func(r row) bool {
		return p.sawTitle(r.item.Title) && (p.known["l"+digest(r.key)] || !kept && titles[titleKey(r.item.Title)] == 1)
	}
}

// disbelieve takes the dates from rows that show one of the days to which known
// items moved: a new item among them shows no better.
func (p *past) disbelieve(rows []row, moved []time.Time) {
	for i, r := range rows {
		if r.dated() && slices.ContainsFunc(moved, r.item.Date.Day().Equal) {
			rows[i].item.Date = Date{}
		}
	}
}

// withoutOld leaves out the rows whose date lies in the future though they stood
// there before: whatever their day, they are not new.
func (p *past) withoutOld(rows []row) []row {
	if p == nil {
		return rows
	}
	return slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.ahead > 0 && p.saw(r) })
}

// backwards reports whether a list that was read ends before what was known of
// it: then that stays known, because it is the question.
func backwards(rows []row, known *Fingerprint) bool {
	return known != nil && newestOf(rows).Day().Before(known.Newest.Day())
}

// oneDay reports whether a list of some length shows a single day.
func oneDay(rows []row) bool {
	var day time.Time
	n := 0
	for _, r := range rows {
		if !r.dated() {
			continue
		}
		if n++; n > 1 && !r.item.Date.Day().Equal(day) {
			return false
		}
		day = r.item.Date.Day()
	}
	return n >= 8
}

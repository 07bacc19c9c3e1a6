package extract

import (
	"fmt"
	"slices"
	"time"
)

// datedShare is the share of rows, in percent, that must show a date before a
// list counts as dated.
const datedShare = 60

// maxNotes bounds the notes of one kind.
const maxNotes = 3

// conclude merges the lists of a task into its reading. It is conclusive only if
// every list is.
func (r *reader) conclude(chains []chain) Reading {
	out := Reading{Outcome: Empty, Complete: true, Method: r.method(chains[0].first.method), Charset: chains[0].first.charset, Name: chains[0].first.name}
	var rows []row
	var first *obstacle
	for _, c := range chains {
		o := c.obstacle
		if o == nil && !c.empty {
			out.Outcome = Dated
			o = c.undated()
		}
		out.Notes, out.Moved = append(out.Notes, c.notes...), append(out.Moved, c.moved...)
		if o != nil && first == nil {
			first = &obstacle{reason: o.reason, class: o.class, detail: r.where(c) + o.detail}
		}
		out.Notes = append(out.Notes, c.first.notes...)
		out.AtLeast = out.AtLeast || c.more || lowerBound(r.past.withoutOld(c.rows))
		out.Complete = out.Complete && c.complete
		rows = append(rows, c.rows...)
	}
	rows = unseenRows(rows, make(map[string]bool))
	if len(rows) > MaxItems {
		rows, out.Complete = rows[:MaxItems], false
	}
	if first == nil && out.Outcome == Dated {
		first = r.review(&out, rows)
	}
	r.fill(&out, rows)
	r.remember(&out, chains[0].first, rows, first == nil && out.Outcome == Dated)
	out.Unlabelled = !slices.ContainsFunc(chains, func(c chain) bool { return !c.unlabelled })
	if first != nil {
		out.Outcome, out.Reason, out.Detail = Unread, first.reason, cut(first.detail, maxDetail)
		out.Complete, out.AtLeast = false, !out.Newest.IsZero()
	}
	return out
}

// review holds the dates of a list against those it showed before.
func (r *reader) review(out *Reading, rows []row) *obstacle {
	bound, o := r.past.review(rows)
	if o != nil {
		return o
	}
	if bound != "" {
		out.AtLeast = true
		out.Notes = append(out.Notes, bound)
	}
	return nil
}

// remember writes down what is known of the list now, and the recipe that was
// induced for it.
func (r *reader) remember(out *Reading, s sheet, rows []row, read bool) {
	out.List = r.task.Before
	if !s.emptied.IsZero() && r.task.Before != nil {
		known := *r.task.Before
		known.Emptied = s.emptied
		out.List = &known
	}
	if read && s.doc != nil && !backwards(rows, r.task.Before) {
		out.List = fingerprint(rows, s.shape, s.doc.page, r.task.Before)
	}
	if s.found == nil {
		out.Proposal = s.spared
		return
	}
	if out.Proposal = s.found; s.spared != nil {
		out.Proposal = s.spared
	}
	if s.method == methodInduced {
		out.Confidence = s.found.Confidence
	}
	switch {
	case !s.found.Accepted:
	case s.found.URL != "":
		out.Notes = append(out.Notes, s.found.Why)
	default:
		out.Notes = append(out.Notes, "the recipe no longer fits; the list was found anew: "+s.found.Why)
	}
}

// undated returns an obstacle if too few rows show a date. Rows whose date lies
// in the future do show one and are left out of the share.
func undated(rows []row) *obstacle {
	dated, count := 0, 0
	for _, r := range rows {
		switch {
		case r.dated():
			dated++
			count++
		case r.ahead == 0:
			count++
		}
	}
	switch {
	case count == 0 && len(rows) > 0:
		return hindered(ReasonUndated, "every date lies after the day of the fetch")
	case dated == 0 || dated*100 < count*datedShare:
		return hindered(ReasonUndated, "%d of %d rows show a date", dated, count)
	}
	return nil
}

// lowerBound reports whether a list may hold a newer item than its newest dated
// one: a row without a date above it; anywhere, if the list is not sorted; or a
// row dated tomorrow, which is new whatever its true day.
//
// Where as many rows lie ahead as do not, the dates are not those of
// publication, and what is left of them proves nothing either.
func lowerBound(rows []row) bool {
	newest, ahead, past := -1, 0, 0
	for i, r := range rows {
		switch {
		case r.ahead == 1:
			return true
		case r.ahead > 1:
			ahead++
		case r.dated():
			past++
		}
		if r.dated() && (newest < 0 || r.item.Date.Time.After(rows[newest].item.Date.Time)) {
			newest = i
		}
	}
	if newest < 0 {
		return false
	}
	if ahead > past {
		return true
	}
	return slices.ContainsFunc(rows[:newest], row.bare) ||
		slices.ContainsFunc(rows[newest:], row.bare) && !downwards(rows[newest:])
}

// bare reports whether a row shows no date, not even one that is not believed.
func (r row) bare() bool { return !r.dated() && r.ahead == 0 }

// downwards reports whether no dated row is newer than the one before it.
func downwards(rows []row) bool {
	var last time.Time
	for _, r := range rows {
		if !r.dated() {
			continue
		}
		day := r.item.Date.Day()
		if !last.IsZero() && day.After(last) {
			return false
		}
		last = day
	}
	return true
}

// fill puts the rows and what follows from them into a reading.
func (r *reader) fill(out *Reading, rows []row) {
	missing, inferred, future := 0, 0, 0
	for i, row := range rows {
		out.Items = append(out.Items, row.item)
		out.Momentary = out.Momentary || row.momentary
		d := row.item.Date
		switch {
		case row.ahead > 0:
			if future++; future <= maxNotes {
				out.Notes = append(out.Notes, fmt.Sprintf("a date after the day of the fetch was not believed: %q of %q", row.item.Source, cut(row.item.Title, 60)))
			}
			continue
		case d.IsZero():
			missing++
			continue
		case d.Inferred:
			inferred++
		}
		if out.Newest.IsZero() || d.Time.After(out.Newest.Time) {
			out.Newest, out.NewestItem = d, i
		}
		if !r.task.Since.IsZero() && d.Day().Before(DayOf(r.task.Since)) {
			out.Older = true
		}
	}
	if missing > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("%d of %d rows show no date that can be believed", missing, len(rows)))
		if r.task.Question == AskSince {
			out.Complete = false
		}
	}
	if inferred > 0 {
		out.Notes = append(out.Notes, fmt.Sprintf("the year of %d dates is inferred", inferred))
	}
}

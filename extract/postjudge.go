package extract

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// judgeRows says what the posts that a source showed come to.
func (r *reader) judgeRows(t *tried) {
	rows := plainRows(t.sheet.rows)
	if !t.sheet.sure {
		t.fail(HindForeign, hindered(ReasonLost, "nothing says that the %d posts are this account's: they name %s", len(rows), t.sheet.whose()))
		return
	}
	t.Newest = latest(rows)
	if t.Newest.IsZero() {
		what := "none of the %d posts bears a time"
		if slices.ContainsFunc(rows, func(r row) bool { return r.ahead > 0 }) {
			what = "the times of the %d posts lie after the look, or they bear none"
		}
		t.fail(HindUndated, hindered(ReasonUndated, what, len(rows)))
		return
	}
	t.Outcome = Dated
	t.Hindrance, t.note = r.doubts(t, rows)
	t.AtLeast = t.note != ""
	t.Detail = fmt.Sprintf("%d posts, the newest of %s", len(rows), spoken(t.Newest))
	if t.note != "" {
		t.Detail += "; " + t.note
	}
}

// whose names for people whose posts a sheet holds.
func (s postSheet) whose() string {
	switch {
	case s.mixed:
		return "several accounts"
	case s.name != "":
		return "\"" + cut(s.name, 60) + "\""
	}
	return "nobody"
}

// latest returns the greatest date of rows, of two on one day the one that is
// exact to the minute.
func latest(rows []row) Date {
	var out Date
	for _, r := range rows {
		if r.dated() && (out.IsZero() || r.item.Date.Time.After(out.Time)) {
			out = r.item.Date
		}
	}
	return out
}

// spoken writes a date for people.
func spoken(d Date) string {
	if d.Minute {
		return d.Time.In(Beijing).Format("2006-01-02 15:04")
	}
	return d.Time.In(Beijing).Format(time.DateOnly)
}

// judgeNothing says why a source showed no posts.
func (r *reader) judgeNothing(t *tried, forms []*postForm, all []*reply, lost *obstacle) {
	s := t.sheet
	h, o := r.hindrance(t.PostSource, forms, all)
	before := r.task.Before
	switch {
	case s.foreign:
		t.fail(HindForeign, hindered(ReasonLost, "what it shows is another account's, by its UID %q", cut(strings.Join(s.uids, ", "), 80)))
	case h != "" && h != HindEmpty || o != nil && h == "":
		t.fail(h, o)
	case s.found && s.counted && s.posts == 0 && s.failure == "" && t.Whole != WholeNever && (before == nil || before.Rows == 0):
		t.Outcome, t.Detail = Empty, "the answer states 0 posts"
	case s.found || h == HindEmpty:
		t.fail(HindEmpty, hindered(ReasonLost, "the list is empty: hidden from us, or truly without posts; %s", saidOf(s)))
	case s.refused:
		t.fail(HindVisitor, hindered(ReasonBlocked, "the answer holds nothing in the place of its list; %s", saidOf(s)))
	case s.failure != "":
		t.fail("", hindered(ReasonLost, "the answer says %s", s.failure))
	case s.name != "":
		t.fail("", hindered(ReasonLost, "the answer shows the account's profile and no posts"))
	case lost != nil:
		t.fail("", lost)
	default:
		t.fail("", hindered(ReasonLost, "nothing in the answer has a form of its posts"))
	}
}

// saidOf adds what an answer without posts says besides.
func saidOf(s postSheet) string {
	switch {
	case s.failure != "":
		return "the answer says " + s.failure
	case s.counted:
		return fmt.Sprintf("the answer states %d posts", s.posts)
	}
	return "the answer does not state how many there are"
}

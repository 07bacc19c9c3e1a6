package extract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// How old an answer may be: one that states when it was made, and a feed, which
// its maker renews by its own clock.
const (
	madeWithin      = 24 * time.Hour
	generatedWithin = 2 * 24 * time.Hour
)

// fewerFor is for how long an account must be shown with fewer posts, the newest
// gone, before they are taken to be deleted: an old answer looks the same.
const fewerFor = 3 * 24 * time.Hour

// doubts says what speaks against the newest post of a list being the account's
// newest, "" if nothing does.
func (r *reader) doubts(t *tried, rows []row) (Hindrance, string) {
	s, before := t.sheet, r.task.Before
	older := before != nil && !before.Newest.IsZero() && before.Newest.Day().After(t.Newest.Day())
	switch {
	case !s.made.IsZero() && t.at.Sub(s.made) > madeWithin:
		return HindOldList, "the answer was made on " + s.made.Format("2006-01-02 15:04")
	case ageOf(s.first) > madeWithin:
		return HindOldList, fmt.Sprintf("the answer was kept somewhere for %d hours", int(ageOf(s.first).Hours()))
	case !s.generated.IsZero() && t.at.Sub(s.generated) > generatedWithin:
		return HindOldList, "the feed was made on " + s.generated.Format("2006-01-02 15:04")
	case older && !(s.counted && s.posts < before.Posts):
		return HindOldList, fmt.Sprintf("an earlier look saw a post of %s", spoken(before.Newest))
	case older && s.made.IsZero() && (before.Fewer.IsZero() || t.at.Sub(before.Fewer) < fewerFor):
		return HindOldList, fmt.Sprintf("an earlier look saw a post of %s: it was deleted, or the list is an old one", spoken(before.Newest))
	case r.grewUnseen(t, rows):
		return HindShort, fmt.Sprintf("the account has %d posts and had %d on %s, and none of the new ones is shown", s.posts, before.Posts, r.past.when())
	case s.more == no && s.counted && len(rows) < s.posts:
		return HindShort, fmt.Sprintf("no more are said to follow, and the account has %d", s.posts)
	}
	return "", r.incomplete(t, rows)
}

// grewUnseen reports whether an account has more posts than an earlier look was
// told, and its list does not show them.
func (r *reader) grewUnseen(t *tried, rows []row) bool {
	before, s := r.task.Before, t.sheet
	if r.past == nil || before.Posts == 0 || before.Newest.IsZero() || !s.counted || s.posts <= before.Posts {
		return false
	}
	fresh := 0
	for _, row := range rows {
		if row.dated() && !row.item.Date.Day().Before(before.Newest.Day()) && !r.past.saw(row) {
			fresh++
		}
	}
	return fresh == 0
}

// incomplete says what of the list itself speaks against it being whole.
func (r *reader) incomplete(t *tried, rows []row) string {
	s := t.sheet
	switch {
	case t.PostSource.Kind == FromLink:
		return "one post is no list"
	case t.Whole == WholeNever:
		return "the source is not known to show every post"
	case t.Whole == WholeCounted && (!s.counted || len(rows) != s.posts):
		return "the list is not as long as the account has posts"
	case s.part:
		return "the answer holds but a part of the posts: a later page, or those of one kind"
	case !slices.ContainsFunc(s.rows, func(r postRow) bool { return !r.top }):
		return "all posts are held on top of a list that is not shown"
	case s.mixed:
		return "the posts are of several accounts"
	case s.others.Day().After(t.Newest.Day()):
		return fmt.Sprintf("among its posts stands a later one, of %s, under another account's name", spoken(s.others))
	case s.cut:
		return fmt.Sprintf("there are more than %d posts", MaxItems)
	case !sorted(rows):
		return "the posts are not sorted by time"
	case lowerBound(rows):
		return "a post that may be newer bears no time"
	}
	return ""
}

// sorted reports whether posts stand newest first, below those held on top.
func sorted(rows []row) bool {
	top := -1
	var newest Date
	for i, r := range rows {
		if r.dated() && (top < 0 || r.item.Date.Day().After(newest.Day())) {
			newest, top = r.item.Date, i
		}
	}
	return top >= 0 && top <= MaxPinned && downwards(rows[top:])
}

// ageOf is for how long something on the way to us has kept an answer, by its own
// word.
func ageOf(p Page) time.Duration {
	n, err := strconv.ParseInt(strings.TrimSpace(p.HeaderValue("Age")), 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(n) * time.Second
}

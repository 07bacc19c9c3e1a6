package extract

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// concludePosts makes one reading of what the sources said.
func (r *reader) concludePosts(all []tried) Reading {
	out := Reading{Outcome: Unread, Momentary: true, List: r.task.Before}
	for _, t := range all {
		out.Tries = append(out.Tries, t.Try)
		if out.Charset == "" {
			out.Charset = t.sheet.charset
		}
	}
	out.fillAccount(all)
	dated := slices.DeleteFunc(slices.Clone(all), func(t tried) bool { return t.Outcome != Dated })
	switch empty := emptyOf(all); {
	case len(dated) > 0:
		r.fillPosts(&out, dated)
		out.AtLeast = empty != nil || !wholeAmong(dated)
		out.Hindrance = all[0].Hindrance
		r.rememberPosts(&out, dated)
	case empty != nil:
		out.Outcome, out.Complete, out.From, out.Hindrance = Empty, true, empty.Try.Kind, all[0].Hindrance
	default:
		told := telling(all)
		out.Reason, out.Hindrance = told.Reason, told.Hindrance
	}
	out.Detail, out.Method = summary(out, all), r.method(methodOf(out, all))
	return out
}

// emptyOf returns the source that states that there are no posts, nil without
// one.
func emptyOf(all []tried) *tried {
	for i := range all {
		if all[i].Outcome == Empty {
			return &all[i]
		}
	}
	return nil
}

// wholeAmong reports whether a source is whole and no other shows a later post.
func wholeAmong(dated []tried) bool {
	return slices.ContainsFunc(dated, func(w tried) bool {
		return !w.AtLeast && !slices.ContainsFunc(dated, func(t tried) bool {
			return t.Newest.Day().After(w.Newest.Day()) || w.repeats(t)
		})
	})
}

// repeats reports whether a feed ends with the post with which a list of the
// platform's own ends that is doubted: its maker was shown the same list.
func (w tried) repeats(t tried) bool {
	return w.PostSource.Kind == FromFeed && t.PostSource.Kind != FromFeed && t.AtLeast && t.Hindrance != "" && t.Newest.Day().Equal(w.Newest.Day())
}

// telling returns the source that says best why nothing is seen: one that speaks
// of the account itself, else the strongest.
func telling(all []tried) tried {
	for _, t := range all {
		if t.Hindrance.OfAccount() {
			return t
		}
	}
	return all[0]
}

// summary says what each source said, of an account that was not read. Of one
// that was, the tries themselves do.
func summary(out Reading, all []tried) string {
	if out.Outcome != Unread {
		return ""
	}
	var said []string
	for _, t := range all {
		said = append(said, t.sumUp())
	}
	return cut(strings.Join(said, "; "), maxDetail)
}

// sumUp says for people what a source came to.
func (t tried) sumUp() string {
	s := fmt.Sprintf("%s %s: ", t.Try.Kind, t.Host)
	if t.Outcome != Unread {
		return s + t.Detail
	}
	s += string(t.Reason)
	if t.Hindrance != "" {
		s += " (" + string(t.Hindrance) + ")"
	}
	if t.Detail != "" {
		s += ", " + t.Detail
	}
	return s
}

// methodOf is how the source was read that the reading rests on, else the
// strongest.
func methodOf(out Reading, all []tried) string {
	for _, t := range all {
		if t.Try.Kind == out.From && t.sheet.method != "" {
			return t.sheet.method
		}
	}
	return all[0].sheet.method
}

// fillAccount takes what is shown of the account itself from the strongest
// source that shows it. What is another account's, or may be, says nothing of this
// one.
func (out *Reading) fillAccount(all []tried) {
	for _, t := range all {
		s := t.sheet
		if s.foreign || !s.sure && t.Try.Kind != FromFeed || t.Try.Kind == FromLink && t.Outcome != Dated {
			continue
		}
		for _, p := range []struct{ to, from *string }{{&out.Name, &s.name}, {&out.Owner, &s.owner}, {&out.Avatar, &s.avatar}} {
			if *p.to == "" {
				*p.to = *p.from
			}
		}
		if out.Posts == 0 && s.counted {
			out.Posts = s.posts
		}
	}
}

// fillPosts puts the posts of all sources that showed some into a reading, each
// once, and the newest of them.
func (r *reader) fillPosts(out *Reading, dated []tried) {
	out.Outcome = Dated
	seen := map[string]bool{}
	var rows []row
	for _, t := range dated {
		if out.From == "" || t.Newest.Time.After(out.Newest.Time) {
			out.Newest, out.From = t.Newest, t.Try.Kind
		}
		for _, p := range t.sheet.rows {
			same := letters(p.item.Title) + p.item.Date.Day().Format("20060102")
			if seen[p.key] || len(letters(p.item.Title)) > 12 && seen[same] && p.item.Date.Time.Before(out.Newest.Time) {
				continue
			}
			seen[p.key], seen[same] = true, true
			rows = append(rows, p.row)
		}
		if t.note != "" {
			out.Notes = append(out.Notes, fmt.Sprintf("%s %s: %s", t.Try.Kind, t.Host, t.note))
		}
	}
	if len(rows) > MaxItems {
		rows = rows[:MaxItems]
	}
	out.Newest = Date{}
	r.fill(out, rows)
	first := dated[0]
	out.Complete = len(dated) == 1 && !first.AtLeast && first.sheet.counted && first.sheet.posts == len(rows)
	out.Momentary = true
}

// rememberPosts writes down what is known of the account's posts now. A list
// that is older or shorter than what was seen before is the question and not the
// answer.
func (r *reader) rememberPosts(out *Reading, dated []tried) {
	before := r.task.Before
	shrank := before != nil && before.Posts > 0 && out.Posts > 0 && out.Posts < before.Posts
	old := before != nil && out.Newest.Day().Before(before.Newest.Day())
	if believed := slices.ContainsFunc(dated, func(t tried) bool { return t.Hindrance != HindOldList }); old && !(shrank && believed) {
		known := *before
		switch {
		case !shrank:
			known.Fewer = time.Time{}
		case known.Fewer.IsZero():
			known.Fewer = dated[0].at
		}
		out.List = &known
		return
	}
	var rows []row
	for _, t := range dated {
		rows = append(rows, plainRows(t.sheet.rows)...)
	}
	page := dated[0].sheet.first
	list := fingerprint(rows, "posts", page, before)
	if shrank {
		list.Newest = out.Newest
	}
	if list.Posts = out.Posts; before != nil {
		unseen := slices.ContainsFunc(dated, func(t tried) bool { return r.grewUnseen(&t, plainRows(t.sheet.rows)) })
		if out.Posts == 0 || unseen {
			list.Posts = before.Posts
		}
	}
	out.List = list
}

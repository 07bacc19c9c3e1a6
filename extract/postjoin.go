package extract

import "slices"

// A page that a browser shows asks for much besides an account's posts: for what
// others post, and what the visitor may like. Only what is surely the account's
// counts where anything is.

// gathered makes one sheet of those that the answers of a source came to, nil of
// none.
func gathered(sheets []postSheet) *postSheet {
	sure := slices.ContainsFunc(sheets, func(s postSheet) bool { return s.sure && s.lists() })
	told := slices.ContainsFunc(sheets, func(s postSheet) bool { return !s.foreign && (s.lists() || s.says()) })
	var all *postSheet
	for _, s := range sheets {
		switch {
		case sure && !s.sure, told && s.foreign:
		case all == nil:
			all = &s
		default:
			all.join(s)
		}
	}
	return all
}

// lists reports whether an answer holds a list of posts, or nothing in its place.
func (s postSheet) lists() bool { return len(s.rows) > 0 || s.found || s.refused }

// join adds what another answer of the same source says: further posts, or the
// account's profile.
func (s *postSheet) join(o postSheet) {
	if len(s.rows) == 0 && len(o.rows) > 0 {
		*s, o = o, *s
	}
	at := make(map[string]int, len(s.rows))
	for i, r := range s.rows {
		at[r.key] = i
	}
	for _, r := range o.rows {
		s.add(r, at)
	}
	if len(o.rows) > 0 {
		s.sure, s.part = s.sure && o.sure, s.part && o.part
		if o.more != unstated {
			s.more = o.more
		}
	}
	if !s.counted {
		s.posts, s.counted = o.posts, o.counted
	}
	for _, p := range []struct{ to, from *string }{{&s.name, &o.name}, {&s.owner, &o.owner}, {&s.avatar, &o.avatar}, {&s.failure, &o.failure}} {
		if *p.to == "" {
			*p.to = *p.from
		}
	}
	if !o.made.IsZero() && (s.made.IsZero() || o.made.Before(s.made)) {
		s.made = o.made
	}
	if o.others.Time.After(s.others.Time) {
		s.others = o.others
	}
	s.found, s.refused = s.found || o.found, s.refused || o.refused
	s.foreign, s.mixed, s.cut = s.foreign || o.foreign, s.mixed || o.mixed, s.cut || o.cut
}

package extract

import (
	"net/url"
	"slices"
	"strings"
)

// Whose posts an answer shows is told by the account's UID, never by its name:
// that may have changed. Lists hold posts of others among the account's own, as
// those that it liked; they are left out.

// ownership is what a statement of UIDs says of a UID.
type ownership byte

const (
	unknownOwner ownership = iota // nothing that can be compared
	own
	another
)

// foldUID brings a UID to one spelling: as it is, without what addresses add.
func foldUID(s string) string {
	s = strings.TrimSpace(s)
	if plain, err := url.QueryUnescape(strings.ReplaceAll(s, "+", "%2B")); err == nil {
		s = plain
	}
	return strings.TrimRight(s, "=")
}

// owns compares what an answer states with a UID. A platform has several for one
// account, a number and a token; two that are not of one kind say nothing.
func owns(stated []string, uid string) ownership {
	uid = foldUID(uid)
	if uid == "" {
		return unknownOwner
	}
	out := unknownOwner
	for _, s := range stated {
		switch s = foldUID(s); {
		case s == "" || s == "0":
		case s == uid:
			return own
		case kindOfUID(s) == kindOfUID(uid):
			out = another
		}
	}
	return out
}

// kindOfUID tells numbers, tokens that a program made, and names that a person
// chose apart.
func kindOfUID(s string) string {
	const token = 24 // bytes from which on nobody chose it
	switch {
	case strings.Trim(s, "0123456789") == "":
		return "number"
	case len(s) >= token:
		return "token"
	}
	return "name"
}

// foldName is [FoldName] without regard to case: whose post it is hangs on no
// capital letter.
func foldName(s string) string { return strings.ToLower(FoldName(s)) }

// keepOwn leaves out the rows of others, and all of them where they are another
// account's.
func (s *postSheet) keepOwn(about *Posting) {
	uid := ""
	if about != nil {
		uid = about.UID
	}
	var count [another + 1]int
	for _, r := range s.rows {
		count[owns(r.uids, uid)]++
	}
	switch {
	case count[own] > 0:
		s.keep(func(r postRow) bool { return owns(r.uids, uid) == own })
	case count[another] > 0, owns(s.uids, uid) == another:
		s.foreign, s.rows = true, nil
	case owns(s.uids, uid) == own:
	default:
		s.keepMost(about)
	}
}

// keepMost keeps the rows of the account that most rows are of, where nothing
// says which account is meant. Without one that has more than half of them the
// rows are of several, and none is named.
func (s *postSheet) keepMost(about *Posting) {
	votes := map[string]int{}
	for _, r := range s.rows {
		votes[r.whose()]++
	}
	if len(votes) < 2 {
		return
	}
	if about != nil && about.Name != "" {
		registered := foldName(about.Name)
		if slices.ContainsFunc(s.rows, func(r postRow) bool { return foldName(r.name) == registered }) {
			s.keep(func(r postRow) bool { return foldName(r.name) == registered })
			return
		}
	}
	for who, n := range votes {
		if who != "" && 2*n > len(s.rows) {
			s.keep(func(r postRow) bool { return r.whose() == who })
			return
		}
	}
	s.mixed = true
}

// whose is what tells a row's account from another's, "" where nothing does.
func (r postRow) whose() string {
	if len(r.uids) > 0 {
		return "u" + foldUID(r.uids[0])
	}
	if r.name != "" {
		return "n" + foldName(r.name)
	}
	return ""
}

// keep keeps some rows.
func (s *postSheet) keep(which func(postRow) bool) {
	s.rows = slices.DeleteFunc(s.rows, func(r postRow) bool { return !which(r) })
}

// someUIDs reports whether any row says whose it is.
func (s *postSheet) someUIDs() bool {
	return slices.ContainsFunc(s.rows, func(r postRow) bool { return len(r.uids) > 0 })
}

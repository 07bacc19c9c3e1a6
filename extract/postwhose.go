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
		s.sure = true
		of := s.kinOf(uid)
		s.keep(func(r postRow) bool {
			o := owns(r.uids, uid)
			return o == own || o == unknownOwner && of.holds(r)
		})
	case count[another] > 0, owns(s.uids, uid) == another:
		s.foreign, s.rows = true, nil
	case owns(s.uids, uid) == own:
		s.sure = true
	default:
		s.keepMost(about)
	}
}

// A kin is what the rows that are surely an account's call it by: rows of another
// form state another of its UIDs, or its name alone.
type kin struct{ uids, names map[string]bool }

func (s *postSheet) kinOf(uid string) kin {
	k := kin{map[string]bool{}, map[string]bool{}}
	for _, r := range s.rows {
		if owns(r.uids, uid) != own {
			continue
		}
		for _, u := range r.uids {
			k.uids[foldUID(u)] = true
		}
		k.names[foldName(r.name)] = true
	}
	return k
}

// holds reports whether a row is of the same account. One that states nothing is
// not known to be of another.
func (k kin) holds(r postRow) bool {
	if r.whose() == "" {
		return true
	}
	return r.name != "" && k.names[foldName(r.name)] || slices.ContainsFunc(r.uids, func(u string) bool { return k.uids[foldUID(u)] })
}

// surely reports whether anything but the rows' UIDs says that they are the
// account's: it was asked for by its UID, or its registered name is shown. Where
// nobody said whose posts are wanted, whatever is shown is.
func (s *postSheet) surely(about *Posting, p Page) bool {
	switch {
	case s.foreign:
		return false
	case about == nil || about.UID == "" && about.Name == "":
		return true
	case addressHolds(p.Asked, about.UID):
		return true
	case s.mixed:
		return false
	case s.name == "" && !s.someUIDs():
		return p.Why != WhyData // a page's script asks for much that is nobody's
	}
	return s.name != "" && foldName(s.name) == foldName(about.Name)
}

// addressHolds reports whether an address holds a UID, whole.
func addressHolds(address, uid string) bool {
	if uid = foldUID(uid); len(uid) < shortUID {
		return false
	}
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if slices.ContainsFunc(strings.Split(u.Path, "/"), func(part string) bool { return foldUID(part) == uid }) {
		return true
	}
	for _, values := range u.Query() {
		if slices.ContainsFunc(values, func(v string) bool { return foldUID(strings.ReplaceAll(v, " ", "+")) == uid }) {
			return true
		}
	}
	return false
}

// shortUID is the length below which a UID stands in an address by chance.
const shortUID = 5

// keepMost keeps the rows of the account that most rows are of, where nothing
// says which account is meant. Without one that has more than half of them the
// rows are of several, and none is named.
func (s *postSheet) keepMost(about *Posting) {
	votes := map[string]int{}
	for _, r := range s.rows {
		votes[r.whose()]++
	}
	if len(votes) < 2 || s.oneName() {
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

// oneName reports whether all rows are of one name, and none of them of another
// account than the first: they may state different UIDs of one.
func (s *postSheet) oneName() bool {
	first := s.rows[0]
	return first.name != "" && !slices.ContainsFunc(s.rows, func(r postRow) bool {
		return foldName(r.name) != foldName(first.name) ||
			slices.ContainsFunc(first.uids, func(u string) bool { return owns(r.uids, u) == another })
	})
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

// keep keeps some rows, and the newest date of the others.
func (s *postSheet) keep(which func(postRow) bool) {
	s.rows = slices.DeleteFunc(s.rows, func(r postRow) bool {
		if which(r) {
			return false
		}
		if r.dated() && r.item.Date.Time.After(s.others.Time) {
			s.others = r.item.Date
		}
		return true
	})
}

// someUIDs reports whether any row says whose it is.
func (s *postSheet) someUIDs() bool {
	return slices.ContainsFunc(s.rows, func(r postRow) bool { return len(r.uids) > 0 })
}

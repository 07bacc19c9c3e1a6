package rules

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"xuncha/extract"
	"xuncha/inventory"
)

// What several addresses answer alike in one round is not what was asked for: a
// portal page in place of every column, the notice that a whole site was
// replaced by, the page of a captive network or of a hijacked name server. It
// may read like a list and holds for none of them: such a look neither accuses
// nor clears, and says which other subjects showed the same.
//
// Three or more addresses with one page, byte for byte, or three or more columns
// or accounts with one list of items, make that certain; so does one column
// whose page is that of its own carrier's home page. Entries that name one
// address are one.

// enough is how many addresses with the same answer are no chance: two columns
// may well be one list under two names.
const enough = 3

// A sharer is one look at a subject that is a list at an address of its own.
type sharer struct {
	subject string
	carrier string // "" for an account
	address string
	home    bool
	look    int // its index among the looks at the subject
}

// A doubt replaces the reading of a look that is not its subject's own.
type doubt struct {
	reason extract.Reason
	detail string
}

// shared finds the looks that rest on what other subjects show too, by subject
// and index.
func (j *judge) shared() map[string]map[int]doubt {
	s := sharing{looks: j.in.Looks, doubts: map[string]map[int]doubt{}, pages: map[string]doubt{}}
	bodies, lists := newGroups(), newGroups()
	for _, of := range j.addresses() {
		for i, l := range j.in.Looks[of.subject] {
			if l.At.After(j.to) {
				continue
			}
			of.look = i
			bodies.add(bodyKey(l), of)
			if !of.home {
				lists.add(listKey(l, of.carrier == ""), of)
			}
		}
	}
	for _, key := range bodies.order {
		s.sameBody(key, bodies.by[key])
	}
	for _, key := range lists.order {
		if g := lists.by[key]; addressesOf(g) >= enough {
			s.doubtAll(g, extract.ReasonLost, "the same list of items")
		}
	}
	for _, c := range j.in.City.Carriers {
		for _, sec := range c.Sections {
			s.section(sec.ID)
		}
	}
	return s.doubts
}

// addresses lists the subjects that are one list at one address, in the order of
// the inventory.
func (j *judge) addresses() []sharer {
	var all []sharer
	for _, c := range j.in.City.Carriers {
		if c.Kind == inventory.Site && c.Home != "" {
			all = append(all, sharer{subject: c.ID, carrier: c.ID, address: place(c.Home), home: true})
		}
		for _, col := range c.Columns {
			var at []string
			for _, u := range col.URLs {
				at = append(at, place(u))
			}
			if len(at) > 0 {
				all = append(all, sharer{subject: col.ID, carrier: c.ID, address: strings.Join(at, " ")})
			}
		}
	}
	for _, a := range j.in.City.Accounts {
		if at := firstAddress(a); at != "" {
			all = append(all, sharer{subject: a.ID(), address: place(at)})
		}
	}
	return all
}

// firstAddress is where an account is asked first, "" where nobody knows.
func firstAddress(a inventory.Account) string {
	for _, source := range a.Sources {
		if source.URL != "" {
			return source.URL
		}
	}
	return a.Feed
}

// place is the one spelling of an address, with what a script may tell columns
// apart by.
func place(address string) string {
	_, fragment, _ := strings.Cut(address, "#")
	return inventory.Canonical(address) + "#" + fragment
}

// bodyKey names the round and every byte that a look rests on, "" where it rests
// on none. The page of an application that a script fills is the same for every
// column and says nothing.
func bodyKey(l Look) string {
	if len(l.Evidence) == 0 || l.Reading.Reason == extract.ReasonScript {
		return ""
	}
	key := l.Round
	for _, e := range l.Evidence {
		if e.SHA256 == "" {
			return ""
		}
		key += " " + e.SHA256
	}
	return key
}

// listKey names the round and the items a look shows, "" where it shows fewer
// than two or one without an address. Posts may have none: their moments tell
// them apart as well.
func listKey(l Look, posts bool) string {
	if len(l.Reading.Items) < 2 {
		return ""
	}
	h := sha256.New()
	for _, item := range l.Reading.Items {
		if item.Link == "" && (!posts || item.Date.IsZero()) {
			return ""
		}
		fmt.Fprintf(h, "%s\x00%s\x00", item.Title, item.Link)
		if item.Link == "" {
			fmt.Fprintf(h, "%d\x00", item.Date.Time.Unix())
		}
	}
	return fmt.Sprintf("%s %x", l.Round, h.Sum(nil))
}

// groups gathers showings by what they show, in the order of the first of each.
type groups struct {
	by    map[string][]sharer
	order []string
}

func newGroups() *groups { return &groups{by: map[string][]sharer{}} }

func (g *groups) add(key string, s sharer) {
	if key == "" {
		return
	}
	if g.by[key] == nil {
		g.order = append(g.order, key)
	}
	g.by[key] = append(g.by[key], s)
}

// addressesOf counts the different addresses of a group.
func addressesOf(group []sharer) int {
	seen := map[string]bool{}
	for _, s := range group {
		seen[s.address] = true
	}
	return len(seen)
}

// sharing gathers doubts.
type sharing struct {
	looks  map[string][]Look
	doubts map[string]map[int]doubt
	pages  map[string]doubt // by the key of a single page that is nobody's own
}

// sameBody judges a group that rests on the same bytes. A home page is its own
// answer as long as only columns of its carrier answer with it.
func (s *sharing) sameBody(key string, group []sharer) {
	at := slices.IndexFunc(group, func(of sharer) bool { return of.home })
	if at >= 0 && !slices.ContainsFunc(group, func(of sharer) bool { return of.carrier != group[at].carrier }) {
		home := group[at]
		for _, of := range group {
			if of.address != home.address {
				s.doubt(of, doubt{extract.ReasonGone, "the address answers with the home page of " + home.subject})
			}
		}
		return
	}
	if addressesOf(group) < enough {
		return
	}
	s.pages[key] = s.doubtAll(group, extract.ReasonGone, "the same page")
}

// doubtAll doubts every look of a group and names the others.
func (s *sharing) doubtAll(group []sharer, reason extract.Reason, what string) doubt {
	for _, of := range group {
		s.doubt(of, doubt{reason, fmt.Sprintf("%s answers for %s", what, others(group, of.subject))})
	}
	return doubt{reason, fmt.Sprintf("%s answers for %s", what, others(group, ""))}
}

// doubt notes a doubt about a look, the first that was found.
func (s *sharing) doubt(of sharer, d doubt) {
	if s.doubts[of.subject] == nil {
		s.doubts[of.subject] = map[int]doubt{}
	}
	if _, have := s.doubts[of.subject][of.look]; !have {
		s.doubts[of.subject][of.look] = d
	}
}

// section doubts the looks at a section that searched a page which is nobody's
// own.
func (s *sharing) section(id string) {
	for i, l := range s.looks[id] {
		for _, e := range l.Evidence {
			if d, ok := s.pages[l.Round+" "+e.SHA256]; ok {
				s.doubt(sharer{subject: id, look: i}, d)
			}
		}
	}
}

// maxNamed is how many other subjects a doubt names.
const maxNamed = 3

// others names the subjects of a group but one.
func others(group []sharer, but string) string {
	var names []string
	for _, of := range group {
		if of.subject != but && !slices.Contains(names, of.subject) {
			names = append(names, of.subject)
		}
	}
	if n := len(names) - maxNamed; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxNamed], ", "), n)
	}
	return strings.Join(names, ", ")
}

// doubted returns a look whose reading is not its subject's own: unread, with
// what was seen left out, because it was seen of something else.
func (l Look) doubted(d doubt) Look {
	if l.Reading.Outcome != extract.Unread || l.Reading.Reason == extract.ReasonUndated || l.Reading.Reason == extract.ReasonPartial {
		l.Reading = extract.Reading{
			Outcome: extract.Unread, Reason: d.reason, Detail: d.detail, Method: l.Reading.Method, Charset: l.Reading.Charset,
		}
	}
	return l
}

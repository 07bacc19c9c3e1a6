package patrol

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"xuncha/extract"
	"xuncha/inventory"
)

// An Explorer finds the columns of a site: it looks at one page for what may be
// a column, reads each, and looks one level further where a page holds columns
// and no list. It keeps nothing.
type Explorer struct {
	Visitor Visitor

	// Classes knows what columns of a class are called.
	Classes inventory.Dictionary

	// CMS is the profile that the carrier's configuration names, "" if it names
	// none. Profiles are all there are, and Book knows pages of theirs by signs.
	CMS      string
	Profiles []inventory.Profile
	Book     *extract.Book

	// Hosts are the carrier's, besides the one that is asked.
	Hosts []string

	// Limit bounds the columns that are read. What is found beyond it is listed
	// all the same.
	Limit int

	// Known returns the ID of a configured column that is read at an address.
	Known func(address string) (id string, ok bool)

	// Unit returns the ID of the unit that a heading names.
	Unit func(name string) (id string, ok bool)
}

// A Suggestion is what a site offers as columns.
type Suggestion struct {
	URL     string
	Title   string
	CMS     string // profile that reads most of them, or ""
	Columns []SuggestedColumn
	Skipped []extract.Skip

	// NotRead counts the columns beyond the limit.
	NotRead int

	// Reason and Detail say why the page could not be looked at.
	Reason extract.Reason
	Detail string
}

// A SuggestedColumn is one column, in page order.
type SuggestedColumn struct {
	Name  string // path without the unit's name
	Unit  string // ID, or ""
	URL   string
	Seen  extract.Spot
	Guess inventory.Guess
	Known string // ID of the configured column, or ""

	// Confidence is how sure it is that this is a column, from 0 to 1: by where
	// its link stands, and by what its page holds.
	Confidence float64

	// Directory is how many columns its page led to that nothing else did: it
	// holds no list itself.
	Directory int

	// Looked says that the page was read, Reading what it says.
	Looked  bool
	Reading extract.Reading

	// Recipe is what to write down for it, nil where the CMS's serves or
	// nothing was read.
	Recipe *extract.Recipe

	pages []extract.Page
	inner []string // names of what it stands below
}

// Explore looks at an address. A site that misbehaves is an answer; the error
// is that of ctx or of our own.
func (e Explorer) Explore(ctx context.Context, address string) (Suggestion, error) {
	out := Suggestion{URL: address}
	visits, err := e.readAny(ctx, []string{address})
	if err != nil {
		return out, err
	}
	task := extract.SurveyTask{Hosts: e.Hosts, Words: e.Classes.Words()}
	offer := bestOffer(visits[0].Pages, task)
	out.Title, out.Skipped, out.Reason, out.Detail = offer.Title, offer.Skipped, offer.Reason, offer.Detail
	if len(offer.Columns) == 0 && out.Reason == "" {
		out.Reason, out.Detail = extract.ReasonLost, "no link of the page looks like a column"
	}
	known := map[string]bool{}
	e.add(&out, len(out.Columns), offer.Columns, nil, known)
	if offer.SiteMap != "" {
		if err := e.siteMap(ctx, &out, offer.SiteMap, task, known); err != nil {
			return out, err
		}
	}
	read, err := e.read(ctx, out.Columns, e.Limit)
	if err != nil {
		return out, err
	}
	e.further(&out, task, known)
	if _, err := e.read(ctx, out.Columns, e.Limit-read); err != nil {
		return out, err
	}
	e.conclude(&out)
	return out, nil
}

// add puts candidates into a suggestion from a place on, those that it does not
// hold yet, below what they stand under.
func (e Explorer) add(out *Suggestion, at int, offered []extract.Candidate, above []string, known map[string]bool) (added int) {
	for _, c := range offered {
		if known[c.URL] {
			continue
		}
		known[c.URL] = true
		col := SuggestedColumn{URL: c.URL, Seen: c.Seen, Confidence: c.Confidence}
		for _, g := range append(slices.Clone(above), c.Groups...) {
			if id, ok := e.unit(g); ok && col.Unit == "" {
				col.Unit = id
			} else if len(col.inner) == 0 || col.inner[len(col.inner)-1] != g {
				col.inner = append(col.inner, g)
			}
		}
		col.inner = append(col.inner, c.Name)
		col.Name = strings.Join(col.inner, "--")
		col.Guess = e.Classes.Classify(col.Name)
		if id, ok := e.known(c.URL); ok {
			col.Known = id
		}
		out.Columns = slices.Insert(out.Columns, at+added, col)
		added++
	}
	return added
}

func (e Explorer) known(address string) (string, bool) {
	if e.Known == nil {
		return "", false
	}
	return e.Known(address)
}

func (e Explorer) unit(name string) (string, bool) {
	if e.Unit == nil {
		return "", false
	}
	return e.Unit(name)
}

// siteMap adds what the site's map links to and the page itself does not.
func (e Explorer) siteMap(ctx context.Context, out *Suggestion, address string, task extract.SurveyTask, known map[string]bool) error {
	visits, err := e.readAny(ctx, []string{address})
	if err != nil {
		return err
	}
	known[address] = true
	e.add(out, len(out.Columns), bestOffer(visits[0].Pages, task).Columns, nil, known)
	return nil
}

// bestOffer surveys the pages of a visit, as the page itself, its frame and what
// a browser shows, and returns the offer with most columns, or the first.
func bestOffer(pages []extract.Page, task extract.SurveyTask) extract.Offer {
	best := extract.Offer{Reason: extract.ReasonNotLooked, Detail: "no page was fetched"}
	for i, p := range pages {
		if p.Why != extract.WhyList && p.Why != extract.WhyFrame {
			continue
		}
		if o := extract.Survey(p, task); i == 0 || len(o.Columns) > len(best.Columns) {
			best = o
		}
	}
	return best
}

// read reads the columns that have not been, as many as the limit allows, and
// returns how many it read.
func (e Explorer) read(ctx context.Context, columns []SuggestedColumn, limit int) (int, error) {
	var addresses []string
	var at []int
	for i, c := range columns {
		if !c.Looked && len(at) < limit {
			addresses, at = append(addresses, c.URL), append(at, i)
		}
	}
	visits, err := e.readAny(ctx, addresses)
	if err != nil {
		return 0, err
	}
	for n, i := range at {
		c := &columns[i]
		c.Looked, c.Reading, c.pages = true, visits[n].Reading, visits[n].Pages
	}
	return len(at), nil
}

// leastInDirectory is how many columns a page without a list of its own must
// offer, that nothing else does, to be looked at as a directory of columns.
const leastInDirectory = 2

// further puts what directories of columns link to behind them. Their pages have
// been fetched already.
func (e Explorer) further(out *Suggestion, task extract.SurveyTask, known map[string]bool) {
	for i := 0; i < len(out.Columns); i++ {
		c := out.Columns[i]
		if !c.Looked || c.Reading.Conclusive() || c.Known != "" {
			continue
		}
		fresh := slices.DeleteFunc(bestOffer(c.pages, task).Columns, func(o extract.Candidate) bool { return known[o.URL] })
		if len(fresh) < leastInDirectory {
			continue
		}
		n := e.add(out, i+1, fresh, c.inner, known)
		out.Columns[i].Directory = n
		for j := i + 1; j <= i+n; j++ {
			out.Columns[j].Unit = cmp.Or(out.Columns[j].Unit, c.Unit)
		}
		i += n
	}
}

// conclude finds the profile that reads most columns, and what to write down
// for the others.
func (e Explorer) conclude(out *Suggestion) {
	out.CMS = e.CMS
	if out.CMS == "" {
		out.CMS = e.serving(out.Columns)
	}
	for i := range out.Columns {
		c := &out.Columns[i]
		if !c.Looked {
			out.NotRead++
			continue
		}
		if c.Reading.Outcome != extract.Dated {
			c.Confidence *= 0.6
			continue
		}
		c.Confidence = 0.5 + c.Confidence/2
		if r, ok := e.agrees(*c, out.CMS); ok {
			c.Reading = r
			continue
		}
		c.Recipe = e.recipe(*c)
	}
}

// maxVotes bounds the columns by which a profile is chosen.
const maxVotes = 8

// serving returns the profile that reads most of the first columns as they were
// read, "" if none reads more than half. Profiles that know the pages by their
// signs go first; of others that read the same, none is named, because what they
// differ in, later pages, has not been seen.
func (e Explorer) serving(columns []SuggestedColumn) string {
	count := map[string]int{}
	votes, best := 0, ""
	for _, c := range columns {
		if c.Reading.Outcome != extract.Dated || votes == maxVotes {
			continue
		}
		votes++
		for _, p := range e.Profiles {
			if _, ok := e.agrees(c, p.ID); ok {
				count[p.ID] += 2
			}
			if c.Reading.Method == "cms:"+p.ID {
				count[p.ID]++
			}
		}
	}
	tie := false
	for _, p := range e.Profiles {
		tie = tie && count[p.ID] <= count[best] || best != "" && count[p.ID] == count[best]
		if count[p.ID] > count[best] {
			best = p.ID
		}
	}
	if tie || count[best] <= votes {
		return ""
	}
	return best
}

// agrees reads a column by a profile, as a carrier that names it would; ok
// reports whether that comes to what was read of it.
func (e Explorer) agrees(c SuggestedColumn, cms string) (extract.Reading, bool) {
	i := slices.IndexFunc(e.Profiles, func(p inventory.Profile) bool { return p.ID == cms })
	if i < 0 {
		return extract.Reading{}, false
	}
	r, ok := e.by(e.Profiles[i].List, cms, c.URL, c.pages)
	return r, ok && r.Newest.Day().Equal(c.Reading.Newest.Day()) && len(r.Items) == len(c.Reading.Items)
}

// recipe is what to write down to read a column as it was read: the form of the
// profile that knew its page, or what the page itself showed.
func (e Explorer) recipe(c SuggestedColumn) *extract.Recipe {
	own, _ := strings.CutPrefix(c.Reading.Method, "cms:")
	for _, p := range e.Profiles {
		if p.ID != own {
			continue
		}
		for _, form := range p.Lists { // the first is the one that carriers inherit
			if _, ok := e.by(form, own, c.URL, c.pages); ok {
				return &form
			}
		}
	}
	if c.Reading.Proposal != nil {
		return &c.Reading.Proposal.Recipe
	}
	return nil
}

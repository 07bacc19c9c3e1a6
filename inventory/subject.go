package inventory

import (
	"slices"
	"strings"
	"time"

	"xuncha/extract"
)

// A Subject is anything looked at: a site's home page, a column, a section or
// an account, with what is asked of it.
type Subject struct {
	ID   string
	Kind SubjectKind

	// Host is the politeness key: the host in lower case, with its port if that
	// is not the scheme's own; "" where no address is known.
	Host string

	// Carrier is the carrier's ID, or "" for an account.
	Carrier string

	Task extract.Task

	// RobotsOverride is the carrier's.
	RobotsOverride string
}

// SubjectKind tells subjects apart.
type SubjectKind string

// The kinds.
const (
	KindSite    SubjectKind = "site"
	KindColumn  SubjectKind = "column"
	KindSection SubjectKind = "section"
	KindAccount SubjectKind = "account"
)

// Subjects returns everything a round at the moment now looks at, sites first,
// then columns, sections and accounts, each in order of the inventory. Columns
// of class 建议提案 are read back to the first day of the year that holds the
// day 31 days before now, so that a point shortly after New Year can still be
// judged by the year it belongs to. What has no address is planned without
// URLs, so that it is counted as not looked at.
func (c *City) Subjects(now time.Time) []Subject {
	var sites, columns, sections []Subject
	for _, carrier := range c.Carriers {
		if carrier.Kind == Site {
			sites = append(sites, carrier.subject(carrier.ID, KindSite, extract.Task{
				Question: extract.AskNewest, URLs: oneURL(carrier.Home), Recipe: carrier.HomeRecipe, Method: carrier.HomeMethod,
				Book: c.bookFor(carrier, carrier.HomeRecipe),
			}))
		}
		for _, col := range carrier.Columns {
			t := col.task(carrier, now)
			t.Book = c.bookFor(carrier, col.Recipe)
			columns = append(columns, carrier.subject(col.ID, KindColumn, t))
		}
		for _, s := range carrier.Sections {
			sections = append(sections, carrier.subject(s.ID, KindSection, extract.Task{
				Question: extract.AskSection, URLs: s.Search, Recipe: s.Recipe, Method: s.Method, Section: &s.Spec,
			}))
		}
	}
	all := slices.Concat(sites, columns, sections)
	for _, acc := range c.Accounts {
		p, _ := c.Platform(acc.Platform)
		all = append(all, acc.subject(p))
	}
	return all
}

// bookFor returns the profiles to read by where nobody says how to, nil where
// somebody does.
func (c *City) bookFor(carrier Carrier, r extract.Recipe) *extract.Book {
	if carrier.CMS != "" || r != (extract.Recipe{}) {
		return nil
	}
	return c.Book
}

// task asks a column for its newest item, or for all of a year.
func (col Column) task(c Carrier, now time.Time) extract.Task {
	t := extract.Task{Question: extract.AskNewest, URLs: col.URLs, Recipe: col.Recipe, Method: col.Method, Home: c.Home, Column: col.own()}
	if col.Class == ClassProposals {
		t.Question = extract.AskSince
		t.Since = time.Date(extract.DayOf(now).AddDate(0, 0, -31).Year(), 1, 1, 0, 0, 0, 0, extract.Beijing)
	}
	return t
}

// own returns the column's own name: the last level of its path.
func (col Column) own() string {
	if i := strings.LastIndex(col.Name, levels); i >= 0 {
		return col.Name[i+len(levels):]
	}
	return col.Name
}

// levels stands between the levels of a column's path.
const levels = "--"

// subject fills in what all subjects of a carrier share. The hosts a page may
// come from are the carrier's and those that are asked.
func (c Carrier) subject(id string, kind SubjectKind, t extract.Task) Subject {
	for _, raw := range append([]string{c.Home}, t.URLs...) {
		if h := hostOf(raw); h != "" && !slices.Contains(t.Hosts, h) {
			t.Hosts = append(t.Hosts, h)
		}
	}
	for _, h := range c.Hosts {
		if !slices.Contains(t.Hosts, h) {
			t.Hosts = append(t.Hosts, h)
		}
	}
	s := Subject{ID: id, Kind: kind, Host: hostOf(c.Home), Carrier: c.ID, Task: t, RobotsOverride: c.RobotsOverride}
	if len(t.URLs) > 0 {
		s.Host = hostOf(t.URLs[0])
	}
	return s
}

// oneURL returns a list of the address, or an empty one for "".
func oneURL(raw string) []string {
	if raw == "" {
		return nil
	}
	return []string{raw}
}

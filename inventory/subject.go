package inventory

import (
	"time"

	"xuncha/extract"
)

// A Subject is anything looked at: a site's home page, a column, a section or
// an account, with what is asked of it.
type Subject struct {
	ID   string
	Kind SubjectKind

	// Host is the politeness key: the host, with its port if it names one.
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
// judged by the year it belongs to.
func (c *City) Subjects(now time.Time) []Subject {
	return nil // written with the loader
}

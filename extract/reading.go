package extract

import (
	"slices"
	"time"
)

// A Task is what is to be found out about one subject.
type Task struct {
	Question Question

	// URLs are the first pages of the lists; more than one where a column is
	// kept in several lists that are read as one. For a section they are the
	// pages to search, in order.
	URLs []string

	// Recipe says how to read each of them.
	Recipe Recipe

	// Method names where the recipe came from, for the record: "recipe",
	// "cms:trs".
	Method string

	// Hosts are the registered hosts of the carrier. A page from elsewhere is
	// gone, not read. Empty allows only the host that was asked.
	Hosts []string

	// Home is the carrier's home page; a column that answers with it is gone.
	Home string

	// Since, if set, asks for every item from that day on and whether older
	// ones exist, as for a count per year. A Beijing day.
	Since time.Time

	// Section holds what a section task looks for; nil otherwise.
	Section *SectionSpec

	// Posting holds what a task about an account looks for; nil otherwise.
	Posting *Posting `json:",omitempty"`

	// Book holds the profiles to read by where Recipe says nothing; nil for none.
	Book *Book `json:",omitempty"`

	// Column is the column's own name, the last level of its path; "" where it
	// is not known. It says which of several lists on a page is meant.
	Column string

	// Before is what earlier looks saw of the same list, nil if there were none.
	// It is no part of what is asked, so two tasks that differ in nothing else
	// are one.
	Before *Fingerprint `json:"-"`
}

// Question is what a task asks.
type Question string

// The questions.
const (
	AskNewest  Question = "newest"  // the newest date; page one is enough
	AskSince   Question = "since"   // all items since a day
	AskSection Question = "section" // does a mandated section exist, with its parts
	AskPosts   Question = "posts"   // the newest post of an account, from whichever source shows it
)

// A SectionSpec names a mandated section and the parts it must have.
type SectionSpec struct {
	Name     string
	Synonyms []string
	Parts    []PartSpec
}

// A PartSpec names one part of a section.
type PartSpec struct {
	Name     string
	Synonyms []string
}

// A Reading is what the pages say. It makes no judgement: no window, no
// monitoring point.
type Reading struct {
	Outcome Outcome `json:"outcome"`

	// Reason and Detail say why an unread subject is unread; Detail quotes what
	// gave it away.
	Reason Reason `json:"reason,omitempty"`
	Detail string `json:"detail,omitempty"`

	// Items are the rows in page order, rows that repeat a link left out.
	Items []Item `json:"items,omitempty"`

	// Complete says that Items are all the items there are, or, for AskSince,
	// all since the day asked for; Older then says whether older ones exist.
	Complete bool `json:"complete,omitempty"`
	Older    bool `json:"older,omitempty"`

	// Newest is the greatest credible date, zero if there is none, and
	// NewestItem its index in Items.
	Newest     Date `json:"newest,omitzero"`
	NewestItem int  `json:"newest_item,omitempty"`

	// AtLeast marks Newest as a lower bound: newer items may exist that could
	// not be dated. It may clear a column, never accuse it.
	AtLeast bool `json:"at_least,omitempty"`

	// Momentary says that the reading holds only for the moment of its pages: a
	// date was relative ("3天前"), its year inferred, or not believed because it
	// lay in the future. Any other reading may be taken over as long as the
	// bytes, the task and the reader's Version are the same.
	Momentary bool `json:"momentary,omitempty"`

	// Moved lists dates that articles show and other days that the same pages
	// state unseen: a date may have been changed. It is a hint and accuses
	// nobody.
	Moved []Moved `json:"moved,omitempty"`

	// Unlabelled says of an undated list that its newest articles were read as
	// well and that none of them shows a date of any kind.
	Unlabelled bool `json:"unlabelled,omitempty"`

	// Name is the observed name of an account, as shown. Owner is its 认证主体,
	// Avatar the address of its picture, and Posts how many posts it is said to
	// have; each is zero where nothing showed it.
	Name   string `json:"name,omitempty"`
	Owner  string `json:"owner,omitempty"`
	Avatar string `json:"avatar,omitempty"`
	Posts  int    `json:"posts,omitempty"`

	// From is the source of an account's Newest, and Hindrance what kept the
	// strongest source from showing its posts, also where a weaker one did.
	// Tries lists every source that was asked, in that order.
	From      SourceKind `json:"from,omitempty"`
	Hindrance Hindrance  `json:"hindrance,omitempty"`
	Tries     []Try      `json:"tries,omitempty"`

	// Parts, Searched and Nearest are a section's: which parts were found,
	// which pages were searched, and the link texts that came closest.
	Parts    []Part   `json:"parts,omitempty"`
	Searched []string `json:"searched,omitempty"`
	Nearest  []string `json:"nearest,omitempty"`

	// Scattered says of a section that was found that no page is it: some of its
	// parts are linked, and nothing holds them together.
	Scattered bool `json:"scattered,omitempty"`

	// Method says how the list was read: "recipe", "cms:trs", "feed",
	// "induced", or "article" where the page is one item's.
	Method string `json:"method,omitempty"`

	// Confidence says how sure the reader is that the list it read is the
	// column's, from 0 to 1. It is 0 where nothing was induced: a person chose
	// the recipe then.
	Confidence float64 `json:"confidence,omitempty"`

	// Proposal is a recipe that the reader found by itself; nil if the one in
	// force serves.
	Proposal *Proposal `json:"proposal,omitempty"`

	// List is what is known of the column's list after this look: what it saw
	// or, where it saw none, what the looks before it knew.
	List *Fingerprint `json:"list,omitempty"`

	// Charset is the encoding the first page was decoded with and, after a
	// space, how that was known: "gb18030 meta".
	Charset string `json:"charset,omitempty"`

	// Notes are hints for people: dates later than the fetch that were not
	// believed, rows without a date, an inferred year.
	Notes []string `json:"notes,omitempty"`
}

// Conclusive reports whether the reading can make a state other than unknown.
func (r Reading) Conclusive() bool {
	return r.Outcome != Unread && r.Outcome != Article && r.Outcome != ""
}

// NewestTitle returns the title of the newest item, "" without one.
func (r Reading) NewestTitle() string {
	if r.Newest.IsZero() || r.NewestItem < 0 || r.NewestItem >= len(r.Items) {
		return ""
	}
	return r.Items[r.NewestItem].Title
}

// Outcome is what a reading concluded, stored as text so that old records last.
type Outcome string

// The outcomes.
const (
	Dated Outcome = "dated" // a list was found and it was dated
	Empty Outcome = "empty" // a list is really there and really empty

	// Article is the page of one item; Newest is its date. It says nothing of
	// any list, so it makes no state.
	Article Outcome = "article"

	Found  Outcome = "found"  // a section was found; Parts says which of its parts
	Absent Outcome = "absent" // a section was searched for everywhere and not found
	Unread Outcome = "unread" // all else, with a Reason
)

// An Item is one row of a list.
type Item struct {
	Title string `json:"title"`
	Link  string `json:"link,omitempty"` // absolute
	Date  Date   `json:"date,omitzero"`

	// Source is the text that became the date, cut at 100 bytes: the trace. It
	// stands without a date where the text was not believed.
	Source string `json:"source,omitempty"`

	// Repost says of a post that it passes on somebody else's.
	Repost bool `json:"repost,omitempty"`
}

// NewestItems returns the newest items, at most so many, the newest first.
func NewestItems(items []Item, most int) []Item {
	items = append([]Item{}, items...)
	slices.SortStableFunc(items, func(a, b Item) int { return b.Date.Time.Compare(a.Date.Time) })
	return items[:min(len(items), most)]
}

// A Date is a moment or a day as a page shows it, in Beijing time.
type Date struct {
	// Time is the moment; midnight in Beijing where only a day is known.
	Time time.Time `json:"time"`

	// Minute says that Time is exact to the minute rather than to the day.
	Minute bool `json:"minute,omitempty"`

	// Inferred says that the page did not show the year.
	Inferred bool `json:"inferred,omitempty"`
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d.Time.IsZero() }

// Day returns the Beijing day of d at midnight.
func (d Date) Day() time.Time { return DayOf(d.Time) }

// DayOf returns midnight in Beijing of the day that holds t.
func DayOf(t time.Time) time.Time {
	y, m, d := t.In(Beijing).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Beijing)
}

// A Part is one part of a section, as seen.
type Part struct {
	Name string `json:"name"`

	// Outcome is Found or Absent, or Unread with a Reason.
	Outcome Outcome `json:"outcome"`
	Reason  Reason  `json:"reason,omitempty"`
	URL     string  `json:"url,omitempty"`
	Newest  Date    `json:"newest,omitzero"`
}

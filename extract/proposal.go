package extract

import "time"

// A Proposal is a recipe that the reader made up from a page, for a person to
// look at.
type Proposal struct {
	Recipe Recipe `json:"recipe"`

	// URL is where the list stands now, "" where it did not move.
	URL string `json:"url,omitempty"`

	// Confidence is how sure the reader is of it, from 0 to 1.
	Confidence float64 `json:"confidence"`

	// Why says in one line what speaks for it.
	Why string `json:"why,omitempty"`

	// Accepted says that the reading rests on it although nobody has approved
	// it, because Confidence is high enough and the looks before agree.
	Accepted bool `json:"accepted,omitempty"`

	// Items are what it reads, at most five, the newest first.
	Items []Item `json:"items,omitempty"`
}

// Newest is the newest date that it reads, zero without one.
func (p *Proposal) Newest() Date {
	if len(p.Items) == 0 {
		return Date{}
	}
	return p.Items[0].Date
}

// provenItems is how many items show what a recipe reads.
const provenItems = 5

// A Fingerprint is what is remembered of a list from one night to the next, so
// that a redesign is told from a silent column. A look that did not read the
// list hands on what the looks before it knew.
type Fingerprint struct {
	// Shape names the list's place and form: the tags and classes around its
	// first row.
	Shape string `json:"shape,omitempty"`

	// Rows and Dated count the rows read and those with a date.
	Rows  int `json:"rows"`
	Dated int `json:"dated"`

	// Links, Titles and Heads are short digests of the first rows, in page order:
	// of addresses, of titles, and of the beginnings of titles. Two nights show
	// the same item if either repeats: a redesign changes addresses or cuts
	// titles, seldom both.
	Links  []string `json:"links,omitempty"`
	Titles []string `json:"titles,omitempty"`
	Heads  []string `json:"heads,omitempty"`

	// Oldest is the least date among those rows. Whatever lies between it and
	// Newest was seen.
	Oldest Date `json:"oldest,omitzero"`

	// Newest is the greatest date that was believed so far, and At the look that
	// last read the list.
	Newest Date      `json:"newest,omitzero"`
	At     time.Time `json:"at"`

	// Emptied is the look that first found the list empty after it had held
	// items, zero while it holds some.
	Emptied time.Time `json:"emptied,omitzero"`

	// Posts is how many posts an account was last said to have, 0 if nothing
	// said it.
	Posts int `json:"posts,omitempty"`

	// Fewer is the look that first found an account with fewer posts than before
	// and the newest of them gone, zero while that is not so.
	Fewer time.Time `json:"fewer,omitzero"`
}

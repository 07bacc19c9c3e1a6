package extract

import "time"

// A Proposal is a recipe that the reader made up from a page, for a person to
// look at.
type Proposal struct {
	Recipe Recipe `json:"recipe"`

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

// A Fingerprint is what is remembered of a list from one night to the next, so
// that a redesign is told from a silent column.
type Fingerprint struct {
	// Shape names the list's place and form: the path of tags and classes of
	// its container, and of its rows.
	Shape string `json:"shape,omitempty"`

	// Rows and Dated count the rows of the first page and those with a date.
	Rows  int `json:"rows"`
	Dated int `json:"dated"`

	// Links are short digests of the rows' addresses, in page order.
	Links []string `json:"links,omitempty"`

	// Newest is the greatest date that was ever believed, and At the look that
	// last read the list.
	Newest Date      `json:"newest,omitzero"`
	At     time.Time `json:"at"`
}

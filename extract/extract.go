// Package extract turns pages and a recipe into a reading.
//
// Reading a column often takes more than one page: a list, its second page, an
// article, a frame. [Read] is therefore a step, not a call that fetches: it is
// given the pages so far and answers with a reading, or with the pages it wants
// to see next and why. Whoever fetches (package crawler) asks again until no
// want is left; a want that could not be met is answered with a page that says
// what went wrong.
//
// Nothing here knows a clock, a disk, a network or a goroutine: the same pages
// give the same reading in ten years. "Today" is the moment a page was fetched.
//
// The rule of truth lives here: a date is only believed where a reader would
// believe it, a list that was not found is never an empty list, and what could
// not be read is an unread [Outcome] with its [Reason], never an old date.
//
// A list is found by a [Recipe]. Where the task names none, it is found by
// induction: elements that repeat, with links and dates, are weighed by their
// place, size and headings, and below a stated confidence the page is lost, not
// guessed. A [Book] of profiles knows the common systems by signs in their pages
// and serves where induction is not sure. The rows may be HTML, stand in islands
// of data inside a page, or come as JSON or XML from a list's own interface. All
// end as one kind of row, and what was found without a recipe is written down as
// a [Proposal] that a person can read.
//
// A list is remembered by its [Fingerprint]. One that no longer shows what it
// must is lost and looked for anew on the same page, and where its address went;
// what is found stands in only where it shows the items of the nights before. A
// date that moves backwards, or under items already seen, is a question.
//
// An article is told from a list by one number. Its shown date rules; what tags,
// scripts and the address state is kept beside it as [Moved]. A list that shows
// no dates is dated by its newest articles, if nothing leaves room for a newer
// one.
//
// The newest post of an account is looked for in its sources, the strongest
// first: what a platform answers a guest, the same as a browser shows it, a feed,
// a post that was handed in. The forms in which they come are data. What a guest
// is shown is a lower bound until nothing speaks against the list being whole,
// and a [Hindrance] names what kept posts from being seen.
//
// [Survey] looks at a page for columns instead of items, and [Lines] shows a page
// as text with what a reading took from it.
package extract

import "time"

// Version names the reader's behaviour. It is kept with every round, so that a
// reading can be explained after the reader has changed.
const Version = "3"

// Beijing is the one time zone of dates: government pages show Beijing dates
// wherever the program runs.
var Beijing = time.FixedZone("Asia/Shanghai", 8*60*60)

// Limits of one reading, stated once.
const (
	// MaxItems bounds the items of one reading; later ones are left out and the
	// reading is then not Complete.
	MaxItems = 2000

	// MaxPages bounds the pages one subject may ask for.
	MaxPages = 30
)

// Read answers with the reading, and no wants, or with what it must see before
// it can tell. Pages are those so far, in the order they were asked; a want that
// could not be met comes back as a page with a Class. The recipe should have
// passed [Recipe.Validate]; one that has not is unread. A want is never answered
// with itself: the loop ends after at most [MaxPages] pages.
func Read(t Task, pages []Page) (Reading, []Want) {
	r, err := newReader(t, pages)
	if err != nil {
		return r.unread(hindered(ReasonLost, "the recipe is invalid: %v", err)), nil
	}
	switch t.Question {
	case AskSection:
		return r.section()
	case AskPosts:
		return r.posts()
	}
	return r.lists()
}

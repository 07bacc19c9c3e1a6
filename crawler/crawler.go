// Package crawler visits web pages and feeds politely and remembers what came
// of it.
//
// Work comes host by host: one worker has a host and all its subjects, so no two
// requests of one host are ever out at once. Nothing is asked of a host that its
// robots.txt forbids to us, nor sooner than its crawl delay allows; a robots.txt
// out of reach forbids everything.
//
// A platform with many hosts is one host to all this: a [Manner] says how it wants
// to be asked, when, and for how long. One that refuses again and again is left
// alone for a while, then given up for the round; what could then not be asked is
// delivered as such, at once.
//
// What a platform gives a visitor without asking who it is, as the cookie that a
// page's own script fetches, is kept and sent back while it serves. No log-in and no
// page that wants to be verified is ever gone past.
//
// A page that scripts fill is shown by a [Browser], where there is one. While it is
// shown it holds its host's turn; what it asks for itself goes out under the same
// rules, at most two requests at a time.
//
// A site that misbehaves is data: every subject of a job is delivered exactly
// once, read or failed with a class. Only a cancelled context or an error of
// deliver ends a job early.
package crawler

import (
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// A Job is one host with all its subjects.
type Job struct {
	Host     string
	Subjects []inventory.Subject

	// Fresh asks for whole answers: no conditional request, no reading taken
	// over. A second look is fresh.
	Fresh bool
}

// A Visit is one subject looked at: every page asked for, in order, and what
// they say.
type Visit struct {
	Subject string
	At      time.Time // the round's clock at the end of the visit
	Pages   []extract.Page
	Reading extract.Reading

	// ReadingSHA256 names the reading where the memory keeps it apart; Reading
	// is then only its gist, see [Memory.Prior].
	ReadingSHA256 string

	// Task is the digest of the task that was asked, see [TaskDigest], and
	// Reader the extract.Version that answered. A reading may be taken over
	// only where both are equal.
	Task   string
	Reader string

	// TakenOver says that the reading is that of the visit before, because
	// every byte was the same.
	TakenOver bool
}

// A Memory knows the visits before. Implementations are safe for concurrent
// use.
type Memory interface {
	// Prior returns the newest kept visit of a subject; ok is false if there is
	// none. Pages come without their bodies, and the reading may come without
	// its lists if ReadingSHA256 names it: it is taken over by that name.
	Prior(subject string) (v Visit, ok bool, err error)

	// Reading returns the reading that a kept visit names by its digest.
	Reading(sha256 string) (extract.Reading, error)

	// Body returns the body with a digest.
	Body(sha256 string) ([]byte, error)
}

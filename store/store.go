// Package store keeps what was seen and what people did about it: rounds,
// snapshots and the bytes of every page, the history of findings, the registers,
// in one bbolt file with one writer.
//
// A snapshot is small and never changes. Bodies are kept once per digest,
// compressed, and so are readings and the configuration files and the plan of a
// round: what is the same every night takes room once. Bytes are checked against
// their digest whenever they are read.
//
// The history of findings, the imports of registers and the nights are chains:
// numbered, never changed, each entry with the digest of the one before. Verify
// names the one that is not what it was. What they cite is never let go of.
//
// What Keep has returned survives a kill of the process at any moment. A write
// that finds the disk full keeps nothing of its batch and harms nothing kept
// before; a file that is cut short, of another version or in use elsewhere is
// refused with an error that says so, and is never written to.
//
// Reads are short: whatever an iterator hands out was copied, a batch at a
// time, so a slow caller holds up neither the writer nor the file's growth.
package store

import (
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// A Snapshot is one reading with all pages it rests on, in the order asked.
type Snapshot struct {
	Subject string          `json:"subject"`
	Round   string          `json:"round"`
	At      time.Time       `json:"at"`
	Reading extract.Reading `json:"reading"`
	Pages   []extract.Page  `json:"pages"` // bodies apart, by Page.SHA256

	// ReadingSHA256 names the reading among those kept, "" for one that holds no
	// lists. A reading kept before need not come again: beside its digest, Keep
	// wants no more of it than its gist, which is all but its lists.
	ReadingSHA256 string `json:"reading_sha256,omitempty"`

	// Task, Reader and TakenOver are as in crawler.Visit.
	Task      string `json:"task"`
	Reader    string `json:"reader"`
	TakenOver bool   `json:"taken_over,omitempty"`

	// Look numbers the looks of one round at one subject: 1, and 2 for the
	// second look at the round's end.
	Look int `json:"look"`

	// Digest is the SHA-256 of the record without this field, in hexadecimal;
	// set by Keep.
	Digest string `json:"-"`
}

// A Summary is what can be said of a snapshot without decoding it. [Store.Load]
// gives the whole.
type Summary struct {
	Subject string
	Round   string
	At      time.Time
	Look    int
	Digest  string // of the snapshot

	// As in extract.Reading.
	Outcome  extract.Outcome
	Reason   extract.Reason
	Newest   extract.Date
	AtLeast  bool
	Complete bool
	Older    bool

	TakenOver bool

	seq    uint32   // of the round
	record uint64   // where the whole snapshot lies
	bodies []uint64 // what it refers to, by number
}

// Conclusive reports whether the reading can make a state other than unknown.
func (s Summary) Conclusive() bool {
	return extract.Reading{Outcome: s.Outcome}.Conclusive()
}

// A Round is one pass over the inventory.
type Round struct {
	ID       string     `json:"id"` // 20230927-0130, by the Beijing time of its start
	State    RoundState `json:"state"`
	Started  time.Time  `json:"started"`
	Finished time.Time  `json:"finished,omitzero"`

	// Simulated says that the pages came from the simulated city.
	Simulated bool `json:"simulated,omitempty"`

	// Files are the configuration it was made with, Config their digest;
	// RuleSet and Reader what it was judged and read by at the time.
	Files   []inventory.File `json:"-"`
	Config  string           `json:"config"`
	RuleSet string           `json:"rule_set"`
	Reader  string           `json:"reader"`

	// Planned are the subjects, in order. At the end Read + Failed equals their
	// number, exactly.
	Planned []string `json:"-"`
	Read    int      `json:"read"`
	Failed  int      `json:"failed"`
}

// RoundState is where a round stands.
type RoundState string

// The states.
const (
	Running   RoundState = "running"
	Finished  RoundState = "finished"
	Abandoned RoundState = "abandoned" // never resumed
)

// Package store keeps what was seen: rounds, snapshots and the bytes of every
// page, in one bbolt file with one writer.
//
// A snapshot is small and never changes; bodies are kept once per digest,
// compressed. What Keep has returned survives a kill of the process at any
// moment. The file carries a format version: a file from a newer program is
// refused, one from an older is migrated forward.
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

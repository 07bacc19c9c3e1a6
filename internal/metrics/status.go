package metrics

import (
	"time"

	"xuncha/rules"
)

// A Status is what a daemon knows of itself at a moment. The zero value of a field
// says that there is nothing to tell, except where its comment says otherwise.
// The names that are keys of its maps are constants of whoever fills it, or ids of
// the configuration; see the package's comment.
type Status struct {
	Round  Round
	Store  Store
	Reload Reload
	Backup Backup

	// Tasks are what runs on a schedule, by name: "round", "backup", "tidy".
	// One that has never run belongs in it too, and one that is off does not: its
	// alert would never be quiet.
	Tasks map[string]Task

	// Alerts are all that the daemon watches itself for, by name, the quiet ones among
	// them. The alerts of deploy/prometheus tell some of them by rules of their own.
	Alerts map[string]bool

	// Knocks are the newest at home pages, by the site's id. What comes of a week of
	// them is judged, and told from the board.
	Knocks map[string]rules.Probe

	// Channels are those of messages, by the id of the configuration.
	Channels map[string]Channel
}

// A Round is the round under way, or, while none is, the newest.
type Round struct {
	Running bool
	Started time.Time

	Done, Planned int // subjects
	Waiting       int // hosts that no worker has taken yet

	// LastDuration is how long the newest round took that ended.
	LastDuration time.Duration
}

// A Store is how much room there is. Sizes come from the file system; asking the
// store itself would wait for its lock.
type Store struct {
	FileBytes     int64
	DiskFreeBytes int64 // of the file system, to us
	DiskBytes     int64
}

// A Reload is how the newest reading of the configuration went.
type Reload struct {
	Failed   bool // what was in force before still is
	Problems int  // mistakes in it
	Loaded   time.Time
}

// A Backup is the newest that was written and verified.
type Backup struct {
	Bytes int64
	Kept  int // files
}

// A Task is something that runs on a schedule.
type Task struct {
	LastSuccess time.Time // kept over restarts; zero for never
	Next        time.Time // zero if it is not planned
	Failing     bool      // its last run failed
}

// A Channel is where messages go.
type Channel struct {
	Waiting      int       // messages in its outbox
	Oldest       time.Time // of them; zero for none
	Sent, Failed uint64    // deliveries since the process began
}

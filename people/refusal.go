package people

import "time"

// A Cause says which sort of refusal one is.
type Cause string

// The causes.
const (
	Denied   Cause = "denied"   // the name or the password is wrong, or neither may be told
	Locked   Cause = "locked"   // too many failures: try again After
	Busy     Cause = "busy"     // too many log-ins at once: try again After
	Gone     Cause = "gone"     // what was named is not there, or no longer
	Mistaken Cause = "mistaken" // what was entered cannot be so
)

// A Refusal is what was not done, in words for whoever tried. It tells nobody
// which names exist.
type Refusal struct {
	Cause Cause
	After time.Duration // of Locked and Busy

	chinese, english string
}

func (r *Refusal) Error() string { return r.english }

// Chinese is what to tell a user who reads Chinese.
func (r *Refusal) Chinese() string { return r.chinese }

func refuse(cause Cause, chinese, english string) error {
	return &Refusal{Cause: cause, chinese: chinese, english: english}
}

// Mistake refuses what was entered, for a reason that the caller knows and this
// package does not.
func Mistake(chinese, english string) error { return mistaken(chinese, english) }

func mistaken(chinese, english string) error { return refuse(Mistaken, chinese, english) }

func noSuch(chinese, english string) error { return refuse(Gone, chinese, english) }

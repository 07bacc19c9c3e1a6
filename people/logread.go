package people

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/store"
)

// A Question is which entries of the log are wanted: those that fit everything it
// names.
type Question struct {
	Who      string // of one user
	What     string // that begin so: "user." is all about users
	On       string // whose object or note holds this
	From, To time.Time
	Before   int // numbers below this one; 0 is from the newest
	Most     int // at most so many
}

func (q Question) fits(e Entry) bool {
	return (q.Who == "" || e.Who == q.Who) && strings.HasPrefix(e.What, q.What) &&
		(q.On == "" || strings.Contains(e.On, q.On) || strings.Contains(e.Note, q.On)) &&
		(q.From.IsZero() || !e.At.Before(q.From)) && (q.To.IsZero() || e.At.Before(q.To))
}

const (
	logBlock  = 256
	maxLooked = 100 * logBlock // that one question reads
)

// Entries returns what the log says, the newest first, and where to go on: the
// Before of the next question, 0 at the beginning of the log. It may have found
// less than was wanted and yet not be at its end: a question reads only so much.
func (g *Gate) Entries(q Question) (found []Entry, next int, err error) {
	head, err := g.LogHead()
	if err != nil {
		return nil, 0, err
	}
	next = head.N + 1 // everything below is still to be looked at
	if q.Before > 0 {
		next = min(next, q.Before)
	}
	for looked := 0; next > 1 && looked < maxLooked; looked += logBlock {
		block, err := g.block(max(1, next-logBlock), next)
		if err != nil {
			return nil, 0, err
		}
		for _, e := range slices.Backward(block) {
			if !q.From.IsZero() && e.At.Before(q.From) {
				return found, 0, nil
			}
			if next = e.N; q.fits(e) {
				found = append(found, e)
			}
			if len(found) == q.Most {
				return found, beginning(next), nil
			}
		}
		if len(block) == 0 {
			break // they were cut out; VerifyLog says so
		}
	}
	return found, beginning(next), nil
}

func beginning(next int) int {
	if next <= 1 {
		return 0
	}
	return next
}

// block reads the entries from one number to before another.
func (g *Gate) block(from, to int) (list []Entry, err error) {
	for r, err := range g.shelf.Walk(keyEntry, entryKey(from)) {
		if err != nil {
			return nil, err
		}
		if r.Key >= entryKey(to) {
			break
		}
		var e Entry
		if err := json.Unmarshal(r.Value, &e); err != nil {
			return nil, fmt.Errorf("people: log %s: %w", r.Key, err)
		}
		list = append(list, e)
	}
	return list, nil
}

// LogHead returns the last entry's number and digest.
func (g *Gate) LogHead() (head LogHead, err error) {
	raw, err := g.shelf.Get(keyHead)
	if errors.Is(err, store.ErrNotFound) {
		return LogHead{}, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &head)
	}
	return head, err
}

// ErrLogChanged says that an entry of the log is not what was written.
var ErrLogChanged = errors.New("the log was changed")

// VerifyLog reads the whole log and returns its head, or an error that names the
// first entry that was changed, left out or moved.
func (g *Gate) VerifyLog(ctx context.Context) (LogHead, error) {
	head, err := g.LogHead()
	if err != nil {
		return LogHead{}, err
	}
	var seen LogHead
	for r, err := range g.shelf.Walk(keyEntry, "") {
		switch {
		case err != nil:
			return seen, err
		case ctx.Err() != nil:
			return seen, ctx.Err()
		case seen.N == head.N:
			return seen, nil // written since
		}
		var e Entry
		if err := json.Unmarshal(r.Value, &e); err != nil || r.Key != entryKey(seen.N+1) || e.N != seen.N+1 || e.Prev != seen.Digest {
			return seen, fmt.Errorf("people: entry %d: %w", seen.N+1, ErrLogChanged)
		}
		seen = LogHead{e.N, digestOfRecord(r.Value)}
	}
	if seen != head {
		return seen, fmt.Errorf("people: entry %d: %w", min(seen.N+1, head.N), ErrLogChanged)
	}
	return seen, nil
}

package store

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"go.etcd.io/bbolt"
)

// firstLook is the look by which a round is counted.
const firstLook = 1

// Finish ends a running round as Finished or Abandoned and counts it: a subject
// is read if its first look was conclusive, failed if it was not. A round is
// only Finished if every planned subject has exactly one first look and no other
// subject has any; else it stays as it is and the error is ErrAccount. A round that
// ends is sealed, see Night.
func (s *Store) Finish(id string, at time.Time, state RoundState) error {
	if state != Finished && state != Abandoned {
		return fmt.Errorf("finish round %s: state %q is no end", id, state)
	}
	r, err := s.Round(id)
	if err != nil {
		return err
	}
	s.rest.RLock()
	defer s.rest.RUnlock()
	return s.update(func(tx *bbolt.Tx) error {
		rec, err := s.getRound(tx, id)
		if err != nil {
			return err
		}
		if rec.Round.State != Running {
			return fmt.Errorf("finish round %s: it has ended already: %s", id, rec.Round.State)
		}
		looked := make(map[string]bool)
		rec.Round.Read, rec.Round.Failed = countLooks(tx, rec.Seq, func(subject string) { looked[subject] = true })
		if state == Finished {
			if err := account(r.Planned, looked); err != nil {
				return fmt.Errorf("finish round %s: %w: planned %d, read %d, failed %d: %w",
					id, ErrAccount, len(r.Planned), rec.Round.Read, rec.Round.Failed, err)
			}
		}
		rec.Round.State, rec.Round.Finished = state, at
		if rec.Night, err = s.seal(tx, rec); err != nil {
			return fmt.Errorf("seal round %s: %w", id, err)
		}
		return putRound(tx, rec)
	})
}

// account names the subjects by which a plan and what was looked at differ.
func account(planned []string, looked map[string]bool) error {
	var missing, extra []string
	plan := make(map[string]bool, len(planned))
	for _, subject := range planned {
		plan[subject] = true
		if !looked[subject] {
			missing = append(missing, subject)
		}
	}
	for subject := range looked {
		if !plan[subject] {
			extra = append(extra, subject)
		}
	}
	if len(missing)+len(extra) == 0 {
		return nil
	}
	return fmt.Errorf("not looked at: %s; not planned: %s", some(missing), some(extra))
}

// some prints the first names of a list and how many there are beyond.
func some(names []string) string {
	const most = 5
	switch n := len(names); {
	case n == 0:
		return "none"
	case n > most:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), n-most)
	}
	return strings.Join(names, ", ")
}

// countLooks counts a round's first looks; each, which may be nil, is told the
// subjects.
func countLooks(tx *bbolt.Tx, seq uint32, each func(subject string)) (read, failed int) {
	prefix := roundPrefix(seq, firstLook)
	c := tx.Bucket([]byte(bucketInRound)).Cursor()
	for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
		if len(v) == inRoundSize && v[inRoundSize-1] == 1 {
			read++
		} else {
			failed++
		}
		if each != nil {
			each(string(k[len(prefix):]))
		}
	}
	return read, failed
}

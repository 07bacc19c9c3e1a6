package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"go.etcd.io/bbolt"

	"xuncha/extract"
)

// Batches of a walk: the first is small, because most callers stop early.
const (
	firstBatch = 8
	lastBatch  = 512
)

// A kept is a summary with its record, still compressed.
type kept struct {
	Summary
	packed []byte
}

// Prior returns the newest snapshot of a subject, without bodies and with no
// more than the gist of its reading, or ErrNotFound; [Store.Reading] gives the
// rest. It is what a visit needs that finds nothing changed.
func (s *Store) Prior(subject string) (Snapshot, error) {
	var found []kept
	err := s.view(func(tx *bbolt.Tx) (err error) {
		found, err = s.back(tx, subject, after(subject, time.Time{}), 1, true)
		return err
	})
	if err != nil {
		return Snapshot{}, err
	}
	if len(found) == 0 {
		return Snapshot{}, fmt.Errorf("store %s: snapshot of %s: %w", s.path, subject, ErrNotFound)
	}
	return s.unpackRecord(found[0])
}

// Reading returns a reading by the digest its snapshots name it by. One that is
// not kept is ErrNotFound.
func (s *Store) Reading(sha256 string) (r extract.Reading, err error) {
	raw, err := s.Body(sha256)
	if err != nil {
		return extract.Reading{}, err
	}
	return s.decodeReading(sha256, raw)
}

func (s *Store) decodeReading(sha256 string, raw []byte) (r extract.Reading, err error) {
	if err := json.Unmarshal(raw, &r); err != nil {
		return extract.Reading{}, damaged(s.path, fmt.Sprintf("reading %s: %v", sha256, err))
	}
	return r, nil
}

// History walks a subject's snapshots from the newest at or before a moment (the
// zero time: of all) back to the oldest. Breaking off early costs nothing. An
// error ends the walk.
func (s *Store) History(subject string, until time.Time) iter.Seq2[Summary, error] {
	return func(yield func(Summary, error) bool) {
		bound := after(subject, until)
		for size := firstBatch; ; size = min(size*4, lastBatch) {
			var batch []kept
			err := s.view(func(tx *bbolt.Tx) (err error) {
				batch, err = s.back(tx, subject, bound, size, false)
				return err
			})
			if err != nil {
				yield(Summary{}, err)
				return
			}
			for _, k := range batch {
				if !yield(k.Summary, nil) {
					return
				}
			}
			if len(batch) < size {
				return
			}
			bound = batch[size-1].key()
		}
	}
}

// Load returns the snapshot behind a summary, without bodies. It is ErrNotFound
// if retention has removed it since, ErrDamaged if it is not what was kept.
func (s *Store) Load(sum Summary) (Snapshot, error) {
	k := kept{Summary: sum}
	err := s.view(func(tx *bbolt.Tx) error {
		if tx.Bucket([]byte(bucketLooks)).Get(sum.key()) == nil {
			return fmt.Errorf("store %s: snapshot %s of %s: %w", s.path, sum.Digest, sum.Subject, ErrNotFound)
		}
		k.packed = bytes.Clone(tx.Bucket([]byte(bucketRecords)).Get(number(sum.record)))
		return nil
	})
	if err != nil {
		return Snapshot{}, err
	}
	return s.unpackSnapshot(k)
}

// Snapshots walks snapshots from one moment to another, both included, in order
// of subject and time; a zero time is open. Without subjects it walks all of
// them. An error ends the walk, except for a damaged snapshot, which is handed
// out as a summary of itself beside its error: the caller may go on.
func (s *Store) Snapshots(since, until time.Time, subjects ...string) iter.Seq2[Snapshot, error] {
	return func(yield func(Snapshot, error) bool) {
		if len(subjects) == 0 {
			var err error
			if subjects, err = s.Subjects(); err != nil {
				yield(Snapshot{}, err)
				return
			}
		}
		for _, subject := range subjects {
			if !s.forth(subject, since, until, yield) {
				return
			}
		}
	}
}

// forth walks one subject's snapshots forward and reports whether to go on.
func (s *Store) forth(subject string, since, until time.Time, yield func(Snapshot, error) bool) bool {
	bound, end := from(subject, since), after(subject, until)
	const size = 64
	for {
		var batch []kept
		err := s.view(func(tx *bbolt.Tx) (err error) {
			batch, err = s.ahead(tx, bound, end, size)
			return err
		})
		if err != nil {
			yield(Snapshot{}, err)
			return false
		}
		for _, k := range batch {
			snap, err := s.unpackSnapshot(k)
			if err != nil {
				snap = Snapshot{Subject: k.Subject, Round: k.Round, At: k.At, Look: k.Look, Digest: k.Digest}
			}
			if !yield(snap, err) {
				return false
			}
		}
		if len(batch) < size {
			return true
		}
		bound = append(batch[size-1].key(), 0)
	}
}

// Subjects returns every subject that has a snapshot, in order.
func (s *Store) Subjects() ([]string, error) {
	var out []string
	err := s.view(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(bucketLooks)).Cursor()
		for k, _ := c.First(); k != nil; {
			key, err := parseLookKey(k)
			if err != nil {
				return damaged(s.path, err)
			}
			out = append(out, key.subject)
			k, _ = c.Seek([]byte(key.subject + "\x01"))
		}
		return nil
	})
	return out, err
}

// key is where the summary lies.
func (s Summary) key() []byte {
	return lookKey{s.Subject, s.At, s.seq, s.Look}.bytes()
}

// back copies up to size of a subject's snapshots below a bound, newest first.
func (s *Store) back(tx *bbolt.Tx, subject string, bound []byte, size int, records bool) ([]kept, error) {
	prefix := append([]byte(subject), 0)
	c := tx.Bucket([]byte(bucketLooks)).Cursor()
	var out []kept
	for k, v := below(c, bound); len(out) < size && bytes.HasPrefix(k, prefix); k, v = c.Prev() {
		entry, err := s.copyLook(tx, k, v, records)
		if err != nil {
			return nil, err
		}
		out = append(out, entry)
	}
	return out, nil
}

// below moves a cursor to the greatest key below a bound.
func below(c *bbolt.Cursor, bound []byte) (key, value []byte) {
	if k, _ := c.Seek(bound); k == nil {
		return c.Last()
	}
	return c.Prev()
}

// ahead copies up to size snapshots with their records from a bound up to an
// end.
func (s *Store) ahead(tx *bbolt.Tx, bound, end []byte, size int) ([]kept, error) {
	var out []kept
	c := tx.Bucket([]byte(bucketLooks)).Cursor()
	for k, v := c.Seek(bound); k != nil && bytes.Compare(k, end) < 0 && len(out) < size; k, v = c.Next() {
		entry, err := s.copyLook(tx, k, v, true)
		if err != nil {
			return nil, err
		}
		out = append(out, entry)
	}
	return out, nil
}

// copyLook copies one entry out of a transaction.
func (s *Store) copyLook(tx *bbolt.Tx, key, value []byte, record bool) (kept, error) {
	sum, err := decodeSummary(key, value)
	if err != nil {
		return kept{}, damaged(s.path, err)
	}
	k := kept{Summary: sum}
	if record {
		k.packed = bytes.Clone(tx.Bucket([]byte(bucketRecords)).Get(number(sum.record)))
	}
	return k, nil
}

// unpackSnapshot decodes a record and fetches the reading it names.
func (s *Store) unpackSnapshot(k kept) (Snapshot, error) {
	snap, err := s.unpackRecord(k)
	if err != nil || snap.ReadingSHA256 == "" {
		return snap, err
	}
	snap.Reading, err = s.Reading(snap.ReadingSHA256)
	if errors.Is(err, ErrNotFound) && s.has(k.Summary) {
		err = damaged(s.path, fmt.Sprintf("reading %s of snapshot %s of %s is missing", snap.ReadingSHA256, k.Digest, k.Subject))
	}
	if err != nil {
		return Snapshot{}, err
	}
	return snap, nil
}

// has reports whether a snapshot is still kept.
func (s *Store) has(sum Summary) (kept bool) {
	err := s.view(func(tx *bbolt.Tx) error {
		kept = tx.Bucket([]byte(bucketLooks)).Get(sum.key()) != nil
		return nil
	})
	return kept && err == nil
}

// unpackRecord decodes a record and checks it against its digest. A reading that
// is kept apart comes as its gist.
func (s *Store) unpackRecord(k kept) (Snapshot, error) {
	raw, err := s.rawRecord(k)
	if err != nil {
		return Snapshot{}, err
	}
	snap, err := decodeSnapshot(raw)
	if err != nil {
		return Snapshot{}, damaged(s.path, err)
	}
	return snap, nil
}

// rawRecord restores the bytes of a record and checks them against the digest.
func (s *Store) rawRecord(k kept) ([]byte, error) {
	raw, err := s.codec.unpack(k.packed, 4*len(k.packed))
	if err != nil {
		return nil, damaged(s.path, fmt.Sprintf("snapshot %s of %s: %v", k.Digest, k.Subject, err))
	}
	if digestOf(raw) != k.Digest {
		return nil, damaged(s.path, fmt.Sprintf("snapshot %s of %s has other bytes than those kept", k.Digest, k.Subject))
	}
	return raw, nil
}

package store

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// A Policy says what may go.
type Policy struct {
	// Keep is the age up to which every snapshot stays. It must be positive.
	Keep time.Duration

	// Cited reports whether something rests on a snapshot, by its digest; such a
	// snapshot stays whatever its age. Nil means that nothing does.
	Cited func(digest string) bool
}

// Removed counts what Retain took away. The file does not shrink by it; the
// room is used again, or given back by Compact.
type Removed struct {
	Snapshots int
	Bodies    int
	Bytes     int64 // of the bodies, as stored
}

// Retain removes the snapshots that a policy lets go, and then the bodies that
// nothing refers to any more. The newest snapshot of a subject, its newest
// conclusive one, those of a running round and those that the history of findings
// cites always stay, and so does every round with its configuration and plan.
//
// Nothing can be kept meanwhile. A process that dies on the way has removed a
// part; the next call removes the rest.
func (s *Store) Retain(p Policy, now time.Time) (Removed, error) {
	if p.Keep <= 0 {
		return Removed{}, fmt.Errorf("retain: keep %s: want a positive duration", p.Keep)
	}
	s.rest.Lock()
	defer s.rest.Unlock()
	doomed, err := s.doomed(p, now.Add(-p.Keep))
	if err != nil {
		return Removed{}, err
	}
	var gone Removed
	for len(doomed) > 0 {
		batch := doomed[:min(len(doomed), MaxBatch)]
		if err := s.dropSnapshots(batch); err != nil {
			return gone, err
		}
		gone.Snapshots += len(batch)
		doomed = doomed[len(batch):]
	}
	return gone, s.sweep(&gone)
}

// doomed lists what goes.
func (s *Store) doomed(p Policy, before time.Time) ([]Summary, error) {
	recs, err := s.roundRecords()
	if err != nil {
		return nil, err
	}
	running := make(map[uint32]bool)
	for _, rec := range recs {
		running[rec.Seq] = rec.Round.State == Running
	}
	subjects, err := s.Subjects()
	if err != nil {
		return nil, err
	}
	events, err := s.Events()
	if err != nil {
		return nil, err
	}
	needed := citedByEvents(events)
	var out []Summary
	for _, subject := range subjects {
		newest, conclusive := true, true
		for sum, err := range s.History(subject, time.Time{}) {
			if err != nil {
				return nil, err
			}
			stays := newest || conclusive && sum.Conclusive() || running[sum.seq] ||
				!sum.At.Before(before) || needed[sum.Digest] || p.Cited != nil && p.Cited(sum.Digest)
			newest, conclusive = false, conclusive && !sum.Conclusive()
			if !stays {
				out = append(out, sum)
			}
		}
	}
	return out, nil
}

// dropSnapshots removes a batch and marks the rounds it belonged to.
func (s *Store) dropSnapshots(batch []Summary) error {
	return s.update(func(tx *bbolt.Tx) error {
		rounds := make(map[string]roundRecord)
		for _, sum := range batch {
			if err := s.prune(tx, rounds, sum.Round); err != nil {
				return err
			}
			err := errors.Join(
				tx.Bucket([]byte(bucketLooks)).Delete(sum.key()),
				tx.Bucket([]byte(bucketInRound)).Delete(roundKey(sum.seq, sum.Look, sum.Subject)),
				tx.Bucket([]byte(bucketRecords)).Delete(number(sum.record)),
			)
			if err != nil {
				return err
			}
		}
		for _, rec := range rounds {
			if err := putRound(tx, rec); err != nil {
				return err
			}
		}
		return nil
	})
}

// prune notes, before the first of a round's snapshots goes, that it loses some.
func (s *Store) prune(tx *bbolt.Tx, rounds map[string]roundRecord, id string) error {
	if _, ok := rounds[id]; ok {
		return nil
	}
	rec, err := s.rawRound(id, tx.Bucket([]byte(bucketRounds)).Get([]byte(id)))
	if err != nil {
		return err
	}
	rec.Pruned = true
	err = s.keepLeaves(tx, &rec)
	rounds[id] = rec
	return err
}

// sweep removes the bodies nothing refers to. The caller holds rest, so that no
// reference can be made between marking and removing.
func (s *Store) sweep(gone *Removed) error {
	used, err := s.mark()
	if err != nil {
		return err
	}
	next := []byte{}
	for next != nil {
		var batch Removed
		err := s.update(func(tx *bbolt.Tx) (err error) {
			batch, next, err = s.sweepBatch(tx, used, next)
			return err
		})
		if err != nil {
			return err
		}
		gone.Bodies += batch.Bodies
		gone.Bytes += batch.Bytes
	}
	return nil
}

// sweepBatch removes up to MaxBatch bodies from a digest on and returns where to
// go on, nil at the end.
func (s *Store) sweepBatch(tx *bbolt.Tx, used map[uint64]bool, at []byte) (gone Removed, next []byte, err error) {
	digests, bodies := tx.Bucket([]byte(bucketDigests)), tx.Bucket([]byte(bucketBodies))
	var doomed [][]byte
	c := digests.Cursor()
	for k, v := c.Seek(at); k != nil; k, v = c.Next() {
		ref, err := decodeRef(v)
		if err != nil {
			return gone, nil, damaged(s.path, err)
		}
		if used[ref.id] {
			continue
		}
		if len(doomed) == MaxBatch {
			next = bytes.Clone(k)
			break
		}
		doomed = append(doomed, bytes.Clone(k)) // a cursor must not see its own bucket change
		if err := bodies.Delete(number(ref.id)); err != nil {
			return gone, nil, err
		}
		gone.Bodies++
		gone.Bytes += int64(ref.stored)
	}
	for _, k := range doomed {
		if err := digests.Delete(k); err != nil {
			return gone, nil, err
		}
	}
	return gone, next, nil
}

// mark finds the numbers of all bodies that a snapshot, a round, an event or an
// import refers to.
func (s *Store) mark() (map[uint64]bool, error) {
	used := make(map[uint64]bool)
	if err := s.markRounds(used); err != nil {
		return nil, err
	}
	if err := s.markPapers(used); err != nil {
		return nil, err
	}
	err := s.eachLook(func(_ *bbolt.Tx, sum Summary) error {
		for _, id := range sum.bodies {
			used[id] = true
		}
		return nil
	})
	return used, err
}

// markPapers marks what events have attached and what imports came from.
func (s *Store) markPapers(used map[uint64]bool) error {
	events, err := s.Events()
	if err != nil {
		return err
	}
	imports, err := s.Imports()
	if err != nil {
		return err
	}
	var digests []string
	for _, e := range events {
		for _, paper := range e.Attachments {
			digests = append(digests, paper.SHA256)
		}
	}
	for _, i := range imports {
		digests = append(digests, i.Source, i.Rows)
	}
	return s.view(func(tx *bbolt.Tx) error {
		for _, digest := range digests {
			ref, ok, err := findBody(tx, digest)
			if err != nil || !ok {
				return damaged(s.path, fmt.Sprintf("body %s of an event or an import is missing", digest))
			}
			used[ref.id] = true
		}
		return nil
	})
}

func (s *Store) markRounds(used map[uint64]bool) error {
	recs, err := s.roundRecords()
	if err != nil {
		return err
	}
	for _, rec := range recs {
		digests, err := s.roundBodies(rec)
		if err != nil {
			return err
		}
		err = s.view(func(tx *bbolt.Tx) error {
			for _, digest := range digests {
				ref, ok, err := findBody(tx, digest)
				if err != nil || !ok {
					return damaged(s.path, fmt.Sprintf("body %s of round %s is missing", digest, rec.Round.ID))
				}
				used[ref.id] = true
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// roundBodies lists the digests of the bodies a round needs.
func (s *Store) roundBodies(rec roundRecord) ([]string, error) {
	var files []fileRef
	if err := s.bodyJSON(rec.Files, &files); err != nil {
		return nil, fmt.Errorf("files of round %s: %w", rec.Round.ID, err)
	}
	digests := []string{rec.Files, rec.Plan}
	if rec.Leaves != "" {
		digests = append(digests, rec.Leaves)
	}
	for _, f := range files {
		digests = append(digests, f.SHA256)
	}
	return digests, nil
}

// eachLook tells fn every summary, a batch per transaction. The transaction is
// only for reading what belongs to the summary.
func (s *Store) eachLook(fn func(*bbolt.Tx, Summary) error) error {
	return s.eachKey(bucketLooks, func(tx *bbolt.Tx, k, v []byte) error {
		sum, err := decodeSummary(k, v)
		if err != nil {
			return damaged(s.path, err)
		}
		return fn(tx, sum)
	})
}

// eachKey tells fn every key and value of a bucket, a batch per transaction.
func (s *Store) eachKey(bucket string, fn func(tx *bbolt.Tx, k, v []byte) error) error {
	next := []byte{}
	for next != nil {
		err := s.view(func(tx *bbolt.Tx) error {
			c := tx.Bucket([]byte(bucket)).Cursor()
			k, v := c.Seek(next)
			for range lastBatch {
				if k == nil {
					break
				}
				if err := fn(tx, k, v); err != nil {
					return err
				}
				k, v = c.Next()
			}
			next = bytes.Clone(k)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

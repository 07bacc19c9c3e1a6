package store

import (
	"fmt"
	"strconv"

	"go.etcd.io/bbolt"
)

// format is the version of the layout below. A change of the layout raises it
// and adds a migration.
const format = 3

// readable is the oldest format that can be read as it is, without a migration.
const readable = 1

// The buckets. Large values lie in buckets whose keys only ever grow, so that a
// write never moves what was written before; small indexes point at them.
const (
	bucketMeta    = "meta"    // "format" -> decimal
	bucketRounds  = "rounds"  // round ID -> roundRecord as JSON
	bucketLooks   = "looks"   // lookKey -> Summary
	bucketInRound = "inround" // roundKey -> moment, 1 if conclusive
	bucketRecords = "records" // number -> zstd(JSON of Snapshot)
	bucketDigests = "digests" // SHA-256 -> bodyRef
	bucketBodies  = "bodies"  // number -> zstd(bytes) or, as they came, gzip(bytes); of readings zstd(JSON)
	bucketEvents  = "events"  // number -> JSON of cases.Event, from 1
	bucketImports = "imports" // number -> JSON of Import, from 1
	bucketShelves = "shelves" // name -> a bucket of its owner's records; made with the first of them
)

const keyFormat = "format"

// buckets lists every bucket of this format.
func buckets() []string {
	return append([]string{bucketMeta, bucketRounds, bucketLooks, bucketInRound, bucketRecords, bucketDigests, bucketBodies}, chains()...)
}

// chains lists the buckets that came with format 3. Their values are numbered
// from 1, each naming the digest of the one before, and none ever goes.
func chains() []string { return []string{bucketEvents, bucketImports} }

// A migration brings a file from the format of its place in the list, counted
// from 1, to the next.
type migration func(*bbolt.Tx) error

// migrations are all there are. In format 2 a reading is kept apart, once for all
// snapshots that show it, and bodies may be gzip; records of format 1 hold their
// readings and stay as they are, because their digests are cited. Format 3 adds
// the chains; a program of format 2 would let go of what they cite, and so must
// not open the file.
func migrations() []migration {
	return []migration{
		func(*bbolt.Tx) error { return nil },
		func(tx *bbolt.Tx) error {
			for _, name := range chains() {
				if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
					return fmt.Errorf("bucket %s: %w", name, err)
				}
			}
			return nil
		},
	}
}

// layOut writes the empty format into a new file.
func layOut(tx *bbolt.Tx) error {
	for _, name := range buckets() {
		if _, err := tx.CreateBucket([]byte(name)); err != nil {
			return fmt.Errorf("bucket %s: %w", name, err)
		}
	}
	return setFormat(tx, format)
}

func setFormat(tx *bbolt.Tx, v int) error {
	return tx.Bucket([]byte(bucketMeta)).Put([]byte(keyFormat), []byte(strconv.Itoa(v)))
}

// formatOf reads a file's format.
func formatOf(tx *bbolt.Tx) (int, error) {
	meta := tx.Bucket([]byte(bucketMeta))
	if meta == nil {
		return 0, fmt.Errorf("it holds something else than a store of xuncha")
	}
	v, err := strconv.Atoi(string(meta.Get([]byte(keyFormat))))
	if err != nil || v < 1 {
		return 0, fmt.Errorf("its format %q is no number", meta.Get([]byte(keyFormat)))
	}
	return v, nil
}

// checkFormat compares the file's format with this program's and migrates an
// older one forward, all steps in one transaction.
func (s *Store) checkFormat(current int, steps []migration) error {
	var have int
	err := s.view(func(tx *bbolt.Tx) (err error) {
		if have, err = formatOf(tx); err != nil {
			return damaged(s.path, err)
		}
		if have == current {
			return checkBuckets(tx, s.path)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case have > current:
		return fmt.Errorf("store %s: %w: it has format %d, this program reads up to %d; use the newer xuncha that wrote it",
			s.path, ErrVersion, have, current)
	case have >= readable && have < current && s.readOnly && current == format:
		return nil
	case have < current && s.readOnly:
		return fmt.Errorf("store %s: %w: it has format %d and must be brought to %d; run xuncha crawl or xuncha data compact once",
			s.path, ErrVersion, have, current)
	case have < current:
		return s.migrate(have, current, steps)
	}
	return nil
}

func (s *Store) migrate(have, current int, steps []migration) error {
	return s.update(func(tx *bbolt.Tx) error {
		for v := have; v < current; v++ {
			if err := steps[v-1](tx); err != nil {
				return fmt.Errorf("store %s: bring format %d to %d: %w", s.path, v, v+1, err)
			}
		}
		return setFormat(tx, current)
	})
}

func checkBuckets(tx *bbolt.Tx, path string) error {
	for _, name := range buckets() {
		if tx.Bucket([]byte(name)) == nil {
			return damaged(path, "bucket "+name+" is missing")
		}
	}
	return nil
}

package store

import (
	"fmt"
	"os"

	"go.etcd.io/bbolt"
)

// Stats says how much is kept and how much room it takes.
type Stats struct {
	Rounds    int
	Snapshots int
	Subjects  int
	Bodies    int // different ones, readings and configuration included

	Events  int // of the history of findings
	Imports int // into registers
	Nights  int

	RawBytes    int64 // of the bodies as they came
	StoredBytes int64 // of the bodies as stored
	FileBytes   int64 // of the file
	FreeBytes   int64 // of it, free to be used again; Compact gives them back
}

// Stats counts what is kept.
func (s *Store) Stats() (Stats, error) {
	var st Stats
	subjects, err := s.Subjects()
	if err != nil {
		return Stats{}, err
	}
	st.Subjects = len(subjects)
	nights, err := s.Nights()
	if err != nil {
		return Stats{}, err
	}
	st.Nights = len(nights)
	err = s.view(func(tx *bbolt.Tx) error {
		st.Rounds = tx.Bucket([]byte(bucketRounds)).Stats().KeyN
		st.Snapshots = tx.Bucket([]byte(bucketLooks)).Stats().KeyN
		for name, n := range map[string]*int{bucketEvents: &st.Events, bucketImports: &st.Imports} {
			if b := tx.Bucket([]byte(name)); b != nil {
				*n = b.Stats().KeyN
			}
		}
		return nil
	})
	if err != nil {
		return Stats{}, err
	}
	err = s.eachKey(bucketDigests, func(_ *bbolt.Tx, _, v []byte) error {
		ref, err := decodeRef(v)
		if err != nil {
			return damaged(s.path, err)
		}
		st.Bodies++
		st.RawBytes += int64(ref.raw)
		st.StoredBytes += int64(ref.stored)
		return nil
	})
	if err != nil {
		return Stats{}, err
	}
	info, err := os.Stat(s.path)
	if err != nil {
		return Stats{}, fmt.Errorf("store %s: %w", s.path, err)
	}
	st.FileBytes = info.Size()
	free, err := s.freeBytes()
	st.FreeBytes = free
	return st, err
}

// freeBytes are the bytes of free pages, and of those the file has beyond its
// last used one.
func (s *Store) freeBytes() (free int64, err error) {
	err = s.view(func(tx *bbolt.Tx) error {
		stats := s.db.Stats()
		info, err := os.Stat(s.path)
		if err != nil {
			return fmt.Errorf("store %s: %w", s.path, err)
		}
		free = int64(stats.FreePageN+stats.PendingPageN)*int64(s.db.Info().PageSize) + max(0, info.Size()-tx.Size())
		return nil
	})
	return free, err
}

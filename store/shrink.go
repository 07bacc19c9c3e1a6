package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// Shrink is Compact for a store that is in use: the room that is free in the file
// is given back to the disk, and whoever has the store goes on with it. The copy is
// verified before it takes the store's place. If anything was written meanwhile, or
// somebody reads without end, the store stays as it is and the error is ErrMoved:
// it may be tried again.
//
// For a moment at the end nothing can be read or written.
func (s *Store) Shrink() (freed int64, err error) {
	if s.readOnly {
		return 0, fmt.Errorf("store %s: it was opened for reading only", s.path)
	}
	dropLeftovers(s.path, "compact")
	before, at, err := s.standing()
	if err != nil {
		return 0, err
	}
	var after Stats
	var fresh *bbolt.DB
	var copied os.FileInfo
	err = replaceBy(s.path, "compact", func(temp string) error {
		if after, err = s.copied(temp, before); err != nil {
			return err
		}
		if copied, err = os.Stat(temp); err != nil {
			return err
		}
		fresh, err = openDB(temp)
		return err
	}, func() error { return s.lockAt(at) })
	switch {
	case fresh == nil:
		return 0, err
	case errors.Is(err, ErrMoved): // nothing is locked
		return 0, errors.Join(err, fresh.Close())
	}
	defer s.unlock()
	if named, statErr := os.Stat(s.path); statErr != nil || !os.SameFile(named, copied) {
		return 0, errors.Join(err, statErr, fresh.Close())
	}
	old := s.db
	s.db = fresh
	if err := errors.Join(err, old.Close()); err != nil {
		return 0, fmt.Errorf("store %s: %w", s.path, err)
	}
	return before.FileBytes - after.FileBytes, nil
}

// standing counts what is kept and says by which transaction the file stands.
func (s *Store) standing() (Stats, int, error) {
	at := 0
	err := s.view(func(tx *bbolt.Tx) error {
		at = tx.ID()
		return nil
	})
	if err != nil {
		return Stats{}, 0, err
	}
	st, err := s.Stats()
	return st, at, err
}

// copied makes the small copy and checks it.
func (s *Store) copied(temp string, before Stats) (after Stats, err error) {
	s.file.RLock()
	err = s.compactInto(temp)
	s.file.RUnlock()
	if err != nil {
		return Stats{}, err
	}
	if err := verifyFile(temp); err != nil {
		return Stats{}, err
	}
	if after, err = statsOf(temp); err != nil {
		return Stats{}, err
	}
	if !after.holds(before) {
		return Stats{}, fmt.Errorf("store %s: %w while it was copied", s.path, ErrMoved)
	}
	return after, nil
}

// holds reports whether a copy is complete.
func (a Stats) holds(b Stats) bool {
	return a.Rounds == b.Rounds && a.Snapshots == b.Snapshots && a.Bodies == b.Bodies && a.Events == b.Events && a.Imports == b.Imports && a.Nights == b.Nights
}

// openDB opens a copy under its temporary name. Its lock goes with the file when
// that is renamed.
func openDB(temp string) (*bbolt.DB, error) {
	return bbolt.Open(temp, 0o600, &bbolt.Options{
		Timeout: defaultLockTimeout, PageSize: pageSize, FreelistType: bbolt.FreelistMapType, PreLoadFreelist: true,
	})
}

// Nobody waits behind somebody who waits for the whole store: it is asked for
// again and again, for so long.
const (
	lockTries = 200
	lockPause = 10 * time.Millisecond
)

// lockAt takes the whole store, if it still stands by a transaction.
func (s *Store) lockAt(at int) error {
	for range lockTries {
		if s.tryLock() {
			moved := false
			err := s.db.View(func(tx *bbolt.Tx) error {
				moved = tx.ID() != at
				return nil
			})
			if err == nil && !moved && !s.closed {
				return nil
			}
			s.unlock()
			return errors.Join(err, fmt.Errorf("%s %w", filepath.Base(s.path), ErrMoved))
		}
		<-time.After(lockPause)
	}
	return fmt.Errorf("%s is being read without end and %w", filepath.Base(s.path), ErrMoved)
}

func (s *Store) tryLock() bool {
	if !s.rest.TryLock() {
		return false
	}
	if !s.writing.TryLock() {
		s.rest.Unlock()
		return false
	}
	if !s.file.TryLock() {
		s.writing.Unlock()
		s.rest.Unlock()
		return false
	}
	return true
}

func (s *Store) unlock() {
	s.file.Unlock()
	s.writing.Unlock()
	s.rest.Unlock()
}

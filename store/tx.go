package store

import (
	"errors"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// guard turns what bbolt does about a damaged file, a panic or a fault in
// mapped memory, into ErrDamaged.
func guard(path string, do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = damaged(path, p)
		}
	}()
	return do()
}

// view runs one short read transaction. What fn wants to keep it must copy.
func (s *Store) view(fn func(*bbolt.Tx) error) error {
	s.file.RLock()
	defer s.file.RUnlock()
	err := guard(s.path, func() error { return s.db.View(fn) })
	return s.explain(err)
}

// update runs one write transaction; when it returns nil, the change is on the
// disk. After a commit of which nobody can say how far it came, every later
// update is refused: only opening the file anew tells what it holds.
func (s *Store) update(fn func(*bbolt.Tx) error) error {
	if s.readOnly {
		return fmt.Errorf("store %s: it was opened for reading only", s.path)
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.Broken(); err != nil {
		return err
	}
	var committing bool
	err := guard(s.path, func() error {
		tx, err := s.db.Begin(true)
		if err != nil {
			return err
		}
		defer tx.Rollback() // after a commit it only says that there is nothing to do
		if err := fn(tx); err != nil {
			return err
		}
		committing = true
		return tx.Commit()
	})
	if err != nil && committing && !repeatable(err) {
		err = fmt.Errorf("store %s: %w: %w; nothing more is written until the program is started again", s.path, ErrCutOff, err)
		s.broken.Store(&err)
		return err
	}
	if err != nil && isFull(err) {
		return full(s.path, err)
	}
	return s.explain(err)
}

// Broken is why nothing more can be written until the file is opened anew, which is
// ErrCutOff; nil while it can.
func (s *Store) Broken() error {
	if err := s.broken.Load(); err != nil {
		return *err
	}
	return nil
}

// explain puts bbolt's own conditions into words.
func (s *Store) explain(err error) error {
	switch {
	case errors.Is(err, berrors.ErrDatabaseNotOpen):
		return fmt.Errorf("store %s: used after Close", s.path)
	case errors.Is(err, berrors.ErrInvalidMapping):
		return fmt.Errorf("store %s: %w; start the program again", s.path, err)
	}
	return err
}

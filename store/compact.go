package store

import (
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

// Compact rewrites a store into as little room as it needs and returns by how
// many bytes the file shrank. The copy is verified before it takes the store's
// place. It is refused at once while anybody has the store.
func Compact(path string) (freed int64, err error) {
	s, err := Open(path, Options{LockTimeout: -1})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	dropLeftovers(path, "compact")
	before, err := s.Stats()
	if err != nil {
		return 0, err
	}
	var after Stats
	err = replaceBy(path, "compact", func(temp string) error {
		if err := s.compactInto(temp); err != nil {
			return err
		}
		if err := verifyFile(temp); err != nil {
			return err
		}
		after, err = statsOf(temp)
		if err == nil && !after.holds(before) {
			err = fmt.Errorf("store %s: compact: the copy is not complete; the store was left as it is", path)
		}
		return err
	}, nil)
	if err != nil {
		return 0, err
	}
	return before.FileBytes - after.FileBytes, nil
}

func (s *Store) compactInto(temp string) error {
	const txSize = 16 << 20
	dst, err := bbolt.Open(temp, 0o600, &bbolt.Options{PageSize: pageSize, Timeout: defaultLockTimeout})
	if err != nil {
		return err
	}
	err = guard(s.path, func() error { return bbolt.Compact(dst, s.db, txSize) })
	return errors.Join(err, dst.Sync(), dst.Close())
}

func statsOf(path string) (Stats, error) {
	s, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		return Stats{}, err
	}
	st, err := s.Stats()
	return st, errors.Join(err, s.Close())
}

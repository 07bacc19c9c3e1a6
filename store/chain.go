package store

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"
)

// links reads the values of a chain, in order. A file of an older format has
// none.
func links[T any](s *Store, bucket string) ([]T, error) {
	var all []T
	err := s.view(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		if b == nil {
			return nil
		}
		return b.ForEach(func(key, value []byte) error {
			var v T
			if err := decodeLink(bucket, len(all)+1, key, value, &v); err != nil {
				return damaged(s.path, err)
			}
			all = append(all, v)
			return nil
		})
	})
	return all, err
}

// decodeLink decodes the value that should have a number.
func decodeLink(bucket string, seq int, key, value []byte, into any) error {
	if len(key) != 8 || binary.BigEndian.Uint64(key) != uint64(seq) {
		return fmt.Errorf("%s: entry %d is missing, or another stands in its place", bucket, seq)
	}
	if err := json.Unmarshal(value, into); err != nil {
		return fmt.Errorf("%s: entry %d: %w", bucket, seq, err)
	}
	return nil
}

// lastLink reads the last value of a chain; ok is false for an empty one.
func lastLink(tx *bbolt.Tx, bucket string, into any) (ok bool, err error) {
	key, value := tx.Bucket([]byte(bucket)).Cursor().Last()
	if key == nil {
		return false, nil
	}
	if len(key) != 8 {
		return false, fmt.Errorf("%s: key %x is no number", bucket, key)
	}
	return true, decodeLink(bucket, int(binary.BigEndian.Uint64(key)), key, value, into)
}

// putLink adds a value to a chain.
func putLink(tx *bbolt.Tx, bucket string, seq int, v any) error {
	value, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("%s: entry %d: %w", bucket, seq, err)
	}
	b := tx.Bucket([]byte(bucket))
	b.FillPercent = fullPages
	return b.Put(number(uint64(seq)), value)
}

// packPapers compresses papers under their digests.
func (s *Store) packPapers(papers [][]byte) (map[string]packed, error) {
	ready := make(map[string]packed, len(papers))
	for _, paper := range papers {
		digest := digestOf(paper)
		p, err := s.packBody(digest, paper)
		if err != nil {
			return nil, err
		}
		ready[digest] = p
	}
	return ready, nil
}

// need puts a paper that a link names, unless it is kept already.
func (s *Store) need(tx *bbolt.Tx, digest string, fresh map[string]packed) error {
	if p, ok := fresh[digest]; ok {
		_, err := s.putBody(tx, p)
		return err
	}
	_, ok, err := findBody(tx, digest)
	if err == nil && !ok {
		err = fmt.Errorf("%s came without bytes and is %w", digest, ErrNotFound)
	}
	return err
}

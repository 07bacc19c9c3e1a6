package store

import (
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"xuncha/cases"
	"xuncha/extract"
)

// A Night binds what a round kept to all that was kept before it: the root of a
// tree over its digests, the end of the history of findings, and the night
// before. Whoever has noted the digest of one night can tell that nothing up to
// it was changed or left out.
type Night struct {
	Seq   int        `json:"seq"` // from 1
	Round string     `json:"round"`
	At    time.Time  `json:"at"`
	Root  string     `json:"root"`    // SHA-256 in hexadecimal
	Head  cases.Head `json:"head"`    // of the history of findings
	Lists string     `json:"imports"` // digest of the last import of a register, "" for none

	// Prior is the digest of the night before, "" for the first, and Digest the
	// SHA-256 of this one in JSON without this field.
	Prior  string `json:"prior,omitempty"`
	Digest string `json:"digest,omitempty"`
}

// Seal returns the digest that a night should have.
func (n Night) Seal() (string, error) {
	n.Digest = ""
	return sealOf(n)
}

// KeepNight adds a night behind the last. Round, At and Root are the caller's;
// the rest is filled in and returned. A round has one night: to keep the same
// root again changes nothing, another is ErrExists.
func (s *Store) KeepNight(n Night) (Night, error) {
	if _, err := parseDigest(n.Root); err != nil {
		return Night{}, fmt.Errorf("root of round %s: %w", n.Round, err)
	}
	n.At = n.At.In(extract.Beijing).Truncate(time.Second)
	nights, err := s.Nights()
	if err != nil {
		return Night{}, err
	}
	for _, old := range nights {
		switch {
		case old.Round != n.Round:
		case old.Root == n.Root:
			return old, nil
		default:
			return Night{}, fmt.Errorf("store %s: the night of round %s %w with another root", s.path, n.Round, ErrExists)
		}
	}
	err = s.update(func(tx *bbolt.Tx) (err error) {
		var last Night
		var list Import
		if _, err := lastLink(tx, bucketNights, &last); err != nil {
			return damaged(s.path, err)
		}
		if _, err := lastLink(tx, bucketImports, &list); err != nil {
			return damaged(s.path, err)
		}
		if n.Head, err = headOf(tx); err != nil {
			return damaged(s.path, err)
		}
		n.Seq, n.Prior, n.Lists = last.Seq+1, last.Digest, list.Digest
		if n.Digest, err = n.Seal(); err != nil {
			return err
		}
		return putLink(tx, bucketNights, n.Seq, n)
	})
	return n, err
}

// Nights returns every night, in order.
func (s *Store) Nights() ([]Night, error) { return links[Night](s, bucketNights) }

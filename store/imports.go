package store

import (
	"encoding/json"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"xuncha/extract"
	"xuncha/registers"
)

// An Import is one list that was taken into a register. What a register holds is
// what its imports come to, in order; none ever changes.
type Import struct {
	Seq  int            `json:"seq"` // from 1, over all registers
	Kind registers.Kind `json:"kind"`
	At   time.Time      `json:"at"`
	By   string         `json:"by"`
	File string         `json:"file"` // its name, as given

	// Source and Rows are the digests of the file and of the rows read from it.
	Source string `json:"source"`
	Rows   string `json:"rows"`

	// Whole says that the list was the whole register: rows it lacks are gone.
	Whole bool `json:"whole,omitempty"`

	// What it did.
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Same    int `json:"same"`
	Gone    int `json:"gone"`

	// Prior is the digest of the import before, "" for the first, and Digest the
	// SHA-256 of this one in JSON without this field.
	Prior  string `json:"prior,omitempty"`
	Digest string `json:"digest,omitempty"`
}

func (i Import) seal() (string, error) {
	i.Digest = ""
	return sealOf(i)
}

// sealOf is the digest of a value in JSON.
func sealOf(v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return digestOf(raw), nil
}

// AddImport takes rows into a register, with the bytes of the file they came
// from. Kind, At, By, File and Whole are the caller's; the rest is filled in and
// returned.
func (s *Store) AddImport(i Import, rows []registers.Row, source []byte) (Import, error) {
	s.rest.RLock()
	defer s.rest.RUnlock()
	raw, err := json.Marshal(rows)
	if err != nil {
		return Import{}, fmt.Errorf("rows of %s: %w", i.File, err)
	}
	fresh, err := s.packPapers([][]byte{raw, source})
	if err != nil {
		return Import{}, err
	}
	before, err := s.Register(i.Kind, 0)
	if err != nil {
		return Import{}, err
	}
	_, sum := registers.Merge(before, rows, i.Whole)
	i.Added, i.Changed, i.Same, i.Gone = sum.Added, sum.Changed, sum.Same, sum.Gone
	i.At, i.Source, i.Rows = i.At.In(extract.Beijing).Truncate(time.Second), digestOf(source), digestOf(raw)
	err = s.update(func(tx *bbolt.Tx) error {
		var last Import
		if _, err := lastLink(tx, bucketImports, &last); err != nil {
			return damaged(s.path, err)
		}
		i.Seq, i.Prior = last.Seq+1, last.Digest
		var err error
		if i.Digest, err = i.seal(); err != nil {
			return err
		}
		for _, digest := range []string{i.Source, i.Rows} {
			if err := s.need(tx, digest, fresh); err != nil {
				return err
			}
		}
		return putLink(tx, bucketImports, i.Seq, i)
	})
	return i, err
}

// Imports returns every import, in order.
func (s *Store) Imports() ([]Import, error) { return links[Import](s, bucketImports) }

// Register returns the rows of a register by key, as they were after the import
// of a number; 0 is the last, and a negative one stands before the first.
func (s *Store) Register(kind registers.Kind, upTo int) ([]registers.Row, error) {
	imports, err := s.Imports()
	if err != nil {
		return nil, err
	}
	var rows []registers.Row
	for _, i := range imports {
		if i.Kind != kind || upTo != 0 && i.Seq > upTo {
			continue
		}
		var next []registers.Row
		if err := s.bodyJSON(i.Rows, &next); err != nil {
			return nil, fmt.Errorf("rows of import %d: %w", i.Seq, err)
		}
		rows, _ = registers.Merge(rows, next, i.Whole)
	}
	return rows, nil
}

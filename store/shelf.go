package store

import (
	"bytes"
	"fmt"
	"iter"

	"go.etcd.io/bbolt"
)

// A Shelf is a place in the store for small records whose meaning is their
// owner's: users and sessions, messages that wait, when a job last ran. The store
// keeps the bytes and knows nothing of them. Records of one shelf stand in the
// order of their keys.
//
// What stands on a shelf is no evidence: it may be changed and taken away, no
// night seals it, and an export leaves it out. A backup holds it.
type Shelf struct {
	store *Store
	name  string
}

// shelfBatch is how many records one read transaction of Walk copies.
const shelfBatch = 256

// Shelf returns the shelf of a name. It need not exist yet.
func (s *Store) Shelf(name string) Shelf { return Shelf{s, name} }

// Get returns a copy of one record, or ErrNotFound.
func (h Shelf) Get(key string) (value []byte, err error) {
	err = h.store.view(func(tx *bbolt.Tx) error {
		if b := h.bucket(tx); b != nil {
			value = bytes.Clone(b.Get([]byte(key)))
		}
		if value == nil {
			return fmt.Errorf("store %s: %s %s: %w", h.store.path, h.name, key, ErrNotFound)
		}
		return nil
	})
	return value, err
}

// Walk hands out copies of the records whose keys begin with a prefix, in order,
// from a key on ("" for all of them). What is added meanwhile may or may not come.
func (h Shelf) Walk(prefix, from string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		next := max(prefix, from)
		for {
			batch, err := h.read(prefix, next)
			if err != nil {
				yield(Record{}, err)
				return
			}
			for _, r := range batch {
				if !yield(r, nil) {
					return
				}
			}
			if len(batch) < shelfBatch {
				return
			}
			next = batch[len(batch)-1].Key + "\x00"
		}
	}
}

// read copies one batch of records.
func (h Shelf) read(prefix, from string) (batch []Record, err error) {
	err = h.store.view(func(tx *bbolt.Tx) error {
		b := h.bucket(tx)
		if b == nil {
			return nil
		}
		c := b.Cursor()
		for k, v := c.Seek([]byte(from)); k != nil && bytes.HasPrefix(k, []byte(prefix)) && len(batch) < shelfBatch; k, v = c.Next() {
			batch = append(batch, Record{string(k), bytes.Clone(v)})
		}
		return nil
	})
	return batch, err
}

// Update changes a shelf in one transaction: all of it, or on an error nothing.
// Once it has returned nil the change survives the death of the process.
func (h Shelf) Update(change func(ShelfTx) error) error {
	h.store.rest.RLock()
	defer h.store.rest.RUnlock()
	return h.store.update(func(tx *bbolt.Tx) error {
		shelves, err := tx.CreateBucketIfNotExists([]byte(bucketShelves))
		if err != nil {
			return err
		}
		b, err := shelves.CreateBucketIfNotExists([]byte(h.name))
		if err != nil {
			return err
		}
		return change(ShelfTx{b})
	})
}

// bucket is the shelf's, nil where nothing was ever put there.
func (h Shelf) bucket(tx *bbolt.Tx) *bbolt.Bucket {
	shelves := tx.Bucket([]byte(bucketShelves))
	if shelves == nil {
		return nil
	}
	return shelves.Bucket([]byte(h.name))
}

// A Record is one record of a shelf. It is the caller's.
type Record struct {
	Key   string
	Value []byte
}

// A ShelfTx is a shelf while it is being changed. It is of no use afterwards.
type ShelfTx struct{ b *bbolt.Bucket }

// Get returns a copy of a record as it stands in the transaction, nil if there is
// none.
func (t ShelfTx) Get(key string) []byte { return bytes.Clone(t.b.Get([]byte(key))) }

// Put writes a record. A key must not be empty.
func (t ShelfTx) Put(key string, value []byte) error { return t.b.Put([]byte(key), value) }

// Delete takes a record away; one that is not there is no error.
func (t ShelfTx) Delete(key string) error { return t.b.Delete([]byte(key)) }

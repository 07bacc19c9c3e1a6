package store

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"sync"

	"go.etcd.io/bbolt"
)

// fullPages is the fill of buckets whose keys only grow: no page of theirs is
// ever written to again, so none needs room.
const fullPages = 1.0

// A bodyRef says where the bytes with a digest lie and how long they are.
type bodyRef struct {
	id          uint64
	raw, stored uint32
}

func (r bodyRef) encode() []byte {
	b := number(r.id)
	b = binary.BigEndian.AppendUint32(b, r.raw)
	return binary.BigEndian.AppendUint32(b, r.stored)
}

func decodeRef(b []byte) (bodyRef, error) {
	if len(b) != 16 {
		return bodyRef{}, fmt.Errorf("entry of a digest is malformed")
	}
	return bodyRef{
		id:     binary.BigEndian.Uint64(b),
		raw:    binary.BigEndian.Uint32(b[8:]),
		stored: binary.BigEndian.Uint32(b[12:]),
	}, nil
}

// A packed is one body ready to be stored.
type packed struct {
	digest string
	raw    int
	data   []byte
}

// packBody compresses a body.
func (s *Store) packBody(digest string, raw []byte) (packed, error) {
	if len(raw) > maxBody {
		return packed{}, fmt.Errorf("body %s has %d bytes, more than the %d a store takes", digest, len(raw), maxBody)
	}
	return packed{digest: digest, raw: len(raw), data: s.codec.pack(raw)}, nil
}

// putBody stores a body unless its digest is kept already, and returns its
// number. One whose bytes were found damaged is stored again in their place.
func (s *Store) putBody(tx *bbolt.Tx, p packed) (uint64, error) {
	ref, ok, err := findBody(tx, p.digest)
	if err != nil || ok && !s.torn.has(p.digest) {
		return ref.id, err
	}
	if ok {
		return ref.id, replaceBody(tx, ref.id, p)
	}
	key, err := parseDigest(p.digest)
	if err != nil {
		return 0, err
	}
	bodies := tx.Bucket([]byte(bucketBodies))
	bodies.FillPercent = fullPages
	id, err := bodies.NextSequence()
	if err != nil {
		return 0, err
	}
	if err := bodies.Put(number(id), p.data); err != nil {
		return 0, err
	}
	ref = bodyRef{id: id, raw: uint32(p.raw), stored: uint32(len(p.data))}
	return id, tx.Bucket([]byte(bucketDigests)).Put(key, ref.encode())
}

// replaceBody puts bytes in the place of damaged ones.
func replaceBody(tx *bbolt.Tx, id uint64, p packed) error {
	key, err := parseDigest(p.digest)
	if err != nil {
		return err
	}
	if err := tx.Bucket([]byte(bucketBodies)).Put(number(id), p.data); err != nil {
		return err
	}
	ref := bodyRef{id: id, raw: uint32(p.raw), stored: uint32(len(p.data))}
	return tx.Bucket([]byte(bucketDigests)).Put(key, ref.encode())
}

// A torn set names the bodies that were found damaged since the store was opened.
// When the same bytes come again, they are kept again.
type torn struct {
	mu      sync.Mutex
	digests map[string]bool
}

func (t *torn) add(digest string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.digests == nil {
		t.digests = map[string]bool{}
	}
	t.digests[digest] = true
}

func (t *torn) has(digest string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.digests[digest]
}

func (t *torn) heal(digest string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.digests, digest)
}

// findBody looks a digest up; ok is false if it is not kept.
func findBody(tx *bbolt.Tx, digest string) (ref bodyRef, ok bool, err error) {
	key, err := parseDigest(digest)
	if err != nil {
		return bodyRef{}, false, err
	}
	value := tx.Bucket([]byte(bucketDigests)).Get(key)
	if value == nil {
		return bodyRef{}, false, nil
	}
	ref, err = decodeRef(value)
	return ref, err == nil, err
}

// Body returns the bytes with a digest, checked against it. A digest that is not
// kept is ErrNotFound; bytes that no longer match theirs are ErrDamaged.
func (s *Store) Body(sha256 string) ([]byte, error) {
	var ref bodyRef
	var data []byte
	err := s.view(func(tx *bbolt.Tx) error {
		found, ok, err := findBody(tx, sha256)
		switch {
		case err != nil:
			return fmt.Errorf("store %s: %w", s.path, err)
		case !ok:
			return fmt.Errorf("store %s: body %s: %w", s.path, sha256, ErrNotFound)
		}
		ref = found
		data = append(data, tx.Bucket([]byte(bucketBodies)).Get(number(ref.id))...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.unpackBody(sha256, ref, data)
}

// unpackBody restores a body and checks it.
func (s *Store) unpackBody(digest string, ref bodyRef, data []byte) ([]byte, error) {
	raw, err := s.checkedBody(digest, ref, data)
	if err != nil {
		s.torn.add(digest)
		return nil, err
	}
	if s.torn.has(digest) {
		s.torn.heal(digest)
	}
	return raw, nil
}

func (s *Store) checkedBody(digest string, ref bodyRef, data []byte) ([]byte, error) {
	raw, err := s.codec.unpack(data, int(ref.raw))
	if err != nil {
		return nil, damaged(s.path, fmt.Sprintf("body %s: %v", digest, err))
	}
	if want, err := hex.DecodeString(digest); err != nil || digestOf(raw) != hex.EncodeToString(want) {
		return nil, damaged(s.path, fmt.Sprintf("body %s has other bytes than those kept", digest))
	}
	return raw, nil
}

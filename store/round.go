package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"xuncha/extract"
	"xuncha/inventory"
)

// A roundRecord is a round as stored. Its plan and its list of files are bodies:
// those of most nights are the same.
type roundRecord struct {
	Round Round  `json:"round"`
	Seq   uint32 `json:"seq"`   // order in which rounds began
	Plan  string `json:"plan"`  // digest of the subjects as JSON
	Files string `json:"files"` // digest of the []fileRef as JSON

	// Pruned says that retention removed snapshots, so that they can no longer
	// be counted.
	Pruned bool `json:"pruned,omitempty"`

	// Night is the record of the night, once the round has ended, and Leaves the
	// digest of the digests of its snapshots, once some are gone.
	Night  json.RawMessage `json:"night,omitempty"`
	Leaves string          `json:"leaves,omitempty"`
}

// A fileRef is one configuration file of a round.
type fileRef struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// NewRoundID returns the ID of a round that starts at a moment and is not taken:
// 20230927-0130, 20230927-0130-2 …
func (s *Store) NewRoundID(start time.Time) (string, error) {
	base := start.In(extract.Beijing).Format("20060102-1504")
	id := base
	err := s.view(func(tx *bbolt.Tx) error {
		rounds := tx.Bucket([]byte(bucketRounds))
		for n := 2; rounds.Get([]byte(id)) != nil; n++ {
			id = fmt.Sprintf("%s-%d", base, n)
		}
		return nil
	})
	return id, err
}

// Begin keeps a new round as running, with its plan and its configuration. An ID
// that is taken is ErrExists.
func (s *Store) Begin(r Round) error {
	if err := checkRound(r); err != nil {
		return fmt.Errorf("begin round: %w", err)
	}
	r.State, r.Finished, r.Read, r.Failed = Running, time.Time{}, 0, 0
	rec := roundRecord{Round: r}
	bodies, err := s.packRound(&rec)
	if err != nil {
		return fmt.Errorf("begin round %s: %w", r.ID, err)
	}
	s.rest.RLock()
	defer s.rest.RUnlock()
	return s.update(func(tx *bbolt.Tx) error {
		rounds := tx.Bucket([]byte(bucketRounds))
		if rounds.Get([]byte(r.ID)) != nil {
			return fmt.Errorf("store %s: round %s: %w", s.path, r.ID, ErrExists)
		}
		seq, err := rounds.NextSequence()
		if err != nil {
			return err
		}
		if uint64(uint32(seq)) != seq {
			return fmt.Errorf("store %s: it holds as many rounds as it can", s.path)
		}
		rec.Seq = uint32(seq)
		for _, b := range bodies {
			if _, err := s.putBody(tx, b); err != nil {
				return err
			}
		}
		return putRound(tx, rec)
	})
}

// checkRound refuses a round that could not be told from others or counted.
func checkRound(r Round) error {
	if r.ID == "" || len(r.ID) > maxRoundID || strings.Trim(r.ID, "0123456789abcdefghijklmnopqrstuvwxyz-") != "" {
		return fmt.Errorf("ID %.80q: want 1 to %d small letters, digits and hyphens", r.ID, maxRoundID)
	}
	if r.Started.IsZero() {
		return fmt.Errorf("round %s has no start", r.ID)
	}
	seen := make(map[string]bool, len(r.Planned))
	for _, subject := range r.Planned {
		if err := checkSubject(subject); err != nil {
			return fmt.Errorf("round %s: %w", r.ID, err)
		}
		if seen[subject] {
			return fmt.Errorf("round %s plans %s twice", r.ID, subject)
		}
		seen[subject] = true
	}
	return nil
}

// packRound makes bodies of a round's files and plan and sets their digests.
func (s *Store) packRound(rec *roundRecord) ([]packed, error) {
	var out []packed
	add := func(raw []byte) (string, error) {
		p, err := s.packBody(digestOf(raw), raw)
		out = append(out, p)
		return p.digest, err
	}
	addJSON := func(v any) (string, error) {
		raw, err := json.Marshal(v)
		if err != nil {
			return "", err
		}
		return add(raw)
	}
	files := make([]fileRef, 0, len(rec.Round.Files))
	for _, f := range rec.Round.Files {
		sha, err := add(f.Data)
		if err != nil {
			return nil, fmt.Errorf("file %s: %w", f.Name, err)
		}
		files = append(files, fileRef{Name: f.Name, SHA256: sha})
	}
	var err error
	if rec.Files, err = addJSON(files); err != nil {
		return nil, err
	}
	if rec.Plan, err = addJSON(rec.Round.Planned); err != nil {
		return nil, err
	}
	return out, nil
}

func putRound(tx *bbolt.Tx, rec roundRecord) error {
	value, err := json.Marshal(rec)
	if err != nil {
		return fmt.Errorf("round %s: %w", rec.Round.ID, err)
	}
	return tx.Bucket([]byte(bucketRounds)).Put([]byte(rec.Round.ID), value)
}

// getRound reads a round; one that still runs is counted as it stands.
func (s *Store) getRound(tx *bbolt.Tx, id string) (roundRecord, error) {
	value := tx.Bucket([]byte(bucketRounds)).Get([]byte(id))
	if value == nil {
		return roundRecord{}, fmt.Errorf("store %s: round %s: %w", s.path, id, ErrNotFound)
	}
	return s.decodeRound(tx, id, value)
}

func (s *Store) decodeRound(tx *bbolt.Tx, id string, value []byte) (roundRecord, error) {
	rec, err := s.rawRound(id, value)
	if err == nil && rec.Round.State == Running {
		rec.Round.Read, rec.Round.Failed = countLooks(tx, rec.Seq, nil)
	}
	return rec, err
}

// decodedRounds are the records of rounds that were decoded, by ID, each with the
// bytes it was: whoever lists years of rounds would decode all of them each time.
type decodedRounds struct {
	mu   sync.Mutex // guards byID
	byID map[string]decodedRound
}

type decodedRound struct {
	value []byte
	rec   roundRecord
}

func (d *decodedRounds) of(id string, value []byte) (roundRecord, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	known, ok := d.byID[id]
	return known.rec, ok && bytes.Equal(known.value, value)
}

func (d *decodedRounds) keep(id string, value []byte, rec roundRecord) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byID == nil {
		d.byID = map[string]decodedRound{}
	}
	d.byID[id] = decodedRound{bytes.Clone(value), rec}
}

// rawRound decodes a round without counting.
func (s *Store) rawRound(id string, value []byte) (roundRecord, error) {
	if rec, ok := s.rounds.of(id, value); ok {
		return rec, nil
	}
	var rec roundRecord
	if err := json.Unmarshal(value, &rec); err != nil || rec.Round.ID != id {
		return roundRecord{}, damaged(s.path, fmt.Sprintf("record of round %q cannot be read", id))
	}
	s.rounds.keep(id, value, rec)
	return rec, nil
}

// Round returns one round with its plan, without its files. A running round is
// counted as it stands.
func (s *Store) Round(id string) (Round, error) {
	rec, err := s.roundRecord(id)
	if err != nil {
		return Round{}, err
	}
	return s.withPlan(rec)
}

func (s *Store) roundRecord(id string) (rec roundRecord, err error) {
	err = s.view(func(tx *bbolt.Tx) (err error) {
		rec, err = s.getRound(tx, id)
		return err
	})
	return rec, err
}

func (s *Store) withPlan(rec roundRecord) (Round, error) {
	err := s.bodyJSON(rec.Plan, &rec.Round.Planned)
	if err != nil {
		return Round{}, fmt.Errorf("plan of round %s: %w", rec.Round.ID, err)
	}
	return rec.Round, nil
}

// bodyJSON decodes a body that this package made.
func (s *Store) bodyJSON(digest string, v any) error {
	raw, err := s.Body(digest)
	if errors.Is(err, ErrNotFound) {
		return damaged(s.path, "body "+digest+" is missing")
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}

// Rounds returns all rounds, the one that started last first, without plans and
// files.
func (s *Store) Rounds() ([]Round, error) {
	recs, err := s.roundRecords()
	rounds := make([]Round, len(recs))
	for i, rec := range recs {
		rounds[i] = rec.Round
	}
	return rounds, err
}

func (s *Store) roundRecords() (recs []roundRecord, err error) {
	err = s.view(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(bucketRounds)).ForEach(func(k, v []byte) error {
			rec, err := s.decodeRound(tx, string(k), v)
			recs = append(recs, rec)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(recs, func(a, b roundRecord) int {
		return cmp.Or(b.Round.Started.Compare(a.Round.Started), cmp.Compare(b.Seq, a.Seq))
	})
	return recs, nil
}

// Unfinished returns the running round that began last, with its plan, or
// ErrNotFound. Done tells which of its subjects need no second visit.
func (s *Store) Unfinished() (Round, error) {
	recs, err := s.roundRecords()
	if err != nil {
		return Round{}, err
	}
	recs = slices.DeleteFunc(recs, func(rec roundRecord) bool { return rec.Round.State != Running })
	if len(recs) == 0 {
		return Round{}, fmt.Errorf("store %s: unfinished round: %w", s.path, ErrNotFound)
	}
	last := slices.MaxFunc(recs, func(a, b roundRecord) int { return cmp.Compare(a.Seq, b.Seq) })
	return s.withPlan(last)
}

// Files returns the configuration a round was made with, byte for byte, in the
// order given to Begin.
func (s *Store) Files(id string) ([]inventory.File, error) {
	rec, err := s.roundRecord(id)
	if err != nil {
		return nil, err
	}
	var refs []fileRef
	if err := s.bodyJSON(rec.Files, &refs); err != nil {
		return nil, fmt.Errorf("files of round %s: %w", id, err)
	}
	files := make([]inventory.File, 0, len(refs))
	for _, ref := range refs {
		data, err := s.Body(ref.SHA256)
		if err != nil {
			return nil, fmt.Errorf("file %s of round %s: %w", ref.Name, id, err)
		}
		files = append(files, inventory.File{Name: ref.Name, Data: data})
	}
	return files, nil
}

// Done returns the subjects with a kept first look in a round.
func (s *Store) Done(round string) (map[string]bool, error) {
	done := make(map[string]bool)
	err := s.view(func(tx *bbolt.Tx) error {
		rec, err := s.getRound(tx, round)
		if err != nil {
			return err
		}
		countLooks(tx, rec.Seq, func(subject string) { done[subject] = true })
		return nil
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}

package store

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"go.etcd.io/bbolt"
)

// MaxBatch is the most snapshots one Keep takes: a larger transaction would
// hold up readers and swell the file.
const MaxBatch = 2000

// inRoundSize is the length of an entry of the index by round: the moment, and
// whether the look was conclusive.
const inRoundSize = 8 + 1

// Keep stores snapshots in one transaction and returns their digests, in order.
// Once it has returned they survive the death of the process. If it fails,
// nothing of the batch is kept.
//
// Bodies come in Pages[i].Body. A page whose digest is kept already may come
// without; its bytes are then those kept, and any that do come are not looked
// at. A page with a body and no digest is given one. A round that runs must be
// named. It looks at a subject once per Look: a repeat of the very same snapshot
// is no error and changes nothing, a different one is ErrExists.
func (s *Store) Keep(snaps []Snapshot) ([]string, error) {
	if len(snaps) > MaxBatch {
		return nil, fmt.Errorf("keep %d snapshots: at most %d at once", len(snaps), MaxBatch)
	}
	if len(snaps) == 0 {
		return nil, nil
	}
	s.rest.RLock()
	defer s.rest.RUnlock()
	drafts := make([]draft, len(snaps))
	err := onAllCores(len(snaps), func(i int) (err error) {
		if drafts[i], err = s.draft(snaps[i]); err != nil {
			return fmt.Errorf("keep %s of round %s: %w", snaps[i].Subject, snaps[i].Round, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	fresh, err := s.packFresh(drafts)
	if err != nil {
		return nil, err
	}
	err = s.update(func(tx *bbolt.Tx) error {
		k := keeper{s: s, tx: tx, fresh: fresh, rounds: make(map[string]roundRecord)}
		for _, d := range drafts {
			if err := k.keep(d); err != nil {
				return fmt.Errorf("keep %s of round %s: %w", d.sum.Subject, d.sum.Round, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	digests := make([]string, len(drafts))
	for i, d := range drafts {
		digests[i] = d.sum.Digest
	}
	return digests, nil
}

// A draft is a snapshot made ready before the transaction begins.
type draft struct {
	sum    Summary
	record []byte // compressed
	parts  []part // what it refers to
}

// A part is a body or a reading that a snapshot refers to.
type part struct {
	name   string // for messages
	sha256 string
	data   []byte // nil where it must be kept already
	packed []byte // data as gzip, if it came so
}

// draft checks and encodes one snapshot.
func (s *Store) draft(snap Snapshot) (draft, error) {
	if err := checkSnapshot(snap); err != nil {
		return draft{}, err
	}
	snap.Pages = slices.Clone(snap.Pages)
	parts, err := partsOf(&snap)
	if err != nil {
		return draft{}, err
	}
	raw, err := encodeSnapshot(snap)
	if err != nil {
		return draft{}, err
	}
	if len(raw) > maxBody {
		return draft{}, fmt.Errorf("the record has %d bytes, more than the %d a store takes", len(raw), maxBody)
	}
	sum := summarize(snap)
	sum.Digest = digestOf(raw)
	return draft{sum: sum, record: s.codec.pack(raw), parts: parts}, nil
}

// partsOf lists what a snapshot refers to and fills in the digests it lacks.
func partsOf(snap *Snapshot) ([]part, error) {
	parts := make([]part, 0, len(snap.Pages)+1)
	for i := range snap.Pages {
		p := &snap.Pages[i]
		if p.SHA256 == "" && p.Body != nil {
			p.SHA256 = digestOf(p.Body)
		}
		if p.SHA256 != "" {
			parts = append(parts, part{"page " + p.URL, p.SHA256, p.Body, p.Packed})
		}
	}
	if snap.ReadingSHA256 != "" {
		return append(parts, part{name: "reading", sha256: snap.ReadingSHA256}), nil
	}
	if !hasLists(snap.Reading) {
		return parts, nil
	}
	raw, err := compactJSON(snap.Reading)
	if err != nil {
		return nil, err
	}
	snap.ReadingSHA256 = digestOf(raw)
	return append(parts, part{name: "reading", sha256: snap.ReadingSHA256, data: raw}), nil
}

// checkSnapshot refuses what could not be found again.
func checkSnapshot(s Snapshot) error {
	if err := checkSubject(s.Subject); err != nil {
		return err
	}
	switch {
	case s.At.IsZero() || nanos(s.At) == math.MinInt64 || nanos(s.At) == math.MaxInt64:
		return fmt.Errorf("moment %s is out of range", s.At.Format(time.RFC3339))
	case s.Look < firstLook || s.Look > math.MaxUint8:
		return fmt.Errorf("look %d: want 1 to %d", s.Look, math.MaxUint8)
	case len(s.Pages) > maxRefs:
		return fmt.Errorf("%d pages are more than the %d a snapshot takes", len(s.Pages), maxRefs)
	}
	return nil
}

// A keeper is one transaction of Keep.
type keeper struct {
	s      *Store
	tx     *bbolt.Tx
	fresh  map[string]packed
	rounds map[string]roundRecord
}

func (k *keeper) keep(d draft) error {
	rec, err := k.round(d.sum.Round)
	if err != nil {
		return err
	}
	d.sum.seq = rec.Seq
	if kept, err := k.repeated(d.sum); kept || err != nil {
		return err
	}
	if d.sum.bodies, err = k.bodies(d.parts); err != nil {
		return err
	}
	return k.put(d)
}

// round returns a round that may be added to.
func (k *keeper) round(id string) (roundRecord, error) {
	if rec, ok := k.rounds[id]; ok {
		return rec, nil
	}
	value := k.tx.Bucket([]byte(bucketRounds)).Get([]byte(id))
	if value == nil {
		return roundRecord{}, fmt.Errorf("round %w", ErrNotFound)
	}
	rec, err := k.s.rawRound(id, value)
	if err != nil {
		return roundRecord{}, err
	}
	if rec.Round.State != Running {
		return roundRecord{}, fmt.Errorf("the round has ended: %s", rec.Round.State)
	}
	k.rounds[id] = rec
	return rec, nil
}

// repeated reports whether this very snapshot is kept already.
func (k *keeper) repeated(sum Summary) (bool, error) {
	entry := k.tx.Bucket([]byte(bucketInRound)).Get(roundKey(sum.seq, sum.Look, sum.Subject))
	if entry == nil {
		return false, nil
	}
	if len(entry) != inRoundSize {
		return false, damaged(k.s.path, "index of rounds: entry of "+sum.Subject)
	}
	key := lookKey{sum.Subject, parseMoment(entry), sum.seq, sum.Look}.bytes()
	prior, err := decodeSummary(key, k.tx.Bucket([]byte(bucketLooks)).Get(key))
	if err != nil {
		return false, damaged(k.s.path, err)
	}
	if prior.Digest != sum.Digest {
		return false, fmt.Errorf("look %d %w", sum.Look, ErrExists)
	}
	return true, nil
}

// bodies stores what is new and returns the numbers of all.
func (k *keeper) bodies(parts []part) ([]uint64, error) {
	var ids []uint64
	for _, p := range parts {
		id, err := k.body(p.sha256)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (k *keeper) body(digest string) (uint64, error) {
	if p, ok := k.fresh[digest]; ok {
		return k.s.putBody(k.tx, p)
	}
	ref, ok, err := findBody(k.tx, digest)
	if err == nil && !ok {
		err = fmt.Errorf("its body %s came without bytes and is %w", digest, ErrNotFound)
	}
	return ref.id, err
}

// put writes the record, the summary and the index.
func (k *keeper) put(d draft) error {
	records := k.tx.Bucket([]byte(bucketRecords))
	records.FillPercent = fullPages
	id, err := records.NextSequence()
	if err != nil {
		return err
	}
	d.sum.record = id
	value, err := d.sum.encode()
	if err != nil {
		return err
	}
	key := lookKey{d.sum.Subject, d.sum.At, d.sum.seq, d.sum.Look}.bytes()
	entry := append(moment(d.sum.At), 0)
	if d.sum.Conclusive() {
		entry[inRoundSize-1] = 1
	}
	return errors.Join(
		records.Put(number(id), d.record),
		k.tx.Bucket([]byte(bucketLooks)).Put(key, value),
		k.tx.Bucket([]byte(bucketInRound)).Put(roundKey(d.sum.seq, d.sum.Look, d.sum.Subject), entry),
	)
}

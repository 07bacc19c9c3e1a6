package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"
)

// Verify reads everything and tells report, one line each, what is wrong: the
// file's own structure, bytes that do not match their digest, snapshots whose
// record or bodies are missing, indexes that disagree, finished rounds that do
// not add up, events, imports and nights that are not those that were recorded. It
// changes nothing. Found faults are ErrDamaged as well; it stops
// with ctx's error once ctx is done.
//
// While the structure is checked nothing can be written.
func (s *Store) Verify(ctx context.Context, report func(problem string)) error {
	v := verifier{s: s, ctx: ctx, report: report}
	if err := v.structure(); err != nil {
		return err
	}
	if v.faults == 0 { // else the walks below might not end
		s.rest.RLock()
		defer s.rest.RUnlock()
		for _, check := range []func() error{v.snapshots, v.index, v.digests, v.bodies, v.rounds, v.chains} {
			if err := check(); err != nil {
				return err
			}
		}
	}
	if v.faults > 0 {
		return damaged(s.path, fmt.Sprintf("%d faults", v.faults))
	}
	return nil
}

// A verifier is one run of Verify.
type verifier struct {
	s      *Store
	ctx    context.Context
	report func(string)
	faults int
}

func (v *verifier) fault(format string, args ...any) {
	v.faults++
	v.report(fmt.Sprintf(format, args...))
}

// structure checks bbolt's pages. Everything is touched first, where a fault is
// caught: bbolt's own check runs beside us, where it would end the process.
func (v *verifier) structure() error {
	v.s.rest.Lock()
	defer v.s.rest.Unlock()
	if err := checkShape(v.s.path); err != nil {
		v.fault("%v", err)
		return nil
	}
	if err := v.touch(); err != nil {
		if v.ctx.Err() != nil {
			return v.ctx.Err()
		}
		v.fault("%v", err)
		return nil
	}
	return v.s.view(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			v.fault("structure: %v", err)
		}
		return nil
	})
}

// touch reads every page that a key or a value lies on.
func (v *verifier) touch() error {
	return v.s.view(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
			var last []byte
			return b.ForEach(func(key, value []byte) error {
				if last != nil && bytes.Compare(last, key) >= 0 {
					return fmt.Errorf("key %x is out of order", key)
				}
				last = key
				for off := 0; off < len(value); off += 1024 {
					_ = bytes.IndexByte(value[off:off+1], 0)
				}
				return v.ctx.Err()
			})
		})
	})
}

// snapshots checks every summary against its record, its bodies and its round.
func (v *verifier) snapshots() error {
	return v.each(bucketLooks, func(tx *bbolt.Tx, key, value []byte) {
		sum, err := decodeSummary(key, value)
		if err != nil {
			v.fault("%v", err)
			return
		}
		if tx.Bucket([]byte(bucketInRound)).Get(roundKey(sum.seq, sum.Look, sum.Subject)) == nil {
			v.fault("snapshot %s of %s is missing in the index of round %s", sum.Digest, sum.Subject, sum.Round)
		}
		record := tx.Bucket([]byte(bucketRecords)).Get(number(sum.record))
		snap, err := v.s.unpackRecord(kept{Summary: sum, packed: record})
		if err != nil {
			v.fault("%v", err)
			return
		}
		v.compare(tx, sum, snap)
	})
}

// compare checks that a summary says what its snapshot says.
func (v *verifier) compare(tx *bbolt.Tx, sum Summary, snap Snapshot) {
	want := summarize(snap)
	if !want.At.Equal(sum.At) || want.Subject != sum.Subject || want.Round != sum.Round || want.Look != sum.Look ||
		want.Outcome != sum.Outcome || want.Reason != sum.Reason || want.flags() != sum.flags() ||
		!want.Newest.Time.Equal(sum.Newest.Time) {
		v.fault("summary of snapshot %s of %s differs from it", sum.Digest, sum.Subject)
	}
	v.reading(tx, sum, snap)
	for _, p := range snap.Pages {
		if p.SHA256 == "" {
			continue
		}
		ref, ok, err := findBody(tx, p.SHA256)
		if err != nil || !ok || !slices.Contains(sum.bodies, ref.id) {
			v.fault("snapshot %s of %s: body %s of %s is missing", sum.Digest, sum.Subject, p.SHA256, p.URL)
		}
	}
}

// reading checks that a reading kept apart is there and is the one whose gist the
// record holds. It reads within tx: a second transaction beside it could wait
// for a writer that waits for the first.
func (v *verifier) reading(tx *bbolt.Tx, sum Summary, snap Snapshot) {
	if snap.ReadingSHA256 == "" {
		return
	}
	ref, ok, err := findBody(tx, snap.ReadingSHA256)
	if err != nil || !ok || !slices.Contains(sum.bodies, ref.id) {
		v.fault("snapshot %s of %s: reading %s is missing", sum.Digest, sum.Subject, snap.ReadingSHA256)
		return
	}
	raw, err := v.s.unpackBody(snap.ReadingSHA256, ref, tx.Bucket([]byte(bucketBodies)).Get(number(ref.id)))
	if err != nil {
		return // told by digests
	}
	whole, err := v.s.decodeReading(snap.ReadingSHA256, raw)
	if err != nil {
		v.fault("%v", err)
		return
	}
	want, err1 := compactJSON(gist(whole))
	got, err2 := compactJSON(snap.Reading)
	if err1 != nil || err2 != nil || !bytes.Equal(got, want) {
		v.fault("snapshot %s of %s does not have the gist of its reading %s", sum.Digest, sum.Subject, snap.ReadingSHA256)
	}
}

// index checks that the index by round names nothing that is not there.
func (v *verifier) index() error {
	return v.each(bucketInRound, func(tx *bbolt.Tx, key, value []byte) {
		if len(key) < 6 || len(value) != inRoundSize {
			v.fault("index of rounds: entry %x is malformed", key)
			return
		}
		seq, look, subject := parseRoundKey(key)
		if tx.Bucket([]byte(bucketLooks)).Get(lookKey{subject, parseMoment(value), seq, look}.bytes()) == nil {
			v.fault("index of rounds: snapshot of %s is missing", subject)
		}
	})
}

// digests checks every body against its digest.
func (v *verifier) digests() error {
	return v.each(bucketDigests, func(tx *bbolt.Tx, key, value []byte) {
		digest := hex.EncodeToString(key)
		ref, err := decodeRef(value)
		if err != nil {
			v.fault("body %s: %v", digest, err)
			return
		}
		data := tx.Bucket([]byte(bucketBodies)).Get(number(ref.id))
		raw, err := v.s.unpackBody(digest, ref, data)
		switch {
		case err != nil:
			v.fault("%v", err)
		case len(raw) != int(ref.raw) || len(data) != int(ref.stored):
			v.fault("body %s: its index states another size", digest)
		}
	})
}

// bodies checks that no body and no record is out of reach: such a one would
// take room for ever.
func (v *verifier) bodies() error {
	return v.s.view(func(tx *bbolt.Tx) error {
		for _, pair := range [][2]string{{bucketBodies, bucketDigests}, {bucketRecords, bucketLooks}} {
			have := tx.Bucket([]byte(pair[0])).Stats().KeyN
			want := tx.Bucket([]byte(pair[1])).Stats().KeyN
			if have != want {
				v.fault("%s holds %d entries, %s names %d", pair[0], have, pair[1], want)
			}
		}
		return nil
	})
}

// rounds checks that every round has its files and its plan, and that finished
// ones add up.
func (v *verifier) rounds() error {
	recs, err := v.s.roundRecords()
	if err != nil {
		v.fault("%v", err)
		return nil
	}
	for _, rec := range recs {
		r, err := v.s.withPlan(rec)
		if err != nil {
			v.fault("%v", err)
			continue
		}
		if _, err := v.s.Files(r.ID); err != nil {
			v.fault("%v", err)
		}
		if r.State != Finished || rec.Pruned {
			continue
		}
		if err := v.addUp(rec.Seq, r); err != nil {
			return err
		}
	}
	return v.ctx.Err()
}

func (v *verifier) addUp(seq uint32, r Round) error {
	return v.s.view(func(tx *bbolt.Tx) error {
		looked := make(map[string]bool)
		read, failed := countLooks(tx, seq, func(subject string) { looked[subject] = true })
		if err := account(r.Planned, looked); err != nil {
			v.fault("round %s: %v", r.ID, err)
		}
		if read != r.Read || failed != r.Failed {
			v.fault("round %s says read %d, failed %d; kept are read %d, failed %d", r.ID, r.Read, r.Failed, read, failed)
		}
		return nil
	})
}

// each walks a bucket until ctx is done.
func (v *verifier) each(bucket string, check func(tx *bbolt.Tx, k, val []byte)) error {
	return v.s.eachKey(bucket, func(tx *bbolt.Tx, k, val []byte) error {
		check(tx, k, val)
		return v.ctx.Err()
	})
}

package store

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// Every kind of disagreement inside the file is found and told in words.
func TestVerifyFinds(t *testing.T) {
	put := func(bucket string, key, value []byte) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error { return tx.Bucket([]byte(bucket)).Put(key, value) }
	}
	drop := func(bucket string, key []byte) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error { return tx.Bucket([]byte(bucket)).Delete(key) }
	}
	look := lookKey{"a", night, 1, 1}.bytes()
	body := must(parseDigest(digestOf([]byte("x"))))(t)
	tests := []struct {
		name   string
		damage func(*bbolt.Tx) error
		want   string
	}{
		{"a record gone", drop(bucketRecords, number(1)), "has other bytes"},
		{"a record of another snapshot", func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte(bucketRecords))
			return b.Put(number(1), append([]byte(nil), b.Get(number(2))...))
		}, "has other bytes"},
		{"a summary gone", drop(bucketLooks, look), "snapshot of a is missing"},
		{"a summary cut", put(bucketLooks, look, []byte{1, 2, 3}), "malformed"},
		{"a summary that says something else", func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte(bucketLooks))
			value := append([]byte(nil), b.Get(look)...)
			value[1] ^= flagAtLeast
			return b.Put(look, value)
		}, "differs from it"},
		{"a key that is none", put(bucketLooks, []byte("k"), []byte{1}), "malformed"},
		{"an index entry gone", drop(bucketInRound, roundKey(1, 1, "a")), "missing in the index of round r1"},
		{"an index entry of nothing", put(bucketInRound, roundKey(1, 1, "zz"), append(moment(night), 1)), "snapshot of zz is missing"},
		{"an index entry cut", put(bucketInRound, roundKey(1, 1, "a"), nil), "malformed"},
		{"a verdict on a look turned over", put(bucketInRound, roundKey(1, 1, "a"), append(moment(night), 0)), "says read 1, failed 1"},
		{"a digest gone", drop(bucketDigests, body), "is missing"},
		{"a digest of nothing", put(bucketDigests, make([]byte, 32), bodyRef{id: 99}.encode()), "other bytes"},
		{"a digest cut", put(bucketDigests, body, []byte{1}), "malformed"},
		{"a size that is wrong", put(bucketDigests, body, bodyRef{id: 4, raw: 9, stored: 9}.encode()), "body " + digestOf([]byte("x"))},
		{"a body nobody names", put(bucketBodies, number(77), []byte("?")), "bodies holds"},
		{"a round gone wrong", put(bucketRounds, []byte("r1"), []byte("{")), `record of round "r1" cannot be read`},
		{"a plan gone", func(tx *bbolt.Tx) error {
			return tx.Bucket([]byte(bucketDigests)).Delete(must(parseDigest(digestOf([]byte(`["a","b"]`))))(t))
		}, "plan of round r1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tempStore(t)
			begin(t, s, "r1", night, "a", "b")
			keep(t, s, shot("a", "r1", night, "x"), unread("b", "r1", night))
			check(t, s.Finish("r1", night, Finished))
			verify(t, s)
			check(t, s.update(tt.damage))
			var faults []string
			err := s.Verify(t.Context(), func(p string) { faults = append(faults, p) })
			wantErr(t, tt.name, err, ErrDamaged)
			if all := strings.Join(faults, "\n"); !strings.Contains(all, tt.want) {
				t.Errorf("got faults %q, want %q", all, tt.want)
			}
			// Whatever else is asked of it gives an answer or an error.
			_, _ = s.Prior("a")
			_, _ = s.Rounds()
			_, _ = s.Unfinished()
			_, _ = s.Stats()
			_, _ = s.Done("r1")
			for _, err := range s.History("a", time.Time{}) {
				_ = err
			}
			_, _ = s.Retain(Policy{Keep: time.Hour}, night.AddDate(1, 0, 0))
		})
	}
}

func TestVerifyStops(t *testing.T) {
	s := tempStore(t)
	manyNights(t, s, 3, "a")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Verify(ctx, func(p string) { t.Error(p) }); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
}

func TestStats(t *testing.T) {
	s := tempStore(t)
	if st := must(s.Stats())(t); st.Rounds+st.Snapshots+st.Bodies+st.Subjects != 0 {
		t.Errorf("empty store: got %+v", st)
	}
	manyNights(t, s, 4, "a", "b")
	keepBig(t, s)
	st := must(s.Stats())(t)
	// Nine different bodies of pages, readings of four nights, one file, its list,
	// two plans.
	if st.Rounds != 5 || st.Snapshots != 9 || st.Subjects != 3 || st.Bodies != 17 ||
		st.RawBytes < 100_000 || st.StoredBytes >= st.RawBytes || st.FileBytes < st.StoredBytes || st.FreeBytes <= 0 {
		t.Errorf("got %+v", st)
	}
}

func keepBig(t *testing.T, s *Store) {
	t.Helper()
	begin(t, s, "big", night)
	keep(t, s, shot("big", "big", night, string(page(1, 100_000))))
}

package store

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"xuncha/internal/merkle"
)

// sealedNights keeps so many nights of three subjects.
func sealedNights(t *testing.T, s *Store, n int) {
	t.Helper()
	for i := range n {
		id, at := fmt.Sprintf("r%d", i+1), night.AddDate(0, 0, i)
		begin(t, s, id, at, "a", "b", "c")
		second := shot("b", id, at.Add(time.Hour), "y")
		second.Look = 2
		keep(t, s, shot("a", id, at, "x"), shot("b", id, at, "y"), unread("c", id, at), second)
		check(t, s.Finish(id, at.Add(2*time.Hour), Finished))
	}
}

// inNight reports whether every snapshot of a subject can be shown to be in its
// night.
func inNight(t *testing.T, s *Store, subject string) int {
	t.Helper()
	roots := map[string]string{}
	for _, n := range must(s.Nights())(t) {
		roots[n.Round] = n.Root
	}
	count := 0
	for sum, err := range s.History(subject, time.Time{}) {
		check(t, err)
		p := must(s.Place(sum))(t)
		var path []merkle.Hash
		for _, text := range p.Path {
			path = append(path, must(merkle.Parse(text))(t))
		}
		if record := must(s.Record(sum))(t); digestOf(record) != sum.Digest {
			t.Errorf("the record of %s has another digest", sum.Subject)
		}
		digest := must(hex.DecodeString(sum.Digest))(t)
		if root, ok := merkle.Climb(merkle.Leaf(digest), p.Index, p.Size, path); !ok || root.String() != roots[sum.Round] {
			t.Errorf("snapshot of %s in round %s is not in its night", sum.Subject, sum.Round)
		}
		count++
	}
	return count
}

func TestEveryNightSealsItsSnapshotsAndTheNightBefore(t *testing.T) {
	s := tempStore(t)
	sealedNights(t, s, 3)
	nights := must(s.Nights())(t)
	before := Night{}
	for i, n := range nights {
		if _, why := n.Follows(before); why != "" || n.Snapshots != 4 || n.Number != i+1 || n.RuleSet != "yangquan-2023" {
			t.Errorf("night %d: %s: %+v", i+1, why, n)
		}
		before = n
	}
	if len(nights) != 3 || inNight(t, s, "a") != 3 || inNight(t, s, "b") != 6 {
		t.Errorf("%d nights", len(nights))
	}
	verify(t, s)
}

// What was removed by age breaks no seal: what stays can still be shown to have
// been in its night.
func TestSealsOutliveRetention(t *testing.T) {
	s := tempStore(t)
	sealedNights(t, s, 4)
	seal := must(s.Nights())(t)[0].Seal
	for range 2 {
		if _, err := s.Retain(Policy{Keep: 24 * time.Hour}, night.AddDate(0, 0, 4)); err != nil {
			t.Fatal(err)
		}
		verify(t, s)
	}
	if got := inNight(t, s, "a"); got == 0 || got == 4 || must(s.Nights())(t)[0].Seal != seal {
		t.Errorf("%d snapshots are left, want some", got)
	}
	if got := inNight(t, s, "c"); got == 0 {
		t.Error("the newest snapshot is gone")
	}
}

func TestARunningRoundHasNoSeal(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night, "a")
	keep(t, s, shot("a", "r1", night, "x"))
	for sum := range s.History("a", time.Time{}) {
		_, err := s.Place(sum)
		wantErr(t, "place in a running round", err, ErrNotFound)
	}
	check(t, s.Finish("r1", night, Abandoned))
	if n := must(s.Nights())(t); len(n) != 1 || n[0].State != Abandoned {
		t.Errorf("nights %+v, want the abandoned one: its snapshots may be cited", n)
	}
}

// change rewrites the record of a round.
func change(id string, fn func(*roundRecord)) func(*bbolt.Tx) error {
	return func(tx *bbolt.Tx) error {
		var rec roundRecord
		if err := json.Unmarshal(tx.Bucket([]byte(bucketRounds)).Get([]byte(id)), &rec); err != nil {
			return err
		}
		fn(&rec)
		return putRound(tx, rec)
	}
}

func TestVerifyNamesWhatASealTells(t *testing.T) {
	reseal := func(edit func(*Night)) func(*roundRecord) {
		return func(rec *roundRecord) {
			n, err := ParseNight(rec.Night)
			if err == nil {
				edit(&n)
				rec.Night, _ = json.Marshal(n)
			}
		}
	}
	tests := []struct {
		name   string
		damage func(*bbolt.Tx) error
		want   string
	}{
		{"a night cut out", change("r2", func(rec *roundRecord) { rec.Night = nil }), "between night 1 (round r1) and night 3 (round r3) 1 nights are missing"},
		{"the seal of the last night", change("r3", func(rec *roundRecord) { rec.Night = nil }), "lost its seal"},
		{"a night sealed anew", change("r2", reseal(func(n *Night) { n.Config = "other" })), "does not follow night 2"},
		{"a round changed", change("r2", func(rec *roundRecord) { rec.Round.RuleSet = "other" }), "round r2 was changed after it was sealed"},
		{"a tree of others", change("r3", reseal(func(n *Night) { n.Root = strings.Repeat("00", 32) })), "not those that were sealed"},
		{"a night that is none", change("r2", func(rec *roundRecord) { rec.Night = json.RawMessage(`[]`) }), "record of a night"},
		{"another configuration", change("r1", func(rec *roundRecord) { rec.Files = digestOf([]byte("null")) }), "changed after it was sealed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tempStore(t)
			sealedNights(t, s, 3)
			check(t, s.update(tt.damage))
			var faults []string
			err := s.Verify(t.Context(), func(p string) { faults = append(faults, p) })
			wantErr(t, tt.name, err, ErrDamaged)
			if all := strings.Join(faults, "\n"); !strings.Contains(all, tt.want) {
				t.Errorf("got faults %q, want %q", all, tt.want)
			}
		})
	}
}

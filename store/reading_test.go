package store

import (
	"bytes"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// again is the snapshot of a night on which nothing had changed, as a visit
// makes it: of the reading it has no more than the store gave it.
func again(t *testing.T, s *Store, subject, round string, at time.Time) Snapshot {
	t.Helper()
	snap := must(s.Prior(subject))(t)
	snap.Round, snap.At, snap.TakenOver, snap.Digest = round, at, true, ""
	return snap
}

// takenOver keeps a snapshot and then others that take its reading over.
func takenOver(t *testing.T, s *Store, n int) Snapshot {
	t.Helper()
	first := shot("a", "r0", night, "x")
	begin(t, s, "r0", night)
	keep(t, s, first)
	check(t, s.Finish("r0", night, Abandoned))
	for i := 1; i <= n; i++ {
		at := night.AddDate(0, 0, i)
		id := string(rune('a' + i))
		begin(t, s, id, at)
		keep(t, s, again(t, s, "a", id, at))
		check(t, s.Finish(id, at, Abandoned))
	}
	return first
}

func TestPriorHasTheGistAndNamesTheReading(t *testing.T) {
	s := tempStore(t)
	first := takenOver(t, s, 0)
	got := must(s.Prior("a"))(t)
	if len(got.Reading.Items) != 0 || got.Reading.Outcome != first.Reading.Outcome || !got.Reading.Newest.Time.Equal(first.Reading.Newest.Time) {
		t.Errorf("got reading %+v, want the gist", got.Reading)
	}
	whole := must(s.Reading(got.ReadingSHA256))(t)
	if asJSON(t, Snapshot{Reading: whole}) != asJSON(t, Snapshot{Reading: first.Reading}) {
		t.Errorf("got %+v, want %+v", whole, first.Reading)
	}
	_, err := s.Reading(digestOf([]byte("another")))
	wantErr(t, "a reading that is not kept", err, ErrNotFound)
}

// An unchanged reading takes room once, and every snapshot of it is whole.
func TestReadingTakenOver(t *testing.T) {
	s := tempStore(t)
	first := takenOver(t, s, 5)
	seen := 0
	for sum, err := range s.History("a", time.Time{}) {
		check(t, err)
		got := must(s.Load(sum))(t)
		if asJSON(t, Snapshot{Reading: got.Reading}) != asJSON(t, Snapshot{Reading: first.Reading}) {
			t.Errorf("%s: got reading %+v", sum.Round, got.Reading)
		}
		if sum.Outcome != first.Reading.Outcome || !sum.Newest.Time.Equal(first.Reading.Newest.Time) || sum.TakenOver != (sum.Round != "r0") {
			t.Errorf("got summary %+v", sum)
		}
		seen++
	}
	st := must(s.Stats())(t)
	if seen != 6 || st.Bodies != 1+1+3 { // page, reading, file, list of files, empty plan
		t.Errorf("got %d snapshots, %+v", seen, st)
	}
	verify(t, s)
}

// The snapshot that brought a reading may go before those that took it over.
func TestReadingOutlivesItsFirstSnapshot(t *testing.T) {
	s := tempStore(t)
	first := takenOver(t, s, 5)
	gone := must(s.Retain(Policy{Keep: time.Hour}, night.AddDate(1, 0, 0)))(t)
	if gone.Snapshots != 5 || gone.Bodies != 0 {
		t.Errorf("got %+v, want 5 snapshots and no body", gone)
	}
	if got := newest(t, s, "a"); asJSON(t, Snapshot{Reading: got.Reading}) != asJSON(t, Snapshot{Reading: first.Reading}) {
		t.Errorf("got %+v", got.Reading)
	}
	verify(t, s)
}

func TestReadingThatIsNotKeptIsRefused(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night)
	snap := shot("a", "r1", night, "x")
	snap.ReadingSHA256 = digestOf([]byte("another"))
	_, err := s.Keep([]Snapshot{snap})
	wantErr(t, "a reading by its name alone", err, ErrNotFound)
	if got := history(t, s, "a", time.Time{}); len(got) != 0 {
		t.Errorf("kept %v", got)
	}
}

// Verify finds a reading that is gone and one that is another snapshot's.
func TestVerifyReadings(t *testing.T) {
	for name, harm := range map[string]func(*testing.T, *Store){
		"gone": func(t *testing.T, s *Store) {
			key := must(parseDigest(must(s.Prior("a"))(t).ReadingSHA256))(t)
			check(t, s.update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte(bucketDigests)).Delete(key) }))
			for sum := range s.History("a", time.Time{}) {
				_, err := s.Load(sum)
				wantErr(t, "load", err, ErrDamaged)
			}
		},
		"another's": func(t *testing.T, s *Store) {
			other := shot("b", "c", night, "y")
			other.Reading.Method = "another"
			begin(t, s, "c", night)
			keep(t, s, other)
			snap := again(t, s, "a", "c", night)
			snap.ReadingSHA256 = must(s.Prior("b"))(t).ReadingSHA256
			keep(t, s, snap)
		},
	} {
		s := tempStore(t)
		takenOver(t, s, 0)
		harm(t, s)
		var told bytes.Buffer
		wantErr(t, name, s.Verify(t.Context(), func(p string) { told.WriteString(p + "\n") }), ErrDamaged)
		if !bytes.Contains(told.Bytes(), []byte("reading")) {
			t.Errorf("%s: told %q", name, told.String())
		}
	}
}

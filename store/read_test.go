package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"xuncha/extract"
)

// manyNights keeps one snapshot of each subject in each of n rounds.
func manyNights(t testing.TB, s *Store, n int, subjects ...string) {
	t.Helper()
	for i := range n {
		at := night.AddDate(0, 0, i)
		id := fmt.Sprintf("n%04d", i)
		begin(t, s, id, at, subjects...)
		var batch []Snapshot
		for _, subject := range subjects {
			batch = append(batch, shot(subject, id, at, subject+id))
		}
		keep(t, s, batch...)
		check(t, s.Finish(id, at.Add(time.Hour), Finished))
	}
}

func TestPrior(t *testing.T) {
	s := tempStore(t)
	_, err := s.Prior("a")
	wantErr(t, "empty store", err, ErrNotFound)
	manyNights(t, s, 3, "a", "a/b", "b")
	for _, subject := range []string{"a", "a/b", "b"} {
		if got := must(s.Prior(subject))(t); got.Subject != subject || got.Round != "n0002" {
			t.Errorf("%s: got %s of %s, want the third night", subject, got.Subject, got.Round)
		}
	}
	for _, subject := range []string{"", "a/", "c", "0"} {
		_, err := s.Prior(subject)
		wantErr(t, subject, err, ErrNotFound)
	}
}

func TestHistory(t *testing.T) {
	s := tempStore(t)
	const nights = 700 // more than the largest batch
	manyNights(t, s, nights, "a")
	tests := []struct {
		name  string
		until time.Time
		want  int
	}{
		{"all", time.Time{}, nights},
		{"up to a look, itself included", night.AddDate(0, 0, 9), 10},
		{"an instant before", night.AddDate(0, 0, 9).Add(-1), 9},
		{"before the first", night.Add(-1), 0},
		{"beyond what sorts", time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC), nights},
		{"long ago", time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := 0
			for sum, err := range s.History("a", tt.until) {
				check(t, err)
				if want := night.AddDate(0, 0, tt.want-1-n); !sum.At.Equal(want) {
					t.Fatalf("entry %d: got %s, want %s", n, sum.At, want)
				}
				n++
			}
			if n != tt.want {
				t.Errorf("got %d, want %d", n, tt.want)
			}
		})
	}
}

// A summary says what the reading says, and leads to it.
func TestSummaryAndLoad(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night)
	snap := shot("a", "r1", night, "x")
	snap.Look, snap.TakenOver = 2, true
	snap.Reading.AtLeast, snap.Reading.Older = true, true
	snap.Reading.Newest = extract.Date{Time: time.Date(2023, 8, 23, 9, 5, 7, 89, extract.Beijing), Minute: true}
	digest := keep(t, s, snap)[0]
	down := keep(t, s, unread("b", "r1", night))[0]
	for sum, err := range s.History("a", time.Time{}) {
		check(t, err)
		if !sum.Conclusive() || sum.Outcome != extract.Dated || !sum.AtLeast || !sum.Older || !sum.Complete || !sum.TakenOver ||
			sum.Look != 2 || sum.Round != "r1" || !sum.Newest.Minute || sum.Newest.Inferred || sum.Digest != digest ||
			!sum.Newest.Time.Equal(snap.Reading.Newest.Time) || !sum.At.Equal(night) {
			t.Errorf("got %+v", sum)
		}
		if got := must(s.Load(sum))(t); got.Digest != digest || asJSON(t, got) != asJSON(t, named(t, snap)) {
			t.Errorf("got %+v", got)
		}
	}
	for sum, err := range s.History("b", time.Time{}) {
		check(t, err)
		if sum.Conclusive() || sum.Reason != extract.ReasonDown || !sum.Newest.IsZero() || sum.Digest != down {
			t.Errorf("got %+v", sum)
		}
		sum.Subject = "c"
		_, err := s.Load(sum)
		wantErr(t, "a summary of nothing", err, ErrNotFound)
	}
}

func TestSnapshots(t *testing.T) {
	s := tempStore(t)
	manyNights(t, s, 150, "b", "a", "a/x")
	day := func(n int) time.Time { return night.AddDate(0, 0, n) }
	tests := []struct {
		name         string
		since, until time.Time
		subjects     []string
		want         int
	}{
		{"everything", time.Time{}, time.Time{}, nil, 450},
		{"one subject", time.Time{}, time.Time{}, []string{"a"}, 150},
		{"a range, both ends included", day(10), day(12), nil, 9},
		{"two subjects up to a moment", time.Time{}, day(99), []string{"b", "a/x"}, 200},
		{"an unknown subject", time.Time{}, time.Time{}, []string{"zz"}, 0},
		{"a range the wrong way round", day(12), day(10), nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for snap, err := range s.Snapshots(tt.since, tt.until, tt.subjects...) {
				check(t, err)
				got = append(got, snap.Subject+" "+snap.At.UTC().Format(time.RFC3339))
			}
			if len(got) != tt.want || tt.subjects == nil && !slices.IsSorted(got) {
				t.Errorf("got %d in order %v, want %d in order", len(got), slices.IsSorted(got), tt.want)
			}
		})
	}
	if got := must(s.Subjects())(t); !slices.Equal(got, []string{"a", "a/x", "b"}) {
		t.Errorf("got subjects %v", got)
	}
}

// Whoever walks may stop, and may write meanwhile: no transaction is open.
func TestWalkHoldsNothing(t *testing.T) {
	s := tempStore(t)
	manyNights(t, s, 100, "a")
	begin(t, s, "r", night)
	n := 0
	for range s.History("a", time.Time{}) {
		keep(t, s, shot(fmt.Sprintf("new/%d", n), "r", night, string(page(uint64(n), 50_000))))
		if n++; n == 20 {
			break
		}
	}
	for _, err := range s.Snapshots(time.Time{}, time.Time{}) {
		check(t, err)
		if open := s.db.Stats().OpenTxN; open != 0 {
			t.Fatalf("%d transactions are open while the caller works", open)
		}
		break
	}
}

// One damaged record does not hide the others.
func TestSnapshotsPastADamagedOne(t *testing.T) {
	s := tempStore(t)
	manyNights(t, s, 3, "a")
	check(t, s.update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(bucketRecords)).Put(number(2), []byte("junk"))
	}))
	good, bad := 0, 0
	for snap, err := range s.Snapshots(time.Time{}, time.Time{}) {
		if err == nil {
			good++
			continue
		}
		bad++
		wantErr(t, snap.Round, err, ErrDamaged)
		if snap.Subject != "a" || snap.Round != "n0001" || snap.Digest == "" {
			t.Errorf("got %+v, want what is known of it", snap)
		}
	}
	if good != 2 || bad != 1 {
		t.Errorf("got %d good and %d bad, want 2 and 1", good, bad)
	}
}

package store

import (
	"slices"
	"testing"
	"time"

	"xuncha/extract"
)

func TestRetain(t *testing.T) {
	s := tempStore(t)
	manyNights(t, s, 10, "a", "b")
	begin(t, s, "last", night.AddDate(0, 0, 10), "a")
	blind := keep(t, s, unread("a", "last", night.AddDate(0, 0, 10)))
	check(t, s.Finish("last", night.AddDate(0, 0, 10), Finished))
	all := history(t, s, "a", time.Time{}) // newest first: blind, then nights 9 to 0
	cited := all[8]

	now := night.AddDate(1, 0, 0)
	gone := must(s.Retain(Policy{Keep: 30 * 24 * time.Hour, Cited: func(d string) bool { return d == cited }}, now))(t)
	if gone.Snapshots != 8+9 || gone.Bodies != 8+9+8 || gone.Bytes == 0 {
		t.Errorf("got %+v, want 17 snapshots, their bodies and the readings of 8 nights", gone)
	}
	want := []string{blind[0], all[1], cited} // the newest, the newest conclusive, the cited
	if got := history(t, s, "a", time.Time{}); !slices.Equal(got, want) {
		t.Errorf("a: got %v, want %v", got, want)
	}
	if got := history(t, s, "b", time.Time{}); len(got) != 1 {
		t.Errorf("b: got %d snapshots, want the newest alone", len(got))
	}
	for snap, err := range s.Snapshots(time.Time{}, time.Time{}) {
		check(t, err)
		for _, p := range snap.Pages {
			if p.SHA256 != "" {
				must(s.Body(p.SHA256))(t)
			}
		}
	}
	if files := must(s.Files("n0000"))(t); len(files) != 1 { // a round keeps its configuration
		t.Errorf("got files %v", files)
	}
	verify(t, s)
	if gone := must(s.Retain(Policy{Keep: time.Hour, Cited: func(string) bool { return true }}, now))(t); gone != (Removed{}) {
		t.Errorf("everything is cited, yet gone is %+v", gone)
	}
}

// A body that two rounds share stays while one of them needs it.
func TestHostile_G22_SharedBody(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night)
	begin(t, s, "r2", night.AddDate(0, 6, 0))
	keep(t, s, shot("a", "r1", night, "shared"), shot("b", "r1", night, "alone"))
	keep(t, s, shot("a", "r2", night.AddDate(0, 6, 0), "shared"), shot("b", "r2", night.AddDate(0, 6, 0), "new"))
	check(t, s.Finish("r1", night, Abandoned))
	gone := must(s.Retain(Policy{Keep: 24 * time.Hour}, night.AddDate(0, 6, 0)))(t)
	if gone.Snapshots != 2 || gone.Bodies != 2 {
		t.Errorf("got %+v, want 2 snapshots, the body of one and the reading of both", gone)
	}
	must(s.Body(digestOf([]byte("shared"))))(t)
	_, err := s.Body(digestOf([]byte("alone")))
	wantErr(t, "the body nobody needs", err, ErrNotFound)
	keep(t, s, shot("c", "r2", night, "alone")) // and it can come back
	must(s.Body(digestOf([]byte("alone"))))(t)
	verify(t, s)
}

func TestRetainSparesWhatIsNeeded(t *testing.T) {
	year := night.AddDate(1, 0, 0)
	tests := []struct {
		name string
		end  RoundState // of the old round, "" while it runs
		keep time.Duration
		want int // snapshots gone
	}{
		{"old and needless", Finished, time.Hour, 1},
		{"young enough", Finished, 2 * 366 * 24 * time.Hour, 0},
		{"exactly as old as may be", Finished, year.Sub(night), 0},
		{"of a round that runs", "", time.Hour, 0},
		{"of a round nobody goes on with", Abandoned, time.Hour, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tempStore(t)
			begin(t, s, "old", night, "a")
			keep(t, s, shot("a", "old", night, "x"))
			if tt.end != "" {
				check(t, s.Finish("old", night, tt.end))
			}
			begin(t, s, "new", year, "a")
			keep(t, s, shot("a", "new", year, "y"))
			if gone := must(s.Retain(Policy{Keep: tt.keep}, year))(t); gone.Snapshots != tt.want {
				t.Errorf("got %+v, want %d snapshots gone", gone, tt.want)
			}
			verify(t, s)
		})
	}
	if _, err := tempStore(t).Retain(Policy{}, year); err == nil {
		t.Error("a policy that keeps nothing was taken")
	}
}

// More than one transaction's worth goes, and the rounds still verify.
func TestRetainMany(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night)
	var batch []Snapshot
	for i := range MaxBatch {
		snap := shot("a", "r1", night.Add(time.Duration(i)*time.Second), string(number(uint64(i))))
		snap.Subject = "s" + string(rune('a'+i%26)) + snap.Pages[0].SHA256[:8]
		batch = append(batch, snap)
	}
	keep(t, s, batch...)
	begin(t, s, "r2", night)
	for i := range batch {
		batch[i].Round, batch[i].At = "r2", night.AddDate(0, 0, 1)
		batch[i].Reading = extract.Reading{Outcome: extract.Empty}
		batch[i].Pages = nil
	}
	keep(t, s, batch...)
	keep(t, s, shot("one more", "r1", night, "a"), second(shot("one more", "r1", night.Add(time.Hour), "b")))
	check(t, s.Finish("r1", night, Abandoned))
	gone := must(s.Retain(Policy{Keep: time.Hour}, night.AddDate(1, 0, 0)))(t)
	if gone.Snapshots != MaxBatch+1 || gone.Bodies != MaxBatch+1 {
		t.Errorf("got %+v, want %d of each", gone, MaxBatch+1)
	}
	verify(t, s)
}

package store

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/inventory"
)

func TestNewRoundID(t *testing.T) {
	s := tempStore(t)
	utc := time.Date(2023, 9, 26, 17, 30, 0, 0, time.UTC) // the Beijing night of the 27th
	for _, want := range []string{"20230927-0130", "20230927-0130-2", "20230927-0130-3"} {
		got := must(s.NewRoundID(utc))(t)
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		begin(t, s, got, utc)
	}
}

func TestBeginRefuses(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night, "a")
	tests := []struct {
		name string
		r    Round
		want string
	}{
		{"ID taken", Round{ID: "r1", Started: night}, "exists already"},
		{"no ID", Round{Started: night}, "want 1 to 64"},
		{"ID that is a path", Round{ID: "../r", Started: night}, "want 1 to 64"},
		{"no start", Round{ID: "r2"}, "has no start"},
		{"a subject twice", Round{ID: "r2", Started: night, Planned: []string{"a", "b", "a"}}, "plans a twice"},
		{"a subject with a zero byte", Round{ID: "r2", Started: night, Planned: []string{"a\x00b"}}, "zero byte"},
		{"a subject too long", Round{ID: "r2", Started: night, Planned: []string{strings.Repeat("x", 600)}}, "want 1 to 512"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := s.Begin(tt.r)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want %q", err, tt.want)
			}
		})
	}
	wantErr(t, "ID taken", s.Begin(Round{ID: "r1", Started: night}), ErrExists)
	if rounds := must(s.Rounds())(t); len(rounds) != 1 {
		t.Errorf("got %d rounds, want 1", len(rounds))
	}
}

func TestRoundKeepsItsConfiguration(t *testing.T) {
	s := tempStore(t)
	files := []inventory.File{
		{Name: "city.yaml", Data: []byte("name: 阳泉市\n")},
		{Name: "sites/fgw.yaml", Data: bytes.Repeat([]byte("unit: fgw\n"), 1000)},
		{Name: "empty.yaml", Data: []byte{}},
	}
	want := Round{
		ID: "20230927-0130", Started: night, Simulated: true, Config: "abc", RuleSet: "yangquan-2023", Reader: "1",
		Planned: []string{"fgw", "fgw/tzgg", "account:140300M019XL0001"},
	}
	for i := range 3 {
		r := want
		r.ID, r.Files = fmt.Sprintf("r%d", i), files
		check(t, s.Begin(r))
	}
	got := must(s.Round("r1"))(t)
	if !slices.Equal(got.Planned, want.Planned) || !got.Started.Equal(night) || !got.Simulated || got.Config != "abc" ||
		got.RuleSet != want.RuleSet || got.Reader != "1" || got.State != Running {
		t.Errorf("got %+v", got)
	}
	kept := must(s.Files("r1"))(t)
	if !slices.EqualFunc(kept, files, func(a, b inventory.File) bool { return a.Name == b.Name && bytes.Equal(a.Data, b.Data) }) {
		t.Errorf("got files %v", kept)
	}
	// Three files, their list and the plan, once for three rounds.
	if st := must(s.Stats())(t); st.Bodies != 5 || st.Rounds != 3 {
		t.Errorf("got %+v, want 5 bodies of 3 rounds", st)
	}
	_, err := s.Round("r9")
	wantErr(t, "unknown round", err, ErrNotFound)
	_, err = s.Files("r9")
	wantErr(t, "files of an unknown round", err, ErrNotFound)
	_, err = s.Done("r9")
	wantErr(t, "done of an unknown round", err, ErrNotFound)
	wantErr(t, "finish an unknown round", s.Finish("r9", night, Finished), ErrNotFound)
}

func TestRoundsNewestFirst(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "middle", night)
	begin(t, s, "newest", night.AddDate(0, 0, 1))
	begin(t, s, "oldest", night.AddDate(0, 0, -1)) // a simulated clock set back
	begin(t, s, "again", night)                    // the same instant, begun later
	var got []string
	for _, r := range must(s.Rounds())(t) {
		got = append(got, r.ID)
	}
	if want := []string{"newest", "again", "middle", "oldest"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestFinishAccounts(t *testing.T) {
	end := night.Add(time.Hour)
	tests := []struct {
		name string
		kept []Snapshot
		want string // "" if it adds up
	}{
		{"nothing looked at", nil, "not looked at: a, b; not planned: none"},
		{"one missing", []Snapshot{shot("a", "r1", night, "x")}, "planned 2, read 1, failed 0: not looked at: b"},
		{"one beside the plan", []Snapshot{shot("a", "r1", night, "x"), unread("b", "r1", night), unread("c", "r1", night)}, "not planned: c"},
		{"a second look is no first", []Snapshot{shot("a", "r1", night, "x"), second(shot("b", "r1", night, "x"))}, "not looked at: b"},
		{"read and failed", []Snapshot{shot("a", "r1", night, "x"), unread("b", "r1", night), second(unread("b", "r1", end))}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tempStore(t)
			begin(t, s, "r1", night, "a", "b")
			keep(t, s, tt.kept...)
			err := s.Finish("r1", end, Finished)
			r := must(s.Round("r1"))(t)
			if tt.want == "" {
				check(t, err)
				if r.State != Finished || r.Read != 1 || r.Failed != 1 || !r.Finished.Equal(end) {
					t.Errorf("got %+v, want finished with 1 read and 1 failed", r)
				}
				verify(t, s)
				return
			}
			wantErr(t, tt.name, err, ErrAccount)
			if err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got message %q, want %q", err, tt.want)
			}
			if r.State != Running {
				t.Errorf("the round is %s, want running still", r.State)
			}
			check(t, s.Finish("r1", end, Abandoned)) // that needs no account
			verify(t, s)
		})
	}
}

func second(s Snapshot) Snapshot {
	s.Look = 2
	return s
}

func TestFinishOnce(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night)
	if err := s.Finish("r1", night, Running); err == nil {
		t.Error("running is no end, but was taken")
	}
	check(t, s.Finish("r1", night, Finished))
	if err := s.Finish("r1", night, Abandoned); err == nil || !strings.Contains(err.Error(), "ended already: finished") {
		t.Errorf("finished twice: got error %v", err)
	}
	if _, err := s.Keep([]Snapshot{shot("a", "r1", night, "x")}); err == nil || !strings.Contains(err.Error(), "has ended") {
		t.Errorf("kept in a finished round: got error %v", err)
	}
}

// What a round that was killed needs to go on.
func TestResume(t *testing.T) {
	s := tempStore(t)
	_, err := s.Unfinished()
	wantErr(t, "no round", err, ErrNotFound)
	begin(t, s, "r1", night, "a")
	begin(t, s, "r2", night.AddDate(0, 0, -1), "a", "b", "c") // begun last, whatever its clock says
	keep(t, s, shot("a", "r2", night, "x"), unread("b", "r2", night), second(shot("c", "r2", night, "x")))
	r := must(s.Unfinished())(t)
	if r.ID != "r2" || !slices.Equal(r.Planned, []string{"a", "b", "c"}) || r.Read != 1 || r.Failed != 1 {
		t.Errorf("got %+v", r)
	}
	done := must(s.Done("r2"))(t)
	if len(done) != 2 || !done["a"] || !done["b"] {
		t.Errorf("got %v, want a and b", done)
	}
	check(t, s.Finish("r2", night, Abandoned))
	if r := must(s.Unfinished())(t); r.ID != "r1" {
		t.Errorf("got %s, want r1", r.ID)
	}
}

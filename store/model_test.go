package store

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A model is a store as it should be: maps and nothing else.
type model struct {
	rounds map[string]*modelRound
	order  []string // of rounds, as they began
	snaps  []modelSnap
}

type modelRound struct {
	state   RoundState
	planned []string
}

type modelSnap struct {
	Snapshot
	seq    int
	digest string
	body   string
}

// history are a subject's snapshots, newest first.
func (m *model) history(subject string) []modelSnap {
	out := slices.DeleteFunc(slices.Clone(m.snaps), func(s modelSnap) bool { return s.Subject != subject })
	slices.SortFunc(out, func(a, b modelSnap) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.seq, a.seq), cmp.Compare(b.Look, a.Look))
	})
	return out
}

func (m *model) find(round, subject string, look int) *modelSnap {
	for i, s := range m.snaps {
		if s.Round == round && s.Subject == subject && s.Look == look {
			return &m.snaps[i]
		}
	}
	return nil
}

// done are the subjects of a round's first looks.
func (m *model) done(round string) map[string]bool {
	out := make(map[string]bool)
	for _, s := range m.snaps {
		if s.Round == round && s.Look == 1 {
			out[s.Subject] = true
		}
	}
	return out
}

func (m *model) retain(before time.Time, cited map[string]bool) {
	var stay []modelSnap
	for _, subject := range []string{"a", "a/b", "b"} {
		newest, conclusive := true, true
		for _, s := range m.history(subject) {
			isConclusive := s.Reading.Conclusive()
			if newest || conclusive && isConclusive || m.rounds[s.Round].state == Running || !s.At.Before(before) || cited[s.digest] {
				stay = append(stay, s)
			}
			newest, conclusive = false, conclusive && !isConclusive
		}
	}
	m.snaps = stay
}

// Any sequence of calls leaves the store as it leaves the model.
func TestModel(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		path := filepath.Join(dir, fmt.Sprintf("%d.db", n))
		s, err := Open(path, Options{Create: true, LockTimeout: -1})
		if err != nil {
			rt.Fatal(err)
		}
		s.db.NoSync = true
		play := &player{s: s, path: path, m: &model{rounds: make(map[string]*modelRound)}}
		defer func() { play.s.Close() }()
		rt.Repeat(map[string]func(*rapid.T){
			"begin":  play.begin,
			"keep":   play.keep,
			"finish": play.finish,
			"retain": play.retain,
			"reopen": play.reopen,
			"":       play.compare,
		})
		if err := play.s.Verify(t.Context(), func(p string) { rt.Errorf("verify: %s", p) }); err != nil {
			rt.Error(err)
		}
	})
}

// A player does to the store what it does to the model.
type player struct {
	s    *Store
	path string
	m    *model
}

func (p *player) begin(t *rapid.T) {
	id := fmt.Sprintf("r%d", rapid.IntRange(0, 5).Draw(t, "round"))
	planned := rapid.Permutation([]string{"a", "a/b", "b"}).Draw(t, "planned")[:rapid.IntRange(0, 3).Draw(t, "plan")]
	err := p.s.Begin(Round{ID: id, Started: night, Planned: planned})
	if p.m.rounds[id] != nil {
		if !errors.Is(err, ErrExists) {
			t.Fatalf("begin %s again: got error %v", id, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	p.m.rounds[id] = &modelRound{state: Running, planned: planned}
	p.m.order = append(p.m.order, id)
}

// anyRound draws a round that began, or skips.
func (p *player) anyRound(t *rapid.T) string {
	if len(p.m.order) == 0 {
		t.Skip("no round")
	}
	return rapid.SampledFrom(p.m.order).Draw(t, "round")
}

func (p *player) keep(t *rapid.T) {
	id := p.anyRound(t)
	at := night.Add(time.Duration(rapid.IntRange(-50, 50).Draw(t, "hours")) * time.Hour)
	subject := rapid.SampledFrom([]string{"a", "a/b", "b"}).Draw(t, "subject")
	body := rapid.SampledFrom([]string{"", "x", "y", "a longer body that is kept once"}).Draw(t, "body")
	snap := shot(subject, id, at, body)
	snap.Look = rapid.IntRange(1, 2).Draw(t, "look")
	if rapid.Bool().Draw(t, "unread") {
		snap.Reading = unread(subject, id, at).Reading
	}
	digests, err := p.s.Keep([]Snapshot{snap})
	prior := p.m.find(id, subject, snap.Look)
	switch {
	case p.m.rounds[id].state != Running:
		if err == nil {
			t.Fatalf("kept in %s, which is %s", id, p.m.rounds[id].state)
		}
	case prior != nil && asJSONModel(prior.Snapshot) == asJSONModel(snap):
		if err != nil || digests[0] != prior.digest {
			t.Fatalf("the same again: got %v, %v, want %s", digests, err, prior.digest)
		}
	case prior != nil:
		if !errors.Is(err, ErrExists) {
			t.Fatalf("another look %d: got error %v", snap.Look, err)
		}
	case err != nil:
		t.Fatal(err)
	default:
		p.m.snaps = append(p.m.snaps, modelSnap{snap, slices.Index(p.m.order, id), digests[0], body})
	}
}

func asJSONModel(s Snapshot) string {
	raw, err := encodeSnapshot(s)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

func (p *player) finish(t *rapid.T) {
	id := p.anyRound(t)
	state := rapid.SampledFrom([]RoundState{Finished, Abandoned}).Draw(t, "state")
	err := p.s.Finish(id, night, state)
	r := p.m.rounds[id]
	planned := make(map[string]bool)
	for _, subject := range r.planned {
		planned[subject] = true
	}
	switch {
	case r.state != Running:
		if err == nil {
			t.Fatalf("%s ended twice", id)
		}
	case state == Finished && !maps.Equal(planned, p.m.done(id)):
		if !errors.Is(err, ErrAccount) {
			t.Fatalf("finish %s: got error %v", id, err)
		}
	case err != nil:
		t.Fatal(err)
	default:
		r.state = state
	}
}

func (p *player) retain(t *rapid.T) {
	days := rapid.IntRange(1, 4).Draw(t, "days")
	cited := make(map[string]bool)
	for _, s := range p.m.snaps {
		if rapid.IntRange(0, 4).Draw(t, "cite") == 0 {
			cited[s.digest] = true
		}
	}
	before := len(p.m.snaps)
	p.m.retain(night.AddDate(0, 0, -days+1), cited)
	gone, err := p.s.Retain(Policy{Keep: time.Duration(days) * 24 * time.Hour, Cited: func(d string) bool { return cited[d] }}, night.AddDate(0, 0, 1))
	if err != nil || gone.Snapshots != before-len(p.m.snaps) {
		t.Fatalf("got %+v, %v; want %d gone", gone, err, before-len(p.m.snaps))
	}
}

func (p *player) reopen(t *rapid.T) {
	if err := p.s.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(p.path, Options{LockTimeout: -1})
	if err != nil {
		t.Fatal(err)
	}
	s.db.NoSync = true
	p.s = s
}

func (p *player) compare(t *rapid.T) {
	for _, subject := range []string{"a", "a/b", "b"} {
		var got, want []string
		for sum, err := range p.s.History(subject, time.Time{}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, sum.Digest)
		}
		for _, s := range p.m.history(subject) {
			want = append(want, s.digest)
			if body, err := p.s.Body(digestOf([]byte(s.body))); err != nil || string(body) != s.body {
				t.Fatalf("body of %s: got %q, %v; want %q", subject, body, err, s.body)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%s: got %v, want %v", subject, got, want)
		}
	}
	for id, r := range p.m.rounds {
		got, err := p.s.Round(id)
		if err != nil || got.State != r.state || !slices.Equal(got.Planned, r.planned) {
			t.Fatalf("round %s: got %+v, %v; want %+v", id, got, err, r)
		}
		if done, err := p.s.Done(id); err != nil || !maps.Equal(done, p.m.done(id)) {
			t.Fatalf("done %s: got %v, %v; want %v", id, done, err, p.m.done(id))
		}
	}
}

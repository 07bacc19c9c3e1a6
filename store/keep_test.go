package store

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"xuncha/extract"
)

// asJSON compares what is kept of snapshots.
func asJSON(t testing.TB, s Snapshot) string {
	t.Helper()
	return string(must(json.Marshal(s))(t))
}

func TestKeepReturnsWhatWasKept(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night, "a")
	snap := shot("a", "r1", night, "<html>通知</html>")
	snap.Pages = append(snap.Pages, extract.Page{
		Asked: "http://a.gov/2", URL: "http://a.gov/2", Why: extract.WhyNext, Class: extract.ClassNotFound,
		Detail: "404", FetchedAt: night, Body: []byte("gone"), // its digest is not stated
	})
	digests := keep(t, s, snap)
	got := newest(t, s, "a")
	if got.Digest != digests[0] {
		t.Errorf("got digest %s, want %s", got.Digest, digests[0])
	}
	want := named(t, snap)
	want.Pages[1].SHA256 = digestOf([]byte("gone"))
	if asJSON(t, got) != asJSON(t, want) {
		t.Errorf("got  %s\nwant %s", asJSON(t, got), asJSON(t, want))
	}
	for _, p := range want.Pages {
		if body := must(s.Body(p.SHA256))(t); !bytes.Equal(body, p.Body) {
			t.Errorf("body %s: got %q, want %q", p.SHA256, body, p.Body)
		}
	}
	// The digest is that of the record as anybody can write it down.
	raw := must(encodeSnapshot(want))(t)
	if sum := fmt.Sprintf("%x", sha256.Sum256(raw)); sum != got.Digest {
		t.Errorf("the record has digest %s, the snapshot %s", sum, got.Digest)
	}
}

// zipped is a gzip stream.
func zipped(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	must(z.Write(b))(t)
	check(t, z.Close())
	return out.Bytes()
}

// A body that came gzipped is kept as it came, unless that would take more room
// than to pack it anew.
func TestBodiesThatCameGzipped(t *testing.T) {
	loose := func(b []byte) []byte { // a gzip stream of no compression
		var out bytes.Buffer
		z := must(gzip.NewWriterLevel(&out, gzip.NoCompression))(t)
		must(z.Write(b))(t)
		check(t, z.Close())
		return out.Bytes()
	}
	body := bytes.Repeat(page(1, 2000), 20)
	for name, packed := range map[string][]byte{"tight": zipped(t, body), "loose": loose(body), "no gzip": []byte("x"), "none": nil} {
		s := tempStore(t)
		begin(t, s, "r1", night, "a")
		snap := shot("a", "r1", night, string(body))
		snap.Pages[0].Packed = packed
		keep(t, s, snap)
		if got := must(s.Body(snap.Pages[0].SHA256))(t); !bytes.Equal(got, body) {
			t.Errorf("%s: got %d bytes, want %d", name, len(got), len(body))
		}
		st := must(s.Stats())(t)
		if st.StoredBytes*3 > st.RawBytes {
			t.Errorf("%s: %d bytes are stored as %d", name, st.RawBytes, st.StoredBytes)
		}
		verify(t, s)
	}
}

// What was said to be the body and is not is found when it is read.
func TestGzipOfAnotherBody(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night, "a")
	body, other := bytes.Repeat([]byte("a"), 5000), zipped(t, bytes.Repeat([]byte("b"), 5000))
	snap := shot("a", "r1", night, string(body))
	snap.Pages[0].Packed = other
	keep(t, s, snap)
	_, err := s.Body(snap.Pages[0].SHA256)
	wantErr(t, "another body", err, ErrDamaged)
}

func TestKeepDoesNotChangeItsArgument(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night, "a")
	snap := shot("a", "r1", night, "x")
	snap.Pages[0].SHA256 = ""
	keep(t, s, snap)
	if snap.Pages[0].SHA256 != "" || snap.Digest != "" {
		t.Errorf("got %+v", snap)
	}
}

func TestBodiesAreKeptOnce(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night)
	body := string(page(1, 60_000))
	keep(t, s, shot("a", "r1", night, body), shot("b", "r1", night, body))
	before := must(s.Stats())(t)
	again := shot("a", "r1", night.Add(time.Hour), body)
	again.Look = 2
	again.Pages[0].Body, again.Pages[0].NotModified = nil, true
	keep(t, s, again)
	after := must(s.Stats())(t)
	if after.Bodies != before.Bodies || after.RawBytes != before.RawBytes || after.Snapshots != 3 {
		t.Errorf("got %+v, before %+v", after, before)
	}
	if got := must(s.Body(must(s.Prior("a"))(t).Pages[0].SHA256))(t); string(got) != body {
		t.Error("the body of a page that was not modified is another")
	}
	verify(t, s)
}

func TestKeepEmptyBody(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night)
	keep(t, s, shot("a", "r1", night, ""))
	if got := must(s.Body(digestOf(nil)))(t); len(got) != 0 {
		t.Errorf("got %q", got)
	}
	verify(t, s)
}

// A batch is kept whole or not at all, and says which snapshot was to blame.
func TestKeepRefuses(t *testing.T) {
	change := func(f func(*Snapshot)) Snapshot {
		s := shot("bad", "r1", night, "x")
		f(&s)
		return s
	}
	tests := []struct {
		name string
		snap Snapshot
		want string
	}{
		{"unknown round", shot("bad", "r9", night, "x"), "keep bad of round r9: round not kept"},
		{"no subject", shot("", "r1", night, "x"), "want 1 to 512"},
		{"look 0", change(func(s *Snapshot) { s.Look = 0 }), "look 0: want 1"},
		{"look 256", change(func(s *Snapshot) { s.Look = 256 }), "look 256"},
		{"no moment", change(func(s *Snapshot) { s.At = time.Time{} }), "out of range"},
		{"moment beyond what sorts", change(func(s *Snapshot) { s.At = time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC) }), "out of range"},
		{"body of another digest", change(func(s *Snapshot) { s.Pages[0].Body = []byte("y") }), "does not have the digest"},
		{"unknown digest without a body", change(func(s *Snapshot) { s.Pages[0].Body = nil }), "came without bytes and is not kept"},
		{"digest that is none", change(func(s *Snapshot) { s.Pages[0].SHA256 = "abc" }), "no SHA-256"},
		{"too many pages", change(func(s *Snapshot) { s.Pages = make([]extract.Page, maxRefs+1) }), "4097 pages"},
		{"outcome too long", change(func(s *Snapshot) { s.Reading.Outcome = extract.Outcome(strings.Repeat("x", 300)) }), "longer than 255"},
		{"year without a JSON form", change(func(s *Snapshot) { s.Pages[0].FetchedAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }), "year"},
	}
	s := tempStore(t)
	begin(t, s, "r1", night)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := s.Keep([]Snapshot{shot("good", "r1", night, "good"), tt.snap})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want %q", err, tt.want)
			}
			_, err = s.Prior("good")
			wantErr(t, "the rest of the batch", err, ErrNotFound)
		})
	}
	_, err := s.Keep(make([]Snapshot, MaxBatch+1))
	if err == nil || !strings.Contains(err.Error(), "at most 2000") {
		t.Errorf("2001 snapshots: got error %v", err)
	}
	if got, err := s.Keep(nil); len(got) != 0 || err != nil {
		t.Errorf("no snapshots: got %v, %v", got, err)
	}
	verify(t, s)
}

// A delivery that comes twice, as after a lost acknowledgement, is kept once.
func TestKeepTwice(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night, "a")
	a := shot("a", "r1", night, "x")
	first := keep(t, s, a)
	again := keep(t, s, a, a)
	if first[0] != again[0] || first[0] != again[1] {
		t.Errorf("got %v, want %v", again, first)
	}
	_, err := s.Keep([]Snapshot{shot("a", "r1", night.Add(time.Minute), "y")})
	wantErr(t, "another first look", err, ErrExists)
	if got := history(t, s, "a", time.Time{}); !slices.Equal(got, first) {
		t.Errorf("got %v, want %v", got, first)
	}
	verify(t, s)
}

// A simulated clock stands still over two rounds; both looks are there.
func TestSameInstantInTwoRounds(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night, "a")
	begin(t, s, "r2", night, "a")
	one := keep(t, s, shot("a", "r1", night, "x"))
	two := keep(t, s, shot("a", "r2", night, "x"))
	if got := history(t, s, "a", night); !slices.Equal(got, []string{two[0], one[0]}) {
		t.Errorf("got %v, want %v", got, []string{two[0], one[0]})
	}
	if got := must(s.Prior("a"))(t); got.Round != "r2" {
		t.Errorf("got round %s, want the later", got.Round)
	}
}

func TestBodyErrors(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night)
	keep(t, s, shot("a", "r1", night, "some body"))
	_, err := s.Body(digestOf([]byte("other")))
	wantErr(t, "unknown digest", err, ErrNotFound)
	if _, err := s.Body("../../etc/passwd"); err == nil {
		t.Error("a path is no digest, but was taken")
	}
}

// A bit that flipped on the disk is found when the body is read, and named.
func TestHostile_G12_BitFlip(t *testing.T) {
	digest := digestOf([]byte("some body"))
	flips := map[string]func([]byte) []byte{
		"a bit":                  func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
		"cut":                    func(b []byte) []byte { return b[:len(b)/2] },
		"gone":                   func([]byte) []byte { return nil },
		"an honest other body":   func([]byte) []byte { return must(newCodec())(t).pack([]byte("other")) },
		"a frame of 8 GiB":       func([]byte) []byte { return hugeFrame() },
		"a window beyond bounds": func([]byte) []byte { return []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0x01, 0x00, 0x00} },
	}
	for name, flip := range flips {
		t.Run(name, func(t *testing.T) {
			s := tempStore(t)
			begin(t, s, "r1", night)
			keep(t, s, shot("a", "r1", night, "some body"))
			check(t, s.update(func(tx *bbolt.Tx) error {
				ref, _, err := findBody(tx, digest)
				check(t, err)
				b := tx.Bucket([]byte(bucketBodies))
				return b.Put(number(ref.id), flip(bytes.Clone(b.Get(number(ref.id)))))
			}))
			_, err := s.Body(digest)
			wantErr(t, name, err, ErrDamaged)
			if err != nil && !strings.Contains(err.Error(), digest) {
				t.Errorf("got message %q, want the digest in it", err)
			}
			var faults []string
			wantErr(t, "verify", s.Verify(t.Context(), func(p string) { faults = append(faults, p) }), ErrDamaged)
			if len(faults) == 0 || !strings.Contains(faults[0], digest) {
				t.Errorf("got faults %q, want the digest", faults)
			}
			begin(t, s, "r2", night.Add(24*time.Hour))
			keep(t, s, shot("a", "r2", night.Add(24*time.Hour), "some body"))
			if got, err := s.Body(digest); err != nil || string(got) != "some body" {
				t.Errorf("when the page came again, got %q and error %v, want it whole", got, err)
			}
			check(t, s.Verify(t.Context(), func(p string) { t.Errorf("after it came again: %s", p) }))
		})
	}
}

// hugeFrame is a zstd frame that claims 8 GiB in one segment.
func hugeFrame() []byte {
	return []byte{0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0}
}

// Writers and readers of one store do not disturb one another.
func TestConcurrentUse(t *testing.T) {
	s := tempStore(t)
	begin(t, s, "r1", night)
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for n := range 10 {
				subject := fmt.Sprintf("w%d/%d", w, n)
				if _, err := s.Keep([]Snapshot{shot(subject, "r1", night, string(page(uint64(n), 2000)))}); err != nil {
					t.Error(err)
				}
				if _, err := s.Prior(subject); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			for range 5 {
				for snap, err := range s.Snapshots(time.Time{}, time.Time{}) {
					if err != nil {
						t.Error(snap.Subject, err)
					}
				}
				if _, err := s.Retain(Policy{Keep: time.Hour}, night); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	verify(t, s)
	if st := must(s.Stats())(t); st.Snapshots != 40 {
		t.Errorf("got %d snapshots, want 40", st.Snapshots)
	}
}

package store

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A process that keeps snapshots is killed at a random moment, several times
// over one file. What it said was kept is there, and the file is sound.
func TestHostile_G05_Kill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "xuncha.db")
	acked := make(map[string]string) // digest to subject
	for n := range 5 {
		for digest, subject := range killed(t, path, rand.IntN(200)) {
			acked[digest] = subject
		}
		s, err := Open(path, Options{LockTimeout: -1})
		if err != nil {
			t.Fatalf("after kill %d: %v", n, err)
		}
		verify(t, s)
		have := make(map[string]bool)
		for snap, err := range s.Snapshots(time.Time{}, time.Time{}) {
			check(t, err)
			have[snap.Digest] = true
			for _, p := range snap.Pages {
				must(s.Body(p.SHA256))(t)
			}
		}
		for digest, subject := range acked {
			if !have[digest] {
				t.Errorf("after kill %d: %s of %s was acknowledged and is gone", n, digest, subject)
			}
		}
		check(t, s.Close())
	}
	if len(acked) == 0 {
		t.Error("nothing was acknowledged before a kill")
	}
}

// killed runs the child until it has said so many lines, and a random while
// longer, kills it, and returns what it acknowledged.
func killed(t *testing.T, path string, lines int) map[string]string {
	t.Helper()
	cmd := exec.Command(os.Args[0], path)
	cmd.Env = append(os.Environ(), childEnv+"=crash")
	cmd.Stderr = os.Stderr
	out := must(cmd.StdoutPipe())(t)
	check(t, cmd.Start())
	acked := make(map[string]string)
	sc := bufio.NewScanner(out)
	for sc.Scan() {
		if word := strings.Fields(sc.Text()); len(word) == 3 && word[0] == "kept" {
			acked[word[2]] = word[1]
		}
		if len(acked) == lines+1 {
			// The pipe holds lines we have not read: where it stands is random.
			check(t, cmd.Process.Kill())
		}
	}
	_ = cmd.Wait() // it was killed
	if len(acked) <= lines {
		t.Fatalf("the child ended by itself after %d lines", len(acked))
	}
	return acked
}

// crashChild keeps snapshots until it is killed, with retention in between.
func crashChild(path string) error {
	s, err := Open(path, Options{Create: true})
	if err != nil {
		return err
	}
	start := night.Add(time.Duration(os.Getpid()) * time.Second)
	id, err := s.NewRoundID(start)
	if err != nil {
		return err
	}
	if err := s.Begin(Round{ID: id, Started: start}); err != nil {
		return err
	}
	for n := 0; ; n++ {
		var batch []Snapshot
		for i := range 1 + n%7 {
			subject := fmt.Sprintf("s%d/%d-%d", os.Getpid(), n, i)
			batch = append(batch, shot(subject, id, start, string(page(uint64(n*7+i), 3000))))
		}
		digests, err := s.Keep(batch)
		if err != nil {
			return err
		}
		for i, digest := range digests {
			fmt.Println("kept", batch[i].Subject, digest)
		}
		if n%5 == 4 {
			if _, err := s.Retain(Policy{Keep: time.Hour}, start.AddDate(1, 0, 0)); err != nil {
				return err
			}
		}
	}
}

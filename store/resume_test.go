package store

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// killChild plays a child and kills it once it has printed so many lines, or
// lets it end by itself if it prints fewer.
func killChild(t *testing.T, play, path string, lines int) (ended bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], path)
	cmd.Env = append(os.Environ(), childEnv+"="+play)
	cmd.Stderr = os.Stderr
	out := must(cmd.StdoutPipe())(t)
	check(t, cmd.Start())
	n := 0
	for sc := bufio.NewScanner(out); sc.Scan(); {
		if n++; n == lines {
			check(t, cmd.Process.Kill())
		}
	}
	return cmd.Wait() == nil
}

// A round is killed again and again and taken up again, until it ends. It then
// adds up: no subject was left out, none looked at twice, and one round is all
// there is.
func TestResumeAfterKills(t *testing.T) {
	path := filepath.Join(t.TempDir(), "xuncha.db")
	kills := 0
	for !killChild(t, "round", path, 1+rand.IntN(8)) {
		if kills++; kills > 100 {
			t.Fatal("the round does not come to an end")
		}
	}
	if kills == 0 {
		t.Error("the round was never killed")
	}
	s := openStore(t, path)
	verify(t, s)
	rounds := must(s.Rounds())(t)
	if len(rounds) != 1 || rounds[0].State != Finished || rounds[0].Read != len(wholePlan())-3 || rounds[0].Failed != 3 {
		t.Errorf("after %d kills: got %+v, want one finished round of %d", kills, rounds, len(wholePlan()))
	}
	for _, subject := range wholePlan() {
		if n := len(history(t, s, subject, time.Time{})); n != 1 {
			t.Errorf("%s: looked at %d times", subject, n)
		}
	}
}

// wholePlan is what the killed round looks at.
func wholePlan() []string {
	var plan []string
	for i := range 60 {
		plan = append(plan, fmt.Sprintf("site%d/col%d", i/10, i%10))
	}
	return plan
}

// roundChild takes up the unfinished round, or begins one, and finishes it.
func roundChild(path string) error {
	s, err := Open(path, Options{Create: true})
	if err != nil {
		return err
	}
	r, err := s.Unfinished()
	if errors.Is(err, ErrNotFound) {
		if rounds, err := s.Rounds(); err != nil || len(rounds) > 0 {
			return errors.Join(err, s.Close()) // killed after its end
		}
		r = Round{ID: "r1", Started: night, Planned: wholePlan()}
		err = s.Begin(r)
	}
	if err != nil {
		return err
	}
	done, err := s.Done(r.ID)
	if err != nil {
		return err
	}
	for i, subject := range r.Planned {
		if done[subject] {
			continue
		}
		snap := shot(subject, r.ID, night.Add(time.Duration(i)*time.Second), string(page(uint64(i), 5000)))
		if i%20 == 7 {
			snap = unread(subject, r.ID, snap.At)
		}
		if _, err := s.Keep([]Snapshot{snap}); err != nil {
			return err
		}
		fmt.Println("kept", subject)
	}
	return errors.Join(s.Finish(r.ID, night.Add(time.Hour), Finished), s.Close())
}

// Whoever is killed while compacting or restoring leaves one whole store under
// the store's name.
func TestKillWhileReplacing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "xuncha.db")
	s := must(Open(path, Options{Create: true}))(t)
	manyNights(t, s, 5, "a", "b")
	want := history(t, s, "a", time.Time{})
	check(t, s.BackupTo(path+".backup"))
	check(t, s.Close())
	for range 8 {
		killChild(t, "replace", path, 1+rand.IntN(6))
		s := must(Open(path, Options{LockTimeout: -1}))(t)
		verify(t, s)
		if got := history(t, s, "a", time.Time{}); len(got) != len(want) || got[0] != want[0] {
			t.Fatalf("got %v, want %v", got, want)
		}
		check(t, s.Close())
	}
	// The next to come clears away what the killed ones left, and no more.
	must(Restore(path+".backup", path, night))(t)
	must(Compact(path))(t)
	for _, name := range names(t, filepath.Dir(path)) {
		if strings.Contains(name, ".compact-") || strings.Contains(name, ".db.restore-") {
			t.Errorf("%s was left", name)
		}
	}
	verify(t, openStore(t, path+".before-restore-20230926T173000Z"))
}

// replaceChild replaces a store by its copies until it is killed.
func replaceChild(path string) error {
	for n := 0; ; n++ {
		fmt.Println("compact")
		if _, err := Compact(path); err != nil {
			return err
		}
		fmt.Println("restore")
		at := time.Unix(int64(os.Getpid()), 0).AddDate(n, 0, 0)
		if _, err := Restore(path+".backup", path, at); err != nil {
			return err
		}
	}
}

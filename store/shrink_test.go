package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// The file shrinks under the hands of those who read and write it, and loses
// nothing.
func TestShrinkInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "xuncha.db")
	s := must(Open(path, Options{Create: true}))(t)
	defer s.Close()
	for n := range 60 {
		id, at := fmt.Sprintf("n%d", n), night.Add(time.Duration(n)*time.Minute)
		begin(t, s, id, at, "a")
		keep(t, s, shot("a", id, at, string(page(uint64(n), 60000))))
		check(t, s.Finish(id, at, Finished))
	}
	if _, err := s.Retain(Policy{Keep: time.Hour}, night.AddDate(1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	before := must(os.Stat(path))(t).Size()

	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := s.Prior("a"); err != nil {
					t.Errorf("read beside it: %v", err)
					return
				}
			}
		})
	}
	freed, err := s.Shrink()
	close(stop)
	readers.Wait()
	check(t, err)
	if after := must(os.Stat(path))(t).Size(); freed <= 0 || after >= before || before-after != freed {
		t.Errorf("from %d to %d bytes, %d freed", before, after, freed)
	}
	begin(t, s, "r2", night.AddDate(0, 0, 1), "a")
	keep(t, s, shot("a", "r2", night.AddDate(0, 0, 1), "after"))
	verify(t, s)
	if got := names(t, filepath.Dir(path)); len(got) != 2 { // the store and the note of who has it
		t.Errorf("the folder holds %q", got)
	}
	if _, err := Open(path, Options{LockTimeout: -1}); !errors.Is(err, ErrLocked) {
		t.Errorf("a second writer: %v, want ErrLocked", err)
	}
	check(t, s.Close())
	r := openStore(t, path)
	verify(t, r)
	if got := must(r.Prior("a"))(t); got.Round != "r2" {
		t.Errorf("the newest is of round %s, want r2", got.Round)
	}
}

// What is written while the copy is made must not be lost with the old file.
func TestShrinkGivesWay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "xuncha.db")
	s := must(Open(path, Options{Create: true}))(t)
	defer s.Close()
	begin(t, s, "r1", night)
	_, at, err := s.standing()
	check(t, err)
	keep(t, s, shot("a", "r1", night, "written meanwhile"))
	if err := s.lockAt(at); !errors.Is(err, ErrMoved) {
		t.Errorf("after a write: %v, want ErrMoved", err)
	}
	_, at, err = s.standing()
	check(t, err)
	check(t, s.lockAt(at))
	s.unlock()
	verify(t, s)
}

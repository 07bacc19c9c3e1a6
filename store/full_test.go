package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A write fails at the first place it can, then at the second, and so on until
// it passes. After each failure all that was kept before is there and sound, and
// with room again the same call passes. The system's limit on the size of a file
// plays the full disk; it binds a whole process, so a child does it.
func TestHostile_G01_DiskFull(t *testing.T) {
	for _, play := range []string{"full", "roomless"} {
		cmd := exec.Command(os.Args[0], filepath.Join(t.TempDir(), "xuncha.db"))
		cmd.Env = append(os.Environ(), childEnv+"="+play)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", play, err, out)
		}
	}
}

func fullChild(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	s, err := Open(path, Options{Create: true})
	if err != nil {
		return err
	}
	if err := s.Begin(Round{ID: "r1", Started: night}); err != nil {
		return err
	}
	acked := make(map[string]bool)
	for n := range 6 {
		failures, err := keepAtLast(s, n, acked)
		if err != nil {
			return fmt.Errorf("batch %d, after %d failures: %w", n, failures, err)
		}
		if failures < 5 {
			return fmt.Errorf("batch %d: only %d writes failed", n, failures)
		}
	}
	if err := s.Close(); err != nil {
		return err
	}
	if s, err = Open(path, Options{}); err != nil {
		return err
	}
	return errors.Join(allThere(s, acked), s.Close())
}

// keepAtLast keeps one batch with ever more room until it passes, and checks the
// store after each failure.
func keepAtLast(s *Store, n int, acked map[string]bool) (failures int, err error) {
	var batch []Snapshot
	for i := range 3 {
		batch = append(batch, shot(fmt.Sprintf("s/%d-%d", n, i), "r1", night, string(page(uint64(n*3+i), 9000))))
	}
	for limit := uint64(0); ; limit += pageSize {
		digests, err := limited(limit, func() ([]string, error) { return s.Keep(batch) })
		if err == nil {
			for _, d := range digests {
				acked[d] = true
			}
			return failures, nil
		}
		if !errors.Is(err, ErrFull) {
			return failures, fmt.Errorf("want ErrFull, got %w", err)
		}
		if err := allThere(s, acked); err != nil {
			return failures, err
		}
		if _, err := s.Prior(batch[0].Subject); !errors.Is(err, ErrNotFound) {
			return failures, fmt.Errorf("a part of the failed batch was kept: %w", err)
		}
		failures++
	}
}

// limited runs do while no file may be written beyond a limit.
func limited(limit uint64, do func() ([]string, error)) ([]string, error) {
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		return nil, err
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: old.Max}); err != nil {
		return nil, err
	}
	out, err := do()
	return out, errors.Join(err, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old))
}

// allThere checks that a store is sound and holds what was acknowledged.
func allThere(s *Store, acked map[string]bool) error {
	var faults []error
	if err := s.Verify(context.Background(), func(p string) { faults = append(faults, errors.New(p)) }); err != nil {
		return errors.Join(append(faults, err)...)
	}
	have := 0
	for snap, err := range s.Snapshots(time.Time{}, time.Time{}) {
		if err != nil {
			return err
		}
		if acked[snap.Digest] {
			have++
		}
	}
	if have != len(acked) {
		return fmt.Errorf("%d snapshots were acknowledged, %d are there", len(acked), have)
	}
	return nil
}

// No room for the file at all is said as such.
func TestFullMessages(t *testing.T) {
	for _, no := range fullErrnos() {
		err := openError("data/xuncha.db", &os.PathError{Op: "write", Path: "x", Err: no})
		wantErr(t, no.Error(), err, ErrFull)
	}
}

// A new store, a backup and a compaction that find no room leave no file behind
// and change none.
func roomlessChild(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	const little = 3 * pageSize
	none := path + ".none"
	if err := mustBeFull(little, func() error { return create(none) }); err != nil {
		return fmt.Errorf("create: %w", err)
	}
	s, err := Open(path, Options{Create: true})
	if err != nil {
		return err
	}
	if err := s.Begin(Round{ID: "r1", Started: night}); err != nil {
		return err
	}
	if _, err := s.Keep([]Snapshot{shot("a", "r1", night, string(page(1, 90_000)))}); err != nil {
		return err
	}
	if err := mustBeFull(little, func() error { return s.BackupTo(path + ".backup") }); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := s.BackupTo(path + ".backup"); err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	before, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := mustBeFull(little, func() error { _, err := Compact(path); return err }); err != nil {
		return fmt.Errorf("compact: %w", err)
	}
	if err := mustBeFull(little, func() error { _, err := Restore(path+".backup", path, night); return err }); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		return fmt.Errorf("the store was changed: %w", err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 2 {
		return fmt.Errorf("got %v, want the store and its backup: %w", entries, err)
	}
	return nil
}

func mustBeFull(limit uint64, do func() error) error {
	_, err := limited(limit, func() ([]string, error) { return nil, do() })
	if !errors.Is(err, ErrFull) {
		return fmt.Errorf("want ErrFull, got %w", err)
	}
	return nil
}

package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.etcd.io/bbolt"
)

// Backup writes a whole store, as it was at one moment, while it may be written
// to. The writer should be a file: until the last byte is out, the store cannot
// use room again that was freed meanwhile, nor grow beyond what is mapped.
func (s *Store) Backup(w io.Writer) error {
	return s.view(func(tx *bbolt.Tx) error {
		if _, err := tx.WriteTo(w); err != nil {
			return fmt.Errorf("store %s: backup: %w", s.path, err)
		}
		return nil
	})
}

// BackupTo writes a backup to a file that must not exist, verifies it, and only
// then gives it its name.
func (s *Store) BackupTo(path string) error {
	if err := vacant(path); err != nil {
		return err
	}
	return replaceBy(path, "backup", func(temp string) error {
		if err := s.backupInto(temp); err != nil {
			return err
		}
		return verifyFile(temp)
	}, nil)
}

// backupInto writes a backup into a file that exists and syncs it.
func (s *Store) backupInto(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	return errors.Join(s.Backup(f), f.Sync(), f.Close())
}

// Restore puts a backup in the place of a store. The backup is verified first. A
// store that stands there is moved aside, to a name with the moment now, which
// is returned; it may be damaged, but not in use.
func Restore(from, to string, now time.Time) (aside string, err error) {
	if _, err := os.Stat(from); err != nil {
		return "", fmt.Errorf("restore: backup %s: %w; name an existing one", from, err)
	}
	if same(from, to) {
		return "", fmt.Errorf("restore: %s and %s are one file; name the backup first", from, to)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return "", openError(to, err)
	}
	// Held to the end: whoever comes meanwhile must find the new file.
	old, err := seize(to)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if old != nil {
		defer old.Close()
		dropLeftovers(to, "restore")
		aside = to + ".before-restore-" + now.UTC().Format("20060102T150405Z")
	}
	err = replaceBy(to, "restore",
		func(temp string) error { return copyVerified(from, temp) },
		func() error { return moveAside(to, aside) })
	if err != nil {
		return "", err
	}
	return aside, nil
}

// copyVerified verifies a backup and copies it.
func copyVerified(from, temp string) error {
	src, err := Open(from, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	err = verifyOpen(src)
	if err == nil {
		err = src.backupInto(temp)
	}
	return errors.Join(err, src.Close())
}

// moveAside gives a store its second name before the first goes to another, so
// that there is no moment without it. No name means that there was none.
func moveAside(path, aside string) error {
	if aside == "" {
		return vacant(path)
	}
	if err := vacant(aside); err != nil {
		return err
	}
	if err := os.Link(path, aside); err != nil {
		return os.Rename(path, aside)
	}
	return nil
}

// replaceBy has a file written under a temporary name and renames it to path,
// after before, which may be nil. Whatever fails, no temporary file is left.
func replaceBy(path, why string, write func(temp string) error, before func() error) error {
	temp, err := tempName(path, why)
	if err != nil {
		return openError(path, err)
	}
	defer os.Remove(temp)
	err = write(temp)
	if err == nil && before != nil {
		err = before()
	}
	if err == nil {
		err = takePlace(temp, path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	switch {
	case err == nil:
		return nil
	case isFull(err):
		return fmt.Errorf("%s %s: %w: %v; it was left as it is: free some space and run again", why, path, ErrFull, err)
	}
	return fmt.Errorf("%s %s: %w", why, path, err)
}

// dropLeftovers removes the temporary files of those who were killed on the way:
// they are as large as a store. The caller holds the lock, so that none is in
// use.
func dropLeftovers(path, why string) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return // the work itself will say so
	}
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), filepath.Base(path)+"."+why+"-")
		if ours && rest != "" && strings.Trim(rest, "0123456789") == "" {
			_ = os.Remove(filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
}

// takePlace renames a file onto another, whose permissions it takes over.
func takePlace(temp, path string) error {
	if info, err := os.Stat(path); err == nil {
		if err := os.Chmod(temp, info.Mode().Perm()); err != nil {
			return err
		}
	}
	return os.Rename(temp, path)
}

// verifyFile verifies a store that nobody has yet.
func verifyFile(path string) error {
	s, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	return errors.Join(verifyOpen(s), s.Close())
}

// verifyOpen verifies a store and names the first fault.
func verifyOpen(s *Store) error {
	first := ""
	err := s.Verify(context.Background(), func(problem string) {
		if first == "" {
			first = problem
		}
	})
	if err != nil && first != "" {
		err = fmt.Errorf("%w; the first: %s", err, first)
	}
	return err
}

// vacant refuses a name that is taken.
func vacant(path string) error {
	_, err := os.Lstat(path)
	if err == nil {
		return fmt.Errorf("%s %w; choose another name", path, ErrExists)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// same reports whether two names are one file.
func same(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

package crawler

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// A profile is the folder in which one Chromium leaves everything it writes. It
// is locked as long as we live, so that those of a program that was killed can be
// told and removed.
type profile struct {
	dir  string
	lock *os.File
}

// The names of profiles and of the lock in each.
const (
	profilePattern = "xuncha-browser-*"
	profileLock    = "xuncha.lock"
)

// newProfile makes a profile in a folder, and removes what is left there of
// programs that were killed. An empty name means the folder for temporary files.
func newProfile(in string) (profile, error) {
	if in == "" {
		in = os.TempDir()
	}
	sweepProfiles(in)
	dir, err := os.MkdirTemp(in, profilePattern)
	if err != nil {
		return profile{}, fmt.Errorf("profile of the browser: %w", err)
	}
	lock, err := lockFile(filepath.Join(dir, profileLock), os.O_CREATE)
	if err != nil {
		return profile{}, errors.Join(fmt.Errorf("profile of the browser: %w", err), os.RemoveAll(dir))
	}
	return profile{dir: dir, lock: lock}, nil
}

// lockFile opens a file and locks it, unless somebody else holds it.
func lockFile(name string, flag int) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|flag, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// sweepProfiles removes the profiles that nobody holds.
func sweepProfiles(in string) {
	dirs, _ := filepath.Glob(filepath.Join(in, profilePattern)) // the pattern is good
	for _, dir := range dirs {
		lock, err := lockFile(filepath.Join(dir, profileLock), 0)
		if err != nil {
			continue // in use, another user's, or not one of ours
		}
		_ = os.RemoveAll(dir) // the next one tries again
		_ = lock.Close()
	}
}

// remove removes the profile and gives it up.
func (p profile) remove() error {
	return errors.Join(os.RemoveAll(p.dir), p.lock.Close())
}

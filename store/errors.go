package store

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	berrors "go.etcd.io/bbolt/errors"
)

// The conditions a caller can act on, matched with errors.Is. The message of
// the error that wraps one names the path and says what to do.
var (
	// ErrNoStore says that there is no file yet and none was to be made.
	ErrNoStore = errors.New("no store yet")

	// ErrLocked says that another process has the file.
	ErrLocked = errors.New("in use by another process")

	// ErrVersion says that the file has a format this program does not read.
	ErrVersion = errors.New("written in another format")

	// ErrDamaged says that the file, or something in it, is not what was
	// written: cut short, overwritten, or no store at all. Nothing was changed.
	ErrDamaged = errors.New("damaged")

	// ErrFull says that there was no room to write. Nothing of the batch was
	// kept, everything before it is safe, and the same call may be repeated once
	// there is room.
	ErrFull = errors.New("disk full")

	// ErrCutOff says that nobody can say how far a write came. Nothing more is
	// written by this process; the next one opens the file and finds out.
	ErrCutOff = errors.New("a write was cut off")

	// ErrNotFound says that what was asked for is not kept.
	ErrNotFound = errors.New("not kept")

	// ErrExists says that something of that name is there already: a round, a
	// look of one, or a file that would be written over.
	ErrExists = errors.New("exists already")

	// ErrMoved says that somebody has added to a history since it was read.
	ErrMoved = errors.New("has grown meanwhile")

	// ErrAccount says that a round cannot be finished because read and failed do
	// not add up to what was planned.
	ErrAccount = errors.New("round does not add up")
)

// damaged wraps a cause into ErrDamaged.
func damaged(path string, cause any) error {
	return fmt.Errorf("store %s: %w: %v; it was left as it is: put a backup in its place with xuncha data restore",
		path, ErrDamaged, cause)
}

// full wraps a cause into ErrFull.
func full(path string, cause error) error {
	return fmt.Errorf("store %s: %w: %v; nothing of this batch was kept, all before it is safe: free some space and run again",
		path, ErrFull, cause)
}

// openError explains an error of opening the file.
func openError(path string, err error) error {
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return locked(path)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrChecksum):
		return damaged(path, err)
	case isFull(err):
		return full(path, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("store %s: %w; run as the user who owns it", path, err)
	}
	return fmt.Errorf("store %s: %w", path, err)
}

// fullErrnos are the answers of a system that has no room: the disk, the quota,
// the largest file allowed.
func fullErrnos() []syscall.Errno {
	return []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
}

// isFull reports whether err says that there is no room. bbolt keeps only the
// text of some errors, so the text decides where the chain does not.
func isFull(err error) bool {
	for _, no := range fullErrnos() {
		if errors.Is(err, no) || strings.HasSuffix(err.Error(), no.Error()) {
			return true
		}
	}
	return false
}

// repeatable reports whether a failed commit left the file as it was, so that a
// later one may be tried. A write or a resize that found no room did. A failed
// sync did not: the system may have dropped what it could not write, and says
// so only once.
func repeatable(err error) bool {
	if !isFull(err) {
		return false
	}
	var at *fs.PathError
	return errors.As(err, &at) && at.Op != "sync" || strings.HasPrefix(err.Error(), "file resize error")
}

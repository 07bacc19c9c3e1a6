package store

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// The lock itself is bbolt's, on the file: it ends with the process, however
// that dies. The side file only names the process for the message, and nobody
// minds if it is stale or cannot be written.

// lockNote is the path of the side file.
func lockNote(path string) string { return path + ".lock" }

// noteHolder names this process.
func noteHolder(path string) {
	_ = os.WriteFile(lockNote(path), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600)
}

// dropHolder removes the name again. It must run while the lock is still held,
// or it would remove the next holder's.
func dropHolder(path string) {
	_ = os.Remove(lockNote(path))
}

// locked wraps ErrLocked, with the process's number where it is known.
func locked(path string) error {
	who := ""
	if pid, ok := holder(path); ok {
		who = fmt.Sprintf(" (pid %d)", pid)
	}
	return fmt.Errorf("store %s: %w%s; wait until it ends or stop it, then run again", path, ErrLocked, who)
}

// holder returns the process named in the side file if it is alive.
func holder(path string) (int, bool) {
	text, err := os.ReadFile(lockNote(path))
	if err != nil {
		return 0, false
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 0 {
		return 0, false
	}
	if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
		return 0, false
	}
	return pid, true
}

// seize takes the exclusive lock on a file without opening it as a store, which
// a damaged one would not allow. The lock lasts until the file is closed.
func seize(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		f.Close()
		return nil, damaged(path, "it is a folder")
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, locked(path)
	}
	return nil, fmt.Errorf("store %s: lock: %w", path, err)
}

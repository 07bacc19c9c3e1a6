package proof

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// An Access is one line of the log of who had evidence made. Each names the
// digest of the line before, so that a line that is taken out shows.
type Access struct {
	Number  int       `json:"number"` // from 1
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	What    string    `json:"what"` // "pack" or "warc"
	Subject string    `json:"subject"`
	Finding string    `json:"finding,omitempty"`
	Point   time.Time `json:"point,omitzero"`
	To      string    `json:"to"`     // the file or folder
	SHA256  string    `json:"sha256"` // of the list of digests, or of the file
	Before  string    `json:"before"`
}

// errLog says that a log does not hold together.
var errLog = errors.New("the log of accesses was changed")

// LogAccess adds a line to a log, with its number and the digest of the line
// before, and returns once it is on the disk. The log is a file beside the store,
// because a store may be open for reading only; it is only ever added to.
func LogAccess(path string, a Access) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("log of accesses: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("log of accesses %s: lock: %w", path, err)
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return fmt.Errorf("log of accesses: %w", err)
	}
	a.Number, a.Before, err = lastAccess(data)
	if err != nil {
		return fmt.Errorf("log of accesses %s: %w", path, err)
	}
	line, err := json.Marshal(a)
	if err != nil {
		return err
	}
	if _, err := f.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("log of accesses: %w", err)
	}
	return f.Sync()
}

// lastAccess checks a log and returns the number of its next line and the digest
// of its last.
func lastAccess(data []byte) (next int, before string, err error) {
	next = 1
	for line := range bytes.Lines(data) {
		var a Access
		if err := json.Unmarshal(line, &a); err != nil || a.Number != next || a.Before != before || !bytes.HasSuffix(line, []byte("\n")) {
			return next, before, fmt.Errorf("line %d: %w", next, errLog)
		}
		next, before = next+1, digestOf(bytes.TrimSuffix(line, []byte("\n")))
	}
	return next, before, nil
}

// VerifyAccesses checks a log of accesses and returns how many it holds. One that
// is not there holds none.
func VerifyAccesses(path string) (int, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("log of accesses: %w", err)
	}
	next, _, err := lastAccess(data)
	if err != nil {
		return next - 1, fmt.Errorf("log of accesses %s: %w", path, err)
	}
	return next - 1, nil
}

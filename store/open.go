package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
)

// defaultLockTimeout is how long Open waits for another process.
const defaultLockTimeout = 3 * time.Second

// Options say how to open a store. The zero value opens an existing one for
// writing.
type Options struct {
	// ReadOnly opens for reading. Several readers may have the file at once, but
	// none beside a writer.
	ReadOnly bool

	// Create makes a new store where there is no file. Without it a missing file
	// is ErrNoStore.
	Create bool

	// LockTimeout is how long to wait for another process; zero means three
	// seconds, less than zero not at all.
	LockTimeout time.Duration

	// NoSync leaves it to the system when what was written reaches the disk, which
	// is quicker. A process that is killed loses nothing by it, but a machine that
	// stops may leave a damaged file: it is for stores that can be made again, as
	// those of tests.
	NoSync bool
}

// A Store is one open file. It is safe for concurrent use; writes come one
// after the other.
type Store struct {
	path     string
	readOnly bool
	codec    codec

	// file is held, shared, while db is used, and exclusive while another file
	// takes its place.
	file sync.RWMutex
	db   *bbolt.DB

	// rest is held by whoever needs that nothing is removed meanwhile (shared)
	// or that nothing is written at all (exclusive).
	rest   sync.RWMutex
	closed bool // guarded by rest

	// writing puts writers in a row.
	writing sync.Mutex
	broken  atomic.Pointer[error] // why nothing may be written any more

	rounds decodedRounds
	torn   torn
}

// Open opens the store at path. It fails with ErrNoStore, ErrLocked, ErrVersion,
// ErrDamaged or ErrFull where that is the matter. A file from an older program
// is brought to this format first.
func Open(path string, opts Options) (*Store, error) {
	_, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && opts.Create && !opts.ReadOnly:
		if err := create(path); err != nil {
			return nil, err
		}
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("store %s: %w; run xuncha crawl first", path, ErrNoStore)
	case err != nil:
		return nil, openError(path, err)
	}
	if err := checkUnlocked(path); err != nil {
		return nil, err
	}
	s, err := open(path, opts)
	if err != nil {
		return nil, err
	}
	if err := s.checkFormat(format, migrations()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close ends the use of the file, once nothing is being written. A store must
// not be used afterwards; closing it again does nothing.
func (s *Store) Close() error {
	s.rest.Lock()
	defer s.rest.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if !s.readOnly {
		dropHolder(s.path)
	}
	err := s.db.Close()
	s.codec.close()
	if err != nil {
		return fmt.Errorf("store %s: close: %w", s.path, err)
	}
	return nil
}

// checkUnlocked checks the file's shape. While another process writes, what is
// read may be half of two things, so a file is only called damaged once nobody
// has it.
func checkUnlocked(path string) error {
	err := checkShape(path)
	if err == nil || errors.Is(err, fs.ErrPermission) {
		return wrapOpen(path, err)
	}
	f, lockErr := seize(path)
	if lockErr != nil {
		return lockErr
	}
	defer f.Close()
	if err := checkShape(path); err != nil {
		return damaged(path, err)
	}
	return nil
}

func wrapOpen(path string, err error) error {
	if err == nil {
		return nil
	}
	return openError(path, err)
}

// open maps a file whose shape was checked.
func open(path string, opts Options) (*Store, error) {
	var file *os.File
	wait := opts.LockTimeout
	if wait == 0 {
		wait = defaultLockTimeout
	}
	options := &bbolt.Options{
		Timeout:         max(wait, 1),
		ReadOnly:        opts.ReadOnly,
		PageSize:        pageSize,
		FreelistType:    bbolt.FreelistMapType,
		PreLoadFreelist: true,
		NoSync:          opts.NoSync,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			f, err := os.OpenFile(name, flag&^os.O_CREATE, mode)
			file = f
			return f, err
		},
	}
	s := &Store{path: path, readOnly: opts.ReadOnly}
	err := guard(path, func() (err error) {
		s.db, err = bbolt.Open(path, 0o600, options)
		return err
	})
	if err != nil {
		if file != nil {
			// A panic leaves the file mapped, and the mapping keeps the lock.
			_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
			file.Close()
		}
		return nil, openError(path, err)
	}
	if err := stillThere(path, file); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	if s.codec, err = newCodec(); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	if !s.readOnly {
		noteHolder(path)
	}
	return s, nil
}

// stillThere checks that path names the file that was locked. Another process
// may have put a compacted or restored one in its place while we waited, and
// what is written to the old one would be lost.
func stillThere(path string, f *os.File) error {
	have, err := f.Stat()
	if err != nil {
		return openError(path, err)
	}
	named, err := os.Stat(path)
	if err != nil || !os.SameFile(have, named) {
		return fmt.Errorf("store %s: %w: the file was just replaced; run again", path, ErrLocked)
	}
	return nil
}

// create makes a new store under a temporary name and gives it its own only
// when it is whole: a machine that stops in between leaves no half store.
func create(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return openError(path, err)
	}
	temp, err := tempName(path, "new")
	if err != nil {
		return openError(path, err)
	}
	defer os.Remove(temp)
	if err := initialise(temp); err != nil {
		return openError(path, err)
	}
	// Linked, not renamed: of two processes that create at once one must win,
	// and the other open what is there.
	if err := os.Link(temp, path); err != nil && !errors.Is(err, fs.ErrExist) {
		if err := os.Rename(temp, path); err != nil {
			return openError(path, err)
		}
	}
	return syncFolder(dir)
}

// initialise writes an empty store into an empty file and syncs it.
func initialise(path string) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: pageSize, Timeout: defaultLockTimeout})
	if err != nil {
		return err
	}
	if err := db.Update(layOut); err != nil {
		return errors.Join(err, db.Close())
	}
	return errors.Join(db.Sync(), db.Close())
}

// tempName makes an empty file beside path and returns its name.
func tempName(path, why string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+"."+why+"-*")
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// syncFolder makes the names in a folder last.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync folder %s: %w", dir, err)
	}
	return nil
}

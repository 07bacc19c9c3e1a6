package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// WriteFiles puts files into the folder dir, which it makes if need be. All are
// written and flushed under other names first and then renamed; until then those
// that were there stay as they are. Errors name the path and what to do.
func WriteFiles(dir string, files []File) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return writeError(dir, err)
	}
	return replaceAll(dir, files, (*os.File).Sync)
}

// Write puts a draft into the folder dir: its [Draft.Files], by [WriteFiles].
func Write(dir string, d Draft) error {
	files, err := d.Files()
	if err != nil {
		return err
	}
	return WriteFiles(dir, files)
}

// A File is a name and its bytes.
type File struct {
	Name string
	Data []byte
}

// Files are the draft's files: attachment-NAME.csv for each attachment,
// attachments.md and summary.json. The same draft gives the same bytes.
func (d Draft) Files() ([]File, error) {
	var out []File
	for _, t := range d.Tables {
		data, err := encodeCSV(t.Header, t.Rows)
		if err != nil {
			return nil, fmt.Errorf("attachment %s: %w", t.Name, err)
		}
		out = append(out, File{t.file(), data})
	}
	summary, err := encodeJSON(d.summary())
	if err != nil {
		return nil, fmt.Errorf("summary.json: %w", err)
	}
	return append(out, File{"attachments.md", d.markdown()}, File{"summary.json", summary}), nil
}

// replaceAll writes every file under a temporary name and renames them only
// once all are complete. sync flushes one file; tests let it fail.
func replaceAll(dir string, files []File, sync func(*os.File) error) error {
	defer func() {
		for _, f := range files {
			_ = os.Remove(temporary(dir, f.Name)) // gone already where it was renamed
		}
	}()
	for _, f := range files {
		if err := writeTemporary(dir, f, sync); err != nil {
			return writeError(filepath.Join(dir, f.Name), err)
		}
	}
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if err := os.Rename(temporary(dir, f.Name), path); err != nil {
			return writeError(path, err)
		}
	}
	return syncFolder(dir)
}

// temporary is the name a file has until it is complete. It is always the same,
// so that what a killed run left is written over by the next.
func temporary(dir, name string) string { return filepath.Join(dir, "."+name+".tmp") }

// writeTemporary writes and flushes one file. It refuses one that could not be
// renamed later, as long as nothing has been replaced.
func writeTemporary(dir string, f File, sync func(*os.File) error) (err error) {
	if info, err := os.Lstat(filepath.Join(dir, f.Name)); err == nil && info.IsDir() {
		return syscall.EISDIR
	}
	path := temporary(dir, f.Name)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := out.Write(f.Data); err != nil {
		return err
	}
	return sync(out)
}

// syncFolder makes the renames last.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return writeError(dir, err)
	}
	err = folder.Sync()
	if errors.Is(err, syscall.EINVAL) {
		err = nil // a file system that cannot flush folders, as some shares
	}
	if err := errors.Join(err, folder.Close()); err != nil {
		return writeError(dir, err)
	}
	return nil
}

// writeError says what to do about an error of the disk.
func writeError(path string, err error) error {
	hint := "name a folder that can be written with --out"
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		hint = "free some space and run it again"
	}
	var at *os.PathError
	if errors.As(err, &at) {
		err = at.Err // the path is said once, under the name people know
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		err = link.Err
	}
	return fmt.Errorf("write %s: %w: %s", path, err, hint)
}

package workshop

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// A Change is what was written at one time. It may be kept as JSON.
type Change struct {
	At      time.Time `json:"at"`
	By      string    `json:"by,omitempty"`
	Columns []string  `json:"columns"`

	// Back says that it takes another change back, so that to undo it is to make
	// that change again.
	Back bool `json:"back,omitempty"`

	// Files are what differs, in the order in which it was written.
	Files []FileChange `json:"files"`
}

// A FileChange is one file before and after, named below the folder of the
// configuration; nil where there was or is none.
type FileChange struct {
	Name   string `json:"name"`
	Before []byte `json:"before"`
	After  []byte `json:"after"`
}

// Write writes a draft, takes samples away that are of the page before, and adds
// the files of new ones. Whatever may be refused is refused before anything is
// written.
func (d *Draft) Write(gone []inventory.Sample, samples []inventory.File) (Change, error) {
	c := Change{Columns: d.Columns}
	for i, f := range d.After {
		c.Files = append(c.Files, FileChange{f.Name, d.Before[i].Data, f.Data})
	}
	for _, s := range gone {
		for _, name := range s.Files() {
			data, err := fs.ReadFile(d.bench.Dir, name)
			if err != nil {
				return Change{}, err
			}
			c.Files = append(c.Files, FileChange{Name: name, Before: data})
		}
	}
	return c, d.bench.write(c, samples)
}

// Keep adds the files of a new sample to the configuration, and nothing else.
func (b *Bench) Keep(samples []inventory.File) error { return b.write(Change{}, samples) }

// write checks every file of a change and then writes all, the new samples last.
func (b *Bench) write(c Change, samples []inventory.File) error {
	if b.Folder == "" {
		return ErrBuiltIn
	}
	root, err := os.OpenRoot(b.Folder) // a link below the folder leads nowhere else
	if err != nil {
		return err
	}
	defer root.Close()
	if err := b.check(c); err != nil {
		return err
	}
	for _, f := range c.Files {
		if err := put(root, f.Name, f.After); err != nil {
			return err
		}
	}
	// A sample's own file names the others: it comes last, so that a sample is
	// there whole or not at all.
	for _, f := range slices.Backward(samples) {
		if err := put(root, f.Name, f.Data); err != nil {
			return fmt.Errorf("keep a sample: %w", err)
		}
	}
	return nil
}

// check refuses a change of files that are not what they were.
func (b *Bench) check(c Change) error {
	for _, f := range c.Files {
		name := filepath.Join(b.Folder, filepath.FromSlash(f.Name))
		info, err := os.Lstat(name)
		switch {
		case f.Before == nil && errors.Is(err, fs.ErrNotExist):
			continue
		case f.Before != nil && errors.Is(err, fs.ErrNotExist), err == nil && f.Before == nil:
			return fmt.Errorf("%s %w", name, ErrMoved)
		case err != nil:
			return err
		case !info.Mode().IsRegular():
			return fmt.Errorf("%s %w", name, ErrLink)
		}
		now, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if !bytes.Equal(now, f.Before) {
			return fmt.Errorf("%s %w", name, ErrMoved)
		}
	}
	return nil
}

// put writes one file, or takes it away for nil.
func put(root *os.Root, name string, data []byte) error {
	name = filepath.FromSlash(name)
	if data == nil {
		return root.Remove(name)
	}
	mode := fs.FileMode(0o644)
	if info, err := root.Lstat(name); err == nil {
		mode = info.Mode().Perm()
	} else if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return replaceFile(root, name, data, mode)
}

// replaceFile writes a file so that it is the old one or the new one, whatever
// happens.
func replaceFile(root *os.Root, name string, data []byte, mode fs.FileMode) (err error) {
	temporary := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+".new")
	f, err := root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, root.Remove(temporary))
		}
	}()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return root.Rename(temporary, name)
}

// With is the change with the files of new samples among those it made, as they
// would have to be taken back.
func (c Change) With(samples []inventory.File) Change {
	c.Files = slices.Clone(c.Files)
	for _, f := range slices.Backward(samples) {
		c.Files = append(c.Files, FileChange{Name: f.Name, After: f.Data})
	}
	return c
}

// Undo takes a change back and returns what that changed, which can be undone in
// turn. It refuses where a file is no longer what the change made of it, or where
// the configuration would no longer be valid.
func (b *Bench) Undo(c Change) (Change, error) {
	back := Change{Columns: c.Columns, Back: !c.Back}
	for _, f := range slices.Backward(c.Files) {
		back.Files = append(back.Files, FileChange{f.Name, f.After, f.Before})
	}
	if _, err := b.Without(c); err != nil {
		return Change{}, fmt.Errorf("what stood there before makes no valid configuration any more:\n%w", err)
	}
	return back, b.write(back, nil)
}

// Without is the city as it would be with a change taken back.
func (b *Bench) Without(c Change) (*inventory.City, error) {
	files := b.City.Files
	for _, f := range slices.Backward(c.Files) {
		if Editable(f.Name) { // and no sample
			files = with(files, f.Name, f.Before)
		}
	}
	return b.Parse(files)
}

// Capture makes the files of a new sample of a subject under a name that is free,
// or will be once some samples are gone. Without a name it is named for the day.
func (b *Bench) Capture(s inventory.Subject, name string, seen Seen, gone []inventory.Sample) ([]inventory.File, error) {
	given := name != ""
	if !given {
		name = seen.At.In(extract.Beijing).Format(time.DateOnly)
	}
	for n := 1; ; n++ {
		numbered := name
		if n > 1 {
			numbered = fmt.Sprintf("%s-%d", name, n)
		}
		files, err := inventory.SampleFiles(s, numbered, seen.Pages, seen.Reading)
		if err != nil {
			return nil, err
		}
		taken := b.taken(files, gone)
		switch {
		case taken == "":
			return files, nil
		case given || n == maxNumbered:
			return nil, fmt.Errorf("%s %w", taken, ErrTaken)
		}
	}
}

// maxNumbered bounds the samples of one day.
const maxNumbered = 100

// taken names one of the files that is there and is not about to go.
func (b *Bench) taken(files []inventory.File, gone []inventory.Sample) string {
	for _, f := range files {
		name := filepath.Join(b.Folder, filepath.FromSlash(f.Name))
		goes := slices.ContainsFunc(gone, func(s inventory.Sample) bool { return slices.Contains(s.Files(), f.Name) })
		if _, err := os.Lstat(name); !goes && !errors.Is(err, fs.ErrNotExist) {
			return name
		}
	}
	return ""
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"xuncha/intake"
	"xuncha/inventory"
	"xuncha/rules"
)

// write puts a plan's files into the folder: all, or none. What is written is
// parsed whole before; each file is there under another name before the first
// takes its place; and where that fails midway, those that have are put back.
func (t target) write(p *intake.Plan) error {
	files := slices.Clone(p.Files)
	for _, f := range t.begun {
		if !slices.ContainsFunc(files, func(g inventory.File) bool { return g.Name == f.Name }) {
			files = append(files, f)
		}
	}
	if p.City == nil || len(files)+len(p.Gone) == 0 {
		return nil
	}
	s, err := parseSetup(p.City.Files)
	if err == nil {
		err = rules.CheckRegisters(s.city, s.set)
	}
	if err != nil {
		return fmt.Errorf("what would be written is no valid configuration, and nothing was written:\n%w", err)
	}
	if err := os.MkdirAll(t.folder, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(t.folder) // a link below the folder leads nowhere else
	if err != nil {
		return err
	}
	defer root.Close()
	return exchange(root, t.files, t.begun, files, p.Gone)
}

// temporary is the name under which a file waits.
func temporary(name string) string {
	return filepath.FromSlash(path.Join(path.Dir(name), "."+path.Base(name)+".new"))
}

// exchange puts files into the places of those that were read, and takes others
// away.
func exchange(root *os.Root, before, begun, files []inventory.File, gone []string) (err error) {
	old := map[string][]byte{}
	for _, f := range before {
		if !slices.ContainsFunc(begun, func(g inventory.File) bool { return g.Name == f.Name }) {
			old[f.Name] = f.Data
		}
	}
	for _, name := range append(namesOf(files), gone...) {
		if err := unchanged(root, name, old[name]); err != nil {
			return err
		}
	}
	var waiting, done []string
	defer func() {
		for _, name := range waiting {
			if failed := root.Remove(temporary(name)); failed != nil && !errors.Is(failed, fs.ErrNotExist) {
				err = errors.Join(err, failed)
			}
		}
		if err == nil {
			return
		}
		for _, name := range done {
			err = errors.Join(err, putBack(root, name, old[name]))
		}
	}()
	for _, f := range files {
		if err := root.MkdirAll(filepath.FromSlash(path.Dir(f.Name)), 0o755); err != nil {
			return err
		}
		waiting = append(waiting, f.Name)
		if err := writeWhole(root, temporary(f.Name), f.Data); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := root.Rename(temporary(f.Name), filepath.FromSlash(f.Name)); err != nil {
			return err
		}
		done = append(done, f.Name)
	}
	for _, name := range gone {
		if err := root.Remove(filepath.FromSlash(name)); err != nil {
			return err
		}
		done = append(done, name)
	}
	return nil
}

// unchanged refuses to write over what somebody wrote meanwhile.
func unchanged(root *os.Root, name string, want []byte) error {
	data, err := root.ReadFile(filepath.FromSlash(name))
	switch {
	case errors.Is(err, fs.ErrNotExist) && want == nil:
		return nil
	case err != nil:
		return err
	case want == nil || !bytes.Equal(data, want):
		return fmt.Errorf("%s was changed while the list was read, and nothing was written: try again", name)
	}
	return nil
}

// putBack makes a file what it was, nil for none.
func putBack(root *os.Root, name string, was []byte) error {
	if was == nil {
		return root.Remove(filepath.FromSlash(name))
	}
	return writeWhole(root, filepath.FromSlash(name), was)
}

// writeWhole writes a file to the disk.
func writeWhole(root *os.Root, name string, data []byte) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

package proof

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"xuncha/inventory"
)

// The bounds of a pack that is read: far above any that is made.
const (
	maxFiles = 20_000
	maxBytes = 2 << 30
	maxFile  = 128 << 20
)

// errPack says that what was to be read is no pack.
var errPack = errors.New("no pack of proof")

// Write writes the pack: a ZIP where the name ends so, else a folder. What
// stands there already is left alone, with an error that is fs.ErrExist.
func (p Pack) Write(name string) error {
	if strings.EqualFold(filepath.Ext(name), ".zip") {
		return p.writeZIP(name)
	}
	if entries, err := os.ReadDir(name); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s: it holds files already: %w", name, fs.ErrExist)
	}
	for _, f := range p.Files {
		to := filepath.Join(name, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(to, f.Data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// ZIP is the pack as one file. All files of it are as they are: a compressor's output
// changes with its version, and the bytes must not.
func (p Pack) ZIP() ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range p.Files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.Data); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

func (p Pack) writeZIP(name string) error {
	data, err := p.ZIP()
	if err != nil {
		return err
	}
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	return errors.Join(err, out.Close())
}

// Read reads a pack, a folder or a ZIP. It trusts nothing in it.
func Read(name string) (Pack, error) {
	info, err := os.Stat(name)
	if err != nil {
		return Pack{}, err
	}
	var p Pack
	if info.IsDir() {
		p, err = readFS(os.DirFS(name))
	} else {
		var z *zip.ReadCloser
		if z, err = zip.OpenReader(name); err != nil {
			return Pack{}, fmt.Errorf("%s: %w: %w", name, errPack, err)
		}
		p, err = readZIP(&z.Reader)
		err = errors.Join(err, z.Close())
	}
	if err != nil {
		return Pack{}, fmt.Errorf("%s: %w", name, err)
	}
	slices.SortStableFunc(p.Files, func(a, b inventory.File) int { return strings.Compare(a.Name, b.Name) })
	return p, nil
}

func readFS(dir fs.FS) (p Pack, err error) {
	total := 0
	err = fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := dir.Open(name)
		if err != nil {
			return err
		}
		return errors.Join(p.add(name, f, &total), f.Close())
	})
	return p, err
}

func readZIP(z *zip.Reader) (p Pack, err error) {
	total, seen := 0, map[string]bool{}
	for _, f := range z.File {
		switch {
		case strings.HasSuffix(f.Name, "/"):
			continue
		case path.Clean(f.Name) != f.Name || path.IsAbs(f.Name) || strings.HasPrefix(f.Name, "../") || strings.Contains(f.Name, `\`):
			return p, fmt.Errorf("%w: it holds a file called %q", errPack, f.Name)
		case seen[f.Name]:
			return p, fmt.Errorf("%w: it holds %q twice", errPack, f.Name)
		}
		seen[f.Name] = true
		r, err := f.Open()
		if err != nil {
			return p, fmt.Errorf("%s: %w", f.Name, err)
		}
		if err := errors.Join(p.add(f.Name, r, &total), r.Close()); err != nil {
			return p, err
		}
	}
	return p, nil
}

// add reads one file within the bounds.
func (p *Pack) add(name string, r io.Reader, total *int) error {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if *total += len(data); len(data) > maxFile || *total > maxBytes || len(p.Files) >= maxFiles {
		return fmt.Errorf("%w: it is larger than any that is made", errPack)
	}
	p.Files = append(p.Files, inventory.File{Name: name, Data: data})
	return nil
}

// Sums is the SHA-256 of the list of digests, which stands for the whole pack.
func (p Pack) Sums() (string, error) {
	list, err := p.File(sumsFile)
	return digestOf(list), err
}

// Finding is the ID of the finding that the pack is about, "" if there is none.
func (p Pack) Finding() string {
	data, err := p.File(findingFile)
	var f struct{ ID string }
	if err != nil || json.Unmarshal(data, &f) != nil {
		return ""
	}
	return f.ID
}

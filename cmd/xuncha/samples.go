package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"xuncha/inventory"
	"xuncha/report"
)

// replay reads all samples of a configuration again, without a network.
func (s setup) replay() ([]inventory.Replayed, error) {
	samples, err := inventory.ReadSamples(s.dir, s.shared)
	if err != nil {
		return nil, err
	}
	return s.city.Replay(samples)
}

// shownValue is how much of a value a sentence shows, in cells.
const shownValue = 120

// broken is the error that names every sample that no longer reads as expected,
// nil if all do.
func (a *app) broken(all []inventory.Replayed) error {
	var b strings.Builder
	n := 0
	for _, r := range all {
		if r.OK() {
			continue
		}
		n++
		for _, w := range r.Wants {
			fmt.Fprintf(&b, a.say("\n%s：读数需要样本里没有的网页（%s）：%s", "\n%s: the reading wants a page that the sample does not hold (%s): %s"),
				r.Sample.File, w.Why, report.Plain(w.URL, 2*shownValue))
		}
		for _, m := range r.Broken {
			fmt.Fprintf(&b, a.say("\n%s：%s 预期 %s，读出 %s", "\n%s: %s: expected %s, and %s came"), m.Place, m.Key, a.value(m.Want), a.value(m.Got))
		}
		if len(r.Broken) > 0 {
			b.WriteString(a.say("\n  现在读出的若是对的，把 expect 改为：\n", "\n  if what came is right, make this its expect:\n"))
			b.WriteString("    " + strings.ReplaceAll(strings.TrimSpace(inventory.ExpectationYAML(r.Reading)), "\n", "\n    "))
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf(a.say("%d 份样本中有 %d 份读出的与预期不同：%s", "of %d samples %d no longer read as expected:%s"), len(all), n, b.String())
}

// value is a value of a sample in a sentence.
func (a *app) value(v string) string {
	if v == "" {
		return a.say("（无）", "nothing")
	}
	return report.Plain(v, shownValue)
}

// writeNew writes the files of a new sample below a folder, the one that names
// the others last, so that a sample is there whole or not at all.
func writeNew(folder string, files []inventory.File) error {
	root, err := os.OpenRoot(folder) // a link below the folder leads nowhere else
	if err != nil {
		return err
	}
	defer root.Close()
	for i := len(files) - 1; i >= 0; i-- {
		name := filepath.FromSlash(files[i].Name)
		if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := replaceFile(root, name, files[i].Data, 0o644); err != nil {
			return err
		}
	}
	return nil
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

package daemon

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"xuncha/inventory"
)

// Editors write a file in several steps, and people several files.
const (
	settle = 500 * time.Millisecond

	// Where changes cannot be watched, as on a network's disk, they are looked for.
	// They are looked for now and then in any case.
	pollUnwatched, pollWatched = 5 * time.Second, time.Minute
)

// A Configured is how the configuration stands.
type Configured struct {
	Setup
	Since time.Time // in force since

	// Refused is why the last reading is not in force, nil if it is, and Problems
	// its mistakes by place where they have one.
	Refused  error
	Problems []inventory.Problem
}

// Configured is how the configuration stands.
func (d *Daemon) Configured() Configured {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := Configured{Setup: d.setup, Since: d.reloaded, Refused: d.refused}
	var problems inventory.Errors
	if errors.As(d.refused, &problems) {
		c.Problems = problems
	}
	return c
}

// Reload reads the configuration as it stands in its folder. One with mistakes
// leaves the old one in force, and the error says where they are.
func (d *Daemon) Reload() error {
	d.reloading.Lock() // what was read last must be in force last
	defer d.reloading.Unlock()
	s, err := d.Load()
	d.mu.Lock()
	d.refused = err
	same := err == nil && s.City.Digest == d.setup.City.Digest
	if same {
		d.instead = ""
	}
	if err == nil && !same {
		d.setup, d.reloaded, d.instead = s, d.Clock.Now(), ""
		d.moved()
	}
	d.mu.Unlock()
	switch {
	case err != nil:
		d.Log.Error("the configuration was not taken over", "error", err)
		return err
	case same:
		return nil
	}
	d.Log.Info("the configuration was taken over", "digest", s.City.Digest)
	d.runner.Wake()
	if err := d.Refresh(); err != nil {
		d.Log.Error("the board was not made anew by the configuration", "error", d.noted(err))
		return err
	}
	return nil
}

// watchFolders reads the configuration again whenever its folders change.
func (d *Daemon) watchFolders(ctx context.Context) {
	if len(d.Folders) == 0 {
		return
	}
	w, err := fsnotify.NewWatcher()
	if err == nil {
		defer w.Close()
	}
	stamp := d.loaded
	for ctx.Err() == nil {
		every := pollWatched
		if err != nil || !follow(w, d.Folders) {
			every = pollUnwatched
		}
		now := stampOf(d.Folders)
		if now == stamp && !waitFor(ctx, w, every) {
			continue
		}
		for last := ""; last != now && ctx.Err() == nil; { // until nobody writes any more
			last = now
			waitFor(ctx, nil, settle)
			now = stampOf(d.Folders)
		}
		if now != stamp && ctx.Err() == nil {
			stamp = now
			_ = d.Reload() // it was logged
			d.look()       // what is amiss, or no longer is, is told at once
		}
	}
}

// follow watches the folders and all below them; it is no mistake to watch one
// again. Folders are watched, because files are replaced. It returns false where that
// may not show all: too many folders, or one reached by a link that others replace.
func follow(w *fsnotify.Watcher, folders []string) bool {
	all := true
	for _, dir := range folders {
		here, err := filepath.Abs(dir)
		real, err2 := filepath.EvalSymlinks(here)
		all = err == nil && err2 == nil && real == here && all
		walk(dir, func(path string, info fs.FileInfo) {
			if info.IsDir() {
				all = w.Add(path) == nil && all
			}
		})
	}
	return all
}

// deepest bounds folders in folders, of which links can make a circle.
const deepest = 8

// walk calls seen for a folder and everything below it that is not hidden, in the
// order of names, and behind links.
func walk(root string, seen func(path string, info fs.FileInfo)) {
	var down func(path string, depth int)
	down = func(path string, depth int) {
		info, err := os.Stat(path)
		if err != nil {
			return // it went away meanwhile, or leads nowhere
		}
		seen(path, info)
		if !info.IsDir() || depth == 0 {
			return
		}
		list, err := os.ReadDir(path)
		if err != nil {
			return
		}
		for _, e := range list {
			if !strings.HasPrefix(e.Name(), ".") {
				down(filepath.Join(path, e.Name()), depth-1)
			}
		}
	}
	down(root, deepest)
}

// waitFor waits for a change, for ctx or for a while, and returns whether
// something has changed. A nil watcher sees no changes.
func waitFor(ctx context.Context, w *fsnotify.Watcher, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	var events chan fsnotify.Event
	var failures chan error
	if w != nil {
		events, failures = w.Events, w.Errors
	}
	select {
	case <-events:
		return true
	case <-failures:
		return true // some events were lost
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// stampOf says how files stand, by their names, sizes and times.
func stampOf(folders []string) string {
	h := sha256.New()
	for _, dir := range folders {
		walk(dir, func(path string, info fs.FileInfo) {
			if !info.IsDir() {
				fmt.Fprintf(h, "%s %d %d\n", path, info.Size(), info.ModTime().UnixNano())
			}
		})
	}
	return hex.EncodeToString(h.Sum(nil))
}

package daemon

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"xuncha/extract"
	"xuncha/patrol"
	"xuncha/store"
)

// Names of backups: xuncha-20230927-040000.db.
const (
	backupPrefix, backupSuffix = "xuncha-", ".db"
	backupStamp                = "20060102-150405"
)

// A Backup is one file in the folder of backups.
type Backup struct {
	Name  string
	Path  string
	At    time.Time
	Bytes int64
}

// Backups are the backups, the newest first. Each was verified when it was made; some
// may be known to be broken since, by [Daemon.Readings].
func (d *Daemon) Backups() ([]Backup, error) {
	dir := d.BackupFolder()
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("backups: %w", err)
	}
	var all []Backup
	for _, e := range entries {
		at, ok := backupTime(e.Name())
		info, err := e.Info()
		if ok && err == nil && info.Mode().IsRegular() {
			all = append(all, Backup{e.Name(), filepath.Join(dir, e.Name()), at, info.Size()})
		}
	}
	slices.SortFunc(all, func(a, b Backup) int { return b.At.Compare(a.At) })
	return all, nil
}

// LastGood is the end of the newest backup that was verified, whoever asked for it,
// and is not known to be broken since; zero for none.
func (d *Daemon) LastGood() time.Time {
	var good time.Time
	for _, j := range d.Jobs() {
		if j.Name == JobBackup {
			good = j.Good
		}
	}
	all, _ := d.Backups() // a folder that cannot be read fails the next backup, which tells
	read := d.Readings()
	for _, b := range all { // the newest first
		switch {
		case read[b.Name].Err == nil:
			if b.At.After(good) {
				good = b.At
			}
			return good
		case !b.At.After(good): // it is the one that the schedule made
			good = time.Time{}
		}
	}
	return good
}

// backupTime is when a backup was made, by its name.
func backupTime(name string) (time.Time, bool) {
	stamp, ok := strings.CutPrefix(name, backupPrefix)
	if !ok {
		return time.Time{}, false
	}
	stamp, ok = strings.CutSuffix(stamp, backupSuffix)
	at, err := time.ParseInLocation(backupStamp, stamp, extract.Beijing)
	return at, ok && err == nil
}

// backUp makes a backup, verifies it, and lets the oldest go.
func (d *Daemon) backUp(ctx context.Context, _ time.Time) error {
	defer d.hold()()
	_, err := d.makeBackup()
	if err != nil {
		return err
	}
	return d.rotate()
}

func (d *Daemon) makeBackup() (Backup, error) {
	dir := d.BackupFolder()
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return Backup{}, fmt.Errorf("folder of backups: %w", err)
	}
	if err := dropHalves(dir); err != nil {
		return Backup{}, err
	}
	at := d.Clock.Now().In(extract.Beijing).Truncate(time.Second)
	name := backupPrefix + at.Format(backupStamp) + backupSuffix
	path := filepath.Join(dir, name)
	if err := d.Store.BackupTo(path); err != nil {
		return Backup{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return Backup{}, fmt.Errorf("backup: %w", err)
	}
	return Backup{name, path, at, info.Size()}, nil
}

// dropHalves removes what a backup leaves behind that was killed on the way.
func dropHalves(dir string) error {
	halves, err := filepath.Glob(filepath.Join(dir, backupPrefix+"*"+backupSuffix+".backup-*"))
	for _, name := range halves {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

// rotate removes the oldest backups. The newest stays whatever happens, and one that is
// known to be broken takes nobody's place.
func (d *Daemon) rotate() error {
	all, err := d.Backups()
	if err != nil {
		return err
	}
	read, sound := d.Readings(), 0
	for _, b := range all {
		switch {
		case sound >= max(1, d.Setup().City.Schedule.Backups):
			err = errors.Join(err, os.Remove(b.Path))
		case read[b.Name].Err == nil:
			sound++
		}
	}
	return err
}

// A Reading is what reading a backup again came to.
type Reading struct {
	At  time.Time
	Err error // nil if it is sound
}

// Readings are what the backups that were read again came to, by name.
func (d *Daemon) Readings() map[string]Reading {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.readings)
}

// Caring reports whether a backup that somebody asked for is being made or read.
func (d *Daemon) Caring() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.asked != nil
}

// AskBackup has a backup made out of schedule. It returns at once; ErrBusy says
// that one is being made or read.
func (d *Daemon) AskBackup() error {
	return d.ask(func(ctx context.Context) {
		err := d.runner.Do(ctx, groupStore, func(ctx context.Context) error { return d.backUp(ctx, time.Time{}) })
		if err != nil && ctx.Err() == nil {
			d.Log.Error("a backup that was asked for failed", "error", d.cutOff(err)) // a disk that is full may be another
		}
	})
}

// AskReading has a backup read whole. It returns at once; [Daemon.Readings] tell
// what came of it.
func (d *Daemon) AskReading(name string) error {
	all, err := d.Backups()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(b Backup) bool { return b.Name == name }) {
		return fmt.Errorf("backup %s: %w", name, store.ErrNotFound)
	}
	return d.ask(func(ctx context.Context) {
		err := d.VerifyBackup(ctx, name)
		if ctx.Err() != nil {
			return
		}
		if err := d.keepReading(name, Reading{d.Clock.Now(), err}); err != nil {
			d.Log.Warn("what reading a backup came to was not kept", "backup", name, "error", d.noted(err))
		}
	})
}

// A keptReading is a Reading on the shelf.
type keptReading struct {
	At    time.Time `json:"at"`
	Error string    `json:"error,omitempty"`
}

const keyReadings = "readings"

// loadReadings reads what backups were read as by processes before.
func (d *Daemon) loadReadings() error {
	kept := map[string]keptReading{}
	if _, err := get(d.Store.Shelf(shelfDaemon), keyReadings, &kept); err != nil {
		return err
	}
	for name, k := range kept {
		r := Reading{At: k.At}
		if k.Error != "" {
			r.Err = errors.New(k.Error)
		}
		d.readings[name] = r
	}
	return nil
}

// keepReading takes note of what reading a backup came to, and forgets backups that
// have gone. What cannot be kept is known until the process ends.
func (d *Daemon) keepReading(name string, r Reading) error {
	there, err := d.Backups()
	gone := func(name string) bool {
		return err == nil && !slices.ContainsFunc(there, func(b Backup) bool { return b.Name == name })
	}
	d.mu.Lock()
	d.readings[name] = r
	kept := map[string]keptReading{}
	for name, r := range d.readings {
		if gone(name) {
			delete(d.readings, name)
			continue
		}
		k := keptReading{At: r.At.Round(0)}
		if r.Err != nil {
			k.Error = r.Err.Error()
		}
		kept[name] = k
	}
	d.mu.Unlock()
	return put(d.Store.Shelf(shelfDaemon), keyReadings, kept)
}

// ask has one thing done at a time besides rounds.
func (d *Daemon) ask(what func(context.Context)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.asked != nil {
		return ErrBusy
	}
	d.asked = what
	d.asking <- struct{}{} // it has room: nothing was asked
	return nil
}

// care does what is asked.
func (d *Daemon) care(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.asking:
		}
		d.mu.Lock()
		what := d.asked
		d.mu.Unlock()
		what(ctx)
		d.mu.Lock()
		d.asked = nil
		d.mu.Unlock()
	}
}

// VerifyBackup reads a backup whole, as it was when it was made.
func (d *Daemon) VerifyBackup(ctx context.Context, name string) error {
	all, err := d.Backups()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(b Backup) bool { return b.Name == name })
	if i < 0 {
		return fmt.Errorf("backup %s: %w", name, store.ErrNotFound)
	}
	st, err := store.Open(all[i].Path, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	return errors.Join(st.Verify(ctx, func(string) {}), st.Close())
}

// Free room is given back where there is so much of it, in bytes and in the share
// of the file.
const (
	freeBytes = 64 << 20
	freeShare = 4 // one in so many
)

// tidy lets old snapshots and records go, and gives free room back to the disk.
func (d *Daemon) tidy(ctx context.Context, _ time.Time) error {
	defer d.hold()()
	now := d.Clock.Now()
	if err := patrol.ProbesOf(d.Store).Drop(now.Add(-probesKept)); err != nil {
		return d.noted(err)
	}
	if days := d.Setup().City.Schedule.KeepDays; days > 0 {
		cited, err := d.cited()
		if err != nil {
			return d.noted(err)
		}
		policy := store.Policy{Keep: time.Duration(days) * 24 * time.Hour, Cited: func(digest string) bool { return cited[digest] }}
		gone, err := d.Store.Retain(policy, now)
		if err != nil {
			return d.noted(err)
		}
		d.Log.Info("old snapshots went", "snapshots", gone.Snapshots, "bodies", gone.Bodies)
	}
	stats, err := d.Store.Stats()
	if err != nil {
		return err
	}
	if stats.FreeBytes < freeBytes || stats.FreeBytes < stats.FileBytes/freeShare {
		return nil
	}
	freed, err := d.Store.Shrink()
	switch {
	case errors.Is(err, store.ErrMoved):
		d.Log.Info("the store is in use and gives free room back another time", "error", err)
		return nil
	case err != nil:
		return d.cutOff(err) // a copy had no room, and the store may have; it is tried again
	}
	d.Log.Info("the store gave free room back", "bytes", freed)
	return nil
}

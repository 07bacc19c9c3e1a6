package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"xuncha/console"
	"xuncha/daemon"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// fillSystem shows how the program stands.
func (s *service) fillSystem(cfg *console.Config) error {
	y := &system{s: s}
	cfg.System, cfg.Backups, cfg.Alerts = y, y, y.lasting
	return nil
}

// lasting are the alerts that last.
func (y *system) lasting() (all []console.Alert) {
	for _, a := range y.s.daemon.Alerts() {
		if a.Until.IsZero() {
			all = append(all, console.Alert{Kind: string(a.Kind), Since: a.Since, Chinese: a.Chinese, English: a.English})
		}
	}
	return all
}

// system is what the console asks about the program itself.
type system struct {
	s *service

	mu      sync.Mutex
	stats   store.Stats // guarded by mu; counting takes a while in a store of years
	counted time.Time   // guarded by mu

	sets []*rules.RuleSet // guarded by mu; of the configuration with the digest
	read string           // guarded by mu
}

// setsOf are the rule sets of a configuration.
func (y *system) setsOf(city *inventory.City) []*rules.RuleSet {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.sets == nil || y.read != city.Digest {
		y.sets, y.read = rules.All(city.Files), city.Digest
	}
	return y.sets
}

// countedFor is how long a count of what is kept is shown.
const countedFor = time.Minute

// count counts what is kept.
func (y *system) count() (store.Stats, error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if time.Since(y.counted) < countedFor {
		return y.stats, nil
	}
	stats, err := y.s.store.Stats()
	if err == nil {
		y.stats, y.counted = stats, time.Now()
	}
	return stats, err
}

// System is how the program stands.
func (y *system) System() (console.SystemState, error) {
	d := y.s.daemon
	c := d.Configured()
	stats, err := y.count()
	if err != nil {
		return console.SystemState{}, err
	}
	backups, err := y.backups()
	if err != nil {
		return console.SystemState{}, err
	}
	st := console.SystemState{
		Version: version, Started: d.Started(), Config: y.config(c), Set: c.Set, Sets: y.setsOf(c.City), Store: stats, Keep: c.City.Schedule.KeepDays,
		Backups: backups, BackupDir: d.BackupFolder(), Making: d.Caring(),
	}
	for _, a := range d.Alerts() {
		st.Alerts = append(st.Alerts, console.Alert{Kind: string(a.Kind), Since: a.Since, Until: a.Until, Chinese: a.Chinese, English: a.English})
	}
	for _, j := range d.Jobs() {
		st.Jobs = append(st.Jobs, console.Job{
			Name: j.Name, Line: j.Line, Next: j.Next, Began: j.Began, Ended: j.Ended, Good: j.Good, Error: j.Error, Running: j.Running,
		})
	}
	if n := c.City.Schedule.Probes; n > 0 {
		st.Jobs = append(st.Jobs, console.Job{Name: "probes", Line: strconv.Itoa(n) + "/24h", Began: d.LastKnock(), Good: d.LastKnock()})
	}
	for _, disk := range d.Disks() {
		st.Disks = append(st.Disks, console.Disk(disk))
	}
	return st, nil
}

// config is how the configuration stands.
func (y *system) config(c daemon.Configured) console.ConfigState {
	st := console.ConfigState{
		Folder: y.s.Config, Digest: c.City.Digest, Since: c.Since, Units: len(c.City.Units), Sites: len(c.City.Sites()), Unconfirmed: c.City.Unconfirmed,
	}
	if c.Refused != nil {
		st.Refused = c.Refused.Error()
	}
	for _, p := range c.Problems {
		st.Mistakes = append(st.Mistakes, console.Mistake{
			File: p.File, Line: p.Line, Column: p.Column, Message: p.Message, Hint: p.Hint, Text: y.line(p),
		})
	}
	return st
}

// Bounds of what is shown of a file with a mistake.
const (
	mostOfFile = 4 << 20
	mostOfLine = 200
)

// line is the line in which a mistake is, as the file stands now, "" where it
// cannot be had.
func (y *system) line(p inventory.Problem) string {
	if p.Line == 0 || p.File == "" || !filepath.IsLocal(p.File) {
		return ""
	}
	for _, dir := range folders(y.s.web.loaded()) {
		for _, root := range []string{dir, filepath.Dir(dir)} { // shared files are named from above
			f, err := os.Open(filepath.Join(root, filepath.FromSlash(p.File)))
			if err != nil {
				continue
			}
			data, err := io.ReadAll(io.LimitReader(f, mostOfFile))
			f.Close()
			lines := bytes.Split(data, []byte("\n"))
			if err != nil || p.Line > len(lines) {
				return ""
			}
			text := []rune(strings.ToValidUTF8(strings.TrimSpace(string(lines[p.Line-1])), "�"))
			return string(text[:min(len(text), mostOfLine)])
		}
	}
	return ""
}

// backups are the backups with what reading them again came to.
func (y *system) backups() ([]console.Backup, error) {
	kept, err := y.s.daemon.Backups()
	read := y.s.daemon.Readings()
	all := make([]console.Backup, len(kept))
	for i, b := range kept {
		all[i] = console.Backup{Name: b.Name, At: b.At, Bytes: b.Bytes, Verified: read[b.Name].At}
		if err := read[b.Name].Err; err != nil {
			all[i].Broken = err.Error()
		}
	}
	return all, err
}

// Make has a backup made.
func (y *system) Make() error { return inWords(y.s.daemon.AskBackup()) }

// Verify has a backup read whole.
func (y *system) Verify(name string) error {
	return inWords(y.s.daemon.AskReading(name))
}

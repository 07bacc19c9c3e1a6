package daemon

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"syscall"
	"time"

	"xuncha/extract"
	"xuncha/internal/schedule"
	"xuncha/rules"
)

// An AlertKind is one way in which the program may fail those who rely on it.
type AlertKind string

// The kinds.
const (
	AlertNoRound     AlertKind = "no-round"     // no whole round for longer than there should be none
	AlertCoverage    AlertKind = "coverage"     // too much of a round was not read
	AlertClock       AlertKind = "clock"        // the clock has jumped, or cannot be right
	AlertDisk        AlertKind = "disk-low"     // little room is left
	AlertBackup      AlertKind = "backup-stale" // no verified backup for too long
	AlertAdapter     AlertKind = "adapter-down" // a platform lets itself not be read
	AlertStorageFull AlertKind = "storage-full" // nothing can be kept
	AlertConfig      AlertKind = "config"       // an edited configuration is not in force
	AlertNetwork     AlertKind = "network"      // most knocks fail: our own network
)

// AlertKinds are all of them.
func AlertKinds() []AlertKind {
	return []AlertKind{
		AlertNoRound, AlertCoverage, AlertClock, AlertDisk, AlertBackup, AlertAdapter, AlertStorageFull, AlertConfig, AlertNetwork,
	}
}

// An Alert is what is amiss with the program itself, from one moment to another.
type Alert struct {
	Kind    AlertKind `json:"kind"`
	Subject string    `json:"subject,omitempty"` // a platform's ID
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until,omitzero"` // zero while it lasts

	// Chinese and English are a sentence that says what to do.
	Chinese string `json:"chinese"`
	English string `json:"english"`
}

// Bounds of what is in order.
const (
	longestPause  = 26 * time.Hour // without a whole round, of a nightly one
	leastCoverage = 80             // percent of a round that are read
	leastFree     = 10             // percent of a disk, unless
	plentyFree    = 20 << 30       // so many bytes are free
	alertsKept    = 90 * 24 * time.Hour
	sameAgain     = time.Hour // within which an alert that is back is the same, of which nobody is told twice
)

type alertKey struct {
	kind    AlertKind
	subject string
}

// A found is an alert without its times.
type found struct {
	kind             AlertKind
	subject          string
	chinese, english string
}

// A condition is what alerts are found from.
type condition struct {
	now, started time.Time

	round    schedule.Spec // of rounds
	lastFull time.Time     // end of the newest whole round, zero for none
	began    time.Time     // and when it began
	planned  int           // of it
	read     int
	down     int     // subjects that did not answer
	outages  []Alert // of our own network

	platforms []platformDown
	backup    schedule.Spec
	lastGood  time.Time // backup
	disks     []Disk

	full    time.Time
	refused error
	instead string // the round whose configuration is in force, "" for the one before
	clock   clockWatch
	steady  time.Time
	knocks  []knocked
}

type platformDown struct {
	id, name    string
	tried, read int
}

// A Disk is room that is left.
type Disk struct {
	Path        string
	Free, Total uint64
}

// Alerts are what is amiss, what lasts first, and what has been in the last days.
func (d *Daemon) Alerts() []Alert {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make([]Alert, 0, len(d.alerts))
	for _, a := range d.alerts {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b Alert) int {
		if lasts := a.Until.IsZero(); lasts != b.Until.IsZero() {
			if lasts {
				return -1
			}
			return 1
		}
		return cmp.Or(b.Since.Compare(a.Since), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Subject, b.Subject))
	})
	return all
}

// loadAlerts reads what the last process found amiss.
func (d *Daemon) loadAlerts() error {
	for r, err := range d.Store.Shelf(shelfAlerts).Walk("", "") {
		if err != nil {
			return err
		}
		var a Alert
		if err := json.Unmarshal(r.Value, &a); err != nil {
			return fmt.Errorf("alert %s: %w", r.Key, err)
		}
		d.alerts[alertKey{a.Kind, a.Subject}] = a
	}
	return nil
}

// look finds what is amiss now and keeps what has changed. It is kept before anybody
// is told: the next process must know an alert as the same one. Where nothing can be
// kept, as on a full disk, it is told all the same.
func (d *Daemon) look() {
	d.looking.Lock()
	defer d.looking.Unlock()
	c := d.condition()
	changed := d.changes(c.found(), c.now)
	for key, a := range d.toKeep(changed) {
		name := string(key.kind) + " " + key.subject
		var err error
		if a.Kind == "" {
			err = drop(d.Store.Shelf(shelfAlerts), []string{name})
		} else {
			err = put(d.Store.Shelf(shelfAlerts), name, a)
		}
		delete(d.unkept, key)
		if err != nil {
			d.unkept[key] = true
			d.Log.Warn("an alert was not kept", "alert", name, "error", d.noted(err))
		}
	}
	d.show(changed)
}

// toKeep are the alerts that have changed and those that could not be kept when they
// had. The caller holds looking.
func (d *Daemon) toKeep(changed map[alertKey]Alert) map[alertKey]Alert {
	all := maps.Clone(changed)
	d.mu.Lock()
	defer d.mu.Unlock()
	for key := range d.unkept {
		if _, anew := all[key]; !anew {
			all[key] = d.alerts[key] // the zero Alert if it was forgotten
		}
	}
	return all
}

// changes are the alerts that have begun or ended by what was found; a zero Alert is
// one that is forgotten. The words of one that lasts may tell the time or the room
// that is left, and are no news.
func (d *Daemon) changes(now []found, at time.Time) map[alertKey]Alert {
	d.mu.Lock()
	defer d.mu.Unlock()
	changed, lasting := map[alertKey]Alert{}, map[alertKey]bool{}
	for _, f := range now {
		key := alertKey{f.kind, f.subject}
		lasting[key] = true
		was, known := d.alerts[key]
		a := Alert{Kind: f.kind, Subject: f.subject, Since: was.Since, Chinese: f.chinese, English: f.english}
		if !known || !was.Until.IsZero() {
			if ago := at.Sub(was.Until); !known || ago < 0 || ago >= sameAgain {
				a.Since = at.Round(0)
			}
			changed[key] = a
			continue
		}
		d.alerts[key] = a // with what its sentence says now, which alone is not worth a write
	}
	for key, a := range d.alerts {
		switch {
		case lasting[key]:
		case a.Until.IsZero():
			a.Until = at.Round(0)
			changed[key] = a
		case at.Sub(a.Until) > alertsKept:
			changed[key] = Alert{}
		}
	}
	return changed
}

// show takes over what has changed.
func (d *Daemon) show(changed map[alertKey]Alert) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for key, a := range changed {
		was, known := d.alerts[key]
		switch {
		case a.Kind == "":
			delete(d.alerts, key)
			continue
		case !a.Until.IsZero():
			d.Log.Info("alert is over", "kind", key.kind, "subject", key.subject)
		case !known || !was.Until.IsZero():
			d.Log.Warn("alert", "kind", key.kind, "subject", key.subject, "text", a.English)
		}
		d.alerts[key] = a
	}
	if len(changed) > 0 {
		d.moved()
	}
}

// condition gathers what alerts are found from.
func (d *Daemon) condition() condition {
	s := d.Setup().City.Schedule
	c := condition{now: d.Clock.Now(), started: d.started, round: s.Round, backup: s.Backup, disks: d.Disks()}
	if b := d.Board(); b != nil {
		if n := len(b.Nights); n > 0 {
			c.began, c.lastFull, c.planned, c.read = b.Nights[n-1].Started, b.Nights[n-1].Finished, b.Nights[n-1].Planned, b.Nights[n-1].Read
		}
		for _, r := range b.Rows {
			if r.State == rules.Unknown && r.Reason == extract.ReasonDown {
				c.down++
			}
		}
		for _, p := range b.Result.Platforms {
			if p.Failing() {
				c.platforms = append(c.platforms, platformDown{string(p.Platform), cmp.Or(p.Name, string(p.Platform)), p.Tried, p.Read})
			}
		}
	}
	if !c.backup.IsZero() {
		c.lastGood = d.LastGood()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	c.instead = d.instead
	c.full, c.refused, c.clock, c.steady, c.knocks = d.full, d.refused, d.clock, time.Now(), slices.Clone(d.knocked)
	if a, ok := d.alerts[alertKey{AlertNetwork, ""}]; ok {
		c.outages = append(c.outages, a)
	}
	return c
}

// found are what is amiss.
func (c condition) found() []found {
	var all []found
	for _, look := range []func() []found{
		c.ofStorage, c.ofClock, c.ofConfig, c.ofRounds, c.ofCoverage, c.ofNetwork, c.ofPlatforms, c.ofBackups, c.ofDisks,
	} {
		all = append(all, look()...)
	}
	return all
}

func (c condition) ofStorage() []found {
	if c.full.IsZero() {
		return nil
	}
	return []found{{
		AlertStorageFull, "",
		"磁盘已满，巡查暂停；已留存的内容没有丢失。请腾出磁盘空间，巡查会自动继续",
		"the disk is full and rounds are paused; nothing that was kept is lost. Free some space, and they go on by themselves",
	}}
}

func (c condition) ofClock() []found {
	shown := c.now.In(extract.Beijing).Format("2006-01-02 15:04")
	switch {
	case c.clock.quarrel:
		return []found{{
			AlertClock, "", "系统时间为 " + shown + "，早于已留存的内容，巡查暂停；请校准系统时间",
			"the clock says " + shown + ", which is before what has been kept, and no round is made; set the clock",
		}}
	case c.clock.ahead > 0:
		return []found{{
			AlertClock, "", "系统时间为 " + shown + "，较此前突然超前，巡查暂停；请校准系统时间，如时间无误请点击“立即巡查”",
			"the clock says " + shown + ", far ahead of what it said before, and no round is made; set it, or ask for a round if it is right",
		}}
	case c.clock.jumped != 0 && c.steady.Sub(c.clock.jumpAt) < toldFor:
		by := c.clock.jumped.Round(time.Minute)
		return []found{{
			AlertClock, "", fmt.Sprintf("系统时间曾跳变 %s；请检查时间同步服务", by),
			fmt.Sprintf("the clock has jumped by %s; check the service that sets it", by),
		}}
	}
	return nil
}

func (c condition) ofConfig() []found {
	if c.refused == nil {
		return nil
	}
	if c.instead != "" {
		return []found{{
			AlertConfig, "", "配置文件有错误，启动时未启用；现按批次 " + c.instead + " 的配置运行，此后的修改均未启用。错误所在行见“系统”",
			"the configuration has mistakes and was not taken at the start; that of round " + c.instead + " is in force, without what was edited since. The system page shows where they are",
		}}
	}
	return []found{{
		AlertConfig, "", "配置文件有错误，修改后的配置未启用，仍按原配置运行；错误所在行见“系统”",
		"the edited configuration has mistakes and is not in force; the one before is. The system page shows where they are",
	}}
}

// usual is how long the pause between two times of a line is around a moment, a day
// at least: of the pauses before its last time and after it the longer, as on the
// Monday of a line that rests at weekends.
func usual(line schedule.Spec, now time.Time) time.Duration {
	last := line.Last(now)
	before := line.Last(last.Add(-time.Minute))
	return max(24*time.Hour, line.Next(last).Sub(last), last.Sub(before))
}

func (c condition) ofRounds() []found {
	if c.round.IsZero() {
		return nil
	}
	since := c.lastFull
	if since.IsZero() {
		since = c.started
	}
	most := usual(c.round, c.now) - 24*time.Hour + longestPause
	if pause := c.now.Sub(since); pause > most {
		hours := int(most.Hours())
		return []found{{
			AlertNoRound, "", fmt.Sprintf("已超过 %d 小时没有完成过整批巡查；请查看“巡查批次”和日志", hours),
			fmt.Sprintf("no whole round has ended for more than %d hours; see the rounds and the log", hours),
		}}
	}
	return nil
}

// unheard is how long our own network may have been down before enough knocks have
// shown it.
const unheard = time.Hour

// cutOff reports whether the newest whole round fell into an outage of our own network:
// what it could not read is told of by that alert.
func (c condition) cutOff() bool {
	outages := c.outages
	if len(c.ofNetwork()) > 0 {
		outages = append(slices.Clone(outages), Alert{Since: c.now})
	}
	return slices.ContainsFunc(outages, func(a Alert) bool {
		return !a.Since.Add(-unheard).After(c.lastFull) && (a.Until.IsZero() || a.Until.After(c.began))
	})
}

// mostly is the share, in percent, of a round's subjects from which a failure is taken
// to be of our own network.
const mostly = 80

// nobody reports whether nearly nothing answered in the newest whole round.
func (c condition) nobody() bool { return c.planned > 0 && 100*c.down >= mostly*c.planned }

func (c condition) ofCoverage() []found {
	switch {
	case c.planned == 0 || 100*c.read >= leastCoverage*c.planned || c.cutOff():
		return nil
	case c.nobody():
		return []found{{
			AlertCoverage, "", fmt.Sprintf("上一批计划 %d 个对象，几乎全部无法访问，多半是本机网络的问题；请检查网络后点击“立即巡查”", c.planned),
			fmt.Sprintf("of %d planned subjects nearly none answered in the last round, most likely for our own network; check it and ask for a round", c.planned),
		}}
	}
	return []found{{
		AlertCoverage, "", fmt.Sprintf("上一批计划 %d 个对象，只读出 %d 个，不足 %d%%；请查看未能监测的原因", c.planned, c.read, leastCoverage),
		fmt.Sprintf("of %d planned subjects the last round read %d, less than %d%%; see why the others were not", c.planned, c.read, leastCoverage),
	}}
}

func (c condition) ofNetwork() []found {
	shut := 0
	for _, k := range c.knocks {
		if k.came == rules.Shut && c.now.Sub(k.at) < 2*time.Hour {
			shut++
		}
	}
	if len(c.knocks) < lastKnocks/2 || 2*shut <= len(c.knocks) {
		return nil
	}
	return []found{{
		AlertNetwork, "", "多数网站首页同时打不开，疑为本机网络故障，期间的访问不计入；请检查本机网络",
		"most home pages do not open at once, which looks like a fault of our own network; such knocks do not count. Check this machine's network",
	}}
}

// ofPlatforms tells of the platforms that cannot be read, unless nothing could.
func (c condition) ofPlatforms() (all []found) {
	if c.cutOff() || c.nobody() {
		return nil
	}
	for _, p := range c.platforms {
		all = append(all, found{
			AlertAdapter, p.id, fmt.Sprintf("%s：%d 个账号只读出 %d 个，疑为平台限制访问或改版；请以链接、导出或人工核验补充", p.name, p.tried, p.read),
			fmt.Sprintf("%s: of %d accounts %d were read; the platform turns visitors away or has changed. Supply links, exports or attestations", p.name, p.tried, p.read),
		})
	}
	return all
}

func (c condition) ofBackups() []found {
	if c.backup.IsZero() {
		return nil
	}
	since := c.lastGood
	if since.IsZero() {
		since = c.started
	}
	if c.now.Sub(since) <= usual(c.backup, c.now)+24*time.Hour {
		return nil
	}
	return []found{{
		AlertBackup, "", "备份已过期：最近一次核验通过的备份为 " + orNone(c.lastGood, "（无）") + "；请查看备份目录和日志",
		"the backup is stale: the last one that verified is of " + orNone(c.lastGood, "never") + "; see the folder of backups and the log",
	}}
}

func orNone(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	return t.In(extract.Beijing).Format("2006-01-02 15:04")
}

func (c condition) ofDisks() (all []found) {
	for _, d := range c.disks {
		if d.Total == 0 || d.Free >= plentyFree || 100*d.Free >= leastFree*d.Total {
			continue
		}
		all = append(all, found{
			AlertDisk, d.Path, fmt.Sprintf("%s 所在磁盘只剩 %d MB；请腾出空间", d.Path, d.Free>>20),
			fmt.Sprintf("the disk of %s has %d MB left; free some space", d.Path, d.Free>>20),
		})
	}
	return all
}

// Disks are those of the data folder and of the backups, each once.
func (d *Daemon) Disks() []Disk {
	var all []Disk
	var seen []syscall.Fsid
	for _, path := range []string{d.Data, d.BackupFolder()} {
		var st syscall.Statfs_t
		if err := syscall.Statfs(path, &st); err != nil || slices.Contains(seen, st.Fsid) {
			continue
		}
		seen = append(seen, st.Fsid)
		all = append(all, Disk{path, st.Bavail * uint64(st.Bsize), st.Blocks * uint64(st.Bsize)})
	}
	return all
}

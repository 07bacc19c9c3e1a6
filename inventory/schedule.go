package inventory

import (
	"errors"
	"fmt"
	"path/filepath"

	"xuncha/internal/schedule"
)

// Schedule says what the city's daemon does by itself, and when. A zero line is
// never.
type Schedule struct {
	Round schedule.Spec // when a round begins

	// Second is what becomes of a round that is asked for while one is under way.
	Second Second

	// Probes is how often a day the home page of each site is knocked at, 0 for
	// never.
	Probes int

	Backup    schedule.Spec
	Backups   int    // that are kept
	BackupDir string // "" for the folder backups of the data folder

	// Tidy is when snapshots older than KeepDays are let go of, if that is not 0,
	// and the store gives free room back to the disk.
	Tidy     schedule.Spec
	KeepDays int
}

// Second is what becomes of a round that is asked for while one is under way.
type Second string

// What may become of it.
const (
	SecondRefused Second = "refuse"
	SecondQueued  Second = "queue"
)

type scheduleForm struct {
	Round       string `yaml:"round" doc:"when a round begins: a line of cron in Beijing time, or off; default 30 1 * * *"`
	SecondRound Second `yaml:"second_round" doc:"what becomes of a round asked for while one is under way; default refuse"`
	Probes      int    `yaml:"probes" range:"0 96" doc:"how often a day each home page is knocked at, 24 to 96, or 0 for never; default 24"`
	Backup      string `yaml:"backup" doc:"when a verified backup is made: a line of cron, or off; default 0 4 * * *"`
	Backups     int    `yaml:"backups" range:"1 400" doc:"backups that are kept; default 7"`
	BackupDir   string `yaml:"backup_dir" doc:"folder of the backups, a whole path; default backups in the data folder"`
	Tidy        string `yaml:"tidy" doc:"when old snapshots go and the store gives free room back: a line of cron, or off; default 0 5 * * 0"`
	KeepDays    int    `yaml:"keep_days" range:"0 9999" doc:"days for which every snapshot stays, 31 or more, or 0 for ever; default 0"`
}

// off is the line that is never.
const off = "off"

// Defaults of a city that says nothing else, and what the clause on availability
// and the judging of a quarter need at least.
const (
	defaultRound, defaultBackup, defaultTidy = "30 1 * * *", "0 4 * * *", "0 5 * * 0"

	defaultProbes, leastProbes = 24, 24
	defaultBackups             = 7
	leastKeepDays              = 31
)

// schedule checks when the city's daemon does what.
func (a *assembly) schedule(d *decoder, form *scheduleForm) {
	s := Schedule{
		Round: line(d, &form.Round, defaultRound), Backup: line(d, &form.Backup, defaultBackup), Tidy: line(d, &form.Tidy, defaultTidy),
		Second: form.SecondRound, Probes: form.Probes, Backups: form.Backups, BackupDir: form.BackupDir, KeepDays: form.KeepDays,
	}
	if s.Second == "" {
		s.Second = SecondRefused
	}
	if s.Backups == 0 {
		s.Backups = defaultBackups
	}
	if !d.has(&form.Probes) {
		s.Probes = defaultProbes
	}
	if s.Probes > 0 && s.Probes < leastProbes {
		d.report(fmt.Sprintf("probes: %d a day are too few to judge by: the clause asks for 20, and some fail by our own fault", s.Probes), "write 24 or more, or 0 for none", &form.Probes)
	}
	if s.KeepDays > 0 && s.KeepDays < leastKeepDays {
		d.report(fmt.Sprintf("keep_days: %d days are too few: a notice of a quarter would lose its proof", s.KeepDays), "write 31 or more, or 0 to keep everything", &form.KeepDays)
	}
	if s.BackupDir != "" && !filepath.IsAbs(s.BackupDir) {
		d.report("backup_dir "+quoted(s.BackupDir)+" is no whole path", "write it from the root, as /var/backups/xuncha", &form.BackupDir)
	}
	a.city.Schedule = s
}

// line reads a line of cron, or the one that holds where none is given.
func line(d *decoder, text *string, otherwise string) schedule.Spec {
	written := *text
	switch written {
	case off:
		return schedule.Spec{}
	case "":
		written = otherwise
	}
	s, err := schedule.Parse(written)
	var m *schedule.Mistake
	if errors.As(err, &m) {
		d.report(m.Message, m.Hint+", or off", text)
	}
	return s
}

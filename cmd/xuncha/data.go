package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"xuncha/store"
)

// dataCmd looks after the store.
type dataCmd struct {
	Stats   dataStatsCmd   `cmd:"" help:"Count what is kept." zh:"统计留存内容。"`
	Verify  dataVerifyCmd  `cmd:"" help:"Read everything and check it against its digests." zh:"通读全部内容，核对校验值。"`
	Export  dataExportCmd  `cmd:"" help:"Hand out what was kept: pages as WARC, seals of the nights." zh:"导出留存内容：网页（WARC）、各夜封存记录。"`
	Backup  dataBackupCmd  `cmd:"" help:"Write a verified backup." zh:"备份并校验。"`
	Restore dataRestoreCmd `cmd:"" help:"Put a backup in the place of the store." zh:"从备份恢复。"`
	Compact dataCompactCmd `cmd:"" help:"Give free room back to the disk." zh:"压缩数据文件，归还空闲空间。"`
}

// errBroken says that a store was read and something in it is wrong.
var errBroken = errors.New("the store does not verify")

type dataStatsCmd struct{ dataFlag }

// Run runs the command.
func (c dataStatsCmd) Run(a *app) (err error) {
	st, err := openStore(c.Data, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	s, err := st.Stats()
	if err != nil {
		return err
	}
	for _, row := range []struct {
		zh, en string
		n      int64
	}{
		{"巡查批次", "rounds", int64(s.Rounds)},
		{"网页快照", "snapshots", int64(s.Snapshots)},
		{"对象", "subjects", int64(s.Subjects)},
		{"办理记录", "events of findings", int64(s.Events)},
		{"登记表导入", "imports into registers", int64(s.Imports)},
		{"封存的夜", "sealed nights", int64(s.Nights)},
		{"不同的网页内容", "different bodies", int64(s.Bodies)},
		{"原始字节", "raw bytes", s.RawBytes},
		{"留存字节", "stored bytes", s.StoredBytes},
		{"文件字节", "file bytes", s.FileBytes},
		{"其中空闲", "of it free", s.FreeBytes},
	} {
		fmt.Fprintf(a.stdout, "%s: %d\n", a.say(row.zh, row.en), row.n)
	}
	return nil
}

type dataBackupCmd struct {
	File string `arg:"" help:"File to write; it must not exist." zh:"备份文件，不得已存在。"`
	dataFlag
}

// Run runs the command.
func (c dataBackupCmd) Run(a *app) (err error) {
	st, err := openStore(c.Data, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := st.BackupTo(c.File); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("已备份到 %s 并校验\n", "Backed up to %s and verified.\n"), c.File)
	return nil
}

type dataRestoreCmd struct {
	File string `arg:"" help:"The backup." zh:"备份文件。"`
	dataFlag
}

// Run runs the command.
func (c dataRestoreCmd) Run(a *app) error {
	aside, err := store.Restore(c.File, filepath.Join(c.Data, storeName), time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("已从 %s 恢复\n", "Restored from %s.\n"), c.File)
	if aside != "" {
		fmt.Fprintf(a.stdout, a.say("原数据文件移至 %s\n", "The store that stood there is now %s.\n"), aside)
	}
	return nil
}

type dataCompactCmd struct {
	dataFlag
	KeepDays int `help:"First let go of snapshots older than so many days, but for those that a finding of any round cites and each subject's newest." zh:"先清理早于若干天的快照；任何批次的问题所引用的、每个对象最近的，一律保留。" placeholder:"DAYS"`
}

// Run runs the command.
func (c dataCompactCmd) Run(a *app) error {
	if c.KeepDays < 0 {
		return usage("--keep-days %d: give a number of days from 1", c.KeepDays)
	}
	if c.KeepDays > 0 {
		if err := c.retain(a); err != nil {
			return err
		}
	}
	freed, err := store.Compact(filepath.Join(c.Data, storeName))
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("已归还 %d 字节\n", "Freed %d bytes.\n"), freed)
	return nil
}

// retain lets old snapshots go, counted back from the newest round.
func (c dataCompactCmd) retain(a *app) (err error) {
	st, err := openStore(c.Data, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	cited, newest, err := citations(st)
	if err != nil {
		return err
	}
	policy := store.Policy{Keep: time.Duration(c.KeepDays) * 24 * time.Hour, Cited: func(digest string) bool { return cited[digest] }}
	removed, err := st.Retain(policy, newest)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("已清理 %d 份快照\n", "Let go of %d snapshots.\n"), removed.Snapshots)
	return nil
}

// citations are the digests of all snapshots that a finding of any finished
// round rests on, judged as it was at the time, and the end of the newest round.
func citations(st *store.Store) (cited map[string]bool, newest time.Time, err error) {
	rounds, err := st.Rounds()
	if err != nil {
		return nil, newest, err
	}
	cited = map[string]bool{}
	for _, r := range rounds {
		if r.State != store.Finished {
			continue
		}
		if r.Finished.After(newest) {
			newest = r.Finished
		}
		j, err := judge(st, "", r.Finished.Format(time.RFC3339))
		if err != nil {
			return nil, newest, err
		}
		for _, look := range j.result.Cited() {
			cited[look.Digest] = true
		}
	}
	return cited, newest, nil
}

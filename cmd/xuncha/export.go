package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"xuncha/inventory"
	"xuncha/proof"
	"xuncha/store"
)

// dataExportCmd hands out what was kept in forms that others read.
type dataExportCmd struct {
	dataFlag
	WARC    string `name:"warc" help:"Write the pages as WARC/1.1, which any web archive shows." zh:"将网页写成 WARC/1.1，通用网页存档软件均可打开。" placeholder:"OUT.warc.gz"`
	Nights  string `help:"Write the seals of all nights, one a line, by which packs of evidence are checked." zh:"写出各夜封存记录，每行一夜，供核对证据包。" placeholder:"OUT.jsonl"`
	Subject string `help:"Only subjects whose id matches a glob." zh:"只取 id 匹配的对象。" placeholder:"GLOB"`
	From    string `help:"From this moment or day on." zh:"起始日期或时间。" placeholder:"T"`
	To      string `help:"Up to this moment or the end of this day." zh:"截止日期或时间。" placeholder:"T"`
	By      string `help:"Who has it made, for the log of accesses; by default the user of this machine." zh:"取证人，记入取证日志；默认本机用户名。" placeholder:"NAME"`
}

// Run runs the command.
func (c dataExportCmd) Run(ctx context.Context, a *app) (err error) {
	if c.WARC == "" && c.Nights == "" {
		return misuse("没有写导出什么；请写 --warc 文件.warc.gz 或 --nights 文件.jsonl", "data export: name what to write, --warc OUT.warc.gz or --nights OUT.jsonl")
	}
	since, until, err := c.period()
	if err != nil {
		return err
	}
	st, err := openStore(c.Data, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if c.Nights != "" {
		if err := c.nights(a, st); err != nil {
			return err
		}
	}
	if c.WARC == "" {
		return nil
	}
	return c.warc(ctx, a, st, since, until)
}

// period reads the bounds of what is exported. A day begins at its own midnight.
func (c dataExportCmd) period() (since, until time.Time, err error) {
	if c.From != "" {
		if since, err = parseMoment(c.From); err != nil {
			return since, until, usage("--from: %w", err)
		}
		if len(c.From) == len(time.DateOnly) {
			since = since.AddDate(0, 0, -1)
		}
	}
	if c.To != "" {
		if until, err = parseMoment(c.To); err != nil {
			return since, until, usage("--to: %w", err)
		}
		until = until.Add(-time.Nanosecond)
	}
	if !until.IsZero() && until.Before(since) {
		err = misuse("--to %s 早于 --from %s；请改正", "--to %s lies before --from %s; correct them", c.To, c.From)
	}
	return since, until, err
}

// nights writes the seals of all nights.
func (c dataExportCmd) nights(a *app, st *store.Store) error {
	nights, err := st.Nights()
	if err != nil {
		return err
	}
	if err := writeWhole(c.Nights, func(w io.Writer) error {
		_, err := w.Write(proof.WriteNights(nights))
		return err
	}); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("已写出 %d 夜的封存记录：%s\n", "Seals of %d nights written to %s\n"), len(nights), c.Nights)
	return nil
}

// warc writes the snapshots of a period, in order of subject and time.
func (c dataExportCmd) warc(ctx context.Context, a *app, st *store.Store, since, until time.Time) error {
	subjects, err := c.subjects(st)
	if err != nil {
		return err
	}
	rounds, err := st.Rounds()
	if err != nil {
		return err
	}
	var made time.Time // that of the newest round: the same store gives the same bytes
	if len(rounds) > 0 {
		made = rounds[0].Started
	}
	sum, records, snapshots := sha256.New(), 0, 0
	err = writeWhole(c.WARC, func(w io.Writer) error {
		out := proof.NewWARC(io.MultiWriter(w, sum), "xuncha/"+version, made, st.Body)
		for _, id := range subjects {
			n, err := addSnapshots(ctx, out, st, id, since, until)
			if snapshots += n; err != nil {
				return err
			}
		}
		records = out.Records()
		if snapshots == 0 {
			return say("这段时间没有留存这些对象的网页；请用 xuncha show 对象 查看", "nothing was kept of that in that time: look with xuncha show SUBJECT")
		}
		return proof.LogAccess(filepath.Join(c.Data, accessName), proof.Access{
			At: time.Now(), By: packFlags{By: c.By}.who(), What: "warc", Subject: c.Subject, To: c.WARC, SHA256: hex.EncodeToString(sum.Sum(nil)),
		})
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("已写出 %d 份快照、%d 条记录：%s\n", "%d snapshots in %d records written to %s\n"), snapshots, records, c.WARC)
	return nil
}

// subjects are those that match.
func (c dataExportCmd) subjects(st *store.Store) ([]string, error) {
	all, err := st.Subjects()
	if err != nil || c.Subject == "" {
		return all, err
	}
	match := inventory.Match(c.Subject)
	all = slices.DeleteFunc(all, func(id string) bool { return !match(id) })
	if len(all) == 0 {
		return nil, say("--subject %s：没有留存这样的对象；id 如 fgw、fgw/tzgg、account:140300M019XL0001", "--subject %s: nothing of that name was kept; ids are like fgw, fgw/tzgg, account:140300M019XL0001", c.Subject)
	}
	return all, nil
}

// addSnapshots adds what was seen of one subject, the oldest first.
func addSnapshots(ctx context.Context, out *proof.WARC, st *store.Store, subject string, since, until time.Time) (n int, err error) {
	var sums []store.Summary
	for sum, err := range st.History(subject, until) {
		if err != nil {
			return 0, err
		}
		if sum.At.Before(since) {
			break
		}
		sums = append(sums, sum)
	}
	for _, sum := range slices.Backward(sums) {
		if ctx.Err() != nil {
			return n, ctx.Err()
		}
		snap, err := st.Load(sum)
		if err != nil {
			return n, err
		}
		record, err := st.Record(sum)
		if err != nil {
			return n, err
		}
		var reading []byte
		if snap.ReadingSHA256 != "" {
			if reading, err = st.Body(snap.ReadingSHA256); err != nil {
				return n, err
			}
		}
		if err := out.Add(snap, record, reading); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// writeWhole writes a new file, whole or not at all.
func writeWhole(name string, write func(io.Writer) error) (err error) {
	if _, err := os.Lstat(name); err == nil {
		return say("%s 已经存在；请另选一个文件名", "%s is there already: choose another name", name)
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".export-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	b := bufio.NewWriterSize(f, 1<<20)
	if err := errors.Join(write(b), b.Flush(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"xuncha/report"
	"xuncha/store"
)

// checkCmd judges what was kept.
type checkCmd struct {
	configFlag
	dataFlag
	At     string `help:"Monitoring point: a date (24:00 in Beijing) or RFC 3339; by default the end of the newest finished round." zh:"监测时间点：日期（北京时间24:00）或 RFC 3339；默认最近一批的完成时间。" placeholder:"T"`
	Format string `help:"table, json or csv." zh:"输出格式：table、json 或 csv。" enum:"table,json,csv" default:"table"`
}

// Run runs the command.
func (c checkCmd) Run(a *app) error {
	j, err := judgeFolder(c.Data, c.Config, c.At)
	if err != nil {
		return err
	}
	check := report.NewCheck(j.city, j.set, j.round, j.result)
	check.Holidays = a.warnOfHolidays(j)
	switch c.Format {
	case "json":
		return report.WriteJSON(a.stdout, check)
	case "csv":
		return report.WriteCSV(a.stdout, check)
	}
	return report.WriteTable(a.stdout, check, a.lang)
}

// judgeFolder judges by the store of a data folder.
func judgeFolder(data, config, at string) (j judged, err error) {
	st, err := openStore(data, store.Options{ReadOnly: true})
	if err != nil {
		return judged{}, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return judge(st, config, at)
}

// showCmd shows one subject.
type showCmd struct {
	Subject string `arg:"" help:"A subject: fgw, fgw/tzgg, account:140300M019XL0001." zh:"对象：fgw、fgw/tzgg、account:140300M019XL0001。"`
	dataFlag
	packFlags
	At     string `help:"Monitoring point; by default the end of the newest finished round." zh:"监测时间点；默认最近一批的完成时间。" placeholder:"T"`
	Format string `help:"text or json." zh:"输出格式：text 或 json。" enum:"text,json" default:"text"`
}

// historyShown is how many looks at a subject are listed.
const historyShown = 30

// Run runs the command.
func (c showCmd) Run(ctx context.Context, a *app) (err error) {
	if c.Pack == "" && (c.Indicator != "" || c.By != "") {
		return misuse("--indicator、--by 须与 --pack 同用", "--indicator and --by belong to --pack")
	}
	st, err := openStore(c.Data, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	j, err := judge(st, "", c.At)
	if err != nil {
		return err
	}
	if c.Pack != "" {
		return c.write(ctx, a, st, c.Data, c.Subject, j)
	}
	history, err := history(st, c.Subject, j)
	if err != nil {
		return err
	}
	proof, err := report.NewProof(j.city, j.set, j.round, j.result, c.Subject, history)
	if err != nil {
		return err
	}
	if c.Format == "json" {
		return report.WriteJSON(a.stdout, proof)
	}
	return report.Show(a.stdout, proof, a.lang)
}

// history returns the newest snapshots of a subject that bear on a point, in
// order of time.
func history(st *store.Store, subject string, j judged) ([]store.Snapshot, error) {
	var snaps []store.Snapshot
	for sum, err := range st.History(subject, j.result.Point.Add(j.set.After)) {
		if err != nil {
			return nil, fmt.Errorf("looks at %s: %w", subject, err)
		}
		snap, err := st.Load(sum)
		if err != nil {
			return nil, fmt.Errorf("looks at %s: %w", subject, err)
		}
		if snaps = append(snaps, snap); len(snaps) == historyShown {
			break
		}
	}
	slices.Reverse(snaps)
	return snaps, nil
}

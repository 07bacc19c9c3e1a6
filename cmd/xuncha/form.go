package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"xuncha/forms"
	"xuncha/internal/workday"
	"xuncha/inventory"
	"xuncha/notice"
	bureau "xuncha/office"
	"xuncha/report"
	"xuncha/store"
)

// formCmd writes the monthly and yearly forms, filled in as far as a patrol can.
type formCmd struct {
	Kind string `arg:"" help:"monthly, selfcheck, annual or supervision." zh:"报表：monthly（工作月度报表）、selfcheck（自查情况报告）、annual（工作年度报表）、supervision（监管年度报表）。"`
	configFlag
	dataFlag
	Period string `help:"The month, for a self-check also the quarter, or the year: 2023-09, 2023Q3, 2023." zh:"所属期：月 2023-09；自查可写季度 2023Q3；年度报表写年 2023。" required:"" placeholder:"PERIOD"`
	Unit   string `help:"Only the form of one unit or site, by its ID." zh:"只生成一个单位或网站的报表（写 ID）。" placeholder:"ID"`
	Out    string `help:"Folder to write into." zh:"输出目录。" required:"" placeholder:"DIR"`
}

// Run runs the command.
func (c formCmd) Run(a *app) (err error) {
	period, err := forms.ParsePeriod(forms.Kind(c.Kind), c.Period)
	if err != nil {
		return usageError{err}
	}
	now, err := loadSetup(c.Config)
	if err != nil {
		return err
	}
	st, err := openStore(c.Data, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	in, err := formInput(st, now, forms.Kind(c.Kind), period)
	if err != nil {
		return err
	}
	files, err := forms.Files(in, c.Unit)
	if errors.Is(err, forms.ErrNobody) {
		return misuse("--unit %s：没有这个单位或网站，或它没有这种报表；请写 units.yaml 中的编号", "--unit %s: no unit or site of that name has this form; write its ID as in units.yaml", c.Unit)
	}
	if err != nil {
		return err
	}
	if err := report.WriteFiles(c.Out, files); err != nil {
		return err
	}
	for _, f := range files {
		fmt.Fprintln(a.stdout, filepath.Join(c.Out, f.Name))
	}
	return nil
}

// formInput gathers what forms of a period rest on.
func formInput(st *store.Store, now setup, kind forms.Kind, period forms.Period) (forms.Input, error) {
	in := forms.Input{Kind: kind, Period: period, Seen: forms.NewCounter(period)}
	rounds, err := st.Rounds()
	if err != nil {
		return in, err
	}
	first, last := roundsOf(rounds, period.Start, period.Over())
	if last == nil {
		return in, fmt.Errorf("%w in %s", bureau.ErrNoRound, period.ID)
	}
	j, err := judgedIn(st, &now, *last, period.Over())
	if err != nil {
		return in, err
	}
	in.City, in.Result = j.city, &j.result
	if first.ID != last.ID {
		if in.First, err = cityOf(st, first.ID); err != nil {
			return in, err
		}
	}
	if kind == forms.Supervision {
		if in.Quarters, err = quartersOf(st, &now, rounds, period.Start.Year()); err != nil {
			return in, err
		}
	}
	if in.Messages, err = messagesIn(st, period, j.city); err != nil {
		return in, err
	}
	return in, countInto(in, st)
}

// roundsOf are the first and the last finished round of a stretch of time, with
// those of the day after it; nil where there is none.
func roundsOf(rounds []store.Round, start, over time.Time) (first, last *store.Round) {
	for i := range rounds { // the newest first
		r := &rounds[i]
		if r.State != store.Finished || r.Started.Before(start) || !r.Started.Before(over.AddDate(0, 0, 1)) {
			continue
		}
		if last == nil {
			last = r
		}
		first = r
	}
	return first, last
}

// judgedIn judges by a round: at the end of the time that is asked about, or when
// the round ended if that was before.
func judgedIn(st *store.Store, now *setup, r store.Round, over time.Time) (judged, error) {
	if r.Finished.Before(over) {
		over = r.Finished
	}
	return judgeBy(st, now, over.Format(time.RFC3339Nano))
}

// cityOf is the inventory of a round.
func cityOf(st *store.Store, round string) (*inventory.City, error) {
	files, err := st.Files(round)
	if err != nil {
		return nil, fmt.Errorf("configuration of round %s: %w", round, err)
	}
	s, err := parseSetup(files)
	if err != nil {
		return nil, fmt.Errorf("configuration of round %s:\n%w", round, err)
	}
	return s.city, nil
}

// quartersOf judges the year's quarters that have a round, under what people
// decided: the yearly form must say no other than the notices.
func quartersOf(st *store.Store, now *setup, rounds []store.Round, year int) ([]forms.Quarter, error) {
	book, err := st.Book()
	if err != nil {
		return nil, err
	}
	var out []forms.Quarter
	for q := 1; q <= 4; q++ {
		p := report.Period{Year: year, Quarter: q}
		over := p.End().AddDate(0, 0, 1)
		_, last := roundsOf(rounds, p.Start(), over)
		if last == nil {
			continue
		}
		j, err := judgedIn(st, now, *last, over)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
		decided := notice.Decided(notice.Input{City: j.city, RuleSet: j.set, Round: j.round, Result: j.result, Period: p, Book: book})
		out = append(out, forms.Quarter{Number: q, Result: decided})
	}
	return out, nil
}

// messagesIn counts the messages of a period as they stand at its end, nil where
// the office keeps no list that speaks of it or the calendar lacks the year.
func messagesIn(st *store.Store, period forms.Period, city *inventory.City) (*forms.Messages, error) {
	f, err := bureau.CountMessages(st, city, period.Start, period.End, period.End, 0)
	if beyond := (*workday.RangeError)(nil); errors.As(err, &beyond) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("count the messages of %s: %w", period.ID, err)
	}
	if f == nil {
		return nil, nil
	}
	return &forms.Messages{Received: f.Received, Closed: f.Closed, OnTime: f.ByTheDay}, nil
}

// countInto counts what the period's looks at columns and accounts saw, with
// those of the day after it.
func countInto(in forms.Input, st *store.Store) error {
	var subjects []string
	for _, c := range in.City.Carriers {
		for _, col := range c.Columns {
			subjects = append(subjects, col.ID)
		}
	}
	for _, a := range in.City.Accounts {
		subjects = append(subjects, a.ID())
	}
	for s, err := range st.Snapshots(in.Period.Start, in.Period.Over().AddDate(0, 0, 1), subjects...) {
		if err != nil {
			return fmt.Errorf("looks at %s: %w", s.Subject, err)
		}
		in.Seen.Add(s.AsLook())
	}
	return nil
}

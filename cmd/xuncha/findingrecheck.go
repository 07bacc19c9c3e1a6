package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"xuncha/cases"
	"xuncha/rules"
	"xuncha/store"
)

// freshFlags say how a fresh look is come by.
type freshFlags struct {
	Point string `help:"The moment whose looks count; by default the end of the newest finished round." zh:"以哪一时刻的巡查为准；默认最近一批的完成时间。" placeholder:"T"`
}

// An eye sees how findings stand now.
type eye struct {
	desk   *desk
	judged judged
}

func (d *desk) eye(config, point string) (eye, error) {
	j, err := judge(d.store, config, point)
	return eye{d, j}, err
}

// observe looks at one finding, and at what was dated back since its point.
func (y eye) observe(o *cases.Occurrence) (cases.Observation, error) {
	look := cases.Observe(y.judged.result, y.judged.set, o.Facts)
	after, ok, err := snapshotOf(y.desk.store, o.Facts.Subject, look.Snapshot)
	if err != nil || !ok {
		return look, err
	}
	for _, digest := range slices.Backward(o.Facts.Snapshots) {
		before, ok, err := snapshotOf(y.desk.store, o.Facts.Subject, digest)
		if err != nil {
			return look, err
		}
		if ok && before.Reading.Conclusive() {
			look.Backfilled = cases.Backfilled(o.Facts.Point, before.Reading, after.Reading)
			break
		}
	}
	return look, nil
}

// snapshotOf finds a snapshot of a subject by its digest.
func snapshotOf(st *store.Store, subject, digest string) (store.Snapshot, bool, error) {
	if digest == "" {
		return store.Snapshot{}, false, nil
	}
	for sum, err := range st.History(subject, time.Time{}) {
		if err != nil {
			return store.Snapshot{}, false, fmt.Errorf("looks at %s: %w", subject, err)
		}
		if sum.Digest == digest {
			snap, err := st.Load(sum)
			return snap, err == nil, err
		}
	}
	return store.Snapshot{}, false, nil
}

// findingRecheckCmd re-checks what units reported.
type findingRecheckCmd struct {
	moveFlags
	freshFlags
	Result string `help:"By a person: 通过, 未通过 or 未能监测." zh:"人工复核结果：通过、未通过、未能监测。" placeholder:"RESULT"`
}

// Run runs the command.
func (c findingRecheckCmd) Run(a *app) error {
	if c.Result != "" {
		return c.move(a, cases.Event{Kind: cases.Recheck, Result: cases.Result(c.Result)})
	}
	return c.machine(a)
}

// machine re-checks by the newest looks, and says what they suggest.
func (c findingRecheckCmd) machine(a *app) (err error) {
	d, err := a.openDesk(c.Data, c.Config, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	found, err := c.reported(d)
	if err != nil {
		return err
	}
	y, err := d.eye(c.Config, c.Point)
	if err != nil {
		return err
	}
	at, err := d.now(c.At)
	if err != nil {
		return err
	}
	proposals := make([]cases.Proposal, len(found))
	for i, o := range found {
		look, err := y.observe(o)
		if err != nil {
			return err
		}
		proposals[i] = o.Propose(look)
		if c.all() && o.Outdated(look) {
			continue // told below; the others do not wait for it
		}
		err = d.do(cases.Event{
			Case: o.Case, Period: o.Period, Kind: cases.Recheck, At: at, By: cases.Machine(),
			Result: proposals[i].Result, Look: &look, Note: proposals[i].Chinese,
		})
		if err != nil {
			return err
		}
	}
	if err := d.file(); err != nil {
		return err
	}
	for i, o := range found {
		a.tell(d, d.book.Occurrence(o.Case, o.Period), cases.Recheck)
		p := proposals[i]
		next := string(p.Then)
		if a.lang == "zh" {
			next = p.Then.Chinese()
		}
		if next != "" {
			next = a.say("；建议：", "; suggested: ") + next
		}
		fmt.Fprintf(a.stdout, "  %s%s\n", a.say(string(p.Result)+"："+p.Chinese, string(p.Result)+": "+p.English), next)
	}
	return nil
}

// all reports whether no findings are named.
func (c findingRecheckCmd) all() bool { return len(c.IDs) == 0 && c.Unit == "" && c.State == "" }

// reported returns the findings that are meant, by default all whose fix was
// reported.
func (c findingRecheckCmd) reported(d *desk) ([]*cases.Occurrence, error) {
	if !c.all() {
		return c.chosen(d)
	}
	found, err := filterFlags{Period: c.Period, State: string(cases.Reported)}.among(d.book, d.setup.city, time.Time{})
	if err == nil && len(found) == 0 {
		err = say("没有已报整改、待复核的问题", "no finding whose fix was reported waits for a re-check")
	}
	return found, err
}

// findingStandingCmd records how findings stand before the notice is issued.
type findingStandingCmd struct {
	moveFlags
	freshFlags
	Fixed    bool `help:"By a person: it is fixed; say with --note what was seen." zh:"人工核查：已整改，用 --note 写明所见。"`
	NotFixed bool `help:"By a person: it is not fixed." zh:"人工核查：未整改。"`
}

// Run runs the command.
func (c findingStandingCmd) Run(a *app) error {
	if !c.Fixed && !c.NotFixed {
		return c.machine(a)
	}
	result := cases.Passed
	if c.NotFixed {
		result = cases.Failed
	}
	return c.move(a, cases.Event{Kind: cases.Standing, Result: result})
}

// machine looks at all findings that are meant. What it cannot tell it leaves.
func (c findingStandingCmd) machine(a *app) (err error) {
	d, err := a.openDesk(c.Data, c.Config, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	found, err := c.chosen(d)
	if err != nil {
		return err
	}
	y, err := d.eye(c.Config, c.Point)
	if err != nil {
		return err
	}
	at, err := d.now(c.At)
	if err != nil {
		return err
	}
	told := 0
	for _, o := range found {
		look, err := y.observe(o)
		if err != nil {
			return err
		}
		result, text := cases.Failed, "发文前仍未整改"
		switch look.State {
		case rules.Unknown:
			fmt.Fprintf(a.stdout, a.say("%s %s：未能监测，请人工核查\n", "%s %s: it could not be read; let a person look\n"), o.Case, subjectName(d.setup.city, o.Facts.Subject))
			continue
		case rules.Fresh, rules.Due:
			result, text = cases.Passed, "发文前已整改"
		}
		if !look.Newest.IsZero() {
			text += "，最近更新时间" + dayOrNone(look.Newest.Day())
		}
		if len(look.Backfilled) > 0 {
			text += "；" + cases.BackfillNote(look.Backfilled)
		}
		err = d.do(cases.Event{
			Case: o.Case, Period: o.Period, Kind: cases.Standing, At: at, By: cases.Machine(), Result: result, Look: &look, Note: text,
		})
		if err != nil {
			return err
		}
		told++
		fmt.Fprintf(a.stdout, "%s %s: %s\n", o.Case, subjectName(d.setup.city, o.Facts.Subject), text)
	}
	if told == 0 {
		return nil
	}
	return d.file()
}

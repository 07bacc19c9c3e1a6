package main

import (
	"errors"
	"fmt"
	"time"

	"xuncha/cases"
)

// freshFlags say how a fresh look is come by.
type freshFlags struct {
	Point string `help:"The moment whose looks count; by default the end of the newest finished round." zh:"以哪一时刻的巡查为准；默认最近一批的完成时间。" placeholder:"T"`
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
	j, err := judge(d.Store, c.Config, c.Point)
	if err != nil {
		return err
	}
	at, err := d.now(c.At)
	if err != nil {
		return err
	}
	proposals, err := d.Recheck(j.office, found, at, c.all())
	if err != nil {
		return err
	}
	if err := d.File(); err != nil {
		return err
	}
	for i, o := range found {
		a.tell(d, d.Book.Occurrence(o.Case, o.Period), cases.Recheck)
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
	found, err := filterFlags{Period: c.Period, State: string(cases.Reported)}.among(d.Book, d.City, time.Time{})
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
	j, err := judge(d.Store, c.Config, c.Point)
	if err != nil {
		return err
	}
	at, err := d.now(c.At)
	if err != nil {
		return err
	}
	texts, err := d.Standing(j.office, found, at)
	if err != nil {
		return err
	}
	for i, o := range found {
		if texts[i] == "" {
			fmt.Fprintf(a.stdout, a.say("%s %s：未能监测，请人工核查\n", "%s %s: it could not be read; let a person look\n"), o.Case, d.subjectName(o.Facts.Subject))
			continue
		}
		fmt.Fprintf(a.stdout, "%s %s: %s\n", o.Case, d.subjectName(o.Facts.Subject), texts[i])
	}
	if len(d.Done()) == 0 {
		return nil
	}
	return d.File()
}

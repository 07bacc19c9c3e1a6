package main

import (
	"time"

	"xuncha/cases"
)

// The moves that ask for nothing but who, when and why.
type (
	findingConfirmCmd struct{ moveFlags }
	findingRejectCmd  struct{ moveFlags }
	findingApproveCmd struct{ moveFlags }
	findingDeclineCmd struct{ moveFlags }
	findingAcceptCmd  struct{ moveFlags }
	findingClearCmd   struct{ moveFlags }
	findingUrgeCmd    struct{ moveFlags }
	findingObjectCmd  struct{ moveFlags }
	findingUpholdCmd  struct{ moveFlags }
	findingNoteCmd    struct{ moveFlags }
)

// Run runs the command.
func (c findingConfirmCmd) Run(a *app) error { return c.move(a, cases.Event{Kind: cases.Confirm}) }

// Run runs the command.
func (c findingRejectCmd) Run(a *app) error { return c.move(a, cases.Event{Kind: cases.Reject}) }

// Run runs the command.
func (c findingApproveCmd) Run(a *app) error { return c.move(a, cases.Event{Kind: cases.Approve}) }

// Run runs the command.
func (c findingDeclineCmd) Run(a *app) error { return c.move(a, cases.Event{Kind: cases.Decline}) }

// Run runs the command.
func (c findingAcceptCmd) Run(a *app) error { return c.move(a, cases.Event{Kind: cases.Accept}) }

// Run runs the command.
func (c findingClearCmd) Run(a *app) error { return c.move(a, cases.Event{Kind: cases.Clear}) }

// Run runs the command.
func (c findingUrgeCmd) Run(a *app) error { return c.move(a, cases.Event{Kind: cases.Urge}) }

// Run runs the command.
func (c findingObjectCmd) Run(a *app) error { return c.move(a, cases.Event{Kind: cases.Object}) }

// Run runs the command.
func (c findingUpholdCmd) Run(a *app) error { return c.move(a, cases.Event{Kind: cases.Uphold}) }

// Run runs the command.
func (c findingNoteCmd) Run(a *app) error { return c.move(a, cases.Event{Kind: cases.Note}) }

// findingVerifyCmd puts findings to units.
type findingVerifyCmd struct {
	moveFlags
	Due    string `help:"The last day for the answer; by default so many working days from now as the city says, or two." zh:"答复截止日期；默认按配置的工作日（两个工作日）推算。" placeholder:"DAY"`
	Inside bool   `help:"Look into it without asking the unit." zh:"自行核实，不发核实单。"`
}

// Run runs the command.
func (c findingVerifyCmd) Run(a *app) error {
	due, err := parseDate("--due", c.Due)
	if err != nil {
		return err
	}
	return c.moveEach(a, cases.Verify, func(d *desk, _ *cases.Occurrence, e *cases.Event) (err error) {
		if e.Due = due; due.IsZero() && !c.Inside {
			e.Due, err = d.policy.AnswerBy(d.setup.city.Workdays(), e.At)
		}
		return err
	}, cases.Event{})
}

// findingAnswerCmd records what a unit says.
type findingAnswerCmd struct {
	moveFlags
	Answer string `help:"属实, 不属实 or 已整改." zh:"答复：属实、不属实、已整改。" required:"" placeholder:"ANSWER"`
}

// Run runs the command.
func (c findingAnswerCmd) Run(a *app) error {
	return c.move(a, cases.Event{Kind: cases.Reply, Answer: cases.Answer(c.Answer)})
}

// findingExemptCmd files a finding and does not count it.
type findingExemptCmd struct {
	moveFlags
	Reason string `help:"改版, 临时停更 or 无应公开内容." zh:"原因：改版、临时停更、无应公开内容。" required:"" placeholder:"REASON"`
	Until  string `help:"The last day." zh:"截止日期。" required:"" placeholder:"DAY"`
}

// Run runs the command.
func (c findingExemptCmd) Run(a *app) error {
	until, err := parseDate("--until", c.Until)
	if err != nil {
		return err
	}
	return c.move(a, cases.Event{Kind: cases.Exempt, Exemption: &cases.Exemption{Reason: cases.Reason(c.Reason), Until: until}})
}

// findingPublishCmd says how a finding is told of.
type findingPublishCmd struct {
	moveFlags
	As string `help:"点名, 概述不点名 or 仅内部." zh:"点名、概述不点名、仅内部。" required:"" placeholder:"HOW"`
}

// Run runs the command.
func (c findingPublishCmd) Run(a *app) error {
	return c.move(a, cases.Event{Kind: cases.Publish, Publicity: c.As})
}

// findingSendCmd sends findings to their units.
type findingSendCmd struct {
	moveFlags
	Due      string `help:"The last day for the report; by default as the city says." zh:"整改期限；默认按配置的工作日推算。" placeholder:"DAY"`
	Document string `help:"Number of the notice or the 交办单." zh:"通报或交办单文号。" placeholder:"NUMBER"`
}

// Run runs the command.
func (c findingSendCmd) Run(a *app) error {
	due, err := parseDate("--due", c.Due)
	if err != nil {
		return err
	}
	return c.moveEach(a, cases.Send, func(d *desk, _ *cases.Occurrence, e *cases.Event) (err error) {
		days := d.setup.city.People.ReportDays
		if e.Due = due; due.IsZero() && days > 0 {
			e.Due, err = d.setup.city.Workdays().Add(e.At, days)
		}
		return err
	}, cases.Event{Document: c.Document})
}

// findingReportCmd records a unit's report.
type findingReportCmd struct {
	moveFlags
	SignedBy string `help:"The head of the unit who signed it." zh:"签字的单位主要负责人。" placeholder:"NAME"`
}

// Run runs the command.
func (c findingReportCmd) Run(a *app) error {
	return c.move(a, cases.Event{Kind: cases.Report, SignedBy: c.SignedBy})
}

// dueFlags give a new day.
type dueFlags struct {
	moveFlags
	Due string `help:"The new last day." zh:"新的期限。" placeholder:"DAY"`
}

// moveTo is move with the new day.
func (c dueFlags) moveTo(a *app, kind cases.Kind) error {
	due, err := parseDate("--due", c.Due)
	if err != nil {
		return err
	}
	return c.move(a, cases.Event{Kind: kind, Due: due})
}

type (
	findingReturnCmd struct{ dueFlags }
	findingExtendCmd struct{ dueFlags }
	findingReopenCmd struct{ dueFlags }
)

// Run runs the command.
func (c findingReturnCmd) Run(a *app) error { return c.moveTo(a, cases.Return) }

// Run runs the command.
func (c findingExtendCmd) Run(a *app) error { return c.moveTo(a, cases.Extend) }

// Run runs the command.
func (c findingReopenCmd) Run(a *app) error { return c.moveTo(a, cases.Reopen) }

// dayOrNone writes a day for people.
func dayOrNone(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// yesNo writes a truth for people.
func yesNo(yes bool) string {
	return map[bool]string{true: "是", false: "否"}[yes]
}

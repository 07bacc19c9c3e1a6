package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"xuncha/cases"
	"xuncha/extract"
	bureau "xuncha/office"
	"xuncha/registers"
	"xuncha/report"
	"xuncha/store"
)

// The people of the demonstration, all invented.
var (
	demoHandler  = cases.Person{Name: "王敏", Role: cases.Handler}
	demoReviewer = cases.Person{Name: "李强", Role: cases.Reviewer}
	demoSigner   = cases.Person{Name: "周立", Role: cases.Signer}
	demoClerk    = cases.Person{Name: "赵红", Role: cases.Unit} // of whichever unit it is about
)

// A demoDeed is what one of them did at a time of 2023. One that asks for a look is
// the program's, at their word.
type demoDeed struct {
	at     string // "07-26 09:10"
	by     cases.Person
	kind   cases.Kind
	of     string // subjects
	note   string
	due    string // "08-18"
	answer cases.Answer
	paper  string // a name
}

// demoDeeds are the deeds of the quarter, in their order. In July three columns fall
// silent: one unit mends it (jtj), one reports too soon and again (slj), one says that
// it was no fault (gxj). Then four more: a report waits (yjj), a unit is late (xfj), one
// has its report sent back (jrb), one objects (sfj); and a redesign was filed (wjw).
// Before the point the notice is prepared.
//
// A deed for which there is no finding, or which its state forbids, did not happen: so
// the list holds with fewer nights too.
var demoDeeds = []demoDeed{
	{at: "07-26 09:10", by: demoHandler, kind: cases.Verify, of: "jtj/gzdt slj/gzdt gxj/xqdt"},
	{at: "07-27 15:20", by: demoClerk, kind: cases.Reply, of: "jtj/gzdt slj/gzdt", answer: cases.Admitted, note: "信息员调整，栏目无人维护，正在补报"},
	{at: "07-27 16:05", by: demoClerk, kind: cases.Reply, of: "gxj/xqdt", answer: cases.Denied, note: "县区动态由县区网站统一发布，本栏目按方案停用", paper: "停用方案.txt"},
	{at: "07-28 09:30", by: demoHandler, kind: cases.Confirm, of: "jtj/gzdt slj/gzdt"},
	{at: "07-28 09:40", by: demoHandler, kind: cases.Reject, of: "gxj/xqdt", note: "经核对停用方案，栏目已按程序停用"},
	{at: "07-28 16:00", by: demoReviewer, kind: cases.Approve, of: "jtj/gzdt slj/gzdt"},
	{at: "07-31 10:00", by: demoSigner, kind: cases.Send, of: "jtj/gzdt slj/gzdt", due: "08-18"},
	{at: "07-31 15:00", by: demoClerk, kind: cases.Accept, of: "jtj/gzdt slj/gzdt"},
	{at: "08-04 11:00", by: demoClerk, kind: cases.Report, of: "slj/gzdt", note: "已恢复更新", paper: "整改报告.txt"},
	{at: "08-07 09:00", by: demoHandler, kind: cases.Recheck, of: "slj/gzdt"},
	{at: "08-07 09:20", by: demoReviewer, kind: cases.Return, of: "slj/gzdt", note: "复核时仍未更新，请补报后再报", due: "08-25"},
	{at: "08-08 09:00", by: demoHandler, kind: cases.Verify, of: "yjj/gzdt xfj/gzdt jrb/gzdt sfj/gzdt"},
	{at: "08-09 10:30", by: demoClerk, kind: cases.Reply, of: "yjj/gzdt xfj/gzdt jrb/gzdt sfj/gzdt", answer: cases.Admitted, note: "情况属实"},
	{at: "08-10 09:30", by: demoHandler, kind: cases.Confirm, of: "yjj/gzdt xfj/gzdt jrb/gzdt sfj/gzdt"},
	{at: "08-10 15:00", by: demoReviewer, kind: cases.Approve, of: "yjj/gzdt xfj/gzdt jrb/gzdt sfj/gzdt"},
	{at: "08-14 10:00", by: demoSigner, kind: cases.Send, of: "yjj/gzdt xfj/gzdt jrb/gzdt sfj/gzdt", due: "08-31"},
	{at: "08-14 16:00", by: demoClerk, kind: cases.Accept, of: "yjj/gzdt xfj/gzdt jrb/gzdt"},
	{at: "08-15 09:00", by: demoClerk, kind: cases.Report, of: "jtj/gzdt", note: "已恢复更新，并落实了三审三校", paper: "整改报告.txt"},
	{at: "08-18 11:00", by: demoClerk, kind: cases.Report, of: "slj/gzdt jrb/gzdt", note: "已恢复更新", paper: "整改报告.txt"},
	{at: "08-21 09:00", by: demoHandler, kind: cases.Recheck, of: "jtj/gzdt slj/gzdt jrb/gzdt"},
	{at: "08-21 09:10", by: demoReviewer, kind: cases.Return, of: "jrb/gzdt", note: "复核时仍未更新，请补报后再报", due: "09-15"},
	{at: "08-21 09:20", by: demoHandler, kind: cases.Clear, of: "jtj/gzdt", note: "已恢复更新"},
	{at: "08-21 15:00", by: demoReviewer, kind: cases.Approve, of: "jtj/gzdt", note: "同意销号"},
	{at: "08-22 10:00", by: demoHandler, kind: cases.Exempt, of: "wjw/gzdt", note: "网站改版，已报备", due: "12-31", paper: "改版报备函.txt"},
	{at: "08-22 15:30", by: demoReviewer, kind: cases.Approve, of: "wjw/gzdt"},
	{at: "08-28 09:20", by: demoHandler, kind: cases.Clear, of: "slj/gzdt", note: "已恢复更新"},
	{at: "08-30 10:00", by: demoClerk, kind: cases.Object, of: "sfj/gzdt", note: "栏目内容迁至“要闻”，正在办理栏目合并", paper: "情况说明.txt"},
	{at: "09-01 16:00", by: demoClerk, kind: cases.Report, of: "yjj/gzdt", note: "已恢复更新", paper: "整改报告.txt"},
	{at: "09-04 09:00", by: demoHandler, kind: cases.Urge, of: "xfj/gzdt", note: "已逾期，请尽快报送整改报告"},
	{at: "09-18 09:00", by: demoHandler, kind: cases.Verify, of: "xxgk/sjj/gzdt/rcgzdt xxgk/czj/gzdt/tzgggs"},
	{at: "09-19 10:00", by: demoClerk, kind: cases.Reply, of: "xxgk/sjj/gzdt/rcgzdt xxgk/czj/gzdt/tzgggs", answer: cases.Admitted, note: "情况属实"},
	{at: "09-20 09:00", by: demoHandler, kind: cases.Confirm, of: "xxgk/sjj/gzdt/rcgzdt xxgk/czj/gzdt/tzgggs"},
	{at: "09-21 10:00", by: demoSigner, kind: cases.Send, of: "xxgk/sjj/gzdt/rcgzdt", due: "10-20"},
	{at: "09-26 09:00", by: demoHandler, kind: cases.Verify, of: "xxgk/zjj/gzdt/sgs xxgk/gaj/gzdt/tzgggs xxgk/xfj/gzdt/rcgzdt"},
	{at: "09-26 16:00", by: demoClerk, kind: cases.Reply, of: "xxgk/xfj/gzdt/rcgzdt", answer: cases.Fixed, note: "今日已补报"},
}

// demoDocument is the number of the papers by which findings are sent, and demoHead
// who signs a unit's report.
const (
	demoDocument = "阳政办函〔2023〕21号"
	demoHead     = "张局长"
)

// A demoOffice is the office of the demonstration at work between the nights. It
// goes on after what is kept of it.
type demoOffice struct {
	store *store.Store
	setup setup
	desk  *bureau.Desk
}

// newDemoOffice opens the office over a store.
func newDemoOffice(st *store.Store, s setup) (*demoOffice, error) {
	desk, err := bureau.Open(st, s.office())
	return &demoOffice{st, s, desk}, err
}

// concluded does what was done before a round, and then what a daemon does after
// one: it enters what the round suspects.
func (o *demoOffice) concluded(j bureau.Judged) error {
	done := time.Time{} // all up to there
	if events := o.desk.Book.Events(); len(events) > 0 {
		done = events[len(events)-1].At
	}
	for _, deed := range demoDeeds {
		at, err := demoMoment(deed.at)
		if err != nil {
			return err
		}
		if done.IsZero() || at.Before(done) || at.After(j.Round.Started) {
			continue
		}
		if err := o.do(deed, at); err != nil {
			return fmt.Errorf("%s on %s: %w", deed.kind, deed.at, err)
		}
	}
	if _, _, err := o.desk.Sync(bureau.Quarter(j.Round), j, j.Round.Finished); err != nil {
		return err
	}
	return o.desk.File()
}

// demoMoment is a moment of the demonstration's year.
func demoMoment(text string) (time.Time, error) {
	return time.ParseInLocation("2006-01-02 15:04", "2023-"+text, extract.Beijing)
}

// do does a deed to all that it is about.
func (o *demoOffice) do(deed demoDeed, at time.Time) error {
	for _, subject := range strings.Fields(deed.of) {
		var refusal *cases.Refusal
		if err := o.move(deed, subject, at); err != nil && !errors.As(err, &refusal) {
			return err
		}
	}
	return o.desk.File()
}

// move does it to the finding of one subject, if there is one.
func (o *demoOffice) move(deed demoDeed, subject string, at time.Time) error {
	var found []*cases.Occurrence
	for _, f := range o.desk.Book.In(demoPeriod) {
		if f.Facts.Subject == subject {
			found = append(found, f)
		}
	}
	if len(found) != 1 {
		return nil
	}
	if deed.kind == cases.Recheck {
		s := o.setup.office()
		j, err := bureau.Judge(o.store, &s, at.Add(-s.Set.After), at) // by what was seen up to then: more is kept already
		if err != nil {
			return err
		}
		_, err = o.desk.Recheck(j, found, at, false)
		return err
	}
	e := cases.Event{Kind: deed.kind, At: at, By: deed.by, Note: deed.note, Answer: deed.answer}
	if deed.due != "" {
		day, err := demoMoment(deed.due + " 00:00")
		if err != nil {
			return err
		}
		e.Due = day
	}
	if deed.paper != "" {
		e.Attachments = []cases.Attachment{o.desk.Attach(deed.paper, []byte("模拟材料，演示用。\n"+deed.note+"\n"))}
	}
	switch deed.kind {
	case cases.Send:
		e.Document = demoDocument
	case cases.Report:
		e.SignedBy = demoHead
	case cases.Exempt:
		e.Exemption, e.Due = &cases.Exemption{Reason: cases.Redesign, Until: e.Due}, time.Time{}
	}
	return o.desk.Move(bureau.Deed{Event: e}, found)
}

// demoReports is the list of reports that the office keeps.
const demoReports = "检查期,单位,报送期限\n" + demoPeriod + ",市交通运输局,2023-08-18\n" + demoPeriod + ",市水利局,2023-08-18\n" + demoPeriod + ",市应急管理局,2023-08-31\n"

// lists takes a list into its register, once.
func (o *demoOffice) lists(at time.Time) error {
	imports, err := o.store.Imports()
	if err != nil || len(imports) > 0 {
		return err
	}
	source := []byte(demoReports)
	i := store.Import{Kind: registers.Reports, At: at, By: demoHandler.Name, File: "整改报告.csv"}
	rows, mistakes, err := bureau.ReadList(o.setup.office(), i.Kind, i.File, source, at)
	if err != nil {
		return err
	}
	for _, m := range mistakes {
		err = errors.Join(err, m)
	}
	if err != nil {
		return err
	}
	_, err = bureau.Import(o.store, i, rows, source, false)
	return err
}

// drafts makes the draft of the quarter's notice and keeps it.
func (o *demoOffice) drafts(point, at time.Time) error {
	period, err := report.ParsePeriod(demoPeriod)
	if err != nil {
		return err
	}
	w, err := bureau.NewWriter(o.store, o.setup.office(), bureau.Order{Period: period, Point: point, Now: at})
	if err != nil {
		return err
	}
	files, totals, err := noticeOf(w)
	if err != nil {
		return err
	}
	_, err = bureau.Keep(o.store, bureau.Kept{
		At: at, By: demoHandler.Name, Period: demoPeriod, Point: point.Format(time.RFC3339), Totals: totals,
	}, files)
	return err
}

// demoKnocks is for how many hours before the console's first morning home pages were
// knocked at.
const demoKnocks = 12

// finish does what there is to do between the point and the morning after it. The
// draft comes last: with it the demonstration is ready.
func (o *demoOffice) finish(ctx context.Context, a *app, point, morning time.Time) error {
	s := o.setup.office()
	j, err := bureau.Judge(o.store, &s, point, morning)
	if err != nil {
		return err
	}
	if err := o.concluded(j); err != nil {
		return err
	}
	if err := a.playKnocks(ctx, o.setup, o.store, morning, demoKnocks); err != nil {
		return err
	}
	if err := o.lists(morning); err != nil {
		return err
	}
	return o.drafts(point, morning)
}

// ready reports whether the demonstration was made to its end.
func (o *demoOffice) ready() (bool, error) {
	kept, err := bureau.KeptNotices(o.store)
	return len(kept) > 0, err
}

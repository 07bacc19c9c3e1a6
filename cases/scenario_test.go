package cases

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

// aSet is a rule set of the indicators that the two quarters need.
func aSet() *rules.RuleSet {
	return &rules.RuleSet{Digest: "rules-2023", Indicators: []rules.Indicator{
		{ID: "t.column", Kind: rules.KindColumn, Effect: rules.EffectNotice, Publicity: Named, Text: "动态类栏目超过2周未更新", Basis: "监测时间点前2周内要有更新"},
		{ID: "t.posts", Kind: rules.KindPosts, Effect: rules.EffectVeto, Publicity: Named, Text: "1周无更新", Basis: "1周"},
		{ID: "t.name", Kind: rules.KindName, Effect: rules.EffectVeto, Publicity: Named, Text: "账号名称变更未同步"},
		{ID: "t.section", Kind: rules.KindSection, Effect: rules.EffectNotice, Publicity: Named, Text: "疑似未开设重大会议信息栏目"},
		{ID: "t.count", Kind: rules.KindCount, Effect: rules.EffectVeto, Publicity: Named, Text: "动态栏目更新不及时"},
		{ID: "t.home", Kind: rules.KindHome, Effect: rules.EffectVeto, Publicity: Named, Text: "首页超过2周未更新"},
		{ID: "t.privacy", Kind: rules.KindHand, Effect: rules.EffectNotice, Publicity: Named, Text: "公示附件泄露个人信息", Basis: "去标识化"},
		{ID: "t.early", Kind: rules.KindColumn, Effect: rules.EffectHint, Text: "临期"},
	}}
}

// A quarter builds the judgement of a city at a point.
type quarter struct {
	res rules.Result
	set *rules.RuleSet
	at  time.Time
}

func newQuarter(point string) *quarter {
	at := day(point + " 00:00")
	return &quarter{res: rules.Result{Point: at, PointDay: at.AddDate(0, 0, -1)}, set: aSet(), at: at}
}

func (q *quarter) look(subject string) *rules.Look {
	return &rules.Look{Subject: subject, At: q.at.Add(-22 * time.Hour), Digest: "look-" + subject + "-" + dayText(q.at)}
}

// column, account, section and site each add a subject in a state; what fails is
// a finding.
func (q *quarter) column(subject string, s rules.State, newest string) {
	d := extract.Date{Time: day(newest + " 00:00")}
	q.res.Columns = append(q.res.Columns, rules.ColumnResult{
		Column: inventory.Column{ID: subject}, State: s, Look: q.look(subject), Newest: d,
		States: []rules.IndicatorState{{Indicator: "t.column", State: s}},
	})
	if s == rules.Stale {
		q.finds(subject, "t.column", d)
	}
}

func (q *quarter) account(code string, s rules.State, newest string) {
	d := extract.Date{Time: day(newest + " 00:00")}
	a := inventory.Account{Code: code, Name: "阳泉某号"}
	q.res.Accounts = append(q.res.Accounts, rules.AccountResult{
		Account: a, State: s, Look: q.look(a.ID()), Newest: d, Observed: a.Name,
		States: []rules.IndicatorState{{Indicator: "t.posts", State: s}},
	})
	if s == rules.Stale {
		q.finds(a.ID(), "t.posts", d)
	}
}

func (q *quarter) section(subject string, s rules.State) {
	q.res.Sections = append(q.res.Sections, rules.SectionResult{Section: inventory.Section{ID: subject}, State: s, Look: q.look(subject)})
	if s == rules.Missing {
		q.finds(subject, "t.section", extract.Date{})
	}
}

func (q *quarter) finds(subject, indicator string, newest extract.Date, sources ...string) {
	ind := q.set.Indicator(indicator)
	if len(sources) == 0 {
		sources = []string{ByPatrol}
	}
	unit, _, _ := strings.Cut(subject, "/")
	q.res.Findings = append(q.res.Findings, rules.Finding{
		ID: rules.FindingID(subject, indicator), Subject: subject, Unit: unit, Indicator: indicator, Effect: ind.Effect,
		Sources: sources, Status: "疑似", Publicity: ind.Publicity, Newest: newest, Text: ind.Text, Basis: ind.Basis,
	})
}

// A bureau works through quarters.
type bureau struct {
	t      *testing.T
	book   *Book
	period string
	at     time.Time
}

func (o *bureau) sync(q *quarter, at string) {
	o.t.Helper()
	o.at = day(at)
	for _, e := range o.book.Sync(o.period, q.res, q.set, o.at) {
		o.record(e)
	}
	if again := o.book.Sync(o.period, q.res, q.set, o.at); len(again) != 0 {
		o.t.Errorf("%s: brought up to a judgement twice, the second time by %d events", o.period, len(again))
	}
}

func (o *bureau) record(e Event) {
	o.t.Helper()
	sealed, err := o.book.Seal(Policy{}, e)
	if err != nil {
		o.t.Fatalf("%s %s %s: %v", e.Period, e.Case, e.Kind, err)
	}
	if err := o.book.Apply(sealed); err != nil {
		o.t.Fatal(err)
	}
}

func (o *bureau) do(by Person, k Kind, subject, indicator string, fill ...func(*Event)) {
	o.t.Helper()
	o.at = o.at.Add(time.Minute)
	e := Event{Case: rules.FindingID(subject, indicator), Period: o.period, Kind: k, At: o.at, By: by}
	for _, f := range fill {
		f(&e)
	}
	o.record(e)
}

// recheck looks afresh and does what the look proposes.
func (o *bureau) recheck(q *quarter, subject, indicator string) Proposal {
	o.t.Helper()
	occ := o.book.Occurrence(rules.FindingID(subject, indicator), o.period)
	look := Observe(q.res, q.set, occ.Facts)
	p := occ.Propose(look)
	o.do(machine, Recheck, subject, indicator, func(e *Event) { e.Look, e.Result, e.Note = &look, p.Result, p.Chinese })
	switch p.Then {
	case Clear:
		o.do(zhang, Clear, subject, indicator)
		o.do(li, Approve, subject, indicator)
	case Return:
		o.do(zhang, Return, subject, indicator, note(p.Chinese), func(e *Event) { e.Due = o.at.AddDate(0, 0, 10) })
	}
	return p
}

// What is known of the city: the third quarter's findings are put to the units,
// confirmed, sent down, answered, re-checked and cleared, and the fourth finds
// some of them again.
func TestTwoQuarters(t *testing.T) {
	o := &bureau{t: t, book: &Book{}, period: "2023Q3"}
	o.thirdQuarter()
	o.hearAndConfirm()
	checkSlips(t, o.book)
	o.sendDown()
	o.recheckAll()
	o.fourthQuarter()
	checkWhatBecame(t, o.book)
	replayed, err := Open(o.book.Events())
	if err != nil || !sameJSON(t, replayed.Export(), o.book.Export()) {
		t.Errorf("the history replays to something else: %v", err)
	}
}

// found are the third quarter's findings.
func found() [][2]string {
	keys := [][2]string{{police, "t.posts"}, {"pd/zdhy", "t.section"}, {"zjj", "t.count"}, {"wjw", "t.privacy"}}
	for _, c := range []string{"fgw/tzgg", "czj/tzgg", "sfj/hyxx", "tyj/tzgg", "xfj/gzdt", "wjw/gzdt", "jrb/tzgg"} {
		keys = append(keys, [2]string{c, "t.column"})
	}
	return keys
}

const police = "account:140300M010XL0004"

func (o *bureau) thirdQuarter() {
	o.t.Helper()
	q3 := newQuarter("2023-09-28")
	for subject, newest := range map[string]string{
		"fgw/tzgg": "2023-08-23", "czj/tzgg": "2023-06-20", "sfj/hyxx": "2023-04-03", "tyj/tzgg": "2023-07-14",
		"xfj/gzdt": "2023-03-12", "wjw/gzdt": "2023-06-03", "jrb/tzgg": "2023-01-31",
	} {
		q3.column(subject, rules.Stale, newest)
	}
	q3.column("sjj/gzdt", rules.Fresh, "2023-09-26")
	q3.account("140300M010XL0004", rules.Stale, "2023-09-12")
	q3.section("pd/zdhy", rules.Missing)
	q3.finds("zjj", "t.count", extract.Date{}, BySuperior)
	q3.finds("sjj/gzdt", "t.early", extract.Date{})
	o.sync(q3, "2023-09-28 09:00")
	if n := len(o.book.In("2023Q3")); n != len(found())-1 {
		o.t.Fatalf("%d findings, want %d: hints are none", n, len(found())-1)
	}
	// A person finds personal data by hand.
	list := NewCheckList("wjw", "wjw", "2023Q3", []rules.Indicator{*aSet().Indicator("t.privacy"), *aSet().Indicator("t.early")})
	if err := list.Mark("t.privacy", Problem, "", filing...); err != nil {
		o.t.Fatal(err)
	}
	for _, e := range list.Findings(zhang, day("2023-09-28 10:00")) {
		o.record(e)
	}
}

// hearAndConfirm puts everything to the units and decides what they answered.
func (o *bureau) hearAndConfirm() {
	o.t.Helper()
	// 核实单: two working days from the eve of 国庆.
	o.at = day("2023-09-28 11:00")
	for _, k := range found() {
		o.do(zhang, Verify, k[0], k[1], due("2023-10-08"))
	}
	o.at = day("2023-10-07 09:00")
	o.do(clerk, Reply, "sfj/hyxx", "t.column", answer(Denied), note("会议信息已并入日常工作动态"), attach(filing))
	o.do(clerk, Reply, "tyj/tzgg", "t.column", answer(Fixed))
	o.do(machine, Standing, "tyj/tzgg", "t.column", result(Passed), note("10月7日更新"))
	o.do(zhang, Reject, "sfj/hyxx", "t.column", note("栏目已合并"))
	o.do(zhang, Exempt, "xfj/gzdt", "t.column", exempt(Redesign, "2023-12-01"))
	o.do(li, Approve, "xfj/gzdt", "t.column")
	o.at = day("2023-10-09 09:00")
	if n := len(o.book.Unsettled("2023Q3")); n != 9 {
		o.t.Errorf("%d unsettled, want 9", n)
	}
	for _, k := range found() {
		if c := o.book.Occurrence(rules.FindingID(k[0], k[1]), "2023Q3"); c.Settled() {
			continue
		}
		o.do(zhang, Confirm, k[0], k[1])
		if o.book.Occurrence(rules.FindingID(k[0], k[1]), "2023Q3").Pending != nil {
			o.do(li, Approve, k[0], k[1])
		}
	}
	if n := len(o.book.Unsettled("2023Q3")); n != 0 {
		o.t.Errorf("%d unsettled, want none", n)
	}
}

// sendDown sends what counts with the notice, and the units report.
func (o *bureau) sendDown() {
	o.t.Helper()
	o.at = day("2023-10-11 09:00")
	for _, c := range o.book.In("2023Q3") {
		if c.Counted() {
			o.do(wang, Send, c.Facts.Subject, c.Facts.Indicator, due("2023-10-20"))
		}
	}
	o.at = day("2023-10-19 09:00")
	for _, k := range found() {
		if c := o.book.Occurrence(rules.FindingID(k[0], k[1]), "2023Q3"); c.State == Sent && k[0] != "wjw/gzdt" {
			o.do(clerk, Report, k[0], k[1], signed("孙立"))
		}
	}
	if late := o.book.Overdue(day("2023-10-21")); len(late) != 1 || late[0].Facts.Subject != "wjw/gzdt" {
		o.t.Errorf("overdue: %v", late)
	}
}

// recheckAll looks afresh at what was reported.
func (o *bureau) recheckAll() {
	o.t.Helper()
	again := newQuarter("2023-10-25")
	for subject, newest := range map[string]string{"fgw/tzgg": "2023-10-18", "tyj/tzgg": "2023-10-20"} {
		again.column(subject, rules.Fresh, newest)
	}
	again.column("czj/tzgg", rules.Stale, "2023-06-20")
	again.column("jrb/tzgg", rules.Unknown, "2023-01-31")
	again.account("140300M010XL0004", rules.Fresh, "2023-10-24")
	again.section("pd/zdhy", rules.Fresh)
	again.res.Sites = append(again.res.Sites, rules.SiteResult{Carrier: inventory.Carrier{ID: "zjj"}, Verdict: rules.Pass, Look: again.look("zjj")})
	o.at = day("2023-10-25 01:00")
	proposed := map[string]Kind{
		"fgw/tzgg": Clear, "tyj/tzgg": Clear, "czj/tzgg": Return, "jrb/tzgg": "", police: Clear, "pd/zdhy": Clear, "zjj": Clear, "wjw": "",
	}
	for _, k := range found() {
		want, known := proposed[k[0]]
		if !known {
			continue
		}
		if p := o.recheck(again, k[0], k[1]); p.Then != want {
			o.t.Errorf("%s: %s (%s), want %q", k[0], p.Then, p.Chinese, want)
		}
	}
	// What no machine can see a person re-checks.
	o.do(zhang, Recheck, "wjw", "t.privacy", result(Passed), note("附件已撤下并脱敏"))
	o.do(zhang, Clear, "wjw", "t.privacy")
	o.do(wang, Approve, "wjw", "t.privacy")
}

func (o *bureau) fourthQuarter() {
	o.t.Helper()
	q4 := newQuarter("2023-12-28")
	for subject, newest := range map[string]string{"czj/tzgg": "2023-06-20", "wjw/gzdt": "2023-06-03", "xfj/gzdt": "2023-03-12"} {
		q4.column(subject, rules.Stale, newest)
	}
	q4.column("fgw/tzgg", rules.Fresh, "2023-12-20")
	q4.account("140300M010XL0004", rules.Stale, "2023-12-10")
	o.period = "2023Q4"
	o.sync(q4, "2023-12-28 09:00")
	if again := o.book.Reask("2023Q4"); len(again) != 1 || again[0].Facts.Subject != "xfj/gzdt" {
		o.t.Errorf("to be asked for anew: %v", again)
	}
	if n := len(o.book.Exemptions(day("2023-11-01"))); n != 1 {
		o.t.Errorf("%d exemptions in force in November, want 1", n)
	}
	if n := len(o.book.Exemptions(day("2023-12-02"))); n != 0 {
		o.t.Errorf("%d exemptions in force after their end", n)
	}
	for _, c := range o.book.In("2023Q4") {
		o.do(zhang, Confirm, c.Facts.Subject, c.Facts.Indicator)
		if c.Pending != nil {
			o.do(li, Approve, c.Facts.Subject, c.Facts.Indicator)
		}
	}
}

// checkWhatBecame compares every finding of both quarters with what is known.
func checkWhatBecame(t *testing.T, b *Book) {
	t.Helper()
	var got []string
	for _, period := range b.Periods() {
		for _, c := range b.In(period) {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s 计%v 重复%d %s%s",
				period, c.Facts.Subject, c.State, c.Counted(), b.Case(c.Case).Repeats(period), c.Publicity, c.Annotation())))
		}
	}
	want := []string{
		"2023Q3 account:140300M010XL0004 销号 计true 重复0 点名",
		"2023Q3 czj/tzgg 退回重改 计true 重复0 点名",
		"2023Q3 fgw/tzgg 销号 计true 重复0 点名",
		"2023Q3 jrb/tzgg 复核 计true 重复0 点名",
		"2023Q3 pd/zdhy 销号 计true 重复0 点名",
		"2023Q3 sfj/hyxx 核实不属实 计false 重复0 点名",
		"2023Q3 tyj/tzgg 销号 计true 重复0 点名发文前已整改（2023-10-07）",
		"2023Q3 wjw 销号 计true 重复0 概述不点名",
		"2023Q3 wjw/gzdt 交办 计true 重复0 点名",
		"2023Q3 xfj/gzdt 报备不计 计false 重复0 点名",
		"2023Q3 zjj 销号 计true 重复0 点名",
		"2023Q4 account:140300M010XL0004 认定 计true 重复1 点名",
		"2023Q4 czj/tzgg 认定 计true 重复1 点名",
		"2023Q4 wjw/gzdt 认定 计true 重复1 点名",
		"2023Q4 xfj/gzdt 认定 计true 重复0 点名",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func checkSlips(t *testing.T, b *Book) {
	t.Helper()
	slips := b.Slips("2023Q3", day("2023-10-09"))
	rows := map[string]string{}
	for _, s := range slips {
		if dayText(s.Due) != "2023-10-08" {
			t.Errorf("%s: due %s", s.Unit, s.Due)
		}
		for _, r := range s.Rows {
			rows[r.Subject] = fmt.Sprintf("%s|%s|%s|%v|%s", r.AtPoint, r.BeforeNotice, r.Answer, r.FixedBefore, r.State)
		}
	}
	want := map[string]string{
		"tyj/tzgg": "动态类栏目超过2周未更新|10月7日更新|已整改|true|认定",
		"sfj/hyxx": "动态类栏目超过2周未更新||不属实|false|核实不属实",
		"fgw/tzgg": "动态类栏目超过2周未更新|||false|认定",
	}
	for subject, row := range want {
		if rows[subject] != row {
			t.Errorf("核实单, %s: got %s, want %s", subject, rows[subject], row)
		}
	}
	if len(rows) != 11 {
		t.Errorf("核实单 have %d rows, want 11", len(rows))
	}
}

// A judgement that no longer shares a suspicion takes it back, as long as nobody
// has looked into it; and finds it again.
func TestSyncTakesBackWhatNobodyTookUp(t *testing.T) {
	first := newQuarter("2023-09-28")
	first.column("a/x", rules.Stale, "2023-08-01")
	first.column("b/x", rules.Stale, "2023-08-01")
	o := &bureau{t: t, book: &Book{}, period: "2023Q3"}
	o.sync(first, "2023-09-28 09:00")
	o.do(zhang, Verify, "b/x", "t.column")
	o.sync(newQuarter("2023-09-29"), "2023-09-29 09:00")
	state := func(subject string) State {
		return o.book.Occurrence(rules.FindingID(subject, "t.column"), "2023Q3").State
	}
	if state("a/x") != Unfounded || state("b/x") != Verifying {
		t.Errorf("got %s and %s", state("a/x"), state("b/x"))
	}
	o.sync(first, "2023-09-30 09:00")
	if state("a/x") != Suspected {
		t.Errorf("found again: %s", state("a/x"))
	}
	o.do(zhang, Reject, "a/x", "t.column", note("当日有更新"))
	o.sync(first, "2023-10-01 09:00")
	if state("a/x") != Unfounded {
		t.Errorf("a person said it is unfounded, and the program says %s", state("a/x"))
	}
}

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"xuncha/cases"
	"xuncha/inventory"
	bureau "xuncha/office"
)

// findingCmd follows findings from suspicion to clearance.
type findingCmd struct {
	Sync    findingSyncCmd    `cmd:"" help:"Enter the program's findings of a monitoring point into the book." zh:"将程序按监测时间点判定的疑似问题登记入册。"`
	List    findingListCmd    `cmd:"" help:"List findings." zh:"列出问题。"`
	Show    findingShowCmd    `cmd:"" help:"Show one finding with its whole history." zh:"查看一个问题的全过程。"`
	History findingHistoryCmd `cmd:"" help:"Export what was done, of one finding or of all." zh:"导出办理记录：一个问题的，或全部。"`

	Add     findingAddCmd     `cmd:"" help:"Enter a finding of people, by any indicator." zh:"登记人工发现的问题，可按任一检查指标。"`
	Draw    findingDrawCmd    `cmd:"" help:"Draw subjects for a check by hand, repeatably, with a check list." zh:"随机抽查：可重复的抽取和检查单。"`
	Checked findingCheckedCmd `cmd:"" help:"Enter what people found by a check list." zh:"登记填好的检查单：有问题的记为人工核查。"`
	Verify  findingVerifyCmd  `cmd:"" help:"核实: ask the units, with a day to answer by, or look into it." zh:"核实：向单位发核实单（按工作日定答复期限），或自行核实。"`
	Slip    findingSlipCmd    `cmd:"" help:"Write the 疑似问题核实单, a file per unit." zh:"生成疑似问题核实单，每单位一份。"`
	Answers findingAnswersCmd `cmd:"" help:"Record the answers of a 核实单 that was filled in." zh:"登记填好的核实单。"`
	Answer  findingAnswerCmd  `cmd:"" help:"Record a unit's answer." zh:"登记单位答复：属实、不属实、已整改。"`

	Standing findingStandingCmd `cmd:"" help:"Record how it stands before the notice is issued." zh:"登记发文前状态。"`
	Confirm  findingConfirmCmd  `cmd:"" help:"认定: confirm it." zh:"认定。"`
	Reject   findingRejectCmd   `cmd:"" help:"核实不属实: drop it." zh:"核实不属实。"`
	Exempt   findingExemptCmd   `cmd:"" help:"报备不计: file it and do not count it." zh:"报备不计。"`
	Approve  findingApproveCmd  `cmd:"" help:"As the second person, agree to what waits." zh:"同意（第二人）。"`
	Decline  findingDeclineCmd  `cmd:"" help:"Do not agree to what waits, or take it back." zh:"不同意，或由提出人撤回。"`
	Publish  findingPublishCmd  `cmd:"" help:"Say how it is told of in public." zh:"公开方式：点名、概述不点名、仅内部。"`

	Send    findingSendCmd    `cmd:"" help:"交办: send it to the unit, with a day to report by." zh:"交办，写明整改期限。"`
	Accept  findingAcceptCmd  `cmd:"" help:"签收: the unit has it." zh:"签收。"`
	Report  findingReportCmd  `cmd:"" help:"Record a unit's report of the fix." zh:"登记单位报送的整改报告。"`
	Recheck findingRecheckCmd `cmd:"" help:"复核: by the newest look, or by a person." zh:"复核：按最近巡查，或由人员核查。"`
	Clear   findingClearCmd   `cmd:"" help:"销号: clear it." zh:"销号。"`
	Return  findingReturnCmd  `cmd:"" help:"退回重改: return it, with a new day." zh:"退回重改，写明新期限。"`

	Extend findingExtendCmd `cmd:"" help:"Give a later day." zh:"延期。"`
	Urge   findingUrgeCmd   `cmd:"" help:"Urge the unit." zh:"催办。"`
	Object findingObjectCmd `cmd:"" help:"Record a unit's objection." zh:"登记单位异议（情况说明）。"`
	Uphold findingUpholdCmd `cmd:"" help:"Uphold it over an objection." zh:"维持认定。"`
	Reopen findingReopenCmd `cmd:"" help:"Take an end back." zh:"恢复已了结的问题。"`
	Note   findingNoteCmd   `cmd:"" help:"Write a remark." zh:"备注。"`
}

// actFlags say who does something, when and why.
type actFlags struct {
	configFlag
	dataFlag
	By     string   `help:"Who does it." zh:"办理人姓名。" placeholder:"NAME"`
	Role   string   `help:"As what: 经办, 审核, 签发, 单位; by default the only role of that person in the configuration or as a user of the console." zh:"角色：经办、审核、签发、单位；默认为此人在配置中或作为控制台用户唯一的角色。" placeholder:"ROLE"`
	At     string   `help:"When; now by default." zh:"办理时间；默认现在。" placeholder:"T"`
	On     string   `help:"The day on which it happened, where that is an earlier one." zh:"发生日期（早于登记日期时填写）。" placeholder:"DAY"`
	Note   string   `help:"Why, or what was seen." zh:"说明。" placeholder:"TEXT"`
	Attach []string `help:"A file to be kept with it; may be given several times." zh:"附件文件，可多次给出。" sep:"none" placeholder:"FILE"`
}

// moveFlags say which findings.
type moveFlags struct {
	IDs    []string `arg:"" optional:"" name:"id" help:"Numbers of findings, or the beginnings of them, or subjects." zh:"问题编号（可只写开头）或对象。"`
	Period string   `help:"The period; by default the newest of each finding." zh:"检查期；默认各问题最近的一期。" placeholder:"2023Q3"`
	Unit   string   `help:"All of a unit, in the place of numbers." zh:"该单位的全部问题（代替编号）。" placeholder:"UNIT"`
	State  string   `help:"All in a state, in the place of numbers: 疑似, 核实, 认定 …" zh:"处于该状态的全部问题（代替编号）：疑似、核实、认定……" placeholder:"STATE"`
	actFlags
}

// chosen returns the findings that are meant, each once.
func (f moveFlags) chosen(d *desk) ([]*cases.Occurrence, error) {
	switch selects := f.Unit != "" || f.State != ""; {
	case len(f.IDs) > 0 && selects:
		return nil, misuse("用编号，或用 --unit、--state 指定问题，不能同时用", "name findings by number or by --unit and --state, not both")
	case len(f.IDs) == 0 && !selects:
		return nil, misuse("没有指定问题；请写编号，或写 --period 和 --unit 或 --state", "name findings: by number, or with --period by --unit or --state")
	case selects && f.Period == "":
		return nil, misuse("用 --unit、--state 时须写 --period", "--unit and --state need --period")
	case selects:
		found, err := filterFlags{Period: f.Period, Unit: f.Unit, State: f.State}.among(d.Book, d.City, time.Time{})
		if err == nil && len(found) == 0 {
			err = say("%s没有这样的问题；请用 xuncha finding list 查看", "no such finding in %s; see xuncha finding list", f.Period)
		}
		return found, err
	}
	var found []*cases.Occurrence
	seen := map[string]bool{}
	for _, id := range f.IDs {
		o, err := d.Find(id, f.Period)
		if err != nil {
			return nil, err
		}
		if !seen[o.Case+o.Period] {
			seen[o.Case+o.Period] = true
			found = append(found, o)
		}
	}
	return found, nil
}

// move does one thing to all findings that are meant, or to none.
func (f moveFlags) move(a *app, e cases.Event) error { return f.do(a, bureau.Deed{Event: e}) }

// do is move with all that a deed may say.
func (f moveFlags) do(a *app, deed bureau.Deed) (err error) {
	d, err := a.openDesk(f.Data, f.Config, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	found, err := f.chosen(d)
	if err != nil {
		return err
	}
	if deed.Event, err = f.fill(d, deed.Event); err != nil {
		return err
	}
	if err := d.Move(deed, found); err != nil {
		return err
	}
	if err := d.File(); err != nil {
		return err
	}
	for _, o := range found {
		a.tell(d, d.Book.Occurrence(o.Case, o.Period), deed.Kind)
	}
	return nil
}

// fill fills in who, when and why.
func (f actFlags) fill(d *desk, e cases.Event) (cases.Event, error) {
	var err error
	if e.At, err = d.now(f.At); err != nil {
		return e, err
	}
	if e.On, err = parseDate("--on", f.On); err != nil {
		return e, err
	}
	if e.By, err = f.person(d.Policy().People, e.Kind); err != nil {
		return e, err
	}
	e.Note = f.Note
	e.Attachments, err = d.attach(f.Attach)
	return e, err
}

// person is who acts, and as what.
func (f actFlags) person(known []cases.Person, kind cases.Kind) (cases.Person, error) {
	if f.By == "" {
		return cases.Person{}, misuse("没有写 --by；请写办理人姓名", "--by is missing: say who does it")
	}
	roles := []cases.Role{cases.Handler, cases.Reviewer, cases.Signer, cases.Unit}
	who := cases.Person{Name: f.By, Role: cases.Role(f.Role)}
	for _, r := range roles {
		if who.Role == r {
			return who, nil
		}
	}
	if f.Role != "" {
		return who, misuse("--role %s：须为经办、审核、签发或单位", "--role %s: want 经办, 审核, 签发 or 单位", f.Role)
	}
	var as []cases.Role
	for _, p := range known {
		if p.Name == f.By && !slices.Contains(as, p.Role) {
			as = append(as, p.Role)
		}
	}
	if len(as) == 1 {
		who.Role = as[0]
		return who, nil
	}
	if bureau.ByUnits(kind) {
		who.Role = cases.Unit
		return who, nil
	}
	return who, misuse("没有写 --role；请写%s的角色：经办、审核或签发", "--role is missing: say as what %s acts, 经办, 审核 or 签发", f.By)
}

// tell says what came of one thing that was done.
func (a *app) tell(d *desk, o *cases.Occurrence, kind cases.Kind) {
	name := string(kind)
	if a.lang == "zh" {
		name = kind.Chinese()
	}
	state := string(o.State)
	if o.Pending != nil {
		state += a.say("（"+o.Pending.Kind.Chinese()+"待第二人同意）", " ("+string(o.Pending.Kind)+" waits for a second person)")
	}
	if due := dueOf(o); due != "" {
		state += a.say("，期限", ", due ") + due
	}
	fmt.Fprintf(a.stdout, "%s %s %s %s: %s\n", name, o.Case, o.Period, d.subjectName(o.Facts.Subject), state)
}

// dueOf is the day of what a unit owes, "" where it owes nothing.
func dueOf(o *cases.Occurrence) string { return dayOrNone(o.Owed()) }

// filterFlags choose findings.
type filterFlags struct {
	Period  string `help:"The period; by default all." zh:"检查期；默认全部。" placeholder:"2023Q3"`
	State   string `help:"In a state: 疑似, 核实, 认定, 交办, 整改中, 已报整改, 复核, 销号, 退回重改, 核实不属实, 报备不计, or 逾期, 待审核." zh:"状态：疑似、核实、认定、交办、整改中、已报整改、复核、销号、退回重改、核实不属实、报备不计，或逾期、待审核。" placeholder:"STATE"`
	Unit    string `help:"Of a unit: its ID or name." zh:"单位编号或名称。" placeholder:"UNIT"`
	Subject string `help:"Of subjects whose ID matches a glob." zh:"对象 id 匹配。" placeholder:"GLOB"`
}

// Two more things one may ask for beside the states.
const (
	overdue = "逾期"
	pending = "待审核"
)

// among returns the findings of a book that match, in order of periods.
func (f filterFlags) among(b *cases.Book, city *inventory.City, on time.Time) ([]*cases.Occurrence, error) {
	unit, match := "", func(string) bool { return true }
	if f.Unit != "" {
		var err error
		if unit, err = bureau.UnitID(city, f.Unit); err != nil {
			return nil, err
		}
	}
	if f.Subject != "" {
		match = inventory.Match(f.Subject)
	}
	if f.State != "" && f.State != overdue && f.State != pending && !knownState(cases.State(f.State)) {
		return nil, misuse("--state %s：没有这种状态；请写疑似、核实、认定、交办、整改中、已报整改、复核、销号、退回重改、核实不属实、报备不计、逾期或待审核",
			"--state %s: want 疑似, 核实, 认定, 交办, 整改中, 已报整改, 复核, 销号, 退回重改, 核实不属实, 报备不计, 逾期 or 待审核", f.State)
	}
	var found []*cases.Occurrence
	for _, period := range b.Periods() {
		if f.Period != "" && !strings.EqualFold(period, f.Period) {
			continue
		}
		for _, o := range b.In(period) {
			if f.stands(o, on) && (unit == "" || o.Facts.Unit == unit) && match(o.Facts.Subject) {
				found = append(found, o)
			}
		}
	}
	return found, nil
}

// stands reports whether a finding is in the state that is asked for.
func (f filterFlags) stands(o *cases.Occurrence, on time.Time) bool {
	switch f.State {
	case "":
		return true
	case overdue:
		return o.Overdue(on)
	case pending:
		return o.Pending != nil
	}
	return string(o.State) == f.State
}

func knownState(s cases.State) bool {
	for _, m := range cases.Moves() {
		if m.To == s {
			return true
		}
	}
	return s == cases.Suspected
}

package cases

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"

	"xuncha/extract"
	"xuncha/internal/workday"
	"xuncha/rules"
)

// The people of the tests.
var (
	zhang = Person{Name: "张明", Role: Handler}
	li    = Person{Name: "李华", Role: Reviewer}
	wang  = Person{Name: "王芳", Role: Signer}
	clerk = Person{Name: "赵强", Role: Unit, Unit: "fgw"}
)

// fataler is a test of either kind.
type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// day reads a day and an hour: "2023-10-08" is nine in the morning of it.
func day(s string) time.Time {
	form := "2006-01-02 15:04"
	if len(s) == len(time.DateOnly) {
		s += " 09:00"
	}
	t, err := time.ParseInLocation(form, s, extract.Beijing)
	if err != nil {
		return time.Time{}
	}
	return t
}

var filing = []Attachment{{Name: "备案表.pdf", SHA256: strings.Repeat("ab", 32)}}

// stale are the facts of a column that did not keep its window, veto those of an
// account that fails for it.
func stale(subject string) *Facts {
	return &Facts{
		Subject: subject, Unit: "fgw", Indicator: "yangquan.disclosure.dynamic", Effect: rules.EffectNotice, Sources: []string{ByPatrol},
		Publicity: Named, Text: "动态类栏目超过2周未更新，最近更新时间2023-08-23", Basis: "监测时间点前2周内要有更新",
		Point: time.Date(2023, 9, 28, 0, 0, 0, 0, extract.Beijing),
	}
}

func veto(subject string) *Facts {
	f := stale(subject)
	f.Indicator, f.Effect, f.Text = "yangquan.posts.week", rules.EffectVeto, "1周无更新"
	return f
}

// A desk is an office at work on one finding.
type desk struct {
	t      fataler
	book   *Book
	policy Policy
	id     string
	period string
	at     time.Time
}

func newDesk(t fataler, f *Facts) *desk {
	t.Helper()
	d := &desk{t: t, book: &Book{}, id: caseID(*f), period: "2023Q3", at: day("2023-09-28")}
	d.do(machine, Raise, func(e *Event) { e.Facts = f })
	return d
}

// try records an event, an hour after the last.
func (d *desk) try(by Person, k Kind, fill ...func(*Event)) error {
	d.t.Helper()
	e := Event{Case: d.id, Period: d.period, Kind: k, At: d.at.Add(time.Hour), By: by}
	for _, f := range fill {
		f(&e)
	}
	sealed, err := d.book.Seal(d.policy, e)
	if err != nil {
		return err
	}
	if err := d.book.Apply(sealed); err != nil {
		d.t.Fatalf("%s was sealed and cannot be applied: %v", k, err)
	}
	d.at = sealed.At
	return nil
}

func (d *desk) do(by Person, k Kind, fill ...func(*Event)) *Occurrence {
	d.t.Helper()
	if err := d.try(by, k, fill...); err != nil {
		d.t.Fatalf("%s by %s: %v", k, by, err)
	}
	return d.now()
}

func (d *desk) now() *Occurrence { return d.book.Occurrence(d.id, d.period) }

func (d *desk) on(s string) *desk {
	d.at = day(s)
	return d
}

func note(s string) func(*Event)         { return func(e *Event) { e.Note = s } }
func due(s string) func(*Event)          { return func(e *Event) { e.Due = day(s) } }
func answer(a Answer) func(*Event)       { return func(e *Event) { e.Answer = a } }
func result(r Result) func(*Event)       { return func(e *Event) { e.Result = r } }
func signed(s string) func(*Event)       { return func(e *Event) { e.SignedBy = s } }
func until(s string) func(*Event)        { return exempt(Redesign, s) }
func attach(a []Attachment) func(*Event) { return func(e *Event) { e.Attachments = a } }

func exempt(r Reason, s string) func(*Event) {
	return func(e *Event) { e.Exemption, e.Note, e.Attachments = &Exemption{r, day(s)}, "网站改版", filing }
}

// seen is a look of a moment.
func seen(at time.Time, s rules.State) func(*Event) {
	return func(e *Event) { e.Look = &Observation{At: at, State: s, Snapshot: strings.Repeat("cd", 32)} }
}

// to takes a finding as far as a state on the straight way.
func (d *desk) to(s State) *desk {
	steps := []struct {
		state State
		do    func()
	}{
		{Verifying, func() { d.do(zhang, Verify, due("2023-10-07")) }},
		{Confirmed, func() {
			d.do(zhang, Reply, answer(Admitted))
			d.do(zhang, Confirm)
			if d.now().Pending != nil {
				d.do(li, Approve)
			}
		}},
		{Sent, func() { d.on("2023-10-11").do(wang, Send, due("2023-10-20")) }},
		{Fixing, func() { d.do(clerk, Accept) }},
		{Reported, func() { d.on("2023-10-18").do(clerk, Report, signed("孙立")) }},
		{Rechecked, func() { d.do(machine, Recheck, result(Passed), seen(d.at.Add(time.Minute), rules.Fresh)) }},
		{Cleared, func() { d.do(zhang, Clear); d.do(li, Approve) }},
	}
	if d.now().State == s {
		return d
	}
	from := -1
	for i, step := range steps {
		if step.state == d.now().State {
			from = i
		}
	}
	for _, step := range steps[from+1:] {
		step.do()
		if d.now().State == s {
			return d
		}
	}
	d.t.Fatalf("the way does not lead to %s", s)
	return d
}

// reach takes a new finding to any state.
func reach(t fataler, f *Facts, s State) *desk {
	d := newDesk(t, f)
	switch s {
	case Returned:
		d.to(Rechecked).do(zhang, Return, note("仍未更新"), due("2023-10-31"))
	case Unfounded:
		d.do(zhang, Reject, note("当日有更新"))
	case Exempted:
		d.do(zhang, Exempt, until("2023-12-31"))
		d.do(li, Approve)
	default:
		d.to(s)
	}
	return d
}

var states = []State{Suspected, Verifying, Confirmed, Sent, Fixing, Reported, Rechecked, Cleared, Returned, Unfounded, Exempted}

// Every kind of event in every state does what the table says, and what the
// table forbids is refused with a sentence in both languages.
func TestTheTableOfMoves(t *testing.T) {
	fill := map[Kind]func(*desk, *Event){
		Verify:   func(_ *desk, e *Event) { e.Due = day("2023-12-20") },
		Reply:    func(_ *desk, e *Event) { e.Answer = Admitted },
		Standing: func(_ *desk, e *Event) { e.Result, e.Note = Passed, "10月7日更新" },
		Send:     func(_ *desk, e *Event) { e.Due = day("2023-12-20") },
		Report:   func(_ *desk, e *Event) { e.SignedBy = "孙立" },
		Recheck:  func(_ *desk, e *Event) { e.Result, e.Note = Passed, "已更新" },
		Return:   func(_ *desk, e *Event) { e.Note, e.Due = "未签字", day("2023-12-20") },
		Exempt:   func(_ *desk, e *Event) { until("2023-12-31")(e) },
		Reopen:   func(_ *desk, e *Event) { e.Note, e.Due = "复查有误", day("2023-12-20") },
		Publish:  func(_ *desk, e *Event) { e.Note, e.Publicity = "首次发生", Outlined },
		Extend:   func(_ *desk, e *Event) { e.Note, e.Due = "平台迁移", day("2023-12-30") },
		Confirm:  func(d *desk, e *Event) { e.At = d.at.AddDate(0, 0, 30) },
		Reject:   func(_ *desk, e *Event) { e.Note = "当日有更新" },
		Object:   func(_ *desk, e *Event) { e.Note = "当日有更新" },
		Note:     func(_ *desk, e *Event) { e.Note = "电话沟通" },
		Uphold:   func(_ *desk, e *Event) { e.Note = "快照清楚" },
		Accept:   func(*desk, *Event) {},
		Clear:    func(*desk, *Event) {},
		Urge:     func(*desk, *Event) {},
		Approve:  func(*desk, *Event) {},
		Decline:  func(_ *desk, e *Event) { e.Note = "材料不足" },
	}
	for _, s := range states {
		for _, m := range Moves() {
			if m.Kind == Raise || m.Kind == Uphold || m.Kind == Approve || m.Kind == Decline {
				continue
			}
			t.Run(string(s)+" "+m.Chinese, func(t *testing.T) {
				d := reach(t, stale("fgw/tzgg"), s)
				by := Person{Name: "周平", Role: m.Roles[len(m.Roles)-1]}
				err := d.try(by, m.Kind, func(e *Event) { fill[m.Kind](d, e) })
				allowed := len(m.From) == 0 || contains(m.From, s)
				if m.Kind == Reply && s == Confirmed || m.Kind == Reply && s == Verifying {
					allowed = true
				}
				if !allowed {
					refused(t, err)
					return
				}
				if err != nil {
					t.Fatalf("in %s %s: %v", s, m.Kind, err)
				}
				o := d.now()
				want := m.To
				switch {
				case o.Pending != nil && (m.Kind == Clear || m.Kind == Exempt), want == "" && m.Kind != Reopen:
					want = s
				case m.Kind == Reopen && s == Cleared:
					want = Returned
				case m.Kind == Reopen:
					want = Verifying
				}
				if o.State != want {
					t.Errorf("in %s %s: got %s, want %s", s, m.Kind, o.State, want)
				}
			})
		}
	}
}

func contains(list []State, s State) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// refused fails unless an error is a sentence for people, in two languages.
func refused(t testing.TB, err error) *Refusal {
	t.Helper()
	var r *Refusal
	if !errors.As(err, &r) {
		t.Fatalf("got %v, want a refusal", err)
	}
	han := strings.ContainsFunc(r.Chinese(), func(c rune) bool { return unicode.Is(unicode.Han, c) })
	if !han || len(r.Error()) < 10 || strings.Contains(r.Error(), "%!") || strings.Contains(r.Chinese(), "%!") {
		t.Errorf("a refusal that is no sentence: %q, %q", r.Chinese(), r.Error())
	}
	return r
}

// Only who is named in the table may act.
func TestRoles(t *testing.T) {
	tests := []struct {
		name  string
		state State
		by    Person
		kind  Kind
		fill  func(*Event)
		want  string
	}{
		{"a handler sends", Confirmed, zhang, Send, due("2023-10-20"), "张明（经办）不能办理“交办”；请由签发办理"},
		{"a unit confirms", Suspected, clerk, Confirm, note(""), "赵强（单位）不能办理“认定”；请由经办或审核或签发办理"},
		{"the program clears", Rechecked, machine, Clear, note(""), "巡查系统（系统）不能办理“销号”；请由经办或审核或签发办理"},
		{"the program confirms", Suspected, machine, Confirm, note(""), "巡查系统（系统）不能办理“认定”；请由经办或审核或签发办理"},
		{"a handler reopens", Unfounded, zhang, Reopen, note("x"), "张明（经办）不能办理“恢复”；请由审核或签发办理"},
		{"a role that there is not", Suspected, Person{Name: "甲", Role: "主任"}, Confirm, note(""), "甲（主任）不能办理“认定”；请由经办或审核或签发办理"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := reach(t, veto("account:140300M019XL0001"), tt.state)
			if got := refused(t, d.try(tt.by, tt.kind, tt.fill)).Chinese(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// A city that lists its people lets nobody else act.
func TestListedPeople(t *testing.T) {
	d := newDesk(t, stale("fgw/tzgg"))
	d.policy.People = []Person{zhang, li, {Name: "张明", Role: Reviewer}}
	d.do(zhang, Verify)
	d.do(Person{Name: "张 明", Role: Reviewer}, Note, note("同一人"))
	got := refused(t, d.try(Person{Name: "李华", Role: Signer}, Confirm)).Chinese()
	if want := "人员名单中没有李华（签发）；请在配置中登记其角色，或换人办理"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSentencesSayWhatToDo(t *testing.T) {
	tests := []struct {
		name             string
		state            State
		by               Person
		kind             Kind
		fill             []func(*Event)
		chinese, english string
	}{
		{
			"clear what is being fixed", Fixing, zhang, Clear, nil,
			"该问题现为“整改中”，不能“销号”；可以：报送整改、核实不属实、报备不计",
			"it stands at 整改中 and cannot be taken to clear; what can be done: report, reject, exempt",
		},
		{
			"confirm while the unit may answer", Verifying, zhang, Confirm, nil,
			"单位可在2023-10-07前答复核实单；请等待答复，或先登记其答复",
			"the unit may answer until 2023-10-07; wait, or record its answer first",
		},
		{
			"a report that nobody signed", Sent, clerk, Report, nil,
			"整改报告须由单位主要负责人签字；请注明签字人，未签字的请退回单位",
			"a report must be signed by the head of the unit; name who signed it",
		},
		{
			"return without a day", Rechecked, zhang, Return, []func(*Event){note("仍未更新")},
			"“退回重改”须写明期限", "return needs a due day",
		},
		{
			"send with a day that is past", Confirmed, wang, Send, []func(*Event){due("2023-09-01")},
			"期限2023-09-01已过；请写明今后的日期", "the due day 2023-09-01 is past; give a later one",
		},
		{
			"reject without a word", Suspected, zhang, Reject, nil,
			"“核实不属实”须说明理由", "reject needs a note that says why",
		},
		{
			"an exemption without its filing", Suspected, zhang, Exempt, []func(*Event){until("2023-12-31"), attach(nil)},
			"报备不计须附报备材料", "an exemption needs the filing as an attachment",
		},
		{
			"an exemption for no good reason", Suspected, zhang, Exempt, []func(*Event){exempt("太忙", "2023-12-31")},
			"报备不计的原因须为改版、临时停更、无应公开内容之一", "the reason of an exemption must be one of 改版, 临时停更, 无应公开内容",
		},
		{
			"an answer to nothing", Suspected, clerk, Reply, []func(*Event){answer(Admitted)},
			"该问题现为“疑似”，不能“单位答复”；可以：核实、认定、核实不属实、报备不计",
			"it stands at 疑似 and cannot be taken to reply; what can be done: verify, confirm, reject, exempt",
		},
		{
			"a denial without proof", Verifying, clerk, Reply, []func(*Event){answer(Denied)},
			"答复不属实须附证明材料或说明", "an answer that denies it needs proof, or a note",
		},
		{
			"approve what nobody proposed", Suspected, li, Approve, nil,
			"没有待审核的事项；请先由经办人提出", "nothing waits for a second person; let somebody propose it first",
		},
		{
			"a kind that there is not", Suspected, li, "forget", nil,
			"没有“forget”这种办理；请查看可办事项", `there is no "forget"; see the list of what can be done`,
		},
		{
			"nobody", Suspected, Person{Name: " \u200b", Role: Handler}, Verify, nil,
			"没有办理人姓名；请注明是谁办理的", "no name; say who did it",
		},
		{
			"before the last entry", Suspected, zhang, Verify, []func(*Event){func(e *Event) { e.At = day("2023-09-28 08:00") }},
			"办理时间2023-09-28 08:00:00早于上一条记录的2023-09-28 10:00:00；请核对电脑时间",
			"2023-09-28 08:00:00 is before the last entry, 2023-09-28 10:00:00; check the computer's clock",
		},
		{
			"the same finding twice", Confirmed, zhang, Raise, []func(*Event){func(e *Event) { e.Facts = stale("fgw/tzgg") }},
			"该问题在2023Q3已登记，现为“认定”；请在原问题上办理", "it was raised in 2023Q3 and stands at 认定; go on with that",
		},
		{
			"a finding that is not there", Suspected, zhang, Verify, []func(*Event){func(e *Event) { e.Period = "2023Q2" }},
			"2023Q2没有编号为" + caseID(*stale("fgw/tzgg")) + "的问题；请先登记（发现）",
			"no finding " + caseID(*stale("fgw/tzgg")) + " in 2023Q2; raise it first",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := reach(t, stale("fgw/tzgg"), tt.state)
			r := refused(t, d.try(tt.by, tt.kind, tt.fill...))
			if r.Chinese() != tt.chinese || r.Error() != tt.english {
				t.Errorf("got  %s | %s\nwant %s | %s", r.Chinese(), r.Error(), tt.chinese, tt.english)
			}
		})
	}
}

// Two working days from the day before 国庆 end on the Sunday that is worked.
func TestAnswerBy(t *testing.T) {
	by, err := Policy{}.AnswerBy(workday.Mainland(), day("2023-09-28"))
	if err != nil || dayText(by) != "2023-10-08" {
		t.Errorf("got %s, %v", by, err)
	}
	by, err = Policy{AnswerDays: 5}.AnswerBy(workday.Mainland(), day("2023-09-28"))
	if err != nil || dayText(by) != "2023-10-11" {
		t.Errorf("five days: got %s, %v", by, err)
	}
	if _, err := (Policy{}).AnswerBy(workday.Mainland(), day("2031-09-28")); err == nil {
		t.Error("a year nobody announced has no working days")
	}
}

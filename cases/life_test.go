package cases

import (
	"slices"
	"strings"
	"testing"

	"xuncha/rules"
)

// A finding that people took back, or exempted, after it was confirmed counts no
// longer; one that was cleared still does, for its period.
func TestWhatCounts(t *testing.T) {
	tests := []struct {
		name string
		do   func(*desk)
		want bool
	}{
		{"suspected", func(*desk) {}, false},
		{"confirmed", func(d *desk) { d.to(Confirmed) }, true},
		{"confirmed and fixed before the notice", func(d *desk) {
			d.to(Confirmed).do(zhang, Standing, result(Passed), note("10月9日更新"))
		}, true},
		{"sent, and found to be unfounded", func(d *desk) { d.to(Sent).do(zhang, Reject, note("当日有更新")); d.do(li, Approve) }, false},
		{"sent, and about to be dropped", func(d *desk) { d.to(Sent).do(zhang, Reject, note("当日有更新")) }, true},
		{"confirmed, and exempted", func(d *desk) { d.to(Confirmed).do(zhang, Exempt, until("2023-12-31")); d.do(li, Approve) }, false},
		{"cleared", func(d *desk) { d.to(Cleared) }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, veto("a"))
			tt.do(d)
			if got := d.now().Counted(); got != tt.want {
				t.Errorf("in %s: got %v, want %v", d.now().State, got, tt.want)
			}
		})
	}
}

// What was dropped or exempt and is taken up again must be confirmed again, by
// as many; what was cleared must be reported and re-checked again.
func TestReopen(t *testing.T) {
	drop := func(d *desk) { d.to(Sent).do(zhang, Reject, note("当日有更新")); d.do(li, Approve) }
	file := func(d *desk) { d.to(Sent).do(zhang, Exempt, until("2023-12-31")); d.do(li, Approve) }
	for name, end := range map[string]func(*desk){"dropped": drop, "exempt": file} {
		d := newDesk(t, veto("a"))
		end(d)
		o := d.do(li, Reopen, note("所附材料不实"))
		if o.State != Verifying || o.Counted() || o.Settled() || !o.Due.IsZero() || !o.SentAt.IsZero() || o.Exemption != nil || o.Rejected != nil {
			t.Errorf("%s and taken up again: %s, %+v", name, o.State, o)
		}
		if d.do(zhang, Confirm).State != Verifying || d.do(li, Approve).State != Confirmed {
			t.Errorf("%s and taken up again: one person confirmed it", name)
		}
	}
	d := reach(t, veto("a"), Cleared)
	refused(t, d.try(li, Reopen, note("系旧文新发")))
	o := d.do(li, Reopen, note("系旧文新发"), due("2023-11-10"))
	if o.State != Returned || o.Cleared != nil || o.Returns != 1 || dayText(o.Due) != "2023-11-10" || !o.Counted() {
		t.Errorf("cleared and taken up again: %s, %+v", o.State, o)
	}
	refused(t, d.try(zhang, Clear))
}

func TestAnObjectionHoldsUp(t *testing.T) {
	d := reach(t, stale("a"), Confirmed)
	refused(t, d.try(li, Uphold, note("快照清楚")))
	d.do(clerk, Object, note("当日有更新"), attach(filing))
	want := "单位的异议尚未答复，不能“交办”；请先维持认定或改为核实不属实"
	if got := refused(t, d.on("2023-10-11").try(wang, Send, due("2023-10-20"))).Chinese(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	o := d.do(li, Uphold, note("快照清楚"))
	if o.Objection.Open || o.Objection.Upheld.By != li {
		t.Errorf("got %+v", o.Objection)
	}
	if d.do(wang, Send, due("2023-10-20")).State != Sent {
		t.Error("what was upheld cannot be sent down")
	}
	d.do(clerk, Object, note("另有说明"))
	if o := d.do(zhang, Reject, note("异议成立")); o.State != Unfounded || o.Objection.Open {
		t.Errorf("an objection that holds: %s, %+v", o.State, o.Objection)
	}
}

// The buttons of a screen are what the book would take.
func TestAllowed(t *testing.T) {
	tests := []struct {
		state State
		role  Role
		want  string
	}{
		{Suspected, Handler, "verify standing confirm reject exempt publish note"},
		{Confirmed, Signer, "standing send reject exempt publish note"},
		{Sent, Unit, "accept report object note"},
		{Reported, System, "recheck note"},
		{Rechecked, Reviewer, "recheck clear return reject publish note"},
		{Cleared, Reviewer, "reopen publish note"},
		{Cleared, Handler, "publish note"},
	}
	for _, tt := range tests {
		var got []string
		for _, k := range reach(t, stale("a"), tt.state).now().Allowed(tt.role) {
			got = append(got, string(k))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s as %s: got %v, want %s", tt.state, tt.role, got, tt.want)
		}
	}
	d := reach(t, veto("a"), Suspected)
	if got := d.do(zhang, Confirm).Allowed(Reviewer); !slices.Contains(got, Approve) || slices.Contains(got, Exempt) {
		t.Errorf("while a decision waits: got %v", got)
	}
}

func TestWhatIsNoFinding(t *testing.T) {
	tests := map[string]func(*Event){
		"no facts":            func(e *Event) { e.Facts = nil },
		"no subject":          func(e *Event) { e.Facts.Subject = "" },
		"no text":             func(e *Event) { e.Facts.Text = " " },
		"no point":            func(e *Event) { e.Facts.Point = day("") },
		"a hint":              func(e *Event) { e.Facts.Effect = rules.EffectHint },
		"no effect":           func(e *Event) { e.Facts.Effect = "" },
		"no source":           func(e *Event) { e.Facts.Sources = nil },
		"a source of its own": func(e *Event) { e.Facts.Sources = []string{"听说"} },
		"no publicity":        func(e *Event) { e.Facts.Publicity = "" },
		"another's number":    func(e *Event) { e.Case = "0123456789abcdef" },
		"no period":           func(e *Event) { e.Period = " " },
		"no moment":           func(e *Event) { e.At = day("") },
		"a long note":         func(e *Event) { e.Note = strings.Repeat("长", maxNote+1) },
		"a later day":         func(e *Event) { e.On = e.At.AddDate(0, 0, 1) },
		"papers in numbers":   func(e *Event) { e.Attachments = slices.Repeat(filing, maxAttachments+1) },
		"a paper, unnamed":    func(e *Event) { e.Attachments = []Attachment{{SHA256: filing[0].SHA256}} },
		"a paper, unsummed":   func(e *Event) { e.Attachments = []Attachment{{Name: "备案表.pdf", SHA256: "ab"}} },
	}
	for name, spoil := range tests {
		e := Event{Period: "2023Q3", Kind: Raise, At: day("2023-09-28"), By: zhang, Facts: stale("a")}
		e.Facts.Sources = []string{ByHand}
		b := &Book{}
		if _, err := b.Seal(Policy{}, e); err != nil {
			t.Fatal(err)
		}
		spoil(&e)
		_, err := b.Seal(Policy{}, e)
		t.Run(name, func(t *testing.T) { refused(t, err) })
	}
}

func TestExtendNeedsALaterDay(t *testing.T) {
	d := reach(t, stale("a"), Sent)
	refused(t, d.try(li, Extend, due("2023-10-20"), note("平台迁移")))
	d = newDesk(t, stale("a"))
	d.do(zhang, Verify, note("办公室自行核实"))
	refused(t, d.try(li, Extend, due("2023-10-20"), note("平台迁移")))
	d.do(zhang, Verify, due("2023-10-07"))
	if o := d.do(li, Extend, due("2023-10-10"), note("平台迁移")); dayText(o.AnswerDue) != "2023-10-10" || o.State != Verifying {
		t.Errorf("got %s in %s", o.AnswerDue, o.State)
	}
}

// The cells of a history say what happened to people who know nothing of events.
func TestHistoryOfEveryKind(t *testing.T) {
	d := newDesk(t, stale("a"))
	d.do(zhang, Verify, due("2023-10-07"))
	d.do(clerk, Reply, answer(Fixed))
	d.do(machine, Standing, result(Passed), seen(day("2023-09-28 10:30"), rules.Fresh))
	d.do(zhang, Publish, note("首次发生"), func(e *Event) { e.Publicity = Outlined })
	d.policy.Alone = true
	d.do(zhang, Exempt, exempt(Pause, "2023-12-31"))
	want := []string{
		"动态类栏目超过2周未更新，最近更新时间2023-08-23；来源：巡查", "期限：2023-10-07", "答复：已整改", "已整改；巡查：2023-09-28 10:30:00",
		"公开方式：概述不点名；首次发生", "原因：临时停更；截止：2023-12-31；网站改版；按配置由一人办理",
	}
	for i, row := range d.book.History("") {
		if row[9] != want[i] {
			t.Errorf("row %d: got %s, want %s", i, row[9], want[i])
		}
	}
}

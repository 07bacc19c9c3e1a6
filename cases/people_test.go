package cases

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xuncha/rules"
)

const accountSubject = "account:140300M019XL0001"

// A veto is confirmed by two, and by whatever role the first person comes back,
// it is the same person.
func TestAVetoTakesTwoPeople(t *testing.T) {
	d := newDesk(t, veto(accountSubject))
	o := d.do(zhang, Confirm, note("快照属实"))
	if o.State != Suspected || o.Pending == nil || o.Counted() || o.Settled() {
		t.Fatalf("after one person: %s, pending %v, counted %v", o.State, o.Pending, o.Counted())
	}
	for _, self := range []Person{{Name: "张明", Role: Reviewer}, {Name: "张　明", Role: Signer}, {Name: "张\u200b明 ", Role: Reviewer}, {Name: "张明（审核）", Role: Reviewer}, {Name: "张明 (处长)", Role: Signer}, {Name: "·张明。", Role: Signer}} {
		got := refused(t, d.try(self, Approve)).Chinese()
		if want := "“认定”由张明提出，须由另一人审核"; got != want {
			t.Errorf("%q: got %s, want %s", self.Name, got, want)
		}
	}
	refused(t, d.try(wang, Send, due("2023-10-20")))
	o = d.do(li, Approve, note("同意"))
	if o.State != Confirmed || o.Confirmed.By != zhang || *o.Confirmed.Second != li || o.Confirmed.Note != "快照属实；同意" || !o.Counted() {
		t.Errorf("after two: %s, %+v", o.State, o.Confirmed)
	}
}

// Who is given another name between the two words is still the first person.
func TestHostile_ARenamedPersonIsNoSecondOne(t *testing.T) {
	d := newDesk(t, veto(accountSubject))
	d.do(zhang, Confirm, note("快照属实"))
	d.policy.Formerly = map[string][]string{"张大明": {"章明", "张明"}}
	refused(t, d.try(Person{Name: "张大明", Role: Reviewer}, Approve))
	refused(t, d.try(Person{Name: "张 大明", Role: Signer}, Approve))
	if o := d.do(li, Approve, note("同意")); o.State != Confirmed {
		t.Errorf("after another person: %s", o.State)
	}
}

func TestWhatTakesTwoPeople(t *testing.T) {
	tests := []struct {
		name  string
		facts *Facts
		from  State
		kind  Kind
		fill  func(*Event)
		two   bool
	}{
		{"a veto is confirmed", veto("a"), Suspected, Confirm, note(""), true},
		{"another finding is confirmed", stale("a"), Suspected, Confirm, note(""), false},
		{"an exemption", stale("a"), Suspected, Exempt, until("2023-12-31"), true},
		{"a clearance", stale("a"), Rechecked, Clear, note(""), true},
		{"a suspected veto is dropped", veto("a"), Suspected, Reject, note("当日有更新"), false},
		{"a veto that two confirmed is dropped", veto("a"), Sent, Reject, note("当日有更新"), true},
		{"another confirmed finding is dropped", stale("a"), Sent, Reject, note("当日有更新"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := reach(t, tt.facts, tt.from).do(li, tt.kind, tt.fill)
			if got := o.Pending != nil && o.State == tt.from; got != tt.two {
				t.Errorf("waits for a second person: got %v, want %v", got, tt.two)
			}
			alone := reach(t, tt.facts, tt.from)
			alone.policy.Alone = true
			o = alone.do(li, tt.kind, tt.fill)
			events := alone.book.EventsOf(alone.id)
			if last := events[len(events)-1]; o.Pending != nil || o.State == tt.from || last.Alone != tt.two {
				t.Errorf("where the city says one: %s, pending %v, the event says alone: %v", o.State, o.Pending, last.Alone)
			}
		})
	}
}

// That an event claims to need no second person is the policy's to say, not its
// own.
func TestNobodyDecidesAloneByThemselves(t *testing.T) {
	d := newDesk(t, veto("a"))
	if o := d.do(zhang, Confirm, func(e *Event) { e.Alone = true }); o.State != Suspected {
		t.Errorf("got %s", o.State)
	}
}

func TestADecisionIsTakenBackOrDeclined(t *testing.T) {
	d := newDesk(t, veto("a"))
	d.do(zhang, Confirm)
	if o := d.do(zhang, Decline); o.Pending != nil || o.State != Suspected {
		t.Errorf("taken back: %s, %v", o.State, o.Pending)
	}
	d.do(zhang, Confirm)
	refused(t, d.try(li, Decline))
	if o := d.do(li, Decline, note("快照不清")); o.Pending != nil || o.State != Suspected || o.Confirmed != nil {
		t.Errorf("declined: %s, %v", o.State, o.Pending)
	}
}

// What happens between the first and the second word is not passed over.
func TestTheSecondPersonHearsTheUnit(t *testing.T) {
	d := reach(t, veto("a"), Verifying).on("2023-10-08")
	d.do(zhang, Confirm)
	d.do(clerk, Reply, answer(Denied), note("9月26日有更新"))
	refused(t, d.try(li, Approve))
	if o := d.do(li, Approve, note("所附为转发，不计")); o.State != Confirmed || !o.Answer.Late {
		t.Errorf("got %s, late %v", o.State, o.Answer.Late)
	}

	d = reach(t, stale("a"), Rechecked)
	d.do(zhang, Clear)
	d.do(clerk, Object, note("销号后另有说明"))
	refused(t, d.try(li, Approve))
	d.do(li, Uphold, note("已阅"))
	if o := d.do(li, Approve); o.State != Cleared {
		t.Errorf("got %s", o.State)
	}
}

// To ask again does not make a denial unsaid.
func TestADenialStays(t *testing.T) {
	d := reach(t, stale("a"), Verifying)
	d.do(clerk, Reply, answer(Denied), note("9月26日有更新"))
	d.do(zhang, Verify, due("2023-10-09"))
	d.on("2023-10-10")
	refused(t, d.try(zhang, Confirm))
	d.do(clerk, Reply, answer(Fixed))
	if o := d.do(zhang, Confirm); o.State != Confirmed {
		t.Errorf("got %s", o.State)
	}
}

// anyEvent draws an event. Most lead onward and have what their kind asks for,
// so that runs go deep; the others try anything.
func anyEvent(t *rapid.T, d *desk) Event {
	people := []Person{
		machine, zhang, li, wang, clerk, {Name: "张明", Role: Reviewer}, {Name: "张 明", Role: Signer}, {Name: "李华", Role: Handler},
	}
	earnest := rapid.IntRange(0, 7).Draw(t, "earnest") > 0
	d.at = d.at.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "hours")) * time.Hour)
	e := Event{
		Case: d.id, Period: d.period, At: d.at, By: rapid.SampledFrom(people).Draw(t, "by"), Note: "说明", Attachments: filing, SignedBy: "孙立",
		Answer: rapid.SampledFrom(answers).Draw(t, "answer"), Result: rapid.SampledFrom(results).Draw(t, "result"),
		Publicity: rapid.SampledFrom(publicities).Draw(t, "publicity"), Facts: veto(accountSubject),
		Exemption: &Exemption{rapid.SampledFrom(reasons).Draw(t, "reason"), d.at.AddDate(0, 0, 30)},
		Due:       d.at.AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "due")),
	}
	if rapid.Bool().Draw(t, "has a look") {
		state := rapid.SampledFrom([]rules.State{rules.Fresh, rules.Due, rules.Stale, rules.Unknown}).Draw(t, "state")
		e.Look = &Observation{At: d.at.Add(-time.Duration(rapid.IntRange(0, 60).Draw(t, "age")) * time.Hour), State: state}
	}
	if earnest {
		e.Kind, e.By = onward(t, d.now(), people)
		return e
	}
	e.Kind = rapid.SampledFrom(moves).Draw(t, "move").Kind
	e.Note = rapid.SampledFrom([]string{"说明", ""}).Draw(t, "note")
	e.SignedBy = rapid.SampledFrom([]string{"孙立", ""}).Draw(t, "signed")
	e.Attachments = rapid.SampledFrom([][]Attachment{filing, nil}).Draw(t, "attachments")
	e.Exemption.Until = d.at.AddDate(0, 0, rapid.IntRange(-1, 1).Draw(t, "until"))
	e.Due = rapid.SampledFrom([]time.Time{{}, d.at, d.at.AddDate(0, 0, -1)}).Draw(t, "bad due")
	return e
}

// onward draws a kind of event that leads on, and somebody who may.
func onward(t *rapid.T, o *Occurrence, people []Person) (Kind, Person) {
	var kinds []Kind
	for _, m := range moves {
		ends := m.To.ends() && m.Kind != Clear && rapid.IntRange(0, 15).Draw(t, "ends") > 0
		if (o.Pending != nil && m.Kind == Approve || o.Pending == nil && (m.To != "" || m.Kind == Reopen) && slices.Contains(m.From, o.State)) && !ends {
			kinds = append(kinds, m.Kind)
		}
	}
	if len(kinds) == 0 {
		return Note, zhang
	}
	k := rapid.SampledFrom(kinds).Draw(t, "kind")
	m, _ := moveOf(k)
	able := slices.DeleteFunc(slices.Clone(people), func(p Person) bool { return !slices.Contains(m.Roles, p.Role) })
	return k, rapid.SampledFrom(able).Draw(t, "able")
}

// Whatever people try, in whatever order: nothing is cleared that was not
// re-checked and passed after its last report, nothing of two people is one's,
// nobody is accused for good but by people, and the history replays to the same.
func TestNoSequenceOfCommandsCheats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDesk(t, veto(accountSubject))
		passed := false
		for range rapid.IntRange(1, 60).Draw(t, "commands") {
			e := anyEvent(t, d)
			before := *d.now()
			sealed, err := d.book.Seal(d.policy, e)
			if err != nil {
				if d.now().State != before.State || d.book.Head().Seq != len(d.book.Events()) {
					t.Fatalf("a refused %s changed the book", e.Kind)
				}
				continue
			}
			if err := d.book.Apply(sealed); err != nil {
				t.Fatal(err)
			}
			o := d.now()
			switch e.Kind {
			case Report, Return, Reopen:
				passed = false
			case Recheck:
				passed = e.Result == Passed
			}
			if o.State == Cleared && before.State != Cleared && (before.State != Rechecked || !passed) {
				t.Fatalf("cleared from %s without a re-check that passed", before.State)
			}
			inForce(t, o)
		}
		again, err := Open(d.book.Events())
		if err != nil {
			t.Fatal(err)
		}
		if !sameJSON(t, again.Export(), d.book.Export()) {
			t.Fatal("the history replays to something else")
		}
	})
}

// inForce checks that what stands was decided as it must be.
func inForce(t *rapid.T, o *Occurrence) {
	decided := map[string]*Decision{}
	if o.Counted() || o.State == Confirmed || o.State == Sent || o.State == Fixing || o.State == Reported || o.State == Rechecked {
		decided["a veto"] = o.Confirmed
	}
	if o.State == Cleared {
		decided["a clearance"] = o.Cleared
	}
	if o.State == Exempted {
		decided["an exemption"] = &o.Exemption.Decision
	}
	for what, d := range decided {
		if d == nil || d.Second == nil || d.By.same(*d.Second) || d.By.Role == System || d.Second.Role == System || d.Alone {
			t.Fatalf("%s in %s was decided by %+v", what, o.State, d)
		}
	}
}

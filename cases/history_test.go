package cases

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/rules"
)

func sameJSON(t fataler, a, b any) bool {
	t.Helper()
	x, err := json.Marshal(a)
	if err != nil {
		t.Fatalf("%v", err)
	}
	y, err := json.Marshal(b)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return bytes.Equal(x, y)
}

// aHistory is one of several cases, as it comes back from a disk.
func aHistory(t *testing.T) []Event {
	t.Helper()
	d := reach(t, stale("fgw/tzgg"), Cleared)
	other := veto(accountSubject)
	d.id = caseID(*other)
	d.do(machine, Raise, func(e *Event) { e.Facts = other })
	d.do(zhang, Confirm)
	d.do(li, Approve)
	d.period = "2023Q4"
	d.do(machine, Raise, func(e *Event) {
		later := *other
		later.Point = day("2023-12-28")
		e.Facts = &later
	})
	data, err := json.Marshal(d.book.Events())
	if err != nil {
		t.Fatal(err)
	}
	var events []Event
	if err := json.Unmarshal(data, &events); err != nil {
		t.Fatal(err)
	}
	return events
}

// Whatever is changed in a kept history is noticed, and where.
func TestAChangedHistoryIsNoticed(t *testing.T) {
	n := len(aHistory(t))
	tests := []struct {
		name   string
		tamper func([]Event) []Event
		seq    int
		want   string
	}{
		{"a word of a note", func(e []Event) []Event { e[3].Note = "改"; return e }, 4, "办理记录第4条的内容与其校验值不符，可能被改动；请用备份核对"},
		{"who approved", func(e []Event) []Event { e[n-2].By.Name = "王芳"; return e }, n - 1, "可能被改动"},
		{"the moment", func(e []Event) []Event { e[1].At = e[1].At.Add(time.Second); return e }, 2, "可能被改动"},
		{"the text of the finding", func(e []Event) []Event { e[0].Facts.Text = "无"; return e }, 1, "可能被改动"},
		{"an event is gone", func(e []Event) []Event { return append(e[:4:4], e[5:]...) }, 5, "可能有记录被删改或调换"},
		{"the first is gone", func(e []Event) []Event { return e[1:] }, 1, "可能有记录被删改或调换"},
		{"two are swapped", func(e []Event) []Event { e[2], e[3] = e[3], e[2]; return e }, 3, "可能有记录被删改或调换"},
		{"one stands twice", func(e []Event) []Event { return append(e[:3:3], e[2:]...) }, 4, "可能有记录被删改或调换"},
		{"an event is put in and sealed", func(e []Event) []Event {
			forged := Event{Case: e[0].Case, Period: "2023Q3", Kind: Clear, At: e[2].At, By: zhang, Seq: 4, OfCase: 4, Prior: e[2].Digest, PriorOfCase: e[2].Digest}
			forged.Digest, _ = forged.seal()
			return append(append(e[:3:3], forged), e[3:]...)
		}, 4, "办理记录第4条不合规定（该问题现为“核实”，不能“销号”"},
		{"one approves alone and seals it", func(e []Event) []Event {
			e = e[:n-2]
			forged := Event{Case: e[n-3].Case, Period: "2023Q3", Kind: Approve, At: e[n-3].At, By: Person{Name: "张明", Role: Reviewer}}
			b, _ := Open(e)
			b.link(&forged)
			forged.Digest, _ = forged.seal()
			return append(e, forged)
		}, n - 1, "“认定”由张明提出，须由另一人审核"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Open(tt.tamper(aHistory(t)))
			var bad *TamperError
			if !errors.As(err, &bad) || bad.Seq != tt.seq || !strings.Contains(bad.Chinese(), tt.want) {
				t.Fatalf("got %v, want event %d: %s", err, tt.seq, tt.want)
			}
		})
	}
	if _, err := Open(aHistory(t)); err != nil {
		t.Errorf("nothing was changed: %v", err)
	}
}

// That the end was cut off shows against a head that was kept elsewhere.
func TestACutHistoryIsNoticed(t *testing.T) {
	events := aHistory(t)
	whole, err := Open(events)
	if err != nil {
		t.Fatal(err)
	}
	cut, err := Open(events[:5])
	if err != nil {
		t.Fatal(err)
	}
	var bad *TamperError
	if err := cut.Continues(whole.Head()); !errors.As(err, &bad) || bad.Seq != 6 {
		t.Errorf("cut: got %v", err)
	}
	if err := whole.Continues(cut.Head()); err != nil {
		t.Errorf("a longer history continues a shorter: %v", err)
	}
	if err := whole.Continues(Head{Seq: 5, Digest: whole.Head().Digest}); !errors.As(err, &bad) || bad.Seq != 5 {
		t.Errorf("another history: got %v", err)
	}
	if err := whole.Continues(Head{}); err != nil {
		t.Errorf("of nothing: %v", err)
	}
}

func TestVerifyCase(t *testing.T) {
	whole, err := Open(aHistory(t))
	if err != nil {
		t.Fatal(err)
	}
	id := caseID(*veto(accountSubject))
	if err := VerifyCase(whole.EventsOf(id)); err != nil {
		t.Errorf("untouched: %v", err)
	}
	events := whole.EventsOf(id)
	events[1].Note = "改"
	if err := VerifyCase(events); err == nil {
		t.Error("a changed note was not noticed")
	}
	events = whole.EventsOf(id)
	if err := VerifyCase(append(events[:1:1], events[2:]...)); err == nil {
		t.Error("a missing event was not noticed")
	}
}

// The digests of old histories must stay what they are: this one is kept.
func TestTheFormOfAnEventStays(t *testing.T) {
	d := newDesk(t, stale("fgw/tzgg"))
	d.do(zhang, Verify, due("2023-10-07"), note("发核实单"))
	const want = "394e1745214d3e0ef71d9468aad785de656d0416f17d472c78adb14355637056"
	if got := d.book.Head().Digest; got != want {
		t.Errorf("the digest of a kept event has become %s: whoever changes Event keeps new fields out of old ones by omitempty", got)
	}
}

func TestExportComesBack(t *testing.T) {
	b, err := Open(aHistory(t))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(b.Export())
	if err != nil {
		t.Fatal(err)
	}
	again, err := Import(data)
	if err != nil {
		t.Fatal(err)
	}
	if !sameJSON(t, again.Export(), b.Export()) || again.Head() != b.Head() {
		t.Error("the export comes back as something else")
	}
	cut := b.Export()
	cut.Events = cut.Events[:4]
	data, _ = json.Marshal(cut)
	if _, err := Import(data); err == nil {
		t.Error("an export that was cut was read")
	}
}

func TestHistoryIsReadable(t *testing.T) {
	d := newDesk(t, veto(accountSubject))
	d.do(zhang, Confirm, note("快照属实"))
	d.do(li, Approve)
	d.on("2023-10-11").do(wang, Send, due("2023-10-20"), func(e *Event) { e.Document = "阳政办函〔2023〕1号" })
	d.on("2023-10-23").do(clerk, Report, signed("孙立"), func(e *Event) { e.On = day("2023-10-19"); e.Attachments = filing })
	want := []string{
		"发现|1周无更新；来源：巡查|疑似|",
		"认定|快照属实|疑似（认定待审核）|",
		"同意||认定|",
		"交办|文号：阳政办函〔2023〕1号；期限：2023-10-20|交办|",
		"报送整改|签字人：孙立；发生日期：2023-10-19|已报整改|备案表.pdf",
	}
	rows := d.book.History(d.id)
	if len(rows) != len(want) {
		t.Fatalf("got %d rows", len(rows))
	}
	for i, row := range rows {
		if len(row) != len(HistoryHeader()) {
			t.Fatalf("row %d has %d cells", i, len(row))
		}
		if got := strings.Join(row[8:12], "|"); got != want[i] {
			t.Errorf("row %d: got %s, want %s", i, got, want[i])
		}
	}
	if o := d.now(); o.Reports[0].Late {
		t.Error("the report came in time and was entered later")
	}
}

// Text of any bytes keeps its case and its digest through JSON.
func TestHostileText(t *testing.T) {
	f := stale("fgw/\xff\x00tzgg")
	f.Text = "=HYPERLINK(\"http://a\")\u202e\x01" + strings.Repeat("长", 10000)
	b := &Book{}
	sealed, err := b.Seal(Policy{}, Event{Period: "2023Q3", Kind: Raise, At: day("2023-09-28"), By: machine, Facts: f, Note: "\xfe"})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(sealed)
	if err != nil {
		t.Fatal(err)
	}
	var kept Event
	if err := json.Unmarshal(data, &kept); err != nil {
		t.Fatal(err)
	}
	if err := b.Apply(kept); err != nil {
		t.Error(err)
	}
	f.Text = strings.Repeat("长", maxNote+1)
	_, err = b.Seal(Policy{}, Event{Period: "2023Q4", Kind: Raise, At: day("2023-12-28"), By: machine, Facts: f})
	refused(t, err)
}

func FuzzImport(f *testing.F) {
	d := reach(f, stale("fgw/tzgg"), Returned)
	data, err := json.Marshal(d.book.Export())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"format":1,"events":[{"kind":"approve"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Import(data)
		if err != nil {
			return
		}
		if _, err := Open(b.Events()); err != nil {
			t.Errorf("what was read cannot be read again: %v", err)
		}
		for _, o := range b.In("2023Q3") {
			if o.State == Cleared && o.Confirmed == nil {
				t.Errorf("%+v", o)
			}
		}
	})
}

// The points of a case, not the order in which they were entered, say which
// period is the earlier.
func TestPeriodsStandInTheOrderOfTheirPoints(t *testing.T) {
	d := newDesk(t, stale("fgw/tzgg"))
	d.do(zhang, Confirm)
	d.period = "2023Q2"
	d.do(machine, Raise, func(e *Event) {
		earlier := *stale("fgw/tzgg")
		earlier.Point = time.Date(2023, 6, 28, 0, 0, 0, 0, extract.Beijing)
		e.Facts = &earlier
	})
	d.do(zhang, Confirm)
	if got := strings.Join(d.book.Periods(), " "); got != "2023Q2 2023Q3" {
		t.Errorf("got %s", got)
	}
	c := d.book.Case(d.id)
	if c.Repeats("2023Q2") != 0 || c.Repeats("2023Q3") != 1 || c.Repeats("2024Q1") != 0 {
		t.Errorf("got %d, %d", c.Repeats("2023Q2"), c.Repeats("2023Q3"))
	}
}

func TestOverdueFollowsFromTheDay(t *testing.T) {
	d := reach(t, stale("fgw/tzgg"), Verifying)
	for at, want := range map[string]bool{"2023-10-07 23:59": false, "2023-10-08 00:00": true} {
		if got := d.now().Overdue(day(at)); got != want {
			t.Errorf("answer due 2023-10-07, at %s: got %v", at, got)
		}
	}
	d.to(Confirmed)
	if d.now().Overdue(day("2024-01-01")) {
		t.Error("nothing is due of the unit before it was sent down")
	}
	d.to(Sent)
	if len(d.book.Overdue(day("2023-10-20 20:00"))) != 0 || len(d.book.Overdue(day("2023-10-21"))) != 1 {
		t.Error("the report was due on 2023-10-20")
	}
	d.do(zhang, Urge)
	d.do(li, Extend, due("2023-10-31"), note("平台迁移"))
	if o := d.now(); o.Overdue(day("2023-10-21")) || o.Urged != 1 {
		t.Errorf("extended to 2023-10-31: %+v", o)
	}
	d.on("2023-11-01").do(clerk, Report, signed("孙立"))
	if o := d.now(); !o.Reports[0].Late || o.Overdue(day("2023-12-01")) {
		t.Error("a report after the extended day is late, and nothing is overdue then")
	}
}

func TestPublicity(t *testing.T) {
	for text, want := range map[string]string{
		"公示附件泄露个人信息": Outlined, "存在严重表述错误": Outlined, "1周无更新": Named,
	} {
		f := veto("a")
		f.Text = text
		d := newDesk(t, f)
		if got := d.now().Publicity; got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
		d.do(li, Publish, note("办公室研究决定"), func(e *Event) { e.Publicity = Internal })
		if got := d.now().Publicity; got != Internal {
			t.Errorf("%s: a person said %s, got %s", text, Internal, got)
		}
	}
}

func TestAFactWithTwoSourcesIsOne(t *testing.T) {
	d := newDesk(t, stale("fgw/tzgg"))
	d.do(zhang, Confirm)
	o := d.do(zhang, Raise, func(e *Event) {
		f := stale("fgw/tzgg")
		f.Sources, f.Effect, f.Text = []string{BySuperior, ByCitizens}, rules.EffectVeto, "动态栏目更新不及时"
		e.Facts = f
	})
	if got := strings.Join(o.Facts.Sources, " "); got != "巡查 上级通报 网民反映" {
		t.Errorf("got %s", got)
	}
	if o.State != Confirmed || o.veto() || o.Facts.Text == "动态栏目更新不及时" {
		t.Errorf("what one person confirmed has become a veto: %+v", o.Facts)
	}
}

// What people find in a quarter may be entered after the next one was judged: it
// stays an earlier quarter's, and the later is the one that repeats.
func TestQuartersKeepTheirOrder(t *testing.T) {
	b := &Book{}
	for _, e := range []struct{ period, point string }{{"2023Q4", "2023-12-28"}, {"2023Q3", "2024-01-05"}} {
		f := stale("fgw/tzgg")
		f.Point = day(e.point)
		event := Event{Period: e.period, Kind: Raise, At: day("2024-01-06"), By: li, Facts: f}
		for _, event := range []Event{event, {Case: caseID(*f), Period: e.period, Kind: Confirm, At: day("2024-01-06"), By: li}} {
			sealed, err := b.Seal(Policy{}, event)
			if err == nil {
				err = b.Apply(sealed)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	c := b.Cases()[0]
	if got := [2]int{c.Repeats("2023Q3"), c.Repeats("2023Q4")}; got != [2]int{0, 1} {
		t.Errorf("repeats of the third and fourth quarter: got %v, want 0 and 1", got)
	}
	if got := b.Periods(); got[0] != "2023Q3" || got[1] != "2023Q4" {
		t.Errorf("periods: got %v", got)
	}
}

// What names a person's number is not told of by name, whatever was asked for.
func TestPersonalDataIsOutlined(t *testing.T) {
	for text, want := range map[string]string{
		"附件公开了王某的身份证号": Outlined, "附件有号码11010119900307001X": Outlined, "公示中有13812345678": Outlined, "列表第12345678901234条": Named, "1周无更新": Named,
	} {
		f := stale("fgw/tzgg")
		f.Text, f.Sources = text, []string{ByHand}
		b := &Book{}
		sealed, err := b.Seal(Policy{}, Event{Period: "2023Q3", Kind: Raise, At: day("2023-09-28"), By: li, Facts: f})
		if err == nil {
			err = b.Apply(sealed)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := b.In("2023Q3")[0].Publicity; got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

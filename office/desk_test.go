package office

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xuncha/cases"
	"xuncha/internal/sheet"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/rules"
	"xuncha/store"
)

// aCity has one unit with a site and a column, and one indicator that people judge.
func aCity() Setup {
	city := &inventory.City{
		Units: []inventory.Unit{{ID: "fgw", Name: "市发改委", FullName: "某市发展和改革委员会", Aliases: []string{"发改委"}}},
		Carriers: []inventory.Carrier{{
			ID: "fgw", Kind: inventory.Site, Name: "发改委网站", Unit: "fgw",
			Columns: []inventory.Column{{ID: "fgw/tzgg", Carrier: "fgw", Unit: "fgw", Name: "通知公告"}},
		}},
		Accounts: []inventory.Account{{Code: "140300M001XL0001", Unit: "fgw", Name: "某市发改", Platform: "weibo"}},
		People:   inventory.People{ReportDays: 5},
	}
	set := &rules.RuleSet{ID: "r", Digest: "d", Indicators: []rules.Indicator{
		{ID: "hand", Kind: rules.KindHand, Name: "互动回应", Text: "互动回应差", Basis: "依据", Effect: rules.EffectNotice, Publicity: cases.Named},
	}}
	return Setup{City: city, Set: set}
}

// aDesk is a desk over a new store.
func aDesk(t *testing.T) *Desk {
	t.Helper()
	st, err := store.Open(filepath.Join(t.TempDir(), "xuncha.db"), store.Options{Create: true, LockTimeout: -1, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return again(t, st)
}

// again opens the book anew.
func again(t *testing.T, st *store.Store) *Desk {
	t.Helper()
	d, err := Open(st, aCity())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var (
	wang = cases.Person{Name: "王敏", Role: cases.Handler}
	zhou = cases.Person{Name: "周涛", Role: cases.Signer}
)

// raised is a desk at which a finding was entered and filed.
func raised(t *testing.T) (*Desk, *cases.Occurrence) {
	t.Helper()
	d := aDesk(t)
	o, err := d.Raise(Seen{Subject: "fgw/tzgg", Indicator: "hand", Source: cases.ByHand}, cases.Event{Period: "2023Q3", At: day(t, "2023-10-07"), By: wang})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.File(); err != nil {
		t.Fatal(err)
	}
	return d, o
}

// A day that nobody gave follows from the calendar: two working days to answer, and
// as many as the city says to report.
func TestDaysFollowFromTheCalendar(t *testing.T) {
	d, o := raised(t)
	steps := []struct {
		deed Deed
		due  func(*cases.Occurrence) time.Time
		want string
	}{
		{Deed{Event: cases.Event{Kind: cases.Verify, At: day(t, "2023-10-07"), By: wang}}, func(o *cases.Occurrence) time.Time { return o.AnswerDue }, "2023-10-09"},
		{Deed{Event: cases.Event{Kind: cases.Confirm, At: day(t, "2023-10-10"), By: wang}}, func(o *cases.Occurrence) time.Time { return o.AnswerDue }, "2023-10-09"},
		{Deed{Event: cases.Event{Kind: cases.Send, At: day(t, "2023-10-11"), By: zhou}}, func(o *cases.Occurrence) time.Time { return o.Due }, "2023-10-18"},
	}
	for _, s := range steps {
		if err := d.Move(s.deed, []*cases.Occurrence{o}); err != nil {
			t.Fatal(err)
		}
		if o = d.Book.Occurrence(o.Case, o.Period); dayOrNone(s.due(o)) != s.want {
			t.Errorf("%s is due on %v, want %s", s.deed.Kind, s.due(o), s.want)
		}
	}
}

// What is done is kept together or not at all, and not on top of what others did
// meanwhile.
func TestFilingIsAllOrNothing(t *testing.T) {
	d, o := raised(t)
	other := again(t, d.Store)
	paper := d.Attach("证明.pdf", []byte("%PDF"))
	note := Deed{Event: cases.Event{Kind: cases.Note, At: day(t, "2023-10-08"), By: wang, Note: "一", Attachments: []cases.Attachment{paper}}}
	if err := d.Move(note, []*cases.Occurrence{o}); err != nil || len(d.Done()) != 1 {
		t.Fatal(err, d.Done())
	}
	if err := d.File(); err != nil || len(d.Done()) != 0 {
		t.Fatal(err, d.Done())
	}
	if data, err := d.Store.Body(paper.SHA256); err != nil || string(data) != "%PDF" {
		t.Errorf("the paper: %q, %v", data, err)
	}
	found, err := other.Find("fgw/tzgg", "2023q3")
	if err != nil {
		t.Fatal(err)
	}
	note.Attachments = nil
	if err := other.Move(note, []*cases.Occurrence{found}); err != nil {
		t.Fatal(err)
	}
	if err := other.File(); !errors.Is(err, store.ErrMoved) {
		t.Errorf("filed on top of another's: %v", err)
	}
	refused := again(t, d.Store)
	err = refused.Move(Deed{Event: cases.Event{Kind: cases.Clear, At: day(t, "2023-10-08"), By: wang}}, []*cases.Occurrence{found})
	if err == nil || !strings.Contains(InChinese(err), "不能“销号”") || !strings.HasPrefix(InChinese(err), "发改委网站：通知公告（") {
		t.Errorf("refused with %v", err)
	}
}

func TestSubjectsAndUnitsHaveNames(t *testing.T) {
	city := aCity().City
	for id, want := range map[string]Named{
		"fgw": {"发改委网站", "fgw"}, "fgw/tzgg": {"发改委网站：通知公告", "fgw"}, "account:140300M001XL0001": {"某市发改（微博）", "fgw"}, "unit:fgw/x": {"市发改委", "fgw"},
	} {
		if got, known := SubjectOf(city, id); !known || got != want {
			t.Errorf("%s: got %+v, %v", id, got, known)
		}
	}
	for _, id := range []string{"nowhere", "account:x", "unit:x", ""} {
		if _, known := SubjectOf(city, id); known || SubjectName(city, id) != id {
			t.Errorf("%q is known", id)
		}
	}
	for _, name := range []string{"fgw", "市发改委", "某市发展和改革委员会", "发改委"} {
		if id, err := UnitID(city, name); err != nil || id != "fgw" {
			t.Errorf("%s: %s, %v", name, id, err)
		}
	}
}

// A sheet that people filled in is entered whole, and a mistake is told with its row.
func TestFilledSheets(t *testing.T) {
	d := aDesk(t)
	list, err := Checked(d.Set, OfSites, nil)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	table := CheckListTable(d.City, Population(d.City, OfSites, day(t, "2023-09-30")), "2023Q3", list)
	enter := func(mark, period string) error {
		rows := [][]string{append([]string{}, table.Rows[0]...)}
		rows[0][1], rows[0][8] = period, mark
		var b bytes.Buffer
		if err := sheet.WriteCSV(&b, sheet.Table{Head: table.Head, Rows: rows}); err != nil {
			t.Fatal(err)
		}
		book, err := sheet.Read("检查单.csv", &b)
		if err != nil {
			t.Fatal(err)
		}
		filled, err := Filled(book, CheckColumn)
		if err != nil {
			t.Fatal(err)
		}
		e := cases.Event{Kind: cases.Raise, At: day(t, "2023-10-07"), By: wang}
		return d.Checks("检查单.csv", filled, e, d.Attach("检查单.csv", []byte("x")))
	}
	for _, tt := range []struct{ mark, period, says string }{
		{"", "2023Q3", "没有填写内容"}, {"正常", "2023Q3", "没有填写内容"}, {"也许", "2023Q3", "第2行：检查结果须为"}, {"有问题", "三季度", "第2行：检查期"},
	} {
		if err := enter(tt.mark, tt.period); err == nil || !strings.Contains(InChinese(err), tt.says) {
			t.Errorf("%q, %s: %v, want %s", tt.mark, tt.period, err, tt.says)
		}
	}
	if err := enter("有问题", "2023q3"); err != nil || len(d.Done()) != 1 || d.Done()[0].Period != "2023Q3" {
		t.Errorf("%v: %+v", err, d.Done())
	}
	if _, err := Filled(&sheet.Book{File: "x.csv"}, SlipColumn); err == nil {
		t.Error("a file without the column is read")
	}
}

// Notices that were kept come back byte by byte.
func TestKeptNoticesComeBack(t *testing.T) {
	d := aDesk(t)
	files := []report.File{{Name: "notice.html", Data: []byte("<p>通报")}, {Name: "notice.txt", Data: []byte("通报")}}
	for n := 1; n <= 2; n++ {
		k, err := Keep(d.Store, Kept{At: day(t, "2023-10-11"), By: "周涛", Period: "2023Q3", Final: n == 2}, files)
		if err != nil || k.Number != n || len(k.Files) != 2 {
			t.Fatalf("%+v, %v", k, err)
		}
	}
	all, err := KeptNotices(d.Store)
	if err != nil || len(all) != 2 || !all[1].Final || all[0].Files[1].SHA256 != all[1].Files[1].SHA256 {
		t.Errorf("%+v, %v", all, err)
	}
	if data, err := KeptFileOf(d.Store, 2, "notice.txt"); err != nil || string(data) != "通报" {
		t.Errorf("%q, %v", data, err)
	}
	for _, tt := range []struct {
		number int
		name   string
	}{{3, "notice.txt"}, {1, "../notice.txt"}, {0, ""}} {
		if _, err := KeptFileOf(d.Store, tt.number, tt.name); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%d %s: %v", tt.number, tt.name, err)
		}
	}
	err = d.Store.Shelf(shelfNotices).Update(func(tx store.ShelfTx) error {
		other := tx.Get(keyBytes + all[0].Files[0].SHA256)
		return tx.Put(keyBytes+all[0].Files[1].SHA256, other)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := KeptFileOf(d.Store, 1, "notice.txt"); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("other bytes are handed out: %v", err)
	}
}

// A point that nobody has seen is refused, and so is a store without a round.
func TestPointsAreOfRounds(t *testing.T) {
	d := aDesk(t)
	now := day(t, "2023-10-07")
	if _, err := Judge(d.Store, nil, now.AddDate(1, 0, 0), now); !errors.Is(err, ErrAhead) || !errors.As(err, new(Mistake)) || !strings.Contains(InChinese(err), "尚未到来") {
		t.Errorf("a point ahead: %v", err)
	}
	if _, err := Judge(d.Store, nil, time.Time{}, now); !errors.Is(err, ErrNoRound) {
		t.Errorf("no round: %v", err)
	}
}

// One suspicion of a judgement is entered alone and once.
func TestOneSuspicionIsEnteredAlone(t *testing.T) {
	d := aDesk(t)
	j := Judged{Setup: aCity(), Result: rules.Result{Point: day(t, "2023-09-27"), PointDay: day(t, "2023-09-27")}}
	for _, indicator := range []string{"a", "b"} {
		j.Result.Findings = append(j.Result.Findings, rules.Finding{
			ID: rules.FindingID("fgw/tzgg", indicator), Subject: "fgw/tzgg", Unit: "fgw", Indicator: indicator, Effect: rules.EffectVeto,
			Sources: []string{cases.ByPatrol}, Publicity: cases.Named, Text: "两周未更新", Basis: "依据",
		})
	}
	one, at := j.Result.Findings[1].ID, day(t, "2023-09-28")
	period := report.Period{Year: 2023, Quarter: 3}
	for range 2 {
		if err := d.Suspect(one, period, j, at); err != nil {
			t.Fatal(err)
		}
	}
	if done := d.Done(); len(done) != 1 || done[0].Case != one || done[0].Kind != cases.Raise {
		t.Errorf("done: %+v", done)
	}
	if err := d.Suspect("nothing", period, j, at); err == nil {
		t.Error("what the judgement does not find is entered")
	}
	if err := d.Suspect(j.Result.Findings[0].ID, period.Before(), j, at); err == nil {
		t.Error("it is entered in another quarter")
	}
}

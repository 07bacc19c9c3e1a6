package board

import (
	"testing"
	"time"

	"xuncha/cases"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
)

var (
	point  = time.Date(2023, 9, 27, 12, 0, 0, 0, extract.Beijing)
	zhao   = cases.Person{Name: "赵某", Role: cases.Signer}
	alone  = cases.Policy{Alone: true}
	failed = rules.Finding{
		ID: rules.FindingID("czj", "v"), Subject: "czj", Unit: "czj", Indicator: "v", Effect: rules.EffectVeto, Sources: []string{cases.ByPatrol},
		Publicity: cases.Named, Status: string(cases.Suspected), Text: "首页不更新", Basis: "两周", Preliminary: true,
	}
)

// oneSite is a board of a site that fails by one finding.
func oneSite() *Board {
	city := &inventory.City{
		Units:    []inventory.Unit{{ID: "czj", Name: "市财政局"}},
		Carriers: []inventory.Carrier{{ID: "czj", Kind: inventory.Site, Unit: "czj", Name: "市财政局网站"}},
	}
	set := &rules.RuleSet{ID: "s", Indicators: []rules.Indicator{{ID: "v", Text: "首页不更新", Effect: rules.EffectVeto}, {ID: "hand", Kind: rules.KindHand, Text: "泄露信息", Effect: rules.EffectVeto}}}
	return New(Input{City: city, Set: set, Book: &cases.Book{}, Result: rules.Result{
		Point: point, PointDay: extract.DayOf(point),
		Sites:    []rules.SiteResult{{Carrier: city.Carriers[0], Home: rules.IndicatorState{State: rules.Stale}, Verdict: rules.Fail, Reasons: []string{"首页不更新"}}},
		Findings: []rules.Finding{failed},
	}})
}

// after is a board after some things were done in its period.
func after(t *testing.T, b *Board, events ...cases.Event) *Board {
	t.Helper()
	book := &cases.Book{}
	for _, e := range append(book.Sync("2023Q3", b.Result, b.Set, point), events...) {
		if e.Period, e.At = "2023Q3", point; e.By.Name == "" {
			e.By = zhao
		}
		sealed, err := book.Seal(alone, e)
		if err == nil {
			err = book.Apply(sealed)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.WithBook(book)
}

// A verdict is what is left of it once people have decided, and says so; what nobody
// decided stays as judged.
func TestAVerdictFollowsWhatPeopleDecided(t *testing.T) {
	b := oneSite()
	byHand := func(publicity string) cases.Event {
		return cases.Event{Kind: cases.Raise, Facts: &cases.Facts{
			Subject: "czj", Unit: "czj", Indicator: "hand", Effect: rules.EffectVeto, Sources: []string{cases.ByHand}, Publicity: publicity, Text: "泄露信息", Basis: "…", AtPoint: "泄露信息", Point: point,
		}}
	}
	confirm := cases.Event{Case: failed.ID, Kind: cases.Confirm}
	reject := cases.Event{Case: failed.ID, Kind: cases.Reject, Note: "首页有更新"}
	hand := cases.Event{Case: rules.FindingID("czj", "hand"), Kind: cases.Confirm}
	for _, x := range []struct {
		name          string
		events        []cases.Event
		verdict, told rules.Verdict
		settled       cases.State
	}{
		{"nothing yet", nil, rules.Fail, rules.Fail, ""},
		{"confirmed", []cases.Event{confirm}, rules.Fail, rules.Fail, cases.Confirmed},
		{"found untrue", []cases.Event{reject}, rules.Pass, rules.Pass, cases.Unfounded},
		{"untrue, and another found by hand", []cases.Event{reject, byHand(cases.Named)}, rules.Fail, rules.Fail, ""},
		{"untrue, and another confirmed", []cases.Event{reject, byHand(cases.Named), hand}, rules.Fail, rules.Fail, cases.Confirmed},
		{"untrue, and another for the office alone", []cases.Event{reject, byHand(cases.Internal), hand}, rules.Fail, rules.Pass, cases.Confirmed},
	} {
		t.Run(x.name, func(t *testing.T) {
			b := after(t, b, x.events...)
			r, _ := b.Row("czj")
			told, _ := b.ToldRow("czj")
			if r.Verdict != x.verdict || told.Verdict != x.told || r.Settled != x.settled {
				t.Errorf("is %s, told as %s, settled %q; want %s, %s, %q", r.Verdict, told.Verdict, r.Settled, x.verdict, x.told, x.settled)
			}
			if n := b.Units[0].Failed; (n > 0) != (x.verdict == rules.Fail) {
				t.Errorf("%d of the unit's fail", n)
			}
		})
	}
	later := after(t, after(t, b, reject), confirm)
	if r, _ := later.Row("czj"); r.Verdict != rules.Fail || r.Settled != cases.Confirmed {
		t.Errorf("after another decision it is %s, %q", r.Verdict, r.Settled)
	}
	if r, _ := later.WithBook(nil).Row("czj"); r.Verdict != rules.Fail || r.Settled != "" {
		t.Errorf("without a book it is %s, %q", r.Verdict, r.Settled)
	}
}

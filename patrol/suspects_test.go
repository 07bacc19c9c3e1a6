package patrol

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xuncha/extract"
	"xuncha/rules"
	"xuncha/store"
)

// countedHistory counts the snapshots that are loaded.
type countedHistory struct {
	*memory
	loaded int
}

func (h *countedHistory) Load(sum store.Summary) (store.Snapshot, error) {
	h.loaded++
	return h.memory.Load(sum)
}

// everyKind is a rule set with an indicator of each kind that columns and sites
// are judged by.
func everyKind() *rules.RuleSet {
	set := smallSet()
	add := func(id string, kind rules.Kind, w rules.Window) {
		set.Indicators = append(set.Indicators, rules.Indicator{ID: id, Kind: kind, Effect: rules.EffectVeto, Text: id, Window: w, Confirmed: true})
	}
	add("home", rules.KindHome, rules.Window{Days: 14})
	add("blank", rules.KindBlank, rules.Window{})
	add("year", rules.KindYear, rules.Window{})
	add("count", rules.KindCount, rules.Window{})
	last := &set.Indicators[len(set.Indicators)-1]
	last.Of, last.AtLeast = []string{"dynamic", "blank", "year"}, 2
	return set
}

// drawReading invents what a look may have seen.
func drawReading(t *rapid.T, at time.Time) extract.Reading {
	day := func(name string) extract.Date {
		return extract.Date{Time: extract.DayOf(at).AddDate(0, 0, -rapid.IntRange(-3, 400).Draw(t, name))}
	}
	r := extract.Reading{
		Outcome:  rapid.SampledFrom([]extract.Outcome{extract.Dated, extract.Empty, extract.Unread, extract.Article}).Draw(t, "outcome"),
		Complete: rapid.Bool().Draw(t, "complete"), Older: rapid.Bool().Draw(t, "older"), AtLeast: rapid.Bool().Draw(t, "at least"),
	}
	if r.Outcome == extract.Unread {
		r.Reason = rapid.SampledFrom([]extract.Reason{extract.ReasonDown, extract.ReasonUndated, extract.ReasonPartial}).Draw(t, "reason")
	}
	if r.Outcome == extract.Empty || r.Reason == extract.ReasonDown {
		return r
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "items") {
		item := extract.Item{Title: fmt.Sprint("标题", i)}
		if rapid.IntRange(0, 4).Draw(t, "undated") > 0 {
			item.Date = day("date")
		}
		r.Items = append(r.Items, item)
		if item.Date.Time.After(r.Newest.Time) {
			r.Newest, r.NewestItem = item.Date, i
		}
	}
	if r.Newest.IsZero() && r.Outcome == extract.Dated {
		r.Outcome, r.Reason = extract.Unread, extract.ReasonUndated
	}
	return r
}

// Whatever the looks, exactly those are accused whom whole snapshots accuse.
func TestSummariesAccuseWhomSnapshotsAccuse(t *testing.T) {
	city, set := smallCity(), everyKind()
	rapid.Check(t, func(t *rapid.T) {
		k := &countedHistory{memory: &memory{}}
		for _, s := range city.Subjects(night.Now()) {
			for i := range rapid.IntRange(0, 3).Draw(t, "looks") {
				at := night.Now().Add(-time.Duration(rapid.IntRange(0, 96).Draw(t, "hours")) * time.Hour)
				k.snaps = append(k.snaps, store.Snapshot{Subject: s.ID, Round: fmt.Sprint(i), At: at, Look: 1, Reading: drawReading(t, at)})
			}
		}
		slices.SortStableFunc(k.snaps, func(a, b store.Snapshot) int { return a.At.Compare(b.At) })
		result, err := Judge(k.memory, city, set, nil, night.Now())
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]bool{}
		for _, f := range result.Findings {
			want[f.Subject] = true
		}
		got, err := accused(k, city, set, night.Now())
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("got %v, %v; want %v", got, err, want)
		}
	})
}

// Of a city in order no snapshot is loaded.
func TestFreshColumnsAreJudgedByTheirSummaries(t *testing.T) {
	c, k := newCity(), &countedHistory{memory: &memory{}}
	c.newest = map[string]string{"fgw": "2023-09-26", "fgw/a": "2023-09-25", "fgw/b": "2023-09-25", "fgw/c": "2023-09-25"}
	cfg := config(c, k.memory)
	cfg.Keeper = k
	if _, err := Run(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if k.loaded != 0 {
		t.Errorf("%d snapshots were loaded", k.loaded)
	}
	c, k = newCity(), &countedHistory{memory: &memory{}}
	cfg = config(c, k.memory)
	cfg.Keeper = k
	if _, err := Run(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if k.loaded != 1 || c.visits["fgw/b"] != 2 {
		t.Errorf("%d snapshots were loaded and the stale column visited %d times, want 1 and 2", k.loaded, c.visits["fgw/b"])
	}
}

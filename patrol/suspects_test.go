package patrol

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xuncha/extract"
	"xuncha/inventory"
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

// drawRules invents a rule set with indicators of the kinds that columns and
// sites are judged by.
func drawRules(t *rapid.T) *rules.RuleSet {
	set := smallSet()
	set.Indicators = nil
	var of []string
	add := func(id string, kind rules.Kind, days int) {
		if !rapid.Bool().Draw(t, id) {
			return
		}
		if kind != rules.KindHome && kind != rules.KindCount {
			of = append(of, id)
		}
		set.Indicators = append(set.Indicators, rules.Indicator{
			ID: id, Kind: kind, Effect: rules.EffectVeto, Text: id, Window: rules.Window{Days: days}, Confirmed: true, Of: of, AtLeast: 2,
		})
	}
	add("dynamic", rules.KindColumn, 14)
	add("blank", rules.KindBlank, 0)
	add("year", rules.KindYear, 0)
	add("home", rules.KindHome, 14)
	add("count", rules.KindCount, 0)
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
	city := smallCity()
	rapid.Check(t, func(t *rapid.T) {
		k := &countedHistory{memory: &memory{}}
		set := drawRules(t)
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

// A row without a date, which no summary shows, keeps a list from being counted.
func TestWholeSnapshotsDecideWhatSummariesAccuse(t *testing.T) {
	set := smallSet()
	set.Indicators[0].Kind = rules.KindYear
	for _, dated := range []bool{true, false} {
		old := extract.Date{Time: time.Date(2022, 8, 1, 0, 0, 0, 0, extract.Beijing)}
		r := extract.Reading{Outcome: extract.Dated, Complete: true, Newest: old, Items: []extract.Item{{Title: "一", Date: old}, {Title: "二"}}}
		if dated {
			r.Items[1].Date = old
		}
		k := &memory{snaps: []store.Snapshot{{Subject: "fgw/a", Round: "r", At: night.Now(), Look: 1, Reading: r}}}
		got, err := accused(k, smallCity(), set, night.Now())
		if err != nil || got["fgw/a"] != dated {
			t.Errorf("every row dated %t: got %v, %v", dated, got, err)
		}
	}
}

// Hints on accounts send nobody to a platform again; what may accuse does.
func TestHintsOnAccountsAreNotLookedAtAgain(t *testing.T) {
	posts := func(id string, effect rules.Effect, days int) rules.Indicator {
		return rules.Indicator{ID: id, Kind: rules.KindPosts, Effect: effect, Text: id, Window: rules.Window{Days: days}, Confirmed: true}
	}
	single := rules.Indicator{ID: "single", Kind: rules.KindSingle, Effect: rules.EffectHint, Text: "多个账号", Confirmed: true}
	set := smallSet()
	set.Indicators = []rules.Indicator{posts("stale", rules.EffectVeto, 14), posts("quiet", rules.EffectHint, 7), single}
	city := smallCity()
	for i, code := range []string{"140300M010XL0001", "140300M010XL0002"} {
		address := fmt.Sprintf("https://weibo.example/u/%d", i)
		city.Accounts = append(city.Accounts, inventory.Account{
			Code: code, Platform: inventory.Weibo, Name: code, Unit: "fgw",
			Sources: []extract.PostSource{{Kind: extract.FromPlatform, URL: address, Whole: extract.WholeNewest}},
		})
	}
	k := &memory{}
	for i, days := range []int{9, 20} { // a hint of one account, a veto of the other
		newest := extract.Date{Time: extract.DayOf(night.Now()).AddDate(0, 0, -days)}
		k.snaps = append(k.snaps, store.Snapshot{
			Subject: city.Accounts[i].ID(), Round: "r", At: night.Now(), Look: 1,
			Reading: extract.Reading{Outcome: extract.Dated, Newest: newest, Items: []extract.Item{{Title: "一", Date: newest}}},
		})
	}
	got, err := accused(k, city, set, night.Now())
	if want := map[string]bool{city.Accounts[1].ID(): true}; err != nil || !maps.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
}

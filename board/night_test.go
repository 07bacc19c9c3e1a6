package board

import (
	"path/filepath"
	"testing"
	"time"
	"unsafe"

	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

func TestNightsComeBackAsTheyWere(t *testing.T) {
	st, err := store.Open(filepath.Join(t.TempDir(), "xuncha.db"), store.Options{Create: true, NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	day := time.Date(2023, 8, 23, 0, 0, 0, 0, extract.Beijing)
	res := rules.Result{
		Columns: []rules.ColumnResult{
			{Column: inventory.Column{ID: "xxgk/czj"}, State: rules.Stale, Newest: extract.Date{Time: day.Add(15 * time.Hour), Minute: true}},
			{Column: inventory.Column{ID: "fgw/tzgg"}, State: rules.Unknown, Reason: extract.ReasonDown},
		},
		Accounts: []rules.AccountResult{{Account: inventory.Account{Code: "140300M019XL0001"}, State: rules.Fresh}},
	}
	shelf := st.Shelf(ShelfNights)
	// The round begins before midnight and ends after it.
	start := time.Date(2023, 9, 26, 23, 30, 0, 0, extract.Beijing)
	for i := range 3 {
		at := start.AddDate(0, 0, i)
		round := store.Round{ID: at.Format("20060102-1504"), Started: at, Finished: at.Add(time.Hour), Planned: []string{"a", "b", "c"}, Read: 2, Failed: 1}
		if err := Keep(shelf, NightOf(round, res)); err != nil {
			t.Fatal(err)
		}
	}
	nights, err := Nights(shelf, start.AddDate(0, 0, 1))
	if err != nil || len(nights) != 2 {
		t.Fatalf("%d nights, %v; want the last two", len(nights), err)
	}
	n := nights[0]
	if !n.Day().Equal(time.Date(2023, 9, 27, 0, 0, 0, 0, extract.Beijing)) || n.Planned != 3 || n.Read != 2 || n.Failed != 1 {
		t.Errorf("the night is %v with %d, %d, %d", n.Day(), n.Planned, n.Read, n.Failed)
	}
	for id, want := range map[string]Cell{
		"xxgk/czj":                 {State: rules.Stale, Newest: day},
		"fgw/tzgg":                 {State: rules.Unknown, Reason: extract.ReasonDown},
		"account:140300M019XL0001": {State: rules.Fresh},
		"nobody":                   {},
	} {
		if got := n.Cell(id); got.State != want.State || got.Reason != want.Reason || !got.Newest.Equal(want.Newest) {
			t.Errorf("%s is %v, want %v", id, got, want)
		}
	}
	if c := n.Count(func(id string) bool { return id != "fgw/tzgg" }); c[rules.Stale] != 1 || c[rules.Fresh] != 1 || c[rules.Unknown] != 0 {
		t.Errorf("counted %v", c)
	}
}

func FuzzParseNight(f *testing.F) {
	f.Add([]byte(`{"subjects":["a"],"states":"f","newest":[19000]}`))
	f.Add([]byte(`{"subjects":["b","a"],"states":"fx","newest":[1]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if n, err := parseNight(data); err == nil && len(n.cells) != len(n.subjects) {
			t.Error("a night has as many cells as subjects")
		}
	})
}

// Whoever asks for a round ten times a day has thirty nights before them all the
// same.
func TestRecentNightsAreOneADay(t *testing.T) {
	first := time.Date(2023, 9, 1, 1, 30, 0, 0, extract.Beijing)
	var nights []Night
	for day := range 20 {
		nights = append(nights, Night{Round: "night", Started: first.AddDate(0, 0, day)})
	}
	for hour := range 10 {
		nights = append(nights, Night{Round: "again", Started: first.AddDate(0, 0, 19).Add(time.Duration(8+hour) * time.Hour)})
	}
	b := New(Input{Nights: nights})
	recent := b.Recent(5)
	if len(b.Nights) != 30 || len(recent) != 5 || recent[4].Round != "again" || recent[3].Round != "night" || !recent[0].Day().Equal(extract.DayOf(first.AddDate(0, 0, 15))) {
		t.Errorf("recent nights are %v", recent)
	}
	if len(b.Strip("x", 30)) != 20 || New(Input{}).Recent(3) != nil && len(New(Input{}).Recent(3)) != 0 {
		t.Error("there are more nights than days")
	}
}

// A year of nights is held in memory: a subject of one is eight bytes.
func TestANightIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(packed{}); size > 8 {
		t.Errorf("a subject of a night takes %d bytes", size)
	}
}

package cases

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"xuncha/rules"
)

func TestDraw(t *testing.T) {
	population := []string{"fgw", "gaj", "czj", "zjj", "sjj", "tyj", "xfj", "sfj", "wjw", "jyj"}
	d, err := DrawFrom(population, 0.3, "2023Q3")
	if err != nil {
		t.Fatal(err)
	}
	// printf "2023Q3\nsjj" | sha256sum gives 29235962…, the least of all.
	const want = "fgw gaj sjj"
	if got := strings.Join(d.Drawn(), " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	slices.Reverse(population)
	again, _ := DrawFrom(append(population, "fgw"), 0.3, "2023Q3")
	if again.Log() != d.Log() {
		t.Error("the order of the population, or one that stands in it twice, changes the draw")
	}
	if !strings.Contains(d.Log(), "抽取：3\n") || strings.Count(d.Log(), "抽中") != 3 {
		t.Errorf("the log:\n%s", d.Log())
	}
}

func TestDrawIsRefused(t *testing.T) {
	for _, share := range []float64{0, -1, 1.5} {
		if _, err := DrawFrom([]string{"a"}, share, "x"); err == nil {
			t.Errorf("share %v was taken", share)
		}
	}
	if _, err := DrawFrom([]string{"a"}, 0.5, " "); err == nil {
		t.Error("a draw without a seed cannot be repeated")
	}
}

// A share is rounded up, and whoever joins the population moves nobody else.
func TestDrawKeepsItsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		population := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,6}`), 1, 60, rapid.ID[string]).Draw(t, "population")
		percent := rapid.IntRange(1, 100).Draw(t, "percent")
		d, err := DrawFrom(population, float64(percent)/100, "seed")
		if err != nil {
			t.Fatal(err)
		}
		if n, want := len(d.Drawn()), (len(population)*percent+99)/100; n != want {
			t.Fatalf("%d%% of %d: got %d, want %d", percent, len(population), n, want)
		}
		more, _ := DrawFrom(append(slices.Clone(population), "newcomer"), float64(percent)/100, "seed")
		order := func(d Draw) (names []string) {
			for _, e := range d.Entries {
				if e.Subject != "newcomer" {
					names = append(names, e.Subject)
				}
			}
			return names
		}
		if !slices.Equal(order(d), order(more)) {
			t.Fatal("a newcomer moves others")
		}
	})
}

func TestCheckList(t *testing.T) {
	set := aSet()
	list := NewCheckList("wjw", "wjw", "2023Q3", set.Indicators)
	if len(list.Items) != len(set.Indicators)-1 {
		t.Errorf("%d items: an indicator that hints is nothing to check", len(list.Items))
	}
	refused(t, list.Mark("t.privacy", "大概", ""))
	refused(t, list.Mark("t.gone", Fine, ""))
	for id, mark := range map[string]Mark{"t.privacy": Problem, "t.home": Fine, "t.count": Unsure} {
		if err := list.Mark(id, mark, ""); err != nil {
			t.Fatal(err)
		}
	}
	events := list.Findings(zhang, day("2023-09-28"))
	if len(events) != 1 {
		t.Fatalf("%d findings, want 1", len(events))
	}
	b := &Book{}
	sealed, err := b.Seal(Policy{}, events[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Apply(sealed); err != nil {
		t.Fatal(err)
	}
	o := b.In("2023Q3")[0]
	if o.Case != rules.FindingID("wjw", "t.privacy") || o.Publicity != Outlined || o.Facts.Text != "公示附件泄露个人信息" || o.Facts.Sources[0] != ByHand {
		t.Errorf("got %+v", o)
	}
}

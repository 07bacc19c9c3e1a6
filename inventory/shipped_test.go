package inventory_test

import (
	"io/fs"
	"testing"

	"xuncha/configs"
	"xuncha/inventory"
)

// shipped reads a city the program is shipped with.
func shipped(t *testing.T, name string) *inventory.City {
	t.Helper()
	dir, err := fs.Sub(configs.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	files, err := inventory.ReadFiles(dir, configs.FS)
	if err != nil {
		t.Fatal(err)
	}
	city, err := inventory.Parse(files)
	if err != nil {
		t.Fatalf("%s:\n%v", name, err)
	}
	return city
}

func TestDemoIsTheWholeCity(t *testing.T) {
	city := shipped(t, "demo")
	if n := len(city.Sites()); n != 33 {
		t.Errorf("%d sites, want 33", n)
	}
	if n := len(city.Accounts); n != 91 {
		t.Errorf("%d accounts, want 91", n)
	}
	columns, toVeto := 0, 0
	for _, c := range city.Carriers {
		for _, col := range c.Columns {
			columns++
			if c.Kind != inventory.Site && col.CountsTo != "" {
				toVeto++
			}
		}
	}
	if columns < 600 {
		t.Errorf("%d columns, want at least 600", columns)
	}
	if toVeto > 0 {
		t.Errorf("%d unit directories count to a site's veto, want none", toVeto)
	}
	if !city.Simulated {
		t.Error("demo does not say that it is simulated")
	}
}

// What nobody could confirm is listed, and nothing of it is an address.
func TestYangquanHoldsOnlyWhatIsKnown(t *testing.T) {
	city := shipped(t, "yangquan")
	if len(city.Unconfirmed) == 0 {
		t.Error("nothing is unconfirmed, which cannot be true")
	}
	if city.Simulated {
		t.Error("the real city says that it is simulated")
	}
	for _, c := range city.Carriers {
		if c.Code != "" {
			t.Errorf("%s has the code %s, which nobody published", c.ID, c.Code)
		}
		for _, col := range c.Columns {
			if len(col.URLs) > 0 {
				t.Errorf("%s has an address, which nobody published", col.ID)
			}
		}
	}
}

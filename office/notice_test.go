package office

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"xuncha/configs"
	"xuncha/extract"
	"xuncha/internal/workday"
	"xuncha/inventory"
)

// day is a day of the tests.
func day(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateOnly, text, extract.Beijing)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// What a template makes due on a holiday is due on the next day that is worked.
func TestNothingIsDueOnAHoliday(t *testing.T) {
	for given, want := range map[string]string{
		"2023-10-20": "2023-10-20", "2023-10-06": "2023-10-07", "2023-10-21": "2023-10-23", "2026-02-20": "2026-02-24", "2023-12-31": "2024-01-02", "2031-10-04": "2031-10-04",
	} {
		if got := dayOrNone(worked(workday.Mainland(), day(t, given))); got != want {
			t.Errorf("%s: got %s, want %s", given, got, want)
		}
	}
}

// What a notice may be worded by are the city's own templates and those that are built
// in, and no papers; the one that the city names comes first.
func TestWordings(t *testing.T) {
	own := fstest.MapFS{
		"templates/own.yaml":    {Data: []byte("name: 本市的写法\ntitle: [甲]\n")},
		"templates/broken.yaml": {Data: []byte("name: 甲\n")},
		"templates/slip.yaml":   {Data: []byte("name: 单\npaper: order\ntitle: [甲]\n")},
	}
	city := &inventory.City{}
	city.Report.Template = "county"
	got, err := Setup{City: city, Folders: []fs.FS{own, configs.FS}}.Wordings()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, w := range got {
		ids = append(ids, w.ID)
		if w.ID == "own" && w.Name != "本市的写法" {
			t.Errorf("own is called %q", w.Name)
		}
	}
	if want := []string{"county", "own", "province", "yangquan"}; !slices.Equal(ids, want) {
		t.Errorf("got %q, want %q", ids, want)
	}
}

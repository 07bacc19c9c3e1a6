package inventory_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/internal/workday"
	"xuncha/inventory"
)

// A city that writes the next year down counts by it, and one that does not is
// told which file lacks it; what a round has kept counts as it did.
func TestACityAddsTheNextYear(t *testing.T) {
	files := overlay(t, "testdata/bad/calendar")
	delete(files, "calendar.txt")
	day := time.Date(2027, 2, 4, 0, 0, 0, 0, extract.Beijing)
	city, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := city.Workdays().Add(day, 2); err == nil || !strings.Contains(err.Error(), workday.File) {
		t.Errorf("got %v, want an error that names %s", err, workday.File)
	}
	manual, err := os.ReadFile("../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?s)```text\n(2027 .*?)```").FindSubmatch(manual)
	files["calendar.txt"] = text("\ufeff" + strings.ReplaceAll(string(example[1]), "\n", "\r\n"))
	if city, err = load(files); err != nil {
		t.Fatal(err)
	}
	if city, err = inventory.Parse(city.Files); err != nil {
		t.Fatal(err)
	}
	due, err := city.Workdays().Add(day, 2)
	if got := due.Format(time.DateOnly); err != nil || got != "2027-02-14" {
		t.Errorf("two working days after 2027-02-04: got %s, %v", got, err)
	}
	if due, err = city.Workdays().Add(time.Date(2023, 9, 28, 0, 0, 0, 0, extract.Beijing), 2); err != nil || due.Day() != 8 {
		t.Errorf("the years of the program are lost: got %s, %v", due, err)
	}
}

// A calendar under another name would be lost.
func TestAMisspeltCalendarIsAMistake(t *testing.T) {
	for _, name := range []string{"Calendar.txt", "calender.txt", "calendar.yaml"} {
		files := overlay(t, "testdata/bad/calendar")
		delete(files, "calendar.txt")
		files[name] = text("2027 x\n")
		if _, err := inventory.ReadFiles(files, nil); err == nil || !strings.Contains(err.Error(), "did you mean calendar.txt?") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

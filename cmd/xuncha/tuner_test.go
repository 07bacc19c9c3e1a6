//go:build !race

package main

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/internal/simcity"
	"xuncha/inventory"
	"xuncha/workshop"
)

// clicksBesides are the one that opens the tuner, the one that saves, and the one
// that lets the samples of the old page go.
const clicksBesides = 3

// Whatever a site is redesigned as, an operator mends a column of it in at most
// five clicks, and types nothing: one or two of them are on the page, the others
// open the tuner, save, and let the samples of the old page go.
func TestARedesignIsMendedInFiveClicks(t *testing.T) {
	redesigns := []string{
		"markup, as: cards", "markup, as: table", "markup, as: dl", "markup, as: split", "markup, as: summary", "markup, as: plain", "markup, as: titled",
		"cms, as: trs-old", "cms, as: ucap", "cms, as: vsb", "cms, as: nfcms", "cms, as: epoint", "cms, as: dedecms", "cms, as: aspx",
	}
	for _, as := range redesigns {
		t.Run(as, func(t *testing.T) {
			folder := cityFolder(t)
			xuncha(t, 0, simulated(folder, "try", "fgw/tzgg", "--keep-sample")...)
			before := seenIn(t, folder, "")
			now := seenIn(t, folder, "events:\n  - {from: 2023-09-20, hosts: [fgw.yq.gov.cn], redesign: "+as+"}\n")
			clicks := clicksBesides + mend(t, folder, before, now)
			if clicks > 5 {
				t.Errorf("%d clicks", clicks)
			}
			after := seenIn(t, folder, "events:\n  - {from: 2023-09-20, hosts: [fgw.yq.gov.cn], redesign: "+as+"}\n")
			if r := after.Reading; r.Outcome != extract.Dated || r.AtLeast || !r.Newest.Day().Equal(before.Reading.Newest.Day()) || r.Method != "recipe" {
				t.Errorf("mended, it reads %s %s by %s, newest %s; want %s", r.Outcome, r.Detail, r.Method, r.Newest.Time, before.Reading.Newest.Time)
			}
			xuncha(t, 0, "config", "check", "--config", folder)
		})
	}
}

// seenIn is what a visit sees of 发改委's notices, with something happening.
func seenIn(t *testing.T, folder, events string) workshop.Seen {
	t.Helper()
	s, err := loadSetup(folder)
	if err != nil {
		t.Fatal(err)
	}
	facts, err := readFacts(s, "")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2023, 9, 27, 12, 0, 0, 0, extract.Beijing)
	city, err := simcity.New(s.city, facts, simcity.Options{At: at, Events: []byte(events)})
	if err != nil {
		t.Fatal(err)
	}
	defer city.Close()
	a := &app{log: slog.New(slog.DiscardHandler), lang: "en"}
	visitor, hangUp, err := a.newCrawler(s.city, network{clock: stopped(at), dial: city, ca: city.CA(), simulated: true}, forgetful{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer hangUp()
	subject, _ := s.bench().Subject("fgw/tzgg", at)
	v, err := visit(t.Context(), visitor, subject)
	if err != nil {
		t.Fatal(err)
	}
	return seenBy(v)
}

// mend points at items on the page until the recipe reads what the column showed
// before, saves it, and returns how often it pointed.
func mend(t *testing.T, folder string, before, now workshop.Seen) (clicks int) {
	t.Helper()
	s, err := loadSetup(folder)
	if err != nil {
		t.Fatal(err)
	}
	bench := s.bench()
	subject, _ := bench.Subject("fgw/tzgg", now.At)
	base, err := bench.City.Inherited(subject.ID)
	if err != nil {
		t.Fatal(err)
	}
	page := now.Pages[0]
	var at extract.Pointing
	places := extract.Locate(page, before.Reading) // where a person sees the items they know
	row := -1
	for i, p := range places {
		if p.Row != 0 {
			row = i
			break
		}
	}
	if row < 0 {
		t.Fatal("the items are not on the page")
	}
	at.Rows = []int{places[row].Title}
	for clicks = 1; ; clicks++ {
		made, err := extract.Point(subject.Task, page, at, base)
		if err == nil {
			var r extract.Reading
			if r, _, err = bench.Try(subject, made.Recipe, now.Pages); err == nil && r.Conclusive() && r.Newest.Day().Equal(before.Reading.Newest.Day()) {
				save(t, bench, made.Recipe, now)
				return clicks
			}
			err = fmt.Errorf("%+v reads %s %s, newest %s", made.Recipe, r.Outcome, r.Detail, r.Newest.Time.Format(time.DateOnly))
		}
		if at.Date != 0 || places[row].Date == 0 {
			t.Fatalf("after %d clicks: %v", clicks, err)
		}
		at.Date = places[row].Date
	}
}

// save writes a recipe as the console does.
func save(t *testing.T, bench *workshop.Bench, r extract.Recipe, seen workshop.Seen) {
	t.Helper()
	d, err := bench.Draft(r, "fgw/tzgg")
	if err != nil {
		t.Fatal(err)
	}
	subject, _ := d.Subject("fgw/tzgg", seen.At)
	var wants []extract.Want
	if seen.Reading, wants = extract.Read(subject.Task, seen.Pages); len(wants) > 0 {
		t.Fatalf("it wants %v", wants)
	}
	own, others, err := d.Obsolete()
	if err != nil || len(others) > 0 {
		t.Fatalf("samples of others: %v, %v", others, err)
	}
	var gone []inventory.Sample
	for _, r := range own {
		gone = append(gone, r.Sample)
	}
	samples, err := bench.Capture(subject, "", seen, gone)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Write(gone, samples); err != nil {
		t.Fatal(err)
	}
}

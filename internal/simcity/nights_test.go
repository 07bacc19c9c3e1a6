package simcity

import (
	"strings"
	"testing"
	"time"

	"xuncha/inventory"
)

// TestNearbyClocksShowTheSamePages proves that a second look an hour later
// finds the bytes of the first, but for what was published between.
func TestNearbyClocksShowTheSamePages(t *testing.T) {
	city, facts := demo(t)
	now := time.Date(2023, 9, 27, 1, 30, 0, 0, beijing)
	hc := client(t, start(t, city, facts, Options{Now: func() time.Time { return now }}))
	var urls, before []string
	for _, c := range city.Carriers {
		for _, col := range c.Columns {
			if c.ID != "zt" && len(urls) < 120 {
				urls = append(urls, col.URLs[0])
				before = append(before, get(t, hc, col.URLs[0]).body)
			}
		}
	}
	changed := func() (n int) {
		for i, u := range urls {
			if get(t, hc, u).body != before[i] {
				n++
			}
		}
		return n
	}
	now = now.Add(time.Hour)
	if n := changed(); n != 0 {
		t.Errorf("an hour later, before office hours: %d of %d pages changed, want none", n, len(urls))
	}
	now = now.Add(23 * time.Hour)
	if n := changed(); n == 0 || n > len(urls)*3/4 {
		t.Errorf("a day later: %d of %d pages changed, want some and not most", n, len(urls))
	}
}

// TestArticlesStay proves that an item keeps its address, title and text.
func TestArticlesStay(t *testing.T) {
	now := point
	hc := client(t, start(t, town(), townFacts, Options{Now: func() time.Time { return now }}))
	for _, s := range skins()[:8] {
		now = point
		p := profileOf(t, s.name)
		u := "http://" + s.name + ".test.gov.cn" + s.first("/dt/")
		link := read(t, document(t, get(t, hc, u)), u, p.List.List, p.List.Item, p.List.Date)[1].link
		text := func() string { return document(t, get(t, hc, link)).Find(".main").Text() }
		first := text()
		now = now.AddDate(1, 2, 3)
		if second := text(); first == "" || second != first {
			t.Errorf("%s: a year later the article reads otherwise", link)
		}
		now = point.AddDate(0, 0, -30)
		if got := get(t, hc, link).status; got != 404 {
			t.Errorf("%s: status %d before it was published, want 404", link, got)
		}
	}
}

func TestTitlesAreWhole(t *testing.T) {
	w := writer{unit: "市财政局", city: "阳泉市"}
	for _, class := range inventory.Classes() {
		distinct := map[string]bool{}
		for n := range uint64(200) {
			title := w.title(class, mix(n), dayOf(point))
			if strings.ContainsAny(title, "{}<>&\"") || len([]rune(title)) < 6 {
				t.Errorf("%s: title %q", class, title)
			}
			distinct[title] = true
		}
		if len(distinct) < 40 {
			t.Errorf("%s: %d titles in 200, want more", class, len(distinct))
		}
	}
}

func TestSeedVariesWhatFactsLeaveOpen(t *testing.T) {
	u := "http://trs.test.gov.cn/tzgg/"
	a := client(t, start(t, town(), townFacts, Options{Seed: 1}))
	b := client(t, start(t, town(), townFacts, Options{Seed: 2}))
	if get(t, a, u).body == get(t, b, u).body {
		t.Error("two seeds give the same page")
	}
	rows := read(t, document(t, get(t, b, u)), u, "ul.list", "li", "em, span")
	if newest(rows) != "2022-08-29" {
		t.Errorf("another seed: newest %s, want what the facts say", newest(rows))
	}
}

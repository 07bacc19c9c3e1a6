package simcity

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// profilesOf reads the profiles of configs/cms.
func profilesOf(t *testing.T) map[string]inventory.Profile {
	t.Helper()
	entries, err := os.ReadDir("../../configs/cms")
	if err != nil {
		t.Fatal(err)
	}
	var files []inventory.File
	for _, e := range entries {
		if e.IsDir() {
			continue // samples
		}
		data, err := os.ReadFile("../../configs/cms/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, inventory.File{Name: "cms/" + e.Name(), Data: data})
	}
	all, err := inventory.Profiles(files)
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]inventory.Profile{}
	for _, p := range all {
		byID[p.ID] = p
	}
	return byID
}

// readBy asks the city for what the reader wants until it has a reading.
func readBy(t *testing.T, hc *http.Client, task extract.Task) (extract.Reading, []extract.Page) {
	t.Helper()
	var pages []extract.Page
	for range extract.MaxPages + 1 {
		got, wants := extract.Read(task, pages)
		if len(wants) == 0 {
			return got, pages
		}
		for _, w := range wants {
			p := extract.Page{Asked: w.URL, URL: w.URL, Why: w.Why, FetchedAt: point}
			if w.Render {
				p.Class = extract.ClassNoBrowser
			} else {
				a := get(t, hc, w.URL)
				p.Status, p.Body, p.Header = a.status, []byte(a.body), a.header
			}
			pages = append(pages, p)
		}
	}
	t.Fatalf("%v: no end of wants", task.URLs)
	return extract.Reading{}, nil
}

// newFamilies are those whose lists the profiles of the same name read; form is
// the form of the list among the profile's.
var newFamilies = []struct {
	skin    *skin
	profile string
	form    int
}{
	{hanweb(), "hanweb", 0}, {jpaas(), "jpaas", 0}, {gkmlpt(), "gkmlpt", 0}, {jeecms(), "jeecms", 0}, {empirecms(), "empirecms", 0}, {ucapSearch(), "ucap", 3},
}

// address is where a family's list is, with its category where that stands
// behind the #.
func address(s *skin, dir string, index int) string {
	u := "http://" + s.name + ".test.gov.cn" + s.first(dir)
	if s.name == "gkmlpt" {
		u += "#" + itoa(firstChannel+index)
	}
	return u
}

// The profiles of configs/cms read the lists, the home pages and the articles of
// the families, and their pages give the families away.
func TestProfilesReadTheFamilies(t *testing.T) {
	facts := townFacts
	for _, f := range newFamilies {
		facts += "  " + f.skin.name + "/tzgg: {newest: 2022-08-29}\n"
	}
	hc := client(t, start(t, town(), facts, Options{}))
	profiles := profilesOf(t)
	for _, f := range newFamilies {
		t.Run(f.skin.name, func(t *testing.T) {
			recipe := profiles[f.profile].Lists[f.form]
			task := extract.Task{Question: extract.AskNewest, URLs: []string{address(f.skin, "/tzgg/", 1)}, Recipe: recipe}
			got, _ := readBy(t, hc, task)
			if got.Outcome != extract.Dated || got.Newest.Time.Format(time.DateOnly) != "2022-08-29" || len(got.Items) < 15 {
				t.Fatalf("%s %s %s: %d rows, newest %s; want 2022-08-29", got.Outcome, got.Reason, got.Detail, len(got.Items), got.Newest.Time)
			}
			for _, it := range got.Items[:3] {
				if a := get(t, hc, it.Link); a.status != http.StatusOK {
					t.Errorf("%s %s answers %d", it.Title, it.Link, a.status)
				}
			}
			task.URLs[0] = address(f.skin, "/dt/", 0)
			if got, _ = readBy(t, hc, task); got.Newest.Time.Before(point.AddDate(0, 0, -6)) {
				t.Errorf("news: %s %s, newest %s; want it fresh", got.Outcome, got.Detail, got.Newest.Time)
			}
			task.URLs[0], task.Recipe = "http://"+f.skin.name+".test.gov.cn/", profiles[f.profile].Home
			if got, _ = readBy(t, hc, task); got.Newest.Time.Before(point.AddDate(0, 0, -6)) {
				t.Errorf("home page: %s %s, newest %s; want it fresh", got.Outcome, got.Detail, got.Newest.Time)
			}
		})
	}
}

// Every way to the next page leads to every item, once.
func TestPagingOfProfiles(t *testing.T) {
	facts := townFacts
	for _, f := range newFamilies {
		facts += "  " + f.skin.name + "/dt: {newest: 2020-04-12, only_year: true, every: 1}\n"
	}
	hc := client(t, start(t, town(), facts, Options{}))
	profiles := profilesOf(t)
	for _, f := range newFamilies {
		t.Run(f.skin.name, func(t *testing.T) {
			got, pages := readBy(t, hc, extract.Task{
				Question: extract.AskSince, Since: time.Date(2020, 1, 1, 0, 0, 0, 0, extract.Beijing), URLs: []string{address(f.skin, "/dt/", 0)},
				Recipe: profiles[f.profile].Lists[f.form],
			})
			// 1 January to 12 April 2020.
			if want := 31 + 29 + 31 + 12; len(got.Items) != want || !got.Complete {
				t.Errorf("%s %s %s: %d items on %d pages, complete %t; want all %d", got.Outcome, got.Reason, got.Detail, len(got.Items), len(pages), got.Complete, want)
			}
		})
	}
}

// What is wrong with a list is wrong with its data, and never an old date.
func TestFaultsOfData(t *testing.T) {
	want := map[fault][]extract.Reason{
		faultDown: {extract.ReasonDown}, faultBlocked: {extract.ReasonBlocked}, faultGone: {extract.ReasonGone}, faultScript: {extract.ReasonScript, extract.ReasonLost},
		faultUndated: {extract.ReasonUndated}, faultLost: {extract.ReasonLost, extract.ReasonScript},
	}
	profiles := profilesOf(t)
	for f, reasons := range want {
		facts := townFacts
		for _, family := range newFamilies {
			facts += "  " + family.skin.name + "/dt: {unreadable: " + string(f) + "}\n"
		}
		hc := client(t, start(t, town(), facts, Options{}))
		for _, family := range newFamilies {
			got, _ := readBy(t, hc, extract.Task{Question: extract.AskNewest, URLs: []string{address(family.skin, "/dt/", 0)}, Recipe: profiles[family.profile].Lists[family.form]})
			if got.Outcome != extract.Unread || !slices.Contains(reasons, got.Reason) {
				t.Errorf("%s of %s: got %s %s %q, want unread %v", f, family.skin.name, got.Outcome, got.Reason, got.Detail, reasons)
			}
		}
	}
}

// demoBook is the book of the built-in profiles.
func demoBook(t *testing.T) *extract.Book {
	t.Helper()
	files, err := inventory.ReadFiles(os.DirFS("../../configs/demo"), os.DirFS("../../configs"))
	if err != nil {
		t.Fatal(err)
	}
	city, err := inventory.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return city.Book
}

// Without a word of how to read, every family is read: by induction where its
// rows stand on the page, by the book where they are asked for.
func TestFamiliesWithoutARecipe(t *testing.T) {
	book := demoBook(t)
	facts := townFacts
	for _, f := range newFamilies {
		facts += "  " + f.skin.name + "/tzgg: {newest: 2022-08-29}\n"
	}
	hc := client(t, start(t, town(), facts, Options{}))
	methods := map[string]string{"jpaas": "cms:jpaas", "gkmlpt": "cms:gkmlpt", "ucap-search": "cms:ucap"}
	for _, s := range skins() {
		if s.name == "rss" {
			continue
		}
		got, _ := readBy(t, hc, extract.Task{Question: extract.AskNewest, URLs: []string{address(s, "/tzgg/", 1)}, Book: book, Column: "通知公告"})
		want := "induced"
		if m, ok := methods[s.name]; ok {
			want = m
		}
		if got.Newest.Time.Format(time.DateOnly) != "2022-08-29" || got.Outcome != extract.Dated || got.Method != want || got.AtLeast {
			t.Errorf("%s: got %s %s %q, newest %s by %s, at least %t; want 2022-08-29 by %s", s.name, got.Outcome, got.Reason, got.Detail, got.Newest.Time, got.Method, got.AtLeast, want)
		}
	}
}

// The book of all profiles knows each family by its pages.
func TestBookRecognisesTheFamilies(t *testing.T) {
	book := demoBook(t)
	hc := client(t, start(t, town(), townFacts, Options{}))
	for _, s := range skins() {
		profile := strings.TrimSuffix(s.name, "-search")
		if profile == "rss" {
			continue
		}
		u := address(s, "/tzgg/", 1)
		a := get(t, hc, u)
		got := book.Recognise(extract.Page{Asked: u, URL: u, Status: a.status, Body: []byte(a.body), Header: a.header, FetchedAt: point})
		if !slices.Contains(got, profile) {
			t.Errorf("%s: recognised as %v", u, got)
		}
	}
}

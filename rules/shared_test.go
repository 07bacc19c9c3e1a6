package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xuncha/extract"
	"xuncha/inventory"
)

// resting says which bytes a look rests on.
func resting(l Look, digests ...string) Look {
	for _, d := range digests {
		l.Evidence = append(l.Evidence, Evidence{SHA256: d, Status: 200})
	}
	return l
}

// linked gives every item of a reading an address.
func linked(r extract.Reading) extract.Reading {
	for i := range r.Items {
		r.Items[i].Link = fmt.Sprintf("http://a.gov.cn/%d.html", i)
	}
	return r
}

// at puts a column at an address.
func (w *town) at(id, url string) string {
	for i := range w.City.Carriers {
		c := &w.City.Carriers[i]
		for k := range c.Columns {
			if c.Columns[k].ID == id {
				c.Columns[k].URLs = strings.Fields(url)
			}
		}
	}
	return id
}

// hosted is a town with an old column at each address, all looked at in one
// round and resting on the digests.
func hosted(t *testing.T, r func(i int) extract.Reading, digest func(i int) string, urls ...string) *town {
	w := newTown(t)
	w.City.Carriers[0].Home = "http://fgw.gov.cn/"
	for i, u := range urls {
		carrier := "fgw"
		if strings.Contains(u, "pd.gov.cn") {
			carrier = "pd"
		}
		w.at(w.column(carrier, fmt.Sprintf("栏目%d", i), inventory.ClassNews, resting(look(night, r(i)), digest(i))), u)
	}
	return w
}

func old(int) extract.Reading        { return listed("2021-03-01", "2021-02-01") }
func recent(int) extract.Reading     { return listed("2023-09-20", "2023-09-19") }
func onePage(int) string             { return "one" }
func each(i int) string              { return fmt.Sprint("body", i) }
func sameList(i int) extract.Reading { return linked(listed("2021-03-01", "2021-02-01")) }

// A page that several addresses answer with is none of theirs (hostile inputs
// D08, R10, M14): it accuses nobody and clears nobody.
func TestOnePageForManyColumns(t *testing.T) {
	three := []string{"http://fgw.gov.cn/a/", "http://fgw.gov.cn/b/", "http://pd.gov.cn/c/"}
	tests := []struct {
		name   string
		town   *town
		want   State
		reason extract.Reason
		detail string
	}{
		{"three old columns with one page", hosted(t, old, onePage, three...), Unknown, extract.ReasonGone, "the same page answers for fgw/1, pd/0"},
		{"three fresh columns with one page", hosted(t, recent, onePage, three...), Unknown, extract.ReasonGone, "the same page"},
		{"three empty columns with one page", hosted(t, func(int) extract.Reading { return emptyList }, onePage, three...), Unknown, extract.ReasonGone, "the same page"},
		{"three columns with one list on different pages", hosted(t, sameList, each, three...), Unknown, extract.ReasonLost, "the same list of items"},
		{"three old columns, each with its page", hosted(t, old, each, three...), Stale, "", ""},
		{"two with one page", hosted(t, old, onePage, three[:2]...), Stale, "", ""},
		{"three entries that name one address", hosted(t, sameList, onePage, "http://fgw.gov.cn/a/", "https://www.fgw.gov.cn/a/index.html", "http://fgw.gov.cn/a"), Stale, "", ""},
		{"two and a third of another address with another page", hosted(t, old, func(i int) string { return fmt.Sprint(i / 2) }, three...), Stale, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.town.judge()
			c := got.Columns[0]
			if c.State != tt.want || c.Reason != tt.reason {
				t.Errorf("got %s %s, want %s %s", c.State, c.Reason, tt.want, tt.reason)
			}
			if c.Look == nil || !strings.Contains(c.Look.Reading.Detail, tt.detail) {
				t.Errorf("got look %+v, want %q in its detail", c.Look, tt.detail)
			}
			if tt.want == Unknown && (len(got.Findings) > 0 || c.LastGood != nil) {
				t.Errorf("got findings %v and last good %+v, want neither", findingsOf(got), c.LastGood)
			}
		})
	}
}

// What was read before the sites were replaced still clears.
func TestOnePageForManyKeepsTheDatesBefore(t *testing.T) {
	w := hosted(t, old, onePage, "http://fgw.gov.cn/a/", "http://fgw.gov.cn/b/", "http://pd.gov.cn/c/")
	w.Looks["fgw/0"] = append([]Look{resting(look(night.AddDate(0, 0, -7), listed("2023-09-19")), "good")}, w.Looks["fgw/0"]...)
	got := w.judge()
	if c := got.Columns[0]; c.State != Fresh || shown(c.Newest.Day()) != "2023-09-19" {
		t.Errorf("got %s %s, want fresh by 2023-09-19", c.State, shown(c.Newest.Day()))
	}
}

// Rounds are not mixed: a page that came back from an archive a week later is
// the page of its own column.
func TestOnePageInDifferentRounds(t *testing.T) {
	w := hosted(t, old, onePage, "http://fgw.gov.cn/a/", "http://fgw.gov.cn/b/", "http://pd.gov.cn/c/")
	later := resting(look(night.Add(5*time.Hour), listed("2021-03-01", "2021-02-01")), "one")
	w.Looks["fgw/0"] = []Look{later}
	if got := w.judge().Columns[0]; got.State != Stale {
		t.Errorf("got %s %s, want stale", got.State, got.Reason)
	}
}

// One column that answers with its own home page is enough, and the home page
// stays what it is.
func TestHomePageInPlaceOfAColumn(t *testing.T) {
	w := hosted(t, old, onePage, "http://fgw.gov.cn/a/")
	w.Looks["fgw"] = []Look{resting(look(night, listed("2023-09-26")), "one")}
	got := w.judge()
	if c := got.Columns[0]; c.State != Unknown || c.Reason != extract.ReasonGone || !strings.Contains(c.Look.Reading.Detail, "the home page of fgw") {
		t.Errorf("got %s %s %q, want unknown gone: the home page", c.State, c.Reason, c.Look.Reading.Detail)
	}
	if s := got.Sites[0]; s.Home.State != Fresh {
		t.Errorf("home page: got %s %s, want fresh", s.Home.State, s.Home.Reason)
	}
	w.at("fgw/0", "http://fgw.gov.cn/index.html")
	if c := w.judge().Columns[0]; c.State != Stale {
		t.Errorf("a column kept on the home page: got %s %s, want stale", c.State, c.Reason)
	}
}

// A captive network answers for home pages too, and a section is not missing
// from it.
func TestOnePageForManyHosts(t *testing.T) {
	w := hosted(t, old, onePage, "http://fgw.gov.cn/a/", "http://pd.gov.cn/c/")
	w.Looks["fgw"] = []Look{resting(look(night, listed("2021-01-01")), "one")}
	w.section(resting(look(night, extract.Reading{Outcome: extract.Absent}), "other", "one"))
	got := w.judge()
	if s := got.Sites[0]; s.Home.State != Unknown {
		t.Errorf("home page: got %s, want unknown", s.Home.State)
	}
	if s := got.Sections[0]; s.State != Unknown || s.Reason != extract.ReasonGone || len(got.Findings) > 0 {
		t.Errorf("section: got %s %s and %v, want unknown gone", s.State, s.Reason, findingsOf(got))
	}
}

// The shell of an application is one page for all columns; what a browser shows
// of it is not.
func TestOneShellForManyColumns(t *testing.T) {
	w := newTown(t)
	for i := range 3 {
		l := resting(look(night, recent(i)), "shell", fmt.Sprint("rendered", i))
		w.at(w.column("fgw", fmt.Sprint(i), inventory.ClassNews, l), fmt.Sprintf("http://fgw.gov.cn/#/%d", i))
	}
	if got := w.judge().Columns[0]; got.State != Fresh {
		t.Errorf("got %s %s, want fresh", got.State, got.Reason)
	}
}

func TestOneFeedForManyAccounts(t *testing.T) {
	w := newTown(t)
	for i := range 3 {
		w.account(inventory.Weibo, fmt.Sprint(i), resting(look(night, sameList(i)), each(i)))
		w.City.Accounts[i].Feed = fmt.Sprintf("http://rsshub.local/weibo/user/%d", i)
	}
	got := w.judge()
	if a := got.Accounts[0]; a.State != Unknown || a.Reason != extract.ReasonLost || len(a.Reasons) > 0 {
		t.Errorf("got %s %s and %v, want unknown lost", a.State, a.Reason, findingsOf(got))
	}
}

// A platform that answers everybody with the posts of one account is told by its
// addresses, whether or not posts have addresses of their own.
func TestOneAnswerForManyAccounts(t *testing.T) {
	stale := listed("2023-08-20", "2023-08-01")
	stale.Name = "别人的名字"
	for _, links := range []bool{true, false} {
		w := newTown(t)
		for i := range 3 {
			r := stale
			r.Items = slices.Clone(stale.Items)
			for k := range r.Items {
				if links {
					r.Items[k].Link = fmt.Sprint("https://weibo.example/", k)
				}
			}
			w.account(inventory.Weibo, fmt.Sprint(i), resting(look(night, r), each(i)))
			w.City.Accounts[i].Sources = []extract.PostSource{{Kind: extract.FromPlatform, URL: fmt.Sprintf("https://weibo.example/posts?uid=%d", i)}}
		}
		got := w.judge()
		if a := got.Accounts[0]; a.State != Unknown || a.Reason != extract.ReasonLost || len(a.Reasons) > 0 {
			t.Errorf("links %v: got %s %s %v, want unknown lost", links, a.State, a.Reason, a.Reasons)
		}
	}
}

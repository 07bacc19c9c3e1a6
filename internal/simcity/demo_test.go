package simcity

import (
	"net/http"
	"os"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"xuncha/inventory"
)

// loadDemo reads configs/demo once for all tests; nobody writes to it.
var loadDemo = sync.OnceValues(func() (*inventory.City, error) {
	files, err := inventory.ReadFiles(os.DirFS("../../configs/demo"), os.DirFS("../../configs"))
	if err != nil {
		return nil, err
	}
	return inventory.Parse(files)
})

// demo is the city of configs/demo, with its facts.
func demo(t testing.TB) (*inventory.City, string) {
	t.Helper()
	city, err := loadDemo()
	if err != nil {
		t.Fatal(err)
	}
	facts, err := os.ReadFile("../../configs/demo/facts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return city, string(facts)
}

func TestDemoCounts(t *testing.T) {
	city, facts := demo(t)
	c := start(t, city, facts, Options{})
	sites, columns, units := 0, 0, map[string]bool{}
	for _, carrier := range city.Carriers {
		if carrier.Kind == inventory.Site {
			sites++
		}
		for _, col := range carrier.Columns {
			columns++
			if carrier.Kind == inventory.DisclosurePlatform {
				units[col.Unit] = true
			}
		}
	}
	if sites != 33 || len(city.Accounts) != 91 || columns < 612 || len(units) < 30 {
		t.Errorf("%d sites, %d accounts, %d columns, %d units on the platform; want 33, 91, at least 612, at least 30", sites, len(city.Accounts), columns, len(units))
	}
	lists, articles := 0, 0
	for _, h := range c.hosts {
		lists += len(h.lists)
		for _, l := range h.lists {
			articles += l.size(momentOf(point))
		}
	}
	if lists < 600 || articles < 20_000 {
		t.Errorf("%d lists and %d articles, want at least 600 and 20000", lists, articles)
	}
}

// TestDemoColumns reads every list of the city and compares what is old or
// unreadable with what the notice says and the facts add.
func TestDemoColumns(t *testing.T) {
	want := map[string]string{
		"pd/jyta": "2022-12-27", "yx/jyta": "2022-12-05", "cq/jyta": "2023-01-29", "jq/jyta": "2023-01-18", "kq/jyta": "2022-12-28",
		"xxgk/fgw/lddt/ldhd": "2022-08-29", "xxgk/fgw/tzgg": "2023-08-23", "xxgk/gaj/gzdt/tzgggs": "2023-07-20",
		"xxgk/czj/gzdt/tzgggs": "2023-06-20", "xxgk/zjj/gzdt/sgs": "2023-06-28", "xxgk/sjj/gzdt/rcgzdt": "2023-01-03",
		"xxgk/tyj/gzdt/tzgggs": "2023-07-14", "xxgk/xfj/gzdt/rcgzdt": "2023-03-12", "xxgk/jrb/gzdt/tzgggs": "2023-01-31",
		"xxgk/jrb/gzdt/rcgzdt": "2023-08-16", "xxgk/sfj/gzdt/bmhyxx": "2023-04-03", "xxgk/tyjrj/gzdt/tzgggs": "2021-09-01",
		"xxgk/tyjrj/gzdt/rcgzdt": "2021-12-15", "xxgk/tyjrj/gzdt/bmhyxx": "2021-07-12", "xxgk/wjw/gzdt/rcgzdt": "2023-06-03",
		"xxgk/wjw/gzdt/gzjb": "2021-03-06",
		"tjj/ghjh":           "", "kjj/zcjd": "", "swj/czxx": "", "jtj/rsxx": "", "wlj/zcjd": "", "nyncj/ghjh": "",
		"zt/yhyshj": "", "zt/aqscy": "",
	}
	city, facts := demo(t)
	hc := client(t, start(t, city, facts, Options{}))
	got := map[string]string{}
	for _, carrier := range city.Carriers {
		p := profileOf(t, carrier.CMS)
		for _, col := range carrier.Columns {
			day := "fresh"
			if carrier.ID == "zt" {
				day = "" // the host refuses
			} else if carrier.CMS != "rss" {
				day = columnDay(t, hc, p, col)
			}
			if day < latest(carrier, col) {
				got[col.ID] = day
			}
		}
	}
	for id, day := range got {
		if w, ok := want[id]; !ok || w != day {
			t.Errorf("%s: newest %q, want %q (expected at all: %v)", id, day, w, ok)
		}
	}
	for id, day := range want {
		if _, ok := got[id]; !ok {
			t.Errorf("%s: fresh, want %q", id, day)
		}
	}
}

// latest is the day from which a column that no fact names is fresh.
func latest(carrier inventory.Carrier, col inventory.Column) string {
	top, _, _ := strings.Cut(col.Name, "--")
	switch {
	case carrier.Kind == inventory.DisclosurePlatform && (strings.HasSuffix(top, "动态") || col.Name == "通知公告"):
		return "2023-09-20"
	case col.Class == inventory.ClassNews:
		return "2023-09-22"
	case col.Class == inventory.ClassNotice:
		return "2023-08-27"
	}
	return "2023-06-01"
}

// columnDay reads the newest day over the lists of a column, "" if it cannot
// be read.
func columnDay(t *testing.T, hc *http.Client, p profile, col inventory.Column) string {
	t.Helper()
	out := ""
	for _, u := range col.URLs {
		a := get(t, hc, u)
		if a.status != 200 {
			continue
		}
		doc := document(t, a)
		if doc.Find(p.List.List).Length() == 0 {
			continue
		}
		out = max(out, newest(read(t, doc, u, p.List.List, p.List.Item, p.List.Date)))
	}
	return out
}

// TestDemoStaysFresh proves that columns and accounts which no fact names are
// fresh whenever they are looked at.
func TestDemoStaysFresh(t *testing.T) {
	city, text := demo(t)
	c := start(t, city, text, Options{})
	facts, err := parseFacts(city, []byte(text), "facts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for at := point; at.Year() < 2027; at = at.AddDate(0, 0, 37).Add(7 * time.Hour) {
		now := momentOf(at)
		for _, h := range c.hosts {
			for _, l := range h.lists {
				if f := facts.subjects[l.id]; f.Newest.given() || f.Items != nil {
					continue
				}
				most := day(60)
				if l.class == inventory.ClassNews {
					most = 7
				}
				if age := now.day - l.item(l.size(now)-1).at.day; age > most {
					t.Errorf("at %v %s is %d days old", at, l.id, age)
				}
			}
			for _, a := range h.posters() {
				if facts.subjects[a.ID()].Newest.given() {
					continue
				}
				if age := now.day - a.line.at(a.line.count(now)-1).day; age > 4 {
					t.Errorf("at %v %s is %d days old", at, a.ID(), age)
				}
			}
		}
	}
}

// TestDemoHasEveryTrap proves that the city plays what real ones do.
func TestDemoHasEveryTrap(t *testing.T) {
	city, facts := demo(t)
	c := start(t, city, facts, Options{})
	seen := map[string]int{}
	note := func(name string, is bool) {
		if is {
			seen[name]++
		}
	}
	for _, h := range c.hosts {
		note(string(h.look.charset), true)
		note("gzip", h.look.gzip)
		note("etag", h.look.etag)
		note("last-modified", h.look.lastMod)
		note("today's date", h.look.today)
		note("side list", h.look.side)
		note("no robots.txt", !h.look.robots)
		for _, l := range h.lists {
			note("pinned row", l.pinned)
		}
	}
	shared := 0
	for _, m := range c.byIP {
		note("address of several hosts", len(m.hosts) > 1)
		shared = max(shared, len(m.hosts))
	}
	wanted := []string{
		string(utf8Both), string(utf8Meta), string(utf8Header), string(gbkHeader), string(gbkMeta), string(gbkUnsaid),
		"gzip", "etag", "last-modified", "today's date", "side list", "no robots.txt", "pinned row", "address of several hosts",
	}
	sort.Strings(wanted)
	for _, name := range slices.Compact(wanted) {
		if seen[name] == 0 {
			t.Errorf("no host with: %s", name)
		}
	}
	if shared > 5 {
		t.Errorf("%d hosts share one address, want a few", shared)
	}
}

// TestDemoAccounts proves that every account which a guest can see shows its
// name, and posts up to the newest or, in an album, close to it.
func TestDemoAccounts(t *testing.T) {
	city, facts := demo(t)
	c := start(t, city, facts, Options{})
	g := guest{hc: client(t, c)}
	names := map[string]string{"140300M010XL0009": "阳泉网警"}
	unseen := 0
	for _, a := range city.Accounts {
		want := a.Name
		if n := names[a.Code]; n != "" {
			want = n
		}
		truth := c.Truth(a.ID(), point)
		if !truth.Readable {
			unseen++
			continue
		}
		got := g.sees(t, a)
		if behind := truth.Newest.Sub(got.newest); got.name != want || behind != 0 && !(truth.Bound && behind > 0 && behind < 7*24*time.Hour) {
			t.Errorf("%s: shows %s with a post of %v, want %s and %v", a.Code, got.name, got.newest, want, truth.Newest)
		}
	}
	if unseen != 7 {
		t.Errorf("%d accounts show nothing to a guest, want 视频号, 移动客户端 and 小程序", unseen)
	}
}

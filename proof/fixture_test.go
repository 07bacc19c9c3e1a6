package proof

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xuncha/configs"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/rules"
	"xuncha/store"
)

// A world is a store with some nights, in which one column is accused.
type world struct {
	t     *testing.T
	store *store.Store
	city  *inventory.City
	set   *rules.RuleSet
	files []inventory.File
}

const (
	column    = "xxgk/czj/gzdt/tzgggs"
	indicator = "yangquan.disclosure.dynamic"
	address1  = "http://xxgk.yq.gov.cn/czj/gzdt/tzgggs/"
)

// point is the monitoring point: the end of the third of the nights.
var point = time.Date(2023, 9, 28, 0, 0, 0, 0, extract.Beijing)

// must returns v and fails the test on err.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// newWorld opens an empty store for the city of the demonstration, with phrases
// that are to be masked.
func newWorld(t *testing.T, mask ...string) *world {
	t.Helper()
	own := must(fs.Sub(configs.FS, "demo"))(t)
	files := must(inventory.ReadFiles(own, configs.FS))(t)
	for i, f := range files {
		if f.Name == "city.yaml" && len(mask) > 0 {
			text := string(f.Data) + "\nproof:\n  objection: 三日内函告市政府办公室\n  mask: [" + strings.Join(mask, ", ") + "]\n"
			files[i].Data = []byte(text)
		}
	}
	city := must(inventory.Parse(files))(t)
	w := &world{t: t, city: city, files: files, set: must(rules.Parse(files, city.RuleSet))(t)}
	w.store = must(store.Open(filepath.Join(t.TempDir(), "xuncha.db"), store.Options{Create: true}))(t)
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// listPage is the page of a list, with the titles given.
func listPage(titles ...string) []byte {
	return []byte("<html><body><ul><li>" + strings.Join(titles, "</li><li>") + "</li></ul></body></html>")
}

// seen is a snapshot of the column whose newest item is of 20 June.
func seen(round string, at time.Time, titles ...string) store.Snapshot {
	day := time.Date(2023, 6, 20, 0, 0, 0, 0, extract.Beijing)
	r := extract.Reading{Outcome: extract.Dated, Complete: true, Method: "cms:trs", Newest: extract.Date{Time: day}}
	for i, title := range titles {
		r.Items = append(r.Items, extract.Item{
			Title: title, Link: address1 + string(rune('a'+i)) + ".html", Date: extract.Date{Time: day.AddDate(0, 0, -i)}, Source: day.AddDate(0, 0, -i).Format(time.DateOnly),
		})
	}
	return store.Snapshot{
		Subject: column, Round: round, At: at, Look: 1, Reader: extract.Version, Task: "t", Reading: r,
		Pages: []extract.Page{{
			Asked: address1, URL: address1, Why: extract.WhyList, Status: 200, FetchedAt: at, BodyAt: at, Took: 31 * time.Millisecond,
			Header: map[string][]string{"Content-Type": {"text/html; charset=utf-8"}, "Content-Encoding": {"gzip"}, "Content-Length": {"77"}, "Server": {"nginx"}},
			Body:   listPage(titles...),
		}},
	}
}

// night keeps one night, the later ones with the same page, and ends it.
func (w *world) night(n int, end bool, titles ...string) {
	w.t.Helper()
	at := point.AddDate(0, 0, n-3).Add(90 * time.Minute)
	id := at.Format("20060102-1504")
	round := store.Round{
		ID: id, Started: at, Planned: []string{column}, Config: w.city.Digest, RuleSet: w.set.ID, Reader: extract.Version, Files: w.files, Simulated: true,
	}
	if err := w.store.Begin(round); err != nil {
		w.t.Fatal(err)
	}
	second := seen(id, at.Add(time.Hour), titles...)
	second.Look = 2
	second.Pages = append(second.Pages, extract.Page{
		Asked: address1, URL: address1, Why: extract.WhyPicture, Status: 200, FetchedAt: at.Add(time.Hour), Rendered: true,
		Header: map[string][]string{"Content-Type": {"image/png"}}, Body: []byte("\x89PNG\r\n\x1a\n of night " + id),
	})
	if n > 1 {
		second.Pages[0].NotModified, second.Pages[0].BodyAt = true, at.Add(-24*time.Hour)
	}
	must(w.store.Keep([]store.Snapshot{seen(id, at, titles...), second}))(w.t)
	if !end {
		return
	}
	if err := w.store.Finish(id, at.Add(2*time.Hour), store.Finished); err != nil {
		w.t.Fatal(err)
	}
}

// order is the order for a pack of the column at the point, by the newest round
// that has ended.
func (w *world) order() Order {
	w.t.Helper()
	var round store.Round
	for _, r := range must(w.store.Rounds())(w.t) {
		if r.State == store.Finished && r.Started.Before(point.Add(24*time.Hour)) {
			round = r
			break
		}
	}
	return Order{
		City: w.city, RuleSet: w.set, Registers: w.city.Registers, Round: round, Subject: column, Indicator: indicator,
		Result: must(patrol.Judge(w.store, w.city, w.set, w.city.Registers, point))(w.t),
		Looks:  func(id string) ([]rules.Look, error) { return patrol.Looks(w.store, id, w.set, point) },
	}
}

// pack makes the pack of the column.
func (w *world) pack() Pack {
	w.t.Helper()
	return must(Make(w.store, w.order()))(w.t)
}

// accused is a world with so many nights, and its pack.
func accused(t *testing.T, nights int, titles ...string) (*world, Pack) {
	t.Helper()
	w := newWorld(t)
	for n := range nights {
		w.night(n+1, true, titles...)
	}
	return w, w.pack()
}

// text is a file of a pack.
func (p Pack) text(t *testing.T, name string) string {
	t.Helper()
	return string(must(p.File(name))(t))
}

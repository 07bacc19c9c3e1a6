package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
)

// smallFarm serves one page of each layout and encoding.
func smallFarm(t *testing.T, tags bool) []plot {
	t.Helper()
	var plots []plot
	for host := range 12 {
		p, err := newFarmPage(host, 0)
		if err != nil {
			t.Fatal(err)
		}
		handler, err := farmHandler([]farmPage{p}, tags)
		if err != nil {
			t.Fatal(err)
		}
		srv := httptest.NewServer(handler)
		t.Cleanup(srv.Close)
		plots = append(plots, plot{URL: srv.URL + "/list-0/", Item: p.layout.Item, Date: p.layout.Date, Want: p.want})
	}
	return plots
}

// rightOf counts what was told as the contest does.
func rightOf(t *testing.T, plots []plot, told []byte) int {
	t.Helper()
	c := &contest{want: map[string]string{}}
	for _, p := range plots {
		c.want[p.URL] = p.Want
	}
	e := &entrant{run: func(context.Context, int) (cost, []byte, error) { return cost{}, told, nil }}
	if err := c.enter(t.Context(), e, 0); err != nil {
		t.Fatal(err)
	}
	return e.right
}

// Every program that is compared reads the farm right, so what they cost is the
// cost of the same.
func TestEveryoneReadsTheFarmRight(t *testing.T) {
	plots := smallFarm(t, false)
	for name, read := range map[string]func(*bytes.Buffer) error{
		"net/http and goquery": func(b *bytes.Buffer) error { return plain(plots, b) },
		"colly":                func(b *bytes.Buffer) error { return byColly(plots, b) },
		"xuncha":               func(b *bytes.Buffer) error { return crawlSmall(t.Context(), plots, b) },
	} {
		var told bytes.Buffer
		if err := read(&told); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := rightOf(t, plots, told.Bytes()); got != len(plots) {
			t.Errorf("%s: %d pages right, want %d", name, got, len(plots))
		}
	}
}

// crawlSmall reads plots by our own crawler, without a store.
func crawlSmall(ctx context.Context, plots []plot, b *bytes.Buffer) error {
	c, transport, err := farmCrawler(plots, farmClock(farmNow()), nil)
	if err != nil {
		return err
	}
	defer transport.CloseIdleConnections()
	var job crawler.Job
	for _, p := range plots {
		job.Subjects = append(job.Subjects, inventory.Subject{ID: p.URL, Task: extract.Task{
			Question: extract.AskNewest, URLs: []string{p.URL}, Recipe: extract.Recipe{Item: p.Item, Date: p.Date},
		}})
	}
	var told tellSheet
	err = c.Crawl(ctx, job, func(v crawler.Visit) error {
		told.add(v.Subject, rowsRead(v.Reading))
		return nil
	})
	if err != nil {
		return err
	}
	return told.print(b)
}

// A page that was read wrong, twice or not at all is not counted as right.
func TestContestCountsOnlyWhatIsRight(t *testing.T) {
	plots := []plot{{URL: "http://a/", Want: rowsDigest([]farmRow{{"通知", "2023-09-01"}})}}
	for name, tt := range map[string]struct {
		rows []farmRow
		want int
	}{
		"right":                 {[]farmRow{{"通知", "2023-09-01"}}, 1},
		"a wrong date":          {[]farmRow{{"通知", "2023-09-02"}}, 0},
		"another encoding":      {[]farmRow{{"֪ͨ", "2023-09-01"}}, 0},
		"a row of another list": {[]farmRow{{"通知", "2023-09-01"}, {"更多", ""}}, 0},
		"nothing":               {nil, 0},
	} {
		var told tellSheet
		told.add("http://a/", tt.rows)
		told.add("http://elsewhere/", tt.rows)
		var b bytes.Buffer
		if err := told.print(&b); err != nil {
			t.Fatal(err)
		}
		if got := rightOf(t, plots, b.Bytes()); got != tt.want {
			t.Errorf("%s: counted %d, want %d", name, got, tt.want)
		}
	}
}

// The farm with entity tags answers 304, the other never does.
func TestFarmWithEntityTags(t *testing.T) {
	for _, tags := range []bool{true, false} {
		plots := smallFarm(t, tags)[:1]
		resp, err := http.Get(plots[0].URL)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := resp.Header.Get("ETag") != ""; got != tags {
			t.Errorf("entity tag %t, want %t", got, tags)
		}
	}
}

// The table says what is not available and what is not installed.
func TestContestTable(t *testing.T) {
	one := func(us int, right int) *entrant {
		return &entrant{name: "x", right: right, costs: []cost{{cpu: time.Duration(us) * 660 * time.Microsecond}}}
	}
	f := field{plain: one(2000, 660), colly: one(4000, 660), first: one(1800, 660), same: one(360, 660), tagged: one(1800, 660), unmodified: one(90, 660), induced: one(1, 0)}
	var b strings.Builder
	if err := f.print(&b, 1); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"0.900", "0.450", "0.200", "0.050", "not installed", "not available"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	f.scrapy, f.induced = one(6000, 660), one(2700, 660)
	b.Reset()
	if err := f.print(&b, 1); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "0.300") || !strings.Contains(b.String(), "1.500") || strings.Contains(b.String(), "not ") {
		t.Errorf("got\n%s", b.String())
	}
}

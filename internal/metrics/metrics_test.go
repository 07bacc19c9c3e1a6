package metrics

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"

	"xuncha/board"
	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/rules"
	"xuncha/store"
)

// gather returns our own families by name.
func gather(tb testing.TB, cfg Config) map[string]*dto.MetricFamily {
	tb.Helper()
	all, err := newRegistry(cfg).Gather()
	if err != nil {
		tb.Fatal(err)
	}
	own := map[string]*dto.MetricFamily{}
	for _, f := range all {
		if strings.HasPrefix(f.GetName(), "xuncha_") {
			own[f.GetName()] = f
		}
	}
	return own
}

// total sums the series of a family whose labels are all of those given, as
// state=stale.
func total(f *dto.MetricFamily, labels ...string) float64 {
	var sum float64
	for _, m := range f.GetMetric() {
		has := 0
		for _, l := range m.GetLabel() {
			if slices.Contains(labels, l.GetName()+"="+l.GetValue()) {
				has++
			}
		}
		if has == len(labels) {
			sum += m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	return sum
}

func TestCountsAreThoseOfTheBoard(t *testing.T) {
	cfg := everything(t)
	own, b := gather(t, cfg), cfg.Board()
	for _, s := range columnStates {
		want := 0.0
		for _, c := range b.Result.Columns {
			want += number(c.State == s)
		}
		if got := total(own["xuncha_columns"], "state="+string(s)); got != want || want == 0 {
			t.Errorf("%s columns: %v, want %v and some", s, got, want)
		}
		if got := total(own["xuncha_columns_by_class"], "state="+string(s)); got != want {
			t.Errorf("%s columns by class: %v, want %v", s, got, want)
		}
	}
	stale := 0.0
	for _, r := range b.Rows {
		stale += number(r.Kind == inventory.KindColumn && r.Carrier == "xxgk" && r.Unit == "czj" && r.State == rules.Stale)
	}
	if got := total(own["xuncha_columns"], "site=xxgk", "unit=czj", "state=stale"); got != stale || stale == 0 {
		t.Errorf("stale columns of one unit on the platform: %v, want %v and some", got, stale)
	}
	for _, v := range verdicts {
		totals := b.Result.Totals()
		if got := total(own["xuncha_site_verdicts"], "verdict="+string(v)); got != float64(totals.Sites[v]) {
			t.Errorf("sites %s: %v, want %d", v, got, totals.Sites[v])
		}
		if got := total(own["xuncha_account_verdicts"], "verdict="+string(v)); got != float64(totals.Accounts[v]) {
			t.Errorf("accounts %s: %v, want %d", v, got, totals.Accounts[v])
		}
	}
	if got := total(own["xuncha_findings"]); got != 2 {
		t.Errorf("%v findings, want 2", got)
	}
	covered := b.Result.Coverage().Columns
	if got := total(own["xuncha_coverage_ratio"], "kind=column"); got != float64(covered.Conclusive)/float64(covered.Planned) {
		t.Errorf("coverage of columns %v of %+v", got, covered)
	}
	unread := map[string]float64{}
	for _, r := range b.Rows {
		if r.State == rules.Unknown && (r.Kind == inventory.KindColumn || r.Kind == inventory.KindSection) {
			unread["site="+r.Carrier+" reason="+string(r.Reason)]++
		}
	}
	if got := len(own["xuncha_unknown_by_site"].GetMetric()); got != len(unread) || got == 0 {
		t.Errorf("%d series of sites that could not be monitored, want %d and some", got, len(unread))
	}
	for labels, want := range unread {
		site, reason, _ := strings.Cut(labels, " ")
		if got := total(own["xuncha_unknown_by_site"], site, reason); got != want {
			t.Errorf("%s: %v, want %v", labels, got, want)
		}
	}
	if got := total(own["xuncha_unknown"], "kind=column"); got != float64(covered.Unknown) {
		t.Errorf("%v unknown columns, want %d", got, covered.Unknown)
	}
}

// What rules, dashboards and the manual speak of is all there, and nothing else.
func TestEveryMetricHasASeries(t *testing.T) {
	own := gather(t, everything(t))
	for _, m := range Metrics() {
		f := own[m.Name]
		if f == nil {
			t.Errorf("%s has no series though there is something of everything", m.Name)
			continue
		}
		var labels []string
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels = append(labels, l.GetName())
		}
		slices.Sort(labels)
		if want := slices.Sorted(slices.Values(m.Labels)); !slices.Equal(labels, want) {
			t.Errorf("%s has labels %q, want %q", m.Name, labels, want)
		}
		if counter := f.GetType() == dto.MetricType_COUNTER; counter != m.Counter || f.GetHelp() != m.Help {
			t.Errorf("%s is a %s, %q", m.Name, f.GetType(), f.GetHelp())
		}
		delete(own, m.Name)
	}
	for name := range own {
		t.Errorf("%s is told and described nowhere", name)
	}
}

func TestNamesAreAsPrometheusWantsThem(t *testing.T) {
	problems, err := testutil.CollectAndLint(newCollector(everything(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	for _, m := range Metrics() {
		if slices.Contains(m.Labels, "job") || slices.Contains(m.Labels, "instance") {
			t.Errorf("%s has a label that Prometheus sets itself: it would be renamed", m.Name)
		}
	}
}

// Before the first round, and before anybody fills in anything, there is something
// to scrape.
func TestNothingYet(t *testing.T) {
	for name, cfg := range map[string]Config{
		"nothing": {},
		"empty":   {Board: func() *board.Board { return nil }, Status: func() Status { return Status{} }, Traffic: func() crawler.Stats { return crawler.Stats{} }},
	} {
		if own := gather(t, cfg); own["xuncha_build_info"] == nil {
			t.Errorf("%s: no build_info among %d families", name, len(own))
		}
	}
	own := gather(t, Config{Status: func() Status { return Status{Tasks: map[string]Task{"round": {}}} }})
	if got := own["xuncha_last_success_timestamp_seconds"]; got == nil || total(got) != 0 {
		t.Errorf("a task that never ran is %v, want 0", got)
	}
}

// A page, a title, an error never become a label, and neither does what a rule set
// no longer knows: the series are those of the inventory.
func TestSeriesAreBoundedByTheInventory(t *testing.T) {
	city, set := demo(t)
	res := inEveryState(city, set)
	for i := range res.Columns {
		c := &res.Columns[i]
		c.NewestTitle = fmt.Sprintf("<script>alert(%d)</script>", i)
		c.Column.URLs = []string{fmt.Sprintf("http://evil.test/%d", i)}
		c.Column.Name = fmt.Sprintf("x{a=%q}\n%d", "b", i)
		c.Note = c.Column.Name
	}
	plain := series(gather(t, configOf(boardOf(city, set, res))))
	unit := res.Columns[0].Column
	for i := range 5000 {
		more := res.Columns[0]
		more.Column.ID = fmt.Sprintf("%s/http://evil.test/?%d", unit.Carrier, i)
		more.Column.Name = fmt.Sprintf("栏目 %d", i)
		more.Reason = extract.Reason(fmt.Sprintf("made up %d", i))
		res.Columns = append(res.Columns, more)
		res.Findings = append(res.Findings, rules.Finding{
			ID: fmt.Sprint(i), Subject: more.Column.ID, Indicator: fmt.Sprintf("invented-%d", i), Status: "疑似", Text: "http://evil.test/",
		})
	}
	own := gather(t, configOf(boardOf(city, set, res)))
	if got := series(own); got > plain+1 { // findings of indicators that are not in the rule set
		t.Errorf("5,000 more columns and findings made %d series of %d", got, plain)
	}
	if got := total(own["xuncha_findings"], "indicator=other"); got != 5000 {
		t.Errorf("%v findings of indicators that are no more, want 5000", got)
	}
	if plain > 2000 {
		t.Errorf("the demonstration has %d series, want at most 2000", plain)
	}
	for name, f := range own {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if strings.Contains(l.GetValue(), "evil") || strings.Contains(l.GetValue(), "script") && l.GetValue() != "script" {
					t.Errorf("%s has %s=%q", name, l.GetName(), l.GetValue())
				}
			}
		}
	}
}

// A name that is no text spoils its own series at most.
func TestOddNamesHurtNobody(t *testing.T) {
	city, set := demo(t)
	res := inEveryState(city, set)
	res.Columns[0].Column.Unit = "a\xffb\n\"{}"
	res.Columns[1].Column.Class = "\xc3\x28"
	own := gather(t, configOf(boardOf(city, set, res)))
	if got := total(own["xuncha_columns"]); got != float64(len(res.Columns)) {
		t.Errorf("%v columns, want %d", got, len(res.Columns))
	}
}

// A board is counted once, however often it is scraped: a scrape costs what it
// says, and not what the city holds.
func TestABoardIsCountedOnce(t *testing.T) {
	cfg := everything(t)
	now := point
	cfg.Now = func() time.Time { return now }
	c := newCollector(cfg)
	first := c.count(cfg.Board())
	if again := c.count(cfg.Board()); &again[0] != &first[0] {
		t.Error("the same board was counted twice")
	}
	if next := c.count(cfg.Board().WithBook(nil)); &next[0] == &first[0] {
		t.Error("another board was not counted")
	}
	first = c.count(cfg.Board())
	now = now.AddDate(0, 0, 1)
	if next := c.count(cfg.Board()); &next[0] == &first[0] {
		t.Error("on another day other findings are overdue")
	}
}

func TestOnlyMetricsAreServed(t *testing.T) {
	server := httptest.NewServer(Handler(everything(t)))
	defer server.Close()
	for _, tt := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/metrics", http.StatusOK},
		{"HEAD", "/metrics", http.StatusOK},
		{"POST", "/metrics", http.StatusMethodNotAllowed},
		{"GET", "/", http.StatusNotFound},
		{"GET", "/metrics/", http.StatusNotFound},
		{"GET", "/debug/pprof/", http.StatusNotFound},
		{"GET", "/debug/pprof/heap", http.StatusNotFound},
		{"GET", "/debug/vars", http.StatusNotFound},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tt.method, server.URL+tt.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != tt.want {
			t.Errorf("%s %s: %d, %v; want %d", tt.method, tt.path, resp.StatusCode, err, tt.want)
		}
		if tt.method == "GET" && tt.want == http.StatusOK {
			for _, want := range []string{"go_goroutines ", "process_start_time_seconds ", `xuncha_site_verdicts{verdict="不合格"}`} {
				if !bytes.Contains(body, []byte(want)) {
					t.Errorf("%s does not hold %s", tt.path, want)
				}
			}
		}
	}
}

// What cannot be measured is said in the log, and the rest is told.
func TestWhatIsWrongIsLogged(t *testing.T) {
	var log bytes.Buffer
	cfg := everything(t)
	cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	s := cfg.Status()
	s.Alerts = map[string]bool{"a\xff": true, "a\xfe": true} // both are a� in Prometheus
	cfg.Status = func() Status { return s }
	w := httptest.NewRecorder()
	Handler(cfg).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "xuncha_store_file_bytes") || !strings.Contains(log.String(), "xuncha_alert") {
		t.Errorf("status %d, %d bytes, log %q", w.Code, w.Body.Len(), log.String())
	}
}

func TestScrapesAtOnce(t *testing.T) {
	cfg := everything(t)
	handler := Handler(cfg)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 5 {
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
				if w.Code != http.StatusOK && w.Code != http.StatusServiceUnavailable {
					t.Errorf("status %d", w.Code)
				}
			}
		})
	}
	all.Wait()
}

// BenchmarkScrape is one scrape of 33 sites and 91 accounts with everything there is
// to tell, and a year of nights on the board.
func BenchmarkScrape(b *testing.B) {
	cfg := everything(b)
	year := *cfg.Board()
	for i := range 365 {
		year.Nights = append(year.Nights, board.NightOf(store.Round{Started: point.AddDate(0, 0, i-365)}, year.Result))
	}
	cfg.Board = func() *board.Board { return &year }
	handler := Handler(cfg)
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		if w.Code != http.StatusOK {
			b.Fatalf("status %d", w.Code)
		}
	}
}

// BenchmarkCount is what the first scrape after a round costs besides.
func BenchmarkCount(b *testing.B) {
	cfg := everything(b)
	c := newCollector(cfg)
	for b.Loop() {
		c.counted.Store(nil)
		c.count(cfg.Board())
	}
}

func configOf(b *board.Board) Config {
	return Config{Board: func() *board.Board { return b }, Now: func() time.Time { return point }}
}

// series counts series.
func series(own map[string]*dto.MetricFamily) (n int) {
	for _, f := range own {
		n += len(f.GetMetric())
	}
	return n
}

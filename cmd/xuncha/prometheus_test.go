//go:build !race

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xuncha/report"
)

// A prometheus is the program of that name, which scripts/need installs, with our
// rules, scraping one address.
type prometheus struct{ addr string }

// startPrometheus starts one that scrapes an address every second.
func startPrometheus(t *testing.T, target string) prometheus {
	t.Helper()
	dir := t.TempDir()
	rules, err := filepath.Abs("../../deploy/prometheus/rules")
	if err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf(`global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: [%q]
scrape_configs: [{job_name: xuncha, static_configs: [{targets: [%q]}]}]
`, filepath.Join(rules, "*.yml"), target)
	if err := os.WriteFile(filepath.Join(dir, "prometheus.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "prometheus", "--config.file="+filepath.Join(dir, "prometheus.yml"),
		"--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address=127.0.0.1:0", "--log.format=json")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	addr, ended := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			var line struct{ Msg, Address string }
			if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "Listening on" {
				addr <- line.Address
			}
		}
	}()
	t.Cleanup(func() { // the test's context has ended it
		<-ended
		_ = cmd.Wait()
	})
	select {
	case a := <-addr:
		return prometheus{addr: a}
	case <-ended:
	case <-time.After(30 * time.Second):
	}
	t.Fatal("prometheus does not listen")
	return prometheus{}
}

// A sample is one series of an answer.
type sample struct {
	Metric map[string]string
	Value  [2]any
}

func (s sample) number(t *testing.T) float64 {
	t.Helper()
	text, _ := s.Value[1].(string)
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatalf("%v: %v", s, err)
	}
	return n
}

// get asks the API for something.
func (p prometheus) get(t *testing.T, path string, into any) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := own().Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusServiceUnavailable {
		return fmt.Errorf("not ready")
	}
	answer := struct {
		Status, Error string
		Data          any
	}{Data: into}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	if answer.Status != "success" {
		return fmt.Errorf("%s: %s", answer.Status, answer.Error)
	}
	return nil
}

// query asks a question.
func (p prometheus) query(t *testing.T, expr string) ([]sample, error) {
	t.Helper()
	var data struct{ Result []sample }
	err := p.get(t, "/api/v1/query?query="+url.QueryEscape(expr), &data)
	return data.Result, err
}

// wait asks until there is an answer.
func (p prometheus) wait(t *testing.T, expr string) {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(5 * time.Minute)
	for {
		got, err := p.query(t, expr)
		if err == nil && len(got) > 0 {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("prometheus knows nothing of %s: %v", expr, err)
		}
	}
}

// counts answers a question with its values by some labels.
func (p prometheus) counts(t *testing.T, expr string, labels ...string) map[string]int {
	t.Helper()
	got, err := p.query(t, expr)
	if err != nil {
		t.Fatalf("%s: %v", expr, err)
	}
	counted := map[string]int{}
	for _, s := range got {
		var key []string
		for _, l := range labels {
			key = append(key, s.Metric[l])
		}
		if n := int(s.number(t)); n != 0 {
			counted[strings.Join(key, " ")] += n
		}
	}
	return counted
}

// What Prometheus counts is what xuncha check counts after a night that the daemon
// patrolled by itself: columns that are stale, by unit, site and class, and everything
// else that both tell of. Every question of the dashboard is one that it understands,
// and every rule one that it can answer.
func TestPrometheusCountsWhatCheckCounts(t *testing.T) {
	door, open := doorTo(t)
	p := startPrometheus(t, door) // which looks at its targets after 5 s and no sooner
	city, data := cityFolder(t), t.TempDir()
	addr, stop := serving(t, city, data)
	open(addr)
	p.wait(t, `xuncha_last_success_timestamp_seconds{task="round"} > 0 and on (instance) xuncha_round_running == 0 and on (instance) xuncha_judgement_info`)

	got := map[string]map[string]int{}
	for name, q := range map[string]struct {
		expr   string
		labels []string
	}{
		"columns":          {"sum by (state) (xuncha_columns)", []string{"state"}},
		"classes":          {"xuncha_columns_by_class", []string{"class", "state"}},
		"places":           {"xuncha_columns * on (job, instance, unit) group_left (name) xuncha_unit_info", []string{"site", "name", "state"}},
		"reasons":          {`xuncha_unknown{kind="column"}`, []string{"reason"}},
		"accounts":         {"xuncha_accounts", []string{"platform", "state"}},
		"account verdicts": {"xuncha_account_verdicts", []string{"verdict"}},
		"site verdicts":    {"xuncha_site_verdicts", []string{"verdict"}},
		"sections":         {"sum by (state) (xuncha_sections)", []string{"state"}},
		"findings":         {"sum by (indicator) (xuncha_findings)", []string{"indicator"}},
	} {
		got[name] = p.counts(t, q.expr, q.labels...)
	}
	p.knowsTheDashboard(t)
	p.evaluatesTheRules(t)
	slowest, err := p.query(t, "max_over_time(scrape_duration_seconds[1m])")
	if err != nil || len(slowest) != 1 {
		t.Fatalf("%v, %v", slowest, err)
	}
	t.Logf("the slowest scrape took %.1f ms, as Prometheus measured it during and after a round", 1000*slowest[0].number(t))
	if pages := p.counts(t, `xuncha_pages_total{outcome="ok"}`)[""]; pages < 600 {
		t.Errorf("%d pages came, want those of a round", pages)
	}
	stop()

	want := counted(t, city, data)
	if want["columns"]["stale"] == 0 {
		t.Fatal("check counts no stale columns")
	}
	for name := range want {
		if !maps.Equal(got[name], want[name]) {
			t.Errorf("%s: prometheus counts %v\nand check %v", name, got[name], want[name])
		}
	}
}

// counted counts what xuncha check tells.
func counted(t *testing.T, city, data string) map[string]map[string]int {
	t.Helper()
	var check report.Check
	stdout, _ := xuncha(t, 0, "check", "--config", city, "--data", data, "--format", "json")
	if err := json.Unmarshal([]byte(stdout), &check); err != nil {
		t.Fatalf("check --format json: %v", err)
	}
	want := map[string]map[string]int{}
	count := func(name, key string) {
		if want[name] == nil {
			want[name] = map[string]int{}
		}
		want[name][key]++
	}
	for _, c := range check.Columns {
		count("columns", c.State)
		count("classes", c.Class+" "+c.State)
		count("places", c.Carrier+" "+c.Unit+" "+c.State)
		if c.State == "unknown" {
			count("reasons", string(c.Reason))
		}
	}
	for _, a := range check.Accounts {
		count("accounts", string(a.Platform)+" "+a.State)
		count("account verdicts", a.Verdict)
	}
	for _, s := range check.Sites {
		count("site verdicts", s.Verdict)
	}
	for _, s := range check.Sections {
		count("sections", s.State)
	}
	for _, f := range check.Findings {
		count("findings", f.Indicator)
	}
	if got := want["columns"]["stale"]; got != check.Totals.Columns.Stale {
		t.Errorf("check lists %d stale columns, and counts %d", got, check.Totals.Columns.Stale)
	}
	return want
}

// knowsTheDashboard asks every question of the dashboard.
func (p prometheus) knowsTheDashboard(t *testing.T) {
	t.Helper()
	data, err := os.ReadFile("../../deploy/grafana/xuncha.json")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	for _, panel := range d.Panels {
		for _, q := range panel.Targets {
			expr := strings.NewReplacer("$instance", ".*", "$unit", ".*", "$__rate_interval", "5m").Replace(q.Expr)
			if _, err := p.query(t, expr); err != nil {
				t.Errorf("%s: %s: %v", panel.Title, expr, err)
			}
		}
	}
}

// evaluatesTheRules waits until every rule was evaluated and wants none to be wrong.
func (p prometheus) evaluatesTheRules(t *testing.T) {
	t.Helper()
	p.wait(t, `state:xuncha_columns:sum{state="stale"}`)
	var data struct {
		Groups []struct {
			Rules []struct{ Name, Health, LastError string }
		}
	}
	if err := p.get(t, "/api/v1/rules", &data); err != nil {
		t.Fatal(err)
	}
	for _, g := range data.Groups {
		for _, r := range g.Rules {
			if r.LastError != "" {
				t.Errorf("rule %s is %s: %s", r.Name, r.Health, r.LastError)
			}
		}
	}
}

// doorTo returns an address that leads to another once that is known.
func doorTo(t *testing.T) (addr string, open func(to string)) {
	t.Helper()
	var way atomic.Pointer[httputil.ReverseProxy]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if proxy := way.Load(); proxy != nil {
			proxy.ServeHTTP(w, r)
			return
		}
		http.Error(w, "not yet", http.StatusServiceUnavailable)
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://"), func(to string) {
		proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: to})
		proxy.ErrorLog = log.New(io.Discard, "", 0) // it ends before who asks
		proxy.Transport = own().Transport
		way.Store(proxy)
	}
}

// serving starts the daemon in the simulated city, a second before its night, and
// returns where its metrics are.
func serving(t *testing.T, city, data string) (addr string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	var errs bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		status := run(ctx, []string{
			"serve", "--config", city, "--data", data, "--addr", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--lang", "en",
			"--simulate", "2023-09-27T01:29:59+08:00", "--simulate-latency", "0s", "--simulate-events", "none",
		}, in, &errs)
		in.Close()
		ended <- status
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		if status := <-ended; status != statusDone {
			t.Errorf("xuncha serve: status %d\n%s", status, errs.String())
		}
	})
	t.Cleanup(stop)
	lines := bufio.NewScanner(out)
	for addr == "" && lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "Metrics: http://"); ok {
			addr = strings.TrimSuffix(rest, "/metrics")
		}
	}
	go func() { // what else it says is waited for by nobody
		_, _ = io.Copy(io.Discard, out)
	}()
	if addr == "" {
		t.Fatal("xuncha serve does not say where its metrics are")
	}
	return addr, stop
}

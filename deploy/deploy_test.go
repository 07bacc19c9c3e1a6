// Package deploy_test holds what is in this folder against the program: rules and
// dashboards speak of metrics that there are, units and manifests start it as it can
// be started.
package deploy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/goccy/go-yaml"

	"xuncha/daemon"
	"xuncha/internal/metrics"
)

// A rule is one rule of a file of Prometheus.
type rule struct {
	Record, Alert, Expr string
	Labels, Annotations map[string]string
}

// rulesOf reads a file of rules.
func rulesOf(t *testing.T, name string) []rule {
	t.Helper()
	var file struct {
		Groups []struct{ Rules []rule }
	}
	if err := yaml.Unmarshal(read(t, name), &file); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var all []rule
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	return all
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const (
	recording = "prometheus/rules/xuncha.recording.yml"
	alerting  = "prometheus/rules/xuncha.alerts.yml"
)

// promtool runs Debian's promtool, which scripts/need installs.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "promtool", args...).CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func TestRulesHold(t *testing.T) {
	promtool(t, "check", "config", "prometheus/prometheus.yml")
	promtool(t, "check", "rules", recording, alerting)
	tests, err := filepath.Glob("prometheus/tests/*.yml")
	if err != nil || len(tests) == 0 {
		t.Fatalf("%d files of tests, %v", len(tests), err)
	}
	promtool(t, append([]string{"test", "rules"}, tests...)...)
}

// Both configurations load the same rules; they differ in whom they scrape.
func TestComposeScrapesWithTheSameRules(t *testing.T) {
	type config struct {
		RuleFiles     []string       `yaml:"rule_files"`
		Global        map[string]any `yaml:"global"`
		ScrapeConfigs []struct {
			JobName string `yaml:"job_name"`
		} `yaml:"scrape_configs"`
	}
	var one, other config
	for name, c := range map[string]*config{"prometheus/prometheus.yml": &one, "compose/prometheus.yml": &other} {
		if err := yaml.Unmarshal(read(t, name), c); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if fmt.Sprint(one) != fmt.Sprint(other) {
		t.Errorf("prometheus %+v\ncompose %+v", one, other)
	}
}

// What the daemon finds itself is told once: by a rule of its own, or by the one for
// all the rest. A name that the daemon does not use would be told twice.
func TestOneCauseIsOneAlert(t *testing.T) {
	var kinds []string
	for _, k := range daemon.AlertKinds() {
		kinds = append(kinds, string(k))
	}
	named := regexp.MustCompile(`xuncha_alert\{alert(?:=|!~)"([^"]*)"\}`)
	for _, r := range rulesOf(t, alerting) {
		for _, m := range named.FindAllStringSubmatch(r.Expr, -1) {
			for name := range strings.SplitSeq(m[1], "|") {
				if !slices.Contains(kinds, name) {
					t.Errorf("%s speaks of %s, which is none of %q", r.Alert, name, kinds)
				}
			}
		}
	}
}

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// Whoever is woken by an alert reads what it is and what to do in their language, and
// can look it up.
func TestEveryAlertIsTestedAndSaysWhatToDo(t *testing.T) {
	tests := string(read(t, "prometheus/tests/daemon.yml")) + string(read(t, "prometheus/tests/city.yml"))
	manual := string(read(t, "../docs/deploy.md"))
	for _, r := range rulesOf(t, alerting) {
		for _, name := range []string{"summary", "description"} {
			zh, en := r.Annotations[name], r.Annotations[name+"_en"]
			if !han(zh) || en == "" || han(en) {
				t.Errorf("%s: %s is %q and %q", r.Alert, name, zh, en)
			}
		}
		if !slices.Contains([]string{"critical", "warning", "info"}, r.Labels["severity"]) {
			t.Errorf("%s has the severity %q", r.Alert, r.Labels["severity"])
		}
		if !strings.Contains(tests, `alertname="`+r.Alert+`", alertstate="firing"`) {
			t.Errorf("no test has %s firing", r.Alert)
		}
		if !strings.Contains(manual, "`"+r.Alert+"`") {
			t.Errorf("docs/deploy.md does not say what to do about %s", r.Alert)
		}
	}
}

var (
	selector = regexp.MustCompile(`\b(?:xuncha|go|process|up|[a-z_]+:xuncha)[a-zA-Z0-9_:]*(?:\{([^}]*)\})?`)
	matcher  = regexp.MustCompile(`([a-z_]+)\s*(?:=~|!~|!=|=)\s*"`)
	grouping = regexp.MustCompile(`\b(?:by|on|ignoring|without|group_left|group_right)\s*\(([^)]*)\)`)
	quoted   = regexp.MustCompile(`"[^"]*"`)
)

// known are the labels of each metric: ours, those recorded from them, and those that
// every Go program and Prometheus itself have.
func known(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{
		"up": nil, "process_start_time_seconds": nil, "process_resident_memory_bytes": nil, "process_open_fds": nil, "go_goroutines": nil,
	}
	for _, m := range metrics.Metrics() {
		all[m.Name] = m.Labels
	}
	for _, r := range rulesOf(t, recording) {
		var labels []string
		for _, name := range metricsIn(r.Expr) {
			labels = append(labels, all[name]...)
		}
		all[r.Record] = labels
	}
	return all
}

// metricsIn are the names of metrics in an expression.
func metricsIn(expr string) []string {
	var names []string
	for _, m := range selector.FindAllString(quoted.ReplaceAllString(expr, `""`), -1) {
		name, _, _ := strings.Cut(m, "{")
		names = append(names, name)
	}
	return names
}

// speaksOfWhatIsThere holds an expression against the metrics and their labels.
func speaksOfWhatIsThere(t *testing.T, where, expr string, all map[string][]string) {
	t.Helper()
	names := metricsIn(expr)
	if len(names) == 0 {
		t.Errorf("%s: no metric in %s", where, expr)
	}
	usual := []string{"job", "instance"}
	union := usual
	for _, name := range names {
		labels, ok := all[name]
		if !ok {
			t.Errorf("%s: there is no metric %s", where, name)
		}
		union = append(union, labels...)
	}
	for _, m := range selector.FindAllStringSubmatch(expr, -1) {
		name, _, _ := strings.Cut(m[0], "{")
		for _, l := range matcher.FindAllStringSubmatch(m[1], -1) {
			if !slices.Contains(append(usual, all[name]...), l[1]) {
				t.Errorf("%s: %s has no label %s", where, name, l[1])
			}
		}
	}
	for _, g := range grouping.FindAllStringSubmatch(expr, -1) {
		for l := range strings.SplitSeq(g[1], ",") {
			if l = strings.TrimSpace(l); l != "" && !slices.Contains(union, l) {
				t.Errorf("%s: no metric of %s has a label %s", where, expr, l)
			}
		}
	}
}

func TestRulesSpeakOfWhatIsThere(t *testing.T) {
	all := known(t)
	for _, name := range []string{recording, alerting} {
		for _, r := range rulesOf(t, name) {
			speaksOfWhatIsThere(t, r.Record+r.Alert, r.Expr, all)
		}
	}
}

// A panel is one panel of a dashboard.
type panel struct {
	ID          int
	Type, Title string
	Description string
	GridPos     struct{ H, W, X, Y int }
	Targets     []struct{ Expr, LegendFormat string }
}

// dashboard reads the dashboard.
func dashboard(t *testing.T) (panels []panel, variables map[string]string) {
	t.Helper()
	var d struct {
		UID, Title string
		Panels     []panel
		Templating struct {
			List []struct {
				Name  string
				Query any
			}
		}
	}
	if err := json.Unmarshal(read(t, "grafana/xuncha.json"), &d); err != nil {
		t.Fatal(err)
	}
	if d.UID == "" || len(d.Panels) == 0 {
		t.Fatalf("the dashboard %q has %d panels", d.UID, len(d.Panels))
	}
	variables = map[string]string{}
	for _, v := range d.Templating.List {
		if q, ok := v.Query.(map[string]any); ok {
			variables[v.Name], _ = q["query"].(string)
		}
	}
	return d.Panels, variables
}

func TestDashboardSpeaksOfWhatIsThere(t *testing.T) {
	all := known(t)
	panels, variables := dashboard(t)
	for name, query := range variables {
		speaksOfWhatIsThere(t, "variable "+name, query, all)
	}
	variable := regexp.MustCompile(`\$([a-z]+)\b`)
	legend := regexp.MustCompile(`\{\{(.*?)\}\}`)
	var exprs []string
	for _, p := range panels {
		if p.Type == "row" {
			continue
		}
		if !han(p.Title) || p.Description == "" || len(p.Targets) == 0 {
			t.Errorf("panel %d %q: no Chinese title, no description, or nothing to show", p.ID, p.Title)
		}
		for _, q := range p.Targets {
			speaksOfWhatIsThere(t, p.Title, q.Expr, all)
			for _, v := range variable.FindAllStringSubmatch(q.Expr, -1) {
				if _, ok := variables[v[1]]; !ok {
					t.Errorf("%s: there is no variable %s", p.Title, v[0])
				}
			}
			for _, l := range legend.FindAllStringSubmatch(q.LegendFormat, -1) {
				if label := l[1]; label != "instance" && !hasLabel(all, q.Expr, label) {
					t.Errorf("%s: no metric of %s has the label %s of its legend", p.Title, q.Expr, label)
				}
			}
			exprs = append(exprs, filled(q.Expr))
		}
	}
	var file bytes.Buffer
	file.WriteString("groups:\n- name: dashboard\n  rules:\n")
	for i, e := range exprs {
		fmt.Fprintf(&file, "  - record: dashboard_%d\n    expr: %q\n", i, e)
	}
	name := filepath.Join(t.TempDir(), "dashboard.yml")
	if err := os.WriteFile(name, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	promtool(t, "check", "rules", name)
}

// filled is an expression with everything chosen.
func filled(expr string) string {
	return strings.NewReplacer("$instance", ".*", "$unit", ".*", "$__rate_interval", "5m").Replace(expr)
}

func hasLabel(all map[string][]string, expr, label string) bool {
	return slices.ContainsFunc(metricsIn(expr), func(name string) bool { return slices.Contains(all[name], label) })
}

// The issue's own: stale columns over time, by unit and by class, coverage, health.
func TestDashboardShowsWhatIsAskedMost(t *testing.T) {
	panels, _ := dashboard(t)
	var exprs strings.Builder
	for _, p := range panels {
		for _, q := range p.Targets {
			fmt.Fprintln(&exprs, q.Expr)
		}
	}
	for _, want := range []string{`unit) (xuncha_columns{`, `sum by (class) (xuncha_columns_by_class{`, "xuncha_coverage_ratio", "xuncha_platform_failing", "xuncha_round_last_duration_seconds", "xuncha_alert"} {
		if !strings.Contains(exprs.String(), want) {
			t.Errorf("no panel asks for %s", want)
		}
	}
}

func TestPanelsDoNotOverlap(t *testing.T) {
	panels, _ := dashboard(t)
	ids, taken := map[int]bool{}, map[[2]int]string{}
	for _, p := range panels {
		if ids[p.ID] {
			t.Errorf("two panels have the id %d", p.ID)
		}
		ids[p.ID] = true
		g := p.GridPos
		if g.W < 1 || g.H < 1 || g.X+g.W > 24 {
			t.Errorf("%s lies at %+v", p.Title, g)
		}
		for x := g.X; x < g.X+g.W; x++ {
			for y := g.Y; y < g.Y+g.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" {
					t.Fatalf("%s lies upon %s", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
	}
}

// The table people read is that of the code.
func TestManualNamesEveryMetric(t *testing.T) {
	manual := string(read(t, "../docs/deploy.md"))
	told := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `(xuncha_[a-z0-9_]+)` \\|").FindAllStringSubmatch(manual, -1) {
		told[m[1]] = true
	}
	for _, m := range metrics.Metrics() {
		labels := "–"
		if len(m.Labels) > 0 {
			labels = "`" + strings.Join(m.Labels, "`, `") + "`"
		}
		if row := fmt.Sprintf("| `%s` | %s | ", m.Name, labels); !strings.Contains(manual, row) {
			t.Errorf("docs/deploy.md has no row that begins %s", row)
		}
		delete(told, m.Name)
	}
	for name := range told {
		t.Errorf("docs/deploy.md tells of %s, which there is not", name)
	}
}

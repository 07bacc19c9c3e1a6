package metrics

import (
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// A Metric is what one metric is called, for documents, rules and dashboards that
// speak of it.
type Metric struct {
	Name, Help string
	Labels     []string
	Counter    bool // else a gauge
}

// Metrics are all that this package has of its own, in the order in which people
// read of them.
func Metrics() []Metric {
	_, all := newInstruments()
	return all
}

// An instrument makes the series of one metric.
type instrument struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
}

// of is one series. What Prometheus cannot take is an error of that series alone.
func (i instrument) of(value float64, labels ...string) prometheus.Metric {
	for n, l := range labels {
		labels[n] = strings.ToValidUTF8(l, "�")
	}
	m, err := prometheus.NewConstMetric(i.desc, i.kind, value, labels...)
	if err != nil {
		return prometheus.NewInvalidMetric(i.desc, err)
	}
	return m
}

// instruments are all of ours.
type instruments struct {
	// How the city stands.
	judgement, point, units, sites                          instrument
	columns, columnsByClass, sections, accounts             instrument
	siteVerdicts, accountVerdicts                           instrument
	findings, findingsOverdue, unknown, coverage            instrument
	unknownBySite                                           instrument
	platformAccounts, platformFailing, siteProbes, siteShut instrument

	// How the daemon does.
	build                                              instrument
	roundRunning, roundStarted, roundDuration          instrument
	roundPlanned, roundDone, queueHosts, visitingHosts instrument
	lastSuccess, nextRun, failing                      instrument
	storeFile, diskFree, diskSize                      instrument
	reloadOK, reloadTime, configProblems               instrument
	backupBytes, backups                               instrument
	alert, siteUp, siteTook                            instrument
	messagesWaiting, messagesOldest, messages          instrument

	// What was asked of the network.
	requests, pages, bytes, bodyBytes                  instrument
	notModified, takenOver, rendered, waited           instrument
	tabs, tabsBusy                                     instrument
	platformRequests, platformRefusals, platformClosed instrument
}

// newInstruments names everything.
func newInstruments() (instruments, []Metric) {
	var all []Metric
	of := func(kind prometheus.ValueType, name, help string, labels []string) instrument {
		all = append(all, Metric{Name: "xuncha_" + name, Help: help, Labels: labels, Counter: kind == prometheus.CounterValue})
		return instrument{prometheus.NewDesc("xuncha_"+name, help, labels, nil), kind}
	}
	gauge := func(name, help string, labels ...string) instrument {
		return of(prometheus.GaugeValue, name, help, labels)
	}
	counter := func(name, help string, labels ...string) instrument {
		return of(prometheus.CounterValue, name, help, labels)
	}
	made := instruments{
		judgement:       gauge("judgement_info", "The newest judgement, always 1: of which city, by which rule set, made from invented pages or not.", "city", "rule_set", "simulated"),
		point:           gauge("monitoring_point_timestamp_seconds", "Monitoring point of the newest judgement, by the clock of its round."),
		units:           gauge("unit_info", "The unit behind an id, always 1: its name as notices have it.", "unit", "name"),
		sites:           gauge("site_info", "The site or platform behind an id, always 1: its name.", "site", "name"),
		columns:         gauge("columns", "Columns by the site or platform they are on, the unit that answers, and state: fresh, due, stale, blank, unknown.", "site", "unit", "state"),
		columnsByClass:  gauge("columns_by_class", "Columns by class and state.", "class", "state"),
		sections:        gauge("sections", "Mandated sections by the unit that answers and state: fresh, missing, unknown.", "unit", "state"),
		accounts:        gauge("accounts", "Accounts that are counted, by platform and state.", "platform", "state"),
		siteVerdicts:    gauge("site_verdicts", "Sites by verdict, which is preliminary until people have confirmed it.", "verdict"),
		accountVerdicts: gauge("account_verdicts", "Accounts by verdict, which is preliminary until people have confirmed it.", "verdict"),
		findings:        gauge("findings", "Findings by indicator and where each now stands.", "indicator", "status"),
		findingsOverdue: gauge("findings_overdue", "Findings for which a unit has let a due day pass."),
		unknown:         gauge("unknown", "Subjects that could not be monitored, by kind and reason.", "kind", "reason"),
		unknownBySite:   gauge("unknown_by_site", "Columns and sections that could not be monitored, by the site or platform they are on and reason; nothing where there are none.", "site", "reason"),
		coverage:        gauge("coverage_ratio", "Share of the planned subjects of a kind that could be judged.", "kind"),

		siteProbes: gauge("site_probes", "Knocks at a site's home page in the window of the availability indicator by what came of them: opened, shut, untold.", "site", "result"),
		siteShut:   gauge("site_access_failing", "1 if a site fails the availability indicator, 0 if it does not; nothing while there were too few knocks to judge by.", "site"),

		platformAccounts: gauge("platform_accounts", "Accounts that were asked of a platform in its newest round, by what became of it: read, blocked, other.", "platform", "result"),
		platformFailing:  gauge("platform_failing", "1 if a platform was read for so few of its accounts that what it said of the others is in doubt.", "platform"),

		build:         gauge("build_info", "The program, always 1.", "version"),
		roundRunning:  gauge("round_running", "1 while a round is under way."),
		roundStarted:  gauge("round_started_timestamp_seconds", "Start of the round under way, or of the newest."),
		roundDuration: gauge("round_last_duration_seconds", "How long the newest round took that ended."),
		roundPlanned:  gauge("round_planned_subjects", "Subjects of the round under way, or of the newest."),
		roundDone:     gauge("round_done_subjects", "Subjects of it that have been looked at and kept."),
		queueHosts:    gauge("queue_hosts", "Hosts of the round that no worker has taken yet."),
		visitingHosts: gauge("visiting_hosts", "Hosts that are being visited."),

		// The label is not job: that one is Prometheus' own.
		lastSuccess: gauge("last_success_timestamp_seconds", "When a task last ended well, 0 for never; kept over restarts.", "task"),
		nextRun:     gauge("next_run_timestamp_seconds", "When a task is to run next.", "task"),
		failing:     gauge("task_failing", "1 if a task's last run failed; it is tried again.", "task"),

		storeFile: gauge("store_file_bytes", "Size of the store's file."),
		diskFree:  gauge("store_disk_free_bytes", "Room left on the file system of the store."),
		diskSize:  gauge("store_disk_size_bytes", "Size of the file system of the store."),

		reloadOK:       gauge("config_last_reload_successful", "1 if the newest reading of the configuration was taken, 0 if it had mistakes and the one before is still in force."),
		reloadTime:     gauge("config_last_reload_success_timestamp_seconds", "When the configuration in force was read."),
		configProblems: gauge("config_problems", "Mistakes in the newest reading of the configuration."),

		backupBytes: gauge("backup_size_bytes", "Size of the newest backup that was read back and found whole."),
		backups:     gauge("backups", "Backups that are kept."),

		alert:    gauge("alert", "1 if the daemon has found something wrong with itself, 0 if it has looked and has not.", "alert"),
		siteUp:   gauge("site_up", "1 if a site's home page opened when it was knocked at last, 0 if it did not; nothing where that says nothing of the site.", "site"),
		siteTook: gauge("site_probe_duration_seconds", "How long that took.", "site"),

		messagesWaiting: gauge("messages_waiting", "Messages that are yet to be delivered.", "channel"),
		messagesOldest:  gauge("messages_oldest_timestamp_seconds", "Since when the oldest of them waits.", "channel"),
		messages:        counter("messages_total", "Deliveries since the start of the process by result: sent, failed.", "channel", "result"),

		requests:    counter("requests_total", "Requests sent, retries and robots.txt among them."),
		pages:       counter("pages_total", "Pages asked for by what became of them: ok, or the class of the failure.", "outcome"),
		bytes:       counter("bytes_total", "Bytes of bodies, as they came."),
		bodyBytes:   counter("body_bytes_total", "Bytes of bodies, with content coding removed."),
		notModified: counter("pages_not_modified_total", "Pages that a server confirmed with 304."),
		takenOver:   counter("readings_taken_over_total", "Readings taken over because nothing had changed."),
		rendered:    counter("pages_rendered_total", "Pages that a browser showed."),
		waited:      counter("politeness_wait_seconds_total", "Time that requests stood in line for a host's turn and delay."),
		tabs:        gauge("render_tabs", "Tabs that a browser may open."),
		tabsBusy:    gauge("render_tabs_busy", "Tabs that show a page."),

		platformRequests: counter("platform_requests_total", "Requests to a platform of accounts.", "platform"),
		platformRefusals: counter("platform_refusals_total", "Refusals by a platform of accounts.", "platform"),
		platformClosed:   gauge("platform_closed", "1 if a platform is not asked again in the round under way.", "platform"),
	}
	return made, all
}

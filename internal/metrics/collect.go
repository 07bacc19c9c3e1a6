package metrics

import (
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"xuncha/board"
	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/rules"
)

// A collector answers a scrape. It describes nothing beforehand: which series there
// are is known only with the board.
type collector struct {
	Config
	instruments
	counted atomic.Pointer[counted]
}

// counted is what one board came to on one day.
type counted struct {
	board  *board.Board
	day    time.Time // by which findings are overdue
	series []prometheus.Metric
}

func newCollector(cfg Config) *collector {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	made, _ := newInstruments()
	return &collector{Config: cfg, instruments: made}
}

// Describe names nothing, by which the registry takes the collector as it comes.
func (c *collector) Describe(chan<- *prometheus.Desc) {}

// Collect hands out all series.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	out <- c.build.of(1, c.Version)
	if c.Board != nil {
		if b := c.Board(); b != nil {
			for _, m := range c.count(b) {
				out <- m
			}
		}
	}
	if c.Status != nil {
		for _, m := range c.daemon(c.Status()) {
			out <- m
		}
	}
	if c.Traffic != nil {
		for _, m := range c.network(c.Traffic()) {
			out <- m
		}
	}
}

// count counts a board once a day; two scrapes at once may both do so.
func (c *collector) count(b *board.Board) []prometheus.Metric {
	day := extract.DayOf(c.Now())
	if last := c.counted.Load(); last != nil && last.board == b && last.day.Equal(day) {
		return last.series
	}
	now := &counted{board: b, day: day, series: c.city(b, day)}
	c.counted.Store(now)
	return now.series
}

// daemon are the series of a status.
func (c *collector) daemon(s Status) []prometheus.Metric {
	all := []prometheus.Metric{
		c.roundRunning.of(number(s.Round.Running)),
		c.roundPlanned.of(float64(s.Round.Planned)),
		c.roundDone.of(float64(s.Round.Done)),
		c.queueHosts.of(float64(s.Round.Waiting)),
		c.roundStarted.of(seconds(s.Round.Started)),
		c.roundDuration.of(s.Round.LastDuration.Seconds()),
		c.storeFile.of(float64(s.Store.FileBytes)),
		c.diskFree.of(float64(s.Store.DiskFreeBytes)),
		c.diskSize.of(float64(s.Store.DiskBytes)),
		c.reloadOK.of(number(!s.Reload.Failed)),
		c.reloadTime.of(seconds(s.Reload.Loaded)),
		c.configProblems.of(float64(s.Reload.Problems)),
		c.backupBytes.of(float64(s.Backup.Bytes)),
		c.backups.of(float64(s.Backup.Kept)),
	}
	for name, t := range s.Tasks {
		all = append(all, c.lastSuccess.of(seconds(t.LastSuccess), name), c.failing.of(number(t.Failing), name))
		if !t.Next.IsZero() {
			all = append(all, c.nextRun.of(seconds(t.Next), name))
		}
	}
	for name, raised := range s.Alerts {
		all = append(all, c.alert.of(number(raised), name))
	}
	for site, knock := range s.Knocks {
		if knock.Came == rules.Opened || knock.Came == rules.Shut { // else it says nothing of the site
			all = append(all, c.siteUp.of(number(knock.Came == rules.Opened), site), c.siteTook.of(knock.Took.Seconds(), site))
		}
	}
	for name, ch := range s.Channels {
		all = append(all, c.messagesWaiting.of(float64(ch.Waiting), name),
			c.messages.of(float64(ch.Sent), name, "sent"), c.messages.of(float64(ch.Failed), name, "failed"))
		if !ch.Oldest.IsZero() {
			all = append(all, c.messagesOldest.of(seconds(ch.Oldest), name))
		}
	}
	return all
}

// network are the series of what crawlers did.
func (c *collector) network(s crawler.Stats) []prometheus.Metric {
	all := []prometheus.Metric{
		c.requests.of(float64(s.Requests)),
		c.bytes.of(float64(s.WireBytes)),
		c.bodyBytes.of(float64(s.BodyBytes)),
		c.notModified.of(float64(s.NotModified)),
		c.takenOver.of(float64(s.TakenOver)),
		c.rendered.of(float64(s.Rendered)),
		c.waited.of(s.Waited.Seconds()),
		c.visitingHosts.of(float64(s.Visiting)),
		c.tabs.of(float64(s.Tabs)),
		c.tabsBusy.of(float64(s.TabsBusy)),
		c.pages.of(float64(s.Pages[""]), "ok"),
	}
	for class, n := range s.Pages {
		if class != "" {
			all = append(all, c.pages.of(float64(n), string(class)))
		}
	}
	for _, p := range s.Platforms {
		all = append(all, c.platformRequests.of(float64(p.Asked), p.Name),
			c.platformRefusals.of(float64(p.Refused), p.Name), c.platformClosed.of(number(p.Closed != ""), p.Name))
	}
	return all
}

// number is a truth as Prometheus has it.
func number(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// seconds is a moment as Prometheus has it, 0 for none.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

// text is a truth as a label.
func text(is bool) string { return strconv.FormatBool(is) }

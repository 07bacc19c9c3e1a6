package daemon

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/patrol"
	"xuncha/store"
)

// A Progress is how far the round under way is.
type Progress struct {
	Round   string // "" before the first snapshot
	By      string // who asked for it, "" for the schedule
	Began   time.Time
	Chosen  bool // of chosen subjects only
	Planned int
	Done    int // looked at for the first time
	Read    int
	Unread  int // not read: with those of a process before, of which Reasons does not know
	Again   int // looked at a second time
	Reasons map[extract.Reason]int
	Hosts   []HostRun // in the order in which they were begun
	Waiting int       // rounds that wait

	HostsWaiting int // that no worker has taken yet

	// Paused is since when it waits for room on the disk.
	Paused time.Time

	// Stopping says that it is being cancelled.
	Stopping bool
}

// A HostRun is what a round spent on one host.
type HostRun struct {
	Host     string    `json:"host"`
	Began    time.Time `json:"began"`
	Ended    time.Time `json:"ended,omitzero"`
	Subjects int       `json:"subjects"`
	Failed   int       `json:"failed,omitempty"`
	Look     int       `json:"look"`
}

// An under is the round under way with what ends it and what it has cost so far.
type under struct {
	Progress
	cancel context.CancelCauseFunc
	stats  func() crawler.Stats
	order  order
	left   store.Round // that may be gone on with, the zero Round for none
}

// Progress is the round under way; ok is false if there is none.
func (d *Daemon) Progress() (p Progress, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.under == nil {
		return Progress{Waiting: len(d.orders)}, false
	}
	p = d.under.Progress
	p.Reasons, p.Hosts, p.Waiting, p.Paused = maps.Clone(p.Reasons), slices.Clone(p.Hosts), len(d.orders), d.full
	if d.under.order.line && p.Waiting > 0 {
		p.Waiting--
	}
	return p, true
}

// Moved returns a channel that is closed when there is news of a round, of what is amiss
// or of the configuration.
func (d *Daemon) Moved() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.changed
}

// moved tells of news. The caller holds mu.
func (d *Daemon) moved() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// Stats are what all rounds since the start have cost.
func (d *Daemon) Stats() crawler.Stats {
	d.mu.Lock()
	defer d.mu.Unlock()
	sum := d.spent
	if d.under != nil && d.under.stats != nil {
		sum = added(sum, d.under.stats())
	}
	return sum
}

// added is the sum of two crawlers' work.
func added(a, b crawler.Stats) crawler.Stats {
	pages := map[extract.Class]int64{}
	for _, of := range []map[extract.Class]int64{a.Pages, b.Pages} {
		for class, n := range of {
			pages[class] += n
		}
	}
	return crawler.Stats{
		Requests: a.Requests + b.Requests, WireBytes: a.WireBytes + b.WireBytes, BodyBytes: a.BodyBytes + b.BodyBytes,
		Rendered: a.Rendered + b.Rendered, NotModified: a.NotModified + b.NotModified, TakenOver: a.TakenOver + b.TakenOver,
		Pages: pages, Waited: a.Waited + b.Waited, Longest: max(a.Longest, b.Longest), Platforms: addedPlatforms(a.Platforms, b.Platforms),
		Visiting: b.Visiting, Tabs: b.Tabs, TabsBusy: b.TabsBusy, // of the crawler at work
	}
}

// addedPlatforms adds up by name. Whether a platform is closed is what the later says.
func addedPlatforms(a, b []crawler.PlatformStats) []crawler.PlatformStats {
	all := slices.Clone(b)
	for _, before := range a {
		i := slices.IndexFunc(all, func(p crawler.PlatformStats) bool { return p.Name == before.Name })
		if i < 0 {
			before.Closed, before.Since = "", time.Time{} // nobody asks it now
			all = append(all, before)
			continue
		}
		all[i].Asked += before.Asked
		all[i].Refused += before.Refused
	}
	return all
}

func (d *Daemon) begin(o order, cancel context.CancelCauseFunc, v patrol.Visitor) {
	left, err := d.Store.Unfinished()
	if err != nil {
		left = store.Round{} // there is none; a store that cannot be read is told by the round
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.under = &under{
		Progress: Progress{By: o.by, Began: d.Clock.Now(), Chosen: o.only != nil, Planned: len(o.only), Reasons: map[extract.Reason]int{}},
		cancel:   cancel, order: o, left: left,
	}
	if o.left != "" && left.ID == o.left {
		d.under.goOn()
	}
	if o.only == nil {
		d.under.Planned = len(d.setup.City.Subjects(d.under.Began))
	}
	if s, ok := v.(interface{ Stats() crawler.Stats }); ok {
		d.under.stats = s.Stats
	}
	d.moved()
}

// goOn counts what another process looked at before it ended.
func (u *under) goOn() {
	u.Read, u.Unread = u.left.Read, u.left.Failed
	u.Done, u.left = u.Read+u.Unread, store.Round{}
}

func (d *Daemon) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.under.stats != nil {
		d.spent = added(d.under.stats(), d.spent) // what is closed or busy is so no longer
	}
	d.under = nil
	d.moved()
}

// tell takes note of a snapshot that was kept.
func (d *Daemon) tell(e patrol.Event) {
	asked, o, first := d.tally(e)
	if !first {
		return
	}
	err := put(d.Store.Shelf(shelfRounds), e.Round, asked) // it is kept again at the end
	if err == nil && o.key != "" {
		err = d.keepOrder(o, e.Round)
	}
	if err != nil {
		d.Log.Warn("who asked for a round was not kept", "round", e.Round, "error", d.noted(err))
	}
}

// tally counts a snapshot; first says that it is the round's first of this process.
func (d *Daemon) tally(e patrol.Event) (asked Asked, o order, first bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.under
	if first = u.Round == ""; first && u.left.ID == e.Round {
		u.goOn() // the schedule went on with it
	}
	asked = Asked{u.By, u.Chosen, u.Stopping}
	u.Round, u.Done, u.Planned, u.HostsWaiting = e.Round, e.Done, e.Planned, e.Waiting
	switch {
	case e.Look > 1:
		u.Again++
	case e.Outcome == extract.Unread:
		u.Unread++
		u.Reasons[e.Reason]++
	default:
		u.Read++
	}
	d.full = time.Time{} // what has just been written had room
	d.moved()
	return asked, u.order, first
}

// A timed visitor notes what is spent on each host.
type timed struct {
	patrol.Visitor
	d *Daemon
}

func (t *timed) Crawl(ctx context.Context, job crawler.Job, deliver func(crawler.Visit) error) error {
	look := 1
	if job.Fresh {
		look = 2
	}
	run := HostRun{Host: job.Host, Began: t.d.Clock.Now(), Subjects: len(job.Subjects), Look: look}
	at := t.d.hostBegins(run)
	failed := 0
	err := t.Visitor.Crawl(ctx, job, func(v crawler.Visit) error {
		if !v.Reading.Conclusive() {
			failed++
		}
		return deliver(v)
	})
	if ctx.Err() == nil {
		t.d.hostEnds(at, failed)
	}
	return err
}

func (d *Daemon) hostBegins(run HostRun) (at int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.under.Hosts = append(d.under.Hosts, run)
	d.moved()
	return len(d.under.Hosts) - 1
}

func (d *Daemon) hostEnds(at, failed int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	run := &d.under.Hosts[at]
	run.Ended, run.Failed = d.Clock.Now(), failed
	d.moved()
}

// An Asked is who asked for a round, and for what.
type Asked struct {
	By     string `json:"by,omitempty"` // "" for the schedule
	Chosen bool   `json:"chosen,omitempty"`

	// Cancelled says that somebody ended it, if it did not come to its end all the same.
	Cancelled bool `json:"cancelled,omitempty"`
}

// hostsKey is where what a round spent on its hosts stands, behind all rounds.
func hostsKey(round string) string { return "hosts " + round }

// keepHosts keeps who asked for the round under way and what it spent on which
// host. A round that was taken up again keeps what each process spent.
func (d *Daemon) keepHosts(id string) {
	p, _ := d.Progress()
	shelf := d.Store.Shelf(shelfRounds)
	hosts, err := d.Hosts(id)
	if err == nil {
		err = put(shelf, hostsKey(id), append(hosts, p.Hosts...))
	}
	if err == nil {
		err = put(shelf, id, Asked{p.By, p.Chosen, p.Stopping})
	}
	if err != nil {
		d.Log.Warn("how the round went was not kept", "round", id, "error", d.noted(err))
	}
}

// Hosts are what a round spent on its hosts; none where it was made by a command.
func (d *Daemon) Hosts(round string) (hosts []HostRun, err error) {
	_, err = get(d.Store.Shelf(shelfRounds), hostsKey(round), &hosts)
	return hosts, err
}

// AskedFor says of each round that the daemon made who asked for it.
func (d *Daemon) AskedFor() (map[string]Asked, error) {
	all := map[string]Asked{}
	for r, err := range d.Store.Shelf(shelfRounds).Walk("2", "") { // IDs begin with a year
		if err != nil {
			return nil, err
		}
		var a Asked
		if err := json.Unmarshal(r.Value, &a); err != nil {
			return nil, fmt.Errorf("round %s: %w", r.Key, err)
		}
		all[r.Key] = a
	}
	return all, nil
}

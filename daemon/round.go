package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"xuncha/crawler"
	"xuncha/extract"
	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/store"
)

// Why a round is not begun.
var (
	// ErrBusy says that a round is under way and the city has another refused
	// meanwhile, or that a backup is being made or read.
	ErrBusy = errors.New("a round or a backup is under way")

	// ErrClock says that the clock stands behind what is kept.
	ErrClock = errors.New("the clock is behind")

	// ErrMany says that more is asked for than is good.
	ErrMany = errors.New("too many rounds wait")

	// ErrNobody says that no subject of the configuration is asked for.
	ErrNobody = errors.New("no such subject")
)

// An order is a round that somebody asked for.
type order struct {
	by   string          // who; "" for the schedule
	only map[string]bool // subjects, nil for all
	left string          // ID of a round that was cut off and is to be gone on with, or ""
	line bool            // it stands in line while it is made
}

// maxOrders bounds the orders that wait.
const maxOrders = 16

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
	line   bool        // it was ordered, and stands first among those that wait
	left   store.Round // that may be gone on with, the zero Round for none
}

// errCancelled is why a round ends that somebody cancelled.
var errCancelled = errors.New("cancelled")

// Progress is the round under way; ok is false if there is none.
func (d *Daemon) Progress() (p Progress, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.under == nil {
		return Progress{Waiting: len(d.orders)}, false
	}
	p = d.under.Progress
	p.Reasons, p.Hosts, p.Waiting, p.Paused = maps.Clone(p.Reasons), slices.Clone(p.Hosts), len(d.orders), d.full
	if d.under.line && p.Waiting > 0 {
		p.Waiting--
	}
	return p, true
}

// Moved returns a channel that is closed when there is news of a round.
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

// RunNow asks for a round over everything, or over the subjects that match any of
// some globs. A person who asks vouches for a clock that has gone far ahead.
func (d *Daemon) RunNow(by string, globs []string) error {
	only, err := d.chosen(globs)
	if err != nil {
		return err
	}
	if d.busy() && d.Setup().City.Schedule.Second == inventory.SecondRefused {
		return ErrBusy
	}
	return d.order(order{by: by, only: only})
}

// LookAgain asks for another look at subjects. It waits for the round under way.
func (d *Daemon) LookAgain(by string, ids []string) error {
	only, err := d.chosen(ids)
	if err != nil {
		return err
	}
	if only == nil {
		return ErrNobody
	}
	return d.order(order{by: by, only: only})
}

// chosen are the subjects that globs match, nil for all where there are no globs.
func (d *Daemon) chosen(globs []string) (map[string]bool, error) {
	if len(globs) == 0 {
		return nil, nil
	}
	only := map[string]bool{}
	subjects := d.Setup().City.Subjects(d.Clock.Now())
	for _, g := range globs {
		match := inventory.Match(g)
		for _, s := range subjects {
			if match(s.ID) {
				only[s.ID] = true
			}
		}
	}
	if len(only) == 0 {
		return nil, ErrNobody
	}
	return only, nil
}

// busy reports whether a round is under way or waits.
func (d *Daemon) busy() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.under != nil || len(d.orders) > 0
}

func (d *Daemon) order(o order) error {
	o.line = true
	if o.by != "" && o.left == "" { // who asked before the process ended saw another clock
		if err := d.vouched(); err != nil {
			return err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.orders) >= maxOrders {
		return ErrMany
	}
	d.orders = append(d.orders, o)
	d.moved()
	select {
	case d.ordered <- struct{}{}:
	default:
	}
	return nil
}

// Cancel ends the round under way, which is not taken up again, and returns
// whether there was one.
func (d *Daemon) Cancel() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.under == nil {
		return false
	}
	d.under.Stopping = true
	d.under.cancel(errCancelled)
	d.moved()
	return true
}

// obey makes the rounds that were ordered, one after the other.
func (d *Daemon) obey(ctx context.Context) {
	for {
		o, ok := d.next()
		if !ok {
			select {
			case <-d.ordered:
				continue
			case <-ctx.Done():
				return
			}
		}
		err := d.runner.Do(ctx, groupStore, func(ctx context.Context) error { return d.round(ctx, o) })
		if ctx.Err() != nil {
			return // what is under way is gone on with by the next process
		}
		d.done()
		if err != nil {
			d.Log.Error("a round that was asked for failed", "by", o.by, "error", err)
		}
	}
}

// next is the first order. It stands in line until it is done.
func (d *Daemon) next() (order, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.orders) == 0 {
		return order{}, false
	}
	return d.orders[0], true
}

func (d *Daemon) done() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.orders = d.orders[1:]
	d.moved()
}

// resumable is how old a round may be to be gone on with.
const resumable = 12 * time.Hour

// resume has a round gone on with that the last process left.
func (d *Daemon) resume() error {
	left, err := d.Store.Unfinished()
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	age := d.Clock.Now().Sub(left.Started)
	if left.Config != d.Setup().City.Digest || age < 0 || age > resumable {
		return nil // the next round abandons it
	}
	only := map[string]bool{}
	for _, id := range left.Planned {
		only[id] = true
	}
	if len(only) == len(d.Setup().City.Subjects(d.Clock.Now())) {
		only = nil
	}
	asked, err := d.AskedFor()
	if err != nil {
		return err
	}
	return d.order(order{only: only, left: left.ID, by: asked[left.ID].By})
}

// nightly makes the round of one time of the schedule, unless there has been one.
func (d *Daemon) nightly(ctx context.Context, slot time.Time) error {
	if late, err := d.keepNewestNight(); err != nil {
		return d.noted(err)
	} else if late {
		if err := d.Refresh(); err != nil {
			return err
		}
	}
	if b := d.Board(); b != nil {
		for _, n := range b.Nights {
			if !n.Started.Before(slot) && !n.Started.After(d.Clock.Now()) {
				return nil
			}
		}
	}
	return d.round(ctx, order{})
}

// round makes one round. It returns nil where somebody cancelled it, and where ctx
// is done: the round is then left for the next process.
func (d *Daemon) round(ctx context.Context, o order) error {
	if o.left != "" {
		if left, err := d.Store.Unfinished(); err != nil || left.ID != o.left {
			return nil // the schedule went on with it
		}
	}
	defer d.hold()()
	setup := d.Setup()
	visitor, hangUp, err := d.Visitor(setup)
	if err != nil {
		return fmt.Errorf("prepare a round: %w", err)
	}
	defer hangUp()
	own, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	d.begin(o, cancel, visitor)
	defer d.end()
	cfg := patrol.Config{
		City: setup.City, RuleSet: setup.Set, Visitor: &timed{Visitor: visitor, d: d}, Keeper: d.Store, Clock: d.Clock, Log: d.Log,
		Simulated: d.Simulated, Picture: true, Tell: d.tell,
	}
	if o.only != nil {
		cfg.Only = func(id string) bool { return o.only[id] }
	}
	round, err := d.withRoom(own, cfg)
	switch {
	case err != nil:
		return d.noted(err)
	case round.State == store.Finished:
		return d.conclude(round)
	case round.ID == "":
		return nil
	}
	d.keepHosts(round.ID)
	if ctx.Err() == nil { // cancelled
		return d.noted(d.Store.Finish(round.ID, d.Clock.Now(), store.Abandoned))
	}
	return nil
}

// withRoom makes a round, and waits where the disk is full until it is not.
func (d *Daemon) withRoom(ctx context.Context, cfg patrol.Config) (round store.Round, err error) {
	for {
		round, err = patrol.Run(ctx, cfg)
		if !errors.Is(err, store.ErrFull) {
			return round, err
		}
		d.Log.Warn("the disk is full: the round waits for room", "error", err)
		if d.awaitRoom(ctx); ctx.Err() != nil {
			left, err := d.Store.Unfinished()
			if errors.Is(err, store.ErrNotFound) {
				err = nil
			}
			return left, err
		}
	}
}

// roomEvery is how often it is tried whether there is room.
const roomEvery = time.Minute

// awaitRoom returns once something can be written, or ctx is done.
func (d *Daemon) awaitRoom(ctx context.Context) {
	d.setFull(d.Clock.Now())
	for ctx.Err() == nil {
		d.sleep(ctx, roomEvery)
		if d.tryRoom() {
			return
		}
	}
}

// roomTried is how much is written to see whether there is room.
const roomTried = 256 << 10

// tryRoom tries to write, and reports whether there is room again.
func (d *Daemon) tryRoom() bool {
	shelf := d.Store.Shelf(shelfDaemon)
	filler := make([]byte, roomTried)
	err := shelf.Update(func(tx store.ShelfTx) error { return tx.Put("room", filler) })
	if err == nil {
		err = drop(shelf, []string{"room"})
	}
	if err != nil {
		_ = d.noted(err) // that it is full has been told
		return false
	}
	d.setFull(time.Time{})
	return true
}

func (d *Daemon) isFull() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return !d.full.IsZero()
}

func (d *Daemon) setFull(since time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.full = since; d.under != nil {
		d.moved()
	}
}

// sleep waits by the clock.
func (d *Daemon) sleep(ctx context.Context, pause time.Duration) {
	until := d.Clock.Now().Add(pause)
	for ctx.Err() == nil && d.Clock.Now().Before(until) {
		d.Clock.Sleep(ctx, until)
	}
}

// conclude keeps what a round came to and shows it.
func (d *Daemon) conclude(r store.Round) error {
	d.keepHosts(r.ID)
	if err := d.keepNight(r); err != nil {
		return d.noted(err)
	}
	if d.Concluded != nil {
		if err := d.Concluded(r); err != nil { // the round stands all the same
			d.Log.Error("the findings of a round were not entered", "round", r.ID, "error", d.noted(err))
		}
	}
	return d.Refresh()
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
		cancel:   cancel, line: o.line, left: left,
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
	if asked, first := d.tally(e); first {
		if err := put(d.Store.Shelf(shelfRounds), e.Round, asked); err != nil { // it is kept again at the end
			d.Log.Warn("who asked for a round was not kept", "round", e.Round, "error", d.noted(err))
		}
	}
}

// tally counts a snapshot; first says that it is the round's first of this process.
func (d *Daemon) tally(e patrol.Event) (asked Asked, first bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.under
	if first = u.Round == ""; first && u.left.ID == e.Round {
		u.goOn() // the schedule went on with it
	}
	asked = Asked{u.By, u.Chosen}
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
	d.moved()
	return asked, first
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
		err = put(shelf, id, Asked{p.By, p.Chosen})
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

// hold keeps a clock that is played from going on while something is done.
func (d *Daemon) hold() (release func()) {
	if c, ok := d.Clock.(interface{ Hold() func() }); ok {
		return c.Hold()
	}
	return func() {}
}

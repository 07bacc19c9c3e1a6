package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"xuncha/extract"
	"xuncha/internal/notify"
	"xuncha/inventory"
	"xuncha/report"
	"xuncha/store"
)

// The demonstration: the city and the quarter of its notice.
const (
	demoConfig = "demo"
	demoPoint  = "2023-09-27"
	demoPeriod = "2023Q3"
)

// demoCmd crawls the simulated city and prints the notice's tables.
type demoCmd struct {
	Once            bool          `help:"Print the tables of the notice and end, without the console." zh:"打印通报附件后结束，不进入控制台。"`
	Addr            string        `help:"Address of the console." zh:"控制台地址。" default:"127.0.0.1:8080" placeholder:"ADDR"`
	Data            string        `help:"Folder of the store." zh:"数据目录。" default:"./data/demo" placeholder:"DIR"`
	SimulateLatency time.Duration `hidden:"" default:"80ms"`
	Verbose         bool          `help:"Print a line for each snapshot kept." zh:"每留存一份快照打印一行。" short:"v"`

	// Nights are how many of the ninety are played, the first and the last of all and
	// some between them.
	Nights int `hidden:"" default:"90"`
}

// Run runs the command.
func (c demoCmd) Run(ctx context.Context, a *app) error {
	if c.Nights < 1 || c.Nights > demoNights {
		return usage("--nights %d: give a number from 1 to %d", c.Nights, demoNights)
	}
	if !c.Once {
		return c.console(ctx, a)
	}
	s, err := loadSetup(demoConfig)
	if err != nil {
		return err
	}
	data, err := c.begin()
	if err != nil {
		return err
	}
	start := time.Now()
	j, err := c.play(ctx, a, s, data)
	if err != nil || ctx.Err() != nil {
		return err
	}
	out := filepath.Join(data, "report")
	draft, err := draftOf(j)
	if err != nil {
		return err
	}
	if err := report.Write(out, draft); err != nil {
		return err
	}
	if err := report.Print(a.stdout, draft); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("\n用时 %.1f 秒；结果在 %s，查看依据：xuncha show xxgk/czj/gzdt/tzgggs --data %s\n",
		"\n%.1f seconds; the results are in %s; see the proof: xuncha show xxgk/czj/gzdt/tzgggs --data %s\n"), time.Since(start).Seconds(), out, data)
	return nil
}

// demoMorning is when the console's clock begins: the morning after the point.
const demoMorning = "2023-09-28T08:00:00+08:00"

// console plays the nights that are not kept yet, makes the round of the notice's
// point as any other, and serves what came of them to visitors.
func (c demoCmd) console(ctx context.Context, a *app) error {
	if err := c.prepare(ctx, a); err != nil || ctx.Err() != nil {
		return err
	}
	if err := c.printTables(a); err != nil {
		return err
	}
	return serveCmd{
		configFlag: configFlag{demoConfig}, dataFlag: dataFlag{c.Data}, simulateFlag: simulateFlag{Simulate: demoMorning, SimulateLatency: c.SimulateLatency},
		Addr: c.Addr, Metrics: metricsOff, SimulateRate: 1, Visitors: true,
	}.Run(ctx, a)
}

// printTables prints what the notice of the quarter says.
func (c demoCmd) printTables(a *app) (err error) {
	st, err := openStore(c.Data, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	j, err := judge(st, "", demoPoint)
	if err != nil {
		return err
	}
	draft, err := draftOf(j)
	if err != nil {
		return err
	}
	if err := report.Print(a.stdout, draft); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("\n数据在 %s；控制台结束后可查看依据：xuncha show xxgk/czj/gzdt/tzgggs --data %s\n",
		"\nThe store is in %s; once the console has ended, see the proof: xuncha show xxgk/czj/gzdt/tzgggs --data %s\n"), c.Data, c.Data)
	return nil
}

// draftOf is the draft of the demonstration's quarter.
func draftOf(j judged) (report.Draft, error) {
	period, err := report.ParsePeriod(demoPeriod)
	if err != nil {
		return report.Draft{}, err
	}
	return report.NewDraft(j.city, j.set, j.round, j.result, period)
}

// prepare brings the console's store up to the morning after the point.
func (c demoCmd) prepare(ctx context.Context, a *app) (err error) {
	s, err := loadSetup(demoConfig)
	if err != nil {
		return err
	}
	if err := c.freshFor(s.city.Digest); err != nil {
		return err
	}
	st, err := openStore(c.Data, store.Options{Create: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	office, err := newDemoOffice(st, s)
	if err != nil {
		return err
	}
	if ready, err := office.ready(); err != nil || ready {
		return err
	}
	fmt.Fprintln(a.stdout, a.say("首次启动：先逐夜巡查模拟城市，约两分钟；结果留存，下次直接进入。停止后再次运行即续。",
		"First start: the simulated city is patrolled night by night, which takes about two minutes and is kept for the next start. If you stop it, it goes on from there."))
	err = c.playAll(ctx, a, s, office)
	if ctx.Err() != nil {
		fmt.Fprintln(a.stdout, a.say("演示已停止；再次运行即从停下的地方继续", "The demonstration was stopped; run it again and it goes on from there"))
		return nil
	}
	return err
}

// playAll plays the nights, the round of the point, and what the office did between
// them, as far as the store lacks it.
func (c demoCmd) playAll(ctx context.Context, a *app, s setup, office *demoOffice) error {
	if err := a.playNights(ctx, s, office.store, spreadNights(c.Nights), office.concluded); err != nil {
		return err
	}
	point, err := parseMoment(demoPoint)
	if err != nil {
		return err
	}
	if done, err := finishedAt(office.store, point); err != nil {
		return err
	} else if !done {
		round, err := a.crawl(ctx, s, office.store, crawlCmd{simulateFlag: simulateFlag{Simulate: demoPoint, SimulateLatency: 0}, Verbose: c.Verbose})
		if err != nil || ctx.Err() != nil {
			return err
		}
		a.tellRound(round)
	}
	morning, err := time.Parse(time.RFC3339, demoMorning)
	if err != nil {
		return err
	}
	return office.finish(ctx, a, point, morning.In(extract.Beijing))
}

// What a folder of the demonstration holds.
type demoKind int

const (
	demoNothing demoKind = iota
	demoOnce             // the one round that prints the tables
	demoLived            // the nights, and what came after them
)

// held says what a store holds. Whatever is not of a demonstration is [errNotDemo],
// and left alone.
func (c demoCmd) held() (kind demoKind, rounds []store.Round, err error) {
	st, err := openStore(c.Data, store.Options{})
	switch {
	case errors.Is(err, store.ErrNoStore):
		return demoNothing, nil, nil
	case err != nil:
		return demoNothing, nil, err
	}
	rounds, err = st.Rounds()
	if err := errors.Join(err, st.Close()); err != nil {
		return demoNothing, nil, err
	}
	point, err := parseMoment(demoPoint)
	if err != nil {
		return demoNothing, nil, err
	}
	first, err := demoNight(0)
	switch {
	case err != nil:
	case slices.ContainsFunc(rounds, func(r store.Round) bool { return !r.Simulated || r.Config != rounds[0].Config }):
		err = errNotDemo
	case len(rounds) == 0:
	case len(rounds) == 1 && rounds[0].Started.Equal(point):
		kind = demoOnce
	case slices.ContainsFunc(rounds, func(r store.Round) bool { return r.Started.Equal(first) }):
		kind = demoLived
	default:
		err = errNotDemo
	}
	return kind, rounds, err
}

// freshFor clears away the round that printed the tables, and nights that another
// configuration or another program's demonstration made.
func (c demoCmd) freshFor(config string) error {
	kind, rounds, err := c.held()
	if err != nil {
		return err
	}
	other := slices.ContainsFunc(rounds, func(r store.Round) bool { return r.Config != config || r.Reader != extract.Version })
	if kind == demoOnce || kind == demoLived && other {
		return c.clear()
	}
	return nil
}

// clear clears away an earlier demonstration.
func (c demoCmd) clear() error {
	if err := os.Remove(filepath.Join(c.Data, storeName)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("clear the last demonstration: %w", err)
	}
	return nil
}

// finishedAt reports whether a round that began at a moment has ended.
func finishedAt(st *store.Store, at time.Time) (bool, error) {
	rounds, err := st.Rounds()
	for _, r := range rounds {
		if r.State == store.Finished && r.Started.Equal(at) {
			return true, nil
		}
	}
	return false, err
}

// begin clears away the round of an earlier demonstration, so that each gives the
// same bytes, and says where the new one is to be kept: beside the nights of the
// console, if those are there.
func (c demoCmd) begin() (data string, err error) {
	kind, _, err := c.held()
	if err != nil {
		return "", err
	}
	if kind == demoLived {
		c.Data = filepath.Join(c.Data, "once")
	}
	return c.Data, c.clear()
}

// play makes the round and judges it.
func (c demoCmd) play(ctx context.Context, a *app, s setup, data string) (j judged, err error) {
	st, err := openStore(data, store.Options{Create: true})
	if err != nil {
		return judged{}, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	round, err := a.crawl(ctx, s, st, crawlCmd{simulateFlag: simulateFlag{Simulate: demoPoint, SimulateLatency: c.SimulateLatency}, Verbose: c.Verbose})
	if err != nil {
		return judged{}, err
	}
	if ctx.Err() != nil {
		fmt.Fprintln(a.stdout, a.say("演示已停止；再次运行即重新开始", "The demonstration was stopped; run it again to begin anew"))
		return judged{}, nil
	}
	a.tellRound(round)
	return judge(st, "", demoPoint)
}

// demoMessages are the channel of the demonstration, whose messages go to nobody.
func demoMessages() inventory.Messages {
	return inventory.Messages{Channels: []inventory.Channel{{
		Name: "演示（不外发）", Kind: inventory.WeCom, Address: "env:NONE", About: inventory.Topics(), PerMinute: 15, Lang: "zh",
	}}}
}

// nobody takes every message of the demonstration. Nothing leaves the machine.
type nobody struct{}

// Send implements [notify.Sender].
func (nobody) Send(context.Context, inventory.Channel, notify.Message, bool) error { return nil }

// firstBackup has a backup made where there is none.
func (s *service) firstBackup() {
	kept, err := s.daemon.Backups()
	if err == nil && len(kept) == 0 {
		err = s.daemon.AskBackup()
	}
	if err != nil {
		s.log.Warn("there is no backup", "error", err)
	}
}

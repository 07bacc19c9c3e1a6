package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"xuncha/extract"
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
}

// Run runs the command.
func (c demoCmd) Run(ctx context.Context, a *app) error {
	if !c.Once {
		return c.console(ctx, a)
	}
	s, err := loadSetup(demoConfig)
	if err != nil {
		return err
	}
	if err := c.begin(); err != nil {
		return err
	}
	start := time.Now()
	j, err := c.play(ctx, a, s)
	if err != nil || ctx.Err() != nil {
		return err
	}
	out := filepath.Join(c.Data, "report")
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
		"\n%.1f seconds; the results are in %s; see the proof: xuncha show xxgk/czj/gzdt/tzgggs --data %s\n"), time.Since(start).Seconds(), out, c.Data)
	return nil
}

// The console's store stands beside that of the tables.
const demoConsole = "console"

// demoMorning is when the console's clock begins: the morning after the point.
const demoMorning = "2023-09-28T08:00:00+08:00"

// console plays the nights that are not kept yet, makes the round of the notice's
// point as any other, and serves what came of them to visitors.
func (c demoCmd) console(ctx context.Context, a *app) error {
	dir := filepath.Join(c.Data, demoConsole)
	if err := c.prepare(ctx, a, dir); err != nil || ctx.Err() != nil {
		return err
	}
	if err := c.printTables(a, dir); err != nil {
		return err
	}
	return serveCmd{
		configFlag: configFlag{demoConfig}, dataFlag: dataFlag{dir}, simulateFlag: simulateFlag{Simulate: demoMorning, SimulateLatency: c.SimulateLatency},
		Addr: c.Addr, Metrics: metricsOff, SimulateRate: 1, Visitors: true,
	}.Run(ctx, a)
}

// printTables prints what the notice of the quarter says.
func (c demoCmd) printTables(a *app, dir string) (err error) {
	st, err := openStore(dir, store.Options{ReadOnly: true})
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
	return report.Print(a.stdout, draft)
}

// draftOf is the draft of the demonstration's quarter.
func draftOf(j judged) (report.Draft, error) {
	period, err := report.ParsePeriod(demoPeriod)
	if err != nil {
		return report.Draft{}, err
	}
	return report.NewDraft(j.city, j.set, j.round, j.result, period)
}

// prepare brings the console's store up to the point.
func (c demoCmd) prepare(ctx context.Context, a *app, dir string) (err error) {
	s, err := loadSetup(demoConfig)
	if err != nil {
		return err
	}
	if err := freshFor(dir, s.city.Digest); err != nil {
		return err
	}
	st, err := openStore(dir, store.Options{Create: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	point, err := parseMoment(demoPoint)
	if err != nil {
		return err
	}
	if done, err := finishedAt(st, point); err != nil || done {
		return err
	}
	fmt.Fprintln(a.stdout, a.say("首次启动：先逐夜巡查模拟城市，约两分钟；结果留存，下次直接进入。停止后再次运行即续。",
		"First start: the simulated city is patrolled night by night, which takes about two minutes and is kept for the next start. If you stop it, it goes on from there."))
	if err := a.playNights(ctx, s, st, demoNights); err != nil {
		return err
	}
	if ctx.Err() != nil {
		fmt.Fprintln(a.stdout, a.say("演示已停止；再次运行即从停下的地方继续", "The demonstration was stopped; run it again and it goes on from there"))
		return nil
	}
	round, err := a.crawl(ctx, s, st, crawlCmd{simulateFlag: simulateFlag{Simulate: demoPoint, SimulateLatency: 0}, Verbose: c.Verbose})
	if err != nil || ctx.Err() != nil {
		return err
	}
	a.tellRound(round)
	return nil
}

// freshFor clears away nights that another configuration or another program's
// demonstration made. What holds any round that is not of a demonstration is left
// alone.
func freshFor(dir, config string) error {
	st, err := openStore(dir, store.Options{})
	switch {
	case errors.Is(err, store.ErrNoStore):
		return nil
	case err != nil:
		return err
	}
	rounds, err := st.Rounds()
	if err := errors.Join(err, st.Close()); err != nil {
		return err
	}
	same := true
	for _, r := range rounds {
		if !r.Simulated {
			return errNotDemo
		}
		same = same && r.Config == config && r.Reader == extract.Version
	}
	if same {
		return nil
	}
	if err := os.Remove(filepath.Join(dir, storeName)); err != nil {
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

// begin clears away the store of an earlier demonstration, so that each gives
// the same bytes. A store that holds anything else is left alone.
func (c demoCmd) begin() error {
	st, err := openStore(c.Data, store.Options{})
	switch {
	case errors.Is(err, store.ErrNoStore):
		return nil
	case err != nil:
		return err
	}
	if err := errors.Join(onlyDemo(st), st.Close()); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(c.Data, storeName)); err != nil {
		return fmt.Errorf("clear the last demonstration: %w", err)
	}
	return nil
}

// onlyDemo refuses a store that holds more than one demonstration.
func onlyDemo(st *store.Store) error {
	rounds, err := st.Rounds()
	if err != nil {
		return err
	}
	point, err := parseMoment(demoPoint)
	if err != nil {
		return err
	}
	for _, r := range rounds {
		if len(rounds) > 1 || !r.Simulated || !r.Started.Equal(point) {
			return errNotDemo
		}
	}
	return nil
}

// play makes the round and judges it.
func (c demoCmd) play(ctx context.Context, a *app, s setup) (j judged, err error) {
	st, err := openStore(c.Data, store.Options{Create: true})
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

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

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
	Once            bool          `help:"Print the tables and end; without it the console follows, once there is one." zh:"打印附件后结束；否则随后进入控制台（尚未提供）。"`
	Addr            string        `help:"Address of the console." zh:"控制台地址。" default:"127.0.0.1:8080" placeholder:"ADDR"`
	Data            string        `help:"Folder of the store." zh:"数据目录。" default:"./data/demo" placeholder:"DIR"`
	SimulateLatency time.Duration `hidden:"" default:"80ms"`
	Verbose         bool          `help:"Print a line for each snapshot kept." zh:"每留存一份快照打印一行。" short:"v"`
}

// Run runs the command.
func (c demoCmd) Run(ctx context.Context, a *app) error {
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
	period, err := report.ParsePeriod(demoPeriod)
	if err != nil {
		return err
	}
	draft, err := report.NewDraft(j.city, j.set, j.round, j.result, period)
	if err != nil {
		return err
	}
	out := filepath.Join(c.Data, "report")
	if err := report.Write(out, draft); err != nil {
		return err
	}
	if err := report.Print(a.stdout, draft); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, a.say("\n用时 %.1f 秒；结果在 %s，查看依据：xuncha show xxgk/czj/gzdt/tzgggs --data %s\n",
		"\n%.1f seconds; the results are in %s; see the proof: xuncha show xxgk/czj/gzdt/tzgggs --data %s\n"), time.Since(start).Seconds(), out, c.Data)
	if !c.Once {
		fmt.Fprintln(a.stdout, a.say("控制台尚未提供；请用 check、show、report 查看结果。", "There is no console yet; look at the results with check, show and report."))
	}
	return nil
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

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"xuncha/inventory"
	"xuncha/patrol"
	"xuncha/store"
)

// storeName is the store's file in the data folder.
const storeName = "xuncha.db"

// crawlCmd makes one round.
type crawlCmd struct {
	configFlag
	dataFlag
	simulateFlag
	Only    string `help:"Look only at subjects whose id matches a glob: 'xxgk/*', 'account:*'." zh:"只巡查 id 匹配的对象，如 'xxgk/*'、'account:*'。" placeholder:"GLOB"`
	Verbose bool   `help:"Print a line for each snapshot kept." zh:"每留存一份快照打印一行。" short:"v"`
}

// Run runs the command.
func (c crawlCmd) Run(ctx context.Context, a *app) error {
	s, err := loadSetup(c.Config)
	if err != nil {
		return err
	}
	if err := c.checkArguments(s); err != nil {
		return err
	}
	st, err := openStore(c.Data, store.Options{Create: true})
	if err != nil {
		return err
	}
	round, err := a.crawl(ctx, s, st, c)
	if err := errors.Join(err, st.Close()); err != nil {
		return err
	}
	a.tellRound(round)
	return nil
}

// checkArguments refuses what cannot be crawled before a store is made for it.
func (c crawlCmd) checkArguments(s setup) error {
	if c.Only != "" {
		match := inventory.Match(c.Only)
		if !slices.ContainsFunc(s.city.Subjects(time.Time{}), func(sub inventory.Subject) bool { return match(sub.ID) }) {
			return fmt.Errorf("--only %s: no subject of the configuration matches; ids are like fgw, fgw/tzgg, account:140300M019XL0001", c.Only)
		}
	}
	if c.Simulate == "" {
		return nil
	}
	_, facts, err := parseSimulate(c.Simulate)
	if err != nil {
		return usageError{err}
	}
	_, err = readFacts(s, facts)
	return err
}

// openStore opens the store of a data folder.
func openStore(dir string, options store.Options) (*store.Store, error) {
	if options.Create {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
	}
	return store.Open(filepath.Join(dir, storeName), options)
}

// crawl makes a round of a city into an open store.
func (a *app) crawl(ctx context.Context, s setup, st *store.Store, c crawlCmd) (_ store.Round, err error) {
	n, err := openNetwork(s, c.simulateFlag)
	if err != nil {
		return store.Round{}, err
	}
	defer func() { err = errors.Join(err, n.close()) }()
	if err := sameKind(st, n.simulated); err != nil {
		return store.Round{}, err
	}
	visitor, hangUp, err := a.newCrawler(s.city, n, patrol.Recall{Archive: st}, nil)
	if err != nil {
		return store.Round{}, err
	}
	defer hangUp()
	cfg := patrol.Config{
		City: s.city, RuleSet: s.set, Visitor: visitor, Keeper: st, Clock: n.clock, Log: a.log,
		Simulated: n.simulated, Tell: a.progress(c.Verbose),
	}
	if c.Only != "" {
		cfg.Only = inventory.Match(c.Only)
	}
	return patrol.Run(ctx, cfg)
}

// sameKind refuses to mix simulated evidence with real.
func sameKind(st *store.Store, simulated bool) error {
	rounds, err := st.Rounds()
	if err != nil {
		return err
	}
	for _, r := range rounds {
		if r.Simulated != simulated {
			return errMixed
		}
	}
	return nil
}

// progress reports kept snapshots: a counter on a terminal, a line for each
// tenth elsewhere, and with verbose a line for each snapshot.
func (a *app) progress(verbose bool) func(patrol.Event) {
	tenth := 0
	return func(e patrol.Event) {
		switch {
		case verbose:
			fmt.Fprintf(a.stderr, "kept %s %s\n", e.Subject, e.Digest)
		case a.terminal:
			fmt.Fprintf(a.stderr, "\r"+a.say("已留存 %d/%d", "kept %d of %d")+"\x1b[K", e.Done, e.Planned)
			if e.Done == e.Planned && e.Look == 1 {
				fmt.Fprint(a.stderr, "\r\x1b[K")
			}
		case e.Look == 1 && e.Done*10/e.Planned > tenth:
			tenth = e.Done * 10 / e.Planned
			fmt.Fprintf(a.stderr, a.say("已留存 %d/%d\n", "kept %d of %d\n"), e.Done, e.Planned)
		}
	}
}

// tellRound says how a round ended.
func (a *app) tellRound(r store.Round) {
	if r.State == store.Running {
		fmt.Fprintf(a.stdout, a.say("批次 %s 已停止，未完成；再次运行同一命令即可续巡\n", "Round %s was stopped and is not finished; run the same command to go on\n"), r.ID)
		return
	}
	fmt.Fprintf(a.stdout, a.say("批次 %s 完成：计划 %d，读出 %d，未读出 %d\n", "Round %s finished: planned %d, read %d, not read %d\n"),
		r.ID, len(r.Planned), r.Read, r.Failed)
}

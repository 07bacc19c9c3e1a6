package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"xuncha/crawler"
	"xuncha/internal/simcity"
	"xuncha/inventory"
	"xuncha/patrol"
)

// How the platforms of the measurement are asked: slower than the demonstration
// does, so that what a platform counts is not lost in what the machine needs.
const (
	accountsDelay    = 500 * time.Millisecond
	accountsDeadline = 45 * time.Second
)

// A deadPlatform is one that takes connections and never answers.
const deadPlatform = inventory.Douyin

// accounts makes a round of all accounts, and one in which a platform is dead, and
// prints how the platforms themselves were asked. An order that was not held or a
// pause that was cut short is an error.
func accounts(ctx context.Context, w io.Writer) error {
	alive, err := roundOfAccounts(ctx, "")
	if err != nil {
		return err
	}
	dead, err := roundOfAccounts(ctx, deadPlatform)
	if err != nil {
		return err
	}
	wrong := alive.print(w)
	fmt.Fprintf(w, "a round of %d accounts: %.1f s; with %s dead: %.1f s, its deadline is %.0f s\n",
		alive.planned, alive.took.Seconds(), deadPlatform, dead.took.Seconds(), accountsDeadline.Seconds())
	if over := dead.took - alive.took; over > accountsDeadline {
		return fmt.Errorf("a dead platform took %s more than its deadline", over-accountsDeadline)
	}
	return wrong
}

// An accountsRound is a round of accounts as the platforms saw it.
type accountsRound struct {
	city    *inventory.City
	planned int
	took    time.Duration
	seen    map[inventory.Platform]simcity.PlatformTraffic
}

// roundOfAccounts makes one round of all accounts; the platform named, if any, is
// dead.
func roundOfAccounts(ctx context.Context, dead inventory.Platform) (_ accountsRound, err error) {
	r, err := newRounds()
	if err != nil {
		return accountsRound{}, err
	}
	var silent []string
	for i := range r.city.Platforms {
		p := &r.city.Platforms[i]
		p.Manner.Delay, p.Manner.Jitter, p.Manner.Deadline = accountsDelay, 0, accountsDeadline
		if p.ID == dead {
			silent = p.Manner.Hosts
		}
	}
	city, err := r.simulate(0)
	if err != nil {
		return accountsRound{}, err
	}
	defer func() { err = errors.Join(err, city.Close()) }()
	dir, err := os.MkdirTemp("", "xuncha-accounts-*")
	if err != nil {
		return accountsRound{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := r.open(dir, silence{City: city, hosts: silent}); err != nil {
		return accountsRound{}, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	log := slog.New(slog.DiscardHandler)
	shown := crawler.DefaultBrowserConfig()
	shown.UserAgent, shown.NoSandbox = r.city.Crawl.UserAgent, os.Geteuid() == 0
	browser := crawler.NewBrowser(shown, log)
	defer func() { err = errors.Join(err, browser.Close()) }()
	cfg := crawler.DefaultConfig()
	cfg.UserAgent, cfg.Delay, cfg.Jitter = r.city.Crawl.UserAgent, accountsDelay, 0
	cfg.Manners, cfg.Browser = crawler.MannersOf(r.city), browser
	c, err := crawler.New(cfg, r.transport, r, nil, log)
	if err != nil {
		return accountsRound{}, err
	}
	start := time.Now()
	round, err := patrol.Run(ctx, patrol.Config{
		City: r.city, RuleSet: r.set, Visitor: c, Keeper: r.store, Clock: r, Log: log, Only: inventory.Match("account:*"), Simulated: true,
	})
	return accountsRound{city: r.city, planned: len(round.Planned), took: time.Since(start), seen: city.Platforms()}, err
}

// print prints what each platform counted; the error names those that were asked
// out of order or too fast.
func (a accountsRound) print(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "platform\taccounts\trequests\tin order\tat once\tleast pause\tasked for\t")
	var wrong []error
	for _, p := range a.city.Platforms {
		seen, ok := a.seen[p.ID]
		if !ok {
			continue
		}
		order := a.inOrder(p.ID, seen.Accounts)
		fmt.Fprintf(tw, "%s\t%d\t%d\t%t\t%d\t%d ms\t%d ms\t\n",
			p.ID, len(unique(seen.Accounts)), seen.Requests, order, seen.AtOnce, seen.MinGap.Milliseconds(), p.Manner.Delay.Milliseconds())
		if !order {
			wrong = append(wrong, fmt.Errorf("%s was asked out of order", p.ID))
		}
		if seen.MinGap > 0 && seen.MinGap < p.Manner.Delay {
			wrong = append(wrong, fmt.Errorf("%s was asked after %s", p.ID, seen.MinGap))
		}
	}
	return errors.Join(tw.Flush(), errors.Join(wrong...))
}

// inOrder reports whether accounts were first asked about in the order of the
// inventory. Those that are looked at a second time come again at the end.
func (a accountsRound) inOrder(p inventory.Platform, asked []string) bool {
	var want []string
	for _, acc := range a.city.Accounts {
		if acc.Platform == p && slices.Contains(asked, acc.Code) {
			want = append(want, acc.Code)
		}
	}
	return slices.Equal(unique(asked), want)
}

// unique returns texts without those that came before.
func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// A silence is a city some of whose hosts take connections and never answer.
type silence struct {
	*simcity.City
	hosts []string
}

// nowhere is the address of hosts that never answer.
var nowhere = netip.AddrFrom4([4]byte{60, 1, 1, 1})

// Lookup answers for every host.
func (s silence) Lookup(ctx context.Context, name string) ([]netip.Addr, error) {
	if slices.Contains(s.hosts, name) {
		return []netip.Addr{nowhere}, nil
	}
	return s.City.Lookup(ctx, name)
}

// Dial connects to every host; of a silent one nobody holds the other end.
func (s silence) Dial(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	if addr.Addr() == nowhere {
		near, _ := net.Pipe()
		return near, nil
	}
	return s.City.Dial(ctx, addr)
}

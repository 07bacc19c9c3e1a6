package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"slices"
	"time"

	"xuncha/crawler"
	"xuncha/internal/egress"
	"xuncha/internal/simcity"
	"xuncha/inventory"
	"xuncha/patrol"
)

// A network is what a crawler crawls, with the clock that stamps its pages.
type network struct {
	clock     patrol.Clock
	dial      egress.Network // nil is the real one
	ca        []byte         // PEM of an authority that signs there, or nil
	simulated bool
	close     func() error

	pages int // that one subject may ask for at most, 0 for the usual
}

// openNetwork opens the real network or, by --simulate, the simulated city.
func openNetwork(s setup, f simulateFlag) (network, error) {
	if f.Simulate == "" {
		return network{clock: wall{}, close: func() error { return nil }}, nil
	}
	at, facts, err := parseSimulate(f.Simulate)
	if err != nil {
		return network{}, usageError{err}
	}
	return playNetwork(s, facts, nil, stopped(at), f.SimulateLatency)
}

// playNetwork opens the simulated city on a clock, with the facts of a file and
// what happens besides between two days.
func playNetwork(s setup, facts string, events []byte, clock patrol.Clock, latency time.Duration) (network, error) {
	data, err := readFacts(s, facts)
	if err != nil {
		return network{}, err
	}
	city, err := simcity.New(s.city, data, simcity.Options{
		FactsFile: facts, Now: clock.Now, MinLatency: latency / 4, MaxLatency: latency, Events: events,
	})
	if err != nil {
		return network{}, fmt.Errorf("simulated city: %w", err)
	}
	return network{clock: clock, dial: city, ca: city.CA(), simulated: true, close: city.Close}, nil
}

// readFacts reads the facts file named, or the one of the configuration.
func readFacts(s setup, name string) ([]byte, error) {
	if name != "" {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("facts: %w; name a file like configs/demo/facts.yaml", err)
		}
		return data, checkFacts(name, data)
	}
	data, err := fs.ReadFile(s.dir, "facts.yaml")
	if err != nil {
		return nil, fmt.Errorf("this configuration has no facts.yaml to simulate: name a file, as --simulate 2023-09-27:facts.yaml")
	}
	return data, checkFacts("facts.yaml", data)
}

// checkFacts refuses a file that no YAML parser should be given.
func checkFacts(name string, data []byte) error {
	if p := inventory.CheckYAML(data); p != nil {
		p.File = name
		return fmt.Errorf("facts: %w", errors.New(p.String()))
	}
	return nil
}

// newCrawler makes the crawler of a city over a network. Its connections are
// closed by hangUp. The ports of what is asked besides the configuration may be
// connected to as well.
func (a *app) newCrawler(city *inventory.City, n network, memory crawler.Memory, private []netip.Prefix, also ...string) (v *crawler.Crawler, hangUp func(), err error) {
	return a.crawlerBy(city, n, memory, private, func(*crawler.Config) {}, also...)
}

// crawlerBy is newCrawler with a manner of its own.
func (a *app) crawlerBy(city *inventory.City, n network, memory crawler.Memory, private []netip.Prefix, own func(*crawler.Config), also ...string) (v *crawler.Crawler, hangUp func(), err error) {
	c := city.Crawl
	transport, err := egress.NewTransport(egress.Config{
		AllowPrivate: append(c.AllowPrivate[:len(c.AllowPrivate):len(c.AllowPrivate)], private...),
		Proxy:        c.Proxy, ExtraCA: slices.Concat(c.ExtraCA, n.ca), Network: n.dial, Ports: egress.PortsOf(append(addresses(city), also...)...),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("network: %w", err)
	}
	cfg := crawler.DefaultConfig()
	cfg.UserAgent, cfg.Delay, cfg.Jitter = c.UserAgent, c.Delay, c.Jitter
	cfg.Manners = crawler.MannersOf(city)
	if n.pages > 0 {
		cfg.PagesPerSubject = n.pages
	}
	cfg.Browser = a.newBrowser(c)
	own(&cfg)
	v, err = crawler.New(cfg, transport, n.clock, memory, a.log)
	return v, func() {
		a.dismiss(cfg.Browser)
		transport.CloseIdleConnections()
	}, err
}

// newBrowser makes the browser that a city wants, nil for none. Nothing runs
// before a page has to be shown. Only root gives up the sandbox, and only if told
// to: whoever else runs us can have one.
func (a *app) newBrowser(c inventory.Crawl) *crawler.Browser {
	if c.Browser == inventory.BrowserOff {
		return nil
	}
	return crawler.NewBrowser(browserConfig(c), a.log)
}

// browserConfig is how a city wants pages shown.
func browserConfig(c inventory.Crawl) crawler.BrowserConfig {
	cfg := crawler.DefaultBrowserConfig()
	cfg.UserAgent, cfg.NoSandbox = c.UserAgent, !c.Sandbox && os.Geteuid() == 0
	if c.Browser != inventory.BrowserAuto {
		cfg.Path = c.Browser
	}
	return cfg
}

// addresses are all that a city's configuration asks for; their ports may be
// connected to.
func addresses(city *inventory.City) []string { return addressesOf(city.Subjects(time.Time{})) }

// addressesOf are all that is asked about subjects, every source of an account
// among them.
func addressesOf(subjects []inventory.Subject) []string {
	var all []string
	for _, s := range subjects {
		all = append(all, s.Task.URLs...)
		if s.Task.Posting == nil {
			continue
		}
		for _, src := range s.Task.Posting.Sources {
			all = append(all, src.URL)
		}
	}
	return all
}

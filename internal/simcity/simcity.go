// Package simcity plays a whole city's hosts: portals, departments, the
// disclosure platform and the platforms of new media, in memory, on a clock that
// can be set.
//
// Whoever dials it gets what a network would give: an address for a host, a
// connection for an address, HTTP over it. Each host runs one of the families
// of content management systems that Chinese government sites run, with its
// markup, paging, date forms and encodings, and its bad habits: pinned rows,
// newer dates in side lists, days in titles, today's date in the page head.
//
// What the city published is a file of facts. A column that no fact names goes
// on publishing by its class for ever, so that it is fresh whenever it is
// looked at. Beside the facts, which hold for ever, stand events, which hold
// between two days: a site is redesigned, a firewall wakes up, a column falls
// silent or comes back. The same clock, facts and events give the same bytes.
//
// Facts leave this package only as pages: nothing tells the truth to whoever
// judges them. The one exception is [City.Truth], by which cmd/measure counts
// how often the judges were wrong; nothing else may call it, and a test of the
// architecture sees to that.
//
// It plays lists, articles, home pages, mandated sections, and each way in which
// a page cannot be read; and the platforms on which accounts post, with TLS by an
// authority of its own, in the forms of their own answers: visitors' cookies and
// signatures that only a page's script comes by, verification pages, log-in
// walls, lists that are empty, old or without times, renamed and closed accounts;
// and the feeds that an RSSHub makes of them.
package simcity

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"xuncha/inventory"
)

// Options say how the city is played. The zero value plays it as of the real
// time and answers at once.
type Options struct {
	// Now is the city's clock; nil is the real one. At, if set, stops it.
	Now func() time.Time
	At  time.Time

	// MinLatency and MaxLatency bound the wait before an answer begins. It
	// depends on the URL alone.
	MinLatency, MaxLatency time.Duration

	// Seed varies what the facts leave open: titles, phases, addresses.
	Seed uint64

	// FactsFile names the facts in errors; empty means facts.yaml.
	FactsFile string

	// Events is a second document, of what is otherwise between two days: see
	// configs/demo/nights.yaml. EventsFile names it in errors; empty means
	// nights.yaml.
	Events     []byte
	EventsFile string
}

// A City serves every host of an inventory. It is safe for concurrent use.
type City struct {
	now      func() time.Time
	min, max time.Duration

	hosts map[string]*host // by name, in lower case
	byIP  map[netip.Addr]*machine

	places   map[string][]string // hosts of subjects, for Truth
	accounts map[string][]place  // where accounts are seen, by subject

	authority authority

	traffic *traffic
	server  *http.Server
	conns   *listener
	closed  chan struct{} // nobody is let in any more
	ended   chan struct{} // and every connection is gone
	close   sync.Once
	running sync.WaitGroup
	packers sync.Pool // of *gzip.Writer
}

// New builds the city and starts to serve it. Errors in facts name their line;
// the caller must Close the city.
func New(city *inventory.City, facts []byte, o Options) (*City, error) {
	name := o.FactsFile
	if name == "" {
		name = "facts.yaml"
	}
	world, err := parseFacts(city, facts, name)
	if err != nil {
		return nil, err
	}
	if name = o.EventsFile; name == "" {
		name = "nights.yaml"
	}
	events, err := parseEvents(city, o.Events, name)
	if err != nil {
		return nil, err
	}
	if o.MinLatency < 0 || o.MaxLatency < o.MinLatency {
		return nil, fmt.Errorf("latency %v to %v: want 0 ≤ least ≤ most", o.MinLatency, o.MaxLatency)
	}
	c := &City{now: o.clock(), min: o.MinLatency, max: o.MaxLatency, traffic: newTraffic(), closed: make(chan struct{}), ended: make(chan struct{})}
	b := builder{city: city, facts: world, events: events, seed: o.Seed, hosts: map[string]*host{}}
	if err := b.build(); err != nil {
		return nil, err
	}
	c.packers.New = func() any { return gzip.NewWriter(io.Discard) }
	c.hosts, c.accounts = b.hosts, b.places
	if c.authority, err = newAuthority(secured(b.hosts)); err != nil {
		return nil, err
	}
	c.places = hostsOf(city, b.hosts)
	c.byIP = assignAddresses(b.hosts, o.Seed)
	c.serve()
	return c, nil
}

// secured lists the hosts that answer with TLS.
func secured(hosts map[string]*host) []string {
	var names []string
	for name, h := range hosts {
		if h.secure {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// clock returns the city's clock.
func (o Options) clock() func() time.Time {
	switch {
	case !o.At.IsZero():
		return func() time.Time { return o.At }
	case o.Now != nil:
		return o.Now
	}
	return time.Now
}

// serve starts the one server behind all hosts.
func (c *City) serve() {
	c.conns = newListener(c.closed)
	c.server = &http.Server{
		Handler:   http.HandlerFunc(c.answer),
		ErrorLog:  log.New(io.Discard, "", 0), // clients may hang up when they like
		ConnState: c.conns.track,
	}
	c.running.Go(func() { _ = c.server.Serve(c.conns) }) // ends when the city closes
}

// Close ends every connection and returns when nothing of the city runs any
// more. It may be called again.
func (c *City) Close() error {
	c.close.Do(func() {
		close(c.closed)
		c.running.Wait() // from here on no connection is added
		_ = c.server.Close()
		close(c.ended) // answers held back end only now, when nobody hears them
	})
	c.conns.wait()
	return nil
}

// wait holds an answer back for d, or until the client or the city has gone.
func (c *City) wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-c.ended:
	}
	return false
}

// latency is the wait owed to a URL.
func (c *City) latency(url string) time.Duration {
	span := uint64(c.max - c.min)
	if span == 0 {
		return c.min
	}
	return c.min + time.Duration(hash(url)%(span+1))
}

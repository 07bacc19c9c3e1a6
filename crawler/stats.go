package crawler

import (
	"maps"
	"sync"
	"time"

	"xuncha/extract"
)

// Stats are what a crawler has done so far.
type Stats struct {
	Requests  int64 // sent, retries and robots.txt among them
	WireBytes int64 // of bodies, as they came
	BodyBytes int64 // of bodies, content coding removed

	Rendered    int64 // pages that a browser showed
	NotModified int64 // pages that a server confirmed with 304
	TakenOver   int64 // readings taken over because nothing had changed

	// Pages counts the answers to wants by class; "" is a whole page.
	Pages map[extract.Class]int64

	// Waited is the time requests stood in line for a host's turn and delay.
	Waited time.Duration

	// Longest is the most that any one host's answers and delays took: no round
	// can be shorter.
	Longest time.Duration
}

// counters collect Stats.
type counters struct {
	mu    sync.Mutex
	stats Stats // guarded by mu
}

func (c *counters) add(change func(*Stats)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.stats)
}

// Stats returns a snapshot of what the crawler has done so far. It may be
// called at any time.
func (c *Crawler) Stats() Stats {
	c.counters.mu.Lock()
	s := c.counters.stats
	s.Pages = maps.Clone(s.Pages)
	c.counters.mu.Unlock()
	s.Longest = c.hosts.longest()
	return s
}

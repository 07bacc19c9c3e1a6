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

	// Visiting counts the jobs under way. Of the Tabs that a browser may open, so
	// many are busy; all three go down again.
	Visiting       int
	Tabs, TabsBusy int

	// Waited is the time requests stood in line for a host's turn and delay.
	Waited time.Duration

	// Longest is the most that any one host's answers and delays took: no round
	// can be shorter.
	Longest time.Duration

	// Platforms tells of each manner, in the order of Config.
	Platforms []PlatformStats
}

// PlatformStats are how one platform has treated us so far.
type PlatformStats struct {
	Name           string
	Asked, Refused int64 // requests, and refusals that were counted

	// Closed is why it is not asked again in this round, "" while it may be, and
	// Since the round's clock when that was found.
	Closed extract.Class
	Since  time.Time
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
	s.Tabs, s.TabsBusy = c.cfg.Browser.tabs()
	for _, p := range c.hosts.platforms {
		p.mu.Lock()
		s.Platforms = append(s.Platforms, p.stats)
		p.mu.Unlock()
	}
	return s
}

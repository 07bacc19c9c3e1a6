package simcity

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"xuncha/inventory"
)

// Traffic says how one host, or one address, was asked, by the real clock.
type Traffic struct {
	Requests int

	// Overlaps counts requests that came while another was being answered.
	Overlaps int

	// MinGap is the smallest time between the end of an answer and the next
	// request; zero while there were fewer than two.
	MinGap time.Duration

	// Latency is the sum of the waits before answers.
	Latency time.Duration

	// NotModified counts answers of 304.
	NotModified int
}

// Traffic returns the requests so far by host name and by address.
func (c *City) Traffic() map[string]Traffic {
	c.traffic.mu.Lock()
	defer c.traffic.mu.Unlock()
	all := make(map[string]Traffic, len(c.traffic.lines))
	for name, l := range c.traffic.lines {
		all[name] = l.Traffic
	}
	return all
}

// PlatformTraffic says how a platform was asked, over all its hosts.
type PlatformTraffic struct {
	// Traffic counts every request. Its MinGap leaves out those that the script
	// of a page made: they belong to the page.
	Traffic

	// AtOnce is the greatest number of requests that were being answered.
	AtOnce int

	// Accounts are the codes of the accounts that were asked about, in order,
	// each as often as another was asked about between.
	Accounts []string
}

// Platforms returns the requests so far of each platform that was asked.
func (c *City) Platforms() map[inventory.Platform]PlatformTraffic {
	c.traffic.mu.Lock()
	defer c.traffic.mu.Unlock()
	all := map[inventory.Platform]PlatformTraffic{}
	for p, l := range c.traffic.platforms {
		all[p] = PlatformTraffic{Traffic: l.Traffic, AtOnce: l.most, Accounts: slices.Clone(l.accounts)}
	}
	return all
}

// traffic counts requests.
type traffic struct {
	mu        sync.Mutex
	lines     map[string]*line             // guarded by mu
	platforms map[inventory.Platform]*line // guarded by mu
}

// line is one host's or address's requests.
type line struct {
	Traffic
	busy int
	last time.Time // end of the last answer

	most     int      // of busy
	accounts []string // of a platform
}

func newTraffic() *traffic {
	return &traffic{lines: map[string]*line{}, platforms: map[inventory.Platform]*line{}}
}

// visit counts a request to a platform; the function returned ends it and is told
// which account it was about, "" for none. Hosts that are no platform's do not
// count.
func (t *traffic) visit(m *medium, r *http.Request) (end func(account string)) {
	if m == nil || m.platform == "" {
		return func(string) {}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.platforms[m.platform]
	if l == nil {
		l = &line{}
		t.platforms[m.platform] = l
	}
	if r.Header.Get("Sec-Fetch-Dest") == "empty" { // a browser says so of what a script asks
		l.last = time.Time{}
	}
	l.arrive(time.Now())
	l.most = max(l.most, l.busy)
	return func(account string) {
		t.mu.Lock()
		defer t.mu.Unlock()
		l.leave(time.Now(), 0)
		if n := len(l.accounts); account != "" && (n == 0 || l.accounts[n-1] != account) {
			l.accounts = append(l.accounts, account)
		}
	}
}

// begin counts a request, answered after a latency, under each of its names; the function returned ends it.
func (t *traffic) begin(latency time.Duration, names ...string) (end func(status int)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, name := range names {
		l := t.lines[name]
		if l == nil {
			l = &line{}
			t.lines[name] = l
		}
		l.arrive(time.Now())
		l.Latency += latency
	}
	return func(status int) {
		t.mu.Lock()
		defer t.mu.Unlock()
		for _, name := range names {
			t.lines[name].leave(time.Now(), status)
		}
	}
}

func (l *line) arrive(now time.Time) {
	l.Requests++
	if l.busy > 0 {
		l.Overlaps++
	} else if gap := now.Sub(l.last); !l.last.IsZero() && (l.MinGap == 0 || gap < l.MinGap) {
		l.MinGap = gap
	}
	l.busy++
}

func (l *line) leave(now time.Time, status int) {
	l.busy--
	l.last = now
	if status == 304 {
		l.NotModified++
	}
}

package simcity

import (
	"sync"
	"time"
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

// traffic counts requests.
type traffic struct {
	mu    sync.Mutex
	lines map[string]*line // guarded by mu
}

// line is one host's or address's requests.
type line struct {
	Traffic
	busy int
	last time.Time // end of the last answer
}

func newTraffic() *traffic { return &traffic{lines: map[string]*line{}} }

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

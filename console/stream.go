package console

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"xuncha/people"
)

// Bounds of live progress: how many streams one user may have open, and all together,
// who are to leave most connections to pages and to log-in; how often a stream tells
// anything, how long it may be silent, and how long a reader may take to read what it
// is told.
const (
	maxStreams   = 4
	allStreams   = usualConns / 4
	liveEvery    = 500 * time.Millisecond
	liveSilence  = 15 * time.Second
	liveDeadline = 10 * time.Second
)

// streams counts the streams that are open, by user.
type streams struct {
	mu   sync.Mutex
	open map[string]int // guarded by mu
	all  int            // guarded by mu
}

// enter takes a stream for a user; ok is false where they, or all, have enough.
func (s *streams) enter(user string) (leave func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[user] >= maxStreams || s.all >= allStreams {
		return nil, false
	}
	if s.open == nil {
		s.open = map[string]int{}
	}
	s.open[user]++
	s.all++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.open[user]--; s.open[user] == 0 {
			delete(s.open, user)
		}
	}, true
}

// underPage is the round under way as it is shown.
type underPage struct {
	Under
	Percent int
	Classes []reasonCount
	Visited []HostSpan // that are being visited, the longest first
	Left    int        // hosts that are not shown
	Ended   []HostSpan // that were visited last, the newest first
	Hosted  int        // hosts that were visited
	Now     time.Time
}

// hostsShown is how many hosts of a round under way are listed.
const hostsShown = 12

// endedShown is how many of those that were visited last are: the piece is sent at
// every step.
const endedShown = 8

func newUnderPage(u Under, now time.Time) *underPage {
	p := &underPage{Under: u, Classes: countReasons(u.Reasons), Now: now}
	if u.Planned > 0 {
		p.Percent = 100 * u.Done / u.Planned
	}
	for _, h := range u.Hosts {
		if h.Ended.IsZero() {
			p.Visited = append(p.Visited, h)
		} else {
			p.Ended = append(p.Ended, h)
		}
	}
	p.Hosted = len(p.Ended)
	slices.SortStableFunc(p.Ended, func(a, b HostSpan) int { return b.Ended.Compare(a.Ended) })
	p.Ended = p.Ended[:min(len(p.Ended), endedShown)]
	slices.SortStableFunc(p.Visited, func(a, b HostSpan) int { return a.Began.Compare(b.Began) })
	p.Left = max(0, len(p.Visited)-hostsShown)
	p.Visited = p.Visited[:len(p.Visited)-p.Left]
	return p
}

// For is how long a host has been visited.
func (p *underPage) For(h HostSpan) time.Duration { return max(0, p.Now.Sub(h.Began)) }

// Ran is how long the round has been under way.
func (p *underPage) Ran() time.Duration { return p.Now.Sub(p.Began) }

// follow streams how far the round under way is, until there is none or the reader
// goes. Each event is the same piece of the page as it stands there without it.
func (c *Console) follow(w http.ResponseWriter, q *request) error {
	return c.stream(w, q, func(u Under, running bool) (string, error) { return c.liveEvent(q, u, running) })
}

// stream sends what an event says of the round under way, whenever that is something
// new.
func (c *Console) stream(w http.ResponseWriter, q *request, say func(Under, bool) (string, error)) error {
	if c.Progress == nil {
		return errNoDaemon()
	}
	leave, ok := c.streams.enter(q.user.Name)
	if !ok {
		return refuse(http.StatusTooManyRequests, "同时打开的进度页面太多；请关掉几个，或稍后刷新", "too many pages show live progress; close some, or reload this one later")
	}
	defer leave()
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{}) // nothing more is read; a server without deadlines has none to lift
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	for last := ""; ; {
		if c.Gate != nil && !c.stillUser(q.Request).May(people.Oversee) {
			return nil // who was let out, or may no longer, is told no more
		}
		u, running, moved := c.under()
		event, err := say(u, running)
		if err != nil {
			return err
		}
		if event == last {
			event = ": still here\n\n"
		} else {
			last = event
		}
		_ = control.SetWriteDeadline(time.Now().Add(liveDeadline)) // as above
		if _, err := w.Write([]byte(event)); err != nil || control.Flush() != nil {
			return nil // the reader went
		}
		if !running || !c.awaitNews(q, moved) {
			return nil
		}
	}
}

// stillUser is who asks, without their session being used by it where the gate can
// tell: a page that is left open is nobody at work.
func (c *Console) stillUser(r *http.Request) people.User {
	if g, ok := c.Gate.(interface {
		StillUser(*http.Request) people.User
	}); ok {
		return g.StillUser(r)
	}
	return c.Gate.User(r)
}

// awaitNews waits until there may be something to tell; false says that the reader
// went.
func (c *Console) awaitNews(q *request, moved <-chan struct{}) bool {
	pause := time.NewTimer(liveEvery)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-q.Context().Done():
		return false
	}
	silence := time.NewTimer(liveSilence)
	defer silence.Stop()
	select {
	case <-moved:
	case <-silence.C:
	case <-q.Context().Done():
		return false
	}
	return true
}

// liveEvent is one event: the piece of the page, or that the round has ended.
func (c *Console) liveEvent(q *request, u Under, running bool) (string, error) {
	if !running {
		return "event: end\ndata: end\n\n", nil
	}
	t := c.pages["rounds"].in(q.lang)
	var piece, event bytes.Buffer
	v := view{Lang: q.lang, User: q.user, Now: c.Now(), Board: q.board, Data: newUnderPage(u, c.Now()), needs: c.needs}
	if err := t.ExecuteTemplate(&piece, "round-under", v); err != nil {
		return "", fmt.Errorf("live progress: %w", err)
	}
	for line := range bytes.Lines(piece.Bytes()) {
		fmt.Fprintf(&event, "data: %s\n", bytes.TrimRight(line, "\r\n"))
	}
	event.WriteByte('\n')
	return event.String(), nil
}

// A timeline is a round's hosts as bars, in the order in which they were begun.
type timeline struct {
	Bars []bar
	More int // hosts that have none
	From time.Time
	To   time.Time
}

// A bar is one host of a timeline, in the thousandths of its breadth.
type bar struct {
	HostSpan
	X, Width int
}

// Of a timeline: the breadth, and how many bars there are at most.
const (
	timelineWidth = 1000
	maxBars       = 400
)

func newTimeline(hosts []HostSpan, from, to time.Time) timeline {
	t := timeline{From: from, To: to}
	span := to.Sub(from)
	if span <= 0 || len(hosts) == 0 {
		return t
	}
	at := func(m time.Time) int {
		return min(timelineWidth, max(0, int(float64(m.Sub(from))/float64(span)*timelineWidth)))
	}
	for _, h := range hosts[:min(len(hosts), maxBars)] {
		end := h.Ended
		if end.IsZero() {
			end = to
		}
		x := at(h.Began)
		t.Bars = append(t.Bars, bar{h, x, max(2, at(end)-x)})
	}
	t.More = len(hosts) - len(t.Bars)
	return t
}

// lasting shows how long something took, in words of two parts at most.
func lasting(d time.Duration, lang string) string {
	say := sayer(lang)
	d = d.Round(time.Second)
	h, m, s := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	switch {
	case h > 0:
		return fmt.Sprintf(say("%d 小时 %d 分", "%d h %d min"), h, m)
	case m > 0:
		return fmt.Sprintf(say("%d 分 %d 秒", "%d min %d s"), m, s)
	}
	return fmt.Sprintf(say("%d 秒", "%d s"), s)
}

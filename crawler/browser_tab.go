package crawler

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/chromedp/cdproto/target"

	"xuncha/extract"
)

// Bounds of what one page may ask for while it is shown.
const (
	maxAsked  = 100
	maxOpened = 10               // documents one after the other
	askWithin = 10 * time.Second // for all but the page itself
	maxData   = 8                // answers to its own requests that are kept
	maxDatum  = 1 << 20
)

// A tab is one page being shown: what it has asked for, and how far it is. The
// proxy and the events of the browser both tell it.
type tab struct {
	name    string
	session target.SessionID
	main    string // ID of its frame, which is also that of its target
	policy  policy
	end     time.Time     // it must be done by then
	over    chan struct{} // closed once nothing more is asked for it
	asking  sync.WaitGroup
	stuck   bool // it could not be closed
	picture bool // how it looks is wanted

	mu       sync.Mutex
	closed   bool               // guarded by mu; over is closed
	asked    int                // guarded by mu
	bytes    int64              // guarded by mu; of answers
	inFlight int                // guarded by mu
	quiet    time.Time          // guarded by mu; since when nothing is in flight
	opened   int                // guarded by mu; documents of its own frame
	pages    map[string]*answer // guarded by mu; those documents, by URL; nil while awaited
	data     []*datum           // guarded by mu; in the order asked
	url      string             // guarded by mu; of the document it shows
	since    time.Time          // guarded by mu; when it began to show that
	loaded   time.Time          // guarded by mu; when that was complete, zero before
	first    time.Time          // guarded by mu; when any document was first complete
	why      failure            // guarded by mu; why its frame may not show what it wanted
	died     bool               // guarded by mu
}

// A policy says what a page that is shown may open and fetches what it asks for.
type policy interface {
	// open returns why the page's own frame may not show a document.
	open(ctx context.Context, u *url.URL) failure

	// ask makes one request of the page.
	ask(ctx context.Context, r *http.Request, u *url.URL, body []byte) answer
}

// A datum is the answer to a request that a script of the page made.
type datum struct {
	method, url string
	got         *answer // nil while awaited
}

func newTab(name string, p policy, end time.Time) *tab {
	return &tab{name: name, policy: p, end: end, over: make(chan struct{}), quiet: time.Now(), pages: map[string]*answer{}}
}

// answer answers one request that came through the proxy.
func (t *tab) answer(r *http.Request, u *url.URL, body []byte) answer {
	own, ok := t.begin(u)
	if !ok {
		return answer{failure: failure{extract.ClassBudget, "the page asked for too much"}}
	}
	defer t.asking.Done()
	end := time.Now().Add(askWithin)
	if own || end.After(t.end) {
		end = t.end
	}
	ctx, cancel := context.WithDeadlineCause(r.Context(), end, errPageTimeout)
	defer cancel()
	stopped := make(chan struct{})
	defer close(stopped)
	go func() {
		select {
		case <-t.over:
			cancel()
		case <-stopped:
		}
	}()
	a := t.policy.ask(ctx, r, u, body)
	t.record(r.Method, u.String(), a)
	return a
}

// begin notes that a request is under way and whether it is for a document of
// the tab's own frame; ok is false for one too many.
func (t *tab) begin(u *url.URL) (own, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.asked >= maxAsked || t.bytes > 4*maxRendered {
		return false, false
	}
	t.asking.Add(1)
	t.asked++
	t.inFlight++
	_, own = t.pages[u.String()]
	return own, true
}

// record notes what came of a request.
func (t *tab) record(method, address string, a answer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.inFlight--
	t.quiet = time.Now()
	t.bytes += int64(len(a.body))
	if _, own := t.pages[address]; own {
		head := a
		head.body = nil // what is kept is what the browser makes of it
		t.pages[address] = &head
	}
	for _, d := range t.data {
		if d.got == nil && d.url == address && d.method == method {
			d.got = &a
			break
		}
	}
}

// finish lets nothing more be asked and waits for what is under way.
func (t *tab) finish() {
	t.mu.Lock()
	if !t.closed {
		t.closed = true
		close(t.over)
	}
	t.mu.Unlock()
	t.asking.Wait()
}

// opens notes that the tab's own frame wants to show a document; a document too
// many is not to be shown.
func (t *tab) opens(u *url.URL) failure {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.opened++; t.opened > maxOpened {
		return failure{extract.ClassRedirectLoop, clip("the page leads on and on, at last to " + u.String())}
	}
	t.pages[u.String()] = nil
	return failure{}
}

// refused notes that a document was not let into the tab's own frame.
func (t *tab) refused(why failure) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.why = why
}

// expects notes that a script asks for data.
func (t *tab) expects(method, address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.data) < 4*maxData {
		t.data = append(t.data, &datum{method: method, url: address})
	}
}

// shows notes which document the tab shows now.
func (t *tab) shows(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.url, t.since, t.loaded = address, time.Now(), time.Time{}
}

// isLoaded notes that the document is complete.
func (t *tab) isLoaded() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.url == "" {
		return // the blank page before the first
	}
	t.loaded = time.Now()
	if t.first.IsZero() {
		t.first = t.loaded
	}
}

// dies notes that the page's process has crashed.
func (t *tab) dies() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.died = true
}

// settled reports whether the page is as it will be: complete, and nothing asked
// for a while, or waited for long enough. Some documents never say that they are
// complete, because a script has written to them and not closed them.
func (t *tab) settled(cfg BrowserConfig) (done bool, why failure) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	switch {
	case t.died:
		return true, failure{extract.ClassRender, "the page crashed in the browser"}
	case t.why.failed():
		return true, t.why
	case !t.first.IsZero() && now.Sub(t.first) >= cfg.SettleWithin:
		return true, failure{}
	case t.inFlight > 0 || t.url == "":
		return false, failure{}
	case t.loaded.IsZero():
		return now.Sub(t.since) >= cfg.SettleWithin && now.Sub(t.quiet) >= cfg.Quiet, failure{}
	}
	return now.Sub(t.loaded) >= cfg.Quiet && now.Sub(t.quiet) >= cfg.Quiet, failure{}
}

// shown returns the document that the tab shows, as its host answered it.
func (t *tab) shown() (address string, a answer, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	got := t.pages[t.url]
	if got == nil {
		return t.url, answer{}, false
	}
	return t.url, *got, true
}

// answers returns the data that the page's scripts were given, one for each
// address: the first that is whole, as one that is asked again where a visitor was
// not known yet.
func (t *tab) answers() []datum {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []datum
	at := map[string]int{}
	for _, d := range t.data {
		if d.got == nil {
			continue
		}
		i, again := at[d.url]
		switch {
		case !again:
			at[d.url] = len(list)
			list = append(list, *d)
		case list[i].got.failed():
			list[i] = *d
		}
	}
	return list
}

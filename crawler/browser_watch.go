package crawler

import (
	"context"
	"net/url"
	"strings"
	"sync"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"xuncha/extract"
)

// A watch hears what happens in a tab and decides what the page may ask for.
type watch struct {
	tab      *tab
	pipe     *pipe
	secret   string
	deciding sync.WaitGroup
}

// begin hears events until the caller calls end.
func (w *watch) begin(ctx context.Context) (end func()) {
	events := make(chan *cdproto.Message, 64)
	stop := w.pipe.listen(w.tab.session, events)
	done := make(chan struct{})
	w.deciding.Go(func() {
		for {
			select {
			case m := <-events:
				w.hear(ctx, m)
			case <-done:
				return
			}
		}
	})
	return func() {
		stop()
		close(done)
		w.deciding.Wait()
	}
}

// hear takes one event in. It never waits for the browser.
func (w *watch) hear(ctx context.Context, m *cdproto.Message) {
	ev, err := cdproto.UnmarshalMessage(m, chromedp.DefaultUnmarshalOptions)
	if err != nil {
		return // an event of a newer browser
	}
	switch ev := ev.(type) {
	case *fetch.EventRequestPaused:
		w.paused(ctx, ev)
	case *fetch.EventAuthRequired:
		w.present(ev)
	case *page.EventJavascriptDialogOpening:
		_ = tell(w.pipe, w.tab.session, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: ev.Type == page.DialogTypeBeforeunload})
	case *page.EventFrameNavigated:
		if ev.Frame != nil && ev.Frame.ParentID == "" {
			w.tab.shows(spelt(ev.Frame.URL))
		}
	case *page.EventLoadEventFired:
		w.tab.isLoaded()
	case *inspector.EventTargetCrashed:
		w.tab.dies()
	}
}

// spelt is an address as the proxy sees it.
func spelt(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	u.Fragment, u.RawFragment, u.User = "", "", nil
	return u.String()
}

// present shows the proxy who asks; nobody else is told.
func (w *watch) present(ev *fetch.EventAuthRequired) {
	r := &fetch.AuthChallengeResponse{Response: fetch.AuthChallengeResponseResponseCancelAuth}
	if ev.AuthChallenge != nil && ev.AuthChallenge.Source == fetch.AuthChallengeSourceProxy {
		r = &fetch.AuthChallengeResponse{Response: fetch.AuthChallengeResponseResponseProvideCredentials, Username: w.tab.name, Password: w.secret}
	}
	_ = tell(w.pipe, w.tab.session, fetch.ContinueWithAuth, fetch.ContinueWithAuthParams{RequestID: ev.RequestID, AuthChallengeResponse: r})
}

// paused decides on a request before it is made. What is only to be looked at is
// not asked for; a style sheet is answered with an empty one, because scripts
// wait for theirs.
func (w *watch) paused(ctx context.Context, ev *fetch.EventRequestPaused) {
	if ev.Request == nil {
		return
	}
	address := spelt(ev.Request.URL)
	switch {
	case address == "" && !strings.HasPrefix(ev.Request.URL, "data:") && !strings.HasPrefix(ev.Request.URL, "blob:"):
		w.refuse(ev.RequestID)
	case ev.ResourceType == network.ResourceTypeDocument && string(ev.FrameID) == w.tab.main && address != "":
		w.deciding.Go(func() { w.document(ctx, ev, address) })
	case ev.ResourceType == network.ResourceTypeStylesheet:
		_ = tell(w.pipe, w.tab.session, fetch.FulfillRequest, fetch.FulfillRequestParams{
			RequestID: ev.RequestID, ResponseCode: 200, ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "text/css"}},
		})
	case ev.ResourceType == network.ResourceTypeXHR || ev.ResourceType == network.ResourceTypeFetch:
		if ev.Request.Method == "GET" || ev.Request.Method == "POST" {
			w.tab.expects(ev.Request.Method, address)
		}
		w.let(ev.RequestID)
	case ev.ResourceType == network.ResourceTypeScript || ev.ResourceType == network.ResourceTypeDocument:
		w.let(ev.RequestID)
	default:
		w.refuse(ev.RequestID)
	}
}

// document decides on a document for the tab's own frame.
func (w *watch) document(ctx context.Context, ev *fetch.EventRequestPaused, address string) {
	u, err := parseURL(address)
	why := failure{extract.ClassURLInvalid, clip(ev.Request.URL)}
	if err == nil {
		why = w.tab.opens(u)
	}
	if !why.failed() {
		why = w.tab.policy.open(ctx, u)
	}
	if why.failed() {
		w.tab.refused(why)
		w.refuse(ev.RequestID)
		return
	}
	w.let(ev.RequestID)
}

func (w *watch) let(id fetch.RequestID) {
	_ = tell(w.pipe, w.tab.session, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: id})
}

func (w *watch) refuse(id fetch.RequestID) {
	_ = tell(w.pipe, w.tab.session, fetch.FailRequest, fetch.FailRequestParams{RequestID: id, ErrorReason: network.ErrorReasonBlockedByClient})
}

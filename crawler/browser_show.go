package crawler

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"xuncha/extract"
)

// maxRendered bounds a document as a browser gives it back, in bytes.
const maxRendered = 8 << 20

// closeTabWithin is how long a tab may take to go.
const closeTabWithin = 2 * time.Second

// A sight is a page as a browser shows it.
type sight struct {
	url    string // of the document
	answer answer // how its host answered
	body   []byte // the document as it stands now, in UTF-8
	data   []datum
	png    []byte // how it looks, where that was asked for
	failure
}

// show opens a page in a tab and returns what it shows, or why it shows nothing.
// The second answer says that Chromium is not to be used again.
func (b *Browser) show(ctx context.Context, l *lent, u *url.URL, p policy, picture bool) (sight, bool) {
	end := time.Now().Add(b.cfg.Timeout)
	ctx, cancel := context.WithDeadlineCause(ctx, end, errPageTimeout)
	defer cancel()
	hard := time.AfterFunc(b.cfg.Timeout+2*closeTabWithin, l.signal) // even a write to a Chromium that hangs has an end
	defer hard.Stop()
	t := newTab(rand.Text(), p, end)
	t.picture = picture
	defer b.proxy.admit(t)()
	s, err := b.visit(ctx, l, t, u)
	t.finish()
	switch {
	case err == nil:
		return s, t.stuck || s.class == extract.ClassRender
	case errors.Is(context.Cause(ctx), errDeadline):
		return sight{failure: classify(errDeadline)}, true
	case errors.Is(context.Cause(ctx), errPageTimeout):
		return sight{failure: failure{extract.ClassTimeout, fmt.Sprintf("not shown within %s", b.cfg.Timeout)}}, true
	}
	return sight{failure: failure{extract.ClassRender, clip(err.Error())}}, true
}

// visit opens the tab, watches it and closes it.
func (b *Browser) visit(ctx context.Context, l *lent, t *tab, u *url.URL) (s sight, err error) {
	err = b.within(ctx, l, t, func() error {
		if t.picture {
			if err := pose(ctx, l.pipe, t); err != nil {
				return err
			}
		}
		s, err = b.look(ctx, l, t, u)
		return err
	})
	return s, err
}

// within does something in an open tab, which is watched, and closes it.
func (b *Browser) within(ctx context.Context, l *lent, t *tab, do func() error) error {
	yes := true
	world, err := call(ctx, l.pipe, "", target.CreateBrowserContext, target.CreateBrowserContextParams{DisposeOnDetach: &yes})
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTabWithin)
		defer cancel()
		_, err := call(ctx, l.pipe, "", target.DisposeBrowserContext, target.DisposeBrowserContextParams(world))
		t.stuck = err != nil // what was seen is good, and the Chromium is not
	}()
	made, err := call(ctx, l.pipe, "", target.CreateTarget, target.CreateTargetParams{URL: "about:blank", BrowserContextID: world.BrowserContextID})
	if err != nil {
		return err
	}
	attached, err := call(ctx, l.pipe, "", target.AttachToTarget, target.AttachToTargetParams{TargetID: made.TargetID, Flatten: &yes})
	if err != nil {
		return err
	}
	t.session, t.main = attached.SessionID, string(made.TargetID)
	w := &watch{tab: t, pipe: l.pipe, secret: b.proxy.secret}
	defer w.begin(ctx)()
	if err := prepare(ctx, l.pipe, t, world.BrowserContextID); err != nil {
		return err
	}
	return do()
}

// prepare has the tab tell of what happens and refuse what pages do to people.
func prepare(ctx context.Context, p *pipe, t *tab, world cdp.BrowserContextID) error {
	yes := true
	if _, err := call(ctx, p, "", browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorDeny, BrowserContextID: world,
	}); err != nil {
		return err
	}
	if _, err := call(ctx, p, t.session, inspector.Enable, cdp.Empty{}); err != nil {
		return err
	}
	if _, err := call(ctx, p, t.session, page.Enable, page.EnableParams{}); err != nil {
		return err
	}
	if _, err := call(ctx, p, t.session, fetch.Enable, fetch.EnableParams{
		Patterns: []*fetch.RequestPattern{{URLPattern: "*"}}, HandleAuthRequests: &yes,
	}); err != nil {
		return err
	}
	_, err := call(ctx, p, t.session, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: withoutDoors})
	return err
}

// withoutDoors takes from pages what could only lead around the proxy or to
// people. The proxy and the flags hold without it.
const withoutDoors = `for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport", "SharedWorker"]) delete window[name];
window.open = () => null; window.print = () => {};`

// look navigates and takes the document once it has settled.
func (b *Browser) look(ctx context.Context, l *lent, t *tab, u *url.URL) (sight, error) {
	began, err := call(ctx, l.pipe, t.session, page.Navigate, page.NavigateParams{URL: u.String()})
	switch {
	case err != nil:
		return sight{}, err
	case began.IsDownload:
		return sight{failure: failure{extract.ClassUnexpected, "a download, no page"}}, nil
	case began.ErrorText != "":
		return t.unopened(u, began.ErrorText), nil
	}
	cfg := b.cfg
	if t.picture { // what it concludes from has been read before: nobody waits for late comers
		cfg.Quiet = min(cfg.Quiet, pictureQuiet)
	}
	for {
		done, why := t.settled(cfg)
		switch {
		case why.failed():
			return sight{failure: why}, nil
		case done:
			return take(ctx, l.pipe, t)
		case l.hungUp():
			return sight{}, errHungUp
		}
		if err := wait(ctx, 20*time.Millisecond); err != nil {
			return sight{}, err
		}
	}
}

// unopened is a page that the browser could not open: for the reason that its
// host gave us, or for one of the browser's own.
func (t *tab) unopened(u *url.URL, text string) sight {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.why.failed() {
		return sight{failure: t.why}
	}
	if a := t.pages[u.String()]; a != nil && a.failed() {
		return sight{failure: a.failure}
	}
	return sight{failure: failure{extract.ClassRender, clip("the browser could not open it: " + text)}}
}

// whole returns the document in a world of our own, where no script of the page
// has changed what things mean.
const whole = `(() => {
	const root = document.documentElement;
	if (!root) return "";
	const type = document.doctype ? new XMLSerializer().serializeToString(document.doctype) + "\n" : "";
	const html = type + root.outerHTML;
	return html.length > %d ? "%s" : html.toWellFormed();
})()`

// tooLong stands for a document over the limit.
const tooLong = "\x00too long"

// take reads the document and what its scripts were given.
func take(ctx context.Context, p *pipe, t *tab) (sight, error) {
	address, a, ok := t.shown()
	if !ok {
		return sight{failure: failure{extract.ClassRender, clip("the browser shows " + address + ", which no host answered")}}, nil
	}
	s := sight{url: address, answer: a, data: t.answers()}
	if a.status == 0 || a.broken {
		s.failure = a.failure
		return s, nil
	}
	yes := true
	own, err := call(ctx, p, t.session, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: cdp.FrameID(t.main), WorldName: "xuncha"})
	if err != nil {
		return sight{}, err
	}
	got, err := call(ctx, p, t.session, runtime.Evaluate, runtime.EvaluateParams{
		Expression: fmt.Sprintf(whole, maxRendered, `\u0000too long`), ContextID: own.ExecutionContextID, ReturnByValue: &yes,
	})
	if err != nil {
		return sight{}, err
	}
	var text string
	if got.Result == nil || jsonv2.Unmarshal(got.Result.Value, &text, chromedp.DefaultUnmarshalOptions) != nil {
		return sight{failure: failure{extract.ClassRender, "the browser gave no document back"}}, nil
	}
	if text == tooLong || len(text) > maxRendered {
		s.failure = failure{extract.ClassBodyTooLarge, fmt.Sprintf("more than %d bytes in the browser", maxRendered)}
		return s, nil
	}
	s.body = []byte(text)
	if t.picture {
		s.png, err = snap(ctx, p, t)
	}
	return s, err
}

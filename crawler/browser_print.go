package crawler

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"

	"xuncha/extract"
)

// ErrNoBrowser says that there is no Chromium, or none that runs.
var ErrNoBrowser = errNoBrowser

// shut is the policy of a document of our own: it may ask for nothing.
type shut struct{}

var errShut = failure{extract.ClassUnexpected, "a document of our own asks for nothing"}

func (shut) open(context.Context, *url.URL) failure { return errShut }

func (shut) ask(context.Context, *http.Request, *url.URL, []byte) answer {
	return answer{failure: errShut}
}

// Print makes a PDF of a document of our own, which must need nothing else, on
// pages of the size that its style sheet names. The same document gives the same
// bytes in the same Chromium. Where there is none it is [ErrNoBrowser].
func (b *Browser) Print(ctx context.Context, html []byte) (pdf []byte, err error) {
	l, err := b.borrow(ctx)
	if err != nil {
		return nil, err
	}
	t, worn := newTab(rand.Text(), shut{}, time.Now().Add(b.cfg.Timeout)), true
	defer func() { b.giveBack(l, worn) }()
	ctx, cancel := context.WithTimeout(ctx, b.cfg.Timeout)
	defer cancel()
	defer b.proxy.admit(t)()
	defer t.finish()
	err = b.within(ctx, l, t, func() error {
		yes := true
		if _, err := call(ctx, l.pipe, t.session, page.SetDocumentContent, page.SetDocumentContentParams{FrameID: cdp.FrameID(t.main), HTML: string(html)}); err != nil {
			return err
		}
		got, err := call(ctx, l.pipe, t.session, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes, PrintBackground: &yes})
		pdf = got.Data
		return err
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("print: %w", err)
	case len(pdf) == 0:
		return nil, errors.New("print: the browser gave no document back")
	}
	worn = t.stuck
	return timeless(pdf), nil
}

// printed finds when a PDF says it was made.
var printed = regexp.MustCompile(`/(CreationDate|ModDate) \(D:[0-9]{14}`)

// timeless takes from a PDF when it was made, without moving a byte.
func timeless(pdf []byte) []byte {
	return printed.ReplaceAllFunc(pdf, func(b []byte) []byte {
		return append(b[:len(b)-14:len(b)-14], "20000101000000"...)
	})
}

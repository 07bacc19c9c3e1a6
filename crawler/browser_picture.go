package crawler

import (
	"context"
	"net/http"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"

	"xuncha/extract"
)

// The part of a page that is pictured, in pixels: what a person sees on an
// ordinary screen before scrolling.
const (
	pictureWidth  = 1280
	pictureHeight = 960
)

// pictureQuiet is for how long a page that is pictured has asked for nothing.
const pictureQuiet = 150 * time.Millisecond

// maxPicture bounds a picture, in bytes.
const maxPicture = 1 << 20

// picture puts a picture of the subject's first page behind the pages of the
// visit. That none could be taken is no matter: the bytes are the evidence.
func (v *visit) picture(ctx context.Context) error {
	first := v.subject.Task.URLs[0]
	if v.c.cfg.Browser == nil || v.c.hosts.platforms.at(first) != nil {
		return nil
	}
	e := v.errands([]extract.Want{{URL: first, Why: extract.WhyPicture, Render: true}})[0]
	e.picture = true
	pages, err := v.c.render(ctx, e)
	if err != nil {
		return err
	}
	for _, p := range pages {
		if len(p.Body) > 0 {
			v.pages = append(v.pages, p)
			return nil
		}
	}
	v.c.log.Debug("no picture", "subject", v.subject.ID)
	return nil
}

// pictured is the page that holds a picture, or none.
func (c *Crawler) pictured(p extract.Page, s sight, took time.Duration) []extract.Page {
	if s.failed() || s.answer.status != http.StatusOK || len(s.png) == 0 {
		return nil
	}
	now := c.clock.Now()
	p.URL, p.FetchedAt, p.Took, p.Rendered = s.url, now, took, true
	p.Status, p.Header = s.answer.status, http.Header{"Content-Type": {"image/png"}}
	return []extract.Page{withBody(p, s.png, now)}
}

// pose gives a tab the size of an ordinary screen.
func pose(ctx context.Context, p *pipe, t *tab) error {
	_, err := call(ctx, p, t.session, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: pictureWidth, Height: pictureHeight, DeviceScaleFactor: 1,
	})
	return err
}

// snap pictures what a tab shows; nil for a picture that would be too large even
// at half the size.
func snap(ctx context.Context, p *pipe, t *tab) ([]byte, error) {
	for _, scale := range []float64{1, 0.5} {
		got, err := call(ctx, p, t.session, page.CaptureScreenshot, page.CaptureScreenshotParams{
			Format: page.CaptureScreenshotFormatPng, Clip: &page.Viewport{Width: pictureWidth, Height: pictureHeight, Scale: scale},
		})
		if err != nil {
			return nil, err
		}
		if len(got.Data) <= maxPicture {
			return got.Data, nil
		}
	}
	return nil, nil
}

package main

import (
	"context"
	"errors"
	"slices"

	"xuncha/crawler"
	"xuncha/inventory"
	"xuncha/notice"
	"xuncha/report"
)

// pdf prints the notice's page, nil where there is nothing that prints it. That
// there is no PDF is said and stops nothing: the HTML is the same document.
func (a *app) pdf(ctx context.Context, mode string, s setup, files []report.File) []byte {
	if mode == "off" {
		return nil
	}
	browser := a.printer(s.city.Crawl)
	defer a.dismiss(browser)
	i := slices.IndexFunc(files, func(f report.File) bool { return f.Name == notice.FileHTML })
	if i < 0 {
		return nil
	}
	pdf, err := a.print(ctx, browser, files[i].Data)
	if err != nil {
		a.log.Warn(a.say("未能打印 notice.pdf", "notice.pdf was not printed"), "error", err)
	}
	return pdf
}

// printer makes a browser that prints, nil for none.
func (a *app) printer(c inventory.Crawl) *crawler.Browser {
	if c.Browser == inventory.BrowserOff {
		return nil
	}
	cfg := browserConfig(c)
	cfg.Images = true
	return crawler.NewBrowser(cfg, a.log)
}

// dismiss ends a browser, if there is one.
func (a *app) dismiss(b *crawler.Browser) {
	if b == nil {
		return
	}
	if err := b.Close(); err != nil {
		a.log.Warn("the browser did not end well", "error", err)
	}
}

// print makes a PDF of a document of ours, nil where there is no browser or it
// does not print: the HTML says the same.
func (a *app) print(ctx context.Context, b *crawler.Browser, html []byte) ([]byte, error) {
	if b == nil {
		return nil, nil
	}
	pdf, err := b.Print(ctx, html)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, crawler.ErrNoBrowser):
		return nil, nil // the log has said so
	case err != nil:
		a.log.Warn("a PDF was not printed; its HTML is there", "error", err)
		return nil, nil
	}
	return pdf, nil
}

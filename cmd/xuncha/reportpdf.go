package main

import (
	"context"

	"xuncha/notice"
	"xuncha/report"
)

// pdf prints the notice's page, nil where there is nothing that prints it. That
// there is no PDF is said and stops nothing: the HTML is the same document.
func (a *app) pdf(ctx context.Context, mode string, s setup, files []report.File) []byte {
	if mode == "off" {
		return nil
	}
	browser := a.newBrowser(s.city.Crawl)
	if browser == nil {
		return nil
	}
	defer func() {
		if err := browser.Close(); err != nil {
			a.log.Warn("the browser did not end well", "error", err)
		}
	}()
	for _, f := range files {
		if f.Name != notice.FileHTML {
			continue
		}
		pdf, err := browser.Print(ctx, f.Data)
		if err != nil {
			a.log.Warn(a.say("未能打印 notice.pdf", "notice.pdf was not printed"), "error", err)
			return nil
		}
		return pdf
	}
	return nil
}
